//! Every test that `docs/rules.md` names exists: in the file it names, under the name it gives.

use std::fs;
use std::path::Path;

#[test]
fn every_test_that_promises_a_rule_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join("docs/rules.md")).expect("the table of rules");
    let mut named = 0;
    for (file, name) in text.split('`').filter_map(|piece| piece.split_once("::")) {
        let source = fs::read_to_string(root.join(file));
        let source = source.unwrap_or_else(|_| panic!("{file} is not there"));
        assert!(
            source.contains(&format!("fn {name}(")),
            "{file} has no test {name}"
        );
        named += 1;
    }
    assert!(named > 80, "only {named} tests are named");
    for line in text.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").collect();
        assert_eq!(cells.len(), 4, "{line}");
        assert!(cells.iter().all(|cell| !cell.trim().is_empty()), "{line}");
    }
}
