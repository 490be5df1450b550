//! KML: the polygons of a document, wherever they stand in it. KML has one coordinate system, WGS84 longitude and latitude.

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::raw::{Raw, RawPoint, number};
use crate::shape::Format;
use crate::{Problem, Rules};

/// The polygon being read.
#[derive(Default)]
struct Open {
    outer: Option<Vec<RawPoint>>,
    holes: Vec<Vec<RawPoint>>,
}

/// Where in a polygon the reader is.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    Outside,
    Polygon,
    Outer,
    Inner,
}

/// Reads every polygon of a document.
pub(crate) fn read(text: &str, rules: &Rules) -> Result<Raw, Problem> {
    let mut raw = Raw::new(Format::Kml);
    let mut reader = Reader::from_str(text);
    let mut open = Open::default();
    let mut within = Within::Outside;
    let mut written: Option<String> = None;
    let mut is_kml = false;
    loop {
        match reader.read_event().map_err(|error| unreadable(&error))? {
            Event::Start(start) => match start.local_name().as_ref() {
                "kml" => is_kml = true,
                "Polygon" => {
                    open = Open::default();
                    within = Within::Polygon;
                }
                "outerBoundaryIs" if within == Within::Polygon => within = Within::Outer,
                "innerBoundaryIs" if within == Within::Polygon => within = Within::Inner,
                "coordinates" if matches!(within, Within::Outer | Within::Inner) => {
                    written = Some(String::new());
                }
                _ => {}
            },
            Event::Text(part) => {
                if let Some(written) = &mut written {
                    written.push_str(&part);
                }
            }
            Event::CData(part) => {
                if let Some(written) = &mut written {
                    written.push_str(&part);
                }
            }
            Event::End(end) => match end.local_name().as_ref() {
                "coordinates" => {
                    if let Some(text) = written.take() {
                        let hole = within == Within::Inner;
                        let ring = if hole { open.holes.len() + 2 } else { 1 };
                        let points = ring_of(&text, raw.polygons.len() + 1, ring)?;
                        if hole {
                            open.holes.push(points);
                        } else {
                            open.outer = Some(points);
                        }
                    }
                }
                "outerBoundaryIs" | "innerBoundaryIs" if within != Within::Outside => {
                    within = Within::Polygon;
                }
                "Polygon" => {
                    within = Within::Outside;
                    let Open { outer, holes } = std::mem::take(&mut open);
                    if let Some(outer) = outer {
                        raw.push(std::iter::once(outer).chain(holes).collect(), rules)?;
                    }
                }
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    if is_kml {
        Ok(raw)
    } else {
        Err(Problem::new("format_unknown"))
    }
}

fn unreadable(error: &quick_xml::Error) -> Problem {
    let reason: String = error.to_string().chars().take(200).collect();
    Problem::new("kml_unreadable").with("reason", reason)
}

/// `lon,lat[,height]` separated by white space.
fn ring_of(text: &str, polygon: usize, ring: usize) -> Result<Vec<RawPoint>, Problem> {
    text.split_whitespace()
        .enumerate()
        .map(|(at, written)| {
            position(written).ok_or_else(|| {
                Problem::new("number_unreadable")
                    .with("polygon", polygon)
                    .with("ring", ring)
                    .with("point", at + 1)
                    .with("written", written.chars().take(60).collect::<String>())
            })
        })
        .collect()
}

fn position(written: &str) -> Option<RawPoint> {
    let mut numbers = written.split(',').map(number);
    let (lon, lon_decimals) = numbers.next()??;
    let (lat, lat_decimals) = numbers.next()??;
    Some(RawPoint {
        lon,
        lat,
        decimals: [lon_decimals, lat_decimals],
    })
}
