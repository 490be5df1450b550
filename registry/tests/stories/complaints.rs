//! Complaints about public projects, and authors whose right to comment is suspended (Measures art. 41; registration rules art. 19).

use registry::{RecordKind, Visitor};
use time::Date;
use time::macros::date;

use crate::harness::*;

const DAY: Date = date!(2025 - 03 - 05);

fn somebody(day: Date) -> Visitor {
    Visitor {
        at: noon(day),
        key: key(),
    }
}

both_databases! {
    /// From its receipt to the public answer; the author and the text never leave the registry.
    async fn a_complaint_is_answered_in_public_and_its_author_stays_private(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let form = fields(&[("kind", "double_claim"), ("author", "举报人甲"), ("contact", "jia@demo.example"), ("text", "同一风场另有申请")]);
        let draft = world.project_drafted(DAY_ONE).await;
        assert_eq!(codes(registry.complaint_submit(&somebody(DAY), draft.as_str(), &form).await), ["not found"]);
        let project = world.project_in_publicity().await;
        let empty = registry.complaint_submit(&somebody(DAY), project.as_str(), &fields(&[])).await;
        assert_eq!(codes(empty), ["required", "required", "required", "required"]);
        let received = registry.complaint_submit(&somebody(DAY), project.as_str(), &form).await.expect("received");
        assert_eq!(received.state, "received");

        let note = fields(&[("note", "转省厅核实")]);
        registry.complaint_investigate(&world.operator.on(DAY), &received.id, &note).await.expect("looked into");
        assert_eq!(codes(registry.complaint_investigate(&world.operator.on(DAY), &received.id, &note).await), ["stale_form"]);
        let reply = fields(&[("reply", "经查不属实")]);
        registry.complaint_answer(&world.operator.on(DAY), &received.id, &reply).await.expect("answered");
        assert_eq!(codes(registry.complaint_answer(&world.operator.on(DAY), &received.id, &reply).await), ["stale_form"]);

        let public = registry.public().complaints(project.as_str()).await.expect("public");
        let shown = serde_json::to_string(&public).expect("JSON");
        assert!(shown.contains("double_claim") && shown.contains("answered") && shown.contains("经查不属实"), "{shown}");
        for private in ["举报人甲", "jia@demo.example", "同一风场", "转省厅"] {
            assert!(!shown.contains(private), "{private}");
        }
        // the owner and the bodies see no more than the public
        for other in [&world.owner, &world.validator] {
            assert_eq!(codes(registry.complaints(&other.on(DAY)).await), ["forbidden"]);
            assert_eq!(codes(registry.complaint_get(&other.on(DAY), &received.id).await), ["forbidden"]);
        }
        let acts = registry.public().recent_acts(50).await.expect("acts");
        assert!(acts.iter().all(|act| !act.act.starts_with("complaint")), "the record of acts does not tell either");
        let kept = registry.complaint_get(&world.operator.on(DAY), &received.id).await.expect("the registry");
        assert_eq!((kept.author.as_str(), kept.note.as_deref()), ("举报人甲", Some("转省厅核实")));
        world.assert_audit_clean().await;
    }

    /// At any time: a registered project too, outside publicity.
    async fn a_registered_project_is_complained_about_as_well(database) {
        let world = World::new(database).await;
        let project = world.project_registered().await;
        let form = fields(&[("kind", "other"), ("author", "乙"), ("contact", "1"), ("text", "事实")]);
        world.registry.complaint_submit(&somebody(ISSUED), project.as_str(), &form).await.expect("received");
        assert_eq!(world.registry.public().complaints(project.as_str()).await.expect("public").len(), 1);
    }

    /// Off topic again and again: the author, known by the contact, may not comment until the day or until restored.
    async fn a_suspended_author_may_not_comment_but_may_complain(database) {
        let world = World::new(database).await;
        let (registry, operator) = (&world.registry, &world.operator);
        let project = world.project_in_publicity().await;
        let comment = |contact: &str, text: &str| fields(&[("author", "路人"), ("contact", contact), ("text", text)]);
        let off = registry.opinion_submit(&somebody(DAY), RecordKind::Project, project.as_str(), &comment(" Lu@Demo.Example", "卖电缆")).await.expect("opinion");
        let why = fields(&[("reason", "与项目无关"), ("authority", "网信办 2025-1")]);
        registry.opinion_refuse(&operator.on(DAY), &off.id, &why).await.expect("refused");
        let view = registry.opinion_get(&operator.on(DAY), &off.id).await.expect("the registry");
        assert_eq!(view.authority_note.as_deref(), Some("网信办 2025-1"));

        let until = fields(&[("reason", "多次跑题"), ("until", "2025-03-10")]);
        let past = fields(&[("reason", "多次跑题"), ("until", "2025-03-04")]);
        assert_eq!(codes(registry.author_suspend(&operator.on(DAY), &off.id, &past).await), ["end_before_start"]);
        let suspended = registry.author_suspend(&operator.on(DAY), &off.id, &until).await.expect("suspended");
        for contact in ["lu@demo.example", "LU@demo.example "] {
            let refused = registry.opinion_submit(&somebody(date!(2025 - 03 - 10)), RecordKind::Project, project.as_str(), &comment(contact, "再说")).await;
            assert_eq!(codes(refused), ["author_suspended"]);
        }
        registry.opinion_submit(&somebody(DAY), RecordKind::Project, project.as_str(), &comment("other@demo.example", "别人")).await.expect("others may");
        let report = fields(&[("kind", "other"), ("author", "路人"), ("contact", "lu@demo.example"), ("text", "事实")]);
        registry.complaint_submit(&somebody(DAY), project.as_str(), &report).await.expect("may complain");
        registry.opinion_submit(&somebody(date!(2025 - 03 - 11)), RecordKind::Project, project.as_str(), &comment("lu@demo.example", "期满")).await.expect("over");
        registry.author_restore(&operator.on(DAY), &suspended.id).await.expect("restored");
        registry.opinion_submit(&somebody(DAY), RecordKind::Project, project.as_str(), &comment("lu@demo.example", "恢复")).await.expect("restored");
        assert_eq!(codes(registry.author_restore(&operator.on(DAY), &suspended.id).await), ["stale_form"]);
        let nameless = registry.opinion_submit(&somebody(DAY), RecordKind::Project, project.as_str(), &comment("", "没有联系方式")).await.expect("opinion");
        assert_eq!(codes(registry.author_suspend(&operator.on(DAY), &nameless.id, &until).await), ["author_without_contact"]);
        assert_eq!(codes(registry.suspended_authors(&world.owner.on(DAY)).await), ["forbidden"]);
        world.assert_audit_clean().await;
    }
}
