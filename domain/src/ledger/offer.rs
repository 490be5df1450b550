//! A listing: a quantity of one class at a price per tonne until a day. It is no exchange: nothing is matched, no price is formed, and the
//! payment is between the parties.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use time::{Date, Duration};

use super::account::AccountKind;
use crate::id::ClassId;
use crate::refusal::{Refusal, codes};
use crate::text::{date, narrow, required_text, whole_tonnes};

/// The highest price of a tonne, yuan times 100: a typing mistake rather than a price above it.
pub const PRICE_FEN_MAX: i64 = 100_000_000;
/// The longest time a listing may stay open, days.
pub const OFFER_DAYS_MAX: i64 = 366;

/// What somebody offers, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferRequest {
    /// The class: one project and one year of generation.
    pub class: ClassId,
    /// The sub-account the credits are taken from.
    pub from: AccountKind,
    /// Tonnes.
    pub quantity: i64,
    /// Yuan times 100 for one tonne, 1..=[`PRICE_FEN_MAX`].
    pub price_fen: i64,
    /// The last day on which it can be reserved.
    pub last_day: Date,
}

impl OfferRequest {
    /// Reads `class`, `from` (`holding` or `trading`), `quantity`, `price` (yuan, at most two decimals) and `last_day` (from `today` on, at
    /// most [`OFFER_DAYS_MAX`] days), or says everything that is wrong.
    pub fn read(fields: &BTreeMap<String, String>, today: Date) -> Result<Self, Vec<Refusal>> {
        let typed = |field: &str| fields.get(field).map_or("", String::as_str);
        let class = required_text("class", typed("class"), 64).map(|id| ClassId::from(id.as_str()));
        let from = AccountKind::from_code(typed("from").trim())
            .filter(|kind| kind.is_free())
            .ok_or_else(|| {
                Refusal::new(codes::CHOICE_INVALID)
                    .at("from")
                    .with("choices", "holding, trading")
            });
        let quantity = whole_tonnes("quantity", typed("quantity"));
        let price = read_price("price", typed("price"));
        let last_day = date("last_day", typed("last_day")).and_then(|day| {
            let latest = today + Duration::days(OFFER_DAYS_MAX);
            if day < today || day > latest {
                return Err(Refusal::new(codes::OFFER_DAY_OUT_OF_RANGE)
                    .at("last_day")
                    .with("from", today)
                    .with("to", latest));
            }
            Ok(day)
        });
        match (class, from, quantity, price, last_day) {
            (Ok(class), Ok(from), Ok(quantity), Ok(price_fen), Ok(last_day)) => Ok(Self {
                class,
                from,
                quantity,
                price_fen,
                last_day,
            }),
            (class, from, quantity, price, last_day) => Err([
                class.err(),
                from.err(),
                quantity.err(),
                price.err(),
                last_day.err(),
            ]
            .into_iter()
            .flatten()
            .collect()),
        }
    }
}

/// Reads a price of one tonne in yuan, digits of any width, at most two decimals: yuan times 100. Refused: empty (`required`), anything
/// that is no such number or lies outside 0.01 yuan ..= [`PRICE_FEN_MAX`] (`price_invalid`).
pub fn read_price(field: &str, typed: &str) -> Result<i64, Refusal> {
    let plain = narrow(typed);
    let plain = plain.trim();
    if plain.is_empty() {
        return Err(Refusal::new(codes::REQUIRED).at(field));
    }
    let digits = plain
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let fen = Some(plain)
        .filter(|_| digits && plain.len() <= 20)
        .and_then(|text| text.parse::<Decimal>().ok())
        .and_then(|yuan| yuan.checked_mul(Decimal::ONE_HUNDRED))
        .filter(Decimal::is_integer)
        .and_then(|fen| i64::try_from(fen).ok())
        .filter(|fen| (1..=PRICE_FEN_MAX).contains(fen));
    fen.ok_or_else(|| {
        Refusal::new(codes::PRICE_INVALID)
            .at(field)
            .with("max", yuan_text(i128::from(PRICE_FEN_MAX)))
    })
}

/// An amount of fen as yuan with two decimals: `4025` is `40.25`.
pub fn yuan_text(fen: i128) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// What a quantity costs at a price, fen.
pub fn total_fen(quantity: i64, price_fen: i64) -> i128 {
    i128::from(quantity) * i128::from(price_fen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date as day;

    #[test]
    fn a_price_is_exact_yuan_with_at_most_two_decimals() {
        for (typed, fen) in [
            ("40", 4_000),
            ("40.5", 4_050),
            ("４０．２５", 4_025),
            ("0.01", 1),
            ("40.250", 4_025),
            ("1000000.00", PRICE_FEN_MAX),
        ] {
            assert_eq!(read_price("price", typed), Ok(fen), "{typed}");
        }
        for typed in [
            "0",
            "0.001",
            "40.255",
            "-1",
            "1e3",
            "1,000",
            "四十",
            "1000000.01",
            "1.2.3",
            ".",
        ] {
            let refused = read_price("price", typed).map_err(|refusal| refusal.code);
            assert_eq!(refused, Err(codes::PRICE_INVALID), "{typed}");
        }
        let empty = read_price("price", " ").map_err(|refusal| refusal.code);
        assert_eq!(empty, Err(codes::REQUIRED));
        assert_eq!(yuan_text(total_fen(3, 4_025)), "120.75");
        assert_eq!(yuan_text(5), "0.05");
    }

    #[test]
    fn an_offer_is_of_free_credits_and_ends_on_a_day_to_come() {
        let today = day!(2026 - 03 - 09);
        let read = |changes: &[(&str, &str)]| {
            let mut fields: BTreeMap<String, String> = [
                ("class", "c1"),
                ("from", "trading"),
                ("quantity", "5"),
                ("price", "40"),
                ("last_day", "2026-03-09"),
            ]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
            for (name, value) in changes {
                fields.insert((*name).to_owned(), (*value).to_owned());
            }
            OfferRequest::read(&fields, today).map_err(|refusals| {
                let codes = refusals.into_iter().map(|refusal| refusal.code);
                codes.collect::<Vec<_>>()
            })
        };
        let request = read(&[]).expect("an offer");
        assert_eq!((request.quantity, request.price_fen), (5, 4_000));
        for (field, value, code) in [
            ("class", "", codes::REQUIRED),
            ("from", "frozen", codes::CHOICE_INVALID),
            ("quantity", "1.5", codes::QUANTITY_NOT_WHOLE),
            ("price", "0", codes::PRICE_INVALID),
            ("last_day", "2026-03-08", codes::OFFER_DAY_OUT_OF_RANGE),
            ("last_day", "2027-03-11", codes::OFFER_DAY_OUT_OF_RANGE),
            ("last_day", "soon", codes::DATE_INVALID),
        ] {
            assert_eq!(read(&[(field, value)]), Err(vec![code]), "{field} {value}");
        }
    }
}
