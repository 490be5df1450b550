//! May my project apply? Each condition a question with its clause and the evidence it wants. Nothing is kept: the answers are
//! in the address.

use std::collections::BTreeSet;

use axum::extract::{Path, RawQuery, State};
use leptos::context::Provider;
use leptos::prelude::*;
use methodologies::catalogue::listed;
use methodologies::schema::{Field as Asked, Kind as AskedKind};
use methodologies::{Finding, precheck as judge, precheck_fields};

use crate::form::Form;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult};
use crate::parts::{Choice, ErrorSummary, Field, Heading, Kind, Section, Tag};
use crate::visitor::{Tone, Visitor, decode_form};

use super::methodologies::said;
use super::methodologies_formula::problem;

/// `GET /precheck`: for which methodology?
pub async fn prechecks(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let lang = visitor.lang;
    let title = t(lang, "methodology.precheck_list_title");
    Ok(Page::new(&host, &visitor, title.clone())
        .description(t(lang, "methodology.precheck_lead"))
        .view(move || {
            let links: Vec<_> = listed()
                .iter()
                .filter_map(|entry| Some((entry, entry.code?)))
                .filter(|(_, code)| precheck_fields(code).is_some())
                .map(|(entry, code)| {
                    view! {
                        <li class="list__item">
                            <a href=format!("/precheck/{code}")>{said(lang, entry.title)}</a>
                            <span class="list__hint">{code}</span>
                        </li>
                    }
                })
                .collect();
            view! {
                <Heading title lead=t(lang, "methodology.precheck_lead")/>
                <ul class="list">{links}</ul>
            }
        }))
}

/// `GET /precheck/{code}`: the questions and, once something is answered, the verdicts.
pub async fn precheck(
    State(host): State<Host>,
    visitor: Visitor,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
) -> PageResult {
    let fields = precheck_fields(&code).or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    let entry = listed()
        .iter()
        .find(|entry| entry.code == Some(code.as_str()));
    let name = entry.map_or_else(|| code.clone(), |entry| said(lang, entry.title));
    let mut typed = decode_form(query.unwrap_or_default().as_bytes());
    typed.retain(|name, value| {
        !value.trim().is_empty() && fields.iter().any(|field| field.path == name)
    });
    let asked = judge(&code, &serde_json::json!({})).unwrap_or_default();
    let answered = !typed.is_empty();
    let (findings, problems) = match judge(&code, &methodologies::fields_to_json(&typed)) {
        Ok(findings) if answered => (Some(findings), Vec::new()),
        Ok(_) => (None, Vec::new()),
        Err(errors) => (None, errors.iter().map(problem).collect()),
    };
    let labels = fields.clone();
    let form = Form::with_problems(typed, problems).labelled(move |name| {
        let field = labels.iter().find(|field| field.path == name)?;
        Some(said(lang, field.label))
    });
    let title = tp(lang, "methodology.precheck_title", &[("name", &name)]);
    let page = Page::new(&host, &visitor, title.clone())
        .description(t(lang, "methodology.precheck_lead"))
        .crumb(t(lang, "methodology.precheck_list_title"), "/precheck")
        .wide();
    Ok(page.view(move || {
        let about = format!("/methodologies/{code}");
        view! {
            <Heading title above=code.clone() lead=t(lang, "methodology.precheck_lead")/>
            <p><a href=about>{t(lang, "methodology.about")}</a></p>
            <div class="beside">
                <Provider value=form>
                    <form class="beside__form" method="get" action=format!("/precheck/{code}#result") novalidate>
                        <ErrorSummary/>
                        {questions(lang, &asked, &fields)}
                        <div class="act-form__buttons"><button class="button" type="submit">{t(lang, "methodology.precheck_submit")}</button></div>
                    </form>
                </Provider>
                <div class="beside__result" id="result">{verdicts(lang, findings.as_deref())}</div>
            </div>
        }
    }))
}

/// The conditions as groups of fields; a fact that several conditions need is asked with the first.
fn questions(lang: Lang, asked: &[Finding], fields: &[&'static Asked]) -> AnyView {
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let groups: Vec<_> = asked
        .iter()
        .filter_map(|finding| {
            let own: Vec<&'static Asked> = finding
                .fields
                .iter()
                .filter_map(|path| fields.iter().copied().find(|field| field.path == path))
                .filter(|field| done.insert(field.path))
                .collect();
            (!own.is_empty()).then(|| {
                let inputs: Vec<_> = own.into_iter().map(|field| input(lang, field)).collect();
                let assumed = finding
                    .assumed
                    .then(|| view! { " "<Tag text=t(lang, "public.assumed") tone=Tone::Attention/> });
                view! {
                    <fieldset class="fieldset">
                        <legend class="fieldset__legend">{lang.message(&finding.question).to_owned()}{assumed}</legend>
                        <p class="conditions__more">{finding.id.clone()}" · "{finding.clause.clone()}</p>
                        <p class="conditions__more">{t(lang, "methodology.evidence")}" "{lang.message(&finding.evidence).to_owned()}</p>
                        {inputs}
                    </fieldset>
                }
            })
        })
        .collect();
    groups.into_any()
}

fn input(lang: Lang, field: &'static Asked) -> AnyView {
    let (kind, unit, choices) = match field.kind {
        AskedKind::Date => (Kind::Date, "", Vec::new()),
        AskedKind::Choice(choices) => {
            let shown = choices
                .iter()
                .map(|choice| Choice::new(choice.value, said(lang, choice.text)))
                .collect();
            let kind = if choices.len() > 2 {
                Kind::Select
            } else {
                Kind::Radios
            };
            (kind, "", shown)
        }
        AskedKind::Number { unit, .. } => (Kind::Decimal, unit, Vec::new()),
        _ => (Kind::Text, "", Vec::new()),
    };
    view! { <Field name=field.path label=said(lang, field.label) hint=said(lang, field.help) unit kind choices optional=true/> }.into_any()
}

/// The verdicts: what is not met first, then what is open, then what is met.
fn verdicts(lang: Lang, findings: Option<&[Finding]>) -> AnyView {
    let Some(findings) = findings else {
        return view! { <p class="live__hint">{t(lang, "methodology.precheck_empty")}</p> }
            .into_any();
    };
    let of = |passed: Option<bool>| {
        findings
            .iter()
            .filter(move |finding| finding.passed == passed)
    };
    let count = |passed: Option<bool>| of(passed).count().to_string();
    let verdict = if of(Some(false)).next().is_some() {
        "methodology.precheck_no"
    } else if of(None).next().is_some() {
        "methodology.precheck_open"
    } else {
        "methodology.precheck_yes"
    };
    let groups: Vec<_> = [
        (Some(false), "methodology.not_met", Tone::Refused),
        (None, "methodology.open", Tone::Attention),
        (Some(true), "methodology.met", Tone::Done),
    ]
    .into_iter()
    .filter(|(passed, ..)| of(*passed).next().is_some())
    .map(|(passed, key, tone)| {
        let items: Vec<_> = of(passed)
            .map(|finding| verdict_item(lang, finding, key, tone))
            .collect();
        let title = tp(
            lang,
            "methodology.verdict_group",
            &[("verdict", &t(lang, key)), ("count", &count(passed))],
        );
        view! { <h3>{title}</h3><ul class="conditions">{items}</ul> }
    })
    .collect();
    view! {
        <Section title=t(lang, "methodology.precheck_result")>
            <p class="precheck__verdict">{t(lang, verdict)}</p>
            <p class="remark">{t(lang, "methodology.precheck_share")}</p>
            {groups}
        </Section>
    }
    .into_any()
}

fn verdict_item(lang: Lang, finding: &Finding, key: &'static str, tone: Tone) -> AnyView {
    let remedy = finding.remedy.as_ref().map(|remedy| {
        let label = if finding.passed.is_some() {
            "methodology.remedy"
        } else {
            "methodology.missing"
        };
        view! { <p><strong>{t(lang, label)}</strong>" "{lang.message(remedy).to_owned()}</p> }
    });
    view! {
        <li class="conditions__item">
            <p class="conditions__question">{lang.message(&finding.question).to_owned()}" "<Tag text=t(lang, key) tone/></p>
            <p>{lang.message(&finding.reason).to_owned()}</p>
            {remedy}
            <p class="conditions__more">{finding.id.clone()}" · "{finding.clause.clone()}</p>
        </li>
    }
    .into_any()
}
