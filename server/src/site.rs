//! Static files: the ones `assets.json` of the built site lists, and no others.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use app::host::Assets;
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt;
use tower_http::services::ServeDir;

use crate::failure::Failure;
use crate::state::State;

/// An address with the version of the content: the content behind it never changes.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// An address without a version: ask whether it changed.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("public, no-cache");

/// The built static files.
#[derive(Clone, Debug)]
pub struct Site {
    folder: PathBuf,
    /// File name below the folder -> address with its version.
    addresses: BTreeMap<String, String>,
}

impl Site {
    /// Reads the list of files; a folder without one has no files, and the server is not ready.
    pub fn read(folder: &Path) -> Self {
        let list = folder.join("assets.json");
        let read = std::fs::read_to_string(&list)
            .map_err(anyhow::Error::from)
            .and_then(|text| Ok(serde_json::from_str(&text)?));
        let addresses = read.unwrap_or_else(|error| {
            tracing::warn!(file = %list.display(), %error, "no built site: pages have no style sheet");
            BTreeMap::new()
        });
        Self {
            folder: folder.to_owned(),
            addresses,
        }
    }

    /// The addresses, for the pages.
    pub fn assets(&self) -> Assets {
        Assets::read(&self.folder)
    }

    /// Whether the files that every page needs are there.
    pub fn is_complete(&self) -> bool {
        !self.addresses.is_empty()
            && self
                .addresses
                .keys()
                .all(|name| self.folder.join(name).is_file())
    }

    /// Whether this is the address of one of the files.
    pub fn has(&self, path: &str) -> bool {
        self.addresses.contains_key(path.trim_start_matches('/'))
    }

    /// How long the answer for this address may be kept; `None`: not one of ours.
    fn cache_control(&self, path: &str, query: Option<&str>) -> Option<HeaderValue> {
        let address = self.addresses.get(path.trim_start_matches('/'))?;
        let asked = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
        Some(if asked == *address && query.is_some() {
            FOR_EVER
        } else {
            ASK_AGAIN
        })
    }
}

/// Answers with a static file, or 404.
pub async fn serve(Shared(state): Shared<State>, request: Request) -> Response {
    let uri = request.uri();
    let Some(cache_control) = state.site.cache_control(uri.path(), uri.query()) else {
        return Failure::not_found().into_response();
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Failure::of_status(StatusCode::METHOD_NOT_ALLOWED).into_response();
    }
    let files = ServeDir::new(&state.site.folder)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    let Ok(answer) = files.oneshot(request).await;
    let mut response = answer.into_response();
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, cache_control);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_files_are_served_and_only_their_own_version_is_kept_for_ever() {
        let addresses = [("huitan.css".to_owned(), "/huitan.css?v=abc".to_owned())].into();
        let site = Site {
            folder: "/nowhere".into(),
            addresses,
        };
        assert_eq!(
            site.cache_control("/huitan.css", Some("v=abc")),
            Some(FOR_EVER)
        );
        assert_eq!(
            site.cache_control("/huitan.css", Some("v=abd")),
            Some(ASK_AGAIN)
        );
        assert_eq!(site.cache_control("/huitan.css", None), Some(ASK_AGAIN));
        assert_eq!(site.cache_control("/assets.json", None), None);
        assert_eq!(site.cache_control("/../Cargo.toml", None), None);
        assert!(!site.is_complete());
    }
}
