//! The operator's rule book: what holds, what waits for a decision, proposing a change, and the windows that a change moves.

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use domain::rulebook::{
    ApprovalAction, Basis, LimitCode, RuleArea, RuleBook, RuleContent, approval_key,
};
use domain::sector::PROJECT_TYPES;
use domain::{Act, Role, Sector};
use leptos::prelude::*;
use registry::{ChangedWindow, Fields, RecordKind, RuleChangeView, WindowKind};
use time::Date;

use crate::form::Form;
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, error_page, require};
use crate::pages::public::filters::Filters;
use crate::pages::public::rules::{
    approval_text, area_section, area_title, change_facts, change_text, limit_name, sector_name,
    version_text,
};
use crate::parts::{
    ActForm, Choice, Column, DataTable, Field, Fieldset, Heading, Hidden, Kind, Notice, Section,
    SummaryList, SummaryRow, Tag, state_label,
};
use crate::visitor::{Tone, Visitor};

const LIST: &str = "/desk/rules";

/// `GET /desk/rules`: what waits for a decision, the windows still to be extended, what holds, what was decided.
pub async fn list(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let registry = &host.registry;
    let changes = registry
        .rule_changes(&by)
        .await
        .or_failed(&host, &visitor)?;
    let book = registry.rule_book().await.or_failed(&host, &visitor)?;
    let approvals = registry
        .vvb_approval_list()
        .await
        .or_failed(&host, &visitor)?;
    let windows = registry
        .rule_windows(&by, &book)
        .await
        .or_failed(&host, &visitor)?;
    let (lang, today) = (visitor.lang, visitor.now.beijing_date());
    Ok(Page::new(&host, &visitor, t(lang, "rulebook.desk_title"))
        .wide()
        .view(move || {
            let (open, decided): (Vec<_>, Vec<_>) = changes
                .iter()
                .partition(|change| change.status == "proposed");
            let sections: Vec<_> = RuleArea::ALL
                .iter()
                .map(|area| area_section(lang, *area, &book, &approvals, today, true))
                .collect();
            let open = changes_table(lang, t(lang, "rulebook.open_title"), &open);
            let decided = changes_table(lang, t(lang, "rulebook.decided_title"), &decided);
            view! {
                <Heading title=t(lang, "rulebook.desk_title") lead=t(lang, "rulebook.desk_lead")/>
                <p>{version_text(lang, book.version)}" "<a href="/rules">{t(lang, "rulebook.public_link")}</a></p>
                <Section title=t(lang, "rulebook.open_title") id="open">{open}</Section>
                {windows_section(lang, &windows, true)}
                {sections}
                <Section title=t(lang, "rulebook.decided_title") id="decided">{decided}</Section>
            }
        }))
}

fn changes_table(lang: Lang, caption: String, changes: &[&RuleChangeView]) -> AnyView {
    let rows = changes.iter().map(|change| {
        let address = format!("{LIST}/{}", change.id);
        let says = change_text(lang, &change.change);
        vec![
            view! { <a href=address>{says}</a> }.into_any(),
            area_title(lang, change.change.content.area()).into_any(),
            format::date(lang, change.change.effective_from).into_any(),
            format!(
                "{} · {}",
                change.proposer,
                format::moment(lang, change.proposed_at)
            )
            .into_any(),
            status_tag(lang, change),
        ]
    });
    let columns = vec![
        Column::text(t(lang, "rulebook.change")),
        Column::text(t(lang, "rulebook.area")),
        Column::text(t(lang, "rulebook.effective_from")),
        Column::text(t(lang, "rulebook.proposed_by")),
        Column::text(t(lang, "rulebook.status")),
    ];
    view! { <DataTable caption columns rows=rows.collect() empty=t(lang, "rulebook.changes_none")/> }
        .into_any()
}

fn status_tag(lang: Lang, change: &RuleChangeView) -> AnyView {
    let (key, tone) = match change.status.as_str() {
        "approved" => ("rulebook.status_approved", Tone::Done),
        "rejected" => ("rulebook.status_rejected", Tone::Refused),
        "withdrawn" => ("rulebook.status_withdrawn", Tone::Note),
        _ => ("rulebook.status_proposed", Tone::Attention),
    };
    let version = change
        .version
        .map(|number| format!(" {} {number}", t(lang, "rulebook.version")));
    view! { <Tag text=t(lang, key) tone/>{version} }.into_any()
}

/// The windows that differ; with `acts`, each with a link to the page that extends it.
fn windows_section(lang: Lang, windows: &[ChangedWindow], acts: bool) -> AnyView {
    let rows = windows.iter().map(|window| {
        let folder = match window.kind {
            RecordKind::Project => "projects",
            RecordKind::Report => "reports",
        };
        let address = format!("/desk/{folder}/{}", window.record);
        let name = window
            .code
            .as_ref()
            .map_or_else(|| window.name.clone(), |code| format!("{code} {}", window.name));
        let what = match window.window {
            WindowKind::Publicity => t(lang, "rulebook.window_publicity"),
            WindowKind::Review => t(lang, "rulebook.window_review"),
        };
        let before = window
            .before
            .as_deref()
            .map_or_else(|| "–".to_owned(), |day| format::date_text(lang, day));
        let calendar = window.calendar.as_ref().map(|name| format!(" · {name}"));
        let todo = match window.act {
            Some(_) if acts => {
                let href = format!("{address}/do/extend_publicity");
                view! { <a href=href>{t(lang, "rulebook.extend")}<span class="only-heard">" "{name.clone()}</span></a> }
                    .into_any()
            }
            Some(_) => t(lang, "rulebook.extend_after").into_any(),
            None if window.window == WindowKind::Review => {
                t(lang, "rulebook.review_target").into_any()
            }
            None => t(lang, "rulebook.never_shorter").into_any(),
        };
        vec![
            view! { <a href=address.clone()>{name}</a>" "{state_label(lang, &window.state)} }.into_any(),
            what.into_any(),
            view! { {before}{calendar} }.into_any(),
            format::date_text(lang, &window.after).into_any(),
            todo,
        ]
    });
    let rows: Vec<_> = rows.collect();
    let columns = vec![
        Column::text(t(lang, "rulebook.record")),
        Column::text(t(lang, "rulebook.window")),
        Column::text(t(lang, "rulebook.window_before")),
        Column::text(t(lang, "rulebook.window_after")),
        Column::text(t(lang, "rulebook.window_todo")),
    ];
    let title = t(lang, "rulebook.windows_title");
    view! {
        <Section title=title.clone() id="windows">
            <p>{t(lang, "rulebook.windows_lead")}</p>
            <DataTable caption=title columns rows empty=t(lang, "rulebook.windows_none")/>
        </Section>
    }
    .into_any()
}

/// What the choices of the form are made from.
struct Choices {
    bodies: Vec<Choice>,
    approvals: Vec<Choice>,
}

/// `GET /desk/rules/new/{area}`; the query may fill in `limit`, `code` and `methodology`.
pub async fn new(
    State(host): State<Host>,
    visitor: Visitor,
    Path(area): Path<String>,
    RawQuery(query): RawQuery,
) -> PageResult {
    require(&host, &visitor, &[Role::RegistryOperator])?;
    let Some(area) = RuleArea::from_code(&area) else {
        return Ok(error_page(&host, &visitor, StatusCode::NOT_FOUND));
    };
    let registry = &host.registry;
    let book = registry.rule_book().await.or_failed(&host, &visitor)?;
    let bodies = registry.rule_bodies().await.or_failed(&host, &visitor)?;
    let approvals = registry.rule_approvals().await.or_failed(&host, &visitor)?;
    let chosen = Filters::read(query.as_deref(), &["limit", "code", "methodology"]);
    let mut stored = chosen.fields();
    stored.insert("area".to_owned(), area.code().to_owned());
    let which = Some(("area", area.code()));
    let form = Form::open_one_of(&host, &visitor, Act::RulePropose, which, stored).await;
    let lang = visitor.lang;
    let name_of = |id: &str| {
        let known = bodies.iter().find(|(body, _)| body == id);
        known.map_or_else(|| id.to_owned(), |(_, name)| name.clone())
    };
    let choices = Choices {
        approvals: approvals
            .iter()
            .map(|row| {
                let text = approval_text(lang, &name_of(&row.organisation), row);
                Choice::new(approval_key(row), text)
            })
            .collect(),
        bodies: bodies
            .iter()
            .map(|(id, name)| Choice::new(id.clone(), name.clone()))
            .collect(),
    };
    let title = t(lang, &format!("rulebook.propose_{}", area.code()));
    Ok(Page::new(&host, &visitor, title.clone())
        .crumb(t(lang, "rulebook.desk_title"), LIST)
        .view(move || {
            view! {
                <Heading title lead=t(lang, "rulebook.new_lead")/>
                {proposal_form(lang, area, &book, choices, form)}
            }
        }))
}

fn proposal_form(
    lang: Lang,
    area: RuleArea,
    book: &RuleBook,
    choices: Choices,
    form: Form,
) -> AnyView {
    let form = form.labelled(|field| Some(t(lang, &format!("rulebook.field_{field}"))));
    let basis: Vec<Choice> = Basis::ALL
        .iter()
        .map(|basis| {
            Choice::new(
                basis.code(),
                t(lang, &format!("rulebook.basis_{}", basis.code())),
            )
            .hint(t(lang, &format!("rulebook.basis_{}_hint", basis.code())))
        })
        .collect();
    let book = book.clone();
    view! {
        <ActForm act=Act::RulePropose form submit=t(lang, "act.rule_propose") cancel=LIST>
            <Hidden name="area" value=area.code().to_owned()/>
            <Fieldset legend=t(lang, "rulebook.content_title")>{content_fields(lang, area, &book, choices)}</Fieldset>
            <Fieldset legend=t(lang, "rulebook.document_title")>
                <Field name="document" label=t(lang, "rulebook.field_document") hint=t(lang, "rulebook.document_hint")/>
                <Field name="document_number" label=t(lang, "rulebook.field_document_number")/>
                <Field name="document_address" label=t(lang, "rulebook.field_document_address") hint=t(lang, "rulebook.document_address_hint") optional=true/>
                <Field name="effective_from" label=t(lang, "rulebook.field_effective_from") kind=Kind::Date/>
                <Field name="basis" label=t(lang, "rulebook.field_basis") kind=Kind::Radios choices=basis/>
                <Field name="reason" label=t(lang, "rulebook.field_reason") kind=Kind::Lines/>
            </Fieldset>
        </ActForm>
    }
    .into_any()
}

/// What each part asks for. Called inside the form: what was typed and what is wrong comes from there.
fn content_fields(lang: Lang, area: RuleArea, book: &RuleBook, choices: Choices) -> AnyView {
    match area {
        RuleArea::Calendar => calendar_fields(lang, book),
        RuleArea::VvbApproval => approval_fields(lang, choices),
        RuleArea::Methodology => methodology_fields(lang),
        RuleArea::TimeLimit => limit_fields(lang),
        RuleArea::Penalty => penalty_fields(lang, book),
        RuleArea::LegalReference => reference_fields(lang),
    }
}

fn calendar_fields(lang: Lang, book: &RuleBook) -> AnyView {
    let next = book.calendar.years().last().unwrap_or_default() + 1;
    let version = book.calendar.version().to_owned();
    view! {
        <Field name="year" label=t(lang, "rulebook.field_year") default=next.to_string()/>
        <Field name="table" label=t(lang, "rulebook.field_table") hint=t(lang, "rulebook.table_hint") kind=Kind::Lines rows=14/>
        <Field name="correction" label=tp(lang, "rulebook.correction", &[("version", &version)]) kind=Kind::Checkbox/>
    }
    .into_any()
}

fn approval_fields(lang: Lang, choices: Choices) -> AnyView {
    let actions: Vec<Choice> = ApprovalAction::ALL
        .iter()
        .map(|action| {
            Choice::new(
                action.code(),
                t(lang, &format!("rulebook.action_{}", action.code())),
            )
            .hint(t(lang, &format!("rulebook.action_{}_hint", action.code())))
        })
        .collect();
    let sectors: Vec<Choice> = Sector::ALL
        .iter()
        .map(|sector| Choice::new(sector.code(), sector_name(lang, sector.code())))
        .collect();
    view! {
        <Field name="action" label=t(lang, "rulebook.field_action") kind=Kind::Radios choices=actions/>
        <Field name="approval" label=t(lang, "rulebook.field_approval") hint=t(lang, "rulebook.approval_hint") kind=Kind::Select choices=choices.approvals optional=true/>
        <Field name="organisation" label=t(lang, "rulebook.field_organisation") hint=t(lang, "rulebook.organisation_hint") kind=Kind::Select choices=choices.bodies optional=true/>
        <Field name="sector" label=t(lang, "rulebook.field_sector") kind=Kind::Select choices=sectors optional=true/>
        <Field name="approval_number" label=t(lang, "rulebook.field_approval_number") optional=true/>
        <Field name="valid_from" label=t(lang, "rulebook.field_valid_from") kind=Kind::Date optional=true/>
        <Field name="valid_to" label=t(lang, "rulebook.field_valid_to") kind=Kind::Date optional=true/>
    }
    .into_any()
}

fn methodology_fields(lang: Lang) -> AnyView {
    let choices: Vec<Choice> = PROJECT_TYPES
        .iter()
        .map(|kind| {
            let name = lang.choose(kind.name_zh, kind.name_en);
            Choice::new(kind.methodology, format!("{} · {name}", kind.methodology))
        })
        .collect();
    view! {
        <Field name="methodology" label=t(lang, "rulebook.field_methodology") kind=Kind::Select choices/>
        <Field name="admitted_from" label=t(lang, "rulebook.field_admitted_from") hint=t(lang, "rulebook.admitted_hint") kind=Kind::Date optional=true/>
        <Field name="admitted_to" label=t(lang, "rulebook.field_admitted_to") kind=Kind::Date optional=true/>
    }
    .into_any()
}

fn limit_fields(lang: Lang) -> AnyView {
    let choices: Vec<Choice> = LimitCode::ALL
        .iter()
        .map(|limit| {
            let unit = t(lang, &format!("rulebook.unit_{}_name", limit.unit().code()));
            Choice::new(
                limit.code(),
                format!("{} ({unit})", limit_name(lang, *limit)),
            )
        })
        .collect();
    view! {
        <Field name="limit" label=t(lang, "rulebook.field_limit") kind=Kind::Select choices/>
        <Field name="value" label=t(lang, "rulebook.field_value") hint=t(lang, "rulebook.value_hint") kind=Kind::Decimal/>
    }
    .into_any()
}

fn penalty_fields(lang: Lang, book: &RuleBook) -> AnyView {
    let mut codes: Vec<&str> = book
        .penalties
        .iter()
        .map(|entry| entry.code.as_str())
        .collect();
    codes.dedup();
    let hint = tp(
        lang,
        "rulebook.penalty_code_hint",
        &[("codes", &codes.join(", "))],
    );
    view! {
        <Field name="code" label=t(lang, "rulebook.field_code") hint/>
        <Field name="who" label=t(lang, "rulebook.field_who") hint=t(lang, "rulebook.stays_hint") optional=true/>
        <Field name="conduct" label=t(lang, "rulebook.field_conduct") kind=Kind::Lines rows=3 optional=true/>
        <Field name="consequence" label=t(lang, "rulebook.field_consequence") kind=Kind::Lines rows=3 optional=true/>
        <Field name="fine_min_yuan" label=t(lang, "rulebook.field_fine_min_yuan") unit=t(lang, "rulebook.yuan") kind=Kind::Decimal optional=true/>
        <Field name="fine_max_yuan" label=t(lang, "rulebook.field_fine_max_yuan") unit=t(lang, "rulebook.yuan") kind=Kind::Decimal optional=true/>
        <Field name="repealed" label=t(lang, "rulebook.field_repealed") kind=Kind::Checkbox/>
    }
    .into_any()
}

fn reference_fields(lang: Lang) -> AnyView {
    view! {
        <Field name="code" label=t(lang, "rulebook.field_code") hint=t(lang, "rulebook.reference_code_hint")/>
        <Field name="title" label=t(lang, "rulebook.field_title")/>
        <Field name="note" label=t(lang, "rulebook.field_note") kind=Kind::Lines rows=3/>
        <Field name="in_force_to" label=t(lang, "rulebook.field_in_force_to") kind=Kind::Date optional=true/>
    }
    .into_any()
}

/// `GET /desk/rules/{id}`: what it says, what it would move, and the decision.
pub async fn show(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let registry = &host.registry;
    let change = registry
        .rule_change(&by, &id)
        .await
        .or_failed(&host, &visitor)?;
    let book = registry.rule_book().await.or_failed(&host, &visitor)?;
    let before = match change.version {
        Some(version) => {
            let before = registry.rule_book_of(version.saturating_sub(1)).await;
            before.or_failed(&host, &visitor)?
        }
        None => book.clone(),
    };
    let is_open = change.status == "proposed";
    let windows = if registry::moves_windows(&change.change) && change.decider.is_none() {
        let after = registry::book_after(&book, &change.change);
        Some(registry.rule_windows(&by, &after).await)
    } else if registry::moves_windows(&change.change) && change.version.is_some() {
        Some(registry.rule_windows(&by, &book).await)
    } else {
        None
    };
    let windows = windows.transpose().or_failed(&host, &visitor)?;
    let mut forms = Vec::new();
    for act in &change.allowed {
        let which = Some(("rule", change.id.as_str()));
        let form = Form::open_one_of(&host, &visitor, *act, which, Fields::new()).await;
        forms.push((*act, form));
    }
    let (lang, today) = (visitor.lang, visitor.now.beijing_date());
    Ok(Page::new(&host, &visitor, t(lang, "rulebook.change_title"))
        .crumb(t(lang, "rulebook.desk_title"), LIST)
        .wide()
        .view(move || {
            let own = change.allowed.contains(&Act::RuleWithdraw);
            let four_eyes = own.then(|| {
                view! { <Notice tone=Tone::Note title=t(lang, "rulebook.four_eyes_title")><p>{t(lang, "rulebook.four_eyes_text")}</p></Notice> }
            });
            let windows = windows.map(|windows| windows_section(lang, &windows, !is_open));
            view! {
                <Heading title=change_text(lang, &change.change) above=t(lang, "rulebook.change_title")/>
                {four_eyes}
                {change_facts(lang, &change.change)}
                <SummaryList rows=facts(lang, &change)/>
                {details(lang, &change, &before, today)}
                {windows}
                {decision(lang, &change, forms)}
            }
        }))
}

fn facts(lang: Lang, change: &RuleChangeView) -> Vec<SummaryRow> {
    let who = |name: &str, at| format!("{name} · {}", format::moment(lang, at));
    let mut rows = vec![
        SummaryRow::new(t(lang, "rulebook.status"), status_tag(lang, change)),
        SummaryRow::new(t(lang, "rulebook.reason"), change.reason.clone()),
        SummaryRow::new(
            t(lang, "rulebook.proposed_by"),
            who(&change.proposer, change.proposed_at),
        ),
    ];
    if let (Some(decider), Some(at)) = (&change.decider, change.decided_at) {
        rows.push(SummaryRow::new(
            t(lang, "rulebook.decided_by"),
            who(decider, at),
        ));
    }
    if let Some(reason) = &change.decision_reason {
        let label = t(lang, "rulebook.decision_reason");
        rows.push(SummaryRow::new(label, reason.clone()));
    }
    rows
}

/// What one line cannot say: the days of a year beside those of the edition before, and what a limit was.
fn details(lang: Lang, change: &RuleChangeView, before: &RuleBook, today: Date) -> AnyView {
    match &change.change.content {
        RuleContent::Calendar { year, .. } => {
            let old: Vec<(Date, bool)> = before.calendar.exceptions_of(year.year).collect();
            let kind = |works: bool| {
                t(
                    lang,
                    if works {
                        "rulebook.works"
                    } else {
                        "rulebook.off"
                    },
                )
            };
            let mut rows: Vec<Vec<AnyView>> = Vec::new();
            for day in &year.days {
                let known = old.iter().find(|(date, _)| *date == day.date);
                let was = match known {
                    Some((_, works)) => kind(*works),
                    None if old.is_empty() => "–".to_owned(),
                    None => t(lang, "rulebook.as_the_week"),
                };
                rows.push(vec![
                    format::date(lang, day.date).into_any(),
                    kind(day.works).into_any(),
                    was.into_any(),
                    format!("{} · {}", day.occasion, day.source).into_any(),
                ]);
            }
            for (date, works) in &old {
                if !year.days.iter().any(|day| day.date == *date) {
                    rows.push(vec![
                        format::date(lang, *date).into_any(),
                        t(lang, "rulebook.as_the_week").into_any(),
                        kind(*works).into_any(),
                        ().into_any(),
                    ]);
                }
            }
            let columns = vec![
                Column::text(t(lang, "rulebook.day")),
                Column::text(t(lang, "rulebook.new_kind")),
                Column::text(t(lang, "rulebook.old_kind")),
                Column::text(t(lang, "rulebook.source")),
            ];
            let title = tp(
                lang,
                "rulebook.days_title",
                &[
                    ("year", &year.year.to_string()),
                    ("count", &whole(i64::try_from(year.days.len()).unwrap_or(0))),
                ],
            );
            view! { <Section title=title.clone() id="days"><DataTable caption=title columns rows empty=""/></Section> }
                .into_any()
        }
        RuleContent::TimeLimit { limit, value } => {
            let day = change.change.effective_from.max(today);
            let texts = [
                ("before", before.limit(*limit, day).to_string()),
                ("after", value.to_string()),
            ];
            let params: Vec<(&str, &str)> = texts
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let text = tp(lang, "rulebook.limit_changes", &params);
            let constant = (!limit.is_applied())
                .then(|| view! { <Notice tone=Tone::Attention title=t(lang, "rulebook.limit_constant")/> });
            view! { <p>{text}</p>{constant} }.into_any()
        }
        RuleContent::LegalReference(reference) => {
            view! { <p class="prose">{lang.message(&reference.note).to_owned()}</p> }.into_any()
        }
        _ => ().into_any(),
    }
}

/// The forms of what the viewer may do now.
fn decision(lang: Lang, change: &RuleChangeView, forms: Vec<(Act, Form)>) -> AnyView {
    if forms.is_empty() {
        return ().into_any();
    }
    let views: Vec<_> = forms
        .into_iter()
        .map(|(act, form)| {
            let id = change.id.clone();
            if act == Act::RuleApprove {
                return view! {
                    <p>{t(lang, "rulebook.approve_text")}</p>
                    <ActForm act form submit=t(lang, "act.rule_approve")><Hidden name="rule" value=id/></ActForm>
                }
                .into_any();
            }
            let key = if act == Act::RuleReject { "act.rule_reject" } else { "act.rule_withdraw" };
            let open = !form.problems().is_empty();
            view! {
                <details class="how" open=open>
                    <summary class="how__summary">{t(lang, key)}</summary>
                    <div class="how__body">
                        <ActForm act form submit=t(lang, key) ends=true>
                            <Hidden name="rule" value=id/>
                            <Field name="reason" label=t(lang, "rulebook.decision_reason") kind=Kind::Lines/>
                        </ActForm>
                    </div>
                </details>
            }
            .into_any()
        })
        .collect();
    view! { <Section title=t(lang, "rulebook.decision_title") id="decision">{views}</Section> }
        .into_any()
}
