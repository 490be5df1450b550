//! The formulas of mangrove creation, CCER-14-002-V01.

use super::sink::{self, AREA, CF, SPECIES, STRATUM};
use super::{Formula, FormulaBasis, Role, Symbol, power, symbol};
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

static SOIL: [Symbol; 4] = [
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
    STRATUM,
];

static SOIL_GAS: [Symbol; 7] = [
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
    STRATUM,
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
        expression: "area * rate * 44 / 12",
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
        expression: "area * (ef_ch4 * gwp_ch4 + ef_n2o * gwp_n2o)",
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
];
