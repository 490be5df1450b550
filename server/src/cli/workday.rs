//! `huitan workday`: windows and limits in Chinese working days.

use anyhow::{Result, anyhow};
use domain::Calendar;
use time::Date;

use super::print_line;

/// Reads `2026-01-27`.
pub fn parse_date(text: &str) -> Result<Date, String> {
    domain::text::date("date", text).map_err(|_| "write a day as 2026-01-27".to_owned())
}

/// Prints the last day of a window.
pub fn end(start: Date, days: u32) -> Result<()> {
    answer(Calendar::embedded().window_end(start, days))
}

/// Prints the day a number of working days later.
pub fn add(date: Date, days: u32) -> Result<()> {
    answer(Calendar::embedded().add_working_days(date, days))
}

fn answer(day: Result<Date, domain::Refusal>) -> Result<()> {
    print_line(
        &day.map_err(|refusal| anyhow!("{}", crate::words::refusals_in_english(&[refusal])))?
            .to_string(),
    )
}
