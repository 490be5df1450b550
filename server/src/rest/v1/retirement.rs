//! Retirements and their certificates.

use axum::Json;
use axum::extract::{Path, State as Shared};
use registry::{
    Certificate as Facts, CertificateLine, CertificateVersion, CertificateVersionReceipt,
    PublicRetirementRow,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::credit::fields;
use crate::failure::{Envelope, Failure};
use crate::rest::authorisation::Caller;
use crate::rest::extract::{Json as JsonBody, List, Query, moment, page_request};
use crate::state::State;

/// Which retirements.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RetirementQuery {
    /// A part of the beneficiary's or the holder's name.
    pub q: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// How many rows, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
}

/// A retirement in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetirementRow {
    /// The certificate's number.
    #[schema(example = "HTR-2026-000001-5")]
    pub number: String,
    /// When.
    pub at: String,
    /// Who retired.
    pub holder: String,
    /// For whom.
    pub beneficiary: String,
    /// The purpose.
    #[schema(example = "event")]
    pub purpose: String,
    /// Tonnes CO2e.
    pub quantity: i64,
}

impl From<PublicRetirementRow> for RetirementRow {
    fn from(row: PublicRetirementRow) -> Self {
        Self {
            number: row.number,
            at: moment(row.at),
            holder: row.holder,
            beneficiary: row.beneficiary,
            purpose: row.purpose,
            quantity: row.quantity,
        }
    }
}

/// A retirement certificate.
#[derive(Debug, Serialize, ToSchema)]
pub struct Certificate {
    /// The number.
    #[schema(example = "HTR-2026-000001-5")]
    pub number: String,
    /// When.
    pub at: String,
    /// Who retired.
    pub holder: String,
    /// For whom.
    pub beneficiary: String,
    /// The beneficiary's unified social credit code, if given.
    pub beneficiary_uscc: Option<String>,
    /// The purpose.
    #[schema(example = "event")]
    pub purpose: String,
    /// For what.
    pub purpose_text: String,
    /// Tonnes CO2e: the sum of the lines.
    pub quantity: i64,
    /// The blocks of serial numbers.
    pub lines: Vec<Line>,
    /// The hash of the act in its chain.
    pub act_hash: String,
    /// Which version of its words is in force, from 1. Tonnes, numbers, purpose, holder and time never change.
    pub version: u32,
    /// Every version, oldest first.
    pub versions: Vec<Wording>,
    /// The facts above in their canonical text.
    pub canonical: String,
    /// SHA-256 of the canonical text: printed on the certificate.
    pub digest: String,
}

/// The words of a certificate in one of its versions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Wording {
    /// From 1.
    pub version: u32,
    /// When it was made.
    pub at: String,
    /// For whom.
    pub beneficiary: String,
    /// The beneficiary's unified social credit code, if given.
    pub beneficiary_uscc: Option<String>,
    /// For what.
    pub purpose_text: String,
    /// Why the version before was corrected; absent for the first one.
    pub reason: Option<String>,
}

impl From<CertificateVersion> for Wording {
    fn from(one: CertificateVersion) -> Self {
        Self {
            version: one.version,
            at: moment(one.at),
            beneficiary: one.beneficiary,
            beneficiary_uscc: one.beneficiary_uscc,
            purpose_text: one.purpose_text,
            reason: one.reason,
        }
    }
}

/// One block of a certificate.
#[derive(Debug, Serialize, ToSchema)]
pub struct Line {
    /// The project's code.
    #[schema(example = "A210001")]
    pub project_code: String,
    /// The project's name.
    pub project_name: String,
    /// The methodology.
    pub methodology: String,
    /// The province.
    pub province: String,
    /// `ccer`, or `inclusion`: carbon inclusion.
    #[schema(example = "ccer")]
    pub unit_kind: String,
    /// By whom it is recognised: `national`, `provincial`, `municipal` or `none`.
    #[schema(example = "national")]
    pub recognition: String,
    /// The year of generation.
    pub vintage: i32,
    /// First number.
    pub start: i64,
    /// Last number.
    pub end: i64,
    /// Tonnes CO2e.
    pub quantity: i64,
    /// The block as a serial number of this platform.
    #[schema(example = "HT-A210001-2024-1-500")]
    pub serial: String,
}

impl From<CertificateLine> for Line {
    fn from(line: CertificateLine) -> Self {
        Self {
            project_code: line.project_code,
            project_name: line.project_name,
            methodology: line.methodology,
            province: line.province,
            unit_kind: line.unit_kind,
            recognition: line.recognition,
            vintage: line.vintage,
            start: line.start,
            end: line.end,
            quantity: line.quantity,
            serial: line.serial,
        }
    }
}

impl From<Facts> for Certificate {
    fn from(facts: Facts) -> Self {
        let (canonical, digest) = (facts.canonical(), facts.digest());
        Self {
            number: facts.number,
            at: moment(facts.at),
            holder: facts.holder,
            beneficiary: facts.beneficiary,
            beneficiary_uscc: facts.beneficiary_uscc,
            purpose: facts.purpose,
            purpose_text: facts.purpose_text,
            quantity: facts.quantity,
            lines: facts.lines.into_iter().map(Line::from).collect(),
            act_hash: facts.act_hash,
            version: facts.version,
            versions: facts.versions.into_iter().map(Wording::from).collect(),
            canonical,
            digest,
        }
    }
}

/// Every retirement, newest first.
#[utoipa::path(
    get, path = "/retirements", tag = "credits", params(RetirementQuery),
    responses((status = 200, body = List<RetirementRow>), (status = 400, description = "A parameter is wrong", body = Envelope))
)]
pub async fn retirement_list(
    Shared(state): Shared<State>,
    Query(query): Query<RetirementQuery>,
) -> Result<Json<List<RetirementRow>>, Failure> {
    let page = page_request(query.after, query.limit)?;
    Ok(Json(List::of(
        state
            .registry
            .public()
            .retirements(query.q.as_deref(), &page)
            .await?,
        RetirementRow::from,
    )))
}

/// One certificate, with the text and the digest by which it is checked.
#[utoipa::path(
    get, path = "/retirements/{number}", tag = "credits",
    params(("number" = String, Path, description = "The certificate's number", example = "HTR-2026-000001-5")),
    responses((status = 200, body = Certificate), (status = 404, description = "No such certificate", body = Envelope))
)]
pub async fn retirement_get(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
) -> Result<Json<Certificate>, Failure> {
    Ok(Json(
        state.registry.public().certificate(&number).await?.into(),
    ))
}

/// The words of a certificate as they should be. Whatever is left out becomes empty: nothing is taken over from the version before.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WordingRequest {
    /// The version that is corrected, as it was read: another one in force by now is refused (`stale_form`).
    #[schema(example = 1)]
    pub version: u32,
    /// For whom.
    pub beneficiary: String,
    /// `organisation` or `person`; needed. A person's name becomes public only with `personal`.
    #[schema(required = true, value_type = String, example = "organisation")]
    pub beneficiary_kind: Option<String>,
    /// The beneficiary's unified social credit code.
    pub beneficiary_uscc: Option<String>,
    /// Whether the person agrees that the name becomes public.
    #[serde(default)]
    pub personal: bool,
    /// For what.
    pub purpose_text: Option<String>,
    /// Why; anyone can read it.
    pub reason: Option<String>,
    /// The number of the holder's written request; not public.
    #[schema(required = true, value_type = String, example = "函〔2026〕7号")]
    pub request_number: Option<String>,
    /// Its day, `YYYY-MM-DD`; not public.
    #[schema(required = true, value_type = String, example = "2026-03-02")]
    pub request_date: Option<String>,
}

/// A version that a correction made.
#[derive(Debug, Serialize, ToSchema)]
pub struct Corrected {
    /// The certificate's number: see `/retirements/{number}`.
    #[schema(example = "HTR-2026-000001-5")]
    pub number: String,
    /// The version that is in force now.
    #[schema(example = 2)]
    pub version: u32,
}

impl From<CertificateVersionReceipt> for Corrected {
    fn from(made: CertificateVersionReceipt) -> Self {
        Self {
            number: made.number,
            version: made.version,
        }
    }
}

/// The registry corrects the words of a certificate at the holder's written request: a further version of it. Tonnes, serial numbers, purpose,
/// holder and time never change. The same key with the same body gives the same answer.
#[utoipa::path(
    post, path = "/retirements/{number}/corrections", tag = "credits", security(("token" = [])),
    params(
        ("number" = String, Path, description = "The certificate's number", example = "HTR-2026-000001-5"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    request_body = WordingRequest,
    responses(
        (status = 200, body = Corrected),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "Only the registry corrects certificates", body = Envelope),
        (status = 404, description = "No such certificate", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field; `stale_form`: another version is in force by now", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn certificate_correct(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<WordingRequest>,
) -> Result<Json<Corrected>, Failure> {
    let form = fields([
        ("version", Some(request.version.to_string())),
        ("beneficiary", Some(request.beneficiary)),
        ("beneficiary_kind", request.beneficiary_kind),
        ("beneficiary_uscc", request.beneficiary_uscc),
        ("personal", request.personal.then(|| "yes".to_owned())),
        ("purpose_text", request.purpose_text),
        ("reason", request.reason),
        ("request_number", request.request_number),
        ("request_date", request.request_date),
    ]);
    let made = state.registry.certificate_correct(&by, &number, &form);
    Ok(Json(made.await?.into()))
}
