//! How footprints, units and states of events are shown, the same on every page.

use std::fmt::Write as _;

use domain::event::EventState;
use leptos::prelude::*;
use methodologies::NoteLevel;
use methodologies::event::Footprint;
use registry::EventUnitView;

use crate::format::{self, whole};
use crate::lang::{Lang, refusal_text, t, tp};
use crate::pages::public::retirements::certificate_address;
use crate::parts::{Column, DataTable, Notice, NumberHero, Section, Tag};
use crate::visitor::Tone;

/// The unit of whole tonnes.
pub const TONNES: &str = "tCO2e";
/// The unit of exact amounts.
pub const KILOGRAMS: &str = "kgCO2e";

/// The name of a state.
pub fn state_label(lang: Lang, state: EventState) -> String {
    t(lang, &format!("event.state_{}", state.code()))
}

/// The state in a frame.
pub fn state_tag(lang: Lang, state: EventState) -> AnyView {
    let tone = match state {
        EventState::Neutral => Tone::Done,
        EventState::Lapsed | EventState::Withdrawn => Tone::Refused,
        EventState::Corrected => Tone::Attention,
        _ => Tone::Note,
    };
    view! { <Tag text=state_label(lang, state) tone/> }.into_any()
}

/// From when until when.
pub fn days(lang: Lang, from: &str, to: &str) -> String {
    if from == to {
        format::date_text(lang, from)
    } else {
        format!(
            "{} – {}",
            format::date_text(lang, from),
            format::date_text(lang, to)
        )
    }
}

/// The total, how it is made up, and what a reader should know.
pub fn footprint_view(lang: Lang, footprint: &Footprint, label: String) -> AnyView {
    let kilograms = format::decimal(&footprint.total_kg.to_string());
    let uncertainty = footprint.uncertainty_percent.to_string();
    let upper = whole(footprint.upper_t);
    let note = tp(
        lang,
        "event.total_note",
        &[
            ("kg", &kilograms),
            ("uncertainty", &uncertainty),
            ("upper", &upper),
        ],
    );
    let per_head = footprint.per_head_kg.map(|kg| {
        let kg = format::decimal(&kg.to_string());
        view! { <p>{tp(lang, "event.per_head", &[("kg", &kg)])}</p> }
    });
    let sources = sources_table(lang, footprint);
    view! {
        <NumberHero label value=whole(footprint.neutralise_t) unit=TONNES note>{sources}</NumberHero>
        {per_head}
        {classes_table(lang, footprint)}
        {advice(lang, footprint)}
        {factor_table(lang, footprint)}
        {notes(lang, footprint)}
    }
    .into_any()
}

fn classes_table(lang: Lang, footprint: &Footprint) -> AnyView {
    let rows = footprint
        .by_class
        .iter()
        .map(|part| {
            vec![
                lang.message(&part.title).to_owned().into_any(),
                format::decimal(&part.kg.to_string()).into_any(),
                format!("{} %", part.share_percent).into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "event.class")),
        Column::number(KILOGRAMS),
        Column::number(t(lang, "event.share")),
    ];
    view! { <DataTable caption=t(lang, "event.by_class") columns rows empty=t(lang, "event.no_lines")/> }
        .into_any()
}

fn sources_table(lang: Lang, footprint: &Footprint) -> AnyView {
    let rows = footprint
        .sources
        .iter()
        .map(|source| {
            vec![
                lang.message(&source.title).to_owned().into_any(),
                source.factor.clone().into_any(),
                format::decimal(&source.kg.to_string()).into_any(),
                format!("{} %", source.share_percent).into_any(),
                format!("± {} %", source.uncertainty_percent).into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "event.source")),
        Column::text(t(lang, "event.factor")),
        Column::number(KILOGRAMS),
        Column::number(t(lang, "event.share")),
        Column::number(t(lang, "event.uncertainty")),
    ];
    view! { <DataTable caption=t(lang, "event.by_source") columns rows empty=t(lang, "event.no_lines")/> }
        .into_any()
}

/// The biggest sources, and what would reduce them.
fn advice(lang: Lang, footprint: &Footprint) -> Option<AnyView> {
    let lines: Vec<_> = footprint
        .sources
        .iter()
        .filter_map(|source| {
            let advice = lang.message(source.advice.as_ref()?).to_owned();
            let title = lang.message(&source.title).to_owned();
            Some(view! { <li><strong>{title}</strong>{lang.choose("：", ": ")}{advice}</li> })
        })
        .collect();
    (!lines.is_empty()).then(|| {
        view! { <Section title=t(lang, "event.advice")><ul>{lines}</ul></Section> }.into_any()
    })
}

/// Every factor with its year and source.
fn factor_table(lang: Lang, footprint: &Footprint) -> AnyView {
    let rows = footprint
        .parameters
        .iter()
        .map(|used| {
            let mark = used.assumed.then(|| {
                view! { " "<Tag text=t(lang, "event.assumed") tone=Tone::Attention/> }
            });
            let title = lang.message(&used.title).to_owned();
            vec![
                view! { {title}{mark} }.into_any(),
                used.id.clone().into_any(),
                format!("{} {}", used.value.normalize(), used.unit).into_any(),
                lang.message(&used.source).to_owned().into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "event.factor")),
        Column::text(t(lang, "event.factor_year")),
        Column::number(t(lang, "event.value")),
        Column::text(t(lang, "event.factor_source")),
    ];
    view! {
        <details class="how">
            <summary class="how__summary">{t(lang, "event.factors")}</summary>
            <div class="how__body"><DataTable caption=t(lang, "event.factors") columns rows empty=t(lang, "event.no_lines")/></div>
        </details>
    }
    .into_any()
}

fn notes(lang: Lang, footprint: &Footprint) -> Option<AnyView> {
    let lines: Vec<_> = footprint
        .notes
        .iter()
        .map(|note| {
            let class = match note.level {
                NoteLevel::Warning => "event-note event-note--warning",
                NoteLevel::Remark => "event-note",
            };
            view! { <li class=class>{lang.message(&note.text).to_owned()}</li> }
        })
        .collect();
    (!lines.is_empty()).then(|| {
        view! {
            <details class="how">
                <summary class="how__summary">{t(lang, "event.notes")}</summary>
                <div class="how__body"><ul>{lines}</ul></div>
            </details>
        }
        .into_any()
    })
}

/// The units, and which of them do not count.
pub fn units_table(lang: Lang, units: &[EventUnitView]) -> AnyView {
    let rows = units
        .iter()
        .map(|unit| {
            let reference = if unit.here {
                let address = certificate_address(&unit.reference);
                view! { <a href=address>{unit.reference.clone()}</a> }.into_any()
            } else {
                format!("{} {}", unit.registry, unit.reference).into_any()
            };
            let about = [
                &unit.project,
                &unit.recognised_by,
                &unit.forest,
                &unit.evidence,
            ];
            let about: Vec<&str> = about
                .into_iter()
                .map(String::as_str)
                .filter(|text| !text.is_empty())
                .collect();
            let counts = match &unit.not_counted {
                None => view! { <Tag text=t(lang, "event.counts") tone=Tone::Done/> }.into_any(),
                Some(code) => view! {
                    <Tag text=t(lang, "event.not_counted") tone=Tone::Refused/>
                    <p>{refusal_text(lang, code, &[])}</p>
                }
                .into_any(),
            };
            let day = unit.cancelled_on.as_deref();
            vec![
                t(lang, &format!("event.unit_{}", unit.kind)).into_any(),
                reference,
                whole(unit.tonnes).into_any(),
                day.map(|day| format::date_text(lang, day))
                    .unwrap_or_default()
                    .into_any(),
                about.join("；").into_any(),
                counts,
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "event.unit_kind")),
        Column::text(t(lang, "event.unit_reference")),
        Column::number(TONNES),
        Column::text(t(lang, "event.unit_day")),
        Column::text(t(lang, "event.unit_about")),
        Column::text(t(lang, "event.unit_counts")),
    ];
    view! { <DataTable caption=t(lang, "event.units") columns rows empty=t(lang, "event.units_none")/> }
        .into_any()
}

/// What every page about an event says: that the guide is voluntary, and what of it was read in full.
pub fn guide_remark(lang: Lang) -> AnyView {
    view! { <Notice tone=Tone::Note title=t(lang, "event.guide_title")><p>{t(lang, "event.guide_text")}</p></Notice> }
        .into_any()
}

/// An address as a picture that a phone reads: one path, dark on light in every theme. `None`: it does not fit.
pub fn qr(address: &str, label: &str) -> Option<AnyView> {
    let rows = documents::qr_rows(address)?;
    let mut path = String::new();
    for (y, row) in rows.iter().enumerate() {
        for (x, _) in row.chars().enumerate().filter(|(_, module)| *module == '1') {
            let _ = write!(path, "M{},{}h1v1h-1z", x + 4, y + 4);
        }
    }
    let side = rows.len() + 8;
    Some(
        view! {
            <svg class="qr" viewBox=format!("0 0 {side} {side}") role="img" aria-label=label.to_owned()>
                <rect width=side.to_string() height=side.to_string() fill="#ffffff"/>
                <path d=path fill="#000000"/>
            </svg>
        }
        .into_any(),
    )
}
