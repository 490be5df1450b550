//! The form around an act: it posts to the act's door with everything the door checks.

use domain::Act;
use leptos::context::Provider;
use leptos::prelude::*;

use crate::acts::multipart::ACTS_WITH_FILE;
use crate::form::Form;
use crate::lang::t;
use crate::page::scene;
use crate::parts::field::{Choice, ErrorSummary, Field, Hidden, Kind};

/// A form that does an act. Shows what was wrong at its top, then its fields, then its button.
#[component]
pub fn ActForm(
    /// The act.
    act: Act,
    /// Values and errors: [`Form::open`].
    #[prop(optional)]
    form: Form,
    /// What the button says: the act in two or three words.
    #[prop(into)]
    submit: String,
    /// Id of the form element, for islands that listen to it.
    #[prop(optional, into)]
    id: String,
    /// A quiet button: for acts that are not the main one of the page.
    #[prop(optional)]
    quiet: bool,
    /// A red button: for acts that end or undo something.
    #[prop(optional)]
    ends: bool,
    /// Where to go instead, beside the button.
    #[prop(optional, into)]
    cancel: String,
    /// Where it posts to instead of the act's door: a check page before the act.
    #[prop(optional, into)]
    action: String,
    /// The idempotency key, where the same page shown twice must not do the act twice; a new one if not given.
    #[prop(optional, into)]
    key: String,
    /// The fields.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let scene = scene();
    let class = match (ends, quiet) {
        (true, _) => "button button--ends",
        (false, true) => "button button--secondary",
        (false, false) => "button",
    };
    let cancel = (!cancel.is_empty()).then(
        || view! { <a class="act-form__cancel" href=cancel>{t(scene.lang, "field.cancel")}</a> },
    );
    let id = (!id.is_empty()).then_some(id);
    let key = if key.is_empty() {
        uuid::Uuid::now_v7().to_string()
    } else {
        key
    };
    let action = if action.is_empty() {
        format!("/acts/{}", act.name())
    } else {
        action
    };
    let encoding = ACTS_WITH_FILE
        .contains(&act)
        .then_some("multipart/form-data");
    let progress = encoding.is_some().then(|| {
        view! {
            <p class="act-form__progress" hidden data-progress="" data-sending=t(scene.lang, "field.file_sending")
                data-reading=t(scene.lang, "field.file_reading") data-lost=t(scene.lang, "field.file_lost")>
                <progress max="1" aria-label=t(scene.lang, "field.file_progress")></progress>
                <span role="status"></span>
            </p>
        }
    });
    view! {
        <Provider value=form>
            <form class="act-form" id=id method="post" action=action enctype=encoding novalidate data-once="">
                <ErrorSummary/>
                <Hidden name="csrf" value=scene.csrf.clone()/>
                <Hidden name="key" value=key/>
                <Hidden name="back" value=scene.here.clone()/>
                {children.map(|children| children())}
                {progress}
                <div class="act-form__buttons">
                    <button class=class type="submit">{submit}</button>
                    {cancel}
                </div>
            </form>
        </Provider>
    }
    .into_any()
}

/// Before an act that cannot be undone: what becomes public or final, and a box to tick. The door's function refuses
/// `statement_required` at `confirm` unless the field `confirm` is `yes`.
#[component]
pub fn Irreversible(
    /// What is final, in one line.
    #[prop(into)]
    title: String,
    /// What the person confirms.
    #[prop(into)]
    confirm: String,
    /// What exactly becomes public or final.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="irreversible">
            <h2 class="irreversible__title">{title}</h2>
            <div class="irreversible__body">{children()}</div>
            <Field name="confirm" label=confirm kind=Kind::Checkbox/>
        </section>
    }
    .into_any()
}

/// Yes or no, as radios that send `yes` and `no`.
pub fn yes_or_no(lang: crate::lang::Lang) -> Vec<Choice> {
    vec![
        Choice::new("yes", t(lang, "field.yes")),
        Choice::new("no", t(lang, "field.no")),
    ]
}
