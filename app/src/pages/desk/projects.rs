//! The desk's list of projects, and the first step of a new one.

use axum::extract::{Query, State};
use domain::place::province_of;
use domain::project::ProjectState;
use domain::{Act, Role};
use leptos::prelude::*;
use registry::{Fields, ListFilter, PageRequest, ProjectRow, RecordKind, Turn};
use serde::Deserialize;

use super::queue::{Queue, standing_cell};
use super::record::{days_left, name_or_unnamed, state_name};
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{ActForm, Choice, Column, DataTable, Field, Heading, Kind, Tag, role_label};
use crate::visitor::{Tone, Visitor, encode};

/// What a list may be narrowed to, in its address.
#[derive(Debug, Default, Deserialize)]
pub struct ListQuery {
    /// Only this state.
    #[serde(default)]
    pub state: String,
    /// Only this project (reports).
    #[serde(default)]
    pub project: String,
    /// The page after this key.
    #[serde(default)]
    pub after: String,
}

impl ListQuery {
    /// The filter for the registry.
    pub fn filter(&self) -> ListFilter {
        let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        ListFilter {
            state: given(&self.state),
            project: given(&self.project),
            page: PageRequest {
                after: given(&self.after),
                ..PageRequest::default()
            },
        }
    }

    /// The address of the list with these filters, from a key on.
    pub fn address(&self, list: &str, after: Option<&str>) -> String {
        let pairs = [
            ("state", self.state.as_str()),
            ("project", self.project.as_str()),
            ("after", after.unwrap_or_default()),
        ];
        let pairs: Vec<_> = pairs
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        if pairs.is_empty() {
            list.to_owned()
        } else {
            format!("{list}?{}", pairs.join("&"))
        }
    }
}

/// `GET /desk/projects`.
pub async fn list(
    State(host): State<Host>,
    visitor: Visitor,
    Query(query): Query<ListQuery>,
) -> PageResult {
    let by = require(
        &host,
        &visitor,
        &[Role::ProjectOwner, Role::Vvb, Role::RegistryOperator],
    )?;
    let page = host
        .registry
        .project_list(&by, &query.filter())
        .await
        .or_failed(&host, &visitor)?;
    let ids: Vec<String> = page.rows.iter().map(|row| row.id.to_string()).collect();
    let queue = host
        .registry
        .queue_positions(&by, &ids)
        .await
        .or_failed(&host, &visitor)?;
    let (lang, role) = (visitor.lang, by.role);
    let title = list_title(lang, role);
    Ok(Page::new(&host, &visitor, title.clone()).wide().view(move || {
        let here = "/desk/projects";
        let states = ProjectState::ALL.iter().map(|state| state.code()).collect();
        let rows = page.rows.iter().map(|row| cells(lang, role, row, &queue)).collect();
        let columns = vec![
            Column::text(t(lang, "desk.column_project")),
            Column::text(t(lang, "desk.column_parties")),
            Column::text(t(lang, "desk.column_state")),
            Column::text(t(lang, "desk.column_turn")),
            Column::number(t(lang, "desk.column_expected")),
        ];
        let next = page.next.as_ref().map(|key| query.address(here, Some(key))).unwrap_or_default();
        let first = if query.after.is_empty() { String::new() } else { query.address(here, None) };
        let new = (role == Role::ProjectOwner).then(|| view! { <p><a class="button" href="/desk/projects/new">{t(lang, "desk.new_project")}</a></p> });
        view! {
            <Heading title=title.clone() lead=t(lang, "desk.projects_lead")/>
            {new}
            {state_filter(lang, RecordKind::Project, here, &query, states)}
            <DataTable caption=title columns rows empty=t(lang, "desk.projects_empty") next first/>
        }
    }))
}

pub fn list_title(lang: Lang, role: Role) -> String {
    let key = match role {
        Role::Vvb => "desk.projects_vvb",
        Role::RegistryOperator => "desk.projects_operator",
        Role::ProjectOwner | Role::EventOrganiser | Role::Individual => "desk.projects_owner",
    };
    t(lang, key)
}

fn cells(lang: Lang, viewer: Role, row: &ProjectRow, queue: &Queue) -> Vec<AnyView> {
    let name = name_or_unnamed(lang, &row.name);
    let address = format!("/desk/projects/{}", row.id);
    let province = province_of(&row.province).map_or(row.province.as_str(), |province| {
        lang.choose(province.name_zh, province.name_en)
    });
    let below = [
        row.code.as_deref().unwrap_or_default(),
        &row.methodology,
        province,
    ];
    let below: Vec<_> = below
        .into_iter()
        .filter(|text| !text.is_empty())
        .map(|text| view! { <span class="whole">{text.to_owned()}</span>" " })
        .collect();
    let body = row
        .validator
        .clone()
        .map(|body| view! { <br/><span class="quiet">{body}</span> });
    let expected = row
        .expected_year_tonnes
        .map_or_else(|| "–".to_owned(), format::whole);
    vec![
        view! { <a class="cell-name" href=address>{name}</a><br/><span class="quiet">{below}</span> }.into_any(),
        view! { {row.owner.clone()}{body} }.into_any(),
        state_cell(lang, viewer, RecordKind::Project, &row.state, &row.turn),
        {
            let standing = standing_cell(lang, queue, row.id.as_str(), row.paused);
            view! { {turn_cell(lang, &row.turn)}{standing} }.into_any()
        },
        expected.into_any(),
    ]
}

/// The state; in amber if it is the viewer's turn.
pub fn state_cell(lang: Lang, viewer: Role, kind: RecordKind, state: &str, turn: &Turn) -> AnyView {
    let tone = if turn.role == Some(viewer) {
        Tone::Attention
    } else {
        Tone::Note
    };
    view! { <Tag text=state_name(lang, kind, state) tone/> }.into_any()
}

/// Whose turn it is and by when.
pub fn turn_cell(lang: Lang, turn: &Turn) -> AnyView {
    let who = turn
        .role
        .map_or_else(|| "–".to_owned(), |role| role_label(lang, role));
    let due = turn.due_on.as_ref().map(|day| {
        let text = days_left(lang, day, turn.working_days_left);
        view! { <br/><span class="quiet">{text}</span> }
    });
    view! { {who}{due} }.into_any()
}

/// Narrows a list to one state: a form that works by its address.
pub fn state_filter(
    lang: Lang,
    kind: RecordKind,
    list: &'static str,
    query: &ListQuery,
    states: Vec<&'static str>,
) -> AnyView {
    let options: Vec<_> = states
        .into_iter()
        .map(|state| view! { <option value=state selected=query.state == state>{state_name(lang, kind, state)}</option> })
        .collect();
    let project = (!query.project.is_empty())
        .then(|| view! { <input type="hidden" name="project" value=query.project.clone()/> });
    view! {
        <form class="filter" method="get" action=list>
            {project}
            <label class="filter__field">
                <span class="field__label">{t(lang, "desk.filter_state")}</span>
                <select class="input input--select" name="state"><option value="">{t(lang, "desk.filter_all")}</option>{options}</select>
            </label>
            <button class="button button--secondary" type="submit">{t(lang, "desk.filter_submit")}</button>
        </form>
    }
    .into_any()
}

/// `GET /desk/projects/new`: which methodology.
pub async fn new(State(host): State<Host>, visitor: Visitor) -> PageResult {
    require(&host, &visitor, &[Role::ProjectOwner])?;
    let form = Form::open(&host, &visitor, Act::ProjectCreate, Fields::new()).await;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "desk.new_project")).crumb(t(lang, "desk.projects_owner"), "/desk/projects").view(move || {
        let choices: Vec<_> = methodologies::catalogue()
            .iter()
            .map(|methodology| {
                let title = lang.choose(methodology.title.zh, methodology.title.en);
                Choice::new(methodology.code, title).hint(format!("{} · {}", methodology.code, methodology.project_type))
            })
            .collect();
        view! {
            <Heading title=t(lang, "desk.new_project") lead=t(lang, "desk.new_project_lead")/>
            <ActForm act=Act::ProjectCreate form submit=t(lang, "desk.new_project_submit") cancel="/desk/projects">
                <Field name="methodology" label=t(lang, "desk.methodology") hint=t(lang, "desk.methodology_hint") kind=Kind::Radios choices/>
            </ActForm>
        }
    }))
}
