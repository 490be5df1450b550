//! Green certificates (绿证) and reductions of the same electricity: month by month, no megawatt hour twice.
//!
//! The rule comes from 国能综通新能〔2024〕124号, in force from 2024-10-01 for two years. What follows it was announced and was not found, so the
//! regimes are a dated list, each saying whether an official text stands behind it. A new text is a new line here.

use std::collections::BTreeMap;

use methodologies::schema::{Column, Field, Kind};
use methodologies::text::text;
use methodologies::{Text, table};
use rust_decimal::Decimal;
use time::Date;
use time::macros::date;

use crate::refusal::{Refusal, codes};
use crate::text::narrow;

/// Which rules hold for electricity that could have green certificates, from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Regime {
    /// The stable name.
    pub code: &'static str,
    /// The first day.
    pub from: Date,
    /// The last day; `None` while nothing is known to follow.
    pub to: Option<Date>,
    /// Whether an official text says so; otherwise this platform carries a rule on until a text is found.
    pub is_official: bool,
    /// Whether a monitoring report of electricity states every month what was settled, claimed and traded.
    pub asks_months: bool,
    /// The document and its clauses, or why there is none.
    pub source: Text,
    /// What holds, in two or three sentences.
    pub rule: Text,
}

/// Every regime, oldest first; each begins on the day after the one before.
pub const REGIMES: &[Regime] = &[
    Regime {
        code: "before",
        from: date!(2023 - 10 - 19),
        to: Some(date!(2024 - 09 - 30)),
        is_official: true,
        asks_months: false,
        source: text(
            "《温室气体自愿减排交易管理办法(试行)》第十条、第四十八条",
            "Measures for voluntary emission reduction trading (trial), art. 10 and 48",
        ),
        rule: text(
            "减排量不得重复认定、重复计算；业主声明所申请的电量没有出售绿证。",
            "A reduction is not recognised or counted twice; the owner states that no certificate of the electricity was sold.",
        ),
    },
    Regime {
        code: "transition",
        from: date!(2024 - 10 - 01),
        to: Some(date!(2026 - 09 - 30)),
        is_official: true,
        asks_months: true,
        source: text(
            "国能综通新能〔2024〕124号，2024-10-01 起施行，有效期两年",
            "国能综通新能〔2024〕124号, in force from 2024-10-01, valid for two years",
        ),
        rule: text(
            "深远海海上风电、光热发电项目自主选择核发交易绿证或申请 CCER。选择 CCER 的，项目登记后冻结计入期内未交易的绿证，减排量登记后注销对应的未交易绿证。光伏和其他风电项目暂不新受理。",
            "Offshore wind and solar thermal projects choose between certificates and reductions. With reductions, the untraded certificates of the crediting period are frozen once the project is registered, and those matching the reductions are cancelled once these are registered. Photovoltaic and other wind projects are not newly admitted.",
        ),
    },
    Regime {
        code: "carried_on",
        from: date!(2026 - 10 - 01),
        to: None,
        is_official: false,
        asks_months: true,
        source: text(
            "两年过渡期已于 2026-09-30 届满，后续文件尚未查到；本平台沿用过渡期规则，查到新规则后替换",
            "The two-year transition ended on 2026-09-30 and no follow-up text was found; this platform carries its rule on until one is",
        ),
        rule: text(
            "逐月核对：申请 CCER 的电量与已交易绿证的电量之和，不超过结算电量。",
            "Month by month, the electricity claimed for reductions plus that of traded certificates is not more than was settled.",
        ),
    },
];

/// The regime on a day; before the first one, the first.
pub fn regime_on(day: Date) -> &'static Regime {
    REGIMES
        .iter()
        .rev()
        .find(|regime| regime.from <= day)
        .unwrap_or(&REGIMES[0])
}

/// How far the months of a calendar year may be from the metered export of that year, MWh for each month: certificates are whole MWh, meters are
/// not. This platform's own number.
pub const TOLERANCE_MWH_PER_MONTH: u32 = 1;

/// The field of the monitoring report.
pub const MONTHS: &str = "electricity_months";
/// More months than any monitoring period has.
const ROWS_MAX: usize = 240;

const ENERGY: Kind = Kind::Number {
    unit: "MWh",
    min: "0",
    max: "1000000000",
    decimals: 6,
};

const fn needed(code: &'static str, kind: Kind, label: Text, help: Text) -> Column {
    Column {
        code,
        kind,
        label,
        help,
        required: true,
    }
}

/// The columns of the table.
pub const COLUMNS: &[Column] = &[
    needed(
        "month",
        Kind::Text { max: 20 },
        text("月份", "Month"),
        text(
            "写作 2024-01；核算期内的每个月各一行，不足整月的也写一行。",
            "Written 2024-01; one line for each month of the period, also for a part of one.",
        ),
    ),
    needed(
        "settled_mwh",
        ENERGY,
        text("结算电量(MWh)", "Settled (MWh)"),
        text(
            "电网结算单上该月的上网电量。",
            "Electricity of the month on the grid's settlement.",
        ),
    ),
    needed(
        "claimed_mwh",
        ENERGY,
        text("申请减排量的电量(MWh)", "Claimed for reductions (MWh)"),
        text(
            "该月申请 CCER 的上网电量；各月之和应等于核算报告的上网电量。",
            "Electricity of the month for which reductions are applied; the months add up to the export of the report.",
        ),
    ),
    needed(
        "certificates_mwh",
        ENERGY,
        text("已交易绿证的电量(MWh)", "Certificates traded (MWh)"),
        text(
            "该月电量中绿证已经出售的部分；1 个绿证对应 1 MWh，没有写 0。",
            "Electricity of the month whose certificates were sold; one certificate is 1 MWh; 0 if none.",
        ),
    ),
];

/// The field as forms and tables show it.
pub static MONTHS_FIELD: Field = Field {
    path: MONTHS,
    kind: Kind::Table {
        columns: COLUMNS,
        max_rows: ROWS_MAX,
    },
    label: text("逐月电量与绿证", "Electricity and certificates by month"),
    help: text(
        "从表格粘贴或上传文件：月份、结算电量、申请减排量的电量、已交易绿证的电量。后两者之和每个月都不得超过结算电量。",
        "Paste from a spreadsheet or send a file: month, settled, claimed for reductions, certificates traded. In no month may the last two add up to more than was settled.",
    ),
    required: true,
};

/// A calendar month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalendarMonth {
    /// The year.
    pub year: i32,
    /// 1..=12.
    pub month: u8,
}

impl CalendarMonth {
    /// The month of a day.
    pub fn of(day: Date) -> Self {
        Self {
            year: day.year(),
            month: u8::from(day.month()),
        }
    }

    /// Reads `2024-01`, `2024-1`, `2024/01`, `202401`, `2024年1月`, and a first day as spreadsheets make of it (`2024-01-01`).
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = narrow(typed);
        let mut parts = typed
            .split(|c: char| !c.is_ascii_digit())
            .filter(|part| !part.is_empty());
        let (year, month) = match (parts.next()?, parts.next(), parts.next()) {
            (both, None, None) if both.len() == 6 => (&both[..4], &both[4..]),
            (year, Some(month), None | Some("1" | "01")) => (year, month),
            _ => return None,
        };
        let year = year
            .parse::<i32>()
            .ok()
            .filter(|year| (1900..=2200).contains(year))?;
        let month = month
            .parse::<u8>()
            .ok()
            .filter(|month| (1..=12).contains(month))?;
        Some(Self { year, month })
    }

    /// The month after it.
    #[must_use]
    pub const fn next(self) -> Self {
        if self.month >= 12 {
            Self {
                year: self.year + 1,
                month: 1,
            }
        } else {
            Self {
                year: self.year,
                month: self.month + 1,
            }
        }
    }
}

impl std::fmt::Display for CalendarMonth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// Every month that a period touches, in order; empty if it has no order.
pub fn months_of(from: Date, to: Date) -> Vec<CalendarMonth> {
    let last = CalendarMonth::of(to);
    let mut months = Vec::new();
    let mut month = CalendarMonth::of(from);
    while month <= last {
        months.push(month);
        month = month.next();
    }
    months
}

/// The table to begin with: its header and a line for each month of a period, amounts left open and no certificate traded.
pub fn proposed_table(from: Date, to: Date) -> String {
    let mut table = String::from("month,settled_mwh,claimed_mwh,certificates_mwh\n");
    for month in months_of(from, to).into_iter().take(ROWS_MAX) {
        table += &format!("{month},,,0\n");
    }
    table
}

/// One month of a plant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthLine {
    /// Its line in the table; the header is line 1.
    pub line: usize,
    /// Which month.
    pub month: CalendarMonth,
    /// Settled by the grid, MWh.
    pub settled: Decimal,
    /// Claimed for reductions, MWh.
    pub claimed: Decimal,
    /// Of sold certificates, MWh.
    pub certificates: Decimal,
}

fn at(line: usize, column: &str) -> String {
    format!("{MONTHS}.{line}.{column}")
}

/// Reads the table; every problem at its line and column.
pub fn read_months(text: &str) -> Result<Vec<MonthLine>, Vec<Refusal>> {
    if text.trim().is_empty() {
        return Err(vec![Refusal::new(codes::REQUIRED).at(MONTHS)]);
    }
    let table = table::parse(text, MONTHS, COLUMNS, ROWS_MAX)
        .map_err(|errors| errors.into_iter().map(Refusal::from).collect::<Vec<_>>())?;
    let places =
        ["month", "settled_mwh", "claimed_mwh", "certificates_mwh"].map(|code| table.place(code));
    let mut lines: Vec<MonthLine> = Vec::new();
    let mut refusals = Vec::new();
    for row in &table.rows {
        let typed = row.text(places[0]);
        let Some(month) = CalendarMonth::parse(typed) else {
            refusals.push(
                Refusal::new(codes::MONTH_INVALID)
                    .at(at(row.line, "month"))
                    .with("value", typed),
            );
            continue;
        };
        if lines.iter().any(|line| line.month == month) {
            refusals.push(
                Refusal::new(codes::MONTH_TWICE)
                    .at(at(row.line, "month"))
                    .with("month", month),
            );
            continue;
        }
        let number = |place: usize| row.number(place).unwrap_or_default();
        lines.push(MonthLine {
            line: row.line,
            month,
            settled: number(places[1]),
            claimed: number(places[2]),
            certificates: number(places[3]),
        });
    }
    if refusals.is_empty() {
        Ok(lines)
    } else {
        Err(refusals)
    }
}

/// R10: in no month more is claimed and sold than was settled (国能综通新能〔2024〕124号); the months are those of the period, and each calendar
/// year's claims add up to its metered export within [`TOLERANCE_MWH_PER_MONTH`]. `export_by_year`: MWh; `None` while the meter readings cannot be
/// read, which is refused there.
pub fn check_months(
    lines: &[MonthLine],
    period: (Date, Date),
    export_by_year: Option<&BTreeMap<i32, Decimal>>,
) -> Result<(), Vec<Refusal>> {
    let expected = months_of(period.0, period.1);
    let mut refusals = Vec::new();
    for line in lines {
        let used = line.claimed.checked_add(line.certificates);
        if !expected.contains(&line.month) {
            refusals.push(
                Refusal::new(codes::MONTH_OUTSIDE_PERIOD)
                    .at(at(line.line, "month"))
                    .with("month", line.month),
            );
        } else if used.is_none_or(|used| used > line.settled) {
            refusals.push(
                Refusal::new(codes::MONTH_OVERCLAIMED)
                    .at(at(line.line, "claimed_mwh"))
                    .with("month", line.month)
                    .with("claimed", line.claimed.normalize())
                    .with("certificates", line.certificates.normalize())
                    .with("settled", line.settled.normalize()),
            );
        }
    }
    let missing: Vec<String> = expected
        .iter()
        .filter(|month| lines.iter().all(|line| line.month != **month))
        .map(ToString::to_string)
        .collect();
    if !missing.is_empty() {
        refusals.push(
            Refusal::new(codes::MONTHS_MISSING)
                .at(MONTHS)
                .with("months", missing.join(", ")),
        );
    }
    if refusals.is_empty()
        && let Some(export_by_year) = export_by_year
    {
        refusals.extend(
            export_by_year
                .iter()
                .filter_map(|(year, export)| year_refusal(lines, *year, *export)),
        );
    }
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(refusals)
    }
}

/// Months that other reports of the same plant have a part of: what all of them claim, and the certificates sold, together stay within what was
/// settled. `others`: the lines of all other reports, of any month; the most certificates that any of them states count. What was settled is
/// taken as this report says it: a settlement may be corrected later, and its verifier looks at it.
/// Gives `month_claimed_before` for each line that goes beyond.
pub fn shared_months(lines: &[MonthLine], others: &[MonthLine]) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for own in lines {
        let mut theirs = others
            .iter()
            .filter(|other| other.month == own.month)
            .peekable();
        if theirs.peek().is_none() {
            continue;
        }
        let (mut claimed, mut certificates) = (Some(own.claimed), own.certificates);
        for other in theirs {
            claimed = claimed.and_then(|sum| sum.checked_add(other.claimed));
            certificates = certificates.max(other.certificates);
        }
        let used = claimed.and_then(|claimed| claimed.checked_add(certificates));
        if used.is_none_or(|used| used > own.settled) {
            refusals.push(
                Refusal::new(codes::MONTH_CLAIMED_BEFORE)
                    .at(at(own.line, "claimed_mwh"))
                    .with("month", own.month)
                    .with("claimed", claimed.unwrap_or_default().normalize())
                    .with("settled", own.settled.normalize()),
            );
        }
    }
    refusals
}

/// Whether the claims of a year are those of its meter.
fn year_refusal(lines: &[MonthLine], year: i32, export: Decimal) -> Option<Refusal> {
    let of_year = || lines.iter().filter(|line| line.month.year == year);
    let claimed = of_year().try_fold(Decimal::ZERO, |sum, line| sum.checked_add(line.claimed));
    let tolerance = Decimal::from(of_year().count()) * Decimal::from(TOLERANCE_MWH_PER_MONTH);
    let difference = claimed.and_then(|claimed| claimed.checked_sub(export));
    if difference.is_some_and(|difference| difference.abs() <= tolerance) {
        return None;
    }
    let field = of_year()
        .next_back()
        .map_or_else(|| MONTHS.to_owned(), |line| at(line.line, "claimed_mwh"));
    Some(
        Refusal::new(codes::MONTHS_DIFFER_FROM_EXPORT)
            .at(field)
            .with("year", year)
            .with("claimed", claimed.unwrap_or_default().normalize())
            .with("export", export.normalize())
            .with("tolerance", tolerance.normalize()),
    )
}

/// Where a request to the certificate authority (国家能源局资质中心) is; the registry keeps it by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestState {
    /// The registry has to send it.
    ToSend,
    /// Sent, no answer yet.
    Sent,
    /// Answered.
    Answered,
}

impl RequestState {
    /// Every state, in their order.
    pub const ALL: &[Self] = &[Self::ToSend, Self::Sent, Self::Answered];

    /// The stable text in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ToSend => "to_send",
            Self::Sent => "sent",
            Self::Answered => "answered",
        }
    }

    /// The state with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.code() == code)
    }

    /// The state after the next step; refused once it is answered, or if the step is another one.
    pub fn next(self, to: Self) -> Result<Self, Refusal> {
        match (self, to) {
            (Self::ToSend, Self::Sent) | (Self::Sent, Self::Answered) => Ok(to),
            _ => Err(Refusal::new(codes::STALE_FORM)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_of_three_reports_is_claimed_once() {
        let line = |claimed: i64, certificates: i64, settled: i64| MonthLine {
            line: 2,
            month: CalendarMonth {
                year: 2024,
                month: 3,
            },
            settled: settled.into(),
            claimed: claimed.into(),
            certificates: certificates.into(),
        };
        let codes = |own: MonthLine, others: &[MonthLine]| shared_months(&[own], others).len();
        assert_eq!(
            codes(line(99, 99, 1), &[]),
            0,
            "its own month is checked elsewhere"
        );
        assert_eq!(codes(line(40, 10, 100), &[line(50, 10, 100)]), 0);
        assert_eq!(codes(line(41, 10, 100), &[line(50, 10, 100)]), 1);
        // each pair fits, all three do not
        assert_eq!(
            codes(line(40, 0, 100), &[line(40, 0, 100), line(40, 0, 100)]),
            1
        );
        // the most sold of what the reports state; a corrected settlement counts
        assert_eq!(codes(line(40, 0, 100), &[line(50, 11, 100)]), 1);
        assert_eq!(codes(line(40, 0, 100), &[line(50, 0, 89)]), 0);
        let next = MonthLine {
            month: CalendarMonth {
                year: 2024,
                month: 4,
            },
            ..line(90, 0, 100)
        };
        assert_eq!(codes(line(40, 0, 100), &[next]), 0);
    }

    const PERIOD: (Date, Date) = (date!(2023 - 11 - 15), date!(2024 - 02 - 29));

    fn problems(table: &str, export: &[(i32, i64)]) -> Vec<String> {
        let export = export
            .iter()
            .map(|(year, mwh)| (*year, Decimal::from(*mwh)))
            .collect();
        let refusals = read_months(table)
            .and_then(|lines| check_months(&lines, PERIOD, Some(&export)))
            .err()
            .unwrap_or_default();
        refusals
            .into_iter()
            .map(|refusal| {
                let field = refusal.field.clone().unwrap_or_default();
                format!("{} {}", field.trim_start_matches(MONTHS), refusal.code)
            })
            .collect()
    }

    #[test]
    fn exactly_one_regime_holds_on_each_day_and_says_whether_a_text_stands_behind_it() {
        for pair in REGIMES.windows(2) {
            assert_eq!(pair[0].to.and_then(Date::next_day), Some(pair[1].from));
        }
        for (day, code, official, months) in [
            (date!(2020 - 01 - 01), "before", true, false),
            (date!(2024 - 09 - 30), "before", true, false),
            (date!(2024 - 10 - 01), "transition", true, true),
            (date!(2026 - 09 - 30), "transition", true, true),
            (date!(2026 - 10 - 01), "carried_on", false, true),
            (date!(2026 - 11 - 21), "carried_on", false, true),
        ] {
            let regime = regime_on(day);
            assert_eq!(
                (regime.code, regime.is_official, regime.asks_months),
                (code, official, months),
                "{day}"
            );
        }
    }

    #[test]
    fn months_are_read_as_people_and_spreadsheets_write_them() {
        for typed in [
            "2024-01",
            "2024-1",
            "2024/01",
            "202401",
            "2024年1月",
            "２０２４－０１",
            "2024-01-01",
        ] {
            let read = CalendarMonth::parse(typed).map(|month| month.to_string());
            assert_eq!(read.as_deref(), Some("2024-01"), "{typed}");
        }
        for typed in [
            "",
            "2024",
            "2024-13",
            "2024-00",
            "24-01",
            "2024-01-15",
            "一月",
        ] {
            assert_eq!(CalendarMonth::parse(typed), None, "{typed}");
        }
        assert_eq!(months_of(PERIOD.0, PERIOD.1).len(), 4);
        assert_eq!(months_of(PERIOD.1, PERIOD.0), []);
        assert_eq!(proposed_table(PERIOD.0, PERIOD.1).lines().count(), 5);
    }

    #[test]
    fn no_month_is_claimed_and_sold_for_more_than_was_settled() {
        let header = "month,settled_mwh,claimed_mwh,certificates_mwh\n";
        let export = &[(2023, 150), (2024, 180)];
        let good = "2023-11,60,50,10\n2023-12,100,100,0\n2024-01,100,90,10\n2024-02,90,90,0\n";
        for (rows, expected) in [
            (good.to_owned(), vec![]),
            (
                good.replace("2024-01,100,90,10", "2024-01,99.999,90,10"),
                vec![".4.claimed_mwh month_overclaimed"],
            ),
            (
                good.replace("2024-02,90,90,0\n", ""),
                vec![" months_missing"],
            ),
            (
                format!("{good}2024-03,1,1,0\n"),
                vec![".6.month month_outside_period"],
            ),
            (
                format!("{good}2024-02,1,1,0\n"),
                vec![".6.month month_twice"],
            ),
            (
                good.replace("2023-11", "1月"),
                vec![".2.month month_invalid"],
            ),
            // two months of a year may be 2 MWh off together, not more
            (good.replace("2024-02,90,90", "2024-02,90,88"), vec![]),
            (
                good.replace("2024-02,90,90", "2024-02,90,87.9"),
                vec![".5.claimed_mwh months_differ_from_export"],
            ),
            (
                good.replace("2023-11,60,50,10", "2023-11,60,53,7"),
                vec![".3.claimed_mwh months_differ_from_export"],
            ),
        ] {
            assert_eq!(
                problems(&format!("{header}{rows}"), export),
                expected,
                "{rows}"
            );
        }
        assert_eq!(problems("", export), [" required"]);
        assert_eq!(
            problems(
                "月份,结算电量(MWh),申请减排量的电量(MWh),已交易绿证的电量(MWh)\n2023年11月,60,50,10\n2023/12,100,100,0\n202401,100,90,10\n2024-02-01,90,90,0\n",
                export
            ),
            [] as [&str; 0]
        );
    }

    #[test]
    fn a_request_goes_forward_one_step_at_a_time() {
        for from in RequestState::ALL {
            for to in RequestState::ALL {
                let allowed = matches!(
                    (from, to),
                    (RequestState::ToSend, RequestState::Sent)
                        | (RequestState::Sent, RequestState::Answered)
                );
                assert_eq!(from.next(*to).is_ok(), allowed, "{from:?} {to:?}");
            }
            assert_eq!(RequestState::from_code(from.code()), Some(*from));
        }
    }
}
