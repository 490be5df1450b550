//! Tables written as text: comma-separated lines with a header, as a spreadsheet saves them or a person types them.
//!
//! The same parser serves the form, a file, the worker in the browser and the server. What is wrong is reported by line and
//! column (`trees.17.dbh_cm`; the header is line 1), before anything is kept.

use std::collections::BTreeMap;

use csv_core::{ReadRecordResult, ReaderBuilder};
use rust_decimal::Decimal;
use time::Date;

use crate::day;
use crate::input::InputError;
use crate::progress::{Phase, report};
use crate::quantity::{self, Quantity, unit};
use crate::schema::{Choice, Column, Kind};

/// Most errors of one table that are listed; the last one says how many more there are.
const ERRORS_MAX: usize = 200;
/// Most columns of a line.
const COLUMNS_MAX: usize = 64;
/// Longest line, in bytes.
const LINE_BYTES_MAX: usize = 8_192;
/// Most of a cell that an error repeats.
const SHOWN_MAX: usize = 60;

/// Most choices that an error repeats.
const CHOICES_SHOWN_MAX: usize = 12;

/// A table that was read: every cell is what its column asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    columns: &'static [Column],
    /// The rows in the order of the text.
    pub rows: Vec<Row>,
}

/// One line of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number in the text; the header is line 1.
    pub line: usize,
    cells: Vec<Cell>,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing; only in columns that may be left empty.
    Empty,
    /// A number within the range of its column.
    Number(Decimal),
    /// Text without spaces around it.
    Text(String),
    /// One of the column's choices.
    Choice(&'static str),
    /// A day.
    Day(Date),
}

impl Table {
    /// The place of a column by its code, for [`Row::number`] and its sisters. A code the table does not have is the last place.
    pub fn place(&self, code: &str) -> usize {
        self.columns
            .iter()
            .position(|column| column.code == code)
            .unwrap_or(self.columns.len())
    }
}

impl Row {
    /// The number in a column, if one was written.
    pub fn number(&self, place: usize) -> Option<Decimal> {
        match self.cells.get(place) {
            Some(Cell::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// The text or choice in a column, empty if nothing was written.
    pub fn text(&self, place: usize) -> &str {
        match self.cells.get(place) {
            Some(Cell::Text(text)) => text,
            Some(Cell::Choice(choice)) => choice,
            _ => "",
        }
    }

    /// The choice in a column, if one was written.
    pub fn choice(&self, place: usize) -> Option<&'static str> {
        match self.cells.get(place) {
            Some(Cell::Choice(choice)) => Some(choice),
            _ => None,
        }
    }

    /// The day in a column, if one was written.
    pub fn day(&self, place: usize) -> Option<Date> {
        match self.cells.get(place) {
            Some(Cell::Day(day)) => Some(*day),
            _ => None,
        }
    }

    /// Every cell, in the order of the columns of the schema.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }
}

/// The header line of a template for this table, with the Chinese or the English titles of all columns.
pub fn template(columns: &[Column], chinese: bool) -> String {
    let mut header = String::new();
    for (index, column) in columns.iter().enumerate() {
        if index > 0 {
            header.push(',');
        }
        header.push_str(if chinese {
            column.label.zh
        } else {
            column.label.en
        });
    }
    header.push('\n');
    header
}

/// Reads a table. `name` is its field, the beginning of every error's path. Cells are separated by commas, semicolons or
/// tabs, whichever the header has most of; columns may stand in any order and be named by code or by title.
pub fn parse(
    text: &str,
    name: &str,
    columns: &'static [Column],
    rows_max: usize,
) -> Result<Table, Vec<InputError>> {
    let (table, errors) = parse_lines(text, name, columns, rows_max)?;
    if errors.is_empty() {
        Ok(table)
    } else {
        Err(errors)
    }
}

/// The same where what is wrong in some lines does not keep the others from being looked at further: the table with what could be read, and
/// the errors in its lines.
pub fn parse_lines(
    text: &str,
    name: &str,
    columns: &'static [Column],
    rows_max: usize,
) -> Result<(Table, Vec<InputError>), Vec<InputError>> {
    let mut lines = Lines::new(text);
    let mut errors = Errors::new(name);
    let blank = |cells: &[String]| cells.iter().all(|cell| cell.trim().is_empty());
    let header = lines.find(|(_, cells)| !cells.as_ref().is_ok_and(|cells| blank(cells)));
    let Some((line, header)) = header else {
        return Err(vec![InputError::new(name, "list_empty")]);
    };
    let Ok(header) = header else {
        return Err(vec![InputError::new(
            format!("{name}.{line}"),
            "table_line_unreadable",
        )]);
    };
    let places = read_header(&header, name, line, columns)?;
    let mut rows = Vec::new();
    let last_line = text.bytes().filter(|byte| *byte == b'\n').count();
    for (line, cells) in lines {
        if line % 1_024 == 0 {
            report(Phase::Reading, line, last_line);
        }
        let Ok(cells) = cells else {
            errors.add(line, None, "table_line_unreadable", Vec::new());
            continue;
        };
        let cells: Vec<&str> = cells.iter().map(|cell| cell.trim()).collect();
        if cells.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        if rows.len() == rows_max {
            return Err(vec![
                InputError::new(name, "list_too_long").with("max", rows_max),
            ]);
        }
        if cells.iter().skip(places.len()).any(|cell| !cell.is_empty()) {
            errors.add(
                line,
                None,
                "table_too_many_cells",
                vec![
                    ("found", cells.len().to_string()),
                    ("expected", places.len().to_string()),
                ],
            );
            continue;
        }
        let mut row = vec![Cell::Empty; columns.len()];
        for (index, column) in columns.iter().enumerate() {
            let written = places
                .iter()
                .position(|place| *place == Some(index))
                .and_then(|place| cells.get(place).copied())
                .unwrap_or("");
            match read_cell(written, column) {
                Ok(cell) => row[index] = cell,
                Err((code, params)) => errors.add(line, Some(column.code), code, params),
            }
        }
        rows.push(Row { line, cells: row });
    }
    let errors = errors.finish().err().unwrap_or_default();
    if rows.is_empty() && errors.is_empty() {
        return Err(vec![InputError::new(name, "list_empty")]);
    }
    Ok((Table { columns, rows }, errors))
}

/// Which column each cell of the header names; `None` for an empty name at the end of the line.
fn read_header(
    header: &[String],
    name: &str,
    line: usize,
    columns: &'static [Column],
) -> Result<Vec<Option<usize>>, Vec<InputError>> {
    let at = format!("{name}.{line}");
    let mut errors = Vec::new();
    let mut places: Vec<Option<usize>> = Vec::new();
    for cell in header {
        let written = plain(cell);
        if written.is_empty() {
            places.push(None);
            continue;
        }
        let found = columns.iter().position(|column| {
            written == column.code
                || written == plain(column.label.zh)
                || written == plain(column.label.en)
        });
        match found {
            None => {
                let names: Vec<&str> = columns.iter().map(|column| column.label.zh).collect();
                let codes: Vec<&str> = columns.iter().map(|column| column.code).collect();
                errors.push(
                    InputError::new(at.clone(), "table_column_unknown")
                        .with("column", cell.chars().take(SHOWN_MAX).collect::<String>())
                        .with("titles", names.join("、"))
                        .with("codes", codes.join(", ")),
                );
            }
            Some(index) if places.contains(&Some(index)) => errors.push(
                InputError::new(at.clone(), "table_column_twice")
                    .with("column", columns[index].code),
            ),
            found => places.push(found),
        }
        if errors.len() >= COLUMNS_MAX {
            break;
        }
    }
    for (index, column) in columns.iter().enumerate() {
        if column.required && !places.contains(&Some(index)) {
            errors.push(
                InputError::new(at.clone(), "table_column_missing")
                    .with("column", column.code)
                    .with("zh", column.label.zh)
                    .with("en", column.label.en),
            );
        }
    }
    if errors.is_empty() {
        Ok(places)
    } else {
        Err(errors)
    }
}

/// A title as it is compared: half-width, small letters, no spaces.
fn plain(title: &str) -> String {
    title
        .chars()
        .map(quantity::half_width)
        .filter(|character| !character.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

type CellError = (&'static str, Vec<(&'static str, String)>);

fn read_cell(written: &str, column: &Column) -> Result<Cell, CellError> {
    if written.is_empty() {
        return if column.required {
            Err(("required", Vec::new()))
        } else {
            Ok(Cell::Empty)
        };
    }
    match column.kind {
        Kind::Number {
            min, max, decimals, ..
        } => read_number(written, min, max, decimals),
        Kind::Choice(choices) => read_choice(written, choices),
        Kind::Date => day::parse(written)
            .map(Cell::Day)
            .ok_or(("date_invalid", Vec::new())),
        Kind::Text { max } => {
            if written.chars().count() > max {
                Err(("text_too_long", vec![("max", max.to_string())]))
            } else {
                Ok(Cell::Text(written.to_owned()))
            }
        }
        // a cell holds one value; no table of the schemas has such a column
        Kind::Year | Kind::List { .. } | Kind::Table { .. } => Err(("value_expected", Vec::new())),
    }
}

fn read_choice(written: &str, choices: &'static [Choice]) -> Result<Cell, CellError> {
    // nearly every cell is written as it should be: only the others are worth a closer look
    let exact = choices.iter().find(|choice| {
        written == choice.value || written == choice.text.zh || written == choice.text.en
    });
    exact
        .or_else(|| {
            let wanted = plain(written);
            choices
                .iter()
                .find(|choice| wanted == plain(choice.text.zh) || wanted == plain(choice.text.en))
        })
        .map(|choice| Cell::Choice(choice.value))
        .ok_or_else(|| {
            let mut names: Vec<String> = choices
                .iter()
                .take(CHOICES_SHOWN_MAX)
                .map(|choice| format!("{} ({})", choice.text.zh, choice.value))
                .collect();
            if choices.len() > CHOICES_SHOWN_MAX {
                names.push("…".to_owned());
            }
            ("choice_invalid", vec![("choices", names.join("、"))])
        })
}

fn read_number(
    written: &str,
    min: &'static str,
    max: &'static str,
    decimals: u32,
) -> Result<Cell, CellError> {
    let number = match plain_number(written) {
        Some(number) => number,
        None => written
            .parse::<Quantity<unit::One>>()
            .map_err(|error| (error.code(), error.params()))?
            .value(),
    };
    if number.scale() > decimals {
        return Err((
            "number_too_many_decimals",
            vec![("max", decimals.to_string())],
        ));
    }
    let bound = |text: &str| text.parse::<Decimal>().ok();
    if bound(min).is_some_and(|min| number < min) || bound(max).is_some_and(|max| number > max) {
        return Err((
            "number_out_of_range",
            vec![("min", min.to_owned()), ("max", max.to_owned())],
        ));
    }
    Ok(Cell::Number(number))
}

/// Up to 15 plain digits with one point, which nearly every cell is: read without a detour. `None`: read it with care.
fn plain_number(written: &str) -> Option<Decimal> {
    let bytes = written.as_bytes();
    if bytes.len() > 15 || !bytes.first()?.is_ascii_digit() || !bytes.last()?.is_ascii_digit() {
        return None;
    }
    let (mut digits, mut scale, mut after_point) = (0_i64, 0_u32, false);
    for byte in bytes {
        match byte {
            b'0'..=b'9' => {
                digits = digits * 10 + i64::from(byte - b'0');
                scale += u32::from(after_point);
            }
            b'.' if !after_point => after_point = true,
            _ => return None,
        }
    }
    Some(Decimal::new(digits, scale).normalize())
}

/// The lines of the text with their numbers, split into cells; empty lines are left out.
struct Lines<'a> {
    rest: &'a [u8],
    line: usize,
    reader: csv_core::Reader,
    output: Vec<u8>,
    separator: Separator,
}

/// What stands between two cells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    Byte(u8),
    /// `，` typed in a Chinese text; it is three bytes long and is made a comma line by line.
    FullWidthComma,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let header = text
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or("");
        let count = |separator: char| header.matches(separator).count();
        let most = [',', '\t', ';']
            .into_iter()
            .max_by_key(|separator| count(*separator))
            .filter(|separator| count(*separator) > 0);
        let separator = match most {
            Some('\t') => Separator::Byte(b'\t'),
            Some(';') => Separator::Byte(b';'),
            None if header.contains('，') => Separator::FullWidthComma,
            _ => Separator::Byte(b','),
        };
        let delimiter = match separator {
            Separator::Byte(byte) => byte,
            Separator::FullWidthComma => b',',
        };
        Self {
            rest: text.as_bytes(),
            line: 1,
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            output: vec![0; LINE_BYTES_MAX],
            separator,
        }
    }

    /// Reads one record from the bytes; how many were used, and its cells.
    fn record(&mut self, input: &[u8]) -> (usize, Option<Vec<String>>) {
        let mut ends = [0_usize; COLUMNS_MAX];
        let (mut used, mut written, mut cells) = (0, 0, 0);
        loop {
            let (result, read, wrote, ended) = self.reader.read_record(
                &input[used..],
                &mut self.output[written..],
                &mut ends[cells..],
            );
            used += read;
            written += wrote;
            cells += ended;
            match result {
                // an empty input behind the last byte tells the reader that the text is over
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::Record => break,
                ReadRecordResult::End if cells > 0 => break,
                ReadRecordResult::End
                | ReadRecordResult::OutputFull
                | ReadRecordResult::OutputEndsFull => return (used, None),
            }
        }
        let mut start = 0;
        let mut record = Vec::with_capacity(cells);
        for end in &ends[..cells] {
            match std::str::from_utf8(&self.output[start..*end]) {
                Ok(cell) => record.push(cell.to_owned()),
                Err(_) => return (used, None),
            }
            start = *end;
        }
        (used, Some(record))
    }

    /// Behind a line that could not be read: on to the next one.
    fn skip_line(&mut self) {
        let end = self
            .rest
            .iter()
            .position(|byte| *byte == b'\n')
            .unwrap_or(self.rest.len());
        self.rest = &self.rest[end..];
        self.reader.reset();
    }
}

impl Iterator for Lines<'_> {
    type Item = (usize, Result<Vec<String>, ()>);

    fn next(&mut self) -> Option<Self::Item> {
        while let [first @ (b'\n' | b'\r'), rest @ ..] = self.rest {
            self.line += usize::from(*first == b'\n');
            self.rest = rest;
        }
        if self.rest.is_empty() {
            return None;
        }
        let line = self.line;
        let rest = self.rest;
        let (used, record) = if self.separator == Separator::FullWidthComma {
            let end = rest
                .iter()
                .position(|byte| *byte == b'\n')
                .map_or(rest.len(), |end| end + 1);
            let text = String::from_utf8_lossy(&rest[..end]).replace('，', ",");
            let (_, record) = self.record(text.as_bytes());
            self.reader.reset();
            (end, record)
        } else {
            self.record(rest)
        };
        let Some(record) = record else {
            self.skip_line();
            return Some((line, Err(())));
        };
        self.line += rest[..used]
            .iter()
            .fold(0, |lines, byte| lines + usize::from(*byte == b'\n'));
        self.rest = &rest[used..];
        Some((line, Ok(record)))
    }
}

/// The errors of a table, counted beyond those that are listed.
struct Errors<'a> {
    name: &'a str,
    listed: Vec<InputError>,
    more: usize,
    by_column: BTreeMap<&'static str, usize>,
}

impl<'a> Errors<'a> {
    fn new(name: &'a str) -> Self {
        Self {
            name,
            listed: Vec::new(),
            more: 0,
            by_column: BTreeMap::new(),
        }
    }

    fn add(
        &mut self,
        line: usize,
        column: Option<&'static str>,
        code: &'static str,
        params: Vec<(&'static str, String)>,
    ) {
        *self.by_column.entry(column.unwrap_or("")).or_default() += 1;
        if self.listed.len() == ERRORS_MAX {
            self.more += 1;
            return;
        }
        let path = match column {
            Some(column) => format!("{}.{line}.{column}", self.name),
            None => format!("{}.{line}", self.name),
        };
        self.listed.push(InputError { path, code, params });
    }

    fn finish(mut self) -> Result<(), Vec<InputError>> {
        if self.listed.is_empty() {
            return Ok(());
        }
        if self.more > 0 {
            let columns: Vec<String> = self
                .by_column
                .iter()
                .map(|(column, count)| match *column {
                    "" => format!("{count}"),
                    column => format!("{column} {count}"),
                })
                .collect();
            self.listed.push(
                InputError::new(self.name, "table_more_errors")
                    .with("more", self.more)
                    .with("columns", columns.join(", ")),
            );
        }
        Err(self.listed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::text;

    static KINDS: [Choice; 2] = [
        Choice {
            value: "chinese_fir",
            text: text("杉木", "Chinese fir"),
        },
        Choice {
            value: "poplar",
            text: text("杨树", "Poplar"),
        },
    ];

    static COLUMNS: [Column; 4] = [
        Column {
            code: "plot",
            kind: Kind::Text { max: 10 },
            label: text("样地号", "Plot"),
            help: text("样地", "plot"),
            required: true,
        },
        Column {
            code: "dbh_cm",
            kind: Kind::Number {
                unit: "cm",
                min: "0.1",
                max: "300",
                decimals: 2,
            },
            label: text("胸径（cm）", "DBH (cm)"),
            help: text("胸径", "diameter"),
            required: true,
        },
        Column {
            code: "species",
            kind: Kind::Choice(&KINDS),
            label: text("树种", "Species"),
            help: text("树种", "species"),
            required: false,
        },
        Column {
            code: "measured_on",
            kind: Kind::Date,
            label: text("测量日期", "Measured on"),
            help: text("日期", "day"),
            required: false,
        },
    ];

    type Lines = Result<Vec<(usize, String)>, Vec<(String, &'static str)>>;

    fn read(text: &str) -> Lines {
        parse(text, "trees", &COLUMNS, 1_000)
            .map(|table| {
                let (plot, dbh) = (table.place("plot"), table.place("dbh_cm"));
                table
                    .rows
                    .iter()
                    .map(|row| {
                        let number = row.number(dbh).unwrap();
                        (row.line, format!("{} {number}", row.text(plot)))
                    })
                    .collect()
            })
            .map_err(|errors| {
                errors
                    .into_iter()
                    .map(|error| (error.path, error.code))
                    .collect()
            })
    }

    #[test]
    fn what_spreadsheets_and_people_write_is_read() {
        let wanted = vec![(2, "P1 12.5".to_owned()), (3, "P2 8".to_owned())];
        for text in [
            "plot,dbh_cm\nP1,12.5\nP2,8\n",
            "\u{feff}plot,dbh_cm\r\nP1,12.50\r\nP2,8",
            "样地号\t胸径（cm）\r\nP1\t12.5\r\nP2\t8\r\n",
            "DBH (cm);Plot\n12.5;P1\n8;P2\n",
            "样地号，胸径(cm)\nP1，１２．５\nP2，8\n",
            "\"Plot\",\"dbh_cm\",\n\"P1\",\"12.5\",\n\"P2\", 8 ,\n",
            "plot,dbh_cm,species,measured_on\nP1,12.5,杉木,2026-01-31\nP2,8,,\n,,,\n",
        ] {
            assert_eq!(read(text), Ok(wanted.clone()), "{text:?}");
        }
    }

    #[test]
    fn lines_are_numbered_as_an_editor_numbers_them() {
        let text = "plot,dbh_cm\r\n\r\nP1,1\r\n\"P\r\n2\",2\r\n  ,\r\nP3,3\r\n";
        let found = read(text).unwrap();
        let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [3, 4, 7]);
    }

    #[test]
    fn each_mistake_is_reported_at_its_line_and_column() {
        let text = "plot,dbh_cm,species,measured_on\n\
            P1,abc,,\nP1,,杉木,\nP1,400,poplar,\nP1,1.234,橡树,\n,2,,2026-02-30\nP1,1,,,extra\nP1-and-more,1e2,,\n";
        let found = read(text).unwrap_err();
        let wanted = [
            ("trees.2.dbh_cm", "number_not_a_number"),
            ("trees.3.dbh_cm", "required"),
            ("trees.4.dbh_cm", "number_out_of_range"),
            ("trees.5.dbh_cm", "number_too_many_decimals"),
            ("trees.5.species", "choice_invalid"),
            ("trees.6.plot", "required"),
            ("trees.6.measured_on", "date_invalid"),
            ("trees.7", "table_too_many_cells"),
            ("trees.8.plot", "text_too_long"),
            ("trees.8.dbh_cm", "number_exponent"),
        ]
        .map(|(path, code)| (path.to_owned(), code));
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_header_that_does_not_fit_is_one_error_per_column() {
        let found = |text| read(text).unwrap_err();
        let at = |code| ("trees.1".to_owned(), code);
        assert_eq!(found("plot\nP1\n"), [at("table_column_missing")]);
        assert_eq!(
            found("plot,dbh_cm,Plot,girth\nP1,1,P1,2\n"),
            [at("table_column_twice"), at("table_column_unknown")]
        );
        assert_eq!(found(" \n"), [("trees".to_owned(), "list_empty")]);
        assert_eq!(
            found("plot,dbh_cm\n,,\n"),
            [("trees".to_owned(), "list_empty")]
        );
    }

    #[test]
    fn a_thousand_mistakes_are_two_hundred_and_a_count() {
        let text = format!("plot,dbh_cm\n{}", "P1,x\n".repeat(1_000));
        let errors = parse(&text, "trees", &COLUMNS, 1_000).unwrap_err();
        assert_eq!(errors.len(), ERRORS_MAX + 1);
        let last = errors.last().unwrap();
        assert_eq!(
            (last.path.as_str(), last.code),
            ("trees", "table_more_errors")
        );
        assert!(last.text().en.contains("800 more"), "{}", last.text().en);
        let long = format!("plot,dbh_cm\n{}", "P1,1\n".repeat(1_001));
        let errors = parse(&long, "trees", &COLUMNS, 1_000).unwrap_err();
        assert_eq!(errors[0].code, "list_too_long");
    }

    #[test]
    fn a_line_that_cannot_be_a_line_is_an_error_and_the_next_one_is_read() {
        let long = "x".repeat(LINE_BYTES_MAX + 1);
        let wide = "1,".repeat(COLUMNS_MAX + 1);
        let text = format!("plot,dbh_cm\n{long},1\nP1,1\n{wide}\nP2,x\n");
        assert_eq!(
            read(&text).unwrap_err(),
            [
                ("trees.2".to_owned(), "table_line_unreadable"),
                ("trees.4".to_owned(), "table_line_unreadable"),
                ("trees.5.dbh_cm".to_owned(), "number_not_a_number"),
            ]
        );
    }

    #[test]
    fn the_template_is_read_back() {
        for chinese in [true, false] {
            let text = format!("{}P1,1,杉木,2026-01-01\n", template(&COLUMNS, chinese));
            assert!(read(&text).is_ok(), "{text}");
        }
    }
}
