//! The real-name level of a personal account: asked for by whoever wants it, decided by an operator, given up at any time.
//!
//! Of the document only a digest that the server makes with its key comes in here, and the last two characters of its number. Both are
//! forgotten when the level ends.

use domain::inclusion::identity::read_refusal;
use domain::refusal::codes;
use domain::{Act, Instant, Refusal};
use serde::{Deserialize, Serialize};

use super::view::operator_only;
use super::{about_person, open_account};
use crate::perform::{Deed, Tx, new_id, perform};
use crate::store::inclusion::identity::{self as store, IdentityRow};
use crate::store::inclusion::person::account as people_of;
use crate::store::people;
use crate::{By, Error, Fields, Page, PageRequest, Registry};

/// What a person asks with. It says nothing about the document but a digest and two characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityAsked {
    /// `resident_id` or `passport`.
    pub kind: String,
    /// Digest of kind and number with a key of the server, 64 hexadecimal digits.
    pub digest: String,
    /// The last two characters of the number.
    pub last_two: String,
    /// The name in the document: compared with that of the account, and not kept.
    pub name: String,
}

/// The answer to an act on the real-name level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityReceipt {
    /// The question.
    pub id: String,
    /// `asked`, `granted`, `refused`, `withdrawn`.
    pub state: String,
}

/// A question for the level as its person and the operator see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IdentityView {
    /// Account and question with a dot between them.
    pub about: String,
    /// `resident_id` or `passport`.
    pub kind: String,
    /// The last two characters; `None`: forgotten.
    pub last_two: Option<String>,
    /// Whether the name in the document is the one the account is called by.
    pub name_agrees: bool,
    /// `asked`, `granted`, `refused`, `withdrawn`.
    pub state: String,
    /// The code of a refusal; empty otherwise.
    pub code: String,
    /// The words of a refusal; may be empty.
    pub note: String,
    /// When it was asked.
    pub asked_at: Instant,
    /// When it was decided.
    pub decided_at: Option<Instant>,
    /// When it was given up.
    pub ended_at: Option<Instant>,
}

impl Registry {
    /// Asks for the real-name level. Refuses `identity_asked` where the account has it or asked already, `identity_taken` where the
    /// document stands behind another account, and `identity_not_open` for somebody under 14.
    pub async fn identity_ask(
        &self,
        by: &By,
        asked: &IdentityAsked,
    ) -> Result<IdentityReceipt, Error> {
        // an entry in the record of acts stays for ever: not even a digest of the document goes into it
        let deed = Deed::by(Act::IdentityAsk, by, &asked.kind)?;
        perform!(self, deed, |tx| {
            let account = by.organisation.as_str();
            let open = open_account(tx.connection(), account).await?;
            if open.is_minor == 1 {
                return Err(Refusal::new(codes::IDENTITY_NOT_OPEN).into());
            }
            if live_of(tx, account).await?.is_some() {
                return Err(Refusal::new(codes::IDENTITY_ASKED).into());
            }
            check_free(tx, &asked.digest, "identity_number").await?;
            let party = people::organisation_by_id(tx.connection(), account).await?;
            let name = party.map(|party| party.name).unwrap_or_default();
            let row = IdentityRow {
                account_id: account.to_owned(),
                id: new_id(),
                document_kind: asked.kind.clone(),
                document_digest: Some(asked.digest.clone()),
                last_two: Some(asked.last_two.clone()),
                name_agrees: i64::from(name == asked.name),
                state: "asked".to_owned(),
                code: String::new(),
                note: String::new(),
                asked_at: tx.at.0,
                decided_at: None,
                ended_at: None,
                act_id: tx.act.clone(),
            };
            store::insert(tx.connection(), &row).await?;
            Ok(about_person(account, None, receipt(&row)))
        })
    }

    /// Gives the level up, or the question for it; the document is forgotten at once. Refuses `identity_not_open`.
    pub async fn identity_withdraw(&self, by: &By) -> Result<IdentityReceipt, Error> {
        let deed = Deed::by(Act::IdentityWithdraw, by, &"own")?;
        perform!(self, deed, |tx| {
            let account = by.organisation.as_str();
            let row = people_of(tx.connection(), account).await?;
            // a suspended account may be forgotten, too
            if row.as_ref().is_none_or(|row| row.state == "closed") {
                return Err(Refusal::new(codes::IDENTITY_NOT_OPEN).into());
            }
            let row = end(tx, account).await?;
            let row = row.ok_or_else(|| Refusal::new(codes::IDENTITY_NOT_OPEN))?;
            Ok(about_person(account, None, receipt(&row)))
        })
    }

    /// Grants the level after the check that there is. Refuses `identity_not_open` where it was decided or given up, `identity_taken`
    /// where the document came to stand behind another account meanwhile.
    pub async fn identity_grant(&self, by: &By, about: &str) -> Result<IdentityReceipt, Error> {
        let deed = Deed::by(Act::IdentityGrant, by, &about)?;
        perform!(self, deed, |tx| {
            let mut row = asked_of(tx, about).await?;
            open_account(tx.connection(), &row.account_id).await?;
            let digest = row.document_digest.clone().unwrap_or_default();
            check_free(tx, &digest, "").await?;
            "granted".clone_into(&mut row.state);
            row.decided_at = Some(tx.at.0);
            store::update(tx.connection(), &row).await?;
            store::level_set(tx.connection(), &row.account_id, "real_name").await?;
            Ok(about_person(&row.account_id, None, receipt(&row)))
        })
    }

    /// Refuses the level. Reads `code` ([`domain::inclusion::identity::REFUSE_REASONS`]) and `reason`. The document is forgotten.
    pub async fn identity_refuse(
        &self,
        by: &By,
        about: &str,
        fields: &Fields,
    ) -> Result<IdentityReceipt, Error> {
        let deed = Deed::by(Act::IdentityRefuse, by, &(about, fields))?;
        let typed = |field: &str| fields.get(field).map_or("", String::as_str);
        let (code, note) = read_refusal(typed("code"), typed("reason"))?;
        perform!(self, deed, |tx| {
            let mut row = asked_of(tx, about).await?;
            "refused".clone_into(&mut row.state);
            (row.document_digest, row.last_two) = (None, None);
            row.decided_at = Some(tx.at.0);
            code.clone_into(&mut row.code);
            row.note.clone_from(&note);
            store::update(tx.connection(), &row).await?;
            let about = Some(code.to_owned());
            Ok(about_person(&row.account_id, about, receipt(&row)))
        })
    }

    /// The viewer's questions, newest first.
    pub async fn identities(&self, by: &By) -> Result<Vec<IdentityView>, Error> {
        let mut connection = self.store.read().await?;
        let rows = store::of_account(&mut connection, by.organisation.as_str()).await?;
        Ok(rows.into_iter().map(view).collect())
    }

    /// What waits for a decision, newest first. [`Error::Forbidden`] for others than operators.
    pub async fn identities_asked(
        &self,
        by: &By,
        page: &PageRequest,
    ) -> Result<Page<IdentityView>, Error> {
        operator_only(by)?;
        let mut connection = self.store.read().await?;
        let rows = store::asked(&mut connection, page.before(), page.rows() + 1).await?;
        let rows = rows.into_iter().map(view).collect();
        Ok(Page::cut(rows, page.rows(), |row: &IdentityView| {
            let id = row.about.split_once('.').map_or("", |(_, id)| id);
            id.to_owned()
        }))
    }
}

/// Ends the level or the question of an account, if there is one: the document is forgotten, the level is that of the contact again.
pub(super) async fn end(tx: &mut Tx, account: &str) -> Result<Option<IdentityRow>, Error> {
    let Some(mut row) = live_of(tx, account).await? else {
        return Ok(None);
    };
    let was_granted = row.state == "granted";
    "withdrawn".clone_into(&mut row.state);
    (row.document_digest, row.last_two) = (None, None);
    row.ended_at = Some(tx.at.0);
    store::update(tx.connection(), &row).await?;
    if was_granted {
        store::level_set(tx.connection(), account, "contact").await?;
    }
    Ok(Some(row))
}

/// Refuses `identity_taken` at a field where the document stands behind any account.
async fn check_free(tx: &mut Tx, digest: &str, field: &str) -> Result<(), Error> {
    if store::granted_to(tx.connection(), digest).await?.is_none() {
        return Ok(());
    }
    let refusal = Refusal::new(codes::IDENTITY_TAKEN);
    Err(match field {
        "" => refusal.into(),
        field => refusal.at(field).into(),
    })
}

async fn live_of(tx: &mut Tx, account: &str) -> Result<Option<IdentityRow>, Error> {
    let rows = store::of_account(tx.connection(), account).await?;
    let live = |row: &IdentityRow| matches!(row.state.as_str(), "asked" | "granted");
    Ok(rows.into_iter().find(live))
}

/// The question an operator decides about.
async fn asked_of(tx: &mut Tx, about: &str) -> Result<IdentityRow, Error> {
    let (account, id) = about.split_once('.').ok_or(Error::NotFound)?;
    let rows = store::of_account(tx.connection(), account).await?;
    let row = rows.into_iter().find(|row| row.id == id);
    let row = row.ok_or(Error::NotFound)?;
    if row.state == "asked" {
        Ok(row)
    } else {
        Err(Refusal::new(codes::IDENTITY_NOT_OPEN).into())
    }
}

fn receipt(row: &IdentityRow) -> IdentityReceipt {
    IdentityReceipt {
        id: row.id.clone(),
        state: row.state.clone(),
    }
}

fn view(row: IdentityRow) -> IdentityView {
    IdentityView {
        about: format!("{}.{}", row.account_id, row.id),
        kind: row.document_kind,
        last_two: row.last_two,
        name_agrees: row.name_agrees == 1,
        state: row.state,
        code: row.code,
        note: row.note,
        asked_at: Instant(row.asked_at),
        decided_at: row.decided_at.map(Instant),
        ended_at: row.ended_at.map(Instant),
    }
}
