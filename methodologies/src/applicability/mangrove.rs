//! The conditions of mangrove creation (CCER-14-002-V01). Conditions a and b were read in the text; the rest is inferred
//! from registered projects and parallel methods and marked assumed.

use rust_decimal::Decimal;

use super::afforestation::{
    PROJECT_END, TENURE_CLEAR, TENURE_RENEWAL, TENURE_UNTIL, of_sink, tenure,
};
use super::{
    Condition, Finding, Verdict, answer, by_answer, fact, limit, number, programme, yes_no,
};
use crate::input::Reader;
use crate::quantity::{Percent, SquareMetres, Years};
use crate::schema::{Choice, Field, Kind};
use crate::text::text;

static SITE_KINDS: [Choice; 3] = [
    Choice {
        value: "bare_flat",
        text: text("无植被的潮滩（光滩）", "Bare tidal flat"),
    },
    Choice {
        value: "retired_pond",
        text: text("退养的养殖塘", "Retired aquaculture pond"),
    },
    Choice {
        value: "other",
        text: text("其他", "Other"),
    },
];

pub(super) static FIELDS: [Field; 21] = [
    fact(
        "site_kind",
        Kind::Choice(&SITE_KINDS),
        text("种植前的地类", "What the site was before planting"),
    ),
    yes_no(
        "suits_mangroves",
        "适宜（或经生境修复后适宜）红树林生长",
        "Suits mangroves, or does after habitat repair",
    ),
    yes_no(
        "artificial_planting",
        "通过人工种植建立植被",
        "The vegetation is built by planting",
    ),
    TENURE_CLEAR,
    number(
        "smallest_plot_m2",
        "m2",
        "100000000000",
        2,
        text(
            "最小种植区的连续面积",
            "Contiguous area of the smallest planted plot",
        ),
    ),
    number(
        "largest_gap_m2",
        "m2",
        "100000000000",
        2,
        text(
            "留在种植区内的最大空地",
            "Largest gap left inside the planted area",
        ),
    ),
    number(
        "cover_before_percent",
        "%",
        "100",
        2,
        text(
            "种植前红树林覆盖度（最高的地块）",
            "Mangrove cover before planting, highest plot",
        ),
    ),
    yes_no(
        "intertidal_kept",
        "填土或抬高后平均高潮时仍被淹没",
        "After filling or raising still flooded at mean high tide",
    ),
    yes_no("fertilised", "施肥", "Fertiliser is used"),
    yes_no(
        "alien_invasive_species",
        "种植外来入侵物种",
        "Alien invasive species are planted",
    ),
    programme::LAWFUL,
    number(
        "hydrology_years",
        "a",
        "1000",
        1,
        text("水文资料年数", "Years of hydrological data"),
    ),
    yes_no(
        "site_described",
        "设计文件给出滩面高程和底质",
        "The design document gives the height of the flat and the soil texture",
    ),
    programme::NOT_ETS,
    programme::OBLIGED,
    fact(
        "construction_start",
        Kind::Date,
        text(
            "项目开始日期（最早的现场营造活动）",
            "Start of the project (earliest work on site)",
        ),
    ),
    programme::FROM,
    programme::TO,
    PROJECT_END,
    TENURE_UNTIL,
    TENURE_RENEWAL,
];

/// Conditions M-a to M-g, then the programme's.
pub(super) fn judge(reader: &mut Reader<'_>, findings: &mut Vec<Finding>) {
    findings.push(site(reader));
    findings.push(tenure(reader, "M-b", "CCER-14-002-V01 适用条件 b"));
    findings.push(plots(reader));
    findings.push(intertidal(reader));
    findings.push(fertiliser(reader));
    findings.push(species(reader));
    findings.push(described(reader));
    findings.push(programme::outside_trading(reader, "P-ETS"));
    of_sink(reader, findings, "CCER-14-002-V01 计入期");
}

fn site(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
        id: "M-a",
        clause: "CCER-14-002-V01 适用条件 a",
        question: text(
            "在适宜红树林生长的光滩或退养塘上人工种植吗？",
            "Is it planting on a bare tidal flat or retired pond that suits mangroves?",
        ),
        evidence: text(
            "种植前影像、海域使用现状、宜林性评价、施工设计",
            "Imagery before planting, use of the sea area, assessment of suitability, design of the works",
        ),
        assumed: false,
        fields: &["site_kind", "suits_mangroves", "artificial_planting"],
    };
    let kind = reader.choice("site_kind");
    let suits = answer(reader, "suits_mangroves");
    let planted = answer(reader, "artificial_planting");
    condition.judged(match (kind, suits, planted) {
        (Some("other"), ..) => Verdict::unmet(
            "other_site",
            text(
                "只适用于无植被潮滩和退养塘。",
                "Only bare tidal flats and retired ponds qualify.",
            ),
            text(
                "剔除其他地类；盐沼、海草床修复有各自的方法学。",
                "Leave other land out; salt marsh and seagrass have methodologies of their own.",
            ),
        ),
        (_, Some(false), _) => Verdict::unmet(
            "unsuitable",
            text("不适宜红树林生长。", "Mangroves do not grow there."),
            text(
                "先作生境修复（高程、潮沟、底质），证明修复后适宜。",
                "Repair the habitat first (height, creeks, soil) and show that it suits then.",
            ),
        ),
        (.., Some(false)) => Verdict::unmet(
            "not_planted",
            text(
                "自然恢复不属于本方法学。",
                "Natural regeneration is outside this methodology.",
            ),
            text("只申请人工种植的部分。", "Apply for the planted part only."),
        ),
        (Some(_), Some(true), Some(true)) => Verdict::met(
            "suitable_and_planted",
            text(
                "在适宜的地类上人工种植。",
                "It is planted on suitable ground.",
            ),
        ),
        _ => Verdict::open(),
    })
}

fn plots(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
        id: "M-c",
        clause: "CCER-14-002-V01 适用条件（推定）",
        question: text(
            "连续种植面积不小于 400 平方米，并已剔除大于 400 平方米的空地和种植前覆盖度大于 5 % 的地块吗？",
            "Are planted plots contiguous with at least 400 m², with gaps above 400 m² and plots with more than 5 % mangrove cover before planting left out?",
        ),
        evidence: text(
            "边界矢量文件、种植前后影像",
            "Vector file of the boundary, imagery before and after planting",
        ),
        assumed: true,
        fields: &["smallest_plot_m2", "largest_gap_m2", "cover_before_percent"],
    };
    let plot: Option<SquareMetres> = reader.quantity("smallest_plot_m2");
    let gap: Option<SquareMetres> = reader.quantity("largest_gap_m2");
    let cover: Option<Percent> = reader.quantity("cover_before_percent");
    let (Some(plot_min), Some(gap_max), Some(cover_max)) = (
        limit("condition.mangrove_plot_min_m2"),
        limit("condition.mangrove_gap_max_m2"),
        limit("condition.mangrove_cover_before_max_percent"),
    ) else {
        return condition.judged(Verdict::open());
    };
    let shown =
        |amount: Option<Decimal>| amount.map_or_else(String::new, |value| value.to_string());
    let values = [
        ("plot", shown(plot.map(SquareMetres::value))),
        ("gap", shown(gap.map(SquareMetres::value))),
        ("cover", shown(cover.map(Percent::value))),
        ("plot_min", plot_min.to_string()),
        ("gap_max", gap_max.to_string()),
        ("cover_max", cover_max.to_string()),
    ];
    let small = plot.map(|plot| plot.value() < plot_min);
    let wide = gap.map(|gap| gap.value() > gap_max);
    let covered = cover.map(|cover| cover.value() > cover_max);
    condition.judged(match (small, wide, covered) {
        (Some(true), ..) => Verdict::unmet(
            "plot_too_small",
            text(
                "最小种植区 {plot} m²，应不小于 {plot_min} m²。",
                "The smallest plot has {plot} m²; at least {plot_min} m² are needed.",
            )
            .fill(&values),
            text(
                "剔除小于 {plot_min} m² 的种植区。",
                "Leave out plots below {plot_min} m².",
            )
            .fill(&values),
        ),
        (_, Some(true), _) => Verdict::unmet(
            "gap_too_large",
            text(
                "种植区内有 {gap} m² 的空地，超过 {gap_max} m²。",
                "There is a gap of {gap} m², more than {gap_max} m².",
            )
            .fill(&values),
            text(
                "从边界内剔除大于 {gap_max} m² 的空地。",
                "Cut gaps above {gap_max} m² out of the boundary.",
            )
            .fill(&values),
        ),
        (.., Some(true)) => Verdict::unmet(
            "covered_before",
            text(
                "种植前覆盖度 {cover} %，超过 {cover_max} %。",
                "Cover before planting was {cover} %, more than {cover_max} %.",
            )
            .fill(&values),
            text(
                "剔除种植前覆盖度大于 {cover_max} % 的地块。",
                "Leave out plots with more than {cover_max} %.",
            )
            .fill(&values),
        ),
        (Some(false), Some(false), Some(false)) => {
            Verdict::met("plots_fit", text("符合。", "They are."))
        }
        _ => Verdict::open(),
    })
}

fn intertidal(reader: &mut Reader<'_>) -> Finding {
    by_answer(
        reader,
        Condition {
            id: "M-d",
            clause: "CCER-14-002-V01 适用条件（推定）",
            question: text(
                "填土或抬高后，平均高潮时滩面仍被淹没吗？",
                "Is the surface still flooded at mean high tide after filling or raising?",
            ),
            evidence: text(
                "滩面高程测量、潮位资料、施工设计",
                "Survey of the surface, tide data, design of the works",
            ),
            assumed: true,
            fields: &["intertidal_kept"],
        },
        true,
        ("intertidal", text("仍为潮间带。", "It stays intertidal.")),
        (
            "not_intertidal",
            text("不再受潮水淹没。", "It is no longer flooded."),
        ),
        text(
            "降低填土高程至平均高潮位以下，或剔除这部分。",
            "Lower the fill below mean high tide, or leave that part out.",
        ),
    )
}

fn fertiliser(reader: &mut Reader<'_>) -> Finding {
    by_answer(
        reader,
        Condition {
            id: "M-e",
            clause: "CCER-14-002-V01 适用条件（推定）",
            question: text("不施肥吗？", "Is no fertiliser used?"),
            evidence: text("施工与管护记录", "Log of works and care"),
            assumed: true,
            fields: &["fertilised"],
        },
        false,
        ("not_fertilised", text("不施肥。", "None is used.")),
        ("fertilised", text("施肥。", "Fertiliser is used.")),
        text(
            "改为不施肥的营造方式，并写入监测计划。",
            "Plant and care without fertiliser, and say so in the monitoring plan.",
        ),
    )
}

fn species(reader: &mut Reader<'_>) -> Finding {
    by_answer(
        reader,
        Condition {
            id: "M-f",
            clause: "CCER-14-002-V01 适用条件（推定）",
            question: text(
                "不种植外来入侵物种吗？",
                "Are no alien invasive species planted?",
            ),
            evidence: text(
                "树种清单、苗木来源；清除互花米草后的光滩须证明清除",
                "List of species, origin of seedlings; for flats cleared of Spartina proof of the clearing",
            ),
            assumed: true,
            fields: &["alien_invasive_species"],
        },
        false,
        ("native_species", text("没有。", "None are.")),
        (
            "alien_species",
            text(
                "种植了外来入侵物种。",
                "Alien invasive species are planted.",
            ),
        ),
        text(
            "改种乡土树种，剔除入侵物种地块。",
            "Plant native species and leave those plots out.",
        ),
    )
}

fn described(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
        id: "M-g",
        clause: "CCER-14-002-V01 适用条件（推定）",
        question: text(
            "合法合规，且设计文件给出滩面高程、底质和至少五年的水文资料吗？",
            "Is it lawful, and does the design document give the height of the flat, its soil and at least five years of hydrology?",
        ),
        evidence: text(
            "海域使用、环评等批复；高程测量、底质分析、潮位站资料",
            "Approvals of sea use and environment; survey, soil analysis, tide gauge data",
        ),
        assumed: true,
        fields: &["lawful", "site_described", "hydrology_years"],
    };
    let lawful = answer(reader, "lawful");
    let described = answer(reader, "site_described");
    let hydrology: Option<Years> = reader.quantity("hydrology_years");
    let Some(needed) = limit("condition.hydrology_years_min") else {
        return condition.judged(Verdict::open());
    };
    let values = [
        (
            "years",
            hydrology.map_or_else(String::new, |years| years.to_string()),
        ),
        ("needed", needed.to_string()),
    ];
    let long = hydrology.map(|years| years.value() >= needed);
    condition.judged(match (lawful, described, long) {
        (Some(false), ..) => Verdict::unmet(
            "not_lawful",
            text("不合法合规。", "It is not lawful."),
            text(
                "补齐海域使用、环评等手续后再申请。",
                "Obtain the approvals of sea use and environment before applying.",
            ),
        ),
        (_, Some(false), _) => Verdict::unmet(
            "site_not_described",
            text(
                "设计文件缺少滩面高程或底质。",
                "The design document lacks the height of the flat or its soil.",
            ),
            text(
                "补充测量和底质分析。",
                "Add the survey and the soil analysis.",
            ),
        ),
        (.., Some(false)) => Verdict::unmet(
            "hydrology_too_short",
            text(
                "水文资料 {years} 年，应不少于 {needed} 年。",
                "{years} years of hydrology; {needed} are needed.",
            )
            .fill(&values),
            text(
                "补充邻近验潮站的长期资料。",
                "Add long series of a tide gauge nearby.",
            ),
        ),
        (Some(true), Some(true), Some(true)) => {
            Verdict::met("lawful_and_described", text("符合。", "It does."))
        }
        _ => Verdict::open(),
    })
}
