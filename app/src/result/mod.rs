//! What a calculator's outcome looks like. The server renders it into the page, and the calculator island renders it
//! again in the browser while somebody types: one view, so both show the same.

pub mod chart;
pub mod footprint;
pub mod html;
pub mod saving;

use methodologies::{Note, NoteLevel, Outcome, ParameterUse, Step, YearLine};

use crate::format;
use crate::lang::{Lang, texts};
use chart::{Bar, bar_chart};
use html::Html;

texts! {
    /// The words around the numbers of an outcome.
    ResultTexts {
        /// Label of the total.
        total = "result.total",
        /// Label of the yearly figure.
        annual = "result.annual",
        /// Title of the folded steps.
        how = "result.how",
        /// Title of the chart and caption of the table of years.
        by_year = "result.by_year",
        /// Column: the line's year.
        year = "result.year",
        /// Column of the steps: the year or the stratum of a step.
        line = "result.line",
        /// Column: days.
        days = "result.days",
        /// Column: net electricity.
        eg = "result.eg",
        /// Column: grid factor.
        ef = "result.ef",
        /// Column: baseline emissions.
        be = "result.be",
        /// Column: change of carbon stocks of a sink.
        removals = "result.removals",
        /// Column: deduction for sampling uncertainty of a sink.
        uncertainty = "result.uncertainty",
        /// Column: baseline removals of a sink.
        baseline = "result.baseline",
        /// Column: deduction for non-permanence of a sink.
        non_permanence = "result.non_permanence",
        /// Column: project emissions.
        pe = "result.pe",
        /// Column: leakage.
        le = "result.le",
        /// Column: reductions before rounding.
        er = "result.er",
        /// Column: reductions registered.
        er_t = "result.er_t",
        /// A newer published value exists.
        stale = "result.stale",
        /// No official text was quoted.
        assumed = "result.assumed",
        /// Caption of the steps.
        steps = "result.steps",
        /// Column: symbol.
        symbol = "result.symbol",
        /// Column: how it is computed.
        formula = "result.formula",
        /// Column: value.
        value = "result.value",
        /// Column: clause.
        clause = "result.clause",
        /// Caption of the parameters.
        parameters = "result.parameters",
        /// Column: name of a parameter.
        parameter = "result.parameter",
        /// Column: source.
        source = "result.source",
        /// Heading of warnings.
        warning = "result.warning",
        /// Heading of remarks.
        remark = "result.remark",
        /// The whole calculation, where a line would be named.
        whole = "result.whole",
        /// Tonnes per year.
        per_year = "result.per_year",
        /// `%{shown}` of `%{count}` steps are shown.
        steps_more = "result.steps_more",
        /// `%{shown}` of `%{count}` warnings and remarks are shown.
        notes_more = "result.notes_more",
    }
}

/// Most steps shown on a page. A monitoring report of a power project has at most 1,500; a sink with a thousand strata has tens
/// of thousands, which are in its documents.
const STEPS_SHOWN_MAX: usize = 1_500;
/// Most warnings and remarks shown on a page.
const NOTES_SHOWN_MAX: usize = 30;

/// The unit of every result.
const TONNES: &str = "tCO₂e";

/// A complete outcome as a view: total, years, warnings, and every step.
#[cfg(feature = "ssr")]
pub fn outcome_view(
    lang: Lang,
    texts: &ResultTexts,
    outcome: &Outcome,
) -> leptos::prelude::AnyView {
    as_view(outcome_html(lang, texts, outcome))
}

/// Every step of the working as a view.
#[cfg(feature = "ssr")]
pub fn steps_table(lang: Lang, texts: &ResultTexts, steps: &[Step]) -> leptos::prelude::AnyView {
    as_view(steps_html(lang, texts, steps))
}

/// Every published or assumed number that was used, as a view.
#[cfg(feature = "ssr")]
pub fn parameters_table(
    lang: Lang,
    texts: &ResultTexts,
    parameters: &[ParameterUse],
) -> leptos::prelude::AnyView {
    as_view(parameters_html(lang, texts, parameters))
}

/// Puts written HTML into a view.
#[cfg(feature = "ssr")]
pub fn as_view(html: Html) -> leptos::prelude::AnyView {
    use leptos::prelude::*;
    view! { <div class="result" inner_html=html.into_string()></div> }.into_any()
}

/// A complete outcome: total, years, warnings, and every step.
pub fn outcome_html(lang: Lang, texts: &ResultTexts, outcome: &Outcome) -> Html {
    let [mut html, how] = outcome_pieces(lang, texts, outcome);
    html.html(how);
    html
}

/// The same in two pieces, so that a browser can put a long one into the page in two turns: the result, and how it came
/// about. Of a very long working the first steps and notes are shown, and how many there are.
pub fn outcome_pieces(lang: Lang, texts: &ResultTexts, outcome: &Outcome) -> [Html; 2] {
    let mut html = Html::default();
    html.raw("<div class=\"hero-number\"><p class=\"hero-number__label\">")
        .text(&texts.total);
    html.raw("</p><p class=\"hero-number__figure\"><span class=\"hero-number__value\">")
        .text(&format::whole(outcome.total_t));
    html.raw("</span> <span class=\"hero-number__unit\">")
        .text(TONNES)
        .raw("</span></p><p class=\"hero-number__note\">");
    html.text(&format::period(lang, outcome.from, outcome.to))
        .raw(" · ")
        .text(&texts.annual)
        .raw(" ");
    html.text(&format::whole(outcome.annual_t))
        .raw(" ")
        .text(&texts.per_year)
        .raw("</p></div>");
    for note in outcome.notes.iter().take(NOTES_SHOWN_MAX) {
        html.html(note_html(lang, texts, note));
    }
    if outcome.notes.len() > NOTES_SHOWN_MAX {
        more(
            &mut html,
            &texts.notes_more,
            NOTES_SHOWN_MAX,
            outcome.notes.len(),
        );
    }
    if outcome.year_lines.len() > 1 {
        let mut bars = Vec::new();
        for line in &outcome.year_lines {
            bars.push(Bar {
                label: line.year.to_string(),
                value: line.er_t,
                text: format::whole(line.er_t),
            });
        }
        html.html(bar_chart(&texts.by_year, &bars));
    }
    html.html(years_html(lang, texts, &outcome.year_lines));
    let mut how = Html::default();
    how.raw("<details class=\"how\"><summary class=\"how__summary\">")
        .text(&texts.how)
        .raw(" (")
        .text(&outcome.methodology_version);
    how.raw(")</summary><div class=\"how__body\">")
        .html(steps_html(lang, texts, &outcome.steps));
    how.html(parameters_html(lang, texts, &outcome.parameters))
        .raw("</div></details>");
    [html, how]
}

/// Says how many of many are shown.
fn more(html: &mut Html, text: &str, shown: usize, count: usize) {
    let text = text
        .replace("%{shown}", &shown.to_string())
        .replace("%{count}", &count.to_string());
    html.raw("<p class=\"live__hint\">").text(&text).raw("</p>");
}

/// The years of an outcome, one line each; a column is there if a line has something for it.
fn years_html(lang: Lang, texts: &ResultTexts, lines: &[YearLine]) -> Html {
    let power = lines.iter().any(|line| line.ef.is_some());
    let sources = lines.iter().any(|line| line.be.is_some());
    let sink = lines.iter().any(|line| line.sink.is_some());
    let mut columns = vec![&texts.year, &texts.er_t, &texts.days];
    if power {
        columns.extend([&texts.eg, &texts.ef]);
    }
    if sources {
        columns.push(&texts.be);
    }
    if sink {
        columns.extend([&texts.removals, &texts.uncertainty, &texts.baseline]);
    }
    columns.extend([&texts.pe, &texts.le]);
    if sink {
        columns.push(&texts.non_permanence);
    }
    columns.push(&texts.er);
    let mut html = Html::default();
    begin_table(&mut html, &texts.by_year, &columns, 1);
    for line in lines {
        html.raw("<tr><th scope=\"row\" class=\"table__text\" title=\"")
            .text(&format::period(lang, line.from, line.to))
            .raw("\">");
        html.text(&line.year.to_string())
            .raw("</th><td class=\"table__number table__main\">")
            .text(&format::whole(line.er_t));
        html.raw("</td><td class=\"table__number\">")
            .text(&line.days.to_string())
            .raw("/")
            .text(&line.days_in_year.to_string())
            .raw("</td>");
        if power {
            number_or_nothing(&mut html, line.eg);
            html.raw("<td class=\"table__number\">");
            if let Some(ef) = line.ef {
                html.text(&format::decimal(&ef.to_string()));
            }
            marks(&mut html, texts, line.stale, line.assumed);
            html.raw("</td>");
        }
        if sources {
            number_or_nothing(&mut html, line.be);
        }
        let of_sink = line.sink.as_ref();
        if sink {
            number_or_nothing(&mut html, of_sink.map(|sink| sink.removals));
            number_or_nothing(&mut html, of_sink.map(|sink| sink.uncertainty));
            number_or_nothing(&mut html, of_sink.map(|sink| sink.baseline));
        }
        number(&mut html, &line.pe.to_string());
        number(&mut html, &line.le.to_string());
        if sink {
            number_or_nothing(&mut html, of_sink.map(|sink| sink.non_permanence));
        }
        number(&mut html, &line.er.to_string());
        html.raw("</tr>");
    }
    end_table(&mut html);
    html
}

/// Every step of the working.
fn steps_html(lang: Lang, texts: &ResultTexts, steps: &[Step]) -> Html {
    let columns = [
        &texts.symbol,
        &texts.line,
        &texts.formula,
        &texts.value,
        &texts.clause,
    ];
    let mut html = Html::default();
    begin_table(&mut html, &texts.steps, &columns, columns.len());
    for step in steps.iter().take(STEPS_SHOWN_MAX) {
        html.raw("<tr><th scope=\"row\" class=\"table__text\"><i>")
            .text(&step.symbol)
            .raw("</i><span class=\"steps__title\">");
        html.text(lang.message(&step.title))
            .raw("</span></th><td class=\"table__text\">");
        html.text(if step.line.is_empty() {
            &texts.whole
        } else {
            &step.line
        })
        .raw("</td><td class=\"table__text\">");
        html.text(&step.formula).raw("<ul class=\"steps__inputs\">");
        for input in &step.inputs {
            html.raw("<li><i>").text(&input.symbol).raw("</i> = ");
            html.text(&format::decimal(&input.value.to_string()))
                .raw(" ")
                .text(shown_unit(&input.unit))
                .raw("</li>");
        }
        html.raw("</ul></td>");
        amount(&mut html, &step.value.to_string(), &step.unit);
        html.raw("<td class=\"table__text\">")
            .text(&step.clause)
            .raw("</td></tr>");
    }
    end_table(&mut html);
    if steps.len() > STEPS_SHOWN_MAX {
        more(&mut html, &texts.steps_more, STEPS_SHOWN_MAX, steps.len());
    }
    html
}

/// Every published or assumed number that was used.
fn parameters_html(lang: Lang, texts: &ResultTexts, parameters: &[ParameterUse]) -> Html {
    let columns = [&texts.parameter, &texts.value, &texts.source, &texts.clause];
    let mut html = Html::default();
    begin_table(&mut html, &texts.parameters, &columns, columns.len());
    for parameter in parameters {
        html.raw("<tr><th scope=\"row\" class=\"table__text\">")
            .text(lang.message(&parameter.title));
        marks(&mut html, texts, parameter.stale, parameter.assumed);
        html.raw("</th>");
        amount(&mut html, &parameter.value.to_string(), &parameter.unit);
        html.raw("<td class=\"table__text\">")
            .text(lang.message(&parameter.source))
            .raw("</td><td class=\"table__text\">");
        html.text(&parameter.clause).raw("</td></tr>");
    }
    end_table(&mut html);
    html
}

/// Opens a table; columns from `numbers_from` on are headed as numbers.
fn begin_table(html: &mut Html, caption: &str, columns: &[&String], numbers_from: usize) {
    html.raw("<div class=\"table__scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
        .text(caption);
    html.raw("\"><table class=\"table table--dense\"><caption class=\"table__caption\">")
        .text(caption)
        .raw("</caption><thead><tr>");
    for (at, column) in columns.iter().enumerate() {
        html.raw(if at < numbers_from {
            "<th scope=\"col\" class=\"table__text\">"
        } else {
            "<th scope=\"col\" class=\"table__number\">"
        });
        html.text(column).raw("</th>");
    }
    html.raw("</tr></thead><tbody>");
}

fn end_table(html: &mut Html) {
    html.raw("</tbody></table></div>");
}

fn number(html: &mut Html, value: &str) {
    html.raw("<td class=\"table__number\">")
        .text(&format::decimal(value))
        .raw("</td>");
}

fn number_or_nothing(html: &mut Html, value: Option<impl std::fmt::Display>) {
    number(
        html,
        &value.map_or_else(String::new, |value| value.to_string()),
    );
}

fn amount(html: &mut Html, value: &str, unit: &str) {
    html.raw("<td class=\"table__number\">")
        .text(&format::decimal(value));
    html.raw(" <span class=\"amount__unit\">")
        .text(shown_unit(unit))
        .raw("</span></td>");
}

/// The unit of a pure number is not written.
fn shown_unit(unit: &str) -> &str {
    if unit == "1" { "" } else { unit }
}

fn marks(html: &mut Html, texts: &ResultTexts, stale: bool, assumed: bool) {
    for (shown, text) in [(stale, &texts.stale), (assumed, &texts.assumed)] {
        if shown {
            html.raw(" <span class=\"tag tag--attention\">")
                .text(text)
                .raw("</span>");
        }
    }
}

/// What a note is about: a year or a stratum by its name, a species or table by its code. A Chinese page leaves codes out,
/// because the text of the note names what it is about.
fn place(lang: Lang, at: &str) -> String {
    let is_code = at
        .chars()
        .all(|character| character.is_ascii_lowercase() || character == '_');
    match (is_code, lang) {
        (false, _) => at.to_owned(),
        (true, Lang::En) => at.replace('_', " "),
        (true, Lang::Zh) => String::new(),
    }
}

fn note_html(lang: Lang, texts: &ResultTexts, note: &Note) -> Html {
    let mut html = Html::default();
    let title = match note.level {
        NoteLevel::Warning => {
            html.raw("<div class=\"notice notice--attention\">");
            &texts.warning
        }
        NoteLevel::Remark => {
            html.raw("<div class=\"notice notice--note\">");
            &texts.remark
        }
    };
    html.raw("<p class=\"notice__title\">").text(title);
    let at = place(lang, &note.at);
    if !at.is_empty() {
        html.raw(" (").text(&at).raw(")");
    }
    html.raw("</p><div class=\"notice__body\"><p>")
        .text(lang.message(&note.text))
        .raw("</p></div></div>");
    html
}
