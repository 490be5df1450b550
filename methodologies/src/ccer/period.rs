//! Crediting and monitoring periods: both ends included, cut into project years or calendar years.

use time::Date;

use crate::day;
use crate::input::InputError;
use crate::parameter;

/// A period, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub from: Date,
    pub to: Date,
}

/// A part of a period that lies in one year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The calendar year, or the one in which the project year starts.
    pub year: i32,
    pub from: Date,
    pub to: Date,
    pub days: u16,
    /// Days of the whole calendar or project year.
    pub days_in_year: u16,
}

impl Period {
    /// Checks order, first creditable day and length. `names` are the fields' paths.
    pub fn checked(
        from: Date,
        to: Date,
        years_max: u16,
        on: Date,
        names: (&str, &str),
    ) -> Result<Self, InputError> {
        if to < from {
            return Err(InputError::new(names.1, "end_before_start")
                .with("start", day::to_text(from))
                .with("end", day::to_text(to)));
        }
        if let Some(first) = parameter::day("first_creditable_day", on)
            && from < first
        {
            return Err(
                InputError::new(names.0, "period_before_first_creditable_day")
                    .with("date", day::to_text(first)),
            );
        }
        let last = day::years_later(from, i32::from(years_max)).and_then(Date::previous_day);
        match last {
            Some(last) if to <= last => Ok(Self { from, to }),
            Some(last) => Err(InputError::new(names.1, "crediting_too_long")
                .with("years", years_max)
                .with("start", day::to_text(from))
                .with("last", day::to_text(last))),
            None => Err(InputError::new(names.0, "date_invalid")),
        }
    }

    /// The same period if it lasts at least so many years. `name` is the path of its last day.
    pub fn at_least(self, years: u16, name: &str) -> Result<Self, InputError> {
        let earliest = day::years_later(self.from, i32::from(years)).and_then(Date::previous_day);
        match earliest {
            Some(earliest) if self.to >= earliest => Ok(self),
            Some(earliest) => Err(InputError::new(name, "crediting_too_short")
                .with("years", years)
                .with("start", day::to_text(self.from))
                .with("earliest", day::to_text(earliest))),
            None => Err(InputError::new(name, "date_invalid")),
        }
    }

    /// One part per calendar year, the first and last perhaps shorter.
    pub fn calendar_years(self) -> Vec<Part> {
        (self.from.year()..=self.to.year())
            .filter_map(|year| {
                let first = Date::from_ordinal_date(year, 1).ok()?;
                let last = Date::from_ordinal_date(year, day::in_year(year)).ok()?;
                let (from, to) = (self.from.max(first), self.to.min(last));
                Some(Part {
                    year,
                    from,
                    to,
                    days: days(from, to),
                    days_in_year: day::in_year(year),
                })
            })
            .collect()
    }

    /// One part per project year, counted from the first day; the last perhaps shorter.
    pub fn project_years(self) -> Vec<Part> {
        let mut parts = Vec::new();
        for index in 0.. {
            let Some(from) = day::years_later(self.from, index).filter(|from| *from <= self.to)
            else {
                break;
            };
            let Some(end) = day::years_later(self.from, index + 1).and_then(Date::previous_day)
            else {
                break;
            };
            let to = end.min(self.to);
            parts.push(Part {
                year: from.year(),
                from,
                to,
                days: days(from, to),
                days_in_year: days(from, end),
            });
        }
        parts
    }

    /// `total` whole tonnes per year of the period's length in project years, rounded down.
    pub fn per_year(self, total: i64) -> i64 {
        let parts = self.project_years();
        let (mut whole, mut rest, mut rest_of) = (0_i128, 0_i128, 1_i128);
        for part in parts {
            if part.days == part.days_in_year {
                whole += 1;
            } else {
                (rest, rest_of) = (i128::from(part.days), i128::from(part.days_in_year));
            }
        }
        let length = whole * rest_of + rest;
        i64::try_from((i128::from(total) * rest_of).div_euclid(length.max(1))).unwrap_or(i64::MAX)
    }
}

/// Days from one day to another, both included, within one year.
fn days(from: Date, to: Date) -> u16 {
    u16::try_from(day::inclusive(from, to)).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn ten_years(from: Date) -> Period {
        let to = day::years_later(from, 10)
            .and_then(Date::previous_day)
            .unwrap();
        Period::checked(from, to, 10, date!(2026 - 01 - 01), ("from", "to")).unwrap()
    }

    #[test]
    fn calendar_years_weigh_leap_years_with_366_days() {
        let parts = ten_years(date!(2022 - 04 - 01)).calendar_years();
        assert_eq!(parts.len(), 11);
        assert_eq!((parts[0].days, parts[0].days_in_year), (275, 365));
        assert_eq!((parts[2].days, parts[2].days_in_year), (366, 366));
        assert_eq!((parts[10].days, parts[10].days_in_year), (91, 366));
    }

    #[test]
    fn project_years_start_on_the_anniversary() {
        let parts = ten_years(date!(2024 - 02 - 29)).project_years();
        assert_eq!(parts.len(), 10);
        assert_eq!(
            (parts[0].from, parts[0].to),
            (date!(2024 - 02 - 29), date!(2025 - 02 - 28))
        );
        assert_eq!(parts[1].from, date!(2025 - 03 - 01));
        assert_eq!(parts[9].to, date!(2034 - 02 - 28));
        assert!(parts.iter().all(|part| part.days == part.days_in_year));
        assert!(
            parts
                .windows(2)
                .all(|pair| pair[0].to.next_day() == Some(pair[1].from))
        );
    }

    #[test]
    fn the_yearly_figure_of_registered_sinks_is_their_total_by_their_years_rounded_down() {
        for (from, years, total, yearly) in [
            (date!(2020 - 09 - 23), 20, 35_678, 1_783),
            (date!(2020 - 09 - 23), 40, 99_816, 2_495),
            (date!(2021 - 01 - 01), 40, 242_740, 6_068),
            (date!(2021 - 01 - 01), 20, 36_246, 1_812),
            (date!(2021 - 01 - 01), 30, 829_087, 27_636),
            (date!(2023 - 12 - 01), 20, 32_966, 1_648),
        ] {
            let to = day::years_later(from, years)
                .and_then(Date::previous_day)
                .unwrap();
            let on = date!(2026 - 01 - 01);
            let period = Period::checked(from, to, 40, on, ("from", "to"))
                .and_then(|period| period.at_least(20, "to"))
                .unwrap();
            assert_eq!(period.per_year(total), yearly);
        }
    }

    #[test]
    fn twenty_years_less_a_day_are_refused_with_the_first_day_that_will_do() {
        let period = Period {
            from: date!(2022 - 01 - 01),
            to: date!(2041 - 12 - 30),
        };
        let error = period.at_least(20, "crediting_to").unwrap_err();
        assert_eq!(
            (error.path.as_str(), error.code),
            ("crediting_to", "crediting_too_short")
        );
        let earliest = ("earliest", "2041-12-31".to_owned());
        assert!(error.params.contains(&earliest));
    }

    #[test]
    fn ten_years_and_a_day_are_refused_with_the_last_day() {
        let error = Period::checked(
            date!(2022 - 10 - 01),
            date!(2032 - 10 - 01),
            10,
            date!(2026 - 01 - 01),
            ("crediting_from", "crediting_to"),
        )
        .unwrap_err();
        assert_eq!(
            (error.path.as_str(), error.code),
            ("crediting_to", "crediting_too_long")
        );
        assert!(error.params.contains(&("last", "2032-09-30".to_owned())));
    }

    #[test]
    fn the_day_before_the_first_creditable_day_is_refused_and_the_day_itself_is_not() {
        let check = |from| {
            Period::checked(
                from,
                date!(2021 - 01 - 01),
                10,
                date!(2026 - 01 - 01),
                ("f", "t"),
            )
        };
        assert_eq!(
            check(date!(2020 - 09 - 22)).unwrap_err().code,
            "period_before_first_creditable_day"
        );
        assert!(check(date!(2020 - 09 - 23)).is_ok());
    }
}
