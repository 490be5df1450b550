//! Sentences of the interface's catalogue, where something other than a page needs them: envelopes and the command line.

use app::form::Problem;
use app::lang::Lang;
use domain::Refusal;

/// What a refusal says, in Chinese and English.
pub fn refusal(refusal: &Refusal) -> (String, String) {
    let problem = Problem::from(refusal);
    (problem.text(Lang::Zh), problem.text(Lang::En))
}

/// What refusals say, in one English line: `field: sentence; sentence`.
pub fn refusals_in_english(refusals: &[Refusal]) -> String {
    let sentences: Vec<String> = refusals
        .iter()
        .map(|refusal| {
            let text = Problem::from(refusal).text(Lang::En);
            refusal
                .field
                .as_ref()
                .map_or(text.clone(), |field| format!("{field}: {text}"))
        })
        .collect();
    sentences.join("; ")
}
