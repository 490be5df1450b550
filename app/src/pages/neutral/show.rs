//! One claim, for its organisation: what it says, what covers it, and what may be done now.

use axum::extract::{Path, State};
use domain::Act;
use leptos::prelude::*;
use registry::{ClassOffer, Fields, NeutralView};

use super::CLAIMANTS;
use super::shown::{TONNES, profile_rows, remark, state_tag, units_table};
use crate::form::Form;
use crate::format::whole;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::public::retirements::purpose_label;
use crate::parts::{
    ActForm, Field, Fieldset, Heading, Hidden, Irreversible, Kind, Notice, NumberHero, Section,
    SummaryList,
};
use crate::visitor::{Tone, Visitor};

/// The forms of the page, as they were sent.
struct Forms {
    retire: Form,
    add: Form,
    publish: Form,
    correct: Form,
    withdraw: Form,
}

/// `GET /desk/neutrality/{id}`.
pub async fn show(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let by = require(&host, &visitor, CLAIMANTS)?;
    let claim = host.registry.neutral_get(&by, &id).await;
    let claim = claim.or_failed(&host, &visitor)?;
    let offers = host.registry.class_offers(&by).await;
    let offers = offers.or_failed(&host, &visitor)?;
    let open = |act| Form::open(&host, &visitor, act, Fields::new());
    let forms = Forms {
        retire: open(Act::NeutralRetire).await,
        add: open(Act::NeutralRetirementAdd).await,
        publish: open(Act::NeutralPublish).await,
        correct: open(Act::NeutralCorrect).await,
        withdraw: open(Act::NeutralWithdraw).await,
    };
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, claim.row.name.clone())
        .crumb(t(lang, "neutral.list_title"), "/desk/neutrality")
        .wide()
        .view(move || body(lang, &claim, &offers, forms)))
}

fn body(lang: Lang, claim: &NeutralView, offers: &[ClassOffer], forms: Forms) -> AnyView {
    let row = &claim.row;
    let missing = (row.tonnes - claim.covered_tonnes).max(0);
    let note = tp(
        lang,
        "neutral.covered_of",
        &[
            ("covered", &whole(claim.covered_tonnes)),
            ("needed", &whole(row.tonnes)),
        ],
    );
    let reason = claim.reason.clone().map(|reason| {
        view! { <Notice tone=Tone::Attention title=t(lang, "neutral.reason_given")><p>{reason}</p></Notice> }
    });
    let public = (row.version > 0).then(|| {
        let address = format!("/neutrality/{}", row.number);
        view! { <p><a href=address>{t(lang, "neutral.to_public")}</a></p> }
    });
    let edit = claim.allowed.contains(&Act::NeutralSave).then(|| {
        let address = format!("/desk/neutrality/{}/edit", row.id);
        view! { <p><a class="button button--secondary" href=address>{t(lang, "act.neutral_save")}</a></p> }
    });
    let units = units_table(lang, &claim.units);
    let rows = profile_rows(lang, &claim.fields);
    let covering = covering_forms(lang, claim, offers, missing, forms.retire, forms.add);
    let publish = publish_form(lang, claim, missing, forms.publish);
    view! {
        <Heading above=row.number.clone() title=row.name.clone()/>
        <p>{state_tag(lang, row.state)}</p>
        {reason}
        {public}
        <NumberHero label=t(lang, "neutral.missing") value=whole(missing) unit=TONNES note/>
        <Section title=t(lang, "neutral.units") id="units">{units}</Section>
        {covering}
        {publish}
        <Section title=t(lang, "neutral.says_of_itself") id="profile">
            <SummaryList rows/>
            {edit}
        </Section>
        {reason_form(lang, claim, Act::NeutralCorrect, "neutral.correct_lead", forms.correct)}
        {reason_form(lang, claim, Act::NeutralWithdraw, "neutral.withdraw_lead", forms.withdraw)}
        {remark(lang)}
    }
    .into_any()
}

/// Retiring own credits, and entering a retirement that names the claim.
fn covering_forms(
    lang: Lang,
    claim: &NeutralView,
    offers: &[ClassOffer],
    missing: i64,
    retire: Form,
    add: Form,
) -> Option<AnyView> {
    if !claim.allowed.contains(&Act::NeutralRetire) {
        return None;
    }
    let none = offers
        .is_empty()
        .then(|| view! { <p>{t(lang, "neutral.nothing_held")}</p> });
    let offers = offers.to_vec();
    // within the form, whose values the fields show
    let fields = move || -> Vec<_> {
        let mut left = missing;
        let shown = offers.iter().map(|offer| {
            // the oldest first, as far as they reach: a suggestion that can be changed
            let suggested = offer.held.min(left);
            left -= suggested;
            let label = format!(
                "{} {} · {}",
                offer.project_code, offer.project_name, offer.vintage
            );
            let hint = tp(lang, "neutral.held", &[("held", &whole(offer.held))]);
            let default = if suggested > 0 {
                suggested.to_string()
            } else {
                String::new()
            };
            let name = format!("class.{}", offer.class);
            view! { <Field name label hint kind=Kind::Decimal unit=TONNES default optional=true/> }
        });
        shown.collect()
    };
    let (id, same) = (claim.row.id.clone(), claim.row.id.clone());
    let lead = tp(
        lang,
        "neutral.add_lead",
        &[
            ("number", &claim.row.number),
            ("purpose", &purpose_label(lang, &claim.row.kind)),
        ],
    );
    Some(
        view! {
            <Section title=t(lang, "act.neutral_retire") id="retire">
                <ActForm act=Act::NeutralRetire form=retire submit=t(lang, "act.neutral_retire") ends=true>
                    <Hidden name="claim" value=id/>
                    <Fieldset legend=t(lang, "neutral.holdings") hint=t(lang, "neutral.holdings_hint")>{fields()}{none}</Fieldset>
                    <Irreversible title=t(lang, "neutral.retire_final") confirm=t(lang, "neutral.retire_confirm")>
                        <p>{t(lang, "neutral.retire_public")}</p>
                    </Irreversible>
                </ActForm>
            </Section>
            <Section title=t(lang, "act.neutral_retirement_add") id="add">
                <p>{lead}</p>
                <ActForm act=Act::NeutralRetirementAdd form=add submit=t(lang, "act.neutral_retirement_add") quiet=true>
                    <Hidden name="claim" value=same/>
                    <Field name="reference" label=t(lang, "neutral.certificate") hint=t(lang, "neutral.certificate_hint")/>
                </ActForm>
            </Section>
        }
        .into_any(),
    )
}

fn publish_form(lang: Lang, claim: &NeutralView, missing: i64, form: Form) -> Option<AnyView> {
    if !claim.allowed.contains(&Act::NeutralPublish) {
        return None;
    }
    if missing > 0 {
        let text = tp(
            lang,
            "neutral.publish_first",
            &[("missing", &whole(missing))],
        );
        return Some(view! { <Notice tone=Tone::Note title=text/> }.into_any());
    }
    let id = claim.row.id.clone();
    Some(
        view! {
            <Section title=t(lang, "act.neutral_publish") id="publish">
                <p>{t(lang, "neutral.publish_lead")}</p>
                <ActForm act=Act::NeutralPublish form submit=t(lang, "act.neutral_publish")>
                    <Hidden name="claim" value=id/>
                    <Irreversible title=t(lang, "neutral.publish_final") confirm=t(lang, "neutral.publish_confirm")>
                        <p>{t(lang, "neutral.publish_public")}</p>
                    </Irreversible>
                </ActForm>
            </Section>
        }
        .into_any(),
    )
}

/// An act that asks for a reason.
fn reason_form(
    lang: Lang,
    claim: &NeutralView,
    act: Act,
    lead: &str,
    form: Form,
) -> Option<AnyView> {
    if !claim.allowed.contains(&act) {
        return None;
    }
    let id = claim.row.id.clone();
    let name = act.name();
    let lead = t(lang, lead);
    Some(
        view! {
            <Section title=t(lang, &format!("act.{name}"))>
                <p>{lead}</p>
                <ActForm act form submit=t(lang, &format!("act.{name}")) ends=true>
                    <Hidden name="claim" value=id/>
                    <Field name="reason" label=t(lang, "neutral.reason") kind=Kind::Lines/>
                </ActForm>
            </Section>
        }
        .into_any(),
    )
}
