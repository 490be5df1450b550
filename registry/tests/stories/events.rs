//! Carbon neutrality of events: from a plan to a published result, and everything that must not happen on the way.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant as Clock;

use domain::event::EventState;
use domain::{Act, Role};
use registry::{
    Error, EventReceipt, EventView, Fields, PageRequest, PublicEvent, Registry, Visitor,
};
use time::Date;
use time::macros::date;
use tokio::sync::Barrier;

use crate::harness::*;

/// The plan is published on it.
pub const BEFORE: Date = date!(2025 - 06 - 10);
/// The events of the stories are on the two days before it.
pub const AFTER: Date = date!(2025 - 06 - 23);
/// One day too late.
pub const LATE: Date = date!(2026 - 06 - 22);

/// The five-minute form: fifty people in Wuhan on 21 and 22 June 2025.
pub fn quick() -> Fields {
    fields(&[
        ("quick", "yes"),
        ("name", "演示五十人工作会议"),
        ("kind", "meeting"),
        ("starts_on", "2025-06-20"),
        ("ends_on", "2025-06-21"),
        ("province", "湖北"),
        ("city", "武汉"),
        ("people", "50"),
        ("rail_people", "20"),
        ("rail_km", "500"),
        ("air_people", "5"),
        ("air_km", "1200"),
        ("nights", "25"),
    ])
}

/// The worked example of 200 people: its inventory, with every column that it has.
fn ev_1() -> String {
    let case = include_str!("../../../methodologies/cases/event/ev_1.toml");
    let lines = case.split("lines = \"\"\"\n").nth(1).expect("lines");
    lines.split("\"\"\"").next().expect("an end").to_owned()
}

pub struct Stage {
    pub world: World,
    pub class: String,
}

impl Stage {
    /// Credits of 2024 are issued, and the organiser holds 200 t of them.
    pub async fn new(database: Database) -> Self {
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

    pub fn registry(&self) -> &Registry {
        &self.world.registry
    }

    pub async fn create(&self, form: &Fields) -> EventReceipt {
        self.registry()
            .event_create(&self.world.organiser.on(BEFORE), form)
            .await
            .expect("event_create")
    }

    pub async fn get(&self, event: &str, day: Date) -> EventView {
        self.registry()
            .event_get(&self.world.organiser.on(day), event)
            .await
            .expect("event_get")
    }

    pub async fn account(&self, event: &str, day: Date) -> Result<EventReceipt, Error> {
        self.registry()
            .event_account(&self.world.organiser.on(day), event)
            .await
    }

    pub async fn retire(
        &self,
        event: &str,
        day: Date,
        tonnes: &str,
    ) -> Result<EventReceipt, Error> {
        let form = fields(&[
            (&format!("class.{}", self.class), tonnes),
            ("statement", "yes"),
        ]);
        self.registry()
            .event_retire(&self.world.organiser.on(day), event, &form)
            .await
    }

    pub async fn unit(&self, event: &str, day: Date, form: &Fields) -> Result<EventReceipt, Error> {
        self.registry()
            .event_unit_add(&self.world.organiser.on(day), event, form)
            .await
    }

    pub async fn evaluate(&self, event: &str, day: Date) -> Result<EventReceipt, Error> {
        let form = fields(&[
            ("evaluation", "self"),
            ("evaluation_text", "我单位声明已按指南完成碳中和。"),
            ("statement", "yes"),
        ]);
        self.registry()
            .event_evaluate(&self.world.organiser.on(day), event, &form)
            .await
    }

    pub async fn publish(&self, event: &str, day: Date) -> Result<EventReceipt, Error> {
        self.registry()
            .event_publish(&self.world.organiser.on(day), event)
            .await
    }

    pub async fn public(&self, number: &str, day: Date) -> PublicEvent {
        self.registry()
            .public()
            .event(number, day)
            .await
            .expect("a public event")
    }
}

/// Units that another registry cancelled.
pub fn unit(kind: &str, reference: &str, tonnes: &str) -> Fields {
    fields(&[
        ("kind", kind),
        ("registry", "演示登记系统"),
        ("reference", reference),
        ("quantity", tonnes),
        ("cancelled_on", "2025-06-22"),
        ("project", "演示项目"),
        ("evidence", "注销证明"),
    ])
}

pub fn visitor(day: Date) -> Visitor {
    Visitor {
        at: noon(day),
        key: key(),
    }
}

both_databases! {
    /// The five-minute path. Page, ledger, certificate and public view say the same tonnes.
    async fn a_meeting_goes_from_a_plan_to_a_published_result(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let event = stage.create(&quick()).await;
        let seen = stage.get(&event.id, BEFORE).await;
        assert!(seen.open_classes.is_empty() && seen.problems.is_empty(), "{:?}", seen.problems);
        let estimate = seen.footprint.expect("an estimate");
        assert!(seen.inventory.lines().skip(1).all(|line| line.contains(",estimated,")));
        assert_eq!(codes(registry.public().event(&event.number, BEFORE).await), ["not found"]);
        registry.event_plan_publish(&organiser.on(BEFORE), &event.id).await.expect("plan");
        let planned = stage.public(&event.number, BEFORE).await;
        assert_eq!((planned.row.state, planned.row.neutral, planned.versions.len()), (EventState::Published, false, 0));
        assert_eq!(planned.estimate.expect("the estimate").total_kg, estimate.total_kg);

        assert_eq!(stage.account(&event.id, AFTER).await.expect("account").state, "accounted");
        let seen = stage.get(&event.id, AFTER).await;
        let accounted = seen.accounted.expect("an account");
        let needed = accounted.tonnes;
        assert_eq!(needed, estimate.neutralise_t, "whole tonnes, rounded up");
        assert!(accounted.current && needed >= 4);
        assert_eq!(codes(stage.retire(&event.id, AFTER, &(needed - 1).to_string()).await), ["event_not_covered"]);
        let retired = stage.retire(&event.id, AFTER, &needed.to_string()).await.expect("retire");
        let number = retired.retirement.expect("a certificate");
        stage.evaluate(&event.id, AFTER).await.expect("evaluate");
        let published = stage.publish(&event.id, AFTER).await.expect("publish");
        assert_eq!(published.state, "neutral");

        let shown = stage.public(&event.number, AFTER).await;
        let version = &shown.versions[0];
        assert!(shown.row.neutral);
        assert_eq!((version.version, version.tonnes, version.content.counted_tonnes), (1, needed, needed));
        assert_eq!(version.total_kg, accounted.total_kg);
        assert_eq!(version.footprint.neutralise_t, needed);
        let certificate = registry.public().certificate(&number).await.expect("certificate");
        assert_eq!((certificate.quantity, certificate.purpose.as_str()), (needed, "event"));
        assert!(certificate.purpose_text.contains(&event.number));
        assert_eq!(version.content.units[0].reference, number);
        // the file in the evidence stays as it is while the log grows
        registry.log_sequence(noon(AFTER)).await.expect("numbered");
        let file = registry.public().certificate_file_as_of(&number, &version.published_on, "https://example.org").await.expect("a file").text();
        stage.create(&quick()).await;
        registry.event_plan_publish(&organiser.on(BEFORE), &stage.create(&quick()).await.id).await.expect("another public act");
        registry.log_sequence(noon(LATE)).await.expect("numbered");
        let again = registry.public().certificate_file_as_of(&number, &version.published_on, "https://example.org").await.expect("a file").text();
        assert_eq!(again, file);
        let newest = registry.public().certificate_file(&number, "https://example.org").await.expect("a file").text();
        assert_ne!(newest, file);
        let held: i64 = registry.holdings(&organiser.on(AFTER)).await.expect("holdings").iter().map(|holding| holding.held).sum();
        assert_eq!(held, 200 - needed);
        stage.world.assert_audit_clean().await;
    }

    /// The worked example of the specification, to the gram, through the registry.
    async fn two_hundred_people_for_two_days_are_sixty_seven_tonnes(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let mut form = quick();
        form.extend(fields(&[("quick", ""), ("name", "两百人会议"), ("people", "200"), ("stages.hold", "yes"), ("starts_on", "2025-10-18"), ("ends_on", "2025-10-19")]));
        // the provincial factors of 2023 were published on 2025-12-31
        let day = date!(2026 - 01 - 15);
        let event = stage.create(&form).await;
        let lines = fields(&[("lines", &ev_1())]);
        let kept = registry.event_inventory_save(&organiser.on(BEFORE), &event.id, &lines).await.expect("inventory");
        assert_eq!(kept.rows, Some(19));
        let footprint = stage.get(&event.id, day).await.footprint.expect("a footprint");
        assert_eq!(footprint.total_kg.to_string(), "66713.203664");
        assert_eq!((footprint.neutralise_t, footprint.per_head_kg.map(|kg| kg.to_string())), (67, Some("333.567".to_owned())));
        stage.account(&event.id, day).await.expect("account");
        // 67 t of two kinds: 40 allowances, recognised inclusion, and the rest from the ledger, which must reach
        stage.unit(&event.id, day, &unit("allowance", "A 1-20", "20")).await.expect("allowances");
        let mut inclusion = unit("inclusion", "PHCER 7-16", "10");
        inclusion.insert("no_self_claim".to_owned(), "yes".to_owned());
        stage.unit(&event.id, day, &inclusion).await.expect("kept, and not counted");
        let seen = stage.get(&event.id, day).await;
        assert_eq!(seen.counted_tonnes, 20, "unrecognised inclusion units do not count");
        assert_eq!(seen.units[1].not_counted.as_deref(), Some("event_unit_not_recognised"));
        assert_eq!(codes(stage.retire(&event.id, day, "37").await), ["event_not_covered"]);
        registry.event_unit_remove(&organiser.on(day), &event.id, &seen.units[1].id).await.expect("taken back");
        inclusion.insert("recognised_by".to_owned(), "某省生态环境厅公告〔2025〕1号".to_owned());
        stage.unit(&event.id, day, &inclusion).await.expect("recognised, and free again");
        stage.retire(&event.id, day, "37").await.expect("20 + 10 + 37");
        let seen = stage.get(&event.id, day).await;
        assert_eq!(seen.units.iter().map(|unit| unit.here).collect::<Vec<_>>(), [false, false, true]);
        stage.evaluate(&event.id, day).await.expect("evaluate");
        stage.publish(&event.id, day).await.expect("publish");
        let shown = stage.public(&event.number, day).await;
        assert_eq!((shown.versions[0].tonnes, shown.versions[0].content.counted_tonnes), (67, 67));
        assert_eq!(shown.versions[0].content.unchecked_tonnes(), 30, "what the organiser typed in is told apart");
        assert!(shown.row.plan_published_on.is_none() && shown.plan.is_none(), "that no plan was published is to be seen");
        stage.world.assert_audit_clean().await;
    }

    /// What the table of states refuses, through the registry: each act in a state it is not for leaves nothing behind.
    async fn nothing_is_skipped_and_nothing_is_late(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let event = stage.create(&quick()).await;
        assert_eq!(codes(stage.account(&event.id, BEFORE).await), ["event_not_over"]);
        assert_eq!(codes(stage.retire(&event.id, BEFORE, "10").await), ["event_not_accounted"]);
        assert_eq!(codes(stage.evaluate(&event.id, AFTER).await), ["event_not_accounted"]);
        assert_eq!(codes(stage.publish(&event.id, AFTER).await), ["event_not_accounted"]);
        assert_eq!(codes(registry.event_plan_publish(&organiser.on(AFTER), &event.id).await), ["event_plan_too_late"]);
        assert_eq!(codes(registry.event_plan_publish(&organiser.on(date!(2025 - 06 - 21)), &event.id).await), ["event_plan_too_late"]);
        stage.account(&event.id, AFTER).await.expect("account");
        assert_eq!(codes(stage.evaluate(&event.id, AFTER).await), ["event_not_covered"]);
        assert_eq!(codes(stage.retire(&event.id, AFTER, "201").await), ["credits_insufficient"]);
        assert_eq!(codes(stage.retire(&event.id, AFTER, "1.5").await), ["quantity_not_whole"]);
        assert_eq!(codes(stage.retire(&event.id, AFTER, "").await), ["event_not_covered"]);
        assert_eq!(codes(registry.event_retire(&organiser.on(AFTER), &event.id, &Fields::new()).await), ["statement_required"]);
        // one year, to the day
        assert_eq!(codes(stage.retire(&event.id, LATE, "10").await), ["event_too_late"]);
        assert_eq!(codes(stage.unit(&event.id, LATE, &unit("allowance", "A 1", "50")).await), ["event_too_late"]);
        assert_eq!(stage.get(&event.id, LATE).await.row.state, EventState::Lapsed);
        assert!(stage.get(&event.id, LATE).await.allowed.is_empty());
        let held: i64 = registry.holdings(&organiser.on(AFTER)).await.expect("holdings").iter().map(|holding| holding.held).sum();
        assert_eq!(held, 200, "nothing was retired");
        stage.retire(&event.id, date!(2026 - 06 - 21), "10").await.expect("the last day");

        // a changed inventory is accounted for again before it is covered
        let second = stage.create(&quick()).await;
        stage.account(&second.id, AFTER).await.expect("account");
        let line = fields(&[("line.stage", "hold"), ("line.activity", "柴油发电机"), ("line.quantity", "100"), ("line.unit", "l"), ("line.factor", "diesel_l"), ("line.quality", "invoiced")]);
        registry.event_inventory_save(&organiser.on(AFTER), &second.id, &line).await.expect("a line");
        assert_eq!(codes(stage.retire(&second.id, AFTER, "10").await), ["event_not_accounted"]);
        // somebody else's event is not there, and other roles have no events
        assert_eq!(codes(registry.event_get(&stage.world.owner.on(AFTER), &second.id).await), ["not found"]);
        assert_eq!(codes(registry.event_account(&stage.world.owner.on(AFTER), &second.id).await), ["not found"]);
        assert_eq!(codes(registry.event_create(&stage.world.operator.on(AFTER), &quick()).await), ["forbidden"]);
        let gone = registry.event_withdraw(&organiser.on(AFTER), &second.id, &fields(&[("reason", "取消")])).await;
        assert_eq!(codes(gone), ["state_does_not_allow"], "it has taken place");
        stage.world.assert_audit_clean().await;
    }

    /// A boundary must be whole: holding, and every class of the checklist counted or left out with a reason.
    async fn a_plan_without_a_whole_boundary_is_refused(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let mut form = quick();
        form.insert("quick".to_owned(), String::new());
        let event = stage.create(&form).await;
        let refused = codes(registry.event_plan_publish(&organiser.on(BEFORE), &event.id).await);
        assert_eq!(refused, ["event_without_holding", "event_estimate_missing"]);
        let lines = fields(&[("lines", "stage,activity,quantity,unit,factor,quality\nhold,用电,1000,kWh,grid_province,measured\n")]);
        registry.event_inventory_save(&organiser.on(BEFORE), &event.id, &lines).await.expect("one line");
        form.insert("stages.hold".to_owned(), "yes".to_owned());
        form.remove("quick");
        registry.event_save(&organiser.on(BEFORE), &event.id, &form).await.expect("save");
        assert_eq!(codes(registry.event_plan_publish(&organiser.on(BEFORE), &event.id).await), ["event_source_open"]);
        assert_eq!(codes(stage.account(&event.id, AFTER).await), ["event_source_open"]);
        for class in stage.get(&event.id, BEFORE).await.open_classes {
            form.insert(format!("left_out.{class}"), "未发生".to_owned());
        }
        registry.event_save(&organiser.on(BEFORE), &event.id, &form).await.expect("save");
        registry.event_plan_publish(&organiser.on(BEFORE), &event.id).await.expect("whole");
        // published is published
        assert_eq!(codes(registry.event_save(&organiser.on(BEFORE), &event.id, &form).await), ["state_does_not_allow"]);
        // what is wrong with a line is said where it is, and nothing is kept
        let wrong = fields(&[("append", "yes"), ("lines", "stage,activity,quantity,unit,factor,quality\nhold,用电,1000,kg,grid_province,measured\nhold,餐饮,x,meal,meal_vegan,measured\n")]);
        let refused = registry.event_inventory_save(&organiser.on(BEFORE), &event.id, &wrong).await.expect_err("wrong");
        let places: Vec<_> = refused.refusals().into_iter().filter_map(|refusal| refusal.field).collect();
        assert_eq!(places, ["lines.3.quantity"]);
        assert_eq!(stage.get(&event.id, BEFORE).await.inventory.lines().count(), 2);
        stage.world.assert_audit_clean().await;
    }

    /// The same units serve one event: entered twice, retired for another, and by two organisers at once.
    async fn units_serve_one_event(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let (one, other) = (stage.create(&quick()).await, stage.create(&quick()).await);
        for event in [&one, &other] {
            stage.account(&event.id, AFTER).await.expect("account");
        }
        stage.unit(&one.id, AFTER, &unit("allowance", "ＡB 1-20", "20")).await.expect("entered");
        for (event, written) in [(&one, "AB 1-20"), (&other, "ab  1-20")] {
            assert_eq!(codes(stage.unit(&event.id, AFTER, &unit("allowance", written, "20")).await), ["event_unit_used"]);
        }
        // a retirement in this ledger: for an event, one's own or naming the event, once
        let mut gift = fields(&[("class", &stage.class), ("quantity", "9"), ("purpose", "event"), ("beneficiary", "演示赛事组委会"), ("beneficiary_kind", "organisation")]);
        gift.insert("purpose_text".to_owned(), "捐给别的活动".to_owned());
        let wrong = registry.credits_retire(&stage.world.owner.on(AFTER), &gift).await.expect("retire").number;
        gift.insert("purpose_text".to_owned(), format!("捐赠予 {}", one.number));
        let right = registry.credits_retire(&stage.world.owner.on(AFTER), &gift).await.expect("retire").number;
        let by_number = |number: &str| fields(&[("kind", "ccer"), ("reference", number)]);
        assert_eq!(codes(stage.unit(&one.id, AFTER, &by_number("HTR-2025-999999-1")).await), ["event_retirement_unfit"]);
        assert_eq!(codes(stage.unit(&one.id, AFTER, &by_number(&wrong)).await), ["event_retirement_unfit"]);
        assert_eq!(codes(stage.unit(&other.id, AFTER, &by_number(&right)).await), ["event_retirement_unfit"]);
        stage.unit(&one.id, AFTER, &by_number(&right)).await.expect("a gift");
        assert_eq!(codes(stage.unit(&one.id, AFTER, &by_number(&right)).await), ["event_unit_used"]);
        let gift = stage.get(&one.id, AFTER).await.units.into_iter().find(|unit| unit.here).expect("the gift");
        assert_eq!(codes(registry.event_unit_remove(&organiser.on(AFTER), &one.id, &gift.id).await), ["event_unit_final"]);

        // two organisers enter the same cancellation at once, on two copies of the server
        let rival = sign_up(registry, "演示另一主办方", Role::EventOrganiser).await;
        let copies = [stage.world.database.connect().await, stage.world.database.connect().await];
        for round in 0..8 {
            let theirs = registry.event_create(&rival.on(BEFORE), &quick()).await.expect("create").id;
            registry.event_account(&rival.on(AFTER), &theirs).await.expect("account");
            let barrier = Arc::new(Barrier::new(2));
            let tasks: Vec<_> = [(organiser.clone(), one.id.clone()), (rival.clone(), theirs)]
                .into_iter()
                .zip(&copies)
                .map(|((actor, event), copy)| {
                    let (copy, barrier) = (copy.clone(), barrier.clone());
                    tokio::spawn(async move {
                        barrier.wait().await;
                        copy.event_unit_add(&actor.on(AFTER), &event, &unit("allowance", &format!("RACE {round}"), "1")).await
                    })
                })
                .collect();
            let mut entered = 0;
            for task in tasks {
                match task.await.expect("no panic") {
                    Ok(_) => entered += 1,
                    refused => assert_eq!(codes(refused), ["event_unit_used"]),
                }
            }
            assert_eq!(entered, 1, "round {round}");
        }
        stage.world.assert_audit_clean().await;
    }

    /// Tonnes of carbon inclusion that no province recognises neutralise nothing, and are not used up by trying.
    async fn unrecognised_tonnes_of_the_ledger_neutralise_nothing(database) {
        let stage = Stage::new(database).await;
        let event = stage.create(&quick()).await;
        stage.account(&event.id, AFTER).await.expect("account");
        let needed = stage.get(&event.id, AFTER).await.accounted.expect("account").tonnes.to_string();
        let mut raw = stage.world.database.raw().await;
        for (recognition, fits) in [("none", false), ("municipal", false), ("provincial", true)] {
            sqlx::query("UPDATE credit_class SET recognition = $1 WHERE id = $2")
                .bind(recognition)
                .bind(&stage.class)
                .execute(&mut raw)
                .await
                .expect("another class");
            let retired = stage.retire(&event.id, AFTER, &needed).await;
            if fits {
                retired.expect("retire");
            } else {
                assert_eq!(codes(retired), ["event_unit_not_recognised"], "{recognition}");
                let held = stage.registry().holdings(&stage.world.organiser.on(AFTER)).await.expect("holdings");
                assert_eq!(held.iter().map(|one| one.held).sum::<i64>(), 200, "{recognition}");
            }
        }
    }

    /// A retirement is final: one for an event, of tonnes that neutralise none, is refused before it happens, by form and by file; for another
    /// purpose it is not, and everybody sees what the tonnes are.
    async fn unrecognised_tonnes_are_not_retired_for_an_event(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let code = registry.public().class(&stage.class).await.expect("the class").project_code;
        let form = |purpose: &str| fields(&[
            ("class", stage.class.as_str()), ("quantity", "3"), ("purpose", purpose), ("beneficiary", "演示主办方"),
            ("beneficiary_kind", "organisation"), ("purpose_text", "演示会议 2025-06-20"),
        ]);
        let file = |purpose: &str| {
            let head = "project,vintage,serial,quantity,purpose,purpose_text,beneficiary_kind,beneficiary,beneficiary_uscc";
            fields(&[("rows", &format!("{head}\n{code},2024,,2,{purpose},演示会议 2025-06-20,organisation,演示主办方,\n"))])
        };
        let mut raw = stage.world.database.raw().await;
        for recognition in ["none", "municipal", "provincial"] {
            sqlx::query("UPDATE credit_class SET unit_kind = 'inclusion', recognition = $1 WHERE id = $2")
                .bind(recognition)
                .bind(&stage.class)
                .execute(&mut raw)
                .await
                .expect("another class");
            let by_form = registry.credits_retire(&organiser.on(AFTER), &form("event")).await;
            let by_file = registry.credits_retire_many(&organiser.on(AFTER), &file("event")).await;
            if recognition == "provincial" {
                let number = by_form.expect("retire").number;
                by_file.expect("retire by file");
                let line = registry.public().certificate(&number).await.expect("certificate").lines.remove(0);
                assert_eq!((line.unit_kind.as_str(), line.recognition.as_str()), ("inclusion", "provincial"));
            } else {
                let refused = |refused: Error| -> Vec<_> {
                    refused.refusals().into_iter().map(|one| (one.code, one.field.unwrap_or_default())).collect()
                };
                let told = refused(by_form.expect_err("final"));
                assert_eq!(told, [("class_not_for_events", "purpose".to_owned())], "{recognition}");
                let told = refused(by_file.expect_err("final"));
                assert_eq!(told, [("class_not_for_events", "rows.2.purpose".to_owned())], "{recognition}");
                let held = registry.holdings(&organiser.on(AFTER)).await.expect("holdings").remove(0);
                assert_eq!((held.unit_kind.as_str(), held.recognition.as_str()), ("inclusion", recognition));
                registry.credits_retire(&organiser.on(AFTER), &form("public_benefit")).await.expect("for the public benefit");
            }
        }
        stage.world.assert_audit_clean().await;
    }

    /// Two events of one holder are covered from the same credits at once: one has them. The same key again retires nothing more.
    async fn credits_are_retired_for_one_event_only_and_once(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let copies = [stage.world.database.connect().await, stage.world.database.connect().await];
        let (one, other) = (stage.create(&quick()).await, stage.create(&quick()).await);
        for event in [&one, &other] {
            stage.account(&event.id, AFTER).await.expect("account");
        }
        let barrier = Arc::new(Barrier::new(2));
        let form = fields(&[(&format!("class.{}", stage.class), "150"), ("statement", "yes")]);
        let tasks: Vec<_> = [one.id.clone(), other.id.clone()]
            .into_iter()
            .zip(&copies)
            .map(|(event, copy)| {
                let (copy, barrier, form, actor) = (copy.clone(), barrier.clone(), form.clone(), organiser.clone());
                tokio::spawn(async move {
                    barrier.wait().await;
                    let done = copy.event_retire(&actor.with_key(AFTER, &format!("retire {event}")), &event, &form).await;
                    (event, done)
                })
            })
            .collect();
        let mut winner = None;
        for task in tasks {
            let (event, outcome) = task.await.expect("no panic");
            match outcome {
                Ok(receipt) => assert!(winner.replace((event, receipt)).is_none()),
                refused => assert_eq!(codes(refused), ["credits_insufficient"]),
            }
        }
        let (event, receipt) = winner.expect("one of them");
        let again = registry.event_retire(&organiser.with_key(AFTER, &format!("retire {event}")), &event, &form).await;
        assert_eq!(again.expect("the first answer"), receipt);
        let held: i64 = registry.holdings(&organiser.on(AFTER)).await.expect("holdings").iter().map(|holding| holding.held).sum();
        assert_eq!(held, 50);
        // where a member confirms, the event does not go past them
        joins(registry, organiser, "confirmer").await;
        let other = if event == one.id { &other.id } else { &one.id };
        assert_eq!(codes(stage.retire(other, AFTER, "20").await), ["event_confirmer_first"]);
        stage.world.assert_audit_clean().await;
    }

    /// A correction is a new version; the earlier one stays as it was.
    async fn a_correction_is_a_new_version_and_needs_its_own_cover(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let event = stage.create(&quick()).await;
        stage.account(&event.id, AFTER).await.expect("account");
        let needed = stage.get(&event.id, AFTER).await.accounted.expect("account").tonnes;
        stage.retire(&event.id, AFTER, &needed.to_string()).await.expect("retire");
        stage.evaluate(&event.id, AFTER).await.expect("evaluate");
        stage.publish(&event.id, AFTER).await.expect("publish");
        let first = stage.public(&event.number, AFTER).await.versions.remove(0);
        let day = date!(2025 - 07 - 01);
        assert_eq!(codes(registry.event_correct(&organiser.on(day), &event.id, &Fields::new()).await), ["reason_required"]);
        let why = fields(&[("reason", "漏计发电机用油")]);
        registry.event_correct(&organiser.on(day), &event.id, &why).await.expect("correct");
        assert!(!stage.public(&event.number, day).await.row.neutral, "while it is corrected it claims nothing");
        let line = fields(&[("line.stage", "hold"), ("line.activity", "柴油发电机"), ("line.quantity", "1000"), ("line.unit", "l"), ("line.factor", "diesel_l"), ("line.quality", "invoiced")]);
        assert_eq!(codes(registry.event_retire(&organiser.on(day), &event.id, &fields(&[("statement", "yes")])).await), ["event_not_accounted"]);
        let out = fields(&[("line.stage", "hold"), ("line.activity", "x"), ("line.quantity", "1"), ("line.unit", "kg"), ("line.factor", "diesel_l"), ("line.quality", "invoiced")]);
        let refused = registry.event_inventory_save(&organiser.on(day), &event.id, &out).await.expect_err("the unit does not fit");
        assert_eq!(refused.refusals()[0].field.as_deref(), Some("line.unit"));
        registry.event_inventory_save(&organiser.on(day), &event.id, &line).await.expect("a line");
        let view = stage.get(&event.id, day).await;
        // what the quick path left out unseen gives way to what is counted now
        assert!(view.problems.is_empty(), "{:?}", view.problems);
        let mut profile = view.fields.clone();
        profile.remove("left_out.fossil_mobile");
        profile.insert("ends_on".to_owned(), "2025-06-30".to_owned());
        assert_eq!(codes(registry.event_save(&organiser.on(day), &event.id, &profile).await), ["event_days_fixed"]);
        profile.insert("ends_on".to_owned(), "2025-06-21".to_owned());
        registry.event_save(&organiser.on(day), &event.id, &profile).await.expect("save");
        stage.account(&event.id, day).await.expect("account");
        let more = stage.get(&event.id, day).await.accounted.expect("account").tonnes;
        assert!(more > needed, "1,000 l of diesel are 2.6 t");
        assert_eq!(codes(registry.event_retire(&organiser.on(day), &event.id, &fields(&[("statement", "yes")])).await), ["event_not_covered"]);
        stage.retire(&event.id, day, &(more - needed).to_string()).await.expect("only what is missing");
        stage.evaluate(&event.id, day).await.expect("evaluate");
        stage.publish(&event.id, day).await.expect("publish");
        let again = stage.public(&event.number, day).await;
        assert!(again.row.neutral);
        assert_eq!((again.versions[0].version, again.versions[0].correction.as_deref(), again.versions[0].tonnes), (2, Some("漏计发电机用油"), more));
        assert_eq!(again.versions[1], first, "the earlier version is what it was");
        stage.world.assert_audit_clean().await;
    }

    /// One's own certificate that names another event covers nothing here, and what covers a published result is not reworded away.
    async fn a_certificate_covers_only_what_it_names_and_keeps_naming_it(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let mut second = quick();
        second.insert("name".to_owned(), "演示年度论坛".to_owned());
        let (one, other) = (stage.create(&quick()).await, stage.create(&second).await);
        for event in [&one, &other] {
            stage.account(&event.id, AFTER).await.expect("account");
        }
        let needed = stage.get(&one.id, AFTER).await.accounted.expect("account").tonnes;
        let own = async |text: &str| {
            let form = fields(&[
                ("class", &stage.class), ("quantity", &needed.to_string()), ("purpose", "event"), ("beneficiary", "演示主办方"),
                ("beneficiary_kind", "organisation"), ("purpose_text", text),
            ]);
            registry.credits_retire(&organiser.on(AFTER), &form).await.expect("retire").number
        };
        let enter = async |event: &str, number: &str| stage.unit(event, AFTER, &fields(&[("kind", "ccer"), ("reference", number)])).await;
        let by_number = own(&format!("{} 2025-06", other.number)).await;
        let by_name = own("演示年度论坛 2025 年 6 月").await;
        let both_names = own(&format!("演示五十人工作会议（{}）", other.number)).await;
        for number in [&by_number, &by_name, &both_names] {
            assert_eq!(codes(enter(&one.id, number).await), ["event_retirement_names_other"]);
        }
        assert_eq!(stage.get(&one.id, AFTER).await.counted_tonnes, 0);
        enter(&other.id, &by_name).await.expect("it names this event");

        // covered and published: the words may be corrected, what they name may not
        enter(&other.id, &by_number).await.expect("it names this event, too");
        stage.retire(&other.id, AFTER, "").await.expect("covered");
        let operator = &stage.world.operator;
        let reworded = |text: &str, beneficiary: &str| fields(&[
            ("beneficiary", beneficiary), ("beneficiary_kind", "organisation"), ("purpose_text", text),
            ("reason", "申请时填写有误"), ("request_number", "函〔2025〕9号"), ("request_date", "2025-06-23"),
        ]);
        let away = reworded(&one.number, "演示主办方");
        stage.evaluate(&other.id, AFTER).await.expect("evaluate");
        stage.publish(&other.id, AFTER).await.expect("publish");
        let refused = registry.certificate_correct(&operator.on(AFTER), &by_number, &away).await.expect_err("it covers the forum");
        let told = refused.refusals().remove(0);
        assert_eq!((told.code, told.field.as_deref()), ("certificate_covers", Some("purpose_text")));
        assert!(told.param("covers").is_some_and(|covers| covers.contains(&other.number)));
        let gone = reworded(&format!("{} 2025 年 6 月", other.number), "另一家单位");
        let refused = registry.certificate_correct(&operator.on(AFTER), &by_number, &gone).await.expect_err("somebody else's");
        assert_eq!(refused.refusals()[0].field.as_deref(), Some("beneficiary"));
        let typing = reworded(&format!("演示年度论坛（{}）2025 年 6 月", other.number), "演示主办方");
        registry.certificate_correct(&operator.on(AFTER), &by_number, &typing).await.expect("it still names the forum");

        // what covers nothing is corrected freely, and the words in force decide
        registry.certificate_correct(&operator.on(AFTER), &both_names, &away).await.expect("it covers nothing");
        assert_eq!(codes(enter(&other.id, &both_names).await), ["state_does_not_allow"]);
        enter(&one.id, &both_names).await.expect("it names this event now");
        stage.world.assert_audit_clean().await;
    }

    /// A correction in the thirteenth month: what the units still cover does not lapse, what they do not cover says so and has no label
    /// until it is covered; and what was opened by mistake is given up as long as nothing was changed.
    async fn a_correction_after_the_last_day_lapses_nothing(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let event = stage.create(&quick()).await;
        stage.account(&event.id, AFTER).await.expect("account");
        let needed = stage.get(&event.id, AFTER).await.accounted.expect("account").tonnes;
        assert_eq!(codes(registry.event_correct_withdraw(&organiser.on(AFTER), &event.id).await), ["state_does_not_allow"]);
        stage.retire(&event.id, AFTER, &needed.to_string()).await.expect("retire");
        stage.evaluate(&event.id, AFTER).await.expect("evaluate");
        stage.publish(&event.id, AFTER).await.expect("publish");
        let why = fields(&[("reason", "漏计发电机用油")]);
        let correct = async || registry.event_correct(&organiser.on(LATE), &event.id, &why).await.expect("correct");

        // opened by mistake: nobody else gives it up, and the former version stands as it was
        correct().await;
        assert!(!stage.public(&event.number, LATE).await.row.neutral);
        assert_eq!(codes(registry.event_correct_withdraw(&stage.world.owner.on(LATE), &event.id).await), ["not found"]);
        registry.event_correct_withdraw(&organiser.on(LATE), &event.id).await.expect("given up");
        let stands = stage.public(&event.number, LATE).await;
        assert!(stands.row.neutral && stands.correction.is_none() && stands.versions.len() == 1);

        // nothing that matters was changed: the units cover it, in the thirteenth month as before
        correct().await;
        let table = fields(&[("attendees", "reference,mode,origin,km,nights,meals\nR1,walk,,,0,0\n")]);
        registry.event_attendees_import(&organiser.on(LATE), &event.id, &table).await.expect("a table that was wrong");
        assert_eq!(codes(registry.event_correct_withdraw(&organiser.on(LATE), &event.id).await), ["event_correction_begun"]);
        assert_eq!(codes(registry.event_form_set(&organiser.on(LATE), &event.id, &fields(&[("open", "yes")]), "late").await), ["state_does_not_allow"]);
        stage.account(&event.id, LATE).await.expect("account");
        let told = stage.public(&event.number, LATE).await;
        assert_eq!((told.row.state, told.correction.expect("a correction").covered), (EventState::Accounted, Some(true)));
        let yes = fields(&[("statement", "yes")]);
        registry.event_retire(&organiser.on(LATE), &event.id, &yes).await.expect("covered by what is retired already");
        stage.evaluate(&event.id, LATE).await.expect("evaluate");
        stage.publish(&event.id, LATE).await.expect("publish");
        assert!(stage.public(&event.number, LATE).await.row.neutral);

        // more was emitted than is covered: that is said, and covered late with its day to be seen
        correct().await;
        let line = fields(&[("line.stage", "hold"), ("line.activity", "柴油发电机"), ("line.quantity", "1000"), ("line.unit", "l"), ("line.factor", "diesel_l"), ("line.quality", "invoiced")]);
        registry.event_inventory_save(&organiser.on(LATE), &event.id, &line).await.expect("a line");
        let mut profile = stage.get(&event.id, LATE).await.fields;
        profile.remove("left_out.fossil_mobile");
        registry.event_save(&organiser.on(LATE), &event.id, &profile).await.expect("save");
        stage.account(&event.id, LATE).await.expect("account");
        assert_eq!(codes(registry.event_retire(&organiser.on(LATE), &event.id, &yes).await), ["event_not_covered"]);
        // whoever has seen that it is more does not go back to the version that says less
        let more_oil = registry.event_inventory_save(&organiser.on(LATE), &event.id, &line).await.expect("another line");
        assert_eq!(more_oil.state, "corrected");
        assert_eq!(codes(registry.event_correct_withdraw(&organiser.on(LATE), &event.id).await), ["event_correction_begun"]);
        stage.account(&event.id, LATE).await.expect("account");
        let told = stage.public(&event.number, LATE).await;
        assert!(!told.row.neutral);
        let correction = told.correction.expect("a correction");
        let more = correction.tonnes.expect("accounted");
        assert_eq!((correction.covered, correction.counted_tonnes, correction.reason.as_str()), (Some(false), needed, "漏计发电机用油"));
        assert_eq!(correction.opened_on, LATE.to_string());
        stage.retire(&event.id, LATE, &(more - needed).to_string()).await.expect("only what is missing, late");
        stage.evaluate(&event.id, LATE).await.expect("evaluate");
        stage.publish(&event.id, LATE).await.expect("publish");
        let shown = stage.public(&event.number, LATE).await;
        assert!(shown.row.neutral && shown.versions.len() == 3);
        let days: Vec<_> = shown.versions[0].content.units.iter().filter_map(|unit| unit.cancelled_on.clone()).collect();
        assert_eq!(days, [AFTER.to_string(), LATE.to_string()]);
        stage.world.assert_audit_clean().await;
    }

    /// The form for attendees: by link only, changed with its own secret, closed by the account, and never flooded.
    async fn attendees_answer_by_link_and_cannot_flood(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let event = stage.create(&quick()).await;
        let answer = |secret: &str| fields(&[("mode", "rail"), ("origin", "北京"), ("nights", "1"), ("meals", "2"), ("secret", secret)]);
        assert_eq!(codes(registry.event_attend(&visitor(BEFORE), None, "token-1", &answer("s0")).await), ["event_form_closed"]);
        let open = fields(&[("open", "yes")]);
        registry.event_form_set(&organiser.on(BEFORE), &event.id, &open, "token-1").await.expect("open");
        let first = registry.event_attend(&visitor(BEFORE), None, "token-1", &answer("s0")).await.expect("an answer");
        assert!(first.km_estimated && first.km > 1_200);
        let mut changed = answer("s0");
        changed.insert("km".to_owned(), "1300".to_owned());
        registry.event_attend(&visitor(BEFORE), None, "token-1", &changed).await.expect("changed");
        let form = registry.event_form(noon(BEFORE), "token-1", Some("s0")).await.expect("the form");
        assert_eq!(form.answer.expect("the answer")["km"], "1300");
        let seen = stage.get(&event.id, BEFORE).await;
        assert_eq!((seen.attendees.len(), seen.attendees[0].1.people, seen.attendees[0].1.km), (1, 1, 1_300));
        // a program fills in what people do not see
        let mut robot = answer("s1");
        robot.insert("website".to_owned(), "http://example.com".to_owned());
        assert_eq!(codes(registry.event_attend(&visitor(BEFORE), None, "token-1", &robot).await), ["event_form_closed"]);
        // fifty people are expected: sixty answers in an hour, seventy-five in all, from whatever number of copies and addresses
        let other = stage.world.database.connect().await;
        for at in 1..60 {
            let copy = if at % 2 == 0 { registry } else { &other };
            copy.event_attend(&visitor(BEFORE), None, "token-1", &answer(&format!("s{at}"))).await.expect("an answer");
        }
        assert_eq!(codes(registry.event_attend(&visitor(BEFORE), None, "token-1", &answer("s60")).await), ["event_form_flooded"]);
        registry.event_attend(&visitor(BEFORE), None, "token-1", &answer("s1")).await.expect("who answered may still change it");
        let next = BEFORE.next_day().expect("a day");
        for at in 60..75 {
            registry.event_attend(&visitor(next), None, "token-1", &answer(&format!("s{at}"))).await.expect("an answer");
        }
        assert_eq!(codes(registry.event_attend(&visitor(next), None, "token-1", &answer("s75")).await), ["event_form_full"]);
        // a new link makes the old one useless, and the account closes the form
        registry.event_form_set(&organiser.on(next), &event.id, &open, "token-2").await.expect("again");
        assert_eq!(codes(registry.event_form(noon(next), "token-1", None).await), ["not found"]);
        stage.account(&event.id, AFTER).await.expect("account");
        assert_eq!(codes(registry.event_form(noon(AFTER), "token-2", None).await), ["not found"]);
        assert_eq!(codes(registry.event_attend(&visitor(AFTER), None, "token-2", &answer("s1")).await), ["event_form_closed"]);
        let account = stage.get(&event.id, AFTER).await.footprint.expect("a footprint");
        let rail = account.lines.len();
        assert!(rail > 9, "the answers are lines of the account");
        stage.world.assert_audit_clean().await;
    }

    /// Junk that a program wrote is struck out: it counts nowhere, shuts nobody out, and comes back if it was none. A stranger sees none of it.
    async fn answers_that_are_none_are_struck_out_and_make_room(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let by = || stage.world.organiser.on(BEFORE);
        let event = stage.create(&quick()).await;
        registry.event_form_set(&by(), &event.id, &fields(&[("open", "yes")]), "token-1").await.expect("open");
        let answer = |secret: &str, km: &str| fields(&[("mode", "air"), ("origin", "北京"), ("km", km), ("secret", secret)]);
        registry.event_attend(&visitor(BEFORE), None, "token-1", &answer("real", "1200")).await.expect("an answer");
        for at in 1..60 {
            registry.event_attend(&visitor(BEFORE), None, "token-1", &answer(&format!("junk {at}"), "9000")).await.expect("junk");
        }
        assert_eq!(codes(registry.event_attend(&visitor(BEFORE), None, "token-1", &answer("second", "1200")).await), ["event_form_flooded"]);
        let page = |after: Option<String>| PageRequest { after, size: 50 };
        assert_eq!(codes(registry.event_answers(&stage.world.owner.on(BEFORE), &event.id, &page(None)).await), ["not found"]);
        let first = registry.event_answers(&by(), &event.id, &page(None)).await.expect("answers");
        let rest = registry.event_answers(&by(), &event.id, &page(first.next.clone())).await.expect("answers");
        assert_eq!((first.rows.len(), rest.rows.len(), rest.next), (50, 10, None));
        let answers: Vec<_> = first.rows.into_iter().chain(rest.rows).collect();
        let junk: Vec<_> = answers.iter().filter(|one| one.km == 9_000).map(|one| one.id.clone()).collect();
        let chosen = |ids: &[String], decision: &str, why: &str| {
            let mut form = fields(&[("decision", decision), ("reason", why)]);
            form.extend(ids.iter().map(|id| (format!("answer.{id}"), "yes".to_owned())));
            form
        };
        let strike = async |form: &Fields| registry.event_answers_strike(&by(), &event.id, form).await;
        assert_eq!(codes(strike(&chosen(&[], "strike", "程序填写")).await), ["event_answers_none"]);
        assert_eq!(codes(strike(&chosen(&junk, "", "程序填写")).await), ["required"]);
        assert_eq!(codes(strike(&chosen(&junk, "strike", "")).await), ["reason_required"]);
        assert_eq!(codes(strike(&chosen(&["another".to_owned()], "strike", "程序填写")).await), ["event_answers_none"]);
        assert_eq!(codes(registry.event_answers_strike(&stage.world.owner.on(BEFORE), &event.id, &chosen(&junk, "strike", "x")).await), ["not found"]);
        let done = strike(&chosen(&junk, "strike", "程序填写")).await.expect("struck out");
        assert_eq!(done.rows, Some(59));
        assert_eq!(codes(strike(&chosen(&junk, "strike", "程序填写")).await), ["event_answers_none"], "they are struck out already");
        let seen = stage.get(&event.id, BEFORE).await;
        assert_eq!((seen.attendees.len(), seen.attendees[0].1.people, seen.attendees[0].1.km), (1, 1, 1_200));
        registry.event_attend(&visitor(BEFORE), None, "token-1", &answer("second", "1200")).await.expect("there is room again");
        strike(&chosen(&junk[..1], "restore", "是参会者")).await.expect("restored");
        assert_eq!(stage.get(&event.id, BEFORE).await.attendees[0].1.km, 11_400);

        // a table of the same people: whether they are the same is said before the account
        let table = fields(&[("attendees", "reference,mode,origin,km,nights,meals\nR1,air,,1200,0,0\nR2,air,,1200,0,0\n")]);
        registry.event_attendees_import(&by(), &event.id, &table).await.expect("import");
        assert_eq!(stage.get(&event.id, BEFORE).await.told_by, (2, 3));
        assert_eq!(codes(stage.account(&event.id, AFTER).await), ["event_sources_open"]);
        let say = async |counts: &str| {
            let form = fields(&[("counts", counts), ("reason", "名单含表单里的人")]);
            registry.event_attendee_sources(&stage.world.organiser.on(AFTER), &event.id, &form).await
        };
        assert_eq!(codes(say("form").await), ["choice_invalid"]);
        let both = stage.get(&event.id, AFTER).await.footprint.expect("computed").total_kg;
        say("import").await.expect("the table stands for everybody");
        let alone = stage.get(&event.id, AFTER).await;
        assert_eq!(alone.attendees.iter().map(|(_, sums)| sums.people).sum::<i64>(), 2);
        assert!(alone.footprint.expect("computed").total_kg < both);
        stage.account(&event.id, AFTER).await.expect("account");
        // said otherwise, or brought anew, it is accounted for again
        assert_eq!(say("both").await.expect("others").state, "held");
        registry.event_attendees_import(&stage.world.organiser.on(AFTER), &event.id, &table).await.expect("import");
        assert_eq!(codes(stage.account(&event.id, AFTER).await), ["event_sources_open"]);
        stage.world.assert_audit_clean().await;
    }

    /// A supplier by link: gives, changes and takes back its own lines only; the organiser decides each once; a source that the inventory
    /// has already is taken in only by somebody who says that it is another one.
    async fn a_supplier_answers_by_link_and_each_line_is_decided_once(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let event = stage.create(&quick()).await;
        let asked = fields(&[("name", "演示会展中心"), ("classes.electricity", "yes"), ("classes.waste", "yes")]);
        let line = |activity: &str, secret: &str| fields(&[
            ("line.class", "electricity"), ("line.activity", activity), ("line.quantity", "1200"), ("line.unit", "kWh"),
            ("line.evidence", "电费单 1"), ("secret", secret),
        ]);
        let by = organiser.on(BEFORE);
        let again = registry.event_supplier_add(&by, &event.id, &asked, "supply-1").await.expect("asked");
        assert_eq!(registry.event_supplier_add(&by, &event.id, &asked, "supply-x").await.expect("the first answer"), again);
        assert_eq!(codes(registry.event_suppliers(&stage.world.owner.on(BEFORE), &event.id).await), ["not found"]);
        assert_eq!(codes(registry.event_supply(&visitor(BEFORE), "supply-x", &line("a", "s")).await), ["event_form_closed"]);
        let given = registry.event_supply(&visitor(BEFORE), "supply-1", &line("主会场用电", "s")).await.expect("given");
        let mut changed = line("主会场用电", "s");
        changed.extend(fields(&[("line", &given.line), ("line.quantity", "1500")]));
        assert_eq!(registry.event_supply(&visitor(BEFORE), "supply-1", &changed).await.expect("changed").line, given.line);
        // somebody with the link and another secret neither sees nor changes it
        changed.insert("secret".to_owned(), "other".to_owned());
        assert_eq!(codes(registry.event_supply(&visitor(BEFORE), "supply-1", &changed).await), ["not found"]);
        assert!(registry.event_supply_form(noon(BEFORE), "supply-1", Some("other")).await.expect("the form").lines.is_empty());
        let seen = registry.event_supply_form(noon(BEFORE), "supply-1", Some("s")).await.expect("the form").lines;
        assert_eq!((seen.len(), seen[0].quantity.as_str()), (1, "1500"));
        // what was not asked for, and what a program fills in
        let mut wrong = line("用水", "s");
        wrong.insert("line.class".to_owned(), "water".to_owned());
        assert_eq!(codes(registry.event_supply(&visitor(BEFORE), "supply-1", &wrong).await), ["choice_invalid"]);
        let mut robot = line("b", "s");
        robot.insert("website".to_owned(), "x".to_owned());
        assert_eq!(codes(registry.event_supply(&visitor(BEFORE), "supply-1", &robot).await), ["event_form_closed"]);

        // the line becomes one of the inventory, once
        let accept = |id: &str| fields(&[("line", id), ("decision", "accept"), ("stage", "hold"), ("factor", "grid_province"), ("quality", "invoiced")]);
        let before = stage.get(&event.id, BEFORE).await;
        let mut unfit = accept(&given.line);
        unfit.insert("factor".to_owned(), String::new());
        assert!(registry.event_supply_decide(&organiser.on(BEFORE), &event.id, &unfit).await.is_err());
        let (one, two) = {
            let other = stage.world.database.connect().await;
            let (first, second) = (organiser.on(BEFORE), organiser.on(BEFORE));
            let (form, copy) = (accept(&given.line), accept(&given.line));
            tokio::join!(
                registry.event_supply_decide(&first, &event.id, &form),
                async { other.event_supply_decide(&second, &event.id, &copy).await }
            )
        };
        assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1, "{one:?} {two:?}");
        let after = stage.get(&event.id, BEFORE).await;
        assert_eq!(after.inventory.lines().count(), before.inventory.lines().count() + 1);
        assert!(after.inventory.contains("主会场用电") && after.inventory.contains(",supplier,"), "{}", after.inventory);
        assert!(after.footprint.expect("computed").total_kg > before.footprint.expect("computed").total_kg);
        changed.insert("secret".to_owned(), "s".to_owned());
        assert_eq!(codes(registry.event_supply(&visitor(BEFORE), "supply-1", &changed).await), ["event_supply_decided"]);

        // the same source again is warned about
        let double = registry.event_supply(&visitor(BEFORE), "supply-1", &line("主会场 用电", "s")).await.expect("given").line;
        let shown = registry.event_suppliers(&organiser.on(BEFORE), &event.id).await.expect("suppliers");
        assert!(shown[0].lines.iter().any(|line| line.id == double && line.double.is_some()));
        assert_eq!(codes(registry.event_supply_decide(&organiser.on(BEFORE), &event.id, &accept(&double)).await), ["event_supply_double"]);
        let mut despite = accept(&double);
        despite.insert("despite".to_owned(), "yes".to_owned());
        registry.event_supply_decide(&organiser.on(BEFORE), &event.id, &despite).await.expect("another source");
        // declined with a reason, which the supplier sees; taken back
        let third = registry.event_supply(&visitor(BEFORE), "supply-1", &line("c", "s")).await.expect("given").line;
        let decline = fields(&[("line", &third), ("decision", "decline"), ("reason", "与活动无关")]);
        assert_eq!(codes(registry.event_supply_decide(&stage.world.owner.on(BEFORE), &event.id, &decline).await), ["not found"]);
        registry.event_supply_decide(&organiser.on(BEFORE), &event.id, &decline).await.expect("declined");
        let fourth = registry.event_supply(&visitor(BEFORE), "supply-1", &line("d", "s")).await.expect("given").line;
        let mut back = line("d", "s");
        back.extend(fields(&[("line", &fourth), ("remove", "yes")]));
        registry.event_supply(&visitor(BEFORE), "supply-1", &back).await.expect("taken back");
        let seen = registry.event_supply_form(noon(BEFORE), "supply-1", Some("s")).await.expect("the form").lines;
        let states: Vec<_> = seen.iter().map(|line| (line.state.as_str(), line.reason.as_deref())).collect();
        assert_eq!(states, [("accepted", None), ("accepted", None), ("declined", Some("与活动无关"))]);
        // sixty lines in an hour, from whatever number of browsers
        for at in 4..60 {
            registry.event_supply(&visitor(BEFORE), "supply-1", &line("e", &format!("s{at}"))).await.expect("given");
        }
        assert_eq!(codes(registry.event_supply(&visitor(BEFORE), "supply-1", &line("e", "s60")).await), ["event_form_flooded"]);
        let supplier = registry.event_suppliers(&organiser.on(BEFORE), &event.id).await.expect("suppliers")[0].id.clone();
        registry.event_supplier_close(&organiser.on(BEFORE), &event.id, &supplier).await.expect("closed");
        assert_eq!(codes(registry.event_supply_form(noon(BEFORE), "supply-1", Some("s")).await), ["not found"]);
        stage.world.assert_audit_clean().await;
    }

    /// 26,000 runners by a file: taken in and accounted for in seconds, or reported by row with nothing kept.
    async fn twenty_six_thousand_runners_are_imported_in_seconds(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let mut form = quick();
        form.extend(fields(&[("name", "演示马拉松"), ("kind", "sports"), ("people", "26000"), ("rail_people", ""), ("air_people", ""), ("nights", "")]));
        let event = stage.create(&form).await;
        let mut table = "reference,mode,origin,km,nights,meals\n".to_owned();
        for at in 0..26_000 {
            let (mode, origin, km) = match at % 4 {
                0 => ("rail", "北京", ""),
                1 => ("metro", "", "12"),
                2 => ("air", "", "1200"),
                _ => ("walk", "", ""),
            };
            let _ = writeln!(table, "R{at:05},{mode},{origin},{km},{},1", u8::from(at % 4 == 2));
        }
        let bad = table.replace("R00007,walk", "R00006,walk").replace("R00008,rail,北京", "R00008,rail,某镇");
        let refused = registry.event_attendees_import(&organiser.on(BEFORE), &event.id, &fields(&[("attendees", &bad)])).await.expect_err("two rows");
        let told: Vec<_> = refused.refusals().into_iter().map(|refusal| (refusal.field.unwrap_or_default(), refusal.code)).collect();
        assert_eq!(told, [("attendees.9.reference".to_owned(), "event_attendee_twice"), ("attendees.10.km".to_owned(), "event_city_unknown")]);
        assert!(stage.get(&event.id, BEFORE).await.attendees.is_empty());
        let begun = Clock::now();
        let file = fields(&[("attendees", &table)]);
        let taken = registry.event_attendees_import(&organiser.on(BEFORE), &event.id, &file).await.expect("import");
        // the same file again replaces what it brought before
        registry.event_attendees_import(&organiser.on(BEFORE), &event.id, &file).await.expect("import again");
        let seen = stage.get(&event.id, BEFORE).await;
        let took = begun.elapsed();
        assert_eq!(taken.rows, Some(26_000));
        assert_eq!(seen.attendees.iter().map(|(_, sums)| sums.people).sum::<i64>(), 26_000);
        assert!(seen.attendee_lines.contains("2400000") || seen.attendee_lines.contains("15600000"), "{}", seen.attendee_lines);
        println!("two imports of 26,000 attendees and a look: {took:?}");
        stage.account(&event.id, AFTER).await.expect("account");
        let accounted = stage.get(&event.id, AFTER).await.accounted.expect("account");
        // 6,500 flights both ways over 1,200 km alone are 1,761.24 t
        assert!(accounted.tonnes > 1_761, "{}", accounted.tonnes);
        stage.world.assert_audit_clean().await;
    }

    /// Each template gives an event whose estimate can be published and whose footprint can be accounted for; another one is refused, and so
    /// are people whose quantities no line takes.
    async fn an_event_begins_with_a_template_by_people_and_days(database) {
        let stage = Stage::new(database).await;
        let (registry, organiser) = (stage.registry(), &stage.world.organiser);
        let of = |template: &str, people: &str| {
            let mut form = quick();
            for name in ["quick", "rail_people", "rail_km", "air_people", "air_km", "nights"] {
                form.remove(name);
            }
            form.extend(fields(&[("template", template), ("people", people)]));
            form
        };
        let create = async |form: &Fields| registry.event_create(&organiser.on(BEFORE), form).await;
        let refused = create(&of("wedding", "50")).await.expect_err("no such template").refusals().remove(0);
        assert_eq!((refused.code, refused.field.as_deref()), ("choice_invalid", Some("template")));
        assert!(refused.param("choices").is_some_and(|choices| choices.contains("marathon")));
        let refused = create(&of("marathon", "10000000")).await.expect_err("too many").refusals().remove(0);
        assert_eq!((refused.code, refused.field.as_deref()), ("event_template_too_large", Some("people")));

        let mut totals = Vec::new();
        for (template, people) in [("meeting", "50"), ("conference", "200"), ("marathon", "20000"), ("exhibition", "5000"), ("show", "10000")] {
            let event = create(&of(template, people)).await.expect(template);
            let seen = stage.get(&event.id, BEFORE).await;
            let lines = seen.inventory.lines().count() - 1;
            assert_eq!(seen.inventory.matches(",estimated,").count(), lines, "{template}");
            assert!(seen.problems.is_empty() && seen.open_classes.is_empty(), "{template}: {:?} {:?}", seen.problems, seen.open_classes);
            assert!(["template", "language", "quick"].iter().all(|name| !seen.fields.contains_key(*name)));
            registry.event_plan_publish(&organiser.on(BEFORE), &event.id).await.expect(template);
            stage.account(&event.id, AFTER).await.expect(template);
            totals.push(stage.get(&event.id, AFTER).await.accounted.expect("an account").tonnes);
        }
        assert!(totals[0] < 5 && totals[1] > 20 && totals[2] > 400, "{totals:?}");
        // the same words as ever: the five-minute path is the template of a meeting
        let (mut short, mut named) = (quick(), quick());
        short.insert("quick".to_owned(), "yes".to_owned());
        named.remove("quick");
        named.insert("template".to_owned(), "meeting".to_owned());
        let (short, named) = (create(&short).await.expect("quick"), create(&named).await.expect("named"));
        let (short, named) = (stage.get(&short.id, BEFORE).await, stage.get(&named.id, BEFORE).await);
        assert_eq!(short.inventory, named.inventory);
        let mut english = of("conference", "200");
        english.insert("language".to_owned(), "en".to_owned());
        let english = create(&english).await.expect("in English");
        let english = stage.get(&english.id, BEFORE).await.inventory;
        assert!(english.contains("Venue electricity") && !english.contains("会场用电"), "{english}");
        stage.world.assert_audit_clean().await;
    }

    /// Whoever flies says the airport, by code or name; the kilometres are those of the great circle, of two airports of a city the longer.
    async fn attendees_may_be_imported_by_airport(database) {
        let stage = Stage::new(database).await;
        let (registry, organiser) = (stage.registry(), &stage.world.organiser);
        let event = stage.create(&quick()).await;
        let import = async |rows: &str| {
            let form = fields(&[("attendees", &format!("reference,mode,origin,km,nights,meals\n{rows}"))]);
            registry.event_attendees_import(&organiser.on(BEFORE), &event.id, &form).await
        };
        let wrong = "A1,air,QQQ,,,\nA2,air,Yulin,,,\nA3,rail,PEK,,,\nA4,air_long,伦敦希思罗机场,,,\nA5,air,武汉,,,\nA6,air,圣地亚哥,,,\n";
        let refused = import(wrong).await.expect_err("five rows");
        let told: Vec<_> = refused.refusals().into_iter().map(|refusal| (refusal.field.unwrap_or_default(), refusal.code)).collect();
        assert_eq!(told, [
            ("attendees.2.origin".to_owned(), "event_airport_unknown"),
            ("attendees.3.origin".to_owned(), "event_airport_ambiguous"),
            ("attendees.4.km".to_owned(), "event_city_unknown"),
            ("attendees.6.origin".to_owned(), "event_flight_same_place"),
            ("attendees.7.origin".to_owned(), "event_airport_ambiguous"),
        ]);
        assert!(stage.get(&event.id, BEFORE).await.attendees.is_empty());
        // Wuhan has one airport: 1,054 km from PEK, 8,894 from Heathrow, 8,901 from Gatwick
        import("A1,air,pek,,,\nA2,air_long,LHR,,,\nA3,air_long,伦敦盖特威克机场,,,\nA4,air,昆明长水,,,\n").await.expect("import");
        let seen = stage.get(&event.id, BEFORE).await;
        let of = |mode: &str| seen.attendees.iter().find(|(_, sums)| sums.mode == mode).map(|(_, sums)| (sums.people, sums.km));
        assert_eq!(of("air_long"), Some((2, 8_894 + 8_901)));
        // PEK 1,054, Kunming 1,274
        let (people, km) = of("air").expect("flights");
        assert!(people == 2 && (2_300..2_400).contains(&km), "{km}");
        stage.world.assert_audit_clean().await;
    }

    /// An answer is changed some times in an hour, by whomever; each change is an act about that answer.
    async fn an_answer_is_not_changed_without_end(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let event = stage.create(&quick()).await;
        registry.event_form_set(&organiser.on(BEFORE), &event.id, &fields(&[("open", "yes")]), "token-1").await.expect("open");
        let sent = async |sender: Option<&str>, secret: &str, nights: i64, seconds: i64| {
            let by = Visitor { at: noon(BEFORE).plus_seconds(seconds), key: key() };
            let form = fields(&[("mode", "rail"), ("origin", "北京"), ("nights", &nights.to_string()), ("secret", secret)]);
            registry.event_attend(&by, sender, "token-1", &form).await
        };
        sent(None, "mine", 0, 0).await.expect("an answer");
        let changes = domain::event::CHANGES_PER_HOUR;
        for nights in 1..=changes {
            sent(Some("one network"), "mine", nights, 60).await.expect("changed");
        }
        let refused = sent(Some("another network"), "mine", 20, 120).await.expect_err("often enough").refusals().remove(0);
        assert_eq!((refused.code, refused.param("max"), refused.param("minutes")), ("event_answer_changed_often", Some("10"), Some("59")));
        sent(Some("one network"), "theirs", 1, 120).await.expect("an answer of somebody else");
        let seen = stage.get(&event.id, BEFORE).await;
        let nights: i64 = seen.attendees.iter().map(|(_, sums)| sums.nights).sum();
        assert_eq!((seen.told_by, nights), ((0, 2), changes + 1), "what was refused changed nothing");
        sent(None, "mine", 2, 3_661).await.expect("an hour later");
        // every change stands in the chain of the answer that it changed
        let mut raw = stage.world.database.raw().await;
        let chains: Vec<i64> = sqlx::query_scalar("SELECT COUNT(*) FROM act JOIN event_attendee ON event_attendee.id = act.subject \
             WHERE act.kind = 'event_attend' GROUP BY act.subject ORDER BY COUNT(*)")
            .fetch_all(&mut raw).await.expect("chains");
        assert_eq!(chains, [1, changes + 2]);
        stage.world.assert_audit_clean().await;
    }

    /// A form is flooded by one sender: that one waits, whoever comes over another address does not, and nothing that is kept leads to either.
    async fn one_sender_waits_and_the_others_answer(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let event = stage.create(&quick()).await;
        let other = stage.create(&quick()).await;
        for (event, token) in [(&event, "token-1"), (&other, "token-2")] {
            registry.event_form_set(&organiser.on(BEFORE), &event.id, &fields(&[("open", "yes")]), token).await.expect("open");
        }
        let answer = |secret: &str| fields(&[("mode", "rail"), ("origin", "北京"), ("secret", secret)]);
        let sent = async |sender: &str, token: &str, secret: &str, seconds: i64| {
            let by = Visitor { at: noon(BEFORE).plus_seconds(seconds), key: key() };
            registry.event_attend(&by, Some(sender), token, &answer(secret)).await
        };
        let here = "a keyed hash of 192.0.2.7";
        for at in 0..30 {
            sent(here, "token-1", &format!("s{at}"), 0).await.expect("an answer");
        }
        let refused = sent(here, "token-1", "s30", 60).await.expect_err("too many").refusals().remove(0);
        assert_eq!((refused.code, refused.param("max"), refused.param("minutes")), ("event_sender_flooded", Some("30"), Some("59")));
        // what was answered may still be changed, and the same form sent twice is one answer
        sent(here, "token-1", "s3", 60).await.expect("changed");
        let twice = Visitor { at: noon(BEFORE), key: key() };
        let there = "a keyed hash of 192.0.2.8";
        let first = registry.event_attend(&twice, Some(there), "token-1", &answer("t0")).await.expect("over another network");
        let again = registry.event_attend(&twice, Some(here), "token-1", &answer("t0")).await.expect("the first answer again");
        assert_eq!(first, again);
        sent(here, "token-2", "u0", 60).await.expect("another event");
        // a refused answer is not counted: an hour later there is room again, but not for more than a day takes
        for at in 30..37 {
            sent(here, "token-1", &format!("s{at}"), 3_601).await.expect("an hour later");
        }
        let refused = sent(here, "token-1", "s37", 7_300).await.expect_err("enough for a day").refusals().remove(0);
        assert_eq!((refused.code, refused.param("max")), ("event_sender_flooded", Some("37")));
        sent(there, "token-1", "t1", 7_300).await.expect("there is room for others");
        assert_eq!(stage.get(&event.id, BEFORE).await.told_by, (0, 39));

        // the address is not in the database, nor what stands for it, and after a day nothing is
        let mut raw = stage.world.database.raw().await;
        let kept: Vec<(String, i64)> = sqlx::query_as("SELECT sender, COUNT(*) FROM answer_sender GROUP BY sender ORDER BY COUNT(*)")
            .fetch_all(&mut raw).await.expect("senders");
        let counts: Vec<i64> = kept.iter().map(|(_, count)| *count).collect();
        assert_eq!(counts, [1, 1, 2, 37], "the sender has another name at the other event; one answer was changed");
        assert!(kept.iter().all(|(sender, _)| sender.len() == 64 && !sender.contains("192")), "{kept:?}");
        assert_eq!(registry.answer_senders_forget(noon(BEFORE).plus_seconds(86_399)).await.expect("nothing is a day old"), 0);
        assert_eq!(registry.answer_senders_forget(noon(BEFORE).plus_seconds(86_400 + 7_300)).await.expect("all of it is"), 41);
        sent(here, "token-1", "s37", 86_400 + 7_301).await.expect("a new day");
        stage.world.assert_audit_clean().await;
    }

    /// 90, 30 and 7 days before the time is over: once each, on every copy of the server, to the organiser only, and not where the units
    /// are retired.
    async fn the_organiser_is_reminded_of_the_last_day_once_each(database) {
        let stage = Stage::new(database).await;
        let (registry, organiser) = (stage.registry(), &stage.world.organiser);
        let other = stage.world.database.connect().await;
        let waiting = stage.create(&quick()).await;
        let done = stage.create(&quick()).await;
        stage.account(&done.id, AFTER).await.expect("account");
        stage.retire(&done.id, AFTER, "100").await.expect("retire");
        let tick = async |day: Date| {
            let (one, two) = tokio::join!(registry.reminders_tick(noon(day)), other.reminders_tick(noon(day)));
            one.expect("tick");
            two.expect("tick");
            registry.reminders_tick(noon(day)).await.expect("again")
        };
        let reminders = async |actor: &Actor| {
            let page = PageRequest { after: None, size: 100 };
            let all = registry.notifications(&actor.on(AFTER), &page).await.expect("messages").rows;
            let mut all: Vec<_> = all.into_iter().filter(|message| message.kind.starts_with("reminder_event")).collect();
            all.reverse();
            all
        };
        // the last day is 2026-06-21
        tick(date!(2026 - 03 - 22)).await;
        assert!(reminders(organiser).await.is_empty());
        assert_eq!(stage.get(&waiting.id, date!(2026 - 03 - 22)).await.row.days_left, Some(91));
        tick(date!(2026 - 03 - 23)).await;
        tick(date!(2026 - 05 - 21)).await;
        let first = reminders(organiser).await;
        assert_eq!(first.len(), 1);
        assert_eq!((first[0].kind.as_str(), first[0].subject.as_str()), ("reminder_event_90", waiting.id.as_str()));
        assert_eq!((first[0].title.as_str(), first[0].code.as_deref()), ("演示五十人工作会议", Some(waiting.number.as_str())));
        assert_eq!(first[0].due_on.as_deref(), Some("2026-06-21"));
        // a server that slept over the second one writes the third only
        tick(date!(2026 - 06 - 15)).await;
        tick(date!(2026 - 06 - 21)).await;
        tick(date!(2026 - 06 - 22)).await;
        let kinds: Vec<_> = reminders(organiser).await.into_iter().map(|message| message.kind).collect();
        assert_eq!(kinds, ["reminder_event_90", "reminder_event_7"]);
        assert!(reminders(&stage.world.operator).await.is_empty() && reminders(&stage.world.owner).await.is_empty());
        assert_eq!(stage.get(&waiting.id, date!(2026 - 06 - 22)).await.row.days_left, None);
        stage.world.assert_audit_clean().await;
    }

    /// A forest: planted after the event, on land that nobody else claims and nobody will; six years; counted once certified.
    async fn a_new_forest_has_six_years_and_its_land_is_taken_for_good(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let organiser = &stage.world.organiser;
        let (one, other) = (stage.create(&quick()).await, stage.create(&quick()).await);
        for event in [&one, &other] {
            stage.account(&event.id, AFTER).await.expect("account");
        }
        let square = |west: &str, east: &str| {
            format!(r#"{{"type":"Polygon","coordinates":[[[{west},30.500000],[{east},30.500000],[{east},30.510000],[{west},30.510000],[{west},30.500000]]]}}"#)
        };
        let forest = |reference: &str, boundary: &str, certified: &str| {
            let mut forest = unit("new_forest", reference, "30");
            forest.extend(fields(&[("forest", "湖北某地，樟树，20 亩，造林与监测计划见附件"), ("boundary", boundary), ("planted_on", "2025-06-21"), ("cancelled_on", certified)]));
            forest
        };
        stage.unit(&one.id, AFTER, &forest("一号林", &square("114.300000", "114.310000"), "")).await.expect("entered");
        let seen = stage.get(&one.id, AFTER).await;
        assert_eq!((seen.counted_tonnes, seen.row.deadline.as_str()), (0, "2031-06-21"));
        assert_eq!(codes(stage.unit(&other.id, AFTER, &forest("二号林", &square("114.305000", "114.320000"), "")).await), ["event_forest_land_taken"]);
        assert_eq!(codes(registry.event_unit_remove(&organiser.on(AFTER), &one.id, &seen.units[0].id).await), ["event_unit_final"]);
        // a year later it has not lapsed; the other one has
        assert_eq!(stage.get(&one.id, LATE).await.row.state, EventState::Accounted);
        assert_eq!(stage.get(&other.id, LATE).await.row.state, EventState::Lapsed);
        let day = date!(2030 - 05 - 01);
        let certified = forest("三号林", &square("114.400000", "114.410000"), "2030-04-01");
        stage.unit(&one.id, day, &certified).await.expect("certified");
        registry.event_retire(&organiser.on(day), &one.id, &fields(&[("statement", "yes")])).await.expect("covered by the forest alone");
        stage.world.assert_audit_clean().await;
    }

    /// Last year's event is copied: its lines as estimates, without what proved them.
    async fn a_copy_of_an_event_is_an_estimate(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let event = stage.create(&quick()).await;
        let proof = fields(&[("line.reference", "FP-1"), ("line.stage", "hold"), ("line.activity", "会场, \"主厅\" 用电"), ("line.quantity", "100"), ("line.unit", "kWh"), ("line.factor", "grid_province"), ("line.quality", "invoiced"), ("line.evidence", "电费单")]);
        registry.event_inventory_save(&stage.world.organiser.on(BEFORE), &event.id, &proof).await.expect("a line");
        let mut form = quick();
        form.extend(fields(&[("quick", ""), ("from", &event.id), ("starts_on", "2026-06-20"), ("ends_on", "2026-06-21"), ("stages.hold", "yes")]));
        let copy = stage.create(&form).await;
        let seen = stage.get(&copy.id, BEFORE).await;
        assert_eq!(seen.inventory.lines().count(), stage.get(&event.id, BEFORE).await.inventory.lines().count());
        assert!(seen.inventory.contains("会场, \"\"主厅\"\" 用电"), "{}", seen.inventory);
        for gone in ["FP-1", "电费单", "invoiced"] {
            assert!(!seen.inventory.contains(gone), "{gone}");
        }
        assert!(seen.open_classes.is_empty() && seen.problems.is_empty());
        form.insert("from".to_owned(), "no such event".to_owned());
        assert_eq!(codes(registry.event_create(&stage.world.organiser.on(BEFORE), &form).await), ["not found"]);
        assert!(Act::EventCreate.roles().allows(Some(Role::EventOrganiser)));
    }
}
