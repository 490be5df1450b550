//! The same key with the same content gives the first answer; with other content it is refused. For every act.

use std::collections::BTreeSet;

use domain::{Act, Role};
use registry::{By, Fields, PageRequest, RecordKind, Visitor};
use serde_json::Value;
use time::Date;
use time::macros::date;

use crate::acts::{ELSEWHERE, perform};
use crate::harness::*;

/// Acts whose whole content is what they are about.
const WITHOUT_FORM: &[Act] = &[
    Act::OpinionPublish,
    Act::ParametersApprove,
    Act::AccountApprove,
    Act::MemberRevokeInvitation,
    Act::MemberRemove,
    Act::CreditsConfirm,
    Act::CreditsAccept,
    Act::CreditsCancel,
    Act::CreditsConfirmPayment,
    Act::BeneficiaryRemove,
    Act::RuleApprove,
    Act::NotificationRead,
    Act::MailRetry,
    Act::AttachmentRemove,
    Act::EngagementMemberRemove,
    Act::EngagementVisitRemove,
    Act::ExpertEnd,
    Act::AuthorRestore,
    Act::ChangeWithdraw,
    Act::ProjectBoundarySet,
    Act::ProjectBoundaryRemove,
    Act::EventPlanPublish,
    Act::EventAccount,
    Act::EventCorrectWithdraw,
    Act::EventPublish,
];

/// Does acts twice under one key and once more with other content, and remembers which acts it has done.
struct Twice<'a> {
    world: &'a World,
    done: BTreeSet<Act>,
}

impl Twice<'_> {
    async fn act(
        &mut self,
        actor: &Actor,
        act: Act,
        day: Date,
        about: &str,
        form: &Fields,
    ) -> Value {
        let registry = &self.world.registry;
        let by = actor.on(day);
        let first = perform(registry, act, &by, about, form).await;
        let first = first.unwrap_or_else(|error| panic!("{}: {error}", act.name()));
        let later = By {
            at: by.at.plus_seconds(60),
            ..by.clone()
        };
        let again = perform(registry, act, &later, about, form)
            .await
            .expect("the first answer again");
        assert_eq!(first, again, "{}", act.name());
        let other = if WITHOUT_FORM.contains(&act) {
            // the other content is about something else
            perform(registry, act, &by, "another", form).await
        } else {
            let mut changed = form.clone();
            for field in [
                "reason",
                "reply",
                "quantity",
                "statement",
                "report",
                "name",
                "unit",
                "supplier",
                "file",
                "other",
            ] {
                // these read the statement before they look for their key
                if field == "statement"
                    && matches!(
                        act,
                        Act::EventRetire
                            | Act::EventEvaluate
                            | Act::EventEvaluationConfirm
                            | Act::NeutralRetire
                            | Act::NeutralPublish
                    )
                {
                    continue;
                }
                changed.insert(field.to_owned(), "77".to_owned());
            }
            perform(registry, act, &by, about, &changed).await
        };
        assert_eq!(codes(other), ["key_reused"], "{}", act.name());
        self.done.insert(act);
        first
    }
}

fn id_of(answer: &Value) -> String {
    answer["id"].as_str().expect("an id").to_owned()
}

/// Every act about the neutrality of an event.
async fn neutralise(twice: &mut Twice<'_>) {
    let organiser = &twice.world.organiser;
    let (before, after) = (date!(2025 - 06 - 10), date!(2025 - 06 - 23));
    let none = Fields::new();
    let why = fields(&[("reason", "理由")]);
    let mut meeting = fields(&[
        ("quick", "yes"),
        ("name", "演示会议"),
        ("kind", "meeting"),
        ("starts_on", "2025-06-20"),
        ("ends_on", "2025-06-21"),
        ("province", "湖北"),
        ("city", "武汉"),
        ("people", "2"),
    ]);
    let create = Act::EventCreate;
    let given_up = id_of(&twice.act(organiser, create, before, "", &meeting).await);
    let act = Act::EventWithdraw;
    twice.act(organiser, act, before, &given_up, &why).await;

    let registry = &twice.world.registry;
    let event = perform(registry, create, &organiser.on(before), "", &meeting).await;
    let event = id_of(&event.expect("an event"));
    let runners = "reference,mode,origin,km,nights,meals\nR1,metro,,12,0,1\n";
    let kept = organiser.on(before);
    let seen = registry.event_get(&kept, &event).await.expect("the event");
    meeting = seen.fields;
    meeting.insert("name".to_owned(), "演示会议二".to_owned());
    for (act, form) in [
        (Act::EventSave, &meeting),
        (
            Act::EventInventorySave,
            &fields(&[("lines", &seen.inventory)]),
        ),
        (
            Act::EventAttendeesImport,
            &fields(&[("attendees", runners)]),
        ),
        (Act::EventFormSet, &fields(&[("open", "yes")])),
        (Act::EventPlanPublish, &none),
    ] {
        twice.act(organiser, act, before, &event, form).await;
    }
    let asked = fields(&[("name", "演示会展中心"), ("classes.electricity", "yes")]);
    let ask = Act::EventSupplierAdd;
    twice.act(organiser, ask, before, &event, &asked).await;
    let given = fields(&[
        ("line.class", "electricity"),
        ("line.activity", "主会场用电"),
        ("line.quantity", "1"),
        ("line.unit", "kWh"),
        ("line.evidence", "电费单"),
        ("secret", "s"),
    ]);
    let stranger = Visitor {
        at: noon(before),
        key: key(),
    };
    let line = registry.event_supply(&stranger, "a-supplier", &given).await;
    let line = line.expect("a line").line;
    let decline = fields(&[
        ("line", &line),
        ("decision", "decline"),
        ("reason", "不在边界内"),
    ]);
    let walked = fields(&[("mode", "walk"), ("secret", "s")]);
    let attendee = Visitor {
        at: noon(before),
        key: key(),
    };
    let told = registry
        .event_attend(&attendee, None, "a-token", &walked)
        .await;
    told.expect("an answer");
    let page = PageRequest::default();
    let answers = registry.event_answers(&kept, &event, &page).await;
    let answer = format!("answer.{}", answers.expect("answers").rows[0].id);
    let strike = fields(&[
        (answer.as_str(), "yes"),
        ("decision", "strike"),
        ("reason", "理由"),
    ]);
    let struck = Act::EventAnswersStrike;
    twice.act(organiser, struck, before, &event, &strike).await;
    let sources = fields(&[("counts", "both"), ("reason", "理由")]);
    let say = Act::EventAttendeeSources;
    twice.act(organiser, say, before, &event, &sources).await;
    let decide = Act::EventSupplyDecide;
    twice.act(organiser, decide, before, &event, &decline).await;
    let suppliers = registry.event_suppliers(&kept, &event).await;
    let supplier = suppliers.expect("suppliers")[0].id.clone();
    let supplier = fields(&[("supplier", supplier.as_str())]);
    let close = Act::EventSupplierClose;
    twice.act(organiser, close, before, &event, &supplier).await;
    let seen = registry.event_get(&kept, &event).await.expect("the event");
    let told_twice = seen.overlaps.iter().find(|one| one.subject == "catering");
    let choice = fields(&[
        ("subject", "catering"),
        ("counts", "both"),
        ("reason", "理由"),
        ("lines", &told_twice.expect("told twice").lines_hash),
    ]);
    let overlap = Act::EventOverlapDecide;
    twice.act(organiser, overlap, before, &event, &choice).await;
    let other = &twice.world.owner;
    let named = fields(&[("organisation", other.account.as_str())]);
    let accept = fields(&[("answer", "accept")]);
    let invite = Act::EventOrganiserInvite;
    twice.act(organiser, invite, before, &event, &named).await;
    let answer = Act::EventOrganiserAnswer;
    twice.act(other, answer, before, &event, &accept).await;
    let end = Act::EventOrganiserEnd;
    twice.act(organiser, end, before, &event, &named).await;
    let proof = fields(&[("line", "2"), ("title", "电费单")]);
    let add = Act::EventFileAdd;
    let file = id_of(&twice.act(organiser, add, before, &event, &proof).await);
    let file = fields(&[("file", file.as_str())]);
    let remove = Act::EventFileRemove;
    twice.act(organiser, remove, before, &event, &file).await;
    let account = Act::EventAccount;
    twice.act(organiser, account, after, &event, &none).await;
    let unit = fields(&[
        ("kind", "allowance"),
        ("registry", "演示登记系统"),
        ("reference", "A 1"),
        ("quantity", "1"),
        ("cancelled_on", "2025-06-22"),
        ("project", "演示项目"),
        ("evidence", "注销证明"),
    ]);
    let add = Act::EventUnitAdd;
    twice.act(organiser, add, after, &event, &unit).await;
    let by = organiser.on(after);
    let seen = registry.event_get(&by, &event).await.expect("the event");
    let taken = fields(&[("unit", seen.units[0].id.as_str())]);
    let remove = Act::EventUnitRemove;
    twice.act(organiser, remove, after, &event, &taken).await;
    let needed = seen.accounted.expect("an account").tonnes.to_string();
    let held = registry.holdings(&by).await.expect("holdings");
    let class = format!("class.{}", held[0].class);
    let retire = fields(&[(class.as_str(), needed.as_str()), ("statement", "yes")]);
    let declare = fields(&[
        ("evaluation", "self"),
        ("evaluation_text", "声明"),
        ("statement", "yes"),
    ]);
    for (act, form) in [(Act::EventRetire, &retire), (Act::EventEvaluate, &declare)] {
        twice.act(organiser, act, after, &event, form).await;
    }
    for (body, act) in [
        (&twice.world.validator, Act::EventEvaluationDecline),
        (&twice.world.verifier, Act::EventEvaluationConfirm),
    ] {
        let named = fields(&[
            ("evaluation", "body"),
            ("evaluator_body", body.organisation.as_str()),
            ("evaluation_text", "声明"),
            ("statement", "yes"),
        ]);
        let by = organiser.on(after);
        let stated = registry.event_evaluate(&by, &event, &named).await;
        stated.expect("another statement");
        let asked = registry.event_evaluation(&body.on(after), &event).await;
        let seen = asked.expect("asked").dossier.expect("the version").seen;
        let says = fields(&[
            ("opinion", "意见"),
            ("seen", seen.as_str()),
            ("statement", "yes"),
        ]);
        twice.act(body, act, after, &event, &says).await;
    }
    for (act, form) in [
        (Act::EventPublish, &none),
        (Act::EventCorrect, &why),
        (Act::EventCorrectWithdraw, &none),
    ] {
        twice.act(organiser, act, after, &event, form).await;
    }
}

/// Every act about a claim of neutrality.
async fn claim_neutrality(twice: &mut Twice<'_>) {
    let organiser = &twice.world.organiser;
    let day = date!(2025 - 06 - 23);
    let why = fields(&[("reason", "理由")]);
    let yes = fields(&[("statement", "yes")]);
    let named = fields(&[("name", "演示公司")]);
    let create = Act::NeutralCreate;
    let claim = id_of(&twice.act(organiser, create, day, "", &named).await);
    let registry = &twice.world.registry;
    let by = organiser.on(day);
    let number = registry.neutral_get(&by, &claim).await.expect("the claim");
    let number = number.row.number;
    let held = registry.holdings(&by).await.expect("holdings");
    let class = format!("class.{}", held[0].class);
    let retire = fields(&[(class.as_str(), "1"), ("statement", "yes")]);
    let gift = fields(&[
        ("quantity", "1"),
        ("purpose", "organisation"),
        ("purpose_text", number.as_str()),
        ("beneficiary", "演示"),
        ("beneficiary_kind", "organisation"),
    ]);
    let by = twice.world.owner.on(day);
    let gift = registry.credits_retire(&by, &gift);
    let gift = gift.await.expect("a gift").number;
    let renamed = fields(&[("name", "演示公司（总部）")]);
    for (act, form) in [
        (Act::NeutralSave, &renamed),
        (Act::NeutralRetire, &retire),
        (
            Act::NeutralRetirementAdd,
            &fields(&[("reference", gift.as_str())]),
        ),
        (Act::NeutralPublish, &yes),
        (Act::NeutralCorrect, &why),
        (Act::NeutralWithdraw, &why),
    ] {
        twice.act(organiser, act, day, &claim, form).await;
    }
}

both_databases! {
    async fn every_act_gives_its_first_answer_again(database) {
        let world = World::new(database).await;
        let (owner, operator) = (&world.owner, &world.operator);
        let (validator, verifier) = (&world.validator, &world.verifier);
        let none = Fields::new();
        let why = fields(&[("reason", "理由")]);
        let yes = fields(&[("statement", "yes")]);
        let contract = fields(&[("contract", "DEMO"), ("impartiality", "yes")]);
        let mut twice = Twice { world: &world, done: BTreeSet::new() };

        let day = DAY_ONE;
        let project = id_of(&twice.act(owner, Act::ProjectCreate, day, "", &design(validator)).await);
        let saved = fields(&[("summary", "改过。"), ("revision", "1")]);
        twice.act(owner, Act::ProjectSave, day, &project, &saved).await;
        twice.act(owner, Act::ProjectBoundarySet, day, &project, &none).await;
        twice.act(owner, Act::ProjectBoundaryRemove, day, &project, &none).await;
        twice.act(owner, Act::ProjectRequestMandate, day, &project, &none).await;
        twice.act(validator, Act::ProjectDeclineMandate, day, &project, &why).await;
        perform(&world.registry, Act::ProjectRequestMandate, &owner.on(day), &project, &none).await.expect("ask again");
        twice.act(validator, Act::ProjectConfirmMandate, day, &project, &contract).await;
        twice.act(owner, Act::ProjectRequestPublicity, day, &project, &yes).await;
        twice.act(operator, Act::ProjectReturn, day, &project, &why).await;
        perform(&world.registry, Act::ProjectRequestPublicity, &owner.on(day), &project, &yes).await.expect("hand in again");
        twice.act(operator, Act::ProjectApprovePublicity, day, &project, &none).await;

        let day = date!(2025 - 03 - 05);
        let visitor = Visitor { at: noon(day), key: key() };
        let comment = fields(&[("author", "某人"), ("text", "意见")]);
        let opinion = world.registry.opinion_submit(&visitor, RecordKind::Project, &project, &comment).await.expect("opinion");
        let again = world.registry.opinion_submit(&visitor, RecordKind::Project, &project, &comment).await.expect("opinion");
        assert_eq!(opinion, again);
        let other = fields(&[("author", "某人"), ("text", "别的意见")]);
        let reused = world.registry.opinion_submit(&visitor, RecordKind::Project, &project, &other).await;
        assert_eq!(codes(reused), ["key_reused"]);
        twice.act(operator, Act::OpinionPublish, day, &opinion.id, &none).await;
        twice.act(owner, Act::OpinionReply, day, &opinion.id, &fields(&[("reply", "答复")])).await;
        let visitor = Visitor { at: noon(day), key: key() };
        let comment = fields(&[("author", "某人"), ("contact", "a@b.example"), ("text", "意见")]);
        let rude = world.registry.opinion_submit(&visitor, RecordKind::Project, &project, &comment).await.expect("opinion");
        twice.act(operator, Act::OpinionRefuse, day, &rude.id, &why).await;
        twice.act(owner, Act::ProjectRequestRecall, day, &project, &why).await;
        twice.act(operator, Act::ProjectRefuseRecall, day, &project, &why).await;

        // The validator's desk.
        let desk = AFTER_PUBLICITY;
        let plan = fields(&[("document_reviewed_on", "2025-03-04"), ("sites_total", "1"), ("reviewer", "丙"), ("decision_maker", "丁")]);
        twice.act(validator, Act::EngagementSave, desk, &project, &plan).await;
        let mut members = Vec::new();
        for (name, duty) in [("甲", "leader"), ("乙", "member"), ("戊", "expert")] {
            let member = fields(&[("name", name), ("duty", duty), ("full_time", "yes"), ("sectors.energy", "yes")]);
            members.push(id_of(&twice.act(validator, Act::EngagementMemberAdd, desk, &project, &member).await));
        }
        twice.act(validator, Act::EngagementMemberRemove, desk, &members[2], &none).await;
        let mut visits = Vec::new();
        for site in ["风场", "录错的场址"] {
            let mut visit = fields(&[("site", site), ("visited_on", "2025-03-05")]);
            visit.insert(format!("persons.{}", members[0]), "yes".to_owned());
            visits.push(id_of(&twice.act(validator, Act::EngagementVisitAdd, desk, &project, &visit).await));
        }
        twice.act(validator, Act::EngagementVisitRemove, desk, &visits[1], &none).await;
        let finding = fields(&[("kind", "request"), ("place", "field:capacity_mw"), ("text", "装机容量与核准文件不一致。")]);
        let finding = id_of(&twice.act(validator, Act::FindingRaise, desk, &project, &finding).await);
        let answer = fields(&[("answer", "以核准文件为准。"), ("corrected", "500")]);
        twice.act(owner, Act::FindingAnswer, desk, &finding, &answer).await;
        twice.act(validator, Act::FindingReturn, desk, &finding, &why).await;
        perform(&world.registry, Act::FindingAnswer, &owner.on(desk), &finding, &answer).await.expect("answer again");
        twice.act(validator, Act::FindingClose, desk, &finding, &none).await;
        let tie = fields(&[
            ("vvb", validator.organisation.as_str()), ("uscc", &uscc(999_999)), ("company", "演示关联公司"), ("kind", "assets"),
            ("since", "2025-01-01"), ("source", "演示"),
        ]);
        let tie = id_of(&twice.act(operator, Act::TieAdd, desk, "", &tie).await);
        twice.act(operator, Act::TieEnd, desk, &tie, &fields(&[("until", "2025-02-01"), ("reason", "已转让股份")])).await;

        let day = AFTER_PUBLICITY;
        let mut validation = world.validation(&project.as_str().into()).await;
        validation.insert(format!("opinions.{}", opinion.id), "已处理".to_owned());
        twice.act(validator, Act::ProjectValidate, day, &project, &validation).await;
        twice.act(owner, Act::ProjectApplyRegistration, day, &project, &yes).await;
        twice.act(operator, Act::ProjectPause, day, &project, &why).await;
        twice.act(operator, Act::ProjectResume, day, &project, &none).await;
        twice.act(operator, Act::ProjectReturnRegistration, day, &project, &why).await;
        perform(&world.registry, Act::ProjectApplyRegistration, &owner.on(day), &project, &yes).await.expect("apply again");
        twice.act(operator, Act::ProjectRegister, REGISTERED, &project, &none).await;

        // What follows from the registration, and what is claimed and changed after it.
        let day = REGISTERED;
        let requests = world.registry.certificate_requests(&operator.on(day)).await.expect("requests");
        let noted = fields(&[("date", "2025-04-14"), ("reference", "1号"), ("answer", "已冻结")]);
        twice.act(operator, Act::CertificateSend, day, &requests[0].id, &noted).await;
        twice.act(operator, Act::CertificateAnswer, day, &requests[0].id, &noted).await;
        let claim = fields(&[
            ("mechanism", "vcs"), ("key_kind", "plant"), ("activity_key", "PWS-ELSEWHERE"), ("family", "发电"), ("from", "2020-01-01"), ("source", "公开登记簿"),
        ]);
        let claim = id_of(&twice.act(operator, Act::ClaimEnter, day, "", &claim).await);
        twice.act(operator, Act::ClaimEnd, day, &claim, &why).await;
        let asked = |kind: &str| {
            let mut form = fields(&[("kind", kind), ("before", "旧"), ("after", "新"), ("reason", "理由"), ("evidence", "证据")]);
            form.insert("vvb".to_owned(), validator.organisation.to_string());
            form
        };
        let change = id_of(&twice.act(owner, Act::ChangeRequest, day, &project, &asked("owner_name")).await);
        twice.act(operator, Act::ChangeApprove, day, &change, &why).await;
        let change = perform(&world.registry, Act::ChangeRequest, &owner.on(day), &project, &asked("methodology_version")).await.expect("request");
        let opinion_on_change = fields(&[("positive", "yes"), ("opinion", "同意")]);
        twice.act(validator, Act::ChangeAssess, day, &id_of(&change), &opinion_on_change).await;
        twice.act(operator, Act::ChangeRefuse, day, &id_of(&change), &why).await;
        let change = perform(&world.registry, Act::ChangeRequest, &owner.on(day), &project, &asked("monitoring_plan")).await.expect("request");
        twice.act(owner, Act::ChangeWithdraw, day, &id_of(&change), &none).await;
        let visitor = Visitor { at: noon(day), key: key() };
        let reported = fields(&[("kind", "harm"), ("author", "某人"), ("contact", "1"), ("text", "举报")]);
        let complaint = world.registry.complaint_submit(&visitor, &project, &reported).await.expect("complaint");
        assert_eq!(world.registry.complaint_submit(&visitor, &project, &reported).await.expect("again"), complaint);
        let other = fields(&[("kind", "other"), ("author", "某人"), ("contact", "1"), ("text", "举报")]);
        assert_eq!(codes(world.registry.complaint_submit(&visitor, &project, &other).await), ["key_reused"]);
        twice.act(operator, Act::ComplaintInvestigate, day, &complaint.id, &none).await;
        twice.act(operator, Act::ComplaintAnswer, day, &complaint.id, &fields(&[("reply", "答复")])).await;
        let until = fields(&[("reason", "跑题"), ("until", "2025-12-31")]);
        let suspension = id_of(&twice.act(operator, Act::AuthorSuspend, day, &rude.id, &until).await);
        twice.act(operator, Act::AuthorRestore, day, &suspension, &none).await;

        // Three more projects end early.
        for (act, actor, last) in [
            (Act::ProjectWithdraw, owner, 0),
            (Act::ProjectApproveRecall, operator, 1),
            (Act::ProjectReject, validator, 2),
        ] {
            let other = if last == 0 { world.project_drafted(DAY_ONE).await } else { world.project_in_publicity().await };
            if last == 1 {
                let recall = Act::ProjectRequestRecall;
                perform(&world.registry, recall, &owner.on(date!(2025 - 03 - 05)), other.as_str(), &why).await.expect("recall");
            }
            let day = if last == 2 { AFTER_PUBLICITY } else { date!(2025 - 03 - 05) };
            let form = fields(&[("reason", "理由"), ("report", "不符合"), ("commitment", "yes")]);
            twice.act(actor, act, day, other.as_str(), &form).await;
        }

        let day = REGISTERED;
        let report = id_of(&twice.act(owner, Act::ReportCreate, day, &project, &monitoring(verifier)).await);
        let saved = fields(&[("monitoring", "改过。"), ("revision", "1")]);
        twice.act(owner, Act::ReportSave, day, &report, &saved).await;
        let file = fields(&[("kind", "approval"), ("title", "核准文件")]);
        let attachment = id_of(&twice.act(owner, Act::AttachmentAdd, day, &report, &file).await);
        twice.act(owner, Act::AttachmentRemove, day, &attachment, &none).await;
        twice.act(owner, Act::ReportRequestMandate, day, &report, &none).await;
        twice.act(verifier, Act::ReportDeclineMandate, day, &report, &why).await;
        perform(&world.registry, Act::ReportRequestMandate, &owner.on(day), &report, &none).await.expect("ask again");
        twice.act(verifier, Act::ReportConfirmMandate, day, &report, &contract).await;
        twice.act(owner, Act::ReportRequestPublicity, day, &report, &yes).await;
        twice.act(operator, Act::ReportReturn, day, &report, &why).await;
        perform(&world.registry, Act::ReportRequestPublicity, &owner.on(day), &report, &yes).await.expect("hand in again");
        twice.act(operator, Act::ReportApprovePublicity, day, &report, &none).await;
        twice.act(owner, Act::ReportWithdraw, day, &report, &why).await;
        // Two that are published and end: one recalled, one refused by the verifier.
        let recalled = world.report_in_publicity(&project.as_str().into()).await;
        let day = date!(2025 - 04 - 16);
        twice.act(owner, Act::ReportRequestRecall, day, recalled.as_str(), &why).await;
        twice.act(operator, Act::ReportRefuseRecall, day, recalled.as_str(), &why).await;
        perform(&world.registry, Act::ReportRequestRecall, &owner.on(day), recalled.as_str(), &why).await.expect("recall");
        twice.act(operator, Act::ReportApproveRecall, day, recalled.as_str(), &none).await;
        let rejected = world.report_in_publicity(&project.as_str().into()).await;
        let negative = fields(&[("report", "不符合"), ("commitment", "yes")]);
        twice.act(verifier, Act::ReportReject, AFTER_REPORT, rejected.as_str(), &negative).await;
        // One given up after publicity, and one whose registration is refused after experts were asked.
        let expert = fields(&[("name", "专家"), ("employer", "演示研究院"), ("sector.energy", "yes")]);
        let expert = id_of(&twice.act(operator, Act::ExpertAdd, DAY_ONE, "", &expert).await);
        let aborted = world.report_in_publicity(&project.as_str().into()).await;
        twice.act(owner, Act::ReportAbort, AFTER_REPORT, aborted.as_str(), &why).await;
        let refused = world.report_applied(&project.as_str().into()).await;
        let answer = |appointment: &str| {
            fields(&[("appointment", appointment), ("conclusion", "questions"), ("opinion", "意见"), ("no_conflict", "yes")])
        };
        let count = fields(&[("count", "1")]);
        let no = fields(&[("reason", "理由"), ("legal_ground", "《管理办法》第二十二条")]);
        twice.act(operator, Act::ReportAppointExperts, AFTER_REPORT, refused.as_str(), &count).await;
        let view = world.registry.report_get(&operator.on(AFTER_REPORT), &refused).await.expect("report");
        twice.act(operator, Act::ReportRecordExpert, AFTER_REPORT, refused.as_str(), &answer(&view.ends.experts[0].id)).await;
        twice.act(operator, Act::ReportRefuseRegistration, AFTER_REPORT, refused.as_str(), &no).await;
        let other = world.project_in_publicity().await;
        world.registry.clock_tick(noon(AFTER_PUBLICITY)).await.expect("tick");
        twice.act(owner, Act::ProjectAbort, AFTER_PUBLICITY, other.as_str(), &why).await;
        let other = world.project_applied().await;
        twice.act(operator, Act::ProjectAppointExperts, AFTER_PUBLICITY, other.as_str(), &count).await;
        let view = world.registry.project_get(&operator.on(AFTER_PUBLICITY), &other).await.expect("project");
        twice.act(operator, Act::ProjectRecordExpert, AFTER_PUBLICITY, other.as_str(), &answer(&view.ends.experts[0].id)).await;
        twice.act(operator, Act::ProjectRefuseRegistration, AFTER_PUBLICITY, other.as_str(), &no).await;
        twice.act(operator, Act::ExpertEnd, AFTER_REPORT, &expert, &none).await;
        let revoked = world.project_registered().await;
        // And one that goes all the way.
        let report = world.report_in_publicity(&project.as_str().into()).await;
        let day = AFTER_REPORT;
        let view = world.registry.report_get(&verifier.on(day), &report).await.expect("report");
        let verification = report_fields(&view.calculations.last().expect("a calculation").outcome);
        twice.act(verifier, Act::ReportVerify, day, report.as_str(), &verification).await;
        twice.act(owner, Act::ReportApplyRegistration, day, report.as_str(), &yes).await;
        twice.act(operator, Act::ReportPause, day, report.as_str(), &why).await;
        twice.act(operator, Act::ReportResume, day, report.as_str(), &none).await;
        twice.act(operator, Act::ReportReturnRegistration, day, report.as_str(), &why).await;
        perform(&world.registry, Act::ReportApplyRegistration, &owner.on(day), report.as_str(), &yes).await.expect("apply again");
        twice.act(operator, Act::ReportRegister, ISSUED, report.as_str(), &none).await;
        twice.act(operator, Act::ReportIssue, ISSUED, report.as_str(), &none).await;

        let second = seed(&world.registry, "演示登记机构二", Role::RegistryOperator).await;
        let number = fields(&[
            ("document", "公告"), ("document_number", "1"), ("effective_from", "2024-09-01"), ("basis", "published"), ("reason", "理由"),
            ("values.0.id", "grid.South.2023.cm"), ("values.0.value", "0.4"),
        ]);
        let change = id_of(&twice.act(operator, Act::ParametersPropose, ISSUED, "", &number).await);
        twice.act(&second, Act::ParametersApprove, ISSUED, &change, &none).await;
        for (actor, act) in [(&second, Act::ParametersReject), (operator, Act::ParametersWithdraw)] {
            let change = perform(&world.registry, Act::ParametersPropose, &operator.on(ISSUED), "", &number).await.expect("propose");
            twice.act(actor, act, ISSUED, &id_of(&change), &why).await;
        }

        let rule = fields(&[
            ("area", "time_limit"), ("document", "公告"), ("document_number", "1"), ("effective_from", "2027-01-01"), ("basis", "official_text"),
            ("reason", "理由"), ("limit", "retention"), ("value", "12"),
        ]);
        let change = id_of(&twice.act(operator, Act::RulePropose, ISSUED, "", &rule).await);
        twice.act(&second, Act::RuleApprove, ISSUED, &change, &none).await;
        for (actor, act) in [(&second, Act::RuleReject), (operator, Act::RuleWithdraw)] {
            let change = perform(&world.registry, Act::RulePropose, &operator.on(ISSUED), "", &rule).await.expect("propose");
            twice.act(actor, act, ISSUED, &id_of(&change), &why).await;
        }
        let extended = fields(&[("publicity_end", "2025-05-16"), ("reason", "理由")]);
        let report = world.report_in_publicity(&world.project_registered().await).await;
        twice.act(operator, Act::ReportExtendPublicity, date!(2025 - 04 - 16), report.as_str(), &extended).await;
        let public = world.project_not_examined().await;
        twice.act(operator, Act::ProjectExtendPublicity, date!(2025 - 03 - 05), public.as_str(), &extended).await;

        let transfer = fields(&[("to", &world.organiser.account), ("quantity", "100")]);
        twice.act(owner, Act::CreditsTransfer, ISSUED, "", &transfer).await;
        let retire = fields(&[("quantity", "40"), ("purpose", "voluntary"), ("beneficiary", "演示"), ("beneficiary_kind", "organisation")]);
        let retired = twice.act(&world.organiser, Act::CreditsRetire, ISSUED, "", &retire).await;
        let number = retired["number"].as_str().expect("a certificate").to_owned();
        let words = fields(&[
            ("beneficiary", "演示会议"), ("beneficiary_kind", "organisation"), ("purpose_text", ""), ("reason", "笔误"),
            ("request_number", "函1"), ("request_date", &ISSUED.to_string()),
        ]);
        twice.act(operator, Act::CertificateCorrect, ISSUED, &number, &words).await;
        let holdings = world.registry.holdings(&world.organiser.on(ISSUED)).await.expect("holdings");
        assert_eq!((holdings[0].held, holdings[0].retired), (60, 40), "nothing happened twice");

        credits_set_aside(&mut twice, &world).await;

        let asked = fields(&[("reason", "理由"), ("outstanding", "没有未完结的申请")]);
        twice.act(owner, Act::ProjectRequestDeregistration, ISSUED, &project, &asked).await;
        twice.act(operator, Act::ProjectRefuseDeregistration, ISSUED, &project, &why).await;
        perform(&world.registry, Act::ProjectRequestDeregistration, &owner.on(ISSUED), &project, &asked).await.expect("ask again");
        let granted = fields(&[("ground", "owner_request"), ("reason", "理由")]);
        twice.act(operator, Act::ProjectDeregister, ISSUED, &project, &granted).await;
        let notice = fields(&[
            ("ground", "falsified_data"), ("reason", "理由"), ("authority", "演示省生态环境厅"), ("document_number", "1"),
            ("document_date", "2025-05-30"),
        ]);
        twice.act(operator, Act::ProjectRevoke, ISSUED, revoked.as_str(), &notice).await;

        let newcomer = sign_up_only(&world.registry, "演示新业主", Role::ProjectOwner).await;
        let apply = account_form(Role::ProjectOwner);
        let first = id_of(&twice.act(&newcomer, Act::AccountApply, ISSUED, "", &apply).await);
        twice.act(operator, Act::AccountRefuse, ISSUED, &first, &why).await;
        let again = perform(&world.registry, Act::AccountApply, &newcomer.on(ISSUED), "", &apply).await.expect("apply again");
        twice.act(operator, Act::AccountApprove, ISSUED, &id_of(&again), &none).await;
        let mut change = apply.clone();
        change.extend(fields(&[("initiator", "李四"), ("changed_on", "2025-06-02")]));
        let changed = id_of(&twice.act(&newcomer, Act::AccountChange, ISSUED, "", &change).await);
        perform(&world.registry, Act::AccountApprove, &operator.on(ISSUED), &changed, &none).await.expect("approve");
        let restrict = fields(&[("ground", "other_breach"), ("reason", "理由")]);
        twice.act(operator, Act::AccountRestrict, ISSUED, newcomer.organisation.as_str(), &restrict).await;
        let restore = id_of(&twice.act(&newcomer, Act::AccountRequestRestore, ISSUED, "", &why).await);
        perform(&world.registry, Act::AccountApprove, &operator.on(ISSUED), &restore, &none).await.expect("approve");
        let invite = fields(&[("email", "invited@demo.example"), ("member_role", "reader")]);
        let invitation = id_of(&twice.act(&newcomer, Act::MemberInvite, ISSUED, "", &invite).await);
        twice.act(&newcomer, Act::MemberRevokeInvitation, ISSUED, &invitation, &none).await;
        let member = joins(&world.registry, &newcomer, "reader").await;
        let initiator = fields(&[("member_role", "initiator")]);
        twice.act(&newcomer, Act::MemberChangeRole, ISSUED, member.user.as_str(), &initiator).await;
        twice.act(&newcomer, Act::MemberRemove, ISSUED, member.user.as_str(), &none).await;
        let leave = fields(&[("ground", "dissolution"), ("reason", "解散")]);
        twice.act(&newcomer, Act::AccountRequestClosing, ISSUED, "", &leave).await;
        neutralise(&mut twice).await;
        claim_neutrality(&mut twice).await;
        let confirmer = joins(&world.registry, &world.organiser, "confirmer").await;
        for (actor, act) in [(&confirmer, Act::CreditsConfirm), (&world.organiser, Act::CreditsReject)] {
            let order = fields(&[("to", &owner.account), ("quantity", "5")]);
            let order = perform(&world.registry, Act::CreditsTransfer, &world.organiser.on(ISSUED), "", &order).await.expect("an order");
            let order = order["order"].as_str().expect("it waits").to_owned();
            let form = if act == Act::CreditsReject { &why } else { &none };
            twice.act(actor, act, ISSUED, &order, form).await;
        }

        let mut raw = world.database.raw().await;
        let mail: String = sqlx::query_scalar("SELECT MIN(id) FROM mail").fetch_one(&mut raw).await.expect("a mail");
        sqlx::query("UPDATE mail SET state = 'dead' WHERE id = $1").bind(&mail).execute(&mut raw).await.expect("given up");
        twice.act(operator, Act::MailRetry, ISSUED, &mail, &none).await;
        let told = world.registry.notifications(&owner.on(ISSUED), &PageRequest::default()).await.expect("messages");
        twice.act(owner, Act::NotificationRead, ISSUED, &told.rows[0].id, &none).await;

        let by = owner.on(ISSUED);
        let first = world.registry.clock_advance(&by, 1).await.expect("clock");
        assert_eq!(world.registry.clock_advance(&by, 1).await.expect("clock"), first);
        assert_eq!(codes(world.registry.clock_advance(&by, 2).await), ["key_reused"]);

        let missing: Vec<_> =
            Act::ALL.iter().filter(|act| !ELSEWHERE.contains(act) && !twice.done.contains(act)).map(|act| act.name()).collect();
        assert!(missing.is_empty(), "not tried: {missing:?}");
        world.assert_audit_clean().await;
    }

    async fn signing_up_twice_under_one_key_is_signing_up_once(database) {
        let registry = database.open().await;
        let form = fields(&[
            ("organisation_name", "演示"), ("uscc", &uscc(1)), ("role", "project_owner"), ("name", "某人"), ("email", "A@demo.example"),
        ]);
        let visitor = Visitor { at: noon(DAY_ONE), key: key() };
        let first = registry.user_sign_up(&visitor, &form, "hash").await.expect("sign up");
        assert_eq!(registry.user_sign_up(&visitor, &form, "another salt").await.expect("again"), first);
        let mut other = form.clone();
        other.insert("name".to_owned(), "别人".to_owned());
        assert_eq!(codes(registry.user_sign_up(&visitor, &other, "hash").await), ["key_reused"]);
        let visitor = Visitor { at: noon(DAY_ONE), key: key() };
        assert_eq!(codes(registry.user_sign_up(&visitor, &form, "hash").await), ["uscc_taken", "email_taken"]);
        let found = registry.user_by_email(" ａ@DEMO.example ").await.expect("read").expect("the user");
        assert_eq!((found.user.id, found.password_hash.as_str()), (first.user, "hash"));
        let long = Visitor { at: noon(DAY_ONE), key: "k".repeat(201) };
        assert_eq!(codes(registry.user_sign_up(&long, &form, "hash").await), ["key_missing"]);
    }
}

/// Every act about offers, the book of beneficiaries and files, twice each.
async fn offers_and_book(twice: &mut Twice<'_>, world: &World) {
    let (owner, organiser, later) = (&world.owner, &world.organiser, ASKED);
    let none = Fields::new();
    let kept = fields(&[("kind", "person"), ("name", "张三")]);
    let kept_id = id_of(
        &twice
            .act(owner, Act::BeneficiaryAdd, later, "", &kept)
            .await,
    );
    twice
        .act(owner, Act::BeneficiaryChange, later, &kept_id, &kept)
        .await;
    twice
        .act(owner, Act::BeneficiaryRemove, later, &kept_id, &none)
        .await;
    let holdings = world.registry.holdings(&owner.on(later)).await;
    let holdings = holdings.expect("holdings");
    let rows = format!(
        "project,vintage,quantity,purpose,beneficiary,beneficiary_kind\n{},{},2,voluntary,惠碳,organisation\n",
        holdings[0].project_code, holdings[0].vintage
    );
    let rows = fields(&[("rows", &rows)]);
    twice
        .act(owner, Act::CreditsRetireMany, later, "", &rows)
        .await;
    let offer = fields(&[
        ("class", holdings[0].class.as_str()),
        ("from", "holding"),
        ("quantity", "4"),
        ("price", "40"),
        ("last_day", "2026-03-20"),
    ]);
    let offer = id_of(&twice.act(owner, Act::CreditsOffer, later, "", &offer).await);
    let quantity = fields(&[("quantity", "4")]);
    let hold = id_of(
        &twice
            .act(organiser, Act::CreditsReserve, later, &offer, &quantity)
            .await,
    );
    for actor in [organiser, owner] {
        twice
            .act(actor, Act::CreditsConfirmPayment, later, &hold, &none)
            .await;
    }
}

/// Every act about credits that are set aside, twice each.
async fn credits_set_aside(twice: &mut Twice<'_>, world: &World) {
    let (owner, organiser, operator) = (&world.owner, &world.organiser, &world.operator);
    let (none, later) = (Fields::new(), ASKED);
    let transfer = fields(&[("to", &organiser.account), ("quantity", "3")]);
    for (actor, act) in [
        (organiser, Act::CreditsAccept),
        (organiser, Act::CreditsDecline),
        (owner, Act::CreditsWithdraw),
    ] {
        let sent = perform(
            &world.registry,
            Act::CreditsTransfer,
            &owner.on(later),
            "",
            &transfer,
        )
        .await
        .expect("a transfer that waits");
        let hold = sent["hold"].as_str().expect("it waits").to_owned();
        twice.act(actor, act, later, &hold, &none).await;
    }
    let moved = fields(&[("from", "holding"), ("quantity", "5")]);
    twice.act(owner, Act::CreditsMove, later, "", &moved).await;
    offers_and_book(twice, world).await;
    let offset = offset_form("9", "1000");
    let paper = order_form(&owner.account, "7");
    let release = release_form();
    for act in [Act::CreditsSurrender, Act::CreditsRefuseOffset] {
        let hold = id_of(
            &twice
                .act(owner, Act::CreditsOffset, later, "", &offset)
                .await,
        );
        twice.act(operator, act, later, &hold, &release).await;
    }
    let mut enforce = release.clone();
    enforce.insert("to".to_owned(), organiser.account.clone());
    for (act, form) in [
        (Act::CreditsRelease, &release),
        (Act::CreditsEnforce, &enforce),
    ] {
        let hold = id_of(
            &twice
                .act(operator, Act::CreditsFreeze, later, "", &paper)
                .await,
        );
        twice.act(operator, act, later, &hold, form).await;
    }
    let mut ordered = paper.clone();
    ordered.insert("cancel_by".to_owned(), later.to_string());
    for (actor, act, form, day) in [
        (owner, Act::CreditsCancel, &none, later),
        (
            operator,
            Act::CreditsForceCancel,
            &release,
            later.next_day().expect("a day"),
        ),
    ] {
        let hold = id_of(
            &twice
                .act(operator, Act::CreditsSuspend, later, "", &ordered)
                .await,
        );
        twice.act(actor, act, day, &hold, form).await;
    }
    let mut assign = paper.clone();
    assign.extend(fields(&[
        ("to", &organiser.account),
        ("cause", "succession"),
    ]));
    twice
        .act(operator, Act::CreditsAssign, later, "", &assign)
        .await;
}
