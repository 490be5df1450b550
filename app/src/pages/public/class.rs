//! One class of credits: one project and one year of generation. What was issued, what is held, what is retired, number by number.
//! Who holds is not public.

use axum::extract::{Path, RawQuery, State};
use leptos::prelude::*;
use registry::{PublicClass, SerialAnswer};

use super::filters::Filters;
use super::serial::{SERIAL_PAGES, history_table, pages_of, parts_table};
use super::shown::{
    TONNES, class_address, class_kind, methodology_link, project_address, serial_link,
    serial_remark,
};
use crate::format::{percent, whole};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult};
use crate::parts::{CopyableId, Heading, NumberHero, Section, SummaryList, SummaryRow};
use crate::visitor::{Visitor, encode};

/// `GET /classes/{class}`.
pub async fn class(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> PageResult {
    let pages = Filters::read(query.as_deref(), SERIAL_PAGES);
    let public = host.registry.public();
    let class = public.class(&id).await.or_failed(&host, &visitor)?;
    let numbers = match &class.serial {
        Some(serial) => {
            let answer = public.serial(serial, &pages_of(&pages)).await;
            Some(answer.or_failed(&host, &visitor)?)
        }
        None => None,
    };
    let lang = visitor.lang;
    let title = tp(
        lang,
        "public.class_title",
        &[
            ("name", &class.project_name),
            ("vintage", &class.vintage.to_string()),
        ],
    );
    let project = project_address(Some(&class.project_code), &class.project);
    Ok(Page::new(&host, &visitor, title.clone())
        .description(title.clone())
        .crumb(t(lang, "public.projects_title"), "/projects")
        .crumb(class.project_name.clone(), project)
        .wide()
        .view(move || class_view(lang, title, &class, numbers.as_ref(), &pages)))
}

fn class_view(
    lang: Lang,
    title: String,
    class: &PublicClass,
    numbers: Option<&SerialAnswer>,
    pages: &Filters,
) -> AnyView {
    let address = project_address(Some(&class.project_code), &class.project);
    let share = |part: i64| {
        tp(
            lang,
            "public.share_of_issued",
            &[("share", &percent(part, class.issued))],
        )
    };
    let facts = vec![
        SummaryRow::new(
            t(lang, "public.project"),
            view! { <a href=address.clone()>{class.project_name.clone()}</a> },
        ),
        SummaryRow::new(
            t(lang, "public.methodology"),
            methodology_link(lang, &class.methodology),
        ),
        SummaryRow::new(
            t(lang, "event.class_kind"),
            class_kind(lang, &class.unit_kind, &class.recognition),
        ),
        SummaryRow::new(t(lang, "public.vintage"), class.vintage),
        SummaryRow::new(
            t(lang, "public.serials"),
            class
                .serial
                .as_deref()
                .map_or_else(|| "–".into_any(), serial_link),
        ),
        SummaryRow::new(
            t(lang, "public.record_id"),
            view! { <CopyableId text=class.id.clone()/> },
        ),
    ];
    let reports = format!("{address}#reports");
    let numbers = numbers.map(|numbers| {
        let path = class_address(&class.id);
        let parts = parts_table(lang, numbers, pages, &path);
        let history = history_table(lang, numbers, pages, &path);
        view! {
            <Section title=t(lang, "public.parts_title") id="blocks">{parts}</Section>
            <Section title=t(lang, "public.history_title") id="history">{history}</Section>
        }
    });
    let json = format!("/api/v1/classes/{}", encode(&class.id));
    view! {
        <Heading above=class.project_code.clone() title lead=t(lang, "public.class_lead")/>
        <div class="hero-numbers">
            <NumberHero label=t(lang, "public.issued") value=whole(class.issued) unit=TONNES>
                <p>{t(lang, "public.issued_how")}</p>
                <p><a href=reports>{t(lang, "public.reports_title")}</a></p>
            </NumberHero>
            <NumberHero label=t(lang, "public.held") value=whole(class.held) unit=TONNES note=share(class.held)/>
            <NumberHero label=t(lang, "public.retired") value=whole(class.retired) unit=TONNES note=share(class.retired)/>
        </div>
        <Section title=t(lang, "public.facts_title")><SummaryList rows=facts/>{serial_remark(lang)}</Section>
        {numbers}
        <p class="remark">{t(lang, "part.same_data")}" "<a href=json>"JSON"</a></p>
    }
    .into_any()
}
