//! The audit of both ledgers of carbon inclusion.

use std::collections::{BTreeMap, HashMap};

use domain::inclusion::Purpose;
use rust_decimal::Decimal;
use sqlx::AnyConnection;

use super::batch::{leaf_again, pages_of};
use super::{activity, day_of, merkle};
use crate::store::inclusion::activity::ActivityRow;
use crate::store::inclusion::batch::BatchRow;
use crate::store::inclusion::{activity as store, batch, group, guardian, ledger};
use crate::{AuditReport, Error, parameter_set};

/// Rows read at a time.
const PAGE: i64 = 1_000;

/// Recomputes every part, balance and total from the movements, every point from the settled grams, every act by its calculator, what is used
/// of every limit, and the root of every batch.
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
    for (subject, stored, recomputed) in
        group::board_differences(connection, Purpose::Board.covered_since()).await?
    {
        report.differs("inclusion_board", &subject, recomputed, stored);
    }
    for (account, consent) in guardian::differences(connection).await? {
        report.differs("inclusion_guardian", &account, "no live consent", consent);
    }
    let sets = parameter_set::every_set(connection).await?;
    let (mut account, mut id) = (String::new(), String::new());
    let mut limits = Limits::default();
    loop {
        let page = store::after(connection, &account, &id, PAGE).await?;
        let Some(last) = page.last() else {
            break;
        };
        (account, id) = (last.account_id.clone(), last.id.clone());
        for row in page {
            if row.account_id != limits.account {
                limits.check(connection, report).await?;
                limits = Limits::of(&row.account_id);
            }
            limits.add(&row)?;
            let set = u64::try_from(row.parameter_set)
                .ok()
                .and_then(|number| sets.get(&number));
            let again = set.and_then(|set| activity::again(&row, set));
            let said = again.as_ref().map(|act| said(act, &row.input));
            if let Some(said) = said.filter(|said| *said != stored(&row)) {
                report.differs("inclusion_act_fields", &row.id, said, stored(&row));
            }
            let mg = again.map(|act| act.mg);
            if mg != Some(row.mg) {
                let found = mg.map_or_else(|| "refused".to_owned(), |mg| mg.to_string());
                report.differs("inclusion_act", &row.id, found, row.mg);
            }
        }
    }
    limits.check(connection, report).await?;
    for row in batch::all(connection, "", i64::MAX).await? {
        check_batch(connection, &row, report).await?;
    }
    Ok(())
}

/// What an account used of the limits of its scenes, by its acts that are not void.
#[derive(Default)]
struct Limits {
    account: String,
    /// By scene and period: acts, and their amount as it is kept.
    used: BTreeMap<(String, String), (i64, i64)>,
}

impl Limits {
    fn of(account: &str) -> Self {
        Self {
            account: account.to_owned(),
            used: BTreeMap::new(),
        }
    }

    fn add(&mut self, row: &ActivityRow) -> Result<(), Error> {
        let counted = row.counted.parse::<Decimal>().unwrap_or_default();
        if row.state == "void" || counted <= Decimal::ZERO {
            return Ok(());
        }
        let scene = activity::tally_scene(&row.scene, &row.evidence);
        for period in activity::periods_of(day_of(&row.day)?) {
            let used = self.used.entry((scene.clone(), period)).or_default();
            used.0 += 1;
            used.1 = used.1.saturating_add(activity::units(counted));
        }
        Ok(())
    }

    /// What is kept must be as much at least: less would let more pass than a limit allows.
    async fn check(
        &self,
        connection: &mut AnyConnection,
        report: &mut AuditReport,
    ) -> Result<(), Error> {
        if self.used.is_empty() {
            return Ok(());
        }
        let kept: HashMap<(String, String), (i64, i64)> =
            store::tallies_of(connection, &self.account)
                .await?
                .into_iter()
                .map(|(scene, period, acts, quantity)| ((scene, period), (acts, quantity)))
                .collect();
        for (key, used) in &self.used {
            let kept = kept.get(key).copied().unwrap_or_default();
            if kept.0 < used.0 || kept.1 < used.1 {
                let subject = format!("{} {} {}", self.account, key.0, key.1);
                let (used, kept) = (format!("{used:?}"), format!("{kept:?}"));
                report.differs("inclusion_limit", &subject, used, kept);
            }
        }
        Ok(())
    }
}

/// What the record of an act said: day, region, evidence, and the amount as its calculator reads it.
fn said(act: &methodologies::inclusion::Act, input: &str) -> String {
    let input: serde_json::Value = serde_json::from_str(input).unwrap_or_default();
    let typed = |name: &str| input[name].as_str().unwrap_or_default().to_owned();
    let (day, region, evidence) = (typed("day"), typed("region"), typed("evidence"));
    format!("{day} {region} {evidence} {}", act.quantity.normalize())
}

/// The same as it stands in the row of the act.
fn stored(row: &ActivityRow) -> String {
    let quantity = row.quantity.parse::<Decimal>();
    let quantity = quantity.map_or_else(
        |_| row.quantity.clone(),
        |quantity| quantity.normalize().to_string(),
    );
    format!("{} {} {} {quantity}", row.day, row.region, row.evidence)
}

/// Makes every leaf of a batch again of its item and its act, the root of the leaves made again, and compares each item with what the
/// ledger moved into the batch.
async fn check_batch(
    connection: &mut AnyConnection,
    row: &BatchRow,
    report: &mut AuditReport,
) -> Result<(), Error> {
    let mut root = merkle::Root::default();
    let (mut lots, mut mg) = (0_i64, 0_i64);
    // up to the position after the last: an item too many is found as well
    for positions in pages_of(row.lots + 1) {
        let moved: HashMap<i64, i64> = batch::frozen(connection, &row.id, positions)
            .await?
            .into_iter()
            .collect();
        for item in batch::items(connection, &row.id, positions).await? {
            let subject = format!("{} {}", row.number, item.position);
            let leaf = leaf_again(&item);
            if leaf != item.leaf {
                report.differs("inclusion_batch_leaf", &subject, &leaf, &item.leaf);
            }
            root.push(leaf);
            (lots, mg) = (lots + 1, mg + item.mg);
            let moved = moved.get(&item.position).copied().unwrap_or(0);
            if moved != item.mg {
                report.differs("inclusion_batch_item", &subject, moved, item.mg);
            }
        }
    }
    if (lots, mg) != (row.lots, row.mg) {
        let stored = format!("{} {}", row.lots, row.mg);
        report.differs(
            "inclusion_batch_sum",
            &row.number,
            format!("{lots} {mg}"),
            stored,
        );
    }
    let root = root.end();
    if root != row.merkle_root {
        report.differs("inclusion_batch", &row.number, root, &row.merkle_root);
    }
    Ok(())
}
