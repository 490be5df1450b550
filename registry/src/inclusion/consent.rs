//! Consents: given for one purpose, source and scene; withdrawn at once.

use domain::inclusion::{ConsentStanding, Purpose};
use domain::refusal::codes;
use domain::text::optional_text;
use domain::{Act, Instant, Refusal};
use methodologies::text::Text;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use super::activity::void;
use super::group::boards_follow;
use super::guardian::Asked;
use super::person::NICKNAME_MAX;
use super::shop::cancel_assigned;
use super::{Rules, about_person, days_after, open_account};
use crate::perform::{Deed, Tx, hash, new_id, perform};
use crate::store::inclusion::activity;
use crate::store::inclusion::person::{self as store, NewConsent};
use crate::{By, Error, Fields, Registry};

/// The answer to giving or withdrawing a consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentReceipt {
    /// The consent; the question to the guardian, where one is asked first.
    pub id: String,
    /// The name under which the provider sends records of this person, if it is a consent to a source.
    pub reference: Option<String>,
    /// Whether nothing is given yet because the guardian is asked first.
    #[serde(default)]
    pub asks_guardian: bool,
}

/// A consent as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConsentView {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub purpose: Purpose,
    /// The provider; empty where it is no source.
    pub provider: String,
    /// The provider's name.
    pub provider_name: String,
    /// Code of the scene; empty where it is no source.
    pub scene: String,
    /// Version of the text that was shown.
    pub text_version: i64,
    /// Hash of that text.
    pub text_hash: String,
    /// The guardian who agreed, if one did.
    pub by_guardian: Option<String>,
    /// When it was given.
    pub granted_at: Instant,
    /// When it was withdrawn.
    pub revoked_at: Option<Instant>,
    /// Since when it has been agreed to without a gap: earlier than it was given where it took the place of an earlier one.
    pub covered_from: Instant,
    /// What it is worth beside the text of now.
    pub standing: ConsentStanding,
}

/// A provider that knows this person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LinkView {
    /// The provider.
    pub provider: String,
    /// The name under which it sends the person's records.
    pub reference: String,
}

impl Registry {
    /// Gives a consent, or agrees to the text of now where an earlier one was agreed to: the new consent takes the place of the earlier one, which
    /// stays recorded, and what waited for it is settled as if it came in today, also where its provider has ended meanwhile. Reads `purpose`,
    /// `provider` and `scene` (of a source), `nickname` (of the boards, unless the account has one), `agrees` (`yes`), `text_version` (of the
    /// text that was shown; a program may leave it out). Refuses `consent_given` where it is live, `provider_unknown`, `scene_not_of_provider`,
    /// and `stale_form` where another text was shown than the one of now. That of the account can only be renewed. Of somebody younger than 14
    /// nothing is given: the guardian is asked ([`Registry::guardian_answer`]), and refused are also `guardian_required`, `guardian_asked`,
    /// `guardian_mail_off` and `guardian_asked_often`.
    pub async fn consent_give(&self, by: &By, fields: &Fields) -> Result<ConsentReceipt, Error> {
        Deed::check_role(Act::ConsentGive, by)?;
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim()).to_owned();
        let purpose = Purpose::from_code(&typed("purpose"))
            .ok_or_else(|| Refusal::new(codes::REQUIRED).at("purpose"))?;
        if typed("agrees") != "yes" {
            return Err(Refusal::new(codes::CONSENT_REQUIRED).at("agrees").into());
        }
        let (provider, scene) = match purpose {
            Purpose::Source => (typed("provider"), typed("scene")),
            _ => Default::default(),
        };
        let nickname = match purpose {
            Purpose::Board => optional_text("nickname", &typed("nickname"), NICKNAME_MAX)?,
            _ => None,
        };
        let shown = typed("text_version");
        // once a box for the guardian: keys of before are answered as before
        let body = (purpose, &provider, &scene, false);
        let deed = match (&nickname, shown.as_str()) {
            (None, "") => Deed::by(Act::ConsentGive, by, &body)?,
            (Some(nickname), "") => Deed::by(Act::ConsentGive, by, &(body, nickname))?,
            (nickname, shown) => Deed::by(Act::ConsentGive, by, &(body, nickname, shown))?,
        };
        perform!(self, deed, |tx| {
            check_shown(purpose, &shown)?;
            let account = by.organisation.as_str();
            let row = open_account(tx.connection(), account).await?;
            if let Some(nickname) = &nickname {
                store::nickname_set(tx.connection(), account, nickname).await?;
            } else if purpose == Purpose::Board && row.nickname.is_none() {
                return Err(Refusal::new(codes::REQUIRED).at("nickname").into());
            }
            let asks_guardian = row.is_minor == 1;
            let (id, reference) = if asks_guardian {
                let asked = Asked {
                    purpose,
                    provider: provider.clone(),
                    scene: scene.clone(),
                };
                (self.ask_for_consent(tx, account, &asked).await?, None)
            } else {
                let granted = Granted {
                    guardian: None,
                    purpose,
                    of: (&provider, &scene),
                };
                grant(tx, account, &granted).await?
            };
            let answer = ConsentReceipt {
                id,
                reference,
                asks_guardian,
            };
            Ok(about_person(account, None, answer))
        })
    }

    /// Withdraws a consent at once; nothing more is taken in under it, and what waits for its new text becomes void. Refuses the consent of the account itself, and one that has ended.
    pub async fn consent_revoke(&self, by: &By, consent: &str) -> Result<ConsentReceipt, Error> {
        // many acts may wait under it
        let deed = Deed::by(Act::ConsentRevoke, by, &consent)?.long();
        perform!(self, deed, |tx| {
            let account = by.organisation.as_str();
            revoke(tx, account, consent).await?;
            let answer = ConsentReceipt {
                id: consent.to_owned(),
                reference: None,
                asks_guardian: false,
            };
            Ok(about_person(account, None, answer))
        })
    }

    /// The viewer's consents, the newest first.
    pub async fn consents(&self, by: &By) -> Result<Vec<ConsentView>, Error> {
        let mut connection = self.store.read().await?;
        views(&mut connection, by.organisation.as_str()).await
    }

    /// The names under which providers know the viewer.
    pub async fn links(&self, by: &By) -> Result<Vec<LinkView>, Error> {
        let mut connection = self.store.read().await?;
        let rows = store::links(&mut connection, by.organisation.as_str()).await?;
        let views = rows.into_iter().map(|(provider, reference)| LinkView {
            provider,
            reference,
        });
        Ok(views.collect())
    }
}

/// Every consent of an account, the newest first.
pub(super) async fn views(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<Vec<ConsentView>, Error> {
    let names = store::providers(connection).await?;
    let rows = store::consents(connection, account).await?;
    rows.into_iter()
        .map(|row| {
            let name = names.iter().find(|one| one.id == row.provider_id);
            let purpose = Purpose::from_code(&row.purpose)
                .ok_or_else(|| Error::Store(format!("purpose {}", row.purpose)))?;
            Ok(ConsentView {
                purpose,
                standing: purpose.standing(row.text_version),
                covered_from: Instant(row.covered_from.unwrap_or(row.granted_at)),
                provider_name: name.map_or_else(String::new, |one| one.name.clone()),
                id: row.id,
                provider: row.provider_id,
                scene: row.scene,
                text_version: row.text_version,
                text_hash: row.text_hash,
                by_guardian: row.by_guardian,
                granted_at: Instant(row.granted_at),
                revoked_at: row.revoked_at.map(Instant),
            })
        })
        .collect()
}

/// Withdraws a consent at once, and ends what rested on it.
pub(super) async fn revoke(tx: &mut Tx, account: &str, consent: &str) -> Result<(), Error> {
    let rows = store::consents(tx.connection(), account).await?;
    let row = rows
        .into_iter()
        .find(|row| row.id == consent)
        .ok_or(Error::NotFound)?;
    if row.purpose == Purpose::Account.code() {
        return Err(Refusal::new(codes::CONSENT_OF_ACCOUNT).into());
    }
    if row.revoked_at.is_some() {
        return Err(Refusal::new(codes::CONSENT_NOT_LIVE).into());
    }
    let at = tx.at.0.max(row.granted_at);
    store::consent_revoke(tx.connection(), account, consent, at).await?;
    // who withdraws instead of agreeing to the new text leaves nothing that could be settled under it
    let mut next = 0;
    for mut act in activity::waiting_for_consent(tx.connection(), account, consent).await? {
        next = void(tx, &mut act, "consent_withdrawn", next).await?;
    }
    if row.purpose == Purpose::Assignment.code() {
        cancel_assigned(tx, account, next).await?;
    }
    if row.purpose == Purpose::Board.code() {
        boards_follow(tx, account).await?;
    }
    Ok(())
}

/// A consent that is being given by the person, or by the guardian of somebody younger than 14.
pub(super) struct Granted<'a> {
    pub(super) guardian: Option<&'a str>,
    pub(super) purpose: Purpose,
    /// Provider and scene; empty where it is no source.
    pub(super) of: (&'a str, &'a str),
}

/// Gives a consent, in the place of an earlier one if there is one; answers with its id and, of a source, the name that the provider uses.
pub(super) async fn grant(
    tx: &mut Tx,
    account: &str,
    granted: &Granted<'_>,
) -> Result<(String, Option<String>), Error> {
    let (purpose, (provider, scene)) = (granted.purpose, granted.of);
    let earlier = end_earlier(tx, account, purpose, granted.of).await?;
    let mut reference = None;
    if purpose == Purpose::Source {
        // what waits for the new text is its person's, whether or not the provider may still send anything
        if earlier.is_none() {
            check_source(tx, provider, scene).await?;
        }
        reference = Some(link(tx, provider, account).await?);
    }
    let given = Given {
        purpose,
        of: granted.of,
        covered_from: earlier.as_ref().map(|earlier| earlier.covered_from),
    };
    let id = give(tx, account, granted.guardian, &given).await?;
    if let Some(earlier) = earlier {
        let today = tx.at.beijing_date();
        let days = Rules::on(tx.connection(), today)
            .await?
            .guards
            .settlement_days;
        let settle_on = days_after(today, days).to_string();
        activity::consent_renewed(tx.connection(), account, &earlier.id, &settle_on).await?;
    }
    if purpose == Purpose::Board {
        boards_follow(tx, account).await?;
    }
    Ok((id, reference))
}

/// Refused where giving the consent would be: `consent_given`, `provider_unknown`, `scene_not_of_provider`.
pub(super) async fn check_grantable(
    tx: &mut Tx,
    account: &str,
    purpose: Purpose,
    (provider, scene): (&str, &str),
) -> Result<(), Error> {
    let live =
        store::consent_live(tx.connection(), account, purpose.code(), provider, scene).await?;
    match live {
        Some(live) if live.text_version >= purpose.text().version => {
            Err(Refusal::new(codes::CONSENT_GIVEN).into())
        }
        None if purpose == Purpose::Source => check_source(tx, provider, scene).await,
        _ => Ok(()),
    }
}

/// Refused `stale_form` where another text was shown than the one of now; `shown` is its version, empty where nobody said.
pub(super) fn check_shown(purpose: Purpose, shown: &str) -> Result<(), Refusal> {
    if shown.is_empty() || shown == purpose.text().version.to_string() {
        Ok(())
    } else {
        Err(Refusal::new(codes::STALE_FORM).at("agrees"))
    }
}

/// Whether a provider may send the records of a scene.
async fn check_source(tx: &mut Tx, provider: &str, scene: &str) -> Result<(), Error> {
    let found = store::provider(tx.connection(), provider).await?;
    let found = found
        .filter(|one| one.state == "active")
        .ok_or_else(|| Refusal::new(codes::PROVIDER_UNKNOWN).at("provider"))?;
    if scene.is_empty() || !found.scenes.contains(&format!(",{scene},")) {
        return Err(Refusal::new(codes::SCENE_NOT_OF_PROVIDER)
            .at("scene")
            .into());
    }
    Ok(())
}

/// A consent that another one takes the place of.
struct Earlier {
    id: String,
    /// Since when it had been agreed to.
    covered_from: i64,
}

/// A live consent to an earlier text ends, so that one to the text of now can take its place.
async fn end_earlier(
    tx: &mut Tx,
    account: &str,
    purpose: Purpose,
    (provider, scene): (&str, &str),
) -> Result<Option<Earlier>, Error> {
    let live =
        store::consent_live(tx.connection(), account, purpose.code(), provider, scene).await?;
    let Some(live) = live.filter(|live| live.text_version < purpose.text().version) else {
        return Ok(None);
    };
    let at = tx.at.0.max(live.granted_at);
    store::consent_revoke(tx.connection(), account, &live.id, at).await?;
    Ok(Some(Earlier {
        covered_from: live.covered_from.unwrap_or(live.granted_at),
        id: live.id,
    }))
}

/// A consent as it is given.
pub(super) struct Given<'a> {
    pub(super) purpose: Purpose,
    /// Provider and scene; empty where it is no source.
    pub(super) of: (&'a str, &'a str),
    /// Since when an earlier consent had been given, whose place it takes.
    pub(super) covered_from: Option<i64>,
}

/// Writes a consent with the text that is shown now; `consent_given` where it is live.
pub(super) async fn give(
    tx: &mut Tx,
    account: &str,
    guardian: Option<&str>,
    given: &Given<'_>,
) -> Result<String, Error> {
    let (purpose, (provider, scene)) = (given.purpose, given.of);
    let live =
        store::consent_live(tx.connection(), account, purpose.code(), provider, scene).await?;
    if live.is_some() {
        return Err(Refusal::new(codes::CONSENT_GIVEN).into());
    }
    let text = purpose.text();
    let id = new_id();
    let (at, act) = (tx.at.0, tx.act.clone());
    let new = NewConsent {
        account,
        id: &id,
        purpose: purpose.code(),
        provider,
        scene,
        text_version: text.version,
        text_hash: &hash_of(text.text),
        by_guardian: guardian,
        at,
        covered_from: given.covered_from,
        act_id: &act,
    };
    store::consent_insert(tx.connection(), &new).await?;
    Ok(id)
}

/// What proves which text was shown.
fn hash_of(text: Text) -> String {
    hash(&[text.zh, text.en])
}

/// The name under which a provider sends this person's records; made once, at random.
async fn link(tx: &mut Tx, provider: &str, account: &str) -> Result<String, Error> {
    let known = store::links(tx.connection(), account).await?;
    if let Some((_, reference)) = known.into_iter().find(|(one, _)| one == provider) {
        return Ok(reference);
    }
    let reference = uuid::Uuid::new_v4().simple().to_string();
    store::link_insert(tx.connection(), provider, &reference, account).await?;
    Ok(reference)
}
