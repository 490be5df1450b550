//! A body's work on one mandate: its team, the document review, the site visits, and the findings that the owner answers.
//!
//! A positive report may be uploaded when [`EngagementFacts::missing`] has nothing to say (CNCA-CCER-01:2023 4.4-4.6, 5.4-5.6). The
//! numbers of the rule are dated and may differ for a methodology: [`DESK_RULES`].

use serde::Serialize;
use time::Date;
use time::macros::date;

use crate::project::{ProjectState, ReportState};
use crate::refusal::{Refusal, codes};
use crate::sector::Sector;
use crate::text::narrow;

/// What a member of the team does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// Leads the team and signs its report.
    Leader,
    /// Reviews and visits.
    Member,
    /// Advises the team in a technical question.
    Expert,
}

impl Duty {
    /// Every duty, in the order of the form.
    pub const ALL: &[Self] = &[Self::Leader, Self::Member, Self::Expert];

    /// The stable text in the database and the interface catalogue (`engagement.duty_<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Leader => "leader",
            Self::Member => "member",
            Self::Expert => "expert",
        }
    }

    /// The duty with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|duty| duty.code() == code)
    }
}

/// Somebody in the team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamMember {
    /// The person's name.
    pub name: String,
    /// Whether the body employs the person full-time.
    pub full_time: bool,
    /// The sectors the person is competent in.
    pub sectors: Vec<Sector>,
    /// What the person does in the team.
    pub duty: Duty,
}

/// A visit to one site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteVisit {
    /// The name of the site.
    pub site: String,
    /// The day.
    pub on: Date,
    /// The names of the members who went there.
    pub persons: Vec<String>,
}

/// How large a team must be and how many sites it must see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeskRule {
    /// The methodology it is for; `None`: every one that has no rule of its own.
    pub methodology: Option<&'static str>,
    /// The first day of mandates it is for.
    pub from: Date,
    /// Members employed full-time, at least.
    pub full_time_min: usize,
    /// Members competent in the project's sector, at least.
    pub competent_min: usize,
    /// Up to so many sites, all are visited.
    pub sites_all_max: u32,
    /// Of more sites, at least so many are visited.
    pub sites_sampled_min: u32,
    /// The clauses it rests on.
    pub source: &'static str,
}

impl DeskRule {
    /// How many of so many sites must be visited.
    pub const fn sites_needed(&self, total: u32) -> u32 {
        if total <= self.sites_all_max {
            total
        } else {
            self.sites_sampled_min
        }
    }
}

/// The rules, oldest first. A methodology that samples otherwise gets a line of its own; none of those here does.
pub const DESK_RULES: &[DeskRule] = &[DeskRule {
    methodology: None,
    from: date!(2023 - 12 - 25),
    full_time_min: 2,
    competent_min: 1,
    sites_all_max: 5,
    sites_sampled_min: 5,
    source: "CNCA-CCER-01:2023 4.4, 5.4",
}];

/// The rule for a methodology and a mandate of a day: the latest of its own, otherwise the latest general one. `None` before the first.
pub fn rule_of<'a>(rules: &'a [DeskRule], methodology: &str, on: Date) -> Option<&'a DeskRule> {
    let in_force = |own: bool| {
        rules
            .iter()
            .filter(move |rule| rule.from <= on)
            .filter(move |rule| match rule.methodology {
                Some(code) => own && code == methodology,
                None => !own,
            })
            .max_by_key(|rule| rule.from)
    };
    in_force(true).or_else(|| in_force(false))
}

/// What the rules about a mandate ask about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngagementFacts {
    /// The methodology of the record.
    pub methodology: String,
    /// The project's sector; `None` if the methodology is not known.
    pub sector: Option<Sector>,
    /// The day on which the body took the mandate.
    pub appointed_on: Option<Date>,
    /// Whether the body has stated its impartiality.
    pub impartiality_stated: bool,
    /// The team.
    pub team: Vec<TeamMember>,
    /// Who reviews the report before it is decided; `None` if not named.
    pub reviewer: Option<String>,
    /// Who decides on the report; `None` if not named.
    pub decision_maker: Option<String>,
    /// The day on which the review of the document was finished.
    pub document_reviewed_on: Option<Date>,
    /// How many sites there are.
    pub sites_total: Option<u32>,
    /// Whether it is written down how the visited sites were chosen.
    pub sampling_explained: bool,
    /// The visits.
    pub visits: Vec<SiteVisit>,
    /// The numbers of the corrective action requests that are not closed, ascending.
    pub requests_open: Vec<i64>,
}

impl EngagementFacts {
    /// Everything that keeps a positive report from being uploaded, each with what to do; empty if nothing does.
    pub fn missing(&self) -> Vec<Refusal> {
        self.missing_by(DESK_RULES)
    }

    /// The same with these rules.
    pub fn missing_by(&self, rules: &[DeskRule]) -> Vec<Refusal> {
        let mut missing = Vec::new();
        if !self.impartiality_stated {
            missing.push(Refusal::new(codes::IMPARTIALITY_NOT_STATED));
        }
        let on = self.appointed_on.unwrap_or(Date::MAX);
        let rule = rule_of(rules, &self.methodology, on).or(rules.first());
        if let Some(rule) = rule {
            missing.extend(self.team_missing(rule));
            missing.extend(self.sites_missing(rule));
        }
        missing.extend(self.others_missing());
        missing.extend(self.review_missing());
        if !self.requests_open.is_empty() {
            let numbers: Vec<String> = self.requests_open.iter().map(i64::to_string).collect();
            missing.push(
                Refusal::new(codes::REQUESTS_OPEN)
                    .with("count", self.requests_open.len())
                    .with("numbers", numbers.join(", ")),
            );
        }
        missing
    }

    fn team_missing(&self, rule: &DeskRule) -> Vec<Refusal> {
        let mut missing = Vec::new();
        let full_time = self.team.iter().filter(|member| member.full_time).count();
        if full_time < rule.full_time_min {
            missing.push(
                Refusal::new(codes::TEAM_TOO_SMALL)
                    .with("min", rule.full_time_min)
                    .with("count", full_time),
            );
        }
        let competent = |member: &&TeamMember| {
            self.sector
                .is_some_and(|sector| member.sectors.contains(&sector))
        };
        let competent = self.team.iter().filter(competent).count();
        if competent < rule.competent_min {
            missing.push(
                Refusal::new(codes::TEAM_NOT_COMPETENT)
                    .with("min", rule.competent_min)
                    .with("count", competent),
            );
        }
        if !self.team.iter().any(|member| member.duty == Duty::Leader) {
            missing.push(Refusal::new(codes::TEAM_LEADER_MISSING));
        }
        missing
    }

    fn sites_missing(&self, rule: &DeskRule) -> Vec<Refusal> {
        let Some(total) = self.sites_total else {
            return vec![Refusal::new(codes::SITES_NOT_COUNTED)];
        };
        let mut missing = Vec::new();
        let (visited, needed) = (self.sites_visited(), rule.sites_needed(total));
        if visited < needed {
            missing.push(
                Refusal::new(codes::SITES_NOT_VISITED)
                    .with("total", total)
                    .with("needed", needed)
                    .with("visited", visited),
            );
        }
        if visited < total && needed < total && !self.sampling_explained {
            missing.push(Refusal::new(codes::SAMPLING_NOT_EXPLAINED).with("total", total));
        }
        missing
    }

    /// How many different sites were visited; the same name counts once, however wide it was typed.
    pub fn sites_visited(&self) -> u32 {
        let mut sites: Vec<String> = self.visits.iter().map(|visit| plain(&visit.site)).collect();
        sites.sort_unstable();
        sites.dedup();
        u32::try_from(sites.len()).unwrap_or(u32::MAX)
    }

    /// The reviewer and the decision-maker are named and took no part.
    fn others_missing(&self) -> Vec<Refusal> {
        let took_part = |name: &str| {
            let visitors = self.visits.iter().flat_map(|visit| &visit.persons);
            self.team
                .iter()
                .map(|member| &member.name)
                .chain(visitors)
                .any(|known| same_person(known, name))
        };
        let of = |name: &Option<String>, none: &'static str, inside: &'static str| match name {
            None => Some(Refusal::new(none)),
            Some(name) if took_part(name) => Some(Refusal::new(inside).with("name", name)),
            Some(_) => None,
        };
        [
            of(
                &self.reviewer,
                codes::REVIEWER_MISSING,
                codes::REVIEWER_TOOK_PART,
            ),
            of(
                &self.decision_maker,
                codes::DECISION_MAKER_MISSING,
                codes::DECISION_MAKER_TOOK_PART,
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The document was reviewed, and before the first visit.
    fn review_missing(&self) -> Option<Refusal> {
        let Some(reviewed) = self.document_reviewed_on else {
            return Some(Refusal::new(codes::DOCUMENT_REVIEW_MISSING));
        };
        let first = self.visits.iter().min_by_key(|visit| visit.on)?;
        (first.on <= reviewed).then(|| {
            Refusal::new(codes::VISIT_BEFORE_REVIEW)
                .with("site", &first.site)
                .with("date", first.on)
                .with("last", reviewed)
        })
    }
}

/// A text without blanks, in lower case and one width.
fn plain(text: &str) -> String {
    narrow(text)
        .chars()
        .filter(|character| !character.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether two typed names are the same: blanks, case and width do not matter.
pub fn same_person(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

/// Refuses a day of the work that lies before the mandate or ahead of today.
pub fn day_of_work(
    field: &str,
    day: Date,
    appointed_on: Option<Date>,
    today: Date,
) -> Result<(), Refusal> {
    if day > today {
        return Err(Refusal::new(codes::DAY_AHEAD)
            .at(field)
            .with("today", today));
    }
    match appointed_on.filter(|appointed| day < *appointed) {
        Some(appointed) => Err(Refusal::new(codes::DAY_BEFORE_MANDATE)
            .at(field)
            .with("first", appointed)),
        None => Ok(()),
    }
}

/// Whether the desk of a validation is at work: from the mandate until its report.
pub const fn is_validating(state: ProjectState) -> bool {
    matches!(
        state,
        ProjectState::VvbConfirmed
            | ProjectState::PublicityReview
            | ProjectState::PublicityScheduled
            | ProjectState::InPublicity
            | ProjectState::RecallReview
            | ProjectState::PublicityEnded
    )
}

/// Whether the desk of a verification is at work: from the mandate until its report.
pub const fn is_verifying(state: ReportState) -> bool {
    matches!(
        state,
        ReportState::VvbConfirmed
            | ReportState::PublicityReview
            | ReportState::PublicityScheduled
            | ReportState::InPublicity
            | ReportState::RecallReview
            | ReportState::PublicityEnded
    )
}

/// What kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// 整改要求, a corrective action request: must be closed before a positive report.
    Request,
    /// 观察项: may affect later accounting; may stay open, and then goes to the next verification of the project.
    Observation,
}

impl FindingKind {
    /// Both kinds, in the order of the form.
    pub const ALL: &[Self] = &[Self::Request, Self::Observation];

    /// The stable text in the database and the interface catalogue (`engagement.kind_<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Observation => "observation",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// Where a finding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingState {
    /// The body has raised it; the owner answers.
    Raised,
    /// The owner says it is settled; the body decides.
    Answered,
    /// The body has sent the answer back, with a reason; the owner answers again.
    Returned,
    /// Both agree that it is settled.
    Closed,
}

/// What happens to a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingEvent {
    /// The owner answers.
    Answer,
    /// The body accepts the answer.
    Close,
    /// The body sends the answer back.
    Return,
}

/// Every allowed step of a finding. It cannot be closed by one side alone: only an answered one is closed, and only the owner answers.
pub const FINDING_TRANSITIONS: &[(FindingState, FindingEvent, FindingState)] = &[
    (
        FindingState::Raised,
        FindingEvent::Answer,
        FindingState::Answered,
    ),
    (
        FindingState::Returned,
        FindingEvent::Answer,
        FindingState::Answered,
    ),
    (
        FindingState::Answered,
        FindingEvent::Close,
        FindingState::Closed,
    ),
    (
        FindingState::Answered,
        FindingEvent::Return,
        FindingState::Returned,
    ),
];

impl FindingState {
    /// Every state, in the order of a life.
    pub const ALL: &[Self] = &[Self::Raised, Self::Answered, Self::Returned, Self::Closed];

    /// The stable text in the database and the interface catalogue (`engagement.finding_<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Answered => "answered",
            Self::Returned => "returned",
            Self::Closed => "closed",
        }
    }

    /// The state with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.code() == code)
    }

    /// Whether the owner must answer next.
    pub const fn waits_for_owner(self) -> bool {
        matches!(self, Self::Raised | Self::Returned)
    }

    /// The state after an event, or `finding_does_not_allow`.
    pub fn after(self, event: FindingEvent) -> Result<Self, Refusal> {
        FINDING_TRANSITIONS
            .iter()
            .find(|(from, on, _)| *from == self && *on == event)
            .map(|(_, _, to)| *to)
            .ok_or_else(|| Refusal::new(codes::FINDING_DOES_NOT_ALLOW).with("at", self.code()))
    }
}

/// What ties a body to a company so that it may not work for it (Measures art. 31, 37).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TieKind {
    /// Assets: one holds shares of the other, or both have the same holder.
    Assets,
    /// Management: the same persons lead both.
    Management,
    /// The body wrote documents for the company, or advised or marketed for it.
    Services,
    /// The body takes money that affects its impartiality.
    Funding,
}

impl TieKind {
    /// Every kind, in the order of the form.
    pub const ALL: &[Self] = &[
        Self::Assets,
        Self::Management,
        Self::Services,
        Self::Funding,
    ];

    /// The stable text in the database and the interface catalogue (`engagement.tie_<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Assets => "assets",
            Self::Management => "management",
            Self::Services => "services",
            Self::Funding => "funding",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}
