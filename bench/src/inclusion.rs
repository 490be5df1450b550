//! Records of carbon inclusion a second: signed calls of a provider as the registry takes them in (identity, consent, factor, caps, limits,
//! lots, one answer for each row), beside a plain insert of the same rows into a table that knows nothing; and the page of a month.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use domain::{Role, Uscc};
use registry::{By, CallRow, OrganisationSeed, PageRequest, Registry, Visitor};
use sqlx::{AnyConnection, AssertSqlSafe, Connection};
use time::Date;
use time::macros::date;

use crate::Call;
use crate::database::{Database, ENGINES};
use crate::measure::{Durations, milliseconds, per_second, ratio, resident_mib};

/// People who ride.
const PEOPLE: usize = 2_000;
/// Rows of a call: two rides of half of the people.
const ROWS: usize = 2_000;
/// Day on which everybody signs up.
const BEGIN: Date = date!(2026 - 01 - 05);
/// The first day of riding: the limits of new accounts are over.
const FIRST: Date = date!(2026 - 03 - 01);
/// Rows of one plain statement; a call has twice as many.
const AT_ONCE: usize = 1_000;
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
        let plain = plain(&mut connection, &world, calls).await?;
        let records = calls * ROWS;
        let (ours, plain) = (per_second(records, ours), per_second(records, plain));
        println!(
            "{}: {ours} records/s, plain insert {plain} rows/s, ratio {}",
            engine.name(),
            ratio(ours, plain)
        );
        month(&registry, &world).await?;
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

/// The same rows, many values in one statement, one transaction for each call.
async fn plain(connection: &mut AnyConnection, world: &World, calls: usize) -> Result<Duration> {
    sqlx::raw_sql(
        "CREATE TABLE plain_record (reference TEXT NOT NULL, order_number TEXT NOT NULL, scene TEXT NOT NULL, started_at BIGINT, \
         ended_at BIGINT, region TEXT NOT NULL, distance_km TEXT NOT NULL, PRIMARY KEY (order_number))",
    )
    .execute(&mut *connection)
    .await?;
    let values: Vec<String> = (0..AT_ONCE)
        .map(|row| {
            let numbers: Vec<String> = (1..=7)
                .map(|field| format!("${}", row * 7 + field))
                .collect();
            format!("({})", numbers.join(","))
        })
        .collect();
    let statement = format!("INSERT INTO plain_record VALUES {}", values.join(","));
    let mut took = Duration::ZERO;
    for number in 0..calls {
        let (_, rows) = world.rows(number)?;
        let asked = Instant::now();
        let mut transaction = connection.begin().await?;
        for part in rows.chunks(AT_ONCE) {
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

/// The page of somebody's first month.
async fn month(registry: &Registry, world: &World) -> Result<()> {
    let mut all = Durations::default();
    let span = (FIRST, date!(2026 - 03 - 31));
    for (by, _) in world.people.iter().cycle().step_by(7).take(READS) {
        let asked = Instant::now();
        registry.month(by, span, &PageRequest::default()).await?;
        all.push(asked.elapsed());
    }
    println!(
        "  a month of one account: p50 {} ms, p99 {} ms",
        milliseconds(all.percentile(50)),
        milliseconds(all.percentile(99))
    );
    Ok(())
}
