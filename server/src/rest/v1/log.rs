//! The public log: heads, entries, proofs, keys. How to follow it is told in `docs/public-log.md`.

use axum::Json;
use axum::extract::{Path, State as Shared};
use proofs::{CertificateFile, Digest};
use registry::{LogHead, LogInclusion, LogItem, LogPublicKey};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::failure::{Envelope, Failure};
use crate::rest::extract::{List, Query, moment, page_request};
use crate::state::State;

/// A signed head of the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedHead {
    /// How many entries the tree has.
    pub size: u64,
    /// The root of the tree, 64 hexadecimal digits.
    pub root: String,
    /// When it was signed.
    pub at: String,
    /// The public key, `<name>+<id>+<base64>`.
    pub key: String,
    /// The signed checkpoint (c2sp.org/tlog-checkpoint, c2sp.org/signed-note).
    pub note: String,
}

impl From<LogHead> for SignedHead {
    fn from(head: LogHead) -> Self {
        Self {
            size: head.size,
            root: head.root,
            at: moment(head.at),
            key: head.key,
            note: head.note,
        }
    }
}

/// An entry of the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogEntry {
    /// Its number, from 0.
    pub number: u64,
    /// The text that is hashed: one canonical line of JSON.
    pub leaf: String,
    /// Its hash in the tree: SHA-256 of a zero byte and the text.
    pub hash: String,
}

impl From<LogItem> for LogEntry {
    fn from(item: LogItem) -> Self {
        Self {
            number: item.number,
            leaf: item.leaf,
            hash: item.hash,
        }
    }
}

/// The proof that an entry is in a tree.
#[derive(Debug, Serialize, ToSchema)]
pub struct InclusionProof {
    /// The entry.
    pub entry: LogEntry,
    /// The size of the tree.
    pub size: u64,
    /// The hashes from the leaf upwards (RFC 6962, 2.1.1), 64 hexadecimal digits each.
    #[schema(value_type = Vec<String>)]
    pub proof: Vec<Digest>,
}

impl From<LogInclusion> for InclusionProof {
    fn from(found: LogInclusion) -> Self {
        Self {
            entry: found.item.into(),
            size: found.size,
            proof: found.proof,
        }
    }
}

/// The proof that a tree begins with a smaller one.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsistencyProof {
    /// The size of the smaller tree.
    pub from: u64,
    /// The size of the larger tree.
    pub to: u64,
    /// The hashes (RFC 6962, 2.1.2), 64 hexadecimal digits each.
    #[schema(value_type = Vec<String>)]
    pub proof: Vec<Digest>,
}

/// A key that signs heads, or did.
#[derive(Debug, Serialize, ToSchema)]
pub struct SigningKey {
    /// `<name>+<id>+<base64>`.
    pub key: String,
    /// The size of the first head that it signed.
    pub since_size: u64,
    /// When that was.
    pub since: String,
}

impl From<LogPublicKey> for SigningKey {
    fn from(key: LogPublicKey) -> Self {
        Self {
            key: key.key,
            since_size: key.since_size,
            since: moment(key.at),
        }
    }
}

/// Which tree.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SizeQuery {
    /// The size of the tree; leave out for that of the newest head.
    pub size: Option<u64>,
}

/// Which two trees.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ConsistencyQuery {
    /// The size of the smaller tree, at least 1.
    pub from: u64,
    /// The size of the larger tree; leave out for that of the newest head.
    pub to: Option<u64>,
}

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EntryQuery {
    /// The number of the first one, or the `next` of the page before.
    pub after: Option<u64>,
    /// How many, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
}

/// Which heads.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct HeadQuery {
    /// The `next` of the page before: heads of smaller trees.
    pub after: Option<u64>,
    /// How many, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
}

/// The newest signed head of the log.
#[utoipa::path(
    get, path = "/log/head", tag = "log",
    responses((status = 200, body = SignedHead), (status = 404, description = "The log is empty", body = Envelope))
)]
pub async fn log_head_newest(Shared(state): Shared<State>) -> Result<Json<SignedHead>, Failure> {
    let head = state.registry.public().log_head().await?;
    Ok(Json(head.ok_or_else(Failure::not_found)?.into()))
}

/// Every signed head, newest first.
#[utoipa::path(
    get, path = "/log/heads", tag = "log", params(HeadQuery),
    responses((status = 200, body = List<SignedHead>), (status = 400, description = "A parameter is wrong", body = Envelope))
)]
pub async fn log_head_list(
    Shared(state): Shared<State>,
    Query(query): Query<HeadQuery>,
) -> Result<Json<List<SignedHead>>, Failure> {
    let size = page_request(None, query.limit)?.size;
    let page = state.registry.public().log_heads(query.after, size).await?;
    Ok(Json(List::of(page, SignedHead::from)))
}

/// The head of the tree of one size.
#[utoipa::path(
    get, path = "/log/heads/{size}", tag = "log",
    params(("size" = u64, Path, description = "The size of the tree", example = 1)),
    responses((status = 200, body = SignedHead), (status = 404, description = "No head was signed for that size", body = Envelope))
)]
pub async fn log_head_get(
    Shared(state): Shared<State>,
    Path(size): Path<String>,
) -> Result<Json<SignedHead>, Failure> {
    let head = state.registry.public().log_head_of(number(&size)?).await?;
    Ok(Json(head.into()))
}

/// The public keys that sign the heads, oldest first.
#[utoipa::path(get, path = "/log/keys", tag = "log", responses((status = 200, body = List<SigningKey>)))]
pub async fn log_key_list(Shared(state): Shared<State>) -> Result<Json<List<SigningKey>>, Failure> {
    let keys = state.registry.public().log_keys().await?;
    Ok(Json(List::complete(
        keys.into_iter().map(SigningKey::from).collect(),
    )))
}

/// The entries in their order.
#[utoipa::path(
    get, path = "/log/entries", tag = "log", params(EntryQuery),
    responses((status = 200, body = List<LogEntry>), (status = 400, description = "A parameter is wrong", body = Envelope))
)]
pub async fn log_entry_list(
    Shared(state): Shared<State>,
    Query(query): Query<EntryQuery>,
) -> Result<Json<List<LogEntry>>, Failure> {
    let (from, size) = (
        query.after.unwrap_or(0),
        page_request(None, query.limit)?.size,
    );
    let page = state.registry.public().log_entries(from, size).await?;
    Ok(Json(List::of(page, LogEntry::from)))
}

/// One entry with the proof that it is in the tree.
#[utoipa::path(
    get, path = "/log/entries/{number}", tag = "log",
    params(("number" = u64, Path, description = "The number of the entry", example = 0), SizeQuery),
    responses((status = 200, body = InclusionProof), (status = 404, description = "The tree has no such entry", body = Envelope))
)]
pub async fn log_entry_get(
    Shared(state): Shared<State>,
    Path(entry): Path<String>,
    Query(query): Query<SizeQuery>,
) -> Result<Json<InclusionProof>, Failure> {
    let public = state.registry.public();
    let found = public.log_inclusion(number(&entry)?, query.size).await?;
    Ok(Json(found.into()))
}

/// The proof that the log of one size begins with the log of a smaller one: nothing was changed in between.
#[utoipa::path(
    get, path = "/log/consistency", tag = "log", params(ConsistencyQuery),
    responses((status = 200, body = ConsistencyProof), (status = 404, description = "The log has no such sizes", body = Envelope))
)]
pub async fn log_consistency_get(
    Shared(state): Shared<State>,
    Query(query): Query<ConsistencyQuery>,
) -> Result<Json<ConsistencyProof>, Failure> {
    let public = state.registry.public();
    let (to, proof) = public.log_consistency(query.from, query.to).await?;
    let from = query.from;
    Ok(Json(ConsistencyProof { from, to, proof }))
}

/// The file of a certificate: its statement, its entry in the log, the proof and the signed head. It can be checked without a connection.
#[utoipa::path(
    get, path = "/retirements/{number}/certificate", tag = "credits",
    params(("number" = String, Path, description = "The certificate's number", example = "HTR-2026-000001-5"), VersionQuery),
    responses((status = 200, body = Object), (status = 404, description = "No such certificate, or no such version of it", body = Envelope))
)]
pub async fn retirement_certificate_file(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Query(query): Query<VersionQuery>,
) -> Result<Json<CertificateFile>, Failure> {
    let now = state.now().await?;
    state.registry.log_sequence(now).await?;
    let public = state.registry.public();
    let address = &state.config.public_url;
    let file = match query.version {
        Some(version) => public.certificate_file_of(&number, version, address).await,
        None => public.certificate_file(&number, address).await,
    };
    Ok(Json(file?))
}

/// Which version of a certificate's words.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct VersionQuery {
    /// From 1; without it, the one in force.
    #[param(minimum = 1)]
    pub version: Option<u32>,
}

/// What the registry says now about a certificate of which somebody has a file.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EvidenceQuery {
    /// The size of the tree that the head in the file describes.
    pub size: u64,
    /// The version of the words that the file states; without it, the one in force.
    #[param(minimum = 1)]
    pub version: Option<u32>,
}

/// What the registry says now about a certificate, to somebody who has its file: the keys, the newest head, the proof that the log
/// continues the one of the file, what the ledger says, the last entry about it, and the version of its words that is in force.
#[utoipa::path(
    get, path = "/retirements/{number}/evidence", tag = "credits",
    params(("number" = String, Path, description = "The certificate's number", example = "HTR-2026-000001-5"), EvidenceQuery),
    responses((status = 200, body = Object), (status = 400, description = "A parameter is wrong", body = Envelope))
)]
pub async fn retirement_evidence(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Query(query): Query<EvidenceQuery>,
) -> Result<Json<proofs::Evidence>, Failure> {
    let public = state.registry.public();
    Ok(Json(
        public
            .certificate_evidence(&number, query.size, query.version)
            .await?,
    ))
}

fn number(text: &str) -> Result<u64, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}
