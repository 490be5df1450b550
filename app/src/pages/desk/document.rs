//! How the fields of the two documents are asked and shown: label, hint, unit, choices. What is right or wrong is the
//! matter of `domain`.

use domain::green_certificate::MONTHS_FIELD;
use domain::place::{PROVINCES, province_of};
use domain::project::{DesignSection, ReportSection};
use domain::sector::{Family, PROJECT_TYPES, ProjectType, project_type_of};
use leptos::prelude::*;
use methodologies::schema::{Field as Input, Kind as InputKind};
use methodologies::{Calculator, Stage};
use registry::{Fields, VvbChoice};

use crate::form::field_id;
use crate::format;
use crate::lang::{Lang, t, tp};
use crate::parts::act_form::yes_or_no;
use crate::parts::{Choice, Field, Kind, SummaryList, SummaryRow, Tag};
use crate::visitor::Tone;

/// Which of the two documents, with what its pages need to know about the project.
#[derive(Clone)]
pub struct Document {
    /// The language.
    pub lang: Lang,
    /// The calculator whose fields are part of the document, once a methodology is chosen.
    pub calculator: Option<&'static Calculator>,
    /// The bodies that may be chosen.
    pub bodies: Vec<VvbChoice>,
    /// The name of the chosen body, if it is not among them.
    pub body: Option<String>,
}

impl Document {
    /// The design document of a project with this methodology.
    pub fn design(
        lang: Lang,
        methodology: &str,
        bodies: Vec<VvbChoice>,
        body: Option<String>,
    ) -> Self {
        Self {
            lang,
            calculator: calculator(methodology, Stage::ExAnte),
            bodies,
            body,
        }
    }

    /// The monitoring report of a project with this methodology.
    pub fn report(
        lang: Lang,
        methodology: &str,
        bodies: Vec<VvbChoice>,
        body: Option<String>,
    ) -> Self {
        Self {
            lang,
            calculator: calculator(methodology, Stage::ExPost),
            bodies,
            body,
        }
    }

    /// The calculator's own description of a field, if it is one of its fields.
    fn input(&self, name: &str) -> Option<&'static Input> {
        let pattern: Vec<_> = name
            .split('.')
            .map(|part| {
                if part.parse::<usize>().is_ok() {
                    "*"
                } else {
                    part
                }
            })
            .collect();
        let pattern = pattern.join(".");
        if pattern == MONTHS_FIELD.path {
            return Some(&MONTHS_FIELD);
        }
        self.calculator?
            .fields
            .iter()
            .find(|input| input.path == pattern)
    }

    /// The type of project, once a methodology is chosen.
    fn kind(&self) -> Option<&'static ProjectType> {
        project_type_of(self.calculator?.methodology)
    }

    /// Whether the project is planted land, which is asked in words of its own.
    fn is_land(&self) -> bool {
        self.kind().is_some_and(|kind| kind.family == Family::Land)
    }

    /// The description of a field that only the conditions of a land methodology ask about.
    fn condition(&self, name: &str) -> Option<&'static Input> {
        let conditions = methodologies::applicability_fields(self.kind()?.methodology);
        // what every project is asked in the same words, or in words of this document
        const OWN: [&str; 6] = [
            "construction_start",
            "project_end",
            "lawful",
            "legally_obliged",
            "in_emissions_trading",
            "in_other_mechanism",
        ];
        (self.is_land() && !OWN.contains(&name))
            .then(|| conditions.iter().find(|input| input.path == name))
            .flatten()
    }

    /// What is said about a section: its hint, the question it explains and the answer, by the end of the text's key.
    pub fn section_text(&self, code: &str, suffix: &str) -> String {
        let land = self.is_land() && LAND_SECTIONS.contains(&code);
        let family = if land { "land_" } else { "" };
        t(self.lang, &format!("desk.{family}section_{code}{suffix}"))
    }

    /// Whether the calculator has a field of this name.
    pub fn knows(&self, name: &str) -> bool {
        self.input(name).is_some()
    }

    /// The label of a field.
    pub fn label(&self, name: &str) -> String {
        let lang = self.lang;
        if let Some(input) = self.input(name) {
            return lang.choose(input.label.zh, input.label.en).to_owned();
        }
        if let Some(label) = self.cell_label(name) {
            return label;
        }
        if self.is_land() && LAND_WORDS.contains(&name) {
            return t(lang, &format!("desk.land_field_{name}"));
        }
        match self.condition(name) {
            Some(input) => lang.choose(input.label.zh, input.label.en).to_owned(),
            None => t(lang, &format!("desk.field_{name}")),
        }
    }

    /// `trees.17.dbh_cm`: the table, the line and the column.
    fn cell_label(&self, name: &str) -> Option<String> {
        let mut tables = name.match_indices('.').filter_map(|(at, _)| {
            let input = self.input(&name[..at])?;
            match input.kind {
                InputKind::Table { columns, .. } => Some((input, columns, &name[at + 1..])),
                _ => None,
            }
        });
        let (input, columns, rest) = tables.next_back()?;
        let (line, column) = rest.split_once('.').unwrap_or((rest, ""));
        let title = columns.iter().find(|known| known.code == column);
        let title = title.map_or("", |known| self.lang.choose(known.label.zh, known.label.en));
        let table = self.lang.choose(input.label.zh, input.label.en);
        Some(tp(
            self.lang,
            "desk.table_cell",
            &[("table", table), ("line", line), ("column", title)],
        ))
    }

    /// What people read instead of the stored text: names for codes, days and digits as they are written in this language.
    pub fn value(&self, name: &str, value: &str) -> String {
        let (lang, value) = (self.lang, value.trim());
        if let Some(input) = self.input(name) {
            return match input.kind {
                InputKind::Choice(choices) => {
                    let choice = choices.iter().find(|choice| choice.value == value);
                    choice
                        .map_or(value, |choice| lang.choose(choice.text.zh, choice.text.en))
                        .to_owned()
                }
                InputKind::Number { unit, .. } => format!("{} {unit}", format::decimal(value))
                    .trim()
                    .to_owned(),
                InputKind::Date => format::date_text(lang, value),
                InputKind::Year | InputKind::Text { .. } | InputKind::List { .. } => {
                    value.to_owned()
                }
                InputKind::Table { .. } => {
                    let rows = row_count(value).to_string();
                    tp(
                        lang,
                        "desk.table_rows",
                        &[("rows", &format::decimal(&rows))],
                    )
                }
            };
        }
        if let Some(Input {
            kind: InputKind::Choice(choices),
            ..
        }) = self.condition(name)
            && let Some(choice) = choices.iter().find(|choice| choice.value == value)
        {
            return lang.choose(choice.text.zh, choice.text.en).to_owned();
        }
        if let Some(condition) = self.condition(name) {
            match condition.kind {
                InputKind::Date => return format::date_text(lang, value),
                InputKind::Number { unit, .. } => {
                    return format!("{} {unit}", format::decimal(value))
                        .trim()
                        .to_owned();
                }
                _ => {}
            }
        }
        match name {
            "province" => province_of(value)
                .map_or(value, |province| {
                    lang.choose(province.name_zh, province.name_en)
                })
                .to_owned(),
            "methodology" => methodology_name(lang, value),
            "validator" | "verifier" => {
                let known = self
                    .bodies
                    .iter()
                    .find(|body| body.organisation.as_str() == value)
                    .map(|body| body.name.clone());
                known
                    .or_else(|| self.body.clone())
                    .unwrap_or_else(|| value.to_owned())
            }
            "construction_start" | "grid_connection_date" | "retirement_date" | "project_end" => {
                format::date_text(lang, value)
            }
            "solar_kind" if SOLAR_KINDS.contains(&value) => t(lang, &format!("desk.solar_{value}")),
            "green_certificate_choice" if GREEN_CHOICES.contains(&value) => {
                t(lang, &format!("desk.green_{value}"))
            }
            "factor_choice" if ["by_rule", "named"].contains(&value) => {
                t(lang, &format!("desk.factor_{value}"))
            }
            _ if value == "yes" => t(lang, "field.yes"),
            _ if value == "no" => t(lang, "field.no"),
            _ => {
                let unit = unit(lang, name);
                if unit.is_empty() {
                    value.to_owned()
                } else {
                    format!("{} {unit}", format::decimal(value))
                }
            }
        }
    }

    /// The lines of a summary: each field of a section that was answered, or that is still open, with a link to change it.
    pub fn rows(&self, names: &[&str], fields: &Fields, edit: Option<&str>) -> Vec<SummaryRow> {
        let mut rows = Vec::new();
        for name in names {
            let own: Vec<_> = fields
                .iter()
                .filter(|(field, value)| belongs(field, name) && !value.trim().is_empty())
                .collect();
            if own.is_empty() && (edit.is_none() || !self.is_asked(name) || self.is_list(name)) {
                continue;
            }
            let value = match own.as_slice() {
                [] => view! { <span class="quiet">{t(self.lang, "desk.not_answered")}</span> }
                    .into_any(),
                [(field, value)] if field.as_str() == *name => {
                    view! { <span class="prose">{self.value(name, value)}</span> }.into_any()
                }
                _ => self.nested(&own),
            };
            let row = SummaryRow::new(self.label(name), value);
            rows.push(match edit {
                Some(address) => row.change(format!("{address}#{}", field_id(name))),
                None => row,
            });
        }
        rows
    }

    /// Whether a name stands for a list of dotted fields that may stay empty.
    fn is_list(&self, name: &str) -> bool {
        let list = self
            .input(name)
            .is_some_and(|input| matches!(input.kind, InputKind::List { .. }) && !input.required);
        list || is_list(name)
    }

    /// The dotted fields of a list, in the order of their numbers.
    fn nested(&self, own: &[(&String, &String)]) -> AnyView {
        let mut sorted: Vec<_> = own
            .iter()
            .map(|(name, value)| (self.order(name), name.as_str(), value.as_str()))
            .collect();
        sorted.sort();
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for (_, name, value) in sorted {
            let group = name.split('.').take(2).collect::<Vec<_>>().join(".");
            let text = format!("{}: {}", self.label(name), self.value(name, value));
            match groups.last_mut() {
                Some((last, texts)) if *last == group => texts.push(text),
                _ => groups.push((group, vec![text])),
            }
        }
        let items: Vec<_> = groups
            .into_iter()
            .map(|(_, texts)| view! { <li>{texts.join("; ")}</li> })
            .collect();
        view! { <ol class="plain-list">{items}</ol> }.into_any()
    }

    /// Where a dotted name stands in the form: lines by their numbers, the fields of a line as the calculator lists them.
    pub fn order(&self, name: &str) -> Vec<(usize, String)> {
        let fields = self
            .calculator
            .map_or(&[][..], |calculator| calculator.fields);
        let mut pattern = String::new();
        let mut order = Vec::new();
        for part in name.split('.') {
            let number = part.parse::<usize>();
            pattern.push_str(if number.is_ok() { "*" } else { part });
            let listed = || fields.iter().position(|field| field.path == pattern);
            let at = number.ok().or_else(listed).unwrap_or(usize::MAX);
            order.push((at, part.to_owned()));
            pattern.push('.');
        }
        order
    }

    /// Whether this methodology asks for the field at all.
    pub fn is_asked(&self, name: &str) -> bool {
        let special = [
            "distance_to_shore_km",
            "water_depth_m",
            "grid_connected",
            "seaward_of_high_water_line",
            "any_turbine_within_both_limits",
            "solar_kind",
            "metered_separately",
            "heater_mwh_per_year",
            "fuels",
        ];
        if !special.contains(&name) {
            return true;
        }
        let methodology = self
            .calculator
            .map_or("", |calculator| calculator.methodology);
        let facts = methodologies::applicability_schema(methodology).unwrap_or_default();
        let judged = facts["fields"]
            .as_array()
            .is_some_and(|facts| facts.iter().any(|fact| fact["path"] == name));
        judged || self.input(name).is_some()
    }

    /// The field as a question.
    pub fn question(&self, name: &'static str) -> AnyView {
        let lang = self.lang;
        if !self.is_asked(name) {
            return ().into_any();
        }
        if let Some(input) = self.input(name) {
            return self.calculator_question(name, input);
        }
        if let Some(input) = self.condition(name) {
            return self.calculator_question(name, input);
        }
        let label = self.label(name);
        let hint = if self.is_land() && LAND_WORDS.contains(&name) {
            t(lang, &format!("desk.land_field_{name}_hint"))
        } else {
            t(lang, &format!("desk.field_{name}_hint"))
        };
        match name {
            "name" | "location" => view! { <Field name label hint/> }.into_any(),
            "archive_code" => view! { <Field name label hint/> }.into_any(),
            "name_en" => view! { <Field name label hint optional=true/> }.into_any(),
            "summary" | "technology" | "implementation" | "monitoring" | "sampling" | "monitoring_plan" | "sustainability"
            | "environmental_impact" => view! { <Field name label hint kind=Kind::Lines rows=7/> }.into_any(),
            "methodology" => {
                let choices = PROJECT_TYPES.iter();
                let choices = choices.map(|kind| Choice::new(kind.methodology, lang.choose(kind.name_zh, kind.name_en)).hint(kind.methodology)).collect();
                view! { <Field name label hint kind=Kind::Radios choices/> }.into_any()
            }
            "province" => {
                let choices = PROVINCES.iter().map(|province| Choice::new(province.code, lang.choose(province.name_zh, province.name_en))).collect();
                view! { <Field name label hint kind=Kind::Select choices/> }.into_any()
            }
            "construction_start" | "grid_connection_date" | "retirement_date" | "project_end" => view! { <Field name label hint kind=Kind::Date/> }.into_any(),
            "factor_choice" => {
                let choices = ["by_rule", "named"].map(|code| {
                    Choice::new(code, t(lang, &format!("desk.factor_{code}"))).hint(t(lang, &format!("desk.factor_{code}_hint")))
                });
                view! { <Field name label hint kind=Kind::Radios choices=choices.to_vec()/> }.into_any()
            }
            "green_certificate_choice" => {
                let choices = GREEN_CHOICES.map(|code| Choice::new(code, t(lang, &format!("desk.green_{code}"))));
                view! { <Field name label hint kind=Kind::Radios choices=choices.to_vec()/> }.into_any()
            }
            "solar_kind" => {
                let choices = SOLAR_KINDS.iter().map(|code| Choice::new(*code, t(lang, &format!("desk.solar_{code}")))).collect();
                view! { <Field name label hint kind=Kind::Radios choices/> }.into_any()
            }
            "lawful" | "grid_connected" | "seaward_of_high_water_line" | "any_turbine_within_both_limits" | "metered_separately"
            | "legally_obliged" | "in_emissions_trading" | "in_other_mechanism" | "certificates_traded" => {
                view! { <Field name label hint kind=Kind::Radios choices=yes_or_no(lang)/> }.into_any()
            }
            "validator" | "verifier" => {
                let approved = self.bodies.iter().filter(|body| body.approved);
                let choices = approved.map(|body| Choice::new(body.organisation.as_str(), body.name.clone()).hint(body.approval_number.clone())).collect();
                view! { <Field name label hint kind=Kind::Radios choices/> }.into_any()
            }
            _ => view! { <Field name label hint kind=Kind::Decimal unit=unit(lang, name) optional={name == "water_depth_m"}/> }.into_any(),
        }
    }

    fn calculator_question(&self, name: &'static str, input: &'static Input) -> AnyView {
        let lang = self.lang;
        let (label, hint) = (
            lang.choose(input.label.zh, input.label.en),
            lang.choose(input.help.zh, input.help.en),
        );
        let (kind, unit, choices) = match input.kind {
            InputKind::Number { unit, .. } => (Kind::Decimal, unit, Vec::new()),
            InputKind::Year
            | InputKind::Text { .. }
            | InputKind::List { .. }
            | InputKind::Table { .. } => (Kind::Text, "", Vec::new()),
            InputKind::Date => (Kind::Date, "", Vec::new()),
            InputKind::Choice(choices) => {
                let shown = choices.iter().map(|choice| {
                    Choice::new(choice.value, lang.choose(choice.text.zh, choice.text.en))
                });
                let shown: Vec<_> = shown.collect();
                let few = self.condition(name).is_some() && shown.len() <= RADIOS_MAX;
                (if few { Kind::Radios } else { Kind::Select }, "", shown)
            }
        };
        // a condition that is not answered stays open, so each one is asked for
        let optional = !input.required && self.condition(name).is_none();
        view! { <Field name label hint unit kind choices optional/> }.into_any()
    }
}

/// More choices than this are folded.
const RADIOS_MAX: usize = 4;

/// Fields that every project has and planted land calls by another name: the texts `desk.land_field_<name>`.
const LAND_WORDS: [&str; 7] = [
    "technology",
    "location",
    "construction_start",
    "project_end",
    "implementation",
    "monitoring",
    "monitoring_plan",
];

/// Sections that planted land explains in other words: the texts `desk.land_section_<code>_hint`, `_term` and `_meaning`.
const LAND_SECTIONS: [&str; 6] = [
    "place",
    "dates",
    "estimate",
    "applicability",
    "description",
    "declarations",
];

/// How many rows a table has: its lines with something in them, without the header.
pub fn row_count(text: &str) -> usize {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.count().saturating_sub(1)
}

/// What is claimed for the electricity: reductions or green certificates.
const GREEN_CHOICES: [&str; 2] = ["reductions", "certificates"];
/// The kinds of solar thermal projects.
const SOLAR_KINDS: [&str; 3] = ["stand_alone", "part_of_integrated", "other"];

/// `lines.2.from` belongs to `lines`.
fn belongs(field: &str, name: &str) -> bool {
    field == name
        || field
            .strip_prefix(name)
            .is_some_and(|rest| rest.starts_with('.'))
}

/// Names that stand for a list of dotted fields.
pub fn is_list(name: &str) -> bool {
    matches!(name, "lines" | "fuels" | "factor_set_by_year")
}

/// The unit of a field that is not the calculator's.
fn unit(lang: Lang, name: &str) -> String {
    match name {
        "longitude" => t(lang, "desk.unit_east"),
        "latitude" => t(lang, "desk.unit_north"),
        "distance_to_shore_km" => "km".to_owned(),
        "water_depth_m" => "m".to_owned(),
        _ => String::new(),
    }
}

/// `CCER-01-002-V01 并网海上风力发电`.
pub fn methodology_name(lang: Lang, code: &str) -> String {
    let known = methodologies::catalogue()
        .iter()
        .find(|known| known.code == code);
    known.map_or_else(
        || code.to_owned(),
        |known| format!("{code} {}", lang.choose(known.title.zh, known.title.en)),
    )
}

/// The calculator of a methodology for a stage.
pub fn calculator(methodology: &str, stage: Stage) -> Option<&'static Calculator> {
    methodologies::calculators()
        .iter()
        .find(|calculator| calculator.methodology == methodology && calculator.stage == stage)
}

/// Every condition of the methodology and of the programme, judged by what is in the document, with the reason and what shows it.
pub fn findings(lang: Lang, fields: &Fields) -> Option<AnyView> {
    let methodology = fields.get("methodology")?.trim();
    let facts = methodologies::fields_to_json(fields);
    let findings = methodologies::applicability(methodology, &facts).ok()?;
    let rows = findings
        .into_iter()
        .map(|finding| {
            let (key, tone) = match finding.passed {
                Some(true) => ("desk.check_met", Tone::Done),
                Some(false) => ("desk.check_not_met", Tone::Refused),
                None => ("desk.check_open", Tone::Attention),
            };
            let reason = lang.message(&finding.reason).to_owned();
            let evidence = tp(lang, "desk.finding_evidence", &[("evidence", lang.message(&finding.evidence)), ("clause", &finding.clause)]);
            let value = view! { <Tag text=t(lang, key) tone/>" "{reason}<br/><span class="quiet">{evidence}</span> };
            SummaryRow::new(lang.message(&finding.question), value)
        })
        .collect();
    Some(view! { <SummaryList rows/> }.into_any())
}

/// Every field of a published or submitted design document with its label, section by section: for any page that shows one.
pub fn design_rows(
    lang: Lang,
    fields: &Fields,
    validator: Option<String>,
) -> Vec<(String, Vec<SummaryRow>)> {
    let document = Document::design(
        lang,
        fields.get("methodology").map_or("", String::as_str),
        Vec::new(),
        validator,
    );
    let kind = project_type_of(fields.get("methodology").map_or("", |typed| typed.trim()));
    let sections = DesignSection::ALL
        .iter()
        .map(|section| (section.code(), section.fields(kind)));
    sections
        .map(|(code, names)| {
            (
                t(lang, &format!("desk.section_{code}")),
                document.rows(&names, fields, None),
            )
        })
        .filter(|(_, rows)| !rows.is_empty())
        .collect()
}

/// The same for a monitoring report.
pub fn report_rows(
    lang: Lang,
    methodology: &str,
    fields: &Fields,
    verifier: Option<String>,
) -> Vec<(String, Vec<SummaryRow>)> {
    let document = Document::report(lang, methodology, Vec::new(), verifier);
    let kind = project_type_of(methodology.trim());
    let sections = ReportSection::of_kind(kind)
        .iter()
        .map(|section| (section.code(), section.fields(kind)));
    sections
        .map(|(code, names)| {
            (
                t(lang, &format!("desk.section_{code}")),
                document.rows(&names, fields, None),
            )
        })
        .filter(|(_, rows)| !rows.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::fields;
    use domain::Act;
    use domain::act::Access;

    const LANGS: [Lang; 2] = [Lang::Zh, Lang::En];

    fn has_text(key: &str) -> bool {
        LANGS.iter().all(|lang| t(*lang, key) != key)
    }

    #[test]
    fn every_section_and_every_field_has_its_texts() {
        let kinds = || PROJECT_TYPES.iter().map(Some);
        let designs = kinds().flat_map(|kind| {
            DesignSection::ALL
                .iter()
                .map(move |section| (section.code(), section.fields(kind)))
        });
        let reports = kinds().flat_map(|kind| {
            ReportSection::of_kind(kind)
                .iter()
                .map(move |section| (section.code(), section.fields(kind)))
        });
        for (code, names) in designs.chain(reports) {
            for suffix in ["", "_hint", "_term", "_meaning"] {
                assert!(
                    has_text(&format!("desk.section_{code}{suffix}")),
                    "{code}{suffix}"
                );
            }
            for name in names {
                // calculators and conditions explain their own fields
                let conditions = PROJECT_TYPES
                    .iter()
                    .flat_map(|kind| methodologies::applicability_fields(kind.methodology));
                let explained = methodologies::calculators()
                    .iter()
                    .flat_map(|known| known.fields)
                    .chain(conditions)
                    .chain([&MONTHS_FIELD])
                    .any(|input| input.path == name);
                let own =
                    ["", "_hint"].map(|suffix| has_text(&format!("desk.field_{name}{suffix}")));
                assert!(explained || own == [true, true], "{name}");
            }
        }
    }

    #[test]
    fn planted_land_has_its_own_words() {
        for name in LAND_WORDS {
            assert!(has_text(&format!("desk.land_field_{name}")), "{name}");
            assert!(has_text(&format!("desk.land_field_{name}_hint")), "{name}");
        }
        for code in LAND_SECTIONS {
            for suffix in ["_hint", "_term", "_meaning"] {
                assert!(
                    has_text(&format!("desk.land_section_{code}{suffix}")),
                    "{code}{suffix}"
                );
            }
        }
    }

    #[test]
    fn every_act_on_a_record_has_a_name_a_lead_and_a_message() {
        let elsewhere = ["create", "save", "request_mandate", "request_publicity"];
        for act in Act::ALL {
            assert!(has_text(&format!("act.{}", act.name())), "{}", act.name());
            let (noun, verb) = act.name().split_once('_').unwrap_or_default();
            if !["project", "report"].contains(&noun) || !matches!(act.roles(), Access::Roles(_)) {
                continue;
            }
            // the acts that end something say the same for both kinds of record
            let said = |what: &str| {
                has_text(&format!("desk.{what}_{}", act.name()))
                    || has_text(&format!("ends.{what}_{verb}"))
            };
            assert!(said("done"), "{}", act.name());
            assert!(elsewhere.contains(&verb) || said("lead"), "{}", act.name());
        }
    }

    #[test]
    fn stored_codes_and_numbers_are_shown_as_people_write_them() {
        let design = Document::design(Lang::En, "CCER-01-002-V01", Vec::new(), None);
        assert_eq!(design.value("province", "440000"), "Guangdong");
        assert_eq!(
            design.value("export_mwh_per_year", "1655202"),
            "1,655,202 MWh"
        );
        assert_eq!(design.value("crediting_from", "2022-10-01"), "1 Oct 2022");
        assert_eq!(design.value("lawful", "yes"), t(Lang::En, "field.yes"));
        assert_eq!(design.value("province", "nowhere"), "nowhere");
        assert!(!design.is_asked("metered_separately"));
        assert!(design.is_asked("distance_to_shore_km"));
    }

    #[test]
    fn an_open_question_is_listed_where_it_can_be_changed_and_left_out_where_it_cannot() {
        let design = Document::design(Lang::Zh, "CCER-01-002-V01", Vec::new(), None);
        let typed = fields([("name", "汕尾")]);
        let names = ["name", "name_en", "metered_separately"];
        assert_eq!(design.rows(&names, &typed, Some("/edit")).len(), 2);
        assert_eq!(design.rows(&names, &typed, None).len(), 1);
    }
}
