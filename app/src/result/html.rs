//! HTML as text, for the views that the browser makes again at every keystroke: as a tree of typed views they would
//! be the largest part of the WebAssembly.

/// HTML being written. Markup comes from the program only; everything else is escaped.
#[derive(Debug, Default)]
pub struct Html {
    text: String,
}

impl Html {
    /// Adds markup, which can only be written in the source.
    pub fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.text.push_str(markup);
        self
    }

    /// Adds a text or the value of an attribute in double quotes, escaped.
    pub fn text(&mut self, text: &str) -> &mut Self {
        for character in text.chars() {
            match character {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' => self.text.push_str("&quot;"),
                _ => self.text.push(character),
            }
        }
        self
    }

    /// Adds HTML that was written in the same way.
    pub fn html(&mut self, other: Self) -> &mut Self {
        self.text.push_str(&other.text);
        self
    }

    /// The HTML as text.
    pub fn into_string(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_programs_own_markup_is_markup() {
        let mut html = Html::default();
        html.raw("<p title=\"")
            .text("\"><script>")
            .raw("\">")
            .text("a < b & c")
            .raw("</p>");
        assert_eq!(
            html.into_string(),
            "<p title=\"&quot;&gt;&lt;script&gt;\">a &lt; b &amp; c</p>"
        );
    }
}
