//! The certificate of a retirement: a view of rows of the ledger, nothing else. Every number on it opens to how it came about.

use std::collections::BTreeMap;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::Role;
use domain::serial::SerialNumber;
use leptos::prelude::*;
use methodologies::Step;
use proofs::{CertificateFile, Head};
use registry::{Certificate, CertificateLine, Public, PublicBatch, PublicProject, PublicReport};

use super::certificate_file::{self, asked_version};
use super::check::{check_button, known_keys};
use super::retirements::{certificate_address, purpose_label};
use super::shown::{
    INCLUSION, TONNES, class_address, class_kind, methodology_link, methodology_name, outcome_of,
    period_text, project_address, prose, serial_link,
};
use crate::acts::see_other;
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, scene};
use crate::pages::inclusion::batches::basis;
use crate::parts::{
    Column, CopyableId, DataTable, Heading, Notice, Section, SummaryList, SummaryRow,
};
use crate::result::ResultTexts;
use crate::visitor::{Tone, Visitor, encode};

/// Says that there is no certificate with a number, and why that may be: a stranger holds a paper in hand.
fn no_certificate(host: &Host, visitor: &Visitor, number: &str) -> Response {
    let lang = visitor.lang;
    let reason = if Public::is_certificate_number(number) {
        t(lang, "certificate.none_given")
    } else {
        t(lang, "certificate.none_read")
    };
    let typed: String = number.chars().take(60).collect();
    let title = t(lang, "certificate.none_title");
    Page::new(host, visitor, title.clone())
        .status(StatusCode::NOT_FOUND)
        .view(move || {
            view! {
                <Heading title lead=reason/>
                <p>{t(lang, "certificate.none_number")}" "<strong>{typed}</strong></p>
                <p>{t(lang, "certificate.none_advice")}</p>
                <p>
                    <a href="/retirements">{t(lang, "certificate.none_search")}</a>" · "
                    <a href="/check">{t(lang, "certificate.none_check")}</a>
                </p>
            }
        })
}

/// Most projects whose way is shown step by step; the table of blocks names them all.
const WAYS_MAX: usize = 8;

/// `GET /retirements/{number}`.
pub async fn certificate(
    State(host): State<Host>,
    visitor: Visitor,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> PageResult {
    let public = host.registry.public();
    let certificate = match public.certificate(&number).await {
        Err(registry::Error::NotFound) => return Ok(no_certificate(&host, &visitor, &number)),
        found => found.or_failed(&host, &visitor)?,
    };
    if certificate.number != number {
        return Ok(see_other(&certificate_address(&certificate.number)));
    }
    let version = asked_version(query.as_deref()).unwrap_or(certificate.newest());
    let certificate = certificate.in_version(version);
    let certificate = certificate
        .ok_or(registry::Error::NotFound)
        .or_failed(&host, &visitor)?;
    let ways = ways(&public, &certificate)
        .await
        .or_failed(&host, &visitor)?;
    let file = certificate_file::made(&host, &visitor, &certificate.number, Some(version)).await?;
    let keys = known_keys(&host, &visitor).await?;
    let lang = visitor.lang;
    let corrects = visitor.role() == Some(Role::RegistryOperator);
    let title = tp(
        lang,
        "certificate.page_title",
        &[("number", &certificate.number)],
    );
    Ok(Page::new(&host, &visitor, title)
        .description(statement(lang, &certificate))
        .crumb(t(lang, "public.retirements_title"), "/retirements")
        .wide()
        .view(move || certificate_view(lang, &certificate, &ways, file.as_ref(), &keys, corrects)))
}

/// How the credits of one line came about.
struct Way {
    line: CertificateLine,
    origin: Origin,
}

/// What they came from.
enum Origin {
    /// A project, and the report whose reductions were issued for that year.
    Project(Box<PublicProject>, Option<Box<PublicReport>>),
    /// Carbon inclusion: the batches of personal reductions that the retired numbers were issued from.
    Batches(Vec<PublicBatch>),
}

async fn ways(public: &Public<'_>, certificate: &Certificate) -> Result<Vec<Way>, registry::Error> {
    // several blocks of one class have the same way
    let classes: BTreeMap<&str, &CertificateLine> = certificate
        .lines
        .iter()
        .map(|line| (line.class.as_str(), line))
        .collect();
    let mut ways = Vec::new();
    for line in classes.into_values().take(WAYS_MAX) {
        if line.unit_kind == INCLUSION {
            let scheme = public.scheme(&line.project).await?;
            let of_class = |other: &&CertificateLine| other.class == line.class;
            let taken: Vec<SerialNumber> = certificate
                .lines
                .iter()
                .filter(of_class)
                .filter_map(|one| SerialNumber::parse(&one.serial).ok())
                .collect();
            let mut batches = scheme.batches;
            batches.retain(|batch| issued_from(batch, &taken));
            ways.push(Way {
                line: line.clone(),
                origin: Origin::Batches(batches),
            });
            continue;
        }
        let project = public.project(&line.project).await?;
        let issued = project
            .reports
            .iter()
            .filter(|report| report.issued_tonnes.is_some());
        let mut found = None;
        for row in issued.filter(|row| covers(&row.period_start, &row.period_end, line.vintage)) {
            let report = public.report(&row.id).await?;
            if report
                .lines
                .iter()
                .any(|year| year.year == line.vintage && year.issued.is_some())
            {
                found = Some(report);
                break;
            }
        }
        ways.push(Way {
            line: line.clone(),
            origin: Origin::Project(Box::new(project), found.map(Box::new)),
        });
    }
    ways.sort_by(|a, b| {
        (&a.line.project_code, a.line.vintage).cmp(&(&b.line.project_code, b.line.vintage))
    });
    Ok(ways)
}

/// Whether numbers that were retired were issued from a batch.
fn issued_from(batch: &PublicBatch, taken: &[SerialNumber]) -> bool {
    let issued = batch.serials.as_deref();
    let Some(Ok(issued)) = issued.map(SerialNumber::parse) else {
        return false;
    };
    taken.iter().any(|one| {
        (&one.project, one.vintage) == (&issued.project, issued.vintage)
            && one.block.start() <= issued.block.end()
            && issued.block.start() <= one.block.end()
    })
}

/// Whether a period given by two days touches a calendar year.
fn covers(from: &str, to: &str, year: i32) -> bool {
    match (format::parse_date(from), format::parse_date(to)) {
        (Some(from), Some(to)) => (from.year()..=to.year()).contains(&year),
        _ => false,
    }
}

/// The certificate in one sentence.
fn statement(lang: Lang, certificate: &Certificate) -> String {
    tp(
        lang,
        "certificate.statement",
        &[
            ("holder", &certificate.holder),
            ("quantity", &whole(certificate.quantity)),
            ("beneficiary", &certificate.beneficiary),
            ("date", &format::date(lang, certificate.at.beijing_date())),
        ],
    )
}

fn certificate_view(
    lang: Lang,
    certificate: &Certificate,
    ways: &[Way],
    file: Option<&CertificateFile>,
    keys: &[String],
    corrects: bool,
) -> AnyView {
    let blocks = blocks(lang, certificate);
    let check = check(lang, keys, certificate);
    let ways: Vec<_> = ways
        .iter()
        .map(|way| way_view(lang, certificate, way, ways.len() == 1))
        .collect();
    let demo = scene()
        .demo
        .then(|| view! { <Notice tone=Tone::Attention title=t(lang, "certificate.demo")/> });
    view! {
        <article class="certificate">
            {demo}
            {superseded(lang, certificate)}
            <header class="certificate__head">
                <p class="certificate__kind">{t(lang, "certificate.kind")}</p>
                <h1 class="certificate__number">{certificate.number.clone()}</h1>
                <p class="certificate__figure">
                    <span class="certificate__quantity">{whole(certificate.quantity)}</span>" "<span class="certificate__unit">{TONNES}</span>
                </p>
                <p class="certificate__statement">{statement(lang, certificate)}</p>
                <p class="certificate__final">{t(lang, "certificate.final")}</p>
                {code(lang, &full_address(certificate))}
            </header>
            <SummaryList rows=facts(lang, certificate)/>
            {versions(lang, certificate)}
            {corrects.then(|| correct_link(lang, &certificate.number))}
            <Section title=t(lang, "certificate.blocks_title") id="blocks">
                {blocks}
                <p class="remark">{t(lang, "public.serial_remark")}</p>
            </Section>
            <Section title=t(lang, "certificate.way_title") id="how">
                <p>{t(lang, "certificate.way_lead")}</p>
                {ways}
            </Section>
            {record(lang, certificate, file)}
            {check}
            <footer class="certificate__foot"><p>{t(lang, "certificate.not_official")}</p></footer>
        </article>
    }
    .into_any()
}

/// The query of a version that is no longer in force; empty for the one that is.
fn version_query(certificate: &Certificate) -> String {
    if certificate.version == certificate.newest() {
        String::new()
    } else {
        format!("?version={}", certificate.version)
    }
}

/// That another version is in force, and where it is.
fn superseded(lang: Lang, certificate: &Certificate) -> Option<AnyView> {
    let newest = certificate.newest();
    (certificate.version < newest).then(|| {
        let text = certificate_file::superseded(lang, newest);
        let address = certificate_address(&certificate.number);
        view! {
            <Notice tone=Tone::Attention title=text>
                <p><a href=address>{t(lang, "certificate.to_newest")}</a></p>
            </Notice>
        }
        .into_any()
    })
}

/// Every version with what it says, when it was made and why; nothing while there is only one.
fn versions(lang: Lang, certificate: &Certificate) -> Option<AnyView> {
    if certificate.versions.len() < 2 {
        return None;
    }
    let base = certificate_address(&certificate.number);
    let newest = certificate.newest();
    let rows = certificate.versions.iter().rev().map(|one| {
        let number = one.version.to_string();
        let name = tp(lang, "certificate.version_number", &[("version", &number)]);
        let name = if one.version == newest {
            view! { <a href=base.clone()>{name}</a>" "{t(lang, "certificate.in_force")} }.into_any()
        } else {
            let address = format!("{base}?version={number}");
            view! { <a href=address>{name}</a> }.into_any()
        };
        let text = (!one.purpose_text.is_empty())
            .then(|| view! { <span class="table__sub">{one.purpose_text.clone()}</span> });
        let uscc = one
            .beneficiary_uscc
            .clone()
            .map(|code| view! { <span class="table__sub"><code>{code}</code></span> });
        let reason = one
            .reason
            .clone()
            .unwrap_or_else(|| t(lang, "certificate.first_version"));
        vec![
            name,
            view! { {one.beneficiary.clone()}{uscc}{text} }.into_any(),
            format::moment(lang, one.at).into_any(),
            reason.into_any(),
        ]
    });
    let columns = vec![
        Column::text(t(lang, "certificate.version")),
        Column::text(t(lang, "certificate.wording")),
        Column::text(t(lang, "public.when")),
        Column::text(t(lang, "certificate.reason")),
    ];
    let rows = rows.collect();
    Some(view! {
        <Section title=t(lang, "certificate.versions_title") id="versions">
            <p>{t(lang, "certificate.versions_lead")}</p>
            <DataTable caption=t(lang, "certificate.versions_title") columns rows empty=t(lang, "public.none")/>
        </Section>
    }
    .into_any())
}

/// For the registry only: the way to the form that corrects the words.
fn correct_link(lang: Lang, number: &str) -> AnyView {
    let address = format!("/desk/retirements/{}/correct", encode(number));
    view! { <p><a class="button button--secondary" href=address>{t(lang, "act.certificate_correct")}</a></p> }
        .into_any()
}

fn facts(lang: Lang, certificate: &Certificate) -> Vec<SummaryRow> {
    let uscc = certificate
        .beneficiary_uscc
        .clone()
        .map(|code| view! { " "<code class="certificate__uscc">{code}</code> });
    let mut rows = vec![
        SummaryRow::new(
            t(lang, "public.beneficiary"),
            view! { <strong>{certificate.beneficiary.clone()}</strong>{uscc} },
        ),
        SummaryRow::new(
            t(lang, "public.purpose"),
            purpose_label(lang, &certificate.purpose),
        ),
    ];
    if !certificate.purpose_text.is_empty() {
        rows.push(SummaryRow::new(
            t(lang, "certificate.purpose_text"),
            prose(&certificate.purpose_text),
        ));
    }
    rows.push(SummaryRow::new(
        t(lang, "public.holder"),
        certificate.holder.clone(),
    ));
    rows.push(SummaryRow::new(
        t(lang, "certificate.at"),
        tp(
            lang,
            "certificate.beijing_time",
            &[("moment", &certificate.at.to_string())],
        ),
    ));
    rows
}

fn blocks(lang: Lang, certificate: &Certificate) -> AnyView {
    let rows = certificate
        .lines
        .iter()
        .map(|line| {
            let project = project_address(Some(&line.project_code), &line.project);
            vec![
                serial_link(&line.serial),
                whole(line.quantity).into_any(),
                view! { <a href=project>{line.project_name.clone()}</a><span class="table__sub">{line.project_code.clone()}</span> }.into_any(),
                view! { <a href=class_address(&line.class)>{line.vintage}</a> }.into_any(),
                view! {
                    {methodology_link(lang, &line.methodology)}
                    <span class="table__sub">{class_kind(lang, &line.unit_kind, &line.recognition)}</span>
                }
                .into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "public.serial")),
        Column::number(format!("{} {TONNES}", t(lang, "public.quantity"))),
        Column::text(t(lang, "public.project")),
        Column::text(t(lang, "public.vintage")),
        Column::text(t(lang, "public.methodology")),
    ];
    view! { <DataTable caption=t(lang, "certificate.blocks_caption") columns rows empty=t(lang, "public.none")/> }.into_any()
}

/// One tonne's way back: certificate <- class <- report <- calculation <- clause; or certificate <- scheme <- batch.
fn way_view(lang: Lang, certificate: &Certificate, way: &Way, open: bool) -> AnyView {
    let line = &way.line;
    let taken: i64 = certificate
        .lines
        .iter()
        .filter(|other| other.class == line.class)
        .map(|other| other.quantity)
        .sum();
    let summary = tp(
        lang,
        "certificate.way_summary",
        &[
            ("quantity", &whole(taken)),
            ("project", &line.project_name),
            ("vintage", &line.vintage.to_string()),
        ],
    );
    let address = project_address(Some(&line.project_code), &line.project);
    let (note, steps, more) = match &way.origin {
        Origin::Project(project, report) => {
            let report = report.as_ref();
            let report = report.map(|report| report_step(lang, line.vintage, report));
            let estimate = format!("{address}#calculation");
            let estimate =
                view! { <p><a href=estimate>{t(lang, "certificate.way_estimate")}</a></p> };
            (
                made_by(lang, project),
                report.into_any(),
                estimate.into_any(),
            )
        }
        Origin::Batches(batches) => {
            let batches: Vec<_> = batches
                .iter()
                .map(|batch| batch_step(lang, batch))
                .collect();
            (String::new(), batches.into_any(), ().into_any())
        }
    };
    view! {
        <details class="how" open=open>
            <summary class="how__summary">{summary}</summary>
            <div class="how__body">
                <ol class="way">
                    <li>
                        <a href=address.clone()>{line.project_name.clone()}</a>" "{line.project_code.clone()}" · "{methodology_name(lang, &line.methodology)}
                        <span class="way__note">{note}</span>
                    </li>
                    {steps}
                </ol>
                {more}
            </div>
        </details>
    }
    .into_any()
}

/// Who validated a project, and when it was registered.
fn made_by(lang: Lang, project: &PublicProject) -> String {
    let registered = project.row.registered_at.map(|at| {
        tp(
            lang,
            "certificate.way_registered",
            &[("date", &format::date(lang, at.beijing_date()))],
        )
    });
    let body = project
        .assessment
        .as_ref()
        .map(|report| tp(lang, "certificate.way_validated", &[("body", &report.vvb)]));
    [body, registered]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

/// A batch of personal reductions that tonnes were issued from.
fn batch_step(lang: Lang, batch: &PublicBatch) -> AnyView {
    let address = format!("/statistics/carbon-inclusion/batches/{}", batch.number);
    let span = period_text(lang, Some(&batch.starts_on), Some(&batch.ends_on));
    let verified = tp(
        lang,
        "certificate.way_verified",
        &[("body", &batch.verifier)],
    );
    let basis = basis(lang, batch.basis.as_ref(), &batch.recognition);
    let recognised = tp(lang, "certificate.way_recognised", &[("basis", &basis)]);
    view! {
        <li>
            <a href=address>{tp(lang, "certificate.way_batch", &[("number", &batch.number)])}</a>" · "{span}
            <span class="way__note">{verified}" "{recognised}</span>
        </li>
    }
    .into_any()
}

fn report_step(lang: Lang, vintage: i32, report: &PublicReport) -> AnyView {
    let row = &report.row;
    let address = format!("/reports/{}", encode(&row.id));
    let name = tp(
        lang,
        "public.report_number",
        &[("number", &row.number.to_string())],
    );
    let year = report
        .lines
        .iter()
        .find(|line| line.year == vintage)
        .map(|line| {
            let verified = line.verified.map_or_else(|| "–".to_owned(), whole);
            let issued = line.issued.map_or_else(|| "–".to_owned(), whole);
            tp(
                lang,
                "certificate.way_year",
                &[
                    ("year", &vintage.to_string()),
                    ("applied", &whole(line.applied)),
                    ("verified", &verified),
                    ("issued", &issued),
                ],
            )
        });
    let verifier = report
        .verifier
        .as_ref()
        .map(|body| tp(lang, "certificate.way_verified", &[("body", body)]));
    let steps = report.calculations.last().and_then(outcome_of).map(|outcome| {
        let label = vintage.to_string();
        let steps: Vec<Step> = outcome.steps.into_iter().filter(|step| step.line == label || step.line.is_empty()).collect();
        let count = tp(lang, "certificate.way_steps", &[("steps", &steps.len().to_string()), ("version", &outcome.methodology_version)]);
        let steps = crate::result::steps_table(lang, &ResultTexts::load(lang), &steps);
        view! { <li><details class="how"><summary class="how__summary">{count}</summary><div class="how__body">{steps}</div></details></li> }
    });
    view! {
        <li>
            <a href=address>{name}</a>" · "{period_text(lang, Some(&row.period_start), Some(&row.period_end))}
            <span class="way__note">{verifier}</span>
        </li>
        {year.map(|year| view! { <li>{year}</li> })}
        {steps}
    }
    .into_any()
}

/// The address as a QR code that one scans from the screen or from paper.
fn code(lang: Lang, address: &str) -> Option<AnyView> {
    let rows = documents::qr_rows(address)?;
    let size = rows.len();
    let dark: String = rows
        .iter()
        .enumerate()
        .flat_map(|(y, row)| {
            let dark = row.bytes().enumerate().filter(|(_, sign)| *sign == b'1');
            dark.map(move |(x, _)| format!("M{x} {y}h1v1h-1z"))
        })
        .collect();
    let view_box = format!("-2 -2 {} {}", size + 4, size + 4);
    Some(
        view! {
            <figure class="certificate__code">
                <svg role="img" aria-label=t(lang, "certificate.qr") viewBox=view_box width="132" height="132" shape-rendering="crispEdges">
                    <rect x="-2" y="-2" width=size + 4 height=size + 4 fill="#fff"></rect>
                    <path d=dark fill="#000"></path>
                </svg>
                <figcaption>{t(lang, "certificate.qr_hint")}</figcaption>
            </figure>
        }
        .into_any(),
    )
}

/// The address that people use.
fn full_address(certificate: &Certificate) -> String {
    format!(
        "{}{}",
        scene().public_url,
        certificate_address(&certificate.number)
    )
}

fn record(lang: Lang, certificate: &Certificate, file: Option<&CertificateFile>) -> AnyView {
    let mut rows = Vec::new();
    if let Some(file) = file {
        let head = Head::read(&file.head).ok();
        let size = head.as_ref().map_or(0, |head| head.size);
        let (number, size) = (file.entry_number.to_string(), size.to_string());
        let entry = tp(
            lang,
            "certificate.entry_number",
            &[("number", &number), ("size", &size)],
        );
        let root = head.map_or_else(String::new, |head| head.root.to_string());
        rows.push(SummaryRow::new(
            t(lang, "certificate.digest"),
            view! { <CopyableId text=proofs::digest_of(&file.statement)/> },
        ));
        rows.push(SummaryRow::new(
            t(lang, "certificate.entry"),
            view! { <a href="/log">{entry}</a> },
        ));
        rows.push(SummaryRow::new(
            t(lang, "certificate.log_head"),
            view! { <CopyableId text=root/><br/><CopyableId text=file.key.clone()/> },
        ));
    }
    rows.push(SummaryRow::new(
        t(lang, "certificate.act_hash"),
        view! { <CopyableId text=certificate.act_hash.clone()/> },
    ));
    rows.push(SummaryRow::new(
        t(lang, "certificate.address"),
        view! { <CopyableId text=full_address(certificate)/> },
    ));
    view! {
        <Section title=t(lang, "certificate.record_title") id="record">
            <p>{t(lang, "certificate.record_lead")}</p>
            <SummaryList rows/>
        </Section>
    }
    .into_any()
}

fn check(lang: Lang, keys: &[String], certificate: &Certificate) -> AnyView {
    let base = certificate_address(&certificate.number);
    let version = version_query(certificate);
    let (pdf, json) = (
        format!("{base}/certificate.pdf{version}"),
        format!("{base}/certificate.json{version}"),
    );
    let button = check_button(lang, keys, &base, &version);
    view! {
        <Section title=t(lang, "certificate.check_title") id="check">
            <div class="certificate__check">
                <p>{t(lang, "certificate.check_lead")}</p>
                {button}
                <ul class="plain-list">
                    <li><a href=pdf>{t(lang, "certificate.download_pdf")}</a></li>
                    <li><a href=json>{t(lang, "certificate.download_file")}</a></li>
                    <li><a href="/check">{t(lang, "check.title")}</a></li>
                </ul>
            </div>
        </Section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_covers_the_years_its_period_touches() {
        assert!(covers("2023-12-31", "2025-01-01", 2024));
        assert!(covers("2023-12-31", "2025-01-01", 2025));
        assert!(!covers("2024-01-01", "2024-12-31", 2025));
        assert!(!covers("", "2024-12-31", 2024));
    }
}
