//! How footprints, units and states of events are shown, the same on every page.

use std::fmt::Write as _;

use domain::event::EventState;
use leptos::prelude::*;
use methodologies::event::Footprint;
use registry::{EventUnitView, PublicEventVersion};

use crate::format::{self, whole};
use crate::lang::{Lang, refusal_text, t, tp};
use crate::pages::public::retirements::certificate_address;
use crate::parts::{Column, DataTable, Notice, Tag};
use crate::visitor::Tone;

/// The unit of whole tonnes.
pub const TONNES: &str = "tCO2e";
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
    crate::result::footprint::footprint_view(lang, footprint, &label)
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
                None if unit.here => {
                    view! { <Tag text=t(lang, "event.counts") tone=Tone::Done/> }.into_any()
                }
                None => view! {
                    <Tag text=t(lang, "event.counts") tone=Tone::Attention/>
                    <p>{t(lang, "event.unit_unchecked")}</p>
                }
                .into_any(),
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

/// How a result was evaluated. A body that the organiser names has said nothing here unless it has confirmed or declined this version, and each
/// is said.
pub fn evaluation_label(lang: Lang, version: &PublicEventVersion) -> String {
    let label = t(
        lang,
        &format!("event.evaluation_{}", version.content.evaluation),
    );
    let answered = version.evaluation.as_ref().and_then(|one| {
        let key = match one.state.as_str() {
            "confirmed" => "event_evaluation.confirmed",
            "declined" => "event_evaluation.label_declined",
            _ => return None,
        };
        let day = one.decided_on.as_deref().unwrap_or_default();
        let day = format::date_text(lang, day);
        Some(tp(lang, key, &[("body", &one.body), ("day", &day)]))
    });
    let said = match answered {
        Some(said) => said,
        None if version.content.evaluation == "body" => t(lang, "event.evaluation_unconfirmed"),
        None => String::new(),
    };
    format!("{label}{said}")
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
