//! Lists as CSV files: quoted as RFC 4180 says, readable by spreadsheets, and never a formula.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// Tells spreadsheets that the file is UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';
/// Most rows of one file; a longer list names the address of its next part in the `Link` header.
pub const ROWS_MAX: usize = 5000;

/// A table being written.
pub struct Csv {
    text: String,
}

impl Csv {
    /// A table with these column names: the names of the same fields in the REST interface.
    pub fn new(columns: &[&str]) -> Self {
        let mut csv = Self {
            text: BYTE_ORDER_MARK.to_string(),
        };
        csv.row(
            &columns
                .iter()
                .map(|column| (*column).to_owned())
                .collect::<Vec<_>>(),
        );
        csv
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[String]) {
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            push_cell(&mut self.text, cell);
        }
        self.text.push_str("\r\n");
    }

    /// The file as text.
    pub fn text(self) -> String {
        self.text
    }

    /// The file, with the address of the next part if there is one.
    pub fn response(self, file: &'static str, next: Option<&str>) -> Response {
        let disposition = format!("attachment; filename=\"{file}\"");
        let mut response = (
            [(
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/csv; charset=utf-8"),
            )],
            self.text,
        )
            .into_response();
        let headers = response.headers_mut();
        if let Ok(value) = HeaderValue::from_str(&disposition) {
            headers.insert(header::CONTENT_DISPOSITION, value);
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if let Some(link) =
            next.and_then(|next| HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok())
        {
            headers.insert(header::LINK, link);
        }
        response
    }
}

/// A cell is quoted where it must be. A text that a spreadsheet would run as a formula gets an apostrophe before it:
/// names and purposes are typed by strangers. A plain number stays a number.
fn push_cell(text: &mut String, cell: &str) {
    let number = cell.strip_prefix('-').unwrap_or(cell);
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_formula = !is_number
        && cell
            .trim_start()
            .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r']);
    let quoted = is_formula || cell.contains([',', '"', '\n', '\r', '\t']) || cell != cell.trim();
    if quoted {
        text.push('"');
    }
    if is_formula {
        text.push('\'');
    }
    text.push_str(&cell.replace('"', "\"\""));
    if quoted {
        text.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[&str]) -> String {
        let mut csv = Csv {
            text: String::new(),
        };
        csv.row(
            &cells
                .iter()
                .map(|cell| (*cell).to_owned())
                .collect::<Vec<_>>(),
        );
        csv.text
    }

    #[test]
    fn commas_quotes_and_line_breaks_stay_inside_their_cell() {
        assert_eq!(
            written(&["a", "b,c", "d\"e", "f\ng", ""]),
            "a,\"b,c\",\"d\"\"e\",\"f\ng\",\r\n"
        );
        assert_eq!(written(&["汕尾", " x "]), "汕尾,\" x \"\r\n");
    }

    #[test]
    fn no_cell_is_a_formula() {
        for evil in [
            "=1+1",
            "+cmd|' /C calc'!A0",
            "-2+3",
            "@SUM(A1)",
            " =1",
            "\t=1",
            "＝1+1",
        ] {
            let line = written(&[evil]);
            assert!(line.starts_with("\"'"), "{line:?}");
        }
        assert_eq!(written(&["-12", "804345", "-"]), "-12,804345,\"'-\"\r\n");
    }

    #[test]
    fn a_file_begins_with_the_mark_that_spreadsheets_need() {
        assert_eq!(Csv::new(&["code", "name"]).text, "\u{feff}code,name\r\n");
    }
}
