//! What the calculators of the scenes take.

use super::scene::{Formula, Measure, Scene};
use crate::ccer::fields::{optional, required};
use crate::schema::{Choice, Field, Kind};
use crate::text::text;

const DISTANCE: Kind = Kind::Number {
    unit: "km",
    min: "0",
    max: "100000",
    decimals: 3,
};
const MASS: Kind = Kind::Number {
    unit: "kg",
    min: "0",
    max: "100000",
    decimals: 3,
};
const WATER: Kind = Kind::Number {
    unit: "t",
    min: "0",
    max: "100000",
    decimals: 3,
};
const ENERGY: Kind = Kind::Number {
    unit: "kWh",
    min: "0",
    max: "100000000",
    decimals: 4,
};
const PIECES: Kind = Kind::Number {
    unit: "1",
    min: "0",
    max: "10000000",
    decimals: 0,
};
const TALLY: Kind = Kind::Number {
    unit: "1",
    min: "0",
    max: "1000000000",
    decimals: 4,
};

static YES_NO: [Choice; 2] = [
    Choice {
        value: "no",
        text: text("否", "no"),
    },
    Choice {
        value: "yes",
        text: text("是", "yes"),
    },
];
static EVIDENCE: [Choice; 4] = [
    Choice {
        value: "T1",
        text: text("T1 运营方或计量记录", "T1, record of an operator or meter"),
    },
    Choice {
        value: "T2",
        text: text("T2 支付或商户记录", "T2, record of a payment or merchant"),
    },
    Choice {
        value: "T3",
        text: text("T3 照片或小票", "T3, photo or receipt"),
    },
    Choice {
        value: "T4",
        text: text("T4 本人申报", "T4, self-report"),
    },
];
static PURPOSES: [Choice; 2] = [
    Choice {
        value: "estimate",
        text: text("试算或计入账户", "to try, or for the account"),
    },
    Choice {
        value: "certified",
        text: text(
            "用于核证：不可核证的将被拒绝",
            "to certify: refused where it cannot be",
        ),
    },
];
static MODES: [Choice; 2] = [
    Choice {
        value: "rail",
        text: text("高铁", "high-speed rail"),
    },
    Choice {
        value: "air",
        text: text("国内航班", "domestic flight"),
    },
];

const DAY: Field = required(
    "day",
    Kind::Date,
    text("发生日", "Day"),
    text(
        "行为发生的北京日期；因子和上限按这一天取值。",
        "Beijing day of the act; factors and limits are those of this day.",
    ),
);
const REGION: Field = required(
    "region",
    Kind::Choice(&crate::generated::REGION_CHOICES),
    text("地区", "Region"),
    text(
        "城市或省；没有自己的因子时依次取省、全国的。",
        "City or province; without a factor of its own that of the province or the nation is used.",
    ),
);
const EVIDENCE_FIELD: Field = required(
    "evidence",
    Kind::Choice(&EVIDENCE),
    text("证据等级", "Evidence"),
    text(
        "T1、T2 全额计入；T3 按比例计入且不可核证；T4 不计克数。",
        "T1 and T2 count in full; T3 by a share and never certified; T4 counts no grams.",
    ),
);
const UNVETTED: Field = optional(
    "unvetted",
    Kind::Choice(&YES_NO),
    text("允许未经核实的因子", "Allow unverified factors"),
    text(
        "默认否。选“是”时可用 X 级因子试算，结果不可核证。",
        "No by default. With yes, tier X factors may be tried; the result cannot be certified.",
    ),
);
const PURPOSE: Field = optional(
    "purpose",
    Kind::Choice(&PURPOSES),
    text("用途", "Purpose"),
    text(
        "默认试算。选“用于核证”时，不可核证的输入会被拒绝并说明原因。",
        "By default to try. With “to certify”, what cannot be certified is refused with the reason.",
    ),
);

macro_rules! tally {
    ($path:literal, $zh:literal, $en:literal) => {
        optional(
            $path,
            TALLY,
            text($zh, $en),
            text(
                "此账户在此行为之前、同一情景已计入的数量；留空为 0。",
                "What this account had counted in this scene before this act; 0 if left empty.",
            ),
        )
    };
}

/// The fields that every scene has, behind those of its formula.
macro_rules! fields {
    ($name:ident: $count:literal = $($own:expr),* $(,)?) => {
        static $name: [Field; $count] = [
            $($own,)*
            DAY,
            REGION,
            EVIDENCE_FIELD,
            UNVETTED,
            PURPOSE,
            tally!("before.day.acts", "当日已计次数", "Acts counted that day"),
            tally!("before.day.quantity", "当日已计数量", "Amount counted that day"),
            tally!("before.week.acts", "当周已计次数", "Acts counted that week"),
            tally!("before.week.quantity", "当周已计数量", "Amount counted that week"),
            tally!("before.month.acts", "当月已计次数", "Acts counted that month"),
            tally!("before.month.quantity", "当月已计数量", "Amount counted that month"),
            tally!("before.year.acts", "当年已计次数", "Acts counted that year"),
            tally!("before.year.quantity", "当年已计数量", "Amount counted that year"),
        ];
    };
}

const KILOMETRES: Field = required(
    "distance_km",
    DISTANCE,
    text("距离", "Distance"),
    text("本次行程的距离。", "Distance of this trip."),
);
const KILOGRAMS: Field = required(
    "mass_kg",
    MASS,
    text("重量", "Mass"),
    text("称重单上的重量。", "Mass on the weight ticket."),
);
const KILOWATT_HOURS: Field = required(
    "energy_kwh",
    ENERGY,
    text("电量", "Electricity"),
    text("计量的电量。", "Electricity as metered."),
);

fields!(ACTS: 13 =);
fields!(BY_DISTANCE: 14 = KILOMETRES);
fields!(BY_MASS: 14 = KILOGRAMS);
fields!(BY_ENERGY: 14 = KILOWATT_HOURS);
fields!(BY_DISTANCE_IF_KNOWN: 14 = optional(
    "distance_km",
    DISTANCE,
    text("距离", "Distance"),
    text("可选。留空时按次计。", "Optional. Left empty, the ride counts as one."),
));
fields!(BY_WATER: 14 = required(
    "water_t",
    WATER,
    text("节水量", "Water saved"),
    text("较基准节约的吨数，按水表。", "Tonnes saved against the baseline, by the meter."),
));
fields!(BY_SHEETS: 14 = required(
    "sheets",
    PIECES,
    text("张数", "Sheets"),
    text("未打印的 A4 纸张数。", "A4 sheets that were not printed."),
));
fields!(BY_STEPS: 14 = required(
    "steps",
    PIECES,
    text("步数", "Steps"),
    text("当日步数。", "Steps of the day."),
));
fields!(OWN_VEHICLE: 15 = KILOMETRES, optional(
    "kwh_per_100km",
    Kind::Number { unit: "kWh/100 km", min: "1", max: "60", decimals: 2 },
    text("百公里电耗", "Electricity per 100 km"),
    text(
        "自有电动车必填：充电量除以里程；共享电单车取平台数值，留空。",
        "Needed for an own car: energy charged by distance. A shared e-bike uses the platform's number: leave it empty.",
    ),
));
fields!(NET_MASS: 15 = KILOGRAMS, optional(
    "residue_kg",
    MASS,
    text("焚烧的残余", "Residue that is burnt"),
    text("回收中送去焚烧的重量；留空为 0。", "Mass that recycling sends to incineration; 0 if left empty."),
));
fields!(SOLAR: 16 = KILOWATT_HOURS,
    optional(
        "claimed_kwh",
        ENERGY,
        text("已在别处主张的电量", "Electricity claimed elsewhere"),
        text("已签发绿证或核证减排量的电量；留空为 0。", "Electricity with issued green certificates or credits; 0 if left empty."),
    ),
    required(
        "capacity_mw",
        Kind::Number { unit: "MW", min: "0", max: "10000", decimals: 6 },
        text("并网点装机", "Capacity at the connection"),
        text("单个并网点的装机容量。", "Capacity at this one connection."),
    ),
);
fields!(CARPOOL: 18 =
    required("driver_direct_km", DISTANCE,
        text("车主直达里程", "Direct distance of the driver"),
        text("车主不接乘客时的里程。", "What the driver would have driven alone.")),
    required("driven_km", DISTANCE,
        text("实际里程", "Distance driven"),
        text("含绕行的实际行驶里程。", "Distance really driven, detours included.")),
    required("passengers", Kind::List { max: 6 },
        text("乘客", "Passengers"),
        text("每位乘客一行。", "One line per passenger.")),
    required("passengers.*.distance_km", DISTANCE,
        text("乘客直达里程", "Direct distance of the passenger"),
        text("此乘客单独出行的里程。", "What this passenger would have travelled.")),
    optional("platform_kwh", ENERGY,
        text("平台用电", "Electricity of the platform"),
        text("平台为此单消耗的电量；留空为 0。", "Electricity the platform used for this trip; 0 if left empty.")),
);
fields!(HOME: 18 =
    required("persons",
        Kind::Number { unit: "1", min: "1", max: "20", decimals: 0 },
        text("人数", "Persons"),
        text("户内常住人数。", "Persons living in the household.")),
    required("energy_day_kwh", ENERGY,
        text("当日用电", "Electricity of the day"),
        text("电表当日用电量。", "Electricity of the day by the meter.")),
    required("mean_7_days_kwh", ENERGY,
        text("前 7 日均值", "Mean of the 7 days before"),
        text("前 7 日的日均用电。", "Mean daily electricity of the 7 days before.")),
    required("mean_30_days_kwh", ENERGY,
        text("前 30 日均值", "Mean of the 30 days before"),
        text("用于识别无人在家的日子。", "Shows days on which nobody is at home.")),
    required("history_days",
        Kind::Number { unit: "d", min: "0", max: "100000", decimals: 0 },
        text("历史天数", "Days of history"),
        text("此电表已有数据的天数。", "Days for which this meter has data.")),
);
fields!(HEAT_PUMP: 17 =
    required("litres_per_day",
        Kind::Number { unit: "L", min: "1", max: "2000", decimals: 1 },
        text("日用热水", "Hot water per day"),
        text("每日热水用量。", "Hot water used in a day.")),
    required("rise_k",
        Kind::Number { unit: "K", min: "1", max: "80", decimals: 1 },
        text("温升", "Rise of temperature"),
        text("热水与进水的温差。", "Hot water less cold water.")),
    required("cop",
        Kind::Number { unit: "1", min: "1", max: "10", decimals: 2 },
        text("性能系数 COP", "Coefficient of performance"),
        text("铭牌或检测报告上的数值。", "From the label or the test report.")),
    required("days_in_use",
        Kind::Number { unit: "d", min: "1", max: "366", decimals: 0 },
        text("使用天数", "Days in use"),
        text("当年的使用天数，全年为 365。", "Days in use in the year; 365 for a whole one.")),
);
fields!(APPLIANCE: 15 =
    required("cooling_kwh", ENERGY,
        text("制冷量", "Cooling supplied"),
        text("当年提供的冷量。", "Cooling supplied in the year.")),
    required("seer",
        Kind::Number { unit: "Wh/Wh", min: "1", max: "15", decimals: 2 },
        text("季节能效比", "Seasonal efficiency"),
        text("能效标识上的数值。", "From the energy label.")),
);
fields!(MEETING: 16 =
    required("mode", Kind::Choice(&MODES),
        text("取消的出行方式", "Trip that was cancelled"),
        text("须有已取消的出行申请。", "A cancelled travel request is needed.")),
    required("distance_km", DISTANCE,
        text("往返里程", "Distance there and back"),
        text("每人避免的往返里程。", "Distance avoided per person, there and back.")),
    required("hours",
        Kind::Number { unit: "h", min: "0", max: "100", decimals: 2 },
        text("会议时长", "Length of the meeting"),
        text("在线会议的小时数。", "Hours of online meeting.")),
);

/// The fields of a scene.
pub(super) fn of(scene: &Scene) -> &'static [Field] {
    match scene.formula {
        Formula::Carpool => &CARPOOL,
        Formula::HomeElectricity => &HOME,
        Formula::HeatPump => &HEAT_PUMP,
        Formula::EfficientAppliance => &APPLIANCE,
        Formula::RooftopSolar => &SOLAR,
        Formula::NetMass => &NET_MASS,
        Formula::OnlineMeeting => &MEETING,
        Formula::ElectricVehicle => &OWN_VEHICLE,
        Formula::PerUnitOrAct => &BY_DISTANCE_IF_KNOWN,
        Formula::PerAct | Formula::SharedDeal | Formula::Engagement => &ACTS,
        Formula::PerUnit | Formula::GridEnergy => match scene.measure {
            Measure::Acts => &ACTS,
            Measure::Kilometres => &BY_DISTANCE,
            Measure::Kilograms => &BY_MASS,
            Measure::Tonnes => &BY_WATER,
            Measure::KilowattHours => &BY_ENERGY,
            Measure::Sheets => &BY_SHEETS,
            Measure::Steps => &BY_STEPS,
        },
    }
}
