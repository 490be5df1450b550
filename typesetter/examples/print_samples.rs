//! Prints sample documents into a folder, to be looked at: `cargo run -p typesetter --example print_samples -- FOLDER`.

#[path = "../../documents/tests/records/mod.rs"]
mod records;

use std::path::PathBuf;

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".to_owned()));
    let folder_of_fonts = "/usr/share/fonts/opentype/noto";
    let files = ["NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"];
    let files =
        files.map(|name| std::fs::read(format!("{folder_of_fonts}/{name}")).expect("a font"));
    let fonts = typesetter::Fonts::from_files(files).expect("the Chinese family");
    let (wind, solar) = (records::wind(), records::solar_report());
    for (name, document, record) in [
        ("design", documents::design_document(&wind), &wind),
        ("accounting", documents::accounting_report(&solar), &solar),
    ] {
        let pdf = typesetter::pdf(&document, &fonts).expect("a PDF");
        std::fs::write(folder.join(format!("{name}.pdf")), pdf).expect("written");
        let book = documents::workbook(record).expect("a workbook");
        std::fs::write(folder.join(format!("{name}.xlsx")), book).expect("written");
    }
}
