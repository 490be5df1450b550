//! One formula, typeset, with its symbols; and tried alone, with the numbers in the address.

use std::sync::LazyLock;

use axum::extract::{Path, RawQuery, State};
use leptos::context::Provider;
use leptos::prelude::*;
use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};
use methodologies::Step;
use methodologies::formula::{self, Formula, Role, Symbol};
use registry::Fields;
use rust_decimal::Decimal;

use crate::form::{Form, Problem};
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult};
use crate::parts::{Column, DataTable, ErrorSummary, Field, Heading, Kind, Section, Tag};
use crate::result::{ResultTexts, steps_table};
use crate::visitor::{Tone, Visitor, decode_form};

use super::methodologies::said;

/// `GET /methodologies/{code}/formulas/{id}`.
pub async fn formula(
    State(host): State<Host>,
    visitor: Visitor,
    Path((code, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> PageResult {
    let id = format!("{code}/{id}");
    let formula = formula::find(&id).or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    let set = host
        .registry
        .parameters_in_force()
        .await
        .or_failed(&host, &visitor)?;
    let mut typed = decode_form(query.unwrap_or_default().as_bytes());
    for name in ["lang", "theme"] {
        typed.remove(name);
    }
    if typed.remove("example").is_some() {
        typed = formula
            .example
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
    }
    let answer = (!typed.is_empty()).then(|| {
        let input = methodologies::fields_to_json(&typed);
        formula::evaluate_with(&id, &input, &set)
    });
    let problems = match &answer {
        Some(Err(errors)) => errors.iter().map(problem).collect(),
        _ => Vec::new(),
    };
    let answer = answer.and_then(Result::ok);
    let defaults: Fields = formula
        .symbols
        .iter()
        .filter_map(|symbol| match symbol.role {
            Role::Parameter(id) => {
                let used = set.on(id, visitor.now.beijing_date())?;
                Some((symbol.name.to_owned(), used.value.normalize().to_string()))
            }
            _ => None,
        })
        .collect();
    let form = Form::with_problems(typed, problems).labelled(|name| {
        let symbol = formula.symbols.iter().find(|symbol| symbol.name == name)?;
        Some(said(lang, symbol.meaning))
    });
    let title = said(lang, formula.title);
    let page = Page::new(&host, &visitor, format!("{title} · {code}"))
        .description(tp(
            lang,
            "methodology.formula_description",
            &[("title", &title), ("code", &code)],
        ))
        .crumb(t(lang, "public.methodologies_title"), "/methodologies")
        .crumb(code.clone(), format!("/methodologies/{code}"));
    Ok(page.view(move || show(lang, formula, &title, form, answer, defaults)))
}

/// An error of an input as a problem at the field of the same name.
pub fn problem(error: &methodologies::InputError) -> Problem {
    Problem {
        field: Some(error.path.clone()).filter(|path| !path.is_empty()),
        code: error.code.to_owned(),
        params: error
            .params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
    }
}

fn show(
    lang: Lang,
    formula: &'static Formula,
    title: &str,
    form: Form,
    answer: Option<(Decimal, Vec<Step>)>,
    defaults: Fields,
) -> AnyView {
    let here = address(formula);
    let result = answer.map(|(value, steps)| {
        let unit = formula.result().map_or("", |symbol| symbol.unit);
        let unit = if unit == "1" { "" } else { unit };
        view! {
            <Section title=t(lang, "methodology.formula_result") id="result">
                <div class="hero-number">
                    <p class="hero-number__figure">
                        <span class="hero-number__value">{format::decimal(&shown(value))}</span>" "
                        <span class="hero-number__unit">{unit}</span>
                    </p>
                </div>
                {steps_table(lang, &ResultTexts::load(lang), &steps)}
            </Section>
        }
    });
    let try_again = format!("{here}?example=1#result");
    view! {
        <Heading title=title.to_owned() above=formula.clause/>
        {typeset(lang, formula)}
        {basis(lang, formula)}
        {result}
        <Section title=t(lang, "methodology.try_title") id="try">
            <p>{t(lang, "methodology.try_lead")}</p>
            <p><a class="button button--secondary" href=try_again>{t(lang, "methodology.try_example")}</a></p>
            <Provider value=form>
                <form method="get" action=format!("{here}#result") novalidate>
                    <ErrorSummary/>
                    {inputs(lang, formula, &defaults)}
                    <div class="act-form__buttons"><button class="button" type="submit">{t(lang, "methodology.try_submit")}</button></div>
                </form>
            </Provider>
        </Section>
        <Section title=t(lang, "methodology.symbols")>{symbols(lang, formula)}</Section>
    }
    .into_any()
}

/// A value as it is shown: what divisions and powers leave behind the twelfth decimal says nothing.
fn shown(value: Decimal) -> String {
    value.round_dp(12).normalize().to_string()
}

/// The fields of a trial. They find their values and errors in the form, so they are made inside it.
fn inputs(lang: Lang, formula: &'static Formula, defaults: &Fields) -> Vec<AnyView> {
    let symbol_of = |name: &str| formula.symbols.iter().find(|symbol| symbol.name == name);
    formula
        .fields()
        .into_iter()
        .filter_map(|field| {
            let symbol = symbol_of(field.path)?;
            Some(input(lang, symbol, field.required, defaults))
        })
        .collect()
}

fn input(lang: Lang, symbol: &'static Symbol, required: bool, defaults: &Fields) -> AnyView {
    let unit = if symbol.unit == "1" { "" } else { symbol.unit };
    let hint = match symbol.role {
        Role::Parameter(_) => defaults.get(symbol.name).map_or_else(String::new, |value| {
            tp(lang, "methodology.default_parameter", &[("value", value)])
        }),
        Role::OneUnlessGiven => t(lang, "methodology.default_one"),
        Role::ZeroUnlessGiven => t(lang, "methodology.default_zero"),
        _ => String::new(),
    };
    let label = format!("{} {}", said(lang, symbol.meaning), symbol.plain);
    view! { <Field name=symbol.name label hint unit kind=Kind::Decimal optional=!required/> }
        .into_any()
}

/// Where it can be tried.
pub fn address(formula: &Formula) -> String {
    format!(
        "/methodologies/{}/formulas/{}",
        formula.methodology, formula.id
    )
}

static TYPESETTER: LazyLock<Option<LatexToMathML>> =
    LazyLock::new(|| LatexToMathML::new(MathCoreConfig::default()).ok());

/// LaTeX as MathML; `None` if it cannot be set, which a test rules out.
fn mathml(latex: &str, display: MathDisplay) -> Option<String> {
    let set = TYPESETTER
        .as_ref()?
        .convert_with_local_state(latex, display);
    set.ok().map(|set| set.mathml)
}

/// The formula, typeset; it scrolls in its own box where it is wider than the page.
pub fn typeset(lang: Lang, formula: &'static Formula) -> AnyView {
    let name = tp(
        lang,
        "methodology.formula_name",
        &[("title", &said(lang, formula.title))],
    );
    match mathml(formula.latex, MathDisplay::Block) {
        Some(html) => view! { <div class="formula" tabindex="0" role="region" aria-label=name inner_html=html></div> }.into_any(),
        None => view! { <pre class="formula">{formula.latex}</pre> }.into_any(),
    }
}

/// Where the formula is from, with a mark if that is not the text of the methodology.
pub fn basis(lang: Lang, formula: &'static Formula) -> AnyView {
    let assumed = formula
        .basis
        .is_assumed()
        .then(|| view! { <Tag text=t(lang, "public.assumed") tone=Tone::Attention/>" " });
    view! { <p class="remark">{assumed}{said(lang, formula.basis.source)}</p> }.into_any()
}

/// The symbols of a formula with meaning and unit.
pub fn symbols(lang: Lang, formula: &'static Formula) -> AnyView {
    let rows = formula
        .symbols
        .iter()
        .map(|symbol| {
            let name = match mathml(symbol.latex, MathDisplay::Inline) {
                Some(html) => view! { <span inner_html=html></span> }.into_any(),
                None => symbol.plain.into_any(),
            };
            let unit = if symbol.unit == "1" { "" } else { symbol.unit };
            let parameter = match symbol.role {
                Role::Parameter(id) => Some(view! { <span class="table__sub"><a href=format!("/methodologies/{}#parameters", formula.methodology)>{id}</a></span> }),
                _ => None,
            };
            vec![
                name,
                view! { {said(lang, symbol.meaning)}{parameter} }.into_any(),
                unit.into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "methodology.symbol")),
        Column::text(t(lang, "methodology.meaning")),
        Column::text(t(lang, "methodology.unit")),
    ];
    let caption = tp(
        lang,
        "methodology.symbols_caption",
        &[("title", &said(lang, formula.title))],
    );
    view! { <DataTable caption columns rows empty=t(lang, "public.none")/> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_formula_and_symbol_is_set_without_inline_styles() {
        for formula in formula::formulas() {
            let block = mathml(formula.latex, MathDisplay::Block);
            let block = block.unwrap_or_else(|| panic!("{} {}", formula.full_id(), formula.latex));
            for html in formula
                .symbols
                .iter()
                .map(|symbol| mathml(symbol.latex, MathDisplay::Inline).expect(symbol.latex))
                .chain([block])
            {
                // the content security policy would drop them
                assert!(
                    !html.contains("style=") && !html.contains("class="),
                    "{html}"
                );
                assert!(html.starts_with("<math"), "{html}");
            }
        }
    }

    #[test]
    fn every_address_leads_back_to_its_formula() {
        for known in formula::formulas() {
            let address = address(known);
            let id = address
                .strip_prefix("/methodologies/")
                .expect("the prefix")
                .replace("/formulas/", "/");
            assert_eq!(
                formula::find(&id).map(Formula::full_id),
                Some(known.full_id())
            );
        }
    }
}
