//! Metering lines of a monitoring period: they cover it without gap or overlap, and none crosses the end of a year.

use rust_decimal::Decimal;
use time::Date;

use super::fuel_use::FuelUse;
use super::meter::{Meter, MeterPaths, Reading, Side, read_electricity_meter};
use super::period::Period;
use crate::day;
use crate::input::{InputError, Reader, join};
use crate::quantity::MegawattHours;
use crate::text::{Text, text};

/// One metering line.
pub(super) struct Line {
    /// Its path, `lines.3`.
    pub path: String,
    pub from: Date,
    pub to: Date,
    /// Every electricity reading in it.
    pub readings: Vec<Reading>,
    pub fuels: Vec<FuelUse>,
}

/// Reads the lines and checks that they tile the period.
pub(super) fn read(reader: &mut Reader<'_>, period: Option<Period>, fuels: bool) -> Vec<Line> {
    let paths = reader.items("lines");
    let lines: Vec<Line> = paths
        .into_iter()
        .filter_map(|path| read_line(reader, path, fuels))
        .collect();
    if let Some(period) = period
        && reader.errors.is_empty()
    {
        for error in tiling_errors(&lines, period) {
            reader.error(error);
        }
    }
    lines
}

fn read_line(reader: &mut Reader<'_>, path: String, fuels: bool) -> Option<Line> {
    let from = reader.date(&join(&path, "from"));
    let to = reader.date(&join(&path, "to"));
    if let (Some(from), Some(to)) = (from, to) {
        check_dates(reader, &path, from, to);
    }
    let mut readings = Vec::new();
    readings.extend(read_reading(reader, &path, "export", Side::Credit, EXPORT));
    readings.extend(read_reading(reader, &path, "import", Side::Debit, IMPORT));
    if fuels && reader.has(&join(&path, "heater_mwh")) {
        readings.extend(read_reading(reader, &path, "heater", Side::Debit, HEATER));
    }
    for item in reader.items(&join(&path, "more_meters")) {
        readings.extend(read_more(reader, &item));
    }
    let fuels = if fuels {
        FuelUse::read_list(reader, &join(&path, "fuels"), "amount", true)
    } else {
        Vec::new()
    };
    Some(Line {
        from: from?,
        to: to?,
        path,
        readings,
        fuels,
    })
}

const EXPORT: (&str, Text) = ("EG_export,y", text("上网电量", "electricity exported"));
const IMPORT: (&str, Text) = ("EG_import,y", text("下网电量", "electricity imported"));
const HEATER: (&str, Text) = (
    "EG_heater,y",
    text(
        "风光部分供电加热器电量（计入下网）",
        "electricity from the wind or PV part to the heater (counts as import)",
    ),
);

fn check_dates(reader: &mut Reader<'_>, path: &str, from: Date, to: Date) {
    if to < from {
        reader.error(
            InputError::new(join(path, "to"), "end_before_start")
                .with("start", day::to_text(from))
                .with("end", day::to_text(to)),
        );
    } else if from.year() != to.year() {
        reader.error(
            InputError::new(join(path, "to"), "line_crosses_year_end")
                .with("year_end", format!("{:04}-12-31", from.year())),
        );
    }
}

/// The reading `<name>_mwh` with its meter `<name>_meter`, `<name>_meter_class`, `<name>_meter_error_percent`.
fn read_reading(
    reader: &mut Reader<'_>,
    path: &str,
    name: &str,
    side: Side,
    (symbol, title): (&'static str, Text),
) -> Option<Reading> {
    let amount: Option<MegawattHours> = reader.quantity(&join(path, &format!("{name}_mwh")));
    let paths = MeterPaths {
        status: join(path, &format!("{name}_meter")),
        class: join(path, &format!("{name}_meter_class")),
        error: join(path, &format!("{name}_meter_error_percent")),
    };
    let meter = read_electricity_meter(reader, &paths, true);
    reading(symbol, title, side, amount, meter)
}

fn read_more(reader: &mut Reader<'_>, item: &str) -> Option<Reading> {
    let direction = reader.choice(&join(item, "direction"));
    let amount: Option<MegawattHours> = reader.quantity(&join(item, "mwh"));
    let paths = MeterPaths {
        status: join(item, "meter"),
        class: join(item, "meter_class"),
        error: join(item, "meter_error_percent"),
    };
    let meter = read_electricity_meter(reader, &paths, true);
    let ((symbol, title), side) = match direction? {
        "export" => (EXPORT, Side::Credit),
        _ => (IMPORT, Side::Debit),
    };
    reading(symbol, title, side, amount, meter)
}

fn reading(
    symbol: &'static str,
    title: Text,
    side: Side,
    amount: Option<MegawattHours>,
    meter: Option<Meter>,
) -> Option<Reading> {
    Some(Reading {
        symbol,
        title,
        side,
        amount: amount?.value(),
        unit: "MWh",
        meter: meter?,
    })
}

/// Sum of the uncorrected readings of one side.
pub(super) fn sum(line: &Line, side: Side) -> Decimal {
    line.readings
        .iter()
        .filter(|reading| reading.side == side)
        .map(|reading| reading.amount)
        .sum()
}

/// The lines in the order of their days. A report has at most a few hundred: a general sorting algorithm would only
/// make the WebAssembly larger.
pub(super) fn by_date<'a>(lines: impl Iterator<Item = &'a Line>) -> Vec<&'a Line> {
    let mut sorted: Vec<&Line> = Vec::new();
    for line in lines {
        let place = sorted.partition_point(|other| (other.from, other.to) <= (line.from, line.to));
        sorted.insert(place, line);
    }
    sorted
}

/// Gaps, overlaps and lines outside the period, each at the field that has to change.
fn tiling_errors(lines: &[Line], period: Period) -> Vec<InputError> {
    let mut errors = Vec::new();
    let mut in_order: Vec<&Line> = Vec::new();
    for line in lines {
        let outside = if line.from < period.from {
            Some("from")
        } else if line.to > period.to {
            Some("to")
        } else {
            None
        };
        match outside {
            Some(name) => errors.push(
                InputError::new(join(&line.path, name), "line_outside_period")
                    .with("from", day::to_text(period.from))
                    .with("to", day::to_text(period.to)),
            ),
            None => in_order.push(line),
        }
    }
    if !errors.is_empty() {
        return errors;
    }
    let in_order = by_date(in_order.into_iter());
    let mut expected = Some(period.from);
    for line in &in_order {
        match expected {
            Some(day) if line.from > day => errors.push(gap(line, "from", day)),
            Some(day) if line.from == day => {}
            other => {
                let previous = other.and_then(Date::previous_day).unwrap_or(period.to);
                errors.push(
                    InputError::new(join(&line.path, "from"), "lines_overlap")
                        .with("previous_to", day::to_text(previous)),
                );
            }
        }
        let next = line.to.next_day();
        expected = if line.to >= period.to {
            None
        } else {
            expected.max(next)
        };
    }
    if let (Some(_), Some(last)) = (expected, in_order.last()) {
        errors.push(gap(last, "to", period.to));
    }
    errors
}

fn gap(line: &Line, name: &str, expected: Date) -> InputError {
    InputError::new(join(&line.path, name), "lines_gap").with("expected", day::to_text(expected))
}
