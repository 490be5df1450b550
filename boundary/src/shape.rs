//! The shape of a boundary: plots of rings of points in whole 1e-7 degrees.

use geo::{Coord, LineString, Polygon};

use crate::{Problem, area, check};

/// How a boundary was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// GeoJSON, RFC 7946.
    GeoJson,
    /// KML, plain or zipped.
    Kml,
    /// A zipped shapefile.
    Shapefile,
}

impl Format {
    /// The name people know it by.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GeoJson => "GeoJSON",
            Self::Kml => "KML",
            Self::Shapefile => "Shapefile",
        }
    }
}

/// 1e-7 degrees in a degree.
pub(crate) const PER_DEGREE: f64 = 10_000_000.0;

/// A place, in whole 1e-7 degrees (about 1 cm).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point {
    /// Longitude, east positive.
    pub lon: i64,
    /// Latitude, north positive.
    pub lat: i64,
}

impl Point {
    /// The nearest point; degrees beyond any place on earth are cut off at 1000.
    #[allow(clippy::cast_possible_truncation)] // cut off before
    pub(crate) fn of_degrees(lon: f64, lat: f64) -> Self {
        let whole = |degrees: f64| (degrees.clamp(-1000.0, 1000.0) * PER_DEGREE).round() as i64;
        Self {
            lon: whole(lon),
            lat: whole(lat),
        }
    }

    #[allow(clippy::cast_precision_loss)] // 1e10 at most
    pub(crate) fn coord(self) -> Coord<f64> {
        Coord {
            x: self.lon as f64 / PER_DEGREE,
            y: self.lat as f64 / PER_DEGREE,
        }
    }

    /// The longitude in degrees with six decimals: `117.123456`.
    pub fn lon_text(self) -> String {
        degrees_text(self.lon, 6)
    }

    /// The latitude in degrees with six decimals.
    pub fn lat_text(self) -> String {
        degrees_text(self.lat, 6)
    }
}

/// Whole 1e-7 degrees as a decimal text, cut to `decimals` (at most 7).
fn degrees_text(value: i64, decimals: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let magnitude = value.unsigned_abs();
    let fraction = format!("{:07}", magnitude % 10_000_000);
    format!(
        "{sign}{}.{}",
        magnitude / 10_000_000,
        &fraction[..decimals.min(7)]
    )
}

/// One polygon: the outer ring, then its holes. Rings are closed: the first point comes again at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plot {
    /// The rings.
    pub rings: Vec<Vec<Point>>,
}

impl Plot {
    pub(crate) fn polygon(&self) -> Polygon<f64> {
        let mut rings = self
            .rings
            .iter()
            .map(|ring| LineString::new(ring.iter().map(|point| point.coord()).collect()));
        let outer = rings.next().unwrap_or_else(|| LineString::new(Vec::new()));
        Polygon::new(outer, rings.collect())
    }

    pub(crate) fn vertices(&self) -> usize {
        self.rings.iter().map(Vec::len).sum()
    }
}

/// A rectangle of longitude and latitude, in whole 1e-6 degrees, rounded outward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoundingBox {
    /// Smallest longitude.
    pub west: i64,
    /// Smallest latitude.
    pub south: i64,
    /// Largest longitude.
    pub east: i64,
    /// Largest latitude.
    pub north: i64,
}

impl BoundingBox {
    pub(crate) fn of(points: impl Iterator<Item = Point>) -> Option<Self> {
        let mut found: Option<[i64; 4]> = None;
        for Point { lon, lat } in points {
            let [west, south, east, north] = found.unwrap_or([lon, lat, lon, lat]);
            found = Some([west.min(lon), south.min(lat), east.max(lon), north.max(lat)]);
        }
        let up = |value: i64| -(-value).div_euclid(10);
        found.map(|[west, south, east, north]| Self {
            west: west.div_euclid(10),
            south: south.div_euclid(10),
            east: up(east),
            north: up(north),
        })
    }

    /// The rectangle around both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }

    /// Whether they share a point.
    pub fn meets(&self, other: &Self) -> bool {
        self.west <= other.east
            && other.west <= self.east
            && self.south <= other.north
            && other.south <= self.north
    }
}

/// A boundary: at least one plot. Its plots were checked when it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Boundary {
    format: Format,
    plots: Vec<Plot>,
    bounding_box: BoundingBox,
}

impl Boundary {
    pub(crate) fn of_plots(format: Format, plots: Vec<Plot>) -> Option<Self> {
        let points = plots.iter().flat_map(|plot| plot.rings.iter().flatten());
        let bounding_box = BoundingBox::of(points.copied())?;
        Some(Self {
            format,
            plots,
            bounding_box,
        })
    }

    /// The format it was read from.
    pub const fn format(&self) -> Format {
        self.format
    }

    /// Its polygons.
    pub fn plots(&self) -> &[Plot] {
        &self.plots
    }

    /// How many polygons.
    pub fn plot_count(&self) -> usize {
        self.plots.len()
    }

    /// How many points, the closing ones included.
    pub fn vertex_count(&self) -> usize {
        self.plots.iter().map(Plot::vertices).sum()
    }

    /// The rectangle around it.
    pub const fn bounding_box(&self) -> BoundingBox {
        self.bounding_box
    }

    /// Area on the WGS84 ellipsoid, holes taken out, in whole square metres, rounded down.
    pub fn area_m2(&self) -> i64 {
        area::whole_down(self.plots.iter().map(area::of_plot).sum())
    }

    /// Refuses contiguous pieces smaller than `minimum_m2` square metres, each with its place (`plot_too_small`).
    pub fn check_plots(&self, minimum_m2: i64) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        check::too_small(&self.plots, minimum_m2, &mut problems);
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    /// Normalised GeoJSON: one feature with one multi-polygon, every coordinate with seven decimals. [`crate::read`] and
    /// [`crate::reopen`] give the same boundary again.
    pub fn to_geojson(&self) -> String {
        geojson_of(&self.plots)
    }
}

/// Plots as one feature with one multi-polygon, every coordinate with seven decimals.
pub(crate) fn geojson_of(plots: &[Plot]) -> String {
    let mut text = String::from(
        r#"{"type":"Feature","properties":{},"geometry":{"type":"MultiPolygon","coordinates":["#,
    );
    for (at, plot) in plots.iter().enumerate() {
        text.push_str(if at == 0 { "[" } else { ",[" });
        for (at, ring) in plot.rings.iter().enumerate() {
            text.push_str(if at == 0 { "[" } else { ",[" });
            for (at, point) in ring.iter().enumerate() {
                text.push_str(if at == 0 { "[" } else { ",[" });
                text.push_str(&degrees_text(point.lon, 7));
                text.push(',');
                text.push_str(&degrees_text(point.lat, 7));
                text.push(']');
            }
            text.push(']');
        }
        text.push(']');
    }
    text.push_str("]}}");
    text
}
