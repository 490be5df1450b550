//! What the people of the demo world type into their forms.

use std::collections::BTreeMap;

use domain::green_certificate::{CalendarMonth, months_of};
use domain::id::OrganisationId;
use domain::{Refusal, Uscc};
use registry::{BoundaryFile, Fields};
use rust_decimal::Decimal;
use time::Date;

use super::world::{FOREST, Land, ProjectPlan, ReportPlan, Until};

/// From first power to retirement.
const LIFE_YEARS: i32 = 25;

fn fields<const N: usize>(pairs: [(&str, &str); N]) -> Fields {
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The design document; a draft is half-way.
pub fn project(plan: &ProjectPlan, validator: &OrganisationId) -> Fields {
    let site = &plan.site;
    if let Some(land) = &site.land {
        return planting(plan, land, validator);
    }
    let at_sea = site.sea.is_some();
    let retired = years_later(plan.connected, LIFE_YEARS);
    let mut typed = fields([
        ("methodology", site.methodology),
        ("archive_code", plant_code(plan.key).as_str()),
        ("name", plan.name),
        ("name_en", plan.name_en),
        ("province", site.province),
        ("location", site.place),
        ("grid", site.grid),
        ("longitude", site.longitude),
        ("latitude", site.latitude),
        ("construction_start", plan.commenced),
        ("grid_connection_date", plan.connected),
        ("retirement_date", retired.as_str()),
        ("crediting_from", plan.crediting.0),
        ("crediting_to", plan.crediting.1),
    ]);
    let (summary, technology) = if at_sea {
        (summary_at_sea(plan), WIND_TECHNOLOGY)
    } else {
        (summary_in_the_desert(plan), SOLAR_TECHNOLOGY)
    };
    typed.insert("summary".to_owned(), summary);
    typed.insert("technology".to_owned(), technology.to_owned());
    if let Some((kilometres, metres)) = site.sea {
        typed.extend(fields([
            ("distance_to_shore_km", kilometres),
            ("water_depth_m", metres),
        ]));
    }
    if plan.until == Until::Draft {
        return typed;
    }
    typed.extend(fields([
        ("capacity_mw", plan.capacity),
        ("export_mwh_per_year", plan.net_mwh),
        ("import_mwh_per_year", "0"),
        ("factor_choice", "named"),
        ("factor_set", "2023"),
        ("rounding", plan.rounding),
        ("grid_connected", "yes"),
        ("lawful", "yes"),
        ("legally_obliged", "no"),
        ("in_emissions_trading", "no"),
        ("in_other_mechanism", "no"),
        ("green_certificate_choice", "reductions"),
        ("monitoring_plan", "演示：关口电能表主、副表各一，准确度等级0.2S，每年校准；逐月抄录并与结算单核对，数据保存至最后一次登记后十年。"),
        ("sustainability", "演示：增加当地就业和清洁电力供应，不占用耕地，定期公开运行情况。"),
        ("environmental_impact", "演示：环境影响评价文件已批复，按批复要求采取保护措施并跟踪监测。"),
        ("validator", validator.as_str()),
    ]));
    typed.extend(if at_sea {
        fields([
            ("seaward_of_high_water_line", "yes"),
            ("any_turbine_within_both_limits", "no"),
        ])
    } else {
        fields([("solar_kind", "stand_alone"), ("metered_separately", "yes")])
    });
    typed
}

/// An invented plant archive code, another one for each plan.
fn plant_code(key: &str) -> String {
    let number = key.bytes().fold(7_u64, |sum, byte| {
        sum.wrapping_mul(131).wrapping_add(u64::from(byte)) % 10_000_000_000_000
    });
    format!("PWS{number:013}L")
}

/// A table of months: each line's export in equal parts, all of it claimed.
fn months(plan: &ReportPlan) -> String {
    let mut exports: BTreeMap<CalendarMonth, Decimal> = BTreeMap::new();
    let day = |text: &str| domain::text::date("day", text).ok();
    let mut from = day(plan.period.0);
    for (to, export, _) in plan.lines {
        let (Some(first), Some(last)) = (from, day(to)) else {
            break;
        };
        let months = months_of(first, last);
        let export = export.parse::<Decimal>().unwrap_or_default();
        let part = (export / Decimal::from(months.len().max(1))).round_dp(3);
        for month in months {
            *exports.entry(month).or_default() += part;
        }
        from = last.next_day();
    }
    let mut table = String::from("month,settled_mwh,claimed_mwh,certificates_mwh\n");
    for (month, export) in &exports {
        table += &format!("{month},{export},{export},0\n");
    }
    table
}

const WIND_TECHNOLOGY: &str = "演示：单机容量6.45MW及以上的海上风电机组，单桩或导管架基础；35kV集电海缆汇集至220kV海上升压站，经送出海缆接入陆上集控中心和区域电网。";
const SOLAR_TECHNOLOGY: &str = "演示：熔盐塔式或槽式集热系统，带储热，汽轮发电机组一台；厂用电和防凝用能单独计量，上网电量与下网电量分别计量。";

fn summary_at_sea(plan: &ProjectPlan) -> String {
    format!(
        "演示数据。{}，装机容量{}MW，预计年净上网电量{}MWh，所发电量替代区域电网中以化石燃料为主的电力。",
        plan.name, plan.capacity, plan.net_mwh
    )
}

fn summary_in_the_desert(plan: &ProjectPlan) -> String {
    format!(
        "演示数据。{}，装机容量{}MW，配置储热系统，预计年净上网电量{}MWh，替代区域电网中的化石燃料发电。",
        plan.name, plan.capacity, plan.net_mwh
    )
}

/// The monitoring report; a draft has the first lines only.
pub fn report(project: &ProjectPlan, plan: &ReportPlan, verifier: &OrganisationId) -> Fields {
    if let Some(land) = &project.site.land {
        return survey(project, plan, land, verifier);
    }
    let mut typed = fields([("period_from", plan.period.0), ("period_to", plan.period.1)]);
    let mut from = plan.period.0.to_owned();
    for (at, (to, export, import)) in plan.lines.iter().enumerate() {
        for (name, value) in [
            ("from", from.as_str()),
            ("to", to),
            ("export_mwh", export),
            ("import_mwh", import),
            ("export_meter", "in_order"),
            ("import_meter", "in_order"),
        ] {
            typed.insert(format!("lines.{at}.{name}"), value.to_owned());
        }
        from = day_after(to);
    }
    if plan.until == Until::Draft {
        return typed;
    }
    typed.extend(fields([
        ("factor_choice", "named"),
        ("factor_set", "2023"),
        ("implementation", "演示：核算期内机组全部并网运行，装机容量、技术和边界与项目设计文件一致。"),
        ("monitoring", "演示：关口电能表主、副表各一，准确度等级0.2S，每年由具备CNAS资质的机构校准；逐月记录并与结算单核对。"),
        ("certificates_traded", "no"),
        ("electricity_months", months(plan).as_str()),
        ("verifier", verifier.as_str()),
    ]));
    typed
}

/// The strata, as both documents of planted land name them.
fn strata(plan: &ProjectPlan, land: &Land) -> Fields {
    let mut typed = if plan.site.methodology == FOREST {
        fields([
            ("climate", "temperate"),
            ("include_dead_wood", "yes"),
            ("dead_wood_region", "north"),
            ("include_litter", "yes"),
            ("include_soc_project", "no"),
        ])
    } else {
        fields([("r_soc", "ar_am0014"), ("salinity", "over_20")])
    };
    for (at, (name, area, species, year, density)) in land.strata.iter().enumerate() {
        for (field, value) in [
            ("name", name),
            ("area_ha", area),
            ("species", species),
            ("planting_year", year),
            ("density_per_ha", density),
        ] {
            typed.insert(format!("strata.{at}.{field}"), (*value).to_owned());
        }
    }
    typed
}

/// The design document of planted land.
fn planting(plan: &ProjectPlan, land: &Land, validator: &OrganisationId) -> Fields {
    let site = &plan.site;
    let forest = site.methodology == FOREST;
    let mut typed = strata(plan, land);
    for at in 0..land.strata.len() {
        let curve = if forest { "built_in" } else { "generic" };
        typed.insert(format!("strata.{at}.curve"), curve.to_owned());
    }
    typed.extend(fields([
        ("methodology", site.methodology),
        ("name", plan.name),
        ("name_en", plan.name_en),
        ("province", site.province),
        ("location", site.place),
        ("longitude", site.longitude),
        ("latitude", site.latitude),
        ("construction_start", plan.commenced),
        ("project_end", land.until),
        ("crediting_from", plan.crediting.0),
        ("crediting_to", plan.crediting.1),
        ("tenure_clear", "yes"),
        ("tenure_until", "2070-12-31"),
        ("tenure_renewal_statement", "no"),
        ("smallest_plot_m2", "12600"),
        ("lawful", "yes"),
        ("legally_obliged", "no"),
        ("in_emissions_trading", "no"),
        ("in_other_mechanism", "no"),
        ("sampling", "演示：按树种和栽植年份划分碳层，每层随机布设四块100平方米固定样地，五年内复测。"),
        ("monitoring_plan", "演示：卫星影像与现地测量核定边界和面积；样地内每木检尺，质量保证人员复测一成样地；数据保存至最后一次登记后十年。"),
        ("sustainability", "演示：为周边居民提供造林和管护岗位，改善水土和生物多样性。"),
        ("environmental_impact", "演示：不需要编制环境影响评价文件；整地不全垦、不炼山，不使用违禁药剂。"),
        ("validator", validator.as_str()),
    ]));
    typed.extend(if forest {
        fields([
            ("summary", "演示数据。在宜林荒山造林864.26公顷，树种为油松和落叶松，造林前连续多年不符合森林定义。"),
            ("technology", "演示：穴状整地，两年生容器苗，每公顷1111株；造林后连续三年松土除草和补植，专人管护。"),
            ("forest_kind", "protection"),
            ("years_without_forest", "12"),
            ("planned_afforestation_land", "yes"),
            ("on_wetland", "no"),
            ("trees_removed", "no"),
            ("removed_vegetation_percent", "8"),
            ("repeated_soil_disturbance", "no"),
            ("burning", "no"),
            ("displacement", "no"),
            ("additionality", "public_welfare"),
            ("additionality_documented", "yes"),
        ])
    } else {
        fields([
            ("summary", "演示数据。在退塘滩涂和裸滩营造红树林83.34公顷，树种为秋茄和桐花树。"),
            ("technology", "演示：恢复潮汐水文后人工种植胚轴苗，每公顷一万株；不施肥，定期清理互花米草和垃圾。"),
            ("site_kind", "retired_pond"),
            ("suits_mangroves", "yes"),
            ("artificial_planting", "yes"),
            ("largest_gap_m2", "180"),
            ("cover_before_percent", "0"),
            ("intertidal_kept", "yes"),
            ("fertilised", "no"),
            ("alien_invasive_species", "no"),
            ("hydrology_years", "6"),
            ("site_described", "yes"),
        ])
    });
    typed
}

/// The monitoring report of planted land: four plots of 100 m2 with eleven trees each in every stratum.
fn survey(
    project: &ProjectPlan,
    plan: &ReportPlan,
    land: &Land,
    verifier: &OrganisationId,
) -> Fields {
    let mut typed = strata(project, land);
    let forest = project.site.methodology == FOREST;
    // tenths of a centimetre and of a metre of the thinnest and shortest tree: young mangroves are bushes
    let (thinnest, shortest) = if forest { (70, 46) } else { (26, 14) };
    let mut plots = String::from("plot,stratum,area_m2\n");
    // a mangrove's trees are told apart by species, a forest's by number
    let which = if forest { "tree" } else { "species" };
    let mut trees = format!("plot,{which},dbh_cm,height_m\n");
    for (at, (name, _, species, ..)) in land.strata.iter().enumerate() {
        for plot in 1..=4 {
            let number = at * 4 + plot;
            plots += &format!("P{number:02},{name},100\n");
            for tree in 1..=11 {
                let diameter = thinnest + (number * 7 + tree * 5) % 24;
                let height = shortest + (number * 5 + tree * 3) % 14;
                let which = if forest {
                    tree.to_string()
                } else {
                    (*species).to_owned()
                };
                trees += &format!(
                    "P{number:02},{which},{}.{},{}.{}\n",
                    diameter / 10,
                    diameter % 10,
                    height / 10,
                    height % 10
                );
            }
        }
    }
    typed.extend(fields([
        ("period_from", plan.period.0),
        ("period_to", plan.period.1),
        ("measured_on", plan.period.1),
        ("plots", &plots),
        ("trees", &trees),
        ("implementation", "演示：按设计完成种植、补植和抚育，保存率92%，核算期内未发生火灾、病虫害和采伐。"),
        ("monitoring", "演示：八块固定样地，随机布设，每木检尺；边界和各碳层面积以卫星影像和现地测量核定，质量保证人员复测一成样地。"),
        ("in_other_mechanism", "no"),
        ("verifier", verifier.as_str()),
    ]));
    typed
}

/// The boundary of planted land: one plot with its south-west corner at the point of the project.
pub fn boundary(plan: &ProjectPlan) -> Option<BoundaryFile> {
    let land = plan.site.land.as_ref()?;
    let micro = |typed: &str| -> Option<i64> {
        let (whole, decimals) = typed.split_once('.')?;
        Some(whole.parse::<i64>().ok()? * 1_000_000 + decimals.parse::<i64>().ok()?)
    };
    let (west, south) = (micro(plan.site.longitude)?, micro(plan.site.latitude)?);
    let degrees = |micro: i64| format!("{}.{:06}", micro / 1_000_000, micro % 1_000_000);
    let (east, north) = land.boundary;
    // one corner is cut off, as a valley might
    let corners = [
        (0, 0),
        (east, 0),
        (east, north),
        (east / 4, north),
        (0, north * 3 / 4),
        (0, 0),
    ];
    let points: Vec<String> = corners
        .iter()
        .map(|(x, y)| format!("[{},{}]", degrees(west + x), degrees(south + y)))
        .collect();
    let text = format!(
        r#"{{"type":"Polygon","coordinates":[[{}]]}}"#,
        points.join(",")
    );
    Some(BoundaryFile {
        name: format!("{}.geojson", plan.key),
        bytes: text.into_bytes(),
    })
}

/// The same day of a later year.
fn years_later(day: &str, years: i32) -> String {
    let later = domain::text::date("day", day)
        .ok()
        .and_then(|day| day.replace_year(day.year() + years).ok());
    later.map(|day| day.to_string()).unwrap_or_default()
}

fn day_after(day: &str) -> String {
    let next = domain::text::date("to", day).ok().and_then(Date::next_day);
    next.map(|day| day.to_string()).unwrap_or_default()
}

/// What the public writes during publicity: the first comment is on the matter, the second is not.
pub fn opinion(number: usize) -> Fields {
    if number == 0 {
        fields([
            ("author", "演示·渔民王先生"),
            ("contact", "wang@demo.huitan"),
            (
                "text",
                "请说明施工和运行对附近海域（区域）的影响，以及监测计划中电能表的校准安排。",
            ),
        ])
    } else {
        fields([
            ("author", "演示·路人"),
            ("contact", ""),
            ("text", "这里可以买到便宜的电缆吗？"),
        ])
    }
}

/// One text under one name.
pub fn one(name: &str, text: &str) -> Fields {
    fields([(name, text)])
}

/// A finding: its kind, what it is pinned to, its text.
pub fn finding(kind: &str, place: &str, text: &str) -> Fields {
    fields([("kind", kind), ("place", place), ("text", text)])
}

/// A tie between a body and a company that has no account here.
pub fn tie(body: &OrganisationId) -> Result<Fields, Refusal> {
    let uscc = Uscc::from_first_seventeen("91440300HT0000099")?;
    Ok(fields([
        ("vvb", body.as_str()),
        ("uscc", uscc.as_str()),
        ("company", "演示·南岭新能源投资有限公司"),
        ("kind", "assets"),
        ("since", "2024-01-01"),
        ("source", "演示：企业信用信息公示系统，持股 12%"),
    ]))
}

/// The people of a body in the demo world: leader, member, reviewer, decision-maker.
fn desk_people(body: &str) -> [&'static str; 4] {
    match body {
        "vvb1" => ["演示·许岚", "演示·高翔", "演示·秦越", "演示·沈宁"],
        _ => ["演示·罗鸣", "演示·唐怡", "演示·冯远", "演示·钟琪"],
    }
}

/// The plan of a body's mandate: when the document was reviewed, the one site, and who decides.
pub fn desk_plan(body: &str, reviewed: Date) -> Fields {
    let [_, _, reviewer, decision_maker] = desk_people(body);
    fields([
        ("document_reviewed_on", reviewed.to_string().as_str()),
        ("sites_total", "1"),
        ("reviewer", reviewer),
        ("decision_maker", decision_maker),
    ])
}

/// The team of a body.
pub fn desk_team(body: &str) -> Vec<Fields> {
    let [leader, member, ..] = desk_people(body);
    [(leader, "leader"), (member, "member")]
        .into_iter()
        .map(|(name, duty)| {
            fields([
                ("name", name),
                ("duty", duty),
                ("full_time", "yes"),
                ("sectors.energy", "yes"),
                ("sectors.forestry", "yes"),
                ("contact", "演示电话 000"),
            ])
        })
        .collect()
}

/// A visit of the one site, without who went there.
pub fn desk_visit(on: Date) -> Fields {
    fields([
        ("site", "演示·项目现场"),
        ("visited_on", on.to_string().as_str()),
    ])
}

/// A body's report: positive with the amounts, or negative.
pub fn assessment(amounts: &[(i32, i64)], handled: &[String], positive: bool) -> Fields {
    let text = if positive {
        "演示：已完成文件评审和现场核查，全部整改要求已关闭；公示意见已处理。结论：肯定。"
    } else {
        "演示：现场核查发现计量点与设计文件不一致，且业主未能在规定时间内整改。结论：否定。"
    };
    let mut typed = fields([("report", text), ("commitment", "yes")]);
    for (at, (year, tonnes)) in amounts.iter().enumerate() {
        typed.insert(format!("amounts.{at}.year"), year.to_string());
        typed.insert(format!("amounts.{at}.tonnes"), tonnes.to_string());
    }
    for opinion in handled {
        typed.insert(
            format!("opinions.{opinion}"),
            "业主已书面答复，核查组认可其说明。".to_owned(),
        );
    }
    typed
}
