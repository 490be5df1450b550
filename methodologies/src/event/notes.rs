//! What a reader of a footprint should know: what was used instead of what, and what does not fit together.

use std::collections::BTreeSet;

use super::checklist;
use super::factor::{Calibre, Family, OtherYear, StandIn, Tier};
use super::fields::{CLASSES, text_of};
use super::footprint::Group;
use super::read::{Inventory, Used};
use super::result::Footprint;
use crate::ccer::working::Working;
use crate::text::{Message, Text, text};
use crate::trace::NoteLevel::{self, Remark, Warning};

/// Most lines or names that a note lists.
const LISTED_MAX: usize = 8;

/// Adds all notes.
pub(super) fn add(
    inventory: &Inventory,
    groups: &[Group],
    footprint: &Footprint,
    working: &mut Working<'_>,
) {
    let used = counted(inventory);
    if inventory.accounted_on < inventory.to {
        working.note(
            Remark,
            "event_not_over",
            "accounted_on",
            text(
                "核算日期早于活动结束：这是预估，活动后须按实际数据重新核算。",
                "Accounted before the end of the event: this is an estimate, to be redone with real data.",
            ),
            &[],
        );
    }
    places(inventory, working);
    years(&used, working);
    kinds(&used, working);
    boundaries(inventory, &used, working);
    electricity(inventory, footprint, &used, working);
    doubles(inventory, working);
    checks(inventory, groups, footprint, working);
    coverage(inventory, working);
}

/// The factors that the total rests on, also one edition chosen for activities of several years.
fn counted(inventory: &Inventory) -> Vec<&Used> {
    let mut counted = vec![false; inventory.used.len()];
    for entry in &inventory.entries {
        let market = entry.market.as_ref().filter(|_| inventory.market);
        counted[market.map_or(entry.factor, |market| market.factor)] = true;
    }
    let used = inventory.used.iter().zip(counted);
    used.filter(|(_, counted)| *counted)
        .map(|(used, _)| used)
        .collect()
}

/// `3, 8, 11 … (27)`.
fn listed<T: ToString>(items: &[T]) -> String {
    let mut text = items
        .iter()
        .take(LISTED_MAX)
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    if items.len() > LISTED_MAX {
        text.push_str(&format!(" … ({})", items.len()));
    }
    text
}

/// Titles in both languages, each once.
fn titles<'a>(used: impl Iterator<Item = &'a &'a Used>) -> Option<Message> {
    let mut seen = BTreeSet::new();
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for used in used {
        let title = &used.listed.title;
        if seen.insert(title.zh.as_str()) {
            zh.push(title.zh.as_str());
            en.push(title.en.as_str());
        }
    }
    if zh.is_empty() {
        return None;
    }
    Some(Message {
        zh: listed(&zh),
        en: listed(&en),
    })
}

/// Fills `{names}` with titles, each language with its own.
fn naming(pattern: Text, names: &Message) -> Message {
    Message {
        zh: pattern.zh.replace("{names}", &names.zh),
        en: pattern.en.replace("{names}", &names.en),
    }
}

fn places(inventory: &Inventory, working: &mut Working<'_>) {
    for ((reason, written), lines) in &inventory.seen.stand_ins {
        let (code, pattern) = match reason {
            StandIn::Missing => (
                "province_missing",
                text(
                    "第 {lines} 行未填写省份，采用全国平均电力因子。",
                    "Lines {lines} name no province: the national average of electricity is used.",
                ),
            ),
            StandIn::Unknown => (
                "province_unknown",
                text(
                    "第 {lines} 行的“{written}”不是已知省份，采用全国平均电力因子。",
                    "“{written}” in lines {lines} is no known province: the national average of electricity is used.",
                ),
            ),
            StandIn::WithoutFactor => (
                "province_without_factor",
                text(
                    "“{written}”没有公布的电力因子，第 {lines} 行采用全国平均。",
                    "No electricity factor is published for {written}: lines {lines} use the national average.",
                ),
            ),
        };
        working.note(
            Warning,
            code,
            "lines",
            pattern,
            &[("lines", listed(lines)), ("written", written.clone())],
        );
    }
}

/// Editions of another year than wanted.
fn years(used: &[&Used], working: &mut Working<'_>) {
    let mut not_of_year = Vec::new();
    for used in used {
        let Some((year, other)) = used.year.zip(used.other_year) else {
            continue;
        };
        let (level, code, pattern, wanted) = match other {
            OtherYear::NamedMissing(_) if used.year_named_for_all => {
                not_of_year.push(*used);
                continue;
            }
            OtherYear::NamedMissing(named) => (
                Warning,
                "factor_year_missing",
                text(
                    "{zh}没有 {wanted} 年的版本，采用 {year} 年。",
                    "{en} has no edition of {wanted}: that of {year} is used.",
                ),
                named,
            ),
            OtherYear::OnlyLater => (
                Remark,
                "factor_only_later",
                text(
                    "{zh}没有 {wanted} 年及以前的版本，采用最早的 {year} 年。",
                    "{en} has no edition of {wanted} or before: the oldest, of {year}, is used.",
                ),
                used.activity_year,
            ),
            OtherYear::Earlier if used.calibre.is_some() => (
                Remark,
                "grid_factor_earlier",
                text(
                    "{zh}：截至核算日最新公布的是 {year} 年，用于 {wanted} 年的用电。",
                    "{en}: the newest published by the day of accounting is of {year}; it serves electricity of {wanted}.",
                ),
                used.activity_year,
            ),
            OtherYear::Earlier => continue,
        };
        working.note(
            level,
            code,
            used.listed.id.clone(),
            pattern,
            &[
                ("zh", used.listed.title.zh.clone()),
                ("en", used.listed.title.en.clone()),
                ("wanted", wanted.to_string()),
                ("year", year.to_string()),
            ],
        );
    }
    if let Some(names) = titles(not_of_year.iter()) {
        let pattern = text(
            "以下因子没有所选年份的版本，采用括号中的年份：{names}。",
            "These factors have no edition of the year chosen; that in brackets is used: {names}.",
        );
        working.say(
            Remark,
            "factor_year_not_all",
            "factor_year",
            naming(pattern, &names),
        );
    }
}

/// A kind of factors that a reader should know about.
struct Kind {
    level: NoteLevel,
    code: &'static str,
    belongs: fn(&Used) -> bool,
    /// `{names}` stands for the titles.
    pattern: Text,
}

/// Where the factors are from.
fn kinds(used: &[&Used], working: &mut Working<'_>) {
    let kinds = [
        Kind {
            level: Warning,
            code: "factor_unverified",
            belongs: |used| used.tier == Some(Tier::X),
            pattern: text(
                "以下因子仅见于未经核实的第三方数据，请尽量换用有出处的因子：{names}。",
                "Seen only in unverified third-party tables; use a factor with a source where you can: {names}.",
            ),
        },
        Kind {
            level: Remark,
            code: "factor_foreign",
            belongs: |used| {
                !used.place.is_empty()
                    && used.place != "GLO"
                    && !used.place.starts_with("CN")
                    && used.subject != "hotel"
            },
            pattern: text(
                "以下为其他国家的因子，中国没有可用的官方数值：{names}。",
                "Factors of another country, because no official Chinese value is at hand: {names}.",
            ),
        },
        Kind {
            level: Remark,
            code: "factor_own",
            belongs: |used| used.tier.is_none(),
            pattern: text(
                "以下采用自有因子，出处由填报人提供，未经核实：{names}。",
                "Own factors; their sources are as stated and were not checked: {names}.",
            ),
        },
        Kind {
            level: Remark,
            code: "rf_not_separable",
            belongs: |used| used.rf_not_separable,
            pattern: text(
                "以下航空因子没有不含辐射强迫的数值，仍计入：{names}。",
                "No value without radiative forcing is at hand for these flights; it is included: {names}.",
            ),
        },
    ];
    for kind in kinds {
        if let Some(names) = titles(used.iter().filter(|used| (kind.belongs)(used))) {
            working.say(kind.level, kind.code, "lines", naming(kind.pattern, &names));
        }
    }
}

/// What the factors cover and count.
fn boundaries(inventory: &Inventory, used: &[&Used], working: &mut Working<'_>) {
    if !inventory.seen.mixed.is_empty() {
        working.note(
            Warning,
            "boundaries_mixed",
            "lines",
            text(
                "第 {lines} 行与同一对象的其他行边界不同（运行与全生命周期），已按要求合计；分边界的数值另列。",
                "Lines {lines} have another boundary (operation or whole life) than other lines of the same subject. They are added as acknowledged; the amounts by boundary are shown apart.",
            ),
            &[("lines", listed(&inventory.seen.mixed))],
        );
    }
    let has = |family: Family| used.iter().any(|used| used.boundary.family() == family);
    if has(Family::Operation) && has(Family::Life) {
        working.note(
            Remark,
            "boundaries_differ",
            "",
            text(
                "总量由边界不同的因子合计而成（运行排放与含上游的排放），分边界的数值另列，不宜与单一边界的结果比较。",
                "The total adds factors with different boundaries, of operation and with what lies upstream; the amounts by boundary are shown apart. Do not compare it with a result of one boundary.",
            ),
            &[],
        );
    }
    let gases: Vec<&str> = used.iter().map(|used| used.gas.code()).collect();
    if gases.contains(&"CO2") && gases.contains(&"CO2e") {
        working.note(
            Remark,
            "gases_differ",
            "",
            text(
                "部分因子只含二氧化碳，部分为二氧化碳当量，分别的数值另列。",
                "Some factors count CO2 only, some all greenhouse gases; both amounts are shown apart.",
            ),
            &[],
        );
    }
}

fn electricity(
    inventory: &Inventory,
    footprint: &Footprint,
    used: &[&Used],
    working: &mut Working<'_>,
) {
    if !inventory.market && !footprint.electricity.certificates_kwh.is_zero() {
        working.note(
            Remark,
            "certificates_not_counted",
            "electricity_method",
            text(
                "基于位置的方法不计绿证；基于市场的结果为 {kg} kg，另列。",
                "The location-based method does not count certificates; the market-based result, {kg} kg, is shown beside it.",
            ),
            &[("kg", footprint.electricity.market_kg.to_string())],
        );
    }
    let calibre = |calibre: Calibre| used.iter().any(|used| used.calibre == Some(calibre));
    let average =
        calibre(Calibre::Province) || calibre(Calibre::Region) || calibre(Calibre::Nation);
    if !inventory.market && average && (calibre(Calibre::Residual) || calibre(Calibre::Fossil)) {
        working.note(
            Warning,
            "calibres_mixed",
            "lines",
            text(
                "电力同时采用了平均因子与剔除非化石或仅化石的因子，口径不一致。",
                "Electricity uses averages together with factors without non-fossil or of fossil electricity: they are different quantities.",
            ),
            &[],
        );
    }
    if !inventory.market && calibre(Calibre::Fossil) {
        working.note(
            Warning,
            "fossil_factor",
            "lines",
            text(
                "化石能源电力因子不用于核算用电排放，也不用于说明避免的排放。",
                "The factor of fossil electricity is not for the emissions of consumption, nor for what was avoided.",
            ),
            &[],
        );
    }
    if used
        .iter()
        .any(|used| used.listed.id.starts_with("event.grid_lifecycle."))
    {
        working.note(
            Warning,
            "lifecycle_electricity",
            "lines",
            text(
                "电力碳足迹因子是全生命周期口径，用于产品碳足迹，不用于活动的用电排放。",
                "The carbon footprint of electricity is a whole-life figure for product footprints, not for the electricity of an event.",
            ),
            &[],
        );
    }
}

/// What may have been counted twice.
fn doubles(inventory: &Inventory, working: &mut Working<'_>) {
    let seen = &inventory.seen;
    let groups = [
        (
            "lines_identical",
            &seen.identical,
            text(
                "第 {lines} 行与前面某行完全相同且没有编号，请确认不是重复计入。",
                "Lines {lines} are equal to an earlier one and have no reference: make sure that they are not counted twice.",
            ),
        ),
        (
            "certificate_again",
            &seen.proofs_again,
            text(
                "第 {lines} 行使用了前面已用过的绿证凭证，请确认电量没有重复。",
                "Lines {lines} use a proof of certificates that an earlier line has: make sure that no electricity is covered twice.",
            ),
        ),
        (
            "class_unusual",
            &seen.other_class,
            text(
                "第 {lines} 行的类别不是所选因子的常用类别，请核对。",
                "The class of lines {lines} is not the usual one of the factor chosen: check it.",
            ),
        ),
        (
            "own_factor_implausible",
            &seen.implausible,
            text(
                "第 {lines} 行的自有因子超出该单位的常见范围，请核对小数点与单位。",
                "The own factor of lines {lines} is out of the usual range of its unit: check decimal point and unit.",
            ),
        ),
    ];
    for (code, lines, pattern) in groups {
        if !lines.is_empty() {
            working.note(Warning, code, "lines", pattern, &[("lines", listed(lines))]);
        }
    }
    let twice: Vec<&Used> = seen
        .origins
        .iter()
        .filter(|(_, given)| **given == [true, true])
        .map(|((_, index), _)| &inventory.used[*index])
        .collect();
    if let Some(names) = titles(twice.iter()) {
        let pattern = text(
            "以下排放源既有参会者填报又有供应商填报，请确认没有重复：{names}。",
            "Reported by attendees and by suppliers; make sure that nothing is counted twice: {names}.",
        );
        working.say(Warning, "reported_twice", "lines", naming(pattern, &names));
    }
}

/// Estimates that are too large to be estimates.
fn checks(
    inventory: &Inventory,
    groups: &[Group],
    footprint: &Footprint,
    working: &mut Working<'_>,
) {
    let large: Vec<&Used> = groups
        .iter()
        .zip(&footprint.sources)
        .filter(|(group, source)| group.only_estimates && !source.may_be_estimated && group.mg > 0)
        .map(|(group, _)| &inventory.used[group.used])
        .collect();
    if let Some(names) = titles(large.iter()) {
        let pattern = text(
            "以下排放源全部为估计，但占比超过可估算的上限，请补充数据：{names}。",
            "All of these is estimated, though they are too large for that: get data for {names}.",
        );
        working.say(
            Warning,
            "estimates_too_large",
            "lines",
            naming(pattern, &names),
        );
    }
}

/// Classes of the guide without a line and without a reason.
fn coverage(inventory: &Inventory, working: &mut Working<'_>) {
    let mut open: Vec<Text> = Vec::new();
    for class in checklist::of_guide() {
        let counted = inventory.entries.iter().any(|entry| entry.class == class);
        let name = text_of(&CLASSES, class);
        if !counted && !inventory.left_out.contains(&class) && !open.contains(&name) {
            open.push(name);
        }
    }
    if open.is_empty() {
        return;
    }
    let names = |choose: fn(&Text) -> &'static str| -> Vec<&'static str> {
        open.iter().map(choose).collect()
    };
    working.note(
        Warning,
        "checklist_open",
        "left_out",
        text(
            "清单中的以下类别既没有数据也没有不纳入的理由：{zh}。",
            "These classes of the checklist have neither a line nor a reason for leaving them out: {en}.",
        ),
        &[
            ("zh", names(|text| text.zh).join("、")),
            ("en", names(|text| text.en).join(", ")),
        ],
    );
}
