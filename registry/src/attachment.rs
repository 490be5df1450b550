//! Files of a record. Their bytes are kept elsewhere, under their SHA-256; here is who added which file to what.

use domain::attachment::{AttachmentKind, COUNT_MAX, TITLE_MAX};
use domain::refusal::codes;
use domain::text::required_text;
use domain::{Act, Instant, Refusal};
use serde::{Deserialize, Serialize};

use crate::event::event_file;
use crate::perform::{Deed, Done, Tx, new_id, perform};
use crate::record::{self, check_allows, check_party};
use crate::store::act as acts;
use crate::store::attachment::{self as store, AttachmentRow, NewAttachment};
use crate::store::record::{self as records, RecordRow};
use crate::{By, Error, Fields, RecordKind, Registry};

/// A content that is stored already: the caller stores the bytes before it asks for the row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoredFile {
    /// SHA-256 of the content, 64 hexadecimal digits: its name in the store of files.
    pub hash: String,
    /// Its size in bytes.
    pub bytes: i64,
    /// What its content is: `application/pdf`.
    pub media_type: String,
    /// Its name on the machine it came from.
    pub file_name: String,
}

/// The answer to an act on an attachment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentReceipt {
    /// The attachment.
    pub id: String,
    /// SHA-256 of its content.
    pub hash: String,
}

/// A file of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttachmentView {
    /// Its id.
    pub id: String,
    /// SHA-256 of its content, 64 hexadecimal digits.
    pub hash: String,
    /// What it is for: a code of [`AttachmentKind`].
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Its name on the machine it came from.
    pub file_name: String,
    /// Its size in bytes.
    pub bytes: i64,
    /// What its content is: `application/pdf`.
    pub media_type: String,
    /// Whether anyone may read it once the record is public.
    pub is_public: bool,
    /// When it was added.
    pub at: Instant,
}

impl Registry {
    /// Whether this file may be added now, with these fields: asked before its bytes are stored, so that nothing is stored that is refused. A
    /// key that was used already for the same is let through: [`Registry::attachment_add`] gives its first answer again, also after the record
    /// has left editing.
    pub async fn attachment_may_add(
        &self,
        by: &By,
        kind: RecordKind,
        record: &str,
        fields: &Fields,
        file: &StoredFile,
    ) -> Result<(), Error> {
        let deed = Deed::by(Act::AttachmentAdd, by, &(kind, record, fields, file))?;
        let mut connection = self.store.read().await?;
        let row = records::by_id(&mut connection, kind.code(), record)
            .await?
            .ok_or(Error::NotFound)?;
        check_party(by, &row)?;
        let used = acts::by_key(&mut connection, by.user.as_str(), &by.key).await?;
        if let Some(used) = used {
            return Ok(deed.check_repeats(&used.body_hash)?);
        }
        check_allows(&row, saving(kind))?;
        check_new(&mut connection, &row, fields, file).await?;
        Ok(())
    }

    /// Adds a stored file to a record that is being edited. Reads `kind` and `title`.
    pub async fn attachment_add(
        &self,
        by: &By,
        kind: RecordKind,
        record: &str,
        fields: &Fields,
        file: &StoredFile,
    ) -> Result<AttachmentReceipt, Error> {
        let deed = Deed::by(Act::AttachmentAdd, by, &(kind, record, fields, file))?;
        perform!(self, deed, |tx| {
            let row = open(tx, by, kind, record).await?;
            let (purpose, title) = check_new(tx.connection(), &row, fields, file).await?;
            let (id, at, act) = (new_id(), tx.at.0, tx.act.clone());
            store::upload_insert(
                tx.connection(),
                &file.hash,
                file.bytes,
                &file.media_type,
                at,
            )
            .await?;
            let new = NewAttachment {
                id: &id,
                record_id: &row.id,
                upload_hash: &file.hash,
                kind: purpose.code(),
                title: &title,
                file_name: &file.file_name,
                is_public: purpose.is_public(),
                user_id: by.user.as_str(),
                at,
                act_id: &act,
            };
            store::insert(tx.connection(), &new).await?;
            Ok(done(kind, &row, id, file.hash.clone(), &title))
        })
    }

    /// Takes a file away from a record that is being edited. Its content stays stored: another record may have it.
    pub async fn attachment_remove(
        &self,
        by: &By,
        attachment: &str,
    ) -> Result<AttachmentReceipt, Error> {
        let deed = Deed::by(Act::AttachmentRemove, by, &attachment)?;
        perform!(self, deed, |tx| {
            let found = store::by_id(tx.connection(), attachment)
                .await?
                .ok_or(Error::NotFound)?;
            let kind = RecordKind::from_code(&found.record_kind).ok_or(Error::NotFound)?;
            let row = open(tx, by, kind, &found.record_id).await?;
            let at = tx.at.0;
            store::remove(tx.connection(), &found.id, at).await?;
            Ok(done(kind, &row, found.id, found.upload_hash, &found.title))
        })
    }

    /// The files of a record, oldest first, for its parties.
    pub async fn attachment_list(
        &self,
        by: &By,
        kind: RecordKind,
        record: &str,
    ) -> Result<Vec<AttachmentView>, Error> {
        let mut connection = self.store.read().await?;
        let row = records::by_id(&mut connection, kind.code(), record)
            .await?
            .ok_or(Error::NotFound)?;
        check_party(by, &row)?;
        let rows = store::of_record(&mut connection, &row.id).await?;
        Ok(rows.into_iter().map(view).collect())
    }

    /// One file, for the parties of its record; one of a line of an event, for its organisers and the body that was asked about it.
    pub async fn attachment_get(&self, by: &By, attachment: &str) -> Result<AttachmentView, Error> {
        let mut connection = self.store.read().await?;
        let Some(found) = store::by_id(&mut connection, attachment).await? else {
            let found = event_file(&mut connection, by, attachment).await?;
            return found.ok_or(Error::NotFound);
        };
        let row = records::by_id(&mut connection, &found.record_kind, &found.record_id)
            .await?
            .ok_or(Error::NotFound)?;
        check_party(by, &row)?;
        Ok(view(found))
    }
}

/// The act that keeps the document: what may be changed then, may get files.
fn saving(kind: RecordKind) -> Act {
    match kind {
        RecordKind::Project => Act::ProjectSave,
        RecordKind::Report => Act::ReportSave,
    }
}

/// The owner's record, while its document is being edited.
async fn open(tx: &mut Tx, by: &By, kind: RecordKind, record: &str) -> Result<RecordRow, Error> {
    let row = record::open(tx, by, kind, record).await?;
    check_allows(&row, saving(kind))?;
    Ok(row)
}

/// What a new file is for and its title, if it fits what is there.
async fn check_new(
    connection: &mut sqlx::AnyConnection,
    row: &RecordRow,
    fields: &Fields,
    file: &StoredFile,
) -> Result<(AttachmentKind, String), Error> {
    let read = read(fields)?;
    let there = store::of_record(connection, &row.id).await?;
    check_room(&there, file)?;
    Ok(read)
}

/// What the file is for, and its title.
fn read(fields: &Fields) -> Result<(AttachmentKind, String), Vec<Refusal>> {
    let typed = |field: &str| fields.get(field).map_or("", String::as_str);
    let purpose = AttachmentKind::read(typed("kind"));
    let title = required_text("title", typed("title"), TITLE_MAX);
    match (purpose, title) {
        (Ok(purpose), Ok(title)) => Ok((purpose, title)),
        (purpose, title) => Err([purpose.err(), title.err()].into_iter().flatten().collect()),
    }
}

fn check_room(there: &[AttachmentRow], file: &StoredFile) -> Result<(), Refusal> {
    if let Some(same) = there.iter().find(|row| row.upload_hash == file.hash) {
        return Err(Refusal::new(codes::ATTACHMENT_ALREADY_THERE)
            .at("file")
            .with("title", &same.title));
    }
    if i64::try_from(there.len()).unwrap_or(i64::MAX) >= COUNT_MAX {
        return Err(Refusal::new(codes::ATTACHMENT_TOO_MANY)
            .at("file")
            .with("max", COUNT_MAX));
    }
    Ok(())
}

/// Entered in the chain of the record. The note names the content, so that the chain vouches for it.
fn done(
    kind: RecordKind,
    row: &RecordRow,
    id: String,
    hash: String,
    title: &str,
) -> Done<AttachmentReceipt> {
    Done {
        subject_kind: kind.code(),
        subject: row.id.clone(),
        state: None,
        note: Some(format!("{title} · SHA-256 {hash}")),
        is_public: false,
        answer: AttachmentReceipt { id, hash },
    }
}

/// As people see it.
pub(crate) fn view(row: AttachmentRow) -> AttachmentView {
    AttachmentView {
        id: row.id,
        hash: row.upload_hash,
        kind: row.kind,
        title: row.title,
        file_name: row.file_name,
        bytes: row.bytes,
        media_type: row.media_type,
        is_public: row.is_public == 1,
        at: Instant(row.at),
    }
}
