//! Files of rows that the operator brings in for an admitted provider: the rules of a signed call, each row answered by itself, a record
//! known by its number whichever way it came.

use domain::refusal::codes;
use domain::{Act, Instant, Refusal};
use methodologies::Parameters;
use methodologies::inclusion as scenes;
use methodologies::schema::{Column, Kind};
use methodologies::table::{self, Row, Table};
use methodologies::text::{Text, text};
use serde::{Deserialize, Serialize};

use super::activity::{amount_field, read_times};
use super::call::{CallRow, ROWS_MAX, RowAnswer, RowRefusal, shown, take_in};
use super::view::operator_only;
use crate::perform::{Deed, Done, hash, new_id, perform};
use crate::store::inclusion::desk::{self, ImportLineRow, ImportRow};
use crate::store::inclusion::person as people;
use crate::{By, Error, Fields, Page, PageRequest, Registry, parameter_set};

/// The field of the file's text: errors of its header are at `rows`, `rows.1`.
const FIELD: &str = "rows";

/// The columns of a file of rows; a header may name them by code or title and in any order.
pub const IMPORT_COLUMNS: &[Column] = &[
    column(
        "order",
        text("订单号", "Order number"),
        text(
            "运营方的订单号，一单只计一次",
            "The provider's number of the order: one record counts once",
        ),
    ),
    column(
        "reference",
        text("用户标识", "Reference"),
        text("用户授权时给出的标识", "The name given at the consent"),
    ),
    column(
        "scene",
        text("场景", "Scene"),
        text("场景代码，如 metro", "Code of the scene, such as metro"),
    ),
    column(
        "day",
        text("日期", "Day"),
        text("北京时间，2026-01-31", "Beijing time, 2026-01-31"),
    ),
    column(
        "started",
        text("开始时刻", "Begin"),
        text(
            "HH:MM；计量的出行必填",
            "HH:MM; needed for a trip that counts",
        ),
    ),
    column(
        "ended",
        text("结束时刻", "End"),
        text(
            "HH:MM；早于开始时刻即为次日",
            "HH:MM; before the begin means the next day",
        ),
    ),
    column(
        "region",
        text("地区", "Region"),
        text(
            "地区代码，如 CN-GD-SZ",
            "Code of the region, such as CN-GD-SZ",
        ),
    ),
    column(
        "amount",
        text("数量", "Amount"),
        text(
            "该场景的数量（公里、千克、度等）；按次计的不填",
            "The amount of the scene (km, kg, kWh); empty where acts are counted",
        ),
    ),
    column(
        "meter",
        text("表号", "Meter"),
        text(
            "计量与账单场景必填",
            "Needed where the scene is metered or about a bill",
        ),
    ),
    column(
        "item",
        text("物品编号", "Number of the thing"),
        text(
            "按物品计的场景必填，如手机串号",
            "Needed where a thing counts, such as the IMEI of a phone",
        ),
    ),
    column(
        "campaign",
        text("活动", "Event"),
        text(
            "前往的活动的编号，可不填",
            "The event this trip led to, may be left out",
        ),
    ),
    column(
        "more",
        text("其他字段", "Other fields"),
        text(
            "名称=值，用分号分开",
            "name=value, with semicolons between them",
        ),
    ),
];

const fn column(code: &'static str, label: Text, help: Text) -> Column {
    Column {
        code,
        // what is wrong with a cell is answered at its row, as in a call
        kind: Kind::Text { max: 500 },
        label,
        help,
        required: false,
    }
}

/// The answer to a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReceipt {
    /// The file's report.
    pub id: String,
    /// Rows that are counted now.
    pub accepted: i64,
    /// Rows that had been counted before.
    pub known: i64,
    /// Rows that were refused.
    pub refused: i64,
}

/// A file that was brought in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportView {
    /// Its id.
    pub id: String,
    /// The provider's name.
    pub provider: String,
    /// The name of the file.
    pub file_name: String,
    /// SHA-256 of its text, hexadecimal.
    pub file_hash: String,
    /// Rows that were counted.
    pub accepted: i64,
    /// Rows that had been counted before.
    pub known: i64,
    /// Rows that were refused.
    pub refused: i64,
    /// When.
    pub at: Instant,
}

/// The answer to one line of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportLine {
    /// Its number in the file; the heading is line 1.
    pub line: i64,
    /// `accepted`, `known`, `refused`.
    pub outcome: String,
    /// Why it waits for a look: a code.
    pub waits: Option<String>,
    /// Why it was refused.
    pub refused: Vec<RowRefusal>,
    /// Milligrams of CO2e.
    pub mg: i64,
}

impl Registry {
    /// Takes a file of a provider in: `rows` is the text of its table ([`IMPORT_COLUMNS`]), of 1 to 2,000 lines. Refuses
    /// `provider_unknown` and a table that cannot be read as a whole; everything else is answered row by row and kept as a report. The
    /// same file again finds every row known.
    pub async fn provider_import(
        &self,
        by: &By,
        provider: &str,
        file_name: &str,
        rows: &str,
    ) -> Result<ImportReceipt, Error> {
        let file_hash = hash(&["import", rows]);
        let deed = Deed::by(Act::ProviderImport, by, &(provider, &file_hash))?.long();
        let table = table::parse(rows, FIELD, IMPORT_COLUMNS, ROWS_MAX)
            .map_err(|errors| errors.into_iter().map(Refusal::from).collect::<Vec<_>>())?;
        perform!(self, deed, |tx| {
            let found = people::provider(tx.connection(), provider).await?;
            let found = found
                .filter(|one| one.state == "active")
                .ok_or_else(|| Refusal::new(codes::PROVIDER_UNKNOWN).at("provider"))?;
            let set = parameter_set::in_force(tx.connection()).await?;
            let mut lines = Vec::with_capacity(table.rows.len());
            let (mut calls, mut numbers) = (Vec::new(), Vec::new());
            for row in &table.rows {
                let line = i64::try_from(row.line).unwrap_or(i64::MAX);
                match read(&set, &table, row) {
                    Ok(call) => {
                        calls.push(call);
                        numbers.push(line);
                    }
                    Err(refusal) => {
                        let answer = RowAnswer {
                            order: row.text(table.place("order")).chars().take(100).collect(),
                            accepted: None,
                            refused: vec![shown(&refusal)],
                        };
                        lines.push(line_of(line, &answer)?);
                    }
                }
            }
            let answer = take_in(tx, &found, &calls).await?;
            for (line, answer) in numbers.into_iter().zip(&answer.rows) {
                lines.push(line_of(line, answer)?);
            }
            lines.sort_by_key(|line| line.line);
            let count = |outcome: &str| {
                i64::try_from(lines.iter().filter(|one| one.outcome == outcome).count())
                    .unwrap_or(i64::MAX)
            };
            let new = ImportRow {
                id: new_id(),
                provider_id: found.id.clone(),
                file_name: file_name.chars().take(200).collect(),
                file_hash: file_hash.clone(),
                accepted: count("accepted"),
                known: count("known"),
                refused: count("refused"),
                at: tx.at.0,
                act_id: tx.act.clone(),
            };
            desk::import_insert(tx.connection(), &new).await?;
            desk::import_lines_insert(tx.connection(), &new.id, &lines).await?;
            Ok(Done {
                subject_kind: "provider",
                subject: found.id,
                state: None,
                note: None,
                is_public: false,
                answer: ImportReceipt {
                    id: new.id,
                    accepted: new.accepted,
                    known: new.known,
                    refused: new.refused,
                },
            })
        })
    }

    /// The files, newest first.
    pub async fn imports(&self, by: &By, page: &PageRequest) -> Result<Page<ImportView>, Error> {
        operator_only(by)?;
        let mut connection = self.store.read().await?;
        let rows = desk::imports(&mut connection, page.before(), page.rows() + 1).await?;
        let names = people::providers(&mut connection).await?;
        let rows = rows.into_iter().map(|row| view(row, &names)).collect();
        Ok(Page::cut(rows, page.rows(), |row: &ImportView| {
            row.id.clone()
        }))
    }

    /// One file and the answers to its lines, in their order; `after` of the page is a line. `outcome`: `accepted`, `known`, `refused`,
    /// or empty for all.
    pub async fn import(
        &self,
        by: &By,
        id: &str,
        outcome: &str,
        page: &PageRequest,
    ) -> Result<(ImportView, Page<ImportLine>), Error> {
        operator_only(by)?;
        let mut connection = self.store.read().await?;
        let row = desk::import(&mut connection, id).await?;
        let row = row.ok_or(Error::NotFound)?;
        let after = page.after.as_deref().and_then(|line| line.parse().ok());
        let size = page.rows();
        let (after, more) = (after.unwrap_or(0), size + 1);
        let lines = desk::import_lines(&mut connection, id, outcome, after, more).await?;
        let names = people::providers(&mut connection).await?;
        let lines = lines.into_iter().map(answer_of).collect();
        let lines = Page::cut(lines, size, |line: &ImportLine| line.line.to_string());
        Ok((view(row, &names), lines))
    }
}

fn view(row: ImportRow, names: &[people::ProviderRow]) -> ImportView {
    let name = names.iter().find(|one| one.id == row.provider_id);
    ImportView {
        provider: name.map(|one| one.name.clone()).unwrap_or_default(),
        id: row.id,
        file_name: row.file_name,
        file_hash: row.file_hash,
        accepted: row.accepted,
        known: row.known,
        refused: row.refused,
        at: Instant(row.at),
    }
}

/// A line of the file as a row of a call.
fn read(set: &Parameters, table: &Table, row: &Row) -> Result<CallRow, Refusal> {
    let cell = |code: &str| row.text(table.place(code)).trim();
    let given = |code: &str| Some(cell(code).to_owned()).filter(|text| !text.is_empty());
    let day = domain::text::date("day", cell("day"))?;
    let times = read_times(day, cell("started"), cell("ended"))?;
    let mut amounts = Fields::new();
    if let Some(amount) = given("amount") {
        let scene = scenes::scene_known(set, cell("scene"));
        let field = scene.and_then(|scene| amount_field(scene.measure));
        let field = field.ok_or_else(|| {
            Refusal::new(codes::CHOICE_INVALID)
                .at("amount")
                .with("value", &amount)
        })?;
        amounts.insert(field.to_owned(), amount);
    }
    for pair in cell("more").split([';', '；']).map(str::trim) {
        if pair.is_empty() {
            continue;
        }
        let (name, value) = pair.split_once('=').ok_or_else(|| {
            Refusal::new(codes::CHOICE_INVALID)
                .at("more")
                .with("value", pair.chars().take(40).collect::<String>())
        })?;
        amounts.insert(name.trim().to_owned(), value.trim().to_owned());
    }
    Ok(CallRow {
        order: cell("order").to_owned(),
        reference: cell("reference").to_owned(),
        scene: cell("scene").to_owned(),
        day: Some(day.to_string()),
        started_at: times.map(|(from, _)| from),
        ended_at: times.map(|(_, to)| to),
        region: cell("region").to_owned(),
        meter: given("meter"),
        item: given("item"),
        campaign: given("campaign"),
        amounts,
    })
}

fn line_of(line: i64, answer: &RowAnswer) -> Result<ImportLineRow, Error> {
    let (outcome, reason, mg) = if let Some(one) = &answer.accepted {
        let outcome = if one.known { "known" } else { "accepted" };
        (outcome, one.reason.clone().unwrap_or_default(), one.mg)
    } else {
        let reason = serde_json::to_string(&answer.refused)
            .map_err(|error| Error::Store(format!("answer: {error}")))?;
        ("refused", reason, 0)
    };
    Ok(ImportLineRow {
        line,
        // its place in the file names it; the number itself is not kept
        order_number: String::new(),
        outcome: outcome.to_owned(),
        reason,
        mg,
    })
}

fn answer_of(row: ImportLineRow) -> ImportLine {
    let is_refused = row.outcome == "refused";
    ImportLine {
        line: row.line,
        outcome: row.outcome,
        mg: row.mg,
        refused: if is_refused {
            serde_json::from_str(&row.reason).unwrap_or_default()
        } else {
            Vec::new()
        },
        waits: (!is_refused && !row.reason.is_empty()).then_some(row.reason),
    }
}
