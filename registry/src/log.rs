//! The public log: every public act as an entry of an append-only tree, its signed heads, its proofs, and the files of certificates.
//!
//! An entry is written in the transaction of its act, without a number. [`Registry::log_sequence`] numbers what waits: the background of
//! every server does it each second, and a reader who needs a proof now does it too. Turns are taken in the database.

use std::collections::HashMap;

use domain::Instant;
use proofs::{
    Batch, CertificateFile, Digest, Evidence, FILE_FORMAT, Head, LEAF_VERSION, Leaf,
    LeafCertificate, Places, STATEMENT_FORMAT, Statement, StatementCorrection, StatementLine,
    digest_of, leaf_digest,
};
use serde::Serialize;
use sqlx::AnyConnection;

use crate::credits::serial_text;
use crate::public::certificate_in;
use crate::store::act::NewAct;
use crate::store::engine;
use crate::store::log::{self as store, EntryRow, HeadRow, NewEntry};
use crate::store::public as public_store;
use crate::{Certificate, CertificateVersion, Error, Page, Public, Registry};

/// Entries that get their numbers in one turn.
const TURN: i64 = 512;
/// Acts that anyone sees although their subject is not a published record.
pub(crate) const PUBLIC_KINDS: &[&str] = &[
    "opinion_publish",
    "opinion_reply",
    "complaint_answer",
    "claim_enter",
    "claim_end",
    "parameters_approve",
    "rule_approve",
    "batch_issue",
];
/// The acts that issue credits.
const ISSUING: &[&str] = &["report_issue", "batch_issue"];

/// A signed head of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogHead {
    /// How many entries the tree has.
    pub size: u64,
    /// The root of the tree, 64 hexadecimal digits.
    pub root: String,
    /// When it was signed.
    pub at: Instant,
    /// The public key that signed it, `<name>+<id>+<base64>`.
    pub key: String,
    /// The signed checkpoint (`c2sp.org/tlog-checkpoint`).
    pub note: String,
}

/// A key that signs heads, or did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogPublicKey {
    /// `<name>+<id>+<base64>`.
    pub key: String,
    /// The size of the first head that it signed.
    pub since_size: u64,
    /// When that was.
    pub at: Instant,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogItem {
    /// Its number, from 0.
    pub number: u64,
    /// The public record, one canonical line of JSON.
    pub leaf: String,
    /// The hash of the entry in the tree, 64 hexadecimal digits.
    pub hash: String,
}

/// The proof that an entry is in the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogInclusion {
    /// The entry.
    pub item: LogItem,
    /// The size of the tree.
    pub size: u64,
    /// The hashes from the leaf upwards.
    pub proof: Vec<Digest>,
}

/// What is known of an act that enters the log.
pub(crate) struct Recorded<'a> {
    pub(crate) id: &'a str,
    pub(crate) at: i64,
    pub(crate) kind: &'a str,
    pub(crate) hash: &'a str,
    pub(crate) subject_kind: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) state: Option<&'a str>,
    pub(crate) is_public: bool,
}

impl NewAct<'_> {
    /// The entry as the log sees it.
    pub(crate) fn recorded(&self) -> Recorded<'_> {
        Recorded {
            id: self.id,
            at: self.at,
            kind: self.kind,
            hash: &self.hash,
            subject_kind: self.subject_kind,
            subject: self.subject,
            state: self.state,
            is_public: self.is_public == 1,
        }
    }
}

impl EntryRow {
    fn recorded(&self) -> Recorded<'_> {
        Recorded {
            id: &self.act_id,
            at: self.at,
            kind: &self.kind,
            hash: &self.hash,
            subject_kind: &self.subject_kind,
            subject: &self.subject,
            state: self.state.as_deref(),
            is_public: self.is_public == 1,
        }
    }
}

/// Who speaks in a statement.
#[derive(Clone, Copy)]
pub(crate) struct Speaker<'a> {
    /// The name of the log.
    pub(crate) log: &'a str,
    /// Whether these are demonstration data.
    pub(crate) demo: bool,
}

/// Enters an act, in its transaction, after its row was written. `retired`: whether it gave certificates.
pub(crate) async fn enter(
    connection: &mut AnyConnection,
    act: &Recorded<'_>,
    speaker: Speaker<'_>,
    retired: bool,
) -> Result<(), Error> {
    for entry in entries_of(connection, act, speaker, retired).await? {
        store::entry_insert(connection, act.id, &entry).await?;
    }
    Ok(())
}

/// The entries of an act: one for each certificate, or one if it is public.
async fn entries_of(
    connection: &mut AnyConnection,
    act: &Recorded<'_>,
    speaker: Speaker<'_>,
    retired: bool,
) -> Result<Vec<NewEntry>, Error> {
    let mut entries = Vec::new();
    if retired {
        let numbers = store::retired_by(connection, act.id).await?;
        for (number, position) in numbers.into_iter().zip(0_i64..) {
            let newest = certificate_in(connection, &number).await?;
            let Some(mut certificate) = newest.made_by(act.id) else {
                continue;
            };
            // a correction keeps the names that were in force at the retirement
            let before = public_store::statement_of(connection, &number).await?;
            if let Some(before) = before.as_deref().and_then(Statement::read) {
                certificate.name_as_of(&before);
            }
            let statement = certificate.statement(speaker.log, speaker.demo);
            entries.push(entry_of_certificate(act, position, &statement));
        }
    } else if act.is_public || PUBLIC_KINDS.contains(&act.kind) {
        let leaf = leaf_of_act(connection, act).await?;
        entries.push(NewEntry {
            position: 0,
            leaf: leaf.canonical(),
            certificate: None,
        });
    }
    Ok(entries)
}

/// The entry of a certificate; `position`: its place within the act.
pub(crate) fn entry_of_certificate(
    act: &Recorded<'_>,
    position: i64,
    statement: &Statement,
) -> NewEntry {
    let text = statement.canonical();
    NewEntry {
        position,
        leaf: leaf_of_certificate(act, statement, &text).canonical(),
        certificate: Some((statement.number.clone(), text)),
    }
}

fn leaf(act: &Recorded<'_>) -> Leaf {
    Leaf {
        act: act.kind.to_owned(),
        at: act.at,
        certificate: None,
        hash: act.hash.to_owned(),
        id: act.id.to_owned(),
        issued: Vec::new(),
        state: act.state.map(str::to_owned),
        subject: act.subject.to_owned(),
        subject_kind: act.subject_kind.to_owned(),
        v: LEAF_VERSION,
    }
}

async fn leaf_of_act(connection: &mut AnyConnection, act: &Recorded<'_>) -> Result<Leaf, Error> {
    let mut leaf = leaf(act);
    if ISSUING.contains(&act.kind) {
        for (code, vintage, start, end) in store::issued_by(connection, act.id).await? {
            leaf.issued.push(serial_text(&code, vintage, start, end)?);
        }
    }
    Ok(leaf)
}

/// Whose chain the act is in is not public: the entry is about the certificate.
fn leaf_of_certificate(act: &Recorded<'_>, statement: &Statement, text: &str) -> Leaf {
    Leaf {
        certificate: Some(LeafCertificate {
            digest: digest_of(text),
            number: statement.number.clone(),
            quantity: statement.quantity,
            serials: statement.serials().map(str::to_owned).collect(),
            version: statement.correction.as_ref().map(|one| one.version),
        }),
        state: None,
        subject: statement.number.clone(),
        subject_kind: "retirement".to_owned(),
        ..leaf(act)
    }
}

impl Certificate {
    /// What it states, as the rows of the ledger have it now.
    pub fn statement(&self, log: &str, demo: bool) -> Statement {
        Statement {
            act: self.act.clone(),
            at: self.at.0,
            beneficiary: self.beneficiary.clone(),
            beneficiary_uscc: self.beneficiary_uscc.clone(),
            correction: self.shown_version().and_then(correction_of),
            demo,
            format: STATEMENT_FORMAT.to_owned(),
            holder: self.holder.clone(),
            lines: self.lines.iter().map(line_of).collect(),
            number: self.number.clone(),
            purpose: self.purpose.clone(),
            purpose_text: self.purpose_text.clone(),
            quantity: self.quantity,
            registry: log.to_owned(),
        }
    }

    /// The same, with the names that were in force when `stated` was written: organisations and projects may be renamed, a certificate
    /// does not change by that.
    fn statement_as_of(&self, stated: &Statement) -> Statement {
        let mut now = self.statement(&stated.registry, stated.demo);
        now.holder.clone_from(&stated.holder);
        for (line, old) in now.lines.iter_mut().zip(&stated.lines) {
            line.project_name.clone_from(&old.project_name);
        }
        now
    }

    /// Takes over the names of a statement.
    pub(crate) fn name_as_of(&mut self, stated: &Statement) {
        self.holder.clone_from(&stated.holder);
        for (line, old) in self.lines.iter_mut().zip(&stated.lines) {
            line.project_name.clone_from(&old.project_name);
        }
    }
}

/// What made a version; nothing for the first one.
fn correction_of(version: &CertificateVersion) -> Option<StatementCorrection> {
    Some(StatementCorrection {
        reason: version.reason.clone()?,
        act: version.act.clone(),
        at: version.at.0,
        version: version.version,
    })
}

fn line_of(line: &crate::CertificateLine) -> StatementLine {
    StatementLine {
        end: line.end,
        methodology: line.methodology.clone(),
        project_code: line.project_code.clone(),
        project_name: line.project_name.clone(),
        serial: line.serial.clone(),
        start: line.start,
        vintage: line.vintage,
    }
}

impl Registry {
    /// Gives every entry that waits its number and signs the head; how many there were. Safe to call from several copies at once: each
    /// entry gets one number, and there is one order.
    pub async fn log_sequence(&self, at: Instant) -> Result<u64, Error> {
        let mut numbered = 0;
        loop {
            let mut connection = self.store.read().await?;
            let waiting = store::is_waiting(&mut connection).await?;
            drop(connection);
            if !waiting {
                return Ok(numbered);
            }
            // a turn is not given up when the one who asked for it goes away
            let registry = self.clone();
            let turn = tokio::spawn(async move { registry.log_turn(at).await });
            numbered += turn.await.map_err(broken)??;
        }
    }

    /// One turn: one transaction, at most [`TURN`] entries, one head.
    async fn log_turn(&self, at: Instant) -> Result<u64, Error> {
        let mut tx = self.store.begin_turn().await?;
        engine::look_up(&mut tx).await?;
        store::take_turn(&mut tx).await?;
        let last = public_store::log_head(&mut tx, None).await?;
        let waiting = store::waiting(&mut tx, TURN).await?;
        if waiting.is_empty() {
            tx.rollback().await?;
            return Ok(0);
        }
        let size = last.as_ref().map_or(Ok(0), |head| unsigned(head.size))?;
        let needed = Places::append(size).map_err(broken)?;
        let stored = stored(&mut tx, &needed.places).await?;
        let mut batch = Batch::new(size, stored);
        let mut numbered = Vec::with_capacity(waiting.len());
        for (act, position, leaf) in &waiting {
            let number = signed(batch.push(leaf).map_err(broken)?)?;
            numbered.push((&**act, *position, number));
        }
        store::entries_number(&mut tx, &numbered).await?;
        let nodes = batch.added().iter();
        let nodes = nodes.map(|(place, hash)| Ok((signed(*place)?, hash.to_string())));
        let nodes: Vec<_> = nodes.collect::<Result<_, Error>>()?;
        store::nodes_insert(&mut tx, &nodes).await?;
        let key = &self.options.log_key;
        let head = Head {
            log: key.name().to_owned(),
            size: batch.size(),
            root: batch.root().map_err(broken)?,
            // a head is never older than the one before
            at: at.0.max(last.map_or(i64::MIN, |head| head.at)),
        };
        let row = HeadRow {
            size: signed(head.size)?,
            root: head.root.to_string(),
            at: head.at,
            key: key.public().to_owned(),
            note: head.sign(key).map_err(broken)?,
        };
        store::key_note(&mut tx, key.public(), row.size, row.at).await?;
        store::head_insert(&mut tx, &row).await?;
        tx.commit().await?;
        unsigned(i64::try_from(waiting.len()).unwrap_or(i64::MAX))
    }

    /// Enters the public acts of a database that is older than the log. Does nothing once the log has an entry.
    pub(crate) async fn log_backfill(&self) -> Result<(), Error> {
        let mut connection = self.store.read().await?;
        if !store::is_empty(&mut connection).await? {
            return Ok(());
        }
        drop(connection);
        let speaker = Speaker {
            log: self.options.log_key.name(),
            demo: self.options.demo,
        };
        // one transaction: an interrupted one leaves the log empty, and it is done again
        let mut tx = self.store.begin_turn().await?;
        engine::look_up(&mut tx).await?;
        store::take_turn(&mut tx).await?;
        loop {
            let acts = store::acts_without_entry(&mut tx, PUBLIC_KINDS, TURN).await?;
            if acts.is_empty() {
                break;
            }
            for id in acts {
                let row = store::act(&mut tx, &id).await?.ok_or(Error::NotFound)?;
                let retired = !store::retired_by(&mut tx, &id).await?.is_empty();
                enter(&mut tx, &row.recorded(), speaker, retired).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// The name of the log that this copy of the server signs.
    pub fn log_name(&self) -> &str {
        self.options.log_key.name()
    }
}

impl Public<'_> {
    /// The newest head; `None` before the first one.
    pub async fn log_head(&self) -> Result<Option<LogHead>, Error> {
        let mut connection = self.store.read().await?;
        let found = public_store::log_head(&mut connection, None).await?;
        found.map(head_of).transpose()
    }

    /// The head of the tree of this size. `NotFound` if none was signed for it.
    pub async fn log_head_of(&self, size: u64) -> Result<LogHead, Error> {
        let mut connection = self.store.read().await?;
        let found = public_store::log_head(&mut connection, Some(signed(size)?)).await?;
        head_of(found.ok_or(Error::NotFound)?)
    }

    /// Every head, newest first, those of trees smaller than `before`; at most `count` (1..=200).
    pub async fn log_heads(&self, before: Option<u64>, count: i64) -> Result<Page<LogHead>, Error> {
        let count = count.clamp(1, 200);
        let before = before.map_or(Ok(i64::MAX), signed)?;
        let mut connection = self.store.read().await?;
        let rows = public_store::log_heads(&mut connection, before, count + 1).await?;
        let heads: Vec<LogHead> = rows.into_iter().map(head_of).collect::<Result<_, _>>()?;
        Ok(Page::cut(heads, count, |head| head.size.to_string()))
    }

    /// The keys that sign heads or did, oldest first.
    pub async fn log_keys(&self) -> Result<Vec<LogPublicKey>, Error> {
        let mut connection = self.store.read().await?;
        let rows = public_store::log_keys(&mut connection).await?;
        let rows = rows.into_iter().map(|(key, since_size, at)| {
            Ok(LogPublicKey {
                key,
                since_size: unsigned(since_size)?,
                at: Instant(at),
            })
        });
        rows.collect()
    }

    /// The entries from number `from` on, in their order; at most `count` (1..=200).
    pub async fn log_entries(&self, from: u64, count: i64) -> Result<Page<LogItem>, Error> {
        let count = count.clamp(1, 200);
        let mut connection = self.store.read().await?;
        let rows = public_store::log_entries(&mut connection, signed(from)?, count + 1).await?;
        let items: Vec<LogItem> = rows.into_iter().map(item_of).collect::<Result<_, _>>()?;
        Ok(Page::cut(items, count, |item| {
            (item.number + 1).to_string()
        }))
    }

    /// The entry with this number and the proof that it is in the tree of this size, or of the newest head. `NotFound` if the tree has
    /// no such entry or the log no such size.
    pub async fn log_inclusion(
        &self,
        number: u64,
        size: Option<u64>,
    ) -> Result<LogInclusion, Error> {
        let mut moment = self.store.snapshot().await?;
        let newest = newest_size(&mut moment).await?;
        let size = size.unwrap_or(newest);
        if size > newest || number >= size {
            return Err(Error::NotFound);
        }
        let rows = public_store::log_entries(&mut moment, signed(number)?, 1).await?;
        let item = item_of(rows.into_iter().next().ok_or(Error::NotFound)?)?;
        let places = Places::inclusion(size, number).map_err(|_| Error::NotFound)?;
        let proof = prove(&mut moment, &places).await?;
        moment.commit().await?;
        Ok(LogInclusion { item, size, proof })
    }

    /// The proof that the tree of size `to` (or of the newest head) begins with the one of size `from`. `NotFound` if the log has no
    /// such sizes.
    pub async fn log_consistency(
        &self,
        from: u64,
        to: Option<u64>,
    ) -> Result<(u64, Vec<Digest>), Error> {
        let mut moment = self.store.snapshot().await?;
        let newest = newest_size(&mut moment).await?;
        let to = to.unwrap_or(newest);
        if to > newest {
            return Err(Error::NotFound);
        }
        let places = Places::consistency(from, to).map_err(|_| Error::NotFound)?;
        let proof = prove(&mut moment, &places).await?;
        moment.commit().await?;
        Ok((to, proof))
    }

    /// The file of a certificate in the words in force, with the newest head. `public_url` is the address people use. `NotFound` while its
    /// entry waits for its number: call [`Registry::log_sequence`] before.
    pub async fn certificate_file(
        &self,
        number: &str,
        public_url: &str,
    ) -> Result<CertificateFile, Error> {
        self.certificate_file_with(number, public_url, None, false)
            .await
    }

    /// The same in the words of one version. `NotFound` if it has no such version.
    pub async fn certificate_file_of(
        &self,
        number: &str,
        version: u32,
        public_url: &str,
    ) -> Result<CertificateFile, Error> {
        self.certificate_file_with(number, public_url, Some(version), false)
            .await
    }

    async fn certificate_file_with(
        &self,
        number: &str,
        public_url: &str,
        version: Option<u32>,
        first_head: bool,
    ) -> Result<CertificateFile, Error> {
        let certificate = self.certificate(number).await?;
        let version = version.unwrap_or(certificate.newest());
        let words = certificate.in_version(version).ok_or(Error::NotFound)?;
        let act = words.shown_version().map(|one| one.act.as_str());
        let number = certificate.number;
        let mut moment = self.store.snapshot().await?;
        let entry = public_store::log_entry_of(&mut moment, &number, act).await?;
        let entry = entry.ok_or(Error::NotFound)?;
        let head = if first_head {
            public_store::log_head_first(&mut moment, entry.number).await?
        } else {
            public_store::log_head(&mut moment, None).await?
        };
        let head = head.ok_or(Error::NotFound)?;
        let entry_number = unsigned(entry.number)?;
        let places = Places::inclusion(unsigned(head.size)?, entry_number);
        let proof = prove(&mut moment, &places.map_err(broken)?).await?;
        moment.commit().await?;
        Ok(CertificateFile {
            format: FILE_FORMAT.to_owned(),
            address: format!("{public_url}/retirements/{number}"),
            statement: entry.statement.unwrap_or_default(),
            entry: entry.leaf,
            entry_number,
            proof,
            head: head.note,
            key: head.key,
        })
    }

    /// The file of a certificate in the words that were in force at the end of a day (the first ones, if it was given later), with the first
    /// head whose tree contains their entry: the same bytes whenever it is asked for. `NotFound` while the entry waits for its number.
    pub async fn certificate_file_as_of(
        &self,
        number: &str,
        day: &str,
        public_url: &str,
    ) -> Result<CertificateFile, Error> {
        let certificate = self.certificate(number).await?;
        let mut versions = certificate.versions.iter().rev();
        let then = versions.find(|one| one.at.beijing_date().to_string().as_str() <= day);
        let version = then.map_or(1, |one| one.version);
        self.certificate_file_with(number, public_url, Some(version), true)
            .await
    }

    /// What the registry says about this version of the certificate with this number (`None`: the one in force) to somebody who has a head of
    /// this size: its keys, its newest head, the proof between the two, what the ledger says now, the last entry about it and the version
    /// in force. For numbers and sizes that are not here, what
    /// can be said: the ledger knows no such certificate, and there is no such proof.
    pub async fn certificate_evidence(
        &self,
        number: &str,
        size: u64,
        version: Option<u32>,
    ) -> Result<Evidence, Error> {
        let keys = self.log_keys().await?;
        let mut moment = self.store.snapshot().await?;
        let head = public_store::log_head(&mut moment, None).await?;
        let newest = head.as_ref().map_or(Ok(0), |head| unsigned(head.size))?;
        let consistency = match Places::consistency(size, newest) {
            Ok(places) => prove(&mut moment, &places).await?,
            // no proof leads from a tree that the log never had
            Err(_) => Vec::new(),
        };
        let (ledger, last_entry, current_version) = match certificate_in(&mut moment, number).await
        {
            Ok(certificate) => {
                let newest = certificate.newest();
                let entry =
                    public_store::log_entry_of(&mut moment, &certificate.number, None).await?;
                let last_entry = entry.as_ref().map(|entry| unsigned(entry.number));
                let stated = entry.and_then(|entry| Statement::read(&entry.statement?));
                let asked = certificate.in_version(version.unwrap_or(newest));
                let now = stated
                    .zip(asked)
                    .map(|(stated, asked)| asked.statement_as_of(&stated).canonical());
                (
                    now.unwrap_or_default(),
                    last_entry.transpose()?,
                    Some(newest),
                )
            }
            Err(Error::NotFound) => (String::new(), None, None),
            Err(error) => return Err(error),
        };
        moment.commit().await?;
        Ok(Evidence {
            unanswered: None,
            keys: keys.into_iter().map(|key| key.key).collect(),
            head: head.map(|head| head.note),
            consistency: Some(consistency),
            ledger: Some(ledger),
            last_entry,
            current_version,
        })
    }
}

async fn newest_size(connection: &mut AnyConnection) -> Result<u64, Error> {
    let head = public_store::log_head(connection, None).await?;
    head.map_or(Ok(0), |head| unsigned(head.size))
}

/// The hashes of a proof, from what is stored.
async fn prove(connection: &mut AnyConnection, places: &Places) -> Result<Vec<Digest>, Error> {
    let stored = stored(connection, &places.places).await?;
    places.with(&stored).map_err(broken)
}

pub(crate) async fn stored(
    connection: &mut AnyConnection,
    places: &[u64],
) -> Result<HashMap<u64, Digest>, Error> {
    let wanted: Vec<i64> = places
        .iter()
        .map(|place| signed(*place))
        .collect::<Result<_, _>>()?;
    let found = store::nodes(connection, &wanted).await?;
    let found = found
        .into_iter()
        .map(|(place, hash)| Ok((unsigned(place)?, hash.parse().map_err(broken)?)));
    found.collect()
}

fn head_of(row: HeadRow) -> Result<LogHead, Error> {
    Ok(LogHead {
        size: unsigned(row.size)?,
        root: row.root,
        at: Instant(row.at),
        key: row.key,
        note: row.note,
    })
}

fn item_of((number, leaf): (i64, String)) -> Result<LogItem, Error> {
    Ok(LogItem {
        number: unsigned(number)?,
        hash: leaf_digest(&leaf).to_string(),
        leaf,
    })
}

pub(crate) fn signed(number: u64) -> Result<i64, Error> {
    // a number that no row can have
    i64::try_from(number).map_err(|_| Error::NotFound)
}

pub(crate) fn unsigned(number: i64) -> Result<u64, Error> {
    u64::try_from(number).map_err(|_| Error::Store(format!("the log has the number {number}")))
}

pub(crate) fn broken(error: impl std::fmt::Display) -> Error {
    Error::Store(format!("public log: {error}"))
}

/// What the entry of an act must be, from the rows as they are now: its leaf, and the statement if it is about a certificate.
pub(crate) async fn expected_entry(
    connection: &mut AnyConnection,
    entry: &EntryRow,
) -> Result<(String, Option<String>), Error> {
    let act = entry.recorded();
    let Some(number) = &entry.certificate else {
        return Ok((leaf_of_act(connection, &act).await?.canonical(), None));
    };
    let certificate = match certificate_in(connection, number).await {
        Ok(certificate) => certificate,
        Err(Error::NotFound) => return Ok((String::new(), None)),
        Err(error) => return Err(error),
    };
    // each act wrote one version; an act that wrote none of them has no entry about the certificate
    let Some(certificate) = certificate.made_by(&entry.act_id) else {
        return Ok((String::new(), None));
    };
    let stated = entry.statement.as_deref().and_then(Statement::read);
    let statement = match &stated {
        Some(stated) => certificate.statement_as_of(stated),
        None => certificate.statement("", false),
    };
    let text = statement.canonical();
    let leaf = leaf_of_certificate(&act, &statement, &text);
    Ok((leaf.canonical(), Some(text)))
}
