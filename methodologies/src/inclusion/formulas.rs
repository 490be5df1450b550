//! The formulas of the scenes, and the one way from an input to an act.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};
use time::Date;
use time::macros::date;

use super::fields;
use super::limits::{self, Before};
use super::outcome::Act;
use super::scene::{Formula, Measure, Period, Role, Scene};
use super::tier::{Credit, Evidence, Reason, Standing, standing};
use super::working::{Calculation, Ratio};
use crate::exact::{add, multiply, subtract};
use crate::grid_average::within;
use crate::input::{InputError, Reader, join};
use crate::parameter::Parameters;
use crate::quantity::{Quantity, Unit, unit};
use crate::text::text;

/// What the formula of a scene needs.
pub(super) enum Inputs {
    /// Nothing: the act is counted.
    Acts,
    /// An amount, where it is known.
    Amount(Option<Decimal>),
    /// An electric vehicle.
    Vehicle {
        kilometres: Decimal,
        kwh_per_100km: Option<Decimal>,
    },
    /// A shared trip.
    Carpool {
        direct: Decimal,
        driven: Decimal,
        passengers: Vec<Decimal>,
        platform_kwh: Decimal,
    },
    /// A household on one day.
    Home {
        persons: Decimal,
        energy: Decimal,
        mean_7: Decimal,
        mean_30: Decimal,
        history: Decimal,
    },
    /// A water heater in one year.
    HeatPump {
        litres: Decimal,
        rise: Decimal,
        cop: Decimal,
        days: Decimal,
    },
    /// An air conditioner in one year.
    Cooling { cooling: Decimal, seer: Decimal },
    /// An amount of which a part does not count.
    Net { gross: Decimal, less: Decimal },
    /// Power from a roof.
    Solar {
        energy: Decimal,
        claimed: Decimal,
        capacity: Decimal,
    },
    /// A meeting instead of a trip.
    Meeting {
        mode: &'static str,
        kilometres: Decimal,
        hours: Decimal,
    },
}

/// Everything one act was asked with.
struct Request {
    day: Date,
    region: &'static str,
    evidence: Evidence,
    unvetted: bool,
    certified: bool,
    before: Before,
    inputs: Inputs,
}

/// One act from its input.
pub(super) fn run(
    scene: &'static Scene,
    input: &Value,
    set: &Parameters,
) -> Result<Act, Vec<InputError>> {
    let mut reader = Reader::new(input, fields::of(scene));
    let request = read(scene, &mut reader);
    let request = reader.finish(request)?;
    let act = compute(scene, &request, set).map_err(|error| vec![error])?;
    if request.certified {
        refuse_uncertifiable(scene, &act)?;
    }
    Ok(act)
}

fn read(scene: &Scene, reader: &mut Reader<'_>) -> Option<Request> {
    let inputs = read_inputs(scene, reader);
    let day = reader.date("day");
    let region = reader.choice("region");
    let evidence = reader.choice("evidence");
    let unvetted = reader.choice("unvetted") == Some("yes");
    let certified = reader.choice("purpose") == Some("certified");
    let before = read_before(reader);
    let evidence = Evidence::ALL
        .into_iter()
        .find(|tier| Some(tier.code()) == evidence);
    Some(Request {
        day: day?,
        region: region?,
        evidence: evidence?,
        unvetted,
        certified,
        before,
        inputs: inputs?,
    })
}

fn read_before(reader: &mut Reader<'_>) -> Before {
    let mut before = Before::default();
    for period in Period::ALL {
        let path = |name: &str| format!("before.{}.{name}", period.code());
        if let Some(acts) = plain::<unit::One>(reader, &path("acts")) {
            match acts.to_u32().filter(|_| acts.fract().is_zero()) {
                Some(acts) => before.of_mut(period).acts = acts,
                None => reader.error(
                    InputError::new(path("acts"), "number_too_many_decimals").with("max", 0),
                ),
            }
        }
        if let Some(quantity) = plain::<unit::One>(reader, &path("quantity")) {
            before.of_mut(period).quantity = quantity;
        }
    }
    before
}

fn plain<U: Unit>(reader: &mut Reader<'_>, path: &str) -> Option<Decimal> {
    reader.quantity::<U>(path).map(Quantity::value)
}

/// An amount that must be more than zero.
fn positive<U: Unit>(reader: &mut Reader<'_>, path: &str) -> Option<Decimal> {
    let value = plain::<U>(reader, path)?;
    if value <= Decimal::ZERO {
        reader.error(InputError::new(path, "number_must_be_positive"));
        return None;
    }
    Some(value)
}

/// An amount that is zero where nothing is written.
fn or_zero<U: Unit>(reader: &mut Reader<'_>, path: &str) -> Decimal {
    plain::<U>(reader, path).unwrap_or_default()
}

fn read_inputs(scene: &Scene, reader: &mut Reader<'_>) -> Option<Inputs> {
    Some(match scene.formula {
        Formula::PerAct | Formula::SharedDeal | Formula::Engagement => Inputs::Acts,
        Formula::PerUnit | Formula::GridEnergy => Inputs::Amount(Some(measured(scene, reader)?)),
        Formula::PerUnitOrAct => Inputs::Amount(if reader.has(path_of(scene.measure)) {
            Some(measured(scene, reader)?)
        } else {
            None
        }),
        Formula::ElectricVehicle => {
            let kilometres = measured(scene, reader);
            let kwh_per_100km = plain::<unit::One>(reader, "kwh_per_100km");
            Inputs::Vehicle {
                kilometres: kilometres?,
                kwh_per_100km,
            }
        }
        Formula::Carpool => read_carpool(reader)?,
        Formula::HomeElectricity => read_home(reader)?,
        Formula::HeatPump => {
            let litres = plain::<unit::Litre>(reader, "litres_per_day");
            let rise = plain::<unit::KelvinUnit>(reader, "rise_k");
            let cop = plain::<unit::One>(reader, "cop");
            let days = plain::<unit::DayUnit>(reader, "days_in_use");
            Inputs::HeatPump {
                litres: litres?,
                rise: rise?,
                cop: cop?,
                days: days?,
            }
        }
        Formula::EfficientAppliance => {
            let cooling = positive::<unit::KilowattHour>(reader, "cooling_kwh");
            let seer = plain::<unit::One>(reader, "seer");
            Inputs::Cooling {
                cooling: cooling?,
                seer: seer?,
            }
        }
        Formula::NetMass => {
            let gross = measured(scene, reader);
            let less = or_zero::<unit::Kilogram>(reader, "residue_kg");
            net(reader, gross?, less, "residue_kg")?;
            Inputs::Net {
                gross: gross?,
                less,
            }
        }
        Formula::RooftopSolar => {
            let energy = measured(scene, reader);
            let claimed = or_zero::<unit::KilowattHour>(reader, "claimed_kwh");
            let capacity = positive::<unit::Megawatt>(reader, "capacity_mw");
            net(reader, energy?, claimed, "claimed_kwh")?;
            Inputs::Solar {
                energy: energy?,
                claimed,
                capacity: capacity?,
            }
        }
        Formula::OnlineMeeting => {
            let mode = reader.choice("mode");
            let kilometres = positive::<unit::Kilometre>(reader, "distance_km");
            let hours = plain::<unit::HourUnit>(reader, "hours");
            Inputs::Meeting {
                mode: mode?,
                kilometres: kilometres?,
                hours: hours?,
            }
        }
    })
}

fn read_carpool(reader: &mut Reader<'_>) -> Option<Inputs> {
    let direct = positive::<unit::Kilometre>(reader, "driver_direct_km");
    let driven = positive::<unit::Kilometre>(reader, "driven_km");
    let mut passengers = Vec::new();
    for path in reader.items("passengers") {
        if let Some(distance) = positive::<unit::Kilometre>(reader, &join(&path, "distance_km")) {
            passengers.push(distance);
        }
    }
    let platform_kwh = or_zero::<unit::KilowattHour>(reader, "platform_kwh");
    let (direct, driven) = (direct?, driven?);
    if driven < direct {
        reader.error(InputError::new("driven_km", "driven_less_than_direct").with("min", direct));
    }
    Some(Inputs::Carpool {
        direct,
        driven,
        passengers,
        platform_kwh,
    })
}

fn read_home(reader: &mut Reader<'_>) -> Option<Inputs> {
    let persons = plain::<unit::One>(reader, "persons");
    let energy = plain::<unit::KilowattHour>(reader, "energy_day_kwh");
    let mean_7 = plain::<unit::KilowattHour>(reader, "mean_7_days_kwh");
    let mean_30 = plain::<unit::KilowattHour>(reader, "mean_30_days_kwh");
    let history = plain::<unit::DayUnit>(reader, "history_days");
    Some(Inputs::Home {
        persons: persons?,
        energy: energy?,
        mean_7: mean_7?,
        mean_30: mean_30?,
        history: history?,
    })
}

/// A part that does not count must be smaller than the whole.
fn net(reader: &mut Reader<'_>, whole: Decimal, part: Decimal, path: &str) -> Option<()> {
    if part < whole {
        return Some(());
    }
    reader.error(InputError::new(path, "part_not_less_than_whole").with("whole", whole));
    None
}

/// The field with the amount of a measure; empty where the act itself is counted.
const fn path_of(measure: Measure) -> &'static str {
    match measure {
        Measure::Acts => "",
        Measure::Kilometres => "distance_km",
        Measure::Kilograms => "mass_kg",
        Measure::Tonnes => "water_t",
        Measure::KilowattHours => "energy_kwh",
        Measure::Sheets => "sheets",
        Measure::Steps => "steps",
    }
}

fn measured(scene: &Scene, reader: &mut Reader<'_>) -> Option<Decimal> {
    let path = path_of(scene.measure);
    match scene.measure {
        Measure::Kilometres => positive::<unit::Kilometre>(reader, path),
        Measure::Kilograms => positive::<unit::Kilogram>(reader, path),
        Measure::Tonnes => positive::<unit::TonneFuel>(reader, path),
        Measure::KilowattHours => positive::<unit::KilowattHour>(reader, path),
        Measure::Acts | Measure::Sheets | Measure::Steps => positive::<unit::One>(reader, path),
    }
}

impl Inputs {
    /// The amount of the scene; 1 where the act itself is counted.
    fn quantity(&self) -> Decimal {
        match self {
            Self::Amount(amount) => amount.unwrap_or(Decimal::ONE),
            Self::Vehicle { kilometres, .. } => *kilometres,
            Self::Net { gross, .. } => *gross,
            Self::Solar { energy, .. } => *energy,
            _ => Decimal::ONE,
        }
    }

    /// What must be believable in one act, and the field it stands in.
    fn plausible(&self, measure: Measure) -> Option<(&'static str, Decimal)> {
        match self {
            Self::Carpool { driven, .. } => Some(("driven_km", *driven)),
            Self::Meeting { kilometres, .. } => Some(("distance_km", *kilometres)),
            Self::Amount(Some(amount)) => Some((path_of(measure), *amount)),
            Self::Vehicle { .. } | Self::Net { .. } | Self::Solar { .. } => {
                Some((path_of(measure), self.quantity()))
            }
            _ => None,
        }
    }
}

fn compute(scene: &'static Scene, request: &Request, set: &Parameters) -> Result<Act, InputError> {
    let mut calculation =
        Calculation::new(scene, request.day, request.region, request.unvetted, set)?;
    believe(&mut calculation, &request.inputs)?;
    let quantity = request.inputs.quantity();
    let limits = calculation.limits()?;
    let (mut counted, cap) = limits::allowed(quantity, &limits, &request.before)?;
    let mut mg = 0;
    if let Credit::Engagement { why } = scene.credit {
        calculation.remark(
            "engagement_only",
            "",
            text(
                "只计活力分，不计减排量：{why_zh}。",
                "Activity points only, no grams: {why_en}.",
            ),
            &[("why_zh", why.zh.to_owned()), ("why_en", why.en.to_owned())],
        );
    } else {
        let grams = gross(&mut calculation, &request.inputs)?;
        let share = credit(&mut calculation, request.evidence)?;
        mg = milligrams(&mut calculation, grams, share, (counted, quantity))?;
        if share.is_zero() {
            counted = Decimal::ZERO;
        }
    }
    if let Some(cap) = &cap {
        calculation.warn(
            "limit_reached",
            "",
            text(
                "已达上限：{period}最多 {limit}，此前已计 {before}，此次计入 {allowed}。",
                "A limit is reached: at most {limit} per {period_en}; {before} counted before, {allowed} counted now.",
            ),
            &[
                ("period_en", cap.period.code().to_owned()),
                (
                    "period",
                    match cap.period {
                        Period::Day => "每日",
                        Period::Week => "每周",
                        Period::Month => "每月",
                        Period::Year => "每年",
                    }
                    .to_owned(),
                ),
                ("limit", cap.limit.to_string()),
                ("before", cap.before.to_string()),
                ("allowed", cap.allowed.to_string()),
            ],
        );
    }
    Ok(Act {
        calculator: scene.calculator.to_owned(),
        scene: scene.code.to_owned(),
        parameter_set: set.set,
        day: request.day,
        region: request.region.to_owned(),
        evidence: request.evidence,
        quantity: quantity.normalize(),
        counted: counted.normalize(),
        unit: match request.inputs {
            Inputs::Amount(None) => "act".to_owned(),
            _ => scene.unit.to_owned(),
        },
        mg,
        standing: standing(scene.credit, &calculation.tiers, request.evidence),
        cap,
        factors: calculation.factors,
        parameters: calculation.working.parameters,
        steps: calculation.working.steps,
        notes: calculation.working.notes,
    })
}

/// Refuses an act that is too long, too heavy or too short to be believed.
fn believe(calculation: &mut Calculation<'_>, inputs: &Inputs) -> Result<(), InputError> {
    let Some((path, amount)) = inputs.plausible(calculation.scene.measure) else {
        return Ok(());
    };
    if let Some(id) = calculation.scene.max_per_act {
        let most = calculation.number(id)?;
        if amount > most {
            return Err(InputError::new(path, "act_implausible")
                .with("found", amount.normalize())
                .with("max", most.normalize()));
        }
    }
    let least = min_per_act(calculation)?;
    if amount < least {
        return Err(InputError::new(path, "act_too_small")
            .with("found", amount.normalize())
            .with("min", least.normalize()));
    }
    Ok(())
}

/// The smallest amount that counts: a walk must be long enough to replace a ride.
pub(super) fn min_per_act(calculation: &mut Calculation<'_>) -> Result<Decimal, InputError> {
    if calculation.scene.code == "walking" {
        calculation.own("min_per_act")
    } else {
        Ok(Decimal::ZERO)
    }
}

/// The share that this evidence earns.
pub(super) fn credit(
    calculation: &mut Calculation<'_>,
    evidence: Evidence,
) -> Result<Decimal, InputError> {
    match evidence {
        Evidence::T1 | Evidence::T2 => Ok(Decimal::ONE),
        Evidence::T3 => calculation.number("inclusion.evidence.t3_credit"),
        Evidence::T4 => {
            calculation.remark(
                "self_report_counts_nothing",
                "evidence",
                text("本人申报不计克数。", "A self-report counts no grams."),
                &[],
            );
            Ok(Decimal::ZERO)
        }
    }
}

/// Milligrams of the grams that count: rounded down, once, and never below zero.
fn milligrams(
    calculation: &mut Calculation<'_>,
    grams: Ratio,
    share: Decimal,
    (counted, quantity): (Decimal, Decimal),
) -> Result<i64, InputError> {
    let exact = grams
        .times(share, Decimal::ONE)?
        .times(counted, quantity)?
        .times(Decimal::ONE_THOUSAND, Decimal::ONE)?;
    let whole = exact.round_down()?;
    let mg = whole.max(0);
    if whole < 0 {
        calculation.warn(
            "negative_lot",
            "",
            text(
                "此行为的排放高于基准，计为 0。",
                "This act emits more than its baseline: it counts as 0.",
            ),
            &[],
        );
    }
    calculation.step(
        "mg",
        text(
            "计入的减排量，向下取整",
            "reductions that count, rounded down",
        ),
        "max(0, ⌊ER × c × AD_c / AD × 1000⌋)",
        "mgCO2e",
        &[
            ("ER", grams.to_decimal(), "gCO2e"),
            ("c", share, "1"),
            ("AD_c", counted, calculation.scene.unit),
            ("AD", quantity, calculation.scene.unit),
        ],
        Decimal::from(mg),
    );
    Ok(mg)
}

/// Grams of an act before evidence and limits; negative where it emits more than its baseline.
pub(super) fn gross(
    calculation: &mut Calculation<'_>,
    inputs: &Inputs,
) -> Result<Ratio, InputError> {
    match inputs {
        Inputs::Acts if calculation.scene.formula == Formula::SharedDeal => deal(calculation),
        Inputs::Acts => {
            let factor = calculation.factor(&[Role::Reduction])?.value;
            Ok(by_unit(calculation, Decimal::ONE, factor)?)
        }
        Inputs::Amount(None) => {
            let factor = calculation.factor(&[Role::PerAct])?.value;
            Ok(by_unit(calculation, Decimal::ONE, factor)?)
        }
        Inputs::Amount(Some(energy)) if calculation.scene.formula == Formula::GridEnergy => {
            saved_energy(calculation, *energy)
        }
        Inputs::Amount(Some(amount)) => {
            let factor = reduction(calculation)?;
            Ok(by_unit(calculation, *amount, factor)?)
        }
        Inputs::Vehicle {
            kilometres,
            kwh_per_100km,
        } => vehicle(calculation, *kilometres, *kwh_per_100km),
        Inputs::Carpool {
            direct,
            driven,
            passengers,
            platform_kwh,
        } => carpool(calculation, (*direct, *driven), passengers, *platform_kwh),
        Inputs::Home { .. } => home(calculation, inputs),
        Inputs::HeatPump {
            litres,
            rise,
            cop,
            days,
        } => heat_pump(calculation, [*litres, *rise, *cop, *days]),
        Inputs::Cooling { cooling, seer } => cooling_saved(calculation, *cooling, *seer),
        Inputs::Net { gross, less } => {
            let factor = reduction(calculation)?;
            let net = subtract(*gross, *less)?;
            let net = calculation.step(
                "AD",
                text(
                    "扣除焚烧残余后的重量",
                    "mass without the residue that is burnt",
                ),
                "m − m_res",
                "kg",
                &[("m", *gross, "kg"), ("m_res", *less, "kg")],
                net,
            );
            Ok(by_unit(calculation, net, factor)?)
        }
        Inputs::Solar {
            energy,
            claimed,
            capacity,
        } => solar(calculation, *energy, *claimed, *capacity),
        Inputs::Meeting {
            mode,
            kilometres,
            hours,
        } => meeting(calculation, mode, *kilometres, *hours),
    }
}

/// The reduction per unit: as published, or baseline less project.
fn reduction(calculation: &mut Calculation<'_>) -> Result<Decimal, InputError> {
    let found = calculation.factor(&[Role::Reduction, Role::Baseline])?;
    let Some(project) = found.project else {
        return Ok(found.value);
    };
    Ok(calculation.step(
        "EF",
        text("单位减排量", "reduction per unit"),
        "EF_base − EF_project",
        "gCO2e/km",
        &[
            ("EF_base", found.value, "gCO2e/km"),
            ("EF_project", project, "gCO2e/km"),
        ],
        subtract(found.value, project)?,
    ))
}

fn by_unit(
    calculation: &mut Calculation<'_>,
    amount: Decimal,
    factor: Decimal,
) -> Result<Ratio, InputError> {
    let unit = calculation.scene.unit;
    let grams = calculation.step(
        "ER",
        text("减排量，取整前", "reductions before rounding"),
        "AD × EF",
        "gCO2e",
        &[
            ("AD", amount, unit),
            ("EF", factor, &format!("gCO2e/{unit}")),
        ],
        multiply(amount, factor)?,
    );
    Ok(Ratio::of(grams))
}

fn deal(calculation: &mut Calculation<'_>) -> Result<Ratio, InputError> {
    let factor = calculation.factor(&[Role::Reduction])?.value;
    let share = calculation.own("share")?;
    let grams = calculation.step(
        "ER",
        text(
            "一侧的减排量，取整前",
            "reductions of one side before rounding",
        ),
        "EF × s",
        "gCO2e",
        &[("EF", factor, "gCO2e/deal"), ("s", share, "1")],
        multiply(factor, share)?,
    );
    Ok(Ratio::of(grams))
}

/// Grams of electricity that was not used, with the average of the grid.
fn saved_energy(calculation: &mut Calculation<'_>, energy: Decimal) -> Result<Ratio, InputError> {
    let grid = calculation.grid()?;
    let grams = calculation.step(
        "ER",
        text("减排量，取整前", "reductions before rounding"),
        "E × EF_grid × 1000",
        "gCO2e",
        &[("E", energy, "kWh"), ("EF_grid", grid, "kgCO2/kWh")],
        multiply(multiply(energy, grid)?, Decimal::ONE_THOUSAND)?,
    );
    Ok(Ratio::of(grams))
}

fn vehicle(
    calculation: &mut Calculation<'_>,
    kilometres: Decimal,
    kwh_per_100km: Option<Decimal>,
) -> Result<Ratio, InputError> {
    let found = calculation.factor(&[Role::Displaced, Role::Baseline])?;
    if let Some(project) = found.project {
        let factor = calculation.step(
            "EF",
            text("单位减排量", "reduction per unit"),
            "EF_base − EF_project",
            "gCO2e/km",
            &[
                ("EF_base", found.value, "gCO2e/km"),
                ("EF_project", project, "gCO2e/km"),
            ],
            subtract(found.value, project)?,
        );
        return by_unit(calculation, kilometres, factor);
    }
    let consumption = match kwh_per_100km {
        _ if calculation.scene.code == "shared_ebike" => calculation.own("consumption")?,
        Some(consumption) => consumption,
        None => return Err(InputError::new("kwh_per_100km", "required")),
    };
    let grid = calculation.grid()?;
    // kWh per 100 km × kg per kWh: a hundredth, in grams
    let own = calculation.step(
        "EF_ev",
        text("用电的单位排放", "emissions of the electricity per unit"),
        "w / 100 × EF_grid × 1000",
        "gCO2e/km",
        &[
            ("w", consumption, "kWh/100 km"),
            ("EF_grid", grid, "kgCO2/kWh"),
        ],
        multiply(multiply(consumption, grid)?, Decimal::TEN)?,
    );
    let factor = calculation.step(
        "EF",
        text("单位减排量", "reduction per unit"),
        "EF_displaced − EF_ev",
        "gCO2e/km",
        &[
            ("EF_displaced", found.value, "gCO2e/km"),
            ("EF_ev", own, "gCO2e/km"),
        ],
        subtract(found.value, own)?,
    );
    by_unit(calculation, kilometres, factor)
}

fn carpool(
    calculation: &mut Calculation<'_>,
    (direct, driven): (Decimal, Decimal),
    passengers: &[Decimal],
    platform_kwh: Decimal,
) -> Result<Ratio, InputError> {
    let base = calculation.factor(&[Role::Baseline])?.value;
    let car = calculation.own("car")?;
    let mut carried = Decimal::ZERO;
    for distance in passengers {
        carried = add(carried, *distance)?;
    }
    let baseline = calculation.step(
        "BE",
        text("各自出行的排放", "emissions of separate trips"),
        "EF_car × D_direct + EF_base × Σ d_p",
        "gCO2e",
        &[
            ("EF_car", car, "gCO2e/km"),
            ("D_direct", direct, "km"),
            ("EF_base", base, "gCO2e/km"),
            ("Σ d_p", carried, "km"),
        ],
        add(multiply(car, direct)?, multiply(base, carried)?)?,
    );
    let mut project = multiply(car, driven)?;
    let mut inputs = vec![("EF_car", car, "gCO2e/km"), ("D_actual", driven, "km")];
    let mut formula = "EF_car × D_actual";
    if !platform_kwh.is_zero() {
        let grid = calculation.grid()?;
        let platform = multiply(multiply(platform_kwh, grid)?, Decimal::ONE_THOUSAND)?;
        project = add(project, platform)?;
        formula = "EF_car × D_actual + E × EF_grid × 1000";
        inputs.extend([("E", platform_kwh, "kWh"), ("EF_grid", grid, "kgCO2/kWh")]);
    }
    let project = calculation.step(
        "PE",
        text("合乘的排放", "emissions of the shared trip"),
        formula,
        "gCO2e",
        &inputs,
        project,
    );
    let grams = calculation.step(
        "ER",
        text(
            "整单减排量，取整前",
            "reductions of the whole trip before rounding",
        ),
        "BE − PE",
        "gCO2e",
        &[("BE", baseline, "gCO2e"), ("PE", project, "gCO2e")],
        subtract(baseline, project)?,
    );
    Ok(Ratio::of(grams))
}

fn home(calculation: &mut Calculation<'_>, inputs: &Inputs) -> Result<Ratio, InputError> {
    let Inputs::Home {
        persons,
        energy,
        mean_7,
        mean_30,
        history,
    } = inputs
    else {
        return Ok(Ratio::of(Decimal::ZERO));
    };
    let least = calculation.own("history_days_min")?;
    if *history < least {
        return Err(
            InputError::new("history_days", "history_too_short").with("min", least.normalize())
        );
    }
    let each = calculation.factor(&[Role::BaselineEnergy])?.value;
    let baseline = calculation.step(
        "B",
        text("当日基准用电", "baseline electricity of the day"),
        "n × b",
        "kWh",
        &[("n", *persons, "1"), ("b", each, "kWh/d")],
        multiply(*persons, each)?,
    );
    let vacancy = calculation.own("vacancy_share")?;
    if *energy < multiply(vacancy, *mean_30)? {
        calculation.remark(
            "home_empty",
            "energy_day_kwh",
            text(
                "用电远低于平日，视为无人在家，不计减排量。",
                "Far below the usual: taken as an empty home, nothing counts.",
            ),
            &[],
        );
        return saved_energy(calculation, Decimal::ZERO);
    }
    let (formula, reference) = if *energy <= baseline {
        ("min(B − E, m × B)", ("B", baseline, "kWh"))
    } else {
        ("min(max(0, MA7 − E), m × B)", ("MA7", *mean_7, "kWh"))
    };
    let share = calculation.own("share_max")?;
    let wanted = subtract(reference.1, *energy)?.max(Decimal::ZERO);
    let saved = wanted.min(multiply(share, baseline)?);
    if saved < wanted {
        calculation.warn(
            "saving_above_share",
            "energy_day_kwh",
            text(
                "节电 {wanted} kWh 超过基准的上限，只计 {saved} kWh。",
                "{wanted} kWh saved are more than the share of the baseline that counts: {saved} kWh.",
            ),
            &[
                ("wanted", wanted.normalize().to_string()),
                ("saved", saved.normalize().to_string()),
            ],
        );
    }
    if saved.is_zero() {
        calculation.remark(
            "nothing_saved",
            "energy_day_kwh",
            text(
                "当日用电没有低于基准或前 7 日均值。",
                "Neither below the baseline nor below the seven days before.",
            ),
            &[],
        );
    }
    let saved = calculation.step(
        "S",
        text("节约的电量", "electricity saved"),
        formula,
        "kWh",
        &[
            reference,
            ("E", *energy, "kWh"),
            ("m", share, "1"),
            ("B", baseline, "kWh"),
        ],
        saved,
    );
    saved_energy(calculation, saved)
}

fn heat_pump(
    calculation: &mut Calculation<'_>,
    [litres, rise, cop, days]: [Decimal; 4],
) -> Result<Ratio, InputError> {
    let heat = calculation.own("water_heat")?;
    let efficiency = calculation.own("efficiency")?;
    let grid = calculation.grid()?;
    let seconds = Decimal::from(3_600);
    let demand = Ratio {
        numerator: multiply(multiply(litres, rise)?, heat)?,
        denominator: seconds,
    };
    calculation.step(
        "Q",
        text("每日热量", "heat in a day"),
        "V × ΔT × c / 3600",
        "kWh",
        &[
            ("V", litres, "L"),
            ("ΔT", rise, "K"),
            ("c", heat, "kJ/(kg·K)"),
        ],
        demand.to_decimal(),
    );
    // 1/η − 1/COP = (COP − η) / (η × COP): nothing is rounded on the way
    let saved = demand
        .times(subtract(cop, efficiency)?, multiply(efficiency, cop)?)?
        .times(days, Decimal::ONE)?;
    calculation.step(
        "S",
        text("节约的电量", "electricity saved"),
        "Q × (1/η − 1/COP) × d",
        "kWh",
        &[
            ("Q", demand.to_decimal(), "kWh"),
            ("η", efficiency, "1"),
            ("COP", cop, "1"),
            ("d", days, "d"),
        ],
        saved.to_decimal(),
    );
    by_grid(calculation, saved, grid)
}

/// Grams of electricity saved that is a ratio.
fn by_grid(
    calculation: &mut Calculation<'_>,
    saved: Ratio,
    grid: Decimal,
) -> Result<Ratio, InputError> {
    let grams = saved
        .times(grid, Decimal::ONE)?
        .times(Decimal::ONE_THOUSAND, Decimal::ONE)?;
    calculation.step(
        "ER",
        text("减排量，取整前", "reductions before rounding"),
        "S × EF_grid × 1000",
        "gCO2e",
        &[
            ("S", saved.to_decimal(), "kWh"),
            ("EF_grid", grid, "kgCO2/kWh"),
        ],
        grams.to_decimal(),
    );
    Ok(grams)
}

fn cooling_saved(
    calculation: &mut Calculation<'_>,
    cooling: Decimal,
    seer: Decimal,
) -> Result<Ratio, InputError> {
    let least = calculation.own("seer_minimum")?;
    let grid = calculation.grid()?;
    let saved = Ratio::of(cooling).times(subtract(seer, least)?, multiply(least, seer)?)?;
    calculation.step(
        "S",
        text("节约的电量", "electricity saved"),
        "Q × (1/SEER_min − 1/SEER)",
        "kWh",
        &[
            ("Q", cooling, "kWh"),
            ("SEER_min", least, "Wh/Wh"),
            ("SEER", seer, "Wh/Wh"),
        ],
        saved.to_decimal(),
    );
    by_grid(calculation, saved, grid)
}

fn solar(
    calculation: &mut Calculation<'_>,
    energy: Decimal,
    claimed: Decimal,
    capacity: Decimal,
) -> Result<Ratio, InputError> {
    let limit = calculation.own("capacity_limit")?;
    if capacity >= limit {
        return Err(
            InputError::new("capacity_mw", "capacity_too_large").with("max", limit.normalize())
        );
    }
    // capacity in MW, energy in kWh
    let most = calculation
        .own("hours_max")?
        .checked_mul(capacity)
        .and_then(|most| most.checked_mul(Decimal::ONE_THOUSAND))
        .unwrap_or(Decimal::MAX);
    if energy > most {
        return Err(
            InputError::new("energy_kwh", "energy_above_capacity").with("max", most.normalize())
        );
    }
    let net = calculation.step(
        "S",
        text("未在别处主张的电量", "electricity not claimed elsewhere"),
        "E − E_claimed",
        "kWh",
        &[("E", energy, "kWh"), ("E_claimed", claimed, "kWh")],
        subtract(energy, claimed)?,
    );
    saved_energy(calculation, net)
}

fn meeting(
    calculation: &mut Calculation<'_>,
    mode: &'static str,
    kilometres: Decimal,
    hours: Decimal,
) -> Result<Ratio, InputError> {
    let trip = calculation.own(mode)?;
    let hour = calculation.own("hour")?;
    let grams = calculation.step(
        "ER",
        text("减排量，取整前", "reductions before rounding"),
        "d × EF_trip − h × EF_meeting",
        "gCO2e",
        &[
            ("d", kilometres, "km"),
            ("EF_trip", trip, "gCO2e/km"),
            ("h", hours, "h"),
            ("EF_meeting", hour, "gCO2e/h"),
        ],
        subtract(multiply(kilometres, trip)?, multiply(hours, hour)?)?,
    );
    Ok(Ratio::of(grams))
}

/// The reasons why an act that should be certified cannot be, each at the field that decides it.
fn refuse_uncertifiable(scene: &Scene, act: &Act) -> Result<(), Vec<InputError>> {
    let why = match (&act.standing, scene.credit) {
        (Standing::Certifiable { .. }, _) => return Ok(()),
        (Standing::NotCertifiable { reasons }, _) => reasons.as_slice(),
        (Standing::Engagement, _) => &[Reason::SceneOnlyCounted],
    };
    Err(why
        .iter()
        .map(|reason| match reason {
            Reason::SceneOnlyCounted => {
                InputError::new("purpose", "scene_not_certifiable").with("scene", scene.code)
            }
            Reason::FactorUnvetted => {
                InputError::new("unvetted", "factor_not_certifiable").with("scene", scene.code)
            }
            Reason::EvidenceWeak => InputError::new("evidence", "evidence_not_certifiable")
                .with("evidence", act.evidence.code()),
        })
        .collect())
}

/// What a scene can be computed from, one for each way: with the amount, and where it may be left out also without. None where nothing but
/// taking part is counted.
pub(super) fn ways(scene: &'static Scene) -> Vec<Inputs> {
    if scene.formula == Formula::Engagement {
        return Vec::new();
    }
    let input = example(scene);
    let known = read_inputs(scene, &mut Reader::new(&input, fields::of(scene)));
    let unknown = (scene.formula == Formula::PerUnitOrAct).then_some(Inputs::Amount(None));
    known.into_iter().chain(unknown).collect()
}

/// A complete input of a scene.
pub(super) fn example(scene: &'static Scene) -> Value {
    let mut input = match scene.formula {
        Formula::PerAct | Formula::SharedDeal | Formula::Engagement => json!({}),
        Formula::ElectricVehicle if scene.code != "shared_ebike" => {
            json!({ "distance_km": "30", "kwh_per_100km": "14.5" })
        }
        Formula::Carpool => json!({
            "driver_direct_km": "18", "driven_km": "19.6",
            "passengers": [{ "distance_km": "16.5" }],
        }),
        Formula::HomeElectricity => json!({
            "persons": "3", "energy_day_kwh": "8", "mean_7_days_kwh": "9.4",
            "mean_30_days_kwh": "9.1", "history_days": "120",
        }),
        Formula::HeatPump => json!({
            "litres_per_day": "120", "rise_k": "35", "cop": "3.7", "days_in_use": "365",
        }),
        Formula::EfficientAppliance => json!({ "cooling_kwh": "1800", "seer": "5.8" }),
        Formula::RooftopSolar => {
            json!({ "energy_kwh": "640", "claimed_kwh": "40", "capacity_mw": "0.012" })
        }
        Formula::NetMass => json!({ "mass_kg": "6.5", "residue_kg": "0.4" }),
        Formula::OnlineMeeting => json!({ "mode": "rail", "distance_km": "640", "hours": "2" }),
        Formula::PerUnit
        | Formula::PerUnitOrAct
        | Formula::ElectricVehicle
        | Formula::GridEnergy => {
            let amount = match scene.measure {
                Measure::Kilometres => "3.2",
                Measure::Sheets => "20",
                Measure::Steps => "8000",
                _ => "2.5",
            };
            json!({ path_of(scene.measure): amount })
        }
    };
    // where only unverified factors exist the example says so
    let tried = matches!(
        scene.code,
        "walking" | "carpool" | "home_electricity" | "efficient_ac" | "pet_recycled"
    );
    let (day, place) = (date!(2026 - 03 - 10), "CN-GD-SZ");
    let reached = |region: &str| scene.factors.iter().any(|one| one.region == region);
    let region = match scene.factors.first() {
        Some(first) if !within(place).any(reached) => first.region,
        _ => place,
    };
    input["day"] = json!(crate::day::to_text(day.max(scene.from)));
    input["region"] = json!(region);
    input["evidence"] = json!("T1");
    if tried {
        input["unvetted"] = json!("yes");
    }
    input
}
