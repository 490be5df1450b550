//! The photo of an act: for its person, and for whoever must decide about it. Never kept by a browser.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::Role;
use leptos::prelude::*;

use super::PERSON;
use crate::files::media_type;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{Failed, OrFailed, require};
use crate::pages::attachment::handed_over;
use crate::visitor::Visitor;

/// `GET /me/acts/{id}/photo`.
pub async fn own(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    photo(&host, &visitor, PERSON, &id).await
}

/// `GET /desk/inclusion/photos/{about}`: account and act with a dot between them.
pub async fn decided(
    State(host): State<Host>,
    visitor: Visitor,
    Path(about): Path<String>,
) -> Result<Response, Failed> {
    photo(&host, &visitor, &[Role::RegistryOperator], &about).await
}

/// A photo on a page: seen at once, and whole when it is pressed. What is no picture (a receipt as PDF) shows as the words of the link.
pub(super) fn shown(lang: Lang, address: String) -> AnyView {
    let (source, words) = (address.clone(), t(lang, "personal.photo_shown"));
    view! { <p class="photo"><a href=address><img class="photo__picture" src=source alt=words loading="lazy"/></a></p> }
        .into_any()
}

async fn photo(
    host: &Host,
    visitor: &Visitor,
    roles: &[Role],
    about: &str,
) -> Result<Response, Failed> {
    let by = require(host, visitor, roles)?;
    let hash = host.registry.activity_photo(&by, about).await;
    let hash = hash.or_failed(host, visitor)?;
    // what kind it is was found out when it came, by its first bytes, and is found out the same way again
    let bytes = host.files.get(&hash).await.ok().flatten();
    let kind = bytes.as_deref().and_then(media_type);
    let (kind, name) = match kind {
        Some("image/png") => ("image/png", "photo.png"),
        Some("image/jpeg") => ("image/jpeg", "photo.jpg"),
        Some("application/pdf") => ("application/pdf", "photo.pdf"),
        _ => ("application/octet-stream", "photo"),
    };
    Ok(handed_over(host, visitor, &hash, kind, name, false).await)
}
