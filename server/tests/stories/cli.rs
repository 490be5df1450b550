//! The program as a person at a terminal meets it: output, one clear line of error, exit codes.

use crate::support;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn huitan(arguments: &[&str], variables: &[(&str, &str)], input: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_huitan"));
    command
        .args(arguments)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for (name, value) in variables {
        command.env(name, value);
    }
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("an input");
    // a program that refuses early does not read its input
    let _ = stdin.write_all(input.unwrap_or_default().as_bytes());
    drop(stdin);
    child.wait_with_output().expect("the program ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("readable output")
}

/// Success, with this on the standard output.
fn printed(arguments: &[&str], input: Option<&str>) -> String {
    let output = huitan(arguments, &[], input);
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        text(&output.stderr)
    );
    text(&output.stdout).trim_end().to_owned()
}

/// A refusal with this exit code: nothing on the standard output, one line on the other.
fn refused(
    code: i32,
    arguments: &[&str],
    variables: &[(&str, &str)],
    input: Option<&str>,
) -> String {
    let output = huitan(arguments, variables, input);
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {message}");
    assert!(
        output.stdout.is_empty(),
        "{arguments:?}: {}",
        text(&output.stdout)
    );
    assert_eq!(
        message.trim_end().lines().count(),
        1,
        "{arguments:?}: {message}"
    );
    assert!(message.starts_with("huitan: "), "{message}");
    message
}

#[test]
fn help_is_everywhere() {
    for arguments in [
        &["--help"][..],
        &["serve", "--help"],
        &["migrate", "--help"],
        &["seed", "--help"],
        &["calc", "--help"],
        &["workday", "--help"],
        &["workday", "end", "--help"],
        &["workday", "add", "--help"],
        &["audit", "--help"],
        &["openapi", "--help"],
        &["check", "--help"],
        &["log-key", "--help"],
    ] {
        assert!(
            printed(arguments, None).contains("Usage: huitan"),
            "{arguments:?}"
        );
    }
    assert!(printed(&["--help"], None).contains("DATABASE_URL"));
    assert!(printed(&["--version"], None).starts_with("huitan "));
}

#[test]
fn a_command_line_that_is_not_understood_ends_with_2_and_one_line() {
    for arguments in [
        &[][..],
        &["fly"],
        &["calc"],
        &["calc", "a", "--list"],
        &["workday", "end", "2026-02-30", "20"],
        &["workday", "end", "2026-01-27", "0"],
        &["workday", "end", "2026-01-27", "-3"],
        &["workday", "add", "2026-01-27", "1001"],
        &["seed", "--production"],
    ] {
        refused(2, arguments, &[], None);
    }
}

#[test]
fn every_real_publicity_window_ends_on_its_twentieth_working_day() {
    let windows = include_str!("../../../domain/data/publicity_windows.csv");
    let mut exact = 0;
    for line in windows.lines().skip(1).filter(|line| !line.is_empty()) {
        let cells: Vec<&str> = line.split(',').collect();
        let (start, end, days) = (cells[0], cells[1], cells[3]);
        if days == "20" {
            assert_eq!(
                printed(&["workday", "end", start, "20"], None),
                end,
                "{line}"
            );
            exact += 1;
        }
    }
    assert!(exact >= 30, "{exact} windows");
}

#[test]
fn working_days_are_added_from_the_next_working_day_on() {
    assert_eq!(
        printed(&["workday", "add", "2026-02-14", "1"], None),
        "2026-02-24"
    );
    assert_eq!(
        printed(&["workday", "add", "2025-09-30", "1"], None),
        "2025-10-09"
    );
    assert_eq!(
        printed(&["workday", "end", "2026-02-14", "1"], None),
        "2026-02-14"
    );
    let message = refused(1, &["workday", "end", "2026-12-21", "20"], &[], None);
    assert!(message.contains("2027"), "{message}");
    assert!(
        refused(1, &["workday", "end", "2026-10-01", "20"], &[], None)
            .contains("not a working day")
    );
}

#[test]
fn every_calculator_runs_its_own_example() {
    let codes = printed(&["calc", "--list"], None);
    let scenes = methodologies::inclusion::scenes().len();
    assert_eq!(
        codes.lines().count(),
        methodologies::calculators().len() + scenes + 1
    );
    for code in codes.lines() {
        let example = printed(&["calc", "--example", code], None);
        let outcome: Value =
            serde_json::from_str(&printed(&["calc", "-"], Some(&example))).expect("JSON");
        assert_eq!(outcome["calculator"], code);
        if code.starts_with(methodologies::inclusion::PREFIX) {
            assert!(outcome["mg"].is_i64(), "{code}");
        } else if code == methodologies::event::CALCULATOR {
            assert!(outcome["neutralise_t"].is_i64(), "{code}");
        } else {
            for list in ["year_lines", "steps"] {
                assert!(
                    outcome[list]
                        .as_array()
                        .is_some_and(|list| !list.is_empty()),
                    "{code} {list}"
                );
            }
        }
        let schema: Value =
            serde_json::from_str(&printed(&["calc", "--schema", code], None)).expect("JSON");
        assert!(
            schema["fields"]
                .as_array()
                .is_some_and(|fields| !fields.is_empty()),
            "{code}"
        );
    }
}

/// Every case file of the methodologies, through the program: the same tonnes.
#[test]
fn every_published_case_is_reproduced_to_the_tonne() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../methodologies/cases")];
    let mut cases = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the cases") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                cases += reproduce(&path);
            }
        }
    }
    assert!(cases >= 27, "{cases} cases with an expected total");
}

/// Runs the case if it states a total; how many were run.
fn reproduce(path: &Path) -> usize {
    let text = std::fs::read_to_string(path).expect("a case");
    let case: toml::Value =
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let case = serde_json::to_value(case).expect("JSON");
    let (calculator, input) = (&case["calculator"], &case["input"]);
    let Some(total) = case["expected"]["total_t"].as_i64() else {
        return 0;
    };
    let outcome = printed(
        &["calc", "-"],
        Some(&json!({ "calculator": calculator, "input": input }).to_string()),
    );
    let outcome: Value = serde_json::from_str(&outcome).expect("JSON");
    assert_eq!(outcome["total_t"], total, "{}", path.display());
    if let Some(annual) = case["expected"]["annual_t"].as_i64() {
        assert_eq!(outcome["annual_t"], annual, "{}", path.display());
    }
    1
}

#[test]
fn bad_calculator_input_is_refused_in_one_line_that_names_the_field() {
    let calc = |input: &str| refused(1, &["calc", "-"], &[], Some(input));
    assert!(calc("").contains("not {\"calculator\""));
    assert!(calc("{\"calculator\":").contains("not {\"calculator\""));
    assert!(calc(r#"{"calculator":"CCER-01-002-V01/ex-ante"}"#).contains("missing field `input`"));
    assert!(calc(r#"{"calculator":"none","input":{}}"#).contains("none"));
    let mut example: Value = serde_json::from_str(&printed(
        &["calc", "--example", "CCER-01-002-V01/ex-ante"],
        None,
    ))
    .expect("JSON");
    example["input"]["export_mwh_per_year"] = json!("-5");
    assert!(calc(&example.to_string()).contains("input.export_mwh_per_year"));
    assert!(refused(1, &["calc", "/no/such/file.json"], &[], None).contains("/no/such/file.json"));
    assert!(
        refused(1, &["calc", "--schema", "none"], &[], None).contains("CCER-01-002-V01/ex-ante")
    );
}

#[test]
fn the_openapi_document_is_printed() {
    let document: Value = serde_json::from_str(&printed(&["openapi"], None)).expect("JSON");
    assert!(
        document["openapi"]
            .as_str()
            .is_some_and(|version| version.starts_with("3."))
    );
    assert!(document["paths"]["/api/v1/credits/retirements"]["post"].is_object());
}

const SECRET: (&str, &str) = ("HUITAN_SECRET", "0123456789abcdef0123456789abcdef");

#[test]
fn production_does_not_start_without_a_secret_of_its_own() {
    let database = support::Database::sqlite();
    let url = ("DATABASE_URL", database.url.as_str());
    assert!(refused(1, &["serve"], &[url], None).contains("HUITAN_SECRET is not set"));
    assert!(refused(1, &["serve"], &[url, ("HUITAN_SECRET", "short")], None).contains("too short"));
    let published = ("HUITAN_SECRET", "huitan-demo-secret-known-to-everybody");
    assert!(refused(1, &["serve"], &[url, published], None).contains("published demo secret"));
    assert!(refused(1, &["serve"], &[url, SECRET], None).contains("HUITAN_LOG_KEY"));
    let everywhere = [url, ("HUITAN_DEMO", "1"), ("HUITAN_ADDR", "0.0.0.0:3999")];
    assert!(refused(1, &["serve"], &everywhere, None).contains("loopback"));
    assert!(
        refused(1, &["serve"], &[("DATABASE_URL", "mysql://x")], None).contains("DATABASE_URL")
    );
}

/// Migrates, seeds twice, audits, and is refused by production: on both databases.
fn demo_database(url: &str) {
    let variables = [("DATABASE_URL", url), ("HUITAN_LOG", "warn")];
    let run = |arguments: &[&str]| {
        let output = huitan(arguments, &variables, None);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            text(&output.stderr)
        );
        text(&output.stdout)
    };
    assert!(refused(1, &["audit"], &variables, None).contains("huitan migrate"));
    assert!(run(&["migrate"]).contains("this release's schema"));
    assert!(run(&["seed", "--demo"]).contains("was made by"));
    assert!(run(&["seed", "--demo"]).contains("nothing was changed"));
    assert!(run(&["audit"]).contains("\nclean: "));
    assert!(refused(1, &["seed"], &variables, None).contains("--demo"));
    // logs go to the same output as the refusal: only errors may come before it
    let log_key = printed(&["log-key", "registry.example/log"], None);
    let production = [
        ("DATABASE_URL", url),
        SECRET,
        ("HUITAN_LOG", "off"),
        ("HUITAN_ADDR", "127.0.0.1:0"),
        ("HUITAN_LOG_KEY", log_key.lines().next().unwrap_or_default()),
    ];
    assert!(refused(1, &["serve"], &production, None).contains("demo accounts"));
}

#[test]
fn a_demo_database_is_clean_and_production_refuses_it_on_sqlite() {
    let database = support::Database::sqlite();
    demo_database(&database.url);
}

#[tokio::test]
async fn a_demo_database_is_clean_and_production_refuses_it_on_postgres() {
    let database = support::Database::postgres().await;
    demo_database(&database.url);
}

#[tokio::test]
async fn production_refuses_a_moved_clock() {
    let database = support::Database::sqlite();
    let house = support::House::empty(&database).await;
    house
        .registry
        .clock_set(86_400)
        .await
        .expect("the demo clock");
    house.registry.close().await;
    let log_key = printed(&["log-key", "registry.example/log"], None);
    let production = [
        ("DATABASE_URL", database.url.as_str()),
        SECRET,
        ("HUITAN_LOG", "off"),
        ("HUITAN_ADDR", "127.0.0.1:0"),
        ("HUITAN_LOG_KEY", log_key.lines().next().unwrap_or_default()),
    ];
    assert!(refused(1, &["serve"], &production, None).contains("demo clock"));
}

/// By the pages: wrong rows are named, another operator approves, anyone sees the year; then the command line counts with it.
#[tokio::test]
async fn a_year_imported_on_the_pages_is_public_and_the_command_line_counts_with_it() {
    let database = support::Database::sqlite();
    let house = support::House::demo(&database).await;
    let table = include_str!("../../../domain/tests/data/made_up_2027.csv");
    let form = |table: &str| {
        [
            ("area", "calendar"),
            ("document", "测试：2027年安排（虚构）"),
            ("document_number", "测试第1号"),
            ("document_address", "https://example.org/2027"),
            ("effective_from", "2026-11-21"),
            ("basis", "official_text"),
            ("reason", "测试"),
            ("year", "2027"),
            ("table", table),
        ]
        .map(|(name, value)| (name, value.to_owned()))
    };
    let mut first = house.browser_of("operator").await;
    let mut propose = async |table: &str| {
        let form = form(table);
        let fields: Vec<(&str, &str)> = form
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        first
            .act("/desk/rules/new/calendar", "rule_propose", &fields)
            .await
            .location()
            .to_owned()
    };
    let again = propose(&format!(
        "{table}2027-03-06,holiday,x,s\n2027-03-08,makeup_workday,x,s\n"
    ))
    .await;
    assert!(again.contains("again="), "{again}");
    let proposal = propose(table).await;
    let refused_page = first.get(&again).await;
    for day in ["2027-03-06", "2027-03-08"] {
        assert!(refused_page.text.contains(day), "{day} is named");
    }
    let own = first.get(&proposal).await;
    assert!(
        own.text.contains("测试第1号") && !own.text.contains("/acts/rule_approve"),
        "four eyes"
    );
    let id = proposal.rsplit('/').next().unwrap_or_default().to_owned();
    let mut second = house.browser_of("operator2").await;
    second
        .act(&proposal, "rule_approve", &[("rule", &id)])
        .await;
    for (who, address) in [("stranger", "/rules"), ("operator", "/desk/rules")] {
        let page = if who == "stranger" {
            house.browser().get(address).await
        } else {
            first.get(address).await
        };
        for text in ["cn-2027-1", "CNCA", "100,000", "2027"] {
            assert!(page.text.contains(text), "{text} at {address}");
        }
    }
    let json = house.browser().get("/api/v1/rules").await.json();
    assert_eq!(
        (&json["version"], &json["calendar"]["version"]),
        (&json!(1), &json!("cn-2027-1"))
    );
    assert_eq!(
        json["calendar"]["years"],
        json!([2023, 2024, 2025, 2026, 2027])
    );
    assert_eq!(
        json["changes"][0]["change"]["source"]["basis"],
        "official_text"
    );
    for area in [
        "vvb_approval",
        "methodology",
        "time_limit",
        "penalty",
        "legal_reference",
    ] {
        let page = first.get(&format!("/desk/rules/new/{area}")).await;
        assert!(page.text.contains("/acts/rule_propose"), "{area}");
    }
    house.registry.close().await;

    let variables = [
        ("DATABASE_URL", database.url.as_str()),
        ("HUITAN_LOG", "warn"),
    ];
    let asked = ["workday", "end", "2026-12-17", "20", "--database"];
    let output = huitan(&asked, &variables, None);
    assert_eq!(
        text(&output.stdout).trim_end(),
        "2027-01-14",
        "{}",
        text(&output.stderr)
    );
    assert!(text(&output.stderr).contains("calendar cn-2027-1"));
    let built_in = huitan(&["workday", "end", "2026-11-23", "1"], &variables, None);
    assert!(text(&built_in.stderr).contains("calendar cn-2026-1"));
    assert!(refused(1, &["workday", "end", "2026-12-17", "20"], &variables, None).contains("2027"));
}

#[tokio::test]
async fn the_audit_finds_a_changed_balance_and_fails() {
    let database = support::Database::sqlite();
    let house = support::House::demo(&database).await;
    house.registry.close().await;
    sqlx::any::install_default_drivers();
    let mut connection = <sqlx::AnyConnection as sqlx::Connection>::connect(&database.url)
        .await
        .expect("a hand in the till");
    sqlx::raw_sql("UPDATE ledger_account SET balance = balance + 1 WHERE kind = 'holding'")
        .execute(&mut connection)
        .await
        .expect("a change");
    <sqlx::AnyConnection as sqlx::Connection>::close(connection)
        .await
        .expect("closed");
    let output = huitan(&["audit"], &[("DATABASE_URL", &database.url)], None);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stdout).contains("balance"),
        "{}",
        text(&output.stdout)
    );
    assert!(
        text(&output.stderr).contains("difference"),
        "{}",
        text(&output.stderr)
    );
}

#[cfg(unix)]
#[test]
fn a_demo_server_starts_answers_and_stops_when_told() {
    let database = support::Database::sqlite();
    let variables = [
        ("DATABASE_URL", database.url.as_str()),
        ("HUITAN_LOG", "off"),
    ];
    assert!(
        huitan(&["seed", "--demo"], &variables, None)
            .status
            .success()
    );
    let mut server = Command::new(env!("CARGO_BIN_EXE_huitan"))
        .arg("serve")
        .env_clear()
        .envs(variables)
        .env("HUITAN_DEMO", "1")
        .env("HUITAN_ADDR", "127.0.0.1:0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the server starts");
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(
        server.stdout.take().expect("an output"),
    ));
    let first = lines.next().expect("a line").expect("readable");
    let address = first
        .rsplit("http://")
        .next()
        .expect("an address")
        .trim()
        .to_owned();
    let answer = {
        let mut connection = std::net::TcpStream::connect(&address).expect("the server listens");
        connection
            .write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .expect("a request");
        let mut answer = String::new();
        std::io::Read::read_to_string(&mut connection, &mut answer).expect("an answer");
        answer
    };
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let told = Command::new("kill")
        .args(["-TERM", &server.id().to_string()])
        .status()
        .expect("kill");
    assert!(told.success());
    assert_eq!(server.wait().expect("it ends").code(), Some(0));
}

#[test]
fn a_calculation_takes_other_numbers_from_a_file_and_refuses_what_makes_no_sense() {
    let folder = std::env::temp_dir().join(format!("huitan-numbers-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("numbers.json");
    let replaced = |value: &str| {
        let set = json!({ "set": 7, "replacements": [{
            "id": "meter_mpe_0_5s", "value": value, "unit": "%", "from": "2026-01-02",
            "source": { "zh": "公告", "en": "Notice" }, "assumed": false,
        }] });
        std::fs::write(&file, set.to_string()).expect("written");
    };
    let numbers = file.to_str().expect("a readable path");
    let example = printed(&["calc", "--example", "CCER-01-002-V01/ex-ante"], None);
    replaced("0.6");
    let outcome = printed(&["calc", "--parameters", numbers, "-"], Some(&example));
    let outcome: Value = serde_json::from_str(&outcome).expect("JSON");
    assert_eq!(outcome["parameter_set"], 7);
    replaced("600");
    let message = refused(
        1,
        &["calc", "--parameters", numbers, "-"],
        &[],
        Some(&example),
    );
    assert!(message.contains("replacements.0.value"), "{message}");
    std::fs::remove_dir_all(&folder).expect("removed");
}
