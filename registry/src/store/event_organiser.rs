//! Who organises an event together with its owner.

use sqlx::{AnyConnection, FromRow};

/// Rows of a list at most: more organisers than this are refused.
const SHOWN: i64 = 200;

/// An organisation that was asked to organise an event.
#[derive(Clone, FromRow)]
pub(crate) struct OrganiserRow {
    pub(crate) organisation_id: String,
    pub(crate) name: String,
    pub(crate) account_number: Option<String>,
    pub(crate) state: String,
}

/// Everybody who was asked, in that order.
pub(crate) async fn of_event(
    connection: &mut AnyConnection,
    event: &str,
) -> Result<Vec<OrganiserRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT event_organiser.organisation_id, organisation.name, organisation.account_number, event_organiser.state \
         FROM event_organiser JOIN organisation ON organisation.id = event_organiser.organisation_id WHERE event_organiser.event_id = $1 \
         ORDER BY event_organiser.id LIMIT $2",
    )
    .bind(event)
    .bind(SHOWN)
    .fetch_all(connection)
    .await
}

/// The state of one organisation in one event.
pub(crate) async fn state(
    connection: &mut AnyConnection,
    event: &str,
    organisation: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT state FROM event_organiser WHERE event_id = $1 AND organisation_id = $2",
    )
    .bind(event)
    .bind(organisation)
    .fetch_optional(connection)
    .await
}

/// Asks an organisation, again if it had declined, left or was removed.
pub(crate) async fn invite(
    connection: &mut AnyConnection,
    id: &str,
    event: &str,
    organisation: &str,
    at: i64,
    act: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO event_organiser (id, event_id, organisation_id, state, invited_at, changed_at, act_id) \
         VALUES ($1, $2, $3, 'invited', $4, $4, $5) \
         ON CONFLICT (event_id, organisation_id) DO UPDATE SET state = 'invited', invited_at = excluded.invited_at, \
         changed_at = excluded.changed_at, act_id = excluded.act_id",
    )
    .bind(id)
    .bind(event)
    .bind(organisation)
    .bind(at)
    .bind(act)
    .execute(connection)
    .await?;
    Ok(())
}

/// What became of an organisation's part in an event.
pub(crate) struct Changed<'a> {
    pub(crate) event: &'a str,
    pub(crate) organisation: &'a str,
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
    pub(crate) at: i64,
    pub(crate) act: &'a str,
}

/// Puts an organisation from one state into another; `false`: it is no longer in the first.
pub(crate) async fn change(
    connection: &mut AnyConnection,
    new: &Changed<'_>,
) -> Result<bool, sqlx::Error> {
    let changed = sqlx::query(
        "UPDATE event_organiser SET state = $4, changed_at = $5, act_id = $6 WHERE event_id = $1 AND organisation_id = $2 AND state = $3",
    )
    .bind(new.event)
    .bind(new.organisation)
    .bind(new.from)
    .bind(new.to)
    .bind(new.at)
    .bind(new.act)
    .execute(connection)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// The organisations that an act asked, removed or heard from.
pub(crate) async fn of_act(
    connection: &mut AnyConnection,
    act: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT organisation_id FROM event_organiser WHERE act_id = $1")
        .bind(act)
        .fetch_all(connection)
        .await
}

/// The account numbers of the open organiser accounts with this name, two at most: one of them is the one that is meant.
pub(crate) async fn accounts_named(
    connection: &mut AnyConnection,
    name: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT account_number FROM organisation WHERE name = $1 AND role IN ('event_organiser', 'project_owner') \
         AND account_state = 'open' AND account_number IS NOT NULL ORDER BY id LIMIT 2",
    )
    .bind(name)
    .fetch_all(connection)
    .await
}

/// The names of those who organise an event with its owner, in the order in which they were asked.
pub(crate) async fn names(
    connection: &mut AnyConnection,
    event: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT organisation.name FROM event_organiser JOIN organisation ON organisation.id = event_organiser.organisation_id \
         WHERE event_organiser.event_id = $1 AND event_organiser.state = 'accepted' ORDER BY event_organiser.id LIMIT $2",
    )
    .bind(event)
    .bind(SHOWN)
    .fetch_all(connection)
    .await
}
