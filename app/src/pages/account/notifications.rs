//! What one wants to get by mail, and in which language.

use axum::extract::State;
use domain::Act;
use leptos::prelude::*;
use registry::Fields;

use crate::form::Form;
use crate::host::Host;
use crate::lang::t;
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::act_form::yes_or_no;
use crate::parts::{ActForm, Choice, Field, Heading, Kind};
use crate::visitor::Visitor;

/// `GET /account/notifications`.
pub async fn notifications(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, &[])?;
    let choice = host
        .registry
        .mail_choice(&by)
        .await
        .or_failed(&host, &visitor)?;
    let wants = if choice.wants_mail { "yes" } else { "no" };
    let fields = Fields::from([
        ("wants_mail".to_owned(), wants.to_owned()),
        ("language".to_owned(), choice.language),
    ]);
    let form = Form::open(&host, &visitor, Act::UserSetMail, fields).await;
    let lang = visitor.lang;
    let title = t(lang, "notification.mail_title");
    Ok(
        Page::new(&host, &visitor, title.clone())
            .crumb(t(lang, "account.title"), "/account")
            .view(move || {
                let languages = vec![Choice::new("zh", "中文"), Choice::new("en", "English")];
                view! {
                    <Heading title lead=t(lang, "notification.mail_lead")/>
                    <ActForm act=Act::UserSetMail form submit=t(lang, "notification.mail_submit") cancel="/inbox">
                        <Field name="wants_mail" label=t(lang, "notification.wants_mail") kind=Kind::Radios choices=yes_or_no(lang)/>
                        <Field name="language" label=t(lang, "notification.mail_language") kind=Kind::Radios choices=languages/>
                    </ActForm>
                }
            }),
    )
}
