//! The programme's own rules: the same for every methodology.

use time::Date;

use super::{Condition, Finding, Verdict, answer, by_answer, fact, rule_day, years, yes_no};
use crate::day;
use crate::input::Reader;
use crate::schema::{Field, Kind};
use crate::text::{Text, text};

const MEASURES_10: &str = "温室气体自愿减排交易管理办法（试行）第十条";
const MEASURES_16: &str = "温室气体自愿减排交易管理办法（试行）第十六条";
const MEASURES_17: &str = "温室气体自愿减排交易管理办法（试行）第十七条";

pub(super) const LAWFUL: Field = yes_no(
    "lawful",
    "符合法律法规和产业政策",
    "Complies with law and sector policy",
);
pub(super) const NOT_ETS: Field = yes_no(
    "in_emissions_trading",
    "纳入全国或地方碳市场配额管理",
    "Under quota management of a national or local emissions trading scheme",
);
pub(super) const OBLIGED: Field = yes_no(
    "legally_obliged",
    "法律法规强制要求减排",
    "Obliged by law to reduce emissions",
);
pub(super) const START: Field = fact(
    "construction_start",
    Kind::Date,
    text("开工日期", "Start of construction"),
);
pub(super) const FROM: Field = fact(
    "crediting_from",
    Kind::Date,
    text("计入期首日", "First day of the crediting period"),
);
pub(super) const TO: Field = fact(
    "crediting_to",
    Kind::Date,
    text("计入期末日", "Last day of the crediting period"),
);

/// What only a pre-check asks: a project in the registry answers it by its acts.
pub(super) static PRECHECK_FIELDS: [Field; 4] = [
    yes_no(
        "in_other_mechanism",
        "已在其他温室气体减排机制登记，或减排量已被其他机制认可",
        "Registered in another greenhouse gas mechanism, or its reductions recognised by one",
    ),
    yes_no(
        "was_deregistered",
        "曾在本机制登记后注销",
        "Was registered in this programme before and deregistered",
    ),
    fact(
        "reductions_from",
        Kind::Date,
        text(
            "首次申请的减排量的首日",
            "First day of the reductions to be applied for first",
        ),
    ),
    fact(
        "application_date",
        Kind::Date,
        text(
            "减排量登记申请的（预计）日期",
            "Day on which the reductions are (or will be) applied for",
        ),
    ),
];

/// The rules that only a pre-check asks.
pub(super) fn precheck(reader: &mut Reader<'_>, findings: &mut Vec<Finding>) {
    findings.push(unique(reader));
    findings.push(never_deregistered(reader));
    findings.push(within_five_years(reader));
}

/// Additionality of a methodology that exempts every project it applies to.
pub(super) fn exempt(findings: &[Finding], clause: &'static str) -> Finding {
    let own = || {
        findings
            .iter()
            .filter(|finding| !finding.id.starts_with("P-"))
    };
    let condition = Condition {
        id: "P-ADDITIONAL",
        clause,
        question: text("项目具有额外性吗？", "Is the project additional?"),
        evidence: text(
            "符合本方法学适用条件的项目免予论证",
            "A project that meets the conditions of this methodology need not argue it",
        ),
        assumed: false,
        fields: &[],
    };
    condition.judged(if own().any(|finding| finding.passed == Some(false)) {
        Verdict::unmet(
            "conditions_not_met",
            text(
                "只有符合适用条件的项目才免予论证。",
                "Only a project that meets the conditions is exempt.",
            ),
            text(
                "先满足上面未满足的适用条件。",
                "First meet the conditions above that are not met.",
            ),
        )
    } else if own().all(|finding| finding.passed == Some(true)) {
        Verdict::met("exempt", text("免予论证。", "It need not be argued."))
    } else {
        Verdict {
            remedy: Some(
                text(
                    "先回答上面的适用条件。",
                    "Answer the conditions of the methodology first.",
                )
                .into(),
            ),
            ..Verdict::open()
        }
    })
}

/// Lawful and in line with sector policy; the condition of several methodologies.
pub(super) fn lawful(
    reader: &mut Reader<'_>,
    id: &'static str,
    clause: &'static str,
    assumed: bool,
) -> Finding {
    let condition = Condition {
        id,
        clause,
        question: text(
            "符合法律法规和产业政策吗？",
            "Does it comply with law and sector policy?",
        ),
        evidence: text(
            "核准、环评批复、验收文件",
            "Approvals, environmental assessment, acceptance",
        ),
        assumed,
        fields: &["lawful"],
    };
    by_answer(
        reader,
        condition,
        true,
        ("lawful", text("符合。", "It does.")),
        ("not_lawful", text("不符合。", "It does not.")),
        text(
            "补齐核准、备案、环评等手续并整改后再申请。",
            "Obtain the missing approvals and correct what is unlawful before applying.",
        ),
    )
}

/// Outside emissions trading, and voluntary.
pub(super) fn outside_trading(reader: &mut Reader<'_>, id: &'static str) -> Finding {
    let condition = Condition {
        id,
        clause: MEASURES_10,
        question: text(
            "未纳入碳市场配额管理，且非法律强制减排？",
            "Outside emissions trading, and not obliged by law?",
        ),
        evidence: text(
            "业主承诺、重点排放单位名录",
            "Owner's statement, list of key emitters",
        ),
        assumed: false,
        fields: &["in_emissions_trading", "legally_obliged"],
    };
    let traded = answer(reader, "in_emissions_trading");
    let obliged = answer(reader, "legally_obliged");
    condition.judged(match (traded, obliged) {
        (Some(true), _) => Verdict::unmet(
            "in_emissions_trading",
            text(
                "已纳入碳市场配额管理。",
                "It is under quota management of an emissions trading scheme.",
            ),
            text(
                "配额管理范围内的减排量不得申请；只有不在任何配额边界内的新增设施可以单独申请。",
                "Reductions inside quota management cannot be claimed; only facilities outside every quota boundary may apply on their own.",
            ),
        ),
        (_, Some(true)) => Verdict::unmet(
            "legally_obliged",
            text(
                "属于法律法规强制减排。",
                "The reduction is an obligation by law.",
            ),
            text(
                "强制义务以内的减排不得申请；若义务并不覆盖本项目，请附依据后更正答案。",
                "What the law demands cannot be claimed; if the obligation does not cover this project, attach the reason and correct the answer.",
            ),
        ),
        (Some(false), Some(false)) => Verdict::met(
            "outside_trading_and_voluntary",
            text(
                "未纳入配额管理，且为自愿。",
                "It is outside emissions trading, and voluntary.",
            ),
        ),
        _ => Verdict::open(),
    })
}

/// Started after the day of the measures.
pub(super) fn construction_start(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
        id: "P-START",
        clause: MEASURES_10,
        question: text(
            "2012-11-08 之后开工吗？",
            "Did construction start after 2012-11-08?",
        ),
        evidence: text(
            "开工令、施工许可；造林和红树林项目为整地、栽植的施工记录",
            "Order to start work, building permit; for planting projects the log of site preparation and planting",
        ),
        assumed: false,
        fields: &["construction_start"],
    };
    let (Some(start), Some(after)) = (
        reader.date("construction_start"),
        rule_day("construction_after"),
    ) else {
        return condition.judged(Verdict::open());
    };
    let values = [
        ("start", day::to_text(start)),
        ("after", day::to_text(after)),
    ];
    condition.judged(if start > after {
        Verdict::met(
            "started_after_limit",
            text(
                "{start} 开工，晚于 {after}。",
                "It started on {start}, after {after}.",
            )
            .fill(&values),
        )
    } else {
        Verdict::unmet(
            "started_too_early",
            text(
                "{start} 开工，不晚于 {after}。",
                "It started on {start}, not after {after}.",
            )
            .fill(&values),
            text(
                "已开工的项目不能补救；只有 {after} 之后开工的部分可以作为单独项目申请。请核对日期是否为最早的现场活动。",
                "This cannot be mended; only a part started after {after} may apply as a project of its own. Check that the day is that of the earliest work on site.",
            )
            .fill(&values),
        )
    })
}

/// Not before the first creditable day.
pub(super) fn first_day(from: Option<Date>) -> Finding {
    let condition = Condition {
        id: "P-FIRST-DAY",
        clause: MEASURES_17,
        question: text(
            "计入期不早于 2020-09-23 开始吗？",
            "Does the crediting period start on 2020-09-23 or later?",
        ),
        evidence: text("项目设计文件 C 部分", "Design document, part C"),
        assumed: false,
        fields: &["crediting_from"],
    };
    let (Some(from), Some(first)) = (from, rule_day("first_creditable_day")) else {
        return condition.judged(Verdict::open());
    };
    let values = [("from", day::to_text(from)), ("first", day::to_text(first))];
    condition.judged(if from >= first {
        Verdict::met(
            "not_before_first_day",
            text("自 {from} 起。", "From {from}.").fill(&values),
        )
    } else {
        Verdict::unmet(
            "before_first_day",
            text("{from} 早于 {first}。", "{from} is before {first}.").fill(&values),
            text(
                "把计入期首日改为 {first} 或以后。",
                "Start the crediting period on {first} or later.",
            )
            .fill(&values),
        )
    })
}

/// Not longer than the methodology allows, and for sinks not shorter either; both ends included.
pub(super) fn crediting_length(
    from: Option<Date>,
    to: Option<Date>,
    years_min: Option<i32>,
    years_max: i32,
    clause: &'static str,
) -> Finding {
    let condition = Condition {
        id: "P-PERIOD",
        clause,
        question: if years_min.is_some() {
            text(
                "计入期不短于 20 年、不超过 40 年吗（含首尾两天）？",
                "Is the crediting period 20 to 40 years long, both ends included?",
            )
        } else {
            text(
                "计入期不超过十年吗（含首尾两天）？",
                "Is the crediting period ten years at most, both ends included?",
            )
        },
        evidence: text("项目设计文件 C 部分", "Design document, part C"),
        assumed: years_min.is_some(),
        fields: &["crediting_from", "crediting_to"],
    };
    let end_after = |years: i32| {
        from.and_then(|from| day::years_later(from, years))
            .and_then(Date::previous_day)
    };
    let (Some(from), Some(to), Some(last)) = (from, to, end_after(years_max)) else {
        return condition.judged(Verdict::open());
    };
    let earliest = years_min.and_then(end_after).unwrap_or(from);
    let values = [
        ("from", day::to_text(from)),
        ("to", day::to_text(to)),
        ("last", day::to_text(last)),
        ("earliest", day::to_text(earliest)),
    ];
    let reason = |zh, en| text(zh, en).fill(&values);
    condition.judged(if to < from {
        Verdict::unmet(
            "end_before_start",
            reason(
                "末日 {to} 早于首日 {from}。",
                "The last day, {to}, is before the first, {from}.",
            ),
            reason("更正两个日期。", "Correct the two days."),
        )
    } else if to > last {
        Verdict::unmet(
            "crediting_too_long",
            reason("最晚到 {last}。", "It may end on {last} at the latest."),
            reason("把末日改为 {last} 或以前。", "End it on {last} or earlier."),
        )
    } else if to < earliest {
        Verdict::unmet(
            "crediting_too_short",
            reason(
                "最早到 {earliest}。",
                "It may end on {earliest} at the earliest.",
            ),
            reason(
                "把末日改为 {earliest} 至 {last} 之间的一天。",
                "End it on a day from {earliest} to {last}.",
            ),
        )
    } else {
        Verdict::met(
            "crediting_within_limit",
            reason("{from} 至 {to}。", "{from} to {to}."),
        )
    })
}

/// In no other mechanism.
fn unique(reader: &mut Reader<'_>) -> Finding {
    by_answer(
        reader,
        Condition {
            id: "P-UNIQUE",
            clause: MEASURES_10,
            question: text(
                "没有参与其他温室气体减排机制，不存在重复认定和计算吗？",
                "Is it in no other greenhouse gas mechanism, without double recognition or counting?",
            ),
            evidence: text(
                "唯一性声明；在其他机制（CDM、VCS、地方碳普惠、林业碳票等）的查询结果",
                "Statement of uniqueness; searches in other mechanisms (CDM, VCS, local carbon-inclusion schemes, forestry carbon tickets)",
            ),
            assumed: false,
            fields: &["in_other_mechanism"],
        },
        false,
        ("unique", text("没有。", "It is in none.")),
        (
            "in_other_mechanism",
            text(
                "已在其他机制中登记或被认可。",
                "It is registered in or recognised by another mechanism.",
            ),
        ),
        text(
            "先在其他机制中注销，并证明拟申请期间的减排量未被其签发、使用；已签发的期间不得再申请。",
            "Leave the other mechanism first and show that it issued and used nothing for the days to be claimed; days it issued for are lost.",
        ),
    )
}

/// A deregistered project may never be registered again.
fn never_deregistered(reader: &mut Reader<'_>) -> Finding {
    by_answer(
        reader,
        Condition {
            id: "P-AGAIN",
            clause: MEASURES_16,
            question: text(
                "从未在登记后被注销吗？",
                "Was it never registered and then deregistered?",
            ),
            evidence: text("登记系统记录", "Records of the registry"),
            assumed: false,
            fields: &["was_deregistered"],
        },
        false,
        ("never_deregistered", text("没有注销过。", "It never was.")),
        (
            "deregistered",
            text(
                "注销的项目不得再次登记。",
                "A deregistered project may not be registered again.",
            ),
        ),
        text(
            "不能补救。尚未登记、仅曾撤回或终止申请的项目可以重新申请：若属于这种情况，请更正答案。",
            "This cannot be mended. An application that was only withdrawn or terminated may be made again: if that is the case, correct the answer.",
        ),
    )
}

/// Reductions arose at most five years before they are applied for; the same day five years back still counts.
fn within_five_years(reader: &mut Reader<'_>) -> Finding {
    let condition = Condition {
        id: "P-FIVE-YEARS",
        clause: MEASURES_17,
        question: text(
            "申请登记的减排量产生于申请之日前五年以内吗？",
            "Did the reductions arise within the five years before they are applied for?",
        ),
        evidence: text(
            "减排量核算报告的核算期；申请创建日（北京时间）",
            "Period of the accounting report; day on which the application is created (Beijing time)",
        ),
        assumed: false,
        fields: &["reductions_from", "application_date"],
    };
    let (from, applied) = (
        reader.date("reductions_from"),
        reader.date("application_date"),
    );
    let earliest = applied
        .zip(years("condition.reductions_years_max"))
        .and_then(|(applied, years)| day::years_later(applied, -years));
    let (Some(from), Some(applied), Some(earliest)) = (from, applied, earliest) else {
        return condition.judged(Verdict::open());
    };
    let values = [
        ("from", day::to_text(from)),
        ("applied", day::to_text(applied)),
        ("earliest", day::to_text(earliest)),
    ];
    let fill = |pattern: Text| pattern.fill(&values);
    condition.judged(if from > applied {
        Verdict::unmet(
            "not_arisen_yet",
            fill(text(
                "{from} 晚于申请日 {applied}：减排量尚未产生。",
                "{from} is after the application of {applied}: nothing has arisen yet.",
            )),
            fill(text("在 {from} 之后再申请。", "Apply after {from}.")),
        )
    } else if from >= earliest {
        Verdict::met(
            "within_five_years",
            fill(text(
                "{from} 不早于 {earliest}。",
                "{from} is not before {earliest}.",
            )),
        )
    } else {
        Verdict::unmet(
            "older_than_five_years",
            fill(text(
                "{applied} 申请时，{earliest} 以前的减排量已经过期。",
                "When applied for on {applied}, reductions from before {earliest} have lapsed.",
            )),
            fill(text(
                "把核算期首日改为 {earliest} 或以后，或提早申请。",
                "Start the accounting period on {earliest} or later, or apply earlier.",
            )),
        )
    })
}
