//! How claims of neutrality and what covers them are shown, the same on every page.

use domain::neutral::{NeutralState, NeutralStatement};
use leptos::prelude::*;
use registry::{Fields, NeutralUnitView};

use crate::format::{self, whole};
use crate::lang::{Lang, t, tp};
use crate::pages::public::retirements::certificate_address;
use crate::pages::public::shown::prose;
use crate::parts::{Column, DataTable, Notice, SummaryRow, Tag};
use crate::visitor::Tone;

/// The unit of tonnes.
pub const TONNES: &str = "tCO2e";

/// The state in a frame.
pub fn state_tag(lang: Lang, state: NeutralState) -> AnyView {
    let tone = match state {
        NeutralState::Draft => Tone::Note,
        NeutralState::Published => Tone::Done,
        NeutralState::Corrected => Tone::Attention,
        NeutralState::Withdrawn => Tone::Refused,
    };
    let text = t(lang, &format!("neutral.state_{}", state.code()));
    view! { <Tag text tone/> }.into_any()
}

/// What may be said, in a frame: a few words.
pub fn says_tag(lang: Lang, says: NeutralStatement) -> AnyView {
    let text = t(lang, &format!("neutral.tag_{}", says.code()));
    view! { <Tag text tone=tone(says)/> }.into_any()
}

/// How what may be said looks.
pub const fn tone(says: NeutralStatement) -> Tone {
    match says {
        NeutralStatement::Neutral => Tone::Done,
        NeutralStatement::PeriodNotOver | NeutralStatement::Corrected => Tone::Attention,
        NeutralStatement::NotCovered | NeutralStatement::Withdrawn => Tone::Refused,
    }
}

/// From when until when.
pub fn period(lang: Lang, from: &str, to: &str) -> String {
    format!(
        "{} – {}",
        format::date_text(lang, from),
        format::date_text(lang, to)
    )
}

/// What a claim says about its subject, its figure and its boundary.
pub fn profile_rows(lang: Lang, fields: &Fields) -> Vec<SummaryRow> {
    let text = |name: &str| fields.get(name).map_or("", |typed| typed.trim());
    let mut rows = vec![
        SummaryRow::new(
            t(lang, "neutral.kind"),
            t(lang, &format!("neutral.kind_{}", text("kind"))),
        ),
        SummaryRow::new(t(lang, "neutral.name"), text("name").to_owned()),
    ];
    if text("kind") == "product" {
        for name in ["functional_unit", "covered_output"] {
            let label = t(lang, &format!("neutral.{name}"));
            rows.push(SummaryRow::new(label, text(name).to_owned()));
        }
    }
    let standard = if text("standard") == "other" {
        text("standard_text").to_owned()
    } else {
        t(lang, &format!("neutral.standard_{}", text("standard")))
    };
    let verified = if text("verified") == "body" {
        format!("{} · {}", text("verifier"), text("verification"))
    } else {
        t(lang, "neutral.verified_self")
    };
    let measures = match text("measures") {
        "" => t(lang, "neutral.measures_none").into_any(),
        measures => prose(measures).into_any(),
    };
    rows.extend([
        SummaryRow::new(
            t(lang, "neutral.period"),
            period(lang, text("starts_on"), text("ends_on")),
        ),
        SummaryRow::new(
            t(lang, "neutral.footprint"),
            format!("{} {TONNES}", format::decimal(text("footprint"))),
        ),
        SummaryRow::new(t(lang, "neutral.standard"), standard),
        SummaryRow::new(t(lang, "neutral.verified"), verified),
        SummaryRow::new(t(lang, "neutral.boundary"), prose(text("boundary"))),
        SummaryRow::new(t(lang, "neutral.measures"), measures),
    ]);
    rows
}

/// The retirements, each with a link to its certificate.
pub fn units_table(lang: Lang, units: &[NeutralUnitView]) -> AnyView {
    let rows = units
        .iter()
        .map(|unit| {
            let address = certificate_address(&unit.number);
            let left = unit.tonnes - unit.counted_tonnes;
            let counted = if left > 0 {
                let text = tp(lang, "neutral.not_recognised", &[("tonnes", &whole(left))]);
                view! { {whole(unit.counted_tonnes)}<p>{text}</p> }.into_any()
            } else {
                whole(unit.counted_tonnes).into_any()
            };
            vec![
                view! { <a class="serial" href=address><code>{unit.number.clone()}</code></a> }
                    .into_any(),
                unit.holder.clone().into_any(),
                format::date_text(lang, &unit.retired_on).into_any(),
                whole(unit.tonnes).into_any(),
                counted,
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "neutral.certificate")),
        Column::text(t(lang, "neutral.holder")),
        Column::text(t(lang, "neutral.retired_on")),
        Column::number(TONNES),
        Column::number(t(lang, "neutral.counted")),
    ];
    view! { <DataTable caption=t(lang, "neutral.units") columns rows empty=t(lang, "neutral.units_none")/> }
        .into_any()
}

/// What these claims rest on, and that no official procedure was found.
pub fn remark(lang: Lang) -> AnyView {
    view! {
        <Notice tone=Tone::Note title=t(lang, "neutral.remark_title")><p>{t(lang, "neutral.remark")}</p></Notice>
    }
    .into_any()
}
