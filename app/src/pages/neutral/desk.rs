//! The claimant's list, beginning a claim, and changing what it says.

use axum::extract::{Path, RawQuery, State};
use domain::Act;
use domain::neutral::{FootprintStandard, NeutralKind};
use leptos::prelude::*;
use registry::{Fields, NeutralListRow, PageRequest};

use super::CLAIMANTS;
use super::shown::{TONNES, period, remark, state_tag};
use crate::form::Form;
use crate::format::whole;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{ActForm, Choice, Column, DataTable, Field, Fieldset, Heading, Hidden, Kind};
use crate::visitor::{Visitor, query_value};

/// Claims on one page.
const PAGE_ROWS: i64 = 50;

/// `GET /desk/neutrality`.
pub async fn list(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, CLAIMANTS)?;
    let request = PageRequest {
        after: query_value(query.as_deref().unwrap_or_default(), "after"),
        size: PAGE_ROWS,
    };
    let page = host.registry.neutral_list(&by, &request).await;
    let page = page.or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "neutral.list_title"))
        .wide()
        .view(move || {
            let rows = page.rows.iter().map(|row| cells(lang, row)).collect();
            let next = page.next.map(|next| format!("/desk/neutrality?after={next}"));
            let mut columns = ["neutral.name", "neutral.kind", "neutral.period", "neutral.state"]
                .map(|key| Column::text(t(lang, key)))
                .to_vec();
            columns.push(Column::number(TONNES));
            view! {
                <Heading title=t(lang, "neutral.list_title") lead=t(lang, "neutral.list_lead")/>
                <p class="act-form__buttons"><a class="button" href="/desk/neutrality/new">{t(lang, "neutral.new")}</a></p>
                <DataTable caption=t(lang, "neutral.list_title") columns rows empty=t(lang, "neutral.list_empty") next=next.unwrap_or_default()/>
                {remark(lang)}
            }
        }))
}

fn cells(lang: Lang, row: &NeutralListRow) -> Vec<AnyView> {
    let address = format!("/desk/neutrality/{}", row.id);
    vec![
        view! { <a href=address>{row.name.clone()}</a>" "<code>{row.number.clone()}</code> }
            .into_any(),
        t(lang, &format!("neutral.kind_{}", row.kind)).into_any(),
        period(lang, &row.starts_on, &row.ends_on).into_any(),
        state_tag(lang, row.state),
        whole(row.tonnes).into_any(),
    ]
}

/// `GET /desk/neutrality/new`.
pub async fn new(State(host): State<Host>, visitor: Visitor) -> PageResult {
    require(&host, &visitor, CLAIMANTS)?;
    let form = Form::open(&host, &visitor, Act::NeutralCreate, Fields::new()).await;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "neutral.new"))
        .crumb(t(lang, "neutral.list_title"), "/desk/neutrality")
        .view(move || {
            view! {
                <Heading title=t(lang, "neutral.new") lead=t(lang, "neutral.new_lead")/>
                <ActForm act=Act::NeutralCreate form submit=t(lang, "act.neutral_create") cancel="/desk/neutrality">
                    {profile_fields(lang)}
                </ActForm>
            }
        }))
}

/// `GET /desk/neutrality/{id}/edit`.
pub async fn edit(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let by = require(&host, &visitor, CLAIMANTS)?;
    let claim = host.registry.neutral_get(&by, &id).await;
    let claim = claim.or_failed(&host, &visitor)?;
    let form = Form::open(&host, &visitor, Act::NeutralSave, claim.fields.clone()).await;
    let lang = visitor.lang;
    let back = format!("/desk/neutrality/{id}");
    Ok(Page::new(&host, &visitor, t(lang, "act.neutral_save"))
        .crumb(t(lang, "neutral.list_title"), "/desk/neutrality")
        .crumb(claim.row.name.clone(), back.clone())
        .view(move || {
            let lead = if claim.row.version > 0 {
                "neutral.edit_published"
            } else {
                "neutral.new_lead"
            };
            view! {
                <Heading title=t(lang, "act.neutral_save") lead=t(lang, lead)/>
                <ActForm act=Act::NeutralSave form submit=t(lang, "act.neutral_save") cancel=back>
                    <Hidden name="claim" value=claim.row.id/>
                    {profile_fields(lang)}
                </ActForm>
            }
        }))
}

/// What every claim says.
fn profile_fields(lang: Lang) -> AnyView {
    let kinds = NeutralKind::ALL
        .iter()
        .map(|kind| {
            Choice::new(
                kind.code(),
                t(lang, &format!("neutral.kind_{}", kind.code())),
            )
        })
        .collect();
    let standards = FootprintStandard::ALL
        .iter()
        .map(|standard| {
            let code = standard.code();
            Choice::new(code, t(lang, &format!("neutral.standard_{code}")))
        })
        .collect();
    let verified = ["self", "body"]
        .map(|code| Choice::new(code, t(lang, &format!("neutral.verified_{code}"))))
        .to_vec();
    view! {
        <Fieldset legend=t(lang, "neutral.subject")>
            <Field name="kind" label=t(lang, "neutral.kind") kind=Kind::Radios choices=kinds default="organisation"/>
            <Field name="name" label=t(lang, "neutral.name") hint=t(lang, "neutral.name_hint")/>
            <Field name="functional_unit" label=t(lang, "neutral.functional_unit") hint=t(lang, "neutral.functional_unit_hint") optional=true/>
            <Field name="covered_output" label=t(lang, "neutral.covered_output") hint=t(lang, "neutral.covered_output_hint") optional=true/>
            <Field name="starts_on" label=t(lang, "neutral.starts_on") kind=Kind::Date/>
            <Field name="ends_on" label=t(lang, "neutral.ends_on") hint=t(lang, "neutral.ends_on_hint") kind=Kind::Date/>
        </Fieldset>
        <Fieldset legend=t(lang, "neutral.figure")>
            <Field name="footprint" label=t(lang, "neutral.footprint") hint=t(lang, "neutral.footprint_hint") kind=Kind::Decimal unit=TONNES/>
            <Field name="standard" label=t(lang, "neutral.standard") kind=Kind::Select choices=standards/>
            <Field name="standard_text" label=t(lang, "neutral.standard_text") optional=true/>
            <Field name="verified" label=t(lang, "neutral.verified") kind=Kind::Radios choices=verified default="self"/>
            <Field name="verifier" label=t(lang, "neutral.verifier") hint=t(lang, "neutral.verifier_hint") optional=true/>
            <Field name="verification" label=t(lang, "neutral.verification") optional=true/>
            <Field name="boundary" label=t(lang, "neutral.boundary") hint=t(lang, "neutral.boundary_hint") kind=Kind::Lines/>
            <Field name="measures" label=t(lang, "neutral.measures") hint=t(lang, "neutral.measures_hint") kind=Kind::Lines optional=true/>
        </Fieldset>
    }
    .into_any()
}
