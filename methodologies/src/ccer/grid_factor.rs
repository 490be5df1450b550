//! The grid factor of each energy year, as chosen by the rules or named by the user.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use time::Date;
use time::macros::date;

use super::working::{StepText, Working};
use crate::catalogue::Methodology;
use crate::day;
use crate::exact;
use crate::factors::{self, Factor, FactorError};
use crate::input::{InputError, Reader, join};
use crate::parameter::{Confidence, Parameters};
use crate::text::text;
use crate::trace::{NoteLevel, ParameterUse};

/// How factors are to be chosen.
pub(super) struct FactorChoice {
    grid: &'static str,
    as_of: Option<Date>,
    named: Option<i32>,
    named_by_year: BTreeMap<i32, i32>,
}

/// The day on which parameters are looked up where no document day is given: the newest values.
const NEWEST: Date = date!(2100 - 01 - 01);

impl FactorChoice {
    /// Reads `grid`, `as_of`, `factor_set` and `factor_set_by_year`.
    pub fn read(reader: &mut Reader<'_>, methodology: &Methodology) -> Option<Self> {
        let grid = reader.choice("grid");
        let as_of = reader.date("as_of");
        if let Some(day) = as_of
            && day < methodology.in_force_from
        {
            reader.error(
                InputError::new("as_of", "methodology_not_in_force")
                    .with("code", methodology.code)
                    .with("from", day::to_text(methodology.in_force_from)),
            );
        }
        let named = reader
            .choice("factor_set")
            .and_then(|label| label.parse().ok());
        if named.is_none() && !reader.has("as_of") && !reader.has("factor_set") {
            reader.error(InputError::new("as_of", "factor_date_or_set_required"));
        }
        let mut named_by_year = BTreeMap::new();
        for item in reader.items("factor_set_by_year") {
            let year = reader.year(&join(&item, "year"));
            let label = reader
                .choice(&join(&item, "label"))
                .and_then(|label| label.parse().ok());
            if let (Some(year), Some(label)) = (year, label)
                && named_by_year.insert(year, label).is_some()
            {
                reader.error(
                    InputError::new(join(&item, "year"), "factor_year_twice").with("year", year),
                );
            }
        }
        Some(Self {
            grid: grid?,
            as_of,
            named,
            named_by_year,
        })
    }

    /// The day on which rules and parameters are looked up.
    pub fn on(&self) -> Date {
        self.as_of.unwrap_or(NEWEST)
    }

    /// The factor of an energy year.
    pub fn factor(&self, set: &Parameters, energy_year: i32) -> Result<Factor, InputError> {
        let by_year = self.named_by_year.get(&energy_year).copied();
        let (found, path) = match (by_year.or(self.named), self.as_of) {
            (Some(label), as_of) => {
                let path = if by_year.is_some() {
                    "factor_set_by_year"
                } else {
                    "factor_set"
                };
                (
                    factors::ef_named_with(set, self.grid, energy_year, label, as_of),
                    path,
                )
            }
            (None, Some(as_of)) => (factors::ef_with(set, self.grid, energy_year, as_of), "grid"),
            (None, None) => return Err(InputError::new("as_of", "factor_date_or_set_required")),
        };
        found.map_err(|error| match error {
            FactorError::UnknownGrid => InputError::new("grid", "choice_invalid").with(
                "choices",
                factors::grids()
                    .iter()
                    .map(|grid| grid.code)
                    .collect::<Vec<_>>()
                    .join(", "),
            ),
            FactorError::NotPublished => InputError::new(path, "factor_not_published")
                .with("grid", self.grid)
                .with("year", energy_year)
                .with("as_of", self.as_of.map_or_else(String::new, day::to_text)),
            FactorError::UnknownSet(labels) => InputError::new(path, "factor_set_unknown")
                .with("grid", self.grid)
                .with("label", by_year.or(self.named).unwrap_or_default())
                .with(
                    "labels",
                    labels
                        .iter()
                        .map(i32::to_string)
                        .collect::<Vec<_>>()
                        .join(", "),
                ),
        })
    }

    /// Writes how each factor came about, once per set: its step, its parameters, its notes.
    pub fn explain(
        &self,
        factors: &[Factor],
        methodology: &str,
        working: &mut Working<'_>,
    ) -> Result<(), InputError> {
        let labels = each_once(factors.iter().map(|factor| factor.label));
        for label in labels {
            let same: Vec<&Factor> = factors
                .iter()
                .filter(|factor| factor.label == label)
                .collect();
            let stale = same.iter().find(|factor| factor.stale);
            if let Some(factor) = stale.or(same.first()) {
                self.explain_one(factor, methodology, working)?;
                notes(&same, working);
            }
        }
        Ok(())
    }

    fn explain_one(
        &self,
        factor: &Factor,
        methodology: &str,
        working: &mut Working<'_>,
    ) -> Result<(), InputError> {
        let line = factor.label.to_string();
        let used = |id: String, title, value| ParameterUse {
            id,
            title,
            value,
            unit: "tCO2/MWh".to_owned(),
            source: source(factor),
            clause: crate::generated::FACTOR_CLAUSE.to_owned(),
            assumed: factor.assumed,
            stale: factor.stale,
        };
        let step = |formula: &str| StepText {
            symbol: "EF_CM,y",
            title: text(
                "区域电网组合边际排放因子",
                "combined margin emission factor of the grid",
            )
            .into(),
            clause: format!("{methodology} (3)"),
            formula: formula.to_owned(),
            unit: "tCO2/MWh",
        };
        let id = |margin: &str| format!("grid.{}.{}.{margin}", factor.grid, factor.label);
        if let (Some(om), Some(bm)) = (factor.om, factor.bm) {
            let (w_om, w_bm) = (self.weight("w_om", working)?, self.weight("w_bm", working)?);
            working.uses(used(
                id("om"),
                text("电量边际排放因子 EF_OM", "operating margin EF_OM").into(),
                om,
            ));
            working.uses(used(
                id("bm"),
                text("容量边际排放因子 EF_BM", "build margin EF_BM").into(),
                bm,
            ));
            let cm = exact::add(exact::multiply(om, w_om)?, exact::multiply(bm, w_bm)?)?;
            working.step(
                &line,
                step("EF_OM,y × w_OM + EF_BM,y × w_BM"),
                &[
                    ("EF_OM,y", om, "tCO2/MWh"),
                    ("w_OM", w_om, "1"),
                    ("EF_BM,y", bm, "tCO2/MWh"),
                    ("w_BM", w_bm, "1"),
                ],
                cm,
            );
        } else {
            let cm = factor.cm.value();
            working.uses(used(
                id("cm"),
                text("组合边际排放因子 EF_CM", "combined margin EF_CM").into(),
                cm,
            ));
            working.step(&line, step("EF_CM"), &[("EF_CM", cm, "tCO2/MWh")], cm);
        }
        Ok(())
    }

    fn weight(&self, id: &str, working: &mut Working<'_>) -> Result<Decimal, InputError> {
        working.number(id, self.on(), "as_of")
    }
}

fn source(factor: &Factor) -> crate::text::Message {
    text("{source_zh}；{origin_zh}", "{source_en}; {origin_en}").fill(&[
        ("source_zh", factor.source.zh.clone()),
        ("source_en", factor.source.en.clone()),
        ("origin_zh", factor.origin.zh.to_owned()),
        ("origin_en", factor.origin.en.to_owned()),
    ])
}

/// Notes on one set, with the years it is used for.
fn notes(factors: &[&Factor], working: &mut Working<'_>) {
    let Some(factor) = factors.first() else {
        return;
    };
    let label = factor.label.to_string();
    let stale = each_once(
        factors
            .iter()
            .filter(|factor| factor.stale)
            .map(|factor| factor.energy_year),
    );
    if let (Some(first), Some(last)) = (stale.first(), stale.last()) {
        let years = if first == last {
            first.to_string()
        } else {
            format!("{first}–{last}")
        };
        working.note(
            NoteLevel::Warning,
            "factor_stale",
            label.as_str(),
            text(
                "{years} 年使用的是“{label}年度”因子（数据年 {data_year}），而按规则应使用另一版本：该版本在此没有数值，或已由手动指定的版本代替。",
                "{years}: the set labelled {label} (data of {data_year}) is used although the rules call for another one, whose value is not known here or which was replaced by a set named by hand.",
            ),
            &[("years", years), ("label", label.clone()), ("data_year", factor.data_year.to_string())],
        );
    }
    if factor.assumed && factor.entered {
        working.note(
            NoteLevel::Remark,
            "factor_assumed",
            label.as_str(),
            text(
                "“{label}年度”因子由登记机构录入，标为推定值。",
                "The factor labelled {label} was entered by the registry operator as an assumed value.",
            ),
            &[("label", label.clone())],
        );
    } else if factor.assumed {
        let confidence = match factor.confidence {
            Some(Confidence::High) => ("较高", "high"),
            Some(Confidence::Medium) => ("中等", "medium"),
            _ => ("较低", "low"),
        };
        working.note(
            NoteLevel::Remark,
            "factor_assumed",
            label.as_str(),
            text(
                "“{label}年度”因子由公开项目记录反推，不是引自公布的表（可信度{confidence_zh}）。",
                "The factor labelled {label} was solved from public project records, not quoted from the published table (confidence: {confidence_en}).",
            ),
            &[
                ("label", label.clone()),
                ("confidence_zh", confidence.0.to_owned()),
                ("confidence_en", confidence.1.to_owned()),
            ],
        );
    }
    if factor.named {
        working.note(
            NoteLevel::Remark,
            "factor_set_named",
            label.as_str(),
            text(
                "“{label}年度”因子是手动指定的，用于重现已有文件。",
                "The set labelled {label} was named by hand, to reproduce an existing document.",
            ),
            &[("label", label.clone())],
        );
    }
}

/// Each number once, in order. There are a few dozen at most: a general sorting algorithm would only make the
/// WebAssembly larger.
fn each_once(numbers: impl Iterator<Item = i32>) -> Vec<i32> {
    let mut sorted = Vec::new();
    for number in numbers {
        if let Err(place) = sorted.binary_search(&number) {
            sorted.insert(place, number);
        }
    }
    sorted
}
