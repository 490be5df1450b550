//! Mail really leaves: into a folder, once, also when the process is killed in the middle; and to a mail server, which may refuse.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant as Clock};

use crate::support::{self, House, both_databases};
use domain::{Instant, Role};
use registry::{By, OrganisationSeed, Registry, SignUpReceipt};
use server::mail::Mailer;
use sqlx::Connection as _;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

/// How many mails wait when the process is started.
const MAILS: usize = 120;
/// How often it is killed.
const KILLS: usize = 4;

fn folder() -> PathBuf {
    std::env::temp_dir().join(format!("huitan_mail_test_{}", support::unique()))
}

/// The complete mails of a folder: name -> text.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "eml"))
        .map(|path| {
            let name = path
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, std::fs::read_to_string(&path).expect("a mail"))
        })
        .collect()
}

async fn connection(url: &str) -> sqlx::AnyConnection {
    sqlx::any::install_default_drivers();
    sqlx::AnyConnection::connect(url)
        .await
        .expect("past the registry")
}

async fn organisation(registry: &Registry, number: u32, role: Role) -> (SignUpReceipt, Role) {
    let uscc = domain::Uscc::from_first_seventeen(&format!("9144{number:013}")).expect("a code");
    let seed = OrganisationSeed {
        name: format!("演示单位{number}"),
        uscc: uscc.to_string(),
        role,
        person: "演示".to_owned(),
        email: format!("person{number}@demo.example"),
        password_hash: "hash".to_owned(),
    };
    let at = Instant(1_748_923_200);
    let made = registry
        .organisation_seed(at, &format!("organisation {number}"), &seed)
        .await;
    (made.expect("an organisation"), role)
}

/// So many messages with a mail each: an operator proposes a change, another one is told.
async fn fill(registry: &Registry, mails: usize) {
    let (operator, role) = organisation(registry, 1, Role::RegistryOperator).await;
    organisation(registry, 2, Role::RegistryOperator).await;
    for at in 0..mails {
        let by = By {
            user: operator.user.clone(),
            organisation: operator.organisation.clone(),
            role,
            at: Instant(1_748_923_200),
            key: format!("proposal {at}"),
        };
        let fields = [
            ("document", "测试公告"),
            ("document_number", "测试2025年第1号"),
            ("effective_from", "2025-06-04"),
            ("basis", "published"),
            ("reason", "测试"),
            ("values.0.id", "meter_mpe_0_5s"),
            ("values.0.value", "0.6"),
        ];
        let fields = fields
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        registry
            .parameters_propose(&by, &fields)
            .await
            .expect("a proposal");
    }
}

/// The real program on this database, writing mail into this folder.
fn serve(url: &str, mail: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_huitan"))
        .arg("serve")
        .env_clear()
        .env("DATABASE_URL", url)
        .env("HUITAN_ADDR", "127.0.0.1:0")
        .env("HUITAN_SECRET", "0123456789abcdef0123456789abcdef")
        .env(
            "HUITAN_LOG_KEY",
            proofs::LogKey::generate("registry.example/log", [7; 32]).expect("a name"),
        )
        .env("HUITAN_MAIL", format!("folder:{}", mail.display()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let since = Clock::now();
    while !done().await {
        assert!(since.elapsed() < Duration::from_mins(2), "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

both_databases! {
    async fn killed_in_the_middle_every_mail_is_there_once(database) {
        let house = House::production(&database).await;
        fill(&house.registry, MAILS).await;
        let mut raw = connection(&database.url).await;
        let mut expected: Vec<String> = sqlx::query_scalar("SELECT id FROM mail").fetch_all(&mut raw).await.expect("ids");
        expected.sort();
        assert_eq!(expected.len(), MAILS);
        let folder = folder();
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for kill in 1..=KILLS {
            let mut child = serve(&database.url, &folder);
            let enough = kill * MAILS / (KILLS + 2);
            until("mail is being written", async || files(&folder).len() >= enough).await;
            child.kill().expect("SIGKILL");
            child.wait().expect("its end");
            // what is there is complete and never changes
            for (id, text) in &seen {
                assert_eq!(files(&folder).get(id), Some(text), "{id}");
            }
            seen = files(&folder);
            assert!(seen.values().all(|text| text.contains("Message-ID: <") && text.len() > 400));
            // as if the lease of the one in the middle were over
            sqlx::query("UPDATE mail SET not_before = 0 WHERE state = 'sending'").execute(&mut raw).await.expect("time passes");
        }
        assert!(seen.len() < MAILS, "it was killed while there was something to do: {}", seen.len());
        let mut two = [serve(&database.url, &folder), serve(&database.url, &folder)];
        let mut last = connection(&database.url).await;
        until("everything was sent", async || {
            let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM mail WHERE state <> 'sent'").fetch_one(&mut last).await.expect("a number");
            left == 0
        })
        .await;
        for child in &mut two {
            child.kill().expect("SIGKILL");
            child.wait().expect("its end");
        }
        let files = files(&folder);
        assert_eq!(files.keys().cloned().collect::<Vec<_>>(), expected, "one file for each mail");
        for (id, text) in &files {
            assert!(text.contains(&format!("Message-ID: <{id}@")), "{id} has its own id");
        }
        for (id, text) in seen {
            assert_eq!(files[&id], text, "the same to the last byte");
        }
        assert!(house.registry.audit().await.expect("an audit").differences.is_empty());
        std::fs::remove_dir_all(&folder).expect("tidy");
    }

    /// A small mail server that takes the first mail, refuses the second one for now, and the third one for good.
    async fn a_mail_server_gets_each_mail_and_its_refusals_are_kept(database) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let taken = tokio::spawn(mail_server(listener));
        let house = House::with(&database, &[
            ("HUITAN_SECRET", "0123456789abcdef0123456789abcdef"),
            ("HUITAN_PUBLIC_URL", "https://registry.example"),
            ("HUITAN_MAIL", &format!("smtp://{address}")),
        ])
        .await;
        fill(&house.registry, 3).await;
        let mailer = Mailer::open(&house.state.config).expect("an address").expect("mail is on");
        assert_eq!(mailer.send_all(&house.registry).await.expect("a look"), 1);
        let mut raw = connection(&database.url).await;
        let states: Vec<String> = sqlx::query_scalar("SELECT state FROM mail ORDER BY id").fetch_all(&mut raw).await.expect("states");
        assert_eq!(states, ["sent", "waiting", "dead"]);
        let errors: Vec<String> =
            sqlx::query_scalar("SELECT error FROM mail WHERE error IS NOT NULL ORDER BY id").fetch_all(&mut raw).await.expect("errors");
        assert!(errors[0].contains("later") && errors[1].contains("never"), "{errors:?}");
        drop(mailer);
        let first = taken.await.expect("the server");
        let id: String = sqlx::query_scalar("SELECT id FROM mail WHERE state = 'sent'").fetch_one(&mut raw).await.expect("an id");
        assert!(first.contains(&format!("Message-ID: <{id}@registry.example>")), "{first}");
        assert!(first.contains("To: person2@demo.example"), "{first}");
    }
}

/// Speaks just enough SMTP for three mails; answers with the first one's text.
async fn mail_server(listener: TcpListener) -> String {
    let mut first = String::new();
    let mut mails = 0;
    while mails < 3 {
        let (stream, _) = listener.accept().await.expect("a client");
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 test\r\n").await.expect("a greeting");
        while let Ok(Some(line)) = lines.next_line().await {
            let verb = line
                .split_whitespace()
                .next()
                .unwrap_or_default()
                .to_uppercase();
            let answer = match verb.as_str() {
                "MAIL" => {
                    mails += 1;
                    match mails {
                        1 => "250 fine",
                        2 => "451 later",
                        _ => "550 never",
                    }
                }
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await.expect("an answer");
                    while let Ok(Some(line)) = lines.next_line().await {
                        if line == "." {
                            break;
                        }
                        first.push_str(&line);
                        first.push('\n');
                    }
                    "250 taken"
                }
                "QUIT" => {
                    let _ = write.write_all(b"221 bye\r\n").await;
                    break;
                }
                _ => "250 fine",
            };
            if write
                .write_all(format!("{answer}\r\n").as_bytes())
                .await
                .is_err()
            {
                break;
            }
        }
    }
    first
}
