//! What one act of a person would save looks like, by how it is shown to have happened.

use methodologies::Message;
use methodologies::inclusion::{Act, Evidence, Standing};

use super::html::Html;
use super::{ResultTexts, begin_table, end_table, note_html, number, parameters_html, steps_html};
use crate::format;
use crate::lang::{Lang, texts};

texts! {
    /// The words around the grams of an act.
    SavingTexts {
        /// Label of the grams.
        label = "live_event.saves",
        /// How by whom it is shown changes what counts.
        note = "live_event.saves_note",
        /// Caption of the table, and its first column.
        evidence = "live_event.evidence",
        /// Column: grams.
        grams = "live_event.grams",
        /// Column: what they may become.
        standing = "live_event.standing",
        /// They may be certified.
        certifiable = "live_event.certifiable",
        /// They may not.
        not_certifiable = "live_event.not_certifiable",
        /// Title of the folded steps.
        how = "part.how",
    }
}

/// The act with each kind of evidence that is possible for it, the strongest first; and how the first came about. `acts` has one at
/// least, or nothing is written.
pub fn saving_pieces(
    lang: Lang,
    texts: &SavingTexts,
    words: &ResultTexts,
    acts: &[(Evidence, Act)],
) -> [Html; 2] {
    let (mut html, mut how) = (Html::default(), Html::default());
    let Some((_, best)) = acts.first() else {
        return [html, how];
    };
    html.raw("<div class=\"hero-number\"><p class=\"hero-number__label\">")
        .text(&texts.label);
    html.raw("</p><p class=\"hero-number__figure\"><span class=\"hero-number__value\">")
        .text(&format::decimal(&grams(best.mg)));
    html.raw(
        "</span> <span class=\"hero-number__unit\">g</span></p><p class=\"hero-number__note\">",
    )
    .text(&texts.note)
    .raw("</p></div>");
    let columns = [&texts.evidence, &texts.grams, &texts.standing];
    begin_table(&mut html, &texts.evidence, &columns, 1);
    for (evidence, act) in acts {
        let title = Message::from(evidence.title());
        html.raw("<tr><th scope=\"row\" class=\"table__text\">")
            .text(evidence.code())
            .raw(" ")
            .text(lang.message(&title))
            .raw("</th>");
        number(&mut html, &grams(act.mg));
        html.raw("<td class=\"table__number\">")
            .text(match act.standing {
                Standing::Certifiable { .. } => &texts.certifiable,
                _ => &texts.not_certifiable,
            })
            .raw("</td></tr>");
    }
    end_table(&mut html);
    for note in &best.notes {
        html.html(note_html(lang, words, note));
    }
    how.raw("<details class=\"how\"><summary class=\"how__summary\">")
        .text(&texts.how)
        .raw("</summary><div class=\"how__body\">")
        .html(steps_html(lang, words, &best.steps))
        .html(parameters_html(lang, words, &best.parameters))
        .raw("</div></details>");
    [html, how]
}

/// Milligrams as grams, to the last milligram: `149.44`.
fn grams(mg: i64) -> String {
    let (whole, rest) = (mg.div_euclid(1_000), mg.rem_euclid(1_000));
    if rest == 0 {
        return whole.to_string();
    }
    let rest = format!("{rest:03}");
    format!("{whole}.{}", rest.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::grams;

    #[test]
    fn grams_lose_no_milligram() {
        let shown = [0, 1, 20, 149_440, 80_000, 192_001].map(grams);
        assert_eq!(shown, ["0", "0.001", "0.02", "149.44", "80", "192.001"]);
    }
}
