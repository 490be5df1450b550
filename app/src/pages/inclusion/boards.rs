//! Boards of those who agreed to be on them, groups and communities.

use axum::extract::{Path, RawQuery, State};
use domain::Act;
use domain::inclusion::group::{STAFF_TEXT, STAFF_TEXT_VERSION};
use domain::inclusion::{ConsentStanding, GroupKind, Purpose};
use leptos::prelude::*;
use registry::{BoardView, ConsentView, Fields, GroupView, PersonView};
use time::Date;

use super::consents::changed;
use super::{PERSON, grams, region_name, regions};
use crate::form::{Form, fields};
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Choice, Column, DataTable, Empty, Field, Heading, Hidden, Kind, Section, SummaryList,
    SummaryRow,
};
use crate::visitor::{Visitor, query_value};

/// The month asked for by `?month=2026-03`, with its first and last day; the month of today where it is none or lies ahead.
pub(super) fn month_of(query: Option<&str>, today: Date) -> (String, Date, Date) {
    let asked = query_value(query.unwrap_or_default(), "month")
        .and_then(|month| format::parse_date(&format!("{month}-01")))
        .filter(|first| *first <= today);
    let first = asked.or_else(|| today.replace_day(1).ok()).unwrap_or(today);
    let last = first
        .replace_day(first.month().length(first.year()))
        .unwrap_or(first);
    let text = format!("{:04}-{:02}", first.year(), u8::from(first.month()));
    (text, first, last)
}

/// The month before and, unless it lies ahead, the one after, as links.
pub(super) fn months_around(lang: Lang, address: &str, first: Date, today: Date) -> AnyView {
    let text = |day: Date| format!("{:04}-{:02}", day.year(), u8::from(day.month()));
    let link = |day: Date, key: &str| {
        let to = format!("{address}?month={}", text(day));
        view! { <a class="months__link" href=to>{t(lang, key)}</a> }
    };
    let before = first
        .previous_day()
        .map(|day| link(day, "personal.month_before"));
    let after = first
        .replace_day(first.month().length(first.year()))
        .ok()
        .and_then(Date::next_day)
        .filter(|day| *day <= today)
        .map(|day| link(day, "personal.month_after"));
    view! { <nav class="months" aria-label=t(lang, "personal.other_months")>{before}<strong>{text(first)}</strong>{after}</nav> }.into_any()
}

/// `GET /me/boards?month=`.
pub async fn boards(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, PERSON)?;
    let registry = &host.registry;
    let today = visitor.now.beijing_date();
    let (month, first, _) = month_of(query.as_deref(), today);
    let person = registry.person(&by).await.or_failed(&host, &visitor)?;
    let consents = registry.consents(&by).await.or_failed(&host, &visitor)?;
    let groups = registry.groups(&by).await.or_failed(&host, &visitor)?;
    let board = registry.board_of_region(&by, &month).await;
    let board = board.or_failed(&host, &visitor)?;
    let stored = fields([("nickname", person.nickname.as_deref().unwrap_or_default())]);
    let consent = Form::open(&host, &visitor, Act::ConsentGive, stored).await;
    let found = fields([("region", person.region.as_str())]);
    let create = Form::open(&host, &visitor, Act::GroupCreate, found).await;
    let join = Form::open(&host, &visitor, Act::GroupJoin, Fields::new()).await;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "personal.boards"))
        .crumb(t(lang, "personal.today"), "/me")
        .view(move || {
            let title = tp(lang, "personal.board_of_region", &[("region", &region_name(lang, &person.region))]);
            view! {
                <Heading title=t(lang, "personal.boards") lead=t(lang, "personal.boards_lead")/>
                <Section title=t(lang, "personal.purpose_board")>{agreed(lang, &consents, &person, consent)}</Section>
                <Section title>
                    {months_around(lang, "/me/boards", first, today)}
                    {table(lang, &board)}
                </Section>
                <Section title=t(lang, "personal.groups")>
                    {listed(lang, &groups)}
                    <ActForm act=Act::GroupJoin form=join submit=t(lang, "act.group_join")>
                        <Field name="code" label=t(lang, "personal.group_code") hint=t(lang, "personal.group_code_hint")/>
                        {of_staff(lang)}
                    </ActForm>
                    <details class="how">
                        <summary class="how__summary">{t(lang, "personal.group_found")}</summary>
                        <div class="how__body">{found_form(lang, create)}</div>
                    </details>
                </Section>
            }
        }))
}

/// Whether the viewer is on boards, and the way in or out.
fn agreed(lang: Lang, consents: &[ConsentView], person: &PersonView, form: Form) -> AnyView {
    let live = consents
        .iter()
        .find(|one| one.purpose == Purpose::Board && one.revoked_at.is_none());
    let waits = live.filter(|one| one.standing == ConsentStanding::Waits);
    if let Some(live) = live.filter(|one| one.standing != ConsentStanding::Waits) {
        let id = live.id.clone();
        let nickname = person.nickname.clone().unwrap_or_default();
        return view! {
            <p>{tp(lang, "personal.board_on", &[("nickname", &nickname)])}</p>
            <ActForm act=Act::ConsentRevoke submit=t(lang, "personal.board_leave") quiet=true>
                <Hidden name="consent" value=id/>
            </ActForm>
        }
        .into_any();
    }
    let text = if let Some(earlier) = waits {
        changed(lang, earlier)
    } else {
        let text = Purpose::Board.text().text;
        let text = lang.choose(text.zh, text.en).to_owned();
        view! { <p class="prose">{text}</p> }.into_any()
    };
    let is_minor = person.is_minor;
    let version = Purpose::Board.text().version.to_string();
    let guardian = is_minor.then(|| view! { <p>{t(lang, "guardian.will_ask")}</p> });
    view! {
        <p class="prose">{t(lang, "personal.board_off")}</p>
        {text}
        <ActForm act=Act::ConsentGive form submit=t(lang, "personal.board_join")>
            <Hidden name="purpose" value=Purpose::Board.code()/>
            <Hidden name="text_version" value=version/>
            <Field name="nickname" label=t(lang, "personal.nickname_label") hint=t(lang, "personal.nickname_hint")/>
            <Field name="agrees" label=t(lang, "personal.agrees") kind=Kind::Checkbox/>
            {guardian}
        </ActForm>
    }
    .into_any()
}

fn table(lang: Lang, board: &BoardView) -> AnyView {
    if board.rows.is_empty() {
        let count = board.people_min.to_string();
        let text = tp(lang, "personal.board_too_few", &[("count", &count)]);
        return view! { <Empty text/> }.into_any();
    }
    let rows = board
        .rows
        .iter()
        .map(|row| {
            let tied = row.is_tied.then(|| t(lang, "identity.tied_mark"));
            let rank = format::whole(row.rank);
            let you = row.is_you.then(|| t(lang, "personal.you"));
            let name = row.nickname.clone();
            vec![
                view! { {rank}{tied.map(|tied| view! { <span class="table__sub">{tied}</span> })} }
                    .into_any(),
                view! { {name}{you.map(|you| view! { " "<strong>{you}</strong> })} }.into_any(),
                grams(row.mg).into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::number(t(lang, "personal.rank")),
        Column::text(t(lang, "personal.nickname_label")),
        Column::number(t(lang, "personal.verified")),
    ];
    let caption = tp(lang, "personal.board_month", &[("month", &board.month)]);
    view! { {own_rank(lang, board)}<DataTable caption columns rows empty=String::new()/> }
        .into_any()
}

/// Where the viewer stands, also beyond the lines that are shown.
fn own_rank(lang: Lang, board: &BoardView) -> Option<AnyView> {
    let own = board.own?;
    let more = if board.has_more_people { "+" } else { "" };
    let people = format!("{}{more}", format::whole(board.people));
    let rank = format::whole(own.rank);
    let amount = grams(own.mg);
    let parts = [
        ("people", people.as_str()),
        ("rank", &rank),
        ("grams", &amount),
    ];
    let text = if own.is_behind {
        "identity.own_rank_behind"
    } else {
        "identity.own_rank"
    };
    let tied = (own.tied > 0).then(|| {
        let count = format::whole(own.tied);
        format!(" {}", tp(lang, "identity.own_tied", &[("count", &count)]))
    });
    Some(view! { <p><strong>{tp(lang, text, &parts)}</strong>{tied}</p> }.into_any())
}

fn kind_name(lang: Lang, kind: GroupKind) -> String {
    t(lang, &format!("personal.group_kind_{}", kind.code()))
}

fn listed(lang: Lang, groups: &[GroupView]) -> AnyView {
    if groups.is_empty() {
        return view! { <p>{t(lang, "personal.groups_none")}</p> }.into_any();
    }
    let tiles: Vec<_> = groups
        .iter()
        .map(|group| {
            let address = format!("/me/groups/{}", group.id);
            let about = format!(
                "{} · {}",
                kind_name(lang, group.kind),
                tp(lang, "personal.group_members", &[("count", &format::whole(group.members))])
            );
            let name = group.name.clone();
            view! { <li class="tiles__tile"><a class="tiles__link" href=address>{name}</a><p class="tiles__note">{about}</p></li> }
        })
        .collect();
    view! { <ul class="tiles">{tiles}</ul> }.into_any()
}

/// What one agrees to who joins a group of an organisation's staff; of other groups it is left alone.
fn of_staff(lang: Lang) -> AnyView {
    let text = lang.choose(STAFF_TEXT.zh, STAFF_TEXT.en).to_owned();
    view! {
        <Hidden name="text_version" value=STAFF_TEXT_VERSION.to_string()/>
        <p><strong>{t(lang, "staff.join_title")}</strong></p>
        <p class="prose">{text}</p>
        <Field name="agrees_to_sums" label=t(lang, "staff.agrees") kind=Kind::Checkbox optional=true/>
    }
    .into_any()
}

fn found_form(lang: Lang, form: Form) -> AnyView {
    let kinds = GroupKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.code(), kind_name(lang, *kind)))
        .collect();
    view! {
        <ActForm act=Act::GroupCreate form submit=t(lang, "act.group_create") quiet=true>
            <Field name="name" label=t(lang, "personal.group_name") hint=t(lang, "personal.group_name_hint")/>
            <Field name="kind" label=t(lang, "personal.group_kind") kind=Kind::Radios choices=kinds/>
            <Field name="region" label=t(lang, "personal.region") kind=Kind::Select choices=regions(lang)/>
        </ActForm>
    }
    .into_any()
}

/// `GET /me/groups/{id}?month=`.
pub async fn group(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, PERSON)?;
    let today = visitor.now.beijing_date();
    let (month, first, _) = month_of(query.as_deref(), today);
    let found = host.registry.group(&by, &id, &month).await;
    let (group, board) = found.or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, group.name.clone())
        .crumb(t(lang, "personal.boards"), "/me/boards")
        .view(move || {
            let address = format!("/me/groups/{}", group.id);
            let code = format!(
                "{}-{}",
                &group.code[..group.code.len() / 2],
                &group.code[group.code.len() / 2..]
            );
            let rows = vec![
                SummaryRow::new(t(lang, "personal.group_kind"), kind_name(lang, group.kind)),
                SummaryRow::new(t(lang, "personal.region"), region_name(lang, &group.region)),
                SummaryRow::new(t(lang, "personal.people"), format::whole(group.members)),
                SummaryRow::new(
                    t(lang, "personal.group_code"),
                    view! { <code class="group-code">{code}</code> },
                ),
            ];
            let id = group.id.clone();
            let staff = group.staff_of.as_ref().map(|name| {
                let text = lang.choose(STAFF_TEXT.zh, STAFF_TEXT.en).to_owned();
                view! {
                    <p>{tp(lang, "staff.member_text", &[("name", name)])}</p>
                    <p class="prose">{text}</p>
                }
            });
            view! {
                <Heading title=group.name.clone() lead=t(lang, "personal.group_lead")/>
                <SummaryList rows/>
                {staff}
                <Section title=tp(lang, "personal.board_month", &[("month", &board.month)])>
                    {months_around(lang, &address, first, today)}
                    {table(lang, &board)}
                    <p><a href="/me/boards">{t(lang, "personal.board_join")}</a></p>
                </Section>
                <Section title=t(lang, "act.group_leave")>
                    <p>{t(lang, "personal.group_leave_text")}</p>
                    <ActForm act=Act::GroupLeave submit=t(lang, "act.group_leave") quiet=true>
                        <Hidden name="group" value=id/>
                    </ActForm>
                </Section>
            }
        }))
}
