//! Flights between airports: what the rules of events ask, answered from the table of airports.

use boundary::{Airport, NoAirport, airports_of, flight_km};
use domain::Refusal;
use domain::event::{Flight, FlightEnd, FlightLine, FlightProblem};

use crate::Fields;

/// Reads people on a flight from a form, as [`FlightLine::read`] says: their passenger-kilometres, and the line they make.
pub fn flight_line(fields: &Fields) -> Result<FlightLine, Vec<Refusal>> {
    FlightLine::read(fields, measure)
}

/// The flight between two written places; of cities with several airports the pair that lies farthest apart, so that nothing is missing.
pub(super) fn measure(from: &str, to: &str) -> Result<Flight, FlightProblem> {
    let find = |written: &str, at_origin| {
        airports_of(written).map_err(|reason| FlightProblem {
            at_origin,
            choices: match reason {
                NoAirport::Unknown => String::new(),
                NoAirport::Ambiguous(found) => choices(&found),
            },
        })
    };
    let (starts, ends) = (find(from, true)?, find(to, false)?);
    let pairs = starts
        .iter()
        .flat_map(|start| ends.iter().map(move |end| (*start, *end)));
    let farthest = pairs.map(|(start, end)| (flight_km(start, end), start, end));
    let (km, start, end) = farthest
        .max_by_key(|(km, _, _)| *km)
        .ok_or_else(|| FlightProblem {
            at_origin: true,
            choices: String::new(),
        })?;
    Ok(Flight {
        km,
        from: end_of(start),
        to: end_of(end),
    })
}

fn end_of(airport: &Airport) -> FlightEnd {
    FlightEnd {
        label: airport.code.to_owned(),
        name_zh: airport.name_zh.to_owned(),
        name_en: airport.name_en.to_owned(),
        country: airport.country,
    }
}

fn choices(airports: &[&Airport]) -> String {
    let shown = airports
        .iter()
        .map(|airport| format!("{} {}", airport.code, airport.name_zh));
    shown.collect::<Vec<_>>().join(", ")
}
