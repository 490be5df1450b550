//! The same worked examples, natively and in WebAssembly: every file of `cases/`, by one check.
//!
//! `cases/digests.txt` holds a digest of each complete outcome, steps and notes included, so both targets must agree
//! in every digit. After a change that is meant to change outcomes: `UPDATE_DIGESTS=1 cargo test -p methodologies`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use methodologies::{InputError, Outcome};
use serde::Deserialize;
use serde_json::Value;

macro_rules! cases {
    ($($folder:literal: $($name:literal)+;)+) => {
        const CASES: &[(&str, &str)] = &[$($((
            concat!($folder, "/", $name, ".toml"),
            include_str!(concat!("../cases/", $folder, "/", $name, ".toml")),
        )),+),+];
    };
}

cases! {
    "ccer/afforestation":
        "a_stock_that_shrank"
        "a_wrong_stratum_is_one_error"
        "a_year_of_loss"
        "area_zero_species_unknown"
        "built_in_curves_for_forty_years"
        "chinese_headers_and_shrubs"
        "curves_that_do_not_work"
        "day_before_in_force"
        "earlier_stock_without_its_day"
        "eighteen_years"
        "equation_twice"
        "every_way_to_measure_a_tree"
        "fire_in_the_tropics"
        "fire_of_twelve_hectares"
        "fires_that_do_not_work"
        "first_day_in_force"
        "forty_years_and_a_day"
        "height_missing"
        "implausibly_small"
        "more_plots_needed"
        "no_start_and_no_earlier_stock"
        "period_after_the_measurement"
        "period_before_the_stock"
        "plots_and_trees_that_do_not_fit"
        "second_verification"
        "shrubs_as_trees"
        "shrubs_planted_and_removed"
        "soil_counted_for_twenty_years"
        "soil_without_a_rate"
        "stated_total_contradicts"
        "tables_with_bad_rows"
        "tables_without_their_columns"
        "twenty_years_from_september"
        "twenty_years_less_a_day"
        "two_plots_in_a_stratum"
        "uncertainty_of_twelve_and_twelve_plots"
        "volume_of_chinese_fir"
        "volumes_of_three_equal_plots"
    ;
    "ccer/offshore_wind":
        "changle_c"
        "dafeng_300"
        "dafeng_h3"
        "dafeng_h3_by_rule"
        "dafeng_h4"
        "dafeng_h5"
        "dafeng_h8_2"
        "dongtai_200_draft"
        "huizhou_harbour_1"
        "huizhou_harbour_2_pa"
        "jiazi_1"
        "muping_bdb6_1"
        "muping_bdb6_1_2025"
        "peninsula_south_3"
        "qingzhou_1"
        "qingzhou_2"
        "qingzhou_4"
        "qingzhou_4_march_2025_implausible"
        "rudong_h15"
        "rudong_h15_draft"
        "rudong_h6"
        "rudong_h7"
        "rudong_h8"
        "rushan_south_u2"
        "shenquan_1"
        "synthetic_om_bm"
        "synthetic_text_contradicts"
        "synthetic_two_years"
    ;
    "ccer/solar_thermal":
        "delingha_2"
        "dunhuang_10"
        "dunhuang_100"
        "hami_50"
        "shanshan_100"
        "synthetic_all_in_order"
        "synthetic_every_correction"
        "synthetic_export_meter_uncalibrated"
        "synthetic_fuel_ex_ante"
        "synthetic_negative_year"
        "yumen_100"
    ;
    "ccer/estimators":
        "daxian"
        "daxian_with_heat"
        "refused_gas"
        "refused_tunnels"
        "synthetic_gas_every_term"
        "synthetic_gas_too_rich"
        "synthetic_tunnel_uses_more"
        "synthetic_tunnels"
    ;
    "ccer/mangrove":
        "longhai_record_for_comparison"
        "refused_before_the_methodology"
        "refused_eighteen_years"
        "refused_first_day_2020_09_22"
        "refused_forty_years_and_a_day"
        "refused_nothing_left_of_a_stratum"
        "refused_own_curves"
        "refused_own_methane_missing"
        "refused_plots_that_do_not_fit"
        "refused_table_cells"
        "refused_trees_that_do_not_fit"
        "synthetic_equation_acknowledged"
        "synthetic_equation_replaced"
        "synthetic_first_accounting"
        "synthetic_generic_curve_own_methane"
        "synthetic_own_points"
        "synthetic_period_begins_before_the_last_measurement"
        "synthetic_plot_without_trees"
        "synthetic_second_accounting"
        "synthetic_soil_ends_after_20_years"
        "synthetic_stock_lost"
        "synthetic_strata_of_two_years"
    ;
    "ccer/refused":
        "before_the_methodology"
        "end_before_start"
        "everything_missing"
        "exponent"
        "first_day_2020_09_22"
        "fuel_in_offshore_wind"
        "grid_without_factor"
        "impossible_dates"
        "line_crosses_year_end"
        "line_end_before_start"
        "line_outside_period"
        "lines_end_early"
        "lines_gap"
        "lines_overlap"
        "meter_details_missing"
        "no_date_and_no_set"
        "no_lines"
        "set_not_known_for_grid"
        "ten_years_and_a_day"
        "too_precise"
        "unknown_calculator"
        "unknown_field"
        "unknown_grid"
        "unreadable_numbers"
        "year_named_twice"
    ;
    "inclusion":
        "air_conditioner_tried"
        "beijing_bike"
        "beijing_bus"
        "beijing_metro"
        "beijing_own_car"
        "beijing_walk"
        "beijing_without_unverified_factors"
        "bike_up_to_the_limit"
        "bottles_tried"
        "bus_in_shenzhen"
        "bus_without_distance"
        "carpool_in_beijing"
        "defined_scene"
        "demand_response"
        "ebike_in_tibet"
        "heat_pump"
        "home_above_baseline"
        "home_against_seven_days"
        "home_below_baseline"
        "home_capped_at_a_share"
        "home_empty"
        "home_with_an_official_baseline"
        "last_ride_of_the_day"
        "meeting_instead_of_rail"
        "metro_in_shenzhen"
        "negative_lot"
        "old_clothes_up_to_the_limit_of_the_month"
        "old_clothes_with_residue"
        "one_ride_too_many"
        "own_car_in_guangdong"
        "own_car_on_the_day_of_the_new_grid_factor"
        "own_car_that_emits_more"
        "own_car_the_day_before_the_new_grid_factor"
        "photo"
        "photo_evidence_counts_half"
        "quiz"
        "refused_assumed_replacement_for_certified"
        "refused_before_the_scene"
        "refused_carpool_shorter_than_direct"
        "refused_claimed_all"
        "refused_everything_missing"
        "refused_factor_not_in_force"
        "refused_grid_factor_not_in_force"
        "refused_half_an_act_before"
        "refused_history_too_short"
        "refused_implausible_distance"
        "refused_more_than_the_roof_gives"
        "refused_no_factor_for_region"
        "refused_out_of_range"
        "refused_overflow"
        "refused_own_car_without_consumption"
        "refused_photo_for_certified"
        "refused_roof_of_six_megawatts"
        "refused_scene_ended"
        "refused_sign_in_for_certified"
        "refused_unknown_scene"
        "refused_unvetted_by_default"
        "refused_unvetted_for_certified"
        "refused_walk_too_short"
        "refused_wrong_words"
        "refused_zero_distance"
        "rooftop_solar"
        "self_report_counts_nothing"
        "shenzhen_last_day_of_the_older_value"
        "sign_in"
        "steps_up_to_the_limit"
        "third_phone_of_the_year"
        "used_phone"
    ;
    "event":
        "average_and_residual"
        "boundaries_acknowledged"
        "certificates_by_location"
        "certificates_by_market"
        "doubtful_lines"
        "ev_1"
        "ev_1_all_of_2022"
        "ev_1_flights_of_2024"
        "ev_1_without_radiative_forcing"
        "fuel_supply_may_be_added"
        "green_companies_2014"
        "grid_first_day_of_2023_table"
        "grid_last_day_of_2022_table"
        "grid_of_places"
        "grid_of_years"
        "left_out_with_reasons"
        "national_games_calibres"
        "nothing_used"
        "own_factor_out_of_range"
        "one_edition_for_two_years"
        "planned_event"
        "refused_certificates"
        "refused_empty_inventory"
        "refused_end_before_start"
        "refused_factor_not_published"
        "refused_left_out_and_counted"
        "refused_mixed_boundary"
        "refused_mixed_boundary_of_own"
        "refused_negative_quantity"
        "refused_no_holding"
        "refused_own_factor_incomplete"
        "refused_reference_twice"
        "refused_unit_mismatch"
        "refused_unit_not_of_the_factor"
        "refused_unknown_factor"
        "refused_unknown_field"
        "refused_wrong_header"
        "refused_year_missing"
        "taipei_biennial_2020"
        "tesa_local"
        "tesa_shared_car"
        "tesa_with_bus"
        "tesa_with_take_off"
        "tesa_without_take_off"
        "wuhan_marathon_2023"
        "xiamen_marathon_2022"
    ;
}

const DIGESTS: &str = include_str!("../cases/digests.txt");

#[path = "support/inclusion_case.rs"]
mod inclusion_case;

#[path = "support/event_case.rs"]
mod event_case;

/// A case: an input and what is expected of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    title: String,
    source: String,
    #[serde(default)]
    note: String,
    calculator: String,
    input: Value,
    expected: Option<Expected>,
    #[serde(default)]
    refused: Vec<Refused>,
    upstream: Option<Upstream>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    annual_t: i64,
    total_t: i64,
    /// Every year line's factor.
    ef: Option<String>,
    /// Every year line's flag.
    stale: Option<bool>,
    #[serde(default)]
    year: Vec<ExpectedYear>,
    /// Codes that must be among the notes.
    #[serde(default)]
    notes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedYear {
    year: i32,
    er_t: i64,
    eg: Option<String>,
    be: Option<String>,
    pe: Option<String>,
    er: Option<String>,
    factor_label: Option<i32>,
    removals: Option<String>,
    uncertainty: Option<String>,
    baseline: Option<String>,
    non_permanence: Option<String>,
}

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[serde(deny_unknown_fields)]
struct Refused {
    path: String,
    code: String,
}

/// What the published document says where it differs from ours, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Upstream {
    annual_t: i64,
    total_t: i64,
    reason: String,
}

/// Runs one case; what is wrong, or the digest of its outcome.
fn check(text: &str) -> Result<Option<u64>, String> {
    let case: Case = toml::from_str(text).map_err(|error| error.to_string())?;
    if case.title.is_empty() || case.source.is_empty() {
        return Err("a case needs a title and a source".to_owned());
    }
    match (
        methodologies::calculate(&case.calculator, &case.input),
        &case.expected,
    ) {
        (Ok(outcome), Some(expected)) => {
            compare(&outcome, expected)?;
            explained(&case, expected)?;
            let json = serde_json::to_string(&outcome).map_err(|error| error.to_string())?;
            let back: Outcome = serde_json::from_str(&json).map_err(|error| error.to_string())?;
            if back != outcome {
                return Err("the outcome changes when it is stored and read back".to_owned());
            }
            Ok(Some(digest(&json)))
        }
        (Err(errors), None) if !case.refused.is_empty() => {
            same_refusals(&errors, case.refused)?;
            Ok(None)
        }
        (Ok(outcome), None) => Err(format!("gives {} t, should be refused", outcome.total_t)),
        (Err(errors), _) => Err(format!("refused: {errors:?}")),
    }
}

/// Whether exactly these mistakes were found.
fn same_refusals(errors: &[InputError], mut wanted: Vec<Refused>) -> Result<(), String> {
    let mut found: Vec<Refused> = errors
        .iter()
        .map(|error| Refused {
            path: error.path.clone(),
            code: error.code.to_owned(),
        })
        .collect();
    found.sort();
    wanted.sort();
    if found == wanted {
        Ok(())
    } else {
        Err(format!("refused {found:?}, wanted {wanted:?}"))
    }
}

/// An amount that not every methodology has; a dash where there is none.
fn shown<T: std::fmt::Display>(amount: Option<T>) -> String {
    amount.map_or_else(|| "-".to_owned(), |amount| amount.to_string())
}

fn compare(outcome: &Outcome, expected: &Expected) -> Result<(), String> {
    let mut wrong = String::new();
    let mut differ = |what: &str, found: &str, wanted: &str| {
        if found != wanted {
            let _ = write!(wrong, "{what} is {found}, should be {wanted}; ");
        }
    };
    differ(
        "annual_t",
        &outcome.annual_t.to_string(),
        &expected.annual_t.to_string(),
    );
    differ(
        "total_t",
        &outcome.total_t.to_string(),
        &expected.total_t.to_string(),
    );
    for line in &outcome.year_lines {
        if let Some(ef) = &expected.ef
            && !expected
                .year
                .iter()
                .any(|year| year.year == line.year && year.factor_label.is_some())
        {
            differ("ef", &shown(line.ef), ef);
        }
        if let Some(stale) = expected.stale {
            differ("stale", &line.stale.to_string(), &stale.to_string());
        }
    }
    for wanted in &expected.year {
        let year = wanted.year;
        let Some(line) = outcome.year_lines.iter().find(|line| line.year == year) else {
            differ(&format!("line {year}"), "missing", "there");
            continue;
        };
        differ(
            &format!("{year} er_t"),
            &line.er_t.to_string(),
            &wanted.er_t.to_string(),
        );
        for (name, found, text) in [
            ("eg", shown(line.eg), &wanted.eg),
            ("be", shown(line.be), &wanted.be),
            ("pe", line.pe.to_string(), &wanted.pe),
            ("er", line.er.to_string(), &wanted.er),
            (
                "removals",
                shown(line.sink.as_ref().map(|sink| sink.removals)),
                &wanted.removals,
            ),
            (
                "uncertainty",
                shown(line.sink.as_ref().map(|sink| sink.uncertainty)),
                &wanted.uncertainty,
            ),
            (
                "baseline",
                shown(line.sink.as_ref().map(|sink| sink.baseline)),
                &wanted.baseline,
            ),
            (
                "non_permanence",
                shown(line.sink.as_ref().map(|sink| sink.non_permanence)),
                &wanted.non_permanence,
            ),
        ] {
            if let Some(text) = text {
                differ(&format!("{year} {name}"), &found, text);
            }
        }
        if let Some(label) = wanted.factor_label {
            differ(
                &format!("{year} factor_label"),
                &shown(line.factor_label),
                &label.to_string(),
            );
        }
    }
    for code in &expected.notes {
        let there = outcome.notes.iter().any(|note| &note.code == code);
        differ(
            &format!("note {code}"),
            if there { "there" } else { "missing" },
            "there",
        );
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// A case that differs from its document must say why, and must really differ.
fn explained(case: &Case, expected: &Expected) -> Result<(), String> {
    match &case.upstream {
        Some(upstream) if upstream.reason.len() < 20 => {
            Err("upstream differs without a reason".to_owned())
        }
        Some(upstream)
            if (upstream.annual_t, upstream.total_t) == (expected.annual_t, expected.total_t) =>
        {
            Err("upstream does not differ: remove it".to_owned())
        }
        Some(upstream) if (upstream.total_t - expected.total_t).abs() > 1 => {
            Err("upstream differs by more than 1 t: that is another calculation".to_owned())
        }
        _ if !case.note.is_empty() && case.note.len() < 10 => {
            Err("the note says nothing".to_owned())
        }
        _ => Ok(()),
    }
}

/// FNV-1a, 64 bits: enough to notice a changed digit.
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

fn expected_digests() -> BTreeMap<&'static str, &'static str> {
    DIGESTS
        .lines()
        .filter_map(|line| line.split_once(' '))
        .collect()
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn every_case_gives_its_figures_to_the_digit() {
    let expected = expected_digests();
    let mut found = String::new();
    let mut failures = String::new();
    for (name, text) in CASES {
        let checked = if name.starts_with("inclusion/") {
            inclusion_case::check(text)
        } else if name.starts_with("event/") {
            event_case::check(text)
        } else {
            check(text)
        };
        match checked {
            Err(wrong) => writeln!(failures, "{name}: {wrong}").unwrap(),
            Ok(Some(digest)) => {
                let digest = format!("{digest:016x}");
                writeln!(found, "{name} {digest}").unwrap();
                if expected.get(name) != Some(&digest.as_str()) && !updating() {
                    writeln!(
                        failures,
                        "{name}: the outcome is not the one in digests.txt"
                    )
                    .unwrap();
                }
            }
            Ok(None) => {}
        }
    }
    if updating() && failures.is_empty() {
        write_digests(&found);
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[cfg(not(target_arch = "wasm32"))]
fn updating() -> bool {
    std::env::var_os("UPDATE_DIGESTS").is_some()
}

#[cfg(target_arch = "wasm32")]
fn updating() -> bool {
    false
}

fn write_digests(digests: &str) {
    std::fs::write(
        concat!(env!("CARGO_MANIFEST_DIR"), "/cases/digests.txt"),
        digests,
    )
    .unwrap();
}

/// The list above is the folder: a case file that nobody runs would prove nothing.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn every_file_of_the_folder_is_in_the_list() {
    fn walk(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "toml")
            {
                let home = concat!(env!("CARGO_MANIFEST_DIR"), "/cases/");
                found.push(path.to_str().unwrap().replace(home, ""));
            }
        }
    }
    let mut found = Vec::new();
    walk(
        std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/cases")),
        &mut found,
    );
    let mut listed: Vec<String> = CASES.iter().map(|(name, _)| (*name).to_owned()).collect();
    found.sort();
    listed.sort();
    assert_eq!(found, listed);
}
