//! The outbox of mail: for the registry operator, who sees what could not be delivered and why.

use axum::extract::State;
use domain::{Act, Role};
use leptos::prelude::*;
use registry::{Outbox, TroubledMail};

use crate::format::whole;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::message::words;
use crate::parts::{ActForm, Column, DataTable, Heading, Hidden, SummaryList, SummaryRow, Tag};
use crate::visitor::{Tone, Visitor};

/// `GET /desk/mail`.
pub async fn outbox(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let outbox = host.registry.outbox(&by).await.or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    let title = t(lang, "notification.outbox_title");
    Ok(Page::new(&host, &visitor, title.clone())
        .wide()
        .crumb(t(lang, "desk.inbox_title"), "/inbox")
        .view(move || {
            let lead = t(lang, "notification.outbox_lead");
            view! {
                <Heading title lead/>
                {counts(lang, &outbox)}
                {troubled(lang, &outbox.troubled)}
            }
        }))
}

fn counts(lang: Lang, outbox: &Outbox) -> AnyView {
    let rows = [
        ("notification.mail_waiting", outbox.waiting),
        ("notification.mail_sending", outbox.sending),
        ("notification.mail_sent", outbox.sent),
        ("notification.mail_dead", outbox.dead),
    ];
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(key, count)| SummaryRow::new(t(lang, key), whole(count)))
        .collect();
    view! { <SummaryList rows/> }.into_any()
}

/// Those that failed at least once: to whom, about what, why, and another try for those given up.
fn troubled(lang: Lang, mails: &[TroubledMail]) -> AnyView {
    let rows = mails.iter().map(|mail| row(lang, mail)).collect();
    let columns = vec![
        Column::text(t(lang, "notification.column_address")),
        Column::text(t(lang, "notification.column_about")),
        Column::text(t(lang, "notification.column_state")),
        Column::number(t(lang, "notification.column_attempts")),
        Column::text(t(lang, "notification.column_error")),
    ];
    view! {
        <DataTable caption=t(lang, "notification.troubled_caption") columns rows empty=t(lang, "notification.troubled_none")/>
    }
    .into_any()
}

fn row(lang: Lang, mail: &TroubledMail) -> Vec<AnyView> {
    let said = words(lang, &mail.notification);
    let is_dead = mail.state == "dead";
    let (key, tone) = match mail.state.as_str() {
        "dead" => ("notification.mail_dead", Tone::Refused),
        "sending" => ("notification.mail_sending", Tone::Note),
        _ => ("notification.mail_waiting", Tone::Attention),
    };
    let id = mail.id.clone();
    let again = is_dead.then(|| {
        view! {
            <ActForm act=Act::MailRetry submit=t(lang, "notification.mail_retry") quiet=true>
                <Hidden name="mail" value=id/>
            </ActForm>
        }
    });
    vec![
        mail.address.clone().into_any(),
        view! { {said.title}<br/><span class="quiet">{said.about}</span> }.into_any(),
        view! { <Tag text=t(lang, key) tone/>{again} }.into_any(),
        whole(mail.attempts).into_any(),
        mail.error.clone().into_any(),
    ]
}
