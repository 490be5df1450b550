// Generated from `parameters/*.toml` by `cargo run -p methodologies --example generate_parameters`.
// Do not edit: change the tables and run it again.

use rust_decimal::Decimal;
use time::Date;
use time::macros::date;

use crate::factors::{FactorValue, Grid, Margins, Membership, Release};
use crate::fuels::Fuel;
use crate::parameter::{Assumed, Basis, Confidence, DatedValue, Parameter, Published};
use crate::text::text;

pub(crate) const FACTOR_CLAUSE: &str = "CCER-01-001-V01 / CCER-01-002-V01, EF_OM,y and EF_BM,y";

pub(crate) const FUEL_CLAUSE: &str = "CCER-01-001-V01 (5)";

pub(crate) static RELEASES: &[Release] = &[
Release { label: 2019, published_on: date!(2020 - 12 - 29), published_on_assumed: true, source: text("2019年度减排项目中国区域电网基准线排放因子（2020年12月公布）", "Baseline emission factors of China's regional grids for reduction projects, 2019 (published December 2020)") },
Release { label: 2020, published_on: date!(2023 - 11 - 17), published_on_assumed: true, source: text("2020年度区域电网基准线排放因子；公布日为推定：2023-11-17 已有版本在注册登记系统网站", "2020 set; day of publication inferred: a set was on the registry's site on 2023-11-17") },
Release { label: 2021, published_on: date!(2023 - 11 - 17), published_on_assumed: true, source: text("2021年度区域电网基准线排放因子；公布日为推定：2023-11-17 已有版本在注册登记系统网站", "2021 set; day of publication inferred: a set was on the registry's site on 2023-11-17") },
Release { label: 2022, published_on: date!(2023 - 11 - 17), published_on_assumed: true, source: text("2022年度区域电网基准线排放因子；公布日为推定：2023-11-17 已有版本在注册登记系统网站", "2022 set; day of publication inferred: a set was on the registry's site on 2023-11-17") },
Release { label: 2023, published_on: date!(2024 - 9 - 1), published_on_assumed: true, source: text("2023年度区域电网基准线排放因子；公布日为推定：自2024年9月起的公示文件使用", "2023 set; day of publication inferred: used in public documents from September 2024") },
Release { label: 2024, published_on: date!(2026 - 1 - 13), published_on_assumed: false, source: text("2024年度区域电网基准线排放因子（2026-01-13 公布）", "2024 set (published 2026-01-13)") },
];

pub(crate) static FACTOR_VALUES: &[FactorValue] = &[
FactorValue { grid: "North", label: 2019, margins: Margins::Table { om: Decimal::from_parts(9419, 0, 0, false, 4), bm: Decimal::from_parts(4819, 0, 0, false, 4) } },
FactorValue { grid: "Northeast", label: 2019, margins: Margins::Table { om: Decimal::from_parts(10826, 0, 0, false, 4), bm: Decimal::from_parts(2399, 0, 0, false, 4) } },
FactorValue { grid: "East", label: 2019, margins: Margins::Table { om: Decimal::from_parts(7921, 0, 0, false, 4), bm: Decimal::from_parts(3870, 0, 0, false, 4) } },
FactorValue { grid: "Central", label: 2019, margins: Margins::Table { om: Decimal::from_parts(8587, 0, 0, false, 4), bm: Decimal::from_parts(2854, 0, 0, false, 4) } },
FactorValue { grid: "Northwest", label: 2019, margins: Margins::Table { om: Decimal::from_parts(8922, 0, 0, false, 4), bm: Decimal::from_parts(4407, 0, 0, false, 4) } },
FactorValue { grid: "South", label: 2019, margins: Margins::Table { om: Decimal::from_parts(8042, 0, 0, false, 4), bm: Decimal::from_parts(2135, 0, 0, false, 4) } },
FactorValue { grid: "East", label: 2021, margins: Margins::Solved { cm: Decimal::from_parts(52895, 0, 0, false, 5), confidence: Confidence::Medium, records: 3 } },
FactorValue { grid: "East", label: 2022, margins: Margins::Solved { cm: Decimal::from_parts(5287, 0, 0, false, 4), confidence: Confidence::High, records: 4 } },
FactorValue { grid: "East", label: 2023, margins: Margins::Solved { cm: Decimal::from_parts(48665, 0, 0, false, 5), confidence: Confidence::High, records: 10 } },
FactorValue { grid: "East", label: 2024, margins: Margins::Solved { cm: Decimal::from_parts(48665, 0, 0, false, 5), confidence: Confidence::Low, records: 1 } },
FactorValue { grid: "North", label: 2022, margins: Margins::Solved { cm: Decimal::from_parts(66665, 0, 0, false, 5), confidence: Confidence::Low, records: 1 } },
FactorValue { grid: "North", label: 2023, margins: Margins::Solved { cm: Decimal::from_parts(6185, 0, 0, false, 4), confidence: Confidence::High, records: 3 } },
FactorValue { grid: "North", label: 2024, margins: Margins::Solved { cm: Decimal::from_parts(6313, 0, 0, false, 4), confidence: Confidence::Medium, records: 3 } },
FactorValue { grid: "Northwest", label: 2022, margins: Margins::Solved { cm: Decimal::from_parts(67420, 0, 0, false, 5), confidence: Confidence::Medium, records: 1 } },
FactorValue { grid: "Northwest", label: 2023, margins: Margins::Solved { cm: Decimal::from_parts(63055, 0, 0, false, 5), confidence: Confidence::High, records: 6 } },
FactorValue { grid: "Northwest", label: 2024, margins: Margins::Solved { cm: Decimal::from_parts(62155, 0, 0, false, 5), confidence: Confidence::High, records: 3 } },
FactorValue { grid: "South", label: 2023, margins: Margins::Solved { cm: Decimal::from_parts(48595, 0, 0, false, 5), confidence: Confidence::High, records: 6 } },
FactorValue { grid: "South", label: 2024, margins: Margins::Solved { cm: Decimal::from_parts(4861, 0, 0, false, 4), confidence: Confidence::High, records: 4 } },
];

pub(crate) static GRIDS: &[Grid] = &[
Grid { code: "North", name: text("华北", "North China") },
Grid { code: "Northeast", name: text("东北", "Northeast China") },
Grid { code: "East", name: text("华东", "East China") },
Grid { code: "Central", name: text("华中", "Central China") },
Grid { code: "Northwest", name: text("西北", "Northwest China") },
Grid { code: "South", name: text("南方", "South China") },
Grid { code: "Southwest", name: text("西南", "Southwest China") },
];

pub(crate) static MEMBERSHIPS: &[Membership] = &[
Membership { province: text("北京", "Beijing"), grid: "North", from_label: None, to_label: None },
Membership { province: text("天津", "Tianjin"), grid: "North", from_label: None, to_label: None },
Membership { province: text("河北", "Hebei"), grid: "North", from_label: None, to_label: None },
Membership { province: text("山西", "Shanxi"), grid: "North", from_label: None, to_label: None },
Membership { province: text("山东", "Shandong"), grid: "North", from_label: None, to_label: None },
Membership { province: text("内蒙古", "Inner Mongolia"), grid: "North", from_label: None, to_label: None },
Membership { province: text("辽宁", "Liaoning"), grid: "Northeast", from_label: None, to_label: None },
Membership { province: text("吉林", "Jilin"), grid: "Northeast", from_label: None, to_label: None },
Membership { province: text("黑龙江", "Heilongjiang"), grid: "Northeast", from_label: None, to_label: None },
Membership { province: text("上海", "Shanghai"), grid: "East", from_label: None, to_label: None },
Membership { province: text("江苏", "Jiangsu"), grid: "East", from_label: None, to_label: None },
Membership { province: text("浙江", "Zhejiang"), grid: "East", from_label: None, to_label: None },
Membership { province: text("安徽", "Anhui"), grid: "East", from_label: None, to_label: None },
Membership { province: text("福建", "Fujian"), grid: "East", from_label: None, to_label: None },
Membership { province: text("河南", "Henan"), grid: "Central", from_label: None, to_label: None },
Membership { province: text("湖北", "Hubei"), grid: "Central", from_label: None, to_label: None },
Membership { province: text("湖南", "Hunan"), grid: "Central", from_label: None, to_label: None },
Membership { province: text("江西", "Jiangxi"), grid: "Central", from_label: None, to_label: None },
Membership { province: text("陕西", "Shaanxi"), grid: "Northwest", from_label: None, to_label: None },
Membership { province: text("甘肃", "Gansu"), grid: "Northwest", from_label: None, to_label: None },
Membership { province: text("青海", "Qinghai"), grid: "Northwest", from_label: None, to_label: None },
Membership { province: text("宁夏", "Ningxia"), grid: "Northwest", from_label: None, to_label: None },
Membership { province: text("新疆", "Xinjiang"), grid: "Northwest", from_label: None, to_label: None },
Membership { province: text("广东", "Guangdong"), grid: "South", from_label: None, to_label: None },
Membership { province: text("广西", "Guangxi"), grid: "South", from_label: None, to_label: None },
Membership { province: text("云南", "Yunnan"), grid: "South", from_label: None, to_label: None },
Membership { province: text("贵州", "Guizhou"), grid: "South", from_label: None, to_label: None },
Membership { province: text("海南", "Hainan"), grid: "South", from_label: None, to_label: None },
Membership { province: text("四川", "Sichuan"), grid: "Central", from_label: None, to_label: Some(2023) },
Membership { province: text("四川", "Sichuan"), grid: "Southwest", from_label: Some(2024), to_label: None },
Membership { province: text("重庆", "Chongqing"), grid: "Central", from_label: None, to_label: Some(2023) },
Membership { province: text("重庆", "Chongqing"), grid: "Southwest", from_label: Some(2024), to_label: None },
Membership { province: text("西藏", "Tibet"), grid: "Southwest", from_label: Some(2024), to_label: None },
];

pub(crate) static FUELS: &[Fuel] = &[
Fuel { code: "natural_gas", name: text("天然气", "Natural gas"), unit: "10^4 Nm3", from: date!(2023 - 10 - 24), ncv: Assumed { value: Decimal::from_parts(38931, 0, 0, false, 2), confidence: Confidence::High, source: text("企业温室气体排放核算与报告指南的缺省值，按行业通用数值录入，未见原表", "Defaults of the guideline for enterprise greenhouse gas reporting, entered from common practice; the table itself was not at hand") }, cc: Assumed { value: Decimal::from_parts(1532, 0, 0, false, 5), confidence: Confidence::High, source: text("企业温室气体排放核算与报告指南的缺省值，按行业通用数值录入，未见原表", "Defaults of the guideline for enterprise greenhouse gas reporting, entered from common practice; the table itself was not at hand") }, of: Assumed { value: Decimal::from_parts(99, 0, 0, false, 2), confidence: Confidence::High, source: text("企业温室气体排放核算与报告指南的缺省值，按行业通用数值录入，未见原表", "Defaults of the guideline for enterprise greenhouse gas reporting, entered from common practice; the table itself was not at hand") } },
Fuel { code: "diesel", name: text("柴油", "Diesel"), unit: "t", from: date!(2023 - 10 - 24), ncv: Assumed { value: Decimal::from_parts(42652, 0, 0, false, 3), confidence: Confidence::High, source: text("企业温室气体排放核算与报告指南的缺省值，按行业通用数值录入，未见原表", "Defaults of the guideline for enterprise greenhouse gas reporting, entered from common practice; the table itself was not at hand") }, cc: Assumed { value: Decimal::from_parts(202, 0, 0, false, 4), confidence: Confidence::High, source: text("企业温室气体排放核算与报告指南的缺省值，按行业通用数值录入，未见原表", "Defaults of the guideline for enterprise greenhouse gas reporting, entered from common practice; the table itself was not at hand") }, of: Assumed { value: Decimal::from_parts(98, 0, 0, false, 2), confidence: Confidence::High, source: text("企业温室气体排放核算与报告指南的缺省值，按行业通用数值录入，未见原表", "Defaults of the guideline for enterprise greenhouse gas reporting, entered from common practice; the table itself was not at hand") } },
Fuel { code: "gasoline", name: text("汽油", "Gasoline"), unit: "t", from: date!(2023 - 10 - 24), ncv: Assumed { value: Decimal::from_parts(43070, 0, 0, false, 3), confidence: Confidence::High, source: text("企业温室气体排放核算与报告指南的缺省值，按行业通用数值录入，未见原表", "Defaults of the guideline for enterprise greenhouse gas reporting, entered from common practice; the table itself was not at hand") }, cc: Assumed { value: Decimal::from_parts(189, 0, 0, false, 4), confidence: Confidence::High, source: text("企业温室气体排放核算与报告指南的缺省值，按行业通用数值录入，未见原表", "Defaults of the guideline for enterprise greenhouse gas reporting, entered from common practice; the table itself was not at hand") }, of: Assumed { value: Decimal::from_parts(98, 0, 0, false, 2), confidence: Confidence::High, source: text("企业温室气体排放核算与报告指南的缺省值，按行业通用数值录入，未见原表", "Defaults of the guideline for enterprise greenhouse gas reporting, entered from common practice; the table itself was not at hand") } },
Fuel { code: "fuel_oil", name: text("燃料油", "Fuel oil"), unit: "t", from: date!(2023 - 10 - 24), ncv: Assumed { value: Decimal::from_parts(41816, 0, 0, false, 3), confidence: Confidence::High, source: text("企业温室气体排放核算与报告指南的缺省值，按行业通用数值录入，未见原表", "Defaults of the guideline for enterprise greenhouse gas reporting, entered from common practice; the table itself was not at hand") }, cc: Assumed { value: Decimal::from_parts(211, 0, 0, false, 4), confidence: Confidence::High, source: text("企业温室气体排放核算与报告指南的缺省值，按行业通用数值录入，未见原表", "Defaults of the guideline for enterprise greenhouse gas reporting, entered from common practice; the table itself was not at hand") }, of: Assumed { value: Decimal::from_parts(98, 0, 0, false, 2), confidence: Confidence::High, source: text("企业温室气体排放核算与报告指南的缺省值，按行业通用数值录入，未见原表", "Defaults of the guideline for enterprise greenhouse gas reporting, entered from common practice; the table itself was not at hand") } },
Fuel { code: "lpg", name: text("液化石油气", "Liquefied petroleum gas"), unit: "t", from: date!(2023 - 10 - 24), ncv: Assumed { value: Decimal::from_parts(50179, 0, 0, false, 3), confidence: Confidence::Medium, source: text("企业温室气体排放核算与报告指南的缺省值，按行业通用数值录入，未见原表", "Defaults of the guideline for enterprise greenhouse gas reporting, entered from common practice; the table itself was not at hand") }, cc: Assumed { value: Decimal::from_parts(172, 0, 0, false, 4), confidence: Confidence::Medium, source: text("企业温室气体排放核算与报告指南的缺省值，按行业通用数值录入，未见原表", "Defaults of the guideline for enterprise greenhouse gas reporting, entered from common practice; the table itself was not at hand") }, of: Assumed { value: Decimal::from_parts(98, 0, 0, false, 2), confidence: Confidence::Medium, source: text("企业温室气体排放核算与报告指南的缺省值，按行业通用数值录入，未见原表", "Defaults of the guideline for enterprise greenhouse gas reporting, entered from common practice; the table itself was not at hand") } },
Fuel { code: "lng", name: text("液化天然气", "Liquefied natural gas"), unit: "t", from: date!(2023 - 10 - 24), ncv: Assumed { value: Decimal::from_parts(5144, 0, 0, false, 2), confidence: Confidence::Medium, source: text("企业温室气体排放核算与报告指南的缺省值，按行业通用数值录入，未见原表", "Defaults of the guideline for enterprise greenhouse gas reporting, entered from common practice; the table itself was not at hand") }, cc: Assumed { value: Decimal::from_parts(153, 0, 0, false, 4), confidence: Confidence::Medium, source: text("企业温室气体排放核算与报告指南的缺省值，按行业通用数值录入，未见原表", "Defaults of the guideline for enterprise greenhouse gas reporting, entered from common practice; the table itself was not at hand") }, of: Assumed { value: Decimal::from_parts(98, 0, 0, false, 2), confidence: Confidence::Medium, source: text("企业温室气体排放核算与报告指南的缺省值，按行业通用数值录入，未见原表", "Defaults of the guideline for enterprise greenhouse gas reporting, entered from common practice; the table itself was not at hand") } },
];

pub(crate) static PARAMETERS: &[Parameter<Decimal>] = &[
Parameter { id: "w_om", title: text("电量边际排放因子权重", "Weight of the operating margin"), unit: "1", clause: "CCER-01-001-V01 (3) / CCER-01-002-V01 (3)", values: &[DatedValue { from: date!(2023 - 10 - 24), basis: Basis::Published(Published { value: Decimal::from_parts(5, 0, 0, false, 1), source: text("方法学正文", "Text of the methodologies") }) },] },
Parameter { id: "w_bm", title: text("容量边际排放因子权重", "Weight of the build margin"), unit: "1", clause: "CCER-01-001-V01 (3) / CCER-01-002-V01 (3)", values: &[DatedValue { from: date!(2023 - 10 - 24), basis: Basis::Published(Published { value: Decimal::from_parts(5, 0, 0, false, 1), source: text("方法学正文", "Text of the methodologies") }) },] },
Parameter { id: "distance_to_shore_min_km", title: text("离岸距离下限（须大于）", "Distance to shore, to be exceeded"), unit: "km", clause: "CCER-01-002-V01 §4", values: &[DatedValue { from: date!(2023 - 10 - 24), basis: Basis::Published(Published { value: Decimal::from_parts(30, 0, 0, false, 0), source: text("方法学正文", "Text of the methodology") }) },] },
Parameter { id: "water_depth_min_m", title: text("水深下限（须大于）", "Water depth, to be exceeded"), unit: "m", clause: "CCER-01-002-V01 §4", values: &[DatedValue { from: date!(2023 - 10 - 24), basis: Basis::Published(Published { value: Decimal::from_parts(30, 0, 0, false, 0), source: text("方法学正文", "Text of the methodology") }) },] },
Parameter { id: "meter_mpe_0_2s", title: text("0.2S 级电能表最大允许误差", "Largest error of an electricity meter of class 0.2S"), unit: "%", clause: "CCER-01-001-V01 §7.3.4 / CCER-01-002-V01 §7.3.4", values: &[DatedValue { from: date!(2023 - 10 - 24), basis: Basis::Assumed(Assumed { value: Decimal::from_parts(2, 0, 0, false, 1), confidence: Confidence::High, source: text("按准确度等级通行含义录入", "Entered from the common meaning of the class") }) },] },
Parameter { id: "meter_mpe_0_5s", title: text("0.5S 级电能表最大允许误差", "Largest error of an electricity meter of class 0.5S"), unit: "%", clause: "CCER-01-001-V01 §7.3.4 / CCER-01-002-V01 §7.3.4", values: &[DatedValue { from: date!(2023 - 10 - 24), basis: Basis::Assumed(Assumed { value: Decimal::from_parts(5, 0, 0, false, 1), confidence: Confidence::High, source: text("按准确度等级通行含义录入", "Entered from the common meaning of the class") }) },] },
Parameter { id: "meter_mpe_1_0", title: text("1.0 级电能表最大允许误差", "Largest error of an electricity meter of class 1.0"), unit: "%", clause: "CCER-01-001-V01 §7.3.4 / CCER-01-002-V01 §7.3.4", values: &[DatedValue { from: date!(2023 - 10 - 24), basis: Basis::Assumed(Assumed { value: Decimal::from_parts(1, 0, 0, false, 0), confidence: Confidence::High, source: text("按准确度等级通行含义录入", "Entered from the common meaning of the class") }) },] },
Parameter { id: "flow_meter_mpe_2_0", title: text("2.0 级流量计最大允许误差", "Largest error of a flow meter of class 2.0"), unit: "%", clause: "CCER-01-001-V01 §7.3.4", values: &[DatedValue { from: date!(2023 - 10 - 24), basis: Basis::Assumed(Assumed { value: Decimal::from_parts(2, 0, 0, false, 0), confidence: Confidence::High, source: text("按准确度等级通行含义录入；优于 2.0 级的也按 2.0 级修正（偏保守）", "Entered from the common meaning of the class; better classes are corrected as class 2.0, which is on the safe side") }) },] },
];

pub(crate) static DAYS: &[Parameter<Date>] = &[
Parameter { id: "first_creditable_day", title: text("可计入减排量的首日", "First day that counts"), unit: "date", clause: "温室气体自愿减排交易管理办法（试行）第十七条", values: &[DatedValue { from: date!(2023 - 10 - 19), basis: Basis::Published(Published { value: date!(2020 - 9 - 23), source: text("减排量须产生于 2020-09-22 之后", "Reductions must arise after 2020-09-22") }) },] },
Parameter { id: "construction_after", title: text("开工须晚于此日", "Construction must start after this day"), unit: "date", clause: "温室气体自愿减排交易管理办法（试行）第十条", values: &[DatedValue { from: date!(2023 - 10 - 19), basis: Basis::Published(Published { value: date!(2012 - 11 - 8), source: text("开工日期须晚于 2012-11-08", "Construction starts after 2012-11-08") }) },] },
Parameter { id: "green_certificate_choice_from", title: text("绿证与减排量须择一的起始日", "First day on which an owner chooses between green certificates and reductions"), unit: "date", clause: "绿证与自愿减排市场衔接的通知", values: &[DatedValue { from: date!(2024 - 10 - 1), basis: Basis::Published(Published { value: date!(2024 - 10 - 1), source: text("过渡期两年，自 2024-10-01 起；期满后的规定尚未查到，仍按择一处理", "A transition of two years from 2024-10-01; no later rule was found, so the choice is still asked for") }) },] },
];
