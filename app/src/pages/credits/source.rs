//! The field `source` of the two forms: what to take from.

use domain::Role;
use registry::ClassOffer;

use crate::format::whole;
use crate::lang::{Lang, t, tp};
use crate::pages::public::shown::{TONNES, class_kind};
use crate::parts::Choice;

/// Who may hold credits.
pub const HOLDERS: &[Role] = &[Role::ProjectOwner, Role::EventOrganiser];

/// Everything held, each project, each class: the choices of the field, with what is held of each.
pub fn choices(lang: Lang, offers: &[ClassOffer]) -> Vec<Choice> {
    let amount = |tonnes: i64| format!("{} {TONNES}", whole(tonnes));
    let all: i64 = offers.iter().map(|offer| offer.held).sum();
    let mut choices = vec![Choice::new(
        "oldest",
        tp(lang, "credits.source_oldest", &[("held", &amount(all))]),
    )];
    let mut projects: Vec<(&str, Vec<&ClassOffer>)> = Vec::new();
    for offer in offers {
        match projects
            .iter_mut()
            .find(|(code, _)| *code == offer.project_code)
        {
            Some((_, list)) => list.push(offer),
            None => projects.push((&offer.project_code, vec![offer])),
        }
    }
    for (_, list) in projects {
        for offer in list {
            let params = [
                ("project", offer.project_name.as_str()),
                ("vintage", &offer.vintage.to_string()),
                (
                    "kind",
                    &class_kind(lang, &offer.unit_kind, &offer.recognition),
                ),
                ("held", &amount(offer.held)),
            ];
            choices.push(Choice::new(
                format!("class:{}", offer.class),
                tp(lang, "credits.source_class", &params),
            ));
        }
    }
    choices
}

/// What a value of the field says, for the check page.
pub fn label(lang: Lang, offers: &[ClassOffer], value: &str) -> String {
    let class = value
        .strip_prefix("class:")
        .and_then(|id| offers.iter().find(|offer| offer.class.as_str() == id));
    match class {
        Some(offer) => tp(
            lang,
            "credits.class_name",
            &[
                ("project", &offer.project_name),
                ("vintage", &offer.vintage.to_string()),
                (
                    "kind",
                    &class_kind(lang, &offer.unit_kind, &offer.recognition),
                ),
            ],
        ),
        None => t(lang, "credits.source_oldest_short"),
    }
}
