//! The worked cases of the methodologies, as the tests run them: the same files are part of the server.

use methodologies::{calculator, json_to_fields};
use serde::Deserialize;
use serde_json::Value;

use crate::lang::Lang;
use crate::visitor::encode;

/// The text of every case file.
static FILES: &[&str] = include!(concat!(env!("OUT_DIR"), "/cases.rs"));

/// Longest address of a calculator with the inputs of a case; longer ones are not offered.
const ADDRESS_MAX: usize = 3_000;

/// One worked case.
#[derive(Deserialize)]
pub struct Case {
    /// Which project, or what is shown.
    pub title: String,
    /// Where it is from.
    pub source: String,
    /// The calculator.
    pub calculator: String,
    /// What is special about it.
    #[serde(default)]
    pub note: String,
    /// What goes in.
    pub input: Value,
    /// What comes out; `None`: it is refused.
    pub expected: Option<Expected>,
    /// Why it is refused.
    #[serde(default)]
    pub refused: Vec<Refused>,
}

/// The figures of a case.
#[derive(Deserialize)]
pub struct Expected {
    /// Whole tonnes per year.
    pub annual_t: i64,
    /// Whole tonnes of the period.
    pub total_t: i64,
}

/// A reason for which a case is refused.
#[derive(Deserialize)]
pub struct Refused {
    /// The field.
    pub path: String,
    /// The code of the reason.
    pub code: String,
}

/// Words of the sources, which the case files give in English, and the same in Chinese.
const SOURCE_WORDS: &[(&str, &str)] = &[
    (
        "Public disclosure of the national registry",
        "国家登记系统公开信息",
    ),
    ("synthetic, worked out by hand", "合成算例，手工核对"),
    (
        "synthetic, after two public drafts with these mistakes",
        "合成算例，仿照有此错误的两份公示文本",
    ),
    ("synthetic", "合成算例"),
    ("Made for this test", "为测试而作"),
    (
        "Checked by a separate program with 16 digits",
        "由另一程序以 16 位数字核对",
    ),
    ("Hand-checked", "手工核对"),
    ("snapshot", "快照"),
    ("validator", "审定机构"),
    ("construction start", "开工日"),
    ("document of", "文件日期"),
    ("the as-of date is ours", "计算日期由本系统给出"),
    ("registered", "已登记"),
    ("terminated", "已终止"),
    ("; ", "；"),
    (", ", "，"),
    (": ", "："),
];

impl Case {
    /// Where it is from, in the language of the page. Of a sum worked out by hand the Chinese page says only that; the sum
    /// itself is in the case file.
    pub fn source_said(&self, lang: Lang) -> String {
        if lang == Lang::En {
            return self.source.clone();
        }
        let by_hand = self.source.starts_with("Hand-checked") || self.source.starts_with("Checked");
        let source = match self.source.split_once([':', '.']) {
            Some((said, _)) if by_hand => said,
            _ => &self.source,
        };
        SOURCE_WORDS
            .iter()
            .fold(source.to_owned(), |said, (english, chinese)| {
                said.replace(english, chinese)
            })
    }

    /// The calculator with these inputs; `None` if they are too long for an address or there is no such calculator.
    pub fn address(&self) -> Option<String> {
        let calculator = calculator(&self.calculator)?;
        let query: Vec<String> = json_to_fields(&self.input)
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        let address = format!("/calculators/{}?{}", calculator.code, query.join("&"));
        (address.len() <= ADDRESS_MAX).then_some(address)
    }
}

/// The cases of one methodology: first those that give figures, then those that are refused.
pub fn cases_of(methodology: &str) -> Vec<Case> {
    let prefix = format!("{methodology}/");
    let mut cases: Vec<Case> = FILES
        .iter()
        .filter_map(|text| toml::from_str(text).ok())
        .filter(|case: &Case| case.calculator.starts_with(&prefix))
        .collect();
    cases.sort_by_key(|case| case.expected.is_none());
    cases
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_file_is_read_and_those_of_wind_lead_to_their_calculator() {
        for text in FILES {
            assert!(toml::from_str::<Case>(text).is_ok(), "{text}");
        }
        let wind = cases_of("CCER-01-002-V01");
        assert!(wind.len() > 10);
        assert!(wind[0].expected.is_some());
        let address = wind[0].address().expect("short inputs");
        assert!(address.starts_with("/calculators/CCER-01-002-V01/"));
        assert!(wind.iter().any(|case| !case.refused.is_empty()));
    }
}
