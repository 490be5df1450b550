//! Files that prove lines of the inventory. Their bytes are kept elsewhere, under their SHA-256; here is which file proves which line.

use std::collections::BTreeMap;

use domain::attachment::{COUNT_MAX, EVENT_BYTES_MAX, TITLE_MAX};
use domain::event::{
    EventState, EventStep, EvidenceLine, check, evidence_lines, find_evidence_line,
};
use domain::refusal::codes;
use domain::text::required_text;
use domain::{Act, Instant, Refusal, Role};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use crate::attachment::{AttachmentReceipt, AttachmentView, StoredFile};
use crate::perform::{Deed, Done, Tx, new_id, perform};
use crate::store::act as acts;
use crate::store::attachment::upload_insert;
use crate::store::event::{self as events, EventRow};
use crate::store::event_evaluation as evaluations;
use crate::store::event_file::{self as store, EventFileRow, NewEventFile};
use crate::{By, Error, Fields, Registry};

use super::inventory::read_lines;
use super::organiser::{check_reopening, open_shared, shared};
use super::{EventContent, bare_facts, state_of};

/// A file that proves a line, for those who may read all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventFileView {
    /// The file; its kind is `evidence`.
    pub file: AttachmentView,
    /// What the line is, with its reference; `None`: the inventory has no such line any more, and no version will name the file.
    pub line: Option<String>,
    /// The number of the line, as a spreadsheet counts it.
    pub number: Option<usize>,
    /// The first published version that names it; such a file is not removed.
    pub published_version: Option<i64>,
}

/// A file as a version names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventEvidence {
    /// Its id; empty where the public reads of a file that is not for it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// What the line is that it proves, with its reference.
    pub line: String,
    /// Its title.
    pub title: String,
    /// Its name on the machine it came from.
    pub file_name: String,
    /// What its content is: `application/pdf`.
    pub media_type: String,
    /// Its size in bytes.
    pub bytes: i64,
    /// SHA-256 of its content, 64 hexadecimal digits.
    pub sha256: String,
    /// Whether anyone may have the file itself.
    pub is_public: bool,
}

/// As many times what an event may have at once may be added to it in all, with what was taken away again.
const TURNS_MAX: i64 = 3;
/// What a file is for, where files of records have a code of their own kinds.
const KIND: &str = "evidence";

impl Registry {
    /// Whether this file may be added now, with these fields: asked before its bytes are stored, so that nothing is stored that is refused. A
    /// key that was used already for the same is let through: [`Registry::event_file_add`] gives its first answer again, whatever became of the
    /// event.
    pub async fn event_file_may_add(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
        file: &StoredFile,
    ) -> Result<(), Error> {
        let deed = Deed::by(Act::EventFileAdd, by, &(event, fields, file))?;
        let mut connection = self.store.read().await?;
        let row = shared(&mut connection, by, event).await?;
        let used = acts::by_key(&mut connection, by.user.as_str(), &by.key).await?;
        if let Some(used) = used {
            return Ok(deed.check_repeats(&used.body_hash)?);
        }
        check_open(&row, by)?;
        check_new(&mut connection, &row, fields, file).await?;
        Ok(())
    }

    /// Adds a stored file to a line of the inventory. Reads `line` (its key, number, reference or name), `title` and `is_public` (`yes`: anyone
    /// may have the file once a version names it). It stays with its line when the table is replaced, and with the event when it is corrected.
    pub async fn event_file_add(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
        file: &StoredFile,
    ) -> Result<AttachmentReceipt, Error> {
        let deed = Deed::by(Act::EventFileAdd, by, &(event, fields, file))?;
        let opened = fields
            .get("is_public")
            .is_some_and(|text| text.trim() == "yes");
        perform!(self, deed, |tx| {
            let row = open_shared(tx, by, event).await?;
            check_open(&row, by)?;
            let (line, title) = check_new(tx.connection(), &row, fields, file).await?;
            let (id, at, act) = (new_id(), tx.at.0, tx.act.clone());
            let (hash, kind) = (&file.hash, &file.media_type);
            upload_insert(tx.connection(), hash, file.bytes, kind, at).await?;
            let new = NewEventFile {
                id: &id,
                event_id: &row.id,
                line: &line.key,
                upload_hash: hash,
                title: &title,
                file_name: &file.file_name,
                is_public: opened,
                user_id: by.user.as_str(),
                at,
                act_id: &act,
            };
            store::insert(tx.connection(), &new).await?;
            Ok(done(&row, id, hash.clone(), &title))
        })
    }

    /// Takes a file away that no published version names: its place is free, and its content may be added again.
    pub async fn event_file_remove(
        &self,
        by: &By,
        event: &str,
        file: &str,
    ) -> Result<AttachmentReceipt, Error> {
        let deed = Deed::by(Act::EventFileRemove, by, &(event, file))?;
        perform!(self, deed, |tx| {
            let row = open_shared(tx, by, event).await?;
            let found = store::by_id(tx.connection(), file).await?;
            let found = found.filter(|found| found.event_id == row.id);
            let found = found.ok_or(Error::NotFound)?;
            if found.published_version.is_some() {
                return Err(Refusal::new(codes::EVENT_FILE_PUBLISHED).into());
            }
            check_open(&row, by)?;
            let at = tx.at.0;
            if !store::remove(tx.connection(), &found.id, at).await? {
                return Err(Error::NotFound);
            }
            Ok(done(&row, found.id, found.upload_hash, &found.title))
        })
    }

    /// The files of an event of the own organisation, or one that it organises with its owner, oldest first.
    pub async fn event_files(&self, by: &By, event: &str) -> Result<Vec<EventFileView>, Error> {
        Deed::check_role(Act::EventFileAdd, by)?;
        let mut connection = self.store.read().await?;
        let row = shared(&mut connection, by, event).await?;
        let lines = lines_of(&row)?;
        let known: BTreeMap<&str, &EvidenceLine> =
            lines.iter().map(|line| (line.key.as_str(), line)).collect();
        let rows = store::of_event(&mut connection, &row.id).await?;
        let views = rows.into_iter().map(|row| {
            let line = known.get(row.line.as_str());
            EventFileView {
                line: line.map(|line| line.label.clone()),
                number: line.map(|line| line.line),
                published_version: row.published_version,
                file: view(row),
            }
        });
        Ok(views.collect())
    }

    /// The lines of an event's inventory that files can belong to, for its organisers.
    pub async fn event_evidence_lines(
        &self,
        by: &By,
        event: &str,
    ) -> Result<Vec<EvidenceLine>, Error> {
        Deed::check_role(Act::EventFileAdd, by)?;
        let mut connection = self.store.read().await?;
        let row = shared(&mut connection, by, event).await?;
        lines_of(&row)
    }
}

/// A file for its organisers, and for a body that was asked about a version that names it. Others have what is public.
pub(crate) async fn event_file(
    connection: &mut AnyConnection,
    by: &By,
    file: &str,
) -> Result<Option<AttachmentView>, Error> {
    let Some(found) = store::by_id(connection, file).await? else {
        return Ok(None);
    };
    let may = if by.role == Role::Vvb {
        asked_about(connection, by, &found).await?
    } else {
        match shared(connection, by, &found.event_id).await {
            Ok(_) => true,
            Err(Error::NotFound) => false,
            Err(error) => return Err(error),
        }
    };
    Ok(may.then(|| view(found)))
}

/// Whether a version that the viewer's body was asked about names the file: as it was published, or as it is about to be.
async fn asked_about(
    connection: &mut AnyConnection,
    by: &By,
    file: &EventFileRow,
) -> Result<bool, Error> {
    let body = by.organisation.as_str();
    let versions = evaluations::versions_of_body(connection, &file.event_id, body).await?;
    if versions.is_empty() {
        return Ok(false);
    }
    let row = events::by_id(connection, &file.event_id).await?;
    let row = row.ok_or(Error::NotFound)?;
    for version in versions {
        let named = if version <= row.version {
            published_evidence(connection, &row.id, version).await?
        } else if state_of(&row)? == EventState::Evaluated && version == row.version + 1 {
            evidence_of(connection, &row).await?
        } else {
            Vec::new()
        };
        if named.iter().any(|named| named.id == file.id) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The files that a published version names.
async fn published_evidence(
    connection: &mut AnyConnection,
    event: &str,
    version: i64,
) -> Result<Vec<EventEvidence>, Error> {
    let content = events::version_content(connection, event, version).await?;
    let content = content.ok_or(Error::NotFound)?;
    let content: EventContent = serde_json::from_str(&content)
        .map_err(|error| Error::Store(format!("stored version: {error}")))?;
    Ok(content.files)
}

/// The files that a version of the event as it is now names: those whose line the inventory has.
pub(super) async fn evidence_of(
    connection: &mut AnyConnection,
    row: &EventRow,
) -> Result<Vec<EventEvidence>, Error> {
    let files = store::of_event(connection, &row.id).await?;
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let lines = lines_of(row)?;
    let order: BTreeMap<&str, (usize, &str)> = lines
        .iter()
        .map(|line| (line.key.as_str(), (line.line, line.label.as_str())))
        .collect();
    let mut named: Vec<_> = files
        .into_iter()
        .filter_map(|file| {
            let (number, label) = order.get(file.line.as_str())?;
            let evidence = EventEvidence {
                line: (*label).to_owned(),
                id: file.id,
                title: file.title,
                file_name: file.file_name,
                media_type: file.media_type,
                bytes: file.bytes,
                sha256: file.upload_hash,
                is_public: file.is_public == 1,
            };
            Some((*number, evidence))
        })
        .collect();
    // those of one line in the order in which they came
    named.sort_by_key(|(number, _)| *number);
    Ok(named.into_iter().map(|(_, evidence)| evidence).collect())
}

/// From now on the files that a published version names stay.
pub(super) async fn publish(
    tx: &mut Tx,
    files: &[EventEvidence],
    version: i64,
) -> Result<(), Error> {
    for file in files {
        store::publish(tx.connection(), &file.id, version).await?;
    }
    Ok(())
}

/// While the inventory may be changed, so may what proves it. What was computed of it stays as it is.
fn check_open(row: &EventRow, by: &By) -> Result<(), Error> {
    check_reopening(row, by)?;
    let facts = bare_facts(row, by.at)?;
    check(state_of(row)?, EventStep::Inventory, &facts)?;
    Ok(())
}

fn lines_of(row: &EventRow) -> Result<Vec<EvidenceLine>, Error> {
    if row.inventory.lines().nth(1).is_none() {
        return Ok(Vec::new());
    }
    let table = read_lines(&row.inventory)
        .map_err(|refusals| Error::Store(format!("stored inventory: {refusals:?}")))?;
    Ok(evidence_lines(&table))
}

fn read_line(lines: &[EvidenceLine], typed: &str) -> Result<EvidenceLine, Refusal> {
    if typed.is_empty() {
        return Err(Refusal::new(codes::REQUIRED).at("line"));
    }
    find_evidence_line(lines, typed).map_err(|refusal| refusal.at("line"))
}

/// The line and the title of a new file, if it fits what is there.
async fn check_new(
    connection: &mut AnyConnection,
    row: &EventRow,
    fields: &Fields,
    file: &StoredFile,
) -> Result<(EvidenceLine, String), Error> {
    let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
    let line = read_line(&lines_of(row)?, typed("line"));
    let title = required_text("title", typed("title"), TITLE_MAX);
    let (line, title) = match (line, title) {
        (Ok(line), Ok(title)) => (line, title),
        (line, title) => {
            let wrong = [line.err(), title.err()].into_iter().flatten();
            return Err(wrong.collect::<Vec<_>>().into());
        }
    };
    let there = store::of_event(connection, &row.id).await?;
    let removed = store::removed(connection, &row.id).await?;
    check_room(&there, removed, &line, file)?;
    Ok((line, title))
}

fn check_room(
    there: &[EventFileRow],
    (removed, removed_bytes): (i64, i64),
    line: &EvidenceLine,
    file: &StoredFile,
) -> Result<(), Refusal> {
    let same = there
        .iter()
        .find(|row| row.upload_hash == file.hash && row.line == line.key);
    if let Some(same) = same {
        return Err(Refusal::new(codes::ATTACHMENT_ALREADY_THERE)
            .at("file")
            .with("title", &same.title));
    }
    let count = i64::try_from(there.len()).unwrap_or(i64::MAX);
    if count >= COUNT_MAX {
        return Err(Refusal::new(codes::ATTACHMENT_TOO_MANY)
            .at("file")
            .with("max", COUNT_MAX));
    }
    let together: i64 = there.iter().map(|row| row.bytes).sum();
    if together.saturating_add(file.bytes) > EVENT_BYTES_MAX {
        return Err(Refusal::new(codes::EVENT_FILES_TOO_LARGE)
            .at("file")
            .with("limit", "100 MB"));
    }
    // the store keeps the content of a file that was taken away: adding and removing comes to an end, too
    let spent = together.saturating_add(removed_bytes);
    let spent = spent.saturating_add(file.bytes) > TURNS_MAX * EVENT_BYTES_MAX;
    if spent || count.saturating_add(removed) >= TURNS_MAX * COUNT_MAX {
        return Err(Refusal::new(codes::EVENT_FILES_SPENT)
            .at("file")
            .with("max", format!("{} / 300 MB", TURNS_MAX * COUNT_MAX)));
    }
    Ok(())
}

/// Entered in the chain of the event. The note names the content, so that the chain vouches for it.
fn done(row: &EventRow, id: String, hash: String, title: &str) -> Done<AttachmentReceipt> {
    Done {
        subject_kind: "event",
        subject: row.id.clone(),
        state: None,
        note: Some(format!("{title} · SHA-256 {hash}")),
        is_public: false,
        answer: AttachmentReceipt { id, hash },
    }
}

fn view(row: EventFileRow) -> AttachmentView {
    AttachmentView {
        id: row.id,
        hash: row.upload_hash,
        kind: KIND.to_owned(),
        title: row.title,
        file_name: row.file_name,
        bytes: row.bytes,
        media_type: row.media_type,
        is_public: row.is_public == 1,
        at: Instant(row.at),
    }
}
