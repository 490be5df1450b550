//! Acts of persons: how one is taken in, by hand or by a call, and what the operator decides about one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::inclusion::guard::{
    DAY_RECORDS, STEPS, TravelRecord, Weighed, check_speed, overlap, own_act_line, travel_record,
};
use domain::inclusion::{
    ConsentStanding, Overlap, Place, PointPlace, PointUnit, Purpose, Trip, TripKind,
};
use domain::refusal::codes;
use domain::{Act, Instant, Refusal};
use methodologies::Parameters;
use methodologies::inclusion::{
    self as scenes, Before, Credit, Evidence, Measure, Period, Rate, Scene, Standing, Tally,
};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::Date;

use super::posting::{Postings, To, follow, settled_of};
use super::seal::Seal;
use super::thing::{Thing, Things};
use super::{Rules, about_person, day_of, days_after, open_account, points_of};
use crate::perform::{Deed, Tx, hash, new_id, perform};
use crate::store::inclusion::activity::{self as store, ActivityRow};
use crate::store::inclusion::ledger::{self, PartRow};
use crate::store::inclusion::person::{self as people, AccountRow, ConsentRow};
use crate::{By, Error, Fields, Registry, StoredFile, parameter_set};

/// Fields of a calculator that nobody may send: they are ours to fill in.
pub(super) const OURS: &[&str] = &["day", "region", "evidence", "unvetted", "purpose"];
/// Seconds by which a clock may be ahead of ours.
const CLOCK_SECONDS: i64 = 300;
/// The tally of all travel, in milligrams.
const TRAVEL: &str = "#travel";
/// The tally of everything else, in milligrams.
const OTHER: &str = "#other";
/// The tally of what only photos show, in milligrams.
const PHOTO: &str = "#photo";
/// The precedence of what a person records by hand: behind every provider.
const BY_HAND: i64 = 6;

/// Where an act stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActivityStatus {
    /// Counted, waiting for its settlement.
    Pending,
    /// Waits for somebody to look at it.
    Review,
    /// Settled.
    Settled,
    /// Void.
    Void,
}

impl ActivityStatus {
    /// The stable text in the database and in the interface catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Review => "review",
            Self::Settled => "settled",
            Self::Void => "void",
        }
    }

    /// The status with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Pending, Self::Review, Self::Settled, Self::Void]
            .into_iter()
            .find(|one| one.code() == code)
    }
}

/// The answer to an act that was taken in, or decided about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityReceipt {
    /// The act.
    pub activity: String,
    /// Milligrams of CO2e.
    pub mg: i64,
    /// Activity points.
    pub activity_points: i64,
    /// Where it stands.
    pub status: ActivityStatus,
    /// Why it waits or is void: a code.
    pub reason: Option<String>,
    /// Whether the same record was taken in before: nothing happened now.
    pub known: bool,
}

/// A photo or receipt of an act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Photo {
    /// The file.
    pub file: StoredFile,
    /// What the picture looks like, as a short text that is the same for the same picture in another file; `None`: it is no picture.
    pub look: Option<String>,
}

impl From<StoredFile> for Photo {
    fn from(file: StoredFile) -> Self {
        Self { file, look: None }
    }
}

/// An act that was read and belongs to an open account with a live consent.
pub(super) struct Incoming {
    pub(super) account: AccountRow,
    pub(super) consent: String,
    /// Whether the text of this consent asks for more by now: it is not settled before its person agrees.
    pub(super) waits: bool,
    pub(super) scene: &'static Scene,
    /// Empty: the person.
    pub(super) provider: String,
    pub(super) fingerprint: String,
    /// The fingerprint it had before there was a key of the installation, if it could have had one.
    pub(super) older: Option<String>,
    /// The first day that the consent and the account cover.
    pub(super) since: Date,
    pub(super) body_hash: String,
    pub(super) evidence: Evidence,
    pub(super) evidence_file: Option<String>,
    pub(super) day: Date,
    pub(super) times: Option<(i64, i64)>,
    pub(super) precedence: i64,
    pub(super) region: String,
    pub(super) fields: Fields,
    pub(super) campaign: String,
    pub(super) thing: Option<Thing>,
    /// For one shown by a photo: the digest of what it looks like.
    pub(super) look: Option<String>,
    /// For one that is credited anew after an appeal: whether the void one gave its points of taking part.
    pub(super) restores: Option<bool>,
}

impl Registry {
    /// Records an act by hand. Reads `scene`, `day`, `region`, `started` and `ended` (`HH:MM`, optional), `campaign` (the event it led to,
    /// optional), `device` (optional) and the fields of the scene. With a photo or receipt it counts by a share and is never certified
    /// (T3), and waits for a look above a small amount or where the same picture was shown before; without, it earns activity points only
    /// (T4). `campaign`: the number of an event, or the id of its call.
    pub async fn activity_record(
        &self,
        by: &By,
        fields: &Fields,
        photo: Option<&Photo>,
    ) -> Result<ActivityReceipt, Error> {
        Deed::check_role(Act::ActivityRecord, by)?;
        let deed = Deed::by(
            Act::ActivityRecord,
            by,
            &(fields, photo.map(|photo| &photo.file)),
        )?;
        perform!(self, deed, |tx| {
            let account = open_account(tx.connection(), by.organisation.as_str()).await?;
            let today = tx.at.beijing_date();
            let rules = Rules::on(tx.connection(), today).await?;
            let device = fields.get("device").map_or("", |text| text.trim());
            bind_device(tx, &rules, &account.id, device).await?;
            let consent = people::consent_live(
                tx.connection(),
                &account.id,
                Purpose::Account.code(),
                "",
                "",
            );
            let consent = consent
                .await?
                .ok_or_else(|| Refusal::new(codes::CONSENT_NOT_LIVE))?;
            let id = account.id.clone();
            let mut incoming =
                read_by_hand(&rules.set, (account, consent), fields, photo, &by.key)?;
            let calls = Calls::of(tx.connection(), [incoming.campaign.as_str()]).await?;
            incoming.campaign = calls.id(&incoming.campaign)?;
            if let Some(look) = photo.and_then(|photo| photo.look.as_deref()) {
                incoming.look = Some(Seal::of(tx.connection()).await?.look(look));
            }
            let mut answers = admit(tx, &rules, vec![(0, incoming)]).await?;
            let (_, answer) = answers
                .pop()
                .ok_or_else(|| Error::Store("an act without an answer".to_owned()))?;
            Ok(about_person(&id, None, answer?))
        })
    }
}

/// Takes an act back, wherever its grams are. `from`: the first free position in the record act; answers with the next.
pub(super) async fn void(
    tx: &mut Tx,
    row: &mut ActivityRow,
    reason: &str,
    from: i64,
) -> Result<i64, Error> {
    if row.state == "void" {
        return Err(super::review::does_not_allow(row).into());
    }
    let parts = ledger::parts_of_lot(tx.connection(), &row.account_id, &row.id).await?;
    let mut postings = Postings::starting(from);
    let mut of_settled = 0;
    for part in &parts {
        let place = place_of(&part.place)?;
        if place == Place::Batch {
            return Err(Refusal::new(codes::LOT_IN_BATCH).into());
        }
        if place.moves_to(Place::Void) {
            postings.moves(tx, part, place, To::plain(Place::Void), part.mg, "");
            of_settled += if place.is_settled() { part.mg } else { 0 };
        }
    }
    if of_settled > 0 {
        let settled = settled_of(tx, &row.account_id).await? - of_settled;
        let points = points_of(tx.connection(), std::slice::from_ref(&row.account_id)).await?;
        let points = points.get(&row.account_id).copied().unwrap_or_default();
        let back = PointPlace::Clawback;
        follow(
            &mut postings,
            tx,
            &row.account_id,
            settled,
            &points,
            back,
            &row.id,
        )?;
    }
    if row.state == "settled" && row.activity_points > 0 {
        // as far as they are there: points of taking part have no debt
        let points = points_of(tx.connection(), std::slice::from_ref(&row.account_id)).await?;
        let there = points.get(&row.account_id).map_or(0, |one| one.activity);
        let from_to = (PointPlace::Available, PointPlace::Clawback);
        let back = row.activity_points.min(there.max(0));
        postings.step(
            tx,
            &row.account_id,
            PointUnit::Activity,
            from_to,
            back,
            &row.id,
        );
    }
    let next = postings.next();
    postings.write(tx).await?;
    untally(tx, row).await?;
    "void".clone_into(&mut row.state);
    row.reason = Some(reason.to_owned());
    let (note, at) = (row.reason.clone(), tx.at.0);
    let (account, id) = (&row.account_id, &row.id);
    store::set_void(tx.connection(), account, id, note.as_deref(), at).await?;
    Ok(next)
}

/// What was counted for the limits is given back.
async fn untally(tx: &mut Tx, row: &ActivityRow) -> Result<(), Error> {
    let day = day_of(&row.day)?;
    let counted: Decimal = row
        .counted
        .parse()
        .map_err(|_| Error::Store(format!("counted {}", row.counted)))?;
    if counted.is_zero() {
        return Ok(());
    }
    let periods = periods_of(day);
    let accounts = [row.account_id.clone()];
    let scene = tally_scene(&row.scene, &row.evidence);
    let sums = sums_of(row, day, &parameter_set::in_force(tx.connection()).await?);
    let mut put = Vec::new();
    for (account, name, period, acts, quantity) in
        store::tallies(tx.connection(), &accounts, &periods).await?
    {
        if name == scene {
            let left = (acts - 1).max(0);
            put.push((
                account,
                name,
                period,
                left,
                (quantity - units(counted)).max(0),
            ));
        } else if sums.contains(&Some(name.as_str())) {
            put.push((
                account,
                name,
                period,
                (acts - 1).max(0),
                (quantity - row.mg).max(0),
            ));
        }
    }
    store::tallies_put(tx.connection(), &[], &put).await?;
    Ok(())
}

/// An account may use few devices, and a device few accounts.
pub(super) async fn bind_device(
    tx: &mut Tx,
    rules: &Rules,
    account: &str,
    device: &str,
) -> Result<(), Error> {
    if device.is_empty() {
        return Ok(());
    }
    let device = Seal::of(tx.connection()).await?.device(device);
    let known = people::devices(tx.connection(), account).await?;
    if known.contains(&device) {
        return Ok(());
    }
    let (per_account, per_device) = (
        rules.guards.devices_per_account,
        rules.guards.accounts_per_device,
    );
    let others = people::accounts_of_device(tx.connection(), &device).await?;
    let devices = i64::try_from(known.len()).unwrap_or(i64::MAX);
    if devices >= per_account || others >= per_device {
        let max = if devices >= per_account {
            per_account
        } else {
            per_device
        };
        return Err(Refusal::new(codes::DEVICE_LIMIT).with("max", max).into());
    }
    people::device_insert(tx.connection(), &device, account).await?;
    Ok(())
}

fn read_by_hand(
    set: &Parameters,
    (account, consent): (AccountRow, ConsentRow),
    fields: &Fields,
    photo: Option<&Photo>,
    key: &str,
) -> Result<Incoming, Error> {
    let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
    let day = domain::text::date("day", typed("day"));
    let scene = match (scenes::scene_known(set, typed("scene")), &day) {
        (Some(known), Ok(day)) => {
            scenes::scene_at(set, known.code, *day).map_err(|error| Refusal::from(error).at("day"))
        }
        (Some(known), Err(_)) => Ok(known),
        (None, _) => Err(Refusal::new(codes::CHOICE_INVALID)
            .at("scene")
            .with("value", typed("scene").chars().take(40).collect::<String>())),
    };
    let region = match typed("region") {
        "" => Ok(account.region.clone()),
        typed => domain::inclusion::person::read_region(typed),
    };
    let (scene, day, region) = match (scene, day, region) {
        (Ok(scene), Ok(day), Ok(region)) => (scene, day, region),
        (scene, day, region) => {
            let refusals = [scene.err(), day.err(), region.err()];
            return Err(refusals.into_iter().flatten().collect::<Vec<_>>().into());
        }
    };
    let times = read_times(day, typed("started"), typed("ended"))?;
    let own = own_fields(scene, fields);
    let fingerprint = match photo {
        Some(photo) => hash(&["photo", &photo.file.hash]),
        None => hash(&["self", &account.id, key]),
    };
    let body = serde_json::to_string(&own).unwrap_or_default();
    Ok(Incoming {
        body_hash: hash(&[scene.code, &day.to_string(), &region, &body]),
        older: None,
        since: began(&account, account.opened_at),
        account,
        waits: Purpose::Account.standing(consent.text_version) == ConsentStanding::Waits,
        consent: consent.id,
        scene,
        provider: String::new(),
        fingerprint,
        evidence: if photo.is_some() {
            Evidence::T3
        } else {
            Evidence::T4
        },
        evidence_file: photo.map(|photo| photo.file.hash.clone()),
        day,
        times,
        precedence: BY_HAND,
        region,
        fields: own,
        campaign: typed("campaign").to_owned(),
        thing: None,
        look: None,
        restores: None,
    })
}

/// The calls for grams that records name.
pub(super) struct Calls(HashMap<String, String>);

impl Calls {
    /// Those with these ids, or of the events with these numbers. Nothing is asked where no record names one.
    pub(super) async fn of<'a>(
        connection: &mut sqlx::AnyConnection,
        named: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, Error> {
        let named: BTreeSet<&str> = named
            .into_iter()
            .map(str::trim)
            .filter(|name| !name.is_empty() && name.len() <= 64 && !name.contains('\0'))
            .collect();
        let named: Vec<&str> = named.into_iter().collect();
        let mut found = HashMap::new();
        for (id, event) in store::calls_named(connection, &named).await? {
            if let Some(event) = event {
                found.insert(event, id.clone());
            }
            found.insert(id.clone(), id);
        }
        Ok(Self(found))
    }

    /// The id of the call; empty for none. Refuses `campaign_unknown`.
    pub(super) fn id(&self, named: &str) -> Result<String, Refusal> {
        let named = named.trim();
        if named.is_empty() {
            return Ok(String::new());
        }
        let unknown = || {
            Refusal::new(codes::CAMPAIGN_UNKNOWN)
                .at("campaign")
                .with("value", named.chars().take(40).collect::<String>())
        };
        self.0.get(named).cloned().ok_or_else(unknown)
    }
}

/// The first day on which an act counts: that of the consent, and not before the account was opened.
pub(super) fn began(account: &AccountRow, granted_at: i64) -> Date {
    Instant(granted_at.max(account.opened_at)).beijing_date()
}

/// The fields of the scene's calculator among those that were sent.
pub(super) fn own_fields(scene: &Scene, fields: &Fields) -> Fields {
    let known = scenes::scene_fields(scene);
    fields
        .iter()
        .filter(|(name, value)| {
            !value.trim().is_empty()
                && !OURS.contains(&name.as_str())
                && !name.starts_with("before.")
                && known.iter().any(|field| fits(field.path, name))
        })
        .map(|(name, value)| (name.clone(), value.trim().to_owned()))
        .collect()
}

/// Whether a field's path (`passengers.*.distance_km`) is that of a name (`passengers.0.distance_km`).
fn fits(path: &str, name: &str) -> bool {
    let (mut path, mut name) = (path.split('.'), name.split('.'));
    loop {
        match (path.next(), name.next()) {
            (None, None) => return true,
            (Some("*"), Some(number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => {}
            (Some(one), Some(other)) if one == other => {}
            _ => return false,
        }
    }
}

/// `HH:MM` of begin and end, both or none; an end before the begin is on the next day.
pub(super) fn read_times(
    day: Date,
    started: &str,
    ended: &str,
) -> Result<Option<(i64, i64)>, Refusal> {
    let seconds = |field: &'static str, typed: &str| {
        let invalid = || {
            Refusal::new(codes::CHOICE_INVALID)
                .at(field)
                .with("value", typed.chars().take(10).collect::<String>())
        };
        let (hours, minutes) = typed.split_once([':', '：']).ok_or_else(invalid)?;
        let hours: i64 = hours.parse().map_err(|_| invalid())?;
        let minutes: i64 = minutes.parse().map_err(|_| invalid())?;
        if (0..24).contains(&hours) && (0..60).contains(&minutes) {
            Ok(hours * 3600 + minutes * 60)
        } else {
            Err(invalid())
        }
    };
    match (started, ended) {
        ("", "") => Ok(None),
        ("", _) => Err(Refusal::new(codes::REQUIRED).at("started")),
        (_, "") => Err(Refusal::new(codes::REQUIRED).at("ended")),
        (started, ended) => {
            let midnight = super::start_of(day).0;
            let from = seconds("started", started)?;
            let to = seconds("ended", ended)?;
            let to = if to < from { to + 86_400 } else { to };
            Ok(Some((midnight + from, midnight + to)))
        }
    }
}

/// Answers to what came in, each with the number it was given.
type Answers = Vec<(usize, Result<ActivityReceipt, Vec<Refusal>>)>;

/// Takes acts in, many in one transaction: what is a duplicate, impossible or above a limit is answered row by row; everything else is
/// written in a few statements. Each answer has the number that came with its act.
pub(super) async fn admit(
    tx: &mut Tx,
    rules: &Rules,
    incoming: Vec<(usize, Incoming)>,
) -> Result<Answers, Error> {
    let mut desk = Desk::open(tx, rules, &incoming).await?;
    let mut things = Things::of(tx, &incoming).await?;
    let mut answers = Vec::with_capacity(incoming.len());
    let mut incoming = incoming.into_iter();
    let mut rows = Vec::with_capacity(incoming.len());
    let mut ready = desk.judge(&mut incoming, &mut things, &mut answers);
    while !ready.is_empty() {
        // the next ones are decided about while the database writes these
        let (written, next) = tokio::join!(store::insert(tx.connection(), &ready), async {
            desk.judge(&mut incoming, &mut things, &mut answers)
        });
        written?;
        rows.append(&mut ready);
        ready = next;
    }
    desk.close(tx, &rows).await?;
    things.write(tx).await?;
    Ok(answers)
}

/// The fingerprint that the day of a meter has for others after the act that used it is void, and for the same act credited anew: whichever
/// comes first has the day.
pub(super) fn day_after_void(activity: &str, fingerprint: &str) -> String {
    hash(&["void-before", activity, fingerprint])
}

/// Whether a record is that of a meter.
fn is_metered(one: &Incoming) -> bool {
    one.thing.as_ref().and_then(Thing::meter).is_some()
}

/// Everything one call needs to know, read at once.
struct Desk<'a> {
    rules: &'a Rules,
    /// The entry in the record of acts that the call will get.
    act: String,
    now: i64,
    today: Date,
    /// By fingerprint: account, hash of what was sent, and the answer.
    used: HashMap<String, (String, String, ActivityReceipt)>,
    /// By the fingerprint of a meter's day whose act is void without a gram left: the fingerprint that the day has for other accounts.
    again: HashMap<String, String>,
    tallies: HashMap<(String, String, String), Counter>,
    touched: BTreeSet<(String, String, String)>,
    trips: HashMap<String, Vec<Trip>>,
    /// Whose records of a day count, by account, scene and day: providers, the person as an empty text.
    sources: HashMap<(String, String, String), BTreeSet<String>>,
    totals: HashMap<String, i64>,
    /// The line of one act that a scene has of its own.
    lines: HashMap<&'static str, Option<i64>>,
    /// Looks of photos that were shown before.
    looks: BTreeSet<String>,
    /// Looks of the photos taken in now: look, account, act.
    shown: Vec<(String, String, String)>,
    rates: HashMap<(&'static str, String, Date, &'static str, bool), Option<Rate>>,
    /// Taken in and not yet given away to be written.
    rows: Vec<ActivityRow>,
    superseded: Vec<(String, String)>,
}

impl<'a> Desk<'a> {
    async fn open(
        tx: &mut Tx,
        rules: &'a Rules,
        incoming: &[(usize, Incoming)],
    ) -> Result<Self, Error> {
        let accounts: Vec<String> = incoming
            .iter()
            .map(|(_, one)| one.account.id.clone())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let days: BTreeSet<Date> = incoming.iter().map(|(_, one)| one.day).collect();
        let periods: Vec<String> = days
            .iter()
            .flat_map(|day| periods_of(*day))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let fingerprints: Vec<String> = incoming
            .iter()
            .flat_map(|(_, one)| [Some(one.fingerprint.clone()), one.older.clone()])
            .flatten()
            .collect();
        let mut desk = Self {
            rules,
            act: tx.act.clone(),
            now: tx.at.0,
            today: tx.at.beijing_date(),
            used: HashMap::new(),
            again: HashMap::new(),
            tallies: HashMap::new(),
            touched: BTreeSet::new(),
            trips: HashMap::new(),
            sources: HashMap::new(),
            totals: HashMap::new(),
            lines: HashMap::new(),
            looks: BTreeSet::new(),
            shown: Vec::new(),
            rates: HashMap::new(),
            rows: Vec::new(),
            superseded: Vec::new(),
        };
        desk.look_up(tx, incoming, fingerprints).await?;
        for (account, scene, period, acts, quantity) in
            store::tallies(tx.connection(), &accounts, &periods).await?
        {
            let counter = Counter {
                acts,
                quantity,
                is_kept: true,
            };
            desk.tallies.insert((account, scene, period), counter);
        }
        if let (Some(first), Some(last)) = (days.first(), days.last()) {
            let first = days_after(*first, -1).to_string();
            let last = days_after(*last, 1).to_string();
            for row in store::trips(tx.connection(), &accounts, &first, &last).await? {
                let is_proven = row.evidence != Evidence::T4.code();
                let kind = scenes::scene_known(&rules.set, &row.scene)
                    .and_then(|scene| TripKind::of(scene, is_proven, row.mg));
                let Some(kind) = kind else { continue };
                desk.trips.entry(row.account_id).or_default().push(Trip {
                    activity: row.id,
                    from: row.started_at,
                    to: row.ended_at,
                    precedence: row.precedence,
                    replaceable: row.state != "settled",
                    kind,
                });
            }
        }
        let of_days = |one: &Incoming| travel_record(one.scene) == TravelRecord::Day;
        if incoming.iter().any(|(_, one)| of_days(one)) {
            let days: Vec<String> = days.iter().map(ToString::to_string).collect();
            let found = store::sources(tx.connection(), &accounts, &days, &DAY_RECORDS).await?;
            for (account, scene, day, provider) in found {
                let sources = desk.sources.entry((account, scene, day)).or_default();
                sources.insert(provider);
            }
        }
        for look in incoming.iter().filter_map(|(_, one)| one.look.as_ref()) {
            if store::look_shown(tx.connection(), look).await? {
                desk.looks.insert(look.clone());
            }
        }
        for (account, _, mg) in ledger::balances(tx.connection(), &accounts).await? {
            *desk.totals.entry(account).or_default() += mg;
        }
        Ok(desk)
    }

    /// Reads which fingerprints are used. The day of a meter whose act was found to be void is asked for once more under another one: a
    /// stranger's record must not take the day from the account that the meter belongs to. Grams that could not be taken back keep it.
    async fn look_up(
        &mut self,
        tx: &mut Tx,
        incoming: &[(usize, Incoming)],
        fingerprints: Vec<String>,
    ) -> Result<(), Error> {
        let of_meters = incoming.iter().filter(|(_, one)| is_metered(one));
        let mut meter_days: BTreeSet<String> = of_meters
            .flat_map(|(_, one)| [Some(one.fingerprint.clone()), one.older.clone()])
            .flatten()
            .collect();
        let mut asked = fingerprints;
        while !asked.is_empty() {
            let found = store::fingerprints_used(tx.connection(), &asked).await?;
            asked.clear();
            for row in found {
                let status = ActivityStatus::from_code(&row.state)
                    .ok_or_else(|| Error::Store(format!("activity state {}", row.state)))?;
                if status == ActivityStatus::Void
                    && meter_days.contains(&row.fingerprint)
                    && ledger::is_gone(tx.connection(), &row.account_id, &row.activity_id).await?
                {
                    let again = day_after_void(&row.activity_id, &row.fingerprint);
                    meter_days.insert(again.clone());
                    asked.push(again.clone());
                    self.again.insert(row.fingerprint.clone(), again);
                }
                let known = ActivityReceipt {
                    activity: row.activity_id,
                    mg: row.mg,
                    activity_points: row.activity_points,
                    status,
                    reason: row.reason,
                    known: true,
                };
                self.used
                    .insert(row.fingerprint, (row.account_id, row.body_hash, known));
            }
        }
        Ok(())
    }

    /// Gives the record of a meter's day the fingerprint that the day has for its account: another one for each act of somebody else that
    /// turned out to be void.
    fn pass_void_ones(&self, one: &mut Incoming) {
        let older = one.older.as_ref().filter(|older| {
            !self.used.contains_key(&one.fingerprint) && self.used.contains_key(*older)
        });
        let mut at = older.unwrap_or(&one.fingerprint);
        let mut passed = false;
        while let (Some(again), Some((account, ..))) = (self.again.get(at), self.used.get(at)) {
            if *account == one.account.id {
                break;
            }
            (at, passed) = (again, true);
        }
        if passed {
            one.fingerprint = at.clone();
            one.older = None;
        }
    }

    /// Decides about acts until as many are taken in as are written at once; answers with them. None are left when it answers with none.
    fn judge(
        &mut self,
        incoming: &mut impl Iterator<Item = (usize, Incoming)>,
        things: &mut Things,
        answers: &mut Answers,
    ) -> Vec<ActivityRow> {
        while self.rows.len() < store::AT_ONCE
            && let Some((number, one)) = incoming.next()
        {
            answers.push((number, self.take(one, things)));
        }
        std::mem::take(&mut self.rows)
    }

    /// Decides about one act.
    fn take(
        &mut self,
        mut one: Incoming,
        things: &mut Things,
    ) -> Result<ActivityReceipt, Vec<Refusal>> {
        self.pass_void_ones(&mut one);
        if let Some(known) = self.check_used(&one)? {
            return Ok(known);
        }
        if one.restores.is_none() {
            self.check_when(&one).map_err(|refusal| vec![refusal])?;
        }
        let claim = things.check(&one).map_err(|refusal| vec![refusal])?;
        self.check_photos(&one).map_err(|refusal| vec![refusal])?;
        self.check_trip(&one).map_err(|refusal| vec![refusal])?;
        let before = self.before(&one);
        let counted = self.count(&one, &before)?;
        // what a trip may do to others depends on its grams
        let give_way = self.check_overlap(&one, counted.mg);
        let give_way = give_way.map_err(|refusal| vec![refusal])?;
        // somebody has looked at what is credited anew
        let reason = match one.restores {
            Some(_) => None,
            None => self.review(&one, counted.mg),
        };
        let answer = self.enter(one, counted, reason, give_way);
        if let Some(claim) = claim {
            things.claim(claim, &answer.activity);
        }
        Ok(answer)
    }

    /// So many acts of a day may be shown by photos: somebody may have to look at every one.
    fn check_photos(&self, one: &Incoming) -> Result<(), Refusal> {
        let most = self.rules.guards.photo_day_acts;
        let shown = self.tallied(one, PHOTO, Period::Day).acts;
        if by_photo(one) && one.restores.is_none() && shown >= most {
            return Err(Refusal::new(codes::PHOTO_LIMIT)
                .at("photo")
                .with("max", most));
        }
        Ok(())
    }

    /// What an account had counted of a sum in the period of an act.
    fn tallied(&self, one: &Incoming, sum: &str, period: Period) -> Counter {
        let key = (
            one.account.id.clone(),
            sum.to_owned(),
            period_of(one.day, period),
        );
        self.tallies.get(&key).copied().unwrap_or_default()
    }

    /// The answer given before, if the same record comes again; refused if it comes as something else, or for somebody else.
    fn check_used(&self, one: &Incoming) -> Result<Option<ActivityReceipt>, Vec<Refusal>> {
        let duplicate = || vec![Refusal::new(codes::ACTIVITY_DUPLICATE)];
        let older = || one.older.as_ref().and_then(|older| self.used.get(older));
        let Some((account, body, known)) = self.used.get(&one.fingerprint).or_else(older) else {
            return Ok(None);
        };
        // a photo proves one act: the same one again is no question of a lost answer
        if *account != one.account.id || *body != one.body_hash || one.provider.is_empty() {
            return Err(duplicate());
        }
        Ok(Some(known.clone()))
    }

    fn check_when(&self, one: &Incoming) -> Result<(), Refusal> {
        let ends = one.times.map_or(0, |(_, to)| to);
        if one.day > self.today || ends > self.now + CLOCK_SECONDS {
            return Err(Refusal::new(codes::ACTIVITY_AHEAD).at("day"));
        }
        let days = self.rules.guards.late_days;
        if days_after(one.day, days) < self.today {
            return Err(Refusal::new(codes::ACTIVITY_TOO_LATE)
                .at("day")
                .with("days", days));
        }
        if one.day < one.since {
            return Err(Refusal::new(codes::ACTIVITY_BEFORE_CONSENT)
                .at("day")
                .with("since", one.since));
        }
        Ok(())
    }

    /// Its times, its source and its speed.
    fn check_trip(&self, one: &Incoming) -> Result<(), Refusal> {
        // a self-report has no gram that could be counted twice
        let record = match one.evidence {
            Evidence::T4 => TravelRecord::NotCounted,
            _ => travel_record(one.scene),
        };
        let source = (
            one.account.id.clone(),
            one.scene.code.to_owned(),
            one.day.to_string(),
        );
        let sources = self.sources.get(&source);
        if record == TravelRecord::Day
            && sources.is_some_and(|all| all.iter().any(|other| *other != one.provider))
        {
            return Err(Refusal::new(codes::DAY_OF_ANOTHER_SOURCE));
        }
        let Some((from, to)) = one.times else {
            // what is credited anew was taken in under the rule of its day, and somebody has looked at it
            if record == TravelRecord::Trip && one.restores.is_none() {
                let field = if one.provider.is_empty() {
                    "started"
                } else {
                    "started_at"
                };
                return Err(Refusal::new(codes::TRIP_TIMES_REQUIRED).at(field));
            }
            return Ok(());
        };
        // a trip's own distance, or that of the car that was shared
        let kilometres = ["distance_km", "driven_km"]
            .into_iter()
            .find_map(|field| one.fields.get(field)?.parse::<Decimal>().ok());
        if let Some(kilometres) = kilometres {
            let set = &self.rules.set;
            check_speed(set, one.scene.code, one.day, kilometres, to - from)?;
        }
        Ok(())
    }

    /// The trips at the same time that give way to this one of so many milligrams.
    fn check_overlap(&self, one: &Incoming, mg: i64) -> Result<Vec<String>, Refusal> {
        let Some(trip) = trip_of(one, mg, String::new()) else {
            return Ok(Vec::new());
        };
        let others = self
            .trips
            .get(&one.account.id)
            .map_or(&[][..], Vec::as_slice);
        match overlap(&trip, others, self.rules.guards.overlap_seconds) {
            Overlap::Free => Ok(Vec::new()),
            Overlap::Replaces(others) => Ok(others),
            Overlap::Refused => Err(Refusal::new(codes::TRIP_OVERLAPS)),
            Overlap::StepsInTrip => Err(Refusal::new(codes::STEPS_IN_TRIP)),
        }
    }

    /// What the account had counted in this scene before.
    fn before(&self, one: &Incoming) -> Before {
        let scene = tally_scene(one.scene.code, one.evidence.code());
        let mut before = Before::default();
        for period in Period::ALL {
            let key = (
                one.account.id.clone(),
                scene.clone(),
                period_of(one.day, period),
            );
            let counter = self.tallies.get(&key).copied().unwrap_or_default();
            let tally = Tally {
                acts: u32::try_from(counter.acts).unwrap_or(u32::MAX),
                quantity: Decimal::new(counter.quantity, 4),
            };
            match period {
                Period::Day => before.day = tally,
                Period::Week => before.week = tally,
                Period::Month => before.month = tally,
                Period::Year => before.year = tally,
            }
        }
        before
    }

    /// The milligrams of an act: by a rate that is made once for many acts, or by the calculator where more than the amount decides. Both
    /// give the same digits; the audit runs the calculator on all of them.
    fn count(&mut self, one: &Incoming, before: &Before) -> Result<Counted, Vec<Refusal>> {
        let mut typed: BTreeMap<String, String> = one.fields.clone();
        for (name, value) in [
            ("day", one.day.to_string()),
            ("region", one.region.clone()),
            ("evidence", one.evidence.code().to_owned()),
        ] {
            typed.insert(name.to_owned(), value);
        }
        let mut input = methodologies::fields_to_json(&typed);
        if let Some(members) = input.as_object_mut() {
            members.insert("before".to_owned(), before.to_json());
        }
        let input_text = input.to_string();
        if let Some(counted) = self.by_rate(one, before, &input_text) {
            return Ok(counted);
        }
        let set = &self.rules.set;
        let act = scenes::act(one.scene.code, &input, set)
            .map_err(|errors| errors.into_iter().map(Refusal::from).collect::<Vec<_>>())?;
        Ok(Counted {
            quantity: act.quantity,
            credited: act.counted,
            mg: act.mg,
            certifiable: matches!(act.standing, Standing::Certifiable { .. }),
            input: input_text,
        })
    }

    fn by_rate(&mut self, one: &Incoming, before: &Before, input: &str) -> Option<Counted> {
        let field = amount_field(one.scene.measure);
        if one.fields.keys().any(|name| Some(name.as_str()) != field) {
            return None;
        }
        let amount = match field.and_then(|field| one.fields.get(field)) {
            Some(typed) => Some(
                typed
                    .parse::<Decimal>()
                    .ok()
                    .filter(|one| one.scale() <= 3)?,
            ),
            None => None,
        };
        let key = (
            one.scene.code,
            one.region.clone(),
            one.day,
            one.evidence.code(),
            amount.is_some() || one.scene.measure == Measure::Acts,
        );
        let set = &self.rules.set;
        let rate = self.rates.entry(key).or_insert_with_key(|key| {
            let (code, region, day, _, with_amount) = key;
            let made = if *with_amount {
                scenes::rate(code, region, *day, one.evidence, set)
            } else {
                scenes::rate_without_amount(code, region, *day, one.evidence, set)
            };
            made.ok().flatten()
        });
        let rate = rate.as_ref()?;
        let quantity = amount.unwrap_or(Decimal::ONE);
        if !rate.is_plausible(quantity) {
            return None;
        }
        let counted = rate.allowed(quantity, before).ok()?;
        Some(Counted {
            quantity,
            credited: counted,
            mg: rate.milligrams(counted).ok()?,
            certifiable: matches!(rate.standing, Standing::Certifiable { .. }),
            input: input.to_owned(),
        })
    }

    /// The line of one act that a scene has of its own.
    fn own_line(&mut self, scene: &Scene) -> Option<i64> {
        let (set, today) = (&self.rules.set, self.today);
        *self
            .lines
            .entry(scene.code)
            .or_insert_with(|| own_act_line(set, scene.code, today))
    }

    /// Why an act waits for somebody to look at it, if it does.
    fn review(&mut self, one: &Incoming, mg: i64) -> Option<&'static str> {
        let own = self.own_line(one.scene);
        let guards = &self.rules.guards;
        let opened = domain::Instant(one.account.opened_at).beijing_date();
        let is_new = self.today < days_after(opened, guards.new_account_days);
        let total = self.totals.get(&one.account.id).copied().unwrap_or(0);
        // whoever showed a document is known: one limit for both, and not a lower one
        let limit = |of_account: i64| match one.account.identity_level.as_str() {
            "real_name" => of_account.max(guards.real_name_mg),
            _ => of_account,
        };
        if is_new && mg > 0 && total.saturating_add(mg) > limit(guards.new_account_mg) {
            return Some("new_account");
        }
        let unconfirmed = one.account.contact == "phone_unconfirmed";
        if unconfirmed && mg > 0 && total.saturating_add(mg) > limit(guards.unconfirmed_mg) {
            return Some("unconfirmed");
        }
        let is_travel = one.scene.family == "travel";
        let sums = |sum: &str| {
            let of = |period| self.tallied(one, sum, period).quantity;
            (of(Period::Day), of(Period::Month))
        };
        let weighed = Weighed {
            mg,
            is_travel,
            by_photo: by_photo(one),
            family: sums(if is_travel { TRAVEL } else { OTHER }),
            photos: sums(PHOTO),
        };
        let seen = one.look.as_ref();
        let seen = seen.is_some_and(|look| mg > 0 && self.looks.contains(look));
        guards
            .line_crossed(weighed, own)
            .or(seen.then_some("photo_again"))
    }

    /// Notes the act, so that those behind it in the same call meet it.
    fn enter(
        &mut self,
        one: Incoming,
        counted: Counted,
        reason: Option<&'static str>,
        give_way: Vec<String>,
    ) -> ActivityReceipt {
        let id = new_id();
        let account = one.account.id.clone();
        if let Some(trips) = self.trips.get_mut(&account) {
            trips.retain(|trip| !give_way.contains(&trip.activity));
        }
        self.superseded
            .extend(give_way.into_iter().map(|other| (account.clone(), other)));
        self.tally(&one, &counted);
        if one.evidence != Evidence::T4 && travel_record(one.scene) == TravelRecord::Day {
            let source = (
                account.clone(),
                one.scene.code.to_owned(),
                one.day.to_string(),
            );
            let sources = self.sources.entry(source).or_default();
            sources.insert(one.provider.clone());
        }
        if let Some(trip) = trip_of(&one, counted.mg, id.clone()) {
            self.trips.entry(account.clone()).or_default().push(trip);
        }
        if let Some(look) = &one.look {
            self.looks.insert(look.clone());
            self.shown.push((look.clone(), account.clone(), id.clone()));
        }
        *self.totals.entry(account.clone()).or_default() += counted.mg;
        let takes_part =
            one.evidence == Evidence::T4 || matches!(one.scene.credit, Credit::Engagement { .. });
        let given = one.restores == Some(true);
        let activity_points = if takes_part && !given && counted.credited > Decimal::ZERO {
            self.rules.guards.engagement_points
        } else {
            0
        };
        let state = if reason.is_some() {
            ActivityStatus::Review
        } else {
            ActivityStatus::Pending
        };
        let reason = reason.or(one.waits.then_some("consent_renewal"));
        let answer = ActivityReceipt {
            activity: id.clone(),
            mg: counted.mg,
            activity_points,
            status: state,
            reason: reason.map(str::to_owned),
            known: false,
        };
        let known = ActivityReceipt {
            known: true,
            ..answer.clone()
        };
        self.used.insert(
            one.fingerprint.clone(),
            (account.clone(), one.body_hash.clone(), known),
        );
        let wait = if one.restores.is_some() {
            0
        } else {
            self.rules.guards.settlement_days
        };
        let settle_on = if one.waits {
            store::WAITS.to_owned()
        } else {
            days_after(self.today, wait).to_string()
        };
        self.rows.push(ActivityRow {
            account_id: account,
            id,
            scene: one.scene.code.to_owned(),
            source: if one.provider.is_empty() {
                "person"
            } else {
                "provider"
            }
            .to_owned(),
            provider_id: one.provider,
            fingerprint: one.fingerprint,
            body_hash: one.body_hash,
            evidence: one.evidence.code().to_owned(),
            evidence_file: one.evidence_file,
            day: one.day.to_string(),
            started_at: one.times.map(|(from, _)| from),
            ended_at: one.times.map(|(_, to)| to),
            precedence: one.precedence,
            region: one.region,
            quantity: counted.quantity.normalize().to_string(),
            counted: counted.credited.normalize().to_string(),
            certifiable: i64::from(counted.certifiable),
            mg: counted.mg,
            activity_points,
            campaign_id: one.campaign,
            consent_id: one.consent,
            parameter_set: i64::try_from(self.rules.set.set).unwrap_or(i64::MAX),
            input: counted.input,
            state: state.code().to_owned(),
            settle_on,
            reason: match one.restores {
                Some(_) => Some("restored".to_owned()),
                None => reason.map(str::to_owned),
            },
            appeal: None,
            received_at: self.now,
            act_id: self.act.clone(),
        });
        answer
    }

    /// Counts the act for the limits of day, week, month and year.
    fn tally(&mut self, one: &Incoming, counted: &Counted) {
        if counted.credited <= Decimal::ZERO {
            return;
        }
        let scene = tally_scene(one.scene.code, one.evidence.code());
        let has_own_line = self.own_line(one.scene).is_some();
        let sums = sums_for(one.scene.family == "travel", has_own_line, by_photo(one));
        for period in Period::ALL {
            let is_summed = matches!(period, Period::Day | Period::Month) && counted.mg > 0;
            let period = period_of(one.day, period);
            self.add(&one.account.id, &scene, &period, units(counted.credited));
            for sum in sums.into_iter().flatten().filter(|_| is_summed) {
                self.add(&one.account.id, sum, &period, counted.mg);
            }
        }
    }

    fn add(&mut self, account: &str, scene: &str, period: &str, quantity: i64) {
        let key = (account.to_owned(), scene.to_owned(), period.to_owned());
        let counter = self.tallies.entry(key.clone()).or_default();
        counter.acts += 1;
        counter.quantity = counter.quantity.saturating_add(quantity);
        self.touched.insert(key);
    }

    /// Writes what follows from the acts taken in, which are written already.
    async fn close(self, tx: &mut Tx, rows: &[ActivityRow]) -> Result<(), Error> {
        let (mut begun, mut grown) = (Vec::new(), Vec::new());
        for key in &self.touched {
            let Some(counter) = self.tallies.get(key) else {
                continue;
            };
            let rows = if counter.is_kept {
                &mut grown
            } else {
                &mut begun
            };
            let (account, scene, period) = key.clone();
            rows.push((account, scene, period, counter.acts, counter.quantity));
        }
        store::tallies_put(tx.connection(), &begun, &grown).await?;
        let fingerprints: Vec<_> = rows
            .iter()
            .map(|row| {
                (
                    row.fingerprint.as_str(),
                    row.account_id.as_str(),
                    row.id.as_str(),
                )
            })
            .collect();
        store::fingerprints_insert(tx.connection(), &fingerprints).await?;
        for (look, account, activity) in &self.shown {
            store::look_insert(tx.connection(), look, account, activity).await?;
        }
        let mut postings = Postings::default();
        for row in rows.iter().filter(|row| row.mg > 0) {
            postings.moves(
                tx,
                &lot_of(row),
                Place::Source,
                To::plain(Place::Pending),
                row.mg,
                "",
            );
        }
        let mut next = postings.next();
        postings.write(tx).await?;
        for (account, activity) in &self.superseded {
            let row = store::one(tx.connection(), account, activity).await?;
            let mut row = row.ok_or(Error::NotFound)?;
            let reason = if row.scene == STEPS {
                "steps_in_trip"
            } else {
                "better_record"
            };
            next = void(tx, &mut row, reason, next).await?;
        }
        Ok(())
    }
}

/// What an account had counted in a scene and a period.
#[derive(Clone, Copy, Default)]
struct Counter {
    acts: i64,
    quantity: i64,
    /// Whether there is a row of it.
    is_kept: bool,
}

/// An act of so many milligrams as a trip with its times, if it is one.
fn trip_of(one: &Incoming, mg: i64, activity: String) -> Option<Trip> {
    let (from, to) = one.times?;
    Some(Trip {
        activity,
        from,
        to,
        precedence: one.precedence,
        // what is behind it in the same call may still take its place
        replaceable: true,
        kind: TripKind::of(one.scene, one.evidence != Evidence::T4, mg)?,
    })
}

struct Counted {
    quantity: Decimal,
    credited: Decimal,
    mg: i64,
    certifiable: bool,
    input: String,
}

/// A lot as the part it begins as.
pub(super) fn lot_of(row: &ActivityRow) -> PartRow {
    PartRow {
        account_id: row.account_id.clone(),
        lot_id: row.id.clone(),
        place: Place::Source.code().to_owned(),
        place_ref: String::new(),
        day: row.day.clone(),
        certifiable: row.certifiable,
        campaign_id: row.campaign_id.clone(),
        mg: row.mg,
    }
}

pub(super) fn receipt(row: &ActivityRow, known: bool) -> Result<ActivityReceipt, Error> {
    Ok(ActivityReceipt {
        activity: row.id.clone(),
        mg: row.mg,
        activity_points: row.activity_points,
        status: ActivityStatus::from_code(&row.state)
            .ok_or_else(|| Error::Store(format!("activity state {}", row.state)))?,
        reason: row.reason.clone(),
        known,
    })
}

/// The place of a stored code.
pub(super) fn place_of(code: &str) -> Result<Place, Error> {
    Place::from_code(code).ok_or_else(|| Error::Store(format!("place {code}")))
}

/// The amount of a scene, where one number is all it takes.
pub(super) fn amount_field(measure: Measure) -> Option<&'static str> {
    match measure {
        Measure::Acts => None,
        Measure::Kilometres => Some("distance_km"),
        Measure::Kilograms => Some("mass_kg"),
        Measure::Tonnes => Some("water_t"),
        Measure::KilowattHours => Some("energy_kwh"),
        Measure::Sheets => Some("sheets"),
        Measure::Steps => Some("steps"),
    }
}

/// Whether only a photo or receipt that the person handed in shows an act.
fn by_photo(one: &Incoming) -> bool {
    one.evidence == Evidence::T3 && one.provider.is_empty()
}

/// The sums by day and month that an act goes into beside those of its scene: all travel or everything else, and what only photos show.
/// A scene with a line of its own for one act goes into neither of the first two.
fn sums_for(is_travel: bool, has_own_line: bool, by_photo: bool) -> [Option<&'static str>; 2] {
    let of_all = if is_travel { TRAVEL } else { OTHER };
    [(!has_own_line).then_some(of_all), by_photo.then_some(PHOTO)]
}

/// The sums that an act went into.
fn sums_of(row: &ActivityRow, day: Date, set: &Parameters) -> [Option<&'static str>; 2] {
    let known = scenes::scene_known(set, &row.scene);
    let is_travel = known.is_some_and(|scene| scene.family == "travel");
    let has_own_line = own_act_line(Parameters::BUILT_IN, &row.scene, day).is_some();
    let by_photo = row.evidence == Evidence::T3.code() && row.source == "person";
    sums_for(is_travel, has_own_line, by_photo)
}

/// What is reported without evidence has limits of its own, so that it takes nothing away from what is proven.
pub(super) fn tally_scene(scene: &str, evidence: &str) -> String {
    if evidence == Evidence::T4.code() {
        format!("{scene}#self")
    } else {
        scene.to_owned()
    }
}

fn period_of(day: Date, period: Period) -> String {
    match period {
        Period::Day => day.to_string(),
        Period::Week => {
            let (year, week, _) = day.to_iso_week_date();
            format!("{year:04}-W{week:02}")
        }
        Period::Month => format!("{:04}-{:02}", day.year(), u8::from(day.month())),
        Period::Year => format!("{:04}", day.year()),
    }
}

/// The periods that a day is in, shortest first.
pub(super) fn periods_of(day: Date) -> Vec<String> {
    Period::ALL
        .iter()
        .map(|period| period_of(day, *period))
        .collect()
}

/// A quantity in ten-thousandths, rounded up.
pub(super) fn units(quantity: Decimal) -> i64 {
    quantity
        .saturating_mul(Decimal::from(10_000))
        .ceil()
        .to_i64()
        .unwrap_or(i64::MAX)
}

/// The act as the calculator gives it again from what was stored.
pub(super) fn again(row: &ActivityRow, set: &Parameters) -> Option<scenes::Act> {
    let input: Value = serde_json::from_str(&row.input).ok()?;
    scenes::act(&row.scene, &input, set).ok()
}

/// Points of taking part, when an act is settled.
pub(super) const PARTICIPATION: (PointUnit, (PointPlace, PointPlace)) = (
    PointUnit::Activity,
    (PointPlace::Mint, PointPlace::Available),
);
