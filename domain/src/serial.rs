//! Blocks of serial numbers. A class (one project, one year of generation) numbers its tonnes 1, 2, 3, …;
//! a block is a run of consecutive numbers, both ends included. Blocks are cut, never renumbered.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::project_code::ProjectCode;
use crate::refusal::{Refusal, codes};

/// A run of consecutive serial numbers, `start..=end`, with `1 <= start <= end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SerialBlock {
    start: i64,
    end: i64,
}

impl SerialBlock {
    /// The block from `start` to `end`, both included; refused (`serial_invalid`) if empty or below 1.
    pub fn new(start: i64, end: i64) -> Result<Self, Refusal> {
        if start < 1 || end < start {
            return Err(Refusal::new(codes::SERIAL_INVALID)
                .with("start", start)
                .with("end", end));
        }
        Ok(Self { start, end })
    }

    /// The first number.
    pub const fn start(self) -> i64 {
        self.start
    }

    /// The last number.
    pub const fn end(self) -> i64 {
        self.end
    }

    /// How many tonnes: always at least 1.
    pub const fn quantity(self) -> i64 {
        self.end - self.start + 1
    }

    /// The next `quantity` numbers of a class of which `issued` are already numbered. Refused if there is
    /// nothing to issue or the numbers would run out.
    pub fn issue(issued: i64, quantity: i64) -> Result<Self, Refusal> {
        let end = issued
            .checked_add(quantity)
            .filter(|_| quantity >= 1 && issued >= 0);
        match end {
            Some(end) => Self::new(issued + 1, end),
            None => Err(Refusal::new(codes::QUANTITY_OUT_OF_RANGE).with("quantity", quantity)),
        }
    }

    /// Takes `quantity` numbers from the **tail**: what stays (if anything) and what leaves. The whole
    /// block leaves unsplit when everything is asked for; more than there is, or less than one, is refused.
    pub fn take_tail(self, quantity: i64) -> Result<(Option<Self>, Self), Refusal> {
        if quantity < 1 {
            return Err(Refusal::new(codes::QUANTITY_NOT_POSITIVE).with("quantity", quantity));
        }
        if quantity > self.quantity() {
            return Err(Refusal::new(codes::QUANTITY_EXCEEDS_BLOCK)
                .with("quantity", quantity)
                .with("available", self.quantity()));
        }
        let cut = self.end - quantity;
        let kept = (cut >= self.start).then_some(Self {
            start: self.start,
            end: cut,
        });
        Ok((
            kept,
            Self {
                start: cut + 1,
                end: self.end,
            },
        ))
    }

    /// Whether the number lies in the block.
    pub const fn contains(self, number: i64) -> bool {
        self.start <= number && number <= self.end
    }

    /// Whether the two blocks share no number.
    pub const fn disjoint(self, other: Self) -> bool {
        self.end < other.start || other.end < self.start
    }
}

/// `start-end`, as in a serial number.
impl fmt::Display for SerialBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.start, self.end)
    }
}

/// A serial number in this platform's own format, `HT-<project code>-<vintage>-<start>-<end>`. It is not
/// the national format, which is not published; always show it with that remark.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct SerialNumber {
    /// The registered project's code.
    pub project: ProjectCode,
    /// The calendar year of generation.
    pub vintage: i32,
    /// The numbers.
    pub block: SerialBlock,
}

impl fmt::Display for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HT-{}-{:04}-{}", self.project, self.vintage, self.block)
    }
}

impl SerialNumber {
    /// Reads a serial number as printed by [`Display`](fmt::Display): exactly that form, without spaces, signs or leading
    /// zeros. Refused: `serial_invalid`, or `project_code_invalid` for the code inside.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let invalid = || {
            let shown: String = text.chars().take(60).collect();
            Refusal::new(codes::SERIAL_INVALID).with("value", shown)
        };
        let parts: Vec<&str> = text.split('-').collect();
        let ["HT", project, vintage, start, end] = parts.as_slice() else {
            return Err(invalid());
        };
        let project = ProjectCode::parse(project)?;
        let number = |part: &str| {
            let plain = part.bytes().all(|byte| byte.is_ascii_digit()) && !part.starts_with('0');
            if plain {
                part.parse::<i64>().ok()
            } else {
                None
            }
        };
        let vintage = number(vintage)
            .and_then(|year| i32::try_from(year).ok())
            .filter(|year| (1000..=9999).contains(year));
        let (Some(vintage), Some(start), Some(end)) = (vintage, number(start), number(end)) else {
            return Err(invalid());
        };
        let block = SerialBlock::new(start, end).map_err(|_| invalid())?;
        Ok(Self {
            project,
            vintage,
            block,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sector::PROJECT_TYPES;

    fn block(start: i64, end: i64) -> SerialBlock {
        SerialBlock::new(start, end).expect("a block")
    }

    #[test]
    fn a_block_has_at_least_one_number_and_begins_at_one_or_later() {
        for (start, end) in [(0, 5), (-3, -1), (6, 5), (i64::MIN, i64::MAX)] {
            assert_eq!(
                SerialBlock::new(start, end).map_err(|r| r.code),
                Err(codes::SERIAL_INVALID),
                "{start} {end}"
            );
        }
        assert_eq!(block(5, 5).quantity(), 1);
        assert_eq!(block(1, i64::MAX).quantity(), i64::MAX);
    }

    #[test]
    fn blocks_contain_and_exclude_numbers_and_each_other() {
        let middle = block(10, 20);
        assert!(
            middle.contains(10)
                && middle.contains(20)
                && !middle.contains(9)
                && !middle.contains(21)
        );
        for (other, disjoint) in [
            (block(1, 9), true),
            (block(21, 30), true),
            (block(1, 10), false),
            (block(12, 13), false),
        ] {
            assert_eq!(
                (middle.disjoint(other), other.disjoint(middle)),
                (disjoint, disjoint),
                "{other}"
            );
        }
    }

    #[test]
    fn issuing_continues_where_the_last_issue_ended_and_never_overflows() {
        assert_eq!(SerialBlock::issue(0, 100), Ok(block(1, 100)));
        assert_eq!(SerialBlock::issue(100, 50), Ok(block(101, 150)));
        for (issued, quantity) in [(0, 0), (0, -1), (-1, 5), (i64::MAX, 1), (1, i64::MAX)] {
            assert_eq!(
                SerialBlock::issue(issued, quantity).map_err(|refusal| refusal.code),
                Err(codes::QUANTITY_OUT_OF_RANGE),
                "{issued} {quantity}"
            );
        }
    }

    #[test]
    fn serial_numbers_are_read_as_printed_and_nothing_else_is() {
        let serial = SerialNumber {
            project: ProjectCode::allocate(&PROJECT_TYPES[1], 1).expect("a code"),
            vintage: 2024,
            block: block(1, 804_345),
        };
        assert_eq!(serial.to_string(), "HT-A210001-2024-1-804345");
        assert_eq!(SerialNumber::parse("HT-A210001-2024-1-804345"), Ok(serial));
        let wrong = [
            "",
            "HT",
            "HT-A210001-2024-1",
            "HT-A210001-2024-1-5-6",
            "HT-A210001-2024-5-1",
            "HT-A210001-2024-0-5",
            "HT-A210001-2024-01-5",
            "HT-A210001-2024--5-5",
            "HT-A210001-24-1-5",
            "XX-A210001-2024-1-5",
            " HT-A210001-2024-1-5",
            "HT-A210001-2024-1-99999999999999999999",
            "HT-A210001-2024-１-5",
            "HT-A210001-99999-1-5",
        ];
        for text in wrong {
            assert_eq!(
                SerialNumber::parse(text).map_err(|refusal| refusal.code),
                Err(codes::SERIAL_INVALID),
                "{text}"
            );
        }
        let code = SerialNumber::parse("HT-a210001-2024-1-5").map_err(|refusal| refusal.code);
        assert_eq!(code, Err(codes::PROJECT_CODE_INVALID));
    }
}
