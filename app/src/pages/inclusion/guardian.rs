//! The guardian of somebody younger than 14: what the child sees while it waits, and the two pages that the links of a letter open.

use axum::extract::{RawQuery, State};
use domain::inclusion::{Purpose, RequestState};
use domain::{Act, Instant};
use leptos::prelude::*;
use registry::{
    ConsentView, Fields, GuardianAccount, GuardianQuestion, GuardianRequestView, GuardianView,
};

use super::consents::{agreed_to, consent_title, purpose_name};
use super::{PERSON, scene_name};
use crate::form::{Form, fields};
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require_waiting};
use crate::parts::{
    ActForm, Field, Heading, Hidden, Kind, Notice, Section, SummaryList, SummaryRow,
};
use crate::visitor::{Tone, Visitor, query_value};

/// `GET /me/guardian`: who was asked and until when, with the ways to ask again, to correct the address and to close the account. All that an
/// account that waits can see.
pub async fn own(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require_waiting(&host, &visitor, PERSON)?;
    let registry = &host.registry;
    let guardian = registry.guardian(&by).await.or_failed(&host, &visitor)?;
    let stored = fields([
        ("guardian", guardian.name.as_str()),
        (
            "guardian_email",
            guardian.email.as_deref().unwrap_or_default(),
        ),
    ]);
    let ask = Form::open(&host, &visitor, Act::GuardianAsk, stored).await;
    let close = Form::open(&host, &visitor, Act::PersonClose, Fields::new()).await;
    let lang = visitor.lang;
    Ok(
        Page::new(&host, &visitor, t(lang, "guardian.title")).view(move || {
            let waits = guardian.waits_until.is_some();
            let (title, lead) = match (waits, guardian.confirmed_at) {
                (true, _) => ("guardian.waits_title", "guardian.waits_lead"),
                (false, None) => ("guardian.missing_title", "guardian.missing_lead"),
                (false, Some(_)) => ("guardian.title", "guardian.confirmed_lead"),
            };
            let asked = guardian
                .requests
                .iter()
                .find(|one| one.state == RequestState::Asked && one.purpose == Purpose::Account);
            let again = guardian
                .confirmed_at
                .is_none()
                .then(|| ask_form(lang, ask, asked.is_some()));
            let close = waits.then(|| {
                view! {
                    <Section title=t(lang, "personal.close_title")>
                        <ActForm act=Act::PersonClose form=close submit=t(lang, "act.person_close") ends=true>
                            <Field name="statement" label=t(lang, "personal.close_confirm") kind=Kind::Checkbox/>
                        </ActForm>
                    </Section>
                }
            });
            let then = waits.then(|| view! { <p class="prose">{t(lang, "guardian.then_closed")}</p> });
            view! {
                <div class="narrow">
                    <Heading title=t(lang, title) lead=t(lang, lead)/>
                    <SummaryList rows=rows(lang, &guardian, asked)/>
                    {then}
                    {again}
                    {close}
                </div>
            }
        }),
    )
}

/// Who the guardian is, and what waits.
fn rows(
    lang: Lang,
    guardian: &GuardianView,
    asked: Option<&GuardianRequestView>,
) -> Vec<SummaryRow> {
    let row = |key: &str, text: String| SummaryRow::new(t(lang, key), text);
    let email = guardian.email.as_ref().map_or_else(
        || guardian.name.clone(),
        |email| format!("{} · {email}", guardian.name),
    );
    let mut rows = vec![row("guardian.asked_who", email)];
    if let Some(asked) = asked {
        let moments = [
            ("guardian.asked_at", asked.asked_at),
            ("guardian.until", asked.expires_at),
        ];
        rows.extend(moments.map(|(key, at)| row(key, format::moment(lang, at))));
    }
    if let Some(at) = guardian.confirmed_at {
        rows.push(row("guardian.confirmed_at", format::moment(lang, at)));
    }
    rows
}

fn ask_form(lang: Lang, form: Form, is_again: bool) -> AnyView {
    let lead = is_again.then(|| view! { <p class="prose">{t(lang, "guardian.again_lead")}</p> });
    let (title, submit) = if is_again {
        ("guardian.again_title", "guardian.again")
    } else {
        ("guardian.title", "guardian.ask_submit")
    };
    view! {
        <Section title=t(lang, title)>
            {lead}
            <ActForm act=Act::GuardianAsk form submit=t(lang, submit)>
                <Field name="guardian" label=t(lang, "personal.guardian")/>
                <Field name="guardian_email" label=t(lang, "guardian.email") hint=t(lang, "guardian.email_hint") kind=Kind::Email/>
            </ActForm>
        </Section>
    }
    .into_any()
}

/// The consents that wait for the guardian, each with the way to write again. Nothing where none does.
pub(super) fn waiting(lang: Lang, requests: &[GuardianRequestView]) -> Option<AnyView> {
    let lines: Vec<_> = requests
        .iter()
        .filter(|one| one.state == RequestState::Asked)
        .map(|one| {
            let line = [
                ("what", what(lang, one)),
                ("day", format::date(lang, one.asked_at.beijing_date())),
                ("until", format::moment(lang, one.expires_at)),
            ];
            let line: Vec<_> = line
                .iter()
                .map(|(key, text)| (*key, text.as_str()))
                .collect();
            let line = tp(lang, "guardian.open_line", &line);
            let id = one.id.clone();
            view! {
                <li>
                    <p>{line}</p>
                    <ActForm act=Act::GuardianAsk submit=t(lang, "guardian.again") quiet=true>
                        <Hidden name="request" value=id/>
                    </ActForm>
                </li>
            }
        })
        .collect();
    (!lines.is_empty()).then(|| {
        view! { <Section title=t(lang, "guardian.open_title")><ul>{lines}</ul></Section> }
            .into_any()
    })
}

/// What an account without a guardian who confirmed is asked for.
pub(super) fn missing(lang: Lang) -> AnyView {
    view! {
        <Notice tone=Tone::Attention title=t(lang, "guardian.missing_title")>
            <p>{t(lang, "guardian.missing_lead")}</p>
            <p><a href="/me/guardian">{t(lang, "guardian.missing_link")}</a></p>
        </Notice>
    }
    .into_any()
}

/// What a question is about, in a few words.
fn what(lang: Lang, request: &GuardianRequestView) -> String {
    if request.purpose == Purpose::Source {
        let scene = scene_name(lang, &request.scene);
        format!("{} · {scene}", request.provider_name)
    } else {
        purpose_name(lang, request.purpose)
    }
}

/// `GET /guardian?token=…`: what the child asks for, in plain words, and the two answers; afterwards, what became of it.
pub async fn question(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let token = query_value(query.as_deref().unwrap_or_default(), "token").unwrap_or_default();
    let registry = &host.registry;
    let question = registry.guardian_question(&token, visitor.now).await;
    let question = question.or_failed(&host, &visitor)?;
    let set = registry.parameters_in_force().await;
    let set = set.or_failed(&host, &visitor)?;
    let form = Form::open(&host, &visitor, Act::GuardianAnswer, Fields::new()).await;
    let lang = visitor.lang;
    Ok(
        Page::new(&host, &visitor, t(lang, "guardian.question_title"))
            .numbers(set)
            .view(move || {
                let body = match &question {
                    None => note(t(lang, "guardian.link_unknown"), Tone::Refused),
                    Some(question) if question.is_open => asked(lang, question, form),
                    Some(question) => ended(lang, &question.request),
                };
                view! {
                    <div class="narrow">
                        <Heading title=t(lang, "guardian.question_title")/>
                        {body}
                    </div>
                }
            }),
    )
}

fn note(title: String, tone: Tone) -> AnyView {
    view! { <Notice tone title/> }.into_any()
}

/// What became of a question that can no longer be answered.
fn ended(lang: Lang, request: &GuardianRequestView) -> AnyView {
    // its time may be over before the platform has noted so
    let state = match request.state {
        RequestState::Asked => RequestState::Expired,
        other => other,
    };
    let at: Instant = match state {
        RequestState::Expired => request.expires_at,
        _ => request.ended_at.unwrap_or(request.expires_at),
    };
    let tone = match state {
        RequestState::Agreed => Tone::Done,
        _ => Tone::Note,
    };
    let key = format!("guardian.link_{}", state.code());
    note(tp(lang, &key, &[("day", &format::moment(lang, at))]), tone)
}

fn asked(lang: Lang, question: &GuardianQuestion, form: Form) -> AnyView {
    let request = &question.request;
    let opens = request.purpose == Purpose::Account;
    let names = [
        ("child", question.child.as_str()),
        ("guardian", &question.guardian),
    ];
    let lead = match (opens, question.waits) {
        (true, true) => "guardian.question_account",
        (true, false) if question.is_unconfirmed => "guardian.question_confirm",
        _ => "guardian.question_more",
    };
    let rows = vec![
        SummaryRow::new(t(lang, "guardian.what"), what(lang, request)),
        SummaryRow::new(
            t(lang, "guardian.until"),
            format::moment(lang, request.expires_at),
        ),
    ];
    let shown = request.purpose.text();
    let version = shown.version.to_string();
    let words = lang.choose(shown.text.zh, shown.text.en).to_owned();
    let title = tp(lang, "guardian.words", &[("version", &version)]);
    let refuse = if opens && question.is_unconfirmed {
        "guardian.refuse_closes"
    } else {
        "guardian.refuse_only"
    };
    view! {
        <p class="prose">{tp(lang, lead, &names)}</p>
        <SummaryList rows/>
        <Section title>
            <p class="prose">{words}</p>
            <p class="prose">{t(lang, "guardian.about_you")}</p>
            <p class="prose">{t(lang, "guardian.later")}</p>
        </Section>
        <ActForm act=Act::GuardianAnswer form submit=t(lang, "guardian.agree")>
            <Hidden name="answer" value="agree"/>
            <Hidden name="text_version" value=version/>
            <Field name="is_guardian" label=t(lang, "guardian.is_guardian") kind=Kind::Checkbox/>
        </ActForm>
        <Section title=t(lang, "guardian.refuse")>
            <p class="prose">{t(lang, refuse)}</p>
            <ActForm act=Act::GuardianAnswer submit=t(lang, "guardian.refuse") ends=true>
                <Hidden name="answer" value="refuse"/>
            </ActForm>
        </Section>
    }
    .into_any()
}

/// `GET /guardian/account?token=…`: what the account of the child agrees to, each consent with the way out, and the end of the account.
pub async fn account(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let token = query_value(query.as_deref().unwrap_or_default(), "token").unwrap_or_default();
    let registry = &host.registry;
    let account = registry.guardian_account(&token).await;
    let account = account.or_failed(&host, &visitor)?;
    let set = registry.parameters_in_force().await;
    let set = set.or_failed(&host, &visitor)?;
    let form = Form::open(&host, &visitor, Act::GuardianClose, Fields::new()).await;
    let lang = visitor.lang;
    Ok(
        Page::new(&host, &visitor, t(lang, "guardian.account_title"))
            .numbers(set)
            .view(move || {
                let body = match &account {
                    None => note(t(lang, "guardian.account_unknown"), Tone::Note),
                    Some(account) => shown(lang, account, form),
                };
                view! {
                    <div class="narrow">
                        <Heading title=t(lang, "guardian.account_title")/>
                        {body}
                    </div>
                }
            }),
    )
}

fn shown(lang: Lang, account: &GuardianAccount, form: Form) -> AnyView {
    let consents: Vec<_> = account
        .consents
        .iter()
        .map(|one| one_consent(lang, one))
        .collect();
    let lead = tp(lang, "guardian.account_lead", &[("child", &account.child)]);
    view! {
        <p class="prose">{lead}</p>
        {consents}
        <Section title=t(lang, "guardian.close_title")>
            <p class="prose">{t(lang, "guardian.close_text")}</p>
            <ActForm act=Act::GuardianClose form submit=t(lang, "guardian.close_submit") ends=true>
                <Field name="statement" label=t(lang, "guardian.close_confirm") kind=Kind::Checkbox/>
            </ActForm>
        </Section>
    }
    .into_any()
}

fn one_consent(lang: Lang, consent: &ConsentView) -> AnyView {
    let out = if consent.purpose == Purpose::Account {
        view! { <p>{t(lang, "guardian.of_account")}</p> }.into_any()
    } else {
        let id = consent.id.clone();
        view! {
            <ActForm act=Act::GuardianRevoke submit=t(lang, "guardian.revoke") quiet=true>
                <Hidden name="consent" value=id/>
            </ActForm>
        }
        .into_any()
    };
    let (title, words) = (consent_title(lang, consent), agreed_to(lang, consent));
    view! { <Section title>{words}{out}</Section> }.into_any()
}
