//! What needs me: the first page after sign-in.

use axum::extract::{Query, State};
use domain::{Act, Role};
use leptos::prelude::*;
use registry::{EvaluationListRow, InboxItem, InboxKind, RecordKind};

use super::messages::{MessageQuery, messages_section};
use super::record::{
    act_address, act_label, days_left, name_or_unnamed, record_address, state_name,
};
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::event::evaluation;
use crate::parts::{Empty, Heading, Tag};
use crate::visitor::{Tone, Visitor};

/// `GET /inbox`.
pub async fn inbox(
    State(host): State<Host>,
    visitor: Visitor,
    Query(query): Query<MessageQuery>,
) -> PageResult {
    let by = require(&host, &visitor, &[])?;
    let items = host.registry.inbox(&by).await.or_failed(&host, &visitor)?;
    let asked = host.registry.evaluations_waiting(&by).await;
    let asked = asked.or_failed(&host, &visitor)?;
    let messages = host
        .registry
        .notifications(&by, &query.page())
        .await
        .or_failed(&host, &visitor)?;
    let unread = visitor.unread;
    let lang = visitor.lang;
    let role = by.role;
    Ok(
        Page::new(&host, &visitor, t(lang, "desk.inbox_title")).view(move || {
            let waiting = items.len() + asked.len();
            let count = waiting.to_string();
            let lead = if waiting == 0 {
                String::new()
            } else {
                tp(lang, "desk.inbox_lead", &[("count", &count)])
            };
            let list = if waiting == 0 {
                view! { <Empty text=t(lang, "desk.inbox_empty")>{first_step(lang, role)}</Empty> }
                    .into_any()
            } else {
                let items: Vec<_> = items.iter().map(|item| line(lang, item)).collect();
                let asked: Vec<_> = asked.iter().map(|one| evaluation_line(lang, one)).collect();
                view! { <ol class="tasks inbox">{items}{asked}</ol> }.into_any()
            };
            view! {
                <Heading title=t(lang, "desk.inbox_title") lead/>
                {list}
                {ways_on(lang, role)}
                {messages_section(lang, &messages, &query, unread)}
            }
        }),
    )
}

/// One thing that waits: what to do, about what, for whom, by when.
fn line(lang: Lang, item: &InboxItem) -> impl IntoView + use<> {
    let kind = match (item.kind, item.record_kind) {
        (InboxKind::Opinion, _) => t(lang, "desk.kind_opinion"),
        (_, RecordKind::Project) => t(lang, "desk.kind_project"),
        (_, RecordKind::Report) => t(lang, "desk.kind_report"),
    };
    // a draft is completed before it is sent
    let next = match (item.state.as_str(), item.record_kind) {
        ("draft", RecordKind::Project) => Act::ProjectSave,
        ("draft", RecordKind::Report) => Act::ReportSave,
        _ => item.next,
    };
    let address = match item.kind {
        InboxKind::Opinion => format!(
            "{}#opinions",
            record_address(item.record_kind, &item.record)
        ),
        InboxKind::Record => act_address(item.record_kind, &item.record, next),
    };
    let code = item
        .code
        .as_ref()
        .map(|code| format!("{code} "))
        .unwrap_or_default();
    let about = format!("{code}{}", name_or_unnamed(lang, &item.title));
    let since = tp(
        lang,
        "desk.inbox_since",
        &[("date", &format::date(lang, item.since.beijing_date()))],
    );
    let with = (!item.counterpart.is_empty()).then(|| {
        tp(
            lang,
            "desk.inbox_with",
            &[("counterpart", &item.counterpart)],
        )
    });
    let hint = [
        Some(kind),
        Some(state_name(lang, item.record_kind, &item.state)),
        with,
        Some(since),
    ];
    let hint = hint.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let due = item.due_on.as_ref().map(|day| {
        let overdue = item.working_days_left.is_some_and(|days| days < 0);
        let tone = if overdue {
            Tone::Refused
        } else {
            Tone::Attention
        };
        let text = days_left(lang, day, item.working_days_left);
        view! { <Tag text tone/> }
    });
    view! {
        <li class="tasks__task">
            <span class="tasks__text">
                <a class="tasks__title" href=address>{act_label(lang, next.name())}" – "{about}</a>
                <span class="tasks__hint">{hint}</span>
            </span>
            <span class="tasks__status">{due}</span>
        </li>
    }
}

/// An event whose statement waits for the confirmation of the reader's body.
fn evaluation_line(lang: Lang, asked: &EvaluationListRow) -> impl IntoView + use<> {
    let address = evaluation::address(&asked.event.id);
    let about = format!("{} {}", asked.event.number, asked.event.name);
    let with = [("counterpart", asked.organiser.as_str())];
    let since = format::date(lang, asked.asked_at.beijing_date());
    let hint = [
        t(lang, "event_evaluation.kind"),
        tp(lang, "desk.inbox_with", &with),
        tp(lang, "desk.inbox_since", &[("date", &since)]),
    ];
    let title = act_label(lang, Act::EventEvaluationConfirm.name());
    view! {
        <li class="tasks__task">
            <span class="tasks__text">
                <a class="tasks__title" href=address>{title}" – "{about}</a>
                <span class="tasks__hint">{hint.join(" · ")}</span>
            </span>
        </li>
    }
}

/// What to do when nothing waits.
fn first_step(lang: Lang, role: Role) -> AnyView {
    match role {
        Role::ProjectOwner => view! { <p><a class="button" href="/desk/projects/new">{t(lang, "desk.new_project")}</a></p> }.into_any(),
        Role::EventOrganiser => view! { <p><a class="button" href="/desk/holdings">{t(lang, "desk.to_holdings")}</a></p> }.into_any(),
        Role::Individual => view! { <p><a class="button" href="/me">{t(lang, "personal.today")}</a></p> }.into_any(),
        Role::Vvb | Role::RegistryOperator => {
            view! { <p><a class="button button--secondary" href="/desk/projects">{t(lang, "desk.to_projects")}</a></p> }.into_any()
        }
    }
}

/// The other rooms of this role.
fn ways_on(lang: Lang, role: Role) -> AnyView {
    let link =
        |address: &'static str, key: &str| view! { <li><a href=address>{t(lang, key)}</a></li> };
    match role {
        Role::Individual => view! { <ul class="links">{link("/me", "personal.today")}</ul> }.into_any(),
        Role::EventOrganiser => view! {
            <ul class="links">{link("/desk/holdings", "desk.to_holdings")}{link("/desk/retirements", "desk.to_retirements")}</ul>
        }
        .into_any(),
        Role::ProjectOwner => view! {
            <ul class="links">
                {link("/desk/projects", "desk.to_projects")}{link("/desk/reports", "desk.to_reports")}{link("/desk/holdings", "desk.to_holdings")}
                {link("/desk/changes", "project_change.list_title")}
            </ul>
        }
        .into_any(),
        Role::RegistryOperator => view! {
            <ul class="links">
                {link("/desk/projects", "desk.to_projects")}{link("/desk/reports", "desk.to_reports")}
                {link("/desk/changes", "project_change.list_title")}{link("/desk/claims", "claim.desk_title")}
                {link("/desk/certificates", "green_certificate.desk_title")}{link("/desk/complaints", "complaint.desk_title")}
                {link("/desk/mail", "notification.outbox_title")}
            </ul>
        }
        .into_any(),
        Role::Vvb => view! {
            <ul class="links">{link("/desk/projects", "desk.to_projects")}{link("/desk/reports", "desk.to_reports")}{link("/desk/changes", "project_change.list_title")}</ul>
        }
        .into_any(),
    }
}
