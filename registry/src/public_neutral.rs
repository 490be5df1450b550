//! Claims of neutrality as anyone may see them: every published version, newest first, and what may be said today.

use domain::neutral::{NeutralState, NeutralStatement};
use serde::Serialize;

use crate::neutral::state_of;
use crate::number::read_neutral_number;
use crate::record::day_of;
use crate::store::public_neutral::{self as store, PublicClaimStored, PublicVersionStored};
use crate::{Error, NeutralContent, Page, PageRequest, Public};

/// A claim in the public list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicNeutralRow {
    /// Its number, `N2026-000001-7`.
    pub number: String,
    /// `organisation` or `product`.
    pub kind: String,
    /// Its subject, as published last.
    pub name: String,
    /// Who claims.
    pub claimant: String,
    /// First day of the period, `YYYY-MM-DD`.
    pub starts_on: String,
    /// Last day.
    pub ends_on: String,
    /// Its state.
    pub state: NeutralState,
    /// What may be said of it.
    pub says: NeutralStatement,
    /// Whole tonnes of the newest version: its figure, rounded up.
    pub tonnes: i64,
    /// Tonnes of its retirements that count.
    pub covered_tonnes: i64,
    /// The day of the newest version.
    pub published_on: String,
    /// Published versions.
    pub version: i64,
    /// Why it is being corrected, or was withdrawn.
    pub reason: Option<String>,
}

/// A published version of a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicNeutralVersion {
    /// 1, 2, 3, …
    pub version: i64,
    /// The day.
    pub published_on: String,
    /// Why the version before was not right.
    pub correction: Option<String>,
    /// The footprint, tCO2e, a decimal.
    pub footprint: String,
    /// The same, rounded up to whole tonnes.
    pub tonnes: i64,
    /// Tonnes of the retirements that count.
    pub covered_tonnes: i64,
    /// What it said, and the retirements.
    pub content: NeutralContent,
}

/// Everything anyone may see of a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicNeutral {
    /// The row of the list.
    #[serde(flatten)]
    pub row: PublicNeutralRow,
    /// Every version, newest first.
    pub versions: Vec<PublicNeutralVersion>,
}

impl Public<'_> {
    /// Published claims, newest first.
    pub async fn neutral_claims(
        &self,
        page: &PageRequest,
    ) -> Result<Page<PublicNeutralRow>, Error> {
        let mut connection = self.store.read().await?;
        let rows = store::claims(&mut connection, page.before(), page.rows() + 1).await?;
        let cut = Page::cut(rows, page.rows(), |row| row.id.clone());
        let rows: Result<Vec<_>, Error> = cut.rows.into_iter().map(row_of).collect();
        Ok(Page {
            rows: rows?,
            next: cut.next,
        })
    }

    /// One claim by its number.
    pub async fn neutral_claim(&self, number: &str) -> Result<PublicNeutral, Error> {
        let number = read_neutral_number(number).ok_or(Error::NotFound)?;
        let mut connection = self.store.read().await?;
        let stored = store::claim(&mut connection, &number).await?;
        let stored = stored.ok_or(Error::NotFound)?;
        let versions = store::versions(&mut connection, &stored.id).await?;
        let versions: Result<Vec<_>, Error> = versions.into_iter().map(version_of).collect();
        Ok(PublicNeutral {
            row: row_of(stored)?,
            versions: versions?,
        })
    }
}

fn row_of(stored: PublicClaimStored) -> Result<PublicNeutralRow, Error> {
    let content = content_of(&stored.content)?;
    let state = state_of(&stored.state)?;
    let says = NeutralStatement::of(
        state,
        day_of(&stored.published_on)?,
        day_of(&stored.ends_on)?,
        stored.tonnes,
        stored.covered_tonnes,
    );
    Ok(PublicNeutralRow {
        name: content.profile.get("name").cloned().unwrap_or_default(),
        says,
        state,
        number: stored.number,
        kind: stored.kind,
        claimant: stored.claimant,
        starts_on: stored.starts_on,
        ends_on: stored.ends_on,
        tonnes: stored.tonnes,
        covered_tonnes: stored.covered_tonnes,
        published_on: stored.published_on,
        version: stored.version,
        reason: stored.reason,
    })
}

fn version_of(stored: PublicVersionStored) -> Result<PublicNeutralVersion, Error> {
    Ok(PublicNeutralVersion {
        content: content_of(&stored.content)?,
        version: stored.version,
        published_on: stored.published_on,
        correction: stored.correction,
        footprint: stored.footprint,
        tonnes: stored.tonnes,
        covered_tonnes: stored.covered_tonnes,
    })
}

fn content_of(stored: &str) -> Result<NeutralContent, Error> {
    serde_json::from_str(stored)
        .map_err(|error| Error::Store(format!("stored version of a claim: {error}")))
}
