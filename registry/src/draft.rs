//! Drafts: beginning a document and keeping what was typed into it.

use domain::project::monitoring::{check_tables, is_table};
use domain::refusal::codes;
use domain::sector::{ProjectType, project_type_of};
use domain::{Act, Refusal};

use crate::ending;
use crate::perform::{Deed, Tx, new_id, perform};
use crate::record::{self, RecordKind, fields_of, json_of};
use crate::store::ending as ends;
use crate::store::record::{self as store, RecordRow};
use crate::{By, Error, Fields, Receipt, Registry};

/// The longest text of one field, characters.
const VALUE_MAX: usize = 20_000;
/// The longest table, bytes: 100,000 trees are about 3 MB.
const TABLE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// The longest name of a field, characters.
const NAME_MAX: usize = 100;
/// How many fields a document may have: 1,000 strata have about ten each.
const FIELDS_MAX: usize = 20_000;
/// How much of a name is shown in lists, characters.
const TITLE_MAX: usize = 200;

impl Registry {
    /// Begins a project's design document.
    pub(crate) async fn draft_project(&self, by: &By, fields: &Fields) -> Result<Receipt, Error> {
        let deed = Deed::by(Act::ProjectCreate, by, fields)?;
        check_sizes(fields)?;
        let source = ending::source_in(fields);
        if source.is_none() {
            methodology_of(fields)?;
        }
        perform!(self, deed, |tx| {
            let fields = match source {
                Some(source) => {
                    ending::begun_again(tx, by, RecordKind::Project, source, fields).await?
                }
                None => fields.clone(),
            };
            let mut row = new_row(tx, by, RecordKind::Project, methodology_of(&fields)?);
            merge(&mut row, &fields)?;
            store::insert(tx.connection(), &row).await?;
            if let Some(source) = source {
                ends::resubmission_insert(tx.connection(), &row.id, source).await?;
            }
            record::done(&row, None)
        })
    }

    /// Begins a monitoring report.
    pub(crate) async fn draft_report(
        &self,
        by: &By,
        project: &str,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        let deed = Deed::by(Act::ReportCreate, by, &(project, fields))?;
        check_sizes(fields)?;
        perform!(self, deed, |tx| {
            let project = record::open(tx, by, RecordKind::Project, project).await?;
            domain::project::guard::project_creditable(match record::State::of(&project)? {
                record::State::Project(state) => state,
                record::State::Report(_) => return Err(Error::NotFound),
            })?;
            crate::project_change::check_reductions_open(tx, &project.id).await?;
            let kind = project_type_of(&project.methodology);
            let kind =
                kind.ok_or_else(|| Refusal::new(codes::METHODOLOGY_UNKNOWN).at("methodology"))?;
            let mut row = new_row(tx, by, RecordKind::Report, kind);
            row.number = Some(store::report_count(tx.connection(), &project.id).await? + 1);
            row.name.clone_from(&project.name);
            row.province.clone_from(&project.province);
            row.project_id = Some(project.id);
            let source = ending::source_in(fields);
            let fields = match source {
                Some(source) => {
                    ending::begun_again(tx, by, RecordKind::Report, source, fields).await?
                }
                None => fields.clone(),
            };
            merge(&mut row, &fields)?;
            store::insert(tx.connection(), &row).await?;
            if let Some(source) = source {
                ends::resubmission_insert(tx.connection(), &row.id, source).await?;
            }
            record::done(&row, None)
        })
    }

    /// Keeps what was typed, if the draft is the one the form was made from.
    pub(crate) async fn draft_save(
        &self,
        by: &By,
        act: Act,
        kind: RecordKind,
        id: &str,
        revision: i64,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        let deed = Deed::by(act, by, &(id, revision, fields))?;
        check_sizes(fields)?;
        perform!(self, deed, |tx| {
            let mut row = record::open(tx, by, kind, id).await?;
            record::check_allows(&row, act)?;
            // a form sent while its own autosave was on the way is older than the draft, and says the same
            if row.revision != revision && changes(&row, fields)? {
                return Err(Refusal::new(codes::STALE_FORM).into());
            }
            check_vvb_stays(&row, kind, fields)?;
            if let (RecordKind::Report, Some(of)) = (kind, project_type_of(&row.methodology)) {
                check_tables(of, fields)?;
            }
            merge(&mut row, fields)?;
            record::advance(tx, &mut row, act, false).await?;
            record::save(tx, &mut row).await?;
            record::done(&row, None)
        })
    }
}

fn methodology_of(fields: &Fields) -> Result<&'static ProjectType, Refusal> {
    match fields.get("methodology").map_or("", |text| text.trim()) {
        "" => Err(Refusal::new(codes::REQUIRED).at("methodology")),
        code => project_type_of(code).ok_or_else(|| {
            Refusal::new(codes::METHODOLOGY_UNKNOWN)
                .at("methodology")
                .with("methodology", short(code, 40))
        }),
    }
}

fn new_row(tx: &Tx, by: &By, kind: RecordKind, project_type: &ProjectType) -> RecordRow {
    RecordRow {
        id: new_id(),
        kind: kind.code().to_owned(),
        owner_id: by.organisation.to_string(),
        state: "draft".to_owned(),
        state_since: tx.at.0,
        revision: 1,
        created_at: tx.at.0,
        created_on: tx.at.beijing_date().to_string(),
        methodology: project_type.methodology.to_owned(),
        project_type: project_type.code.to_owned(),
        fields: "{}".to_owned(),
        ..RecordRow::default()
    }
}

/// Puts the given fields over those of the same name; an empty text removes one. What lists show follows.
fn merge(row: &mut RecordRow, fields: &Fields) -> Result<(), Error> {
    let mut draft = fields_of(&row.fields)?;
    for (name, value) in fields {
        if value.trim().is_empty() {
            draft.remove(name);
        } else {
            draft.insert(name.clone(), value.clone());
        }
    }
    if draft.len() > FIELDS_MAX {
        return Err(Refusal::new(codes::BODY_TOO_LARGE)
            .with("limit", FIELDS_MAX)
            .into());
    }
    if row.kind == RecordKind::Project.code() {
        let typed = |field: &str| draft.get(field).map_or("", |text| text.trim());
        row.name = short(&typed("name").replace(char::is_control, " "), TITLE_MAX);
        row.province = short(&typed("province").replace(char::is_control, " "), 40);
        if let Some(kind) = project_type_of(typed("methodology")) {
            kind.methodology.clone_into(&mut row.methodology);
            kind.code.clone_into(&mut row.project_type);
        }
        row.search = record::search_text(row);
    } else if row.submitted == 0 {
        // so that lists need not read a draft with 100,000 trees for its period
        let day = |field: &str| {
            let typed = draft.get(field).map_or("", String::as_str);
            domain::text::date(field, typed).ok()
        };
        row.period_start = day("period_from").map(|day| day.to_string());
        row.period_end = day("period_to").map(|day| day.to_string());
    }
    row.fields = json_of(&draft)?;
    Ok(())
}

/// Whether the given fields say anything else than the draft.
fn changes(row: &RecordRow, fields: &Fields) -> Result<bool, Error> {
    let draft = fields_of(&row.fields)?;
    let stored = |name: &String| draft.get(name).map_or("", |text| text.trim());
    Ok(fields
        .iter()
        .any(|(name, typed)| stored(name) != typed.trim()))
}

/// The VVB that took the mandate stays in the document.
fn check_vvb_stays(row: &RecordRow, kind: RecordKind, fields: &Fields) -> Result<(), Refusal> {
    let field = match kind {
        RecordKind::Project => "validator",
        RecordKind::Report => "verifier",
    };
    let stays = match (&row.appointed_on, fields.get(field)) {
        (Some(_), Some(typed)) => row.vvb_id.as_deref() == Some(typed.trim()),
        _ => true,
    };
    if stays {
        Ok(())
    } else {
        Err(Refusal::new(codes::VVB_LOCKED).at(field))
    }
}

fn check_sizes(fields: &Fields) -> Result<(), Vec<Refusal>> {
    let mut refusals = Vec::new();
    if fields.len() > FIELDS_MAX || fields.keys().any(|name| name.chars().count() > NAME_MAX) {
        refusals.push(Refusal::new(codes::BODY_TOO_LARGE).with("limit", FIELDS_MAX));
    }
    for (name, value) in fields {
        if is_table(name) {
            if value.len() > TABLE_BYTES_MAX {
                refusals.push(
                    Refusal::new(codes::BODY_TOO_LARGE)
                        .at(name.as_str())
                        .with("limit", "8 MB"),
                );
            }
            continue;
        }
        let length = value.chars().count();
        if length > VALUE_MAX {
            let name = short(name, NAME_MAX);
            refusals.push(
                Refusal::new(codes::TEXT_TOO_LONG)
                    .at(name)
                    .with("max", VALUE_MAX)
                    .with("length", length),
            );
        }
    }
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(refusals)
    }
}

fn short(text: &str, max: usize) -> String {
    text.trim().chars().take(max).collect()
}
