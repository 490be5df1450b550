//! Form fields: label, hint, unit, errors, and the value that was typed.

use std::sync::atomic::Ordering;

use leptos::prelude::*;

use crate::form::{Form, Problem, field_id};
use crate::lang::t;
use crate::page::scene;

/// What may be typed into a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// One line of text.
    #[default]
    Text,
    /// Several lines of text.
    Lines,
    /// A decimal number. It stays text: the server reads it, so nothing typed is lost or changed.
    Decimal,
    /// A day.
    Date,
    /// A time of day, `HH:MM`.
    Time,
    /// An e-mail address.
    Email,
    /// The present password.
    Password,
    /// A password being chosen.
    NewPassword,
    /// One of a few choices, folded.
    Select,
    /// One of a few choices, all visible.
    Radios,
    /// Yes or not: sends `yes`.
    Checkbox,
    /// Any of several choices: each that is ticked sends `yes` under the name of the field, a dot and its value.
    Boxes,
    /// A file, for the acts of [`crate::acts::multipart::ACTS_WITH_FILE`]; `autocomplete` then lists what may be chosen
    /// (`.pdf,.png`).
    File,
}

/// One choice of a [`Kind::Select`], [`Kind::Radios`] or [`Kind::Boxes`].
#[derive(Clone, Debug)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// One line below it (radios only); may be empty.
    pub hint: String,
    /// The heading it stands under (folded choices only), the same for those behind one another; may be empty.
    pub group: String,
}

impl Choice {
    /// A choice without a hint.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            hint: String::new(),
            group: String::new(),
        }
    }

    /// The same under a heading.
    #[must_use]
    pub fn under(mut self, group: impl Into<String>) -> Self {
        self.group = group.into();
        self
    }

    /// The same with one line below it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// One field. Its value and errors come from the [`Form`] around it, found by `name`.
#[component]
pub fn Field(
    /// The name it is sent with; dotted for nested values (`lines.0.to`).
    #[prop(into)]
    name: String,
    /// What to fill in.
    #[prop(into)]
    label: String,
    /// How, or where to find it.
    #[prop(optional, into)]
    hint: String,
    /// The unit, shown beside the input.
    #[prop(optional, into)]
    unit: String,
    /// What may be typed.
    #[prop(optional)]
    kind: Kind,
    /// May stay empty: says so beside the label.
    #[prop(optional)]
    optional: bool,
    /// The choices of a select or of radios. A select begins with an empty one.
    #[prop(optional)]
    choices: Vec<Choice>,
    /// Shown when the form has no value of this name.
    #[prop(optional, into)]
    default: String,
    /// Value of the `autocomplete` attribute (`email`, `organization`, …).
    #[prop(optional, into)]
    autocomplete: String,
    /// Rows of [`Kind::Lines`]; 4 if not given.
    #[prop(default = 4)]
    rows: u8,
    /// Shown, not editable.
    #[prop(optional)]
    read_only: bool,
) -> impl IntoView {
    let form = use_context::<Form>().unwrap_or_default();
    let lang = scene().lang;
    let id = field_id(&name);
    let secret = matches!(kind, Kind::Password | Kind::NewPassword);
    let value = match form.values().get(&name) {
        _ if secret => String::new(),
        Some(value) => value.clone(),
        None => default,
    };
    let errors: Vec<String> = form
        .problems_at(&name)
        .map(|problem| problem.text(lang))
        .collect();
    let wrong = !errors.is_empty();
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let described = [
        (!hint.is_empty()).then(|| hint_id.clone()),
        Some(error_id.clone()),
    ];
    let described = described
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let attributes = Attributes {
        id: id.clone(),
        name,
        described,
        wrong,
        read_only,
        autocomplete,
    };

    let optional_mark = optional
        .then(|| view! { <span class="field__optional">{t(lang, "field.optional")}</span> });
    let hint = (!hint.is_empty()).then(|| view! { <p class="field__hint" id=hint_id>{hint}</p> });
    // always there, so that a live calculation has a place to put its errors
    let errors = view! {
        <p class="field__error" id=error_id data-error-for=attributes.name.clone() hidden=!wrong>{errors.join(" ")}</p>
    };
    let class = crate::parts::class_if("field", "wrong", wrong);
    match kind {
        Kind::Radios => view! {
            <fieldset class=class id=id>
                <legend class="field__label">{label}{optional_mark}</legend>
                {hint}
                {errors}
                {radios(&attributes, choices, &value)}
            </fieldset>
        }
        .into_any(),
        Kind::Checkbox => view! {
            <div class=class>
                {errors}
                <div class="choice">
                    {input(&attributes, "checkbox", "yes", value == "yes")}
                    <label class="choice__label" for=id>{label}</label>
                </div>
                {hint}
            </div>
        }
        .into_any(),
        Kind::Boxes => view! {
            <fieldset class=class id=id>
                <legend class="field__label">{label}{optional_mark}</legend>
                {hint}
                {errors}
                <div class="boxes">{boxes(&attributes, choices, &form)}</div>
            </fieldset>
        }
        .into_any(),
        Kind::Text
        | Kind::Lines
        | Kind::Decimal
        | Kind::Date
        | Kind::Time
        | Kind::Email
        | Kind::Password
        | Kind::NewPassword
        | Kind::File
        | Kind::Select => {
            let control = control(kind, &attributes, value, choices, rows);
            let unit =
                (!unit.is_empty()).then(|| view! { <span class="field__unit">{unit}</span> });
            view! {
                <div class=class>
                    <label class="field__label" for=id>{label}{optional_mark}</label>
                    {hint}
                    {errors}
                    <div class="field__control">{control}{unit}</div>
                </div>
            }
            .into_any()
        }
    }
}

/// What every kind of input has in common.
struct Attributes {
    id: String,
    name: String,
    described: String,
    wrong: bool,
    read_only: bool,
    autocomplete: String,
}

impl Attributes {
    /// Those of one choice of several.
    fn of_choice(&self, at: usize, name: String) -> Self {
        Self {
            id: format!("{}-{at}", self.id),
            name,
            described: self.described.clone(),
            wrong: self.wrong,
            read_only: false,
            autocomplete: String::new(),
        }
    }
}

fn control(
    kind: Kind,
    attributes: &Attributes,
    value: String,
    choices: Vec<Choice>,
    rows: u8,
) -> AnyView {
    let Attributes {
        id,
        name,
        described,
        wrong,
        read_only,
        autocomplete,
    } = attributes;
    let (id, name, described) = (id.clone(), name.clone(), described.clone());
    let invalid = wrong.then_some("true");
    let autocomplete = (!autocomplete.is_empty()).then(|| autocomplete.clone());
    match kind {
        Kind::Lines => view! {
            <textarea class="input input--lines" id=id name=name rows=rows.to_string() readonly=*read_only
                aria-describedby=described aria-invalid=invalid>{format!("\n{value}")}</textarea>
        }
        .into_any(),
        Kind::Select => {
            let empty = view! { <option value="">{t(scene().lang, "field.choose")}</option> };
            let options: Vec<_> = choices
                .chunk_by(|one, next| one.group == next.group)
                .map(|choices| {
                    let group = choices.first().map_or("", |choice| choice.group.as_str());
                    let options: Vec<_> = choices
                        .iter()
                        .map(|choice| {
                            let (own, label) = (choice.value.clone(), choice.label.clone());
                            view! { <option selected=own == value value=own>{label}</option> }
                        })
                        .collect();
                    if group.is_empty() {
                        options.into_any()
                    } else {
                        view! { <optgroup label=group.to_owned()>{options}</optgroup> }.into_any()
                    }
                })
                .collect();
            view! {
                <select class="input input--select" id=id name=name aria-describedby=described aria-invalid=invalid>
                    {empty}{options}
                </select>
            }
            .into_any()
        }
        Kind::File => view! {
            <input class="input input--file" type="file" id=id name=name accept=autocomplete aria-describedby=described
                aria-invalid=invalid/>
        }
        .into_any(),
        _ => {
            let (kind_of_input, mode, class) = match kind {
                Kind::Decimal => ("text", Some("decimal"), "input input--number"),
                Kind::Date => ("date", None, "input input--date"),
                Kind::Time => ("time", None, "input input--date"),
                Kind::Email => ("email", None, "input"),
                Kind::Password | Kind::NewPassword => ("password", None, "input"),
                _ => ("text", None, "input"),
            };
            let autocomplete = autocomplete.or_else(|| {
                let usual = match kind {
                    Kind::Password => "current-password",
                    Kind::NewPassword => "new-password",
                    Kind::Email => "email",
                    _ => "off",
                };
                Some(usual.to_owned())
            });
            view! {
                <input class=class type=kind_of_input id=id name=name value=value inputmode=mode autocomplete=autocomplete
                    readonly=*read_only aria-describedby=described aria-invalid=invalid/>
            }
            .into_any()
        }
    }
}

fn radios(attributes: &Attributes, choices: Vec<Choice>, value: &str) -> Vec<AnyView> {
    let one = |(at, choice): (usize, Choice)| {
        let own = attributes.of_choice(at, attributes.name.clone());
        let input = input(&own, "radio", &choice.value, choice.value == value);
        choice_line(own.id, input, choice)
    };
    choices.into_iter().enumerate().map(one).collect()
}

fn boxes(attributes: &Attributes, choices: Vec<Choice>, form: &Form) -> Vec<AnyView> {
    let one = |(at, choice): (usize, Choice)| {
        let own = attributes.of_choice(at, format!("{}.{}", attributes.name, choice.value));
        let ticked = form.values().get(&own.name).is_some_and(|one| one == "yes");
        let input = input(&own, "checkbox", "yes", ticked);
        choice_line(own.id, input, choice)
    };
    choices.into_iter().enumerate().map(one).collect()
}

/// An input with its label beside it.
fn choice_line(id: String, input: AnyView, choice: Choice) -> AnyView {
    let hint = (!choice.hint.is_empty())
        .then(|| view! { <span class="choice__hint">{choice.hint}</span> });
    view! {
        <div class="choice">
            {input}
            <label class="choice__label" for=id>{choice.label}{hint}</label>
        </div>
    }
    .into_any()
}

fn input(attributes: &Attributes, kind: &'static str, value: &str, checked: bool) -> AnyView {
    let invalid = attributes.wrong.then_some("true");
    view! {
        <input class="choice__input" type=kind id=attributes.id.clone() name=attributes.name.clone() value=value.to_owned()
            checked=checked aria-describedby=attributes.described.clone() aria-invalid=invalid/>
    }
    .into_any()
}

/// A field that is sent but not shown.
#[component]
pub fn Hidden(
    /// The name it is sent with.
    #[prop(into)]
    name: String,
    /// Its value.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    view! { <input type="hidden" name=name value=value/> }
}

/// Fields that belong together, under one heading.
#[component]
pub fn Fieldset(
    /// The heading.
    #[prop(into)]
    legend: String,
    /// One or two sentences below it.
    #[prop(optional, into)]
    hint: String,
    /// The fields.
    children: Children,
) -> impl IntoView {
    let hint = (!hint.is_empty()).then(|| view! { <p class="fieldset__hint">{hint}</p> });
    view! {
        <fieldset class="fieldset">
            <legend class="fieldset__legend">{legend}</legend>
            {hint}
            {children()}
        </fieldset>
    }
    .into_any()
}

/// Everything that is wrong with the form, each line a link to its field. Shows nothing when nothing is.
/// [`ActForm`](crate::parts::ActForm) already has one at its top.
#[component]
pub fn ErrorSummary() -> impl IntoView {
    let form = use_context::<Form>().unwrap_or_default();
    if !form.problems().is_empty() {
        scene().errors_shown.store(true, Ordering::Relaxed);
    }
    summary(form.problems(), Some(&form))
}

/// The reasons of a refusal on a page without the refused form: at the top, without links.
#[component]
pub(crate) fn Refused(
    /// What was wrong.
    problems: Vec<Problem>,
) -> impl IntoView {
    summary(&problems, None)
}

fn summary(problems: &[Problem], form: Option<&Form>) -> AnyView {
    let lang = scene().lang;
    if problems.is_empty() {
        return ().into_any();
    }
    let lines: Vec<_> = problems
        .iter()
        .map(|problem| {
            let text = problem.text(lang);
            let label = problem
                .field
                .as_deref()
                .zip(form)
                .and_then(|(field, form)| form.label(field));
            let text = label.map_or(text.clone(), |label| {
                format!("{label}{}{text}", lang.choose("：", ": "))
            });
            match problem.field.as_ref().filter(|_| form.is_some()) {
                Some(field) => {
                    view! { <li><a href=format!("#{}", field_id(field))>{text}</a></li> }.into_any()
                }
                None => view! { <li>{text}</li> }.into_any(),
            }
        })
        .collect();
    let title = if form.is_some() {
        t(lang, "field.errors_title")
    } else {
        t(lang, "field.refused_title")
    };
    let kept = form.map(|_| view! { <p class="errors__kept">{t(lang, "field.errors_kept")}</p> });
    view! {
        <div class="errors" id="errors" role="alert" tabindex="-1">
            <h2 class="errors__title">{title}</h2>
            <ul class="errors__list">{lines}</ul>
            {kept}
        </div>
    }
    .into_any()
}
