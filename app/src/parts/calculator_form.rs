//! The fields of a calculator, made from its schema; a list grows and shrinks by buttons that need no script.

use std::collections::BTreeSet;

use leptos::prelude::*;
use methodologies::Calculator;
use methodologies::schema::{Column, Field as Input, Kind as InputKind};
use registry::Fields;

use crate::form::Form;
use crate::lang::{Lang, t, tp};
use crate::page::scene;
use crate::parts::field::{Choice, Field, Fieldset, Kind};

/// The fields of a calculator. Values and errors come from the [`Form`] around it.
#[component]
pub fn CalculatorFields(
    /// The calculator.
    calculator: &'static Calculator,
    /// Put before each field's name (`ex_ante.`), for forms that hold more than the calculation.
    #[prop(optional, into)]
    prefix: String,
    /// Only these of its fields and lists, by path; all if none are given.
    #[prop(optional, into)]
    only: Vec<&'static str>,
) -> impl IntoView {
    let form = use_context::<Form>().unwrap_or_default();
    let maker = Maker {
        lang: scene().lang,
        code: calculator.code,
        inputs: calculator.fields,
        form,
        prefix,
        only,
    };
    maker.level("", "")
}

/// The fields of a question that is no calculator, from its schema. Values and errors come from the [`Form`] around it.
#[component]
pub fn SchemaFields(
    /// What it asks, in the order of the form.
    inputs: &'static [Input],
) -> impl IntoView {
    let maker = Maker {
        lang: scene().lang,
        code: "",
        inputs,
        form: use_context::<Form>().unwrap_or_default(),
        prefix: String::new(),
        only: Vec::new(),
    };
    maker.level("", "")
}

/// Name of the button that adds a line to the list it names.
pub const ADD_LINE: &str = "add_line";
/// Name of the button that removes the line it names.
pub const REMOVE_LINE: &str = "remove_line";

struct Maker {
    lang: Lang,
    code: &'static str,
    inputs: &'static [Input],
    form: Form,
    prefix: String,
    only: Vec<&'static str>,
}

impl Maker {
    /// The fields directly below a pattern (`lines.*.`), with the actual name so far (`lines.2.`).
    fn level(&self, pattern: &str, actual: &str) -> AnyView {
        let own: Vec<_> = self
            .inputs
            .iter()
            .filter_map(|input| Some((input, input.path.strip_prefix(pattern)?)))
            .filter(|(_, rest)| !rest.contains('*'))
            .filter(|(input, _)| {
                !pattern.is_empty() || self.only.is_empty() || self.only.contains(&input.path)
            })
            .map(|(input, rest)| match input.kind {
                InputKind::List { max } => self.list(input, &format!("{actual}{rest}"), max),
                InputKind::Table { columns, max_rows } => {
                    let name = format!("{}{actual}{rest}", self.prefix);
                    table_question(self.lang, self.code, input, name, columns, max_rows)
                }
                _ => self.field(input, &format!("{actual}{rest}")),
            })
            .collect();
        own.into_any()
    }

    fn list(&self, input: &Input, actual: &str, max: usize) -> AnyView {
        let name = format!("{}{actual}", self.prefix);
        let lines = line_count(self.form.values(), &name).max(1);
        let lang = self.lang;
        let each: Vec<_> = (0..lines)
            .map(|at| {
                let number = (at + 1).to_string();
                let legend = tp(lang, "calculator.line", &[("number", &number)]);
                let remove = (lines > 1).then(|| {
                    view! {
                        <button class="button button--small" type="submit" formnovalidate name=REMOVE_LINE value=format!("{name}.{at}")>
                            {tp(lang, "calculator.remove_line", &[("number", &number)])}
                        </button>
                    }
                });
                let pattern = format!("{}.*.", input.path);
                let single = self.inputs.iter().find(|other| other.path.strip_suffix(".*") == Some(input.path));
                let fields = match single {
                    Some(value) => self.field(value, &format!("{actual}.{at}")),
                    None => self.level(&pattern, &format!("{actual}.{at}.")),
                };
                view! { <fieldset class="line"><legend class="line__legend">{legend}</legend><div class="line__fields">{fields}</div>{remove}</fieldset> }
            })
            .collect();
        let add = (lines < max).then(|| {
            view! {
                <button class="button button--small" type="submit" formnovalidate name=ADD_LINE value=name.clone()>{t(lang, "calculator.add_line")}</button>
            }
        });
        let (label, help) = (
            lang.choose(input.label.zh, input.label.en),
            lang.choose(input.help.zh, input.help.en),
        );
        if input.required || line_count(self.form.values(), &name) > 0 {
            return view! { <Fieldset legend=label hint=help>{each}{add}</Fieldset> }.into_any();
        }
        // a list that is seldom needed stays folded while it is empty
        let id = crate::form::field_id(&name);
        view! {
            <details class="how" id=id>
                <summary class="how__summary">{label.to_owned()}" "{t(lang, "field.optional")}</summary>
                <div class="how__body"><p class="field__hint">{help.to_owned()}</p>{each}{add}</div>
            </details>
        }
        .into_any()
    }

    fn field(&self, input: &Input, actual: &str) -> AnyView {
        let lang = self.lang;
        let (kind, unit, choices) = match input.kind {
            InputKind::Number { unit, .. } => (Kind::Decimal, unit, Vec::new()),
            InputKind::Year => (Kind::Decimal, "", Vec::new()),
            InputKind::Date => (Kind::Date, "", Vec::new()),
            InputKind::Choice(choices) => {
                let shown = choices.iter().map(|choice| {
                    Choice::new(choice.value, lang.choose(choice.text.zh, choice.text.en))
                });
                (Kind::Select, "", shown.collect())
            }
            InputKind::Text { .. } | InputKind::List { .. } | InputKind::Table { .. } => {
                (Kind::Text, "", Vec::new())
            }
        };
        view! {
            <Field name=format!("{}{actual}", self.prefix) label=lang.choose(input.label.zh, input.label.en)
                hint=lang.choose(input.help.zh, input.help.en) unit kind choices optional=!input.required/>
        }
        .into_any()
    }
}

/// A table as one text, with what its columns mean and a template to begin with.
pub fn table_question(
    lang: Lang,
    code: &str,
    input: &Input,
    name: String,
    columns: &'static [Column],
    max_rows: usize,
) -> AnyView {
    let explained: Vec<_> = columns
        .iter()
        .map(|column| {
            let label = lang.choose(column.label.zh, column.label.en);
            let help = lang.choose(column.help.zh, column.help.en);
            let optional = (!column.required).then(|| t(lang, "field.optional"));
            view! { <dt>{label}" "<code>{column.code}</code>" "<span class="quiet">{optional}</span></dt><dd>{help}</dd> }
        })
        .collect();
    let rows = crate::format::whole(i64::try_from(max_rows).unwrap_or(i64::MAX));
    let template = format!("/tables/{code}/{}", input.path);
    view! {
        <div class="table-question">
            <Field name label=lang.choose(input.label.zh, input.label.en) hint=lang.choose(input.help.zh, input.help.en)
                kind=Kind::Lines rows=10 optional=!input.required/>
            <p class="quiet">
                {tp(lang, "calculator.table_rows_max", &[("max", &rows)])}" "
                <a href=format!("{template}.csv") download="">{t(lang, "calculator.table_template_csv")}</a>" "
                <a href=format!("{template}.xlsx") download="">{t(lang, "calculator.table_template_xlsx")}</a>
            </p>
            <details class="how">
                <summary class="how__summary">{t(lang, "calculator.table_columns")}</summary>
                <div class="how__body"><dl class="columns-explained">{explained}</dl></div>
            </details>
        </div>
    }
    .into_any()
}

/// How many lines a list has in these fields: one more than the highest number in use.
fn line_count(fields: &Fields, list: &str) -> usize {
    numbers_in_use(fields, list)
        .last()
        .map_or(0, |last| last + 1)
}

fn numbers_in_use(fields: &Fields, list: &str) -> BTreeSet<usize> {
    let prefix = format!("{list}.");
    fields
        .keys()
        .filter_map(|name| name.strip_prefix(&prefix)?.split('.').next()?.parse().ok())
        .filter(|number| *number < 1000)
        .collect()
}

/// Does what the buttons of a list ask for: one empty line more, or one line less with the later ones moved up.
/// Removes the buttons' own fields. Returns whether a button was pressed.
pub fn apply_line_buttons(fields: &mut Fields) -> bool {
    let add = fields.remove(ADD_LINE);
    let remove = fields.remove(REMOVE_LINE);
    if let Some(list) = &add {
        let next = line_count(fields, list).max(1);
        fields.insert(format!("{list}.{next}"), String::new());
    }
    if let Some((list, number)) = remove.as_deref().and_then(|line| line.rsplit_once('.'))
        && let Ok(removed) = number.parse::<usize>()
    {
        let prefix = format!("{list}.");
        let moved = std::mem::take(fields)
            .into_iter()
            .filter_map(|(name, value)| {
                let Some(rest) = name.strip_prefix(&prefix) else {
                    return Some((name, value));
                };
                let (number, tail) = rest
                    .split_once('.')
                    .map_or((rest, None), |(number, tail)| (number, Some(tail)));
                let number = match number.parse::<usize>() {
                    Ok(number) if number == removed => return None,
                    Ok(number) if number > removed => number - 1,
                    _ => return Some((name, value)),
                };
                Some((
                    tail.map_or_else(
                        || format!("{prefix}{number}"),
                        |tail| format!("{prefix}{number}.{tail}"),
                    ),
                    value,
                ))
            });
        *fields = moved.collect();
    }
    add.is_some() || remove.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::fields;

    #[test]
    fn adding_a_line_to_an_empty_list_shows_a_second_one() {
        let mut typed = fields([("add_line", "lines")]);
        assert!(apply_line_buttons(&mut typed));
        assert_eq!(line_count(&typed, "lines"), 2);
        assert!(!apply_line_buttons(&mut typed));
    }

    #[test]
    fn removing_a_line_moves_the_later_ones_up_and_keeps_everything_else() {
        let mut typed = fields([
            ("remove_line", "lines.1"),
            ("lines.0.to", "a"),
            ("lines.1.to", "b"),
            ("lines.2.to", "c"),
            ("lines.2.fuels.0.kind", "d"),
            ("linesX.1", "e"),
        ]);
        assert!(apply_line_buttons(&mut typed));
        let expected = fields([
            ("lines.0.to", "a"),
            ("lines.1.to", "c"),
            ("lines.1.fuels.0.kind", "d"),
            ("linesX.1", "e"),
        ]);
        assert_eq!(typed, expected);
    }

    #[test]
    fn nonsense_from_the_buttons_changes_nothing() {
        for nonsense in [
            "",
            "lines",
            "lines.x",
            "lines.99999999999999999999999",
            "other.0",
        ] {
            let mut typed = fields([("remove_line", nonsense), ("lines.0.to", "a")]);
            apply_line_buttons(&mut typed);
            assert_eq!(typed, fields([("lines.0.to", "a")]), "{nonsense}");
        }
    }
}
