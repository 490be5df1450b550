//! Signing in. Whether an address is known or a password wrong, the words are the same.

use axum::extract::{RawQuery, State};
use domain::{Act, Role};
use leptos::prelude::*;
use registry::Fields;

use crate::acts::{is_local, see_other};
use crate::form::Form;
use crate::host::Host;
use crate::lang::t;
use crate::page::{Page, PageResult};
use crate::parts::{ActForm, Field, Heading, Hidden, Kind};
use crate::visitor::{Visitor, encode, query_value};

/// Where one lands after signing in without having wanted to go anywhere else.
pub fn home(role: Role) -> &'static str {
    if role == Role::Individual {
        "/me"
    } else {
        "/inbox"
    }
}

/// `GET /sign-in`; `?next=` is where to go afterwards.
pub async fn sign_in(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let next = query_value(query.as_deref().unwrap_or_default(), "next")
        .filter(|next| is_local(next))
        .unwrap_or_default();
    if let Some(person) = &visitor.signed_in {
        let home = home(person.role);
        return Ok(see_other(if next.is_empty() { home } else { &next }));
    }
    let form = Form::open(&host, &visitor, Act::UserSignIn, Fields::new()).await;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "account.sign_in_title")).view(move || {
        let sign_up = if next.is_empty() { "/sign-up".to_owned() } else { format!("/sign-up?next={}", encode(&next)) };
        view! {
            <div class="narrow">
                <Heading title=t(lang, "account.sign_in_title") lead=t(lang, "account.sign_in_lead")/>
                <ActForm act=Act::UserSignIn form submit=t(lang, "account.sign_in_submit")>
                    <Hidden name="next" value=next/>
                    <Field name="email" label=t(lang, "personal.login") autocomplete="username"/>
                    <Field name="password" label=t(lang, "account.password") kind=Kind::Password/>
                </ActForm>
                <p>{t(lang, "account.no_account")}" "<a href=sign_up>{t(lang, "account.sign_up_title")}</a></p>
            </div>
        }
    }))
}
