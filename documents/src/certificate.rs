//! The sheet of a certificate: what is printed, and the QR code of its address.

use qrcode::{Color, EcLevel, QrCode};
use serde::Serialize;

use crate::{Fact, Table};

/// A certificate as it is printed. All texts are plain, in the reader's language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CertificateSheet {
    /// What it is: `减排量注销凭证`.
    pub kind: String,
    /// Its number.
    pub number: String,
    /// Tonnes, with separators.
    pub quantity: String,
    /// Their unit.
    pub unit: String,
    /// What happened, in one sentence, and that it is final.
    pub statement: Vec<String>,
    /// Beneficiary, purpose, holder, time.
    pub facts: Vec<Fact>,
    /// The blocks of serial numbers.
    pub blocks: Table,
    /// Digest, entry in the log, root, key, address.
    pub record: Vec<Fact>,
    /// That it is no official document, and how to check it.
    pub remarks: Vec<String>,
    /// Across every page where it shows demonstration data; empty otherwise.
    pub demo: String,
    /// The rows of the QR code ([`qr_rows`]).
    pub qr: Vec<String>,
    /// Below the QR code.
    pub qr_hint: String,
    /// The certificate file, attached to the PDF.
    #[serde(skip)]
    pub file: String,
}

/// The QR code of a text, medium error correction: one text a row, `1` for dark and `0` for light. `None` for a text that is too long.
pub fn qr_rows(text: &str) -> Option<Vec<String>> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let colours = code.to_colors();
    let rows = colours.chunks(width).map(|row| {
        row.iter()
            .map(|colour| if *colour == Color::Dark { '1' } else { '0' })
            .collect()
    });
    Some(rows.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_square_and_has_its_three_corners() {
        let rows =
            qr_rows("https://registry.example/retirements/HTR-2026-000001-5").expect("short");
        assert!(rows.iter().all(|row| row.len() == rows.len()));
        for row in [&rows[0], &rows[rows.len() - 7]] {
            assert!(row.starts_with("11111110"), "{row}");
        }
        assert!(rows[0].ends_with("01111111"));
        assert_eq!(qr_rows(&"x".repeat(4000)), None);
    }
}
