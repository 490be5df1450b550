//! Calls for grams of an organiser.

use axum::extract::State;
use domain::event::EventState;
use domain::{Act, Role};
use leptos::prelude::*;
use registry::{CampaignView, Fields};

use super::kilograms;
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Choice, Field, Heading, Hidden, Kind, Section, SummaryList, SummaryRow,
};
use crate::visitor::Visitor;

/// Those who may open a call: the roles of [`Act::CampaignOpen`].
const ORGANISERS: &[Role] = &[Role::EventOrganiser, Role::ProjectOwner];

/// `GET /desk/campaigns`.
pub async fn campaigns(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, ORGANISERS)?;
    let campaigns = host.registry.campaigns_of(&by).await;
    let campaigns = campaigns.or_failed(&host, &visitor)?;
    let events = host.registry.events_without_call(&by).await;
    let events = events.or_failed(&host, &visitor)?;
    let form = Form::open(&host, &visitor, Act::CampaignOpen, Fields::new()).await;
    let lang = visitor.lang;
    Ok(
        Page::new(&host, &visitor, t(lang, "personal.campaigns")).view(move || {
            let mut choices = vec![Choice::new("", t(lang, "event_gifts.no_event"))];
            choices.extend(events.iter().filter(|event| may_ask(event.state)).map(|event| {
                Choice::new(&*event.id, format!("{} {}", event.number, event.name))
            }));
            let own: Vec<_> = campaigns.iter().map(|one| shown(lang, one)).collect();
            view! {
                <Heading title=t(lang, "personal.campaigns")/>
                {own}
                <Section title=t(lang, "act.campaign_open")>
                    <ActForm act=Act::CampaignOpen form submit=t(lang, "act.campaign_open")>
                        <Field name="event" label=t(lang, "event_gifts.event") hint=t(lang, "event_gifts.event_hint") kind=Kind::Select choices optional=true/>
                        <Field name="title" label=t(lang, "personal.campaign_title")/>
                        <Field name="target_kg" label=t(lang, "personal.target_kg") kind=Kind::Decimal/>
                        <Field name="closes_on" label=t(lang, "personal.closes_on") kind=Kind::Date/>
                    </ActForm>
                </Section>
            }
        }),
    )
}

/// Gifts are asked for until an event is neutralised.
fn may_ask(state: EventState) -> bool {
    use EventState::{Accounted, Held, Planned, Published};
    matches!(state, Planned | Published | Held | Accounted)
}

fn shown(lang: Lang, campaign: &CampaignView) -> AnyView {
    let state = if campaign.is_open {
        "personal.open"
    } else if campaign.is_cancelled {
        "event_gifts.state_cancelled"
    } else {
        "personal.over"
    };
    let mut rows = vec![
        SummaryRow::new(t(lang, "personal.status"), t(lang, state)),
        SummaryRow::new(t(lang, "personal.target"), kilograms(campaign.target_mg)),
        SummaryRow::new(t(lang, "personal.given"), kilograms(campaign.given_mg)),
        SummaryRow::new(
            t(lang, "personal.closes_on"),
            format::date_text(lang, &campaign.closes_on),
        ),
    ];
    if let Some(event) = &campaign.event {
        let number = event.clone();
        rows.insert(
            1,
            SummaryRow::new(
                t(lang, "event_gifts.event"),
                view! { <code>{number}</code> },
            ),
        );
    }
    let cancel = campaign.is_open.then(|| {
        let id = campaign.id.clone();
        view! {
            <ActForm act=Act::CampaignCancel submit=t(lang, "act.campaign_cancel") ends=true>
                <Hidden name="campaign" value=id/>
            </ActForm>
        }
    });
    let title = campaign.title.clone();
    view! { <Section title><SummaryList rows/>{cancel}</Section> }.into_any()
}
