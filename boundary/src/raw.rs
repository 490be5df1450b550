//! What a file says, before anything is checked.

use crate::shape::{Format, Plot, Point};
use crate::{DECIMALS_MIN, Problem, RINGS_MAX, Rules};

/// A position as written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RawPoint {
    /// First number, degrees: the longitude if the file is right.
    pub(crate) lon: f64,
    /// Second number, degrees.
    pub(crate) lat: f64,
    /// How many decimals each number was written with.
    pub(crate) decimals: [usize; 2],
}

impl RawPoint {
    /// Rounded to 1e-7 degree (1 cm).
    pub(crate) fn point(&self) -> Point {
        Point::of_degrees(self.lon, self.lat)
    }
}

/// The polygons of a file: rings of positions, the outer ring first.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) format: Format,
    pub(crate) polygons: Vec<Vec<Vec<RawPoint>>>,
    vertices: usize,
    rings: usize,
}

impl Raw {
    pub(crate) const fn new(format: Format) -> Self {
        Self {
            format,
            polygons: Vec::new(),
            vertices: 0,
            rings: 0,
        }
    }

    /// Adds a polygon, within the limits.
    pub(crate) fn push(
        &mut self,
        polygon: Vec<Vec<RawPoint>>,
        rules: &Rules,
    ) -> Result<(), Problem> {
        self.rings += polygon.len();
        self.vertices += polygon.iter().map(Vec::len).sum::<usize>();
        if self.vertices > rules.vertices_max {
            return Err(Problem::new("too_many_vertices").with("max", rules.vertices_max));
        }
        if self.rings > RINGS_MAX {
            return Err(Problem::new("too_many_rings").with("max", RINGS_MAX));
        }
        if !polygon.is_empty() {
            self.polygons.push(polygon);
        }
        Ok(())
    }

    /// The polygons in whole 1e-7 degrees; points that repeat the one before are left out.
    pub(crate) fn plots(&self) -> Vec<Plot> {
        self.polygons
            .iter()
            .map(|polygon| Plot {
                rings: polygon
                    .iter()
                    .map(|ring| {
                        let mut points: Vec<Point> = ring.iter().map(RawPoint::point).collect();
                        points.dedup();
                        points
                    })
                    .collect(),
            })
            .collect()
    }
}

/// Reads one number as written, with the count of its decimals; `None` if it is not a finite decimal number.
pub(crate) fn number(written: &str) -> Option<(f64, usize)> {
    let plain = written.len() <= 40
        && written
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
        && written.bytes().any(|byte| byte.is_ascii_digit());
    if !plain {
        return None;
    }
    let value: f64 = written
        .parse()
        .ok()
        .filter(|value: &f64| value.is_finite())?;
    let (digits, exponent) = written
        .split_once(['e', 'E'])
        .map_or((written, 0), |(digits, exponent)| {
            (digits, exponent.parse::<i64>().unwrap_or(i64::MAX))
        });
    let fraction = digits.split_once('.').map_or(0, |(_, part)| part.len());
    let decimals = i64::try_from(fraction)
        .unwrap_or(0)
        .saturating_sub(exponent);
    Some((value, usize::try_from(decimals).unwrap_or(0)))
}

/// Whether numbers with this many decimals can be explained by a program that leaves out zeros at the end.
///
/// Of numbers with six decimals one in ten ends in one zero, one in a hundred in two, and so on. A file that was written with fewer decimals has
/// far more short numbers. Accepted are up to three times as many as chance gives, and one more for one or two zeros.
pub(crate) struct LostZeros {
    allowed: [usize; DECIMALS_MIN + 1],
}

impl LostZeros {
    /// For a file with so many numbers.
    pub(crate) fn of(numbers: usize) -> Self {
        let mut allowed = [0; DECIMALS_MIN + 1];
        let mut chance = numbers * 3;
        for (zeros, most) in allowed.iter_mut().enumerate().skip(1) {
            chance /= 10;
            *most = chance + usize::from(zeros <= 2);
        }
        Self { allowed }
    }

    /// Whether `short[k]`, the count of numbers that lack `k` or more decimals, is within chance for every `k`.
    pub(crate) fn explain(&self, short: &[usize; DECIMALS_MIN + 1]) -> bool {
        (1..=DECIMALS_MIN).all(|zeros| short[zeros] <= self.allowed[zeros])
    }
}
