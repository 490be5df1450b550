//! One methodology: purpose, versions, conditions, formulas, numbers, worked cases, monitoring.

use axum::extract::{Path, State};
use leptos::prelude::*;
use methodologies::catalogue::{Listed, ListedStatus, consultations, listed};
use methodologies::formula::{self, Role};
use methodologies::parameter::{Parameter, days, parameters};
use methodologies::{Finding, Methodology, Text, applicability, calculator, find};
use time::Date;

use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult};
use crate::parts::{Column, DataTable, Heading, Notice, Section, SummaryList, SummaryRow, Tag};
use crate::visitor::{Tone, Visitor};

use super::methodologies::{parameter_row, said};
use super::methodologies_cases::{Case, cases_of};
use super::methodologies_formula::{address, basis, symbols, typeset};
use super::methodologies_points::{Point, points};
use super::sample_size;

/// `GET /methodologies/{code}`.
pub async fn methodology(
    State(host): State<Host>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> PageResult {
    let entry = listed()
        .iter()
        .find(|entry| entry.code == Some(code.as_str()))
        .or_failed(&host, &visitor)?;
    let code = entry.code.unwrap_or_default();
    let (lang, today) = (visitor.lang, visitor.now.beijing_date());
    let title = said(lang, entry.title);
    let page = Page::new(&host, &visitor, format!("{code} {title}"))
        .description(
            entry
                .scope
                .map_or_else(|| title.clone(), |scope| said(lang, scope)),
        )
        .crumb(t(lang, "public.methodologies_title"), "/methodologies")
        .wide();
    Ok(page.view(move || {
        let lead = entry.scope.map_or_else(
            || t(lang, "methodology.scope_unknown"),
            |scope| said(lang, scope),
        );
        view! {
            <Heading title above=code lead/>
            {incomplete(lang, code)}
            {summary(lang, today, entry, code)}
            {versions(lang, today, entry, code)}
            {conditions(lang, code)}
            {formulas(lang, code)}
            {numbers(lang, code)}
            {worked(lang, code)}
            {practice(lang, code)}
        }
    }))
}

/// Whether every formula of the methodology is here.
pub fn is_complete(code: &str) -> bool {
    formula::of(code).next().is_some()
}

fn incomplete(lang: Lang, code: &str) -> Option<AnyView> {
    (!is_complete(code)).then(|| {
        view! { <Notice tone=Tone::Note title=t(lang, "methodology.not_complete")/> }.into_any()
    })
}

fn summary(lang: Lang, today: Date, entry: &'static Listed, code: &'static str) -> AnyView {
    let known: Option<&'static Methodology> = find(code, today);
    let mut rows = vec![
        SummaryRow::new(t(lang, "public.state"), said(lang, entry.status.text())),
        SummaryRow::new(t(lang, "methodology.published"), entry.published),
    ];
    if let Some(known) = known {
        rows.push(SummaryRow::new(
            t(lang, "public.publisher"),
            said(lang, known.publisher),
        ));
        rows.push(SummaryRow::new(
            t(lang, "public.crediting_max"),
            tp(
                lang,
                "public.years",
                &[("years", &known.crediting_years_max.to_string())],
            ),
        ));
        let additionality = if known.additionality_exempt {
            "public.additionality_exempt"
        } else {
            "methodology.additionality_by_case"
        };
        rows.push(SummaryRow::new(
            t(lang, "public.additionality"),
            t(lang, additionality),
        ));
    }
    if let Some(kind) = entry.project_type {
        rows.push(SummaryRow::new(t(lang, "public.project_type"), kind));
    }
    if let Some(records) = entry.records {
        let day = format::date(lang, methodologies::catalogue::RECORDS_AS_OF);
        rows.push(SummaryRow::new(
            t(lang, "methodology.records"),
            tp(
                lang,
                "methodology.records_value",
                &[("count", &records.to_string()), ("date", &day)],
            ),
        ));
    }
    let calculators: Vec<_> = entry
        .calculators
        .iter()
        .filter_map(|code| calculator(code))
        .map(|known| view! { <li><a href=format!("/calculators/{}", known.code)>{said(lang, known.title)}</a></li> })
        .collect();
    let plots = (code == sample_size::METHODOLOGY).then(
        || view! { <li><a href=sample_size::ADDRESS>{t(lang, "sample_size.title")}</a></li> },
    );
    if !calculators.is_empty() {
        rows.push(SummaryRow::new(
            t(lang, "public.try_it"),
            view! { <ul class="plain-list">{calculators}{plots}</ul> },
        ));
    }
    rows.push(SummaryRow::new(
        t(lang, "public.source"),
        said(lang, entry.source),
    ));
    let remark = said(lang, entry.remark);
    let remark = (!remark.is_empty()).then(|| view! { <p>{remark}</p> });
    let check = applicability(code, &serde_json::json!({})).is_ok().then(|| {
        view! { <a class="button" href=format!("/precheck/{code}")>{t(lang, "methodology.check_project")}</a> }
    });
    let projects = is_complete(code).then(|| {
        view! { <p><a href=format!("/projects?methodology={code}")>{t(lang, "public.methodology_projects")}</a></p> }
    });
    view! { <SummaryList rows/>{remark}<p>{check}</p>{projects} }.into_any()
}

/// The versions by date, and the drafts that are not in force.
fn versions(lang: Lang, today: Date, entry: &'static Listed, code: &'static str) -> AnyView {
    let from = find(code, today).map_or_else(
        || entry.published.to_owned(),
        |known| format::date(lang, known.in_force_from),
    );
    let mut rows = vec![vec![
        code.into_any(),
        from.into_any(),
        view! { <Tag text=t(lang, "public.in_force") tone=Tone::Done/> }.into_any(),
        t(lang, "methodology.version_now").into_any(),
    ]];
    for draft in consultations()
        .iter()
        .filter(|draft| draft.revises == Some(code))
    {
        rows.push(vec![
            said(lang, draft.title).into_any(),
            "–".into_any(),
            view! { <Tag text=t(lang, "methodology.in_consultation") tone=Tone::Note/> }.into_any(),
            tp(
                lang,
                "methodology.put_out",
                &[
                    ("date", &format::date(lang, draft.on)),
                    ("remark", &said(lang, draft.remark)),
                ],
            )
            .into_any(),
        ]);
    }
    let columns = vec![
        Column::text(t(lang, "methodology.version")),
        Column::text(t(lang, "public.in_force_from")),
        Column::text(t(lang, "public.state")),
        Column::text(t(lang, "methodology.remark")),
    ];
    let pending = matches!(entry.status, ListedStatus::RevisionInConsultation)
        .then(|| view! { <p>{t(lang, "methodology.revision_pending")}</p> });
    view! {
        <Section title=t(lang, "methodology.versions") id="versions">
            {pending}
            <DataTable caption=t(lang, "methodology.versions") columns rows empty=t(lang, "public.none")/>
        </Section>
    }
    .into_any()
}

fn conditions(lang: Lang, code: &'static str) -> Option<AnyView> {
    let findings = applicability(code, &serde_json::json!({})).ok()?;
    let items: Vec<_> = findings
        .iter()
        .map(|finding| condition(lang, finding))
        .collect();
    Some(
        view! {
            <Section title=t(lang, "methodology.conditions") id="applicability">
                <p>{t(lang, "methodology.conditions_lead")}</p>
                <ul class="conditions">{items}</ul>
                <p><a href=format!("/precheck/{code}")>{t(lang, "methodology.check_project")}</a></p>
            </Section>
        }
        .into_any(),
    )
}

fn condition(lang: Lang, finding: &Finding) -> AnyView {
    let assumed = finding
        .assumed
        .then(|| view! { " "<Tag text=t(lang, "public.assumed") tone=Tone::Attention/> });
    view! {
        <li class="conditions__item">
            <p class="conditions__question">{lang.message(&finding.question).to_owned()}{assumed}</p>
            <p class="conditions__more">{finding.id.clone()}" · "{finding.clause.clone()}</p>
            <p class="conditions__more">{t(lang, "methodology.evidence")}" "{lang.message(&finding.evidence).to_owned()}</p>
        </li>
    }
    .into_any()
}

fn formulas(lang: Lang, code: &'static str) -> Option<AnyView> {
    if !is_complete(code) {
        return None;
    }
    let all: Vec<_> = formula::of(code)
        .map(|formula| {
            let title = said(lang, formula.title);
            let of = tp(lang, "methodology.try_alone_named", &[("title", &title)]);
            view! {
                <article class="formula-card" id=format!("formula-{}", formula.id)>
                    <h3>{title}</h3>
                    <p class="conditions__more">{formula.clause}</p>
                    {typeset(lang, formula)}
                    {basis(lang, formula)}
                    <details class="how">
                        <summary class="how__summary">{t(lang, "methodology.symbols")}<span class="only-heard">" "{said(lang, formula.title)}</span></summary>
                        <div class="how__body">{symbols(lang, formula)}</div>
                    </details>
                    <p><a href=address(formula) aria-label=of>{t(lang, "methodology.try_alone")}</a></p>
                </article>
            }
        })
        .collect();
    Some(
        view! { <Section title=t(lang, "methodology.formulas") id="formulas"><p>{t(lang, "methodology.formulas_lead")}</p>{all}</Section> }
            .into_any(),
    )
}

/// Whether a number belongs to the methodology: its clause names it, a formula of it reads it, or it is a species' or a
/// method's own.
fn belongs(code: &str, id: &str, clause: &str) -> bool {
    let own = match code {
        "CCER-14-001-V01" => &["sink.", "afforestation.", "species."][..],
        "CCER-14-002-V01" => &["sink.", "mangrove."][..],
        _ => &[],
    };
    clause.contains(code)
        || own.iter().any(|prefix| id.starts_with(prefix))
        || formula::of(code)
            .flat_map(|formula| formula.symbols)
            .any(|symbol| matches!(symbol.role, Role::Parameter(read) if read == id))
}

fn numbers(lang: Lang, code: &'static str) -> Option<AnyView> {
    let mut own: Vec<Vec<AnyView>> = Vec::new();
    let mut species: Vec<Vec<AnyView>> = Vec::new();
    for parameter in parameters()
        .iter()
        .filter(|parameter| belongs(code, parameter.id, parameter.clause))
    {
        let table =
            if parameter.id.starts_with("species.") || parameter.id.starts_with("sink.t_90.") {
                &mut species
            } else {
                &mut own
            };
        table.extend(rows_of(lang, parameter));
    }
    let dated = days()
        .iter()
        .filter(|day| belongs(code, day.id, day.clause))
        .flat_map(|day| {
            day.values.iter().map(|value| {
                parameter_row(
                    lang,
                    day.title,
                    day.id,
                    day.clause,
                    "",
                    value,
                    format::date(lang, value.basis.value()),
                )
            })
        });
    own.extend(dated);
    if own.is_empty() && species.is_empty() {
        return None;
    }
    let columns = move || {
        vec![
            Column::text(t(lang, "public.parameter")),
            Column::number(t(lang, "public.value")),
            Column::text(t(lang, "public.from_day")),
            Column::text(t(lang, "public.source")),
            Column::text(t(lang, "public.clause")),
        ]
    };
    let more = (!species.is_empty()).then(|| {
        let count = species.len().to_string();
        view! {
            <details class="how">
                <summary class="how__summary">{tp(lang, "methodology.more_parameters", &[("count", &count)])}</summary>
                <div class="how__body">
                    <DataTable caption=t(lang, "methodology.species_caption") columns=columns() rows=species empty=t(lang, "public.none")/>
                </div>
            </details>
        }
    });
    let grid = code
        .starts_with("CCER-01-")
        .then(|| view! { <p><a href="/methodologies#grid-factors">{t(lang, "public.factors_title")}</a></p> });
    Some(
        view! {
            <Section title=t(lang, "public.parameters_title") id="parameters">
                <p>{t(lang, "methodology.parameters_lead")}</p>
                <p>{t(lang, "methodology.parameters_now")}" "<a href="/parameters">{t(lang, "parameters.public_title")}</a></p>
                <DataTable caption=t(lang, "public.parameters_caption") columns=columns() rows=own empty=t(lang, "public.none")/>
                {more}
                {grid}
            </Section>
        }
        .into_any(),
    )
}

fn rows_of(lang: Lang, parameter: &'static Parameter<rust_decimal::Decimal>) -> Vec<Vec<AnyView>> {
    parameter
        .values
        .iter()
        .map(|value| {
            let shown = format::decimal(&value.basis.value().to_string());
            parameter_row(
                lang,
                parameter.title,
                parameter.id,
                parameter.clause,
                parameter.unit,
                value,
                shown,
            )
        })
        .collect()
}

fn worked(lang: Lang, code: &'static str) -> Option<AnyView> {
    let cases = cases_of(code);
    if cases.is_empty() {
        return None;
    }
    let (figures, refused): (Vec<_>, Vec<_>) =
        cases.into_iter().partition(|case| case.expected.is_some());
    let rows = figures
        .into_iter()
        .map(|case| case_row(lang, &case))
        .collect();
    let refused: Vec<_> = refused
        .into_iter()
        .map(|case| {
            let codes: Vec<String> = case
                .refused
                .iter()
                .map(|reason| format!("{}: {}", reason.path, reason.code))
                .collect();
            view! { <li>{case.title}" "<code>{codes.join(", ")}</code></li> }
        })
        .collect();
    let refused = (!refused.is_empty()).then(|| {
        view! {
            <details class="how">
                <summary class="how__summary">{t(lang, "methodology.cases_refused")}</summary>
                <div class="how__body"><ul class="plain-list">{refused}</ul></div>
            </details>
        }
    });
    let columns = vec![
        Column::text(t(lang, "methodology.case")),
        Column::number(t(lang, "methodology.case_annual")),
        Column::number(t(lang, "methodology.case_total")),
        Column::text(t(lang, "public.source")),
        Column::text(t(lang, "methodology.case_inputs")),
    ];
    Some(
        view! {
            <Section title=t(lang, "methodology.cases") id="cases">
                <p>{t(lang, "methodology.cases_lead")}</p>
                <DataTable caption=t(lang, "methodology.cases") columns rows empty=t(lang, "public.none")/>
                {refused}
            </Section>
        }
        .into_any(),
    )
}

fn case_row(lang: Lang, case: &Case) -> Vec<AnyView> {
    let expected = case.expected.as_ref();
    let figure = |value: Option<i64>| value.map_or_else(String::new, format::whole);
    let open = case.address().map(|address| {
        let named = tp(
            lang,
            "methodology.case_open_named",
            &[("title", &case.title)],
        );
        view! { <a href=address aria-label=named>{t(lang, "methodology.case_open")}</a> }
    });
    // the notes of the case files are in English
    let note = (lang == Lang::En && !case.note.is_empty())
        .then(|| view! { <span class="table__sub">{case.note.clone()}</span> });
    vec![
        view! { {case.title.clone()}<span class="table__sub">{case.calculator.clone()}</span> }
            .into_any(),
        figure(expected.map(|expected| expected.annual_t)).into_any(),
        figure(expected.map(|expected| expected.total_t)).into_any(),
        view! { {case.source_said(lang)}{note} }.into_any(),
        open.into_any(),
    ]
}

fn practice(lang: Lang, code: &'static str) -> Option<AnyView> {
    let points = points(code)?;
    Some(
        view! {
            <Section title=t(lang, "methodology.monitoring") id="monitoring">{list(lang, points.monitoring)}</Section>
            <Section title=t(lang, "methodology.verification") id="verification">{list(lang, points.verification)}</Section>
        }
        .into_any(),
    )
}

fn list(lang: Lang, points: &'static [Point]) -> AnyView {
    let items: Vec<_> = points
        .iter()
        .map(|point| {
            let assumed = point.assumed.then(
                || view! { " "<Tag text=t(lang, "methodology.inferred") tone=Tone::Attention/> },
            );
            let Text { zh, en } = point.text;
            view! { <li>{lang.choose(zh, en)}{assumed}</li> }
        })
        .collect();
    view! { <ul class="points">{items}</ul> }.into_any()
}
