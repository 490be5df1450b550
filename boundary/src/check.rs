//! Everything that can be wrong with one boundary, found in an order in which one problem does not cause another.

use std::collections::HashMap;

use geo::algorithm::unary_union;

use crate::raw::{LostZeros, Raw, RawPoint};
use crate::segment::{Edge, Index, Meeting, PAIRS_MAX, Side, edges, meeting, side};
use crate::shape::{Boundary, BoundingBox, Format, PER_DEGREE, Plot, Point};
use crate::{DECIMALS_MIN, PROBLEMS_MAX, Problem, Rules, area, overlap};

/// China with its sea, in degrees: longitude, then latitude.
const CHINA: [[f64; 2]; 2] = [[73.0, 136.0], [3.0, 54.0]];

/// The boundary, or what is wrong with it.
pub(crate) fn check(raw: &Raw, rules: &Rules) -> Result<Boundary, Vec<Problem>> {
    let mut problems = positions(raw);
    stop(&mut problems)?;
    let plots = raw.plots();
    for (at, plot) in plots.iter().enumerate() {
        rings(at, plot, &mut problems);
    }
    stop(&mut problems)?;
    let mut budget = PAIRS_MAX;
    for (at, plot) in plots.iter().enumerate() {
        crossings(at, plot, &mut budget, &mut problems);
        if problems.len() >= PROBLEMS_MAX {
            break;
        }
    }
    stop(&mut problems)?;
    for (at, plot) in plots.iter().enumerate() {
        holes(at, plot, &mut problems);
    }
    stop(&mut problems)?;
    between_plots(&plots, &mut problems);
    stop(&mut problems)?;
    too_small(&plots, rules.plot_minimum_m2, &mut problems);
    stop(&mut problems)?;
    let boundary =
        Boundary::of_plots(raw.format, plots).ok_or_else(|| vec![Problem::new("no_polygon")])?;
    if boundary.area_m2() < 1 {
        return Err(vec![Problem::new("area_zero")]);
    }
    Ok(boundary)
}

fn stop(problems: &mut Vec<Problem>) -> Result<(), Vec<Problem>> {
    if problems.is_empty() {
        return Ok(());
    }
    problems.truncate(PROBLEMS_MAX);
    Err(std::mem::take(problems))
}

/// The first point with a certain mistake, and how many there are.
#[derive(Default)]
struct Finding {
    first: Option<(usize, usize, usize, RawPoint)>,
    count: usize,
}

impl Finding {
    fn note(&mut self, place: (usize, usize, usize), point: RawPoint) {
        self.first.get_or_insert((place.0, place.1, place.2, point));
        self.count += 1;
    }

    fn problem(&self, code: &'static str) -> Option<Problem> {
        let (polygon, ring, point, written) = self.first?;
        Some(
            Problem::new(code)
                .with("polygon", polygon + 1)
                .with("ring", ring + 1)
                .with("point", point + 1)
                .with("lon", short(written.lon))
                .with("lat", short(written.lat))
                .with("count", self.count),
        )
    }
}

/// A number for a person: as it was, but not three hundred digits of it.
fn short(number: f64) -> String {
    if number.abs() < 1e9 {
        format!("{number}")
    } else {
        format!("{number:e}")
    }
}

/// Decimals, swapped axes, and places outside China.
fn positions(raw: &Raw) -> Vec<Problem> {
    let mut swapped = Finding::default();
    let mut outside = Finding::default();
    let mut imprecise = Finding::default();
    let mut numbers: HashMap<u64, usize> = HashMap::new();
    let in_china = |lon: f64, lat: f64| {
        CHINA[0][0] < lon && lon < CHINA[0][1] && CHINA[1][0] < lat && lat < CHINA[1][1]
    };
    for (polygon, rings) in raw.polygons.iter().enumerate() {
        for (ring, points) in rings.iter().enumerate() {
            for (at, point) in points.iter().enumerate() {
                let place = (polygon, ring, at);
                if !in_china(point.lon, point.lat) {
                    let other_way = in_china(point.lat, point.lon);
                    (if other_way {
                        &mut swapped
                    } else {
                        &mut outside
                    })
                    .note(place, *point);
                }
                if point.decimals.iter().any(|count| *count < DECIMALS_MIN) {
                    imprecise.note(place, *point);
                }
                numbers.insert(point.lon.to_bits(), point.decimals[0]);
                numbers.insert(point.lat.to_bits(), point.decimals[1]);
            }
        }
    }
    let mut problems: Vec<Problem> = [swapped.problem("swapped"), outside.problem("outside_china")]
        .into_iter()
        .flatten()
        .collect();
    // KML is text that people and programs write in full; numbers of JSON and of shapefiles do not keep zeros at their end
    let lost = raw.format != Format::Kml && {
        let mut lacking = [0; DECIMALS_MIN + 1];
        for decimals in numbers.values() {
            let zeros = DECIMALS_MIN.saturating_sub(*decimals);
            for count in &mut lacking[..=zeros] {
                *count += 1;
            }
        }
        LostZeros::of(numbers.len()).explain(&lacking)
    };
    if !lost {
        problems.extend(imprecise.problem("decimals_missing"));
    }
    if raw.polygons.is_empty() {
        problems.push(Problem::new("no_polygon"));
    }
    problems
}

/// Rings that are not closed or too short.
fn rings(polygon: usize, plot: &Plot, problems: &mut Vec<Problem>) {
    for (at, ring) in plot.rings.iter().enumerate() {
        let problem = |code| {
            Problem::new(code)
                .with("polygon", polygon + 1)
                .with("ring", at + 1)
        };
        let mut different = ring.clone();
        different.sort_unstable();
        different.dedup();
        match (ring.first(), ring.last()) {
            _ if different.len() < 3 => problems.push(problem("ring_too_short")),
            (Some(first), Some(last)) if first != last => problems.push(
                problem("ring_not_closed")
                    .with("lon", last.lon_text())
                    .with("lat", last.lat_text()),
            ),
            _ => {}
        }
    }
}

/// Rings that cross or touch themselves, and rings that cross each other.
fn crossings(polygon: usize, plot: &Plot, budget: &mut usize, problems: &mut Vec<Problem>) {
    let all = edges(&plot.rings);
    let index = Index::of(&all);
    for edge in &all {
        for other in index.near(edge) {
            if *budget == 0 {
                problems.push(Problem::new("too_complex"));
                return;
            }
            *budget -= 1;
            // each pair once
            if (other.ring, other.at) <= (edge.ring, edge.at) || !wrong(edge, other, plot) {
                continue;
            }
            let near = between(edge, other);
            let problem = if edge.ring == other.ring {
                Problem::new("ring_crosses_itself")
                    .with("polygon", polygon + 1)
                    .with("ring", edge.ring + 1)
                    .with("point", edge.at + 1)
                    .with("other", other.at + 1)
            } else {
                Problem::new("rings_cross")
                    .with("polygon", polygon + 1)
                    .with("ring", edge.ring + 1)
                    .with("other_ring", other.ring + 1)
            };
            problems.push(
                problem
                    .with("lon", near.lon_text())
                    .with("lat", near.lat_text()),
            );
            if problems.len() >= PROBLEMS_MAX {
                return;
            }
        }
    }
}

/// Whether two edges of one polygon meet as they must not.
fn wrong(edge: &Edge, other: &Edge, plot: &Plot) -> bool {
    let met = meeting(edge, other);
    if edge.ring != other.ring {
        // a hole may touch the outer ring or another hole in a point
        return met == Meeting::Cross;
    }
    let last = plot.rings[edge.ring].len().saturating_sub(2);
    let neighbours = other.at == edge.at + 1 || (edge.at == 0 && other.at == last);
    match met {
        Meeting::Apart => false,
        // neighbours share their end, no more: along each other they would be a spike
        Meeting::Touch => !neighbours,
        Meeting::Cross => true,
    }
}

/// A point near where two edges meet: for a person to find it.
fn between(edge: &Edge, other: &Edge) -> Point {
    let (a, b, c, d) = (
        edge.from.coord(),
        edge.to.coord(),
        other.from.coord(),
        other.to.coord(),
    );
    let slope = (b.x - a.x) * (d.y - c.y) - (b.y - a.y) * (d.x - c.x);
    if slope.abs() < 1.0 / (PER_DEGREE * PER_DEGREE) {
        return other.from;
    }
    let part = ((c.x - a.x) * (d.y - c.y) - (c.y - a.y) * (d.x - c.x)) / slope;
    let part = part.clamp(0.0, 1.0);
    Point::of_degrees(a.x + part * (b.x - a.x), a.y + part * (b.y - a.y))
}

/// Holes that lie outside their polygon or in each other. The rings do not cross: one point of a hole tells.
fn holes(polygon: usize, plot: &Plot, problems: &mut Vec<Problem>) {
    let lies = |inner: &[Point], outer: &[Point]| {
        inner
            .iter()
            .map(|point| side(outer, *point))
            .find(|side| *side != Side::Edge)
    };
    let boxes: Vec<Option<BoundingBox>> = plot
        .rings
        .iter()
        .map(|ring| BoundingBox::of(ring.iter().copied()))
        .collect();
    let meet = |one: usize, two: usize| match (&boxes[one], &boxes[two]) {
        (Some(one), Some(two)) => one.meets(two),
        _ => false,
    };
    let Some((outer, holes)) = plot.rings.split_first() else {
        return;
    };
    for (at, hole) in holes.iter().enumerate() {
        let outside = lies(hole, outer) == Some(Side::Outside);
        let in_another = || {
            holes.iter().enumerate().any(|(other, around)| {
                other != at
                    && meet(at + 1, other + 1)
                    && (lies(hole, around) == Some(Side::Inside)
                        || (other < at && hole.len() == around.len() && same(hole, around)))
            })
        };
        if outside || in_another() {
            problems.push(
                Problem::new("hole_outside")
                    .with("polygon", polygon + 1)
                    .with("ring", at + 2),
            );
            if problems.len() >= PROBLEMS_MAX {
                return;
            }
        }
    }
}

/// Whether two closed rings have the same points, wherever they start and whichever way they run.
fn same(one: &[Point], two: &[Point]) -> bool {
    let sorted = |ring: &[Point]| {
        let mut points = ring.split_last().map_or(&[][..], |(_, rest)| rest).to_vec();
        points.sort_unstable();
        points
    };
    sorted(one) == sorted(two)
}

/// Polygons that are there twice, or that share land.
fn between_plots(plots: &[Plot], problems: &mut Vec<Problem>) {
    let boxes: Vec<BoundingBox> = plots
        .iter()
        .filter_map(|plot| BoundingBox::of(plot.rings.iter().flatten().copied()))
        .collect();
    let mut budget = PAIRS_MAX;
    for one in 0..boxes.len() {
        for two in one + 1..boxes.len() {
            if !boxes[one].meets(&boxes[two]) {
                continue;
            }
            let outer = |at: usize| plots[at].rings.first().map_or(&[][..], Vec::as_slice);
            if outer(one).len() == outer(two).len() && same(outer(one), outer(two)) {
                problems.push(
                    Problem::new("polygon_twice")
                        .with("polygon", one + 1)
                        .with("other", two + 1),
                );
            } else {
                match overlap::of_plots(&plots[one..=one], &plots[two..=two], &mut budget) {
                    Err(problem) => {
                        problems.push(problem);
                        return;
                    }
                    Ok(Some(shared)) => problems.push(
                        Problem::new("plots_overlap")
                            .with("polygon", one + 1)
                            .with("other", two + 1)
                            .with("area", shared.area_m2()),
                    ),
                    Ok(None) => {}
                }
            }
            if problems.len() >= PROBLEMS_MAX {
                return;
            }
        }
    }
}

/// Contiguous pieces below the smallest size. Plots that share an edge are one piece, so a small sub-compartment next to others is no mistake.
pub(crate) fn too_small(plots: &[Plot], minimum_m2: i64, problems: &mut Vec<Problem>) {
    let small = |plot: &Plot| area::whole_down(area::of_plot(plot)) < minimum_m2;
    if minimum_m2 <= 0 || !plots.iter().any(small) {
        return;
    }
    let polygons: Vec<_> = plots.iter().map(Plot::polygon).collect();
    for piece in unary_union(&polygons) {
        let square_metres = area::whole_down(area::of_polygon(&piece));
        if square_metres >= minimum_m2 {
            continue;
        }
        let Some(place) = piece.exterior().0.first() else {
            continue;
        };
        let near = Point::of_degrees(place.x, place.y);
        problems.push(
            Problem::new("plot_too_small")
                .with("lon", near.lon_text())
                .with("lat", near.lat_text())
                .with("area", square_metres)
                .with("minimum", minimum_m2),
        );
        if problems.len() >= PROBLEMS_MAX {
            return;
        }
    }
}
