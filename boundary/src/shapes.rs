//! Shapefiles: the polygons of a `.shp`, the coordinate system of its `.prj`.

use std::io::Cursor;

use shapefile::{PolygonRing, Shape, ShapeReader};

use crate::raw::{Raw, RawPoint, number};
use crate::segment::{Side, side};
use crate::shape::{Format, Point};
use crate::{Problem, Rules};

/// Accepts WGS84 and CGCS2000 in degrees; names what is there otherwise.
pub(crate) fn coordinate_system(text: &str) -> Result<(), Problem> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let upper = text.to_uppercase();
    let system: String = text
        .split('"')
        .nth(1)
        .unwrap_or(text)
        .chars()
        .filter(|c| !c.is_control())
        .take(80)
        .collect();
    if upper.starts_with("PROJ") {
        return Err(Problem::new("prj_projected").with("system", system));
    }
    let name = system.to_uppercase().replace([' ', '_'], "");
    let accepted = [
        "WGS1984",
        "WGS84",
        "CHINAGEODETICCOORDINATESYSTEM2000",
        "CGCS2000",
    ];
    if upper.starts_with("GEOG") && accepted.iter().any(|accepted| name.contains(accepted)) {
        return Ok(());
    }
    Err(Problem::new("system_not_accepted").with("system", system))
}

/// Reads the polygons of a `.shp`.
pub(crate) fn read(bytes: &[u8], rules: &Rules) -> Result<Raw, Problem> {
    if !records_fit(bytes) {
        return Err(unreadable("a record is longer than the file"));
    }
    let mut raw = Raw::new(Format::Shapefile);
    let mut reader =
        ShapeReader::new(Cursor::new(bytes)).map_err(|error| unreadable(&error.to_string()))?;
    for shape in reader.iter_shapes() {
        let rings: Vec<(bool, Vec<RawPoint>)> =
            match shape.map_err(|error| unreadable(&error.to_string()))? {
                Shape::Polygon(polygon) => rings(polygon.rings(), |point| (point.x, point.y)),
                Shape::PolygonM(polygon) => rings(polygon.rings(), |point| (point.x, point.y)),
                Shape::PolygonZ(polygon) => rings(polygon.rings(), |point| (point.x, point.y)),
                _ => continue,
            };
        for polygon in assemble(rings) {
            raw.push(polygon, rules)?;
        }
    }
    Ok(raw)
}

fn unreadable(reason: &str) -> Problem {
    let reason: String = reason.chars().take(200).collect();
    Problem::new("shapefile_unreadable").with("reason", reason)
}

/// Whether every polygon record is as long as its counts say, within the file: checked before a library reserves memory for those counts.
fn records_fit(bytes: &[u8]) -> bool {
    const HEADER: usize = 100;
    let big = |at: usize| word(bytes, at).map(i32::from_be_bytes);
    let little = |at: usize| word(bytes, at).map(i32::from_le_bytes);
    let mut at = HEADER;
    while at + 12 <= bytes.len() {
        let Some(length) = big(at + 4).and_then(|words| usize::try_from(words).ok()) else {
            return false;
        };
        let (start, end) = (at + 8, (at + 8).saturating_add(length.saturating_mul(2)));
        if length < 2 || end > bytes.len() {
            return false;
        }
        if matches!(little(start), Some(5 | 15 | 25)) {
            let count = |at| little(at).and_then(|count| usize::try_from(count).ok());
            let (Some(parts), Some(points)) = (count(start + 36), count(start + 40)) else {
                return false;
            };
            let needed = parts
                .saturating_mul(4)
                .saturating_add(points.saturating_mul(16));
            if needed.saturating_add(44) > end - start {
                return false;
            }
        }
        at = end;
    }
    true
}

fn word(bytes: &[u8], at: usize) -> Option<[u8; 4]> {
    bytes.get(at..at + 4)?.try_into().ok()
}

/// The rings of a shape: whether each is an outer one, and its points. A shapefile keeps binary numbers; the decimals are those of the shortest text
/// that means the same number.
fn rings<P>(
    rings: &[PolygonRing<P>],
    place: impl Fn(&P) -> (f64, f64),
) -> Vec<(bool, Vec<RawPoint>)> {
    let point = |point: &P| {
        let (lon, lat) = place(point);
        let decimals = |value: f64| number(&format!("{value}")).map_or(0, |(_, count)| count);
        RawPoint {
            lon,
            lat,
            decimals: [decimals(lon), decimals(lat)],
        }
    };
    rings
        .iter()
        .map(|ring| match ring {
            PolygonRing::Outer(points) => (true, points.iter().map(point).collect()),
            PolygonRing::Inner(points) => (false, points.iter().map(point).collect()),
        })
        .collect()
}

/// Gives each hole to the outer ring it lies in. A hole without one becomes a polygon of its own, so that nothing of the file is lost silently.
fn assemble(rings: Vec<(bool, Vec<RawPoint>)>) -> Vec<Vec<Vec<RawPoint>>> {
    let (outers, holes): (Vec<_>, Vec<_>) = rings.into_iter().partition(|(outer, _)| *outer);
    let mut polygons: Vec<Vec<Vec<RawPoint>>> =
        outers.into_iter().map(|(_, ring)| vec![ring]).collect();
    let whole: Vec<Vec<Point>> = polygons
        .iter()
        .map(|polygon| polygon[0].iter().map(RawPoint::point).collect())
        .collect();
    for (_, hole) in holes {
        let around = whole.iter().position(|outer| {
            hole.iter()
                .map(|point| side(outer, point.point()))
                .find(|side| *side != Side::Edge)
                == Some(Side::Inside)
        });
        match around {
            Some(at) => polygons[at].push(hole),
            None => polygons.push(vec![hole]),
        }
    }
    polygons
}
