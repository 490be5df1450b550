//! What attendees tell about their way, and the lines it makes. No name and no contact is asked for.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use methodologies::InputError;
use methodologies::schema::{Choice, Column, Kind};
use methodologies::table;
use methodologies::text::text;
use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;

use super::flight::{FlightProblem, MeasureFlight, flight_between, place_refusal};
use super::profile::{line_of, whole};
use crate::refusal::{Refusal, codes};
use crate::text::optional_text;

/// How somebody came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TravelMode {
    /// Its code, as in tables and forms (`event.mode_<code>`).
    pub code: &'static str,
    /// The factor; empty: no emission of its own.
    pub factor: &'static str,
    /// Unit of the factor.
    pub unit: &'static str,
    /// What the line is called.
    pub activity: &'static str,
    /// Percent by which the way is longer than the distance as the crow flies: assumed, 25 for roads and railways.
    pub detour_percent: i64,
}

const fn mode(
    code: &'static str,
    factor: &'static str,
    unit: &'static str,
    activity: &'static str,
    detour_percent: i64,
) -> TravelMode {
    TravelMode {
        code,
        factor,
        unit,
        activity,
        detour_percent,
    }
}

impl TravelMode {
    /// Whether it is a flight: the way then leads from airport to airport.
    pub fn is_flight(&self) -> bool {
        matches!(self.code, "air" | "air_long")
    }
}

/// Longest name of where somebody came from, characters: airports have long ones.
const ORIGIN_MAX: usize = 80;

/// Every mode.
#[rustfmt::skip]
pub const TRAVEL_MODES: &[TravelMode] = &[
    mode("rail", "rail_full", "pkm", "参会者：高铁往返", 25),
    mode("air", "air_china_full", "pkm", "参会者：国内航班往返", 0),
    mode("air_long", "air_long_economy", "pkm", "参会者：国际航班往返", 0),
    mode("coach", "coach", "pkm", "参会者：大巴往返", 25),
    mode("car", "car", "vkm", "参会者：私家车往返", 25),
    mode("taxi", "taxi", "vkm", "参会者：出租车往返", 25),
    mode("metro", "metro_china", "pkm", "参会者：地铁往返", 25),
    mode("bus", "bus_china", "pkm", "参会者：公交车往返", 25),
    mode("walk", "", "pkm", "参会者：步行或骑行", 0),
];

const MODE_CHOICES: [Choice; 9] = [
    choice("rail", "高铁", "railway"),
    choice("air", "国内航班", "domestic flight"),
    choice("air_long", "国际航班", "international flight"),
    choice("coach", "大巴", "coach"),
    choice("car", "私家车", "car"),
    choice("taxi", "出租车", "taxi"),
    choice("metro", "地铁", "metro"),
    choice("bus", "公交车", "bus"),
    choice("walk", "步行或骑行", "on foot or by bicycle"),
];

const fn choice(value: &'static str, zh: &'static str, en: &'static str) -> Choice {
    Choice {
        value,
        text: text(zh, en),
    }
}

/// Longest way, km.
const KM_MAX: i64 = 20_000;
/// Most nights and meals of one person.
const NIGHTS_MAX: i64 = 60;
/// Most lines of a table of attendees.
const ATTENDEES_MAX: usize = 60_000;

const fn number(max: &'static str) -> Kind {
    Kind::Number {
        unit: "1",
        min: "0",
        max,
        decimals: 0,
    }
}

/// The columns of an imported table of attendees.
pub static ATTENDEE_COLUMNS: [Column; 6] = [
    Column {
        code: "reference",
        kind: Kind::Text { max: 60 },
        label: text("编号", "Reference"),
        help: text(
            "报名编号或参赛号，不填姓名。同一编号只计一次。",
            "Number of the registration, no name. One number counts once.",
        ),
        required: true,
    },
    Column {
        code: "mode",
        kind: Kind::Choice(&MODE_CHOICES),
        label: text("交通方式", "Means of travel"),
        help: text("单程占比最大的一种。", "The one for most of the way."),
        required: true,
    },
    Column {
        code: "origin",
        kind: Kind::Text { max: ORIGIN_MAX },
        label: text("出发城市", "From"),
        help: text(
            "填城市名可代替距离；乘飞机的也可填机场三字码或机场名。",
            "The city may stand instead of the distance; of a flight also the code or the name of the airport.",
        ),
        required: false,
    },
    Column {
        code: "km",
        kind: number("20000"),
        label: text("单程公里", "Kilometres one way"),
        help: text(
            "留空则按城市或机场间的距离估算。",
            "Empty: estimated from the distance of the cities or airports.",
        ),
        required: false,
    },
    Column {
        code: "nights",
        kind: number("60"),
        label: text("住宿夜数", "Nights"),
        help: text("没有住宿填 0 或留空。", "Empty or 0 for none."),
        required: false,
    },
    Column {
        code: "meals",
        kind: number("60"),
        label: text("用餐份数", "Meals"),
        help: text("由主办方提供的餐食份数。", "Meals given by the organiser."),
        required: false,
    },
];

/// What one attendee tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Number of the registration; empty on the form, where one is made.
    pub reference: String,
    /// Code of a [`TravelMode`].
    pub mode: String,
    /// City of origin; may be empty.
    pub origin: String,
    /// Kilometres one way.
    pub km: i64,
    /// Whether the kilometres come from the table of distances.
    pub km_estimated: bool,
    /// Nights.
    pub nights: i64,
    /// Meals.
    pub meals: i64,
}

/// Why the kilometres of an answer are not known.
enum NoKilometres {
    /// The cities are not in the table of distances.
    City,
    /// One end of a flight is no place that is known.
    Flight(FlightProblem),
    /// A flight from where the event is.
    SamePlace,
}

impl NoKilometres {
    /// As a refusal; `field` gives the name of a field of the answer.
    fn refusal(&self, origin: &str, city: &str, field: impl Fn(&str) -> String) -> Refusal {
        match self {
            Self::SamePlace => Refusal::new(codes::EVENT_FLIGHT_SAME_PLACE).at(field("origin")),
            Self::Flight(problem) if problem.at_origin && !origin.is_empty() => {
                place_refusal(problem, &field("origin"), origin)
            }
            Self::Flight(problem) if !problem.at_origin && !city.is_empty() => {
                place_refusal(problem, &field("km"), city)
            }
            _ => Refusal::new(codes::EVENT_CITY_UNKNOWN)
                .at(field("km"))
                .with("city", origin),
        }
    }
}

/// The kilometres of an answer: as told, or from the distances of cities and airports with the detour of the mode.
fn kilometres(
    mode: &TravelMode,
    told: Option<i64>,
    origin: &str,
    city: &str,
    measure: MeasureFlight,
) -> Result<(i64, bool), NoKilometres> {
    if let Some(km) = told {
        return Ok((km, false));
    }
    if mode.factor.is_empty() {
        return Ok((0, false));
    }
    let direct = if mode.is_flight() {
        let flight = flight_between(origin, city, measure);
        let km = flight.map_err(NoKilometres::Flight)?.km;
        if km == 0 {
            // nobody flies no way: counted as zero, the flight there was would be missing
            return Err(NoKilometres::SamePlace);
        }
        km
    } else {
        city_distance_km(origin, city).ok_or(NoKilometres::City)?
    };
    // rounded up, as every amount that is emitted
    Ok(((direct * (100 + mode.detour_percent) + 99) / 100, true))
}

/// Reads the form of an attendee: `mode`, `origin`, `km`, `nights`, `meals`; `city` is where the event is.
pub fn read_answer(
    fields: &BTreeMap<String, String>,
    city: &str,
    measure: MeasureFlight,
) -> Result<Answer, Vec<Refusal>> {
    let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
    let mut refusals = Vec::new();
    let mode = TRAVEL_MODES.iter().find(|mode| mode.code == typed("mode"));
    if mode.is_none() {
        let code = if typed("mode").is_empty() {
            codes::REQUIRED
        } else {
            codes::CHOICE_INVALID
        };
        refusals.push(Refusal::new(code).at("mode").with("choices", "rail, air"));
    }
    let origin = optional_text("origin", typed("origin"), ORIGIN_MAX).unwrap_or_else(|refusal| {
        refusals.push(refusal);
        None
    });
    let mut count = |field: &str, max| {
        if typed(field).is_empty() {
            return None;
        }
        match whole(field, typed(field), 0, max) {
            Ok(number) => Some(number),
            Err(refusal) => {
                refusals.push(refusal);
                None
            }
        }
    };
    let (km, nights, meals) = (
        count("km", KM_MAX),
        count("nights", NIGHTS_MAX),
        count("meals", NIGHTS_MAX),
    );
    let origin = origin.unwrap_or_default();
    let Some(mode) = mode.filter(|_| refusals.is_empty()) else {
        return Err(refusals);
    };
    match kilometres(mode, km, &origin, city, measure) {
        Ok((km, km_estimated)) => Ok(Answer {
            reference: String::new(),
            mode: mode.code.to_owned(),
            origin,
            km,
            km_estimated,
            nights: nights.unwrap_or(0),
            meals: meals.unwrap_or(0),
        }),
        Err(reason) => Err(vec![reason.refusal(&origin, city, str::to_owned)]),
    }
}

/// Reads a table of attendees: every mistake at its line and column (`attendees.17.mode`; the header is line 1), or all answers.
pub fn read_attendees(
    table_text: &str,
    city: &str,
    measure: MeasureFlight,
) -> Result<Vec<Answer>, Vec<Refusal>> {
    let table = table::parse(table_text, "attendees", &ATTENDEE_COLUMNS, ATTENDEES_MAX)
        .map_err(|errors| errors.into_iter().map(Refusal::from).collect::<Vec<_>>())?;
    let places = ["reference", "mode", "origin", "km", "nights", "meals"].map(|c| table.place(c));
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut refusals: Vec<Refusal> = Vec::new();
    let mut answers = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let at =
            |column: &str, code| InputError::new(format!("attendees.{}.{column}", row.line), code);
        let reference = row.text(places[0]);
        if let Some(first) = seen.insert(reference, row.line) {
            refusals.push(
                Refusal::new(codes::EVENT_ATTENDEE_TWICE)
                    .at(format!("attendees.{}.reference", row.line))
                    .with("first", first)
                    .with("reference", reference),
            );
            continue;
        }
        let code = row.choice(places[1]).unwrap_or_default();
        let Some(mode) = TRAVEL_MODES.iter().find(|mode| mode.code == code) else {
            refusals.push(at("mode", codes::REQUIRED).into());
            continue;
        };
        let count = |place: usize| row.number(place).and_then(|number| number.to_i64());
        let origin = row.text(places[2]);
        match kilometres(mode, count(places[3]), origin, city, measure) {
            Ok((km, km_estimated)) => answers.push(Answer {
                reference: reference.to_owned(),
                mode: code.to_owned(),
                origin: origin.to_owned(),
                km,
                km_estimated,
                nights: count(places[4]).unwrap_or(0),
                meals: count(places[5]).unwrap_or(0),
            }),
            Err(reason) => refusals.push(reason.refusal(origin, city, |field| {
                format!("attendees.{}.{field}", row.line)
            })),
        }
    }
    if refusals.is_empty() {
        return Ok(answers);
    }
    let more = refusals.len().saturating_sub(REPORTED_MAX);
    refusals.truncate(REPORTED_MAX);
    if more > 0 {
        refusals.push(
            Refusal::new(codes::EVENT_MORE_ROWS)
                .at("attendees")
                .with("more", more),
        );
    }
    Err(refusals)
}

/// Rows that a report names.
const REPORTED_MAX: usize = 200;

/// Answers of one mode together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AttendeeSums {
    /// Code of the mode.
    pub mode: String,
    /// How many answers.
    pub people: i64,
    /// Kilometres one way, all together.
    pub km: i64,
    /// Nights.
    pub nights: i64,
    /// Meals.
    pub meals: i64,
}

/// The lines that the answers make, under [`LINES_HEADER`](super::LINES_HEADER) and without it: one per mode, both ways, one for all
/// nights and one for all meals. `registered`: from a register of the organiser; otherwise from the form.
pub fn attendee_lines(sums: &[AttendeeSums], registered: bool) -> String {
    let quality = if registered { "registered" } else { "surveyed" };
    let mut lines = String::new();
    let mut add = |activity: &str, quantity: i64, unit: &str, factor: &str| {
        if quantity > 0 {
            let quantity = quantity.to_string();
            lines += &line_of([
                "", "hold", "", activity, &quantity, unit, factor, quality, "attendee", "",
            ]);
        }
    };
    for mode in TRAVEL_MODES.iter().filter(|mode| !mode.factor.is_empty()) {
        if let Some(sum) = sums.iter().find(|sum| sum.mode == mode.code) {
            let activity = format!("{}（{} 人）", mode.activity, sum.people);
            add(&activity, 2 * sum.km, mode.unit, mode.factor);
        }
    }
    let nights = sums.iter().map(|sum| sum.nights).sum();
    add("参会者：住宿", nights, "room_night", "hotel_china");
    let meals = sums.iter().map(|sum| sum.meals).sum();
    add("参会者：餐饮", meals, "meal", "meal_meat_medium");
    lines
}

/// Answers of an hour that even a small event takes.
pub const ANSWERS_PER_HOUR_MIN: i64 = 60;

/// Answers of an hour that any one sender may give, however small the event is.
pub const ANSWERS_PER_SENDER_MIN: i64 = 30;

/// Changes of one answer that are taken in an hour.
pub const CHANGES_PER_HOUR: i64 = 10;

/// What one sender answered within a window of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SenderCount {
    /// How many answers were taken.
    pub answers: i64,
    /// Seconds until the first of them leaves the window.
    pub seconds_left: i64,
}

impl SenderCount {
    /// Minutes until one more is taken.
    fn minutes_left(self) -> i64 {
        (self.seconds_left.max(1) + 59) / 60
    }
}

/// How many answers a form takes: counted in the rows, so that copies of the server share the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormLimits {
    /// People the organiser expects.
    pub people: i64,
}

impl FormLimits {
    /// Most answers in one hour: all who are expected may answer within two.
    pub fn per_hour(self) -> i64 {
        (self.people / 2).max(ANSWERS_PER_HOUR_MIN)
    }

    /// Most answers in all: a half more than expected.
    pub fn in_all(self) -> i64 {
        (self.people + self.people / 2).max(ANSWERS_PER_HOUR_MIN)
    }

    /// Most answers that one sender gives in one hour. Many people may sit behind one address: a house, or the network of the venue.
    pub fn per_sender_and_hour(self) -> i64 {
        (self.per_hour() / 4).max(ANSWERS_PER_SENDER_MIN)
    }

    /// Most answers that one sender gives in a day: never all that the form takes.
    pub fn per_sender_and_day(self) -> i64 {
        (self.in_all() / 2).max(self.per_sender_and_hour())
    }

    /// Whether one more answer of this sender may come: what it gave in the last hour, and in the last day.
    pub fn check_sender(self, hour: SenderCount, day: SenderCount) -> Result<(), Refusal> {
        for (count, max) in [
            (day, self.per_sender_and_day()),
            (hour, self.per_sender_and_hour()),
        ] {
            if count.answers >= max {
                return Err(Refusal::new(codes::EVENT_SENDER_FLOODED)
                    .with("max", max)
                    .with("minutes", count.minutes_left()));
            }
        }
        Ok(())
    }

    /// Whether an answer may be changed once more: how often it was in the last hour.
    pub fn check_changes(hour: SenderCount) -> Result<(), Refusal> {
        if hour.answers >= CHANGES_PER_HOUR {
            return Err(Refusal::new(codes::EVENT_ANSWER_CHANGED_OFTEN)
                .with("max", CHANGES_PER_HOUR)
                .with("minutes", hour.minutes_left()));
        }
        Ok(())
    }

    /// Whether one more answer may come.
    pub fn check(self, in_all: i64, in_last_hour: i64) -> Result<(), Refusal> {
        if in_all >= self.in_all() {
            return Err(Refusal::new(codes::EVENT_FORM_FULL).with("max", self.in_all()));
        }
        if in_last_hour >= self.per_hour() {
            return Err(Refusal::new(codes::EVENT_FORM_FLOODED).with("max", self.per_hour()));
        }
        Ok(())
    }
}

/// Distances as the crow flies between cities, km, computed once from rounded coordinates (`domain/data/city_distances.csv`).
const DISTANCES: &str = include_str!("../../data/city_distances.csv");

fn cities() -> &'static BTreeMap<&'static str, (usize, Vec<i64>)> {
    static CITIES: OnceLock<BTreeMap<&'static str, (usize, Vec<i64>)>> = OnceLock::new();
    CITIES.get_or_init(|| {
        let lines = DISTANCES.lines().filter(|line| !line.starts_with('#'));
        let rows = lines.enumerate().filter_map(|(at, line)| {
            let mut cells = line.split(',');
            let name = cells.next()?;
            let to_earlier = cells.filter_map(|cell| cell.parse().ok()).collect();
            Some((name, (at, to_earlier)))
        });
        rows.collect()
    })
}

/// The cities whose distances are known.
pub fn city_names() -> Vec<&'static str> {
    let mut names: Vec<_> = cities().iter().collect();
    names.sort_by_key(|(_, (at, _))| *at);
    names.into_iter().map(|(name, _)| *name).collect()
}

/// Kilometres as the crow flies; `None` if one of the cities is not in the table. A trailing 市 does not matter.
pub fn city_distance_km(one: &str, other: &str) -> Option<i64> {
    let known = |name: &str| {
        let name = name.trim();
        cities().get(name.strip_suffix('市').unwrap_or(name))
    };
    let (one, other) = (known(one)?, known(other)?);
    let (earlier, later) = if one.0 <= other.0 {
        (one, other)
    } else {
        (other, one)
    };
    if earlier.0 == later.0 {
        return Some(0);
    }
    later.1.get(earlier.0).copied()
}
