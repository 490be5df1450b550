//! The species groups of the predecessor's table, and which assumed numbers stand in for their growth and volume.

use crate::schema::Choice;
use crate::text::{Text, text};

/// A species group.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Species {
    /// Its code in inputs and parameter ids (`species.<code>.cf`).
    pub code: &'static str,
    /// Its name.
    pub name: Text,
    /// Group of the built-in growth curve (`afforestation.curve.<group>.limit`); shrubs have none.
    pub curve: Option<&'static str>,
    /// Group of the experimental form number; shrubs have none.
    pub form: Option<&'static str>,
    /// A volume equation is among the parameters (`species.<code>.volume_a`).
    pub equation: bool,
}

/// Shrubs planted as such: carbon fraction and root ratio only.
pub(super) const SHRUB: &str = "shrub";

/// The species group with this code.
pub(super) fn species(code: &str) -> Option<&'static Species> {
    LIST.iter().find(|species| species.code == code)
}

const fn group(
    code: &'static str,
    name: Text,
    curve: &'static str,
    form: &'static str,
    equation: bool,
) -> Species {
    Species {
        code,
        name,
        curve: Some(curve),
        form: Some(form),
        equation,
    }
}

const SPECIES: [Species; 35] = [
    group(
        "chinese_fir",
        text("杉木", "Chinese fir"),
        "fast_conifer",
        "conifer",
        true,
    ),
    group(
        "masson_pine",
        text("马尾松", "Masson pine"),
        "fast_conifer",
        "conifer",
        true,
    ),
    group(
        "chinese_pine",
        text("油松", "Chinese pine"),
        "slow_conifer",
        "conifer",
        false,
    ),
    group(
        "larch",
        text("落叶松", "Larch"),
        "slow_conifer",
        "conifer",
        false,
    ),
    group(
        "mongolian_pine",
        text("樟子松", "Mongolian pine"),
        "slow_conifer",
        "conifer",
        false,
    ),
    group(
        "armand_pine",
        text("华山松", "Armand pine"),
        "slow_conifer",
        "conifer",
        true,
    ),
    group(
        "yunnan_pine",
        text("云南松", "Yunnan pine"),
        "slow_conifer",
        "conifer",
        true,
    ),
    group(
        "korean_pine",
        text("红松", "Korean pine"),
        "slow_conifer",
        "conifer",
        false,
    ),
    group(
        "slash_pine",
        text("湿地松", "Slash pine"),
        "fast_conifer",
        "conifer",
        false,
    ),
    group(
        "other_pine",
        text("其他松类", "Other pines"),
        "slow_conifer",
        "conifer",
        false,
    ),
    group(
        "spruce",
        text("云杉", "Spruce"),
        "slow_conifer",
        "conifer",
        false,
    ),
    group("fir", text("冷杉", "Fir"), "slow_conifer", "conifer", false),
    group(
        "cypress",
        text("柏木", "Cypress"),
        "slow_conifer",
        "conifer",
        false,
    ),
    group(
        "metasequoia",
        text("水杉", "Dawn redwood"),
        "fast_conifer",
        "conifer",
        false,
    ),
    group(
        "cryptomeria",
        text("柳杉", "Cryptomeria"),
        "fast_conifer",
        "conifer",
        false,
    ),
    group(
        "poplar",
        text("杨树", "Poplar"),
        "fast_broadleaf",
        "broadleaf",
        false,
    ),
    group(
        "eucalyptus",
        text("桉树", "Eucalyptus"),
        "fast_broadleaf",
        "broadleaf",
        false,
    ),
    group(
        "birch",
        text("桦木", "Birch"),
        "slow_broadleaf",
        "broadleaf",
        false,
    ),
    group(
        "oak",
        text("栎类", "Oaks"),
        "slow_broadleaf",
        "broadleaf",
        true,
    ),
    group(
        "linden",
        text("椴树", "Linden"),
        "slow_broadleaf",
        "broadleaf",
        false,
    ),
    group(
        "elm",
        text("榆树", "Elm"),
        "slow_broadleaf",
        "broadleaf",
        false,
    ),
    group(
        "willow",
        text("柳树", "Willow"),
        "fast_broadleaf",
        "broadleaf",
        false,
    ),
    group(
        "sweetgum",
        text("枫香", "Sweetgum"),
        "slow_broadleaf",
        "broadleaf",
        false,
    ),
    group(
        "schima",
        text("木荷", "Schima"),
        "slow_broadleaf",
        "broadleaf",
        false,
    ),
    group(
        "camphor",
        text("樟树", "Camphor"),
        "slow_broadleaf",
        "broadleaf",
        false,
    ),
    group(
        "phoebe",
        text("楠木", "Phoebe"),
        "slow_broadleaf",
        "broadleaf",
        false,
    ),
    group(
        "paulownia",
        text("泡桐", "Paulownia"),
        "fast_broadleaf",
        "broadleaf",
        false,
    ),
    group(
        "acacia",
        text("相思", "Acacia"),
        "fast_broadleaf",
        "broadleaf",
        false,
    ),
    group(
        "casuarina",
        text("木麻黄", "Casuarina"),
        "fast_broadleaf",
        "broadleaf",
        false,
    ),
    group(
        "hard_broadleaf",
        text("硬阔类", "Hard broadleaves"),
        "slow_broadleaf",
        "broadleaf",
        false,
    ),
    group(
        "soft_broadleaf",
        text("软阔类", "Soft broadleaves"),
        "fast_broadleaf",
        "broadleaf",
        false,
    ),
    group(
        "mixed_broadleaf",
        text("阔叶混", "Mixed broadleaves"),
        "slow_broadleaf",
        "broadleaf",
        false,
    ),
    group(
        "mixed_conifer",
        text("针叶混", "Mixed conifers"),
        "slow_conifer",
        "conifer",
        false,
    ),
    group(
        "mixed",
        text("针阔混", "Conifers and broadleaves"),
        "slow_conifer",
        "conifer",
        false,
    ),
    Species {
        code: SHRUB,
        name: text("灌木", "Shrubs"),
        curve: None,
        form: None,
        equation: false,
    },
];

static LIST: [Species; 35] = SPECIES;

/// The choices of every field that asks for a species.
pub(super) static CHOICES: [Choice; 35] = choices();

const fn choices() -> [Choice; 35] {
    let mut choices = [Choice {
        value: "",
        text: text("", ""),
    }; 35];
    let mut index = 0;
    while index < SPECIES.len() {
        choices[index] = Choice {
            value: SPECIES[index].code,
            text: SPECIES[index].name,
        };
        index += 1;
    }
    choices
}
