//! Scenes as data: what `parameters/inclusion.toml` says about an act.

use serde::Serialize;
use time::Date;

use super::tier::Credit;
use crate::text::Text;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
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
    /// All periods, shortest first.
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Year];

    /// `day`, `week`, `month`, `year`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// Acts.
    Acts,
    /// The amount in the unit of the scene.
    Quantity,
}
