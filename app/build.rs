//! Tells cargo that the catalogue of texts is part of this crate: a changed text rebuilds it. And lists the worked cases of the
//! methodologies, so that their pages show exactly the files that the tests run.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo:rerun-if-changed=locales");
    let home = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let cases = home.join("../methodologies/cases/ccer");
    println!("cargo:rerun-if-changed={}", cases.display());
    let mut files = Vec::new();
    walk(&cases, &mut files);
    files.sort();
    let mut table = String::from("&[\n");
    for file in files {
        writeln!(table, "include_str!({:?}),", file.display().to_string()).expect("a text grows");
    }
    table.push(']');
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("set by cargo"));
    std::fs::write(out.join("cases.rs"), table).expect("a file of the build");
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, files);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            files.push(path);
        }
    }
}
