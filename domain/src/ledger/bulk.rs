//! Retirement by file: a table of retirements, each row a certificate, all of them or none.

use std::collections::{BTreeMap, BTreeSet};

use methodologies::schema::{Choice, Column, Kind};
use methodologies::table;
use methodologies::text::text;

use super::account::{AccountKey, AccountKind, HeldBlock};
use super::posting::{Posting, Transfer};
use super::retirement::RetirementRequest;
use crate::id::{ClassId, OrganisationId};
use crate::project_code::ProjectCode;
use crate::refusal::{Refusal, codes};
use crate::serial::{SerialBlock, SerialNumber};
use crate::text::whole_tonnes;

/// Most rows of one file.
pub const BULK_ROWS_MAX: usize = 2_000;
/// Most mistakes of one file that are listed.
const REPORTED_MAX: usize = 200;

const PURPOSES: [Choice; 6] = [
    choice("event", "大型活动碳中和", "Event"),
    choice("organisation", "抵销单位排放", "Organisation"),
    choice("product", "产品碳中和", "Product"),
    choice("public_benefit", "公益性注销", "Public benefit"),
    choice("judicial", "司法注销", "Judicial"),
    choice("voluntary", "自愿注销", "Voluntary"),
];
const KINDS: [Choice; 2] = [
    choice("organisation", "单位", "Organisation"),
    choice("person", "个人", "Person"),
];

const fn choice(value: &'static str, zh: &'static str, en: &'static str) -> Choice {
    Choice {
        value,
        text: text(zh, en),
    }
}

const fn column(
    code: &'static str,
    kind: Kind,
    zh: &'static str,
    en: &'static str,
    help: (&'static str, &'static str),
    required: bool,
) -> Column {
    Column {
        code,
        kind,
        label: text(zh, en),
        help: text(help.0, help.1),
        required,
    }
}

/// The columns of the file.
#[rustfmt::skip]
pub static BULK_COLUMNS: [Column; 9] = [
    column("project", Kind::Text { max: 20 }, "项目编号", "Project code", ("登记的项目编号。填了序列号就不填。", "The code of the registered project. Leave empty where there is a serial number."), false),
    column("vintage", Kind::Text { max: 4 }, "产生年份", "Vintage", ("减排量产生的年份，四位数字。", "The year of generation, four digits."), false),
    column("serial", Kind::Text { max: 60 }, "序列号段", "Serial numbers", ("HT-A210001-2024-1-500：正是这些序号。", "HT-A210001-2024-1-500: exactly these numbers."), false),
    column("quantity", Kind::Text { max: 30 }, "数量", "Tonnes", ("整吨。填了序列号可以不填。", "Whole tonnes. May be left empty where there is a serial number."), false),
    column("purpose", Kind::Choice(&PURPOSES), "用途", "Purpose", ("", ""), true),
    column("purpose_text", Kind::Text { max: 512 }, "用途说明", "Purpose in words", ("大型活动填名称和日期，产品填名称，单位排放填时期，司法注销填文书的机关、文号和日期。", "An event's name and dates, a product's name, the period of an organisation's emissions, issuer, number and day of a judgment."), false),
    column("beneficiary", Kind::Text { max: 200 }, "受益方", "Beneficiary", ("公开。", "Public."), true),
    column("beneficiary_kind", Kind::Choice(&KINDS), "单位或个人", "Organisation or person", ("", ""), true),
    column("beneficiary_uscc", Kind::Text { max: 30 }, "受益方统一社会信用代码", "Beneficiary's credit code", ("个人不填。公开。", "Not of a person. Public."), false),
];

/// A row of the file to begin with, in the order of [`BULK_COLUMNS`]. Its project does not exist: sent as it is, it is refused at its line.
pub fn bulk_example(chinese: bool) -> [&'static str; 9] {
    if chinese {
        [
            "Z910000",
            "2025",
            "",
            "10",
            "大型活动碳中和",
            "示例：某市马拉松，2026-05-01 至 2026-05-02",
            "示例：请改成受益方名称",
            "单位",
            "",
        ]
    } else {
        [
            "Z910000",
            "2025",
            "",
            "10",
            "Event",
            "Example: city marathon, 2026-05-01 to 2026-05-02",
            "Example: write the beneficiary here",
            "Organisation",
            "",
        ]
    }
}

/// What a row takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkSource {
    /// The oldest numbers of a project's vintage.
    Class(ProjectCode, i32),
    /// Exactly these numbers.
    Serial(SerialNumber),
}

impl BulkSource {
    /// Project and vintage: the class it takes from.
    pub fn class(&self) -> (&ProjectCode, i32) {
        match self {
            Self::Class(project, vintage) => (project, *vintage),
            Self::Serial(serial) => (&serial.project, serial.vintage),
        }
    }
}

/// A row of the file, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkRow {
    /// Its line in the file; the header is line 1.
    pub line: usize,
    /// What it takes.
    pub source: BulkSource,
    /// Tonnes.
    pub quantity: i64,
    /// For what and whom.
    pub request: RetirementRequest,
}

/// Reads the file: every mistake at its line and column (`rows.17.quantity`; the header is line 1), or all rows. `personal`: the holder
/// said that the persons in it agree to become public.
pub fn read_bulk(text: &str, personal: bool) -> Result<Vec<BulkRow>, Vec<Refusal>> {
    let refused = |errors: Vec<_>| errors.into_iter().map(Refusal::from).collect::<Vec<_>>();
    let table = table::parse_lines(text, "rows", &BULK_COLUMNS, BULK_ROWS_MAX);
    let (table, errors) = table.map_err(refused)?;
    let mut refusals = refused(errors);
    let unread: BTreeSet<usize> = refusals.iter().map(line_of).collect();
    let mut rows = Vec::with_capacity(table.rows.len());
    for row in table.rows.iter().filter(|row| !unread.contains(&row.line)) {
        let cell = |code: &str| row.text(table.place(code)).trim().to_owned();
        let mut fields = BTreeMap::new();
        for name in [
            "purpose",
            "purpose_text",
            "beneficiary",
            "beneficiary_kind",
            "beneficiary_uscc",
        ] {
            fields.insert(name.to_owned(), cell(name));
        }
        if personal {
            fields.insert("personal".to_owned(), "yes".to_owned());
        }
        let source = read_source(&cell("project"), &cell("vintage"), &cell("serial"));
        let quantity = read_quantity(source.as_ref().ok(), &cell("quantity"));
        let request = RetirementRequest::read(&fields);
        match (source, quantity, request) {
            (Ok(source), Ok(quantity), Ok(request)) => rows.push(BulkRow {
                line: row.line,
                source,
                quantity,
                request,
            }),
            (source, quantity, request) => {
                let mut wrong: Vec<Refusal> = [source.err(), quantity.err()]
                    .into_iter()
                    .flatten()
                    .collect();
                wrong.extend(request.err().unwrap_or_default());
                refusals.extend(wrong.into_iter().map(|one| at_line(one, row.line)));
            }
        }
    }
    if refusals.is_empty() {
        return Ok(rows);
    }
    refusals.sort_by_key(line_of);
    Err(shortened(refusals))
}

/// The same refusal at its line.
fn at_line(refusal: Refusal, line: usize) -> Refusal {
    let place = match refusal.field.as_deref() {
        // one box for the whole file
        Some("personal") => return refusal.with("line", line),
        Some(field) => format!("rows.{line}.{field}"),
        None => format!("rows.{line}"),
    };
    refusal.at(place)
}

fn shortened(mut refusals: Vec<Refusal>) -> Vec<Refusal> {
    // the box is one, however many rows want it
    let mut boxed = false;
    refusals.retain(|one| {
        let is_box = one.field.as_deref() == Some("personal");
        let keep = !(is_box && boxed);
        boxed |= is_box;
        keep
    });
    let more = refusals.len().saturating_sub(REPORTED_MAX);
    refusals.truncate(REPORTED_MAX);
    if more > 0 {
        refusals.push(
            Refusal::new(codes::BULK_MORE_ROWS)
                .at("rows")
                .with("more", more),
        );
    }
    refusals
}

fn read_source(project: &str, vintage: &str, serial: &str) -> Result<BulkSource, Refusal> {
    let by_class = !project.is_empty() || !vintage.is_empty();
    if by_class != serial.is_empty() {
        return Err(Refusal::new(codes::BULK_SOURCE).at("serial"));
    }
    if !serial.is_empty() {
        return SerialNumber::parse(serial)
            .map(BulkSource::Serial)
            .map_err(|refusal| refusal.at("serial"));
    }
    let project = ProjectCode::parse(project).map_err(|refusal| refusal.at("project"))?;
    let year = vintage
        .parse::<i32>()
        .ok()
        .filter(|year| (2000..=2200).contains(year));
    let year = year.ok_or_else(|| Refusal::new(codes::BULK_SOURCE).at("vintage"))?;
    Ok(BulkSource::Class(project, year))
}

fn read_quantity(source: Option<&BulkSource>, typed: &str) -> Result<i64, Refusal> {
    let Some(BulkSource::Serial(serial)) = source else {
        return whole_tonnes("quantity", typed);
    };
    let of_serial = serial.block.quantity();
    if typed.is_empty() {
        return Ok(of_serial);
    }
    let quantity = whole_tonnes("quantity", typed)?;
    if quantity != of_serial {
        return Err(Refusal::new(codes::BULK_QUANTITY_DIFFERS)
            .at("quantity")
            .with("quantity", quantity)
            .with("serial", of_serial));
    }
    Ok(quantity)
}

/// What one row moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowPosting {
    /// The place of the row in the list.
    pub row: usize,
    /// In order: whether it retires, and what moves. Numbers that lie behind a range go to the other sub-account and back, since the ledger
    /// cuts a block at its tail only.
    pub steps: Vec<(bool, Posting)>,
}

/// Finds the numbers of every row among what is held in the general sub-account; ranges first, then the oldest numbers. `classes`: the class
/// of each row, `None` where nothing of the project was issued for the year (`bulk_class_unknown`). Every row that cannot be filled is refused at its line, or all are planned, in the order in which
/// the ledger takes them.
pub fn plan_bulk(
    holder: &OrganisationId,
    held: &[HeldBlock],
    rows: &[BulkRow],
    classes: &[Option<ClassId>],
) -> Result<Vec<RowPosting>, Vec<Refusal>> {
    let mut pool: BTreeMap<ClassId, Vec<SerialBlock>> = BTreeMap::new();
    for one in held {
        pool.entry(one.class.clone()).or_default().push(one.block);
    }
    for blocks in pool.values_mut() {
        blocks.sort_unstable();
        // the lowest numbers are taken first, from the end of the list
        blocks.reverse();
    }
    let mut planned = Vec::with_capacity(rows.len());
    let mut refusals = Vec::new();
    for ranges in [true, false] {
        for (at, row) in rows.iter().enumerate() {
            let range = match &row.source {
                BulkSource::Serial(serial) => Some(serial.block),
                BulkSource::Class(..) => None,
            };
            if range.is_some() != ranges {
                continue;
            }
            let Some(class) = classes.get(at).cloned().flatten() else {
                let field = if ranges { "serial" } else { "project" };
                let (project, vintage) = row.source.class();
                let unknown = Refusal::new(codes::BULK_CLASS_UNKNOWN)
                    .at(field)
                    .with("project", project)
                    .with("vintage", vintage);
                refusals.push(at_line(unknown, row.line));
                continue;
            };
            let mut none = Vec::new();
            let blocks = pool.get_mut(&class).unwrap_or(&mut none);
            let moves = Moves {
                holder,
                class: &class,
            };
            let found = match range {
                Some(range) => moves.range(blocks, range),
                None => moves.oldest(blocks, row.quantity),
            };
            match found {
                Ok(steps) => planned.push(RowPosting { row: at, steps }),
                Err(refusal) => refusals.push(at_line(refusal, row.line)),
            }
        }
    }
    if refusals.is_empty() {
        return Ok(planned);
    }
    refusals.sort_by_key(line_of);
    Err(shortened(refusals))
}

fn line_of(refusal: &Refusal) -> usize {
    let field = refusal.field.as_deref().unwrap_or_default();
    let line = field.split('.').nth(1);
    line.and_then(|line| line.parse().ok()).unwrap_or(0)
}

/// The moves of one holder within one class.
struct Moves<'a> {
    holder: &'a OrganisationId,
    class: &'a ClassId,
}

impl Moves<'_> {
    fn key(&self, kind: AccountKind) -> AccountKey {
        AccountKey {
            holder: self.holder.clone(),
            class: self.class.clone(),
            kind,
        }
    }

    fn one(
        &self,
        from: AccountKind,
        to: AccountKind,
        block: SerialBlock,
        whole: SerialBlock,
    ) -> Transfer {
        Transfer {
            debit: self.key(from),
            credit: self.key(to),
            amount: block.quantity(),
            block,
            cut_from: Some(whole),
        }
    }

    /// The lowest numbers; the last block is cut at its tail.
    fn oldest(
        &self,
        blocks: &mut Vec<SerialBlock>,
        quantity: i64,
    ) -> Result<Vec<(bool, Posting)>, Refusal> {
        let available = blocks
            .iter()
            .map(|block| block.quantity())
            .fold(0, i64::saturating_add);
        if available < quantity {
            return Err(Refusal::new(codes::CREDITS_INSUFFICIENT)
                .at("quantity")
                .with("available", available)
                .with("quantity", quantity));
        }
        let mut transfers = Vec::new();
        let mut wanted = quantity;
        while let Some(whole) = blocks.pop().filter(|_| wanted > 0) {
            let (kept, block) = whole.take_tail(wanted.min(whole.quantity()))?;
            blocks.extend(kept);
            wanted -= block.quantity();
            transfers.push(self.one(AccountKind::Holding, AccountKind::Retired, block, whole));
            if wanted == 0 {
                break;
            }
        }
        Ok(vec![(true, Posting { transfers })])
    }

    /// Exactly these numbers: all of them are held, or the row is refused.
    fn range(
        &self,
        blocks: &mut Vec<SerialBlock>,
        range: SerialBlock,
    ) -> Result<Vec<(bool, Posting)>, Refusal> {
        use AccountKind::{Holding, Retired, Trading};
        let touches =
            |block: &SerialBlock| block.start() <= range.end() && block.end() >= range.start();
        let found: i64 = blocks
            .iter()
            .filter(|block| touches(block))
            .map(|block| block.end().min(range.end()) - block.start().max(range.start()) + 1)
            .sum();
        if found != range.quantity() {
            return Err(Refusal::new(codes::NUMBERS_NOT_HELD)
                .at("serial")
                .with("held", found)
                .with("quantity", range.quantity()));
        }
        let mut steps = Vec::new();
        let mut left = Vec::with_capacity(blocks.len() + 1);
        for whole in blocks.drain(..) {
            if !touches(&whole) {
                left.push(whole);
                continue;
            }
            let taken = SerialBlock::new(
                whole.start().max(range.start()),
                whole.end().min(range.end()),
            )?;
            let behind = SerialBlock::new(taken.end() + 1, whole.end()).ok();
            let before = SerialBlock::new(whole.start(), taken.start() - 1).ok();
            if let Some(behind) = behind {
                let aside = self.one(Holding, Trading, behind, whole);
                steps.push((false, posting(aside)));
            }
            let front = SerialBlock::new(whole.start(), taken.end())?;
            steps.push((true, posting(self.one(Holding, Retired, taken, front))));
            if let Some(behind) = behind {
                let back = self.one(Trading, Holding, behind, behind);
                steps.push((false, posting(back)));
            }
            left.extend(behind);
            left.extend(before);
        }
        *blocks = left;
        Ok(steps)
    }
}

fn posting(one: Transfer) -> Posting {
    Posting {
        transfers: vec![one],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use AccountKind::{Holding, Retired, Trading};

    const HEADER: &str = "project,vintage,serial,quantity,purpose,purpose_text,beneficiary,beneficiary_kind,beneficiary_uscc\n";

    fn read(lines: &str) -> Result<Vec<BulkRow>, Vec<(String, &'static str)>> {
        read_bulk(&[HEADER, lines].concat(), false).map_err(|refusals| {
            let shown = refusals
                .into_iter()
                .map(|refusal| (refusal.field.unwrap_or_default(), refusal.code));
            shown.collect()
        })
    }

    fn holder() -> OrganisationId {
        OrganisationId::from("alice")
    }

    fn held(blocks: &[(i64, i64)]) -> Vec<HeldBlock> {
        let blocks = blocks.iter().map(|(start, end)| HeldBlock {
            class: "c".into(),
            vintage: 2024,
            block: SerialBlock::new(*start, *end).expect("a block"),
        });
        blocks.collect()
    }

    fn plan(
        blocks: &[(i64, i64)],
        lines: &str,
    ) -> Result<Vec<RowPosting>, Vec<(String, &'static str)>> {
        let rows = read(lines).expect("rows");
        let classes = vec![Some(ClassId::from("c")); rows.len()];
        plan_bulk(&holder(), &held(blocks), &rows, &classes).map_err(|refusals| {
            let shown = refusals
                .into_iter()
                .map(|refusal| (refusal.field.unwrap_or_default(), refusal.code));
            shown.collect()
        })
    }

    #[test]
    fn the_example_row_is_read_and_its_project_does_not_exist() {
        for chinese in [true, false] {
            let text = table::template(&BULK_COLUMNS, chinese);
            let cells = bulk_example(chinese).map(|cell| format!("\"{cell}\""));
            let rows = read_bulk(&format!("{text}{}\n", cells.join(",")), false);
            let rows = rows.expect("a row");
            assert_eq!((rows.len(), rows[0].quantity), (1, 10));
            let refused = plan_bulk(&holder(), &[], &rows, &[None]).expect_err("no such class");
            assert_eq!(refused[0].field.as_deref(), Some("rows.2.project"));
        }
    }

    #[test]
    fn a_line_that_cannot_be_read_hides_nothing_about_the_others() {
        let wrong = read(
            "A210001,2024,,5,,,,,\n\
             A210001,2024,,abc,voluntary,,惠碳,organisation,\n\
             A210001,2024,,5,voluntary,,惠碳,organisation,\n",
        );
        let told = wrong.expect_err("refused");
        let lines: Vec<_> = told.iter().map(|(place, _)| place.as_str()).collect();
        assert!(lines.contains(&"rows.2.purpose"), "{lines:?}");
        assert!(lines.contains(&"rows.3.quantity"), "{lines:?}");
    }

    #[test]
    fn every_mistake_is_told_at_its_line() {
        let wrong = read(
            "A210001,2024,,0,voluntary,,惠碳,organisation,\n\
             A210001,2024,HT-A210001-2024-1-5,5,voluntary,,惠碳,organisation,\n\
             ,,HT-A210001-2024-1-5,4,event,,惠碳,organisation,\n\
             A210001,soon,,5,product,瓶装水,惠碳,organisation,9111\n\
             ,,,,voluntary,,张三,person,\n\
             A210001,2024,,5,voluntary,,李四,person,\n",
        );
        let wrong = wrong.expect_err("mistakes");
        let expected = [
            ("rows.2.quantity", codes::QUANTITY_NOT_POSITIVE),
            ("rows.3.serial", codes::BULK_SOURCE),
            ("rows.4.quantity", codes::BULK_QUANTITY_DIFFERS),
            ("rows.4.purpose_text", codes::EVENT_NOT_NAMED),
            ("rows.5.vintage", codes::BULK_SOURCE),
        ];
        for (field, code) in expected {
            assert!(
                wrong.contains(&(field.to_owned(), code)),
                "{field} {code}: {wrong:?}"
            );
        }
        let boxes = wrong.iter().filter(|(field, _)| field == "personal");
        assert_eq!(boxes.count(), 1, "{wrong:?}");
        let other = read_bulk(
            &[HEADER, "A210001,2024,,5,resale,,惠碳,organisation,\n"].concat(),
            true,
        );
        assert!(other.is_err());
        let person = [HEADER, "A210001,2024,,5,自愿注销,,张三,个人,\n"].concat();
        assert_eq!(read_bulk(&person, true).map(|rows| rows.len()), Ok(1));
    }

    #[test]
    fn a_range_inside_a_block_leaves_what_lies_before_and_behind_it() {
        let planned = plan(
            &[(1, 10)],
            ",,HT-A210001-2024-4-6,,voluntary,,惠碳,organisation,\n\
             A210001,2024,,7,voluntary,,惠碳,organisation,\n",
        );
        let planned = planned.expect("a plan");
        let shown: Vec<Vec<(bool, AccountKind, i64, i64)>> = planned
            .iter()
            .map(|row| {
                let steps = row.steps.iter().flat_map(|(retires, posting)| {
                    posting.transfers.iter().map(move |one| {
                        (
                            *retires,
                            one.credit.kind,
                            one.block.start(),
                            one.block.end(),
                        )
                    })
                });
                steps.collect()
            })
            .collect();
        assert_eq!(
            shown,
            [
                vec![
                    (false, Trading, 7, 10),
                    (true, Retired, 4, 6),
                    (false, Holding, 7, 10)
                ],
                vec![(true, Retired, 1, 3), (true, Retired, 7, 10)],
            ]
        );
    }

    #[test]
    fn no_number_is_taken_twice_and_none_that_is_not_held() {
        let range = ",,HT-A210001-2024-4-6,,voluntary,,惠碳,organisation,\n";
        assert_eq!(
            plan(&[(1, 10)], &range.repeat(2)),
            Err(vec![("rows.3.serial".to_owned(), codes::NUMBERS_NOT_HELD)])
        );
        assert_eq!(
            plan(&[(1, 4), (6, 10)], range),
            Err(vec![("rows.2.serial".to_owned(), codes::NUMBERS_NOT_HELD)])
        );
        let planned = plan(&[(1, 4), (5, 10)], range).expect("two blocks");
        let retired: i64 = planned[0]
            .steps
            .iter()
            .filter(|(retires, _)| *retires)
            .map(|(_, posting)| posting.total())
            .sum();
        assert_eq!(retired, 3);
        let row = "A210001,2024,,6,voluntary,,惠碳,organisation,\n";
        assert_eq!(
            plan(&[(1, 10)], &row.repeat(2)),
            Err(vec![(
                "rows.3.quantity".to_owned(),
                codes::CREDITS_INSUFFICIENT
            )])
        );
        let rows = read(row).expect("rows");
        assert!(plan_bulk(&holder(), &held(&[(1, 10)]), &rows, &[None]).is_err());
    }
}
