//! The audit of the public log: it is rebuilt from the acts, entry by entry, and compared with what is stored.

use std::collections::{BTreeSet, HashMap};

use proofs::{Batch, Head};
use sqlx::AnyConnection;

use crate::Error;
use crate::audit::AuditReport;
use crate::log::{PUBLIC_KINDS, broken, expected_entry, signed, unsigned};
use crate::store::log::{self as store, HeadRow};
use crate::store::public as public_store;

/// Entries and heads read at a time.
const PAGE: i64 = 1000;

/// Every public act is in the log once, every entry says what its act and the ledger say, every hash of the tree and every head is the
/// one that follows, every head is signed by a key of the log.
pub(crate) async fn check_log(
    connection: &mut AnyConnection,
    report: &mut AuditReport,
) -> Result<(), Error> {
    for act in store::acts_without_entry(connection, PUBLIC_KINDS, PAGE).await? {
        report.differs("log_missing", &act, "an entry", "none");
    }
    for number in store::certificates_without_entry(connection).await? {
        report.differs("log_missing", &number, "an entry", "none");
    }
    let keys = public_store::log_keys(connection).await?;
    let keys = keys.into_iter().map(|(key, ..)| key).collect();
    let mut heads = Heads {
        keys,
        after: 0,
        waiting: Vec::new(),
        last: None,
    };
    let mut batch = Batch::new(0, HashMap::new());
    let mut place = -1;
    loop {
        let after = signed(batch.size())? - 1;
        let page = store::entries(connection, after, PAGE).await?;
        if page.is_empty() {
            break;
        }
        for entry in page {
            let expected = signed(batch.size())?;
            let subject = format!("entry {}", entry.number);
            if entry.number != expected {
                report.differs("log_entry", &subject, expected, entry.number);
                return Ok(());
            }
            let (leaf, statement) = expected_entry(connection, &entry).await?;
            if leaf != entry.leaf {
                report.differs("log_entry", &subject, leaf, &entry.leaf);
            }
            if statement != entry.statement {
                let of = entry.certificate.as_deref().unwrap_or(&subject);
                let (now, stated) = (statement.unwrap_or_default(), entry.statement);
                report.differs("certificate", of, now, stated.unwrap_or_default());
            }
            batch.push(&entry.leaf).map_err(broken)?;
            heads.check_at(connection, &batch, report).await?;
            report.log_entries += 1;
        }
        place = check_nodes(connection, &batch, place, report).await?;
        // only the peaks of the tree are needed from here on
        batch = batch.settled().map_err(broken)?;
    }
    for (extra, _) in store::nodes_after(connection, place, 10).await? {
        report.differs("log_tree", &format!("place {extra}"), "nothing", "a hash");
    }
    heads.finish(connection, batch.size(), report).await
}

/// Compares the hashes that entries added with those that are stored; the last place that was compared.
async fn check_nodes(
    connection: &mut AnyConnection,
    batch: &Batch,
    mut place: i64,
    report: &mut AuditReport,
) -> Result<i64, Error> {
    for some in batch.added().chunks(500) {
        let count = i64::try_from(some.len()).unwrap_or(i64::MAX);
        let stored = store::nodes_after(connection, place, count).await?;
        let stored: HashMap<i64, String> = stored.into_iter().collect();
        for (at, hash) in some {
            place = signed(*at)?;
            let found = stored.get(&place).map_or("none", String::as_str);
            let hash = hash.to_string();
            if found != hash {
                report.differs("log_tree", &format!("place {place}"), hash, found);
            }
        }
    }
    Ok(place)
}

/// The stored heads in the order of their sizes.
struct Heads {
    keys: BTreeSet<String>,
    after: i64,
    /// The next ones, the smallest last.
    waiting: Vec<HeadRow>,
    last: Option<HeadRow>,
}

impl Heads {
    async fn next(&mut self, connection: &mut AnyConnection) -> Result<Option<&HeadRow>, Error> {
        if self.waiting.is_empty() {
            let mut page = store::heads_after(connection, self.after, PAGE).await?;
            page.reverse();
            self.waiting = page;
        }
        Ok(self.waiting.last())
    }

    /// Checks the head of the tree as it is now, if there is one of this size.
    async fn check_at(
        &mut self,
        connection: &mut AnyConnection,
        batch: &Batch,
        report: &mut AuditReport,
    ) -> Result<(), Error> {
        let size = signed(batch.size())?;
        if self
            .next(connection)
            .await?
            .is_none_or(|head| head.size != size)
        {
            return Ok(());
        }
        let Some(head) = self.waiting.pop() else {
            return Ok(());
        };
        self.after = head.size;
        report.log_heads += 1;
        let subject = format!("head of {size}");
        let root = batch.root().map_err(broken)?;
        if head.root != root.to_string() {
            report.differs("log_head", &subject, root, &head.root);
        }
        if !self.keys.contains(&head.key) {
            report.differs("log_head", &subject, "a key of the log", &head.key);
        }
        match Head::verify(&head.note, [head.key.as_str()]) {
            Ok(signed)
                if signed.size == batch.size() && signed.root == root && signed.at == head.at => {}
            Ok(other) => {
                let found = format!("{} {} {}", other.size, other.root, other.at);
                report.differs(
                    "log_head",
                    &subject,
                    format!("{size} {root} {}", head.at),
                    found,
                );
            }
            Err(error) => report.differs("log_head", &subject, "a signature that holds", error),
        }
        self.last = Some(head);
        Ok(())
    }

    /// No head may be left, and the last one must be of the whole tree.
    async fn finish(
        mut self,
        connection: &mut AnyConnection,
        size: u64,
        report: &mut AuditReport,
    ) -> Result<(), Error> {
        if let Some(head) = self.next(connection).await? {
            let subject = format!("head of {}", head.size);
            report.differs("log_head", &subject, format!("at most {size}"), head.size);
        }
        let last = self.last.as_ref().map_or(0, |head| head.size);
        if unsigned(last)? != size {
            report.differs("log_head", "the newest head", size, last);
        }
        report.log_head = match self.last {
            Some(head) => Some((unsigned(head.size)?, head.root, head.key)),
            None => None,
        };
        Ok(())
    }
}
