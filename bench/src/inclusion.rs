//! Records of carbon inclusion a second: signed calls of a provider as the registry takes them in (identity, consent, factor, caps, limits,
//! lots, one answer for each row), beside two plain inserts of many values: of the rows that the registry kept of them, into tables with the
//! same keys that check and follow nothing; and of what was sent, into a table of seven columns with one key. Then the page of a month, and
//! of a month with ten thousand acts.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use domain::{Role, Uscc};
use registry::{By, CallRow, OrganisationSeed, PageRequest, Registry, Visitor};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Column as _, Connection, Row, TypeInfo as _};
use time::Date;
use time::macros::date;

use crate::Call;
use crate::database::{Database, ENGINES, Engine};
use crate::measure::{Durations, milliseconds, per_second, ratio, resident_mib};

/// People who ride.
const PEOPLE: usize = 2_000;
/// Rows of a call: two rides of half of the people.
const ROWS: usize = 2_000;
/// Day on which everybody signs up.
const BEGIN: Date = date!(2025 - 12 - 29);
/// The first day of riding: the limits of new accounts are over.
const FIRST: Date = date!(2026 - 03 - 01);
/// Values of one plain statement: as many as the registry binds.
const VALUES_AT_ONCE: usize = 6_000;
/// Rows of one plain statement of what was sent: a call is a number of these.
const SENT_AT_ONCE: usize = 500;
/// A key that only SQLite needs: its reference of movements to acts.
const ONLY_SQLITE: &str = "(account_id, id, certifiable, campaign_id)";
/// Acts of the full month.
const FULL_MONTH: usize = 10_000;
/// Reads of a month.
const READS: usize = 200;

/// Prints a line for each engine.
pub async fn run(call: &Call) -> Result<()> {
    println!(
        "\nRecords of carbon inclusion: {} of {PEOPLE} people, {ROWS} in a call; beside the same rows in a plain insert",
        call.records
    );
    for engine in ENGINES {
        let database = Database::new(call, engine, "inclusion").await?;
        database.command(call, &["migrate"])?;
        let registry = database.registry().await?;
        let world = World::new(&registry).await?;
        let calls = call.records.div_ceil(ROWS);
        let ours = ours(&registry, &world, calls).await?;
        let mut connection = database.connect().await?;
        let kept = kept(&mut connection, engine).await?;
        let sent = sent(&mut connection, engine, &world, calls).await?;
        let records = calls * ROWS;
        let [ours, kept, sent] = [ours, kept, sent].map(|took| per_second(records, took));
        println!(
            "{}: {ours} records/s; plain insert of the rows that are kept {kept} records/s, ratio {}; of the rows that were sent {sent} \
             records/s, ratio {}",
            engine.name(),
            ratio(ours, kept),
            ratio(ours, sent)
        );
        month(&registry, &world, FIRST).await?;
        full_month(&registry, &world).await?;
        drop(registry);
        connection.close().await?;
        database.remove(call).await?;
    }
    Ok(())
}

/// A provider and its riders.
struct World {
    provider: String,
    people: Vec<(By, String)>,
}

impl World {
    async fn new(registry: &Registry) -> Result<Self> {
        let at = noon(BEGIN);
        let seed = OrganisationSeed {
            name: "演示·测速登记机构".to_owned(),
            uscc: Uscc::from_first_seventeen("12100000HT0000009")?.to_string(),
            role: Role::RegistryOperator,
            person: "演示·测速".to_owned(),
            email: "bench@demo.huitan".to_owned(),
            password_hash: "none".to_owned(),
        };
        let operator = registry.organisation_seed(at, "bench", &seed).await?;
        let by = By {
            user: operator.user,
            organisation: operator.organisation,
            role: Role::RegistryOperator,
            at,
            key: "bench provider".to_owned(),
        };
        let form = fields(&[
            ("name", "演示·测速地铁"),
            ("precedence", "1"),
            ("evidence", "T1"),
            ("scenes", "metro"),
            ("agreement", "DEMO-BENCH"),
        ]);
        let provider = registry.provider_add(&by, &form).await?.id;
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            people.push(person(registry, &provider, number).await?);
        }
        Ok(Self { provider, people })
    }

    /// The rows of a call: half of the people, to work and back.
    fn rows(&self, call: usize) -> Result<(Date, Vec<CallRow>)> {
        let half = self.people.len() / 2;
        let day = FIRST
            .checked_add(time::Duration::days(i64::try_from(call / 2)?))
            .context("a day")?;
        let begin = domain::Instant::at_start_of(day).0;
        let rows = self.people[(call % 2) * half..][..half]
            .iter()
            .flat_map(|(_, reference)| {
                [8, 18].map(|hour| CallRow {
                    order: format!("{day}-{hour}-{reference}"),
                    reference: reference.clone(),
                    scene: "metro".to_owned(),
                    day: None,
                    started_at: Some(begin + hour * 3_600),
                    ended_at: Some(begin + hour * 3_600 + 1_200),
                    region: "CN-GD-SZ".to_owned(),
                    meter: None,
                    item: None,
                    campaign: None,
                    amounts: fields(&[("distance_km", "6.2")]),
                })
            })
            .collect();
        Ok((day, rows))
    }
}

async fn person(registry: &Registry, provider: &str, number: usize) -> Result<(By, String)> {
    let at = noon(BEGIN);
    let form = fields(&[
        ("name", "演示·测速乘客"),
        ("email", &format!("rider{number}@demo.huitan")),
        ("region", "CN-GD-SZ"),
        ("age", "adult"),
        ("agrees", "yes"),
    ]);
    let visitor = Visitor {
        at,
        key: format!("bench rider {number}"),
    };
    let receipt = registry.person_sign_up(&visitor, &form, "none").await?;
    let by = By {
        user: receipt.user,
        organisation: receipt.account,
        role: Role::Individual,
        at,
        key: format!("bench consent {number}"),
    };
    let consent = fields(&[
        ("purpose", "source"),
        ("provider", provider),
        ("scene", "metro"),
        ("agrees", "yes"),
    ]);
    let given = registry.consent_give(&by, &consent).await?;
    Ok((by, given.reference.context("a reference")?))
}

fn noon(day: Date) -> domain::Instant {
    domain::Instant(domain::Instant::at_start_of(day).0 + 12 * 3_600)
}

fn fields(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// Calls one after the other; prints the memory at the begin and at the end.
async fn ours(registry: &Registry, world: &World, calls: usize) -> Result<Duration> {
    let mut took = Duration::ZERO;
    for number in 0..calls {
        let (day, rows) = world.rows(number)?;
        let at = domain::Instant(domain::Instant::at_start_of(day).0 + 23 * 3_600);
        let asked = Instant::now();
        let answer = registry
            .call_in(&world.provider, &format!("bench {number}"), at, &rows)
            .await?;
        took += asked.elapsed();
        ensure!(
            answer.accepted == u64::try_from(rows.len())?,
            "{} of {} records were taken in on {day}: {:?}",
            answer.accepted,
            rows.len(),
            answer.rows.iter().find(|row| row.accepted.is_none())
        );
        if number == calls / 10 || number + 1 == calls {
            println!(
                "  after {} records: {} records/s, {} MiB",
                (number + 1) * ROWS,
                per_second((number + 1) * ROWS, took),
                resident_mib(std::process::id())?
            );
        }
    }
    Ok(took)
}

/// `($1, $2), ($3, $4)`, or `(?, ?), (?, ?)` where the engine counts by itself.
fn values(engine: Engine, rows: usize, columns: usize) -> String {
    let placeholder = |number: usize| match engine {
        Engine::Sqlite => "?".to_owned(),
        Engine::Postgres => format!("${number}"),
    };
    let rows: Vec<String> = (0..rows)
        .map(|row| {
            let one: Vec<String> = (1..=columns)
                .map(|field| placeholder(row * columns + field))
                .collect();
            format!("({})", one.join(","))
        })
        .collect();
    rows.join(",")
}

/// What is kept of a record, with the keys it is found by: the act, the claim on the record, the movement of its milligrams, and their place.
/// Balances and what was counted for limits are left out: they are not inserted for each record.
const KEPT: &[(&str, &str, &[&str])] = &[
    (
        "inclusion_activity",
        "a.act_id = $1",
        &[
            "UNIQUE INDEX {} ON plain_inclusion_activity (account_id, id)",
            "UNIQUE INDEX {} ON plain_inclusion_activity (account_id, id, certifiable, campaign_id)",
            "INDEX {} ON plain_inclusion_activity (account_id, day, id, scene, state, mg)",
            "INDEX {} ON plain_inclusion_activity (settle_on, account_id, id)",
            "INDEX {} ON plain_inclusion_activity (scene, region, day)",
        ],
    ),
    (
        "inclusion_fingerprint",
        "(a.account_id, a.activity_id) IN (SELECT account_id, id FROM inclusion_activity WHERE act_id = $1)",
        &["UNIQUE INDEX {} ON plain_inclusion_fingerprint (fingerprint)"],
    ),
    (
        "inclusion_transfer",
        "a.act_id = $1",
        &[
            "UNIQUE INDEX {} ON plain_inclusion_transfer (account_id, id)",
            "UNIQUE INDEX {} ON plain_inclusion_transfer (account_id, act_id, position)",
            "UNIQUE INDEX {} ON plain_inclusion_transfer (account_id, lot_id)",
            "INDEX {} ON plain_inclusion_transfer (account_id, lot_id, id)",
        ],
    ),
    (
        "inclusion_lot_part",
        "(a.account_id, a.lot_id) IN (SELECT account_id, id FROM inclusion_activity WHERE act_id = $1)",
        &["UNIQUE INDEX {} ON plain_inclusion_lot_part (account_id, lot_id, place, place_ref)"],
    ),
];

/// The rows that the calls left, many values in one statement, one transaction for each call.
async fn kept(connection: &mut AnyConnection, engine: Engine) -> Result<Duration> {
    let mut prepare = String::new();
    for (table, _, keys) in KEPT {
        prepare.push_str(&format!(
            "CREATE TABLE plain_{table} AS SELECT * FROM {table} WHERE 1 = 0;"
        ));
        let keys = keys.iter();
        let keys = keys.filter(|key| engine == Engine::Sqlite || !key.ends_with(ONLY_SQLITE));
        for (number, key) in keys.enumerate() {
            let name = format!("plain_{table}_{number}");
            prepare.push_str(&format!("CREATE {};", key.replace("{}", &name)));
        }
    }
    // so that the rows of a call are found, which nobody is timed for
    for table in ["inclusion_activity", "inclusion_transfer"] {
        prepare.push_str(&format!(
            "CREATE INDEX of_call_{table} ON {table} (act_id);"
        ));
    }
    if engine == Engine::Postgres {
        prepare.push_str("ANALYZE;");
    }
    sqlx::raw_sql(AssertSqlSafe(prepare))
        .execute(&mut *connection)
        .await?;
    let calls: Vec<String> =
        sqlx::query_scalar("SELECT id FROM act WHERE kind = 'provider_call' ORDER BY id")
            .fetch_all(&mut *connection)
            .await?;
    let mut took = Duration::ZERO;
    for call in calls {
        let mut of_call = Vec::new();
        for (table, which, _) in KEPT {
            let sql = format!("SELECT a.* FROM {table} a WHERE {which}");
            let rows = sqlx::query(AssertSqlSafe(sql))
                .bind(&call)
                .fetch_all(&mut *connection)
                .await?;
            let rows: Vec<Vec<Cell>> = rows.iter().map(cells).collect::<Result<_>>()?;
            of_call.push((*table, rows));
        }
        let asked = Instant::now();
        let mut transaction = connection.begin().await?;
        for (table, rows) in &of_call {
            let columns = rows.first().map_or(1, Vec::len);
            for part in rows.chunks(VALUES_AT_ONCE / columns) {
                let values = values(engine, part.len(), columns);
                let mut insert = sqlx::query(AssertSqlSafe(format!(
                    "INSERT INTO plain_{table} VALUES {values}"
                )));
                for cell in part.iter().flatten() {
                    insert = match cell {
                        Cell::Text(text) => insert.bind(text.as_deref()),
                        Cell::Number(number) => insert.bind(*number),
                    };
                }
                insert.execute(&mut *transaction).await?;
            }
        }
        transaction.commit().await?;
        took += asked.elapsed();
    }
    Ok(took)
}

/// A value of a row.
enum Cell {
    Text(Option<String>),
    Number(Option<i64>),
}

fn cells(row: &AnyRow) -> Result<Vec<Cell>> {
    (0..row.len())
        .map(|column| match row.try_get::<Option<String>, _>(column) {
            // of an empty number, too, there is an empty text to be had
            Ok(None) if row.column(column).type_info().name() == "BIGINT" => Ok(Cell::Number(None)),
            Ok(text) => Ok(Cell::Text(text)),
            Err(_) => Ok(Cell::Number(row.try_get(column)?)),
        })
        .collect()
}

/// What was sent, many values in one statement, one transaction for each call.
async fn sent(
    connection: &mut AnyConnection,
    engine: Engine,
    world: &World,
    calls: usize,
) -> Result<Duration> {
    sqlx::raw_sql(
        "CREATE TABLE plain_record (reference TEXT NOT NULL, order_number TEXT NOT NULL, scene TEXT NOT NULL, started_at BIGINT, \
         ended_at BIGINT, region TEXT NOT NULL, distance_km TEXT NOT NULL, PRIMARY KEY (order_number))",
    )
    .execute(&mut *connection)
    .await?;
    let statement = format!(
        "INSERT INTO plain_record VALUES {}",
        values(engine, SENT_AT_ONCE, 7)
    );
    let mut took = Duration::ZERO;
    for number in 0..calls {
        let (_, rows) = world.rows(number)?;
        let asked = Instant::now();
        let mut transaction = connection.begin().await?;
        for part in rows.chunks(SENT_AT_ONCE) {
            let mut insert = sqlx::query(AssertSqlSafe(statement.as_str()));
            for row in part {
                insert = insert
                    .bind(&row.reference)
                    .bind(&row.order)
                    .bind(&row.scene)
                    .bind(row.started_at)
                    .bind(row.ended_at)
                    .bind(&row.region)
                    .bind(row.amounts.get("distance_km"));
            }
            insert.execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        took += asked.elapsed();
    }
    Ok(took)
}

/// The page of a month: of everybody's month that begins on a day.
async fn month(registry: &Registry, world: &World, first: Date) -> Result<()> {
    let mut all = Durations::default();
    for (by, _) in world.people.iter().cycle().step_by(7).take(READS) {
        read_month(registry, by, first, &PageRequest::default(), &mut all).await?;
    }
    say("a month of one account", &mut all);
    Ok(())
}

/// One account's month of ten thousand acts: its first page and a page in the middle.
async fn full_month(registry: &Registry, world: &World) -> Result<()> {
    let first = date!(2026 - 01 - 01);
    let (by, reference) = world.people.first().context("somebody")?;
    let at = noon(date!(2026 - 01 - 31));
    let rows: Vec<CallRow> = (0..FULL_MONTH)
        .map(|number| {
            let nth = i64::try_from(number)?;
            let day = first.saturating_add(time::Duration::days(nth % 30));
            // one behind the other, from the first hour to the last
            let begin = domain::Instant::at_start_of(day).0 + nth / 30 * 255;
            Ok(CallRow {
                order: format!("month-{number}"),
                reference: reference.clone(),
                scene: "metro".to_owned(),
                day: Some(day.to_string()),
                started_at: Some(begin),
                ended_at: Some(begin + 150),
                region: "CN-GD-SZ".to_owned(),
                meter: None,
                item: None,
                campaign: None,
                amounts: fields(&[("distance_km", "2")]),
            })
        })
        .collect::<Result<_>>()?;
    for (number, rows) in rows.chunks(ROWS).enumerate() {
        let key = format!("bench month {number}");
        let answer = registry.call_in(&world.provider, &key, at, rows).await?;
        ensure!(
            answer.refused == 0,
            "{} rows of the full month were refused: {:?}",
            answer.refused,
            answer.rows.iter().find(|row| row.accepted.is_none())
        );
    }
    let (mut begin, mut middle) = (Durations::default(), Durations::default());
    for _ in 0..READS {
        let page = PageRequest::default();
        let next = read_month(registry, by, first, &page, &mut begin).await?;
        let page = PageRequest {
            after: next,
            ..page
        };
        read_month(registry, by, first, &page, &mut middle).await?;
    }
    say("its first page with 10000 acts", &mut begin);
    say("the page after it", &mut middle);
    Ok(())
}

/// Reads a page of a month; answers with the key of the next.
async fn read_month(
    registry: &Registry,
    by: &By,
    first: Date,
    page: &PageRequest,
    all: &mut Durations,
) -> Result<Option<String>> {
    let span = (first, first.saturating_add(time::Duration::days(30)));
    let asked = Instant::now();
    let month = registry.month(by, span, page).await?;
    all.push(asked.elapsed());
    Ok(month.next)
}

fn say(what: &str, all: &mut Durations) {
    println!(
        "  {what}: p50 {} ms, p99 {} ms",
        milliseconds(all.percentile(50)),
        milliseconds(all.percentile(99))
    );
}
