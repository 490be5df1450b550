//! The calculators, without an account: fill in, see the result and every step.

use axum::extract::{Path, RawQuery, State};
use leptos::context::Provider;
use leptos::prelude::*;
use methodologies::{Calculator, Stage};
use registry::Fields;

use crate::form::{Form, Problem};
use crate::host::Host;
use crate::islands::calculator::{Calculator as LiveCalculator, CalculatorTexts, Source};
use crate::lang::{Lang, t};
use crate::page::{OrFailed, Page, PageResult};
use crate::parts::calculator_form::{CalculatorFields, apply_line_buttons};
use crate::parts::{ErrorSummary, Heading, Section};
use crate::result::ResultTexts;
use crate::visitor::{Visitor, decode_form};

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
                let title = format!("{} · {}", methodology.code, lang.choose(methodology.title.zh, methodology.title.en));
                view! { <Section title><ul class="list">{links}</ul></Section> }
            })
            .collect();
        view! { <Heading title=t(lang, "calculator.list_title") lead=t(lang, "calculator.list_lead")/>{methodologies} }
    }))
}

/// `GET /calculators/{methodology}/{stage}`: the form and, once it is filled in, the result. The address holds what was
/// typed, so a calculation can be kept and shared.
pub async fn calculator_show(
    State(host): State<Host>,
    visitor: Visitor,
    Path((methodology, stage)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> PageResult {
    let code = format!("{methodology}/{stage}");
    let calculator = methodologies::calculator(&code).or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    let mut fields = decode_form(query.unwrap_or_default().as_bytes());
    for name in ["lang", "theme"] {
        fields.remove(name);
    }
    if fields.remove("example").is_some() {
        fields = methodologies::example(&code)
            .map(|example| methodologies::json_to_fields(&example))
            .unwrap_or_default();
    }
    let editing = apply_line_buttons(&mut fields);
    let problems = if fields.is_empty() || editing {
        Vec::new()
    } else {
        problems(calculator, &fields)
    };
    let form = Form::with_problems(fields.clone(), problems);

    let title = lang
        .choose(calculator.title.zh, calculator.title.en)
        .to_owned();
    let page = Page::new(&host, &visitor, title.clone())
        .crumb(t(lang, "calculator.list_title"), "/calculators")
        .wide();
    Ok(page.view(move || show(lang, calculator, title, form, fields)))
}

fn show(
    lang: Lang,
    calculator: &'static Calculator,
    title: String,
    form: Form,
    fields: Fields,
) -> impl IntoView {
    let here = address(calculator);
    view! {
        <Heading title above=calculator.methodology lead=t(lang, "calculator.lead")/>
        <p><a class="button button--secondary" href=format!("{here}?example=1")>{t(lang, "calculator.example")}</a></p>
        <div class="beside">
            <Provider value=form>
                <form class="beside__form" id="calculator" method="get" action=here novalidate>
                    <ErrorSummary/>
                    <CalculatorFields calculator/>
                    <div class="act-form__buttons"><button class="button" type="submit">{t(lang, "calculator.submit")}</button></div>
                </form>
            </Provider>
            <div class="beside__result">
                <LiveCalculator source=Source::Form { code: calculator.code.to_owned(), prefix: String::new() } form_id="calculator".to_owned() lang fields
                    texts=CalculatorTexts::load(lang) result_texts=ResultTexts::load(lang)/>
            </div>
        </div>
    }
}

/// What is wrong with these inputs, as problems at the fields of the same names.
pub fn problems(calculator: &Calculator, fields: &Fields) -> Vec<Problem> {
    let input = methodologies::fields_to_json(fields);
    let errors = methodologies::calculate(calculator.code, &input)
        .err()
        .unwrap_or_default();
    errors
        .into_iter()
        .map(|error| Problem {
            field: Some(error.path).filter(|path| !path.is_empty()),
            code: error.code.to_owned(),
            params: error
                .params
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        })
        .collect()
}

fn address(calculator: &Calculator) -> String {
    format!("/calculators/{}", calculator.code)
}

fn stage_key(stage: Stage) -> &'static str {
    match stage {
        Stage::ExAnte => "calculator.stage_ex_ante",
        Stage::ExPost => "calculator.stage_ex_post",
    }
}
