//! Everything that a published result rests on, as one archive: what is in it, the hash of each part, and how to check them.

use std::io::{Cursor, Write};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Instant;
use domain::Role;
use registry::{Error, EventDossier, EventEvidence, PublicEvent, PublicEventVersion};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tokio::sync::{Semaphore, SemaphorePermit};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::ORGANISERS;
use super::print::contents;
use crate::files::Files;
use crate::host::Host;
use crate::page::{Failed, OrFailed, error_page, require};
use crate::pages::attachment::disposition;
use crate::pages::public::csv::Csv;
use crate::print::Form;
use crate::visitor::{Visitor, query_value};

/// The form of the manifest; a change of its members is another number.
const FORMAT: &str = "huitan-event-evidence-2";
/// Most certificates that one archive carries; the report names all of them.
const CERTIFICATES_MAX: usize = 200;
/// Of the files of lines, an archive for anyone carries so many bytes; the others are named with the address of each.
const PUBLIC_FILES_BYTES_MAX: i64 = 20 * 1024 * 1024;
/// Archives with files for anyone that are put together or sent at the same time: each is held in memory until it was sent.
static PACKING: Semaphore = Semaphore::const_new(8);
/// The same of archives for organisers and bodies, which are larger: whoever reads slowly in public does not keep them waiting.
static PACKING_ALL: Semaphore = Semaphore::const_new(2);
/// How long an archive waits for its turn.
const PATIENCE: Duration = Duration::from_secs(30);

/// What an archive contains and how to check it: `manifest.json`.
#[derive(Debug, Serialize)]
struct Manifest {
    format: &'static str,
    event: String,
    name: String,
    organiser: String,
    version: i64,
    published_on: String,
    total_kg: String,
    tonnes: i64,
    counted_tonnes: i64,
    /// Which set of numbers the footprint was computed with.
    parameter_set: u64,
    address: String,
    demo: bool,
    members: Vec<Member>,
    /// The files that prove lines of the inventory: also those that are not in the archive.
    files: Vec<Proof>,
    /// Retirements whose certificate is not in the archive.
    certificates_missing: Vec<String>,
    how_to_check: Vec<Hint>,
}

/// One file of an archive.
#[derive(Debug, Serialize)]
struct Member {
    name: String,
    bytes: usize,
    sha256: String,
    zh: &'static str,
    en: &'static str,
}

/// A file that proves a line of the inventory.
#[derive(Debug, Serialize)]
struct Proof {
    line: String,
    title: String,
    file_name: String,
    media_type: String,
    bytes: i64,
    sha256: String,
    public: bool,
    /// Its name in the archive; null: it is not in it.
    member: Option<String>,
    /// Where anyone may have it; null: nobody but the organisers and the body that evaluates.
    address: Option<String>,
}

/// One step of a check.
#[derive(Debug, Serialize)]
struct Hint {
    zh: &'static str,
    en: &'static str,
}

const HOW_TO_CHECK: [Hint; 6] = [
    Hint {
        zh: "计算每个文件的 SHA-256（例如 sha256sum 文件名），与 members 中的 sha256 逐一比对。",
        en: "Compute the SHA-256 of every file (for example: sha256sum FILE) and compare it with sha256 in members.",
    },
    Hint {
        zh: "inventory.csv 的每一行乘以 factors.csv 中的因子，各行之和为 result.json 的 total_kg；calculation.json 是计算的输入，重新计算应得到相同的数字。",
        en: "Each line of inventory.csv times its factor in factors.csv adds up to total_kg in result.json; calculation.json is the input of the calculation, which gives the same digits again.",
    },
    Hint {
        zh: "certificates 中的每个文件可离线核验：它在公开日志中的记录、证明与签名都在文件里；也可在本平台的核验页面上核验。",
        en: "Each file in certificates can be checked without a connection: its entry in the public log, the proof and the signed head are in the file; or use the page of this platform that checks certificates.",
    },
    Hint {
        zh: "在他处注销的单位列于 result.json 的 units，请在所列登记系统中按编号查询；本平台未在他处登记系统核验。",
        en: "Units that were cancelled elsewhere are listed in units of result.json: look them up under their numbers in the registry named there; this platform has not checked them there.",
    },
    Hint {
        zh: "files 列出清单各行的全部证据文件及其 SHA-256；member 为空的文件不在本包中，持有该文件的人可计算其 SHA-256 比对是否为同一文件。",
        en: "files lists every file that proves a line of the inventory with its SHA-256; one without member is not in this archive: whoever has it can compute its SHA-256 and see that it is the same.",
    },
    Hint {
        zh: "打开 address：如有更正，页面显示更新的版本和原因。",
        en: "Open address: after a correction the page shows the newer version and why.",
    },
];

/// A member before it is packed.
struct Part {
    name: String,
    bytes: Vec<u8>,
    zh: &'static str,
    en: &'static str,
}

fn part(name: impl Into<String>, bytes: Vec<u8>, zh: &'static str, en: &'static str) -> Part {
    Part {
        name: name.into(),
        bytes,
        zh,
        en,
    }
}

/// An archive with its name.
pub struct EvidencePack {
    /// `E2026-000001-7-v1.zip`.
    pub name: String,
    /// The ZIP archive; its turn ends with it.
    pub bytes: Bytes,
}

/// The bytes of an archive with its turn among those that are held in memory.
struct Held {
    bytes: Vec<u8>,
    _turn: Option<SemaphorePermit<'static>>,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// A turn, or [`Error::Busy`] if none came in time.
async fn turn(of: &'static Semaphore) -> Result<SemaphorePermit<'static>, Error> {
    let turn = tokio::time::timeout(PATIENCE, of.acquire()).await;
    // a semaphore is never closed
    let turn = turn.ok().and_then(Result::ok);
    turn.ok_or(Error::Busy)
}

/// `GET /events/{number}/evidence.zip`; `?version=` an earlier version than the newest.
pub async fn archive(
    State(host): State<Host>,
    visitor: Visitor,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let asked = query_value(query.as_deref().unwrap_or_default(), "version");
    let asked = asked.filter(|asked| !asked.is_empty());
    match evidence_pack(&host, visitor.now, &number, asked.as_deref()).await {
        Err(Error::Store(error)) => {
            tracing::error!(error, "the evidence of an event could not be packed");
            Ok(error_page(&host, &visitor, StatusCode::SERVICE_UNAVAILABLE))
        }
        pack => Ok(zip_response(pack.or_failed(&host, &visitor)?)),
    }
}

/// `GET /desk/events/{id}/evidence.zip`: for its organisers, with every file; also before the result is published.
pub async fn of_organiser(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    let by = require(&host, &visitor, ORGANISERS)?;
    let dossier = host.registry.event_dossier(&by, &id).await;
    let dossier = dossier.or_failed(&host, &visitor)?;
    of_party(&host, &visitor, &dossier).await
}

/// `GET /desk/evaluations/{event}/evidence.zip`: for the body that was asked, with every file.
pub async fn of_body(
    State(host): State<Host>,
    visitor: Visitor,
    Path(event): Path<String>,
) -> Result<Response, Failed> {
    let by = require(&host, &visitor, &[Role::Vvb])?;
    let read = host.registry.event_evaluation(&by, &event).await;
    let dossier = read.or_failed(&host, &visitor)?.dossier;
    let dossier = dossier.or_failed(&host, &visitor)?;
    of_party(&host, &visitor, &dossier).await
}

async fn of_party(
    host: &Host,
    visitor: &Visitor,
    dossier: &EventDossier,
) -> Result<Response, Failed> {
    match dossier_pack(host, visitor.now, dossier).await {
        Err(Error::Store(error)) => {
            tracing::error!(error, "the evidence of an event could not be packed");
            Ok(error_page(host, visitor, StatusCode::SERVICE_UNAVAILABLE))
        }
        pack => Ok(zip_response(pack.or_failed(host, visitor)?)),
    }
}

/// The evidence of a published version, the newest if none is asked for: the same for the page and for REST. [`Error::NotFound`] if
/// there is no such version, [`Error::Store`] if a document could not be made.
pub async fn evidence_pack(
    host: &Host,
    now: Instant,
    number: &str,
    asked: Option<&str>,
) -> Result<EvidencePack, Error> {
    let event = host
        .registry
        .public()
        .event(number, now.beijing_date())
        .await?;
    let version = match asked {
        None => event.versions.first(),
        Some(asked) => event
            .versions
            .iter()
            .find(|version| version.version.to_string() == asked),
    };
    let version = version.ok_or(Error::NotFound)?;
    let mut room = PUBLIC_FILES_BYTES_MAX;
    let carried = |file: &EventEvidence| {
        let fits = file.is_public && file.bytes <= room;
        if fits {
            room -= file.bytes;
        }
        fits
    };
    packed(host, now, (&event, version), &PACKING, carried).await
}

/// The evidence of a version, published or about to be, for those who may read everything: with every file.
pub async fn dossier_pack(
    host: &Host,
    now: Instant,
    dossier: &EventDossier,
) -> Result<EvidencePack, Error> {
    let about = (&dossier.event, &dossier.version);
    packed(host, now, about, &PACKING_ALL, |_| true).await
}

/// `carried` says of each file of a line whether the archive contains it; an archive with files takes a turn of `turns`.
async fn packed(
    host: &Host,
    now: Instant,
    (event, version): (&PublicEvent, &PublicEventVersion),
    turns: &'static Semaphore,
    carried: impl FnMut(&EventEvidence) -> bool,
) -> Result<EvidencePack, Error> {
    let proofs = proofs(host, version, carried);
    let one_of_few = if proofs.iter().any(|proof| proof.member.is_some()) {
        Some(turn(turns).await?)
    } else {
        None
    };
    let mut parts = Vec::new();
    for form in [Form::Pdf, Form::Workbook] {
        let printed = host
            .printer
            .print_event(contents(host, event, version), form)
            .await;
        let bytes = printed.map_err(Error::Store)?;
        parts.push(match form {
            Form::Pdf => part("report.pdf", bytes, "报告", "the report"),
            Form::Workbook => part(
                "report.xlsx",
                bytes,
                "报告与清单（表格）",
                "report and inventory as a workbook",
            ),
        });
    }
    let (certificates, missing) = certificates(host, now, version).await?;
    parts.extend(data(version));
    parts.extend(certificates);
    let manifest = Manifest {
        format: FORMAT,
        event: event.row.number.clone(),
        name: version
            .content
            .profile
            .get("name")
            .cloned()
            .unwrap_or_else(|| event.row.name.clone()),
        organiser: event.row.organiser.clone(),
        version: version.version,
        published_on: version.published_on.clone(),
        total_kg: version.total_kg.clone(),
        tonnes: version.tonnes,
        counted_tonnes: version.content.counted_tonnes,
        parameter_set: version.footprint.parameter_set,
        address: format!("{}/events/{}", host.public_url, event.row.number),
        demo: host.demo,
        members: parts.iter().map(member).collect(),
        files: proofs,
        certificates_missing: missing,
        how_to_check: HOW_TO_CHECK.into_iter().collect(),
    };
    let bytes = written(&manifest, &parts, &host.files).await;
    Ok(EvidencePack {
        name: format!("{}-v{}.zip", event.row.number, version.version),
        bytes: Bytes::from_owner(Held {
            bytes: bytes.map_err(Error::Store)?,
            _turn: one_of_few,
        }),
    })
}

/// Every file that proves a line, in the order of the lines.
fn proofs(
    host: &Host,
    version: &PublicEventVersion,
    mut carried: impl FnMut(&EventEvidence) -> bool,
) -> Vec<Proof> {
    let files = version.content.files.iter().enumerate();
    let proofs = files.map(|(at, file)| Proof {
        member: carried(file).then(|| format!("files/{:03}-{}", at + 1, plain(&file.file_name))),
        address: (file.is_public && !version.published_on.is_empty())
            .then(|| format!("{}/attachments/{}", host.public_url, file.id)),
        line: file.line.clone(),
        title: file.title.clone(),
        file_name: file.file_name.clone(),
        media_type: file.media_type.clone(),
        bytes: file.bytes,
        sha256: file.sha256.clone(),
        public: file.is_public,
    });
    proofs.collect()
}

/// A name as it may stand in an archive that is unpacked anywhere.
fn plain(file_name: &str) -> String {
    let plain = file_name.chars().map(|letter| match letter {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        letter if letter.is_control() => '_',
        letter => letter,
    });
    plain.collect()
}

/// An archive as an answer.
pub fn zip_response(pack: EvidencePack) -> Response {
    let mut response = pack.bytes.into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("application/zip");
    headers.insert(header::CONTENT_TYPE, kind);
    if let Ok(value) = HeaderValue::from_str(&disposition("attachment", &pack.name)) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    let private = HeaderValue::from_static("private, no-cache");
    headers.insert(header::CACHE_CONTROL, private);
    response
}

/// The certificates of what was retired here, each in the words of that day and with the first signed head that contains it, so that the file
/// stays the same; and the numbers of those that the log does not have yet.
async fn certificates(
    host: &Host,
    now: Instant,
    version: &PublicEventVersion,
) -> Result<(Vec<Part>, Vec<String>), Error> {
    host.registry.log_sequence(now).await?;
    let (mut parts, mut missing) = (Vec::new(), Vec::new());
    // what is not published yet is packed in the words of today
    let today = now.beijing_date().to_string();
    let day = if version.published_on.is_empty() {
        &today
    } else {
        &version.published_on
    };
    let here = version.content.units.iter().filter(|unit| unit.here);
    let mut references: Vec<&str> = here.map(|unit| unit.reference.as_str()).collect();
    // a retirement of several kinds has one certificate
    references.dedup();
    for (at, reference) in references.into_iter().enumerate() {
        let public = host.registry.public();
        let file = if at < CERTIFICATES_MAX {
            let file = public.certificate_file_as_of(reference, day, &host.public_url);
            match file.await {
                Err(Error::NotFound) => None,
                file => Some(file?),
            }
        } else {
            None
        };
        match file {
            Some(file) => parts.push(part(
                format!("certificates/{reference}.json"),
                file.text().into_bytes(),
                "注销证书文件，可离线核验",
                "the file of a certificate of retirement, to be checked without a connection",
            )),
            None => missing.push(reference.to_owned()),
        }
    }
    Ok((parts, missing))
}

/// Inventory, factors, result and input of the calculation.
fn data(version: &PublicEventVersion) -> Vec<Part> {
    let lines = version.input["lines"].as_str().unwrap_or_default();
    let mut factors = Csv::new(&[
        "id",
        "title_zh",
        "title_en",
        "value",
        "unit",
        "assumed",
        "source_zh",
        "source_en",
    ]);
    for used in &version.footprint.parameters {
        factors.row(&[
            used.id.clone(),
            used.title.zh.clone(),
            used.title.en.clone(),
            used.value.normalize().to_string(),
            used.unit.clone(),
            if used.assumed { "yes" } else { "no" }.to_owned(),
            used.source.zh.clone(),
            used.source.en.clone(),
        ]);
    }
    vec![
        part(
            "inventory.csv",
            format!("\u{feff}{lines}").into_bytes(),
            "清单：每一行活动数据",
            "the inventory: every line of activity data",
        ),
        part(
            "factors.csv",
            factors.text().into_bytes(),
            "所用排放因子及其来源",
            "the emission factors used, with their sources",
        ),
        part(
            "result.json",
            pretty(version),
            "结果：边界、各类排放、措施、单位、声明",
            "the result: boundary, emissions, measures, units, statement",
        ),
        part(
            "calculation.json",
            pretty(&version.input),
            "计算的输入",
            "the input of the calculation",
        ),
    ]
}

fn pretty(value: &impl Serialize) -> Vec<u8> {
    // texts, numbers and maps of texts always have a form in JSON
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text.into_bytes()
}

fn member(part: &Part) -> Member {
    Member {
        name: part.name.clone(),
        bytes: part.bytes.len(),
        sha256: hex::encode(Sha256::digest(&part.bytes)),
        zh: part.zh,
        en: part.en,
    }
}

/// The archive: the manifest first, no times of its own, so that the same parts are the same bytes. Files of lines are read one after the
/// other and packed as they are: most of them are compressed already.
async fn written(manifest: &Manifest, parts: &[Part], files: &Files) -> Result<Vec<u8>, String> {
    let text = |error: zip::result::ZipError| error.to_string();
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("manifest.json", options).map_err(text)?;
    let bytes = pretty(manifest);
    archive
        .write_all(&bytes)
        .map_err(|error| error.to_string())?;
    for part in parts {
        archive
            .start_file(part.name.as_str(), options)
            .map_err(text)?;
        archive
            .write_all(&part.bytes)
            .map_err(|error| error.to_string())?;
    }
    let stored = options.compression_method(CompressionMethod::Stored);
    for proof in &manifest.files {
        let Some(name) = &proof.member else {
            continue;
        };
        let found = files.get(&proof.sha256).await;
        let bytes: Bytes = found
            .map_err(|error| error.to_string())?
            .ok_or_else(|| format!("the file {} is not in the store of files", proof.sha256))?;
        archive.start_file(name.as_str(), stored).map_err(text)?;
        archive
            .write_all(&bytes)
            .map_err(|error| error.to_string())?;
    }
    Ok(archive.finish().map_err(text)?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn manifest(parts: &[Part]) -> Manifest {
        Manifest {
            format: FORMAT,
            event: "E2026-000001-7".to_owned(),
            name: "会议".to_owned(),
            organiser: "甲".to_owned(),
            version: 1,
            published_on: "2026-11-22".to_owned(),
            total_kg: "1.5".to_owned(),
            tonnes: 1,
            counted_tonnes: 1,
            parameter_set: 1,
            address: String::new(),
            demo: true,
            members: parts.iter().map(member).collect(),
            files: Vec::new(),
            certificates_missing: Vec::new(),
            how_to_check: HOW_TO_CHECK.into_iter().collect(),
        }
    }

    fn proof(content: &[u8], member: Option<&str>) -> Proof {
        Proof {
            line: "会场用电".to_owned(),
            title: "电费单".to_owned(),
            file_name: "a.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            bytes: i64::try_from(content.len()).expect("small"),
            sha256: hex::encode(Sha256::digest(content)),
            public: member.is_some(),
            member: member.map(str::to_owned),
            address: None,
        }
    }

    #[tokio::test]
    async fn files_of_lines_are_packed_or_named_by_their_hash_only() {
        let folder = std::env::temp_dir().join(format!("huitan_pack_{}", std::process::id()));
        let files = Files::in_folder(folder.clone());
        let (open, closed) = (b"%PDF-1.7 open".as_slice(), b"%PDF-1.7 closed".as_slice());
        for content in [open, closed] {
            files
                .put(Bytes::from_static(content))
                .await
                .expect("stored");
        }
        let mut manifest = manifest(&[]);
        manifest.files = vec![proof(open, Some("files/001-a.pdf")), proof(closed, None)];
        let bytes = written(&manifest, &[], &files).await.expect("an archive");
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("readable");
        assert_eq!(archive.len(), 2, "the manifest and the open file");
        let mut packed = Vec::new();
        let mut member = archive.by_name("files/001-a.pdf").expect("the open file");
        member.read_to_end(&mut packed).expect("its bytes");
        drop(member);
        assert_eq!(packed, open);
        let mut said = String::new();
        let mut member = archive.by_name("manifest.json").expect("the manifest");
        member.read_to_string(&mut said).expect("a text");
        assert!(said.contains(&hex::encode(Sha256::digest(closed))));
        // a file that is gone is an error, never an archive without it
        files.remove(&manifest.files[0].sha256).await.expect("gone");
        assert!(written(&manifest, &[], &files).await.is_err());
        std::fs::remove_dir_all(&folder).expect("tidied");
    }

    #[tokio::test]
    async fn an_archive_keeps_its_turn_until_it_was_sent() {
        static TURNS: Semaphore = Semaphore::const_new(1);
        let first = turn(&TURNS).await.expect("the only one");
        let pack = EvidencePack {
            name: "a.zip".to_owned(),
            bytes: Bytes::from_owner(Held {
                bytes: b"PK".to_vec(),
                _turn: Some(first),
            }),
        };
        let response = zip_response(pack);
        assert_eq!(TURNS.available_permits(), 0, "it is not sent yet");
        let sent = axum::body::to_bytes(response.into_body(), 10).await;
        assert_eq!(sent.expect("its bytes"), "PK");
        assert_eq!(TURNS.available_permits(), 1, "sent and gone");
    }

    #[test]
    fn a_name_in_an_archive_stays_in_its_folder() {
        assert_eq!(plain("../a/b\\c:d.pdf"), ".._a_b_c_d.pdf");
        assert_eq!(plain("七月 电费单.pdf"), "七月 电费单.pdf");
    }

    #[tokio::test]
    async fn the_same_parts_are_the_same_bytes_and_every_hash_is_the_one_of_its_part() {
        let files = Files::unusable("no file is read".to_owned());
        let parts = [
            part("inventory.csv", b"a,b\n".to_vec(), "清单", "inventory"),
            part(
                "certificates/1.json",
                b"{}\n".to_vec(),
                "证书",
                "certificate",
            ),
        ];
        let one = written(&manifest(&parts), &parts, &files).await;
        let one = one.expect("an archive");
        let again = written(&manifest(&parts), &parts, &files).await;
        assert_eq!(one, again.expect("again"));
        let mut archive = zip::ZipArchive::new(Cursor::new(one)).expect("readable");
        let mut read = |name: &str| {
            let mut bytes = Vec::new();
            let mut file = archive.by_name(name).expect("a member");
            file.read_to_end(&mut bytes).expect("its bytes");
            bytes
        };
        let said: serde_json::Value =
            serde_json::from_slice(&read("manifest.json")).expect("a manifest");
        let members = said["members"].as_array().expect("members").clone();
        assert_eq!(members.len(), 2);
        for member in members {
            let bytes = read(member["name"].as_str().expect("a name"));
            assert_eq!(member["sha256"], hex::encode(Sha256::digest(&bytes)));
            assert_eq!(member["bytes"], bytes.len());
        }
    }
}
