//! What a body of the platform is asked about events: the list, and one event with everything that its statement rests on.

use axum::extract::{Path, RawQuery, State};
use domain::{Act, Role};
use leptos::prelude::*;
use registry::{EvaluationListRow, EvaluationView, EventDossier, Fields};

use super::files::named_files;
use super::overlap;
use super::public::profile;
use super::shown::{
    TONNES, days, evaluation_label, footprint_view, guide_remark, state_label, units_table,
};
use crate::form::Form;
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::public::filters::Filters;
use crate::pages::public::shown::prose;
use crate::parts::{
    ActForm, Column, DataTable, Field, Heading, Hidden, Kind, Notice, Section, SummaryList,
    SummaryRow, Tag,
};
use crate::visitor::{Tone, Visitor};

/// Who is asked.
const BODIES: &[Role] = &[Role::Vvb];
const FILTERS: &[&str] = &["after"];
const PAGE_ROWS: i64 = 25;

/// `GET /desk/evaluations`.
pub async fn list(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, BODIES)?;
    let filters = Filters::read(query.as_deref(), FILTERS);
    let page = host
        .registry
        .evaluations(&by, &filters.page(PAGE_ROWS))
        .await;
    let page = page.or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "event_evaluation.list_title"))
        .wide()
        .view(move || {
            let rows = page.rows.iter().map(|row| cells(lang, row)).collect();
            let (next, first) = filters.pages("/desk/evaluations", page.next.as_deref());
            let columns = ["event.name", "event.organiser", "event.version", "event_evaluation.asked_on", "event_evaluation.state"]
                .map(|key| Column::text(t(lang, key)))
                .to_vec();
            view! {
                <Heading title=t(lang, "event_evaluation.list_title") lead=t(lang, "event_evaluation.list_lead")/>
                <DataTable caption=t(lang, "event_evaluation.list_title") columns rows empty=t(lang, "event_evaluation.list_empty") next first/>
            }
        }))
}

/// Where a body reads one event.
pub fn address(event: &str) -> String {
    format!("/desk/evaluations/{event}")
}

fn cells(lang: Lang, row: &EvaluationListRow) -> Vec<AnyView> {
    let address = address(&row.event.id);
    vec![
        view! { <a href=address>{row.event.name.clone()}</a>" "<code>{row.event.number.clone()}</code> }.into_any(),
        row.organiser.clone().into_any(),
        row.status.version.to_string().into_any(),
        format::date(lang, row.asked_at.beijing_date()).into_any(),
        state_tag(lang, &row.status.state),
    ]
}

/// What stands of a question, in a frame.
pub fn state_tag(lang: Lang, state: &str) -> AnyView {
    let tone = match state {
        "confirmed" => Tone::Done,
        "declined" => Tone::Refused,
        "asked" => Tone::Attention,
        _ => Tone::Note,
    };
    let text = t(lang, &format!("event_evaluation.state_{state}"));
    view! { <Tag text tone/> }.into_any()
}

/// `GET /desk/evaluations/{event}`.
pub async fn show(
    State(host): State<Host>,
    visitor: Visitor,
    Path(event): Path<String>,
) -> PageResult {
    let by = require(&host, &visitor, BODIES)?;
    let read = host.registry.event_evaluation(&by, &event).await;
    let read = read.or_failed(&host, &visitor)?;
    let confirm = Form::open(&host, &visitor, Act::EventEvaluationConfirm, Fields::new()).await;
    let decline = Form::open(&host, &visitor, Act::EventEvaluationDecline, Fields::new()).await;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, read.row.event.name.clone())
        .crumb(t(lang, "event_evaluation.list_title"), "/desk/evaluations")
        .wide()
        .view(move || body(lang, &read, confirm, decline)))
}

fn body(lang: Lang, read: &EvaluationView, confirm: Form, decline: Form) -> AnyView {
    let row = &read.row;
    let status = &row.status;
    let mut facts = vec![
        SummaryRow::new(t(lang, "event.organiser"), row.organiser.clone()),
        SummaryRow::new(
            t(lang, "event.days"),
            days(lang, &row.event.starts_on, &row.event.ends_on),
        ),
        SummaryRow::new(t(lang, "event.state"), state_label(lang, row.event.state)),
        SummaryRow::new(t(lang, "event.version"), status.version.to_string()),
        SummaryRow::new(
            t(lang, "event_evaluation.state"),
            state_tag(lang, &status.state),
        ),
    ];
    if let Some(day) = &status.decided_on {
        let day = format::date_text(lang, day);
        facts.push(SummaryRow::new(t(lang, "event_evaluation.decided_on"), day));
    }
    if let Some(opinion) = &status.opinion {
        facts.push(SummaryRow::new(
            t(lang, "event_evaluation.opinion"),
            prose(opinion),
        ));
    }
    let outdated = (status.state == "outdated").then(
        || view! { <Notice tone=Tone::Attention title=t(lang, "event_evaluation.outdated")/> },
    );
    let basis = read.dossier.as_ref().map(|dossier| basis(lang, dossier));
    let answer = read
        .dossier
        .as_ref()
        .filter(|_| read.may_answer)
        .map(|dossier| answers(lang, &row.event.id, dossier, confirm, decline));
    view! {
        <Heading above=row.event.number.clone() title=row.event.name.clone() lead=t(lang, "event_evaluation.lead")/>
        {outdated}
        <SummaryList rows=facts/>
        {basis}
        {answer}
        {guide_remark(lang)}
    }
    .into_any()
}

/// What the statement rests on: statement, footprint, inventory, evidence, units, boundary.
fn basis(lang: Lang, dossier: &EventDossier) -> AnyView {
    let version = &dossier.version;
    let content = &version.content;
    let statement = vec![
        SummaryRow::new(t(lang, "event.evaluation"), evaluation_label(lang, version)),
        SummaryRow::new(
            t(lang, "event.evaluation_text"),
            prose(&content.evaluation_text),
        ),
        SummaryRow::new(
            t(lang, "event.evaluated_on"),
            format::date_text(lang, &content.evaluated_on),
        ),
        SummaryRow::new(
            t(lang, "event.units"),
            format!(
                "{} / {} {TONNES}",
                whole(content.counted_tonnes),
                whole(version.tonnes)
            ),
        ),
    ];
    let pack = format!("/desk/evaluations/{}/evidence.zip", dossier.id);
    let footprint = footprint_view(lang, &version.footprint, t(lang, "event.total_accounted"));
    let files = named_files(lang, &content.files, true);
    let no_files = content
        .files
        .is_empty()
        .then(|| view! { <Notice tone=Tone::Note title=t(lang, "event_evaluation.no_files")/> });
    let units = units_table(lang, &content.units);
    let boundary = profile(lang, &content.profile);
    let overlaps = overlap::decided(lang, &content.overlaps);
    let lines = lines_table(lang, dossier);
    view! {
        <Section title=t(lang, "event_evaluation.statement") id="statement"><SummaryList rows=statement/></Section>
        <Section title=t(lang, "event.result") id="result">{footprint}</Section>
        <Section title=t(lang, "event.inventory") id="inventory">{lines}</Section>
        {files}
        {no_files}
        <Section title=t(lang, "event.units") id="units">{units}</Section>
        <Section title=t(lang, "event.boundary") id="boundary">{boundary}{overlaps}</Section>
        <p><a href=pack>{t(lang, "event_file.pack")}</a></p>
    }
    .into_any()
}

/// Lines that the page lists; the archive has every line.
const LINES_SHOWN: usize = 200;

/// Each line of the inventory with what it emits and what it rests on.
fn lines_table(lang: Lang, dossier: &EventDossier) -> AnyView {
    let lines = super::print::evidence_lines(&dossier.version);
    let more = lines.len().saturating_sub(LINES_SHOWN);
    let more = (more > 0)
        .then(|| view! { <p>{tp(lang, "event.more_lines", &[("more", &more.to_string())])}</p> });
    let rows = lines
        .into_iter()
        .take(LINES_SHOWN)
        .map(|(line, evidence)| {
            vec![
                line.activity.into_any(),
                format!(
                    "{} {}",
                    format::decimal(&line.quantity.normalize().to_string()),
                    line.unit
                )
                .into_any(),
                line.factor.into_any(),
                evidence.into_any(),
                format::decimal(&line.kg.normalize().to_string()).into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "event.activity")),
        Column::number(t(lang, "event.quantity")),
        Column::text(t(lang, "event.factor")),
        Column::text(t(lang, "event_evaluation.evidence")),
        Column::number("kgCO2e"),
    ];
    view! { <DataTable caption=t(lang, "event.inventory") columns rows empty=t(lang, "event.no_lines")/>{more} }
        .into_any()
}

/// The two answers. Each is given once.
fn answers(
    lang: Lang,
    event: &str,
    dossier: &EventDossier,
    confirm: Form,
    decline: Form,
) -> AnyView {
    let hidden = || {
        let (event, seen) = (event.to_owned(), dossier.seen.clone());
        view! { <Hidden name="event" value=event/><Hidden name="seen" value=seen/> }.into_any()
    };
    let (of_confirmation, of_refusal) = (hidden(), hidden());
    view! {
        <Section title=t(lang, "act.event_evaluation_confirm") id="confirm">
            <ActForm act=Act::EventEvaluationConfirm form=confirm submit=t(lang, "act.event_evaluation_confirm")>
                {of_confirmation}
                <Field name="opinion" label=t(lang, "event_evaluation.opinion") hint=t(lang, "event_evaluation.opinion_public") kind=Kind::Lines/>
                <Field name="statement" label=t(lang, "event_evaluation.states") kind=Kind::Checkbox/>
            </ActForm>
        </Section>
        <Section title=t(lang, "act.event_evaluation_decline") id="decline">
            <p>{t(lang, "event_evaluation.decline_lead")}</p>
            <ActForm act=Act::EventEvaluationDecline form=decline submit=t(lang, "act.event_evaluation_decline") ends=true>
                {of_refusal}
                <Field name="opinion" label=t(lang, "event_evaluation.reason") kind=Kind::Lines/>
            </ActForm>
        </Section>
    }
    .into_any()
}
