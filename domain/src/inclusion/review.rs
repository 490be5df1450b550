//! Decisions about acts of persons that wait or were objected to: each has a code, so that the queue can be counted and a person reads a
//! reason in their own language. No official list of reasons was found: this one is a design of this platform.

use crate::refusal::{Refusal, codes};

/// What an operator may decide about an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The act counts.
    Release,
    /// The act is void.
    Void,
    /// The appeal is granted: the void act is credited anew.
    Restore,
    /// The appeal is refused: the act stays void.
    Uphold,
}

impl Decision {
    /// Every decision.
    pub const ALL: [Self; 4] = [Self::Release, Self::Void, Self::Restore, Self::Uphold];

    /// The stable text in the database and in the interface catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Void => "void",
            Self::Restore => "restore",
            Self::Uphold => "uphold",
        }
    }

    /// The codes of the reasons there are for it; the last one is [`OTHER`].
    pub const fn reasons(self) -> &'static [&'static str] {
        match self {
            Self::Release => &["plausible", "evidence_seen", "provider_confirmed", OTHER],
            Self::Void => &[
                "recorded_twice",
                "not_possible",
                "not_own_act",
                "evidence_false",
                "shared_device",
                "provider_withdrew",
                OTHER,
            ],
            Self::Restore => &[
                "evidence_given",
                "provider_confirmed",
                "decided_wrongly",
                OTHER,
            ],
            Self::Uphold => &[
                "no_new_evidence",
                "provider_denied",
                "evidence_false",
                OTHER,
            ],
        }
    }
}

/// The code for everything that has none: it needs words.
pub const OTHER: &str = "other";

/// Every code of a reason once, in the order of the decisions: what the platform itself writes first.
pub fn all_reasons() -> Vec<&'static str> {
    let mut all = OWN_REASONS.to_vec();
    for decision in Decision::ALL {
        for code in decision.reasons() {
            if !all.contains(code) {
                all.push(code);
            }
        }
    }
    all
}

/// Why an act waits, is void or came back without a decision of an operator.
pub const OWN_REASONS: &[&str] = &[
    "new_account",
    "unconfirmed",
    "travel_day",
    "travel_month",
    "act_large",
    "other_day",
    "other_month",
    "photo",
    "photo_again",
    "better_record",
    "steps_in_trip",
    "consent_renewal",
    "consent_withdrawn",
    "account_closed",
    "restored",
];

/// The code that was chosen for a decision; without one, [`OTHER`]. With [`OTHER`] there must be words of 1 to 300 characters, which
/// come back with spaces around them taken off; with another code they may be left out.
pub fn read_reason(
    decision: Decision,
    code: &str,
    note: &str,
) -> Result<(&'static str, String), Refusal> {
    let code = if code.trim().is_empty() {
        OTHER
    } else {
        code.trim()
    };
    let code = decision
        .reasons()
        .iter()
        .copied()
        .find(|one| *one == code)
        .ok_or_else(|| {
            Refusal::new(codes::CHOICE_INVALID)
                .at("code")
                .with("value", code.chars().take(40).collect::<String>())
        })?;
    if code == OTHER {
        return Ok((code, crate::text::required_text("reason", note, 300)?));
    }
    let note = crate::text::optional_text("reason", note, 300)?;
    Ok((code, note.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_of_its_decision_and_other_needs_words() {
        let table = [
            (
                Decision::Void,
                "not_possible",
                "",
                Ok(("not_possible", String::new())),
            ),
            (Decision::Void, "", " 不实 ", Ok((OTHER, "不实".to_owned()))),
            (Decision::Void, "", "", Err(codes::REQUIRED)),
            (Decision::Release, OTHER, " ", Err(codes::REQUIRED)),
            (
                Decision::Release,
                "not_possible",
                "",
                Err(codes::CHOICE_INVALID),
            ),
            (
                Decision::Uphold,
                "nonsense",
                "x",
                Err(codes::CHOICE_INVALID),
            ),
            (
                Decision::Restore,
                "decided_wrongly",
                "看过",
                Ok(("decided_wrongly", "看过".to_owned())),
            ),
        ];
        for (decision, code, note, expected) in table {
            let read = read_reason(decision, code, note).map_err(|refusal| refusal.code);
            assert_eq!(read, expected, "{decision:?} {code}");
        }
    }

    #[test]
    fn every_reason_is_named_once() {
        let all = all_reasons();
        for (at, code) in all.iter().enumerate() {
            assert!(!all[..at].contains(code), "{code}");
        }
        assert!(all.contains(&OTHER));
    }
}
