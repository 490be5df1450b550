//! How many plots an afforestation project needs, before anybody walks into the forest. Nothing is kept.

use axum::extract::State;
use leptos::context::Provider;
use leptos::prelude::*;
use methodologies::sampling::{self, Plan};
use rust_decimal::Decimal;

use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult};
use crate::parts::calculator_form::{SchemaFields, apply_line_buttons};
use crate::parts::{Column, DataTable, ErrorSummary, Heading, NumberHero, Section};
use crate::result::{ResultTexts, parameters_table, steps_table};
use crate::visitor::Visitor;

use super::asked::Asked;
use super::calculators::problem;

/// The methodology it belongs to.
pub const METHODOLOGY: &str = "CCER-14-001-V01";
/// Where it is.
pub const ADDRESS: &str = "/calculators/CCER-14-001-V01/sample-size";

/// `GET` and `POST /calculators/CCER-14-001-V01/sample-size`: the form and, once it is filled in, the plan. It is posted,
/// because a project may have hundreds of strata.
pub async fn sample_size(
    State(host): State<Host>,
    visitor: Visitor,
    mut asked: Asked,
) -> PageResult {
    let set = host
        .registry
        .parameters_in_force()
        .await
        .or_failed(&host, &visitor)?;
    if asked.take("example").is_some() {
        asked.typed = methodologies::json_to_fields(&sampling::example());
    }
    let editing = apply_line_buttons(&mut asked.typed);
    let answer = (!asked.typed.is_empty() && !editing)
        .then(|| sampling::plan_with(&methodologies::fields_to_json(&asked.typed), &set));
    let (plan, errors) = match answer {
        Some(Ok(plan)) => (Some(plan), Vec::new()),
        Some(Err(errors)) => (None, errors),
        None => (None, Vec::new()),
    };
    let form = Form::with_problems(asked.typed, errors.into_iter().map(problem).collect());
    let lang = visitor.lang;
    let title = t(lang, "sample_size.title");
    Ok(Page::new(&host, &visitor, title.clone())
        .description(t(lang, "sample_size.lead"))
        .crumb(t(lang, "calculator.list_title"), "/calculators")
        .wide()
        .view(move || {
            let result = match &plan {
                Some(plan) => planned(lang, plan),
                None => view! { <p class="live__hint">{t(lang, "sample_size.empty")}</p> }.into_any(),
            };
            view! {
                <Heading title above=METHODOLOGY lead=t(lang, "sample_size.lead")/>
                <p><a class="button button--secondary" href=format!("{ADDRESS}?example=1")>{t(lang, "calculator.example")}</a></p>
                <div class="beside">
                    <Provider value=form>
                        <form class="beside__form" id="sample-size" method="post" action=ADDRESS novalidate>
                            <ErrorSummary/>
                            <SchemaFields inputs=sampling::FIELDS/>
                            <div class="act-form__buttons"><button class="button" type="submit">{t(lang, "calculator.submit")}</button></div>
                        </form>
                    </Provider>
                    <div class="beside__result" id="result">{result}</div>
                </div>
            }
        }))
}

fn planned(lang: Lang, plan: &Plan) -> AnyView {
    let total = plan.plots_of_strata.to_string();
    let note = tp(
        lang,
        "sample_size.note",
        &[
            ("exact", &shown(plan.exact)),
            ("plots", &plan.plots.to_string()),
            ("total", &total),
        ],
    );
    let rows = plan
        .strata
        .iter()
        .map(|stratum| {
            vec![
                stratum.name.clone().into_any(),
                shown(stratum.weight).into_any(),
                shown(stratum.exact).into_any(),
                stratum.plots.to_string().into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "sample_size.stratum")),
        Column::number(t(lang, "sample_size.weight")),
        Column::number(t(lang, "sample_size.exact")),
        Column::number(t(lang, "sample_size.plots")),
    ];
    let texts = ResultTexts::load(lang);
    let steps = steps_table(lang, &texts, &plan.steps);
    let parameters = parameters_table(lang, &texts, &plan.parameters);
    view! {
        <div class="result">
            <NumberHero label=t(lang, "sample_size.result") value=format::whole(i64::from(plan.plots_of_strata)) unit=t(lang, "sample_size.unit") note/>
            <DataTable caption=t(lang, "sample_size.by_stratum") columns rows empty=""/>
        </div>
        <Section title=t(lang, "part.how")>
            {steps}
            {parameters}
        </Section>
    }
    .into_any()
}

/// A number with four decimals at most; the steps show all of them.
fn shown(value: Decimal) -> String {
    format::decimal(&value.round_dp(4).normalize().to_string())
}
