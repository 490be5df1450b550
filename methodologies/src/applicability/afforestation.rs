//! The conditions of afforestation (CCER-14-001-V01). Conditions a to e and the start of f were read in the text; the rest
//! is inferred from registered projects and marked assumed.

use super::{
    Condition, Finding, Verdict, answer, by_answer, fact, limit, number, programme, rule_day,
    years, yes_no,
};
use crate::day;
use crate::input::Reader;
use crate::quantity::{Percent, Quantity, SquareMetres, Years};
use crate::schema::{Choice, Field, Kind};
use crate::text::text;

static FOREST_KINDS: [Choice; 5] = [
    Choice {
        value: "protection",
        text: text("防护林", "Protection forest"),
    },
    Choice {
        value: "special_purpose",
        text: text("特种用途林", "Special-purpose forest"),
    },
    Choice {
        value: "timber",
        text: text("用材林", "Timber forest"),
    },
    Choice {
        value: "economic",
        text: text("经济林", "Economic forest (fruit, oil, medicine)"),
    },
    Choice {
        value: "greening",
        text: text(
            "非林地上的通道绿化、城镇村及工矿用地绿化",
            "Greening of roads, towns, villages or industrial land",
        ),
    },
];

static ADDITIONALITY: [Choice; 5] = [
    Choice {
        value: "dry_region",
        text: text(
            "在年均降水量 400 毫米以下地区名录的县内",
            "In a county on the list of regions with less than 400 mm of rain a year",
        ),
    },
    Choice {
        value: "key_ecological_zone",
        text: text(
            "在国家重点生态功能区内",
            "In a national key ecological function zone",
        ),
    },
    Choice {
        value: "public_welfare",
        text: text("属于生态公益林", "Ecological public-welfare forest"),
    },
    Choice {
        value: "general_demonstration",
        text: text(
            "以上都不是，已按指南作一般论证",
            "None of these; argued by the general demonstration of the guideline",
        ),
    },
    Choice {
        value: "none",
        text: text("以上都不是，也未论证", "None of these, and not argued"),
    },
];

pub(super) static FIELDS: [Field; 22] = [
    fact(
        "forest_kind",
        Kind::Choice(&FOREST_KINDS),
        text("林种", "Kind of forest"),
    ),
    number(
        "years_without_forest",
        "a",
        "1000",
        1,
        text(
            "项目开始前不符合森林定义的年数",
            "Years before the start in which the land was not forest",
        ),
    ),
    yes_no(
        "planned_afforestation_land",
        "属于规划造林地",
        "Planned as afforestation land",
    ),
    TENURE_CLEAR,
    number(
        "smallest_plot_m2",
        "m2",
        "100000000000",
        2,
        text("最小地块的连续面积", "Contiguous area of the smallest plot"),
    ),
    yes_no(
        "on_wetland",
        "项目土地有湿地",
        "Some of the land is wetland",
    ),
    yes_no(
        "trees_removed",
        "清除原有散生木、竹",
        "Existing scattered trees or bamboo are removed",
    ),
    number(
        "removed_vegetation_percent",
        "%",
        "100",
        4,
        text(
            "清除原有灌木和胸径小于 2 厘米的竹子的面积占比",
            "Share of the area where shrubs, and bamboo thinner than 2 cm, are removed",
        ),
    ),
    yes_no(
        "repeated_soil_disturbance",
        "计入期内除整地和栽植外重复扰动土壤",
        "The soil is disturbed again after site preparation and planting",
    ),
    yes_no(
        "burning",
        "人为火烧（病虫害木除外）",
        "People burn vegetation, other than diseased or infested wood",
    ),
    yes_no(
        "displacement",
        "造成农业或放牧活动向边界外转移",
        "Farming or grazing is displaced out of the boundary",
    ),
    programme::LAWFUL,
    programme::NOT_ETS,
    programme::OBLIGED,
    fact(
        "construction_start",
        Kind::Date,
        text(
            "项目开始日期（最早的现场造林活动，如整地）",
            "Start of the project (earliest work on site, such as site preparation)",
        ),
    ),
    programme::FROM,
    programme::TO,
    PROJECT_END,
    TENURE_UNTIL,
    TENURE_RENEWAL,
    fact(
        "additionality",
        Kind::Choice(&ADDITIONALITY),
        text("额外性", "Additionality"),
    ),
    yes_no(
        "additionality_documented",
        "额外性依据已备齐",
        "The evidence of additionality is at hand",
    ),
];

pub(super) const TENURE_CLEAR: Field = yes_no(
    "tenure_clear",
    "权属清晰，有主管部门出具的凭证",
    "Title is clear, with certificates issued by the competent authority",
);
pub(super) const TENURE_UNTIL: Field = fact(
    "tenure_until",
    Kind::Date,
    text(
        "权属或承包的到期日",
        "Day on which the title or contract ends",
    ),
);
pub(super) const TENURE_RENEWAL: Field = yes_no(
    "tenure_renewal_statement",
    "到期后续期有书面说明",
    "There is a written statement that it will be renewed",
);
pub(super) const PROJECT_END: Field = fact(
    "project_end",
    Kind::Date,
    text("项目寿命期末日", "Last day of the project's life"),
);

/// Conditions F-SCOPE, F-a to F-i, then the programme's.
pub(super) fn judge(reader: &mut Reader<'_>, findings: &mut Vec<Finding>) {
    findings.push(scope(reader));
    findings.push(not_forest(reader));
    findings.push(tenure(reader, "F-b", "CCER-14-001-V01 适用条件 b"));
    findings.push(plot_size(reader));
    findings.push(not_wetland(reader));
    findings.push(vegetation(reader));
    findings.push(soil(reader));
    findings.push(burning(reader));
    findings.push(displacement(reader));
    findings.push(programme::lawful(
        reader,
        "F-i",
        "CCER-14-001-V01 适用条件（推定）",
        true,
    ));
    findings.push(programme::outside_trading(reader, "P-ETS"));
    of_sink(reader, findings, "CCER-14-001-V01 计入期");
    findings.push(additional(reader));
}

fn scope(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
        id: "F-SCOPE",
        clause: "CCER-14-001-V01 适用范围",
        question: text(
            "营造的是防护林、特种用途林或用材林吗？",
            "Is it protection, special-purpose or timber forest?",
        ),
        evidence: text(
            "造林作业设计及批复",
            "Afforestation design and its approval",
        ),
        assumed: false,
        fields: &["forest_kind"],
    };
    condition.judged(match reader.choice("forest_kind") {
        Some("economic") => Verdict::unmet(
            "economic_forest",
            text("经济林不适用。", "Economic forest is excluded."),
            text(
                "把经济林地块剔除出项目边界。",
                "Leave the economic forest out of the boundary.",
            ),
        ),
        Some("greening") => Verdict::unmet(
            "greening",
            text(
                "非林地上的通道绿化、城镇村及工矿用地绿化不适用。",
                "Greening of roads, towns, villages or industrial land is excluded.",
            ),
            text(
                "只保留规划造林地上的地块。",
                "Keep only plots on planned afforestation land.",
            ),
        ),
        Some(_) => Verdict::met("forest_kind_in_scope", text("适用。", "It is.")),
        None => Verdict::open(),
    })
}

fn not_forest(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
        id: "F-a",
        clause: "CCER-14-001-V01 适用条件 a",
        question: text(
            "项目开始前至少三年不符合森林定义，且为规划造林地吗？",
            "Was the land not forest for at least three years before the start, and is it planned afforestation land?",
        ),
        evidence: text(
            "开始前三年的影像；地类图（宜林地、无立木林地、疏林地、火烧迹地、弃耕地等）；规划文件。森林：面积不小于 0.0667 公顷、郁闭度不小于 0.2、树高不低于 2 米",
            "Imagery of the three years before; land-class map; plan. Forest: 0.0667 ha or more, crown cover 0.2 or more, height 2 m or more",
        ),
        assumed: false,
        fields: &["years_without_forest", "planned_afforestation_land"],
    };
    let bare: Option<Years> = reader.quantity("years_without_forest");
    let planned = answer(reader, "planned_afforestation_land");
    let Some(needed) = limit("condition.not_forest_years_min") else {
        return condition.judged(Verdict::open());
    };
    let values = [
        (
            "years",
            bare.map_or_else(String::new, |years| years.to_string()),
        ),
        ("needed", needed.to_string()),
    ];
    condition.judged(match (bare.map(|bare| bare.value() >= needed), planned) {
        (Some(false), _) => Verdict::unmet(
            "forest_too_recent",
            text(
                "只有 {years} 年不是森林，应不少于 {needed} 年。",
                "It was not forest for {years} years only; {needed} are needed.",
            )
            .fill(&values),
            text(
                "剔除三年内曾是森林的地块；用影像逐块证明。",
                "Leave out plots that were forest within three years; show it by imagery plot by plot.",
            ),
        ),
        (_, Some(false)) => Verdict::unmet(
            "not_planned_land",
            text("不是规划造林地。", "It is not planned afforestation land."),
            text(
                "只保留列入造林规划的地块，或先完成规划调整。",
                "Keep only plots in an afforestation plan, or have the plan changed first.",
            ),
        ),
        (Some(true), Some(true)) => Verdict::met(
            "bare_and_planned",
            text(
                "{years} 年不是森林，且为规划造林地。",
                "Not forest for {years} years, and planned for afforestation.",
            )
            .fill(&values),
        ),
        _ => Verdict::open(),
    })
}

/// Clear title, shown by certificates.
pub(super) fn tenure(reader: &mut Reader<'_>, id: &'static str, clause: &'static str) -> Finding {
    by_answer(
        reader,
        Condition {
            id,
            clause,
            question: text(
                "权属清晰，并有主管部门的凭证吗？",
                "Is title clear and certified by the competent authority?",
            ),
            evidence: text(
                "不动产权证、土地承包或流转合同、林权证；海域为县级以上政府或自然资源（海洋）主管部门的文件",
                "Real-estate certificate, land contract or transfer, forest certificate; for sea areas documents of the county government or the natural-resource authority",
            ),
            assumed: false,
            fields: &["tenure_clear"],
        },
        true,
        ("tenure_clear", text("权属清晰。", "Title is clear.")),
        (
            "tenure_unclear",
            text(
                "权属不清或没有凭证。",
                "Title is not clear, or there is no certificate.",
            ),
        ),
        text(
            "取得凭证，或把权属不清的地块剔除出边界；他人所有的土地须有授权。",
            "Obtain the certificates or leave those plots out; land of others needs their authorisation.",
        ),
    )
}

fn plot_size(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
        id: "F-c",
        clause: "CCER-14-001-V01 适用条件 c",
        question: text(
            "每个地块连续面积不小于 400 平方米吗（2019 年及以前开始的项目为 667 平方米）？",
            "Is each plot contiguous with at least 400 m² (667 m² if the project started in 2019 or earlier)?",
        ),
        evidence: text("边界矢量文件", "Vector file of the boundary"),
        assumed: false,
        fields: &["smallest_plot_m2", "construction_start"],
    };
    let area: Option<SquareMetres> = reader.quantity("smallest_plot_m2");
    let start = reader.date("construction_start");
    let (Some(small), Some(large), Some(from)) = (
        limit("condition.afforestation_plot_min_m2"),
        limit("condition.afforestation_plot_min_m2_until_2019"),
        rule_day("afforestation_small_plot_from"),
    ) else {
        return condition.judged(Verdict::open());
    };
    let needed = match (area, start) {
        // large enough whenever the project started
        (Some(area), None) if area.value() >= large => large,
        // too small whenever the project started
        (Some(area), None) if area.value() < small => small,
        (Some(_), Some(start)) => {
            if start >= from {
                small
            } else {
                large
            }
        }
        _ => return condition.judged(Verdict::open()),
    };
    let area = area.unwrap_or(SquareMetres::ZERO);
    let values = [
        ("area", area.value().normalize().to_string()),
        ("needed", needed.to_string()),
    ];
    condition.judged(if area.value() >= needed {
        Verdict::met(
            "plots_large_enough",
            text(
                "最小地块 {area} m²，不小于 {needed} m²。",
                "The smallest plot has {area} m², not less than {needed} m².",
            )
            .fill(&values),
        )
    } else {
        Verdict::unmet(
            "plot_too_small",
            text(
                "最小地块 {area} m²，应不小于 {needed} m²。",
                "The smallest plot has {area} m²; at least {needed} m² are needed.",
            )
            .fill(&values),
            text(
                "剔除小于 {needed} m² 的地块，或把相连的地块合并成一块。",
                "Leave out plots below {needed} m², or join plots that touch.",
            )
            .fill(&values),
        )
    })
}

fn not_wetland(reader: &mut Reader<'_>) -> Finding {
    by_answer(
        reader,
        Condition {
            id: "F-d",
            clause: "CCER-14-001-V01 适用条件 d",
            question: text("项目土地不是湿地吗？", "Is none of the land wetland?"),
            evidence: text(
                "国土调查地类、湿地名录；登记项目同时说明不是有机土",
                "Land survey, wetland register; registered projects also state that the soil is not organic",
            ),
            assumed: false,
            fields: &["on_wetland"],
        },
        false,
        ("not_wetland", text("不是湿地。", "None is wetland.")),
        ("wetland", text("湿地不适用。", "Wetland is excluded.")),
        text(
            "剔除湿地地块；滩涂上营造红树林请用 CCER-14-002。",
            "Leave the wetland out; mangroves on tidal flats use CCER-14-002.",
        ),
    )
}

fn vegetation(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
        id: "F-e",
        clause: "CCER-14-001-V01 适用条件 e",
        question: text(
            "不清除原有散生木、竹，且清除灌木和小径竹的面积不超过 20 % 吗？",
            "Are scattered trees and bamboo kept, and are shrubs and thin bamboo removed on 20 % of the area at most?",
        ),
        evidence: text(
            "作业设计、整地记录、造林前后影像",
            "Afforestation design, log of site preparation, imagery before and after",
        ),
        assumed: false,
        fields: &["trees_removed", "removed_vegetation_percent"],
    };
    let trees = answer(reader, "trees_removed");
    let share: Option<Percent> = reader.quantity("removed_vegetation_percent");
    let Some(most) = limit("condition.removed_vegetation_max_percent") else {
        return condition.judged(Verdict::open());
    };
    let values = [
        ("share", share.map_or_else(String::new, Quantity::with_unit)),
        ("most", most.to_string()),
    ];
    condition.judged(match (trees, share.map(|share| share.value() > most)) {
        (Some(true), _) => Verdict::unmet(
            "trees_removed",
            text(
                "原有散生木、竹不得清除。",
                "Existing scattered trees and bamboo may not be removed.",
            ),
            text(
                "保留散生木、竹；已清除的地块剔除出边界。",
                "Keep them; leave out plots where they were removed.",
            ),
        ),
        (_, Some(true)) => Verdict::unmet(
            "too_much_removed",
            text(
                "清除面积占 {share}，超过 {most} %。",
                "{share} of the area is cleared, more than {most} %.",
            )
            .fill(&values),
            text(
                "减少清除面积至 {most} % 以内，或剔除部分地块。",
                "Clear no more than {most} %, or leave plots out.",
            )
            .fill(&values),
        ),
        (Some(false), Some(false)) => Verdict::met(
            "vegetation_kept",
            text(
                "散生木、竹保留；清除 {share}，不超过 {most} %。",
                "Trees and bamboo stay; {share} is cleared, not more than {most} %.",
            )
            .fill(&values),
        ),
        _ => Verdict::open(),
    })
}

fn soil(reader: &mut Reader<'_>) -> Finding {
    by_answer(
        reader,
        Condition {
            id: "F-f",
            clause: "CCER-14-001-V01 适用条件 f",
            question: text(
                "除开始时的整地和栽植外，计入期内不重复扰动土壤吗？",
                "Is the soil left alone after site preparation and planting?",
            ),
            evidence: text(
                "抚育设计与记录；松土只在必要处且深度有限",
                "Tending design and log; loosening only where needed and shallow",
            ),
            assumed: true,
            fields: &["repeated_soil_disturbance"],
        },
        false,
        ("soil_left_alone", text("不重复扰动。", "It is.")),
        (
            "soil_disturbed",
            text("计入期内重复扰动土壤。", "The soil is disturbed again."),
        ),
        text(
            "改用不翻动土壤的抚育方式，并写入监测计划。",
            "Tend without turning the soil, and say so in the monitoring plan.",
        ),
    )
}

fn burning(reader: &mut Reader<'_>) -> Finding {
    by_answer(
        reader,
        Condition {
            id: "F-g",
            clause: "CCER-14-001-V01 适用条件（推定）",
            question: text(
                "除病虫害木外没有人为火烧吗？",
                "Is nothing burnt by people except diseased or infested wood?",
            ),
            evidence: text(
                "管护记录；过火面积和焚烧病虫害木的监测",
                "Log of care; monitoring of burnt areas and of diseased wood burnt",
            ),
            assumed: true,
            fields: &["burning"],
        },
        false,
        ("no_burning", text("没有。", "Nothing is.")),
        ("burning", text("有人为火烧。", "People burn vegetation.")),
        text(
            "停止炼山等火烧，改为粉碎、堆腐等处理。",
            "Stop burning; chop or compost instead.",
        ),
    )
}

fn displacement(reader: &mut Reader<'_>) -> Finding {
    by_answer(
        reader,
        Condition {
            id: "F-h",
            clause: "CCER-14-001-V01 适用条件（推定）",
            question: text(
                "没有把农业或放牧活动转移到边界外吗？",
                "Is no farming or grazing displaced out of the boundary?",
            ),
            evidence: text(
                "造林前土地利用现状证明、村委会说明",
                "Proof of the land use before, statement of the village",
            ),
            assumed: true,
            fields: &["displacement"],
        },
        false,
        (
            "no_displacement",
            text("没有；泄漏计为 0。", "None is; leakage counts as 0."),
        ),
        (
            "displacement",
            text("造成活动转移。", "Activities are displaced."),
        ),
        text(
            "剔除仍在耕种、放牧的地块，或证明这些活动在造林前已经停止。",
            "Leave out plots still farmed or grazed, or show that this ended before planting.",
        ),
    )
}

/// The programme's rules for planting projects.
pub(super) fn of_sink(reader: &mut Reader<'_>, findings: &mut Vec<Finding>, clause: &'static str) {
    findings.push(programme::construction_start(reader));
    let (from, to) = (reader.date("crediting_from"), reader.date("crediting_to"));
    findings.push(programme::first_day(from));
    findings.push(programme::crediting_length(
        from,
        to,
        years("condition.sink_crediting_years_min"),
        years("condition.sink_crediting_years_max").unwrap_or(40),
        clause,
    ));
    findings.push(inside_life(reader, clause));
    findings.push(tenure_covers(reader));
}

fn inside_life(reader: &mut Reader<'_>, clause: &'static str) -> Finding {
    let condition = Condition {
        id: "P-LIFE",
        clause,
        question: text(
            "计入期在项目寿命期内吗？",
            "Does the crediting period lie inside the project's life?",
        ),
        evidence: text(
            "施工记录；寿命期按权属期限或林龄组（LY/T 2908）论证",
            "Construction log; the life is argued from the term of the title or from age classes (LY/T 2908)",
        ),
        assumed: true,
        fields: &[
            "crediting_from",
            "crediting_to",
            "construction_start",
            "project_end",
        ],
    };
    let early = reader
        .date("crediting_from")
        .zip(reader.date("construction_start"))
        .map(|(from, start)| from < start);
    let late = reader
        .date("crediting_to")
        .zip(reader.date("project_end"))
        .map(|(to, end)| to > end);
    condition.judged(match (early, late) {
        (Some(true), _) => Verdict::unmet(
            "before_start",
            text(
                "计入期早于项目开始。",
                "The crediting period starts before the project.",
            ),
            text(
                "把计入期首日改为项目开始日期或以后。",
                "Start on the day the project starts or later.",
            ),
        ),
        (_, Some(true)) => Verdict::unmet(
            "after_life",
            text(
                "计入期晚于项目寿命期结束。",
                "The crediting period ends after the project's life.",
            ),
            text(
                "缩短计入期，或论证更长的寿命期。",
                "Shorten the crediting period, or argue a longer life.",
            ),
        ),
        (Some(false), Some(false)) => Verdict::met(
            "inside_life",
            text("在寿命期内。", "It lies inside the project's life."),
        ),
        _ => Verdict::open(),
    })
}

fn tenure_covers(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
        id: "P-TENURE",
        clause: "项目设计文件 A.3",
        question: text(
            "权属期限覆盖整个计入期吗？",
            "Does the title cover the whole crediting period?",
        ),
        evidence: text(
            "权属凭证上的期限；不足时为续期说明；国有海域为主管部门的说明",
            "Term in the certificates; where it is too short a statement of renewal; for state sea areas a statement of the authority",
        ),
        assumed: true,
        fields: &["crediting_to", "tenure_until", "tenure_renewal_statement"],
    };
    let (to, until) = (reader.date("crediting_to"), reader.date("tenure_until"));
    let renewal = answer(reader, "tenure_renewal_statement");
    let values = [
        ("to", to.map_or_else(String::new, day::to_text)),
        ("until", until.map_or_else(String::new, day::to_text)),
    ];
    condition.judged(match (to.zip(until).map(|(to, until)| until >= to), renewal) {
        (Some(true), _) => Verdict::met(
            "tenure_covers_period",
            text(
                "权属到 {until}，不早于计入期末日 {to}。",
                "The title runs to {until}, not before the last day, {to}.",
            )
            .fill(&values),
        ),
        (Some(false), Some(true)) => Verdict::met(
            "tenure_renewed_by_statement",
            text(
                "权属到 {until}，早于计入期末日 {to}，附有续期说明；核查时须看到续期凭证。",
                "The title runs to {until}, before the last day, {to}, with a statement of renewal; verification will ask for the renewed certificate.",
            )
            .fill(&values),
        ),
        (Some(false), Some(false)) => Verdict::unmet(
            "tenure_too_short",
            text(
                "权属到 {until}，早于计入期末日 {to}。",
                "The title runs to {until}, before the last day, {to}.",
            )
            .fill(&values),
            text(
                "把计入期末日改为 {until} 或以前，或取得续期说明。",
                "End the crediting period on {until} or earlier, or obtain a statement of renewal.",
            )
            .fill(&values),
        ),
        _ => Verdict::open(),
    })
}

fn additional(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
        id: "P-ADDITIONAL",
        clause: "CCER-14-001-V01 额外性论证",
        question: text(
            "属于免予论证的情形，或已作一般论证吗？",
            "Is it exempt from the argument, or has additionality been demonstrated?",
        ),
        evidence: text(
            "林资发〔2004〕14 号县名录；国发〔2010〕46 号、国函〔2016〕161 号功能区名录；公益林落界文件；或指南要求的投资、障碍、普遍性分析",
            "County list of 林资发〔2004〕14; zones of 国发〔2010〕46 and 国函〔2016〕161; documents of public-welfare forest; or the investment, barrier and common-practice analysis of the guideline",
        ),
        assumed: false,
        fields: &["additionality", "additionality_documented"],
    };
    let choice = reader.choice("additionality");
    let documented = answer(reader, "additionality_documented");
    condition.judged(match (choice, documented) {
        (Some("none"), _) => Verdict::unmet(
            "not_additional",
            text(
                "不属于免予论证的情形，也未论证。",
                "It is not exempt, and nothing was demonstrated.",
            ),
            text(
                "按指南作一般论证（投资分析、障碍分析、普遍性分析）。用材林通常属于这种情况。",
                "Make the general demonstration of the guideline (investment, barrier, common practice). Timber plantations usually need it.",
            ),
        ),
        (Some(_), Some(false)) => Verdict::unmet(
            "evidence_missing",
            text("依据尚未备齐。", "The evidence is not at hand."),
            text(
                "备齐上列文件；400 毫米以下地区以县名录为准，不以计算值为准。",
                "Collect the documents named above; for the 400 mm region the county list decides, not a computed value.",
            ),
        ),
        (Some("general_demonstration"), Some(true)) => Verdict::met(
            "general_demonstration",
            text(
                "已作一般论证，由审定机构评估。",
                "A general demonstration was made; the validation body judges it.",
            ),
        ),
        (Some(_), Some(true)) => Verdict::met("exempt", text("免予论证。", "It is exempt.")),
        _ => Verdict::open(),
    })
}
