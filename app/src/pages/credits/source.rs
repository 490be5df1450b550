//! The field `source` of the two forms: what to take from.

use domain::Role;
use registry::{ClassOffer, Holding};

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

/// The same choices where either sub-account may give, with what is in both of them; none where nothing is in either.
pub fn of_both(lang: Lang, holdings: &[Holding]) -> Vec<Choice> {
    let amount = |tonnes: i64| format!("{} {TONNES}", whole(tonnes));
    let free: Vec<&Holding> = holdings
        .iter()
        .filter(|one| one.held > 0 || one.trading > 0)
        .collect();
    if free.is_empty() {
        return Vec::new();
    }
    let general: i64 = free.iter().map(|one| one.held).sum();
    let trading: i64 = free.iter().map(|one| one.trading).sum();
    let both = |name: &str, general: i64, trading: i64| {
        tp(
            lang,
            "hold.source_both",
            &[
                ("name", name),
                ("general", &amount(general)),
                ("trading", &amount(trading)),
            ],
        )
    };
    let oldest = t(lang, "credits.source_oldest_short");
    let mut choices = vec![Choice::new("oldest", both(&oldest, general, trading))];
    for one in free {
        let kind = class_kind(lang, &one.unit_kind, &one.recognition);
        let vintage = one.vintage.to_string();
        let params = [
            ("project", one.project_name.as_str()),
            ("vintage", &vintage),
            ("kind", &kind),
        ];
        let name = tp(lang, "credits.class_name", &params);
        choices.push(Choice::new(
            format!("class:{}", one.class),
            both(&name, one.held, one.trading),
        ));
    }
    choices
}

/// What an order of the registry can name of an account: any of it, or one class, with what is in it. `free`: only what is in the general
/// sub-account; otherwise also what is offered, waits for somebody or waits for surrender, which an order overtakes.
pub fn of_order(lang: Lang, holdings: &[Holding], free: bool) -> Vec<Choice> {
    let amount = |tonnes: i64| format!("{} {TONNES}", whole(tonnes));
    let mut choices = vec![Choice::new("", t(lang, "hold.class_any"))];
    for one in holdings {
        let waiting = one.reserved + one.in_transfer + one.pending_offset;
        if one.held == 0 && (free || one.trading + waiting == 0) {
            continue;
        }
        let params = [
            ("project", one.project_name.as_str()),
            ("vintage", &one.vintage.to_string()),
            ("kind", &class_kind(lang, &one.unit_kind, &one.recognition)),
        ];
        let name = tp(lang, "credits.class_name", &params);
        let amounts = if free {
            tp(lang, "hold.class_free", &[("held", &amount(one.held))])
        } else {
            let params = [
                ("held", amount(one.held)),
                ("trading", amount(one.trading)),
                ("waiting", amount(waiting)),
            ];
            let params: Vec<_> = params
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            tp(lang, "hold.class_amounts", &params)
        };
        choices.push(Choice::new(one.class.to_string(), name).hint(amounts));
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
