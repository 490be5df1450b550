//! A scene in a form: written into its fields, and read from them.

use std::collections::BTreeMap;

use methodologies::grid_average::region;
use methodologies::inclusion::{
    Counts, Earning, Formula, Measure, Period, Role, SceneFactor, SceneLimit, SceneVersion, Tier,
    Unique,
};
use methodologies::text::Message;
use time::Date;

use super::number;
use crate::refusal::{Refusal, codes};

/// Rows of the form for limits.
pub const LIMIT_ROWS: usize = 4;
/// Rows of the form for factors.
pub const FACTOR_ROWS: usize = 12;

/// A scene as it was typed, with the rows its lists were typed in.
pub(super) struct Typed {
    /// Without its first day and its document, which belong to the whole proposal.
    pub version: SceneVersion,
    limits: Vec<usize>,
    factors: Vec<usize>,
}

impl Typed {
    /// The field of the form behind a path within the definition: `limits.0.value`.
    pub fn field(&self, path: &str) -> String {
        let mut parts: Vec<String> = path.split('.').map(str::to_owned).collect();
        let rows = match parts.first().map(String::as_str) {
            Some("from") => return "effective_from".to_owned(),
            Some("source_zh" | "source_en") => return "document".to_owned(),
            Some("limits") => &self.limits,
            Some("factors") => &self.factors,
            _ => return format!("scenes.0.{path}"),
        };
        if let Some(place) = parts.get_mut(1) {
            let at = place.parse::<usize>().ok().and_then(|at| rows.get(at));
            *place = at.copied().unwrap_or_default().to_string();
        }
        format!("scenes.0.{}", parts.join("."))
    }
}

/// The fields of the form with a definition in them.
pub fn scene_form(version: &SceneVersion) -> BTreeMap<String, String> {
    let mut form = BTreeMap::new();
    let mut put = |field: String, value: String| {
        if !value.is_empty() {
            form.insert(format!("scenes.0.{field}"), value);
        }
    };
    let why = version.why.clone().unwrap_or(Message {
        zh: String::new(),
        en: String::new(),
    });
    let most = version.max_per_act.map(|most| most.normalize().to_string());
    let speed = version.speed_max.map(|most| most.normalize().to_string());
    let unique = version.unique.map(Unique::code).unwrap_or_default();
    for (field, value) in [
        ("code", version.code.as_str()),
        ("open", if version.open { "yes" } else { "no" }),
        ("family", &version.family),
        ("name_zh", &version.name.zh),
        ("name_en", &version.name.en),
        ("formula", version.formula.code()),
        ("measure", version.measure.code()),
        ("unit", &version.unit),
        ("credit", version.credit.code()),
        ("why_zh", &why.zh),
        ("why_en", &why.en),
        ("evidence_zh", &version.evidence.zh),
        ("evidence_en", &version.evidence.en),
        ("unique", unique),
        ("max_per_act", &most.unwrap_or_default()),
        ("speed_max", &speed.unwrap_or_default()),
    ] {
        put(field.to_owned(), value.to_owned());
    }
    for (row, limit) in version.limits.iter().enumerate() {
        let mut put = |name: &str, value: String| put(format!("limits.{row}.{name}"), value);
        put("period", limit.period.code().to_owned());
        put("counts", limit.counts.code().to_owned());
        put("value", limit.value.normalize().to_string());
    }
    for (row, factor) in version.factors.iter().enumerate() {
        let mut put = |name: &str, value: String| put(format!("factors.{row}.{name}"), value);
        put("region", factor.region.clone());
        put("role", factor.role.code().to_owned());
        put("value", factor.value.normalize().to_string());
        put("tier", factor.tier.code().to_owned());
        put("source_zh", factor.source.zh.clone());
        put("source_en", factor.source.en.clone());
    }
    form
}

/// The fields of one scene, and what is wrong with them.
struct Reading<'a> {
    fields: &'a BTreeMap<String, String>,
    refusals: &'a mut Vec<Refusal>,
}

impl Reading<'_> {
    fn typed(&self, field: &str) -> &str {
        let name = format!("scenes.0.{field}");
        self.fields.get(&name).map_or("", |text| text.trim())
    }

    fn message(&self, field: &str) -> Message {
        Message {
            zh: self.typed(&format!("{field}_zh")).to_owned(),
            en: self.typed(&format!("{field}_en")).to_owned(),
        }
    }

    fn choice<T>(&mut self, field: &str, of: impl Fn(&str) -> Option<T>) -> Option<T> {
        let typed = self.typed(field);
        let found = of(typed);
        if found.is_none() {
            let refusal = if typed.is_empty() {
                Refusal::new(codes::REQUIRED)
            } else {
                let given: String = typed.chars().take(40).collect();
                Refusal::new(codes::CHOICE_INVALID).with("value", given)
            };
            self.refusals.push(refusal.at(format!("scenes.0.{field}")));
        }
        found
    }

    fn number(&mut self, field: &str) -> Option<rust_decimal::Decimal> {
        let read = number(self.typed(field));
        read.map_err(|error| {
            let refusal = Refusal::from(error).at(format!("scenes.0.{field}"));
            self.refusals.push(refusal);
        })
        .ok()
    }

    /// The rows in which something of these was typed.
    fn rows(&self, list: &str, most: usize, names: &[&str]) -> Vec<usize> {
        (0..most)
            .filter(|row| {
                let mut names = names.iter();
                names.any(|name| !self.typed(&format!("{list}.{row}.{name}")).is_empty())
            })
            .collect()
    }

    fn limit(&mut self, row: usize) -> Option<SceneLimit> {
        let period = self.choice(&format!("limits.{row}.period"), Period::from_code);
        let counts = self.choice(&format!("limits.{row}.counts"), Counts::from_code);
        let value = self.number(&format!("limits.{row}.value"));
        Some(SceneLimit {
            period: period?,
            counts: counts?,
            value: value?,
        })
    }

    fn factor(&mut self, row: usize) -> Option<SceneFactor> {
        let at = |name: &str| format!("factors.{row}.{name}");
        let region = self.choice(&at("region"), region);
        let role = self.choice(&at("role"), Role::from_code);
        let value = self.number(&at("value"));
        let tier = self.choice(&at("tier"), Tier::from_code);
        Some(SceneFactor {
            region: region?.code.to_owned(),
            role: role?,
            value: value?,
            tier: tier?,
            source: self.message(&format!("factors.{row}.source")),
        })
    }
}

/// Reads the scene of a form; `None` where there is none, or where it cannot be read, which is then among the refusals.
pub(super) fn read(
    fields: &BTreeMap<String, String>,
    refusals: &mut Vec<Refusal>,
) -> Option<Typed> {
    if !fields.keys().any(|field| field.starts_with("scenes.0.")) {
        return None;
    }
    let mut reading = Reading { fields, refusals };
    let formula = reading.choice("formula", Formula::from_code);
    let measure = reading.choice("measure", Measure::from_code);
    let credit = reading.choice("credit", Earning::from_code);
    let open = reading.choice("open", |typed| match typed {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    });
    let unique = match reading.typed("unique") {
        "" => Some(None),
        _ => reading.choice("unique", |typed| Unique::from_code(typed).map(Some)),
    };
    let mut optional = |field: &str| match reading.typed(field) {
        "" => Some(None),
        _ => reading.number(field).map(Some),
    };
    let (max_per_act, speed_max) = (optional("max_per_act"), optional("speed_max"));
    // a row that says only what kind of limit or factor it would be was not filled in
    let limit_rows = reading.rows("limits", LIMIT_ROWS, &["value"]);
    let limits: Option<Vec<SceneLimit>> = limit_rows
        .iter()
        .map(|row| reading.limit(*row))
        .collect::<Vec<_>>()
        .into_iter()
        .collect();
    let factor_rows = reading.rows("factors", FACTOR_ROWS, &["value", "region"]);
    let factors: Option<Vec<SceneFactor>> = factor_rows
        .iter()
        .map(|row| reading.factor(*row))
        .collect::<Vec<_>>()
        .into_iter()
        .collect();
    let why = reading.message("why");
    let version = SceneVersion {
        code: reading.typed("code").to_owned(),
        from: Date::MIN,
        open: open?,
        family: reading.typed("family").to_owned(),
        name: reading.message("name"),
        formula: formula?,
        measure: measure?,
        unit: reading.typed("unit").to_owned(),
        credit: credit?,
        why: (!why.zh.is_empty() || !why.en.is_empty()).then_some(why),
        evidence: reading.message("evidence"),
        unique: unique?,
        max_per_act: max_per_act?,
        speed_max: speed_max?,
        limits: limits?,
        factors: factors?,
        source: Message {
            zh: String::new(),
            en: String::new(),
        },
        after: 0,
    };
    Some(Typed {
        version,
        limits: limit_rows,
        factors: factor_rows,
    })
}
