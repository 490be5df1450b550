//! One's own account: who one is here, the password, the sessions, and the access tokens for programs.

use axum::extract::State;
use domain::Act;
use leptos::prelude::*;
use registry::{AccessToken, Fields, User};

use super::members::{member_label, members_section};
use super::registry_account::account_section;
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Column, CopyableId, DataTable, Field, Heading, Hidden, Kind, Section, SummaryList,
    SummaryRow, role_label,
};
use crate::visitor::Visitor;

/// `GET /account`.
pub async fn account(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, &[])?;
    let user = host
        .registry
        .user_get(&by.user)
        .await
        .or_failed(&host, &visitor)?
        .or_failed(&host, &visitor)?;
    let organisation = host
        .registry
        .organisation_get(&by, &by.organisation)
        .await
        .or_failed(&host, &visitor)?;
    // programs may do what people of the role may do through the interface for programs
    let tokens = if Act::UserCreateToken.roles().allows(Some(by.role)) {
        Some(
            host.registry
                .user_tokens(&by)
                .await
                .or_failed(&host, &visitor)?,
        )
    } else {
        None
    };
    let account = host
        .registry
        .account_get(&by)
        .await
        .or_failed(&host, &visitor)?;
    let members = host
        .registry
        .member_list(&by)
        .await
        .or_failed(&host, &visitor)?;
    let is_person = by.role == domain::Role::Individual;
    let has_account = !is_person && by.role != domain::Role::RegistryOperator;
    let password = Form::open(&host, &visitor, Act::UserChangePassword, Fields::new()).await;
    let token = Form::open(&host, &visitor, Act::UserCreateToken, Fields::new()).await;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "account.title")).view(move || {
        view! {
            <Heading title=t(lang, "account.title") lead=user.organisation_name.clone()/>
            {who(lang, &user, &organisation.uscc)}
            {has_account.then(|| account_section(lang, &account))}
            {(!is_person).then(|| members_section(lang, &members, by.role.may_hold_credits()))}
            <Section title=t(lang, "account.password_title") id="password">
                <p>{t(lang, "account.password_lead")}</p>
                <ActForm act=Act::UserChangePassword form=password submit=t(lang, "account.password_submit")>
                    <Field name="current_password" label=t(lang, "account.password_current") kind=Kind::Password/>
                    <Field name="password" label=t(lang, "account.password_new") hint=t(lang, "account.password_hint") kind=Kind::NewPassword/>
                    <Field name="password_again" label=t(lang, "account.password_again") kind=Kind::NewPassword/>
                </ActForm>
            </Section>
            {tokens.map(|tokens| tokens_view(lang, &tokens, token))}
            <Section title=t(lang, "account.sessions_title") id="sessions">
                <p>{t(lang, "account.sessions_lead")}</p>
                <ActForm act=Act::UserSignOutEverywhere submit=t(lang, "account.sessions_submit") ends=true/>
            </Section>
        }
    }))
}

fn who(lang: Lang, user: &User, uscc: &str) -> AnyView {
    let mut rows = vec![
        SummaryRow::new(t(lang, "account.person_name"), user.name.clone()),
        match &user.phone {
            Some(phone) => SummaryRow::new(t(lang, "personal.phone"), phone.clone()),
            None => SummaryRow::new(t(lang, "account.email"), user.email.clone()),
        },
    ];
    if user.role == domain::Role::Individual {
        return view! { <Section title=t(lang, "account.who_title")><SummaryList rows/></Section> }
            .into_any();
    }
    rows.extend([
        SummaryRow::new(
            t(lang, "account.organisation_name"),
            user.organisation_name.clone(),
        ),
        SummaryRow::new(
            t(lang, "account.uscc"),
            view! { <CopyableId text=uscc.to_owned()/> },
        ),
        SummaryRow::new(t(lang, "account.role"), role_label(lang, user.role)),
        SummaryRow::new(
            t(lang, "registry_account.member_role"),
            member_label(lang, user.member_role),
        ),
    ]);
    view! { <Section title=t(lang, "account.who_title")><SummaryList rows/></Section> }.into_any()
}

fn tokens_view(lang: Lang, tokens: &[AccessToken], form: Form) -> AnyView {
    let rows = tokens
        .iter()
        .map(|token| {
            let revoke = tp(lang, "account.token_revoke", &[("name", &token.name)]);
            let id = token.id.clone();
            vec![
                token.name.clone().into_any(),
                format::moment(lang, token.created_at).into_any(),
                format::date(lang, token.expires_at.beijing_date()).into_any(),
                view! { <ActForm act=Act::UserRevokeToken submit=revoke quiet=true><Hidden name="token" value=id/></ActForm> }.into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "account.token_name")),
        Column::text(t(lang, "account.token_created")),
        Column::text(t(lang, "account.token_expires")),
        Column::text(t(lang, "account.token_end")),
    ];
    view! {
        <Section title=t(lang, "account.tokens_title") id="tokens">
            <p>{t(lang, "account.tokens_lead")}</p>
            <DataTable caption=t(lang, "account.tokens_title") columns rows empty=t(lang, "account.tokens_none")/>
            <ActForm act=Act::UserCreateToken form submit=t(lang, "account.token_submit") quiet=true>
                <Field name="name" label=t(lang, "account.token_name") hint=t(lang, "account.token_name_hint")/>
            </ActForm>
        </Section>
    }
    .into_any()
}
