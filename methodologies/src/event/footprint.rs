//! The calculation `event/footprint`.
//!
//! Each line is quantity × share × factor, rounded up once to the milligram; sums are exact; the total is rounded up to the whole
//! tonnes that are to be neutralised. Uncertainty by the first approach of IPCC: quantities are independent of each other, lines
//! with the same factor share its error, so that cutting a line into thousands does not make it smaller.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};

use super::checklist;
use super::fields::{self, FIELDS};
use super::read::{self, Entry, Inventory, Used};
use super::result::{DeMinimis, Electricity, Footprint, Line, Part, Source};
use super::{advice, factor, notes};
use crate::ccer::working::{StepText, Working};
use crate::exact::TooManyDigits;
use crate::input::{InputError, Reader};
use crate::parameter::Parameters;
use crate::schema::Choice;
use crate::text::{Message, Text, text};

/// How many of the largest sources get advice.
const ADVISED: usize = 5;

/// The footprint of an inventory: the fields of [`schema`](super::schema), leaves may be strings. On refusal every error found,
/// each at the dotted path of its field; in the inventory `lines.17.quantity`, where the header is line 1.
pub fn footprint(input: &Value, set: &Parameters) -> Result<Footprint, Vec<InputError>> {
    let mut reader = Reader::new(input, &FIELDS);
    let inventory = read::read(&mut reader, set);
    let inventory = reader.finish(inventory)?;
    compute(&inventory, set).map_err(|error| vec![error])
}

/// Milligrams in a kilogram.
const MILLIGRAMS: i128 = 1_000_000;
/// Milligrams in a tonne.
const MILLIGRAMS_PER_TONNE: i128 = 1_000_000_000;

/// Quantity × ratio of units × share × factor, rounded up to the milligram.
fn milligrams(
    quantity: Decimal,
    ratio: (u32, u32),
    share: Decimal,
    value: Decimal,
) -> Result<i128, TooManyDigits> {
    let numbers = [quantity.normalize(), share.normalize(), value.normalize()];
    // the share is in percent
    let mut scale = 2;
    let mut product = MILLIGRAMS;
    for number in numbers {
        scale += number.scale();
        product = product
            .checked_mul(number.mantissa())
            .ok_or(TooManyDigits)?;
    }
    let product = product
        .checked_mul(i128::from(ratio.0))
        .ok_or(TooManyDigits)?;
    let divisor = 10_i128
        .checked_pow(scale)
        .and_then(|unit| unit.checked_mul(i128::from(ratio.1)))
        .ok_or(TooManyDigits)?;
    Ok(rounded_up(product, divisor))
}

/// The smallest whole number that is not smaller than the quotient of two numbers that are not negative.
fn rounded_up(number: i128, divisor: i128) -> i128 {
    let quotient = number / divisor;
    if number % divisor == 0 {
        quotient
    } else {
        quotient + 1
    }
}

/// Milligrams as kilograms.
fn kilograms(milligrams: i128) -> Result<Decimal, TooManyDigits> {
    Decimal::try_from_i128_with_scale(milligrams, 6)
        .map(|kilograms| kilograms.normalize())
        .map_err(|_| TooManyDigits)
}

/// A part of the whole as a fraction of one, 14 digits; 0 of nothing.
fn fraction(part: i128, whole: i128) -> Result<Decimal, TooManyDigits> {
    if whole == 0 {
        return Ok(Decimal::ZERO);
    }
    let (part, whole) = (kilograms(part)?, kilograms(whole)?);
    part.checked_div(whole)
        .map(|fraction| fraction.round_dp(14))
        .ok_or(TooManyDigits)
}

/// A share in percent as it is shown.
fn percent(part: i128, whole: i128) -> Result<Decimal, TooManyDigits> {
    Ok((fraction(part, whole)? * Decimal::ONE_HUNDRED)
        .round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
        .normalize())
}

/// An uncertainty as it is shown: never smaller than it is.
fn shown(uncertainty: Decimal) -> Decimal {
    uncertainty
        .round_dp_with_strategy(2, RoundingStrategy::AwayFromZero)
        .normalize()
}

/// The square root of a sum of squares.
fn root(sum_of_squares: Decimal) -> Result<Decimal, TooManyDigits> {
    crate::ccer::square_root(sum_of_squares)
}

/// A line with its amount.
pub(super) struct Amount<'a> {
    pub entry: &'a Entry,
    /// The factor that counts in the total.
    pub used: usize,
    pub mg: i128,
    /// Percent.
    u_activity: Decimal,
    u_factor: Decimal,
}

/// Lines of one class with one factor.
pub(super) struct Group {
    pub class: &'static str,
    pub used: usize,
    pub first_line: usize,
    pub lines: usize,
    pub mg: i128,
    /// Sum of the squares of u × share of the total, quantities.
    squares: Decimal,
    /// Sum of u × share of the total, factor.
    factor: Decimal,
    /// Every quantity is an estimate.
    pub only_estimates: bool,
}

fn compute(inventory: &Inventory, set: &Parameters) -> Result<Footprint, InputError> {
    let mut working = Working::new(set);
    let (amounts, electricity) = amounts(inventory, &mut working)?;
    let total_mg = amounts.iter().map(|amount| amount.mg).sum::<i128>();
    let (groups, uncertainty) = groups(inventory, &amounts, total_mg)?;
    let mut listed = BTreeSet::new();
    for group in &groups {
        let used = &inventory.used[group.used].listed;
        if listed.insert(used.id.as_str()) {
            working.parameters.push(used.clone());
        }
    }
    let on = inventory.accounted_on;
    let limits = [
        working.number("event.de_minimis.source", on, "accounted_on")?,
        working.number("event.de_minimis.total", on, "accounted_on")?,
    ];
    let (sources, de_minimis) = sources(inventory, &groups, total_mg, limits)?;
    let upper = Decimal::ONE + uncertainty / Decimal::ONE_HUNDRED;
    let neutralise_t = tonnes(total_mg)?;
    let total_kg = kilograms(total_mg)?;
    let upper_t =
        (total_kg.checked_mul(upper).ok_or(TooManyDigits)? / Decimal::ONE_THOUSAND).ceil();
    let mut footprint = Footprint {
        calculator: super::CALCULATOR.to_owned(),
        parameter_set: set.set,
        from: inventory.from,
        to: inventory.to,
        accounted_on: inventory.accounted_on,
        total_kg,
        neutralise_t,
        per_head_kg: match inventory.people {
            None => None,
            Some(people) => Some(
                total_kg
                    .checked_div(Decimal::from(people))
                    .ok_or(TooManyDigits)?
                    .round_dp_with_strategy(3, RoundingStrategy::AwayFromZero)
                    .normalize(),
            ),
        },
        people: inventory.people,
        uncertainty_percent: shown(uncertainty),
        upper_t: i64::try_from(upper_t).map_err(|_| TooManyDigits)?,
        electricity,
        by_stage: by_choice(&fields::STAGES, &amounts, total_mg, |amount| {
            amount.entry.stage
        })?,
        by_class: by_choice(&fields::CLASSES, &amounts, total_mg, |amount| {
            amount.entry.class
        })?,
        by_scope: by_scope(&amounts, total_mg)?,
        by_boundary: by_boundary(inventory, &amounts, total_mg)?,
        by_gas: by_gas(inventory, &amounts, total_mg)?,
        by_quality: by_choice(&fields::QUALITIES, &amounts, total_mg, |amount| {
            amount.entry.quality
        })?,
        sources,
        de_minimis,
        lines: lines(inventory, &amounts)?,
        parameters: Vec::new(),
        steps: Vec::new(),
        notes: Vec::new(),
    };
    steps(inventory, &amounts, &groups, &footprint, &mut working)?;
    notes::add(inventory, &groups, &footprint, &mut working);
    footprint.parameters = working.parameters;
    footprint.steps = working.steps;
    footprint.notes = working.notes;
    Ok(footprint)
}

/// Whole tonnes, rounded up.
fn tonnes(milligrams: i128) -> Result<i64, TooManyDigits> {
    i64::try_from(rounded_up(milligrams, MILLIGRAMS_PER_TONNE)).map_err(|_| TooManyDigits)
}

/// Every line with its amount, and electricity by both methods.
fn amounts<'a>(
    inventory: &'a Inventory,
    working: &mut Working<'_>,
) -> Result<(Vec<Amount<'a>>, Electricity), InputError> {
    let mut defaults = Defaults::default();
    let mut amounts = Vec::with_capacity(inventory.entries.len());
    let (mut location, mut market) = (0, 0);
    let (mut kwh, mut certificates) = (Decimal::ZERO, Decimal::ZERO);
    for entry in &inventory.entries {
        let too_large =
            |_| InputError::new(format!("lines.{}.quantity", entry.line), "amount_too_large");
        let used = &inventory.used[entry.factor];
        let by_place = milligrams(entry.quantity, entry.ratio, entry.share, used.listed.value)
            .map_err(too_large)?;
        let mut amount = (entry.factor, by_place);
        if let Some(of_market) = &entry.market {
            let rest = of_market.kwh - of_market.certificates_kwh;
            let residual = inventory.used[of_market.factor].listed.value;
            let by_market = milligrams(rest, (1, 1), entry.share, residual).map_err(too_large)?;
            location += by_place;
            market += by_market;
            kwh += of_market.kwh * entry.share / Decimal::ONE_HUNDRED;
            certificates += of_market.certificates_kwh * entry.share / Decimal::ONE_HUNDRED;
            if inventory.market {
                amount = (of_market.factor, by_market);
            }
        }
        let used = &inventory.used[amount.0];
        let u_activity = match entry.u_activity {
            Some(own) => own,
            None => defaults.of_quality(entry.quality, inventory, working)?,
        };
        let u_factor = match entry.u_factor.or(used.u_percent) {
            Some(known) => known,
            None => defaults.of_factor(used, inventory, working)?,
        };
        amounts.push(Amount {
            entry,
            used: amount.0,
            mg: amount.1,
            u_activity,
            u_factor,
        });
    }
    let electricity = Electricity {
        method: if inventory.market {
            "market"
        } else {
            "location"
        }
        .to_owned(),
        kwh: kwh.normalize(),
        certificates_kwh: certificates.normalize(),
        location_kg: kilograms(location)?,
        market_kg: kilograms(market)?,
    };
    Ok((amounts, electricity))
}

/// Default uncertainties, each looked up once.
#[derive(Default)]
struct Defaults(BTreeMap<String, Decimal>);

impl Defaults {
    fn number(
        &mut self,
        id: String,
        inventory: &Inventory,
        working: &mut Working<'_>,
    ) -> Result<Decimal, InputError> {
        if let Some(known) = self.0.get(&id) {
            return Ok(*known);
        }
        let number = working.number(&id, inventory.accounted_on, "accounted_on")?;
        self.0.insert(id, number);
        Ok(number)
    }

    fn of_quality(
        &mut self,
        quality: &str,
        inventory: &Inventory,
        working: &mut Working<'_>,
    ) -> Result<Decimal, InputError> {
        self.number(format!("event.uncertainty.{quality}"), inventory, working)
    }

    /// That of its tier; an own factor without an uncertainty counts as derived.
    fn of_factor(
        &mut self,
        used: &Used,
        inventory: &Inventory,
        working: &mut Working<'_>,
    ) -> Result<Decimal, InputError> {
        let tier = used.tier.unwrap_or(factor::Tier::E);
        self.number(tier.uncertainty().to_owned(), inventory, working)
    }
}

/// Lines of one class with one factor, largest first, and the combined uncertainty of the total in percent.
fn groups(
    inventory: &Inventory,
    amounts: &[Amount<'_>],
    total_mg: i128,
) -> Result<(Vec<Group>, Decimal), InputError> {
    let mut places: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut groups: Vec<Group> = Vec::new();
    let mut by_factor: BTreeMap<&str, Decimal> = BTreeMap::new();
    let mut squares = Decimal::ZERO;
    for amount in amounts {
        // one edition may have been chosen for activities of several years
        let id = inventory.used[amount.used].listed.id.as_str();
        let key = (id, amount.entry.class);
        let place = *places.entry(key).or_insert_with(|| {
            groups.push(Group {
                class: amount.entry.class,
                used: amount.used,
                first_line: amount.entry.line,
                lines: 0,
                mg: 0,
                squares: Decimal::ZERO,
                factor: Decimal::ZERO,
                only_estimates: true,
            });
            groups.len() - 1
        });
        let group = &mut groups[place];
        let share = fraction(amount.mg, total_mg)?;
        let of_quantity = amount.u_activity * share;
        let of_factor = amount.u_factor * share;
        group.lines += 1;
        group.mg += amount.mg;
        group.squares += of_quantity * of_quantity;
        group.factor += of_factor;
        group.only_estimates &= amount.entry.quality == "estimated";
        squares += of_quantity * of_quantity;
        *by_factor.entry(id).or_default() += of_factor;
    }
    for of_factor in by_factor.values() {
        squares += of_factor * of_factor;
    }
    groups.sort_by(|one, other| (other.mg, one.first_line).cmp(&(one.mg, other.first_line)));
    Ok((groups, root(squares)?))
}

/// Every source, largest first, and what the smallest are together.
fn sources(
    inventory: &Inventory,
    groups: &[Group],
    total_mg: i128,
    [source_limit, total_limit]: [Decimal; 2],
) -> Result<(Vec<Source>, DeMinimis), InputError> {
    let mut sources = Vec::with_capacity(groups.len());
    let (mut cumulative, mut small, mut count) = (0, 0, 0);
    let mut still_small = true;
    for (rank, group) in groups.iter().enumerate().rev() {
        let used = &inventory.used[group.used];
        cumulative += group.mg;
        let share = fraction(group.mg, total_mg)? * Decimal::ONE_HUNDRED;
        let together = fraction(cumulative, total_mg)? * Decimal::ONE_HUNDRED;
        still_small &= share < source_limit && together <= total_limit;
        if still_small {
            small = cumulative;
            count += 1;
        }
        let uncertainty = if group.mg == 0 {
            Decimal::ZERO
        } else {
            let of_total = root(group.squares + group.factor * group.factor)?;
            of_total
                .checked_div(fraction(group.mg, total_mg)?)
                .unwrap_or_default()
                .round_dp(6)
        };
        sources.push(Source {
            class: group.class.to_owned(),
            factor: used.listed.id.clone(),
            title: used.listed.title.clone(),
            lines: group.lines,
            kg: kilograms(group.mg)?,
            share_percent: percent(group.mg, total_mg)?,
            uncertainty_percent: shown(uncertainty),
            cumulative_percent: percent(cumulative, total_mg)?,
            may_be_estimated: still_small,
            advice: (rank < ADVISED)
                .then(|| advice::advice(group.class, used.subject))
                .flatten()
                .map(Message::from),
        });
    }
    sources.reverse();
    let de_minimis = DeMinimis {
        source_limit_percent: source_limit,
        total_limit_percent: total_limit,
        sources: count,
        kg: kilograms(small)?,
        share_percent: percent(small, total_mg)?,
    };
    Ok((sources, de_minimis))
}

/// The sums by a choice, in the order of the choices.
fn by_choice(
    choices: &'static [Choice],
    amounts: &[Amount<'_>],
    total_mg: i128,
    code: impl Fn(&Amount<'_>) -> &'static str,
) -> Result<Vec<Part>, InputError> {
    let names: Vec<(&str, Text)> = choices
        .iter()
        .map(|choice| (choice.value, choice.text))
        .collect();
    parts(&names, amounts, total_mg, |amount| code(amount))
}

fn by_scope(amounts: &[Amount<'_>], total_mg: i128) -> Result<Vec<Part>, InputError> {
    let names = [
        ("1", text("范围一：直接排放", "Scope 1: direct")),
        (
            "2",
            text(
                "范围二：净购入电力与热力",
                "Scope 2: purchased electricity and heat",
            ),
        ),
        ("3", text("范围三：其他间接排放", "Scope 3: other indirect")),
    ];
    parts(&names, amounts, total_mg, |amount| {
        match checklist::scope(amount.entry.class) {
            1 => "1",
            2 => "2",
            _ => "3",
        }
    })
}

fn by_boundary(
    inventory: &Inventory,
    amounts: &[Amount<'_>],
    total_mg: i128,
) -> Result<Vec<Part>, InputError> {
    let names = factor::Boundary::ALL.map(|boundary| (boundary.code(), boundary.text()));
    parts(&names, amounts, total_mg, |amount| {
        inventory.used[amount.used].boundary.code()
    })
}

fn by_gas(
    inventory: &Inventory,
    amounts: &[Amount<'_>],
    total_mg: i128,
) -> Result<Vec<Part>, InputError> {
    let names = [
        ("CO2", text("仅二氧化碳", "CO2 only")),
        ("CO2e", text("全部温室气体", "all greenhouse gases")),
    ];
    parts(&names, amounts, total_mg, |amount| {
        inventory.used[amount.used].gas.code()
    })
}

fn parts<'a>(
    names: &[(&'a str, Text)],
    amounts: &[Amount<'_>],
    total_mg: i128,
    code: impl Fn(&Amount<'_>) -> &'a str,
) -> Result<Vec<Part>, InputError> {
    let mut sums: BTreeMap<&str, i128> = BTreeMap::new();
    for amount in amounts {
        *sums.entry(code(amount)).or_default() += amount.mg;
    }
    let mut parts = Vec::new();
    for (code, title) in names {
        if let Some(mg) = sums.get(code) {
            parts.push(Part {
                code: (*code).to_owned(),
                title: (*title).into(),
                kg: kilograms(*mg)?,
                share_percent: percent(*mg, total_mg)?,
            });
        }
    }
    Ok(parts)
}

fn lines(inventory: &Inventory, amounts: &[Amount<'_>]) -> Result<Vec<Line>, InputError> {
    let mut lines = Vec::with_capacity(amounts.len());
    for amount in amounts {
        let listed = &inventory.used[amount.used].listed;
        let squares = amount.u_activity * amount.u_activity + amount.u_factor * amount.u_factor;
        lines.push(Line {
            line: amount.entry.line,
            kg: kilograms(amount.mg)?,
            factor: listed.id.clone(),
            value: listed.value,
            uncertainty_percent: shown(root(squares)?),
        });
    }
    Ok(lines)
}

/// One step per source, then the total, its uncertainty, the tonnes and the figure per head.
fn steps(
    inventory: &Inventory,
    amounts: &[Amount<'_>],
    groups: &[Group],
    footprint: &Footprint,
    working: &mut Working<'_>,
) -> Result<(), InputError> {
    let step = |symbol, title: Text, formula: &str, unit| StepText {
        symbol,
        title: title.into(),
        clause: factor::CLAUSE.to_owned(),
        formula: formula.to_owned(),
        unit,
    };
    let mut activity: BTreeMap<(&str, &str), Decimal> = BTreeMap::new();
    for amount in amounts {
        let (ratio, quantity) = match (&amount.entry.market, inventory.market) {
            (Some(market), true) => ((1, 1), market.kwh - market.certificates_kwh),
            _ => (amount.entry.ratio, amount.entry.quantity),
        };
        let counted = quantity * amount.entry.share / Decimal::ONE_HUNDRED * Decimal::from(ratio.0)
            / Decimal::from(ratio.1);
        let id = inventory.used[amount.used].listed.id.as_str();
        *activity.entry((id, amount.entry.class)).or_default() += counted;
    }
    for group in groups {
        let used = &inventory.used[group.used];
        let quantity = activity
            .get(&(used.listed.id.as_str(), group.class))
            .copied()
            .unwrap_or_default();
        let line = if group.lines == 1 {
            format!("lines.{}", group.first_line)
        } else {
            String::new()
        };
        let title = StepText {
            symbol: "E_i",
            title: used.listed.title.clone(),
            clause: factor::CLAUSE.to_owned(),
            formula: "Σ AD_i × EF_i".to_owned(),
            unit: "kg",
        };
        working.step(
            &line,
            title,
            &[
                ("AD_i", quantity.round_dp(6), used.unit),
                ("EF_i", used.listed.value, used.listed.unit.as_str()),
            ],
            kilograms(group.mg)?,
        );
    }
    let by_class: Vec<(&str, Decimal, &str)> = footprint
        .by_class
        .iter()
        .map(|part| (part.code.as_str(), part.kg, "kg"))
        .collect();
    working.step(
        "",
        step("E", text("排放总量", "total emissions"), "Σ E_i", "kg"),
        &by_class,
        footprint.total_kg,
    );
    working.step(
        "",
        step(
            "U",
            text("总不确定度", "combined uncertainty"),
            "√(Σ(u_AD,i × E_i)² + Σ(u_EF,k × E_k)²) ÷ E",
            "%",
        ),
        &[
            ("E", footprint.total_kg, "kg"),
            ("n", Decimal::from(amounts.len()), "1"),
        ],
        footprint.uncertainty_percent,
    );
    working.step(
        "",
        step(
            "N",
            text("应抵消的吨数，向上取整", "whole tonnes to neutralise"),
            "⌈E ÷ 1000⌉",
            "tCO2e",
        ),
        &[("E", footprint.total_kg, "kg")],
        Decimal::from(footprint.neutralise_t),
    );
    if let (Some(people), Some(per_head)) = (footprint.people, footprint.per_head_kg) {
        working.step(
            "",
            step("e", text("人均排放", "emissions per head"), "E ÷ P", "kg"),
            &[
                ("E", footprint.total_kg, "kg"),
                ("P", Decimal::from(people), "person"),
            ],
            per_head,
        );
    }
    Ok(())
}

/// A conference of two days with 200 people in Wuhan.
pub(super) fn example() -> Value {
    json!({
        "from": "2025-10-18",
        "to": "2025-10-19",
        "accounted_on": "2026-01-15",
        "province": "湖北",
        "people": "200",
        "mixed_boundaries": "acknowledged",
        "left_out": [{ "class": "fossil_fixed", "reason": "场馆由市政供热，无锅炉与燃气灶具" }],
        "lines": EXAMPLE,
    })
}

const EXAMPLE: &str = "stage,class,activity,quantity,unit,factor,quality,certificate_kwh,certificate_proof\n\
hold,,会场用电,12000,kWh,grid_province,measured,10000,GEC-2025-0001\n\
hold,,会场供热,20,GJ,heat,invoiced,,\n\
hold,fossil_mobile,柴油发电机,100,l,diesel_l,invoiced,,\n\
hold,,高铁往返,160000,pkm,rail_full,registered,,\n\
hold,,国内航班往返,120000,pkm,air_china_full,registered,,\n\
hold,,国际航班往返,180000,pkm,air_long_economy,registered,,\n\
hold,,接驳大巴,8000,pkm,coach,surveyed,,\n\
hold,,酒店住宿,300,room_night,hotel_china,invoiced,,\n\
hold,,会议用餐,800,meal,meal_meat_medium,invoiced,,\n\
prepare,,资料印刷,50,kg,paper,invoiced,,\n\
prepare,,展品运输,1500,tkm,road_diesel_8t,registered,,\n\
close,,垃圾焚烧,0.8,t,waste_incineration,estimated,,\n";

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_line_is_rounded_up_to_the_milligram_and_an_exact_one_is_not_touched() {
        let mg = |quantity, ratio, share, value| {
            milligrams(number(quantity), ratio, number(share), number(value)).unwrap()
        };
        assert_eq!(mg("26.4", (1, 1), "100", "2.94476"), 77_741_664);
        assert_eq!(mg("1", (1, 1), "100", "0.0000001"), 1);
        assert_eq!(mg("0", (1, 1), "100", "0.0000001"), 0);
        assert_eq!(mg("12", (1000, 1), "100", "0.4044"), 4_852_800_000);
        // 1 GJ of electricity at 0.5306 kg/kWh: 147.38888…
        assert_eq!(mg("1", (2500, 9), "100", "0.5306"), 147_388_889);
        assert_eq!(mg("15", (1, 1), "50", "16.2"), 121_500_000);
        assert_eq!(
            milligrams(
                number("1000000000.000001"),
                (1000, 1),
                number("33.33"),
                number("99999.99999999")
            ),
            Err(TooManyDigits)
        );
    }

    #[test]
    fn a_share_of_nothing_is_nothing() {
        assert_eq!(percent(0, 0), Ok(Decimal::ZERO));
        assert_eq!(tonnes(0), Ok(0));
        assert_eq!(tonnes(1), Ok(1));
        assert_eq!(tonnes(MILLIGRAMS_PER_TONNE), Ok(1));
    }
}
