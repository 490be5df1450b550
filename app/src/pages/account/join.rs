//! Joining an organisation by the link of an invitation.

use axum::extract::{RawQuery, State};
use domain::Act;
use leptos::prelude::*;
use registry::Fields;

use super::members::member_label;
use crate::form::Form;
use crate::host::Host;
use crate::lang::{t, tp};
use crate::page::{OrFailed, Page, PageResult};
use crate::parts::{ActForm, Field, Heading, Kind, Notice, SummaryList, SummaryRow};
use crate::visitor::{Tone, Visitor, query_value};

/// `GET /join?token=…`: what the invitation says, and the form; the same words for every link that is worth nothing.
pub async fn join(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let token = query_value(query.as_deref().unwrap_or_default(), "token").unwrap_or_default();
    let invitation = host
        .registry
        .invitation_get(&token, visitor.now)
        .await
        .or_failed(&host, &visitor)?;
    let form = Form::open(&host, &visitor, Act::MemberAccept, Fields::new()).await;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "registry_account.join_title")).view(move || {
        let Some(invitation) = invitation else {
            return view! {
                <div class="narrow">
                    <Heading title=t(lang, "registry_account.join_title")/>
                    <Notice tone=Tone::Refused title=t(lang, "refusal.invitation_invalid")/>
                </div>
            }
            .into_any();
        };
        let lead = tp(lang, "registry_account.join_lead", &[("organisation", &invitation.organisation_name)]);
        let rows = vec![
            SummaryRow::new(t(lang, "account.organisation_name"), invitation.organisation_name.clone()),
            SummaryRow::new(t(lang, "registry_account.member_role"), member_label(lang, invitation.member_role)),
            SummaryRow::new(t(lang, "account.email"), invitation.email.clone()),
        ];
        view! {
            <div class="narrow">
                <Heading title=t(lang, "registry_account.join_title") lead/>
                <SummaryList rows/>
                <ActForm act=Act::MemberAccept form submit=t(lang, "act.member_accept")>
                    <Field name="name" label=t(lang, "account.person_name") autocomplete="name"/>
                    <Field name="password" label=t(lang, "account.password") hint=t(lang, "account.password_hint") kind=Kind::NewPassword/>
                    <Field name="password_again" label=t(lang, "account.password_again") kind=Kind::NewPassword/>
                </ActForm>
            </div>
        }
        .into_any()
    }))
}
