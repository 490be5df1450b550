//! What a person agreed to, sources to connect, the settings of the account, and its end.

use axum::extract::State;
use domain::Act;
use domain::inclusion::{ConsentStanding, Purpose, RequestState};
use leptos::prelude::*;
use methodologies::text::Text;
use registry::{ConsentView, Fields, GuardianRequestView, LinkView, MeterView, ProviderView};

use super::account::EXPORT_TABLES;
use super::guardian::{missing, waiting};
use super::today::unconfirmed;
use super::{PERSON, regions, scene_name};
use crate::form::{Form, fields};
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Field, Heading, Hidden, Kind, Notice, Section, SummaryList, SummaryRow, Tag,
};
use crate::visitor::{Tone, Visitor};

/// `GET /me/consents`.
pub async fn consents(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, PERSON)?;
    let registry = &host.registry;
    let person = registry.person(&by).await.or_failed(&host, &visitor)?;
    let given = registry.consents(&by).await.or_failed(&host, &visitor)?;
    let links = registry.links(&by).await.or_failed(&host, &visitor)?;
    let providers = registry.providers().await.or_failed(&host, &visitor)?;
    let asked = if person.is_minor {
        let guardian = registry.guardian(&by).await;
        guardian.or_failed(&host, &visitor)?.requests
    } else {
        Vec::new()
    };
    let meters = registry.meters(&by).await.or_failed(&host, &visitor)?;
    let set = host.registry.parameters_in_force().await;
    let set = set.or_failed(&host, &visitor)?;
    let user = registry
        .user_get(&by.user)
        .await
        .or_failed(&host, &visitor)?;
    let name = user.as_ref().map_or("", |user| user.name.as_str());
    let login = user.as_ref().map_or("", registry::User::login).to_owned();
    let stored = fields([
        ("name", name),
        ("region", person.region.as_str()),
        ("nickname", person.nickname.as_deref().unwrap_or_default()),
    ]);
    let change = Form::open(&host, &visitor, Act::PersonChange, stored).await;
    let close = Form::open(&host, &visitor, Act::PersonClose, Fields::new()).await;
    let (lang, is_minor) = (visitor.lang, person.is_minor);
    Ok(
        Page::new(&host, &visitor, t(lang, "personal.consents")).numbers(set).view(move || {
            let live: Vec<_> = given
                .iter()
                .map(|one| {
                    let is_outdated = outdated(std::slice::from_ref(one)).next().is_some();
                    let renewal = is_outdated.then(|| {
                        let sends = sends(one, &providers);
                        renewal(lang, one, sends, is_minor)
                    });
                    shown(lang, one, &links, renewal)
                })
                .collect();
            view! {
                <Heading title=t(lang, "personal.consents")/>
                {(is_minor && !person.has_confirmed_guardian).then(|| missing(lang))}
                {waiting(lang, &asked)}
                {live}
                <Section title=t(lang, "personal.connect")>{offers(lang, &given, &providers, &asked, is_minor)}</Section>
                {own_meters(lang, &meters)}
                <Section title=t(lang, "personal.export")>
                    <p class="prose">{t(lang, "personal.export_text")}</p>
                    <p><a href="/me/export.json">{t(lang, "personal.export_json")}</a></p>
                    <p>{t(lang, "personal.export_csv")}{exports(lang)}</p>
                </Section>
                <Section title=t(lang, "personal.settings")>
                    <p>{tp(lang, "personal.signed_in_with", &[("login", &login)])}</p>
                    {unconfirmed(lang, &person)}
                    <ActForm act=Act::PersonChange form=change submit=t(lang, "personal.save")>
                        <Field name="name" label=t(lang, "personal.name")/>
                        <Field name="region" label=t(lang, "personal.region") kind=Kind::Select choices=regions(lang)/>
                        <Field name="nickname" label=t(lang, "personal.nickname") optional=true/>
                    </ActForm>
                </Section>
                <Section title=t(lang, "identity.title")>
                    <p>{t(lang, "identity.lead")}" "<a href="/me/identity">{t(lang, "identity.title")}</a></p>
                </Section>
                <Section title=t(lang, "personal.close_title")>
                    <p>{t(lang, "personal.close_text")}</p>
                    <ActForm act=Act::PersonClose form=close submit=t(lang, "act.person_close") ends=true>
                        <Field name="statement" label=t(lang, "personal.close_confirm") kind=Kind::Checkbox/>
                    </ActForm>
                </Section>
            }
        }),
    )
}

/// The meters of the account, each to be given up. Nothing where there is none.
fn own_meters(lang: Lang, meters: &[MeterView]) -> Option<AnyView> {
    let rows: Vec<_> = meters
        .iter()
        .map(|meter| {
            let name = scene_name(lang, &meter.scene);
            let since = if meter.since.is_empty() {
                t(lang, "personal.meter_before")
            } else {
                let day = format::date_text(lang, &meter.since);
                let parts = [("day", day.as_str()), ("provider", &meter.provider)];
                tp(lang, "personal.meter_since", &parts)
            };
            let id = meter.id.clone();
            view! {
                <li>
                    <p><strong>{name}</strong>" "{since}</p>
                    <ActForm act=Act::MeterLeave submit=t(lang, "act.meter_leave") quiet=true>
                        <Hidden name="meter" value=id/>
                    </ActForm>
                </li>
            }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <Section title=t(lang, "personal.meters")>
                <p class="prose">{t(lang, "personal.meters_text")}</p>
                <ul>{rows}</ul>
            </Section>
        }
        .into_any()
    })
}

pub(super) fn purpose_name(lang: Lang, purpose: Purpose) -> String {
    t(lang, &format!("personal.purpose_{}", purpose.code()))
}

/// Live consents whose text has changed since.
pub(super) fn outdated(given: &[ConsentView]) -> impl Iterator<Item = &ConsentView> {
    given
        .iter()
        .filter(|one| one.revoked_at.is_none() && one.standing != ConsentStanding::Current)
}

/// Whether the provider of a source may still send its scene. Where it may not, one can agree to the text of now all the same: what waits for
/// it is settled then.
fn sends(consent: &ConsentView, providers: &[ProviderView]) -> bool {
    consent.purpose != Purpose::Source
        || providers.iter().any(|one| {
            one.is_active && one.id == consent.provider && one.scenes.contains(&consent.scene)
        })
}

/// What is said of a consent whose text has changed: what holds until the person decides, and both texts with what differs.
pub(super) fn changed(lang: Lang, consent: &ConsentView) -> AnyView {
    let waits = consent.standing == ConsentStanding::Waits;
    let holds = if waits {
        t(lang, &format!("consent.waits_{}", consent.purpose.code()))
    } else {
        t(lang, "consent.covered")
    };
    let (now, then) = (
        consent.purpose.text(),
        consent.purpose.text_of(consent.text_version),
    );
    let words = |text: Text| lang.choose(text.zh, text.en);
    let (new, old) = (words(now.text), then.map_or("", |then| words(then.text)));
    let version = |key: &str, version: i64| tp(lang, key, &[("version", &version.to_string())]);
    let titles = (
        version("consent.then", consent.text_version),
        version("consent.now", now.version),
    );
    view! {
        <Notice tone=Tone::Attention title=t(lang, "consent.changed")><p>{holds}</p></Notice>
        <h3>{titles.0}</h3>
        <p class="prose">{compared(old, new, false)}</p>
        <h3>{titles.1}</h3>
        <p class="prose">{compared(new, old, true)}</p>
    }
    .into_any()
}

/// A text, with the sentences marked that the other one does not have: as added or as gone.
fn compared(text: &str, other: &str, is_added: bool) -> Vec<AnyView> {
    let there: Vec<&str> = sentences(other).map(str::trim).collect();
    sentences(text)
        .map(|sentence| {
            let words = sentence.to_owned();
            match (there.contains(&sentence.trim()), is_added) {
                (true, _) => words.into_any(),
                (false, true) => view! { <ins>{words}</ins> }.into_any(),
                (false, false) => view! { <del>{words}</del> }.into_any(),
            }
        })
        .collect()
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['。', '；', '.', ';'])
}

/// The form to agree to the text of now.
fn renewal(lang: Lang, consent: &ConsentView, sends: bool, is_minor: bool) -> AnyView {
    let since = format::date(lang, consent.covered_from.beijing_date());
    let kept = if sends {
        tp(lang, "consent.days_kept", &[("since", &since)])
    } else {
        t(lang, "consent.source_ended")
    };
    let kept = (consent.purpose == Purpose::Source).then(|| view! { <p>{kept}</p> });
    let (provider, scene) = (consent.provider.clone(), consent.scene.clone());
    let purpose = consent.purpose.code();
    let version = consent.purpose.text().version.to_string();
    let (guardian, submit) = asks_guardian(lang, is_minor, "consent.agree");
    view! {
        {changed(lang, consent)}
        {kept}
        <ActForm act=Act::ConsentGive submit>
            <Hidden name="purpose" value=purpose/>
            <Hidden name="text_version" value=version/>
            <Hidden name="provider" value=provider/>
            <Hidden name="scene" value=scene/>
            <Field name="agrees" label=t(lang, "personal.agrees") kind=Kind::Checkbox/>
            {guardian}
        </ActForm>
    }
    .into_any()
}

/// What somebody younger than 14 is told before the guardian is asked, and what the button says; `submit` is its key for everybody else.
fn asks_guardian(lang: Lang, is_minor: bool, submit: &str) -> (Option<AnyView>, String) {
    if is_minor {
        let note = view! { <p>{t(lang, "guardian.will_ask")}</p> };
        (Some(note.into_any()), t(lang, "guardian.ask_submit"))
    } else {
        (None, t(lang, submit))
    }
}

/// The title of a consent: its provider and scene, or what it is for.
pub(super) fn consent_title(lang: Lang, consent: &ConsentView) -> String {
    if consent.purpose == Purpose::Source {
        let scene = scene_name(lang, &consent.scene);
        format!("{} · {scene}", consent.provider_name)
    } else {
        purpose_name(lang, consent.purpose)
    }
}

fn shown(
    lang: Lang,
    consent: &ConsentView,
    links: &[LinkView],
    renewal: Option<AnyView>,
) -> AnyView {
    let title = consent_title(lang, consent);
    let (state, tone) = match consent.revoked_at {
        None => (t(lang, "personal.live"), Tone::Done),
        Some(at) => (
            format!(
                "{} {}",
                t(lang, "personal.ended_at"),
                format::moment(lang, at)
            ),
            Tone::Note,
        ),
    };
    let mut rows = vec![
        SummaryRow::new(t(lang, "personal.status"), view! { <Tag text=state tone/> }),
        SummaryRow::new(
            t(lang, "personal.when"),
            format::moment(lang, consent.granted_at),
        ),
        SummaryRow::new(
            t(lang, "personal.version"),
            consent.text_version.to_string(),
        ),
    ];
    if let Some(link) = links.iter().find(|link| link.provider == consent.provider) {
        rows.push(SummaryRow::new(
            t(lang, "personal.reference"),
            link.reference.clone(),
        ));
    }
    let revoke = (consent.revoked_at.is_none() && consent.purpose != Purpose::Account).then(|| {
        let id = consent.id.clone();
        view! {
            <ActForm act=Act::ConsentRevoke submit=t(lang, "act.consent_revoke") quiet=true>
                <Hidden name="consent" value=id/>
            </ActForm>
        }
    });
    let words = agreed_to(lang, consent);
    view! { <Section title><SummaryList rows/>{words}{renewal}{revoke}</Section> }.into_any()
}

/// What the person agreed to: the words of that version, its day, since when it has stood without a gap, and which guardian agreed.
pub(super) fn agreed_to(lang: Lang, consent: &ConsentView) -> Option<AnyView> {
    let text = consent.purpose.text_of(consent.text_version)?.text;
    let text = lang.choose(text.zh, text.en).to_owned();
    let given = consent.granted_at.beijing_date();
    let (version, day) = (consent.text_version.to_string(), format::date(lang, given));
    let title = [("version", version.as_str()), ("day", &day)];
    let title = tp(lang, "consent.agreed_to", &title);
    let since = consent.covered_from.beijing_date();
    let since = (since < given).then(|| {
        let since = format::date(lang, since);
        view! { <p>{tp(lang, "consent.stands_since", &[("since", &since)])}</p> }
    });
    let guardian = consent.by_guardian.as_ref().map(|name| {
        view! { <p>{tp(lang, "consent.by_guardian", &[("name", name)])}</p> }
    });
    let details = view! {
        <details class="how">
            <summary class="how__summary">{title}</summary>
            <div class="how__body">
                <p>{text}</p>
                {since}
                {guardian}
            </div>
        </details>
    };
    Some(details.into_any())
}

/// Every consent that can be given, is not live and does not wait for the guardian.
fn offers(
    lang: Lang,
    given: &[ConsentView],
    providers: &[ProviderView],
    asked: &[GuardianRequestView],
    is_minor: bool,
) -> Vec<AnyView> {
    let live = |purpose: Purpose, provider: &str, scene: &str| {
        let is_given = given.iter().any(|one| {
            one.revoked_at.is_none()
                && one.purpose == purpose
                && one.provider == provider
                && one.scene == scene
        });
        let is_asked = asked.iter().any(|one| {
            one.state == RequestState::Asked
                && one.purpose == purpose
                && one.provider == provider
                && one.scene == scene
        });
        is_given || is_asked
    };
    let mut offers = Vec::new();
    // the consent to boards is given where the boards are, with a nickname
    let purpose = Purpose::Assignment;
    if !live(purpose, "", "") {
        let title = purpose_name(lang, purpose);
        offers.push(offer(lang, title, purpose, ("", ""), is_minor));
    }
    for provider in providers.iter().filter(|provider| provider.is_active) {
        for scene in &provider.scenes {
            if !live(Purpose::Source, &provider.id, scene) {
                let title = format!("{} · {}", provider.name, scene_name(lang, scene));
                let of = (provider.id.as_str(), scene.as_str());
                offers.push(offer(lang, title, Purpose::Source, of, is_minor));
            }
        }
    }
    offers
}

fn offer(
    lang: Lang,
    title: String,
    purpose: Purpose,
    (provider, scene): (&str, &str),
    is_minor: bool,
) -> AnyView {
    let text = purpose.text();
    let version = text.version.to_string();
    let text = lang.choose(text.text.zh, text.text.en).to_owned();
    let (provider, scene) = (provider.to_owned(), scene.to_owned());
    let (guardian, submit) = asks_guardian(lang, is_minor, "act.consent_give");
    view! {
        <details class="how">
            <summary class="how__summary">{title}</summary>
            <div class="how__body">
                <p>{text}</p>
                <ActForm act=Act::ConsentGive submit>
                    <Hidden name="purpose" value=purpose.code()/>
                    <Hidden name="text_version" value=version/>
                    <Hidden name="provider" value=provider/>
                    <Hidden name="scene" value=scene/>
                    <Field name="agrees" label=t(lang, "personal.agrees") kind=Kind::Checkbox/>
                    {guardian}
                </ActForm>
            </div>
        </details>
    }
    .into_any()
}

/// The tables of the export, one file each.
fn exports(lang: Lang) -> Vec<AnyView> {
    EXPORT_TABLES
        .iter()
        .map(|table| {
            let to = format!("/me/export.csv?table={table}");
            let name = t(lang, &format!("personal.export_{table}"));
            view! { " · "<a href=to>{name}</a> }.into_any()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_consent_shows_the_words_of_the_version_that_was_agreed_to() {
        let mut consent = ConsentView {
            id: String::new(),
            purpose: Purpose::Board,
            provider: String::new(),
            provider_name: String::new(),
            scene: String::new(),
            text_version: 1,
            text_hash: String::new(),
            by_guardian: None,
            granted_at: domain::Instant(1_790_000_000),
            revoked_at: Some(domain::Instant(1_790_000_001)),
            covered_from: domain::Instant(1_790_000_000),
            standing: ConsentStanding::Waits,
        };
        let words = |version| Purpose::Board.text_of(version).expect("a text").text;
        for (lang, first, second) in [
            (Lang::Zh, words(1).zh, words(2).zh),
            (Lang::En, words(1).en, words(2).en),
        ] {
            let html = agreed_to(lang, &consent).expect("a text").to_html();
            assert!(html.contains(first) && !html.contains(second), "{html}");
        }
        consent.by_guardian = Some("王五".to_owned());
        consent.covered_from = domain::Instant(1_780_000_000);
        let html = agreed_to(Lang::Zh, &consent).expect("a text").to_html();
        assert!(html.contains("王五") && html.contains("没有间断"), "{html}");
        // a version that never was is not explained with other words
        consent.text_version = 99;
        assert!(agreed_to(Lang::Zh, &consent).is_none());
    }

    #[test]
    fn a_text_falls_into_its_sentences_and_nothing_is_lost() {
        for purpose in Purpose::ALL {
            let text = purpose.text().text;
            for text in [text.zh, text.en] {
                let parts: Vec<&str> = sentences(text).collect();
                assert!(parts.len() > 1, "{text}");
                assert_eq!(parts.concat(), text);
            }
        }
    }
}
