//! The certificate to take away: its file, which can be checked without a connection, and a PDF with that file attached.

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use documents::{CertificateSheet, Column, Fact, Table, qr_rows};
use proofs::{CertificateFile, Head, Statement};

use super::retirements::purpose_label;
use super::shown::TONNES;
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{Failed, OrFailed, error_page};
use crate::pages::attachment::disposition;
use crate::visitor::{Visitor, query_value};

/// Which version of the words the query `?version=` of a certificate's pages and files asks for; without it, the one in force. What is no
/// number is a version that no certificate has.
pub fn asked_version(query: Option<&str>) -> Option<u32> {
    let typed = query_value(query.unwrap_or_default(), "version")?;
    Some(typed.parse().unwrap_or(0))
}

/// The file of a certificate in one version of its words (`None`: the one in force), with the newest head. `None` if its entry is not in the log: then the page says what is left to say.
pub async fn made(
    host: &Host,
    visitor: &Visitor,
    number: &str,
    version: Option<u32>,
) -> Result<Option<CertificateFile>, Failed> {
    // its entry may be waiting for its number since a moment ago
    let numbered = host.registry.log_sequence(visitor.now).await;
    numbered.or_failed(host, visitor)?;
    let public = host.registry.public();
    let found = match version {
        Some(version) => {
            public
                .certificate_file_of(number, version, &host.public_url)
                .await
        }
        None => public.certificate_file(number, &host.public_url).await,
    };
    match found {
        Err(registry::Error::NotFound) => Ok(None),
        file => file.map(Some).or_failed(host, visitor),
    }
}

/// `GET /retirements/{number}/certificate.json`.
pub async fn file(
    State(host): State<Host>,
    visitor: Visitor,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let file = made(&host, &visitor, &number, asked_version(query.as_deref())).await?;
    let file = file.or_failed(&host, &visitor)?;
    Ok(taken(
        file.text().into_bytes(),
        "application/json",
        &format!("{}.json", number_of(&file)),
    ))
}

/// `GET /retirements/{number}/certificate.pdf`.
pub async fn pdf(
    State(host): State<Host>,
    visitor: Visitor,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let file = made(&host, &visitor, &number, asked_version(query.as_deref())).await?;
    let file = file.or_failed(&host, &visitor)?;
    let certificate = host.registry.public().certificate(&number).await;
    let newest = certificate.or_failed(&host, &visitor)?.newest();
    let sheet = sheet(visitor.lang, &file, newest).or_failed(&host, &visitor)?;
    match host.printer.certificate(sheet).await {
        Ok(bytes) => Ok(taken(
            bytes,
            "application/pdf",
            &format!("{}.pdf", number_of(&file)),
        )),
        Err(error) => {
            tracing::error!(error, "a certificate could not be printed");
            Ok(error_page(&host, &visitor, StatusCode::SERVICE_UNAVAILABLE))
        }
    }
}

fn number_of(file: &CertificateFile) -> String {
    Statement::read(&file.statement).map_or_else(|| "certificate".to_owned(), |read| read.number)
}

fn taken(bytes: Vec<u8>, kind: &'static str, name: &str) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&disposition("attachment", name)) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    let private = HeaderValue::from_static("private, no-cache");
    headers.insert(header::CACHE_CONTROL, private);
    response
}

/// What is printed: the statement of the file, and whether a later version is in force.
fn sheet(lang: Lang, file: &CertificateFile, newest: u32) -> Option<CertificateSheet> {
    let statement = Statement::read(&file.statement)?;
    let at = domain::Instant(statement.at);
    let quantity = whole(statement.quantity);
    let sentence = tp(
        lang,
        "certificate.statement",
        &[
            ("holder", &statement.holder),
            ("quantity", &quantity),
            ("beneficiary", &statement.beneficiary),
            ("date", &format::date(lang, at.beijing_date())),
        ],
    );
    let fact = |key: &str, value: String| Fact::new(t(lang, key), value);
    let beneficiary = match &statement.beneficiary_uscc {
        Some(uscc) => format!("{} {uscc}", statement.beneficiary),
        None => statement.beneficiary.clone(),
    };
    let mut facts = vec![
        fact("public.beneficiary", beneficiary),
        fact("public.purpose", purpose_label(lang, &statement.purpose)),
    ];
    if !statement.purpose_text.is_empty() {
        facts.push(fact(
            "certificate.purpose_text",
            statement.purpose_text.clone(),
        ));
    }
    facts.push(fact("public.holder", statement.holder.clone()));
    let moment = at.to_string();
    let moment = tp(lang, "certificate.beijing_time", &[("moment", &moment)]);
    facts.push(fact("certificate.at", moment));
    facts.extend(version_facts(lang, &statement));
    let superseded = (newest > statement.version()).then(|| superseded(lang, newest));
    let demo = || t(lang, "certificate.demo");
    let remark = |key: &str| t(lang, key);
    Some(CertificateSheet {
        kind: t(lang, "certificate.kind"),
        number: statement.number.clone(),
        quantity,
        unit: TONNES.to_owned(),
        statement: superseded
            .into_iter()
            .chain([sentence, remark("certificate.final")])
            .collect(),
        facts,
        blocks: blocks(lang, &statement),
        record: record(lang, file),
        remarks: statement
            .demo
            .then(demo)
            .into_iter()
            .chain([
                remark("certificate.not_official"),
                remark("certificate.attached"),
                remark("public.serial_remark"),
            ])
            .collect(),
        demo: if statement.demo {
            t(lang, "certificate.demo_mark")
        } else {
            String::new()
        },
        qr: qr_rows(&file.address)?,
        qr_hint: t(lang, "certificate.qr_hint"),
        file: file.text(),
    })
}

/// That a later version is in force.
pub fn superseded(lang: Lang, newest: u32) -> String {
    tp(
        lang,
        "certificate.superseded",
        &[("version", &newest.to_string())],
    )
}

/// Version, when and why, of a certificate whose words were corrected.
fn version_facts(lang: Lang, statement: &Statement) -> Vec<Fact> {
    let Some(correction) = &statement.correction else {
        return Vec::new();
    };
    let moment = domain::Instant(correction.at).to_string();
    let (version, moment) = (correction.version.to_string(), moment.as_str());
    vec![
        Fact::new(
            t(lang, "certificate.version"),
            tp(
                lang,
                "certificate.version_since",
                &[("version", &version), ("moment", moment)],
            ),
        ),
        Fact::new(t(lang, "certificate.reason"), correction.reason.clone()),
    ]
}

fn blocks(lang: Lang, statement: &Statement) -> Table {
    let rows = statement.lines.iter().map(|line| {
        vec![
            line.serial.clone(),
            whole(line.end - line.start + 1),
            format!("{} {}", line.project_name, line.project_code),
            line.vintage.to_string(),
            line.methodology.clone(),
        ]
    });
    Table {
        caption: t(lang, "certificate.blocks_caption"),
        columns: vec![
            Column::text(&t(lang, "public.serial"), 7),
            Column::number(&t(lang, "certificate.column_tonnes"), "", 3),
            Column::text(&t(lang, "public.project"), 6),
            Column::text(&t(lang, "public.vintage"), 2),
            Column::text(&t(lang, "public.methodology"), 5),
        ],
        rows: rows.collect(),
        total: Vec::new(),
    }
}

fn record(lang: Lang, file: &CertificateFile) -> Vec<Fact> {
    let head = Head::read(&file.head).ok();
    let size = head.as_ref().map_or(0, |head| head.size).to_string();
    let root = head.map_or_else(String::new, |head| head.root.to_string());
    let number = file.entry_number.to_string();
    let entry = tp(
        lang,
        "certificate.entry_number",
        &[("number", &number), ("size", &size)],
    );
    vec![
        Fact::new(
            t(lang, "certificate.digest"),
            proofs::digest_of(&file.statement),
        ),
        Fact::new(t(lang, "certificate.entry"), entry),
        Fact::new(
            t(lang, "certificate.log_head"),
            format!("{root}\n{}", file.key),
        ),
        Fact::new(t(lang, "certificate.address"), file.address.clone()),
    ]
}
