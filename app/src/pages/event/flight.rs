//! The way of people on a flight: a form of its own, whose answer is filled into the form of one line.

use domain::event::{FlightEnd, FlightLine};
use leptos::context::Provider;
use leptos::prelude::*;
use registry::{Fields, flight_line};

use crate::form::{Form, Problem};
use crate::format::whole;
use crate::lang::{Lang, t, tp};
use crate::parts::{Choice, ErrorSummary, Field, Kind, Notice, Section};
use crate::visitor::{Tone, decode_form};

/// What the names of its fields begin with.
const PREFIX: &str = "flight_";

/// What was asked in the address of the page, and the answer.
#[derive(Clone, Debug)]
pub struct Asked {
    form: Form,
    answer: Option<FlightLine>,
}

impl Asked {
    /// Reads the query of a page; without fields of a flight nothing is asked and nothing is wrong.
    pub fn read(query: &str) -> Self {
        let mut typed = decode_form(query.as_bytes());
        typed.retain(|name, _| name.starts_with(PREFIX));
        if typed.is_empty() {
            return Self {
                form: Form::default(),
                answer: None,
            };
        }
        match flight_line(&typed) {
            Ok(answer) => Self {
                form: Form::of(typed),
                answer: Some(answer),
            },
            Err(refusals) => Self {
                form: Form::with_problems(typed, refusals.iter().map(Problem::from).collect()),
                answer: None,
            },
        }
    }

    /// The fields of the line that the answer makes; empty without an answer.
    pub fn line(&self, lang: Lang) -> Fields {
        self.answer.as_ref().map_or_else(Fields::new, |answer| {
            let said = [
                ("from", answer.flight.from.label.as_str()),
                ("to", answer.flight.to.label.as_str()),
                ("ways", &ways(lang, answer.is_return)),
                ("people", &answer.people.to_string()),
            ];
            answer.line(&tp(lang, "flight.activity", &said))
        })
    }
}

fn ways(lang: Lang, is_return: bool) -> String {
    let key = if is_return {
        "flight.ways_return"
    } else {
        "flight.ways_one_way"
    };
    t(lang, key)
}

/// The form, how it counts, and the answer.
pub fn section(lang: Lang, event: &str, asked: Asked) -> AnyView {
    let action = format!("/desk/events/{event}/inventory#flight");
    let labels = move |name: &str| {
        let key = name.strip_prefix(PREFIX)?;
        Some(t(lang, &format!("flight.{key}")))
    };
    let form = asked.form.labelled(labels);
    let answer = asked.answer.map(|answer| found(lang, &answer));
    // within the form, whose values the fields show
    let fields = move || {
        let choices = ["return", "one_way"]
            .map(|way| Choice::new(way, t(lang, &format!("flight.ways_{way}"))))
            .to_vec();
        view! {
            <ErrorSummary/>
            <Field name="flight_from" label=t(lang, "flight.from") hint=t(lang, "flight.place_hint")/>
            <Field name="flight_to" label=t(lang, "flight.to") hint=t(lang, "flight.place_hint")/>
            <Field name="flight_people" label=t(lang, "flight.people") kind=Kind::Decimal/>
            <Field name="flight_ways" label=t(lang, "flight.ways") kind=Kind::Radios choices default="return"/>
        }
    };
    view! {
        <Section title=t(lang, "flight.title") id="flight">
            <p>{t(lang, "flight.lead")}</p>
            {answer}
            <Provider value=form>
                <form method="get" action=action novalidate>
                    {fields()}
                    <div class="act-form__buttons">
                        <button class="button button--secondary" type="submit">{t(lang, "flight.submit")}</button>
                    </div>
                </form>
            </Provider>
            <details class="how">
                <summary class="how__summary">{t(lang, "flight.how_title")}</summary>
                <div class="how__body">
                    <p>{t(lang, "flight.how")}</p>
                    <p>{t(lang, "flight.how_factor")}</p>
                    <p>{t(lang, "flight.source")}</p>
                </div>
            </details>
        </Section>
    }
    .into_any()
}

fn found(lang: Lang, answer: &FlightLine) -> AnyView {
    let end = |end: &FlightEnd| {
        let name = lang.choose(&end.name_zh, &end.name_en);
        if end.label == name {
            name.to_owned()
        } else {
            format!("{} {name}", end.label)
        }
    };
    let title = tp(
        lang,
        "flight.found",
        &[
            ("from", &end(&answer.flight.from)),
            ("to", &end(&answer.flight.to)),
            ("km", &whole(answer.flight.km)),
            ("people", &whole(answer.people)),
            ("ways", &ways(lang, answer.is_return)),
            ("pkm", &whole(answer.passenger_km())),
        ],
    );
    let choose = answer
        .factor()
        .is_none()
        .then(|| view! { <p>{t(lang, "flight.choose_factor")}</p> });
    view! {
        <Notice tone=Tone::Done title>
            {choose}
            <p><a href="#line">{t(lang, "flight.filled")}</a></p>
        </Notice>
    }
    .into_any()
}
