//! The monitoring report (减排量核算报告): from the flat fields of a draft to typed data, or everything that is missing
//! or wrong, each at its field.

use std::collections::BTreeMap;

use methodologies::quantity::{MegawattHours, Megawatts};
use methodologies::schema::Kind;
use methodologies::{Calculator, Outcome, Parameters, Stage};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::{Date, Month};

use super::design::{
    DESCRIPTION_MAX, FACTOR_CHOICES, PROJECT_START, anchor, calculator_of, factor_fields,
};
use super::document::{
    Fields, Reading, SectionStatus, calculator_for, calculator_input, root, roots_without,
};
use super::guard::{
    ReportFacts, YearAmount, creditable_from, inside_crediting_period, period_is_over,
    within_look_back,
};
use super::project_table::ProjectState;
use crate::green_certificate::{self, MONTHS, MonthLine};
use crate::id::OrganisationId;
use crate::refusal::{Refusal, codes};
use crate::sector::{Family, ProjectType, project_type_of};
use crate::text;

/// A section of the report: one page of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportSection {
    /// The accounting period.
    Period,
    /// The meter readings, by calendar year or finer; of a power plant.
    Lines,
    /// How emission factors are chosen; of a power plant.
    Factors,
    /// What was settled, claimed and sold as certificates each month; of a power plant.
    Certificates,
    /// The strata as they are now, and what happened on them; of planted land.
    Strata,
    /// The plots that were measured; of planted land.
    Plots,
    /// The trees in the plots; of planted land.
    Trees,
    /// How the project ran and was monitored.
    Description,
    /// What the owner states.
    Declarations,
    /// Who verifies it.
    Verifier,
}

impl ReportSection {
    /// Every section of any report.
    pub const ALL: &[Self] = &[
        Self::Period,
        Self::Lines,
        Self::Factors,
        Self::Certificates,
        Self::Strata,
        Self::Plots,
        Self::Trees,
        Self::Description,
        Self::Declarations,
        Self::Verifier,
    ];

    /// The sections of the reports of one type of project, in the order of the task list; without a type those of a power plant.
    pub fn of_kind(kind: Option<&ProjectType>) -> &'static [Self] {
        match kind.map(|kind| kind.family) {
            Some(Family::Land) => &[
                Self::Period,
                Self::Strata,
                Self::Plots,
                Self::Trees,
                Self::Description,
                Self::Declarations,
                Self::Verifier,
            ],
            Some(Family::Power) | None => &[
                Self::Period,
                Self::Lines,
                Self::Factors,
                Self::Certificates,
                Self::Description,
                Self::Declarations,
                Self::Verifier,
            ],
        }
    }

    /// The stable text in addresses and the interface catalogue (`section.<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Period => "period",
            Self::Lines => "lines",
            Self::Factors => "factors",
            Self::Certificates => "certificates",
            Self::Strata => "strata",
            Self::Plots => "plots",
            Self::Trees => "trees",
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

    /// Its fields in the order of the page, for a type of project; `lines`, `factor_set_by_year` and `strata` stand for
    /// their dotted fields. Empty if reports of this type do not have the section.
    pub fn fields(self, kind: Option<&ProjectType>) -> Vec<&'static str> {
        if !Self::of_kind(kind).contains(&self) {
            return Vec::new();
        }
        match (self, kind) {
            (Self::Period, _) => vec!["period_from", "period_to"],
            (Self::Lines, _) => vec!["lines"],
            (Self::Factors, _) => vec!["factor_choice", "factor_set", "factor_set_by_year"],
            (Self::Certificates, _) => vec![MONTHS],
            (Self::Strata, Some(kind)) => strata_fields(kind),
            (Self::Strata, None) => Vec::new(),
            (Self::Plots, _) => vec![PLOTS],
            (Self::Trees, _) => vec![TREES],
            (Self::Description, _) => vec!["implementation", "monitoring"],
            (Self::Declarations, Some(kind)) if kind.family == Family::Land => {
                vec!["in_other_mechanism"]
            }
            (Self::Declarations, _) => vec!["certificates_traded"],
            (Self::Verifier, _) => vec!["verifier"],
        }
    }

    /// The section a field belongs to; a dotted name belongs where its first part does.
    pub fn of_field(field: &str, kind: Option<&ProjectType>) -> Option<Self> {
        Self::of_kind(kind)
            .iter()
            .copied()
            .find(|section| section.fields(kind).contains(&root(field)))
    }

    /// The table that is the whole of this section, by the name of its field.
    pub const fn table(self) -> Option<&'static str> {
        match self {
            Self::Plots => Some(PLOTS),
            Self::Trees => Some(TREES),
            Self::Certificates => Some(MONTHS),
            _ => None,
        }
    }
}

/// The table of plots: one text in CSV.
const PLOTS: &str = "plots";
/// The table of trees.
const TREES: &str = "trees";

/// Whether a field of a document is a whole table: its text is long, and is not saved while somebody types.
pub fn is_table(field: &str) -> bool {
    [PLOTS, TREES, MONTHS].contains(&field)
}

/// Reads the tables among these fields as the methodology's accounting would: everything wrong by line and column, so that
/// no table is kept that has to be thrown away later.
pub fn check_tables(kind: &ProjectType, fields: &Fields) -> Result<(), Vec<Refusal>> {
    let mut refusals = Vec::new();
    for (name, text) in fields
        .iter()
        .filter(|(name, text)| is_table(name) && !text.trim().is_empty())
    {
        if name == MONTHS {
            refusals.extend(
                green_certificate::read_months(text)
                    .err()
                    .unwrap_or_default(),
            );
            continue;
        }
        let schema = calculator_for(kind, Stage::ExPost).and_then(|calculator| {
            calculator.fields.iter().find_map(|field| match field.kind {
                Kind::Table { columns, max_rows } if field.path == name => {
                    Some((columns, max_rows))
                }
                _ => None,
            })
        });
        if let Some((columns, max_rows)) = schema
            && let Err(errors) = methodologies::table::parse(text, name, columns, max_rows)
        {
            refusals.extend(errors.into_iter().map(Refusal::from));
        }
    }
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(refusals)
    }
}

/// What the accounting of planted land takes besides the period, the tables and what the registry knows.
fn strata_fields(kind: &ProjectType) -> Vec<&'static str> {
    calculator_for(kind, Stage::ExPost).map_or_else(Vec::new, |calculator| {
        roots_without(calculator.fields, |name| {
            ["period_from", "period_to", PLOTS, TREES].contains(&name) || is_known(name)
        })
    })
}

/// What the registry knows and nobody types: it comes from the registered design document and from the last registered report.
fn is_known(name: &str) -> bool {
    ["as_of", PROJECT_START].contains(&name) || name.starts_with("previous_")
}

/// What a report takes from its registered project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportBasis {
    /// Project type and methodology.
    pub kind: &'static ProjectType,
    /// What only one family of projects has.
    pub site: BasisSite,
    /// First and last day of the crediting period.
    pub crediting: (Date, Date),
    /// The Beijing day on which the report was created.
    pub created_on: Date,
}

/// What a report takes from the site of its project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BasisSite {
    /// Of a power plant.
    Power {
        /// The regional grid.
        grid: String,
        /// MW.
        capacity_mw: Decimal,
    },
    /// Of planted land.
    Land {
        /// First day of work on site.
        planted_on: Date,
        /// What the last registered report found; `None` for the first report.
        previous: Option<PreviousStock>,
    },
}

/// The carbon stock at the end of the last registered report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviousStock {
    /// The day on which it was measured.
    #[serde(with = "methodologies::day::as_text")]
    pub on: Date,
    /// What its accounting told about the stock, as the inputs of the next accounting.
    pub fields: Fields,
}

/// The results of an accounting that the next one takes up: input of the next, symbol of the step.
const CARRIED: &[(&str, &str)] = &[
    ("previous_tree_stock_t", "C_TREE,next"),
    ("previous_shrub_stock_t", "C_SHRUB,next"),
    ("previous_stock_t", "C_BIO"),
];

impl PreviousStock {
    /// From a stored accounting; `None` if it does not say on which day it measured.
    fn of_accounting(input: &Value, outcome: &Outcome) -> Option<Self> {
        let on = methodologies::day::parse(input.get("measured_on")?.as_str()?)?;
        let mut fields = Fields::new();
        for name in ["previous_on", "previous_measured_on"] {
            fields.insert(name.to_owned(), methodologies::day::to_text(on));
        }
        for (name, symbol) in CARRIED {
            let step = outcome
                .steps
                .iter()
                .rev()
                .find(|step| step.symbol == *symbol);
            if let Some(step) = step {
                // the next accounting reads six decimals; more of the old stock is the safe side
                let stock = step
                    .value
                    .round_dp_with_strategy(6, RoundingStrategy::AwayFromZero);
                fields.insert((*name).to_owned(), stock.normalize().to_string());
            }
        }
        Some(Self { on, fields })
    }
}

impl ReportBasis {
    /// The same after the last registered report, of which input and outcome are given.
    #[must_use]
    pub fn after(mut self, input: &Value, outcome: &Outcome) -> Self {
        if let BasisSite::Land { previous, .. } = &mut self.site {
            *previous = PreviousStock::of_accounting(input, outcome);
        }
        self
    }

    /// From the registered design document's fields; `None` if they are not those of a complete document.
    pub fn of_design(design: &Fields, created_on: Date) -> Option<Self> {
        let typed = |field: &str| design.get(field).map(|text| text.trim());
        let day = |field: &str| text::date(field, typed(field)?).ok();
        let kind = project_type_of(typed("methodology")?)?;
        let site = match kind.family {
            Family::Power => BasisSite::Power {
                grid: typed("grid")?.to_owned(),
                capacity_mw: typed("capacity_mw")?.parse::<Megawatts>().ok()?.value(),
            },
            Family::Land => BasisSite::Land {
                planted_on: day("construction_start")?,
                previous: None,
            },
        };
        Some(Self {
            kind,
            site,
            crediting: (day("crediting_from")?, day("crediting_to")?),
            created_on,
        })
    }

    fn calculator(&self, on: Date) -> Option<&'static Calculator> {
        calculator_of(self.kind, Stage::ExPost, on)
    }

    fn input(&self, calculator: &Calculator, fields: &Fields, as_of: Date) -> Value {
        let mut set = factor_fields(fields, as_of);
        match &self.site {
            BasisSite::Power { grid, capacity_mw } => set.extend([
                ("grid", grid.clone()),
                ("capacity_mw", capacity_mw.to_string()),
            ]),
            BasisSite::Land {
                planted_on,
                previous,
            } => {
                set.push((PROJECT_START, methodologies::day::to_text(*planted_on)));
                // never typed: an empty text takes out what somebody sent all the same
                for field in calculator.fields {
                    if field.path.starts_with("previous_") {
                        let known = previous.as_ref();
                        let known = known.and_then(|previous| previous.fields.get(field.path));
                        set.push((field.path, known.cloned().unwrap_or_default()));
                    }
                }
            }
        }
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
    /// What was settled, claimed and sold each month; empty for planted land and for reports begun before the rule.
    pub months: Vec<MonthLine>,
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
    /// at most one reason per field. `set`: the numbers it is calculated with.
    pub fn read(
        fields: &Fields,
        basis: &ReportBasis,
        as_of: Date,
        set: &Parameters,
    ) -> Result<Self, Vec<Refusal>> {
        let mut reading = Reading::new(fields);
        let report = read(&mut reading, basis, as_of, set);
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
    set: &Parameters,
) -> Vec<(ReportSection, SectionStatus)> {
    let refusals = MonitoringReport::read(fields, basis, as_of, set)
        .err()
        .unwrap_or_default();
    let kind = Some(basis.kind);
    let status =
        |section: &ReportSection| SectionStatus::of(&section.fields(kind), fields, &refusals);
    ReportSection::of_kind(kind)
        .iter()
        .map(|section| (*section, status(section)))
        .collect()
}

impl ReportFacts {
    /// The facts that the draft and the basis tell. What only the registry knows is set to the side that refuses (project not
    /// registered, no account, no verifier, no statement, nothing verified): the caller fills it in. `applied` is
    /// what the accounting gives now; once applied for, the stored amounts take its place.
    pub fn of_draft(fields: &Fields, basis: &ReportBasis, today: Date, set: &Parameters) -> Self {
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let day = |field: &str| text::date(field, typed(field)).ok();
        let sections = report_sections(fields, basis, today, set).into_iter();
        let report = MonitoringReport::read(fields, basis, today, set).ok();
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
            engagement: None,
            experts_unanswered: 0,
            issued: false,
        }
    }
}

fn read(
    reading: &mut Reading,
    basis: &ReportBasis,
    as_of: Date,
    set: &Parameters,
) -> Option<MonitoringReport> {
    let period = read_period(reading, basis, as_of);
    let chosen = match basis.kind.family {
        Family::Power => read_factor_choice(reading),
        Family::Land => Some(()),
    };
    let calculated = read_lines(reading, basis, as_of, set);
    let months = read_electricity_months(reading, basis, period);
    let implementation = reading.text("implementation", DESCRIPTION_MAX);
    let monitoring = reading.text("monitoring", DESCRIPTION_MAX);
    match basis.kind.family {
        Family::Power => reading.denied("certificates_traded", codes::GREEN_CERTIFICATES_TRADED),
        Family::Land => reading.denied("in_other_mechanism", codes::NOT_UNIQUE),
    }
    let verifier = reading.text("verifier", 100);
    let (from, to) = period?;
    let (calculator, calculator_input, outcome) = calculated?;
    chosen?;
    Some(MonitoringReport {
        from,
        to,
        implementation: implementation?,
        monitoring: monitoring?,
        months: months?,
        verifier: OrganisationId::from(verifier?),
        calculator,
        calculator_input,
        outcome,
    })
}

/// R10, month by month: what was claimed and sold of the electricity (国能综通新能〔2024〕124号). Asked of power plants whose report was begun under
/// a regime that asks it. `None` when refused.
fn read_electricity_months(
    reading: &mut Reading,
    basis: &ReportBasis,
    period: Option<(Date, Date)>,
) -> Option<Vec<MonthLine>> {
    let asked = basis.kind.family == Family::Power
        && green_certificate::regime_on(basis.created_on).asks_months;
    if !asked {
        return Some(Vec::new());
    }
    // what is wrong with the period or the readings is said there, not once more in every month
    let period = period.filter(|_| {
        let wrong = |field: &str| reading.is_refused(field);
        !wrong("period_from") && !wrong("period_to")
    });
    let export = (!reading.is_refused("lines"))
        .then(|| export_by_year(reading.fields()))
        .flatten();
    let read = green_certificate::read_months(reading.typed(MONTHS)).and_then(|lines| {
        if let Some(period) = period {
            green_certificate::check_months(&lines, period, export.as_ref())?;
        }
        Ok(lines)
    });
    match read {
        Ok(lines) => Some(lines),
        Err(refusals) => {
            for refusal in refusals {
                reading.refuse(refusal);
            }
            None
        }
    }
}

/// The metered export of each calendar year, MWh; `None` while a line cannot be read, which is refused there.
fn export_by_year(fields: &Fields) -> Option<BTreeMap<i32, Decimal>> {
    let mut years = BTreeMap::new();
    for (name, typed) in fields {
        let Some(line) = name
            .strip_prefix("lines.")
            .and_then(|rest| rest.strip_suffix(".export_mwh"))
        else {
            continue;
        };
        let from = fields.get(&format!("lines.{line}.from"))?;
        let year = text::date("from", from).ok()?.year();
        let export = typed.trim().parse::<MegawattHours>().ok()?.value();
        let sum: &mut Decimal = years.entry(year).or_default();
        *sum = sum.checked_add(export)?;
    }
    Some(years)
}

fn read_factor_choice(reading: &mut Reading) -> Option<()> {
    let choice = reading.choice("factor_choice", FACTOR_CHOICES);
    if choice == Some("named") && !reading.has("factor_set") && !reading.has("factor_set_by_year") {
        reading.refuse(Refusal::new(codes::REQUIRED).at("factor_set"));
    }
    choice.map(|_| ())
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
    set: &Parameters,
) -> Option<(&'static str, Value, Outcome)> {
    let Some(calculator) = basis.calculator(as_of) else {
        reading.refuse(
            Refusal::new(codes::METHODOLOGY_NOT_IN_FORCE)
                .at(anchor(basis.kind))
                .with("value", basis.kind.methodology),
        );
        return None;
    };
    let input = basis.input(calculator, reading.fields(), as_of);
    match methodologies::calculate_with(calculator.code, &input, set) {
        Ok(outcome) => Some((calculator.code, input, outcome)),
        Err(errors) => {
            reading.refuse_calculation(
                errors,
                |field| ReportSection::of_field(field, Some(basis.kind)).is_some(),
                anchor(basis.kind),
            );
            None
        }
    }
}
