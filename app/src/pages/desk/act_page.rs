//! One page per act that needs a text, a decision or a confirmation: `/desk/projects/{id}/do/{verb}` and the same for
//! reports. It shows what the act will do before the button.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::act::Access;
use domain::project::guard;
use domain::refusal::codes;
use domain::rulebook::{LimitCode, RuleBook};
use domain::{Act, Refusal};
use leptos::prelude::*;
use methodologies::{InputError, Outcome};
use registry::{Fields, OpinionView, RecordKind};
use time::Date;

use super::ends;
use super::engagement::{desk_section, impartiality_points, missing_list};
use super::record::{Record, act_address, act_label, is_ending, outcome_of, status};
use crate::acts::record::{VALIDATION_PARTS, VERIFICATION_PARTS};
use crate::acts::see_other;
use crate::form::{Form, Problem};
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, error_page, require};
use crate::parts::{
    ActForm, Column, DataTable, Field, Fieldset, Heading, Hidden, Irreversible, Kind, Notice,
    Section, SummaryList, SummaryRow, Tag,
};
use crate::result::{ResultTexts, outcome_view};
use crate::visitor::{Tone, Visitor};

/// `GET /desk/projects/{id}/do/{verb}`.
pub async fn project_do(
    State(host): State<Host>,
    visitor: Visitor,
    Path((id, verb)): Path<(String, String)>,
) -> PageResult {
    show(&host, &visitor, RecordKind::Project, &id, &verb).await
}

/// `GET /desk/reports/{id}/do/{verb}`.
pub async fn report_do(
    State(host): State<Host>,
    visitor: Visitor,
    Path((id, verb)): Path<(String, String)>,
) -> PageResult {
    show(&host, &visitor, RecordKind::Report, &id, &verb).await
}

async fn show(
    host: &Host,
    visitor: &Visitor,
    kind: RecordKind,
    id: &str,
    verb: &str,
) -> PageResult {
    let act = Act::from_name(&format!("{}_{verb}", kind.code())).or_failed(host, visitor)?;
    let Access::Roles(roles) = act.roles() else {
        return Ok(error_page(host, visitor, StatusCode::NOT_FOUND));
    };
    let by = require(host, visitor, roles)?;
    let elsewhere = act_address(kind, id, act);
    if !elsewhere.ends_with(&format!("/do/{verb}")) {
        return Ok(see_other(&elsewhere));
    }
    let lang = visitor.lang;
    let record = Record::read(&host.registry, &by, lang, kind, id)
        .await
        .or_failed(host, visitor)?;
    let page = Page::new(host, visitor, act_label(lang, act.name()))
        .crumb(record.title(lang), record.address());
    if !record.allowed.contains(&act) {
        return Ok(too_late(page, lang, act, record, by.role));
    }
    let facts = Facts::gather(host, visitor, &record, act).await?;
    let form = at_amounts(&Form::open(host, visitor, act, Fields::new()).await);
    let form = form.labelled(|field| label_of(lang, &form, field));
    Ok(page.view(move || {
        view! {
            <Heading title=act_label(lang, act.name()) above=record.title(lang) lead=lead(lang, act)/>
            {facts.shown(lang, &record, act)}
            <ActForm act form submit=act_label(lang, act.name()) ends=is_ending(act) cancel=record.address()>
                <Hidden name="record" value=record.id.clone()/>
                {questions(lang, &record, act, &facts)}
            </ActForm>
        }
    }))
}

/// The act is not possible (any more): says in which state the record is instead.
fn too_late(
    page: Page<'_>,
    lang: Lang,
    act: Act,
    record: Record,
    viewer: domain::Role,
) -> Response {
    page.status(StatusCode::CONFLICT).view(move || {
        let back = record.address();
        view! {
            <Heading title=act_label(lang, act.name()) above=record.title(lang)/>
            <Notice tone=Tone::Attention title=t(lang, "desk.too_late")><p>{t(lang, "desk.too_late_hint")}</p></Notice>
            {status(lang, &record, viewer)}
            <p><a class="button button--secondary" href=back>{t(lang, "desk.back_to_record")}</a></p>
        }
    })
}

/// One sentence on what the act means.
fn lead(lang: Lang, act: Act) -> String {
    ends::lead(lang, act).unwrap_or_else(|| t(lang, &format!("desk.lead_{}", act.name())))
}

/// What the page computes before it asks.
struct Facts {
    /// The window of publicity, when approving it.
    window: Option<Result<(Date, Date), Refusal>>,
    /// The window as it is, and as the calendar in force gives it, when extending it.
    extension: Option<Extension>,
    /// The calculation as it was submitted.
    submitted: Option<Outcome>,
    /// The same input computed again now.
    recomputed: Option<Result<Outcome, Vec<InputError>>>,
    /// The project's checks, when registering.
    checks: Vec<(String, Option<String>)>,
    /// Tonnes per year, of a report: applied, verified.
    lines: Vec<registry::ReportLine>,
    /// What the body has done, when it reports.
    desk: Option<registry::EngagementView>,
    /// The rule book in force.
    book: RuleBook,
}

/// A publicity window that is to be extended.
struct Extension {
    /// Its last day.
    end: String,
    /// Its last day by the calendar in force; empty where the calendar does not reach so far.
    due: String,
    /// The calendar in force.
    calendar: String,
}

impl Extension {
    fn of(record: &Record, book: &RuleBook) -> Self {
        let start = record.publicity_start.as_deref();
        let due = start
            .and_then(format::parse_date)
            .and_then(|start| book.publicity_end(start).ok());
        Self {
            end: record.publicity_end.clone().unwrap_or_default(),
            due: due.map(|day| day.to_string()).unwrap_or_default(),
            calendar: book.calendar.version().to_owned(),
        }
    }
}

impl Facts {
    async fn gather(
        host: &Host,
        visitor: &Visitor,
        record: &Record,
        act: Act,
    ) -> Result<Self, crate::page::Failed> {
        let today = visitor.now.beijing_date();
        let approves = matches!(
            act,
            Act::ProjectApprovePublicity | Act::ReportApprovePublicity
        );
        let extends = matches!(
            act,
            Act::ProjectExtendPublicity | Act::ReportExtendPublicity
        );
        let book = host.registry.rule_book().await.or_failed(host, visitor)?;
        let stored = record.latest_calculation();
        let mut facts = Self {
            window: approves.then(|| book.publicity_window(today)),
            extension: extends.then(|| Extension::of(record, &book)),
            submitted: stored.and_then(outcome_of),
            recomputed: stored.map(|stored| {
                methodologies::calculate_with(&stored.calculator, &stored.input, &stored.parameters)
            }),
            checks: Vec::new(),
            lines: Vec::new(),
            desk: None,
            book,
        };
        let by = visitor.by("").or_failed(host, visitor)?;
        if reports(act) {
            let desk = host.registry.engagement_get(&by, record.kind, &record.id);
            facts.desk = Some(desk.await.or_failed(host, visitor)?);
        }
        match record.kind {
            RecordKind::Report => {
                facts.lines = host
                    .registry
                    .report_get(&by, &record.id.as_str().into())
                    .await
                    .or_failed(host, visitor)?
                    .lines;
            }
            RecordKind::Project if act == Act::ProjectRegister => {
                let view = host
                    .registry
                    .project_get(&by, &record.id.as_str().into())
                    .await
                    .or_failed(host, visitor)?;
                facts.checks = checks(visitor.lang, &view, today, &facts);
            }
            RecordKind::Project => {}
        }
        Ok(facts)
    }

    /// How long publicity is, as the rule book says for its first day.
    fn window_length(&self, lang: Lang, start: Date) -> String {
        let days = self.book.limit(LimitCode::Publicity, start).to_string();
        tp(lang, "desk.window_days", &[("count", &days)])
    }

    /// What the person should see before deciding.
    fn shown(&self, lang: Lang, record: &Record, act: Act) -> AnyView {
        let window = self.window.as_ref().map(|window| match window {
            Ok((start, end)) => {
                let (start, end) = (*start, *end);
                let rows = vec![
                    SummaryRow::new(t(lang, "desk.window_first"), format::date(lang, start)),
                    SummaryRow::new(t(lang, "desk.window_last"), format::date(lang, end)),
                    SummaryRow::new(
                        t(lang, "desk.window_length"),
                        self.window_length(lang, start),
                    ),
                ];
                view! { <Section title=t(lang, "desk.window_title")><SummaryList rows/></Section> }
                    .into_any()
            }
            Err(refusal) => {
                view! { <Notice tone=Tone::Refused title=Problem::from(refusal).text(lang)/> }
                    .into_any()
            }
        });
        let compares = matches!(
            act,
            Act::ProjectValidate
                | Act::ProjectReject
                | Act::ReportVerify
                | Act::ReportReject
                | Act::ProjectRegister
                | Act::ReportRegister
                | Act::ProjectApprovePublicity
                | Act::ReportApprovePublicity
        );
        let comparison =
            compares.then(|| comparison(lang, self.submitted.as_ref(), self.recomputed.as_ref()));
        let work = self.desk.as_ref().map(|desk| work_view(lang, desk, act));
        let checks = (!self.checks.is_empty()).then(|| checks_view(lang, &self.checks));
        let issue = (act == Act::ReportIssue).then(|| issue_view(lang, record, &self.lines));
        view! { {window}{checks}{work}{comparison}{issue} }.into_any()
    }
}

/// The acts by which a body uploads its report.
fn reports(act: Act) -> bool {
    matches!(
        act,
        Act::ProjectValidate | Act::ProjectReject | Act::ReportVerify | Act::ReportReject
    )
}

/// What of the desk goes into the report, and for a positive one what is still missing.
fn work_view(lang: Lang, desk: &registry::EngagementView, act: Act) -> AnyView {
    let positive = matches!(act, Act::ProjectValidate | Act::ReportVerify);
    let missing = (positive && !desk.missing.is_empty()).then(|| {
        let list = missing_list(lang, desk);
        view! { <Notice tone=Tone::Attention title=t(lang, "engagement.missing_title")>{list}</Notice> }
    });
    view! {
        {missing}
        {desk_section(lang, desk)}
        <p class="quiet">{t(lang, "engagement.taken_over")}</p>
    }
    .into_any()
}

/// The submitted numbers beside the recomputation, and the difference.
pub fn comparison(
    lang: Lang,
    submitted: Option<&Outcome>,
    recomputed: Option<&Result<Outcome, Vec<InputError>>>,
) -> AnyView {
    let Some(submitted) = submitted else {
        return ().into_any();
    };
    let again = match recomputed {
        Some(Ok(outcome)) => outcome.clone(),
        Some(Err(errors)) => {
            let errors: Vec<_> = errors
                .iter()
                .map(|error| view! { <li>{lang.message(&error.text()).to_owned()}</li> })
                .collect();
            return view! { <Notice tone=Tone::Refused title=t(lang, "desk.recompute_failed")><ul>{errors}</ul></Notice> }.into_any();
        }
        None => return ().into_any(),
    };
    let years: BTreeMap<i32, i64> = again
        .year_lines
        .iter()
        .map(|line| (line.year, line.er_t))
        .collect();
    let mut rows: Vec<Vec<AnyView>> = submitted
        .year_lines
        .iter()
        .map(|line| {
            row(
                lang,
                line.year.to_string(),
                line.er_t,
                years.get(&line.year).copied(),
            )
        })
        .collect();
    rows.push(row(
        lang,
        t(lang, "desk.row_annual"),
        submitted.annual_t,
        Some(again.annual_t),
    ));
    rows.push(row(
        lang,
        t(lang, "desk.row_total"),
        submitted.total_t,
        Some(again.total_t),
    ));
    let columns = vec![
        Column::text(t(lang, "desk.column_year")),
        Column::number(t(lang, "desk.column_submitted")),
        Column::number(t(lang, "desk.column_recomputed")),
        Column::number(t(lang, "desk.column_difference")),
    ];
    let same = *submitted == again;
    let (tone, key) = if same {
        (Tone::Done, "desk.recompute_same")
    } else {
        (Tone::Attention, "desk.recompute_differs")
    };
    let texts = ResultTexts::load(lang);
    view! {
        <Section title=t(lang, "desk.recompute_title") id="recomputation">
            <Notice tone title=t(lang, key)/>
            <DataTable caption=t(lang, "desk.recompute_caption") columns rows empty=""/>
            <details class="how">
                <summary class="how__summary">{t(lang, "desk.recompute_steps")}</summary>
                <div class="how__body">{outcome_view(lang, &texts, &again)}</div>
            </details>
        </Section>
    }
    .into_any()
}

fn row(lang: Lang, label: String, submitted: i64, again: Option<i64>) -> Vec<AnyView> {
    let difference = again.map(|again| again - submitted);
    let shown = difference.map_or_else(
        || "–".to_owned(),
        |difference| {
            if difference > 0 {
                format!("+{}", format::whole(difference))
            } else {
                format::whole(difference)
            }
        },
    );
    let difference = if difference == Some(0) {
        shown.into_any()
    } else {
        view! { <Tag text=format!("{shown} {}", t(lang, "desk.differs")) tone=Tone::Attention/> }
            .into_any()
    };
    vec![
        label.into_any(),
        format::whole(submitted).into_any(),
        again
            .map_or_else(|| "–".to_owned(), format::whole)
            .into_any(),
        difference,
    ]
}

/// What the registry looks at before it registers a project: each check with what is wrong, if anything.
fn checks(
    lang: Lang,
    view: &registry::ProjectView,
    today: Date,
    facts: &Facts,
) -> Vec<(String, Option<String>)> {
    let wrong = |result: Result<(), Refusal>| {
        result
            .err()
            .map(|refusal| Problem::from(&refusal).text(lang))
    };
    let day =
        |name: &str| domain::text::date(name, view.fields.get(name).map_or("", String::as_str));
    let methodology = &view.row.methodology;
    let crediting = day("crediting_from").ok().zip(day("crediting_to").ok());
    let undecided = view
        .opinions
        .iter()
        .filter(|opinion| opinion.moderation == "submitted")
        .count();
    let unanswered = view
        .opinions
        .iter()
        .filter(|opinion| opinion.moderation == "published" && opinion.reply.is_none())
        .count();
    let open = |count: usize, key: &str| {
        (count > 0).then(|| tp(lang, key, &[("count", &count.to_string())]))
    };
    let same = matches!((&facts.submitted, &facts.recomputed), (Some(submitted), Some(Ok(again))) if submitted == again);
    let open_points: Vec<_> = view
        .open_points
        .iter()
        .map(|refusal| Problem::from(refusal).text(lang))
        .collect();
    let positive = view
        .assessment
        .as_ref()
        .is_some_and(|assessment| assessment.conclusion == "positive");
    vec![
        (
            t(lang, "desk.check_complete"),
            (!open_points.is_empty()).then(|| open_points.join(" ")),
        ),
        (
            t(lang, "desk.check_methodology"),
            wrong(guard::methodology_covers(
                methodology,
                methodologies::find(methodology, today).is_some()
                    && facts.book.admits(methodology, today),
            )),
        ),
        (
            t(lang, "desk.check_commencement"),
            wrong(day("construction_start").and_then(guard::commenced_after_cutoff)),
        ),
        (
            t(lang, "desk.check_crediting"),
            wrong(guard::crediting_period_fits(crediting, methodology)),
        ),
        (
            t(lang, "desk.check_validated"),
            (!positive).then(|| t(lang, "desk.check_validated_not")),
        ),
        (
            t(lang, "desk.check_opinions"),
            open(undecided, "desk.check_undecided")
                .or_else(|| open(unanswered, "desk.check_unanswered")),
        ),
        (
            t(lang, "desk.check_recomputed"),
            (!same).then(|| t(lang, "desk.recompute_differs")),
        ),
    ]
}

fn checks_view(lang: Lang, checks: &[(String, Option<String>)]) -> AnyView {
    let rows = checks
        .iter()
        .map(|(label, wrong)| {
            let value = match wrong {
                None => view! { <Tag text=t(lang, "desk.check_met") tone=Tone::Done/> }.into_any(),
                Some(reason) => view! { <Tag text=t(lang, "desk.check_not_met") tone=Tone::Refused/>" "{reason.clone()} }.into_any(),
            };
            SummaryRow::new(label.clone(), value)
        })
        .collect();
    view! { <Section title=t(lang, "desk.checks_title")><SummaryList rows/></Section> }.into_any()
}

/// The postings of an issue, before it happens: one per year of generation.
fn issue_view(lang: Lang, record: &Record, lines: &[registry::ReportLine]) -> AnyView {
    let code = record.code.clone().unwrap_or_default();
    let total: i64 = lines.iter().filter_map(|line| line.verified).sum();
    let mut rows: Vec<Vec<AnyView>> = lines
        .iter()
        .map(|line| {
            let tonnes = line.verified.unwrap_or_default();
            let note = if tonnes > 0 {
                record.owner.clone()
            } else {
                t(lang, "desk.issue_nothing")
            };
            vec![
                line.year.to_string().into_any(),
                format!("{code}-{}", line.year).into_any(),
                note.into_any(),
                format::whole(tonnes).into_any(),
            ]
        })
        .collect();
    rows.push(vec![
        t(lang, "desk.row_total").into_any(),
        ().into_any(),
        ().into_any(),
        format::whole(total).into_any(),
    ]);
    let columns = vec![
        Column::text(t(lang, "desk.column_vintage")),
        Column::text(t(lang, "desk.column_class")),
        Column::text(t(lang, "desk.column_receiver")),
        Column::number(t(lang, "desk.column_tonnes")),
    ];
    view! {
        <Section title=t(lang, "desk.issue_title")>
            <DataTable caption=t(lang, "desk.issue_caption") columns rows empty=t(lang, "desk.issue_nothing")/>
        </Section>
    }
    .into_any()
}

/// The refusal that names a year whose amounts differ belongs to the field of that year.
fn at_amounts(form: &Form) -> Form {
    let field_of = |year: &str| {
        let line = form.values().iter().find(|(name, value)| {
            let at = name
                .strip_prefix("amounts.")
                .and_then(|rest| rest.strip_suffix(".year"));
            at.is_some() && value.trim() == year
        });
        line.map(|(name, _)| name.replace(".year", ".tonnes"))
    };
    let place = |problem: &Problem| {
        let mut problem = problem.clone();
        if problem.field.is_none() && problem.code == codes::APPLIED_DIFFERS_FROM_VERIFIED {
            let year = problem.params.iter().find(|(name, _)| name == "year");
            problem.field = year.and_then(|(_, year)| field_of(year));
        }
        problem
    };
    Form::with_problems(
        form.values().clone(),
        form.problems().iter().map(place).collect(),
    )
}

/// What a field of these forms is called in the summary of errors.
fn label_of(lang: Lang, form: &Form, field: &str) -> Option<String> {
    if let Some(line) = field
        .strip_prefix("amounts.")
        .and_then(|rest| rest.split('.').next())
    {
        return Some(form.value(&format!("amounts.{line}.year")).to_owned());
    }
    let key = match field {
        "contract" | "reason" | "commitment" => format!("desk.{field}"),
        "publicity_end" => "rulebook.field_publicity_end".to_owned(),
        "statement" => "desk.undertakings_agree".to_owned(),
        "confirm" => "desk.final_confirm".to_owned(),
        "impartiality" => "engagement.impartiality_title".to_owned(),
        _ if field.starts_with("opinions.") => "desk.handled_title".to_owned(),
        _ if !field.starts_with("parts.") => return ends::label(lang, field),
        _ => format!("desk.part_{}", field.strip_prefix("parts.")?),
    };
    Some(t(lang, &key))
}

/// The fields of the act's form.
fn questions(lang: Lang, record: &Record, act: Act, facts: &Facts) -> AnyView {
    match act {
        Act::ProjectConfirmMandate | Act::ReportConfirmMandate => view! {
            <Field name="contract" label=t(lang, "desk.contract") hint=t(lang, "desk.contract_hint")/>
            {impartiality_points(lang)}
            <Field name="impartiality" label=t(lang, "engagement.field_impartiality") kind=Kind::Checkbox/>
        }
        .into_any(),
        Act::ProjectApplyRegistration | Act::ReportApplyRegistration => {
            let undertakings = if act == Act::ProjectApplyRegistration { "desk.undertakings_project" } else { "desk.undertakings_report" };
            view! {
                <p class="prose">{t(lang, undertakings)}</p>
                <Field name="statement" label=t(lang, "desk.undertakings_agree") kind=Kind::Checkbox/>
            }
            .into_any()
        }
        Act::ProjectValidate => view! {
            {parts(lang, VALIDATION_PARTS)}
            {validated_amounts(lang, facts)}
            {handled(lang, &record.opinions)}
            {commitment(lang)}
        }
        .into_any(),
        Act::ReportVerify => view! {
            {parts(lang, VERIFICATION_PARTS)}
            {verified_amounts(lang, facts)}
            {handled(lang, &record.opinions)}
            {commitment(lang)}
        }
        .into_any(),
        Act::ProjectReject | Act::ReportReject => {
            let list = if act == Act::ProjectReject { VALIDATION_PARTS } else { VERIFICATION_PARTS };
            view! {
                {parts(lang, list)}
                {commitment(lang)}
                {finality(lang, "desk.final_reject")}
            }
            .into_any()
        }
        Act::ProjectWithdraw | Act::ReportWithdraw => view! { {reason(lang, act)}{finality(lang, "desk.final_withdraw")} }.into_any(),
        Act::ProjectApproveRecall | Act::ReportApproveRecall => finality(lang, "desk.final_recall"),
        Act::ReportIssue => finality(lang, "desk.final_issue"),
        Act::ProjectExtendPublicity | Act::ReportExtendPublicity => {
            view! { {facts.extension.as_ref().map(|window| extension_field(lang, window))}{reason(lang, act)} }.into_any()
        }
        Act::ProjectDeclineMandate
        | Act::ReportDeclineMandate
        | Act::ProjectReturn
        | Act::ReportReturn
        | Act::ProjectRequestRecall
        | Act::ReportRequestRecall
        | Act::ProjectRefuseRecall
        | Act::ReportRefuseRecall
        | Act::ProjectReturnRegistration
        | Act::ReportReturnRegistration
        | Act::ProjectPause
        | Act::ReportPause => reason(lang, act),
        _ => ends::questions(lang, record, act).unwrap_or_else(|| ().into_any()),
    }
}

/// The new last day: filled in with what the calendar in force gives, where that is later.
fn extension_field(lang: Lang, window: &Extension) -> AnyView {
    let shown = |day: &str| {
        if day.is_empty() {
            "–".to_owned()
        } else {
            format::date_text(lang, day)
        }
    };
    let hint = tp(
        lang,
        "rulebook.extend_hint",
        &[
            ("end", &shown(&window.end)),
            ("calendar", &window.calendar),
            ("due", &shown(&window.due)),
        ],
    );
    let default = if window.due > window.end {
        window.due.clone()
    } else {
        String::new()
    };
    view! { <Field name="publicity_end" label=t(lang, "rulebook.field_publicity_end") hint kind=Kind::Date default/> }
        .into_any()
}

fn reason(lang: Lang, act: Act) -> AnyView {
    let hint = match act {
        Act::ProjectReturn
        | Act::ReportReturn
        | Act::ProjectReturnRegistration
        | Act::ReportReturnRegistration => "desk.reason_hint_return",
        Act::ProjectPause | Act::ReportPause => "desk.reason_hint_pause",
        _ => "desk.reason_hint",
    };
    view! { <Field name="reason" label=t(lang, "desk.reason") hint=t(lang, hint) kind=Kind::Lines rows=6/> }.into_any()
}

/// What cannot be undone, with a box to tick.
fn finality(lang: Lang, key: &str) -> AnyView {
    let text = t(lang, key);
    view! {
        <Irreversible title=t(lang, "desk.final_title") confirm=t(lang, "desk.final_confirm")><p>{text}</p></Irreversible>
    }
    .into_any()
}

/// The parts of a report, each a text of its own.
fn parts(lang: Lang, list: &[&str]) -> AnyView {
    let fields: Vec<_> = list
        .iter()
        .map(|part| {
            let (label, hint) = (
                t(lang, &format!("desk.part_{part}")),
                t(lang, &format!("desk.part_{part}_hint")),
            );
            view! { <Field name=format!("parts.{part}") label hint kind=Kind::Lines rows=4/> }
        })
        .collect();
    view! { <Fieldset legend=t(lang, "desk.parts_title") hint=t(lang, "desk.parts_hint")>{fields}</Fieldset> }.into_any()
}

/// The validated tonnes of each year of the crediting period, as the recomputation gives them.
fn validated_amounts(lang: Lang, facts: &Facts) -> AnyView {
    let Some(Ok(outcome)) = &facts.recomputed else {
        return ().into_any();
    };
    let lines: Vec<_> = outcome
        .year_lines
        .iter()
        .map(|line| (line.year, line.er_t, line.er_t))
        .collect();
    amounts(
        lang,
        &lines,
        "desk.amounts_validated",
        "desk.amounts_validated_hint",
    )
}

/// The verified tonnes of each calendar year.
fn verified_amounts(lang: Lang, facts: &Facts) -> AnyView {
    let again: BTreeMap<i32, i64> = match &facts.recomputed {
        Some(Ok(outcome)) => outcome
            .year_lines
            .iter()
            .map(|line| (line.year, line.er_t))
            .collect(),
        _ => BTreeMap::new(),
    };
    let lines: Vec<_> = facts
        .lines
        .iter()
        .map(|line| {
            (
                line.year,
                line.applied,
                again.get(&line.year).copied().unwrap_or(line.applied),
            )
        })
        .collect();
    amounts(
        lang,
        &lines,
        "desk.amounts_verified",
        "desk.amounts_verified_hint",
    )
}

/// One field per year: (year, submitted, recomputed).
fn amounts(lang: Lang, lines: &[(i32, i64, i64)], legend: &str, hint: &str) -> AnyView {
    let fields: Vec<_> = lines
        .iter()
        .enumerate()
        .map(|(at, (year, submitted, again))| {
            let shown = tp(lang, "desk.amount_hint", &[("submitted", &format::whole(*submitted)), ("recomputed", &format::whole(*again))]);
            view! {
                <Hidden name=format!("amounts.{at}.year") value=year.to_string()/>
                <Field name=format!("amounts.{at}.tonnes") label=year.to_string() hint=shown unit="tCO₂e" kind=Kind::Decimal default=again.to_string()/>
            }
        })
        .collect();
    view! {
        <Fieldset legend=t(lang, legend) hint=t(lang, hint)><div class="amounts">{fields}</div></Fieldset>
    }
    .into_any()
}

/// How each published opinion was handled.
fn handled(lang: Lang, opinions: &[OpinionView]) -> AnyView {
    let published: Vec<_> = opinions
        .iter()
        .filter(|opinion| opinion.moderation == "published")
        .collect();
    if published.is_empty() {
        return view! { <p class="quiet">{t(lang, "desk.handled_none")}</p> }.into_any();
    }
    let fields: Vec<_> = published
        .into_iter()
        .map(|opinion| {
            let reply = opinion.reply.clone().unwrap_or_else(|| t(lang, "desk.handled_no_reply"));
            let (author, text) = (opinion.author.clone(), opinion.text.clone());
            view! {
                <blockquote class="opinion">
                    <p class="opinion__who"><strong>{author.clone()}</strong></p>
                    <p class="prose">{text}</p>
                    <p class="opinion__label">{t(lang, "desk.opinion_reply")}</p>
                    <p class="prose">{reply}</p>
                </blockquote>
                <Field name=format!("opinions.{}", opinion.id) label=tp(lang, "desk.handled_label", &[("author", &author)]) kind=Kind::Lines rows=3/>
            }
        })
        .collect();
    view! { <Fieldset legend=t(lang, "desk.handled_title") hint=t(lang, "desk.handled_hint")>{fields}</Fieldset> }.into_any()
}

fn commitment(lang: Lang) -> AnyView {
    view! { <Field name="commitment" label=t(lang, "desk.commitment") hint=t(lang, "desk.commitment_hint") kind=Kind::Checkbox/> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::fields;
    use time::macros::date;

    #[test]
    fn a_difference_is_shown_at_the_year_it_is_about() {
        let typed = fields([
            ("amounts.0.year", "2022"),
            ("amounts.0.tonnes", "1"),
            ("amounts.1.year", "2023"),
            ("amounts.1.tonnes", "2"),
        ]);
        let refusal = Refusal::new(codes::APPLIED_DIFFERS_FROM_VERIFIED)
            .with("year", 2023)
            .with("applied", 3)
            .with("verified", 2);
        let form = at_amounts(&Form::with_problems(typed, vec![Problem::from(&refusal)]));
        assert_eq!(form.problems_at("amounts.1.tonnes").count(), 1);
        assert_eq!(
            label_of(Lang::En, &form, "amounts.1.tonnes").as_deref(),
            Some("2023")
        );
    }

    #[test]
    fn the_window_shown_is_20_working_days_from_the_next_one_and_never_guessed() {
        // approved on a Saturday: from Monday, over the Spring Festival
        assert_eq!(
            RuleBook::initial().publicity_window(date!(2026 - 02 - 07)),
            Ok((date!(2026 - 02 - 09), date!(2026 - 03 - 12)))
        );
        let reaching_2027 = RuleBook::initial().publicity_window(date!(2026 - 12 - 15));
        assert!(reaching_2027.is_err());
    }
}
