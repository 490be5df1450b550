//! What an organisation sees of its staff: published months of its group, sums only.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use domain::inclusion::crowd::Cell;
use domain::inclusion::group::STAFF_TEXT;
use domain::{Act, Role};
use leptos::prelude::*;
use methodologies::inclusion as scenes;
use registry::{Fields, StaffGroupView, StaffMonth};

use super::{kilograms, region_name, regions};
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{Failed, OrFailed, Page, PageResult, require};
use crate::pages::public::csv::Csv;
use crate::parts::{
    ActForm, Column, DataTable, Empty, Field, Heading, Kind, Section, SummaryList, SummaryRow,
};
use crate::visitor::Visitor;

/// Who may open a group of staff.
const HOLDERS: &[Role] = &[Role::ProjectOwner, Role::EventOrganiser];

/// `GET /desk/staff`.
pub async fn staff(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, HOLDERS)?;
    let found = host.registry.staff_group(&by).await;
    let found = found.or_failed(&host, &visitor)?;
    let form = Form::open(&host, &visitor, Act::StaffGroupOpen, Fields::new()).await;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "staff.title"))
        .wide()
        .view(move || {
            let text = lang.choose(STAFF_TEXT.zh, STAFF_TEXT.en).to_owned();
            let body = found.map_or_else(|| open_form(lang, form), |group| shown(lang, &group));
            view! {
                <Heading title=t(lang, "staff.title") lead=t(lang, "staff.lead")/>
                {body}
                <Section title=t(lang, "staff.told_title")>
                    <p>{t(lang, "staff.told")}</p>
                    <p class="prose">{text}</p>
                </Section>
            }
        }))
}

fn open_form(lang: Lang, form: Form) -> AnyView {
    view! {
        <Section title=t(lang, "act.staff_group_open")>
            <ActForm act=Act::StaffGroupOpen form submit=t(lang, "act.staff_group_open")>
                <Field name="name" label=t(lang, "personal.group_name") hint=t(lang, "staff.name_hint")/>
                <Field name="region" label=t(lang, "personal.region") kind=Kind::Select choices=regions(lang)/>
            </ActForm>
        </Section>
    }
    .into_any()
}

fn shown(lang: Lang, group: &StaffGroupView) -> AnyView {
    let (first, second) = group.code.split_at(group.code.len() / 2);
    let code = format!("{first}-{second}");
    let rows = vec![
        SummaryRow::new(t(lang, "personal.group_name"), group.name.clone()),
        SummaryRow::new(t(lang, "personal.region"), region_name(lang, &group.region)),
        SummaryRow::new(
            t(lang, "personal.group_code"),
            view! { <code class="group-code">{code}</code> },
        ),
    ];
    let months: Vec<_> = group
        .months
        .iter()
        .map(|month| {
            let table = of_month(lang, month);
            view! { <Section title=month.month.clone()>{table}</Section> }
        })
        .collect();
    let all = by_month(lang, &group.months);
    let months = if months.is_empty() {
        view! { <Empty text=t(lang, "staff.none_yet")/> }.into_any()
    } else {
        view! {
            {all}
            <p><a href="/desk/staff.csv" download="">{t(lang, "staff.csv")}</a></p>
            {months}
        }
        .into_any()
    };
    view! {
        <SummaryList rows/>
        <p>{t(lang, "staff.code_text")}</p>
        {months}
    }
    .into_any()
}

/// A figure, or that it is not shown.
fn or_hidden(lang: Lang, figure: Option<String>) -> AnyView {
    figure
        .unwrap_or_else(|| t(lang, "provider.hidden"))
        .into_any()
}

fn by_month(lang: Lang, months: &[StaffMonth]) -> AnyView {
    let rows = months
        .iter()
        .map(|month| {
            let of_total = |of: fn(&Cell) -> i64| month.total.as_ref().map(of);
            let whole = |number: Option<i64>| or_hidden(lang, number.map(format::whole));
            vec![
                month.month.clone().into_any(),
                whole(month.members),
                whole(of_total(|cell| cell.people)),
                whole(of_total(|cell| cell.acts)),
                or_hidden(lang, of_total(|cell| cell.mg).map(kilograms)),
                or_hidden(lang, month.mg_per_member().map(kilograms)),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "provider.month")),
        Column::number(t(lang, "staff.members")),
        Column::number(t(lang, "staff.active")),
        Column::number(t(lang, "staff.acts")),
        Column::number(t(lang, "personal.verified")),
        Column::number(t(lang, "staff.per_member")),
    ];
    view! {
        <Section title=t(lang, "staff.by_month")>
            <DataTable caption=t(lang, "staff.by_month") columns rows empty=String::new()/>
        </Section>
    }
    .into_any()
}

fn of_month(lang: Lang, month: &StaffMonth) -> AnyView {
    let people = month.people_min.to_string();
    let day = format::date_text(lang, &month.published_on);
    let line = |name: String, cell: Option<Cell>| {
        let whole = |number: Option<i64>| or_hidden(lang, number.map(format::whole));
        vec![
            name.into_any(),
            whole(cell.map(|cell| cell.people)),
            whole(cell.map(|cell| cell.acts)),
            or_hidden(lang, cell.map(|cell| kilograms(cell.mg))),
        ]
    };
    let mut rows: Vec<_> = month
        .families
        .iter()
        .map(|(code, cell)| line(family_name(lang, code), *cell))
        .collect();
    rows.push(line(t(lang, "provider.sum"), month.total));
    let columns = vec![
        Column::text(t(lang, "staff.family")),
        Column::number(t(lang, "personal.people")),
        Column::number(t(lang, "staff.acts")),
        Column::number(t(lang, "personal.verified")),
    ];
    let caption = tp(
        lang,
        "staff.month_text",
        &[("day", &day), ("people", &people)],
    );
    view! { <DataTable caption columns rows empty=String::new()/> }.into_any()
}

fn family_name(lang: Lang, code: &str) -> String {
    let family = scenes::families().iter().find(|one| one.code == code);
    family.map_or_else(
        || code.to_owned(),
        |family| lang.choose(family.name.zh, family.name.en).to_owned(),
    )
}

/// `GET /desk/staff.csv`: a row for each month and family, and one for its sum; an empty cell is not shown.
pub async fn staff_csv(State(host): State<Host>, visitor: Visitor) -> Result<Response, Failed> {
    let by = require(&host, &visitor, HOLDERS)?;
    let found = host.registry.staff_group(&by).await;
    let found = found.or_failed(&host, &visitor)?;
    let columns = [
        "month",
        "family",
        "members",
        "people",
        "acts",
        "mg",
        "mg_per_member",
        "people_min",
        "published_on",
    ];
    let mut csv = Csv::new(&columns);
    for month in found.iter().flat_map(|group| &group.months) {
        let text = |number: Option<i64>| number.map_or_else(String::new, |one| one.to_string());
        let families = month
            .families
            .iter()
            .map(|(code, cell)| (code.as_str(), *cell));
        for (family, cell) in families.chain([("", month.total)]) {
            let is_sum = family.is_empty();
            csv.row(&[
                month.month.clone(),
                family.to_owned(),
                text(month.members.filter(|_| is_sum)),
                text(cell.map(|cell| cell.people)),
                text(cell.map(|cell| cell.acts)),
                text(cell.map(|cell| cell.mg)),
                text(month.mg_per_member().filter(|_| is_sum)),
                month.people_min.to_string(),
                month.published_on.clone(),
            ]);
        }
    }
    Ok(csv.response("staff.csv", None).into_response())
}
