//! The project design document (项目设计文件): from the flat fields of a draft to typed data, or everything that is
//! missing or wrong, each at its field.

use methodologies::quantity::unit::{Kilometre, Megawatt, Metre};
use methodologies::{Calculator, Outcome, Stage};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;
use time::Date;

use super::document::{Fields, Reading, SectionStatus, calculator_input, root};
use super::guard::{
    GreenCertificateChoice, ProjectFacts, commenced_after_cutoff, crediting_period_fits,
};
use crate::id::OrganisationId;
use crate::place::{PROVINCES, Province, coordinates, province_of};
use crate::refusal::{Refusal, codes};
use crate::sector::{PROJECT_TYPES, ProjectType, project_type_of};
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

    /// Its fields in the order of the page; `fuels` and `factor_set_by_year` stand for their dotted fields.
    pub const fn fields(self) -> &'static [&'static str] {
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
            Self::Validator => &["validator"],
        }
    }

    /// The section a field belongs to; a dotted name belongs where its first part does.
    pub fn of_field(field: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|section| section.fields().contains(&root(field)))
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
    /// 建档立卡 code of the power plant (17 characters), if it has one: the key to its green certificates.
    pub archive_code: Option<String>,
    /// What the project is.
    pub summary: String,
    /// What technology it uses.
    pub technology: String,
    /// Where it is.
    pub province: &'static Province,
    /// The place in words.
    pub location: String,
    /// The regional grid, by the name of the factor sets.
    pub grid: String,
    /// Decimal degrees east.
    pub longitude: Decimal,
    /// Decimal degrees north.
    pub latitude: Decimal,
    /// From the corner nearest to land, km; offshore wind only.
    pub distance_to_shore_km: Option<Decimal>,
    /// Least depth, m; offshore wind only.
    pub water_depth_m: Option<Decimal>,
    /// MW.
    pub capacity_mw: Decimal,
    /// 开工日期.
    pub commencement: Date,
    /// 并网日期: the first day of the project's life.
    pub grid_connection: Date,
    /// The last day of the project's life.
    pub life_end: Date,
    /// First day of the crediting period.
    pub crediting_from: Date,
    /// Last day of the crediting period.
    pub crediting_to: Date,
    /// Credits or green certificates.
    pub green_certificates: GreenCertificateChoice,
    /// The chosen validator.
    pub validator: OrganisationId,
    /// The methodology's ex-ante calculator.
    pub calculator: &'static str,
    /// Its input.
    pub calculator_input: Value,
    /// What it gives: the expected reductions.
    pub outcome: Outcome,
}

impl ProjectDesign {
    /// Reads a draft. `as_of` is the day by which emission factors must be published when they are chosen by rule: today
    /// while the document is written, the day of upload once it is final. On refusal everything that is
    /// missing or wrong, at most one reason per field.
    pub fn read(fields: &Fields, as_of: Date) -> Result<Self, Vec<Refusal>> {
        let mut reading = Reading::new(fields);
        let design = read(&mut reading, as_of);
        let refusals = reading.finish();
        match design {
            Some(design) if refusals.is_empty() => Ok(design),
            _ => Err(refusals),
        }
    }

    /// The calculator and its input as far as the draft goes, for the live calculation beside the form; `None`
    /// while no known methodology is chosen.
    pub fn estimate_input(fields: &Fields, as_of: Date) -> Option<(&'static str, Value)> {
        let kind = project_type_of(fields.get("methodology")?.trim())?;
        let calculator = calculator_of(kind, Stage::ExAnte, as_of)?;
        Some((
            calculator.code,
            calculator_input(calculator, fields, &factor_fields(fields, as_of)),
        ))
    }
}

/// How far each section is, in the order of the task list.
pub fn design_sections(fields: &Fields, as_of: Date) -> Vec<(DesignSection, SectionStatus)> {
    let refusals = ProjectDesign::read(fields, as_of).err().unwrap_or_default();
    let status = |section: &DesignSection| SectionStatus::of(section.fields(), fields, &refusals);
    DesignSection::ALL
        .iter()
        .map(|section| (*section, status(section)))
        .collect()
}

/// How far one section is.
pub fn section_status(section: DesignSection, fields: &Fields, as_of: Date) -> SectionStatus {
    let refusals = ProjectDesign::read(fields, as_of).err().unwrap_or_default();
    SectionStatus::of(section.fields(), fields, &refusals)
}

impl ProjectFacts {
    /// The facts that the draft tells. What only the registry knows is set to the side that refuses (no account, no validator,
    /// no statement): the caller fills it in.
    pub fn of_draft(fields: &Fields, today: Date) -> Self {
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let day = |field: &str| text::date(field, typed(field)).ok();
        let methodology = typed("methodology").to_owned();
        let sections = design_sections(fields, today).into_iter();
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
        }
    }
}

fn read(reading: &mut Reading, as_of: Date) -> Option<ProjectDesign> {
    let basics = read_basics(reading);
    // of what is typed, not of a complete section: what is wrong elsewhere is said while a name is still missing
    let kind = project_type_of(reading.typed("methodology").trim());
    let place = read_place(reading, kind);
    let dates = read_dates(reading);
    let estimate = read_estimate(reading, kind, as_of);
    let green_certificates = read_applicability(reading, kind);
    let validator = reading.text("validator", 100);
    let (basics, place, dates, estimate) = (basics?, place?, dates?, estimate?);
    Some(ProjectDesign {
        name: basics.name,
        name_en: basics.name_en,
        kind: basics.kind,
        archive_code: basics.archive_code,
        summary: basics.summary,
        technology: basics.technology,
        province: place.province,
        location: place.location,
        grid: place.grid,
        longitude: place.longitude,
        latitude: place.latitude,
        distance_to_shore_km: place.distance_to_shore_km,
        water_depth_m: place.water_depth_m,
        capacity_mw: estimate.capacity_mw,
        commencement: dates.commencement,
        grid_connection: dates.grid_connection,
        life_end: dates.life_end,
        crediting_from: dates.crediting_from,
        crediting_to: dates.crediting_to,
        green_certificates: green_certificates?,
        validator: OrganisationId::from(validator?),
        calculator: estimate.calculator,
        calculator_input: estimate.input,
        outcome: estimate.outcome,
    })
}

struct Basics {
    name: String,
    name_en: Option<String>,
    kind: &'static ProjectType,
    archive_code: Option<String>,
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
    let archive_code = archive_code(reading);
    let summary = reading.text("summary", DESCRIPTION_MAX);
    let technology = reading.text("technology", DESCRIPTION_MAX);
    Some(Basics {
        name: name?,
        name_en,
        kind: kind?,
        archive_code,
        summary: summary?,
        technology: technology?,
    })
}

/// 17 capitals and digits (`PWS1812320623003L`); `None` if empty, or refused.
fn archive_code(reading: &mut Reading) -> Option<String> {
    let code = text::narrow(reading.typed("archive_code")).to_ascii_uppercase();
    if code.is_empty() {
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
    grid: String,
    longitude: Decimal,
    latitude: Decimal,
    distance_to_shore_km: Option<Decimal>,
    water_depth_m: Option<Decimal>,
}

fn read_place(reading: &mut Reading, kind: Option<&ProjectType>) -> Option<Place> {
    let codes: Vec<&str> = PROVINCES.iter().map(|province| province.code).collect();
    let province = reading.choice("province", &codes).and_then(province_of);
    let location = reading.text("location", NAME_MAX);
    let grid = read_grid(reading, province);
    let point = match coordinates(reading.typed("longitude"), reading.typed("latitude")) {
        Ok(point) => Some(point),
        Err(refusals) => {
            for refusal in refusals {
                reading.refuse(refusal);
            }
            None
        }
    };
    let offshore = kind.is_some_and(|kind| kind.code == OFFSHORE_WIND);
    let distance = offshore
        .then(|| reading.optional_amount::<Kilometre>("distance_to_shore_km", 0, 1000))
        .flatten();
    let depth = offshore
        .then(|| reading.optional_amount::<Metre>("water_depth_m", 0, 6000))
        .flatten();
    let (longitude, latitude) = point?;
    Some(Place {
        province: province?,
        location: location?,
        grid: grid?,
        longitude,
        latitude,
        distance_to_shore_km: distance,
        water_depth_m: depth,
    })
}

const OFFSHORE_WIND: &str = "A0201";

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
    grid_connection: Date,
    life_end: Date,
    crediting_from: Date,
    crediting_to: Date,
}

fn read_dates(reading: &mut Reading) -> Option<Dates> {
    let commencement = reading.date("construction_start");
    let grid_connection = reading.date("grid_connection_date");
    let life_end = reading.date("retirement_date");
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
    reading.keep(order(commencement, grid_connection, "grid_connection_date"));
    reading.keep(order(grid_connection, life_end, "retirement_date"));
    let methodology = reading.typed("methodology");
    if let Some(crediting) = crediting_from.zip(crediting_to) {
        reading.keep(crediting_period_fits(Some(crediting), methodology));
    }
    if let (Some(connected), Some(from)) = (grid_connection, crediting_from)
        && from < connected
    {
        reading.refuse(
            Refusal::new(codes::CREDITING_BEFORE_LIFE)
                .at("crediting_from")
                .with("first", connected),
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
    Some(Dates {
        commencement: commencement?,
        grid_connection: grid_connection?,
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
    capacity_mw: Decimal,
    calculator: &'static str,
    input: Value,
    outcome: Outcome,
}

fn read_estimate(
    reading: &mut Reading,
    kind: Option<&ProjectType>,
    as_of: Date,
) -> Option<Estimate> {
    let capacity = reading.amount::<Megawatt>("capacity_mw", 0, 100_000);
    let choice = reading.choice("factor_choice", FACTOR_CHOICES);
    if choice == Some("named") && !reading.has("factor_set") && !reading.has("factor_set_by_year") {
        reading.refuse(Refusal::new(codes::REQUIRED).at("factor_set"));
    }
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
        &factor_fields(reading.fields(), as_of),
    );
    let outcome = match methodologies::calculate(calculator.code, &input) {
        Ok(outcome) => outcome,
        Err(errors) => {
            reading.refuse_calculation(
                errors,
                |field| DesignSection::of_field(field).is_some(),
                "factor_choice",
            );
            return None;
        }
    };
    choice?;
    Some(Estimate {
        capacity_mw: capacity?,
        calculator: calculator.code,
        input,
        outcome,
    })
}

fn certificate_choice(code: &str) -> Option<GreenCertificateChoice> {
    match code {
        "reductions" => Some(GreenCertificateChoice::Reductions),
        "certificates" => Some(GreenCertificateChoice::Certificates),
        _ => None,
    }
}

fn read_applicability(
    reading: &mut Reading,
    kind: Option<&ProjectType>,
) -> Option<GreenCertificateChoice> {
    if let Some(kind) = kind {
        judge_applicability(reading, kind);
    }
    reading.denied("legally_obliged", codes::LEGALLY_OBLIGED);
    reading.denied("in_emissions_trading", codes::UNDER_QUOTA_MANAGEMENT);
    reading.denied("in_other_mechanism", codes::NOT_UNIQUE);
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
    let dates = DesignSection::Dates.fields();
    let facts = reading
        .fields()
        .iter()
        .filter(|(field, _)| !dates.contains(&field.as_str()));
    let facts: Fields = facts
        .map(|(field, value)| (field.clone(), value.clone()))
        .collect();
    let findings = match methodologies::applicability(
        kind.methodology,
        &methodologies::fields_to_json(&facts),
    ) {
        Ok(findings) => findings,
        Err(errors) => {
            reading.refuse_calculation(
                errors,
                |field| DesignSection::of_field(field).is_some(),
                "factor_choice",
            );
            return;
        }
    };
    for finding in findings
        .into_iter()
        .filter(|finding| !JUDGED_HERE.contains(&finding.id.as_str()))
    {
        let culprit = |wanted: &str| {
            finding
                .fields
                .iter()
                .find(|field| reading.typed(field) == wanted)
        };
        let refusal = match finding.passed {
            Some(true) => continue,
            Some(false) => culprit("no").or(finding.fields.first()).map(|field| {
                Refusal::new(codes::DOES_NOT_APPLY)
                    .at(field.as_str())
                    .with("condition", &finding.id)
                    .with("reason_zh", &finding.reason.zh)
                    .with("reason_en", &finding.reason.en)
            }),
            None => culprit("").map(|field| Refusal::new(codes::REQUIRED).at(field.as_str())),
        };
        if let Some(refusal) = refusal {
            reading.refuse(refusal);
        }
    }
}
