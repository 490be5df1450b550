//! What anyone may see. The only way data leaves to the public: it reads public columns only (`registry/columns.toml`).
//!
//! Records appear here from the first day of their publicity. Who holds credits now is not public; that they are held or
//! retired is, and so is every retirement.

use std::collections::BTreeMap;

use domain::Instant;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::record::{CalculationView, RecordKind, YearAmount};
use domain::SerialBlock;
use domain::project::PublicTab;
use domain::serial::SerialNumber;
use domain::text::narrow;

use crate::credits::{serial_text, year_of};
use crate::number::read_retirement_number;
use crate::parameter_set::PublicParameterSet;
use crate::record::{fields_of, searchable};
use crate::show::calculation_views;
use crate::store::Store;
use crate::store::public::{
    self as store, ProjectQuery, PublicActStored, PublicClassStored, PublicOpinionStored,
    PublicProjectStored, PublicReportStored, RetirementStored,
};
use crate::{Error, Page, PageRequest, ReportLine};

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
        let retired = store::retired_in(&mut connection, &class.id, start, end).await?;
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
            start,
            end,
            after,
            SERIAL_ROWS + 1,
        )
        .await?;
        let history_next = next_key(&moves, |step| step.id.clone());
        let history = moves.into_iter().take(SERIAL_ROWS_TAKEN).map(|step| {
            let movement = match (step.debit_kind.as_str(), step.credit_kind.as_str()) {
                ("issuance", _) => "issued",
                (_, "retired") => "retired",
                _ => "transferred",
            };
            SerialMove {
                at: Instant(step.at),
                movement: movement.to_owned(),
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

    /// The certificate with this number, typed in any case.
    pub async fn certificate(&self, number: &str) -> Result<Certificate, Error> {
        let number = read_retirement_number(number).ok_or(Error::NotFound)?;
        let mut connection = self.store.read().await?;
        let found = store::retirement(&mut connection, &number)
            .await?
            .ok_or(Error::NotFound)?;
        let rows = store::retired_lines(&mut connection, &found.id)
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
                vintage: year_of(row.vintage)?,
                start: row.serial_start,
                end: row.serial_end,
                quantity: row.amount,
            })
        });
        let lines: Vec<CertificateLine> = lines.collect::<Result<_, Error>>()?;
        Ok(Certificate {
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
        })
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

    /// One such file. `NotFound` for files of other kinds, of records that are not public, and for those taken away.
    pub async fn attachment(&self, id: &str) -> Result<crate::AttachmentView, Error> {
        let mut connection = self.store.read().await?;
        let found = store::attachment(&mut connection, id).await?;
        found.map(attachment_of).ok_or(Error::NotFound)
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
