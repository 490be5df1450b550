//! Correcting the words of a certificate: a further version of it, with an entry of its own in the public log. The retirement is final; its
//! row and its tonnes stay as they are.

use domain::ledger::{CertificateCorrection, CertificateWording, HolderName, Purpose};
use domain::refusal::codes;
use domain::{Act, Instant, Refusal};
use serde::{Deserialize, Serialize};

use crate::event::names_event;
use crate::number::read_retirement_number;
use crate::perform::{Deed, Done, perform};
use crate::public::certificate_in;
use crate::record::searchable;
use crate::store::certificate_version::{self as store, Covered, NewVersion};
use crate::{By, Certificate, Error, Fields, Registry};

/// The answer to a correction: no word of it, since what is public is public at its own place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateVersionReceipt {
    /// The certificate's number.
    pub number: String,
    /// The version that is in force now, from 2.
    pub version: u32,
}

impl Registry {
    /// Corrects the words of the certificate with this number. Reads `beneficiary`, `beneficiary_kind`, `beneficiary_uscc`, `personal`, `purpose_text`,
    /// `reason` (public), `request_number` and `request_date` of the holder's written request, and `version`, if given: the version that was
    /// corrected. Refuses words that would no longer name the published event or claim that the retirement covers (`certificate_covers`),
    /// `stale_form` if another version is in force by now, and `nothing_changed`. The holder is told.
    pub async fn certificate_correct(
        &self,
        by: &By,
        number: &str,
        fields: &Fields,
    ) -> Result<CertificateVersionReceipt, Error> {
        let deed = Deed::by(Act::CertificateCorrect, by, &(number, fields))?;
        perform!(self, deed, |tx| {
            let number = read_retirement_number(number).ok_or(Error::NotFound)?;
            let found = store::retirement(tx.connection(), &number).await?;
            let found = found.ok_or(Error::NotFound)?;
            let now = certificate_in(tx.connection(), &number).await?;
            check_version(fields, now.version)?;
            let purpose = Purpose::from_code(&found.purpose)
                .ok_or_else(|| Error::Store(format!("purpose {}", found.purpose)))?;
            let (retired_on, today) = (Instant(found.at).beijing_date(), tx.at.beijing_date());
            let wording = wording_of(&now);
            let holder = HolderName {
                name: &found.holder_name,
                uscc: &found.holder_uscc,
            };
            let correction =
                CertificateCorrection::read(fields, purpose, holder, &wording, retired_on, today)?;
            if let Some(covered) = store::covered_by(tx.connection(), &found.id).await? {
                check_still_covers(&covered, &now, &correction.wording)?;
            }
            let version = now.version + 1;
            let (at, act) = (tx.at.0, tx.act.clone());
            let words = &correction.wording;
            let new = NewVersion {
                retirement_id: &found.id,
                version: i64::from(version),
                beneficiary: &words.beneficiary,
                beneficiary_uscc: words.beneficiary_uscc.as_deref(),
                purpose_text: &words.purpose_text,
                reason: &correction.reason,
                request_number: &correction.request_number,
                request_date: &correction.request_date.to_string(),
                search: &searchable(&[&words.beneficiary]),
                at,
                act_id: &act,
            };
            store::insert(tx.connection(), &new).await?;
            tx.retired = true;
            Ok(Done {
                subject_kind: "organisation",
                subject: found.holder_id,
                state: None,
                note: Some(correction.reason.clone()),
                is_public: false,
                answer: CertificateVersionReceipt { number, version },
            })
        })
    }
}

/// What was shown when the form was filled in is still what is in force.
fn check_version(fields: &Fields, now: u32) -> Result<(), Error> {
    let seen = fields.get("version").map_or("", |typed| typed.trim());
    if seen.is_empty() || seen == now.to_string() {
        return Ok(());
    }
    Err(Refusal::new(codes::STALE_FORM).into())
}

/// What covers a published event or claim still names it, for the same beneficiary or the organisation that answers for it.
fn check_still_covers(
    covered: &Covered,
    now: &Certificate,
    words: &CertificateWording,
) -> Result<(), Refusal> {
    let names = if covered.kind == "event" {
        names_event(&words.purpose_text, &covered.number, Some(&covered.name))
    } else {
        words.purpose_text.contains(&covered.number)
    };
    let same = [&now.beneficiary, &covered.organisation].contains(&&words.beneficiary);
    let field = match (names, same) {
        (true, true) => return Ok(()),
        (false, _) => "purpose_text",
        (true, false) => "beneficiary",
    };
    let covers = format!("{} {}", covered.number, covered.name);
    Err(Refusal::new(codes::CERTIFICATE_COVERS)
        .at(field)
        .with("covers", covers))
}

fn wording_of(certificate: &Certificate) -> CertificateWording {
    CertificateWording {
        beneficiary: certificate.beneficiary.clone(),
        beneficiary_uscc: certificate.beneficiary_uscc.clone(),
        purpose_text: certificate.purpose_text.clone(),
    }
}
