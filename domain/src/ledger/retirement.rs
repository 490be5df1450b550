//! What credits are retired for. Each retirement has exactly one purpose and one beneficiary, and is final.

use std::collections::BTreeMap;

use serde::Serialize;

use super::beneficiary::{BeneficiaryKind, check_personal};
use crate::refusal::{Refusal, codes};
use crate::text::{date, optional_text, required_text};
use crate::uscc::Uscc;

/// Why credits are retired (Measures art. 28: use always means cancellation in the registry).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// 大型活动碳中和.
    Event,
    /// 组织碳中和: offsetting an organisation's own emissions.
    Organisation,
    /// 产品碳中和.
    Product,
    /// 公益注销: for the public benefit (encouraged by Measures art. 28).
    PublicBenefit,
    /// 司法注销: by a judgment, or in compensation of damage to the environment.
    Judicial,
    /// 自愿注销 without a further use (registration rules art. 15).
    Voluntary,
    /// 全国碳市场配额清缴抵销: by a request that the scheme confirms, not by a plain retirement.
    NationalEts,
    /// 地方碳市场配额清缴抵销: the same in a local market.
    LocalEts,
    /// 责令注销: the owner cancels what an authority ordered it to cancel (Measures art. 43).
    Ordered,
    /// 强制注销: the registry cancels what the owner did not (Measures art. 43).
    Forced,
}

impl Purpose {
    /// Every purpose, offered ones first.
    pub const ALL: &[Self] = &[
        Self::Event,
        Self::Organisation,
        Self::Product,
        Self::PublicBenefit,
        Self::Judicial,
        Self::Voluntary,
        Self::NationalEts,
        Self::LocalEts,
        Self::Ordered,
        Self::Forced,
    ];

    /// The stable text in the database and the interface catalogue (`purpose.<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Organisation => "organisation",
            Self::Product => "product",
            Self::PublicBenefit => "public_benefit",
            Self::Judicial => "judicial",
            Self::Voluntary => "voluntary",
            Self::NationalEts => "national_ets",
            Self::LocalEts => "local_ets",
            Self::Ordered => "ordered",
            Self::Forced => "forced",
        }
    }

    /// The purpose with this code, if there is one.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|purpose| purpose.code() == code)
    }

    /// Whether a holder can choose it for a plain retirement. Surrender in an emissions trading scheme runs through a request that the
    /// scheme confirms; what was ordered runs through the order.
    pub const fn offered(self) -> bool {
        !matches!(
            self,
            Self::NationalEts | Self::LocalEts | Self::Ordered | Self::Forced
        )
    }

    /// What it rests on.
    pub const fn evidence(self) -> PurposeEvidence {
        match self {
            Self::Event => PurposeEvidence::Event,
            Self::Organisation => PurposeEvidence::Period,
            Self::Product => PurposeEvidence::Product,
            Self::Judicial => PurposeEvidence::JudicialPaper,
            Self::PublicBenefit | Self::Voluntary => PurposeEvidence::Nothing,
            Self::NationalEts | Self::LocalEts => PurposeEvidence::OffsetRequest,
            Self::Ordered | Self::Forced => PurposeEvidence::Order,
        }
    }

    /// Whether it says nothing without words of its own: the event, the product, the period, the paper.
    pub const fn wants_text(self) -> bool {
        self.evidence().refusal().is_some()
    }

    /// What is missing in the words for this purpose (`purpose_text`), if anything is. A period and a paper have a number in them, in digits
    /// or in characters.
    pub fn check_text(self, text: &str) -> Result<(), Refusal> {
        let numbered = text
            .chars()
            .any(|one| one.is_numeric() || "零一二三四五六七八九十百".contains(one));
        let enough = match self.evidence() {
            PurposeEvidence::Period | PurposeEvidence::JudicialPaper => numbered,
            _ => !text.trim().is_empty(),
        };
        match self.evidence().refusal() {
            Some(code) if !enough => Err(Refusal::new(code).at("purpose_text")),
            _ => Ok(()),
        }
    }

    /// `purpose_not_offered` for a purpose that is known but not offered here.
    pub fn check_offered(self) -> Result<(), Refusal> {
        if self.offered() {
            return Ok(());
        }
        Err(Refusal::new(codes::PURPOSE_NOT_OFFERED)
            .at("purpose")
            .with("purpose", self.code()))
    }
}

/// What a purpose rests on: said in its words (`purpose_text`), or in the request or order behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PurposeEvidence {
    /// Nothing beyond the holder's will.
    Nothing,
    /// The event's name and dates.
    Event,
    /// The product's name.
    Product,
    /// Which emissions: the period.
    Period,
    /// The judgment or agreement: who issued it, number and day.
    JudicialPaper,
    /// A request for an offset: scheme, year, allowances due, account there, and the paper of the scheme's decision.
    OffsetRequest,
    /// The order of an authority: who, number and day.
    Order,
}

/// One field of a form that asks for the evidence of a purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EvidenceField {
    /// Its name.
    pub name: &'static str,
    /// Whether it is a day; otherwise words, at most 150 characters.
    pub is_day: bool,
}

const fn words(name: &'static str) -> EvidenceField {
    EvidenceField {
        name,
        is_day: false,
    }
}

const fn day(name: &'static str) -> EvidenceField {
    EvidenceField { name, is_day: true }
}

/// The longest words of one [`EvidenceField`], characters.
const EVIDENCE_MAX: usize = 150;

impl PurposeEvidence {
    /// The fields in which a form asks for it one by one, in the order of the words they make; none where one text says it.
    pub const fn fields(self) -> &'static [EvidenceField] {
        const JUDICIAL: &[EvidenceField] = &[
            words("paper_authority"),
            words("paper_number"),
            day("paper_date"),
        ];
        const PRODUCT: &[EvidenceField] = &[words("product_name"), words("product_batch")];
        const PERIOD: &[EvidenceField] =
            &[day("period_from"), day("period_to"), words("period_report")];
        match self {
            Self::JudicialPaper => JUDICIAL,
            Self::Product => PRODUCT,
            Self::Period => PERIOD,
            Self::Nothing | Self::Event | Self::OffsetRequest | Self::Order => &[],
        }
    }

    /// The words that the fields make, with `text` behind them: `某法院 · （2025）民初1号 · 2025-03-01`. `None` if the form has none of them: then
    /// the text says it. Refused at its field: what is missing, too long or no day, and a period that ends before it begins.
    fn said(
        self,
        typed: &BTreeMap<String, String>,
        text: &str,
    ) -> Result<Option<String>, Vec<Refusal>> {
        if !self
            .fields()
            .iter()
            .any(|field| typed.contains_key(field.name))
        {
            return Ok(None);
        }
        let (mut refusals, mut parts, mut days) = (Vec::new(), Vec::new(), Vec::new());
        for field in self.fields() {
            let value = typed.get(field.name).map_or("", String::as_str);
            let read = if field.is_day {
                date(field.name, value).map(|day| {
                    days.push(day);
                    day.to_string()
                })
            } else {
                required_text(field.name, value, EVIDENCE_MAX)
            };
            match read {
                Ok(part) => parts.push(part),
                Err(refusal) => refusals.push(refusal),
            }
        }
        if let [from, to] = days[..]
            && to < from
        {
            refusals.push(Refusal::new(codes::END_BEFORE_START).at("period_to"));
        }
        if !refusals.is_empty() {
            return Err(refusals);
        }
        parts.extend(Some(text.to_owned()).filter(|text| !text.is_empty()));
        let said = parts.join(" · ");
        match optional_text("purpose_text", &said, PURPOSE_TEXT_MAX) {
            Ok(said) => Ok(said),
            Err(refusal) => Err(vec![refusal]),
        }
    }

    /// The refusal when the words do not say it; `None` where they need not.
    const fn refusal(self) -> Option<&'static str> {
        match self {
            Self::Event => Some(codes::EVENT_NOT_NAMED),
            Self::Product => Some(codes::PRODUCT_NOT_NAMED),
            Self::Period => Some(codes::EMISSIONS_PERIOD_MISSING),
            Self::JudicialPaper => Some(codes::JUDICIAL_PAPER_MISSING),
            Self::Nothing | Self::OffsetRequest | Self::Order => None,
        }
    }
}

fn offered_codes() -> String {
    let codes: Vec<&str> = Purpose::ALL
        .iter()
        .filter(|purpose| purpose.offered())
        .map(|purpose| purpose.code())
        .collect();
    codes.join(", ")
}

/// Purpose and beneficiary of a retirement, checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RetirementRequest {
    /// Exactly one.
    pub purpose: Purpose,
    /// For whom: 1..=200 characters.
    pub beneficiary: String,
    /// Whether that is an organisation or a person who agrees to become public.
    pub beneficiary_kind: BeneficiaryKind,
    /// The beneficiary's unified social credit code, if it has one.
    pub beneficiary_uscc: Option<Uscc>,
    /// For what: at most 512 characters, with what the purpose wants ([`Purpose::evidence`]).
    pub purpose_text: String,
}

/// The longest name of a beneficiary, characters.
pub const BENEFICIARY_MAX: usize = 200;
/// The longest purpose text, characters.
pub const PURPOSE_TEXT_MAX: usize = 512;

impl RetirementRequest {
    /// Reads the fields `purpose`, `beneficiary`, `beneficiary_uscc`, `purpose_text` (with those of [`PurposeEvidence::fields`], where the form
    /// has them), or says everything that is wrong; `beneficiary_kind` and `personal` as [`check_personal`] does.
    pub fn read(fields: &BTreeMap<String, String>) -> Result<Self, Vec<Refusal>> {
        let typed = |field: &str| fields.get(field).map_or("", String::as_str);
        let purpose = match typed("purpose").trim() {
            "" => Err(Refusal::new(codes::REQUIRED).at("purpose")),
            code => Purpose::from_code(code)
                .ok_or_else(|| {
                    Refusal::new(codes::CHOICE_INVALID)
                        .at("purpose")
                        .with("choices", offered_codes())
                })
                .and_then(|purpose| purpose.check_offered().map(|()| purpose)),
        };
        let beneficiary = required_text("beneficiary", typed("beneficiary"), BENEFICIARY_MAX);
        let beneficiary_uscc = match typed("beneficiary_uscc").trim() {
            "" => Ok(None),
            code => Uscc::parse("beneficiary_uscc", code).map(Some),
        };
        let purpose_text = optional_text("purpose_text", typed("purpose_text"), PURPOSE_TEXT_MAX)
            .map_err(|refusal| vec![refusal])
            .and_then(|text| {
                let text = text.unwrap_or_default();
                let Ok(purpose) = &purpose else {
                    return Ok(text);
                };
                if let Some(said) = purpose.evidence().said(fields, &text)? {
                    return Ok(said);
                }
                purpose.check_text(&text).map_err(|refusal| vec![refusal])?;
                Ok(text)
            });
        let agreed = check_personal(fields);
        match (purpose, beneficiary, beneficiary_uscc, purpose_text, agreed) {
            (Ok(purpose), Ok(beneficiary), Ok(beneficiary_uscc), Ok(purpose_text), Ok(kind)) => {
                Ok(Self {
                    purpose,
                    beneficiary,
                    beneficiary_kind: kind,
                    beneficiary_uscc,
                    purpose_text,
                })
            }
            (purpose, beneficiary, uscc, text, agreed) => {
                Err([purpose.err(), beneficiary.err(), uscc.err()]
                    .into_iter()
                    .flatten()
                    .chain(text.err().unwrap_or_default())
                    .chain(agreed.err().unwrap_or_default())
                    .collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn refused(pairs: &[(&str, &str)]) -> Vec<(String, &'static str)> {
        let refusals = RetirementRequest::read(&fields(pairs)).expect_err("a refusal");
        refusals
            .into_iter()
            .map(|refusal| (refusal.field.unwrap_or_default(), refusal.code))
            .collect()
    }

    #[test]
    fn everything_wrong_is_said_at_once_each_at_its_field() {
        let long = "长".repeat(201);
        let text = "x".repeat(513);
        let all = [
            ("purpose", "resale"),
            ("beneficiary", long.as_str()),
            ("beneficiary_kind", "organisation"),
            ("beneficiary_uscc", "91110000710926094A"),
            ("purpose_text", text.as_str()),
        ];
        let expected = [
            ("purpose", codes::CHOICE_INVALID),
            ("beneficiary", codes::TEXT_TOO_LONG),
            ("beneficiary_uscc", codes::USCC_CHECK_CHARACTER),
            ("purpose_text", codes::TEXT_TOO_LONG),
        ];
        assert_eq!(
            refused(&all),
            expected.map(|(field, code)| (field.to_owned(), code))
        );
        let nothing = [
            ("purpose", codes::REQUIRED),
            ("beneficiary", codes::REQUIRED),
            ("beneficiary_kind", codes::REQUIRED),
        ];
        assert_eq!(
            refused(&[]),
            nothing.map(|(field, code)| (field.to_owned(), code))
        );
    }

    #[test]
    fn surrender_in_an_emissions_trading_scheme_is_known_but_not_offered() {
        for purpose in ["national_ets", "local_ets"] {
            let expected = [("purpose".to_owned(), codes::PURPOSE_NOT_OFFERED)];
            assert_eq!(
                refused(&[
                    ("purpose", purpose),
                    ("beneficiary", "惠碳示范"),
                    ("beneficiary_kind", "organisation")
                ]),
                expected
            );
        }
        assert_eq!(
            Purpose::ALL
                .iter()
                .filter(|purpose| purpose.offered())
                .count(),
            6
        );
    }

    #[test]
    fn each_purpose_wants_its_evidence_and_says_which_is_missing() {
        for (purpose, wrong, code, right) in [
            (
                "event",
                "",
                Some(codes::EVENT_NOT_NAMED),
                "演示马拉松，2025-10-19",
            ),
            ("product", " ", Some(codes::PRODUCT_NOT_NAMED), "瓶装水"),
            (
                "organisation",
                "运营排放",
                Some(codes::EMISSIONS_PERIOD_MISSING),
                "2024年度运营排放",
            ),
            (
                "judicial",
                "判决书",
                Some(codes::JUDICIAL_PAPER_MISSING),
                "某法院（2025）民初1号，2025-03-01",
            ),
            ("public_benefit", "", None, ""),
            ("voluntary", "", None, ""),
        ] {
            let with = |text: &str| {
                RetirementRequest::read(&fields(&[
                    ("purpose", purpose),
                    ("beneficiary", "惠碳示范"),
                    ("beneficiary_kind", "organisation"),
                    ("purpose_text", text),
                ]))
            };
            let missing = with(wrong).err().map(|refusals| {
                let one = refusals.into_iter().next().expect("one");
                (one.code, one.field)
            });
            let expected = code.map(|code| (code, Some("purpose_text".to_owned())));
            assert_eq!(missing, expected, "{purpose}");
            assert!(with(right).is_ok(), "{purpose}");
        }
        let by_request = Purpose::ALL.iter().filter(|purpose| !purpose.offered());
        for purpose in by_request {
            assert!(!purpose.wants_text(), "{}", purpose.code());
            assert_ne!(purpose.evidence(), PurposeEvidence::Nothing);
        }
    }

    #[test]
    fn a_form_asks_for_the_evidence_field_by_field_and_makes_the_words_of_it() {
        let with = |purpose: &str, typed: &[(&str, &str)]| {
            let mut all = fields(typed);
            all.extend(fields(&[
                ("purpose", purpose),
                ("beneficiary", "惠碳示范"),
                ("beneficiary_kind", "organisation"),
            ]));
            RetirementRequest::read(&all)
                .map(|request| request.purpose_text)
                .map_err(|refusals| {
                    let shown = |one: Refusal| (one.field.unwrap_or_default(), one.code);
                    refusals.into_iter().map(shown).collect::<Vec<_>>()
                })
        };
        let at = |field: &str, code| (field.to_owned(), code);
        let judicial = [
            ("paper_authority", "某法院"),
            ("paper_number", "（2025）民初1号"),
            ("paper_date", "2025年3月1日"),
        ];
        let words = "某法院 · （2025）民初1号 · 2025-03-01";
        assert_eq!(with("judicial", &judicial), Ok(words.to_owned()));
        let mut more = judicial.to_vec();
        more.push(("purpose_text", "生态修复"));
        assert_eq!(with("judicial", &more), Ok(format!("{words} · 生态修复")));
        // nothing but the words of its own makes up for a field
        let nothing = [
            ("paper_authority", ""),
            ("paper_date", "三月"),
            ("purpose_text", "2025"),
        ];
        assert_eq!(
            with("judicial", &nothing),
            Err(vec![
                at("paper_authority", codes::REQUIRED),
                at("paper_number", codes::REQUIRED),
                at("paper_date", codes::DATE_INVALID),
            ])
        );
        let long = "长".repeat(151);
        assert_eq!(
            with(
                "product",
                &[("product_name", &long), ("product_batch", " ")]
            ),
            Err(vec![
                at("product_name", codes::TEXT_TOO_LONG),
                at("product_batch", codes::REQUIRED),
            ])
        );
        let period = |from, to| {
            let typed = [
                ("period_from", from),
                ("period_to", to),
                ("period_report", "排放报告 2025-7"),
            ];
            with("organisation", &typed)
        };
        assert_eq!(
            period("2024-01-01", "2024-12-31"),
            Ok("2024-01-01 · 2024-12-31 · 排放报告 2025-7".to_owned())
        );
        assert_eq!(
            period("2024-12-31", "2024-01-01"),
            Err(vec![at("period_to", codes::END_BEFORE_START)])
        );
        // fields of another purpose say nothing, and a caller without them writes one text
        assert_eq!(with("voluntary", &judicial), Ok(String::new()));
        assert_eq!(
            with("product", &judicial),
            Err(vec![at("purpose_text", codes::PRODUCT_NOT_NAMED)])
        );
    }

    #[test]
    fn a_complete_request_is_kept_as_typed() {
        let text = "x".repeat(512);
        let name = "碳".repeat(200);
        let typed = [
            ("purpose", "event"),
            ("beneficiary", name.as_str()),
            ("beneficiary_kind", "organisation"),
            ("beneficiary_uscc", "91110000710926094P"),
            ("purpose_text", text.as_str()),
        ];
        let request = RetirementRequest::read(&fields(&typed)).expect("a request");
        assert_eq!(request.purpose, Purpose::Event);
        assert_eq!((request.beneficiary, request.purpose_text), (name, text));
        assert_eq!(
            request
                .beneficiary_uscc
                .map(|uscc| uscc.to_string())
                .as_deref(),
            Some("91110000710926094P")
        );
        let plain = RetirementRequest::read(&fields(&[
            ("purpose", "voluntary"),
            ("beneficiary", " 惠碳 "),
            ("beneficiary_kind", "organisation"),
        ]));
        assert_eq!(
            plain.map(|request| (request.beneficiary, request.purpose_text)),
            Ok(("惠碳".into(), String::new()))
        );
    }
}
