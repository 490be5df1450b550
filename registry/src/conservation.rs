//! For the operator's audit page: where every issued tonne is now, and what the last audits found.

use domain::{Instant, Role};
use serde::Serialize;

use crate::audit::AuditReport;
use crate::credits::year_of;
use crate::perform::new_id;
use crate::store::log::{self as store, AuditRow, ClassTonnes};
use crate::{By, Error, Page, PageRequest, Registry};

/// The kind of account that gives and never holds.
const ISSUANCE: &str = "issuance";
/// Differences of an audit that are kept.
const FOUND_MAX: usize = 20;

/// The tonnes of one class in accounts of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KindTonnes {
    /// The kind's code, as the ledger has it: `holding`, `retired`, …
    pub kind: String,
    /// Tonnes.
    pub tonnes: i64,
}

/// One project and one year of generation: what was issued and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClassConservation {
    /// The class.
    pub class: String,
    /// The project's id.
    pub project: String,
    /// Its code.
    pub project_code: String,
    /// Its name.
    pub project_name: String,
    /// The year of generation.
    pub vintage: i32,
    /// Tonnes issued.
    pub issued: i64,
    /// Where they are, by the kind of account; the issuance account is left out.
    pub kinds: Vec<KindTonnes>,
}

impl ClassConservation {
    /// The tonnes in all accounts.
    pub fn found(&self) -> i64 {
        self.kinds.iter().map(|kind| kind.tonnes).sum()
    }

    /// Whether every issued tonne is somewhere, and none twice.
    pub fn holds(&self) -> bool {
        self.found() == self.issued
    }
}

/// An audit that was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditRun {
    /// When it ended.
    pub at: Instant,
    /// Accounts recomputed.
    pub accounts: i64,
    /// Transfers read.
    pub transfers: i64,
    /// Serial blocks walked.
    pub blocks: i64,
    /// Calculations run again.
    pub calculations: i64,
    /// Acts whose hash was recomputed.
    pub acts: i64,
    /// Entries of the public log that were rebuilt.
    pub log_entries: i64,
    /// How many differences.
    pub differences: i64,
    /// The first of them, one a line.
    pub found: String,
}

impl Registry {
    /// Where every issued tonne is now, class by class, in the order of the classes. For the registry only.
    pub async fn conservation(
        &self,
        by: &By,
        page: &PageRequest,
    ) -> Result<Page<ClassConservation>, Error> {
        operator_only(by)?;
        let after = page.after.as_deref().unwrap_or("");
        let mut connection = self.store.read().await?;
        let rows = store::tonnes_by_kind(&mut connection, after, page.rows() + 1).await?;
        let mut classes: Vec<ClassConservation> = Vec::new();
        for row in rows {
            if classes.last().is_none_or(|last| last.class != row.id) {
                classes.push(class_of(&row)?);
            }
            if let Some(class) = classes.last_mut().filter(|_| row.kind != ISSUANCE) {
                class.kinds.push(KindTonnes {
                    kind: row.kind,
                    tonnes: row.balance,
                });
            }
        }
        Ok(Page::cut(classes, page.rows(), |class| class.class.clone()))
    }

    /// The latest audits, newest first, at most `count` (1..=50). For the registry only.
    pub async fn audit_runs(&self, by: &By, count: i64) -> Result<Vec<AuditRun>, Error> {
        operator_only(by)?;
        let mut connection = self.store.read().await?;
        let rows = store::audits(&mut connection, count.clamp(1, 50)).await?;
        Ok(rows.into_iter().map(run_of).collect())
    }

    /// Keeps what an audit found, for the audit page.
    pub async fn audit_keep(&self, report: &AuditReport, at: Instant) -> Result<(), Error> {
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let lines = report.differences.iter().take(FOUND_MAX).map(|one| {
            let (check, subject) = (one.check, &one.subject);
            format!("{check} {subject}")
        });
        let row = AuditRow {
            id: new_id(),
            at: at.0,
            accounts: number(report.accounts),
            transfers: number(report.transfers),
            blocks: number(report.blocks),
            calculations: number(report.calculations),
            acts: number(report.acts),
            log_entries: number(report.log_entries),
            differences: i64::try_from(report.differences.len()).unwrap_or(i64::MAX),
            found: lines.collect::<Vec<_>>().join("\n"),
        };
        let mut connection = self.store.write().await?;
        Ok(store::audit_insert(&mut connection, &row).await?)
    }
}

fn operator_only(by: &By) -> Result<(), Error> {
    if by.role == Role::RegistryOperator {
        Ok(())
    } else {
        Err(Error::Forbidden)
    }
}

fn class_of(row: &ClassTonnes) -> Result<ClassConservation, Error> {
    Ok(ClassConservation {
        class: row.id.clone(),
        project: row.project_id.clone(),
        project_code: row.project_code.clone(),
        project_name: row.project_name.clone(),
        vintage: year_of(row.vintage)?,
        issued: row.issued,
        kinds: Vec::new(),
    })
}

fn run_of(row: AuditRow) -> AuditRun {
    AuditRun {
        at: Instant(row.at),
        accounts: row.accounts,
        transfers: row.transfers,
        blocks: row.blocks,
        calculations: row.calculations,
        acts: row.acts,
        log_entries: row.log_entries,
        differences: row.differences,
        found: row.found,
    }
}
