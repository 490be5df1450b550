//! Files that prove lines of an event's inventory: which line they belong to, who sees them, and when they stay.

use std::sync::Arc;

use domain::attachment::{COUNT_MAX, EVENT_BYTES_MAX};
use registry::{AttachmentReceipt, Error, EventFileView, Fields, StoredFile};
use sqlx::AssertSqlSafe;
use time::macros::date;
use tokio::sync::Barrier;

use crate::events::*;
use crate::harness::*;

/// A content that is stored already, another one for each digit.
fn content(digit: usize) -> StoredFile {
    StoredFile {
        hash: format!("{digit:064x}"),
        bytes: 1000 + i64::try_from(digit).expect("small"),
        media_type: "application/pdf".to_owned(),
        file_name: format!("电费单{digit}.pdf"),
    }
}

fn proof(line: &str, title: &str) -> Fields {
    fields(&[("line", line), ("title", title)])
}

/// Two lines of electricity, one of them with a reference, after those of the quick path.
fn lines(first_kwh: &str) -> Fields {
    fields(&[
        ("append", "yes"),
        (
            "lines",
            &format!(
                "reference,stage,activity,quantity,unit,factor,quality\nFP-1,hold,分会场用电,{first_kwh},kWh,grid_province,invoiced\n\
                 ,prepare,布展用电,200,kWh,grid_province,invoiced\n"
            ),
        ),
    ])
}

async fn add(
    stage: &Stage,
    event: &str,
    form: &Fields,
    file: &StoredFile,
) -> Result<AttachmentReceipt, Error> {
    let by = stage.world.organiser.on(BEFORE);
    stage
        .registry()
        .event_file_add(&by, event, form, file)
        .await
}

async fn files(stage: &Stage, event: &str) -> Vec<EventFileView> {
    let by = stage.world.organiser.on(AFTER);
    let files = stage.registry().event_files(&by, event).await;
    files.expect("the files")
}

/// An event with those lines, accounted for and covered.
async fn covered(stage: &Stage, event: &str) {
    stage.account(event, AFTER).await.expect("account");
    let needed = stage.get(event, AFTER).await.accounted.expect("account");
    let needed = needed.tonnes.to_string();
    stage.retire(event, AFTER, &needed).await.expect("retire");
}

both_databases! {
    /// Found by number, reference or name; said at its field what is wrong; nobody else adds, sees or removes.
    async fn a_file_belongs_to_a_line_and_only_its_organisers_touch_it(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let event = stage.create(&quick()).await;
        registry.event_inventory_save(&organiser.on(BEFORE), &event.id, &lines("100")).await.expect("lines");
        for (form, refused) in [
            (Fields::new(), vec!["required", "required"]),
            (proof("fp-1", ""), vec!["required"]),
            (proof("", "电费单"), vec!["required"]),
            (proof("FP-2", "电费单"), vec!["event_line_unknown"]),
            (proof("1", "电费单"), vec!["event_line_unknown"]),
            (proof("分会场", "电费单"), vec!["event_line_unknown"]),
            (proof("fp-1", &"长".repeat(201)), vec!["text_too_long"]),
        ] {
            // asked before the bytes are stored, the answer is the same
            assert_eq!(codes(registry.event_file_may_add(&organiser.on(BEFORE), &event.id, &form, &content(1)).await), refused, "{form:?}");
            assert_eq!(codes(add(&stage, &event.id, &form, &content(1)).await), refused, "{form:?}");
        }
        let (owner, operator, body) = (&stage.world.owner, &stage.world.operator, &stage.world.validator);
        assert_eq!(codes(registry.event_file_may_add(&owner.on(BEFORE), &event.id, &proof("fp-1", "x"), &content(1)).await), ["not found"]);
        assert_eq!(codes(registry.event_file_add(&owner.on(BEFORE), &event.id, &proof("fp-1", "x"), &content(1)).await), ["not found"]);
        for other in [operator, body] {
            assert_eq!(codes(registry.event_file_may_add(&other.on(BEFORE), &event.id, &proof("fp-1", "x"), &content(1)).await), ["forbidden"]);
            assert_eq!(codes(registry.event_file_add(&other.on(BEFORE), &event.id, &proof("fp-1", "x"), &content(1)).await), ["forbidden"]);
            assert_eq!(codes(registry.event_files(&other.on(BEFORE), &event.id).await), ["forbidden"]);
        }
        assert!(files(&stage, &event.id).await.is_empty(), "nothing was kept");

        let first = add(&stage, &event.id, &proof(" ｆｐ-1 ", "七月电费单"), &content(1)).await.expect("by its reference");
        let second = add(&stage, &event.id, &proof("布展用电", "布展电费单"), &content(2)).await.expect("by its name");
        let refused = add(&stage, &event.id, &proof("FP-1", "再传一次"), &content(1)).await.expect_err("the same content");
        assert_eq!((refused.refusals()[0].code, refused.refusals()[0].field.as_deref()), ("attachment_already_there", Some("file")));
        let shared = add(&stage, &event.id, &proof("布展用电", "两处共用"), &content(1)).await.expect("one bill may prove two lines");
        let seen = files(&stage, &event.id).await;
        let told: Vec<_> = seen.iter().map(|one| (one.line.as_deref(), one.file.title.as_str(), one.file.is_public)).collect();
        assert_eq!(told, [(Some("分会场用电 · FP-1"), "七月电费单", false), (Some("布展用电"), "布展电费单", false), (Some("布展用电"), "两处共用", false)]);

        // one file by its id: for the organisers, and nobody else
        let found = registry.attachment_get(&organiser.on(BEFORE), &first.id).await.expect("one's own");
        assert_eq!((found.hash.as_str(), found.bytes), (first.hash.as_str(), 1001));
        for other in [owner, operator, body] {
            assert_eq!(codes(registry.attachment_get(&other.on(BEFORE), &first.id).await), ["not found"]);
            let gone = registry.event_file_remove(&other.on(BEFORE), &event.id, &first.id).await;
            assert!(["not found", "forbidden"].contains(&codes(gone)[0].as_str()));
        }
        assert_eq!(codes(registry.public().attachment(&first.id).await), ["not found"]);
        // a file of another event is not one of this
        let other = stage.create(&quick()).await;
        assert_eq!(codes(registry.event_file_remove(&organiser.on(BEFORE), &other.id, &first.id).await), ["not found"]);

        // taken away it is gone, and its place and its content are free
        registry.event_file_remove(&organiser.on(BEFORE), &event.id, &first.id).await.expect("removed");
        assert_eq!(codes(registry.event_file_remove(&organiser.on(BEFORE), &event.id, &first.id).await), ["not found"]);
        assert_eq!(codes(registry.attachment_get(&organiser.on(BEFORE), &first.id).await), ["not found"]);
        add(&stage, &event.id, &proof("FP-1", "七月电费单"), &content(1)).await.expect("again");

        // a corrected quantity leaves a file with its line; a line that is gone leaves it without one
        let table = stage.get(&event.id, BEFORE).await.inventory.replace("分会场用电,,100,", "分会场用电,,110,").replace(",分会场用电,100,", ",分会场用电,110,");
        registry.event_inventory_save(&organiser.on(BEFORE), &event.id, &fields(&[("lines", &table)])).await.expect("another quantity");
        assert!(files(&stage, &event.id).await.iter().all(|one| one.line.is_some()));
        let without = table.lines().filter(|line| !line.contains("布展用电")).collect::<Vec<_>>().join("\n");
        registry.event_inventory_save(&organiser.on(BEFORE), &event.id, &fields(&[("lines", &without)])).await.expect("one line less");
        let orphans: Vec<_> = files(&stage, &event.id).await.into_iter().filter(|one| one.line.is_none()).map(|one| one.file.id).collect();
        assert_eq!(orphans, [second.id, shared.id]);
        stage.world.assert_audit_clean().await;
    }

    /// What a published version names stays, in that version and the next; what the organiser did not open is named and not given out.
    async fn a_published_file_stays_and_a_correction_keeps_it(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let event = stage.create(&quick()).await;
        registry.event_inventory_save(&organiser.on(BEFORE), &event.id, &lines("100")).await.expect("lines");
        let mut open = proof("FP-1", "七月电费单");
        open.insert("is_public".to_owned(), "yes".to_owned());
        let opened = add(&stage, &event.id, &open, &content(1)).await.expect("a file that anyone may have").id;
        let kept = add(&stage, &event.id, &proof("布展用电", "合同"), &content(2)).await.expect("a file for the evaluation").id;
        let gone = add(&stage, &event.id, &proof("布展用电", "误传"), &content(3)).await.expect("a file").id;
        registry.event_plan_publish(&organiser.on(BEFORE), &event.id).await.expect("plan");
        assert_eq!(codes(registry.public().attachment(&opened).await), ["not found"], "the plan publishes no evidence");
        covered(&stage, &event.id).await;
        // proving a covered event changes nothing of what was computed
        registry.event_file_remove(&organiser.on(AFTER), &event.id, &gone).await.expect("removed");
        registry.event_file_add(&organiser.on(AFTER), &event.id, &proof("2", "另一证明"), &content(4)).await.expect("one more");
        assert_eq!(stage.get(&event.id, AFTER).await.row.state.code(), "covered");
        stage.evaluate(&event.id, AFTER).await.expect("evaluate");
        // what was stated about stays as it is
        assert_eq!(codes(registry.event_file_add(&organiser.on(AFTER), &event.id, &open, &content(5)).await), ["state_does_not_allow"]);
        assert_eq!(codes(registry.event_file_remove(&organiser.on(AFTER), &event.id, &kept).await), ["state_does_not_allow"]);
        assert_eq!(codes(registry.public().attachment(&opened).await), ["not found"]);
        stage.publish(&event.id, AFTER).await.expect("publish");

        let first = stage.public(&event.number, AFTER).await.versions.remove(0);
        let named: Vec<_> = first.content.files.iter().map(|one| (one.title.as_str(), one.line.as_str(), one.is_public, one.bytes)).collect();
        assert_eq!(named.len(), 3);
        assert!(named.contains(&("七月电费单", "分会场用电 · FP-1", true, 1001)) && named.contains(&("合同", "布展用电", false, 1002)), "{named:?}");
        assert!(first.content.files.iter().all(|one| one.sha256.len() == 64));
        let public = registry.public().attachment(&opened).await.expect("anyone may have it");
        assert_eq!((public.title.as_str(), public.bytes), ("七月电费单", 1001));
        assert_eq!(codes(registry.public().attachment(&kept).await), ["not found"], "named, and not given out");
        for file in [&opened, &kept] {
            assert_eq!(codes(registry.event_file_remove(&organiser.on(AFTER), &event.id, file).await), ["event_file_published"]);
        }

        // a correction: the files stay, more may come, and those that nobody published may go
        let day = date!(2025 - 07 - 01);
        registry.event_correct(&organiser.on(day), &event.id, &fields(&[("reason", "漏计一行")])).await.expect("correct");
        assert_eq!(codes(registry.event_file_remove(&organiser.on(day), &event.id, &kept).await), ["event_file_published"]);
        let more = registry.event_file_add(&organiser.on(day), &event.id, &proof("布展用电", "补充"), &content(6)).await.expect("more").id;
        let wrong = registry.event_file_add(&organiser.on(day), &event.id, &proof("布展用电", "误传"), &content(7)).await.expect("wrong").id;
        registry.event_file_remove(&organiser.on(day), &event.id, &wrong).await.expect("not published");
        assert_eq!(codes(registry.public().attachment(&more).await), ["not found"]);
        stage.account(&event.id, day).await.expect("account");
        registry.event_retire(&organiser.on(day), &event.id, &fields(&[("statement", "yes")])).await.expect("covered");
        stage.evaluate(&event.id, day).await.expect("evaluate");
        stage.publish(&event.id, day).await.expect("publish");
        let again = stage.public(&event.number, day).await;
        assert_eq!(again.versions[1], first, "the earlier version is what it was");
        let titles: Vec<_> = again.versions[0].content.files.iter().map(|one| one.title.as_str()).collect();
        assert!(titles.len() == 4 && titles.contains(&"补充") && titles.contains(&"七月电费单"), "{titles:?}");
        assert_eq!(files(&stage, &event.id).await.iter().map(|one| one.published_version).collect::<Vec<_>>(), [Some(1), Some(1), Some(1), Some(2)]);

        // the database itself keeps what was published
        let mut raw = stage.world.database.raw().await;
        let forged = format!("UPDATE event_file SET removed_at = at + 1 WHERE id = '{opened}'");
        let refused = sqlx::raw_sql(AssertSqlSafe(forged)).execute(&mut raw).await.expect_err("refused");
        assert!(refused.to_string().contains("event_file_published_stays"), "{refused}");
        stage.world.assert_audit_clean().await;
    }

    /// Others who organise the event add and remove until units cover it; its owner is told.
    async fn organisers_share_the_evidence_until_the_event_is_covered(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let (lead, other) = (&stage.world.organiser, &stage.world.owner);
        let event = stage.create(&quick()).await;
        registry.event_inventory_save(&lead.on(BEFORE), &event.id, &lines("100")).await.expect("lines");
        let invited = fields(&[("organisation", &other.account)]);
        registry.event_organiser_invite(&lead.on(BEFORE), &event.id, &invited).await.expect("asked");
        assert_eq!(codes(registry.event_files(&other.on(BEFORE), &event.id).await), ["not found"], "asked is not accepted");
        registry.event_organiser_answer(&other.on(BEFORE), &event.id, &fields(&[("answer", "accept")])).await.expect("accepted");
        let theirs = registry.event_file_add(&other.on(BEFORE), &event.id, &proof("FP-1", "分会场电费单"), &content(1)).await.expect("theirs").id;
        let page = registry::PageRequest { after: None, size: 20 };
        let told = registry.notifications(&lead.on(BEFORE), &page).await.expect("messages");
        assert!(told.rows.iter().any(|message| message.kind == "event_file_add"));
        registry.attachment_get(&lead.on(BEFORE), &theirs).await.expect("the owner reads it");
        covered(&stage, &event.id).await;
        assert_eq!(codes(registry.event_file_add(&other.on(AFTER), &event.id, &proof("FP-1", "x"), &content(2)).await), ["event_owner_only"]);
        assert_eq!(codes(registry.event_file_remove(&other.on(AFTER), &event.id, &theirs).await), ["event_owner_only"]);
        registry.event_file_remove(&lead.on(AFTER), &event.id, &theirs).await.expect("the owner may");
        stage.world.assert_audit_clean().await;
    }

    /// The same content added by two copies of the server at once is there once, and there are never more files than an event may have.
    async fn an_event_has_no_file_twice_and_never_too_many(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let event = stage.create(&quick()).await;
        registry.event_inventory_save(&organiser.on(BEFORE), &event.id, &lines("100")).await.expect("lines");
        let copies = [stage.world.database.connect().await, stage.world.database.connect().await];
        for round in 0..rounds(6) {
            let barrier = Arc::new(Barrier::new(2));
            let tasks: Vec<_> = copies
                .iter()
                .map(|copy| {
                    let (copy, barrier, by, event) = (copy.clone(), barrier.clone(), organiser.on(BEFORE), event.id.clone());
                    tokio::spawn(async move {
                        barrier.wait().await;
                        copy.event_file_add(&by, &event, &proof("FP-1", "账单"), &content(round)).await
                    })
                })
                .collect();
            let mut added = 0;
            for task in tasks {
                match task.await.expect("no panic") {
                    Ok(_) => added += 1,
                    refused => assert_eq!(codes(refused), ["attachment_already_there"]),
                }
            }
            assert_eq!(added, 1, "round {round}");
        }
        let there = files(&stage, &event.id).await.len();
        for more in there..usize::try_from(COUNT_MAX).expect("small") {
            add(&stage, &event.id, &proof("FP-1", "账单"), &content(1_000 + more)).await.expect("there is room");
        }
        assert_eq!(codes(add(&stage, &event.id, &proof("FP-1", "账单"), &content(9_999)).await), ["attachment_too_many"]);
        let one = files(&stage, &event.id).await.remove(0).file.id;
        let large = StoredFile { bytes: EVENT_BYTES_MAX, ..content(8_888) };
        registry.event_file_remove(&organiser.on(BEFORE), &event.id, &one).await.expect("removed");
        assert_eq!(codes(add(&stage, &event.id, &proof("FP-1", "账单"), &large).await), ["event_files_too_large"]);
        add(&stage, &event.id, &proof("FP-1", "账单"), &content(9_999)).await.expect("its place is free");
        stage.world.assert_audit_clean().await;
    }

    /// What is refused is refused before its bytes are stored: no room, the same again, a key that was used for something else.
    async fn nothing_is_stored_that_will_be_refused(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let event = stage.create(&quick()).await;
        registry.event_inventory_save(&organiser.on(BEFORE), &event.id, &lines("100")).await.expect("lines");
        let asks = async |by: &registry::By, file: &StoredFile| registry.event_file_may_add(by, &event.id, &proof("FP-1", "账单"), file).await;
        let by = organiser.with_key(BEFORE, "once");
        asks(&by, &content(1)).await.expect("there is room");
        let added = registry.event_file_add(&by, &event.id, &proof("FP-1", "账单"), &content(1)).await.expect("added");
        asks(&by, &content(1)).await.expect("the same form again has its first answer");
        assert_eq!(codes(asks(&by, &content(2)).await), ["key_reused"], "another content under the same key");
        assert_eq!(codes(asks(&organiser.on(BEFORE), &content(1)).await), ["attachment_already_there"]);
        let large = StoredFile { bytes: EVENT_BYTES_MAX, ..content(2) };
        assert_eq!(codes(asks(&organiser.on(BEFORE), &large).await), ["event_files_too_large"]);

        // the store keeps what was taken away: three times what an event may have, and no more
        registry.event_file_remove(&organiser.on(BEFORE), &event.id, &added.id).await.expect("removed");
        let fits = StoredFile { bytes: EVENT_BYTES_MAX, ..content(3) };
        for digit in 3..5 {
            let whole = StoredFile { hash: content(digit).hash, ..fits.clone() };
            let file = add(&stage, &event.id, &proof("FP-1", "账单"), &whole).await.expect("all the room").id;
            registry.event_file_remove(&organiser.on(BEFORE), &event.id, &file).await.expect("removed");
        }
        let more = StoredFile { hash: content(5).hash, ..fits };
        assert_eq!(codes(asks(&organiser.on(BEFORE), &more).await), ["event_files_spent"]);
        assert_eq!(codes(add(&stage, &event.id, &proof("FP-1", "账单"), &more).await), ["event_files_spent"]);
        add(&stage, &event.id, &proof("FP-1", "账单"), &content(6)).await.expect("a small one still fits");
        stage.world.assert_audit_clean().await;
    }
}
