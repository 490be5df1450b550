//! Forms with a file: `multipart/form-data`, read while it arrives.
//!
//! Only the acts in [`ACTS_WITH_FILE`] take one, and only from somebody whose role may do the act: the door asks before
//! a byte is read. A file that is too large is read to its end and thrown away, so that the browser shows the refusal
//! instead of a broken connection.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use domain::refusal::codes;
use domain::{Act, Refusal};
use multer::{Constraints, Field, Multipart, SizeLimit};
use registry::Fields;

use super::FORM_BYTES_MAX;

/// The acts whose forms may carry a file. `ActForm` sends these as `multipart/form-data`.
pub const ACTS_WITH_FILE: &[Act] = &[
    Act::ReportSave,
    Act::ProjectBoundarySet,
    Act::AttachmentAdd,
    Act::EventFileAdd,
    Act::EventInventorySave,
    Act::EventAttendeesImport,
    Act::CreditsRetireMany,
    Act::CreditsAssign,
    Act::ActivityRecord,
    Act::ProviderImport,
];

/// Largest file, bytes: 20 MiB.
pub const FILE_BYTES_MAX: usize = 20 * 1024 * 1024;
/// Of a body at most this much is read before the connection is given up.
const BODY_BYTES_READ_MAX: u64 = 64 * 1024 * 1024;
/// Most fields of a form, files included.
const FIELDS_MAX: usize = 20_000;
/// Longest name of a file that is kept, characters.
const FILE_NAME_CHARACTERS_MAX: usize = 200;

/// The file of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentFile {
    /// The field it was sent with.
    pub field: String,
    /// Its name on the sender's machine, without folders and control characters; never to be trusted, shown only.
    pub name: String,
    /// What is in it; at most [`FILE_BYTES_MAX`], never empty.
    pub bytes: Bytes,
}

/// What a form with a file sent.
#[derive(Debug, Default)]
pub struct FormWithFile {
    /// Its fields, as of any other form.
    pub fields: Fields,
    /// Its file, if one was chosen. Of several the first counts.
    pub file: Option<SentFile>,
    /// Why the file cannot be taken, at its field.
    pub refusals: Vec<Refusal>,
}

/// Whether the body of a request is such a form.
pub fn is_multipart(headers: &HeaderMap) -> bool {
    boundary(headers).is_some()
}

fn boundary(headers: &HeaderMap) -> Option<String> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    multer::parse_boundary(kind).ok()
}

/// Reads such a form. A body that is none is answered with 400, one that is larger than what is read with 413.
pub async fn read(headers: &HeaderMap, body: Body) -> Result<FormWithFile, StatusCode> {
    let boundary = boundary(headers).ok_or(StatusCode::UNSUPPORTED_MEDIA_TYPE)?;
    let limits = Constraints::new().size_limit(SizeLimit::new().whole_stream(BODY_BYTES_READ_MAX));
    let mut parts = Multipart::with_constraints(body.into_data_stream(), boundary, limits);
    let mut form = FormWithFile::default();
    let (mut text_bytes, mut seen) = (0, 0);
    while let Some(part) = parts.next_field().await.map_err(status_of)? {
        seen += 1;
        if seen > FIELDS_MAX {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        let Some(name) = part.name().map(str::to_owned) else {
            continue;
        };
        if let Some(file_name) = part.file_name().map(plain_name) {
            read_file(&mut form, part, name, file_name).await?;
        } else {
            let room = FORM_BYTES_MAX.saturating_sub(text_bytes);
            let bytes = read_at_most(part, room)
                .await?
                .ok_or(StatusCode::PAYLOAD_TOO_LARGE)?;
            text_bytes += name.len() + bytes.len();
            let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
            form.fields.insert(name, text);
        }
    }
    Ok(form)
}

/// A form in which no file was chosen sends an empty one without a name.
async fn read_file(
    form: &mut FormWithFile,
    part: Field<'_>,
    field: String,
    name: String,
) -> Result<(), StatusCode> {
    match read_at_most(part, FILE_BYTES_MAX).await? {
        None => form.refusals.push(
            Refusal::new(codes::FILE_TOO_LARGE)
                .at(field)
                .with("limit", "20 MB"),
        ),
        Some(bytes) if bytes.is_empty() && name.is_empty() => {}
        Some(bytes) if bytes.is_empty() => {
            form.refusals
                .push(Refusal::new(codes::FILE_EMPTY).at(field));
        }
        Some(bytes) if form.file.is_none() => {
            form.file = Some(SentFile {
                field,
                name,
                bytes: bytes.into(),
            });
        }
        Some(_) => {}
    }
    Ok(())
}

/// The bytes of a part; `None` if they are more than `most`, after all of them were read.
async fn read_at_most(mut part: Field<'_>, most: usize) -> Result<Option<Vec<u8>>, StatusCode> {
    let mut kept = Vec::new();
    let mut fits = true;
    while let Some(chunk) = part.chunk().await.map_err(status_of)? {
        fits = fits && kept.len() + chunk.len() <= most;
        if fits {
            kept.extend_from_slice(&chunk);
        } else {
            kept = Vec::new();
        }
    }
    Ok(fits.then_some(kept))
}

#[allow(clippy::needless_pass_by_value)] // the shape `map_err` calls
fn status_of(error: multer::Error) -> StatusCode {
    match error {
        multer::Error::StreamSizeExceeded { .. } | multer::Error::FieldSizeExceeded { .. } => {
            StatusCode::PAYLOAD_TOO_LARGE
        }
        _ => StatusCode::BAD_REQUEST,
    }
}

/// The last part of a path, of either kind of slash, without control characters, shortened at its front so that the
/// ending stays.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: Vec<char> = last
        .chars()
        .filter(|character| !character.is_control() && !is_direction_mark(*character))
        .collect();
    let from = kept.len().saturating_sub(FILE_NAME_CHARACTERS_MAX);
    kept[from..].iter().collect::<String>().trim().to_owned()
}

/// Characters that turn the direction of what follows: `fdp.exe` could be shown as `exe.pdf`.
fn is_direction_mark(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers() -> HeaderMap {
        let mut headers = HeaderMap::new();
        let kind = "multipart/form-data; boundary=line".parse();
        headers.insert(header::CONTENT_TYPE, kind.expect("a header"));
        headers
    }

    fn part(disposition: &str, content: &[u8]) -> Vec<u8> {
        let mut part =
            format!("--line\r\nContent-Disposition: form-data; {disposition}\r\n\r\n").into_bytes();
        part.extend_from_slice(content);
        part.extend_from_slice(b"\r\n");
        part
    }

    async fn sent(parts: &[Vec<u8>]) -> Result<FormWithFile, StatusCode> {
        let mut body = parts.concat();
        body.extend_from_slice(b"--line--\r\n");
        read(&headers(), Body::from(body)).await
    }

    #[tokio::test]
    async fn fields_and_the_file_arrive_as_they_were_sent() {
        let form = sent(&[
            part("name=\"title\"", "附件\r\n二".as_bytes()),
            part(
                "name=\"file\"; filename=\"C:\\\\土地\\\\权属.pdf\"",
                b"%PDF-1.7\r\n",
            ),
        ])
        .await
        .expect("a form");
        assert_eq!(
            form.fields.get("title").map(String::as_str),
            Some("附件\n二")
        );
        let file = form.file.expect("a file");
        assert_eq!(
            (file.field.as_str(), file.name.as_str()),
            ("file", "权属.pdf")
        );
        assert_eq!(file.bytes.as_ref(), b"%PDF-1.7\r\n");
        assert!(form.refusals.is_empty());
    }

    #[tokio::test]
    async fn no_chosen_file_is_none_and_an_empty_one_is_refused() {
        let form = sent(&[part("name=\"file\"; filename=\"\"", b"")]).await;
        let form = form.expect("a form");
        assert!(form.file.is_none() && form.refusals.is_empty());
        let form = sent(&[part("name=\"file\"; filename=\"a.pdf\"", b"")]).await;
        let refusals = form.expect("a form").refusals;
        assert_eq!(refusals, [Refusal::new(codes::FILE_EMPTY).at("file")]);
    }

    #[tokio::test]
    async fn a_file_that_is_too_large_is_refused_at_its_field_and_the_other_fields_are_kept() {
        let large = vec![b'x'; FILE_BYTES_MAX + 1];
        let form = sent(&[
            part("name=\"file\"; filename=\"a.pdf\"", &large),
            part("name=\"title\"", b"t"),
        ])
        .await
        .expect("a form");
        assert!(form.file.is_none());
        assert_eq!(form.refusals[0].code, codes::FILE_TOO_LARGE);
        assert_eq!(form.fields.get("title").map(String::as_str), Some("t"));
        let largest = vec![b'x'; FILE_BYTES_MAX];
        let form = sent(&[part("name=\"file\"; filename=\"a.pdf\"", &largest)]).await;
        assert_eq!(
            form.expect("a form").file.map(|file| file.bytes.len()),
            Some(FILE_BYTES_MAX)
        );
    }

    #[tokio::test]
    async fn a_form_longer_than_any_of_ours_and_a_torn_one_are_not_read() {
        let long = vec![b'x'; FORM_BYTES_MAX + 1];
        let answer = sent(&[part("name=\"title\"", &long)]).await;
        assert_eq!(answer.map(|_| ()), Err(StatusCode::PAYLOAD_TOO_LARGE));
        let torn = part("name=\"title\"", b"t");
        let answer = read(&headers(), Body::from(torn)).await;
        assert_eq!(answer.map(|_| ()), Err(StatusCode::BAD_REQUEST));
    }

    #[test]
    fn a_file_name_has_no_folders_no_control_characters_and_no_reversed_ending() {
        assert_eq!(plain_name("../../etc/passwd"), "passwd");
        assert_eq!(plain_name("a\u{202e}fdp.exe\r\n"), "afdp.exe");
        let long = format!("{}.pdf", "长".repeat(300));
        let kept = plain_name(&long);
        assert!(kept.ends_with("长.pdf") && kept.chars().count() == FILE_NAME_CHARACTERS_MAX);
    }
}
