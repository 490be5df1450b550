//! Amounts with their unit in the type: one way to read them, one way to write them.
//!
//! Reading is made for people: full-width digits, well-placed thousands separators, spaces around
//! and the amount's own unit are accepted. Whatever could mean two numbers is refused.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// Longest text that is looked at, in bytes; anything longer is refused unread.
pub const TEXT_MAX_BYTES: usize = 200;
/// Most digits before the decimal point.
pub const INTEGER_DIGITS_MAX: usize = 18;
/// Most digits after the decimal point.
pub const DECIMALS_MAX: usize = 10;

/// The unit of a [`Quantity`].
pub trait Unit: Copy {
    /// As written in documents, for example `MWh`.
    const SYMBOL: &'static str;
    /// Other spellings of the same unit that are tolerated behind a number.
    const ALIASES: &'static [&'static str];
}

/// A decimal amount of one unit. Its text and its JSON are the plain number (`"1655202"`), without unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity<U> {
    value: Decimal,
    unit: PhantomData<U>,
}

macro_rules! units {
    ($($(#[$doc:meta])* $name:ident, $quantity:ident = $symbol:literal $(, $alias:literal)*;)+) => {
        /// The units, as types without values.
        pub mod unit {
            $(
                $(#[$doc])*
                #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
                pub struct $name;
                impl super::Unit for $name {
                    const SYMBOL: &'static str = $symbol;
                    const ALIASES: &'static [&'static str] = &[$($alias),*];
                }
            )+
        }
        $($(#[$doc])* pub type $quantity = Quantity<unit::$name>;)+
    };
}

units! {
    /// Electricity in megawatt-hours.
    MegawattHour, MegawattHours = "MWh", "兆瓦时", "MW·h", "MW.h";
    /// Greenhouse gas in tonnes of carbon dioxide equivalent.
    TonneCo2e, TonnesCo2e = "tCO2e", "tCO2", "t", "吨", "吨二氧化碳当量", "tCO₂e", "tCO₂";
    /// Emission factor in tonnes of carbon dioxide per megawatt-hour.
    TonnePerMegawattHour, TonnesPerMegawattHour = "tCO2/MWh", "tCO2e/MWh", "t/MWh", "tCO₂/MWh";
    /// Power in megawatts.
    Megawatt, Megawatts = "MW", "兆瓦";
    /// Distance in kilometres.
    Kilometre, Kilometres = "km", "公里", "千米";
    /// Length or depth in metres.
    Metre, Metres = "m", "米";
    /// A small area in square metres.
    SquareMetre, SquareMetres = "m2", "m²", "平方米", "㎡";
    /// Land in hectares: 10,000 m², 15 mu.
    Hectare, Hectares = "ha", "公顷", "hm2", "hm²";
    /// A length of time in years.
    YearUnit, Years = "a", "年", "years", "year";
    /// A share in percent: `0.2` is 0.2 %.
    PercentUnit, Percent = "%", "％";
    /// Fuel by mass, in tonnes.
    TonneFuel, TonnesFuel = "t", "吨";
    /// Gas by volume, in 10⁴ normal cubic metres.
    TenThousandNormalCubicMetre, TenThousandNormalCubicMetres = "10^4 Nm3", "10⁴Nm³", "10^4Nm3", "万Nm3", "万Nm³", "万标立方米";
    /// Net calorific value in gigajoules per tonne, or per 10⁴ Nm³ for gas.
    GigajoulePerFuelUnit, GigajoulesPerFuelUnit = "GJ/t", "GJ/10^4 Nm3", "GJ/10^4Nm3", "GJ/万Nm3";
    /// Carbon content in tonnes of carbon per gigajoule.
    TonneCarbonPerGigajoule, TonnesCarbonPerGigajoule = "tC/GJ";
    /// A fraction of one, without unit.
    One, Fraction = "1";
    /// A length of time in days.
    DayUnit, Days = "d", "天", "日", "days";
    /// A length of time in hours.
    HourUnit, Hours = "h", "小时", "hours";
    /// A length of time in seconds.
    SecondUnit, Seconds = "s", "秒", "seconds";
    /// Flow of gas in normal cubic metres per hour.
    NormalCubicMetrePerHour, NormalCubicMetresPerHour = "Nm3/h", "Nm³/h", "标立方米每小时";
    /// Heat in gigajoules.
    Gigajoule, Gigajoules = "GJ", "吉焦";
    /// Light per power of a lamp, in lumen per watt.
    LumenPerWatt, LumensPerWatt = "lm/W", "流明每瓦";
    /// Electricity in kilowatt-hours.
    KilowattHour, KilowattHours = "kWh", "度", "千瓦时", "kW·h";
    /// Mass in kilograms.
    Kilogram, Kilograms = "kg", "公斤", "千克";
    /// Volume in litres.
    Litre, Litres = "L", "升";
    /// Colour temperature in kelvin.
    KelvinUnit, Kelvins = "K", "开尔文";
}

impl<U: Unit> Quantity<U> {
    /// Wraps a number that is already in this unit.
    pub const fn new(value: Decimal) -> Self {
        Self {
            value,
            unit: PhantomData,
        }
    }

    /// Zero.
    pub const ZERO: Self = Self::new(Decimal::ZERO);

    /// The bare number.
    pub const fn value(self) -> Decimal {
        self.value
    }

    /// Number and unit, for example `1655202 MWh`.
    pub fn with_unit(self) -> String {
        format!("{} {}", self.value, U::SYMBOL)
    }
}

impl<U: Unit> fmt::Display for Quantity<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.value.normalize(), f)
    }
}

impl<U: Unit> fmt::Debug for Quantity<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.with_unit())
    }
}

impl<U: Unit> FromStr for Quantity<U> {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        let without_unit = strip_unit(text, U::SYMBOL, U::ALIASES)?;
        parse_number(&without_unit).map(Self::new)
    }
}

impl<U: Unit> Serialize for Quantity<U> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, U: Unit> Deserialize<'de> for Quantity<U> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        // a computed amount may have more decimals than a person may type: what was written is read back unchanged
        if let Value::String(text) = &value
            && text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-')
            && let Ok(number) = Decimal::from_str_exact(text)
        {
            return Ok(Self::new(number));
        }
        Self::from_json(&value).map_err(|error| serde::de::Error::custom(error.code()))
    }
}

impl<U: Unit> Quantity<U> {
    /// Reads a JSON string or number.
    pub fn from_json(value: &Value) -> Result<Self, NumberError> {
        match value {
            Value::String(text) => text.parse(),
            Value::Number(number) => json_number_text(number)?.parse(),
            _ => Err(NumberError::NotANumber),
        }
    }
}

/// Why a text is not a number of the wanted unit. Each has its own code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// Nothing was written.
    Empty,
    /// Longer than [`TEXT_MAX_BYTES`].
    TooLong,
    /// Letters or signs that no number has, `NaN`, `∞`.
    NotANumber,
    /// Commas, dots or spaces that could mean two numbers.
    AmbiguousSeparator,
    /// `1e6`.
    Exponent,
    /// More than [`INTEGER_DIGITS_MAX`] digits before the point.
    TooManyDigits,
    /// More than [`DECIMALS_MAX`] digits after the point.
    TooManyDecimals,
    /// A unit other than this amount's own; the unit that was expected.
    WrongUnit(&'static str),
    /// A JSON number with more digits than JSON numbers can be trusted with; send it as a string.
    ImpreciseJson,
}

impl NumberError {
    /// The input error code, one of `input::INPUT_ERRORS`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "number_empty",
            Self::TooLong => "number_too_long",
            Self::NotANumber => "number_not_a_number",
            Self::AmbiguousSeparator => "number_ambiguous_separator",
            Self::Exponent => "number_exponent",
            Self::TooManyDigits => "number_too_many_digits",
            Self::TooManyDecimals => "number_too_many_decimals",
            Self::WrongUnit(_) => "number_wrong_unit",
            Self::ImpreciseJson => "number_imprecise_json",
        }
    }

    /// Values for the text of the code.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLong => vec![("max", TEXT_MAX_BYTES.to_string())],
            Self::TooManyDigits => vec![("max", INTEGER_DIGITS_MAX.to_string())],
            Self::TooManyDecimals => vec![("max", DECIMALS_MAX.to_string())],
            Self::WrongUnit(expected) => vec![("unit", (*expected).to_owned())],
            _ => Vec::new(),
        }
    }
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for NumberError {}

/// The half-width form of full-width digits, letters and signs (`１２３．４，％－`), other characters unchanged.
pub fn half_width(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0).unwrap_or(character),
        '\u{3000}' | '\u{a0}' | '\u{202f}' => ' ',
        '\u{2212}' => '-',
        other => other,
    }
}

/// The text in half-width characters without the amount's own unit and without spaces around.
fn strip_unit(text: &str, symbol: &'static str, aliases: &[&str]) -> Result<String, NumberError> {
    if text.len() > TEXT_MAX_BYTES {
        return Err(NumberError::TooLong);
    }
    let plain: String = text.chars().map(half_width).collect();
    let plain = plain.trim();
    if plain.is_empty() {
        return Err(NumberError::Empty);
    }
    // where the number ends: behind the last digit that is not part of a unit such as "10^4 Nm3"
    let number_end = plain
        .find(|character: char| !(character.is_ascii_digit() || "+-., ".contains(character)))
        .unwrap_or(plain.len());
    if number_end == plain.len() {
        return Ok(plain.to_owned());
    }
    for unit in std::iter::once(&symbol).chain(aliases) {
        let unit: String = unit.chars().map(half_width).collect();
        if let Some(number) = strip_suffix_ignoring_case(plain, &unit) {
            let number = number.trim_end();
            if number
                .chars()
                .next_back()
                .is_some_and(|last| last.is_ascii_digit())
            {
                return Ok(number.to_owned());
            }
        }
    }
    let rest = plain[number_end..].trim();
    let starts_with_digit =
        plain.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
    let exponent = rest.len() > 1
        && rest.starts_with(['e', 'E'])
        && rest[1..]
            .chars()
            .all(|character| character.is_ascii_digit() || "+-".contains(character));
    if starts_with_digit && exponent {
        Err(NumberError::Exponent)
    } else if starts_with_digit
        && number_end > 0
        && !rest.starts_with(['\'', '_', ';', ':', '/', '\\', '"'])
    {
        Err(NumberError::WrongUnit(symbol))
    } else {
        Err(NumberError::NotANumber)
    }
}

fn strip_suffix_ignoring_case<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let start = text.len().checked_sub(suffix.len())?;
    let end = text.get(start..)?;
    if end.eq_ignore_ascii_case(suffix) {
        text.get(..start)
    } else {
        None
    }
}

/// Digits with an optional sign, one decimal point and well-placed thousands separators.
fn parse_number(text: &str) -> Result<Decimal, NumberError> {
    let (negative, unsigned) = match text.as_bytes().first() {
        Some(b'-') => (true, text[1..].trim_start()),
        Some(b'+') => (false, text[1..].trim_start()),
        _ => (false, text),
    };
    if !unsigned.bytes().any(|byte| byte.is_ascii_digit()) || unsigned.contains(['+', '-']) {
        return Err(NumberError::NotANumber);
    }
    if unsigned.contains(' ') {
        return Err(NumberError::AmbiguousSeparator);
    }
    let (integer, decimals) = match unsigned.split_once('.') {
        Some((integer, decimals)) => (integer, Some(decimals)),
        None => (unsigned, None),
    };
    if decimals.is_some_and(|decimals| decimals.contains(['.', ','])) {
        return Err(NumberError::AmbiguousSeparator);
    }
    if decimals == Some("") {
        return Err(NumberError::NotANumber);
    }
    let integer = without_separators(integer)?;
    let decimals = decimals.unwrap_or("");
    if integer.trim_start_matches('0').len() > INTEGER_DIGITS_MAX {
        return Err(NumberError::TooManyDigits);
    }
    if decimals.len() > DECIMALS_MAX {
        return Err(NumberError::TooManyDecimals);
    }
    let digits = format!("{integer}{decimals}");
    let mantissa: i128 = digits.parse().map_err(|_| NumberError::NotANumber)?;
    let scale = u32::try_from(decimals.len()).map_err(|_| NumberError::TooManyDecimals)?;
    let value = Decimal::try_from_i128_with_scale(mantissa, scale)
        .map_err(|_| NumberError::TooManyDigits)?;
    Ok(if negative && !value.is_zero() {
        -value
    } else {
        value
    }
    .normalize())
}

/// `1,655,202` -> `1655202`: the first group has one to three digits and no leading zero, the others three.
fn without_separators(integer: &str) -> Result<String, NumberError> {
    if !integer.contains(',') {
        return Ok(integer.to_owned());
    }
    let groups: Vec<&str> = integer.split(',').collect();
    let well_placed = groups.iter().enumerate().all(|(index, group)| match index {
        0 => (1..=3).contains(&group.len()) && !group.starts_with('0'),
        _ => group.len() == 3,
    });
    if well_placed {
        Ok(groups.concat())
    } else {
        Err(NumberError::AmbiguousSeparator)
    }
}

/// The digits of a JSON number, refused where the JSON reader may already have changed them.
pub(crate) fn json_number_text(number: &serde_json::Number) -> Result<String, NumberError> {
    let text = number.to_string();
    if number.is_i64() || number.is_u64() {
        return Ok(text);
    }
    if text.contains(['e', 'E']) {
        return Err(NumberError::Exponent);
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    // the reader prints whole floats as 5.0, which is exact
    if digits > 15 {
        Err(NumberError::ImpreciseJson)
    } else {
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, &'static str> {
        text.parse::<MegawattHours>()
            .map(|quantity| quantity.to_string())
            .map_err(|error| error.code())
    }

    #[test]
    fn what_people_write_is_understood() {
        for (text, number) in [
            ("1655202", "1655202"),
            ("  1,655,202 ", "1655202"),
            ("１，６５５，２０２．５０", "1655202.5"),
            ("　４２　", "42"),
            ("1655202 MWh", "1655202"),
            ("1655202mwh", "1655202"),
            ("1655202兆瓦时", "1655202"),
            ("-300", "-300"),
            ("−300.5", "-300.5"),
            ("+7", "7"),
            ("-0", "0"),
            ("0.10", "0.1"),
            (".5", "0.5"),
            ("000123", "123"),
            (
                "999999999999999999.9999999999",
                "999999999999999999.9999999999",
            ),
        ] {
            assert_eq!(read(text), Ok(number.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_could_mean_two_things_or_nothing_is_refused_with_its_own_code() {
        for (text, code) in [
            ("", "number_empty"),
            (" 　 ", "number_empty"),
            ("1.655.202", "number_ambiguous_separator"),
            ("1655,202", "number_ambiguous_separator"),
            ("1,65,5202", "number_ambiguous_separator"),
            ("0,123", "number_ambiguous_separator"),
            ("1,5", "number_ambiguous_separator"),
            ("1 655 202", "number_ambiguous_separator"),
            ("1.5,000", "number_ambiguous_separator"),
            (",", "number_not_a_number"),
            ("1,", "number_ambiguous_separator"),
            ("5.", "number_not_a_number"),
            ("1e6", "number_exponent"),
            ("1.5E-3", "number_exponent"),
            ("NaN", "number_not_a_number"),
            ("inf", "number_not_a_number"),
            ("∞", "number_not_a_number"),
            ("--5", "number_not_a_number"),
            ("5-3", "number_not_a_number"),
            ("MWh", "number_not_a_number"),
            ("1'000", "number_not_a_number"),
            ("5 kWh", "number_wrong_unit"),
            ("5 MW", "number_wrong_unit"),
            ("5 万千瓦时", "number_wrong_unit"),
            ("5 %", "number_wrong_unit"),
            ("1234567890123456789", "number_too_many_digits"),
            ("1.12345678901", "number_too_many_decimals"),
        ] {
            assert_eq!(read(text), Err(code), "{text}");
        }
        assert_eq!(read(&"9".repeat(10_000_000)), Err("number_too_long"));
    }

    #[test]
    fn a_unit_that_ends_alike_is_still_another_unit() {
        assert_eq!(
            "30 km".parse::<Metres>().unwrap_err().code(),
            "number_wrong_unit"
        );
        assert_eq!(
            "30 m".parse::<Kilometres>().unwrap_err().code(),
            "number_wrong_unit"
        );
        assert_eq!(
            "200 10^4 Nm3"
                .parse::<TenThousandNormalCubicMetres>()
                .unwrap()
                .to_string(),
            "200"
        );
        assert_eq!(
            "200 万Nm³"
                .parse::<TenThousandNormalCubicMetres>()
                .unwrap()
                .to_string(),
            "200"
        );
        assert_eq!("0.2％".parse::<Percent>().unwrap().to_string(), "0.2");
        assert_eq!(
            "0.5 t/MWh"
                .parse::<TonnesPerMegawattHour>()
                .unwrap()
                .to_string(),
            "0.5"
        );
    }

    #[test]
    fn json_is_the_same_text_and_comes_back_unchanged() {
        let quantity: MegawattHours = "1,655,202.50".parse().unwrap();
        let json = serde_json::to_string(&quantity).unwrap();
        assert_eq!(json, "\"1655202.5\"");
        assert_eq!(
            serde_json::from_str::<MegawattHours>(&json).unwrap(),
            quantity
        );
        assert_eq!(
            serde_json::from_str::<MegawattHours>("1655202.5").unwrap(),
            quantity
        );
        let long = "\"374519.4136986301369863013699\"";
        assert_eq!(
            serde_json::to_string(&serde_json::from_str::<TonnesCo2e>(long).unwrap()).unwrap(),
            long
        );
    }

    #[test]
    fn a_json_number_that_lost_digits_is_refused() {
        let read = |json: &str| {
            MegawattHours::from_json(&serde_json::from_str(json).unwrap())
                .map_err(|error| error.code())
        };
        assert_eq!(read("0.12345678901234567"), Err("number_imprecise_json"));
        assert_eq!(read("1e300"), Err("number_exponent"));
        assert_eq!(read("true"), Err("number_not_a_number"));
    }
}
