//! What anyone may see. The only way data leaves to the public: it reads public columns only (`registry/columns.toml`).
//!
//! Records appear here from the first day of their publicity. Who holds credits now is not public; that they are held or
//! retired is, and so is every retirement.

use std::collections::{BTreeMap, BTreeSet};

use domain::Instant;
use domain::notification::{Step, quantile};
use serde::Serialize;
use sqlx::AnyConnection;

use crate::record::{CalculationView, RecordKind, YearAmount};
use domain::SerialBlock;
use domain::project::PublicTab;
use domain::serial::SerialNumber;
use domain::text::narrow;

use crate::credits::{serial_text, year_of};
use crate::ending;
use crate::number::read_retirement_number;
use crate::parameter_set::PublicParameterSet;
use crate::record::{fields_of, searchable};
use crate::rulebook::{PublicRuleVersion, PublicityExtension};
use crate::show::calculation_views;
use crate::store::public::{
    self as store, ProjectQuery, PublicActStored, PublicClassStored, PublicOpinionStored,
    PublicProjectStored, PublicReportStored, RetirementStored,
};
use crate::store::{Store, public_event};
use crate::{Ending, Error, Page, PageRequest, PublicBatch, ReportLine, public_batch};

/// Rows of each list of a serial answer on one page.
const SERIAL_ROWS: i64 = 200;
/// The same for taking rows.
const SERIAL_ROWS_TAKEN: usize = 200;

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
    /// How its registration ended: cancelled or revoked, when, on what ground.
    pub ending: Option<Ending>,
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
    /// `ccer`, or `inclusion`: carbon inclusion.
    pub unit_kind: String,
    /// By whom it is recognised: `national`, `provincial`, `municipal` or `none`.
    pub recognition: String,
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

/// A scheme of carbon inclusion: what stands where a project stands for other credits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicScheme {
    /// Its id.
    pub id: String,
    /// Its code, `P910001`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The region.
    pub region: String,
    /// By whom its tonnes are recognised: `provincial`, `municipal` or `none`.
    pub recognition: String,
    /// Its classes, oldest first.
    pub classes: Vec<PublicClass>,
    /// The latest batches that they were issued from, newest first.
    pub batches: Vec<PublicBatch>,
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
    /// Until when its files must be kept, `YYYY-MM-DD`; `None` before registration.
    pub retain_until: Option<String>,
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

/// The boundary of a published project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicBoundary {
    /// The project's id.
    pub project: String,
    /// Normalised GeoJSON, every coordinate with seven decimals; `boundary::reopen` reads it.
    pub geojson: String,
    /// The rectangle around it in 1e-6 degrees: west, south, east, north.
    pub bounding_box: [i64; 4],
    /// Area on the WGS84 ellipsoid, whole square metres, rounded down.
    pub area_m2: i64,
    /// How many polygons.
    pub plots: i64,
    /// How many points.
    pub points: i64,
    /// The kind of the file it came from: `GeoJSON`, `KML` or `Shapefile`.
    pub file_kind: String,
    /// SHA-256 of that file, 64 hexadecimal digits.
    pub file_sha256: String,
    /// When it was set.
    pub set_at: Instant,
}

impl PublicBoundary {
    /// The boundary as a GeoJSON feature that says whose it is and how large. The digits of the coordinates are those that are stored.
    pub fn feature(&self) -> String {
        let geometry = self
            .geojson
            .split_once(r#""geometry":"#)
            .and_then(|(_, rest)| rest.strip_suffix('}'))
            .unwrap_or("null");
        let [west, south, east, north] = self.bounding_box.map(|micro| {
            let sign = if micro < 0 { "-" } else { "" };
            let magnitude = micro.unsigned_abs();
            format!(
                "{sign}{}.{:06}",
                magnitude / 1_000_000,
                magnitude % 1_000_000
            )
        });
        let properties = serde_json::json!({
            "project": self.project,
            "area_m2": self.area_m2,
            "plots": self.plots,
            "points": self.points,
            "file_sha256": self.file_sha256,
            "coordinates": "CGCS2000 / WGS84",
        });
        format!(
            r#"{{"type":"Feature","bbox":[{west},{south},{east},{north}],"properties":{properties},"geometry":{geometry}}}"#
        )
    }
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
    /// How many numbers of the range are retired; all others are held.
    pub retired: i64,
    /// Where each number of the range is now, in the order of the numbers.
    pub parts: Page<SerialPart>,
    /// Every movement that touched the range, oldest first.
    pub history: Page<SerialMove>,
}

/// From where on the two lists of a [`SerialAnswer`] are read; their `next` goes here.
#[derive(Clone, Debug, Default)]
pub struct SerialPages {
    /// The part before the first one wanted.
    pub parts_after: Option<String>,
    /// The movement before the first one wanted.
    pub history_after: Option<String>,
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
    /// A code of `domain::ledger::AccountKind`: `holding`, `retired`, or how it is set aside.
    pub state: String,
    /// The retirement's number, when retired.
    pub retirement: Option<String>,
}

/// A movement of a range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SerialMove {
    /// When.
    pub at: Instant,
    /// `issued`, `transferred`, `retired`, or `changed` for another change of state.
    pub movement: String,
    /// The state they left: a code of `domain::ledger::AccountKind`.
    pub from_state: String,
    /// The state they entered.
    pub to_state: String,
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
    /// `ccer`, or `inclusion`: carbon inclusion.
    pub unit_kind: String,
    /// By whom it is recognised: `national`, `provincial`, `municipal` or `none`.
    pub recognition: String,
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
    /// The id of the act.
    pub act: String,
    /// Which version of its words this is, from 1.
    pub version: u32,
    /// Every version, oldest first: the first one is that of the retirement.
    pub versions: Vec<CertificateVersion>,
}

/// The words of a certificate in one of its versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CertificateVersion {
    /// From 1.
    pub version: u32,
    /// When it was made: at the retirement, or at the correction.
    pub at: Instant,
    /// For whom.
    pub beneficiary: String,
    /// The beneficiary's unified social credit code, if given.
    pub beneficiary_uscc: Option<String>,
    /// For what.
    pub purpose_text: String,
    /// Why the version before was corrected; `None` for the first one.
    pub reason: Option<String>,
    /// The id of the act that made it.
    pub act: String,
    /// The hash of that act in its chain, 64 hexadecimal digits.
    pub act_hash: String,
}

impl Certificate {
    /// Which version is in force.
    pub fn newest(&self) -> u32 {
        self.versions.last().map_or(1, |one| one.version)
    }

    /// The same retirement in the words of this version; `None` if there is none.
    pub fn in_version(&self, version: u32) -> Option<Self> {
        let words = self.versions.iter().find(|one| one.version == version)?;
        Some(Self {
            beneficiary: words.beneficiary.clone(),
            beneficiary_uscc: words.beneficiary_uscc.clone(),
            purpose_text: words.purpose_text.clone(),
            version,
            ..self.clone()
        })
    }

    /// The same retirement in the words of the version that this act made; `None` if it made none.
    pub(crate) fn made_by(&self, act: &str) -> Option<Self> {
        let version = self.versions.iter().find(|one| one.act == act)?;
        self.in_version(version.version)
    }

    /// The words of the version that is shown.
    pub fn shown_version(&self) -> Option<&CertificateVersion> {
        self.versions.iter().find(|one| one.version == self.version)
    }
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

/// How long one step really took, of all records of a kind, in one year or in all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepStatistics {
    /// Of projects or of monitoring reports.
    pub kind: RecordKind,
    /// Which step.
    pub step: Step,
    /// The year in which the steps ended; `None`: all years.
    pub year: Option<i32>,
    /// How many ended.
    pub count: i64,
    /// Days within which half of them ended, in the unit of the step.
    pub median_days: i64,
    /// Days within which four of five ended.
    pub percentile_80_days: i64,
}

/// Reads for the public.
#[derive(Clone, Copy)]
pub struct Public<'a> {
    pub(crate) store: &'a Store,
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
        let mut connection = self.store.read().await?;
        let chosen = |text: &Option<String>| {
            text.as_deref()
                .map(str::trim)
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        let (methodology, province) = (chosen(&filter.methodology), chosen(&filter.province));
        let pattern = chosen(&filter.text).map(|text| like(&text));
        let query = ProjectQuery {
            tab: filter.tab.map(ProjectTab::stored),
            methodology: methodology.as_deref(),
            province: province.as_deref(),
            pattern: pattern.as_deref(),
            before: filter.page.before(),
            size: filter.page.rows() + 1,
        };
        let rows = store::projects(&mut connection, &query).await?;
        let rows = rows.into_iter().map(project_row).collect();
        Ok(Page::cut(
            rows,
            filter.page.rows(),
            |row: &PublicProjectRow| row.id.clone(),
        ))
    }

    /// One published project, by its id or its code.
    pub async fn project(&self, id_or_code: &str) -> Result<PublicProject, Error> {
        let mut connection = self.store.read().await?;
        let asked = narrow(id_or_code);
        let found = match store::project(&mut connection, &asked).await? {
            Some(found) => Some(found),
            None => store::project(&mut connection, &asked.to_ascii_uppercase()).await?,
        };
        let mut found = found.ok_or(Error::NotFound)?;
        let reports = store::reports_of(&mut connection, &found.id).await?;
        let classes = store::classes_of(&mut connection, &found.id).await?;
        let (calculations, assessment) = Self::evidence(&mut connection, &found.id).await?;
        Ok(PublicProject {
            fields: published(found.published_fields.take())?,
            validator: found.vvb.take(),
            crediting_start: found.period_start.take(),
            crediting_end: found.period_end.take(),
            expected_total_tonnes: found.total_tonnes,
            retain_until: ending::retained_until(&mut connection, &found.id).await?,
            calculations,
            assessment,
            opinions: opinions_of(&mut connection, RecordKind::Project, &found.id).await?,
            reports: reports.into_iter().map(report_row).collect(),
            classes: classes
                .into_iter()
                .map(class_of)
                .collect::<Result<_, _>>()?,
            timeline: store::acts_of(&mut connection, &found.id)
                .await?
                .into_iter()
                .map(act_of)
                .collect(),
            row: project_row(found),
        })
    }

    /// The boundary of a published project, by its id or its code. `NotFound` if the project is not public or has none.
    pub async fn boundary(&self, id_or_code: &str) -> Result<PublicBoundary, Error> {
        let mut connection = self.store.read().await?;
        let asked = narrow(id_or_code);
        let found = match store::boundary(&mut connection, &asked).await? {
            Some(found) => Some(found),
            None => store::boundary(&mut connection, &asked.to_ascii_uppercase()).await?,
        };
        let found = found.ok_or(Error::NotFound)?;
        Ok(PublicBoundary {
            project: found.project_id,
            geojson: found.geojson,
            bounding_box: [found.west, found.south, found.east, found.north],
            area_m2: found.area_m2,
            plots: found.plots,
            points: found.points,
            file_kind: found.file_kind,
            file_sha256: found.file_sha256,
            set_at: Instant(found.set_at),
        })
    }

    /// The published reports, newest first; only in this state if given.
    pub async fn reports(
        &self,
        state: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<PublicReportRow>, Error> {
        let mut connection = self.store.read().await?;
        let rows = store::reports(&mut connection, state, page.before(), page.rows() + 1).await?;
        let rows = rows.into_iter().map(report_row).collect();
        Ok(Page::cut(rows, page.rows(), |row: &PublicReportRow| {
            row.id.clone()
        }))
    }

    /// One published report.
    pub async fn report(&self, id: &str) -> Result<PublicReport, Error> {
        let mut connection = self.store.read().await?;
        let mut found = store::report(&mut connection, id)
            .await?
            .ok_or(Error::NotFound)?;
        let lines = store::lines(&mut connection, &found.id).await?.into_iter();
        let lines = lines.map(|(year, applied, verified, issued)| {
            Ok(ReportLine {
                year: year_of(year)?,
                applied,
                verified,
                issued,
            })
        });
        let (calculations, assessment) = Self::evidence(&mut connection, &found.id).await?;
        Ok(PublicReport {
            fields: published(found.published_fields.take())?,
            verifier: found.vvb.take(),
            lines: lines.collect::<Result<_, Error>>()?,
            calculations,
            assessment,
            opinions: opinions_of(&mut connection, RecordKind::Report, &found.id).await?,
            timeline: store::acts_of(&mut connection, &found.id)
                .await?
                .into_iter()
                .map(act_of)
                .collect(),
            row: report_row(found),
        })
    }

    /// The published opinions on a record, oldest first.
    pub async fn opinions(
        &self,
        kind: RecordKind,
        record: &str,
    ) -> Result<Vec<PublicOpinion>, Error> {
        let mut connection = self.store.read().await?;
        opinions_of(&mut connection, kind, record).await
    }

    /// A scheme of carbon inclusion by its id or code: what its classes name where others name a project.
    pub async fn scheme(&self, id_or_code: &str) -> Result<PublicScheme, Error> {
        let mut connection = self.store.read().await?;
        let asked = narrow(id_or_code);
        let found = match store::scheme(&mut connection, &asked).await? {
            Some(found) => Some(found),
            None => store::scheme(&mut connection, &asked.to_ascii_uppercase()).await?,
        };
        let (id, code, name, region, recognition) = found.ok_or(Error::NotFound)?;
        let classes = store::classes_of(&mut connection, &id).await?;
        let batches = public_batch::of_scheme(&mut connection, &id).await?;
        Ok(PublicScheme {
            id,
            batches,
            code,
            name,
            region,
            recognition,
            classes: classes
                .into_iter()
                .map(class_of)
                .collect::<Result<_, _>>()?,
        })
    }

    /// One class of credits.
    pub async fn class(&self, id: &str) -> Result<PublicClass, Error> {
        let mut connection = self.store.read().await?;
        class_of(
            store::class(&mut connection, id)
                .await?
                .ok_or(Error::NotFound)?,
        )
    }

    /// Every class of which anything was issued, newest first.
    pub async fn classes(&self, page: &PageRequest) -> Result<Page<PublicClass>, Error> {
        let mut connection = self.store.read().await?;
        let rows = store::classes(&mut connection, page.before(), page.rows() + 1).await?;
        let rows: Result<Vec<PublicClass>, Error> = rows.into_iter().map(class_of).collect();
        Ok(Page::cut(rows?, page.rows(), |row| row.id.clone()))
    }

    /// What became of `HT-A210001-2024-1-500`, or of one number, `HT-A210001-2024-7`. Refuses `serial_invalid`; `NotFound` when
    /// one of the numbers was never issued.
    pub async fn serial(&self, serial: &str, pages: &SerialPages) -> Result<SerialAnswer, Error> {
        let asked = SerialNumber::parse(&as_range(serial))?;
        let (start, end) = (asked.block.start(), asked.block.end());
        let mut connection = self.store.read().await?;
        let (code, vintage) = (asked.project.as_str(), i64::from(asked.vintage));
        let class = store::class_by_serial(&mut connection, code, vintage)
            .await?
            .ok_or(Error::NotFound)?;
        // one number that was never issued makes the whole range one that does not exist
        if end > class.issued {
            return Err(Error::NotFound);
        }
        let retired = if (start, end) == (1, class.issued) {
            class.retired
        } else {
            store::retired_in(&mut connection, &class.id, start, end).await?
        };
        // a text that is not one of our keys gives the first page
        let after = pages
            .parts_after
            .as_deref()
            .and_then(|key| key.parse().ok())
            .unwrap_or(0);
        let blocks = store::blocks(
            &mut connection,
            &class.id,
            start,
            end,
            after,
            SERIAL_ROWS + 1,
        )
        .await?;
        let parts_next = next_key(&blocks, |(first, ..)| first.to_string());
        let parts =
            blocks
                .into_iter()
                .take(SERIAL_ROWS_TAKEN)
                .map(|(first, last, state, retirement)| {
                    let (start, end) = (first.max(start), last.min(end));
                    Ok(SerialPart {
                        serial: serial_text(code, vintage, start, end)?,
                        start,
                        end,
                        state,
                        retirement,
                    })
                });
        let parts = Page {
            rows: parts.collect::<Result<_, Error>>()?,
            next: parts_next,
        };
        let after = pages.history_after.as_deref().unwrap_or_default();
        let moves = store::transfers(
            &mut connection,
            &class.id,
            (
                start,
                end,
                (end - start + 1).saturating_mul(16) > class.issued,
            ),
            after,
            SERIAL_ROWS + 1,
        )
        .await?;
        let history_next = next_key(&moves, |step| step.id.clone());
        let history = moves.into_iter().take(SERIAL_ROWS_TAKEN).map(|step| {
            let movement = match (step.debit_kind.as_str(), step.credit_kind.as_str()) {
                ("issuance", _) => "issued",
                (_, "retired") => "retired",
                ("holding", "holding") => "transferred",
                _ => "changed",
            };
            SerialMove {
                at: Instant(step.at),
                movement: movement.to_owned(),
                from_state: step.debit_kind,
                to_state: step.credit_kind,
                start: step.serial_start.max(start),
                end: step.serial_end.min(end),
                retirement: step.number,
            }
        });
        let history = Page {
            rows: history.collect(),
            next: history_next,
        };
        Ok(SerialAnswer {
            class: class_of(class)?,
            start,
            end,
            retired,
            parts,
            history,
        })
    }

    /// Whether a text can be the number of a certificate: its shape and its check digit.
    #[must_use]
    pub fn is_certificate_number(typed: &str) -> bool {
        crate::number::read_retirement_number(typed).is_some()
    }

    /// The certificate with this number, typed in any case.
    pub async fn certificate(&self, number: &str) -> Result<Certificate, Error> {
        let mut connection = self.store.read().await?;
        let mut certificate = certificate_in(&mut connection, number).await?;
        let stated = store::statement_of(&mut connection, &certificate.number).await?;
        if let Some(stated) = stated.as_deref().and_then(proofs::Statement::read) {
            certificate.name_as_of(&stated);
        }
        Ok(certificate)
    }

    /// Every retirement, newest first; only those whose beneficiary or holder contains the text, if given.
    pub async fn retirements(
        &self,
        text: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<PublicRetirementRow>, Error> {
        let pattern = text
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(like);
        let mut connection = self.store.read().await?;
        let rows = store::retirements(
            &mut connection,
            pattern.as_deref(),
            page.before(),
            page.rows() + 1,
        )
        .await?;
        let cut = Page::cut(rows, page.rows(), |row: &RetirementStored| row.id.clone());
        let rows = cut.rows.into_iter().map(|row| PublicRetirementRow {
            number: row.number,
            at: Instant(row.at),
            holder: row.holder,
            beneficiary: row.beneficiary,
            purpose: row.purpose,
            quantity: row.quantity,
        });
        Ok(Page {
            rows: rows.collect(),
            next: cut.next,
        })
    }

    /// What this registry holds now.
    pub async fn statistics(&self) -> Result<Statistics, Error> {
        let mut moment = self.store.snapshot().await?;
        let projects = store::states(&mut moment, RecordKind::Project.code()).await?;
        let reports = store::states(&mut moment, RecordKind::Report.code()).await?;
        let vintages = store::vintages(&mut moment).await?;
        let retirements = store::retirement_count(&mut moment).await?;
        moment.commit().await?;
        let issued = vintages.iter().map(|(_, issued, _)| issued).sum();
        let retired = vintages.iter().map(|(_, _, retired)| retired).sum();
        let vintages = vintages.into_iter().map(|(vintage, issued, retired)| {
            Ok(YearTotal {
                vintage: year_of(vintage)?,
                issued,
                retired,
            })
        });
        Ok(Statistics {
            projects: projects.into_iter().collect(),
            reports: reports.into_iter().collect(),
            issued,
            held: issued - retired,
            retired,
            retirements,
            vintages: vintages.collect::<Result<_, Error>>()?,
        })
    }

    /// How long each step took: per kind and step, all years first, then each year, the newest first. Steps that never ended are not
    /// listed. Read from a summary that is kept while steps end; counted from the release that brought it.
    pub async fn step_statistics(&self) -> Result<Vec<StepStatistics>, Error> {
        let mut connection = self.store.read().await?;
        let rows = store::step_lengths(&mut connection).await?;
        let mut found = Vec::new();
        for kind in [RecordKind::Project, RecordKind::Report] {
            for step in Step::ALL {
                let of_step: Vec<_> = rows
                    .iter()
                    .filter(|row| row.0 == kind.code() && row.1 == step.code())
                    .collect();
                let years: BTreeSet<i64> = of_step.iter().map(|row| row.2).collect();
                let every = std::iter::once(None).chain(years.into_iter().rev().map(Some));
                for year in every {
                    let counts: Vec<(i64, i64)> = of_step
                        .iter()
                        .filter(|row| year.is_none_or(|year| row.2 == year))
                        .map(|row| (row.3, row.4))
                        .collect();
                    let (Some(median_days), Some(percentile_80_days)) =
                        (quantile(&counts, 50), quantile(&counts, 80))
                    else {
                        continue;
                    };
                    found.push(StepStatistics {
                        kind,
                        step: *step,
                        year: year.map(year_of).transpose()?,
                        count: counts.iter().map(|(_, times)| times).sum(),
                        median_days,
                        percentile_80_days,
                    });
                }
            }
        }
        Ok(found)
    }

    /// The latest public acts, newest first, at most `count` (1..=100).
    pub async fn recent_acts(&self, count: i64) -> Result<Vec<PublicAct>, Error> {
        let count = count.clamp(1, 100);
        let mut connection = self.store.read().await?;
        let mut acts = store::acts_recent(&mut connection, count).await?;
        acts.extend(store::retirements_recent(&mut connection, count).await?);
        acts.sort_by_key(|act| std::cmp::Reverse(act.at));
        acts.truncate(usize::try_from(count).unwrap_or(usize::MAX));
        Ok(acts.into_iter().map(act_of).collect())
    }
}

impl Public<'_> {
    /// Every approved parameter set, newest first: what was replaced, by which document, from when.
    pub async fn parameter_sets(&self) -> Result<Vec<PublicParameterSet>, Error> {
        let mut connection = self.store.read().await?;
        let rows = store::parameter_sets(&mut connection).await?;
        rows.into_iter()
            .map(PublicParameterSet::of_stored)
            .collect()
    }

    /// The approved versions of the rule book, newest first.
    pub async fn rule_versions(&self) -> Result<Vec<PublicRuleVersion>, Error> {
        let mut connection = self.store.read().await?;
        let rows = store::rule_versions(&mut connection).await?;
        rows.into_iter().map(PublicRuleVersion::of_stored).collect()
    }

    /// The later last days that the publicity of a public record was given, oldest first; empty for records that are not public.
    pub async fn publicity_extensions(
        &self,
        record: &str,
    ) -> Result<Vec<PublicityExtension>, Error> {
        let mut connection = self.store.read().await?;
        let rows = store::publicity_extensions(&mut connection, record).await?;
        Ok(rows
            .into_iter()
            .map(PublicityExtension::of_stored)
            .collect())
    }

    /// The calculations and the assessment of a published record. Of the calculations made for publicity only the last was
    /// published: earlier ones belong to versions that were returned for completion.
    async fn evidence(
        connection: &mut AnyConnection,
        record: &str,
    ) -> Result<(Vec<CalculationView>, Option<PublicAssessment>), Error> {
        let mut calculations = store::calculations(connection, record).await?;
        let published = calculations
            .iter()
            .rposition(|row| row.stage == "publicity");
        if let Some(published) = published {
            calculations.drain(..published);
        }
        let assessment = store::assessment(connection, record).await?;
        let assessment = assessment.map(|row| -> Result<PublicAssessment, Error> {
            let amounts = serde_json::from_str(&row.amounts);
            Ok(PublicAssessment {
                vvb: row.vvb,
                conclusion: row.conclusion,
                text: row.report_text,
                commitment: row.commitment,
                amounts: amounts
                    .map_err(|error| Error::Store(format!("amounts of {record}: {error}")))?,
                at: Instant(row.at),
            })
        });
        let calculations = calculation_views(connection, calculations).await?;
        Ok((calculations, assessment.transpose()?))
    }
}

impl ProjectTab {
    /// The list as stored beside each record.
    fn stored(self) -> &'static str {
        match self {
            Self::InPublicity => PublicTab::ProjectsInPublicity.data_type(),
            Self::PublicityEnded => PublicTab::ProjectsPublicityEnded.data_type(),
            Self::Registered => PublicTab::ProjectsRegistered.data_type(),
            Self::Deregistered => PublicTab::ProjectsDeregistered.data_type(),
        }
    }
}

/// One number is a range of one: `HT-A210001-2024-7` is `HT-A210001-2024-7-7`.
fn as_range(serial: &str) -> String {
    match serial.rsplit_once('-') {
        Some((_, number)) if serial.matches('-').count() == 3 => format!("{serial}-{number}"),
        _ => serial.to_owned(),
    }
}

/// A LIKE pattern that finds the text itself, anywhere.
fn like(text: &str) -> String {
    let mut pattern = String::from("%");
    for character in searchable(&[text]).chars().take(100) {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

fn published(fields: Option<String>) -> Result<BTreeMap<String, String>, Error> {
    fields
        .as_deref()
        .map_or_else(|| Ok(BTreeMap::new()), fields_of)
}

fn project_row(row: PublicProjectStored) -> PublicProjectRow {
    PublicProjectRow {
        id: row.id,
        code: row.code,
        name: row.name,
        owner: row.owner,
        methodology: row.methodology,
        project_type: row.project_type,
        province: row.province,
        state: row.state,
        expected_year_tonnes: row.year_tonnes,
        publicity_start: row.publicity_start,
        publicity_end: row.publicity_end,
        registered_at: row.registered_at.map(Instant),
        ending: row.ending_kind.zip(row.ended_on).map(|(kind, on)| Ending {
            kind,
            on,
            ground: row.ending_ground,
            reason: row.ending_reason.unwrap_or_default(),
            legal_ground: row.ending_clause.unwrap_or_default(),
            investigation: row.ending_investigation,
            authority: row.ending_authority,
            document_number: row.ending_document_number,
            document_date: row.ending_document_date,
        }),
    }
}

fn report_row(row: PublicReportStored) -> PublicReportRow {
    PublicReportRow {
        id: row.id,
        project: row.project,
        project_code: row.project_code.unwrap_or_default(),
        project_name: row.project_name,
        number: row.number,
        period_start: row.period_start.unwrap_or_default(),
        period_end: row.period_end.unwrap_or_default(),
        state: row.state,
        applied_tonnes: row.total_tonnes.unwrap_or_default(),
        verified_tonnes: row.verified_tonnes,
        issued_tonnes: row.issued_tonnes,
        publicity_start: row.publicity_start,
        publicity_end: row.publicity_end,
    }
}

async fn opinions_of(
    connection: &mut AnyConnection,
    kind: RecordKind,
    record: &str,
) -> Result<Vec<PublicOpinion>, Error> {
    let rows = store::opinions(connection, kind.code(), record).await?;
    Ok(rows.into_iter().map(opinion_of).collect())
}

fn opinion_of(row: PublicOpinionStored) -> PublicOpinion {
    PublicOpinion {
        id: row.id,
        author: row.author,
        text: row.body,
        at: Instant(row.at),
        reply: row.reply,
        handled: row.handled,
    }
}

fn class_of(row: PublicClassStored) -> Result<PublicClass, Error> {
    let all = SerialBlock::new(1, row.issued).ok();
    let serial =
        all.map(|block| serial_text(&row.project_code, row.vintage, block.start(), block.end()));
    Ok(PublicClass {
        serial: serial.transpose()?,
        id: row.id,
        project: row.project,
        project_code: row.project_code,
        project_name: row.project_name,
        methodology: row.methodology,
        unit_kind: row.unit_kind,
        recognition: row.recognition,
        vintage: year_of(row.vintage)?,
        issued: row.issued,
        held: row.issued - row.retired,
        retired: row.retired,
    })
}

/// The key of the last row on this page, if there is a row more than a page holds.
fn next_key<T>(rows: &[T], key: impl Fn(&T) -> String) -> Option<String> {
    (rows.len() > SERIAL_ROWS_TAKEN)
        .then(|| rows.get(SERIAL_ROWS_TAKEN - 1).map(key))
        .flatten()
}

fn act_of(row: PublicActStored) -> PublicAct {
    PublicAct {
        at: Instant(row.at),
        act: row.kind,
        subject_kind: row.subject_kind,
        subject: row.subject,
        title: row.title,
        state: row.state,
        hash: row.hash,
    }
}

impl Public<'_> {
    /// The files of a published record that anyone may read, oldest first.
    pub async fn attachments(&self, record: &str) -> Result<Vec<crate::AttachmentView>, Error> {
        let mut connection = self.store.read().await?;
        let found = store::attachments_of(&mut connection, record).await?;
        Ok(found.into_iter().map(attachment_of).collect())
    }

    /// One such file, or one of a line of a published event that its organiser opened to anyone. `NotFound` for files of other kinds, of what is
    /// not public, and for those taken away.
    pub async fn attachment(&self, id: &str) -> Result<crate::AttachmentView, Error> {
        let mut connection = self.store.read().await?;
        if let Some(found) = store::attachment(&mut connection, id).await? {
            return Ok(attachment_of(found));
        }
        let found = public_event::file(&mut connection, id).await?;
        let found = found.ok_or(Error::NotFound)?;
        Ok(crate::AttachmentView {
            id: found.id,
            hash: found.upload_hash,
            kind: "evidence".to_owned(),
            title: found.title,
            file_name: found.file_name,
            bytes: found.bytes,
            media_type: found.media_type,
            is_public: true,
            at: Instant(found.at),
        })
    }
}

fn attachment_of(stored: store::PublicAttachmentStored) -> crate::AttachmentView {
    crate::AttachmentView {
        id: stored.id,
        hash: stored.upload_hash,
        kind: stored.kind,
        title: stored.title,
        file_name: stored.file_name,
        bytes: stored.bytes,
        media_type: stored.media_type,
        is_public: true,
        at: Instant(stored.at),
    }
}

/// A certificate from the rows of the ledger, with the names of now, in the words in force.
pub(crate) async fn certificate_in(
    connection: &mut AnyConnection,
    number: &str,
) -> Result<Certificate, Error> {
    let number = read_retirement_number(number).ok_or(Error::NotFound)?;
    let found = store::retirement(connection, &number)
        .await?
        .ok_or(Error::NotFound)?;
    let rows = store::retired_lines(connection, &found.id)
        .await?
        .into_iter();
    let lines = rows.map(|row| {
        Ok(CertificateLine {
            serial: serial_text(
                &row.project_code,
                row.vintage,
                row.serial_start,
                row.serial_end,
            )?,
            transfer: row.transfer,
            class: row.class,
            project: row.project,
            project_code: row.project_code,
            project_name: row.project_name,
            methodology: row.methodology,
            province: row.province,
            unit_kind: row.unit_kind,
            recognition: row.recognition,
            vintage: year_of(row.vintage)?,
            start: row.serial_start,
            end: row.serial_end,
            quantity: row.amount,
        })
    });
    let lines: Vec<CertificateLine> = lines.collect::<Result<_, Error>>()?;
    let mut versions = vec![CertificateVersion {
        version: 1,
        at: Instant(found.at),
        beneficiary: found.beneficiary.clone(),
        beneficiary_uscc: found.beneficiary_uscc.clone(),
        purpose_text: found.purpose_text.clone(),
        reason: None,
        act: found.act.clone(),
        act_hash: found.act_hash.clone(),
    }];
    for row in store::versions(connection, &found.id).await? {
        versions.push(CertificateVersion {
            version: u32::try_from(row.version)
                .map_err(|_| Error::Store(format!("version {}", row.version)))?,
            at: Instant(row.at),
            beneficiary: row.beneficiary,
            beneficiary_uscc: row.beneficiary_uscc,
            purpose_text: row.purpose_text,
            reason: Some(row.reason),
            act: row.act,
            act_hash: row.act_hash,
        });
    }
    let certificate = Certificate {
        number: found.number,
        at: Instant(found.at),
        holder: found.holder,
        beneficiary: found.beneficiary,
        beneficiary_uscc: found.beneficiary_uscc,
        purpose: found.purpose,
        purpose_text: found.purpose_text,
        quantity: lines.iter().map(|line| line.quantity).sum(),
        lines,
        act_hash: found.act_hash,
        act: found.act,
        version: 1,
        versions,
    };
    let newest = certificate.newest();
    certificate.in_version(newest).ok_or(Error::NotFound)
}

/// A member of a team, as the public sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicMember {
    /// The person's name.
    pub name: String,
    /// Whether the body employs the person full-time.
    pub full_time: bool,
    /// The sectors the person is competent in.
    pub sectors: Vec<domain::Sector>,
    /// What the person did in the team.
    pub duty: domain::engagement::Duty,
}

/// A visit to a site, as the public sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicVisit {
    /// The site.
    pub site: String,
    /// The day, `YYYY-MM-DD`.
    pub on: String,
    /// The names of those who went there.
    pub persons: Vec<String>,
}

/// A closed finding, as the public sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicFinding {
    /// Its number within the record.
    pub number: i64,
    /// What kind.
    pub kind: domain::engagement::FindingKind,
    /// The field of the document it was pinned to.
    pub field: Option<String>,
    /// What was found.
    pub text: String,
    /// When it was raised.
    pub at: Instant,
    /// What was said until it was closed, oldest first; without references to evidence.
    pub steps: Vec<crate::FindingStep>,
}

/// What a body did before its report: public with the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicEngagement {
    /// When it stated its impartiality.
    pub impartial_at: Option<Instant>,
    /// When the review of the document was finished, `YYYY-MM-DD`.
    pub document_reviewed_on: Option<String>,
    /// How many sites there are.
    pub sites_total: Option<i64>,
    /// How the visited sites were chosen.
    pub sampling: Option<String>,
    /// Who reviewed the report.
    pub reviewer: Option<String>,
    /// Who decided on it.
    pub decision_maker: Option<String>,
    /// The team.
    pub members: Vec<PublicMember>,
    /// The visits, the earliest first.
    pub visits: Vec<PublicVisit>,
    /// Corrective action requests raised.
    pub requests: usize,
    /// Observations raised.
    pub observations: usize,
    /// Findings of either kind that were not closed.
    pub open: usize,
    /// The closed findings, by number.
    pub closed: Vec<PublicFinding>,
}

impl Public<'_> {
    /// What the body of a published record did before its report. `None` until the report is there.
    pub async fn engagement(&self, record: &str) -> Result<Option<PublicEngagement>, Error> {
        let mut connection = self.store.read().await?;
        let Some(plan) = store::engagement(&mut connection, record).await? else {
            return Ok(None);
        };
        let members = store::engagement_members(&mut connection, record).await?;
        let visits = store::engagement_visits(&mut connection, record).await?;
        let findings = store::findings(&mut connection, record).await?;
        let steps = store::finding_steps(&mut connection, record).await?;
        let count = |kind: &str| findings.iter().filter(|one| one.kind == kind).count();
        let (requests, observations) = (count("request"), count("observation"));
        let (closed, open): (Vec<_>, Vec<_>) =
            findings.into_iter().partition(|one| one.state == "closed");
        Ok(Some(PublicEngagement {
            impartial_at: plan.impartial_at.map(Instant),
            document_reviewed_on: plan.document_reviewed_on,
            sites_total: plan.sites_total,
            sampling: plan.sampling,
            reviewer: plan.reviewer,
            decision_maker: plan.decision_maker,
            members: members
                .into_iter()
                .map(member_of)
                .collect::<Result<_, _>>()?,
            visits: visits.into_iter().map(visit_of).collect::<Result<_, _>>()?,
            requests,
            observations,
            open: open.len(),
            closed: closed
                .into_iter()
                .map(|row| finding_of(row, &steps))
                .collect::<Result<_, _>>()?,
        }))
    }
}

fn member_of(row: store::PublicMemberStored) -> Result<PublicMember, Error> {
    let duty = domain::engagement::Duty::from_code(&row.duty)
        .ok_or_else(|| Error::Store(format!("duty {}", row.duty)))?;
    Ok(PublicMember {
        sectors: crate::engagement::sectors_of(&row.sectors),
        name: row.name,
        full_time: row.full_time == 1,
        duty,
    })
}

fn visit_of(row: store::PublicVisitStored) -> Result<PublicVisit, Error> {
    Ok(PublicVisit {
        persons: crate::engagement::persons_of(&row.persons)?,
        site: row.site,
        on: row.visited_on,
    })
}

fn finding_of(
    row: store::PublicFindingStored,
    steps: &[store::PublicFindingStepStored],
) -> Result<PublicFinding, Error> {
    let own = steps.iter().filter(|step| step.finding_id == row.id);
    let own = own.map(|step| crate::FindingStep {
        event: step.event.clone(),
        text: step.body.clone(),
        corrected: step.corrected.clone(),
        evidence: None,
        at: Instant(step.at),
    });
    Ok(PublicFinding {
        kind: crate::engagement::finding_kind(&row.kind)?,
        steps: own.collect(),
        number: row.number,
        field: row.field,
        text: row.body,
        at: Instant(row.at),
    })
}

/// A claim on an activity, as anyone may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicClaim {
    /// Its id.
    pub id: String,
    /// The mechanism's code; `ccer` for a project here.
    pub mechanism: String,
    /// `plant`, `boundary` or `device`.
    pub key_kind: String,
    /// The code, the number, or the name of the land.
    pub key: String,
    /// The family of methodologies.
    pub family: String,
    /// The first day, `YYYY-MM-DD`.
    pub from: String,
    /// The last day; `None` without an end.
    pub to: Option<String>,
    /// Its name or number in that mechanism.
    pub reference: String,
    /// Where it was read; empty for a project here.
    pub source: String,
    /// Why it ended, if it did.
    pub ended_reason: Option<String>,
    /// The name of the project here.
    pub project_name: Option<String>,
    /// Its code.
    pub project_code: Option<String>,
    /// Its state.
    pub project_state: Option<String>,
}

/// A change of a registered project, as anyone may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicChange {
    /// 1, 2, 3, … within the project.
    pub number: i64,
    /// The kind's code.
    pub kind: String,
    /// What was before.
    pub before: String,
    /// What is to be.
    pub after: String,
    /// Why.
    pub reason: String,
    /// The state's code.
    pub state: String,
    /// The body that was asked.
    pub vvb: Option<String>,
    /// Its opinion.
    pub opinion: Option<String>,
    /// Whether it agrees.
    pub positive: Option<bool>,
    /// Why the registry decided as it did.
    pub decision_reason: Option<String>,
    /// When it ended.
    pub decided_at: Option<Instant>,
    /// When it was applied for.
    pub at: Instant,
}

/// A complaint about a project, without its author and its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicComplaint {
    /// Its id.
    pub id: String,
    /// The kind's code.
    pub kind: String,
    /// `received`, `under_investigation` or `answered`.
    pub state: String,
    /// The registry's answer.
    pub reply: Option<String>,
    /// When it was answered.
    pub replied_at: Option<Instant>,
    /// When it came in.
    pub at: Instant,
}

/// A request to the certificate authority, as anyone may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicCertificateRequest {
    /// `freeze` or `cancel`.
    pub kind: String,
    /// The plant's archive code.
    pub archive_code: String,
    /// The first day of the electricity, `YYYY-MM-DD`.
    pub first_day: String,
    /// The last day.
    pub last_day: String,
    /// `to_send`, `sent` or `answered`.
    pub state: String,
    /// When it was sent.
    pub sent_on: Option<String>,
    /// When it was answered.
    pub answered_on: Option<String>,
}

/// Claims on one page.
const CLAIMS_MAX: i64 = 500;

impl Public<'_> {
    /// The claims of other mechanisms and of published projects, newest first, at most 500.
    pub async fn claims(&self) -> Result<Vec<PublicClaim>, Error> {
        let mut connection = self.store.read().await?;
        let rows = store::claims(&mut connection, CLAIMS_MAX).await?;
        let rows = rows.into_iter().map(|row| PublicClaim {
            id: row.id,
            mechanism: row.mechanism,
            key_kind: row.key_kind,
            key: row.key_text,
            family: row.family,
            from: row.valid_from,
            to: row.valid_to,
            reference: row.reference,
            source: row.source,
            ended_reason: row.ended_reason,
            project_name: row.name,
            project_code: row.code,
            project_state: row.state,
        });
        Ok(rows.collect())
    }

    /// The changes of a published project, by its id, oldest first.
    pub async fn changes(&self, project: &str) -> Result<Vec<PublicChange>, Error> {
        let mut connection = self.store.read().await?;
        let rows = store::changes_of(&mut connection, project).await?;
        let rows = rows.into_iter().map(|row| PublicChange {
            number: row.number,
            kind: row.kind,
            before: row.before_text,
            after: row.after_text,
            reason: row.reason,
            state: row.state,
            vvb: row.vvb,
            opinion: row.vvb_opinion,
            positive: row.vvb_positive.map(|positive| positive == 1),
            decision_reason: row.decision_reason,
            decided_at: row.decided_at.map(Instant),
            at: Instant(row.at),
        });
        Ok(rows.collect())
    }

    /// The complaints about a published project, by its id, oldest first; without authors and texts.
    pub async fn complaints(&self, project: &str) -> Result<Vec<PublicComplaint>, Error> {
        let mut connection = self.store.read().await?;
        let rows = store::complaints_of(&mut connection, project).await?;
        let rows = rows.into_iter().map(|row| PublicComplaint {
            id: row.id,
            kind: row.kind,
            state: row.state,
            reply: row.reply,
            replied_at: row.replied_at.map(Instant),
            at: Instant(row.at),
        });
        Ok(rows.collect())
    }

    /// The requests to the certificate authority that a published project and its reductions made, by its id, oldest first.
    pub async fn certificate_requests(
        &self,
        project: &str,
    ) -> Result<Vec<PublicCertificateRequest>, Error> {
        let mut connection = self.store.read().await?;
        let rows = store::certificate_requests_of(&mut connection, project).await?;
        let rows = rows.into_iter().map(|row| PublicCertificateRequest {
            kind: row.kind,
            archive_code: row.archive_code,
            first_day: row.first_day,
            last_day: row.last_day,
            state: row.state,
            sent_on: row.sent_on,
            answered_on: row.answered_on,
        });
        Ok(rows.collect())
    }
}
