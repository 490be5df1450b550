//! The conditions of the two state machines, as pure functions of facts that the caller has gathered.
//!
//! Ids follow the rule book: G1.. for projects, R1.. for reductions; P, O and I are this platform's own
//! (document, opinions, issuance). G11 (projects filed before 2017-03-14 must register anew) needs no check:
//! no earlier registration is imported here, so every project registers anew.

use serde::Serialize;
use time::macros::date;
use time::{Date, Month};

use super::project_table::ProjectState;
use crate::engagement::EngagementFacts;
use crate::id::OrganisationId;
use crate::refusal::{Refusal, codes};
use crate::sector::{Family, Sector, project_type_of};

/// Construction must begin after this day (Measures art. 10).
pub const COMMENCEMENT_AFTER: Date = date!(2012 - 11 - 08);
/// The first day on which reductions can be credited: "after 2020-09-22" (Measures art. 17).
pub const FIRST_CREDITABLE_DAY: Date = date!(2020 - 09 - 23);
/// How far back from the creation of an application its period may begin, calendar years (Measures art. 17).
pub const LOOK_BACK_YEARS: i32 = 5;
/// How long an owner who falsified data is barred, calendar years (Measures art. 43).
pub const BAN_YEARS: i32 = 3;

/// A VVB's approval for one sector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VvbApproval {
    /// The sector.
    pub sector: Sector,
    /// The first day.
    pub from: Date,
    /// The last day; `None` while it has no end.
    pub to: Option<Date>,
}

/// What matters about a VVB in relation to one application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VvbStanding {
    /// Which body.
    pub organisation: OrganisationId,
    /// Its approvals, of any sector and time.
    pub approvals: Vec<VvbApproval>,
    /// Whether it has asset or management ties with the owner, or wrote the document (Measures art. 31, 37).
    pub tied_to_owner: bool,
    /// The Beijing day on which it took the mandate; `None` before that.
    pub appointed_on: Option<Date>,
}

/// A bar on an owner's applications (Measures art. 43).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ban {
    /// The first day.
    pub from: Date,
    /// Whether it has no end (fraud with issued credits, or failure to cancel); otherwise 3 years.
    pub permanent: bool,
}

/// Which benefit the owner claims for the electricity of the crediting period (国能综通新能〔2024〕124号).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GreenCertificateChoice {
    /// Reductions: untraded certificates of the period are to be frozen and cancelled.
    Reductions,
    /// Green certificates: that electricity cannot be credited.
    Certificates,
}

/// Tonnes of one calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct YearAmount {
    /// The calendar year of generation.
    pub year: i32,
    /// Whole tonnes, 0 or more.
    pub tonnes: i64,
}

/// What the guards of a project ask about.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, each asked by its own guard"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectFacts {
    /// The Beijing day of the act.
    pub today: Date,
    /// The methodology code in the document.
    pub methodology: String,
    /// Whether that methodology is in force today.
    pub methodology_in_force: bool,
    /// 开工日期.
    pub commencement: Option<Date>,
    /// First and last day of the crediting period.
    pub crediting: Option<(Date, Date)>,
    /// The owner states: no law obliges it to reduce.
    pub no_legal_obligation: bool,
    /// The owner states: not under national or local quota management.
    pub outside_quota_management: bool,
    /// The owner states: not in another greenhouse gas mechanism.
    pub no_other_mechanism: bool,
    /// Reductions or green certificates; `None` if not chosen.
    pub green_certificates: Option<GreenCertificateChoice>,
    /// Whether the owner's registry account is open and not restricted.
    pub owner_account_active: bool,
    /// Bars on the owner.
    pub owner_bans: Vec<Ban>,
    /// Whether this project was deregistered or revoked before.
    pub previously_deregistered: bool,
    /// The chosen validator; `None` if none is chosen.
    pub validator: Option<VvbStanding>,
    /// Sections of the document that are not complete, by their codes.
    pub incomplete_sections: Vec<&'static str>,
    /// Whether the owner has made the statement on truthfulness and uniqueness.
    pub statement_made: bool,
    /// Comments that the registry has neither published nor refused.
    pub opinions_undecided: u32,
    /// Published comments without an answer of the owner.
    pub opinions_unanswered: u32,
    /// What the validator has done for this mandate; `None` if it has not begun.
    pub engagement: Option<EngagementFacts>,
    /// Experts who were appointed and have not answered.
    pub experts_unanswered: u32,
}

/// What the guards of a monitoring report ask about.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, each asked by its own guard"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportFacts {
    /// The Beijing day of the act.
    pub today: Date,
    /// The Beijing day on which the report was created: the five years count back from it.
    pub created_on: Date,
    /// The project's state now.
    pub project_state: ProjectState,
    /// The project's sector.
    pub sector: Option<Sector>,
    /// First and last day of the project's crediting period.
    pub crediting: Option<(Date, Date)>,
    /// First and last day of the report's period.
    pub period: Option<(Date, Date)>,
    /// The periods of the project's other reports that were not discarded, withdrawn or terminated.
    pub other_periods: Vec<(Date, Date)>,
    /// Who validated the project.
    pub validator: Option<OrganisationId>,
    /// The chosen verifier; `None` if none is chosen.
    pub verifier: Option<VvbStanding>,
    /// The amounts applied for, by year.
    pub applied: Vec<YearAmount>,
    /// The amounts verified, by year; `None` before verification.
    pub verified: Option<Vec<YearAmount>>,
    /// The owner states: no green certificate of the period's electricity was traded.
    pub no_traded_certificates: bool,
    /// Whether the owner's registry account is open and not restricted.
    pub owner_account_active: bool,
    /// Bars on the owner.
    pub owner_bans: Vec<Ban>,
    /// Sections of the report that are not complete, by their codes.
    pub incomplete_sections: Vec<&'static str>,
    /// Whether the owner has made the statement on truthfulness.
    pub statement_made: bool,
    /// Comments that the registry has neither published nor refused.
    pub opinions_undecided: u32,
    /// Published comments without an answer of the owner.
    pub opinions_unanswered: u32,
    /// What the verifier has done for this mandate; `None` if it has not begun.
    pub engagement: Option<EngagementFacts>,
    /// Experts who were appointed and have not answered.
    pub experts_unanswered: u32,
    /// Whether credits of this report were issued before.
    pub issued: bool,
}

/// A condition of the project table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum ProjectGuard {
    /// The document is complete and the owner's statement on truthfulness made (Measures art. 11, 12).
    P1,
    /// The crediting period is given and not longer than the methodology allows (Measures art. 8).
    P2,
    /// Unique: in no other mechanism (Measures art. 10, 48).
    G1,
    /// The methodology is in force and covers a project type (Measures art. 10).
    G2,
    /// Construction began after 2012-11-08 (Measures art. 10).
    G3,
    /// No legal obligation, no quota management (Measures art. 10).
    G4,
    /// The owner's account is active (Measures art. 4; registration rules art. 5).
    G5,
    /// The VVB is approved for the sector on the day of its appointment (today before that) and
    /// independent (Measures art. 31, 37, 44).
    G6,
    /// Not deregistered before (Measures art. 16).
    G7,
    /// The owner is not barred (Measures art. 43).
    G8,
    /// Reductions, not green certificates, are chosen for the electricity (国能综通新能〔2024〕124号).
    G9,
    /// The project type is admitted: photovoltaic and onshore wind are not (国能综通新能〔2024〕124号).
    G10,
    /// The VVB is still approved on the day of its report: it may not act outside its approval (Measures art. 44).
    V1,
    /// Every comment is decided and every published one answered (Measures art. 13).
    O1,
    /// The validator's work is complete: impartiality, team, document review, visits, independent review and decision, requests closed
    /// (CNCA-CCER-01:2023 4.4-4.6).
    D1,
    /// Every expert who was appointed has answered (registry task 技术评估; a design decision of this platform).
    X1,
}

/// A condition of the report table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum ReportGuard {
    /// The project is registered and neither deregistered nor revoked (Measures art. 17).
    R1,
    /// The report is complete and its statement made: measurable, traceable, verifiable (Measures art. 17, 18).
    R2,
    /// Nothing before 2020-09-23 (Measures art. 17).
    R3,
    /// Inside the crediting period (Measures art. 17).
    R4,
    /// Nothing older than five years at creation (Measures art. 17).
    R5,
    /// The verifier is not the validator (Measures art. 18).
    R6,
    /// The verifier is approved for the sector on the day of its appointment (today before that) and
    /// independent (Measures art. 37).
    R7,
    /// Amounts applied for equal the verified amounts (Measures art. 21).
    R8,
    /// No overlap with another period; later periods come after earlier ones (CNCA-CCER-01:2023 2.3).
    R9,
    /// No green certificate of the electricity was traded (国能综通新能〔2024〕124号).
    R10,
    /// The owner is not barred and its account active (Measures art. 43).
    R11,
    /// The period is over: only generation that has happened can be accounted for.
    P3,
    /// The VVB is still approved on the day of its report: it may not act outside its approval (Measures art. 44).
    V1,
    /// Every comment is decided and every published one answered (Measures art. 20).
    O1,
    /// The verifier's work is complete, as for [`ProjectGuard::D1`] (CNCA-CCER-01:2023 5.4-5.6).
    D1,
    /// Every expert who was appointed has answered (registry task 技术评估; a design decision of this platform).
    X1,
    /// Not issued before.
    I1,
}

impl ProjectGuard {
    /// Every reason why these facts fail the condition; empty if they pass.
    pub fn check(self, facts: &ProjectFacts) -> Vec<Refusal> {
        let result = match self {
            Self::P1 => return document_complete(&facts.incomplete_sections, facts.statement_made),
            Self::D1 => return work_complete(facts.engagement.as_ref()),
            Self::P2 => crediting_period_fits(facts.crediting, &facts.methodology),
            Self::G1 => stated(
                facts.no_other_mechanism,
                "in_other_mechanism",
                codes::NOT_UNIQUE,
            ),
            Self::G2 => methodology_covers(&facts.methodology, facts.methodology_in_force),
            Self::G3 => match facts.commencement {
                Some(commencement) => commenced_after_cutoff(commencement),
                None => Err(Refusal::new(codes::REQUIRED).at("construction_start")),
            },
            Self::G4 => stated(
                facts.no_legal_obligation,
                "legally_obliged",
                codes::LEGALLY_OBLIGED,
            )
            .and_then(|()| {
                stated(
                    facts.outside_quota_management,
                    "in_emissions_trading",
                    codes::UNDER_QUOTA_MANAGEMENT,
                )
            }),
            Self::G5 => account_active(facts.owner_account_active),
            Self::G6 => {
                let on = appointment_day(facts.validator.as_ref(), facts.today);
                vvb_approved(
                    facts.validator.as_ref(),
                    sector_of(&facts.methodology),
                    on,
                    "validator",
                )
            }
            Self::V1 => vvb_approved(
                facts.validator.as_ref(),
                sector_of(&facts.methodology),
                facts.today,
                "validator",
            ),
            Self::G7 if facts.previously_deregistered => {
                Err(Refusal::new(codes::DEREGISTERED_BEFORE))
            }
            Self::G7 => Ok(()),
            Self::G8 => not_barred(&facts.owner_bans, facts.today),
            // green certificates are for electricity
            Self::G9 if !is_power(&facts.methodology) => Ok(()),
            Self::G9 => match facts.green_certificates {
                Some(GreenCertificateChoice::Reductions) => Ok(()),
                Some(GreenCertificateChoice::Certificates) => {
                    Err(Refusal::new(codes::GREEN_CERTIFICATES_CHOSEN)
                        .at("green_certificate_choice"))
                }
                None => Err(Refusal::new(codes::REQUIRED).at("green_certificate_choice")),
            },
            Self::G10 => match project_type_of(&facts.methodology) {
                Some(_) => Ok(()),
                None => Err(Refusal::new(codes::PROJECT_TYPE_NOT_ADMITTED).at("methodology")),
            },
            Self::O1 => opinions_handled(facts.opinions_undecided, facts.opinions_unanswered),
            Self::X1 => experts_answered(facts.experts_unanswered),
        };
        result.err().into_iter().collect()
    }
}

impl ReportGuard {
    /// Every reason why these facts fail the condition; empty if they pass.
    pub fn check(self, facts: &ReportFacts) -> Vec<Refusal> {
        let period = facts
            .period
            .ok_or_else(|| Refusal::new(codes::REQUIRED).at("period_from"));
        let result = match self {
            Self::R1 => project_creditable(facts.project_state),
            Self::R2 => return document_complete(&facts.incomplete_sections, facts.statement_made),
            Self::D1 => return work_complete(facts.engagement.as_ref()),
            Self::R3 => period.and_then(|(from, _)| creditable_from(from)),
            Self::R4 => period.and_then(|period| inside_crediting_period(period, facts.crediting)),
            Self::R5 => period.and_then(|(from, _)| within_look_back(from, facts.created_on)),
            Self::R6 => {
                verifier_is_not_validator(facts.verifier.as_ref(), facts.validator.as_ref())
            }
            Self::R7 => {
                let on = appointment_day(facts.verifier.as_ref(), facts.today);
                vvb_approved(facts.verifier.as_ref(), facts.sector, on, "verifier")
            }
            Self::V1 => vvb_approved(
                facts.verifier.as_ref(),
                facts.sector,
                facts.today,
                "verifier",
            ),
            Self::R8 => match &facts.verified {
                Some(verified) => applied_equals_verified(&facts.applied, verified),
                None => Err(Refusal::new(codes::NOT_VERIFIED)),
            },
            Self::R9 => {
                period.and_then(|period| follows_other_periods(period, &facts.other_periods))
            }
            // green certificates are for electricity
            Self::R10 if facts.sector == Some(Sector::Forestry) => Ok(()),
            Self::R10 => stated(
                facts.no_traded_certificates,
                "certificates_traded",
                codes::GREEN_CERTIFICATES_TRADED,
            ),
            Self::R11 => account_active(facts.owner_account_active)
                .and_then(|()| not_barred(&facts.owner_bans, facts.today)),
            Self::P3 => period.and_then(|(_, to)| period_is_over(to, facts.today)),
            Self::O1 => opinions_handled(facts.opinions_undecided, facts.opinions_unanswered),
            Self::X1 => experts_answered(facts.experts_unanswered),
            Self::I1 if facts.issued => Err(Refusal::new(codes::ALREADY_ISSUED)),
            Self::I1 => Ok(()),
        };
        result.err().into_iter().collect()
    }
}

fn is_power(methodology: &str) -> bool {
    project_type_of(methodology).is_none_or(|kind| kind.family == Family::Power)
}

fn sector_of(methodology: &str) -> Option<Sector> {
    project_type_of(methodology).map(|kind| kind.sector)
}

fn appointment_day(standing: Option<&VvbStanding>, today: Date) -> Date {
    standing
        .and_then(|standing| standing.appointed_on)
        .unwrap_or(today)
}

/// The same month and day `years` earlier; 29 February becomes 28 February in a common year.
pub fn years_before(date: Date, years: i32) -> Date {
    let year = date.year().saturating_sub(years);
    Date::from_calendar_date(year, date.month(), date.day())
        .or_else(|_| Date::from_calendar_date(year, Month::February, 28))
        .unwrap_or(Date::MIN)
}

/// The first day after `years` whole years that begin on `date`: the same month and day; 1 March after a
/// 29 February where there is none (Civil Code art. 202).
pub fn after_years(date: Date, years: i32) -> Date {
    methodologies::day::years_later(date, years).unwrap_or(Date::MAX)
}

/// G3: construction began after 2012-11-08; 2012-11-09 is the first day accepted.
pub fn commenced_after_cutoff(commencement: Date) -> Result<(), Refusal> {
    if commencement > COMMENCEMENT_AFTER {
        return Ok(());
    }
    Err(Refusal::new(codes::COMMENCED_TOO_EARLY)
        .at("construction_start")
        .with("after", COMMENCEMENT_AFTER))
}

/// P2: the crediting period has an order, begins no earlier than 2020-09-23, and is at most as long as the methodology
/// allows: ten years from 2021-04-01 end on 2031-03-31.
pub fn crediting_period_fits(
    crediting: Option<(Date, Date)>,
    methodology: &str,
) -> Result<(), Refusal> {
    let Some((from, to)) = crediting else {
        return Err(Refusal::new(codes::REQUIRED).at("crediting_from"));
    };
    if to < from {
        return Err(Refusal::new(codes::END_BEFORE_START)
            .at("crediting_to")
            .with("start", from)
            .with("end", to));
    }
    if from < FIRST_CREDITABLE_DAY {
        return Err(Refusal::new(codes::BEFORE_FIRST_CREDITABLE_DAY)
            .at("crediting_from")
            .with("first", FIRST_CREDITABLE_DAY));
    }
    let years = project_type_of(methodology).map_or(10, |kind| kind.crediting_years_max);
    if to >= after_years(from, years) {
        let last = after_years(from, years).previous_day().unwrap_or(Date::MIN);
        return Err(Refusal::new(codes::CREDITING_PERIOD_TOO_LONG)
            .at("crediting_to")
            .with("years", years)
            .with("last", last));
    }
    let years = project_type_of(methodology).map_or(0, |kind| kind.crediting_years_min);
    let earliest = after_years(from, years).previous_day().unwrap_or(Date::MIN);
    if to < earliest {
        return Err(Refusal::new(codes::CREDITING_PERIOD_TOO_SHORT)
            .at("crediting_to")
            .with("years", years)
            .with("first", earliest));
    }
    Ok(())
}

/// G2: the methodology covers a project type and is in force.
pub fn methodology_covers(methodology: &str, in_force: bool) -> Result<(), Refusal> {
    let refuse = |code| {
        Err(Refusal::new(code)
            .at("methodology")
            .with("value", methodology))
    };
    match (project_type_of(methodology), in_force) {
        (None, _) => refuse(codes::METHODOLOGY_UNKNOWN),
        (Some(_), false) => refuse(codes::METHODOLOGY_NOT_IN_FORCE),
        (Some(_), true) => Ok(()),
    }
}

/// G6, R7: a VVB is chosen, approved for the sector on the day (first and last day included), without ties to the owner.
pub fn vvb_approved(
    standing: Option<&VvbStanding>,
    sector: Option<Sector>,
    on: Date,
    field: &str,
) -> Result<(), Refusal> {
    let Some(standing) = standing else {
        return Err(Refusal::new(codes::REQUIRED).at(field));
    };
    let approved = standing.approvals.iter().any(|approval| {
        Some(approval.sector) == sector
            && approval.from <= on
            && approval.to.is_none_or(|to| on <= to)
    });
    if !approved {
        let sector = sector.map_or("", Sector::code);
        return Err(Refusal::new(codes::VVB_NOT_APPROVED)
            .at(field)
            .with("sector", sector)
            .with("date", on));
    }
    if standing.tied_to_owner {
        return Err(Refusal::new(codes::VVB_NOT_INDEPENDENT).at(field));
    }
    Ok(())
}

/// G8, R11: no bar is in force; a bar of three years has ended on the same day three years later.
pub fn not_barred(bans: &[Ban], today: Date) -> Result<(), Refusal> {
    for ban in bans.iter().filter(|ban| ban.from <= today) {
        if ban.permanent {
            return Err(Refusal::new(codes::OWNER_BARRED_FOR_GOOD));
        }
        let free = after_years(ban.from, BAN_YEARS);
        if today < free {
            return Err(Refusal::new(codes::OWNER_BARRED).with("until", free));
        }
    }
    Ok(())
}

/// R1: reductions can be claimed for a registered project, also after its crediting period, and until a request to cancel the
/// registration is decided.
pub fn project_creditable(state: ProjectState) -> Result<(), Refusal> {
    match state {
        ProjectState::Registered | ProjectState::Expired | ProjectState::DeregistrationReview => {
            Ok(())
        }
        other => Err(Refusal::new(codes::PROJECT_NOT_REGISTERED).with("state", other.code())),
    }
}

/// R3: the first creditable day is 2020-09-23.
pub fn creditable_from(from: Date) -> Result<(), Refusal> {
    if from >= FIRST_CREDITABLE_DAY {
        return Ok(());
    }
    Err(Refusal::new(codes::BEFORE_FIRST_CREDITABLE_DAY)
        .at("period_from")
        .with("first", FIRST_CREDITABLE_DAY))
}

/// R4: the period has an order and lies inside the crediting period, both ends included.
pub fn inside_crediting_period(
    period: (Date, Date),
    crediting: Option<(Date, Date)>,
) -> Result<(), Refusal> {
    let (from, to) = period;
    if to < from {
        return Err(Refusal::new(codes::END_BEFORE_START)
            .at("period_to")
            .with("start", from)
            .with("end", to));
    }
    let Some((first, last)) = crediting else {
        return Err(Refusal::new(codes::REQUIRED).at("crediting_from"));
    };
    let outside = |field| {
        Err(Refusal::new(codes::OUTSIDE_CREDITING_PERIOD)
            .at(field)
            .with("first", first)
            .with("last", last))
    };
    if from < first || from > last {
        return outside("period_from");
    }
    if to > last {
        return outside("period_to");
    }
    Ok(())
}

/// R5: the period begins at most five years before the report was created; the same day five years back is accepted.
/// For a report created on 29 February that day is 28 February.
pub fn within_look_back(from: Date, created_on: Date) -> Result<(), Refusal> {
    let earliest = years_before(created_on, LOOK_BACK_YEARS);
    if from >= earliest {
        return Ok(());
    }
    Err(Refusal::new(codes::OLDER_THAN_FIVE_YEARS)
        .at("period_from")
        .with("earliest", earliest))
}

/// R6: the verifier is another body than the validator of the project.
pub fn verifier_is_not_validator(
    verifier: Option<&VvbStanding>,
    validator: Option<&OrganisationId>,
) -> Result<(), Refusal> {
    match (verifier, validator) {
        (None, _) => Err(Refusal::new(codes::REQUIRED).at("verifier")),
        (Some(verifier), Some(validator)) if verifier.organisation == *validator => {
            Err(Refusal::new(codes::VERIFIER_IS_VALIDATOR).at("verifier"))
        }
        _ => Ok(()),
    }
}

/// R8: the same years with the same tonnes. A year with 0 tonnes counts as a year: it must be in both.
pub fn applied_equals_verified(
    applied: &[YearAmount],
    verified: &[YearAmount],
) -> Result<(), Refusal> {
    let mut applied = applied.to_vec();
    let mut verified = verified.to_vec();
    applied.sort_unstable();
    verified.sort_unstable();
    if applied == verified {
        return Ok(());
    }
    let differs = applied
        .iter()
        .map(|amount| amount.year)
        .chain(verified.iter().map(|amount| amount.year))
        .find(|year| amounts_of(&applied, *year) != amounts_of(&verified, *year));
    let year = differs.unwrap_or_default();
    let shown = |amounts: &[YearAmount]| {
        let tonnes: Vec<String> = amounts_of(amounts, year)
            .iter()
            .map(ToString::to_string)
            .collect();
        if tonnes.is_empty() {
            "-".to_owned()
        } else {
            tonnes.join("+")
        }
    };
    Err(Refusal::new(codes::APPLIED_DIFFERS_FROM_VERIFIED)
        .with("year", year)
        .with("applied", shown(&applied))
        .with("verified", shown(&verified)))
}

fn amounts_of(amounts: &[YearAmount], year: i32) -> Vec<i64> {
    amounts
        .iter()
        .filter(|amount| amount.year == year)
        .map(|amount| amount.tonnes)
        .collect()
}

/// R9: the period overlaps no other period of the project and begins after all of them have ended.
pub fn follows_other_periods(period: (Date, Date), others: &[(Date, Date)]) -> Result<(), Refusal> {
    let (from, to) = period;
    if let Some((first, last)) = others
        .iter()
        .find(|(first, last)| *first <= to && from <= *last)
    {
        return Err(Refusal::new(codes::PERIOD_OVERLAPS)
            .at("period_from")
            .with("first", first)
            .with("last", last));
    }
    match others.iter().map(|(_, last)| *last).max() {
        Some(last) if from <= last => Err(Refusal::new(codes::PERIOD_BEFORE_EARLIER_ONE)
            .at("period_from")
            .with("last", last)),
        _ => Ok(()),
    }
}

/// P3: the last day of the period lies before today.
pub fn period_is_over(to: Date, today: Date) -> Result<(), Refusal> {
    if to < today {
        return Ok(());
    }
    Err(Refusal::new(codes::PERIOD_NOT_OVER)
        .at("period_to")
        .with("today", today))
}

fn document_complete(incomplete: &[&'static str], statement_made: bool) -> Vec<Refusal> {
    let sections = incomplete
        .iter()
        .map(|section| Refusal::new(codes::SECTION_INCOMPLETE).with("section", section));
    let statement =
        (!statement_made).then(|| Refusal::new(codes::STATEMENT_REQUIRED).at("statement"));
    sections.chain(statement).collect()
}

fn work_complete(engagement: Option<&EngagementFacts>) -> Vec<Refusal> {
    match engagement {
        Some(engagement) => engagement.missing(),
        None => vec![Refusal::new(codes::IMPARTIALITY_NOT_STATED)],
    }
}

fn stated(agreed: bool, field: &str, code: &'static str) -> Result<(), Refusal> {
    if agreed {
        Ok(())
    } else {
        Err(Refusal::new(code).at(field))
    }
}

fn account_active(active: bool) -> Result<(), Refusal> {
    if active {
        Ok(())
    } else {
        Err(Refusal::new(codes::ACCOUNT_NOT_ACTIVE))
    }
}

fn experts_answered(unanswered: u32) -> Result<(), Refusal> {
    if unanswered == 0 {
        return Ok(());
    }
    Err(Refusal::new(codes::EXPERTS_UNANSWERED).with("count", unanswered))
}

fn opinions_handled(undecided: u32, unanswered: u32) -> Result<(), Refusal> {
    if undecided > 0 {
        return Err(Refusal::new(codes::OPINIONS_UNDECIDED).with("count", undecided));
    }
    if unanswered > 0 {
        return Err(Refusal::new(codes::OPINIONS_UNANSWERED).with("count", unanswered));
    }
    Ok(())
}
