//! A bar chart drawn with whole numbers only: one line per bar, so that it fits a phone and its texts never shrink.

use super::html::Html;

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// What it stands for: a year.
    pub label: String,
    /// Its length.
    pub value: i64,
    /// The value as written beside it.
    pub text: String,
}

/// Where a bar begins and how long it is, in thousandths of the width.
fn place(value: i64, highest: i64, lowest: i64) -> (i64, i64) {
    let span = (i128::from(highest) - i128::from(lowest)).max(1);
    let scaled = |part: i128| i64::try_from(part * 1000 / span).unwrap_or_default();
    let zero = scaled(-i128::from(lowest));
    let length = scaled(i128::from(value).abs()).max(i64::from(value != 0));
    (if value < 0 { zero - length } else { zero }, length)
}

/// Draws the bars with their texts. Bars have an outline and negative ones a lighter fill: no meaning is in the colour.
pub fn bar_chart(title: &str, bars: &[Bar]) -> Html {
    let highest = bars
        .iter()
        .map(|bar| bar.value)
        .max()
        .unwrap_or_default()
        .max(0);
    let lowest = bars
        .iter()
        .map(|bar| bar.value)
        .min()
        .unwrap_or_default()
        .min(0);
    let mut html = Html::default();
    html.raw("<div class=\"chart\" role=\"img\" aria-label=\"")
        .text(title)
        .raw("\">");
    for bar in bars {
        let (left, length) = place(bar.value, highest, lowest);
        html.raw("<div class=\"chart__line\"><span class=\"chart__label\">")
            .text(&bar.label);
        html.raw("</span><svg class=\"chart__track\" width=\"100%\" height=\"18\"><rect class=\"chart__bar");
        html.raw(if bar.value < 0 {
            " chart__bar--negative"
        } else {
            ""
        });
        html.raw("\" y=\"1\" height=\"16\" x=\"")
            .text(&share(left))
            .raw("\" width=\"")
            .text(&share(length));
        html.raw("\"></rect></svg><span class=\"chart__value\">")
            .text(&bar.text)
            .raw("</span></div>");
    }
    html.raw("</div>");
    html
}

/// Thousandths as a percentage: `633` -> `63.3%`.
fn share(thousandths: i64) -> String {
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stay_inside_the_frame_also_at_the_ends_of_the_scale() {
        for (highest, lowest) in [
            (804_345, 0),
            (100, -50),
            (0, -7),
            (0, 0),
            (i64::MAX, i64::MIN),
        ] {
            for value in [highest, lowest, 0] {
                let (left, length) = place(value, highest, lowest);
                assert!(
                    left >= 0 && left + length <= 1000,
                    "{value} of {lowest}..{highest}: {left}+{length}"
                );
            }
        }
    }

    #[test]
    fn a_bar_of_half_the_value_is_half_as_long() {
        assert_eq!(place(100, 100, 0), (0, 1000));
        assert_eq!(place(50, 100, 0), (0, 500));
        assert_eq!(place(-50, 50, -50), (0, 500));
        assert_eq!(place(50, 50, -50), (500, 500));
        assert_eq!(share(633), "63.3%");
    }
}
