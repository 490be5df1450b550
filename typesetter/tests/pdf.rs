//! What a PDF promises.

#[path = "../../documents/tests/records/mod.rs"]
mod records;

use documents::{
    Alignment, CertificateSheet, Column, Record, Table, accounting_report, design_document, qr_rows,
};
use records::{answer, solar_report, wind};
use typesetter::{Fonts, certificate_pdf, pdf};

/// The fonts of Debian's package `fonts-noto-cjk`, which `cargo xtask setup` installs.
fn fonts() -> Fonts {
    let folder = "/usr/share/fonts/opentype/noto";
    let files = ["NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"].map(|name| {
        std::fs::read(format!("{folder}/{name}")).expect("apt-get install fonts-noto-cjk")
    });
    Fonts::from_files(files).expect("the Chinese family")
}

#[test]
fn the_same_record_gives_the_same_bytes() {
    let fonts = fonts();
    for document in [design_document(&wind()), accounting_report(&solar_report())] {
        let first = pdf(&document, &fonts).expect("a PDF");
        assert!(first.starts_with(b"%PDF-1.7"));
        assert_eq!(first, pdf(&document, &fonts).expect("a PDF"));
    }
}

#[test]
fn what_people_typed_never_becomes_markup() {
    let fonts = fonts();
    let hostile = [
        "#panic()",
        "#read(\"/etc/passwd\") #include \"x\" #import \"@preview/a:0.1.0\"",
        "$ x^2 $ *bold* _it_ `raw` @label <label> \\ ~ [ ] { } // /* --- = heading",
        "a\u{0}b\u{7}c\u{1b}d\u{202e}e\r\nf\tg",
        "</script><b>&amp;\"'",
        "]] )) }}",
    ];
    let mut record = wind();
    record.name = hostile.join(" ");
    record.owner = hostile[0].to_owned();
    record.answers = hostile
        .iter()
        .enumerate()
        .flat_map(|(at, text)| {
            [
                answer(&format!("field_{at}"), "basics", text, text),
                answer(&format!("lines.{at}.to"), "estimate", text, text),
            ]
        })
        .collect();
    record.attached[0].file_name = hostile[2].to_owned();
    let made = pdf(&design_document(&record), &fonts);
    assert!(made.is_ok(), "{made:?}");
}

#[test]
fn long_fields_are_printed_over_pages() {
    let mut record = wind();
    record.answers = vec![
        answer("summary", "basics", "简介", &"长".repeat(4000)),
        answer("technology", "basics", "技术", &"x".repeat(4000)),
        answer("location", "place", "地点", &"一行\n".repeat(1000)),
    ];
    let made = pdf(&design_document(&record), &fonts()).expect("a PDF");
    assert!(made.len() > 10_000);
}

#[test]
fn an_empty_record_is_set_too() {
    let record = Record {
        methodology: "CCER-14-001-V01".to_owned(),
        ..Record::default()
    };
    let fonts = fonts();
    pdf(&design_document(&record), &fonts).expect("a PDF");
    pdf(&accounting_report(&record), &fonts).expect("a PDF");
}

#[test]
fn without_the_chinese_family_there_is_an_error_that_names_the_package() {
    let error = Fonts::from_files([b"no font".to_vec()]).expect_err("no font");
    assert!(error.to_string().contains("fonts-noto-cjk"), "{error}");
}

#[test]
fn a_certificate_carries_its_file_and_the_same_sheet_gives_the_same_bytes() {
    let fonts = fonts();
    let sheet = CertificateSheet {
        kind: "减排量注销凭证".to_owned(),
        number: "HTR-2026-000001-5".to_owned(),
        quantity: "3,456".to_owned(),
        unit: "tCO₂e".to_owned(),
        statement: vec!["#panic() $ x $ 注销".to_owned()],
        blocks: Table {
            columns: vec![Column {
                title: "编号区间".to_owned(),
                unit: String::new(),
                share: 1,
                align: Alignment::Start,
            }],
            rows: vec![vec!["HT-A210001-2024-1-3456".to_owned()]],
            ..Table::default()
        },
        demo: "演示".to_owned(),
        qr: qr_rows("https://registry.example/retirements/HTR-2026-000001-5").expect("short"),
        file: "{}".to_owned(),
        ..CertificateSheet::default()
    };
    let first = certificate_pdf(&sheet, &fonts).expect("a PDF");
    assert!(first.starts_with(b"%PDF-1.7"));
    assert_eq!(first, certificate_pdf(&sheet, &fonts).expect("a PDF"));
    let other = CertificateSheet {
        file: "{\"other\":1}".to_owned(),
        ..sheet
    };
    assert_ne!(first, certificate_pdf(&other, &fonts).expect("a PDF"));
}
