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
