//! Reads the inventory: every line with its factor, every mistake at its line and column.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use time::Date;

use super::factor::{
    self, Boundary, Calibre, Chosen, Family, Gas, OtherYear, StandIn, Tier, Wanted,
};
use super::{fields, unit};
use crate::day;
use crate::input::{InputError, Reader};
use crate::parameter::Parameters;
use crate::table::{Row, Table};
use crate::text::Message;
use crate::trace::ParameterUse;

/// The event and its inventory.
pub(super) struct Inventory {
    pub from: Date,
    pub to: Date,
    pub accounted_on: Date,
    pub people: Option<i64>,
    /// Certificates count.
    pub market: bool,
    /// Classes left out with a reason.
    pub left_out: Vec<&'static str>,
    pub entries: Vec<Entry>,
    /// The factors used, in the order of their first line.
    pub used: Vec<Used>,
    /// Columns that say how a line was read.
    pub seen: Seen,
}

/// One line.
pub(super) struct Entry {
    pub line: usize,
    pub stage: &'static str,
    pub class: &'static str,
    pub quality: &'static str,
    pub quantity: Decimal,
    /// From the unit of the line to that of its factor.
    pub ratio: (u32, u32),
    /// Percent.
    pub share: Decimal,
    /// Place of its factor in [`Inventory::used`].
    pub factor: usize,
    /// For electricity from a grid.
    pub market: Option<Market>,
    pub u_activity: Option<Decimal>,
    pub u_factor: Option<Decimal>,
}

/// Electricity from a grid in the market-based method.
pub(super) struct Market {
    /// Place of the residual factor in [`Inventory::used`].
    pub factor: usize,
    /// The quantity, kWh.
    pub kwh: Decimal,
    /// Covered by certificates, kWh.
    pub certificates_kwh: Decimal,
}

/// A factor as it is used.
pub(super) struct Used {
    /// The number as it is listed.
    pub listed: ParameterUse,
    /// The unit of the activity.
    pub unit: &'static str,
    pub gas: Gas,
    pub boundary: Boundary,
    /// What is measured; empty for an own factor outside energy.
    pub subject: &'static str,
    /// Country or province; empty for an own factor.
    pub place: &'static str,
    /// `None` for an own factor.
    pub tier: Option<Tier>,
    pub u_percent: Option<Decimal>,
    pub year: Option<i32>,
    pub other_year: Option<OtherYear>,
    /// The year was named for the whole inventory, not for a line.
    pub year_named_for_all: bool,
    pub activity_year: i32,
    pub rf_not_separable: bool,
    /// The calibre of electricity.
    pub calibre: Option<Calibre>,
}

/// What the notes need to know.
#[derive(Default)]
pub(super) struct Seen {
    /// Place as written and why the national factor stands in, with the lines.
    pub stand_ins: BTreeMap<(StandIn, String), Vec<usize>>,
    /// Lines equal to an earlier one and without a reference.
    pub identical: Vec<usize>,
    /// Lines that use a proof of certificates which an earlier line has.
    pub proofs_again: Vec<usize>,
    /// Who gave lines of a class and factor: attendees, suppliers.
    pub origins: BTreeMap<(&'static str, usize), [bool; 2]>,
    /// Lines where two boundaries meet in one subject, as was acknowledged.
    pub mixed: Vec<usize>,
    /// Lines whose class is not that of the factor.
    pub other_class: Vec<usize>,
    /// Lines with an own factor out of the usual range of its unit.
    pub implausible: Vec<usize>,
}

/// Places of the columns.
struct Places {
    reference: usize,
    stage: usize,
    class: usize,
    activity: usize,
    quantity: usize,
    unit: usize,
    factor: usize,
    factor_year: usize,
    activity_year: usize,
    province: usize,
    share: usize,
    certificate_kwh: usize,
    certificate_proof: usize,
    quality: usize,
    u_activity: usize,
    u_factor: usize,
    own_factor: usize,
    own_source: usize,
    own_gas: usize,
    own_boundary: usize,
    origin: usize,
}

impl Places {
    fn of(table: &Table) -> Self {
        Self {
            reference: table.place("reference"),
            stage: table.place("stage"),
            class: table.place("class"),
            activity: table.place("activity"),
            quantity: table.place("quantity"),
            unit: table.place("unit"),
            factor: table.place("factor"),
            factor_year: table.place("factor_year"),
            activity_year: table.place("activity_year"),
            province: table.place("province"),
            share: table.place("share_percent"),
            certificate_kwh: table.place("certificate_kwh"),
            certificate_proof: table.place("certificate_proof"),
            quality: table.place("quality"),
            u_activity: table.place("u_activity"),
            u_factor: table.place("u_factor"),
            own_factor: table.place("own_factor"),
            own_source: table.place("own_source"),
            own_gas: table.place("own_gas"),
            own_boundary: table.place("own_boundary"),
            origin: table.place("origin"),
        }
    }
}

/// What holds for all lines.
struct Frame<'a> {
    set: &'a Parameters,
    on: Date,
    event_year: i32,
    province: String,
    factor_year: Option<i32>,
    radiative_forcing: bool,
    mixing_acknowledged: bool,
}

/// What makes two lines use the same factor.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// Code of the factor, activity year, named year.
    Table(&'static str, i32, Option<i32>),
    /// Value, source, gas, boundary, unit, class.
    Own(
        Decimal,
        String,
        &'static str,
        &'static str,
        &'static str,
        &'static str,
    ),
}

/// Works through the rows.
struct Lines<'a> {
    frame: Frame<'a>,
    places: Places,
    keys: BTreeMap<Key, usize>,
    used: Vec<Used>,
    own_factors: usize,
    seen: Seen,
    /// First line of a reference, of a proof, of a whole line.
    references: BTreeMap<String, usize>,
    proofs: BTreeMap<String, usize>,
    whole: BTreeMap<String, usize>,
    /// First line and boundary of a subject.
    subjects: BTreeMap<&'static str, (usize, Boundary)>,
}

/// Reads the input.
pub(super) fn read(reader: &mut Reader<'_>, set: &Parameters) -> Option<Inventory> {
    let (from, to) = (reader.date("from"), reader.date("to"));
    let accounted_on = reader.date("accounted_on");
    let province = reader.text("province").unwrap_or_default();
    let people = reader.quantity::<crate::quantity::unit::One>("people");
    let factor_year = reader.year("factor_year");
    let market = reader.choice("electricity_method") == Some("market");
    let radiative_forcing = reader.choice("radiative_forcing") != Some("exclude");
    let mixing_acknowledged = reader.choice("mixed_boundaries") == Some("acknowledged");
    let mut left_out = Vec::new();
    for path in reader.items("left_out") {
        let class = reader.choice(&format!("{path}.class"));
        let reason = reader.text(&format!("{path}.reason"));
        if let (Some(class), Some(_)) = (class, reason) {
            left_out.push((path, class));
        }
    }
    let table = reader.table("lines");
    let (from, to, accounted_on) = (from?, to?, accounted_on?);
    if to < from {
        reader.error(
            InputError::new("to", "end_before_start")
                .with("start", day::to_text(from))
                .with("end", day::to_text(to)),
        );
    }
    let table = table?;
    let mut lines = Lines {
        frame: Frame {
            set,
            on: accounted_on,
            event_year: from.year(),
            province,
            factor_year,
            radiative_forcing,
            mixing_acknowledged,
        },
        places: Places::of(&table),
        keys: BTreeMap::new(),
        used: Vec::new(),
        own_factors: 0,
        seen: Seen::default(),
        references: BTreeMap::new(),
        proofs: BTreeMap::new(),
        whole: BTreeMap::new(),
        subjects: BTreeMap::new(),
    };
    let mut entries = Vec::with_capacity(table.rows.len());
    let mut errors = 0;
    let mut unlisted: BTreeMap<String, usize> = BTreeMap::new();
    for row in &table.rows {
        match lines.entry(row) {
            Ok(entry) => entries.push(entry),
            Err(error) => {
                errors += 1;
                if errors <= ERRORS_MAX {
                    reader.error(error);
                } else if let Some((_, column)) = error.path.rsplit_once('.') {
                    *unlisted.entry(column.to_owned()).or_default() += 1;
                }
            }
        }
    }
    if errors > ERRORS_MAX {
        let columns: Vec<String> = unlisted
            .iter()
            .map(|(column, count)| format!("{column} {count}"))
            .collect();
        reader.error(
            InputError::new("lines", "table_more_errors")
                .with("more", errors - ERRORS_MAX)
                .with("columns", columns.join(", ")),
        );
    }
    if errors == 0 && !entries.iter().any(|entry| entry.stage == "hold") {
        reader.error(InputError::new("lines", "event_no_holding"));
    }
    for (path, class) in &left_out {
        if entries.iter().any(|entry| entry.class == *class) {
            let name = fields::text_of(&fields::CLASSES, class);
            reader.error(
                InputError::new(format!("{path}.class"), "event_left_out_counted")
                    .with("zh", name.zh)
                    .with("en", name.en),
            );
        }
    }
    Some(Inventory {
        from,
        to,
        accounted_on,
        people: people.and_then(|people| i64::try_from(people.value()).ok()),
        market,
        left_out: left_out.into_iter().map(|(_, class)| class).collect(),
        entries,
        used: lines.used,
        seen: lines.seen,
    })
}

/// Most errors of lines that are listed; the table itself lists as many.
const ERRORS_MAX: usize = 200;

fn at(row: &Row, column: &str, code: &'static str) -> InputError {
    InputError::new(format!("lines.{}.{column}", row.line), code)
}

/// A year in a cell; the schema keeps it within four digits.
fn year(row: &Row, place: usize) -> Option<i32> {
    row.number(place).and_then(|year| i32::try_from(year).ok())
}

impl Lines<'_> {
    fn entry(&mut self, row: &Row) -> Result<Entry, InputError> {
        self.check_reference(row)?;
        let places = &self.places;
        let required = |place, column| row.choice(place).ok_or_else(|| at(row, column, "required"));
        let stage = required(places.stage, "stage")?;
        let quality = required(places.quality, "quality")?;
        let choice = required(places.factor, "factor")?;
        let line_unit = required(places.unit, "unit")?;
        let quantity = row
            .number(places.quantity)
            .ok_or_else(|| at(row, "quantity", "required"))?;
        let calibre = Calibre::of_choice(choice);
        let (index, default_class) = if choice == "own" {
            let class = required(places.class, "class")?;
            (self.own(row, class, line_unit)?, class)
        } else {
            self.check_own_is_empty(row)?;
            self.table_factor(row, choice, calibre)?
        };
        let class = row.choice(self.places.class).unwrap_or(default_class);
        if class != default_class && !(is_fuel(class) && is_fuel(default_class)) {
            self.seen.other_class.push(row.line);
        }
        let used = &self.used[index];
        let ratio = unit::ratio(line_unit, used.unit)
            .filter(|ratio| calibre.is_none() || ratio.1 == 1)
            .ok_or_else(|| {
                at(row, "unit", "event_unit_mismatch")
                    .with("unit", line_unit)
                    .with("expected", used.unit)
            })?;
        self.check_boundary(row, index)?;
        let market = self.market(row, calibre, quantity, ratio)?;
        if let Some(origin) = row.choice(self.places.origin) {
            let given = self.seen.origins.entry((class, index)).or_default();
            given[0] |= origin == "attendee";
            given[1] |= origin == "supplier";
        }
        Ok(Entry {
            line: row.line,
            stage,
            class,
            quality,
            quantity,
            ratio,
            share: row
                .number(self.places.share)
                .unwrap_or(Decimal::ONE_HUNDRED),
            factor: index,
            market,
            u_activity: row.number(self.places.u_activity),
            u_factor: row.number(self.places.u_factor),
        })
    }

    /// A reference stands for one thing; a line without one that is equal to an earlier line is remarked on.
    fn check_reference(&mut self, row: &Row) -> Result<(), InputError> {
        let reference = row.text(self.places.reference);
        if reference.is_empty() {
            let whole = format!("{:?}", row.cells());
            if self.whole.insert(whole, row.line).is_some() {
                self.seen.identical.push(row.line);
            }
            return Ok(());
        }
        if let Some(first) = self.references.get(reference) {
            return Err(at(row, "reference", "event_reference_twice")
                .with("reference", reference)
                .with("first", first));
        }
        self.references.insert(reference.to_owned(), row.line);
        Ok(())
    }

    fn check_own_is_empty(&self, row: &Row) -> Result<(), InputError> {
        let places = &self.places;
        let columns = [
            ("own_factor", row.number(places.own_factor).is_some()),
            ("own_source", !row.text(places.own_source).is_empty()),
            ("own_gas", row.choice(places.own_gas).is_some()),
            ("own_boundary", row.choice(places.own_boundary).is_some()),
        ];
        match columns.into_iter().find(|(_, written)| *written) {
            Some((column, _)) => Err(at(row, column, "event_own_not_chosen")),
            None => Ok(()),
        }
    }

    /// An own factor: its value, source, gas and boundary.
    fn own(
        &mut self,
        row: &Row,
        class: &'static str,
        line_unit: &'static str,
    ) -> Result<usize, InputError> {
        let places = &self.places;
        let value = row
            .number(places.own_factor)
            .ok_or_else(|| at(row, "own_factor", "required"))?;
        let source = row.text(places.own_source);
        if source.is_empty() {
            return Err(at(row, "own_source", "required"));
        }
        let gas = row
            .choice(places.own_gas)
            .ok_or_else(|| at(row, "own_gas", "required"))?;
        let boundary = row
            .choice(places.own_boundary)
            .ok_or_else(|| at(row, "own_boundary", "required"))?;
        let activity = row.text(places.activity);
        if unit::plausible(line_unit).is_some_and(|(low, high)| value < low || value > high) {
            self.seen.implausible.push(row.line);
        }
        let key = Key::Own(value, source.to_owned(), gas, boundary, line_unit, class);
        let same = |text: &str| Message {
            zh: text.to_owned(),
            en: text.to_owned(),
        };
        if let Some(known) = self.keys.get(&key) {
            let title = &mut self.used[*known].listed.title;
            // one factor for several activities is named after its source
            if title.zh != activity {
                *title = same(source);
            }
            return Ok(*known);
        }
        self.own_factors += 1;
        let number = self.own_factors;
        let index = self.add(
            key,
            Used {
                listed: ParameterUse {
                    id: format!("own.{number}"),
                    title: same(activity),
                    value,
                    unit: format!("kg{gas}/{line_unit}"),
                    source: same(source),
                    clause: factor::CLAUSE.to_owned(),
                    assumed: true,
                    stale: false,
                },
                unit: line_unit,
                gas: if gas == "CO2" { Gas::Co2 } else { Gas::Co2e },
                boundary: Boundary::find(boundary).unwrap_or(Boundary::Lifecycle),
                subject: if class == "electricity" || class == "heat" {
                    class
                } else {
                    ""
                },
                place: "",
                tier: None,
                u_percent: None,
                year: None,
                other_year: None,
                year_named_for_all: false,
                activity_year: self.frame.event_year,
                rf_not_separable: false,
                calibre: None,
            },
        );
        Ok(index)
    }

    fn add(&mut self, key: Key, used: Used) -> usize {
        let index = self.used.len();
        self.used.push(used);
        self.keys.insert(key, index);
        index
    }

    /// A factor of the table and its class.
    fn table_factor(
        &mut self,
        row: &Row,
        choice: &'static str,
        calibre: Option<Calibre>,
    ) -> Result<(usize, &'static str), InputError> {
        let found = match calibre {
            None => factor::find(choice),
            Some(calibre) => {
                let own = row.text(self.places.province);
                let written = if own.is_empty() {
                    self.frame.province.as_str()
                } else {
                    own
                };
                let (found, stand_in) = factor::electricity(calibre, written);
                if let Some(reason) = stand_in {
                    self.seen
                        .stand_ins
                        .entry((reason, written.to_owned()))
                        .or_default()
                        .push(row.line);
                }
                found
            }
        };
        let found = found.ok_or_else(|| at(row, "factor", "required"))?;
        let index = self.edition(row, found, calibre)?;
        Ok((index, found.class))
    }

    /// The edition of a factor for a line, listed once.
    fn edition(
        &mut self,
        row: &Row,
        found: &'static factor::Factor,
        calibre: Option<Calibre>,
    ) -> Result<usize, InputError> {
        let activity_year = year(row, self.places.activity_year).unwrap_or(self.frame.event_year);
        let of_line = year(row, self.places.factor_year);
        let named = of_line.or(self.frame.factor_year);
        let key = Key::Table(found.code, activity_year, named);
        if let Some(known) = self.keys.get(&key) {
            return Ok(*known);
        }
        let wanted = Wanted {
            year: activity_year,
            named,
            on: self.frame.on,
            radiative_forcing: self.frame.radiative_forcing,
        };
        let Some(chosen) = found.choose(wanted, self.frame.set) else {
            return Err(at(row, "factor", "event_factor_not_published")
                .with("zh", found.title.zh)
                .with("en", found.title.en)
                .with("on", day::to_text(self.frame.on)));
        };
        let Chosen {
            used: listed,
            year,
            tier,
            u_percent,
            rf_not_separable,
            other_year,
        } = chosen;
        Ok(self.add(
            key,
            Used {
                listed,
                unit: found.unit,
                gas: found.gas,
                boundary: found.boundary,
                subject: found.subject,
                place: found.place,
                tier: Some(tier),
                u_percent,
                year: Some(year),
                other_year,
                year_named_for_all: of_line.is_none(),
                activity_year,
                rf_not_separable,
                calibre,
            },
        ))
    }

    /// Factors of operation and of a life do not meet in one subject, unless that was acknowledged.
    fn check_boundary(&mut self, row: &Row, index: usize) -> Result<(), InputError> {
        let used = &self.used[index];
        if used.subject.is_empty() || used.boundary.family() == Family::Addition {
            return Ok(());
        }
        let (first, boundary) = *self
            .subjects
            .entry(used.subject)
            .or_insert((row.line, used.boundary));
        if boundary.family() == used.boundary.family() {
            return Ok(());
        }
        if self.frame.mixing_acknowledged {
            self.seen.mixed.push(row.line);
            return Ok(());
        }
        Err(at(row, "factor", "event_boundary_mixed")
            .with("first", first)
            .with("zh", boundary.text().zh)
            .with("en", boundary.text().en)
            .with("other_zh", used.boundary.text().zh)
            .with("other_en", used.boundary.text().en))
    }

    /// The market-based side of a line with a factor of a grid.
    fn market(
        &mut self,
        row: &Row,
        calibre: Option<Calibre>,
        quantity: Decimal,
        ratio: (u32, u32),
    ) -> Result<Option<Market>, InputError> {
        let certificates_kwh = row.number(self.places.certificate_kwh).unwrap_or_default();
        let proof = row.text(self.places.certificate_proof);
        if calibre.is_none() {
            return if certificates_kwh.is_zero() {
                Ok(None)
            } else {
                Err(at(row, "certificate_kwh", "event_certificates_not_grid"))
            };
        }
        let kwh = quantity
            .checked_mul(Decimal::from(ratio.0))
            .ok_or_else(|| at(row, "quantity", "amount_too_large"))?;
        if certificates_kwh > kwh {
            return Err(at(row, "certificate_kwh", "event_certificates_exceed")
                .with("max", kwh.normalize()));
        }
        if !certificates_kwh.is_zero() {
            if proof.is_empty() {
                return Err(at(row, "certificate_proof", "required"));
            }
            if self.proofs.insert(proof.to_owned(), row.line).is_some() {
                self.seen.proofs_again.push(row.line);
            }
        }
        // the residual factor of the same year by the same rule
        let residual = factor::electricity(Calibre::Residual, "").0;
        let residual = residual.ok_or_else(|| at(row, "factor", "required"))?;
        let factor = self.edition(row, residual, Some(Calibre::Residual))?;
        Ok(Some(Market {
            factor,
            kwh,
            certificates_kwh,
        }))
    }
}

fn is_fuel(class: &str) -> bool {
    class == "fossil_fixed" || class == "fossil_mobile"
}
