//! Who organises an event: its owner asks others, they answer, leave or are removed.

use axum::extract::{Path, State};
use domain::Act;
use leptos::prelude::*;
use registry::{EventOrganiserView, EventOrganisers, Fields};

use super::ORGANISERS;
use super::shown::days;
use crate::form::Form;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Column, DataTable, Field, Heading, Hidden, Notice, Section, SummaryList, SummaryRow,
    Tag,
};
use crate::visitor::{Tone, Visitor};

/// The forms of the page, each with what was typed into it.
struct Forms {
    invite: Form,
    accept: Form,
    decline: Form,
    end: Vec<(EventOrganiserView, Form)>,
}

/// `GET /desk/events/{id}/organisers`: for the owner, and for everybody who was asked.
pub async fn organisers(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let by = require(&host, &visitor, ORGANISERS)?;
    let found = host.registry.event_organisers(&by, &id).await;
    let found = found.or_failed(&host, &visitor)?;
    let answer = |which| {
        let which = Some(("answer", which));
        let act = Act::EventOrganiserAnswer;
        Form::open_one_of(&host, &visitor, act, which, Fields::new())
    };
    let mut forms = Forms {
        invite: Form::open(&host, &visitor, Act::EventOrganiserInvite, Fields::new()).await,
        accept: answer("accept").await,
        decline: answer("decline").await,
        end: Vec::new(),
    };
    for other in found.others.iter().filter(|other| may_end(&found, other)) {
        let which = (!other.own).then_some(("organisation", other.account.as_str()));
        let act = Act::EventOrganiserEnd;
        let form = Form::open_one_of(&host, &visitor, act, which, Fields::new()).await;
        forms.end.push((other.clone(), form));
    }
    let lang = visitor.lang;
    Ok(
        Page::new(&host, &visitor, t(lang, "event_organisers.title"))
            .crumb(t(lang, "event.list_title"), "/desk/events")
            .wide()
            .view(move || body(lang, &id, &found, forms)),
    )
}

/// The owner removes whoever is asked or organises; whoever accepted leaves.
fn may_end(found: &EventOrganisers, other: &EventOrganiserView) -> bool {
    let part = if found.is_owner {
        ["invited", "accepted"].contains(&other.state.as_str())
    } else {
        other.own && other.state == "accepted"
    };
    found.open && part
}

fn body(lang: Lang, event: &str, found: &EventOrganisers, forms: Forms) -> AnyView {
    let own = found.others.iter().find(|other| other.own);
    let facts = vec![
        SummaryRow::new(t(lang, "event_organisers.owner"), found.owner.clone()),
        SummaryRow::new(
            t(lang, "event.days"),
            days(lang, &found.row.starts_on, &found.row.ends_on),
        ),
    ];
    let sees = found.is_owner || own.is_some_and(|own| own.state == "accepted");
    let address = format!("/desk/events/{event}");
    let link =
        sees.then(|| view! { <p><a href=address>{t(lang, "event_organisers.to_event")}</a></p> });
    let asked = own
        .filter(|own| own.state == "invited")
        .map(|_| answer(lang, event, found, forms.accept, forms.decline));
    let fixed = (!found.open)
        .then(|| view! { <Notice tone=Tone::Note title=t(lang, "event_organisers.fixed")/> });
    let rows = found
        .others
        .iter()
        .map(|other| cells(lang, other))
        .collect();
    let columns = vec![
        Column::text(t(lang, "event_organisers.name")),
        Column::text(t(lang, "event_organisers.account")),
        Column::text(t(lang, "event_organisers.state")),
    ];
    let ends: Vec<_> = forms
        .end
        .into_iter()
        .map(|(other, form)| end(lang, event, &other, form))
        .collect();
    let invite = (found.is_owner && found.open).then(|| {
        let event = event.to_owned();
        view! {
            <Section title=t(lang, "act.event_organiser_invite") id="invite">
                <ActForm act=Act::EventOrganiserInvite form=forms.invite submit=t(lang, "act.event_organiser_invite")>
                    <Hidden name="event" value=event/>
                    <Field name="organisation" label=t(lang, "event_organisers.organisation") hint=t(lang, "event_organisers.organisation_hint")/>
                </ActForm>
            </Section>
        }
    });
    view! {
        <Heading above=found.row.number.clone() title=found.row.name.clone() lead=t(lang, "event_organisers.lead")/>
        {link}
        <SummaryList rows=facts/>
        {asked}
        {fixed}
        <DataTable caption=t(lang, "event_organisers.title") columns rows empty=t(lang, "event_organisers.none")/>
        {ends}
        {invite}
    }
    .into_any()
}

fn cells(lang: Lang, other: &EventOrganiserView) -> Vec<AnyView> {
    let tone = match other.state.as_str() {
        "accepted" => Tone::Done,
        "invited" => Tone::Attention,
        _ => Tone::Note,
    };
    let state = t(lang, &format!("event_organisers.state_{}", other.state));
    vec![
        other.name.clone().into_any(),
        view! { <code>{other.account.clone()}</code> }.into_any(),
        view! { <Tag text=state tone/> }.into_any(),
    ]
}

fn answer(
    lang: Lang,
    event: &str,
    found: &EventOrganisers,
    accept: Form,
    decline: Form,
) -> AnyView {
    let title = tp(
        lang,
        "event_organisers.answer_title",
        &[("owner", &found.owner)],
    );
    let (one, other) = (event.to_owned(), event.to_owned());
    view! {
        <Section title id="answer">
            <ActForm act=Act::EventOrganiserAnswer form=accept submit=t(lang, "event_organisers.accept")>
                <Hidden name="event" value=one/>
                <Hidden name="answer" value="accept"/>
            </ActForm>
            <ActForm act=Act::EventOrganiserAnswer form=decline submit=t(lang, "event_organisers.decline") quiet=true>
                <Hidden name="event" value=other/>
                <Hidden name="answer" value="decline"/>
            </ActForm>
        </Section>
    }
    .into_any()
}

fn end(lang: Lang, event: &str, other: &EventOrganiserView, form: Form) -> AnyView {
    let event = event.to_owned();
    if other.own {
        return view! {
            <Section title=t(lang, "event_organisers.leave") id="leave">
                <p>{t(lang, "event_organisers.leave_text")}</p>
                <ActForm act=Act::EventOrganiserEnd form submit=t(lang, "event_organisers.leave") ends=true>
                    <Hidden name="event" value=event/>
                </ActForm>
            </Section>
        }
        .into_any();
    }
    let submit = tp(lang, "event_organisers.remove", &[("name", &other.name)]);
    let account = other.account.clone();
    view! {
        <ActForm act=Act::EventOrganiserEnd form submit quiet=true>
            <Hidden name="event" value=event/>
            <Hidden name="organisation" value=account/>
        </ActForm>
    }
    .into_any()
}
