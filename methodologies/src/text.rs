//! Texts for people, always in both languages.

use serde::{Deserialize, Serialize};

/// One text in Chinese and English.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Text {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// Both languages of one text in one call.
pub const fn text(zh: &'static str, en: &'static str) -> Text {
    Text { zh, en }
}

impl Text {
    /// The text with `{name}` replaced by the value of each parameter, in both languages.
    pub fn fill(self, params: &[(&'static str, String)]) -> Message {
        let fill = |pattern: &str| {
            params
                .iter()
                .fold(pattern.to_owned(), |done, (name, value)| {
                    done.replace(&format!("{{{name}}}"), value)
                })
        };
        Message {
            zh: fill(self.zh),
            en: fill(self.en),
        }
    }
}

impl Text {
    /// The text with `{name}` replaced by another text, each language by its own.
    pub fn naming(self, name: &str, other: Self) -> Message {
        let place = format!("{{{name}}}");
        Message {
            zh: self.zh.replace(&place, other.zh),
            en: self.en.replace(&place, other.en),
        }
    }
}

/// A text with its values filled in, in Chinese and English; can be stored and read back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Message {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl From<Text> for Message {
    fn from(text: Text) -> Self {
        Self {
            zh: text.zh.to_owned(),
            en: text.en.to_owned(),
        }
    }
}
