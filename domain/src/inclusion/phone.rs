//! Mobile numbers of the mainland of China as the name under which one signs in.
//!
//! A mobile number has eleven digits and begins with 13 to 19; +86 is the country code. This follows the numbering plan for
//! telecommunication networks of the Ministry of Industry and Information Technology (电信网编号计划, 2017 edition) as it is generally
//! known: its text was not at hand, so no single range of an operator is asked for.

use crate::refusal::{Refusal, codes};
use crate::text::narrow;

/// A mobile number in the one form in which it is kept: `+8613800138000`. Reads digits of any width with blanks and hyphens between them,
/// with `+86`, `0086`, `86` or nothing in front. Refused at `field`: empty, or anything else (`mobile_invalid`).
pub fn read(field: &str, typed: &str) -> Result<String, Refusal> {
    let typed = narrow(typed);
    if typed.is_empty() {
        return Err(Refusal::new(codes::REQUIRED).at(field));
    }
    normal(&typed).ok_or_else(|| Refusal::new(codes::MOBILE_INVALID).at(field))
}

/// The same for somebody who signs in: `None` where it is no mobile number.
pub fn normal(typed: &str) -> Option<String> {
    let plain: String = narrow(typed)
        .chars()
        .filter(|one| !one.is_whitespace() && *one != '-')
        .collect();
    let number = ["+86", "0086", "86"]
        .iter()
        .find_map(|front| plain.strip_prefix(front))
        .unwrap_or(&plain);
    let digits = number.len() == 11 && number.bytes().all(|one| one.is_ascii_digit());
    let mobile = number.starts_with('1') && matches!(number.as_bytes().get(1), Some(b'3'..=b'9'));
    (digits && mobile).then(|| format!("+86{number}"))
}

/// A number of which only the ends are shown: `138****8000`.
pub fn masked(phone: &str) -> String {
    let number = phone.strip_prefix("+86").unwrap_or(phone);
    match (
        number.get(..3),
        number.get(number.len().saturating_sub(4)..),
    ) {
        (Some(head), Some(tail)) if number.len() == 11 => format!("{head}****{tail}"),
        _ => String::from("****"),
    }
}
