//! The project design document (项目设计文件): from the flat fields of a draft to typed data, or everything that is
//! missing or wrong, each at its field.

use methodologies::quantity::Quantity;
use methodologies::quantity::unit::{Hectare, Kilometre, Megawatt, Metre};
use methodologies::{Calculator, Outcome, Parameters, Stage};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;
use time::Date;

use super::document::{
    Fields, Reading, SectionStatus, calculator_for, calculator_input, root, roots_without,
};
use super::guard::{
    GreenCertificateChoice, ProjectFacts, commenced_after_cutoff, crediting_period_fits,
};
use crate::id::OrganisationId;
use crate::place::{PROVINCES, Province, coordinates, province_of};
use crate::refusal::{Refusal, codes};
use crate::sector::{Family, PROJECT_TYPES, ProjectType, project_type_of};
use crate::text;

/// Longest name, characters.
pub const NAME_MAX: usize = 200;
/// Longest description, characters.
pub const DESCRIPTION_MAX: usize = 4000;

/// A section of the document: one page of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DesignSection {
    /// Name, methodology, what it is.
    Basics,
    /// Where it is.
    Place,
    /// Its dates.
    Dates,
    /// What it will reduce.
    Estimate,
    /// Whether it may apply.
    Applicability,
    /// How it will be monitored, and what else it does to people and nature.
    Plan,
    /// Who validates it.
    Validator,
}

impl DesignSection {
    /// Every section, in the order of the task list.
    pub const ALL: &[Self] = &[
        Self::Basics,
        Self::Place,
        Self::Dates,
        Self::Estimate,
        Self::Applicability,
        Self::Plan,
        Self::Validator,
    ];

    /// The stable text in addresses and the interface catalogue (`section.<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Basics => "basics",
            Self::Place => "place",
            Self::Dates => "dates",
            Self::Estimate => "estimate",
            Self::Applicability => "applicability",
            Self::Plan => "plan",
            Self::Validator => "validator",
        }
    }

    /// The section with this code, if there is one.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|section| section.code() == code)
    }

    /// Its fields in the order of the page, for a type of project; `fuels`, `factor_set_by_year` and `strata` stand for
    /// their dotted fields. Without a type those of a power plant.
    pub fn fields(self, kind: Option<&ProjectType>) -> Vec<&'static str> {
        match kind {
            Some(kind) if kind.family == Family::Land => self.land_fields(kind),
            _ => self.power_fields().to_vec(),
        }
    }

    /// What planted land is asked: the estimate as its calculator takes it, the conditions as the methodology puts them.
    fn land_fields(self, kind: &ProjectType) -> Vec<&'static str> {
        const BASICS: &[&str] = &["name", "name_en", "methodology", "summary", "technology"];
        const PLACE: &[&str] = &["province", "location", "longitude", "latitude"];
        const DATES: &[&str] = &[
            "construction_start",
            "project_end",
            "crediting_from",
            "crediting_to",
        ];
        const STATED: &[&str] = &[
            "lawful",
            "legally_obliged",
            "in_emissions_trading",
            "in_other_mechanism",
        ];
        /// Asked only of power plants, or told by another field: never typed here.
        const NEVER: &[&str] = &[
            "as_of",
            PROJECT_START,
            "grid_connection_date",
            "green_certificate_choice",
        ];
        let asked_before = |name: &str| {
            [BASICS, PLACE, DATES, STATED, NEVER]
                .iter()
                .any(|names| names.contains(&name))
        };
        let estimate = || {
            calculator_for(kind, Stage::ExAnte).map_or_else(Vec::new, |calculator| {
                roots_without(calculator.fields, asked_before)
            })
        };
        match self {
            Self::Basics => BASICS.to_vec(),
            Self::Place => PLACE.to_vec(),
            Self::Dates => DATES.to_vec(),
            Self::Estimate => estimate(),
            Self::Applicability => {
                let estimate = estimate();
                let conditions = methodologies::applicability_fields(kind.methodology);
                let mut asked = roots_without(conditions, |name| {
                    asked_before(name) || estimate.contains(&name)
                });
                asked.extend(STATED);
                asked
            }
            Self::Plan => vec![
                "sampling",
                "monitoring_plan",
                "sustainability",
                "environmental_impact",
            ],
            Self::Validator => vec!["validator"],
        }
    }

    const fn power_fields(self) -> &'static [&'static str] {
        match self {
            Self::Basics => &[
                "name",
                "name_en",
                "methodology",
                "archive_code",
                "summary",
                "technology",
            ],
            Self::Place => &[
                "province",
                "location",
                "grid",
                "longitude",
                "latitude",
                "distance_to_shore_km",
                "water_depth_m",
            ],
            Self::Dates => &[
                "construction_start",
                "grid_connection_date",
                "retirement_date",
                "crediting_from",
                "crediting_to",
            ],

            Self::Estimate => &[
                "capacity_mw",
                "export_mwh_per_year",
                "import_mwh_per_year",
                "heater_mwh_per_year",
                "factor_choice",
                "factor_set",
                "factor_set_by_year",
                "rounding",
                "fuels",
                "stated_total_t",
                "stated_annual_t",
            ],
            Self::Applicability => &[
                "grid_connected",
                "seaward_of_high_water_line",
                "any_turbine_within_both_limits",
                "solar_kind",
                "metered_separately",
                "lawful",
                "legally_obliged",
                "in_emissions_trading",
                "in_other_mechanism",
                "green_certificate_choice",
            ],
            Self::Plan => &["monitoring_plan", "sustainability", "environmental_impact"],
            Self::Validator => &["validator"],
        }
    }

    /// The section a field belongs to; a dotted name belongs where its first part does.
    pub fn of_field(field: &str, kind: Option<&ProjectType>) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|section| section.fields(kind).contains(&root(field)))
    }
}

/// A complete and consistent design document.
#[derive(Clone, Debug, PartialEq)]
pub struct ProjectDesign {
    /// Chinese name, 1..=200 characters.
    pub name: String,
    /// English name, if given.
    pub name_en: Option<String>,
    /// Project type and methodology.
    pub kind: &'static ProjectType,
    /// What the project is.
    pub summary: String,
    /// What technology it uses.
    pub technology: String,
    /// Where it is.
    pub province: &'static Province,
    /// The place in words.
    pub location: String,
    /// Decimal degrees east.
    pub longitude: Decimal,
    /// Decimal degrees north.
    pub latitude: Decimal,
    /// What only a plant, or only planted land, has.
    pub site: Site,
    /// 开工日期: start of construction; on land the first day of work on site (site preparation or planting).
    pub commencement: Date,
    /// The last day of the project's life; on land not after the end of tenure.
    pub life_end: Date,
    /// First day of the crediting period.
    pub crediting_from: Date,
    /// Last day of the crediting period.
    pub crediting_to: Date,
    /// The chosen validator.
    pub validator: OrganisationId,
    /// The methodology's ex-ante calculator.
    pub calculator: &'static str,
    /// Its input.
    pub calculator_input: Value,
    /// What it gives: the expected reductions.
    pub outcome: Outcome,
}

/// What only one family of projects has.
#[derive(Clone, Debug, PartialEq)]
pub enum Site {
    /// A power plant.
    Power(PowerSite),
    /// Planted land.
    Land(LandSite),
}

/// A power plant.
#[derive(Clone, Debug, PartialEq)]
pub struct PowerSite {
    /// 建档立卡 code of the power plant (17 characters): the key to its green certificates. `None` in no complete document.
    pub archive_code: Option<String>,
    /// The regional grid, by the name of the factor sets.
    pub grid: String,
    /// From the corner nearest to land, km; offshore wind only.
    pub distance_to_shore_km: Option<Decimal>,
    /// Least depth, m; offshore wind only.
    pub water_depth_m: Option<Decimal>,
    /// MW.
    pub capacity_mw: Decimal,
    /// 并网日期: the first day of the project's life.
    pub grid_connection: Date,
    /// Credits or green certificates.
    pub green_certificates: GreenCertificateChoice,
}

/// Planted land.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LandSite {
    /// The sum of the strata, ha.
    pub area_ha: Decimal,
    /// How many strata, 1 or more.
    pub strata: usize,
}

impl LandSite {
    /// The strata typed so far: `strata.*.area_ha` that can be read. `None` without any.
    pub fn of_draft(fields: &Fields) -> Option<Self> {
        let areas = fields
            .iter()
            .filter(|(name, _)| name.starts_with("strata.") && name.ends_with(".area_ha"))
            .filter_map(|(_, typed)| typed.parse::<Quantity<Hectare>>().ok());
        let (mut area_ha, mut strata) = (Decimal::ZERO, 0);
        for area in areas {
            area_ha = area_ha.checked_add(area.value())?;
            strata += 1;
        }
        (strata > 0).then_some(Self { area_ha, strata })
    }
}

impl ProjectDesign {
    /// Reads a draft. `as_of` is the day by which emission factors must be published when they are chosen by rule: today
    /// while the document is written, the day of upload once it is final. On refusal everything that is
    /// missing or wrong, at most one reason per field. `set`: the numbers it is calculated with.
    pub fn read(fields: &Fields, as_of: Date, set: &Parameters) -> Result<Self, Vec<Refusal>> {
        let mut reading = Reading::new(fields);
        let design = read(&mut reading, as_of, set);
        let refusals = reading.finish();
        match design {
            Some(design) if refusals.is_empty() => Ok(design),
            _ => Err(refusals),
        }
    }

    /// The calculator and its input as far as the draft goes, for the live calculation beside the form; `None`
    /// while no known methodology is chosen.
    pub fn estimate_input(fields: &Fields, as_of: Date) -> Option<(&'static str, Value)> {
        let kind = kind_of(fields)?;
        let calculator = calculator_of(kind, Stage::ExAnte, as_of)?;
        Some((
            calculator.code,
            calculator_input(calculator, fields, &estimate_set(kind, fields, as_of)),
        ))
    }
}

/// How far each section is, in the order of the task list.
pub fn design_sections(
    fields: &Fields,
    as_of: Date,
    set: &Parameters,
) -> Vec<(DesignSection, SectionStatus)> {
    let refusals = ProjectDesign::read(fields, as_of, set)
        .err()
        .unwrap_or_default();
    let kind = kind_of(fields);
    let status =
        |section: &DesignSection| SectionStatus::of(&section.fields(kind), fields, &refusals);
    DesignSection::ALL
        .iter()
        .map(|section| (*section, status(section)))
        .collect()
}

/// How far one section is.
pub fn section_status(
    section: DesignSection,
    fields: &Fields,
    as_of: Date,
    set: &Parameters,
) -> SectionStatus {
    let refusals = ProjectDesign::read(fields, as_of, set)
        .err()
        .unwrap_or_default();
    SectionStatus::of(&section.fields(kind_of(fields)), fields, &refusals)
}

/// The type of project that a design document is about, as far as its methodology says.
pub fn kind_of(fields: &Fields) -> Option<&'static ProjectType> {
    project_type_of(fields.get("methodology")?.trim())
}

impl ProjectFacts {
    /// The facts that the draft tells. What only the registry knows is set to the side that refuses (no account, no validator,
    /// no statement): the caller fills it in.
    pub fn of_draft(fields: &Fields, today: Date, set: &Parameters) -> Self {
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let day = |field: &str| text::date(field, typed(field)).ok();
        let methodology = typed("methodology").to_owned();
        let sections = design_sections(fields, today, set).into_iter();
        Self {
            today,
            methodology_in_force: methodologies::find(&methodology, today).is_some(),
            methodology,
            commencement: day("construction_start"),
            crediting: day("crediting_from").zip(day("crediting_to")),
            no_legal_obligation: typed("legally_obliged") == "no",
            outside_quota_management: typed("in_emissions_trading") == "no",
            no_other_mechanism: typed("in_other_mechanism") == "no",
            green_certificates: certificate_choice(typed("green_certificate_choice")),
            owner_account_active: false,
            owner_bans: Vec::new(),
            previously_deregistered: false,
            validator: None,
            incomplete_sections: sections
                .filter(|(_, status)| *status != SectionStatus::Complete)
                .map(|(section, _)| section.code())
                .collect(),
            statement_made: false,
            opinions_undecided: 0,
            opinions_unanswered: 0,
            engagement: None,
            experts_unanswered: 0,
        }
    }
}

fn read(reading: &mut Reading, as_of: Date, set: &Parameters) -> Option<ProjectDesign> {
    let basics = read_basics(reading);
    // of what is typed, not of a complete section: what is wrong elsewhere is said while a name is still missing
    let kind = kind_of(reading.fields());
    let place = read_place(reading);
    let dates = read_dates(reading);
    let land = kind.is_some_and(|kind| kind.family == Family::Land);
    let plant = (!land).then(|| read_plant(reading, kind, dates.as_ref()));
    let estimate = read_estimate(reading, kind, as_of, set);
    read_applicability(reading, kind);
    read_plan(reading, land);
    let green_certificates = (!land).then(|| read_green_certificates(reading));
    let validator = reading.text("validator", 100);
    let site = match (plant, green_certificates) {
        (Some(plant), Some(green_certificates)) => Site::Power(plant?.site(green_certificates?)),
        _ => Site::Land(LandSite::of_draft(reading.fields())?),
    };
    let (basics, place, dates, estimate) = (basics?, place?, dates?, estimate?);
    Some(ProjectDesign {
        name: basics.name,
        name_en: basics.name_en,
        kind: basics.kind,
        summary: basics.summary,
        technology: basics.technology,
        province: place.province,
        location: place.location,
        longitude: place.longitude,
        latitude: place.latitude,
        site,
        commencement: dates.commencement,
        life_end: dates.life_end,
        crediting_from: dates.crediting_from,
        crediting_to: dates.crediting_to,
        validator: OrganisationId::from(validator?),
        calculator: estimate.calculator,
        calculator_input: estimate.input,
        outcome: estimate.outcome,
    })
}

/// The parts of the document that are told in words: only whether they are there is checked here, a validator reads them.
fn read_plan(reading: &mut Reading, land: bool) {
    if land {
        reading.text("sampling", DESCRIPTION_MAX);
    }
    for field in ["monitoring_plan", "sustainability", "environmental_impact"] {
        reading.text(field, DESCRIPTION_MAX);
    }
}

struct Basics {
    name: String,
    name_en: Option<String>,
    kind: &'static ProjectType,
    summary: String,
    technology: String,
}

fn read_basics(reading: &mut Reading) -> Option<Basics> {
    let name = reading.text("name", NAME_MAX);
    let name_en = reading.optional_text("name_en", NAME_MAX);
    let methodologies: Vec<&str> = PROJECT_TYPES.iter().map(|kind| kind.methodology).collect();
    let kind = reading
        .choice("methodology", &methodologies)
        .and_then(project_type_of);
    let summary = reading.text("summary", DESCRIPTION_MAX);
    let technology = reading.text("technology", DESCRIPTION_MAX);
    Some(Basics {
        name: name?,
        name_en,
        kind: kind?,
        summary: summary?,
        technology: technology?,
    })
}

/// 17 capitals and digits (`PWS1812320623003L`); `None` if refused. It is the key to the plant's green certificates (国能综通新能〔2024〕124号), so
/// electricity is not published without it.
fn archive_code(reading: &mut Reading) -> Option<String> {
    let code = text::narrow(reading.typed("archive_code")).to_ascii_uppercase();
    if code.is_empty() {
        reading.refuse(Refusal::new(codes::REQUIRED).at("archive_code"));
        return None;
    }
    if code.len() == 17 && code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Some(code);
    }
    reading.refuse(Refusal::new(codes::ARCHIVE_CODE_INVALID).at("archive_code"));
    None
}

struct Place {
    province: &'static Province,
    location: String,
    longitude: Decimal,
    latitude: Decimal,
}

fn read_place(reading: &mut Reading) -> Option<Place> {
    let codes: Vec<&str> = PROVINCES.iter().map(|province| province.code).collect();
    let province = reading.choice("province", &codes).and_then(province_of);
    let location = reading.text("location", NAME_MAX);
    let point = match coordinates(reading.typed("longitude"), reading.typed("latitude")) {
        Ok(point) => Some(point),
        Err(refusals) => {
            for refusal in refusals {
                reading.refuse(refusal);
            }
            None
        }
    };
    let (longitude, latitude) = point?;
    Some(Place {
        province: province?,
        location: location?,
        longitude,
        latitude,
    })
}

/// What only a power plant is asked, without the choice between reductions and certificates.
struct Plant {
    archive_code: Option<String>,
    grid: String,
    distance_to_shore_km: Option<Decimal>,
    water_depth_m: Option<Decimal>,
    capacity_mw: Decimal,
    grid_connection: Date,
}

impl Plant {
    fn site(self, green_certificates: GreenCertificateChoice) -> PowerSite {
        PowerSite {
            archive_code: self.archive_code,
            grid: self.grid,
            distance_to_shore_km: self.distance_to_shore_km,
            water_depth_m: self.water_depth_m,
            capacity_mw: self.capacity_mw,
            grid_connection: self.grid_connection,
            green_certificates,
        }
    }
}

const OFFSHORE_WIND: &str = "A0201";

fn read_plant(
    reading: &mut Reading,
    kind: Option<&ProjectType>,
    dates: Option<&Dates>,
) -> Option<Plant> {
    let archive_code = archive_code(reading);
    let grid = read_grid(reading, province_of(reading.typed("province")));
    let offshore = kind.is_some_and(|kind| kind.code == OFFSHORE_WIND);
    let distance_to_shore_km = offshore
        .then(|| reading.optional_amount::<Kilometre>("distance_to_shore_km", 0, 1000))
        .flatten();
    let water_depth_m = offshore
        .then(|| reading.optional_amount::<Metre>("water_depth_m", 0, 6000))
        .flatten();
    let grid_connection = dates.and_then(|dates| dates.grid_connection);
    let capacity = reading.amount::<Megawatt>("capacity_mw", 0, 100_000);
    let choice = reading.choice("factor_choice", FACTOR_CHOICES);
    if choice == Some("named") && !reading.has("factor_set") && !reading.has("factor_set_by_year") {
        reading.refuse(Refusal::new(codes::REQUIRED).at("factor_set"));
    }
    choice?;
    Some(Plant {
        archive_code,
        grid: grid?,
        distance_to_shore_km,
        water_depth_m,
        capacity_mw: capacity?,
        grid_connection: grid_connection?,
    })
}

/// The grid must be one that the province feeds.
fn read_grid(reading: &mut Reading, province: Option<&Province>) -> Option<String> {
    let grid = reading.text("grid", 20)?;
    let Some(province) = province else {
        return Some(grid);
    };
    if province.grids.contains(&grid.as_str()) {
        return Some(grid);
    }
    let grids = province.grids.join(", ");
    reading.refuse(
        Refusal::new(codes::GRID_NOT_OF_PROVINCE)
            .at("grid")
            .with("grids", grids),
    );
    None
}

struct Dates {
    commencement: Date,
    /// Of power plants only.
    grid_connection: Option<Date>,
    life_end: Date,
    crediting_from: Date,
    crediting_to: Date,
}

fn read_dates(reading: &mut Reading) -> Option<Dates> {
    let commencement = reading.date("construction_start");
    let land = kind_of(reading.fields()).is_some_and(|kind| kind.family == Family::Land);
    // the life of a plant begins with its first power, that of a planting with the first work on site
    let grid_connection = (!land).then(|| reading.date("grid_connection_date"));
    let life_start = grid_connection.unwrap_or(commencement);
    let end_field = if land {
        "project_end"
    } else {
        "retirement_date"
    };
    let life_end = reading.date(end_field);
    let crediting_from = reading.date("crediting_from");
    let crediting_to = reading.date("crediting_to");
    let order = |start: Option<Date>, end: Option<Date>, field: &str| match (start, end) {
        (Some(start), Some(end)) if end < start => Err(Refusal::new(codes::END_BEFORE_START)
            .at(field)
            .with("start", start)
            .with("end", end)),
        _ => Ok(()),
    };
    reading.keep(commencement.map_or(Ok(()), commenced_after_cutoff));
    reading.keep(order(commencement, life_start, "grid_connection_date"));
    reading.keep(order(life_start, life_end, end_field));
    let methodology = reading.typed("methodology");
    if let Some(crediting) = crediting_from.zip(crediting_to) {
        reading.keep(crediting_period_fits(Some(crediting), methodology));
    }
    if let (Some(first), Some(from)) = (life_start, crediting_from)
        && from < first
    {
        reading.refuse(
            Refusal::new(codes::CREDITING_BEFORE_LIFE)
                .at("crediting_from")
                .with("first", first),
        );
    }
    if let (Some(life_end), Some(to)) = (life_end, crediting_to)
        && to > life_end
    {
        reading.refuse(
            Refusal::new(codes::CREDITING_AFTER_LIFE)
                .at("crediting_to")
                .with("last", life_end),
        );
    }
    life_start?;
    Some(Dates {
        commencement: commencement?,
        grid_connection: grid_connection.flatten(),
        life_end: life_end?,
        crediting_from: crediting_from?,
        crediting_to: crediting_to?,
    })
}

/// How emission factors are chosen: by the rules, or by a set that is named to reproduce a document.
pub const FACTOR_CHOICES: &[&str] = &["by_rule", "named"];

/// The fields that decide the factor, as the calculator takes them: the day when chosen by rule, the named sets otherwise.
pub(super) fn factor_fields(fields: &Fields, as_of: Date) -> Vec<(&'static str, String)> {
    let named = fields
        .get("factor_choice")
        .is_some_and(|choice| choice.trim() == "named");
    let mut set = vec![("as_of", methodologies::day::to_text(as_of))];
    if !named {
        set.extend([
            ("factor_set", String::new()),
            ("factor_set_by_year", String::new()),
        ]);
    }
    set
}

/// What calculators of planted land call the day that the document calls `construction_start`.
pub(super) const PROJECT_START: &str = "project_start";

/// What the estimate takes from outside its section: the factors of a plant, the start of a planting.
fn estimate_set(kind: &ProjectType, fields: &Fields, as_of: Date) -> Vec<(&'static str, String)> {
    let mut set = factor_fields(fields, as_of);
    if kind.family == Family::Land {
        let start = fields
            .get("construction_start")
            .and_then(|typed| text::date("construction_start", typed).ok());
        set.push((
            PROJECT_START,
            start.map_or_else(String::new, methodologies::day::to_text),
        ));
    }
    set
}

/// The calculator of a project type's methodology for a stage; `None` if the methodology is not in force on the day.
pub(super) fn calculator_of(
    kind: &ProjectType,
    stage: Stage,
    on: Date,
) -> Option<&'static Calculator> {
    let codes = methodologies::find(kind.methodology, on)?
        .calculators
        .iter();
    codes
        .filter_map(|code| methodologies::calculator(code))
        .find(|calculator| calculator.stage == stage)
}

struct Estimate {
    calculator: &'static str,
    input: Value,
    outcome: Outcome,
}

fn read_estimate(
    reading: &mut Reading,
    kind: Option<&ProjectType>,
    as_of: Date,
    set: &Parameters,
) -> Option<Estimate> {
    let kind = kind?;
    let Some(calculator) = calculator_of(kind, Stage::ExAnte, as_of) else {
        reading.refuse(
            Refusal::new(codes::METHODOLOGY_NOT_IN_FORCE)
                .at("methodology")
                .with("value", kind.methodology),
        );
        return None;
    };
    let input = calculator_input(
        calculator,
        reading.fields(),
        &estimate_set(kind, reading.fields(), as_of),
    );
    let outcome = match methodologies::calculate_with(calculator.code, &input, set) {
        Ok(outcome) => outcome,
        Err(errors) => {
            reading.refuse_calculation(
                errors,
                |field| DesignSection::of_field(field, Some(kind)).is_some(),
                anchor(kind),
            );
            return None;
        }
    };
    Some(Estimate {
        calculator: calculator.code,
        input,
        outcome,
    })
}

/// Where the estimate says what belongs to none of its fields.
pub(super) const fn anchor(kind: &ProjectType) -> &'static str {
    match kind.family {
        Family::Power => "factor_choice",
        Family::Land => "strata",
    }
}

fn certificate_choice(code: &str) -> Option<GreenCertificateChoice> {
    match code {
        "reductions" => Some(GreenCertificateChoice::Reductions),
        "certificates" => Some(GreenCertificateChoice::Certificates),
        _ => None,
    }
}

fn read_applicability(reading: &mut Reading, kind: Option<&ProjectType>) {
    if let Some(kind) = kind {
        judge_applicability(reading, kind);
    }
    reading.denied("legally_obliged", codes::LEGALLY_OBLIGED);
    reading.denied("in_emissions_trading", codes::UNDER_QUOTA_MANAGEMENT);
    reading.denied("in_other_mechanism", codes::NOT_UNIQUE);
}

fn read_green_certificates(reading: &mut Reading) -> Option<GreenCertificateChoice> {
    let choice = reading
        .choice("green_certificate_choice", &["reductions", "certificates"])
        .and_then(certificate_choice);
    if choice == Some(GreenCertificateChoice::Certificates) {
        reading
            .refuse(Refusal::new(codes::GREEN_CERTIFICATES_CHOSEN).at("green_certificate_choice"));
    }
    choice
}

/// Conditions of a methodology that this document asks about with reasons of its own.
const JUDGED_HERE: &[&str] = &[
    "W-A4",
    "P-ETS",
    "P-START",
    "P-FIRST-DAY",
    "P-PERIOD",
    "P-LIFE",
    "P-GREEN",
];

/// The methodology's own conditions: one that is not met is refused with its reason, one whose facts are
/// missing asks for the first that is missing.
fn judge_applicability(reading: &mut Reading, kind: &ProjectType) {
    let dates = DesignSection::Dates.fields(Some(kind));
    // the days as calculators write them; one that cannot be read is refused where it is typed, and left out here
    let facts = reading.fields().iter().filter_map(|(field, value)| {
        let value = if dates.contains(&field.as_str()) {
            methodologies::day::to_text(text::date(field, value).ok()?)
        } else {
            value.clone()
        };
        Some((field.clone(), value))
    });
    let facts: Fields = facts.collect();
    let findings = match methodologies::applicability(
        kind.methodology,
        &methodologies::fields_to_json(&facts),
    ) {
        Ok(findings) => findings,
        Err(errors) => {
            reading.refuse_calculation(
                errors,
                |field| DesignSection::of_field(field, Some(kind)).is_some(),
                anchor(kind),
            );
            return;
        }
    };
    for finding in findings
        .into_iter()
        .filter(|finding| !JUDGED_HERE.contains(&finding.id.as_str()))
    {
        let missing = || {
            finding
                .fields
                .iter()
                .find(|field| reading.typed(field).is_empty())
        };
        // the first answer without which the condition would not be refused
        let culprit = || {
            finding.fields.iter().find(|field| {
                let mut others = facts.clone();
                others.remove(field.as_str()).is_some() && !is_refused(kind, &others, &finding.id)
            })
        };
        let refusal = match finding.passed {
            Some(true) => continue,
            Some(false) => culprit().or(finding.fields.first()).map(|field| {
                Refusal::new(codes::DOES_NOT_APPLY)
                    .at(field.as_str())
                    .with("condition", &finding.id)
                    .with("reason_zh", &finding.reason.zh)
                    .with("reason_en", &finding.reason.en)
            }),
            None => missing().map(|field| Refusal::new(codes::REQUIRED).at(field.as_str())),
        };
        if let Some(refusal) = refusal {
            reading.refuse(refusal);
        }
    }
}

/// Whether a condition is not met by these facts.
fn is_refused(kind: &ProjectType, facts: &Fields, condition: &str) -> bool {
    let facts = methodologies::fields_to_json(facts);
    methodologies::applicability(kind.methodology, &facts).is_ok_and(|findings| {
        findings
            .iter()
            .any(|finding| finding.id == condition && finding.passed == Some(false))
    })
}
