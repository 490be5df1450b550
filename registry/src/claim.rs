//! Who has an activity: the claims of projects here, made by themselves, and those of other mechanisms, entered by the registry with their source.
//!
//! At the request for publicity and at registration an overlap in key and time is refused, and the other one is named as far as it is public
//! (Measures art. 10, 48). Two that ask at once meet in the database: one of them is refused.

use domain::claim::{Holder, KeyKind, Mechanism, comparable_key, overlap_in_time, refusal};
use domain::refusal::codes;
use domain::text::{date, optional_text, required_text};
use domain::{Act, Instant, Refusal};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use time::Date;

use crate::green_certificate::archive_code;
use crate::perform::{Deed, Done, Tx, new_id, perform};
use crate::record::{day_of, reason};
use crate::store::boundary as boundaries;
use crate::store::claim::{self as store, ClaimRow};
use crate::store::record::RecordRow;
use crate::{By, Error, Fields, Registry};

/// The longest key, family, reference and source, characters.
const TEXT_MAX: usize = 300;
/// The longest boundary that is pasted, characters.
const BOUNDARY_MAX: usize = 1_000_000;
/// Claims on one page.
const LISTED_MAX: i64 = 500;

/// The answer to an act on a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimReceipt {
    /// The claim.
    pub id: String,
    /// `active` or `ended`.
    pub status: String,
}

/// A claim as the registry sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClaimView {
    /// Its id.
    pub id: String,
    /// The mechanism's code.
    pub mechanism: String,
    /// What it is on: `plant`, `boundary` or `device`.
    pub key_kind: String,
    /// The code, the number, or the name of the land.
    pub key: String,
    /// The family of methodologies.
    pub family: String,
    /// The first day, `YYYY-MM-DD`.
    pub from: String,
    /// The last day; `None` without an end.
    pub to: Option<String>,
    /// Its name or number in that mechanism.
    pub reference: String,
    /// Where it was read.
    pub source: String,
    /// The project here, its code and its name.
    pub project: Option<(String, Option<String>, String)>,
    /// Whether it holds.
    pub active: bool,
    /// Why it ended.
    pub ended_reason: Option<String>,
    /// When it was entered.
    pub at: Instant,
    /// The names of other claims that hold on the same key at the same time.
    pub conflicts: Vec<String>,
}

impl Registry {
    /// Every claim, newest first, at most 500. For the registry.
    pub async fn claims(&self, by: &By) -> Result<Vec<ClaimView>, Error> {
        Deed::check_role(Act::ClaimEnter, by)?;
        let mut connection = self.store.read().await?;
        let rows = store::all(&mut connection, LISTED_MAX).await?;
        rows.iter().map(|row| view(row, &rows)).collect()
    }

    /// The registry enters a claim of another mechanism. Reads `mechanism`, `key_kind`, `key`, `boundary` (GeoJSON, for land), `family`, `from`,
    /// `to`, `reference` and `source`.
    pub async fn claim_enter(&self, by: &By, fields: &Fields) -> Result<ClaimReceipt, Error> {
        let deed = Deed::by(Act::ClaimEnter, by, &fields)?;
        let row = read(fields)?;
        perform!(self, deed, |tx| {
            let row = ClaimRow {
                id: new_id(),
                at: tx.at.0,
                holds: 1,
                ..row.clone()
            };
            let act = tx.act.clone();
            store::insert(tx.connection(), &row, &act).await?;
            Ok(done(row.id.clone(), "active", Some(row.source.clone())))
        })
    }

    /// The registry ends a claim of another mechanism. Reads `reason`. Claims of projects here end with the project.
    pub async fn claim_end(
        &self,
        by: &By,
        claim: &str,
        fields: &Fields,
    ) -> Result<ClaimReceipt, Error> {
        let deed = Deed::by(Act::ClaimEnd, by, &(claim, fields))?;
        perform!(self, deed, |tx| {
            let row = store::by_id(tx.connection(), claim).await?;
            let row = row
                .filter(|row| row.project_id.is_none())
                .ok_or(Error::NotFound)?;
            if row.ended_at.is_some() {
                return Err(Refusal::new(codes::CLAIM_ENDED).into());
            }
            let (reason, at) = (reason(fields)?, tx.at.0);
            store::end(tx.connection(), &row.id, &reason, at).await?;
            Ok(done(row.id, "ended", Some(reason)))
        })
    }
}

fn done(id: String, status: &str, note: Option<String>) -> Done<ClaimReceipt> {
    Done {
        subject_kind: "claim",
        subject: id.clone(),
        state: None,
        note,
        is_public: false,
        answer: ClaimReceipt {
            id,
            status: status.to_owned(),
        },
    }
}

/// A claim of another mechanism as typed.
fn read(fields: &Fields) -> Result<ClaimRow, Vec<Refusal>> {
    let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
    let mut refusals = Vec::new();
    let mut row = ClaimRow::default();
    let choice = |field: &str, known: bool| match (known, typed(field)) {
        (true, _) => None,
        (false, "") => Some(Refusal::new(codes::REQUIRED).at(field)),
        (false, _) => Some(Refusal::new(codes::CHOICE_INVALID).at(field)),
    };
    let mechanism =
        Mechanism::from_code(typed("mechanism")).filter(|found| *found != Mechanism::Ccer);
    refusals.extend(choice("mechanism", mechanism.is_some()));
    let kind = KeyKind::from_code(typed("key_kind"));
    refusals.extend(choice("key_kind", kind.is_some()));
    mechanism
        .map_or("", Mechanism::code)
        .clone_into(&mut row.mechanism);
    kind.map_or("", KeyKind::code).clone_into(&mut row.key_kind);
    let mut text = |field: &str| match required_text(field, typed(field), TEXT_MAX) {
        Ok(text) => text,
        Err(refusal) => {
            refusals.push(refusal);
            String::new()
        }
    };
    let key = text("activity_key");
    row.family = text("family");
    row.source = text("source");
    row.key_text = if kind == Some(KeyKind::Boundary) {
        key
    } else {
        comparable_key(&key)
    };
    match optional_text("reference", typed("reference"), TEXT_MAX) {
        Ok(reference) => row.reference = reference.unwrap_or_default(),
        Err(refusal) => refusals.push(refusal),
    }
    let from = date("from", typed("from"));
    let to = match typed("to") {
        "" => Ok(None),
        typed => date("to", typed).map(Some),
    };
    match (from, to) {
        (Ok(from), Ok(Some(to))) if to < from => refusals.push(
            Refusal::new(codes::END_BEFORE_START)
                .at("to")
                .with("start", from)
                .with("end", to),
        ),
        (Ok(from), Ok(to)) => {
            row.valid_from = from.to_string();
            row.valid_to = to.map(|to| to.to_string());
        }
        (from, to) => refusals.extend([from.err(), to.err()].into_iter().flatten()),
    }
    if kind == Some(KeyKind::Boundary) {
        match read_boundary(typed("boundary")) {
            Ok(geojson) => row.geojson = Some(geojson),
            Err(refused) => refusals.extend(refused),
        }
    }
    if refusals.is_empty() {
        Ok(row)
    } else {
        Err(refusals)
    }
}

/// Pasted GeoJSON, normalised as a project's boundary is.
pub(crate) fn read_boundary(typed: &str) -> Result<String, Vec<Refusal>> {
    let text = required_text("boundary", typed, BOUNDARY_MAX).map_err(|refusal| vec![refusal])?;
    let read = boundary::read(text.as_bytes(), &boundary::Rules::default());
    let problem = |problem: boundary::Problem| Refusal {
        code: problem.code,
        field: Some("boundary".to_owned()),
        params: problem.params,
    };
    read.map(|read| read.to_geojson())
        .map_err(|problems| problems.into_iter().map(problem).collect())
}

type Span = (Date, Option<Date>);

fn span(row: &ClaimRow) -> Result<Span, Error> {
    Ok((
        day_of(&row.valid_from)?,
        row.valid_to.as_deref().map(day_of).transpose()?,
    ))
}

fn view(row: &ClaimRow, all: &[ClaimRow]) -> Result<ClaimView, Error> {
    let mut conflicts = Vec::new();
    for other in all {
        let meets = other.id != row.id
            && (&other.key_kind, &other.key_text) == (&row.key_kind, &row.key_text)
            && other.holds == 1
            && row.holds == 1
            && (other.project_id.is_none() || other.project_id != row.project_id)
            && overlap_in_time(span(row)?, span(other)?);
        if meets {
            let name = other.project_name.clone();
            conflicts
                .push(name.unwrap_or_else(|| format!("{} {}", other.mechanism, other.reference)));
        }
    }
    Ok(ClaimView {
        id: row.id.clone(),
        mechanism: row.mechanism.clone(),
        key_kind: row.key_kind.clone(),
        key: row.key_text.clone(),
        family: row.family.clone(),
        from: row.valid_from.clone(),
        to: row.valid_to.clone(),
        reference: row.reference.clone(),
        source: row.source.clone(),
        project: row.project_id.clone().map(|id| {
            let name = row.project_name.clone().unwrap_or_default();
            (id, row.project_code.clone(), name)
        }),
        active: row.holds == 1,
        ended_reason: row.ended_reason.clone(),
        at: Instant(row.at),
        conflicts,
    })
}

/// What may be told about the one who has it.
fn holder(row: &ClaimRow) -> Result<Holder, Error> {
    let (from, to) = span(row)?;
    Ok(match (&row.project_id, &row.public_tab) {
        (Some(_), Some(_)) => Holder::Project {
            name: row.project_name.clone().unwrap_or_default(),
            code: row.project_code.clone(),
        },
        (Some(_), None) => Holder::Application,
        (None, _) => Holder::Elsewhere {
            mechanism: Mechanism::from_code(&row.mechanism)
                .ok_or_else(|| Error::Store(format!("claim {} of {}", row.id, row.mechanism)))?,
            reference: row.reference.clone(),
            from,
            to,
        },
    })
}

fn of_row(start: Option<&str>, end: Option<&str>) -> Result<Option<Span>, Error> {
    Ok(match (start, end) {
        (Some(start), Some(end)) => Some((day_of(start)?, Some(day_of(end)?))),
        _ => None,
    })
}

/// Refuses a project whose plant another project here has, at whatever time, or whose plant or land another mechanism has within the crediting
/// period. `row` holds the crediting period already.
pub(crate) async fn check_project(tx: &mut Tx, row: &RecordRow) -> Result<(), Error> {
    let period = of_row(row.period_start.as_deref(), row.period_end.as_deref())?;
    let refusals = conflicts(tx, row, period, true).await?;
    refuse(refusals)
}

/// Refuses reductions whose plant or land another mechanism has within the monitoring period.
pub(crate) async fn check_report(
    tx: &mut Tx,
    project: &RecordRow,
    report: &RecordRow,
) -> Result<(), Error> {
    let period = of_row(report.period_start.as_deref(), report.period_end.as_deref())?;
    let refusals = conflicts(tx, project, period, false).await?;
    refuse(refusals)
}

fn refuse(refusals: Vec<Refusal>) -> Result<(), Error> {
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(refusals.into())
    }
}

async fn conflicts(
    tx: &mut Tx,
    project: &RecordRow,
    period: Option<Span>,
    with_projects: bool,
) -> Result<Vec<Refusal>, Error> {
    let meets = |row: &ClaimRow| -> Result<bool, Error> {
        Ok(match (row.project_id.is_some(), period) {
            (true, _) => with_projects,
            (false, Some(period)) => overlap_in_time(period, span(row)?),
            (false, None) => false,
        })
    };
    let mut refusals = Vec::new();
    if let Some(key) = archive_code(project)? {
        let plant = KeyKind::Plant.code();
        for row in store::on_key(tx.connection(), plant, &key, &project.id).await? {
            if meets(&row)? {
                refusals.push(refusal(&holder(&row)?, &key));
            }
        }
    }
    if let Some(own) = boundaries::of_project(tx.connection(), &project.id).await? {
        for row in store::land_elsewhere(tx.connection()).await? {
            let theirs = row.geojson.clone().unwrap_or_default();
            if meets(&row)? && shares_land(own.geojson.clone(), theirs).await? {
                refusals.push(refusal(&holder(&row)?, &row.key_text));
            }
        }
    }
    Ok(refusals)
}

/// The name of another mechanism's claim, or of another event's forest, that shares land with a boundary; `None`: nobody has it.
pub(crate) async fn land_taken_by(tx: &mut Tx, geojson: &str) -> Result<Option<String>, Error> {
    for row in store::land_elsewhere(tx.connection()).await? {
        let theirs = row.geojson.clone().unwrap_or_default();
        if shares_land(geojson.to_owned(), theirs).await? {
            return Ok(Some(row.key_text));
        }
    }
    Ok(None)
}

/// Whether two stored boundaries share land. Geometry takes a while: not on the threads that answer requests.
async fn shares_land(one: String, other: String) -> Result<bool, Error> {
    let problem = |problem: boundary::Problem| Error::Store(format!("boundary: {}", problem.code));
    let shared = tokio::task::spawn_blocking(move || {
        let (one, other) = (boundary::reopen(&one)?, boundary::reopen(&other)?);
        boundary::overlap(&one, &other)
    });
    let shared = shared
        .await
        .map_err(|error| Error::Store(format!("boundary: {error}")))?;
    Ok(shared.map_err(problem)?.is_some())
}

/// A project that is handed in claims its plant, or its land, for its crediting period; what it claimed before makes way.
pub(crate) async fn claim_project(tx: &mut Tx, row: &RecordRow) -> Result<(), Error> {
    store::remove_of_project(tx.connection(), &row.id).await?;
    let (Some(from), Some(to)) = (row.period_start.clone(), row.period_end.clone()) else {
        return Ok(());
    };
    let key = archive_code(row)?.map(|key| (KeyKind::Plant, key));
    let has_land = has_boundary(tx.connection(), &row.id).await?;
    let land = has_land.then(|| (KeyKind::Boundary, row.name.clone()));
    for (kind, key_text) in [key, land].into_iter().flatten() {
        let claim = ClaimRow {
            id: new_id(),
            mechanism: Mechanism::Ccer.code().to_owned(),
            key_kind: kind.code().to_owned(),
            key_text,
            family: row.methodology.clone(),
            valid_from: from.clone(),
            valid_to: Some(to.clone()),
            project_id: Some(row.id.clone()),
            at: tx.at.0,
            holds: 1,
            ..ClaimRow::default()
        };
        let act = tx.act.clone();
        store::insert(tx.connection(), &claim, &act).await?;
    }
    Ok(())
}

async fn has_boundary(connection: &mut AnyConnection, project: &str) -> Result<bool, Error> {
    Ok(boundaries::of_project(connection, project).await?.is_some())
}
