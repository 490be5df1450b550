//! The fonts of PDFs, read when the first one is made.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use app::print::Printer;
use typesetter::Fonts;

/// Makes documents with these font files.
pub fn printer(font_files: Vec<PathBuf>) -> Printer {
    let fonts: OnceLock<Fonts> = OnceLock::new();
    Printer::new(Arc::new(move |document| {
        let fonts = if let Some(fonts) = fonts.get() {
            fonts
        } else {
            let read = read(&font_files)?;
            fonts.get_or_init(|| read)
        };
        typesetter::pdf(document, fonts).map_err(|error| error.to_string())
    }))
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
