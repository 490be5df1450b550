//! What is around every page: skip link, demo banner, header, the way here, messages, footer.

use domain::{Instant, Role};
use leptos::prelude::*;

use crate::format;
use crate::lang::{Lang, t, tp};
use crate::page::{Scene, scene};
use crate::parts::act_form::ActForm;
use crate::parts::field::{Choice, Field, Hidden, Kind};
use crate::parts::notice::FlashBanner;
use crate::visitor::{Flash, Theme, address_with};

/// One step of the way to a page.
#[derive(Clone, Debug)]
pub struct Crumb {
    /// What it says.
    pub label: String,
    /// Where it leads.
    pub address: String,
}

/// The page around the contents.
#[component]
pub fn Shell(
    /// The way here, without the page itself.
    crumbs: Vec<Crumb>,
    /// The page's title.
    title: String,
    /// Messages of the last act.
    flashes: Vec<Flash>,
    /// Now.
    now: Instant,
    /// Uses the whole width.
    wide: bool,
    /// The contents.
    children: Children,
) -> impl IntoView {
    let scene = scene();
    let lang = scene.lang;
    let flashes: Vec<_> = flashes
        .into_iter()
        .map(|flash| view! { <FlashBanner flash/> })
        .collect();
    view! {
        <a class="skip" href="#main">{t(lang, "shell.skip")}</a>
        {scene.demo.then(|| demo_banner(&scene, now))}
        {header(&scene)}
        <main class=crate::parts::class_if("main", "wide", wide) id="main" tabindex="-1">
            {(!crumbs.is_empty()).then(|| breadcrumbs(lang, crumbs, title))}
            {flashes}
            {children()}
        </main>
        {footer(&scene)}
    }
    .into_any()
}

fn header(scene: &Scene) -> AnyView {
    let lang = scene.lang;
    let path = scene.here.split('?').next().unwrap_or_default();
    let within = |address: &str| path == address || path.starts_with(&format!("{address}/"));
    let own = scene
        .signed_in
        .as_ref()
        .map_or(&[][..], |person| own_places(person.role));
    // one place at most: `/me/record` is within `/me` as well
    let nearest = PUBLIC_PLACES
        .iter()
        .chain(own)
        .map(|(_, address)| *address)
        .filter(|address| within(address))
        .max_by_key(|address| address.len());
    let link = |(key, address): &(&'static str, &'static str)| {
        let current = (nearest == Some(*address)).then_some("page");
        let unread = (*address == "/inbox").then(|| unread(scene)).flatten();
        view! { <li><a class="nav__link" href=*address aria-current=current>{t(lang, key)}{unread}</a></li> }
    };
    let public: Vec<_> = PUBLIC_PLACES.iter().map(link).collect();
    let own: Vec<_> = own.iter().map(link).collect();
    let account = match &scene.signed_in {
        Some(person) => view! {
            <div class="account">
                <p class="account__who">
                    <a href="/account">{person.person_name.clone()}</a>
                    {(person.role != Role::Individual).then(|| view! { <span class="account__organisation">{person.organisation_name.clone()}</span> })}
                </p>
                <ActForm act=domain::Act::UserSignOut submit=t(lang, "shell.sign_out") quiet=true/>
            </div>
        }
        .into_any(),
        None => view! { <div class="account"><a class="button button--secondary" href="/sign-in">{t(lang, "shell.sign_in")}</a></div> }.into_any(),
    };
    view! {
        <header class="header">
            <div class="header__bar">
                <a class="brand" href="/"><span class="brand__mark" aria-hidden="true"></span>{t(lang, "shell.name")}</a>
                <nav class="nav" aria-label=t(lang, "shell.nav_public")><ul class="nav__list">{public}</ul></nav>
                {language_link(scene)}
                {account}
            </div>
            {(!own.is_empty()).then(|| view! {
                <nav class="nav nav--own" aria-label=t(lang, "shell.nav_own")><ul class="nav__list">{own}</ul></nav>
            })}
        </header>
    }
    .into_any()
}

/// How many messages are unread, beside the link to the inbox.
fn unread(scene: &Scene) -> Option<AnyView> {
    let count = scene.unread;
    let shown = if count > registry::UNREAD_MAX {
        format!("{}+", registry::UNREAD_MAX)
    } else {
        count.to_string()
    };
    let label = tp(
        scene.lang,
        "notification.unread_count",
        &[("count", &shown)],
    );
    (count > 0).then(|| view! { " "<span class="nav__count" title=label>{shown}</span> }.into_any())
}

/// The same address in the other language.
fn language_link(scene: &Scene) -> AnyView {
    let (other, name) = match scene.lang {
        Lang::Zh => (Lang::En, "English"),
        Lang::En => (Lang::Zh, "中文"),
    };
    let address = address_with(&scene.here, "lang", other.code());
    view! { <a class="header__language" href=address lang=other.html() hreflang=other.html()>{name}</a> }.into_any()
}

/// What anyone may visit.
const PUBLIC_PLACES: &[(&str, &str)] = &[
    ("shell.projects", "/projects"),
    ("shell.retirements", "/retirements"),
    ("shell.events", "/events"),
    ("shell.methodologies", "/methodologies"),
    ("shell.calculators", "/calculators"),
    ("shell.statistics", "/statistics"),
];

/// What each role has of its own, the inbox first.
fn own_places(role: Role) -> &'static [(&'static str, &'static str)] {
    match role {
        Role::ProjectOwner => &[
            ("shell.inbox", "/inbox"),
            ("shell.my_projects", "/desk/projects"),
            ("shell.my_reports", "/desk/reports"),
            ("shell.holdings", "/desk/holdings"),
            ("offer.title", "/offers"),
            ("neutral.list_title", "/desk/neutrality"),
            ("staff.title", "/desk/staff"),
        ],
        Role::Vvb => &[
            ("shell.inbox", "/inbox"),
            ("shell.my_projects", "/desk/projects"),
            ("shell.my_reports", "/desk/reports"),
            ("event_evaluation.list_title", "/desk/evaluations"),
            ("shell.ties", "/desk/ties"),
            ("personal.batches", "/desk/batches"),
        ],
        Role::RegistryOperator => &[
            ("shell.inbox", "/inbox"),
            ("shell.all_projects", "/desk/projects"),
            ("shell.all_reports", "/desk/reports"),
            ("shell.changes", "/desk/changes"),
            ("shell.claims", "/desk/claims"),
            ("shell.green_certificates", "/desk/certificates"),
            ("shell.complaints", "/desk/complaints"),
            ("shell.accounts", "/desk/accounts"),
            ("shell.experts", "/desk/experts"),
            ("shell.ties", "/desk/ties"),
            ("shell.parameters", "/desk/parameters"),
            ("shell.rules", "/desk/rules"),
            ("personal.desk", "/desk/inclusion"),
            ("personal.batches", "/desk/batches"),
            ("log.audit_title", "/desk/audit"),
            ("notification.outbox_title", "/desk/mail"),
        ],
        Role::EventOrganiser => &[
            ("shell.inbox", "/inbox"),
            ("shell.my_events", "/desk/events"),
            ("neutral.list_title", "/desk/neutrality"),
            ("shell.holdings", "/desk/holdings"),
            ("offer.title", "/offers"),
            ("personal.campaigns", "/desk/campaigns"),
            ("staff.title", "/desk/staff"),
        ],
        Role::Individual => &[
            ("personal.today", "/me"),
            ("personal.record", "/me/record"),
            ("personal.month", "/me/month"),
            ("personal.give", "/me/give"),
            ("personal.shop", "/me/shop"),
            ("personal.badges", "/me/badges"),
            ("personal.boards", "/me/boards"),
            ("personal.consents", "/me/consents"),
            ("shell.inbox", "/inbox"),
            ("personal.help", "/me/help"),
        ],
    }
}

fn breadcrumbs(lang: Lang, crumbs: Vec<Crumb>, title: String) -> AnyView {
    let steps: Vec<_> = crumbs
        .into_iter()
        .map(
            |crumb| view! { <li class="crumbs__step"><a href=crumb.address>{crumb.label}</a></li> },
        )
        .collect();
    view! {
        <nav class="crumbs" aria-label=t(lang, "shell.crumbs")>
            <ol class="crumbs__list">{steps}<li class="crumbs__step" aria-current="page">{title}</li></ol>
        </nav>
    }
    .into_any()
}

/// Says that nothing here is real, shows the demo date, and moves it for those who are signed in.
fn demo_banner(scene: &Scene, now: Instant) -> AnyView {
    let lang = scene.lang;
    let steps = ["1", "7", "28", "100", "365"]
        .map(|days| Choice::new(days, tp(lang, "shell.clock_step", &[("days", days)])))
        .to_vec();
    let clock = scene.signed_in.is_some().then(|| {
        view! {
            <ActForm act=domain::Act::ClockAdvance submit=t(lang, "shell.clock_submit") quiet=true>
                <Field name="days" label=t(lang, "shell.clock_days") default="1" kind=Kind::Select choices=steps/>
            </ActForm>
        }
    });
    let today = tp(
        lang,
        "shell.demo_today",
        &[("date", &format::date(lang, now.beijing_date()))],
    );
    view! {
        <aside class="demo" aria-label=t(lang, "shell.demo_label")>
            <p class="demo__text"><strong>{t(lang, "shell.demo_label")}</strong>" "{t(lang, "shell.demo_text")}" "<span class="demo__today">{today}</span></p>
            {clock}
        </aside>
    }
    .into_any()
}

fn footer(scene: &Scene) -> AnyView {
    let lang = scene.lang;
    view! {
        <footer class="footer">
            <div class="footer__bar">
                <p class="footer__remark">{t(lang, "shell.remark")}</p>
                <ul class="footer__links">
                    <li><a href="/help">{t(lang, "shell.help")}</a></li>
                    <li><a href="/precheck">{t(lang, "shell.precheck")}</a></li>
                    <li><a href="/compare">{t(lang, "shell.compare")}</a></li>
                    <li><a href="/uniqueness">{t(lang, "claim.public_title")}</a></li>
                    <li><a href="/parameters">{t(lang, "shell.parameters")}</a></li>
                    <li><a href="/rules">{t(lang, "shell.rules")}</a></li>
                    <li><a href="/log">{t(lang, "log.title")}</a></li>
                    <li><a href="/api">{t(lang, "shell.api")}</a></li>
                    <li><a href="/design">{t(lang, "shell.design")}</a></li>
                </ul>
                <form class="footer__choices" method="get" action=scene.here.split('?').next().unwrap_or("/").to_owned()>
                    {kept_query(&scene.here)}
                    {language_switch(lang)}
                    {theme_switch(scene)}
                </form>
            </div>
        </footer>
    }
    .into_any()
}

/// A GET form replaces the query of its address: the filters of a list travel as hidden fields.
fn kept_query(here: &str) -> Vec<AnyView> {
    let query = here.split_once('?').map_or("", |(_, query)| query);
    crate::visitor::decode_form(query.as_bytes())
        .into_iter()
        .map(|(name, value)| view! { <Hidden name value/> }.into_any())
        .collect()
}

/// Buttons that submit `lang=`: the same address in the other language.
fn language_switch(lang: Lang) -> AnyView {
    let button = |other: Lang, name: &'static str| {
        let pressed = if other == lang { "true" } else { "false" };
        view! { <button class="choices__button" type="submit" name="lang" value=other.code() lang=other.html() aria-pressed=pressed>{name}</button> }
    };
    view! {
        <div class="choices" role="group" aria-label=t(lang, "shell.language")>{button(Lang::Zh, "中文")}{button(Lang::En, "English")}</div>
    }
    .into_any()
}

/// Buttons that submit `theme=`: kept in a cookie.
fn theme_switch(scene: &Scene) -> AnyView {
    let lang = scene.lang;
    let button = |theme: Theme, key: &str| {
        let pressed = if theme == scene.theme {
            "true"
        } else {
            "false"
        };
        view! { <button class="choices__button" type="submit" name="theme" value=theme.code() aria-pressed=pressed>{t(lang, key)}</button> }
    };
    view! {
        <div class="choices" role="group" aria-label=t(lang, "shell.theme")>
            {button(Theme::Auto, "shell.theme_auto")}{button(Theme::Light, "shell.theme_light")}{button(Theme::Dark, "shell.theme_dark")}
        </div>
    }
    .into_any()
}
