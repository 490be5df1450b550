//! What the operator decides about acts of persons, each time with a code; appeals, and what is credited anew after one.

use domain::inclusion::Decision;
use domain::inclusion::review::{OTHER, read_reason};
use domain::refusal::codes;
use domain::text::required_text;
use domain::{Act, Instant, Refusal};
use methodologies::Parameters;
use methodologies::inclusion::{self as scenes, Evidence, Unique};
use serde_json::Value;

use super::activity::{ActivityReceipt, Incoming, OURS, admit, day_after_void, receipt, void};
use super::thing::{Thing, release_meters};
use super::view::{ActivityView, operator_only, view};
use super::{Rules, about_person, day_of, days_after, open_account};
use crate::perform::{Deed, Tx, hash, perform};
use crate::store::inclusion::activity::{self as store, ActivityRow};
use crate::store::inclusion::desk::{self, NewDecision};
use crate::store::inclusion::person::{self as people, AccountRow};
use crate::{By, Error, Fields, Page, PageRequest, Registry};

impl Registry {
    /// The person objects to an act that waits, or once to one that was declared void. Reads `text`. Refused `appeal_too_late` after the
    /// days for it, counted from when it became void (by a decision, or because a later record took it away), and `appeal_made` the second
    /// time.
    pub async fn activity_appeal(
        &self,
        by: &By,
        activity: &str,
        fields: &Fields,
    ) -> Result<ActivityReceipt, Error> {
        let deed = Deed::by(Act::ActivityAppeal, by, &(activity, fields))?;
        let text = required_text("text", fields.get("text").map_or("", String::as_str), 500)?;
        perform!(self, deed, |tx| {
            let account = by.organisation.as_str();
            let row = store::one(tx.connection(), account, activity).await?;
            let row = row.ok_or(Error::NotFound)?;
            if !matches!(row.state.as_str(), "review" | "void") {
                return Err(does_not_allow(&row).into());
            }
            let today = tx.at.beijing_date();
            let rules = Rules::on(tx.connection(), today).await?;
            let voided = store::voided_at(tx.connection(), account, activity).await?;
            let since = Instant(voided.unwrap_or(row.received_at)).beijing_date();
            // one that waits has no such day; neither have those of before it was noted, which had no gram and were not settled
            let wait = if voided.is_some() {
                0
            } else {
                rules.guards.settlement_days
            };
            if days_after(since, rules.guards.appeal_days + wait) < today {
                return Err(Refusal::new(codes::APPEAL_TOO_LATE)
                    .with("days", rules.guards.appeal_days)
                    .into());
            }
            if row.state == "void" {
                let made = desk::appeal(tx.connection(), account, activity).await?;
                if made.is_some() {
                    return Err(Refusal::new(codes::APPEAL_MADE).into());
                }
                let (at, act) = (tx.at.0, tx.act.clone());
                desk::appeal_insert(tx.connection(), account, activity, &text, at, &act).await?;
            }
            store::set_appeal(tx.connection(), account, activity, &text).await?;
            Ok(about_person(account, None, receipt(&row, false)?))
        })
    }

    /// The operator lets an act in review count: it is settled as all others are. `about`: account and act with a dot between them.
    /// Reads `code`, one of [`Decision::reasons`], and `reason`, words that are needed where the code is `other`.
    pub async fn activity_release(
        &self,
        by: &By,
        about: &str,
        fields: &Fields,
    ) -> Result<ActivityReceipt, Error> {
        let deed = Deed::by(Act::ActivityRelease, by, &(about, fields))?;
        let why = Why::read(Decision::Release, fields)?;
        perform!(self, deed, |tx| {
            let mut row = decided(tx, about).await?;
            if row.state != "review" {
                return Err(does_not_allow(&row).into());
            }
            "pending".clone_into(&mut row.state);
            // what waits for its person's consent as well goes on waiting
            let waits = row.settle_on == store::WAITS;
            row.reason = waits.then(|| "consent_renewal".to_owned());
            let reason = row.reason.clone();
            let (account, id) = (&row.account_id, &row.id);
            store::set_state(tx.connection(), account, id, &row.state, reason.as_deref()).await?;
            why.enter(tx, &row).await?;
            let answer = receipt(&row, false)?;
            Ok(about_person(&row.account_id, Some(why.shown()), answer))
        })
    }

    /// The operator declares an act void, with a reason the person sees. After its settlement its grams are taken back from wherever they
    /// still are, and its points with them (what was spent becomes a debt). Refused while part of it is in a batch. With `suspend` (`yes`)
    /// the account is suspended as well. `about` and the reason as in [`Registry::activity_release`].
    pub async fn activity_void(
        &self,
        by: &By,
        about: &str,
        fields: &Fields,
    ) -> Result<ActivityReceipt, Error> {
        let deed = Deed::by(Act::ActivityVoid, by, &(about, fields))?;
        let why = Why::read(Decision::Void, fields)?;
        let is_ticked = |field: &str| fields.get(field).map(String::as_str) == Some("yes");
        let (suspend, meter) = (is_ticked("suspend"), is_ticked("meter"));
        perform!(self, deed, |tx| {
            let mut row = decided(tx, about).await?;
            void(tx, &mut row, &why.shown(), 0).await?;
            why.enter(tx, &row).await?;
            if meter {
                let (account, scene) = (row.account_id.clone(), row.scene.clone());
                release_meters(tx, &account, Some(&scene), None).await?;
            }
            if suspend {
                let today = tx.at.beijing_date();
                let rules = Rules::on(tx.connection(), today).await?;
                let until = days_after(today, rules.guards.suspension_days).to_string();
                people::account_suspend(tx.connection(), &row.account_id, &until).await?;
            }
            let answer = receipt(&row, false)?;
            Ok(about_person(&row.account_id, Some(why.shown()), answer))
        })
    }

    /// The operator grants an appeal. What is void stays void; the act is credited anew, as another act with postings of its own, once:
    /// under the limits as they are used now, with the numbers in force, and settled on the same day. With `lift` (`yes`) a suspension of
    /// the account ends. Refused `appeal_not_open`, and `trip_overlaps` while a better record of the same trip counts. `about` and the
    /// reason as in [`Registry::activity_release`].
    pub async fn activity_restore(
        &self,
        by: &By,
        about: &str,
        fields: &Fields,
    ) -> Result<ActivityReceipt, Error> {
        let deed = Deed::by(Act::ActivityRestore, by, &(about, fields))?;
        let why = Why::read(Decision::Restore, fields)?;
        let lift = fields.get("lift").map(String::as_str) == Some("yes");
        perform!(self, deed, |tx| {
            let row = decided(tx, about).await?;
            check_appealed(tx, &row).await?;
            if lift {
                desk::suspension_lift(tx.connection(), &row.account_id).await?;
            }
            let account = open_account(tx.connection(), &row.account_id).await?;
            let today = tx.at.beijing_date();
            let rules = Rules::on(tx.connection(), today).await?;
            let took_part = desk::took_part(tx.connection(), &row.account_id, &row.id).await?;
            let mut incoming = anew(&rules.set, account, &row, took_part)?;
            incoming.thing = Thing::of_void(tx, incoming.scene, &row).await?;
            let mut answers = admit(tx, &rules, vec![(0, incoming)]).await?;
            let (_, answer) = answers
                .pop()
                .ok_or_else(|| Error::Store("an act without an answer".to_owned()))?;
            let answer = answer?;
            let (restored, at) = (Some(answer.activity.as_str()), tx.at.0);
            let (account, id) = (&row.account_id, &row.id);
            desk::appeal_decide(tx.connection(), account, id, "granted", restored, at).await?;
            why.enter(tx, &row).await?;
            Ok(about_person(&row.account_id, Some(why.shown()), answer))
        })
    }

    /// The operator refuses an appeal: the act stays void. `about` and the reason as in [`Registry::activity_release`].
    pub async fn activity_uphold(
        &self,
        by: &By,
        about: &str,
        fields: &Fields,
    ) -> Result<ActivityReceipt, Error> {
        let deed = Deed::by(Act::ActivityUphold, by, &(about, fields))?;
        let why = Why::read(Decision::Uphold, fields)?;
        perform!(self, deed, |tx| {
            let row = decided(tx, about).await?;
            check_appealed(tx, &row).await?;
            let (account, id, at) = (&row.account_id, &row.id, tx.at.0);
            desk::appeal_decide(tx.connection(), account, id, "upheld", None, at).await?;
            why.enter(tx, &row).await?;
            let answer = receipt(&row, false)?;
            Ok(about_person(&row.account_id, Some(why.shown()), answer))
        })
    }

    /// What became of the appeal against an act of the viewer: `open`, `granted` with the act that took its place, `upheld`; `None` where
    /// nobody objected.
    pub async fn activity_appeal_of(
        &self,
        by: &By,
        activity: &str,
    ) -> Result<Option<(String, Option<String>)>, Error> {
        let mut connection = self.store.read().await?;
        let found = desk::appeal(&mut connection, by.organisation.as_str(), activity).await?;
        Ok(found.map(|row| (row.state, row.restored_id)))
    }

    /// The acts in review, oldest first. Whose they are is not shown.
    pub async fn activities_in_review(
        &self,
        by: &By,
        page: &PageRequest,
    ) -> Result<Page<ActivityView>, Error> {
        operator_only(by)?;
        let mut connection = self.store.read().await?;
        let rows = store::in_review(&mut connection, after(page), page.rows() + 1).await?;
        let names = people::providers(&mut connection).await?;
        views(rows, &names, page)
    }

    /// The void acts that somebody objects to, oldest first. Whose they are is not shown.
    pub async fn activities_appealed(
        &self,
        by: &By,
        page: &PageRequest,
    ) -> Result<Page<ActivityView>, Error> {
        operator_only(by)?;
        let mut connection = self.store.read().await?;
        let rows = store::appealed(&mut connection, after(page), page.rows() + 1).await?;
        let names = people::providers(&mut connection).await?;
        views(rows, &names, page)
    }
}

/// Why an operator decided: a code and words.
struct Why {
    decision: Decision,
    code: &'static str,
    note: String,
}

impl Why {
    fn read(decision: Decision, fields: &Fields) -> Result<Self, Refusal> {
        let typed = |field: &str| fields.get(field).map_or("", String::as_str);
        let (code, note) = read_reason(decision, typed("code"), typed("reason"))?;
        Ok(Self {
            decision,
            code,
            note,
        })
    }

    /// What the person is shown: the words alone under `other`, the code otherwise, with `: ` and the words behind it if there are any.
    fn shown(&self) -> String {
        match (self.code, self.note.as_str()) {
            (OTHER, note) => note.to_owned(),
            (code, "") => code.to_owned(),
            (code, note) => format!("{code}: {note}"),
        }
    }

    async fn enter(&self, tx: &mut Tx, row: &ActivityRow) -> Result<(), Error> {
        let act_id = tx.act.clone();
        let new = NewDecision {
            account: &row.account_id,
            activity: &row.id,
            decision: self.decision.code(),
            code: self.code,
            note: &self.note,
            at: tx.at.0,
            act_id: &act_id,
        };
        desk::decision_insert(tx.connection(), &new).await?;
        Ok(())
    }
}

/// The key that a page of oldest first begins after.
fn after(page: &PageRequest) -> &str {
    let key = page.after.as_deref().unwrap_or("");
    if key.len() == 36 { key } else { "" }
}

fn views(
    rows: Vec<ActivityRow>,
    names: &[people::ProviderRow],
    page: &PageRequest,
) -> Result<Page<ActivityView>, Error> {
    let rows: Result<Vec<_>, Error> = rows
        .into_iter()
        .map(|row| view(format!("{}.{}", row.account_id, row.id), row, names))
        .collect();
    Ok(Page::cut(rows?, page.rows(), |row| row.id.clone()))
}

pub(super) fn does_not_allow(row: &ActivityRow) -> Refusal {
    Refusal::new(codes::ACTIVITY_DOES_NOT_ALLOW).with("state", &row.state)
}

/// The act that an operator decides about.
async fn decided(tx: &mut Tx, about: &str) -> Result<ActivityRow, Error> {
    let (account, activity) = about.split_once('.').ok_or(Error::NotFound)?;
    let row = store::one(tx.connection(), account, activity).await?;
    row.ok_or(Error::NotFound)
}

async fn check_appealed(tx: &mut Tx, row: &ActivityRow) -> Result<(), Error> {
    let appeal = desk::appeal(tx.connection(), &row.account_id, &row.id).await?;
    if row.state == "void" && appeal.is_some_and(|appeal| appeal.state == "open") {
        Ok(())
    } else {
        Err(Refusal::new(codes::APPEAL_NOT_OPEN).into())
    }
}

/// A void act as it comes in again. Its fingerprint is made of the void one, so that the database takes it once; for the day of a meter it is
/// the one that the day has for others by now, so that the day is given once as well.
fn anew(
    set: &Parameters,
    account: AccountRow,
    row: &ActivityRow,
    took_part: bool,
) -> Result<Incoming, Error> {
    let stored = |what: &str| Error::Store(format!("{what} of {}", row.id));
    let input: Value = serde_json::from_str(&row.input).map_err(|_| stored("input"))?;
    let mut fields = Fields::new();
    for (name, value) in input.as_object().into_iter().flatten() {
        if !OURS.contains(&name.as_str()) && name != "before" {
            flatten(name, value, &mut fields);
        }
    }
    let evidence = Evidence::ALL
        .into_iter()
        .find(|one| one.code() == row.evidence)
        .ok_or_else(|| stored("evidence"))?;
    let scene = scenes::scene_known(set, &row.scene).ok_or_else(|| stored("scene"))?;
    let fingerprint = if scene.unique == Some(Unique::Meter) && row.source == "provider" {
        day_after_void(&row.id, &row.fingerprint)
    } else {
        hash(&["restored", &row.account_id, &row.id])
    };
    Ok(Incoming {
        account,
        consent: row.consent_id.clone(),
        waits: false,
        scene,
        provider: row.provider_id.clone(),
        fingerprint,
        older: None,
        since: day_of(&row.day)?,
        body_hash: row.body_hash.clone(),
        evidence,
        evidence_file: row.evidence_file.clone(),
        day: day_of(&row.day)?,
        times: row.started_at.zip(row.ended_at),
        precedence: row.precedence,
        region: row.region.clone(),
        fields,
        campaign: row.campaign_id.clone(),
        thing: None,
        look: None,
        restores: Some(took_part),
    })
}

/// Nested values as the dotted names of a form.
fn flatten(name: &str, value: &Value, fields: &mut Fields) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                flatten(&format!("{name}.{member}"), value, fields);
            }
        }
        Value::Array(items) => {
            for (at, value) in items.iter().enumerate() {
                flatten(&format!("{name}.{at}"), value, fields);
            }
        }
        Value::String(text) => {
            fields.insert(name.to_owned(), text.clone());
        }
        Value::Null => {}
        other => {
            fields.insert(name.to_owned(), other.to_string());
        }
    }
}
