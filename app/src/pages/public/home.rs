//! The first page: what this registry holds now, and three doors.

use axum::extract::State;
use leptos::prelude::*;

use crate::format;
use crate::host::Host;
use crate::lang::t;
use crate::page::{OrFailed, Page, PageResult};
use crate::parts::{Bar, BarChart, Heading, NumberHero, Section};
use crate::visitor::Visitor;

/// `GET /`.
pub async fn home(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let lang = visitor.lang;
    let now = host
        .registry
        .public()
        .statistics()
        .await
        .or_failed(&host, &visitor)?;
    Ok(Page::new(&host, &visitor, t(lang, "home.title")).description(t(lang, "home.description")).wide().view(move || {
        let door = move |title: &str, text: &str, link: &str, address: &'static str| {
            view! {
                <li class="doors__door">
                    <h3 class="doors__title"><a href=address>{t(lang, title)}</a></h3>
                    <p>{t(lang, text)}</p>
                    <p class="doors__link" aria-hidden="true">{t(lang, link)}</p>
                </li>
            }
        };
        let registered = now.projects.get("registered").copied().unwrap_or_default();
        let bars: Vec<_> = now
            .vintages
            .iter()
            .map(|year| Bar { label: year.vintage.to_string(), value: year.issued, text: format::whole(year.issued) })
            .collect();
        view! {
            <Heading title=t(lang, "home.heading") lead=t(lang, "home.lead")/>
            <Section title=t(lang, "home.holds_now")>
                <div class="hero-numbers">
                    <NumberHero label=t(lang, "home.issued") value=format::whole(now.issued) unit="tCO₂e"/>
                    <NumberHero label=t(lang, "home.held") value=format::whole(now.held) unit="tCO₂e"/>
                    <NumberHero label=t(lang, "home.retired") value=format::whole(now.retired) unit="tCO₂e"/>
                    <NumberHero label=t(lang, "home.registered") value=format::whole(registered) unit=t(lang, "home.projects_unit")/>
                </div>
                {(!bars.is_empty()).then(|| view! {
                    <h3 class="home__chart">{t(lang, "home.by_vintage")}</h3>
                    <BarChart title=t(lang, "home.by_vintage") bars/>
                })}
                <p><a href="/statistics">{t(lang, "home.statistics")}</a></p>
            </Section>
            <Section title=t(lang, "home.doors")>
                <ul class="doors">
                    {door("home.door_look", "home.door_look_text", "home.door_look_link", "/projects")}
                    {door("home.door_calculate", "home.door_calculate_text", "home.door_calculate_link", "/calculators")}
                    {door("home.door_work", "home.door_work_text", "home.door_work_link", "/inbox")}
                </ul>
                <p><a href="/precheck">{t(lang, "home.precheck")}</a></p>
            </Section>
        }
    }))
}
