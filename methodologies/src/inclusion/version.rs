//! Scenes that operators define: each a whole definition from a day on, of a new scene or in the place of a built-in one.
//!
//! Their numbers have ids like those of built-in scenes (`inclusion.<code>.<region>.<role>`, `.limit.<period>_<counts>`, `.max_per_act`), are
//! found through [`Parameters::on`] and can be replaced one by one later.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::Date;

use super::scene::{
    Counts, FactorPlace, Formula, Limit, Measure, Period, Role, Scene, Unique, worded,
};
use super::tier::{Credit, Tier};
use super::{PREFIX, families, scene, scenes};
use crate::day;
use crate::grid_average::region;
use crate::input::InputError;
use crate::parameter::Parameters;
use crate::text::{Message, Text, text};
use crate::trace::ParameterUse;

/// A whole definition of one scene from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SceneVersion {
    /// Its code: a new one, or that of a scene whose place it takes.
    pub code: String,
    /// First day on which it holds.
    #[serde(with = "day::as_text")]
    pub from: Date,
    /// Whether acts of days from then on are taken in; otherwise the scene has ended.
    pub open: bool,
    /// Code of its family.
    pub family: String,
    /// Its name.
    pub name: Message,
    /// How grams are computed.
    pub formula: Formula,
    /// What is measured.
    pub measure: Measure,
    /// Unit of the amount as shown.
    pub unit: String,
    /// What it can earn.
    pub credit: Earning,
    /// Why it cannot be certified; `None` where it can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Message>,
    /// The evidence asked for.
    pub evidence: Message,
    /// The thing that a record is about, where no thing may count more often than it should.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unique: Option<Unique>,
    /// The amount above which one act is not believed.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "rust_decimal::serde::str_option"
    )]
    pub max_per_act: Option<Decimal>,
    /// The highest mean speed of a trip, km/h; a faster one is not believed.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "rust_decimal::serde::str_option"
    )]
    pub speed_max: Option<Decimal>,
    /// What limits it.
    pub limits: Vec<SceneLimit>,
    /// Its factors.
    pub factors: Vec<SceneFactor>,
    /// The document it rests on; its limits rest on it too.
    pub source: Message,
    /// How many replacements stood in the set before it: of two numbers that begin on the same day the one entered later holds.
    #[serde(default, skip_serializing_if = "is_none_before")]
    pub after: usize,
}

/// What a scene can earn, without the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Earning {
    /// Grams that can become certified reductions.
    Certifiable,
    /// Grams that are shown and never certified.
    Counted,
    /// Activity points only.
    Engagement,
}

worded! { Earning, 3:
    Certifiable "certifiable" "可核证" "can be certified",
    Counted "counted" "只计数，不核证" "counted, never certified",
    Engagement "engagement" "只计活力分" "activity points only",
}

/// A limit with its number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SceneLimit {
    /// Over what time.
    pub period: Period,
    /// What is counted.
    pub counts: Counts,
    /// The limit.
    #[serde(with = "rust_decimal::serde::str")]
    pub value: Decimal,
}

/// A factor with its number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SceneFactor {
    /// Code of the region it is for.
    pub region: String,
    /// What it says.
    pub role: Role,
    /// The value.
    #[serde(with = "rust_decimal::serde::str")]
    pub value: Decimal,
    /// How good it is.
    pub tier: Tier,
    /// Where it is from.
    pub source: Message,
}

/// The scene with this code as it is defined for a day: built in, or by an operator. Refused where there is none, where it has ended by
/// then, or where it has not begun.
pub fn scene_at(set: &Parameters, code: &str, day: Date) -> Result<&'static Scene, InputError> {
    let code = code.strip_prefix(PREFIX).unwrap_or(code);
    if let Some(version) = set.version_on(code, day) {
        return if version.open {
            Ok(version.interned())
        } else {
            let last = set.first_closed(code, day).previous_day();
            Err(InputError::new("day", "scene_ended")
                .with("until", last.map_or_else(String::new, day::to_text)))
        };
    }
    if let Some(scene) = scene(code) {
        return Ok(scene);
    }
    let first = set.versions(code).min_by_key(|version| version.from);
    Err(first.map_or_else(
        || super::unknown(code),
        |first| {
            InputError::new("day", "scene_not_in_force")
                .with("scene", code)
                .with("from", day::to_text(first.from))
        },
    ))
}

/// The scene with this code as it was defined last, whether it has begun, goes on or has ended: for its name and family.
pub fn scene_known(set: &Parameters, code: &str) -> Option<&'static Scene> {
    let code = code.strip_prefix(PREFIX).unwrap_or(code);
    match set.versions(code).max_by_key(|version| version.from) {
        Some(version) => Some(version.interned()),
        None => scene(code),
    }
}

/// Every scene that takes acts of a day, the built-in ones first.
pub fn scenes_on(set: &Parameters, day: Date) -> Vec<&'static Scene> {
    let mut codes: Vec<&str> = scenes().iter().map(|scene| scene.code).collect();
    for version in &set.scenes {
        if !codes.contains(&version.code.as_str()) {
            codes.push(&version.code);
        }
    }
    codes
        .into_iter()
        .filter_map(|code| scene_at(set, code, day).ok())
        .collect()
}

/// A scene as a definition that can be changed and proposed: with the numbers that hold on a day. `None` where one of them does not.
pub fn definition(set: &Parameters, scene: &Scene, day: Date) -> Option<SceneVersion> {
    let number = |id: &str| set.on(id, day);
    let (credit, why) = match scene.credit {
        Credit::Certifiable => (Earning::Certifiable, None),
        Credit::Counted { why } => (Earning::Counted, Some(why.into())),
        Credit::Engagement { why } => (Earning::Engagement, Some(why.into())),
    };
    let limits = scene.limits.iter().map(|limit| {
        Some(SceneLimit {
            period: limit.period,
            counts: limit.counts,
            value: number(limit.id)?.value,
        })
    });
    // a factor that is not in force yet has no place in a definition
    let factors = scene.factors.iter().filter_map(|place| {
        let used = number(place.id)?;
        Some(SceneFactor {
            region: place.region.to_owned(),
            role: place.role,
            value: used.value,
            tier: super::tier_of(place.id, day, set)?,
            source: used.source,
        })
    });
    Some(SceneVersion {
        code: scene.code.to_owned(),
        from: day,
        open: true,
        family: scene.family.to_owned(),
        name: scene.name.into(),
        formula: scene.formula,
        measure: scene.measure,
        unit: scene.unit.to_owned(),
        credit,
        why,
        evidence: scene.evidence.into(),
        unique: scene.unique,
        max_per_act: match scene.max_per_act {
            Some(id) => Some(number(id)?.value),
            None => None,
        },
        speed_max: speed_max(set, scene.code, day).map(|most| most.value),
        limits: limits.collect::<Option<Vec<_>>>()?,
        factors: factors.collect(),
        source: text("", "").into(),
        after: 0,
    })
}

/// The highest mean speed of a trip of a scene, km/h, as it holds on a day: of its definition, or else of the rules against fraud. `None`:
/// there is none.
pub fn speed_max(set: &Parameters, code: &str, day: Date) -> Option<ParameterUse> {
    set.on(&format!("inclusion.{code}.{SPEED_MAX}"), day)
        .or_else(|| set.on(&format!("inclusion.guard.speed_{code}"), day))
}

impl Parameters {
    /// The definitions of a scene by operators, in the order they were entered.
    pub fn versions(&self, code: &str) -> impl Iterator<Item = &SceneVersion> {
        self.scenes
            .iter()
            .filter(move |version| version.code == code)
    }

    /// The definition of a scene by an operator that holds on a day. Of two that begin on the same day the one entered later.
    pub fn version_on(&self, code: &str, day: Date) -> Option<&SceneVersion> {
        self.versions(code)
            .filter(|version| version.from <= day)
            .max_by_key(|version| version.from)
    }

    /// The first day of the closed definitions that lead up to a day without an open one between them.
    fn first_closed(&self, code: &str, day: Date) -> Date {
        let mut first = day;
        let mut at = Some(day);
        while let Some(version) = at.and_then(|at| self.version_on(code, at)) {
            if version.open {
                break;
            }
            first = version.from;
            at = version.from.previous_day();
        }
        first
    }

    /// The operator's definition that decides about a number on a day. `None`: there is none, or it does not decide about this id.
    pub(crate) fn version_of_number(&self, id: &str, day: Date) -> Option<&SceneVersion> {
        if self.scenes.is_empty() {
            return None;
        }
        let (code, _) = parts(id)?;
        self.version_on(code, day)
    }

    /// Every number of an operator's definitions with this id, oldest definition first.
    pub(crate) fn numbers_of_versions(&self, id: &str) -> impl Iterator<Item = SceneNumber<'_>> {
        let parts = parts(id);
        self.scenes.iter().filter_map(move |version| {
            let (code, name) = parts?;
            (version.code == code).then(|| version.number(name))?
        })
    }

    /// Ids of the numbers that only operators' definitions have, as they hold on a day.
    pub(crate) fn own_numbers_on(&self, day: Date) -> Vec<String> {
        let mut ids = Vec::new();
        for (at, version) in self.scenes.iter().enumerate() {
            let is_first = self.scenes[..at].iter().all(|one| one.code != version.code);
            let Some(version) = self.version_on(&version.code, day).filter(|_| is_first) else {
                continue;
            };
            let own = version.ids().into_iter();
            ids.extend(own.filter(|id| crate::parameter::parameter(id).is_none()));
        }
        ids
    }
}

/// The code of a scene and the name of one of the numbers that its definition decides about.
fn parts(id: &str) -> Option<(&str, &str)> {
    let (code, name) = id.strip_prefix("inclusion.")?.split_once('.')?;
    let of_definition = matches!(name, "max_per_act" | SPEED_MAX)
        || name.starts_with("limit.")
        || name
            .split_once('.')
            .is_some_and(|(place, _)| region(place).is_some());
    of_definition.then_some((code, name))
}

/// A number of an operator's definition of a scene.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SceneNumber<'a> {
    /// The definition.
    pub version: &'a SceneVersion,
    which: Which<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Which<'a> {
    MaxPerAct(Decimal),
    SpeedMax(Decimal),
    Limit(&'a SceneLimit),
    Factor(&'a SceneFactor),
}

impl SceneNumber<'_> {
    /// Its value.
    pub const fn value(&self) -> Decimal {
        match self.which {
            Which::MaxPerAct(value) | Which::SpeedMax(value) => value,
            Which::Limit(limit) => limit.value,
            Which::Factor(factor) => factor.value,
        }
    }

    /// Its tier; `None`: it is a limit.
    pub const fn tier(&self) -> Option<Tier> {
        match self.which {
            Which::Factor(factor) => Some(factor.tier),
            Which::MaxPerAct(_) | Which::SpeedMax(_) | Which::Limit(_) => None,
        }
    }

    /// Whether no official document gives it.
    pub fn assumed(&self) -> bool {
        !self.tier().is_some_and(Tier::is_official)
    }

    /// Where it is from.
    pub const fn source(&self) -> &Message {
        match self.which {
            Which::Factor(factor) => &factor.source,
            Which::MaxPerAct(_) | Which::SpeedMax(_) | Which::Limit(_) => &self.version.source,
        }
    }

    /// Its unit.
    pub fn unit(&self) -> String {
        let version = self.version;
        match self.which {
            Which::MaxPerAct(_) if version.measure == Measure::Acts => "km".to_owned(),
            Which::SpeedMax(_) => "km/h".to_owned(),
            Which::Limit(limit) if limit.counts == Counts::Acts => "act".to_owned(),
            Which::MaxPerAct(_) | Which::Limit(_) => version.unit.clone(),
            Which::Factor(factor) => match factor.role {
                Role::BaselineEnergy => "kWh/d".to_owned(),
                Role::PerAct => "gCO2e/act".to_owned(),
                // a trip in a carpool is measured in person-kilometres
                _ if version.formula == Formula::Carpool => "gCO2e/km".to_owned(),
                _ => format!("gCO2e/{}", version.unit),
            },
        }
    }

    /// The clause that its scene is.
    pub fn clause(&self) -> String {
        format!("{PREFIX}{}", self.version.code)
    }

    /// What it is.
    pub fn title(&self) -> Message {
        let what = match self.which {
            Which::MaxPerAct(_) => text("一次最多", "most in one act"),
            Which::SpeedMax(_) => text("最高平均速度", "highest mean speed"),
            Which::Limit(limit) => limit.period.limit_title(),
            Which::Factor(factor) => factor.role.title(),
        };
        let name = &self.version.name;
        let (mut zh, mut en) = (
            format!("{}：{}", name.zh, what.zh),
            format!("{}: {}", name.en, what.en),
        );
        if let Which::Factor(factor) = self.which
            && let Some(region) = region(&factor.region)
        {
            zh = format!("{zh}（{}）", region.name.zh);
            en = format!("{en}, {}", region.name.en);
        }
        Message { zh, en }
    }
}

impl SceneVersion {
    /// The number with this id. `None`: the scene has no such number from this definition on.
    pub(crate) fn number_with(&self, id: &str) -> Option<SceneNumber<'_>> {
        let (_, name) = parts(id)?;
        self.number(name)
    }

    /// The number with this name: `CN.reduction`, `limit.day_acts`, `max_per_act`, `speed_max`.
    fn number(&self, name: &str) -> Option<SceneNumber<'_>> {
        let which = if name == "max_per_act" {
            Which::MaxPerAct(self.max_per_act?)
        } else if name == SPEED_MAX {
            Which::SpeedMax(self.speed_max?)
        } else if let Some(limit) = name.strip_prefix("limit.") {
            let limits = &mut self.limits.iter();
            Which::Limit(limits.find(|one| one.name() == limit)?)
        } else {
            let (region, role) = name.split_once('.')?;
            let factors = &mut self.factors.iter();
            Which::Factor(factors.find(|one| one.region == region && one.role.code() == role)?)
        };
        Some(SceneNumber {
            version: self,
            which,
        })
    }

    /// Ids of its numbers.
    fn ids(&self) -> Vec<String> {
        let id = |name: &str| format!("inclusion.{}.{name}", self.code);
        let factors = self
            .factors
            .iter()
            .map(|one| id(&format!("{}.{}", one.region, one.role.code())));
        let most = self.max_per_act.map(|_| id("max_per_act"));
        let speed = self.speed_max.map(|_| id(SPEED_MAX));
        let limits = self
            .limits
            .iter()
            .map(|one| id(&format!("limit.{}", one.name())));
        factors.chain(most).chain(speed).chain(limits).collect()
    }

    /// The same as a scene like the built-in ones. Definitions are kept once each for as long as the program runs: there are as many as
    /// operators entered, and none comes from a request.
    fn interned(&self) -> &'static Scene {
        static KNOWN: OnceLock<Mutex<HashMap<SceneVersion, &'static Scene>>> = OnceLock::new();
        let mut known = KNOWN
            .get_or_init(Mutex::default)
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(scene) = known.get(self) {
            return scene;
        }
        let scene: &'static Scene = Box::leak(Box::new(self.to_scene()));
        known.insert(self.clone(), scene);
        scene
    }

    fn to_scene(&self) -> Scene {
        let id = |name: String| kept(&format!("inclusion.{}.{name}", self.code));
        let factors = self.factors.iter().map(|one| FactorPlace {
            region: kept(&one.region),
            role: one.role,
            id: id(format!("{}.{}", one.region, one.role.code())),
        });
        let limits = self.limits.iter().map(|one| Limit {
            period: one.period,
            counts: one.counts,
            id: id(format!("limit.{}", one.name())),
        });
        let why = || self.why.as_ref().map_or(text("", ""), kept_text);
        Scene {
            code: kept(&self.code),
            calculator: kept(&format!("{PREFIX}{}", self.code)),
            family: kept(&self.family),
            name: kept_text(&self.name),
            from: self.from,
            formula: self.formula,
            measure: self.measure,
            unit: kept(&self.unit),
            credit: match self.credit {
                Earning::Certifiable => Credit::Certifiable,
                Earning::Counted => Credit::Counted { why: why() },
                Earning::Engagement => Credit::Engagement { why: why() },
            },
            evidence: kept_text(&self.evidence),
            max_per_act: self.max_per_act.map(|_| id("max_per_act".to_owned())),
            factors: Vec::leak(factors.collect()),
            limits: Vec::leak(limits.collect()),
            unique: self.unique,
        }
    }
}

impl SceneLimit {
    /// `day_acts`.
    fn name(&self) -> String {
        format!("{}_{}", self.period.code(), self.counts.code())
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)] // the shape serde calls
const fn is_none_before(after: &usize) -> bool {
    *after == 0
}

fn kept(text: &str) -> &'static str {
    String::leak(text.to_owned())
}

fn kept_text(message: &Message) -> Text {
    text(kept(&message.zh), kept(&message.en))
}

/// Longest name, characters.
const NAME_MAX: usize = 60;
/// What the highest speed is called among the numbers of a scene.
const SPEED_MAX: &str = "speed_max";
/// Longest unit, characters.
const UNIT_MAX: usize = 20;
/// Longest text about evidence, why or where from, characters.
const TEXT_MAX: usize = 600;
/// Limits of one scene: every period by acts and by amount.
const LIMITS_MAX: usize = 8;
/// Factors of one scene.
const FACTORS_MAX: usize = 60;
/// Largest number taken.
const VALUE_MAX: u64 = 1_000_000_000;

impl SceneVersion {
    /// What is wrong with this definition; `earlier` are those entered before it. Paths begin with `path`.
    pub(crate) fn check(&self, path: &str, earlier: &[Self]) -> Vec<InputError> {
        let mut errors = Vec::new();
        self.check_texts(path, &mut errors);
        self.check_place(path, earlier, &mut errors);
        self.check_limits(path, &mut errors);
        self.check_factors(path, &mut errors);
        errors
    }

    fn check_texts(&self, path: &str, errors: &mut Vec<InputError>) {
        let at = |field: &str| format!("{path}.{field}");
        let code = self.code.as_bytes();
        let plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'_';
        if !(2..=40).contains(&code.len()) || !code.iter().all(plain) {
            errors.push(InputError::new(at("code"), "scene_code_invalid"));
        }
        let mut words = |field: &str, given: &str, max: usize| {
            if given.trim().is_empty() {
                errors.push(InputError::new(at(field), "required"));
            } else if given.chars().count() > max {
                errors.push(InputError::new(at(field), "text_too_long").with("max", max));
            }
        };
        let mut both = |field: &str, given: &Message, max: usize| {
            words(&format!("{field}_zh"), &given.zh, max);
            words(&format!("{field}_en"), &given.en, max);
        };
        both("name", &self.name, NAME_MAX);
        both("evidence", &self.evidence, TEXT_MAX);
        both("source", &self.source, TEXT_MAX);
        let none = text("", "").into();
        let why = self.why.as_ref();
        if self.credit != Earning::Certifiable {
            both("why", why.unwrap_or(&none), TEXT_MAX);
        }
        words("unit", &self.unit, UNIT_MAX);
        if self.credit == Earning::Certifiable && why.is_some() {
            errors.push(InputError::new(at("why_zh"), "scene_why_unwanted"));
        }
    }

    fn check_place(&self, path: &str, earlier: &[Self], errors: &mut Vec<InputError>) {
        let at = |field: &str| format!("{path}.{field}");
        let built_in = scene(&self.code);
        let before = earlier.iter().rev().find(|one| one.code == self.code);
        let of_rules = format!("inclusion.{}.", self.code);
        let known = crate::parameter::parameters();
        if built_in.is_none() && known.iter().any(|one| one.id.starts_with(&of_rules)) {
            errors.push(InputError::new(at("code"), "scene_code_taken"));
        }
        if self.from < crate::replaceable::FIRST_SCENE_DAY {
            let first = day::to_text(crate::replaceable::FIRST_SCENE_DAY);
            errors
                .push(InputError::new(at("from"), "parameter_from_too_early").with("first", first));
        }
        if self.from > crate::replaceable::LAST_DAY {
            errors.push(InputError::new(at("from"), "parameter_from_too_late"));
        }
        if families().iter().all(|family| family.code != self.family) {
            errors.push(InputError::new(at("family"), "required"));
        }
        // what was counted before goes on counting towards the same limits
        let was = match (before, built_in) {
            (Some(before), _) => {
                Some((before.measure, before.unit.as_str(), before.family.as_str()))
            }
            (None, Some(scene)) => Some((scene.measure, scene.unit, scene.family)),
            (None, None) => None,
        };
        if let Some((measure, unit, family)) = was {
            if (measure, unit) != (self.measure, self.unit.as_str()) {
                errors.push(InputError::new(at("unit"), "scene_unit_changed").with("unit", unit));
            }
            if family != self.family {
                errors.push(InputError::new(at("family"), "scene_family_changed"));
            }
        }
        let fits = match self.formula {
            Formula::PerUnit => self.measure != Measure::Acts,
            Formula::PerAct | Formula::Engagement => self.measure == Measure::Acts,
            Formula::PerUnitOrAct | Formula::ElectricVehicle => self.measure == Measure::Kilometres,
            Formula::GridEnergy => self.measure == Measure::KilowattHours,
            Formula::NetMass => self.measure == Measure::Kilograms,
            _ => true,
        };
        if !self.formula.is_free() && built_in.is_none_or(|scene| scene.formula != self.formula) {
            errors.push(InputError::new(at("formula"), "scene_formula_of_another"));
        }
        if !fits {
            errors.push(InputError::new(at("measure"), "scene_measure_unfit"));
        }
        if (self.formula == Formula::Engagement) != (self.credit == Earning::Engagement) {
            errors.push(InputError::new(at("credit"), "scene_credit_unfit"));
        }
    }

    fn check_limits(&self, path: &str, errors: &mut Vec<InputError>) {
        let of_amount = self.measure != Measure::Acts || self.has_distance_within();
        if self.max_per_act.is_some() && !of_amount {
            let at = format!("{path}.max_per_act");
            errors.push(InputError::new(at, "scene_most_of_nothing"));
        } else if self.max_per_act.is_some_and(is_not_taken) {
            errors.push(not_taken(format!("{path}.max_per_act")));
        }
        self.check_speed(path, errors);
        if self.limits.len() > LIMITS_MAX {
            let error = InputError::new(format!("{path}.limits"), "list_too_long");
            errors.push(error.with("max", LIMITS_MAX));
            return;
        }
        for (number, limit) in self.limits.iter().enumerate() {
            let at = |field: &str| format!("{path}.limits.{number}.{field}");
            if is_not_taken(limit.value) {
                errors.push(not_taken(at("value")));
            } else if limit.counts == Counts::Acts && !limit.value.fract().is_zero() {
                let error = InputError::new(at("value"), "number_too_many_decimals");
                errors.push(error.with("max", 0));
            }
            let same = |one: &SceneLimit| one.name() == limit.name();
            if self.limits[..number].iter().any(same) {
                errors.push(InputError::new(at("period"), "scene_limit_twice"));
            }
        }
        if self.credit == Earning::Engagement {
            return;
        }
        let by_time = |one: &SceneLimit| matches!(one.period, Period::Day | Period::Month);
        if !self.limits.iter().any(by_time) {
            errors.push(InputError::new(
                format!("{path}.limits.0.value"),
                "scene_without_limit",
            ));
        }
        let by_amount = |one: &SceneLimit| one.counts == Counts::Quantity;
        let is_bounded = match self.measure {
            // one of these acts is as large as its kilometres
            Measure::Acts => !self.has_distance_within(),
            _ => self.limits.iter().any(by_amount),
        };
        if self.max_per_act.is_none() && !is_bounded {
            errors.push(InputError::new(
                format!("{path}.max_per_act"),
                "scene_unlimited",
            ));
        }
    }

    /// A trip that counts by its kilometres has a highest speed: by its definition, or by the rules where the scene is a known one.
    fn check_speed(&self, path: &str, errors: &mut Vec<InputError>) {
        let at = || format!("{path}.{SPEED_MAX}");
        let is_trip = self.family == "travel"
            && self.credit != Earning::Engagement
            && (self.measure == Measure::Kilometres || self.has_distance_within());
        match self.speed_max {
            Some(_) if !is_trip => errors.push(InputError::new(at(), "scene_speed_of_nothing")),
            Some(most) if is_not_taken(most) => errors.push(not_taken(at())),
            None if is_trip && scene(&self.code).is_none() => {
                errors.push(InputError::new(at(), "scene_without_speed"));
            }
            _ => {}
        }
    }

    /// Whether an act counts as one and is measured in kilometres all the same.
    const fn has_distance_within(&self) -> bool {
        matches!(self.formula, Formula::Carpool | Formula::OnlineMeeting)
    }

    fn check_factors(&self, path: &str, errors: &mut Vec<InputError>) {
        if self.factors.len() > FACTORS_MAX {
            let error = InputError::new(format!("{path}.factors"), "list_too_long");
            errors.push(error.with("max", FACTORS_MAX));
            return;
        }
        let by_distance = self.measure == Measure::Kilometres || self.formula == Formula::Carpool;
        let needed: &[Role] = match self.formula {
            Formula::PerUnit | Formula::NetMass | Formula::PerUnitOrAct => {
                &[Role::Reduction, Role::Baseline]
            }
            Formula::PerAct | Formula::SharedDeal => &[Role::Reduction],
            Formula::ElectricVehicle => &[Role::Displaced, Role::Baseline],
            Formula::Carpool => &[Role::Baseline],
            Formula::HomeElectricity => &[Role::BaselineEnergy],
            _ => &[],
        };
        let has = |region: &str, role: Role| {
            let mut factors = self.factors.iter();
            factors.any(|one| one.region == region && one.role == role)
        };
        for (number, factor) in self.factors.iter().enumerate() {
            let at = |field: &str| format!("{path}.factors.{number}.{field}");
            if region(&factor.region).is_none() {
                errors.push(InputError::new(at("region"), "required"));
            }
            let taken = match factor.role {
                Role::PerAct => self.formula == Formula::PerUnitOrAct,
                Role::Project | Role::Baseline => needed.contains(&Role::Baseline) && by_distance,
                role => needed.contains(&role),
            };
            if !taken {
                errors.push(InputError::new(at("role"), "scene_role_unfit"));
            } else if factor.role == Role::Project && !has(&factor.region, Role::Baseline) {
                errors.push(InputError::new(at("role"), "scene_project_alone"));
            }
            // who walks emits nothing
            let is_nothing = factor.role == Role::Project && factor.value.is_zero();
            if is_not_taken(factor.value) && !is_nothing {
                errors.push(not_taken(at("value")));
            }
            let same = |one: &SceneFactor| (&one.region, one.role) == (&factor.region, factor.role);
            if self.factors[..number].iter().any(same) {
                errors.push(InputError::new(at("region"), "scene_factor_twice"));
            }
            for (field, words) in [
                ("source_zh", &factor.source.zh),
                ("source_en", &factor.source.en),
            ] {
                if words.trim().is_empty() {
                    errors.push(InputError::new(at(field), "required"));
                } else if words.chars().count() > TEXT_MAX {
                    errors.push(InputError::new(at(field), "text_too_long").with("max", TEXT_MAX));
                }
            }
        }
        let any = |role: Role| self.factors.iter().any(|one| one.role == role);
        let is_missing = !needed.is_empty() && !needed.iter().any(|role| any(*role));
        if is_missing || (self.formula == Formula::PerUnitOrAct && !any(Role::PerAct)) {
            errors.push(InputError::new(
                format!("{path}.factors.0.value"),
                "scene_without_factor",
            ));
        }
    }
}

fn is_not_taken(value: Decimal) -> bool {
    value <= Decimal::ZERO || value > Decimal::from(VALUE_MAX) || value.scale() > 12
}

fn not_taken(path: String) -> InputError {
    InputError::new(path, "number_out_of_range")
        .with("min", "0.000000000001")
        .with("max", VALUE_MAX)
}
