//! The ledger: random acts judged by a second truth, and the cases of other registries that apply here.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{ClassId, OrganisationId, ProjectId};
use domain::ledger::model::Model;
use domain::ledger::{
    AccountKey, AccountKind, CreditClass, Demand, HeldBlock, Posting, Purpose, RetirementRequest,
    issue, retire, transfer,
};
use domain::refusal::codes;
use domain::text::whole_tonnes;
use domain::{Refusal, SerialBlock};
use proptest::prelude::*;
use serde_json::Value;

/// Blocks by account, moved only by what postings say.
#[derive(Default)]
struct Book {
    blocks: BTreeMap<AccountKey, BTreeSet<SerialBlock>>,
}

impl Book {
    fn held(&self, holder: &OrganisationId) -> Vec<HeldBlock> {
        let accounts = self
            .blocks
            .iter()
            .filter(|(key, _)| key.holder == *holder && key.kind == AccountKind::Holding);
        accounts
            .flat_map(|(key, blocks)| {
                blocks.iter().map(|block| HeldBlock {
                    class: key.class.clone(),
                    vintage: vintage(&key.class),
                    block: *block,
                })
            })
            .collect()
    }

    fn balance(&self, holder: &OrganisationId, kind: AccountKind, class: Option<&ClassId>) -> i64 {
        let accounts = self.blocks.iter().filter(|(key, _)| {
            key.holder == *holder
                && key.kind == kind
                && class.is_none_or(|class| *class == key.class)
        });
        accounts
            .flat_map(|(_, blocks)| blocks)
            .map(|block| block.quantity())
            .sum()
    }

    fn write(&mut self, posting: &Posting) {
        for row in &posting.transfers {
            if let Some(whole) = row.cut_from {
                let debit = self.blocks.entry(row.debit.clone()).or_default();
                assert!(debit.remove(&whole), "{whole} is not in {:?}", row.debit);
                debit.extend(row.kept());
                assert_eq!(
                    row.kept().map_or(0, SerialBlock::quantity) + row.amount,
                    whole.quantity()
                );
                assert_eq!(row.block.end(), whole.end(), "the tail leaves");
            }
            assert!(
                self.blocks
                    .entry(row.credit.clone())
                    .or_default()
                    .insert(row.block)
            );
        }
    }

    /// All blocks of a class tile 1..=issued.
    fn tiles(&self, class: &ClassId) -> i64 {
        let mut blocks: Vec<_> = self
            .blocks
            .iter()
            .filter(|(key, _)| key.class == *class)
            .flat_map(|(_, blocks)| blocks)
            .collect();
        blocks.sort();
        let mut end = 0;
        for block in blocks {
            assert_eq!(block.start(), end + 1, "a gap or an overlap in {class}");
            end = block.end();
        }
        end
    }
}

const CLASSES: [(&str, i32); 3] = [("a-2022", 2022), ("b-2021", 2021), ("c-2022", 2022)];
const HOLDERS: [&str; 3] = ["alice", "bob", "carol"];

fn vintage(class: &ClassId) -> i32 {
    CLASSES
        .iter()
        .find(|(id, _)| *id == class.as_str())
        .map_or(2020, |(_, vintage)| *vintage)
}

fn organisation(name: &str) -> OrganisationId {
    OrganisationId::from(name)
}

fn class(id: &str) -> CreditClass {
    let id = ClassId::from(id);
    CreditClass {
        vintage: vintage(&id),
        id,
        project: ProjectId::from("project"),
    }
}

fn request(purpose: Purpose, beneficiary: &str) -> RetirementRequest {
    RetirementRequest {
        purpose,
        beneficiary: beneficiary.to_owned(),
        beneficiary_kind: domain::ledger::BeneficiaryKind::Organisation,
        beneficiary_uscc: None,
        purpose_text: "a demonstration".to_owned(),
    }
}

#[derive(Clone, Debug)]
enum Play {
    Issue {
        owner: usize,
        class: usize,
        quantity: i64,
    },
    Transfer {
        from: usize,
        to: usize,
        class: Option<usize>,
        quantity: i64,
    },
    Retire {
        holder: usize,
        class: Option<usize>,
        quantity: i64,
    },
}

fn play() -> impl Strategy<Value = Play> {
    let class = || proptest::option::of(0..CLASSES.len());
    prop_oneof![
        (0..3usize, 0..CLASSES.len(), -1..60i64).prop_map(|(owner, class, quantity)| Play::Issue {
            owner,
            class,
            quantity
        }),
        (0..3usize, 0..3usize, class(), -1..80i64).prop_map(|(from, to, class, quantity)| {
            Play::Transfer {
                from,
                to,
                class,
                quantity,
            }
        }),
        (0..3usize, class(), -1..80i64).prop_map(|(holder, class, quantity)| Play::Retire {
            holder,
            class,
            quantity
        }),
    ]
}

proptest! {
    #[test]
    fn postings_agree_with_the_second_truth(plays in proptest::collection::vec(play(), 1..60)) {
        let mut book = Book::default();
        let mut model = Model::new();
        let operator = organisation("registry");
        let class_id = |at: Option<usize>| at.map(|at| ClassId::from(CLASSES[at].0));
        for play in plays {
            let (accepts, result) = match &play {
                Play::Issue { owner, class: at, quantity } => {
                    let class = class(CLASSES[*at].0);
                    let issued = book.tiles(&class.id);
                    let result = issue(&operator, &organisation(HOLDERS[*owner]), &class, issued, *quantity);
                    (Model::accepts_issue(*quantity), result)
                }
                Play::Transfer { from, to, class, quantity } => {
                    let (from, to) = (organisation(HOLDERS[*from]), organisation(HOLDERS[*to]));
                    let demand = Demand { class: class_id(*class), quantity: *quantity };
                    let accepts = model.accepts_transfer(&from, &to, demand.class.as_ref(), *quantity);
                    (accepts, transfer(&from, &to, &book.held(&from), &demand))
                }
                Play::Retire { holder, class, quantity } => {
                    let holder = organisation(HOLDERS[*holder]);
                    let demand = Demand { class: class_id(*class), quantity: *quantity };
                    let accepts = model.accepts_retire(&holder, demand.class.as_ref(), *quantity);
                    (accepts, retire(&holder, &book.held(&holder), &demand, &request(Purpose::Voluntary, "bob")))
                }
            };
            prop_assert_eq!(result.is_ok(), accepts, "{:?}: {:?}", play, result);
            let Ok(posting) = result else { continue };
            let (Play::Issue { quantity, .. } | Play::Transfer { quantity, .. } | Play::Retire { quantity, .. }) = play;
            prop_assert_eq!(posting.total(), quantity);
            prop_assert_eq!(model.follow(&posting), Ok(()));
            book.write(&posting);
            for (id, _) in CLASSES {
                let id = ClassId::from(id);
                prop_assert_eq!(book.tiles(&id), model.issued(&id));
                for holder in HOLDERS.map(organisation) {
                    prop_assert_eq!(book.balance(&holder, AccountKind::Holding, Some(&id)), model.held(&holder, Some(&id)));
                    prop_assert_eq!(book.balance(&holder, AccountKind::Retired, Some(&id)), model.retired(&holder, Some(&id)));
                }
            }
        }
    }
}

fn held(class: &str, start: i64, end: i64) -> HeldBlock {
    let class = ClassId::from(class);
    HeldBlock {
        vintage: vintage(&class),
        class,
        block: SerialBlock::new(start, end).expect("a block"),
    }
}

fn demand(class: Option<&str>, quantity: i64) -> Demand {
    Demand {
        class: class.map(ClassId::from),
        quantity,
    }
}

fn moved(posting: &Posting) -> Vec<String> {
    posting
        .transfers
        .iter()
        .map(|row| format!("{} {}", row.debit.class, row.block))
        .collect()
}

#[test]
fn without_a_class_the_oldest_vintage_goes_first_and_the_last_block_is_cut_at_its_tail() {
    let (alice, bob) = (organisation("alice"), organisation("bob"));
    let blocks = [
        held("c-2022", 1, 10),
        held("a-2022", 11, 20),
        held("a-2022", 1, 5),
        held("b-2021", 7, 9),
    ];
    let posting = transfer(&alice, &bob, &blocks, &demand(None, 10)).expect("a posting");
    assert_eq!(
        moved(&posting),
        ["b-2021 7-9", "a-2022 1-5", "a-2022 19-20"]
    );
    assert_eq!(posting.transfers[2].kept(), SerialBlock::new(11, 18).ok());
    assert_eq!(posting.transfers[1].kept(), None);
    let of_class = transfer(&alice, &bob, &blocks, &demand(Some("c-2022"), 4)).expect("a posting");
    assert_eq!(moved(&of_class), ["c-2022 7-10"]);
}

#[test]
fn what_cannot_be_moved_is_refused_with_its_reason() {
    let (alice, bob) = (organisation("alice"), organisation("bob"));
    let blocks = [held("a-2022", 1, 10)];
    let code = |result: Result<Posting, Refusal>| result.map_err(|refusal| refusal.code);
    let table = [
        (&bob, demand(None, 0), codes::QUANTITY_NOT_POSITIVE),
        (&bob, demand(None, -1), codes::QUANTITY_NOT_POSITIVE),
        (&bob, demand(None, i64::MIN), codes::QUANTITY_NOT_POSITIVE),
        (&bob, demand(None, i64::MAX), codes::QUANTITY_OUT_OF_RANGE),
        (&bob, demand(None, 11), codes::CREDITS_INSUFFICIENT),
        (&bob, demand(Some("b-2021"), 1), codes::CREDITS_INSUFFICIENT),
        (&alice, demand(None, 1), codes::TRANSFER_TO_ONESELF),
    ];
    for (to, demand, expected) in table {
        assert_eq!(
            code(transfer(&alice, to, &blocks, &demand)),
            Err(expected),
            "{demand:?}"
        );
    }
    let ets = retire(
        &alice,
        &blocks,
        &demand(None, 1),
        &request(Purpose::NationalEts, "bob"),
    );
    assert_eq!(code(ets), Err(codes::PURPOSE_NOT_OFFERED));
    let short = transfer(&alice, &bob, &blocks, &demand(None, 11)).expect_err("too much");
    assert_eq!(
        (short.param("available"), short.param("quantity")),
        (Some("10"), Some("11"))
    );
    let none = issue(&organisation("registry"), &alice, &class("a-2022"), 0, 0);
    assert_eq!(code(none), Err(codes::QUANTITY_NOT_POSITIVE));
    let full = issue(
        &organisation("registry"),
        &alice,
        &class("a-2022"),
        domain::ledger::QUANTITY_MAX,
        1,
    );
    assert_eq!(code(full), Err(codes::QUANTITY_OUT_OF_RANGE));
}

#[test]
fn the_second_truth_rejects_postings_that_break_the_rules() {
    let operator = organisation("registry");
    let (alice, bob) = (organisation("alice"), organisation("bob"));
    let mut model = Model::new();
    let issued = issue(&operator, &alice, &class("a-2022"), 0, 10).expect("an issue");
    assert_eq!(model.follow(&issued), Ok(()));
    assert!(model.follow(&issued).is_err(), "the same numbers twice");
    let blocks = [held("a-2022", 1, 10)];
    let retired = retire(
        &alice,
        &blocks,
        &demand(None, 4),
        &request(Purpose::Voluntary, "bob"),
    )
    .expect("retired");
    assert_eq!(model.follow(&retired), Ok(()));
    let again = transfer(&alice, &bob, &blocks, &demand(None, 1)).expect("from a stale book");
    assert!(model.follow(&again).is_err(), "a retired tonne never moves");
    let mut wrong =
        transfer(&alice, &bob, &[held("a-2022", 1, 6)], &demand(None, 1)).expect("a transfer");
    wrong.transfers[0].amount = 2;
    assert!(
        model.follow(&wrong).is_err(),
        "an amount that is not its block"
    );
    assert_eq!(
        (
            model.held(&alice, None),
            model.retired(&alice, None),
            model.held(&bob, None)
        ),
        (6, 4, 0)
    );
}

/// Cases of the collection that do not apply, each with its reason; all others are played below.
const NOT_APPLICABLE: &[(&str, &str)] = &[
    (
        "retire-missing-jurisdiction",
        "retirements here name a beneficiary and a purpose, not a jurisdiction",
    ),
    ("order-partial-fill", "no market in this release"),
    ("order-escrow-seller", "no market in this release"),
    ("buy-autoretire", "no market in this release"),
    ("buy-tradable", "no market in this release"),
    ("buy-fees-pool", "no market, no money"),
    ("buy-fees-burn", "no market, no money"),
    ("max-fee-10", "no market, no money"),
    ("max-fee-20", "no market, no money"),
    ("max-fee-30", "no market, no money"),
    (
        "buyer-is-seller",
        "no market in this release; a transfer to oneself has its own test",
    ),
    ("qty-over-order", "no market in this release"),
    (
        "basket-put-p0-2",
        "no baskets: a class is one project and one year",
    ),
    ("basket-put-p6-2", "no baskets; credits are whole tonnes"),
    ("basket-put-p6-2.5", "no baskets; credits are whole tonnes"),
    (
        "batch-sealed-mint",
        "a class is issued by a report, once: guard I1 has its own test",
    ),
    ("double-bridge", "no bridge to another ledger"),
];

/// Cases whose amounts have six decimals there; here they are refused because credits are whole tonnes.
const REFUSED_AS_NOT_WHOLE: &[&str] = &[
    "retire-9.12345",
    "retire-9.123456",
    "retire-9.1234567",
    "cancel-9.12345",
    "cancel-9.123456",
    "cancel-9.1234567",
];

fn text<'a>(case: &'a Value, path: &[&str]) -> Option<&'a str> {
    path.iter()
        .try_fold(case, |value, key| value.get(key))
        .and_then(Value::as_str)
}

fn number(case: &Value, path: &[&str]) -> i64 {
    text(case, path)
        .and_then(|text| text.parse().ok())
        .unwrap_or(0)
}

/// Plays one case: "retire" and "cancel" are retirements here (voluntary), "send" is a transfer, and "send
/// retired" a retirement with the receiver as beneficiary.
fn play_case(case: &Value) -> Result<(Book, Option<RetirementRequest>), &'static str> {
    let (registry, alice, bob) = (
        organisation("registry"),
        organisation("alice"),
        organisation("bob"),
    );
    let mut book = Book::default();
    let start = number(case, &["given", "alice", "tradable"]);
    book.write(
        &issue(&registry, &alice, &class("a-2022"), 0, start).map_err(|refusal| refusal.code)?,
    );
    let amount = ["amount", "tradable", "retired"]
        .iter()
        .find_map(|key| text(case, &["when", key]))
        .unwrap_or("");
    let quantity = whole_tonnes("quantity", amount).map_err(|refusal| refusal.code)?;
    let demand = demand(None, quantity);
    let sends = text(case, &["when", "op"]) == Some("send");
    if sends && text(case, &["when", "tradable"]).is_some() {
        book.write(
            &transfer(&alice, &bob, &book.held(&alice), &demand).map_err(|refusal| refusal.code)?,
        );
        return Ok((book, None));
    }
    let length = case
        .pointer("/when/reason_len")
        .and_then(Value::as_u64)
        .unwrap_or(1);
    let reason = "x".repeat(usize::try_from(length).expect("a length"));
    let beneficiary = if sends { "bob" } else { "alice" };
    let fields = [
        ("purpose", "voluntary"),
        ("beneficiary", beneficiary),
        ("beneficiary_kind", "organisation"),
        ("purpose_text", &reason),
    ];
    let fields = fields
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into_iter()
        .collect();
    let request = RetirementRequest::read(&fields).map_err(|refusals| refusals[0].code)?;
    book.write(
        &retire(&alice, &book.held(&alice), &demand, &request).map_err(|refusal| refusal.code)?,
    );
    Ok((book, Some(request)))
}

#[test]
fn the_applicable_cases_of_a_public_credit_ledger_hold() {
    let file: Value =
        serde_json::from_str(include_str!("../data/regen_ecocredit_ledger.json")).expect("JSON");
    let cases = file["cases"].as_array().expect("a list of cases");
    let mut played = 0;
    for case in cases {
        let id = case["id"].as_str().expect("an id");
        if NOT_APPLICABLE.iter().any(|(other, _)| *other == id) {
            continue;
        }
        played += 1;
        let result = play_case(case);
        if REFUSED_AS_NOT_WHOLE.contains(&id) {
            assert_eq!(result.err(), Some(codes::QUANTITY_NOT_WHOLE), "{id}");
            continue;
        }
        match text(case, &["then", "error"]) {
            Some("insufficient") => {
                assert_eq!(result.err(), Some(codes::CREDITS_INSUFFICIENT), "{id}");
            }
            Some("reason > 512") => assert_eq!(result.err(), Some(codes::TEXT_TOO_LONG), "{id}"),
            Some(other) => panic!("{id}: unknown expectation {other}"),
            None => check_balances(id, case, result.expect(id)),
        }
    }
    assert_eq!(played + NOT_APPLICABLE.len(), cases.len());
    for id in NOT_APPLICABLE
        .iter()
        .map(|(id, _)| id)
        .chain(REFUSED_AS_NOT_WHOLE)
    {
        assert!(
            cases.iter().any(|case| case["id"] == *id),
            "{id} is not in the collection any more"
        );
    }
}

fn check_balances(id: &str, case: &Value, (book, request): (Book, Option<RetirementRequest>)) {
    let (alice, bob) = (organisation("alice"), organisation("bob"));
    let retired = book.balance(&alice, AccountKind::Retired, None);
    assert_eq!(
        book.tiles(&ClassId::from("a-2022")),
        number(case, &["given", "alice", "tradable"]),
        "{id}: supply"
    );
    if text(case, &["then", "alice", "tradable"]).is_none() {
        assert_eq!(retired, number(case, &["when", "amount"]), "{id}");
        return;
    }
    let expected = number(case, &["then", "alice", "tradable"]);
    assert_eq!(
        book.balance(&alice, AccountKind::Holding, None),
        expected,
        "{id}"
    );
    assert_eq!(
        book.balance(&bob, AccountKind::Holding, None),
        number(case, &["then", "bob", "tradable"]),
        "{id}"
    );
    // what is cancelled there, or retired in another's name, is retired here by its holder
    let gone = number(case, &["then", "alice", "retired"])
        + number(case, &["then", "bob", "retired"])
        + number(case, &["then", "supply", "cancelled"]);
    assert_eq!(retired, gone, "{id}");
    if number(case, &["then", "bob", "retired"]) > 0 {
        assert_eq!(
            request.map(|request| request.beneficiary).as_deref(),
            Some("bob"),
            "{id}"
        );
    }
}

#[test]
fn the_applicable_cases_of_a_public_serial_registry_hold() {
    let file: Value =
        serde_json::from_str(include_str!("../data/undp_serial_blocks.json")).expect("JSON");
    let range = |value: &Value| {
        let pair: Vec<i64> = value.as_array()?.iter().filter_map(Value::as_i64).collect();
        SerialBlock::new(*pair.first()?, *pair.get(1)?).ok()
    };
    let (mut issues, mut cuts, mut refusals, mut foreign) = (0, 0, 0, 0);
    for case in file["cases"].as_array().expect("a list of cases") {
        if let Some(prior) = case["prior_issued"].as_i64() {
            issues += 1;
            assert_eq!(
                SerialBlock::issue(prior, case["issue"].as_i64().expect("a quantity")).ok(),
                range(&case["range"])
            );
        } else if let Some(quantity) = case["transfer"].as_i64() {
            cuts += 1;
            let block = range(&case["block"]).expect("a block");
            let (kept, moved) = block.take_tail(quantity).expect("a cut");
            assert_eq!(kept, range(&case["keep"]));
            assert_eq!(Some(moved), range(&case["moved"]).or(Some(block)));
        } else if let Some(quantity) = case["split"].as_i64() {
            refusals += 1;
            let block = range(&case["block"]).expect("a block");
            match block.take_tail(quantity) {
                // there a split of everything is an error; here everything leaves and nothing is split
                Ok((kept, moved)) => {
                    assert_eq!((kept, moved, quantity), (None, block, block.quantity()));
                }
                Err(refusal) => assert_eq!(refusal.code, codes::QUANTITY_EXCEEDS_BLOCK),
            }
        } else {
            // another registry's own text format
            foreign += 1;
            assert!(case["legacy_format"].is_string());
        }
    }
    assert_eq!((issues, cuts, refusals, foreign), (2, 2, 2, 1));
}

#[test]
fn three_transfers_of_sixty_out_of_a_hundred_are_accepted_once() {
    let file: Value =
        serde_json::from_str(include_str!("../data/concurrency_invariant.json")).expect("JSON");
    let case = file["cases"]
        .as_array()
        .and_then(|cases| cases.iter().find(|case| case["id"] == "sequential-control"));
    let expected: Vec<&str> = case
        .and_then(|case| case["statuses"].as_array())
        .expect("statuses")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let (registry, alice, bob) = (
        organisation("registry"),
        organisation("alice"),
        organisation("bob"),
    );
    let mut book = Book::default();
    book.write(&issue(&registry, &alice, &class("a-2022"), 0, 100).expect("an issue"));
    let statuses: Vec<&str> = (0..3)
        .map(
            |_| match transfer(&alice, &bob, &book.held(&alice), &demand(None, 60)) {
                Ok(posting) => {
                    book.write(&posting);
                    "accepted"
                }
                Err(_) => "rejected",
            },
        )
        .collect();
    assert_eq!(statuses, expected);
    assert_eq!(book.tiles(&ClassId::from("a-2022")), 100);
}
