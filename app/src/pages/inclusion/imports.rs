//! Files of rows that the operator brings in for a provider, and the answer to each row.

use axum::extract::{Path, Query, State};
use domain::{Act, Role};
use leptos::prelude::*;
use registry::{Fields, IMPORT_COLUMNS, ImportLine, ImportView, PageRequest};
use serde::Deserialize;

use super::desk::{address, reason_text};
use super::grams;
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, refusal_text, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Choice, Column, DataTable, Field, Heading, Kind, Section, SummaryList, SummaryRow,
};
use crate::visitor::Visitor;

const LIST: &str = "/desk/inclusion/imports";
/// Answers that can be asked for by themselves.
const OUTCOMES: [&str; 3] = ["accepted", "known", "refused"];

/// Which part of a list.
#[derive(Debug, Default, Deserialize)]
pub struct PartQuery {
    after: Option<String>,
    outcome: Option<String>,
}

/// `GET /desk/inclusion/imports`: the form, and the files there were.
pub async fn imports(
    State(host): State<Host>,
    visitor: Visitor,
    Query(query): Query<PartQuery>,
) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let registry = &host.registry;
    let page = PageRequest {
        after: query.after,
        size: 50,
    };
    let files = registry.imports(&by, &page).await;
    let files = files.or_failed(&host, &visitor)?;
    let providers = registry.providers().await.or_failed(&host, &visitor)?;
    let choices: Vec<Choice> = providers
        .into_iter()
        .filter(|provider| provider.is_active)
        .map(|provider| Choice::new(provider.id, provider.name))
        .collect();
    let form = Form::open(&host, &visitor, Act::ProviderImport, Fields::new()).await;
    let lang = visitor.lang;
    Ok(
        Page::new(&host, &visitor, t(lang, "provider.imports_title"))
            .wide()
            .crumb(t(lang, "personal.desk"), "/desk/inclusion")
            .view(move || {
                let first = page.after.as_ref().map(|_| LIST.to_owned());
                let next = files.next.as_deref().map(|key| address(LIST, &[("after", key)]));
                view! {
                    <Heading title=t(lang, "provider.imports_title") lead=t(lang, "provider.imports_lead")/>
                    <Section title=t(lang, "act.provider_import")>
                        <ActForm act=Act::ProviderImport form submit=t(lang, "act.provider_import")>
                            <Field name="provider" label=t(lang, "personal.provider") kind=Kind::Select choices/>
                            <Field name="rows_file" label=t(lang, "provider.file") kind=Kind::File autocomplete=".csv,.txt,.xlsx" optional=true/>
                            <Field name="rows" label=t(lang, "provider.rows") kind=Kind::Lines rows=6 optional=true/>
                        </ActForm>
                        {columns(lang)}
                    </Section>
                    <Section title=t(lang, "provider.files")>
                        {list(lang, &files.rows, first.unwrap_or_default(), next.unwrap_or_default())}
                    </Section>
                }
            }),
    )
}

/// What a heading may name.
fn columns(lang: Lang) -> AnyView {
    let rows = IMPORT_COLUMNS
        .iter()
        .map(|column| {
            vec![
                lang.choose(column.label.zh, column.label.en).into_any(),
                view! { <code>{column.code}</code> }.into_any(),
                lang.choose(column.help.zh, column.help.en).into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "provider.column")),
        Column::text(t(lang, "provider.column_code")),
        Column::text(t(lang, "provider.column_help")),
    ];
    view! {
        <details class="how">
            <summary class="how__summary">{t(lang, "provider.columns")}</summary>
            <div class="how__body">
                <DataTable caption=t(lang, "provider.columns") columns rows empty=t(lang, "personal.nothing_yet")/>
            </div>
        </details>
    }
    .into_any()
}

fn list(lang: Lang, files: &[ImportView], first: String, next: String) -> AnyView {
    let rows = files
        .iter()
        .map(|file| {
            let address = format!("{LIST}/{}", file.id);
            let name = if file.file_name.is_empty() {
                t(lang, "provider.typed")
            } else {
                file.file_name.clone()
            };
            vec![
                view! { <a href=address>{name}</a> }.into_any(),
                file.provider.clone().into_any(),
                format::moment(lang, file.at).into_any(),
                format::whole(file.accepted).into_any(),
                format::whole(file.known).into_any(),
                format::whole(file.refused).into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "provider.file")),
        Column::text(t(lang, "personal.provider")),
        Column::text(t(lang, "provider.when")),
        Column::number(t(lang, "provider.outcome_accepted")),
        Column::number(t(lang, "provider.outcome_known")),
        Column::number(t(lang, "provider.outcome_refused")),
    ];
    view! { <DataTable caption=t(lang, "provider.files") columns rows empty=t(lang, "personal.nothing_yet") first next/> }
        .into_any()
}

/// `GET /desk/inclusion/imports/{id}`: the answers to the rows of a file.
pub async fn report(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(query): Query<PartQuery>,
) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let outcome = query.outcome.unwrap_or_default();
    let outcome = OUTCOMES.into_iter().find(|one| *one == outcome);
    let outcome = outcome.unwrap_or_default();
    let page = PageRequest {
        after: query.after,
        size: 100,
    };
    let found = host.registry.import(&by, &id, outcome, &page).await;
    let (file, lines) = found.or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    let title = if file.file_name.is_empty() {
        t(lang, "provider.typed")
    } else {
        file.file_name.clone()
    };
    Ok(Page::new(&host, &visitor, title.clone())
        .wide()
        .crumb(t(lang, "personal.desk"), "/desk/inclusion")
        .crumb(t(lang, "provider.imports_title"), LIST)
        .view(move || {
            let here = format!("{LIST}/{}", file.id);
            let narrowed = [("outcome", outcome)];
            let first = page.after.as_ref().map(|_| address(&here, &narrowed));
            let next = lines.next.as_deref().map(|key| address(&here, &[narrowed[0], ("after", key)]));
            let parts: Vec<_> = OUTCOMES
                .iter()
                .map(|one| {
                    let to = address(&here, &[("outcome", *one)]);
                    view! { <a class="button button--secondary" href=to>{t(lang, &format!("provider.outcome_{one}"))}</a> }
                })
                .collect();
            let all = here.clone();
            view! {
                <Heading title/>
                <SummaryList rows=facts(lang, &file)/>
                <p class="button-row"><a class="button button--secondary" href=all>{t(lang, "provider.outcome_all")}</a>{parts}</p>
                <Section title=t(lang, "provider.answers")>
                    {answers(lang, &lines.rows, first.unwrap_or_default(), next.unwrap_or_default())}
                </Section>
            }
        }))
}

fn facts(lang: Lang, file: &ImportView) -> Vec<SummaryRow> {
    vec![
        SummaryRow::new(t(lang, "personal.provider"), file.provider.clone()),
        SummaryRow::new(t(lang, "provider.when"), format::moment(lang, file.at)),
        SummaryRow::new(
            t(lang, "provider.counts"),
            tp(
                lang,
                "provider.counts_text",
                &[
                    ("accepted", &format::whole(file.accepted)),
                    ("known", &format::whole(file.known)),
                    ("refused", &format::whole(file.refused)),
                ],
            ),
        ),
        SummaryRow::new(t(lang, "provider.hash"), file.file_hash.clone()),
    ]
}

fn answers(lang: Lang, lines: &[ImportLine], first: String, next: String) -> AnyView {
    let rows = lines
        .iter()
        .map(|line| {
            let outcome = t(lang, &format!("provider.outcome_{}", line.outcome));
            vec![
                line.line.to_string().into_any(),
                outcome.into_any(),
                grams(line.mg).into_any(),
                why(lang, line).into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::number(t(lang, "provider.line")),
        Column::text(t(lang, "provider.outcome")),
        Column::number(t(lang, "personal.grams")),
        Column::text(t(lang, "personal.reason")),
    ];
    view! { <DataTable caption=t(lang, "provider.answers") columns rows empty=t(lang, "personal.nothing_yet") first next/> }
        .into_any()
}

fn why(lang: Lang, line: &ImportLine) -> String {
    let mut told: Vec<String> = line
        .refused
        .iter()
        .map(|refusal| {
            let params: Vec<(&str, &str)> = refusal
                .params
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            let text = refusal_text(lang, &refusal.code, &params);
            match &refusal.field {
                Some(field) => format!("{field}: {text}"),
                None => text,
            }
        })
        .collect();
    told.extend(line.waits.iter().map(|code| reason_text(lang, code)));
    told.join(" ")
}
