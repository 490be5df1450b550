//! Opinions on a record: the registry decides on each, the owner answers, the body says how it was handled.

use domain::{Act, Role};
use leptos::prelude::*;
use registry::{Fields, OpinionView};

use super::record::Record;
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::parts::{ActForm, Field, Hidden, Kind, Section, Tag};
use crate::visitor::{Tone, Visitor};

/// The forms of one opinion, with what was typed into them.
pub struct OpinionForms {
    publish: Form,
    refuse: Form,
    reply: Form,
    suspend: Form,
}

/// The forms of every opinion, in the same order.
pub async fn open_forms(
    host: &Host,
    visitor: &Visitor,
    opinions: &[OpinionView],
) -> Vec<OpinionForms> {
    let mut forms = Vec::with_capacity(opinions.len());
    for opinion in opinions {
        let which = Some(("opinion", opinion.id.as_str()));
        forms.push(OpinionForms {
            publish: Form::open_one_of(host, visitor, Act::OpinionPublish, which, Fields::new())
                .await,
            refuse: Form::open_one_of(host, visitor, Act::OpinionRefuse, which, Fields::new())
                .await,
            reply: Form::open_one_of(host, visitor, Act::OpinionReply, which, Fields::new()).await,
            suspend: Form::open_one_of(host, visitor, Act::AuthorSuspend, which, Fields::new())
                .await,
        });
    }
    forms
}

/// The section of a record's page.
pub fn opinions(lang: Lang, record: &Record, forms: Vec<OpinionForms>, viewer: Role) -> AnyView {
    let list: Vec<_> = record
        .opinions
        .iter()
        .zip(forms)
        .map(|(opinion, forms)| one(lang, opinion, forms, viewer))
        .collect();
    let body = if list.is_empty() {
        view! { <p class="quiet">{t(lang, "desk.opinions_none")}</p> }.into_any()
    } else {
        view! { <ol class="opinions">{list}</ol> }.into_any()
    };
    view! { <Section title=t(lang, "desk.opinions_title") id="opinions">{body}</Section> }
        .into_any()
}

fn one(lang: Lang, opinion: &OpinionView, forms: OpinionForms, viewer: Role) -> AnyView {
    let (key, tone) = match opinion.moderation.as_str() {
        "published" => ("desk.opinion_published", Tone::Done),
        "refused" => ("desk.opinion_refused", Tone::Refused),
        _ => ("desk.opinion_submitted", Tone::Attention),
    };
    let contact = opinion.contact.clone().map(|contact| view! { <p class="quiet">{tp(lang, "desk.opinion_contact", &[("contact", &contact)])}</p> });
    let answer = |key: &str, text: &Option<String>| {
        let label = t(lang, key);
        text.clone().map(|text| view! { <div class="opinion__answer"><p class="opinion__label">{label}</p><p class="prose">{text}</p></div> })
    };
    let to_decide = viewer == Role::RegistryOperator && opinion.moderation == "submitted";
    let to_answer = viewer == Role::ProjectOwner
        && opinion.moderation == "published"
        && opinion.reply.is_none();
    let OpinionForms {
        publish,
        refuse,
        reply,
        suspend,
    } = forms;
    let may_suspend = viewer == Role::RegistryOperator
        && opinion
            .contact
            .as_ref()
            .is_some_and(|contact| !contact.is_empty());
    view! {
        <li class="opinion" id=format!("opinion-{}", opinion.id)>
            <p class="opinion__who">
                <strong>{opinion.author.clone()}</strong>" · "{format::moment(lang, opinion.at)}" "<Tag text=t(lang, key) tone/>
            </p>
            <p class="prose">{opinion.text.clone()}</p>
            {contact}
            {answer("desk.opinion_reason", &opinion.moderation_reason)}
            {answer("desk.opinion_reply", &opinion.reply)}
            {answer("desk.opinion_handled", &opinion.handled)}
            {answer("complaint.authority", &opinion.authority_note)}
            {to_decide.then(|| decide(lang, &opinion.id, publish, refuse))}
            {to_answer.then(|| answer_form(lang, &opinion.id, reply))}
            {may_suspend.then(|| suspend_form(lang, &opinion.id, suspend))}
        </li>
    }
    .into_any()
}

fn decide(lang: Lang, opinion: &str, publish: Form, refuse: Form) -> AnyView {
    let open = !refuse.problems().is_empty();
    let (published, refused) = (opinion.to_owned(), opinion.to_owned());
    view! {
        <div class="opinion__acts">
            <ActForm act=Act::OpinionPublish form=publish submit=t(lang, "act.opinion_publish")>
                <Hidden name="opinion" value=published/>
            </ActForm>
            <details class="how" open=open>
                <summary class="how__summary">{t(lang, "act.opinion_refuse")}</summary>
                <div class="how__body">
                    <ActForm act=Act::OpinionRefuse form=refuse submit=t(lang, "act.opinion_refuse") ends=true>
                        <Hidden name="opinion" value=refused/>
                        <Field name="reason" label=t(lang, "desk.opinion_refuse_reason") hint=t(lang, "desk.opinion_refuse_hint") kind=Kind::Lines/>
                        <Field name="authority" label=t(lang, "complaint.authority") hint=t(lang, "complaint.authority_hint") optional=true/>
                    </ActForm>
                </div>
            </details>
        </div>
    }
    .into_any()
}

/// The author's right to comment, for the registry.
fn suspend_form(lang: Lang, opinion: &str, form: Form) -> AnyView {
    let open = !form.problems().is_empty();
    let opinion = opinion.to_owned();
    view! {
        <details class="how" open=open>
            <summary class="how__summary">{t(lang, "act.author_suspend")}</summary>
            <div class="how__body">
                <p class="quiet">{t(lang, "complaint.suspend_hint")}</p>
                <ActForm act=Act::AuthorSuspend form submit=t(lang, "act.author_suspend") ends=true>
                    <Hidden name="opinion" value=opinion/>
                    <Field name="until" label=t(lang, "complaint.until") kind=Kind::Date/>
                    <Field name="reason" label=t(lang, "complaint.reason") kind=Kind::Lines/>
                </ActForm>
            </div>
        </details>
    }
    .into_any()
}

fn answer_form(lang: Lang, opinion: &str, reply: Form) -> AnyView {
    let opinion = opinion.to_owned();
    view! {
        <ActForm act=Act::OpinionReply form=reply submit=t(lang, "act.opinion_reply")>
            <Hidden name="opinion" value=opinion/>
            <Field name="reply" label=t(lang, "desk.opinion_reply") hint=t(lang, "desk.opinion_reply_hint") kind=Kind::Lines/>
        </ActForm>
    }
    .into_any()
}
