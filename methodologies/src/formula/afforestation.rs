//! The formulas of afforestation, CCER-14-001-V01.

use super::sink::{self, AREA, CF, PREDECESSOR, SPECIES, STRATUM, YEAR};
use super::{Formula, Role, Symbol, power, symbol};
use crate::parameter::Confidence;
use crate::text::text;

const CODE: &str = "CCER-14-001-V01";

const BIOMASS: Symbol = symbol(
    Role::Result,
    "b",
    "B_i,j",
    r"B_{i,j}",
    "t",
    text("林木生物量（干物质）", "biomass of trees, dry matter"),
);
const ROOT: Symbol = symbol(
    Role::Input,
    "r",
    "R_j",
    "R_j",
    "1",
    text(
        "地下与地上生物量之比",
        "ratio of below- to above-ground biomass",
    ),
);
const STEMS: Symbol = symbol(
    Role::Input,
    "n",
    "N_i,j",
    r"N_{i,j}",
    "1/ha",
    text("每公顷株数", "trees per hectare"),
);

static TREE: [Symbol; 5] = [
    symbol(
        Role::Result,
        "c",
        "C_TREE,i",
        r"C_{\mathrm{TREE},i}",
        "tCO2e",
        text("林木碳储量", "carbon stock of trees"),
    ),
    symbol(
        Role::Input,
        "b",
        "B_i,j",
        r"B_{\mathrm{TREE},i,j}",
        "t",
        text("林木生物量（干物质）", "biomass of trees, dry matter"),
    ),
    CF,
    STRATUM,
    SPECIES,
];

static BY_EQUATION: [Symbol; 7] = [
    BIOMASS,
    symbol(
        Role::Input,
        "f",
        "f_AB,j",
        r"f_{\mathrm{AB},j}(\mathrm{DBH}, H)",
        "t",
        text(
            "单株地上生物量，由生物量方程按胸径和树高计算",
            "above-ground biomass of one tree, by the biomass equation from diameter and height",
        ),
    ),
    ROOT,
    STEMS,
    AREA,
    STRATUM,
    SPECIES,
];

static BY_VOLUME: [Symbol; 9] = [
    BIOMASS,
    symbol(
        Role::Input,
        "v",
        "V_j",
        r"V_j(\mathrm{DBH}, H)",
        "m3",
        text("单株材积", "stem volume of one tree"),
    ),
    symbol(
        Role::Input,
        "wd",
        "WD_j",
        r"\mathrm{WD}_j",
        "t/m3",
        text("木材基本密度", "basic wood density"),
    ),
    symbol(
        Role::Input,
        "bef",
        "BEF_j",
        r"\mathrm{BEF}_j",
        "1",
        text("生物量扩展因子", "biomass expansion factor"),
    ),
    ROOT,
    STEMS,
    AREA,
    STRATUM,
    SPECIES,
];

static BY_CURVE: [Symbol; 6] = [
    BIOMASS,
    symbol(
        Role::Input,
        "f",
        "f_j(age)",
        r"f_j(\mathrm{age})",
        "t/ha",
        text(
            "单位面积地上生物量，由生长曲线按林龄计算",
            "above-ground biomass per hectare, by the growth curve from the age",
        ),
    ),
    ROOT,
    AREA,
    STRATUM,
    SPECIES,
];

static SHRUBS: [Symbol; 7] = [
    symbol(
        Role::Result,
        "c",
        "C_SHRUB,i",
        r"C_{\mathrm{SHRUB}}",
        "tCO2e",
        text("灌木碳储量", "carbon stock of shrubs"),
    ),
    symbol(
        Role::Parameter("species.shrub.cf"),
        "cf",
        "CF_S",
        r"\mathrm{CF}_S",
        "tC/t",
        text("灌木含碳率", "carbon fraction of shrubs"),
    ),
    symbol(
        Role::Parameter("species.shrub.r"),
        "r",
        "R_S",
        "R_S",
        "1",
        text("灌木根茎比", "root ratio of shrubs"),
    ),
    AREA,
    symbol(
        Role::Parameter("afforestation.shrub_ratio"),
        "bdr",
        "BDR",
        r"\mathrm{BDR}",
        "1",
        text(
            "盖度为 1 的灌木与森林单位面积生物量之比",
            "biomass of full shrub cover relative to forest",
        ),
    ),
    symbol(
        Role::Parameter("afforestation.forest_biomass"),
        "b_forest",
        "B_FOREST",
        r"B_{\mathrm{FOREST}}",
        "t/ha",
        text(
            "当地森林单位面积地上生物量",
            "above-ground biomass of forest in the region",
        ),
    ),
    symbol(
        Role::Input,
        "cc",
        "CC_i",
        r"\mathrm{CC}_i",
        "1",
        text(
            "灌木盖度（0 到 1）；低于 5 % 按 0",
            "shrub cover, 0 to 1; below 5 % it counts as 0",
        ),
    ),
];

const STOCK_OF_TREES: Symbol = symbol(
    Role::Input,
    "c_tree",
    "C_TREE,i",
    r"C_{\mathrm{TREE}}",
    "tCO2e",
    text("林木碳储量", "carbon stock of trees"),
);

static DEAD_WOOD: [Symbol; 3] = [
    symbol(
        Role::Result,
        "c",
        "C_DW,i",
        r"C_{\mathrm{DW}}",
        "tCO2e",
        text("枯死木碳储量", "carbon stock of dead wood"),
    ),
    STOCK_OF_TREES,
    symbol(
        Role::Parameter("afforestation.dead_wood.temperate_boreal"),
        "share",
        "DF_DW",
        r"\mathrm{DF}_{\mathrm{DW}}",
        "%",
        text(
            "枯死木占林木碳储量的百分比",
            "dead wood as a share of the stock of trees",
        ),
    ),
];

static LITTER: [Symbol; 3] = [
    symbol(
        Role::Result,
        "c",
        "C_LI,i",
        r"C_{\mathrm{LI}}",
        "tCO2e",
        text("枯落物碳储量", "carbon stock of litter"),
    ),
    STOCK_OF_TREES,
    symbol(
        Role::Parameter("afforestation.litter.temperate_boreal"),
        "share",
        "DF_LI",
        r"\mathrm{DF}_{\mathrm{LI}}",
        "%",
        text(
            "枯落物占林木碳储量的百分比",
            "litter as a share of the stock of trees",
        ),
    ),
];

static FIRE: [Symbol; 9] = [
    symbol(
        Role::Result,
        "ghg",
        "GHG_FIRE",
        r"\mathrm{GHG}_{\mathrm{E},t}",
        "tCO2e",
        text("火烧的温室气体排放", "greenhouse gas of fire"),
    ),
    symbol(
        Role::Input,
        "area",
        "A_BURN",
        r"A_{\mathrm{BURN},i}",
        "ha",
        text("过火面积", "burnt area"),
    ),
    symbol(
        Role::Input,
        "b",
        "b",
        "b",
        "t/ha",
        text(
            "火烧前单位面积地上生物量（干物质）",
            "above-ground biomass per hectare before the fire, dry matter",
        ),
    ),
    symbol(
        Role::Parameter("afforestation.combustion.temperate"),
        "comf",
        "COMF",
        r"\mathrm{COMF}_i",
        "1",
        text("燃烧因子", "combustion factor"),
    ),
    symbol(
        Role::Parameter("afforestation.fire_ch4"),
        "ef_ch4",
        "EF_CH4",
        r"\mathrm{EF}_{\mathrm{CH_4}}",
        "g/kg",
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
        Role::Parameter("afforestation.fire_n2o"),
        "ef_n2o",
        "EF_N2O",
        r"\mathrm{EF}_{\mathrm{N_2O}}",
        "g/kg",
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

static PROJECT: [Symbol; 7] = [
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
        "tree",
        "ΔC_TREE,t",
        r"\Delta C_{\mathrm{TREE},t}",
        "tCO2e",
        text("林木（含竹）", "trees and bamboo"),
    ),
    symbol(
        Role::ZeroUnlessGiven,
        "shrub",
        "ΔC_SHRUB,t",
        r"\Delta C_{\mathrm{SHRUB},t}",
        "tCO2e",
        text("灌木", "shrubs"),
    ),
    symbol(
        Role::ZeroUnlessGiven,
        "dead",
        "ΔC_DW,t",
        r"\Delta C_{\mathrm{DW},t}",
        "tCO2e",
        text("枯死木", "dead wood"),
    ),
    symbol(
        Role::ZeroUnlessGiven,
        "litter",
        "ΔC_LI,t",
        r"\Delta C_{\mathrm{LI},t}",
        "tCO2e",
        text("枯落物", "litter"),
    ),
    symbol(
        Role::ZeroUnlessGiven,
        "soil",
        "ΔSOC_t",
        r"\Delta \mathrm{SOC}_t",
        "tCO2e",
        text(
            "土壤有机碳；是否计入未见正文，默认不计（偏保守）",
            "soil organic carbon; whether it counts was not read, left out by default, which is on the safe side",
        ),
    ),
    YEAR,
];

/// In the order of the calculation.
pub(super) static FORMULAS: &[Formula] = &[
    Formula {
        methodology: CODE,
        id: "tree-biomass-equation",
        clause: "CCER-14-001-V01 (E1)",
        title: text(
            "林木生物量：生物量方程法",
            "Biomass of trees: by a biomass equation",
        ),
        latex: r"B_{i,j} = f_{\mathrm{AB},j}(\mathrm{DBH}, H) \times (1 + R_j) \times N_{i,j} \times A_i",
        symbols: &BY_EQUATION,
        basis: PREDECESSOR,
        steps: &["B_i,j"],
        expression: "f * (1 + r) * n * area",
        example: &[
            ("f", "0.025"),
            ("r", "0.246"),
            ("n", "1500"),
            ("area", "10"),
        ],
    },
    Formula {
        methodology: CODE,
        id: "tree-biomass-volume",
        clause: "CCER-14-001-V01 (E2)",
        title: text(
            "林木生物量：材积法",
            "Biomass of trees: volume × density × expansion × root",
        ),
        latex: r"B_{i,j} = V_j(\mathrm{DBH}, H) \times \mathrm{WD}_j \times \mathrm{BEF}_j \times (1 + R_j) \times N_{i,j} \times A_i",
        symbols: &BY_VOLUME,
        basis: PREDECESSOR,
        steps: &["B_i,j"],
        expression: "v * wd * bef * (1 + r) * n * area",
        example: &[
            ("v", "0.05"),
            ("wd", "0.307"),
            ("bef", "1.634"),
            ("r", "0.246"),
            ("n", "1500"),
            ("area", "10"),
        ],
    },
    Formula {
        methodology: CODE,
        id: "tree-biomass-curve",
        clause: "CCER-14-001-V01 (E3)",
        title: text(
            "林木生物量：单位面积生长曲线（事前）",
            "Biomass of trees: growth curve per hectare (ex ante)",
        ),
        latex: r"B_{i,j} = f_j(\mathrm{age}) \times (1 + R_j) \times A_i",
        symbols: &BY_CURVE,
        basis: PREDECESSOR,
        steps: &["B_i,j"],
        expression: "f * (1 + r) * area",
        example: &[("f", "60"), ("r", "0.246"), ("area", "10")],
    },
    Formula {
        methodology: CODE,
        id: "tree-carbon",
        clause: "CCER-14-001-V01 (D)",
        title: text("林木碳储量", "Carbon stock of trees"),
        latex: r"C_{\mathrm{TREE},i} = \frac{44}{12} \sum_{j} B_{\mathrm{TREE},i,j} \times \mathrm{CF}_j",
        symbols: &TREE,
        basis: PREDECESSOR,
        steps: &["C_TREE,i", "C_TREE,i,t", "C_TREE,t2", "c_p", "Σ C_tree,j"],
        expression: "b * cf * 44 / 12",
        example: &[("b", "468.780711"), ("cf", "0.520")],
    },
    Formula {
        methodology: CODE,
        id: "shrub-carbon",
        clause: "CCER-14-001-V01 (F)",
        title: text("灌木碳储量", "Carbon stock of shrubs"),
        latex: r"C_{\mathrm{SHRUB}} = \frac{44}{12} \times \mathrm{CF}_S \times (1 + R_S) \times \sum_{i} A_i \times \mathrm{BDR} \times B_{\mathrm{FOREST}} \times \mathrm{CC}_i",
        symbols: &SHRUBS,
        basis: PREDECESSOR,
        steps: &["C_SHRUB,i", "c_S", "ΔC_BSL,t"],
        expression: "cf * (1 + r) * area * bdr * b_forest * cc * 44 / 12",
        example: &[
            ("area", "10"),
            ("cf", "0.47"),
            ("r", "0.40"),
            ("bdr", "0.10"),
            ("b_forest", "80"),
            ("cc", "0.3"),
        ],
    },
    Formula {
        methodology: CODE,
        id: "dead-wood-carbon",
        clause: "CCER-14-001-V01 (G)",
        title: text("枯死木碳储量", "Carbon stock of dead wood"),
        latex: r"C_{\mathrm{DW}} = C_{\mathrm{TREE}} \times \frac{\mathrm{DF}_{\mathrm{DW}}}{100}",
        symbols: &DEAD_WOOD,
        basis: sink::assumed(
            text(
                "计入枯死木可由登记项目文件确认；比例取自 AR-TOOL12 与 AR-CM-001-V01",
                "Registered projects confirm that dead wood counts; the shares are those of AR-TOOL12 and AR-CM-001-V01",
            ),
            Confidence::Medium,
        ),
        steps: &["C_DW,i"],
        expression: "c_tree * share / 100",
        example: &[("c_tree", "893.808556"), ("share", "8")],
    },
    Formula {
        methodology: CODE,
        id: "litter-carbon",
        clause: "CCER-14-001-V01 (G)",
        title: text("枯落物碳储量", "Carbon stock of litter"),
        latex: r"C_{\mathrm{LI}} = C_{\mathrm{TREE}} \times \frac{\mathrm{DF}_{\mathrm{LI}}}{100}",
        symbols: &LITTER,
        basis: sink::assumed(
            text(
                "计入枯落物可由登记项目文件确认；比例取自 AR-TOOL12",
                "Registered projects confirm that litter counts; the shares are those of AR-TOOL12",
            ),
            Confidence::Medium,
        ),
        steps: &["C_LI,i"],
        expression: "c_tree * share / 100",
        example: &[("c_tree", "893.808556"), ("share", "4")],
    },
    sink::change(CODE, "CCER-14-001-V01 (C)"),
    Formula {
        methodology: CODE,
        id: "project-removals",
        clause: "CCER-14-001-V01 (B)",
        title: text(
            "项目碳储量变化：各碳库之和",
            "Change of the project's stocks: all pools",
        ),
        latex: r"\Delta C_{\mathrm{PROJ},t} = \Delta C_{\mathrm{TREE},t} + \Delta C_{\mathrm{SHRUB},t} + \Delta C_{\mathrm{DW},t} + \Delta C_{\mathrm{LI},t} + \Delta \mathrm{SOC}_t",
        symbols: &PROJECT,
        basis: PREDECESSOR,
        steps: &["ΔC_PROJ,t", "ΔC"],
        expression: "tree + shrub + dead + litter + soil",
        example: &[("tree", "2475"), ("dead", "198"), ("litter", "99")],
    },
    Formula {
        methodology: CODE,
        id: "fire-emissions",
        clause: "CCER-14-001-V01 (H)",
        title: text("火烧排放", "Emissions of fire"),
        latex: r"\mathrm{GHG}_{\mathrm{E},t} = 0.001 \times \sum_{i} A_{\mathrm{BURN},i} \times b_i \times \mathrm{COMF}_i \times \left(\mathrm{EF}_{\mathrm{CH_4}} \times \mathrm{GWP}_{\mathrm{CH_4}} + \mathrm{EF}_{\mathrm{N_2O}} \times \mathrm{GWP}_{\mathrm{N_2O}}\right)",
        symbols: &FIRE,
        basis: PREDECESSOR,
        steps: &["GHG_FIRE", "GHG_E,t"],
        expression: "0.001 * area * b * comf * (ef_ch4 * gwp_ch4 + ef_n2o * gwp_n2o)",
        example: &[
            ("area", "12"),
            ("b", "85"),
            ("comf", "0.45"),
            ("ef_ch4", "4.7"),
            ("gwp_ch4", "28"),
            ("ef_n2o", "0.26"),
            ("gwp_n2o", "265"),
        ],
    },
    sink::plots(CODE, "CCER-14-001-V01 抽样 sampling"),
    sink::mean(CODE, "CCER-14-001-V01 抽样 sampling"),
    sink::uncertainty(CODE, "CCER-14-001-V01 抽样 sampling"),
    sink::deducted(CODE, "CCER-14-001-V01 抽样 sampling"),
    sink::net(CODE, "CCER-14-001-V01 (A)"),
    sink::reductions(CODE, "CCER-14-001-V01 (A)"),
    power::rounded(CODE),
    sink::made_good(CODE),
];
