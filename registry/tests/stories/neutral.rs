//! Claims of neutrality of organisations and products: from a figure to a published version, and everything that must not happen on the
//! way.

use std::sync::Arc;

use domain::Role;
use domain::neutral::{NeutralState, NeutralStatement};
use registry::{Error, Fields, NeutralReceipt, NeutralView, PageRequest, PublicNeutral, Registry};
use time::Date;
use time::macros::date;
use tokio::sync::Barrier;

use crate::harness::*;

/// The acts of the stories.
const DAY: Date = date!(2025 - 06 - 23);

/// A claim about an organisation in 2024, which is over.
fn organisation() -> Fields {
    fields(&[
        ("kind", "organisation"),
        ("name", "演示科技有限公司（总部）"),
        ("starts_on", "2024-01-01"),
        ("ends_on", "2024-12-31"),
        ("footprint", "119.000001"),
        ("standard", "iso14064"),
        ("verified", "self"),
        ("boundary", "运行控制权；范围一、范围二"),
    ])
}

/// A claim about a product in 2024.
fn product() -> Fields {
    let mut form = organisation();
    form.extend(fields(&[
        ("kind", "product"),
        ("name", "演示坯布"),
        ("functional_unit", "1 千克坯布，从摇篮到大门"),
        ("covered_output", "2024 年生产的 12,000 千克"),
        ("standard", "gbt24067"),
        ("footprint", "10"),
    ]));
    form
}

struct Stage {
    world: World,
    class: String,
}

impl Stage {
    /// Credits of 2024 are issued, and the organiser holds 200 t of them.
    async fn new(database: Database) -> Self {
        let world = World::new(database).await;
        let (class, _) = world.credits_issued().await;
        let given = fields(&[
            ("to", &world.organiser.account),
            ("class", class.as_str()),
            ("quantity", "200"),
        ]);
        world
            .registry
            .credits_transfer(&world.owner.on(ISSUED), &given)
            .await
            .expect("transfer");
        Self {
            world,
            class: class.to_string(),
        }
    }

    fn registry(&self) -> &Registry {
        &self.world.registry
    }

    async fn create(&self, actor: &Actor, form: &Fields) -> NeutralReceipt {
        self.registry()
            .neutral_create(&actor.on(DAY), form)
            .await
            .expect("neutral_create")
    }

    fn tonnes(&self, tonnes: &str) -> Fields {
        fields(&[
            (&format!("class.{}", self.class), tonnes),
            ("statement", "yes"),
        ])
    }

    async fn retire(&self, claim: &str, tonnes: &str) -> Result<NeutralReceipt, Error> {
        self.registry()
            .neutral_retire(&self.world.organiser.on(DAY), claim, &self.tonnes(tonnes))
            .await
    }

    async fn publish(&self, claim: &str, day: Date) -> Result<NeutralReceipt, Error> {
        let yes = fields(&[("statement", "yes")]);
        self.registry()
            .neutral_publish(&self.world.organiser.on(day), claim, &yes)
            .await
    }

    async fn get(&self, claim: &str) -> NeutralView {
        self.registry()
            .neutral_get(&self.world.organiser.on(DAY), claim)
            .await
            .expect("neutral_get")
    }

    async fn public(&self, number: &str) -> PublicNeutral {
        self.registry()
            .public()
            .neutral_claim(number)
            .await
            .expect("a public claim")
    }

    async fn held(&self) -> i64 {
        let holdings = self
            .registry()
            .holdings(&self.world.organiser.on(DAY))
            .await
            .expect("holdings");
        holdings.iter().map(|holding| holding.held).sum()
    }
}

both_databases! {
    /// A figure, two retirements that reach it, a version: not before, and only then the words.
    async fn a_claim_is_published_once_retirements_cover_its_figure(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let mut unverified = organisation();
        unverified.extend(fields(&[("verified", "body")]));
        assert_eq!(codes(registry.neutral_create(&organiser.on(DAY), &unverified).await), ["required", "required"]);
        let claim = stage.create(organiser, &organisation()).await;
        assert_eq!(stage.get(&claim.id).await.row.tonnes, 120, "119.000001 t are 120 t to retire");
        assert_eq!(codes(registry.public().neutral_claim(&claim.number).await), ["not found"], "a draft is nobody's business");
        assert_eq!(codes(stage.publish(&claim.id, DAY).await), ["neutral_not_covered"]);
        // partial cover is cover of a part
        assert_eq!(codes(stage.retire(&claim.id, "").await), ["neutral_nothing_chosen"]);
        assert_eq!(codes(stage.retire(&claim.id, "201").await), ["credits_insufficient"]);
        let first = stage.retire(&claim.id, "100").await.expect("a part");
        assert_eq!(stage.held().await, 100);
        let refused = stage.publish(&claim.id, DAY).await.expect_err("20 t are missing").refusals().remove(0);
        assert_eq!((refused.code, refused.param("missing")), ("neutral_not_covered", Some("20")));
        stage.retire(&claim.id, "20").await.expect("the rest");
        let none = Fields::new();
        assert_eq!(codes(registry.neutral_publish(&organiser.on(DAY), &claim.id, &none).await), ["statement_required"]);
        stage.publish(&claim.id, DAY).await.expect("covered");
        let seen = stage.public(&claim.number).await;
        assert_eq!((seen.row.says, seen.row.tonnes, seen.row.covered_tonnes, seen.row.version), (NeutralStatement::Neutral, 120, 120, 1));
        assert_eq!(seen.versions[0].footprint, "119.000001");
        // the retirement has the purpose, names the claim, and its certificate is public
        let number = first.retirement.expect("a number");
        assert_eq!(seen.versions[0].content.units[0].number, number);
        let certificate = registry.public().certificate(&number).await.expect("the certificate");
        assert_eq!(certificate.purpose, "organisation");
        assert!(certificate.purpose_text.contains(&claim.number), "{}", certificate.purpose_text);
        // somebody else's claim is not there for others, and published is published
        let stranger = &stage.world.owner;
        assert_eq!(codes(registry.neutral_get(&stranger.on(DAY), &claim.id).await), ["not found"]);
        let reason = fields(&[("reason", "理由")]);
        assert_eq!(codes(registry.neutral_correct(&stranger.on(DAY), &claim.id, &reason).await), ["not found"]);
        assert_eq!(codes(registry.neutral_save(&organiser.on(DAY), &claim.id, &organisation()).await), ["neutral_step_refused"]);
        assert_eq!(codes(stage.retire(&claim.id, "1").await), ["neutral_step_refused"]);
        stage.world.assert_audit_clean().await;
    }

    /// The same key again gives the first answer and retires nothing more; with another body it is refused.
    async fn a_claim_is_covered_and_published_once_per_key(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let by = organiser.with_key(DAY, "create");
        let claim = registry.neutral_create(&by, &organisation()).await.expect("create");
        assert_eq!(registry.neutral_create(&by, &organisation()).await.expect("again"), claim);
        assert_eq!(codes(registry.neutral_create(&by, &product()).await), ["key_reused"]);
        let by = organiser.with_key(DAY, "retire");
        let tasks: Vec<_> = (0..4)
            .map(|_| {
                let (registry, by, claim, form) = (registry.clone(), by.clone(), claim.id.clone(), stage.tonnes("120"));
                tokio::spawn(async move { registry.neutral_retire(&by, &claim, &form).await.expect("retire") })
            })
            .collect();
        let mut answers = Vec::new();
        for task in tasks {
            answers.push(task.await.expect("no panic"));
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
        assert_eq!((stage.held().await, stage.get(&claim.id).await.covered_tonnes), (80, 120));
        let (by, yes) = (organiser.with_key(DAY, "publish"), fields(&[("statement", "yes")]));
        for _ in 0..2 {
            registry.neutral_publish(&by, &claim.id, &yes).await.expect("publish");
        }
        assert_eq!(stage.public(&claim.number).await.versions.len(), 1);
        let page = registry.neutral_list(&organiser.on(DAY), &PageRequest::default()).await.expect("list");
        assert_eq!(page.rows.len(), 1);
        stage.world.assert_audit_clean().await;
    }

    /// A retirement with another purpose, or that does not name the claim, covers nothing; one that does covers one claim, whole.
    async fn a_retirement_covers_the_claim_that_it_names_and_no_other(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let (organiser, owner) = (&stage.world.organiser, &stage.world.owner);
        let (one, other) = (stage.create(organiser, &product()).await, stage.create(organiser, &product()).await);
        let retired = async |purpose: &str, text: String| {
            let mut form = fields(&[("class", &stage.class), ("quantity", "10"), ("purpose", purpose), ("beneficiary", "演示赛事组委会"), ("beneficiary_kind", "organisation")]);
            form.insert("purpose_text".to_owned(), text);
            registry.credits_retire(&owner.on(DAY), &form).await.expect("retire").number
        };
        let add = async |claim: &str, number: &str| {
            registry.neutral_retirement_add(&organiser.on(DAY), claim, &fields(&[("reference", number)])).await
        };
        let named = format!("产品碳中和 {}", one.number);
        for wrong in [
            retired("organisation", named.clone()).await,
            retired("event", named.clone()).await,
            retired("product", "别的产品".to_owned()).await,
            "HTR-2025-999999-1".to_owned(),
            "收据".to_owned(),
        ] {
            assert_eq!(codes(add(&one.id, &wrong).await), ["neutral_retirement_unfit"], "{wrong}");
        }
        let right = retired("product", named).await;
        assert_eq!(codes(add(&other.id, &right).await), ["neutral_retirement_unfit"]);
        add(&one.id, &right.to_lowercase()).await.expect("somebody else's retirement that names the claim");
        assert_eq!(codes(add(&one.id, &right).await), ["neutral_retirement_used"]);
        // an event cannot have it either
        let quick = fields(&[("quick", "yes"), ("name", "演示会议"), ("kind", "meeting"), ("starts_on", "2025-06-20"), ("ends_on", "2025-06-21"), ("province", "湖北"), ("city", "武汉"), ("people", "50")]);
        let event = registry.event_create(&organiser.on(date!(2025 - 06 - 10)), &quick).await.expect("event");
        registry.event_account(&organiser.on(DAY), &event.id).await.expect("account");
        let unit = fields(&[("kind", "ccer"), ("reference", &right)]);
        assert_eq!(codes(registry.event_unit_add(&organiser.on(DAY), &event.id, &unit).await), ["event_retirement_unfit"]);
        // covered: the kind is the purpose of what was retired, so it stays
        assert_eq!(codes(registry.neutral_save(&organiser.on(DAY), &one.id, &organisation()).await), ["neutral_subject_fixed"]);
        stage.publish(&one.id, DAY).await.expect("10 t cover 10 t");
        stage.world.assert_audit_clean().await;
    }

    /// Two organisations enter one retirement, which names both their claims, at once, on two copies of the server: one has it.
    async fn two_organisations_cannot_use_one_retirement(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let rival = sign_up(registry, "演示另一家公司", Role::ProjectOwner).await;
        let copies = [stage.world.database.connect().await, stage.world.database.connect().await];
        for round in 0..6 {
            let ours = stage.create(organiser, &product()).await;
            let theirs = stage.create(&rival, &product()).await;
            let text = format!("产品碳中和 {} {}", ours.number, theirs.number);
            let form = fields(&[("class", &stage.class), ("quantity", "10"), ("purpose", "product"), ("beneficiary", "演示"), ("beneficiary_kind", "organisation"), ("purpose_text", &text)]);
            let number = registry.credits_retire(&stage.world.owner.on(DAY), &form).await.expect("retire").number;
            let barrier = Arc::new(Barrier::new(2));
            let tasks: Vec<_> = [(organiser.clone(), ours.id.clone()), (rival.clone(), theirs.id.clone())]
                .into_iter()
                .zip(&copies)
                .map(|((actor, claim), copy)| {
                    let (copy, barrier, form) = (copy.clone(), barrier.clone(), fields(&[("reference", &number)]));
                    tokio::spawn(async move {
                        barrier.wait().await;
                        copy.neutral_retirement_add(&actor.on(DAY), &claim, &form).await
                    })
                })
                .collect();
            let mut entered = 0;
            for task in tasks {
                match task.await.expect("no panic") {
                    Ok(_) => entered += 1,
                    refused => assert_eq!(codes(refused), ["neutral_retirement_used"]),
                }
            }
            assert_eq!(entered, 1, "round {round}");
        }
        stage.world.assert_audit_clean().await;
    }

    /// Two claims of one holder are covered from the same credits at once: all of one or nothing; and a confirming member is not passed by.
    async fn a_claim_is_covered_whole_or_not_at_all(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let (one, other) = (stage.create(organiser, &organisation()).await, stage.create(organiser, &product()).await);
        // of two classes one is not held: nothing is retired
        let mut two = stage.tonnes("50");
        two.insert("class.00000000-0000-7000-8000-000000000000".to_owned(), "1".to_owned());
        assert!(registry.neutral_retire(&organiser.on(DAY), &one.id, &two).await.is_err());
        assert_eq!((stage.held().await, stage.get(&one.id).await.covered_tonnes), (200, 0));
        let copies = [stage.world.database.connect().await, stage.world.database.connect().await];
        let barrier = Arc::new(Barrier::new(2));
        let tasks: Vec<_> = [one.id.clone(), other.id.clone()]
            .into_iter()
            .zip(&copies)
            .map(|(claim, copy)| {
                let (copy, barrier, form, actor) = (copy.clone(), barrier.clone(), stage.tonnes("150"), organiser.clone());
                tokio::spawn(async move {
                    barrier.wait().await;
                    copy.neutral_retire(&actor.on(DAY), &claim, &form).await
                })
            })
            .collect();
        let mut covered = 0;
        for task in tasks {
            match task.await.expect("no panic") {
                Ok(_) => covered += 1,
                refused => assert_eq!(codes(refused), ["credits_insufficient"]),
            }
        }
        assert_eq!((covered, stage.held().await), (1, 50));
        joins(registry, organiser, "confirmer").await;
        assert_eq!(codes(stage.retire(&one.id, "1").await), ["neutral_confirmer_first"]);
        stage.world.assert_audit_clean().await;
    }

    /// A forecast is not neutrality; a correction is a new version that needs its own cover; what was said stays to be seen.
    async fn corrections_and_withdrawals_are_seen(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let mut form = organisation();
        form.extend(fields(&[("starts_on", "2025-01-01"), ("ends_on", "2025-12-31"), ("footprint", "20")]));
        let claim = stage.create(organiser, &form).await;
        stage.retire(&claim.id, "20").await.expect("retire");
        // on the last day the period is not over
        stage.publish(&claim.id, date!(2025 - 12 - 31)).await.expect("publish");
        let first = stage.public(&claim.number).await;
        assert_eq!(first.row.says, NeutralStatement::PeriodNotOver);
        let after = date!(2026 - 01 - 15);
        assert_eq!(codes(registry.neutral_correct(&organiser.on(after), &claim.id, &Fields::new()).await), ["reason_required"]);
        let why = fields(&[("reason", "年度实际数据")]);
        registry.neutral_correct(&organiser.on(after), &claim.id, &why).await.expect("correct");
        assert_eq!(stage.public(&claim.number).await.row.says, NeutralStatement::Corrected);
        form.insert("name".to_owned(), "另一家公司".to_owned());
        assert_eq!(codes(registry.neutral_save(&organiser.on(after), &claim.id, &form).await), ["neutral_subject_fixed"]);
        form.extend(fields(&[("name", "演示科技有限公司（总部）"), ("footprint", "20.5")]));
        registry.neutral_save(&organiser.on(after), &claim.id, &form).await.expect("the actual figure");
        assert_eq!(codes(stage.publish(&claim.id, after).await), ["neutral_not_covered"]);
        stage.retire(&claim.id, "1").await.expect("one more");
        stage.publish(&claim.id, after).await.expect("covered again");
        let second = stage.public(&claim.number).await;
        assert_eq!((second.row.says, second.row.state, second.row.reason.as_deref()), (NeutralStatement::Neutral, NeutralState::Published, None));
        assert_eq!(second.versions[0].correction.as_deref(), Some("年度实际数据"));
        assert_eq!(second.versions[1], first.versions[0], "the earlier version is what it was");
        let gone = fields(&[("reason", "边界有误")]);
        registry.neutral_withdraw(&organiser.on(after), &claim.id, &gone).await.expect("withdraw");
        let last = stage.public(&claim.number).await;
        assert_eq!((last.row.says, last.versions.len(), last.row.reason.as_deref()), (NeutralStatement::Withdrawn, 2, Some("边界有误")));
        assert_eq!(codes(stage.publish(&claim.id, after).await), ["neutral_step_refused"]);
        // what is retired stays retired, and a draft that nobody saw is given up unseen
        assert_eq!(stage.held().await, 179);
        let draft = stage.create(organiser, &product()).await;
        registry.neutral_withdraw(&organiser.on(after), &draft.id, &gone).await.expect("withdraw");
        assert_eq!(codes(registry.public().neutral_claim(&draft.number).await), ["not found"]);
        // the public list is read by key
        let page = registry.public().neutral_claims(&PageRequest { after: None, size: 1 }).await.expect("list");
        assert_eq!((page.rows.len(), page.next), (1, None));
        stage.world.assert_audit_clean().await;
    }

    /// The database itself: a version that retirements do not cover, a unit that is not its retirement, and what is written once.
    async fn the_database_refuses_a_claim_that_nothing_covers(database) {
        let stage = Stage::new(database).await;
        let claim = stage.create(&stage.world.organiser, &organisation()).await;
        stage.retire(&claim.id, "120").await.expect("retire");
        stage.publish(&claim.id, DAY).await.expect("publish");
        let version = |version: &str, covered: &str| format!("INSERT INTO neutral_version (claim_id, version, content, footprint, tonnes, covered_tonnes, published_on, at, act_id) \
            SELECT claim_id, {version}, content, footprint, tonnes, {covered}, published_on, at, act_id FROM neutral_version");
        for (sql, constraint) in [
            (version("2", "119"), "neutral_version"),
            (version("2", "121"), "neutral_version_rests_on_retirements"),
            (version("1", "120"), "neutral_version"),
            ("UPDATE neutral_version SET tonnes = 1".to_owned(), "neutral_version_never_updated"),
            ("DELETE FROM neutral_version".to_owned(), "neutral_version_never_deleted"),
            ("DELETE FROM neutral_unit".to_owned(), "neutral_unit_never_deleted"),
            ("UPDATE neutral_unit SET tonnes = 500".to_owned(), "neutral_unit_never_updated"),
            ("INSERT INTO neutral_unit SELECT 'x', claim_id, retirement_id, tonnes + 1, counted_tonnes, at, act_id FROM neutral_unit".to_owned(), "neutral_unit"),
            ("INSERT INTO neutral_unit SELECT 'x', claim_id, retirement_id, tonnes, counted_tonnes, at, act_id FROM neutral_unit".to_owned(), "neutral_unit"),
        ] {
            let mut raw = stage.world.database.raw().await;
            let refused = sqlx::query(sqlx::AssertSqlSafe(sql.clone())).execute(&mut raw).await.expect_err(&sql);
            assert!(refused.to_string().contains(constraint), "{sql}: {refused}");
        }
    }
}
