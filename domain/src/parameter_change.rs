//! Replacing numbers of the methodologies and defining scenes: what a proposal must say, and that another person decides.

mod scene;

use std::collections::BTreeMap;

use methodologies::inclusion::{SceneVersion, Tier, has_tier};
use methodologies::quantity::{NumberError, half_width};
use methodologies::replaceable::replaceable;
use methodologies::text::Message;
use methodologies::{InputError, Parameters, Replacement};
use rust_decimal::Decimal;
use time::Date;

use crate::id::UserId;
use crate::refusal::{Refusal, codes};
use crate::text::{date, required_text};

pub use scene::{FACTOR_ROWS, LIMIT_ROWS, scene_form};

/// Longest title of a document, characters.
const DOCUMENT_MAX: usize = 200;
/// Longest number or reference of a document, characters.
const DOCUMENT_NUMBER_MAX: usize = 100;
/// Longest reason, characters.
const REASON_MAX: usize = 2000;
/// Rows of the form.
const ROWS_MAX: usize = 50;
/// Lines of a pasted grid table.
const TABLE_LINES_MAX: usize = 200;

/// What an operator proposes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterProposal {
    /// Title of the document that gives the numbers.
    pub document: String,
    /// Its number or reference.
    pub document_number: String,
    /// First day on which the numbers hold.
    pub effective_from: Date,
    /// Why.
    pub reason: String,
    /// The numbers.
    pub replacements: Vec<Replacement>,
    /// The scene that is defined from that day on, if there is one.
    pub scenes: Vec<SceneVersion>,
}

impl ParameterProposal {
    /// Reads a form: `document`, `document_number`, `effective_from`, `reason`, `basis` (`published`: the document is official;
    /// `assumed`), `values.N.id`, `values.N.value`, `values.N.unit` (empty: the parameter's own), `values.N.tier` (`A` to `E` or `X`;
    /// needed for factors of scenes and average grid factors, empty for all others), and `table`, a grid table as CSV with the header
    /// `grid,label,om,bm`. A scene is read from the fields of [`scene_form`]; `basis` is for single numbers only. `set` is what is in force: together with it the new numbers must make sense. On refusal
    /// everything that is missing or wrong, at its field.
    pub fn read(fields: &BTreeMap<String, String>, set: &Parameters) -> Result<Self, Vec<Refusal>> {
        let typed = |field: &str| fields.get(field).map_or("", String::as_str);
        let mut refusals = Vec::new();
        let document = keep(
            &mut refusals,
            required_text("document", typed("document"), DOCUMENT_MAX),
        );
        let document_number = keep(
            &mut refusals,
            required_text(
                "document_number",
                typed("document_number"),
                DOCUMENT_NUMBER_MAX,
            ),
        );
        let from = keep(
            &mut refusals,
            date("effective_from", typed("effective_from")),
        );
        let has_scene = fields.keys().any(|field| field.starts_with("scenes.0."));
        let assumed = match typed("basis") {
            "published" => Some(false),
            "assumed" => Some(true),
            "" if has_scene => Some(true),
            _ => {
                refusals.push(Refusal::new(codes::REQUIRED).at("basis"));
                None
            }
        };
        let reason = keep(
            &mut refusals,
            required_text("reason", typed("reason"), REASON_MAX),
        );
        let mut numbers = read_rows(fields, set, &mut refusals);
        numbers.extend(read_table(typed("table"), &mut refusals));
        let scene = scene::read(fields, &mut refusals);
        if numbers.is_empty() && !has_scene && refusals.is_empty() {
            refusals.push(Refusal::new(codes::REQUIRED).at("values.0.id"));
        }
        let (Some(document), Some(document_number), Some(from), Some(assumed), Some(reason)) =
            (document, document_number, from, assumed, reason)
        else {
            return Err(refusals);
        };
        let source = Message {
            zh: format!("{document}（{document_number}）"),
            en: format!("{document} ({document_number})"),
        };
        let replacements: Vec<Replacement> = numbers
            .iter()
            .map(|number| Replacement {
                id: number.id.clone(),
                value: number.value,
                unit: number.unit.clone(),
                from,
                source: source.clone(),
                assumed,
                tier: number.tier,
            })
            .collect();
        let scene = scene.map(|mut typed| {
            typed.version.from = from;
            typed.version.source = source.clone();
            for factor in &mut typed.version.factors {
                if factor.source.zh.is_empty() && factor.source.en.is_empty() {
                    factor.source = source.clone();
                }
            }
            typed
        });
        let checked = Checked {
            numbers: &numbers,
            replacements: &replacements,
            scene: scene.as_ref(),
        };
        checked.check(set, &mut refusals);
        if refusals.is_empty() {
            Ok(Self {
                document,
                document_number,
                effective_from: from,
                reason,
                replacements,
                scenes: scene.into_iter().map(|typed| typed.version).collect(),
            })
        } else {
            Err(refusals)
        }
    }
}

/// Only another operator than the proposer may approve or reject.
pub fn decided_by_another(proposer: &UserId, decider: &UserId) -> Result<(), Refusal> {
    if proposer == decider {
        Err(Refusal::new(codes::FOUR_EYES))
    } else {
        Ok(())
    }
}

/// Only the proposer may withdraw; another operator rejects, with a reason.
pub fn withdrawn_by_proposer(proposer: &UserId, decider: &UserId) -> Result<(), Refusal> {
    if proposer == decider {
        Ok(())
    } else {
        Err(Refusal::new(codes::ONLY_PROPOSER_WITHDRAWS))
    }
}

/// A number with the field it was typed in.
struct Number {
    id: String,
    value: Decimal,
    unit: String,
    tier: Option<Tier>,
    /// `values.0.value`, or `table`.
    field: String,
    /// The line of the table, 0 outside it.
    line: usize,
}

fn keep<T>(refusals: &mut Vec<Refusal>, read: Result<T, Refusal>) -> Option<T> {
    read.map_err(|refusal| refusals.push(refusal)).ok()
}

/// Rows of the form; a row without id and value is not looked at.
fn read_rows(
    fields: &BTreeMap<String, String>,
    set: &Parameters,
    refusals: &mut Vec<Refusal>,
) -> Vec<Number> {
    let mut numbers: Vec<Number> = Vec::new();
    for row in 0..ROWS_MAX {
        let typed = |name: &str| {
            fields
                .get(&format!("values.{row}.{name}"))
                .map_or("", |text| text.trim())
        };
        let (id, value) = (typed("id"), typed("value"));
        if id.is_empty() && value.is_empty() {
            continue;
        }
        let field = format!("values.{row}.value");
        if id.is_empty() {
            refusals.push(Refusal::new(codes::REQUIRED).at(format!("values.{row}.id")));
            continue;
        }
        if numbers.iter().any(|known| known.id == id) {
            refusals.push(
                Refusal::new(codes::PARAMETER_TWICE)
                    .at(format!("values.{row}.id"))
                    .with("id", id),
            );
            continue;
        }
        let tier = match typed("tier") {
            "" if has_tier(id, set) => Err(Refusal::new(codes::REQUIRED)),
            "" => Ok(None),
            code => Tier::from_code(code).map(Some).ok_or_else(|| {
                let given: String = code.chars().take(40).collect();
                Refusal::new(codes::CHOICE_INVALID).with("value", given)
            }),
        };
        let tier = keep(
            refusals,
            tier.map_err(|refusal| refusal.at(format!("values.{row}.tier"))),
        );
        let own_unit = || replaceable(id, set).map_or_else(String::new, |known| known.unit);
        match number(value) {
            Ok(value) => numbers.push(Number {
                id: id.to_owned(),
                value,
                unit: match typed("unit") {
                    "" => own_unit(),
                    unit => unit.to_owned(),
                },
                tier: tier.flatten(),
                field,
                line: 0,
            }),
            Err(error) => refusals.push(Refusal::from(error).at(field)),
        }
    }
    numbers
}

/// A pasted table: header `grid,label,om,bm`, then one line per grid, separated by commas, semicolons or tabs. A grid is named by its
/// code or its Chinese or English name.
fn read_table(table: &str, refusals: &mut Vec<Refusal>) -> Vec<Number> {
    let mut numbers: Vec<Number> = Vec::new();
    let lines = table.lines().enumerate().map(|(at, line)| (at + 1, line));
    let mut lines = lines.filter(|(_, line)| !line.trim().is_empty());
    let Some((_, header)) = lines.next() else {
        return numbers;
    };
    let names: Vec<String> = cells(header)
        .into_iter()
        .map(|cell| cell.trim_start_matches('\u{feff}').to_lowercase())
        .collect();
    if names != ["grid", "label", "om", "bm"] {
        refusals.push(Refusal::new(codes::PARAMETER_TABLE_HEADER).at("table"));
        return numbers;
    }
    for (at, (line, text)) in lines.enumerate() {
        let wrong = |code| Refusal::new(code).at("table").with("line", line);
        if at >= TABLE_LINES_MAX {
            refusals.push(wrong(codes::PARAMETER_TABLE_TOO_LONG).with("max", TABLE_LINES_MAX));
            return numbers;
        }
        let cells = cells(text);
        let [grid, label, om, bm] = cells.as_slice() else {
            refusals.push(wrong(codes::PARAMETER_TABLE_LINE));
            continue;
        };
        let found = methodologies::factors::grids().iter().find(|known| {
            known.code.eq_ignore_ascii_case(grid)
                || known.name.zh == grid
                || known.name.en.eq_ignore_ascii_case(grid)
        });
        let (Some(grid), Ok(om), Ok(bm)) = (found, number(om), number(bm)) else {
            refusals.push(wrong(codes::PARAMETER_TABLE_LINE));
            continue;
        };
        for (margin, value) in [("om", om), ("bm", bm)] {
            let id = format!("grid.{}.{label}.{margin}", grid.code);
            if numbers.iter().any(|known| known.id == id) {
                refusals.push(wrong(codes::PARAMETER_TWICE).with("id", &id));
                continue;
            }
            numbers.push(Number {
                id,
                value,
                unit: "tCO2/MWh".to_owned(),
                tier: None,
                field: "table".to_owned(),
                line,
            });
        }
    }
    numbers
}

fn cells(line: &str) -> Vec<String> {
    line.split([',', ';', '\t', '，', '；'])
        .map(|cell| cell.trim().trim_matches('"').to_owned())
        .collect()
}

/// A number as typed: full-width digits are read, and a sign.
fn number(text: &str) -> Result<Decimal, NumberError> {
    let text: String = text.trim().chars().map(half_width).collect();
    if text.is_empty() {
        return Err(NumberError::Empty);
    }
    Decimal::from_str_exact(&text).map_err(|_| NumberError::NotANumber)
}

/// What is checked, with the fields it came from.
struct Checked<'a> {
    numbers: &'a [Number],
    replacements: &'a [Replacement],
    scene: Option<&'a scene::Typed>,
}

impl Checked<'_> {
    /// What is new beside the scenes in force, then all of it on top of what is in force; errors go back to the field they came from.
    fn check(&self, set: &Parameters, refusals: &mut Vec<Refusal>) {
        let scenes: Vec<SceneVersion> = self
            .scene
            .map(|typed| typed.version.clone())
            .into_iter()
            .collect();
        let alone = Parameters {
            replacements: Vec::new(),
            ..set.clone()
        };
        let alone = alone.next(self.replacements, &scenes).check().err();
        let (errors, offset) = match alone {
            Some(errors) => (errors, 0),
            None => (
                set.next(self.replacements, &scenes)
                    .check()
                    .err()
                    .unwrap_or_default(),
                set.replacements.len(),
            ),
        };
        for error in errors {
            let refusal = if error.path.starts_with("scenes.") {
                self.place_of_scene(error)
            } else {
                self.place(error, offset)
            };
            if !refusals.contains(&refusal) {
                refusals.push(refusal);
            }
        }
    }

    fn place_of_scene(&self, error: InputError) -> Refusal {
        let rest = error.path.splitn(3, '.').nth(2).unwrap_or_default();
        let field = self.scene.map(|typed| typed.field(rest));
        let mut refusal = Refusal::from(error);
        refusal.field = field;
        refusal
    }

    fn place(&self, error: InputError, offset: usize) -> Refusal {
        let mut parts = error.path.split('.').skip(1);
        let number = parts
            .next()
            .and_then(|at| at.parse::<usize>().ok()?.checked_sub(offset))
            .and_then(|at| self.numbers.get(at));
        let part = parts.next().unwrap_or_default().to_owned();
        let mut refusal = Refusal::from(error);
        refusal.field = match number {
            _ if part == "from" => Some("effective_from".to_owned()),
            _ if part == "source" => Some("document".to_owned()),
            Some(number) if number.line > 0 => {
                refusal = refusal.with("line", number.line);
                Some("table".to_owned())
            }
            Some(number) => Some(match part.as_str() {
                "value" => number.field.clone(),
                part => number.field.replace(".value", &format!(".{part}")),
            }),
            None => None,
        };
        refusal
    }
}
