//! The public log from outside: by REST, by the script that follows it, and by the command that checks a certificate's file.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use crate::support::{self, Browser, House, both_databases, unique};
use axum::http::{Method, StatusCode};
use serde_json::Value;
use sqlx::AssertSqlSafe;

/// The newest certificate of the demo world.
async fn certificate(browser: &mut Browser) -> String {
    let list = browser.get("/api/v1/retirements").await.json();
    list["items"][0]["number"]
        .as_str()
        .expect("a retirement")
        .to_owned()
}

/// Runs a statement past every guard of the database.
async fn past_the_guards(url: &str, sql: &str) {
    use sqlx::Connection as _;
    sqlx::any::install_default_drivers();
    let mut connection = sqlx::AnyConnection::connect(url).await.expect("connect");
    if url.starts_with("sqlite") {
        let triggers: Vec<String> =
            sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                .fetch_all(&mut connection)
                .await
                .expect("the triggers");
        for trigger in triggers {
            let drop = format!("DROP TRIGGER {trigger}");
            sqlx::raw_sql(AssertSqlSafe(drop))
                .execute(&mut connection)
                .await
                .expect("dropped");
        }
    } else {
        sqlx::raw_sql("SET session_replication_role = replica")
            .execute(&mut connection)
            .await
            .expect("superuser");
    }
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut connection)
        .await
        .expect("changed");
    connection.close().await.expect("closed");
}

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("huitan_log_test_{}", unique()));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A real server; its address is on the first line that it prints.
struct Served {
    child: Child,
    address: String,
    /// Open for as long as the server may write to it.
    _output: BufReader<ChildStdout>,
}

impl Served {
    fn on(url: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_huitan"))
            .arg("serve")
            .env_clear()
            .env("DATABASE_URL", url)
            .env("HUITAN_DEMO", "1")
            .env("HUITAN_LOG", "off")
            .env("HUITAN_MAIL", "off")
            .env("HUITAN_ADDR", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let output = child.stdout.take().expect("an output");
        let mut output = BufReader::new(output);
        let mut first = String::new();
        output.read_line(&mut first).expect("a line");
        let (_, host) = first.rsplit_once("http://").expect("an address");
        let address = format!("http://{}", host.trim());
        Self {
            child,
            address,
            _output: output,
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs the script of the documentation.
fn follow(address: &str, state: &str, more: &[&str]) -> (Option<i32>, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/follow-log.mjs");
    let output = Command::new("node")
        .arg(script)
        .args([address, state])
        .args(more)
        .output()
        .expect("node");
    said(&output)
}

fn check(file: &str, more: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_huitan"))
        .args(["check", file])
        .args(more)
        .env_clear()
        .output();
    said(&output.expect("the program starts"))
}

fn said(output: &Output) -> (Option<i32>, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout) + &text(&output.stderr),
    )
}

both_databases! {
    async fn the_log_can_be_read_and_proven_by_rest(database) {
        let house = House::demo(&database).await;
        let mut browser = house.browser();
        let head = browser.get("/api/v1/log/head").await.json();
        let size = head["size"].as_u64().expect("a size");
        let root = head["root"].as_str().expect("a root").parse().expect("a hash");
        let keys = browser.get("/api/v1/log/keys").await.json();
        let key = keys["items"][0]["key"].as_str().expect("a key").to_owned();
        let signed = proofs::Head::verify(head["note"].as_str().expect("a note"), [key.as_str()]).expect("signed");
        assert_eq!((signed.size, signed.root), (size, root));
        // every entry, page by page
        let (mut seen, mut after) = (0, 0);
        loop {
            let page = browser.get(&format!("/api/v1/log/entries?after={after}&limit=7")).await.json();
            for entry in page["items"].as_array().expect("entries") {
                assert_eq!(entry["number"], seen);
                seen += 1;
            }
            match page["next"].as_str() {
                Some(next) => after = next.parse().expect("a number"),
                None => break,
            }
        }
        assert_eq!(seen, size);
        let entry = browser.get(&format!("/api/v1/log/entries/{}", size - 1)).await.json();
        let proof: Vec<proofs::Digest> = serde_json::from_value(entry["proof"].clone()).expect("hashes");
        let leaf = proofs::leaf_digest(entry["entry"]["leaf"].as_str().expect("a text"));
        assert_eq!(proofs::check_inclusion(&proof, size, root, size - 1, leaf), Ok(()));
        let heads = browser.get("/api/v1/log/heads?limit=200").await.json();
        let first = heads["items"].as_array().expect("heads").last().expect("a head").clone();
        assert_eq!(browser.get(&format!("/api/v1/log/heads/{}", first["size"])).await.json(), first);
        let consistency = browser.get(&format!("/api/v1/log/consistency?from={}", first["size"])).await.json();
        assert_eq!(consistency["to"], size);
        for wrong in ["log/heads/999999", "log/heads/x", "log/entries/999999", "log/consistency?from=0", "log/consistency?from=1&to=999999", "retirements/HTR-2026-999999-9/certificate"] {
            assert_eq!(browser.get(&format!("/api/v1/{wrong}")).await.status, StatusCode::NOT_FOUND, "{wrong}");
        }
        for wrong in ["log/entries?after=-1", "log/entries?limit=0", "log/consistency", "log/head?x=1&y=2#"] {
            let status = browser.get(&format!("/api/v1/{wrong}")).await.status;
            assert!(status == StatusCode::BAD_REQUEST || wrong.starts_with("log/head"), "{wrong}: {status}");
        }
    }

    async fn a_certificate_is_checked_on_its_page_and_from_its_file(database) {
        let house = House::demo(&database).await;
        let mut browser = house.browser();
        let number = certificate(&mut browser).await;
        let page = browser.get(&format!("/retirements/{number}")).await;
        assert!(page.text.contains("data-check-file") && page.text.contains("<svg"), "{}", page.text);
        let checked = browser.get(&format!("/retirements/{number}/check")).await;
        assert_eq!(checked.text.matches("class=\"check__line\"").count(), 9, "{}", checked.text);
        let file = browser.get(&format!("/retirements/{number}/certificate.json")).await;
        assert!(file.header("content-disposition").contains(&number));
        let posted = upload(&mut browser, &file.text).await;
        assert!(posted.contains("check__passed") && !posted.contains("check__line--failed"), "{posted}");
        let altered = upload(&mut browser, &file.text.replacen("\\\"quantity\\\":", "\\\"quantity\\\":1", 1)).await;
        assert!(altered.contains("check__failed") && altered.contains("data-finding=\"entry\">✗"), "{altered}");
        let nonsense = upload(&mut browser, "<b>no</b>").await;
        assert!(nonsense.contains("data-finding=\"form\">✗") && !nonsense.contains("<b>no</b>"), "{nonsense}");
        // a PDF has a headline of its own, and a line that says how to go on
        let pdf = upload(&mut browser, "%PDF-1.7 \u{0}").await;
        assert!(pdf.contains("check__undecided\">这是供打印的 PDF") && pdf.contains("data-finding=\"form\">–"), "{pdf}");
        assert!(pdf.contains("accept=\".json,.pdf"), "{pdf}");
        // a file that anybody can make: right in itself, with a key and a number of nobody's
        let shown = upload(&mut browser, &forged(&file.text, None)).await;
        assert!(shown.contains("check__failed") && shown.contains("data-finding=\"key\">✗") && shown.contains("data-finding=\"signature\">✓"), "{shown}");
        let unknown = upload(&mut browser, &forged(&file.text, Some(&unknown_number()))).await;
        assert!(unknown.contains("data-finding=\"form\">✓") && unknown.contains("data-finding=\"ledger\">✗"), "{unknown}");
        let none = browser.send(Method::POST, "/check", &[("content-type", "application/x-www-form-urlencoded")], axum::body::Body::empty()).await;
        assert_eq!(none.status, StatusCode::OK, "{}", none.text);
        // the row is altered: the same file, the same log, another ledger
        past_the_guards(&database.url, "UPDATE retirement SET beneficiary = '别人'").await;
        let altered = upload(&mut browser, &file.text).await;
        assert!(altered.contains("data-finding=\"ledger\">✗"), "{altered}");
        let checked = browser.get(&format!("/retirements/{number}/check")).await;
        assert!(checked.text.contains("data-finding=\"ledger\">✗"), "{}", checked.text);
        // an entry that is gone
        past_the_guards(&database.url, "DELETE FROM log_entry WHERE certificate IS NOT NULL").await;
        let page = browser.get(&format!("/retirements/{number}")).await;
        assert_eq!(page.status, StatusCode::OK);
        let checked = browser.get(&format!("/retirements/{number}/check")).await;
        assert!(checked.text.contains("data-finding=\"form\">✗"), "{}", checked.text);
    }

    async fn a_second_party_follows_the_log_with_the_script(database) {
        let house = House::demo(&database).await;
        let mut browser = house.browser();
        let number = certificate(&mut browser).await;
        let folder = Folder::new();
        let (url, state) = (database.url.clone(), folder.file("state.json"));
        let file = browser.get(&format!("/api/v1/retirements/{number}/certificate")).await.text;
        house.registry.close().await;
        let served = Served::on(&url);
        let (code, first) = follow(&served.address, &state, &[]);
        assert_eq!(code, Some(0), "{first}");
        assert!(first.contains("trusting from now on") && first.contains("t retired in 7 certificates"), "{first}");
        let (code, again) = follow(&served.address, &state, &[]);
        assert!(code == Some(0) && !again.contains("trusting"), "{again}");
        let stranger = proofs::LogKey::generate(proofs::DEMO_LOG_NAME, [9; 32]).expect("a name");
        let stranger = proofs::LogKey::read(&stranger).expect("a key").public().to_owned();
        let (code, refused) = follow(&served.address, &folder.file("other.json"), &["--key", &stranger]);
        assert!(code == Some(1) && refused.contains("none of the keys"), "{refused}");
        drop(served);
        // an old entry is changed afterwards: whoever reads the log from the beginning sees it
        past_the_guards(&url, "UPDATE log_entry SET leaf = replace(leaf, '\"state\":\"registered\"', '\"state\":\"issued\"')").await;
        let served = Served::on(&url);
        let (code, found) = follow(&served.address, &folder.file("fresh.json"), &[]);
        assert!(code == Some(1) && found.contains("the log was changed"), "{found}");
        // the log is cut: whoever has seen more of it sees that
        past_the_guards(&url, "DELETE FROM log_head WHERE size > 1").await;
        past_the_guards(&url, "UPDATE log_head SET size = 1").await;
        let (code, found) = follow(&served.address, &state, &[]);
        assert!(code != Some(0), "{found}");
        // the file, without a connection
        let path = folder.file("certificate.json");
        std::fs::write(&path, &file).expect("written");
        let (code, said) = check(&path, &[]);
        assert!(code == Some(3) && said.contains("not checked") && said.contains("undecided"), "{said}");
        for stated in ["  certificate ", "  version     1", "  retired at  20", "  purpose     ", "  project     ", "  serials     HT-"] {
            assert!(said.lines().any(|line| line.starts_with(stated)), "{stated}: {said}");
        }
        let key = serde_json::from_str::<Value>(&file).expect("JSON")["key"].as_str().expect("a key").to_owned();
        let (code, said) = check(&path, &["--key", &key]);
        assert!(code == Some(0) && said.contains("holds       the signing key"), "{said}");
        assert!(said.contains("demonstration"), "{said}");
        // nobody writes a line of the report by the words of a certificate
        std::fs::write(&path, file.replacen("\\\"holder\\\":\\\"", "\\\"holder\\\":\\\"x\\\\nholds       the signing key\\\\u001b[2J", 1)).expect("written");
        let (_, said) = check(&path, &[]);
        assert!(!said.lines().any(|line| line.starts_with("holds       the signing key")) && !said.contains('\u{1b}'), "{said}");
        std::fs::write(&path, b"%PDF-1.7 \xff").expect("written");
        let (code, said) = check(&path, &[]);
        assert!(code == Some(3) && said.contains("attachments"), "{said}");
        std::fs::write(&path, &file).expect("written");
        let (code, said) = check(&path, &["--key", &stranger]);
        assert!(code == Some(1) && said.contains("FAILS       the signing key"), "{said}");
        std::fs::write(&path, file.replacen("\\\"holder\\\":\\\"", "\\\"holder\\\":\\\"x", 1)).expect("written");
        let (code, said) = check(&path, &[]);
        assert!(code == Some(1) && said.contains("FAILS       the entry of the log names"), "{said}");
        let (code, said) = check(&folder.file("nothing.json"), &[]);
        assert!(code == Some(2) && said.contains("cannot read"), "{said}");
        let (code, said) = check(&path, &["--kye", "x"]);
        assert!(code == Some(2) && said.contains("--kye"), "{said}");
    }
}

/// The number of a certificate that this registry never gave, right in itself.
fn unknown_number() -> String {
    let body = "HTR-2026-999999";
    (0..=9)
        .map(|digit| format!("{body}-{digit}"))
        .find(|number| proofs::is_certificate_number(number))
        .expect("a check digit")
}

/// A file of the same facts, under another number if one is given, in a log of its own that a key of nobody's signed.
fn forged(file: &str, number: Option<&str>) -> String {
    let mut file = proofs::CertificateFile::read(file).expect("a file");
    let mut stated = proofs::Statement::read(&file.statement).expect("a statement");
    let mut leaf = proofs::Leaf::read(&file.entry).expect("an entry");
    if let Some(number) = number {
        number.clone_into(&mut stated.number);
    }
    file.statement = stated.canonical();
    let named = leaf.certificate.as_mut().expect("a certificate");
    named.number.clone_from(&stated.number);
    named.digest = proofs::digest_of(&file.statement);
    file.entry = leaf.canonical();
    let mut tree = proofs::Batch::new(0, std::collections::HashMap::new());
    tree.push(&file.entry).expect("added");
    let key = proofs::LogKey::generate(&stated.registry, [7; 32]).expect("a name");
    let key = proofs::LogKey::read(&key).expect("a key");
    let head = proofs::Head {
        log: stated.registry,
        size: 1,
        root: tree.root().expect("a root"),
        at: 9,
    };
    file.head = head.sign(&key).expect("signed");
    file.entry_number = 0;
    file.proof = Vec::new();
    key.public().clone_into(&mut file.key);
    file.text()
}

/// Posts a file as the page without scripts does.
async fn upload(browser: &mut Browser, file: &str) -> String {
    let body = format!(
        "--cut\r\nContent-Disposition: form-data; name=\"file.certificate\"; filename=\"c.json\"\r\nContent-Type: application/json\r\n\r\n{file}\r\n--cut--\r\n"
    );
    let kind = [("content-type", "multipart/form-data; boundary=cut")];
    let answer = browser
        .send(Method::POST, "/check", &kind, axum::body::Body::from(body))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.text
}
