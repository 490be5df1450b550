//! Batches of carbon inclusion as anyone may see them, from the first day of their notice: figures only, and no count of few people.

use domain::Instant;
use domain::inclusion::Guards;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::credits::serial_text;
use crate::inclusion::RecognitionBasis;
use crate::store::inclusion::batch as inner;
use crate::store::public_batch::{self as store, PublicBatchStored};
use crate::{Error, Page, PageRequest, Public, parameter_set};

/// How many batches of a scheme are shown; all of them are in their own list.
const OF_SCHEME: i64 = 50;

/// A batch of personal reductions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicBatch {
    /// Its number, `PB-2026-00001`.
    pub number: String,
    /// Code of the region of its acts.
    pub region: String,
    /// First day of its acts, `YYYY-MM-DD`.
    pub starts_on: String,
    /// Last day of its acts.
    pub ends_on: String,
    /// Who recognises its tonnes: `provincial`, `municipal`, `none`.
    pub recognition: String,
    /// The document that recognition rests on: title, number, who issued it and when; `None` where nobody recognises them, or from before
    /// it was asked.
    pub basis: Option<RecognitionBasis>,
    /// `in_notice`, `issued`, or `rejected` after its notice had begun.
    pub state: String,
    /// First day of the notice.
    pub notice_first: String,
    /// Last day of the notice: nothing is issued before it is over.
    pub notice_last: String,
    /// Milligrams of CO2e frozen in it; `None`: of too few people to be shown.
    pub mg: Option<i64>,
    /// Acts in it; `None`: of too few people to be shown.
    pub acts: Option<i64>,
    /// People behind it; `None`: too few to be shown.
    pub people: Option<i64>,
    /// Fewest people behind a count that is shown.
    pub people_min: i64,
    /// Acts in the sample of the verifier.
    pub sample: Option<i64>,
    /// Those of them that were not confirmed.
    pub sample_errors: Option<i64>,
    /// The share of the sampled mass that was not confirmed, in ten-thousandths; `None` from before it was drawn by mass.
    pub wrong_share: Option<i64>,
    /// Deducted, in ten-thousandths.
    pub haircut_share: Option<i64>,
    /// Whole tonnes issued.
    pub tonnes: Option<i64>,
    /// Their serial numbers.
    pub serials: Option<String>,
    /// When they were issued.
    pub issued_at: Option<Instant>,
    /// Name of the body that verified it.
    pub verifier: String,
    /// Root of the tree of hashes over its lots, hexadecimal.
    pub merkle_root: String,
}

/// A batch with the events that reductions were given to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicBatchPage {
    /// The batch.
    #[serde(flatten)]
    pub batch: PublicBatch,
    /// Titles of the events to which enough people gave what is in it, by name.
    pub campaigns: Vec<String>,
}

impl Public<'_> {
    /// The batches whose notice has begun, newest first.
    pub async fn inclusion_batches(&self, page: &PageRequest) -> Result<Page<PublicBatch>, Error> {
        let mut connection = self.store.read().await?;
        let rows = store::batches(&mut connection, page.before(), page.rows() + 1).await?;
        let cut = Page::cut(rows, page.rows(), |row| row.id.clone());
        let mut rows = Vec::with_capacity(cut.rows.len());
        for row in cut.rows {
            rows.push(shown(&mut connection, row).await?);
        }
        Ok(Page {
            rows,
            next: cut.next,
        })
    }

    /// One by its number, however it is written. `NotFound` before its notice.
    pub async fn inclusion_batch(&self, number: &str) -> Result<PublicBatchPage, Error> {
        let number = number.trim().to_ascii_uppercase();
        let mut connection = self.store.read().await?;
        let row = store::batch(&mut connection, &number).await?;
        let row = row.ok_or(Error::NotFound)?;
        let id = row.id.clone();
        let batch = shown(&mut connection, row).await?;
        let campaigns = inner::campaigns_of(&mut connection, &id, batch.people_min).await?;
        Ok(PublicBatchPage { batch, campaigns })
    }
}

/// The latest batches that the tonnes of a scheme were issued from, newest first, each with the document that its recognition rests on.
pub(crate) async fn of_scheme(
    connection: &mut AnyConnection,
    scheme: &str,
) -> Result<Vec<PublicBatch>, Error> {
    let mut batches = Vec::new();
    for row in store::of_scheme(connection, scheme, OF_SCHEME).await? {
        batches.push(shown(connection, row).await?);
    }
    Ok(batches)
}

async fn shown(
    connection: &mut AnyConnection,
    row: PublicBatchStored,
) -> Result<PublicBatch, Error> {
    // the fewest as it was when the batch was frozen: what was shown once stays as it is
    let set = parameter_set::in_force(connection).await?;
    let people_min = Guards::on(&set, Instant(row.frozen_at).beijing_date())?.accounts_min;
    let is_crowd = row.accounts >= people_min;
    let serials = match (row.code, row.vintage, row.serial_start, row.serial_end) {
        (Some(code), Some(vintage), Some(first), Some(last)) => {
            Some(serial_text(&code, vintage, first, last)?)
        }
        _ => None,
    };
    Ok(PublicBatch {
        number: row.number,
        region: row.region,
        starts_on: row.period_start,
        ends_on: row.period_end,
        recognition: row.recognition,
        basis: RecognitionBasis::of(
            (row.recognition_title, row.recognition_number),
            (row.recognised_by, row.recognised_on),
        ),
        state: row.state,
        notice_first: row.notice_first,
        notice_last: row.notice_last,
        mg: is_crowd.then_some(row.mg),
        acts: is_crowd.then_some(row.lots),
        people: is_crowd.then_some(row.accounts),
        people_min,
        sample: row.sample_size.filter(|_| is_crowd),
        sample_errors: row.sample_errors.filter(|_| is_crowd),
        wrong_share: row.wrong_share,
        haircut_share: row.haircut_share,
        tonnes: row.issued_tonnes,
        serials,
        issued_at: row.issued_at.map(Instant),
        verifier: row.verifier,
        merkle_root: row.merkle_root,
    })
}
