//! Projects: from the first draft of the design document to registration.

use std::collections::BTreeMap;

use domain::id::{OrganisationId, ProjectId};
use domain::{Act, Instant};
use serde::Serialize;

use crate::record::RecordKind;
use crate::record::{AssessmentView, CalculationView, ListFilter, Receipt, TimelineEntry, Turn};
use crate::show::project_row;
use crate::{By, Ends, Error, Fields, OpinionView, Page, Registry, ReportRow};

/// A project in a list of its parties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProjectRow {
    /// Its id.
    pub id: ProjectId,
    /// The project code; `None` before registration.
    pub code: Option<String>,
    /// The name; may be empty in a draft.
    pub name: String,
    /// The methodology, `CCER-01-002-V01`.
    pub methodology: String,
    /// The project type, `A0201`.
    pub project_type: String,
    /// The province, as typed.
    pub province: String,
    /// The state, a code of the state table.
    pub state: String,
    /// Since when.
    pub state_since: Instant,
    /// Whether the review's clock is stopped.
    pub paused: bool,
    /// The owner's name.
    pub owner: String,
    /// The validating body's name, once chosen.
    pub validator: Option<String>,
    /// Expected tonnes a year, from the latest calculation.
    pub expected_year_tonnes: Option<i64>,
    /// Expected tonnes in the crediting period, from the latest calculation.
    pub expected_total_tonnes: Option<i64>,
    /// First day of publicity, `YYYY-MM-DD`.
    pub publicity_start: Option<String>,
    /// Last day of publicity.
    pub publicity_end: Option<String>,
    /// Whose turn it is.
    pub turn: Turn,
    /// The revision, for `project_save`.
    pub revision: i64,
}

/// Everything about one project, for one viewer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProjectView {
    /// The row.
    pub row: ProjectRow,
    /// The owner.
    pub owner: OrganisationId,
    /// The chosen VVB.
    pub validator: Option<OrganisationId>,
    /// What this viewer may do now, the straight path first. Acts on opinions are not among them.
    pub allowed: Vec<Act>,
    /// The draft's fields as typed (the owner, the VVB and, once submitted, the registry see them).
    pub fields: BTreeMap<String, String>,
    /// The fields as they were published.
    pub published_fields: Option<BTreeMap<String, String>>,
    /// What still keeps the design document from being submitted; empty when complete.
    pub open_points: Vec<domain::Refusal>,
    /// First day of the crediting period, when the document states one.
    pub crediting_start: Option<String>,
    /// Last day of the crediting period.
    pub crediting_end: Option<String>,
    /// When it was registered.
    pub registered_at: Option<Instant>,
    /// How it ended, the bars on its owner, its experts, and until when its files are kept.
    pub ends: Ends,
    /// The reason of the last return, refusal, pause or negative report, if the record waits because of it.
    pub reason: Option<String>,
    /// The numbers that the document is calculated with: those in force while it is written, those it was submitted with afterwards.
    pub parameters: methodologies::Parameters,
    /// The stored calculations, oldest first.
    pub calculations: Vec<CalculationView>,
    /// The validation report.
    pub assessment: Option<AssessmentView>,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// Opinions, oldest first; refused and not yet moderated ones only for the registry.
    pub opinions: Vec<OpinionView>,
    /// Its monitoring reports, oldest first.
    pub reports: Vec<ReportRow>,
}

impl Registry {
    /// The projects of the viewer's organisation (owner), those that name it (VVB), or all that were ever submitted (registry).
    pub async fn project_list(
        &self,
        by: &By,
        filter: &ListFilter,
    ) -> Result<Page<ProjectRow>, Error> {
        let page = self.show_list(by, RecordKind::Project, filter).await?;
        let calendar = self.rule_book().await?.calendar;
        let today = by.at.beijing_date();
        let rows = page
            .rows
            .into_iter()
            .map(|row| project_row(row, today, &calendar));
        Ok(Page {
            rows: rows.collect::<Result<_, _>>()?,
            next: page.next,
        })
    }

    /// Everything about one project. `NotFound` for those who are not its parties.
    pub async fn project_get(&self, by: &By, project: &ProjectId) -> Result<ProjectView, Error> {
        self.show_project(by, project.as_str()).await
    }

    /// Begins a design document. Reads `methodology` (and keeps every other field as the first draft); with `source`, the id of an own
    /// application that had ended, its content is the first draft.
    pub async fn project_create(&self, by: &By, fields: &Fields) -> Result<Receipt, Error> {
        self.draft_project(by, fields).await
    }

    /// Keeps what was typed: the given fields replace those of the same name, an empty text removes one. Refuses `stale_form` if the
    /// draft has another revision than the one the form was made from and the form says anything else than the draft.
    pub async fn project_save(
        &self,
        by: &By,
        project: &ProjectId,
        revision: i64,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.draft_save(
            by,
            Act::ProjectSave,
            RecordKind::Project,
            project.as_str(),
            revision,
            fields,
        )
        .await
    }

    /// Asks a VVB. Reads `validator` (its organisation id); refuses bodies not approved for the sector today.
    pub async fn project_request_mandate(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectRequestMandate,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// The VVB takes it on. Reads `contract` (reference of the contract).
    pub async fn project_confirm_mandate(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectConfirmMandate,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// The VVB declines. Reads `reason`.
    pub async fn project_decline_mandate(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectDeclineMandate,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// Asks the registry to publish: the document must be complete and keep every guard. Reads `statement` (`yes`: everything is true). Runs the calculator and stores the calculation.
    pub async fn project_request_publicity(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectRequestPublicity,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// The registry schedules 20 working days from the next working day. Refuses a window that reaches a year without a published calendar.
    pub async fn project_approve_publicity(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectApprovePublicity,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// The registry gives the publicity a later last day, because the calendar changed. Reads `publicity_end` and `reason`; refuses a day
    /// that is not later, and one that is no working day of the calendar in force. Both days and both calendars are kept and public.
    pub async fn project_extend_publicity(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectExtendPublicity,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// The registry returns the request for publicity. Reads `reason`.
    pub async fn project_return(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectReturn,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// The owner gives the application up before publicity. Reads `reason`.
    pub async fn project_withdraw(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectWithdraw,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// The owner asks to recall the published document. Reads `reason`.
    pub async fn project_request_recall(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectRequestRecall,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// The registry agrees to the recall.
    pub async fn project_approve_recall(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectApproveRecall,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// The registry refuses the recall. Reads `reason`.
    pub async fn project_refuse_recall(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectRefuseRecall,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// Positive validation report. Reads `report` (text), `commitment` (`yes`), `amounts.N.year`, `amounts.N.tonnes` (must equal what the calculator gives), and `opinions.<id>` (how each published opinion was handled). Every published opinion must have been answered.
    pub async fn project_validate(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectValidate,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// Negative validation report: the application ends. Reads `report`, `commitment`.
    pub async fn project_reject(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectReject,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// The owner applies for registration. Reads `statement` (`yes`: unique and true).
    pub async fn project_apply_registration(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectApplyRegistration,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// The registry returns the application. Reads `reason`.
    pub async fn project_return_registration(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectReturnRegistration,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// The registry stops the review's clock. Reads `reason` (its questions).
    pub async fn project_pause(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectPause,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// The registry takes the review up again.
    pub async fn project_resume(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectResume,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// The registry registers the project and allocates its code.
    pub async fn project_register(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectRegister,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// The owner gives the application up after publicity; final. Reads `reason`.
    pub async fn project_abort(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectAbort,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// The registry ends the application; final. Reads `reason` and `legal_ground`.
    pub async fn project_refuse_registration(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectRefuseRegistration,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// The registry draws experts for its review. Reads `count` (1..=9); refuses `experts_too_few`.
    pub async fn project_appoint_experts(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectAppointExperts,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// The registry enters an expert's answer. Reads `appointment`, `conclusion`, `opinion`, `no_conflict` (`yes`: the expert states that there is no conflict of interest).
    pub async fn project_record_expert(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectRecordExpert,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// The owner asks to cancel the registration. Reads `reason` and `outstanding` (what becomes of open reports).
    pub async fn project_request_deregistration(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectRequestDeregistration,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// The registry does not cancel the registration. Reads `reason`.
    pub async fn project_refuse_deregistration(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectRefuseDeregistration,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// The registry cancels the registration; final, and every open report ends with it. Reads `ground` (a code of `DeregistrationGround`), `reason` and, when it acts by itself, `investigation`.
    pub async fn project_deregister(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectDeregister,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }

    /// The registry enters the notice by which an authority revokes the registration; final: every open report ends, and the owner is barred. Reads `ground` (a code of `RevocationGround`), `reason`, `authority`, `document_number`, `document_date`.
    pub async fn project_revoke(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ProjectRevoke,
            RecordKind::Project,
            project.as_str(),
            fields,
        )
        .await
    }
}
