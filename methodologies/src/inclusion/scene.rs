//! Scenes as data: what `parameters/inclusion.toml` says about an act.

use serde::{Deserialize, Serialize};
use time::Date;

use super::tier::Credit;
use crate::text::{Text, text};

/// A class of acts: clothing, food, home, travel and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Family {
    /// Its code, for example `travel`.
    pub code: &'static str,
    /// Its name.
    pub name: Text,
}

/// One act that the account knows.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Scene {
    /// Its code, for example `metro`.
    pub code: &'static str,
    /// The code of its calculator, for example `inclusion/metro`.
    pub calculator: &'static str,
    /// Code of its family.
    pub family: &'static str,
    /// Its name.
    pub name: Text,
    /// First day on which it counts.
    #[serde(with = "crate::day::as_text")]
    pub from: Date,
    /// How grams are computed.
    pub formula: Formula,
    /// What is measured.
    pub measure: Measure,
    /// Unit of the amount as shown: `km`, `kg`, `order`.
    pub unit: &'static str,
    /// What it can earn.
    pub credit: Credit,
    /// The evidence asked for.
    pub evidence: Text,
    /// Id of the number above which one act is not believed.
    pub max_per_act: Option<&'static str>,
    /// Where its factors are.
    pub factors: &'static [FactorPlace],
    /// What limits it, each a number of its own.
    pub limits: &'static [Limit],
    /// The thing that a record is about, where no thing may count more often than it should.
    pub unique: Option<Unique>,
}

/// A thing behind a record, and how often it counts, whoever reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unique {
    /// A meter: it belongs to one account, and gives one record a day.
    Meter,
    /// The bill of a meter: one a month, whoever pays it.
    MeterMonth,
    /// A thing with a number of its own that changes hands: once a year for the one side and once for the other.
    Item,
}

/// Where a factor of a scene stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FactorPlace {
    /// Code of the region it is for.
    pub region: &'static str,
    /// What it says.
    pub role: Role,
    /// Id of the number, with all its dated values in [`crate::parameter::parameters`].
    pub id: &'static str,
}

/// What a factor says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// What one unit reduces.
    Reduction,
    /// What one act reduces where the amount is not known.
    PerAct,
    /// What one unit would have emitted.
    Baseline,
    /// What one unit emits; always beside a baseline.
    Project,
    /// What the trip replaced by an electric vehicle would have emitted per unit.
    Displaced,
    /// Electricity a person uses in a day without saving.
    BaselineEnergy,
}

/// How grams are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Formula {
    /// ER = AD × EF, or AD × (EF_base − EF_project).
    PerUnit,
    /// ER = EF for one act.
    PerAct,
    /// By unit where the amount is known, else by act.
    PerUnitOrAct,
    /// ER = km × (EF_displaced − kWh per 100 km / 100 × EF_grid).
    ElectricVehicle,
    /// ER = EF_car·D_direct + Σ EF_base·d_p − EF_car·D_actual − kWh·EF_grid.
    Carpool,
    /// ER = (B − E)·EF_grid within the baseline, else the saving against the seven days before.
    HomeElectricity,
    /// ER = Q·(1/η − 1/COP)·d·EF_grid, Q = V·ΔT·c/3600.
    HeatPump,
    /// ER = Q·(1/SEER_min − 1/SEER)·EF_grid.
    EfficientAppliance,
    /// ER = kWh·EF_grid.
    GridEnergy,
    /// ER = (kWh − kWh claimed elsewhere)·EF_grid.
    RooftopSolar,
    /// ER = (kg − kg burnt)·EF.
    NetMass,
    /// ER = EF × share of one side.
    SharedDeal,
    /// ER = km × EF_mode − hours × EF_meeting, for the account's own person.
    OnlineMeeting,
    /// 0 g.
    Engagement,
}

impl Formula {
    /// Whether the amount alone decides, so that one rate serves many acts.
    pub const fn is_linear(self) -> bool {
        matches!(
            self,
            Self::PerUnit | Self::PerAct | Self::PerUnitOrAct | Self::SharedDeal | Self::GridEnergy
        )
    }

    /// Whether any scene can be computed by it; the others read numbers of rules that only one built-in scene has.
    pub const fn is_free(self) -> bool {
        matches!(
            self,
            Self::PerUnit
                | Self::PerAct
                | Self::PerUnitOrAct
                | Self::ElectricVehicle
                | Self::GridEnergy
                | Self::NetMass
                | Self::Engagement
        )
    }

    /// Whether it needs the electricity factor of the grid.
    pub const fn needs_grid(self) -> bool {
        matches!(
            self,
            Self::ElectricVehicle
                | Self::Carpool
                | Self::HomeElectricity
                | Self::HeatPump
                | Self::EfficientAppliance
                | Self::GridEnergy
                | Self::RooftopSolar
        )
    }
}

/// What is measured in one act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The act itself: always 1.
    Acts,
    /// Distance.
    Kilometres,
    /// Mass.
    Kilograms,
    /// Mass in tonnes.
    Tonnes,
    /// Electricity.
    KilowattHours,
    /// Sheets of paper.
    Sheets,
    /// Steps.
    Steps,
}

/// One limit of a scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// Over what time.
    pub period: Period,
    /// What is counted.
    pub counts: Counts,
    /// Id of the number.
    pub id: &'static str,
}

/// The time over which a limit counts; days are Beijing days, weeks begin on Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// A day.
    Day,
    /// A week.
    Week,
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
}

impl Period {
    /// What a limit over this time is called.
    pub const fn limit_title(self) -> Text {
        match self {
            Self::Day => text("每日上限", "limit per day"),
            Self::Week => text("每周上限", "limit per week"),
            Self::Month => text("每月上限", "limit per month"),
            Self::Year => text("每年上限", "limit per year"),
        }
    }
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// Acts.
    Acts,
    /// The amount in the unit of the scene.
    Quantity,
}

/// The code of each variant, as it is stored, and what it is called.
macro_rules! worded {
    ($name:ident, $count:literal: $($variant:ident $code:literal $zh:literal $en:literal,)+) => {
        impl $name {
            /// All of them.
            pub const ALL: [Self; $count] = [$(Self::$variant,)+];

            /// As it is stored.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }

            /// The one with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|one| one.code() == code)
            }

            /// What it is called.
            pub const fn title(self) -> Text {
                match self {
                    $(Self::$variant => text($zh, $en),)+
                }
            }
        }
    };
}
pub(super) use worded;

worded! { Unique, 3:
    Meter "meter" "电表或水表：归一个账户，每天一条" "a meter: of one account, one record a day",
    MeterMonth "meter_month" "电表或水表的账单：每月一条" "the bill of a meter: one a month",
    Item "item" "有编号、会转手的物品：每年每侧一次" "a numbered thing that changes hands: once a year for each side",
}

worded! { Role, 6:
    Reduction "reduction" "单位减排量" "reduction per unit",
    PerAct "per_act" "每次减排量" "reduction per act",
    Baseline "baseline" "单位基准线排放" "baseline emissions per unit",
    Project "project" "单位项目排放" "project emissions per unit",
    Displaced "displaced" "被替代出行的单位排放" "emissions of what is replaced, per unit",
    BaselineEnergy "baseline_energy" "人均每日基准用电" "baseline electricity per person and day",
}

worded! { Formula, 14:
    PerUnit "per_unit" "按数量：数量 × 单位减排量" "by amount: amount × reduction per unit",
    PerAct "per_act" "按次：每次一个定值" "by act: one value for each",
    PerUnitOrAct "per_unit_or_act" "有里程按里程，没有则按次" "by distance where it is known, otherwise by act",
    ElectricVehicle "electric_vehicle" "电动车：被替代出行 − 用电排放" "electric vehicle: what it replaces less its electricity",
    Carpool "carpool" "合乘：各自出行 − 合乘" "carpool: separate trips less the shared one",
    HomeElectricity "home_electricity" "居民节电：基准 − 用电" "household electricity: baseline less use",
    HeatPump "heat_pump" "热泵热水器：与电热水器比较" "heat pump: against an electric heater",
    EfficientAppliance "efficient_appliance" "高效空调：与能效限定值比较" "efficient air conditioner: against the least efficiency allowed",
    GridEnergy "grid_energy" "电量 × 电网平均因子" "electricity × average grid factor",
    RooftopSolar "rooftop_solar" "户用光伏：未在别处主张的电量 × 电网平均因子" "rooftop solar: electricity not claimed elsewhere × average grid factor",
    NetMass "net_mass" "重量减去焚烧的残余 × 单位减排量" "mass less the residue that is burnt × reduction per unit",
    SharedDeal "shared_deal" "一笔交易，买卖双方分摊" "a deal, shared by both sides",
    OnlineMeeting "online_meeting" "在线会议：取消的出行 − 会议排放" "online meeting: the trip cancelled less the meeting",
    Engagement "engagement" "只计活力分，不计克数" "activity points only, no grams",
}

worded! { Measure, 7:
    Acts "acts" "次数" "acts",
    Kilometres "kilometres" "里程（km）" "distance (km)",
    Kilograms "kilograms" "重量（kg）" "mass (kg)",
    Tonnes "tonnes" "重量（t）" "mass (t)",
    KilowattHours "kilowatt_hours" "电量（kWh）" "electricity (kWh)",
    Sheets "sheets" "张数" "sheets",
    Steps "steps" "步数" "steps",
}

worded! { Period, 4:
    Day "day" "每日" "a day",
    Week "week" "每周" "a week",
    Month "month" "每月" "a month",
    Year "year" "每年" "a year",
}

worded! { Counts, 2:
    Acts "acts" "次数" "acts",
    Quantity "quantity" "数量" "amount",
}
