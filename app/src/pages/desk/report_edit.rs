//! The monitoring report: a task list, one short page per section, and the page that shows all answers before they are sent.

use axum::extract::{Path, State};
use domain::green_certificate::{MONTHS, proposed_table};
use domain::id::{ProjectId, ReportId};
use domain::project::monitoring::BasisSite;
use domain::project::{
    MonitoringReport, ReportBasis, ReportSection, SectionStatus, monitoring, report_sections,
};
use domain::sector::ProjectType;
use domain::{Act, Refusal, Role};
use leptos::prelude::*;
use registry::{Fields, RecordKind, ReportView};
use time::Date;

use super::document::Document;
use super::edit::{FORM_ID, SectionPage, body_locked, closed, every_question};
use super::green_certificate::regime_notice;
use super::project_edit::{open_points, task_status};
use super::record::{Record, act_label, reason, status, status_on};
use super::table::table_form;
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::islands::calculator::{Calculator as LiveCalculator, CalculatorTexts, Source};
use crate::lang::{Lang, t, tp};
use crate::page::{Failed, OrFailed, Page, PageResult, require};
use crate::parts::calculator_form::CalculatorFields;
use crate::parts::{
    ActForm, Field, Heading, Hidden, Kind, Notice, Section, SummaryList, SummaryRow, Task,
    TaskList, TaskStatus,
};
use crate::result::{ResultTexts, outcome_view};
use crate::visitor::{Tone, Visitor};

/// What every page of the report loads.
struct Draft {
    view: ReportView,
    record: Record,
    today: Date,
    /// The registered design document, of which the report takes grid, capacity and crediting period.
    design: Fields,
    basis: Option<ReportBasis>,
    created_on: Date,
    refusals: Vec<Refusal>,
    document: Document,
    /// The name of the body that validated the project and therefore may not verify.
    validator: Option<String>,
}

impl Draft {
    async fn load(host: &Host, visitor: &Visitor, id: &str) -> Result<Self, Failed> {
        let by = require(host, visitor, &[Role::ProjectOwner])?;
        let view = host
            .registry
            .report_get(&by, &ReportId::new(id))
            .await
            .or_failed(host, visitor)?;
        let project = host
            .registry
            .project_get(&by, &ProjectId::new(view.row.project.as_str()))
            .await
            .or_failed(host, visitor)?;
        let today = visitor.now.beijing_date();
        let created_on = view
            .timeline
            .first()
            .map_or(today, |entry| entry.at.beijing_date());
        let design = project.published_fields.unwrap_or(project.fields);
        let basis = view.basis.clone();
        let mut bodies = match &basis {
            Some(basis) => host
                .registry
                .vvb_choices(basis.kind.sector, today)
                .await
                .or_failed(host, visitor)?,
            None => Vec::new(),
        };
        bodies.retain(|body| Some(&body.organisation) != project.validator.as_ref());
        Ok(Self {
            record: Record::of_report(visitor.lang, &view),
            refusals: view.open_points.clone(),
            document: Document::report(
                visitor.lang,
                &view.row.methodology,
                bodies,
                view.row.verifier.clone(),
            ),
            validator: project.row.validator,
            view,
            today,
            design,
            basis,
            created_on,
        })
    }

    fn kind(&self) -> Option<&'static ProjectType> {
        self.basis.as_ref().map(|basis| basis.kind)
    }

    fn page<'a>(&self, host: &'a Host, visitor: &'a Visitor, title: String) -> Page<'a> {
        let lang = visitor.lang;
        Page::new(host, visitor, title)
            .crumb(t(lang, "desk.reports_owner"), "/desk/reports")
            .crumb(self.record.title(lang), self.record.address())
    }
}

/// `GET /desk/reports/{id}/edit`: the task list.
pub async fn tasks(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let draft = Draft::load(&host, &visitor, &id).await?;
    let lang = visitor.lang;
    Ok(draft.page(&host, &visitor, t(lang, "desk.tasks_title")).view(move || {
        let kind = draft.kind();
        let record = draft.record;
        if !record.is_open() {
            return closed(lang, &record);
        }
        let edit = format!("{}/edit", record.address());
        let sections = draft.basis.as_ref().map(|basis| report_sections(&draft.view.fields, basis, draft.today, &draft.view.parameters)).unwrap_or_default();
        let complete = !sections.is_empty() && sections.iter().all(|(_, status)| *status == SectionStatus::Complete);
        let mut tasks: Vec<Task> = sections
            .into_iter()
            .map(|(section, status)| Task {
                title: t(lang, &format!("desk.section_{}", section.code())),
                hint: draft.document.section_text(section.code(), "_hint"),
                address: format!("{edit}/{}", section.code()),
                status: task_status(status, &section.fields(kind), &draft.refusals, &draft.view.fields),
            })
            .collect();
        tasks.push(Task {
            title: t(lang, "desk.task_check"),
            hint: t(lang, "desk.task_check_hint"),
            address: format!("{}/check", record.address()),
            status: if complete { TaskStatus::NotStarted } else { TaskStatus::Begun },
        });
        view! {
            <Heading title=record.title(lang) above=record.above(lang) lead=t(lang, "desk.tasks_lead")/>
            {status(lang, &record, Role::ProjectOwner)}
            {reason(lang, &record)}
            <Section title=t(lang, "desk.tasks_title")><TaskList tasks/></Section>
        }
        .into_any()
    }))
}

/// `GET /desk/reports/{id}/edit/{section}`.
pub async fn section(
    State(host): State<Host>,
    visitor: Visitor,
    Path((id, code)): Path<(String, String)>,
) -> PageResult {
    let section = ReportSection::from_code(&code).or_failed(&host, &visitor)?;
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
    let kind = draft.kind();
    let asked = !section.fields(kind).is_empty();
    asked.then_some(()).or_failed(&host, &visitor)?;
    let stored = super::lines::with_added_line(&visitor, with_proposed(section, &draft));
    let form = SectionPage {
        kind: RecordKind::Report,
        id: draft.view.row.id.to_string(),
        revision: draft.view.row.revision,
        section: section.code(),
        names: section.fields(kind),
        stored,
        form: Form::default(),
    };
    let form = SectionPage::open(&host, &visitor, form, &draft.refusals).await;
    let form = with_proposed_months(section, form);
    let page = if matches!(section, ReportSection::Lines | ReportSection::Strata)
        || section.table().is_some()
    {
        page.wide()
    } else {
        page
    };
    Ok(page.view(move || {
        let document = draft.document.clone();
        let lead = document.section_text(section.code(), "_hint");
        let excluded = (section == ReportSection::Verifier).then(|| excluded(lang, &draft));
        let body = match section {
            ReportSection::Lines => lines(lang, &draft, form),
            ReportSection::Strata => strata(lang, &draft, form),
            ReportSection::Plots | ReportSection::Trees => table(lang, &draft, form, section),
            ReportSection::Certificates => {
                let rule = regime_notice(lang, draft.created_on);
                let table = table(lang, &draft, form, section);
                view! { {rule}{table} }.into_any()
            }
            ReportSection::Verifier if draft.record.state != "draft" => {
                let body = draft.record.body.clone().unwrap_or_default();
                body_locked(lang, &body, form.tasks())
            }
            ReportSection::Factors => {
                let asked = document.clone();
                let questions = move || {
                    let only: &[&str] = &["factor_set", "factor_set_by_year"];
                    let named = asked
                        .calculator
                        .map(|calculator| view! { <CalculatorFields calculator only/> });
                    view! { {asked.question("factor_choice")}<div class="named">{named}</div> }
                        .into_any()
                };
                form.form(lang, &document, questions, false)
            }
            _ => form.form(
                lang,
                &document,
                every_question(&document, section.fields(kind)),
                false,
            ),
        };
        view! { <Heading title above=draft.record.title(lang) lead/>{excluded}{body} }
    }))
}

/// What the report takes from its project and from the report before it.
fn basis_rows(lang: Lang, document: &Document, site: &BasisSite) -> Vec<SummaryRow> {
    match site {
        BasisSite::Power { grid, capacity_mw } => vec![
            SummaryRow::new(document.label("grid"), document.value("grid", grid)),
            SummaryRow::new(
                document.label("capacity_mw"),
                format!("{} MW", format::decimal(&capacity_mw.to_string())),
            ),
        ],
        BasisSite::Land {
            planted_on,
            previous,
        } => {
            let mut rows = vec![SummaryRow::new(
                t(lang, "desk.land_field_construction_start"),
                format::date(lang, *planted_on),
            )];
            match previous {
                None => rows.push(SummaryRow::new(
                    t(lang, "desk.previous_stock"),
                    t(lang, "desk.previous_stock_none"),
                )),
                Some(previous) => {
                    rows.push(SummaryRow::new(
                        t(lang, "desk.previous_stock"),
                        tp(
                            lang,
                            "desk.previous_stock_of",
                            &[("day", &format::date(lang, previous.on))],
                        ),
                    ));
                    for (name, value) in previous
                        .fields
                        .iter()
                        .filter(|(name, _)| !name.contains('.') && document.knows(name))
                    {
                        rows.push(SummaryRow::new(
                            document.label(name),
                            document.value(name, value),
                        ));
                    }
                }
            }
            rows
        }
    }
}

/// A draft of planted land begins with the strata of the design document, one of a plant with a line per calendar year of its
/// period.
fn with_proposed(section: ReportSection, draft: &Draft) -> Fields {
    /// What was expected tells nothing about what happened.
    const EXPECTED: [&str; 2] = ["fires", "stated"];
    let mut fields = draft.view.fields.clone();
    if section == ReportSection::Strata {
        let asked = section.fields(draft.kind());
        let of_section = |name: &str| asked.contains(&super::edit::root(name));
        if !fields.keys().any(|name| of_section(name)) {
            let expected = |name: &str| EXPECTED.iter().any(|start| name.starts_with(start));
            let design = draft.design.iter().filter(|(name, _)| {
                of_section(name) && draft.document.knows(name) && !expected(name)
            });
            fields.extend(design.map(|(name, value)| (name.clone(), value.clone())));
        }
        return fields;
    }
    with_proposed_lines(section, fields)
}

fn with_proposed_lines(section: ReportSection, mut fields: Fields) -> Fields {
    let day =
        |name: &str| domain::text::date(name, fields.get(name).map_or("", String::as_str)).ok();
    let none = !fields.keys().any(|name| name.starts_with("lines."));
    if section == ReportSection::Lines
        && none
        && let Some((from, to)) = day("period_from").zip(day("period_to"))
    {
        fields.extend(monitoring::proposed_line_fields(from, to));
    }
    fields
}

/// A table of months begins with the months of the period and empty amounts.
fn with_proposed_months(section: ReportSection, mut page: SectionPage) -> SectionPage {
    let day = |name: &str| {
        let typed = page.stored.get(name).map_or("", String::as_str);
        domain::text::date(name, typed).ok()
    };
    if section == ReportSection::Certificates
        && page.form.value(MONTHS).trim().is_empty()
        && let Some((from, to)) = day("period_from").zip(day("period_to"))
    {
        let mut values = page.form.values().clone();
        values.insert(MONTHS.to_owned(), proposed_table(from, to));
        page.form = Form::with_problems(values, page.form.problems().to_vec());
    }
    page
}

/// Why one body is not in the list.
fn excluded(lang: Lang, draft: &Draft) -> AnyView {
    let nobody = draft.document.bodies.iter().all(|body| !body.approved);
    let validator = draft.validator.clone().map(|body| {
        let title = tp(lang, "desk.validator_excluded", &[("body", &body)]);
        view! { <Notice tone=Tone::Note title><p>{t(lang, "desk.validator_excluded_hint")}</p></Notice> }
    });
    view! { {validator}{nobody.then(|| view! { <Notice tone=Tone::Attention title=t(lang, "desk.no_bodies")/> })} }.into_any()
}

/// The meter readings, with the live accounting beside them.
fn lines(lang: Lang, draft: &Draft, form: SectionPage) -> AnyView {
    let period_section = format!("{}/period", form.tasks());
    let Some(calculator) = draft.document.calculator else {
        return ().into_any();
    };
    if form.stored.keys().all(|name| !name.starts_with("lines.")) {
        return view! {
            <Notice tone=Tone::Attention title=t(lang, "desk.period_first")><p><a href=period_section>{t(lang, "desk.section_period")}</a></p></Notice>
        }
        .into_any();
    }
    let fields = form.form.values().clone();
    let questions = move || view! { <CalculatorFields calculator only=&["lines"]/> }.into_any();
    let parameters = draft.view.parameters.clone();
    let calculated = draft.basis.as_ref().and_then(|basis| {
        MonitoringReport::accounting_input(&draft.view.fields, basis, draft.today)
    });
    let set_note = super::parameters::set_note(
        lang,
        &parameters,
        draft.view.calculations.last(),
        calculated,
    );
    let source = Source::Report {
        draft: draft.view.fields.clone(),
        design: draft.design.clone(),
        created_on: methodologies::day::to_text(draft.created_on),
        as_of: methodologies::day::to_text(draft.today),
    };
    view! {
        <div class="beside">
            <div class="beside__form">{form.form(lang, &draft.document, questions, true)}</div>
            <div class="beside__result" id="result">
                <LiveCalculator source form_id=FORM_ID.to_owned() lang fields texts=CalculatorTexts::load(lang) result_texts=ResultTexts::load(lang) parameters/>
                {set_note}
            </div>
        </div>
    }
    .into_any()
}

/// The strata and what happened on them, with the accounting below: computed here and not in the browser, since the tables
/// of plots and trees are part of it.
fn strata(lang: Lang, draft: &Draft, form: SectionPage) -> AnyView {
    let Some(calculator) = draft.document.calculator else {
        return ().into_any();
    };
    let names = form.names.clone();
    let questions = move || view! { <CalculatorFields calculator only=names/> }.into_any();
    let basis = draft
        .basis
        .as_ref()
        .map(|basis| basis_rows(lang, &draft.document, &basis.site));
    let known = basis.map(|rows| {
        view! { <Section title=t(lang, "desk.basis_title")><SummaryList rows/></Section> }
    });
    let result = accounting(lang, draft);
    view! { {known}{form.form(lang, &draft.document, questions, true)}<div id="result">{result}</div> }.into_any()
}

/// What the draft comes to as far as it goes.
fn accounting(lang: Lang, draft: &Draft) -> Option<AnyView> {
    let basis = draft.basis.as_ref()?;
    let (code, input) = MonitoringReport::accounting_input(&draft.view.fields, basis, draft.today)?;
    let outcome = methodologies::calculate_with(code, &input, &draft.view.parameters).ok()?;
    let texts = ResultTexts::load(lang);
    Some(view! { <Section title=t(lang, "desk.calculation_title") id="calculation">{outcome_view(lang, &texts, &outcome)}</Section> }.into_any())
}

/// One table, typed or sent as a file.
fn table(lang: Lang, draft: &Draft, form: SectionPage, section: ReportSection) -> AnyView {
    let name = section.table().unwrap_or_default();
    let Some(calculator) = draft.document.calculator else {
        return ().into_any();
    };
    table_form(form, lang, &draft.document, calculator, name)
}

/// `GET /desk/reports/{id}/check`: every answer, the accounting, and what is declared by sending it.
pub async fn check(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let draft = Draft::load(&host, &visitor, &id).await?;
    let lang = visitor.lang;
    let asks_mandate = draft.record.allowed.contains(&Act::ReportRequestMandate);
    let act = if asks_mandate {
        Act::ReportRequestMandate
    } else {
        Act::ReportRequestPublicity
    };
    let form = Form::open(&host, &visitor, act, Fields::new()).await;
    Ok(draft.page(&host, &visitor, t(lang, "desk.check_title")).view(move || {
        let Draft { view, record, today, refusals, document, basis, .. } = draft;
        let edit = record.is_open().then(|| format!("{}/edit", record.address()));
        let kind = basis.as_ref().map(|basis| basis.kind);
        let sections: Vec<_> = ReportSection::of_kind(kind)
            .iter()
            .map(|section| {
                let address = edit.as_ref().map(|edit| format!("{edit}/{}", section.code()));
                let rows = document.rows(&section.fields(kind), &view.fields, address.as_deref());
                view! { <Section title=t(lang, &format!("desk.section_{}", section.code()))><SummaryList rows/></Section> }
            })
            .collect();
        let basis_rows = basis.as_ref().map(|basis| {
            let (from, to) = basis.crediting;
            let mut rows = basis_rows(lang, &document, &basis.site);
            rows.push(SummaryRow::new(t(lang, "desk.crediting"), format::period(lang, from, to)));
            view! { <Section title=t(lang, "desk.basis_title")><SummaryList rows/></Section> }
        });
        let result = basis
            .as_ref()
            .and_then(|basis| MonitoringReport::accounting_input(&view.fields, basis, today))
            .and_then(|(code, input)| methodologies::calculate_with(code, &input, &view.parameters).ok());
        let result = result.map(|outcome| {
            let texts = ResultTexts::load(lang);
            view! { <Section title=t(lang, "desk.calculation_title") id="calculation">{outcome_view(lang, &texts, &outcome)}</Section> }
        });
        let open = open_points(lang, &refusals, edit.as_deref(), |field| {
            ReportSection::of_field(field, kind).map(|section| (section.code(), document.label(field)))
        });
        let complete = refusals.is_empty();
        view! {
            <Heading title=t(lang, "desk.check_title") above=record.title(lang) lead=t(lang, "desk.check_lead")/>
            {status_on(lang, &record, Role::ProjectOwner, &format!("{}/check", record.address()))}
            {reason(lang, &record)}
            {open}
            {basis_rows}
            {sections}
            {result}
            {(complete && record.allowed.contains(&act)).then(|| submit(lang, act, &record, &view.fields, form))}
        }
    }))
}

/// The last step: asks the verifier, or the registry.
fn submit(lang: Lang, act: Act, record: &Record, fields: &Fields, form: Form) -> AnyView {
    let id = record.id.clone();
    if act == Act::ReportRequestMandate {
        let verifier = fields.get("verifier").cloned().unwrap_or_default();
        return view! {
            <Section title=act_label(lang, act.name()) id="submit">
                <p>{t(lang, "desk.mandate_text_report")}</p>
                <ActForm act form submit=act_label(lang, act.name())>
                    <Hidden name="record" value=id/>
                    <Hidden name="verifier" value=verifier/>
                </ActForm>
            </Section>
        }
        .into_any();
    }
    view! {
        <Section title=act_label(lang, act.name()) id="submit">
            <p>{t(lang, "desk.publicity_text")}</p>
            <p class="prose">{t(lang, "desk.truth_statement_report")}</p>
            <ActForm act form submit=act_label(lang, act.name())>
                <Hidden name="record" value=id/>
                <Field name="statement" label=t(lang, "desk.truth_agree") kind=Kind::Checkbox/>
            </ActForm>
        </Section>
    }
    .into_any()
}
