//! Counts tests from what the runners print, and keeps the sum of a run.

use anyhow::{Context, Result};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Tests that passed and failed. One that was left out counts as failed: no test of ours may be skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// ran and held
    pub passed: u64,
    /// ran and did not hold, or did not run
    pub failed: u64,
}

impl std::ops::AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// The outcome of a run: one line per part.
pub struct Tally {
    begin: Instant,
    parts: Vec<(String, Count, Duration)>,
    not_run: Vec<String>,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            begin: Instant::now(),
            parts: Vec::new(),
            not_run: Vec::new(),
        }
    }
}

impl Tally {
    /// A headline that says how long the run has taken so far.
    pub fn headline(&self, name: &str) {
        let seconds = self.begin.elapsed().as_secs();
        println!(
            "\n=== {name} (after {} min {:02} s) ===",
            seconds / 60,
            seconds % 60
        );
    }

    /// Runs one part under a headline; an error of the part itself, or no test at all in it, counts as one failure.
    pub fn part(&mut self, name: &str, run: impl FnOnce(&mut Vec<String>) -> Result<Count>) {
        self.headline(name);
        let begin = Instant::now();
        let count = run(&mut self.not_run);
        self.finished(name, count, begin.elapsed());
    }

    /// Counts a part that has run, with the same rules.
    pub fn finished(&mut self, name: &str, count: Result<Count>, duration: Duration) {
        let mut count = count.unwrap_or_else(|error| {
            println!("{name}: {error:#}");
            Count {
                passed: 0,
                failed: 1,
            }
        });
        if count == Count::default() {
            println!("{name}: not one test ran, which counts as a failure");
            count.failed = 1;
        }
        println!(
            "--- {name}: {} passed, {} failed, {} s",
            count.passed,
            count.failed,
            duration.as_secs()
        );
        self.parts.push((name.to_owned(), count, duration));
    }

    /// Prints the table and the closing line; true if all is well.
    pub fn print_summary(&self) -> bool {
        let mut total = Count::default();
        println!();
        for (name, count, duration) in &self.parts {
            println!(
                "{name:<44} {:>6} passed {:>4} failed {:>5} s",
                count.passed,
                count.failed,
                duration.as_secs()
            );
            total += *count;
        }
        for line in &self.not_run {
            println!("not run: {line}");
        }
        println!("{} passed, {} failed", total.passed, total.failed);
        total.failed == 0 && total.passed > 0
    }
}

/// One check that either holds or not, such as `cargo fmt --check`.
pub fn check(name: &str, command: &mut Command) -> Result<Count> {
    let status = command.status().with_context(|| {
        format!(
            "{name}: cannot start {}",
            crate::workspace::describe(command)
        )
    })?;
    println!(
        "{name}: {}",
        if status.success() { "holds" } else { "FAILED" }
    );
    Ok(if status.success() {
        Count {
            passed: 1,
            failed: 0,
        }
    } else {
        Count {
            passed: 0,
            failed: 1,
        }
    })
}

/// Runs a Rust test program (or `cargo test`), shows its output as it comes, and adds up its `test result:` lines.
/// A program that fails without naming a failed test (it did not compile, or it crashed) counts as one failure.
pub fn rust_tests(command: &mut Command) -> Result<Count> {
    let (count, ignored) = rust_results(command)?;
    Ok(Count {
        passed: count.passed,
        failed: count.failed + ignored,
    })
}

/// The examples in the documentation: one that is marked `ignore` is an illustration, not a test.
pub fn documentation_tests(command: &mut Command) -> Result<Count> {
    Ok(rust_results(command)?.0)
}

/// What passed and failed, and the number of ignored tests.
fn rust_results(command: &mut Command) -> Result<(Count, u64)> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", crate::workspace::describe(command)))?;
    let (mut count, mut ignored_total) = (Count::default(), 0);
    let stdout = child.stdout.take().context("the output of a child")?;
    for line in BufReader::new(stdout).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        if let Some((result, ignored)) = test_result(&line) {
            count += result;
            ignored_total += ignored;
        }
    }
    if !child.wait()?.success() && count.failed == 0 {
        count.failed = 1;
    }
    Ok((count, ignored_total))
}

/// `test result: ok. 12 passed; 0 failed; 0 ignored; ...`; the ignored ones apart.
fn test_result(line: &str) -> Option<(Count, u64)> {
    let (_, numbers) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let number = |what: &str| {
        numbers
            .split(';')
            .find_map(|item| item.trim().strip_suffix(what)?.trim().parse::<u64>().ok())
            .unwrap_or_default()
    };
    let count = Count {
        passed: number("passed"),
        failed: number("failed"),
    };
    Some((count, number("ignored")))
}

/// Counts of Playwright's JSON report. A flaky or skipped test counts as failed.
pub fn playwright_report(report: &str) -> Result<Count> {
    let report: Value = serde_json::from_str(report).context("Playwright's report is not JSON")?;
    let number = |name: &str| report["stats"][name].as_u64().unwrap_or_default();
    let outside = report["errors"]
        .as_array()
        .map_or(0, |errors| errors.len() as u64);
    Ok(Count {
        passed: number("expected"),
        failed: number("unexpected") + number("flaky") + number("skipped") + outside,
    })
}

#[cfg(test)]
mod tests {
    use super::{Count, documentation_tests, playwright_report, rust_tests, test_result};

    #[test]
    fn a_result_line_of_cargo_test_is_counted() {
        let line = "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.02s";
        assert_eq!(
            test_result(line),
            Some((
                Count {
                    passed: 12,
                    failed: 0
                },
                0
            ))
        );
        let line = "test result: FAILED. 1 passed; 2 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(
            test_result(line),
            Some((
                Count {
                    passed: 1,
                    failed: 2
                },
                3
            ))
        );
    }

    #[test]
    fn an_ignored_test_counts_as_failed_but_not_an_illustration_in_the_documentation() {
        let call = || {
            let mut echo = std::process::Command::new("echo");
            echo.arg("test result: ok. 4 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s");
            echo
        };
        assert_eq!(
            rust_tests(&mut call()).expect("echo runs"),
            Count {
                passed: 4,
                failed: 1
            }
        );
        assert_eq!(
            documentation_tests(&mut call()).expect("echo runs"),
            Count {
                passed: 4,
                failed: 0
            }
        );
    }

    #[test]
    fn a_program_that_fails_without_a_result_counts_as_one_failure() {
        assert_eq!(
            rust_tests(&mut std::process::Command::new("false")).expect("it runs"),
            Count {
                passed: 0,
                failed: 1
            }
        );
    }

    #[test]
    fn other_lines_are_not_counted() {
        assert_eq!(test_result("test calendar::tests::a ... ok"), None);
        assert_eq!(test_result("the test result: ok. 1 passed"), None);
    }

    #[test]
    fn a_skipped_or_flaky_browser_test_counts_as_failed() {
        let report = r#"{"stats":{"expected":7,"unexpected":1,"flaky":1,"skipped":2},"errors":[]}"#;
        assert_eq!(
            playwright_report(report).expect("valid"),
            Count {
                passed: 7,
                failed: 4
            }
        );
        let broken =
            r#"{"stats":{"expected":0,"unexpected":0},"errors":[{"message":"cannot compile"}]}"#;
        assert_eq!(
            playwright_report(broken).expect("valid"),
            Count {
                passed: 0,
                failed: 1
            }
        );
    }
}
