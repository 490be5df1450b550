//! How applications and registrations end before their time: what each act must say, which bar follows from a revocation, how long the
//! files are kept, and the draw of experts for a registration review.

use std::collections::BTreeMap;

use serde::Serialize;
use time::Date;

use super::guard::{Ban, after_years};
use crate::refusal::{Refusal, codes};
use crate::sector::Sector;
use crate::text;

/// How long the files of a project are kept after its last registration of reductions, calendar years (Measures art. 11, 18;
/// CNCA-CCER-01:2023 5.9).
pub const RETENTION_YEARS: i32 = 10;
/// The longest reason, ground or opinion, characters.
const TEXT_MAX: usize = 4000;
/// The longest name of an authority, of a document number, of an expert or of an employer, characters.
const NAME_MAX: usize = 200;
/// The most experts drawn at once.
const EXPERTS_MAX: u64 = 9;

/// Why the registry cancels a registration (Measures art. 16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeregistrationGround {
    /// The owner asked for it.
    OwnerRequest,
    /// The owner no longer exists: the registry acts by itself, after an investigation.
    OwnerExtinct,
    /// The project no longer exists: the registry acts by itself, after an investigation.
    ProjectGone,
}

impl DeregistrationGround {
    /// Every ground.
    pub const ALL: &[Self] = &[Self::OwnerRequest, Self::OwnerExtinct, Self::ProjectGone];

    /// The stable text in the database and in the interface catalogue (`ends.ground_<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::OwnerRequest => "owner_request",
            Self::OwnerExtinct => "owner_extinct",
            Self::ProjectGone => "project_gone",
        }
    }
}

/// What an authority found when it had a registration revoked (Measures art. 43).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RevocationGround {
    /// Falsified or fabricated data; nothing was issued on it. No application for three years.
    FalsifiedData,
    /// Credits were issued on falsified data. No application for good.
    FalseCredits,
    /// The owner did not cancel an equal amount of credits when ordered to. No application for good.
    FailureToCancel,
}

impl RevocationGround {
    /// Every ground.
    pub const ALL: &[Self] = &[
        Self::FalsifiedData,
        Self::FalseCredits,
        Self::FailureToCancel,
    ];

    /// The stable text in the database and in the interface catalogue (`ends.ground_<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::FalsifiedData => "falsified_data",
            Self::FalseCredits => "false_credits",
            Self::FailureToCancel => "failure_to_cancel",
        }
    }

    /// Whether it presupposes that credits were issued.
    pub const fn needs_issued_credits(self) -> bool {
        !matches!(self, Self::FalsifiedData)
    }

    /// The bar on the owner that begins on `from` (the day the registry revokes; from which day art. 43 counts is not said in
    /// the text that was found, so this is a design decision).
    pub const fn ban(self, from: Date) -> Ban {
        Ban {
            from,
            permanent: self.needs_issued_credits(),
        }
    }
}

/// What the owner says when it asks to cancel its registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeregistrationRequest {
    /// Why.
    pub reason: String,
    /// What is to become of open reports and of reductions that were not applied for yet.
    pub outstanding: String,
}

impl DeregistrationRequest {
    /// Reads `reason` and `outstanding`; every refusal at its field.
    pub fn read(fields: &BTreeMap<String, String>) -> Result<Self, Vec<Refusal>> {
        both(
            reason(fields, "reason"),
            needed(fields, "outstanding", TEXT_MAX),
            |reason, outstanding| Self {
                reason,
                outstanding,
            },
        )
    }
}

/// How the registry cancels a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deregistration {
    /// Why.
    pub ground: DeregistrationGround,
    /// The reason in words.
    pub reason: String,
    /// What the investigation found; given if and only if the registry acts by itself.
    pub investigation: Option<String>,
}

impl Deregistration {
    /// Reads `ground`, `reason` and `investigation`. With a `requested` cancellation the ground may be the owner's request; without one it
    /// may not. Acting by itself the registry must say what it found. Every refusal at its field.
    pub fn read(fields: &BTreeMap<String, String>, requested: bool) -> Result<Self, Vec<Refusal>> {
        let ground = choice(
            fields,
            "ground",
            DeregistrationGround::ALL,
            DeregistrationGround::code,
        )
        .and_then(|ground| {
            if ground == DeregistrationGround::OwnerRequest && !requested {
                Err(Refusal::new(codes::CHOICE_INVALID).at("ground"))
            } else {
                Ok(ground)
            }
        });
        let by_itself = ground
            .as_ref()
            .is_ok_and(|ground| *ground != DeregistrationGround::OwnerRequest);
        let investigation = if by_itself {
            needed(fields, "investigation", TEXT_MAX).map(Some)
        } else {
            Ok(None)
        };
        match (ground, reason(fields, "reason"), investigation) {
            (Ok(ground), Ok(reason), Ok(investigation)) => Ok(Self {
                ground,
                reason,
                investigation,
            }),
            (ground, reason, investigation) => {
                Err([ground.err(), reason.err(), investigation.err()]
                    .into_iter()
                    .flatten()
                    .collect())
            }
        }
    }
}

/// The notice of a provincial or higher department by which a registration is revoked (Measures art. 43).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// What was found.
    pub ground: RevocationGround,
    /// The facts in words.
    pub reason: String,
    /// Which department.
    pub authority: String,
    /// The number of its document.
    pub document_number: String,
    /// The day of its document; not after today.
    pub document_date: Date,
}

impl Revocation {
    /// Reads `ground`, `reason`, `authority`, `document_number`, `document_date`. A ground that presupposes issued credits is refused
    /// (`no_credits_issued`) where the registry has issued none (`issued`). Every refusal at its field.
    pub fn read(
        fields: &BTreeMap<String, String>,
        today: Date,
        issued: bool,
    ) -> Result<Self, Vec<Refusal>> {
        let ground = choice(
            fields,
            "ground",
            RevocationGround::ALL,
            RevocationGround::code,
        )
        .and_then(|ground| {
            if ground.needs_issued_credits() && !issued {
                Err(Refusal::new(codes::NO_CREDITS_ISSUED).at("ground"))
            } else {
                Ok(ground)
            }
        });
        let reason = reason(fields, "reason");
        let authority = needed(fields, "authority", NAME_MAX);
        let number = needed(fields, "document_number", NAME_MAX);
        let day = text::date("document_date", typed(fields, "document_date")).and_then(|day| {
            if day > today {
                Err(Refusal::new(codes::DAY_IN_FUTURE)
                    .at("document_date")
                    .with("today", today))
            } else {
                Ok(day)
            }
        });
        match (ground, reason, authority, number, day) {
            (Ok(ground), Ok(reason), Ok(authority), Ok(document_number), Ok(document_date)) => {
                Ok(Self {
                    ground,
                    reason,
                    authority,
                    document_number,
                    document_date,
                })
            }
            (ground, reason, authority, number, day) => Err([
                ground.err(),
                reason.err(),
                authority.err(),
                number.err(),
                day.err(),
            ]
            .into_iter()
            .flatten()
            .collect()),
        }
    }
}

/// The registry's refusal to register: reasons and the clause they rest on (Measures art. 15, 22).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRegistration {
    /// Why.
    pub reason: String,
    /// The clause.
    pub legal_ground: String,
}

impl RefusedRegistration {
    /// Reads `reason` and `legal_ground`; every refusal at its field.
    pub fn read(fields: &BTreeMap<String, String>) -> Result<Self, Vec<Refusal>> {
        both(
            reason(fields, "reason"),
            needed(fields, "legal_ground", TEXT_MAX),
            |reason, legal_ground| Self {
                reason,
                legal_ground,
            },
        )
    }
}

/// Until when the files of a project must be kept: ten calendar years after the last registration, the same month and day.
pub fn retain_until(last_registered_on: Date) -> Date {
    after_years(last_registered_on, RETENTION_YEARS)
}

/// What tells whether two documents are about the same project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The owner's organisation.
    pub owner: String,
    /// The name.
    pub name: String,
    /// The province's code; may be empty.
    pub province: String,
    /// The plant archive code (建档立卡), if the document has one: in capitals, without blanks.
    pub archive_code: Option<String>,
}

impl Identity {
    /// The identity of a document of `owner`: its name, its province, its plant code.
    pub fn of_document(owner: &str, fields: &BTreeMap<String, String>) -> Self {
        let code = text::narrow(typed(fields, "archive_code")).to_ascii_uppercase();
        Self {
            owner: owner.to_owned(),
            name: plain(typed(fields, "name")),
            province: typed(fields, "province").to_owned(),
            archive_code: Some(code).filter(|code| !code.is_empty()),
        }
    }

    /// Whether two documents are about the same project, whoever owns it: the same plant code, or the same name with the same owner or in
    /// the same province (Measures art. 16: a project that was deregistered is never registered again; how sameness is found out is a
    /// design decision of this platform).
    pub fn is_same_project(&self, other: &Self) -> bool {
        let same_plant = self.archive_code.is_some() && self.archive_code == other.archive_code;
        let same_name = !self.name.is_empty() && self.name == other.name;
        let same_place = !self.province.is_empty() && self.province == other.province;
        same_plant || (same_name && (self.owner == other.owner || same_place))
    }
}

/// A name without what is typed in two ways: width, case, blanks.
fn plain(name: &str) -> String {
    text::narrow(name)
        .to_lowercase()
        .chars()
        .filter(|character| !character.is_whitespace())
        .collect()
}

/// Somebody in the register of experts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expert {
    /// Name.
    pub name: String,
    /// Where the expert works: nobody is drawn for a project of the own employer.
    pub employer: String,
    /// The sectors; at least one.
    pub sectors: Vec<Sector>,
}

impl Expert {
    /// Reads `name`, `employer` and a box `sector.<code>` for each sector; every refusal at its field.
    pub fn read(fields: &BTreeMap<String, String>) -> Result<Self, Vec<Refusal>> {
        let sectors: Vec<Sector> = Sector::ALL
            .iter()
            .copied()
            .filter(|sector| typed(fields, &format!("sector.{}", sector.code())) == "yes")
            .collect();
        let sectors = if sectors.is_empty() {
            let first = format!("sector.{}", Sector::Energy.code());
            Err(Refusal::new(codes::REQUIRED).at(first))
        } else {
            Ok(sectors)
        };
        match (
            needed(fields, "name", NAME_MAX),
            needed(fields, "employer", NAME_MAX),
            sectors,
        ) {
            (Ok(name), Ok(employer), Ok(sectors)) => Ok(Self {
                name,
                employer,
                sectors,
            }),
            (name, employer, sectors) => Err([name.err(), employer.err(), sectors.err()]
                .into_iter()
                .flatten()
                .collect()),
        }
    }
}

/// What an expert answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpertConclusion {
    /// Nothing stands against registration.
    Favourable,
    /// Questions must be answered first.
    Questions,
    /// Registration should be refused.
    Unfavourable,
    /// The expert has a conflict of interest, or cannot do it: no opinion.
    Declined,
}

impl ExpertConclusion {
    /// Every conclusion.
    pub const ALL: &[Self] = &[
        Self::Favourable,
        Self::Questions,
        Self::Unfavourable,
        Self::Declined,
    ];

    /// The stable text in the database and in the interface catalogue (`ends.expert_<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Favourable => "favourable",
            Self::Questions => "questions",
            Self::Unfavourable => "unfavourable",
            Self::Declined => "declined",
        }
    }
}

/// An expert's answer as the registry enters it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpertOpinion {
    /// Which appointment.
    pub appointment: String,
    /// What it comes to.
    pub conclusion: ExpertConclusion,
    /// The opinion, or why there is none.
    pub text: String,
}

impl ExpertOpinion {
    /// Reads `appointment`, `conclusion`, `opinion` and `no_conflict`. Without the expert's statement that there is no conflict of
    /// interest only `declined` can be entered (`statement_required`). Every refusal at its field.
    pub fn read(fields: &BTreeMap<String, String>) -> Result<Self, Vec<Refusal>> {
        let conclusion = choice(
            fields,
            "conclusion",
            ExpertConclusion::ALL,
            ExpertConclusion::code,
        );
        let stated = typed(fields, "no_conflict") == "yes"
            || conclusion
                .as_ref()
                .is_ok_and(|conclusion| *conclusion == ExpertConclusion::Declined);
        let statement =
            (!stated).then(|| Refusal::new(codes::STATEMENT_REQUIRED).at("no_conflict"));
        match (
            needed(fields, "appointment", NAME_MAX),
            conclusion,
            needed(fields, "opinion", TEXT_MAX),
            statement,
        ) {
            (Ok(appointment), Ok(conclusion), Ok(text), None) => Ok(Self {
                appointment,
                conclusion,
                text,
            }),
            (appointment, conclusion, text, statement) => {
                Err([appointment.err(), conclusion.err(), text.err(), statement]
                    .into_iter()
                    .flatten()
                    .collect())
            }
        }
    }
}

/// How many experts are to be drawn: the field `count`, 1..=9.
pub fn experts_wanted(fields: &BTreeMap<String, String>) -> Result<usize, Refusal> {
    let out_of_range = || {
        Refusal::new(codes::NUMBER_OUT_OF_RANGE)
            .at("count")
            .with("min", 1)
            .with("max", EXPERTS_MAX)
    };
    let count = text::narrow(typed(fields, "count"));
    if count.is_empty() {
        return Err(Refusal::new(codes::REQUIRED).at("count"));
    }
    let count: u64 = count.parse().map_err(|_| out_of_range())?;
    if (1..=EXPERTS_MAX).contains(&count) {
        usize::try_from(count).map_err(|_| out_of_range())
    } else {
        Err(out_of_range())
    }
}

/// Draws `count` of the candidates. The same seed and the same candidates, in whatever order they come, give the same draw, so that
/// anyone can repeat it: the candidates are put in the order of their ids and shuffled (Fisher-Yates) by the numbers of the
/// `SplitMix64` generator that starts from the first 16 hexadecimal digits of the seed. Refused (`experts_too_few`) if there are
/// fewer candidates.
pub fn draw_experts(
    seed: &str,
    candidates: &[String],
    count: usize,
) -> Result<Vec<String>, Refusal> {
    let mut ordered = candidates.to_vec();
    ordered.sort();
    ordered.dedup();
    if ordered.len() < count {
        return Err(Refusal::new(codes::EXPERTS_TOO_FEW)
            .at("count")
            .with("available", ordered.len()));
    }
    let digits: String = seed.chars().take(16).collect();
    let mut state = u64::from_str_radix(&digits, 16).unwrap_or(0);
    for at in (1..ordered.len()).rev() {
        let bound = u64::try_from(at).unwrap_or(u64::MAX).saturating_add(1);
        let drawn = usize::try_from(next_number(&mut state) % bound).unwrap_or(0);
        ordered.swap(at, drawn);
    }
    ordered.truncate(count);
    Ok(ordered)
}

/// The next number of `SplitMix64`.
fn next_number(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

fn typed<'a>(fields: &'a BTreeMap<String, String>, name: &str) -> &'a str {
    fields.get(name).map_or("", |text| text.trim())
}

fn needed(fields: &BTreeMap<String, String>, name: &str, max: usize) -> Result<String, Refusal> {
    text::required_text(name, typed(fields, name), max)
}

fn reason(fields: &BTreeMap<String, String>, name: &str) -> Result<String, Refusal> {
    needed(fields, name, TEXT_MAX).map_err(|refusal| match refusal.code {
        codes::REQUIRED => Refusal::new(codes::REASON_REQUIRED).at(name),
        _ => refusal,
    })
}

fn choice<Choice: Copy>(
    fields: &BTreeMap<String, String>,
    name: &str,
    all: &[Choice],
    code: impl Fn(Choice) -> &'static str,
) -> Result<Choice, Refusal> {
    let chosen = typed(fields, name);
    if chosen.is_empty() {
        return Err(Refusal::new(codes::REQUIRED).at(name));
    }
    all.iter()
        .copied()
        .find(|one| code(*one) == chosen)
        .ok_or_else(|| Refusal::new(codes::CHOICE_INVALID).at(name))
}

fn both<A, B, C>(
    one: Result<A, Refusal>,
    other: Result<B, Refusal>,
    make: impl FnOnce(A, B) -> C,
) -> Result<C, Vec<Refusal>> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok(make(one, other)),
        (one, other) => Err([one.err(), other.err()].into_iter().flatten().collect()),
    }
}
