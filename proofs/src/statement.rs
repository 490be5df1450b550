//! What a certificate states, once and for all: the facts of the ledger row at the moment of the retirement.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The version of the form below.
pub const STATEMENT_FORMAT: &str = "huitan-certificate-1";

/// The facts of a certificate. Members are written in alphabetical order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The id of the act that retired.
    pub act: String,
    /// When, unix seconds.
    pub at: i64,
    /// For whom.
    pub beneficiary: String,
    /// The beneficiary's unified social credit code, if given.
    pub beneficiary_uscc: Option<String>,
    /// What made this version, if it is not the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<StatementCorrection>,
    /// Whether these are demonstration data, without any effect.
    pub demo: bool,
    /// [`STATEMENT_FORMAT`].
    pub format: String,
    /// Who retired, as it was named then.
    pub holder: String,
    /// The blocks, in the order of the ledger.
    pub lines: Vec<StatementLine>,
    /// The certificate's number, `HTR-2026-000001-7`.
    pub number: String,
    /// The purpose's code.
    pub purpose: String,
    /// For what.
    pub purpose_text: String,
    /// Tonnes CO2e: the sum of the lines.
    pub quantity: i64,
    /// The name of the log that the certificate is in.
    pub registry: String,
}

/// A correction of the wording. Tonnes, serial numbers, purpose, holder and the moment of the retirement never change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementCorrection {
    /// The id of the act that corrected.
    pub act: String,
    /// When, unix seconds.
    pub at: i64,
    /// Why.
    pub reason: String,
    /// Which version this is, from 2.
    pub version: u32,
}

/// One block of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementLine {
    /// Last number.
    pub end: i64,
    /// The methodology's code.
    pub methodology: String,
    /// The project's code.
    pub project_code: String,
    /// The project's name, as it was then.
    pub project_name: String,
    /// The block as a serial number of this platform, `HT-A210001-2024-1-500`.
    pub serial: String,
    /// First number.
    pub start: i64,
    /// The year of generation.
    pub vintage: i32,
}

impl Statement {
    /// The text that is hashed: JSON without blanks.
    pub fn canonical(&self) -> String {
        // a struct of texts and numbers always has a JSON form
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a statement; `None` if it has another form, or is not written canonically.
    pub fn read(text: &str) -> Option<Self> {
        let statement: Self = serde_json::from_str(text).ok()?;
        (statement.format == STATEMENT_FORMAT && statement.canonical() == text).then_some(statement)
    }

    /// Whether the blocks are blocks, add up to the total, share no number, and are written as their serial numbers.
    pub fn adds_up(&self) -> bool {
        let lines = &self.lines;
        let sum: i128 = lines.iter().map(StatementLine::length).sum();
        let overlaps = |(at, line): (usize, &StatementLine)| {
            lines[..at].iter().any(|other| {
                (&other.project_code, other.vintage) == (&line.project_code, line.vintage)
                    && other.start <= line.end
                    && line.start <= other.end
            })
        };
        sum == i128::from(self.quantity)
            && lines
                .iter()
                .all(|line| line.start >= 1 && line.end >= line.start)
            && lines.iter().all(|line| line.serial == line.written())
            && !lines.iter().enumerate().any(overlaps)
    }

    /// Which version of the wording it is, from 1.
    pub fn version(&self) -> u32 {
        self.correction.as_ref().map_or(1, |one| one.version)
    }

    /// The act that made it and when, unix seconds: the retirement, or the correction.
    pub fn made_by(&self) -> (&str, i64) {
        match &self.correction {
            Some(correction) => (&correction.act, correction.at),
            None => (&self.act, self.at),
        }
    }

    /// The serial numbers, in the order of the lines.
    pub fn serials(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(|line| line.serial.as_str())
    }
}

/// An instant as people in Beijing write it: `2026-01-27 15:04:05 (UTC+8)`.
pub fn beijing_time(at: i64) -> String {
    const DAY: i64 = 86_400;
    // days of 400 years, and the days before 1 March of year 0, from which leap days come last
    const ERA: i64 = 146_097;
    const SHIFT: i64 = 719_468;
    let seconds = at.saturating_add(8 * 3_600);
    let (days, clock) = (seconds.div_euclid(DAY) + SHIFT, seconds.rem_euclid(DAY));
    let (era, of_era) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    let (hour, minute, second) = (clock / 3_600, clock / 60 % 60, clock % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} (UTC+8)")
}

impl StatementLine {
    fn length(&self) -> i128 {
        i128::from(self.end) - i128::from(self.start) + 1
    }

    fn written(&self) -> String {
        format!(
            "HT-{}-{}-{}-{}",
            self.project_code, self.vintage, self.start, self.end
        )
    }
}

/// SHA-256 of a text, 64 hexadecimal digits.
pub fn digest_of(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_beijing_has_it_and_no_number_is_too_large() {
        for (at, written) in [
            (0, "1970-01-01 08:00:00 (UTC+8)"),
            (951_753_600, "2000-02-29 00:00:00 (UTC+8)"),
            (1_709_222_399, "2024-02-29 23:59:59 (UTC+8)"),
            (1_772_294_400, "2026-03-01 00:00:00 (UTC+8)"),
            (-28_801, "1969-12-31 23:59:59 (UTC+8)"),
        ] {
            assert_eq!(beijing_time(at), written);
        }
        assert!(!beijing_time(i64::MAX).is_empty() && !beijing_time(i64::MIN).is_empty());
    }

    pub(crate) fn statement() -> Statement {
        let line = |start, end| StatementLine {
            start,
            end,
            methodology: "CCER-01-001-V01".to_owned(),
            project_code: "A210001".to_owned(),
            project_name: "海上风电".to_owned(),
            serial: format!("HT-A210001-2024-{start}-{end}"),
            vintage: 2024,
        };
        Statement {
            act: "act".to_owned(),
            at: 1,
            beneficiary: "演示\"赛事\"".to_owned(),
            beneficiary_uscc: None,
            correction: None,
            demo: true,
            format: STATEMENT_FORMAT.to_owned(),
            holder: "甲".to_owned(),
            lines: vec![line(1, 100), line(301, 350)],
            number: "HTR-2026-000001-7".to_owned(),
            purpose: "event".to_owned(),
            purpose_text: "会\n议".to_owned(),
            quantity: 150,
            registry: "huitan-demo".to_owned(),
        }
    }

    #[test]
    fn a_statement_is_read_as_it_was_written_and_not_otherwise() {
        let text = statement().canonical();
        assert!(text.starts_with(r#"{"act":"act","at":1,"beneficiary":"演示\"赛事\"","beneficiary_uscc":null,"demo":true,"format""#), "{text}");
        assert_eq!(Statement::read(&text), Some(statement()));
        assert_eq!(Statement::read(&format!("{text} ")), None);
        assert_eq!(
            Statement::read(&text.replace("certificate-1", "certificate-2")),
            None
        );
        assert_eq!(digest_of("").len(), 64);
    }

    #[test]
    fn a_corrected_statement_says_its_version_and_the_first_one_says_nothing() {
        let mut corrected = statement();
        assert_eq!(corrected.made_by(), ("act", 1));
        assert!(!corrected.canonical().contains("correction"));
        corrected.correction = Some(StatementCorrection {
            act: "later".to_owned(),
            at: 2,
            reason: "笔误".to_owned(),
            version: 2,
        });
        assert_eq!((corrected.version(), statement().version()), (2, 1));
        assert_eq!(corrected.made_by(), ("later", 2));
        let text = corrected.canonical();
        let written = r#""correction":{"act":"later","at":2,"reason":"笔误","version":2},"demo""#;
        assert!(text.contains(written), "{text}");
        assert_eq!(Statement::read(&text), Some(corrected));
    }

    #[test]
    fn each_kind_of_damage_to_the_blocks_is_found() {
        assert!(statement().adds_up());
        let damage = |change: fn(&mut Statement)| {
            let mut damaged = statement();
            change(&mut damaged);
            damaged.adds_up()
        };
        assert!(!damage(|one| one.quantity = 151));
        assert!(!damage(|one| one.lines[0].serial.push('0')));
        assert!(!damage(|one| one.lines[0].start = 0));
        assert!(!damage(
            |one| (one.lines[0].start, one.lines[0].end) = (i64::MIN, i64::MAX)
        ));
        assert!(!damage(|one| one.lines[1] = one.lines[0].clone()));
        // the same numbers of another year are other credits, but written differently
        assert!(!damage(|one| one.lines[1].vintage = 2025));
        assert!(!damage(|one| one.lines.clear()));
    }
}
