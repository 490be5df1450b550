//! How lives end, on the desk: the forms of the ending acts, what a record's page says about its end, the way to begin again, and the
//! register of experts.

use axum::extract::State;
use domain::project::ending::{DeregistrationGround, ExpertConclusion, RevocationGround};
use domain::{Act, Role, Sector};
use leptos::prelude::*;
use registry::{Ending, ExpertAppointment, ExpertEntry, Fields, OwnerBan, RecordKind};

use super::record::Record;
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Choice, Column, DataTable, Field, Fieldset, Heading, Hidden, Irreversible, Kind,
    Notice, Section, SummaryList, SummaryRow, Tag,
};
use crate::visitor::{Tone, Visitor};

const EXPERTS: &str = "/desk/experts";

/// The verb of an act whose form is made here: `project_revoke` -> `revoke`.
fn verb(act: Act) -> Option<&'static str> {
    match act {
        Act::ProjectAbort | Act::ReportAbort => Some("abort"),
        Act::ProjectRefuseRegistration | Act::ReportRefuseRegistration => {
            Some("refuse_registration")
        }
        Act::ProjectAppointExperts | Act::ReportAppointExperts => Some("appoint_experts"),
        Act::ProjectRecordExpert | Act::ReportRecordExpert => Some("record_expert"),
        Act::ProjectRequestDeregistration => Some("request_deregistration"),
        Act::ProjectRefuseDeregistration => Some("refuse_deregistration"),
        Act::ProjectDeregister => Some("deregister"),
        Act::ProjectRevoke => Some("revoke"),
        _ => None,
    }
}

/// One sentence on what the act means; `None` for acts of other pages.
pub fn lead(lang: Lang, act: Act) -> Option<String> {
    Some(t(lang, &format!("ends.lead_{}", verb(act)?)))
}

/// What a field of these forms is called; `None` for fields of other forms.
pub fn label(lang: Lang, field: &str) -> Option<String> {
    let key = match field {
        "legal_ground" | "outstanding" | "ground" | "investigation" | "authority"
        | "document_number" | "document_date" | "count" | "appointment" | "conclusion"
        | "opinion" | "no_conflict" | "name" | "employer" => format!("ends.{field}"),
        _ if field.starts_with("sector.") => "ends.sectors".to_owned(),
        _ => return None,
    };
    Some(t(lang, &key))
}

/// The fields of an ending act's form; `None` for acts of other pages.
pub fn questions(lang: Lang, record: &Record, act: Act) -> Option<AnyView> {
    let asked = match verb(act)? {
        "abort" => view! { {reason(lang)}{finality(lang, "ends.final_abort")} }.into_any(),
        "refuse_registration" => view! {
            {reason(lang)}
            <Field name="legal_ground" label=t(lang, "ends.legal_ground") hint=t(lang, "ends.legal_ground_hint") kind=Kind::Lines rows=2/>
            {finality(lang, "ends.final_refuse_registration")}
        }
        .into_any(),
        "request_deregistration" => view! {
            {reason(lang)}
            <Field name="outstanding" label=t(lang, "ends.outstanding") hint=t(lang, "ends.outstanding_hint") kind=Kind::Lines rows=4/>
            {finality(lang, "ends.final_deregister")}
        }
        .into_any(),
        "refuse_deregistration" => reason(lang),
        "deregister" => deregistration(lang, record),
        "revoke" => revocation(lang),
        "appoint_experts" => view! {
            <Field name="count" label=t(lang, "ends.count") hint=t(lang, "ends.count_hint") kind=Kind::Decimal/>
            <p><a href=EXPERTS>{t(lang, "ends.experts_title")}</a></p>
        }
        .into_any(),
        _ => expert_answer(lang, record),
    };
    Some(asked)
}

fn reason(lang: Lang) -> AnyView {
    view! { <Field name="reason" label=t(lang, "desk.reason") hint=t(lang, "ends.reason_hint") kind=Kind::Lines rows=6/> }.into_any()
}

fn finality(lang: Lang, key: &str) -> AnyView {
    let text = t(lang, key);
    view! {
        <Irreversible title=t(lang, "desk.final_title") confirm=t(lang, "desk.final_confirm")><p>{text}</p></Irreversible>
    }
    .into_any()
}

fn deregistration(lang: Lang, record: &Record) -> AnyView {
    let requested = record.state == "deregistration_review";
    let choices = DeregistrationGround::ALL
        .iter()
        .filter(|ground| requested || **ground != DeregistrationGround::OwnerRequest)
        .map(|ground| Choice::new(ground.code(), ground_text(lang, ground.code())))
        .collect();
    view! {
        <Field name="ground" label=t(lang, "ends.ground") kind=Kind::Radios choices/>
        {reason(lang)}
        <Field name="investigation" label=t(lang, "ends.investigation") hint=t(lang, "ends.investigation_hint") kind=Kind::Lines rows=4 optional=requested/>
        {finality(lang, "ends.final_deregister")}
    }
    .into_any()
}

fn revocation(lang: Lang) -> AnyView {
    let choices = RevocationGround::ALL
        .iter()
        .map(|ground| Choice::new(ground.code(), ground_text(lang, ground.code())))
        .collect();
    view! {
        <Notice tone=Tone::Note title=t(lang, "ends.code_title")><p>{t(lang, "ends.code_text")}" "<a href="/rules#penalty">{t(lang, "rulebook.see_penalties")}</a></p></Notice>
        <Field name="authority" label=t(lang, "ends.authority") hint=t(lang, "ends.authority_hint")/>
        <Field name="document_number" label=t(lang, "ends.document_number")/>
        <Field name="document_date" label=t(lang, "ends.document_date") kind=Kind::Date/>
        <Field name="ground" label=t(lang, "ends.ground") hint=t(lang, "ends.ground_hint") kind=Kind::Radios choices/>
        {reason(lang)}
        {finality(lang, "ends.final_revoke")}
    }
    .into_any()
}

fn expert_answer(lang: Lang, record: &Record) -> AnyView {
    let open: Vec<Choice> = record
        .ends
        .experts
        .iter()
        .filter(|one| one.conclusion.is_none())
        .map(|one| Choice::new(one.id.clone(), format!("{} · {}", one.name, one.employer)))
        .collect();
    if open.is_empty() {
        return view! { <Notice tone=Tone::Note title=t(lang, "ends.experts_none_open")/> }
            .into_any();
    }
    let conclusions = ExpertConclusion::ALL
        .iter()
        .map(|one| Choice::new(one.code(), expert_text(lang, one.code())))
        .collect();
    view! {
        <Field name="appointment" label=t(lang, "ends.appointment") kind=Kind::Radios choices=open/>
        <Field name="no_conflict" label=t(lang, "ends.no_conflict") kind=Kind::Checkbox/>
        <Field name="conclusion" label=t(lang, "ends.conclusion") kind=Kind::Radios choices=conclusions/>
        <Field name="opinion" label=t(lang, "ends.opinion") hint=t(lang, "ends.opinion_hint") kind=Kind::Lines rows=6/>
    }
    .into_any()
}

/// What a ground is called, on the desk and on public pages.
pub fn ground_text(lang: Lang, code: &str) -> String {
    t(lang, &format!("ends.ground_{code}"))
}

fn expert_text(lang: Lang, code: &str) -> String {
    t(lang, &format!("ends.expert_{code}"))
}

/// How something ended, as rows: for the desk and for the public page.
pub fn ending_rows(lang: Lang, ending: &Ending) -> Vec<SummaryRow> {
    let mut rows = vec![
        SummaryRow::new(
            t(lang, "ends.kind"),
            t(lang, &format!("ends.kind_{}", ending.kind)),
        ),
        SummaryRow::new(t(lang, "ends.on"), format::date_text(lang, &ending.on)),
    ];
    let mut add = |key: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            rows.push(SummaryRow::new(t(lang, key), value));
        }
    };
    add(
        "ends.ground",
        ending.ground.as_deref().map(|code| ground_text(lang, code)),
    );
    add("desk.reason", Some(ending.reason.clone()));
    add("ends.legal_ground", Some(ending.legal_ground.clone()));
    add("ends.investigation", ending.investigation.clone());
    add("ends.authority", ending.authority.clone());
    add("ends.document_number", ending.document_number.clone());
    add(
        "ends.document_date",
        ending
            .document_date
            .as_deref()
            .map(|day| format::date_text(lang, day)),
    );
    rows
}

/// What a record's page says about its end: how it ended, requests, bars, retention, experts; and the way to begin again.
pub fn section(lang: Lang, record: &Record, again: Option<Again>) -> Option<AnyView> {
    let ends = &record.ends;
    let ending = ends.ending.as_ref().map(|ending| {
        view! { <h3>{t(lang, "ends.ending_title")}</h3><SummaryList rows=ending_rows(lang, ending)/> }
    });
    let request = ends.request.as_ref().map(|request| {
        let decision = request.decision.as_deref().unwrap_or("open");
        let mut rows = vec![
            SummaryRow::new(
                t(lang, "ends.requested_on"),
                format::date_text(lang, &request.requested_on),
            ),
            SummaryRow::new(t(lang, "desk.reason"), request.reason.clone()),
            SummaryRow::new(t(lang, "ends.outstanding"), request.outstanding.clone()),
            SummaryRow::new(
                t(lang, "ends.decision"),
                t(lang, &format!("ends.decision_{decision}")),
            ),
        ];
        if let Some(why) = request.decision_reason.clone() {
            rows.push(SummaryRow::new(t(lang, "ends.decision_reason"), why));
        }
        view! { <h3>{t(lang, "ends.request_title")}</h3><SummaryList rows/> }
    });
    let bans = (!ends.bans.is_empty()).then(|| bans_view(lang, &ends.bans));
    let experts = (!ends.experts.is_empty()).then(|| experts_view(lang, &ends.experts));
    let kept = ends.retain_until.as_deref().map(|day| {
        let text = tp(
            lang,
            "ends.retain_until",
            &[("date", &format::date_text(lang, day))],
        );
        view! { <p>{text}</p> }
    });
    let source = ends.source.as_ref().map(|id| {
        let address = super::record::record_address(record.kind, id);
        view! { <p><a href=address>{t(lang, "ends.source")}</a></p> }
    });
    let again = again.map(|again| again.view(lang));
    let nothing = ending.is_none()
        && request.is_none()
        && bans.is_none()
        && experts.is_none()
        && kept.is_none()
        && source.is_none()
        && again.is_none();
    if nothing {
        return None;
    }
    Some(
        view! {
            <Section title=t(lang, "ends.title") id="ends">
                {ending}{request}{bans}{experts}{kept}{source}{again}
            </Section>
        }
        .into_any(),
    )
}

fn bans_view(lang: Lang, bans: &[OwnerBan]) -> AnyView {
    let rows = bans
        .iter()
        .map(|ban| {
            let until = ban.free_on.as_deref().map_or_else(
                || t(lang, "ends.ban_for_good"),
                |day| format::date_text(lang, day),
            );
            let (key, tone) = if ban.in_force {
                ("ends.ban_in_force", Tone::Refused)
            } else {
                ("ends.ban_over", Tone::Note)
            };
            vec![
                ban.project.clone().into_any(),
                ground_text(lang, &ban.ground).into_any(),
                format::date_text(lang, &ban.from).into_any(),
                until.into_any(),
                view! { <Tag text=t(lang, key) tone/> }.into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "ends.ban_project")),
        Column::text(t(lang, "ends.ground")),
        Column::text(t(lang, "ends.ban_from")),
        Column::text(t(lang, "ends.ban_free_on")),
        Column::text(t(lang, "ends.ban_state")),
    ];
    view! {
        <DataTable caption=t(lang, "ends.bans_title") columns rows empty=""/>
        <p class="remark">{t(lang, "ends.ban_rule")}</p>
    }
    .into_any()
}

fn experts_view(lang: Lang, experts: &[ExpertAppointment]) -> AnyView {
    let rows = experts
        .iter()
        .map(|one| {
            let answer = one.conclusion.as_deref().map_or_else(
                || t(lang, "ends.expert_open"),
                |code| expert_text(lang, code),
            );
            vec![
                format!("{} · {}", one.name, one.employer).into_any(),
                format::date_text(lang, &one.appointed_on).into_any(),
                answer.into_any(),
                one.opinion.clone().unwrap_or_default().into_any(),
                tp(
                    lang,
                    "ends.drawn_from",
                    &[
                        ("count", &one.candidates.to_string()),
                        ("seed", one.seed.get(..16).unwrap_or_default()),
                    ],
                )
                .into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "ends.expert")),
        Column::text(t(lang, "ends.appointed_on")),
        Column::text(t(lang, "ends.conclusion")),
        Column::text(t(lang, "ends.opinion")),
        Column::text(t(lang, "ends.draw")),
    ];
    view! {
        <DataTable caption=t(lang, "ends.experts_of_review") columns rows empty=""/>
        <p class="remark">{t(lang, "ends.draw_rule")}</p>
    }
    .into_any()
}

/// The form that begins an application again from one that has ended.
pub struct Again {
    act: Act,
    form: Form,
    source: String,
    /// The project, for a report.
    project: Option<String>,
}

impl Again {
    /// The form, if the viewer is the owner and the application ended so that it may be begun again. `project`: of a report.
    pub async fn offered(
        host: &Host,
        visitor: &Visitor,
        record: &Record,
        project: Option<String>,
    ) -> Option<Self> {
        let ended = matches!(
            record.state.as_str(),
            "discarded" | "withdrawn" | "terminated"
        );
        // what ended with its project cannot be begun again: there is no project to create it for
        let lost = record
            .ends
            .ending
            .as_ref()
            .is_some_and(|ending| ending.kind == "project_lost");
        if visitor.role() != Some(Role::ProjectOwner) || !ended || lost {
            return None;
        }
        let act = match record.kind {
            RecordKind::Project => Act::ProjectCreate,
            RecordKind::Report => Act::ReportCreate,
        };
        Some(Self {
            act,
            form: Form::open(host, visitor, act, Fields::new()).await,
            source: record.id.clone(),
            project,
        })
    }

    fn view(self, lang: Lang) -> AnyView {
        let project = self
            .project
            .map(|project| view! { <Hidden name="project" value=project/> });
        view! {
            <p>{t(lang, "ends.again_text")}</p>
            <ActForm act=self.act form=self.form submit=t(lang, "ends.again") quiet=true>
                <Hidden name="source" value=self.source/>
                {project}
            </ActForm>
        }
        .into_any()
    }
}

/// `GET /desk/experts`: who may be drawn, and who was.
pub async fn experts(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let experts = host
        .registry
        .experts(&by)
        .await
        .or_failed(&host, &visitor)?;
    let add = Form::open(&host, &visitor, Act::ExpertAdd, Fields::new()).await;
    let mut ends = Vec::new();
    for expert in experts.iter().filter(|one| one.ended_on.is_none()) {
        let which = Some(("expert", expert.id.as_str()));
        let form = Form::open_one_of(&host, &visitor, Act::ExpertEnd, which, Fields::new()).await;
        ends.push((expert.clone(), form));
    }
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "ends.experts_title"))
        .wide()
        .view(move || {
            view! {
                <Heading title=t(lang, "ends.experts_title") lead=t(lang, "ends.experts_lead")/>
                {register(lang, &experts)}
                {endings(lang, ends)}
                {add_form(lang, add)}
            }
        }))
}

fn register(lang: Lang, experts: &[ExpertEntry]) -> AnyView {
    let rows = experts
        .iter()
        .map(|one| {
            let until = one
                .ended_on
                .as_deref()
                .map_or_else(|| "–".to_owned(), |day| format::date_text(lang, day));
            let sectors: Vec<String> = one
                .sectors
                .iter()
                .map(|sector| sector_text(lang, *sector))
                .collect();
            vec![
                one.name.clone().into_any(),
                one.employer.clone().into_any(),
                sectors.join(lang.choose("、", ", ")).into_any(),
                format::date_text(lang, &one.added_on).into_any(),
                until.into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "ends.name")),
        Column::text(t(lang, "ends.employer")),
        Column::text(t(lang, "ends.sectors")),
        Column::text(t(lang, "ends.added_on")),
        Column::text(t(lang, "ends.ended_on")),
    ];
    view! { <DataTable caption=t(lang, "ends.experts_title") columns rows empty=t(lang, "ends.experts_empty")/> }
        .into_any()
}

fn sector_text(lang: Lang, sector: Sector) -> String {
    t(lang, &format!("ends.sector_{}", sector.code()))
}

/// One small form per expert who may still be drawn.
fn endings(lang: Lang, ends: Vec<(ExpertEntry, Form)>) -> Option<AnyView> {
    if ends.is_empty() {
        return None;
    }
    let forms: Vec<_> = ends
        .into_iter()
        .map(|(expert, form)| {
            let submit = tp(lang, "ends.expert_end", &[("name", &expert.name)]);
            view! {
                <ActForm act=Act::ExpertEnd form submit quiet=true>
                    <Hidden name="expert" value=expert.id/>
                </ActForm>
            }
        })
        .collect();
    Some(view! { <Section title=t(lang, "ends.expert_end_title")>{forms}</Section> }.into_any())
}

fn add_form(lang: Lang, form: Form) -> AnyView {
    let form = form.labelled(|field| label(lang, field));
    view! {
        <Section title=t(lang, "ends.expert_add_title") id="add">
            <ActForm act=Act::ExpertAdd form submit=t(lang, "act.expert_add")>
                <Field name="name" label=t(lang, "ends.name")/>
                <Field name="employer" label=t(lang, "ends.employer") hint=t(lang, "ends.employer_hint")/>
                {sector_boxes(lang)}
            </ActForm>
        </Section>
    }
    .into_any()
}

fn sector_boxes(lang: Lang) -> AnyView {
    let boxes = move || {
        Sector::ALL
            .iter()
            .map(|sector| {
                view! { <Field name=format!("sector.{}", sector.code()) label=sector_text(lang, *sector) kind=Kind::Checkbox/> }
            })
            .collect::<Vec<_>>()
    };
    view! { <Fieldset legend=t(lang, "ends.sectors")>{boxes()}</Fieldset> }.into_any()
}
