//! What several public pages show in the same way: states, calculations, opinions, reports, credits, the timeline.

use domain::Calendar;
use domain::project::{Party, ProjectState, ReportState};
use leptos::prelude::*;
use methodologies::Outcome;
use registry::{
    CalculationView, PublicAct, PublicAssessment, PublicClass, PublicOpinion, PublicReportRow,
    RecordKind, YearAmount,
};
use time::Date;

use crate::format::{self, whole};
use crate::lang::{Lang, t, tp};
use crate::parts::{
    Amount, Column, DataTable, Event, Section, SummaryList, SummaryRow, Tag, Timeline, state_label,
};
use crate::result::ResultTexts;
use crate::visitor::{Tone, encode};

/// The unit of every credit and every reduction.
pub const TONNES: &str = "tCO₂e";

/// What stands where a methodology stands for other credits.
pub const INCLUSION: &str = "inclusion";

/// The kind of a class and by whom it is recognised, in words.
pub fn class_kind(lang: Lang, unit_kind: &str, recognition: &str) -> String {
    format!(
        "{}{}{}",
        t(lang, &format!("event.class_kind_{unit_kind}")),
        lang.choose("，", ", "),
        t(lang, &format!("event.class_recognition_{recognition}"))
    )
}

/// `CCER-01-002-V01 并网海上风力发电`; an unknown code shows itself.
pub fn methodology_name(lang: Lang, code: &str) -> String {
    if code == INCLUSION {
        return t(lang, "event.scheme_method");
    }
    let known = methodologies::catalogue()
        .iter()
        .find(|methodology| methodology.code == code);
    known.map_or_else(
        || code.to_owned(),
        |methodology| {
            format!(
                "{code} {}",
                lang.choose(methodology.title.zh, methodology.title.en)
            )
        },
    )
}

/// The page that explains a methodology.
pub fn methodology_link(lang: Lang, code: &str) -> AnyView {
    if code == INCLUSION {
        return methodology_name(lang, code).into_any();
    }
    view! { <a href=format!("/methodologies#{code}")>{methodology_name(lang, code)}</a> }.into_any()
}

/// The name of a project type, `A0201 并网海上风力发电`.
pub fn project_type_name(lang: Lang, code: &str) -> String {
    let known = domain::sector::PROJECT_TYPES
        .iter()
        .find(|kind| kind.code == code);
    known.map_or_else(
        || code.to_owned(),
        |kind| format!("{code} {}", lang.choose(kind.name_zh, kind.name_en)),
    )
}

/// The name of a province by its code; a text that is none shows itself.
pub fn province_name(lang: Lang, code: &str) -> String {
    domain::place::province_of(code)
        .map_or(code, |province| {
            lang.choose(province.name_zh, province.name_en)
        })
        .to_owned()
}

/// The address of a project: by its code, or by its id while it has none.
pub fn project_address(code: Option<&str>, id: &str) -> String {
    format!(
        "/projects/{}",
        encode(code.filter(|code| !code.is_empty()).unwrap_or(id))
    )
}

/// The address of a serial number or a range of them.
pub fn serial_address(serial: &str) -> String {
    format!("/serials/{}", encode(serial))
}

/// A serial number with a link to what became of it.
pub fn serial_link(serial: &str) -> AnyView {
    view! { <a class="serial" href=serial_address(serial)><code>{serial.to_owned()}</code></a> }
        .into_any()
}

/// The state in a frame: green once credits can come of it, red when it has ended without.
pub fn state_tag(lang: Lang, code: &str) -> AnyView {
    let tone = match code {
        "registered" | "expired" | "issued" => Tone::Done,
        "terminated" | "withdrawn" | "deregistered" | "revoked" => Tone::Refused,
        _ => Tone::Note,
    };
    view! { <Tag text=state_label(lang, code) tone/> }.into_any()
}

/// Whose turn it is, as the public may know it: a role, a date, or nobody.
pub fn turn_text(lang: Lang, kind: RecordKind, state: &str) -> String {
    let party = match kind {
        RecordKind::Project => ProjectState::from_code(state).map(ProjectState::turn),
        RecordKind::Report => ReportState::from_code(state).map(ReportState::turn),
    };
    t(
        lang,
        &format!("public.turn_{}", party.unwrap_or(Party::Nobody).code()),
    )
}

/// Whether anyone may comment on a record in this state.
pub fn is_open_to_opinions(kind: RecordKind, state: &str) -> bool {
    match kind {
        RecordKind::Project => ProjectState::from_code(state).is_some_and(|state| {
            state
                .row(domain::project::ProjectEvent::SubmitOpinion)
                .is_ok()
        }),
        RecordKind::Report => ReportState::from_code(state).is_some_and(|state| {
            state
                .row(domain::project::ReportEvent::SubmitOpinion)
                .is_ok()
        }),
    }
}

/// Working days from today (not counted) to the last day; negative once it has passed, `None` where the published calendar ends.
pub fn working_days_left(calendar: &Calendar, today: Date, last: &str) -> Option<i64> {
    let last = format::parse_date(last)?;
    let days = |from: Date, to: Date| {
        calendar
            .working_days_between(from.next_day()?, to)
            .ok()
            .map(i64::from)
    };
    match today.cmp(&last) {
        std::cmp::Ordering::Less => days(today, last),
        std::cmp::Ordering::Equal => Some(0),
        std::cmp::Ordering::Greater => days(last, today).map(|days| -days.max(1)),
    }
}

/// A period given as two days, or one dash.
pub fn period_text(lang: Lang, from: Option<&str>, to: Option<&str>) -> String {
    match (
        from.and_then(format::parse_date),
        to.and_then(format::parse_date),
    ) {
        (Some(from), Some(to)) => format::period(lang, from, to),
        _ => "–".to_owned(),
    }
}

/// A period in a cell: each of its days on a line of its own.
pub fn period_cell(lang: Lang, from: Option<&str>, to: Option<&str>) -> AnyView {
    match (
        from.and_then(format::parse_date),
        to.and_then(format::parse_date),
    ) {
        (Some(from), Some(to)) => {
            let until = tp(lang, "public.until", &[("date", &format::date(lang, to))]);
            view! { <span class="table__line">{format::date(lang, from)}</span>" "<span class="table__line">{until}</span> }.into_any()
        }
        _ => "–".into_any(),
    }
}

/// The stored outcome of a calculation, if this release can read it.
pub fn outcome_of(calculation: &CalculationView) -> Option<Outcome> {
    serde_json::from_value(calculation.outcome.clone()).ok()
}

/// Every published calculation with its steps, the latest first; earlier ones are folded.
pub fn calculations(lang: Lang, list: &[CalculationView]) -> AnyView {
    if list.is_empty() {
        return view! { <Section title=t(lang, "public.calculation_title") id="calculation"><p>{t(lang, "public.calculation_none")}</p></Section> }.into_any();
    }
    let shown: Vec<_> = list
        .iter()
        .rev()
        .enumerate()
        .map(|(at, calculation)| {
            let stage = t(lang, &format!("public.stage_{}", calculation.stage));
            let moment = format::moment(lang, calculation.at);
            let body = match outcome_of(calculation) {
                Some(outcome) => crate::result::outcome_view(lang, &ResultTexts::load(lang), &outcome),
                None => view! { <p>{t(lang, "public.calculation_unreadable")}</p> }.into_any(),
            };
            let note = tp(lang, "public.calculation_note", &[("stage", &stage), ("moment", &moment), ("version", &calculation.version)]);
            if at == 0 {
                view! { <div class="calculation"><p class="calculation__note">{note}</p>{body}</div> }.into_any()
            } else {
                view! { <details class="how"><summary class="how__summary">{note}</summary><div class="how__body">{body}</div></details> }.into_any()
            }
        })
        .collect();
    view! { <Section title=t(lang, "public.calculation_title") id="calculation">{shown}</Section> }
        .into_any()
}

/// The opinions that were published, with their answers.
pub fn opinions(lang: Lang, list: &[PublicOpinion]) -> AnyView {
    if list.is_empty() {
        return view! { <p>{t(lang, "public.opinions_none")}</p> }.into_any();
    }
    let shown: Vec<_> = list
        .iter()
        .map(|opinion| {
            let answer = |label: &str, text: &Option<String>| {
                text.clone().map(|text| {
                    let label = t(lang, label);
                    view! { <div class="opinion__answer"><p class="opinion__label">{label}</p><p class="prose">{text}</p></div> }
                })
            };
            let who = format!("{} · {}", opinion.author, format::moment(lang, opinion.at));
            view! {
                <li class="opinion" id=format!("opinion-{}", opinion.id)>
                    <p class="opinion__who">{who}</p>
                    <p class="prose">{opinion.text.clone()}</p>
                    {answer("public.opinion_reply", &opinion.reply)}
                    {answer("public.opinion_handled", &opinion.handled)}
                </li>
            }
        })
        .collect();
    view! { <ol class="opinions">{shown}</ol> }.into_any()
}

/// The validation or verification report.
pub fn assessment(
    lang: Lang,
    kind: RecordKind,
    body: Option<&str>,
    report: Option<&PublicAssessment>,
) -> AnyView {
    let title = t(lang, &format!("public.assessment_{}", kind.code()));
    let Some(report) = report else {
        let text = match body {
            Some(body) => tp(lang, "public.assessment_waits", &[("body", body)]),
            None => t(lang, "public.assessment_none"),
        };
        return view! { <Section title id="assessment"><p>{text}</p></Section> }.into_any();
    };
    let positive = report.conclusion == "positive";
    let (conclusion, tone) = if positive {
        ("public.conclusion_positive", Tone::Done)
    } else {
        ("public.conclusion_negative", Tone::Refused)
    };
    let amounts = (!report.amounts.is_empty()).then(|| amounts_table(lang, kind, &report.amounts));
    let rows = vec![
        SummaryRow::new(
            t(lang, "public.conclusion"),
            view! { <Tag text=t(lang, conclusion) tone/> },
        ),
        SummaryRow::new(t(lang, "public.body"), report.vvb.clone()),
        SummaryRow::new(t(lang, "public.uploaded"), format::moment(lang, report.at)),
        SummaryRow::new(t(lang, "public.report_text"), prose(&report.text)),
        SummaryRow::new(
            t(lang, "public.commitment"),
            if report.commitment == "yes" {
                t(lang, "public.commitment_made").into_any()
            } else {
                prose(&report.commitment)
            },
        ),
    ];
    view! { <Section title id="assessment"><SummaryList rows/>{amounts}</Section> }.into_any()
}

fn amounts_table(lang: Lang, kind: RecordKind, amounts: &[YearAmount]) -> AnyView {
    let rows = amounts
        .iter()
        .map(|amount| {
            vec![
                year_text(lang, amount.year).into_any(),
                whole(amount.tonnes).into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "public.year")),
        Column::number(format!("{} {TONNES}", t(lang, "public.amount"))),
    ];
    let caption = t(lang, &format!("public.amounts_{}", kind.code()));
    view! { <div class="table-narrow"><DataTable caption columns rows empty=t(lang, "public.none")/></div> }.into_any()
}

/// A calendar year, or the number of a year of the crediting period.
fn year_text(lang: Lang, year: i32) -> String {
    if year < 1000 {
        tp(
            lang,
            "public.crediting_year",
            &[("number", &year.to_string())],
        )
    } else {
        year.to_string()
    }
}

/// A text with its line breaks.
pub fn prose(text: &str) -> AnyView {
    let parts: Vec<_> = text
        .split("\n\n")
        .filter(|part| !part.trim().is_empty())
        .map(|part| view! { <p class="prose">{part.to_owned()}</p> })
        .collect();
    view! { <div>{parts}</div> }.into_any()
}

/// The monitoring reports of a project.
pub fn report_table(lang: Lang, reports: &[PublicReportRow]) -> AnyView {
    let rows = reports
        .iter()
        .map(|report| {
            let name = tp(
                lang,
                "public.report_number",
                &[("number", &report.number.to_string())],
            );
            vec![
                view! { <a href=format!("/reports/{}", encode(&report.id))>{name}</a> }.into_any(),
                period_cell(lang, Some(&report.period_start), Some(&report.period_end)),
                state_tag(lang, &report.state),
                whole(report.applied_tonnes).into_any(),
                report
                    .verified_tonnes
                    .map_or_else(|| "–".to_owned(), whole)
                    .into_any(),
                report
                    .issued_tonnes
                    .map_or_else(|| "–".to_owned(), whole)
                    .into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "public.report")),
        Column::text(t(lang, "public.period")),
        Column::text(t(lang, "public.state")),
        Column::number(format!("{} {TONNES}", t(lang, "public.applied"))),
        Column::number(format!("{} {TONNES}", t(lang, "public.verified"))),
        Column::number(format!("{} {TONNES}", t(lang, "public.issued"))),
    ];
    view! { <DataTable caption=t(lang, "public.reports_caption") columns rows empty=t(lang, "public.reports_none")/> }.into_any()
}

/// Credits per vintage.
pub fn class_table(lang: Lang, classes: &[PublicClass]) -> AnyView {
    let rows = classes
        .iter()
        .map(|class| {
            vec![
                view! { <a href=class_address(&class.id)>{class.vintage}</a> }.into_any(),
                whole(class.issued).into_any(),
                whole(class.held).into_any(),
                whole(class.retired).into_any(),
                class
                    .serial
                    .as_deref()
                    .map_or_else(|| "–".into_any(), serial_link),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "public.vintage")),
        Column::number(format!("{} {TONNES}", t(lang, "public.issued"))),
        Column::number(format!("{} {TONNES}", t(lang, "public.held"))),
        Column::number(format!("{} {TONNES}", t(lang, "public.retired"))),
        Column::text(t(lang, "public.serials")),
    ];
    view! { <DataTable caption=t(lang, "public.classes_caption") columns rows empty=t(lang, "public.classes_none")/> }.into_any()
}

/// The address of a class of credits.
pub fn class_address(id: &str) -> String {
    format!("/classes/{}", encode(id))
}

/// Under every serial number: whose format it is.
pub fn serial_remark(lang: Lang) -> AnyView {
    view! { <p class="remark">{t(lang, "public.serial_remark")}</p> }.into_any()
}

/// What happened, newest first, each entry with its hash in the chain.
pub fn timeline(lang: Lang, acts: &[PublicAct]) -> AnyView {
    let events: Vec<Event> = acts
        .iter()
        .rev()
        .map(|act| {
            let state = act
                .state
                .as_ref()
                .map(|state| format!(" → {}", state_label(lang, state)))
                .unwrap_or_default();
            Event {
                at: act.at,
                title: format!("{}{state}", t(lang, &format!("act.{}", act.act))),
                who: String::new(),
                note: tp(
                    lang,
                    "public.entry_hash",
                    &[("hash", act.hash.get(..16).unwrap_or(&act.hash))],
                ),
            }
        })
        .collect();
    view! {
        <Section title=t(lang, "public.timeline_title") id="timeline">
            <Timeline events/>
        </Section>
    }
    .into_any()
}

/// A number of tonnes with its unit.
pub fn tonnes(number: i64) -> AnyView {
    view! { <Amount value=whole(number) unit=TONNES/> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn working_days_left_do_not_count_today() {
        // 2026-09-11 is a Friday; the week before it has no holiday
        assert_eq!(
            working_days_left(Calendar::embedded(), date!(2026 - 09 - 10), "2026-09-11"),
            Some(1)
        );
        assert_eq!(
            working_days_left(Calendar::embedded(), date!(2026 - 09 - 11), "2026-09-11"),
            Some(0)
        );
        assert_eq!(
            working_days_left(Calendar::embedded(), date!(2026 - 09 - 14), "2026-09-11"),
            Some(-1)
        );
        assert_eq!(
            working_days_left(Calendar::embedded(), date!(2026 - 09 - 12), "2026-09-11"),
            Some(-1)
        );
        assert_eq!(
            working_days_left(Calendar::embedded(), date!(2026 - 09 - 07), "2026-09-11"),
            Some(4)
        );
        assert_eq!(
            working_days_left(Calendar::embedded(), date!(2026 - 09 - 07), "soon"),
            None
        );
    }

    #[test]
    fn only_records_in_publicity_take_opinions() {
        assert!(is_open_to_opinions(RecordKind::Project, "in_publicity"));
        assert!(is_open_to_opinions(RecordKind::Report, "in_publicity"));
        assert!(!is_open_to_opinions(RecordKind::Project, "registered"));
        assert!(!is_open_to_opinions(RecordKind::Report, "nonsense"));
    }
}
