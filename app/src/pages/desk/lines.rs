//! Lists in a stored draft: adding an empty line needs no saving, so it is asked for in the address (`?line=fuels`).

use registry::Fields;

use crate::visitor::{Visitor, query_value};

/// The stored fields, with one more empty line of the list that the address asks for.
pub fn with_added_line(visitor: &Visitor, mut fields: Fields) -> Fields {
    let query = visitor.here.split_once('?').map_or("", |(_, query)| query);
    if let Some(list) = query_value(query, "line") {
        let prefix = format!("{list}.");
        let last = fields
            .keys()
            .filter_map(|name| {
                name.strip_prefix(&prefix)?
                    .split('.')
                    .next()?
                    .parse::<usize>()
                    .ok()
            })
            .max();
        // an empty list shows one empty line anyway, so adding to it shows the second
        let next = last.map_or(1, |last| last + 1).min(999);
        fields.insert(format!("{list}.{next}"), String::new());
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::fields;
    use domain::Instant;

    fn shown(here: &str, stored: Fields) -> Fields {
        let mut visitor = Visitor::new("s", "c", Instant(0), Instant(0), None);
        visitor.here = here.to_owned();
        with_added_line(&visitor, stored)
    }

    #[test]
    fn the_address_asks_for_one_more_line_after_the_last() {
        let stored = fields([("lines.0.to", "a"), ("lines.2.to", "b"), ("linesX.7", "c")]);
        let added = shown("/edit/lines?line=lines", stored.clone());
        assert_eq!(added.get("lines.3").map(String::as_str), Some(""));
        assert_eq!(added.len(), stored.len() + 1);
        assert_eq!(shown("/edit/lines", stored.clone()), stored);
    }

    #[test]
    fn an_empty_list_already_shows_one_line_so_the_second_is_added() {
        assert!(shown("/edit/estimate?line=fuels", Fields::new()).contains_key("fuels.1"));
    }
}
