//! What was asked for without an account: from the address, or from a form that is posted because it may be long or carries
//! files. Nothing is kept and nobody is named, so these forms need no token.

use std::collections::BTreeMap;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, Method, StatusCode, header};
use multer::{Constraints, Multipart, SizeLimit};
use registry::Fields;

use crate::acts::multipart::is_multipart;
use crate::live::FILE_PREFIX;
use crate::visitor::decode_form;

/// Largest form with files, bytes: 100,000 trees are about 3 MB.
const FORM_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Largest form without files, bytes.
const BODY_BYTES_MAX: usize = 1024 * 1024;
/// Most fields, as in a calculator.
const FIELDS_MAX: usize = 10_000;

/// What was asked.
#[derive(Debug, Default)]
pub struct Asked {
    /// The fields that were typed.
    pub typed: Fields,
    /// The texts of the files, by the field they stand for; only files that were chosen.
    pub files: Fields,
}

impl Asked {
    /// What is computed with: a file takes the place of what was typed.
    pub fn merged(&self) -> Fields {
        let mut fields = self.typed.clone();
        fields.extend(
            self.files
                .iter()
                .map(|(name, text)| (name.clone(), text.clone())),
        );
        fields
    }

    /// Takes a field that is not for the calculation.
    pub fn take(&mut self, name: &str) -> Option<String> {
        self.typed.remove(name)
    }

    fn of_typed(mut typed: Fields) -> Self {
        for name in ["lang", "theme"] {
            typed.remove(name);
        }
        typed.retain(|name, _| !name.starts_with(FILE_PREFIX));
        Self {
            typed,
            files: BTreeMap::new(),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Asked {
    type Rejection = StatusCode;

    async fn from_request(request: Request, _: &S) -> Result<Self, StatusCode> {
        let (parts, body) = request.into_parts();
        let query = decode_form(parts.uri.query().unwrap_or_default().as_bytes());
        if parts.method != Method::POST {
            return Ok(Self::of_typed(query));
        }
        if is_multipart(&parts.headers) {
            return read(&parts.headers, body).await;
        }
        let body = to_bytes(body, BODY_BYTES_MAX)
            .await
            .map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
        Ok(Self::of_typed(decode_form(&body)))
    }
}

async fn read(headers: &HeaderMap, body: Body) -> Result<Asked, StatusCode> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let boundary = kind.and_then(|kind| multer::parse_boundary(kind).ok());
    let boundary = boundary.ok_or(StatusCode::UNSUPPORTED_MEDIA_TYPE)?;
    let limits = Constraints::new().size_limit(SizeLimit::new().whole_stream(FORM_BYTES_MAX));
    let mut parts = Multipart::with_constraints(body.into_data_stream(), boundary, limits);
    let (mut typed, mut files, mut seen) = (Fields::new(), Fields::new(), 0);
    while let Some(part) = parts.next_field().await.map_err(status_of)? {
        seen += 1;
        if seen > FIELDS_MAX {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        let Some(name) = part.name().map(str::to_owned) else {
            continue;
        };
        let is_file = part.file_name().is_some();
        let text = text_of(&part.bytes().await.map_err(status_of)?);
        match name.strip_prefix(FILE_PREFIX).filter(|_| is_file) {
            Some(field) if !text.trim().is_empty() => {
                files.insert(field.to_owned(), text);
            }
            Some(_) => {}
            None if is_file => {}
            None => {
                typed.insert(name, text.replace("\r\n", "\n"));
            }
        }
    }
    Ok(Asked {
        files,
        ..Asked::of_typed(typed)
    })
}

/// A text in UTF-8 or, as spreadsheets in China save it, in GB 18030.
fn text_of(bytes: &[u8]) -> String {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::GB18030.decode(bytes).0.into_owned(),
    };
    text.trim_start_matches('\u{feff}').to_owned()
}

#[allow(clippy::needless_pass_by_value)] // the shape `map_err` calls
fn status_of(error: multer::Error) -> StatusCode {
    match error {
        multer::Error::StreamSizeExceeded { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::BAD_REQUEST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn asked(request: axum::http::request::Builder, body: Vec<u8>) -> Asked {
        let request = request.body(Body::from(body)).expect("a request");
        Asked::from_request(request, &()).await.expect("readable")
    }

    fn part(disposition: &str, content: &[u8]) -> Vec<u8> {
        let head = format!("--line\r\nContent-Disposition: form-data; {disposition}\r\n\r\n");
        [head.as_bytes(), content, b"\r\n"].concat()
    }

    #[tokio::test]
    async fn an_address_and_a_posted_form_ask_the_same() {
        let by_address = asked(Request::get("/calculators/x?grid=East&lang=en"), Vec::new()).await;
        let posted = asked(
            Request::post("/calculators/x"),
            b"grid=East&lang=en".to_vec(),
        )
        .await;
        assert_eq!(by_address.typed, posted.typed);
        assert_eq!(by_address.typed.len(), 1);
    }

    #[tokio::test]
    async fn a_file_takes_the_place_of_what_was_typed_and_one_not_chosen_does_not() {
        let (gb18030, _, _) = encoding_rs::GB18030.encode("样地\r\n甲");
        let body = [
            part("name=\"trees\"", b"typed"),
            part("name=\"plots\"", b"typed"),
            part("name=\"file.trees\"; filename=\"t.csv\"", &gb18030),
            part("name=\"file.plots\"; filename=\"\"", b""),
            b"--line--\r\n".to_vec(),
        ];
        let request = Request::post("/calculators/x")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=line");
        let asked = asked(request, body.concat()).await;
        assert_eq!(asked.typed["trees"], "typed");
        let merged = asked.merged();
        assert_eq!(merged["trees"], "样地\r\n甲");
        assert_eq!(merged["plots"], "typed");
        assert_eq!(merged.len(), 2);
    }
}
