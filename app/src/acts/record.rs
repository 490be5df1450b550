//! What the doors of projects and monitoring reports share: reading which record, which draft, and a report written in parts.

use domain::Refusal;
use domain::refusal::codes;
use registry::{Error, Fields};

use super::ActCall;
use crate::lang::{Lang, t};
use crate::parts::calculator_form::{ADD_LINE, apply_line_buttons};
use crate::visitor::encode;

/// The parts a validation report must have (Measures art. 13; CNCA-CCER-01:2023 4.6): each is a field `parts.<code>`. Team, visits,
/// findings and opinions are not typed again: they are published with it.
pub const VALIDATION_PARTS: &[&str] = &[
    "legality",
    "domain",
    "methodology",
    "uniqueness",
    "plan",
    "sustainability",
    "process",
    "evidence",
];
/// The parts a verification report must have (Measures art. 20; CNCA-CCER-01:2023 5.5, 5.6).
pub const VERIFICATION_PARTS: &[&str] = &[
    "conformity",
    "implementation",
    "monitoring",
    "data",
    "cross_checks",
    "arithmetic",
    "quality",
    "conservativeness",
    "process",
    "evidence",
];

/// The value of the hidden field that names the record, and the other fields.
pub fn record_of(call: &ActCall, name: &str) -> (String, Fields) {
    let mut fields = call.fields.clone();
    let id = fields.remove(name).unwrap_or_default();
    (id.trim().to_owned(), fields)
}

/// Takes `revision` out of the fields; one that is not a number matches no draft.
pub fn revision_of(fields: &mut Fields) -> i64 {
    fields
        .remove("revision")
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(-1)
}

/// Puts the parts of a report together into the one text `report` that the registry keeps, each under its heading, and
/// the commitment that was ticked into its full sentence. Refused: a part that is empty, at its field.
pub fn join_parts(lang: Lang, parts: &[&str], fields: &mut Fields) -> Result<(), Error> {
    let mut refusals = Vec::new();
    let mut text = String::new();
    for (at, part) in parts.iter().enumerate() {
        let name = format!("parts.{part}");
        let written = fields.remove(&name).unwrap_or_default();
        if written.trim().is_empty() {
            refusals.push(Refusal::new(codes::REQUIRED).at(name));
        } else {
            let heading = t(lang, &format!("desk.part_{part}"));
            let gap = if text.is_empty() { "" } else { "\n\n" };
            text += &format!("{gap}{}. {heading}\n{}", at + 1, written.trim());
        }
    }
    let commitment = fields.get("commitment").map_or("", String::as_str);
    if commitment == "yes" {
        fields.insert("commitment".to_owned(), t(lang, "desk.commitment"));
    } else {
        refusals.push(Refusal::new(codes::STATEMENT_REQUIRED).at("commitment"));
    }
    if !refusals.is_empty() {
        return Err(refusals.into());
    }
    fields.insert("report".to_owned(), text);
    Ok(())
}

/// Does what the buttons of a list ask for and answers with the page to go back to; `None` if none was pressed. A new line
/// is not saved before something is typed in it, so the page is asked to show it.
pub fn press_line_buttons(fields: &mut Fields, back: &str) -> Option<String> {
    let page = back.split(['?', '#']).next().unwrap_or_default().to_owned();
    let added = fields.get(ADD_LINE).cloned();
    let before: Vec<String> = fields.keys().cloned().collect();
    if !apply_line_buttons(fields) {
        return None;
    }
    // a field that moved up is gone from its old place: an empty text says so to the draft
    for name in before.into_iter().filter(|name| name.contains('.')) {
        fields.entry(name).or_default();
    }
    Some(match added {
        Some(list) => format!(
            "{page}?line={}#field-{}",
            encode(&list),
            list.replace('.', "-")
        ),
        None => page,
    })
}

/// Takes the box out that confirms what cannot be undone. Refused: not ticked.
pub fn confirmed(fields: &mut Fields) -> Result<(), Error> {
    match fields.remove("confirm").as_deref() {
        Some("yes") => Ok(()),
        _ => Err(Refusal::new(codes::STATEMENT_REQUIRED).at("confirm").into()),
    }
}

/// What a saving answers to the autosave: the revision to send with the next one.
#[derive(serde::Serialize)]
pub struct Saved {
    /// The draft's revision now.
    pub revision: i64,
}

/// Whether a saving was refused although the draft already holds all of it: somebody pressed the button while the same text was
/// being saved by itself, or came back and sent it again. Then it is as good as saved.
pub fn already_saved(error: &Error, draft: &Fields, typed: &Fields) -> bool {
    let stale = matches!(error, Error::Refused(refusals) if refusals.iter().any(|refusal| refusal.code == codes::STALE_FORM));
    let stored = |name: &str| draft.get(name).map_or("", |value| value.trim());
    stale
        && typed
            .iter()
            .all(|(name, value)| stored(name) == value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::fields;

    #[test]
    fn a_removed_line_leaves_no_field_behind_in_the_draft() {
        let mut typed = fields([
            ("remove_line", "lines.0"),
            ("lines.0.to", "a"),
            ("lines.1.to", "b"),
            ("name", "c"),
        ]);
        let page = press_line_buttons(&mut typed, "/desk/reports/1/edit/lines?line=lines#x");
        assert_eq!(page.as_deref(), Some("/desk/reports/1/edit/lines"));
        assert_eq!(
            typed,
            fields([("lines.0.to", "b"), ("lines.1.to", ""), ("name", "c")])
        );
    }

    #[test]
    fn an_added_line_is_shown_by_the_page_it_goes_back_to() {
        let mut typed = fields([("add_line", "fuels"), ("fuels.0.amount", "3")]);
        let page = press_line_buttons(&mut typed, "/desk/projects/1/edit/estimate");
        assert_eq!(
            page.as_deref(),
            Some("/desk/projects/1/edit/estimate?line=fuels#field-fuels")
        );
        assert_eq!(typed.get("fuels.0.amount").map(String::as_str), Some("3"));
        assert_eq!(press_line_buttons(&mut typed, "/x"), None);
    }

    #[test]
    fn a_report_without_one_of_its_parts_is_refused_at_that_part() {
        let mut typed = fields([
            ("parts.a", "text"),
            ("parts.b", "  "),
            ("commitment", "yes"),
        ]);
        let refused = join_parts(Lang::En, &["a", "b"], &mut typed)
            .expect_err("a part is empty")
            .refusals();
        assert_eq!(refused, [Refusal::new(codes::REQUIRED).at("parts.b")]);
        let mut typed = fields([
            ("parts.a", " one "),
            ("parts.b", "two"),
            ("commitment", "yes"),
        ]);
        join_parts(Lang::En, &["a", "b"], &mut typed).expect("both parts are there");
        let report = typed.get("report").expect("the parts were joined");
        assert!(
            report.starts_with("1. ") && report.contains("\none\n\n2. ") && report.ends_with("two"),
            "{report}"
        );
        assert_eq!(
            typed.get("commitment"),
            Some(&t(Lang::En, "desk.commitment"))
        );
    }

    #[test]
    fn what_is_final_needs_its_box_ticked() {
        assert!(confirmed(&mut fields([])).is_err());
        assert!(confirmed(&mut fields([("confirm", "no")])).is_err());
        let mut typed = fields([("confirm", "yes"), ("reason", "r")]);
        assert!(confirmed(&mut typed).is_ok());
        assert_eq!(typed, fields([("reason", "r")]));
    }
    #[test]
    fn a_stale_form_that_says_nothing_new_is_as_good_as_saved() {
        let stale: Error = Refusal::new(codes::STALE_FORM).into();
        let draft = fields([("name", "a"), ("summary", "b")]);
        assert!(already_saved(
            &stale,
            &draft,
            &fields([("name", " a "), ("technology", "")])
        ));
        assert!(!already_saved(&stale, &draft, &fields([("name", "c")])));
        assert!(!already_saved(
            &Error::Busy,
            &draft,
            &fields([("name", "a")])
        ));
    }
}
