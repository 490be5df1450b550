//! *Check this certificate*: in the reader's browser (`public/check.js` and the WebAssembly of the crate `proofs`), and without a script on
//! the server, by the same program.

use std::collections::BTreeMap;

use axum::extract::{Path, RawQuery, State};
use axum::http::Method;
use domain::ledger::Purpose;
use leptos::prelude::*;
use proofs::{CheckWords, Evidence, Finding, Report};

use super::asked::Asked;
use super::certificate_file::{asked_version, made};
use super::retirements::{certificate_address, purpose_label};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::live::FILE_PREFIX;
use crate::page::{Failed, OrFailed, Page, PageResult};
use crate::parts::{Heading, Notice};
use crate::visitor::{Tone, Visitor};

/// The field that the file is chosen in.
const FIELD: &str = "certificate";

/// What a file states, and what that is called.
const FACTS: [(&str, &str); 10] = [
    ("number", "check.fact_number"),
    ("version", "check.fact_version"),
    ("retired", "check.fact_retired"),
    ("corrected", "check.fact_corrected"),
    ("quantity", "check.fact_quantity"),
    ("beneficiary", "check.fact_beneficiary"),
    ("purpose", "check.fact_purpose"),
    ("holder", "check.fact_holder"),
    ("projects", "check.fact_projects"),
    ("serials", "check.fact_serials"),
];

/// The keys that sign the public log or did, so that a file's key is compared even where the registry cannot be asked.
pub async fn known_keys(host: &Host, visitor: &Visitor) -> Result<Vec<String>, Failed> {
    let keys = host.registry.public().log_keys().await;
    let keys = keys.or_failed(host, visitor)?;
    Ok(keys.into_iter().map(|one| one.key).collect())
}

/// What the check says, in this language.
pub fn check_words(lang: Lang) -> CheckWords {
    let of = |prefix: &str| -> BTreeMap<String, String> {
        Finding::ALL
            .into_iter()
            .map(|finding| {
                let code = finding.code();
                (code.to_owned(), t(lang, &format!("check.{prefix}_{code}")))
            })
            .collect()
    };
    CheckWords {
        passed: t(lang, "check.passed"),
        undecided: t(lang, "check.undecided"),
        states: t(lang, "check.states"),
        facts: FACTS
            .into_iter()
            .map(|(code, key)| (code.to_owned(), t(lang, key)))
            .collect(),
        purposes: Purpose::ALL
            .iter()
            .map(|one| (one.code().to_owned(), purpose_label(lang, one.code())))
            .collect(),
        failed: t(lang, "check.failed"),
        pdf: t(lang, "check.pdf"),
        no_connection: t(lang, "check.no_connection"),
        too_often: t(lang, "check.too_often"),
        refused: t(lang, "check.refused"),
        demo: t(lang, "check.demo"),
        holds: of("holds"),
        fails: of("fails"),
        not_checked: of("not_checked"),
        limits: t(lang, "check.limits"),
        superseded: t(lang, "check.superseded"),
        outdated: t(lang, "check.outdated"),
    }
}

/// A box around what can be checked, with a place for the answer. `keys` are those of the log; `answer` is what the server found.
fn check_box(lang: Lang, keys: &[String], answer: Option<&Report>, contents: AnyView) -> AnyView {
    let words = check_words(lang);
    let checked = answer.map(|_| "server");
    let answer = answer.map(|report| proofs::html(report, &words));
    let words = serde_json::to_string(&words).unwrap_or_default();
    let keys = serde_json::to_string(keys).unwrap_or_default();
    view! {
        <div class="check" data-check="" data-keys=keys data-words=words data-fetching=t(lang, "check.fetching") data-unreadable=t(lang, "check.unreadable")>
            {contents}
            <div class="check__answer" aria-live="polite" data-check-answer="" data-checked=checked inner_html=answer.unwrap_or_default()></div>
        </div>
    }
    .into_any()
}

/// The button of a certificate's page; `version` is the query of an earlier version, or empty. Without a script it leads to the server's check.
pub fn check_button(lang: Lang, keys: &[String], base: &str, version: &str) -> AnyView {
    let href = format!("{base}/check{version}");
    let file = format!("{base}/certificate.json{version}");
    let button =
        view! { <a class="button" href=href data-check-file=file>{t(lang, "check.check")}</a> };
    check_box(lang, keys, None, button.into_any())
}

/// What the registry says about a file that somebody has.
async fn evidence(host: &Host, visitor: &Visitor, file: &str) -> Result<Evidence, Failed> {
    let Some(asked) = proofs::asks(file) else {
        return Ok(Evidence {
            keys: known_keys(host, visitor).await?,
            ..Evidence::default()
        });
    };
    let public = host.registry.public();
    let found = public
        .certificate_evidence(&asked.number, asked.size, Some(asked.version))
        .await;
    found.or_failed(host, visitor)
}

/// `GET /retirements/{number}/check`: the server checks the certificate with this number.
pub async fn check_one(
    State(host): State<Host>,
    visitor: Visitor,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> PageResult {
    let certificate = host.registry.public().certificate(&number).await;
    let certificate = certificate.or_failed(&host, &visitor)?;
    let version = asked_version(query.as_deref()).unwrap_or(certificate.newest());
    let certificate = certificate.in_version(version).or_failed(&host, &visitor)?;
    let number = certificate.number;
    let file = made(&host, &visitor, &number, Some(version)).await?;
    let text = file.map(|file| file.text()).unwrap_or_default();
    let report = proofs::check(&text, &evidence(&host, &visitor, &text).await?);
    let keys = known_keys(&host, &visitor).await?;
    let lang = visitor.lang;
    let title = tp(lang, "check.one_title", &[("number", &number)]);
    let base = certificate_address(&number);
    let page = Page::new(&host, &visitor, title.clone())
        .crumb(t(lang, "public.retirements_title"), "/retirements")
        .crumb(number, base.clone());
    Ok(page.view(move || {
        let by_server = view! { <p>{t(lang, "check.by_server")}</p> }.into_any();
        view! {
            <Heading title/>
            {check_box(lang, &keys, Some(&report), by_server)}
            <p><a href=base>{t(lang, "check.to_page")}</a></p>
        }
    }))
}

/// `GET` and `POST /check`: a file that somebody has.
pub async fn check(
    State(host): State<Host>,
    visitor: Visitor,
    method: Method,
    asked: Asked,
) -> PageResult {
    let lang = visitor.lang;
    let text = asked.files.get(FIELD);
    let report = match text {
        Some(text) => Some(proofs::check(text, &evidence(&host, &visitor, text).await?)),
        None => None,
    };
    let missing = method == Method::POST && report.is_none();
    let keys = known_keys(&host, &visitor).await?;
    let title = t(lang, "check.title");
    let page = Page::new(&host, &visitor, title.clone())
        .description(t(lang, "check.lead"))
        .crumb(t(lang, "log.title"), "/log");
    Ok(page.view(move || {
        let name = format!("{FILE_PREFIX}{FIELD}");
        let missing = missing.then(|| view! { <Notice tone=Tone::Attention title=t(lang, "check.no_file")/> });
        let link = report.as_ref().and_then(|report| report.number.clone()).map(|number| {
            view! { <p><a href=certificate_address(&number)>{t(lang, "check.to_page")}</a></p> }
        });
        let form = view! {
            <form class="check__form" method="post" action="/check" enctype="multipart/form-data">
                <label class="field__label" for="certificate-file">{t(lang, "check.file")}</label>
                <p class="field__hint" id="certificate-file-hint">{t(lang, "check.file_hint")}</p>
                <input class="field__input" type="file" id="certificate-file" name=name accept=".json,.pdf,application/json,application/pdf" aria-describedby="certificate-file-hint"/>
                <button class="button" type="submit">{t(lang, "check.submit")}</button>
            </form>
        };
        view! {
            <Heading title lead=t(lang, "check.lead")/>
            {missing}
            {check_box(lang, &keys, report.as_ref(), form.into_any())}
            {link}
            <p class="remark">{t(lang, "check.offline")}</p>
        }
    }))
}
