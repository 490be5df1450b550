//! The scope of the two methodologies that have an estimator only: CCER-10-001-V01 and CCER-07-001-V01.
//!
//! Their conditions are those of the opening of the text and of public explanations; each clause says which.

use rust_decimal::Decimal;
use time::Date;

use super::programme::{self, FROM, LAWFUL, NOT_ETS, OBLIGED, START, TO};
use super::{Condition, Finding, Verdict, answer, fact, limit, number, yes_no};
use crate::catalogue::Methodology;
use crate::day;
use crate::input::Reader;
use crate::quantity::{Kelvins, LumensPerWatt, NormalCubicMetresPerHour, Percent, Seconds};
use crate::schema::{Choice, Field, Kind};
use crate::text::text;

const GAS_OPENING: &str = "CCER-10-001-V01 适用条件（正文开头）";
const GAS_EXPLAINED: &str = "CCER-10-001-V01（据公开解读，条款号未见）";
const PERIOD_CLAUSE: &str = "计入期十年（据公开项目，条款号未见）";
const TUNNEL_EXPLAINED: &str = "CCER-07-001-V01（据公开项目文件，正文未见）";

static MINES: [Choice; 3] = [
    choice(
        "underground_working",
        "生产或建设中的井工煤矿",
        "Underground mine at work or under construction",
    ),
    choice(
        "abandoned_or_closed",
        "废弃或关闭煤矿",
        "Abandoned or closed mine",
    ),
    choice("open_cast", "露天煤矿", "Open-cast mine"),
];

static GASES: [Choice; 3] = [
    choice(
        "ventilation_air",
        "风排瓦斯（乏风）",
        "Ventilation air methane",
    ),
    choice(
        "drainage_blended",
        "抽采的低浓度瓦斯，与乏风或空气掺混",
        "Drainage gas blended with ventilation air or air",
    ),
    choice("other", "其他气体", "Another gas"),
];

static DESTRUCTIONS: [Choice; 3] = [
    choice(
        "flameless_oxidation",
        "无焰氧化（蓄热氧化、催化氧化）",
        "Flameless oxidation (regenerative or catalytic)",
    ),
    choice("flame", "火炬或有焰燃烧", "Flare or flame"),
    choice("none", "不销毁", "Not destroyed"),
];

const fn choice(value: &'static str, zh: &'static str, en: &'static str) -> Choice {
    Choice {
        value,
        text: text(zh, en),
    }
}

const TRIAL_FROM: Field = fact(
    "networking_trial_from",
    Kind::Date,
    text("联网试运行首日", "First day of the networking trial"),
);
const TRIAL_TO: Field = fact(
    "networking_trial_to",
    Kind::Date,
    text("联网试运行末日", "Last day of the networking trial"),
);
const LIFE_FROM: Field = fact(
    "operation_from",
    Kind::Date,
    text("投运日期", "Start of operation"),
);
const LIFE_TO: Field = fact(
    "operation_to",
    Kind::Date,
    text("预计停运日期", "Expected end of operation"),
);

/// The facts of CCER-10-001-V01.
pub(super) static COAL_MINE_GAS_FIELDS: [Field; 20] = [
    fact(
        "mine_kind",
        Kind::Choice(&MINES),
        text("煤矿类型", "Kind of mine"),
    ),
    fact(
        "gas_kind",
        Kind::Choice(&GASES),
        text("气源", "Source of the gas"),
    ),
    number(
        "drainage_methane_percent",
        "%",
        "100",
        3,
        text(
            "抽采瓦斯甲烷体积浓度",
            "Methane in the drainage gas, by volume",
        ),
    ),
    yes_no(
        "diluted_on_purpose",
        "把浓度不低于 8% 的瓦斯人为稀释后使用",
        "Gas of 8 % or more is diluted on purpose",
    ),
    fact(
        "destruction",
        Kind::Choice(&DESTRUCTIONS),
        text("销毁方式", "How the methane is destroyed"),
    ),
    yes_no(
        "heat_used",
        "氧化产生的热量用于发电、供热或热电联产",
        "The heat is used for power, heat or both",
    ),
    yes_no(
        "mine_safety_rules_kept",
        "符合煤矿安全规程",
        "Coal-mine safety rules are kept",
    ),
    number(
        "flow_safe_transport_in_nm3_per_h",
        "Nm3/h",
        "10000000",
        3,
        text(
            "安全输送系统入口流量 F_in",
            "Flow at the inlet of the safe-transport system, F_in",
        ),
    ),
    number(
        "flow_pump_out_nm3_per_h",
        "Nm3/h",
        "10000000",
        3,
        text(
            "所连抽采泵出口流量 F_pump_out",
            "Flow at the outlet of the connected pumps, F_pump_out",
        ),
    ),
    number(
        "upload_interval_s",
        "s",
        "86400",
        3,
        text(
            "主要监测数据上传间隔",
            "Interval between uploads of the main data",
        ),
    ),
    TRIAL_FROM,
    TRIAL_TO,
    LAWFUL,
    NOT_ETS,
    OBLIGED,
    START,
    FROM,
    TO,
    LIFE_FROM,
    LIFE_TO,
];

/// The facts of CCER-07-001-V01.
pub(super) static TUNNEL_LIGHTING_FIELDS: [Field; 17] = [
    yes_no(
        "highway_tunnel",
        "公路隧道照明改造",
        "Relighting of highway tunnels",
    ),
    number(
        "efficacy_lm_per_w",
        "lm/W",
        "1000",
        2,
        text(
            "LED 灯具初始光效（最低一种）",
            "Initial efficacy of the LED lamps, the lowest of them",
        ),
    ),
    number(
        "colour_temperature_k",
        "K",
        "20000",
        0,
        text("灯具色温", "Colour temperature of the lamps"),
    ),
    yes_no(
        "dimmed_by_real_data",
        "按洞外亮度、交通量等实际数据调光",
        "Dimmed by real data such as brightness outside and traffic",
    ),
    yes_no(
        "smart_meters_networked",
        "智能电能表远传数据至全国平台",
        "Smart meters send their data to the national platform",
    ),
    yes_no(
        "several_owners",
        "合并申报的隧道属于多个业主",
        "The merged tunnels have several owners",
    ),
    yes_no(
        "all_owners_authorised",
        "全部业主均已授权",
        "Every owner has given authority",
    ),
    TRIAL_FROM,
    TRIAL_TO,
    LAWFUL,
    NOT_ETS,
    OBLIGED,
    START,
    FROM,
    TO,
    LIFE_FROM,
    LIFE_TO,
];

/// Judges CCER-10-001-V01.
pub(super) fn coal_mine_gas(
    reader: &mut Reader<'_>,
    methodology: &Methodology,
    findings: &mut Vec<Finding>,
) {
    findings.push(mine(reader));
    findings.push(gas(reader));
    findings.push(destruction(reader));
    findings.push(integrity(reader));
    findings.push(mine_safety(reader));
    findings.push(upload(reader));
    findings.push(trial(
        reader,
        "G-TRIAL",
        GAS_EXPLAINED,
        limit("coal_mine_gas.networking_trial_min_months"),
    ));
    findings.push(programme::lawful(reader, "G-LAW", GAS_OPENING, true));
    of_programme(reader, methodology, findings);
}

/// Judges CCER-07-001-V01.
pub(super) fn tunnel_lighting(
    reader: &mut Reader<'_>,
    methodology: &Methodology,
    findings: &mut Vec<Finding>,
) {
    findings.push(tunnel(reader));
    findings.push(lamps(reader));
    findings.push(control(reader));
    findings.push(owners(reader));
    findings.push(trial(reader, "T-TRIAL", TUNNEL_EXPLAINED, None));
    findings.push(programme::lawful(reader, "T-LAW", TUNNEL_EXPLAINED, true));
    of_programme(reader, methodology, findings);
}

fn mine(reader: &mut Reader<'_>) -> Finding {
    Condition {
        id: "G-MINE",
        clause: GAS_OPENING,
        question: text(
            "是未废弃、未关闭的井工煤矿吗？",
            "Is it an underground mine that is neither abandoned nor closed?",
        ),
        evidence: text(
            "采矿许可证、安全生产许可证",
            "Mining licence, work-safety licence",
        ),
        assumed: false,
        fields: &["mine_kind"],
    }
    .judged(match reader.choice("mine_kind") {
        Some("underground_working") => {
            Verdict::met("underground_mine", text("是井工煤矿。", "It is."))
        }
        Some("abandoned_or_closed") => Verdict::unmet(
            "mine_abandoned",
            text(
                "废弃或关闭煤矿不适用。",
                "Abandoned or closed mines are outside the scope.",
            ),
            text(
                "本方法学不适用；改用可再生能源等其他途径。",
                "There is no way in under this methodology for such a mine.",
            ),
        ),
        Some(_) => Verdict::unmet(
            "mine_not_underground",
            text("露天煤矿不适用。", "Open-cast mines are outside the scope."),
            text(
                "只有井工煤矿可以申请。",
                "Only underground mines can apply.",
            ),
        ),
        None => Verdict::open(),
    })
}

/// Ventilation air, or drainage gas below the limit that is not the product of dilution.
fn gas(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
        id: "G-GAS",
        clause: GAS_OPENING,
        question: text(
            "气源是乏风，或甲烷浓度低于 8% 且未经人为稀释的抽采瓦斯吗？",
            "Is the gas ventilation air, or drainage gas below 8 % methane that was not diluted on purpose?",
        ),
        evidence: text(
            "瓦斯抽采设计、浓度监测记录",
            "Drainage design, records of the methane content",
        ),
        assumed: false,
        fields: &["gas_kind", "drainage_methane_percent", "diluted_on_purpose"],
    };
    let kind = reader.choice("gas_kind");
    let percent: Option<Percent> = reader.quantity("drainage_methane_percent");
    let diluted = answer(reader, "diluted_on_purpose");
    let Some(below) = limit("coal_mine_gas.methane_limit_percent") else {
        return condition.judged(Verdict::open());
    };
    let values = [
        (
            "percent",
            percent.map_or_else(String::new, |percent| percent.to_string()),
        ),
        ("limit", below.to_string()),
    ];
    let judged = match (kind, percent, diluted) {
        (Some("other"), ..) => Verdict::unmet(
            "gas_not_covered",
            text(
                "既非乏风也非抽采瓦斯。",
                "It is neither ventilation air nor drainage gas.",
            ),
            text(
                "只把乏风或抽采瓦斯纳入项目。",
                "Include only ventilation air or drainage gas.",
            ),
        ),
        (_, _, Some(true)) => Verdict::unmet(
            "gas_diluted_on_purpose",
            text(
                "浓度不低于 8% 的瓦斯不得人为稀释后申报；应直接利用。",
                "Gas of 8 % or more must not be diluted to get in; it is to be used as it is.",
            ),
            text(
                "停止人为稀释，改为直接利用。",
                "Stop diluting it and use it as it is.",
            ),
        ),
        (Some("drainage_blended"), Some(percent), _) if percent.value() >= below => Verdict::unmet(
            "methane_not_below_limit",
            text(
                "抽采瓦斯浓度 {percent}% 不低于 {limit}%。",
                "The drainage gas has {percent} % methane, not less than {limit} %.",
            )
            .fill(&values),
            text(
                "这样的瓦斯应直接利用，不在本方法学范围内。",
                "Such gas is to be used as it is, outside this methodology.",
            ),
        ),
        (Some("ventilation_air"), _, Some(false)) => Verdict::met(
            "ventilation_air",
            text("气源为乏风。", "The gas is ventilation air."),
        ),
        (Some("drainage_blended"), Some(_), Some(false)) => Verdict::met(
            "methane_below_limit",
            text(
                "抽采瓦斯浓度 {percent}%，低于 {limit}%。",
                "The drainage gas has {percent} % methane, less than {limit} %.",
            )
            .fill(&values),
        ),
        _ => Verdict::open(),
    };
    condition.judged(judged)
}

fn destruction(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
        id: "G-OXIDISE",
        clause: GAS_OPENING,
        question: text(
            "经无焰氧化销毁，并利用其热量吗？",
            "Is it destroyed by flameless oxidation, and the heat used?",
        ),
        evidence: text(
            "可行性研究报告、设备技术协议、验收报告",
            "Feasibility study, technical agreement, acceptance report",
        ),
        assumed: false,
        fields: &["destruction", "heat_used"],
    };
    let how = reader.choice("destruction");
    let used = answer(reader, "heat_used");
    condition.judged(match (how, used) {
        (Some("flame" | "none"), _) => Verdict::unmet("not_flameless", text("只适用于无焰氧化。", "Only flameless oxidation is covered."), text("改用蓄热氧化或催化氧化装置。", "Use a regenerative or catalytic oxidiser.")),
        (_, Some(false)) => Verdict::unmet("heat_not_used", text("只销毁不利用的做法在定稿中已删除：须发电、供热或热电联产。", "Destruction without use was dropped from the final text: the heat must make power, heat or both."), text("增设余热发电或供热。", "Add power or heat from the oxidiser.")),
        (Some(_), Some(true)) => Verdict::met("oxidised_and_used", text("无焰氧化并利用热量。", "It is oxidised without flame and the heat is used.")),
        _ => Verdict::open(),
    })
}

/// More gas going in than the pumps give means that air or gas from elsewhere is counted.
fn integrity(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
        id: "G-FLOW",
        clause: GAS_EXPLAINED,
        question: text(
            "安全输送系统入口流量不大于所连抽采泵出口流量吗？",
            "Is the flow into the safe-transport system not larger than the flow out of the connected pumps?",
        ),
        evidence: text(
            "两处流量计的同期记录",
            "Records of both flow meters for the same time",
        ),
        assumed: true,
        fields: &[
            "flow_safe_transport_in_nm3_per_h",
            "flow_pump_out_nm3_per_h",
        ],
    };
    let into: Option<NormalCubicMetresPerHour> =
        reader.quantity("flow_safe_transport_in_nm3_per_h");
    let out: Option<NormalCubicMetresPerHour> = reader.quantity("flow_pump_out_nm3_per_h");
    let (Some(into), Some(out)) = (into, out) else {
        return condition.judged(Verdict::open());
    };
    let values = [("in", into.to_string()), ("out", out.to_string())];
    condition.judged(if into > out {
        Verdict::unmet(
            "flow_in_above_pump_out",
            text(
                "入口流量 {in} Nm³/h 大于泵出口流量 {out} Nm³/h：须立即报警核实；一经确认，项目将被取消。",
                "{in} Nm³/h go in but the pumps give only {out} Nm³/h: this must raise an alarm; once confirmed, the project is cancelled.",
            )
            .fill(&values),
            text(
                "核对两处流量计和管路，查明多出的气体来源并剔除。",
                "Check both meters and the pipes, find where the excess comes from and take it out.",
            ),
        )
    } else {
        Verdict::met(
            "flow_consistent",
            text(
                "入口流量 {in} Nm³/h 不大于泵出口流量 {out} Nm³/h。",
                "{in} Nm³/h go in, not more than the {out} Nm³/h of the pumps.",
            )
            .fill(&values),
        )
    })
}

fn mine_safety(reader: &mut Reader<'_>) -> Finding {
    Condition {
        id: "G-SAFETY",
        clause: GAS_OPENING,
        question: text(
            "符合煤矿安全规程吗？",
            "Are the coal-mine safety rules kept?",
        ),
        evidence: text(
            "安全设施设计审查与验收文件",
            "Review and acceptance of the safety design",
        ),
        assumed: false,
        fields: &["mine_safety_rules_kept"],
    }
    .judged(match answer(reader, "mine_safety_rules_kept") {
        Some(true) => Verdict::met("safety_rules_kept", text("符合。", "They are.")),
        Some(false) => Verdict::unmet(
            "safety_rules_not_kept",
            text(
                "不符合煤矿安全规程的项目不适用。",
                "A project that breaks the safety rules is outside the scope.",
            ),
            text(
                "按煤矿安全规程整改并通过验收。",
                "Bring it up to the safety rules and have it accepted.",
            ),
        ),
        None => Verdict::open(),
    })
}

fn upload(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
        id: "G-UPLOAD",
        clause: GAS_EXPLAINED,
        question: text(
            "主要监测数据每秒上传一次吗？",
            "Are the main data uploaded every second?",
        ),
        evidence: text("联网调试记录", "Records of the networking trial"),
        assumed: true,
        fields: &["upload_interval_s"],
    };
    let interval: Option<Seconds> = reader.quantity("upload_interval_s");
    let (Some(interval), Some(most)) = (interval, limit("coal_mine_gas.upload_interval_max_s"))
    else {
        return condition.judged(Verdict::open());
    };
    let values = [
        ("seconds", interval.to_string()),
        ("most", most.to_string()),
    ];
    condition.judged(if interval.value() <= most {
        Verdict::met(
            "uploaded_often_enough",
            text("每 {seconds} 秒上传。", "Every {seconds} s.").fill(&values),
        )
    } else {
        Verdict::unmet(
            "uploaded_too_seldom",
            text(
                "每 {seconds} 秒上传一次，间隔应不超过 {most} 秒。",
                "Every {seconds} s; the interval must not exceed {most} s.",
            )
            .fill(&values),
            text(
                "调整采集系统的上传间隔并重新试运行。",
                "Set the uploads to that interval and repeat the trial.",
            ),
        )
    })
}

/// Reductions count only after the networking trial.
fn trial(
    reader: &mut Reader<'_>,
    id: &'static str,
    clause: &'static str,
    months_min: Option<Decimal>,
) -> Finding {
    let condition = Condition {
        id,
        clause,
        question: text(
            "计入期在联网试运行结束之后开始吗？",
            "Does the crediting period start after the networking trial?",
        ),
        evidence: text(
            "与全国平台的联网试运行记录",
            "Records of the networking trial with the national platform",
        ),
        assumed: true,
        fields: &[
            "networking_trial_from",
            "networking_trial_to",
            "crediting_from",
        ],
    };
    let (from, to) = (
        reader.date("networking_trial_from"),
        reader.date("networking_trial_to"),
    );
    let start = reader.date("crediting_from");
    let (Some(from), Some(to), Some(start)) = (from, to, start) else {
        return condition.judged(Verdict::open());
    };
    let values = [
        ("from", day::to_text(from)),
        ("to", day::to_text(to)),
        ("start", day::to_text(start)),
    ];
    let shortest = months_min.and_then(|months| months_later(from, months));
    let too_short = shortest.is_some_and(|shortest| to.next_day().is_none_or(|end| end < shortest));
    condition.judged(if to < from {
        Verdict::unmet(
            "trial_ends_before_start",
            text(
                "试运行末日 {to} 早于首日 {from}。",
                "The trial ends on {to}, before it starts on {from}.",
            )
            .fill(&values),
            text("更正日期。", "Correct the dates."),
        )
    } else if too_short {
        Verdict::unmet(
            "trial_too_short",
            text(
                "试运行 {from} 至 {to} 不足一个月。",
                "The trial from {from} to {to} is shorter than a month.",
            )
            .fill(&values),
            text("延长试运行至一个月以上。", "Let the trial run for a month or longer."),
        )
    } else if start <= to {
        Verdict::unmet(
            "crediting_before_trial_end",
            text(
                "计入期自 {start} 起，试运行到 {to} 才结束；其间的减排量不计。",
                "The crediting period starts on {start}, the trial ends on {to}; reductions before that do not count.",
            )
            .fill(&values),
            text(
                "计入期首日改为试运行结束之后。",
                "Start the crediting period after the trial.",
            ),
        )
    } else {
        Verdict::met(
            "crediting_after_trial",
            text(
                "试运行 {from} 至 {to}，计入期自 {start} 起。",
                "The trial lasts from {from} to {to}, the crediting period starts on {start}.",
            )
            .fill(&values),
        )
    })
}

/// The same day some whole months later, or the first of the month after where there is no such day.
fn months_later(from: Date, months: Decimal) -> Option<Date> {
    let mut month = from.month();
    let mut year = from.year();
    let mut left: u8 = months.trunc().try_into().ok()?;
    while left > 0 {
        if month == time::Month::December {
            year += 1;
        }
        month = month.next();
        left -= 1;
    }
    Date::from_calendar_date(year, month, from.day())
        .ok()
        .or_else(|| {
            let next = month.next();
            let year = if next == time::Month::January {
                year + 1
            } else {
                year
            };
            Date::from_calendar_date(year, next, 1).ok()
        })
}

fn tunnel(reader: &mut Reader<'_>) -> Finding {
    Condition {
        id: "T-TUNNEL",
        clause: TUNNEL_EXPLAINED,
        question: text(
            "是公路隧道照明的节能改造吗？",
            "Is it the relighting of highway tunnels?",
        ),
        evidence: text(
            "改造设计与验收文件",
            "Design and acceptance of the relighting",
        ),
        assumed: true,
        fields: &["highway_tunnel"],
    }
    .judged(match answer(reader, "highway_tunnel") {
        Some(true) => Verdict::met("highway_tunnel", text("是。", "It is.")),
        Some(false) => Verdict::unmet(
            "not_highway_tunnel",
            text(
                "只适用于公路隧道照明。",
                "Only the lighting of highway tunnels is covered.",
            ),
            text(
                "本方法学没有其他照明的入口。",
                "There is no way in for other lighting.",
            ),
        ),
        None => Verdict::open(),
    })
}

/// Warm light needs less efficacy than cool light; up to and with the limit of colour temperature light counts as warm.
fn lamps(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
        id: "T-LAMPS",
        clause: TUNNEL_EXPLAINED,
        question: text(
            "LED 灯具初始光效达到要求吗？",
            "Do the LED lamps reach the initial efficacy asked for?",
        ),
        evidence: text("灯具检测报告", "Test reports of the lamps"),
        assumed: true,
        fields: &["efficacy_lm_per_w", "colour_temperature_k"],
    };
    let efficacy: Option<LumensPerWatt> = reader.quantity("efficacy_lm_per_w");
    let colour: Option<Kelvins> = reader.quantity("colour_temperature_k");
    let (Some(efficacy), Some(colour), Some(divide), Some(warm), Some(cool)) = (
        efficacy,
        colour,
        limit("tunnel_lighting.colour_temperature_limit_k"),
        limit("tunnel_lighting.efficacy_min_warm"),
        limit("tunnel_lighting.efficacy_min_cool"),
    ) else {
        return condition.judged(Verdict::open());
    };
    let least = if colour.value() <= divide { warm } else { cool };
    let values = [
        ("colour", colour.to_string()),
        ("efficacy", efficacy.to_string()),
        ("least", least.to_string()),
    ];
    condition.judged(if efficacy.value() >= least {
        Verdict::met(
            "efficacy_reached",
            text(
                "色温 {colour} K，光效 {efficacy} lm/W，不低于 {least} lm/W。",
                "{efficacy} lm/W at {colour} K, not less than {least} lm/W.",
            )
            .fill(&values),
        )
    } else {
        Verdict::unmet(
            "efficacy_too_low",
            text(
                "色温 {colour} K 时光效应不低于 {least} lm/W，现为 {efficacy} lm/W。",
                "At {colour} K at least {least} lm/W are asked for, it has {efficacy} lm/W.",
            )
            .fill(&values),
            text("换用更高光效的灯具。", "Use lamps of higher efficacy."),
        )
    })
}

fn control(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
        id: "T-CONTROL",
        clause: TUNNEL_EXPLAINED,
        question: text(
            "按实际数据调光，且智能电能表数据远传至全国平台吗？",
            "Are the lamps dimmed by real data, and do smart meters send their data to the national platform?",
        ),
        evidence: text(
            "控制系统设计、联网记录",
            "Design of the control system, networking records",
        ),
        assumed: true,
        fields: &["dimmed_by_real_data", "smart_meters_networked"],
    };
    let dimmed = answer(reader, "dimmed_by_real_data");
    let networked = answer(reader, "smart_meters_networked");
    condition.judged(match (dimmed, networked) {
        (Some(false), _) => Verdict::unmet(
            "not_dimmed",
            text(
                "未按实际数据调光。",
                "The lamps are not dimmed by real data.",
            ),
            text(
                "加装按实际数据调光的控制系统。",
                "Install a control that dims by real data.",
            ),
        ),
        (_, Some(false)) => Verdict::unmet(
            "not_networked",
            text("电量数据未联网。", "The meters are not networked."),
            text(
                "接入智能电能表并完成联网。",
                "Install smart meters and connect them.",
            ),
        ),
        (Some(true), Some(true)) => Verdict::met(
            "dimmed_and_networked",
            text(
                "按实际数据调光并联网。",
                "Dimmed by real data and networked.",
            ),
        ),
        _ => Verdict::open(),
    })
}

fn owners(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
        id: "T-OWNERS",
        clause: TUNNEL_EXPLAINED,
        question: text(
            "合并申报时全部业主都已授权吗？",
            "If tunnels are merged, has every owner given authority?",
        ),
        evidence: text("各业主的授权书", "Letters of authority of the owners"),
        assumed: true,
        fields: &["several_owners", "all_owners_authorised"],
    };
    let several = answer(reader, "several_owners");
    let all = answer(reader, "all_owners_authorised");
    condition.judged(match (several, all) {
        (Some(false), _) => {
            Verdict::met("one_owner", text("只有一个业主。", "There is one owner."))
        }
        (Some(true), Some(true)) => Verdict::met(
            "all_authorised",
            text("全部业主已授权。", "Every owner has given authority."),
        ),
        (Some(true), Some(false)) => Verdict::unmet(
            "authority_missing",
            text(
                "缺少部分业主的授权。",
                "The authority of some owner is missing.",
            ),
            text(
                "取得全部业主授权，或不纳入该隧道。",
                "Obtain the authority of every owner, or leave that tunnel out.",
            ),
        ),
        _ => Verdict::open(),
    })
}

/// The programme's own rules, with the life of a plant instead of a grid connection; green certificates do not arise here.
fn of_programme(reader: &mut Reader<'_>, methodology: &Methodology, findings: &mut Vec<Finding>) {
    let (from, to) = (reader.date("crediting_from"), reader.date("crediting_to"));
    let life = (reader.date("operation_from"), reader.date("operation_to"));
    findings.push(programme::outside_trading(reader, "P-ETS"));
    findings.push(programme::construction_start(reader));
    findings.push(programme::first_day(from));
    findings.push(programme::crediting_length(
        from,
        to,
        None,
        i32::from(methodology.crediting_years_max),
        PERIOD_CLAUSE,
    ));
    findings.push(inside_operation(from, to, life));
}

fn inside_operation(
    from: Option<Date>,
    to: Option<Date>,
    life: (Option<Date>, Option<Date>),
) -> Finding {
    let early = from.zip(life.0).map(|(from, begin)| from < begin);
    let late = to.zip(life.1).map(|(to, end)| to > end);
    Condition {
        id: "P-LIFE",
        clause: "项目寿命期（条款号未见）",
        question: text(
            "计入期在项目寿命期内吗？",
            "Does the crediting period lie inside the project's life?",
        ),
        evidence: text("验收文件、设计寿命", "Acceptance, design life"),
        assumed: true,
        fields: &[
            "crediting_from",
            "crediting_to",
            "operation_from",
            "operation_to",
        ],
    }
    .judged(match (early, late) {
        (Some(true), _) => Verdict::unmet(
            "before_operation",
            text(
                "计入期早于投运日期开始。",
                "The crediting period starts before operation.",
            ),
            text(
                "计入期首日改为投运日期或之后。",
                "Start the crediting period on the day of operation or later.",
            ),
        ),
        (_, Some(true)) => Verdict::unmet(
            "after_operation",
            text(
                "计入期晚于停运日期结束。",
                "The crediting period ends after operation.",
            ),
            text(
                "计入期末日改为停运日期或之前。",
                "End the crediting period with the operation or earlier.",
            ),
        ),
        (Some(false), Some(false)) => Verdict::met(
            "inside_life",
            text("在寿命期内。", "It lies inside the project's life."),
        ),
        _ => Verdict::open(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    fn judged(code: &str, id: &str, facts: &Value) -> (Option<bool>, String) {
        let findings = crate::applicability(code, facts).unwrap();
        let finding = findings
            .into_iter()
            .find(|finding| finding.id == id)
            .unwrap();
        (finding.passed, finding.reason_code)
    }

    fn gas(id: &str, facts: &Value) -> (Option<bool>, String) {
        judged("CCER-10-001-V01", id, facts)
    }

    fn tunnel(id: &str, facts: &Value) -> (Option<bool>, String) {
        judged("CCER-07-001-V01", id, facts)
    }

    #[test]
    fn without_facts_every_condition_stays_open() {
        for code in ["CCER-10-001-V01", "CCER-07-001-V01"] {
            let findings = crate::applicability(code, &json!({})).unwrap();
            assert!(findings.iter().all(|finding| finding.passed.is_none()));
            for finding in &findings {
                for field in &finding.fields {
                    assert!(
                        crate::applicability_fields(code)
                            .iter()
                            .any(|known| known.path == field),
                        "{field}"
                    );
                }
            }
        }
    }

    #[test]
    fn more_gas_in_than_out_of_the_pumps_fails_and_equal_flows_pass() {
        let flows = |into: &str, out: &str| {
            gas(
                "G-FLOW",
                &json!({ "flow_safe_transport_in_nm3_per_h": into, "flow_pump_out_nm3_per_h": out }),
            )
        };
        assert_eq!(
            flows("60000.001", "60000"),
            (Some(false), "flow_in_above_pump_out".to_owned())
        );
        assert_eq!(flows("60000", "60000").0, Some(true));
        assert_eq!(flows("60000", "").0, None);
    }

    #[test]
    fn eight_percent_methane_is_too_much_and_so_is_gas_diluted_below_it() {
        let check = |kind: &str, percent: &str, diluted: &str| {
            gas(
                "G-GAS",
                &json!({ "gas_kind": kind, "drainage_methane_percent": percent, "diluted_on_purpose": diluted }),
            )
        };
        assert_eq!(check("drainage_blended", "7.999", "no").0, Some(true));
        assert_eq!(check("drainage_blended", "8", "no").0, Some(false));
        assert_eq!(
            check("drainage_blended", "5", "yes"),
            (Some(false), "gas_diluted_on_purpose".to_owned())
        );
        assert_eq!(check("ventilation_air", "", "no").0, Some(true));
        assert_eq!(check("drainage_blended", "", "no").0, None);
    }

    #[test]
    fn destruction_without_use_or_with_a_flame_is_outside_the_scope() {
        let check = |how: &str, used: &str| {
            gas(
                "G-OXIDISE",
                &json!({ "destruction": how, "heat_used": used }),
            )
            .1
        };
        assert_eq!(check("flameless_oxidation", "no"), "heat_not_used");
        assert_eq!(check("flame", "yes"), "not_flameless");
        assert_eq!(check("flameless_oxidation", "yes"), "oxidised_and_used");
    }

    #[test]
    fn the_trial_lasts_a_month_and_crediting_starts_after_it() {
        let check = |from: &str, to: &str, start: &str| {
            gas(
                "G-TRIAL",
                &json!({ "networking_trial_from": from, "networking_trial_to": to, "crediting_from": start }),
            )
            .1
        };
        assert_eq!(
            check("2026-05-31", "2026-06-30", "2026-07-01"),
            "crediting_after_trial"
        );
        assert_eq!(
            check("2026-05-31", "2026-06-29", "2026-07-01"),
            "trial_too_short"
        );
        assert_eq!(
            check("2026-12-15", "2027-01-14", "2027-01-15"),
            "crediting_after_trial"
        );
        assert_eq!(
            check("2026-12-15", "2027-01-13", "2027-01-15"),
            "trial_too_short"
        );
        assert_eq!(
            check("2026-05-01", "2026-06-30", "2026-06-30"),
            "crediting_before_trial_end"
        );
        let tunnel = tunnel(
            "T-TRIAL",
            &json!({ "networking_trial_from": "2026-02-01", "networking_trial_to": "2026-02-09", "crediting_from": "2026-02-10" }),
        );
        assert_eq!(tunnel.0, Some(true));
    }

    #[test]
    fn warm_lamps_need_170_and_cool_ones_180_lumen_per_watt() {
        let check = |efficacy: &str, colour: &str| {
            tunnel(
                "T-LAMPS",
                &json!({ "efficacy_lm_per_w": efficacy, "colour_temperature_k": colour }),
            )
            .0
        };
        assert_eq!(check("170", "3500"), Some(true));
        assert_eq!(check("169.99", "3500"), Some(false));
        assert_eq!(check("179.99", "3501"), Some(false));
        assert_eq!(check("180", "3501"), Some(true));
    }

    #[test]
    fn merged_tunnels_need_the_authority_of_every_owner() {
        let check = |several: &str, all: &str| {
            tunnel(
                "T-OWNERS",
                &json!({ "several_owners": several, "all_owners_authorised": all }),
            )
            .0
        };
        assert_eq!(check("no", ""), Some(true));
        assert_eq!(check("yes", "no"), Some(false));
        assert_eq!(check("yes", "yes"), Some(true));
    }
}
