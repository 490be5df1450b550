//! Is everything still true? Recomputes what is kept and lists every difference.

use std::collections::BTreeMap;

use methodologies::{Outcome, Parameters};
use serde::Serialize;

use sqlx::AnyConnection;

use crate::parameter_set;
use crate::store::act;
use crate::store::audit::{self as store, ClassSums};
use crate::store::certificate_version;
use crate::store::event as events;
use crate::store::hold;
use crate::{Error, Registry};

/// How many rows are read at a time.
const PAGE: i64 = 1000;

/// One thing that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Which check: `balance`, `block_tiling`, `block_account`, `open_hold`, `offset_sum`, `class_sum`, `class_reports`,
    /// `issued_within_verified`, `retirement`, `calculation`, `event_unit`, `event_evaluation`, `act_chain`, `act_effect`, `log_missing`,
    /// `log_entry`, `log_tree`, `log_head`, `certificate`, `inclusion_balance`, `inclusion_act`,
    /// `inclusion_batch`, `inclusion_guardian`.
    pub check: &'static str,
    /// What it is about: an account, class, calculation or record.
    pub subject: String,
    /// What it must be.
    pub expected: String,
    /// What is stored.
    pub found: String,
}

/// What was checked and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AuditReport {
    /// Ledger accounts recomputed.
    pub accounts: u64,
    /// Transfers read.
    pub transfers: u64,
    /// Serial blocks walked.
    pub blocks: u64,
    /// Calculations run again.
    pub calculations: u64,
    /// Acts whose hash was recomputed.
    pub acts: u64,
    /// Entries of the public log whose text and place in the tree were recomputed.
    pub log_entries: u64,
    /// Heads of the log whose root and signature were checked.
    pub log_heads: u64,
    /// The newest head: size, root, key; `None` before the first one.
    pub log_head: Option<(u64, String, String)>,
    /// Acts of persons computed again.
    pub inclusion_acts: u64,
    /// Movements of grams and points.
    pub inclusion_moves: u64,
    /// Every difference; empty when all is well.
    pub differences: Vec<Difference>,
}

impl Registry {
    /// Recomputes every balance from the transfers, walks every chain of serial blocks, checks the sums of every class, runs every
    /// stored calculation again, recomputes the hash chain of acts, and rebuilds the public log from the acts: every entry, every hash of
    /// the tree, every head and its signature.
    pub async fn audit(&self) -> Result<AuditReport, Error> {
        let mut moment = self.store.snapshot().await?;
        let mut report = AuditReport::default();
        let (accounts, transfers, blocks) = store::counts(&mut moment).await?;
        report.accounts = count(accounts);
        report.transfers = count(transfers);
        report.blocks = count(blocks);
        check_balances(&mut moment, &mut report).await?;
        for class in store::class_sums(&mut moment).await? {
            check_class(&class, &mut report);
            check_tiling(&mut moment, &class, &mut report).await?;
        }
        check_retirements(&mut moment, &mut report).await?;
        check_acts(&mut moment, &mut report).await?;
        check_calculations(&mut moment, &mut report).await?;
        check_footprints(&mut moment, &mut report).await?;
        crate::audit_log::check_log(&mut moment, &mut report).await?;
        crate::inclusion::check_audit(&mut moment, &mut report).await?;
        moment.commit().await?;
        Ok(report)
    }
}

impl AuditReport {
    pub(crate) fn differs(
        &mut self,
        check: &'static str,
        subject: &str,
        expected: impl ToString,
        found: impl ToString,
    ) {
        self.differences.push(Difference {
            check,
            subject: subject.to_owned(),
            expected: expected.to_string(),
            found: found.to_string(),
        });
    }
}

fn count(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}

async fn check_balances(
    connection: &mut AnyConnection,
    report: &mut AuditReport,
) -> Result<(), Error> {
    for (account, stored, recomputed) in store::balances_that_differ(connection).await? {
        report.differs("balance", &account, recomputed, stored);
    }
    for (account, balance, in_blocks) in store::blocks_that_differ(connection).await? {
        report.differs("block_account", &account, balance, in_blocks);
    }
    for (block, account, moved_to) in store::blocks_misplaced(connection).await? {
        report.differs("block_account", &block, moved_to, account);
    }
    for (hold, listed) in hold::open_that_differ(connection).await? {
        report.differs("open_hold", &hold, 1 - listed, listed);
    }
    for (holder, asked, kept) in hold::offsets_that_differ(connection).await? {
        report.differs("offset_sum", &holder, asked, kept);
    }
    Ok(())
}

/// Issued is what was taken from the issuance account, what is held and retired together, and at most what was verified.
fn check_class(class: &ClassSums, report: &mut AuditReport) {
    let name = format!("{} {} {}", class.id, class.project_id, class.vintage);
    if class.issued != class.held + class.retired {
        report.differs("class_sum", &name, class.issued, class.held + class.retired);
    }
    if class.issued != -class.issuance {
        report.differs("class_sum", &name, class.issued, -class.issuance);
    }
    if class.issued > class.verified {
        report.differs(
            "issued_within_verified",
            &name,
            class.verified,
            class.issued,
        );
    }
    if (class.verified, class.issued) != (class.verified_in_reports, class.issued_in_reports) {
        let expected = format!(
            "verified {}, issued {}",
            class.verified_in_reports, class.issued_in_reports
        );
        report.differs(
            "class_reports",
            &name,
            expected,
            format!("verified {}, issued {}", class.verified, class.issued),
        );
    }
}

/// The blocks cover 1..=issued, each number once.
async fn check_tiling(
    connection: &mut AnyConnection,
    class: &ClassSums,
    report: &mut AuditReport,
) -> Result<(), Error> {
    let mut next = 1;
    for (start, end) in store::blocks(connection, &class.id).await? {
        if start != next || end < start {
            report.differs(
                "block_tiling",
                &class.id,
                format!("a block from {next}"),
                format!("{start}-{end}"),
            );
        }
        next = end + 1;
    }
    if next != class.issued + 1 {
        report.differs("block_tiling", &class.id, class.issued, next - 1);
    }
    Ok(())
}

async fn check_retirements(
    connection: &mut AnyConnection,
    report: &mut AuditReport,
) -> Result<(), Error> {
    for (number, quantity, sum) in store::retirements_that_differ(connection).await? {
        report.differs("retirement", &number, quantity, sum);
    }
    for (subject, wrong) in certificate_version::versions_that_differ(connection).await? {
        report.differs(
            "certificate_version",
            &subject,
            "its act and its entry",
            wrong,
        );
    }
    Ok(())
}

/// Every chain is complete, every hash fits, and every state is the one its acts left.
async fn check_acts(connection: &mut AnyConnection, report: &mut AuditReport) -> Result<(), Error> {
    let (mut subject, mut sequence, mut hash) = (String::new(), 0, String::new());
    loop {
        let page = act::page(connection, &subject, sequence, PAGE).await?;
        let last = page.len() < usize::try_from(PAGE).unwrap_or(usize::MAX);
        for entry in page {
            if entry.subject != subject {
                (sequence, hash) = (0, String::new());
            }
            if entry.sequence != sequence + 1 {
                report.differs("act_chain", &entry.subject, sequence + 1, entry.sequence);
            }
            if entry.previous_hash != hash {
                report.differs("act_chain", &entry.id, &hash, &entry.previous_hash);
            }
            let expected = entry.expected_hash(&entry.previous_hash);
            if entry.hash != expected {
                report.differs("act_chain", &entry.id, expected, &entry.hash);
            }
            report.acts += 1;
            (subject, sequence, hash) = (entry.subject, entry.sequence, entry.hash);
        }
        if last {
            break;
        }
    }
    for (record, state, by_acts) in store::states_that_differ(connection).await? {
        report.differs("act_effect", &record, by_acts, state);
    }
    for (id, kind, rows) in store::acts_without_effect(connection).await? {
        report.differs(
            "act_effect",
            &format!("{kind} {id}"),
            "at least one transfer",
            rows,
        );
    }
    Ok(())
}

/// Every stored calculation gives the same digits when it is run again with the parameter set it names.
async fn check_calculations(
    connection: &mut AnyConnection,
    report: &mut AuditReport,
) -> Result<(), Error> {
    let sets = parameter_set::every_set(connection).await?;
    let mut after = String::new();
    loop {
        let page = store::calculations(connection, &after, 100).await?;
        let Some((last, ..)) = page.last() else {
            return Ok(());
        };
        after.clone_from(last);
        for (id, calculator, input, outcome) in page {
            report.calculations += 1;
            let again =
                run_again(&sets, &calculator, &input, &outcome).unwrap_or_else(|error| error);
            if again != outcome && Some(&again) != written_today(&outcome).as_ref() {
                report.differs("calculation", &id, outcome, again);
            }
        }
    }
}

/// Every stored footprint of an event gives the same digits again, the units of an event that were retired here are those of their
/// retirement, and what a body confirmed is what was published.
async fn check_footprints(
    connection: &mut AnyConnection,
    report: &mut AuditReport,
) -> Result<(), Error> {
    for (unit, stored, retired) in events::units_that_differ(connection).await? {
        report.differs("event_unit", &unit, retired, stored);
    }
    for (id, published, seen) in crate::event::confirmations_that_differ(connection).await? {
        report.differs("event_evaluation", &id, published, seen);
    }
    let sets = parameter_set::every_set(connection).await?;
    let mut after = String::new();
    loop {
        let page = events::footprints_after(connection, &after, 20).await?;
        let Some((last, ..)) = page.last() else {
            return Ok(());
        };
        after.clone_from(last);
        for (id, input, outcome) in page {
            report.calculations += 1;
            let again =
                crate::event::run_again(&sets, &input, &outcome).unwrap_or_else(|error| error);
            if again != outcome {
                report.differs("calculation", &id, outcome, again);
            }
        }
    }
}

/// The outcome of a stored input, computed now with the set that the stored outcome names, as text.
fn run_again(
    sets: &BTreeMap<u64, Parameters>,
    calculator: &str,
    input: &str,
    outcome: &str,
) -> Result<String, String> {
    let number = parameter_set::set_of_outcome(outcome).map_err(|error| error.to_string())?;
    let set = sets
        .get(&number)
        .ok_or_else(|| format!("there is no parameter set {number}"))?;
    let input = serde_json::from_str(input).map_err(|error| error.to_string())?;
    let again = methodologies::calculate_with(calculator, &input, set)
        .map_err(|errors| format!("{errors:?}"))?;
    serde_json::to_string(&again).map_err(|error| error.to_string())
}

/// A stored outcome as this release would write it: one stored by an earlier release lacks members that were added since and that
/// say nothing about it (the number 0 of the built-in set). Its digits are the same, or it is a difference.
fn written_today(outcome: &str) -> Option<String> {
    let stored: Outcome = serde_json::from_str(outcome).ok()?;
    serde_json::to_string(&stored).ok()
}
