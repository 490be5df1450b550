//! Records that the tests print.
#![allow(dead_code)]

use documents::{Answer, Attached, Record};

/// A complete design document of an offshore wind farm with the calculator's own example.
pub fn wind() -> Record {
    let code = "CCER-01-002-V01/ex-ante";
    let input = methodologies::example(code).expect("an example");
    let outcome = methodologies::calculate(code, &input).expect("it calculates");
    let facts = serde_json::json!({ "grid_connected": "yes", "distance_to_shore_km": "35" });
    Record {
        name: "华东某海域 300 MW 海上风电项目".to_owned(),
        owner: "某海上风电有限公司".to_owned(),
        body: "某认证有限公司".to_owned(),
        state: "公示中".to_owned(),
        version: "已公示的版本".to_owned(),
        methodology: "CCER-01-002-V01".to_owned(),
        methodology_title: "并网海上风力发电".to_owned(),
        period: "2024-01-01 至 2033-12-31".to_owned(),
        demo: true,
        answers: vec![
            answer(
                "name",
                "basics",
                "项目名称",
                "华东某海域 300 MW 海上风电项目",
            ),
            answer(
                "summary",
                "basics",
                "项目简介",
                &"项目位于离岸 35 km 的海域，安装 40 台风电机组。\n所发电力全部并入区域电网。"
                    .repeat(3),
            ),
            answer("location", "place", "地点", "某市以东海域"),
            answer(
                "construction_start",
                "dates",
                "开工日期",
                "2022 年 3 月 1 日",
            ),
            answer("crediting_from", "dates", "计入期起", "2024 年 1 月 1 日"),
            answer("capacity_mw", "estimate", "装机容量", "300 MW"),
            answer("validator", "validator", "审定机构", "某认证有限公司"),
        ],
        findings: methodologies::applicability("CCER-01-002-V01", &facts).expect("judged"),
        outcome: Some(outcome),
        input: Some(input),
        attached: vec![Attached {
            kind: "核准文件".to_owned(),
            title: "项目核准批复".to_owned(),
            file_name: "批复.pdf".to_owned(),
            bytes: 1_234_567,
            hash: "0123456789abcdef".repeat(4),
            added_on: "2026-11-21".to_owned(),
        }],
        input_hash: "abcdef0123456789".repeat(4),
        ..Record::default()
    }
}

/// A monitoring report of a solar thermal plant with the calculator's own example: fuels, lists, two years.
pub fn solar_report() -> Record {
    let code = "CCER-01-001-V01/ex-post";
    let input = methodologies::example(code).expect("an example");
    let outcome = methodologies::calculate(code, &input).expect("it calculates");
    let mut answers: Vec<Answer> = methodologies::json_to_fields(&input)
        .into_iter()
        .map(|(name, value)| answer(&name, "lines", &name, &value))
        .collect();
    answers.push(answer(
        "implementation",
        "description",
        "实施情况",
        "机组运行正常。",
    ));
    let expected = outcome.year_lines.iter().map(|line| (line.year, 100_000));
    Record {
        name: "某光热发电项目".to_owned(),
        code: "N010001".to_owned(),
        number: Some(1),
        owner: "某光热发电有限公司".to_owned(),
        methodology: "CCER-01-001-V01".to_owned(),
        methodology_title: "并网光热发电".to_owned(),
        period: "核算期".to_owned(),
        expected: expected.collect(),
        answers,
        outcome: Some(outcome),
        input: Some(input),
        input_hash: "abcdef0123456789".repeat(4),
        ..Record::default()
    }
}

pub fn answer(name: &str, page: &str, label: &str, value: &str) -> Answer {
    Answer {
        name: name.to_owned(),
        page: page.to_owned(),
        label: label.to_owned(),
        value: value.to_owned(),
    }
}
