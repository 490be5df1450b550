//! Penalties and legal references as dated data. The penalty for an act is the one of the day of the act.

use methodologies::text::Message;
use serde::{Deserialize, Serialize};
use time::Date;
use time::macros::date;

use super::limit::{measures, registration_rules};
use super::{Basis, RuleSource};

/// A penalty from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PenaltyEntry {
    /// Which: the same code again is a newer entry of the same penalty. Lower case letters, digits and `_`.
    pub code: String,
    /// Whom it concerns.
    pub who: Message,
    /// For what.
    pub conduct: Message,
    /// What follows.
    pub consequence: Message,
    /// The smallest fine, whole yuan; `None` where there is no fine.
    pub fine_min_yuan: Option<i64>,
    /// The largest fine, whole yuan.
    pub fine_max_yuan: Option<i64>,
    /// Whether the entry says that the penalty is no longer there.
    pub repealed: bool,
    /// The first day of acts it applies to.
    #[serde(with = "crate::calendar::iso_day")]
    pub from: Date,
    /// Where it is written; taken from the change for an operator's entry.
    pub source: Option<RuleSource>,
}

/// A law, a rule, or a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalReference {
    /// Which: an entry with the same code replaces this one. Lower case letters, digits and `_`.
    pub code: String,
    /// Its title.
    pub title: Message,
    /// What it means here, and what is not known about it.
    pub note: Message,
    /// The first day.
    #[serde(with = "crate::calendar::iso_day")]
    pub from: Date,
    /// The last day; `None`: no end known.
    #[serde(with = "crate::calendar::iso_day::option")]
    pub to: Option<Date>,
    /// Its number and address.
    pub source: Option<RuleSource>,
}

fn message(zh: &str, en: &str) -> Message {
    Message {
        zh: zh.to_owned(),
        en: en.to_owned(),
    }
}

/// The Measures' chapter 7.
const MEASURES_FROM: Date = date!(2023 - 10 - 19);

/// One line of the table of the Measures: code, article, who, conduct, consequence (each Chinese, English), fine.
type Line = (
    &'static str,
    &'static str,
    [&'static str; 2],
    [&'static str; 2],
    [&'static str; 2],
    Option<(i64, i64)>,
);

const LINES: &[Line] = &[
    (
        "inspection_obstructed",
        "art. 42",
        ["被检查者", "anyone inspected"],
        [
            "拒绝、阻挠监督检查或者弄虚作假",
            "refusing or obstructing inspection, or lying",
        ],
        ["责令改正，处罚款", "order to correct; fine"],
        Some((10_000, 100_000)),
    ),
    (
        "owner_false_material",
        "art. 43",
        ["项目业主", "project owner"],
        ["申请时提供虚假材料", "false material in an application"],
        ["责令改正，处罚款", "order to correct; fine"],
        Some((10_000, 100_000)),
    ),
    (
        "owner_falsified_data",
        "art. 43",
        ["项目业主", "project owner"],
        ["篡改、伪造数据", "falsified or forged data"],
        [
            "罚款之外，注册登记机构撤销项目登记，三年内不再受理其申请",
            "beside the fine, the registry revokes the project's registration; no application is accepted for 3 years",
        ],
        Some((10_000, 100_000)),
    ),
    (
        "owner_false_credits",
        "art. 43",
        ["项目业主", "project owner"],
        ["取得虚假的核证自愿减排量", "obtained false credits"],
        [
            "暂停交易，责令注销等量减排量；逾期未注销的强制注销、退还不足部分、处罚款，不再受理其申请",
            "trading suspended and an order to cancel an equal amount; if late, forced cancellation, refund of the shortfall, fine, and no further applications",
        ],
        Some((50_000, 100_000)),
    ),
    (
        "vvb_scope_or_procedure",
        "art. 44",
        ["审定与核查机构", "validation and verification body"],
        [
            "超出批准范围，增减审定与核查程序",
            "outside its approval; steps of the procedure added or left out",
        ],
        [
            "责令改正，处罚款，没收违法所得；情节严重的停业整顿直至撤销资质",
            "order to correct; fine; illegal income confiscated; if serious, suspension up to revocation",
        ],
        Some((50_000, 200_000)),
    ),
    (
        "vvb_false_report",
        "art. 44",
        ["审定与核查机构", "validation and verification body"],
        [
            "出具虚假或者严重失实的报告",
            "false or seriously wrong report",
        ],
        [
            "撤销资质；直接责任人员撤销执业资格",
            "approval revoked; the responsible persons lose their qualification",
        ],
        None,
    ),
    (
        "vvb_conflict",
        "art. 44",
        ["审定与核查机构", "validation and verification body"],
        ["与委托人有利益冲突", "conflict of interest with the client"],
        [
            "停业整顿；情节严重的撤销资质，没收违法所得",
            "suspension; if serious, revocation; income confiscated",
        ],
        None,
    ),
    (
        "trader_manipulation",
        "art. 45",
        ["交易主体", "trader"],
        ["操纵交易市场", "manipulation of the market"],
        [
            "由生态环境部通报批评，处罚款",
            "criticism notice and fine by the ministry",
        ],
        Some((10_000, 100_000)),
    ),
    (
        "staff_abuse",
        "art. 46",
        [
            "主管部门和登记、交易机构的工作人员",
            "officials, staff of the registry and the exchange",
        ],
        ["滥用职权、泄露信息", "abuse of office, leaks"],
        ["依法给予处分", "discipline"],
        None,
    ),
    (
        "crime",
        "art. 47",
        ["任何人", "anyone"],
        ["构成犯罪", "a crime"],
        ["依法追究刑事责任", "prosecution"],
        None,
    ),
];

/// The penalties that this program brings along: the Measures of 2023, chapter 7.
pub(super) fn initial() -> Vec<PenaltyEntry> {
    let entry = |(code, article, who, conduct, consequence, fine): &Line| PenaltyEntry {
        code: (*code).to_owned(),
        who: message(who[0], who[1]),
        conduct: message(conduct[0], conduct[1]),
        consequence: message(consequence[0], consequence[1]),
        fine_min_yuan: fine.map(|(least, _)| least),
        fine_max_yuan: fine.map(|(_, most)| most),
        repealed: false,
        from: MEASURES_FROM,
        source: Some(RuleSource {
            document: measures(),
            number: (*article).to_owned(),
            address: String::new(),
            basis: Basis::OfficialText,
        }),
    };
    LINES.iter().map(entry).collect()
}

/// The laws and rules that this program rests on.
pub(super) fn initial_references() -> Vec<LegalReference> {
    let reference =
        |code: &str, title: Message, number: &str, from: Date, to, note: Message, basis| {
            LegalReference {
                code: code.to_owned(),
                source: Some(RuleSource {
                    document: title.clone(),
                    number: number.to_owned(),
                    address: String::new(),
                    basis,
                }),
                title,
                note,
                from,
                to,
            }
        };
    let read = message("全文已核对。", "The full text was read.");
    vec![
        reference(
            "measures",
            measures(),
            "生态环境部 市场监管总局令，2023-10-19",
            MEASURES_FROM,
            None,
            message(
                "全文已核对；自公布之日起施行，所见文本印作 2023-10-20。罚则见上表。",
                "The full text was read; in force from its publication, the copy read prints 2023-10-20. Its penalties are listed above.",
            ),
            Basis::OfficialText,
        ),
        reference(
            "registration_rules",
            registration_rules(),
            "气候中心字〔2023〕11号",
            date!(2023 - 11 - 16),
            None,
            read.clone(),
            Basis::OfficialText,
        ),
        reference(
            "trading_rules",
            message(
                "温室气体自愿减排交易和结算规则（试行）",
                "Trading and settlement rules for voluntary greenhouse gas emission reductions (trial)",
            ),
            "2023-11-16",
            date!(2023 - 11 - 16),
            None,
            read.clone(),
            Basis::OfficialText,
        ),
        reference(
            "verification_rules",
            message(
                "温室气体自愿减排项目审定与减排量核查实施规则",
                "Implementation rules for validation and verification",
            ),
            "CNCA-CCER-01:2023",
            date!(2023 - 12 - 25),
            None,
            read,
            Basis::OfficialText,
        ),
        reference(
            "design_guide",
            message(
                "温室气体自愿减排项目设计与实施指南",
                "Guide to project design and implementation",
            ),
            "2023-11",
            date!(2023 - 11 - 16),
            None,
            message(
                "没有找到原文，只知其名称和日期；据此而来的做法都标为推定。",
                "The text was not found, only its name and date; what would follow from it is marked as assumed.",
            ),
            Basis::Assumed,
        ),
        reference(
            "green_certificates",
            message(
                "关于做好可再生能源绿色电力证书与自愿减排市场衔接工作的通知",
                "Notice on green certificates and the voluntary market",
            ),
            "国能综通新能〔2024〕124号",
            date!(2024 - 10 - 01),
            Some(date!(2026 - 09 - 30)),
            message(
                "过渡期两年，已于 2026-09-30 期满；后续规定没有找到，系统暂沿用原规则（推定）。",
                "Transition of two years, ended on 2026-09-30; what follows it was not found, and the same rules are applied for the time being (assumed).",
            ),
            Basis::OfficialText,
        ),
        reference(
            "ecological_code",
            message("生态环境法典", "Ecological and Environmental Code"),
            "2026-03-12",
            date!(2026 - 08 - 15),
            None,
            message(
                "2026-08-15 起施行。它对自愿减排及其罚则有何改变没有找到；未见废止 2023 年办法的规定。按行为发生之日选用罚则（第 1057 条：此前的行为适用旧规定或较轻的规定）。",
                "In force since 2026-08-15. What it changes for voluntary reductions and their penalties was not found; nothing seen repeals the Measures of 2023. The penalty is chosen by the day of the act (art. 1057: for earlier acts the old rule or the lighter one).",
            ),
            Basis::Assumed,
        ),
        reference(
            "holidays_2027",
            message(
                "2027 年部分节假日安排的通知",
                "Notice on the holidays of 2027",
            ),
            "",
            date!(2027 - 01 - 01),
            None,
            message(
                "尚未公布或没有找到。期限触及 2027 年的，在导入之前不予计算。",
                "Not published or not found. A window that reaches 2027 is refused until somebody imports it.",
            ),
            Basis::Assumed,
        ),
    ]
}
