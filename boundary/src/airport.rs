//! Airports and the ways between them: a packaged table (`boundary/data/airports.csv`, which says where it is from) and the shortest line on
//! the ellipsoid, which people call the great circle.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use geo::{Distance, Geodesic};

const TABLE: &str = include_str!("../data/airports.csv");

/// Cities that people also call otherwise than the table does, by the code of an airport: San Diego is written as Santiago is.
const OTHER_NAMES: &[(&str, &str)] = &[("SAN", "圣地亚哥")];

/// An airport with scheduled flights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Airport {
    /// Its IATA code, three capital letters.
    pub code: &'static str,
    /// Its name in Chinese.
    pub name_zh: &'static str,
    /// Its name in English.
    pub name_en: &'static str,
    /// The city it serves, in Chinese.
    pub city_zh: &'static str,
    /// The city it serves, in English.
    pub city_en: &'static str,
    /// ISO 3166-1 code of its country or region.
    pub country: &'static str,
    latitude: f64,
    longitude: f64,
}

/// Why a written place is no airport.
#[derive(Clone, Debug, PartialEq)]
pub enum NoAirport {
    /// Nothing in the table is called so.
    Unknown,
    /// Places of several cities are called so; a code says which.
    Ambiguous(Vec<&'static Airport>),
}

/// Every airport of the table, in its order.
pub fn airports() -> &'static [Airport] {
    static AIRPORTS: OnceLock<Vec<Airport>> = OnceLock::new();
    AIRPORTS.get_or_init(|| {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
        lines.skip(1).filter_map(read).collect()
    })
}

fn read(line: &'static str) -> Option<Airport> {
    let mut cells = line.split(',');
    Some(Airport {
        code: cells.next()?,
        name_zh: cells.next()?,
        name_en: cells.next()?,
        city_zh: cells.next()?,
        city_en: cells.next()?,
        country: cells.next()?,
        latitude: cells.next()?.parse().ok()?,
        longitude: cells.next()?.parse().ok()?,
    })
}

/// The airports behind an IATA code, the name of an airport, or that of a city, in Chinese or English: of a city all that serve it. Capitals,
/// blanks, a trailing 市 and the words for "airport" do not matter.
pub fn airports_of(written: &str) -> Result<Vec<&'static Airport>, NoAirport> {
    let asked = without_blanks(written);
    let index = index();
    if let Some(airport) = index.whole.get(&asked) {
        return Ok(vec![airport]);
    }
    let named = index.plain.get(&plain(&asked));
    let named = named.cloned().unwrap_or_default();
    let cities: BTreeSet<_> = named.iter().map(|airport| airport.city_zh).collect();
    match cities.len() {
        0 => Err(NoAirport::Unknown),
        1 => Ok(named),
        _ => Err(NoAirport::Ambiguous(named)),
    }
}

/// Airports by what they may be called.
#[derive(Default)]
struct Index {
    /// By code and by whole name.
    whole: BTreeMap<String, &'static Airport>,
    /// By names and cities without what people write differently.
    plain: BTreeMap<String, Vec<&'static Airport>>,
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut index = Index::default();
        for airport in airports() {
            for name in [airport.code, airport.name_zh, airport.name_en] {
                index.whole.insert(without_blanks(name), airport);
            }
            let names = [
                airport.name_zh,
                airport.name_en,
                airport.city_zh,
                airport.city_en,
            ];
            let others = OTHER_NAMES
                .iter()
                .filter(|(code, _)| *code == airport.code)
                .map(|(_, name)| *name);
            for name in names.into_iter().chain(others) {
                let known = index.plain.entry(plain(name)).or_default();
                if !known.contains(&airport) {
                    known.push(airport);
                }
            }
        }
        index
    })
}

fn without_blanks(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A name without what people write differently.
fn plain(name: &str) -> String {
    let lower = without_blanks(name);
    let mut rest = lower.as_str();
    for ending in ["机场", "国际", "市", "airport", "international"] {
        // a name that is nothing else stays as it is
        rest = rest
            .strip_suffix(ending)
            .filter(|rest| !rest.is_empty())
            .unwrap_or(rest);
    }
    rest.to_owned()
}

/// Kilometres between two airports by the shortest line on the WGS84 ellipsoid, rounded up. No detour is added.
#[allow(clippy::cast_possible_truncation)] // half way around the earth is 20,004 km
pub fn flight_km(from: &Airport, to: &Airport) -> i64 {
    let place = |airport: &Airport| geo::Point::new(airport.longitude, airport.latitude);
    let kilometres = Geodesic.distance(place(from), place(to)) / 1000.0;
    kilometres.clamp(0.0, 20_100.0).ceil() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(code: &str) -> &'static Airport {
        airports_of(code).expect("an airport")[0]
    }

    fn km(from: &str, to: &str) -> i64 {
        flight_km(one(from), one(to))
    }

    /// Kilometres by the formula of Vincenty (1975), which shares nothing with the library's.
    fn vincenty(from: &Airport, to: &Airport) -> f64 {
        let (equator, flattening): (f64, f64) = (6_378.137, 1.0 / 298.257_223_563);
        let pole = equator * (1.0 - flattening);
        let reduced = |degrees: f64| ((1.0 - flattening) * degrees.to_radians().tan()).atan();
        let ((s1, c1), (s2, c2)) = (
            reduced(from.latitude).sin_cos(),
            reduced(to.latitude).sin_cos(),
        );
        let difference = (to.longitude - from.longitude).to_radians();
        let mut lambda = difference;
        for _ in 0..1_000 {
            let (sin_l, cos_l) = lambda.sin_cos();
            let sine = (c2 * sin_l).hypot(c1 * s2 - s1 * c2 * cos_l);
            let cosine = s1 * s2 + c1 * c2 * cos_l;
            let sigma = sine.atan2(cosine);
            let alpha = c1 * c2 * sin_l / sine;
            let square = 1.0 - alpha * alpha;
            let middle = cosine - 2.0 * s1 * s2 / square;
            let bend = flattening / 16.0 * square * (4.0 + flattening * (4.0 - 3.0 * square));
            let inner = middle + bend * cosine * (2.0 * middle * middle - 1.0);
            let next =
                difference + (1.0 - bend) * flattening * alpha * (sigma + bend * sine * inner);
            if (next - lambda).abs() > 1e-12 {
                lambda = next;
                continue;
            }
            let swell = square * (equator * equator - pole * pole) / (pole * pole);
            let big_a = 1.0
                + swell / 16_384.0 * (4_096.0 + swell * (-768.0 + swell * (320.0 - 175.0 * swell)));
            let big_b =
                swell / 1_024.0 * (256.0 + swell * (-128.0 + swell * (74.0 - 47.0 * swell)));
            let twice = 2.0 * middle * middle - 1.0;
            let rest = big_b / 6.0 * middle * (4.0 * sine * sine - 3.0) * (2.0 * twice - 1.0);
            let delta = big_b * sine * (middle + big_b / 4.0 * (cosine * twice - rest));
            return pole * big_a * (sigma - delta);
        }
        panic!("{} and {} lie opposite to each other", from.code, to.code);
    }

    #[test]
    fn every_line_of_the_table_is_an_airport_of_its_own() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(airports().len(), lines - 1, "every line can be read");
        assert!(airports().len() >= 400);
        let mut codes = BTreeSet::new();
        for airport in airports() {
            assert!(
                airport.code.len() == 3 && airport.code.bytes().all(|b| b.is_ascii_uppercase()),
                "{}",
                airport.code
            );
            assert!(
                codes.insert(airport.code),
                "{} is there twice",
                airport.code
            );
            assert_eq!(airport.country.len(), 2, "{}", airport.code);
            assert!(airport.latitude.abs() < 75.0 && airport.longitude.abs() <= 180.0);
            let names = [
                airport.name_zh,
                airport.name_en,
                airport.city_zh,
                airport.city_en,
            ];
            assert!(
                names.iter().all(|name| !name.is_empty()),
                "{}",
                airport.code
            );
            if ["CN", "HK", "MO", "TW"].contains(&airport.country) {
                let within = (18.0..54.0).contains(&airport.latitude)
                    && (73.0..136.0).contains(&airport.longitude);
                assert!(within, "{}", airport.code);
            }
            // the name of an airport is found, and means this one alone
            assert_eq!(airports_of(airport.name_zh), Ok(vec![airport]));
        }
        let of = |countries: &[&str]| {
            let counted = airports().iter();
            counted
                .filter(|one| countries.contains(&one.country))
                .count()
        };
        assert!(of(&["CN", "HK", "MO", "TW"]) >= 250);
    }

    #[test]
    fn distances_are_those_that_others_publish() {
        // documentation of GeographicLib, example of GeodSolve: 5551759.400 m between JFK and LHR as it rounds them
        let at = |code, latitude, longitude| Airport {
            latitude,
            longitude,
            ..*one(code)
        };
        assert_eq!(
            flight_km(&at("JFK", 40.6, -73.8), &at("LHR", 51.6, -0.5)),
            5_552
        );
        // as tables of great circles print them, in miles: 3,451, 7,488, 668 and 5,755
        for (from, to, published) in [
            ("LHR", "JFK", 5_554.0),
            ("SYD", "LAX", 12_051.0),
            ("PEK", "SHA", 1_075.0),
            ("PVG", "LHR", 9_262.0),
        ] {
            let found = f64::from(i32::try_from(km(from, to)).expect("small"));
            let off = (found / published - 1.0).abs();
            assert!(off < 0.005, "{from}-{to}: {found} instead of {published}");
        }
    }

    #[test]
    fn every_distance_is_that_of_another_formula_rounded_up() {
        let all = airports();
        for (at, from) in all.iter().enumerate() {
            for step in [1, 37, 211] {
                let to = &all[(at + step) % all.len()];
                let other = vincenty(from, to);
                let found = f64::from(i32::try_from(flight_km(from, to)).expect("small"));
                let over = found - other;
                assert!(
                    (-0.001..1.001).contains(&over),
                    "{}-{}: {found} {other}",
                    from.code,
                    to.code
                );
                assert_eq!(flight_km(from, to), flight_km(to, from));
            }
        }
        assert_eq!(km("PEK", "PEK"), 0);
    }

    #[test]
    fn an_airport_is_found_as_people_write_it() {
        for written in [
            "SHA",
            " sha ",
            "上海虹桥国际机场",
            "上海虹桥",
            "Shanghai Hongqiao",
            "shanghai hongqiao international airport",
        ] {
            assert_eq!(airports_of(written), Ok(vec![one("SHA")]), "{written}");
        }
        for written in ["北京", "北京市", "beijing"] {
            assert_eq!(
                airports_of(written),
                Ok(vec![one("PEK"), one("PKX")]),
                "{written}"
            );
        }
        assert_eq!(airports_of("伦敦").map(|found| found.len()), Ok(5));
    }

    #[test]
    fn what_is_no_airport_is_none_and_what_may_be_two_is_not_guessed() {
        for written in [
            "",
            " ",
            "机场",
            "国际机场",
            "airport",
            "QQQ",
            "某镇",
            "市",
            "PEKX",
            "北京;上海",
        ] {
            assert_eq!(airports_of(written), Err(NoAirport::Unknown), "{written}");
        }
        // two cities whose names are written alike, in English or in Chinese
        for (written, expected) in [("Yulin", ["YLX", "UYN"]), ("圣地亚哥", ["SAN", "SCL"])] {
            let found = airports_of(written).expect_err("two cities");
            let NoAirport::Ambiguous(found) = found else {
                panic!("two cities");
            };
            let codes: Vec<_> = found.iter().map(|airport| airport.code).collect();
            assert_eq!(codes, expected, "{written}");
        }
        for (written, code) in [("圣迭戈", "SAN"), ("Santiago", "SCL")] {
            assert_eq!(airports_of(written), Ok(vec![one(code)]), "{written}");
        }
    }
}
