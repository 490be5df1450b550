//! Making PDF and spreadsheets, each in a thread of its own and only a few at a time.

use std::sync::Arc;

use documents::event::{EventReport, event_report, event_workbook};
use documents::{CertificateSheet, Document, Record};
use tokio::sync::Semaphore;

/// Documents that are made at the same time: each takes a processor and some memory.
const AT_ONCE: usize = 2;

/// Sets a document as PDF. The server brings the typesetting library, so that pages are built without it. The error is
/// for the log.
pub type Typesetter = dyn Fn(&Document) -> Result<Vec<u8>, String> + Send + Sync;

/// Sets a certificate as PDF, with its file attached. The error is for the log.
pub type CertificateTypesetter = dyn Fn(&CertificateSheet) -> Result<Vec<u8>, String> + Send + Sync;

/// Makes documents. Cloning it is cheap.
#[derive(Clone)]
pub struct Printer {
    typesetter: Arc<Typesetter>,
    certificates: Arc<CertificateTypesetter>,
    room: Arc<Semaphore>,
}

/// What a document is to become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// PDF.
    Pdf,
    /// XLSX.
    Workbook,
}

impl Form {
    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Workbook => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The ending of file names.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Workbook => "xlsx",
        }
    }
}

impl Printer {
    /// With this way to set a PDF.
    pub fn new(typesetter: Arc<Typesetter>, certificates: Arc<CertificateTypesetter>) -> Self {
        Self {
            typesetter,
            certificates,
            room: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// The record in the form of a document. The error is for the log.
    pub async fn print(
        &self,
        record: Record,
        document: fn(&Record) -> Document,
        form: Form,
    ) -> Result<Vec<u8>, String> {
        let room = self.room.clone().acquire_owned().await;
        let typesetter = self.typesetter.clone();
        let made = tokio::task::spawn_blocking(move || {
            // given back when the work is done, not when the reader goes away
            let _room = room;
            match form {
                Form::Pdf => typesetter(&document(&record)),
                Form::Workbook => documents::workbook(&record).map_err(|error| error.to_string()),
            }
        });
        made.await.map_err(|error| error.to_string())?
    }

    /// The sheet of a certificate as PDF. The error is for the log.
    pub async fn certificate(&self, sheet: CertificateSheet) -> Result<Vec<u8>, String> {
        let room = self.room.clone().acquire_owned().await;
        let certificates = self.certificates.clone();
        let made = tokio::task::spawn_blocking(move || {
            let _room = room;
            certificates(&sheet)
        });
        made.await.map_err(|error| error.to_string())?
    }

    /// The report of an event. The error is for the log.
    pub async fn print_event(&self, report: EventReport, form: Form) -> Result<Vec<u8>, String> {
        let room = self.room.clone().acquire_owned().await;
        let typesetter = self.typesetter.clone();
        let made = tokio::task::spawn_blocking(move || {
            let _room = room;
            match form {
                Form::Pdf => typesetter(&event_report(&report)),
                Form::Workbook => event_workbook(&report).map_err(|error| error.to_string()),
            }
        });
        made.await.map_err(|error| error.to_string())?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_spreadsheet_needs_no_typesetter() {
        let printer = Printer::new(
            Arc::new(|_| Err("no fonts".to_owned())),
            Arc::new(|_| Err("no fonts".to_owned())),
        );
        let record = Record::default();
        let refused = printer
            .print(record.clone(), documents::design_document, Form::Pdf)
            .await;
        assert_eq!(refused, Err("no fonts".to_owned()));
        let book = printer
            .print(record, documents::design_document, Form::Workbook)
            .await;
        assert!(book.expect("a spreadsheet").starts_with(b"PK"));
    }
}
