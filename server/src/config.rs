//! The only reader of environment variables.
//!
//! | variable | meaning | default |
//! | --- | --- | --- |
//! | `DATABASE_URL` | `sqlite://path` or `postgres://…` | `sqlite://data/huitan.db` |
//! | `HUITAN_ADDR` | address and port to listen on | `127.0.0.1:3000` |
//! | `HUITAN_DEMO` | `1` or `true`: demo mode, on a loopback address only | off |
//! | `HUITAN_SECRET` | at least 32 characters; signs session cookies, blinds addresses in the records of attempts, makes the links in mail | required, except in demo mode |
//! | `HUITAN_LOG_KEY` | the key that signs the heads of the public log, made by `huitan log-key <name>` | required, except in demo mode |
//! | `HUITAN_SITE` | folder with the built style sheet, scripts and WebAssembly | `target/site` |
//! | `HUITAN_PUBLIC_URL` | the address people use, for links that leave the house | `http://<HUITAN_ADDR>` |
//! | `HUITAN_TRUST_PROXY` | `1` or `true`: the client's address is the last one in `X-Forwarded-For` | off |
//! | `HUITAN_FILES` | where uploaded files are kept: a folder, or `s3://bucket/prefix` | `files` beside the SQLite database, otherwise `data/files` |
//! | `HUITAN_S3_ENDPOINT` | address of the S3-compatible service, with `s3://` | Amazon's |
//! | `HUITAN_S3_REGION` | its region | `us-east-1` |
//! | `HUITAN_S3_KEY`, `HUITAN_S3_SECRET` | its access key and secret | required with `s3://` |
//! | `HUITAN_MAIL` | where mail goes: `folder:<path>`, `smtp://…`, `smtps://…` or `off` | `mail` beside the SQLite database, otherwise `data/mail` |
//! | `HUITAN_MAIL_FROM` | the sender's address | `huitan@` and the host of `HUITAN_PUBLIC_URL` |
//! | `HUITAN_FONTS` | font files for PDF, separated by `:`; one must hold Noto Sans CJK SC | those of Debian's `fonts-noto-cjk` |
//! | `HUITAN_LOG` | filter in the form of `tracing` | `info` |
//! | `HUITAN_LOG_FORMAT` | `json` or `human` | `human` in demo mode, otherwise `json` |

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};
use proofs::LogKey;

/// The secret used where none is set in demo mode. Known to everybody, hence refused in production.
const DEMO_SECRET: &str = "huitan-demo-secret-known-to-everybody";
/// Fewest characters of a secret in production.
const SECRET_LENGTH_MIN: usize = 32;

/// Everything that is chosen outside the program.
#[derive(Clone, Debug)]
pub struct Config {
    /// `sqlite://path` or `postgres://…`.
    pub database_url: String,
    /// Where to listen.
    pub address: SocketAddr,
    /// Demo mode: demo accounts, demo clock, cookies without `Secure`; on a loopback address only.
    pub demo: bool,
    /// Folder with the built static files.
    pub site: PathBuf,
    /// Signs session cookies; blinds addresses in the records of attempts.
    pub secret: Secret,
    /// Signs the heads of the public log.
    pub log_key: LogKey,
    /// The address people use, without a slash at the end.
    pub public_url: String,
    /// Whether a proxy in front writes `X-Forwarded-For`.
    pub trust_proxy: bool,
    /// Where uploaded files are kept.
    pub files: FilesPlace,
    /// Where mail goes.
    pub mail: MailPlace,
    /// The sender's address of every mail.
    pub mail_from: String,
    /// The font files of PDFs.
    pub fonts: Vec<PathBuf>,
    /// Filter of the log, in the form of `tracing`.
    pub log_filter: String,
    /// One JSON object per line, or lines for people.
    pub log_json: bool,
}

/// Where uploaded files are kept.
#[derive(Clone, Debug)]
pub enum FilesPlace {
    /// In this folder.
    Folder(PathBuf),
    /// In a bucket of an S3-compatible service.
    S3(S3),
}

/// Where mail goes.
#[derive(Clone, Debug)]
pub enum MailPlace {
    /// One file per mail in this folder.
    Folder(PathBuf),
    /// To a mail server, named by an address of `lettre`: `smtps://user:password@host`, `smtp://host:587?tls=required`.
    Smtp(Secret),
    /// Nowhere: it waits in the outbox.
    Off,
}

/// A bucket of an S3-compatible service.
#[derive(Clone, Debug)]
pub struct S3 {
    /// The bucket.
    pub bucket: String,
    /// What the names of all files begin with; may be empty.
    pub prefix: String,
    /// The address of the service; `None`: Amazon's.
    pub endpoint: Option<String>,
    /// The region.
    pub region: String,
    /// The access key.
    pub key: String,
    /// Its secret.
    pub secret: Secret,
}

/// A text that never appears in a log.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// The bytes, for key derivation only.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The text, for a library that signs with it.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Config {
    /// Reads the environment of the process. An error is one line that names the variable.
    pub fn from_environment() -> Result<Self> {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// Reads from any source of variables; an empty value counts as unset.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let text = |name: &str| {
            lookup(name)
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        let demo = switch("HUITAN_DEMO", text("HUITAN_DEMO"))?;
        let address_text = text("HUITAN_ADDR").unwrap_or_else(|| "127.0.0.1:3000".to_owned());
        let address: SocketAddr = address_text
            .parse()
            .map_err(|_| anyhow!("HUITAN_ADDR must be an address and a port such as 127.0.0.1:3000, not {address_text:?}"))?;
        let log_format = text("HUITAN_LOG_FORMAT");
        let public_url = public_url(text("HUITAN_PUBLIC_URL"), address)?;
        Ok(Self {
            database_url: database_url(text("DATABASE_URL"))?,
            address,
            demo,
            site: text("HUITAN_SITE").map_or_else(|| PathBuf::from("target/site"), PathBuf::from),
            secret: Secret(text("HUITAN_SECRET").unwrap_or_else(|| {
                if demo {
                    DEMO_SECRET.to_owned()
                } else {
                    String::new()
                }
            })),
            log_key: log_key(text("HUITAN_LOG_KEY"))?,
            mail: mail_place(text)?,
            mail_from: text("HUITAN_MAIL_FROM")
                .unwrap_or_else(|| format!("huitan@{}", mail_host(&public_url))),
            public_url,
            trust_proxy: switch("HUITAN_TRUST_PROXY", text("HUITAN_TRUST_PROXY"))?,
            files: files_place(text)?,
            fonts: text("HUITAN_FONTS").map_or_else(debian_fonts, |paths| {
                paths.split(':').map(PathBuf::from).collect()
            }),
            log_filter: text("HUITAN_LOG").unwrap_or_else(|| "info".to_owned()),
            log_json: match log_format.as_deref() {
                None => !demo,
                Some("json") => true,
                Some("human") => false,
                Some(other) => bail!("HUITAN_LOG_FORMAT must be json or human, not {other:?}"),
            },
        })
    }

    /// What must hold before the server listens and that needs no database: the secret in production, the address in demo mode.
    pub fn check_for_serving(&self) -> Result<()> {
        if self.demo {
            if !self.address.ip().is_loopback() {
                bail!(
                    "demo mode has accounts with a published password and listens on a loopback address only: HUITAN_ADDR is {}",
                    self.address
                );
            }
            return Ok(());
        }
        let secret = &self.secret.0;
        if secret.is_empty() {
            bail!(
                "HUITAN_SECRET is not set: production needs a secret of at least {SECRET_LENGTH_MIN} characters (openssl rand -hex 32)"
            );
        }
        if secret == DEMO_SECRET {
            bail!(
                "HUITAN_SECRET is the published demo secret: production needs one of its own (openssl rand -hex 32)"
            );
        }
        if secret.chars().count() < SECRET_LENGTH_MIN {
            bail!(
                "HUITAN_SECRET is too short: production needs at least {SECRET_LENGTH_MIN} characters (openssl rand -hex 32)"
            );
        }
        if self.log_key.is_demo() {
            bail!(
                "HUITAN_LOG_KEY is not set, or is the published demo key: production needs a key of its own (huitan log-key <name>)"
            );
        }
        Ok(())
    }

    /// Whether cookies may travel without TLS: only in demo mode, which listens on loopback only.
    pub fn cookies_without_tls(&self) -> bool {
        self.demo && self.address.ip().is_loopback()
    }
}

fn log_key(value: Option<String>) -> Result<LogKey> {
    match value {
        None => Ok(LogKey::demo()),
        // the value is not repeated: it is a secret
        Some(text) => LogKey::read(&text).map_err(|_| {
            anyhow!("HUITAN_LOG_KEY must be a key as huitan log-key prints it: PRIVATE+KEY+…")
        }),
    }
}

fn switch(name: &str, value: Option<String>) -> Result<bool> {
    match value.as_deref() {
        None | Some("0" | "false") => Ok(false),
        Some("1" | "true") => Ok(true),
        Some(other) => bail!("{name} must be 1, true, 0 or false, not {other:?}"),
    }
}

fn database_url(value: Option<String>) -> Result<String> {
    let url = value.unwrap_or_else(|| "sqlite://data/huitan.db".to_owned());
    if ["sqlite:", "postgres://", "postgresql://"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
    {
        Ok(url)
    } else {
        // the value is not repeated: it may hold a password
        bail!("DATABASE_URL must begin with sqlite:// or postgres://")
    }
}

/// Where Debian's package `fonts-noto-cjk` puts the two weights that documents use.
fn debian_fonts() -> Vec<PathBuf> {
    ["NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"]
        .map(|name| PathBuf::from("/usr/share/fonts/opentype/noto").join(name))
        .to_vec()
}

fn files_place(text: impl Fn(&str) -> Option<String>) -> Result<FilesPlace> {
    let Some(place) = text("HUITAN_FILES") else {
        return Ok(FilesPlace::Folder(folder_beside(
            text("DATABASE_URL"),
            "files",
        )));
    };
    let Some(rest) = place.strip_prefix("s3://") else {
        if place.contains("://") {
            bail!("HUITAN_FILES must be a folder or begin with s3://, not {place:?}");
        }
        return Ok(FilesPlace::Folder(PathBuf::from(place)));
    };
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    if bucket.is_empty() {
        bail!("HUITAN_FILES must name a bucket: s3://bucket or s3://bucket/prefix");
    }
    let required = |name: &str| {
        text(name).ok_or_else(|| anyhow!("{name} is not set: HUITAN_FILES names a bucket"))
    };
    let endpoint = text("HUITAN_S3_ENDPOINT");
    if let Some(endpoint) = &endpoint
        && !(endpoint.starts_with("https://") || endpoint.starts_with("http://"))
    {
        bail!("HUITAN_S3_ENDPOINT must begin with https:// or http://, not {endpoint:?}");
    }
    Ok(FilesPlace::S3(S3 {
        bucket: bucket.to_owned(),
        prefix: prefix.trim_matches('/').to_owned(),
        endpoint,
        region: text("HUITAN_S3_REGION").unwrap_or_else(|| "us-east-1".to_owned()),
        key: required("HUITAN_S3_KEY")?,
        secret: Secret(required("HUITAN_S3_SECRET")?),
    }))
}

fn mail_place(text: impl Fn(&str) -> Option<String>) -> Result<MailPlace> {
    let Some(place) = text("HUITAN_MAIL") else {
        let folder = folder_beside(text("DATABASE_URL"), "mail");
        return Ok(MailPlace::Folder(folder));
    };
    if place == "off" {
        Ok(MailPlace::Off)
    } else if let Some(folder) = place
        .strip_prefix("folder:")
        .filter(|path| !path.is_empty())
    {
        Ok(MailPlace::Folder(PathBuf::from(folder)))
    } else if place.starts_with("smtp://") || place.starts_with("smtps://") {
        Ok(MailPlace::Smtp(Secret(place)))
    } else {
        // the value is not repeated: it may hold a password
        bail!("HUITAN_MAIL must be off, or begin with folder:, smtp:// or smtps://")
    }
}

/// The host of an address, for addresses of mail: `https://registry.example:8443/x` -> `registry.example`. A number is no host of mail.
pub fn mail_host(public_url: &str) -> String {
    let rest = public_url
        .split_once("://")
        .map_or(public_url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = host.split(':').next().unwrap_or_default();
    if host.contains(|c: char| c.is_ascii_alphabetic()) {
        host.to_owned()
    } else {
        "localhost".to_owned()
    }
}

/// `sqlite://data/huitan.db` -> `data/files`.
fn folder_beside(database_url: Option<String>, name: &str) -> PathBuf {
    let url = database_url.unwrap_or_default();
    let path = url
        .strip_prefix("sqlite://")
        .or_else(|| url.strip_prefix("sqlite:"));
    let folder = path.and_then(|path| {
        let path = path.split('?').next().unwrap_or_default();
        std::path::Path::new(path).parent().map(PathBuf::from)
    });
    folder.unwrap_or_else(|| PathBuf::from("data")).join(name)
}

fn public_url(value: Option<String>, address: SocketAddr) -> Result<String> {
    let url = value.unwrap_or_else(|| format!("http://{address}"));
    if url.starts_with("https://") || url.starts_with("http://") {
        Ok(url.trim_end_matches('/').to_owned())
    } else {
        bail!("HUITAN_PUBLIC_URL must begin with https:// or http://, not {url:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(variables: &[(&str, &str)]) -> Result<Config> {
        Config::from_lookup(|name| {
            variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    fn refusal(variables: &[(&str, &str)]) -> String {
        match config(variables).and_then(|config| config.check_for_serving()) {
            Ok(()) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn without_any_variable_the_server_would_listen_locally_but_asks_for_a_secret() {
        let config = config(&[]).expect("defaults are valid");
        assert_eq!(config.address.to_string(), "127.0.0.1:3000");
        assert_eq!(config.database_url, "sqlite://data/huitan.db");
        assert!(!config.demo && config.log_json && !config.cookies_without_tls());
        assert!(refusal(&[]).contains("HUITAN_SECRET is not set"));
    }

    #[test]
    fn production_refuses_short_and_published_secrets() {
        assert!(refusal(&[("HUITAN_SECRET", "short")]).contains("too short"));
        assert!(refusal(&[("HUITAN_SECRET", DEMO_SECRET)]).contains("published demo secret"));
        let secret = ("HUITAN_SECRET", "0123456789abcdef0123456789abcdef");
        assert!(refusal(&[secret]).contains("HUITAN_LOG_KEY"));
        let key = |name: &str| LogKey::generate(name, [7; 32]).expect("a name");
        let own = key("registry.example/log");
        assert_eq!(refusal(&[secret, ("HUITAN_LOG_KEY", &own)]), "");
        let config = config(&[("HUITAN_LOG_KEY", &own)]).expect("valid");
        assert!(!format!("{config:?}").contains("PRIVATE"));
    }

    #[test]
    fn demo_mode_listens_on_loopback_only() {
        assert_eq!(refusal(&[("HUITAN_DEMO", "1")]), "");
        assert_eq!(
            refusal(&[("HUITAN_DEMO", "true"), ("HUITAN_ADDR", "[::1]:3000")]),
            ""
        );
        assert!(
            refusal(&[("HUITAN_DEMO", "1"), ("HUITAN_ADDR", "0.0.0.0:3000")]).contains("loopback")
        );
    }

    #[test]
    fn mail_goes_into_a_folder_beside_the_database_unless_something_else_is_said() {
        let place = |variables: &[(&str, &str)]| config(variables).expect("valid").mail;
        let database = ("DATABASE_URL", "sqlite:///var/huitan/registry.db");
        assert!(
            matches!(place(&[database]), MailPlace::Folder(path) if path == std::path::Path::new("/var/huitan/mail"))
        );
        assert!(matches!(place(&[("HUITAN_MAIL", "off")]), MailPlace::Off));
        let smtp = place(&[("HUITAN_MAIL", "smtps://user:hidden@mail.example")]);
        assert!(matches!(smtp, MailPlace::Smtp(_)));
        assert!(!format!("{smtp:?}").contains("hidden"));
        let from = |url: &str| {
            config(&[("HUITAN_PUBLIC_URL", url)])
                .expect("valid")
                .mail_from
        };
        assert_eq!(
            from("https://registry.example:8443/x"),
            "huitan@registry.example"
        );
        assert_eq!(from("http://127.0.0.1:3000"), "huitan@localhost");
    }

    #[test]
    fn each_malformed_variable_is_named_in_one_line() {
        for (name, value) in [
            ("HUITAN_ADDR", "localhost"),
            ("HUITAN_DEMO", "maybe"),
            ("HUITAN_TRUST_PROXY", "yes please"),
            ("HUITAN_LOG_FORMAT", "xml"),
            ("HUITAN_PUBLIC_URL", "huitan.example"),
            ("DATABASE_URL", "mysql://user:password@host/db"),
            ("HUITAN_FILES", "ftp://host/folder"),
            ("HUITAN_FILES", "s3:///prefix"),
            ("HUITAN_MAIL", "pop3://host"),
            ("HUITAN_MAIL", "folder:"),
            ("HUITAN_LOG_KEY", "PRIVATE+KEY+a+00000000+password"),
        ] {
            let message = refusal(&[(name, value)]);
            assert!(message.contains(name), "{name}: {message}");
            assert!(!message.contains('\n') && !message.contains("password"));
        }
    }

    #[test]
    fn files_are_kept_beside_the_database_or_where_it_is_said() {
        let place = |variables: &[(&str, &str)]| config(variables).expect("valid").files;
        let beside = place(&[(
            "DATABASE_URL",
            "sqlite:///var/lib/huitan/huitan.db?mode=rwc",
        )]);
        assert!(
            matches!(beside, FilesPlace::Folder(folder) if folder == std::path::Path::new("/var/lib/huitan/files"))
        );
        let elsewhere = place(&[("DATABASE_URL", "postgres://host/db")]);
        assert!(
            matches!(elsewhere, FilesPlace::Folder(folder) if folder == std::path::Path::new("data/files"))
        );
        let bucket = [
            ("HUITAN_FILES", "s3://bucket/a/b/"),
            ("HUITAN_S3_KEY", "key"),
            ("HUITAN_S3_SECRET", "hidden-secret"),
        ];
        let found = place(&bucket);
        assert!(!format!("{found:?}").contains("hidden-secret"));
        assert!(
            matches!(&found, FilesPlace::S3(s3) if s3.bucket == "bucket" && s3.prefix == "a/b")
        );
        assert!(crate::files::check(&found).is_ok());
        assert!(refusal(&bucket[..2]).contains("HUITAN_S3_SECRET"));
    }

    #[test]
    fn a_secret_does_not_appear_in_debug_output() {
        let config =
            config(&[("HUITAN_SECRET", "0123456789abcdef0123456789abcdef")]).expect("valid");
        assert!(!format!("{config:?}").contains("0123456789abcdef"));
    }
}
