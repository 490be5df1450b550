//! The public catalogue of methodologies as far as it is known, also those without a calculator here.
//!
//! What an official page said and what was concluded from public records are told apart by `confidence` and `source`;
//! a code, a day or a scope that was not found is `None` or empty, never guessed.

use serde::Serialize;
use time::Date;
use time::macros::date;

use crate::parameter::Confidence;
use crate::text::{Text, text};

/// The day of the public records that [`Listed::records`] counts.
pub const RECORDS_AS_OF: Date = date!(2026 - 08 - 20);

/// One entry of the public catalogue.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Listed {
    /// Its code with the version; `None`: not found.
    pub code: Option<&'static str>,
    /// Its title.
    pub title: Text,
    /// When it was published, as far as known: `2023-10-24`, `2025-12` or empty.
    pub published: &'static str,
    /// What it is for, in one sentence; `None`: its text was not at hand.
    pub scope: Option<Text>,
    /// Where it stands.
    pub status: ListedStatus,
    /// Project type of the registry; `None`: no public record shows it.
    pub project_type: Option<&'static str>,
    /// Public records of projects on [`RECORDS_AS_OF`]; `None`: cannot be told without the code.
    pub records: Option<u16>,
    /// What else is known; may be empty.
    pub remark: Text,
    /// Where this entry is from.
    pub source: Text,
    /// How sure one may be of code and title.
    pub confidence: Confidence,
    /// The calculators here: those of the catalogue, an estimator, or none.
    pub calculators: &'static [&'static str],
}

/// Where an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ListedStatus {
    /// In force.
    InForce,
    /// In force; a revision was put out for comment and is not in force.
    RevisionInConsultation,
    /// On the registry's list, but not identified.
    NotIdentified,
}

impl ListedStatus {
    /// The status in words.
    pub const fn text(self) -> Text {
        match self {
            Self::InForce => text("施行中", "in force"),
            Self::RevisionInConsultation => text(
                "施行中；修订稿征求意见，尚未施行",
                "in force; a revision is in consultation and not in force",
            ),
            Self::NotIdentified => text("名单中有此项，未能识别", "on the list, not identified"),
        }
    }
}

/// A draft that was put out for comment.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Consultation {
    /// The day on which it was put out.
    #[serde(with = "crate::day::as_text")]
    pub on: Date,
    /// Its title; of several that were not identified, a description.
    pub title: Text,
    /// The methodology it would revise; `None`: a new one, or not known.
    pub revises: Option<&'static str>,
    /// What is known of it.
    pub remark: Text,
    /// How sure one may be.
    pub confidence: Confidence,
}

/// Every entry known of the public catalogue, by code; those whose code is not known come last.
pub const fn listed() -> &'static [Listed] {
    &LISTED
}

/// Drafts put out for comment that are not in force, oldest first.
pub const fn consultations() -> &'static [Consultation] {
    &CONSULTATIONS
}

const REGISTER: Text = text(
    "公开信息平台项目记录（2026-08-20）与公布的方法学正文",
    "Public project records (2026-08-20) and the published text",
);
const OPENING: Text = text(
    "公开信息平台项目记录（2026-08-20）；方法学正文只读到开头部分",
    "Public project records (2026-08-20); only the opening of the text was at hand",
);
const LISTS: Text = text(
    "公开转载的方法学名单（2026 年 8 月）；正文未见",
    "Public reprints of the list of methodologies (August 2026); its text was not at hand",
);
const LISTS_AND_RECORDS: Text = text(
    "公开转载的方法学名单（2026 年 8 月）与公开项目记录（2026-08-20）；正文未见",
    "Public reprints of the list of methodologies (August 2026) and public project records (2026-08-20); its text was not at hand",
);
const NOTHING_MORE: Text = text("", "");

/// An entry of which only the title is known.
const fn by_title(
    code: Option<&'static str>,
    title: Text,
    published: &'static str,
    records: Option<u16>,
    confidence: Confidence,
) -> Listed {
    Listed {
        code,
        title,
        published,
        scope: None,
        status: ListedStatus::InForce,
        project_type: None,
        records,
        remark: NOTHING_MORE,
        source: LISTS,
        confidence,
        calculators: &[],
    }
}

static LISTED: [Listed; 18] = [
    Listed {
        scope: Some(text(
            "独立的并网光热电站，或“光热+”一体化项目中单独计量的光热部分。",
            "A stand-alone grid-connected solar thermal plant, or the separately metered solar thermal part of an integrated project.",
        )),
        project_type: Some("A0101"),
        source: REGISTER,
        calculators: super::SOLAR_THERMAL.calculators,
        ..by_title(
            Some("CCER-01-001-V01"),
            super::SOLAR_THERMAL.title,
            "2023-10-24",
            Some(46),
            Confidence::High,
        )
    },
    Listed {
        scope: Some(text(
            "离岸 30 km 以外或水深大于 30 m 的并网海上风电。",
            "Grid-connected wind power more than 30 km from the shore, or in water deeper than 30 m.",
        )),
        project_type: Some("A0201"),
        source: REGISTER,
        calculators: super::OFFSHORE_WIND.calculators,
        ..by_title(
            Some("CCER-01-002-V01"),
            super::OFFSHORE_WIND.title,
            "2023-10-24",
            Some(148),
            Confidence::High,
        )
    },
    by_title(
        Some("CCER-01-003-V01"),
        text(
            "中深层地热井下换热供暖",
            "Heating by downhole heat exchange in medium-deep geothermal wells",
        ),
        "2025-12-26",
        Some(0),
        Confidence::High,
    ),
    Listed {
        project_type: Some("A0401"),
        remark: text(
            "首个公开项目：库车，申报 148,383 t/年。",
            "First public project: Kuqa, 148,383 t a year as declared.",
        ),
        source: LISTS_AND_RECORDS,
        ..by_title(
            Some("CCER-01-004-V01"),
            text(
                "可再生能源电解水制氢",
                "Hydrogen by electrolysis with renewable energy",
            ),
            "2025-12-26",
            Some(1),
            Confidence::High,
        )
    },
    Listed {
        remark: text("此处为简称。", "The title is a short form."),
        ..by_title(
            Some("CCER-06-001-V01"),
            text(
                "既有公共建筑围护结构与供暖通风空调系统节能",
                "Energy saving in envelopes and heating, ventilation and air conditioning of existing public buildings",
            ),
            "2025-12-23",
            Some(0),
            Confidence::High,
        )
    },
    Listed {
        scope: Some(text(
            "公路隧道照明改为高光效 LED 并按实际数据调光，数据联网后计量节电减排。",
            "Highway tunnels relit with high-efficacy LED lamps dimmed by real data; the electricity saved counts once its data are networked.",
        )),
        project_type: Some("G0101"),
        remark: text(
            "正文公式未见；此处只有适用范围检查和标明的估算器。",
            "Its formulas were not at hand; there is a check of its scope and a marked estimator here, nothing more.",
        ),
        source: OPENING,
        calculators: super::TUNNEL_LIGHTING.calculators,
        ..by_title(
            Some("CCER-07-001-V01"),
            super::TUNNEL_LIGHTING.title,
            "2025-01",
            Some(3),
            Confidence::High,
        )
    },
    Listed {
        scope: Some(text(
            "井工煤矿甲烷体积浓度低于 8% 的低浓度瓦斯和风排瓦斯经无焰氧化销毁并利用其热量。",
            "Flameless oxidation, with use of the heat, of drainage gas below 8 % methane and of ventilation air of underground coal mines.",
        )),
        project_type: Some("J0101"),
        remark: text(
            "正文公式未见；此处只有适用范围检查和标明的估算器。",
            "Its formulas were not at hand; there is a check of its scope and a marked estimator here, nothing more.",
        ),
        source: OPENING,
        calculators: super::COAL_MINE_GAS.calculators,
        ..by_title(
            Some("CCER-10-001-V01"),
            super::COAL_MINE_GAS.title,
            "2025-01-03",
            Some(9),
            Confidence::High,
        )
    },
    Listed {
        remark: text(
            "编号由名单顺序推断。",
            "The code was concluded from the order of the list.",
        ),
        ..by_title(
            Some("CCER-10-002-V01"),
            text(
                "海上油田伴生气回收利用",
                "Recovery and use of associated gas of offshore oil fields",
            ),
            "2025-11",
            Some(0),
            Confidence::Medium,
        )
    },
    Listed {
        remark: text(
            "公开项目申报 11,771、10,277、133,917 t/年。",
            "Public projects declare 11,771, 10,277 and 133,917 t a year.",
        ),
        source: LISTS_AND_RECORDS,
        ..by_title(
            Some("CCER-10-003-V01"),
            text(
                "陆上气田试气放喷气回收利用",
                "Recovery and use of gas released in well tests of onshore gas fields",
            ),
            "2025-11",
            Some(3),
            Confidence::High,
        )
    },
    Listed {
        remark: text(
            "两个不同的公开项目申报同一数字：7,767 t/年。",
            "Two different public projects declare the same figure: 7,767 t a year.",
        ),
        source: LISTS_AND_RECORDS,
        ..by_title(
            Some("CCER-10-004-V01"),
            text(
                "陆上油田低气量伴生气回收利用",
                "Recovery and use of low-volume associated gas of onshore oil fields",
            ),
            "2025-11",
            Some(2),
            Confidence::High,
        )
    },
    Listed {
        scope: Some(text(
            "在连续三年以上的无林地上营造乔木林、竹林和灌木林，不含经济林和非林地上的通道、城镇村绿化。",
            "Planting trees, bamboo or shrubs on land that was not forest for at least three years; economic forest and the greening of roads, towns and villages on other land are left out.",
        )),
        status: ListedStatus::RevisionInConsultation,
        project_type: Some("N0101"),
        source: OPENING,
        calculators: &["CCER-14-001-V01/ex-ante", "CCER-14-001-V01/ex-post"],
        ..by_title(
            Some("CCER-14-001-V01"),
            text("造林碳汇", "Afforestation carbon sink"),
            "2023-10-24",
            Some(122),
            Confidence::High,
        )
    },
    Listed {
        scope: Some(text(
            "在适宜的无植被潮滩或退养塘人工营造红树林。",
            "Planting mangroves on bare tidal flats or retired aquaculture ponds that suit them.",
        )),
        status: ListedStatus::RevisionInConsultation,
        project_type: Some("N0201"),
        source: OPENING,
        calculators: &["CCER-14-002-V01/ex-ante", "CCER-14-002-V01/ex-post"],
        ..by_title(
            Some("CCER-14-002-V01"),
            text("红树林营造", "Mangrove creation"),
            "2023-10-24",
            Some(9),
            Confidence::High,
        )
    },
    Listed {
        project_type: Some("N0301"),
        remark: text(
            "首个公开项目：黄河三角洲，申报 16,999 t/年，40 年 679,997 t。",
            "First public project: Yellow River delta, 16,999 t a year and 679,997 t in 40 years as declared.",
        ),
        source: LISTS_AND_RECORDS,
        ..by_title(
            Some("CCER-14-003-V01"),
            text(
                "滨海盐沼植被修复",
                "Restoration of coastal salt-marsh vegetation",
            ),
            "2025-12",
            Some(1),
            Confidence::High,
        )
    },
    by_title(
        Some("CCER-14-004-V01"),
        text("海草床植被修复", "Restoration of seagrass beds"),
        "2025-12",
        Some(0),
        Confidence::High,
    ),
    by_title(
        Some("CCER-15-001-V01"),
        text(
            "规模化猪场粪污沼气回收利用",
            "Recovery and use of biogas from manure of large pig farms",
        ),
        "2025-12-17",
        Some(0),
        Confidence::High,
    ),
    by_title(
        None,
        text(
            "电气设备六氟化硫回收和净化",
            "Recovery and purification of sulphur hexafluoride of electrical equipment",
        ),
        "",
        None,
        Confidence::Medium,
    ),
    Listed {
        remark: text(
            "编号未见；不是 14-003（那是滨海盐沼）。",
            "Its code was not found; it is not 14-003, which is salt marsh.",
        ),
        ..by_title(
            None,
            text("淤地坝碳汇", "Carbon sink of silt-trapping check dams"),
            "2025-12",
            None,
            Confidence::Medium,
        )
    },
    Listed {
        status: ListedStatus::NotIdentified,
        remark: text(
            "登记机构名单共 18 项，另有一项未能识别。15-001 与另一项同时印发，可能是农业废弃物集中处理（把握较低）。",
            "The registry lists 18; one more was not identified. 15-001 was issued together with another one, possibly the central treatment of farm waste (low confidence).",
        ),
        ..by_title(
            None,
            text("（名称未知）", "(title not known)"),
            "",
            None,
            Confidence::Low,
        )
    },
];

static CONSULTATIONS: [Consultation; 4] = [
    Consultation {
        on: date!(2026 - 06 - 26),
        title: text("造林碳汇（修订）", "Afforestation carbon sink (revision)"),
        revises: Some("CCER-14-001-V01"),
        remark: text(
            "征求意见稿，至 2026-08-22 未施行；在审项目均用 V01。",
            "A draft for comment, not in force by 2026-08-22; every project on record uses V01.",
        ),
        confidence: Confidence::High,
    },
    Consultation {
        on: date!(2026 - 06 - 26),
        title: text("红树林营造（修订）", "Mangrove creation (revision)"),
        revises: Some("CCER-14-002-V01"),
        remark: text(
            "征求意见稿，至 2026-08-22 未施行。",
            "A draft for comment, not in force by 2026-08-22.",
        ),
        confidence: Confidence::High,
    },
    Consultation {
        on: date!(2026 - 08 - 13),
        title: text("更新造林碳汇", "Carbon sink of replanted forest"),
        revises: None,
        remark: text(
            "从名称看是采伐或受灾迹地更新造林的新方法学，不是对 14-001 的更新。",
            "By its name a new methodology for replanting former forest land, not an update of 14-001.",
        ),
        confidence: Confidence::Medium,
    },
    Consultation {
        on: date!(2026 - 08 - 13),
        title: text("同日另有两项征求意见", "Two more drafts of the same day"),
        revises: None,
        remark: text("名称未能确认。", "Their titles could not be confirmed."),
        confidence: Confidence::Low,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entries_account_for_every_public_record() {
        let records: u16 = listed().iter().filter_map(|entry| entry.records).sum();
        assert_eq!((listed().len(), records), (18, 344));
    }

    #[test]
    fn an_entry_without_a_code_says_so_and_has_no_calculator() {
        for entry in listed() {
            assert!(!entry.source.zh.is_empty() && !entry.source.en.is_empty());
            match entry.code {
                Some(code) => assert_eq!(
                    listed()
                        .iter()
                        .filter(|other| other.code == Some(code))
                        .count(),
                    1
                ),
                None => assert!(entry.calculators.is_empty() && entry.records.is_none()),
            }
            for calculator in entry.calculators {
                assert!(entry.code.is_some_and(|code| calculator.starts_with(code)));
            }
        }
    }

    #[test]
    fn every_methodology_with_a_calculator_is_on_the_list_with_the_same_title() {
        for methodology in crate::catalogue() {
            let entry = listed()
                .iter()
                .find(|entry| entry.code == Some(methodology.code))
                .expect("on the list");
            assert_eq!(entry.title, methodology.title);
            assert_eq!(entry.project_type, Some(methodology.project_type));
            assert_eq!(entry.calculators, methodology.calculators);
        }
    }

    #[test]
    fn what_has_an_estimator_only_cannot_be_chosen_for_a_project() {
        let day = date!(2026 - 11 - 01);
        for code in ["CCER-10-001-V01", "CCER-07-001-V01"] {
            assert!(crate::find(code, day).is_none());
            let entry = listed().iter().find(|entry| entry.code == Some(code));
            let calculators = entry.map_or(&[] as &[&str], |entry| entry.calculators);
            assert_eq!(calculators.len(), 1);
            let estimator = crate::calculator(calculators[0]).expect("there is an estimator");
            assert_eq!(estimator.stage, crate::Stage::Estimate);
        }
    }

    #[test]
    fn a_revision_names_a_methodology_of_the_list_whose_status_says_so() {
        for draft in consultations() {
            if let Some(code) = draft.revises {
                let entry = listed().iter().find(|entry| entry.code == Some(code));
                assert_eq!(
                    entry.map(|entry| entry.status),
                    Some(ListedStatus::RevisionInConsultation)
                );
            }
        }
    }
}
