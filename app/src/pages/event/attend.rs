//! The form for attendees: by link, without an account, on a phone.

use axum::extract::{Path, RawQuery, State};
use domain::Act;
use domain::event::{TRAVEL_MODES, city_names};
use leptos::prelude::*;
use registry::AttendForm;

use super::shown::days;
use crate::form::Form;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult};
use crate::parts::{ActForm, Choice, Field, Heading, Hidden, Kind, Notice};
use crate::visitor::{Tone, Visitor, encode, query_value};

/// `GET /attend/{token}`; `?answer=` opens an answer again.
pub async fn attend(
    State(host): State<Host>,
    visitor: Visitor,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
) -> PageResult {
    let secret = query_value(query.as_deref().unwrap_or_default(), "answer");
    let found = host
        .registry
        .event_form(visitor.now, &token, secret.as_deref())
        .await;
    let found = found.or_failed(&host, &visitor)?;
    let stored = found.answer.clone().unwrap_or_default();
    let form = Form::open(&host, &visitor, Act::EventAttend, stored).await;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, found.name.clone())
        .view(move || body(lang, &token, secret, &found, form)))
}

fn body(
    lang: Lang,
    token: &str,
    secret: Option<String>,
    found: &AttendForm,
    form: Form,
) -> AnyView {
    let typed = form.value("secret").to_owned();
    let again = found.answer.is_some();
    let secret = secret
        .filter(|_| again)
        .or_else(|| Some(typed).filter(|typed| !typed.is_empty()))
        .unwrap_or_else(|| uuid::Uuid::new_v4().simple().to_string());
    let modes = TRAVEL_MODES
        .iter()
        .map(|mode| Choice::new(mode.code, t(lang, &format!("event.mode_{}", mode.code))))
        .collect();
    let cities = city_names()
        .into_iter()
        .map(|name| Choice::new(name, name))
        .collect();
    let kept = again.then(|| {
        let address = format!("/attend/{}?answer={}", encode(token), encode(&secret));
        view! {
            <Notice tone=Tone::Done title=t(lang, "event.answered")>
                <p><a href=address>{t(lang, "event.answer_link")}</a></p>
            </Notice>
        }
    });
    let lead = tp(
        lang,
        "event.attend_lead",
        &[
            ("days", &days(lang, &found.starts_on, &found.ends_on)),
            ("city", &found.city),
        ],
    );
    let token = token.to_owned();
    view! {
        <Heading above=found.organiser.clone() title=found.name.clone() lead/>
        {kept}
        <Notice tone=Tone::Note title=t(lang, "event.privacy_title")><p>{t(lang, "event.privacy_text")}</p></Notice>
        <ActForm act=Act::EventAttend form submit=t(lang, "event.attend_submit")>
            <Hidden name="token" value=token/>
            <Hidden name="secret" value=secret/>
            <Field name="mode" label=t(lang, "event.mode_question") kind=Kind::Radios choices=modes/>
            <Field name="origin" label=t(lang, "event.origin") hint=t(lang, "event.origin_hint") kind=Kind::Select choices=cities optional=true/>
            <Field name="km" label=t(lang, "event.km_question") hint=t(lang, "event.km_hint") kind=Kind::Decimal unit="km" optional=true/>
            <Field name="nights" label=t(lang, "event.nights") kind=Kind::Decimal optional=true/>
            <Field name="meals" label=t(lang, "event.meals") hint=t(lang, "event.meals_hint") kind=Kind::Decimal optional=true/>
            <div class="event-website" aria-hidden="true">
                <input type="text" name="website" value="" tabindex="-1" autocomplete="off"/>
            </div>
        </ActForm>
    }
    .into_any()
}
