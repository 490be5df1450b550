//! Files of a project or a monitoring report: adding one, taking one away.

use domain::Refusal;
use domain::refusal::codes;
use registry::{Error, RecordKind, StoredFile};

use super::multipart::SentFile;
use super::record::record_of;
use super::{ActAnswer, ActCall, Done};
use crate::files::{KINDS_TEXT, content_hash, media_type};
use crate::visitor::Flash;

/// The owner adds a file: `record_kind` is `project` or `report`, `record` its id, `file` the file.
pub async fn attachment_add(mut call: ActCall) -> ActAnswer {
    let of = RecordKind::from_code(call.text("record_kind"))
        .ok_or_else(|| Refusal::new(codes::CHOICE_INVALID).at("record_kind"))?;
    let file = sent(&mut call).ok_or_else(|| Refusal::new(codes::FILE_MISSING).at("file"))?;
    let (record, mut fields) = record_of(&call, "record");
    fields.remove("record_kind");
    let by = call.by()?;
    let registry = &call.host.registry;
    let described = described(&file).await?;
    registry
        .attachment_may_add(&by, of, &record, &fields, &described)
        .await?;
    put(&call, file).await?;
    let receipt = registry
        .attachment_add(&by, of, &record, &fields, &described)
        .await?;
    Ok(Done::to(format!("/desk/{}s/{record}/files", of.code()))
        .flash(Flash::done("attachment.done_add"))
        .data(receipt))
}

/// The file of a form with the field `file`, if one was chosen.
pub fn sent(call: &mut ActCall) -> Option<SentFile> {
    call.file.take().filter(|file| file.field == "file")
}

/// What a file is as it will be stored; `file_kind_not_allowed` for content that is not taken.
pub async fn described(file: &SentFile) -> Result<StoredFile, Error> {
    let media_type = media_type(&file.bytes).ok_or_else(|| {
        Refusal::new(codes::FILE_KIND_NOT_ALLOWED)
            .at("file")
            .with("kinds", KINDS_TEXT)
    })?;
    let hash = content_hash(&file.bytes).await;
    Ok(StoredFile {
        hash: hash.map_err(|error| Error::Store(error.to_string()))?,
        bytes: i64::try_from(file.bytes.len()).unwrap_or(i64::MAX),
        media_type: media_type.to_owned(),
        file_name: file.name.clone(),
    })
}

/// Stores the bytes of a file under their hash; `file_kind_not_allowed` for content that is not taken. First the bytes, then the row: what is
/// interrupted leaves no name without a content.
pub async fn stored(call: &ActCall, file: SentFile) -> Result<StoredFile, Error> {
    let described = described(&file).await?;
    put(call, file).await?;
    Ok(described)
}

/// Stores the bytes of a file that may be added.
pub async fn put(call: &ActCall, file: SentFile) -> Result<(), Error> {
    let stored = call.host.files.put(file.bytes).await;
    stored.map_err(|error| Error::Store(error.to_string()))?;
    Ok(())
}

/// The owner takes a file away: `attachment` is its id.
pub async fn attachment_remove(call: ActCall) -> ActAnswer {
    let (attachment, _) = record_of(&call, "attachment");
    let receipt = call
        .host
        .registry
        .attachment_remove(&call.by()?, &attachment)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("attachment.done_remove"))
        .data(receipt))
}
