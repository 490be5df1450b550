//! Opening an account for an organisation and its first person.

use axum::extract::State;
use domain::{Act, Role};
use leptos::prelude::*;
use registry::Fields;

use crate::acts::see_other;
use crate::form::Form;
use crate::host::Host;
use crate::lang::t;
use crate::page::{Page, PageResult};
use crate::parts::{ActForm, Choice, Field, Fieldset, Heading, Kind, role_label};
use crate::visitor::Visitor;

/// The roles one can sign up for; the others are appointed.
const ROLES: [Role; 2] = [Role::ProjectOwner, Role::EventOrganiser];

/// `GET /sign-up`.
pub async fn sign_up(State(host): State<Host>, visitor: Visitor) -> PageResult {
    if visitor.signed_in.is_some() {
        return Ok(see_other("/account"));
    }
    let form = Form::open(&host, &visitor, Act::UserSignUp, Fields::new()).await;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "account.sign_up_title")).view(move || {
        let roles = ROLES
            .iter()
            .map(|role| Choice::new(role.code(), role_label(lang, *role)).hint(t(lang, &format!("account.role_{}", role.code()))))
            .collect();
        view! {
            <div class="narrow">
                <Heading title=t(lang, "account.sign_up_title") lead=t(lang, "account.sign_up_lead")/>
                <ActForm act=Act::UserSignUp form submit=t(lang, "account.sign_up_submit")>
                    <Fieldset legend=t(lang, "account.organisation_legend") hint=t(lang, "account.organisation_hint")>
                        <Field name="organisation_name" label=t(lang, "account.organisation_name") autocomplete="organization"/>
                        <Field name="uscc" label=t(lang, "account.uscc") hint=t(lang, "account.uscc_hint")/>
                        <Field name="role" label=t(lang, "account.role") kind=Kind::Radios choices=roles/>
                    </Fieldset>
                    <Fieldset legend=t(lang, "account.person_legend")>
                        <Field name="name" label=t(lang, "account.person_name") autocomplete="name"/>
                        <Field name="email" label=t(lang, "account.email") hint=t(lang, "account.email_hint") kind=Kind::Email/>
                        <Field name="password" label=t(lang, "account.password") hint=t(lang, "account.password_hint") kind=Kind::NewPassword/>
                        <Field name="password_again" label=t(lang, "account.password_again") kind=Kind::NewPassword/>
                    </Fieldset>
                </ActForm>
                <p><a href="/sign-up/person">{t(lang, "personal.sign_up_link")}</a></p>
                <p>{t(lang, "account.has_account")}" "<a href="/sign-in">{t(lang, "account.sign_in_title")}</a></p>
            </div>
        }
    }))
}
