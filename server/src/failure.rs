//! What went wrong, before it is known whether a page or a JSON envelope explains it.
//!
//! Handlers and layers answer with a [`Failure`]; the outermost layer ([`crate::layers::explain`]) turns it, and every bare
//! refusal of the framework (405, 413, 415, …), into an error page or, under `/api/`, into the one envelope.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Refusal;
use domain::refusal::codes;
use serde::Serialize;
use utoipa::ToSchema;

use crate::words;

/// Why a request was not answered as asked.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The HTTP status.
    pub status: StatusCode,
    /// Stable, snake_case: a refusal code or one of [`protocol_text`].
    pub code: &'static str,
    /// What is wrong, most at a field of the request.
    pub refusals: Vec<Refusal>,
    /// A remark for developers that belongs to the message, in English: where a JSON text breaks, for example.
    pub detail: Option<String>,
    /// Headers that belong to the answer, such as `Allow` or `Retry-After`.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

impl Failure {
    /// A failure of the request as a whole.
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        Self {
            status,
            code,
            refusals: Vec::new(),
            detail: None,
            headers: Vec::new(),
        }
    }

    /// There is no such thing, or it belongs to somebody else.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, codes::NOT_FOUND)
    }

    /// The server failed; the reason is for the log only.
    pub fn internal(reason: impl std::fmt::Display) -> Self {
        tracing::error!(%reason, "internal failure");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
    }

    /// The same with a remark for developers.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The same with the moment after which trying again makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.headers
            .push((header::RETRY_AFTER, HeaderValue::from(seconds)));
        self
    }

    /// Refused by the rules: every reason; code and status by the one that is about the request as a whole, if there is one.
    pub fn refused(refusals: Vec<Refusal>) -> Self {
        let whole = refusals.iter().find(|refusal| refusal.field.is_none());
        let only = if refusals.len() == 1 {
            refusals.first()
        } else {
            None
        };
        let (status, code) = match whole.or(only).map(|refusal| refusal.code) {
            Some(codes::SIGN_IN_REQUIRED) => (StatusCode::UNAUTHORIZED, codes::SIGN_IN_REQUIRED),
            Some(codes::ROLE_NOT_ALLOWED) => (StatusCode::FORBIDDEN, codes::ROLE_NOT_ALLOWED),
            Some(codes::CSRF_FAILED) => (StatusCode::FORBIDDEN, codes::CSRF_FAILED),
            Some(codes::NOT_FOUND) => (StatusCode::NOT_FOUND, codes::NOT_FOUND),
            Some(codes::KEY_REUSED) => (StatusCode::CONFLICT, codes::KEY_REUSED),
            Some(codes::SIGN_IN_RATE_LIMITED) => {
                (StatusCode::TOO_MANY_REQUESTS, codes::SIGN_IN_RATE_LIMITED)
            }
            Some(codes::BUSY) => (StatusCode::SERVICE_UNAVAILABLE, codes::BUSY),
            Some(code) => (StatusCode::UNPROCESSABLE_ENTITY, code),
            None => (StatusCode::UNPROCESSABLE_ENTITY, "refused"),
        };
        Self {
            refusals,
            ..Self::new(status, code)
        }
    }

    /// A bare answer of the framework, by its status.
    pub fn of_status(status: StatusCode) -> Self {
        let code = match status {
            StatusCode::BAD_REQUEST => "malformed",
            StatusCode::UNAUTHORIZED => codes::SIGN_IN_REQUIRED,
            StatusCode::FORBIDDEN => codes::ROLE_NOT_ALLOWED,
            StatusCode::NOT_FOUND => codes::NOT_FOUND,
            StatusCode::METHOD_NOT_ALLOWED => "method_not_allowed",
            StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => "timeout",
            StatusCode::CONFLICT => codes::KEY_REUSED,
            StatusCode::PAYLOAD_TOO_LARGE => codes::BODY_TOO_LARGE,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "media_type_unsupported",
            StatusCode::UNPROCESSABLE_ENTITY => "refused",
            StatusCode::TOO_MANY_REQUESTS => "too_many_requests",
            StatusCode::SERVICE_UNAVAILABLE => codes::BUSY,
            status if status.is_client_error() => "malformed",
            _ => "internal",
        };
        Self::new(status, code)
    }

    /// The one sentence for the whole failure, in Chinese and English.
    pub fn message(&self) -> (String, String) {
        let whole = self
            .refusals
            .iter()
            .find(|refusal| refusal.code == self.code);
        let (zh, en) = match (whole, protocol_text(self.code)) {
            (Some(refusal), _) => words::refusal(refusal),
            (None, Some((zh, en))) => (zh.to_owned(), en.to_owned()),
            (None, None) => words::refusal(&Refusal::new(self.code)),
        };
        match &self.detail {
            Some(detail) => (format!("{zh}({detail})"), format!("{en} ({detail})")),
            None => (zh, en),
        }
    }

    /// The JSON envelope.
    pub fn envelope(&self, request_id: &str) -> Envelope {
        let (message_zh, message_en) = self.message();
        let fields = self
            .refusals
            .iter()
            .filter_map(|refusal| {
                let (message_zh, message_en) = words::refusal(refusal);
                refusal.field.clone().map(|field| FieldError {
                    field,
                    code: refusal.code.to_owned(),
                    message_zh,
                    message_en,
                })
            })
            .collect();
        Envelope {
            error: ErrorBody {
                code: self.code.to_owned(),
                message_zh,
                message_en,
                fields,
                request_id: request_id.to_owned(),
            },
        }
    }
}

/// The texts of what is wrong with a request before any rule is asked.
fn protocol_text(code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code {
        "refused" => (
            "请求未被接受，原因见各字段。",
            "The request was refused; see the fields for the reasons.",
        ),
        "malformed" => ("无法读懂该请求。", "The request cannot be read."),
        "json_malformed" => (
            "请求正文不是所要求的 JSON。",
            "The body is not the JSON that is asked for.",
        ),
        "query_malformed" => ("网址中的参数有误。", "A parameter in the address is wrong."),
        "method_not_allowed" => (
            "该地址不支持此请求方法。",
            "This address does not take that method.",
        ),
        "media_type_unsupported" => (
            "请以 Content-Type: application/json 发送正文。",
            "Send the body with Content-Type: application/json.",
        ),
        "too_many_requests" => (
            "请求过于频繁，请稍后再试。",
            "Too many requests; try again later.",
        ),
        "timeout" => (
            "处理超时，请稍后再试。",
            "This took too long; try again later.",
        ),
        "token_invalid" => ("缺少有效的访问令牌。", "A valid access token is missing."),
        "internal" => (
            "服务器出错，已记录。请稍后再试。",
            "The server failed and has noted it; try again later.",
        ),
        _ => return None,
    })
}

impl From<registry::Error> for Failure {
    fn from(error: registry::Error) -> Self {
        match error {
            registry::Error::Refused(refusals) => Self::refused(refusals),
            registry::Error::Forbidden => Self::new(StatusCode::FORBIDDEN, codes::ROLE_NOT_ALLOWED),
            registry::Error::NotFound => Self::not_found(),
            registry::Error::Busy => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, codes::BUSY).retry_after(1)
            }
            registry::Error::Store(reason) => Self::internal(reason),
        }
    }
}

/// Carries the failure to the outermost layer, which knows who asked and how to say it.
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.headers_mut().extend(self.headers.clone());
        response.extensions_mut().insert(self);
        response
    }
}

/// Every error of the REST interface has this form.
#[derive(Debug, Serialize, ToSchema)]
pub struct Envelope {
    /// What went wrong.
    pub error: ErrorBody,
}

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// Stable, snake_case.
    #[schema(example = "credits_insufficient")]
    pub code: String,
    /// A sentence in Chinese.
    pub message_zh: String,
    /// A sentence in English.
    pub message_en: String,
    /// What is wrong at each field of the request; empty when the request as a whole is.
    pub fields: Vec<FieldError>,
    /// The name of this request, also in the header `x-request-id`: quote it when asking for help.
    pub request_id: String,
}

/// What is wrong at one field.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldError {
    /// The field's name or dotted path.
    #[schema(example = "quantity")]
    pub field: String,
    /// Stable, snake_case.
    #[schema(example = "quantity_not_whole")]
    pub code: String,
    /// A sentence in Chinese.
    pub message_zh: String,
    /// A sentence in English.
    pub message_en: String,
}
