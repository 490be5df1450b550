//! Whose record of a trip is better: the places of the providers, proposed by one operator and agreed to by another one.

use axum::extract::State;
use domain::{Act, Role};
use leptos::prelude::*;
use registry::{Fields, PrecedenceChange, ProviderView};

use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Choice, Empty, Field, Heading, Hidden, Kind, Section, SummaryList, SummaryRow,
};
use crate::visitor::Visitor;

/// `GET /desk/inclusion/precedence`.
pub async fn precedence(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let registry = &host.registry;
    let providers = registry.providers().await.or_failed(&host, &visitor)?;
    let changes = registry.precedence_changes(&by).await;
    let changes = changes.or_failed(&host, &visitor)?;
    let form = Form::open(&host, &visitor, Act::PrecedencePropose, Fields::new()).await;
    let mut refused = Vec::new();
    for act in [Act::PrecedenceReject, Act::PrecedenceWithdraw] {
        refused.push((act, Form::open(&host, &visitor, act, Fields::new()).await));
    }
    let lang = visitor.lang;
    Ok(
        Page::new(&host, &visitor, t(lang, "identity.precedence_title"))
            .crumb(t(lang, "personal.desk"), "/desk/inclusion")
            .view(move || {
                let now = providers
                    .iter()
                    .filter(|one| one.is_active)
                    .map(|one| SummaryRow::new(one.name.clone(), place(lang, one.precedence)))
                    .collect();
                let shown: Vec<_> = changes
                    .iter()
                    .map(|change| changed(lang, change, &providers, &refused))
                    .collect();
                let shown = if shown.is_empty() {
                    view! { <Empty text=t(lang, "identity.no_changes")/> }.into_any()
                } else {
                    shown.into_any()
                };
                view! {
                    <Heading title=t(lang, "identity.precedence_title") lead=t(lang, "identity.precedence_lead")/>
                    <Section title=t(lang, "identity.place")><SummaryList rows=now/></Section>
                    <Section title=t(lang, "identity.changes_of_place")>{shown}</Section>
                    <Section title=t(lang, "act.precedence_propose")>{propose(lang, &providers, form)}</Section>
                }
            }),
    )
}

/// A place with what it stands for.
pub(super) fn place(lang: Lang, precedence: i64) -> String {
    let name = t(lang, &format!("identity.place_{precedence}"));
    let number = precedence.to_string();
    tp(
        lang,
        "identity.place_of",
        &[("place", &number), ("name", &name)],
    )
}

fn propose(lang: Lang, providers: &[ProviderView], form: Form) -> AnyView {
    let choices: Vec<Choice> = providers
        .iter()
        .filter(|one| one.is_active)
        .map(|one| Choice::new(one.id.clone(), one.name.clone()))
        .collect();
    let places: Vec<Choice> = (1..=5)
        .map(|one| Choice::new(one.to_string(), place(lang, one)))
        .collect();
    // within the form, whose values the fields show
    let fields = move || {
        view! {
            <Field name="provider" label=t(lang, "personal.provider") kind=Kind::Select choices/>
            <Field name="precedence" label=t(lang, "identity.place_new") kind=Kind::Select choices=places/>
            <Field name="reason" label=t(lang, "identity.why")/>
        }
    };
    view! {
        <ActForm act=Act::PrecedencePropose form submit=t(lang, "act.precedence_propose")>{fields()}</ActForm>
    }
    .into_any()
}

fn changed(
    lang: Lang,
    change: &PrecedenceChange,
    providers: &[ProviderView],
    refused: &[(Act, Form)],
) -> AnyView {
    let label = |key: &str| t(lang, &format!("identity.{key}"));
    let provider = providers.iter().find(|one| one.id == change.provider);
    let name = provider.map_or_else(|| change.provider.clone(), |one| one.name.clone());
    let status = t(lang, &format!("identity.status_{}", change.status));
    let mut rows = vec![
        SummaryRow::new(label("place_new"), place(lang, change.precedence)),
        SummaryRow::new(label("why"), change.reason.clone()),
        SummaryRow::new(
            label("proposer"),
            format!(
                "{} · {}",
                change.proposer,
                format::moment(lang, change.proposed_at)
            ),
        ),
    ];
    if let Some(decider) = &change.decider {
        let words = change.decision_reason.clone().unwrap_or_default();
        let text = [decider.as_str(), words.as_str()]
            .join(" ")
            .trim()
            .to_owned();
        rows.push(SummaryRow::new(label("decider"), text));
    }
    let forms: Vec<_> = change
        .allowed
        .iter()
        .map(|act| {
            let (act, id) = (*act, change.id.clone());
            let quiet = act != Act::PrecedenceApprove;
            // within the form, whose values the field shows
            let words = move || {
                quiet.then(|| view! { <Field name="reason" label=t(lang, "identity.why")/> })
            };
            let submit = t(lang, &format!("act.{}", act.name()));
            let form = refused
                .iter()
                .find(|(of, form)| *of == act && form.values().get("change") == Some(&id));
            let form = form.map(|(_, form)| form.clone()).unwrap_or_default();
            view! {
                <ActForm act form submit quiet>
                    <Hidden name="change" value=id/>
                    {words()}
                </ActForm>
            }
        })
        .collect();
    let is_open = !change.allowed.is_empty();
    view! {
        <details class="how" open=is_open>
            <summary class="how__summary">{name}" · "{status}</summary>
            <div class="how__body"><SummaryList rows/>{forms}</div>
        </details>
    }
    .into_any()
}
