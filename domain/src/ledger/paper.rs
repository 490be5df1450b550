//! The papers on which the registry sets credits aside, gives them back, hands them to somebody else or cancels them.

use std::collections::BTreeMap;

use time::Date;

use super::retirement::{PURPOSE_TEXT_MAX, Purpose};
use crate::refusal::{Refusal, codes};
use crate::text::{date, optional_text, required_text, whole_tonnes};

/// The longest name, number or account of a document, characters.
const NAME_MAX: usize = 200;
/// The longest explanation, characters.
const TEXT_MAX: usize = 2000;
/// The first compliance year of the national scheme.
const OFFSET_YEAR_FIRST: i32 = 2021;

/// An order of a court or an authority, or the proof behind a transfer that is not a trade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderPaper {
    /// Who issued it: 1..=200 characters.
    pub authority: String,
    /// Its number: 1..=200 characters.
    pub document_number: String,
    /// Its day, not in the future.
    pub document_date: Date,
    /// The legal ground, and why: 1..=2000 characters.
    pub ground: String,
}

impl OrderPaper {
    /// Reads `authority`, `document_number`, `document_date` and `ground`; every refusal at its field.
    pub fn read(fields: &BTreeMap<String, String>, today: Date) -> Result<Self, Vec<Refusal>> {
        let authority = needed(fields, "authority", NAME_MAX);
        let number = needed(fields, "document_number", NAME_MAX);
        let ground = needed(fields, "ground", TEXT_MAX);
        let day = date("document_date", typed(fields, "document_date")).and_then(|day| {
            if day > today {
                return Err(Refusal::new(codes::DAY_IN_FUTURE)
                    .at("document_date")
                    .with("today", today));
            }
            Ok(day)
        });
        match (authority, number, day, ground) {
            (Ok(authority), Ok(document_number), Ok(document_date), Ok(ground)) => Ok(Self {
                authority,
                document_number,
                document_date,
                ground,
            }),
            (authority, number, day, ground) => {
                Err([authority.err(), number.err(), day.err(), ground.err()]
                    .into_iter()
                    .flatten()
                    .collect())
            }
        }
    }
}

/// The last day on which an owner may cancel by itself what it was ordered to cancel: `cancel_by`, if given; not before today.
pub fn cancel_by(fields: &BTreeMap<String, String>, today: Date) -> Result<Option<Date>, Refusal> {
    match typed(fields, "cancel_by").trim() {
        "" => Ok(None),
        text => {
            let day = date("cancel_by", text)?;
            if day < today {
                return Err(Refusal::new(codes::END_BEFORE_START).at("cancel_by"));
            }
            Ok(Some(day))
        }
    }
}

/// Why credits change hands without a trade (registration rules art. 14, 16; the causes are those of art. 11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AssignGround {
    /// Succession to the rights of a holder.
    Succession,
    /// Merger or division of a holder.
    MergerOrDivision,
    /// Bankruptcy or dissolution of a holder.
    Bankruptcy,
    /// Enforcement by an effective judgment.
    Enforcement,
}

impl AssignGround {
    /// Every ground.
    pub const ALL: &[Self] = &[
        Self::Succession,
        Self::MergerOrDivision,
        Self::Bankruptcy,
        Self::Enforcement,
    ];

    /// The stable text in the database and in the interface catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Succession => "succession",
            Self::MergerOrDivision => "merger_or_division",
            Self::Bankruptcy => "bankruptcy",
            Self::Enforcement => "enforcement",
        }
    }

    /// Reads the field `cause`.
    pub fn read(fields: &BTreeMap<String, String>) -> Result<Self, Refusal> {
        let typed = typed(fields, "cause").trim().to_owned();
        if typed.is_empty() {
            return Err(Refusal::new(codes::REQUIRED).at("cause"));
        }
        let found = Self::ALL.iter().copied().find(|one| one.code() == typed);
        found.ok_or_else(|| {
            let all: Vec<&str> = Self::ALL.iter().map(|one| one.code()).collect();
            Refusal::new(codes::CHOICE_INVALID)
                .at("cause")
                .with("choices", all.join(", "))
        })
    }
}

/// In which scheme allowances are surrendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OffsetMarket {
    /// 全国碳排放权交易市场.
    National,
    /// A local pilot market.
    Local,
}

impl OffsetMarket {
    /// Both.
    pub const ALL: &[Self] = &[Self::National, Self::Local];

    /// The stable text in the database and in the interface catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Local => "local",
        }
    }

    /// For what credits are retired that its scheme took.
    pub const fn purpose(self) -> Purpose {
        match self {
            Self::National => Purpose::NationalEts,
            Self::Local => Purpose::LocalEts,
        }
    }

    /// The market with this code, if there is one.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.code() == code)
    }
}

/// What the certificate of an ordered or forced cancellation says it is for: whose order, and its number; at most [`PURPOSE_TEXT_MAX`] characters.
pub fn order_text(authority: &str, document_number: &str) -> String {
    let text = format!("{authority} · {document_number}");
    text.chars().take(PURPOSE_TEXT_MAX).collect()
}

/// A holder's request to surrender credits in an emissions trading scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OffsetRequest {
    /// Which scheme.
    pub market: OffsetMarket,
    /// The compliance year, from 2021 to the one of the request.
    pub year: i32,
    /// Allowances due for that year, tonnes.
    pub due: i64,
    /// The holder's account in the scheme's registry.
    pub account: String,
}

/// What a scheme admits on the day of a request, whatever its compliance year: entries of the rule book, which have days and not years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffsetRule {
    /// Percent of the allowances due.
    pub share_percent: u32,
    /// Reductions must have been registered after this day.
    pub registered_after: Date,
}

impl OffsetRequest {
    /// Reads `market`, `year`, `due` and `account`; every refusal at its field. A year that has not begun has no allowances due yet: who could
    /// name it would have its share as well.
    pub fn read(fields: &BTreeMap<String, String>, today: Date) -> Result<Self, Vec<Refusal>> {
        let market = OffsetMarket::from_code(typed(fields, "market").trim()).ok_or_else(|| {
            Refusal::new(codes::CHOICE_INVALID)
                .at("market")
                .with("choices", "national, local")
        });
        let year = typed(fields, "year")
            .trim()
            .parse::<i32>()
            .ok()
            .filter(|year| (OFFSET_YEAR_FIRST..=today.year()).contains(year))
            .ok_or_else(|| {
                let typed = typed(fields, "year").chars().take(20);
                Refusal::new(codes::OFFSET_YEAR_UNKNOWN)
                    .at("year")
                    .with("year", typed.collect::<String>())
                    .with("first", OFFSET_YEAR_FIRST)
                    .with("last", today.year())
            });
        let due = whole_tonnes("due", typed(fields, "due"));
        let account = needed(fields, "account", NAME_MAX);
        match (market, year, due, account) {
            (Ok(market), Ok(year), Ok(due), Ok(account)) => Ok(Self {
                market,
                year,
                due,
                account,
            }),
            (market, year, due, account) => {
                Err([market.err(), year.err(), due.err(), account.err()]
                    .into_iter()
                    .flatten()
                    .collect())
            }
        }
    }

    /// The most that may be offset: the share of the allowances due, rounded down to whole tonnes.
    pub fn quantity_max(&self, rule: OffsetRule) -> i64 {
        let share = i128::from(self.due) * i128::from(rule.share_percent) / 100;
        i64::try_from(share).unwrap_or(i64::MAX)
    }

    /// Refuses `offset_due_differs` where the holder named other allowances due in a request for the same market and year that holds: who could
    /// name more each time would have no limit.
    pub fn check_due(&self, before: Option<i64>) -> Result<(), Refusal> {
        match before {
            Some(due) if due != self.due => Err(Refusal::new(codes::OFFSET_DUE_DIFFERS)
                .at("due")
                .with("due", due)),
            _ => Ok(()),
        }
    }

    /// Refuses `offset_share_exceeded` where `quantity`, with what was offset or is waiting for the same year already, is more than the share.
    pub fn check_share(
        &self,
        rule: OffsetRule,
        already: i64,
        quantity: i64,
    ) -> Result<(), Refusal> {
        let max = self.quantity_max(rule);
        if already.saturating_add(quantity) <= max {
            return Ok(());
        }
        Err(Refusal::new(codes::OFFSET_SHARE_EXCEEDED)
            .at("quantity")
            .with("max", max.saturating_sub(already).max(0))
            .with("share", rule.share_percent))
    }
}

/// A reason of a party that ends a hold, which may be left out: at most 2000 characters.
pub fn short_reason(fields: &BTreeMap<String, String>) -> Result<String, Refusal> {
    Ok(optional_text("reason", typed(fields, "reason"), TEXT_MAX)?.unwrap_or_default())
}

fn typed<'a>(fields: &'a BTreeMap<String, String>, field: &str) -> &'a str {
    fields.get(field).map_or("", String::as_str)
}

fn needed(fields: &BTreeMap<String, String>, field: &str, max: usize) -> Result<String, Refusal> {
    required_text(field, typed(fields, field), max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn fields(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn an_order_names_who_when_and_on_what_ground() {
        let today = date!(2025 - 06 - 03);
        let refused = OrderPaper::read(&fields(&[("document_date", "2025-06-04")]), today);
        let refused: Vec<_> = refused
            .expect_err("a refusal")
            .into_iter()
            .map(|refusal| (refusal.code, refusal.field.unwrap_or_default()))
            .collect();
        assert_eq!(
            refused,
            [
                (codes::REQUIRED, "authority".to_owned()),
                (codes::REQUIRED, "document_number".to_owned()),
                (codes::DAY_IN_FUTURE, "document_date".to_owned()),
                (codes::REQUIRED, "ground".to_owned()),
            ]
        );
        assert_eq!(
            cancel_by(&fields(&[("cancel_by", "2025-06-02")]), today).map_err(|one| one.code),
            Err(codes::END_BEFORE_START)
        );
        assert_eq!(cancel_by(&fields(&[]), today), Ok(None));
    }

    #[test]
    fn the_share_of_the_allowances_due_is_rounded_down_and_counts_what_was_offset_before() {
        let rule = OffsetRule {
            share_percent: 5,
            registered_after: date!(2024 - 01 - 22),
        };
        let form = fields(&[
            ("market", "national"),
            ("year", "2025"),
            ("due", "1999"),
            ("account", "演示"),
        ]);
        let request = OffsetRequest::read(&form, date!(2026 - 04 - 01)).expect("a request");
        assert_eq!(request.quantity_max(rule), 99);
        assert_eq!(request.check_share(rule, 0, 99), Ok(()));
        assert_eq!(request.check_share(rule, 60, 39), Ok(()));
        let refused = request.check_share(rule, 60, 40).expect_err("too much");
        assert_eq!(
            (refused.code, refused.param("max")),
            (codes::OFFSET_SHARE_EXCEEDED, Some("39"))
        );
    }

    #[test]
    fn a_year_that_has_not_begun_is_no_compliance_year() {
        let read = |year: &str| {
            let form = fields(&[
                ("market", "local"),
                ("year", year),
                ("due", "100"),
                ("account", "演示"),
            ]);
            OffsetRequest::read(&form, date!(2026 - 12 - 31)).map(|request| request.year)
        };
        for year in ["2020", "2027", "2100", "-1", "2026.5", ""] {
            let refused = read(year).expect_err(year).remove(0);
            assert_eq!(
                (refused.code, refused.field.as_deref()),
                (codes::OFFSET_YEAR_UNKNOWN, Some("year"))
            );
            assert_eq!(refused.param("last"), Some("2026"));
        }
        assert_eq!(read("2021"), Ok(2021));
        assert_eq!(read("2026"), Ok(2026));
    }

    #[test]
    fn a_request_to_offset_says_everything_that_is_wrong() {
        let today = date!(2026 - 12 - 31);
        let wrong = OffsetRequest::read(&fields(&[("year", "1999"), ("due", "-1")]), today);
        assert_eq!(wrong.expect_err("a refusal").len(), 4);
        assert_eq!(
            AssignGround::read(&fields(&[("cause", "gift")])).map_err(|one| one.code),
            Err(codes::CHOICE_INVALID)
        );
    }
}
