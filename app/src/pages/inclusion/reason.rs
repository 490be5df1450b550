//! Why an act waits, is void or came back, in plain words: what it means, what the person can do, how to appeal.

use domain::inclusion::review::all_reasons;
use leptos::prelude::*;
use registry::ActivityView;

use crate::lang::{Lang, t, tp};
use crate::parts::{Section, SummaryList, SummaryRow};

/// The state of an appeal, and the act that was credited anew if it was granted.
pub(super) type Appeal = Option<(String, Option<String>)>;

/// The explanation of the reason of an act; nothing where it has none and nobody appealed.
pub(super) fn explained(lang: Lang, act: &ActivityView, days: i64, appeal: &Appeal) -> AnyView {
    let code = act.reason.as_deref().map(code_of);
    let mut rows = Vec::new();
    if let Some(code) = code {
        for part in ["means", "do"] {
            let text = t(lang, &format!("reason.{code}_{part}"));
            rows.push(SummaryRow::new(t(lang, &format!("reason.{part}")), text));
        }
    }
    let days = days.to_string();
    let how = match (appeal, act.status.code()) {
        (Some((state, _)), _) => Some(t(lang, &format!("reason.appeal_{state}"))),
        (None, "review") => Some(tp(lang, "reason.appeal_review", &[("days", &days)])),
        (None, "void") if code != Some("account_closed") => {
            Some(tp(lang, "reason.appeal_void", &[("days", &days)]))
        }
        (None, _) => None,
    };
    let anew = appeal.as_ref().and_then(|(_, anew)| anew.clone());
    if let Some(how) = how {
        let link = anew.map(|id| {
            let to = format!("/me/acts/{id}");
            view! { " "<a href=to>{t(lang, "reason.restored_link")}</a> }
        });
        let text = view! { {how}{link} };
        rows.push(SummaryRow::new(t(lang, "reason.appeal"), text));
    }
    if rows.is_empty() {
        return ().into_any();
    }
    view! { <Section title=t(lang, "reason.title")><SummaryList rows/></Section> }.into_any()
}

/// The code of a written reason; words without one are explained as `other`.
fn code_of(reason: &str) -> &'static str {
    let code = reason.split_once(": ").map_or(reason, |(code, _)| code);
    let known = all_reasons().into_iter().find(|one| *one == code);
    known.unwrap_or(domain::inclusion::review::OTHER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_explained_in_both_languages() {
        for lang in [Lang::Zh, Lang::En] {
            for code in all_reasons() {
                for part in ["means", "do"] {
                    let key = format!("reason.{code}_{part}");
                    assert_ne!(t(lang, &key), key, "{key}");
                }
            }
        }
        assert_eq!(code_of("not_possible: 与闸机不符"), "not_possible");
        assert_eq!(code_of("写错了"), "other");
    }
}
