//! What an organiser does with the answers of the form: looks through them, strikes out what is no answer, and says whether an imported
//! table stands for everybody or the form tells of others.

use domain::event::EventStep;
use domain::refusal::codes;
use domain::{Act, Instant, Refusal};
use serde::Serialize;

use crate::perform::{Deed, Tx, perform};
use crate::record::reason;
use crate::store::event::{self as store, EventRow};
use crate::{By, Error, Fields, Page, PageRequest, Registry};

use super::organiser::{open_shared, shared};
use super::{EventReceipt, bare_facts, done, step};

/// Answers of one act at most.
const ANSWERS_MAX: usize = 200;

/// An answer of the form for attendees, as its organisers see it. There is no name and no contact in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventAnswerView {
    /// Its id.
    pub id: String,
    /// When it was first given.
    pub at: Instant,
    /// Code of a [`domain::event::TravelMode`].
    pub mode: String,
    /// City of origin; may be empty.
    pub origin: String,
    /// Kilometres one way.
    pub km: i64,
    /// Nights.
    pub nights: i64,
    /// Meals.
    pub meals: i64,
    /// Why it was struck out; `None`: it counts.
    pub struck: Option<String>,
}

impl Registry {
    /// The answers of the form, newest first.
    pub async fn event_answers(
        &self,
        by: &By,
        event: &str,
        page: &PageRequest,
    ) -> Result<Page<EventAnswerView>, Error> {
        Deed::check_role(Act::EventCreate, by)?;
        let mut connection = self.store.read().await?;
        let row = shared(&mut connection, by, event).await?;
        let size = page.rows() + 1;
        let rows = store::form_answers(&mut connection, &row.id, page.before(), size).await?;
        let rows = rows.into_iter().map(|row| EventAnswerView {
            id: row.id,
            at: Instant(row.at),
            mode: row.mode,
            origin: row.origin,
            km: row.km,
            nights: row.nights,
            meals: row.meals,
            struck: row.struck_reason,
        });
        Ok(Page::cut(rows.collect(), page.rows(), |row| row.id.clone()))
    }

    /// Strikes answers of the form out (`decision` = `strike`), or takes them in again (`restore`): those with `answer.<id>` = `yes`, at most
    /// 200. Reads `reason`. What is struck out is kept, counts nowhere, and leaves its place within the limits of the form.
    pub async fn event_answers_strike(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventAnswersStrike, by, &(event, fields))?;
        perform!(self, deed, |tx| {
            let mut row = open_shared(tx, by, event).await?;
            let (strikes, chosen) = read_strike(fields)?;
            let reason = reason(fields)?;
            let facts = bare_facts(&row, tx.at)?;
            step(&mut row, EventStep::Attendees, &facts)?;
            let at = tx.at.0;
            let mut changed = 0;
            for id in &chosen {
                let struck = strikes.then_some((at, &*reason));
                let did = store::answer_strike(tx.connection(), &row.id, id, struck).await?;
                changed += i64::from(did);
            }
            if changed == 0 {
                return Err(Refusal::new(codes::EVENT_ANSWERS_NONE).into());
            }
            row.revision += 1;
            store::save(tx.connection(), &row).await?;
            let mut done = done(&row, Some(reason.clone()));
            done.answer.rows = Some(changed);
            Ok(done)
        })
    }

    /// Says what is counted where a table was imported and the form was answered. Reads `counts` (`import`: the table stands for everybody;
    /// `both`: the form tells of others) and `reason`.
    pub async fn event_attendee_sources(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventAttendeeSources, by, &(event, fields))?;
        let counts = fields.get("counts").map_or("", |typed| typed.trim());
        if !["import", "both"].contains(&counts) {
            let code = if counts.is_empty() {
                codes::REQUIRED
            } else {
                codes::CHOICE_INVALID
            };
            return Err(Refusal::new(code)
                .at("counts")
                .with("choices", "import, both")
                .into());
        }
        let reason = reason(fields)?;
        perform!(self, deed, |tx| {
            let mut row = open_shared(tx, by, event).await?;
            let facts = bare_facts(&row, tx.at)?;
            step(&mut row, EventStep::Attendees, &facts)?;
            row.attendee_sources = Some(counts.to_owned());
            row.revision += 1;
            store::save(tx.connection(), &row).await?;
            Ok(done(&row, Some(reason.clone())))
        })
    }
}

/// Refused while a table and the form both tell of attendees and nobody said whether they are the same people.
pub(super) async fn check_sources(tx: &mut Tx, row: &EventRow) -> Result<(), Error> {
    let (table, form) = store::attendee_sources(tx.connection(), &row.id).await?;
    if row.attendee_sources.is_some() || table == 0 || form == 0 {
        return Ok(());
    }
    Err(Refusal::new(codes::EVENT_SOURCES_OPEN)
        .with("table", table)
        .with("form", form)
        .into())
}

/// Whether answers are struck out or taken in again, and which.
fn read_strike(fields: &Fields) -> Result<(bool, Vec<String>), Refusal> {
    let strikes = match fields.get("decision").map_or("", |typed| typed.trim()) {
        "strike" => true,
        "restore" => false,
        "" => return Err(Refusal::new(codes::REQUIRED).at("decision")),
        _ => {
            return Err(Refusal::new(codes::CHOICE_INVALID)
                .at("decision")
                .with("choices", "strike, restore"));
        }
    };
    let chosen = fields.iter().filter(|(_, typed)| *typed == "yes");
    let chosen = chosen.filter_map(|(name, _)| name.strip_prefix("answer."));
    let chosen: Vec<String> = chosen.map(str::to_owned).collect();
    if chosen.is_empty() || chosen.len() > ANSWERS_MAX {
        return Err(Refusal::new(codes::EVENT_ANSWERS_NONE));
    }
    Ok((strikes, chosen))
}
