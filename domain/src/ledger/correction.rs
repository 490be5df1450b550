//! Correcting the words of a certificate. The retirement is final: its tonnes, numbers, purpose, holder and moment never change. Its wording
//! may be wrong; then the registry writes a further version, at the holder's written request and with a reason that anyone can read.

use std::collections::BTreeMap;

use serde::Serialize;
use time::Date;

use super::beneficiary::check_personal;
use super::retirement::{BENEFICIARY_MAX, PURPOSE_TEXT_MAX, Purpose};
use crate::Uscc;
use crate::refusal::{Refusal, codes};
use crate::text::{date, optional_text, required_text};

/// The longest reason of a correction, characters.
pub const CORRECTION_REASON_MAX: usize = 500;
/// The longest number of the holder's request, characters.
const REQUEST_NUMBER_MAX: usize = 200;

/// The words of a certificate that can be corrected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CertificateWording {
    /// For whom: 1..=200 characters.
    pub beneficiary: String,
    /// The beneficiary's unified social credit code, if it has one.
    pub beneficiary_uscc: Option<String>,
    /// For what: at most 512 characters, with what the purpose wants ([`Purpose::evidence`]).
    pub purpose_text: String,
}

/// What the holder of a certificate is called in its account.
#[derive(Clone, Copy, Debug)]
pub struct HolderName<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its unified social credit code.
    pub uscc: &'a str,
}

impl HolderName<'_> {
    /// For what and for whom is not a wording where a scheme or an authority decided it: the text stays, and the beneficiary stays or is the holder.
    fn check_kept(
        self,
        wording: &CertificateWording,
        now: &CertificateWording,
    ) -> Result<(), Vec<Refusal>> {
        let known = [now.beneficiary_uscc.as_deref(), None, Some(self.uscc)];
        let kept = [
            (
                "beneficiary",
                [now.beneficiary.as_str(), self.name].contains(&&*wording.beneficiary),
            ),
            (
                "beneficiary_uscc",
                known.contains(&wording.beneficiary_uscc.as_deref()),
            ),
            ("purpose_text", wording.purpose_text == now.purpose_text),
        ];
        let changed = kept.iter().filter(|(_, is_kept)| !is_kept);
        let refusals: Vec<Refusal> = changed
            .map(|(field, _)| Refusal::new(codes::CERTIFICATE_FACTS_FIXED).at(*field))
            .collect();
        if refusals.is_empty() {
            Ok(())
        } else {
            Err(refusals)
        }
    }
}

/// A correction, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateCorrection {
    /// The words from now on.
    pub wording: CertificateWording,
    /// Why: 1..=500 characters, public.
    pub reason: String,
    /// The number of the holder's written request: 1..=200 characters, not public.
    pub request_number: String,
    /// Its day: not before the retirement, not in the future.
    pub request_date: Date,
}

impl CertificateCorrection {
    /// Reads `beneficiary`, `beneficiary_uscc`, `purpose_text`, `reason`, `request_number` and `request_date`, and `beneficiary_kind` and `personal`
    /// as [`check_personal`] does, or says everything that is wrong. `now` are the words in force: a correction that leaves all of them as
    /// they are is `nothing_changed`. What rests on a request or an order keeps what that says, and names its holder only: anything else is
    /// `certificate_facts_fixed`.
    pub fn read(
        fields: &BTreeMap<String, String>,
        purpose: Purpose,
        holder: HolderName<'_>,
        now: &CertificateWording,
        retired_on: Date,
        today: Date,
    ) -> Result<Self, Vec<Refusal>> {
        let typed = |field: &str| fields.get(field).map_or("", String::as_str);
        let beneficiary = required_text("beneficiary", typed("beneficiary"), BENEFICIARY_MAX);
        let uscc = match typed("beneficiary_uscc").trim() {
            "" => Ok(None),
            code => Uscc::parse("beneficiary_uscc", code).map(|code| Some(code.to_string())),
        };
        let purpose_text = optional_text("purpose_text", typed("purpose_text"), PURPOSE_TEXT_MAX)
            .and_then(|text| {
                let text = text.unwrap_or_default();
                purpose.check_text(&text)?;
                Ok(text)
            });
        let reason = required_text("reason", typed("reason"), CORRECTION_REASON_MAX);
        let number = required_text(
            "request_number",
            typed("request_number"),
            REQUEST_NUMBER_MAX,
        );
        let day = request_day(typed("request_date"), retired_on, today);
        let agreed = check_personal(fields);
        match (beneficiary, uscc, purpose_text, reason, number, day, agreed) {
            (Ok(name), Ok(uscc), Ok(text), Ok(reason), Ok(number), Ok(day), Ok(_)) => {
                let wording = CertificateWording {
                    beneficiary: name,
                    beneficiary_uscc: uscc,
                    purpose_text: text,
                };
                if wording == *now {
                    return Err(vec![Refusal::new(codes::NOTHING_CHANGED).at("beneficiary")]);
                }
                if !purpose.offered() {
                    holder.check_kept(&wording, now)?;
                }
                Ok(Self {
                    wording,
                    reason,
                    request_number: number,
                    request_date: day,
                })
            }
            (name, uscc, text, reason, number, day, agreed) => Err([
                name.err(),
                uscc.err(),
                text.err(),
                reason.err(),
                number.err(),
                day.err(),
            ]
            .into_iter()
            .flatten()
            .chain(agreed.err().unwrap_or_default())
            .collect()),
        }
    }
}

/// Nobody asks for the correction of a certificate before it was given.
fn request_day(typed: &str, retired_on: Date, today: Date) -> Result<Date, Refusal> {
    let day = date("request_date", typed)?;
    if day > today {
        return Err(Refusal::new(codes::DAY_IN_FUTURE)
            .at("request_date")
            .with("today", today));
    }
    if day < retired_on {
        return Err(Refusal::new(codes::END_BEFORE_START)
            .at("request_date")
            .with("start", retired_on)
            .with("end", day));
    }
    Ok(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn now() -> CertificateWording {
        CertificateWording {
            beneficiary: "惠碳示范".to_owned(),
            beneficiary_uscc: None,
            purpose_text: "马拉松".to_owned(),
        }
    }

    fn read(
        changes: &[(&str, &str)],
    ) -> Result<CertificateCorrection, Vec<(&'static str, String)>> {
        let mut fields: BTreeMap<String, String> = [
            ("beneficiary", "惠碳示范公司"),
            ("beneficiary_kind", "organisation"),
            ("purpose_text", "马拉松"),
            ("reason", "名称不全"),
            ("request_number", "函〔2025〕1号"),
            ("request_date", "2025-05-02"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        for (name, value) in changes {
            fields.insert((*name).to_owned(), (*value).to_owned());
        }
        read_for(Purpose::Event, &fields)
    }

    fn read_for(
        purpose: Purpose,
        fields: &BTreeMap<String, String>,
    ) -> Result<CertificateCorrection, Vec<(&'static str, String)>> {
        let (retired, today) = (date!(2025 - 05 - 01), date!(2025 - 05 - 03));
        let holder = HolderName {
            name: "惠碳示范公司",
            uscc: "91110000710926094P",
        };
        CertificateCorrection::read(fields, purpose, holder, &now(), retired, today).map_err(
            |refusals| {
                let shown = refusals.into_iter();
                shown
                    .map(|one| (one.code, one.field.unwrap_or_default()))
                    .collect()
            },
        )
    }

    #[test]
    fn what_a_scheme_or_an_authority_decided_is_no_wording() {
        let form = |changes: &[(&str, &str)]| -> BTreeMap<String, String> {
            [
                ("beneficiary", "惠碳示范公司"),
                ("beneficiary_kind", "organisation"),
                ("purpose_text", "马拉松"),
                ("reason", "单位更名"),
                ("request_number", "函〔2025〕1号"),
                ("request_date", "2025-05-02"),
            ]
            .iter()
            .chain(changes)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
        };
        let fixed = codes::CERTIFICATE_FACTS_FIXED;
        for purpose in Purpose::ALL.iter().filter(|one| !one.offered()) {
            let own = read_for(*purpose, &form(&[])).expect("the holder's own name");
            assert_eq!(own.wording.beneficiary, "惠碳示范公司");
            read_for(
                *purpose,
                &form(&[("beneficiary_uscc", "91110000710926094P")]),
            )
            .expect("the holder's own code");
            let other = Uscc::from_first_seventeen("91110000HT0000001").expect("a code");
            for (field, value) in [
                ("beneficiary", "另一公司"),
                ("purpose_text", "公益"),
                ("beneficiary_uscc", &other.to_string()),
            ] {
                let refused = read_for(*purpose, &form(&[(field, value)])).expect_err(field);
                assert_eq!(refused, [(fixed, field.to_owned())], "{purpose:?}");
            }
        }
    }

    /// What is typed differently, and what is refused at which field.
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [(&'static str, &'a str)]);

    #[test]
    fn what_a_correction_wants_is_said_at_its_field() {
        let cases: &[Case] = &[
            (&[("reason", " ")], &[(codes::REQUIRED, "reason")]),
            (
                &[("request_number", "")],
                &[(codes::REQUIRED, "request_number")],
            ),
            (
                &[("request_date", "2025-04-30")],
                &[(codes::END_BEFORE_START, "request_date")],
            ),
            (
                &[("request_date", "2025-05-04")],
                &[(codes::DAY_IN_FUTURE, "request_date")],
            ),
            (
                &[("beneficiary", "惠碳示范")],
                &[(codes::NOTHING_CHANGED, "beneficiary")],
            ),
            (
                &[("purpose_text", "")],
                &[(codes::EVENT_NOT_NAMED, "purpose_text")],
            ),
            (
                &[("beneficiary_kind", "person")],
                &[(codes::PERSONAL_NOT_CONFIRMED, "personal")],
            ),
            (
                &[("beneficiary_kind", "")],
                &[(codes::REQUIRED, "beneficiary_kind")],
            ),
            (
                &[("beneficiary_uscc", "1")],
                &[(codes::USCC_INVALID, "beneficiary_uscc")],
            ),
            (
                &[("beneficiary", ""), ("reason", "")],
                &[
                    (codes::REQUIRED, "beneficiary"),
                    (codes::REQUIRED, "reason"),
                ],
            ),
        ];
        for (changes, expected) in cases {
            let expected: Vec<_> = expected
                .iter()
                .map(|(code, field)| (*code, (*field).to_owned()))
                .collect();
            assert_eq!(
                read(changes).expect_err("a refusal"),
                expected,
                "{changes:?}"
            );
        }
    }

    #[test]
    fn one_changed_word_is_enough() {
        let corrected = read(&[]).expect("a correction");
        assert_eq!(corrected.wording.beneficiary, "惠碳示范公司");
        let text = [("beneficiary", "惠碳示范"), ("purpose_text", "半程马拉松")];
        assert_eq!(
            read(&text).expect("a correction").wording.purpose_text,
            "半程马拉松"
        );
    }
}
