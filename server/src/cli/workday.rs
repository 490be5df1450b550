//! `huitan workday`: windows and limits in Chinese working days. The answer goes to the standard output, the version of the calendar
//! that gave it to the other one.

use anyhow::{Result, anyhow};
use domain::Calendar;
use time::Date;

use super::{database, print_line};

/// Reads `2026-01-27`.
pub fn parse_date(text: &str) -> Result<Date, String> {
    domain::text::date("date", text).map_err(|_| "write a day as 2026-01-27".to_owned())
}

/// Prints the last day of a window.
pub fn end(start: Date, days: u32, from_database: bool) -> Result<()> {
    answer(from_database, |calendar| calendar.window_end(start, days))
}

/// Prints the day a number of working days later.
pub fn add(date: Date, days: u32, from_database: bool) -> Result<()> {
    answer(from_database, |calendar| {
        calendar.add_working_days(date, days)
    })
}

fn answer(
    from_database: bool,
    count: impl Fn(&Calendar) -> Result<Date, domain::Refusal>,
) -> Result<()> {
    let calendar = if from_database {
        database::calendar_in_force()?
    } else {
        Calendar::embedded().clone()
    };
    let day = count(&calendar)
        .map_err(|refusal| anyhow!("{}", crate::words::refusals_in_english(&[refusal])))?;
    eprintln!("calendar {}", calendar.version());
    print_line(&day.to_string())
}
