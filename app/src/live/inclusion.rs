//! What one act of a person would save, beside the form that records it.

use std::collections::BTreeMap;

use methodologies::inclusion::{self, Act, Evidence, Scene};
use methodologies::{InputError, Parameters};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{CalculatorTexts, Shown, hints};
use crate::lang::Lang;
use crate::result::ResultTexts;
use crate::result::html::Html;
use crate::result::saving::{SavingTexts, saving_pieces};

/// Fields of the calculator that are not asked for: how an act is shown to have happened is tried in every way, and what the account
/// had counted before is the registry's to know.
const OURS: [&str; 3] = ["evidence", "purpose", "unvetted"];

/// Everything the calculation needs besides the form. The server writes it into the page as text; only the worker reads it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InclusionSetup {
    /// Code of the scene.
    pub scene: String,
    /// The numbers it computes with.
    pub parameters: Parameters,
    /// The language of units, dates and errors.
    pub lang: Lang,
    /// What is said instead of a result.
    pub texts: CalculatorTexts,
    /// The words around the grams.
    pub saving_texts: SavingTexts,
    /// The words of steps and factors.
    pub result_texts: ResultTexts,
}

impl InclusionSetup {
    /// Computes with what is in the form, once for each kind of evidence. What is wrong is said at its field, what is still empty is
    /// only counted.
    pub fn show(&self, form: &BTreeMap<String, String>) -> Shown {
        let mut own = BTreeMap::new();
        let fields = self.scene(form).map(inclusion::scene_fields);
        for field in fields.unwrap_or_default() {
            let typed = form.get(field.path).map_or("", |text| text.trim());
            if !typed.is_empty() && !OURS.contains(&field.path) {
                own.insert(field.path.to_owned(), typed.to_owned());
            }
        }
        let input = methodologies::fields_to_json(&own);
        let mut acts: Vec<(Evidence, Act)> = Vec::new();
        let mut errors = Vec::new();
        for evidence in Evidence::ALL {
            match self.act(&input, evidence) {
                Ok(act) => acts.push((evidence, act)),
                Err(found) if errors.is_empty() => errors = found,
                Err(_) => {}
            }
        }
        if acts.is_empty() {
            return self.unfinished(&own, errors);
        }
        let pieces = saving_pieces(self.lang, &self.saving_texts, &self.result_texts, &acts);
        Shown {
            pieces: pieces.into_iter().map(Html::into_string).collect(),
            errors: BTreeMap::new(),
        }
    }

    /// The scene as it is defined for the day in the form, or as it was defined last.
    fn scene(&self, form: &BTreeMap<String, String>) -> Option<&'static Scene> {
        let (set, code) = (&self.parameters, self.scene.as_str());
        let day = form
            .get("day")
            .and_then(|day| methodologies::day::parse(day));
        day.and_then(|day| inclusion::scene_at(set, code, day).ok())
            .or_else(|| inclusion::scene_known(set, code))
    }

    fn act(&self, input: &Value, evidence: Evidence) -> Result<Act, Vec<InputError>> {
        let mut input = input.clone();
        input["evidence"] = Value::String(evidence.code().to_owned());
        inclusion::act(&self.scene, &input, &self.parameters)
    }

    fn unfinished(&self, own: &BTreeMap<String, String>, found: Vec<InputError>) -> Shown {
        let mut errors = BTreeMap::new();
        let mut elsewhere = Vec::new();
        let (mut wrong, mut missing) = (0, 0);
        for error in found {
            let text = self.lang.message(&error.text()).to_owned();
            if own.contains_key(&error.path) {
                wrong += 1;
                errors.entry(error.path).or_insert(text);
            } else if error.code == "required" {
                missing += 1;
            } else {
                wrong += 1;
                elsewhere.push(text);
            }
        }
        let html = hints(&self.texts, wrong, missing, &elsewhere);
        Shown {
            pieces: vec![html.into_string()],
            errors,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setup(scene: &str) -> InclusionSetup {
        InclusionSetup {
            scene: scene.to_owned(),
            parameters: Parameters::default(),
            lang: Lang::En,
            texts: CalculatorTexts {
                missing: "%{count} missing".to_owned(),
                wrong: "%{count} wrong".to_owned(),
                ..CalculatorTexts::default()
            },
            saving_texts: SavingTexts::default(),
            result_texts: ResultTexts::default(),
        }
    }

    fn form(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    const RIDE: [(&str, &str); 3] = [
        ("distance_km", "3.2"),
        ("day", "2026-03-10"),
        ("region", "CN-GD-SZ"),
    ];

    #[test]
    fn a_ride_saves_by_its_evidence_and_a_self_report_nothing() {
        let mut typed = form(&RIDE);
        // what the page has no field for cannot be slipped in
        typed.insert("evidence".to_owned(), "T4".to_owned());
        let html = setup("metro").show(&typed).pieces.concat();
        assert!(html.contains("hero-number__value\">149.44<"), "{html}");
        for (row, grams) in [("T1 ", "149.44"), ("T3 ", "74.72"), ("T4 ", "0")] {
            let cells = html.split(row).nth(1).expect("a row of its own");
            let cells = cells.split("</tr>").next().unwrap_or_default();
            assert!(cells.contains(&format!(">{grams}<")), "{row}: {cells}");
        }
    }

    #[test]
    fn what_is_empty_is_missing_and_what_is_wrong_is_said_at_its_field() {
        let shown = setup("metro").show(&form(&RIDE[1..]));
        assert!(shown.errors.is_empty());
        assert!(shown.pieces.concat().contains("1 missing"));
        let mut typed = form(&RIDE);
        typed.insert("distance_km".to_owned(), "far".to_owned());
        let shown = setup("metro").show(&typed);
        assert_eq!(shown.errors.keys().collect::<Vec<_>>(), ["distance_km"]);
        assert!(shown.pieces.concat().contains("1 wrong"));
    }

    #[test]
    fn every_scene_shows_grams_for_its_example() {
        for scene in inclusion::scenes() {
            let example = methodologies::example(scene.calculator).expect("an example");
            let mut fields = methodologies::json_to_fields(&example);
            fields.retain(|name, _| !name.starts_with("before."));
            let shown = setup(scene.code).show(&fields);
            let html = shown.pieces.concat();
            // lists are not part of the form by hand, and what only an unverified number gives is not counted there
            let listed = fields.keys().any(|name| name.contains(".0"));
            let unverified = fields.get("unvetted").is_some_and(|said| said == "yes");
            assert!(
                html.contains("hero-number") || listed || unverified,
                "{}: {html}",
                scene.code
            );
        }
    }
}
