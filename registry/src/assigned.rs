//! Transfers that are not trades, for the registry and for both parties; the documents they rest on are read by the registry and the receiver,
//! nobody else.

use domain::{Instant, Role};
use serde::Serialize;

use crate::store::credit_document::{self as store, AssignedRow};
use crate::{By, Error, Page, PageRequest, Registry, StoredFile};

/// A transfer that was no trade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssignedCredits {
    /// The act.
    pub act: String,
    /// Why: a code of `domain::ledger::AssignGround`.
    pub cause: String,
    /// Who issued the document.
    pub authority: String,
    /// Its number.
    pub document_number: String,
    /// Its day, `YYYY-MM-DD`.
    pub document_date: String,
    /// From whom.
    pub from: String,
    /// To whom.
    pub to: String,
    /// Tonnes.
    pub quantity: i64,
    /// When.
    pub at: Instant,
    /// Whether there is a document that the viewer, who lost the credits, does not read.
    pub withheld: bool,
    /// The document; `None` for a transfer from before documents were uploaded, and for who lost the credits.
    pub file: Option<StoredFile>,
}

impl Registry {
    /// The transfers that were no trades, newest first: all of them for the registry, for a holder those it gave or received.
    pub async fn assigned_list(
        &self,
        by: &By,
        page: &PageRequest,
    ) -> Result<Page<AssignedCredits>, Error> {
        let party = (by.role != Role::RegistryOperator).then_some(by.organisation.as_str());
        let mut connection = self.store.read().await?;
        let (before, size) = (page.before(), page.rows() + 1);
        let rows = store::assigned(&mut connection, party, before, size).await?;
        let rows = rows.into_iter().map(|row| view(by, row)).collect();
        Ok(Page::cut(rows, page.rows(), |row| row.act.clone()))
    }

    /// The document of one of them; `NotFound` for whoever is neither the receiver nor the registry.
    pub async fn assigned_document(&self, by: &By, act: &str) -> Result<StoredFile, Error> {
        let mut connection = self.store.read().await?;
        let row = store::assigned_by(&mut connection, act).await?;
        view(by, row.ok_or(Error::NotFound)?)
            .file
            .ok_or(Error::NotFound)
    }
}

fn view(by: &By, row: AssignedRow) -> AssignedCredits {
    let reads = by.role == Role::RegistryOperator || row.to_id == by.organisation.as_str();
    let withheld = !reads && row.hash.is_some();
    let file = match (row.hash, row.file_name, row.bytes, row.media_type) {
        (Some(hash), Some(file_name), Some(bytes), Some(media_type)) => Some(StoredFile {
            hash,
            bytes,
            media_type,
            file_name,
        })
        .filter(|_| reads),
        _ => None,
    };
    AssignedCredits {
        act: row.act_id,
        cause: row.ground,
        authority: row.authority,
        document_number: row.document_number,
        document_date: row.document_date,
        from: row.from_name,
        to: row.to_name,
        quantity: row.quantity,
        at: Instant(row.at),
        withheld,
        file,
    }
}
