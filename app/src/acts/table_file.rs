//! Files with a table: CSV in the encodings spreadsheets write, or XLSX, turned into the one text that the parser of the
//! methodologies reads. Line 17 of the text is row 17 of the sheet, so that what is wrong is found where it was written.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};
use domain::Refusal;
use domain::project::monitoring::is_table;
use domain::refusal::codes;
use registry::{Error, Fields};

use super::multipart::SentFile;

/// What the name of a file field ends with: `trees_file` is the file of the table `trees`.
pub const FILE_SUFFIX: &str = "_file";
/// What the name of the box ends with that empties a table.
pub const REMOVE_SUFFIX: &str = "_remove";

/// Largest text of a table, bytes.
const TEXT_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Most that the parts of a workbook may hold once they are unpacked, bytes: far more than 100,000 rows need.
const UNPACKED_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Most parts of a workbook.
const PARTS_MAX: usize = 2_000;
/// Last row of a sheet that is read.
const ROWS_MAX: u32 = 200_000;
/// Columns of a sheet that are read; what stands further right belongs to no table of ours.
const COLUMNS_MAX: u32 = 64;

/// Puts the table of a sent file into the field it belongs to, and takes a table out that is to be removed.
pub fn take_table(file: Option<&SentFile>, fields: &mut Fields) -> Result<(), Error> {
    let names: Vec<String> = fields.keys().cloned().collect();
    for name in names {
        if let Some(table) = name
            .strip_suffix(REMOVE_SUFFIX)
            .filter(|name| is_table(name))
        {
            let removed = fields.remove(&name).as_deref() == Some("yes");
            if removed {
                fields.insert(table.to_owned(), String::new());
            }
        }
    }
    let Some(file) = file else { return Ok(()) };
    let Some(table) = file
        .field
        .strip_suffix(FILE_SUFFIX)
        .filter(|name| is_table(name))
    else {
        return Ok(());
    };
    let text = text_of(file).map_err(|code| {
        Refusal::new(code)
            .at(file.field.clone())
            .with("limit", "8 MB")
    })?;
    fields.insert(table.to_owned(), text);
    Ok(())
}

/// The text of a table file, or the code of a refusal.
pub fn text_of(file: &SentFile) -> Result<String, &'static str> {
    let text = if file.bytes.starts_with(b"PK\x03\x04") {
        workbook_text(&file.bytes)?
    } else if file.bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        // the binary format before 2007
        return Err(codes::TABLE_FILE_UNREADABLE);
    } else {
        decoded(&file.bytes)
    };
    if text.len() > TEXT_BYTES_MAX {
        return Err(codes::FILE_TOO_LARGE);
    }
    if text.contains('\0') {
        return Err(codes::TABLE_FILE_UNREADABLE);
    }
    Ok(text)
}

/// Text in UTF-8 or UTF-16 with a mark, or else in the encoding that spreadsheets in China save by default.
fn decoded(bytes: &[u8]) -> String {
    let encoding = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if std::str::from_utf8(bytes).is_ok() => encoding_rs::UTF_8,
        None => encoding_rs::GB18030,
    };
    encoding.decode(bytes).0.into_owned()
}

/// The first sheet as lines of cells: the results of formulas, days as `2026-01-31`, an empty row as an empty line.
fn workbook_text(bytes: &[u8]) -> Result<String, &'static str> {
    check_unpacked(bytes)?;
    let unreadable = |_| codes::TABLE_FILE_UNREADABLE;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let first = workbook.sheet_names().first().cloned();
    let first = first.ok_or(codes::TABLE_FILE_UNREADABLE)?;
    let mut cells = workbook
        .worksheet_cells_reader(&first)
        .map_err(unreadable)?;
    let mut text = String::new();
    let (mut row, mut column) = (0, 0);
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let (at_row, at_column) = cell.get_position();
        let written = cell_text(cell.get_value());
        if written.is_empty() || at_column >= COLUMNS_MAX {
            continue;
        }
        if at_row >= ROWS_MAX {
            return Err(codes::FILE_TOO_LARGE);
        }
        // a file that jumps back is not one a spreadsheet wrote
        if at_row < row || (at_row == row && at_column < column) {
            return Err(codes::TABLE_FILE_UNREADABLE);
        }
        while row < at_row {
            text.push('\n');
            row += 1;
            column = 0;
        }
        while column < at_column {
            text.push(',');
            column += 1;
        }
        push_quoted(&mut text, &written);
        if text.len() > TEXT_BYTES_MAX {
            return Err(codes::FILE_TOO_LARGE);
        }
    }
    text.push('\n');
    Ok(text)
}

/// Unpacks every part into nothing, counting: what a workbook says about its own size is not to be believed.
fn check_unpacked(bytes: &[u8]) -> Result<(), &'static str> {
    let unreadable = |_| codes::TABLE_FILE_UNREADABLE;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    if archive.len() > PARTS_MAX {
        return Err(codes::FILE_TOO_LARGE);
    }
    let mut left = UNPACKED_BYTES_MAX;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(unreadable)?;
        let unpacked = std::io::copy(&mut part.take(left + 1), &mut std::io::sink());
        let unpacked = unpacked.map_err(|_| codes::TABLE_FILE_UNREADABLE)?;
        left = left.checked_sub(unpacked).ok_or(codes::FILE_TOO_LARGE)?;
    }
    Ok(())
}

/// A cell as a person reads it.
fn cell_text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(moment) => {
            let (year, month, day, hour, minute, ..) = moment.to_ymd_hms_milli();
            // a time of day alone is written as a day before the first one
            if year < 1900 {
                format!("{hour:02}:{minute:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02}")
            }
        }
        DataRef::DateTimeIso(text) => text.split('T').next().unwrap_or_default().to_owned(),
        // `#DIV/0!` is reported at its line like any other text that is no number
        DataRef::Error(error) => error.to_string(),
    }
}

/// A cell never breaks its line: a line is a row of the sheet.
fn push_quoted(text: &mut String, cell: &str) {
    let cell = cell.replace(['\r', '\n'], " ");
    if cell.contains([',', '"', ';', '\t']) {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(&cell);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(bytes: &[u8]) -> SentFile {
        SentFile {
            field: "trees_file".to_owned(),
            name: "trees.csv".to_owned(),
            bytes: bytes.to_vec().into(),
        }
    }

    fn workbook(fill: impl Fn(&mut rust_xlsxwriter::Worksheet)) -> SentFile {
        let mut book = rust_xlsxwriter::Workbook::new();
        fill(book.add_worksheet());
        file(&book.save_to_buffer().expect("a workbook"))
    }

    #[test]
    fn a_row_of_a_sheet_is_the_line_of_the_same_number() {
        let sent = workbook(|sheet| {
            for (column, title) in ["样地", "树种", "胸径", "日期"].iter().enumerate() {
                sheet
                    .write(0, u16::try_from(column).expect("small"), *title)
                    .expect("a cell");
            }
            sheet.write(2, 0, "P1, 北").expect("a cell");
            sheet.write(2, 2, 12.4).expect("a cell");
            let formula = rust_xlsxwriter::Formula::new("=C3+1").set_result("13.4");
            sheet.write(3, 2, formula).expect("a cell");
            let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 1, 31).expect("a day");
            let format = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
            sheet
                .write_with_format(3, 3, &day, &format)
                .expect("a cell");
        });
        assert_eq!(
            text_of(&sent).as_deref(),
            Ok("样地,树种,胸径,日期\n\n\"P1, 北\",,12.4\n,,13.4,2026-01-31\n")
        );
    }

    #[test]
    fn texts_of_chinese_and_of_foreign_spreadsheets_are_read() {
        let table = "样地,胸径\nP1,12.4\n";
        let (gbk, ..) = encoding_rs::GB18030.encode(table);
        let marked = ["\u{feff}", table].concat();
        let mut wide = vec![0xff, 0xfe];
        wide.extend(table.encode_utf16().flat_map(u16::to_le_bytes));
        for bytes in [table.as_bytes(), &gbk, marked.as_bytes(), &wide] {
            assert_eq!(text_of(&file(bytes)).as_deref(), Ok(table));
        }
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert_eq!(
            text_of(&file(b"PK\x03\x04nonsense")),
            Err(codes::TABLE_FILE_UNREADABLE)
        );
        assert_eq!(
            text_of(&file(b"\xd0\xcf\x11\xe0old")),
            Err(codes::TABLE_FILE_UNREADABLE)
        );
        assert_eq!(
            text_of(&file(b"\x89PNG\0\0")),
            Err(codes::TABLE_FILE_UNREADABLE)
        );
        let large = vec![b'1'; TEXT_BYTES_MAX + 1];
        assert_eq!(text_of(&file(&large)), Err(codes::FILE_TOO_LARGE));
        let far = workbook(|sheet| {
            sheet.write(1_000_000, 0, "far").expect("a cell");
        });
        assert_eq!(text_of(&far), Err(codes::FILE_TOO_LARGE));
    }

    #[test]
    fn a_workbook_that_unpacks_to_gigabytes_is_given_up() {
        use std::io::Write;
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        archive
            .start_file("xl/worksheets/sheet1.xml", options)
            .expect("a part");
        let zeros = vec![b' '; 1024 * 1024];
        for _ in 0..=UNPACKED_BYTES_MAX / 1024 / 1024 {
            archive.write_all(&zeros).expect("zeros");
        }
        let bytes = archive.finish().expect("an archive").into_inner();
        assert!(bytes.len() < 1024 * 1024, "packed it is small");
        assert_eq!(text_of(&file(&bytes)), Err(codes::FILE_TOO_LARGE));
    }

    #[test]
    fn the_file_wins_over_the_text_and_the_box_empties_the_table() {
        let mut fields = crate::form::fields([("trees", "old"), ("note", "kept")]);
        take_table(Some(&file(b"plot\nP1\n")), &mut fields).expect("taken");
        assert_eq!(fields.get("trees").map(String::as_str), Some("plot\nP1\n"));
        let mut fields = crate::form::fields([("trees_remove", "yes"), ("note", "kept")]);
        take_table(None, &mut fields).expect("taken");
        assert_eq!(
            fields,
            crate::form::fields([("trees", ""), ("note", "kept")])
        );
    }
}
