//! What happened: the messages to the organisation, below what needs it.

use domain::Act;
use leptos::prelude::*;
use registry::{Notification, Page, PageRequest};
use serde::Deserialize;

use crate::format;
use crate::lang::{Lang, t, tp};
use crate::pages::message::words;
use crate::parts::{ActForm, Empty, Hidden, Section, Tag};
use crate::visitor::{Tone, encode};

/// How many messages a page shows.
const MESSAGES_PER_PAGE: i64 = 20;

/// `?after=`: the next page of messages.
#[derive(Debug, Default, Deserialize)]
pub struct MessageQuery {
    /// The `next` of the page before.
    #[serde(default)]
    pub after: String,
}

impl MessageQuery {
    /// The page for the registry.
    pub fn page(&self) -> PageRequest {
        PageRequest {
            after: (!self.after.is_empty()).then(|| self.after.clone()),
            size: MESSAGES_PER_PAGE,
        }
    }
}

/// The messages, newest first, with a way to mark them as read.
pub fn messages_section(
    lang: Lang,
    messages: &Page<Notification>,
    query: &MessageQuery,
    unread: i64,
) -> AnyView {
    let list = if messages.rows.is_empty() {
        view! { <Empty text=t(lang, "notification.none")/> }.into_any()
    } else {
        let rows: Vec<_> = messages.rows.iter().map(|row| line(lang, row)).collect();
        view! { <ol class="tasks inbox messages">{rows}</ol> }.into_any()
    };
    let newest = messages.rows.first().map(|row| row.id.clone());
    let all = newest.filter(|_| unread > 0 && query.after.is_empty()).map(|id| {
        view! {
            <ActForm act=Act::NotificationRead submit=t(lang, "notification.read_all") quiet=true>
                <Hidden name="up_to" value=id/>
            </ActForm>
        }
    });
    let count = tp(
        lang,
        "notification.unread_count",
        &[("count", &unread_text(unread))],
    );
    let first = (!query.after.is_empty()).then(
        || view! { <a class="table__link" href="/inbox#messages">{t(lang, "part.first_page")}</a> },
    );
    let next = messages.next.as_ref().map(|key| {
        let address = format!("/inbox?after={}#messages", encode(key));
        view! { <a class="table__link" href=address rel="next">{t(lang, "part.next_page")}</a> }
    });
    view! {
        <Section title=t(lang, "notification.title") id="messages">
            <p class="quiet">{count}" · "<a href="/account/notifications">{t(lang, "notification.choose_mail")}</a></p>
            {all}
            {list}
            <nav class="table__pages" aria-label=t(lang, "part.pages")>{first}{next}</nav>
        </Section>
    }
    .into_any()
}

/// The number of unread messages in words: more than the registry counts are "99+".
fn unread_text(unread: i64) -> String {
    if unread > registry::UNREAD_MAX {
        format!("{}+", registry::UNREAD_MAX)
    } else {
        unread.to_string()
    }
}

/// What happened, about what, and what comes next.
fn line(lang: Lang, message: &Notification) -> impl IntoView + use<> {
    let said = words(lang, message);
    let hint = [format::moment(lang, message.at), said.about];
    let hint = hint
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    let next = (!said.next.is_empty())
        .then(|| view! { <span class="tasks__hint">{said.next.clone()}</span> });
    let status = if message.read {
        None
    } else {
        let id = message.id.clone();
        Some(view! {
            <Tag text=t(lang, "notification.unread") tone=Tone::Attention/>
            <ActForm act=Act::NotificationRead submit=t(lang, "notification.read_one") quiet=true>
                <Hidden name="notification" value=id/>
            </ActForm>
        })
    };
    view! {
        <li class="tasks__task" id=format!("message-{}", message.id)>
            <span class="tasks__text">
                <a class="tasks__title" href=said.address>{said.title}</a>
                <span class="tasks__hint">{hint}</span>
                {next}
            </span>
            <div class="tasks__status">{status}</div>
        </li>
    }
}
