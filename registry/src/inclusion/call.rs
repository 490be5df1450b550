//! Calls of providers: many records in one signed message, each answered by itself. The signature is checked at the door.

use std::collections::{BTreeSet, HashMap};

use domain::inclusion::person::read_region;
use domain::inclusion::{ConsentStanding, Purpose};
use domain::refusal::codes;
use domain::{Instant, Refusal};
use methodologies::Parameters;
use methodologies::inclusion::{self as scenes, Evidence};
use serde::{Deserialize, Serialize};

use super::activity::{ActivityReceipt, Calls, Incoming, admit, began, own_fields};
use super::seal::{Seal, older_meter};
use super::thing::Thing;
use super::{Rules, check_open};
use crate::perform::{Deed, Done, Tx, hash, perform};
use crate::store::engine::look_up;
use crate::store::inclusion::person::{self as people, AccountRow, ProviderRow};
use crate::{Error, Fields, Registry};

/// The longest trip or interval, seconds: trips of the day before and of the day after are looked at for overlaps, and no others.
const INTERVAL_SECONDS_MAX: i64 = 86_400;

/// The most rows of one call.
pub(super) const ROWS_MAX: usize = 2_000;

/// One record of a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallRow {
    /// The provider's number of the order, at most 100 characters: one record counts once.
    pub order: String,
    /// The name under which the provider knows the person: given at the consent.
    pub reference: String,
    /// Code of the scene.
    pub scene: String,
    /// Beijing day, `YYYY-MM-DD`; may be left out where `started_at` is given.
    #[serde(default)]
    pub day: Option<String>,
    /// Begin, unix seconds.
    #[serde(default)]
    pub started_at: Option<i64>,
    /// End, unix seconds.
    #[serde(default)]
    pub ended_at: Option<i64>,
    /// Code of the region.
    pub region: String,
    /// Number of the meter, where the scene says that a meter belongs to one account or gets one bill a month.
    #[serde(default)]
    pub meter: Option<String>,
    /// Number of the thing itself (of a phone: its IMEI), where the scene says that a thing counts once for each side of a deal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The event this trip led to: its number, or the id of its call for grams.
    #[serde(default)]
    pub campaign: Option<String>,
    /// The fields of the scene: `{"distance_km": "12.4"}`, as texts.
    #[serde(default)]
    pub amounts: Fields,
}

/// The answer to one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowAnswer {
    /// The provider's number of the order, as sent: told in the answer, not kept in the record of acts.
    #[serde(skip)]
    pub order: String,
    /// What was taken in; `None` where it was refused.
    pub accepted: Option<ActivityReceipt>,
    /// Why it was refused: codes, each with its field and values.
    pub refused: Vec<RowRefusal>,
}

/// One reason why a row was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowRefusal {
    /// A stable code.
    pub code: String,
    /// The field it is about.
    pub field: Option<String>,
    /// Values for its text.
    pub params: Vec<(String, String)>,
}

/// The answer to a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallAnswer {
    /// Rows that are counted now.
    pub accepted: u64,
    /// Rows that had been counted before: sent again after a lost answer.
    pub known: u64,
    /// Rows that were refused.
    pub refused: u64,
    /// One answer for each row, in their order.
    pub rows: Vec<RowAnswer>,
}

impl Registry {
    /// Takes a call of a provider in. The caller has checked its signature and its time; `nonce` is the key: the same call again gets the
    /// first answer, the same nonce with other rows is refused `key_reused`. Refuses `provider_unknown`, `call_too_long`; everything else is
    /// answered row by row.
    pub async fn call_in(
        &self,
        provider: &str,
        nonce: &str,
        at: Instant,
        rows: &[CallRow],
    ) -> Result<CallAnswer, Error> {
        if rows.len() > ROWS_MAX {
            return Err(Refusal::new(codes::CALL_TOO_LONG)
                .with("max", ROWS_MAX)
                .into());
        }
        let deed = Deed::by_provider("provider_call", provider, nonce, at, &rows)?;
        let answer: Result<CallAnswer, Error> = perform!(self, deed, |tx| {
            let found = people::provider(tx.connection(), provider).await?;
            let found = found
                .filter(|one| one.state == "active")
                .ok_or_else(|| Refusal::new(codes::PROVIDER_UNKNOWN))?;
            let answer = take_in(tx, &found, rows).await?;
            Ok(Done {
                subject_kind: "call",
                subject: tx.act.clone(),
                state: None,
                note: None,
                is_public: false,
                answer,
            })
        });
        // what is kept of the answer names no order; the same key brings the same rows
        let mut answer = answer?;
        for (told, row) in answer.rows.iter_mut().zip(rows) {
            told.order = shortened(&row.order);
        }
        Ok(answer)
    }
}

fn shortened(order: &str) -> String {
    order.chars().take(100).collect()
}

pub(super) async fn take_in(
    tx: &mut Tx,
    provider: &ProviderRow,
    rows: &[CallRow],
) -> Result<CallAnswer, Error> {
    let today = tx.at.beijing_date();
    let rules = Rules::on(tx.connection(), today).await?;
    let seal = Seal::of(tx.connection()).await?;
    let people = People::of(tx, provider, rows).await?;
    look_up(tx.connection()).await?;
    let mut answers: Vec<RowAnswer> = Vec::with_capacity(rows.len());
    let mut incoming = Vec::with_capacity(rows.len());
    for (number, row) in rows.iter().enumerate() {
        let mut answer = RowAnswer {
            order: shortened(&row.order),
            accepted: None,
            refused: Vec::new(),
        };
        match read((&rules.set, provider), row, &people, &seal) {
            Ok(one) => incoming.push((number, one)),
            Err(refusal) => answer.refused.push(shown(&refusal)),
        }
        answers.push(answer);
    }
    for (number, outcome) in admit(tx, &rules, incoming).await? {
        match outcome {
            Ok(receipt) => answers[number].accepted = Some(receipt),
            Err(refusals) => answers[number].refused = refusals.iter().map(shown).collect(),
        }
    }
    let count = |wanted: fn(&RowAnswer) -> bool| {
        u64::try_from(answers.iter().filter(|answer| wanted(answer)).count()).unwrap_or(0)
    };
    Ok(CallAnswer {
        accepted: count(|one| one.accepted.as_ref().is_some_and(|one| !one.known)),
        known: count(|one| one.accepted.as_ref().is_some_and(|one| one.known)),
        refused: count(|one| one.accepted.is_none()),
        rows: answers,
    })
}

pub(super) fn shown(refusal: &Refusal) -> RowRefusal {
    RowRefusal {
        code: refusal.code.to_owned(),
        field: refusal.field.clone(),
        params: refusal
            .params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
    }
}

/// A live consent to the records of a scene.
struct Agreed {
    id: String,
    /// Since when it has been agreed to.
    since: i64,
    /// Whether the text of now asks for more.
    waits: bool,
}

/// Whom a call is about, read at once.
struct People {
    linked: HashMap<String, String>,
    accounts: HashMap<String, AccountRow>,
    /// By account and scene.
    consents: HashMap<(String, String), Agreed>,
    calls: Calls,
}

impl People {
    async fn of(tx: &mut Tx, provider: &ProviderRow, rows: &[CallRow]) -> Result<Self, Error> {
        let references: Vec<String> = rows
            .iter()
            .map(|row| row.reference.clone())
            .filter(|reference| !reference.contains('\0'))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let linked: HashMap<String, String> =
            people::linked(tx.connection(), &provider.id, &references)
                .await?
                .into_iter()
                .collect();
        let ids: Vec<String> = linked.values().cloned().collect();
        let accounts = people::accounts(tx.connection(), &ids).await?;
        let consents = people::consents_of_provider(tx.connection(), &provider.id, &ids).await?;
        let named = rows.iter().filter_map(|row| row.campaign.as_deref());
        Ok(Self {
            linked,
            calls: Calls::of(tx.connection(), named).await?,
            accounts: accounts
                .into_iter()
                .map(|row| (row.id.clone(), row))
                .collect(),
            consents: consents
                .into_iter()
                .map(|(account, scene, id, since, version)| {
                    let waits = Purpose::Source.standing(version) == ConsentStanding::Waits;
                    ((account, scene), Agreed { id, since, waits })
                })
                .collect(),
        })
    }
}

/// Reads one row. An unknown reference, a closed account and a missing consent are told apart only as far as the provider may know.
fn read(
    (set, provider): (&Parameters, &ProviderRow),
    row: &CallRow,
    people: &People,
    seal: &Seal,
) -> Result<Incoming, Refusal> {
    let order = row.order.trim();
    if order.is_empty() || order.chars().count() > 100 || order.contains('\0') {
        return Err(Refusal::new(codes::REQUIRED).at("order"));
    }
    let scene = scenes::scene_known(set, &row.scene)
        .filter(|scene| provider.scenes.contains(&format!(",{},", scene.code)))
        .ok_or_else(|| Refusal::new(codes::SCENE_NOT_OF_PROVIDER).at("scene"))?;
    let account = people
        .linked
        .get(&row.reference)
        .and_then(|id| people.accounts.get(id))
        .ok_or_else(|| Refusal::new(codes::LINK_UNKNOWN).at("reference"))?;
    check_open(account)?;
    let agreed = people
        .consents
        .get(&(account.id.clone(), scene.code.to_owned()))
        .ok_or_else(|| Refusal::new(codes::CONSENT_NOT_LIVE))?;
    let times = match (row.started_at, row.ended_at) {
        // a longer one would touch days that nobody looks at for overlaps
        (Some(from), Some(to))
            if (0..=4_102_444_800).contains(&from)
                && (from..=from + INTERVAL_SECONDS_MAX).contains(&to) =>
        {
            Some((from, to))
        }
        (None, None) => None,
        _ => return Err(Refusal::new(codes::DATE_INVALID).at("ended_at")),
    };
    let day = match (&row.day, times) {
        (Some(day), _) => domain::text::date("day", day)?,
        (None, Some((from, _))) => Instant(from).beijing_date(),
        (None, None) => return Err(Refusal::new(codes::REQUIRED).at("day")),
    };
    if times.is_some_and(|(from, _)| Instant(from).beijing_date() != day) {
        return Err(Refusal::new(codes::DATE_INVALID).at("day"));
    }
    let scene = scenes::scene_at(set, scene.code, day)?;
    let region = read_region(row.region.trim())?;
    let thing = Thing::read(scene, row, day, seal)?;
    let evidence = if provider.evidence == "T1" {
        Evidence::T1
    } else {
        Evidence::T2
    };
    let day_text = day.to_string();
    // a meter gives one record a day, whatever the provider calls it
    let meter = thing.as_ref().and_then(Thing::meter);
    let (fingerprint, older) = match meter {
        Some(meter) => seal.meter_day(scene.code, meter, &day_text),
        None => (
            seal.order(scene.code, &provider.id, order),
            // an order that was counted before there was a key of the installation
            Some(provider.earlier_secret.as_str())
                .filter(|secret| !secret.is_empty())
                .map(|secret| hash(&[secret, scene.code, &provider.id, order])),
        ),
    };
    let fields = own_fields(scene, &row.amounts);
    let campaign = people
        .calls
        .id(row.campaign.as_deref().unwrap_or_default())?;
    // what the record says, however it was written: a file may bring again what a call brought
    let named = meter.map(|meter| older_meter(scene.code, meter));
    let said = (&row.reference, &day_text, times, &region, &named);
    let body = serde_json::to_string(&(said, &campaign, &fields)).unwrap_or_default();
    Ok(Incoming {
        account: account.clone(),
        consent: agreed.id.clone(),
        waits: agreed.waits,
        scene,
        provider: provider.id.clone(),
        fingerprint,
        older,
        since: began(account, agreed.since),
        body_hash: hash(&[scene.code, &body]),
        evidence,
        evidence_file: None,
        day,
        times,
        precedence: provider.precedence,
        region,
        fields,
        campaign,
        thing,
        look: None,
        restores: None,
    })
}
