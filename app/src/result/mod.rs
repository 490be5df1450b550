//! What a calculator's outcome looks like. The server renders it into the page, and the calculator island renders it
//! again in the browser while somebody types: one view, so both show the same.

pub mod chart;

use leptos::prelude::*;
use methodologies::{Note, NoteLevel, Outcome, ParameterUse, Step, YearLine};

use crate::format;
use crate::lang::{Lang, texts};
use chart::{Bar, bar_chart};

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
        /// Column: days.
        days = "result.days",
        /// Column: net electricity.
        eg = "result.eg",
        /// Column: grid factor.
        ef = "result.ef",
        /// Column: baseline emissions.
        be = "result.be",
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
    }
}

/// The unit of every result.
const TONNES: &str = "tCO₂e";

/// A complete outcome: total, years, warnings, and every step.
pub fn outcome_view(lang: Lang, texts: &ResultTexts, outcome: &Outcome) -> AnyView {
    let bars: Vec<_> = outcome
        .year_lines
        .iter()
        .map(|line| Bar {
            label: line.year.to_string(),
            value: line.er_t,
            text: format::whole(line.er_t),
        })
        .collect();
    let chart = (bars.len() > 1).then(|| bar_chart(&texts.by_year, &bars));
    let notes: Vec<_> = outcome
        .notes
        .iter()
        .map(|note| note_view(lang, texts, note))
        .collect();
    view! {
        <div class="result">
            <div class="hero-number">
                <p class="hero-number__label">{texts.total.clone()}</p>
                <p class="hero-number__figure">
                    <span class="hero-number__value">{format::whole(outcome.total_t)}</span>" "<span class="hero-number__unit">{TONNES}</span>
                </p>
                <p class="hero-number__note">
                    {format::period(lang, outcome.from, outcome.to)}" · "{texts.annual.clone()}" "
                    {format::whole(outcome.annual_t)}" "{texts.per_year.clone()}
                </p>
            </div>
            {notes}
            {chart}
            {year_table(lang, texts, &outcome.year_lines)}
            <details class="how">
                <summary class="how__summary">{texts.how.clone()}" ("{outcome.methodology_version.clone()}")"</summary>
                <div class="how__body">
                    {steps_table(lang, texts, &outcome.steps)}
                    {parameters_table(lang, texts, &outcome.parameters)}
                </div>
            </details>
        </div>
    }
    .into_any()
}

/// The years of an outcome, one line each.
pub fn year_table(lang: Lang, texts: &ResultTexts, lines: &[YearLine]) -> AnyView {
    let rows: Vec<_> = lines
        .iter()
        .map(|line| {
            view! {
                <tr>
                    <th scope="row" class="table__text" title=format::period(lang, line.from, line.to)>{line.year}</th>
                    <td class="table__number">{line.days}"/"{line.days_in_year}</td>
                    <td class="table__number">{format::decimal(&line.eg.to_string())}</td>
                    <td class="table__number">{format::decimal(&line.ef.to_string())}{marks(texts, line.stale, line.assumed)}</td>
                    <td class="table__number">{format::decimal(&line.be.to_string())}</td>
                    <td class="table__number">{format::decimal(&line.pe.to_string())}</td>
                    <td class="table__number">{format::decimal(&line.le.to_string())}</td>
                    <td class="table__number">{format::decimal(&line.er.to_string())}</td>
                    <td class="table__number table__main">{format::whole(line.er_t)}</td>
                </tr>
            }
        })
        .collect();
    let heading =
        |text: &str| view! { <th scope="col" class="table__number">{text.to_owned()}</th> };
    view! {
        <div class="table__scroll" tabindex="0" role="region" aria-label=texts.by_year.clone()>
            <table class="table table--dense">
                <caption class="table__caption">{texts.by_year.clone()}</caption>
                <thead>
                    <tr>
                        <th scope="col" class="table__text">{texts.year.clone()}</th>
                        {[&texts.days, &texts.eg, &texts.ef, &texts.be, &texts.pe, &texts.le, &texts.er, &texts.er_t].map(|text| heading(text)).to_vec()}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Every step of the working.
pub fn steps_table(lang: Lang, texts: &ResultTexts, steps: &[Step]) -> AnyView {
    let rows: Vec<_> = steps
        .iter()
        .map(|step| {
            let inputs: Vec<_> = step
                .inputs
                .iter()
                .map(|input| {
                    view! { <li><i>{input.symbol.clone()}</i>" = "{format::decimal(&input.value.to_string())}" "{input.unit.clone()}</li> }
                })
                .collect();
            let line = if step.line.is_empty() { texts.whole.clone() } else { step.line.clone() };
            view! {
                <tr>
                    <th scope="row" class="table__text"><i>{step.symbol.clone()}</i><span class="steps__title">{lang.message(&step.title).to_owned()}</span></th>
                    <td class="table__text">{line}</td>
                    <td class="table__text">{step.formula.clone()}<ul class="steps__inputs">{inputs}</ul></td>
                    <td class="table__number">{format::decimal(&step.value.to_string())}" "<span class="amount__unit">{step.unit.clone()}</span></td>
                    <td class="table__text">{step.clause.clone()}</td>
                </tr>
            }
        })
        .collect();
    let heading = |text: &str| view! { <th scope="col" class="table__text">{text.to_owned()}</th> };
    view! {
        <div class="table__scroll" tabindex="0" role="region" aria-label=texts.steps.clone()>
            <table class="table table--dense steps">
                <caption class="table__caption">{texts.steps.clone()}</caption>
                <thead><tr>{[&texts.symbol, &texts.year, &texts.formula, &texts.value, &texts.clause].map(|text| heading(text)).to_vec()}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Every published or assumed number that was used.
pub fn parameters_table(lang: Lang, texts: &ResultTexts, parameters: &[ParameterUse]) -> AnyView {
    let rows: Vec<_> = parameters
        .iter()
        .map(|parameter| {
            view! {
                <tr>
                    <th scope="row" class="table__text">{lang.message(&parameter.title).to_owned()}{marks(texts, parameter.stale, parameter.assumed)}</th>
                    <td class="table__number">{format::decimal(&parameter.value.to_string())}" "<span class="amount__unit">{parameter.unit.clone()}</span></td>
                    <td class="table__text">{lang.message(&parameter.source).to_owned()}</td>
                    <td class="table__text">{parameter.clause.clone()}</td>
                </tr>
            }
        })
        .collect();
    let heading = |text: &str| view! { <th scope="col" class="table__text">{text.to_owned()}</th> };
    view! {
        <div class="table__scroll" tabindex="0" role="region" aria-label=texts.parameters.clone()>
            <table class="table table--dense">
                <caption class="table__caption">{texts.parameters.clone()}</caption>
                <thead><tr>{[&texts.parameters, &texts.value, &texts.source, &texts.clause].map(|text| heading(text)).to_vec()}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn marks(texts: &ResultTexts, stale: bool, assumed: bool) -> AnyView {
    let mark = |text: &str| view! { " "<span class="tag tag--attention">{text.to_owned()}</span> };
    view! { {stale.then(|| mark(&texts.stale))}{assumed.then(|| mark(&texts.assumed))} }.into_any()
}

fn note_view(lang: Lang, texts: &ResultTexts, note: &Note) -> AnyView {
    let (tone, title) = match note.level {
        NoteLevel::Warning => ("attention", &texts.warning),
        NoteLevel::Remark => ("note", &texts.remark),
    };
    let at = if note.at.is_empty() {
        String::new()
    } else {
        format!(" ({})", note.at)
    };
    view! {
        <div class=format!("notice notice--{tone}")>
            <p class="notice__title">{title.clone()}{at}</p>
            <div class="notice__body"><p>{lang.message(&note.text).to_owned()}</p></div>
        </div>
    }
    .into_any()
}
