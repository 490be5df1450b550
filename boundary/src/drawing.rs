//! A map of our own data: path data for SVG in a plain projection, a scale bar, coordinates at the corners.
//!
//! Degrees are drawn as they are, with longitudes shortened by the cosine of the middle latitude; for the extent of a project that is as good as any
//! projection. Points are rounded to drawing units and repeated ones left out, which is all the simplification a small map needs.

use crate::shape::{BoundingBox, Plot, Point};

/// A map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    /// Width in drawing units.
    pub width: i64,
    /// Height in drawing units.
    pub height: i64,
    /// One layer for each list of plots, in the order given.
    pub layers: Vec<Layer>,
    /// The scale bar.
    pub scale: Scale,
    /// Latitude of the upper edge, degrees with four decimals.
    pub north: String,
    /// Latitude of the lower edge.
    pub south: String,
    /// Longitude of the left edge.
    pub west: String,
    /// Longitude of the right edge.
    pub east: String,
}

/// The plots of one list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Path data for an SVG `path` with `fill-rule="evenodd"`; empty if nothing of it can be drawn.
    pub path: String,
}

/// A bar that shows a length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    /// Its length on the ground in metres: 1, 2 or 5 and zeros.
    pub metres: i64,
    /// Its length in drawing units.
    pub units: i64,
}

/// Most points of one layer; beyond it the grid gets coarser.
const POINTS_MAX: usize = 8_000;
/// Width of a map in drawing units.
const WIDTH: f64 = 800.0;
/// Lowest and highest map.
const HEIGHTS: [f64; 2] = [300.0, 800.0];
/// Free space around what is shown, as a part of it.
const MARGIN: f64 = 0.08;
/// Metres in a degree of latitude, to within one part in 200: for the scale bar.
const DEGREE_M: f64 = 111_200.0;

/// Draws lists of plots within a rectangle. What lies outside of it runs out of the picture.
pub fn draw(frame: &BoundingBox, lists: &[&[Plot]]) -> Map {
    let view = View::of(frame);
    let metres_per_unit = view.degrees_per_unit * DEGREE_M;
    Map {
        #[allow(clippy::cast_possible_truncation)] // within HEIGHTS
        height: view.height.round() as i64,
        #[allow(clippy::cast_possible_truncation)] // a constant
        width: WIDTH as i64,
        layers: lists.iter().map(|plots| layer(plots, &view)).collect(),
        scale: scale(metres_per_unit),
        north: format!("{:.4}", view.north),
        south: format!("{:.4}", view.north - view.height * view.degrees_per_unit),
        west: format!("{:.4}", view.west),
        east: format!("{:.4}", view.west + WIDTH * view.degrees_per_unit / view.cosine),
    }
}

/// How degrees become drawing units.
struct View {
    west: f64,
    north: f64,
    height: f64,
    cosine: f64,
    /// Degrees of latitude in a drawing unit.
    degrees_per_unit: f64,
}

impl View {
    #[allow(clippy::cast_precision_loss)] // 1e9 at most
    fn of(frame: &BoundingBox) -> Self {
        let degrees = |micro: i64| micro.clamp(-360_000_000, 360_000_000) as f64 / 1e6;
        let (west, east) = (degrees(frame.west), degrees(frame.east));
        let (south, north) = (degrees(frame.south), degrees(frame.north));
        let cosine = f64::midpoint(south, north).to_radians().cos().max(0.05);
        // at least ten metres, so that a point has a map as well
        let wide = ((east - west) * cosine).max(1e-4) * (1.0 + 2.0 * MARGIN);
        let high = (north - south).max(1e-4) * (1.0 + 2.0 * MARGIN);
        let height = (high / wide * WIDTH).clamp(HEIGHTS[0], HEIGHTS[1]);
        let degrees_per_unit = (wide / WIDTH).max(high / height);
        Self {
            west: f64::midpoint(west, east) - WIDTH / 2.0 * degrees_per_unit / cosine,
            north: f64::midpoint(south, north) + height / 2.0 * degrees_per_unit,
            height,
            cosine,
            degrees_per_unit,
        }
    }

    /// Tenths of drawing units, on a grid.
    #[allow(clippy::cast_possible_truncation)] // cut off before
    fn place(&self, point: Point, grid: i64) -> (i64, i64) {
        let coord = point.coord();
        let x = (coord.x - self.west) * self.cosine / self.degrees_per_unit;
        let y = (self.north - coord.y) / self.degrees_per_unit;
        let whole = |value: f64| {
            let tenths = (value * 10.0).clamp(-1e7, 1e7).round() as i64;
            (tenths + grid / 2).div_euclid(grid) * grid
        };
        (whole(x), whole(y))
    }
}

fn layer(plots: &[Plot], view: &View) -> Layer {
    let rings = || plots.iter().flat_map(|plot| &plot.rings);
    let mut drawn = Vec::new();
    // tenths of a unit; then coarser, until few enough points are left
    for grid in [1, 5, 10, 20, 40, 80] {
        drawn = rings()
            .map(|ring| places(ring, view, grid))
            .collect::<Vec<_>>();
        if drawn.iter().map(Vec::len).sum::<usize>() <= POINTS_MAX {
            break;
        }
    }
    let mut path = String::new();
    for places in drawn {
        write(&places, &mut path);
    }
    Layer { path }
}

/// The places of a ring without repetitions and without the closing one.
fn places(ring: &[Point], view: &View, grid: i64) -> Vec<(i64, i64)> {
    let mut places: Vec<_> = ring.iter().map(|point| view.place(*point, grid)).collect();
    places.dedup();
    if places.len() > 1 && places.first() == places.last() {
        places.pop();
    }
    places
}

fn write(places: &[(i64, i64)], path: &mut String) {
    let tenths = |value: i64| {
        let sign = if value < 0 { "-" } else { "" };
        let magnitude = value.unsigned_abs();
        match magnitude % 10 {
            0 => format!("{sign}{}", magnitude / 10),
            tenth => format!("{sign}{}.{tenth}", magnitude / 10),
        }
    };
    match places {
        [] => {}
        // too small for the map: a mark, so that it is seen
        [(x, y)] | [(x, y), _] => {
            path.push_str(&format!("M{} {}h4v4h-4z", tenths(x - 20), tenths(y - 20)));
        }
        [(x, y), rest @ ..] => {
            path.push_str(&format!("M{} {}", tenths(*x), tenths(*y)));
            for (x, y) in rest {
                path.push_str(&format!("L{} {}", tenths(*x), tenths(*y)));
            }
            path.push('Z');
        }
    }
}

/// The longest bar of 1, 2 or 5 and zeros that takes at most a quarter of the width.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // 1e7 metres at most
fn scale(metres_per_unit: f64) -> Scale {
    let longest = metres_per_unit * WIDTH / 4.0;
    let metres = (0..8)
        .flat_map(|zeros| [1, 2, 5].map(|digit| digit * 10_i64.pow(zeros)))
        .take_while(|metres| *metres as f64 <= longest)
        .last()
        .unwrap_or(1);
    Scale {
        metres,
        units: (metres as f64 / metres_per_unit).round() as i64,
    }
}
