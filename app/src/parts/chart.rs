//! A small bar chart, readable in greyscale, with its numbers written at the bars.

use leptos::prelude::*;

pub use crate::result::chart::Bar;
use crate::result::chart::bar_chart;

/// Vertical bars, one per label (a year, a vintage). Put the table with the same numbers below it.
#[component]
pub fn BarChart(
    /// What the chart shows, for those who cannot see it.
    #[prop(into)]
    title: String,
    /// The bars.
    bars: Vec<Bar>,
) -> impl IntoView {
    bar_chart(&title, &bars)
}
