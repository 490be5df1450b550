//! *Check this certificate*: what is looked at, and what was found. The server, the command line and the browser ask the same questions.

use serde::{Deserialize, Serialize};

use crate::file::CertificateFile;
use crate::head::Head;
use crate::leaf::Leaf;
use crate::number::is_certificate_number;
use crate::statement::{Statement, digest_of};
use crate::tree::{Digest, check_consistency, check_inclusion, leaf_digest};

/// One question, in the order in which they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// The file has the form of a certificate file, and its number that of a certificate.
    Form,
    /// The blocks add up to the total, share no number, and are written as their serial numbers.
    Sum,
    /// The entry of the log names the SHA-256 of the statement, its number, total and serial numbers.
    Entry,
    /// The entry is in the tree that the head describes.
    Inclusion,
    /// The head is signed by the key in the file.
    Signature,
    /// That key is one the registry publishes, or one that the asker trusts.
    Key,
    /// The log as it is published now begins with the log that the head describes: nothing in it was changed since.
    Consistency,
    /// The ledger of the registry says the same now.
    Ledger,
    /// No later certificate has taken the place of this one.
    Current,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// It is so.
    Holds,
    /// It is not so.
    Fails,
    /// It was not looked at: what it needs was not at hand.
    NotChecked,
}

impl From<bool> for Found {
    fn from(holds: bool) -> Self {
        if holds { Self::Holds } else { Self::Fails }
    }
}

/// What all of it together comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing failed, and the key that signed is one that the asker knows to be the registry's.
    Holds,
    /// Nothing failed, but anybody can make a file that is right in itself: whose key signed it was not looked at.
    Undecided,
    /// Something failed.
    Fails,
}

/// Why the registry's side of the evidence is missing although it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unanswered {
    /// It could not be reached.
    NoConnection,
    /// It was asked too often in a short time.
    TooOften,
    /// It was reached, and did not answer the question.
    Refused,
}

/// What the asker has besides the file. All of it may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Evidence {
    /// The public keys that the asker trusts: those that the registry publishes.
    pub keys: Vec<String>,
    /// The head of the log that is published now, a signed checkpoint.
    pub head: Option<String>,
    /// The proof that its tree begins with the one of the file's head.
    pub consistency: Option<Vec<Digest>>,
    /// What the ledger says now about the certificate with this number and version, as a statement; empty: it knows no such certificate.
    pub ledger: Option<String>,
    /// The number of the last entry of the log about this certificate.
    pub last_entry: Option<u64>,
    /// Which version of its wording is in force.
    pub current_version: Option<u32>,
    /// Why the members after `keys` are missing, if they were asked for.
    pub unanswered: Option<Unanswered>,
}

/// What must be asked of the registry about a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// The certificate's number.
    pub number: String,
    /// The size of the tree that the file's head describes.
    pub size: u64,
    /// The version of its wording.
    pub version: u32,
}

/// The answer to every question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Each question with what was found.
    pub findings: Vec<(Finding, Found)>,
    /// The certificate's number, if the file could be read.
    pub number: Option<String>,
    /// Whether it says of itself that it is a demonstration.
    pub demo: bool,
    /// How many entries the log had for the file's head.
    pub size: Option<u64>,
    /// Which version of the wording the file is, from 1.
    pub version: Option<u32>,
    /// The version in force, if it is known to be a later one than the file's.
    pub superseded_by: Option<u32>,
    /// What the file states, to be compared with the paper in hand.
    pub statement: Option<Statement>,
    /// Why the registry said nothing, if it was asked.
    pub unanswered: Option<Unanswered>,
}

impl Report {
    /// Whether it was the certificate for printing, a PDF: the file is attached to it, and nothing of it was checked.
    pub fn is_pdf(&self) -> bool {
        self.findings == [(Finding::Form, Found::NotChecked)]
    }

    /// What it comes to. Other questions that were not looked at do not count; they are shown.
    pub fn verdict(&self) -> Verdict {
        let failed = self
            .findings
            .iter()
            .any(|(_, found)| *found == Found::Fails);
        match (failed, self.found(Finding::Key)) {
            (true, _) => Verdict::Fails,
            (false, Found::Holds) => Verdict::Holds,
            (false, _) => Verdict::Undecided,
        }
    }

    /// What was found about one question.
    pub fn found(&self, finding: Finding) -> Found {
        let found = self.findings.iter().find(|(one, _)| *one == finding);
        found.map_or(Found::NotChecked, |(_, found)| *found)
    }
}

/// What to ask the registry about a file; `None` if it is no certificate file, or its number is none.
pub fn asks(file: &str) -> Option<Asked> {
    let file = CertificateFile::read(file)?;
    let statement = Statement::read(&file.statement)?;
    is_certificate_number(&statement.number).then_some(())?;
    Some(Asked {
        size: Head::read(&file.head).ok()?.size,
        version: statement.version(),
        number: statement.number,
    })
}

/// Checks the text of a certificate file.
pub fn check(file: &str, evidence: &Evidence) -> Report {
    match CertificateFile::read(file) {
        Some(file) => check_file(&file, evidence),
        // the printed certificate has the file attached
        None if file.trim_start().starts_with("%PDF") => unreadable(Found::NotChecked),
        None => unreadable(Found::Fails),
    }
}

fn unreadable(form: Found) -> Report {
    Report {
        findings: vec![(Finding::Form, form)],
        number: None,
        demo: false,
        size: None,
        version: None,
        superseded_by: None,
        statement: None,
        unanswered: None,
    }
}

/// Checks a certificate file that was read.
pub fn check_file(file: &CertificateFile, evidence: &Evidence) -> Report {
    let (Some(statement), Some(leaf)) = (Statement::read(&file.statement), Leaf::read(&file.entry))
    else {
        return unreadable(Found::Fails);
    };
    let signed = Head::verify(&file.head, [file.key.as_str()]);
    let head = Head::read(&file.head).ok();
    let inclusion = head.as_ref().is_some_and(|head| {
        let entry = leaf_digest(&file.entry);
        check_inclusion(&file.proof, head.size, head.root, file.entry_number, entry).is_ok()
    });
    // what is read of a head that nobody signed proves nothing
    let of_this_log = signed
        .as_ref()
        .is_ok_and(|head| head.log == statement.registry);
    let findings = vec![
        (
            Finding::Form,
            is_certificate_number(&statement.number).into(),
        ),
        (Finding::Sum, statement.adds_up().into()),
        (
            Finding::Entry,
            names(&leaf, &statement, &file.statement).into(),
        ),
        (Finding::Inclusion, inclusion.into()),
        (Finding::Signature, of_this_log.into()),
        (Finding::Key, key(file, evidence)),
        (Finding::Consistency, consistency(head.as_ref(), evidence)),
        (Finding::Ledger, ledger(&file.statement, evidence)),
        (Finding::Current, current(file, &statement, evidence)),
    ];
    let version = statement.version();
    Report {
        findings,
        demo: statement.demo,
        size: head.map(|head| head.size),
        version: Some(version),
        superseded_by: evidence
            .current_version
            .filter(|current| *current > version),
        number: Some(statement.number.clone()),
        statement: Some(statement),
        unanswered: evidence.unanswered,
    }
}

/// Whether this is the version in force: by its number, and by the last entry about the certificate.
fn current(file: &CertificateFile, statement: &Statement, evidence: &Evidence) -> Found {
    let by_entry = evidence.last_entry.map(|last| last == file.entry_number);
    let by_version = evidence
        .current_version
        .map(|now| now == statement.version());
    match (by_entry, by_version) {
        (None, None) => Found::NotChecked,
        (by_entry, by_version) => (by_entry != Some(false) && by_version != Some(false)).into(),
    }
}

/// Whether an entry of the log is the one of this statement.
fn names(leaf: &Leaf, statement: &Statement, text: &str) -> bool {
    let serials: Vec<&str> = statement.serials().collect();
    let version = statement.correction.as_ref().map(|one| one.version);
    (leaf.id.as_str(), leaf.at) == statement.made_by()
        && version.is_none_or(|version| version >= 2)
        && leaf.certificate.as_ref().is_some_and(|certificate| {
            certificate.digest == digest_of(text)
                && certificate.number == statement.number
                && certificate.quantity == statement.quantity
                && certificate.serials == serials
                && certificate.version == version
        })
}

fn key(file: &CertificateFile, evidence: &Evidence) -> Found {
    if evidence.keys.is_empty() {
        Found::NotChecked
    } else {
        evidence.keys.contains(&file.key).into()
    }
}

fn consistency(head: Option<&Head>, evidence: &Evidence) -> Found {
    let (Some(published), Some(proof)) = (&evidence.head, &evidence.consistency) else {
        return Found::NotChecked;
    };
    let keys = evidence.keys.iter().map(String::as_str);
    let (Some(old), Ok(new)) = (head, Head::verify(published, keys)) else {
        return Found::Fails;
    };
    let holds = check_consistency(proof, (old.size, old.root), (new.size, new.root)).is_ok();
    (holds && old.log == new.log).into()
}

fn ledger(statement: &str, evidence: &Evidence) -> Found {
    let now = evidence.ledger.as_deref();
    now.map_or(Found::NotChecked, |now| (now == statement).into())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::file::FILE_FORMAT;
    use crate::head::LogKey;
    use crate::leaf::{LEAF_VERSION, LeafCertificate};
    use crate::statement::tests::statement;
    use crate::tree::{Batch, Places};
    use std::collections::HashMap;

    /// A log of five entries, the certificate's is number 2; and what the registry would answer when the log has seven.
    pub(crate) fn sound() -> (CertificateFile, Evidence) {
        let key = LogKey::demo();
        let statement = statement();
        let text = statement.canonical();
        let leaf = Leaf {
            act: "credits_retire".to_owned(),
            at: statement.at,
            certificate: Some(LeafCertificate {
                digest: digest_of(&text),
                number: statement.number.clone(),
                quantity: statement.quantity,
                serials: statement.serials().map(str::to_owned).collect(),
                version: None,
            }),
            hash: "ab".repeat(32),
            id: statement.act.clone(),
            issued: Vec::new(),
            state: None,
            subject: statement.number.clone(),
            subject_kind: "retirement".to_owned(),
            v: LEAF_VERSION,
        };
        let mut batch = Batch::new(0, HashMap::new());
        let mut heads = Vec::new();
        for number in 0..7_u64 {
            let entry = if number == 2 {
                leaf.canonical()
            } else {
                format!("{number}")
            };
            batch.push(&entry).expect("added");
            heads.push(Head {
                log: key.name().to_owned(),
                size: batch.size(),
                root: batch.root().expect("a root"),
                at: 9,
            });
        }
        let stored: HashMap<_, _> = batch.added().iter().copied().collect();
        let proof = Places::inclusion(5, 2).and_then(|places| places.with(&stored));
        let consistency = Places::consistency(5, 7).and_then(|places| places.with(&stored));
        let file = CertificateFile {
            format: FILE_FORMAT.to_owned(),
            address: "http://127.0.0.1/retirements/x".to_owned(),
            statement: text.clone(),
            entry: leaf.canonical(),
            entry_number: 2,
            proof: proof.expect("a proof"),
            head: heads[4].sign(&key).expect("signed"),
            key: key.public().to_owned(),
        };
        let evidence = Evidence {
            keys: vec![key.public().to_owned()],
            head: Some(heads[6].sign(&key).expect("signed")),
            consistency: Some(consistency.expect("a proof")),
            ledger: Some(text),
            last_entry: Some(2),
            current_version: Some(1),
            unanswered: None,
        };
        (file, evidence)
    }

    fn failed(file: &CertificateFile, evidence: &Evidence) -> Vec<Finding> {
        let report = check(&file.text(), evidence);
        let failed = report
            .findings
            .iter()
            .filter(|(_, found)| *found == Found::Fails);
        failed.map(|(finding, _)| *finding).collect()
    }

    #[test]
    fn a_sound_file_passes_every_question_and_without_a_connection_what_it_can() {
        let (file, evidence) = sound();
        let report = check(&file.text(), &evidence);
        assert_eq!(report.verdict(), Verdict::Holds);
        assert!(
            report
                .findings
                .iter()
                .all(|(_, found)| *found == Found::Holds)
        );
        assert_eq!(
            (report.number.as_deref(), report.size),
            (Some("HTR-2026-000001-7"), Some(5))
        );
        let offline = check(&file.text(), &Evidence::default());
        assert_eq!(offline.verdict(), Verdict::Undecided);
        let not_checked = offline
            .findings
            .iter()
            .filter(|(_, found)| *found == Found::NotChecked);
        assert_eq!(not_checked.count(), 4);
        let asked = asks(&file.text()).expect("a file");
        assert_eq!(
            (asked.number.as_str(), asked.size),
            ("HTR-2026-000001-7", 5)
        );
    }

    /// Anybody can make a key, a log of one entry, and a certificate in it.
    #[test]
    fn a_file_of_somebody_elses_key_never_holds() {
        let (file, evidence) = sound();
        let other = LogKey::generate("registry.example.org/log", [7; 32]).expect("a key");
        let other = LogKey::read(&other).expect("a key");
        let forged = |number: &str| {
            let mut stated = Statement::read(&file.statement).expect("a statement");
            number.clone_into(&mut stated.number);
            other.name().clone_into(&mut stated.registry);
            let text = stated.canonical();
            let mut leaf = Leaf::read(&file.entry).expect("a leaf");
            if let Some(certificate) = &mut leaf.certificate {
                certificate.digest = digest_of(&text);
                number.clone_into(&mut certificate.number);
            }
            let mut batch = Batch::new(0, HashMap::new());
            batch.push(&leaf.canonical()).expect("added");
            let head = Head {
                log: other.name().to_owned(),
                size: 1,
                root: batch.root().expect("a root"),
                at: 9,
            };
            CertificateFile {
                statement: text,
                entry: leaf.canonical(),
                entry_number: 0,
                proof: Vec::new(),
                head: head.sign(&other).expect("signed"),
                key: other.public().to_owned(),
                ..file.clone()
            }
        };
        let (right, nobody) = (forged("HTR-2026-000001-7"), Evidence::default());
        let report = check(&right.text(), &nobody);
        assert_eq!(report.verdict(), Verdict::Undecided, "{report:?}");
        // the keys of the page are enough, without a connection
        let keys_only = Evidence {
            keys: evidence.keys.clone(),
            ..Evidence::default()
        };
        assert_eq!(failed(&right, &keys_only), [Finding::Key]);
        let unknown = Evidence {
            ledger: Some(String::new()),
            ..keys_only
        };
        assert_eq!(failed(&right, &unknown), [Finding::Key, Finding::Ledger]);
        // nothing that is no number of a certificate is asked about, or becomes part of an address
        for number in ["..", "HTR-2026-000001-7 ", "HTR-2026-000001-4", ""] {
            let wrong = forged(number);
            assert_eq!(asks(&wrong.text()), None, "{number}");
            assert!(failed(&wrong, &nobody).contains(&Finding::Form), "{number}");
        }
    }

    #[test]
    fn the_printed_certificate_is_not_called_altered() {
        let report = check("%PDF-1.7 …", &Evidence::default());
        assert_eq!(report.verdict(), Verdict::Undecided);
        assert!(report.is_pdf());
        assert!(!check("{}", &Evidence::default()).is_pdf());
    }

    #[test]
    fn an_earlier_version_says_by_which_one_it_is_superseded_and_offline_says_nothing_of_it() {
        let (file, evidence) = sound();
        let (last_entry, current_version) = (Some(6), Some(3));
        let now = Evidence {
            last_entry,
            current_version,
            ..evidence.clone()
        };
        let report = check(&file.text(), &now);
        assert_eq!((report.version, report.superseded_by), (Some(1), Some(3)));
        assert_eq!(failed(&file, &now), [Finding::Current]);
        let offline = check(&file.text(), &Evidence::default());
        assert_eq!((offline.version, offline.superseded_by), (Some(1), None));
        assert_eq!(offline.found(Finding::Current), Found::NotChecked);
        // nobody calls a later wording the first one: the entry of the log names the version
        let mut dressed = file.clone();
        dressed.entry = dressed.entry.replacen("]}", "],\"version\":2}", 1);
        assert!(failed(&dressed, &evidence).contains(&Finding::Entry));
        assert_eq!(asks(&file.text()).map(|asked| asked.version), Some(1));
    }

    #[test]
    fn each_kind_of_damage_is_found_by_its_question() {
        use Finding::{Consistency, Current, Entry, Form, Inclusion, Key, Ledger, Signature, Sum};
        let (file, evidence) = sound();
        let with = |change: fn(&mut CertificateFile)| {
            let mut damaged = file.clone();
            change(&mut damaged);
            failed(&damaged, &evidence)
        };
        let replaced = |one: &mut String, from: &str, to: &str| *one = one.replacen(from, to, 1);
        // the statement: another beneficiary, another quantity
        assert_eq!(
            with(|file| file.statement = file.statement.replacen("赛事", "公司", 1)),
            [Entry, Ledger]
        );
        let more = |file: &mut CertificateFile| {
            file.statement = file.statement.replacen(":150,", ":151,", 1);
        };
        assert_eq!(with(more), [Sum, Entry, Ledger]);
        // the entry: with it the tree does not lead to the head any more
        assert_eq!(
            with(|file| file.entry = file.entry.replacen("\"at\":1", "\"at\":2", 1)),
            [Entry, Inclusion]
        );
        assert_eq!(with(|file| file.entry_number = 3), [Inclusion, Current]);
        assert_eq!(with(|file| file.proof.clear()), [Inclusion]);
        // the head: signed text, signature, key
        let resized = |file: &mut CertificateFile| {
            file.head = file.head.replacen("\n5\n", "\n6\n", 1);
        };
        assert_eq!(with(resized), [Signature, Consistency]);
        let mut foreign = file.clone();
        let stranger = LogKey::generate(crate::DEMO_LOG_NAME, [3; 32]).expect("a name");
        let stranger = LogKey::read(&stranger).expect("a key");
        foreign.key = stranger.public().to_owned();
        assert_eq!(failed(&foreign, &evidence), [Signature, Key]);
        foreign.head = Head::read(&file.head)
            .and_then(|head| head.sign(&stranger))
            .expect("signed");
        assert_eq!(failed(&foreign, &evidence), [Key]);
        // what the registry says now
        let mut now = evidence.clone();
        now.ledger = now.ledger.map(|mut text| {
            replaced(&mut text, "301", "302");
            text
        });
        assert_eq!(failed(&file, &now), [Ledger]);
        now = evidence.clone();
        now.last_entry = Some(6);
        assert_eq!(failed(&file, &now), [Current]);
        now.current_version = Some(2);
        assert_eq!(failed(&file, &now), [Current]);
        now = evidence.clone();
        now.consistency = Some(Vec::new());
        assert_eq!(failed(&file, &now), [Consistency]);
        // anything else
        for nonsense in ["", "{}", "[]", "null", "\u{0}"] {
            let report = check(nonsense, &evidence);
            assert_eq!(report.findings, [(Form, Found::Fails)], "{nonsense}");
            assert!(asks(nonsense).is_none());
        }
    }
}
