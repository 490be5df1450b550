//! Carbon inclusion (碳普惠): what one act of a person reduces, in whole milligrams of CO2e.
//!
//! Scenes, factors and limits are data (`parameters/inclusion.toml`); every number is a dated parameter that an operator may
//! replace. The result is rounded down once, carries every step, factor and limit that decided it, and says whether it may be
//! certified. An input together with the set of parameters gives the same act again to the digit.
//!
//! * [`scenes`], [`families`]: what there is;
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
mod working;

use serde_json::{Value, json};

use crate::input::InputError;
use crate::parameter::Parameters;

pub use certifiable::{CertifiableChange, certifiable_changes};
pub use limits::{Before, CapBite, Tally};
pub use outcome::{Act, FactorUse};
pub use rate::{Rate, rate, rate_without_amount};
pub use scene::{Counts, FactorPlace, Family, Formula, Limit, Measure, Period, Role, Scene, Unique};
pub(crate) use tier::DatedTier;
pub use tier::{
    Credit, Evidence, Grade, Reason, Standing, StrongEvidence, Tier, has_tier, tier_of,
};

/// Milligrams in a gram.
pub const MILLIGRAMS_PER_GRAM: i64 = 1_000;
/// Milligrams in a tonne.
pub const MILLIGRAMS_PER_TONNE: i64 = 1_000_000_000;

/// What the codes of these calculators begin with: `inclusion/metro`.
pub const PREFIX: &str = "inclusion/";

/// Every scene.
pub fn scenes() -> &'static [Scene] {
    crate::generated::SCENES
}

/// Every family of scenes.
pub fn families() -> &'static [Family] {
    crate::generated::FAMILIES
}

/// The scene with this code, `metro` or `inclusion/metro`.
pub fn scene(code: &str) -> Option<&'static Scene> {
    let code = code.strip_prefix(PREFIX).unwrap_or(code);
    scenes().iter().find(|scene| scene.code == code)
}

/// One act of a scene: the fields of [`schema`], leaves may be strings. What the account had counted before may stand in `before`.
/// On refusal every error found, each at the dotted path of its field.
pub fn act(code: &str, input: &Value, set: &Parameters) -> Result<Act, Vec<InputError>> {
    let scene = scene(code).ok_or_else(|| vec![unknown(code)])?;
    formulas::run(scene, input, set)
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

/// What a scene takes, as JSON: its fields, and the scene with its factors and limits. `None`: no such scene.
pub fn schema(code: &str) -> Option<Value> {
    let scene = scene(code)?;
    Some(json!({
        "calculator": scene.calculator,
        "methodology": "inclusion",
        "title": scene.name,
        "fields": fields::of(scene).iter().map(crate::schema::Field::to_json).collect::<Vec<_>>(),
        "scene": scene,
    }))
}

/// The fields of a scene, for forms. `None`: no such scene.
pub fn scene_fields(code: &str) -> Option<&'static [crate::schema::Field]> {
    scene(code).map(fields::of)
}

/// A complete input of a scene. `None`: no such scene.
pub fn example(code: &str) -> Option<Value> {
    scene(code).map(formulas::example)
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
