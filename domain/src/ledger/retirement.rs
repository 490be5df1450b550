//! What credits are retired for. Each retirement has exactly one purpose and one beneficiary, and is final.

use std::collections::BTreeMap;

use serde::Serialize;

use super::beneficiary::check_personal;
use crate::refusal::{Refusal, codes};
use crate::text::{optional_text, required_text};
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
    /// The beneficiary's unified social credit code, if it has one.
    pub beneficiary_uscc: Option<Uscc>,
    /// For what: at most 512 characters; needed when the purpose is an event (its name and dates) or a product.
    pub purpose_text: String,
}

/// The longest name of a beneficiary, characters.
pub const BENEFICIARY_MAX: usize = 200;
/// The longest purpose text, characters.
pub const PURPOSE_TEXT_MAX: usize = 512;

impl RetirementRequest {
    /// Reads the fields `purpose`, `beneficiary`, `beneficiary_uscc`, `purpose_text`, or says everything that is wrong; `beneficiary_kind` and
    /// `personal` as [`check_personal`] does.
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
        let explains = matches!(purpose, Ok(Purpose::Event | Purpose::Product));
        let purpose_text = optional_text("purpose_text", typed("purpose_text"), PURPOSE_TEXT_MAX)
            .and_then(|text| {
                if explains && text.is_none() {
                    return Err(Refusal::new(codes::REQUIRED).at("purpose_text"));
                }
                Ok(text.unwrap_or_default())
            });
        let agreed = check_personal(fields);
        match (purpose, beneficiary, beneficiary_uscc, purpose_text, agreed) {
            (Ok(purpose), Ok(beneficiary), Ok(beneficiary_uscc), Ok(purpose_text), Ok(())) => {
                Ok(Self {
                    purpose,
                    beneficiary,
                    beneficiary_uscc,
                    purpose_text,
                })
            }
            (purpose, beneficiary, uscc, text, agreed) => {
                Err([purpose.err(), beneficiary.err(), uscc.err(), text.err()]
                    .into_iter()
                    .flatten()
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
                refused(&[("purpose", purpose), ("beneficiary", "惠碳示范")]),
                expected
            );
        }
        assert_eq!(
            Purpose::ALL
                .iter()
                .filter(|purpose| purpose.offered())
                .count(),
            5
        );
    }

    #[test]
    fn an_event_or_product_is_named() {
        for purpose in ["event", "product"] {
            let expected = [("purpose_text".to_owned(), codes::REQUIRED)];
            assert_eq!(
                refused(&[("purpose", purpose), ("beneficiary", "惠碳示范")]),
                expected
            );
        }
    }

    #[test]
    fn a_complete_request_is_kept_as_typed() {
        let text = "x".repeat(512);
        let name = "碳".repeat(200);
        let typed = [
            ("purpose", "event"),
            ("beneficiary", name.as_str()),
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
        ]));
        assert_eq!(
            plain.map(|request| (request.beneficiary, request.purpose_text)),
            Ok(("惠碳".into(), String::new()))
        );
    }
}
