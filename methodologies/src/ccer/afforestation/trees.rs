//! Carbon of single trees: by measured volume, by one's own or a known equation, or by form number.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use time::Date;

use super::CODE;
use super::pools::{Wood, Woods, carbon, from_volume, plain, with_roots};
use super::species::{Species, species};
use crate::ccer::sink::{amount, divide, product, real, sum};
use crate::ccer::working::{StepText, Working};
use crate::exact::TooManyDigits;
use crate::input::{InputError, Reader, join};
use crate::table::{Row, Table};
use crate::text::text;
use crate::trace::NoteLevel;

/// An equation per tree of the owner: y = a × D^b × H^c.
pub(super) struct Equation {
    species: &'static Species,
    /// Above-ground biomass in kg; otherwise volume in m³.
    biomass: bool,
    shape: Shape,
    source: String,
}

/// a × D^b × H^c.
#[derive(Clone, Copy)]
struct Shape {
    a: Decimal,
    b: Decimal,
    c: Decimal,
}

impl Shape {
    fn at(self, diameter: Decimal, height: Option<Decimal>) -> Result<Decimal, TooManyDigits> {
        let by_height = match height {
            Some(height) => real::power(height, self.c)?,
            None => Decimal::ONE,
        };
        Ok(amount(product(&[
            self.a,
            real::power(diameter, self.b)?,
            by_height,
        ])?))
    }
}

/// Reads the list of own equations.
pub(super) fn read_equations(reader: &mut Reader<'_>) -> Vec<Equation> {
    let mut equations: Vec<Equation> = Vec::new();
    for path in reader.items("equations") {
        let at = |name: &str| join(&path, name);
        let species = reader.choice(&at("species")).and_then(species);
        let kind = reader.choice(&at("kind"));
        let a = plain(reader, &at("a_millionths"));
        let b = plain(reader, &at("b"));
        let c = plain(reader, &at("c"));
        let source = reader.text(&at("source"));
        let (Some(species), Some(kind), Some(a), Some(b), Some(c), Some(source)) =
            (species, kind, a, b, c, source)
        else {
            continue;
        };
        let biomass = kind == "biomass";
        if equations
            .iter()
            .any(|known| known.species == species && known.biomass == biomass)
        {
            reader.error(
                InputError::new(at("species"), "equation_twice").with("species", species.name.zh),
            );
        }
        let shape = Shape {
            a: a * Decimal::new(1, 6),
            b,
            c,
        };
        equations.push(Equation {
            species,
            biomass,
            shape,
            source,
        });
    }
    equations
}

/// How the trees of one species become carbon.
#[derive(Clone, Copy)]
enum Way {
    /// The owner's biomass equation, kg.
    Biomass(Shape),
    /// A volume equation, m³.
    Volume(Shape),
    /// V = f × π/4 × (D/100)² × (H + 3).
    Form(Decimal),
}

/// Sums of one species, for its step.
#[derive(Clone, Copy, Default)]
struct Sums {
    trees: u32,
    volume: Decimal,
    above_ground: Decimal,
    carbon: Decimal,
}

/// The carbon of trees, with what is the same for many of them computed once.
pub(super) struct TreeCarbon<'a> {
    on: Date,
    equations: &'a [Equation],
    woods: Woods,
    ways: BTreeMap<&'static str, Way>,
    known: BTreeMap<(&'static str, Decimal, Decimal), (Decimal, Decimal)>,
    sums: BTreeMap<&'static str, Sums>,
    existing: usize,
    without_diameter: usize,
    species: usize,
    diameter: usize,
    height: usize,
    volume: usize,
    existed: usize,
}

impl<'a> TreeCarbon<'a> {
    /// For the trees of a table.
    pub fn new(table: &Table, equations: &'a [Equation], on: Date) -> Self {
        Self {
            on,
            equations,
            woods: Woods::new(on),
            ways: BTreeMap::new(),
            known: BTreeMap::new(),
            sums: BTreeMap::new(),
            existing: 0,
            without_diameter: 0,
            species: table.place("species"),
            diameter: table.place("dbh_cm"),
            height: table.place("height_m"),
            volume: table.place("volume_m3"),
            existed: table.place("existing"),
        }
    }

    /// tCO2e of a tree with its roots; `None` for one that stood before the project.
    pub fn tree(
        &mut self,
        row: &Row,
        of_stratum: &'static Species,
        working: &mut Working<'_>,
    ) -> Result<Option<Decimal>, InputError> {
        if row.choice(self.existed) == Some("yes") {
            self.existing += 1;
            return Ok(None);
        }
        let species = match row.choice(self.species) {
            Some(code) => species(code).unwrap_or(of_stratum),
            None => of_stratum,
        };
        let wood = self.woods.wood(species, working)?;
        if let Some(volume) = row.number(self.volume) {
            if species.form.is_none() {
                return Err(InputError::new(
                    format!("trees.{}.volume_m3", row.line),
                    "volume_not_for_shrubs",
                ));
            }
            let expansion = self.woods.expansion(species, working)?;
            let stock = carbon(from_volume(volume, expansion, wood)?, wood)?;
            self.add(species, volume, Decimal::ZERO, stock)?;
            return Ok(Some(stock));
        }
        let Some(diameter) = row.number(self.diameter) else {
            self.without_diameter += 1;
            return Ok(Some(Decimal::ZERO));
        };
        let way = self.way(species, row, working)?;
        let needs_height = match way {
            Way::Biomass(shape) | Way::Volume(shape) => !shape.c.is_zero(),
            Way::Form(_) => true,
        };
        let height = row.number(self.height).filter(|_| needs_height);
        if needs_height && height.is_none() {
            return Err(InputError::new(
                format!("trees.{}.height_m", row.line),
                "height_required",
            ));
        }
        let key = (species.code, diameter, height.unwrap_or_default());
        let known = self.known.get(&key).copied();
        let (size, stock) = if let Some(known) = known {
            known
        } else {
            let computed = self.compute(species, way, wood, diameter, height, working)?;
            self.known.insert(key, computed);
            computed
        };
        match way {
            Way::Biomass(_) => self.add(species, Decimal::ZERO, size, stock)?,
            Way::Volume(_) | Way::Form(_) => self.add(species, size, Decimal::ZERO, stock)?,
        }
        Ok(Some(stock))
    }

    /// Volume in m³ or above-ground biomass in t, and carbon, of a tree of this size.
    fn compute(
        &mut self,
        species: &'static Species,
        way: Way,
        wood: Wood,
        diameter: Decimal,
        height: Option<Decimal>,
        working: &mut Working<'_>,
    ) -> Result<(Decimal, Decimal), InputError> {
        let volume = match way {
            Way::Biomass(shape) => {
                let kilograms = shape.at(diameter, height)?;
                let tonnes = divide(kilograms, Decimal::ONE_THOUSAND)?;
                return Ok((tonnes, carbon(with_roots(tonnes, wood)?, wood)?));
            }
            Way::Volume(shape) => shape.at(diameter, height)?,
            Way::Form(number) => form_volume(number, diameter, height.unwrap_or_default())?,
        };
        let expansion = self.woods.expansion(species, working)?;
        Ok((volume, carbon(from_volume(volume, expansion, wood)?, wood)?))
    }

    fn add(
        &mut self,
        species: &'static Species,
        volume: Decimal,
        above_ground: Decimal,
        carbon: Decimal,
    ) -> Result<(), TooManyDigits> {
        let sums = self.sums.entry(species.code).or_default();
        sums.trees += 1;
        sums.volume = sum(sums.volume, volume)?;
        sums.above_ground = sum(sums.above_ground, above_ground)?;
        sums.carbon = sum(sums.carbon, carbon)?;
        Ok(())
    }

    /// The owner's biomass equation, else the owner's volume equation, else a known one, else the form number.
    fn way(
        &mut self,
        species: &'static Species,
        row: &Row,
        working: &mut Working<'_>,
    ) -> Result<Way, InputError> {
        if let Some(way) = self.ways.get(species.code) {
            return Ok(*way);
        }
        let own = |biomass: bool| {
            self.equations
                .iter()
                .find(|equation| equation.species == species && equation.biomass == biomass)
        };
        let way = if let Some(equation) = own(true).or_else(|| own(false)) {
            own_equation(equation, working);
            if equation.biomass {
                Way::Biomass(equation.shape)
            } else {
                Way::Volume(equation.shape)
            }
        } else if species.equation {
            let mut number = |name: &str| {
                let id = format!("species.{}.volume_{name}", species.code);
                working.number(&id, self.on, "as_of")
            };
            let shape = Shape {
                a: number("a")? * Decimal::new(1, 6),
                b: number("b")?,
                c: number("c")?,
            };
            assumed_volume(species, working);
            Way::Volume(shape)
        } else if let Some(group) = species.form {
            let id = format!("afforestation.form_number.{group}");
            let number = working.number(&id, self.on, "as_of")?;
            assumed_volume(species, working);
            Way::Form(number)
        } else {
            return Err(InputError::new(
                format!("trees.{}.species", row.line),
                "volume_not_for_shrubs",
            ));
        };
        self.ways.insert(species.code, way);
        Ok(way)
    }

    /// One step per species, and what was left out.
    pub fn explain(&mut self, working: &mut Working<'_>) {
        for (code, sums) in std::mem::take(&mut self.sums) {
            let Some(species) = species(code) else {
                continue;
            };
            species_step(species, sums, self.ways.get(code), working);
        }
        for (count, code, zh_en) in [
            (
                self.existing,
                "existing_trees_excluded",
                text(
                    "{count} 株项目前已有的树未计入：基线和项目情景中都有它们。",
                    "{count} trees that stood before the project were not counted: they are in both scenarios.",
                ),
            ),
            (
                self.without_diameter,
                "trees_without_diameter",
                text(
                    "{count} 株没有胸径的树按 0 计。",
                    "{count} trees without a diameter count as 0.",
                ),
            ),
        ] {
            if count > 0 {
                working.note(
                    NoteLevel::Remark,
                    code,
                    "trees",
                    zh_en,
                    &[("count", count.to_string())],
                );
            }
        }
    }
}

fn species_step(species: &Species, sums: Sums, way: Option<&Way>, working: &mut Working<'_>) {
    let mut inputs = vec![("n_trees", Decimal::from(sums.trees), "1")];
    if !sums.volume.is_zero() {
        inputs.push(("Σ V", amount(sums.volume), "m3"));
    }
    if !sums.above_ground.is_zero() {
        inputs.push(("Σ B_AB", amount(sums.above_ground), "t"));
    }
    match way {
        Some(Way::Biomass(shape) | Way::Volume(shape)) => inputs.extend([
            ("a", shape.a, "1"),
            ("b", shape.b, "1"),
            ("c", shape.c, "1"),
        ]),
        Some(Way::Form(number)) => inputs.push(("f", *number, "1")),
        None => {}
    }
    let formula = match way {
        Some(Way::Biomass(_)) => "Σ 44/12 × a × D^b × H^c / 1000 × (1 + R) × CF",
        Some(Way::Volume(_)) => "Σ 44/12 × a × D^b × H^c × WD × BEF × (1 + R) × CF",
        Some(Way::Form(_)) => "Σ 44/12 × f × π/4 × (D/100)² × (H + 3) × WD × BEF × (1 + R) × CF",
        None => "Σ 44/12 × V × WD × BEF × (1 + R) × CF",
    };
    let title = text(
        "样地内{species}的碳储量合计",
        "stock of all measured trees: {species}",
    )
    .naming("species", species.name);
    let step = StepText {
        symbol: "Σ C_tree,j",
        title,
        clause: match way {
            Some(Way::Biomass(_)) => format!("{CODE} (D) (E1)"),
            _ => format!("{CODE} (D) (E2)"),
        },
        formula: formula.to_owned(),
        unit: "tCO2e",
    };
    working.step("", step, &inputs, amount(sums.carbon));
}

/// The volume by the experimental form number: f × π/4 × (D/100)² × (H + 3), m³.
fn form_volume(
    number: Decimal,
    diameter: Decimal,
    height: Decimal,
) -> Result<Decimal, TooManyDigits> {
    // π/4 to twelve digits
    let quarter = Decimal::new(785_398_163_397, 12);
    Ok(amount(product(&[
        number,
        quarter,
        diameter,
        diameter,
        Decimal::new(1, 4),
        sum(height, Decimal::from(3))?,
    ])?))
}

fn own_equation(equation: &Equation, working: &mut Working<'_>) {
    let mut note = text(
        "{species}采用填写者提供的方程，出处：{source}。须在审定核查中确认其适用。",
        "{species}: an equation of the owner's, from {source}. That it applies is for the validator and verifier to confirm.",
    )
    .naming("species", equation.species.name);
    note.zh = note.zh.replace("{source}", &equation.source);
    note.en = note.en.replace("{source}", &equation.source);
    let at = equation.species.code;
    working.say(NoteLevel::Remark, "own_equation", at, note);
}

fn assumed_volume(species: &Species, working: &mut Working<'_>) {
    let note = text(
        "{species}的材积采用假定的方程，可信度低。请填写单株材积，或本地适用方程及其出处。",
        "{species}: the volume follows an assumed equation of low confidence. Enter volumes, or a local equation with its source.",
    )
    .naming("species", species.name);
    let at = species.code;
    working.say(NoteLevel::Warning, "volume_equation_assumed", at, note);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn an_equation_and_a_form_number_give_the_volumes_worked_out_by_hand() {
        // 0.000058777042 × 20^1.9699831 × 15^0.89646157
        let fir = Shape {
            a: number("0.000058777042"),
            b: number("1.9699831"),
            c: number("0.89646157"),
        };
        let volume = fir.at(number("20"), Some(number("15"))).unwrap();
        assert_eq!(volume.round_dp(6), number("0.243520"));
        // 0.39 × π/4 × 0.2² × 18
        let volume = form_volume(number("0.39"), number("20"), number("15")).unwrap();
        assert_eq!(volume.round_dp(6), number("0.220540"));
    }
}
