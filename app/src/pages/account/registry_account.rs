//! The registry account of one's organisation: where it stands, what the registry holds, and the applications about it.

use axum::extract::State;
use domain::account::{AccountData, AccountState, ApplicationKind, ClosingGround, HolderType};
use domain::{Act, Role};
use leptos::prelude::*;
use registry::{AccountApplication, AccountView, Fields};

use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Choice, Column, CopyableId, DataTable, Field, Fieldset, Heading, Irreversible, Kind,
    Notice, Section, SummaryList, SummaryRow, Tag,
};
use crate::visitor::{Tone, Visitor};

/// The fields of an application, in the order of the form.
const DATA: &[&str] = &[
    "name",
    "holder_type",
    "address",
    "legal_representative",
    "licence_until",
    "contact",
    "contact_phone",
    "initiator",
    "initiator_phone",
    "confirmer",
    "confirmer_phone",
];

/// The name of a state, in its colour.
pub fn state_tag(lang: Lang, state: AccountState) -> AnyView {
    let tone = match state {
        AccountState::Open => Tone::Done,
        AccountState::Refused | AccountState::Restricted => Tone::Refused,
        AccountState::None | AccountState::InReview | AccountState::Closing => Tone::Attention,
        AccountState::Closed => Tone::Note,
    };
    let text = t(lang, &format!("registry_account.state_{}", state.code()));
    view! { <Tag text tone/> }.into_any()
}

/// What an application asks for.
pub fn kind_label(lang: Lang, kind: ApplicationKind) -> String {
    t(lang, &format!("registry_account.kind_{}", kind.code()))
}

/// The part of `/account` about the organisation's account.
pub fn account_section(lang: Lang, account: &AccountView) -> AnyView {
    let explained = t(
        lang,
        &format!("registry_account.explain_{}", account.state.code()),
    );
    let mut rows = vec![
        SummaryRow::new(
            t(lang, "registry_account.state"),
            state_tag(lang, account.state),
        ),
        SummaryRow::new(
            t(lang, "account.account_number"),
            view! { <CopyableId text=account.account_number.clone()/> },
        ),
    ];
    if let Some(opened) = account.opened_at {
        rows.push(SummaryRow::new(
            t(lang, "registry_account.opened_at"),
            format::moment(lang, opened),
        ));
    }
    match &account.data {
        Some(data) => rows.extend(data_rows(lang, data)),
        None if account.state == AccountState::Open => rows.push(SummaryRow::new(
            t(lang, "registry_account.data"),
            t(lang, "registry_account.data_none"),
        )),
        None => {}
    }
    let waiting = account
        .applications
        .iter()
        .find(|one| one.state == "waiting");
    let waiting = waiting.map(|one| {
        let title = tp(
            lang,
            "registry_account.waits",
            &[("kind", &kind_label(lang, one.kind))],
        );
        let due = due_text(lang, one);
        view! { <Notice tone=Tone::Note title><p>{due}</p></Notice> }
    });
    let restriction = last_restriction(account).map(|one| {
        let title = t(lang, "registry_account.restricted_title");
        let (ground, reason) = (ground_label(lang, one), one.reason.clone());
        view! { <Notice tone=Tone::Refused title><p>{ground}</p><p>{reason}</p></Notice> }
    });
    let refused = account
        .applications
        .first()
        .filter(|one| one.state == "refused")
        .map(|one| {
            let title = tp(
                lang,
                "registry_account.refused_title",
                &[("kind", &kind_label(lang, one.kind))],
            );
            let reason = one.decision_reason.clone();
            view! { <Notice tone=Tone::Refused title><p>{reason}</p></Notice> }
        });
    let links: Vec<_> = account
        .allowed
        .iter()
        .filter_map(|act| {
            let (address, key, main) = match act {
                Act::AccountApply => ("/account/apply", "registry_account.apply_title", true),
                Act::AccountChange => ("/account/change", "registry_account.change_title", false),
                Act::AccountRequestRestore => {
                    ("/account/restore", "registry_account.restore_title", true)
                }
                Act::AccountRequestClosing => {
                    ("/account/closing", "registry_account.closing_title", false)
                }
                _ => return None,
            };
            let class = if main {
                "button"
            } else {
                "button button--secondary"
            };
            Some(view! { <a class=class href=address>{t(lang, key)}</a> })
        })
        .collect();
    let history = applications_table(lang, &account.applications);
    view! {
        <Section title=t(lang, "registry_account.title") id="account">
            <p>{explained}</p>
            {restriction}
            {refused}
            {waiting}
            <SummaryList rows/>
            <div class="button-row">{links}</div>
            {history}
        </Section>
    }
    .into_any()
}

/// The restriction in force.
fn last_restriction(account: &AccountView) -> Option<&AccountApplication> {
    let restricted = account.state == AccountState::Restricted;
    let mut all = account.applications.iter();
    all.find(|one| restricted && one.kind == ApplicationKind::Restriction)
}

/// What the registry holds about the holder, line by line.
pub fn data_rows(lang: Lang, data: &AccountData) -> Vec<SummaryRow> {
    DATA.iter()
        .map(|name| SummaryRow::new(data_label(lang, name), data_value(lang, data, name)))
        .collect()
}

fn data_label(lang: Lang, name: &str) -> String {
    t(lang, &format!("registry_account.data_{name}"))
}

fn data_value(lang: Lang, data: &AccountData, name: &str) -> String {
    match (name, data.fields().remove(name).unwrap_or_default()) {
        ("holder_type", code) => t(lang, &format!("registry_account.holder_{code}")),
        ("licence_until", day) if day.is_empty() => t(lang, "registry_account.licence_without_end"),
        ("licence_until", day) => format::date_text(lang, &day),
        (_, text) => text,
    }
}

/// What would change: before and after, line by line; only lines that differ.
pub fn before_and_after(lang: Lang, before: Option<&AccountData>, after: &AccountData) -> AnyView {
    let shown = |data: Option<&AccountData>, name: &str| {
        data.map_or_else(|| "–".to_owned(), |data| data_value(lang, data, name))
    };
    let rows = DATA
        .iter()
        .filter(|name| shown(before, name) != shown(Some(after), name))
        .map(|name| {
            vec![
                data_label(lang, name).into_any(),
                shown(before, name).into_any(),
                shown(Some(after), name).into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "registry_account.data")),
        Column::text(t(lang, "registry_account.before")),
        Column::text(t(lang, "registry_account.after")),
    ];
    view! { <DataTable caption=t(lang, "registry_account.before_and_after") columns rows empty=t(lang, "registry_account.applications_none")/> }
        .into_any()
}

/// By when the registry decides.
pub fn due_text(lang: Lang, application: &AccountApplication) -> String {
    match &application.due_on {
        Some(due) => tp(
            lang,
            "registry_account.due",
            &[("date", &format::date_text(lang, due))],
        ),
        None => t(lang, "registry_account.due_unknown"),
    }
}

/// The ground of a restriction or closing.
pub fn ground_label(lang: Lang, application: &AccountApplication) -> String {
    application
        .ground
        .as_ref()
        .map(|code| t(lang, &format!("registry_account.ground_{code}")))
        .unwrap_or_default()
}

/// Applications and restrictions, newest first.
pub fn applications_table(lang: Lang, applications: &[AccountApplication]) -> AnyView {
    let rows = applications
        .iter()
        .map(|one| {
            let late = one.is_late.then(|| {
                view! { " "<Tag text=t(lang, "registry_account.late") tone=Tone::Attention/> }
            });
            let why = [ground_label(lang, one), one.reason.clone().unwrap_or_default()];
            let why = why.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>();
            let decision = one.decision_reason.clone().unwrap_or_default();
            let decided = one.decided_at.map(|at| format::moment(lang, at));
            vec![
                view! { {kind_label(lang, one.kind)}{late} }.into_any(),
                view! { {format::moment(lang, one.received_at)}<span class="table__sub">{one.applicant.clone()}</span> }.into_any(),
                why.join(" · ").into_any(),
                view! { {t(lang, &format!("registry_account.application_{}", one.state))}<span class="table__sub">{decided}</span> }.into_any(),
                decision.into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "registry_account.application")),
        Column::text(t(lang, "registry_account.received")),
        Column::text(t(lang, "registry_account.reason")),
        Column::text(t(lang, "registry_account.decision")),
        Column::text(t(lang, "registry_account.decision_reason")),
    ];
    let title = t(lang, "registry_account.applications_title");
    let empty = t(lang, "registry_account.applications_none");
    view! { <DataTable caption=title columns rows empty/> }.into_any()
}

/// `GET /account/apply`: the application for opening.
pub async fn apply(State(host): State<Host>, visitor: Visitor) -> PageResult {
    data_page(&host, &visitor, Act::AccountApply).await
}

/// `GET /account/change`: the application for a change of data.
pub async fn change(State(host): State<Host>, visitor: Visitor) -> PageResult {
    data_page(&host, &visitor, Act::AccountChange).await
}

/// Those whose account is applied for by themselves.
const HOLDERS: &[Role] = &[Role::ProjectOwner, Role::EventOrganiser];
/// Those who have an account beside the registry's own.
const ACCOUNTS: &[Role] = &[Role::ProjectOwner, Role::EventOrganiser, Role::Vvb];

async fn data_page(host: &Host, visitor: &Visitor, act: Act) -> PageResult {
    let opening = act == Act::AccountApply;
    let by = require(host, visitor, if opening { HOLDERS } else { ACCOUNTS })?;
    let account = host
        .registry
        .account_get(&by)
        .await
        .or_failed(host, visitor)?;
    let (title_key, lead_key) = if opening {
        (
            "registry_account.apply_title",
            "registry_account.apply_lead",
        )
    } else {
        (
            "registry_account.change_title",
            "registry_account.change_lead",
        )
    };
    let stored = stored_fields(&account);
    let form = Form::open(host, visitor, act, stored).await;
    let lang = visitor.lang;
    let title = t(lang, title_key);
    Ok(Page::new(host, visitor, title.clone())
        .crumb(t(lang, "account.title"), "/account")
        .view(move || {
            let body = if account.allowed.contains(&act) {
                data_form(lang, act, &account, form)
            } else {
                not_now(lang, &account)
            };
            view! { <Heading title lead=t(lang, lead_key)/>{body} }
        }))
}

/// What the form begins with: what the registry holds, or what was applied for last.
fn stored_fields(account: &AccountView) -> Fields {
    let last = account
        .applications
        .iter()
        .find_map(|one| one.after.clone());
    let mut fields = account
        .data
        .clone()
        .or(last)
        .map(|data| data.fields())
        .unwrap_or_default();
    fields
        .entry("name".to_owned())
        .or_insert_with(|| account.name.clone());
    fields
}

/// In place of a form that the account's state does not allow.
fn not_now(lang: Lang, account: &AccountView) -> AnyView {
    let explained = t(
        lang,
        &format!("registry_account.explain_{}", account.state.code()),
    );
    view! {
        <Notice tone=Tone::Note title=t(lang, "registry_account.not_now")><p>{explained}</p></Notice>
        <p><a class="button button--secondary" href="/account">{t(lang, "account.title")}</a></p>
    }
    .into_any()
}

fn data_form(lang: Lang, act: Act, account: &AccountView, form: Form) -> AnyView {
    let form = form.labelled(|field| {
        let known = DATA.contains(&field) || field == "changed_on";
        known.then(|| data_label(lang, field))
    });
    let kinds: Vec<Choice> = HolderType::ALL
        .iter()
        .filter(|kind| kind.fits(account.role))
        .map(|kind| {
            let label = t(lang, &format!("registry_account.holder_{}", kind.code()));
            Choice::new(kind.code(), label)
        })
        .collect();
    let label = move |name: &str| data_label(lang, name);
    // within the form, whose values the fields show
    let name = move || {
        (act == Act::AccountChange).then(|| {
            view! { <Field name="name" label=label("name") autocomplete="organization"/> }
        })
    };
    let changed = move || {
        (act == Act::AccountChange).then(|| {
        view! {
            <Fieldset legend=t(lang, "registry_account.change_legend")>
                <Field name="changed_on" label=label("changed_on") hint=t(lang, "registry_account.changed_on_hint") kind=Kind::Date/>
                <Field name="reason" label=t(lang, "registry_account.reason") kind=Kind::Lines optional=true/>
            </Fieldset>
        }
    })
    };
    let submit = t(lang, &format!("act.{}", act.name()));
    let known = vec![
        SummaryRow::new(t(lang, "account.organisation_name"), account.name.clone()),
        SummaryRow::new(t(lang, "account.uscc"), account.uscc.clone()),
    ];
    view! {
        <ActForm act form submit cancel="/account">
            {changed()}
            <Fieldset legend=t(lang, "account.organisation_legend") hint=t(lang, "registry_account.own_name_hint")>
                <SummaryList rows=known/>
                {name()}
                <Field name="holder_type" label=label("holder_type") kind=Kind::Radios choices=kinds/>
                <Field name="address" label=label("address")/>
                <Field name="legal_representative" label=label("legal_representative")/>
                <Field name="licence_until" label=label("licence_until") hint=t(lang, "registry_account.licence_hint") kind=Kind::Date optional=true/>
                <Field name="contact" label=label("contact")/>
                <Field name="contact_phone" label=label("contact_phone") autocomplete="tel"/>
            </Fieldset>
            <Fieldset legend=t(lang, "registry_account.representatives") hint=t(lang, "registry_account.representatives_hint")>
                <Field name="initiator" label=label("initiator")/>
                <Field name="initiator_phone" label=label("initiator_phone")/>
                <Field name="confirmer" label=label("confirmer")/>
                <Field name="confirmer_phone" label=label("confirmer_phone")/>
            </Fieldset>
            <Field name="statement" label=t(lang, "registry_account.statement") kind=Kind::Checkbox/>
        </ActForm>
    }
    .into_any()
}

/// `GET /account/restore`: the application for lifting a restriction.
pub async fn restore(State(host): State<Host>, visitor: Visitor) -> PageResult {
    reason_page(&host, &visitor, Act::AccountRequestRestore).await
}

/// `GET /account/closing`: the application for closing.
pub async fn closing(State(host): State<Host>, visitor: Visitor) -> PageResult {
    reason_page(&host, &visitor, Act::AccountRequestClosing).await
}

async fn reason_page(host: &Host, visitor: &Visitor, act: Act) -> PageResult {
    let by = require(host, visitor, ACCOUNTS)?;
    let account = host
        .registry
        .account_get(&by)
        .await
        .or_failed(host, visitor)?;
    let closes = act == Act::AccountRequestClosing;
    let (title_key, lead_key) = if closes {
        (
            "registry_account.closing_title",
            "registry_account.closing_lead",
        )
    } else {
        (
            "registry_account.restore_title",
            "registry_account.restore_lead",
        )
    };
    let form = Form::open(host, visitor, act, Fields::new()).await;
    let lang = visitor.lang;
    let title = t(lang, title_key);
    Ok(Page::new(host, visitor, title.clone())
        .crumb(t(lang, "account.title"), "/account")
        .view(move || {
            let body = if account.allowed.contains(&act) {
                reason_form(lang, act, form)
            } else {
                not_now(lang, &account)
            };
            view! { <Heading title lead=t(lang, lead_key)/>{body} }
        }))
}

fn reason_form(lang: Lang, act: Act, form: Form) -> AnyView {
    let closes = act == Act::AccountRequestClosing;
    let grounds: Vec<Choice> = ClosingGround::ALL
        .iter()
        .map(|ground| {
            let label = t(lang, &format!("registry_account.ground_{}", ground.code()));
            Choice::new(ground.code(), label)
        })
        .collect();
    // within the form, whose values the fields show
    let ground = move || {
        closes.then(|| {
        view! { <Field name="ground" label=t(lang, "registry_account.ground") kind=Kind::Radios choices=grounds/> }
    })
    };
    let last = closes.then(|| {
        view! {
            <Irreversible title=t(lang, "registry_account.closing_final") confirm=t(lang, "registry_account.closing_confirm")>
                <p>{t(lang, "registry_account.closing_final_text")}</p>
            </Irreversible>
        }
    });
    let submit = t(lang, &format!("act.{}", act.name()));
    view! {
        <ActForm act form submit ends=closes cancel="/account">
            {ground()}
            <Field name="reason" label=t(lang, "registry_account.reason") kind=Kind::Lines/>
            {last}
        </ActForm>
    }
    .into_any()
}
