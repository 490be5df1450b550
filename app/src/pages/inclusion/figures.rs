//! What a city or an enterprise may know of all accounts, and what the operator owes and spends.

use axum::extract::{Query, State};
use domain::{Act, Role};
use leptos::prelude::*;
use registry::{COST_KINDS, CostView, CrowdTable, Economics, Fields, PageRequest};
use serde::Deserialize;

use super::desk::address;
use super::{grams, regions, scene_name};
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Choice, Column, DataTable, Field, Heading, Kind, Section, SummaryList, SummaryRow,
};
use crate::visitor::Visitor;

const HERE: &str = "/desk/inclusion/statistics";

/// Which part of the list of costs.
#[derive(Debug, Default, Deserialize)]
pub struct CostQuery {
    after: Option<String>,
}

/// `GET /desk/inclusion/statistics`.
pub async fn statistics(
    State(host): State<Host>,
    visitor: Visitor,
    Query(query): Query<CostQuery>,
) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let registry = &host.registry;
    let table = registry.inclusion_crowd(visitor.now).await;
    let table = table.or_failed(&host, &visitor)?;
    let owed = registry.inclusion_economics(&by).await;
    let owed = owed.or_failed(&host, &visitor)?;
    let page = PageRequest {
        after: query.after,
        size: 50,
    };
    let costs = registry.costs(&by, &page).await;
    let costs = costs.or_failed(&host, &visitor)?;
    let set = host.registry.parameters_in_force().await;
    let set = set.or_failed(&host, &visitor)?;
    let form = Form::open(&host, &visitor, Act::CostEnter, Fields::new()).await;
    let lang = visitor.lang;
    Ok(
        Page::new(&host, &visitor, t(lang, "provider.statistics_title"))
            .wide()
            .crumb(t(lang, "personal.desk"), "/desk/inclusion")
            .numbers(set)
            .view(move || {
                let first = page.after.as_ref().map(|_| HERE.to_owned());
                let next = costs.next.as_deref().map(|key| address(HERE, &[("after", key)]));
                let people = table.people_min.to_string();
                let day = format::date(lang, table.last);
                let kinds = COST_KINDS.map(|kind| Choice::new(kind, kind_name(lang, kind))).to_vec();
                view! {
                    <Heading title=t(lang, "provider.statistics_title")
                        lead=tp(lang, "provider.statistics_lead", &[("people", &people), ("day", &day)])/>
                    <Section title=t(lang, "provider.crowd")>{crowd(lang, &table)}</Section>
                    <Section title=t(lang, "provider.owed")>
                        <p>{t(lang, "provider.owed_lead")}</p>
                        <SummaryList rows=economics(lang, &owed)/>
                    </Section>
                    <Section title=t(lang, "provider.costs")>
                        {cost_list(lang, &costs.rows, first.unwrap_or_default(), next.unwrap_or_default())}
                        <ActForm act=Act::CostEnter form submit=t(lang, "act.cost_enter")>
                            <Field name="month" label=t(lang, "provider.month") hint=t(lang, "provider.month_hint")/>
                            <Field name="kind" label=t(lang, "provider.kind") kind=Kind::Select choices=kinds/>
                            <Field name="yuan" label=t(lang, "provider.yuan") hint=t(lang, "provider.yuan_hint") kind=Kind::Decimal/>
                            <Field name="note" label=t(lang, "provider.note") optional=true/>
                        </ActForm>
                    </Section>
                }
            }),
    )
}

fn kind_name(lang: Lang, kind: &str) -> String {
    t(lang, &format!("provider.kind_{kind}"))
}

/// Fen as yuan: `1,234.50`.
fn yuan(lang: Lang, fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    let whole = i64::try_from(fen / 100).unwrap_or(i64::MAX);
    let text = format!("{sign}{}.{:02}", format::whole(whole), fen % 100);
    tp(lang, "provider.yuan_text", &[("amount", &text)])
}

/// The table with its sums; what is not shown says so.
pub(super) fn crowd(lang: Lang, table: &CrowdTable) -> AnyView {
    let names = regions(lang);
    let region_name = |code: &String| {
        let known = names.iter().find(|choice| choice.value == *code);
        known.map_or_else(|| code.clone(), |choice| choice.label.clone())
    };
    let sum = t(lang, "provider.sum");
    let rows = table
        .cells
        .iter()
        .enumerate()
        .filter(|_| !table.scenes.is_empty())
        .map(|(row, cells)| {
            let name = table
                .scenes
                .get(row)
                .map_or_else(|| sum.clone(), |code| scene_name(lang, code));
            let mut line = vec![name.into_any()];
            line.extend(cells.iter().map(|cell| match cell {
                None => t(lang, "provider.hidden").into_any(),
                Some(cell) if cell.people == 0 => "–".into_any(),
                Some(cell) => {
                    let people = format::whole(cell.people);
                    let people = tp(lang, "provider.people", &[("count", &people)]);
                    view! { {grams(cell.mg)}<span class="table__sub">{people}</span> }.into_any()
                }
            }));
            line
        })
        .collect();
    let mut columns = vec![Column::text(t(lang, "personal.scene"))];
    columns.extend(
        table
            .regions
            .iter()
            .map(|code| Column::number(region_name(code))),
    );
    columns.push(Column::number(sum.clone()));
    view! { <DataTable caption=t(lang, "provider.crowd") columns rows empty=t(lang, "provider.crowd_empty")/> }
        .into_any()
}

fn economics(lang: Lang, owed: &Economics) -> Vec<SummaryRow> {
    let label = |key: &str| t(lang, &format!("provider.{key}"));
    let money = |fen: Option<i64>| fen.map_or_else(|| label("not_yet"), |fen| yuan(lang, fen));
    let tonnes = format::whole(owed.tonnes_issued);
    let mut rows = vec![
        SummaryRow::new(label("points"), format::whole(owed.points_outstanding)),
        SummaryRow::new(label("points_price"), money(owed.fen_per_thousand_points)),
        SummaryRow::new(label("liability"), money(owed.liability_fen)),
        SummaryRow::new(label("settled"), grams(owed.settled_mg)),
        SummaryRow::new(label("issued"), format!("{tonnes} tCO₂e")),
    ];
    for (kind, fen) in &owed.costs {
        rows.push(SummaryRow::new(kind_name(lang, kind), yuan(lang, *fen)));
    }
    rows.push(SummaryRow::new(label("cost"), yuan(lang, owed.cost_fen)));
    rows.push(SummaryRow::new(
        label("per_settled"),
        money(owed.fen_per_settled_tonne),
    ));
    rows.push(SummaryRow::new(
        label("per_issued"),
        money(owed.fen_per_issued_tonne),
    ));
    rows
}

fn cost_list(lang: Lang, costs: &[CostView], first: String, next: String) -> AnyView {
    let rows = costs
        .iter()
        .map(|cost| {
            vec![
                cost.month.clone().into_any(),
                kind_name(lang, &cost.kind).into_any(),
                yuan(lang, cost.fen).into_any(),
                cost.note.clone().into_any(),
                format::moment(lang, cost.at).into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "provider.month")),
        Column::text(t(lang, "provider.kind")),
        Column::number(t(lang, "provider.yuan")),
        Column::text(t(lang, "provider.note")),
        Column::text(t(lang, "provider.when")),
    ];
    view! { <DataTable caption=t(lang, "provider.costs") columns rows empty=t(lang, "personal.nothing_yet") first next/> }
        .into_any()
}
