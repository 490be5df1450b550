//! How two edges meet, in exact integers, and an index to find the edges that could meet.

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::shape::Point;

/// Most pairs of edges that are compared for one boundary.
pub(crate) const PAIRS_MAX: usize = 20_000_000;

/// An edge of a ring.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Edge {
    pub(crate) from: Point,
    pub(crate) to: Point,
    /// Index of the ring within its polygon.
    pub(crate) ring: usize,
    /// Index of the edge within its ring.
    pub(crate) at: usize,
}

impl Edge {
    fn envelope(&self) -> AABB<[i64; 2]> {
        AABB::from_corners([self.from.lon, self.from.lat], [self.to.lon, self.to.lat])
    }
}

/// How two edges meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meeting {
    /// Not at all.
    Apart,
    /// In one point that is an end of one of them.
    Touch,
    /// Through each other, or along each other.
    Cross,
}

/// Twice the signed area of a triangle: positive if `c` lies left of `a` -> `b`. Places in China are less than 7e8 apart: no overflow.
fn turn(a: Point, b: Point, c: Point) -> i64 {
    (b.lon - a.lon) * (c.lat - a.lat) - (b.lat - a.lat) * (c.lon - a.lon)
}

fn within(a: Point, b: Point, point: Point) -> bool {
    a.lon.min(b.lon) <= point.lon
        && point.lon <= a.lon.max(b.lon)
        && a.lat.min(b.lat) <= point.lat
        && point.lat <= a.lat.max(b.lat)
}

/// How two edges meet.
pub(crate) fn meeting(one: &Edge, two: &Edge) -> Meeting {
    let (a, b, c, d) = (one.from, one.to, two.from, two.to);
    let turns = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
    if turns == [0; 4] {
        return along(a, b, c, d);
    }
    let apart = |left: i64, right: i64| (left > 0 && right > 0) || (left < 0 && right < 0);
    if apart(turns[0], turns[1]) || apart(turns[2], turns[3]) {
        Meeting::Apart
    } else if turns.contains(&0) {
        Meeting::Touch
    } else {
        Meeting::Cross
    }
}

/// Two edges on one line.
fn along(a: Point, b: Point, c: Point, d: Point) -> Meeting {
    // along the longer direction of the line
    let key = |point: Point| {
        if (a.lon - b.lon).abs() >= (a.lat - b.lat).abs() {
            point.lon
        } else {
            point.lat
        }
    };
    let low = key(a).min(key(b)).max(key(c).min(key(d)));
    let high = key(a).max(key(b)).min(key(c).max(key(d)));
    match low.cmp(&high) {
        std::cmp::Ordering::Less => Meeting::Cross,
        std::cmp::Ordering::Equal => Meeting::Touch,
        std::cmp::Ordering::Greater => Meeting::Apart,
    }
}

/// The edges of closed rings.
pub(crate) fn edges(rings: &[Vec<Point>]) -> Vec<Edge> {
    rings
        .iter()
        .enumerate()
        .flat_map(|(ring, points)| {
            points.windows(2).enumerate().map(move |(at, pair)| Edge {
                from: pair[0],
                to: pair[1],
                ring,
                at,
            })
        })
        .collect()
}

/// Edges that can be asked which of them lie near another edge.
pub(crate) struct Index {
    tree: RTree<GeomWithData<Rectangle<[i64; 2]>, Edge>>,
}

impl Index {
    pub(crate) fn of(edges: &[Edge]) -> Self {
        let entries = edges
            .iter()
            .map(|edge| GeomWithData::new(Rectangle::from_aabb(edge.envelope()), *edge))
            .collect();
        Self {
            tree: RTree::bulk_load(entries),
        }
    }

    /// The edges whose rectangles meet that of `edge`, itself included if it is one of them.
    pub(crate) fn near<'a>(&'a self, edge: &Edge) -> impl Iterator<Item = &'a Edge> {
        self.tree
            .locate_in_envelope_intersecting(&edge.envelope())
            .map(|entry| &entry.data)
    }
}

/// Where a point lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Inside,
    Outside,
    Edge,
}

/// Where a point lies with regard to a closed ring.
pub(crate) fn side(ring: &[Point], point: Point) -> Side {
    let mut inside = false;
    for pair in ring.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let turned = turn(a, b, point);
        if turned == 0 && within(a, b, point) {
            return Side::Edge;
        }
        if (a.lat > point.lat) != (b.lat > point.lat) && (turned > 0) == (b.lat > a.lat) {
            inside = !inside;
        }
    }
    if inside { Side::Inside } else { Side::Outside }
}
