//! The audit of both ledgers of carbon inclusion.

use sqlx::AnyConnection;

use super::{activity, merkle};
use crate::store::inclusion::{activity as store, batch, ledger};
use crate::{AuditReport, Error, parameter_set};

/// Rows read at a time.
const PAGE: i64 = 1_000;

/// Recomputes every part, balance and total from the movements, every point from the settled grams, every act by its calculator, and the
/// root of every batch.
pub(crate) async fn check(
    connection: &mut AnyConnection,
    report: &mut AuditReport,
) -> Result<(), Error> {
    let (acts, moves, points) = ledger::counts(connection).await?;
    report.inclusion_acts = u64::try_from(acts).unwrap_or(0);
    report.inclusion_moves = u64::try_from(moves + points).unwrap_or(0);
    for (subject, stored, recomputed) in ledger::differences(connection).await? {
        report.differs("inclusion_balance", &subject, recomputed, stored);
    }
    let sets = parameter_set::every_set(connection).await?;
    let (mut account, mut id) = (String::new(), String::new());
    loop {
        let page = store::after(connection, &account, &id, PAGE).await?;
        let Some(last) = page.last() else {
            break;
        };
        (account, id) = (last.account_id.clone(), last.id.clone());
        for row in page {
            let set = u64::try_from(row.parameter_set)
                .ok()
                .and_then(|number| sets.get(&number));
            let again = set.and_then(|set| activity::again(&row, set));
            let mg = again.map(|act| act.mg);
            if mg != Some(row.mg) {
                let found = mg.map_or_else(|| "refused".to_owned(), |mg| mg.to_string());
                report.differs("inclusion_act", &row.id, found, row.mg);
            }
        }
    }
    for row in batch::all(connection, "", i64::MAX).await? {
        let mut root = merkle::Root::default();
        for item in batch::items(connection, &row.id).await? {
            root.push(item.leaf);
        }
        let root = root.end();
        if root != row.merkle_root {
            report.differs("inclusion_batch", &row.number, root, &row.merkle_root);
        }
    }
    Ok(())
}
