//! May this project use the methodology? A list of checks with reasons; missing facts leave a check open.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::Date;

use crate::catalogue::{self, Methodology};
use crate::day;
use crate::input::{InputError, Reader};
use crate::parameter;
use crate::quantity::{Kilometres, Metres, Quantity};
use crate::schema::{Choice, Field, Kind};
use crate::text::{Message, Text, text};

/// One condition, judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable id: `W-A1`…`W-A4`, `C-A1`…`C-A3`, and of the programme `P-START`, `P-FIRST-DAY`, `P-PERIOD`, `P-LIFE`,
    /// `P-ETS`, `P-GREEN`.
    pub id: String,
    /// Where the condition is written.
    pub clause: String,
    /// The condition as a question.
    pub question: Message,
    /// `Some(true)` met, `Some(false)` not met, `None` facts are missing.
    pub passed: Option<bool>,
    /// Stable code of the reason, for example `distance_over_limit`.
    pub reason_code: String,
    /// The reason.
    pub reason: Message,
    /// Which documents show it.
    pub evidence: Message,
    /// The input fields it was judged by.
    pub fields: Vec<String>,
}

/// Judges every condition of a methodology and of the programme by the facts of a project.
///
/// Facts are the fields of [`applicability_schema`]; a missing one leaves its check open, one that cannot be read is
/// an error at its path. Other members of the input are left alone, so the whole project may be passed.
pub fn applicability(code: &str, facts: &Value) -> Result<Vec<Finding>, Vec<InputError>> {
    match code {
        "CCER-01-002-V01" => judge(&catalogue::OFFSHORE_WIND, &WIND_FIELDS, facts, wind),
        "CCER-01-001-V01" => judge(&catalogue::SOLAR_THERMAL, &SOLAR_FIELDS, facts, solar),
        _ => Err(vec![
            InputError::new("", "methodology_unknown")
                .with("value", code.chars().take(100).collect::<String>()),
        ]),
    }
}

/// The facts that [`applicability`] judges by, as a form: path, type, unit, label, help. `None`: no such methodology.
pub fn applicability_schema(code: &str) -> Option<Value> {
    let fields: &[Field] = match code {
        "CCER-01-002-V01" => &WIND_FIELDS,
        "CCER-01-001-V01" => &SOLAR_FIELDS,
        _ => return None,
    };
    Some(
        json!({ "methodology": code, "fields": fields.iter().map(Field::to_json).collect::<Vec<_>>() }),
    )
}

static YES_NO: [Choice; 2] = [
    Choice {
        value: "yes",
        text: text("是", "Yes"),
    },
    Choice {
        value: "no",
        text: text("否", "No"),
    },
];

static SOLAR_KINDS: [Choice; 3] = [
    Choice {
        value: "stand_alone",
        text: text("独立并网光热项目", "Stand-alone solar thermal plant"),
    },
    Choice {
        value: "part_of_integrated",
        text: text(
            "“光热+”一体化项目的光热部分",
            "Solar thermal part of an integrated project",
        ),
    },
    Choice {
        value: "other",
        text: text("其他", "Other"),
    },
];

static GREEN_CHOICES: [Choice; 2] = [
    Choice {
        value: "reductions",
        text: text(
            "申请减排量，不交易对应绿证",
            "Reductions; the certificates of that energy are not traded",
        ),
    },
    Choice {
        value: "certificates",
        text: text("交易绿证", "Green certificates"),
    },
];

const fn fact(path: &'static str, kind: Kind, label: Text) -> Field {
    Field {
        path,
        kind,
        label,
        help: text("", ""),
        required: false,
    }
}

const fn yes_no(path: &'static str, zh: &'static str, en: &'static str) -> Field {
    fact(path, Kind::Choice(&YES_NO), text(zh, en))
}

const LAWFUL: Field = yes_no(
    "lawful",
    "符合法律法规和产业政策",
    "Complies with law and sector policy",
);
const NOT_ETS: Field = yes_no(
    "in_emissions_trading",
    "纳入全国或地方碳市场配额管理",
    "Under quota management of a national or local emissions trading scheme",
);
const OBLIGED: Field = yes_no(
    "legally_obliged",
    "法律法规强制要求减排",
    "Obliged by law to reduce emissions",
);
const START: Field = fact(
    "construction_start",
    Kind::Date,
    text("开工日期", "Start of construction"),
);
const FROM: Field = fact(
    "crediting_from",
    Kind::Date,
    text("计入期首日", "First day of the crediting period"),
);
const TO: Field = fact(
    "crediting_to",
    Kind::Date,
    text("计入期末日", "Last day of the crediting period"),
);
const LIFE_FROM: Field = fact(
    "grid_connection_date",
    Kind::Date,
    text("并网日期（首次发电）", "Grid connection (first power)"),
);
const LIFE_TO: Field = fact(
    "retirement_date",
    Kind::Date,
    text("预计退役日期", "Expected retirement"),
);
const GREEN: Field = fact(
    "green_certificate_choice",
    Kind::Choice(&GREEN_CHOICES),
    text("绿证与减排量二选一", "Green certificates or reductions"),
);

static WIND_FIELDS: [Field; 14] = [
    yes_no("grid_connected", "并网发电", "Connected to the grid"),
    yes_no(
        "seaward_of_high_water_line",
        "场址位于多年平均大潮高潮线以下（海侧）",
        "Site seaward of the multi-year mean high-water line of spring tides",
    ),
    fact(
        "distance_to_shore_km",
        Kind::Number {
            unit: "km",
            min: "0",
            max: "1000",
            decimals: 3,
        },
        text(
            "场址最近角点的离岸距离",
            "Distance from the corner nearest to land to the shore",
        ),
    ),
    fact(
        "water_depth_m",
        Kind::Number {
            unit: "m",
            min: "0",
            max: "6000",
            decimals: 2,
        },
        text("场址最小水深", "Smallest water depth of the site"),
    ),
    LAWFUL,
    NOT_ETS,
    OBLIGED,
    START,
    FROM,
    TO,
    LIFE_FROM,
    LIFE_TO,
    GREEN,
    yes_no(
        "any_turbine_within_both_limits",
        "有风机同时不满足距离与水深",
        "Some turbine is within both limits",
    ),
];

static SOLAR_FIELDS: [Field; 11] = [
    fact(
        "solar_kind",
        Kind::Choice(&SOLAR_KINDS),
        text("项目类型", "Kind of project"),
    ),
    yes_no(
        "metered_separately",
        "光热上网电量单独计量",
        "The solar thermal export is metered separately",
    ),
    LAWFUL,
    NOT_ETS,
    OBLIGED,
    START,
    FROM,
    TO,
    LIFE_FROM,
    LIFE_TO,
    GREEN,
];

type Judge = fn(&mut Reader<'_>, &mut Vec<Finding>);

fn judge(
    methodology: &Methodology,
    fields: &'static [Field],
    facts: &Value,
    own: Judge,
) -> Result<Vec<Finding>, Vec<InputError>> {
    let mut reader = Reader::lenient(facts, fields);
    let mut findings = Vec::new();
    own(&mut reader, &mut findings);
    programme(&mut reader, methodology, &mut findings);
    if reader.errors.is_empty() {
        Ok(findings)
    } else {
        Err(reader.errors)
    }
}

/// A condition before it is judged.
struct Condition {
    id: &'static str,
    clause: &'static str,
    question: Text,
    evidence: Text,
    fields: &'static [&'static str],
}

/// A judgement: passed or not, the code of the reason and the reason.
type Verdict = (Option<bool>, &'static str, Message);

impl Condition {
    fn judged(self, (passed, reason_code, reason): Verdict) -> Finding {
        Finding {
            id: self.id.to_owned(),
            clause: self.clause.to_owned(),
            question: self.question.into(),
            passed,
            reason_code: reason_code.to_owned(),
            reason,
            evidence: self.evidence.into(),
            fields: self
                .fields
                .iter()
                .map(|field| (*field).to_owned())
                .collect(),
        }
    }
}

fn missing() -> Verdict {
    (
        None,
        "facts_missing",
        text("尚未填写所需事实。", "The facts needed are not there yet.").into(),
    )
}

fn verdict(passed: bool, code: &'static str, zh: &'static str, en: &'static str) -> Verdict {
    (Some(passed), code, text(zh, en).into())
}

fn answer(reader: &mut Reader<'_>, path: &str) -> Option<bool> {
    reader.choice(path).map(|answer| answer == "yes")
}

fn wind(reader: &mut Reader<'_>, findings: &mut Vec<Finding>) {
    findings.push(
        Condition {
            id: "W-A1",
            clause: "CCER-01-002-V01 §4",
            question: text(
                "是并网海上风电项目吗？",
                "Is it grid-connected offshore wind?",
            ),
            evidence: text("可行性研究报告、核准文件", "Feasibility study, approvals"),
            fields: &["grid_connected", "seaward_of_high_water_line"],
        }
        .judged(
            match (
                answer(reader, "grid_connected"),
                answer(reader, "seaward_of_high_water_line"),
            ) {
                (Some(false), _) => verdict(
                    false,
                    "not_grid_connected",
                    "项目未并网。",
                    "The project is not connected to the grid.",
                ),
                (_, Some(false)) => verdict(
                    false,
                    "not_offshore",
                    "场址不在多年平均大潮高潮线以下海域。",
                    "The site is not seaward of the mean high-water line of spring tides.",
                ),
                (Some(true), Some(true)) => verdict(
                    true,
                    "offshore_and_connected",
                    "位于海上并且并网。",
                    "It is offshore and connected to the grid.",
                ),
                _ => missing(),
            },
        ),
    );
    findings.push(distance_or_depth(reader));
    findings.push(lawful(reader, "W-A3", "CCER-01-002-V01 §4"));
    findings.push(outside_trading(reader, "W-A4"));
}

/// Beyond 30 km from the shore, or deeper than 30 m: both strict, one is enough.
fn distance_or_depth(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
        id: "W-A2",
        clause: "CCER-01-002-V01 §4",
        question: text(
            "离岸距离大于 30 km，或水深大于 30 m？",
            "More than 30 km from the shore, or in water deeper than 30 m?",
        ),
        evidence: text(
            "海域使用论证报告及批复、可行性研究报告、环评；水深测量与等深线",
            "Sea-use demonstration report and its approval, feasibility study, environmental assessment; soundings and isobaths",
        ),
        fields: &[
            "distance_to_shore_km",
            "water_depth_m",
            "any_turbine_within_both_limits",
        ],
    };
    let distance: Option<Kilometres> = reader.quantity("distance_to_shore_km");
    let depth: Option<Metres> = reader.quantity("water_depth_m");
    let turbine_within = answer(reader, "any_turbine_within_both_limits");
    let (Some(distance_limit), Some(depth_limit)) = (
        limit("distance_to_shore_min_km"),
        limit("water_depth_min_m"),
    ) else {
        return condition.judged(missing());
    };
    let far = distance.map(|distance| distance.value() > distance_limit);
    let deep = depth.map(|depth| depth.value() > depth_limit);
    let values = [
        (
            "distance",
            distance.map_or_else(|| "—".to_owned(), Quantity::with_unit),
        ),
        (
            "depth",
            depth.map_or_else(|| "—".to_owned(), Quantity::with_unit),
        ),
        ("distance_limit", distance_limit.to_string()),
        ("depth_limit", depth_limit.to_string()),
    ];
    let near =
        distance.is_some_and(|distance| distance.value() * Decimal::new(99, 2) <= distance_limit);
    let (passed, code, reason) = match (far, deep) {
        (_, Some(true)) => (
            Some(true),
            "depth_over_limit",
            text(
                "水深 {depth}，大于 {depth_limit} m。",
                "Water depth {depth}, more than {depth_limit} m.",
            ),
        ),
        (Some(true), _) if near => (
            Some(true),
            "distance_barely_over_limit",
            text(
                "离岸 {distance}，略大于 {distance_limit} km：不同工具的测量相差可达 1%，请附测量依据。",
                "{distance} from the shore, barely more than {distance_limit} km: tools differ by up to 1 %, so attach how it was measured.",
            ),
        ),
        (Some(true), _) => (
            Some(true),
            "distance_over_limit",
            text(
                "离岸 {distance}，大于 {distance_limit} km。",
                "{distance} from the shore, more than {distance_limit} km.",
            ),
        ),
        (Some(false), Some(false)) => (
            Some(false),
            "within_both_limits",
            text(
                "离岸 {distance} 不大于 {distance_limit} km，水深 {depth} 也不大于 {depth_limit} m。",
                "{distance} from the shore is not more than {distance_limit} km, and the depth of {depth} is not more than {depth_limit} m.",
            ),
        ),
        _ => return condition.judged(missing()),
    };
    let mut reason = reason.fill(&values);
    if passed == Some(true) && turbine_within == Some(true) {
        reason.zh.push_str("有风机同时不满足两项，须附说明。");
        reason
            .en
            .push_str(" Some turbine is within both limits: a note on it is needed.");
    }
    condition.judged((passed, code, reason))
}

/// A limit of the methodology, newest value.
fn limit(id: &str) -> Option<Decimal> {
    parameter::parameter(id)?
        .values
        .last()
        .map(|value| value.basis.value())
}

fn solar(reader: &mut Reader<'_>, findings: &mut Vec<Finding>) {
    findings.push(
        Condition {
            id: "C-A1",
            clause: "CCER-01-001-V01 §4",
            question: text("是独立并网光热项目，或一体化项目的光热部分吗？", "Is it a stand-alone grid-connected solar thermal plant, or that part of an integrated project?"),
            evidence: text("可行性研究报告、核准或备案文件", "Feasibility study, approvals"),
            fields: &["solar_kind"],
        }
        .judged(match reader.choice("solar_kind") {
            Some("stand_alone") => verdict(true, "stand_alone", "独立并网光热项目。", "A stand-alone solar thermal plant."),
            Some("part_of_integrated") => verdict(true, "part_of_integrated", "一体化项目的光热部分；只核算光热部分。", "The solar thermal part of an integrated project; only that part counts."),
            Some(_) => verdict(false, "not_solar_thermal", "不是光热发电项目。", "It is not solar thermal power."),
            None => missing(),
        }),
    );
    findings.push(
        Condition {
            id: "C-A2",
            clause: "CCER-01-001-V01 §4",
            question: text(
                "光热部分的上网电量单独计量吗？",
                "Is the solar thermal export metered separately?",
            ),
            evidence: text(
                "电气主接线图、并网协议、电能表位置",
                "Single-line diagram, grid agreement, positions of the meters",
            ),
            fields: &["metered_separately"],
        }
        .judged(match answer(reader, "metered_separately") {
            Some(true) => verdict(
                true,
                "metered_separately",
                "单独计量。",
                "It is metered separately.",
            ),
            Some(false) => verdict(
                false,
                "not_metered_separately",
                "未单独计量，无法确定光热电量。",
                "It is not metered separately, so its energy cannot be told apart.",
            ),
            None => missing(),
        }),
    );
    findings.push(lawful(reader, "C-A3", "CCER-01-001-V01 §4"));
    findings.push(outside_trading(reader, "P-ETS"));
}

fn lawful(reader: &mut Reader<'_>, id: &'static str, clause: &'static str) -> Finding {
    Condition {
        id,
        clause,
        question: text(
            "符合法律法规和产业政策吗？",
            "Does it comply with law and sector policy?",
        ),
        evidence: text(
            "核准、环评批复、验收文件",
            "Approvals, environmental assessment, acceptance",
        ),
        fields: &["lawful"],
    }
    .judged(match answer(reader, "lawful") {
        Some(true) => verdict(true, "lawful", "符合。", "It does."),
        Some(false) => verdict(false, "not_lawful", "不符合。", "It does not."),
        None => missing(),
    })
}

fn outside_trading(reader: &mut Reader<'_>, id: &'static str) -> Finding {
    Condition {
        id,
        clause: MEASURES_10,
        question: text(
            "未纳入碳市场配额管理，且非法律强制减排？",
            "Outside emissions trading, and not obliged by law?",
        ),
        evidence: text(
            "业主承诺、重点排放单位名录",
            "Owner's statement, list of key emitters",
        ),
        fields: &["in_emissions_trading", "legally_obliged"],
    }
    .judged(
        match (
            answer(reader, "in_emissions_trading"),
            answer(reader, "legally_obliged"),
        ) {
            (Some(true), _) => verdict(
                false,
                "in_emissions_trading",
                "已纳入碳市场配额管理。",
                "It is under quota management of an emissions trading scheme.",
            ),
            (_, Some(true)) => verdict(
                false,
                "legally_obliged",
                "属于法律法规强制减排。",
                "The reduction is an obligation by law.",
            ),
            (Some(false), Some(false)) => verdict(
                true,
                "outside_trading_and_voluntary",
                "未纳入配额管理，且为自愿。",
                "It is outside emissions trading, and voluntary.",
            ),
            _ => missing(),
        },
    )
}

const MEASURES_10: &str = "温室气体自愿减排交易管理办法（试行）第十条";
const MEASURES_17: &str = "温室气体自愿减排交易管理办法（试行）第十七条";

/// The programme's own rules.
fn programme(reader: &mut Reader<'_>, methodology: &Methodology, findings: &mut Vec<Finding>) {
    let start = reader.date("construction_start");
    let (from, to) = (reader.date("crediting_from"), reader.date("crediting_to"));
    let (life_from, life_to) = (
        reader.date("grid_connection_date"),
        reader.date("retirement_date"),
    );
    findings.push(construction_start(start));
    findings.push(first_day(from));
    findings.push(crediting_length(from, to, methodology));
    findings.push(inside_life(from, to, life_from, life_to));
    findings.push(green_certificates(reader));
}

/// A day stated by the rules, newest value.
fn rule_day(id: &str) -> Option<Date> {
    parameter::days()
        .iter()
        .find(|parameter| parameter.id == id)?
        .values
        .last()
        .map(|value| value.basis.value())
}

fn construction_start(start: Option<Date>) -> Finding {
    let condition = Condition {
        id: "P-START",
        clause: MEASURES_10,
        question: text(
            "2012-11-08 之后开工吗？",
            "Did construction start after 2012-11-08?",
        ),
        evidence: text("开工令、施工许可", "Order to start work, building permit"),
        fields: &["construction_start"],
    };
    let (Some(start), Some(after)) = (start, rule_day("construction_after")) else {
        return condition.judged(missing());
    };
    let passed = start > after;
    let reason = if passed {
        text(
            "{start} 开工，晚于 {after}。",
            "It started on {start}, after {after}.",
        )
    } else {
        text(
            "{start} 开工，不晚于 {after}。",
            "It started on {start}, not after {after}.",
        )
    };
    let code = if passed {
        "started_after_limit"
    } else {
        "started_too_early"
    };
    let values = [
        ("start", day::to_text(start)),
        ("after", day::to_text(after)),
    ];
    condition.judged((Some(passed), code, reason.fill(&values)))
}

fn first_day(from: Option<Date>) -> Finding {
    let condition = Condition {
        id: "P-FIRST-DAY",
        clause: MEASURES_17,
        question: text(
            "计入期不早于 2020-09-23 开始吗？",
            "Does the crediting period start on 2020-09-23 or later?",
        ),
        evidence: text("项目设计文件 C 部分", "Design document, part C"),
        fields: &["crediting_from"],
    };
    let (Some(from), Some(first)) = (from, rule_day("first_creditable_day")) else {
        return condition.judged(missing());
    };
    let values = [("from", day::to_text(from)), ("first", day::to_text(first))];
    condition.judged(if from >= first {
        (
            Some(true),
            "not_before_first_day",
            text("自 {from} 起。", "From {from}.").fill(&values),
        )
    } else {
        (
            Some(false),
            "before_first_day",
            text("{from} 早于 {first}。", "{from} is before {first}.").fill(&values),
        )
    })
}

fn crediting_length(from: Option<Date>, to: Option<Date>, methodology: &Methodology) -> Finding {
    let condition = Condition {
        id: "P-PERIOD",
        clause: "§5.2",
        question: text(
            "计入期不超过十年吗（含首尾两天）？",
            "Is the crediting period ten years at most, both ends included?",
        ),
        evidence: text("项目设计文件 C 部分", "Design document, part C"),
        fields: &["crediting_from", "crediting_to"],
    };
    let last = from
        .and_then(|from| day::years_later(from, i32::from(methodology.crediting_years_max)))
        .and_then(Date::previous_day);
    let (Some(from), Some(to), Some(last)) = (from, to, last) else {
        return condition.judged(missing());
    };
    let values = [
        ("from", day::to_text(from)),
        ("to", day::to_text(to)),
        ("last", day::to_text(last)),
    ];
    condition.judged(if to < from {
        (
            Some(false),
            "end_before_start",
            text(
                "末日 {to} 早于首日 {from}。",
                "The last day, {to}, is before the first, {from}.",
            )
            .fill(&values),
        )
    } else if to > last {
        (
            Some(false),
            "crediting_too_long",
            text("最晚到 {last}。", "It may end on {last} at the latest.").fill(&values),
        )
    } else {
        (
            Some(true),
            "crediting_within_limit",
            text("{from} 至 {to}。", "{from} to {to}.").fill(&values),
        )
    })
}

fn inside_life(
    from: Option<Date>,
    to: Option<Date>,
    life_from: Option<Date>,
    life_to: Option<Date>,
) -> Finding {
    let condition = Condition {
        id: "P-LIFE",
        clause: "§5.2",
        question: text(
            "计入期在项目寿命期内吗？",
            "Does the crediting period lie inside the project's life?",
        ),
        evidence: text("并网验收文件、设计寿命", "Grid acceptance, design life"),
        fields: &[
            "crediting_from",
            "crediting_to",
            "grid_connection_date",
            "retirement_date",
        ],
    };
    let early = from
        .zip(life_from)
        .map(|(from, life_from)| from < life_from);
    let late = to.zip(life_to).map(|(to, life_to)| to > life_to);
    condition.judged(match (early, late) {
        (Some(true), _) => verdict(
            false,
            "before_grid_connection",
            "计入期早于并网日期开始。",
            "The crediting period starts before grid connection.",
        ),
        (_, Some(true)) => verdict(
            false,
            "after_retirement",
            "计入期晚于退役日期结束。",
            "The crediting period ends after retirement.",
        ),
        (Some(false), Some(false)) => verdict(
            true,
            "inside_life",
            "在寿命期内。",
            "It lies inside the project's life.",
        ),
        _ => missing(),
    })
}

fn green_certificates(reader: &mut Reader<'_>) -> Finding {
    Condition {
        id: "P-GREEN",
        clause: "绿证与自愿减排市场衔接的通知（2024-10-01 起）",
        question: text(
            "同一电量选择减排量而非绿证吗？",
            "Are reductions, not green certificates, chosen for this energy?",
        ),
        evidence: text(
            "业主承诺；绿证账户",
            "Owner's statement; certificate account",
        ),
        fields: &["green_certificate_choice"],
    }
    .judged(match reader.choice("green_certificate_choice") {
        Some("reductions") => verdict(
            true,
            "reductions_chosen",
            "选择减排量；对应未交易绿证将被冻结、注销。",
            "Reductions; the untraded certificates of that energy are frozen and cancelled.",
        ),
        Some(_) => verdict(
            false,
            "certificates_chosen",
            "选择绿证的电量不得申请减排量。",
            "Energy whose certificates are traded cannot earn reductions.",
        ),
        None => missing(),
    })
}
