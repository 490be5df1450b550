//! The conditions of the two power methodologies: offshore wind (W) and solar thermal (C).

use rust_decimal::Decimal;

use super::{Condition, Finding, Verdict, answer, by_answer, fact, limit, programme, yes_no};
use crate::catalogue::Methodology;
use crate::input::Reader;
use crate::quantity::{Kilometres, Metres, Quantity};
use crate::schema::{Choice, Field, Kind};
use crate::text::text;

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

pub(super) static WIND_FIELDS: [Field; 14] = [
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
    programme::LAWFUL,
    programme::NOT_ETS,
    programme::OBLIGED,
    programme::START,
    programme::FROM,
    programme::TO,
    LIFE_FROM,
    LIFE_TO,
    GREEN,
    yes_no(
        "any_turbine_within_both_limits",
        "有风机同时不满足距离与水深",
        "Some turbine is within both limits",
    ),
];

pub(super) static SOLAR_FIELDS: [Field; 11] = [
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
    programme::LAWFUL,
    programme::NOT_ETS,
    programme::OBLIGED,
    programme::START,
    programme::FROM,
    programme::TO,
    LIFE_FROM,
    LIFE_TO,
    GREEN,
];

/// Conditions W-A1 to W-A4, then the programme's.
pub(super) fn wind(
    reader: &mut Reader<'_>,
    findings: &mut Vec<Finding>,
    methodology: &Methodology,
) {
    findings.push(offshore(reader));
    findings.push(distance_or_depth(reader));
    findings.push(programme::lawful(
        reader,
        "W-A3",
        "CCER-01-002-V01 §4",
        false,
    ));
    findings.push(programme::outside_trading(reader, "W-A4"));
    of_programme(reader, findings, methodology);
}

fn offshore(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
        id: "W-A1",
        clause: "CCER-01-002-V01 §4",
        question: text(
            "是并网海上风电项目吗？",
            "Is it grid-connected offshore wind?",
        ),
        evidence: text("可行性研究报告、核准文件", "Feasibility study, approvals"),
        assumed: false,
        fields: &["grid_connected", "seaward_of_high_water_line"],
    };
    let connected = answer(reader, "grid_connected");
    let seaward = answer(reader, "seaward_of_high_water_line");
    condition.judged(match (connected, seaward) {
        (Some(false), _) => Verdict::unmet(
            "not_grid_connected",
            text("项目未并网。", "The project is not connected to the grid."),
            text(
                "并网后方可申请：减排量来自替代电网电量。",
                "Apply once it is connected: the reductions come from displaced grid electricity.",
            ),
        ),
        (_, Some(false)) => Verdict::unmet(
            "not_offshore",
            text(
                "场址不在多年平均大潮高潮线以下海域。",
                "The site is not seaward of the mean high-water line of spring tides.",
            ),
            text(
                "本方法学只适用于海上；陆上和潮间带以上的风电没有可用的方法学。",
                "This methodology is for the sea only; there is none for wind power on land.",
            ),
        ),
        (Some(true), Some(true)) => Verdict::met(
            "offshore_and_connected",
            text(
                "位于海上并且并网。",
                "It is offshore and connected to the grid.",
            ),
        ),
        _ => Verdict::open(),
    })
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
        assumed: false,
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
        return condition.judged(Verdict::open());
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
    let mut verdict = match (far, deep) {
        (_, Some(true)) => Verdict::met(
            "depth_over_limit",
            text(
                "水深 {depth}，大于 {depth_limit} m。",
                "Water depth {depth}, more than {depth_limit} m.",
            )
            .fill(&values),
        ),
        (Some(true), _) if near => Verdict::met(
            "distance_barely_over_limit",
            text(
                "离岸 {distance}，略大于 {distance_limit} km：不同工具的测量相差可达 1%，请附测量依据。",
                "{distance} from the shore, barely more than {distance_limit} km: tools differ by up to 1 %, so attach how it was measured.",
            )
            .fill(&values),
        ),
        (Some(true), _) => Verdict::met(
            "distance_over_limit",
            text(
                "离岸 {distance}，大于 {distance_limit} km。",
                "{distance} from the shore, more than {distance_limit} km.",
            )
            .fill(&values),
        ),
        (Some(false), Some(false)) => Verdict::unmet(
            "within_both_limits",
            text(
                "离岸 {distance} 不大于 {distance_limit} km，水深 {depth} 也不大于 {depth_limit} m。",
                "{distance} from the shore is not more than {distance_limit} km, and the depth of {depth} is not more than {depth_limit} m.",
            )
            .fill(&values),
            text(
                "两项中有一项超过限值即可；距离按场址最近角点、水深按最小值核对后再填。若场址只有一部分符合，可只以这一部分申请，并单独计量。",
                "One of the two must exceed its limit; check the distance at the corner nearest to land and the smallest depth. If only a part of the site meets it, that part may apply alone, metered separately.",
            ),
        ),
        _ => return condition.judged(Verdict::open()),
    };
    if verdict.passed == Some(true) && turbine_within == Some(true) {
        verdict
            .reason
            .zh
            .push_str("有风机同时不满足两项，须附说明。");
        verdict
            .reason
            .en
            .push_str(" Some turbine is within both limits: a note on it is needed.");
    }
    condition.judged(verdict)
}

/// Conditions C-A1 to C-A3, then the programme's.
pub(super) fn solar(
    reader: &mut Reader<'_>,
    findings: &mut Vec<Finding>,
    methodology: &Methodology,
) {
    findings.push(solar_kind(reader));
    findings.push(by_answer(
        reader,
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
            assumed: false,
            fields: &["metered_separately"],
        },
        true,
        (
            "metered_separately",
            text("单独计量。", "It is metered separately."),
        ),
        (
            "not_metered_separately",
            text(
                "未单独计量，无法确定光热电量。",
                "It is not metered separately, so its energy cannot be told apart.",
            ),
        ),
        text(
            "为光热部分加装单独的关口电能表；只有装表之后的电量可以申请。",
            "Install a meter of its own for the solar thermal part; only energy metered from then on can be claimed.",
        ),
    ));
    findings.push(programme::lawful(
        reader,
        "C-A3",
        "CCER-01-001-V01 §4",
        false,
    ));
    findings.push(programme::outside_trading(reader, "P-ETS"));
    of_programme(reader, findings, methodology);
}

fn solar_kind(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
        id: "C-A1",
        clause: "CCER-01-001-V01 §4",
        question: text(
            "是独立并网光热项目，或一体化项目的光热部分吗？",
            "Is it a stand-alone grid-connected solar thermal plant, or that part of an integrated project?",
        ),
        evidence: text(
            "可行性研究报告、核准或备案文件",
            "Feasibility study, approvals",
        ),
        assumed: false,
        fields: &["solar_kind"],
    };
    condition.judged(match reader.choice("solar_kind") {
        Some("stand_alone") => Verdict::met(
            "stand_alone",
            text("独立并网光热项目。", "A stand-alone solar thermal plant."),
        ),
        Some("part_of_integrated") => Verdict::met(
            "part_of_integrated",
            text(
                "一体化项目的光热部分；只核算光热部分。",
                "The solar thermal part of an integrated project; only that part counts.",
            ),
        ),
        Some(_) => Verdict::unmet(
            "not_solar_thermal",
            text("不是光热发电项目。", "It is not solar thermal power."),
            text(
                "光伏和陆上风电没有可用的方法学；海上风电请用 CCER-01-002。",
                "There is no methodology for photovoltaics or wind on land; offshore wind uses CCER-01-002.",
            ),
        ),
        None => Verdict::open(),
    })
}

/// The programme's rules for a plant.
fn of_programme(reader: &mut Reader<'_>, findings: &mut Vec<Finding>, methodology: &Methodology) {
    findings.push(programme::construction_start(reader));
    let (from, to) = (reader.date("crediting_from"), reader.date("crediting_to"));
    findings.push(programme::first_day(from));
    findings.push(programme::crediting_length(
        from,
        to,
        None,
        i32::from(methodology.crediting_years_max),
        "§5.2",
    ));
    findings.push(inside_life(reader));
    findings.push(green_certificates(reader));
}

fn inside_life(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
        id: "P-LIFE",
        clause: "§5.2",
        question: text(
            "计入期在项目寿命期内吗？",
            "Does the crediting period lie inside the project's life?",
        ),
        evidence: text("并网验收文件、设计寿命", "Grid acceptance, design life"),
        assumed: false,
        fields: &[
            "crediting_from",
            "crediting_to",
            "grid_connection_date",
            "retirement_date",
        ],
    };
    let early = reader
        .date("crediting_from")
        .zip(reader.date("grid_connection_date"))
        .map(|(from, life_from)| from < life_from);
    let late = reader
        .date("crediting_to")
        .zip(reader.date("retirement_date"))
        .map(|(to, life_to)| to > life_to);
    condition.judged(match (early, late) {
        (Some(true), _) => Verdict::unmet(
            "before_grid_connection",
            text(
                "计入期早于并网日期开始。",
                "The crediting period starts before grid connection.",
            ),
            text(
                "把首日改为并网日期或以后。",
                "Start on the day of grid connection or later.",
            ),
        ),
        (_, Some(true)) => Verdict::unmet(
            "after_retirement",
            text(
                "计入期晚于退役日期结束。",
                "The crediting period ends after retirement.",
            ),
            text(
                "把末日改为退役日期或以前；若寿命已延长，附批准文件并更正退役日期。",
                "End it by the day of retirement; if the life was extended, attach the approval and correct that day.",
            ),
        ),
        (Some(false), Some(false)) => Verdict::met(
            "inside_life",
            text("在寿命期内。", "It lies inside the project's life."),
        ),
        _ => Verdict::open(),
    })
}

fn green_certificates(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
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
        assumed: false,
        fields: &["green_certificate_choice"],
    };
    condition.judged(match reader.choice("green_certificate_choice") {
        Some("reductions") => Verdict::met(
            "reductions_chosen",
            text(
                "选择减排量；对应未交易绿证将被冻结、注销。",
                "Reductions; the untraded certificates of that energy are frozen and cancelled.",
            ),
        ),
        Some(_) => Verdict::unmet(
            "certificates_chosen",
            text(
                "选择绿证的电量不得申请减排量。",
                "Energy whose certificates are traded cannot earn reductions.",
            ),
            text(
                "对尚未交易绿证的电量改选减排量；已交易的部分须从申请中扣除。",
                "Choose reductions for energy whose certificates are not traded yet; leave out what has been traded.",
            ),
        ),
        None => Verdict::open(),
    })
}
