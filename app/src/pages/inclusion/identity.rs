//! The real-name level: the person's page, and the operator's list of questions. The check is one for show and says so.

use axum::extract::{Query, State};
use domain::inclusion::identity::REFUSE_REASONS;
use domain::inclusion::{DocumentKind, Guards};
use domain::{Act, Role};
use leptos::prelude::*;
use registry::{Fields, IdentityView, PageRequest};
use serde::Deserialize;

use super::{PERSON, grams};
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Choice, Empty, Field, Heading, Hidden, Kind, Section, SummaryList, SummaryRow,
};
use crate::visitor::{Visitor, encode};

/// From where the list goes on.
#[derive(Debug, Default, Deserialize)]
pub struct AskedQuery {
    after: Option<String>,
}

/// `GET /me/identity`.
pub async fn own(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, PERSON)?;
    let registry = &host.registry;
    let person = registry.person(&by).await.or_failed(&host, &visitor)?;
    let asked = registry.identities(&by).await.or_failed(&host, &visitor)?;
    let set = registry.parameters_in_force().await;
    let set = set.or_failed(&host, &visitor)?;
    let today = visitor.now.beijing_date();
    let guards = Guards::on(&set, today).ok();
    let form = Form::open(&host, &visitor, Act::IdentityAsk, Fields::new()).await;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "identity.title"))
        .crumb(t(lang, "personal.consents"), "/me/consents")
        .view(move || {
            let changes = guards.map(|guards| {
                let before = guards.new_account_mg.min(guards.unconfirmed_mg);
                let (before, after) = (grams(before), grams(guards.real_name_mg));
                let day = format::date(lang, today);
                let parts = [("before", before.as_str()), ("after", &after), ("day", &day)];
                tp(lang, "identity.changes_text", &parts)
            });
            let is_live = asked.iter().any(|one| matches!(one.state.as_str(), "asked" | "granted"));
            let body = if is_live {
                give_up(lang)
            } else if person.is_minor {
                view! { <Empty text=t(lang, "identity.minor")/> }.into_any()
            } else {
                ask(lang, form)
            };
            let history: Vec<_> = asked.iter().map(|one| row(lang, one)).collect();
            let history = (!history.is_empty()).then(|| {
                view! { <Section title=t(lang, "identity.history")><SummaryList rows=history/></Section> }
            });
            let now = t(lang, &format!("identity.now_{}", person.identity_level));
            view! {
                <Heading title=t(lang, "identity.title") lead=t(lang, "identity.lead")/>
                <p><strong>{now}</strong></p>
                <Section title=t(lang, "identity.changes")><p class="prose">{changes}</p></Section>
                <Section title=t(lang, "identity.kept")><p class="prose">{t(lang, "identity.kept_text")}</p></Section>
                {body}
                {history}
            }
        }))
}

fn ask(lang: Lang, form: Form) -> AnyView {
    let kinds = DocumentKind::ALL
        .map(|kind| Choice::new(kind.code(), kind_name(lang, kind.code())))
        .to_vec();
    // within the form, whose values the fields show
    let fields = move || {
        view! {
            <Field name="identity_kind" label=t(lang, "identity.kind") kind=Kind::Select choices=kinds/>
            <Field name="identity_name" label=t(lang, "identity.name") hint=t(lang, "identity.name_hint")/>
            <Field name="identity_number" label=t(lang, "identity.number") hint=t(lang, "identity.number_hint")/>
        }
    };
    view! {
        <Section title=t(lang, "act.identity_ask")>
            <p class="remark">{t(lang, "identity.demo")}</p>
            <ActForm act=Act::IdentityAsk form submit=t(lang, "act.identity_ask")>{fields()}</ActForm>
        </Section>
    }
    .into_any()
}

fn give_up(lang: Lang) -> AnyView {
    view! {
        <Section title=t(lang, "act.identity_withdraw")>
            <p>{t(lang, "identity.withdraw_text")}</p>
            <ActForm act=Act::IdentityWithdraw submit=t(lang, "act.identity_withdraw") quiet=true/>
        </Section>
    }
    .into_any()
}

fn kind_name(lang: Lang, code: &str) -> String {
    t(lang, &format!("identity.kind_{code}"))
}

fn row(lang: Lang, one: &IdentityView) -> SummaryRow {
    let last = one.last_two.as_ref().map_or_else(
        || t(lang, "identity.forgotten"),
        |last| tp(lang, "identity.ends_with", &[("last", last)]),
    );
    let state = t(lang, &format!("identity.state_{}", one.state));
    let mut text = format!("{} · {last} · {state}", kind_name(lang, &one.kind));
    if !one.code.is_empty() {
        let why = t(lang, &format!("identity.reason_{}", one.code));
        text = format!("{text}: {why} {}", one.note);
    }
    SummaryRow::new(format::moment(lang, one.asked_at), text)
}

/// `GET /desk/inclusion/identities`.
pub async fn asked(
    State(host): State<Host>,
    visitor: Visitor,
    Query(query): Query<AskedQuery>,
) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let page = PageRequest {
        after: query.after,
        size: 25,
    };
    let asked = host.registry.identities_asked(&by, &page).await;
    let asked = asked.or_failed(&host, &visitor)?;
    let refused = Form::open(&host, &visitor, Act::IdentityRefuse, Fields::new()).await;
    let lang = visitor.lang;
    Ok(
        Page::new(&host, &visitor, t(lang, "identity.asked_title"))
            .crumb(t(lang, "personal.desk"), "/desk/inclusion")
            .view(move || {
                let rows: Vec<_> = asked.rows.iter().map(|one| decide(lang, one, &refused)).collect();
                let rows = if rows.is_empty() {
                    view! { <Empty text=t(lang, "identity.none_asked")/> }.into_any()
                } else {
                    rows.into_any()
                };
                let next = asked.next.as_deref().map(|key| {
                    let to = format!("/desk/inclusion/identities?after={}", encode(key));
                    view! { <p><a class="table__link" href=to rel="next">{t(lang, "part.next_page")}</a></p> }
                });
                view! {
                    <Heading title=t(lang, "identity.asked_title") lead=t(lang, "identity.asked_lead")/>
                    {rows}
                    {next}
                }
            }),
    )
}

fn decide(lang: Lang, one: &IdentityView, refused: &Form) -> AnyView {
    let label = |key: &str| t(lang, &format!("identity.{key}"));
    let last = one.last_two.clone().unwrap_or_default();
    let agrees = if one.name_agrees {
        "agrees_yes"
    } else {
        "agrees_no"
    };
    let rows = vec![
        SummaryRow::new(label("asked_at"), format::moment(lang, one.asked_at)),
        SummaryRow::new(label("kind"), kind_name(lang, &one.kind)),
        SummaryRow::new(
            label("number_checked"),
            tp(lang, "identity.number_fits", &[("last", &last)]),
        ),
        SummaryRow::new(label("name_agrees"), label(agrees)),
    ];
    let choices: Vec<Choice> = REFUSE_REASONS
        .iter()
        .map(|code| Choice::new(*code, t(lang, &format!("identity.reason_{code}"))))
        .collect();
    let (about, of_refusal) = (one.about.clone(), one.about.clone());
    let of_this = refused.values().get("about") == Some(&one.about);
    let form = Some(refused)
        .filter(|_| of_this)
        .cloned()
        .unwrap_or_default();
    let title = format!("{} · {last}", kind_name(lang, &one.kind));
    view! {
        <details class="how" open=true>
            <summary class="how__summary">{title}</summary>
            <div class="how__body">
                <SummaryList rows/>
                <ActForm act=Act::IdentityGrant submit=t(lang, "act.identity_grant")>
                    <Hidden name="about" value=about/>
                </ActForm>
                <ActForm act=Act::IdentityRefuse form submit=t(lang, "act.identity_refuse") quiet=true>
                    <Hidden name="about" value=of_refusal/>
                    <Field name="code" label=t(lang, "provider.code") kind=Kind::Select choices/>
                    <Field name="reason" label=t(lang, "provider.words") optional=true/>
                </ActForm>
            </div>
        </details>
    }
    .into_any()
}
