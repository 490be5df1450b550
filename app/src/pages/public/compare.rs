//! Two calculations side by side, without an account: two inputs, or one input under two grid factor sets, two parameter sets
//! or two versions of a methodology; and exactly what differs.

use axum::extract::State;
use leptos::context::Provider;
use leptos::prelude::*;
use methodologies::compare::{ParameterDifference, StepDifference, YearPair};
use methodologies::{Calculator, Comparison, Note, Outcome, ParameterUse, Parameters};
use registry::Fields;

use super::asked::Asked;
use super::calculators::{files, input_of, problem, sent_by};
use crate::form::{Form, Problem};
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::live::INPUT_FILE;
use crate::page::{OrFailed, Page, PageResult};
use crate::parts::calculator_form::{CalculatorFields, apply_line_buttons};
use crate::parts::{
    Amount, Choice, Column, DataTable, ErrorSummary, Field, Heading, Hidden, Kind, Notice, Section,
};
use crate::visitor::{Tone, Visitor};

/// Before the names of the fields of the first input.
const FIRST: &str = "first.";
/// Before the names of the fields of the second input.
const SECOND: &str = "second.";
/// Most differing steps shown; how many there are is always said.
const STEPS_SHOWN_MAX: usize = 400;
/// The unit of every result.
const TONNES: &str = "tCO₂e";

/// One of the two calculations.
struct Side {
    prefix: &'static str,
    calculator: &'static Calculator,
    parameters: Parameters,
    /// Its input, without the prefix and with its files.
    fields: Fields,
}

impl Side {
    /// The outcome, or what is wrong at the fields of this side.
    fn run(&self) -> Result<Outcome, Vec<Problem>> {
        methodologies::calculate_with(
            self.calculator.code,
            &input_of(&self.fields),
            &self.parameters,
        )
        .map_err(|errors| {
            let at = |mut problem: Problem| {
                problem.field = problem.field.map(|field| format!("{}{field}", self.prefix));
                problem
            };
            errors.into_iter().map(problem).map(at).collect()
        })
    }
}

/// `GET` and `POST /compare`: a choice of calculators, then two inputs, then what differs. Fields without a prefix (as a
/// calculator's own form sends them) fill both sides.
pub async fn compare(State(host): State<Host>, visitor: Visitor, mut asked: Asked) -> PageResult {
    let lang = visitor.lang;
    let Some(code) = asked.take("calculator") else {
        return Ok(choose(&host, &visitor));
    };
    let calculator = methodologies::calculator(&code).or_failed(&host, &visitor)?;
    let other = asked.take("other").filter(|code| !code.is_empty());
    let other = match other {
        Some(code) => methodologies::calculator(&code)
            .filter(|other| is_version_of(other, calculator))
            .or_failed(&host, &visitor)?,
        None => calculator,
    };
    fill_both(&mut asked, calculator);
    let editing = apply_line_buttons(&mut asked.typed);
    let sets = Sets::load(&host, &visitor, &asked.typed).await?;
    let all = asked.merged();
    let side = |prefix, calculator, parameters: &Parameters| Side {
        prefix,
        calculator,
        parameters: parameters.clone(),
        fields: without_prefix(&all, prefix),
    };
    let sides = [
        side(FIRST, calculator, &sets.chosen[0]),
        side(SECOND, other, &sets.chosen[1]),
    ];
    let empty = sides.iter().all(|side| side.fields.is_empty());
    let outcomes = if empty || editing {
        None
    } else {
        Some([sides[0].run(), sides[1].run()])
    };
    let problems: Vec<_> = outcomes
        .iter()
        .flatten()
        .filter_map(|outcome| outcome.as_ref().err())
        .flatten()
        .cloned()
        .collect();
    let form = Form::with_problems(asked.typed, problems);
    let comparison = match outcomes {
        Some([Ok(first), Ok(second)]) => {
            Some((methodologies::compare(&first, &second), first, second))
        }
        _ => None,
    };
    let page = Page::new(&host, &visitor, t(lang, "compare.title"))
        .crumb(t(lang, "calculator.list_title"), "/calculators")
        .wide();
    Ok(page.view(move || {
        let title = lang.choose(calculator.title.zh, calculator.title.en);
        let result = comparison
            .map(|(comparison, first, second)| differences(lang, &comparison, &first, &second));
        view! {
            <Heading title=t(lang, "compare.title") above=title lead=t(lang, "compare.lead")/>
            {result}
            {question(lang, [calculator, other], &sets.choices, form)}
        }
    }))
}

/// Which calculator?
fn choose(host: &Host, visitor: &Visitor) -> axum::response::Response {
    let lang = visitor.lang;
    Page::new(host, visitor, t(lang, "compare.title"))
        .crumb(t(lang, "calculator.list_title"), "/calculators")
        .description(t(lang, "compare.lead"))
        .view(move || {
            let links: Vec<_> = methodologies::calculators()
                .iter()
                .map(|calculator| {
                    let title = lang.choose(calculator.title.zh, calculator.title.en);
                    view! {
                        <li class="list__item">
                            <a href=format!("/compare?calculator={}", calculator.code)>{title}</a>
                            <span class="list__hint">{calculator.methodology}</span>
                        </li>
                    }
                })
                .collect();
            view! {
                <Heading title=t(lang, "compare.title") lead=t(lang, "compare.lead")/>
                <Section title=t(lang, "compare.choose")><ul class="list">{links}</ul></Section>
            }
        })
}

/// Fields without a prefix are the input of both sides; where a side says something else, that holds. `example` fills in a
/// complete one.
fn fill_both(asked: &mut Asked, calculator: &Calculator) {
    let own = ["first_set", "second_set", "add_line", "remove_line"];
    let ours =
        |name: &str| !name.starts_with(FIRST) && !name.starts_with(SECOND) && !own.contains(&name);
    let mut plain = Fields::new();
    if asked.take("example").is_some() {
        plain = methodologies::example(calculator.code)
            .map(|example| methodologies::json_to_fields(&example))
            .unwrap_or_default();
    }
    asked.typed.retain(|name, value| {
        let both = ours(name);
        if both {
            plain.insert(name.clone(), std::mem::take(value));
        }
        !both
    });
    asked.files.retain(|name, text| {
        let both = ours(name);
        if both {
            plain.insert(name.clone(), std::mem::take(text));
        }
        !both
    });
    // a complete input as one text becomes fields, so that it can be changed
    if let Some(text) = plain.remove(INPUT_FILE)
        && let Some(input) = crate::live::input_of_file(&text)
    {
        plain = methodologies::json_to_fields(&input);
    }
    for prefix in [FIRST, SECOND] {
        for (name, value) in &plain {
            asked
                .typed
                .entry(format!("{prefix}{name}"))
                .or_insert_with(|| value.clone());
        }
    }
}

fn without_prefix(fields: &Fields, prefix: &str) -> Fields {
    fields
        .iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .filter_map(|(name, value)| Some((name.strip_prefix(prefix)?.to_owned(), value.clone())))
        .collect()
}

/// Whether two calculators are versions of the same: `CCER-01-002-V01/ex-ante` and `CCER-01-002-V02/ex-ante`.
fn is_version_of(one: &Calculator, other: &Calculator) -> bool {
    let family = |calculator: &Calculator| {
        let method = calculator.methodology;
        method
            .rsplit_once("-V")
            .map_or(method, |(family, _)| family)
    };
    family(one) == family(other) && one.stage == other.stage
}

/// The parameter sets there are, and the one of each side.
struct Sets {
    chosen: [Parameters; 2],
    choices: Vec<(u64, String)>,
}

impl Sets {
    async fn load(
        host: &Host,
        visitor: &Visitor,
        typed: &Fields,
    ) -> Result<Self, crate::page::Failed> {
        let lang = visitor.lang;
        let newest = host
            .registry
            .parameters_in_force()
            .await
            .or_failed(host, visitor)?;
        let mut choices = vec![(0, t(lang, "compare.set_built_in"))];
        let sets = host
            .registry
            .public()
            .parameter_sets()
            .await
            .or_failed(host, visitor)?;
        for set in sets.iter().rev() {
            let number = set.number.to_string();
            let name = [("number", number.as_str()), ("document", &set.document)];
            choices.push((set.number, tp(lang, "compare.set_named", &name)));
        }
        let mut chosen = [newest.clone(), newest];
        for (at, field) in ["first_set", "second_set"].into_iter().enumerate() {
            if let Some(number) = typed.get(field).and_then(|text| text.parse().ok()) {
                chosen[at] = host
                    .registry
                    .parameters_of_set(number)
                    .await
                    .or_failed(host, visitor)?;
            }
        }
        Ok(Self { chosen, choices })
    }
}

/// Both inputs.
fn question(
    lang: Lang,
    [calculator, other]: [&'static Calculator; 2],
    sets: &[(u64, String)],
    form: Form,
) -> AnyView {
    let (method, enctype) = sent_by(calculator);
    let versions: Vec<_> = methodologies::calculators()
        .iter()
        .filter(|candidate| is_version_of(candidate, calculator))
        .map(|candidate| Choice::new(candidate.code, candidate.methodology))
        .collect();
    let version = (versions.len() > 1).then(|| {
        view! { <Field name="other" label=t(lang, "compare.version") kind=Kind::Select choices=versions default=other.code/> }
    });
    let choices = |sets: &[(u64, String)]| {
        sets.iter()
            .map(|(number, name)| Choice::new(number.to_string(), name))
            .collect::<Vec<_>>()
    };
    let newest = sets.last().map_or(0, |(number, _)| *number).to_string();
    let set = |name: &'static str| {
        (sets.len() > 1).then(|| {
            view! { <Field name label=t(lang, "compare.set") hint=t(lang, "compare.set_hint") kind=Kind::Select choices=choices(sets) default=newest.clone()/> }
        })
    };
    let (first_set, second_set) = (set("first_set"), set("second_set"));
    let long = super::calculators::is_long(calculator);
    view! {
        <Provider value=form>
            <form class="compare" id="compare" method=method enctype=enctype action="/compare" novalidate>
                <ErrorSummary/>
                <Hidden name="calculator" value=calculator.code/>
                <div class="compare__sides">
                    <fieldset class="compare__side">
                        <legend class="compare__legend">{t(lang, "compare.first")}</legend>
                        {first_set}
                        {long.then(|| files(lang, calculator, FIRST))}
                        <CalculatorFields calculator prefix=FIRST/>
                    </fieldset>
                    <fieldset class="compare__side">
                        <legend class="compare__legend">{t(lang, "compare.second")}</legend>
                        {version}
                        {second_set}
                        {long.then(|| files(lang, other, SECOND))}
                        <CalculatorFields calculator=other prefix=SECOND/>
                    </fieldset>
                </div>
                <div class="act-form__buttons">
                    <button class="button" type="submit">{t(lang, "compare.submit")}</button>
                    <a class="button button--secondary" href=format!("/compare?calculator={}&example=1", calculator.code)>{t(lang, "calculator.example")}</a>
                </div>
                // after the fields: of a name that comes twice the last value counts
                {factor_sets(lang, calculator)}
            </form>
        </Provider>
    }
    .into_any()
}

/// One press for each published set of grid factors: the second input is computed with it.
fn factor_sets(lang: Lang, calculator: &Calculator) -> Option<AnyView> {
    let has = |path: &str| calculator.fields.iter().any(|field| field.path == path);
    if !has("factor_set") || !has("grid") {
        return None;
    }
    let mut labels: Vec<i32> = methodologies::factors::releases()
        .iter()
        .map(|release| release.label)
        .collect();
    labels.sort_unstable();
    labels.dedup();
    let name = format!("{SECOND}factor_set");
    let buttons: Vec<_> = labels
        .into_iter()
        .rev()
        .map(|label| {
            let label = label.to_string();
            let text = tp(lang, "compare.factor_set", &[("label", &label)]);
            view! { <button class="button button--small" type="submit" name=name.clone() value=label>{text}</button> }
        })
        .collect();
    Some(
        view! {
            <div class="compare__sets" role="group" aria-label=t(lang, "compare.factor_sets")>
                <p class="field__hint">{t(lang, "compare.factor_sets")}</p>
                {buttons}
            </div>
        }
        .into_any(),
    )
}

/// What differs.
fn differences(lang: Lang, comparison: &Comparison, first: &Outcome, second: &Outcome) -> AnyView {
    if comparison.is_same() {
        return view! {
            <Notice tone=Tone::Note title=t(lang, "compare.same")><p>{t(lang, "compare.same_text")}</p></Notice>
            <p class="hero-number__figure"><Amount value=format::whole(first.total_t) unit=TONNES/></p>
        }
        .into_any();
    }
    let assumed = |outcome: &Outcome| outcome.parameters.iter().any(|used| used.assumed);
    let assumed = (assumed(first) || assumed(second))
        .then(|| view! { <p class="remark">{t(lang, "compare.assumed")}</p> });
    let parts = (
        totals(lang, comparison),
        assumed,
        years(lang, &comparison.years),
        steps(lang, comparison),
        parameters(lang, &comparison.parameters),
        notes(lang, "compare.notes_added", &comparison.notes_added),
        notes(lang, "compare.notes_removed", &comparison.notes_removed),
    );
    view! { <Section title=t(lang, "compare.result") id="result">{parts}</Section> }.into_any()
}

fn totals(lang: Lang, comparison: &Comparison) -> AnyView {
    let numbers = [
        ("compare.first", format::whole(comparison.total_t.first)),
        ("compare.second", format::whole(comparison.total_t.second)),
        (
            "compare.difference",
            signed(comparison.total_t.difference()),
        ),
    ];
    let numbers: Vec<_> = numbers
        .into_iter()
        .map(|(key, value)| {
            view! {
                <div class="hero-number">
                    <p class="hero-number__label">{t(lang, key)}</p>
                    <p class="hero-number__figure"><span class="hero-number__value">{value}</span>" "<span class="hero-number__unit">{TONNES}</span></p>
                </div>
            }
        })
        .collect();
    let annual = tp(
        lang,
        "compare.annual",
        &[
            ("first", &format::whole(comparison.annual_t.first)),
            ("second", &format::whole(comparison.annual_t.second)),
            ("difference", &signed(comparison.annual_t.difference())),
        ],
    );
    view! { <div class="hero-numbers">{numbers}</div><p class="remark">{annual}</p> }.into_any()
}

/// `+12`, `−12`, `0`: never by colour alone.
fn signed(difference: i64) -> String {
    let size = format::whole(i64::try_from(difference.unsigned_abs()).unwrap_or(i64::MAX));
    match difference.signum() {
        1 => format!("+{size}"),
        -1 => format!("−{size}"),
        _ => size,
    }
}

fn years(lang: Lang, years: &[YearPair]) -> AnyView {
    let columns = vec![
        Column::text(t(lang, "result.year")),
        Column::number(t(lang, "compare.first")),
        Column::number(t(lang, "compare.second")),
        Column::number(t(lang, "compare.difference")),
    ];
    let rows = years
        .iter()
        .map(|pair| {
            let tonnes = |line: Option<i64>| line.map_or_else(|| "—".to_owned(), format::whole);
            let difference = pair.tonnes().difference();
            let difference = if difference == 0 && !pair.is_same() {
                t(lang, "compare.same_after_rounding")
            } else {
                signed(difference)
            };
            vec![
                pair.year.to_string().into_any(),
                tonnes(pair.first.as_ref().map(|line| line.er_t)).into_any(),
                tonnes(pair.second.as_ref().map(|line| line.er_t)).into_any(),
                changed(difference, !pair.is_same()),
            ]
        })
        .collect();
    view! { <DataTable caption=t(lang, "compare.years") columns rows empty=t(lang, "public.none")/> }
        .into_any()
}

fn changed(text: String, differs: bool) -> AnyView {
    if differs {
        view! { <strong class="compare__changed">{text}</strong> }.into_any()
    } else {
        text.into_any()
    }
}

fn steps(lang: Lang, comparison: &Comparison) -> AnyView {
    let columns = vec![
        Column::text(t(lang, "result.symbol")),
        Column::text(t(lang, "result.year")),
        Column::number(t(lang, "compare.first")),
        Column::number(t(lang, "compare.second")),
        Column::text(t(lang, "compare.because")),
        Column::text(t(lang, "result.clause")),
    ];
    let rows = comparison
        .steps
        .iter()
        .take(STEPS_SHOWN_MAX)
        .map(|step| step_row(lang, step))
        .collect();
    let counts = [
        ("different", comparison.steps.len().to_string()),
        ("same", comparison.steps_same.to_string()),
        (
            "shown",
            comparison.steps.len().min(STEPS_SHOWN_MAX).to_string(),
        ),
    ];
    let counts: Vec<_> = counts
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    view! {
        <p class="remark">{tp(lang, "compare.steps_count", &counts)}</p>
        <DataTable caption=t(lang, "compare.steps") columns rows empty=t(lang, "compare.no_steps")/>
    }
    .into_any()
}

fn step_row(lang: Lang, step: &StepDifference) -> Vec<AnyView> {
    let value = |step: &Option<methodologies::Step>| {
        step.as_ref().map_or_else(
            || "—".to_owned(),
            |step| format::decimal(&step.value.to_string()),
        )
    };
    let line = if step.line.is_empty() {
        t(lang, "result.whole")
    } else {
        step.line.clone()
    };
    let inputs: Vec<_> = step
        .changed_inputs()
        .into_iter()
        .map(|input| {
            let value = |value: Option<_>| {
                value.map_or_else(
                    || "—".to_owned(),
                    |value: rust_decimal::Decimal| format::decimal(&value.to_string()),
                )
            };
            view! { <li><i>{input.symbol.clone()}</i>" "{value(input.first)}" → "{value(input.second)}" "{input.unit.clone()}</li> }
        })
        .collect();
    vec![
        view! { <i>{step.symbol.clone()}</i><span class="steps__title">{lang.message(&step.title).to_owned()}</span> }.into_any(),
        line.into_any(),
        changed(value(&step.first), step.changes_value()),
        view! { {changed(value(&step.second), step.changes_value())}" "<span class="amount__unit">{step.unit.clone()}</span> }.into_any(),
        view! { <ul class="steps__inputs">{inputs}</ul> }.into_any(),
        step.clause.clone().into_any(),
    ]
}

fn parameters(lang: Lang, different: &[ParameterDifference]) -> AnyView {
    if different.is_empty() {
        return view! { <p class="remark">{t(lang, "compare.parameters_same")}</p> }.into_any();
    }
    let columns = vec![
        Column::text(t(lang, "result.parameter")),
        Column::text(t(lang, "compare.first")),
        Column::text(t(lang, "compare.second")),
    ];
    let used = |used: &Option<ParameterUse>| match used {
        None => t(lang, "compare.not_used").into_any(),
        Some(used) => {
            let marks: Vec<_> = [
                (used.assumed, "result.assumed"),
                (used.stale, "result.stale"),
            ]
            .into_iter()
            .filter(|(shown, _)| *shown)
            .map(|(_, key)| view! { " "<span class="tag tag--attention">{t(lang, key)}</span> })
            .collect();
            view! {
                <Amount value=format::decimal(&used.value.to_string()) unit=used.unit.clone()/>{marks}
                <span class="table__sub">{lang.message(&used.source).to_owned()}</span>
            }
            .into_any()
        }
    };
    let rows = different
        .iter()
        .map(|difference| {
            let title = difference.second.as_ref().or(difference.first.as_ref());
            let title = title
                .map_or("", |used| lang.message(&used.title))
                .to_owned();
            vec![
                view! { {title}<span class="table__sub">{difference.id.clone()}</span> }.into_any(),
                used(&difference.first),
                used(&difference.second),
            ]
        })
        .collect();
    view! { <DataTable caption=t(lang, "compare.parameters") columns rows empty=t(lang, "public.none")/> }
        .into_any()
}

fn notes(lang: Lang, key: &str, notes: &[Note]) -> Option<AnyView> {
    if notes.is_empty() {
        return None;
    }
    let lines: Vec<_> = notes
        .iter()
        .take(STEPS_SHOWN_MAX)
        .map(|note| {
            let at = if note.at.is_empty() {
                String::new()
            } else {
                format!("{}{}", note.at, lang.choose("：", ": "))
            };
            view! { <li>{at}{lang.message(&note.text).to_owned()}</li> }
        })
        .collect();
    Some(
        view! { <Notice tone=Tone::Attention title=t(lang, key)><ul>{lines}</ul></Notice> }
            .into_any(),
    )
}

/// A form that takes one input to the comparison, from another page: both sides begin with it.
#[component]
pub fn CompareButton(
    /// The calculator.
    #[prop(into)]
    calculator: String,
    /// Its input, as JSON.
    input: serde_json::Value,
    /// What the button says.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! {
        <form class="compare__begin" method="post" action="/compare">
            <Hidden name="calculator" value=calculator/>
            <Hidden name=INPUT_FILE value=input.to_string()/>
            <button class="button button--secondary" type="submit">{text}</button>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::fields;

    fn calculator() -> &'static Calculator {
        methodologies::calculator("CCER-01-002-V01/ex-ante").expect("there is one")
    }

    #[test]
    fn an_input_without_a_side_is_that_of_both_and_a_side_that_says_otherwise_keeps_it() {
        let mut asked = Asked {
            typed: fields([
                ("grid", "East"),
                ("factor_set", "2023"),
                ("second.factor_set", "2022"),
            ]),
            ..Asked::default()
        };
        fill_both(&mut asked, calculator());
        let expected = fields([
            ("first.grid", "East"),
            ("first.factor_set", "2023"),
            ("second.grid", "East"),
            ("second.factor_set", "2022"),
        ]);
        assert_eq!(asked.typed, expected);
    }

    #[test]
    fn an_input_as_json_becomes_fields_of_both_sides() {
        let mut asked = Asked {
            typed: fields([(INPUT_FILE, r#"{"grid":"East","lines":[{"to":"x"}]}"#)]),
            ..Asked::default()
        };
        fill_both(&mut asked, calculator());
        let expected = fields([
            ("first.grid", "East"),
            ("first.lines.0.to", "x"),
            ("second.grid", "East"),
            ("second.lines.0.to", "x"),
        ]);
        assert_eq!(asked.typed, expected);
    }

    #[test]
    fn a_difference_carries_its_sign() {
        assert_eq!(signed(1234), "+1,234");
        assert_eq!(signed(-1234), "−1,234");
        assert_eq!(signed(0), "0");
    }

    #[test]
    fn only_versions_of_the_same_calculator_are_offered() {
        let ex_post = methodologies::calculator("CCER-01-002-V01/ex-post").expect("there is one");
        assert!(is_version_of(calculator(), calculator()));
        assert!(!is_version_of(calculator(), ex_post));
    }
}
