//! Who acts for the organisation: members, their roles, invitations.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::Act;
use domain::account::MemberRole;
use leptos::prelude::*;
use registry::{Fields, Invitation, Member, Members};

use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Choice, Column, CopyableId, DataTable, Field, Heading, Hidden, Kind, Notice, Section,
    SummaryList, SummaryRow,
};
use crate::visitor::{Tone, Visitor};

/// The name of a member's role.
pub fn member_label(lang: Lang, role: MemberRole) -> String {
    t(lang, &format!("registry_account.member_{}", role.code()))
}

fn role_choices(lang: Lang) -> Vec<Choice> {
    MemberRole::ALL
        .iter()
        .map(|role| {
            let hint = t(
                lang,
                &format!("registry_account.member_hint_{}", role.code()),
            );
            Choice::new(role.code(), member_label(lang, *role)).hint(hint)
        })
        .collect()
}

/// `GET /account/members`.
pub async fn members(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, &[])?;
    let list = host
        .registry
        .member_list(&by)
        .await
        .or_failed(&host, &visitor)?;
    let invite = Form::open(&host, &visitor, Act::MemberInvite, Fields::new()).await;
    let holds = by.role.may_hold_credits();
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "registry_account.members_title"))
        .crumb(t(lang, "account.title"), "/account")
        .view(move || {
            let administrator = list.own_role == MemberRole::Administrator;
            let eyes = holds.then(|| four_eyes_note(lang, list.four_eyes));
            let invite = administrator.then(|| invite_form(lang, invite));
            let invitations = administrator.then(|| invitations_table(lang, &list.invitations));
            let people = members_table(lang, &list.members, administrator);
            view! {
                <Heading title=t(lang, "registry_account.members_title") lead=t(lang, "registry_account.members_lead")/>
                {eyes}
                {people}
                {invite}
                {invitations}
            }
        }))
}

/// Whether orders about credits need a second member, and why not if they do not.
fn four_eyes_note(lang: Lang, four_eyes: bool) -> AnyView {
    let (title, text) = if four_eyes {
        (
            "registry_account.four_eyes_on",
            "registry_account.four_eyes_on_text",
        )
    } else {
        (
            "registry_account.four_eyes_off",
            "registry_account.four_eyes_off_text",
        )
    };
    view! { <Notice tone=Tone::Note title=t(lang, title)><p>{t(lang, text)}</p></Notice> }
        .into_any()
}

/// The short form of the list on `/account`.
pub fn members_section(lang: Lang, list: &Members, holds: bool) -> AnyView {
    let rows = list
        .members
        .iter()
        .map(|member| SummaryRow::new(member.name.clone(), member_label(lang, member.member_role)))
        .collect();
    let eyes = holds.then(|| four_eyes_note(lang, list.four_eyes));
    view! {
        <Section title=t(lang, "registry_account.members_title") id="members">
            <SummaryList rows/>
            {eyes}
            <p><a class="button button--secondary" href="/account/members">{t(lang, "registry_account.members_manage")}</a></p>
        </Section>
    }
    .into_any()
}

fn members_table(lang: Lang, members: &[Member], administrator: bool) -> AnyView {
    let rows = members
        .iter()
        .map(|member| {
            let address = format!("/account/members/{}", member.user);
            let manage = administrator.then(|| {
                view! { <a class="table__action" href=address>{t(lang, "registry_account.member_manage")}<span class="only-heard">" "{member.name.clone()}</span></a> }
            });
            vec![
                view! { {member.name.clone()}<span class="table__sub">{member.email.clone()}</span> }.into_any(),
                member_label(lang, member.member_role).into_any(),
                format::moment(lang, member.since).into_any(),
                view! { {manage} }.into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "account.person_name")),
        Column::text(t(lang, "registry_account.member_role")),
        Column::text(t(lang, "registry_account.member_since")),
        Column::text(t(lang, "credits.what_next")),
    ];
    view! { <DataTable caption=t(lang, "registry_account.members_title") columns rows empty=t(lang, "registry_account.applications_none")/> }
        .into_any()
}

/// `GET /account/members/{id}`: for administrators, another role or the end of the membership.
pub async fn member(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let by = require(&host, &visitor, &[])?;
    let list = host
        .registry
        .member_list(&by)
        .await
        .or_failed(&host, &visitor)?;
    let administrator = list.own_role == MemberRole::Administrator;
    let member = list
        .members
        .into_iter()
        .find(|member| administrator && member.user.as_str() == id)
        .or_failed(&host, &visitor)?;
    let mut stored = Fields::new();
    let role = member.member_role.code();
    stored.insert("member_role".to_owned(), role.to_owned());
    let change = Form::open(&host, &visitor, Act::MemberChangeRole, stored).await;
    let remove = Form::open(&host, &visitor, Act::MemberRemove, Fields::new()).await;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, member.name.clone())
        .crumb(t(lang, "account.title"), "/account")
        .crumb(t(lang, "registry_account.members_title"), "/account/members")
        .view(move || {
            let (user, again) = (member.user.to_string(), member.user.to_string());
            let rows = vec![
                SummaryRow::new(t(lang, "account.email"), member.email.clone()),
                SummaryRow::new(
                    t(lang, "registry_account.member_since"),
                    format::moment(lang, member.since),
                ),
            ];
            view! {
                <Heading title=member.name.clone() above=t(lang, "registry_account.members_title")/>
                <SummaryList rows/>
                <ActForm act=Act::MemberChangeRole form=change submit=t(lang, "act.member_change_role")>
                    <Hidden name="member" value=user/>
                    <Field name="member_role" label=t(lang, "registry_account.member_role") kind=Kind::Radios choices=role_choices(lang)/>
                </ActForm>
                <Section title=t(lang, "act.member_remove") id="remove">
                    <p>{t(lang, "registry_account.remove_text")}</p>
                    <ActForm act=Act::MemberRemove form=remove submit=t(lang, "act.member_remove") ends=true>
                        <Hidden name="member" value=again/>
                    </ActForm>
                </Section>
            }
        }))
}

fn invite_form(lang: Lang, form: Form) -> AnyView {
    view! {
        <Section title=t(lang, "registry_account.invite_title") id="invite">
            <p>{t(lang, "registry_account.invite_lead")}</p>
            <ActForm act=Act::MemberInvite form submit=t(lang, "act.member_invite")>
                <Field name="email" label=t(lang, "account.email") kind=Kind::Email/>
                <Field name="member_role" label=t(lang, "registry_account.member_role") kind=Kind::Radios choices=role_choices(lang)/>
            </ActForm>
        </Section>
    }
    .into_any()
}

fn invitations_table(lang: Lang, invitations: &[Invitation]) -> AnyView {
    let rows = invitations
        .iter()
        .map(|one| {
            let id = one.id.clone();
            let submit = tp(lang, "registry_account.revoke_of", &[("email", &one.email)]);
            vec![
                one.email.clone().into_any(),
                member_label(lang, one.member_role).into_any(),
                format::moment(lang, one.expires_at).into_any(),
                view! { <ActForm act=Act::MemberRevokeInvitation submit quiet=true><Hidden name="invitation" value=id/></ActForm> }.into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "account.email")),
        Column::text(t(lang, "registry_account.member_role")),
        Column::text(t(lang, "registry_account.expires")),
        Column::text(t(lang, "registry_account.revoke")),
    ];
    view! { <DataTable caption=t(lang, "registry_account.invitations_title") columns rows empty=t(lang, "registry_account.invitations_none")/> }
        .into_any()
}

/// The answer to an invitation: the link, shown once.
pub fn member_invited(
    host: &Host,
    visitor: &Visitor,
    invitation: &Invitation,
    link: &str,
) -> Response {
    let lang = visitor.lang;
    let lead = tp(
        lang,
        "registry_account.invited_lead",
        &[
            ("email", &invitation.email),
            ("until", &format::moment(lang, invitation.expires_at)),
        ],
    );
    let link = link.to_owned();
    Page::new(host, visitor, t(lang, "registry_account.invited_title")).view(move || {
        view! {
            <Heading title=t(lang, "registry_account.invited_title") lead/>
            <p><CopyableId text=link/></p>
            <Notice tone=Tone::Attention title=t(lang, "registry_account.invited_once")/>
            <p><a class="button button--secondary" href="/account/members">{t(lang, "registry_account.members_title")}</a></p>
        }
    })
}
