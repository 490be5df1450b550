//! Who is told, once, and by whom it can be read; mail is claimed once; reminders come once; steps are counted.

use std::collections::{BTreeSet, HashMap};

use domain::notification::Step;
use domain::project::Party;
use domain::{Act, Instant, Role};
use registry::{
    Fields, MAIL_ATTEMPTS_MAX, MAIL_LEASE_SECONDS, Notification, PageRequest, RecordKind, Registry,
    Visitor,
};
use sqlx::Row as _;
use time::Date;
use time::macros::date;

use crate::harness::*;

/// Everything an organisation was told since its account was opened, oldest first.
async fn told(registry: &Registry, actor: &Actor) -> Vec<Notification> {
    let mut all = Vec::new();
    let mut page = PageRequest {
        after: None,
        size: 3,
    };
    loop {
        let found = registry
            .notifications(&actor.on(DAY_ONE), &page)
            .await
            .expect("notifications");
        all.extend(found.rows);
        match found.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    all.retain(|one| !one.kind.starts_with("account_"));
    all.reverse();
    all
}

async fn kinds(registry: &Registry, actor: &Actor) -> Vec<String> {
    let all = told(registry, actor).await;
    all.into_iter().map(|one| one.kind).collect()
}

/// The mails about a request for a mandate.
const MANDATE_MAILS: &str = "SELECT COUNT(*) FROM mail JOIN notification ON notification.id = mail.notification_id \
     WHERE notification.kind = 'project_request_mandate'";

/// One number from a query that goes past the registry.
async fn number(world: &World, sql: &'static str) -> i64 {
    let mut connection = world.database.raw().await;
    sqlx::query_scalar(sql)
        .fetch_one(&mut connection)
        .await
        .expect("a number")
}

both_databases! {
    async fn each_party_is_told_of_each_act_and_nobody_else_is(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let stranger = sign_up(registry, "演示旁人有限公司", Role::ProjectOwner).await;
        world.credits_issued().await;

        let owner = [
            "project_confirm_mandate", "project_approve_publicity", "project_publicity_starts", "project_publicity_ends",
            "project_validate", "project_register", "report_confirm_mandate", "report_approve_publicity", "report_publicity_starts",
            "report_publicity_ends", "report_verify", "report_register", "report_issue",
        ];
        assert_eq!(kinds(registry, &world.owner).await, owner);
        let validator = [
            "project_request_mandate", "project_request_publicity", "project_approve_publicity", "project_publicity_starts",
            "project_publicity_ends", "project_apply_registration", "project_register",
        ];
        assert_eq!(kinds(registry, &world.validator).await, validator);
        let verifier = [
            "report_request_mandate", "report_request_publicity", "report_approve_publicity", "report_publicity_starts",
            "report_publicity_ends", "report_apply_registration", "report_register", "report_issue",
        ];
        assert_eq!(kinds(registry, &world.verifier).await, verifier);
        let operator = [
            "project_request_publicity", "project_apply_registration", "report_request_publicity", "report_apply_registration",
        ];
        assert_eq!(kinds(registry, &world.operator).await, operator);
        for nobody in [&stranger, &world.organiser] {
            assert!(kinds(registry, nobody).await.is_empty());
        }

        // Each names project, act, and next step with its day.
        let all = told(registry, &world.operator).await;
        let applied = &all[1];
        assert_eq!(applied.actor.as_deref(), Some("演示海上风电有限公司"));
        assert_eq!((applied.subject_kind.as_str(), applied.reader), ("project", Role::RegistryOperator));
        assert!(!applied.title.is_empty());
        assert_eq!((applied.next_party, applied.next_act), (Some(Party::Operator), Some(Act::ProjectRegister)));
        // 15 working days after 2025-04-01, across Qingming and Labour Day (Measures art. 15; registry rules j.1)
        assert_eq!(applied.due_on.as_deref(), Some("2025-04-23"));
        let issued = told(registry, &world.owner).await.pop().expect("the last one");
        assert_eq!((issued.number, issued.actor.as_deref()), (Some(1), Some("演示登记机构")));
        assert!(issued.tonnes.is_some_and(|tonnes| tonnes > 0), "{issued:?}");
        assert!(issued.code.is_some());
        world.assert_audit_clean().await;
    }

    async fn whoever_receives_credits_is_told_how_many_and_the_sender_is_not(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let registry = &world.registry;
        let before = kinds(registry, &world.owner).await.len();
        let form = fields(&[("quantity", "120"), ("to", &world.organiser.account)]);
        registry.credits_transfer(&world.owner.on(ISSUED), &form).await.expect("transfer");
        let got = told(registry, &world.organiser).await;
        assert_eq!(got.len(), 1);
        assert_eq!((got[0].kind.as_str(), got[0].tonnes, got[0].next_party), ("credits_transfer", Some(120), None));
        assert_eq!(kinds(registry, &world.owner).await.len(), before);
    }

    async fn a_replay_tells_once_and_a_refused_act_tells_nobody(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let project = world.project_drafted(DAY_ONE).await;
        let by = world.owner.with_key(DAY_ONE, &key());
        for _ in 0..3 {
            registry.project_request_mandate(&by, &project, &Fields::new()).await.expect("the same answer");
        }
        assert_eq!(kinds(registry, &world.validator).await, ["project_request_mandate"]);
        assert_eq!(number(&world, MANDATE_MAILS).await, 1);
        let refused = registry.project_confirm_mandate(&world.validator.on(DAY_ONE), &project, &Fields::new()).await;
        assert!(codes(refused).contains(&"required".to_owned()));
        assert!(kinds(registry, &world.owner).await.is_empty());
        assert_eq!(number(&world, MANDATE_MAILS).await, 1);
    }

    async fn the_same_act_sent_by_many_at_once_tells_once(database) {
        let world = World::new(database).await;
        let project = world.project_drafted(DAY_ONE).await;
        let other = world.database.connect().await;
        let by = world.owner.with_key(DAY_ONE, &key());
        let mut tasks = Vec::new();
        for at in 0..12 {
            let registry = if at % 2 == 0 { world.registry.clone() } else { other.clone() };
            let (by, project) = (by.clone(), project.clone());
            tasks.push(tokio::spawn(async move {
                registry.project_request_mandate(&by, &project, &Fields::new()).await
            }));
        }
        for task in tasks {
            task.await.expect("no panic").expect("the first answer");
        }
        assert_eq!(kinds(&world.registry, &world.validator).await, ["project_request_mandate"]);
        assert_eq!(number(&world, MANDATE_MAILS).await, 1);
    }

    async fn opinions_go_to_those_who_must_deal_with_them(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let project = world.project_in_publicity().await;
        let day = date!(2025 - 03 - 05);
        let form = fields(&[("author", "某人"), ("text", "公开的意见")]);
        let visitor = Visitor { at: noon(day), key: key() };
        let opinion = registry.opinion_submit(&visitor, RecordKind::Project, project.as_str(), &form).await.expect("opinion").id;
        let last = told(registry, &world.operator).await.pop().expect("told");
        assert_eq!((last.kind.as_str(), last.actor, last.next_act), ("opinion_submit", None, Some(Act::OpinionPublish)));
        registry.opinion_publish(&world.operator.on(day), &opinion).await.expect("publish");
        let last = told(registry, &world.owner).await.pop().expect("told");
        assert_eq!((last.kind.as_str(), last.next_act), ("opinion_publish", Some(Act::OpinionReply)));
    }

    /// What was read stays read for the whole organisation, and nobody reads for another one.
    async fn messages_are_read_one_by_one_or_up_to_one(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let unread = async |actor: &Actor| registry.notifications_unread(&actor.organisation).await.expect("a number");
        let before = unread(&world.owner).await;
        world.project_registered().await;
        let all = told(registry, &world.owner).await;
        assert_eq!(unread(&world.owner).await - before, i64::try_from(all.len()).expect("small"));
        let by = world.owner.with_key(ISSUED, &key());
        for _ in 0..2 {
            assert_eq!(registry.notification_read(&by, &fields(&[("notification", &all[0].id)])).await.expect("read"), 1);
        }
        assert!(told(registry, &world.owner).await[0].read);
        let foreign = registry.notification_read(&world.validator.on(ISSUED), &fields(&[("notification", &all[1].id)])).await;
        assert_eq!(codes(foreign), ["not found"]);
        let nothing = registry.notification_read(&world.owner.on(ISSUED), &Fields::new()).await;
        assert_eq!(codes(nothing), ["required"]);
        let up_to = registry.notification_read(&world.owner.on(ISSUED), &fields(&[("up_to", &all[2].id)])).await;
        assert_eq!(i64::try_from(up_to.expect("read")).expect("small") - before, 2);
        let read: Vec<bool> = told(registry, &world.owner).await.into_iter().map(|one| one.read).collect();
        assert_eq!(read.iter().filter(|read| **read).count(), 3);
        assert!(read[..3].iter().all(|read| *read));
        assert!(unread(&world.validator).await > 0, "others' messages are untouched");
    }

    /// 5 working days before, on the day after, and on the last day of publicity: once each, on every copy of the server.
    async fn reminders_come_once_each_on_their_day(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let other = world.database.connect().await;
        let project = world.project_in_publicity().await;
        let tick = async |day: Date| {
            let (one, two) = tokio::join!(registry.reminders_tick(noon(day)), other.reminders_tick(noon(day)));
            one.expect("tick");
            two.expect("tick");
            registry.reminders_tick(noon(day)).await.expect("again")
        };
        let reminders = async |actor: &Actor| {
            let all = kinds(registry, actor).await;
            all.into_iter().filter(|kind| kind.starts_with("reminder")).collect::<Vec<_>>()
        };
        assert_eq!(tick(date!(2025 - 03 - 28)).await, 0);
        assert!(reminders(&world.owner).await.is_empty());
        // publicity 2025-03-04 to 2025-03-31
        tick(date!(2025 - 03 - 31)).await;
        for told in [&world.owner, &world.validator] {
            assert_eq!(reminders(told).await, ["reminder_publicity_last_day"]);
        }
        // the report is due 100 days after 2025-03-04: 2025-06-12, a Thursday; five working days before it is 2025-06-05
        registry.clock_tick(noon(date!(2025 - 04 - 01))).await.expect("tick");
        assert_eq!(tick(date!(2025 - 06 - 04)).await, 0);
        assert_eq!(reminders(&world.validator).await.len(), 1);
        tick(date!(2025 - 06 - 05)).await;
        assert_eq!(reminders(&world.validator).await, ["reminder_publicity_last_day", "reminder_due_soon"]);
        tick(date!(2025 - 06 - 12)).await;
        assert_eq!(reminders(&world.validator).await.len(), 2);
        tick(date!(2025 - 06 - 13)).await;
        assert_eq!(reminders(&world.validator).await, ["reminder_publicity_last_day", "reminder_due_soon", "reminder_overdue"]);
        assert_eq!(reminders(&world.owner).await, ["reminder_publicity_last_day", "reminder_overdue"]);
        assert!(reminders(&world.operator).await.is_empty());
        let last = told(registry, &world.validator).await.pop().expect("told");
        assert_eq!((last.due_on.as_deref(), last.next_act), (Some("2025-06-12"), Some(Act::ProjectValidate)));
        assert_eq!(last.subject, project.as_str());
        tick(date!(2025 - 09 - 01)).await;
        assert_eq!(reminders(&world.validator).await.len(), 3);
        world.assert_audit_clean().await;
    }

    /// Several processes ask at once: each mail is given to one of them, in the language its reader chose, and not to those who want none.
    async fn each_mail_is_claimed_by_one_process(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let english = fields(&[("wants_mail", "yes"), ("language", "en")]);
        registry.user_set_mail(&world.owner.on(DAY_ONE), &english).await.expect("choose");
        let again = world.owner.with_key(DAY_ONE, &key());
        for _ in 0..2 {
            assert_eq!(registry.user_set_mail(&again, &english).await.expect("the first answer").language, "en");
        }
        let none = fields(&[("wants_mail", "no"), ("language", "zh")]);
        assert_eq!(codes(registry.user_set_mail(&again, &none).await), ["key_reused"]);
        registry.user_set_mail(&world.validator.on(DAY_ONE), &none).await.expect("choose");
        assert!(!registry.mail_choice(&world.validator.on(DAY_ONE)).await.expect("read").wants_mail);
        let wrong = fields(&[("wants_mail", "maybe"), ("language", "fr")]);
        assert_eq!(codes(registry.user_set_mail(&world.owner.on(DAY_ONE), &wrong).await), ["choice_invalid", "choice_invalid"]);
        world.project_registered().await;
        let waiting = number(&world, "SELECT COUNT(*) FROM mail").await;
        let since = "SELECT COUNT(*) FROM mail JOIN notification ON notification.id = mail.notification_id WHERE notification.kind LIKE 'project_%'";
        let messages = number(&world, "SELECT COUNT(*) FROM notification WHERE kind LIKE 'project_%'").await;
        let of_validator = i64::try_from(kinds(registry, &world.validator).await.len()).expect("small");
        assert!(of_validator > 0);
        assert_eq!(number(&world, since).await, messages - of_validator, "one for each message, none for the validator");

        let now = Instant(1_800_000_000);
        let mut tasks = Vec::new();
        for worker in 0..6 {
            let registry = if worker % 2 == 0 { world.registry.clone() } else { world.database.connect().await };
            tasks.push(tokio::spawn(async move {
                let claimant = format!("process {worker}");
                let mut mine = Vec::new();
                while let Some(mail) = registry.mail_claim(&claimant, now).await.expect("claim") {
                    assert!(registry.mail_sent(&mail.id, &claimant, now).await.expect("sent"));
                    mine.push((mail.id, mail.language, mail.notification));
                }
                mine
            }));
        }
        let mut sent = Vec::new();
        for task in tasks {
            sent.extend(task.await.expect("no panic"));
        }
        let ids: BTreeSet<_> = sent.iter().map(|(id, _, _)| id.clone()).collect();
        assert_eq!((ids.len(), sent.len()), (sent.len(), usize::try_from(waiting).expect("small")));
        for (_, language, told) in sent.iter().filter(|(_, _, told)| !told.kind.starts_with("account_")) {
            assert_eq!(language, if told.reader == Role::ProjectOwner { "en" } else { "zh" });
        }
        assert_eq!(number(&world, "SELECT COUNT(*) FROM mail WHERE state = 'sent'").await, waiting);
    }

    /// A process that dies is replaced after the lease; a server that refuses is asked again, ever later; then the operator decides.
    async fn what_cannot_be_sent_is_tried_again_and_then_shown_to_the_operator(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let project = world.project_drafted(DAY_ONE).await;
        registry.project_request_mandate(&world.owner.on(DAY_ONE), &project, &Fields::new()).await.expect("ask");
        let others = "DELETE FROM mail WHERE notification_id IN (SELECT id FROM notification WHERE kind <> 'project_request_mandate')";
        sqlx::query(others).execute(&mut world.database.raw().await).await.expect("only one mail");
        let mut now = Instant(1_800_000_000);
        let first = registry.mail_claim("dies", now).await.expect("claim").expect("a mail");
        assert!(registry.mail_claim("other", now).await.expect("claim").is_none(), "it is being sent");
        let lease_over = now.plus_seconds(MAIL_LEASE_SECONDS);
        let again = registry.mail_claim("other", lease_over).await.expect("claim").expect("taken over");
        assert_eq!((again.id.as_str(), again.attempts), (first.id.as_str(), 2));
        assert!(!registry.mail_sent(&first.id, "dies", lease_over).await.expect("late"), "it is another process's now");
        registry.mail_failed(&again, "other", lease_over, "refused", false).await.expect("failed");
        let mut pauses = Vec::new();
        now = lease_over;
        for _ in 2..MAIL_ATTEMPTS_MAX {
            let mut pause = 0;
            let mail = loop {
                pause += 30;
                if let Some(mail) = registry.mail_claim("other", now.plus_seconds(pause)).await.expect("claim") {
                    break mail;
                }
                assert!(pause <= 90_000, "it is tried again within a day");
            };
            now = now.plus_seconds(pause);
            pauses.push(pause);
            registry.mail_failed(&mail, "other", now, "refused", false).await.expect("failed");
        }
        assert!(pauses.windows(2).all(|pair| pair[0] <= pair[1]), "{pauses:?}");
        assert!(registry.mail_claim("other", now.plus_seconds(1_000_000)).await.expect("claim").is_none(), "given up");
        let outbox = registry.outbox(&world.operator.on(DAY_ONE)).await.expect("outbox");
        assert_eq!((outbox.dead, outbox.troubled.len(), outbox.troubled[0].error.as_str()), (1, 1, "refused"));
        assert_eq!(codes(registry.outbox(&world.owner.on(DAY_ONE)).await), ["forbidden"]);
        registry.mail_retry(&world.operator.on(DAY_ONE), &first.id).await.expect("retry");
        assert_eq!(codes(registry.mail_retry(&world.operator.on(DAY_ONE), &first.id).await), ["not found"]);
        let mail = registry.mail_claim("other", now).await.expect("claim").expect("again");
        assert_eq!((mail.id.as_str(), mail.attempts), (first.id.as_str(), 1));
        assert!(registry.mail_sent(&mail.id, "other", now).await.expect("sent"));
        world.assert_audit_clean().await;
    }

    async fn the_steps_of_a_life_are_counted_and_published(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let found = world.registry.public().step_statistics().await.expect("statistics");
        let all: HashMap<_, _> = found
            .iter()
            .filter(|row| row.year.is_none())
            .map(|row| ((row.kind, row.step), (row.count, row.median_days)))
            .collect();
        let of = |kind, step| all.get(&(kind, step)).copied();
        // publicity 2025-03-04 to 03-31: 20 working days (Measures art. 12); validation 28 days after its first day;
        // registration 2025-04-01 to 04-14: 8 working days, Qingming on 04-04 not counted
        assert_eq!(of(RecordKind::Project, Step::Publicity), Some((1, 20)));
        assert_eq!(of(RecordKind::Project, Step::Assessment), Some((1, 28)));
        assert_eq!(of(RecordKind::Project, Step::Registration), Some((1, 8)));
        assert_eq!(of(RecordKind::Project, Step::Mandate), Some((1, 0)));
        assert_eq!(of(RecordKind::Project, Step::Issuance), None);
        assert_eq!(of(RecordKind::Report, Step::Publicity), Some((1, 20)));
        assert_eq!(of(RecordKind::Report, Step::Issuance), Some((1, 0)));
        assert!(found.iter().any(|row| row.year == Some(2025)));
        assert_eq!(number(&world, "SELECT COUNT(*) FROM step_open").await, 0);
    }

    /// A pause stops the clock, does not lose the place in the queue, and is not counted.
    async fn the_queue_counts_who_came_earlier_and_pauses_do_not_count(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let mut projects = Vec::new();
        for day in [date!(2025 - 04 - 01), date!(2025 - 04 - 02)] {
            let project = world.project_in_publicity().await;
            registry.clock_tick(noon(day)).await.expect("tick");
            let validation = world.validation(&project).await;
            registry.project_validate(&world.validator.on(day), &project, &validation).await.expect("validate");
            let statement = fields(&[("statement", "yes")]);
            registry.project_apply_registration(&world.owner.on(day), &project, &statement).await.expect("apply");
            projects.push(project);
        }
        let ids: Vec<String> = projects.iter().map(ToString::to_string).collect();
        let places = async |actor: &Actor| {
            let found = registry.queue_positions(&actor.on(ISSUED), &ids).await.expect("places");
            ids.iter().map(|id| found.get(id).map(|place| place.before)).collect::<Vec<_>>()
        };
        for sees in [&world.owner, &world.validator, &world.operator] {
            assert_eq!(places(sees).await, [Some(0), Some(1)]);
        }
        for blind in [&world.verifier, &world.organiser] {
            assert_eq!(places(blind).await, [None, None]);
        }
        let why = fields(&[("reason", "请补充材料")]);
        let paused = date!(2025 - 04 - 07);
        registry.project_pause(&world.operator.on(paused), &projects[0], &why).await.expect("pause");
        assert_eq!(places(&world.owner).await, [Some(0), Some(1)]);
        let resumed = date!(2025 - 04 - 10);
        registry.project_resume(&world.operator.on(resumed), &projects[0], &Fields::new()).await.expect("resume");
        registry.project_register(&world.operator.on(date!(2025 - 04 - 14)), &projects[0], &Fields::new()).await.expect("register");
        assert_eq!(places(&world.owner).await, [None, Some(0)]);
        let found = registry.public().step_statistics().await.expect("statistics");
        let review = found.iter().find(|row| row.step == Step::Registration && row.year.is_none()).expect("one review");
        // 8 working days from 2025-04-01 to 2025-04-14, 3 of them paused
        assert_eq!((review.count, review.median_days), (1, 5));
    }

    /// The database itself refuses the same message twice, and a mail that is sent without saying when.
    async fn the_database_keeps_what_must_not_happen(database) {
        let world = World::new(database).await;
        let project = world.project_drafted(DAY_ONE).await;
        world.registry.project_request_mandate(&world.owner.on(DAY_ONE), &project, &Fields::new()).await.expect("ask");
        let mut connection = world.database.raw().await;
        let row = sqlx::query("SELECT act_id, organisation_id FROM notification").fetch_one(&mut connection).await.expect("one");
        let (act, organisation): (String, String) = (row.get(0), row.get(1));
        let twice = sqlx::query(
            "INSERT INTO notification (id, organisation_id, act_id, kind, at, subject_kind, subject, title) \
             VALUES ('x', $1, $2, 'x', 1, 'x', 'x', 'x')",
        )
        .bind(&organisation)
        .bind(&act)
        .execute(&mut connection)
        .await;
        assert!(twice.is_err());
        let unsaid = sqlx::query("UPDATE mail SET state = 'sent'").execute(&mut connection).await;
        assert!(unsaid.is_err());
    }
}
