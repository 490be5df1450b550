//! What a proposal to replace numbers must say, and that another person decides.

use std::collections::BTreeMap;

use domain::id::UserId;
use domain::parameter_change::{
    ParameterProposal, decided_by_another, scene_form, withdrawn_by_proposer,
};
use methodologies::Parameters;
use methodologies::inclusion::Tier;
use time::macros::date;

fn form(changes: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut fields: BTreeMap<String, String> = [
        ("document", "2025年度区域电网基准线排放因子"),
        ("document_number", "生态环境部公告2027年第1号"),
        ("effective_from", "2027-01-15"),
        ("basis", "published"),
        ("reason", "官方公布"),
    ]
    .iter()
    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
    .collect();
    for (name, value) in changes {
        fields.insert((*name).to_owned(), (*value).to_owned());
    }
    fields
}

/// `field code` of each refusal.
fn refused(changes: &[(&str, &str)]) -> Vec<String> {
    let read = ParameterProposal::read(&form(changes), Parameters::BUILT_IN);
    read.expect_err("a refusal")
        .into_iter()
        .map(|refusal| format!("{} {}", refusal.field.unwrap_or_default(), refusal.code))
        .collect()
}

#[test]
fn a_proposal_has_a_document_a_day_a_reason_and_numbers() {
    assert_eq!(refused(&[]), ["values.0.id required"]);
    assert_eq!(
        refused(&[
            ("document", ""),
            ("document_number", " "),
            ("effective_from", "soon"),
            ("basis", "guessed"),
            ("reason", ""),
        ]),
        [
            "document required",
            "document_number required",
            "effective_from date_invalid",
            "basis required",
            "reason required",
        ]
    );
}

#[test]
fn single_numbers_are_read_in_the_unit_of_the_parameter() {
    let fields = form(&[
        ("values.0.id", "fuel.diesel.ncv"),
        ("values.0.value", " ４３.33 "),
        ("values.2.id", "meter_mpe_0_5s"),
        ("values.2.value", "0.6"),
    ]);
    let proposal = ParameterProposal::read(&fields, Parameters::BUILT_IN).expect("a proposal");
    assert_eq!(proposal.effective_from, date!(2027 - 01 - 15));
    let read: Vec<_> = proposal
        .replacements
        .iter()
        .map(|one| {
            (
                one.id.as_str(),
                one.value.to_string(),
                one.unit.as_str(),
                one.assumed,
            )
        })
        .collect();
    assert_eq!(
        read,
        [
            ("fuel.diesel.ncv", "43.33".to_owned(), "GJ/t", false),
            ("meter_mpe_0_5s", "0.6".to_owned(), "%", false),
        ]
    );
    assert!(proposal.replacements[0].source.zh.contains("2027年第1号"));
    assert_eq!(
        refused(&[
            ("values.0.id", "fuel.diesel.ncv"),
            ("values.0.value", "43"),
            ("values.0.unit", "MJ/kg")
        ]),
        ["values.0.unit parameter_unit_wrong"]
    );
}

#[test]
fn a_pasted_table_becomes_the_two_margins_of_each_grid() {
    let table = "grid,label,om,bm\nSouth,2025,0.70,0.10\n华东\t2025\t0.75\t0.22\n\nNorth China;2025;0.90;0.30\n";
    let fields = form(&[("table", table)]);
    let proposal = ParameterProposal::read(&fields, Parameters::BUILT_IN).expect("a proposal");
    let ids: Vec<_> = proposal
        .replacements
        .iter()
        .map(|one| one.id.as_str())
        .collect();
    assert_eq!(
        ids,
        [
            "grid.South.2025.om",
            "grid.South.2025.bm",
            "grid.East.2025.om",
            "grid.East.2025.bm",
            "grid.North.2025.om",
            "grid.North.2025.bm",
        ]
    );
    let next = Parameters::BUILT_IN.next(&proposal.replacements, &proposal.scenes);
    assert_eq!(next.set, 1);
    let factor = methodologies::factors::ef_with(&next, "East", 2025, date!(2027 - 01 - 15));
    assert_eq!(
        factor.map(|factor| factor.cm.to_string()),
        Ok("0.485".to_owned())
    );
}

#[test]
fn what_is_wrong_in_a_table_is_said_with_its_line() {
    let line = |table: &str| {
        let read = ParameterProposal::read(&form(&[("table", table)]), Parameters::BUILT_IN);
        let refusal = read.expect_err("a refusal").remove(0);
        let line = refusal.param("line").map(str::to_owned);
        (refusal.code, refusal.field, line)
    };
    let at =
        |code, number: Option<&str>| (code, Some("table".to_owned()), number.map(str::to_owned));
    assert_eq!(
        line("South,2025,0.7,0.1"),
        at("parameter_table_header", None)
    );
    assert_eq!(
        line("grid,label,om,bm\nMoon,2025,0.7,0.1"),
        at("parameter_table_line", Some("2"))
    );
    assert_eq!(
        line("grid,label,om,bm\nSouth,2025,0.7"),
        at("parameter_table_line", Some("2"))
    );
    assert_eq!(
        line("grid,label,om,bm\nSouth,2025,a lot,0.1"),
        at("parameter_table_line", Some("2"))
    );
    assert_eq!(
        line("grid,label,om,bm\nSouth,2025,0.7,0.1\nSouth,2025,0.7,0.1"),
        at("parameter_twice", Some("3"))
    );
    assert_eq!(
        line("grid,label,om,bm\n\nSouth,2025,7,0.1"),
        at("parameter_out_of_range", Some("3"))
    );
    assert_eq!(
        line("grid,label,om,bm\nSouth,1066,0.7,0.1"),
        at("parameter_unknown", Some("2"))
    );
}

#[test]
fn numbers_that_belong_together_are_replaced_together() {
    assert_eq!(
        refused(&[
            ("values.0.id", "grid.South.2024.om"),
            ("values.0.value", "0.7")
        ]),
        ["values.0.id parameter_margin_alone"]
    );
    assert_eq!(
        refused(&[("values.0.id", "w_om"), ("values.0.value", "0.6")]),
        ["values.0.value parameter_weights_sum"]
    );
    let both = [
        ("values.0.id", "w_om"),
        ("values.0.value", "0.6"),
        ("values.1.id", "w_bm"),
        ("values.1.value", "0.4"),
    ];
    assert!(ParameterProposal::read(&form(&both), Parameters::BUILT_IN).is_ok());
    assert_eq!(
        refused(&[
            ("values.0.id", "w_om"),
            ("values.0.value", "0.6"),
            ("values.1.id", "w_om"),
            ("values.1.value", "0.4"),
        ])[0],
        "values.1.id parameter_twice"
    );
}

#[test]
fn the_proposer_never_decides_and_only_the_proposer_withdraws() {
    let (one, other) = (UserId::from("one"), UserId::from("other"));
    assert_eq!(decided_by_another(&one, &other), Ok(()));
    assert_eq!(
        decided_by_another(&one, &one).map_err(|refusal| refusal.code),
        Err("four_eyes")
    );
    assert_eq!(withdrawn_by_proposer(&one, &one), Ok(()));
    assert_eq!(
        withdrawn_by_proposer(&one, &other).map_err(|refusal| refusal.code),
        Err("only_proposer_withdraws")
    );
}

#[test]
fn a_factor_of_a_scene_is_entered_with_its_tier_and_nothing_else_is() {
    let metro = |tier: &'static str, basis: &'static str| {
        vec![
            ("values.0.id", "inclusion.metro.CN.reduction"),
            ("values.0.value", "45"),
            ("values.0.tier", tier),
            ("basis", basis),
        ]
    };
    assert_eq!(refused(&metro("", "assumed")), ["values.0.tier required"]);
    assert_eq!(
        refused(&metro("AA", "assumed")),
        ["values.0.tier choice_invalid"]
    );
    for (tier, basis) in [
        ("A", "assumed"),
        ("B", "assumed"),
        ("C", "published"),
        ("D", "published"),
        ("E", "published"),
        ("X", "published"),
    ] {
        assert_eq!(
            refused(&metro(tier, basis)),
            ["values.0.tier parameter_tier_contradicts"],
            "{tier}"
        );
    }
    let read = ParameterProposal::read(&form(&metro("C", "assumed")), Parameters::BUILT_IN);
    let read = read.expect("a proposal").replacements.remove(0);
    assert_eq!((read.tier.map(Tier::code), read.assumed), (Some("C"), true));
    assert_eq!(
        refused(&[
            ("values.0.id", "grid_average.CN"),
            ("values.0.value", "0.5")
        ]),
        ["values.0.tier required"]
    );
    assert_eq!(
        refused(&[
            ("values.0.id", "fuel.diesel.ncv"),
            ("values.0.value", "43"),
            ("values.0.tier", "A"),
        ]),
        ["values.0.tier parameter_tier_unwanted"]
    );
}

/// The form of a scene as it is defined for a day, with the document of a proposal.
fn scene_proposal(code: &str, changes: &[(&str, &str)]) -> BTreeMap<String, String> {
    let set = Parameters::BUILT_IN;
    let scene = methodologies::inclusion::scene(code).expect("a scene");
    let day = date!(2027 - 01 - 15);
    let version = methodologies::inclusion::definition(set, scene, day).expect("a definition");
    let mut fields = scene_form(&version);
    fields.extend(form(changes));
    if !changes.iter().any(|(field, _)| *field == "basis") {
        fields.remove("basis");
    }
    fields
}

#[test]
fn a_scene_comes_back_from_its_form_as_it_was() {
    for code in ["metro", "bus", "own_cup", "rooftop_solar", "old_clothes"] {
        let fields = scene_proposal(code, &[]);
        let read = ParameterProposal::read(&fields, Parameters::BUILT_IN).expect("a proposal");
        let version = &read.scenes[0];
        assert_eq!(version.from, date!(2027 - 01 - 15));
        assert!(version.source.zh.contains("2027年第1号"));
        let again = scene_form(version);
        assert!(
            again
                .iter()
                .all(|(field, value)| fields.get(field) == Some(value))
        );
        assert!(read.replacements.is_empty());
    }
}

#[test]
fn what_is_wrong_with_a_scene_is_said_at_the_row_it_was_typed_in() {
    let refused = |code: &str, changes: &[(&str, &str)]| -> Vec<String> {
        let fields = scene_proposal(code, changes);
        let read = ParameterProposal::read(&fields, Parameters::BUILT_IN);
        read.expect_err("a refusal")
            .into_iter()
            .map(|refusal| format!("{} {}", refusal.field.unwrap_or_default(), refusal.code))
            .collect()
    };
    let wrong = |field: &str, value: &str| refused("food_waste_avoided", &[(field, value)]);
    assert_eq!(wrong("scenes.0.name_en", ""), ["scenes.0.name_en required"]);
    assert_eq!(wrong("scenes.0.formula", ""), ["scenes.0.formula required"]);
    assert_eq!(
        wrong("scenes.0.formula", "magic"),
        ["scenes.0.formula choice_invalid"]
    );
    assert_eq!(
        wrong("scenes.0.limits.1.value", "many"),
        ["scenes.0.limits.1.value number_not_a_number"]
    );
    // the row before it is empty: the path of the check is not that of the form
    assert_eq!(
        refused(
            "food_waste_avoided",
            &[
                ("scenes.0.limits.0.value", ""),
                ("scenes.0.limits.1.value", "0")
            ]
        ),
        ["scenes.0.limits.1.value number_out_of_range"]
    );
    assert_eq!(
        refused(
            "food_waste_avoided",
            &[
                ("scenes.0.factors.5.region", "CN"),
                ("scenes.0.factors.5.role", "reduction"),
                ("scenes.0.factors.5.value", "1"),
                ("scenes.0.factors.5.tier", "A"),
            ]
        ),
        ["scenes.0.factors.5.region scene_factor_twice"]
    );
    assert_eq!(
        wrong("effective_from", "2023-01-01"),
        ["effective_from parameter_from_too_early"]
    );
    assert_eq!(
        wrong("scenes.0.unit", "t"),
        ["scenes.0.unit scene_unit_changed"]
    );
}
