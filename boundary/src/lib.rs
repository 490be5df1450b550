//! Where: boundaries read from files, geodesic area, overlap; airports and the distances between them.
//!
//! Pure: no IO, no clock. Bytes go in, whole square metres, coordinates in whole 1e-7 degrees and typed errors come out. Degrees are
//! floats only on the way through the geometry libraries; no amount of credits is computed here.
//!
//! - [`read`] takes GeoJSON, KML, KMZ or a zipped shapefile and gives a [`Boundary`], or every [`Problem`] it found.
//! - [`Boundary::area_m2`] is the area on the WGS84 ellipsoid (Karney's algorithm).
//! - [`overlap`] says which land two boundaries share, if any.
//! - [`draw`] makes path data for a map of our own data, without tiles of others.
//! - [`airports_of`] finds airports by code or name, [`flight_km`] measures the way between two.

// Degrees and the areas of geometry libraries are floats by nature. What leaves the crate are integers.
#![allow(clippy::float_arithmetic)]

mod airport;
mod archive;
mod area;
mod check;
mod drawing;
mod geojson;
mod kml;
mod overlap;
mod problem;
mod raw;
mod segment;
mod shape;
mod shapes;

pub use airport::{Airport, NoAirport, airports, airports_of, flight_km};
pub use area::{hectares_text, mu_text};
pub use drawing::{Layer, Map, Scale, draw};
pub use overlap::{Overlap, overlap};
pub use problem::{PROBLEMS, Problem, ProblemText, Sentence, sentence};
pub use shape::{Boundary, BoundingBox, Format, Plot, Point};

/// What a file must keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Smallest contiguous piece of land, in square metres; 0: none is too small. The methodology says how much.
    pub plot_minimum_m2: i64,
    /// Largest file, in bytes.
    pub bytes_max: usize,
    /// Most vertices in all rings together.
    pub vertices_max: usize,
}

impl Default for Rules {
    /// No smallest plot, 12 MB, 200,000 vertices.
    fn default() -> Self {
        Self {
            plot_minimum_m2: 0,
            bytes_max: 12_000_000,
            vertices_max: 200_000,
        }
    }
}

/// Decimals that every coordinate must be written with: 0.000001 degree is 0.11 m on a meridian.
pub const DECIMALS_MIN: usize = 6;
/// Most rings of a boundary.
pub const RINGS_MAX: usize = 5_000;
/// Most problems that are reported at once.
pub const PROBLEMS_MAX: usize = 30;

/// Reads a file and checks everything that can be checked without knowing other boundaries.
///
/// The format is told from the content, never from a file name. Every problem found is given, at most [`PROBLEMS_MAX`].
pub fn read(bytes: &[u8], rules: &Rules) -> Result<Boundary, Vec<Problem>> {
    if bytes.len() > rules.bytes_max {
        let problem = Problem::new("boundary_file_too_large")
            .with("bytes", bytes.len())
            .with("max", rules.bytes_max);
        return Err(vec![problem]);
    }
    let raw = decode(bytes, rules).map_err(|problem| vec![problem])?;
    check::check(&raw, rules)
}

/// Opens a boundary that [`Boundary::to_geojson`] wrote and a database kept; what was checked once is not checked again.
pub fn reopen(stored: &str) -> Result<Boundary, Problem> {
    let rules = Rules {
        bytes_max: usize::MAX,
        ..Rules::default()
    };
    let raw = geojson::read(stored, &rules)?;
    Boundary::of_plots(raw.format, raw.plots()).ok_or_else(|| Problem::new("no_polygon"))
}

fn decode(bytes: &[u8], rules: &Rules) -> Result<raw::Raw, Problem> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return archive::read(bytes, rules);
    }
    if bytes.starts_with(&[0, 0, 0x27, 0x0a]) {
        return Err(Problem::new("shapefile_alone"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::new("not_utf8"))?;
    let text = text.trim_start_matches('\u{feff}').trim();
    match text.as_bytes().first() {
        None => Err(Problem::new("boundary_file_empty")),
        Some(b'{') => geojson::read(text, rules),
        Some(b'<') => kml::read(text, rules),
        Some(_) => Err(Problem::new("format_unknown")),
    }
}
