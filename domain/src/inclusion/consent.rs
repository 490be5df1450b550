//! What a person agrees to: one consent per purpose, source and scene, with the text that was shown, by version.
//!
//! Personal Information Protection Law art. 13 to 16, 23, 28, 29, 31 ask for informed, specific and separate consent that can be withdrawn
//! as easily as it was given, and for that of a guardian under 14 [K: the law is quoted from general knowledge; the texts are ours].
//!
//! A text is never changed; a new one has the next version. Whoever agreed to an earlier one is asked again. A consent to a text still holds
//! under a later one that asks for no more ([`ConsentText::widens`]); where a later one does, what it would cover waits until the person agrees.

use serde::{Deserialize, Serialize};

use methodologies::text::{Text, text};

/// What a consent is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// 开户: to keep an account and count what the person records. Ends with the account only.
    Account,
    /// 数据来源: one provider may send the records of one scene.
    Source,
    /// 归集: grams whose points are spent or given may be certified and used by others.
    Assignment,
    /// 榜单: to be shown under a nickname.
    Board,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: &[Self] = &[Self::Account, Self::Source, Self::Assignment, Self::Board];

    /// The stable text in the database and in the interface catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Source => "source",
            Self::Assignment => "assignment",
            Self::Board => "board",
        }
    }

    /// The purpose with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|purpose| purpose.code() == code)
    }

    /// The text that is shown now: the one with the highest version.
    pub fn text(self) -> &'static ConsentText {
        let mut newest = &CONSENT_TEXTS[0];
        for text in CONSENT_TEXTS {
            if text.purpose == self && (newest.purpose != self || newest.version < text.version) {
                newest = text;
            }
        }
        newest
    }

    /// The text of a version, if there was one.
    pub fn text_of(self, version: i64) -> Option<&'static ConsentText> {
        CONSENT_TEXTS
            .iter()
            .find(|text| text.purpose == self && text.version == version)
    }

    /// The earliest version that covers what the text of now says: that of the last text that asked for more than the one before it.
    pub fn covered_since(self) -> i64 {
        CONSENT_TEXTS
            .iter()
            .filter(|text| text.purpose == self && text.widens)
            .map(|text| text.version)
            .max()
            .unwrap_or(1)
    }

    /// What a consent to this version is worth now.
    pub fn standing(self, version: i64) -> ConsentStanding {
        if version >= self.text().version {
            ConsentStanding::Current
        } else if version >= self.covered_since() {
            ConsentStanding::Covered
        } else {
            ConsentStanding::Waits
        }
    }
}

/// What a live consent is worth beside the text of now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentStanding {
    /// It was given to this text.
    Current,
    /// It was given to an earlier text, and the text of now asks for no more: it holds, and the person is asked to agree to the new words.
    Covered,
    /// The text of now asks for more: what needs it waits until the person agrees.
    Waits,
}

/// What is shown before somebody agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ConsentText {
    /// What it is for.
    pub purpose: Purpose,
    /// Its version; a text is never changed, a new one has the next number.
    pub version: i64,
    /// Whether it asks for more than the text before it: more data, another use, more people who see them. Where in doubt, it does.
    pub widens: bool,
    /// In plain words: what is taken, what for, how long, and what withdrawing does.
    pub text: Text,
}

/// Every text there was.
pub const CONSENT_TEXTS: &[ConsentText] = &[
    ConsentText {
        purpose: Purpose::Account,
        version: 1,
        widens: false,
        text: text(
            "我们保存您的邮箱、称呼、所在地区和您自己记录的行为，用来计算减排量和积分。不保存行程轨迹，只保存距离、方式、城市和日期。销户后未归集的克数作废，已签发的吨数以去标识的形式保留。",
            "We keep your e-mail address, the name you give, your region and the acts you record, to count reductions and points. No track is kept: distance, mode, city and day only. When you close the account, grams that were not assigned become void; tonnes already issued stay, without your name.",
        ),
    },
    ConsentText {
        purpose: Purpose::Source,
        version: 1,
        widens: false,
        text: text(
            "您同意此运营方把您在此情景下的记录（订单号、日期、起止时间、距离或数量、城市）发给我们。只用于计算减排量；订单号只以加盐摘要保存。撤回后立即停止接收，已结算的克数仍归您。",
            "This operator may send us your records of this scene: order number, day, begin and end, distance or amount, city. They are used to count reductions only; order numbers are kept as a salted digest. When you withdraw, nothing more is taken in at once; grams already settled stay yours.",
        ),
    },
    ConsentText {
        purpose: Purpose::Assignment,
        version: 1,
        widens: false,
        text: text(
            "您兑换或赠予积分时，对应的克数归集给平台或活动，可经核查后签发为吨并被使用。每一克只使用一次，您始终能看到它在哪里。撤回后，之后花掉的积分所对应的克数不再归集，也永不核证；已归集的不能收回。",
            "When you spend or give points, the grams behind them are assigned to the platform or the event and may be certified as tonnes and used. Each gram is used once, and you can always see where it is. After you withdraw, grams behind points you spend are no longer assigned and never certified; what was assigned cannot come back.",
        ),
    },
    ConsentText {
        purpose: Purpose::Board,
        version: 1,
        widens: false,
        text: text(
            "您的昵称和累计克数会出现在榜单上。撤回后立即不再显示。",
            "Your nickname and your grams appear on the board. After you withdraw they are gone from it at once.",
        ),
    },
    ConsentText {
        purpose: Purpose::Board,
        version: 2,
        widens: true,
        text: text(
            "您的昵称和每月已核实的克数会出现在您所在地区和所加入团体的榜单上，不显示姓名、手机号和邮箱。榜单不足规定人数时整张不显示。只有登录的个人用户能看地区榜，只有成员能看团体榜。撤回后立即不再显示。",
            "Your nickname and the verified grams of each month appear on the board of your region and of the groups you are in; never your name, number or e-mail address. A board with too few people shows nothing at all. Boards of a region are seen by people with an account, those of a group by its members. After you withdraw you are gone from them at once.",
        ),
    },
    ConsentText {
        purpose: Purpose::Account,
        version: 2,
        widens: true,
        text: text(
            "我们保存您的手机号或邮箱、称呼、所在地区和您自己记录的行为，用来登录、计算减排量和积分、核对等级与年度评价。不保存行程轨迹，只保存距离、方式、城市和日期。年度评价只给您自己看，不用于其他决定。销户后未归集的克数作废，已签发的吨数以去标识的形式保留。",
            "We keep your mobile number or e-mail address, the name you give, your region and the acts you record, to sign you in, to count reductions and points, levels and the yearly rating. No track is kept: distance, mode, city and day only. The rating is shown to you alone and decides nothing else. When you close the account, grams that were not assigned become void; tonnes already issued stay, without your name.",
        ),
    },
    ConsentText {
        purpose: Purpose::Account,
        version: 3,
        widens: true,
        text: text(
            "我们保存您的手机号或邮箱、称呼、所在地区和您自己记录的行为，用来登录、计算减排量和积分、核对等级与年度评价。不保存行程轨迹；一次出行保存方式、距离、城市、日期和起止时刻，时刻只用来识别重叠和速度不可能的记录。您附的照片供您和处理复核、申诉的登记机构人员查看。年度评价只给您自己看，不用于其他决定。销户时起止时刻和照片删除，未归集的克数作废；已签发的吨数及其行为以去标识的形式保留，以便追溯每一克。",
            "We keep your mobile number or e-mail address, the name you give, your region and the acts you record, to sign you in, to count reductions and points, levels and the yearly rating. No track is kept: of a trip its mode, distance, city, day, begin and end; the hours serve only to find records that overlap or cannot be. A photo you add is seen by you and by those at the registry who decide about a review or an appeal. The rating is shown to you alone and decides nothing else. When you close the account, hours and photos are deleted and grams that were not assigned become void; tonnes already issued and the acts behind them stay without your name, so that every gram can be traced.",
        ),
    },
    ConsentText {
        purpose: Purpose::Source,
        version: 2,
        widens: true,
        text: text(
            "您同意此运营方把您在此情景下的记录（订单号、日期、起止时刻、距离或数量、城市）发给我们，用来计算减排量，并识别重复、重叠和不可能的记录。订单号和表号不保存，只保存用本平台密钥算出的摘要；日期、起止时刻、距离或数量、城市随账户保存，销户时起止时刻删除。早于此同意之日的记录不接收。撤回后立即停止接收，已结算的克数仍归您。",
            "This operator may send us your records of this scene: order number, day, begin and end, distance or amount, city. They are used to count reductions and to find records that come twice, overlap or cannot be. Numbers of orders and meters are not kept, only a digest made with a key of this platform; day, begin and end, distance or amount and city are kept with the account, and begin and end are deleted when it is closed. Nothing from before the day of this consent is taken in. When you withdraw, nothing more is taken in at once; grams already settled stay yours.",
        ),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_have_no_gap_and_the_first_text_widens_nothing() {
        for purpose in Purpose::ALL {
            let mut versions: Vec<i64> = CONSENT_TEXTS
                .iter()
                .filter(|text| text.purpose == *purpose)
                .map(|text| text.version)
                .collect();
            versions.sort_unstable();
            let newest = purpose.text().version;
            assert_eq!(versions, (1..=newest).collect::<Vec<_>>(), "{purpose:?}");
            assert!(purpose.text_of(1).is_some_and(|text| !text.widens));
            assert!(purpose.text_of(0).is_none() && purpose.text_of(newest + 1).is_none());
        }
    }

    #[test]
    fn a_consent_waits_where_a_later_text_asks_for_more() {
        for (purpose, version, standing) in [
            (Purpose::Board, 1, ConsentStanding::Waits),
            (Purpose::Board, 2, ConsentStanding::Current),
            (Purpose::Account, 2, ConsentStanding::Waits),
            (Purpose::Source, 1, ConsentStanding::Waits),
            (Purpose::Assignment, 1, ConsentStanding::Current),
        ] {
            assert_eq!(purpose.standing(version), standing, "{purpose:?} {version}");
            let since = purpose.covered_since();
            assert!(since <= purpose.text().version);
            // between the last text that asked for more and the one of now, it holds
            for covered in since..purpose.text().version {
                assert_eq!(purpose.standing(covered), ConsentStanding::Covered);
            }
        }
    }
}
