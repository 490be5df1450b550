//! The boundary of a project: upload it, see what is wrong with it, see it on a map with what it shares with others.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::ProjectId;
use domain::sector::{Family, project_type_of};
use domain::{Act, Role};
use leptos::prelude::*;
use registry::{BoundaryView, Fields, ProjectView};

use super::record::{Record, name_or_unnamed};
use crate::form::Form;
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::boundary_map::{self, Layer};
use crate::parts::{
    ActForm, CopyableId, Field, Heading, Hidden, Kind, Notice, Section, SummaryList, SummaryRow,
    Task, TaskStatus,
};
use crate::visitor::{Tone, Visitor};

/// Who may look at it.
const PARTIES: &[Role] = &[Role::ProjectOwner, Role::Vvb, Role::RegistryOperator];

/// A small boundary with a hole, as a pattern for those who write one: two plots in the sea off Fujian, not a real project.
const SAMPLE: &str = r#"{
  "type": "FeatureCollection",
  "features": [
    {
      "type": "Feature",
      "properties": { "name": "示例地块 1（含一个扣除的孔）" },
      "geometry": {
        "type": "Polygon",
        "coordinates": [
          [[120.512340, 26.401230], [120.518360, 26.400910], [120.519080, 26.405570], [120.512890, 26.406140], [120.512340, 26.401230]],
          [[120.514570, 26.402810], [120.514660, 26.403920], [120.516230, 26.403840], [120.516110, 26.402750], [120.514570, 26.402810]]
        ]
      }
    },
    {
      "type": "Feature",
      "properties": { "name": "示例地块 2" },
      "geometry": {
        "type": "Polygon",
        "coordinates": [
          [[120.520110, 26.402030], [120.523470, 26.401780], [120.523820, 26.404490], [120.520390, 26.404760], [120.520110, 26.402030]]
        ]
      }
    }
  ]
}
"#;

/// `GET /desk/boundary-sample.geojson`.
pub async fn sample() -> Response {
    boundary_map::download(SAMPLE.to_owned(), "boundary-sample")
}

/// `GET /desk/projects/{id}/boundary`.
pub async fn show(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let by = require(&host, &visitor, PARTIES)?;
    let project = ProjectId::new(id);
    let view = host
        .registry
        .project_get(&by, &project)
        .await
        .or_failed(&host, &visitor)?;
    let stored = host
        .registry
        .project_boundary(&by, &project)
        .await
        .or_failed(&host, &visitor)?;
    let form = Form::open(&host, &visitor, Act::ProjectBoundarySet, Fields::new()).await;
    let remove = Form::open(&host, &visitor, Act::ProjectBoundaryRemove, Fields::new()).await;
    let lang = visitor.lang;
    let record = Record::of_project(lang, &view);
    let may_edit = view.allowed.contains(&Act::ProjectSave);
    let page = Page::new(&host, &visitor, t(lang, "boundary.title"))
        .crumb(record.name.clone(), record.address());
    let page = if may_edit {
        page.crumb(
            t(lang, "desk.tasks_title"),
            format!("{}/edit", record.address()),
        )
    } else {
        page
    };
    Ok(page.view(move || {
        let above = name_or_unnamed(lang, &view.row.name);
        let shown = stored.as_ref().map(|stored| kept(lang, &view, stored));
        let upload = may_edit.then(|| upload(lang, &view, stored.is_some(), form));
        let none = (stored.is_none() && !may_edit)
            .then(|| view! { <Notice tone=Tone::Attention title=t(lang, "boundary.none")/> });
        let removal = (may_edit && stored.is_some()).then(|| removal(lang, &view, remove));
        view! {
            <Heading title=t(lang, "boundary.title") above lead=t(lang, "boundary.lead")/>
            {none}{shown}{upload}{removal}
        }
    }))
}

/// `GET /desk/projects/{id}/boundary.geojson`.
pub async fn file(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let by = require(&host, &visitor, PARTIES)?;
    let stored = host
        .registry
        .project_boundary(&by, &ProjectId::new(id))
        .await
        .or_failed(&host, &visitor)?
        .or_failed(&host, &visitor)?;
    Ok(boundary_map::download(stored.geojson, "boundary"))
}

/// The boundary as a task of the document.
pub enum Step {
    /// A plant without a boundary: nothing to do.
    NotAsked,
    /// Planted land without a boundary.
    Missing,
    /// There is one, and whether it shares land with others.
    There {
        /// Shares land: cannot be submitted.
        overlaps: bool,
    },
}

impl Step {
    /// Asks the registry.
    pub async fn load(
        host: &Host,
        visitor: &Visitor,
        view: &ProjectView,
    ) -> Result<Self, crate::page::Failed> {
        let by = require(host, visitor, PARTIES)?;
        let stored = host
            .registry
            .project_boundary(&by, &view.row.id)
            .await
            .or_failed(host, visitor)?;
        let kind = project_type_of(&view.row.methodology);
        Ok(match stored {
            Some(stored) => Self::There {
                overlaps: !stored.overlaps.is_empty(),
            },
            None if kind.is_some_and(|kind| kind.family == Family::Land) => Self::Missing,
            None => Self::NotAsked,
        })
    }

    /// Its line in the task list.
    pub fn task(&self, lang: Lang, record: &Record) -> Option<Task> {
        let status = match self {
            Self::NotAsked => return None,
            Self::Missing => TaskStatus::NotStarted,
            Self::There { overlaps: true } => TaskStatus::Wrong,
            Self::There { overlaps: false } => TaskStatus::Complete,
        };
        Some(Task {
            title: t(lang, "boundary.title"),
            hint: t(lang, "boundary.task_hint"),
            address: format!("{}/boundary", record.address()),
            status,
        })
    }
}

/// The boundary as it is kept: what it shares with others first, then the map and the facts.
fn kept(lang: Lang, view: &ProjectView, stored: &BoundaryView) -> AnyView {
    let mut others = Vec::new();
    for other in stored
        .overlaps
        .iter()
        .filter_map(|shared| shared.other.as_ref())
    {
        others.extend(boundary_map::reopen(&other.geojson).map(|shape| (Layer::Other, shape)));
    }
    for other in stored
        .overlaps
        .iter()
        .filter_map(|shared| shared.other.as_ref())
    {
        others.extend(boundary_map::reopen(&other.shared).map(|shape| (Layer::Shared, shape)));
    }
    let map = boundary_map::reopen(&stored.geojson)
        .map(|own| boundary_map::boundary_map(lang, &own, &others));
    let mut rows = boundary_map::rows(lang, stored.area_m2, stored.plots, stored.points);
    let name = if stored.file_name.is_empty() {
        t(lang, "boundary.pasted")
    } else {
        stored.file_name.clone()
    };
    rows.push(SummaryRow::new(
        t(lang, "boundary.file"),
        match lang {
            Lang::Zh => format!("{name}（{}）", stored.file_kind),
            Lang::En => format!("{name} ({})", stored.file_kind),
        },
    ));
    rows.push(SummaryRow::new(
        t(lang, "boundary.set_at"),
        format::moment(lang, stored.set_at),
    ));
    rows.push(SummaryRow::new(
        "SHA-256".to_owned(),
        view! { <CopyableId text=stored.file_sha256.clone()/> },
    ));
    let address = format!("/desk/projects/{}/boundary.geojson", view.row.id);
    view! {
        {overlaps(lang, stored)}
        <Section title=t(lang, "boundary.map_title") id="map">
            {map}
            <SummaryList rows/>
            <p><a href=address>{t(lang, "boundary.download")}</a></p>
            <p class="remark">{t(lang, "boundary.area_how")}</p>
        </Section>
    }
    .into_any()
}

/// With whom land is shared, by name where the other is public.
fn overlaps(lang: Lang, stored: &BoundaryView) -> Option<AnyView> {
    if stored.overlaps.is_empty() {
        return None;
    }
    let lines: Vec<_> = stored
        .overlaps
        .iter()
        .map(|shared| {
            let area = whole(shared.area_m2);
            match &shared.other {
                Some(other) => {
                    let code = other.code.clone().unwrap_or_else(|| other.id.to_string());
                    let text = tp(lang, "boundary.overlap_with", &[("area", &area)]);
                    view! { <li>{text}" "<a href=format!("/projects/{code}")>{other.name.clone()}</a></li> }.into_any()
                }
                None => {
                    view! { <li>{tp(lang, "boundary.overlap_with_application", &[("area", &area)])}</li> }.into_any()
                }
            }
        })
        .collect();
    Some(
        view! {
            <Notice tone=Tone::Refused title=t(lang, "boundary.overlap_title")>
                <ul>{lines}</ul>
                <p>{t(lang, "boundary.overlap_hint")}</p>
            </Notice>
        }
        .into_any(),
    )
}

/// The form for a file, and for text where a file is at hand only as text.
fn upload(lang: Lang, view: &ProjectView, again: bool, form: Form) -> AnyView {
    let pasted = !form.value("text").is_empty();
    let title = if again {
        t(lang, "boundary.replace")
    } else {
        t(lang, "boundary.upload")
    };
    let points: Vec<_> = ["formats", "decimals", "order", "plots", "overlap"]
        .into_iter()
        .map(|point| view! { <li>{t(lang, &format!("boundary.rule_{point}"))}</li> })
        .collect();
    let record = view.row.id.to_string();
    view! {
        <Section title=title.clone() id="upload">
            <ul>{points}</ul>
            <p><a href="/desk/boundary-sample.geojson">{t(lang, "boundary.sample")}</a></p>
            <ActForm act=Act::ProjectBoundarySet form submit=title>
                <Hidden name="record" value=record/>
                <Field name="file" label=t(lang, "boundary.choose") hint=t(lang, "boundary.choose_hint") kind=Kind::File
                    autocomplete=".geojson,.json,.kml,.kmz,.zip"/>
                <details class="how" open=pasted>
                    <summary class="how__summary">{t(lang, "boundary.paste_title")}</summary>
                    <div class="how__body">
                        <Field name="text" label=t(lang, "boundary.paste") hint=t(lang, "boundary.paste_hint") kind=Kind::Lines rows=8 optional=true/>
                    </div>
                </details>
            </ActForm>
        </Section>
    }
    .into_any()
}

fn removal(lang: Lang, view: &ProjectView, form: Form) -> AnyView {
    let record = view.row.id.to_string();
    view! {
        <Section title=t(lang, "boundary.remove_title") id="remove">
            <ActForm act=Act::ProjectBoundaryRemove form submit=t(lang, "boundary.remove") ends=true>
                <Hidden name="record" value=record/>
            </ActForm>
        </Section>
    }
    .into_any()
}
