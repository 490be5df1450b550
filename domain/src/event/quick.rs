//! The five-minute path: an inventory from a few numbers, every quantity marked as an estimate.

use super::profile::{EventProfile, LINES_HEADER, line_of};
use crate::refusal::Refusal;
use std::collections::BTreeMap;

/// A default that stands in for what was not measured; shown beside the line it made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuickDefault {
    /// Its code (`event.quick_<code>`).
    pub code: &'static str,
    /// Thousandths of its unit, so that it is exact.
    pub thousandths: i64,
    /// Its unit.
    pub unit: &'static str,
}

/// Defaults of this platform: no official text gives them. Each is replaced as soon as somebody knows better.
pub const QUICK_DEFAULTS: &[QuickDefault] = &[
    QuickDefault {
        code: "electricity",
        thousandths: 4_000,
        unit: "kWh",
    },
    QuickDefault {
        code: "local",
        thousandths: 20_000,
        unit: "pkm",
    },
    QuickDefault {
        code: "meal",
        thousandths: 1_000,
        unit: "meal",
    },
    QuickDefault {
        code: "paper",
        thousandths: 50,
        unit: "kg",
    },
    QuickDefault {
        code: "bottle",
        thousandths: 2_000,
        unit: "piece",
    },
    QuickDefault {
        code: "waste",
        thousandths: 500,
        unit: "kg",
    },
];

fn default(code: &str) -> i64 {
    QUICK_DEFAULTS
        .iter()
        .find(|entry| entry.code == code)
        .map_or(0, |entry| entry.thousandths)
}

/// Thousandths as a decimal.
fn decimal(thousandths: i64) -> String {
    let (whole, rest) = (thousandths / 1000, thousandths % 1000);
    if rest == 0 {
        return whole.to_string();
    }
    format!("{whole}.{rest:03}")
        .trim_end_matches('0')
        .to_owned()
}

/// The inventory of a meeting. Reads `rail_people`, `rail_km`, `air_people`, `air_km` (one way), `nights` (room-nights in all); what is
/// empty counts as none. People who come neither by rail nor by air come from the city.
pub fn quick_lines(
    profile: &EventProfile,
    fields: &BTreeMap<String, String>,
) -> Result<String, Vec<Refusal>> {
    let mut refusals = Vec::new();
    let mut number = |field: &str, max: i64| {
        let typed = fields.get(field).map_or("", |text| text.trim());
        if typed.is_empty() {
            return 0;
        }
        super::profile::whole(field, typed, 0, max).unwrap_or_else(|refusal| {
            refusals.push(refusal);
            0
        })
    };
    let rail_people = number("rail_people", profile.people);
    let rail_km = number("rail_km", 5_000);
    let air_people = number("air_people", profile.people);
    let air_km = number("air_km", 20_000);
    let nights = number("nights", 100_000_000);
    if rail_people + air_people > profile.people {
        refusals.push(
            Refusal::new(crate::refusal::codes::NUMBER_OUT_OF_RANGE)
                .at("air_people")
                .with("min", 0)
                .with("max", profile.people - rail_people.min(profile.people)),
        );
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let person_days = profile.people * profile.days();
    let local = profile.people - rail_people - air_people;
    let per = |code: &str, count: i64| decimal(default(code) * count);
    let mut lines = format!("{LINES_HEADER}\n");
    let mut add = |stage, activity: &str, quantity: String, unit, factor| {
        if quantity != "0" {
            lines += &line_of([
                "",
                stage,
                "",
                activity,
                &quantity,
                unit,
                factor,
                "estimated",
                "organiser",
                "默认值估计 / default estimate",
            ]);
        }
    };
    add(
        "hold",
        "会场用电",
        per("electricity", person_days),
        "kWh",
        "grid_province",
    );
    add(
        "hold",
        "高铁往返",
        (2 * rail_people * rail_km).to_string(),
        "pkm",
        "rail_full",
    );
    add(
        "hold",
        "国内航班往返",
        (2 * air_people * air_km).to_string(),
        "pkm",
        "air_china_full",
    );
    add(
        "hold",
        "市内交通（地铁）",
        per("local", local * profile.days()),
        "pkm",
        "metro_china",
    );
    add(
        "hold",
        "住宿",
        nights.to_string(),
        "room_night",
        "hotel_china",
    );
    add(
        "hold",
        "餐饮",
        per("meal", person_days),
        "meal",
        "meal_meat_medium",
    );
    add(
        "prepare",
        "印刷品",
        per("paper", profile.people),
        "kg",
        "paper",
    );
    add(
        "hold",
        "瓶装水的瓶",
        per("bottle", person_days),
        "piece",
        "pet_bottle",
    );
    add(
        "close",
        "垃圾焚烧",
        per("waste", person_days),
        "kg",
        "waste_incineration",
    );
    Ok(lines)
}
