//! Lists are read in pages, each beginning after the last key of the one before: never by counting rows to skip.

use serde::Serialize;

/// Which page of a list.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// The `next` of the page before; `None` for the first page. A text that is not one of ours gives the first page.
    pub after: Option<String>,
    /// How many rows, 1..=200; other numbers are brought into that range.
    pub size: i64,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self {
            after: None,
            size: 50,
        }
    }
}

impl PageRequest {
    /// The key to read before: of the page before, or greater than any id (ids are hexadecimal).
    pub(crate) fn before(&self) -> &str {
        let is_id = |key: &&str| {
            key.len() == 36
                && key
                    .bytes()
                    .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
        };
        self.after.as_deref().filter(is_id).unwrap_or("g")
    }

    /// The number of rows, within bounds.
    pub(crate) fn rows(&self) -> i64 {
        self.size.clamp(1, 200)
    }
}

/// One page of a list, newest first unless the method says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Give this as `after` for the next page; `None` when there is none.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Makes a page from up to `size + 1` rows: the one too many only tells that there is a next page.
    pub(crate) fn cut(mut rows: Vec<T>, size: i64, key: impl Fn(&T) -> String) -> Self {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let more = rows.len() > size;
        rows.truncate(size);
        let next = if more { rows.last().map(key) } else { None };
        Self { rows, next }
    }
}
