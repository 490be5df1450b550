//! The documents of planted land: what is asked, what is refused at its field, and what a report takes from the one before.

use domain::project::design::{DesignSection, LandSite, ProjectDesign, Site, design_sections};
use domain::project::monitoring::{
    BasisSite, MonitoringReport, ReportBasis, ReportSection, check_tables,
};
use domain::project::{Fields, ProjectFacts, ProjectGuard, SectionStatus};
use domain::refusal::codes;
use domain::sector::{Family, ProjectType, project_type_of};
use methodologies::Parameters;
use time::Date;
use time::macros::date;

const TODAY: Date = date!(2026 - 06 - 30);
const FOREST: &str = "CCER-14-001-V01";
const MANGROVE: &str = "CCER-14-002-V01";

fn kind(methodology: &str) -> &'static ProjectType {
    project_type_of(methodology).expect("a land methodology")
}

fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// The example of a calculator as form fields, with others on top.
fn example(code: &str, others: &[(&str, &str)]) -> Fields {
    let example = methodologies::example(code).expect("an example");
    let mut typed = methodologies::json_to_fields(&example);
    typed.retain(|name, _| !["as_of", "project_start"].contains(&name.as_str()));
    typed.extend(fields(others));
    typed
}

const COMMON: &[(&str, &str)] = &[
    ("name", "演示造林"),
    ("summary", "荒地造林。"),
    ("technology", "穴状整地。"),
    ("sampling", "按树种分层，每层四块固定样地。"),
    ("monitoring_plan", "每五年每木检尺。"),
    ("sustainability", "涵养水源。"),
    ("environmental_impact", "无须环评。"),
    ("location", "演示县"),
    ("tenure_clear", "yes"),
    ("tenure_until", "2070-12-31"),
    ("tenure_renewal_statement", "no"),
    ("smallest_plot_m2", "12000"),
    ("lawful", "yes"),
    ("legally_obliged", "no"),
    ("in_emissions_trading", "no"),
    ("in_other_mechanism", "no"),
    ("validator", "body-1"),
];

fn forest() -> Fields {
    let mut draft = example(
        "CCER-14-001-V01/ex-ante",
        &[
            ("methodology", FOREST),
            ("province", "130000"),
            ("longitude", "115.080000"),
            ("latitude", "40.620000"),
            ("construction_start", "2016-03-10"),
            ("project_end", "2056-03-09"),
            ("forest_kind", "protection"),
            ("years_without_forest", "10"),
            ("planned_afforestation_land", "yes"),
            ("on_wetland", "no"),
            ("trees_removed", "no"),
            ("removed_vegetation_percent", "10"),
            ("repeated_soil_disturbance", "no"),
            ("burning", "no"),
            ("displacement", "no"),
            ("additionality", "public_welfare"),
            ("additionality_documented", "yes"),
        ],
    );
    draft.extend(fields(COMMON));
    draft
}

fn mangrove() -> Fields {
    let mut draft = example(
        "CCER-14-002-V01/ex-ante",
        &[
            ("methodology", MANGROVE),
            ("province", "350000"),
            ("longitude", "117.920000"),
            ("latitude", "24.410000"),
            ("construction_start", "2022-04-10"),
            ("project_end", "2062-12-31"),
            ("site_kind", "retired_pond"),
            ("suits_mangroves", "yes"),
            ("artificial_planting", "yes"),
            ("largest_gap_m2", "180"),
            ("cover_before_percent", "0"),
            ("intertidal_kept", "yes"),
            ("fertilised", "no"),
            ("alien_invasive_species", "no"),
            ("hydrology_years", "6"),
            ("site_described", "yes"),
        ],
    );
    draft.extend(fields(COMMON));
    draft
}

fn changed(base: Fields, changes: &[(&str, &str)]) -> Fields {
    let mut draft = base;
    draft.extend(fields(changes));
    draft
}

fn refused(draft: &Fields) -> Vec<(String, &'static str)> {
    let refusals = ProjectDesign::read(draft, TODAY, Parameters::BUILT_IN).err();
    refusals
        .unwrap_or_default()
        .into_iter()
        .map(|refusal| (refusal.field.unwrap_or_default(), refusal.code))
        .collect()
}

#[test]
fn both_land_methodologies_have_a_complete_document() {
    for (draft, strata, area) in [(forest(), 3, "1338.03"), (mangrove(), 2, "83.60")] {
        let design = ProjectDesign::read(&draft, TODAY, Parameters::BUILT_IN).expect("complete");
        assert_eq!(design.kind.family, Family::Land);
        let expected = LandSite {
            area_ha: area.parse().expect("a number"),
            strata,
        };
        assert_eq!(design.site, Site::Land(expected));
        assert!(design.outcome.total_t > 0);
        for (section, status) in design_sections(&draft, TODAY, Parameters::BUILT_IN) {
            assert_eq!(status, SectionStatus::Complete, "{section:?}");
        }
    }
}

#[test]
fn the_start_of_the_planting_reaches_the_calculator_and_cannot_be_typed_twice() {
    let typed = changed(forest(), &[("project_start", "1999-01-01")]);
    let design = ProjectDesign::read(&typed, TODAY, Parameters::BUILT_IN).expect("complete");
    assert_eq!(design.calculator_input["project_start"], "2016-03-10");
}

#[test]
fn planted_land_is_not_asked_about_power() {
    for methodology in [FOREST, MANGROVE] {
        let of = Some(kind(methodology));
        for name in [
            "grid",
            "capacity_mw",
            "factor_choice",
            "green_certificate_choice",
            "grid_connection_date",
            "archive_code",
        ] {
            assert_eq!(DesignSection::of_field(name, of), None, "{name}");
        }
        for name in ["lines", "factor_choice", "certificates_traded"] {
            assert_eq!(ReportSection::of_field(name, of), None, "{name}");
        }
        assert_eq!(
            ReportSection::of_field("trees.17.dbh_cm", of),
            Some(ReportSection::Trees)
        );
        assert_eq!(ReportSection::of_field("previous_stock_t", of), None);
    }
    let facts = ProjectFacts::of_draft(&forest(), TODAY, Parameters::BUILT_IN);
    assert_eq!(ProjectGuard::G9.check(&facts), []);
    assert_eq!(facts.incomplete_sections, Vec::<&str>::new());
}

/// What is changed in a complete document, the field of the refusal, its code.
type Refused<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);

#[test]
fn a_mistake_in_a_land_document_is_refused_at_its_field() {
    let cases: &[Refused] = &[
        (
            &[("crediting_to", "2035-12-31")],
            "crediting_to",
            codes::CREDITING_PERIOD_TOO_SHORT,
        ),
        (
            &[
                ("crediting_to", "2061-01-01"),
                ("project_end", "2069-01-01"),
            ],
            "crediting_to",
            codes::CREDITING_PERIOD_TOO_LONG,
        ),
        (
            &[("project_end", "2039-01-01")],
            "crediting_to",
            codes::CREDITING_AFTER_LIFE,
        ),
        (
            &[("on_wetland", "yes")],
            "on_wetland",
            codes::DOES_NOT_APPLY,
        ),
        (
            &[("removed_vegetation_percent", "20.01")],
            "removed_vegetation_percent",
            codes::DOES_NOT_APPLY,
        ),
        (
            &[("in_other_mechanism", "yes")],
            "in_other_mechanism",
            codes::NOT_UNIQUE,
        ),
        (&[("strata.1.name", "PROJ-1")], "strata.1.name", ""),
        (&[("strata.0.area_ha", "-3")], "strata.0.area_ha", ""),
    ];
    for (changes, field, code) in cases {
        let found = refused(&changed(forest(), changes));
        let at = found.iter().find(|(at, _)| at == field);
        assert!(
            at.is_some_and(|(_, found)| code.is_empty() || found == code),
            "{changes:?}: {found:?}"
        );
    }
    let mut empty = forest();
    empty.retain(|name, _| name == "methodology");
    assert!(refused(&empty).iter().any(|(field, _)| field == "strata"));
}

#[test]
fn a_table_is_refused_by_line_and_column() {
    let typed = fields(&[(
        "trees",
        "plot,dbh_cm,height_m\nP1,12.4,8\nP1,twelve,8\n,9.1,7\n",
    )]);
    let refusals = check_tables(kind(FOREST), &typed).expect_err("two mistakes");
    let at: Vec<_> = refusals
        .iter()
        .filter_map(|refusal| refusal.field.as_deref())
        .collect();
    assert_eq!(at, ["trees.3.dbh_cm", "trees.4.plot"]);
    assert_eq!(
        check_tables(kind(FOREST), &fields(&[("trees", " ")])),
        Ok(())
    );
    let unknown = fields(&[("trees", "plot,colour\nP1,green\n")]);
    assert_eq!(
        check_tables(kind(FOREST), &unknown).expect_err("no such column")[0].code,
        "table_column_unknown"
    );
}

#[test]
fn a_report_begins_where_the_last_registered_one_ended() {
    for (design, code, stock, day) in [
        (
            forest(),
            "CCER-14-001-V01/ex-post",
            "previous_tree_stock_t",
            "previous_on",
        ),
        (
            mangrove(),
            "CCER-14-002-V01/ex-post",
            "previous_stock_t",
            "previous_measured_on",
        ),
    ] {
        let basis = ReportBasis::of_design(&design, TODAY).expect("a basis");
        let input = methodologies::example(code).expect("an example");
        let outcome = methodologies::calculate(code, &input).expect("an outcome");
        let later = basis.clone().after(&input, &outcome);
        let BasisSite::Land {
            previous: Some(previous),
            ..
        } = &later.site
        else {
            panic!("{code}: {:?}", later.site)
        };
        assert_eq!(
            Some(methodologies::day::to_text(previous.on).as_str()),
            input["measured_on"].as_str()
        );
        let typed = fields(&[(stock, "1"), (day, "1999-01-01")]);
        let (_, first) = MonitoringReport::accounting_input(&typed, &basis, TODAY).expect("input");
        assert!(
            first.get(stock).is_none() && first.get(day).is_none(),
            "{first}"
        );
        let (_, next) = MonitoringReport::accounting_input(&typed, &later, TODAY).expect("input");
        assert_eq!(
            next[stock].as_str(),
            previous.fields.get(stock).map(String::as_str)
        );
        assert_ne!(next[stock], "1");
        assert_eq!(next[day], input["measured_on"]);
    }
}
