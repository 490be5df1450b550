//! The fonts of PDFs, read when the first one is made.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use app::print::Printer;
use typesetter::Fonts;

/// Makes documents with these font files.
pub fn printer(font_files: Vec<PathBuf>) -> Printer {
    let fonts = Arc::new(OnceLock::new());
    let (own, files) = (fonts.clone(), font_files.clone());
    let typesetter = Arc::new(move |document: &_| {
        typesetter::pdf(document, &loaded(&own, &files)?).map_err(|error| error.to_string())
    });
    let certificates = Arc::new(move |sheet: &_| {
        let fonts = loaded(&fonts, &font_files)?;
        typesetter::certificate_pdf(sheet, &fonts).map_err(|error| error.to_string())
    });
    Printer::new(typesetter, certificates)
}

/// The fonts, read with the first document; an error is tried again with the next one.
fn loaded(fonts: &OnceLock<Fonts>, font_files: &[PathBuf]) -> Result<Fonts, String> {
    if let Some(fonts) = fonts.get() {
        return Ok(fonts.clone());
    }
    let read = read(font_files)?;
    Ok(fonts.get_or_init(|| read).clone())
}

/// A file that is missing is left out; an error if the Chinese family is in none of the others.
fn read(font_files: &[PathBuf]) -> Result<Fonts, String> {
    let files = font_files
        .iter()
        .filter_map(|path| std::fs::read(path).ok());
    Fonts::from_files(files)
        .map_err(|error| format!("{error}; looked for {font_files:?} (HUITAN_FONTS)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_fonts_are_an_error_that_says_where_it_looked_and_what_to_install() {
        let error = read(&[PathBuf::from("/nowhere/font.ttc")]).expect_err("no font");
        assert!(error.contains("/nowhere/font.ttc"), "{error}");
        assert!(error.contains("fonts-noto-cjk"), "{error}");
    }
}
