//! What two sources of one event told about the same: attendees on one side, suppliers and the organiser's own lines on the other. What
//! is the same is a likely mistake, not a proof: people decide which counts, and say why.

use std::collections::BTreeMap;

use methodologies::table::{Row, Table};

use crate::refusal::{Refusal, codes};
use crate::text::required_text;

/// Longest reason, characters.
const REASON_MAX: usize = 300;

/// Which source counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverlapCounts {
    /// What the attendees told; the lines of the inventory are left out.
    Attendees,
    /// The lines of the inventory; what the attendees told is left out.
    Inventory,
    /// They are different sources: both.
    Both,
}

impl OverlapCounts {
    /// Every choice.
    pub const ALL: &[Self] = &[Self::Attendees, Self::Inventory, Self::Both];

    /// The stable text in the database and the interface catalogue (`event_overlap.counts_<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Attendees => "attendees",
            Self::Inventory => "inventory",
            Self::Both => "both",
        }
    }

    /// The choice with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.code() == code)
    }
}

/// Which of two sources counts, as it was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverlapChoice {
    /// A class of the inventory; for travel `travel:<factor>`.
    pub subject: String,
    /// What counts.
    pub counts: OverlapCounts,
    /// Why, 1..=300 characters.
    pub reason: String,
    /// Of the lines that were shown beside the choice: whoever chooses saw these and no others.
    pub lines_hash: String,
}

/// Lines of two sources about the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// A class of the inventory; for travel, which has many means, `travel:<factor>`.
    pub subject: String,
    /// The lines of the attendees: activity, quantity and unit.
    pub attendees: Vec<String>,
    /// The lines of the inventory: the same, each with its number as a spreadsheet counts it.
    pub inventory: Vec<(usize, String)>,
    /// Whether a supplier gave one of them: then it must be decided before the event is accounted for.
    pub of_supplier: bool,
}

/// What attendees and inventory both told, by subject.
pub fn overlaps(inventory: &Table, attendees: &Table) -> Vec<Overlap> {
    let mut found: BTreeMap<String, Overlap> = BTreeMap::new();
    for row in &attendees.rows {
        let subject = subject_of(attendees, row);
        let entry = found.entry(subject.clone()).or_insert_with(|| Overlap {
            subject,
            attendees: Vec::new(),
            inventory: Vec::new(),
            of_supplier: false,
        });
        entry.attendees.push(said(attendees, row));
    }
    let origin = inventory.place("origin");
    for row in &inventory.rows {
        if let Some(entry) = found.get_mut(&subject_of(inventory, row)) {
            entry.inventory.push((row.line, said(inventory, row)));
            entry.of_supplier |= row.choice(origin) == Some("supplier");
        }
    }
    let both = found.into_values();
    both.filter(|one| !one.inventory.is_empty()).collect()
}

/// The lines of a table without those of some subjects.
pub fn without_subjects(table: &Table, left_out: &[&str]) -> Table {
    let mut kept = table.clone();
    let places = table;
    kept.rows
        .retain(|row| !left_out.contains(&subject_of(places, row).as_str()));
    kept
}

/// The lines of a table about one subject.
pub fn of_subject(table: &Table, subject: &str) -> Table {
    let mut kept = table.clone();
    kept.rows.retain(|row| subject_of(table, row) == subject);
    kept
}

/// Reads `subject`, `counts`, `reason` and `lines` (of the lines that were shown).
pub fn read_overlap(fields: &BTreeMap<String, String>) -> Result<OverlapChoice, Vec<Refusal>> {
    let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
    let subject = required_text("subject", typed("subject"), 100);
    let counts = match (typed("counts"), OverlapCounts::from_code(typed("counts"))) {
        (_, Some(counts)) => Ok(counts),
        ("", None) => Err(Refusal::new(codes::REQUIRED).at("counts")),
        _ => Err(Refusal::new(codes::CHOICE_INVALID)
            .at("counts")
            .with("choices", "attendees, inventory, both")),
    };
    let reason = required_text("reason", typed("reason"), REASON_MAX);
    let lines_hash = required_text("lines", typed("lines"), 100);
    match (subject, counts, reason, lines_hash) {
        (Ok(subject), Ok(counts), Ok(reason), Ok(lines_hash)) => Ok(OverlapChoice {
            subject,
            counts,
            reason,
            lines_hash,
        }),
        (subject, counts, reason, lines) => {
            let wrong = [subject.err(), counts.err(), reason.err(), lines.err()];
            Err(wrong.into_iter().flatten().collect())
        }
    }
}

/// What a line is about, as far as another source could tell the same.
fn subject_of(table: &Table, row: &Row) -> String {
    let factor = row.choice(table.place("factor")).unwrap_or_default();
    let class = row.choice(table.place("class")).unwrap_or_else(|| {
        methodologies::event::factor::find(factor).map_or("", |found| found.class)
    });
    if class == "travel" {
        format!("{class}:{factor}")
    } else {
        class.to_owned()
    }
}

fn said(table: &Table, row: &Row) -> String {
    let quantity = row.number(table.place("quantity"));
    let quantity = quantity.map_or_else(String::new, |number| number.normalize().to_string());
    format!(
        "{} {quantity} {}",
        row.text(table.place("activity")),
        row.text(table.place("unit"))
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{AttendeeSums, LINES_HEADER, attendee_lines, read_inventory};

    fn table(lines: &str) -> Table {
        read_inventory(&format!("{LINES_HEADER}\n{lines}")).expect("a table")
    }

    fn told() -> Table {
        let sums = AttendeeSums {
            mode: "coach".to_owned(),
            people: 10,
            km: 500,
            nights: 4,
            meals: 0,
        };
        table(&attendee_lines(&[sums], false))
    }

    #[test]
    fn a_hotel_and_a_shuttle_told_twice_are_found() {
        let inventory = table(
            "s-1,hold,,会议酒店,4,room_night,hotel_china,invoiced,supplier,\n\
             s-2,hold,,接驳大巴,900,pkm,coach,invoiced,supplier,\n\
             o-1,hold,,会场用电,100,kWh,grid_province,invoiced,,\n",
        );
        let found = overlaps(&inventory, &told());
        let subjects: Vec<_> = found
            .iter()
            .map(|one| (one.subject.as_str(), one.of_supplier, one.inventory.len()))
            .collect();
        assert_eq!(subjects, [("lodging", true, 1), ("travel:coach", true, 1)]);
        assert_eq!(found[0].inventory[0].0, 2, "as a spreadsheet counts");
    }

    #[test]
    fn a_choice_says_what_why_and_of_which_lines() {
        let whole = [
            ("subject", "lodging"),
            ("counts", "both"),
            ("reason", "不同来源"),
            ("lines", "0f"),
        ];
        let fields = |left_out: &str| -> BTreeMap<String, String> {
            let kept = whole.iter().filter(|(name, _)| *name != left_out);
            kept.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect()
        };
        let choice = read_overlap(&fields("")).expect("whole");
        assert_eq!(
            (choice.counts, choice.lines_hash.as_str()),
            (OverlapCounts::Both, "0f")
        );
        for (name, _) in whole {
            let refused = read_overlap(&fields(name)).expect_err("a part is missing");
            assert_eq!(refused, [Refusal::new(codes::REQUIRED).at(name)]);
        }
    }

    #[test]
    fn other_means_of_travel_are_no_double() {
        let inventory = table("o-1,hold,,嘉宾航班,1200,pkm,air_china_full,invoiced,,\n");
        assert!(overlaps(&inventory, &told()).is_empty());
    }

    #[test]
    fn what_does_not_count_is_left_out_and_nothing_else() {
        let inventory = table(
            "s-1,hold,,会议酒店,4,room_night,hotel_china,invoiced,supplier,\n\
             o-1,hold,,会场用电,100,kWh,grid_province,invoiced,,\n",
        );
        let kept = without_subjects(&inventory, &["lodging"]);
        assert_eq!(kept.rows.len(), 1);
        assert_eq!(without_subjects(&inventory, &[]).rows.len(), 2);
        let lodging = of_subject(&inventory, "lodging");
        assert_eq!(lodging.rows.len(), 1);
        assert_eq!(lodging.rows[0].line, 2);
    }
}
