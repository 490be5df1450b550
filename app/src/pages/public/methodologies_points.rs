//! What is monitored and what validation and verification look at, for the four complete methodologies. Nothing is computed
//! from it.

use methodologies::Text;
use methodologies::text::text;

/// The points of one methodology.
pub struct Points {
    /// What is measured, how often, how it is assured.
    pub monitoring: &'static [Point],
    /// What the validation and verification body looks at.
    pub verification: &'static [Point],
}

/// One point.
pub struct Point {
    /// What it says.
    pub text: Text,
    /// It was not read in the text of the methodology.
    pub assumed: bool,
}

const fn read(zh: &'static str, en: &'static str) -> Point {
    Point {
        text: text(zh, en),
        assumed: false,
    }
}

const fn inferred(zh: &'static str, en: &'static str) -> Point {
    Point {
        text: text(zh, en),
        assumed: true,
    }
}

/// The points of the methodology; `None`: it is not one of the four.
pub fn points(methodology: &str) -> Option<Points> {
    let (monitoring, verification): (&'static [Point], &'static [Point]) = match methodology {
        "CCER-01-002-V01" => (POWER, POWER_VERIFIED),
        "CCER-01-001-V01" => (SOLAR, POWER_VERIFIED),
        "CCER-14-001-V01" => (FOREST, FOREST_VERIFIED),
        "CCER-14-002-V01" => (MANGROVE, MANGROVE_VERIFIED),
        _ => return None,
    };
    Some(Points {
        monitoring,
        verification,
    })
}

const METERS: Point = read(
    "上网、下网电量在并网协议约定的计量点连续测量，至少每月记录；电能表准确度不低于 0.5 级（DL/T 448），与结算凭证交叉核对。下网包括备用线路。",
    "Exports and imports are measured continuously at the point of the grid agreement and recorded monthly or more often; meters of class 0.5 or better (DL/T 448), cross-checked with settlement vouchers. Imports include standby lines.",
);
const CALIBRATED: Point = read(
    "计量器具安装前检定，每年由有资质的第三方校准并出具报告；超差或故障后 30 日内校准或更换，其间数据按 7.3.4 保守修正。",
    "Meters are verified before installation and calibrated every year by a qualified third party; outside their class or faulty they are calibrated or replaced within 30 days, and the data between are corrected by 7.3.4.",
);
const KEPT: Point = read(
    "全部数据电子存档，保存到项目最后一次减排量登记后至少十年；台账写明来源、时间和责任人；内部审核与交叉核对。",
    "All data are kept electronically until ten years after the last registration of reductions; the ledger names source, time and person; internal audit with cross-checks.",
);
const STAFF: Point = read(
    "有详细的监测计划、内部质量管理制度，指定部门和专职人员。",
    "There is a detailed monitoring plan and an internal quality system, with a named department and full-time staff.",
);

static POWER: &[Point] = &[METERS, CALIBRATED, STAFF, KEPT];

static SOLAR: &[Point] = &[
    METERS,
    read(
        "化石燃料消耗量在能源入口用准确度不低于 2.0 级的流量计（GB 17167）连续测量，至少每月记录，与采购凭证核对。",
        "Fossil fuel is measured continuously at the energy entry by flow meters of class 2.0 or better (GB 17167), recorded monthly or more often, cross-checked with purchase vouchers.",
    ),
    read(
        "一体化项目：风光部分供光热加热器的电量计入下网，用结算凭证或电网公司证明核对光热电量。",
        "Integrated projects: electricity from the wind or PV part to the heater counts as import; the energy is cross-checked with the voucher or a certificate of the grid company.",
    ),
    CALIBRATED,
    STAFF,
    KEPT,
];

static POWER_VERIFIED: &[Point] = &[
    read(
        "适用条件的证明文件逐项齐全。",
        "The documents of each applicability condition are complete.",
    ),
    read(
        "可持续发展：环评及批复、竣工验收、监测报告。",
        "Sustainability: environmental assessment and approval, completion acceptance, monitoring reports.",
    ),
    read(
        "用北斗、GPS 或地理信息系统核对项目边界，拐点经纬度不少于六位小数。",
        "The boundary is checked by BDS, GPS or GIS; corner coordinates have six decimals or more.",
    ),
    read(
        "监测计划与实际安装的计量器具一致：位置、等级、编号。",
        "The monitoring plan agrees with the meters installed: position, class, number.",
    ),
    read(
        "每个参数与凭证、校准报告、公布的因子核对。",
        "Each parameter is checked against vouchers, calibration reports and published factors.",
    ),
];

static FOREST: &[Point] = &[
    inferred(
        "各碳层面积：每次核查用地理信息系统测定，提交边界矢量文件。",
        "Area of each stratum: by GIS at each verification, with a vector file of the boundary.",
    ),
    inferred(
        "固定样地逐株测胸径、树高和株数；灌木盖度；样地面积。抽样目标：90 % 置信水平、10 % 相对误差。",
        "Diameter, height and number of trees in fixed plots; shrub cover; plot area. Target: 10 % relative error at 90 % confidence.",
    ),
    read(
        "机载或无人机激光雷达可代替部分地面测量。",
        "Airborne or drone laser scanning may take the place of some ground measurements.",
    ),
    inferred(
        "过火面积、焚烧的病虫害木；火灾、病虫害、采伐等干扰；整地和抚育记录；权属变化。",
        "Burnt areas and diseased wood burnt; fire, pests and felling; log of site preparation and tending; changes of title.",
    ),
    inferred(
        "第一次核查时间自定，此后实际上至多五年一次：五年以前的减排量不能登记。",
        "The first verification is chosen freely; then every five years at most in effect, because older reductions cannot be registered.",
    ),
    KEPT,
];

static FOREST_VERIFIED: &[Point] = &[
    inferred(
        "用影像逐块核对土地合格性，用矢量文件核对最小地块。",
        "Eligibility of each plot by imagery, the smallest plot by the vector file.",
    ),
    inferred(
        "开始日期以施工记录、开工令为准；苗木出库单不算。",
        "The start by construction log or work order; a seedling dispatch note does not count.",
    ),
    inferred(
        "各造林项目的批复、作业设计、验收报告。",
        "Approvals, designs and acceptance reports of the plantings.",
    ),
    inferred(
        "与地方机制（碳普惠、林业碳票、森林经营）不重叠的声明。",
        "Statement that nothing overlaps with local schemes (carbon-inclusion, forestry tickets, forest management).",
    ),
];

static MANGROVE: &[Point] = &[
    inferred(
        "碳层按树种、种植年份、密度划分；网格法布设样地，提交项目网格与样地网格文件和样地编号表。",
        "Strata by species, year and density; plots on a grid, with files of both grids and a table of plot numbers.",
    ),
    inferred(
        "样地内测胸径或基径、树高、株数和成活率；面积实测。",
        "Diameter or basal diameter, height, stems and survival in the plots; the area is surveyed.",
    ),
    read(
        "土壤有机碳按缺省值计算，以降低成本。",
        "Soil carbon is counted by default values, to keep costs low.",
    ),
    inferred(
        "甲烷、氧化亚氮参数和全球增温潜势写入设计文件。",
        "The parameters of methane and nitrous oxide and their warming potentials are stated in the design document.",
    ),
    KEPT,
];

static MANGROVE_VERIFIED: &[Point] = &[
    inferred(
        "滩面高程、底质和至少五年的水文资料。",
        "Height of the flat, soil texture, five years of hydrology or more.",
    ),
    inferred(
        "清除互花米草的地块须证明清除；大于 400 平方米的空地和种植前覆盖度大于 5 % 的地块已剔除。",
        "Proof of cleared Spartina; gaps above 400 m2 and plots with more than 5 % cover before planting are cut out.",
    ),
    inferred(
        "海域使用权属覆盖寿命期；国有海域可由主管部门出具说明。",
        "Title to the sea area covers the life; for state sea areas a statement of the authority.",
    ),
];
