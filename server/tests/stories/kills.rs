//! Servers that are killed under load: every act that was answered is there once, and every key has one answer, whichever copy of the
//! server gave it. On PostgreSQL two copies serve the same database; on SQLite one.

use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::support::{self, Browser, Database, House, both_databases};
use axum::http::StatusCode;
use serde_json::{Value, json};
use sqlx::Connection as _;

/// How often a server is killed on each database; `HUITAN_TEST_KILLS=100 cargo test -p server --test stories -- kills` for more.
const KILLS: u64 = 6;
/// People who act at the same time.
const CLIENTS: u64 = 4;
/// How long a server may take until it answers, and how long an act may take over all kills.
const PATIENCE: Duration = Duration::from_mins(1);

fn kills() -> u64 {
    std::env::var("HUITAN_TEST_KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(KILLS)
}

/// One copy of the server, as a process of its own; killed when dropped.
struct Copy {
    port: u16,
    url: String,
    child: Child,
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Copy {
    fn start(url: &str, port: u16) -> Child {
        Command::new(env!("CARGO_BIN_EXE_huitan"))
            .arg("serve")
            .env_clear()
            .env("DATABASE_URL", url)
            .env("HUITAN_DEMO", "1")
            .env("HUITAN_LOG", "error")
            .env("HUITAN_MAIL", "off")
            .env("HUITAN_TRUST_PROXY", "1")
            .env("HUITAN_ADDR", format!("127.0.0.1:{port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts")
    }

    fn new(url: &str) -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("its address").port();
        drop(free);
        Self {
            port,
            url: url.to_owned(),
            child: Self::start(url, port),
        }
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// SIGKILL, and the same again.
    fn kill(&mut self) {
        self.child.kill().expect("SIGKILL");
        self.child.wait().expect("its end");
        self.child = Self::start(&self.url, self.port);
    }

    async fn answers(&self, client: &reqwest::Client) {
        let begin = Instant::now();
        let url = format!("{}/healthz", self.address());
        while client.get(&url).send().await.is_err() {
            assert!(begin.elapsed() < PATIENCE, "{url} does not answer");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// What all clients share.
struct Load {
    client: reqwest::Client,
    copies: Vec<String>,
    bearer: String,
    receiver: String,
    stop: AtomicBool,
    answered: AtomicU64,
}

impl Load {
    /// Asks until somebody answers, one copy after the other, always under the same key; then asks everybody again.
    async fn act(&self, number: u64, key: &str, path: &str, body: &Value) -> Value {
        let begin = Instant::now();
        let mut turn = usize::try_from(number).expect("small");
        let answer = loop {
            assert!(begin.elapsed() < PATIENCE, "{key} is never answered");
            if let Some(answer) = self.ask(turn, number, key, path, body).await {
                break answer;
            }
            turn += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        if number.is_multiple_of(5) {
            for copy in 0..self.copies.len() {
                if let Some(again) = self.ask(copy, number, key, path, body).await {
                    assert_eq!(again, answer, "{key}");
                }
            }
        }
        self.answered.fetch_add(1, Ordering::SeqCst);
        answer
    }

    /// `None` if there was no answer, or "busy".
    async fn ask(
        &self,
        turn: usize,
        number: u64,
        key: &str,
        path: &str,
        body: &Value,
    ) -> Option<Value> {
        let copy = &self.copies[turn % self.copies.len()];
        let asked = self
            .client
            .post(format!("{copy}/api/v1/credits/{path}"))
            .header("authorization", &self.bearer)
            .header("idempotency-key", key)
            .header("content-type", "application/json")
            // the limit of requests counts addresses
            .header(
                "x-forwarded-for",
                format!("10.1.{}.{}", number / 200 % 200, number % 200),
            )
            .body(body.to_string());
        let answer = asked.send().await.ok()?;
        let status = answer.status().as_u16();
        let text = answer.text().await.ok()?;
        match StatusCode::from_u16(status).expect("a status") {
            StatusCode::OK | StatusCode::ACCEPTED => {
                Some(serde_json::from_str(&text).expect("an answer"))
            }
            StatusCode::SERVICE_UNAVAILABLE => None,
            status => panic!("{key}: {status}: {text}"),
        }
    }

    /// Retires and sends one tonne after the other; answers with the keys and the tonnes retired.
    async fn client(self: Arc<Self>, client: u64) -> (Vec<String>, u64) {
        let (mut keys, mut retired) = (Vec::new(), 0);
        for number in 0.. {
            if self.stop.load(Ordering::SeqCst) {
                break;
            }
            let key = format!("kills-{client}-{number}");
            if number % 2 == 0 {
                let body = json!({
                    "quantity": 1, "purpose": "voluntary", "purpose_text": "测试", "beneficiary": "测试·单位",
                    "beneficiary_kind": "organisation"
                });
                let answer = self
                    .act(number * CLIENTS + client, &key, "retirements", &body)
                    .await;
                assert_eq!(answer["quantity"], 1);
                retired += 1;
            } else {
                let body = json!({ "quantity": 1, "to": self.receiver });
                self.act(number * CLIENTS + client, &key, "transfers", &body)
                    .await;
            }
            keys.push(key);
        }
        (keys, retired)
    }
}

/// Makes an access token on the account page, as a person does.
async fn token(browser: &mut Browser) -> String {
    let page = browser
        .act("/account", "user_create_token", &[("name", "test")])
        .await;
    let start = page.text.find("huitan_").expect("the token is shown");
    page.text[start..]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect()
}

async fn number(connection: &mut sqlx::AnyConnection, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql)
        .fetch_one(connection)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"))
}

fn assert_audit_clean(database: &Database) {
    let audit = Command::new(env!("CARGO_BIN_EXE_huitan"))
        .arg("audit")
        .env_clear()
        .env("DATABASE_URL", &database.url)
        .env("HUITAN_LOG", "error")
        .output()
        .expect("the audit");
    let text = String::from_utf8_lossy(&audit.stdout);
    assert!(
        audit.status.success() && text.contains("\nclean: "),
        "{text}"
    );
}

both_databases! {
    async fn what_a_killed_server_answered_is_there_once(database) {
        // refused only if there is one already
        let _ = rustls::crypto::ring::default_provider().install_default();
        let house = House::demo(&database).await;
        let mut browser = house.browser_of("owner").await;
        let bearer = format!("Bearer {}", token(&mut browser).await);
        let receiver = house.registry.user_by_email("events@demo.huitan").await.expect("a read").expect("a demo person");
        house.registry.close().await;
        let mut connection = sqlx::AnyConnection::connect(&database.url).await.expect("a connection");
        let retired_before = number(&mut connection, "SELECT COUNT(*) FROM retirement").await;

        let on_sqlite = database.url.starts_with("sqlite:");
        let mut copies: Vec<Copy> = (0..if on_sqlite { 1 } else { 2 }).map(|_| Copy::new(&database.url)).collect();
        let client = reqwest::Client::builder().timeout(PATIENCE).build().expect("a client");
        for copy in &copies {
            copy.answers(&client).await;
        }
        let load = Arc::new(Load {
            client: client.clone(),
            copies: copies.iter().map(Copy::address).collect(),
            bearer,
            receiver: receiver.user.account_number,
            stop: AtomicBool::new(false),
            answered: AtomicU64::new(0),
        });
        let tasks: Vec<_> = (0..CLIENTS).map(|client| tokio::spawn(load.clone().client(client))).collect();
        for kill in 0..kills() {
            // under load: acts were answered since the last kill
            let (before, begin) = (load.answered.load(Ordering::SeqCst), Instant::now());
            while load.answered.load(Ordering::SeqCst) < before + CLIENTS {
                assert!(begin.elapsed() < PATIENCE, "nothing is answered before kill {kill}");
                assert!(tasks.iter().all(|task| !task.is_finished()), "a client gave up before kill {kill}");
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            tokio::time::sleep(Duration::from_micros((kill * 7 % 17) * 1_900 + 300)).await;
            let at = usize::try_from(kill).expect("small") % copies.len();
            copies[at].kill();
            copies[at].answers(&client).await;
        }
        load.stop.store(true, Ordering::SeqCst);
        let (mut keys, mut retired) = (Vec::new(), 0);
        for task in tasks {
            let (own, tonnes) = task.await.expect("no client fails");
            keys.extend(own);
            retired += tonnes;
        }
        drop(copies);

        let kept: Vec<(String, i64)> = sqlx::query_as("SELECT key, COUNT(*) FROM act WHERE key LIKE '%kills-%' GROUP BY key")
            .fetch_all(&mut connection)
            .await
            .expect("the acts");
        let kept: BTreeMap<String, i64> = kept.into_iter().collect();
        for key in &keys {
            assert_eq!(kept.get(key), Some(&1), "{key} was answered");
        }
        assert_eq!(kept.len(), keys.len(), "acts that nobody asked for");
        let retired_after = number(&mut connection, "SELECT COUNT(*) FROM retirement").await;
        assert_eq!(retired_after - retired_before, i64::try_from(retired).expect("small"));
        drop(connection);
        assert_audit_clean(&database);
    }
}
