//! The result of an event: account, statement, published versions and their corrections.

use domain::event::{EventFacts, EventStep, check};
use domain::refusal::codes;
use domain::text::{optional_text, required_text};
use domain::{Act, Refusal};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use time::Date;

use crate::perform::{Deed, Tx, hash, perform};
use crate::record::{fields_of, json_of, reason};
use crate::store::event::{self as store, EventRow, NewVersion};
use crate::store::{event_organiser, people};
use crate::{By, Error, Fields, Registry, parameter_set};

use super::answer::check_sources;
use super::evaluation::{ask, check_not_here, check_publishable, evaluator_named};
use super::file::{self, EventEvidence, evidence_of};
use super::footprint::{facts_with_footprint, keep_footprint};
use super::overlap::{OverlapDecision, check_decided, decisions};
use super::unit::{EventUnitView, counted, unit_views};
use super::{EventReceipt, bare_facts, done, open, public, state_of, step};

/// Longest statement of an evaluation, characters.
pub(super) const STATEMENT_MAX: usize = 4000;

/// What stands for a published result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventContent {
    /// Profile and plan as typed.
    pub profile: Fields,
    /// `self` or `body`.
    pub evaluation: String,
    /// Who evaluated.
    pub evaluator: String,
    /// The statement.
    pub evaluation_text: String,
    /// When.
    pub evaluated_on: String,
    /// The units.
    pub units: Vec<EventUnitView>,
    /// Tonnes of the units that count.
    pub counted_tonnes: i64,
    /// Where attendees and the inventory told the same: which counts, and why.
    #[serde(default)]
    pub overlaps: Vec<OverlapDecision>,
    /// Who organised it with the owner.
    #[serde(default)]
    pub organisers: Vec<String>,
    /// Where a table was imported and the form was answered: `import`, the table stands for everybody, or `both`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attendee_sources: Option<String>,
    /// The files that prove lines of the inventory, by line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<EventEvidence>,
}

impl EventContent {
    /// SHA-256 over what a body has before it when it confirms: the footprint, profile, statement, units, decisions and files. What the day
    /// changes by itself is not in it, nor who organises.
    pub(crate) fn seen(&self, footprint: &str) -> Result<String, Error> {
        let units = self.units.iter();
        let units: Vec<_> = units
            .map(|unit| {
                (
                    &unit.id,
                    &unit.kind,
                    &unit.registry,
                    &unit.reference,
                    unit.tonnes,
                )
            })
            .collect();
        let files = self.files.iter();
        let files: Vec<_> = files
            .map(|file| (&file.id, &file.line, &file.title, &file.sha256))
            .collect();
        let about = (&self.overlaps, &self.attendee_sources);
        Ok(hash(&[
            footprint,
            &json_of(&self.profile)?,
            &self.evaluation,
            &self.evaluator,
            &self.evaluation_text,
            &json_of(&units)?,
            &json_of(&about)?,
            &json_of(&files)?,
        ]))
    }

    /// Tonnes among those that count that the organiser typed in: this platform has not checked them in the registry that is named.
    pub fn unchecked_tonnes(&self) -> i64 {
        let counting = self.units.iter().filter(|unit| unit.not_counted.is_none());
        counting
            .filter(|unit| !unit.here)
            .map(|unit| unit.tonnes)
            .sum()
    }
}

impl Registry {
    /// Computes the actual footprint of the inventory and the attendees as they are now, and keeps it.
    pub async fn event_account(&self, by: &By, event: &str) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventAccount, by, &event)?;
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, event).await?;
            let set = parameter_set::in_force(tx.connection()).await?;
            let (facts, computed) = facts_with_footprint(tx, &row, &set).await?;
            if check(state_of(&row)?, EventStep::Account, &facts).is_ok() {
                check_sources(tx, &row).await?;
                check_decided(tx, &row).await?;
                computed.as_ref().map_err(Clone::clone)?;
            }
            step(&mut row, EventStep::Account, &facts)?;
            let (input, computed) = computed?;
            keep_footprint(tx, &row, "account", &input, &computed).await?;
            row.form_token = None;
            store::save(tx.connection(), &row).await?;
            Ok(done(&row, None))
        })
    }

    /// The statement. Reads `evaluation` (`self` or `body`), for a body `evaluator_body` (one of this platform: its id, account number or whole
    /// name; it is asked to confirm) or `evaluator` (the name of one that is not here), `evaluation_text` and `statement` (`yes`). A statement that is
    /// replaced before publication takes the question to its body with it.
    pub async fn event_evaluate(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventEvaluate, by, &(event, fields))?;
        let said = Statement::read(fields)?;
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, event).await?;
            let facts = full_facts(tx, &row).await?;
            step(&mut row, EventStep::Evaluate, &facts)?;
            let own = people::organisation_by_id(tx.connection(), by.organisation.as_str()).await?;
            let body = if let Some(typed) = &said.body {
                Some(evaluator_named(tx, &row, typed).await?)
            } else {
                if said.kind == "body" {
                    check_not_here(tx, &said.evaluator).await?;
                }
                None
            };
            row.evaluation = Some(said.kind.clone());
            row.evaluator = Some(match (&body, said.kind.as_str()) {
                (Some(body), _) => body.name.clone(),
                (None, "self") => own.map(|own| own.name).unwrap_or_default(),
                (None, _) => said.evaluator.clone(),
            });
            row.evaluation_text = Some(said.text.clone());
            row.evaluated_on = Some(tx.at.beijing_date().to_string());
            ask(tx, &row, body.as_ref()).await?;
            store::save(tx.connection(), &row).await?;
            Ok(done(&row, None))
        })
    }

    /// Publishes the result as the next version, with the files that prove its lines. Refused while the body of this platform that the
    /// statement names has declined, or does not stand apart from whoever organises and supplies the event by now.
    pub async fn event_publish(&self, by: &By, event: &str) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventPublish, by, &event)?;
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, event).await?;
            let facts = full_facts(tx, &row).await?;
            step(&mut row, EventStep::PublishResult, &facts)?;
            let account = store::footprint_newest(tx.connection(), &row.id, "account").await?;
            let account = account.ok_or(Error::NotFound)?;
            let content = content_of(tx.connection(), &row, facts.today).await?;
            check_publishable(tx, &row, (&account.id, &content)).await?;
            let correction = if row.version == 0 {
                None
            } else {
                let kind = Act::EventCorrect.name();
                store::newest_note(tx.connection(), &row.id, kind).await?
            };
            row.version += 1;
            file::publish(tx, &content.files, row.version).await?;
            let (content, published_on) = (json_of(&content)?, facts.today.to_string());
            let act = tx.act.clone();
            let new = NewVersion {
                event_id: &row.id,
                version: row.version,
                footprint_id: &account.id,
                content: &content,
                correction: correction.as_deref(),
                published_on: &published_on,
                at: tx.at.0,
                act_id: &act,
            };
            store::version_insert(tx.connection(), &new).await?;
            store::save(tx.connection(), &row).await?;
            Ok(public(done(&row, correction.clone())))
        })
    }

    /// Opens a published result for a corrected version; the published one stays. Reads `reason`, which the public sees.
    pub async fn event_correct(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventCorrect, by, &(event, fields))?;
        let reason = reason(fields)?;
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, event).await?;
            let facts = bare_facts(&row, tx.at)?;
            step(&mut row, EventStep::Correct, &facts)?;
            row.revision += 1;
            store::save(tx.connection(), &row).await?;
            Ok(public(done(&row, Some(reason.clone()))))
        })
    }

    /// Gives a correction up that was opened by mistake, as long as nothing was changed: the published version stands, with the claim that
    /// it made.
    pub async fn event_correct_withdraw(
        &self,
        by: &By,
        event: &str,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventCorrectWithdraw, by, &event)?;
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, event).await?;
            let mut facts = bare_facts(&row, tx.at)?;
            let published = store::published_revision(tx.connection(), &row.id).await?;
            // opening a correction raises the revision by one
            facts.unchanged = published.is_some_and(|published| published + 1 == row.revision);
            step(&mut row, EventStep::KeepVersion, &facts)?;
            // the account is again that of the inventory as it is
            row.revision -= 1;
            store::save(tx.connection(), &row).await?;
            Ok(public(done(&row, None)))
        })
    }
}

/// What the steps after the account look at.
pub(super) async fn full_facts(tx: &mut Tx, row: &EventRow) -> Result<EventFacts, Error> {
    let mut facts = bare_facts(row, tx.at)?;
    let account = store::footprint_newest(tx.connection(), &row.id, "account").await?;
    facts.accounted_tonnes = account
        .filter(|account| account.revision == row.revision)
        .map(|account| account.tonnes);
    let units = store::units(tx.connection(), &row.id).await?;
    facts.counted_tonnes = counted(&unit_views(&units, facts.today)?);
    Ok(facts)
}

/// What a version of the event as it is now says.
pub(super) async fn content_of(
    connection: &mut AnyConnection,
    row: &EventRow,
    today: Date,
) -> Result<EventContent, Error> {
    let stored = store::units(connection, &row.id).await?;
    let units = unit_views(&stored, today)?;
    Ok(EventContent {
        profile: fields_of(&row.profile)?,
        evaluation: row.evaluation.clone().unwrap_or_default(),
        evaluator: row.evaluator.clone().unwrap_or_default(),
        evaluation_text: row.evaluation_text.clone().unwrap_or_default(),
        evaluated_on: row.evaluated_on.clone().unwrap_or_default(),
        counted_tonnes: counted(&units),
        units,
        overlaps: decisions(connection, row).await?,
        organisers: event_organiser::names(connection, &row.id).await?,
        attendee_sources: row.attendee_sources.clone(),
        files: evidence_of(connection, row).await?,
    })
}

/// A statement as it was typed.
struct Statement {
    /// `self` or `body`.
    kind: String,
    /// A body of this platform, however it is named.
    body: Option<String>,
    /// The name of a body that is not here.
    evaluator: String,
    text: String,
}

impl Statement {
    fn read(fields: &Fields) -> Result<Self, Vec<Refusal>> {
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let mut refusals = Vec::new();
        let kind = typed("evaluation");
        if !["self", "body"].contains(&kind) {
            let code = if kind.is_empty() {
                codes::REQUIRED
            } else {
                codes::CHOICE_INVALID
            };
            refusals.push(
                Refusal::new(code)
                    .at("evaluation")
                    .with("choices", "self, body"),
            );
        }
        let body = Some(typed("evaluator_body")).filter(|body| kind == "body" && !body.is_empty());
        let evaluator = if kind == "body" && body.is_none() {
            required_text("evaluator", typed("evaluator"), 200)
        } else {
            optional_text("evaluator", typed("evaluator"), 200).map(Option::unwrap_or_default)
        };
        let text = required_text("evaluation_text", typed("evaluation_text"), STATEMENT_MAX);
        if typed("statement") != "yes" {
            refusals.push(Refusal::new(codes::STATEMENT_REQUIRED).at("statement"));
        }
        match (evaluator, text) {
            (Ok(evaluator), Ok(text)) if refusals.is_empty() => Ok(Self {
                kind: kind.to_owned(),
                body: body.map(str::to_owned),
                evaluator,
                text,
            }),
            (evaluator, text) => {
                refusals.extend([evaluator.err(), text.err()].into_iter().flatten());
                Err(refusals)
            }
        }
    }
}
