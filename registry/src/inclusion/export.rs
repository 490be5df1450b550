//! Everything the platform holds about a person, to take along; and the photos of acts, for the person and whoever decides about them.

use std::collections::BTreeSet;

use domain::inclusion::{Badges, Place};
use domain::{Instant, Role};
use serde::Serialize;

use super::activity::place_of;
use super::batch::{GramTrace, trace};
use super::thing::{MeterView, meters_of};
use super::view::{LotMove, PersonView, PointMovement, view};
use super::{
    ActivityView, ConsentView, ExpiryView, GiftView, GroupView, GuardianView, IdentityView,
    LinkView, OrderView, gift, shop,
};
use crate::store::inclusion::export as store;
use crate::store::inclusion::{activity, desk, ledger, person};
use crate::{By, Error, Registry};

/// More rows than an account can have: an export leaves none out.
const ALL: i64 = i64::MAX;

/// Everything the platform holds about a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonExport {
    /// How the person is called.
    pub name: String,
    /// What the person signs in with: an e-mail address or a mobile number.
    pub login: String,
    /// The account.
    pub account: PersonView,
    /// Questions for the real-name level, and what became of them.
    pub identities: Vec<IdentityView>,
    /// Consents.
    pub consents: Vec<ConsentView>,
    /// The guardian of somebody younger than 14, and what was asked there.
    pub guardian: Option<GuardianView>,
    /// Which providers know the person, under which name.
    pub links: Vec<LinkView>,
    /// The meters that are the person's: known by a digest, the numbers are not kept.
    pub meters: Vec<MeterView>,
    /// How many devices are known as the person's: by a digest.
    pub devices: i64,
    /// Acts.
    pub activities: Vec<ActivityView>,
    /// Movements of grams, oldest first.
    pub moves: Vec<LotMove>,
    /// In which tonnes grams ended.
    pub tonnes: Vec<LotTonnes>,
    /// Movements of points.
    pub points: Vec<PointMovement>,
    /// Orders.
    pub orders: Vec<OrderView>,
    /// Gifts.
    pub gifts: Vec<GiftView>,
    /// Groups.
    pub groups: Vec<GroupView>,
    /// Badges.
    pub badges: Badges,
    /// What was told to expire, and what did.
    pub expiries: Vec<ExpiryView>,
    /// What the person objected to.
    pub appeals: Vec<AppealView>,
    /// What operators decided about acts.
    pub decisions: Vec<DecisionView>,
}

/// The tonnes that grams of one act are part of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LotTonnes {
    /// The act.
    pub activity: String,
    /// Batch, serial numbers, retirements.
    #[serde(flatten)]
    pub trace: GramTrace,
}

/// An appeal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AppealView {
    /// The act.
    pub activity: String,
    /// What was written.
    pub text: String,
    /// When.
    pub made_at: Instant,
    /// `open`, `granted`, `upheld`.
    pub state: String,
    /// When it was decided.
    pub decided_at: Option<Instant>,
    /// The act that was credited anew.
    pub restored: Option<String>,
}

/// A decision of an operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecisionView {
    /// The act.
    pub activity: String,
    /// `release`, `void`, `restore`, `uphold`.
    pub decision: String,
    /// Its reason: a code.
    pub code: String,
    /// Its words; may be empty.
    pub note: String,
    /// When.
    pub at: Instant,
}

/// Files of one look.
const FILES_MAX: i64 = 200;
/// Seconds for which a file that is to be removed stays: longer than any act takes.
const FILE_WAITS_SECONDS: i64 = 3_600;

impl Registry {
    /// Everything the platform holds about the viewer: every list to its end.
    pub async fn person_export(&self, by: &By) -> Result<PersonExport, Error> {
        let account = by.organisation.as_str();
        let mut moment = self.store.snapshot().await?;
        let names = person::providers(&mut moment).await?;
        let acts = activity::page(&mut moment, account, "0000", "9999", "g", ALL).await?;
        let activities: Result<Vec<_>, _> = acts
            .into_iter()
            .map(|row| view(row.id.clone(), row, &names))
            .collect();
        let points = ledger::point_moves(&mut moment, account, "g", ALL).await?;
        let mut moves = Vec::new();
        let mut issued = BTreeSet::new();
        for row in store::moves(&mut moment, account).await? {
            let to = place_of(&row.credit_place)?;
            if to == Place::Issued {
                issued.insert(row.lot_id.clone());
            }
            moves.push(LotMove {
                from: place_of(&row.debit_place)?,
                to,
                id: row.id,
                lot: row.lot_id,
                of: row.credit_ref,
                mg: row.mg,
                at: Instant(row.at),
            });
        }
        let mut tonnes = Vec::new();
        for lot in issued {
            let traces = trace(&mut moment, account, &lot).await?;
            tonnes.extend(traces.into_iter().map(|trace| LotTonnes {
                activity: lot.clone(),
                trace,
            }));
        }
        let meters = meters_of(&mut moment, account, &names).await?;
        let devices = store::devices(&mut moment, account).await?;
        let appeals = store::appeals(&mut moment, account).await?;
        let decisions = store::decisions(&mut moment, account).await?;
        let orders = shop::orders_of(&mut moment, account, ALL).await?;
        let gifts = gift::gifts_of(&mut moment, account, ALL).await?;
        moment.commit().await?;
        let user = self.user_get(&by.user).await?.ok_or(Error::NotFound)?;
        Ok(PersonExport {
            login: user.login().to_owned(),
            name: user.name,
            account: self.person(by).await?,
            identities: self.identities(by).await?,
            consents: self.consents(by).await?,
            guardian: match self.guardian(by).await {
                Err(Error::NotFound) => None,
                found => Some(found?),
            },
            links: self.links(by).await?,
            meters,
            devices,
            activities: activities?,
            moves,
            tonnes,
            points: points.into_iter().map(PointMovement::of).collect(),
            orders,
            gifts,
            groups: self.groups(by).await?,
            badges: self.badges(by).await?,
            expiries: self.expiries(by).await?,
            appeals: appeals.into_iter().map(appeal).collect(),
            decisions: decisions.into_iter().map(decision).collect(),
        })
    }

    /// The hash of the photo of an act: for its person (`about`: the act), and for operators while somebody must decide about it or the
    /// person objects (`about`: account and act with a dot between them). `NotFound` otherwise.
    pub async fn activity_photo(&self, by: &By, about: &str) -> Result<String, Error> {
        let mut connection = self.store.read().await?;
        let row = if by.role == Role::RegistryOperator {
            let (account, id) = about.split_once('.').ok_or(Error::NotFound)?;
            let row = activity::one(&mut connection, account, id).await?;
            let is_objected = desk::appeal(&mut connection, account, id).await?.is_some();
            row.filter(|row| row.state == "review" || is_objected)
        } else {
            activity::one(&mut connection, by.organisation.as_str(), about).await?
        };
        let photo = row.and_then(|row| row.evidence_file);
        photo.ok_or(Error::NotFound)
    }

    /// Photos of closed accounts and of acts that were refused, whose bytes are still in the store of files an hour later: by their hashes.
    /// Whoever has removed one says so ([`Registry::file_removed`]); until then it is named again. What something else names by now is left
    /// where it is. The hour is for a photo that is stored already while its act is not yet.
    pub async fn files_to_remove(&self, now: Instant) -> Result<Vec<String>, Error> {
        let mut connection = self.store.read().await?;
        let until = now.0 - FILE_WAITS_SECONDS;
        let found = store::files_to_remove(&mut connection, until, FILES_MAX).await?;
        drop(connection);
        let mut hashes = Vec::new();
        for (hash, named) in found {
            if named == 0 {
                hashes.push(hash);
            } else {
                self.file_removed(&hash).await?;
            }
        }
        Ok(hashes)
    }

    /// The act that a photo was stored for was refused: its bytes are removed later, unless something names them by then.
    pub async fn photo_unused(&self, by: &By, hash: &str) -> Result<(), Error> {
        let mut connection = self.store.write().await?;
        Ok(store::file_to_remove(&mut connection, hash, by.at.0).await?)
    }

    /// The bytes of a file that was to be removed are gone.
    pub async fn file_removed(&self, hash: &str) -> Result<(), Error> {
        let mut connection = self.store.write().await?;
        Ok(store::file_removed(&mut connection, hash).await?)
    }
}

fn appeal(row: store::AppealedRow) -> AppealView {
    AppealView {
        activity: row.activity_id,
        text: row.text,
        made_at: Instant(row.made_at),
        state: row.state,
        decided_at: row.decided_at.map(Instant),
        restored: row.restored_id,
    }
}

fn decision(row: store::DecidedRow) -> DecisionView {
    DecisionView {
        activity: row.activity_id,
        decision: row.decision,
        code: row.code,
        note: row.note,
        at: Instant(row.at),
    }
}
