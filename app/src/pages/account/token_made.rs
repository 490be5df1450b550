//! A new access token, shown once: only its hash is kept.

use axum::response::Response;
use leptos::prelude::*;

use crate::host::Host;
use crate::lang::{t, tp};
use crate::page::Page;
use crate::parts::{CopyableId, Heading, Notice};
use crate::visitor::{Tone, Visitor};

/// The answer to making a token. Sending the same form again (reload) gives the same token.
pub fn token_made(host: &Host, visitor: &Visitor, name: &str, token: &str) -> Response {
    let lang = visitor.lang;
    let (lead, token) = (
        tp(lang, "token.made_lead", &[("name", name)]),
        token.to_owned(),
    );
    Page::new(host, visitor, t(lang, "token.made_title")).view(move || {
        view! {
            <Heading title=t(lang, "token.made_title") lead/>
            <p><CopyableId text=token/></p>
            <Notice tone=Tone::Attention title=t(lang, "token.shown_once")/>
            <p>{t(lang, "token.how_to_use")}" "<a href="/api/docs">{t(lang, "token.documentation")}</a></p>
            <p><a class="button button--secondary" href="/account#tokens">{t(lang, "token.back")}</a></p>
        }
    })
}
