//! Events.

use std::fmt::Write as _;

use domain::event::{Answer, AttendeeSums};
use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// Rows of one INSERT: 11 columns each, well under the smallest limit of parameters.
const ROWS_MAX: usize = 80;

/// An event as stored.
#[derive(Clone, Default, FromRow)]
pub(crate) struct EventRow {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) organisation_id: String,
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) starts_on: String,
    pub(crate) ends_on: String,
    pub(crate) profile: String,
    pub(crate) published_profile: Option<String>,
    pub(crate) plan_published_on: Option<String>,
    pub(crate) inventory: String,
    pub(crate) revision: i64,
    pub(crate) form_token: Option<String>,
    pub(crate) people: i64,
    pub(crate) has_forest: i64,
    pub(crate) evaluation: Option<String>,
    pub(crate) evaluator: Option<String>,
    pub(crate) evaluation_text: Option<String>,
    pub(crate) evaluated_on: Option<String>,
    pub(crate) version: i64,
    pub(crate) at: i64,
    pub(crate) attendee_sources: Option<String>,
}

const SELECT: &str = "SELECT id, number, organisation_id, name, state, starts_on, ends_on, profile, published_profile, plan_published_on, \
    inventory, revision, form_token, people, has_forest, evaluation, evaluator, evaluation_text, evaluated_on, version, at, attendee_sources FROM event";

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    row: &EventRow,
    act: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO event (id, number, organisation_id, name, state, starts_on, ends_on, profile, inventory, revision, people, has_forest, \
         version, at, act_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, $12, $13)",
    )
    .bind(&row.id)
    .bind(&row.number)
    .bind(&row.organisation_id)
    .bind(&row.name)
    .bind(&row.state)
    .bind(&row.starts_on)
    .bind(&row.ends_on)
    .bind(&row.profile)
    .bind(&row.inventory)
    .bind(row.revision)
    .bind(row.people)
    .bind(row.at)
    .bind(act)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes everything that may change.
pub(crate) async fn save(
    connection: &mut AnyConnection,
    row: &EventRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE event SET name = $2, state = $3, starts_on = $4, ends_on = $5, profile = $6, published_profile = $7, plan_published_on = $8, \
         inventory = $9, revision = $10, form_token = $11, people = $12, has_forest = $13, evaluation = $14, evaluator = $15, \
         evaluation_text = $16, evaluated_on = $17, version = $18, attendee_sources = $19 WHERE id = $1",
    )
    .bind(&row.id)
    .bind(&row.name)
    .bind(&row.state)
    .bind(&row.starts_on)
    .bind(&row.ends_on)
    .bind(&row.profile)
    .bind(row.published_profile.as_deref())
    .bind(row.plan_published_on.as_deref())
    .bind(&row.inventory)
    .bind(row.revision)
    .bind(row.form_token.as_deref())
    .bind(row.people)
    .bind(row.has_forest)
    .bind(row.evaluation.as_deref())
    .bind(row.evaluator.as_deref())
    .bind(row.evaluation_text.as_deref())
    .bind(row.evaluated_on.as_deref())
    .bind(row.version)
    .bind(row.attendee_sources.as_deref())
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn by_id(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<EventRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{SELECT} WHERE id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// The id of the event with this number.
pub(crate) async fn id_of_number(
    connection: &mut AnyConnection,
    number: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT id FROM event WHERE number = $1")
        .bind(number)
        .fetch_optional(connection)
        .await
}

/// The event whose form is open under this token.
pub(crate) async fn by_form(
    connection: &mut AnyConnection,
    token: &str,
) -> Result<Option<EventRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{SELECT} WHERE form_token = $1")))
        .bind(token)
        .fetch_optional(connection)
        .await
}

/// The events of an organisation and those it organises with others, without their inventories, newest first.
pub(crate) async fn of_organisation(
    connection: &mut AnyConnection,
    organisation: &str,
    before: &str,
    size: i64,
) -> Result<Vec<EventRow>, sqlx::Error> {
    let light = SELECT.replace(" inventory,", " '' AS inventory,");
    sqlx::query_as(AssertSqlSafe(format!(
        "{light} WHERE id IN ( \
           SELECT id FROM (SELECT id FROM event WHERE organisation_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3) AS own \
           UNION SELECT event_id FROM event_organiser WHERE organisation_id = $1 AND state = 'accepted' AND event_id < $2 \
         ) ORDER BY id DESC LIMIT $3"
    )))
    .bind(organisation)
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Invitations of one look.
const INVITATIONS_MAX: i64 = 50;

/// The newest events, without their inventories, that an organisation is asked to organise with others.
pub(crate) async fn inviting(
    connection: &mut AnyConnection,
    organisation: &str,
) -> Result<Vec<EventRow>, sqlx::Error> {
    let light = SELECT.replace(" inventory,", " '' AS inventory,");
    sqlx::query_as(AssertSqlSafe(format!(
        "{light} WHERE id IN (SELECT event_id FROM event_organiser WHERE organisation_id = $1 AND state = 'invited') \
         ORDER BY id DESC LIMIT $2"
    )))
    .bind(organisation)
    .bind(INVITATIONS_MAX)
    .fetch_all(connection)
    .await
}

/// Events of an organisation, without their inventories, that may ask for gifts of grams and have no call that stands, newest first.
pub(crate) async fn without_call(
    connection: &mut AnyConnection,
    organisation: &str,
    size: i64,
) -> Result<Vec<EventRow>, sqlx::Error> {
    let light = SELECT.replace(" inventory,", " '' AS inventory,");
    sqlx::query_as(AssertSqlSafe(format!(
        "{light} WHERE organisation_id = $1 AND state IN ('planned', 'published', 'held', 'accounted') \
         AND NOT EXISTS (SELECT 1 FROM inclusion_campaign WHERE inclusion_campaign.event_id = event.id AND inclusion_campaign.state = 'open') \
         ORDER BY id DESC LIMIT $2"
    )))
    .bind(organisation)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Events, without their inventories, whose last day lies in a span of days (`near`), or with a forest in another one; by id.
pub(crate) async fn ending_between(
    connection: &mut AnyConnection,
    near: &(String, String),
    forest: &(String, String),
    after: &str,
    size: i64,
) -> Result<Vec<EventRow>, sqlx::Error> {
    let light = SELECT.replace(" inventory,", " '' AS inventory,");
    sqlx::query_as(AssertSqlSafe(format!(
        "{light} WHERE state NOT IN ('covered', 'evaluated', 'neutral', 'lapsed', 'withdrawn') AND id > $5 \
         AND ((has_forest = 0 AND ends_on >= $1 AND ends_on <= $2) OR (has_forest = 1 AND ends_on >= $3 AND ends_on <= $4)) \
         ORDER BY id LIMIT $6"
    )))
    .bind(&near.0)
    .bind(&near.1)
    .bind(&forest.0)
    .bind(&forest.1)
    .bind(after)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Whether a reminder with this key was written.
pub(crate) async fn reminded(
    connection: &mut AnyConnection,
    key: &str,
) -> Result<bool, sqlx::Error> {
    let found: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM act WHERE scope = 'system' AND key = $1")
            .bind(key)
            .fetch_one(connection)
            .await?;
    Ok(found > 0)
}

/// A footprint as stored.
#[derive(Clone, FromRow)]
pub(crate) struct FootprintRow {
    pub(crate) id: String,
    pub(crate) revision: i64,
    pub(crate) total_kg: String,
    pub(crate) tonnes: i64,
    pub(crate) at: i64,
}

/// What a new footprint is stored with.
pub(crate) struct NewFootprint<'a> {
    pub(crate) id: &'a str,
    pub(crate) event_id: &'a str,
    pub(crate) purpose: &'a str,
    pub(crate) revision: i64,
    pub(crate) input: &'a str,
    pub(crate) outcome: &'a str,
    pub(crate) total_kg: &'a str,
    pub(crate) tonnes: i64,
    pub(crate) at: i64,
    pub(crate) act_id: &'a str,
}

pub(crate) async fn footprint_insert(
    connection: &mut AnyConnection,
    new: &NewFootprint<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO event_footprint (id, event_id, purpose, revision, input, outcome, total_kg, tonnes, at, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(new.id)
    .bind(new.event_id)
    .bind(new.purpose)
    .bind(new.revision)
    .bind(new.input)
    .bind(new.outcome)
    .bind(new.total_kg)
    .bind(new.tonnes)
    .bind(new.at)
    .bind(new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// The newest footprint of a purpose.
pub(crate) async fn footprint_newest(
    connection: &mut AnyConnection,
    event: &str,
    purpose: &str,
) -> Result<Option<FootprintRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, revision, total_kg, tonnes, at FROM event_footprint WHERE event_id = $1 AND purpose = $2 \
         ORDER BY id DESC LIMIT 1",
    )
    .bind(event)
    .bind(purpose)
    .fetch_optional(connection)
    .await
}

/// The newest account with everything it was computed from.
#[derive(FromRow)]
pub(crate) struct AccountRow {
    pub(crate) id: String,
    pub(crate) input: String,
    pub(crate) outcome: String,
    pub(crate) total_kg: String,
    pub(crate) tonnes: i64,
}

pub(crate) async fn account_whole(
    connection: &mut AnyConnection,
    event: &str,
) -> Result<Option<AccountRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, input, outcome, total_kg, tonnes FROM event_footprint WHERE event_id = $1 AND purpose = 'account' ORDER BY id DESC LIMIT 1",
    )
    .bind(event)
    .fetch_optional(connection)
    .await
}

/// Input and outcome of footprints after an id, for the audit.
pub(crate) async fn footprints_after(
    connection: &mut AnyConnection,
    after: &str,
    size: i64,
) -> Result<Vec<(String, String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, input, outcome FROM event_footprint WHERE id > $1 ORDER BY id LIMIT $2",
    )
    .bind(after)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Events whose units here are not those of their retirements, or that claim more than their units: number, tonnes stored, tonnes retired.
pub(crate) async fn units_that_differ(
    connection: &mut AnyConnection,
) -> Result<Vec<(String, i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT MIN(event_unit.id), CAST(SUM(event_unit.tonnes) AS BIGINT), retirement.quantity FROM event_unit \
         JOIN retirement ON retirement.id = event_unit.retirement_id GROUP BY retirement.id, retirement.quantity \
         HAVING SUM(event_unit.tonnes) <> retirement.quantity",
    )
    .fetch_all(connection)
    .await
}

/// Adds answers, many in one statement. The unique constraint of event and reference keeps doubles out.
pub(crate) async fn attendees_insert(
    connection: &mut AnyConnection,
    event: &str,
    answers: &[(String, Answer)],
    at: i64,
) -> Result<(), sqlx::Error> {
    for some in answers.chunks(ROWS_MAX) {
        let mut sql = String::from(
            "INSERT INTO event_attendee (id, event_id, reference, source, mode, origin, km, km_estimated, nights, meals, at) VALUES ",
        );
        for row in 0..some.len() {
            let first = row * 10;
            let _ = write!(
                sql,
                "{}(${}, ${}, ${}, 'import', ${}, ${}, ${}, ${}, ${}, ${}, ${})",
                if row == 0 { "" } else { ", " },
                first + 1,
                first + 2,
                first + 3,
                first + 4,
                first + 5,
                first + 6,
                first + 7,
                first + 8,
                first + 9,
                first + 10,
            );
        }
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (id, answer) in some {
            query = query
                .bind(id)
                .bind(event)
                .bind(&answer.reference)
                .bind(&answer.mode)
                .bind(&answer.origin)
                .bind(answer.km)
                .bind(i64::from(answer.km_estimated))
                .bind(answer.nights)
                .bind(answer.meals)
                .bind(at);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Takes the imported answers of an event away, before the next table is taken in.
pub(crate) async fn attendees_remove_imported(
    connection: &mut AnyConnection,
    event: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM event_attendee WHERE event_id = $1 AND source = 'import'")
        .bind(event)
        .execute(connection)
        .await?;
    Ok(())
}

/// Adds or replaces the answer of one attendee: the same secret is the same answer.
pub(crate) async fn attendee_put(
    connection: &mut AnyConnection,
    id: &str,
    event: &str,
    answer: &Answer,
    secret_hash: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    let changed = sqlx::query(
        "UPDATE event_attendee SET mode = $3, origin = $4, km = $5, km_estimated = $6, nights = $7, meals = $8 \
         WHERE event_id = $1 AND secret_hash = $2",
    )
    .bind(event)
    .bind(secret_hash)
    .bind(&answer.mode)
    .bind(&answer.origin)
    .bind(answer.km)
    .bind(i64::from(answer.km_estimated))
    .bind(answer.nights)
    .bind(answer.meals)
    .execute(&mut *connection)
    .await?;
    if changed.rows_affected() > 0 {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO event_attendee (id, event_id, reference, source, mode, origin, km, km_estimated, nights, meals, secret_hash, at) \
         VALUES ($1, $2, $3, 'form', $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(id)
    .bind(event)
    .bind(format!("form {id}"))
    .bind(&answer.mode)
    .bind(&answer.origin)
    .bind(answer.km)
    .bind(i64::from(answer.km_estimated))
    .bind(answer.nights)
    .bind(answer.meals)
    .bind(secret_hash)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn sender_insert(
    connection: &mut AnyConnection,
    id: &str,
    sender: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO answer_sender (id, sender, at) VALUES ($1, $2, $3)")
        .bind(id)
        .bind(sender)
        .bind(at)
        .execute(connection)
        .await?;
    Ok(())
}

/// How many answers of a sender since a moment, and the moment of the first of them.
pub(crate) async fn sent_since(
    connection: &mut AnyConnection,
    sender: &str,
    since: i64,
) -> Result<(i64, Option<i64>), sqlx::Error> {
    sqlx::query_as("SELECT COUNT(*), MIN(at) FROM answer_sender WHERE sender = $1 AND at > $2")
        .bind(sender)
        .bind(since)
        .fetch_one(connection)
        .await
}

/// Removes senders of answers before a moment; how many rows.
pub(crate) async fn senders_forget(
    connection: &mut AnyConnection,
    before: i64,
) -> Result<u64, sqlx::Error> {
    let removed = sqlx::query("DELETE FROM answer_sender WHERE at <= $1")
        .bind(before)
        .execute(connection)
        .await?;
    Ok(removed.rows_affected())
}

/// An answer of the form as it was given: mode, origin, km, whether those are estimated, nights, meals.
pub(crate) async fn attendee_by_secret(
    connection: &mut AnyConnection,
    event: &str,
    secret_hash: &str,
) -> Result<Option<(String, String, i64, i64, i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT mode, origin, km, km_estimated, nights, meals FROM event_attendee WHERE event_id = $1 AND secret_hash = $2",
    )
    .bind(event)
    .bind(secret_hash)
    .fetch_optional(connection)
    .await
}

/// The id of the answer of the form that was given with a secret.
pub(crate) async fn attendee_id_by_secret(
    connection: &mut AnyConnection,
    event: &str,
    secret_hash: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT id FROM event_attendee WHERE event_id = $1 AND secret_hash = $2")
        .bind(event)
        .bind(secret_hash)
        .fetch_optional(connection)
        .await
}

/// How many answers came by the form and were not struck out, in all and since a moment.
pub(crate) async fn attendees_by_form(
    connection: &mut AnyConnection,
    event: &str,
    since: i64,
) -> Result<(i64, i64), sqlx::Error> {
    sqlx::query_as(
        "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN at > $2 THEN 1 ELSE 0 END), 0) AS BIGINT) FROM event_attendee \
         WHERE event_id = $1 AND source = 'form' AND struck_at IS NULL",
    )
    .bind(event)
    .bind(since)
    .fetch_one(connection)
    .await
}

/// How many people a table told of, and how many answers of the form were not struck out.
pub(crate) async fn attendee_sources(
    connection: &mut AnyConnection,
    event: &str,
) -> Result<(i64, i64), sqlx::Error> {
    sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(CASE WHEN source = 'import' THEN 1 ELSE 0 END), 0) AS BIGINT), \
         CAST(COALESCE(SUM(CASE WHEN source = 'form' THEN 1 ELSE 0 END), 0) AS BIGINT) FROM event_attendee \
         WHERE event_id = $1 AND struck_at IS NULL",
    )
    .bind(event)
    .fetch_one(connection)
    .await
}

/// An answer of the form, for the organisers.
#[derive(FromRow)]
pub(crate) struct AnswerRow {
    pub(crate) id: String,
    pub(crate) mode: String,
    pub(crate) origin: String,
    pub(crate) km: i64,
    pub(crate) nights: i64,
    pub(crate) meals: i64,
    pub(crate) at: i64,
    pub(crate) struck_reason: Option<String>,
}

/// The answers of the form, newest first, before a key.
pub(crate) async fn form_answers(
    connection: &mut AnyConnection,
    event: &str,
    before: &str,
    size: i64,
) -> Result<Vec<AnswerRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, mode, origin, km, nights, meals, at, struck_reason FROM event_attendee \
         WHERE event_id = $1 AND source = 'form' AND id < $2 ORDER BY id DESC LIMIT $3",
    )
    .bind(event)
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Strikes an answer of the form out with a reason, or takes it in again without one; answers with whether there was one to change.
pub(crate) async fn answer_strike(
    connection: &mut AnyConnection,
    event: &str,
    id: &str,
    struck: Option<(i64, &str)>,
) -> Result<bool, sqlx::Error> {
    let changed = sqlx::query(
        "UPDATE event_attendee SET struck_at = $3, struck_reason = $4 WHERE event_id = $1 AND id = $2 AND source = 'form' \
         AND CASE WHEN CAST($3 AS BIGINT) IS NULL THEN 0 ELSE 1 END <> CASE WHEN struck_at IS NULL THEN 0 ELSE 1 END",
    )
    .bind(event)
    .bind(id)
    .bind(struck.map(|(at, _)| at))
    .bind(struck.map(|(_, reason)| reason))
    .execute(connection)
    .await?;
    Ok(changed.rows_affected() > 0)
}

/// The answers of an event by source and mode: without those that were struck out, and without the form where the table stands for everybody.
pub(crate) async fn attendee_sums(
    connection: &mut AnyConnection,
    event: &str,
) -> Result<Vec<(String, AttendeeSums)>, sqlx::Error> {
    let rows: Vec<(String, String, i64, i64, i64, i64)> = sqlx::query_as(
        "SELECT source, mode, COUNT(*), CAST(SUM(km) AS BIGINT), CAST(SUM(nights) AS BIGINT), CAST(SUM(meals) AS BIGINT) \
         FROM event_attendee WHERE event_id = $1 AND struck_at IS NULL AND (source <> 'form' \
         OR NOT EXISTS (SELECT 1 FROM event WHERE event.id = $1 AND event.attendee_sources = 'import') \
         OR NOT EXISTS (SELECT 1 FROM event_attendee imported WHERE imported.event_id = $1 AND imported.source = 'import')) \
         GROUP BY source, mode ORDER BY source, mode",
    )
    .bind(event)
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(source, mode, people, km, nights, meals)| {
            let sums = AttendeeSums {
                mode,
                people,
                km,
                nights,
                meals,
            };
            (source, sums)
        })
        .collect())
}

/// A unit as stored, with the number of its retirement.
#[derive(Clone, FromRow)]
pub(crate) struct UnitRow {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) registry: String,
    pub(crate) reference: String,
    pub(crate) tonnes: i64,
    pub(crate) cancelled_on: Option<String>,
    pub(crate) project: String,
    pub(crate) recognised_by: String,
    pub(crate) forest: String,
    pub(crate) evidence: String,
    pub(crate) retirement_id: Option<String>,
    pub(crate) claim_id: Option<String>,
    pub(crate) used_key: Option<String>,
}

/// The units of an event that were not taken back, oldest first.
pub(crate) async fn units(
    connection: &mut AnyConnection,
    event: &str,
) -> Result<Vec<UnitRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT event_unit.id, event_unit.kind, event_unit.registry, event_unit.reference, event_unit.tonnes, event_unit.cancelled_on, \
         event_unit.project, event_unit.recognised_by, event_unit.forest, event_unit.evidence, event_unit.retirement_id, \
         event_unit.claim_id, event_unit.used_key FROM event_unit WHERE event_unit.event_id = $1 AND event_unit.removed_at IS NULL ORDER BY event_unit.id",
    )
    .bind(event)
    .fetch_all(connection)
    .await
}

/// Whether a registry and reference are used for an event.
pub(crate) async fn unit_used(
    connection: &mut AnyConnection,
    used_key: &str,
) -> Result<bool, sqlx::Error> {
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM event_unit WHERE used_key = $1")
        .bind(used_key)
        .fetch_one(connection)
        .await?;
    Ok(count > 0)
}

pub(crate) async fn unit_insert(
    connection: &mut AnyConnection,
    event: &str,
    row: &UnitRow,
    at: i64,
    act: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO event_unit (id, event_id, kind, registry, reference, tonnes, cancelled_on, project, recognised_by, forest, evidence, \
         retirement_id, claim_id, used_key, at, act_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(&row.id)
    .bind(event)
    .bind(&row.kind)
    .bind(&row.registry)
    .bind(&row.reference)
    .bind(row.tonnes)
    .bind(row.cancelled_on.as_deref())
    .bind(&row.project)
    .bind(&row.recognised_by)
    .bind(&row.forest)
    .bind(&row.evidence)
    .bind(row.retirement_id.as_deref())
    .bind(row.claim_id.as_deref())
    .bind(row.used_key.as_deref())
    .bind(at)
    .bind(act)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn unit_remove(
    connection: &mut AnyConnection,
    id: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE event_unit SET removed_at = $2, used_key = NULL WHERE id = $1")
        .bind(id)
        .bind(at)
        .execute(connection)
        .await?;
    Ok(())
}

/// A retirement for an event.
#[derive(FromRow)]
pub(crate) struct EventRetirementRow {
    pub(crate) id: String,
    pub(crate) holder_id: String,
    pub(crate) purpose_text: String,
    pub(crate) at: i64,
}

/// A retirement for an event, by its number, with the words of its certificate that are in force.
pub(crate) async fn retirement_for_event(
    connection: &mut AnyConnection,
    number: &str,
) -> Result<Option<EventRetirementRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, holder_id, COALESCE((SELECT later.purpose_text FROM certificate_version later WHERE later.retirement_id = retirement.id \
           ORDER BY later.version DESC LIMIT 1), purpose_text) AS purpose_text, at FROM retirement WHERE number = $1 AND purpose = 'event'",
    )
    .bind(number)
    .fetch_optional(connection)
    .await
}

/// The id of the retirement that an act made.
pub(crate) async fn retirement_of_act(
    connection: &mut AnyConnection,
    act: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT id FROM retirement WHERE act_id = $1")
        .bind(act)
        .fetch_optional(connection)
        .await
}

/// What a new version is stored with.
pub(crate) struct NewVersion<'a> {
    pub(crate) event_id: &'a str,
    pub(crate) version: i64,
    pub(crate) footprint_id: &'a str,
    pub(crate) content: &'a str,
    pub(crate) correction: Option<&'a str>,
    pub(crate) published_on: &'a str,
    pub(crate) at: i64,
    pub(crate) act_id: &'a str,
}

pub(crate) async fn version_insert(
    connection: &mut AnyConnection,
    new: &NewVersion<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO event_version (event_id, version, footprint_id, content, correction, published_on, at, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(new.event_id)
    .bind(new.version)
    .bind(new.footprint_id)
    .bind(new.content)
    .bind(new.correction)
    .bind(new.published_on)
    .bind(new.at)
    .bind(new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// What a published version says.
pub(crate) async fn version_content(
    connection: &mut AnyConnection,
    event: &str,
    version: i64,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT content FROM event_version WHERE event_id = $1 AND version = $2")
        .bind(event)
        .bind(version)
        .fetch_optional(connection)
        .await
}

/// The revision of the account that the newest published version rests on.
pub(crate) async fn published_revision(
    connection: &mut AnyConnection,
    event: &str,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT event_footprint.revision FROM event_version JOIN event_footprint ON event_footprint.id = event_version.footprint_id \
         WHERE event_version.event_id = $1 ORDER BY event_version.version DESC LIMIT 1",
    )
    .bind(event)
    .fetch_optional(connection)
    .await
}

/// The note of the newest entry of a kind in the chain of an event: why a correction was opened.
pub(crate) async fn newest_note(
    connection: &mut AnyConnection,
    event: &str,
    kind: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT COALESCE(note, '') FROM act WHERE subject = $1 AND kind = $2 ORDER BY sequence DESC LIMIT 1",
    )
    .bind(event)
    .bind(kind)
    .fetch_optional(connection)
    .await
}

/// When the newest correction of a published event was opened, and why: what [`Registry::event_correct`](crate::Registry::event_correct) takes for the public.
pub(crate) async fn correction(
    connection: &mut AnyConnection,
    event: &str,
) -> Result<Option<(i64, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT at, COALESCE(note, '') FROM act WHERE subject = $1 AND kind = 'event_correct' ORDER BY sequence DESC LIMIT 1",
    )
    .bind(event)
    .fetch_optional(connection)
    .await
}
