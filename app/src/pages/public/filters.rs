//! The filters of a list, as they stand in the query string: every list can be shared as it is shown.

use registry::{Fields, PageRequest};

use crate::visitor::{encode, query_value};

/// Longest value of a filter that is used, characters.
const VALUE_MAX: usize = 200;

/// The filters of one list.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    pairs: Vec<(&'static str, String)>,
}

impl Filters {
    /// Reads the filters with these names; others, and empty ones, are left out.
    pub fn read(query: Option<&str>, names: &[&'static str]) -> Self {
        let query = query.unwrap_or_default();
        let read = |name: &&'static str| {
            let value: String = query_value(query, name)?
                .trim()
                .chars()
                .take(VALUE_MAX)
                .collect();
            (!value.is_empty()).then_some((*name, value))
        };
        Self {
            pairs: names.iter().filter_map(read).collect(),
        }
    }

    /// The value of a filter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether any of these filters is set.
    pub fn any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.get(name).is_some())
    }

    /// The filters as the fields of a form.
    pub fn fields(&self) -> Fields {
        self.pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect()
    }

    /// The page of the list that `after` names.
    pub fn page(&self, size: i64) -> PageRequest {
        PageRequest {
            after: self.get("after").map(str::to_owned),
            size,
        }
    }

    /// The address of `path` with these filters, some of them set to another value; an empty value leaves one out.
    pub fn address(&self, path: &str, set: &[(&str, &str)]) -> String {
        let kept = self
            .pairs
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .filter(|(name, _)| set.iter().all(|(other, _)| other != name));
        let pairs: Vec<String> = kept
            .chain(set.iter().copied())
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        if pairs.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{}", pairs.join("&"))
        }
    }

    /// The addresses of the next and of the first page; empty where there is none.
    pub fn pages(&self, path: &str, next: Option<&str>) -> (String, String) {
        let next = next
            .map(|next| self.address(path, &[("after", next)]))
            .unwrap_or_default();
        let first = self
            .get("after")
            .map(|_| self.address(path, &[("after", "")]))
            .unwrap_or_default();
        (next, first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_keeps_its_filters_from_page_to_page() {
        let filters = Filters::read(
            Some("q=%E6%83%A0&tab=registered&x=1&province="),
            &["tab", "province", "q", "after"],
        );
        assert_eq!(filters.get("q"), Some("惠"));
        assert_eq!(filters.get("province"), None);
        assert!(filters.any(&["province", "q"]) && !filters.any(&["province"]));
        let (next, first) = filters.pages("/projects", Some("a b"));
        assert_eq!(next, "/projects?tab=registered&q=%E6%83%A0&after=a%20b");
        assert_eq!(first, "");
        let second = Filters::read(Some("tab=registered&after=k"), &["tab", "after"]);
        assert_eq!(
            second.pages("/projects", None),
            (String::new(), "/projects?tab=registered".to_owned())
        );
        assert_eq!(
            second.address("/projects.csv", &[("after", ""), ("tab", "")]),
            "/projects.csv"
        );
    }

    #[test]
    fn a_pasted_book_is_cut() {
        let query = format!("q={}", "x".repeat(100_000));
        assert_eq!(
            Filters::read(Some(&query), &["q"]).get("q").map(str::len),
            Some(VALUE_MAX)
        );
    }
}
