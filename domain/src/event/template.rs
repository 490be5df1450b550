//! Templates of events: an inventory from a few numbers, every quantity assumed and marked as an estimate. The shortest of them is the
//! five-minute path of a meeting.

use std::collections::BTreeMap;

use methodologies::text::{Text, text};

use super::profile::{EventProfile, LINES_HEADER, line_of, whole};
use crate::refusal::{Refusal, codes};

/// What a quantity of a template is multiplied with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// Each person.
    Person,
    /// Each person on each day.
    PersonDay,
    /// Each person who comes neither by rail nor by air, on each day.
    LocalPersonDay,
    /// The event, once.
    Event,
}

impl Per {
    /// Its code (`event_template.per_<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::PersonDay => "person_day",
            Self::LocalPersonDay => "local_person_day",
            Self::Event => "event",
        }
    }
}

/// A line of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TemplateLine {
    /// `prepare`, `hold` or `close`.
    pub stage: &'static str,
    /// The class of the inventory: that of the factor.
    pub class: &'static str,
    /// What the line is called.
    pub activity: Text,
    /// Its factor.
    pub factor: &'static str,
    /// Thousandths of the unit, so that it is exact; assumed.
    pub thousandths: i64,
    /// The unit.
    pub unit: &'static str,
    /// What it is multiplied with.
    pub per: Per,
}

/// How people come, where nothing is typed: assumed. Who comes neither by rail nor by air is local.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TravelShares {
    /// How many of a thousand come by rail.
    pub rail_permille: i64,
    /// Their way, km one way.
    pub rail_km: i64,
    /// How many of a thousand come by air.
    pub air_permille: i64,
    /// Their way, km one way.
    pub air_km: i64,
    /// Room-nights of a thousand people on each day.
    pub nights_permille: i64,
}

/// A template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventTemplate {
    /// Its code (`event_template.<code>`).
    pub code: &'static str,
    /// The kind of event it begins with.
    pub kind: &'static str,
    /// The people it begins with.
    pub people: i64,
    /// Days that such an event takes.
    pub days: i64,
    /// How people come.
    pub travel: TravelShares,
    /// Everything else.
    pub lines: &'static [TemplateLine],
}

const fn line(
    stage: &'static str,
    class: &'static str,
    activity: Text,
    factor: &'static str,
    thousandths: i64,
    unit: &'static str,
    per: Per,
) -> TemplateLine {
    TemplateLine {
        stage,
        class,
        activity,
        factor,
        thousandths,
        unit,
        per,
    }
}

use Per::{Event, LocalPersonDay, Person, PersonDay};

#[rustfmt::skip]
const MEETING: &[TemplateLine] = &[
    line("hold", "electricity", text("会场用电", "Venue electricity"), "grid_province", 4_000, "kWh", PersonDay),
    line("hold", "travel", text("市内交通（地铁）", "Local travel by metro"), "metro_china", 20_000, "pkm", LocalPersonDay),
    line("hold", "catering", text("餐饮", "Meals"), "meal_meat_medium", 1_000, "meal", PersonDay),
    line("prepare", "goods", text("印刷品", "Printed matter"), "paper", 50, "kg", Person),
    line("hold", "goods", text("瓶装水的瓶", "Water bottles"), "pet_bottle", 2_000, "piece", PersonDay),
    line("close", "waste", text("垃圾焚烧", "Waste, incinerated"), "waste_incineration", 500, "kg", PersonDay),
];

#[rustfmt::skip]
const CONFERENCE: &[TemplateLine] = &[
    line("hold", "electricity", text("会场用电", "Venue electricity"), "grid_province", 10_000, "kWh", PersonDay),
    line("hold", "travel", text("市内交通（地铁）", "Local travel by metro"), "metro_china", 20_000, "pkm", LocalPersonDay),
    line("hold", "travel", text("会场与酒店间大巴", "Coaches between venue and hotels"), "coach", 10_000, "pkm", PersonDay),
    line("hold", "catering", text("餐饮", "Meals"), "meal_meat_medium", 2_000, "meal", PersonDay),
    line("hold", "goods", text("瓶装水的瓶", "Water bottles"), "pet_bottle", 2_000, "piece", PersonDay),
    line("prepare", "goods", text("会议手册和资料", "Programmes and papers"), "paper", 200, "kg", Person),
    line("prepare", "goods", text("背景板和横幅", "Backdrops and banners"), "pvc_banner", 100, "m2", Person),
    line("prepare", "goods", text("地毯和胸卡", "Carpet and badges"), "plastics", 500, "kg", Person),
    line("prepare", "freight", text("搭建物资运输", "Freight of what is set up"), "road_diesel_8t", 5_000, "tkm", Person),
    line("hold", "water", text("会场用水", "Venue water"), "water", 50, "t", PersonDay),
    line("close", "waste", text("垃圾焚烧", "Waste, incinerated"), "waste_incineration", 1_000, "kg", PersonDay),
];

#[rustfmt::skip]
const MARATHON: &[TemplateLine] = &[
    line("hold", "fossil_mobile", text("临时用电（柴油发电机）", "Temporary power (diesel generators)"), "diesel_l", 50, "l", Person),
    line("hold", "electricity", text("起终点和新闻中心用电", "Electricity of start, finish and press centre"), "grid_province", 200, "kWh", Person),
    line("hold", "travel", text("市内交通（地铁）", "Local travel by metro"), "metro_china", 25_000, "pkm", LocalPersonDay),
    line("hold", "travel", text("选手摆渡大巴", "Shuttle coaches of runners"), "coach", 5_000, "pkm", Person),
    line("hold", "travel", text("引导车、工作车和救护车", "Lead cars, service cars and ambulances"), "car", 1_500_000, "vkm", Event),
    line("hold", "catering", text("补给食品", "Food at the aid stations"), "food", 300, "kg", Person),
    line("hold", "catering", text("志愿者和工作人员餐食", "Meals of volunteers and staff"), "meal_meat_medium", 200, "meal", Person),
    line("hold", "goods", text("饮用水瓶", "Drinking water bottles"), "pet_bottle", 3_000, "piece", Person),
    line("hold", "goods", text("纸杯", "Paper cups"), "board", 30, "kg", Person),
    line("prepare", "goods", text("完赛奖牌（以钢计）", "Medals (as steel)"), "steel_china", 100, "kg", Person),
    line("prepare", "goods", text("参赛服", "Race shirts"), "textile", 150, "kg", Person),
    line("prepare", "goods", text("参赛包、号码布和保温毯", "Bags, bibs and foil blankets"), "plastics", 150, "kg", Person),
    line("prepare", "goods", text("赛道横幅和背景板", "Banners and backdrops"), "pvc_banner", 100, "m2", Person),
    line("prepare", "freight", text("围栏、舞台和物资运输", "Freight of barriers, stages and supplies"), "road_diesel_8t", 2_000, "tkm", Person),
    line("hold", "water", text("用水", "Water"), "water", 10, "t", Person),
    line("close", "waste", text("垃圾焚烧", "Waste, incinerated"), "waste_incineration", 500, "kg", Person),
];

#[rustfmt::skip]
const EXHIBITION: &[TemplateLine] = &[
    line("hold", "electricity", text("展馆用电", "Electricity of the halls"), "grid_province", 6_000, "kWh", PersonDay),
    line("hold", "travel", text("市内交通（地铁）", "Local travel by metro"), "metro_china", 20_000, "pkm", LocalPersonDay),
    line("hold", "catering", text("餐饮", "Meals"), "meal_meat_medium", 600, "meal", PersonDay),
    line("hold", "goods", text("瓶装水的瓶", "Water bottles"), "pet_bottle", 1_000, "piece", PersonDay),
    line("prepare", "goods", text("展台板材", "Booths: boards"), "wood", 2_000, "kg", Person),
    line("prepare", "goods", text("展台钢材", "Booths: steel"), "steel_china", 500, "kg", Person),
    line("prepare", "goods", text("展台画面", "Booths: printed walls"), "pvc_banner", 100, "m2", Person),
    line("prepare", "goods", text("地毯", "Carpet"), "plastics", 300, "kg", Person),
    line("prepare", "goods", text("会刊和资料", "Catalogues and papers"), "paper", 300, "kg", Person),
    line("prepare", "freight", text("展品和展台运输（进场）", "Freight of exhibits and booths, in"), "road_diesel_18t", 10_000, "tkm", Person),
    line("close", "freight", text("展品和展台运输（撤场）", "Freight of exhibits and booths, out"), "road_diesel_18t", 10_000, "tkm", Person),
    line("hold", "water", text("展馆用水", "Water of the halls"), "water", 20, "t", PersonDay),
    line("close", "waste", text("展期垃圾焚烧", "Waste of the days, incinerated"), "waste_incineration", 300, "kg", PersonDay),
    line("close", "waste", text("撤展垃圾焚烧", "Waste of the booths, incinerated"), "waste_incineration", 2_000, "kg", Person),
];

#[rustfmt::skip]
const SHOW: &[TemplateLine] = &[
    line("hold", "electricity", text("场馆、灯光和音响用电", "Electricity of venue, light and sound"), "grid_province", 2_000, "kWh", PersonDay),
    line("hold", "fossil_mobile", text("发电车", "Power trucks"), "diesel_l", 50, "l", PersonDay),
    line("hold", "travel", text("市内交通（地铁）", "Local travel by metro"), "metro_china", 20_000, "pkm", LocalPersonDay),
    line("hold", "travel", text("散场后出租车", "Taxis after the show"), "taxi", 3_000, "vkm", LocalPersonDay),
    line("hold", "catering", text("观众餐饮", "Food of the audience"), "food", 200, "kg", PersonDay),
    line("hold", "catering", text("演职和工作人员餐食", "Meals of artists and staff"), "meal_meat_medium", 100, "meal", PersonDay),
    line("hold", "goods", text("饮料瓶", "Drink bottles"), "pet_bottle", 1_000, "piece", PersonDay),
    line("prepare", "goods", text("荧光棒和手环", "Light sticks and wristbands"), "plastics", 50, "kg", Person),
    line("prepare", "goods", text("纺织纪念品", "Textile souvenirs"), "textile", 20, "kg", Person),
    line("prepare", "goods", text("背景和横幅", "Backdrops and banners"), "pvc_banner", 20, "m2", Person),
    line("prepare", "goods", text("舞台钢结构（本场分摊）", "Steel of the stage, this show's share"), "steel_china", 100, "kg", Person),
    line("prepare", "freight", text("舞台和设备运输（进场）", "Freight of stage and equipment, in"), "road_diesel_18t", 3_000, "tkm", Person),
    line("close", "freight", text("舞台和设备运输（撤场）", "Freight of stage and equipment, out"), "road_diesel_18t", 3_000, "tkm", Person),
    line("hold", "water", text("场馆用水", "Venue water"), "water", 10, "t", PersonDay),
    line("close", "waste", text("垃圾焚烧", "Waste, incinerated"), "waste_incineration", 400, "kg", PersonDay),
];

const fn shares(
    rail_permille: i64,
    rail_km: i64,
    air_permille: i64,
    air_km: i64,
    nights_permille: i64,
) -> TravelShares {
    TravelShares {
        rail_permille,
        rail_km,
        air_permille,
        air_km,
        nights_permille,
    }
}

/// Every template, the five-minute path first. Their numbers are this platform's: no official text gives them, and each is replaced as soon
/// as somebody knows better.
#[rustfmt::skip]
pub const EVENT_TEMPLATES: &[EventTemplate] = &[
    EventTemplate { code: "meeting", kind: "meeting", people: 50, days: 1, travel: shares(0, 600, 0, 1_200, 0), lines: MEETING },
    EventTemplate { code: "conference", kind: "forum", people: 200, days: 2, travel: shares(400, 600, 250, 1_200, 700), lines: CONFERENCE },
    EventTemplate { code: "marathon", kind: "sports", people: 20_000, days: 1, travel: shares(250, 400, 50, 1_200, 350), lines: MARATHON },
    EventTemplate { code: "exhibition", kind: "exhibition", people: 5_000, days: 3, travel: shares(200, 400, 50, 1_200, 100), lines: EXHIBITION },
    EventTemplate { code: "show", kind: "show", people: 10_000, days: 1, travel: shares(200, 300, 50, 1_000, 200), lines: SHOW },
];

/// What stands beside every line of a template, where its proof will be.
const ASSUMED: &str = "默认值估计 / default estimate";

/// How many people come how, and how many nights they stay.
struct Travellers {
    rail: (i64, i64),
    air: (i64, i64),
    nights: i64,
    local: i64,
}

impl EventTemplate {
    /// The template with this code.
    pub fn find(code: &str) -> Option<&'static Self> {
        EVENT_TEMPLATES.iter().find(|known| known.code == code)
    }

    /// The inventory of an event, under [`LINES_HEADER`], its activities in English where `english`. Reads `rail_people`, `rail_km`,
    /// `air_people`, `air_km` (one way), `nights` (room-nights in all); what is empty is taken from the template's shares. People who come
    /// neither by rail nor by air come from the city.
    pub fn lines_of(
        &self,
        profile: &EventProfile,
        fields: &BTreeMap<String, String>,
        english: bool,
    ) -> Result<String, Vec<Refusal>> {
        let travellers = self.travellers(profile, fields)?;
        let mut lines = format!("{LINES_HEADER}\n");
        let mut add = |stage, class, activity: Text, quantity: String, unit, factor| {
            if quantity != "0" {
                let said = if english { activity.en } else { activity.zh };
                lines += &line_of([
                    "",
                    stage,
                    class,
                    said,
                    &quantity,
                    unit,
                    factor,
                    "estimated",
                    "organiser",
                    ASSUMED,
                ]);
            }
        };
        for ((people, km), activity, factor) in [
            (
                travellers.rail,
                text("高铁往返", "Railway, both ways"),
                "rail_full",
            ),
            (
                travellers.air,
                text("国内航班往返", "Domestic flights, both ways"),
                "air_china_full",
            ),
        ] {
            let quantity = (2 * people * km).to_string();
            add("hold", "travel", activity, quantity, "pkm", factor);
        }
        let nights = travellers.nights.to_string();
        let lodging = text("住宿", "Lodging");
        add(
            "hold",
            "lodging",
            lodging,
            nights,
            "room_night",
            "hotel_china",
        );
        for line in self.lines {
            let count = match line.per {
                Per::Person => profile.people,
                Per::PersonDay => profile.people * profile.days(),
                Per::LocalPersonDay => travellers.local * profile.days(),
                Per::Event => 1,
            };
            let quantity = decimal(line.thousandths * count);
            add(
                line.stage,
                line.class,
                line.activity,
                quantity,
                line.unit,
                line.factor,
            );
        }
        Ok(lines)
    }

    fn travellers(
        &self,
        profile: &EventProfile,
        fields: &BTreeMap<String, String>,
    ) -> Result<Travellers, Vec<Refusal>> {
        let mut refusals = Vec::new();
        let mut number = |field: &str, max: i64| {
            let typed = fields.get(field).map_or("", |text| text.trim());
            if typed.is_empty() {
                return None;
            }
            let read = whole(field, typed, 0, max);
            Some(read.unwrap_or_else(|refusal| {
                refusals.push(refusal);
                0
            }))
        };
        let people = profile.people;
        // rounded up, as every amount that is emitted, and never more than there are
        let share = |permille: i64, of: i64| (permille * of + 999) / 1000;
        let rail_people = number("rail_people", people);
        let rail_km = number("rail_km", 5_000);
        let air_people = number("air_people", people);
        let air_km = number("air_km", 20_000);
        let nights = number("nights", 100_000_000);
        let travel = self.travel;
        // what was typed goes before what is assumed
        let rail = rail_people.unwrap_or_else(|| {
            share(travel.rail_permille, people).min(people - air_people.unwrap_or(0))
        });
        let air =
            air_people.unwrap_or_else(|| share(travel.air_permille, people).min(people - rail));
        if rail + air > people {
            refusals.push(
                Refusal::new(codes::NUMBER_OUT_OF_RANGE)
                    .at("air_people")
                    .with("min", 0)
                    .with("max", people - rail.min(people)),
            );
        }
        if !refusals.is_empty() {
            return Err(refusals);
        }
        Ok(Travellers {
            rail: (rail, rail_km.unwrap_or(travel.rail_km)),
            air: (air, air_km.unwrap_or(travel.air_km)),
            nights: nights
                .unwrap_or_else(|| share(travel.nights_permille, people * profile.days())),
            local: people - rail - air,
        })
    }
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
