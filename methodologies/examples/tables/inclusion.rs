//! The tables of `inclusion.toml` and `grid_average.toml`: their numbers become parameters, their scenes Rust data.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;

use super::{Rule, date, text};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

#[derive(Deserialize)]
struct GridAverages {
    clause: String,
    release: Vec<Release>,
    region: Vec<Region>,
}

#[derive(Deserialize)]
struct Release {
    from: String,
    year: u16,
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

#[derive(Deserialize)]
struct Inclusion {
    first_day: String,
    source: BTreeMap<String, Names>,
    family: Vec<Family>,
    number: Vec<Number>,
    scene: Vec<Scene>,
}

#[derive(Clone, Deserialize)]
struct Names {
    zh: String,
    en: String,
}

#[derive(Deserialize)]
struct Family {
    code: String,
    zh: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Number {
    id: String,
    zh: String,
    en: String,
    value: String,
    unit: String,
    from: Option<String>,
    tier: Option<String>,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scene {
    code: String,
    family: String,
    zh: String,
    en: String,
    formula: String,
    measure: String,
    unit: String,
    credit: String,
    why_zh: Option<String>,
    why_en: Option<String>,
    evidence_zh: String,
    evidence_en: String,
    max_per_act: Option<String>,
    limits: Vec<(String, String, String)>,
    unique: Option<String>,
    #[serde(default)]
    factor: Vec<Factor>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Factor {
    region: String,
    role: String,
    value: String,
    from: String,
    tier: String,
    source: String,
}

/// Everything the two files hold.
pub struct Tables {
    grid: GridAverages,
    inclusion: Inclusion,
}

impl Tables {
    /// Reads both files.
    pub fn read(folder: &Path) -> Result<Self> {
        let read = |name: &str| std::fs::read_to_string(folder.join(name));
        Ok(Self {
            grid: toml::from_str(&read("grid_average.toml")?)?,
            inclusion: toml::from_str(&read("inclusion.toml")?)?,
        })
    }

    /// Their numbers, to be listed and replaced like all others.
    pub fn rules(&self) -> Result<Vec<Rule>> {
        let mut rules = Vec::new();
        for region in &self.grid.region {
            for (release, value) in self.grid.release.iter().zip(&region.values) {
                rules.push(Rule {
                    id: format!("grid_average.{}", region.code),
                    zh: format!("电网平均排放因子（{}）", region.zh),
                    en: format!("Average grid factor, {}", region.en),
                    value: value.clone(),
                    unit: Some("kgCO2/kWh".to_owned()),
                    from: release.from.clone(),
                    clause: self.grid.clause.clone(),
                    source_zh: release.source_zh.clone(),
                    source_en: release.source_en.clone(),
                    confidence: None,
                });
            }
        }
        for number in &self.inclusion.number {
            let scene = number.id.split('.').next().unwrap_or_default();
            rules.push(self.rule(
                format!("inclusion.{}", number.id),
                Names {
                    zh: number.zh.clone(),
                    en: number.en.clone(),
                },
                &number.value,
                &number.unit,
                (
                    self.first_day(number),
                    number.tier.as_deref(),
                    &number.source,
                    scene,
                ),
            )?);
        }
        for scene in &self.inclusion.scene {
            self.scene_rules(scene, &mut rules)?;
        }
        Ok(rules)
    }

    /// The day of a number, or that of the scenes.
    fn first_day<'a>(&'a self, number: &'a Number) -> &'a str {
        number.from.as_deref().unwrap_or(&self.inclusion.first_day)
    }

    fn scene_rules(&self, scene: &Scene, rules: &mut Vec<Rule>) -> Result<()> {
        let first = self.inclusion.first_day.as_str();
        for factor in &scene.factor {
            let region = self
                .grid
                .region
                .iter()
                .find(|region| region.code == factor.region)
                .ok_or_else(|| format!("{}: unknown region {}", scene.code, factor.region))?;
            let (zh, en) = match factor.role.as_str() {
                "reduction" => ("单位减排量", "reduction per unit"),
                "per_act" => ("每次减排量", "reduction per act"),
                "baseline" => ("单位基准线排放", "baseline emissions per unit"),
                "project" => ("单位项目排放", "project emissions per unit"),
                "displaced" => (
                    "被替代出行的单位排放",
                    "emissions of what is replaced, per unit",
                ),
                "baseline_energy" => (
                    "人均每日基准用电",
                    "baseline electricity per person and day",
                ),
                other => return Err(format!("unknown role {other}").into()),
            };
            let unit = match factor.role.as_str() {
                "baseline_energy" => "kWh/d".to_owned(),
                "per_act" => "gCO2e/act".to_owned(),
                // a trip in a carpool is measured in person-kilometres
                _ if scene.formula == "carpool" => "gCO2e/km".to_owned(),
                _ => format!("gCO2e/{}", scene.unit),
            };
            rules.push(self.rule(
                factor_id(scene, factor),
                Names {
                    zh: format!("{}：{zh}（{}）", scene.zh, region.zh),
                    en: format!("{}: {en}, {}", scene.en, region.en),
                },
                &factor.value,
                &unit,
                (
                    &factor.from,
                    Some(&factor.tier),
                    &factor.source,
                    &scene.code,
                ),
            )?);
        }
        if let Some(most) = &scene.max_per_act {
            let unit = match scene.measure.as_str() {
                "acts" => "km",
                _ => &scene.unit,
            };
            rules.push(self.rule(
                format!("inclusion.{}.max_per_act", scene.code),
                Names {
                    zh: format!("{}：一次最多", scene.zh),
                    en: format!("{}: most in one act", scene.en),
                },
                most,
                unit,
                (first, None, "limits", &scene.code),
            )?);
        }
        for (period, counts, most) in &scene.limits {
            let (zh, en) = match period.as_str() {
                "day" => ("每日上限", "limit per day"),
                "week" => ("每周上限", "limit per week"),
                "month" => ("每月上限", "limit per month"),
                "year" => ("每年上限", "limit per year"),
                other => return Err(format!("unknown period {other}").into()),
            };
            let unit = if counts == "acts" { "act" } else { &scene.unit };
            rules.push(self.rule(
                limit_id(scene, period, counts),
                Names {
                    zh: format!("{}：{zh}", scene.zh),
                    en: format!("{}: {en}", scene.en),
                },
                most,
                unit,
                (first, None, "limits", &scene.code),
            )?);
        }
        Ok(())
    }

    /// One number. `about`: its first day, tier, source and scene. A and B are official documents; nothing else is published.
    fn rule(
        &self,
        id: String,
        names: Names,
        value: &str,
        unit: &str,
        about: (&str, Option<&str>, &str, &str),
    ) -> Result<Rule> {
        let (from, tier, source, scene) = about;
        let source = self
            .inclusion
            .source
            .get(source)
            .ok_or_else(|| format!("{id}: unknown source {source}"))?;
        let confidence = match tier {
            Some("A" | "B") => None,
            Some("C") => Some("high"),
            Some("D" | "E") | None => Some("medium"),
            Some("X") => Some("low"),
            Some(other) => return Err(format!("{id}: unknown tier {other}").into()),
        };
        Ok(Rule {
            id,
            zh: names.zh,
            en: names.en,
            value: value.to_owned(),
            unit: Some(unit.to_owned()),
            from: from.to_owned(),
            clause: format!("inclusion/{scene}"),
            source_zh: source.zh.clone(),
            source_en: source.en.clone(),
            confidence: confidence.map(str::to_owned),
        })
    }

    /// Regions, families, tiers and scenes as Rust.
    pub fn write(&self, out: &mut String) -> Result<()> {
        out.push_str("\npub(crate) static REGIONS: &[Region] = &[\n");
        for region in &self.grid.region {
            let name = text(&region.zh, &region.en);
            writeln!(out, "Region {{ code: {:?}, name: {name} }},", region.code)?;
        }
        let count = self.grid.region.len();
        write!(
            out,
            "];\n\npub(crate) static REGION_CHOICES: [Choice; {count}] = [\n"
        )?;
        for region in &self.grid.region {
            let name = text(&region.zh, &region.en);
            writeln!(out, "Choice {{ value: {:?}, text: {name} }},", region.code)?;
        }
        out.push_str("];\n\npub(crate) static GRID_YEARS: &[(Date, u16)] = &[\n");
        for release in &self.grid.release {
            writeln!(out, "({}, {}),", date(&release.from)?, release.year)?;
        }
        out.push_str("];\n\npub(crate) static FAMILIES: &[inclusion::Family] = &[\n");
        for family in &self.inclusion.family {
            let name = text(&family.zh, &family.en);
            writeln!(
                out,
                "inclusion::Family {{ code: {:?}, name: {name} }},",
                family.code
            )?;
        }
        out.push_str("];\n\npub(crate) static TIERS: &[inclusion::DatedTier] = &[\n");
        for number in &self.inclusion.number {
            if let Some(tier) = &number.tier {
                let first = self.first_day(number);
                dated_tier(out, &format!("inclusion.{}", number.id), first, tier)?;
            }
        }
        for scene in &self.inclusion.scene {
            for factor in &scene.factor {
                dated_tier(out, &factor_id(scene, factor), &factor.from, &factor.tier)?;
            }
        }
        out.push_str("];\n\npub(crate) static SCENES: &[inclusion::Scene] = &[\n");
        for scene in &self.inclusion.scene {
            self.write_scene(out, scene)?;
        }
        out.push_str("];\n");
        Ok(())
    }

    fn write_scene(&self, out: &mut String, scene: &Scene) -> Result<()> {
        if !self
            .inclusion
            .family
            .iter()
            .any(|family| family.code == scene.family)
        {
            return Err(format!("{}: unknown family {}", scene.code, scene.family).into());
        }
        let why = match (&scene.why_zh, &scene.why_en) {
            (Some(zh), Some(en)) => text(zh, en),
            (None, None) if scene.credit == "certifiable" => String::new(),
            _ => return Err(format!("{}: say why it is not certifiable", scene.code).into()),
        };
        let credit = match scene.credit.as_str() {
            "certifiable" => "inclusion::Credit::Certifiable".to_owned(),
            "counted" => format!("inclusion::Credit::Counted {{ why: {why} }}"),
            "engagement" => format!("inclusion::Credit::Engagement {{ why: {why} }}"),
            other => return Err(format!("unknown credit {other}").into()),
        };
        let mut factors = String::new();
        let mut done: Vec<(&str, &str)> = Vec::new();
        for factor in &scene.factor {
            if !done.contains(&(&factor.region, &factor.role)) {
                done.push((&factor.region, &factor.role));
                write!(
                    factors,
                    "inclusion::FactorPlace {{ region: {:?}, role: inclusion::Role::{}, id: {:?} }},",
                    factor.region,
                    camel(&factor.role),
                    factor_id(scene, factor)
                )?;
            }
        }
        let mut limits = String::new();
        for (period, counts, _) in &scene.limits {
            write!(
                limits,
                "inclusion::Limit {{ period: inclusion::Period::{}, counts: inclusion::Counts::{}, id: {:?} }},",
                camel(period),
                camel(counts),
                limit_id(scene, period, counts)
            )?;
        }
        let unique = match scene.unique.as_deref() {
            None => "None".to_owned(),
            Some(kind @ ("meter" | "meter_month" | "item")) => {
                format!("Some(inclusion::Unique::{})", camel(kind))
            }
            Some(other) => return Err(format!("unknown kind of uniqueness {other}").into()),
        };
        let most = scene
            .max_per_act
            .as_ref()
            .map(|_| format!("inclusion.{}.max_per_act", scene.code));
        writeln!(
            out,
            "inclusion::Scene {{ code: {:?}, calculator: {:?}, family: {:?}, name: {}, from: {}, formula: inclusion::Formula::{}, measure: inclusion::Measure::{}, unit: {:?}, \
             credit: {credit}, evidence: {}, max_per_act: {most:?}, factors: &[{factors}], limits: &[{limits}], unique: {unique} }},",
            scene.code,
            format!("inclusion/{}", scene.code),
            scene.family,
            text(&scene.zh, &scene.en),
            date(&self.inclusion.first_day)?,
            camel(&scene.formula),
            camel(&scene.measure),
            scene.unit,
            text(&scene.evidence_zh, &scene.evidence_en),
        )?;
        Ok(())
    }
}

fn factor_id(scene: &Scene, factor: &Factor) -> String {
    format!("inclusion.{}.{}.{}", scene.code, factor.region, factor.role)
}

fn limit_id(scene: &Scene, period: &str, counts: &str) -> String {
    format!("inclusion.{}.limit.{period}_{counts}", scene.code)
}

fn dated_tier(out: &mut String, id: &str, from: &str, tier: &str) -> Result<()> {
    let tier = match tier {
        "X" => "inclusion::Tier::Unvetted".to_owned(),
        "A" | "B" | "C" | "D" | "E" => format!("inclusion::Tier::Graded(inclusion::Grade::{tier})"),
        other => return Err(format!("{id}: unknown tier {other}").into()),
    };
    writeln!(
        out,
        "inclusion::DatedTier {{ id: {id:?}, from: {}, tier: {tier} }},",
        date(from)?
    )?;
    Ok(())
}

/// `per_unit` -> `PerUnit`.
fn camel(name: &str) -> String {
    name.split('_')
        .map(|part| {
            let (first, rest) = part.split_at(1);
            first.to_uppercase() + rest
        })
        .collect()
}
