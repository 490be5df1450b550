//! What is printed: the two documents and their spreadsheets from data; no IO, no clock, no SQL.
//!
//! * [`Record`]: what is known of a project or a monitoring report, as plain data;
//! * [`design_document`], [`accounting_report`]: that data in the structure of the two documents, as a [`Document`];
//! * [`CertificateSheet`]: the sheet of a certificate, with the QR code of its address;
//! * [`workbook`](fn@workbook): a record as XLSX. A document becomes PDF in the crate `typesetter`.
//!
//! The same data gives the same bytes. What people typed is data: it never becomes a spreadsheet formula.

mod accounting;
mod answers;
mod certificate;
mod common;
mod design;
mod document;
pub mod event;
mod record;
mod words;
mod workbook;

pub use accounting::accounting_report;
pub use certificate::{CertificateSheet, qr_rows};
pub use design::design_document;
pub use document::{Alignment, Block, Column, Document, Fact, Formula, Quantity, Section, Table};
pub use record::{Answer, Attached, Record};
pub use workbook::{WorkbookError, workbook};
