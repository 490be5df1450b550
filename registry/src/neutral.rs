//! Claims of neutrality of an organisation in a period, and of a product: what they say, the retirements that cover them, their versions.
//!
//! [`domain::neutral`] decides what may happen. A version can only be published from a figure that retirements cover; a retirement covers
//! one claim, whole. The database keeps both.

use domain::ledger::{ClassDemand, PURPOSE_TEXT_MAX, RetirementRequest};
use domain::neutral::{NEUTRAL_ROWS, NeutralProfile, NeutralState, NeutralStep, check_neutral};
use domain::refusal::codes;
use domain::{Act, Instant, Refusal};
use serde::{Deserialize, Serialize};

use crate::credits::{RetiredCredits, retire_together};
use crate::event::check_not_given;
use crate::number::{neutral_number, read_retirement_number};
use crate::order;
use crate::perform::{Deed, Done, Tx, new_id, perform};
use crate::record::{fields_of, json_of, reason};
use crate::store::neutral::{self as store, ClaimRow, NewUnit, NewVersion, UnitRow};
use crate::store::{event, ledger, people};
use crate::{By, Error, Fields, Page, PageRequest, Registry};

/// The answer to an act on a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NeutralReceipt {
    /// The claim.
    pub id: String,
    /// Its number, `N2026-000001-7`.
    pub number: String,
    /// Its state after the act, a code of [`NeutralState`].
    pub state: String,
    /// Number of the retirement that the act made or entered.
    pub retirement: Option<String>,
}

/// A claim in the list of its organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NeutralListRow {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: String,
    /// The code of its `NeutralKind`.
    pub kind: String,
    /// Its subject.
    pub name: String,
    /// First day of its period, `YYYY-MM-DD`.
    pub starts_on: String,
    /// Last day.
    pub ends_on: String,
    /// Its state.
    pub state: NeutralState,
    /// Whole tonnes to retire: the footprint, rounded up.
    pub tonnes: i64,
    /// Published versions.
    pub version: i64,
}

/// A retirement that covers a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NeutralUnitView {
    /// The certificate's number.
    pub number: String,
    /// Whose credits they were.
    pub holder: String,
    /// Tonnes retired.
    pub tonnes: i64,
    /// Those that count: all but carbon inclusion that no provincial or higher authority recognised.
    pub counted_tonnes: i64,
    /// The day, `YYYY-MM-DD`.
    pub retired_on: String,
}

/// What stands for a published version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NeutralContent {
    /// What it said, as typed.
    pub profile: Fields,
    /// The retirements.
    pub units: Vec<NeutralUnitView>,
}

/// Everything about a claim, for its organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NeutralView {
    /// The row of the list.
    pub row: NeutralListRow,
    /// What it says, as typed.
    pub fields: Fields,
    /// The retirements.
    pub units: Vec<NeutralUnitView>,
    /// Tonnes that count.
    pub covered_tonnes: i64,
    /// Why it was opened for a correction, or withdrawn.
    pub reason: Option<String>,
    /// What may be done now.
    pub allowed: Vec<Act>,
}

impl Registry {
    /// The claims of the viewer's organisation, newest first.
    pub async fn neutral_list(
        &self,
        by: &By,
        page: &PageRequest,
    ) -> Result<Page<NeutralListRow>, Error> {
        Deed::check_role(Act::NeutralCreate, by)?;
        let mut connection = self.store.read().await?;
        let me = by.organisation.as_str();
        let rows =
            store::of_organisation(&mut connection, me, page.before(), page.rows() + 1).await?;
        let rows: Result<Vec<_>, Error> = rows.iter().map(list_row).collect();
        Ok(Page::cut(rows?, page.rows(), |row| row.id.clone()))
    }

    /// Everything about a claim of the own organisation.
    pub async fn neutral_get(&self, by: &By, claim: &str) -> Result<NeutralView, Error> {
        Deed::check_role(Act::NeutralCreate, by)?;
        let mut connection = self.store.read().await?;
        let row = store::by_id(&mut connection, claim).await?;
        let row = row
            .filter(|row| row.organisation_id == by.organisation.as_str())
            .ok_or(Error::NotFound)?;
        let units = unit_views(&store::units(&mut connection, &row.id).await?);
        let list = list_row(&row)?;
        let allowed = ACTS_OF_STEPS
            .iter()
            .filter(|(step, _)| {
                NEUTRAL_ROWS
                    .iter()
                    .any(|(from, known, _)| *from == list.state && known == step)
            })
            .map(|(_, act)| *act)
            .collect();
        Ok(NeutralView {
            fields: fields_of(&row.profile)?,
            covered_tonnes: counted(&units),
            units,
            reason: row.reason,
            allowed,
            row: list,
        })
    }

    /// Begins a claim. Reads what [`NeutralProfile::read`] reads.
    pub async fn neutral_create(&self, by: &By, fields: &Fields) -> Result<NeutralReceipt, Error> {
        let deed = Deed::by(Act::NeutralCreate, by, &fields)?;
        let profile = NeutralProfile::read(fields)?;
        perform!(self, deed, |tx| {
            let year = tx.at.beijing_date().year();
            let counter = format!("neutral-{year}");
            let sequence = people::counter_next(tx.connection(), &counter).await?;
            let mut row = ClaimRow {
                id: new_id(),
                number: neutral_number(year, sequence),
                organisation_id: by.organisation.to_string(),
                state: NeutralState::Draft.code().to_owned(),
                at: tx.at.0,
                ..ClaimRow::default()
            };
            write_profile(&mut row, &profile, fields)?;
            let act = tx.act.clone();
            store::insert(tx.connection(), &row, &act).await?;
            Ok(done(&row, None))
        })
    }

    /// Keeps what a claim says. Once a version was published its subject and period stay (`neutral_subject_fixed`); once a retirement
    /// covers it, its kind does, because the purpose of the retirement is the kind.
    pub async fn neutral_save(
        &self,
        by: &By,
        claim: &str,
        fields: &Fields,
    ) -> Result<NeutralReceipt, Error> {
        let deed = Deed::by(Act::NeutralSave, by, &(claim, fields))?;
        let profile = NeutralProfile::read(fields)?;
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, claim).await?;
            step(&mut row, NeutralStep::Save, 0)?;
            if row.version > 0 {
                profile.check_same_subject(&profile_of(&row)?)?;
            }
            let covered = !store::units(tx.connection(), &row.id).await?.is_empty();
            if covered && row.kind != profile.kind.code() {
                return Err(Refusal::new(codes::NEUTRAL_SUBJECT_FIXED).at("kind").into());
            }
            write_profile(&mut row, &profile, fields)?;
            store::save(tx.connection(), &row).await?;
            Ok(done(&row, None))
        })
    }

    /// Enters a retirement of this ledger by its number, in `reference`. Its purpose must be the kind of the claim, and its text must name
    /// the claim; whose credits they were does not matter. It stays with the claim.
    pub async fn neutral_retirement_add(
        &self,
        by: &By,
        claim: &str,
        fields: &Fields,
    ) -> Result<NeutralReceipt, Error> {
        let deed = Deed::by(Act::NeutralRetirementAdd, by, &(claim, fields))?;
        let typed = fields.get("reference").map_or("", String::as_str);
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, claim).await?;
            step(&mut row, NeutralStep::Enter, 0)?;
            let unfit = || {
                Refusal::new(codes::NEUTRAL_RETIREMENT_UNFIT)
                    .at("reference")
                    .with("number", &row.number)
            };
            let number = read_retirement_number(typed).ok_or_else(unfit)?;
            let found = store::retirement_by_number(tx.connection(), &number).await?;
            let found = found
                .filter(|found| found.purpose == row.kind)
                .filter(|found| found.purpose_text.contains(&row.number))
                .ok_or_else(unfit)?;
            if store::is_used(tx.connection(), &found.id).await? {
                return Err(Refusal::new(codes::NEUTRAL_RETIREMENT_USED)
                    .at("reference")
                    .with("reference", number)
                    .into());
            }
            enter(tx, &row, &found.id, found.quantity, "reference").await?;
            Ok(done(&row, Some(number)))
        })
    }

    /// Retires credits of the own organisation for the claim: `class.<id>` is the tonnes of each class; all of them or none, as one
    /// retirement that names the claim. It may cover a part. Reads `statement` (`yes`: retiring is final). Where a member is confirmer the
    /// credits are retired by an order first, and the retirement is entered.
    pub async fn neutral_retire(
        &self,
        by: &By,
        claim: &str,
        fields: &Fields,
    ) -> Result<NeutralReceipt, Error> {
        let deed = Deed::by(Act::NeutralRetire, by, &(claim, fields))?;
        let wanted = ClassDemand::read_all(fields)?;
        if fields.get("statement").is_none_or(|typed| typed != "yes") {
            return Err(Refusal::new(codes::STATEMENT_REQUIRED)
                .at("statement")
                .into());
        }
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, claim).await?;
            step(&mut row, NeutralStep::Retire, 0)?;
            if wanted.is_empty() {
                return Err(Refusal::new(codes::NEUTRAL_NOTHING_CHOSEN).into());
            }
            if order::needs_confirmation(tx, by).await? {
                return Err(Refusal::new(codes::NEUTRAL_CONFIRMER_FIRST)
                    .with("number", &row.number)
                    .into());
            }
            let retired = retire_for(tx, by, &row, &wanted).await?;
            let act = tx.act.clone();
            let retirement = event::retirement_of_act(tx.connection(), &act).await?;
            let retirement = retirement.ok_or(Error::NotFound)?;
            enter(tx, &row, &retirement, retired.quantity, "statement").await?;
            Ok(done(&row, Some(retired.number)))
        })
    }

    /// Publishes the claim as its next version. Refuses `neutral_not_covered`. Reads `statement` (`yes`: what is published stays).
    pub async fn neutral_publish(
        &self,
        by: &By,
        claim: &str,
        fields: &Fields,
    ) -> Result<NeutralReceipt, Error> {
        let deed = Deed::by(Act::NeutralPublish, by, &(claim, fields))?;
        if fields.get("statement").is_none_or(|typed| typed != "yes") {
            return Err(Refusal::new(codes::STATEMENT_REQUIRED)
                .at("statement")
                .into());
        }
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, claim).await?;
            let units = unit_views(&store::units(tx.connection(), &row.id).await?);
            let covered = counted(&units);
            step(&mut row, NeutralStep::Publish, covered)?;
            let profile = profile_of(&row)?;
            let content = json_of(&NeutralContent {
                profile: fields_of(&row.profile)?,
                units,
            })?;
            let correction = row.reason.take();
            row.version += 1;
            let (footprint, published_on) = (
                profile.footprint.to_string(),
                tx.at.beijing_date().to_string(),
            );
            let act = tx.act.clone();
            let new = NewVersion {
                claim_id: &row.id,
                version: row.version,
                content: &content,
                footprint: &footprint,
                tonnes: profile.tonnes(),
                covered_tonnes: covered,
                correction: correction.as_deref(),
                published_on: &published_on,
                at: tx.at.0,
                act_id: &act,
            };
            store::version_insert(tx.connection(), &new).await?;
            store::save(tx.connection(), &row).await?;
            Ok(public(done(&row, None)))
        })
    }

    /// Opens a published claim for a corrected version; the published ones stay. Reads `reason`, which the public sees.
    pub async fn neutral_correct(
        &self,
        by: &By,
        claim: &str,
        fields: &Fields,
    ) -> Result<NeutralReceipt, Error> {
        let deed = Deed::by(Act::NeutralCorrect, by, &(claim, fields))?;
        let reason = reason(fields)?;
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, claim).await?;
            step(&mut row, NeutralStep::Correct, 0)?;
            row.reason = Some(reason.clone());
            store::save(tx.connection(), &row).await?;
            Ok(public(done(&row, None)))
        })
    }

    /// Gives a claim up; what was published stays visible, with the reason. Retirements stay with it: they are final. Reads `reason`.
    pub async fn neutral_withdraw(
        &self,
        by: &By,
        claim: &str,
        fields: &Fields,
    ) -> Result<NeutralReceipt, Error> {
        let deed = Deed::by(Act::NeutralWithdraw, by, &(claim, fields))?;
        let reason = reason(fields)?;
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, claim).await?;
            step(&mut row, NeutralStep::Withdraw, 0)?;
            row.reason = Some(reason.clone());
            store::save(tx.connection(), &row).await?;
            let done = done(&row, None);
            // a draft that nobody saw is given up where nobody sees it
            Ok(if row.version > 0 { public(done) } else { done })
        })
    }
}

/// What may be done in a state, the straight path first.
const ACTS_OF_STEPS: &[(NeutralStep, Act)] = &[
    (NeutralStep::Retire, Act::NeutralRetire),
    (NeutralStep::Enter, Act::NeutralRetirementAdd),
    (NeutralStep::Publish, Act::NeutralPublish),
    (NeutralStep::Save, Act::NeutralSave),
    (NeutralStep::Correct, Act::NeutralCorrect),
    (NeutralStep::Withdraw, Act::NeutralWithdraw),
];

fn done(row: &ClaimRow, retirement: Option<String>) -> Done<NeutralReceipt> {
    Done {
        subject_kind: "neutral_claim",
        subject: row.id.clone(),
        state: Some(row.state.clone()),
        note: retirement.clone().or_else(|| row.reason.clone()),
        is_public: false,
        answer: NeutralReceipt {
            id: row.id.clone(),
            number: row.number.clone(),
            state: row.state.clone(),
            retirement,
        },
    }
}

fn public(done: Done<NeutralReceipt>) -> Done<NeutralReceipt> {
    Done {
        is_public: true,
        ..done
    }
}

/// A claim of the own organisation.
async fn open(tx: &mut Tx, by: &By, claim: &str) -> Result<ClaimRow, Error> {
    let row = store::by_id(tx.connection(), claim).await?;
    row.filter(|row| row.organisation_id == by.organisation.as_str())
        .ok_or(Error::NotFound)
}

pub(crate) fn state_of(code: &str) -> Result<NeutralState, Error> {
    NeutralState::from_code(code)
        .ok_or_else(|| Error::Store(format!("state of a claim of neutrality {code}")))
}

/// What the claim says now.
fn profile_of(row: &ClaimRow) -> Result<NeutralProfile, Error> {
    NeutralProfile::read(&fields_of(&row.profile)?)
        .map_err(|refusals| Error::Store(format!("stored claim of neutrality: {refusals:?}")))
}

/// Puts the claim into its next state, or says why not.
fn step(row: &mut ClaimRow, step: NeutralStep, covered: i64) -> Result<(), Error> {
    let next = check_neutral(state_of(&row.state)?, step, row.tonnes, covered)?;
    next.code().clone_into(&mut row.state);
    Ok(())
}

fn write_profile(
    row: &mut ClaimRow,
    profile: &NeutralProfile,
    fields: &Fields,
) -> Result<(), Error> {
    profile.kind.code().clone_into(&mut row.kind);
    row.name.clone_from(&profile.name);
    row.starts_on = profile.starts_on.to_string();
    row.ends_on = profile.ends_on.to_string();
    row.tonnes = profile.tonnes();
    row.profile = json_of(fields)?;
    Ok(())
}

/// Retires the classes together, for the claim and its organisation.
async fn retire_for(
    tx: &mut Tx,
    by: &By,
    row: &ClaimRow,
    wanted: &[ClassDemand],
) -> Result<RetiredCredits, Error> {
    let own = people::organisation_by_id(tx.connection(), by.organisation.as_str()).await?;
    let own = own.ok_or(Error::NotFound)?;
    let about = format!(
        "{} {} ({} – {})",
        row.number, row.name, row.starts_on, row.ends_on
    );
    let mut form = Fields::new();
    for (name, value) in [
        ("purpose", row.kind.clone()),
        ("beneficiary", own.name),
        ("beneficiary_kind", "organisation".to_owned()),
        (
            "purpose_text",
            about.chars().take(PURPOSE_TEXT_MAX).collect(),
        ),
    ] {
        form.insert(name.to_owned(), value);
    }
    retire_together(tx, by, wanted, &RetirementRequest::read(&form)?).await
}

/// Writes that a retirement covers the claim, and how many of its tonnes count. Refused, at `field`, where persons gave some of them to an
/// event.
async fn enter(
    tx: &mut Tx,
    row: &ClaimRow,
    retirement: &str,
    quantity: i64,
    field: &str,
) -> Result<(), Error> {
    check_not_given(tx, retirement, field).await?;
    let recognised = ledger::recognised_tonnes(tx.connection(), retirement).await?;
    let (id, act, at) = (new_id(), tx.act.clone(), tx.at.0);
    let new = NewUnit {
        id: &id,
        claim_id: &row.id,
        retirement_id: retirement,
        tonnes: quantity,
        counted_tonnes: recognised,
        at,
        act_id: &act,
    };
    store::unit_insert(tx.connection(), &new).await?;
    // two acts on one claim meet in its row
    Ok(store::save(tx.connection(), row).await?)
}

fn unit_views(rows: &[UnitRow]) -> Vec<NeutralUnitView> {
    rows.iter()
        .map(|row| NeutralUnitView {
            number: row.number.clone(),
            holder: row.holder.clone(),
            tonnes: row.tonnes,
            counted_tonnes: row.counted_tonnes,
            retired_on: Instant(row.at).beijing_date().to_string(),
        })
        .collect()
}

fn counted(units: &[NeutralUnitView]) -> i64 {
    units.iter().map(|unit| unit.counted_tonnes).sum()
}

fn list_row(row: &ClaimRow) -> Result<NeutralListRow, Error> {
    Ok(NeutralListRow {
        id: row.id.clone(),
        number: row.number.clone(),
        kind: row.kind.clone(),
        name: row.name.clone(),
        starts_on: row.starts_on.clone(),
        ends_on: row.ends_on.clone(),
        state: state_of(&row.state)?,
        tonnes: row.tonnes,
        version: row.version,
    })
}
