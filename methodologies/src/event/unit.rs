//! Units of activities and the exact ratio between two of the same kind.

use rust_decimal::Decimal;

use crate::schema::Choice;
use crate::text::text;

/// What kind of amount a unit measures; only units of one kind can be converted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Energy,
    Mass,
    Volume,
    PassengerDistance,
    VehicleDistance,
    Freight,
    Area,
    Time,
    RoomNight,
    Meal,
    Piece,
    Flight,
    Person,
}

/// A unit: code, kind, how many of the smallest unit of its kind.
struct Unit(&'static str, Kind, u32);

const UNITS: [Unit; 19] = [
    Unit("kWh", Kind::Energy, 18),
    Unit("MWh", Kind::Energy, 18_000),
    Unit("GJ", Kind::Energy, 5_000),
    Unit("g", Kind::Mass, 1),
    Unit("kg", Kind::Mass, 1_000),
    Unit("t", Kind::Mass, 1_000_000),
    Unit("l", Kind::Volume, 1),
    Unit("m3", Kind::Volume, 1_000),
    Unit("pkm", Kind::PassengerDistance, 1),
    Unit("vkm", Kind::VehicleDistance, 1),
    Unit("tkm", Kind::Freight, 1),
    Unit("m2", Kind::Area, 1),
    Unit("h", Kind::Time, 1),
    Unit("d", Kind::Time, 24),
    Unit("room_night", Kind::RoomNight, 1),
    Unit("meal", Kind::Meal, 1),
    Unit("piece", Kind::Piece, 1),
    Unit("flight", Kind::Flight, 1),
    Unit("person", Kind::Person, 1),
];

/// What may be written in the column `unit`.
pub(super) static CHOICES: [Choice; 19] = [
    choice("kWh", "千瓦时", "kilowatt-hour"),
    choice("MWh", "兆瓦时", "megawatt-hour"),
    choice("GJ", "吉焦", "gigajoule"),
    choice("g", "克", "gram"),
    choice("kg", "千克", "kilogram"),
    choice("t", "吨", "tonne"),
    choice("l", "升", "litre"),
    choice("m3", "立方米", "cubic metre"),
    choice("pkm", "人公里", "passenger-km"),
    choice("vkm", "车公里", "vehicle-km"),
    choice("tkm", "吨公里", "tonne-km"),
    choice("m2", "平方米", "square metre"),
    choice("h", "小时", "hour"),
    choice("d", "天", "day"),
    choice("room_night", "间夜", "room-night"),
    choice("meal", "份（餐）", "meal"),
    choice("piece", "件", "piece"),
    choice("flight", "架次（人）", "flight (per passenger)"),
    choice("person", "人", "person"),
];

const fn choice(value: &'static str, zh: &'static str, en: &'static str) -> Choice {
    Choice {
        value,
        text: text(zh, en),
    }
}

/// How many `to` one `from` is, as a fraction; `None`: they measure different things.
pub(super) fn ratio(from: &str, to: &str) -> Option<(u32, u32)> {
    let find = |code: &str| UNITS.iter().find(|unit| unit.0 == code);
    let (from, to) = (find(from)?, find(to)?);
    if from.1 != to.1 {
        return None;
    }
    let mut common = (from.2, to.2);
    while common.1 != 0 {
        common = (common.1, common.0 % common.1);
    }
    Some((from.2 / common.0, to.2 / common.0))
}

/// Between what a factor per unit, in kg, is credible; outside mostly a decimal point or a unit is wrong. `None`: no such unit.
pub(super) fn plausible(unit: &str) -> Option<(Decimal, Decimal)> {
    let (low, high) = match unit {
        "kWh" => (Decimal::new(1, 3), Decimal::new(12, 1)),
        "MWh" => (Decimal::ONE, Decimal::from(1_200)),
        "GJ" | "room_night" => (Decimal::ONE, Decimal::from(200)),
        "g" => (Decimal::ZERO, Decimal::from(30)),
        "kg" => (Decimal::new(1, 3), Decimal::from(30_000)),
        "t" => (Decimal::new(1, 3), Decimal::from(30_000_000)),
        "l" => (Decimal::new(1, 4), Decimal::from(5)),
        "m3" => (Decimal::new(1, 2), Decimal::from(10)),
        "pkm" => (Decimal::new(1, 3), Decimal::ONE),
        "vkm" => (Decimal::new(1, 2), Decimal::from(3)),
        "tkm" => (Decimal::new(1, 3), Decimal::from(6)),
        "m2" => (Decimal::new(1, 2), Decimal::from(1_000)),
        "h" => (Decimal::new(1, 3), Decimal::from(1_000)),
        "d" | "flight" | "person" => (Decimal::new(1, 2), Decimal::from(10_000)),
        "meal" => (Decimal::new(1, 1), Decimal::from(30)),
        "piece" => (Decimal::new(1, 4), Decimal::from(10_000)),
        _ => return None,
    };
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_one_kind_convert_exactly_and_others_not_at_all() {
        assert_eq!(ratio("kWh", "kWh"), Some((1, 1)));
        assert_eq!(ratio("MWh", "kWh"), Some((1000, 1)));
        // 1 kWh = 0.0036 GJ
        assert_eq!(ratio("kWh", "GJ"), Some((9, 2500)));
        assert_eq!(ratio("GJ", "kWh"), Some((2500, 9)));
        assert_eq!(ratio("kg", "t"), Some((1, 1000)));
        assert_eq!(ratio("m3", "l"), Some((1000, 1)));
        for (from, to) in [("l", "kg"), ("vkm", "pkm"), ("kWh", "kg"), ("", "kg")] {
            assert_eq!(ratio(from, to), None, "{from} {to}");
        }
    }

    #[test]
    fn every_unit_can_be_chosen_and_has_a_plausible_range() {
        for unit in UNITS {
            assert!(CHOICES.iter().any(|choice| choice.value == unit.0));
            let (low, high) = plausible(unit.0).unwrap();
            assert!(low < high);
        }
        for factor in super::super::factor::all() {
            assert!(ratio(factor.unit, factor.unit).is_some(), "{}", factor.code);
        }
    }
}
