//! Turns `parameters/*.toml` into `src/generated.rs`, so that no TOML parser travels to the browser.
//!
//! Run `cargo run -p methodologies --example generate_parameters` after changing a table; a test fails while the
//! generated file is stale.

use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;

#[derive(Deserialize)]
struct GridFactors {
    clause: String,
    release: Vec<Release>,
    value: Vec<FactorValue>,
}

#[derive(Deserialize)]
struct Release {
    label: i32,
    published_on: String,
    published_on_assumed: bool,
    source_zh: String,
    source_en: String,
}

#[derive(Deserialize)]
struct FactorValue {
    grid: String,
    label: i32,
    om: Option<String>,
    bm: Option<String>,
    cm: Option<String>,
    confidence: Option<String>,
    records: Option<u16>,
}

#[derive(Deserialize)]
struct Grids {
    grid: Vec<Grid>,
    membership: std::collections::BTreeMap<String, Vec<(String, String)>>,
    moved: Vec<Moved>,
}

#[derive(Deserialize)]
struct Grid {
    code: String,
    zh: String,
    en: String,
}

#[derive(Deserialize)]
struct Moved {
    zh: String,
    en: String,
    grid: String,
    from_label: Option<i32>,
    to_label: Option<i32>,
}

#[derive(Deserialize)]
struct Fuels {
    clause: String,
    from: String,
    source_zh: String,
    source_en: String,
    fuel: Vec<Fuel>,
}

#[derive(Deserialize)]
struct Fuel {
    code: String,
    zh: String,
    en: String,
    unit: String,
    ncv: String,
    cc: String,
    of: String,
    confidence: String,
}

#[derive(Deserialize)]
struct Rules {
    parameter: Vec<Rule>,
    day: Vec<Rule>,
}

#[derive(Deserialize)]
struct Rule {
    id: String,
    zh: String,
    en: String,
    value: String,
    unit: Option<String>,
    from: String,
    clause: String,
    source_zh: String,
    source_en: String,
    confidence: Option<String>,
}

/// The text of `src/generated.rs` for the tables in `folder`.
pub fn generate(folder: &Path) -> Result<String, Box<dyn std::error::Error>> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name));
    let factors: GridFactors = toml::from_str(&read("grid_factors.toml")?)?;
    let grids: Grids = toml::from_str(&read("grids.toml")?)?;
    let fuels: Fuels = toml::from_str(&read("fuels.toml")?)?;
    let rules: Rules = toml::from_str(&read("rules.toml")?)?;

    let mut out = String::from(
        "// Generated from `parameters/*.toml` by `cargo run -p methodologies --example generate_parameters`.\n\
         // Do not edit: change the tables and run it again.\n\n\
         use rust_decimal::Decimal;\nuse time::Date;\nuse time::macros::date;\n\n\
         use crate::factors::{FactorValue, Grid, Margins, Membership, Release};\n\
         use crate::fuels::Fuel;\n\
         use crate::parameter::{Assumed, Basis, Confidence, DatedValue, Parameter, Published};\n\
         use crate::text::text;\n\n",
    );
    writeln!(
        out,
        "pub(crate) const FACTOR_CLAUSE: &str = {:?};\n",
        factors.clause
    )?;
    writeln!(
        out,
        "pub(crate) const FUEL_CLAUSE: &str = {:?};\n",
        fuels.clause
    )?;
    releases(&mut out, &factors.release)?;
    factor_values(&mut out, &factors.value)?;
    grid_tables(&mut out, &grids)?;
    fuel_table(&mut out, &fuels)?;
    rule_tables(&mut out, &rules)?;
    Ok(out)
}

type Written = Result<(), Box<dyn std::error::Error>>;

fn releases(out: &mut String, releases: &[Release]) -> Written {
    out.push_str("pub(crate) static RELEASES: &[Release] = &[\n");
    for release in releases {
        writeln!(
            out,
            "Release {{ label: {}, published_on: {}, published_on_assumed: {}, source: {} }},",
            release.label,
            date(&release.published_on)?,
            release.published_on_assumed,
            text(&release.source_zh, &release.source_en),
        )?;
    }
    out.push_str("];\n\n");
    Ok(())
}

fn factor_values(out: &mut String, values: &[FactorValue]) -> Written {
    out.push_str("pub(crate) static FACTOR_VALUES: &[FactorValue] = &[\n");
    for value in values {
        let margins = match (&value.om, &value.bm, &value.cm) {
            (Some(om), Some(bm), None) => {
                format!(
                    "Margins::Table {{ om: {}, bm: {} }}",
                    decimal(om)?,
                    decimal(bm)?
                )
            }
            (None, None, Some(cm)) => format!(
                "Margins::Solved {{ cm: {}, confidence: {}, records: {} }}",
                decimal(cm)?,
                confidence(
                    value
                        .confidence
                        .as_deref()
                        .ok_or("a solved factor needs a confidence")?
                )?,
                value
                    .records
                    .ok_or("a solved factor needs the number of its records")?,
            ),
            _ => return Err(format!("{} {}: om and bm, or cm", value.grid, value.label).into()),
        };
        writeln!(
            out,
            "FactorValue {{ grid: {:?}, label: {}, margins: {margins} }},",
            value.grid, value.label
        )?;
    }
    out.push_str("];\n\n");
    Ok(())
}

fn grid_tables(out: &mut String, grids: &Grids) -> Written {
    out.push_str("pub(crate) static GRIDS: &[Grid] = &[\n");
    for grid in &grids.grid {
        writeln!(
            out,
            "Grid {{ code: {:?}, name: {} }},",
            grid.code,
            text(&grid.zh, &grid.en)
        )?;
    }
    out.push_str("];\n\npub(crate) static MEMBERSHIPS: &[Membership] = &[\n");
    for grid in &grids.grid {
        for (zh, en) in grids.membership.get(&grid.code).into_iter().flatten() {
            membership(out, &text(zh, en), &grid.code, None, None)?;
        }
    }
    for moved in &grids.moved {
        membership(
            out,
            &text(&moved.zh, &moved.en),
            &moved.grid,
            moved.from_label,
            moved.to_label,
        )?;
    }
    out.push_str("];\n\n");
    Ok(())
}

fn membership(
    out: &mut String,
    province: &str,
    grid: &str,
    from: Option<i32>,
    to: Option<i32>,
) -> Written {
    writeln!(
        out,
        "Membership {{ province: {province}, grid: {grid:?}, from_label: {from:?}, to_label: {to:?} }},"
    )?;
    Ok(())
}

fn fuel_table(out: &mut String, fuels: &Fuels) -> Written {
    out.push_str("pub(crate) static FUELS: &[Fuel] = &[\n");
    for fuel in &fuels.fuel {
        let source = text(&fuels.source_zh, &fuels.source_en);
        let confidence = confidence(&fuel.confidence)?;
        let assumed = |value: &str| -> Result<String, Box<dyn std::error::Error>> {
            Ok(format!(
                "Assumed {{ value: {}, confidence: {confidence}, source: {source} }}",
                decimal(value)?
            ))
        };
        writeln!(
            out,
            "Fuel {{ code: {:?}, name: {}, unit: {:?}, from: {}, ncv: {}, cc: {}, of: {} }},",
            fuel.code,
            text(&fuel.zh, &fuel.en),
            fuel.unit,
            date(&fuels.from)?,
            assumed(&fuel.ncv)?,
            assumed(&fuel.cc)?,
            assumed(&fuel.of)?,
        )?;
    }
    out.push_str("];\n\n");
    Ok(())
}

fn rule_tables(out: &mut String, rules: &Rules) -> Written {
    out.push_str("pub(crate) static PARAMETERS: &[Parameter<Decimal>] = &[\n");
    parameters(out, &rules.parameter, decimal)?;
    out.push_str("];\n\npub(crate) static DAYS: &[Parameter<Date>] = &[\n");
    parameters(out, &rules.day, date)?;
    out.push_str("];\n");
    Ok(())
}

/// Entries with the same id become one parameter with several dated values, oldest first.
fn parameters(
    out: &mut String,
    rules: &[Rule],
    value_of: fn(&str) -> Result<String, Box<dyn std::error::Error>>,
) -> Written {
    let mut done: Vec<&str> = Vec::new();
    for rule in rules {
        if done.contains(&rule.id.as_str()) {
            continue;
        }
        done.push(&rule.id);
        let mut same: Vec<&Rule> = rules.iter().filter(|other| other.id == rule.id).collect();
        same.sort_by(|one, other| one.from.cmp(&other.from));
        let mut values = String::new();
        for dated in same {
            let value = value_of(&dated.value)?;
            let source = text(&dated.source_zh, &dated.source_en);
            let basis = match &dated.confidence {
                None => {
                    format!("Basis::Published(Published {{ value: {value}, source: {source} }})")
                }
                Some(name) => format!(
                    "Basis::Assumed(Assumed {{ value: {value}, confidence: {}, source: {source} }})",
                    confidence(name)?
                ),
            };
            write!(
                values,
                "DatedValue {{ from: {}, basis: {basis} }},",
                date(&dated.from)?
            )?;
        }
        writeln!(
            out,
            "Parameter {{ id: {:?}, title: {}, unit: {:?}, clause: {:?}, values: &[{values}] }},",
            rule.id,
            text(&rule.zh, &rule.en),
            rule.unit.as_deref().unwrap_or("date"),
            rule.clause,
        )?;
    }
    Ok(())
}

fn text(zh: &str, en: &str) -> String {
    format!("text({zh:?}, {en:?})")
}

fn decimal(value: &str) -> Result<String, Box<dyn std::error::Error>> {
    let decimal: rust_decimal::Decimal = value.parse()?;
    let parts = decimal.unpack();
    Ok(format!(
        "Decimal::from_parts({}, {}, {}, {}, {})",
        parts.lo, parts.mid, parts.hi, parts.negative, parts.scale
    ))
}

fn date(value: &str) -> Result<String, Box<dyn std::error::Error>> {
    let day = methodologies::day::parse(value).ok_or_else(|| format!("not a day: {value}"))?;
    Ok(format!(
        "date!({} - {} - {})",
        day.year(),
        u8::from(day.month()),
        day.day()
    ))
}

fn confidence(name: &str) -> Result<&'static str, Box<dyn std::error::Error>> {
    match name {
        "high" => Ok("Confidence::High"),
        "medium" => Ok("Confidence::Medium"),
        "low" => Ok("Confidence::Low"),
        other => Err(format!("unknown confidence {other}").into()),
    }
}

#[allow(dead_code, reason = "the test includes this file for `generate` only")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::write(
        home.join("src/generated.rs"),
        generate(&home.join("parameters"))?,
    )?;
    println!("wrote src/generated.rs");
    Ok(())
}
