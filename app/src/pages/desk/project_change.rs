//! Changes of registered projects: the list of each party, one change with its next step, and the owner's application.

use axum::extract::{Path, RawQuery, State};
use domain::id::ProjectId;
use domain::project_change::ChangeKind;
use domain::sector::project_type_of;
use domain::{Act, Role};
use leptos::prelude::*;
use registry::{ChangeView, Fields, VvbChoice};

use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::public::filters::Filters;
use crate::parts::act_form::yes_or_no;
use crate::parts::{
    ActForm, Choice, Column, DataTable, Field, Heading, Hidden, Kind, Notice, Section, SummaryList,
    SummaryRow, Tag,
};
use crate::visitor::{Tone, Visitor};

const LIST: &str = "/desk/changes";
const PARTIES: &[Role] = &[Role::ProjectOwner, Role::Vvb, Role::RegistryOperator];

/// The name of a kind of change.
pub fn kind_label(lang: Lang, kind: &str) -> String {
    t(lang, &format!("project_change.kind_{kind}"))
}

/// How far a change is.
pub fn state_tag(lang: Lang, state: &str) -> AnyView {
    let tone = match state {
        "approved" => Tone::Done,
        "refused" => Tone::Refused,
        "withdrawn" => Tone::Note,
        _ => Tone::Attention,
    };
    view! { <Tag text=t(lang, &format!("project_change.state_{state}")) tone/> }.into_any()
}

/// Says that no official procedure was found.
pub fn own_rule(lang: Lang) -> AnyView {
    view! { <Notice tone=Tone::Note title=t(lang, "project_change.own_rule")><p>{t(lang, "project_change.own_rule_text")}</p></Notice> }.into_any()
}

/// `GET /desk/changes`.
pub async fn list(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, PARTIES)?;
    let changes = host.registry.change_list(&by).await;
    let changes = changes.or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    let title = t(lang, "project_change.list_title");
    Ok(Page::new(&host, &visitor, title).wide().view(move || {
        let rows: Vec<Vec<AnyView>> = changes.iter().map(|change| {
            let address = format!("{LIST}/{}", change.id);
            let code = change.project_code.clone().unwrap_or_default();
            vec![
                view! { <a href=address>{kind_label(lang, &change.kind)}</a> }.into_any(),
                format!("{code} {}", change.project_name).into_any(),
                change.before.clone().into_any(),
                change.after.clone().into_any(),
                format::moment(lang, change.at).into_any(),
                state_tag(lang, &change.state),
            ]
        }).collect();
        let columns = [
            "project_change.kind",
            "project_change.project",
            "project_change.before",
            "project_change.after",
            "project_change.at",
            "project_change.state",
        ];
        let columns = columns.map(|key| Column::text(t(lang, key))).to_vec();
        view! {
            <Heading title=t(lang, "project_change.list_title") lead=t(lang, "project_change.list_lead")/>
            {own_rule(lang)}
            <DataTable caption=t(lang, "project_change.list_title") columns rows empty=t(lang, "project_change.none")/>
        }
    }))
}

/// `GET /desk/changes/{id}`.
pub async fn show(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let by = require(&host, &visitor, PARTIES)?;
    let change = host.registry.change_get(&by, &id).await;
    let change = change.or_failed(&host, &visitor)?;
    let mut forms = Vec::new();
    for act in &change.allowed {
        forms.push((*act, Form::open(&host, &visitor, *act, Fields::new()).await));
    }
    let lang = visitor.lang;
    let title = kind_label(lang, &change.kind);
    Ok(Page::new(&host, &visitor, title.clone())
        .crumb(t(lang, "project_change.list_title"), LIST)
        .view(move || {
            let steps: Vec<_> = forms
                .into_iter()
                .map(|(act, form)| step(lang, act, &change.id, form))
                .collect();
            view! {
                <Heading title above=change.project_name.clone()/>
                {own_rule(lang)}
                <SummaryList rows=rows(lang, &change)/>
                {steps}
            }
        }))
}

fn rows(lang: Lang, change: &ChangeView) -> Vec<SummaryRow> {
    let address = format!("/desk/projects/{}", change.project);
    let code = change.project_code.clone().unwrap_or_default();
    let name = format!("{code} {}", change.project_name);
    let mut rows = vec![
        SummaryRow::new(
            t(lang, "project_change.state"),
            state_tag(lang, &change.state),
        ),
        SummaryRow::new(
            t(lang, "project_change.project"),
            view! { <a href=address>{name}</a> },
        ),
        SummaryRow::new(t(lang, "project_change.before"), change.before.clone()),
        SummaryRow::new(t(lang, "project_change.after"), change.after.clone()),
        SummaryRow::new(t(lang, "project_change.reason"), change.reason.clone()),
        SummaryRow::new(t(lang, "project_change.evidence"), change.evidence.clone()),
        SummaryRow::new(
            t(lang, "project_change.at"),
            format::moment(lang, change.at),
        ),
    ];
    let mut add = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            rows.push(SummaryRow::new(t(lang, key), value));
        }
    };
    add("project_change.vvb", change.vvb.clone());
    add(
        "project_change.positive",
        change.positive.map(|positive| opinion_word(lang, positive)),
    );
    add("project_change.opinion", change.opinion.clone());
    add(
        "project_change.decision_reason",
        change.decision_reason.clone(),
    );
    add(
        "project_change.decided_at",
        change.decided_at.map(|at| format::moment(lang, at)),
    );
    rows
}

/// Whether a body agrees.
pub fn opinion_word(lang: Lang, positive: bool) -> String {
    let key = if positive {
        "project_change.agrees"
    } else {
        "project_change.disagrees"
    };
    t(lang, key)
}

fn step(lang: Lang, act: Act, change: &str, form: Form) -> AnyView {
    let label = t(lang, &format!("act.{}", act.name()));
    let change = change.to_owned();
    let ends = matches!(act, Act::ChangeRefuse | Act::ChangeWithdraw);
    // asked inside the form, where a field finds its value and its errors
    let questions = move || {
        match act {
        Act::ChangeAssess => view! {
            <Field name="positive" label=t(lang, "project_change.positive") kind=Kind::Radios choices=yes_or_no(lang)/>
            <Field name="opinion" label=t(lang, "project_change.opinion") kind=Kind::Lines rows=6/>
        }
        .into_any(),
        Act::ChangeWithdraw => ().into_any(),
        _ => view! { <Field name="reason" label=t(lang, "project_change.decision_reason") hint=t(lang, "project_change.decision_hint") kind=Kind::Lines/> }
            .into_any(),
    }
    };
    view! {
        <Section title=label.clone() id=act.name()>
            <ActForm act form=labelled(lang, &form) submit=label ends>
                <Hidden name="change" value=change/>
                {questions()}
            </ActForm>
        </Section>
    }
    .into_any()
}

/// `GET /desk/projects/{id}/changes/new`; `?kind=` chooses what changes.
pub async fn new(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, &[Role::ProjectOwner])?;
    let project = host.registry.project_get(&by, &ProjectId::new(id)).await;
    let project = project.or_failed(&host, &visitor)?;
    let today = visitor.now.beijing_date();
    let filters = Filters::read(query.as_deref(), &["kind"]);
    let kind = filters.get("kind").and_then(ChangeKind::from_code);
    let mut bodies = Vec::new();
    if let (Some(kind), Some(of)) = (kind, project_type_of(&project.row.methodology))
        && kind.needs_opinion()
    {
        let known = host.registry.vvb_choices(of.sector, today).await;
        bodies = known.or_failed(&host, &visitor)?;
        bodies.retain(|body| body.approved);
    }
    let form = Form::open(&host, &visitor, Act::ChangeRequest, Fields::new()).await;
    let lang = visitor.lang;
    let address = format!("/desk/projects/{}", project.row.id);
    let title = t(lang, "project_change.new_title");
    Ok(Page::new(&host, &visitor, title)
        .crumb(project.row.name.clone(), address.clone())
        .view(move || {
            let design = project.published_fields.as_ref().unwrap_or(&project.fields);
            let body = match kind {
                Some(kind) => {
                    let id = project.row.id.to_string();
                    request_form(lang, kind, id, &project.row.owner, design, &bodies, form)
                }
                None => kinds(lang, &address),
            };
            view! {
                <Heading title=t(lang, "project_change.new_title") above=project.row.name.clone() lead=t(lang, "project_change.new_lead")/>
                {own_rule(lang)}
                {body}
            }
        }))
}

/// Names each field in the summary of errors.
fn labelled(lang: Lang, form: &Form) -> Form {
    form.labelled(|field| {
        let name = match field {
            "capacity_mw" => "capacity",
            "kind" | "before" | "after" | "location" | "longitude" | "latitude"
            | "account_number" | "reason" | "evidence" | "vvb" | "positive" | "opinion" => field,
            _ => return None,
        };
        Some(t(lang, &format!("project_change.{name}")))
    })
}

/// What may change, each a link to its form.
fn kinds(lang: Lang, project: &str) -> AnyView {
    let links: Vec<_> = ChangeKind::ALL
        .iter()
        .map(|kind| {
            let address = format!("{project}/changes/new?kind={}", kind.code());
            let hint = t(lang, &format!("project_change.hint_{}", kind.code()));
            view! { <li><a href=address>{kind_label(lang, kind.code())}</a>" "<span class="quiet">{hint}</span></li> }
        })
        .collect();
    view! { <Section title=t(lang, "project_change.what") id="kinds"><ul class="links">{links}</ul></Section> }.into_any()
}

fn request_form(
    lang: Lang,
    kind: ChangeKind,
    project: String,
    owner: &str,
    design: &Fields,
    bodies: &[VvbChoice],
    form: Form,
) -> AnyView {
    let now = |name: &str| design.get(name).cloned().unwrap_or_default();
    let before = match kind {
        ChangeKind::OwnerName | ChangeKind::OwnerTransfer => Some(owner.to_owned()),
        ChangeKind::LocationCorrection => Some(format!(
            "{} ({}, {})",
            now("location"),
            now("longitude"),
            now("latitude")
        )),
        ChangeKind::Capacity => Some(format!("{} MW", now("capacity_mw"))),
        ChangeKind::MethodologyVersion => Some(now("methodology")),
        ChangeKind::MonitoringPlan => None,
    };
    let before = before.map(|before| {
        let rows = vec![SummaryRow::new(t(lang, "project_change.before"), before)];
        view! { <SummaryList rows/> }
    });
    // asked inside the form, where a field finds its value and its errors
    let after = move || {
        match kind {
        ChangeKind::OwnerName | ChangeKind::MethodologyVersion => view! { <Field name="after" label=t(lang, "project_change.after")/> }.into_any(),
        ChangeKind::MonitoringPlan => view! {
            <Field name="before" label=t(lang, "project_change.before") kind=Kind::Lines/>
            <Field name="after" label=t(lang, "project_change.after") kind=Kind::Lines/>
        }
        .into_any(),
        ChangeKind::OwnerTransfer => view! { <Field name="account_number" label=t(lang, "project_change.account_number") hint=t(lang, "project_change.account_hint")/> }.into_any(),
        ChangeKind::LocationCorrection => view! {
            <Field name="location" label=t(lang, "project_change.location")/>
            <Field name="longitude" label=t(lang, "project_change.longitude") kind=Kind::Decimal/>
            <Field name="latitude" label=t(lang, "project_change.latitude") kind=Kind::Decimal/>
        }
        .into_any(),
        ChangeKind::Capacity => view! { <Field name="capacity_mw" label=t(lang, "project_change.capacity") unit="MW" kind=Kind::Decimal/> }.into_any(),
    }
    };
    let choices: Vec<_> = bodies
        .iter()
        .map(|body| Choice::new(body.organisation.as_str(), body.name.clone()))
        .collect();
    let body = move || {
        kind.needs_opinion().then(move || {
        view! { <Field name="vvb" label=t(lang, "project_change.vvb") hint=t(lang, "project_change.vvb_hint") kind=Kind::Radios choices/> }
    })
    };
    let label = kind_label(lang, kind.code());
    let hint = t(lang, &format!("project_change.hint_{}", kind.code()));
    view! {
        <Section title=label id="request">
            <p>{hint}</p>
            {before}
            <ActForm act=Act::ChangeRequest form=labelled(lang, &form) submit=t(lang, "act.change_request")>
                <Hidden name="project" value=project/>
                <Hidden name="kind" value=kind.code()/>
                {after()}
                <Field name="reason" label=t(lang, "project_change.reason") kind=Kind::Lines/>
                <Field name="evidence" label=t(lang, "project_change.evidence") hint=t(lang, "project_change.evidence_hint") kind=Kind::Lines/>
                {body()}
            </ActForm>
        </Section>
    }
    .into_any()
}
