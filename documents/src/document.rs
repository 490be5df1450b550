//! A document as plain data: headings, paragraphs, tables, formulas. Nothing here knows what it is about.

use serde::Serialize;

/// A document, in the order in which it is printed. All texts are plain: line breaks count, nothing else is markup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Document {
    /// What kind of document it is: `项目设计文件`.
    pub kind: String,
    /// What it is about: the project's name.
    pub title: String,
    /// One line below the title; may be empty.
    pub subtitle: String,
    /// Whether it shows data of a demonstration: every page says so.
    pub demo: bool,
    /// The table on the first page.
    pub facts: Vec<Fact>,
    /// What the reader must know before reading, on the first page.
    pub remarks: Vec<String>,
    /// The sections, in order.
    pub sections: Vec<Section>,
    /// At the foot of every page: which stored data it was made from.
    pub foot: String,
}

/// A label and what stands beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// The label.
    pub label: String,
    /// The value, with its unit.
    pub value: String,
}

impl Fact {
    /// A fact.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
        }
    }
}

/// A numbered part of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Section {
    /// Its number as printed: `B.6.1`, `附件一`.
    pub number: String,
    /// Its title.
    pub title: String,
    /// How deep it stands, 1..=3.
    pub level: u8,
    /// Whether it begins on a new page.
    pub new_page: bool,
    /// What is in it.
    pub blocks: Vec<Block>,
}

impl Section {
    /// A section; how deep it stands is read from the dots of its number.
    pub fn new(number: &str, title: &str, blocks: Vec<Block>) -> Self {
        let dots = number.bytes().filter(|byte| *byte == b'.').count();
        Self {
            number: number.to_owned(),
            title: title.to_owned(),
            level: u8::try_from(dots + 1).unwrap_or(3).min(3),
            new_page: false,
            blocks,
        }
    }

    /// The same, beginning on a new page.
    #[must_use]
    pub fn on_new_page(mut self) -> Self {
        self.new_page = true;
        self
    }
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    /// Running text.
    Paragraph {
        /// The text.
        text: String,
    },
    /// A remark or warning set apart.
    Remark {
        /// The text.
        text: String,
    },
    /// Labels and values below each other.
    Facts {
        /// The lines.
        facts: Vec<Fact>,
    },
    /// A table.
    Table(Table),
    /// One formula with what went in and what came out.
    Formula(Formula),
}

impl Block {
    /// Running text.
    pub fn paragraph(text: impl Into<String>) -> Self {
        Self::Paragraph { text: text.into() }
    }

    /// A remark set apart.
    pub fn remark(text: impl Into<String>) -> Self {
        Self::Remark { text: text.into() }
    }
}

/// A table; its head is repeated on every page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows: one text per column.
    pub rows: Vec<Vec<String>>,
    /// The row below them, one text per column; empty: none.
    pub total: Vec<String>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its title.
    pub title: String,
    /// The unit of its values; may be empty.
    pub unit: String,
    /// Its share of the width, against the other columns.
    pub share: u8,
    /// Texts or numbers.
    pub align: Alignment,
}

/// On which side the values of a column stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Alignment {
    /// Texts.
    Start,
    /// Numbers.
    End,
}

impl Column {
    /// A column of texts.
    pub fn text(title: &str, share: u8) -> Self {
        Self {
            title: title.to_owned(),
            unit: String::new(),
            share,
            align: Alignment::Start,
        }
    }

    /// A column of numbers.
    pub fn number(title: &str, unit: &str, share: u8) -> Self {
        Self {
            title: title.to_owned(),
            unit: unit.to_owned(),
            share,
            align: Alignment::End,
        }
    }
}

/// A formula as it was applied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Formula {
    /// Its symbol.
    pub symbol: String,
    /// What it is.
    pub title: String,
    /// The clause.
    pub clause: String,
    /// How it is computed.
    pub formula: String,
    /// The line it belongs to; may be empty.
    pub line: String,
    /// What went in.
    pub inputs: Vec<Quantity>,
    /// What came out, with unit.
    pub value: String,
}

/// A symbol and its value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Quantity {
    /// The symbol.
    pub symbol: String,
    /// The value, with unit.
    pub value: String,
}
