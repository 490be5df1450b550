//! Claims on an activity: who else, in which mechanism, has its reductions (Measures art. 10, 48: unique).
//!
//! Every application and registered project here claims its plant and its land by itself. What other mechanisms have is entered by the registry, each
//! with its source. The key across registries is this platform's own: no official one was found.

use time::Date;

use crate::refusal::{Refusal, codes};
use crate::text::narrow;

macro_rules! codes_of {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// All of them, in the order of the form.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable text in the database and in the catalogue of the interface.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The one with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

codes_of! {
    /// A mechanism that recognises reductions.
    Mechanism {
        /// This registry's own programme (CCER); made by applications, never entered by hand.
        Ccer = "ccer",
        /// National carbon inclusion (碳普惠).
        NationalInclusion = "national_inclusion",
        /// Carbon inclusion of a province or city.
        RegionalInclusion = "regional_inclusion",
        /// Verified Carbon Standard.
        Vcs = "vcs",
        /// Gold Standard.
        GoldStandard = "gold_standard",
        /// Clean Development Mechanism, or what followed it under article 6.4.
        Cdm = "cdm",
        /// International renewable energy certificates.
        IRec = "i_rec",
        /// Any other one; the source says which.
        Other = "other",
    }
}

codes_of! {
    /// What a claim is on.
    KeyKind {
        /// A power plant by its archive code (建档立卡编码).
        Plant = "plant",
        /// Land by its boundary.
        Boundary = "boundary",
        /// A device by its number.
        Device = "device",
    }
}

/// A key as it is compared: one width, capitals, without spaces and dashes, so that `pws-1812 3206` is found as `PWS18123206`.
pub fn comparable_key(typed: &str) -> String {
    narrow(typed)
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-' && *c != '_')
        .flat_map(char::to_uppercase)
        .collect()
}

/// Whether two spans of days have a day in common, first and last included; an open end reaches for ever.
pub fn overlap_in_time(one: (Date, Option<Date>), other: (Date, Option<Date>)) -> bool {
    let ends_before = |end: Option<Date>, start: Date| end.is_some_and(|end| end < start);
    !ends_before(one.1, other.0) && !ends_before(other.1, one.0)
}

/// Somebody else who has the activity, as far as it may be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A public project here.
    Project {
        /// Its name.
        name: String,
        /// Its code; `None` before its registration.
        code: Option<String>,
    },
    /// An application that is not public: nothing more may be told.
    Application,
    /// A claim in another mechanism.
    Elsewhere {
        /// Which.
        mechanism: Mechanism,
        /// Its name or number there; may be empty.
        reference: String,
        /// From when.
        from: Date,
        /// Until when; `None` without an end.
        to: Option<Date>,
    },
}

/// The refusal that names the other one.
pub fn refusal(holder: &Holder, key: &str) -> Refusal {
    match holder {
        Holder::Project { name, code } => Refusal::new(codes::PLANT_OF_OTHER_PROJECT)
            .with("key", key)
            .with("name", name)
            .with("code", code.as_deref().unwrap_or("–")),
        Holder::Application => Refusal::new(codes::PLANT_OF_OTHER_APPLICATION).with("key", key),
        Holder::Elsewhere {
            mechanism,
            reference,
            from,
            to,
        } => Refusal::new(codes::CLAIMED_ELSEWHERE)
            .with("key", key)
            .with(
                "mechanism",
                mechanism.code().to_uppercase().replace('_', " "),
            )
            .with("reference", reference)
            .with("from", from)
            .with("to", to.map_or_else(|| "–".to_owned(), |to| to.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn spans_meet_on_their_last_and_first_days() {
        let year = |year| {
            let day = |month, day| Date::from_calendar_date(year, month, day).expect("a day");
            (
                day(time::Month::January, 1),
                Some(day(time::Month::December, 31)),
            )
        };
        for (one, other, meet) in [
            (year(2023), year(2024), false),
            (year(2023), year(2023), true),
            (
                (date!(2023 - 01 - 01), Some(date!(2024 - 01 - 01))),
                year(2024),
                true,
            ),
            ((date!(2020 - 01 - 01), None), year(2024), true),
            ((date!(2025 - 01 - 01), None), year(2024), false),
            (
                (date!(2025 - 01 - 01), None),
                (date!(2030 - 01 - 01), None),
                true,
            ),
        ] {
            assert_eq!(overlap_in_time(one, other), meet, "{one:?} {other:?}");
            assert_eq!(overlap_in_time(other, one), meet, "{other:?} {one:?}");
        }
    }

    #[test]
    fn a_key_is_found_however_it_is_written() {
        for typed in [
            "PWS1812320623003L",
            " pws-1812 3206 2300 3l ",
            "ＰＷＳ1812320623003Ｌ",
        ] {
            assert_eq!(comparable_key(typed), "PWS1812320623003L");
        }
    }

    #[test]
    fn an_application_that_is_not_public_is_not_named() {
        let hidden = refusal(&Holder::Application, "K");
        assert_eq!(hidden.to_string(), "plant_of_other_application (key=K)");
        let public = Holder::Project {
            name: "示范".to_owned(),
            code: Some("A210001".to_owned()),
        };
        let named = refusal(&public, "K");
        assert_eq!(
            (named.param("name"), named.param("code")),
            (Some("示范"), Some("A210001"))
        );
    }

    #[test]
    fn codes_are_found_again() {
        for one in Mechanism::ALL {
            assert_eq!(Mechanism::from_code(one.code()), Some(*one));
        }
        for one in KeyKind::ALL {
            assert_eq!(KeyKind::from_code(one.code()), Some(*one));
        }
    }
}
