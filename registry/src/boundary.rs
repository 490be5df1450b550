//! Where a project lies: its boundary, and whose land it must not share.
//!
//! A boundary is set while the document is written and is public with it. The same land cannot be applied for twice: at submission an overlap with
//! a project that is registered or applied for is refused. Who applied first has the land.

use boundary::{Boundary, Rules};
use domain::id::ProjectId;
use domain::refusal::codes;
use domain::{Act, Instant, Refusal};
use methodologies::parameter;
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;

use crate::parameter_set;
use crate::perform::{Deed, Tx, perform};
use crate::record::{self, RecordKind, check_party, fields_of};
use crate::store::boundary::{self as store, BoundaryRow, NeighbourRow};
use crate::store::record::{self as records, RecordRow};
use crate::{By, Error, Receipt, Registry};

/// The longest name of a file that is kept, characters.
const FILE_NAME_MAX: usize = 200;
/// The field that problems of the file are shown at.
const FILE: &str = "file";

/// A file with a boundary, as it was sent.
#[derive(Clone, Debug)]
pub struct BoundaryFile {
    /// Its name; empty if the text was typed or pasted.
    pub name: String,
    /// Its content: GeoJSON, KML or a zipped shapefile.
    pub bytes: Vec<u8>,
}

/// The boundary of a project, for its parties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BoundaryView {
    /// Normalised GeoJSON; `boundary::reopen` reads it.
    pub geojson: String,
    /// Area on the ellipsoid, whole square metres.
    pub area_m2: i64,
    /// How many polygons.
    pub plots: i64,
    /// How many points.
    pub points: i64,
    /// `GeoJSON`, `KML` or `Shapefile`.
    pub file_kind: String,
    /// The name of the file; may be empty.
    pub file_name: String,
    /// SHA-256 of the file, 64 hexadecimal digits.
    pub file_sha256: String,
    /// When it was set.
    pub set_at: Instant,
    /// The other projects whose land it shares; must be empty for the document to be submitted.
    pub overlaps: Vec<OverlapView>,
}

/// Land shared with another project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OverlapView {
    /// The other project if it is public; `None`: another application, of which nothing more may be told.
    pub other: Option<OverlapOther>,
    /// Shared area, whole square metres, rounded up.
    pub area_m2: i64,
}

/// A public project whose land is shared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OverlapOther {
    /// Its id.
    pub id: ProjectId,
    /// Its code, once registered.
    pub code: Option<String>,
    /// Its name.
    pub name: String,
    /// Its boundary, normalised GeoJSON.
    pub geojson: String,
    /// The shared land, GeoJSON.
    pub shared: String,
}

impl Registry {
    /// Sets the boundary of a project, in place of the one before, while its document may be edited. Every problem of the file is refused at
    /// `file` with a code of `boundary::PROBLEMS`. An overlap with another project is not refused here, so that the owner can see it on the
    /// map ([`BoundaryView::overlaps`]); it is refused at submission.
    pub async fn project_boundary_set(
        &self,
        by: &By,
        project: &ProjectId,
        file: BoundaryFile,
    ) -> Result<Receipt, Error> {
        let name: String = file
            .name
            .chars()
            .filter(|character| !character.is_control())
            .take(FILE_NAME_MAX)
            .collect();
        let sha256 = hex::encode(Sha256::digest(&file.bytes));
        let body = (project.as_str(), &name, &sha256);
        let deed = Deed::by(Act::ProjectBoundarySet, by, &body)?;
        let read = in_background(move || boundary::read(&file.bytes, &Rules::default())).await?;
        let read =
            read.map_err(|problems| problems.into_iter().map(refusal).collect::<Vec<_>>())?;
        let frame = read.bounding_box();
        let stored = BoundaryRow {
            project_id: project.to_string(),
            geojson: read.to_geojson(),
            west: frame.west,
            south: frame.south,
            east: frame.east,
            north: frame.north,
            area_m2: read.area_m2(),
            plots: i64::try_from(read.plot_count()).unwrap_or(i64::MAX),
            points: i64::try_from(read.vertex_count()).unwrap_or(i64::MAX),
            file_kind: read.format().name().to_owned(),
            file_name: name,
            file_sha256: sha256,
            set_at: by.at.0,
            act_id: String::new(),
        };
        perform!(self, deed, |tx| {
            let row = record::open(tx, by, RecordKind::Project, project.as_str()).await?;
            record::check_allows(&row, Act::ProjectSave)?;
            check_plots(tx, &row, &read).await?;
            let mut stored = stored.clone();
            stored.act_id.clone_from(&tx.act);
            store::replace(tx.connection(), &stored).await?;
            record::done(&row, None)
        })
    }

    /// Removes the boundary of a project, while its document may be edited. Refuses `boundary_missing`.
    pub async fn project_boundary_remove(
        &self,
        by: &By,
        project: &ProjectId,
    ) -> Result<Receipt, Error> {
        let deed = Deed::by(Act::ProjectBoundaryRemove, by, &project.as_str())?;
        perform!(self, deed, |tx| {
            let row = record::open(tx, by, RecordKind::Project, project.as_str()).await?;
            record::check_allows(&row, Act::ProjectSave)?;
            if store::remove(tx.connection(), &row.id).await? == 0 {
                return Err(Refusal::new(codes::BOUNDARY_MISSING).into());
            }
            record::done(&row, None)
        })
    }

    /// The boundary of a project and what it overlaps, for its parties; `None` if none was set. `NotFound` for others.
    pub async fn project_boundary(
        &self,
        by: &By,
        project: &ProjectId,
    ) -> Result<Option<BoundaryView>, Error> {
        let mut connection = self.store.read().await?;
        let row = records::by_id(
            &mut connection,
            RecordKind::Project.code(),
            project.as_str(),
        )
        .await?
        .ok_or(Error::NotFound)?;
        check_party(by, &row)?;
        let Some(stored) = store::of_project(&mut connection, &row.id).await? else {
            return Ok(None);
        };
        let overlaps = overlaps(&mut connection, &stored).await?;
        Ok(Some(BoundaryView {
            geojson: stored.geojson,
            area_m2: stored.area_m2,
            plots: stored.plots,
            points: stored.points,
            file_kind: stored.file_kind,
            file_name: stored.file_name,
            file_sha256: stored.file_sha256,
            set_at: Instant(stored.set_at),
            overlaps,
        }))
    }
}

/// What must hold when a document is submitted: every plot is large enough, and nobody else has the land. Projects without a boundary pass; whether
/// one is needed is for the document to say.
pub(crate) async fn check_submission(tx: &mut Tx, row: &RecordRow) -> Result<(), Error> {
    let Some(stored) = store::of_project(tx.connection(), &row.id).await? else {
        return Ok(());
    };
    check_plots(tx, row, &reopen(&stored.geojson)?).await?;
    refuse_overlap(tx, row).await
}

/// `boundary_overlaps` for each public project whose land a project shares, `boundary_overlaps_application` for each that is not public.
pub(crate) async fn refuse_overlap(tx: &mut Tx, row: &RecordRow) -> Result<(), Error> {
    let Some(stored) = store::of_project(tx.connection(), &row.id).await? else {
        return Ok(());
    };
    let refusals: Vec<Refusal> = overlaps(tx.connection(), &stored)
        .await?
        .into_iter()
        .map(|overlap| match overlap.other {
            Some(other) => Refusal::new(codes::BOUNDARY_OVERLAPS)
                .with("name", other.name)
                .with("code", other.code.as_deref().unwrap_or("–"))
                .with("area", overlap.area_m2),
            None => {
                Refusal::new(codes::BOUNDARY_OVERLAPS_APPLICATION).with("area", overlap.area_m2)
            }
        })
        .collect();
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(refusals.into())
    }
}

/// What a stored boundary shares with every other project that is registered or applied for.
async fn overlaps(
    connection: &mut AnyConnection,
    stored: &BoundaryRow,
) -> Result<Vec<OverlapView>, Error> {
    let mut found = Vec::new();
    let mut own = None;
    for neighbour in store::neighbours(connection, stored).await? {
        let Some(other) = store::of_project(connection, &neighbour.project_id).await? else {
            continue;
        };
        let mine = match own.take() {
            Some(mine) => mine,
            None => reopen(&stored.geojson)?,
        };
        let theirs = reopen(&other.geojson)?;
        let (mine, shared) = in_background(move || {
            let shared = boundary::overlap(&mine, &theirs);
            (mine, shared)
        })
        .await?;
        own = Some(mine);
        let shared = shared.map_err(|problem| vec![refusal(problem)])?;
        if let Some(shared) = shared {
            found.push(OverlapView {
                area_m2: shared.area_m2(),
                other: other_of(neighbour, other.geojson, &shared),
            });
        }
    }
    Ok(found)
}

/// What may be told about the other project: everything if it is public, nothing otherwise.
fn other_of(
    neighbour: NeighbourRow,
    geojson: String,
    shared: &boundary::Overlap,
) -> Option<OverlapOther> {
    neighbour.public_tab.is_some().then(|| OverlapOther {
        id: neighbour.project_id.into(),
        code: neighbour.code,
        name: neighbour.name,
        geojson,
        shared: shared.to_geojson(),
    })
}

/// Refuses plots that are smaller than the methodology allows.
async fn check_plots(tx: &mut Tx, row: &RecordRow, read: &Boundary) -> Result<(), Error> {
    let Some(minimum) = plot_minimum_m2(tx, row).await? else {
        return Ok(());
    };
    read.check_plots(minimum)
        .map_err(|problems| problems.into_iter().map(refusal).collect::<Vec<_>>().into())
}

/// The smallest contiguous plot, in square metres; `None` for methodologies without such a condition. The numbers and the day are those of the
/// methodologies' list; one that is not in force is an error, never a default.
async fn plot_minimum_m2(tx: &mut Tx, row: &RecordRow) -> Result<Option<i64>, Error> {
    let today = tx.at.beijing_date();
    let id = match row.methodology.as_str() {
        "CCER-14-001-V01" => {
            let start = fields_of(&row.fields)?;
            let start = start.get("construction_start").map_or("", String::as_str);
            let small_from = parameter::day("afforestation_small_plot_from", today)
                .ok_or_else(|| not_in_force("afforestation_small_plot_from"))?;
            // a draft without its first day is judged by the general rule; submission asks again
            let early = domain::text::date("construction_start", start)
                .is_ok_and(|start| start < small_from);
            if early {
                "condition.afforestation_plot_min_m2_until_2019"
            } else {
                "condition.afforestation_plot_min_m2"
            }
        }
        "CCER-14-002-V01" => "condition.mangrove_plot_min_m2",
        _ => return Ok(None),
    };
    let set = parameter_set::in_force(tx.connection()).await?;
    let value = set.on(id, today).ok_or_else(|| not_in_force(id))?.value;
    let whole = value.normalize().to_string().parse::<i64>();
    whole
        .map(Some)
        .map_err(|_| Error::Store(format!("parameter {id} is not whole square metres")))
}

fn not_in_force(id: &str) -> Error {
    Error::Store(format!("parameter {id} is not in force"))
}

fn reopen(geojson: &str) -> Result<Boundary, Error> {
    boundary::reopen(geojson)
        .map_err(|problem| Error::Store(format!("stored boundary: {}", problem.code)))
}

/// A problem of a file, at the field of the file.
fn refusal(problem: boundary::Problem) -> Refusal {
    Refusal {
        code: problem.code,
        field: Some(FILE.to_owned()),
        params: problem.params,
    }
}

/// Geometry takes up to a second: not on the threads that answer requests.
async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Store(format!("boundary: {error}")))
}
