//! The text of a certificate that is hashed: the same facts always give the same digest, on the server and in the browser.

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::Certificate;

impl Certificate {
    /// The facts as JSON without blanks, names in alphabetical order, non-ASCII characters as they are:
    /// `act_hash`, `at` (unix seconds), `beneficiary`, `beneficiary_uscc` (or null), `holder`, `number`, `purpose`, `purpose_text`,
    /// `quantity`, `serials` (in the order of the lines), `version` (from the second one on).
    pub fn canonical(&self) -> String {
        let serials: Vec<&str> = self.lines.iter().map(|line| line.serial.as_str()).collect();
        let mut facts = json!({
            "act_hash": self.act_hash,
            "at": self.at.0,
            "beneficiary": self.beneficiary,
            "beneficiary_uscc": self.beneficiary_uscc,
            "holder": self.holder,
            "number": self.number,
            "purpose": self.purpose,
            "purpose_text": self.purpose_text,
            "quantity": self.quantity,
            "serials": serials,
        });
        if self.version > 1 {
            facts["version"] = self.version.into();
        }
        facts.to_string()
    }

    /// SHA-256 of [`Certificate::canonical`], 64 hexadecimal digits: printed on the certificate.
    pub fn digest(&self) -> String {
        hex::encode(Sha256::digest(self.canonical()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Instant;

    #[test]
    fn the_canonical_text_is_sorted_compact_and_keeps_chinese_as_it_is() {
        let certificate = Certificate {
            number: "HTR-2026-000001-5".to_owned(),
            at: Instant(1),
            holder: "演示\"甲\"".to_owned(),
            beneficiary: "乙".to_owned(),
            beneficiary_uscc: None,
            purpose: "event".to_owned(),
            purpose_text: "会\n议".to_owned(),
            quantity: 5,
            lines: Vec::new(),
            act_hash: "ab".to_owned(),
            act: String::new(),
            version: 1,
            versions: Vec::new(),
        };
        let expected = r#"{"act_hash":"ab","at":1,"beneficiary":"乙","beneficiary_uscc":null,"holder":"演示\"甲\"","number":"HTR-2026-000001-5","purpose":"event","purpose_text":"会\n议","quantity":5,"serials":[]}"#;
        assert_eq!(certificate.canonical(), expected);
        assert_eq!(certificate.digest().len(), 64);
    }
}
