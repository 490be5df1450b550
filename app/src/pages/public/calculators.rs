//! The calculators, without an account: fill in, see the result and every step.

use axum::extract::{Path, State};
use axum::response::IntoResponse;
use leptos::context::Provider;
use leptos::prelude::*;
use methodologies::schema::Kind as InputKind;
use methodologies::{Calculator, InputError, Parameters, Stage};
use registry::Fields;

use crate::form::{Form, Problem};
use crate::host::Host;
use crate::islands::calculator::{Calculator as LiveCalculator, CalculatorTexts, Computed, Source};
use crate::lang::{Lang, t};
use crate::live::{FILE_PREFIX, INPUT_FILE, TablePlace};
use crate::page::{OrFailed, Page, PageResult};
use crate::parts::calculator_form::{CalculatorFields, apply_line_buttons};
use crate::parts::{ErrorSummary, Field, Heading, Kind, Section};
use crate::result::ResultTexts;
use crate::visitor::Visitor;

use super::asked::Asked;
use super::csv::Csv;
use super::sample_size;

/// `GET /calculators`: all of them, by methodology.
pub async fn calculator_list(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "calculator.list_title")).description(t(lang, "calculator.list_lead")).view(move || {
        let methodologies: Vec<_> = methodologies::catalogue()
            .iter()
            .map(|methodology| {
                let links: Vec<_> = methodologies::calculators()
                    .iter()
                    .filter(|calculator| calculator.methodology == methodology.code)
                    .map(|calculator| {
                        view! {
                            <li class="list__item">
                                <a href=address(calculator)>{lang.choose(calculator.title.zh, calculator.title.en)}</a>
                                <span class="list__hint">{t(lang, stage_key(calculator.stage))}</span>
                            </li>
                        }
                    })
                    .collect();
                let plots = (methodology.code == sample_size::METHODOLOGY).then(|| {
                    view! {
                        <li class="list__item">
                            <a href=sample_size::ADDRESS>{t(lang, "sample_size.title")}</a>
                            <span class="list__hint">{t(lang, "sample_size.hint")}</span>
                        </li>
                    }
                });
                let title = format!("{} · {}", methodology.code, lang.choose(methodology.title.zh, methodology.title.en));
                view! { <Section title><ul class="list">{links}{plots}</ul></Section> }
            })
            .collect();
        view! {
            <Heading title=t(lang, "calculator.list_title") lead=t(lang, "calculator.list_lead")/>
            <ul class="plain-list">
                <li><a href="/precheck">{t(lang, "calculator.to_precheck")}</a></li>
                <li><a href="/compare">{t(lang, "calculator.to_compare")}</a></li>
                <li><a href="/parameters">{t(lang, "calculator.to_parameters")}</a></li>
            </ul>
            {methodologies}
        }
    }))
}

/// `GET` and `POST /calculators/{methodology}/{stage}`: the form and, once it is filled in, the result. The address of a
/// short calculation holds what was typed, so that it can be kept and shared; a long one is posted.
pub async fn calculator_show(
    State(host): State<Host>,
    visitor: Visitor,
    Path((methodology, stage)): Path<(String, String)>,
    mut asked: Asked,
) -> PageResult {
    let code = format!("{methodology}/{stage}");
    let calculator = methodologies::calculator(&code).or_failed(&host, &visitor)?;
    let set = host
        .registry
        .parameters_in_force()
        .await
        .or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    if asked.take("example").is_some() {
        asked.typed = methodologies::example(&code)
            .map(|example| methodologies::json_to_fields(&example))
            .unwrap_or_default();
    }
    let steps = asked.take("steps").is_some();
    let editing = apply_line_buttons(&mut asked.typed);
    let fields = asked.merged();
    let computed = (!fields.is_empty())
        .then(|| methodologies::calculate_with(&code, &input_of(&fields), &set));
    let problems = match &computed {
        Some(Ok(outcome)) if steps => return Ok(steps_csv(lang, outcome).into_response()),
        Some(Err(errors)) if !editing => errors.iter().cloned().map(problem).collect(),
        _ => Vec::new(),
    };
    let form = Form::with_problems(asked.typed, problems);

    let title = lang
        .choose(calculator.title.zh, calculator.title.en)
        .to_owned();
    let page = Page::new(&host, &visitor, title.clone())
        .crumb(t(lang, "calculator.list_title"), "/calculators")
        .wide();
    Ok(page.view(move || show(lang, calculator, title, form, fields, set, computed)))
}

fn show(
    lang: Lang,
    calculator: &'static Calculator,
    title: String,
    form: Form,
    fields: Fields,
    parameters: Parameters,
    computed: Computed,
) -> impl IntoView {
    let here = address(calculator);
    let (method, enctype) = sent_by(calculator);
    let code = calculator.code;
    view! {
        <Heading title above=calculator.methodology lead=t(lang, "calculator.lead")/>
        <p><a class="button button--secondary" href=format!("{here}?example=1")>{t(lang, "calculator.example")}</a></p>
        <div class="beside">
            <Provider value=form>
                <form class="beside__form" id="calculator" method=method enctype=enctype action=here novalidate>
                    <ErrorSummary/>
                    {is_long(calculator).then(|| files(lang, calculator, ""))}
                    <CalculatorFields calculator/>
                    <div class="act-form__buttons">
                        <button class="button" type="submit">{t(lang, "calculator.submit")}</button>
                        <button class="button button--secondary" type="submit" formaction="/compare" name="calculator" value=code>{t(lang, "compare.from_calculator")}</button>
                        <button class="button button--secondary" type="submit" name="steps" value="csv">{t(lang, "calculator.steps_csv")}</button>
                    </div>
                </form>
            </Provider>
            <div class="beside__result">
                <LiveCalculator source=Source::Form { code: code.to_owned(), prefix: String::new() } form_id="calculator".to_owned() lang fields
                    texts=CalculatorTexts::load(lang) result_texts=ResultTexts::load(lang) parameters computed/>
            </div>
        </div>
    }
}

/// Whether the input may be long: a table, or a list of hundreds. Then it is posted, with files, and not part of an address.
pub(super) fn is_long(calculator: &Calculator) -> bool {
    calculator.fields.iter().any(|field| match field.kind {
        InputKind::Table { .. } => true,
        InputKind::List { max } => max >= 200,
        _ => false,
    })
}

/// Method and encoding of a form with this calculator's input.
pub(super) fn sent_by(calculator: &Calculator) -> (&'static str, Option<&'static str>) {
    if is_long(calculator) {
        ("post", Some("multipart/form-data"))
    } else {
        ("get", None)
    }
}

/// The whole input from a file, and each table from one.
pub(super) fn files(lang: Lang, calculator: &'static Calculator, prefix: &str) -> AnyView {
    let file = |path: &str| format!("{FILE_PREFIX}{prefix}{path}");
    let tables: Vec<_> = calculator
        .fields
        .iter()
        .filter(|field| matches!(field.kind, InputKind::Table { .. }))
        .map(|field| {
            let label = lang.choose(field.label.zh, field.label.en).to_owned();
            view! {
                <Field name=file(field.path) label=label hint=t(lang, "calculator.table_file_hint") kind=Kind::File optional=true autocomplete=".csv,.txt,text/csv"/>
            }
        })
        .collect();
    view! {
        <details class="how">
            <summary class="how__summary">{t(lang, "calculator.files")}</summary>
            <div class="how__body">
                {tables}
                <Field name=file(INPUT_FILE) label=t(lang, "calculator.input_file") hint=t(lang, "calculator.input_file_hint") kind=Kind::File optional=true autocomplete=".json,application/json"/>
            </div>
        </details>
    }
    .into_any()
}

/// The input in the fields of a form, or in the file that holds all of it.
pub(super) fn input_of(fields: &Fields) -> serde_json::Value {
    fields
        .get(INPUT_FILE)
        .filter(|text| !text.trim().is_empty())
        .map_or_else(
            || methodologies::fields_to_json(fields),
            |text| crate::live::input_of_file(text).unwrap_or_default(),
        )
}

/// One thing that is wrong. What is wrong in a table is shown at the table, with its line and column.
pub(super) fn problem(error: InputError) -> Problem {
    if let Some(place) = TablePlace::of(&error) {
        let text = error.text();
        let params = [
            ("line", place.line.to_owned()),
            ("column", place.column.to_owned()),
            ("text_zh", text.zh),
            ("text_en", text.en),
        ];
        return Problem {
            field: Some(place.table.to_owned()),
            code: "table_line".to_owned(),
            params: params
                .map(|(name, value)| (name.to_owned(), value))
                .to_vec(),
        };
    }
    Problem {
        field: Some(error.path).filter(|path| !path.is_empty()),
        code: error.code.to_owned(),
        params: error
            .params
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    }
}

/// Every step of the working, one line each.
fn steps_csv(lang: Lang, outcome: &methodologies::Outcome) -> axum::response::Response {
    let mut csv = Csv::new(&[
        "symbol", "line", "title", "formula", "inputs", "value", "unit", "clause",
    ]);
    for step in &outcome.steps {
        let inputs: Vec<_> = step
            .inputs
            .iter()
            .map(|input| format!("{} = {} {}", input.symbol, input.value, input.unit))
            .collect();
        csv.row(&[
            step.symbol.clone(),
            step.line.clone(),
            lang.message(&step.title).to_owned(),
            step.formula.clone(),
            inputs.join("; "),
            step.value.to_string(),
            step.unit.clone(),
            step.clause.clone(),
        ]);
    }
    csv.response("steps.csv", None)
}

pub(super) fn address(calculator: &Calculator) -> String {
    format!("/calculators/{}", calculator.code)
}

fn stage_key(stage: Stage) -> &'static str {
    match stage {
        Stage::ExAnte => "calculator.stage_ex_ante",
        Stage::ExPost => "calculator.stage_ex_post",
        Stage::Estimate => "calculator.stage_estimate",
    }
}
