//! A small second truth: random acts from a printed seed are judged by `domain::ledger::model`, and both must agree on every answer.

use domain::Role;
use domain::id::{ClassId, OrganisationId};
use domain::ledger::model::Model;
use domain::ledger::{AccountKey, AccountKind, Posting, Transfer};
use domain::serial::SerialNumber;
use registry::{Error, Fields};

use crate::harness::*;

/// How many acts on each database.
const ACTS: u64 = 400;

/// A plain generator of numbers (splitmix64): the seed gives the whole story again.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    }
}

/// The seed: from the environment to tell a story again, otherwise from the clock.
fn seed() -> u64 {
    let given = std::env::var("HUITAN_TEST_SEED")
        .ok()
        .and_then(|text| text.parse().ok());
    given.unwrap_or_else(|| {
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .expect("a clock after 1970");
        u64::from(now.subsec_nanos()) ^ now.as_secs()
    })
}

/// One act of the story: who, what kind, to whom, which class, how much.
struct Play {
    retire: bool,
    from: usize,
    to: usize,
    class: Option<ClassId>,
    quantity: i64,
}

impl Play {
    fn draw(numbers: &mut Numbers, holders: usize, classes: &[ClassId]) -> Self {
        let holders = u64::try_from(holders).expect("few");
        let choices = u64::try_from(classes.len()).expect("few") + 1;
        let at = |number: u64| usize::try_from(number).expect("small");
        Self {
            retire: numbers.next(4) == 0,
            from: at(numbers.next(holders)),
            to: at(numbers.next(holders)),
            class: classes.get(at(numbers.next(choices))).cloned(),
            quantity: i64::try_from(numbers.next(90)).expect("small"),
        }
    }

    fn form(&self, accounts: &[Actor]) -> Fields {
        let quantity = self.quantity.to_string();
        let mut form = fields(&[("quantity", &quantity)]);
        if let Some(class) = &self.class {
            form.insert("class".to_owned(), class.to_string());
        }
        if self.retire {
            form.extend(fields(&[("purpose", "voluntary"), ("beneficiary", "演示")]));
        } else {
            form.insert("to".to_owned(), accounts[self.to].account.clone());
        }
        form
    }
}

/// The numbers that an answer says have moved, as the posting they must have been.
fn posting(
    serials: &[String],
    classes: &[(i32, ClassId)],
    from: &OrganisationId,
    to: &OrganisationId,
    kinds: (AccountKind, AccountKind),
) -> Posting {
    let transfers = serials.iter().map(|serial| {
        let serial = SerialNumber::parse(serial).expect("a serial number");
        let class = &classes
            .iter()
            .find(|(vintage, _)| *vintage == serial.vintage)
            .expect("its class")
            .1;
        let account = |holder: &OrganisationId, kind| AccountKey {
            holder: holder.clone(),
            class: class.clone(),
            kind,
        };
        Transfer {
            debit: account(from, kinds.0),
            credit: account(to, kinds.1),
            amount: serial.block.quantity(),
            block: serial.block,
            cut_from: None,
        }
    });
    Posting {
        transfers: transfers.collect(),
    }
}

both_databases! {
    async fn the_ledger_agrees_with_the_model(database) {
        let seed = seed();
        println!("the same story again: HUITAN_TEST_SEED={seed}");
        let mut numbers = Numbers(seed);
        let mut world = World::new(database).await;
        world.exports = ["1400.5", "2600.25"];
        world.credits_issued().await;
        let registry = &world.registry;
        let mut holders = vec![world.owner.clone(), world.organiser.clone()];
        for role in [Role::EventOrganiser, Role::ProjectOwner] {
            holders.push(sign_up(registry, "演示持有人", role).await);
        }
        let issued = registry.holdings(&world.owner.on(ISSUED)).await.expect("holdings");
        let classes: Vec<(i32, ClassId)> = issued.iter().map(|one| (one.vintage, one.class.clone())).collect();
        let ids: Vec<ClassId> = classes.iter().map(|(_, class)| class.clone()).collect();
        let mut model = Model::new();
        for one in &issued {
            let blocks = registry.holding_blocks(&world.owner.on(ISSUED), &one.class).await.expect("blocks");
            let serials: Vec<String> = blocks.into_iter().map(|block| block.serial).collect();
            let kinds = (AccountKind::Issuance, AccountKind::Holding);
            let issue = posting(&serials, &classes, &world.operator.organisation, &world.owner.organisation, kinds);
            model.follow(&issue).expect("the issue");
        }
        let mut accepted = 0;
        for act in 0..ACTS {
            let play = Play::draw(&mut numbers, holders.len(), &ids);
            let (from, to) = (&holders[play.from], &holders[play.to]);
            let (by, form) = (from.on(ISSUED), play.form(&holders));
            let expected = if play.retire {
                model.accepts_retire(&from.organisation, play.class.as_ref(), play.quantity)
            } else {
                model.accepts_transfer(&from.organisation, &to.organisation, play.class.as_ref(), play.quantity)
            };
            let outcome = if play.retire {
                registry.credits_retire(&by, &form).await.map(|done| done.serials)
            } else {
                registry.credits_transfer(&by, &form).await.map(|done| done.serials)
            };
            match outcome {
                Ok(serials) => {
                    assert!(expected, "act {act} was accepted, seed {seed}: {form:?}");
                    accepted += 1;
                    let (to, into) = if play.retire { (from, AccountKind::Retired) } else { (to, AccountKind::Holding) };
                    let moved = posting(&serials, &classes, &from.organisation, &to.organisation, (AccountKind::Holding, into));
                    assert_eq!(moved.total(), play.quantity, "act {act}, seed {seed}");
                    model.follow(&moved).unwrap_or_else(|error| panic!("act {act}, seed {seed}: {error}"));
                    if numbers.next(5) == 0 {
                        let again = if play.retire {
                            registry.credits_retire(&by, &form).await.map(|done| done.serials)
                        } else {
                            registry.credits_transfer(&by, &form).await.map(|done| done.serials)
                        };
                        assert_eq!(again.expect("the first answer again"), serials, "act {act}, seed {seed}");
                    }
                }
                Err(Error::Refused(refusals)) => assert!(!expected, "act {act} was refused, seed {seed}: {refusals:?}"),
                Err(error) => panic!("act {act}, seed {seed}: {error}"),
            }
        }
        assert!(accepted > 50 && accepted < ACTS, "{accepted} of {ACTS} were accepted, seed {seed}");
        for holder in &holders {
            for one in registry.holdings(&holder.on(ISSUED)).await.expect("holdings") {
                let by_model = (model.held(&holder.organisation, Some(&one.class)), model.retired(&holder.organisation, Some(&one.class)));
                assert_eq!((one.held, one.retired), by_model, "seed {seed}");
            }
        }
        world.assert_audit_clean().await;
    }
}
