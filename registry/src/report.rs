//! Monitoring reports: the application for the reductions of one period, up to the issue of credits.

use std::collections::BTreeMap;

use domain::id::{OrganisationId, ProjectId, ReportId};
use domain::{Act, Instant};
use serde::Serialize;

use crate::record::RecordKind;
use crate::record::{AssessmentView, CalculationView, ListFilter, Receipt, TimelineEntry, Turn};
use crate::show::report_row;
use crate::{By, Ends, Error, Fields, OpinionView, Page, Registry};

/// A monitoring report in a list of its parties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportRow {
    /// Its id.
    pub id: ReportId,
    /// The project.
    pub project: ProjectId,
    /// The project's code.
    pub project_code: String,
    /// The project's name.
    pub project_name: String,
    /// The methodology.
    pub methodology: String,
    /// 1, 2, 3, … within the project.
    pub number: i64,
    /// First day of the period, when the draft states one.
    pub period_start: Option<String>,
    /// Last day of the period.
    pub period_end: Option<String>,
    /// The state, a code of the state table.
    pub state: String,
    /// Since when.
    pub state_since: Instant,
    /// Whether the review's clock is stopped.
    pub paused: bool,
    /// The owner's name.
    pub owner: String,
    /// The verifying body's name, once chosen.
    pub verifier: Option<String>,
    /// Tonnes applied for, when calculated.
    pub applied_tonnes: Option<i64>,
    /// Tonnes verified, when verified.
    pub verified_tonnes: Option<i64>,
    /// Tonnes issued, when issued.
    pub issued_tonnes: Option<i64>,
    /// First day of publicity, `YYYY-MM-DD`.
    pub publicity_start: Option<String>,
    /// Last day of publicity.
    pub publicity_end: Option<String>,
    /// Whose turn it is.
    pub turn: Turn,
    /// The revision, for `report_save`.
    pub revision: i64,
}

/// One calendar year of a monitoring report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportLine {
    /// The year.
    pub year: i32,
    /// Tonnes applied for.
    pub applied: i64,
    /// Tonnes verified.
    pub verified: Option<i64>,
    /// Tonnes issued.
    pub issued: Option<i64>,
}

/// Everything about one monitoring report, for one viewer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReportView {
    /// The row.
    pub row: ReportRow,
    /// The owner.
    pub owner: OrganisationId,
    /// The chosen VVB.
    pub verifier: Option<OrganisationId>,
    /// What this viewer may do now, the straight path first.
    pub allowed: Vec<Act>,
    /// The draft's fields as typed.
    pub fields: BTreeMap<String, String>,
    /// The fields as they were published.
    pub published_fields: Option<BTreeMap<String, String>>,
    /// What the report takes from its project and from the report before it.
    #[serde(skip)]
    pub basis: Option<domain::project::ReportBasis>,
    /// What still keeps the report from being submitted; empty when complete.
    pub open_points: Vec<domain::Refusal>,
    /// Tonnes per calendar year.
    pub lines: Vec<ReportLine>,
    /// How it ended, the bars on its owner, its experts, and until when its files are kept.
    pub ends: Ends,
    /// The reason of the last return, refusal, pause or negative report, if the record waits because of it.
    pub reason: Option<String>,
    /// The numbers that the report is calculated with: those in force while it is written, those it was submitted with afterwards.
    pub parameters: methodologies::Parameters,
    /// The stored calculations, oldest first.
    pub calculations: Vec<CalculationView>,
    /// The verification report.
    pub assessment: Option<AssessmentView>,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// Opinions, oldest first; refused and not yet moderated ones only for the registry.
    pub opinions: Vec<OpinionView>,
}

impl Registry {
    /// The reports of the viewer's organisation (owner), those that name it (VVB), or all that were ever submitted (registry).
    pub async fn report_list(
        &self,
        by: &By,
        filter: &ListFilter,
    ) -> Result<Page<ReportRow>, Error> {
        let page = self.show_list(by, RecordKind::Report, filter).await?;
        let calendar = self.rule_book().await?.calendar;
        let today = by.at.beijing_date();
        let rows = page
            .rows
            .into_iter()
            .map(|row| report_row(row, today, &calendar));
        Ok(Page {
            rows: rows.collect::<Result<_, _>>()?,
            next: page.next,
        })
    }

    /// Everything about one report. `NotFound` for those who are not its parties.
    pub async fn report_get(&self, by: &By, report: &ReportId) -> Result<ReportView, Error> {
        self.show_report(by, report.as_str()).await
    }

    /// Begins a monitoring report for a registered project of the own organisation; the fields are kept as the first draft.
    pub async fn report_create(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.draft_report(by, project.as_str(), fields).await
    }

    /// Keeps what was typed, as `project_save` does.
    pub async fn report_save(
        &self,
        by: &By,
        report: &ReportId,
        revision: i64,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.draft_save(
            by,
            Act::ReportSave,
            RecordKind::Report,
            report.as_str(),
            revision,
            fields,
        )
        .await
    }

    /// Asks a VVB. Reads `verifier` (its organisation id); refuses bodies not approved for the sector today.
    pub async fn report_request_mandate(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportRequestMandate,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }

    /// The VVB takes it on. Reads `contract` (reference of the contract).
    pub async fn report_confirm_mandate(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportConfirmMandate,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }

    /// The VVB declines. Reads `reason`.
    pub async fn report_decline_mandate(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportDeclineMandate,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }

    /// Asks the registry to publish: the document must be complete and keep every guard. Reads `statement` (`yes`: everything is true). Runs the calculator and stores the calculation.
    pub async fn report_request_publicity(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportRequestPublicity,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }

    /// The registry schedules 20 working days from the next working day. Refuses a window that reaches a year without a published calendar.
    pub async fn report_approve_publicity(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportApprovePublicity,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }

    /// The registry gives the publicity a later last day, because the calendar changed. Reads `publicity_end` and `reason`; refuses a day
    /// that is not later, and one that is no working day of the calendar in force. Both days and both calendars are kept and public.
    pub async fn report_extend_publicity(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportExtendPublicity,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }

    /// The registry returns the request for publicity. Reads `reason`.
    pub async fn report_return(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportReturn,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }

    /// The owner gives the application up before publicity. Reads `reason`.
    pub async fn report_withdraw(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportWithdraw,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }

    /// The owner asks to recall the published document. Reads `reason`.
    pub async fn report_request_recall(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportRequestRecall,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }

    /// The registry agrees to the recall.
    pub async fn report_approve_recall(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportApproveRecall,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }

    /// The registry refuses the recall. Reads `reason`.
    pub async fn report_refuse_recall(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportRefuseRecall,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }

    /// Positive verification report. Reads `report` (text), `commitment` (`yes`), `amounts.N.year`, `amounts.N.tonnes` (the verified tonnes of each calendar year; must equal those applied for), and `opinions.<id>`.
    pub async fn report_verify(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportVerify,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }

    /// Negative verification report: the application ends. Reads `report`, `commitment`.
    pub async fn report_reject(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportReject,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }

    /// The owner applies for registration. Reads `statement` (`yes`: unique and true).
    pub async fn report_apply_registration(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportApplyRegistration,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }

    /// The registry returns the application. Reads `reason`.
    pub async fn report_return_registration(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportReturnRegistration,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }

    /// The registry stops the review's clock. Reads `reason` (its questions).
    pub async fn report_pause(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportPause,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }

    /// The registry takes the review up again.
    pub async fn report_resume(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportResume,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }

    /// The registry registers the reductions.
    pub async fn report_register(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportRegister,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }

    /// The owner gives the report up after publicity; final. Reads `reason`.
    pub async fn report_abort(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportAbort,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }

    /// The registry ends the application; final. Reads `reason` and `legal_ground`.
    pub async fn report_refuse_registration(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportRefuseRegistration,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }

    /// The registry draws experts for its review. Reads `count` (1..=9); refuses `experts_too_few`.
    pub async fn report_appoint_experts(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportAppointExperts,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }

    /// The registry enters an expert's answer. Reads `appointment`, `conclusion`, `opinion`, `no_conflict` (`yes`: the expert states that there is no conflict of interest).
    pub async fn report_record_expert(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportRecordExpert,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }

    /// The registry issues the credits of each year into the owner's account.
    pub async fn report_issue(
        &self,
        by: &By,
        report: &ReportId,
        fields: &Fields,
    ) -> Result<Receipt, Error> {
        self.record_step(
            by,
            Act::ReportIssue,
            RecordKind::Report,
            report.as_str(),
            fields,
        )
        .await
    }
}
