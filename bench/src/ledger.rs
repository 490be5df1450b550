//! Acts a second over HTTP: retirements of one tonne each, by clients that wait for every answer, on ledgers of different sizes; and how long
//! a stranger waits for the history of a serial number and for a public list.
//!
//! The ledger is filled by inserting transfers, which the triggers of the database turn into balances and blocks as they do in production.

use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use domain::{Role, Uscc};
use registry::{By, OrganisationSeed, Registry};
use reqwest::StatusCode;
use sha2::{Digest, Sha256};
use sqlx::{AnyConnection, AssertSqlSafe, Connection};

use crate::Call;
use crate::database::{Database, ENGINES, Engine};
use crate::measure::{
    Durations, milliseconds, per_second, ratio, resident_mib, synced_writes, tpc_b,
};

/// Holders among whom the blocks are spread; a client is one of them.
const HOLDERS: i64 = 64;
/// Tonnes of the block that each holder begins with and that is not cut.
const RESERVE: i64 = 2_000_000;
/// Transfers of one statement while the ledger is filled.
const CHUNK: i64 = 10_000;
/// Reads of each kind.
const READS: usize = 1_000;
/// Where credits are retired.
const RETIREMENTS: &str = "/api/v1/credits/retirements";

/// Prints a table for each engine.
pub async fn run(call: &Call) -> Result<()> {
    println!(
        "\nRetirements of one tonne over HTTP, each acknowledged after its commit has reached the disk"
    );
    for engine in ENGINES {
        let (what, public) = match engine {
            Engine::Sqlite => (
                "writes of 4 KiB with fdatasync on the same disk",
                synced_writes(&call.folder, call.seconds)?,
            ),
            Engine::Postgres => (
                "TPC-B of pgbench on the same cluster, prepared, 16 clients",
                tpc_b(&call.pgbench, &call.postgres, call.seconds)?,
            ),
        };
        println!("\n{}: {public} {what}, a second", engine.name());
        println!(
            "{:>9} {:>8} {:>8} {:>7} {:>9} {:>9} {:>7}",
            "blocks", "clients", "acts/s", "ratio", "p50 ms", "p99 ms", "MiB"
        );
        for blocks in &call.blocks {
            let database = Database::new(call, engine, &format!("ledger_{blocks}")).await?;
            one_size(call, &database, *blocks, public).await?;
            database.remove(call).await?;
        }
    }
    Ok(())
}

async fn one_size(call: &Call, database: &Database, blocks: i64, public: u128) -> Result<()> {
    database.command(call, &["migrate"])?;
    database.command(call, &["seed", "--demo"])?;
    let registry = database.registry().await?;
    let holders = holders(&registry).await?;
    let mut connection = database.connect().await?;
    let class = fill(&mut connection, &holders, blocks).await?;
    drop(registry);
    let server = Server::start(call, database).await?;
    let before = retired(&mut connection).await?;
    let mut acknowledged = 0;
    for clients in &call.clients {
        let (took, mut all) = retire(&server, &class, &holders, *clients, call.seconds).await?;
        acknowledged += i64::try_from(all.len())?;
        let rate = per_second(all.len(), took);
        println!(
            "{blocks:>9} {clients:>8} {rate:>8} {:>7} {:>9} {:>9} {:>7}",
            ratio(rate, public),
            milliseconds(all.percentile(50)),
            milliseconds(all.percentile(99)),
            resident_mib(server.child.id())?
        );
    }
    let after = retired(&mut connection).await?;
    ensure!(
        after - before == acknowledged,
        "{acknowledged} retirements were acknowledged, {} are in the ledger",
        after - before
    );
    reads(&server, &mut connection, &class, blocks).await
}

/// Retirements in the ledger.
async fn retired(connection: &mut AnyConnection) -> Result<i64> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM retirement")
        .fetch_one(connection)
        .await?)
}

/// An organisation with a token.
#[derive(Clone)]
struct Holder {
    organisation: String,
    token: String,
}

async fn holders(registry: &Registry) -> Result<Vec<Holder>> {
    let at = now(registry).await?;
    let mut holders = Vec::new();
    for number in 0..HOLDERS {
        let seed = OrganisationSeed {
            name: format!("演示·持有人{number}"),
            uscc: Uscc::from_first_seventeen(&format!("9131{number:013}"))?.to_string(),
            role: Role::EventOrganiser,
            person: "演示·测速".to_owned(),
            email: format!("holder{number}@demo.huitan"),
            password_hash: "none".to_owned(),
        };
        let receipt = registry
            .organisation_seed(at, &format!("bench {number}"), &seed)
            .await?;
        let token = format!("huitan_bench{number:032}");
        let by = By {
            user: receipt.user,
            organisation: receipt.organisation.clone(),
            role: Role::EventOrganiser,
            at,
            key: format!("bench token {number}"),
        };
        let hash = hex::encode(Sha256::digest(format!("token:{token}")));
        let name = [("name".to_owned(), "bench".to_owned())];
        registry
            .user_create_token(&by, &name.into_iter().collect(), &hash)
            .await?;
        holders.push(Holder {
            organisation: receipt.organisation.to_string(),
            token,
        });
    }
    Ok(holders)
}

/// The demo world's now.
pub async fn now(registry: &Registry) -> Result<domain::Instant> {
    let system = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    let offset = registry.clock_offset().await?;
    Ok(domain::Instant(i64::try_from(system.as_secs())? + offset))
}

/// Issues to every holder and lets each pass blocks of two tonnes on to the next; answers with the class.
async fn fill(connection: &mut AnyConnection, holders: &[Holder], blocks: i64) -> Result<String> {
    let (class, act, registrar, issuance, at): (String, String, String, String, i64) =
        sqlx::query_as(
            "SELECT class_id, act_id, debit_holder, debit_account, at FROM ledger_transfer \
             WHERE debit_kind = 'issuance' ORDER BY amount DESC LIMIT 1",
        )
        .fetch_one(&mut *connection)
        .await?;
    let mut end: i64 = sqlx::query_scalar("SELECT issued FROM credit_class WHERE id = $1")
        .bind(&class)
        .fetch_one(&mut *connection)
        .await?;
    let each = blocks / HOLDERS;
    let size = RESERVE + 2 * each;
    sqlx::query("UPDATE credit_class SET verified = verified + $1 WHERE id = $2")
        .bind(size * HOLDERS)
        .bind(&class)
        .execute(&mut *connection)
        .await?;
    let account = |number: usize| format!("bench-{number}");
    let mut position = 1_000_000_i64;
    let mut ends = Vec::new();
    for (number, holder) in holders.iter().enumerate() {
        sqlx::query(
            "INSERT INTO ledger_account (id, holder_id, class_id, kind, balance) VALUES ($1, $2, $3, 'holding', 0)",
        )
        .bind(account(number))
        .bind(&holder.organisation)
        .bind(&class)
        .execute(&mut *connection)
        .await?;
        sqlx::query(
            "INSERT INTO ledger_transfer (id, class_id, debit_account, debit_kind, debit_holder, credit_account, credit_kind, \
             credit_holder, amount, serial_start, serial_end, at, act_id, position) \
             VALUES ($1, $2, $3, 'issuance', $4, $5, 'holding', $6, $7, $8, $9, $10, $11, $12)",
        )
        .bind(format!("bench-issue-{number}"))
        .bind(&class)
        .bind(&issuance)
        .bind(&registrar)
        .bind(account(number))
        .bind(&holder.organisation)
        .bind(size)
        .bind(end + 1)
        .bind(end + size)
        .bind(at)
        .bind(&act)
        .bind(position)
        .execute(&mut *connection)
        .await?;
        end += size;
        position += 1;
        ends.push(end);
    }
    for (number, (holder, end)) in holders.iter().zip(ends).enumerate() {
        let next = (number + 1) % holders.len();
        let mut done = 0;
        while done < each {
            let upto = each.min(done + CHUNK);
            let mut transaction = connection.begin().await?;
            sqlx::query(AssertSqlSafe(format!(
                "INSERT INTO ledger_transfer (id, class_id, debit_account, debit_kind, debit_holder, credit_account, credit_kind, \
                 credit_holder, amount, serial_start, serial_end, at, act_id, position) \
                 WITH RECURSIVE piece (n) AS (SELECT CAST({done} AS BIGINT) UNION ALL SELECT n + 1 FROM piece WHERE n + 1 < {upto}) \
                 SELECT 'bench-{number}-' || n, $1, $2, 'holding', $3, $4, 'holding', $5, 2, {end} - 2 * n - 1, {end} - 2 * n, \
                 {at}, $6, {position} + n FROM piece ORDER BY n"
            )))
            .bind(&class)
            .bind(account(number))
            .bind(&holder.organisation)
            .bind(account(next))
            .bind(&holders[next].organisation)
            .bind(&act)
            .execute(&mut *transaction)
            .await?;
            transaction.commit().await?;
            done = upto;
        }
        position += each;
    }
    // PostgreSQL counts rows by itself after a while. SQLite counts them only for whoever asks, which the platform does not: with counts, this
    // build of SQLite plans each statement again whenever a value is bound to it
    if connection.backend_name() == "PostgreSQL" {
        let analyse = sqlx::raw_sql("ANALYZE");
        analyse.execute(&mut *connection).await?;
    }
    let found: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM serial_block WHERE class_id = $1")
        .bind(&class)
        .fetch_one(&mut *connection)
        .await?;
    ensure!(
        found >= each * HOLDERS,
        "{found} blocks instead of {blocks}"
    );
    Ok(class)
}

/// A server of its own; killed when dropped.
struct Server {
    child: Child,
    address: String,
    client: reqwest::Client,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    async fn start(call: &Call, database: &Database) -> Result<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?
            .local_addr()?
            .port();
        let log = std::fs::File::create(call.folder.join("server.log"))?;
        let child = database
            .program(call)
            .env("HUITAN_ADDR", format!("127.0.0.1:{port}"))
            .arg("serve")
            .stdout(Stdio::from(log.try_clone()?))
            .stderr(Stdio::from(log))
            .spawn()?;
        let server = Self {
            child,
            address: format!("http://127.0.0.1:{port}"),
            client: reqwest::Client::builder()
                .pool_max_idle_per_host(100)
                .timeout(Duration::from_mins(1))
                .build()?,
        };
        for _ in 0..200 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let asked = server.client.get(format!("{}/healthz", server.address));
            if asked.send().await.is_ok() {
                return Ok(server);
            }
        }
        bail!(
            "the server does not answer: {}",
            std::fs::read_to_string(call.folder.join("server.log"))?
        )
    }
}

/// A key that no other act has.
static KEY: AtomicU64 = AtomicU64::new(0);

/// `clients` at once for so many seconds, each waiting for its answer before it asks again.
async fn retire(
    server: &Server,
    class: &str,
    holders: &[Holder],
    clients: usize,
    seconds: u64,
) -> Result<(Duration, Durations)> {
    let begin = Instant::now();
    let until = begin + Duration::from_secs(seconds);
    let mut tasks = tokio::task::JoinSet::new();
    let body: Arc<str> = serde_json::json!({
        "quantity": 1, "class": class, "purpose": "voluntary", "purpose_text": "测速",
        "beneficiary": "演示·测速受益单位", "beneficiary_kind": "organisation"
    })
    .to_string()
    .into();
    for holder in holders.iter().cycle().take(clients).cloned() {
        let (client, body) = (server.client.clone(), body.clone());
        let url = format!("{}{RETIREMENTS}", server.address);
        tasks.spawn(async move {
            let mut all = Durations::default();
            while Instant::now() < until {
                let number = KEY.fetch_add(1, Ordering::Relaxed);
                // the limit of requests counts addresses: a thousand acts each
                let address = format!("10.{}.{}.1", number / 256_000, number / 1_000 % 256);
                let asked = Instant::now();
                let answer = client
                    .post(&url)
                    .bearer_auth(&holder.token)
                    .header("content-type", "application/json")
                    .header("idempotency-key", format!("bench-{number}"))
                    .header("x-forwarded-for", address)
                    .body(body.to_string())
                    .send()
                    .await?;
                let status = answer.status();
                let text = answer.text().await?;
                if status != StatusCode::OK {
                    bail!("{status}: {text}");
                }
                all.push(asked.elapsed());
            }
            Ok(all)
        });
    }
    let mut all = Durations::default();
    while let Some(done) = tasks.join_next().await {
        all.append(done.context("a client ended early")??);
    }
    Ok((begin.elapsed(), all))
}

/// One reader after the other.
async fn reads(
    server: &Server,
    connection: &mut AnyConnection,
    class: &str,
    blocks: i64,
) -> Result<()> {
    let (code, vintage, issued): (String, i64, i64) =
        sqlx::query_as("SELECT project_code, vintage, issued FROM credit_class WHERE id = $1")
            .bind(class)
            .fetch_one(&mut *connection)
            .await?;
    let read = async |address: String| -> Result<Duration> {
        let asked = Instant::now();
        let answer = server.client.get(&address).send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status == StatusCode::OK, "{address}: {status}: {text}");
        Ok(asked.elapsed())
    };
    let mut histories = Durations::default();
    let mut lists = Durations::default();
    for number in 0..i64::try_from(READS)? {
        // spread over all numbers, none twice
        let serial = 1 + number * (issued / i64::try_from(READS)?);
        histories.push(
            read(format!(
                "{}/api/v1/serials/HT-{code}-{vintage}-{serial}-{serial}",
                server.address
            ))
            .await?,
        );
        lists.push(read(format!("{}/api/v1/retirements?limit=50", server.address)).await?);
    }
    for (name, mut all) in [
        ("history of a serial number", histories),
        ("50 newest retirements", lists),
    ] {
        println!(
            "{blocks:>9} reads: {name}: p50 {} ms, p99 {} ms",
            milliseconds(all.percentile(50)),
            milliseconds(all.percentile(99))
        );
    }
    Ok(())
}
