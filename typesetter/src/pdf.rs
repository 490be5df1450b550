//! A document as PDF, set by typst. The template is fixed; the document reaches it as JSON, so nothing in it is markup.

use typst::comemo;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use crate::fonts::Fonts;
use documents::{CertificateSheet, Document};

const TEMPLATE: &str = include_str!("template.typ");
const CERTIFICATE_TEMPLATE: &str = include_str!("certificate.typ");
/// What the template reads the document from.
const DATA_NAME: &str = "document.json";
/// The file that a certificate's PDF carries.
const ATTACHED_NAME: &str = "certificate.json";
/// Longest run of characters without a place to break the line.
const RUN_MAX: usize = 24;
/// How many earlier documents the typesetter may remember parts of.
const REMEMBERED_DOCUMENTS: usize = 4;

/// Why a document could not be set. Not the reader's business: a bug in the template, or fonts that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the document could not be set: {0}")]
pub struct PdfError(String);

/// The document as PDF. The same document gives the same bytes. Takes time and memory: a thread of its own, not one
/// that answers requests.
pub fn pdf(document: &Document, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
    let page = Page::new(TEMPLATE, document, None, fonts)?;
    set(&page, document.foot.clone())
}

/// A certificate on one sheet or, with many blocks, on several, as PDF; its file is attached as `certificate.json`. The same sheet gives
/// the same bytes.
pub fn certificate_pdf(sheet: &CertificateSheet, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
    let file = Bytes::new(sheet.file.clone().into_bytes());
    let page = Page::new(CERTIFICATE_TEMPLATE, sheet, Some(file), fonts)?;
    set(&page, sheet.number.clone())
}

fn set(page: &Page<'_>, ident: String) -> Result<Vec<u8>, PdfError> {
    let set = typst::compile::<PagedDocument>(page)
        .output
        .map_err(|errors| reasons(&errors))
        .and_then(|pages| {
            let options = PdfOptions {
                ident: Smart::Custom(ident),
                creator: Smart::Custom(Some("Huitan".to_owned())),
                ..PdfOptions::default()
            };
            typst_pdf::pdf(&pages, &options).map_err(|errors| reasons(&errors))
        });
    comemo::evict(REMEMBERED_DOCUMENTS);
    set
}

fn reasons(errors: &[SourceDiagnostic]) -> PdfError {
    let texts: Vec<_> = errors.iter().map(|error| error.message.as_str()).collect();
    PdfError(texts.join("; "))
}

/// What the typesetter sees of the world: the template, the document as `/document.json`, what is attached, the fonts. No files, no
/// network, no clock.
struct Page<'a> {
    library: LazyHash<Library>,
    template: Source,
    data: FileId,
    json: Bytes,
    attached: FileId,
    attachment: Option<Bytes>,
    fonts: &'a Fonts,
}

impl<'a> Page<'a> {
    fn new(
        template: &str,
        document: &impl serde::Serialize,
        attachment: Option<Bytes>,
        fonts: &'a Fonts,
    ) -> Result<Self, PdfError> {
        let json = serde_json::to_value(document)
            .map(printable)
            .and_then(|value| serde_json::to_vec(&value))
            .map_err(|error| PdfError(error.to_string()))?;
        Ok(Self {
            library: LazyHash::new(Library::default()),
            template: Source::new(file("template.typ")?, template.to_owned()),
            data: file(DATA_NAME)?,
            json: Bytes::new(json),
            attached: file(ATTACHED_NAME)?,
            attachment,
            fonts,
        })
    }
}

fn file(name: &str) -> Result<FileId, PdfError> {
    let path = VirtualPath::new(name).map_err(|_| PdfError(name.to_owned()))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Page<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() {
            Ok(self.template.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data {
            return Ok(self.json.clone());
        }
        let attachment = self.attachment.clone().filter(|_| id == self.attached);
        attachment.ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Every text without control characters, and with places to break long runs.
fn printable(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::String(text) => Value::String(printable_text(&text)),
        Value::Array(items) => Value::Array(items.into_iter().map(printable).collect()),
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|(name, member)| (name, printable(member)))
                .collect(),
        ),
        other => other,
    }
}

/// Line breaks and tabs stay; other control characters and those that turn the direction of writing go. A run of more
/// than [`RUN_MAX`] characters without a blank gets invisible places to break; shorter ones stay as they are, so that
/// what is copied out of the PDF is what was typed.
fn printable_text(text: &str) -> String {
    let turns = |character| matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let kept = text.chars().filter(|character| {
        !turns(*character) && (!character.is_control() || matches!(character, '\n' | '\t'))
    });
    let mut printed = String::with_capacity(text.len());
    let mut run = String::new();
    for character in kept {
        if character.is_ascii_graphic() || ('\u{a1}'..'\u{2e80}').contains(&character) {
            run.push(character);
        } else {
            push_run(&mut printed, &run);
            run.clear();
            printed.push(character);
        }
    }
    push_run(&mut printed, &run);
    printed
}

fn push_run(printed: &mut String, run: &str) {
    const BREAK: char = '\u{200b}';
    if run.chars().count() <= RUN_MAX {
        printed.push_str(run);
        return;
    }
    let mut since = 0;
    for character in run.chars() {
        printed.push(character);
        since += 1;
        if since >= RUN_MAX || (since > 6 && matches!(character, '.' | '_' | '/' | '-')) {
            printed.push(BREAK);
            since = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_and_turned_writing_are_not_printed() {
        assert_eq!(
            printable_text("a\u{0}b\u{1b}[31mc\u{202e}d\ne\t"),
            "ab[31mcd\ne\t"
        );
    }

    #[test]
    fn a_long_run_gets_places_to_break_and_chinese_needs_none() {
        let broken = printable_text(&"x".repeat(100));
        assert!(broken.split('\u{200b}').all(|part| part.len() <= RUN_MAX));
        assert_eq!(broken.replace('\u{200b}', ""), "x".repeat(100));
        assert_eq!(printable_text("CCER-01-002-V01"), "CCER-01-002-V01");
        let chinese = "碳".repeat(100);
        assert_eq!(printable_text(&chinese), chinese);
    }
}
