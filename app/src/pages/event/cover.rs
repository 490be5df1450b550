//! Units for an event: what is entered, what is retired here, and whether it covers the footprint.

use axum::extract::{Path, State};
use domain::Act;
use domain::event::UnitKind;
use leptos::prelude::*;
use registry::{ClassOffer, EventBlock, EventView, Fields, UnitsInReach};

use super::ORGANISERS;
use super::reach;
use super::shown::{TONNES, units_table};
use crate::form::Form;
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::inclusion::grams;
use crate::parts::{
    ActForm, Choice, Field, Fieldset, Heading, Hidden, Irreversible, Kind, Notice, NumberHero,
    Section, SummaryList, SummaryRow,
};
use crate::visitor::{Tone, Visitor};

/// `GET /desk/events/{id}/cover`.
pub async fn cover(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let by = require(&host, &visitor, ORGANISERS)?;
    let registry = &host.registry;
    let event = registry
        .event_get(&by, &id)
        .await
        .or_failed(&host, &visitor)?;
    let offers = registry
        .class_offers(&by)
        .await
        .or_failed(&host, &visitor)?;
    let blocks = registry
        .event_blocks(&by, &id)
        .await
        .or_failed(&host, &visitor)?;
    let holdings = Holdings { offers, blocks };
    let reach = registry
        .event_units_in_reach(&by, &id)
        .await
        .or_failed(&host, &visitor)?;
    let retire = Form::open(&host, &visitor, Act::EventRetire, Fields::new()).await;
    let add = Form::open(&host, &visitor, Act::EventUnitAdd, Fields::new()).await;
    let mut removals = Vec::new();
    for unit in event
        .units
        .iter()
        .filter(|unit| !unit.here && unit.forest.is_empty())
    {
        let which = Some(("unit", unit.id.as_str()));
        let form =
            Form::open_one_of(&host, &visitor, Act::EventUnitRemove, which, Fields::new()).await;
        removals.push((unit.id.clone(), unit.reference.clone(), form));
    }
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "event.task_cover"))
        .crumb(t(lang, "event.list_title"), "/desk/events")
        .crumb(event.row.name.clone(), format!("/desk/events/{id}"))
        .wide()
        .view(move || body(lang, &event, &holdings, &reach, retire, add, removals)))
}

/// What the organiser could retire.
#[derive(Clone)]
struct Holdings {
    offers: Vec<ClassOffer>,
    blocks: Vec<EventBlock>,
}

fn body(
    lang: Lang,
    event: &EventView,
    holdings: &Holdings,
    reach: &UnitsInReach,
    retire: Form,
    add: Form,
    removals: Vec<(String, String, Form)>,
) -> AnyView {
    let account = event.accounted.as_ref().filter(|account| account.current);
    let Some(account) = account else {
        return view! {
            <Heading title=t(lang, "event.task_cover")/>
            <Notice tone=Tone::Attention title=t(lang, "event.account_first")/>
        }
        .into_any();
    };
    let missing = (account.tonnes - event.counted_tonnes).max(0);
    let note = tp(
        lang,
        "event.covered_of",
        &[
            ("covered", &whole(event.counted_tonnes)),
            ("needed", &whole(account.tonnes)),
        ],
    );
    let deadline = format::date_text(lang, &event.row.deadline);
    let preferred = (!event.preferred.is_empty()).then(|| {
        let kinds = event.preferred.iter();
        let names: Vec<_> = kinds
            .map(|kind| t(lang, &format!("event.unit_{}", kind.code())))
            .collect();
        let text = tp(lang, "event.preferred", &[("kinds", &names.join("、"))]);
        view! { <Notice tone=Tone::Note title=text/> }
    });
    let removals: Vec<_> = removals
        .into_iter()
        .filter(|_| event.allowed.contains(&Act::EventUnitRemove))
        .map(|(unit, reference, form)| {
            let submit = tp(lang, "event.unit_remove", &[("reference", &reference)]);
            let id = event.row.id.clone();
            view! {
                <ActForm act=Act::EventUnitRemove form submit quiet=true>
                    <Hidden name="event" value=id/>
                    <Hidden name="unit" value=unit/>
                </ActForm>
            }
        })
        .collect();
    let may = event.allowed.contains(&Act::EventRetire);
    let retire = may.then(|| {
        let form = retire_form(lang, event, holdings, missing, retire);
        view! { <Section title=t(lang, "act.event_retire") id="retire">{form}</Section> }
    });
    let add = may.then(|| {
        let form = add_form(lang, event, add);
        view! { <Section title=t(lang, "act.event_unit_add") id="add">{form}</Section> }
    });
    view! {
        <Heading title=t(lang, "event.task_cover") lead=tp(lang, "event.cover_lead", &[("deadline", &deadline)])/>
        <NumberHero label=t(lang, "event.missing") value=whole(missing) unit=TONNES note/>
        {units_table(lang, &event.units)}
        {gifts(lang, event)}
        {preferred}
        {removals}
        {retire}
        {reach::section(lang, event, reach)}
        {add}
    }
    .into_any()
}

/// What persons gave: grams that wait for a batch, and tonnes that came of them.
fn gifts(lang: Lang, event: &EventView) -> AnyView {
    // only the owner asks for gifts
    let ask = event
        .own
        .then(|| view! { <p><a href="/desk/campaigns">{t(lang, "event_gifts.ask")}</a></p> });
    let Some(gifts) = &event.gifts else {
        return ask.into_any();
    };
    if gifts.is_cancelled {
        let said = tp(lang, "event_gifts.cancelled", &[("title", &gifts.title)]);
        return view! {
            <Section title=t(lang, "event_gifts.title") id="gifts">
                <p>{said}</p>
                {ask}
            </Section>
        }
        .into_any();
    }
    let rows = vec![
        SummaryRow::new(t(lang, "event_gifts.call"), gifts.title.clone()),
        SummaryRow::new(
            t(lang, "event_gifts.closes_on"),
            format::date_text(lang, &gifts.closes_on),
        ),
        SummaryRow::new(t(lang, "event_gifts.waiting"), grams(gifts.waiting_mg)),
        SummaryRow::new(
            t(lang, "event_gifts.issued"),
            format!("{} {TONNES}", whole(gifts.issued_tonnes)),
        ),
    ];
    view! {
        <Section title=t(lang, "event_gifts.title") id="gifts">
            <p>{t(lang, "event_gifts.lead")}</p>
            <SummaryList rows/>
        </Section>
    }
    .into_any()
}

fn retire_form(
    lang: Lang,
    event: &EventView,
    holdings: &Holdings,
    missing: i64,
    form: Form,
) -> AnyView {
    let none = holdings
        .offers
        .is_empty()
        .then(|| view! { <p>{t(lang, "event.nothing_held")}</p> });
    let Holdings { offers, blocks } = holdings.clone();
    // within the form, whose values the fields show
    let fields = move || -> Vec<_> {
        let mut left = missing;
        let fields = offers.iter().map(|offer| {
            // the oldest first, as far as they reach: a suggestion that can be changed
            let suggested = offer.held.min(left);
            left -= suggested;
            let label = format!(
                "{} {} · {}",
                offer.project_code, offer.project_name, offer.vintage
            );
            let hint = tp(lang, "event.held", &[("held", &whole(offer.held))]);
            let default = if suggested > 0 {
                suggested.to_string()
            } else {
                String::new()
            };
            let name = format!("class.{}", offer.class);
            let choice = block_choice(lang, &blocks, offer.class.as_str());
            view! {
                <Field name label hint kind=Kind::Decimal unit=TONNES default optional=true/>
                {choice}
            }
        });
        fields.collect()
    };
    let id = event.row.id.clone();
    view! {
        <ActForm act=Act::EventRetire form submit=t(lang, "act.event_retire") ends=true>
            <Hidden name="event" value=id/>
            <Fieldset legend=t(lang, "event.holdings") hint=t(lang, "event.holdings_hint")>{fields()}{none}</Fieldset>
            <Irreversible title=t(lang, "event.retire_final") confirm=t(lang, "event.retire_confirm")>
                <p>{t(lang, "event.retire_public")}</p>
            </Irreversible>
        </ActForm>
    }
    .into_any()
}

/// The blocks of one class, where there are several: those that are ticked are used, without a tick the oldest first.
fn block_choice(lang: Lang, blocks: &[EventBlock], class: &str) -> Option<AnyView> {
    let of_class: Vec<_> = blocks.iter().filter(|block| block.class == class).collect();
    if of_class.len() < 2 {
        return None;
    }
    let boxes: Vec<_> = of_class
        .into_iter()
        .map(|block| {
            let name = format!("block.{class}.{}-{}", block.start, block.end);
            let (tonnes, given) = (whole(block.tonnes), whole(block.given));
            let said = [
                ("serial", block.serial.as_str()),
                ("tonnes", tonnes.as_str()),
                ("given", given.as_str()),
            ];
            let text = if block.given > 0 {
                "event.block_given"
            } else {
                "event.block"
            };
            view! { <Field name label=tp(lang, text, &said) kind=Kind::Checkbox/> }
        })
        .collect();
    Some(
        view! {
            <Fieldset legend=t(lang, "event.blocks") hint=t(lang, "event.blocks_hint")>{boxes}</Fieldset>
        }
        .into_any(),
    )
}

fn add_form(lang: Lang, event: &EventView, form: Form) -> AnyView {
    let kinds = UnitKind::ALL
        .iter()
        .filter(|kind| **kind != UnitKind::Gift)
        .map(|kind| {
            let hint = t(lang, &format!("event.unit_hint_{}", kind.code()));
            Choice::new(kind.code(), t(lang, &format!("event.unit_{}", kind.code()))).hint(hint)
        })
        .collect();
    let id = event.row.id.clone();
    view! {
        <p>{t(lang, "event.unit_add_lead")}</p>
        <ActForm act=Act::EventUnitAdd form submit=t(lang, "act.event_unit_add") quiet=true>
            <Hidden name="event" value=id/>
            <Field name="kind" label=t(lang, "event.unit_kind") kind=Kind::Radios choices=kinds/>
            <Field name="registry" label=t(lang, "event.unit_registry") hint=t(lang, "event.unit_registry_hint") optional=true/>
            <Field name="reference" label=t(lang, "event.unit_reference") hint=t(lang, "event.unit_reference_hint")/>
            <Field name="quantity" label=t(lang, "event.unit_tonnes") kind=Kind::Decimal unit=TONNES optional=true/>
            <Field name="cancelled_on" label=t(lang, "event.unit_day") hint=t(lang, "event.unit_day_hint") kind=Kind::Date optional=true/>
            <Field name="project" label=t(lang, "event.unit_project") optional=true/>
            <Field name="evidence" label=t(lang, "event.unit_evidence") optional=true/>
            <Field name="in_china" label=t(lang, "event.unit_in_china") kind=Kind::Checkbox/>
            <Fieldset legend=t(lang, "event.unit_inclusion")>
                <Field name="recognised_by" label=t(lang, "event.unit_recognised") hint=t(lang, "event.unit_recognised_hint") optional=true/>
                <Field name="no_self_claim" label=t(lang, "event.unit_no_self_claim") kind=Kind::Checkbox/>
            </Fieldset>
            <Fieldset legend=t(lang, "event.unit_new_forest") hint=t(lang, "event.forest_hint")>
                <Field name="forest" label=t(lang, "event.forest") kind=Kind::Lines optional=true/>
                <Field name="planted_on" label=t(lang, "event.planted_on") kind=Kind::Date optional=true/>
                <Field name="boundary" label=t(lang, "event.forest_boundary") kind=Kind::Lines optional=true/>
            </Fieldset>
        </ActForm>
    }
    .into_any()
}
