//! How a document becomes PDF: the template and the fonts; no IO, no clock.
//!
//! A crate of its own because the typesetting library takes minutes to compile: only the server needs it, and pages
//! are rebuilt without it. What people typed is data for the template and never becomes markup. The same document gives
//! the same bytes.

mod fonts;
mod pdf;

pub use fonts::{Fonts, FontsError};
pub use pdf::{PdfError, certificate_pdf, pdf};
