//! The working of one calculation: steps, parameters used, notes.

use rust_decimal::Decimal;
use time::Date;

use crate::day;
use crate::exact::TooManyDigits;
use crate::input::InputError;
use crate::parameter::Parameters;
use crate::text::{Message, Text, text};
use crate::trace::{Note, NoteLevel, ParameterUse, Step, StepInput, YearLine};

/// Collects what an outcome shows besides its result.
pub(crate) struct Working<'a> {
    /// The numbers this calculation reads.
    pub set: &'a Parameters,
    pub steps: Vec<Step>,
    pub parameters: Vec<ParameterUse>,
    pub notes: Vec<Note>,
}

/// What a step says about itself.
pub(crate) struct StepText {
    pub symbol: &'static str,
    pub title: Message,
    pub clause: String,
    pub formula: String,
    pub unit: &'static str,
}

impl<'a> Working<'a> {
    /// Nothing collected yet.
    pub fn new(set: &'a Parameters) -> Self {
        Self {
            set,
            steps: Vec::new(),
            parameters: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The number with this id as it holds on the day, listed among the parameters used. `path`: the field whose day it is.
    pub fn number(&mut self, id: &str, on: Date, path: &str) -> Result<Decimal, InputError> {
        let Some(used) = self.set.on(id, on) else {
            return Err(InputError::new(path, "parameter_not_in_force")
                .with("parameter", id)
                .with("on", day::to_text(on)));
        };
        let value = used.value;
        self.uses(used);
        Ok(value)
    }

    /// Adds a step and hands its value back.
    pub fn step(
        &mut self,
        line: &str,
        step: StepText,
        inputs: &[(&str, Decimal, &str)],
        value: Decimal,
    ) -> Decimal {
        self.steps.push(Step {
            symbol: step.symbol.to_owned(),
            title: step.title,
            clause: step.clause,
            line: line.to_owned(),
            formula: step.formula,
            inputs: inputs
                .iter()
                .map(|(symbol, value, unit)| StepInput {
                    symbol: (*symbol).to_owned(),
                    value: value.normalize(),
                    unit: (*unit).to_owned(),
                })
                .collect(),
            value: value.normalize(),
            unit: step.unit.to_owned(),
        });
        value
    }

    /// Lists a parameter once; a second use with the same id only adds what it warns of.
    pub fn uses(&mut self, parameter: ParameterUse) {
        match self
            .parameters
            .iter_mut()
            .find(|known| known.id == parameter.id)
        {
            Some(known) => known.stale |= parameter.stale,
            None => self.parameters.push(parameter),
        }
    }

    /// Adds a note once.
    pub fn note(
        &mut self,
        level: NoteLevel,
        code: &'static str,
        at: impl Into<String>,
        text: Text,
        params: &[(&'static str, String)],
    ) {
        self.say(level, code, at, text.fill(params));
    }

    /// Adds a note once whose text is already filled in, each language by its own words.
    pub fn say(
        &mut self,
        level: NoteLevel,
        code: &'static str,
        at: impl Into<String>,
        text: Message,
    ) {
        let note = Note {
            code: code.to_owned(),
            level,
            at: at.into(),
            text,
        };
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

/// Amounts that cannot be computed exactly are refused as a whole.
impl From<TooManyDigits> for InputError {
    fn from(_: TooManyDigits) -> Self {
        Self::new("", "amount_too_large")
    }
}

/// Warns where more was exported than the capacity can produce, or less than was imported.
pub(super) fn check_energy(
    path: &str,
    export: Decimal,
    import: Decimal,
    possible: Decimal,
    working: &mut Working<'_>,
) {
    if export > possible {
        let percent =
            (export / possible.max(Decimal::new(1, 9)) * Decimal::ONE_HUNDRED).round_dp(1);
        working.note(
            NoteLevel::Warning,
            "energy_exceeds_capacity",
            path,
            text(
                "上网电量 {export} MWh 超过装机容量满发时的最大值 {possible} MWh（{percent} %）。请核对。",
                "The export of {export} MWh exceeds what the capacity can produce in that time, {possible} MWh ({percent} %). Check it.",
            ),
            &[
                ("export", export.normalize().to_string()),
                ("possible", possible.normalize().to_string()),
                ("percent", percent.normalize().to_string()),
            ],
        );
    }
    if import > export {
        working.note(
            NoteLevel::Warning,
            "import_exceeds_export",
            path,
            text(
                "下网电量 {import} MWh 大于上网电量 {export} MWh。",
                "The import, {import} MWh, exceeds the export, {export} MWh.",
            ),
            &[
                ("import", import.normalize().to_string()),
                ("export", export.normalize().to_string()),
            ],
        );
    }
}

/// Notes each year whose reductions are negative: shown as they are, registered as 0.
pub(super) fn negative_years(lines: &[YearLine], working: &mut Working<'_>) {
    for line in lines.iter().filter(|line| line.er.value() < Decimal::ZERO) {
        working.note(
            NoteLevel::Warning,
            "negative_year",
            line.year.to_string(),
            text(
                "{year} 年减排量为负（{er} t），登记为 0，须由核查机构确认。",
                "The reductions of {year} are negative ({er} t) and registered as 0; the verifier must look at it.",
            ),
            &[("year", line.year.to_string()), ("er", line.er.to_string())],
        );
    }
}
