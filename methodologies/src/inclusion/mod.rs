//! Carbon inclusion (碳普惠): what one act of a person reduces, in whole milligrams of CO2e.
//!
//! Scenes, factors and limits are data (`parameters/inclusion.toml`); every number is a dated parameter that an operator may
//! replace, and operators may define whole scenes anew from a day on ([`SceneVersion`]). The result is rounded down once, carries
//! every step, factor and limit that decided it, and says whether it may be certified. An input together with the set of parameters gives the same act again to the digit.
//!
//! * [`scenes`], [`families`]: what is built in; [`scene_at`], [`scenes_on`]: what a set has for a day;
//! * [`act`], [`act_after`]: one act from form fields or JSON, alone or after what the account had counted before;
//! * [`rate`](fn@rate), [`rate_without_amount`]: the same digits for many acts of one scene, region, day and evidence, without steps;
//! * [`certifiable_changes`]: which scenes a change of the numbers makes certifiable, or no longer so;
//! * [`schema`], [`example`]: what an act takes;
//! * [`points_due`]: from milligrams to points.

mod certifiable;
mod fields;
mod formulas;
mod limits;
mod outcome;
mod rate;
mod scene;
mod tier;
mod version;
mod working;

use serde_json::{Value, json};

use crate::input::InputError;
use crate::parameter::Parameters;

pub use certifiable::{CertifiableChange, certifiable_changes};
pub use limits::{Before, CapBite, Tally};
pub use outcome::{Act, FactorUse};
pub use rate::{Rate, rate, rate_without_amount};
pub use scene::{
    Counts, FactorPlace, Family, Formula, Limit, Measure, Period, Role, Scene, Unique,
};
pub(crate) use tier::DatedTier;
pub use tier::{
    Credit, Evidence, Grade, Reason, Standing, StrongEvidence, Tier, has_tier, tier_of,
};
pub(crate) use version::SceneNumber;
pub use version::{
    Earning, SceneFactor, SceneLimit, SceneVersion, definition, scene_at, scene_known, scenes_on,
    speed_max,
};

/// Milligrams in a gram.
pub const MILLIGRAMS_PER_GRAM: i64 = 1_000;
/// Milligrams in a tonne.
pub const MILLIGRAMS_PER_TONNE: i64 = 1_000_000_000;

/// What the codes of these calculators begin with: `inclusion/metro`.
pub const PREFIX: &str = "inclusion/";

/// Every built-in scene.
pub fn scenes() -> &'static [Scene] {
    crate::generated::SCENES
}

/// Every family of scenes.
pub fn families() -> &'static [Family] {
    crate::generated::FAMILIES
}

/// The built-in scene with this code, `metro` or `inclusion/metro`.
pub fn scene(code: &str) -> Option<&'static Scene> {
    let code = code.strip_prefix(PREFIX).unwrap_or(code);
    scenes().iter().find(|scene| scene.code == code)
}

/// One act of a scene as it is defined for the day of the act: the fields of [`schema`], leaves may be strings. What the account had counted
/// before may stand in `before`. On refusal every error found, each at the dotted path of its field.
pub fn act(code: &str, input: &Value, set: &Parameters) -> Result<Act, Vec<InputError>> {
    let day = input
        .get("day")
        .and_then(Value::as_str)
        .and_then(crate::day::parse);
    let scene = match day {
        Some(day) => scene_at(set, code, day),
        // what is wrong with the day is said with everything else
        None => scene_known(set, code).ok_or_else(|| unknown(code)),
    };
    formulas::run(scene.map_err(|error| vec![error])?, input, set)
}

/// The same after what the account had counted in this scene before: the limits of day, week, month and year leave what is left.
/// The tallies take the place of what `input` says in `before`.
pub fn act_after(
    code: &str,
    input: &Value,
    before: &Before,
    set: &Parameters,
) -> Result<Act, Vec<InputError>> {
    let mut input = input.clone();
    if let Some(fields) = input.as_object_mut() {
        fields.insert("before".to_owned(), before.to_json());
    }
    act(code, &input, set)
}

/// What a scene takes as it was defined last, as JSON: its fields, and the scene with its factors and limits. `None`: no such scene.
pub fn schema(code: &str, set: &Parameters) -> Option<Value> {
    let scene = scene_known(set, code)?;
    Some(json!({
        "calculator": scene.calculator,
        "methodology": "inclusion",
        "title": scene.name,
        "fields": scene_fields(scene).iter().map(crate::schema::Field::to_json).collect::<Vec<_>>(),
        "scene": scene,
    }))
}

/// The fields of a scene, for forms.
pub fn scene_fields(scene: &Scene) -> &'static [crate::schema::Field] {
    fields::of(scene)
}

/// A complete input of a scene as it was defined last. `None`: no such scene.
pub fn example(code: &str, set: &Parameters) -> Option<Value> {
    scene_known(set, code).map(formulas::example)
}

/// Points still to be issued: one for every full gram of the cumulative sum, less those issued before. By summing first no trip loses
/// its milligrams. Negative after grams were taken back; `None` beyond the range of whole numbers.
pub fn points_due(settled_mg: i64, issued: i64) -> Option<i64> {
    settled_mg
        .div_euclid(MILLIGRAMS_PER_GRAM)
        .checked_sub(issued)
}

fn unknown(code: &str) -> InputError {
    InputError::new("scene", "scene_unknown")
        .with("value", code.chars().take(100).collect::<String>())
}
