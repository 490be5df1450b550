//! The two languages of the interface, and the catalogue of its texts.
//!
//! The catalogue is `app/locales/<area>.yml`, Chinese and English beside each other, and lives in the server
//! only: an island receives its texts as props. A key begins with the name of its file: `home.title` is in
//! `home.yml`. A test keeps keys and code together: nothing missing, nothing unused.

use methodologies::Message;
use serde::{Deserialize, Serialize};

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Chinese, the first language of the platform.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// `zh` or `en`: in the catalogue, in `?lang=`, in the cookie.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// The value of the `lang` attribute.
    pub const fn html(self) -> &'static str {
        match self {
            Self::Zh => "zh-Hans",
            Self::En => "en",
        }
    }

    /// The language with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "zh" => Some(Self::Zh),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` header that is spoken here, by weight.
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let mut best: Option<(u32, Self)> = None;
        for part in header.split(',').take(20) {
            let mut pieces = part.split(';');
            let tag = pieces
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase();
            let Some(lang) = Self::from_code(tag.split('-').next().unwrap_or_default()) else {
                continue;
            };
            let weight = pieces
                .find_map(|piece| piece.trim().strip_prefix("q=").map(thousandths))
                .unwrap_or(1000);
            if weight > 0 && best.is_none_or(|(heaviest, _)| weight > heaviest) {
                best = Some((weight, lang));
            }
        }
        best.map(|(_, lang)| lang)
    }

    /// The one of two texts that is in this language.
    pub const fn choose<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    /// A text of a methodology in this language.
    pub fn message(self, message: &Message) -> &str {
        self.choose(&message.zh, &message.en)
    }
}

/// `0.85` -> 850; anything unreadable -> 0.
fn thousandths(text: &str) -> u32 {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let part: String = part.chars().chain("000".chars()).take(3).collect();
    format!("{whole}{part}").parse().unwrap_or(0)
}

/// The text of a key. A key that is not in the catalogue shows itself; a test sees to it that there is none.
#[cfg(feature = "ssr")]
pub fn t(lang: Lang, key: &str) -> String {
    crate::_rust_i18n_try_translate(lang.code(), key)
        .map_or_else(|| key.to_owned(), std::borrow::Cow::into_owned)
}

/// The text of a key with `%{name}` replaced by each value.
#[cfg(feature = "ssr")]
pub fn tp(lang: Lang, key: &str, params: &[(&str, &str)]) -> String {
    params.iter().fold(t(lang, key), |text, (name, value)| {
        text.replace(&format!("%{{{name}}}"), value)
    })
}

/// What a refusal code says to the person. The codes of `domain` are in `refusals.yml` (keys `refusal.<code>`), those
/// of calculator inputs bring their texts along in `methodologies`; a few codes are in both, with different values.
#[cfg(feature = "ssr")]
pub fn refusal_text(lang: Lang, code: &str, params: &[(&str, &str)]) -> String {
    let key = format!("refusal.{code}");
    let ours = Some(tp(lang, &key, params)).filter(|text| *text != key);
    if let Some(text) = ours.as_ref().filter(|text| !text.contains("%{")) {
        return text.clone();
    }
    let theirs = methodologies::INPUT_ERRORS
        .iter()
        .find(|error| error.code == code)
        .map(|error| {
            let text = lang.choose(error.text.zh, error.text.en).to_owned();
            params.iter().fold(text, |text, (name, value)| {
                text.replace(&format!("{{{name}}}"), value)
            })
        });
    #[cfg(feature = "ssr")]
    let theirs = theirs.or_else(|| boundary_text(lang, code, params));
    theirs.or(ours).unwrap_or(key)
}

/// What the crate `boundary` says about a problem of a file.
#[cfg(feature = "ssr")]
fn boundary_text(lang: Lang, code: &str, params: &[(&str, &str)]) -> Option<String> {
    let text = boundary::PROBLEMS
        .iter()
        .find(|problem| problem.code == code)?;
    let text = lang.choose(text.zh, text.en).to_owned();
    Some(params.iter().fold(text, |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), value)
    }))
}

/// Declares the texts that an island (or a view it shares with the server) needs: a struct of texts that travels as
/// a prop, and `load(lang)`, which fills it from the catalogue on the server.
macro_rules! texts {
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident = $key:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(from = "Vec<String>", into = "Vec<String>")]
        pub struct $name { $($(#[$fdoc])* pub $field: String),+ }

        // texts travel as a plain list: reading them takes the same few instructions for every set of texts
        impl From<Vec<String>> for $name {
            fn from(texts: Vec<String>) -> Self {
                let mut texts = texts.into_iter();
                Self { $($field: texts.next().unwrap_or_default()),+ }
            }
        }

        impl From<$name> for Vec<String> {
            fn from(texts: $name) -> Self {
                vec![$(texts.$field),+]
            }
        }

        #[cfg(feature = "ssr")]
        impl $name {
            /// The texts in this language.
            pub fn load(lang: $crate::lang::Lang) -> Self {
                Self { $($field: $crate::lang::t(lang, $key)),+ }
            }
        }
    };
}
pub(crate) use texts;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_language_we_speak_is_chosen() {
        assert_eq!(
            Lang::from_accept_language("en-GB,en;q=0.9,zh-CN;q=0.8"),
            Some(Lang::En)
        );
        assert_eq!(
            Lang::from_accept_language("fr, en;q=0.4, zh-CN;q=0.85"),
            Some(Lang::Zh)
        );
        assert_eq!(Lang::from_accept_language("zh-TW"), Some(Lang::Zh));
        assert_eq!(Lang::from_accept_language("fr, de;q=0.5"), None);
        assert_eq!(Lang::from_accept_language("en;q=0, zh;q=nonsense"), None);
    }
}
