//! What the footprint of an event looks like: written by the server into its pages, and again in the browser while somebody types.

use methodologies::NoteLevel;
use methodologies::event::Footprint;

use super::html::Html;
use super::{TONNES, begin_table, end_table, marks, number};
use crate::format;
use crate::lang::{Lang, texts};
use crate::result::ResultTexts;

texts! {
    /// The words around the numbers of a footprint.
    FootprintTexts {
        /// Title of the folded sources.
        how = "part.how",
        /// Exact amount, uncertainty and upper end, in one line.
        total_note = "event.total_note",
        /// `%{kg}` per head.
        per_head = "event.per_head",
        /// Caption of the sources.
        by_source = "event.by_source",
        /// Column: source.
        source = "event.source",
        /// Column: factor.
        factor = "event.factor",
        /// Column: share of the total.
        share = "event.share",
        /// Column: uncertainty.
        uncertainty = "event.uncertainty",
        /// Caption of the classes.
        by_class = "event.by_class",
        /// Column: class.
        class = "event.class",
        /// Heading of what would reduce the largest sources.
        advice = "event.advice",
        /// Title and caption of the factors.
        factors = "event.factors",
        /// Column: id and year of a factor.
        factor_year = "event.factor_year",
        /// Column: value.
        value = "event.value",
        /// Column: where a factor is from.
        factor_source = "event.factor_source",
        /// No official text was quoted.
        assumed = "event.assumed",
        /// Title of warnings and remarks.
        notes = "event.notes",
        /// Caption of the comparison with the factors of another year.
        years = "event.years",
        /// Column: the factors as they apply.
        year_own = "event.year_own",
        /// Column: those of `%{year}`.
        year_other = "event.year_other",
        /// Row: the total of all lines.
        total = "live_event.total",
        /// Row: whole tonnes to neutralise.
        neutralise = "live_event.neutralise",
    }
}

/// The unit of exact amounts.
const KILOGRAMS: &str = "kgCO2e";

/// A footprint as a view: the same on every page.
#[cfg(feature = "ssr")]
pub fn footprint_view(lang: Lang, footprint: &Footprint, label: &str) -> leptos::prelude::AnyView {
    let texts = FootprintTexts::load(lang);
    let [mut html, how] = footprint_pieces(lang, &texts, label, footprint);
    html.html(how);
    super::as_view(html)
}

/// A footprint in two pieces, so that a browser can put a long one into the page in two turns: the total, by source and by class
/// and what would reduce the largest; then its factors and notes.
pub fn footprint_pieces(
    lang: Lang,
    texts: &FootprintTexts,
    label: &str,
    footprint: &Footprint,
) -> [Html; 2] {
    let mut html = Html::default();
    let note = texts
        .total_note
        .replace("%{kg}", &format::decimal(&footprint.total_kg.to_string()))
        .replace("%{uncertainty}", &footprint.uncertainty_percent.to_string())
        .replace("%{upper}", &format::whole(footprint.upper_t));
    html.raw("<div class=\"hero-number\"><p class=\"hero-number__label\">")
        .text(label);
    html.raw("</p><p class=\"hero-number__figure\"><span class=\"hero-number__value\">")
        .text(&format::whole(footprint.neutralise_t));
    html.raw("</span> <span class=\"hero-number__unit\">")
        .text(TONNES)
        .raw("</span></p><p class=\"hero-number__note\">")
        .text(&note);
    html.raw("</p><details class=\"how\"><summary class=\"how__summary\">")
        .text(&texts.how);
    html.raw("</summary><div class=\"how__body\">")
        .html(sources(lang, texts, footprint));
    html.raw("</div></details></div>");
    if let Some(kilograms) = footprint.per_head_kg {
        let kilograms = format::decimal(&kilograms.to_string());
        html.raw("<p>")
            .text(&texts.per_head.replace("%{kg}", &kilograms))
            .raw("</p>");
    }
    html.html(classes(lang, texts, footprint));
    html.html(advice(lang, texts, footprint));
    let mut how = factors(lang, texts, footprint);
    how.html(notes(lang, texts, footprint));
    [html, how]
}

/// The result with the factors as they apply, and with those of another year, class by class.
pub fn years_html(
    lang: Lang,
    texts: &FootprintTexts,
    own: &Footprint,
    (year, other): (&str, &Footprint),
) -> Html {
    let mut html = Html::default();
    let title = texts.year_other.replace("%{year}", year);
    let columns = [&texts.class, &texts.year_own, &title];
    begin_table(&mut html, &texts.years, &columns, 1);
    let mut row = |title: &str, unit: &'static str, own: &str, other: &str| {
        html.raw("<tr><th scope=\"row\" class=\"table__text\">")
            .text(title)
            .raw(" <span class=\"amount__unit\">")
            .raw(unit)
            .raw("</span></th>");
        number(&mut html, own);
        number(&mut html, other);
        html.raw("</tr>");
    };
    row(
        &texts.neutralise,
        TONNES,
        &own.neutralise_t.to_string(),
        &other.neutralise_t.to_string(),
    );
    row(
        &texts.total,
        KILOGRAMS,
        &own.total_kg.to_string(),
        &other.total_kg.to_string(),
    );
    // a class has an amount in both or in neither: the lines are the same
    for part in &own.by_class {
        let beside = other.by_class.iter().find(|found| found.code == part.code);
        let beside = beside.map_or_else(String::new, |found| found.kg.to_string());
        row(
            lang.message(&part.title),
            KILOGRAMS,
            &part.kg.to_string(),
            &beside,
        );
    }
    end_table(&mut html);
    html
}

/// A share as it is shown.
fn percent(html: &mut Html, sign: &'static str, value: &str) {
    html.raw("<td class=\"table__number\">")
        .raw(sign)
        .text(value)
        .raw(" %</td>");
}

fn sources(lang: Lang, texts: &FootprintTexts, footprint: &Footprint) -> Html {
    let mut html = Html::default();
    let kilograms = KILOGRAMS.to_owned();
    let columns = [
        &texts.source,
        &texts.factor,
        &kilograms,
        &texts.share,
        &texts.uncertainty,
    ];
    begin_table(&mut html, &texts.by_source, &columns, 2);
    for source in &footprint.sources {
        html.raw("<tr><th scope=\"row\" class=\"table__text\">")
            .text(lang.message(&source.title));
        html.raw("</th><td class=\"table__text\">")
            .text(&source.factor)
            .raw("</td>");
        number(&mut html, &source.kg.to_string());
        percent(&mut html, "", &source.share_percent.to_string());
        percent(&mut html, "± ", &source.uncertainty_percent.to_string());
        html.raw("</tr>");
    }
    end_table(&mut html);
    html
}

fn classes(lang: Lang, texts: &FootprintTexts, footprint: &Footprint) -> Html {
    let mut html = Html::default();
    let kilograms = KILOGRAMS.to_owned();
    let columns = [&texts.class, &kilograms, &texts.share];
    begin_table(&mut html, &texts.by_class, &columns, 1);
    for part in &footprint.by_class {
        html.raw("<tr><th scope=\"row\" class=\"table__text\">")
            .text(lang.message(&part.title))
            .raw("</th>");
        number(&mut html, &part.kg.to_string());
        percent(&mut html, "", &part.share_percent.to_string());
        html.raw("</tr>");
    }
    end_table(&mut html);
    html
}

/// The largest sources, and what would reduce them.
fn advice(lang: Lang, texts: &FootprintTexts, footprint: &Footprint) -> Html {
    let mut html = Html::default();
    let mut begun = false;
    for source in &footprint.sources {
        let Some(advice) = &source.advice else {
            continue;
        };
        if !begun {
            html.raw("<section class=\"section\"><h2 class=\"section__title\">")
                .text(&texts.advice)
                .raw("</h2><ul>");
            begun = true;
        }
        html.raw("<li><strong>")
            .text(lang.message(&source.title))
            .raw("</strong>")
            .text(lang.choose("：", ": "))
            .text(lang.message(advice))
            .raw("</li>");
    }
    if begun {
        html.raw("</ul></section>");
    }
    html
}

/// Every factor with its year and source.
fn factors(lang: Lang, texts: &FootprintTexts, footprint: &Footprint) -> Html {
    let mut html = Html::default();
    html.raw("<details class=\"how\"><summary class=\"how__summary\">")
        .text(&texts.factors)
        .raw("</summary><div class=\"how__body\">");
    let columns = [
        &texts.factor,
        &texts.factor_year,
        &texts.value,
        &texts.factor_source,
    ];
    begin_table(&mut html, &texts.factors, &columns, columns.len());
    let words = ResultTexts {
        assumed: texts.assumed.clone(),
        ..ResultTexts::default()
    };
    for used in &footprint.parameters {
        html.raw("<tr><th scope=\"row\" class=\"table__text\">")
            .text(lang.message(&used.title));
        marks(&mut html, &words, false, used.assumed);
        html.raw("</th><td class=\"table__text\">")
            .text(&used.id)
            .raw("</td>");
        super::amount(&mut html, &used.value.normalize().to_string(), &used.unit);
        html.raw("<td class=\"table__text\">")
            .text(lang.message(&used.source))
            .raw("</td></tr>");
    }
    end_table(&mut html);
    html.raw("</div></details>");
    html
}

fn notes(lang: Lang, texts: &FootprintTexts, footprint: &Footprint) -> Html {
    let mut html = Html::default();
    if footprint.notes.is_empty() {
        return html;
    }
    html.raw("<details class=\"how\"><summary class=\"how__summary\">")
        .text(&texts.notes)
        .raw("</summary><div class=\"how__body\"><ul>");
    for note in &footprint.notes {
        html.raw(match note.level {
            NoteLevel::Warning => "<li class=\"event-note event-note--warning\">",
            NoteLevel::Remark => "<li class=\"event-note\">",
        })
        .text(lang.message(&note.text))
        .raw("</li>");
    }
    html.raw("</ul></div></details>");
    html
}
