//! Providers: whose records are taken in, and the key they sign with.

use domain::refusal::codes;
use domain::text::required_text;
use domain::{Act, Instant, Refusal, Role};
use serde::{Deserialize, Serialize};

use super::precedence::{LAST, propose, read_place};
use crate::perform::{Deed, Done, new_id, perform};
use crate::store::inclusion::person::{self as store, ProviderRow};
use crate::{By, Error, Fields, Registry};

/// The answer to an act on a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderReceipt {
    /// The provider.
    pub id: String,
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

/// What a call of a provider is checked against.
#[derive(Clone)]
pub struct ProviderKey {
    /// The provider.
    pub id: String,
    /// The key of its signatures, hexadecimal.
    pub secret: String,
}

impl Registry {
    /// Admits a provider and makes its key. Reads `name`, `precedence` (1 to 5), `evidence` (`T1`, `T2`), `scenes` (codes with commas
    /// between them) and `agreement` (number of the data agreement). It has the last place, shared with the steps of telephones, until another operator agrees
    /// to the precedence: it is entered as a proposal ([`Registry::precedence_approve`]). One that had ended is the same provider again, with a
    /// new key and the place that was agreed on; its orders of before stay counted. Refuses `provider_taken` and what is wrong with each field.
    pub async fn provider_add(&self, by: &By, fields: &Fields) -> Result<ProviderReceipt, Error> {
        Deed::check_role(Act::ProviderAdd, by)?;
        let new = read(fields)?;
        let body = (&new.name, new.precedence, &new.evidence, &new.scenes);
        let deed = Deed::by(Act::ProviderAdd, by, &(body, &new.agreement))?;
        perform!(self, deed, |tx| {
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
                    secret: secret(),
                    ..new.clone()
                };
                store::provider_again(tx.connection(), &row).await?;
                if new.precedence != known.precedence {
                    propose(tx, by, &row.id, new.precedence, &row.agreement).await?;
                }
                return Ok(about(row.id));
            }
            let row = ProviderRow {
                id: new_id(),
                precedence: LAST,
                secret: secret(),
                added_at: tx.at.0,
                act_id: tx.act.clone(),
                ..new.clone()
            };
            store::provider_insert(tx.connection(), &row).await?;
            if new.precedence != LAST {
                propose(tx, by, &row.id, new.precedence, &row.agreement).await?;
            }
            Ok(about(row.id))
        })
    }

    /// Ends a provider: its calls are refused from now on.
    pub async fn provider_end(&self, by: &By, provider: &str) -> Result<ProviderReceipt, Error> {
        let deed = Deed::by(Act::ProviderEnd, by, &provider)?;
        perform!(self, deed, |tx| {
            let row = store::provider(tx.connection(), provider).await?;
            let row = row.ok_or(Error::NotFound)?;
            if row.state != "active" {
                return Err(Refusal::new(codes::PROVIDER_UNKNOWN).into());
            }
            store::provider_end(tx.connection(), provider).await?;
            Ok(about(row.id))
        })
    }

    /// Every provider, by the order of their admission.
    pub async fn providers(&self) -> Result<Vec<ProviderView>, Error> {
        let mut connection = self.store.read().await?;
        let rows = store::providers(&mut connection).await?;
        Ok(rows.into_iter().map(view).collect())
    }

    /// The key of a provider that is active: for the door of its calls, and for the operator who hands it over.
    pub async fn provider_key(&self, provider: &str) -> Result<Option<ProviderKey>, Error> {
        let mut connection = self.store.read().await?;
        let row = store::provider(&mut connection, provider).await?;
        let row = row.filter(|row| row.state == "active");
        Ok(row.map(|row| ProviderKey {
            id: row.id,
            secret: row.secret,
        }))
    }

    /// The key of a provider, for an operator's page.
    pub async fn provider_key_shown(&self, by: &By, provider: &str) -> Result<ProviderKey, Error> {
        if by.role != Role::RegistryOperator {
            return Err(Error::Forbidden);
        }
        self.provider_key(provider).await?.ok_or(Error::NotFound)
    }
}

fn about(id: String) -> Done<ProviderReceipt> {
    Done {
        subject_kind: "provider",
        subject: id.clone(),
        state: None,
        note: None,
        is_public: false,
        answer: ProviderReceipt { id },
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

fn read(fields: &Fields) -> Result<ProviderRow, Vec<Refusal>> {
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
    scenes.sort_unstable();
    scenes.dedup();
    if scenes.is_empty() {
        refusals.push(Refusal::new(codes::REQUIRED).at("scenes"));
    }
    if scenes
        .iter()
        .any(|code| methodologies::inclusion::scene(code).is_none())
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
                secret: String::new(),
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
