//! What the desk pages of projects and of monitoring reports have in common: addresses, whose turn it is, next acts,
//! opinions, calculations, the timeline.

use domain::id::{ProjectId, ReportId};
use domain::project::{Party, ProjectState, ReportState};
use domain::{Act, Role};
use leptos::prelude::*;
use methodologies::Outcome;
use registry::{
    AssessmentView, By, CalculationView, Ends, Error, OpinionView, ProjectView, RecordKind,
    Registry, ReportView, TimelineEntry, Turn,
};

use crate::format;
use crate::lang::{Lang, t, tp};
use crate::parts::{Event, Section, StatusHeader, Tag, Term, Timeline, role_label};
use crate::result::{ResultTexts, outcome_view};
use crate::visitor::Tone;

/// A project or a monitoring report, for one viewer.
#[derive(Clone, Debug)]
pub struct Record {
    /// Which of the two.
    pub kind: RecordKind,
    /// Its id.
    pub id: String,
    /// The project's name; never empty.
    pub name: String,
    /// The project's code, once it has one.
    pub code: Option<String>,
    /// The number of the report within its project.
    pub number: Option<i64>,
    /// The methodology.
    pub methodology: String,
    /// The state's code.
    pub state: String,
    /// Whose turn it is.
    pub turn: Turn,
    /// First day of publicity, `YYYY-MM-DD`.
    pub publicity_start: Option<String>,
    /// Last day of publicity.
    pub publicity_end: Option<String>,
    /// Something still keeps the document from being sent.
    pub unfinished: bool,
    /// What the viewer may do now.
    pub allowed: Vec<Act>,
    /// The owner's name.
    pub owner: String,
    /// The name of the validating or verifying body.
    pub body: Option<String>,
    /// Why it came back or stands still.
    pub reason: Option<String>,
    /// How it ended, the bars on its owner, its experts, and until when its files are kept.
    pub ends: Ends,
    /// Stored calculations, oldest first.
    pub calculations: Vec<CalculationView>,
    /// The validation or verification report.
    pub assessment: Option<AssessmentView>,
    /// Opinions, oldest first.
    pub opinions: Vec<OpinionView>,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineEntry>,
}

impl Record {
    /// The record of a project.
    pub fn of_project(lang: Lang, view: &ProjectView) -> Self {
        let row = &view.row;
        Self {
            kind: RecordKind::Project,
            id: row.id.to_string(),
            name: name_or_unnamed(lang, &row.name),
            code: row.code.clone(),
            number: None,
            methodology: row.methodology.clone(),
            state: row.state.clone(),
            turn: row.turn.clone(),
            publicity_start: row.publicity_start.clone(),
            publicity_end: row.publicity_end.clone(),
            unfinished: !view.open_points.is_empty(),
            allowed: view.allowed.clone(),
            owner: row.owner.clone(),
            body: row.validator.clone(),
            reason: view.reason.clone(),
            ends: view.ends.clone(),
            calculations: view.calculations.clone(),
            assessment: view.assessment.clone(),
            opinions: view.opinions.clone(),
            timeline: view.timeline.clone(),
        }
    }

    /// The record of a monitoring report.
    pub fn of_report(lang: Lang, view: &ReportView) -> Self {
        let row = &view.row;
        Self {
            kind: RecordKind::Report,
            id: row.id.to_string(),
            name: name_or_unnamed(lang, &row.project_name),
            code: Some(row.project_code.clone()).filter(|code| !code.is_empty()),
            number: Some(row.number),
            methodology: row.methodology.clone(),
            state: row.state.clone(),
            turn: row.turn.clone(),
            publicity_start: row.publicity_start.clone(),
            publicity_end: row.publicity_end.clone(),
            unfinished: !view.open_points.is_empty(),
            allowed: view.allowed.clone(),
            owner: row.owner.clone(),
            body: row.verifier.clone(),
            reason: view.reason.clone(),
            ends: view.ends.clone(),
            calculations: view.calculations.clone(),
            assessment: view.assessment.clone(),
            opinions: view.opinions.clone(),
            timeline: view.timeline.clone(),
        }
    }

    /// Reads the record of either kind.
    pub async fn read(
        registry: &Registry,
        by: &By,
        lang: Lang,
        kind: RecordKind,
        id: &str,
    ) -> Result<Self, Error> {
        match kind {
            RecordKind::Project => Ok(Self::of_project(
                lang,
                &registry.project_get(by, &ProjectId::new(id)).await?,
            )),
            RecordKind::Report => Ok(Self::of_report(
                lang,
                &registry.report_get(by, &ReportId::new(id)).await?,
            )),
        }
    }

    /// The title of its pages: the name, or the name and the number of the report.
    pub fn title(&self, lang: Lang) -> String {
        match self.number {
            Some(number) => tp(
                lang,
                "desk.report_title",
                &[("name", &self.name), ("number", &number.to_string())],
            ),
            None => self.name.clone(),
        }
    }

    /// The line above the title: code and methodology.
    pub fn above(&self, lang: Lang) -> String {
        let kind = match self.kind {
            RecordKind::Project => t(lang, "desk.kind_project"),
            RecordKind::Report => t(lang, "desk.kind_report"),
        };
        let code = self
            .code
            .as_ref()
            .map(|code| format!(" · {code}"))
            .unwrap_or_default();
        format!("{kind}{code} · {}", self.methodology)
    }

    /// Its desk page.
    pub fn address(&self) -> String {
        record_address(self.kind, &self.id)
    }

    /// Where the viewer does this act.
    pub fn act_address(&self, act: Act) -> String {
        act_address(self.kind, &self.id, act)
    }

    /// Whether the viewer may still change the draft.
    pub fn is_open(&self) -> bool {
        self.allowed
            .iter()
            .any(|act| matches!(act, Act::ProjectSave | Act::ReportSave))
    }

    /// The latest stored calculation.
    pub fn latest_calculation(&self) -> Option<&CalculationView> {
        self.calculations.last()
    }

    /// The party whose turn it is, by the state table.
    fn party(&self) -> Option<Party> {
        match self.kind {
            RecordKind::Project => ProjectState::from_code(&self.state).map(ProjectState::turn),
            RecordKind::Report => ReportState::from_code(&self.state).map(ReportState::turn),
        }
    }
}

/// The name of a state of this kind of record: some codes are in both tables with different names.
pub fn state_name(lang: Lang, kind: RecordKind, code: &str) -> String {
    let names = match kind {
        RecordKind::Project => {
            ProjectState::from_code(code).map(|state| (state.name_zh(), state.name_en()))
        }
        RecordKind::Report => {
            ReportState::from_code(code).map(|state| (state.name_zh(), state.name_en()))
        }
    };
    names
        .map_or(code, |(zh, en)| lang.choose(zh, en))
        .to_owned()
}

/// A draft may still be without a name.
pub fn name_or_unnamed(lang: Lang, name: &str) -> String {
    if name.trim().is_empty() {
        t(lang, "desk.unnamed")
    } else {
        name.to_owned()
    }
}

/// `/desk/projects/{id}` or `/desk/reports/{id}`.
pub fn record_address(kind: RecordKind, id: &str) -> String {
    format!("/desk/{}s/{id}", kind.code())
}

/// Where an act on a record is done: the task list, the check page, the opinions on its page, or a page of its own.
pub fn act_address(kind: RecordKind, id: &str, act: Act) -> String {
    let record = record_address(kind, id);
    match act {
        Act::ProjectSave | Act::ReportSave => format!("{record}/edit"),
        Act::ProjectRequestMandate
        | Act::ReportRequestMandate
        | Act::ProjectRequestPublicity
        | Act::ReportRequestPublicity => {
            format!("{record}/check")
        }
        Act::OpinionPublish | Act::OpinionRefuse | Act::OpinionReply => {
            format!("{record}#opinions")
        }
        Act::ReportCreate => format!("/desk/projects/{id}/reports/new"),
        Act::ProjectBoundarySet | Act::ProjectBoundaryRemove => format!("{record}/boundary"),
        _ => {
            let verb = act.name().split_once('_').map_or("", |(_, verb)| verb);
            format!("{record}/do/{verb}")
        }
    }
}

/// The name of an act, as on buttons and in the timeline.
pub fn act_label(lang: Lang, name: &str) -> String {
    t(lang, &format!("act.{name}"))
}

/// `21 Nov 2026, 3 working days left`.
pub fn days_left(lang: Lang, due_on: &str, working_days_left: Option<i64>) -> String {
    let day = format::date_text(lang, due_on);
    let Some(days) = working_days_left else {
        return day;
    };
    let key = match days {
        ..0 => "desk.due_overdue",
        0 => "desk.due_today",
        _ => "desk.due_left",
    };
    tp(
        lang,
        key,
        &[("date", &day), ("days", &days.unsigned_abs().to_string())],
    )
}

/// Whose turn it is, in words.
pub fn turn_text(lang: Lang, record: &Record, viewer: Role) -> String {
    let who = match record.turn.role {
        Some(Role::ProjectOwner) => Some(record.owner.clone()),
        Some(Role::Vvb) => Some(
            record
                .body
                .clone()
                .unwrap_or_else(|| role_label(lang, Role::Vvb)),
        ),
        Some(role) => Some(role_label(lang, role)),
        None => None,
    };
    match who {
        Some(who) if record.turn.role == Some(viewer) => {
            tp(lang, "desk.turn_yours", &[("who", &who)])
        }
        Some(who) => who,
        None if record.party() == Some(Party::Date) => t(lang, "desk.turn_date"),
        None => t(lang, "desk.turn_nobody"),
    }
}

/// The header of a record: state, whose turn, due day, next action.
pub fn status(lang: Lang, record: &Record, viewer: Role) -> AnyView {
    status_on(lang, record, viewer, "")
}

/// The same on the page `here`, where the next action may be: then it is further down, at `#submit`.
pub fn status_on(lang: Lang, record: &Record, viewer: Role, here: &str) -> AnyView {
    let yours = record.turn.role == Some(viewer);
    let next = record
        .turn
        .next
        .filter(|act| yours && record.allowed.contains(act));
    let next = next.or_else(|| record.allowed.first().copied().filter(|_| yours));
    // what is not complete is completed before it is sent
    let save = record
        .allowed
        .iter()
        .copied()
        .find(|act| matches!(act, Act::ProjectSave | Act::ReportSave));
    let next = save.filter(|_| record.unfinished && yours).or(next);
    let (label, address) = next
        .map(|act| (act_label(lang, act.name()), record.act_address(act)))
        .unwrap_or_default();
    let address = if address == here {
        "#submit".to_owned()
    } else {
        address
    };
    view! {
        <StatusHeader
            state=state_name(lang, record.kind, &record.state)
            turn=turn_text(lang, record, viewer)
            yours
            due_on=record.turn.due_on.clone().unwrap_or_default()
            working_days_left=record.turn.working_days_left
            next_label=label
            next_address=address
        />
    }
    .into_any()
}

/// Everything the viewer may do now, the straight path first, the acts that end something last.
pub fn next_acts(lang: Lang, record: &Record) -> Option<AnyView> {
    let mut acts: Vec<Act> = record.allowed.clone();
    acts.sort_by_key(|act| is_ending(*act));
    acts.dedup();
    if acts.is_empty() {
        return None;
    }
    let links: Vec<_> = acts
        .into_iter()
        .enumerate()
        .map(|(at, act)| {
            let class = match (is_ending(act), at) {
                (true, _) => "button button--ends",
                (false, 0) => "button",
                (false, _) => "button button--secondary",
            };
            view! { <a class=class href=record.act_address(act)>{act_label(lang, act.name())}</a> }
        })
        .collect();
    Some(view! { <Section title=t(lang, "desk.next_acts")><div class="button-row">{links}</div></Section> }.into_any())
}

/// Acts that end an application.
pub fn is_ending(act: Act) -> bool {
    matches!(
        act,
        Act::ProjectWithdraw
            | Act::ReportWithdraw
            | Act::ProjectReject
            | Act::ReportReject
            | Act::ProjectRequestRecall
            | Act::ReportRequestRecall
            | Act::ProjectApproveRecall
            | Act::ReportApproveRecall
            | Act::ProjectDeclineMandate
            | Act::ReportDeclineMandate
            | Act::ProjectAbort
            | Act::ReportAbort
            | Act::ProjectRefuseRegistration
            | Act::ReportRefuseRegistration
            | Act::ProjectRequestDeregistration
            | Act::ProjectDeregister
            | Act::ProjectRevoke
    )
}

/// The reason for which the record waits.
pub fn reason(lang: Lang, record: &Record) -> Option<AnyView> {
    let reason = record.reason.clone()?;
    Some(
        view! {
            <div class="notice notice--attention" id="reason">
                <p class="notice__title">{t(lang, "desk.reason_title")}</p>
                <div class="notice__body"><p class="prose">{reason}</p></div>
            </div>
        }
        .into_any(),
    )
}

/// The validation or verification report.
pub fn assessment(lang: Lang, assessment: &AssessmentView) -> AnyView {
    let positive = assessment.conclusion == "positive";
    let (key, tone) = if positive {
        ("desk.conclusion_positive", Tone::Done)
    } else {
        ("desk.conclusion_negative", Tone::Refused)
    };
    let text: Vec<_> = assessment
        .text
        .split("\n\n")
        .map(|part| view! { <p class="prose">{part.to_owned()}</p> })
        .collect();
    let who = format!(
        "{} · {}",
        assessment.vvb,
        format::moment(lang, assessment.at)
    );
    view! {
        <Section title=t(lang, "desk.assessment_title") id="assessment">
            <p><Tag text=t(lang, key) tone/>" "{who}</p>
            {text}
        </Section>
    }
    .into_any()
}

/// What happened, newest first.
pub fn timeline(lang: Lang, record: &Record) -> AnyView {
    let events: Vec<Event> = record
        .timeline
        .iter()
        .rev()
        .map(|entry| {
            let state = entry
                .state
                .as_ref()
                .map(|state| format!(" → {}", state_name(lang, record.kind, state)))
                .unwrap_or_default();
            let people = [entry.organisation.clone(), entry.person.clone()];
            Event {
                at: entry.at,
                title: format!("{}{state}", act_label(lang, &entry.act)),
                who: people.into_iter().flatten().collect::<Vec<_>>().join(" · "),
                note: entry.note.clone().unwrap_or_default(),
            }
        })
        .collect();
    let meaning = t(lang, "desk.timeline_meaning");
    view! {
        <Section title=t(lang, "desk.timeline_title") id="timeline">
            <Term term=t(lang, "desk.timeline_term") meaning/>
            <Timeline events/>
        </Section>
    }
    .into_any()
}

/// The stored outcome of a calculation, if this release can read it.
pub fn outcome_of(calculation: &CalculationView) -> Option<Outcome> {
    serde_json::from_value(calculation.outcome.clone()).ok()
}

/// The latest stored calculation: total, years, every step; and how it was stored.
pub fn calculation(lang: Lang, record: &Record) -> Option<AnyView> {
    let stored = record.latest_calculation()?;
    let outcome = outcome_of(stored)?;
    let texts = ResultTexts::load(lang);
    let when = tp(
        lang,
        "desk.calculated_at",
        &[
            ("date", &format::moment(lang, stored.at)),
            ("version", &stored.version),
        ],
    );
    Some(
        view! {
            <Section title=t(lang, "desk.calculation_title") id="calculation">
                {outcome_view(lang, &texts, &outcome)}
                <p class="quiet">{when}</p>
            </Section>
        }
        .into_any(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::act::Access;

    #[test]
    fn every_act_on_a_record_has_a_place() {
        for act in Act::ALL {
            let (noun, verb) = act.name().split_once('_').unwrap_or_default();
            let kind = match noun {
                "project" => RecordKind::Project,
                "report" => RecordKind::Report,
                _ => continue,
            };
            assert!(matches!(act.roles(), Access::Roles(_)), "{}", act.name());
            let address = act_address(kind, "7", *act);
            let expected = match verb {
                "create" => continue,
                "save" => format!("/desk/{noun}s/7/edit"),
                "request_mandate" | "request_publicity" => format!("/desk/{noun}s/7/check"),
                "boundary_set" | "boundary_remove" => "/desk/projects/7/boundary".to_owned(),
                _ => format!("/desk/{noun}s/7/do/{verb}"),
            };
            assert_eq!(address, expected);
        }
    }

    #[test]
    fn a_state_has_the_name_of_its_own_table() {
        let project = state_name(Lang::Zh, RecordKind::Project, "vvb_confirmed");
        let report = state_name(Lang::Zh, RecordKind::Report, "vvb_confirmed");
        assert_eq!(project, "审定机构已确认");
        assert_eq!(report, "核查机构已确认");
        assert_eq!(
            state_name(Lang::En, RecordKind::Report, "nonsense"),
            "nonsense"
        );
    }

    #[test]
    fn a_due_day_says_how_long_is_left_or_how_long_it_is_over() {
        let text = |left| days_left(Lang::En, "2026-11-23", left);
        assert_eq!(text(None), "23 Nov 2026");
        assert_eq!(text(Some(3)), "23 Nov 2026, 3 working days left");
        assert_eq!(text(Some(0)), "23 Nov 2026, due today");
        assert_eq!(text(Some(-2)), "23 Nov 2026, 2 working days overdue");
    }
}
