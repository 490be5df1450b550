//! Green certificates: what follows from the registration of electricity, and the months that several reports share.
//!
//! On the registration of a project a request to freeze the untraded certificates of its crediting period is made, on the registration of
//! reductions one to cancel those that match them (国能综通新能〔2024〕124号). No interface to the certificate authority is known: the registry sends
//! each by its own means and notes here when, with which reference, and what was answered.

use domain::claim::overlap_in_time;
use domain::green_certificate::{MONTHS, MonthLine, RequestState, read_months, shared_months};
use domain::refusal::codes;
use domain::text::{date, required_text};
use domain::{Act, Instant, Refusal};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::Date;

use crate::perform::{Deed, Done, Tx, new_id, perform};
use crate::record::{day_of, fields_of};
use crate::store::green_certificate::{self as store, NewRequest, RequestRow};
use crate::store::record::RecordRow;
use crate::{By, Error, Fields, Registry};

/// The longest reference or answer, characters.
const TEXT_MAX: usize = 1000;
/// Requests on the registry's page.
const LISTED_MAX: i64 = 500;

/// The answer to an act on a request to the certificate authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateReceipt {
    /// The request.
    pub id: String,
    /// `to_send`, `sent` or `answered`.
    pub state: String,
}

/// A request to the certificate authority, as the registry sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CertificateRequest {
    /// Its id.
    pub id: String,
    /// `freeze` or `cancel`.
    pub kind: String,
    /// The project.
    pub project: String,
    /// The project's code.
    pub project_code: Option<String>,
    /// The project's name.
    pub project_name: String,
    /// The report, for a request to cancel.
    pub report: Option<String>,
    /// The report's number within its project.
    pub report_number: Option<i64>,
    /// The plant's archive code.
    pub archive_code: String,
    /// The first day of the electricity, `YYYY-MM-DD`.
    pub first_day: String,
    /// The last day.
    pub last_day: String,
    /// The months of the report; empty for a request to freeze.
    pub months: Vec<ClaimedMonth>,
    /// `to_send`, `sent` or `answered`.
    pub state: String,
    /// When it was sent, `YYYY-MM-DD`.
    pub sent_on: Option<String>,
    /// Under which number.
    pub reference: Option<String>,
    /// When it was answered.
    pub answered_on: Option<String>,
    /// What was answered.
    pub answer: Option<String>,
    /// When the registration made it.
    pub at: Instant,
}

/// One month of a request to cancel, MWh as decimals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClaimedMonth {
    /// `2024-01`.
    pub month: String,
    /// Settled by the grid.
    pub settled: Decimal,
    /// Claimed for reductions: the certificates to cancel.
    pub claimed: Decimal,
    /// Of certificates that were sold.
    pub certificates: Decimal,
}

impl Registry {
    /// The requests to the certificate authority, open ones first, at most 500. For the registry.
    pub async fn certificate_requests(&self, by: &By) -> Result<Vec<CertificateRequest>, Error> {
        Deed::check_role(Act::CertificateSend, by)?;
        let mut connection = self.store.read().await?;
        let rows = store::all(&mut connection, LISTED_MAX).await?;
        Ok(rows.into_iter().map(view).collect())
    }

    /// One request to the certificate authority. For the registry.
    pub async fn certificate_request(
        &self,
        by: &By,
        id: &str,
    ) -> Result<CertificateRequest, Error> {
        Deed::check_role(Act::CertificateSend, by)?;
        let mut connection = self.store.read().await?;
        let row = store::by_id(&mut connection, id).await?;
        row.map(view).ok_or(Error::NotFound)
    }

    /// The registry notes that a request was sent. Reads `date` and `reference`.
    pub async fn certificate_send(
        &self,
        by: &By,
        id: &str,
        fields: &Fields,
    ) -> Result<CertificateReceipt, Error> {
        let deed = Deed::by(Act::CertificateSend, by, &(id, fields))?;
        perform!(self, deed, |tx| {
            let row = step(tx, id, RequestState::Sent).await?;
            let (day, reference) = noted(tx, fields, "reference", None)?;
            store::mark_sent(tx.connection(), &row.id, &day, &reference).await?;
            Ok(done(&row, RequestState::Sent, reference))
        })
    }

    /// The registry notes the answer to a request. Reads `date` and `answer`.
    pub async fn certificate_answer(
        &self,
        by: &By,
        id: &str,
        fields: &Fields,
    ) -> Result<CertificateReceipt, Error> {
        let deed = Deed::by(Act::CertificateAnswer, by, &(id, fields))?;
        perform!(self, deed, |tx| {
            let row = step(tx, id, RequestState::Answered).await?;
            let (day, answer) = noted(tx, fields, "answer", row.sent_on.as_deref())?;
            store::mark_answered(tx.connection(), &row.id, &day, &answer).await?;
            Ok(done(&row, RequestState::Answered, answer))
        })
    }
}

/// The request, if the step is its next one.
async fn step(tx: &mut Tx, id: &str, to: RequestState) -> Result<RequestRow, Error> {
    let row = store::by_id(tx.connection(), id)
        .await?
        .ok_or(Error::NotFound)?;
    let from = RequestState::from_code(&row.state)
        .ok_or_else(|| Error::Store(format!("certificate request {id} is {}", row.state)))?;
    from.next(to)?;
    Ok(row)
}

/// A day that is not in the future, nor before the step before it, and a text.
fn noted(
    tx: &Tx,
    fields: &Fields,
    name: &'static str,
    not_before: Option<&str>,
) -> Result<(String, String), Error> {
    let typed = |field: &str| fields.get(field).map_or("", String::as_str);
    let today = tx.at.beijing_date();
    let first = not_before.map(day_of).transpose()?;
    let day = date("date", typed("date")).and_then(|day| {
        let order = |start, end| {
            Refusal::new(codes::END_BEFORE_START)
                .at("date")
                .with("start", start)
                .with("end", end)
        };
        match first {
            _ if day > today => Err(order(day, today)),
            Some(first) if day < first => Err(order(first, day)),
            _ => Ok(day),
        }
    });
    match (day, required_text(name, typed(name), TEXT_MAX)) {
        (Ok(day), Ok(text)) => Ok((day.to_string(), text)),
        (day, text) => Err([day.err(), text.err()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .into()),
    }
}

fn done(row: &RequestRow, state: RequestState, note: String) -> Done<CertificateReceipt> {
    Done {
        subject_kind: "project",
        subject: row.project_id.clone(),
        state: None,
        note: Some(note),
        is_public: false,
        answer: CertificateReceipt {
            id: row.id.clone(),
            state: state.code().to_owned(),
        },
    }
}

fn view(row: RequestRow) -> CertificateRequest {
    let months = read_months(&row.months).unwrap_or_default();
    CertificateRequest {
        id: row.id,
        kind: row.kind,
        project: row.project_id,
        project_code: row.project_code,
        project_name: row.project_name,
        report: row.report_id,
        report_number: row.report_number,
        archive_code: row.archive_code,
        first_day: row.first_day,
        last_day: row.last_day,
        months: months
            .into_iter()
            .map(|line| ClaimedMonth {
                month: line.month.to_string(),
                settled: line.settled,
                claimed: line.claimed,
                certificates: line.certificates,
            })
            .collect(),
        state: row.state,
        sent_on: row.sent_on,
        reference: row.reference,
        answered_on: row.answered_on,
        answer: row.answer,
        at: Instant(row.at),
    }
}

/// The plant's archive code in a document, as it is compared; `None` for planted land.
pub(crate) fn archive_code(row: &RecordRow) -> Result<Option<String>, Error> {
    let fields = fields_of(row.published_fields.as_deref().unwrap_or(&row.fields))?;
    let typed = fields.get("archive_code").map_or("", String::as_str);
    let key = domain::claim::comparable_key(typed);
    Ok(Some(key).filter(|key| !key.is_empty()))
}

/// On the registration of a project: freeze the untraded certificates of its crediting period.
pub(crate) async fn request_freeze(tx: &mut Tx, project: &RecordRow) -> Result<(), Error> {
    request(tx, project, project, None, "").await
}

/// On the registration of reductions: cancel the untraded certificates that match them.
pub(crate) async fn request_cancel(
    tx: &mut Tx,
    project: &RecordRow,
    report: &RecordRow,
) -> Result<(), Error> {
    let fields = fields_of(report.published_fields.as_deref().unwrap_or(&report.fields))?;
    let months = fields.get(MONTHS).map_or("", String::as_str);
    request(tx, project, report, Some(&report.id), months).await
}

async fn request(
    tx: &mut Tx,
    project: &RecordRow,
    period_of: &RecordRow,
    report: Option<&str>,
    months: &str,
) -> Result<(), Error> {
    let (Some(code), Some(first), Some(last)) = (
        archive_code(project)?,
        period_of.period_start.as_deref(),
        period_of.period_end.as_deref(),
    ) else {
        return Ok(());
    };
    let (id, at, act) = (new_id(), tx.at.0, tx.act.clone());
    let new = NewRequest {
        id: &id,
        kind: if report.is_some() { "cancel" } else { "freeze" },
        project_id: &project.id,
        report_id: report,
        archive_code: &code,
        first_day: first,
        last_day: last,
        months,
        at,
        act_id: &act,
    };
    Ok(store::insert(tx.connection(), &new).await?)
}

/// The period of a report's document.
fn period_of(fields: &Fields) -> Option<(Date, Date)> {
    let day = |field: &str| date(field, fields.get(field)?).ok();
    Some((day("period_from")?, day("period_to")?))
}

/// A month that several reports of a project have a part of: all together claim no more of it than was settled.
pub(crate) async fn check_shared_months(
    tx: &mut Tx,
    report: &RecordRow,
    months: &[MonthLine],
) -> Result<(), Error> {
    let project = report.project_id.as_deref().unwrap_or("");
    let period = period_of(&fields_of(&report.fields)?);
    let mut others = Vec::new();
    for document in store::other_reports(tx.connection(), project, &report.id).await? {
        let fields = fields_of(&document)?;
        let overlaps = period_of(&fields).zip(period).is_some_and(|(one, other)| {
            overlap_in_time((one.0, Some(one.1)), (other.0, Some(other.1)))
        });
        // periods that overlap are refused as such
        if !overlaps {
            let theirs = fields.get(MONTHS).map_or("", String::as_str);
            others.extend(read_months(theirs).unwrap_or_default());
        }
    }
    let refusals = shared_months(months, &others);
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(refusals.into())
    }
}
