//! The register of ties between bodies and companies: what keeps a body from a mandate.

use axum::extract::{RawQuery, State};
use domain::engagement::TieKind;
use domain::{Act, Role};
use leptos::prelude::*;
use registry::{Fields, TieBody, TieView};

use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::public::filters::Filters;
use crate::parts::{
    ActForm, Choice, Column, DataTable, Field, Heading, Hidden, Kind, Section, Tag,
};
use crate::visitor::{Tone, Visitor};

/// `GET /desk/ties`. `?tie=` opens the form for the end of one.
pub async fn list(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, &[Role::Vvb, Role::RegistryOperator])?;
    let ties = host.registry.tie_list(&by).await;
    let ties = ties.or_failed(&host, &visitor)?;
    let bodies = host.registry.tie_bodies(&by).await;
    let bodies = bodies.or_failed(&host, &visitor)?;
    let filters = Filters::read(query.as_deref(), &["tie"]);
    let wanted = filters.get("tie").unwrap_or_default().to_owned();
    let (lang, role) = (visitor.lang, by.role);
    let add = labelled(
        lang,
        &Form::open(&host, &visitor, Act::TieAdd, Fields::new()).await,
    );
    let which = Some(("tie", wanted.as_str()));
    let end = Form::open_one_of(&host, &visitor, Act::TieEnd, which, Fields::new()).await;
    let end = labelled(lang, &end);
    let title = t(lang, "engagement.ties_title");
    Ok(Page::new(&host, &visitor, title.clone())
        .wide()
        .view(move || {
            let ending = ties
                .iter()
                .find(|tie| tie.may_end && tie.id == wanted)
                .map(|tie| end_form(lang, tie, end));
            let form = match ending {
                Some(form) => form,
                None => add_form(lang, role, &bodies, add),
            };
            view! {
                <Heading title lead=t(lang, "engagement.ties_lead")/>
                {form}
                {table(lang, &ties)}
            }
        }))
}

fn labelled(lang: Lang, form: &Form) -> Form {
    form.labelled(|field| Some(t(lang, &format!("engagement.tie_field_{field}"))))
}

fn table(lang: Lang, ties: &[TieView]) -> AnyView {
    let columns = vec![
        Column::text(t(lang, "engagement.tie_field_company")),
        Column::text(t(lang, "engagement.tie_field_vvb")),
        Column::text(t(lang, "engagement.tie_field_kind")),
        Column::text(t(lang, "engagement.tie_field_since")),
        Column::text(t(lang, "engagement.tie_field_until")),
        Column::text(t(lang, "engagement.tie_field_source")),
        Column::text(t(lang, "engagement.tie_entered")),
    ];
    let rows = ties.iter().map(|tie| {
        let until = match &tie.until {
            Some(day) => view! { {format::date_text(lang, day)}<br/><span class="quiet">{tie.ended.clone()}</span> }.into_any(),
            None if tie.may_end => {
                let address = format!("/desk/ties?tie={}", tie.id);
                view! { <a href=address>{t(lang, "act.tie_end")}</a> }.into_any()
            }
            None => view! { <Tag text=t(lang, "engagement.tie_holds") tone=Tone::Attention/> }.into_any(),
        };
        vec![
            view! { {tie.company.clone()}<br/><code>{tie.uscc.clone()}</code> }.into_any(),
            tie.vvb.clone().into_any(),
            t(lang, &format!("engagement.tie_{}", tie.kind.code())).into_any(),
            format::date_text(lang, &tie.since).into_any(),
            until,
            tie.source.clone().into_any(),
            format!("{} · {}", tie.entered_by, format::moment(lang, tie.at)).into_any(),
        ]
    });
    let rows = rows.collect();
    view! {
        <Section title=t(lang, "engagement.ties_list") id="ties">
            <DataTable caption=t(lang, "engagement.ties_list") columns rows empty=t(lang, "engagement.ties_none")/>
        </Section>
    }
    .into_any()
}

fn add_form(lang: Lang, role: Role, bodies: &[TieBody], form: Form) -> AnyView {
    let kinds = TieKind::ALL
        .iter()
        .map(|kind| {
            Choice::new(
                kind.code(),
                t(lang, &format!("engagement.tie_{}", kind.code())),
            )
        })
        .collect();
    let choices: Vec<_> = bodies
        .iter()
        .map(|body| Choice::new(body.organisation.to_string(), body.name.clone()))
        .collect();
    // within the form, whose values the fields show
    let body = move || {
        (role == Role::RegistryOperator).then(|| {
        view! { <Field name="vvb" label=t(lang, "engagement.tie_field_vvb") kind=Kind::Select choices/> }
    })
    };
    view! {
        <Section title=t(lang, "act.tie_add") id="add">
            <ActForm act=Act::TieAdd form submit=t(lang, "act.tie_add")>
                {body()}
                <Field name="company" label=t(lang, "engagement.tie_field_company")/>
                <Field name="uscc" label=t(lang, "engagement.tie_field_uscc") hint=t(lang, "engagement.tie_hint_uscc")/>
                <Field name="kind" label=t(lang, "engagement.tie_field_kind") kind=Kind::Select choices=kinds/>
                <Field name="since" label=t(lang, "engagement.tie_field_since") kind=Kind::Date/>
                <Field name="until" label=t(lang, "engagement.tie_field_until") hint=t(lang, "engagement.tie_hint_until") kind=Kind::Date optional=true/>
                <Field name="source" label=t(lang, "engagement.tie_field_source") hint=t(lang, "engagement.tie_hint_source")/>
            </ActForm>
        </Section>
    }
    .into_any()
}

fn end_form(lang: Lang, tie: &TieView, form: Form) -> AnyView {
    let id = tie.id.clone();
    let about = format!("{} · {}", tie.company, tie.vvb);
    view! {
        <Section title=t(lang, "act.tie_end") id="end">
            <p>{about}</p>
            <ActForm act=Act::TieEnd form submit=t(lang, "act.tie_end") cancel="/desk/ties">
                <Hidden name="tie" value=id/>
                <Field name="until" label=t(lang, "engagement.tie_field_until") kind=Kind::Date/>
                <Field name="reason" label=t(lang, "engagement.tie_field_reason") kind=Kind::Lines rows=2/>
            </ActForm>
        </Section>
    }
    .into_any()
}
