//! The files of a record: the page on which its owner adds and removes them, the table every other page shows, and the
//! download.

use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::attachment::AttachmentKind;
use domain::id::{ProjectId, ReportId};
use domain::{Act, Role};
use leptos::prelude::*;
use registry::{AttachmentView, Error, Fields, RecordKind};

use crate::files::KINDS_ACCEPTED;
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{Failed, OrFailed, Page, PageResult, error_page, require};
use crate::pages::desk::record::Record;
use crate::parts::{
    ActForm, Choice, Column, DataTable, Field, Heading, Hidden, Kind, Notice, Section,
};
use crate::visitor::{Tone, Visitor, encode};

/// What the browser may do with a downloaded file if somebody opens it here after all: nothing.
const POLICY: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// `GET /desk/projects/{id}/files`.
pub async fn project_files(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    files(&host, &visitor, RecordKind::Project, &id).await
}

/// `GET /desk/reports/{id}/files`.
pub async fn report_files(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    files(&host, &visitor, RecordKind::Report, &id).await
}

async fn files(host: &Host, visitor: &Visitor, kind: RecordKind, id: &str) -> PageResult {
    let by = require(
        host,
        visitor,
        &[Role::ProjectOwner, Role::Vvb, Role::RegistryOperator],
    )?;
    let registry = &host.registry;
    let (name, allowed) = match kind {
        RecordKind::Project => {
            let view = registry.project_get(&by, &ProjectId::new(id)).await;
            let view = view.or_failed(host, visitor)?;
            (view.row.name, view.allowed)
        }
        RecordKind::Report => {
            let view = registry.report_get(&by, &ReportId::new(id)).await;
            let view = view.or_failed(host, visitor)?;
            (view.row.project_name, view.allowed)
        }
    };
    let open = allowed
        .iter()
        .any(|act| matches!(act, Act::ProjectSave | Act::ReportSave));
    let list = registry.attachment_list(&by, kind, id).await;
    let list = list.or_failed(host, visitor)?;
    let form = Form::open(host, visitor, Act::AttachmentAdd, Fields::new()).await;
    let (lang, id) = (visitor.lang, id.to_owned());
    let owner = by.role == Role::ProjectOwner;
    Ok(Page::new(host, visitor, t(lang, "attachment.title"))
        .crumb(name.clone(), format!("/desk/{}s/{id}", kind.code()))
        .wide()
        .view(move || {
            let add = (open && owner).then(|| add_form(lang, kind, &id, form));
            let closed = (!open).then(|| view! { <Notice tone=Tone::Note title=t(lang, "attachment.closed")/> });
            view! {
                <Heading title=t(lang, "attachment.title") above=name lead=t(lang, "attachment.lead")/>
                {closed}
                {attachment_table(lang, &list, open && owner)}
                {add}
            }
        }))
}

fn add_form(lang: Lang, kind: RecordKind, id: &str, form: Form) -> AnyView {
    let choices = AttachmentKind::ALL
        .iter()
        .map(|kind| {
            let label = t(lang, &format!("attachment.kind_{}", kind.code()));
            let who = if kind.is_public() {
                "attachment.public"
            } else {
                "attachment.private"
            };
            Choice::new(
                kind.code(),
                format!("{label}{}{}", lang.choose("：", ": "), t(lang, who)),
            )
        })
        .collect();
    let (code, id) = (kind.code(), id.to_owned());
    let label = move |field: &str| {
        let key = match field {
            "kind" => "attachment.kind",
            "title" => "attachment.name",
            "file" => "attachment.file",
            _ => return None,
        };
        Some(t(lang, key))
    };
    view! {
        <Section title=t(lang, "attachment.add_title") id="add">
            <ActForm act=Act::AttachmentAdd form=form.labelled(label) submit=t(lang, "attachment.add")>
                <Hidden name="record_kind" value=code/>
                <Hidden name="record" value=id/>
                <Field name="kind" label=t(lang, "attachment.kind") hint=t(lang, "attachment.kind_hint") kind=Kind::Select choices/>
                <Field name="title" label=t(lang, "attachment.name") hint=t(lang, "attachment.name_hint")/>
                <Field name="file" label=t(lang, "attachment.file") hint=t(lang, "attachment.file_hint") kind=Kind::File autocomplete=KINDS_ACCEPTED/>
            </ActForm>
        </Section>
    }
    .into_any()
}

/// The files of a record on its own page, with the way to change them.
pub fn file_section(lang: Lang, record: &Record, list: &[AttachmentView]) -> AnyView {
    let address = format!("{}/files", record.address());
    let change = record.is_open().then(|| {
        view! { <p><a class="button button--secondary" href=address>{t(lang, "attachment.manage")}</a></p> }
    });
    let table = attachment_table(lang, list, false);
    view! {
        <Section title=t(lang, "attachment.title") id="files">
            {table}
            {change}
        </Section>
    }
    .into_any()
}

/// The files of a published record; nothing without any.
pub fn public_files(lang: Lang, list: &[AttachmentView]) -> Option<AnyView> {
    (!list.is_empty()).then(|| {
        let table = attachment_table(lang, list, false);
        view! { <Section title=t(lang, "attachment.title") id="files">{table}</Section> }.into_any()
    })
}

/// The files of a record, each with its size, date and hash; with a button to remove it if asked.
pub fn attachment_table(lang: Lang, list: &[AttachmentView], removable: bool) -> AnyView {
    let lines = list.iter().map(|file| {
        let kind = t(lang, &format!("attachment.kind_{}", file.kind));
        let id = file.id.clone();
        let remove = removable.then(|| {
            view! {
                <ActForm act=Act::AttachmentRemove submit=t(lang, "attachment.remove") quiet=true>
                    <Hidden name="attachment" value=id/>
                </ActForm>
            }
            .into_any()
        });
        FileLine {
            about: kind.into_any(),
            remove,
            ..FileLine::of(file)
        }
    });
    let about = t(lang, "attachment.kind");
    file_table(lang, about, lines.collect(), removable)
}

/// A file in a table of files.
pub struct FileLine {
    /// Its id: its address, if it may be had.
    pub id: Option<String>,
    /// Its title.
    pub title: String,
    /// Its name on the machine it came from.
    pub file_name: String,
    /// What it is for.
    pub about: AnyView,
    /// Whether anyone may have it.
    pub is_public: bool,
    /// Its size in bytes.
    pub bytes: i64,
    /// The day it came, where that is told.
    pub on: Option<time::Date>,
    /// SHA-256 of its content.
    pub hash: String,
    /// How it is removed, if it may be.
    pub remove: Option<AnyView>,
}

impl FileLine {
    /// A file that may be had, without what it is for.
    pub fn of(file: &AttachmentView) -> Self {
        Self {
            id: Some(file.id.clone()),
            title: file.title.clone(),
            file_name: file.file_name.clone(),
            about: ().into_any(),
            is_public: file.is_public,
            bytes: file.bytes,
            on: Some(file.at.beijing_date()),
            hash: file.hash.clone(),
            remove: None,
        }
    }
}

/// Files with their sizes and hashes; `about` is the title of what they are for.
pub fn file_table(lang: Lang, about: String, lines: Vec<FileLine>, removable: bool) -> AnyView {
    let dated = lines.iter().any(|line| line.on.is_some());
    let mut columns = vec![
        Column::text(t(lang, "attachment.name")),
        Column::text(about),
        Column::number(t(lang, "attachment.size")),
    ];
    if dated {
        columns.push(Column::text(t(lang, "attachment.date")));
    }
    columns.push(Column::text(t(lang, "attachment.hash")));
    if removable {
        columns.push(Column::text(t(lang, "attachment.remove")));
    }
    let rows = lines.into_iter().map(|line| {
        let who = if line.is_public {
            "attachment.public"
        } else {
            "attachment.private"
        };
        let name = match line.id {
            Some(id) => {
                let address = format!("/attachments/{}", encode(&id));
                view! { <a class="cell-name" href=address download="">{line.title}</a> }.into_any()
            }
            None => view! { <span class="cell-name">{line.title}</span> }.into_any(),
        };
        let mut cells = vec![
            view! { {name}<br/><span class="quiet">{line.file_name}</span> }.into_any(),
            view! { {line.about}<br/><span class="quiet">{t(lang, who)}</span> }.into_any(),
            size(line.bytes).into_any(),
        ];
        if dated {
            let day = line.on.map(|day| format::date(lang, day));
            cells.push(view! { <span class="whole">{day}</span> }.into_any());
        }
        cells.push(view! { <code class="hash">{line.hash}</code> }.into_any());
        if removable {
            cells.push(line.remove.unwrap_or_else(|| "–".into_any()));
        }
        cells
    });
    let rows: Vec<_> = rows.collect();
    view! { <DataTable caption=t(lang, "attachment.title") columns rows empty=t(lang, "attachment.none")/> }
        .into_any()
}

/// `1.5 MB`, `20 KB`, `17 B`.
pub fn size(bytes: i64) -> String {
    match bytes {
        1_000_000.. => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
        1_000.. => format!("{} KB", bytes / 1_000),
        _ => format!("{bytes} B"),
    }
}

/// `GET /attachments/{id}`: for anyone if the file and its record are public, otherwise for the record's parties.
pub async fn download(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    let public = host.registry.public().attachment(&id).await;
    let (found, is_public) = match (public, visitor.by("")) {
        (Ok(found), _) => (found, true),
        (Err(Error::NotFound), Some(by)) => {
            let own = host.registry.attachment_get(&by, &id).await;
            (own.or_failed(&host, &visitor)?, false)
        }
        (Err(error), _) => (Err(error).or_failed(&host, &visitor)?, false),
    };
    let (kind, name) = (&found.media_type, &found.file_name);
    Ok(handed_over(&host, &visitor, &found.hash, kind, name, is_public).await)
}

/// A file from the store, to be saved: whoever asks may have it. Without it, the page of an error.
pub async fn handed_over(
    host: &Host,
    visitor: &Visitor,
    hash: &str,
    media_type: &str,
    file_name: &str,
    is_public: bool,
) -> Response {
    let bytes = match host.files.get(hash).await {
        Ok(Some(bytes)) => bytes,
        Ok(None) => {
            tracing::error!(hash, "a file is missing from the store of files");
            return error_page(host, visitor, StatusCode::INTERNAL_SERVER_ERROR);
        }
        Err(error) => {
            tracing::error!(%error, "a file could not be read");
            return error_page(host, visitor, StatusCode::INTERNAL_SERVER_ERROR);
        }
    };
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, media_type);
    set(
        header::CONTENT_DISPOSITION,
        &disposition("attachment", file_name),
    );
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::ETAG, &format!("\"{hash}\""));
    let cache = if is_public {
        "no-cache"
    } else {
        "private, no-store"
    };
    set(header::CACHE_CONTROL, cache);
    response
}

/// A file name as a header says it: plain letters for old browsers, everything for the others (RFC 6266).
pub fn disposition(kind: &str, name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|letter| match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' | '_' => letter,
            _ => '_',
        })
        .collect();
    let plain = if plain.is_empty() {
        "file".to_owned()
    } else {
        plain
    };
    format!(
        "{kind}; filename=\"{plain}\"; filename*=UTF-8''{}",
        encode(name)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_cannot_break_out_of_its_header() {
        let header = disposition("attachment", "权属\"; x=\r\ny.pdf");
        assert!(header.is_ascii() && !header.contains('\r') && !header.contains('\n'));
        assert_eq!(header.matches('"').count(), 2);
        assert_eq!(header.rsplit('.').next(), Some("pdf"), "{header}");
        assert!(disposition("inline", "").contains("filename=\"file\""));
    }

    #[test]
    fn every_kind_has_its_words_in_both_languages() {
        for kind in AttachmentKind::ALL {
            let key = format!("attachment.kind_{}", kind.code());
            for lang in [Lang::Zh, Lang::En] {
                assert!(!t(lang, &key).contains('.'), "{key}");
            }
        }
    }
}
