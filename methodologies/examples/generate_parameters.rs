//! Turns `parameters/*.toml` into `src/generated.rs`, so that no TOML parser travels to the browser.
//!
//! Run `cargo run -p methodologies --example generate_parameters` after changing a table; a test fails while the
//! generated file is stale.

use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;

#[path = "tables/event.rs"]
mod event;
#[path = "tables/inclusion.rs"]
mod inclusion;

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
    #[serde(default)]
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

/// The species of `mangrove.toml` beside its plain parameters.
#[derive(Deserialize)]
struct Mangroves {
    species_source: SpeciesSource,
    common: std::collections::BTreeMap<String, String>,
    species: Vec<Mangrove>,
}

#[derive(Deserialize)]
struct SpeciesSource {
    clause: String,
    from: String,
    zh: String,
    en: String,
    confidence: String,
    guard_zh: String,
    guard_en: String,
}

#[derive(Deserialize)]
struct Mangrove {
    code: String,
    zh: String,
    en: String,
    wd: String,
    cf: String,
    #[serde(default)]
    equation: Vec<MangroveEquation>,
}

#[derive(Deserialize)]
struct MangroveEquation {
    applies: String,
    above: MangroveForm,
    below: Option<MangroveForm>,
    d_min: String,
    d_max: String,
    #[serde(default)]
    implausible: bool,
}

#[derive(Deserialize)]
struct MangroveForm {
    form: String,
    a: String,
    b: Option<String>,
}

/// The text of `src/generated.rs` for the tables in `folder`.
pub fn generate(folder: &Path) -> Result<String, Box<dyn std::error::Error>> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name));
    let factors: GridFactors = toml::from_str(&read("grid_factors.toml")?)?;
    let grids: Grids = toml::from_str(&read("grids.toml")?)?;
    let fuels: Fuels = toml::from_str(&read("fuels.toml")?)?;
    let mut rules: Rules = toml::from_str(&read("rules.toml")?)?;
    for name in [
        "sinks.toml",
        "mangrove.toml",
        "estimators.toml",
        "event.toml",
    ] {
        let more: Rules = toml::from_str(&read(name)?)?;
        rules.parameter.extend(more.parameter);
        rules.day.extend(more.day);
    }
    let mangroves: Mangroves = toml::from_str(&read("mangrove.toml")?)?;
    rules.parameter.extend(mangrove_parameters(&mangroves));
    let inclusion = inclusion::Tables::read(folder)?;
    rules.parameter.extend(inclusion.rules()?);
    let event = event::Tables::read(folder, &grids.grid)?;

    let mut out = String::from(
        "// Generated from `parameters/*.toml` by `cargo run -p methodologies --example generate_parameters`.\n\
         // Do not edit: change the tables and run it again.\n\n\
         use rust_decimal::Decimal;\nuse time::Date;\nuse time::macros::date;\n\n\
         use crate::ccer::mangrove::species::{Applies, Equation, Form, Species};\n\
         use crate::event::factor::{Boundary, Edition, Factor, Gas, Tier};\n\
         use crate::factors::{FactorValue, Grid, Margins, Membership, Release};\n\
         use crate::fuels::Fuel;\n\
         use crate::grid_average::Region;\n\
         use crate::inclusion;\n\
         use crate::parameter::{Assumed, Basis, Confidence, DatedValue, Parameter, Published};\n\
         use crate::schema::Choice;\n\
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
    rule_tables(&mut out, &rules, &mangroves)?;
    mangrove_table(&mut out, &mangroves)?;
    inclusion.write(&mut out)?;
    event.write(&mut out)?;
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

fn rule_tables(out: &mut String, rules: &Rules, mangroves: &Mangroves) -> Written {
    out.push_str("pub(crate) static PARAMETERS: &[Parameter<Decimal>] = &[\n");
    parameters(out, &rules.parameter, decimal, |id| readers(id, mangroves))?;
    out.push_str("];\n\npub(crate) static DAYS: &[Parameter<Date>] = &[\n");
    parameters(out, &rules.day, date, |_| &[])?;
    out.push_str("];\n");
    Ok(())
}

/// The features whose calculators read the number with this id; none: it is there in every build.
fn readers(id: &str, mangroves: &Mangroves) -> &'static [&'static str] {
    let (group, rest) = id.split_once('.').unwrap_or((id, ""));
    let of_mangrove = |code: &str| mangroves.species.iter().any(|known| known.code == code);
    match group {
        "species" if of_mangrove(rest.split('.').next().unwrap_or_default()) => &["mangrove"],
        "species" | "afforestation" => &["afforestation"],
        "mangrove" => &["mangrove"],
        "sink" => &["afforestation", "mangrove"],
        "coal_mine_gas" | "tunnel_lighting" => &["energy"],
        "inclusion" => &["inclusion"],
        "event" => &["event"],
        "grid_average" => &["event", "inclusion"],
        _ => &[],
    }
}

/// Entries with the same id become one parameter with several dated values, oldest first.
fn parameters(
    out: &mut String,
    rules: &[Rule],
    value_of: fn(&str) -> Result<String, Box<dyn std::error::Error>>,
    readers: impl Fn(&str) -> &'static [&'static str],
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
        match readers(&rule.id) {
            [] => {}
            [one] => writeln!(out, "#[cfg(feature = {one:?})]")?,
            several => {
                let named: Vec<String> = several
                    .iter()
                    .map(|one| format!("feature = {one:?}"))
                    .collect();
                writeln!(out, "#[cfg(any({}))]", named.join(", "))?;
            }
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

/// Every number of the species table as a parameter that can be replaced.
fn mangrove_parameters(mangroves: &Mangroves) -> Vec<Rule> {
    let common = (
        "红树林通用方程（Komiyama）",
        "Common equation of mangroves (Komiyama)",
    );
    let mut rules = Vec::new();
    let source = &mangroves.species_source;
    for (name, value) in &mangroves.common {
        let id = format!("mangrove.common.{name}");
        rules.push(coefficient(source, id, common, name, value));
    }
    for species in &mangroves.species {
        let names = (species.zh.as_str(), species.en.as_str());
        for (name, value) in [("wd", &species.wd), ("cf", &species.cf)] {
            let id = format!("species.{}.{name}", species.code);
            rules.push(coefficient(source, id, names, name, value));
        }
        for (number, equation) in (1..).zip(&species.equation) {
            let below = equation.below.as_ref();
            let written = [
                ("above_a", Some(&equation.above.a)),
                ("above_b", equation.above.b.as_ref()),
                ("below_a", below.map(|below| &below.a)),
                ("below_b", below.and_then(|below| below.b.as_ref())),
                ("d_min", Some(&equation.d_min)),
                ("d_max", Some(&equation.d_max)),
            ];
            for (name, value) in written {
                let Some(value) = value else { continue };
                let id = format!("mangrove.{}.{number}.{name}", species.code);
                let mut rule = coefficient(source, id, names, name, value);
                if name.starts_with("d_") && equation.applies != "small_within_guard" {
                    rule.source_zh.clone_from(&source.guard_zh);
                    rule.source_en.clone_from(&source.guard_en);
                }
                rules.push(rule);
            }
        }
    }
    rules
}

fn coefficient(
    source: &SpeciesSource,
    id: String,
    names: (&str, &str),
    name: &str,
    value: &str,
) -> Rule {
    let (zh, en, unit) = match name {
        "wd" => ("木材密度", "wood density", "t/m3"),
        "cf" => ("含碳率", "carbon fraction", "tC/t d.m."),
        "d_min" => ("方程适用径级下限", "least diameter of the equation", "cm"),
        "d_max" => ("方程适用径级上限", "largest diameter of the equation", "cm"),
        "above_a" | "above_b" => (
            "地上生物量方程系数",
            "coefficient of the equation above ground",
            "1",
        ),
        _ => (
            "地下生物量方程系数",
            "coefficient of the equation below ground",
            "1",
        ),
    };
    let letter = match name.rsplit_once('_') {
        Some((side, letter)) if side != "d" => format!(" {letter}"),
        _ => String::new(),
    };
    Rule {
        id,
        zh: format!("{}：{zh}{letter}", names.0),
        en: format!("{}: {en}{letter}", names.1),
        value: value.to_owned(),
        unit: Some(unit.to_owned()),
        from: source.from.clone(),
        clause: source.clause.clone(),
        source_zh: source.zh.clone(),
        source_en: source.en.clone(),
        confidence: Some(source.confidence.clone()),
    }
}

fn mangrove_table(out: &mut String, mangroves: &Mangroves) -> Written {
    let form = |form: &MangroveForm| match form.form.as_str() {
        "d2h" => Ok("Form::DiameterSquaredHeight"),
        "d" => Ok("Form::Diameter"),
        "d0" => Ok("Form::BasalDiameterSquaredHeight"),
        "linear_d" => Ok("Form::LinearDiameter"),
        "linear_dh" => Ok("Form::LinearDiameterHeight"),
        "share" => Ok("Form::Share"),
        other => Err(format!("unknown form {other}")),
    };
    out.push_str("\npub(crate) static MANGROVE_SPECIES: &[Species] = &[\n");
    for species in &mangroves.species {
        let mut equations = String::new();
        for (number, equation) in (1..).zip(&species.equation) {
            let applies = match equation.applies.as_str() {
                "any" => "Applies::Any",
                "tall" => "Applies::Tall",
                "small" => "Applies::Small",
                "small_within_guard" => "Applies::SmallWithinGuard",
                other => return Err(format!("unknown range {other}").into()),
            };
            let below = match &equation.below {
                Some(below) => format!("Some({})", form(below)?),
                None => "None".to_owned(),
            };
            write!(
                equations,
                "Equation {{ id: \"mangrove.{}.{number}\", applies: {applies}, above: {}, below: {below}, implausible: {} }},",
                species.code,
                form(&equation.above)?,
                equation.implausible,
            )?;
        }
        writeln!(
            out,
            "Species {{ code: {:?}, name: {}, equations: &[{equations}] }},",
            species.code,
            text(&species.zh, &species.en),
        )?;
    }
    writeln!(
        out,
        "];\n\npub(crate) static MANGROVE_CHOICES: [Choice; {}] = [",
        mangroves.species.len()
    )?;
    for species in &mangroves.species {
        writeln!(
            out,
            "Choice {{ value: {:?}, text: {} }},",
            species.code,
            text(&species.zh, &species.en),
        )?;
    }
    out.push_str("];\n");
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
