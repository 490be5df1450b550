//! What the edit pages of both documents share: the form of one section with its autosave, its errors, and the message
//! about a draft that changed meanwhile.

use domain::{Act, Refusal};
use leptos::prelude::*;
use registry::{Fields, RecordKind};

use super::document::Document;
use super::record::record_address;
use crate::form::{Form, Problem};
use crate::islands::autosave::{Autosave, AutosaveTexts};
use crate::lang::{Lang, t, tp};
use crate::parts::{ActForm, Column, DataTable, Hidden, Notice, Term};
use crate::visitor::{Tone, Visitor};

/// Id of the form element of a section.
pub const FORM_ID: &str = "section";

/// One section of a draft, about to be shown.
pub struct SectionPage {
    /// Which kind of document.
    pub kind: RecordKind,
    /// The record's id.
    pub id: String,
    /// The draft's revision now.
    pub revision: i64,
    /// The section's code.
    pub section: &'static str,
    /// The section's fields.
    pub names: Vec<&'static str>,
    /// The draft as stored.
    pub stored: Fields,
    /// The values and problems to show.
    pub form: Form,
}

impl SectionPage {
    /// The values to show: what was typed and refused, or the stored draft with what is wrong in this section, once anything
    /// is typed in it.
    pub async fn open(
        host: &crate::host::Host,
        visitor: &Visitor,
        mut page: Self,
        refusals: &[Refusal],
    ) -> Self {
        let form = Form::open(host, visitor, page.act(), page.stored.clone()).await;
        let typed = page.names.iter().any(|name| {
            page.stored
                .iter()
                .any(|(field, value)| root(field) == *name && !value.trim().is_empty())
        });
        page.form = if form.problems().is_empty() && typed {
            let own = refusals.iter().filter(|refusal| {
                refusal
                    .field
                    .as_deref()
                    .is_some_and(|field| page.names.contains(&root(field)))
            });
            Form::with_problems(form.values().clone(), own.map(Problem::from).collect())
        } else {
            form
        };
        page
    }

    /// The act that saves this document.
    pub fn act(&self) -> Act {
        match self.kind {
            RecordKind::Project => Act::ProjectSave,
            RecordKind::Report => Act::ReportSave,
        }
    }

    /// The address of the section.
    pub fn address(&self) -> String {
        format!(
            "{}/edit/{}",
            record_address(self.kind, &self.id),
            self.section
        )
    }

    /// The task list.
    pub fn tasks(&self) -> String {
        format!("{}/edit", record_address(self.kind, &self.id))
    }

    /// A saving that met a newer draft: what is stored now beside what was typed.
    fn stale(&self, lang: Lang, document: &Document) -> Option<AnyView> {
        self.form
            .problems()
            .iter()
            .find(|problem| problem.code == "stale_form")?;
        let mut rows: Vec<Vec<AnyView>> = Vec::new();
        for (name, typed) in self
            .form
            .values()
            .iter()
            .filter(|(name, _)| self.names.contains(&root(name)))
        {
            let stored = self.stored.get(name).map_or("", String::as_str);
            if stored.trim() != typed.trim() {
                let shown = |value: &str| {
                    if value.trim().is_empty() {
                        "–".to_owned()
                    } else {
                        document.value(name, value)
                    }
                };
                rows.push(vec![
                    document.label(name).into_any(),
                    shown(stored).into_any(),
                    shown(typed).into_any(),
                ]);
            }
        }
        let columns = vec![
            Column::text(t(lang, "desk.stale_field")),
            Column::text(t(lang, "desk.stale_stored")),
            Column::text(t(lang, "desk.stale_typed")),
        ];
        Some(
            view! {
                <Notice tone=Tone::Attention title=t(lang, "desk.stale_title")>
                    <p>{t(lang, "desk.stale_hint")}</p>
                    <DataTable caption=t(lang, "desk.stale_caption") columns rows empty=t(lang, "desk.stale_same")/>
                </Notice>
            }
            .into_any(),
        )
    }

    /// The form with these questions, made inside it so that they find its values. `calculates` adds a button that saves and stays, for sections with a calculation.
    pub fn form(
        self,
        lang: Lang,
        document: &Document,
        questions: impl FnOnce() -> AnyView + Send + 'static,
        calculates: bool,
    ) -> AnyView {
        let stale = self.stale(lang, document);
        let (term, meaning) = (
            document.section_text(self.section, "_term"),
            document.section_text(self.section, "_meaning"),
        );
        let (act, tasks, here) = (self.act(), self.tasks(), self.address());
        let storage_key = format!("{} {} {}", act.name(), self.id, self.section);
        let stay = calculates.then(|| {
            view! {
                <p class="stay"><button class="button button--secondary" type="submit" name="then" value=format!("{here}#result")>{t(lang, "desk.save_and_calculate")}</button></p>
            }
        });
        let cancel = tasks;
        view! {
            {stale}
            <Term term meaning/>
            <Autosave form_id=FORM_ID.to_owned() address=format!("/acts/{}", act.name()) storage_key texts=AutosaveTexts::load(lang)/>
            <ActForm act form=self.form.labelled(|field| Some(document.label(field))) id=FORM_ID submit=t(lang, "desk.save_and_continue") cancel>
                // what Enter presses, before any button that adds or removes a line
                <button class="only-heard" type="submit" tabindex="-1" aria-hidden="true">{t(lang, "desk.save_and_continue")}</button>
                <Hidden name="record" value=self.id/>
                <Hidden name="revision" value=self.revision.to_string()/>
                {questions()}
                {stay}
            </ActForm>
        }
        .into_any()
    }
}

/// The questions of a section, one after the other.
pub fn every_question(
    document: &Document,
    names: Vec<&'static str>,
) -> impl FnOnce() -> AnyView + Send + 'static {
    let document = document.clone();
    move || {
        names
            .iter()
            .map(|name| document.question(name))
            .collect::<Vec<_>>()
            .into_any()
    }
}

/// The first part of a dotted name.
pub fn root(field: &str) -> &str {
    field.split('.').next().unwrap_or(field)
}

/// The statement that a draft cannot be changed now.
pub fn closed(lang: Lang, record: &super::record::Record) -> AnyView {
    let back = record.address();
    view! {
        <Notice tone=Tone::Note title=t(lang, "desk.closed_title")><p>{t(lang, "desk.closed_hint")}</p></Notice>
        <p><a class="button button--secondary" href=back>{t(lang, "desk.back_to_record")}</a></p>
    }
    .into_any()
}

/// The body that took the mandate stays in the document: said instead of asked.
pub fn body_locked(lang: Lang, body: &str, tasks: String) -> AnyView {
    let title = tp(lang, "desk.body_locked", &[("body", body)]);
    view! {
        <Notice tone=Tone::Note title><p>{t(lang, "desk.body_locked_hint")}</p></Notice>
        <p><a class="button button--secondary" href=tasks>{t(lang, "desk.back_to_tasks")}</a></p>
    }
    .into_any()
}
