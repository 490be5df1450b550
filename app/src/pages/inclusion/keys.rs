//! The keys that providers sign with: made by an operator, shown once, ended in time or at once.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use domain::{Act, Role};
use leptos::prelude::*;
use registry::{Fields, KEY_OVERLAP_DAYS, ProviderKeyView, ProviderView};

use crate::acts::ShownOnce;
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Choice, Column, CopyableId, DataTable, Empty, Field, Heading, Hidden, Kind, Notice,
    Section, SummaryList, SummaryRow,
};
use crate::visitor::{Tone, Visitor};

/// Where the keys are listed.
pub const KEYS: &str = "/desk/inclusion/keys";

/// `GET /desk/inclusion/keys`.
pub async fn keys(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let registry = &host.registry;
    let mut providers = Vec::new();
    for provider in registry.providers().await.or_failed(&host, &visitor)? {
        if provider.is_active {
            let keys = registry.provider_keys_listed(&by, &provider.id).await;
            providers.push((provider, keys.or_failed(&host, &visitor)?));
        }
    }
    let form = Form::open(&host, &visitor, Act::ProviderRekey, Fields::new()).await;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "provider_key.title"))
        .crumb(t(lang, "personal.desk"), "/desk/inclusion")
        .wide()
        .view(move || {
            let days = KEY_OVERLAP_DAYS.to_string();
            let lead = tp(lang, "provider_key.lead", &[("days", &days)]);
            let shown: Vec<_> = providers
                .iter()
                .map(|(provider, keys)| of_provider(lang, provider, keys, &form))
                .collect();
            let shown = if shown.is_empty() {
                view! { <Empty text=t(lang, "provider_key.none")/> }.into_any()
            } else {
                shown.into_any()
            };
            view! {
                <Heading title=t(lang, "provider_key.title") lead/>
                {shown}
            }
        }))
}

fn of_provider(
    lang: Lang,
    provider: &ProviderView,
    keys: &[ProviderKeyView],
    form: &Form,
) -> AnyView {
    let rows = keys.iter().map(|key| listed(lang, key)).collect();
    let columns = vec![
        Column::text(t(lang, "provider_key.id")),
        Column::text(t(lang, "provider_key.made")),
        Column::text(t(lang, "provider_key.until")),
        Column::text(t(lang, "provider_key.used")),
        Column::text(t(lang, "provider_key.end")),
    ];
    let days = KEY_OVERLAP_DAYS.to_string();
    let reasons = ["planned", "leaked"]
        .map(|code| {
            let text = tp(
                lang,
                &format!("provider_key.reason_{code}"),
                &[("days", &days)],
            );
            Choice::new(code, text)
        })
        .to_vec();
    // what was refused is shown where it was typed
    let form = Some(form)
        .filter(|form| form.values().get("provider") == Some(&provider.id))
        .cloned()
        .unwrap_or_default();
    let (id, title) = (provider.id.clone(), provider.name.clone());
    let caption = tp(lang, "provider_key.of", &[("provider", &provider.name)]);
    view! {
        <Section title>
            <DataTable caption columns rows empty=t(lang, "provider_key.none")/>
            <ActForm act=Act::ProviderRekey form submit=t(lang, "act.provider_rekey")>
                <Hidden name="provider" value=id/>
                <Field name="reason" label=t(lang, "provider_key.reason") kind=Kind::Select choices=reasons/>
            </ActForm>
        </Section>
    }
    .into_any()
}

fn listed(lang: Lang, key: &ProviderKeyView) -> Vec<AnyView> {
    let why = key
        .ended_for
        .as_deref()
        .map(|why| t(lang, &format!("provider_key.for_{why}")));
    let until = match (key.valid_until, why) {
        (Some(until), Some(why)) => format!("{} · {why}", format::moment(lang, until)),
        _ => t(lang, "provider_key.no_end"),
    };
    let used = key.last_used_at.map_or_else(
        || t(lang, "provider_key.never"),
        |at| format::moment(lang, at),
    );
    let id = key.id.clone();
    let end = if key.is_valid {
        view! {
            <ActForm act=Act::ProviderKeyEnd submit=t(lang, "act.provider_key_end") quiet=true>
                <Hidden name="provider_key" value=id/>
            </ActForm>
        }
        .into_any()
    } else {
        t(lang, "provider_key.ended").into_any()
    };
    vec![
        key.id.clone().into_any(),
        format::moment(lang, key.created_at).into_any(),
        until.into_any(),
        used.into_any(),
        end,
    ]
}

/// The answer to making a key. Sending the same form again (reload) shows the same key.
pub fn made(host: &Host, visitor: &Visitor, shown: &ShownOnce) -> Response {
    let lang = visitor.lang;
    let rows = vec![
        SummaryRow::new(t(lang, "personal.provider"), shown.owner.clone()),
        SummaryRow::new(t(lang, "provider_key.id"), shown.id.clone()),
    ];
    let secret = shown.secret.clone();
    let mut page = Page::new(host, visitor, t(lang, "provider_key.made_title"))
        .crumb(t(lang, "personal.desk"), "/desk/inclusion")
        .view(move || {
            view! {
                <Heading title=t(lang, "provider_key.made_title") lead=t(lang, "provider_key.made_lead")/>
                <SummaryList rows/>
                <p><CopyableId text=secret/></p>
                <Notice tone=Tone::Attention title=t(lang, "provider_key.shown_once")/>
                <p>{t(lang, "provider_key.how_to_use")}" "<a href="/api/docs">{t(lang, "token.documentation")}</a></p>
                <p><a class="button button--secondary" href=KEYS>{t(lang, "provider_key.title")}</a></p>
            }
        });
    page.headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    page
}
