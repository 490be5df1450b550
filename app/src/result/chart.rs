//! A bar chart drawn with whole numbers only.

use leptos::prelude::*;

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// What it stands for: a year.
    pub label: String,
    /// Its length.
    pub value: i64,
    /// The value as written above it.
    pub text: String,
}

/// Width of a bar with the room around it, in drawing units.
const STEP: i64 = 72;
/// Width of a bar.
const BAR: i64 = 44;
/// Height of the longest bar and of the longest negative bar together.
const PLOT: i64 = 140;
/// Room above and below the bars for the texts.
const MARGIN: i64 = 26;

/// Where a bar begins and how long it is, and where the line of zero is.
fn place(value: i64, highest: i64, lowest: i64) -> (i64, i64, i64) {
    let span = (i128::from(highest) - i128::from(lowest)).max(1);
    let scaled = |part: i128| i64::try_from(part * i128::from(PLOT) / span).unwrap_or_default();
    let zero = MARGIN + scaled(i128::from(highest));
    let length = scaled(i128::from(value).abs()).max(i64::from(value != 0));
    (if value < 0 { zero } else { zero - length }, length, zero)
}

/// Draws the bars with their texts. Bars have an outline and negative ones a lighter fill: no meaning is in the colour.
pub fn bar_chart(title: &str, bars: &[Bar]) -> AnyView {
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
    let width = i64::try_from(bars.len()).unwrap_or_default() * STEP;
    let height = PLOT + 2 * MARGIN;
    let (_, _, zero) = place(0, highest, lowest);
    let drawn: Vec<_> = bars
        .iter()
        .zip(0_i64..)
        .map(|(bar, at)| {
            let (top, length, _) = place(bar.value, highest, lowest);
            let left = at * STEP + (STEP - BAR) / 2;
            let middle = at * STEP + STEP / 2;
            let text_at = if bar.value < 0 { top + length + 15 } else { top - 7 };
            let class = if bar.value < 0 { "chart__bar chart__bar--negative" } else { "chart__bar" };
            view! {
                <rect class=class x=left.to_string() y=top.to_string() width=BAR.to_string() height=length.to_string()></rect>
                <text class="chart__value" x=middle.to_string() y=text_at.to_string()>{bar.text.clone()}</text>
                <text class="chart__label" x=middle.to_string() y=(height - 6).to_string()>{bar.label.clone()}</text>
            }
        })
        .collect();
    view! {
        <div class="chart__frame">
            <svg class="chart" role="img" aria-label=title.to_owned() viewBox=format!("0 0 {width} {height}") width=width.to_string() height=height.to_string()>
                {drawn}
                <line class="chart__zero" x1="0" x2=width.to_string() y1=zero.to_string() y2=zero.to_string()></line>
            </svg>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stay_inside_the_plot_also_at_the_ends_of_the_scale() {
        for (highest, lowest) in [
            (804_345, 0),
            (100, -50),
            (0, -7),
            (0, 0),
            (i64::MAX, i64::MIN),
        ] {
            for value in [highest, lowest, 0] {
                let (top, length, zero) = place(value, highest, lowest);
                assert!(
                    top >= MARGIN && top + length <= MARGIN + PLOT,
                    "{value} of {highest}..{lowest}: {top}+{length}"
                );
                assert!((MARGIN..=MARGIN + PLOT).contains(&zero));
            }
        }
    }

    #[test]
    fn a_bar_of_half_the_value_is_half_as_long() {
        assert_eq!(place(100, 100, 0), (MARGIN, PLOT, MARGIN + PLOT));
        assert_eq!(
            place(50, 100, 0),
            (MARGIN + PLOT / 2, PLOT / 2, MARGIN + PLOT)
        );
        assert_eq!(
            place(-50, 50, -50),
            (MARGIN + PLOT / 2, PLOT / 2, MARGIN + PLOT / 2)
        );
    }
}
