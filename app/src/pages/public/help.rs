//! Help: what the words mean, how to read a page, how to take the data, what to do when something is wrong.

use axum::extract::State;
use leptos::prelude::*;

use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{Page, PageResult};
use crate::parts::{Heading, Section};
use crate::visitor::Visitor;

/// The questions, by the name of their texts.
const QUESTIONS: &[&str] = &[
    "credit",
    "publicity",
    "opinion",
    "serial",
    "retire",
    "certificate",
    "number",
    "data",
    "account",
    "wrong",
];
/// The explained words.
const TERMS: &[&str] = &[
    "vvb",
    "ccer",
    "vintage",
    "class",
    "block",
    "beneficiary",
    "factor",
    "ex_ante",
    "steps",
    "digest",
];

/// `GET /help`.
pub async fn help(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "help.title")).description(t(lang, "help.lead")).view(move || {
        view! {
            <Heading title=t(lang, "help.title") lead=t(lang, "help.lead")/>
            <Section title=t(lang, "help.questions_title") id="questions">{questions(lang)}</Section>
            <Section title=t(lang, "help.terms_title") id="terms">{terms(lang)}</Section>
        }
    }))
}

fn questions(lang: Lang) -> Vec<AnyView> {
    QUESTIONS
        .iter()
        .map(|name| {
            let answer = t(lang, &format!("help.answer_{name}"));
            view! {
                <details class="how" id=*name>
                    <summary class="how__summary">{t(lang, &format!("help.question_{name}"))}</summary>
                    <div class="how__body"><p class="prose">{answer}</p></div>
                </details>
            }
            .into_any()
        })
        .collect()
}

fn terms(lang: Lang) -> AnyView {
    let terms: Vec<_> = TERMS
        .iter()
        .map(|name| {
            view! {
                <div class="summary__row" id=format!("term-{name}")>
                    <dt class="summary__label">{t(lang, &format!("help.term_{name}"))}</dt>
                    <dd class="summary__value">{t(lang, &format!("help.meaning_{name}"))}</dd>
                </div>
            }
        })
        .collect();
    view! { <dl class="summary">{terms}</dl> }.into_any()
}
