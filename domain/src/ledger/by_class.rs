//! Tonnes of several classes that move together, each class from the blocks that were chosen or from the oldest.

use std::collections::BTreeMap;

use super::account::HeldBlock;
use crate::id::ClassId;
use crate::refusal::{Refusal, codes};
use crate::serial::SerialBlock;
use crate::text::whole_tonnes;

/// Most blocks that may be chosen of one class: a page shows no more.
pub const BLOCKS_CHOSEN_MAX: usize = 50;

/// What is wanted of one class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassDemand {
    /// The class.
    pub class: ClassId,
    /// Tonnes, at least 1.
    pub tonnes: i64,
    /// The blocks to take them from, as they were shown; empty: the oldest first.
    pub blocks: Vec<SerialBlock>,
}

impl ClassDemand {
    /// Reads `class.<id>` (tonnes; empty or 0: none of it) and `block.<id>.<first>-<last>` (`yes`: only chosen blocks of that class are
    /// used). Refused, at its field: what is no whole number of tonnes, blocks of a class of which nothing is wanted, more than
    /// [`BLOCKS_CHOSEN_MAX`], and what is no block.
    pub fn read_all(fields: &BTreeMap<String, String>) -> Result<Vec<Self>, Vec<Refusal>> {
        let mut refusals = Vec::new();
        let mut chosen: BTreeMap<&str, Vec<SerialBlock>> = BTreeMap::new();
        for (name, _) in fields.iter().filter(|(_, typed)| *typed == "yes") {
            if let Some((class, numbers)) = name
                .strip_prefix("block.")
                .and_then(|rest| rest.rsplit_once('.'))
            {
                match read_block(numbers) {
                    Some(block) => chosen.entry(class).or_default().push(block),
                    None => refusals.push(Refusal::new(codes::STALE_FORM).at(name)),
                }
            }
        }
        let mut wanted = Vec::new();
        for (name, typed) in fields {
            let Some(class) = name.strip_prefix("class.") else {
                continue;
            };
            if ["", "0"].contains(&typed.trim()) {
                continue;
            }
            match whole_tonnes(name, typed) {
                Ok(tonnes) => wanted.push(Self {
                    class: ClassId::from(class),
                    tonnes,
                    blocks: chosen.remove(class).unwrap_or_default(),
                }),
                Err(refusal) => {
                    chosen.remove(class);
                    refusals.push(refusal);
                }
            }
        }
        refusals.extend(
            chosen
                .keys()
                .map(|class| Refusal::new(codes::REQUIRED).at(format!("class.{class}"))),
        );
        refusals.extend(
            wanted
                .iter()
                .filter(|one| one.blocks.len() > BLOCKS_CHOSEN_MAX)
                .map(|one| Refusal::new(codes::STALE_FORM).at(format!("class.{}", one.class))),
        );
        if refusals.is_empty() {
            Ok(wanted)
        } else {
            Err(refusals)
        }
    }

    /// The blocks to take from, of those that are held. Refused (`stale_form`): a chosen one is not held as it was shown, because it was
    /// moved or cut since.
    pub fn among(&self, held: Vec<HeldBlock>) -> Result<Vec<HeldBlock>, Refusal> {
        if self.blocks.is_empty() {
            return Ok(held);
        }
        let (kept, gone): (Vec<_>, Vec<_>) = self
            .blocks
            .iter()
            .map(|block| {
                let of = |one: &&HeldBlock| one.class == self.class && one.block == *block;
                held.iter().find(of).cloned()
            })
            .partition(Option::is_some);
        if gone.is_empty() {
            Ok(kept.into_iter().flatten().collect())
        } else {
            Err(Refusal::new(codes::STALE_FORM).at(format!("class.{}", self.class)))
        }
    }
}

/// `<first>-<last>`.
fn read_block(numbers: &str) -> Option<SerialBlock> {
    let (first, last) = numbers.split_once('-')?;
    SerialBlock::new(first.parse().ok()?, last.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Vec<ClassDemand>, Vec<(&'static str, String)>> {
        let fields = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        ClassDemand::read_all(&fields).map_err(|refusals| {
            let told = refusals.into_iter();
            told.map(|one| (one.code, one.field.unwrap_or_default()))
                .collect()
        })
    }

    fn block(first: i64, last: i64) -> SerialBlock {
        SerialBlock::new(first, last).expect("a block")
    }

    fn held(first: i64, last: i64) -> HeldBlock {
        HeldBlock {
            class: ClassId::from("a"),
            vintage: 2024,
            block: block(first, last),
        }
    }

    #[test]
    fn blocks_are_chosen_for_the_class_that_they_are_of() {
        let wanted = read(&[
            ("block.a.1-5", "yes"),
            ("block.a.9-12", "yes"),
            ("block.b.1-5", ""),
            ("class.a", "6"),
            ("class.b", "2"),
            ("class.c", "0"),
            ("statement", "yes"),
        ]);
        let wanted = wanted.expect("whole");
        assert_eq!(wanted.len(), 2);
        assert_eq!(wanted[0].blocks, [block(1, 5), block(9, 12)]);
        assert_eq!((wanted[1].tonnes, wanted[1].blocks.len()), (2, 0));
    }

    #[test]
    fn a_choice_without_tonnes_or_without_numbers_is_refused_at_its_field() {
        for (typed, code, field) in [
            (("block.a.1-5", "yes"), "required", "class.a"),
            (("class.a", "1.5"), "quantity_not_whole", "class.a"),
            (("block.a.5-1", "yes"), "stale_form", "block.a.5-1"),
            (("block.a.x", "yes"), "stale_form", "block.a.x"),
        ] {
            let refused = read(&[typed]).expect_err(field);
            assert!(
                refused.iter().any(|(at, on)| *at == code && on == field),
                "{typed:?}: {refused:?}"
            );
        }
        let names: Vec<String> = (0..=BLOCKS_CHOSEN_MAX)
            .map(|at| format!("block.a.{}-{}", 2 * at + 1, 2 * at + 1))
            .collect();
        let mut many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "yes")).collect();
        many.push(("class.a", "1"));
        assert!(read(&many).is_err());
    }

    #[test]
    fn only_chosen_blocks_are_used_and_as_they_were_shown() {
        let all = vec![held(1, 5), held(9, 12), held(20, 20)];
        let demand = |blocks: &[SerialBlock]| ClassDemand {
            class: ClassId::from("a"),
            tonnes: 3,
            blocks: blocks.to_vec(),
        };
        assert_eq!(demand(&[]).among(all.clone()), Ok(all.clone()));
        let chosen = demand(&[block(9, 12)]).among(all.clone());
        assert_eq!(chosen, Ok(vec![held(9, 12)]));
        for gone in [block(9, 13), block(10, 12), block(30, 31)] {
            let refused = demand(&[block(1, 5), gone]).among(all.clone());
            assert_eq!(refused.expect_err("gone").code, "stale_form");
        }
    }
}
