//! Which land two boundaries share.
//!
//! Neighbours share an edge, and two surveys of one edge, written with six decimals, differ by up to 0.16 m. A shared piece therefore counts
//! only if its mean width, twice its area divided by its perimeter, is at least [`WIDTH_MIN_M`].

use geo::{BooleanOps, MultiPolygon};

use crate::segment::{Index, PAIRS_MAX, edges};
use crate::shape::{Boundary, Plot, Point, geojson_of};
use crate::{Problem, area};

/// Mean width below which a shared piece is two drawings of one edge, in metres.
pub(crate) const WIDTH_MIN_M: f64 = 0.25;

/// Land that two boundaries share.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlap {
    area_m2: i64,
    plots: Vec<Plot>,
}

impl Overlap {
    /// Its area on the ellipsoid in whole square metres, rounded up, at least 1.
    pub const fn area_m2(&self) -> i64 {
        self.area_m2
    }

    /// Its pieces as GeoJSON, like [`Boundary::to_geojson`].
    pub fn to_geojson(&self) -> String {
        geojson_of(&self.plots)
    }

    /// Its pieces, for a map.
    pub fn plots(&self) -> &[Plot] {
        &self.plots
    }
}

/// What two boundaries share; `None` if nothing but an edge. The only error is `too_complex`.
pub fn overlap(one: &Boundary, two: &Boundary) -> Result<Option<Overlap>, Problem> {
    if !one.bounding_box().meets(&two.bounding_box()) {
        return Ok(None);
    }
    let mut budget = PAIRS_MAX;
    of_plots(one.plots(), two.plots(), &mut budget)
}

/// The same for lists of plots; `budget` is how many pairs of edges may still be looked at.
pub(crate) fn of_plots(
    one: &[Plot],
    two: &[Plot],
    budget: &mut usize,
) -> Result<Option<Overlap>, Problem> {
    spend(one, two, budget)?;
    let polygons = |plots: &[Plot]| MultiPolygon::new(plots.iter().map(Plot::polygon).collect());
    let shared = polygons(one).intersection(&polygons(two));
    let mut square_metres = 0.0;
    let mut plots = Vec::new();
    for piece in shared {
        let piece_m2 = area::of_polygon(&piece);
        let around_m = area::perimeter_of(&piece);
        if around_m <= 0.0 || 2.0 * piece_m2 / around_m < WIDTH_MIN_M {
            continue;
        }
        square_metres += piece_m2;
        let (outer, holes) = piece.into_inner();
        let rings = std::iter::once(outer).chain(holes);
        plots.push(Plot {
            rings: rings
                .map(|ring| {
                    ring.0
                        .iter()
                        .map(|place| Point::of_degrees(place.x, place.y))
                        .collect()
                })
                .collect(),
        });
    }
    if plots.is_empty() {
        return Ok(None);
    }
    Ok(Some(Overlap {
        area_m2: area::whole_up(square_metres),
        plots,
    }))
}

/// Counts the pairs of edges that come near each other: the crossings that the intersection could have to hold.
fn spend(one: &[Plot], two: &[Plot], budget: &mut usize) -> Result<(), Problem> {
    let all = |plots: &[Plot]| {
        plots
            .iter()
            .flat_map(|plot| edges(&plot.rings))
            .collect::<Vec<_>>()
    };
    let index = Index::of(&all(one));
    for edge in all(two) {
        *budget = budget
            .checked_sub(1 + index.near(&edge).take(*budget).count())
            .ok_or_else(|| Problem::new("too_complex"))?;
    }
    Ok(())
}
