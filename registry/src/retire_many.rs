//! Retirement by file: one act, one certificate for each row, all of them or none.

use domain::id::ClassId;
use domain::ledger::{
    AccountKind, BulkRow, BulkSource, HeldBlock, Purpose, RowPosting, plan_bulk, read_bulk,
};
use domain::{Act, Refusal, SerialBlock};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use std::collections::BTreeMap;

use crate::credits::{
    Part, check_for_events, done_by_holder, record_retirement, write_parts, year_of,
};
use crate::order::{self, OrderKind};
use crate::perform::{Deed, Tx, perform};
use crate::store::{ledger, people};
use crate::{By, Error, Fields, Registry};

/// A certificate that a row gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetiredRow {
    /// The row's line in the file; the header is line 1.
    pub line: usize,
    /// The certificate's number.
    pub number: String,
    /// Tonnes.
    pub quantity: i64,
}

/// The answer to a retirement by file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetiredMany {
    /// The certificates in the order of the file; none while the order waits.
    pub rows: Vec<RetiredRow>,
    /// Tonnes of all rows together.
    pub quantity: i64,
    /// The order that waits for the confirming member, if nothing was retired yet.
    pub order: Option<String>,
}

/// A row of the file as it would be retired now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RetirementFileRow {
    /// Its line in the file; the header is line 1.
    pub line: usize,
    /// The project's code.
    pub project_code: String,
    /// The year of generation.
    pub vintage: i32,
    /// The numbers, if the row names them.
    pub serial: Option<String>,
    /// Tonnes.
    pub quantity: i64,
    /// The purpose's code.
    pub purpose: String,
    /// For what.
    pub purpose_text: String,
    /// For whom.
    pub beneficiary: String,
    /// The beneficiary's unified social credit code.
    pub beneficiary_uscc: Option<String>,
}

impl Registry {
    /// Retires credits by a file. Reads `rows` (the table as text, [`domain::ledger::BULK_COLUMNS`]) and `personal` (`yes`: the persons in it
    /// agree to become public). Every mistake is refused at its line (`rows.17.quantity`), and then nothing is retired. Where a member is
    /// confirmer, it becomes an order that waits.
    pub async fn credits_retire_many(
        &self,
        by: &By,
        fields: &Fields,
    ) -> Result<RetiredMany, Error> {
        Deed::check_role(Act::CreditsRetireMany, by)?;
        let deed = Deed::by(Act::CreditsRetireMany, by, fields)?.long();
        let order = FileOrder::read(fields)?;
        perform!(self, deed, |tx| {
            let answer = if order::needs_confirmation(tx, by).await? {
                order.plan(tx.connection(), by).await?;
                let quantity = order.total();
                let waits = order::place(tx, by, OrderKind::Retirement, fields, quantity).await?;
                RetiredMany {
                    rows: Vec::new(),
                    quantity,
                    order: Some(waits),
                }
            } else {
                order.fill(tx, by).await?.0
            };
            Ok(done_by_holder(by, answer))
        })
    }

    /// What a file would retire now, row by row; the same refusals as the act. Nothing is written.
    pub async fn retirement_file_check(
        &self,
        by: &By,
        fields: &Fields,
    ) -> Result<Vec<RetirementFileRow>, Error> {
        Deed::check_role(Act::CreditsRetireMany, by)?;
        let order = FileOrder::read(fields)?;
        let mut connection = self.store.read().await?;
        order.plan(&mut connection, by).await?;
        Ok(order.rows.into_iter().map(shown).collect())
    }
}

/// A file that was read without a mistake.
pub(crate) struct FileOrder {
    rows: Vec<BulkRow>,
}

impl FileOrder {
    /// Whether the fields of an order are those of a file.
    pub(crate) fn is_one(fields: &Fields) -> bool {
        fields.contains_key("rows")
    }

    pub(crate) fn read(fields: &Fields) -> Result<Self, Vec<Refusal>> {
        let typed = |field: &str| fields.get(field).map_or("", String::as_str);
        let rows = read_bulk(typed("rows"), typed("personal").trim() == "yes")?;
        Ok(Self { rows })
    }

    fn total(&self) -> i64 {
        self.rows
            .iter()
            .map(|row| row.quantity)
            .fold(0, i64::saturating_add)
    }

    /// Finds the numbers of every row, now.
    async fn plan(
        &self,
        connection: &mut AnyConnection,
        by: &By,
    ) -> Result<Vec<RowPosting>, Error> {
        let mut known: BTreeMap<(String, i32), Option<ClassId>> = BTreeMap::new();
        let mut classes = Vec::with_capacity(self.rows.len());
        let mut held = Vec::new();
        let (me, kind) = (by.organisation.as_str(), AccountKind::Holding.code());
        for row in &self.rows {
            let (project, vintage) = row.source.class();
            let key = (project.as_str().to_owned(), vintage);
            if !known.contains_key(&key) {
                let year = i64::from(vintage);
                let class = ledger::class_id_of(connection, project.as_str(), year).await?;
                if let Some(class) = &class {
                    let blocks =
                        ledger::held_blocks(connection, me, kind, Some(class), None, i64::MAX);
                    for block in blocks.await? {
                        held.push(HeldBlock {
                            class: block.class_id.into(),
                            vintage: year_of(block.vintage)?,
                            block: SerialBlock::new(block.serial_start, block.serial_end)?,
                        });
                    }
                }
                known.insert(key.clone(), class.map(ClassId::from));
            }
            classes.push(known.get(&key).cloned().flatten());
        }
        let planned = plan_bulk(&by.organisation, &held, &self.rows, &classes)?;
        let rows = self.rows.iter().zip(classes);
        let for_events = rows
            .filter(|(row, _)| row.request.purpose == Purpose::Event)
            .filter_map(|(row, class)| Some((class?, format!("rows.{}.purpose", row.line))));
        check_for_events(connection, Purpose::Event, for_events.collect()).await?;
        Ok(planned)
    }

    /// Retires every row; answers also with the numbers that were retired.
    pub(crate) async fn fill(
        &self,
        tx: &mut Tx,
        by: &By,
    ) -> Result<(RetiredMany, Vec<String>), Error> {
        let planned = self.plan(tx.connection(), by).await?;
        let holder = people::organisation_by_id(tx.connection(), by.organisation.as_str()).await?;
        let holder = holder.ok_or(Error::NotFound)?;
        let mut ids = Vec::with_capacity(self.rows.len());
        let mut rows = Vec::with_capacity(self.rows.len());
        for (position, row) in (0..).zip(&self.rows) {
            let (id, number) =
                record_retirement(tx, &holder, &row.request, row.quantity, position).await?;
            ids.push(id);
            rows.push(RetiredRow {
                line: row.line,
                number,
                quantity: row.quantity,
            });
        }
        let mut parts = Vec::new();
        for row in &planned {
            for (retires, posting) in &row.steps {
                parts.push(Part {
                    posting,
                    retirement: ids.get(row.row).filter(|_| *retires).map(String::as_str),
                    hold: None,
                });
            }
        }
        let serials = write_parts(tx, &parts).await?;
        let retired = parts.iter().zip(serials);
        let retired = retired.filter(|(part, _)| part.retirement.is_some());
        let serials = retired.flat_map(|(_, serials)| serials).collect();
        let answer = RetiredMany {
            rows,
            quantity: self.total(),
            order: None,
        };
        Ok((answer, serials))
    }
}

fn shown(row: BulkRow) -> RetirementFileRow {
    let (project, vintage) = row.source.class();
    let serial = match &row.source {
        BulkSource::Serial(serial) => Some(serial.to_string()),
        BulkSource::Class(..) => None,
    };
    RetirementFileRow {
        line: row.line,
        project_code: project.as_str().to_owned(),
        vintage,
        serial,
        quantity: row.quantity,
        purpose: row.request.purpose.code().to_owned(),
        beneficiary_uscc: row.request.beneficiary_uscc.map(|uscc| uscc.to_string()),
        purpose_text: row.request.purpose_text,
        beneficiary: row.request.beneficiary,
    }
}
