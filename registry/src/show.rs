//! Records as their parties see them.

use domain::id::OrganisationId;
use domain::project::{MonitoringReport, Party, ProjectDesign};
use domain::{Act, Calendar, Instant, Refusal, Role};
use methodologies::Parameters;
use sqlx::AnyConnection;
use time::Date;

use crate::credits::year_of;
use crate::ending;
use crate::parameter_set;
use crate::record::{
    self, AssessmentView, CalculationView, ListFilter, RecordKind, State, TimelineEntry, Turn,
    basis_of, check_party, day_of, fields_of, kind_of,
};
use crate::rulebook;
use crate::store::act;
use crate::store::record::{self as store, CalculationRow, OpinionRow, RecordRow, Whose};
use crate::{
    By, Error, OpinionView, Page, ProjectRow, ProjectView, Registry, ReportLine, ReportRow,
    ReportView,
};

/// How many reports a project page lists: more than any crediting period has.
const REPORTS_MAX: i64 = 200;

impl Registry {
    /// One page of the records a viewer may see.
    pub(crate) async fn show_list(
        &self,
        by: &By,
        kind: RecordKind,
        filter: &ListFilter,
    ) -> Result<Page<RecordRow>, Error> {
        let organisation = by.organisation.as_str();
        let whose = match by.role {
            Role::ProjectOwner => Whose::Owner(organisation),
            Role::Vvb => Whose::Vvb(organisation),
            Role::RegistryOperator => Whose::Submitted,
            Role::EventOrganiser | Role::Individual => {
                return Ok(Page {
                    rows: Vec::new(),
                    next: None,
                });
            }
        };
        let (state, project, page) = (
            filter.state.as_deref(),
            filter.project.as_deref(),
            &filter.page,
        );
        let mut connection = self.store.read().await?;
        let rows = store::list(
            &mut connection,
            whose,
            kind.code(),
            state,
            project,
            page.before(),
            page.rows() + 1,
        )
        .await?;
        Ok(Page::cut(rows, page.rows(), |row| row.id.clone()))
    }

    /// Everything about one project.
    pub(crate) async fn show_project(&self, by: &By, id: &str) -> Result<ProjectView, Error> {
        let mut connection = self.store.read().await?;
        let row = store::by_id(&mut connection, RecordKind::Project.code(), id)
            .await?
            .ok_or(Error::NotFound)?;
        check_party(by, &row)?;
        let today = by.at.beijing_date();
        let book = rulebook::in_force(&mut connection).await?;
        let row = record::as_of(row, today, &book)?;
        let fields = fields_of(&row.fields)?;
        let state = State::of(&row)?;
        let mut allowed = state.acts_for(by.role);
        let creditable = matches!(state, State::Project(state) if domain::project::guard::project_creditable(state).is_ok());
        if creditable && by.role == Role::ProjectOwner {
            allowed.push(Act::ReportCreate);
        }
        let set = record::parameters_for(&mut connection, &row).await?;
        let open_points = if is_open(&row) {
            ProjectDesign::read(&fields, today, &set)
                .err()
                .unwrap_or_default()
        } else {
            Vec::new()
        };
        let reports = store::list(
            &mut connection,
            Whose::Owner(&row.owner_id),
            RecordKind::Report.code(),
            None,
            Some(&row.id),
            "g",
            REPORTS_MAX,
        )
        .await?;
        // A VVB sees its own mandates and what is public, the registry what was handed in.
        let seen = reports
            .into_iter()
            .rev()
            .filter(|report| check_party(by, report).is_ok() || report.public_tab.is_some());
        let reports = seen
            .map(|report| report_row(report, today, &book.calendar))
            .collect::<Result<_, _>>()?;
        let ends = ending::ends_of(&mut connection, by, &row, today).await?;
        ends.keep_possible(&mut allowed);
        Ok(ProjectView {
            ends,
            owner: OrganisationId::from(row.owner_id.as_str()),
            validator: row.vvb_id.as_deref().map(OrganisationId::from),
            allowed,
            published_fields: row.published_fields.as_deref().map(fields_of).transpose()?,
            open_points,
            crediting_start: row.period_start.clone(),
            crediting_end: row.period_end.clone(),
            registered_at: row.registered_at.map(Instant),
            reason: row.reason.clone(),
            calculations: calculations(&mut connection, &row.id).await?,
            assessment: assessment(&mut connection, &row.id).await?,
            timeline: timeline(&mut connection, by, &row.id).await?,
            opinions: opinions(&mut connection, by, &row.id).await?,
            parameters: set,
            reports,
            fields,
            row: project_row(row, today, &book.calendar)?,
        })
    }

    /// Everything about one report.
    pub(crate) async fn show_report(&self, by: &By, id: &str) -> Result<ReportView, Error> {
        let mut connection = self.store.read().await?;
        let row = store::by_id(&mut connection, RecordKind::Report.code(), id)
            .await?
            .ok_or(Error::NotFound)?;
        check_party(by, &row)?;
        let today = by.at.beijing_date();
        let book = rulebook::in_force(&mut connection).await?;
        let row = record::as_of(row, today, &book)?;
        let fields = fields_of(&row.fields)?;
        let set = record::parameters_for(&mut connection, &row).await?;
        let project_id = row.project_id.as_deref().unwrap_or("");
        let project = store::by_id(&mut connection, RecordKind::Project.code(), project_id).await?;
        let basis = basis_of(&mut connection, &row, &project.ok_or(Error::NotFound)?).await?;
        let open_points = if is_open(&row) {
            MonitoringReport::read(&fields, &basis, today, &set)
                .err()
                .unwrap_or_default()
        } else {
            Vec::<Refusal>::new()
        };
        let ends = ending::ends_of(&mut connection, by, &row, today).await?;
        let mut allowed = State::of(&row)?.acts_for(by.role);
        ends.keep_possible(&mut allowed);
        Ok(ReportView {
            ends,
            owner: OrganisationId::from(row.owner_id.as_str()),
            verifier: row.vvb_id.as_deref().map(OrganisationId::from),
            allowed,
            published_fields: row.published_fields.as_deref().map(fields_of).transpose()?,
            basis: Some(basis),
            open_points,
            lines: lines(&mut connection, &row.id).await?,
            reason: row.reason.clone(),
            calculations: calculations(&mut connection, &row.id).await?,
            assessment: assessment(&mut connection, &row.id).await?,
            timeline: timeline(&mut connection, by, &row.id).await?,
            opinions: opinions(&mut connection, by, &row.id).await?,
            parameters: set,
            fields,
            row: report_row(row, today, &book.calendar)?,
        })
    }
}

/// Whether the owner can still change the document, or the registry has not yet taken it on.
fn is_open(row: &RecordRow) -> bool {
    matches!(
        row.state.as_str(),
        "draft" | "mandate_requested" | "vvb_confirmed" | "publicity_review"
    )
}

pub(crate) fn project_row(
    row: RecordRow,
    today: Date,
    calendar: &Calendar,
) -> Result<ProjectRow, Error> {
    Ok(ProjectRow {
        turn: turn(&row, today, calendar)?,
        paused: is_paused(&row),
        id: row.id.into(),
        code: row.code,
        name: row.name,
        methodology: row.methodology,
        project_type: row.project_type,
        province: row.province,
        state: row.state,
        state_since: Instant(row.state_since),
        owner: row.owner_name,
        validator: row.vvb_name,
        expected_year_tonnes: row.year_tonnes,
        expected_total_tonnes: row.total_tonnes,
        publicity_start: row.publicity_start,
        publicity_end: row.publicity_end,
        revision: row.revision,
    })
}

pub(crate) fn report_row(
    row: RecordRow,
    today: Date,
    calendar: &Calendar,
) -> Result<ReportRow, Error> {
    let fields = fields_of(&row.fields)?;
    let typed_day = |field: &str| {
        let day = domain::text::date(field, fields.get(field).map_or("", String::as_str));
        day.ok().map(|day| day.to_string())
    };
    Ok(ReportRow {
        turn: turn(&row, today, calendar)?,
        paused: is_paused(&row),
        id: row.id.into(),
        project: row.project_id.unwrap_or_default().into(),
        project_code: row.project_code.unwrap_or_default(),
        project_name: row.project_name.unwrap_or_default(),
        methodology: row.methodology,
        number: row.number.unwrap_or_default(),
        period_start: row.period_start.or_else(|| typed_day("period_from")),
        period_end: row.period_end.or_else(|| typed_day("period_to")),
        state: row.state,
        state_since: Instant(row.state_since),
        owner: row.owner_name,
        verifier: row.vvb_name,
        applied_tonnes: row.total_tonnes,
        verified_tonnes: row.verified_tonnes,
        issued_tonnes: row.issued_tonnes,
        publicity_start: row.publicity_start,
        publicity_end: row.publicity_end,
        revision: row.revision,
    })
}

fn is_paused(row: &RecordRow) -> bool {
    row.paused_since.is_some()
}

/// Whose turn it is, and by when.
pub(crate) fn turn(row: &RecordRow, today: Date, calendar: &Calendar) -> Result<Turn, Error> {
    let state = State::of(row)?;
    let (role, organisation) = match state.party() {
        Party::Owner => (Some(Role::ProjectOwner), Some(row.owner_name.clone())),
        Party::Vvb => (Some(Role::Vvb), row.vvb_name.clone()),
        Party::Operator => (Some(Role::RegistryOperator), None),
        Party::Date | Party::Nobody => (None, None),
    };
    Ok(Turn {
        role,
        organisation,
        working_days_left: row
            .due_on
            .as_deref()
            .and_then(|due| working_days_left(calendar, due, today)),
        due_on: row.due_on.clone(),
        next: role.and_then(|role| state.acts_for(role).first().copied()),
    })
}

/// Working days from today, not counted, to a day; negative when it has passed; `None` beyond the published calendar.
pub(crate) fn working_days_left(calendar: &Calendar, due: &str, today: Date) -> Option<i64> {
    let due = day_of(due).ok()?;
    let count = |from: Date, to: Date| {
        calendar
            .working_days_between(from.next_day()?, to)
            .ok()
            .map(i64::from)
    };
    if due >= today {
        count(today, due)
    } else {
        count(due, today).map(|days| -days)
    }
}

pub(crate) async fn lines(
    connection: &mut AnyConnection,
    report: &str,
) -> Result<Vec<ReportLine>, Error> {
    let rows = store::lines(connection, report).await?;
    rows.into_iter()
        .map(|(year, applied, verified, issued)| {
            Ok(ReportLine {
                year: year_of(year)?,
                applied,
                verified,
                issued,
            })
        })
        .collect()
}

pub(crate) async fn calculations(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Vec<CalculationView>, Error> {
    let rows = store::calculations(connection, record).await?;
    calculation_views(connection, rows).await
}

/// Each stored calculation with the parameter set it names.
pub(crate) async fn calculation_views(
    connection: &mut AnyConnection,
    rows: Vec<CalculationRow>,
) -> Result<Vec<CalculationView>, Error> {
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let set = parameter_set::set_of_outcome(&row.outcome)?;
        let set = parameter_set::of_set(connection, set).await?;
        views.push(calculation_view(row, set)?);
    }
    Ok(views)
}

fn calculation_view(row: CalculationRow, parameters: Parameters) -> Result<CalculationView, Error> {
    let read = |text: &str| {
        serde_json::from_str(text)
            .map_err(|error| Error::Store(format!("calculation {}: {error}", row.id)))
    };
    Ok(CalculationView {
        parameter_sets: read(&row.parameter_sets)?,
        input: read(&row.input)?,
        outcome: read(&row.outcome)?,
        parameters,
        id: row.id,
        stage: row.stage,
        calculator: row.calculator,
        version: row.version,
        at: Instant(row.at),
    })
}

async fn assessment(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Option<AssessmentView>, Error> {
    let Some(row) = store::assessment_of(connection, record).await? else {
        return Ok(None);
    };
    let amounts = serde_json::from_str(&row.amounts);
    Ok(Some(AssessmentView {
        vvb: row.vvb,
        conclusion: row.conclusion,
        text: row.report_text,
        commitment: row.commitment,
        amounts: amounts.map_err(|error| Error::Store(format!("amounts of {record}: {error}")))?,
        at: Instant(row.at),
    }))
}

async fn timeline(
    connection: &mut AnyConnection,
    by: &By,
    record: &str,
) -> Result<Vec<TimelineEntry>, Error> {
    let rows = act::timeline(connection, record).await?;
    let entries = rows.into_iter().map(|row| {
        let own = row.organisation_id.as_deref() == Some(by.organisation.as_str());
        TimelineEntry {
            at: Instant(row.at),
            act: row.kind,
            state: row.state,
            organisation: row.organisation,
            person: row
                .person
                .filter(|_| own || by.role == Role::RegistryOperator),
            note: row.note,
            hash: row.hash,
        }
    });
    Ok(entries.collect())
}

async fn opinions(
    connection: &mut AnyConnection,
    by: &By,
    record: &str,
) -> Result<Vec<OpinionView>, Error> {
    let rows = store::opinions_of(connection, record).await?;
    rows.into_iter()
        .filter(|row| may_see(by, row))
        .map(|row| opinion_view(by, row))
        .collect()
}

/// The registry sees every opinion; the owner and the VVB those that are published.
pub(crate) fn may_see(by: &By, row: &OpinionRow) -> bool {
    by.role == Role::RegistryOperator || row.moderation == "published"
}

pub(crate) fn opinion_view(by: &By, row: OpinionRow) -> Result<OpinionView, Error> {
    let kind = RecordKind::from_code(&row.kind)
        .ok_or_else(|| Error::Store(format!("record kind {}", row.kind)))?;
    Ok(OpinionView {
        id: row.id,
        kind,
        record: row.record_id,
        author: row.author,
        contact: (by.role == Role::RegistryOperator).then_some(row.contact),
        text: row.body,
        at: Instant(row.at),
        moderation: row.moderation,
        moderation_reason: row.moderation_reason,
        reply: row.reply,
        replied_at: row.replied_at.map(Instant),
        handled: row.handled,
        authority_note: row
            .authority_note
            .filter(|_| by.role == Role::RegistryOperator),
    })
}

/// The title of a record: the project's name.
pub(crate) fn title_of(row: &RecordRow) -> Result<(String, Option<String>), Error> {
    Ok(match kind_of(row)? {
        RecordKind::Project => (row.name.clone(), row.code.clone()),
        RecordKind::Report => (
            row.project_name.clone().unwrap_or_default(),
            row.project_code.clone(),
        ),
    })
}
