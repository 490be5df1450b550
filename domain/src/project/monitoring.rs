//! The monitoring report (减排量核算报告): from the flat fields of a draft to typed data, or everything that is missing
//! or wrong, each at its field.

use methodologies::quantity::Megawatts;
use methodologies::{Calculator, Outcome, Stage};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;
use time::{Date, Month};

use super::design::{DESCRIPTION_MAX, FACTOR_CHOICES, calculator_of, factor_fields};
use super::document::{Fields, Reading, SectionStatus, calculator_input, root};
use super::guard::{
    ReportFacts, YearAmount, creditable_from, inside_crediting_period, period_is_over,
    within_look_back,
};
use super::project_table::ProjectState;
use crate::id::OrganisationId;
use crate::refusal::{Refusal, codes};
use crate::sector::{ProjectType, project_type_of};
use crate::text;

/// A section of the report: one page of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportSection {
    /// The accounting period.
    Period,
    /// The meter readings, by calendar year or finer.
    Lines,
    /// How emission factors are chosen.
    Factors,
    /// How the project ran and was monitored.
    Description,
    /// What the owner states.
    Declarations,
    /// Who verifies it.
    Verifier,
}

impl ReportSection {
    /// Every section, in the order of the task list.
    pub const ALL: &[Self] = &[
        Self::Period,
        Self::Lines,
        Self::Factors,
        Self::Description,
        Self::Declarations,
        Self::Verifier,
    ];

    /// The stable text in addresses and the interface catalogue (`section.<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Period => "period",
            Self::Lines => "lines",
            Self::Factors => "factors",
            Self::Description => "description",
            Self::Declarations => "declarations",
            Self::Verifier => "verifier",
        }
    }

    /// The section with this code, if there is one.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|section| section.code() == code)
    }

    /// Its fields in the order of the page; `lines` and `factor_set_by_year` stand for their dotted fields.
    pub const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Period => &["period_from", "period_to"],
            Self::Lines => &["lines"],
            Self::Factors => &["factor_choice", "factor_set", "factor_set_by_year"],
            Self::Description => &["implementation", "monitoring"],
            Self::Declarations => &["certificates_traded"],
            Self::Verifier => &["verifier"],
        }
    }

    /// The section a field belongs to; a dotted name belongs where its first part does.
    pub fn of_field(field: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|section| section.fields().contains(&root(field)))
    }
}

/// What a report takes from its registered project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportBasis {
    /// Project type and methodology.
    pub kind: &'static ProjectType,
    /// The regional grid.
    pub grid: String,
    /// MW.
    pub capacity_mw: Decimal,
    /// First and last day of the crediting period.
    pub crediting: (Date, Date),
    /// The Beijing day on which the report was created.
    pub created_on: Date,
}

impl ReportBasis {
    /// From the registered design document's fields; `None` if they are not those of a complete document.
    pub fn of_design(design: &Fields, created_on: Date) -> Option<Self> {
        let typed = |field: &str| design.get(field).map(|text| text.trim());
        let day = |field: &str| text::date(field, typed(field)?).ok();
        Some(Self {
            kind: project_type_of(typed("methodology")?)?,
            grid: typed("grid")?.to_owned(),
            capacity_mw: typed("capacity_mw")?.parse::<Megawatts>().ok()?.value(),
            crediting: (day("crediting_from")?, day("crediting_to")?),
            created_on,
        })
    }

    fn calculator(&self, on: Date) -> Option<&'static Calculator> {
        calculator_of(self.kind, Stage::ExPost, on)
    }

    fn input(&self, calculator: &Calculator, fields: &Fields, as_of: Date) -> Value {
        let mut set = factor_fields(fields, as_of);
        set.extend([
            ("grid", self.grid.clone()),
            ("capacity_mw", self.capacity_mw.to_string()),
        ]);
        calculator_input(calculator, fields, &set)
    }
}

/// A complete and consistent monitoring report with its calculation.
#[derive(Clone, Debug, PartialEq)]
pub struct MonitoringReport {
    /// First day of the accounting period.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// How the project ran.
    pub implementation: String,
    /// How it was monitored: meters, positions, calibration, quality assurance.
    pub monitoring: String,
    /// The chosen verifier.
    pub verifier: OrganisationId,
    /// The methodology's ex-post calculator.
    pub calculator: &'static str,
    /// Its input.
    pub calculator_input: Value,
    /// What it gives.
    pub outcome: Outcome,
}

impl MonitoringReport {
    /// Reads a draft. `as_of` is the day by which emission factors must be published when they are chosen by rule, and the
    /// day before which the period must be over: today. On refusal everything that is missing or wrong,
    /// at most one reason per field.
    pub fn read(fields: &Fields, basis: &ReportBasis, as_of: Date) -> Result<Self, Vec<Refusal>> {
        let mut reading = Reading::new(fields);
        let report = read(&mut reading, basis, as_of);
        let refusals = reading.finish();
        match report {
            Some(report) if refusals.is_empty() => Ok(report),
            _ => Err(refusals),
        }
    }

    /// The calculator and its input as far as the draft goes, for the live calculation beside the form.
    pub fn accounting_input(
        fields: &Fields,
        basis: &ReportBasis,
        as_of: Date,
    ) -> Option<(&'static str, Value)> {
        let calculator = basis.calculator(as_of)?;
        Some((calculator.code, basis.input(calculator, fields, as_of)))
    }

    /// The tonnes of each calendar year: what is applied for, verified, registered and issued. A year without
    /// reductions is there with 0.
    pub fn amounts(&self) -> Vec<YearAmount> {
        amounts_of(&self.outcome)
    }
}

/// The tonnes of each calendar year of an accounting.
pub fn amounts_of(outcome: &Outcome) -> Vec<YearAmount> {
    outcome
        .year_lines
        .iter()
        .map(|line| YearAmount {
            year: line.year,
            tonnes: line.er_t,
        })
        .collect()
}

/// The lines that cover a period, one per calendar year, first and last day included; empty if the period has no order.
pub fn proposed_lines(from: Date, to: Date) -> Vec<(Date, Date)> {
    (from.year()..=to.year())
        .filter_map(|year| {
            let first = Date::from_calendar_date(year, Month::January, 1)
                .ok()?
                .max(from);
            let last = Date::from_calendar_date(year, Month::December, 31)
                .ok()?
                .min(to);
            (first <= last).then_some((first, last))
        })
        .collect()
}

/// The fields `lines.N.from` and `lines.N.to` of the proposed lines, for a draft that has none yet.
pub fn proposed_line_fields(from: Date, to: Date) -> Fields {
    let day = methodologies::day::to_text;
    proposed_lines(from, to)
        .into_iter()
        .enumerate()
        .flat_map(|(at, (from, to))| {
            [
                (format!("lines.{at}.from"), day(from)),
                (format!("lines.{at}.to"), day(to)),
            ]
        })
        .collect()
}

/// How far each section is, in the order of the task list.
pub fn report_sections(
    fields: &Fields,
    basis: &ReportBasis,
    as_of: Date,
) -> Vec<(ReportSection, SectionStatus)> {
    let refusals = MonitoringReport::read(fields, basis, as_of)
        .err()
        .unwrap_or_default();
    let status = |section: &ReportSection| SectionStatus::of(section.fields(), fields, &refusals);
    ReportSection::ALL
        .iter()
        .map(|section| (*section, status(section)))
        .collect()
}

impl ReportFacts {
    /// The facts that the draft and the basis tell. What only the registry knows is set to the side that refuses (project not
    /// registered, no account, no verifier, no statement, nothing verified): the caller fills it in. `applied` is
    /// what the accounting gives now; once applied for, the stored amounts take its place.
    pub fn of_draft(fields: &Fields, basis: &ReportBasis, today: Date) -> Self {
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let day = |field: &str| text::date(field, typed(field)).ok();
        let sections = report_sections(fields, basis, today).into_iter();
        let report = MonitoringReport::read(fields, basis, today).ok();
        Self {
            today,
            created_on: basis.created_on,
            project_state: ProjectState::Draft,
            sector: Some(basis.kind.sector),
            crediting: Some(basis.crediting),
            period: day("period_from").zip(day("period_to")),
            other_periods: Vec::new(),
            validator: None,
            verifier: None,
            applied: report.map(|report| report.amounts()).unwrap_or_default(),
            verified: None,
            no_traded_certificates: typed("certificates_traded") == "no",
            owner_account_active: false,
            owner_bans: Vec::new(),
            incomplete_sections: sections
                .filter(|(_, status)| *status != SectionStatus::Complete)
                .map(|(section, _)| section.code())
                .collect(),
            statement_made: false,
            opinions_undecided: 0,
            opinions_unanswered: 0,
            issued: false,
        }
    }
}

fn read(reading: &mut Reading, basis: &ReportBasis, as_of: Date) -> Option<MonitoringReport> {
    let period = read_period(reading, basis, as_of);
    let choice = reading.choice("factor_choice", FACTOR_CHOICES);
    if choice == Some("named") && !reading.has("factor_set") && !reading.has("factor_set_by_year") {
        reading.refuse(Refusal::new(codes::REQUIRED).at("factor_set"));
    }
    let calculated = read_lines(reading, basis, as_of);
    let implementation = reading.text("implementation", DESCRIPTION_MAX);
    let monitoring = reading.text("monitoring", DESCRIPTION_MAX);
    reading.denied("certificates_traded", codes::GREEN_CERTIFICATES_TRADED);
    let verifier = reading.text("verifier", 100);
    let (from, to) = period?;
    let (calculator, calculator_input, outcome) = calculated?;
    choice?;
    Some(MonitoringReport {
        from,
        to,
        implementation: implementation?,
        monitoring: monitoring?,
        verifier: OrganisationId::from(verifier?),
        calculator,
        calculator_input,
        outcome,
    })
}

fn read_period(reading: &mut Reading, basis: &ReportBasis, as_of: Date) -> Option<(Date, Date)> {
    let from = reading.date("period_from");
    let to = reading.date("period_to");
    let period = (from?, to?);
    reading.keep(creditable_from(period.0));
    reading.keep(within_look_back(period.0, basis.created_on));
    reading.keep(inside_crediting_period(period, Some(basis.crediting)));
    reading.keep(period_is_over(period.1, as_of));
    Some(period)
}

fn read_lines(
    reading: &mut Reading,
    basis: &ReportBasis,
    as_of: Date,
) -> Option<(&'static str, Value, Outcome)> {
    let Some(calculator) = basis.calculator(as_of) else {
        reading.refuse(
            Refusal::new(codes::METHODOLOGY_NOT_IN_FORCE)
                .at("factor_choice")
                .with("value", basis.kind.methodology),
        );
        return None;
    };
    let input = basis.input(calculator, reading.fields(), as_of);
    match methodologies::calculate(calculator.code, &input) {
        Ok(outcome) => Some((calculator.code, input, outcome)),
        Err(errors) => {
            reading.refuse_calculation(
                errors,
                |field| ReportSection::of_field(field).is_some(),
                "factor_choice",
            );
            None
        }
    }
}
