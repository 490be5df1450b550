//! Opening a personal carbon account.

use axum::extract::State;
use domain::Act;
use domain::inclusion::Purpose;
use leptos::prelude::*;
use registry::Fields;

use super::regions;
use crate::acts::see_other;
use crate::form::Form;
use crate::host::Host;
use crate::lang::t;
use crate::page::{Page, PageResult};
use crate::parts::{ActForm, Choice, Field, Fieldset, Heading, Hidden, Kind};
use crate::visitor::Visitor;

/// `GET /sign-up/person`.
pub async fn sign_up_person(State(host): State<Host>, visitor: Visitor) -> PageResult {
    if visitor.signed_in.is_some() {
        return Ok(see_other("/me"));
    }
    let form = Form::open(&host, &visitor, Act::PersonSignUp, Fields::new()).await;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "personal.sign_up_title")).view(move || {
        let ages = ["adult", "minor"]
            .map(|age| Choice::new(age, t(lang, &format!("personal.{age}"))))
            .to_vec();
        let shown = Purpose::Account.text();
        let (text, version) = (shown.text, shown.version.to_string());
        view! {
            <div class="narrow">
                <Heading title=t(lang, "personal.sign_up_title") lead=t(lang, "personal.sign_up_lead")/>
                <ActForm act=Act::PersonSignUp form submit=t(lang, "act.person_sign_up")>
                    <Field name="name" label=t(lang, "personal.name") autocomplete="nickname"/>
                    <Fieldset legend=t(lang, "personal.contact")>
                        <p class="prose">{t(lang, "personal.contact_lead")}</p>
                        <Field name="phone" label=t(lang, "personal.phone") hint=t(lang, "personal.phone_hint") autocomplete="tel" optional=true/>
                        <Field name="email" label=t(lang, "account.email") hint=t(lang, "account.email_hint") kind=Kind::Email optional=true/>
                    </Fieldset>
                    <Field name="region" label=t(lang, "personal.region") kind=Kind::Select choices=regions(lang)/>
                    <Field name="password" label=t(lang, "account.password") hint=t(lang, "account.password_hint") kind=Kind::NewPassword/>
                    <Field name="password_again" label=t(lang, "account.password_again") kind=Kind::NewPassword/>
                    <Fieldset legend=t(lang, "personal.age")>
                        <Field name="age" label=t(lang, "personal.age") kind=Kind::Radios choices=ages/>
                        // a browser that cannot hide them says whom they are for
                        <div class="for-minors">
                            <p class="fieldset__hint">{t(lang, "guardian.only_minors")}</p>
                            <Field name="guardian" label=t(lang, "personal.guardian")/>
                            <Field name="guardian_email" label=t(lang, "guardian.email") hint=t(lang, "guardian.email_hint") kind=Kind::Email/>
                        </div>
                    </Fieldset>
                    <p>{lang.choose(text.zh, text.en)}</p>
                    <Hidden name="text_version" value=version.clone()/>
                    <Field name="agrees" label=t(lang, "personal.agrees") kind=Kind::Checkbox/>
                </ActForm>
            </div>
        }
    }))
}
