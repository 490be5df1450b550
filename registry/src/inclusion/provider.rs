//! Providers: whose records are taken in, and the keys they sign with.

use domain::refusal::codes;
use domain::text::required_text;
use domain::{Act, Instant, Refusal};
use serde::{Deserialize, Serialize};

use super::precedence::{LAST, propose, read_place};
use super::view::operator_only;
use crate::perform::{Deed, Done, Tx, new_id, perform};
use crate::store::inclusion::key::{self as keys, KeyEnd, NewKey};
use crate::store::inclusion::person::{self as store, ProviderRow};
use crate::{By, Error, Fields, Registry};

/// Days for which a key still counts after another one took over: a design of this platform, so that a provider can change over without a gap.
pub const KEY_OVERLAP_DAYS: i64 = 7;
/// The most keys of a provider that count at the same time.
const KEYS_MAX: usize = 5;
/// Keys that have ended and are still recognised, so that whoever signs with one is told why it is refused; as many are listed.
const ENDED_KEYS_MAX: i64 = 10;
/// The use of a key is noted once in so many seconds.
const USE_NOTED_SECONDS: i64 = 3_600;
/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;

/// The answer to an act on a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderReceipt {
    /// The provider.
    pub id: String,
    /// The key that was made or ended: its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The key that was made, hexadecimal: told to whoever made it, not kept in the record of acts.
    #[serde(skip)]
    pub secret: Option<String>,
}

/// A provider as anybody signed in sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProviderView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How good its records of a trip are: 1 gates, 2 ride code, 3 payment, 4 navigation, 5 steps.
    pub precedence: i64,
    /// `T1` or `T2`.
    pub evidence: String,
    /// Codes of the scenes it may send.
    pub scenes: Vec<String>,
    /// The agreement with it.
    pub agreement: String,
    /// Whether it still sends.
    pub is_active: bool,
    /// When it was admitted.
    pub added_at: Instant,
}

/// What the signature of a call is checked with.
#[derive(Clone)]
pub struct ProviderKey {
    /// The key's id.
    pub id: String,
    /// The provider.
    pub provider: String,
    /// The key of its signatures, hexadecimal.
    pub secret: String,
    /// When it ended, if it has: no call is taken in under it.
    pub ended_at: Option<Instant>,
}

/// A key of a provider as operators see it: never the key itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProviderKeyView {
    /// Its id.
    pub id: String,
    /// When it was made.
    pub created_at: Instant,
    /// From when on it does not count any more, if that is known.
    pub valid_until: Option<Instant>,
    /// Why it ends: `replaced`, `leaked`, `ended`.
    pub ended_for: Option<String>,
    /// When it was last used, to the hour.
    pub last_used_at: Option<Instant>,
    /// Whether it counts now.
    pub is_valid: bool,
}

impl Registry {
    /// Admits a provider and makes its key. Reads `name`, `precedence` (1 to 5), `evidence` (`T1`, `T2`), `scenes` (codes with commas
    /// between them; or `scenes.<code>`: `yes`, one for each) and `agreement` (number of the data agreement). It has the last place, shared with the steps of telephones, until another operator agrees
    /// to the precedence: it is entered as a proposal ([`Registry::precedence_approve`]). One that had ended is the same provider again, with a
    /// new key and the place that was agreed on; its orders of before stay counted. Refuses `provider_taken` and what is wrong with each field.
    pub async fn provider_add(&self, by: &By, fields: &Fields) -> Result<ProviderReceipt, Error> {
        Deed::check_role(Act::ProviderAdd, by)?;
        let new = read(fields, &self.parameters_in_force().await?)?;
        let body = (&new.name, new.precedence, &new.evidence, &new.scenes);
        let deed = Deed::by(Act::ProviderAdd, by, &(body, &new.agreement))?;
        let receipt: Result<ProviderReceipt, Error> = perform!(self, deed, |tx| {
            let known = store::provider_named(tx.connection(), &new.name).await?;
            if let Some(known) = known {
                if known.state == "active" {
                    return Err(Refusal::new(codes::PROVIDER_TAKEN)
                        .at("name")
                        .with("name", &new.name)
                        .into());
                }
                // the same provider again: an order that was counted stays counted
                let row = ProviderRow {
                    id: known.id.clone(),
                    ..new.clone()
                };
                store::provider_again(tx.connection(), &row).await?;
                if new.precedence != known.precedence {
                    propose(tx, by, &row.id, new.precedence, &row.agreement).await?;
                }
                let key = make_key(tx, &row.id).await?;
                return Ok(about(row.id, Some(key)));
            }
            let row = ProviderRow {
                id: new_id(),
                precedence: LAST,
                added_at: tx.at.0,
                act_id: tx.act.clone(),
                ..new.clone()
            };
            store::provider_insert(tx.connection(), &row).await?;
            if new.precedence != LAST {
                propose(tx, by, &row.id, new.precedence, &row.agreement).await?;
            }
            let key = make_key(tx, &row.id).await?;
            Ok(about(row.id, Some(key)))
        });
        self.with_secret(receipt?).await
    }

    /// Makes a new key for a provider that is active. Reads `reason`: `planned` - those of before still count for [`KEY_OVERLAP_DAYS`] - or
    /// `leaked` - they end at once. The receipt tells the key, now and where the same act is asked for again; nobody else can ask for it.
    /// Refuses `provider_unknown`, `provider_keys_too_many`.
    pub async fn provider_rekey(
        &self,
        by: &By,
        provider: &str,
        fields: &Fields,
    ) -> Result<ProviderReceipt, Error> {
        Deed::check_role(Act::ProviderRekey, by)?;
        let typed = fields.get("reason").map_or("", |text| text.trim());
        let end = match typed {
            "planned" => KeyEnd::Replaced,
            "leaked" => KeyEnd::Leaked,
            _ => {
                let value = typed.chars().take(40).collect::<String>();
                let refusal = Refusal::new(codes::CHOICE_INVALID).at("reason");
                return Err(refusal.with("value", value).into());
            }
        };
        let deed = Deed::by(Act::ProviderRekey, by, &(provider, typed))?;
        let receipt: Result<ProviderReceipt, Error> = perform!(self, deed, |tx| {
            let row = store::provider(tx.connection(), provider).await?;
            let row = row.ok_or(Error::NotFound)?;
            if row.state != "active" {
                return Err(Refusal::new(codes::PROVIDER_UNKNOWN).into());
            }
            let at = tx.at.0;
            let until = match end {
                KeyEnd::Replaced => at + KEY_OVERLAP_DAYS * DAY_SECONDS,
                KeyEnd::Leaked | KeyEnd::Ended => at,
            };
            keys::end_all(tx.connection(), provider, at, until, end).await?;
            if keys::valid(tx.connection(), provider, at).await?.len() >= KEYS_MAX {
                let refusal = Refusal::new(codes::PROVIDER_KEYS_TOO_MANY);
                return Err(refusal.with("max", KEYS_MAX).into());
            }
            let key = make_key(tx, provider).await?;
            Ok(about(row.id, Some(key)))
        });
        self.with_secret(receipt?).await
    }

    /// Ends one key of a provider at once. Refuses `provider_key_ended`.
    pub async fn provider_key_end(&self, by: &By, key: &str) -> Result<ProviderReceipt, Error> {
        let deed = Deed::by(Act::ProviderKeyEnd, by, &key)?;
        perform!(self, deed, |tx| {
            let row = keys::one(tx.connection(), key).await?;
            let row = row.ok_or(Error::NotFound)?;
            let at = tx.at.0.max(row.created_at);
            if row.valid_until.is_some_and(|until| until <= at) {
                return Err(Refusal::new(codes::PROVIDER_KEY_ENDED).into());
            }
            keys::end(tx.connection(), key, at, KeyEnd::Ended).await?;
            Ok(about(row.provider_id, Some(row.id)))
        })
    }

    /// Ends a provider: its calls are refused from now on, and its keys never count again.
    pub async fn provider_end(&self, by: &By, provider: &str) -> Result<ProviderReceipt, Error> {
        let deed = Deed::by(Act::ProviderEnd, by, &provider)?;
        perform!(self, deed, |tx| {
            let row = store::provider(tx.connection(), provider).await?;
            let row = row.ok_or(Error::NotFound)?;
            if row.state != "active" {
                return Err(Refusal::new(codes::PROVIDER_UNKNOWN).into());
            }
            store::provider_end(tx.connection(), provider).await?;
            let at = tx.at.0;
            keys::end_all(tx.connection(), provider, at, at, KeyEnd::Ended).await?;
            Ok(about(row.id, None))
        })
    }

    /// Every provider, by the order of their admission.
    pub async fn providers(&self) -> Result<Vec<ProviderView>, Error> {
        let mut connection = self.store.read().await?;
        let rows = store::providers(&mut connection).await?;
        Ok(rows.into_iter().map(view).collect())
    }

    /// The keys of a provider that is active, for the door of its calls: those that count at this moment, the newest first, and behind them the
    /// last ones that ended. Empty: there is no such provider.
    pub async fn provider_keys(
        &self,
        provider: &str,
        now: Instant,
    ) -> Result<Vec<ProviderKey>, Error> {
        let mut connection = self.store.read().await?;
        let row = store::provider(&mut connection, provider).await?;
        if row.is_none_or(|row| row.state != "active") {
            return Ok(Vec::new());
        }
        let mut rows = keys::valid(&mut connection, provider, now.0).await?;
        rows.extend(keys::ended(&mut connection, provider, now.0, ENDED_KEYS_MAX).await?);
        let keys = rows.into_iter().map(|row| ProviderKey {
            ended_at: row.ended_at(now.0).map(Instant),
            id: row.id,
            provider: row.provider_id,
            secret: row.secret,
        });
        Ok(keys.collect())
    }

    /// Notes that a key was used, to the hour: no act, since it changes nothing.
    pub async fn provider_key_used(&self, key: &str, now: Instant) -> Result<(), Error> {
        let before = now.0.saturating_sub(USE_NOTED_SECONDS);
        let mut connection = self.store.read().await?;
        if !keys::unused_since(&mut connection, key, before).await? {
            return Ok(());
        }
        drop(connection);
        let mut connection = self.store.write().await?;
        Ok(keys::used(&mut connection, key, now.0, before).await?)
    }

    /// The keys of a provider as operators see them, the newest first; of those that ended, the last ones.
    pub async fn provider_keys_listed(
        &self,
        by: &By,
        provider: &str,
    ) -> Result<Vec<ProviderKeyView>, Error> {
        operator_only(by)?;
        let mut connection = self.store.read().await?;
        let mut rows = keys::valid(&mut connection, provider, by.at.0).await?;
        rows.extend(keys::ended(&mut connection, provider, by.at.0, ENDED_KEYS_MAX).await?);
        let views = rows.into_iter().map(|row| ProviderKeyView {
            is_valid: row.ended_at(by.at.0).is_none(),
            id: row.id,
            created_at: Instant(row.created_at),
            valid_until: row.valid_until.map(Instant),
            ended_for: row.ended_for,
            last_used_at: row.last_used_at.map(Instant),
        });
        Ok(views.collect())
    }

    /// The receipt with the key that was made: what is kept of the answer does not name it.
    async fn with_secret(&self, receipt: ProviderReceipt) -> Result<ProviderReceipt, Error> {
        let Some(key) = &receipt.key else {
            return Ok(receipt);
        };
        let mut connection = self.store.read().await?;
        let row = keys::one(&mut connection, key).await?;
        Ok(ProviderReceipt {
            secret: row.map(|row| row.secret),
            ..receipt
        })
    }
}

/// A new key of a provider; answers with its id.
async fn make_key(tx: &mut Tx, provider: &str) -> Result<String, Error> {
    let (id, secret, at, act) = (new_id(), secret(), tx.at.0, tx.act.clone());
    let new = NewKey {
        id: &id,
        provider,
        secret: &secret,
        at,
        act_id: &act,
    };
    keys::insert(tx.connection(), &new).await?;
    Ok(id)
}

fn about(id: String, key: Option<String>) -> Done<ProviderReceipt> {
    Done {
        subject_kind: "provider",
        subject: id.clone(),
        state: None,
        note: None,
        is_public: false,
        answer: ProviderReceipt {
            id,
            key,
            secret: None,
        },
    }
}

/// 256 random bits.
fn secret() -> String {
    let (one, other) = (uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
    // a version 4 UUID has 122 random bits: two of them, hashed, make a key
    crate::perform::hash(&[&one.to_string(), &other.to_string()])
}

fn view(row: ProviderRow) -> ProviderView {
    ProviderView {
        scenes: row
            .scenes
            .split(',')
            .filter(|scene| !scene.is_empty())
            .map(str::to_owned)
            .collect(),
        is_active: row.state == "active",
        added_at: Instant(row.added_at),
        id: row.id,
        name: row.name,
        precedence: row.precedence,
        evidence: row.evidence,
        agreement: row.agreement,
    }
}

fn read(fields: &Fields, set: &methodologies::Parameters) -> Result<ProviderRow, Vec<Refusal>> {
    let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
    let choice = |field: &'static str| {
        Refusal::new(codes::CHOICE_INVALID)
            .at(field)
            .with("value", typed(field).chars().take(40).collect::<String>())
    };
    let mut refusals = Vec::new();
    let name = required_text("name", typed("name"), 60);
    let agreement = required_text("agreement", typed("agreement"), 100);
    let precedence = read_place(fields);
    let evidence = Some(typed("evidence"))
        .filter(|one| matches!(*one, "T1" | "T2"))
        .ok_or_else(|| choice("evidence"));
    let mut scenes: Vec<&str> = typed("scenes")
        .split([',', '，', ' ', '\n'])
        .map(str::trim)
        .filter(|scene| !scene.is_empty())
        .collect();
    let ticked = fields.iter().filter(|(_, value)| value.trim() == "yes");
    scenes.extend(ticked.filter_map(|(name, _)| name.strip_prefix("scenes.")));
    scenes.sort_unstable();
    scenes.dedup();
    if scenes.is_empty() {
        refusals.push(Refusal::new(codes::REQUIRED).at("scenes"));
    }
    if scenes
        .iter()
        .any(|code| methodologies::inclusion::scene_known(set, code).is_none())
    {
        refusals.push(choice("scenes"));
    }
    match (name, agreement, precedence, evidence) {
        (Ok(name), Ok(agreement), Ok(precedence), Ok(evidence)) if refusals.is_empty() => {
            Ok(ProviderRow {
                id: String::new(),
                name,
                precedence,
                evidence: evidence.to_owned(),
                scenes: format!(",{},", scenes.join(",")),
                agreement,
                earlier_secret: String::new(),
                state: "active".to_owned(),
                added_at: 0,
                act_id: String::new(),
            })
        }
        (name, agreement, precedence, evidence) => {
            refusals.extend(
                [
                    name.err(),
                    agreement.err(),
                    precedence.err(),
                    evidence.err(),
                ]
                .into_iter()
                .flatten(),
            );
            Err(refusals)
        }
    }
}
