//! The sources that the guide of 2019 asks to look at, by stage, with the standard it names for each.

use serde::Serialize;

use crate::parameter::Confidence;
use crate::text::{Text, text};

/// One entry of the checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Its code.
    pub code: &'static str,
    /// Class of the inventory its lines belong to.
    pub class: &'static str,
    /// Scope 1, 2 or 3, our mark: the guide has none.
    pub scope: u8,
    /// What to look for.
    pub what: Text,
    /// The standard that the guide names for it.
    pub standard: Text,
    /// Stages in which it mostly occurs, our mark.
    pub stages: &'static [&'static str],
    /// Where the entry is from.
    pub source: Text,
    /// How sure one may be; `None`: read in the table of the guide.
    pub confidence: Option<Confidence>,
}

const GUIDE: Text = text(
    "《大型活动碳中和实施指南（试行）》（生态环境部公告2019年第19号）附录",
    "Guide to carbon neutrality of large events (trial), MEE announcement 19 of 2019, appendix",
);
const GUIDE_PART: Text = text(
    "《大型活动碳中和实施指南（试行）》附录（该行未读到全文）",
    "Guide to carbon neutrality of large events (trial), appendix; the row was not seen in full",
);
const PRACTICE: Text = text(
    "指南未列；公开案例的做法",
    "Not in the guide; practice of published cases",
);
const BUILDINGS: Text = text(
    "《公共建筑运营单位（企业）温室气体排放核算方法与报告指南（试行）》（发改办气候〔2015〕1722号）",
    "Guideline for operators of public buildings (NDRC 2015 no. 1722)",
);
const ROAD: Text = text(
    "《陆上交通运输企业温室气体排放核算方法与报告指南（试行）》",
    "Guideline for land transport enterprises",
);
const IPCC: Text = text(
    "《2006年IPCC国家温室气体清单指南》等",
    "IPCC 2006 Guidelines and others",
);
const PUBLISHED: Text = text(
    "公开发布的排放因子或生命周期数据",
    "Published factors or life-cycle data",
);
const INVENTORY: Text = text(
    "《省级温室气体清单编制指南（试行）》",
    "Guidelines for provincial greenhouse gas inventories (trial)",
);

const ALL_STAGES: &[&str] = &["prepare", "hold", "close"];
const HOLD: &[&str] = &["hold"];
const HOLD_CLOSE: &[&str] = &["hold", "close"];
const PREPARE_HOLD: &[&str] = &["prepare", "hold"];

/// Every entry, the guide's first.
pub const fn checklist() -> &'static [Item] {
    &ITEMS
}

static ITEMS: [Item; 13] = [
    Item {
        code: "fixed_combustion",
        class: "fossil_fixed",
        scope: 1,
        what: text(
            "场馆与主办方办公场所的锅炉、直燃机、燃气灶具",
            "Boilers, direct-fired units and gas stoves in venues and offices of the organiser",
        ),
        standard: BUILDINGS,
        stages: ALL_STAGES,
        source: GUIDE,
        confidence: None,
    },
    Item {
        code: "mobile_combustion",
        class: "fossil_mobile",
        scope: 1,
        what: text(
            "为活动服务的公务车等燃油、燃气车辆",
            "Official cars and other vehicles with engines that serve the event",
        ),
        standard: ROAD,
        stages: ALL_STAGES,
        source: GUIDE,
        confidence: None,
    },
    Item {
        code: "venue_electricity",
        class: "electricity",
        scope: 2,
        what: text("场馆净购入电力", "Electricity purchased for venues"),
        standard: BUILDINGS,
        stages: ALL_STAGES,
        source: GUIDE,
        confidence: None,
    },
    Item {
        code: "vehicle_electricity",
        class: "electricity",
        scope: 2,
        what: text(
            "为活动服务的电动车辆用电",
            "Electricity of electric vehicles that serve the event",
        ),
        standard: ROAD,
        stages: ALL_STAGES,
        source: GUIDE,
        confidence: None,
    },
    Item {
        code: "venue_heat",
        class: "heat",
        scope: 2,
        what: text("场馆净购入热力", "Heat purchased for venues"),
        standard: BUILDINGS,
        stages: HOLD,
        source: GUIDE,
        confidence: None,
    },
    Item {
        code: "travel",
        class: "travel",
        scope: 3,
        what: text(
            "组织者与参与者的交通：飞机、高铁、地铁、出租车、私家车",
            "Travel of organisers and participants: plane, high-speed rail, metro, taxi, private car",
        ),
        standard: IPCC,
        stages: ALL_STAGES,
        source: GUIDE,
        confidence: None,
    },
    Item {
        code: "lodging",
        class: "lodging",
        scope: 3,
        what: text("参与者住宿", "Lodging of participants"),
        standard: BUILDINGS,
        stages: HOLD,
        source: GUIDE_PART,
        confidence: Some(Confidence::Medium),
    },
    Item {
        code: "catering",
        class: "catering",
        scope: 3,
        what: text("参与者餐饮", "Meals of participants"),
        standard: PUBLISHED,
        stages: HOLD,
        source: GUIDE_PART,
        confidence: Some(Confidence::Medium),
    },
    Item {
        code: "goods",
        class: "goods",
        scope: 3,
        what: text(
            "采购的会议用品、原材料隐含的碳排放",
            "Embodied emissions of purchased supplies and materials",
        ),
        standard: PUBLISHED,
        stages: PREPARE_HOLD,
        source: GUIDE_PART,
        confidence: Some(Confidence::Medium),
    },
    Item {
        code: "waste",
        class: "waste",
        scope: 3,
        what: text(
            "废弃物填埋的甲烷与焚烧的化石碳",
            "Methane of waste to landfill, fossil carbon of waste burnt",
        ),
        standard: INVENTORY,
        stages: HOLD_CLOSE,
        source: GUIDE_PART,
        confidence: Some(Confidence::Medium),
    },
    Item {
        code: "freight",
        class: "freight",
        scope: 3,
        what: text(
            "展品、设备与物资的运输",
            "Transport of exhibits, equipment and supplies",
        ),
        standard: PUBLISHED,
        stages: ALL_STAGES,
        source: PRACTICE,
        confidence: Some(Confidence::Low),
    },
    Item {
        code: "water",
        class: "water",
        scope: 3,
        what: text("用水", "Water"),
        standard: PUBLISHED,
        stages: HOLD,
        source: PRACTICE,
        confidence: Some(Confidence::Low),
    },
    Item {
        code: "other",
        class: "other",
        scope: 3,
        what: text(
            "线上参会、制冷剂泄漏、场馆搭建等",
            "Online participants, refrigerants, construction of venues",
        ),
        standard: PUBLISHED,
        stages: ALL_STAGES,
        source: PRACTICE,
        confidence: Some(Confidence::Low),
    },
];

/// The scope of a class: 1, 2 or 3.
pub(super) fn scope(class: &str) -> u8 {
    ITEMS
        .iter()
        .find(|item| item.class == class)
        .map_or(3, |item| item.scope)
}

/// Classes that the guide itself lists.
pub(super) fn of_guide() -> impl Iterator<Item = &'static str> {
    ITEMS
        .iter()
        .filter(|item| item.source != PRACTICE)
        .map(|item| item.class)
}

#[cfg(test)]
mod tests {
    use super::super::fields;
    use super::*;

    #[test]
    fn every_class_and_stage_of_the_checklist_can_be_written_in_an_inventory() {
        let known = |choices: &[crate::schema::Choice], value: &str| {
            choices.iter().any(|choice| choice.value == value)
        };
        for item in checklist() {
            assert!(known(&fields::CLASSES, item.class), "{}", item.code);
            assert!(!item.stages.is_empty());
            assert!(
                item.stages
                    .iter()
                    .all(|stage| known(&fields::STAGES, stage))
            );
        }
        for class in &fields::CLASSES {
            assert!(checklist().iter().any(|item| item.class == class.value));
        }
        assert_eq!(scope("heat"), 2);
        assert_eq!(of_guide().filter(|class| *class == "water").count(), 0);
    }
}
