//! A server in the test's own process on an empty or a demo database, and a browser that keeps cookies.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use registry::{LinkKey, Options, Registry};
use serde_json::Value;
use server::config::{Config, MailPlace};
use server::layers::limits::Limits;
use server::state::State;
use sqlx::Connection;
use tokio::sync::OnceCell;
use tower::ServiceExt;

/// Tells each story on both engines: `name::on_sqlite` and `name::on_postgres`.
macro_rules! both_databases {
    ($($(#[$doc:meta])* async fn $name:ident($database:ident) $story:block)+) => {$(
        mod $name {
            use super::*;

            async fn story($database: support::Database) $story

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                story(support::Database::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                story(support::Database::postgres().await).await;
            }
        }
    )+};
}
pub(crate) use both_databases;

/// An empty database of its own.
pub struct Database {
    pub url: String,
    folder: Option<PathBuf>,
}

static NUMBER: AtomicU64 = AtomicU64::new(1);

/// A text that no other test of this run has, nor another run at the same time.
pub fn unique() -> String {
    format!(
        "{}_{}",
        std::process::id(),
        NUMBER.fetch_add(1, Ordering::Relaxed)
    )
}

impl Database {
    /// A file in a folder of its own.
    pub fn sqlite() -> Self {
        let folder = std::env::temp_dir().join(format!("huitan_server_test_{}", unique()));
        std::fs::create_dir_all(&folder).expect("a folder for the test database");
        Self {
            url: format!("sqlite://{}", folder.join("huitan.db").display()),
            folder: Some(folder),
        }
    }

    /// A new database in the throw-away cluster that `HUITAN_TEST_POSTGRES` names.
    pub async fn postgres() -> Self {
        let cluster = std::env::var("HUITAN_TEST_POSTGRES").unwrap_or_else(|_| {
            panic!(
                "HUITAN_TEST_POSTGRES must be the address of a throw-away PostgreSQL cluster, as its superuser \
                 (postgres://postgres@127.0.0.1:5432/postgres). `cargo xtask test` starts one and sets it."
            )
        });
        let name = format!("huitan_server_test_{}", unique());
        let (server, _) = cluster.rsplit_once('/').expect("a database in the address");
        let database = Self {
            url: format!("{server}/{name}"),
            folder: None,
        };
        database.make_on_postgres(&cluster, "template1").await;
        database
    }

    async fn make_on_postgres(&self, cluster: &str, template: &str) {
        sqlx::any::install_default_drivers();
        let mut connection = sqlx::AnyConnection::connect(cluster)
            .await
            .expect("the cluster answers");
        let name = self.name();
        for statement in [
            format!("DROP DATABASE IF EXISTS {name}"),
            format!("CREATE DATABASE {name} TEMPLATE {template}"),
        ] {
            sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
                .execute(&mut connection)
                .await
                .expect("a database for the test");
        }
    }

    /// What comes after the last slash of the address.
    fn name(&self) -> &str {
        self.url.rsplit('/').next().unwrap_or_default()
    }

    /// Puts a copy of another database in place of this one, which nobody has opened yet.
    async fn become_copy_of(&self, other: &Self) {
        let path = |database: &Self| {
            database
                .url
                .strip_prefix("sqlite://")
                .map(ToOwned::to_owned)
        };
        if let (Some(from), Some(to)) = (path(other), path(self)) {
            // with what a journal may still hold
            for end in ["", "-wal"] {
                if std::fs::exists(format!("{from}{end}")).expect("the folder of the demo world") {
                    std::fs::copy(format!("{from}{end}"), format!("{to}{end}"))
                        .expect("a copy of the demo world");
                }
            }
        } else {
            let cluster = std::env::var("HUITAN_TEST_POSTGRES").expect("the cluster");
            self.make_on_postgres(&cluster, other.name()).await;
        }
    }
}

/// The demo world of each engine, made once in a test program: some five hundred acts.
static WORLDS: [OnceCell<Database>; 2] = [OnceCell::const_new(), OnceCell::const_new()];

async fn demo_world(on_postgres: bool) -> &'static Database {
    WORLDS[usize::from(on_postgres)]
        .get_or_init(|| async move {
            let world = if on_postgres {
                Database::postgres().await
            } else {
                // a static is never dropped: a file that the next run takes the place of
                let file = concat!(
                    env!("CARGO_TARGET_TMPDIR"),
                    "/",
                    env!("CARGO_CRATE_NAME"),
                    ".db"
                );
                // what a run that was killed left behind
                for end in ["", "-wal", "-shm"] {
                    let _ = std::fs::remove_file(format!("{file}{end}"));
                }
                Database {
                    url: format!("sqlite://{file}"),
                    folder: None,
                }
            };
            let house = House::empty(&world).await;
            server::seed::demo(&house.registry)
                .await
                .expect("the demo world");
            house.registry.close().await;
            world
        })
        .await
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            // only tidiness: a folder that cannot be removed is no failure of the story
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// A running server without a socket.
pub struct House {
    pub registry: Registry,
    pub state: State,
    pub router: Router,
    _site: Site,
}

/// A built site with one file, so that the server is ready.
struct Site(PathBuf);

impl Site {
    fn make() -> Self {
        let folder = std::env::temp_dir().join(format!("huitan_site_test_{}", unique()));
        std::fs::create_dir_all(&folder).expect("a folder for the site");
        std::fs::write(folder.join("huitan.css"), "body{}").expect("a style sheet");
        std::fs::write(
            folder.join("assets.json"),
            r#"{"huitan.css":"/huitan.css?v=0123456789ab"}"#,
        )
        .expect("a list of files");
        Self(folder)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl House {
    /// A demo server on an empty database.
    pub async fn empty(database: &Database) -> Self {
        Self::with(database, &[("HUITAN_DEMO", "1")]).await
    }

    /// A demo server on the demo world.
    pub async fn demo(database: &Database) -> Self {
        let world = demo_world(!database.url.starts_with("sqlite:")).await;
        database.become_copy_of(world).await;
        Self::empty(database).await
    }

    /// A production server on an empty database.
    pub async fn production(database: &Database) -> Self {
        Self::with(
            database,
            &[("HUITAN_SECRET", "0123456789abcdef0123456789abcdef")],
        )
        .await
    }

    pub async fn with(database: &Database, variables: &[(&str, &str)]) -> Self {
        let site = Site::make();
        let config = Config::from_lookup(|name| match name {
            "DATABASE_URL" => Some(database.url.clone()),
            "HUITAN_SITE" => Some(site.0.display().to_string()),
            name => variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned()),
        })
        .expect("a valid configuration");
        let options = Options {
            demo: config.demo,
            log_key: config.log_key.clone(),
            link_key: LinkKey::new(config.secret.as_bytes()),
            sends_mail: !matches!(config.mail, MailPlace::Off),
            ..Options::default()
        };
        let registry = Registry::connect(&config.database_url, options)
            .await
            .expect("connect");
        registry.migrate().await.expect("migrate");
        let limits = Limits::new(&config);
        let state = State::new(config, registry.clone());
        let router = server::router::router(state.clone(), &limits);
        Self {
            registry,
            state,
            router,
            _site: site,
        }
    }

    /// A browser that has never been here.
    pub fn browser(&self) -> Browser {
        Browser {
            router: self.router.clone(),
            cookies: BTreeMap::new(),
            address: "127.0.0.1:40000".parse().expect("an address"),
        }
    }

    /// A browser in which a demo person is signed in.
    pub async fn browser_of(&self, name: &str) -> Browser {
        let mut browser = self.browser();
        let answer = browser
            .sign_in(&format!("{name}@demo.huitan"), server::seed::PASSWORD)
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{name} signs in");
        assert!(
            !answer.location().contains("again"),
            "{name}: {}",
            answer.location()
        );
        browser
    }
}

/// Keeps cookies; follows nothing by itself.
pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
    pub address: SocketAddr,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    /// The same as it came, for files.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// Where a redirect goes; empty if it is none.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// A header's value; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Every Set-Cookie header.
    pub fn set_cookies(&self) -> Vec<String> {
        let values = self.headers.get_all(header::SET_COOKIE).iter();
        values
            .map(|value| value.to_str().expect("a readable cookie").to_owned())
            .collect()
    }

    /// The value of the first hidden field of this name.
    pub fn hidden(&self, name: &str) -> String {
        let tag = self
            .text
            .split('<')
            .find(|tag| tag.starts_with("input") && tag.contains(&format!("name=\"{name}\"")))
            .unwrap_or_else(|| panic!("no field {name} in {}", self.text));
        let (_, rest) = tag.split_once("value=\"").expect("a value");
        rest.split('"')
            .next()
            .expect("the end of the value")
            .to_owned()
    }
}

impl Browser {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    /// Posts a form.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = fields
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect::<Vec<_>>()
            .join("&");
        self.send(
            Method::POST,
            path,
            &[("content-type", "application/x-www-form-urlencoded")],
            Body::from(body),
        )
        .await
    }

    /// Opens the page with the form, fills it in, and posts it to its act.
    pub async fn act(&mut self, page: &str, act: &str, fields: &[(&str, &str)]) -> Answer {
        let form = self.get(page).await;
        assert_eq!(form.status, StatusCode::OK, "{page}: {}", form.text);
        let (csrf, key) = (form.hidden("csrf"), form.hidden("key"));
        let mut all = vec![
            ("csrf", csrf.as_str()),
            ("key", key.as_str()),
            ("back", page),
        ];
        all.extend_from_slice(fields);
        self.post(&format!("/acts/{act}"), &all).await
    }

    pub async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        self.act(
            "/sign-in",
            "user_sign_in",
            &[("email", email), ("password", password)],
        )
        .await
    }

    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:3000");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request = request.header("cookie", cookies.join("; "));
        }
        let mut request = request.body(body).expect("a valid request");
        request.extensions_mut().insert(ConnectInfo(self.address));
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("the router answers");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a whole answer").to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let answer = Answer {
            status: parts.status,
            headers: parts.headers,
            text,
            bytes: bytes.to_vec(),
        };
        for cookie in answer.set_cookies() {
            let (name, value) = cookie
                .split(';')
                .next()
                .and_then(|pair| pair.split_once('='))
                .expect("a cookie has a name");
            if value.is_empty() || cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// Sends JSON to the REST interface.
    pub async fn json(&mut self, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.send(Method::POST, path, &all, Body::from(body.to_string()))
            .await
    }
}

/// Percent-encodes everything but letters and digits.
pub fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
