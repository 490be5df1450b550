//! What the people of the demo world type into their forms.

use domain::id::OrganisationId;
use registry::Fields;
use time::Date;

use super::world::{ProjectPlan, ReportPlan, Until};

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
    let at_sea = site.sea.is_some();
    let retired = years_later(plan.connected, LIFE_YEARS);
    let mut typed = fields([
        ("methodology", site.methodology),
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
pub fn report(plan: &ReportPlan, verifier: &OrganisationId) -> Fields {
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
        ("verifier", verifier.as_str()),
    ]));
    typed
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
