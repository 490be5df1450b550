//! Biomass of single trees by species, as data of `parameters/mangrove.toml`. No equation is confirmed as the appendix of the
//! methodology; five of them give roots heavier than the tree and are replaced by the common equation unless acknowledged.

use rust_decimal::Decimal;
use time::Date;

use crate::ccer::sink::{product, real, sum};
use crate::ccer::working::Working;
use crate::exact::TooManyDigits;
use crate::generated::MANGROVE_SPECIES;
use crate::input::InputError;
use crate::text::{Text, text};
use crate::trace::NoteLevel;

/// A species and its own equations, in the order in which they are tried; none: the common equation.
pub(crate) struct Species {
    pub code: &'static str,
    pub name: Text,
    pub equations: &'static [Equation],
}

/// An equation of a species. Its coefficients are the parameters `<id>.above_a` and so on.
pub(crate) struct Equation {
    pub id: &'static str,
    pub applies: Applies,
    pub above: Form,
    /// `None`: `above` is the whole tree.
    pub below: Option<Form>,
    /// Its results cannot be right: roots heavier than the tree.
    pub implausible: bool,
}

/// To which trees an equation applies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Applies {
    /// All.
    Any,
    /// Trees from the height limit on.
    Tall,
    /// Trees below the height limit.
    Small,
    /// Trees below the height limit whose diameter is within the guard.
    SmallWithinGuard,
}

/// The shape of an equation with the coefficients a and b.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// a × (D² × H)^b
    DiameterSquaredHeight,
    /// a × D^b
    Diameter,
    /// a × (D0² × H)^b with the basal diameter D0
    BasalDiameterSquaredHeight,
    /// a × D − b
    LinearDiameter,
    /// a × D × H − b
    LinearDiameterHeight,
    /// biomass above ground / a
    Share,
}

/// The species with this code.
pub(crate) fn species(code: &str) -> Option<&'static Species> {
    MANGROVE_SPECIES.iter().find(|species| species.code == code)
}

/// What was measured of a tree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tree {
    /// Diameter at breast height, cm.
    pub diameter_cm: Option<Decimal>,
    /// Diameter at the base of the stem, cm.
    pub basal_cm: Option<Decimal>,
    /// Height, m.
    pub height_m: Option<Decimal>,
}

/// Biomass of a tree in kg of dry matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Biomass {
    pub above: Decimal,
    /// Zero where the equation gives the whole tree.
    pub below: Decimal,
    /// The diameter lies outside the range of the equation.
    pub outside_guard: bool,
    /// The ratio of both parts is not plausible.
    pub unusual_ratio: bool,
}

/// Why a tree has no biomass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TreeError {
    /// The equation needs this column.
    Missing(&'static str),
    /// The result has too many digits.
    TooLarge,
}

impl From<TooManyDigits> for TreeError {
    fn from(_: TooManyDigits) -> Self {
        Self::TooLarge
    }
}

/// The numbers of one equation.
struct Loaded {
    equation: &'static Equation,
    above: [Decimal; 2],
    below: [Decimal; 2],
    guard: [Decimal; 2],
}

/// The common equation with the density of the species.
struct Common {
    rho: Decimal,
    above: [Decimal; 2],
    below: [Decimal; 2],
    below_rho: Decimal,
    guard: [Decimal; 2],
}

/// The equations of a species with their numbers, ready for many trees.
pub(crate) struct Model {
    pub species: &'static Species,
    /// Carbon fraction.
    pub cf: Decimal,
    own: Vec<Loaded>,
    common: Option<Common>,
    shrub_height: Decimal,
    ratio: [Decimal; 2],
}

impl Model {
    /// Reads the numbers of a species. `acknowledged`: equations marked implausible are used as they are.
    pub(in crate::ccer) fn load(
        species: &'static Species,
        acknowledged: bool,
        on: Date,
        working: &mut Working<'_>,
    ) -> Result<Self, InputError> {
        let mut number = |id: &str| working.number(id, on, "as_of");
        let cf = number(&format!("species.{}.cf", species.code))?;
        let shrub_height = number("mangrove.shrub_height_m")?;
        let ratio = [
            number("mangrove.root_ratio.min")?,
            number("mangrove.root_ratio.max")?,
        ];
        let implausible = species
            .equations
            .iter()
            .any(|equation| equation.implausible);
        let replaced = implausible && !acknowledged;
        let mut own = Vec::new();
        let mut common = None;
        if replaced || species.equations.is_empty() {
            common = Some(Common {
                rho: number(&format!("species.{}.wd", species.code))?,
                above: [
                    number("mangrove.common.above_a")?,
                    number("mangrove.common.above_b")?,
                ],
                below: [
                    number("mangrove.common.below_a")?,
                    number("mangrove.common.below_b")?,
                ],
                below_rho: number("mangrove.common.below_rho")?,
                guard: [
                    number("mangrove.common.d_min")?,
                    number("mangrove.common.d_max")?,
                ],
            });
        } else {
            for equation in species.equations {
                own.push(Loaded::read(equation, &mut number)?);
            }
        }
        if implausible {
            remark(species, acknowledged, working);
        }
        Ok(Self {
            species,
            cf,
            own,
            common,
            shrub_height,
            ratio,
        })
    }

    /// The biomass of a tree.
    pub fn biomass(&self, tree: Tree) -> Result<Biomass, TreeError> {
        let (above, below, outside_guard) = match &self.common {
            Some(common) => common.biomass(tree)?,
            None => self.own_biomass(tree)?,
        };
        let unusual_ratio = match below {
            Some(below) if above > Decimal::ZERO => {
                let ratio = crate::ccer::sink::divide(below, above)?;
                ratio < self.ratio[0] || ratio > self.ratio[1]
            }
            _ => false,
        };
        Ok(Biomass {
            above,
            below: below.unwrap_or(Decimal::ZERO),
            outside_guard,
            unusual_ratio,
        })
    }

    fn own_biomass(&self, tree: Tree) -> Result<(Decimal, Option<Decimal>, bool), TreeError> {
        for loaded in &self.own {
            if self.applies(loaded, tree)? {
                return loaded.biomass(tree);
            }
        }
        // the last equation of a species applies where none before it does; see the test of the table
        Err(TreeError::Missing("height_m"))
    }

    fn applies(&self, loaded: &Loaded, tree: Tree) -> Result<bool, TreeError> {
        let small = || {
            tree.height_m
                .map(|height| height < self.shrub_height)
                .ok_or(TreeError::Missing("height_m"))
        };
        match loaded.equation.applies {
            Applies::Any => Ok(true),
            Applies::Tall => Ok(!small()?),
            Applies::Small => small(),
            Applies::SmallWithinGuard => {
                let diameter = tree.diameter_cm.ok_or(TreeError::Missing("dbh_cm"))?;
                Ok(small()? && diameter >= loaded.guard[0] && diameter <= loaded.guard[1])
            }
        }
    }
}

impl Loaded {
    fn read(
        equation: &'static Equation,
        number: &mut impl FnMut(&str) -> Result<Decimal, InputError>,
    ) -> Result<Self, InputError> {
        let mut coefficient = |name: &str| number(&format!("{}.{name}", equation.id));
        let mut pair = |form: Option<Form>, side: &str| match form {
            None => Ok::<_, InputError>([Decimal::ZERO; 2]),
            Some(Form::Share) => Ok([coefficient(&format!("{side}_a"))?, Decimal::ZERO]),
            Some(_) => Ok([
                coefficient(&format!("{side}_a"))?,
                coefficient(&format!("{side}_b"))?,
            ]),
        };
        let above = pair(Some(equation.above), "above")?;
        let below = pair(equation.below, "below")?;
        let guard = [coefficient("d_min")?, coefficient("d_max")?];
        Ok(Self {
            equation,
            above,
            below,
            guard,
        })
    }

    fn biomass(&self, tree: Tree) -> Result<(Decimal, Option<Decimal>, bool), TreeError> {
        let above = apply(self.equation.above, self.above, tree, Decimal::ZERO)?;
        let below = match self.equation.below {
            Some(form) => Some(apply(form, self.below, tree, above)?),
            None => None,
        };
        let diameter = if self.equation.above == Form::BasalDiameterSquaredHeight {
            tree.basal_cm
        } else {
            tree.diameter_cm
        };
        let outside =
            diameter.is_some_and(|diameter| diameter < self.guard[0] || diameter > self.guard[1]);
        Ok((above, below, outside))
    }
}

impl Common {
    /// above = a × ρ × D^b; below = a × ρ^c × D^b.
    fn biomass(&self, tree: Tree) -> Result<(Decimal, Option<Decimal>, bool), TreeError> {
        let diameter = tree.diameter_cm.ok_or(TreeError::Missing("dbh_cm"))?;
        let above = product(&[
            self.above[0],
            self.rho,
            real::power(diameter, self.above[1])?,
        ])?;
        let below = product(&[
            self.below[0],
            real::power(self.rho, self.below_rho)?,
            real::power(diameter, self.below[1])?,
        ])?;
        let outside = diameter < self.guard[0] || diameter > self.guard[1];
        Ok((above, Some(below), outside))
    }
}

fn apply(
    form: Form,
    [a, b]: [Decimal; 2],
    tree: Tree,
    above: Decimal,
) -> Result<Decimal, TreeError> {
    let diameter = || tree.diameter_cm.ok_or(TreeError::Missing("dbh_cm"));
    let height = || tree.height_m.ok_or(TreeError::Missing("height_m"));
    let value = match form {
        Form::DiameterSquaredHeight => {
            let diameter = diameter()?;
            let volume = product(&[diameter, diameter, height()?])?;
            product(&[a, real::power(volume, b)?])?
        }
        Form::Diameter => product(&[a, real::power(diameter()?, b)?])?,
        Form::BasalDiameterSquaredHeight => {
            let basal = tree.basal_cm.ok_or(TreeError::Missing("basal_cm"))?;
            let volume = product(&[basal, basal, height()?])?;
            product(&[a, real::power(volume, b)?])?
        }
        Form::LinearDiameter => sum(product(&[a, diameter()?])?, -b)?,
        Form::LinearDiameterHeight => sum(product(&[a, diameter()?, height()?])?, -b)?,
        Form::Share => crate::ccer::sink::divide(above, a)?,
    };
    // a straight line falls below zero for very thin stems
    Ok(value.max(Decimal::ZERO))
}

fn remark(species: &Species, acknowledged: bool, working: &mut Working<'_>) {
    let (level, code, sentence) = if acknowledged {
        (
            NoteLevel::Warning,
            "equation_implausible",
            text(
                "{zh}的方程算出的地下生物量不合理（已确认仍然采用）。",
                "The equations of {en} give implausible roots (used as acknowledged).",
            ),
        )
    } else {
        (
            NoteLevel::Remark,
            "equation_replaced",
            text(
                "{zh}的方程算出的地下生物量不合理，已改用通用方程。",
                "The equations of {en} give implausible roots; the common equation is used instead.",
            ),
        )
    };
    working.note(
        level,
        code,
        species.code,
        sentence,
        &[
            ("zh", species.name.zh.to_owned()),
            ("en", species.name.en.to_owned()),
        ],
    );
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::parameter::Parameters;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn tree(diameter: &str, height: &str) -> Tree {
        let read = |text: &str| text.parse().ok();
        Tree {
            diameter_cm: read(diameter),
            basal_cm: None,
            height_m: read(height),
        }
    }

    fn model(code: &str, acknowledged: bool) -> Model {
        let mut working = Working::new(Parameters::BUILT_IN);
        let species = species(code).unwrap();
        Model::load(species, acknowledged, date!(2026 - 01 - 01), &mut working).unwrap()
    }

    fn carbon_dioxide(model: &Model, biomass: Biomass) -> Decimal {
        let total = biomass.above + biomass.below;
        (total * model.cf * number("44") / number("12")).round_dp(6)
    }

    #[test]
    fn kandelia_of_5_cm_and_3_m_holds_10_kg_of_carbon_dioxide() {
        let model = model("kandelia_obovata", false);
        let biomass = model.biomass(tree("5", "3")).unwrap();
        assert_eq!(biomass.above.round_dp(6), number("3.770430"));
        assert_eq!(biomass.below.round_dp(6), number("2.134811"));
        assert_eq!(carbon_dioxide(&model, biomass), number("10.176699"));
        assert!(!biomass.unusual_ratio && !biomass.outside_guard);
    }

    #[test]
    fn the_common_equation_of_8_cm_gives_73_kg_of_carbon_dioxide() {
        let model = model("other_mangrove", false);
        let biomass = model.biomass(tree("8", "")).unwrap();
        assert_eq!(biomass.above.round_dp(6), number("29.684753"));
        assert_eq!(biomass.below.round_dp(6), number("14.790883"));
        assert_eq!(carbon_dioxide(&model, biomass), number("73.384799"));
    }

    #[test]
    fn the_height_of_2_m_divides_the_two_equations_of_kandelia() {
        let model = model("kandelia_obovata", false);
        let small = model.biomass(tree("3", "1.99")).unwrap();
        let tall = model.biomass(tree("3", "2")).unwrap();
        // 0.01016 × 3^2.454 and 0.03999 × 18^1.053
        assert_eq!(small.above.round_dp(6), number("0.150574"));
        assert_eq!(tall.above.round_dp(6), number("0.838983"));
    }

    #[test]
    fn implausible_equations_are_replaced_unless_acknowledged() {
        for code in [
            "bruguiera_gymnorhiza",
            "bruguiera_sexangula",
            "bruguiera_rhynchopetala",
            "xylocarpus_granatum",
            "laguncularia_racemosa",
        ] {
            let replaced = model(code, false).biomass(tree("8", "5")).unwrap();
            assert!(!replaced.unusual_ratio, "{code}");
            let kept = model(code, true).biomass(tree("8", "5")).unwrap();
            assert!(kept.unusual_ratio, "{code}");
        }
    }

    #[test]
    fn what_an_equation_needs_and_a_tree_lacks_is_named() {
        let missing = |code: &str, tree: Tree| model(code, false).biomass(tree).unwrap_err();
        assert_eq!(
            missing("kandelia_obovata", tree("5", "")),
            TreeError::Missing("height_m")
        );
        assert_eq!(
            missing("other_mangrove", tree("", "5")),
            TreeError::Missing("dbh_cm")
        );
        assert_eq!(
            missing("aegiceras_corniculatum", tree("5", "1")),
            TreeError::Missing("basal_cm")
        );
    }

    #[test]
    fn a_thin_stem_on_a_straight_line_weighs_nothing_and_never_less() {
        let biomass = model("aegiceras_corniculatum", false)
            .biomass(tree("0.4", "2"))
            .unwrap();
        assert_eq!(biomass.above, Decimal::ZERO);
        assert!(biomass.outside_guard);
    }

    #[test]
    fn some_equation_of_every_species_applies_to_every_measured_tree() {
        for species in MANGROVE_SPECIES {
            let model = model(species.code, true);
            for height in ["0.5", "1.9", "2", "12"] {
                for diameter in ["0.5", "3.7", "4.6", "4.7", "30"] {
                    let measured = Tree {
                        basal_cm: Some(number("6")),
                        ..tree(diameter, height)
                    };
                    let biomass = model.biomass(measured).unwrap();
                    assert!(biomass.above >= Decimal::ZERO && biomass.below >= Decimal::ZERO);
                }
            }
        }
    }
}
