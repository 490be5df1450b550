//! The acts that move a record from state to state. Each goes the same way: load with everything due by date done, ask whether the
//! state allows it, read what was sent, ask the guards, write the consequences, save, enter.

use domain::id::OrganisationId;
use domain::ledger::{CreditClass, Posting};
use domain::project::design::LandSite;
use domain::project::guard::applied_equals_verified;
use domain::project::monitoring::amounts_of;
use domain::project::{
    DesignSection, MonitoringReport, ProjectDesign, ReportSection, YearAmount, paused_working_days,
};
use domain::project_code::ProjectCode;
use domain::refusal::codes;
use domain::sector::{Family, PROJECT_TYPES, project_type_of};
use domain::text::{narrow, required_text, whole_tonnes};
use domain::{Act, Refusal};
use methodologies::Outcome;
use rust_decimal::Decimal;
use time::Date;

use crate::credits::write_posting;
use crate::ending;
use crate::parameter_set;
use crate::perform::{Deed, Tx, new_id, perform};
use crate::record::{self, RecordKind, basis_of, day_of, fields_of, json_of, project_of};
use crate::rulebook;
use crate::store::boundary;
use crate::store::ledger;
use crate::store::people;
use crate::store::record::{self as store, CalculationRow, NewAssessment, RecordRow};
use crate::{By, Error, Fields, Receipt, Registry};

/// The longest report of a VVB, characters.
const REPORT_MAX: usize = 100_000;
/// The longest reference of a contract, characters.
const CONTRACT_MAX: usize = 200;
/// The longest sentence on how an opinion was handled, characters.
const HANDLED_MAX: usize = 4000;
/// More years than any report or crediting period has.
const AMOUNTS_MAX: usize = 100;

impl Registry {
    /// Does one act on a record.
    pub(crate) async fn record_step(
        &self,
        by: &By,
        act: Act,
        kind: RecordKind,
        id: &str,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        let deed = Deed::by(act, by, &(id, fields))?;
        perform!(self, deed, |tx| {
            let mut row = record::open(tx, by, kind, id).await?;
            record::check_allows(&row, act)?;
            let prepared = prepare(tx, &mut row, act, fields).await?;
            record::advance(
                tx,
                &mut row,
                act,
                fields.get("statement").is_some_and(|text| text == "yes") || !asks_statement(act),
            )
            .await?;
            conclude(tx, &mut row, act, by, &prepared).await?;
            record::save(tx, &mut row).await?;
            record::done(&row, prepared.note)
        })
    }
}

/// Whether the act is the owner's own statement; at other acts the one made before still counts.
fn asks_statement(act: Act) -> bool {
    matches!(
        act,
        Act::ProjectRequestPublicity
            | Act::ProjectApplyRegistration
            | Act::ReportRequestPublicity
            | Act::ReportApplyRegistration
    )
}

/// What was read from the form before the guards are asked.
#[derive(Default)]
struct Prepared {
    /// The reason, for the entry.
    note: Option<String>,
    /// The calculation to store: stage, calculator, input, outcome.
    calculation: Option<Calculation>,
    /// The VVB's report.
    assessment: Option<Assessment>,
    /// What an act that ends something, or asks experts, brings.
    ending: Option<ending::Prepared>,
}

struct Calculation {
    stage: &'static str,
    calculator: String,
    input: serde_json::Value,
    outcome: Outcome,
}

struct Assessment {
    positive: bool,
    text: String,
    commitment: String,
    amounts: Vec<YearAmount>,
    /// Opinion and how it was handled.
    handled: Vec<(String, String)>,
}

async fn prepare(
    tx: &mut Tx,
    row: &mut RecordRow,
    act: Act,
    fields: &Fields,
) -> Result<Prepared, Error> {
    let mut prepared = Prepared::default();
    if let Some(end) = ending::prepare(tx, row, act, fields).await? {
        prepared.note = end.note();
        if end.is_reason() {
            row.reason = end.note();
        }
        prepared.ending = Some(end);
        return Ok(prepared);
    }
    match act {
        Act::ProjectRequestMandate => request_mandate(row, "validator", fields)?,
        Act::ReportRequestMandate => request_mandate(row, "verifier", fields)?,
        Act::ProjectConfirmMandate | Act::ReportConfirmMandate => {
            let contract = fields.get("contract").map_or("", String::as_str);
            let contract = required_text("contract", contract, CONTRACT_MAX);
            let impartial = fields.get("impartiality").is_some_and(|text| text == "yes");
            let partial =
                (!impartial).then(|| Refusal::new(codes::STATEMENT_REQUIRED).at("impartiality"));
            match (contract, partial) {
                (Ok(contract), None) => row.contract = Some(contract),
                (contract, partial) => {
                    let refusals = [contract.err(), partial].into_iter().flatten();
                    return Err(refusals.collect::<Vec<_>>().into());
                }
            }
            row.appointed_on = Some(tx.at.beijing_date().to_string());
            row.reason = None;
        }
        Act::ProjectDeclineMandate
        | Act::ReportDeclineMandate
        | Act::ProjectReturn
        | Act::ReportReturn
        | Act::ProjectWithdraw
        | Act::ReportWithdraw
        | Act::ProjectRequestRecall
        | Act::ReportRequestRecall
        | Act::ProjectRefuseRecall
        | Act::ReportRefuseRecall
        | Act::ProjectReturnRegistration
        | Act::ReportReturnRegistration
        | Act::ProjectPause
        | Act::ReportPause => {
            let reason = record::reason(fields)?;
            row.reason = Some(reason.clone());
            prepared.note = Some(reason);
        }
        Act::ProjectRequestPublicity => {
            crate::boundary::check_submission(tx, row).await?;
            let calculation = request_publicity(tx, row).await?;
            check_land(tx, row).await?;
            crate::claim::check_project(tx, row).await?;
            prepared.calculation = Some(calculation);
        }
        Act::ReportRequestPublicity => {
            prepared.calculation = Some(request_report_publicity(tx, row).await?);
        }
        Act::ProjectApprovePublicity | Act::ReportApprovePublicity => {
            schedule_publicity(tx, row).await?;
        }
        Act::ProjectExtendPublicity | Act::ReportExtendPublicity => {
            prepared.note = Some(rulebook::extend_publicity(tx, row, fields).await?);
        }
        Act::ProjectValidate => {
            let (calculation, assessment) = assess(tx, row, fields, "validation", None).await?;
            prepared.calculation = Some(calculation);
            prepared.assessment = Some(assessment);
            row.reason = None;
        }
        Act::ReportVerify => {
            // the day of this upload decides which factors may be used (methodologies, EF_CM,y)
            let today = Some(tx.at.beijing_date());
            let (calculation, assessment) = assess(tx, row, fields, "verification", today).await?;
            for amount in &assessment.amounts {
                store::line_verify(
                    tx.connection(),
                    &row.id,
                    i64::from(amount.year),
                    amount.tonnes,
                )
                .await?;
            }
            row.verified_tonnes = Some(total(&assessment.amounts));
            prepared.calculation = Some(calculation);
            prepared.assessment = Some(assessment);
            row.reason = None;
        }
        Act::ProjectReject | Act::ReportReject => {
            let (text, commitment) = report_text(fields)?;
            prepared.assessment = Some(Assessment {
                positive: false,
                text,
                commitment,
                amounts: Vec::new(),
                handled: Vec::new(),
            });
        }
        Act::ProjectApplyRegistration | Act::ReportApplyRegistration => {
            row.received_on = Some(tx.at.beijing_date().to_string());
            row.paused_days = 0;
            row.reason = None;
        }
        Act::ProjectResume | Act::ReportResume => {
            let since = row.paused_since.take();
            let since = since
                .as_deref()
                .map(day_of)
                .transpose()?
                .unwrap_or_else(|| tx.at.beijing_date());
            let book = rulebook::in_force(tx.connection()).await?;
            let paused = paused_working_days(&book.calendar, since, tx.at.beijing_date())?;
            row.paused_days += i64::from(paused);
            row.reason = None;
        }
        _ => row.reason = None,
    }
    Ok(prepared)
}

async fn conclude(
    tx: &mut Tx,
    row: &mut RecordRow,
    act: Act,
    by: &By,
    prepared: &Prepared,
) -> Result<(), Error> {
    if let Some(calculation) = &prepared.calculation {
        store_calculation(tx, row, calculation).await?;
    }
    if let Some(assessment) = &prepared.assessment {
        store_assessment(tx, row, by, assessment).await?;
    }
    if let Some(end) = &prepared.ending {
        ending::conclude(tx, row, end).await?;
    }
    match act {
        Act::ProjectDeclineMandate | Act::ReportDeclineMandate => row.vvb_id = None,
        Act::ProjectConfirmMandate | Act::ReportConfirmMandate => {
            crate::engagement::begin(tx, row).await?;
        }
        Act::ProjectRequestPublicity | Act::ReportRequestPublicity => {
            row.submitted = 1;
            row.reason = None;
            if act == Act::ProjectRequestPublicity {
                crate::claim::claim_project(tx, row).await?;
            }
        }
        Act::ProjectPause | Act::ReportPause => {
            row.paused_since = Some(tx.at.beijing_date().to_string());
        }
        Act::ProjectRegister => {
            crate::boundary::refuse_overlap(tx, row).await?;
            crate::claim::check_project(tx, row).await?;
            register_project(tx, row).await?;
            crate::green_certificate::request_freeze(tx, row).await?;
        }
        Act::ReportRegister => {
            let project = project_of(tx, row).await?;
            crate::claim::check_report(tx, &project, row).await?;
            row.registered_at = Some(tx.at.0);
            crate::green_certificate::request_cancel(tx, &project, row).await?;
        }
        Act::ReportIssue => issue(tx, row, by).await?,
        _ => {}
    }
    Ok(())
}

/// Names the VVB: the choice of the form, or the one in the draft.
fn request_mandate(row: &mut RecordRow, field: &str, fields: &Fields) -> Result<(), Error> {
    let mut draft = fields_of(&row.fields)?;
    if let Some(chosen) = fields
        .get(field)
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
    {
        draft.insert(field.to_owned(), chosen.to_owned());
        row.fields = json_of(&draft)?;
    }
    let chosen = draft.get(field).map_or("", |text| text.trim());
    if chosen.is_empty() {
        return Err(Refusal::new(codes::REQUIRED).at(field).into());
    }
    row.vvb_id = Some(chosen.to_owned());
    row.appointed_on = None;
    row.reason = None;
    Ok(())
}

/// Reads the whole design document; everything missing or wrong is refused at its field.
async fn request_publicity(tx: &mut Tx, row: &mut RecordRow) -> Result<Calculation, Error> {
    let set = parameter_set::in_force(tx.connection()).await?;
    let design = ProjectDesign::read(&fields_of(&row.fields)?, tx.at.beijing_date(), &set)?;
    row.period_start = Some(design.crediting_from.to_string());
    row.period_end = Some(design.crediting_to.to_string());
    row.year_tonnes = Some(design.outcome.annual_t);
    row.total_tonnes = Some(design.outcome.total_t);
    Ok(Calculation {
        stage: "publicity",
        calculator: design.calculator.to_owned(),
        input: design.calculator_input,
        outcome: design.outcome,
    })
}

/// Half of the last place of an area in hectares with two decimals, m2: what rounding may add to a stratum.
const ROUNDING_M2: i64 = 50;

/// Planted land must have a boundary, and its strata must have room in it.
async fn check_land(tx: &mut Tx, row: &RecordRow) -> Result<(), Error> {
    let kind = project_type_of(&row.methodology);
    if kind.is_none_or(|kind| kind.family != Family::Land) {
        return Ok(());
    }
    let Some(stored) = boundary::of_project(tx.connection(), &row.id).await? else {
        return Err(Refusal::new(codes::BOUNDARY_MISSING).into());
    };
    let Some(land) = LandSite::of_draft(&fields_of(&row.fields)?) else {
        return Ok(());
    };
    let rounding = i64::try_from(land.strata).map_or(i64::MAX, |strata| strata * ROUNDING_M2);
    let room = Decimal::from(stored.area_m2.saturating_add(rounding)) / Decimal::from(10_000);
    if land.area_ha > room {
        let area = Decimal::from(stored.area_m2) / Decimal::from(10_000);
        return Err(Refusal::new(codes::STRATA_EXCEED_BOUNDARY)
            .at("strata")
            .with("strata", land.area_ha.normalize())
            .with("boundary", area.round_dp(2).normalize())
            .into());
    }
    Ok(())
}

/// Reads the whole monitoring report, and replaces the lines applied for.
async fn request_report_publicity(tx: &mut Tx, row: &mut RecordRow) -> Result<Calculation, Error> {
    let project = project_of(tx, row).await?;
    let basis = basis_of(tx.connection(), row, &project).await?;
    let set = parameter_set::in_force(tx.connection()).await?;
    let today = tx.at.beijing_date();
    let report = MonitoringReport::read(&fields_of(&row.fields)?, &basis, today, &set)?;
    let amounts = report.amounts();
    row.period_start = Some(report.from.to_string());
    row.period_end = Some(report.to.to_string());
    crate::project_change::check_reductions_open(tx, &project.id).await?;
    crate::claim::check_report(tx, &project, row).await?;
    crate::green_certificate::check_shared_months(tx, row, &report.months).await?;
    row.total_tonnes = Some(total(&amounts));
    let lines: Vec<(i64, i64)> = amounts
        .iter()
        .map(|amount| (i64::from(amount.year), amount.tonnes))
        .collect();
    store::lines_replace(tx.connection(), &row.id, &lines).await?;
    Ok(Calculation {
        stage: "publicity",
        calculator: report.calculator.to_owned(),
        input: report.calculator_input,
        outcome: report.outcome,
    })
}

/// As many working days as the rule book says from the next working day, by the calendar whose version is kept; what is published is
/// the draft as it is now.
async fn schedule_publicity(tx: &mut Tx, row: &mut RecordRow) -> Result<(), Error> {
    let book = rulebook::in_force(tx.connection()).await?;
    let (start, end) = book.publicity_window(tx.at.beijing_date())?;
    row.publicity_start = Some(start.to_string());
    row.publicity_end = Some(end.to_string());
    row.calendar_version = Some(book.calendar.version().to_owned());
    row.published_fields = Some(json_of(&publishable(row)?)?);
    row.search = record::search_text(row);
    row.reason = None;
    Ok(())
}

/// The fields that belong to the document: whatever else a form has sent is not published.
fn publishable(row: &RecordRow) -> Result<Fields, Error> {
    let mut fields = fields_of(&row.fields)?;
    let kind = project_type_of(&row.methodology);
    match record::kind_of(row)? {
        RecordKind::Project => {
            fields.retain(|name, _| DesignSection::of_field(name, kind).is_some());
        }
        RecordKind::Report => {
            fields.retain(|name, _| ReportSection::of_field(name, kind).is_some());
        }
    }
    Ok(fields)
}

/// Reads a positive report: text, commitment, how each published opinion was handled, and the amounts, which must be those that the
/// published input gives when it is computed again, with the parameter set it was published with. With `factors_of` the emission factors
/// are those of that day in that set.
async fn assess(
    tx: &mut Tx,
    row: &RecordRow,
    fields: &Fields,
    stage: &'static str,
    factors_of: Option<Date>,
) -> Result<(Calculation, Assessment), Error> {
    let mut refusals = Vec::new();
    let (text, commitment) = report_text(fields).unwrap_or_else(|refused| {
        refusals.extend(refused);
        Default::default()
    });
    let amounts = read_amounts(fields).unwrap_or_else(|refused| {
        refusals.extend(refused);
        Vec::new()
    });
    let mut handled = Vec::new();
    for opinion in store::opinions_of(tx.connection(), &row.id).await? {
        if opinion.moderation == "published" {
            let field = format!("opinions.{}", opinion.id);
            match required_text(
                &field,
                fields.get(&field).map_or("", String::as_str),
                HANDLED_MAX,
            ) {
                Ok(how) => handled.push((opinion.id, how)),
                Err(refusal) => refusals.push(refusal),
            }
        }
    }
    if !refusals.is_empty() {
        return Err(refusals.into());
    }
    let published = store::calculations(tx.connection(), &row.id).await?.pop();
    let published =
        published.ok_or_else(|| Error::Store(format!("record {} has no calculation", row.id)))?;
    let mut input: serde_json::Value = serde_json::from_str(&published.input)
        .map_err(|error| Error::Store(format!("stored input: {error}")))?;
    let set = parameter_set::set_of_outcome(&published.outcome)?;
    let set = parameter_set::of_set(tx.connection(), set).await?;
    let calculate = |input: &serde_json::Value| {
        methodologies::calculate_with(&published.calculator, input, &set)
            .map_err(|errors| errors.into_iter().map(Refusal::from).collect::<Vec<_>>())
    };
    let mut outcome = calculate(&input)?;
    let applied = amounts_of(&outcome);
    if let Some(day) = factors_of {
        input["as_of"] = methodologies::day::to_text(day).into();
        outcome = calculate(&input)?;
        factors_stay(&applied, &amounts_of(&outcome))?;
        named_set_within_rule(&input, &applied, &calculate)?;
    }
    applied_equals_verified(&applied, &amounts)?;
    let calculation = Calculation {
        stage,
        calculator: published.calculator,
        input,
        outcome,
    };
    Ok((
        calculation,
        Assessment {
            positive: true,
            text,
            commitment,
            amounts,
            handled,
        },
    ))
}

/// `factors_changed` if the emission factors that hold now give other tonnes than those applied for: the report must be handed in anew,
/// since what is verified must equal what was applied for (Measures art. 21).
fn factors_stay(applied: &[YearAmount], now: &[YearAmount]) -> Result<(), Refusal> {
    match applied
        .iter()
        .zip(now)
        .find(|(applied, now)| applied != now)
    {
        None => Ok(()),
        Some((applied, now)) => Err(Refusal::new(codes::FACTORS_CHANGED)
            .with("year", applied.year)
            .with("applied", applied.tonnes)
            .with("now", now.tonnes)),
    }
}

/// `factor_set_too_high` if a factor set named by hand gives more tonnes in a year than the rule of the day does. A named set is there to
/// reproduce an existing document; it may be the more cautious choice, never the better one. Where the rule knows no factor for the
/// grid there is nothing to compare with, and the remark of the calculation stands.
fn named_set_within_rule(
    input: &serde_json::Value,
    applied: &[YearAmount],
    calculate: &impl Fn(&serde_json::Value) -> Result<methodologies::Outcome, Vec<Refusal>>,
) -> Result<(), Refusal> {
    let mut by_rule = input.clone();
    let Some(members) = by_rule.as_object_mut() else {
        return Ok(());
    };
    let one = members.remove("factor_set");
    let by_year = members.remove("factor_set_by_year");
    if one.is_none() && by_year.is_none() {
        return Ok(());
    }
    let Ok(outcome) = calculate(&by_rule) else {
        return Ok(());
    };
    let too_high = applied
        .iter()
        .zip(amounts_of(&outcome))
        .find(|(applied, ruled)| applied.tonnes > ruled.tonnes);
    match too_high {
        None => Ok(()),
        Some((applied, ruled)) => Err(Refusal::new(codes::FACTOR_SET_TOO_HIGH)
            .with("year", applied.year)
            .with("applied", applied.tonnes)
            .with("by_rule", ruled.tonnes)),
    }
}

/// The text of a VVB's report and its commitment.
fn report_text(fields: &Fields) -> Result<(String, String), Vec<Refusal>> {
    let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
    let text = required_text("report", typed("report"), REPORT_MAX);
    let commitment = match typed("commitment") {
        "" | "no" => Err(Refusal::new(codes::STATEMENT_REQUIRED).at("commitment")),
        given => Ok(given.to_owned()),
    };
    match (text, commitment) {
        (Ok(text), Ok(commitment)) => Ok((text, commitment)),
        (text, commitment) => Err([text.err(), commitment.err()]
            .into_iter()
            .flatten()
            .collect()),
    }
}

/// `amounts.0.year`, `amounts.0.tonnes`, `amounts.1.year`, …
fn read_amounts(fields: &Fields) -> Result<Vec<YearAmount>, Vec<Refusal>> {
    let mut amounts = Vec::new();
    let mut refusals = Vec::new();
    for at in 0..AMOUNTS_MAX {
        let (year_field, tonnes_field) =
            (format!("amounts.{at}.year"), format!("amounts.{at}.tonnes"));
        if at > 0 && !fields.contains_key(&year_field) && !fields.contains_key(&tonnes_field) {
            break;
        }
        let typed = |field: &str| narrow(fields.get(field).map_or("", String::as_str));
        let year = typed(&year_field)
            .parse::<i32>()
            .ok()
            .filter(|year| (1..=9999).contains(year));
        let year = year.ok_or_else(|| match typed(&year_field).as_str() {
            "" => Refusal::new(codes::REQUIRED).at(&year_field),
            _ => Refusal::new(codes::NUMBER_OUT_OF_RANGE)
                .at(&year_field)
                .with("min", 1)
                .with("max", 9999),
        });
        let tonnes = match typed(&tonnes_field).as_str() {
            "0" => Ok(0),
            typed => whole_tonnes(&tonnes_field, typed),
        };
        match (year, tonnes) {
            (Ok(year), Ok(tonnes)) => amounts.push(YearAmount { year, tonnes }),
            (year, tonnes) => refusals.extend([year.err(), tonnes.err()].into_iter().flatten()),
        }
    }
    if refusals.is_empty() {
        Ok(amounts)
    } else {
        Err(refusals)
    }
}

fn total(amounts: &[YearAmount]) -> i64 {
    amounts
        .iter()
        .fold(0, |sum, amount| sum.saturating_add(amount.tonnes))
}

async fn store_calculation(
    tx: &mut Tx,
    row: &RecordRow,
    calculation: &Calculation,
) -> Result<(), Error> {
    let stored = CalculationRow {
        id: new_id(),
        record_id: row.id.clone(),
        stage: calculation.stage.to_owned(),
        calculator: calculation.calculator.clone(),
        version: calculation.outcome.methodology_version.clone(),
        parameter_sets: json_of(&calculation.outcome.parameters)?,
        input: json_of(&calculation.input)?,
        outcome: json_of(&calculation.outcome)?,
        at: tx.at.0,
        act_id: tx.act.clone(),
    };
    Ok(store::calculation_insert(tx.connection(), &stored).await?)
}

async fn store_assessment(
    tx: &mut Tx,
    row: &RecordRow,
    by: &By,
    assessment: &Assessment,
) -> Result<(), Error> {
    for (opinion, how) in &assessment.handled {
        store::opinion_handle(tx.connection(), opinion, how).await?;
    }
    let amounts: Vec<crate::YearAmount> = assessment
        .amounts
        .iter()
        .map(|amount| crate::YearAmount {
            year: amount.year,
            tonnes: amount.tonnes,
        })
        .collect();
    let (at, act) = (tx.at.0, tx.act.clone());
    let new = NewAssessment {
        id: &new_id(),
        record_id: &row.id,
        vvb_id: by.organisation.as_str(),
        conclusion: if assessment.positive {
            "positive"
        } else {
            "negative"
        },
        report_text: &assessment.text,
        commitment: &assessment.commitment,
        amounts: &json_of(&amounts)?,
        at,
        act_id: &act,
    };
    Ok(store::assessment_insert(tx.connection(), &new).await?)
}

/// Allocates the project code: the next of its type.
async fn register_project(tx: &mut Tx, row: &mut RecordRow) -> Result<(), Error> {
    let kind = PROJECT_TYPES
        .iter()
        .find(|kind| kind.code == row.project_type);
    let kind =
        kind.ok_or_else(|| Refusal::new(codes::PROJECT_TYPE_NOT_ADMITTED).at("methodology"))?;
    let sequence =
        people::counter_next(tx.connection(), &format!("project-code-{}", kind.code)).await?;
    let code = ProjectCode::allocate(kind, sequence)?;
    row.code = Some(code.to_string());
    row.search = record::search_text(row);
    row.registered_at = Some(tx.at.0);
    Ok(())
}

/// Issues the verified tonnes of each year into the owner's account, one class per year.
async fn issue(tx: &mut Tx, row: &mut RecordRow, by: &By) -> Result<(), Error> {
    let project = project_of(tx, row).await?;
    let code = project
        .code
        .as_deref()
        .ok_or_else(|| Error::Store(format!("project {} has no code", project.id)))?;
    let owner = OrganisationId::from(row.owner_id.as_str());
    // nobody receives without an open account (registration rules art. 5, 10, 11)
    if !crate::account::is_active(tx.connection(), &row.owner_id).await? {
        return Err(Refusal::new(codes::OWNER_ACCOUNT_CANNOT_RECEIVE).into());
    }
    let mut posting = Posting {
        transfers: Vec::new(),
    };
    for (year, _, verified, _) in store::lines(tx.connection(), &row.id).await? {
        let verified = verified.unwrap_or(0);
        if verified == 0 {
            continue;
        }
        let (id, issued) = if let Some(class) =
            ledger::class_by_vintage(tx.connection(), &project.id, year).await?
        {
            (class.id, class.issued)
        } else {
            let id = new_id();
            ledger::class_open(tx.connection(), &id, &project.id, code, year).await?;
            (id, 0)
        };
        ledger::class_verify(tx.connection(), &id, verified).await?;
        let class = CreditClass {
            id: id.into(),
            project: project.id.as_str().into(),
            vintage: crate::credits::year_of(year)?,
        };
        let issued = domain::ledger::issue(&by.organisation, &owner, &class, issued, verified)?;
        posting.transfers.extend(issued.transfers);
    }
    row.issued_tonnes = Some(posting.total());
    store::lines_issue(tx.connection(), &row.id).await?;
    write_posting(tx, &posting, None).await?;
    Ok(())
}
