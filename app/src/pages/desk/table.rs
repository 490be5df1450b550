//! A whole table as one section of a document: typed as text or sent as a file, and what is wrong with it line by line before
//! anything is kept.

use std::sync::atomic::Ordering;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::Role;
use domain::green_certificate::MONTHS_FIELD;
use domain::id::ReportId;
use domain::project::monitoring::is_table;
use leptos::prelude::*;
use methodologies::Calculator;
use methodologies::schema::{Column, Kind as InputKind};

use super::document::{Document, row_count};
use super::edit::SectionPage;
use crate::acts::table_file::{FILE_SUFFIX, REMOVE_SUFFIX};
use crate::form::{Form, Problem};
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{Failed, OrFailed, require, scene};
use crate::parts::calculator_form::table_question;
use crate::parts::{ActForm, Column as Heading, DataTable, Field, Hidden, Kind, Notice, Term};
use crate::visitor::{Tone, Visitor};

/// A longer table is not put into a text field: no one edits it there, and every page would carry it.
const TYPED_BYTES_MAX: usize = 64 * 1024;
/// Lines of the report that are listed.
const LISTED_MAX: usize = 200;

/// The form of one table. It has no autosave: it is kept when its button is pressed, and only if nothing is wrong with it.
pub fn table_form(
    page: SectionPage,
    lang: Lang,
    document: &Document,
    calculator: &'static Calculator,
    name: &'static str,
) -> AnyView {
    let mut fields = calculator.fields.iter().chain([&MONTHS_FIELD]);
    let Some((input, columns, max_rows)) = fields.find_map(|field| match field.kind {
        InputKind::Table { columns, max_rows } if field.path == name => {
            Some((field, columns, max_rows))
        }
        _ => None,
    }) else {
        return ().into_any();
    };
    let wrong: Vec<Problem> = page
        .form
        .problems()
        .iter()
        .filter(|problem| is_of_table(problem, name))
        .cloned()
        .collect();
    let others = page.form.problems().iter();
    let others = others.filter(|problem| !is_of_table(problem, name));
    let form = Form::with_problems(page.form.values().clone(), others.cloned().collect());
    let typed = form.value(name).len() <= TYPED_BYTES_MAX;
    let stored = page.stored.get(name).map_or("", String::as_str);
    let alone = form.problems().is_empty();
    let report = (!wrong.is_empty()).then(|| problems_view(lang, columns, &wrong, alone));
    let kept = kept_view(lang, &page, name, stored);
    let (term, meaning) = (
        document.section_text(page.section, "_term"),
        document.section_text(page.section, "_meaning"),
    );
    let (act, cancel) = (page.act(), page.tasks());
    let label = document.label(name);
    let file_label = tp(lang, "desk.table_file", &[("table", &label)]);
    let removable = !stored.is_empty();
    let code = calculator.code;
    view! {
        <Term term meaning/>
        {report}
        {kept}
        <ActForm act form=form.labelled(|field| Some(document.label(field))) id="table" submit=t(lang, "desk.table_save") cancel>
            <Hidden name="record" value=page.id/>
            <Hidden name="revision" value=page.revision.to_string()/>
            <Field name=format!("{name}{FILE_SUFFIX}") label=file_label hint=t(lang, "desk.table_file_hint") kind=Kind::File
                autocomplete=".csv,.txt,.tsv,.xlsx" optional=true/>
            {move || typed.then(|| table_question(lang, code, input, name.to_owned(), columns, max_rows))}
            {move || removable.then(|| view! { <Field name=format!("{name}{REMOVE_SUFFIX}") label=t(lang, "desk.table_remove") kind=Kind::Checkbox/> })}
        </ActForm>
    }
    .into_any()
}

/// Whether a problem is one of the table's content: `trees`, `trees.17`, `trees.17.dbh_cm`.
fn is_of_table(problem: &Problem, name: &str) -> bool {
    problem
        .field
        .as_deref()
        .is_some_and(|field| super::edit::root(field) == name)
}

/// How many rows are kept, and where to get them.
fn kept_view(lang: Lang, page: &SectionPage, name: &str, stored: &str) -> AnyView {
    if stored.trim().is_empty() {
        return view! { <p class="quiet">{t(lang, "desk.table_none")}</p> }.into_any();
    }
    let rows = format::decimal(&row_count(stored).to_string());
    let address = format!("/desk/reports/{}/tables/{name}.csv", page.id);
    view! {
        <p id=format!("kept-{name}")>
            {tp(lang, "desk.table_kept", &[("rows", &rows)])}" "
            <a href=address download="">{t(lang, "desk.table_download")}</a>
        </p>
    }
    .into_any()
}

/// What is wrong, one line each: line, column, what and what to do. It stands for the summary of errors if nothing else is
/// wrong (`alone`).
fn problems_view(
    lang: Lang,
    columns: &'static [Column],
    problems: &[Problem],
    alone: bool,
) -> AnyView {
    scene().errors_shown.store(true, Ordering::Relaxed);
    let hidden: usize = problems
        .iter()
        .filter(|problem| problem.code == "table_more_errors")
        .filter_map(|problem| {
            let more = problem.params.iter().find(|(name, _)| name == "more");
            more?.1.parse::<usize>().ok()
        })
        .sum();
    let listed: Vec<_> = problems
        .iter()
        .filter(|problem| problem.code != "table_more_errors")
        .collect();
    let total = (listed.len() + hidden).to_string();
    let rows: Vec<Vec<AnyView>> = listed
        .iter()
        .take(LISTED_MAX)
        .map(|problem| {
            let path = problem.field.as_deref().unwrap_or_default();
            let mut parts = path.split('.').skip(1);
            let line = parts.next().unwrap_or("–").to_owned();
            let code = parts.next().unwrap_or_default();
            let column = columns.iter().find(|column| column.code == code);
            let column = column.map_or_else(
                || "–".to_owned(),
                |column| lang.choose(column.label.zh, column.label.en).to_owned(),
            );
            vec![
                line.into_any(),
                column.into_any(),
                problem.text(lang).into_any(),
            ]
        })
        .collect();
    let headings = vec![
        Heading::number(t(lang, "desk.table_line")),
        Heading::text(t(lang, "desk.table_column")),
        Heading::text(t(lang, "desk.table_problem")),
    ];
    let shown = rows.len().to_string();
    view! {
        <div id="table-problems">
            <div id=alone.then_some("errors") role="alert" tabindex="-1">
            <Notice tone=Tone::Attention title=tp(lang, "desk.table_wrong", &[("count", &total)])>
                <p>{tp(lang, "desk.table_wrong_hint", &[("shown", &shown)])}</p>
            </Notice>
            </div>
            <DataTable caption=t(lang, "desk.table_problems") columns=headings rows empty=""/>
        </div>
    }
    .into_any()
}

/// `GET /desk/reports/{id}/tables/{name}`: the table as it is kept, `trees.csv`.
pub async fn download(
    State(host): State<Host>,
    visitor: Visitor,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, Failed> {
    let parties = [Role::ProjectOwner, Role::Vvb, Role::RegistryOperator];
    let by = require(&host, &visitor, &parties)?;
    let view = host
        .registry
        .report_get(&by, &ReportId::new(id))
        .await
        .or_failed(&host, &visitor)?;
    let name = file.strip_suffix(".csv").filter(|name| is_table(name));
    let text = name
        .and_then(|name| view.fields.get(name))
        .or_failed(&host, &visitor)?;
    Ok(csv(text))
}

/// `GET /tables/{methodology}/{stage}/{file}`: a table to begin with, `trees.csv` or `trees.xlsx`: its titles and one row.
pub async fn template(
    State(host): State<Host>,
    visitor: Visitor,
    Path((methodology, stage, file)): Path<(String, String, String)>,
) -> Result<Response, Failed> {
    let code = format!("{methodology}/{stage}");
    let (name, kind) = file.rsplit_once('.').or_failed(&host, &visitor)?;
    let columns = methodologies::calculator(&code).and_then(|calculator| {
        let mut fields = calculator.fields.iter().chain([&MONTHS_FIELD]);
        fields.find_map(|field| match field.kind {
            InputKind::Table { columns, .. } if field.path == name => Some(columns),
            _ => None,
        })
    });
    let columns = columns.or_failed(&host, &visitor)?;
    let titles: Vec<&str> = columns
        .iter()
        .map(|column| visitor.lang.choose(column.label.zh, column.label.en))
        .collect();
    let row = example_row(&code, name, columns);
    match kind {
        "csv" => {
            let lines = [titles.join(","), row.join(",")].join("\r\n");
            Ok(csv(&format!("{lines}\r\n")))
        }
        "xlsx" => Ok(workbook(&titles, &row).or_failed(&host, &visitor)?),
        _ => None::<Response>.or_failed(&host, &visitor),
    }
}

/// The first row of the calculator's own example, in the order of the columns; empty cells without one.
fn example_row(code: &str, name: &str, columns: &'static [Column]) -> Vec<String> {
    let example = methodologies::example(code).unwrap_or_default();
    let text = example[name].as_str().unwrap_or_default();
    let mut lines = text.lines().map(|line| line.split(',').map(str::trim));
    let header: Vec<&str> = lines.next().into_iter().flatten().collect();
    let cells: Vec<&str> = lines.next().into_iter().flatten().collect();
    columns
        .iter()
        .map(|column| {
            let place = header
                .iter()
                .position(|title| [column.code, column.label.zh, column.label.en].contains(title));
            let cell = place.and_then(|place| cells.get(place)).copied();
            cell.unwrap_or_default().to_owned()
        })
        .collect()
}

/// CSV that spreadsheets open with its Chinese intact: they need the mark at its beginning.
fn csv(text: &str) -> Response {
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    let text = format!("\u{feff}{}", text.trim_start_matches('\u{feff}'));
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// A spreadsheet to begin with: its titles and one row. A text is never read as a formula.
pub fn workbook(titles: &[&str], row: &[String]) -> Option<Response> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let bold = rust_xlsxwriter::Format::new().set_bold();
    let sheet = book.add_worksheet();
    for (column, title) in (0_u16..).zip(titles) {
        sheet.write_with_format(0, column, *title, &bold).ok()?;
        sheet.set_column_width(column, 18).ok()?;
    }
    for (column, cell) in (0_u16..).zip(row) {
        match cell.parse::<f64>() {
            Ok(number) => sheet.write(1, column, number).ok()?,
            Err(_) => sheet.write(1, column, cell.as_str()).ok()?,
        };
    }
    let kind = HeaderValue::from_static(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    );
    let bytes = book.save_to_buffer().ok()?;
    Some(([(header::CONTENT_TYPE, kind)], bytes).into_response())
}
