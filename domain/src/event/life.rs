//! The life of an event as one table: in which state what may happen, on which conditions, and what follows.

use serde::Serialize;
use time::{Date, Month};

use crate::refusal::{Refusal, codes};

/// Where an event is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventState {
    /// 计划中: being planned; nothing is public.
    Planned,
    /// 计划已公布: the plan is public.
    Published,
    /// 已举办: the last day is over; what occurred can be accounted for.
    Held,
    /// 已核算: the actual footprint is computed.
    Accounted,
    /// 已抵销: cancelled units cover it.
    Covered,
    /// 已评价: declared by the organiser, or evaluated by a body.
    Evaluated,
    /// 碳中和结果已公布: the result is public.
    Neutral,
    /// 更正中: a published result is being corrected; the earlier version stays visible.
    Corrected,
    /// 已逾期: the time for neutralising passed without cover.
    Lapsed,
    /// 已取消: the event does not take place.
    Withdrawn,
}

impl EventState {
    /// Every state, in the order of the way.
    pub const ALL: &[Self] = &[
        Self::Planned,
        Self::Published,
        Self::Held,
        Self::Accounted,
        Self::Covered,
        Self::Evaluated,
        Self::Neutral,
        Self::Corrected,
        Self::Lapsed,
        Self::Withdrawn,
    ];

    /// The stable text in the database and the interface catalogue (`event.state_<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Published => "published",
            Self::Held => "held",
            Self::Accounted => "accounted",
            Self::Covered => "covered",
            Self::Evaluated => "evaluated",
            Self::Neutral => "neutral",
            Self::Corrected => "corrected",
            Self::Lapsed => "lapsed",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.code() == code)
    }

    /// Whether the words "carbon neutral" may stand beside the event: only after the units were cancelled and somebody stands for it
    /// in public. While a correction runs, the earlier version stands with its own date; the event itself does not claim.
    pub const fn may_claim(self) -> bool {
        matches!(self, Self::Neutral)
    }
}

/// What can happen to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventStep {
    /// The profile and the plan are changed.
    Save,
    /// The main content of the plan is published.
    PublishPlan,
    /// The inventory is changed, by hand or from a file.
    Inventory,
    /// The attendee form is opened or closed, or answers are imported.
    Attendees,
    /// An attendee answers.
    Attend,
    /// The event does not take place.
    Withdraw,
    /// The day after the last one has come.
    End,
    /// The time for neutralising is over.
    Lapse,
    /// The actual footprint is computed.
    Account,
    /// Units of another registry, or a retirement of somebody else, are entered or taken back.
    Unit,
    /// Credits are retired; with what was entered they cover the footprint.
    Retire,
    /// The organiser declares, or a body evaluates.
    Evaluate,
    /// The result is published.
    PublishResult,
    /// A published result is opened for a new version.
    Correct,
    /// A correction that was opened by mistake is given up: the published version stands again.
    KeepVersion,
}

impl EventStep {
    /// Every step.
    pub const ALL: &[Self] = &[
        Self::Save,
        Self::PublishPlan,
        Self::Inventory,
        Self::Attendees,
        Self::Attend,
        Self::Withdraw,
        Self::End,
        Self::Lapse,
        Self::Account,
        Self::Unit,
        Self::Retire,
        Self::Evaluate,
        Self::PublishResult,
        Self::Correct,
        Self::KeepVersion,
    ];

    /// The name of its act, or of the step made by date: parameter `event` of a refusal.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Save => "event_save",
            Self::PublishPlan => "event_plan_publish",
            Self::Inventory => "event_inventory_save",
            Self::Attendees => "event_attendees_import",
            Self::Attend => "event_attend",
            Self::Withdraw => "event_withdraw",
            Self::End => "event_end",
            Self::Lapse => "event_lapse",
            Self::Account => "event_account",
            Self::Unit => "event_unit_add",
            Self::Retire => "event_retire",
            Self::Evaluate => "event_evaluate",
            Self::PublishResult => "event_publish",
            Self::Correct => "event_correct",
            Self::KeepVersion => "event_correct_withdraw",
        }
    }
}

/// A condition of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventGuard {
    /// The boundary holds the holding stage.
    HoldingStage,
    /// Every class of the checklist is in the inventory, or left out with a reason.
    EverySource,
    /// An estimate was computed.
    Estimated,
    /// The first day is still to come or is today: afterwards no plan is published, and the page says that there was none.
    NotBegunLater,
    /// The last day is over.
    Over,
    /// The actual footprint is that of the inventory as it is now.
    AccountedAsIs,
    /// Units that count cover the whole tonnes of the footprint.
    CoveredByUnits,
    /// The time for neutralising is not over. For the first result only: a correction may be covered later, and its dates are shown.
    InTime,
    /// Nothing was changed since the correction was opened.
    NothingChanged,
}

/// One row: in state `from`, `step` leads to `to` if no guard refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// The state it starts from.
    pub from: EventState,
    /// What happens.
    pub step: EventStep,
    /// The state it leads to.
    pub to: EventState,
    /// The conditions, asked in this order; all refusals are reported together.
    pub guards: &'static [EventGuard],
    /// What it rests on; `[D]` marks a design decision of this platform.
    pub source: &'static str,
}

use EventGuard::{
    AccountedAsIs, CoveredByUnits, Estimated, EverySource, HoldingStage, InTime, NotBegunLater,
    NothingChanged, Over,
};
use EventState::{
    Accounted, Corrected, Covered, Evaluated, Held, Lapsed, Neutral, Planned, Published, Withdrawn,
};
use EventStep::{
    Account, Attend, Attendees, Correct, End, Evaluate, Inventory, KeepVersion, Lapse, PublishPlan,
    PublishResult, Retire, Save, Unit, Withdraw,
};

const fn row(
    from: EventState,
    step: EventStep,
    to: EventState,
    guards: &'static [EventGuard],
    source: &'static str,
) -> EventRow {
    EventRow {
        from,
        step,
        to,
        guards,
        source,
    }
}

/// The whole table.
#[rustfmt::skip]
pub const EVENT_ROWS: &[EventRow] = &[
    row(Planned, Save, Planned, &[], "[D]"),
    row(Planned, Inventory, Planned, &[], "guide 2019 art. 8: the estimate"),
    row(Planned, Attendees, Planned, &[], "[D]"),
    row(Planned, Attend, Planned, &[], "[D]"),
    row(Planned, PublishPlan, Published, &[NotBegunLater, HoldingStage, EverySource, Estimated], "guide 2019 art. 8: the plan is made and its main content published while preparing"),
    row(Planned, Withdraw, Withdrawn, &[], "[D]"),
    row(Planned, End, Held, &[], "[D]: the event took place without a published plan, and the page says so"),
    row(Published, Inventory, Published, &[], "[D]"),
    row(Published, Attendees, Published, &[], "[D]"),
    row(Published, Attend, Published, &[], "[D]"),
    row(Published, Withdraw, Withdrawn, &[], "[D]"),
    row(Published, End, Held, &[], "guide 2019 ch. 3: the closing stage"),
    row(Held, Inventory, Held, &[], "guide 2019 ch. 3"),
    row(Held, Attendees, Held, &[], "[D]"),
    row(Held, Attend, Held, &[], "[D]"),
    row(Held, Save, Held, &[], "[D]: what is left out is known when it is over; the published plan and the days stay"),
    row(Held, Account, Accounted, &[Over, HoldingStage, EverySource], "guide 2019 ch. 3: what actually occurred is accounted for"),
    row(Held, Lapse, Lapsed, &[], "one year after the event (recommendation of practice, Guangdong 2026 repeats it)"),
    row(Accounted, Inventory, Held, &[], "[D]: a changed inventory is accounted for again"),
    row(Accounted, Attendees, Held, &[], "[D]"),
    row(Accounted, Unit, Accounted, &[], "guide 2019 ch. 3"),
    row(Accounted, Retire, Covered, &[AccountedAsIs, InTime, CoveredByUnits], "guide 2019 ch. 3; Measures art. 28: use is cancellation"),
    row(Accounted, Lapse, Lapsed, &[], "one year after the event"),
    row(Covered, Evaluate, Evaluated, &[AccountedAsIs, CoveredByUnits], "guide 2019: own commitment or a body"),
    row(Covered, Inventory, Held, &[], "[D]: a mistake found before anything was declared; the units stay with the event"),
    row(Evaluated, PublishResult, Neutral, &[AccountedAsIs, CoveredByUnits], "guide 2019 art. 5: openness"),
    row(Evaluated, Evaluate, Evaluated, &[AccountedAsIs, CoveredByUnits], "[D]: the statement is replaced before it is public"),
    row(Neutral, Correct, Corrected, &[], "[D]: a published version is never changed, a new one follows"),
    row(Corrected, Inventory, Corrected, &[], "[D]"),
    row(Corrected, Save, Corrected, &[], "[D]"),
    row(Corrected, Attendees, Corrected, &[], "[D]: a wrong table of attendees is a mistake like any other"),
    row(Corrected, KeepVersion, Neutral, &[NothingChanged], "[D]: opened by mistake; the published version stands"),
    row(Corrected, Account, Accounted, &[Over, HoldingStage, EverySource], "[D]"),
];

/// What the guards look at.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, not a state"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventFacts {
    /// The day of the act.
    pub today: Date,
    /// First day of the event.
    pub starts_on: Date,
    /// Last day of the event.
    pub ends_on: Date,
    /// The boundary holds the holding stage, and the inventory a line of it.
    pub holding: bool,
    /// Classes of the checklist that are neither in the inventory nor left out with a reason.
    pub open_classes: Vec<&'static str>,
    /// An estimate of the inventory as it is now was computed.
    pub estimated: bool,
    /// Whole tonnes of the actual footprint, if it is that of the inventory as it is now.
    pub accounted_tonnes: Option<i64>,
    /// Whole tonnes of the units that count, those of this act included.
    pub counted_tonnes: i64,
    /// The new forest of the event has until later.
    pub forest: bool,
    /// A version of the result is published: what follows is a correction, which does not lapse.
    pub published: bool,
    /// Nothing was changed since the published version.
    pub unchanged: bool,
}

/// Last day for cancelling: one year after the event; six for new forest. 29 February becomes the 28th.
pub fn deadline(ends_on: Date, forest: bool) -> Date {
    let year = ends_on.year() + if forest { 6 } else { 1 };
    Date::from_calendar_date(year, ends_on.month(), ends_on.day())
        .or_else(|_| Date::from_calendar_date(year, Month::February, 28))
        .unwrap_or(Date::MAX)
}

/// The state that the date leaves: an event ends by itself, and lapses by itself if nothing covers it in time. One with a published version
/// was covered in time: it never lapses, and without an account it is being corrected.
pub fn settled(
    state: EventState,
    today: Date,
    ends_on: Date,
    forest: bool,
    published: bool,
) -> EventState {
    let state = match state {
        Planned | Published if today > ends_on => Held,
        other => other,
    };
    match state {
        Held if published => Corrected,
        Accounted if published => Accounted,
        Held | Accounted if today > deadline(ends_on, forest) => Lapsed,
        other => other,
    }
}

/// The next state, or everything that keeps the step from happening.
pub fn check(
    state: EventState,
    step: EventStep,
    facts: &EventFacts,
) -> Result<EventState, Vec<Refusal>> {
    let state = settled(
        state,
        facts.today,
        facts.ends_on,
        facts.forest,
        facts.published,
    );
    let found = EVENT_ROWS
        .iter()
        .find(|row| row.from == state && row.step == step);
    let Some(found) = found else {
        return Err(vec![refused_in(state, step, facts)]);
    };
    let refusals: Vec<Refusal> = found
        .guards
        .iter()
        .filter_map(|guard| guard.refusal(facts))
        .collect();
    if refusals.is_empty() {
        let again = found.to == Held && facts.published;
        Ok(if again { Corrected } else { found.to })
    } else {
        Err(refusals)
    }
}

/// A state that does not allow a step; where the clock is the reason, it says so.
fn refused_in(state: EventState, step: EventStep, facts: &EventFacts) -> Refusal {
    if state == Lapsed && matches!(step, Account | Unit | Retire | Evaluate | PublishResult) {
        return Refusal::new(codes::EVENT_TOO_LATE)
            .with("deadline", deadline(facts.ends_on, facts.forest));
    }
    if state == Held && step == PublishPlan {
        return Refusal::new(codes::EVENT_PLAN_TOO_LATE).with("start", facts.starts_on);
    }
    if step == Account && matches!(state, Planned | Published) {
        return Refusal::new(codes::EVENT_NOT_OVER).with("end", facts.ends_on);
    }
    if matches!(step, Retire | Evaluate | PublishResult)
        && matches!(state, Planned | Published | Held | Corrected)
    {
        return Refusal::new(codes::EVENT_NOT_ACCOUNTED);
    }
    if matches!(step, Evaluate | PublishResult) && state == Accounted {
        return not_covered(facts);
    }
    Refusal::new(codes::STATE_DOES_NOT_ALLOW)
        .with("state", state.code())
        .with("event", step.code())
}

fn not_covered(facts: &EventFacts) -> Refusal {
    let needed = facts.accounted_tonnes.unwrap_or_default();
    Refusal::new(codes::EVENT_NOT_COVERED)
        .with("needed", needed)
        .with("covered", facts.counted_tonnes)
        .with("missing", needed - facts.counted_tonnes)
}

impl EventGuard {
    fn refusal(self, facts: &EventFacts) -> Option<Refusal> {
        match self {
            Self::HoldingStage if !facts.holding => {
                Some(Refusal::new(codes::EVENT_WITHOUT_HOLDING).at("stages"))
            }
            Self::EverySource if !facts.open_classes.is_empty() => Some(
                Refusal::new(codes::EVENT_SOURCE_OPEN)
                    .at(format!("left_out.{}", facts.open_classes[0]))
                    .with("classes", facts.open_classes.join(", ")),
            ),
            Self::Estimated if !facts.estimated => {
                Some(Refusal::new(codes::EVENT_ESTIMATE_MISSING))
            }
            Self::NotBegunLater if facts.today > facts.starts_on => {
                Some(Refusal::new(codes::EVENT_PLAN_TOO_LATE).with("start", facts.starts_on))
            }
            Self::Over if facts.today <= facts.ends_on => {
                Some(Refusal::new(codes::EVENT_NOT_OVER).with("end", facts.ends_on))
            }
            Self::AccountedAsIs if facts.accounted_tonnes.is_none() => {
                Some(Refusal::new(codes::EVENT_NOT_ACCOUNTED))
            }
            Self::CoveredByUnits
                if facts
                    .accounted_tonnes
                    .is_some_and(|needed| facts.counted_tonnes < needed) =>
            {
                Some(not_covered(facts))
            }
            Self::InTime
                if !facts.published && facts.today > deadline(facts.ends_on, facts.forest) =>
            {
                Some(
                    Refusal::new(codes::EVENT_TOO_LATE)
                        .with("deadline", deadline(facts.ends_on, facts.forest)),
                )
            }
            Self::NothingChanged if !facts.unchanged => {
                Some(Refusal::new(codes::EVENT_CORRECTION_BEGUN))
            }
            _ => None,
        }
    }
}
