//! The carbon neutrality of an organisation in a period, and of a product or service: what may be claimed, from which figure, and
//! when the words must be withheld.
//!
//! No national procedure was found for such claims (2026-11); standards for the figure exist (ISO 14064-1, ISO 14067, GB/T 24067-2024,
//! the GHG Protocol). The way is that of events: a figure with its boundary, reductions, units that are cancelled and cover it, a
//! statement in public. Rows marked `[D]` are this platform's design and are replaced when an official text appears.

use std::collections::BTreeMap;

use methodologies::quantity::TonnesCo2e;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::{Date, Duration};

use crate::ledger::{Purpose, QUANTITY_MAX};
use crate::refusal::{Refusal, codes};
use crate::text::{date, optional_text, required_text};

/// Longest period of one claim, days, first and last included `[D]`: a longer time is one claim for each year.
pub const PERIOD_DAYS_MAX: i64 = 366;
/// Most decimals of a footprint in tonnes: a gram.
pub const FOOTPRINT_DECIMALS_MAX: u32 = 6;

/// What is called carbon neutral.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NeutralKind {
    /// An organisation within its boundary.
    Organisation,
    /// A product or a service, by functional unit.
    Product,
}

impl NeutralKind {
    /// Both kinds.
    pub const ALL: &[Self] = &[Self::Organisation, Self::Product];

    /// The stable text in the database and the interface catalogue; it is the code of its [`Purpose`], too.
    pub const fn code(self) -> &'static str {
        self.purpose().code()
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// What credits are retired for it for.
    pub const fn purpose(self) -> Purpose {
        match self {
            Self::Organisation => Purpose::Organisation,
            Self::Product => Purpose::Product,
        }
    }
}

/// The standard by which the footprint was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FootprintStandard {
    /// ISO 14064-1: organisations.
    Iso14064,
    /// ISO 14067: products.
    Iso14067,
    /// GB/T 24067-2024: products.
    GbT24067,
    /// The GHG Protocol: its corporate standard, or its product standard.
    GhgProtocol,
    /// Another one, named in words.
    Other,
}

impl FootprintStandard {
    /// Every standard, in the order in which they are offered.
    pub const ALL: &[Self] = &[
        Self::Iso14064,
        Self::Iso14067,
        Self::GbT24067,
        Self::GhgProtocol,
        Self::Other,
    ];

    /// The stable text in the database and the interface catalogue (`neutral.standard_<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Iso14064 => "iso14064",
            Self::Iso14067 => "iso14067",
            Self::GbT24067 => "gbt24067",
            Self::GhgProtocol => "ghg_protocol",
            Self::Other => "other",
        }
    }

    /// The standard with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|standard| standard.code() == code)
    }

    /// Whether it is made for such a subject.
    pub const fn fits(self, kind: NeutralKind) -> bool {
        match self {
            Self::Iso14064 => matches!(kind, NeutralKind::Organisation),
            Self::Iso14067 | Self::GbT24067 => matches!(kind, NeutralKind::Product),
            Self::GhgProtocol | Self::Other => true,
        }
    }
}

/// What a claim says, read without a mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeutralProfile {
    /// Organisation or product.
    pub kind: NeutralKind,
    /// The organisation with its sites, or the product or service: 1..=200 characters.
    pub name: String,
    /// Of a product: what one unit of it is; empty of an organisation.
    pub functional_unit: String,
    /// Of a product: how much of it the claim is about; empty of an organisation.
    pub covered_output: String,
    /// First day of the period.
    pub starts_on: Date,
    /// Last day, included.
    pub ends_on: Date,
    /// The footprint of the period, tCO2e, above zero.
    pub footprint: Decimal,
    /// By which standard.
    pub standard: FootprintStandard,
    /// Its name, where it is another one.
    pub standard_text: String,
    /// Who verified the figure; empty: declared by oneself.
    pub verifier: String,
    /// Number or place of the verification statement.
    pub verification: String,
    /// What is counted and what is not.
    pub boundary: String,
    /// What was done to reduce; may be empty, and the page then says so.
    pub measures: String,
}

impl NeutralProfile {
    /// Reads `kind`, `name`, `functional_unit`, `covered_output`, `starts_on`, `ends_on`, `footprint`, `standard`, `standard_text`,
    /// `verified` (`self` or `body`), `verifier`, `verification`, `boundary`, `measures`, or says everything that is wrong.
    pub fn read(fields: &BTreeMap<String, String>) -> Result<Self, Vec<Refusal>> {
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let mut refusals = Vec::new();
        let kind = choice(typed("kind"), "kind", NeutralKind::ALL, NeutralKind::code);
        let standard = choice(
            typed("standard"),
            "standard",
            FootprintStandard::ALL,
            FootprintStandard::code,
        );
        let verified = choice(typed("verified"), "verified", &["self", "body"], |code| {
            code
        });
        let product = matches!(kind, Ok(NeutralKind::Product));
        let by_body = matches!(verified, Ok("body"));
        let other = matches!(standard, Ok(FootprintStandard::Other));
        let mut text = |field: &str, max: usize, asked: bool, needed: bool| {
            if !asked {
                return String::new();
            }
            let read = if needed {
                required_text(field, typed(field), max)
            } else {
                optional_text(field, typed(field), max).map(Option::unwrap_or_default)
            };
            read.unwrap_or_else(|refusal| {
                refusals.push(refusal);
                String::new()
            })
        };
        let name = text("name", 200, true, true);
        let functional_unit = text("functional_unit", 200, product, true);
        let covered_output = text("covered_output", 200, product, true);
        let standard_text = text("standard_text", 200, other, true);
        let verifier = text("verifier", 200, by_body, true);
        let verification = text("verification", 300, by_body, true);
        let boundary = text("boundary", 4000, true, true);
        let measures = text("measures", 4000, true, false);
        let footprint = read_footprint(typed("footprint"));
        let period = read_period(typed("starts_on"), typed("ends_on"));
        if let (Ok(kind), Ok(standard)) = (&kind, &standard)
            && !standard.fits(*kind)
        {
            refusals.push(Refusal::new(codes::NEUTRAL_STANDARD_UNFIT).at("standard"));
        }
        match (kind, standard, footprint, period, verified) {
            (Ok(kind), Ok(standard), Ok(footprint), Ok((starts_on, ends_on)), Ok(_))
                if refusals.is_empty() =>
            {
                Ok(Self {
                    kind,
                    name,
                    functional_unit,
                    covered_output,
                    starts_on,
                    ends_on,
                    footprint,
                    standard,
                    standard_text,
                    verifier,
                    verification,
                    boundary,
                    measures,
                })
            }
            (kind, standard, footprint, period, verified) => {
                let more = [
                    kind.err(),
                    standard.err(),
                    footprint.err(),
                    period.err(),
                    verified.err(),
                ];
                refusals.extend(more.into_iter().flatten());
                Err(refusals)
            }
        }
    }

    /// Whole tonnes that must be retired: the footprint, rounded up. The only place where it is rounded.
    pub fn tonnes(&self) -> i64 {
        i64::try_from(self.footprint.ceil()).unwrap_or(QUANTITY_MAX)
    }

    /// Refused if subject or period differ from what was published: they are what the claim is about, another one is another claim.
    pub fn check_same_subject(&self, published: &Self) -> Result<(), Refusal> {
        let same = |profile: &Self| {
            (
                profile.kind,
                profile.name.clone(),
                profile.functional_unit.clone(),
                profile.starts_on,
                profile.ends_on,
            )
        };
        if same(self) == same(published) {
            return Ok(());
        }
        Err(Refusal::new(codes::NEUTRAL_SUBJECT_FIXED).at("name"))
    }
}

/// One of a few codes.
fn choice<T: Copy>(
    typed: &str,
    field: &str,
    all: &[T],
    code: impl Fn(T) -> &'static str,
) -> Result<T, Refusal> {
    if typed.is_empty() {
        return Err(Refusal::new(codes::REQUIRED).at(field));
    }
    let found = all.iter().copied().find(|known| code(*known) == typed);
    found.ok_or_else(|| {
        let choices: Vec<&str> = all.iter().map(|known| code(*known)).collect();
        Refusal::new(codes::CHOICE_INVALID)
            .at(field)
            .with("choices", choices.join(", "))
    })
}

/// Tonnes above zero, to the gram.
fn read_footprint(typed: &str) -> Result<Decimal, Refusal> {
    if typed.is_empty() {
        return Err(Refusal::new(codes::REQUIRED).at("footprint"));
    }
    let amount = typed
        .parse::<TonnesCo2e>()
        .map_err(|error| Refusal::from(error).at("footprint"))?
        .value();
    if amount <= Decimal::ZERO {
        return Err(Refusal::new(codes::QUANTITY_NOT_POSITIVE)
            .at("footprint")
            .with("value", amount));
    }
    if amount > Decimal::from(QUANTITY_MAX) {
        return Err(Refusal::new(codes::QUANTITY_OUT_OF_RANGE)
            .at("footprint")
            .with("value", amount)
            .with("max", QUANTITY_MAX));
    }
    if amount.normalize().scale() > FOOTPRINT_DECIMALS_MAX {
        return Err(Refusal::new(codes::NEUTRAL_FOOTPRINT_TOO_FINE)
            .at("footprint")
            .with("max", FOOTPRINT_DECIMALS_MAX));
    }
    Ok(amount.normalize())
}

/// Both days, in order, at most a year apart.
fn read_period(starts_on: &str, ends_on: &str) -> Result<(Date, Date), Refusal> {
    let starts_on = date("starts_on", starts_on)?;
    let ends_on = date("ends_on", ends_on)?;
    if ends_on < starts_on {
        return Err(Refusal::new(codes::NEUTRAL_PERIOD_REVERSED).at("ends_on"));
    }
    if ends_on - starts_on >= Duration::days(PERIOD_DAYS_MAX) {
        return Err(Refusal::new(codes::NEUTRAL_PERIOD_TOO_LONG)
            .at("ends_on")
            .with("max", PERIOD_DAYS_MAX));
    }
    Ok((starts_on, ends_on))
}

/// Where a claim is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NeutralState {
    /// 草稿: nothing is public.
    Draft,
    /// 已公布: a version that retirements cover is public.
    Published,
    /// 更正中: a published claim is being corrected; its versions stay visible.
    Corrected,
    /// 已撤回: it is not claimed any more; what was published stays visible.
    Withdrawn,
}

impl NeutralState {
    /// Every state, in the order of the way.
    pub const ALL: &[Self] = &[
        Self::Draft,
        Self::Published,
        Self::Corrected,
        Self::Withdrawn,
    ];

    /// The stable text in the database and the interface catalogue (`neutral.state_<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Corrected => "corrected",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.code() == code)
    }
}

/// What can happen to a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NeutralStep {
    /// What it says is changed.
    Save,
    /// A retirement that names it is entered.
    Enter,
    /// Credits are retired for it.
    Retire,
    /// A version is published: retirements must cover its figure.
    Publish,
    /// A published claim is opened for another version.
    Correct,
    /// It is given up.
    Withdraw,
}

impl NeutralStep {
    /// Every step.
    pub const ALL: &[Self] = &[
        Self::Save,
        Self::Enter,
        Self::Retire,
        Self::Publish,
        Self::Correct,
        Self::Withdraw,
    ];

    /// The name of its act: parameter `event` of a refusal.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Save => "neutral_save",
            Self::Enter => "neutral_retirement_add",
            Self::Retire => "neutral_retire",
            Self::Publish => "neutral_publish",
            Self::Correct => "neutral_correct",
            Self::Withdraw => "neutral_withdraw",
        }
    }
}

/// The whole table: in which state which step leads where. `[D]` throughout: no official procedure was found.
#[rustfmt::skip]
pub const NEUTRAL_ROWS: &[(NeutralState, NeutralStep, NeutralState)] = &[
    (NeutralState::Draft, NeutralStep::Save, NeutralState::Draft),
    (NeutralState::Draft, NeutralStep::Enter, NeutralState::Draft),
    (NeutralState::Draft, NeutralStep::Retire, NeutralState::Draft),
    (NeutralState::Draft, NeutralStep::Publish, NeutralState::Published),
    (NeutralState::Draft, NeutralStep::Withdraw, NeutralState::Withdrawn),
    (NeutralState::Published, NeutralStep::Correct, NeutralState::Corrected),
    (NeutralState::Published, NeutralStep::Withdraw, NeutralState::Withdrawn),
    (NeutralState::Corrected, NeutralStep::Save, NeutralState::Corrected),
    (NeutralState::Corrected, NeutralStep::Enter, NeutralState::Corrected),
    (NeutralState::Corrected, NeutralStep::Retire, NeutralState::Corrected),
    (NeutralState::Corrected, NeutralStep::Publish, NeutralState::Published),
    (NeutralState::Corrected, NeutralStep::Withdraw, NeutralState::Withdrawn),
];

/// The next state, or why the step is refused. Publishing asks whether `covered` tonnes reach the `needed` ones.
pub fn check_neutral(
    state: NeutralState,
    step: NeutralStep,
    needed: i64,
    covered: i64,
) -> Result<NeutralState, Refusal> {
    let row = NEUTRAL_ROWS
        .iter()
        .find(|(from, known, _)| *from == state && *known == step);
    let Some((_, _, to)) = row else {
        return Err(Refusal::new(codes::NEUTRAL_STEP_REFUSED)
            .with("event", step.code())
            .with("neutral_state", state.code()));
    };
    if step == NeutralStep::Publish && covered < needed {
        return Err(Refusal::new(codes::NEUTRAL_NOT_COVERED)
            .with("needed", needed)
            .with("covered", covered)
            .with("missing", needed - covered));
    }
    Ok(*to)
}

/// What may be said of a published claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NeutralStatement {
    /// The words "carbon neutral" may stand, for the subject and the period.
    Neutral,
    /// The version was published while its period was running: its figure is a forecast, so the words are withheld.
    PeriodNotOver,
    /// The retirements are fewer than the figure: withheld.
    NotCovered,
    /// A correction runs: withheld until its version is published.
    Corrected,
    /// Given up.
    Withdrawn,
}

impl NeutralStatement {
    /// Every statement.
    pub const ALL: &[Self] = &[
        Self::Neutral,
        Self::PeriodNotOver,
        Self::NotCovered,
        Self::Corrected,
        Self::Withdrawn,
    ];

    /// The stable text in answers and in the interface catalogue (`neutral.says_<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::PeriodNotOver => "period_not_over",
            Self::NotCovered => "not_covered",
            Self::Corrected => "corrected",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// What follows from the state, the newest published version and its figures. A day after the end of the period alone does not bring
    /// the words: a version that was published later than `ends_on` does.
    pub fn of(
        state: NeutralState,
        published_on: Date,
        ends_on: Date,
        needed: i64,
        covered: i64,
    ) -> Self {
        match state {
            NeutralState::Withdrawn => Self::Withdrawn,
            NeutralState::Corrected => Self::Corrected,
            _ if covered < needed => Self::NotCovered,
            _ if published_on <= ends_on => Self::PeriodNotOver,
            _ => Self::Neutral,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn typed(changes: &[(&str, &str)]) -> BTreeMap<String, String> {
        let mut fields: BTreeMap<String, String> = [
            ("kind", "organisation"),
            ("name", "演示科技有限公司（总部与两处厂区）"),
            ("starts_on", "2025-01-01"),
            ("ends_on", "2025-12-31"),
            ("footprint", "1234.000001"),
            ("standard", "iso14064"),
            ("verified", "self"),
            ("boundary", "运行控制权；范围一、二及商务出行"),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
        for (name, value) in changes {
            fields.insert((*name).to_owned(), (*value).to_owned());
        }
        fields
    }

    fn refused(changes: &[(&str, &str)]) -> Vec<(String, &'static str)> {
        NeutralProfile::read(&typed(changes))
            .expect_err("a refusal")
            .into_iter()
            .map(|refusal| (refusal.field.unwrap_or_default(), refusal.code))
            .collect()
    }

    #[test]
    fn the_claimed_tonnes_are_the_footprint_rounded_up() {
        for (footprint, tonnes) in [
            ("0.000001", 1),
            ("1", 1),
            ("1.000000", 1),
            ("1.000001", 2),
            ("1,234.5", 1235),
            ("99999999999.9", 100_000_000_000),
        ] {
            let profile = NeutralProfile::read(&typed(&[("footprint", footprint)]));
            assert_eq!(profile.map(|read| read.tonnes()), Ok(tonnes), "{footprint}");
        }
    }

    #[test]
    fn figures_periods_and_texts_that_cannot_be_are_refused_at_their_fields() {
        for (changes, field, code) in [
            (&[("footprint", "")][..], "footprint", codes::REQUIRED),
            (
                &[("footprint", "0")],
                "footprint",
                codes::QUANTITY_NOT_POSITIVE,
            ),
            (
                &[("footprint", "1.0000001")],
                "footprint",
                codes::NEUTRAL_FOOTPRINT_TOO_FINE,
            ),
            (
                &[("footprint", "1000000000001")],
                "footprint",
                codes::QUANTITY_OUT_OF_RANGE,
            ),
            (
                &[("ends_on", "2024-12-31")],
                "ends_on",
                codes::NEUTRAL_PERIOD_REVERSED,
            ),
            (
                &[("ends_on", "2026-01-02")],
                "ends_on",
                codes::NEUTRAL_PERIOD_TOO_LONG,
            ),
            (&[("kind", "city")], "kind", codes::CHOICE_INVALID),
            (&[("verified", "")], "verified", codes::REQUIRED),
            (&[("verified", "body")], "verifier", codes::REQUIRED),
            (&[("standard", "other")], "standard_text", codes::REQUIRED),
            (
                &[("standard", "iso14067")],
                "standard",
                codes::NEUTRAL_STANDARD_UNFIT,
            ),
            (
                &[("kind", "product"), ("standard", "iso14067")],
                "functional_unit",
                codes::REQUIRED,
            ),
            (&[("boundary", " ")], "boundary", codes::REQUIRED),
        ] {
            let told = refused(changes);
            assert_eq!(told[0], (field.to_owned(), code), "{changes:?}");
        }
        // a leap year and a year that begins in any month are one claim
        assert!(
            NeutralProfile::read(&typed(&[
                ("starts_on", "2024-01-01"),
                ("ends_on", "2024-12-31")
            ]))
            .is_ok()
        );
    }

    #[test]
    fn a_standard_is_taken_for_the_subject_it_is_made_for() {
        use FootprintStandard::{GbT24067, GhgProtocol, Iso14064, Iso14067, Other};
        for (standard, organisation, product) in [
            (Iso14064, true, false),
            (Iso14067, false, true),
            (GbT24067, false, true),
            (GhgProtocol, true, true),
            (Other, true, true),
        ] {
            assert_eq!(standard.fits(NeutralKind::Organisation), organisation);
            assert_eq!(standard.fits(NeutralKind::Product), product);
            assert_eq!(
                FootprintStandard::from_code(standard.code()),
                Some(standard)
            );
        }
    }

    #[test]
    fn every_state_and_step_is_allowed_or_refused_as_the_table_says() {
        use NeutralState::{Corrected, Draft, Published, Withdrawn};
        use NeutralStep::{Correct, Enter, Publish, Retire, Save, Withdraw};
        for state in NeutralState::ALL {
            assert_eq!(NeutralState::from_code(state.code()), Some(*state));
            for step in NeutralStep::ALL {
                let expected = match (state, step) {
                    (Draft | Corrected, Save | Enter | Retire) => Some(*state),
                    (Draft | Corrected, Publish) => Some(Published),
                    (Published, Correct) => Some(Corrected),
                    (Draft | Published | Corrected, Withdraw) => Some(Withdrawn),
                    _ => None,
                };
                let got = check_neutral(*state, *step, 10, 10);
                assert_eq!(got.as_ref().ok(), expected.as_ref(), "{state:?} {step:?}");
                if expected.is_none() {
                    assert_eq!(got.unwrap_err().code, codes::NEUTRAL_STEP_REFUSED);
                }
            }
        }
        let refusal = check_neutral(Draft, Publish, 10, 9).expect_err("one is missing");
        assert_eq!(
            (refusal.code, refusal.param("missing")),
            (codes::NEUTRAL_NOT_COVERED, Some("1"))
        );
    }

    #[test]
    fn the_words_are_withheld_unless_the_period_is_over_and_everything_is_covered() {
        use NeutralState::{Corrected, Published, Withdrawn};
        let end = date!(2025 - 12 - 31);
        let after = date!(2026 - 01 - 01);
        for (state, published_on, covered, expected) in [
            (Published, after, 10, NeutralStatement::Neutral),
            (Published, after, 11, NeutralStatement::Neutral),
            (Published, after, 9, NeutralStatement::NotCovered),
            (Published, end, 10, NeutralStatement::PeriodNotOver),
            (Corrected, after, 10, NeutralStatement::Corrected),
            (Withdrawn, after, 10, NeutralStatement::Withdrawn),
        ] {
            assert_eq!(
                NeutralStatement::of(state, published_on, end, 10, covered),
                expected,
                "{state:?}"
            );
        }
    }

    #[test]
    fn subject_and_period_of_a_published_claim_stay() {
        let read = |changes: &[(&str, &str)]| NeutralProfile::read(&typed(changes)).expect("read");
        let published = read(&[]);
        assert!(
            read(&[("footprint", "2000"), ("measures", "更换电机")])
                .check_same_subject(&published)
                .is_ok()
        );
        for change in [
            ("name", "另一家公司"),
            ("starts_on", "2025-01-02"),
            ("ends_on", "2025-12-30"),
        ] {
            let refusal = read(&[change]).check_same_subject(&published);
            assert_eq!(
                refusal.expect_err("another subject").code,
                codes::NEUTRAL_SUBJECT_FIXED
            );
        }
    }
}
