//! GeoJSON (RFC 7946), read with the text of its numbers: how many decimals were written counts.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::raw::{Raw, RawPoint, number};
use crate::shape::Format;
use crate::{Problem, Rules};

/// The members that matter of any GeoJSON object.
#[derive(Deserialize)]
struct Object<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    coordinates: Option<&'a RawValue>,
    #[serde(borrow, default)]
    geometry: Option<&'a RawValue>,
    #[serde(borrow, default)]
    geometries: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    features: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    crs: Option<&'a RawValue>,
}

/// Rings of positions as written.
type Positions<'a> = Vec<Vec<&'a RawValue>>;

/// How deep collections may hold collections.
const DEPTH_MAX: usize = 8;

/// Reads every polygon of a document; points and lines are passed over.
pub(crate) fn read(text: &str, rules: &Rules) -> Result<Raw, Problem> {
    let mut raw = Raw::new(Format::GeoJson);
    object(text, 0, &mut raw, rules)?;
    Ok(raw)
}

fn object(text: &str, depth: usize, raw: &mut Raw, rules: &Rules) -> Result<(), Problem> {
    if depth > DEPTH_MAX {
        return Err(Problem::new("geojson_unreadable").with("reason", "nested too deep"));
    }
    let object: Object<'_> = parse(text)?;
    if let Some(system) = object.crs {
        coordinate_system(system.get())?;
    }
    match object.kind.as_deref() {
        Some("FeatureCollection") => {
            for feature in object.features.unwrap_or_default() {
                self::object(feature.get(), depth + 1, raw, rules)?;
            }
        }
        Some("Feature") => {
            if let Some(geometry) = object.geometry.filter(|value| value.get() != "null") {
                self::object(geometry.get(), depth + 1, raw, rules)?;
            }
        }
        Some("GeometryCollection") => {
            for geometry in object.geometries.unwrap_or_default() {
                self::object(geometry.get(), depth + 1, raw, rules)?;
            }
        }
        Some("Polygon") => {
            let rings: Positions<'_> = parse(coordinates(object.coordinates)?)?;
            polygon(&rings, raw, rules)?;
        }
        Some("MultiPolygon") => {
            let polygons: Vec<Positions<'_>> = parse(coordinates(object.coordinates)?)?;
            for rings in &polygons {
                polygon(rings, raw, rules)?;
            }
        }
        Some("Point" | "MultiPoint" | "LineString" | "MultiLineString") => {}
        Some(other) => {
            let reason = format!("type {}", other.chars().take(40).collect::<String>());
            return Err(Problem::new("geojson_unreadable").with("reason", reason));
        }
        None => return Err(Problem::new("geojson_unreadable").with("reason", "type ?")),
    }
    Ok(())
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Problem> {
    serde_json::from_str(text).map_err(|error| {
        let reason: String = error.to_string().chars().take(200).collect();
        Problem::new("json_unreadable").with("reason", reason)
    })
}

fn coordinates(value: Option<&RawValue>) -> Result<&str, Problem> {
    value
        .map(RawValue::get)
        .ok_or_else(|| Problem::new("geojson_unreadable").with("reason", "coordinates ?"))
}

fn polygon(rings: &Positions<'_>, raw: &mut Raw, rules: &Rules) -> Result<(), Problem> {
    let polygon = raw.polygons.len();
    let mut points = Vec::with_capacity(rings.len());
    for (ring, positions) in rings.iter().enumerate() {
        let mut read = Vec::with_capacity(positions.len());
        for (at, written) in positions.iter().enumerate() {
            // one position is a list of two numbers, or three with a height
            let point = position(written.get()).ok_or_else(|| {
                Problem::new("number_unreadable")
                    .with("polygon", polygon + 1)
                    .with("ring", ring + 1)
                    .with("point", at + 1)
                    .with(
                        "written",
                        written.get().chars().take(60).collect::<String>(),
                    )
            })?;
            read.push(point);
        }
        points.push(read);
    }
    raw.push(points, rules)
}

fn position(text: &str) -> Option<RawPoint> {
    let inner = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    let mut numbers = inner.split(',').map(|written| number(written.trim()));
    let (lon, lon_decimals) = numbers.next()??;
    let (lat, lat_decimals) = numbers.next()??;
    Some(RawPoint {
        lon,
        lat,
        decimals: [lon_decimals, lat_decimals],
    })
}

/// GeoJSON before 2016 could name a system; names of the accepted ones pass.
fn coordinate_system(text: &str) -> Result<(), Problem> {
    let accepted = [
        "CRS84",
        "EPSG::4326",
        "EPSG:4326",
        "EPSG::4490",
        "EPSG:4490",
    ];
    if text == "null" || accepted.iter().any(|name| text.contains(name)) {
        return Ok(());
    }
    let name = serde_json::from_str::<serde_json::Value>(text)
        .ok()
        .and_then(|value| value["properties"]["name"].as_str().map(str::to_owned));
    let system: String = name
        .unwrap_or_else(|| "?".to_owned())
        .chars()
        .filter(|c| !c.is_control() && !"{}".contains(*c))
        .take(80)
        .collect();
    Err(Problem::new("system_not_accepted").with("system", system))
}
