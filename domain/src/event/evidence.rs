//! Files that prove lines of the inventory: which line a file belongs to, however often the table is replaced.

use methodologies::table::{Row, Table};

use crate::refusal::{Refusal, codes};
use crate::text::plain_name;

/// A line that files can belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceLine {
    /// What names the line: its reference, or what it is in which stage. A changed quantity leaves it as it is.
    pub key: String,
    /// The same for people: what it is, with its reference.
    pub label: String,
    /// Its number, as a spreadsheet counts it: the header is line 1. Of several lines that are named alike the first.
    pub line: usize,
}

/// The lines of an inventory that files can belong to, each name once, in their order.
pub fn evidence_lines(table: &Table) -> Vec<EvidenceLine> {
    let mut lines: Vec<EvidenceLine> = Vec::new();
    let mut known = std::collections::BTreeSet::new();
    for row in &table.rows {
        let line = evidence_line(table, row);
        if known.insert(line.key.clone()) {
            lines.push(line);
        }
    }
    lines
}

/// The line that somebody means: by its key, its number, its reference or what it is. Refused where there is no such line, where several are
/// called so, and where a number is that of one line and the reference of another.
pub fn find_evidence_line(lines: &[EvidenceLine], typed: &str) -> Result<EvidenceLine, Refusal> {
    let unknown = || Refusal::new(codes::EVENT_LINE_UNKNOWN);
    let typed = typed.trim();
    let by_name = plain(typed);
    if by_name.is_empty() {
        return Err(unknown());
    }
    if let Some(meant) = lines.iter().find(|line| line.key == typed) {
        return Ok(meant.clone());
    }
    let reference = format!("reference:{by_name}");
    let by_reference = lines.iter().find(|line| line.key == reference);
    let by_number = lines.iter().find(|line| line.line.to_string() == typed);
    if let (Some(by_number), Some(by_reference)) = (by_number, by_reference)
        && by_number != by_reference
    {
        return Err(Refusal::new(codes::EVENT_LINE_AMBIGUOUS)
            .with("typed", typed)
            .with("line", by_reference.line));
    }
    let ending = format!(":{by_name}");
    let mut alike = lines.iter().filter(|line| line.key.ends_with(&ending));
    let only = alike.next().filter(|_| alike.next().is_none());
    let meant = by_number.or(by_reference).or(only);
    meant.cloned().ok_or_else(unknown)
}

fn evidence_line(table: &Table, row: &Row) -> EvidenceLine {
    let text = |code: &str| row.text(table.place(code));
    let (reference, activity) = (text("reference"), text("activity"));
    let (key, label) = if reference.is_empty() {
        let class = text("class");
        let key = format!("{}:{class}:{}", text("stage"), plain(activity));
        (key, activity.to_owned())
    } else {
        let key = format!("reference:{}", plain(reference));
        (key, format!("{activity} · {reference}"))
    };
    EvidenceLine {
        key,
        label,
        line: row.line,
    }
}

/// As it is compared, without the sign that divides a key.
fn plain(name: &str) -> String {
    plain_name(name).replace(':', "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::read_inventory;

    const TABLE: &str = "reference,stage,activity,quantity,unit,factor,quality\n\
        FP-1,hold,会场用电,100,kWh,grid_province,measured\n\
        ,hold,餐饮 午餐,200,meal,meal_vegan,registered\n\
        ,prepare,餐饮 午餐,20,meal,meal_vegan,registered\n";

    fn lines(text: &str) -> Vec<EvidenceLine> {
        evidence_lines(&read_inventory(text).expect("a table"))
    }

    fn number_of(lines: &[EvidenceLine], typed: &str) -> Option<usize> {
        find_evidence_line(lines, typed).ok().map(|line| line.line)
    }

    #[test]
    fn a_line_keeps_its_name_when_its_quantity_or_its_place_changes() {
        let before = lines(TABLE);
        let after = lines(
            "reference,stage,activity,quantity,unit,factor,quality\n\
             ,hold,餐饮午餐,250,meal,meal_vegan,invoiced\n\
             ｆｐ-1,hold,会场用电（更正）,110,kWh,grid_province,measured\n",
        );
        assert_eq!(before[0].key, after[1].key, "by its reference");
        assert_eq!(before[1].key, after[0].key, "by what it is");
        assert_ne!(before[1].key, before[2].key, "another stage");
        assert_eq!(before[0].label, "会场用电 · FP-1");
    }

    #[test]
    fn a_line_is_found_by_number_reference_and_name_if_only_one_is_meant() {
        let lines = lines(TABLE);
        assert_eq!(number_of(&lines, "2"), Some(2));
        assert_eq!(number_of(&lines, "fp-1"), Some(2));
        assert_eq!(number_of(&lines, &lines[2].key), Some(4));
        assert_eq!(number_of(&lines, "餐饮午餐"), None, "two are called so");
        for nobody in ["", "  ", ":", "1", "5", "午餐", "会场用电"] {
            assert_eq!(number_of(&lines, nobody), None, "{nobody}");
        }
    }

    #[test]
    fn a_number_that_is_also_the_reference_of_another_line_is_asked_about() {
        let lines = lines(
            "reference,stage,activity,quantity,unit,factor,quality\n\
             3,hold,会场用电,100,kWh,grid_province,measured\n\
             FP-3,hold,餐饮午餐,200,meal,meal_vegan,registered\n\
             4,prepare,布展用电,20,kWh,grid_province,measured\n",
        );
        let refused =
            find_evidence_line(&lines, "3").expect_err("line 3, or the one with the reference 3");
        assert_eq!(refused.code, codes::EVENT_LINE_AMBIGUOUS);
        assert_eq!(
            (refused.param("typed"), refused.param("line")),
            (Some("3"), Some("2"))
        );
        assert_eq!(number_of(&lines, "reference:3"), Some(2), "by its key");
        assert_eq!(number_of(&lines, "fp-3"), Some(3), "by its own reference");
        assert_eq!(number_of(&lines, "4"), Some(4), "both are the same line");
        assert_eq!(number_of(&lines, "2"), Some(2), "no reference is called so");
    }

    #[test]
    fn lines_that_are_named_alike_are_one() {
        let twice = format!("{TABLE},hold,餐饮午餐,1,meal,meal_vegan,estimated\n");
        assert_eq!(lines(&twice).len(), 3);
    }
}
