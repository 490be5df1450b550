//! The design document: a task list, one short page per section, and the page that shows all answers before they are sent.

use axum::extract::{Path, State};
use domain::id::ProjectId;
use domain::project::design::kind_of;
use domain::project::{DesignSection, ProjectDesign, SectionStatus, design_sections};
use domain::sector::{Family, project_type_of};
use domain::{Act, Refusal, Role};
use leptos::prelude::*;
use registry::{Fields, ProjectView, RecordKind};
use time::Date;

use super::document::{Document, findings};
use super::edit::{FORM_ID, SectionPage, body_locked, closed, every_question};
use super::record::{Record, act_label, reason, status, status_on};
use crate::form::{Form, Problem};
use crate::host::Host;
use crate::islands::calculator::{Calculator as LiveCalculator, CalculatorTexts, Source};
use crate::lang::{Lang, t, tp};
use crate::page::{Failed, OrFailed, Page, PageResult, require};
use crate::pages::public::compare::CompareButton;
use crate::parts::calculator_form::CalculatorFields;
use crate::parts::{
    ActForm, Field, Heading, Hidden, Kind, Notice, Section, SummaryList, Task, TaskList, TaskStatus,
};
use crate::result::{ResultTexts, outcome_view};
use crate::visitor::{Tone, Visitor};

/// What every page of the design document loads.
struct Draft {
    view: ProjectView,
    record: Record,
    today: Date,
    refusals: Vec<Refusal>,
    document: Document,
}

impl Draft {
    async fn load(host: &Host, visitor: &Visitor, id: &str) -> Result<Self, Failed> {
        let by = require(host, visitor, &[Role::ProjectOwner])?;
        let view = host
            .registry
            .project_get(&by, &ProjectId::new(id))
            .await
            .or_failed(host, visitor)?;
        let today = visitor.now.beijing_date();
        let methodology = view.fields.get("methodology").cloned().unwrap_or_default();
        let bodies = match project_type_of(methodology.trim()) {
            Some(kind) => host
                .registry
                .vvb_choices(kind.sector, today)
                .await
                .or_failed(host, visitor)?,
            None => Vec::new(),
        };
        Ok(Self {
            record: Record::of_project(visitor.lang, &view),
            refusals: ProjectDesign::read(&view.fields, today, &view.parameters)
                .err()
                .unwrap_or_default(),
            document: Document::design(
                visitor.lang,
                methodology.trim(),
                bodies,
                view.row.validator.clone(),
            ),
            view,
            today,
        })
    }

    fn page<'a>(&self, host: &'a Host, visitor: &'a Visitor, title: String) -> Page<'a> {
        let lang = visitor.lang;
        Page::new(host, visitor, title)
            .crumb(t(lang, "desk.projects_owner"), "/desk/projects")
            .crumb(self.record.name.clone(), self.record.address())
    }
}

/// `GET /desk/projects/{id}/edit`: the task list.
pub async fn tasks(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let draft = Draft::load(&host, &visitor, &id).await?;
    let boundary = super::boundary::Step::load(&host, &visitor, &draft.view).await?;
    let lang = visitor.lang;
    Ok(draft.page(&host, &visitor, t(lang, "desk.tasks_title")).view(move || {
        let record = draft.record;
        if !record.is_open() {
            return closed(lang, &record);
        }
        let edit = format!("{}/edit", record.address());
        let kind = kind_of(&draft.view.fields);
        let sections = design_sections(&draft.view.fields, draft.today, &draft.view.parameters);
        let complete = sections.iter().all(|(_, status)| *status == SectionStatus::Complete);
        let mut tasks: Vec<Task> = sections
            .into_iter()
            .map(|(section, status)| Task {
                title: t(lang, &format!("desk.section_{}", section.code())),
                hint: draft.document.section_text(section.code(), "_hint"),
                address: format!("{edit}/{}", section.code()),
                status: task_status(status, &section.fields(kind), &draft.refusals, &draft.view.fields),
            })
            .collect();
        tasks.extend(boundary.task(lang, &record));
        tasks.push(Task {
            title: t(lang, "desk.task_check"),
            hint: t(lang, "desk.task_check_hint"),
            address: format!("{}/check", record.address()),
            status: if complete { TaskStatus::NotStarted } else { TaskStatus::Begun },
        });
        view! {
            <Heading title=record.name.clone() above=record.above(lang) lead=t(lang, "desk.tasks_lead")/>
            {status_of(lang, &record)}
            {reason(lang, &record)}
            <Section title=t(lang, "desk.tasks_title")><TaskList tasks/></Section>
        }
        .into_any()
    }))
}

fn status_of(lang: Lang, record: &Record) -> AnyView {
    status(lang, record, Role::ProjectOwner)
}

/// A section that is not complete because something typed is wrong, or only because something is missing.
pub fn task_status(
    status: SectionStatus,
    names: &[&str],
    refusals: &[Refusal],
    fields: &Fields,
) -> TaskStatus {
    let wrong = refusals.iter().any(|refusal| {
        refusal.field.as_deref().is_some_and(|field| {
            names.contains(&super::edit::root(field))
                && fields
                    .get(field)
                    .is_some_and(|value| !value.trim().is_empty())
        })
    });
    match status {
        SectionStatus::NotStarted => TaskStatus::NotStarted,
        SectionStatus::InProgress if wrong => TaskStatus::Wrong,
        SectionStatus::InProgress => TaskStatus::Begun,
        SectionStatus::Complete => TaskStatus::Complete,
    }
}

/// `GET /desk/projects/{id}/edit/{section}`.
pub async fn section(
    State(host): State<Host>,
    visitor: Visitor,
    Path((id, code)): Path<(String, String)>,
) -> PageResult {
    let section = DesignSection::from_code(&code).or_failed(&host, &visitor)?;
    let draft = Draft::load(&host, &visitor, &id).await?;
    let lang = visitor.lang;
    let title = t(lang, &format!("desk.section_{}", section.code()));
    let page = draft.page(&host, &visitor, title.clone()).crumb(
        t(lang, "desk.tasks_title"),
        format!("{}/edit", draft.record.address()),
    );
    if !draft.record.is_open() {
        return Ok(page.view(move || closed(lang, &draft.record)));
    }
    let kind = kind_of(&draft.view.fields);
    let stored = super::lines::with_added_line(&visitor, draft.view.fields.clone());
    let form = SectionPage {
        kind: RecordKind::Project,
        id: draft.view.row.id.to_string(),
        revision: draft.view.row.revision,
        section: section.code(),
        names: section.fields(kind),
        stored,
        form: Form::default(),
    };
    let form = SectionPage::open(&host, &visitor, form, &draft.refusals).await;
    let page = if section == DesignSection::Estimate {
        page.wide()
    } else {
        page
    };
    Ok(page.view(move || {
        let document = draft.document.clone();
        let lead = document.section_text(section.code(), "_hint");
        let body = match section {
            DesignSection::Estimate => estimate(lang, &draft, form),
            DesignSection::Validator if draft.record.state != "draft" => {
                let body = draft.record.body.clone().unwrap_or_default();
                body_locked(lang, &body, form.tasks())
            }
            _ => form.form(
                lang,
                &document,
                every_question(&document, section.fields(kind)),
                false,
            ),
        };
        let judged = (section == DesignSection::Applicability)
            .then(|| findings_section(lang, &draft.view.fields))
            .flatten();
        let nobody = (section == DesignSection::Validator
            && document.bodies.iter().all(|body| !body.approved))
        .then(|| view! { <Notice tone=Tone::Attention title=t(lang, "desk.no_bodies")/> });
        view! { <Heading title above=draft.record.name.clone() lead/>{nobody}{body}{judged} }
    }))
}

/// The estimate: the form with the live calculation beside it. The server computed the same from the saved draft.
fn estimate(lang: Lang, draft: &Draft, form: SectionPage) -> AnyView {
    let Some(calculator) = draft.document.calculator else {
        let basics = format!("{}/basics", form.tasks());
        return view! {
            <Notice tone=Tone::Attention title=t(lang, "desk.methodology_first")><p><a href=basics>{t(lang, "desk.section_basics")}</a></p></Notice>
        }
        .into_any();
    };
    let place = before_estimate(lang, draft, &form);
    let land = kind_of(&draft.view.fields).is_some_and(|kind| kind.family == Family::Land);
    let fields = form.form.values().clone();
    let document = draft.document.clone();
    let open = !fields
        .get("factor_set")
        .map_or("", |text| text.trim())
        .is_empty()
        || fields
            .keys()
            .any(|name| name.starts_with("factor_set_by_year"));
    let asked = document.clone();
    let names = form.names.clone();
    let questions = move || {
        if land {
            return view! { <CalculatorFields calculator only=names/> }.into_any();
        }
        view! {
        {Vec::from(["capacity_mw", "export_mwh_per_year", "import_mwh_per_year", "heater_mwh_per_year"].map(|name| asked.question(name)))}
        <CalculatorFields calculator only=&["fuels"]/>
        {asked.question("factor_choice")}
        <details class="how" open=open>
            <summary class="how__summary">{t(lang, "desk.named_factors")}</summary>
            <div class="how__body"><CalculatorFields calculator only=&["factor_set", "factor_set_by_year"]/></div>
        </details>
        {asked.question("rounding")}
    }
    .into_any()
    };
    let parameters = draft.view.parameters.clone();
    let what_if = ProjectDesign::estimate_input(&draft.view.fields, draft.today)
        .map(|(code, input)| view! { <CompareButton calculator=code input text=t(lang, "compare.from_project")/> });
    let set_note = super::parameters::set_note(
        lang,
        &parameters,
        draft.view.calculations.last(),
        ProjectDesign::estimate_input(&draft.view.fields, draft.today),
    );
    let source = Source::Design {
        draft: draft.view.fields.clone(),
        as_of: methodologies::day::to_text(draft.today),
    };
    view! {
        {place}
        <div class="beside">
            <div class="beside__form">{form.form(lang, &document, questions, true)}</div>
            <div class="beside__result" id="result">
                <LiveCalculator source form_id=FORM_ID.to_owned() lang fields texts=CalculatorTexts::load(lang) result_texts=ResultTexts::load(lang) parameters/>
                {set_note}
                {what_if}
            </div>
        </div>
    }
    .into_any()
}

/// What the estimate takes from other sections, with a link to what is still missing there.
fn before_estimate(lang: Lang, draft: &Draft, form: &SectionPage) -> Option<AnyView> {
    let kind = kind_of(&draft.view.fields);
    let missing: Vec<_> = [
        ("grid", "place"),
        ("crediting_from", "dates"),
        ("crediting_to", "dates"),
    ]
    .into_iter()
    .filter(|(name, _)| DesignSection::of_field(name, kind).is_some())
    .filter(|(name, _)| {
        draft
            .view
            .fields
            .get(*name)
            .is_none_or(|value| value.trim().is_empty())
    })
    .map(|(name, section)| {
        let address = format!("{}/{section}#field-{name}", form.tasks());
        view! { <li><a href=address>{draft.document.label(name)}</a></li> }
    })
    .collect();
    if missing.is_empty() {
        return None;
    }
    Some(view! { <Notice tone=Tone::Note title=t(lang, "desk.estimate_needs")><ul>{missing}</ul></Notice> }.into_any())
}

/// `GET /desk/projects/{id}/check`: every answer, the calculation, and what is declared by sending it.
pub async fn check(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let draft = Draft::load(&host, &visitor, &id).await?;
    let lang = visitor.lang;
    let asks_mandate = draft.record.allowed.contains(&Act::ProjectRequestMandate);
    let act = if asks_mandate {
        Act::ProjectRequestMandate
    } else {
        Act::ProjectRequestPublicity
    };
    let form = Form::open(&host, &visitor, act, Fields::new()).await;
    Ok(draft.page(&host, &visitor, t(lang, "desk.check_title")).view(move || {
        let Draft { view, record, today, refusals, document } = draft;
        let edit = record.is_open().then(|| format!("{}/edit", record.address()));
        let kind = kind_of(&view.fields);
        let sections: Vec<_> = DesignSection::ALL
            .iter()
            .map(|section| {
                let address = edit.as_ref().map(|edit| format!("{edit}/{}", section.code()));
                let rows = document.rows(&section.fields(kind), &view.fields, address.as_deref());
                view! { <Section title=t(lang, &format!("desk.section_{}", section.code()))><SummaryList rows/></Section> }
            })
            .collect();
        let result = ProjectDesign::estimate_input(&view.fields, today).and_then(|(code, input)| methodologies::calculate_with(code, &input, &view.parameters).ok());
        let result = result.map(|outcome| {
            let texts = ResultTexts::load(lang);
            view! { <Section title=t(lang, "desk.calculation_title") id="calculation">{outcome_view(lang, &texts, &outcome)}</Section> }
        });
        let open = open_points(lang, &refusals, edit.as_deref(), |field| {
            DesignSection::of_field(field, kind).map(|section| (section.code(), document.label(field)))
        });
        let complete = refusals.is_empty();
        view! {
            <Heading title=t(lang, "desk.check_title") above=record.title(lang) lead=t(lang, "desk.check_lead")/>
            {status_on(lang, &record, Role::ProjectOwner, &format!("{}/check", record.address()))}
            {reason(lang, &record)}
            {open}
            {sections}
            {findings_section(lang, &view.fields)}
            {result}
            {(complete && record.allowed.contains(&act)).then(|| submit(lang, act, &record, &view.fields, form))}
        }
    }))
}

/// Every condition with its verdict.
fn findings_section(lang: Lang, fields: &Fields) -> Option<AnyView> {
    let list = findings(lang, fields)?;
    Some(
        view! {
            <Section title=t(lang, "desk.findings_title") id="conditions"><p class="quiet">{t(lang, "desk.findings_hint")}</p>{list}</Section>
        }
        .into_any(),
    )
}

/// More open points than this are counted only: a table may have hundreds.
const OPEN_POINTS_MAX: usize = 50;

/// What still keeps a document from being sent, each with a link to its field.
pub fn open_points(
    lang: Lang,
    refusals: &[Refusal],
    edit: Option<&str>,
    section_of: impl Fn(&str) -> Option<(&'static str, String)>,
) -> Option<AnyView> {
    let edit = edit?;
    if refusals.is_empty() {
        return None;
    }
    let more = refusals.len().saturating_sub(OPEN_POINTS_MAX);
    let lines: Vec<_> = refusals
        .iter()
        .take(OPEN_POINTS_MAX)
        .map(|refusal| {
            let text = Problem::from(refusal).text(lang);
            let place = refusal
                .field
                .as_deref()
                .and_then(|field| Some((field, section_of(field)?)));
            match place {
                Some((field, (section, label))) => {
                    let address = format!("{edit}/{section}#{}", crate::form::field_id(field));
                    view! { <li><a href=address>{label}</a>" – "{text}</li> }.into_any()
                }
                None => view! { <li>{text}</li> }.into_any(),
            }
        })
        .collect();
    let more = (more > 0).then(|| {
        let count = more.to_string();
        view! { <p>{tp(lang, "desk.open_points_more", &[("count", &count)])}</p> }
    });
    Some(view! { <Notice tone=Tone::Attention title=t(lang, "desk.open_points")><ul>{lines}</ul>{more}</Notice> }.into_any())
}

/// The last step: asks the validator, or the registry.
fn submit(lang: Lang, act: Act, record: &Record, fields: &Fields, form: Form) -> AnyView {
    let id = record.id.clone();
    if act == Act::ProjectRequestMandate {
        let validator = fields.get("validator").cloned().unwrap_or_default();
        let text = t(lang, "desk.mandate_text");
        return view! {
            <Section title=act_label(lang, act.name()) id="submit">
                <p>{text}</p>
                <ActForm act form submit=act_label(lang, act.name())>
                    <Hidden name="record" value=id/>
                    <Hidden name="validator" value=validator/>
                </ActForm>
            </Section>
        }
        .into_any();
    }
    let text = t(lang, "desk.publicity_text");
    view! {
        <Section title=act_label(lang, act.name()) id="submit">
            <p>{text}</p>
            <p class="prose">{t(lang, "desk.truth_statement_project")}</p>
            <ActForm act form submit=act_label(lang, act.name())>
                <Hidden name="record" value=id/>
                <Field name="statement" label=t(lang, "desk.truth_agree") kind=Kind::Checkbox/>
            </ActForm>
        </Section>
    }
    .into_any()
}
