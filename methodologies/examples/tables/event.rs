//! `event.toml`: emission factors with their editions, and the electricity tables turned into the same form.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;

use super::{Written, confidence, date, decimal, text};

/// The factor tables; the plain parameters of the same file are read as rules.
#[derive(Deserialize)]
struct Event {
    source: BTreeMap<String, Source>,
    grid: Vec<Grid>,
    factor: Vec<Factor>,
}

#[derive(Deserialize)]
struct Source {
    zh: String,
    en: String,
    published: String,
    #[serde(default)]
    published_assumed: bool,
    tier: String,
}

/// Regions and other calibres of one year of the electricity tables.
#[derive(Deserialize)]
struct Grid {
    year: i32,
    values: BTreeMap<String, String>,
    #[serde(default)]
    assumed: BTreeMap<String, String>,
}

/// The averages of the nation and the provinces.
#[derive(Deserialize)]
struct Averages {
    release: Vec<Release>,
    region: Vec<Region>,
}

#[derive(Deserialize)]
struct Release {
    year: i32,
    from: String,
    source_zh: String,
    source_en: String,
}

#[derive(Deserialize)]
struct Region {
    code: String,
    zh: String,
    en: String,
    #[serde(default)]
    values: Vec<String>,
}

/// Everything the two files hold, with the names of the regional grids.
pub struct Tables {
    event: Event,
    averages: Averages,
    /// Code, Chinese and English name.
    grids: Vec<(String, String, String)>,
}

#[derive(Deserialize)]
struct Factor {
    code: String,
    zh: String,
    en: String,
    class: String,
    subject: String,
    unit: String,
    gas: String,
    boundary: String,
    place: String,
    u_percent: Option<String>,
    edition: Vec<Edition>,
}

#[derive(Clone, Deserialize)]
struct Edition {
    year: i32,
    value: String,
    without_rf: Option<String>,
    source: String,
    confidence: Option<String>,
    row_zh: Option<String>,
    row_en: Option<String>,
}

impl Tables {
    /// Reads both files.
    pub fn read(folder: &Path, grids: &[super::Grid]) -> Result<Self, Box<dyn std::error::Error>> {
        let read = |name: &str| std::fs::read_to_string(folder.join(name));
        let mut tables = Self {
            event: toml::from_str(&read("event.toml")?)?,
            averages: toml::from_str(&read("grid_average.toml")?)?,
            grids: grids
                .iter()
                .map(|grid| (grid.code.clone(), grid.zh.clone(), grid.en.clone()))
                .collect(),
        };
        for release in &tables.averages.release {
            let source = Source {
                zh: release.source_zh.clone(),
                en: release.source_en.clone(),
                published: release.from.clone(),
                published_assumed: false,
                tier: "A".to_owned(),
            };
            tables
                .event
                .source
                .insert(grid_source(release.year), source);
        }
        Ok(tables)
    }

    /// Writes the factors and the choices of the column `factor`.
    pub fn write(&self, out: &mut String) -> Written {
        out.push_str("\npub(crate) static EVENT_FACTORS: &[Factor] = &[\n");
        for factor in self.electricity().iter().chain(&self.event.factor) {
            self::factor(out, factor, &self.event.source)?;
        }
        out.push_str("];\n\n");
        choices(out, &self.event)
    }

    /// The electricity tables as factors, one per place and calibre.
    fn electricity(&self) -> Vec<Factor> {
        let mut rows = vec![
            (
                "residual".to_owned(),
                "全国电网平均（不含市场化交易的非化石电量）".to_owned(),
                "National grid, without market-traded non-fossil electricity".to_owned(),
            ),
            (
                "fossil".to_owned(),
                "全国化石能源电力".to_owned(),
                "National, electricity from fossil fuels".to_owned(),
            ),
        ];
        rows.extend(self.grids.iter().map(|(code, zh, en)| {
            (
                code.clone(),
                format!("{zh}区域电网"),
                format!("Regional grid, {en}"),
            )
        }));
        rows.extend(self.averages.region.iter().map(|region| {
            (
                region.code.clone(),
                format!("{}电网平均", region.zh),
                format!("Average of the grid, {}", region.en),
            )
        }));
        rows.into_iter()
            .map(|(code, zh, en)| Factor {
                edition: self.editions(&code),
                place: if code.starts_with("CN-") {
                    code.clone()
                } else {
                    "CN".to_owned()
                },
                code: format!("grid.{code}"),
                zh,
                en,
                class: "electricity".to_owned(),
                subject: "electricity".to_owned(),
                unit: "kWh".to_owned(),
                gas: "CO2".to_owned(),
                boundary: "generation".to_owned(),
                u_percent: None,
            })
            .filter(|factor| !factor.edition.is_empty())
            .collect()
    }

    /// The values of a place or calibre by year.
    fn editions(&self, code: &str) -> Vec<Edition> {
        let edition = |year: i32, value: &str, confidence: Option<&str>| Edition {
            year,
            value: value.to_owned(),
            without_rf: None,
            source: grid_source(year),
            confidence: confidence.map(str::to_owned),
            row_zh: None,
            row_en: None,
        };
        let region = self
            .averages
            .region
            .iter()
            .find(|region| region.code == code);
        if let Some(region) = region {
            let releases = self.averages.release.iter();
            return releases
                .zip(&region.values)
                .map(|(release, value)| edition(release.year, value, None))
                .collect();
        }
        let mut editions = Vec::new();
        for grid in &self.event.grid {
            if let Some(value) = grid.values.get(code) {
                editions.push(edition(grid.year, value, None));
            } else if let Some(value) = grid.assumed.get(code) {
                editions.push(edition(grid.year, value, Some("high")));
            }
        }
        editions
    }
}

/// The name under which the document of an electricity table is kept.
fn grid_source(year: i32) -> String {
    format!("grid {year}")
}

fn factor(out: &mut String, factor: &Factor, sources: &BTreeMap<String, Source>) -> Written {
    let mut editions = String::new();
    for edition in &factor.edition {
        let source = sources
            .get(&edition.source)
            .ok_or_else(|| format!("{}: no source {}", factor.code, edition.source))?;
        let value = decimal(&edition.value)?;
        let document = text(&source.zh, &source.en);
        let basis = match &edition.confidence {
            None => format!("Basis::Published(Published {{ value: {value}, source: {document} }})"),
            Some(name) => format!(
                "Basis::Assumed(Assumed {{ value: {value}, confidence: {}, source: {document} }})",
                confidence(name)?
            ),
        };
        let without_rf = match &edition.without_rf {
            Some(value) => format!("Some({})", decimal(value)?),
            None => "None".to_owned(),
        };
        let row = match (&edition.row_zh, &edition.row_en) {
            (Some(zh), Some(en)) => format!("Some({})", text(zh, en)),
            (None, None) => "None".to_owned(),
            _ => return Err(format!("{}: a row in both languages", factor.code).into()),
        };
        write!(
            editions,
            "Edition {{ year: {}, published_on: {}, published_on_assumed: {}, tier: Tier::{}, value: {basis}, without_rf: {without_rf}, row: {row} }},",
            edition.year,
            date(&source.published)?,
            source.published_assumed,
            source.tier,
        )?;
    }
    let u_percent = match &factor.u_percent {
        Some(value) => format!("Some({})", decimal(value)?),
        None => "None".to_owned(),
    };
    writeln!(
        out,
        "Factor {{ code: {:?}, title: {}, class: {:?}, subject: {:?}, unit: {:?}, gas: Gas::{}, boundary: Boundary::{}, place: {:?}, u_percent: {u_percent}, editions: &[{editions}] }},",
        factor.code,
        text(&factor.zh, &factor.en),
        factor.class,
        factor.subject,
        factor.unit,
        gas(&factor.gas)?,
        boundary(&factor.boundary)?,
        factor.place,
    )?;
    Ok(())
}

fn gas(name: &str) -> Result<&'static str, String> {
    match name {
        "CO2" => Ok("Co2"),
        "CO2e" => Ok("Co2e"),
        other => Err(format!("unknown gas {other}")),
    }
}

fn boundary(name: &str) -> Result<&'static str, String> {
    Ok(match name {
        "combustion" => "Combustion",
        "generation" => "Generation",
        "direct" => "Direct",
        "energy" => "Energy",
        "process" => "Process",
        "well_to_tank" => "WellToTank",
        "extended" => "Extended",
        "cradle_to_gate" => "CradleToGate",
        "lifecycle" => "Lifecycle",
        other => return Err(format!("unknown boundary {other}")),
    })
}

/// What may be written in the column `factor`: electricity by calibre, every other factor by its code, or an own one.
fn choices(out: &mut String, event: &Event) -> Written {
    let calibres = [
        (
            "grid_province",
            "电力：省级平均（按省份）",
            "Electricity: provincial average",
        ),
        (
            "grid_region",
            "电力：区域平均（按省份或区域）",
            "Electricity: regional average",
        ),
        (
            "grid_nation",
            "电力：全国平均",
            "Electricity: national average",
        ),
        (
            "grid_residual",
            "电力：全国平均（不含市场化交易的非化石电量）",
            "Electricity: national, without market-traded non-fossil",
        ),
        (
            "grid_fossil",
            "电力：全国化石能源电力",
            "Electricity: national, fossil",
        ),
    ];
    let own = ("own", "自有排放因子", "Own factor");
    let mut rows: Vec<(&str, &str, &str)> = calibres.to_vec();
    rows.extend(
        event
            .factor
            .iter()
            .map(|factor| (factor.code.as_str(), factor.zh.as_str(), factor.en.as_str())),
    );
    rows.push(own);
    writeln!(
        out,
        "pub(crate) static EVENT_FACTOR_CHOICES: [Choice; {}] = [",
        rows.len()
    )?;
    for (value, zh, en) in rows {
        writeln!(
            out,
            "Choice {{ value: {value:?}, text: {} }},",
            text(zh, en)
        )?;
    }
    out.push_str("];\n");
    Ok(())
}
