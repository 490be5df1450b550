//! Help for persons: one question and one answer at a time, each with the page where it is done.

use axum::extract::State;
use leptos::prelude::*;

use super::PERSON;
use crate::host::Host;
use crate::lang::t;
use crate::page::{Page, PageResult, require};
use crate::parts::{Heading, Section};
use crate::visitor::Visitor;

/// The questions, by the name of their texts, and the page that each is about.
const QUESTIONS: &[(&str, &str)] = &[
    ("grams", "/me"),
    ("record", "/me/record"),
    ("act", "/me/month"),
    ("month", "/me/month"),
    ("points", "/me/shop"),
    ("give", "/me/give"),
    ("badges", "/me/badges"),
    ("rating", "/me/rating"),
    ("boards", "/me/boards"),
    ("expiry", "/me"),
    ("consents", "/me/consents"),
    ("phone", "/me/consents"),
    ("wrong", "/me/month"),
    ("correct", "/me/consents"),
    ("export", "/me/consents"),
    ("close", "/me/consents"),
];

/// `GET /me/help`.
pub async fn help(State(host): State<Host>, visitor: Visitor) -> PageResult {
    require(&host, &visitor, PERSON)?;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "personal.help"))
        .crumb(t(lang, "personal.today"), "/me")
        .view(move || {
            let questions: Vec<_> = QUESTIONS
                .iter()
                .map(|(name, address)| {
                    let question = t(lang, &format!("personal.question_{name}"));
                    view! {
                        <details class="how" id=*name>
                            <summary class="how__summary">{question.clone()}</summary>
                            <div class="how__body">
                                <p class="prose">{t(lang, &format!("personal.answer_{name}"))}</p>
                                <p><a href=*address>{t(lang, "personal.go_there")}<span class="only-heard">" "{question}</span></a></p>
                            </div>
                        </details>
                    }
                })
                .collect();
            view! {
                <Heading title=t(lang, "personal.help") lead=t(lang, "personal.help_lead")/>
                <Section title=t(lang, "personal.questions")>{questions}</Section>
                <p class="prose"><a href="/help">{t(lang, "personal.help_general")}</a></p>
            }
        }))
}
