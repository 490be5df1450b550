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
