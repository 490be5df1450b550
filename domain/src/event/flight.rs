//! The way of a flight, and the line of the inventory that it makes. Who knows where airports are is asked: this room measures nothing.

use std::collections::BTreeMap;

use serde::Serialize;

use super::attendee::city_distance_km;
use super::profile::whole;
use crate::refusal::{Refusal, codes};
use crate::text::required_text;

/// One end of a flight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FlightEnd {
    /// The code of the airport, or the city as it was written.
    pub label: String,
    /// Its name in Chinese.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: String,
    /// ISO 3166-1 code of the country or region; empty: not known.
    pub country: &'static str,
}

/// A flight between two places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flight {
    /// Kilometres one way as the crow flies, rounded up, without any detour.
    pub km: i64,
    /// Where it begins.
    pub from: FlightEnd,
    /// Where it ends.
    pub to: FlightEnd,
}

/// Why a flight cannot be measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlightProblem {
    /// Whether it is where the flight begins; otherwise where it ends.
    pub at_origin: bool,
    /// Airports of several cities that are called so, for people to read; empty: nothing is called so.
    pub choices: String,
}

/// Measures the flight between two airports, each written as a code, a name or a city; of several airports of a city the pair that lies
/// farthest apart.
pub type MeasureFlight = fn(&str, &str) -> Result<Flight, FlightProblem>;

/// The flight between two places: between two cities of the table of distances as there, otherwise between airports.
pub fn flight_between(
    from: &str,
    to: &str,
    measure: MeasureFlight,
) -> Result<Flight, FlightProblem> {
    let measured = measure(from, to);
    let Some(km) = city_distance_km(from, to) else {
        return measured;
    };
    let country_of =
        |end: fn(&Flight) -> &FlightEnd| measured.as_ref().map_or("", |flight| end(flight).country);
    let city = |written: &str, country| FlightEnd {
        label: written.trim().to_owned(),
        name_zh: written.trim().to_owned(),
        name_en: written.trim().to_owned(),
        country,
    };
    Ok(Flight {
        km,
        from: city(from, country_of(|flight| &flight.from)),
        to: city(to, country_of(|flight| &flight.to)),
    })
}

/// What a problem says about the place that was written, at the field it was written in.
pub(super) fn place_refusal(problem: &FlightProblem, field: &str, place: &str) -> Refusal {
    if problem.choices.is_empty() {
        return Refusal::new(codes::EVENT_AIRPORT_UNKNOWN)
            .at(field)
            .with("place", place);
    }
    Refusal::new(codes::EVENT_AIRPORT_AMBIGUOUS)
        .at(field)
        .with("place", place)
        .with("choices", &problem.choices)
}

/// Most people of one line of flights: more than come from any one place, and as many as the largest quantity of a line allows.
const FLIGHT_PEOPLE_MAX: i64 = 20_000;
/// Flights to and from the United Kingdom that are shorter than this are short-haul in the tables of its government.
const SHORT_HAUL_KM_MAX: i64 = 3_700;

/// People on a flight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FlightLine {
    /// The flight.
    pub flight: Flight,
    /// How many people.
    pub people: i64,
    /// Whether they fly back, too.
    pub is_return: bool,
}

impl FlightLine {
    /// Reads `flight_from`, `flight_to`, `flight_people` and `flight_ways` (`return` or `one_way`).
    pub fn read(
        fields: &BTreeMap<String, String>,
        measure: MeasureFlight,
    ) -> Result<Self, Vec<Refusal>> {
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let mut refusals = Vec::new();
        let (from, to) = ("flight_from", "flight_to");
        let ends = [from, to].map(|field| required_text(field, typed(field), 80));
        let people = whole(
            "flight_people",
            typed("flight_people"),
            1,
            FLIGHT_PEOPLE_MAX,
        );
        refusals.extend(ends.iter().filter_map(|end| end.as_ref().err().cloned()));
        refusals.extend(people.as_ref().err().cloned());
        let is_return = match typed("flight_ways") {
            "return" => true,
            "one_way" => false,
            other => {
                let code = if other.is_empty() {
                    codes::REQUIRED
                } else {
                    codes::CHOICE_INVALID
                };
                refusals.push(
                    Refusal::new(code)
                        .at("flight_ways")
                        .with("choices", "return, one_way"),
                );
                false
            }
        };
        let flight = match ends {
            [Ok(from_text), Ok(to_text)] => match flight_between(&from_text, &to_text, measure) {
                Ok(flight) if flight.km == 0 => {
                    refusals.push(Refusal::new(codes::EVENT_FLIGHT_SAME_PLACE).at(to));
                    None
                }
                Ok(flight) => Some(flight),
                Err(problem) => {
                    let (field, place) = if problem.at_origin {
                        (from, &from_text)
                    } else {
                        (to, &to_text)
                    };
                    refusals.push(place_refusal(&problem, field, place));
                    None
                }
            },
            _ => None,
        };
        match (flight, people) {
            (Some(flight), Ok(people)) if refusals.is_empty() => Ok(Self {
                flight,
                people,
                is_return,
            }),
            _ => Err(refusals),
        }
    }

    /// Passenger-kilometres.
    pub fn passenger_km(&self) -> i64 {
        let ways = if self.is_return { 2 } else { 1 };
        self.flight.km * self.people * ways
    }

    /// The factor that fits best, a suggestion: within the Chinese mainland that of domestic flights, to and from the United Kingdom those
    /// of its own tables by length, otherwise the one those tables give for flights elsewhere. `None` where a country is not known.
    pub fn factor(&self) -> Option<&'static str> {
        let (from, to) = (self.flight.from.country, self.flight.to.country);
        match (from, to) {
            ("", _) | (_, "") => None,
            ("CN", "CN") => Some("air_china_full"),
            ("GB", "GB") => Some("air_uk_domestic"),
            ("GB", _) | (_, "GB") if self.flight.km < SHORT_HAUL_KM_MAX => {
                Some("air_short_economy")
            }
            ("GB", _) | (_, "GB") => Some("air_long_economy"),
            _ => Some("air_world_economy"),
        }
    }

    /// The fields of a line of the inventory: an estimate, its activity as `said`.
    pub fn line(&self, said: &str) -> BTreeMap<String, String> {
        let pairs = [
            ("line.activity", said.to_owned()),
            ("line.stage", "hold".to_owned()),
            ("line.quantity", self.passenger_km().to_string()),
            ("line.unit", "pkm".to_owned()),
            ("line.factor", self.factor().unwrap_or_default().to_owned()),
            ("line.quality", "estimated".to_owned()),
            ("line.class", "travel".to_owned()),
        ];
        pairs
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}
