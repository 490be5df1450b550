//! Time limits: which there are, how they are counted, and their first entries.

use methodologies::text::Message;
use serde::{Deserialize, Serialize};
use time::Date;
use time::macros::date;

use super::{Basis, RuleSource};
use crate::account::DECISION_WORKING_DAYS;
use crate::project::ending::RETENTION_YEARS;
use crate::project::guard::{BAN_YEARS, LOOK_BACK_YEARS};

/// A time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitCode {
    /// Publicity of a project or a monitoring report.
    Publicity,
    /// Review of an application for registration.
    RegistrationReview,
    /// Validation and verification.
    VvbReport,
    /// How far back from its creation the period of a report may begin.
    LookBack,
    /// How long an owner who falsified data is barred.
    Ban,
    /// How long data must be kept.
    Retention,
    /// Review of an application to open an account.
    AccountOpening,
    /// Review of a change of an account.
    AccountChange,
    /// How long the receiver of a transfer may accept it; before the first entry transfers moved at once.
    TransferAcceptance,
    /// How long a listing stays reserved for a buyer.
    Reservation,
    /// Which share of the allowances due may be offset by credits in the national scheme.
    OffsetShare,
    /// After which day reductions must have been registered to be surrendered in the national scheme.
    OffsetAdmissible,
    /// The share in a local scheme. The local texts differ; until one is entered, the national figure is assumed.
    LocalOffsetShare,
    /// The day in a local scheme; assumed in the same way.
    LocalOffsetAdmissible,
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitUnit {
    /// Working days.
    WorkingDays,
    /// Calendar days.
    CalendarDays,
    /// Years to the same day.
    Years,
    /// Percent.
    Percent,
    /// A day, written as the number YYYYMMDD.
    Day,
}

impl LimitUnit {
    /// The text in the catalogue: `working_days`, `calendar_days`, `years`, `percent`, `day`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::WorkingDays => "working_days",
            Self::CalendarDays => "calendar_days",
            Self::Years => "years",
            Self::Percent => "percent",
            Self::Day => "day",
        }
    }

    /// The longest limit that may be entered; the shortest is 1.
    pub const fn max(self) -> u32 {
        match self {
            Self::WorkingDays => 250,
            Self::CalendarDays => 1000,
            Self::Years | Self::Percent => 100,
            Self::Day => 21_001_231,
        }
    }
}

impl LimitCode {
    /// Every limit, in the order of the page.
    pub const ALL: &[Self] = &[
        Self::Publicity,
        Self::RegistrationReview,
        Self::VvbReport,
        Self::LookBack,
        Self::Ban,
        Self::Retention,
        Self::AccountOpening,
        Self::AccountChange,
        Self::TransferAcceptance,
        Self::Reservation,
        Self::OffsetShare,
        Self::OffsetAdmissible,
        Self::LocalOffsetShare,
        Self::LocalOffsetAdmissible,
    ];

    /// The stable text in forms and in the catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Publicity => "publicity",
            Self::RegistrationReview => "registration_review",
            Self::VvbReport => "vvb_report",
            Self::LookBack => "look_back",
            Self::Ban => "ban",
            Self::Retention => "retention",
            Self::AccountOpening => "account_opening",
            Self::AccountChange => "account_change",
            Self::TransferAcceptance => "transfer_acceptance",
            Self::Reservation => "reservation",
            Self::OffsetShare => "offset_share",
            Self::OffsetAdmissible => "offset_admissible",
            Self::LocalOffsetShare => "local_offset_share",
            Self::LocalOffsetAdmissible => "local_offset_admissible",
        }
    }

    /// The limit with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|limit| limit.code() == code)
    }

    /// What it counts.
    pub const fn unit(self) -> LimitUnit {
        match self {
            Self::Publicity
            | Self::RegistrationReview
            | Self::AccountOpening
            | Self::AccountChange => LimitUnit::WorkingDays,
            Self::VvbReport | Self::TransferAcceptance | Self::Reservation => {
                LimitUnit::CalendarDays
            }
            Self::OffsetShare | Self::LocalOffsetShare => LimitUnit::Percent,
            Self::OffsetAdmissible | Self::LocalOffsetAdmissible => LimitUnit::Day,
            Self::LookBack | Self::Ban | Self::Retention => LimitUnit::Years,
        }
    }

    /// The length of the first entry.
    pub const fn initial_value(self) -> u32 {
        match self {
            Self::Publicity => 20,
            Self::RegistrationReview => 15,
            Self::AccountOpening | Self::AccountChange => DECISION_WORKING_DAYS,
            Self::VvbReport => 100,
            Self::LookBack => LOOK_BACK_YEARS.unsigned_abs(),
            Self::Ban => BAN_YEARS.unsigned_abs(),
            Self::Retention => RETENTION_YEARS.unsigned_abs(),
            Self::TransferAcceptance => 10,
            Self::Reservation | Self::OffsetShare | Self::LocalOffsetShare => 5,
            Self::OffsetAdmissible | Self::LocalOffsetAdmissible => 20_240_122,
        }
    }

    /// Whether this release applies the entry of the day. The others are still constants of the program: an entry is shown and does
    /// not change what the program does, and the page says so.
    pub const fn is_applied(self) -> bool {
        matches!(
            self,
            Self::Publicity
                | Self::RegistrationReview
                | Self::VvbReport
                | Self::AccountOpening
                | Self::AccountChange
                | Self::TransferAcceptance
                | Self::Reservation
                | Self::OffsetShare
                | Self::OffsetAdmissible
                | Self::LocalOffsetShare
                | Self::LocalOffsetAdmissible
        )
    }
}

/// A limit from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LimitEntry {
    /// Which.
    pub limit: LimitCode,
    /// How long, in its unit.
    pub value: u32,
    /// The first day on which something that begins is counted by it.
    #[serde(with = "crate::calendar::iso_day")]
    pub from: Date,
    /// Where it is written.
    pub source: RuleSource,
}

/// The Measures were signed on this day and are in force from their publication; the copy read prints the day after.
const MEASURES: Date = date!(2023 - 10 - 19);
/// The registration rules.
const REGISTRATION_RULES: Date = date!(2023 - 11 - 16);
/// MEE order 19.
const ETS_MEASURES: Date = date!(2021 - 02 - 01);
/// From this day the receiver of a transfer is asked: a rule of this platform.
const PLATFORM_TRANSFERS: Date = date!(2026 - 03 - 01);
/// CNCA-CCER-01:2023.
const VERIFICATION_RULES: Date = date!(2023 - 12 - 25);

/// The entries that this program brings along.
pub(super) fn initial() -> Vec<LimitEntry> {
    let entry = |limit: LimitCode| {
        let (from, document, number) = match limit {
            LimitCode::Publicity => (MEASURES, measures(), "art. 12, 19"),
            LimitCode::RegistrationReview => (MEASURES, measures(), "art. 15, 22"),
            LimitCode::VvbReport => (
                VERIFICATION_RULES,
                Message {
                    zh: "温室气体自愿减排项目审定与减排量核查实施规则".to_owned(),
                    en: "Implementation rules for validation and verification".to_owned(),
                },
                "CNCA-CCER-01:2023 4.3.3, 5.3.3",
            ),
            LimitCode::LookBack => (MEASURES, measures(), "art. 17"),
            LimitCode::Ban => (MEASURES, measures(), "art. 43"),
            LimitCode::Retention => (MEASURES, measures(), "art. 11, 18"),
            LimitCode::AccountOpening => (REGISTRATION_RULES, registration_rules(), "art. 7"),
            LimitCode::AccountChange => (REGISTRATION_RULES, registration_rules(), "art. 8"),
            LimitCode::TransferAcceptance | LimitCode::Reservation => {
                (PLATFORM_TRANSFERS, platform(), "[D]")
            }
            // no text of a local scheme was entered: as in the national one, until the registry enters it
            LimitCode::LocalOffsetShare | LimitCode::LocalOffsetAdmissible => {
                (MEASURES, platform(), "[D]")
            }
            LimitCode::OffsetShare => (
                ETS_MEASURES,
                Message {
                    zh: "碳排放权交易管理办法（试行）".to_owned(),
                    en: "Measures for carbon emissions trading (trial)".to_owned(),
                },
                "art. 29",
            ),
            // a draft for comment: the official text of the final notice was not found
            LimitCode::OffsetAdmissible => (
                MEASURES,
                Message {
                    zh: "2025、2026年度碳排放权交易配额分配方案（征求意见稿）".to_owned(),
                    en: "Allocation plan of 2025 and 2026, draft for comment".to_owned(),
                },
                "2025, 2026",
            ),
        };
        let assumed = matches!(
            limit,
            LimitCode::TransferAcceptance
                | LimitCode::Reservation
                | LimitCode::OffsetAdmissible
                | LimitCode::LocalOffsetShare
                | LimitCode::LocalOffsetAdmissible
        );
        LimitEntry {
            limit,
            value: limit.initial_value(),
            from,
            source: RuleSource {
                document,
                number: number.to_owned(),
                address: String::new(),
                basis: if assumed {
                    Basis::Assumed
                } else {
                    Basis::OfficialText
                },
            },
        }
    };
    LimitCode::ALL.iter().copied().map(entry).collect()
}

/// This platform's own rules, where no official text was found.
fn platform() -> Message {
    Message {
        zh: "本平台规则（未找到官方文本）".to_owned(),
        en: "A rule of this platform (no official text was found)".to_owned(),
    }
}

/// 《温室气体自愿减排交易管理办法(试行)》.
pub(super) fn measures() -> Message {
    Message {
        zh: "温室气体自愿减排交易管理办法（试行）".to_owned(),
        en: "Measures for voluntary greenhouse gas emission reduction trading (trial)".to_owned(),
    }
}

/// 《温室气体自愿减排注册登记规则(试行)》.
pub(super) fn registration_rules() -> Message {
    Message {
        zh: "温室气体自愿减排注册登记规则（试行）".to_owned(),
        en: "Registration rules for voluntary greenhouse gas emission reductions (trial)"
            .to_owned(),
    }
}
