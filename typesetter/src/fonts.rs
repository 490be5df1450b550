//! The fonts of a PDF.

use std::sync::Arc;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// The family the texts are set in.
pub(crate) const FAMILY: &str = "Noto Sans CJK SC";
/// The family for signs that the first one does not have (`⌊`, `₂`); it comes with the typesetting library.
pub(crate) const FAMILY_OF_SIGNS: &str = "DejaVu Sans Mono";

/// Fonts, read once and shared by all documents.
#[derive(Clone)]
pub struct Fonts(Arc<Loaded>);

struct Loaded {
    fonts: Vec<Font>,
    book: LazyHash<FontBook>,
}

/// Why a PDF cannot be set with these fonts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "none of the {files} font files given holds the family “{FAMILY}” (Debian: apt-get install fonts-noto-cjk)"
)]
pub struct FontsError {
    /// How many files were given.
    pub files: usize,
}

impl Fonts {
    /// From the bytes of font files (OTF, TTF or TTC). [`FontsError`] if the Chinese family is in none of them.
    pub fn from_files(files: impl IntoIterator<Item = Vec<u8>>) -> Result<Self, FontsError> {
        let files: Vec<Vec<u8>> = files.into_iter().collect();
        let count = files.len();
        let chosen = |font: &Font| [FAMILY, FAMILY_OF_SIGNS].contains(&font.info().family.as_str());
        let mut fonts: Vec<Font> = files
            .into_iter()
            .flat_map(|file| Font::iter(Bytes::new(file)))
            .filter(chosen)
            .collect();
        if !fonts.iter().any(|font| font.info().family == FAMILY) {
            return Err(FontsError { files: count });
        }
        let own = typst_assets::fonts().flat_map(|file| Font::iter(Bytes::new(file)));
        fonts.extend(own.filter(chosen));
        let book = LazyHash::new(FontBook::from_fonts(&fonts));
        Ok(Self(Arc::new(Loaded { fonts, book })))
    }

    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        &self.0.book
    }

    pub(crate) fn font(&self, index: usize) -> Option<Font> {
        self.0.fonts.get(index).cloned()
    }
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fonts")
            .field("count", &self.0.fonts.len())
            .finish()
    }
}
