//! Area on the ellipsoid.
//!
//! Both datums that are accepted, CGCS2000 and WGS84, have the same half axis; their flattenings differ in the ninth digit, which moves an area
//! by less than one part in a hundred million. One ellipsoid serves both.

use geo::{GeodesicArea, LineString, Polygon};

use crate::shape::Plot;

/// Square metres enclosed by a ring, whichever way it runs.
pub(crate) fn of_ring(ring: &LineString<f64>) -> f64 {
    Polygon::new(ring.clone(), Vec::new())
        .geodesic_area_signed()
        .abs()
}

/// Square metres of a polygon without its holes.
pub(crate) fn of_polygon(polygon: &Polygon<f64>) -> f64 {
    let holes: f64 = polygon.interiors().iter().map(of_ring).sum();
    (of_ring(polygon.exterior()) - holes).max(0.0)
}

/// Square metres of a plot.
pub(crate) fn of_plot(plot: &Plot) -> f64 {
    of_polygon(&plot.polygon())
}

/// Metres around a polygon, its holes included.
pub(crate) fn perimeter_of(polygon: &Polygon<f64>) -> f64 {
    polygon.geodesic_perimeter()
}

/// Whole square metres, rounded down: no land is counted that is not there.
#[allow(clippy::cast_possible_truncation)] // the earth has 5.1e14 square metres
pub(crate) fn whole_down(square_metres: f64) -> i64 {
    square_metres.clamp(0.0, 1e15).floor() as i64
}

/// Whole square metres, rounded up, at least one: an overlap that exists is never shown as nothing.
#[allow(clippy::cast_possible_truncation)] // the earth has 5.1e14 square metres
pub(crate) fn whole_up(square_metres: f64) -> i64 {
    square_metres.clamp(1.0, 1e15).ceil() as i64
}

/// Square metres as hectares with all four decimals: `110.8234`.
pub fn hectares_text(square_metres: i64) -> String {
    ten_thousandths(i128::from(square_metres), 4)
}

/// Square metres as mu, cut to two decimals: 15 mu are a hectare.
pub fn mu_text(square_metres: i64) -> String {
    ten_thousandths(i128::from(square_metres) * 15, 2)
}

fn ten_thousandths(value: i128, decimals: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let magnitude = value.unsigned_abs();
    let fraction = format!("{:04}", magnitude % 10_000);
    format!("{sign}{}.{}", magnitude / 10_000, &fraction[..decimals])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(places: &[(f64, f64)]) -> LineString<f64> {
        let mut ring: LineString<f64> = places.iter().map(|(lat, lon)| (*lon, *lat)).collect();
        ring.close();
        ring
    }

    #[test]
    fn antarctica_has_the_area_that_the_documentation_of_geographiclib_prints() {
        // GeographicLib, documentation of the Python package, example of PolygonArea: 13662703680020.1 square metres
        let coast = [
            (-63.1, -58.0),
            (-72.9, -74.0),
            (-71.9, -102.0),
            (-74.9, -102.0),
            (-74.3, -131.0),
            (-77.5, -163.0),
            (-77.4, 163.0),
            (-71.7, 172.0),
            (-65.9, 140.0),
            (-65.7, 113.0),
            (-66.6, 88.0),
            (-66.9, 59.0),
            (-69.8, 25.0),
            (-70.0, -4.0),
            (-71.0, -14.0),
            (-77.3, -33.0),
            (-77.9, -46.0),
            (-74.7, -61.0),
        ];
        let square_metres = of_ring(&ring(&coast));
        assert!(
            (square_metres - 13_662_703_680_020.1).abs() < 0.1,
            "{square_metres}"
        );
    }

    #[test]
    fn a_small_quad_has_the_area_of_the_textbook_formula() {
        // M * N * cos(latitude) * d(latitude) * d(longitude), with the radii of curvature of WGS84
        let (half_axis, flattening): (f64, f64) = (6_378_137.0, 1.0 / 298.257_223_563);
        let squared = flattening * (2.0 - flattening);
        for latitude in [18.5_f64, 30.0, 40.25, 53.0] {
            let sine = latitude.to_radians().sin();
            let bend = 1.0 - squared * sine * sine;
            let (meridian, prime) = (
                half_axis * (1.0 - squared) / (bend * bend.sqrt()),
                half_axis / bend.sqrt(),
            );
            let side = 0.002_f64;
            let expected =
                meridian * prime * latitude.to_radians().cos() * side.to_radians().powi(2);
            let (south, north) = (latitude - side / 2.0, latitude + side / 2.0);
            let quad = [
                (south, 117.0),
                (south, 117.0 + side),
                (north, 117.0 + side),
                (north, 117.0),
            ];
            let found = of_ring(&ring(&quad));
            assert!(
                (found / expected - 1.0).abs() < 1e-8,
                "{latitude}: {found} {expected}"
            );
            let mut clockwise = quad;
            clockwise.reverse();
            assert!((of_ring(&ring(&clockwise)) - found).abs() < 1e-6);
        }
    }

    #[test]
    fn a_hectare_is_fifteen_mu() {
        assert_eq!(
            (hectares_text(10_000), mu_text(10_000)),
            ("1.0000".to_owned(), "15.00".to_owned())
        );
        assert_eq!(
            (hectares_text(667), mu_text(667)),
            ("0.0667".to_owned(), "1.00".to_owned())
        );
        assert_eq!(hectares_text(1_108_234), "110.8234");
        assert_eq!(mu_text(i64::MAX), "13835058055282163.71");
    }

    #[test]
    fn areas_are_rounded_down_and_overlaps_up() {
        assert_eq!(whole_down(399.999), 399);
        assert_eq!(whole_up(0.2), 1);
        assert_eq!(whole_up(12.1), 13);
        assert_eq!(whole_down(f64::NAN), 0);
    }
}
