//! The two documents: a real project's figures go through, and every mistake is said at its field.

use std::collections::{BTreeMap, BTreeSet};

use domain::project::design::{
    DesignSection, ProjectDesign, Site, design_sections, section_status,
};
use domain::project::monitoring::{
    BasisSite, MonitoringReport, ReportBasis, ReportSection, proposed_line_fields, proposed_lines,
    report_sections,
};
use domain::project::{Fields, ProjectFacts, ReportFacts, SectionStatus, YearAmount};
use domain::refusal::codes;
use domain::sector::{PROJECT_TYPES, project_type_of};
use methodologies::Parameters;
use time::Date;
use time::macros::date;

/// What is typed, and the field and code of the one refusal that follows.
type Mistake<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);

const TODAY: Date = date!(2026 - 03 - 02);

fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// An offshore wind farm with the public figures of 汕尾甲子一期: 804,345 t a year.
fn wind_farm() -> Fields {
    fields(&[
        ("name", "示范 汕尾海上风电 500 MW"),
        ("name_en", "DEMO offshore wind farm"),
        ("methodology", "CCER-01-002-V01"),
        ("archive_code", "PWS1812320623003L"),
        ("summary", "海上风电场，接入南方电网。"),
        ("technology", "风力发电机组。"),
        (
            "monitoring_plan",
            "关口表主副各一，0.2S 级，每年校准，逐月抄录。",
        ),
        ("sustainability", "增加当地就业，不占用耕地。"),
        ("environmental_impact", "环评已批复。"),
        ("province", "440000"),
        ("location", "汕尾市陆丰湖东镇以南海域"),
        ("grid", "South"),
        ("longitude", "115.934500"),
        ("latitude", "22.712300"),
        ("distance_to_shore_km", "25"),
        ("water_depth_m", "32"),
        ("construction_start", "2020-10-15"),
        ("grid_connection_date", "2022-09-30"),
        ("retirement_date", "2047-09-29"),
        ("crediting_from", "2022-10-01"),
        ("crediting_to", "2032-09-30"),
        ("capacity_mw", "500"),
        ("export_mwh_per_year", "1,655,202"),
        ("factor_choice", "named"),
        ("factor_set", "2023"),
        ("rounding", "project_year_lines"),
        ("grid_connected", "yes"),
        ("seaward_of_high_water_line", "yes"),
        ("lawful", "yes"),
        ("legally_obliged", "no"),
        ("in_emissions_trading", "no"),
        ("in_other_mechanism", "no"),
        ("green_certificate_choice", "reductions"),
        ("validator", "body-1"),
    ])
}

/// A solar thermal plant with the public figures of 哈密 50 MW: 112,562 t a year.
fn solar_plant() -> Fields {
    let mut plant = wind_farm();
    for gone in [
        "distance_to_shore_km",
        "water_depth_m",
        "grid_connected",
        "seaward_of_high_water_line",
    ] {
        plant.remove(gone);
    }
    plant.extend(fields(&[
        ("methodology", "CCER-01-001-V01"),
        ("province", "650000"),
        ("grid", "Northwest"),
        ("longitude", "94.512300"),
        ("latitude", "43.612300"),
        ("construction_start", "2017-10-19"),
        ("grid_connection_date", "2019-12-29"),
        ("retirement_date", "2044-12-28"),
        ("crediting_from", "2023-08-01"),
        ("crediting_to", "2033-07-31"),
        ("capacity_mw", "50"),
        ("export_mwh_per_year", "178515"),
        ("solar_kind", "stand_alone"),
        ("metered_separately", "yes"),
    ]));
    plant
}

fn changed(base: &Fields, changes: &[(&str, &str)]) -> Fields {
    let mut draft = base.clone();
    draft.extend(fields(changes));
    draft
}

fn refused(draft: &Fields) -> Vec<(String, &'static str)> {
    let refusals = ProjectDesign::read(draft, TODAY, Parameters::BUILT_IN)
        .err()
        .unwrap_or_default();
    refusals
        .into_iter()
        .map(|refusal| (refusal.field.unwrap_or_default(), refusal.code))
        .collect()
}

#[test]
fn the_public_figures_of_two_real_projects_are_reproduced() {
    let wind = ProjectDesign::read(&wind_farm(), TODAY, Parameters::BUILT_IN)
        .expect("a complete document");
    assert_eq!(
        (wind.outcome.annual_t, wind.outcome.total_t),
        (804_345, 8_043_450)
    );
    assert_eq!(
        (wind.kind.code, wind.province.name_en, wind.calculator),
        ("A0201", "Guangdong", "CCER-01-002-V01/ex-ante")
    );
    assert_eq!(
        methodologies::calculate(wind.calculator, &wind.calculator_input),
        Ok(wind.outcome)
    );
    let solar = ProjectDesign::read(&solar_plant(), TODAY, Parameters::BUILT_IN)
        .expect("a complete document");
    assert_eq!(
        (solar.outcome.annual_t, solar.outcome.total_t),
        (112_562, 1_125_620)
    );
    let Site::Power(site) = solar.site else {
        panic!("a power plant: {:?}", solar.site)
    };
    assert_eq!(
        (
            site.distance_to_shore_km,
            site.water_depth_m,
            site.archive_code.as_deref()
        ),
        (None, None, Some("PWS1812320623003L"))
    );
}

#[test]
fn a_mistake_is_refused_at_its_field_and_nowhere_else() {
    let wind = wind_farm();
    let long = "长".repeat(201);
    let table: &[Mistake] = &[
        (&[("name", " ")], "name", codes::REQUIRED),
        (&[("name", &long)], "name", codes::TEXT_TOO_LONG),
        (
            &[("archive_code", "PWS-1")],
            "archive_code",
            codes::ARCHIVE_CODE_INVALID,
        ),
        (&[("archive_code", "")], "archive_code", codes::REQUIRED),
        (&[("province", "广东")], "province", codes::CHOICE_INVALID),
        (&[("grid", "North")], "grid", codes::GRID_NOT_OF_PROVINCE),
        (
            &[("longitude", "22.712300"), ("latitude", "115.934500")],
            "longitude",
            codes::COORDINATES_SWAPPED,
        ),
        (
            &[("latitude", "22.7")],
            "latitude",
            codes::COORDINATE_TOO_COARSE,
        ),
        (
            &[("distance_to_shore_km", "-1")],
            "distance_to_shore_km",
            codes::NUMBER_OUT_OF_RANGE,
        ),
        (
            &[("distance_to_shore_km", "30"), ("water_depth_m", "30")],
            "distance_to_shore_km",
            codes::DOES_NOT_APPLY,
        ),
        (
            &[("distance_to_shore_km", "10"), ("water_depth_m", "")],
            "water_depth_m",
            codes::REQUIRED,
        ),
        (
            &[("grid_connected", "no")],
            "grid_connected",
            codes::DOES_NOT_APPLY,
        ),
        (
            &[("seaward_of_high_water_line", "no")],
            "seaward_of_high_water_line",
            codes::DOES_NOT_APPLY,
        ),
        (&[("lawful", "")], "lawful", codes::REQUIRED),
        (&[("lawful", "no")], "lawful", codes::DOES_NOT_APPLY),
        (&[("lawful", "perhaps")], "lawful", codes::CHOICE_INVALID),
        (
            &[("construction_start", "2012-11-08")],
            "construction_start",
            codes::COMMENCED_TOO_EARLY,
        ),
        (
            &[("construction_start", "2022年13月1日")],
            "construction_start",
            codes::DATE_INVALID,
        ),
        (
            &[("grid_connection_date", "2020-10-14")],
            "grid_connection_date",
            codes::END_BEFORE_START,
        ),
        (
            &[("grid_connection_date", "2022-10-02")],
            "crediting_from",
            codes::CREDITING_BEFORE_LIFE,
        ),
        (
            &[("retirement_date", "2032-09-29")],
            "crediting_to",
            codes::CREDITING_AFTER_LIFE,
        ),
        (
            &[("crediting_to", "2032-10-01")],
            "crediting_to",
            codes::CREDITING_PERIOD_TOO_LONG,
        ),
        (
            &[("crediting_to", "2022-09-30")],
            "crediting_to",
            codes::END_BEFORE_START,
        ),
        (
            &[("capacity_mw", "0")],
            "capacity_mw",
            codes::NUMBER_OUT_OF_RANGE,
        ),
        (
            &[("capacity_mw", "500 kW")],
            "capacity_mw",
            "number_wrong_unit",
        ),
        (
            &[("export_mwh_per_year", "1655,202")],
            "export_mwh_per_year",
            "number_ambiguous_separator",
        ),
        (
            &[("export_mwh_per_year", "-1")],
            "export_mwh_per_year",
            codes::NUMBER_OUT_OF_RANGE,
        ),
        (&[("factor_choice", "")], "factor_choice", codes::REQUIRED),
        (&[("factor_set", "")], "factor_set", codes::REQUIRED),
        (&[("rounding", "up")], "rounding", codes::CHOICE_INVALID),
        (
            &[("legally_obliged", "yes")],
            "legally_obliged",
            codes::LEGALLY_OBLIGED,
        ),
        (
            &[("in_emissions_trading", "yes")],
            "in_emissions_trading",
            codes::UNDER_QUOTA_MANAGEMENT,
        ),
        (
            &[("in_other_mechanism", "yes")],
            "in_other_mechanism",
            codes::NOT_UNIQUE,
        ),
        (
            &[("green_certificate_choice", "certificates")],
            "green_certificate_choice",
            codes::GREEN_CERTIFICATES_CHOSEN,
        ),
        (&[("validator", "")], "validator", codes::REQUIRED),
    ];
    for (changes, field, code) in table {
        assert_eq!(
            refused(&changed(&wind, changes)),
            [((*field).to_owned(), *code)],
            "{changes:?}"
        );
    }
    let solar = solar_plant();
    let expected = [("metered_separately".to_owned(), codes::DOES_NOT_APPLY)];
    assert_eq!(
        refused(&changed(&solar, &[("metered_separately", "no")])),
        expected
    );
    let fuel = changed(
        &solar,
        &[
            ("fuels.0.fuel", "natural_gas"),
            ("fuels.0.amount_per_year", "many"),
        ],
    );
    assert_eq!(
        refused(&fuel),
        [("fuels.0.amount_per_year".to_owned(), "number_not_a_number")]
    );
}

#[test]
fn an_unmet_condition_brings_its_reason_in_both_languages() {
    let near = changed(
        &wind_farm(),
        &[("distance_to_shore_km", "30"), ("water_depth_m", "30")],
    );
    let refusals =
        ProjectDesign::read(&near, TODAY, Parameters::BUILT_IN).expect_err("near and shallow");
    assert_eq!(refusals[0].param("condition"), Some("W-A2"));
    assert!(
        refusals[0]
            .param("reason_zh")
            .is_some_and(|reason| reason.contains("30"))
    );
    assert!(
        refusals[0]
            .param("reason_en")
            .is_some_and(|reason| reason.contains("30"))
    );
}

#[test]
fn an_empty_draft_has_every_section_to_do_and_each_field_is_asked_for_once() {
    let refusals = refused(&Fields::new());
    let distinct: BTreeSet<&String> = refusals.iter().map(|(field, _)| field).collect();
    assert_eq!(distinct.len(), refusals.len());
    assert!(
        refusals.iter().all(|(_, code)| *code == codes::REQUIRED),
        "{refusals:?}"
    );
    for (section, status) in design_sections(&Fields::new(), TODAY, Parameters::BUILT_IN) {
        assert_eq!(status, SectionStatus::NotStarted, "{section:?}");
    }
    let facts = ProjectFacts::of_draft(&Fields::new(), TODAY, Parameters::BUILT_IN);
    assert_eq!(facts.incomplete_sections.len(), DesignSection::ALL.len());
}

#[test]
fn a_section_begins_with_the_first_field_and_is_complete_when_nothing_is_wrong() {
    for (section, status) in design_sections(&wind_farm(), TODAY, Parameters::BUILT_IN) {
        assert_eq!(status, SectionStatus::Complete, "{section:?}");
    }
    let place =
        |draft: &Fields| section_status(DesignSection::Place, draft, TODAY, Parameters::BUILT_IN);
    let mut draft = wind_farm();
    draft.retain(|field, _| DesignSection::of_field(field, None) != Some(DesignSection::Place));
    assert_eq!(place(&draft), SectionStatus::NotStarted);
    draft.extend(fields(&[("province", "440000")]));
    assert_eq!(place(&draft), SectionStatus::InProgress);
    assert_eq!(place(&wind_farm()), SectionStatus::Complete);
    assert_eq!(
        place(&changed(&wind_farm(), &[("longitude", "0")])),
        SectionStatus::InProgress
    );
}

#[test]
fn whatever_is_wrong_keeps_some_section_open() {
    // every field in turn emptied and filled with nonsense: a draft that cannot be read never looks complete
    for base in [wind_farm(), solar_plant()] {
        let names: Vec<String> = base.keys().cloned().collect();
        for name in names {
            for value in [
                "",
                "nonsense",
                "-1",
                "9999999999",
                "2019-01-01",
                "yes",
                "no",
            ] {
                let draft = changed(&base, &[(&name, value)]);
                let readable = ProjectDesign::read(&draft, TODAY, Parameters::BUILT_IN).is_ok();
                let complete = design_sections(&draft, TODAY, Parameters::BUILT_IN)
                    .iter()
                    .all(|(_, status)| *status == SectionStatus::Complete);
                assert_eq!(readable, complete, "{name} = {value}");
            }
        }
    }
}

#[test]
fn dates_typed_in_other_ways_reach_the_calculator_in_its_own() {
    let typed = changed(
        &wind_farm(),
        &[
            ("crediting_from", "2022年10月1日"),
            ("crediting_to", "２０３２/9/30"),
        ],
    );
    let design =
        ProjectDesign::read(&typed, TODAY, Parameters::BUILT_IN).expect("a complete document");
    assert_eq!(design.crediting_from, date!(2022 - 10 - 01));
    assert_eq!(design.calculator_input["crediting_to"], "2032-09-30");
    assert_eq!(design.outcome.total_t, 8_043_450);
}

#[test]
fn a_factor_chosen_by_rule_depends_on_the_day_and_ignores_a_set_named_before() {
    let by_rule = changed(&wind_farm(), &[("factor_choice", "by_rule")]);
    let before = ProjectDesign::read(&by_rule, date!(2026 - 01 - 12), Parameters::BUILT_IN)
        .expect("the set of 2023");
    let after = ProjectDesign::read(&by_rule, date!(2026 - 01 - 13), Parameters::BUILT_IN)
        .expect("the set of 2024");
    assert_eq!(before.outcome.year_lines[0].factor_label, Some(2023));
    assert_eq!(after.outcome.year_lines[0].factor_label, Some(2024));
    assert_eq!(after.calculator_input.get("factor_set"), None);
    assert_eq!(after.calculator_input["as_of"], "2026-01-13");
}

#[test]
fn the_live_calculation_takes_what_is_there() {
    assert_eq!(ProjectDesign::estimate_input(&Fields::new(), TODAY), None);
    let early = fields(&[
        ("methodology", "CCER-01-002-V01"),
        ("capacity_mw", "500"),
        ("name", "x"),
    ]);
    let (calculator, input) = ProjectDesign::estimate_input(&early, TODAY).expect("a calculator");
    assert_eq!(calculator, "CCER-01-002-V01/ex-ante");
    assert_eq!(
        input,
        serde_json::json!({ "capacity_mw": "500", "as_of": "2026-03-02" })
    );
}

#[test]
fn foreign_fields_and_huge_texts_do_no_harm() {
    let paste = "9".repeat(10_000_000);
    assert_eq!(
        ProjectDesign::read(
            &changed(&wind_farm(), &[("colour", &paste)]),
            TODAY,
            Parameters::BUILT_IN
        )
        .map(|d| d.outcome.annual_t),
        Ok(804_345)
    );
    for name in [
        "name",
        "summary",
        "capacity_mw",
        "longitude",
        "crediting_from",
        "province",
        "validator",
        "factor_set",
    ] {
        let fields: BTreeSet<String> = refused(&changed(&wind_farm(), &[(name, &paste)]))
            .into_iter()
            .map(|(field, _)| field)
            .collect();
        assert!(fields.contains(name), "{name}: {fields:?}");
    }
}

#[test]
fn every_input_of_calculators_and_conditions_has_its_place_in_a_section() {
    let has_place = |path: &str, methodology: &str, of_design: bool| {
        let kind = project_type_of(methodology);
        if of_design {
            DesignSection::of_field(path, kind).is_some()
        } else {
            ReportSection::of_field(path, kind).is_some()
        }
    };
    // estimators belong to no document
    let of_documents = methodologies::calculators()
        .iter()
        .filter(|calculator| project_type_of(calculator.methodology).is_some());
    for calculator in of_documents {
        let of_design = calculator.stage == methodologies::Stage::ExAnte;
        // set by the system: the day; for a report also what its project says
        let given: &[&str] = if of_design {
            &["as_of"]
        } else {
            &["as_of", "grid", "capacity_mw"]
        };
        let given = |path: &str| {
            given.contains(&path) || path == "project_start" || path.starts_with("previous_")
        };
        for field in calculator.fields.iter().filter(|field| !given(field.path)) {
            assert!(
                has_place(field.path, calculator.methodology, of_design),
                "{} {}",
                calculator.code,
                field.path
            );
        }
    }
    for kind in domain::sector::PROJECT_TYPES {
        let schema = methodologies::applicability_schema(kind.methodology).expect("conditions");
        for field in schema["fields"].as_array().expect("fields") {
            let path = field["path"].as_str().expect("a path");
            assert!(
                has_place(path, kind.methodology, true),
                "{} {path}",
                kind.methodology
            );
        }
        let methodology = methodologies::find(kind.methodology, TODAY).expect("in force");
        assert_eq!(methodology.project_type, kind.code);
        assert_eq!(
            i32::from(methodology.crediting_years_max),
            kind.crediting_years_max
        );
        assert_eq!(methodology.sector, kind.sector.letter());
    }
}

// --- monitoring reports ------------------------------------------------------------------------

fn basis() -> ReportBasis {
    ReportBasis::of_design(&wind_farm(), date!(2026 - 02 - 02)).expect("a basis")
}

fn report() -> Fields {
    let mut draft = fields(&[
        ("period_from", "2022-10-01"),
        ("period_to", "2023-12-31"),
        ("factor_choice", "by_rule"),
        ("implementation", "按设计文件建设运行。"),
        ("monitoring", "关口表 0.2S 级，每年校准。"),
        ("certificates_traded", "no"),
        ("verifier", "body-2"),
    ]);
    draft.extend(proposed_line_fields(
        date!(2022 - 10 - 01),
        date!(2023 - 12 - 31),
    ));
    for (line, export, import) in [
        ("lines.0", "541230.4", "655.2"),
        ("lines.1", "1421984.8", "2506.08"),
    ] {
        draft.insert(format!("{line}.export_mwh"), export.to_owned());
        draft.insert(format!("{line}.export_meter"), "in_order".to_owned());
        draft.insert(format!("{line}.import_mwh"), import.to_owned());
        draft.insert(format!("{line}.import_meter"), "in_order".to_owned());
    }
    draft.insert(
        "electricity_months".to_owned(),
        months(&[(2022, 10, 3, "541230.4"), (2023, 1, 12, "1421984.8")]),
    );
    draft
}

/// A table of months: each span's export is all in its first month.
fn months(spans: &[(i32, u8, u8, &str)]) -> String {
    let mut table = String::from("month,settled_mwh,claimed_mwh,certificates_mwh\n");
    for (year, first, count, export) in spans {
        for month in *first..first + count {
            let export = if month == *first { export } else { "0" };
            table += &format!("{year}-{month:02},{export},{export},0\n");
        }
    }
    table
}

fn report_refused(draft: &Fields) -> Vec<(String, &'static str)> {
    let refusals = MonitoringReport::read(draft, &basis(), TODAY, Parameters::BUILT_IN)
        .err()
        .unwrap_or_default();
    refusals
        .into_iter()
        .map(|refusal| (refusal.field.unwrap_or_default(), refusal.code))
        .collect()
}

#[test]
fn a_report_gives_whole_tonnes_by_calendar_year() {
    let report = MonitoringReport::read(&report(), &basis(), TODAY, Parameters::BUILT_IN)
        .expect("a complete report");
    // (541230.4 - 655.2) x 0.4861 and (1421984.8 - 2506.08) x 0.4861, rounded down
    let expected = [
        YearAmount {
            year: 2022,
            tonnes: 262_773,
        },
        YearAmount {
            year: 2023,
            tonnes: 690_008,
        },
    ];
    assert_eq!(report.amounts(), expected);
    assert_eq!(report.outcome.total_t, 262_773 + 690_008);
    assert_eq!(report.calculator_input["grid"], "South");
    assert_eq!(
        methodologies::calculate(report.calculator, &report.calculator_input),
        Ok(report.outcome)
    );
}

#[test]
fn proposed_lines_are_one_per_calendar_year() {
    let lines = proposed_lines(date!(2022 - 10 - 01), date!(2024 - 02 - 29));
    let expected = [
        (date!(2022 - 10 - 01), date!(2022 - 12 - 31)),
        (date!(2023 - 01 - 01), date!(2023 - 12 - 31)),
        (date!(2024 - 01 - 01), date!(2024 - 02 - 29)),
    ];
    assert_eq!(lines, expected);
    assert_eq!(
        proposed_lines(date!(2022 - 10 - 01), date!(2022 - 10 - 01)).len(),
        1
    );
    assert_eq!(
        proposed_lines(date!(2022 - 10 - 02), date!(2022 - 10 - 01)),
        []
    );
    assert_eq!(
        proposed_line_fields(date!(2022 - 10 - 01), date!(2024 - 02 - 29)).len(),
        6
    );
}

#[test]
fn a_mistake_in_a_report_is_refused_at_its_field() {
    let good = report()["electricity_months"].clone();
    let oversold = good.replace(
        "2022-10,541230.4,541230.4,0",
        "2022-10,541230.4,541230.4,0.5",
    );
    let short = good.replace("2023-12,0,0,0\n", "");
    let table: &[Mistake] = &[
        (
            &[("period_from", "2022-10-02")],
            "lines.0.from",
            "line_outside_period",
        ),
        (
            &[("period_to", "2022-09-30")],
            "period_to",
            codes::END_BEFORE_START,
        ),
        (
            &[("lines.1.from", "2023-01-02")],
            "lines.1.from",
            "lines_gap",
        ),
        (
            &[("lines.1.from", "2022-12-31")],
            "lines.1.to",
            "line_crosses_year_end",
        ),
        (
            &[("lines.0.export_mwh", "")],
            "lines.0.export_mwh",
            codes::REQUIRED,
        ),
        (
            &[("lines.0.export_mwh", "1e5")],
            "lines.0.export_mwh",
            "number_exponent",
        ),
        (
            &[("lines.0.export_meter", "not_calibrated")],
            "lines.0.export_meter_class",
            "meter_class_required",
        ),
        (
            &[("factor_choice", "guess")],
            "factor_choice",
            codes::CHOICE_INVALID,
        ),
        (&[("factor_choice", "named")], "factor_set", codes::REQUIRED),
        (
            &[("certificates_traded", "yes")],
            "certificates_traded",
            codes::GREEN_CERTIFICATES_TRADED,
        ),
        (
            &[("electricity_months", "")],
            "electricity_months",
            codes::REQUIRED,
        ),
        (
            &[("electricity_months", &oversold)],
            "electricity_months.2.claimed_mwh",
            codes::MONTH_OVERCLAIMED,
        ),
        (
            &[("electricity_months", &short)],
            "electricity_months",
            codes::MONTHS_MISSING,
        ),
        (&[("verifier", "")], "verifier", codes::REQUIRED),
        (&[("monitoring", "")], "monitoring", codes::REQUIRED),
    ];
    for (changes, field, code) in table {
        assert_eq!(
            report_refused(&changed(&report(), changes)),
            [((*field).to_owned(), *code)],
            "{changes:?}"
        );
    }
    let not_over = MonitoringReport::read(
        &report(),
        &basis(),
        date!(2023 - 12 - 31),
        Parameters::BUILT_IN,
    )
    .expect_err("not over");
    assert_eq!(not_over[0].code, codes::PERIOD_NOT_OVER);
    let late = ReportBasis {
        created_on: date!(2027 - 10 - 02),
        ..basis()
    };
    let old = MonitoringReport::read(
        &report(),
        &late,
        date!(2027 - 10 - 02),
        Parameters::BUILT_IN,
    )
    .expect_err("older than five years");
    assert_eq!(old[0].code, codes::OLDER_THAN_FIVE_YEARS);
}

#[test]
fn a_report_that_cannot_be_read_never_looks_complete() {
    let names: Vec<String> = report().keys().cloned().collect();
    for name in names {
        for value in ["", "nonsense", "-1", "9999999999", "2019-01-01", "yes"] {
            let draft = changed(&report(), &[(&name, value)]);
            let readable =
                MonitoringReport::read(&draft, &basis(), TODAY, Parameters::BUILT_IN).is_ok();
            let sections = report_sections(&draft, &basis(), TODAY, Parameters::BUILT_IN);
            let complete = sections
                .iter()
                .all(|(_, status)| *status == SectionStatus::Complete);
            assert_eq!(readable, complete, "{name} = {value}");
        }
    }
    // what the project says can be wrong too: an unknown grid shows at the choice of factors
    let foreign = ReportBasis {
        site: BasisSite::Power {
            grid: "Atlantis".to_owned(),
            capacity_mw: 500.into(),
        },
        ..basis()
    };
    let refusals = MonitoringReport::read(&report(), &foreign, TODAY, Parameters::BUILT_IN)
        .expect_err("no such grid");
    assert_eq!(refusals[0].field.as_deref(), Some("factor_choice"));
    let facts = ReportFacts::of_draft(&report(), &foreign, TODAY, Parameters::BUILT_IN);
    assert_eq!(facts.incomplete_sections, ["factors"]);
}

#[test]
fn facts_of_complete_documents_lack_only_what_the_registry_knows() {
    use domain::project::{ProjectGuard as G, ReportGuard as R};
    let project = ProjectFacts::of_draft(&wind_farm(), TODAY, Parameters::BUILT_IN);
    for guard in [
        G::P2,
        G::G1,
        G::G2,
        G::G3,
        G::G4,
        G::G7,
        G::G8,
        G::G9,
        G::G10,
    ] {
        assert_eq!(guard.check(&project), [], "{guard:?}");
    }
    for guard in [G::P1, G::G5, G::G6] {
        assert_ne!(guard.check(&project), [], "{guard:?}");
    }
    let facts = ReportFacts::of_draft(&report(), &basis(), TODAY, Parameters::BUILT_IN);
    assert_eq!(facts.applied.len(), 2);
    for guard in [R::P3, R::R3, R::R4, R::R5, R::R9, R::R10] {
        assert_eq!(guard.check(&facts), [], "{guard:?}");
    }
    for guard in [R::R1, R::R2, R::R6, R::R7, R::R8, R::R11] {
        assert_ne!(guard.check(&facts), [], "{guard:?}");
    }
}

#[test]
fn sections_have_codes_and_share_no_field() {
    for kind in PROJECT_TYPES {
        let mut seen = BTreeMap::new();
        for section in DesignSection::ALL {
            assert_eq!(DesignSection::from_code(section.code()), Some(*section));
            for field in section.fields(Some(kind)) {
                assert_eq!(seen.insert(field, section.code()), None, "{field}");
            }
        }
        let mut seen = BTreeMap::new();
        for section in ReportSection::ALL {
            assert_eq!(ReportSection::from_code(section.code()), Some(*section));
            for field in section.fields(Some(kind)) {
                assert_eq!(seen.insert(field, section.code()), None, "{field}");
            }
        }
    }
    assert_eq!(DesignSection::from_code("colour"), None);
}
