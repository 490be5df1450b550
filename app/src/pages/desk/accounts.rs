//! The registry's desk of accounts: applications with their clocks, decisions, restrictions.

use axum::extract::{Path, Query, State};
use domain::account::RestrictionGround;
use domain::{Act, Role};
use leptos::prelude::*;
use registry::{AccountApplication, AccountListRow, AccountView, Fields};

use super::projects::ListQuery;
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::account::registry_account::{
    applications_table, before_and_after, data_rows, due_text, ground_label, kind_label, state_tag,
};
use crate::parts::{
    ActForm, Choice, Column, CopyableId, DataTable, Field, Heading, Hidden, Kind, Section,
    SummaryList, SummaryRow, role_label,
};
use crate::visitor::Visitor;

const LIST: &str = "/desk/accounts";

/// `GET /desk/accounts`: what waits for the registry, then every account by pages.
pub async fn list(
    State(host): State<Host>,
    visitor: Visitor,
    Query(query): Query<ListQuery>,
) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let waiting = host
        .registry
        .account_waiting(&by)
        .await
        .or_failed(&host, &visitor)?;
    let page = query.filter().page;
    let accounts = host
        .registry
        .account_list(&by, &page)
        .await
        .or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(
        Page::new(&host, &visitor, t(lang, "registry_account.desk_title"))
            .wide()
            .view(move || {
                let address = |after: Option<&str>| {
                    format!("{}#accounts", ListQuery::default().address(LIST, after))
                };
                let first = page.after.as_ref().map(|_| address(None));
                let next = accounts.next.as_deref().map(|key| address(Some(key)));
                let waiting = accounts_table(lang, "registry_account.desk_waiting", &waiting, None, None);
                let others = accounts_table(lang, "registry_account.desk_others", &accounts.rows, first, next);
                view! {
                    <Heading title=t(lang, "registry_account.desk_title") lead=t(lang, "registry_account.desk_lead")/>
                    <p><a class="button button--secondary" href="/desk/holds">{t(lang, "hold.title")}</a></p>
                    <Section title=t(lang, "registry_account.desk_waiting") id="waiting">{waiting}</Section>
                    <Section title=t(lang, "registry_account.desk_others") id="accounts">{others}</Section>
                }
            }),
    )
}

fn accounts_table(
    lang: Lang,
    caption: &str,
    accounts: &[AccountListRow],
    first: Option<String>,
    next: Option<String>,
) -> AnyView {
    let rows = accounts
        .iter()
        .map(|account| {
            let address = format!("{LIST}/{}", account.organisation);
            let waiting = account.waiting.map(|kind| kind_label(lang, kind));
            let due = match (&account.due_on, account.waiting) {
                (Some(due), _) => {
                    let left = account.working_days_left.map(|days| days_left(lang, days));
                    view! { {format::date_text(lang, due)}<span class="table__sub">{left}</span> }
                        .into_any()
                }
                (None, Some(_)) => t(lang, "registry_account.due_unknown").into_any(),
                (None, None) => "–".into_any(),
            };
            vec![
                view! { <a href=address>{account.name.clone()}</a> }.into_any(),
                view! { <code>{account.account_number.clone()}</code> }.into_any(),
                role_label(lang, account.role).into_any(),
                state_tag(lang, account.state),
                waiting.unwrap_or_else(|| "–".to_owned()).into_any(),
                due,
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "account.organisation_name")),
        Column::text(t(lang, "account.account_number")),
        Column::text(t(lang, "account.role")),
        Column::text(t(lang, "registry_account.state")),
        Column::text(t(lang, "registry_account.application")),
        Column::text(t(lang, "part.due")),
    ];
    let caption = t(lang, caption);
    let (first, next) = (first.unwrap_or_default(), next.unwrap_or_default());
    view! { <DataTable caption columns rows first next empty=t(lang, "registry_account.desk_none")/> }
        .into_any()
}

fn days_left(lang: Lang, days: i64) -> String {
    let (key, days) = match days {
        ..0 => ("part.days_overdue", days.unsigned_abs()),
        0 => ("part.days_today", 0),
        _ => ("part.days_left", days.unsigned_abs()),
    };
    tp(lang, key, &[("days", &days.to_string())])
}

/// `GET /desk/accounts/{id}`: one account, what is applied for, and the decision.
pub async fn show(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let account = host
        .registry
        .account_of(&by, &id.as_str().into())
        .await
        .or_failed(&host, &visitor)?;
    let mut forms = Vec::new();
    // one decision at a time: a restriction comes after what waits
    let waits = account.allowed.contains(&Act::AccountApprove);
    let offered = account.allowed.iter();
    for act in offered.filter(|act| !waits || **act != Act::AccountRestrict) {
        forms.push((*act, Form::open(&host, &visitor, *act, Fields::new()).await));
    }
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, account.name.clone())
        .crumb(t(lang, "registry_account.desk_title"), LIST)
        .wide()
        .view(move || {
            let waiting = account.applications.iter().find(|one| one.state == "waiting");
            let waiting = waiting.map(|one| waiting_view(lang, one));
            let history = applications_table(lang, &account.applications);
            view! {
                <Heading title=account.name.clone() above=t(lang, "registry_account.title")/>
                <SummaryList rows=facts(lang, &account)/>
                {waiting}
                {decisions(lang, &account, forms)}
                <Section title=t(lang, "registry_account.applications_title") id="applications">{history}</Section>
            }
        }))
}

fn facts(lang: Lang, account: &AccountView) -> Vec<SummaryRow> {
    let mut rows = vec![
        SummaryRow::new(
            t(lang, "registry_account.state"),
            state_tag(lang, account.state),
        ),
        SummaryRow::new(
            t(lang, "account.account_number"),
            view! { <CopyableId text=account.account_number.clone()/> },
        ),
        SummaryRow::new(
            t(lang, "account.uscc"),
            view! { <CopyableId text=account.uscc.clone()/> },
        ),
        SummaryRow::new(t(lang, "account.role"), role_label(lang, account.role)),
    ];
    match &account.data {
        Some(data) => rows.extend(data_rows(lang, data)),
        None => rows.push(SummaryRow::new(
            t(lang, "registry_account.data"),
            t(lang, "registry_account.data_none"),
        )),
    }
    rows
}

fn waiting_view(lang: Lang, application: &AccountApplication) -> AnyView {
    let mut rows = vec![
        SummaryRow::new(
            t(lang, "registry_account.received"),
            format!(
                "{} · {}",
                application.applicant,
                format::moment(lang, application.received_at)
            ),
        ),
        SummaryRow::new(t(lang, "part.due"), due_text(lang, application)),
    ];
    if let Some(day) = &application.changed_on {
        let late = if application.is_late {
            format!(" · {}", t(lang, "registry_account.late"))
        } else {
            String::new()
        };
        rows.push(SummaryRow::new(
            t(lang, "registry_account.data_changed_on"),
            format!("{}{late}", format::date_text(lang, day)),
        ));
    }
    let ground = ground_label(lang, application);
    for (label, text) in [
        ("registry_account.ground", ground),
        (
            "registry_account.reason",
            application.reason.clone().unwrap_or_default(),
        ),
    ] {
        if !text.is_empty() {
            rows.push(SummaryRow::new(t(lang, label), text));
        }
    }
    let table = application
        .after
        .as_ref()
        .map(|after| before_and_after(lang, application.before.as_ref(), after));
    view! { <Section title=kind_label(lang, application.kind) id="waiting"><SummaryList rows/>{table}</Section> }
        .into_any()
}

/// The forms of what the registry may do now.
fn decisions(lang: Lang, account: &AccountView, forms: Vec<(Act, Form)>) -> AnyView {
    let waiting = account
        .applications
        .iter()
        .find(|one| one.state == "waiting");
    let application = waiting.map(|one| one.id.clone()).unwrap_or_default();
    let grounds: Vec<Choice> = RestrictionGround::ALL
        .iter()
        .map(|ground| {
            let label = t(lang, &format!("registry_account.ground_{}", ground.code()));
            Choice::new(ground.code(), label)
        })
        .collect();
    let views: Vec<_> = forms
        .into_iter()
        .map(|(act, form)| {
            let submit = t(lang, &format!("act.{}", act.name()));
            let (id, organisation, grounds) = (application.clone(), account.organisation.to_string(), grounds.clone());
            if act == Act::AccountApprove {
                return view! { <ActForm act form submit><Hidden name="application" value=id/></ActForm> }.into_any();
            }
            let open = !form.problems().is_empty();
            let restricts = act == Act::AccountRestrict;
            // within the form, whose values the fields show
            let ground = move || restricts.then(|| {
                view! {
                    <Hidden name="organisation" value=organisation/>
                    <Field name="ground" label=t(lang, "registry_account.ground") kind=Kind::Select choices=grounds/>
                }
            });
            let which = (!restricts).then(|| view! { <Hidden name="application" value=id/> });
            let hint = t(lang, if restricts { "registry_account.restrict_hint" } else { "registry_account.refuse_hint" });
            view! {
                <details class="how" open=open>
                    <summary class="how__summary">{submit.clone()}</summary>
                    <div class="how__body">
                        <ActForm act form submit=submit.clone() ends=true>
                            {ground()}
                            {which}
                            <Field name="reason" label=t(lang, "registry_account.reason") hint kind=Kind::Lines/>
                        </ActForm>
                    </div>
                </details>
            }
            .into_any()
        })
        .collect();
    if views.is_empty() {
        return ().into_any();
    }
    view! { <Section title=t(lang, "registry_account.decision") id="decision">{views}</Section> }
        .into_any()
}
