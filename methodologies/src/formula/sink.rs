//! What the formulas of the two sinks share. The texts behind the openings of the methodologies were not at hand: the
//! structure follows their predecessors and what registered projects say, and is assumed.

use super::{Formula, FormulaBasis, Role, Symbol, symbol};
use crate::parameter::Confidence;
use crate::text::{Text, text};

/// Predecessor or parallel methods, structure confirmed by registered projects.
pub(super) const PREDECESSOR: FormulaBasis = FormulaBasis {
    source: text(
        "正文该部分未见；按前身方法学（AR-CM-001-V01、AR-ACM0003）的结构，与登记项目文件相符",
        "This part of the text was not at hand; structure of the predecessors (AR-CM-001-V01, AR-ACM0003), in line with registered projects",
    ),
    confidence: Some(Confidence::High),
};

pub(super) const fn assumed(source: Text, confidence: Confidence) -> FormulaBasis {
    FormulaBasis {
        source,
        confidence: Some(confidence),
    }
}

pub(super) const YEAR: Symbol = symbol(Role::Index, "t", "t", "t", "a", text("年份", "year"));
pub(super) const STRATUM: Symbol = symbol(Role::Index, "i", "i", "i", "1", text("碳层", "stratum"));
pub(super) const SPECIES: Symbol = symbol(Role::Index, "j", "j", "j", "1", text("树种", "species"));
pub(super) const AREA: Symbol = symbol(
    Role::Input,
    "area",
    "A_i",
    "A_i",
    "ha",
    text("碳层面积", "area of the stratum"),
);
pub(super) const CF: Symbol = symbol(
    Role::Input,
    "cf",
    "CF_j",
    r"\mathrm{CF}_j",
    "tC/t",
    text("生物质含碳率", "carbon fraction of biomass"),
);

static CHANGE: [Symbol; 6] = [
    symbol(
        Role::Result,
        "change",
        "ΔC_t",
        r"\Delta C_t",
        "tCO2e/a",
        text("碳储量年变化量", "change of the stock per year"),
    ),
    symbol(
        Role::Input,
        "stock2",
        "C_t2",
        r"C_{t_2}",
        "tCO2e",
        text("后一次的碳储量", "stock at the later date"),
    ),
    symbol(
        Role::Input,
        "stock1",
        "C_t1",
        r"C_{t_1}",
        "tCO2e",
        text("前一次的碳储量", "stock at the earlier date"),
    ),
    symbol(
        Role::Input,
        "years",
        "t2 − t1",
        r"t_2 - t_1",
        "a",
        text("两次之间的年数", "years between the two dates"),
    ),
    symbol(
        Role::Index,
        "t1",
        "t1",
        "t_1",
        "a",
        text("前一次测定的时间", "earlier date"),
    ),
    symbol(
        Role::Index,
        "t2",
        "t2",
        "t_2",
        "a",
        text("后一次测定的时间", "later date"),
    ),
];

/// Linear between two measurements.
pub(super) const fn change(methodology: &'static str, clause: &'static str) -> Formula {
    Formula {
        methodology,
        id: "stock-change",
        clause,
        title: text(
            "碳储量变化：两次测定之间按线性",
            "Change of a stock: linear between two measurements",
        ),
        latex: r"\Delta C_t = \frac{C_{t_2} - C_{t_1}}{t_2 - t_1}",
        symbols: &CHANGE,
        basis: PREDECESSOR,
        steps: &["ΔC_t", "C_SHRUB,next", "C_TREE,next"],
        expression: "(stock2 - stock1) / years",
        example: &[("stock2", "2002"), ("stock1", "236"), ("years", "4.5")],
    }
}

static NET: [Symbol; 7] = [
    symbol(
        Role::Result,
        "net",
        "ΔC_NET,t",
        r"\Delta C_{\mathrm{NET},t}",
        "tCO2e",
        text(
            "净碳汇量，扣减非持久性风险前",
            "net removals before the deduction for non-permanence",
        ),
    ),
    symbol(
        Role::SignedInput,
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
        Role::ZeroUnlessGiven,
        "uncertainty",
        "U_t",
        "U_t",
        "tCO2e",
        text(
            "抽样不确定性扣减",
            "deduction for the uncertainty of sampling",
        ),
    ),
    symbol(
        Role::ZeroUnlessGiven,
        "emissions",
        "GHG_t",
        r"\mathrm{GHG}_t",
        "tCO2e",
        text(
            "项目温室气体排放：火烧、土壤",
            "greenhouse gas of the project: fire, soil",
        ),
    ),
    symbol(
        Role::ZeroUnlessGiven,
        "baseline",
        "ΔC_BSL,t",
        r"\Delta C_{\mathrm{BSL},t}",
        "tCO2e",
        text("基准线清除量", "baseline removals"),
    ),
    symbol(
        Role::ZeroUnlessGiven,
        "leakage",
        "LK_t",
        r"\mathrm{LK}_t",
        "tCO2e",
        text("泄漏", "leakage"),
    ),
    YEAR,
];

pub(super) const fn net(methodology: &'static str, clause: &'static str) -> Formula {
    Formula {
        methodology,
        id: "net-removals",
        clause,
        title: text("净碳汇量", "Net removals"),
        latex: r"\Delta C_{\mathrm{NET},t} = \Delta C_{\mathrm{PROJ},t} - U_t - \mathrm{GHG}_t - \Delta C_{\mathrm{BSL},t} - \mathrm{LK}_t",
        symbols: &NET,
        basis: PREDECESSOR,
        steps: &["ΔC_NET,t"],
        expression: "project - uncertainty - emissions - baseline - leakage",
        example: &[("project", "2772.2"), ("emissions", "92.0295")],
    }
}

static REDUCTIONS: [Symbol; 4] = [
    symbol(
        Role::Result,
        "cdr",
        "CDR_t",
        r"\mathrm{CDR}_t",
        "tCO2e",
        text("减排量，取整前", "reductions before rounding"),
    ),
    symbol(
        Role::SignedInput,
        "net",
        "ΔC_NET,t",
        r"\Delta C_{\mathrm{NET},t}",
        "tCO2e",
        text(
            "净碳汇量；为负时不再扣减",
            "net removals; a loss is not made smaller",
        ),
    ),
    symbol(
        Role::Parameter("sink.k_risk"),
        "k_risk",
        "K_RISK",
        r"K_{\mathrm{RISK}}",
        "1",
        text("非持久性风险扣减率", "rate deducted for non-permanence"),
    ),
    YEAR,
];

pub(super) const fn reductions(methodology: &'static str, clause: &'static str) -> Formula {
    Formula {
        methodology,
        id: "emission-reductions",
        clause,
        title: text(
            "减排量：扣减非持久性风险",
            "Reductions: less the risk of non-permanence",
        ),
        latex: r"\mathrm{CDR}_t = \Delta C_{\mathrm{NET},t} - \max(0, \Delta C_{\mathrm{NET},t}) \times K_{\mathrm{RISK}}",
        symbols: &REDUCTIONS,
        basis: assumed(
            text(
                "有非持久性扣减可由登记项目文件确认；比例未见正文",
                "Registered projects confirm that there is a deduction; its rate was not read in the text",
            ),
            Confidence::Medium,
        ),
        steps: &["CDR_t"],
        expression: "net - max(0, net) * k_risk",
        example: &[("net", "2772.2"), ("k_risk", "0.10")],
    }
}

static MADE_GOOD: [Symbol; 3] = [
    symbol(
        Role::Result,
        "er_t",
        "ER_t",
        r"\mathrm{ER}_t",
        "tCO2e",
        text("减排量，整吨", "reductions in whole tonnes"),
    ),
    symbol(
        Role::SignedInput,
        "er",
        "ER",
        r"\mathrm{ER}",
        "tCO2e",
        text("减排量，取整前", "reductions before rounding"),
    ),
    symbol(
        Role::SignedInput,
        "loss",
        "L",
        "L",
        "tCO2e",
        text(
            "此前年份尚未抵补的损失，不大于 0",
            "loss of earlier years not yet made good, never above 0",
        ),
    ),
];

pub(super) const fn made_good(methodology: &'static str) -> Formula {
    Formula {
        methodology,
        id: "loss-made-good",
        clause: "保守处理 conservative treatment",
        title: text(
            "一年的损失由以后各年先行抵补，再向下取整",
            "The loss of a year is made good by the next ones before they are rounded down",
        ),
        latex: r"\mathrm{ER}_t = \max\left(0, \lfloor \mathrm{ER} + L \rfloor\right)",
        symbols: &MADE_GOOD,
        basis: assumed(
            text(
                "正文未见；保守处理碳储量减少，使各年合计不超过期内净增量",
                "Not read in the text; a conservative treatment of shrinking stocks: the years together never exceed the net gain of the period",
            ),
            Confidence::Medium,
        ),
        steps: &["ER_t"],
        expression: "max(0, floor(er + loss))",
        example: &[("er", "855.2544"), ("loss", "-664.6896")],
    }
}

const SAMPLING: FormulaBasis = assumed(
    text(
        "正文该部分未见；按前身方法学 AR-CM-001-V01 与 AR-TOOL14 的抽样公式",
        "This part of the text was not at hand; sampling formulas of AR-CM-001-V01 and AR-TOOL14",
    ),
    Confidence::High,
);

static UNCERTAINTY: [Symbol; 5] = [
    symbol(
        Role::Result,
        "u",
        "u",
        "u",
        "%",
        text(
            "相对不确定性（90 % 置信水平）",
            "relative uncertainty at 90 % confidence",
        ),
    ),
    symbol(
        Role::Input,
        "t",
        "t",
        r"t_{0.10,\,n-M}",
        "1",
        text(
            "自由度 n − M 的双侧 t 值",
            "two-sided t for n − M degrees of freedom",
        ),
    ),
    symbol(
        Role::Input,
        "s",
        "S",
        "S",
        "tCO2e/ha",
        text("平均值的标准差", "standard deviation of the mean"),
    ),
    symbol(
        Role::Input,
        "c",
        "c",
        "c",
        "tCO2e/ha",
        text("单位面积平均值", "mean per hectare"),
    ),
    symbol(
        Role::OneUnlessGiven,
        "freedom",
        "n − M",
        "n - M",
        "1",
        text(
            "自由度：样地数减碳层数（只用于查 t 值）",
            "degrees of freedom: plots less strata (only to look up t)",
        ),
    ),
];

pub(super) const fn uncertainty(methodology: &'static str, clause: &'static str) -> Formula {
    Formula {
        methodology,
        id: "relative-uncertainty",
        clause,
        title: text("抽样的相对不确定性", "Relative uncertainty of sampling"),
        latex: r"u = \frac{t_{0.10,\,n-M} \times S}{c} \times 100, \qquad S^2 = \sum_{i} \frac{w_i^2 \, S_i^2}{n_i}",
        symbols: &UNCERTAINTY,
        basis: SAMPLING,
        steps: &["u"],
        expression: "t * s * 100 / c",
        example: &[("t", "1.717"), ("s", "4.8989794856"), ("c", "72")],
    }
}

static MEAN: [Symbol; 3] = [
    symbol(
        Role::Result,
        "c",
        "c",
        "c",
        "tCO2e/ha",
        text("单位面积平均值", "mean per hectare"),
    ),
    symbol(
        Role::SignedInput,
        "total",
        "Σ A_i × c_i",
        r"\sum_{i} A_i \, c_i",
        "tCO2e",
        text(
            "各碳层面积乘平均值之和",
            "sum of area times mean over the strata",
        ),
    ),
    symbol(
        Role::Input,
        "area",
        "Σ A_i",
        r"\sum_{i} A_i",
        "ha",
        text("总面积", "whole area"),
    ),
];

pub(super) const fn mean(methodology: &'static str, clause: &'static str) -> Formula {
    Formula {
        methodology,
        id: "mean-per-hectare",
        clause,
        title: text(
            "分层抽样的单位面积平均值",
            "Mean per hectare of a stratified sample",
        ),
        latex: r"c = \sum_{i} w_i \, c_i = \frac{\sum_{i} A_i \, c_i}{\sum_{i} A_i}, \qquad c_i = \frac{1}{n_i} \sum_{p} c_{i,p}",
        symbols: &MEAN,
        basis: SAMPLING,
        steps: &["c", "c_i"],
        expression: "total / area",
        example: &[("total", "7200"), ("area", "100")],
    }
}

static PLOTS: [Symbol; 4] = [
    symbol(
        Role::Result,
        "n",
        "n",
        "n",
        "1",
        text(
            "样地数（向上取整后分配到各层，每层不少于 3 个）",
            "number of plots (rounded up, shared among the strata, at least 3 each)",
        ),
    ),
    symbol(
        Role::Input,
        "t",
        "t",
        "t",
        "1",
        text(
            "t 值；第一次计算取 1.645",
            "t value; 1.645 in the first pass",
        ),
    ),
    symbol(
        Role::Input,
        "error",
        "E",
        "E",
        "tCO2e/ha",
        text(
            "允许误差：预期平均值的 10 %",
            "error allowed: 10 % of the expected mean",
        ),
    ),
    symbol(
        Role::Input,
        "spread",
        "Σ w_i × s_i",
        r"\sum_{i} w_i \, s_i",
        "tCO2e/ha",
        text(
            "各层面积权重乘标准差之和",
            "sum of area weight times standard deviation over the strata",
        ),
    ),
];

pub(super) const fn plots(methodology: &'static str, clause: &'static str) -> Formula {
    Formula {
        methodology,
        id: "sample-size",
        clause,
        title: text("样地数", "Number of plots"),
        latex: r"n = \left(\frac{t}{E}\right)^2 \left(\sum_{i} w_i \, s_i\right)^2, \qquad n_i = n \times \frac{w_i \, s_i}{\sum_{i} w_i \, s_i}",
        symbols: &PLOTS,
        basis: SAMPLING,
        steps: &["n", "n_i"],
        expression: "(t / error) ^ 2 * spread ^ 2",
        example: &[("t", "1.645"), ("error", "7.2"), ("spread", "24")],
    }
}

static DEDUCTED: [Symbol; 3] = [
    symbol(
        Role::Result,
        "u_t",
        "U_t",
        "U_t",
        "tCO2e",
        text(
            "抽样不确定性扣减",
            "deduction for the uncertainty of sampling",
        ),
    ),
    symbol(
        Role::Input,
        "stock",
        "ΔC",
        r"|\Delta C|",
        "tCO2e",
        text(
            "储量变化的绝对值；储量减少时扣减使损失不被低估",
            "change of the stock without sign; a loss is not understated",
        ),
    ),
    symbol(
        Role::Parameter("sink.uncertainty.medium.deduction"),
        "rate",
        "DR",
        r"\mathrm{DR}(u)",
        "%",
        text(
            "扣减率：u ≤ 10 % 为 0；(10, 20] 为 6 %；(20, 30] 为 11 %；超过 30 % 须增加样地",
            "rate: u ≤ 10 % none; (10, 20] 6 %; (20, 30] 11 %; above 30 % more plots are needed",
        ),
    ),
];

pub(super) const fn deducted(methodology: &'static str, clause: &'static str) -> Formula {
    Formula {
        methodology,
        id: "uncertainty-deduction",
        clause,
        title: text("不确定性扣减", "Deduction for uncertainty"),
        latex: r"U_t = |\Delta C| \times \frac{\mathrm{DR}(u)}{100}",
        symbols: &DEDUCTED,
        basis: SAMPLING,
        steps: &["DR", "U", "U_t"],
        expression: "stock * rate / 100",
        example: &[("stock", "893.808556"), ("rate", "6")],
    }
}
