//! The project design document (项目设计文件), in the structure of the sink template of November 2023; the power
//! template is built alike.

use crate::answers::Answers;
use crate::common::{
    annexes, conditions, cover, foot, formulas, notes, or_empty, parameters, years,
};
use crate::document::{Block, Document, Section};
use crate::record::Record;

/// A subsection and the fields of the form that it prints, in order.
type Place = (&'static str, &'static str, &'static [&'static str]);

/// Part A of a sink.
const SINK_PART_A: &[Place] = &[
    (
        "A.1",
        "项目概述",
        &["name", "name_en", "archive_code", "summary"],
    ),
    (
        "A.2",
        "项目地理位置",
        &["province", "location", "longitude", "latitude"],
    ),
    (
        "A.3",
        "权属与授权",
        &[
            "tenure_clear",
            "tenure_until",
            "tenure_covers_period",
            "tenure_renewal_statement",
        ],
    ),
    (
        "A.4",
        "土地合格性",
        &[
            "site_kind",
            "forest_kind",
            "years_without_forest",
            "cover_before_percent",
            "planned_afforestation_land",
            "on_wetland",
            "economic_forest",
            "greening",
        ],
    ),
    (
        "A.5",
        "自然环境条件",
        &["hydrology_years", "climate", "soil"],
    ),
    (
        "A.6",
        "技术措施：造林前后的土地利用、树种、密度与抚育",
        &["technology", "artificial_planting", "alien_species"],
    ),
    (
        "A.7",
        "实施措施",
        &[
            "repeated_soil_disturbance",
            "trees_removed",
            "removed_vegetation_percent",
            "burning",
        ],
    ),
    (
        "A.8",
        "唯一性",
        &["in_other_mechanism", "in_emissions_trading"],
    ),
];

/// Part A of a power project.
const POWER_PART_A: &[Place] = &[
    (
        "A.1",
        "项目概述",
        &["name", "name_en", "archive_code", "summary"],
    ),
    (
        "A.2",
        "项目地理位置",
        &[
            "province",
            "location",
            "longitude",
            "latitude",
            "distance_to_shore_km",
            "water_depth_m",
        ],
    ),
    ("A.3", "技术和设备", &["technology", "capacity_mw"]),
    (
        "A.4",
        "唯一性",
        &[
            "in_other_mechanism",
            "in_emissions_trading",
            "green_certificate_choice",
        ],
    ),
];

/// The design document of a project.
pub fn design_document(record: &Record) -> Document {
    let mut answers = Answers::of(record);
    let (facts, remarks) = cover(record);
    let sink = record.is_sink();
    let mut sections = vec![Section::new("A", "项目描述", Vec::new())];
    let part_a = if sink { SINK_PART_A } else { POWER_PART_A };
    // what has a place of its own further back is taken before the pages of the form are emptied
    let start = answers.take(&["construction_start"]);
    let life = answers.take(&["retirement_date", "project_end"]);
    let crediting = answers.take(&["crediting_from", "crediting_to"]);
    let sustainability = answers.take(&["sustainability"]);
    let environment = answers.take(&["environmental_impact"]);
    let boundary = [
        answers.take(&["grid", "plots_large_enough"]),
        answers.take_pages(&["boundary"]),
    ]
    .concat();
    let strata = answers.take(&["strata", "species"]);
    let monitoring = answers.take(&["monitoring_plan"]);
    let sampling = answers.take(&["sampling"]);
    let baseline = answers.take(&["additionality", "additionality_documented"]);
    sections.extend(part_a.iter().map(|(number, title, fields)| {
        Section::new(number, title, or_empty(answers.take(fields)))
    }));
    if let Some(first) = sections.get_mut(1) {
        first.blocks.extend(answers.take_pages(&["basics"]));
    }
    if let Some(place) = sections.get_mut(2) {
        place.blocks.extend(answers.take_pages(&["place"]));
    }
    let dates = answers.take_pages(&["dates"]);
    let judged_by = answers.take_pages(&["applicability"]);
    let validator = answers.take(&["validator"]);

    sections.push(Section::new("B", "方法学的应用", Vec::new()));
    let mut part = |number, title, blocks| sections.push(Section::new(number, title, blocks));
    part("B.1", "方法学及引用文件", methodology(record));
    part(
        "B.2",
        "适用条件",
        or_empty([conditions(record), judged_by].concat()),
    );
    part("B.3", "项目边界", or_empty(boundary));
    if sink {
        part("B.4", "碳层划分", or_empty(strata));
    } else {
        part("B.4", "排放源与温室气体种类", sources(record));
    }
    part("B.5", "基准线情景与额外性", or_empty(baseline));
    part("B.6", "减排量的事前估算", Vec::new());
    part("B.6.1", "计算公式", or_empty(formulas(record)));
    part("B.6.2", "事前确定的参数", or_empty(parameters(record)));
    part(
        "B.6.3",
        "逐年事前估算",
        [years(record), notes(record)].concat(),
    );
    part("B.6.4", "估算用数据", or_empty(answers.take_rest()));
    part("B.7", "监测计划", Vec::new());
    part("B.7.1", "监测的数据与参数", monitored(record));
    if sink {
        part("B.7.2", "抽样设计", or_empty(sampling));
        part("B.7.3", "监测方案", or_empty(monitoring));
    } else {
        part(
            "B.7.2",
            "监测方案",
            or_empty([sampling, monitoring].concat()),
        );
    }
    part("C", "时间", Vec::new());
    part("C.1", "开工日期与证明", or_empty(start));
    part("C.2", "项目寿命期", or_empty([life, dates].concat()));
    let inclusive = Block::paragraph("计入期含首尾两日。");
    part(
        "C.3",
        "计入期",
        [or_empty(crediting), vec![inclusive]].concat(),
    );
    part("D", "可持续发展与环境影响", Vec::new());
    part("D.1", "可持续发展", or_empty(sustainability));
    part("D.2", "环境影响", or_empty(environment));
    if !validator.is_empty() {
        part("E", "审定机构", validator);
    }
    sections.extend(annexes(record));
    Document {
        kind: "温室气体自愿减排项目设计文件".to_owned(),
        title: record.name.clone(),
        subtitle: record.owner.clone(),
        demo: record.demo,
        facts,
        remarks,
        sections,
        foot: foot(record),
    }
}

fn methodology(record: &Record) -> Vec<Block> {
    let version = record.outcome.as_ref().map(|outcome| {
        format!(
            "计算所用版本：{}；参数集 {}（0 为内置参数集）。",
            outcome.methodology_version, outcome.parameter_set
        )
    });
    let mut blocks = vec![Block::paragraph(format!(
        "本项目采用 {} {}。",
        record.methodology, record.methodology_title
    ))];
    blocks.extend(version.map(Block::paragraph));
    blocks
}

fn sources(record: &Record) -> Vec<Block> {
    let fuels = record.methodology.starts_with("CCER-01-001");
    let text = if fuels {
        "基准线：所在区域电网的电力生产（CO2）。项目：辅助用化石燃料的燃烧（CO2）。"
    } else {
        "基准线：所在区域电网的电力生产（CO2）。项目排放和泄漏按方法学计为 0。"
    };
    vec![Block::paragraph(text)]
}

/// The inputs of the calculator that measures the project later: what will have to be monitored.
fn monitored(record: &Record) -> Vec<Block> {
    use crate::document::{Column, Table};
    use methodologies::Stage;
    use methodologies::schema::Kind;
    let calculator = methodologies::calculators().iter().find(|calculator| {
        calculator.methodology == record.methodology && calculator.stage == Stage::ExPost
    });
    let rows = calculator.into_iter().flat_map(|calculator| {
        calculator.fields.iter().map(|field| {
            let unit = match field.kind {
                Kind::Number { unit, .. } => unit,
                _ => "",
            };
            vec![
                field.label.zh.to_owned(),
                unit.to_owned(),
                field.help.zh.to_owned(),
            ]
        })
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return or_empty(Vec::new());
    }
    vec![Block::Table(Table {
        caption: "核算时须填报的数据".to_owned(),
        columns: vec![
            Column::text("数据", 4),
            Column::text("单位", 2),
            Column::text("说明", 8),
        ],
        rows,
        total: Vec::new(),
    })]
}
