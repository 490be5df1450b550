//! Beneficiaries that a holder keeps for its retirements: its own book. What a certificate says is copied when it is given; changing or
//! emptying the book changes nothing that is public.

use domain::Act;
use domain::ledger::{BeneficiaryEntry, BeneficiaryKind};
use domain::refusal::codes;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use crate::perform::{Deed, Done, new_id, perform};
use crate::store::beneficiary::{self as store, BeneficiaryRow};
use crate::{By, Error, Fields, Page, PageRequest, Registry};

/// The field that chooses an entry of the book.
const CHOSEN: &str = "beneficiary_id";

/// An entry of the book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BeneficiaryView {
    /// Its id: the value of the form field `beneficiary_id`.
    pub id: String,
    /// What it is.
    pub kind: BeneficiaryKind,
    /// Its name.
    pub name: String,
    /// The unified social credit code of an organisation, if it is known.
    pub uscc: Option<String>,
    /// For the holder only.
    pub note: String,
}

/// The answer to an act about the book: no name, so that what is taken out is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeneficiaryReceipt {
    /// The entry's id.
    pub id: String,
}

impl Registry {
    /// The book of the viewer's organisation, newest first.
    pub async fn beneficiary_list(
        &self,
        by: &By,
        page: &PageRequest,
    ) -> Result<Page<BeneficiaryView>, Error> {
        let mut connection = self.store.read().await?;
        let me = by.organisation.as_str();
        let rows = store::list(&mut connection, me, page.before(), page.rows() + 1).await?;
        let rows: Result<Vec<_>, Error> = rows.into_iter().map(view).collect();
        Ok(Page::cut(rows?, page.rows(), |row| row.id.clone()))
    }

    /// One entry; `NotFound` for those of others.
    pub async fn beneficiary_get(&self, by: &By, id: &str) -> Result<BeneficiaryView, Error> {
        let mut connection = self.store.read().await?;
        let row = store::by_id(&mut connection, by.organisation.as_str(), id).await?;
        view(row.ok_or(Error::NotFound)?)
    }

    /// Keeps a beneficiary. Reads `kind` (`organisation` or `person`), `name`, `uscc`, `note`.
    pub async fn beneficiary_add(
        &self,
        by: &By,
        fields: &Fields,
    ) -> Result<BeneficiaryReceipt, Error> {
        let deed = Deed::by(Act::BeneficiaryAdd, by, fields)?;
        let entry = BeneficiaryEntry::read(fields)?;
        perform!(self, deed, |tx| {
            let row = row_of(new_id(), &entry);
            let at = tx.at.0;
            store::insert(tx.connection(), by.organisation.as_str(), &row, at).await?;
            Ok(done(by, row.id))
        })
    }

    /// Corrects an entry. Reads what adding reads. Nothing that is public changes.
    pub async fn beneficiary_change(
        &self,
        by: &By,
        id: &str,
        fields: &Fields,
    ) -> Result<BeneficiaryReceipt, Error> {
        let deed = Deed::by(Act::BeneficiaryChange, by, &(id, fields))?;
        perform!(self, deed, |tx| {
            let (me, at) = (by.organisation.as_str(), tx.at.0);
            let found = store::by_id(tx.connection(), me, id).await?;
            found.ok_or(Error::NotFound)?;
            let row = row_of(id.to_owned(), &BeneficiaryEntry::read(fields)?);
            store::update(tx.connection(), me, &row, at).await?;
            Ok(done(by, row.id))
        })
    }

    /// Takes an entry out: it is deleted. Nothing that is public changes.
    pub async fn beneficiary_remove(&self, by: &By, id: &str) -> Result<BeneficiaryReceipt, Error> {
        let deed = Deed::by(Act::BeneficiaryRemove, by, &id)?;
        perform!(self, deed, |tx| {
            if !store::delete(tx.connection(), by.organisation.as_str(), id).await? {
                return Err(Error::NotFound);
            }
            Ok(done(by, id.to_owned()))
        })
    }

    /// The fields of a retirement with what `beneficiary_id` chooses from the book written out, as the act will read them: for a preview.
    pub async fn beneficiary_filled(&self, by: &By, fields: &Fields) -> Result<Fields, Error> {
        let mut connection = self.store.read().await?;
        fill(&mut connection, by, fields).await
    }
}

/// Whether a form chooses from the book.
pub(crate) fn is_chosen(fields: &Fields) -> bool {
    fields.get(CHOSEN).is_some_and(|id| !id.trim().is_empty())
}

/// Writes the chosen entry into the fields of a retirement: `beneficiary`, `beneficiary_uscc`, `beneficiary_kind`. Refuses
/// `choice_invalid` for an entry that is not in the holder's book.
pub(crate) async fn fill(
    connection: &mut AnyConnection,
    by: &By,
    fields: &Fields,
) -> Result<Fields, Error> {
    let mut filled = fields.clone();
    let chosen = filled.remove(CHOSEN).unwrap_or_default();
    if chosen.trim().is_empty() {
        return Ok(filled);
    }
    let row = store::by_id(connection, by.organisation.as_str(), chosen.trim()).await?;
    let row = row.ok_or_else(|| {
        domain::Refusal::new(codes::CHOICE_INVALID)
            .at(CHOSEN)
            .with("choices", "…")
    })?;
    filled.insert("beneficiary".to_owned(), row.name);
    filled.insert("beneficiary_kind".to_owned(), row.kind);
    filled.insert("beneficiary_uscc".to_owned(), row.uscc.unwrap_or_default());
    Ok(filled)
}

fn row_of(id: String, entry: &BeneficiaryEntry) -> BeneficiaryRow {
    BeneficiaryRow {
        id,
        kind: entry.kind.code().to_owned(),
        name: entry.name.clone(),
        uscc: entry.uscc.as_ref().map(ToString::to_string),
        note: entry.note.clone(),
    }
}

fn view(row: BeneficiaryRow) -> Result<BeneficiaryView, Error> {
    let kind = BeneficiaryKind::from_code(&row.kind)
        .ok_or_else(|| Error::Store(format!("unknown beneficiary {}", row.kind)))?;
    Ok(BeneficiaryView {
        kind,
        id: row.id,
        name: row.name,
        uscc: row.uscc,
        note: row.note,
    })
}

fn done(by: &By, id: String) -> Done<BeneficiaryReceipt> {
    Done {
        subject_kind: "organisation",
        subject: by.organisation.to_string(),
        state: None,
        note: None,
        is_public: false,
        answer: BeneficiaryReceipt { id },
    }
}
