//! A body of the platform confirms the statement about an event: who may, about what, once, and what is said of it in public.

use std::sync::Arc;

use domain::Act;
use registry::{
    Error, EvaluationView, EventReceipt, Fields, Notification, PageRequest, PublicEventVersion,
};
use sqlx::AssertSqlSafe;
use time::Date;
use time::macros::date;
use tokio::sync::Barrier;

use crate::events::*;
use crate::harness::*;

/// The day of the answers.
const ANSWERED: Date = date!(2025 - 06 - 25);

impl Stage {
    /// A covered event, with one file that only organisers and bodies see.
    async fn covered(&self) -> EventReceipt {
        let event = self.create(&quick()).await;
        let file = paper_file();
        let proof = fields(&[("line", "2"), ("title", "账单")]);
        let by = self.world.organiser.on(BEFORE);
        let added = self
            .registry()
            .event_file_add(&by, &event.id, &proof, &file)
            .await;
        added.expect("a file");
        self.account(&event.id, AFTER).await.expect("account");
        let seen = self.get(&event.id, AFTER).await;
        let needed = seen.accounted.expect("account").tonnes.to_string();
        let retired = self.retire(&event.id, AFTER, &needed).await;
        retired.expect("retire")
    }

    /// The statement names a body.
    async fn name(&self, event: &str, day: Date, body: &str) -> Result<EventReceipt, Error> {
        let form = fields(&[
            ("evaluation", "body"),
            ("evaluator_body", body),
            ("evaluation_text", "已委托第三方机构评价。"),
            ("statement", "yes"),
        ]);
        self.registry()
            .event_evaluate(&self.world.organiser.on(day), event, &form)
            .await
    }

    async fn read(&self, body: &Actor, event: &str, day: Date) -> EvaluationView {
        let read = self.registry().event_evaluation(&body.on(day), event).await;
        read.expect("what it was asked about")
    }

    /// What a body says about what it has read.
    async fn says(&self, body: &Actor, event: &str, day: Date, opinion: &str) -> Fields {
        let seen = self.read(body, event, day).await.dossier;
        let seen = seen.expect("the version").seen;
        fields(&[("opinion", opinion), ("statement", "yes"), ("seen", &seen)])
    }

    async fn confirm(&self, body: &Actor, event: &str, day: Date) -> Result<EventReceipt, Error> {
        let form = self.says(body, event, day, "数据与凭证一致，同意。").await;
        self.registry()
            .event_evaluation_confirm(&body.on(day), event, &form)
            .await
    }

    async fn newest(&self, number: &str, day: Date) -> PublicEventVersion {
        self.public(number, day).await.versions.remove(0)
    }

    async fn told(&self, actor: &Actor) -> Vec<Notification> {
        let page = PageRequest {
            after: None,
            size: 50,
        };
        let told = self.registry().notifications(&actor.on(AFTER), &page).await;
        let mut rows = told.expect("messages").rows;
        rows.reverse();
        rows.retain(|message| message.kind.starts_with("event_"));
        rows
    }
}

fn kinds(messages: &[Notification]) -> Vec<&str> {
    let kinds = messages.iter();
    kinds.map(|message| message.kind.as_str()).collect()
}

async fn past_the_registry(stage: &Stage, sql: String) -> Result<(), sqlx::Error> {
    let mut raw = stage.world.database.raw().await;
    let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut raw).await;
    done.map(|_| ())
}

both_databases! {
    /// A body that organises, supplies or is tied to an organiser is not named, and does not confirm if that is found out later.
    async fn nobody_evaluates_an_event_of_its_own(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let (validator, verifier) = (&stage.world.validator, &stage.world.verifier);
        let owner = &stage.world.organiser;
        let event = stage.create(&quick()).await;
        // one body has the name of a supplier, however that was typed
        let supplier = fields(&[("name", "演示 核查机构乙"), ("classes.lodging", "yes")]);
        registry.event_supplier_add(&owner.on(BEFORE), &event.id, &supplier, "a-hotel").await.expect("a supplier");
        stage.account(&event.id, AFTER).await.expect("account");
        let needed = stage.get(&event.id, AFTER).await.accounted.expect("account").tonnes.to_string();
        stage.retire(&event.id, AFTER, &needed).await.expect("retire");
        let refused_at = async |body: &str| -> Vec<(String, String)> {
            let refused = stage.name(&event.id, AFTER, body).await.expect_err("refused").refusals();
            refused.into_iter().map(|one| (one.code.to_owned(), one.field.unwrap_or_default())).collect()
        };
        let at = |code: &str| vec![(code.to_owned(), "evaluator_body".to_owned())];
        for nobody in ["没有这个机构", "演示赛事组委会", owner.organisation.as_str(), owner.account.as_str(), stage.world.operator.organisation.as_str()] {
            assert_eq!(refused_at(nobody).await, at("event_evaluator_unknown"), "{nobody}");
        }
        for supplier in [verifier.organisation.as_str(), verifier.account.as_str(), "演示核查机构乙"] {
            assert_eq!(refused_at(supplier).await, at("event_evaluator_own"), "{supplier}");
        }
        // the register of ties
        let code = registry.organisation_get(&owner.on(AFTER), &owner.organisation).await.expect("the organiser").uscc;
        let tie = fields(&[
            ("vvb", validator.organisation.as_str()), ("uscc", &code), ("company", "演示赛事组委会"), ("kind", "assets"), ("since", "2025-01-01"),
            ("source", "演示公告 1 号"),
        ]);
        let tied = registry.tie_add(&stage.world.operator.on(AFTER), &tie).await.expect("a tie").id;
        assert_eq!(refused_at(validator.organisation.as_str()).await, at("event_evaluator_tied"));
        assert!(registry.event_evaluators(&owner.on(AFTER), &event.id).await.expect("choices").is_empty());
        let end = fields(&[("until", "2025-06-01"), ("reason", "股份已转让")]);
        registry.tie_end(&stage.world.operator.on(AFTER), &tied, &end).await.expect("ended");
        let choices = registry.event_evaluators(&owner.on(AFTER), &event.id).await.expect("choices");
        assert_eq!(choices.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["演示审定机构甲"]);
        assert_eq!(codes(registry.event_evaluators(&stage.world.owner.on(AFTER), &event.id).await), ["not found"]);
        // a body that organises the event with its owner: no role allows it, and it would be refused all the same
        let co = |body: &Actor| {
            format!(
                "INSERT INTO event_organiser (id, event_id, organisation_id, state, invited_at, changed_at, act_id) \
                 SELECT 'co-1', id, '{}', 'accepted', 1, 1, act_id FROM event WHERE id = '{}'",
                body.organisation, event.id
            )
        };
        past_the_registry(&stage, co(validator)).await.expect("written");
        assert_eq!(refused_at(validator.organisation.as_str()).await, at("event_evaluator_own"));
        past_the_registry(&stage, "DELETE FROM event_organiser WHERE id = 'co-1'".to_owned()).await.expect("taken back");
        assert_eq!(stage.get(&event.id, AFTER).await.row.state.code(), "covered", "nothing was stated");

        // named, and found out later
        stage.name(&event.id, AFTER, validator.organisation.as_str()).await.expect("independent today");
        registry.tie_add(&stage.world.operator.on(AFTER), &tie).await.expect("a tie");
        assert_eq!(codes(stage.confirm(validator, &event.id, ANSWERED).await), ["event_evaluator_tied"]);
        let says = stage.says(validator, &event.id, ANSWERED, "与主办方有利害关系").await;
        registry.event_evaluation_decline(&validator.on(ANSWERED), &event.id, &says).await.expect("it may say no");
        stage.world.assert_audit_clean().await;
    }

    /// Asked, and only then; with an opinion and the statement, about what was read; once.
    async fn only_the_named_body_answers_and_only_once(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let (validator, verifier, owner) = (&stage.world.validator, &stage.world.verifier, &stage.world.organiser);
        let event = stage.covered().await;
        let opinion = fields(&[("opinion", "同意"), ("statement", "yes"), ("seen", "x")]);
        for body in [validator, verifier] {
            assert_eq!(codes(registry.event_evaluation(&body.on(AFTER), &event.id).await), ["not found"], "nobody asked it");
            assert_eq!(codes(registry.event_evaluation_confirm(&body.on(AFTER), &event.id, &opinion).await), ["not found"]);
            assert_eq!(codes(registry.event_evaluation_decline(&body.on(AFTER), &event.id, &opinion).await), ["not found"]);
            assert_eq!(codes(registry.evaluation_of_number(&body.on(AFTER), &event.number).await), ["not found"]);
        }
        stage.name(&event.id, AFTER, "演示审定机构甲").await.expect("by its whole name");
        for other in [owner, &stage.world.owner, &stage.world.operator] {
            assert_eq!(codes(registry.event_evaluation_confirm(&other.on(AFTER), &event.id, &opinion).await), ["forbidden"]);
            assert_eq!(codes(registry.event_evaluation(&other.on(AFTER), &event.id).await), ["forbidden"]);
        }
        assert_eq!(codes(registry.event_evaluation_confirm(&verifier.on(AFTER), &event.id, &opinion).await), ["not found"], "another body");
        assert_eq!(codes(registry.event_get(&validator.on(AFTER), &event.id).await), ["forbidden"], "it reads what it is asked about, not the organiser's desk");
        for (missing, refused) in [("statement", "statement_required"), ("opinion", "required"), ("seen", "stale_form")] {
            let mut form = stage.says(validator, &event.id, AFTER, "同意").await;
            form.remove(missing);
            assert_eq!(codes(registry.event_evaluation_confirm(&validator.on(AFTER), &event.id, &form).await), [refused]);
        }
        assert_eq!(codes(registry.event_evaluation_confirm(&validator.on(AFTER), &event.id, &opinion).await), ["stale_form"], "something else was read");

        // it reads inventory, evidence, units and statement
        let read = stage.read(validator, &event.id, AFTER).await;
        let dossier = read.dossier.expect("the version");
        assert!(read.may_answer && dossier.version.published_on.is_empty());
        assert!(dossier.version.input["lines"].as_str().is_some_and(|lines| lines.lines().count() > 3));
        assert_eq!((dossier.version.content.units.len(), dossier.version.content.files.len()), (1, 1));
        let file = &dossier.version.content.files[0].id;
        registry.attachment_get(&validator.on(AFTER), file).await.expect("the evidence itself");
        assert_eq!(codes(registry.attachment_get(&verifier.on(AFTER), file).await), ["not found"]);

        // another statement before that is read: what was asked stands no longer
        let old = stage.says(validator, &event.id, AFTER, "同意").await;
        stage.evaluate(&event.id, AFTER).await.expect("an own declaration");
        assert_eq!(codes(registry.event_evaluation_confirm(&validator.on(AFTER), &event.id, &old).await), ["not found"]);
        assert_eq!(codes(registry.attachment_get(&validator.on(AFTER), file).await), ["not found"]);
        assert!(registry.evaluations_waiting(&validator.on(AFTER)).await.expect("tasks").is_empty());
        let other = fields(&[
            ("evaluation", "body"), ("evaluator_body", validator.account.as_str()), ("evaluation_text", "另一份声明"), ("statement", "yes"),
        ]);
        registry.event_evaluate(&owner.on(AFTER), &event.id, &other).await.expect("named again, by its number");
        assert_eq!(codes(registry.event_evaluation_confirm(&validator.on(AFTER), &event.id, &old).await), ["stale_form"], "the statement is another");

        // it declines: said once, and nothing is published under its name
        let no = stage.says(validator, &event.id, ANSWERED, "凭证不足").await;
        registry.event_evaluation_decline(&validator.on(ANSWERED), &event.id, &no).await.expect("declined");
        for again in [
            registry.event_evaluation_decline(&validator.on(ANSWERED), &event.id, &no).await,
            registry.event_evaluation_confirm(&validator.on(ANSWERED), &event.id, &no).await,
        ] {
            assert_eq!(codes(again), ["event_evaluation_decided"]);
        }
        let status = stage.get(&event.id, ANSWERED).await.asked.expect("what became of it");
        assert_eq!((status.state.as_str(), status.opinion.as_deref(), status.decided_on.as_deref()), ("declined", Some("凭证不足"), Some("2025-06-25")));
        assert_eq!(codes(stage.publish(&event.id, ANSWERED).await), ["event_evaluation_declined"]);
        stage.evaluate(&event.id, ANSWERED).await.expect("an own declaration");
        stage.publish(&event.id, ANSWERED).await.expect("publish");
        let shown = stage.newest(&event.number, ANSWERED).await;
        assert!(shown.evaluation.is_none() && !serde_json::to_string(&shown).expect("JSON").contains("凭证不足"));
        stage.world.assert_audit_clean().await;
    }

    /// Confirmed before publication: nothing is public until then; the version says by whom and when, and the next one has to be asked about anew.
    async fn a_confirmation_is_bound_to_the_version_that_was_seen(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let (validator, verifier, owner) = (&stage.world.validator, &stage.world.verifier, &stage.world.organiser);
        let event = stage.covered().await;
        stage.name(&event.id, AFTER, validator.organisation.as_str()).await.expect("named");
        let form = stage.says(validator, &event.id, ANSWERED, "数据与凭证一致，同意。").await;
        // both copies of the server at once, and again with the same key
        let copies = [stage.world.database.connect().await, stage.world.database.connect().await];
        let barrier = Arc::new(Barrier::new(2));
        let tasks: Vec<_> = copies
            .iter()
            .map(|copy| {
                let (copy, barrier, form, by, event) = (copy.clone(), barrier.clone(), form.clone(), validator.on(ANSWERED), event.id.clone());
                tokio::spawn(async move {
                    barrier.wait().await;
                    copy.event_evaluation_confirm(&by, &event, &form).await
                })
            })
            .collect();
        let mut confirmed = 0;
        for task in tasks {
            match task.await.expect("no panic") {
                Ok(_) => confirmed += 1,
                refused => assert_eq!(codes(refused), ["event_evaluation_decided"]),
            }
        }
        assert_eq!(confirmed, 1);
        assert_eq!(codes(registry.public().event(&event.number, ANSWERED).await), ["not found"], "nothing is public yet");
        stage.publish(&event.id, ANSWERED).await.expect("publish");
        let first = stage.newest(&event.number, ANSWERED).await;
        let said = first.confirmed().expect("confirmed").clone();
        assert_eq!((said.body.as_str(), said.decided_on.as_deref(), said.opinion.as_deref()), ("演示审定机构甲", Some("2025-06-25"), Some("数据与凭证一致，同意。")));
        assert_eq!(first.content.evaluator, "演示审定机构甲");

        // a correction: the old version stays confirmed, the new one is not
        let day = date!(2025 - 07 - 01);
        registry.event_correct(&owner.on(day), &event.id, &fields(&[("reason", "漏计")])).await.expect("correct");
        stage.account(&event.id, day).await.expect("account");
        registry.event_retire(&owner.on(day), &event.id, &fields(&[("statement", "yes")])).await.expect("covered");
        stage.name(&event.id, day, validator.organisation.as_str()).await.expect("asked anew");
        stage.publish(&event.id, day).await.expect("publish");
        let shown = stage.public(&event.number, day).await;
        assert!(shown.versions[0].confirmed().is_none(), "not yet evaluated");
        assert_eq!(shown.versions[0].evaluation.as_ref().map(|one| (one.state.as_str(), one.opinion.as_deref())), Some(("asked", None)));
        assert_eq!(shown.versions[1], first);
        stage.confirm(validator, &event.id, day).await.expect("the new version, too");
        assert_eq!(stage.newest(&event.number, day).await.confirmed().map(|one| one.body.as_str()), Some("演示审定机构甲"));
        let list = registry.evaluations(&validator.on(day), &PageRequest { after: None, size: 1 }).await.expect("list");
        assert_eq!((list.rows[0].status.version, list.rows[0].status.state.as_str(), list.next.is_some()), (2, "confirmed", true));
        assert!(registry.evaluations(&verifier.on(day), &PageRequest::default()).await.expect("list").rows.is_empty());
        assert_eq!(codes(registry.evaluations(&owner.on(day), &PageRequest::default()).await), ["forbidden"]);
        stage.world.assert_audit_clean().await;

        // what was published is what was seen, or the audit says so
        let forged = format!("UPDATE event_evaluation SET seen = 'x' WHERE event_id = '{}' AND version = 2", event.id);
        let refused = past_the_registry(&stage, forged.clone()).await.expect_err("an answer is final");
        assert!(refused.to_string().contains("event_evaluation_answer_is_final"), "{refused}");
        let refused = past_the_registry(&stage, "DELETE FROM event_evaluation".to_owned()).await.expect_err("a question is never deleted");
        assert!(refused.to_string().contains("event_evaluation_never_deleted"), "{refused}");
        past_the_guards(&stage.world.database, &forged).await;
        let report = registry.audit().await.expect("audit");
        assert_eq!(report.differences.iter().map(|one| one.check).collect::<Vec<_>>(), ["event_evaluation"]);
    }

    /// Asked about one version, a body reads the files that this one names: none of another version, whatever it answered.
    async fn a_body_reads_the_files_of_the_version_that_it_was_asked_about(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let (validator, verifier, owner) = (&stage.world.validator, &stage.world.verifier, &stage.world.organiser);
        let event = stage.covered().await;
        stage.name(&event.id, AFTER, validator.organisation.as_str()).await.expect("named");
        let dossier = stage.read(validator, &event.id, AFTER).await.dossier.expect("the version");
        let first = dossier.version.content.files[0].id.clone();
        registry.attachment_get(&validator.on(AFTER), &first).await.expect("what is about to be published");
        stage.publish(&event.id, AFTER).await.expect("publish");
        let says = stage.says(validator, &event.id, ANSWERED, "凭证不足").await;
        registry.event_evaluation_decline(&validator.on(ANSWERED), &event.id, &says).await.expect("declined");

        // the corrected version rests on one more file, and another body is asked about it
        let day = date!(2025 - 07 - 01);
        registry.event_correct(&owner.on(day), &event.id, &fields(&[("reason", "补充凭证")])).await.expect("correct");
        let proof = fields(&[("line", "3"), ("title", "补充凭证")]);
        let later = registry.event_file_add(&owner.on(day), &event.id, &proof, &paper_file()).await.expect("one more").id;
        stage.account(&event.id, day).await.expect("account");
        registry.event_retire(&owner.on(day), &event.id, &fields(&[("statement", "yes")])).await.expect("covered");
        assert_eq!(codes(registry.attachment_get(&validator.on(day), &later).await), ["not found"]);
        stage.name(&event.id, day, verifier.organisation.as_str()).await.expect("another body");
        let may = async |body: &Actor, file: &str| registry.attachment_get(&body.on(day), file).await.is_ok();
        for published in [false, true] {
            if published {
                stage.publish(&event.id, day).await.expect("publish");
            }
            assert!(may(validator, &first).await, "the version it was asked about");
            assert!(!may(validator, &later).await, "a version it was not asked about; published: {published}");
            assert!(may(verifier, &first).await && may(verifier, &later).await, "the second version names both");
        }

        // what anyone reads of a file that is not public leads nowhere
        let shown = stage.public(&event.number, day).await;
        assert!(shown.versions.iter().flat_map(|version| &version.content.files).all(|file| file.id.is_empty() && file.sha256.len() == 64));
        assert!(!serde_json::to_string(&shown).expect("JSON").contains(&later));
        stage.world.assert_audit_clean().await;
    }

    /// Whoever joins between the confirmation and the publication counts: a body that is tied to a new organiser has not evaluated apart.
    async fn a_version_is_published_only_while_its_body_stands_apart(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let (validator, owner, other) = (&stage.world.validator, &stage.world.organiser, &stage.world.owner);
        let event = stage.covered().await;
        stage.name(&event.id, AFTER, validator.organisation.as_str()).await.expect("named");
        stage.confirm(validator, &event.id, AFTER).await.expect("confirmed");
        let code = registry.organisation_get(&other.on(AFTER), &other.organisation).await.expect("the other").uscc;
        let tie = fields(&[
            ("vvb", validator.organisation.as_str()), ("uscc", &code), ("company", "演示共同主办单位"), ("kind", "assets"), ("since", "2025-01-01"),
            ("source", "演示公告 2 号"),
        ]);
        registry.tie_add(&stage.world.operator.on(AFTER), &tie).await.expect("a tie to somebody else");
        let invited = fields(&[("organisation", &other.account)]);
        registry.event_organiser_invite(&owner.on(AFTER), &event.id, &invited).await.expect("asked to organise it, too");
        registry.event_organiser_answer(&other.on(AFTER), &event.id, &fields(&[("answer", "accept")])).await.expect("accepted");
        assert_eq!(stage.get(&event.id, AFTER).await.asked.expect("asked").state, "confirmed");
        assert_eq!(codes(stage.publish(&event.id, AFTER).await), ["event_evaluator_tied"]);
        assert_eq!(codes(stage.name(&event.id, AFTER, validator.organisation.as_str()).await), ["event_evaluator_tied"], "as naming it is");
        stage.evaluate(&event.id, AFTER).await.expect("an own declaration");
        stage.publish(&event.id, AFTER).await.expect("publish");
        assert!(stage.newest(&event.number, AFTER).await.evaluation.is_none());
        stage.world.assert_audit_clean().await;
    }

    /// What a body confirmed is what is published, and the door says so before the audit does.
    async fn nothing_else_is_published_than_what_was_confirmed(database) {
        let stage = Stage::new(database).await;
        let validator = &stage.world.validator;
        let event = stage.covered().await;
        stage.name(&event.id, AFTER, validator.organisation.as_str()).await.expect("named");
        stage.confirm(validator, &event.id, AFTER).await.expect("confirmed");
        // past the registry: no act changes a statement without asking anew
        let forged = |text: &str| format!("UPDATE event SET evaluation_text = '{text}' WHERE id = '{}'", event.id);
        past_the_registry(&stage, forged("改动后的声明")).await.expect("written");
        assert_eq!(codes(stage.publish(&event.id, AFTER).await), ["event_evaluation_changed"]);
        past_the_registry(&stage, forged("已委托第三方机构评价。")).await.expect("written back");
        stage.publish(&event.id, AFTER).await.expect("publish");
        assert!(stage.newest(&event.number, AFTER).await.confirmed().is_some());
        stage.world.assert_audit_clean().await;
    }

    /// Confirmed after publication: an act that anyone sees. While a correction runs nothing is answered; if it is given up, the question stands.
    async fn what_is_published_may_be_confirmed_later(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let (validator, owner) = (&stage.world.validator, &stage.world.organiser);
        let event = stage.covered().await;
        stage.name(&event.id, AFTER, validator.organisation.as_str()).await.expect("named");
        stage.publish(&event.id, AFTER).await.expect("publish");
        assert!(stage.newest(&event.number, AFTER).await.confirmed().is_none());
        assert_eq!(registry.evaluations_waiting(&validator.on(AFTER)).await.expect("tasks").len(), 1);
        let read = stage.read(validator, &event.id, AFTER).await;
        assert!(read.may_answer && read.dossier.is_some_and(|dossier| dossier.version.published_on == AFTER.to_string()));
        let form = stage.says(validator, &event.id, AFTER, "同意").await;
        let why = fields(&[("reason", "漏计")]);
        registry.event_correct(&owner.on(AFTER), &event.id, &why).await.expect("correct");
        assert_eq!(codes(registry.event_evaluation_confirm(&validator.on(AFTER), &event.id, &form).await), ["event_evaluation_outdated"]);
        let read = stage.read(validator, &event.id, AFTER).await;
        assert_eq!((read.may_answer, read.row.status.state.as_str(), read.dossier.is_some()), (false, "outdated", true), "it still reads what it was asked about");
        assert!(registry.evaluations_waiting(&validator.on(AFTER)).await.expect("tasks").is_empty());
        registry.event_correct_withdraw(&owner.on(AFTER), &event.id).await.expect("given up");
        let by = validator.with_key(ANSWERED, "once");
        let done = registry.event_evaluation_confirm(&by, &event.id, &form).await.expect("the question stands");
        assert_eq!(registry.event_evaluation_confirm(&by, &event.id, &form).await.expect("the first answer"), done);
        assert_eq!(stage.newest(&event.number, ANSWERED).await.confirmed().and_then(|one| one.decided_on.clone()).as_deref(), Some("2025-06-25"));
        registry.log_sequence(noon(ANSWERED)).await.expect("numbered");
        let log = registry.public().log_entries(0, 200).await.expect("the log").rows;
        assert!(log.iter().any(|entry| entry.leaf.contains("event_evaluation_confirm") && entry.leaf.contains(&event.id)));

        // both sides were told, each of what the other did, with what is next
        let of_body = stage.told(validator).await;
        assert_eq!(kinds(&of_body), ["event_evaluate", "event_publish", "event_correct", "event_correct_withdraw"]);
        assert_eq!((of_body[0].next_act, of_body[0].title.as_str()), (Some(Act::EventEvaluationConfirm), "演示五十人工作会议"));
        let of_owner = stage.told(owner).await;
        assert!(kinds(&of_owner).contains(&"event_evaluation_confirm"), "{:?}", kinds(&of_owner));
        // whoever is not asked any more is told that, too, with nothing to do
        let other = stage.covered().await;
        stage.name(&other.id, AFTER, validator.organisation.as_str()).await.expect("named");
        stage.name(&other.id, AFTER, stage.world.verifier.organisation.as_str()).await.expect("another body");
        let of_body = stage.told(validator).await;
        let last: Vec<_> = of_body.iter().rev().take(2).map(|message| (message.kind.as_str(), message.next_act)).collect();
        assert_eq!(last, [("event_evaluate", None), ("event_evaluate", Some(Act::EventEvaluationConfirm))]);
        assert_eq!(kinds(&stage.told(&stage.world.verifier).await), ["event_evaluate"]);
        stage.world.assert_audit_clean().await;
    }

    /// A body that is not on the platform is a typed name, as before: never asked, never confirmed.
    async fn a_typed_name_is_never_confirmed(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let event = stage.covered().await;
        let mut form = fields(&[("evaluation", "body"), ("evaluation_text", "通过"), ("statement", "yes")]);
        let by = || stage.world.organiser.on(AFTER);
        assert_eq!(codes(registry.event_evaluate(&by(), &event.id, &form).await), ["required"]);
        // a body of the platform is chosen, and asked: nobody names one by typing, however it is written
        for typed in ["演示审定机构甲", "演示 审定机构甲 ", "演示核查机构乙"] {
            form.insert("evaluator".to_owned(), typed.to_owned());
            let refused = registry.event_evaluate(&by(), &event.id, &form).await.expect_err("it is here").refusals();
            assert_eq!((refused[0].code, refused[0].field.as_deref()), ("event_evaluator_is_here", Some("evaluator")), "{typed}");
        }
        form.insert("evaluator".to_owned(), "演示平台外评价机构".to_owned());
        registry.event_evaluate(&by(), &event.id, &form).await.expect("a name");
        assert_eq!(codes(registry.event_evaluation(&stage.world.validator.on(AFTER), &event.id).await), ["not found"]);
        stage.publish(&event.id, AFTER).await.expect("publish");
        let shown = stage.newest(&event.number, AFTER).await;
        assert!(shown.evaluation.is_none() && shown.content.evaluator == "演示平台外评价机构");
        assert!(stage.told(&stage.world.validator).await.is_empty());
        stage.world.assert_audit_clean().await;
    }
}
