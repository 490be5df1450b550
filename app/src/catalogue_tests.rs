//! Keeps code and catalogue together: nothing missing, nothing unused, every refusal translated.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::lang::{Lang, refusal_text};

/// `key -> texts` of one language, and the file each key is in.
fn catalogue() -> BTreeMap<String, (String, BTreeSet<&'static str>)> {
    let mut keys: BTreeMap<String, (String, BTreeSet<&'static str>)> = BTreeMap::new();
    for path in files(&root().join("locales"), "yml") {
        let area = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default()
            .to_owned();
        let text = fs::read_to_string(&path).expect("a readable catalogue");
        let mut key = String::new();
        for line in text.lines() {
            if let Some(name) = line
                .strip_suffix(':')
                .filter(|name| !name.starts_with([' ', '#']))
            {
                name.clone_into(&mut key);
                assert!(!keys.contains_key(&key), "{key} is there twice");
                keys.insert(key.clone(), (area.clone(), BTreeSet::new()));
            }
            for lang in ["zh", "en"] {
                let value = line.strip_prefix(&format!("  {lang}:")).map(str::trim);
                if value.is_some_and(|value| !value.is_empty())
                    && let Some((_, langs)) = keys.get_mut(&key)
                {
                    langs.insert(lang);
                }
            }
        }
    }
    keys
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a readable folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|other| other == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Every string literal of the crate and of the server that looks like a key (`area.name`, or `area.{…}` with a part
/// filled in), without those in tests of this file and the names of files.
fn literals() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for folder in [root().join("src"), root().join("../server/src")] {
        for path in files(&folder, "rs")
            .into_iter()
            .filter(|path| !path.ends_with("catalogue_tests.rs"))
        {
            let text = fs::read_to_string(&path).expect("readable source");
            found.extend(text.split('"').map(str::to_owned).filter(|piece| {
                piece.contains('.')
                    && ![".js", ".json"].iter().any(|end| piece.ends_with(end))
                    && piece.len() < 100
                    && piece
                        .chars()
                        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._{}".contains(c))
            }));
        }
    }
    found
}

#[test]
fn every_text_is_there_in_both_languages_and_in_the_file_of_its_area() {
    let keys = catalogue();
    assert!(keys.len() > 100, "only {} keys were read", keys.len());
    for (key, (area, langs)) in keys {
        assert!(
            key.starts_with(&format!("{area}.")),
            "{key} is in {area}.yml"
        );
        assert_eq!(langs, BTreeSet::from(["zh", "en"]), "{key}");
        for lang in [Lang::Zh, Lang::En] {
            assert!(
                crate::_rust_i18n_try_translate(lang.code(), &key).is_some(),
                "{key} cannot be read in {lang:?}"
            );
        }
    }
}

#[test]
fn every_key_that_the_code_names_is_in_the_catalogue() {
    let keys = catalogue();
    let areas: BTreeSet<_> = keys.values().map(|(area, _)| area.clone()).collect();
    let missing: Vec<_> = literals()
        .into_iter()
        .filter(|literal| {
            literal
                .split('.')
                .next()
                .is_some_and(|area| areas.contains(area))
        })
        .filter(|literal| match literal.split_once('{') {
            None => !keys.contains_key(literal),
            Some((prefix, _)) => !keys.keys().any(|key| key.starts_with(prefix)),
        })
        .collect();
    assert!(missing.is_empty(), "not in app/locales: {missing:?}");
}

#[test]
fn every_text_of_the_catalogue_is_used() {
    let literals = literals();
    let prefixes: Vec<_> = literals
        .iter()
        .filter_map(|literal| literal.split_once('{'))
        .map(|(prefix, _)| prefix)
        .collect();
    let unused: Vec<_> = catalogue()
        .into_keys()
        .filter(|key| {
            !literals.contains(key) && !prefixes.iter().any(|prefix| key.starts_with(prefix))
        })
        .collect();
    assert!(unused.is_empty(), "never shown: {unused:?}");
}

#[test]
fn both_languages_take_the_same_values() {
    let values = |lang: Lang, key: &str| -> BTreeSet<String> {
        let text = crate::lang::t(lang, key);
        text.split("%{")
            .skip(1)
            .filter_map(|piece| piece.split('}').next())
            .map(str::to_owned)
            .collect()
    };
    for key in catalogue().keys() {
        assert_eq!(values(Lang::Zh, key), values(Lang::En, key), "{key}");
    }
}

#[test]
fn every_refusal_says_something_in_both_languages() {
    let theirs = methodologies::INPUT_ERRORS.iter().map(|error| error.code);
    for code in domain::REFUSALS.iter().copied().chain(theirs) {
        for lang in [Lang::Zh, Lang::En] {
            let text = refusal_text(lang, code, &[]);
            assert_ne!(
                text,
                format!("refusal.{code}"),
                "no {lang:?} text for the refusal {code}"
            );
        }
    }
    let known: BTreeSet<_> = domain::REFUSALS
        .iter()
        .map(|code| format!("refusal.{code}"))
        .collect();
    let left_over: Vec<_> = catalogue()
        .into_keys()
        .filter(|key| key.starts_with("refusal.") && !known.contains(key))
        .collect();
    assert!(
        left_over.is_empty(),
        "texts of refusals that do not exist: {left_over:?}"
    );
}
