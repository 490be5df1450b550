//! A small bar chart, readable in greyscale, with its numbers written at the bars.

use leptos::prelude::*;

use crate::result::as_view;
pub use crate::result::chart::Bar;
use crate::result::chart::bar_chart;

/// Bars, one per label (a year, a vintage). Put the table with the same numbers below it.
#[component]
pub fn BarChart(
    /// What the chart shows, for those who cannot see it.
    #[prop(into)]
    title: String,
    /// The bars.
    bars: Vec<Bar>,
) -> impl IntoView {
    as_view(bar_chart(&title, &bars))
}
