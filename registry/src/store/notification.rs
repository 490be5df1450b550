//! Messages, the outbox of mail, reminders that are due, and the lengths of steps.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// What a message and a step need to know of a record: without its documents.
#[derive(FromRow)]
pub(crate) struct SubjectRow {
    pub(crate) kind: String,
    pub(crate) owner_id: String,
    pub(crate) vvb_id: Option<String>,
    pub(crate) submitted: i64,
    pub(crate) state: String,
    pub(crate) due_on: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) number: Option<i64>,
    pub(crate) name: String,
    pub(crate) publicity_start: Option<String>,
    pub(crate) publicity_end: Option<String>,
    pub(crate) received_on: Option<String>,
    pub(crate) paused_days: i64,
}

/// A record; a report comes with the code and the name of its project.
pub(crate) async fn subject(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<SubjectRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT record.kind, record.owner_id, record.vvb_id, record.submitted, record.state, record.due_on, \
         COALESCE(record.code, project.code) AS code, record.number, COALESCE(project.name, record.name) AS name, \
         record.publicity_start, record.publicity_end, record.received_on, record.paused_days \
         FROM record LEFT JOIN record project ON project.id = record.project_id WHERE record.id = $1",
    )
    .bind(id)
    .fetch_optional(connection)
    .await
}

/// What a message needs to know of an event.
#[derive(FromRow)]
pub(crate) struct EventSubjectRow {
    pub(crate) organisation_id: String,
    pub(crate) number: String,
    pub(crate) name: String,
    pub(crate) ends_on: String,
    pub(crate) has_forest: i64,
}

/// An event.
pub(crate) async fn event(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<EventSubjectRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT organisation_id, number, name, ends_on, has_forest FROM event WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(connection)
    .await
}

/// The project that a complaint is about.
pub(crate) async fn project_of_complaint(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT project_id FROM complaint WHERE id = $1")
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// Every organisation of the registry operator.
pub(crate) async fn operators(connection: &mut AnyConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT id FROM organisation WHERE role = 'registry_operator' ORDER BY id")
        .fetch_all(connection)
        .await
}

/// The organisation with this id, if it is one.
pub(crate) async fn organisation(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT id FROM organisation WHERE id = $1")
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// Who was credited by the transfers of an act, and how many tonnes, without the ledger's own accounts.
pub(crate) async fn credited(
    connection: &mut AnyConnection,
    act: &str,
) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT credit_holder, CAST(SUM(amount) AS BIGINT) FROM ledger_transfer \
         WHERE act_id = $1 AND credit_kind = 'holding' AND (debit_holder <> credit_holder OR debit_kind = 'issuance') GROUP BY credit_holder ORDER BY credit_holder",
    )
    .bind(act)
    .fetch_all(connection)
    .await
}

/// For whom an act has set credits aside, and how many tonnes.
pub(crate) async fn awaited(
    connection: &mut AnyConnection,
    act: &str,
) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT other_id, quantity FROM credit_hold WHERE act_id = $1 AND other_id IS NOT NULL",
    )
    .bind(act)
    .fetch_all(connection)
    .await
}

/// Whether an act moved or retired anything.
pub(crate) async fn has_transfers(
    connection: &mut AnyConnection,
    act: &str,
) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = sqlx::query_scalar(
        "SELECT position FROM ledger_transfer WHERE act_id = $1 AND position = 0",
    )
    .bind(act)
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

/// A message to write.
pub(crate) struct NewNotification<'a> {
    pub(crate) id: &'a str,
    pub(crate) organisation_id: &'a str,
    pub(crate) act_id: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) at: i64,
    pub(crate) actor_id: Option<&'a str>,
    pub(crate) subject_kind: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) title: &'a str,
    pub(crate) code: Option<&'a str>,
    pub(crate) number: Option<i64>,
    pub(crate) state: Option<&'a str>,
    pub(crate) next_party: Option<&'a str>,
    pub(crate) next_act: Option<&'a str>,
    pub(crate) due_on: Option<&'a str>,
    pub(crate) tonnes: Option<i64>,
}

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    new: &NewNotification<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO notification (id, organisation_id, act_id, kind, at, actor_id, subject_kind, subject, title, code, number, state, \
         next_party, next_act, due_on, tonnes) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(new.id)
    .bind(new.organisation_id)
    .bind(new.act_id)
    .bind(new.kind)
    .bind(new.at)
    .bind(new.actor_id)
    .bind(new.subject_kind)
    .bind(new.subject)
    .bind(new.title)
    .bind(new.code)
    .bind(new.number)
    .bind(new.state)
    .bind(new.next_party)
    .bind(new.next_act)
    .bind(new.due_on)
    .bind(new.tonnes)
    .execute(connection)
    .await?;
    Ok(())
}

/// Puts one mail into the outbox for each person of the organisation who wants mail, without the one who acted.
pub(crate) async fn mail_insert(
    connection: &mut AnyConnection,
    notification: &str,
    organisation: &str,
    except_user: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO mail (id, notification_id, user_id, address, language, state, attempts, not_before) \
         SELECT CAST($1 AS TEXT) || '.' || user_account.id, CAST($1 AS TEXT), user_account.id, user_account.email, \
         COALESCE(mail_choice.language, 'zh'), 'waiting', 0, 0 \
         FROM user_account LEFT JOIN mail_choice ON mail_choice.user_id = user_account.id \
         WHERE user_account.organisation_id = $2 AND user_account.id <> $3 AND COALESCE(mail_choice.wants_mail, 1) = 1 \
         AND user_account.removed_at IS NULL AND user_account.email LIKE '%@%'",
    )
    .bind(notification)
    .bind(organisation)
    .bind(except_user)
    .execute(connection)
    .await?;
    Ok(())
}

/// A message as stored, with the name of who did it.
#[derive(FromRow)]
pub(crate) struct NotificationRow {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) at: i64,
    pub(crate) actor: Option<String>,
    pub(crate) role: String,
    pub(crate) subject_kind: String,
    pub(crate) subject: String,
    pub(crate) title: String,
    pub(crate) code: Option<String>,
    pub(crate) number: Option<i64>,
    pub(crate) state: Option<String>,
    pub(crate) next_party: Option<String>,
    pub(crate) next_act: Option<String>,
    pub(crate) due_on: Option<String>,
    pub(crate) tonnes: Option<i64>,
    pub(crate) read_at: Option<i64>,
    /// Of a transfer that was no trade: the paper it rests on.
    pub(crate) authority: Option<String>,
    pub(crate) document_number: Option<String>,
    /// What it took from the organisation.
    pub(crate) debited: Option<i64>,
}

const NOTIFICATION: &str = "SELECT notification.id, notification.kind, notification.at, actor.name AS actor, receiver.role, \
    notification.subject_kind, notification.subject, notification.title, notification.code, notification.number, notification.state, \
    notification.next_party, notification.next_act, notification.due_on, notification.tonnes, notification.read_at, \
    paper.authority, paper.document_number, CASE WHEN paper.from_id = notification.organisation_id THEN \
      CAST((SELECT SUM(ledger_transfer.amount) FROM ledger_transfer WHERE ledger_transfer.act_id = paper.act_id) AS BIGINT) END AS debited \
    FROM notification JOIN organisation receiver ON receiver.id = notification.organisation_id \
    LEFT JOIN organisation actor ON actor.id = notification.actor_id \
    LEFT JOIN credit_document paper ON paper.act_id = notification.act_id";

/// One page of the messages to an organisation, newest first.
pub(crate) async fn list(
    connection: &mut AnyConnection,
    organisation: &str,
    before: &str,
    size: i64,
) -> Result<Vec<NotificationRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{NOTIFICATION} WHERE notification.organisation_id = $1 AND notification.id < $2 ORDER BY notification.id DESC LIMIT $3"
    )))
    .bind(organisation)
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}

pub(crate) async fn by_id(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<NotificationRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{NOTIFICATION} WHERE notification.id = $1"
    )))
    .bind(id)
    .fetch_optional(connection)
    .await
}

/// How many messages nobody of the organisation has read, counted up to `most`.
pub(crate) async fn unread(
    connection: &mut AnyConnection,
    organisation: &str,
    most: i64,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM (SELECT id FROM notification WHERE organisation_id = $1 AND read_at IS NULL LIMIT $2) unread",
    )
    .bind(organisation)
    .bind(most)
    .fetch_one(connection)
    .await
}

/// Marks one message as read.
pub(crate) async fn read_one(
    connection: &mut AnyConnection,
    organisation: &str,
    id: &str,
    at: i64,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE notification SET read_at = COALESCE(read_at, $3) WHERE organisation_id = $1 AND id = $2",
    )
    .bind(organisation)
    .bind(id)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Marks a message and every older one as read.
pub(crate) async fn read_up_to(
    connection: &mut AnyConnection,
    organisation: &str,
    id: &str,
    at: i64,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE notification SET read_at = $3 WHERE organisation_id = $1 AND id <= $2 AND read_at IS NULL",
    )
    .bind(organisation)
    .bind(id)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Whether a person wants mail, and in which language; `None`: nothing was chosen.
pub(crate) async fn mail_choice(
    connection: &mut AnyConnection,
    user: &str,
) -> Result<Option<(i64, String)>, sqlx::Error> {
    sqlx::query_as("SELECT wants_mail, language FROM mail_choice WHERE user_id = $1")
        .bind(user)
        .fetch_optional(connection)
        .await
}

pub(crate) async fn mail_choose(
    connection: &mut AnyConnection,
    user: &str,
    wants_mail: bool,
    language: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO mail_choice (user_id, wants_mail, language) VALUES ($1, $2, $3) \
         ON CONFLICT (user_id) DO UPDATE SET wants_mail = $2, language = $3",
    )
    .bind(user)
    .bind(i64::from(wants_mail))
    .bind(language)
    .execute(connection)
    .await?;
    Ok(())
}

/// A mail of the outbox.
#[derive(FromRow)]
pub(crate) struct MailRow {
    pub(crate) id: String,
    pub(crate) notification_id: String,
    pub(crate) address: String,
    pub(crate) language: String,
    pub(crate) state: String,
    pub(crate) attempts: i64,
    pub(crate) error: Option<String>,
}

const MAIL: &str = "SELECT mail.id, mail.notification_id, mail.address, mail.language, mail.state, mail.attempts, mail.error FROM mail";

/// The mails that may be sent now, those waiting longest first: also those whose sender has not been heard of in time.
pub(crate) async fn mail_due(
    connection: &mut AnyConnection,
    now: i64,
    size: i64,
) -> Result<Vec<MailRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{MAIL} WHERE mail.state IN ('waiting', 'sending') AND mail.not_before <= $1 ORDER BY mail.id LIMIT $2"
    )))
    .bind(now)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Takes one mail for one process; nothing is taken if another process was faster.
pub(crate) async fn mail_claim(
    connection: &mut AnyConnection,
    id: &str,
    claimant: &str,
    now: i64,
    until: i64,
) -> Result<bool, sqlx::Error> {
    let taken = sqlx::query(
        "UPDATE mail SET state = 'sending', claimed_by = $2, not_before = $4, attempts = attempts + 1 \
         WHERE id = $1 AND state IN ('waiting', 'sending') AND not_before <= $3",
    )
    .bind(id)
    .bind(claimant)
    .bind(now)
    .bind(until)
    .execute(connection)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// It was sent.
pub(crate) async fn mail_sent(
    connection: &mut AnyConnection,
    id: &str,
    claimant: &str,
    at: i64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE mail SET state = 'sent', sent_at = $3, error = NULL WHERE id = $1 AND claimed_by = $2 AND state = 'sending'",
    )
    .bind(id)
    .bind(claimant)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// It could not be sent: waits for another try, or is given up.
pub(crate) async fn mail_failed(
    connection: &mut AnyConnection,
    id: &str,
    claimant: &str,
    state: &str,
    not_before: i64,
    error: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE mail SET state = $3, not_before = $4, error = $5 WHERE id = $1 AND claimed_by = $2 AND state = 'sending'",
    )
    .bind(id)
    .bind(claimant)
    .bind(state)
    .bind(not_before)
    .bind(error)
    .execute(connection)
    .await?;
    Ok(())
}

/// A dead letter waits again, with all its tries.
pub(crate) async fn mail_revive(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE mail SET state = 'waiting', attempts = 0, not_before = 0 WHERE id = $1 AND state = 'dead'",
    )
    .bind(id)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// How many mails are in each state.
pub(crate) async fn mail_counts(
    connection: &mut AnyConnection,
) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as("SELECT state, COUNT(*) FROM mail GROUP BY state ORDER BY state")
        .fetch_all(connection)
        .await
}

/// The mails that failed at least once and are not sent: the given-up ones and those that wait for another try, newest first.
pub(crate) async fn mail_troubled(
    connection: &mut AnyConnection,
    before: &str,
    size: i64,
) -> Result<Vec<MailRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{MAIL} WHERE mail.state IN ('dead', 'waiting', 'sending') AND mail.error IS NOT NULL AND mail.id < $1 \
         ORDER BY mail.id DESC LIMIT $2"
    )))
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// A record that a reminder may be due for: id, state, the day in question.
pub(crate) type ReminderRow = (String, String, String);

/// Records whose due day is in a range of days, and that were not reminded of it.
pub(crate) async fn reminders_by_due_day(
    connection: &mut AnyConnection,
    reminder: &str,
    from: &str,
    to: &str,
    size: i64,
) -> Result<Vec<ReminderRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT record.id, record.state, record.due_on FROM record WHERE record.due_on >= $2 AND record.due_on <= $3 \
         AND record.state NOT IN ('in_publicity', 'recall_review') \
         AND NOT EXISTS (SELECT 1 FROM act WHERE act.scope = 'system' \
           AND act.key = CAST($1 AS TEXT) || ':' || record.id || ':' || record.due_on) \
         ORDER BY record.due_on, record.id LIMIT $4",
    )
    .bind(reminder)
    .bind(from)
    .bind(to)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Records whose publicity ends on a day, and that were not reminded of it.
pub(crate) async fn reminders_by_publicity_end(
    connection: &mut AnyConnection,
    reminder: &str,
    today: &str,
    size: i64,
) -> Result<Vec<ReminderRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT record.id, record.state, record.publicity_end FROM record WHERE record.publicity_end = $2 \
         AND record.state IN ('in_publicity', 'recall_review') \
         AND NOT EXISTS (SELECT 1 FROM act WHERE act.scope = 'system' \
           AND act.key = CAST($1 AS TEXT) || ':' || record.id || ':' || record.publicity_end) \
         ORDER BY record.id LIMIT $3",
    )
    .bind(reminder)
    .bind(today)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// The step a record is in, and since when.
pub(crate) async fn step_of(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Option<(String, i64)>, sqlx::Error> {
    sqlx::query_as("SELECT step, since FROM step_open WHERE record_id = $1")
        .bind(record)
        .fetch_optional(connection)
        .await
}

/// Puts a record into a step.
pub(crate) async fn step_begin(
    connection: &mut AnyConnection,
    record: &str,
    kind: &str,
    step: &str,
    since: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO step_open (record_id, kind, step, since) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (record_id) DO UPDATE SET step = $3, since = $4",
    )
    .bind(record)
    .bind(kind)
    .bind(step)
    .bind(since)
    .execute(connection)
    .await?;
    Ok(())
}

/// A record is in no step any more.
pub(crate) async fn step_leave(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM step_open WHERE record_id = $1")
        .bind(record)
        .execute(connection)
        .await?;
    Ok(())
}

/// Counts one step of so many days.
pub(crate) async fn step_count(
    connection: &mut AnyConnection,
    kind: &str,
    step: &str,
    year: i64,
    days: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO step_length (kind, step, year, days, times) VALUES ($1, $2, $3, $4, 1) \
         ON CONFLICT (kind, step, year, days) DO UPDATE SET times = step_length.times + 1",
    )
    .bind(kind)
    .bind(step)
    .bind(year)
    .bind(days)
    .execute(connection)
    .await?;
    Ok(())
}

/// Of the records given: how many of the same kind came into the same step before them. Only records that the condition lets see.
pub(crate) async fn queue(
    connection: &mut AnyConnection,
    whose: &super::record::Whose<'_>,
    records: &[String],
) -> Result<Vec<(String, String, i64)>, sqlx::Error> {
    use super::record::Whose;
    let (condition, of) = match whose {
        Whose::Owner(id) => ("record.owner_id = $1", *id),
        Whose::Vvb(id) => ("record.vvb_id = $1", *id),
        Whose::Submitted => ("record.submitted = 1 AND CAST($1 AS TEXT) = ''", ""),
    };
    let places: Vec<String> = (0..records.len())
        .map(|at| format!("${}", at + 2))
        .collect();
    let places = places.join(", ");
    let sql = format!(
        "SELECT mine.record_id, mine.step, (SELECT COUNT(*) FROM step_open other WHERE other.kind = mine.kind AND other.step = mine.step \
         AND (other.since < mine.since OR (other.since = mine.since AND other.record_id < mine.record_id))) \
         FROM step_open mine JOIN record ON record.id = mine.record_id \
         WHERE {condition} AND mine.step IN ('publicity_review', 'registration', 'deregistration') AND mine.record_id IN ({places})"
    );
    let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(of);
    for record in records {
        query = query.bind(record);
    }
    query.fetch_all(connection).await
}
