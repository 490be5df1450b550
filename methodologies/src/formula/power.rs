//! The formulas of the two power methodologies.

use super::{Formula, FormulaBasis, IN_THE_TEXT, Role, Symbol, symbol};
use crate::parameter::Confidence;
use crate::text::text;

const WIND: &str = "CCER-01-002-V01";
const SOLAR: &str = "CCER-01-001-V01";

const YEAR: Symbol = symbol(Role::Index, "y", "y", "y", "a", text("年份", "year"));
const FUEL: Symbol = symbol(
    Role::Index,
    "i",
    "i",
    "i",
    "1",
    text("化石燃料种类", "kind of fossil fuel"),
);
pub(super) const DAYS: Symbol = symbol(
    Role::OneUnlessGiven,
    "days",
    "d",
    "d",
    "d",
    text(
        "当年计入的天数（只算一年的一部分时填写）",
        "days counted in the year (only where a part of a year counts)",
    ),
);
pub(super) const DAYS_IN_YEAR: Symbol = symbol(
    Role::OneUnlessGiven,
    "days_in_year",
    "D",
    "D",
    "d",
    text("当年天数", "days of the year"),
);
const EG: Symbol = symbol(
    Role::SignedInput,
    "eg",
    "EG_PJ,y",
    r"\mathrm{EG}_{\mathrm{PJ},y}",
    "MWh",
    text("项目净上网电量", "net electricity supplied by the project"),
);
const EF: Symbol = symbol(
    Role::Input,
    "ef_cm",
    "EF_CM,y",
    r"\mathrm{EF}_{\mathrm{CM},y}",
    "tCO2/MWh",
    text(
        "区域电网组合边际排放因子",
        "combined margin emission factor of the regional grid",
    ),
);

static BASELINE: [Symbol; 6] = [
    symbol(
        Role::Result,
        "be",
        "BE_y",
        r"\mathrm{BE}_y",
        "tCO2e",
        text("基准线排放", "baseline emissions"),
    ),
    EG,
    EF,
    DAYS,
    DAYS_IN_YEAR,
    YEAR,
];

const fn baseline(methodology: &'static str, clause: &'static str) -> Formula {
    Formula {
        methodology,
        id: "baseline-emissions",
        clause,
        title: text("基准线排放", "Baseline emissions"),
        latex: r"\mathrm{BE}_y = \mathrm{EG}_{\mathrm{PJ},y} \times \mathrm{EF}_{\mathrm{CM},y} \times \frac{d}{D}",
        symbols: &BASELINE,
        basis: IN_THE_TEXT,
        steps: &["BE_y"],
        expression: "eg * ef_cm * days / days_in_year",
        example: &[("eg", "1655202"), ("ef_cm", "0.48595")],
    }
}

static NET: [Symbol; 5] = [
    symbol(
        Role::Result,
        "eg",
        "EG_PJ,y",
        r"\mathrm{EG}_{\mathrm{PJ},y}",
        "MWh",
        text("项目净上网电量", "net electricity supplied by the project"),
    ),
    symbol(
        Role::Input,
        "export",
        "EG_export,y",
        r"\mathrm{EG}_{\mathrm{export},y}",
        "MWh",
        text("上网电量", "electricity exported"),
    ),
    symbol(
        Role::Input,
        "import",
        "EG_import,y",
        r"\mathrm{EG}_{\mathrm{import},y}",
        "MWh",
        text("下网电量", "electricity imported"),
    ),
    symbol(
        Role::ZeroUnlessGiven,
        "heater",
        "EG_heater,y",
        r"\mathrm{EG}_{\mathrm{heater},y}",
        "MWh",
        text(
            "一体化项目的风光部分供光热加热器的电量，计入下网；没有则留空",
            "electricity from the wind or PV part of an integrated project to the heater, counted as import; empty if none",
        ),
    ),
    YEAR,
];

const fn net(methodology: &'static str, clause: &'static str, latex: &'static str) -> Formula {
    Formula {
        methodology,
        id: "net-electricity",
        clause,
        title: text("净上网电量", "Net electricity"),
        latex,
        symbols: &NET,
        basis: IN_THE_TEXT,
        steps: &["EG_PJ,y", "EG_PJ,l"],
        expression: "export - import - heater",
        example: &[("export", "150000"), ("import", "3500")],
    }
}

static MARGIN: [Symbol; 6] = [
    symbol(
        Role::Result,
        "ef_cm",
        "EF_CM,y",
        r"\mathrm{EF}_{\mathrm{CM},y}",
        "tCO2/MWh",
        text("组合边际排放因子", "combined margin emission factor"),
    ),
    symbol(
        Role::Input,
        "ef_om",
        "EF_OM,y",
        r"\mathrm{EF}_{\mathrm{OM},y}",
        "tCO2/MWh",
        text("电量边际排放因子", "operating margin"),
    ),
    symbol(
        Role::Parameter("w_om"),
        "w_om",
        "w_OM",
        r"w_{\mathrm{OM}}",
        "1",
        text("电量边际权重", "weight of the operating margin"),
    ),
    symbol(
        Role::Input,
        "ef_bm",
        "EF_BM,y",
        r"\mathrm{EF}_{\mathrm{BM},y}",
        "tCO2/MWh",
        text("容量边际排放因子", "build margin"),
    ),
    symbol(
        Role::Parameter("w_bm"),
        "w_bm",
        "w_BM",
        r"w_{\mathrm{BM}}",
        "1",
        text("容量边际权重", "weight of the build margin"),
    ),
    YEAR,
];

const fn margin(methodology: &'static str, clause: &'static str) -> Formula {
    Formula {
        methodology,
        id: "combined-margin",
        clause,
        title: text("组合边际排放因子", "Combined margin emission factor"),
        latex: r"\mathrm{EF}_{\mathrm{CM},y} = \mathrm{EF}_{\mathrm{OM},y} \times w_{\mathrm{OM}} + \mathrm{EF}_{\mathrm{BM},y} \times w_{\mathrm{BM}}",
        symbols: &MARGIN,
        basis: IN_THE_TEXT,
        steps: &["EF_CM,y"],
        expression: "ef_om * w_om + ef_bm * w_bm",
        example: &[("ef_om", "0.8042"), ("ef_bm", "0.2135")],
    }
}

static REDUCTIONS: [Symbol; 4] = [
    symbol(
        Role::Result,
        "er",
        "ER_y",
        r"\mathrm{ER}_y",
        "tCO2e",
        text("减排量，取整前", "reductions before rounding"),
    ),
    symbol(
        Role::SignedInput,
        "be",
        "BE_y",
        r"\mathrm{BE}_y",
        "tCO2e",
        text("基准线排放", "baseline emissions"),
    ),
    symbol(
        Role::ZeroUnlessGiven,
        "pe",
        "PE_y",
        r"\mathrm{PE}_y",
        "tCO2e",
        text(
            "项目排放；海上风电为 0",
            "project emissions; 0 for offshore wind",
        ),
    ),
    YEAR,
];

const fn reductions(methodology: &'static str, clause: &'static str) -> Formula {
    Formula {
        methodology,
        id: "emission-reductions",
        clause,
        title: text("减排量", "Emission reductions"),
        latex: r"\mathrm{ER}_y = \mathrm{BE}_y - \mathrm{PE}_y",
        symbols: &REDUCTIONS,
        basis: IN_THE_TEXT,
        steps: &["ER_y"],
        expression: "be - pe",
        example: &[("be", "91057.075"), ("pe", "4330.0304")],
    }
}

const ERROR: Symbol = symbol(
    Role::Input,
    "error",
    "e",
    "e",
    "%",
    text(
        "计量误差：超差时为校准报告中的实际基本误差的绝对值，未校准时为等级的最大允许误差",
        "error of the meter: outside its class the actual basic error without sign, uncalibrated the largest error of its class",
    ),
);

static CREDIT: [Symbol; 3] = [
    symbol(
        Role::Result,
        "counted",
        "EG_export,y",
        r"\mathrm{EG}'_{\mathrm{export}}",
        "MWh",
        text("修正后的上网电量", "corrected export"),
    ),
    symbol(
        Role::Input,
        "reading",
        "EG_export,y",
        r"\mathrm{EG}_{\mathrm{export}}",
        "MWh",
        text("电能表读数", "reading of the meter"),
    ),
    ERROR,
];

const fn export_corrected(methodology: &'static str, clause: &'static str) -> Formula {
    Formula {
        methodology,
        id: "export-correction",
        clause,
        title: text(
            "上网电量的保守修正（逐表、逐时段，先修正后相减）",
            "Conservative correction of exports (per meter and interval, before netting)",
        ),
        latex: r"\mathrm{EG}'_{\mathrm{export}} = \mathrm{EG}_{\mathrm{export}} \times \left(1 - \frac{|e|}{100}\right)",
        symbols: &CREDIT,
        basis: IN_THE_TEXT,
        steps: &["EG_export,y"],
        expression: "reading * (1 - error / 100)",
        example: &[("reading", "150000"), ("error", "0.2")],
    }
}

static DEBIT: [Symbol; 3] = [
    symbol(
        Role::Result,
        "counted",
        "EG_import,y",
        r"X'",
        "MWh",
        text(
            "修正后的下网电量（或燃料消耗量）",
            "corrected import (or fuel)",
        ),
    ),
    symbol(
        Role::Input,
        "reading",
        "EG_import,y",
        r"X",
        "MWh",
        text(
            "电能表（或流量计）读数",
            "reading of the electricity or flow meter",
        ),
    ),
    ERROR,
];

const fn import_corrected(
    methodology: &'static str,
    clause: &'static str,
    steps: &'static [&'static str],
) -> Formula {
    Formula {
        methodology,
        id: "import-correction",
        clause,
        title: text(
            "下网电量和燃料的保守修正",
            "Conservative correction of imports and fuels",
        ),
        latex: r"X' = X \times \left(1 + \frac{|e|}{100}\right)",
        symbols: &DEBIT,
        basis: IN_THE_TEXT,
        steps,
        expression: "reading * (1 + error / 100)",
        example: &[("reading", "3500"), ("error", "0.5")],
    }
}

static ROUNDED: [Symbol; 2] = [
    symbol(
        Role::Result,
        "er_t",
        "ER_t",
        r"\mathrm{ER}_t",
        "tCO2e",
        text("登记的整吨数", "whole tonnes registered"),
    ),
    symbol(
        Role::SignedInput,
        "er",
        "ER",
        r"\mathrm{ER}",
        "tCO2e",
        text("减排量，取整前", "reductions before rounding"),
    ),
];

/// The rounding of a year line, the same in every methodology.
pub(super) const fn rounded(methodology: &'static str) -> Formula {
    Formula {
        methodology,
        id: "rounding",
        clause: "取整惯例 rounding practice",
        title: text(
            "取整：向下取整为整吨，负值登记为 0",
            "Rounding: down to whole tonnes, a negative value is registered as 0",
        ),
        latex: r"\mathrm{ER}_t = \max\left(0, \lfloor \mathrm{ER} \rfloor\right)",
        symbols: &ROUNDED,
        basis: FormulaBasis {
            source: text(
                "正文没有取整条款；由公开登记的 43 个项目的总量反推（其中 32 个逐年向下取整）",
                "The text has no clause on rounding; solved from the totals of 43 public projects (32 round each year down)",
            ),
            confidence: Some(Confidence::High),
        },
        steps: &["ER_t"],
        expression: "max(0, floor(er))",
        example: &[("er", "86727.0446")],
    }
}

static BURNT: [Symbol; 6] = [
    symbol(
        Role::Result,
        "pe_i",
        "PE_i,y",
        r"\mathrm{PE}_{i,y}",
        "tCO2",
        text("一种燃料的项目排放", "project emissions of one fuel"),
    ),
    symbol(
        Role::Result,
        "pe",
        "PE_y",
        r"\mathrm{PE}_y",
        "tCO2e",
        text(
            "项目排放：各燃料相加",
            "project emissions: the sum over the fuels",
        ),
    ),
    symbol(
        Role::Input,
        "fc",
        "FC_i,y",
        r"\mathrm{FC}_{i,y}",
        "t",
        text(
            "燃料消耗量（t；气体为 10⁴ Nm³）",
            "fuel burnt (t; gas in 10⁴ Nm³)",
        ),
    ),
    symbol(
        Role::Input,
        "coef",
        "COEF_i,y",
        r"\mathrm{COEF}_{i,y}",
        "tCO2",
        text(
            "每单位燃料的二氧化碳排放系数",
            "carbon dioxide per unit of fuel",
        ),
    ),
    FUEL,
    YEAR,
];

static COEFFICIENT: [Symbol; 6] = [
    symbol(
        Role::Result,
        "coef",
        "COEF_i,y",
        r"\mathrm{COEF}_{i,y}",
        "tCO2/t",
        text(
            "二氧化碳排放系数（气体为 tCO2/10⁴ Nm³）",
            "carbon dioxide coefficient (gas: tCO2/10⁴ Nm³)",
        ),
    ),
    symbol(
        Role::Input,
        "ncv",
        "NCV_i,y",
        r"\mathrm{NCV}_{i,y}",
        "GJ/t",
        text(
            "低位发热量（气体为 GJ/10⁴ Nm³）",
            "net calorific value (gas: GJ/10⁴ Nm³)",
        ),
    ),
    symbol(
        Role::Input,
        "cc",
        "CC_i,y",
        r"\mathrm{CC}_{i,y}",
        "tC/GJ",
        text("单位热值含碳量", "carbon content"),
    ),
    symbol(
        Role::Input,
        "of",
        "OF_i,y",
        r"\mathrm{OF}_{i,y}",
        "1",
        text("碳氧化率", "oxidation rate"),
    ),
    FUEL,
    YEAR,
];

const EG_OF_WIND: &str = r"\mathrm{EG}_{\mathrm{PJ},y} = \mathrm{EG}_{\mathrm{export},y} - \mathrm{EG}_{\mathrm{import},y}";
const EG_OF_SOLAR: &str = r"\mathrm{EG}_{\mathrm{PJ},y} = \mathrm{EG}_{\mathrm{export},y} - \mathrm{EG}_{\mathrm{import},y} - \mathrm{EG}_{\mathrm{heater},y}";

/// In the order of the documents.
pub(super) static FORMULAS: &[Formula] = &[
    baseline(SOLAR, "CCER-01-001-V01 (1)"),
    net(SOLAR, "CCER-01-001-V01 (2)", EG_OF_SOLAR),
    margin(SOLAR, "CCER-01-001-V01 (3)"),
    Formula {
        methodology: SOLAR,
        id: "project-emissions",
        clause: "CCER-01-001-V01 (4)",
        title: text("项目排放", "Project emissions"),
        latex: r"\mathrm{PE}_y = \sum_{i} \mathrm{PE}_{i,y}, \qquad \mathrm{PE}_{i,y} = \mathrm{FC}_{i,y} \times \mathrm{COEF}_{i,y}",
        symbols: &BURNT,
        basis: IN_THE_TEXT,
        steps: &["PE_i,y", "PE_y"],
        expression: "fc * coef",
        example: &[("fc", "200"), ("coef", "21.650152")],
    },
    Formula {
        methodology: SOLAR,
        id: "fuel-coefficient",
        clause: "CCER-01-001-V01 (5)",
        title: text(
            "燃料的二氧化碳排放系数",
            "Carbon dioxide coefficient of a fuel",
        ),
        latex: r"\mathrm{COEF}_{i,y} = \mathrm{NCV}_{i,y} \times \mathrm{CC}_{i,y} \times \mathrm{OF}_{i,y} \times \frac{44}{12}",
        symbols: &COEFFICIENT,
        basis: IN_THE_TEXT,
        steps: &["COEF_i,y"],
        expression: "ncv * cc * of * 44 / 12",
        example: &[("ncv", "389.31"), ("cc", "0.01532"), ("of", "0.99")],
    },
    reductions(SOLAR, "CCER-01-001-V01 (6)"),
    export_corrected(SOLAR, "CCER-01-001-V01 §7.3.4"),
    import_corrected(
        SOLAR,
        "CCER-01-001-V01 §7.3.4",
        &["EG_import,y", "EG_heater,y", "FC_i,y"],
    ),
    rounded(SOLAR),
    baseline(WIND, "CCER-01-002-V01 (1)"),
    net(WIND, "CCER-01-002-V01 (2)", EG_OF_WIND),
    margin(WIND, "CCER-01-002-V01 (3)"),
    reductions(WIND, "CCER-01-002-V01 (4)"),
    export_corrected(WIND, "CCER-01-002-V01 §7.3.4"),
    import_corrected(WIND, "CCER-01-002-V01 §7.3.4", &["EG_import,y"]),
    rounded(WIND),
];
