//! The formulas of mangrove creation, CCER-14-002-V01.

use super::power::{self, DAYS, DAYS_IN_YEAR};
use super::sink::{self, AREA, CF, SPECIES, STRATUM};
use super::{Formula, FormulaBasis, Role, Symbol, symbol};
use crate::parameter::Confidence;
use crate::text::text;

const CODE: &str = "CCER-14-002-V01";

const STRUCTURE: FormulaBasis = sink::assumed(
    text(
        "正文该部分未见；结构按登记项目文件和平行方法推定",
        "This part of the text was not at hand; structure inferred from registered projects and parallel methods",
    ),
    Confidence::Medium,
);

static BIOMASS: [Symbol; 8] = [
    symbol(
        Role::Result,
        "c",
        "C_BIO,i",
        r"C_{\mathrm{BIO}}",
        "tCO2e",
        text("生物量碳储量", "carbon stock of biomass"),
    ),
    AREA,
    symbol(
        Role::Input,
        "plot",
        "A_p",
        "A_p",
        "ha",
        text("样地面积", "area of the plots"),
    ),
    symbol(
        Role::Input,
        "agb",
        "AGB",
        r"\mathrm{AGB}",
        "kg",
        text(
            "样地内单株地上生物量之和",
            "above-ground biomass of the trees in the plot",
        ),
    ),
    symbol(
        Role::Input,
        "bgb",
        "BGB",
        r"\mathrm{BGB}",
        "kg",
        text(
            "样地内单株地下生物量之和",
            "below-ground biomass of the trees in the plot",
        ),
    ),
    CF,
    STRATUM,
    SPECIES,
];

static KANDELIA_ABOVE: [Symbol; 3] = [
    symbol(
        Role::Result,
        "agb",
        "AGB",
        r"\mathrm{AGB}",
        "kg",
        text("单株地上生物量", "above-ground biomass of one tree"),
    ),
    symbol(
        Role::Input,
        "d",
        "D",
        "D",
        "cm",
        text("胸径", "diameter at breast height"),
    ),
    symbol(
        Role::Input,
        "h",
        "H",
        "H",
        "m",
        text("树高，不低于 2 m", "height, 2 m or more"),
    ),
];

static COMMON_ABOVE: [Symbol; 3] = [
    symbol(
        Role::Result,
        "agb",
        "AGB",
        r"\mathrm{AGB}",
        "kg",
        text("单株地上生物量", "above-ground biomass of one tree"),
    ),
    symbol(
        Role::Input,
        "rho",
        "ρ",
        r"\rho",
        "t/m3",
        text(
            "木材密度；未知树种取 0.71",
            "wood density; 0.71 for unknown species",
        ),
    ),
    symbol(
        Role::Input,
        "d",
        "D",
        "D",
        "cm",
        text("胸径", "diameter at breast height"),
    ),
];

static COMMON_BELOW: [Symbol; 3] = [
    symbol(
        Role::Result,
        "bgb",
        "BGB",
        r"\mathrm{BGB}",
        "kg",
        text("单株地下生物量", "below-ground biomass of one tree"),
    ),
    symbol(
        Role::Input,
        "rho",
        "ρ",
        r"\rho",
        "t/m3",
        text(
            "木材密度；未知树种取 0.71",
            "wood density; 0.71 for unknown species",
        ),
    ),
    symbol(
        Role::Input,
        "d",
        "D",
        "D",
        "cm",
        text("胸径", "diameter at breast height"),
    ),
];

static SOIL: [Symbol; 6] = [
    symbol(
        Role::Result,
        "soc",
        "ΔSOC_t",
        r"\Delta \mathrm{SOC}_t",
        "tCO2e",
        text("土壤有机碳增量", "gain of soil organic carbon"),
    ),
    AREA,
    symbol(
        Role::Parameter("mangrove.r_soc.ar_am0014"),
        "rate",
        "r_SOC",
        r"r_{\mathrm{SOC}}",
        "tC/(ha·a)",
        text(
            "土壤有机碳年积累速率；正文缺省值未见，默认取最保守的 0.50",
            "yearly gain of soil organic carbon; the default of the text was not found, the safest value 0.50 is used",
        ),
    ),
    DAYS,
    DAYS_IN_YEAR,
    STRATUM,
];

static SOIL_GAS: [Symbol; 9] = [
    symbol(
        Role::Result,
        "ghg",
        "GHG_SOIL,t",
        r"\mathrm{GHG}_{\mathrm{soil},t}",
        "tCO2e",
        text(
            "土壤甲烷和氧化亚氮排放",
            "methane and nitrous oxide from the soil",
        ),
    ),
    AREA,
    symbol(
        Role::Parameter("mangrove.ef_ch4.over_18"),
        "ef_ch4",
        "EF_CH4",
        r"\mathrm{EF}_{\mathrm{CH_4}}",
        "tCH4/(ha·a)",
        text("甲烷排放因子", "emission factor of methane"),
    ),
    symbol(
        Role::Parameter("sink.gwp_ch4"),
        "gwp_ch4",
        "GWP_CH4",
        r"\mathrm{GWP}_{\mathrm{CH_4}}",
        "1",
        text("甲烷的全球增温潜势", "global warming potential of methane"),
    ),
    symbol(
        Role::Parameter("mangrove.ef_n2o"),
        "ef_n2o",
        "EF_N2O",
        r"\mathrm{EF}_{\mathrm{N_2O}}",
        "tN2O/(ha·a)",
        text("氧化亚氮排放因子", "emission factor of nitrous oxide"),
    ),
    symbol(
        Role::Parameter("sink.gwp_n2o"),
        "gwp_n2o",
        "GWP_N2O",
        r"\mathrm{GWP}_{\mathrm{N_2O}}",
        "1",
        text(
            "氧化亚氮的全球增温潜势",
            "global warming potential of nitrous oxide",
        ),
    ),
    DAYS,
    DAYS_IN_YEAR,
    STRATUM,
];

static NET_AREA: [Symbol; 4] = [
    symbol(
        Role::Result,
        "net",
        "A_i",
        "A_i",
        "ha",
        text("碳层的计算面积", "area of the stratum that counts"),
    ),
    symbol(
        Role::Input,
        "area",
        "A",
        "A",
        "ha",
        text("碳层面积", "area of the stratum"),
    ),
    symbol(
        Role::ZeroUnlessGiven,
        "gaps",
        "A_gap",
        r"A_{\mathrm{gap}}",
        "ha",
        text("超过 400 m2 的空地", "gaps of more than 400 m2"),
    ),
    symbol(
        Role::ZeroUnlessGiven,
        "cover",
        "A_cover",
        r"A_{\mathrm{cover}}",
        "ha",
        text(
            "种植前红树林盖度超过 5% 的地块",
            "plots with more than 5 % mangrove cover before planting",
        ),
    ),
];

static CURVE: [Symbol; 5] = [
    symbol(
        Role::Result,
        "biomass",
        "B_i",
        "B_i",
        "t/ha",
        text("单位面积总生物量", "total biomass per hectare"),
    ),
    symbol(
        Role::Input,
        "age",
        "age",
        r"\mathrm{age}",
        "a",
        text(
            "林龄，自种植年份年末起",
            "age from the end of the year of planting",
        ),
    ),
    symbol(
        Role::Parameter("mangrove.curve.generic.a"),
        "a",
        "a",
        "a",
        "t/ha",
        text("最大总生物量", "largest total biomass"),
    ),
    symbol(
        Role::Parameter("mangrove.curve.generic.k"),
        "k",
        "k",
        "k",
        "1/a",
        text("生长速率", "rate of growth"),
    ),
    symbol(
        Role::Parameter("mangrove.curve.generic.p"),
        "p",
        "p",
        "p",
        "1",
        text("形状指数", "shape"),
    ),
];

static GROWTH: [Symbol; 8] = [
    symbol(
        Role::Result,
        "change",
        "ΔC_BIO,i,t",
        r"\Delta C_{\mathrm{BIO},i,t}",
        "tCO2e",
        text(
            "碳层的生物量碳储量变化",
            "change of the biomass carbon of a stratum",
        ),
    ),
    symbol(
        Role::Input,
        "after",
        "B_t2",
        "B_{t_2}",
        "t/ha",
        text("年末总生物量", "total biomass at the end of the year"),
    ),
    symbol(
        Role::ZeroUnlessGiven,
        "before",
        "B_t1",
        "B_{t_1}",
        "t/ha",
        text("上年末总生物量", "total biomass a year earlier"),
    ),
    symbol(
        Role::Input,
        "cf",
        "CF",
        r"\mathrm{CF}",
        "tC/t",
        text("含碳率", "carbon fraction"),
    ),
    AREA,
    DAYS,
    DAYS_IN_YEAR,
    STRATUM,
];

static TREES: [Symbol; 4] = [
    symbol(
        Role::Result,
        "biomass",
        "B_j",
        "B_j",
        "kg",
        text("一个树种的样木生物量", "biomass of the trees of a species"),
    ),
    symbol(
        Role::Input,
        "agb",
        "Σ AGB",
        r"\sum \mathrm{AGB}",
        "kg",
        text("地上", "above ground"),
    ),
    symbol(
        Role::ZeroUnlessGiven,
        "bgb",
        "Σ BGB",
        r"\sum \mathrm{BGB}",
        "kg",
        text("地下", "below ground"),
    ),
    symbol(
        Role::OneUnlessGiven,
        "n",
        "n",
        "n",
        "1",
        text("株数（说明用）", "number of trees (for information)"),
    ),
];

static PLOT: [Symbol; 3] = [
    symbol(
        Role::Result,
        "carbon",
        "c_p",
        "c_p",
        "tCO2e/ha",
        text("样地单位面积碳储量", "carbon of a plot per hectare"),
    ),
    symbol(
        Role::Input,
        "trees",
        "ΣC",
        r"\sum C",
        "kg",
        text("样木含碳量", "carbon of the trees"),
    ),
    symbol(
        Role::Input,
        "plot",
        "A_p",
        "A_p",
        "m2",
        text("样地面积", "area of the plot"),
    ),
];

static STOCK: [Symbol; 3] = [
    symbol(
        Role::Result,
        "stock",
        "C_BIO",
        r"C_{\mathrm{BIO}}",
        "tCO2e",
        text(
            "生物量碳储量，已扣减不确定性",
            "carbon stock of biomass after the deduction for uncertainty",
        ),
    ),
    symbol(
        Role::Input,
        "measured",
        "Σ A_i × c_i",
        r"\sum_{i} A_i \, c_i",
        "tCO2e",
        text("测得的碳储量", "stock as measured"),
    ),
    symbol(
        Role::ZeroUnlessGiven,
        "share",
        "DR",
        r"\mathrm{DR}",
        "1",
        text("不确定性扣减率", "share deducted for uncertainty"),
    ),
];

static PROJECT: [Symbol; 3] = [
    symbol(
        Role::Result,
        "project",
        "ΔC_PROJ,t",
        r"\Delta C_{\mathrm{PROJ},t}",
        "tCO2e",
        text(
            "项目各碳库储量变化之和",
            "change of all carbon pools of the project",
        ),
    ),
    symbol(
        Role::SignedInput,
        "biomass",
        "ΔC_BIO,t",
        r"\Delta C_{\mathrm{BIO},t}",
        "tCO2e",
        text("生物量碳储量变化", "change of the stock of biomass"),
    ),
    symbol(
        Role::ZeroUnlessGiven,
        "soil",
        "ΔSOC_t",
        r"\Delta \mathrm{SOC}_t",
        "tCO2e",
        text("土壤有机碳增量", "gain of soil organic carbon"),
    ),
];

const BY_XIAMEN: FormulaBasis = sink::assumed(
    text(
        "厦门大学红树林碳汇计算器（2025 年 4 月）；未确认为正文附录",
        "Mangrove calculator of Xiamen University (April 2025); not confirmed as the appendix of the text",
    ),
    Confidence::Medium,
);

/// In the order of the calculation.
pub(super) static FORMULAS: &[Formula] = &[
    Formula {
        methodology: CODE,
        id: "net-area",
        clause: "CCER-14-002-V01 适用条件 c",
        title: text(
            "碳层的计算面积：扣除空地和已有红树林",
            "Area that counts: less gaps and what was mangrove before",
        ),
        latex: r"A_i = A - A_{\mathrm{gap}} - A_{\mathrm{cover}}",
        symbols: &NET_AREA,
        basis: sink::assumed(
            text(
                "登记项目文件（霞浦）对条款的引用",
                "The clause as a registered project quotes it",
            ),
            Confidence::Medium,
        ),
        steps: &["A_i"],
        expression: "area - gaps - cover",
        example: &[("area", "52.10"), ("gaps", "0.26"), ("cover", "0")],
    },
    Formula {
        methodology: CODE,
        id: "growth-curve",
        clause: "CCER-14-002-V01 (3)",
        title: text("事前估算：通用生长曲线", "Estimate: generic growth curve"),
        latex: r"B_i = a \, (1 - e^{-k \, \mathrm{age}})^{p}",
        symbols: &CURVE,
        basis: sink::assumed(
            text(
                "假定：使最初五年与登记项目相当，而平均低于公开项目的申报值",
                "Assumed, so that the first five years agree with a registered project and the mean stays below what public projects declare",
            ),
            Confidence::Low,
        ),
        steps: &["B_i"],
        expression: "a * (1 - exp(0 - k * age)) ^ p",
        example: &[("age", "10")],
    },
    Formula {
        methodology: CODE,
        id: "biomass-growth",
        clause: "CCER-14-002-V01 (2)",
        title: text(
            "事前估算：一年的生物量碳储量变化",
            "Estimate: change of the biomass carbon in a year",
        ),
        latex: r"\Delta C_{\mathrm{BIO},i,t} = (B_{t_2} - B_{t_1}) \times \mathrm{CF} \times \frac{44}{12} \times A_i \times \frac{d}{D}",
        symbols: &GROWTH,
        basis: STRUCTURE,
        steps: &["ΔC_BIO,i,t"],
        expression: "(after - before) * cf * 44 / 12 * area * days / days_in_year",
        example: &[
            ("after", "10"),
            ("before", "5"),
            ("cf", "0.45"),
            ("area", "98"),
        ],
    },
    Formula {
        methodology: CODE,
        id: "trees-of-a-species",
        clause: "CCER-14-002-V01 单株生物量 tree biomass",
        title: text(
            "一个树种的样木生物量合计",
            "Biomass of all trees of a species",
        ),
        latex: r"B_j = \sum \mathrm{AGB} + \sum \mathrm{BGB}",
        symbols: &TREES,
        basis: BY_XIAMEN,
        steps: &["B_j"],
        expression: "agb + bgb",
        example: &[("agb", "377.043"), ("bgb", "213.4811")],
    },
    Formula {
        methodology: CODE,
        id: "plot-carbon",
        clause: "CCER-14-002-V01 (3)",
        title: text("样地单位面积碳储量", "Carbon of a plot per hectare"),
        latex: r"c_p = \frac{44}{12} \times \frac{\sum C}{1000} \Big/ \frac{A_p}{10000}",
        symbols: &PLOT,
        basis: STRUCTURE,
        steps: &["c_p"],
        expression: "44 * trees / 12 / 1000 / (plot / 10000)",
        example: &[("trees", "27.754634566"), ("plot", "100")],
    },
    Formula {
        methodology: CODE,
        id: "stock-counted",
        clause: "CCER-14-002-V01 (3)",
        title: text(
            "扣减不确定性后的生物量碳储量",
            "Carbon stock of biomass after the deduction for uncertainty",
        ),
        latex: r"C_{\mathrm{BIO}} = \sum_{i} A_i \, c_i \times (1 - \mathrm{DR})",
        symbols: &STOCK,
        basis: STRUCTURE,
        steps: &["C_BIO"],
        expression: "measured * (1 - share)",
        example: &[("measured", "120.899188"), ("share", "0.11")],
    },
    Formula {
        methodology: CODE,
        id: "kandelia-biomass",
        clause: "CCER-14-002-V01 单株生物量 tree biomass",
        title: text(
            "秋茄（树高不低于 2 m）单株地上生物量",
            "Kandelia obovata (2 m or more): above-ground biomass of one tree",
        ),
        latex: r"\mathrm{AGB} = 0.03999 \, (D^2 H)^{1.053}",
        symbols: &KANDELIA_ABOVE,
        basis: BY_XIAMEN,
        steps: &["AGB"],
        expression: "0.03999 * (d * d * h) ^ 1.053",
        example: &[("d", "5"), ("h", "3")],
    },
    Formula {
        methodology: CODE,
        id: "common-biomass-above",
        clause: "CCER-14-002-V01 单株生物量 tree biomass",
        title: text(
            "通用方程：单株地上生物量",
            "Common equation: above-ground biomass of one tree",
        ),
        latex: r"\mathrm{AGB} = 0.251 \, \rho \, D^{2.46}",
        symbols: &COMMON_ABOVE,
        basis: BY_XIAMEN,
        steps: &["AGB"],
        expression: "0.251 * rho * d ^ 2.46",
        example: &[("rho", "0.71"), ("d", "8")],
    },
    Formula {
        methodology: CODE,
        id: "common-biomass-below",
        clause: "CCER-14-002-V01 单株生物量 tree biomass",
        title: text(
            "通用方程：单株地下生物量",
            "Common equation: below-ground biomass of one tree",
        ),
        latex: r"\mathrm{BGB} = 0.199 \, \rho^{0.899} \, D^{2.22}",
        symbols: &COMMON_BELOW,
        basis: BY_XIAMEN,
        steps: &["BGB"],
        expression: "0.199 * rho ^ 0.899 * d ^ 2.22",
        example: &[("rho", "0.71"), ("d", "8")],
    },
    Formula {
        methodology: CODE,
        id: "biomass-carbon",
        clause: "CCER-14-002-V01 (3)",
        title: text("生物量碳储量", "Carbon stock of biomass"),
        latex: r"C_{\mathrm{BIO}} = \frac{44}{12} \sum_{i} \frac{A_i}{A_p} \sum_{\mathrm{trees}} (\mathrm{AGB} + \mathrm{BGB}) \times \frac{\mathrm{CF}_j}{1000}",
        symbols: &BIOMASS,
        basis: STRUCTURE,
        steps: &["C_BIO,i"],
        expression: "44 * area * (agb + bgb) * cf / 12 / plot / 1000",
        example: &[
            ("area", "47.86"),
            ("plot", "0.01"),
            ("agb", "377.043"),
            ("bgb", "213.4811"),
            ("cf", "0.47"),
        ],
    },
    sink::change(CODE, "CCER-14-002-V01 (2)"),
    Formula {
        methodology: CODE,
        id: "soil-carbon",
        clause: "CCER-14-002-V01 (4)",
        title: text("土壤有机碳", "Soil organic carbon"),
        latex: r"\Delta \mathrm{SOC}_t = \sum_{i} A_i \times r_{\mathrm{SOC}} \times \frac{44}{12}",
        symbols: &SOIL,
        basis: STRUCTURE,
        steps: &["ΔSOC_t"],
        expression: "area * rate * 44 / 12 * days / days_in_year",
        example: &[("area", "47.86"), ("rate", "0.50")],
    },
    Formula {
        methodology: CODE,
        id: "soil-emissions",
        clause: "CCER-14-002-V01 (5)",
        title: text(
            "土壤甲烷和氧化亚氮",
            "Methane and nitrous oxide from the soil",
        ),
        latex: r"\mathrm{GHG}_{\mathrm{soil},t} = \sum_{i} A_i \times \left(\mathrm{EF}_{\mathrm{CH_4}} \times \mathrm{GWP}_{\mathrm{CH_4}} + \mathrm{EF}_{\mathrm{N_2O}} \times \mathrm{GWP}_{\mathrm{N_2O}}\right)",
        symbols: &SOIL_GAS,
        basis: STRUCTURE,
        steps: &["GHG_SOIL,t"],
        expression: "area * (ef_ch4 * gwp_ch4 + ef_n2o * gwp_n2o) * days / days_in_year",
        example: &[
            ("area", "47.86"),
            ("ef_ch4", "0.011"),
            ("gwp_ch4", "28"),
            ("ef_n2o", "0.000157"),
            ("gwp_n2o", "265"),
        ],
    },
    Formula {
        methodology: CODE,
        id: "project-removals",
        clause: "CCER-14-002-V01 (1)",
        title: text(
            "项目碳储量变化：生物量与土壤",
            "Change of the project's stocks: biomass and soil",
        ),
        latex: r"\Delta C_{\mathrm{PROJ},t} = \Delta C_{\mathrm{BIO},t} + \Delta \mathrm{SOC}_t",
        symbols: &PROJECT,
        basis: STRUCTURE,
        steps: &["ΔC_PROJ,t"],
        expression: "biomass + soil",
        example: &[("biomass", "240"), ("soil", "87.743333")],
    },
    sink::plots(CODE, "CCER-14-002-V01 抽样 sampling"),
    sink::mean(CODE, "CCER-14-002-V01 抽样 sampling"),
    sink::uncertainty(CODE, "CCER-14-002-V01 抽样 sampling"),
    sink::deducted(CODE, "CCER-14-002-V01 抽样 sampling"),
    sink::net(CODE, "CCER-14-002-V01 (1)"),
    sink::reductions(CODE, "CCER-14-002-V01 (1)"),
    power::rounded(CODE),
    sink::made_good(CODE),
];
