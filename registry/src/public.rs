//! What anyone may see. The only way data leaves to the public: it reads public columns only (`registry/columns.toml`).
//!
//! Records appear here from the first day of their publicity. Who holds credits now is not public; that they are held or
//! retired is, and so is every retirement.

use std::collections::BTreeMap;

use domain::Instant;
use serde::Serialize;

use crate::record::{CalculationView, RecordKind, YearAmount};
use crate::store::Store;
use crate::{Error, Page, PageRequest};

/// The public's tabs over projects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectTab {
    /// 公示中项目.
    InPublicity,
    /// 公示结束项目: publicity is over, not yet registered, or ended without registration.
    PublicityEnded,
    /// 已登记项目, expired ones included.
    Registered,
    /// 已注销项目.
    Deregistered,
}

/// Which projects.
#[derive(Clone, Debug, Default)]
pub struct PublicProjectFilter {
    /// Only this tab.
    pub tab: Option<ProjectTab>,
    /// Only this methodology code.
    pub methodology: Option<String>,
    /// Only this province, exactly as published.
    pub province: Option<String>,
    /// Only projects whose name, code or owner contains this text; any case.
    pub text: Option<String>,
    /// Which page.
    pub page: PageRequest,
}

/// A project in the public list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicProjectRow {
    /// Its id.
    pub id: String,
    /// The project code; `None` before registration.
    pub code: Option<String>,
    /// The name.
    pub name: String,
    /// The owner's name.
    pub owner: String,
    /// The methodology.
    pub methodology: String,
    /// The project type.
    pub project_type: String,
    /// The province.
    pub province: String,
    /// The state's code.
    pub state: String,
    /// Expected tonnes a year.
    pub expected_year_tonnes: Option<i64>,
    /// First day of publicity.
    pub publicity_start: Option<String>,
    /// Last day of publicity.
    pub publicity_end: Option<String>,
    /// When it was registered.
    pub registered_at: Option<Instant>,
}

/// A published opinion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicOpinion {
    /// Its id.
    pub id: String,
    /// The name the author gave.
    pub author: String,
    /// The text.
    pub text: String,
    /// When.
    pub at: Instant,
    /// The owner's answer.
    pub reply: Option<String>,
    /// How the VVB says it was handled.
    pub handled: Option<String>,
}

/// A published validation or verification report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicAssessment {
    /// The VVB's name.
    pub vvb: String,
    /// `positive` or `negative`.
    pub conclusion: String,
    /// The text.
    pub text: String,
    /// The commitment statement.
    pub commitment: String,
    /// The amounts.
    pub amounts: Vec<YearAmount>,
    /// When it was uploaded.
    pub at: Instant,
}

/// A class of credits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicClass {
    /// Its id.
    pub id: String,
    /// The project's id.
    pub project: String,
    /// The project's code.
    pub project_code: String,
    /// The project's name.
    pub project_name: String,
    /// The methodology.
    pub methodology: String,
    /// The year of generation.
    pub vintage: i32,
    /// Tonnes issued.
    pub issued: i64,
    /// Tonnes held by anyone.
    pub held: i64,
    /// Tonnes retired.
    pub retired: i64,
    /// All its numbers, `HT-A210001-2024-1-500`; `None` when nothing was issued.
    pub serial: Option<String>,
}

/// An act as the public sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicAct {
    /// When.
    pub at: Instant,
    /// The act's name.
    pub act: String,
    /// `project`, `report` or `retirement`.
    pub subject_kind: String,
    /// The project's or report's id, or the retirement's number.
    pub subject: String,
    /// The project's name, or the beneficiary.
    pub title: String,
    /// The state after it, if it changed the state.
    pub state: Option<String>,
    /// The entry's hash in its chain.
    pub hash: String,
}

/// Everything public about one project.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PublicProject {
    /// The row.
    pub row: PublicProjectRow,
    /// The published document's fields.
    pub fields: BTreeMap<String, String>,
    /// The validating body's name.
    pub validator: Option<String>,
    /// First day of the crediting period.
    pub crediting_start: Option<String>,
    /// Last day of the crediting period.
    pub crediting_end: Option<String>,
    /// Expected tonnes in the crediting period.
    pub expected_total_tonnes: Option<i64>,
    /// Published calculations, oldest first.
    pub calculations: Vec<CalculationView>,
    /// The validation report.
    pub assessment: Option<PublicAssessment>,
    /// Published opinions, oldest first.
    pub opinions: Vec<PublicOpinion>,
    /// Its published reports, oldest first.
    pub reports: Vec<PublicReportRow>,
    /// Its credits, oldest vintage first.
    pub classes: Vec<PublicClass>,
    /// What happened since publication, oldest first.
    pub timeline: Vec<PublicAct>,
}

/// A monitoring report in a public list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicReportRow {
    /// Its id.
    pub id: String,
    /// The project's id.
    pub project: String,
    /// The project's code.
    pub project_code: String,
    /// The project's name.
    pub project_name: String,
    /// 1, 2, 3, … within the project.
    pub number: i64,
    /// First day of the period.
    pub period_start: String,
    /// Last day of the period.
    pub period_end: String,
    /// The state's code.
    pub state: String,
    /// Tonnes applied for.
    pub applied_tonnes: i64,
    /// Tonnes verified.
    pub verified_tonnes: Option<i64>,
    /// Tonnes issued.
    pub issued_tonnes: Option<i64>,
    /// First day of publicity.
    pub publicity_start: Option<String>,
    /// Last day of publicity.
    pub publicity_end: Option<String>,
}

/// Everything public about one monitoring report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PublicReport {
    /// The row.
    pub row: PublicReportRow,
    /// The published report's fields.
    pub fields: BTreeMap<String, String>,
    /// The verifying body's name.
    pub verifier: Option<String>,
    /// Tonnes per calendar year.
    pub lines: Vec<crate::ReportLine>,
    /// Published calculations, oldest first.
    pub calculations: Vec<CalculationView>,
    /// The verification report.
    pub assessment: Option<PublicAssessment>,
    /// Published opinions, oldest first.
    pub opinions: Vec<PublicOpinion>,
    /// What happened since publication, oldest first.
    pub timeline: Vec<PublicAct>,
}

/// What became of a serial number or a range of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SerialAnswer {
    /// The class.
    pub class: PublicClass,
    /// First number asked about.
    pub start: i64,
    /// Last number asked about.
    pub end: i64,
    /// Where each number of the range is now, in the order of the numbers.
    pub parts: Vec<SerialPart>,
    /// Every movement that touched the range, oldest first.
    pub history: Vec<SerialMove>,
}

/// A part of a range that is in one state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SerialPart {
    /// `HT-A210001-2024-1-500`.
    pub serial: String,
    /// First number.
    pub start: i64,
    /// Last number.
    pub end: i64,
    /// `holding` or `retired`.
    pub state: String,
    /// The retirement's number, when retired.
    pub retirement: Option<String>,
}

/// A movement of a range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SerialMove {
    /// When.
    pub at: Instant,
    /// `issued`, `transferred` or `retired`.
    pub movement: String,
    /// First number that moved.
    pub start: i64,
    /// Last number that moved.
    pub end: i64,
    /// The retirement's number, when retired.
    pub retirement: Option<String>,
}

/// A retirement in a public list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicRetirementRow {
    /// The certificate's number.
    pub number: String,
    /// When.
    pub at: Instant,
    /// Who retired.
    pub holder: String,
    /// For whom.
    pub beneficiary: String,
    /// The purpose's code.
    pub purpose: String,
    /// Tonnes.
    pub quantity: i64,
}

/// One block of a certificate: one row of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CertificateLine {
    /// The ledger transfer.
    pub transfer: String,
    /// The class.
    pub class: String,
    /// The project's id.
    pub project: String,
    /// The project's code.
    pub project_code: String,
    /// The project's name.
    pub project_name: String,
    /// The methodology.
    pub methodology: String,
    /// The province.
    pub province: String,
    /// The year of generation.
    pub vintage: i32,
    /// First number.
    pub start: i64,
    /// Last number.
    pub end: i64,
    /// Tonnes.
    pub quantity: i64,
    /// `HT-A210001-2024-1-500`.
    pub serial: String,
}

/// Everything a retirement certificate states, read from the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Certificate {
    /// The number, `HTR-2026-000001-5`.
    pub number: String,
    /// When.
    pub at: Instant,
    /// Who retired.
    pub holder: String,
    /// For whom.
    pub beneficiary: String,
    /// The beneficiary's unified social credit code, if given.
    pub beneficiary_uscc: Option<String>,
    /// The purpose's code.
    pub purpose: String,
    /// For what.
    pub purpose_text: String,
    /// Tonnes: the sum of the lines.
    pub quantity: i64,
    /// The blocks.
    pub lines: Vec<CertificateLine>,
    /// The hash of the act in its chain, 64 hexadecimal digits.
    pub act_hash: String,
}

/// Tonnes of one calendar year of the registry's life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct YearTotal {
    /// The year of generation.
    pub vintage: i32,
    /// Tonnes issued.
    pub issued: i64,
    /// Tonnes retired.
    pub retired: i64,
}

/// What this registry holds now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statistics {
    /// How many published projects are in each state.
    pub projects: BTreeMap<String, i64>,
    /// How many published reports are in each state.
    pub reports: BTreeMap<String, i64>,
    /// Tonnes issued.
    pub issued: i64,
    /// Tonnes held.
    pub held: i64,
    /// Tonnes retired.
    pub retired: i64,
    /// How many retirements.
    pub retirements: i64,
    /// By year of generation, oldest first.
    pub vintages: Vec<YearTotal>,
}

/// Reads for the public.
#[derive(Clone, Copy)]
pub struct Public<'a> {
    store: &'a Store,
}

impl<'a> Public<'a> {
    pub(crate) fn new(store: &'a Store) -> Self {
        Self { store }
    }

    /// The published projects, newest first.
    pub async fn projects(
        &self,
        filter: &PublicProjectFilter,
    ) -> Result<Page<PublicProjectRow>, Error> {
        let _ = (self.store, filter);
        Err(Error::not_built())
    }

    /// One published project, by its id or its code.
    pub async fn project(&self, id_or_code: &str) -> Result<PublicProject, Error> {
        let _ = id_or_code;
        Err(Error::not_built())
    }

    /// The published reports, newest first; only in this state if given.
    pub async fn reports(
        &self,
        state: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<PublicReportRow>, Error> {
        let _ = (state, page);
        Err(Error::not_built())
    }

    /// One published report.
    pub async fn report(&self, id: &str) -> Result<PublicReport, Error> {
        let _ = id;
        Err(Error::not_built())
    }

    /// The published opinions on a record, oldest first.
    pub async fn opinions(
        &self,
        kind: RecordKind,
        record: &str,
    ) -> Result<Vec<PublicOpinion>, Error> {
        let _ = (kind, record);
        Err(Error::not_built())
    }

    /// One class of credits.
    pub async fn class(&self, id: &str) -> Result<PublicClass, Error> {
        let _ = id;
        Err(Error::not_built())
    }

    /// Every class of which anything was issued, newest first.
    pub async fn classes(&self, page: &PageRequest) -> Result<Page<PublicClass>, Error> {
        let _ = page;
        Err(Error::not_built())
    }

    /// What became of `HT-A210001-2024-1-500`, or of one number, `HT-A210001-2024-7`. Refuses `serial_invalid`; `NotFound` when
    /// there are no such numbers.
    pub async fn serial(&self, serial: &str) -> Result<SerialAnswer, Error> {
        let _ = serial;
        Err(Error::not_built())
    }

    /// The certificate with this number, typed in any case.
    pub async fn certificate(&self, number: &str) -> Result<Certificate, Error> {
        let _ = number;
        Err(Error::not_built())
    }

    /// Every retirement, newest first; only those whose beneficiary or holder contains the text, if given.
    pub async fn retirements(
        &self,
        text: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<PublicRetirementRow>, Error> {
        let _ = (text, page);
        Err(Error::not_built())
    }

    /// What this registry holds now.
    pub async fn statistics(&self) -> Result<Statistics, Error> {
        Err(Error::not_built())
    }

    /// The latest public acts, newest first, at most `count` (1..=100).
    pub async fn recent_acts(&self, count: i64) -> Result<Vec<PublicAct>, Error> {
        let _ = count;
        Err(Error::not_built())
    }
}
