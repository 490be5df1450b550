//! Things behind records: a meter belongs to one account, and what has a number of its own counts as often as its scene says, whoever
//! reports it. Only digests are kept.

use std::collections::{BTreeSet, HashMap};

use domain::refusal::codes;
use domain::{Act, Refusal};
use methodologies::inclusion::{Scene, Unique};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use time::Date;

use super::activity::Incoming;
use super::call::CallRow;
use super::seal::Seal;
use super::{about_person, open_account};
use crate::perform::{Deed, Tx, perform};
use crate::store::inclusion::activity::ActivityRow;
use crate::store::inclusion::person::{self as people, ProviderRow};
use crate::store::inclusion::thing::{self as store, MeterRow, ObjectRow};
use crate::{By, Error, Registry};

/// The longest number of a meter or thing, characters.
const NUMBER_MAX: usize = 100;
/// The sides of a deal.
const SIDES: [&str; 2] = ["1", "2"];

/// A meter of the viewer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MeterView {
    /// The value of the form's field; the number itself is not kept.
    pub id: String,
    /// Code of the scene it is read for; empty where that was not kept yet.
    pub scene: String,
    /// Name of the provider whose record came first; empty where that was not kept yet.
    pub provider: String,
    /// The first day it was read for this account, `YYYY-MM-DD`; empty where that was not kept yet.
    pub since: String,
}

/// The answer to an act on a meter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeterReceipt {
    /// The last day of which its records are this account's, `YYYY-MM-DD`.
    pub until: String,
}

impl Registry {
    /// The meters of the viewer: each belongs to this account, and its records count for nobody else.
    pub async fn meters(&self, by: &By) -> Result<Vec<MeterView>, Error> {
        let mut connection = self.store.read().await?;
        let names = people::providers(&mut connection).await?;
        meters_of(&mut connection, by.organisation.as_str(), &names).await
    }

    /// Gives a meter up, after moving say: its records of days after today may be another account's. What counted stays. Refuses
    /// `meter_not_own`.
    pub async fn meter_leave(&self, by: &By, meter: &str) -> Result<MeterReceipt, Error> {
        let deed = Deed::by(Act::MeterLeave, by, &meter)?;
        perform!(self, deed, |tx| {
            let account = by.organisation.as_str();
            open_account(tx.connection(), account).await?;
            let until = tx.at.beijing_date().to_string();
            let all = store::meters_of(tx.connection(), account).await?;
            let row = all.into_iter().find(|row| row.meter == meter);
            let row = row.ok_or_else(|| Refusal::new(codes::METER_NOT_OWN))?;
            let act = tx.act.clone();
            store::meter_leave(tx.connection(), &row, &until, &act).await?;
            Ok(about_person(account, None, MeterReceipt { until }))
        })
    }
}

/// The meters of an account as it sees them.
pub(super) async fn meters_of(
    connection: &mut AnyConnection,
    account: &str,
    names: &[ProviderRow],
) -> Result<Vec<MeterView>, Error> {
    let rows = store::meters_of(connection, account).await?;
    let name = |id: &str| {
        let found = names.iter().find(|one| one.id == id);
        found.map(|one| one.name.clone()).unwrap_or_default()
    };
    let shown = rows.into_iter().map(|row| MeterView {
        provider: name(&row.provider_id),
        id: row.meter,
        scene: row.scene,
        since: row.since_day,
    });
    Ok(shown.collect())
}

/// The meters of an account are nobody's any more: those of a scene, or all. `until`: the last day of which their records are this
/// account's; `None`: they never were.
pub(super) async fn release_meters(
    tx: &mut Tx,
    account: &str,
    scene: Option<&str>,
    until: Option<Date>,
) -> Result<(), Error> {
    let until = until.map(|day| day.to_string()).unwrap_or_default();
    let act = tx.act.clone();
    for row in store::meters_of(tx.connection(), account).await? {
        if scene.is_none_or(|scene| row.scene == scene) {
            store::meter_leave(tx.connection(), &row, &until, &act).await?;
        }
    }
    Ok(())
}

/// The thing that a record is about.
#[derive(Clone, Debug)]
pub(super) enum Thing {
    /// A meter: it belongs to one account.
    Meter {
        /// Its number, for the record of a day; never kept.
        number: String,
        digest: String,
    },
    /// What counts once in each of these places, and once for an account.
    Once {
        field: &'static str,
        places: Vec<String>,
    },
}

impl Thing {
    /// What a record must name. Refuses `meter_required`, `item_required`, and a number that is too long.
    pub(super) fn read(
        scene: &Scene,
        row: &CallRow,
        day: Date,
        seal: &Seal,
    ) -> Result<Option<Self>, Refusal> {
        let Some(unique) = scene.unique else {
            return Ok(None);
        };
        let (field, typed, required) = match unique {
            Unique::Meter | Unique::MeterMonth => ("meter", &row.meter, codes::METER_REQUIRED),
            Unique::Item => ("item", &row.item, codes::ITEM_REQUIRED),
        };
        let number = typed.as_deref().unwrap_or_default().trim();
        if number.is_empty() {
            return Err(Refusal::new(required).at(field));
        }
        if number.chars().count() > NUMBER_MAX || number.chars().any(char::is_control) {
            return Err(Refusal::new(codes::TEXT_TOO_LONG)
                .at(field)
                .with("max", NUMBER_MAX));
        }
        let (year, month) = (day.year(), u8::from(day.month()));
        Ok(Some(match unique {
            Unique::Meter => Self::Meter {
                number: number.to_owned(),
                digest: seal.meter(scene.code, number),
            },
            Unique::MeterMonth => {
                let month = format!("{year:04}-{month:02}");
                Self::Once {
                    field,
                    places: vec![seal.meter_month(scene.code, number, &month)],
                }
            }
            Unique::Item => {
                // the same number, however it is set
                let plain: String = number
                    .chars()
                    .filter(|one| one.is_alphanumeric())
                    .flat_map(char::to_uppercase)
                    .collect();
                let year = format!("{year:04}");
                let place = |side| seal.item(scene.code, &plain, &year, side);
                Self::Once {
                    field,
                    places: SIDES.into_iter().map(place).collect(),
                }
            }
        }))
    }

    /// What a void act held, when it is credited anew. Refuses `object_counted` where another act has taken its place since.
    pub(super) async fn of_void(
        tx: &mut Tx,
        scene: &Scene,
        row: &ActivityRow,
    ) -> Result<Option<Self>, Error> {
        let field = match scene.unique {
            Some(Unique::MeterMonth) => "meter",
            Some(Unique::Item) => "item",
            Some(Unique::Meter) | None => return Ok(None),
        };
        if row.source == "person" {
            return Ok(None);
        }
        let places = store::objects_of(tx.connection(), &row.account_id, &row.id).await?;
        if places.is_empty() {
            return Err(Refusal::new(codes::OBJECT_COUNTED).into());
        }
        Ok(Some(Self::Once { field, places }))
    }

    /// The number of a meter that belongs to one account.
    pub(super) fn meter(&self) -> Option<&str> {
        match self {
            Self::Meter { number, .. } => Some(number),
            Self::Once { .. } => None,
        }
    }
}

/// What an act that is taken in will hold.
pub(super) enum Claim {
    /// A meter that was nobody's.
    Meter(MeterRow),
    /// A place, by its digest.
    Place(String, String),
}

/// Whose the things of a call are, read at once.
pub(super) struct Things {
    /// By digest: the account.
    owners: HashMap<String, String>,
    /// By digest: who had it before, and the last day it was theirs.
    left: HashMap<String, Vec<(String, String)>>,
    /// By digest: the account it counts for.
    counted: HashMap<String, String>,
    /// Digests with the row of an act that is void.
    free: BTreeSet<String>,
    meters: Vec<MeterRow>,
    objects: Vec<ObjectRow>,
}

impl Things {
    pub(super) async fn of(tx: &mut Tx, incoming: &[(usize, Incoming)]) -> Result<Self, Error> {
        let (mut meters, mut places) = (BTreeSet::new(), BTreeSet::new());
        for (_, one) in incoming {
            match &one.thing {
                Some(Thing::Meter { digest, .. }) => {
                    meters.insert(digest.clone());
                }
                Some(Thing::Once { places: all, .. }) => places.extend(all.iter().cloned()),
                None => {}
            }
        }
        let meters: Vec<String> = meters.into_iter().collect();
        let places: Vec<String> = places.into_iter().collect();
        let owners = store::meter_owners(tx.connection(), &meters).await?;
        let mut left: HashMap<String, Vec<(String, String)>> = HashMap::new();
        for (meter, account, until) in store::meters_left(tx.connection(), &meters).await? {
            left.entry(meter).or_default().push((account, until));
        }
        let (mut counted, mut free) = (HashMap::new(), BTreeSet::new());
        for (object, account, state) in store::objects(tx.connection(), &places).await? {
            if state == "void" {
                free.insert(object);
            } else {
                counted.insert(object, account);
            }
        }
        Ok(Self {
            owners: owners.into_iter().collect(),
            left,
            counted,
            free,
            meters: Vec::new(),
            objects: Vec::new(),
        })
    }

    /// What an act would hold if it is taken in. Refuses `meter_taken` for a meter that is, or on its day was, another account's, and
    /// `object_counted` for a thing that counts already. `None`: it holds nothing new.
    pub(super) fn check(&self, one: &Incoming) -> Result<Option<Claim>, Refusal> {
        let account = &one.account.id;
        match &one.thing {
            None => Ok(None),
            Some(Thing::Meter { digest, .. }) => {
                let day = one.day.to_string();
                let left = self.left.get(digest).map_or(&[][..], Vec::as_slice);
                let was = |own: bool| {
                    left.iter()
                        .any(|(had, until)| (had == account) == own && day <= *until)
                };
                // a late record of a day on which the meter still was theirs
                if was(true) {
                    return Ok(None);
                }
                let owner = self.owners.get(digest);
                if was(false) || owner.is_some_and(|owner| owner != account) {
                    return Err(Refusal::new(codes::METER_TAKEN).at("meter"));
                }
                Ok(owner.is_none().then(|| {
                    Claim::Meter(MeterRow {
                        meter: digest.clone(),
                        account_id: account.clone(),
                        scene: one.scene.code.to_owned(),
                        provider_id: one.provider.clone(),
                        since_day: day,
                    })
                }))
            }
            Some(Thing::Once { field, places }) => {
                let taken = || Refusal::new(codes::OBJECT_COUNTED).at(*field);
                let holder = |place: &String| self.counted.get(place);
                if places.iter().any(|place| holder(place) == Some(account)) {
                    return Err(taken());
                }
                let place = places.iter().find(|place| holder(place).is_none());
                let place = place.ok_or_else(taken)?;
                Ok(Some(Claim::Place(place.clone(), account.clone())))
            }
        }
    }

    /// After an act was taken in.
    pub(super) fn claim(&mut self, claim: Claim, activity: &str) {
        match claim {
            Claim::Meter(row) => {
                self.owners
                    .insert(row.meter.clone(), row.account_id.clone());
                self.meters.push(row);
            }
            Claim::Place(object, account_id) => {
                self.counted.insert(object.clone(), account_id.clone());
                self.objects.push(ObjectRow {
                    is_there: self.free.remove(&object),
                    object,
                    account_id,
                    activity_id: activity.to_owned(),
                });
            }
        }
    }

    /// Writes what the acts taken in hold.
    pub(super) async fn write(&self, tx: &mut Tx) -> Result<(), Error> {
        store::meters_claim(tx.connection(), &self.meters).await?;
        store::objects_claim(tx.connection(), &self.objects).await?;
        Ok(())
    }
}
