//! The holder's own book of beneficiaries.

use axum::extract::{Path, RawQuery, State};
use domain::Act;
use domain::ledger::BeneficiaryKind;
use leptos::prelude::*;
use registry::{BeneficiaryView, Fields};

use super::source::HOLDERS;
use crate::form::{Form, fields};
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::public::filters::Filters;
use crate::parts::{
    ActForm, Choice, Column, DataTable, Field, Heading, Hidden, Kind, Notice, Section,
};
use crate::visitor::{Tone, Visitor};

const LIST: &str = "/desk/beneficiaries";
const PAGE_ROWS: i64 = 25;

/// `GET /desk/beneficiaries`.
pub async fn beneficiaries(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, HOLDERS)?;
    let filters = Filters::read(query.as_deref(), &["after"]);
    let page = host
        .registry
        .beneficiary_list(&by, &filters.page(PAGE_ROWS))
        .await
        .or_failed(&host, &visitor)?;
    let form = Form::open(&host, &visitor, Act::BeneficiaryAdd, Fields::new()).await;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "offer.book_title"))
        .crumb(t(lang, "credits.holdings_title"), "/desk/holdings")
        .view(move || {
            let rows = page.rows.iter().map(|one| cells(lang, one)).collect();
            let columns = vec![
                Column::text(t(lang, "offer.name")),
                Column::text(t(lang, "offer.kind")),
                Column::text(t(lang, "credits.beneficiary_uscc")),
                Column::text(t(lang, "offer.note")),
            ];
            let (next, first) = filters.pages(LIST, page.next.as_deref());
            view! {
                <Heading title=t(lang, "offer.book_title") lead=t(lang, "offer.book_lead")/>
                <DataTable caption=t(lang, "offer.book_title") columns rows empty=t(lang, "offer.book_empty") next first/>
                <Section title=t(lang, "act.beneficiary_add")>
                    <ActForm act=Act::BeneficiaryAdd form submit=t(lang, "act.beneficiary_add")>
                        {entry_fields(lang)}
                    </ActForm>
                </Section>
            }
        }))
}

fn cells(lang: Lang, one: &BeneficiaryView) -> Vec<AnyView> {
    let address = format!("{LIST}/{}", one.id);
    vec![
        view! { <a href=address>{one.name.clone()}</a> }.into_any(),
        kind_text(lang, one.kind).into_any(),
        one.uscc
            .clone()
            .unwrap_or_else(|| "–".to_owned())
            .into_any(),
        one.note.clone().into_any(),
    ]
}

/// What a kind of beneficiary is called.
pub fn kind_text(lang: Lang, kind: BeneficiaryKind) -> String {
    t(lang, &format!("offer.kind_{}", kind.code()))
}

/// Organisation or person.
pub fn kind_choices(lang: Lang) -> Vec<Choice> {
    let choices = BeneficiaryKind::ALL.iter();
    choices
        .map(|kind| Choice::new(kind.code(), kind_text(lang, *kind)))
        .collect()
}

fn entry_fields(lang: Lang) -> AnyView {
    view! {
        <Field name="kind" label=t(lang, "offer.kind") kind=Kind::Radios choices=kind_choices(lang)/>
        <Field name="name" label=t(lang, "offer.name")/>
        <Field name="uscc" label=t(lang, "credits.beneficiary_uscc") hint=t(lang, "offer.uscc_hint") optional=true/>
        <Field name="note" label=t(lang, "offer.note") hint=t(lang, "offer.note_hint") kind=Kind::Lines rows=3 optional=true/>
    }
    .into_any()
}

/// `GET /desk/beneficiaries/{id}`.
pub async fn beneficiary(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let by = require(&host, &visitor, HOLDERS)?;
    let one = host
        .registry
        .beneficiary_get(&by, &id)
        .await
        .or_failed(&host, &visitor)?;
    let stored = fields([
        ("kind", one.kind.code()),
        ("name", one.name.as_str()),
        ("uscc", one.uscc.as_deref().unwrap_or_default()),
        ("note", one.note.as_str()),
    ]);
    let change = Form::open(&host, &visitor, Act::BeneficiaryChange, stored).await;
    let remove = Form::open(&host, &visitor, Act::BeneficiaryRemove, Fields::new()).await;
    let lang = visitor.lang;
    let title = one.name.clone();
    Ok(Page::new(&host, &visitor, title.clone())
        .crumb(t(lang, "credits.holdings_title"), "/desk/holdings")
        .crumb(t(lang, "offer.book_title"), LIST)
        .view(move || {
            let again = one.id.clone();
            view! {
                <Heading title above=t(lang, "offer.book_title")/>
                <Notice tone=Tone::Note title=t(lang, "offer.book_stays")/>
                <ActForm act=Act::BeneficiaryChange form=change submit=t(lang, "act.beneficiary_change") cancel=LIST>
                    <Hidden name="beneficiary" value=one.id/>
                    {entry_fields(lang)}
                </ActForm>
                <Section title=t(lang, "act.beneficiary_remove")>
                    <p>{t(lang, "offer.remove_lead")}</p>
                    <ActForm act=Act::BeneficiaryRemove form=remove submit=t(lang, "act.beneficiary_remove") ends=true quiet=true>
                        <Hidden name="beneficiary" value=again/>
                    </ActForm>
                </Section>
            }
        }))
}
