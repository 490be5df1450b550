//! The registry replaces numbers of the methodologies: one operator proposes, another one decides.

use axum::extract::{Path, RawQuery, State};
use domain::{Act, Role};
use leptos::context::Provider;
use leptos::prelude::*;
use methodologies::inclusion::Tier;
use methodologies::replaceable::{InForce, in_force, replaceable};
use methodologies::{Parameters, Replacement};
use registry::{CalculationView, Fields, ParameterChange};
use serde_json::Value;
use time::Date;

use crate::form::Form;
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::public::filters::Filters;
use crate::pages::public::parameters::{
    certifiable_note, named, numbers_table, set_name, tier_line, tier_name, value_cell,
};
use crate::pages::public::scenes::{compared, scene_names};
use crate::pages::public::shown::TONNES;
use crate::parts::{
    ActForm, Choice, Column, DataTable, Field, Fieldset, Heading, Hidden, Kind, Notice, Section,
    SummaryList, SummaryRow, Tag,
};
use crate::visitor::{Tone, Visitor};

const LIST: &str = "/desk/parameters";
const NEW: &str = "/desk/parameters/new";
/// Rows of the form for single numbers.
const ROWS: usize = 3;

/// `GET /desk/parameters`: what is in force, what waits for a decision, what was decided. `?text=` looks for numbers.
pub async fn list(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let changes = host
        .registry
        .parameter_changes(&by)
        .await
        .or_failed(&host, &visitor)?;
    let set = host
        .registry
        .parameters_in_force()
        .await
        .or_failed(&host, &visitor)?;
    let filters = Filters::read(query.as_deref(), &["text"]);
    let numbers = in_force(&set, visitor.now.beijing_date());
    let lang = visitor.lang;
    Ok(
        Page::new(&host, &visitor, t(lang, "parameters.desk_title"))
            .wide()
            .view(move || {
                let (open, decided): (Vec<_>, Vec<_>) = changes
                    .iter()
                    .partition(|change| change.status == "proposed");
                let open = changes_table(lang, t(lang, "parameters.open_title"), &open);
                let decided = changes_table(lang, t(lang, "parameters.history_title"), &decided);
                view! {
                    <Heading title=t(lang, "parameters.desk_title") lead=t(lang, "parameters.desk_lead")/>
                    <p>{in_force_text(lang, set.set)}" "<a href="/parameters">{t(lang, "parameters.public_link")}</a></p>
                    <p class="button-row"><a class="button" href=NEW>{t(lang, "parameters.new_title")}</a>
                        <a class="button button--secondary" href="/desk/scenes">{t(lang, "scene.title")}</a></p>
                    <Section title=t(lang, "parameters.open_title") id="open">{open}</Section>
                    {all_numbers(lang, &numbers, &filters)}
                    <Section title=t(lang, "parameters.history_title") id="history">{decided}</Section>
                }
            }),
    )
}

fn in_force_text(lang: Lang, set: u64) -> String {
    if set == 0 {
        t(lang, "parameters.set_built_in")
    } else {
        let name = set_name(lang, set);
        tp(lang, "parameters.set_in_force", &[("set", &name)])
    }
}

fn changes_table(lang: Lang, caption: String, changes: &[&ParameterChange]) -> AnyView {
    let rows = changes.iter().map(|change| {
        let address = format!("{LIST}/{}", change.id);
        vec![
            view! { <a href=address>{change.document.clone()}</a> }.into_any(),
            whole(i64::try_from(change.replacements.len()).unwrap_or(i64::MAX)).into_any(),
            scene_names(lang, &change.scenes).into_any(),
            format::date_text(lang, &change.effective_from).into_any(),
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
        Column::text(t(lang, "parameters.document")),
        Column::number(t(lang, "parameters.numbers")),
        Column::text(t(lang, "scene.title")),
        Column::text(t(lang, "parameters.effective_from")),
        Column::text(t(lang, "parameters.proposed_by")),
        Column::text(t(lang, "parameters.status")),
    ];
    view! { <DataTable caption columns rows=rows.collect() empty=t(lang, "parameters.changes_none")/> }
        .into_any()
}

fn status_tag(lang: Lang, change: &ParameterChange) -> AnyView {
    let (key, tone) = match change.status.as_str() {
        "approved" => ("parameters.status_approved", Tone::Done),
        "rejected" => ("parameters.status_rejected", Tone::Refused),
        "withdrawn" => ("parameters.status_withdrawn", Tone::Note),
        _ => ("parameters.status_proposed", Tone::Attention),
    };
    let set = change
        .set
        .map(|number| view! { " "{set_name(lang, number)} });
    view! { <Tag text=t(lang, key) tone/>{set} }.into_any()
}

/// Every number, in folded groups; with a search text only those that match, unfolded.
fn all_numbers(lang: Lang, numbers: &[InForce], filters: &Filters) -> AnyView {
    let wanted = filters.get("text").unwrap_or_default().to_lowercase();
    let matches = |number: &&InForce| {
        let used = &number.used;
        [&used.id, &used.title.zh, &used.title.en, &used.clause]
            .iter()
            .any(|text| text.to_lowercase().contains(&wanted))
    };
    let found: Vec<&InForce> = numbers.iter().filter(matches).collect();
    let groups: Vec<_> = GROUPS
        .iter()
        .filter_map(|(group, _)| {
            let members: Vec<&InForce> = found
                .iter()
                .copied()
                .filter(|number| group_of(&number.used.id) == *group)
                .collect();
            let title = t(lang, group);
            let label = format!("{title} ({})", members.len());
            let table = numbers_table(lang, title, &members, Some(NEW));
            (!members.is_empty()).then(|| {
                view! {
                    <details class="how" open=!wanted.is_empty()>
                        <summary class="how__summary">{label}</summary>
                        <div class="how__body">{table}</div>
                    </details>
                }
            })
        })
        .collect();
    let nothing = found
        .is_empty()
        .then(|| view! { <p class="quiet">{t(lang, "parameters.numbers_none")}</p> });
    let form = Form::of(filters.fields());
    view! {
        <Section title=t(lang, "parameters.all_title") id="all">
            <Provider value=form>
                <form class="filters" method="get" action=LIST role="search">
                    <Field name="text" label=t(lang, "parameters.search")/>
                    <div class="filters__buttons"><button class="button button--secondary" type="submit">{t(lang, "parameters.search_submit")}</button></div>
                </form>
            </Provider>
            {groups}
            {nothing}
        </Section>
    }
    .into_any()
}

/// The heading of each group and the beginnings of its ids; what begins with none of them belongs to the power methods.
const GROUPS: &[(&str, &[&str])] = &[
    ("parameters.group_power", &[]),
    ("parameters.group_grid", &["grid."]),
    ("parameters.group_fuel", &["fuel."]),
    ("parameters.group_sink", &["sink."]),
    (
        "parameters.group_afforestation",
        &["afforestation.", "species."],
    ),
    ("parameters.group_mangrove", &["mangrove."]),
    (
        "parameters.group_inclusion",
        &["inclusion.", "grid_average."],
    ),
    // in two pieces: it begins ids of parameters, not a text of the catalogue
    ("parameters.group_event", &[concat!("event", ".")]),
];

fn group_of(id: &str) -> &'static str {
    GROUPS
        .iter()
        .find(|(_, beginnings)| beginnings.iter().any(|beginning| id.starts_with(beginning)))
        .map_or("parameters.group_power", |(group, _)| group)
}

/// `GET /desk/parameters/new`; `?id=` chooses the first number.
pub async fn new(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    require(&host, &visitor, &[Role::RegistryOperator])?;
    let set = host
        .registry
        .parameters_in_force()
        .await
        .or_failed(&host, &visitor)?;
    let chosen = Filters::read(query.as_deref(), &["id"]);
    let mut stored = Fields::new();
    if let Some(id) = chosen.get("id") {
        stored.insert("values.0.id".to_owned(), id.to_owned());
    }
    let form = Form::open(&host, &visitor, Act::ParametersPropose, stored).await;
    let numbers = in_force(&set, visitor.now.beijing_date());
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "parameters.new_title"))
        .crumb(t(lang, "parameters.desk_title"), LIST)
        .view(move || {
            view! {
                <Heading title=t(lang, "parameters.new_title") lead=t(lang, "parameters.new_lead")/>
                {proposal_form(lang, &numbers, form)}
            }
        }))
}

fn proposal_form(lang: Lang, numbers: &[InForce], form: Form) -> AnyView {
    let form = form.labelled(|field| {
        let label = match field {
            "document" => "parameters.document",
            "document_number" => "parameters.document_number",
            "effective_from" => "parameters.effective_from",
            "basis" => "parameters.basis",
            "reason" => "parameters.reason",
            "table" => "parameters.table",
            value if value.rsplit('.').next() == Some("value") => "parameters.new_value",
            tier if tier.rsplit('.').next() == Some("tier") => "parameters.tier",
            _ => "parameters.parameter",
        };
        Some(t(lang, label))
    });
    let choices: Vec<Choice> = numbers
        .iter()
        .map(|number| {
            let used = &number.used;
            let unit = if used.unit == "1" {
                String::new()
            } else {
                format!(" {}", used.unit)
            };
            let now = format::decimal(&used.value.normalize().to_string());
            Choice::new(
                used.id.clone(),
                format!("{} · {} · {now}{unit}", used.id, lang.message(&used.title)),
            )
        })
        .collect();
    let basis = vec![
        Choice::new("published", t(lang, "parameters.basis_published"))
            .hint(t(lang, "parameters.basis_published_hint")),
        Choice::new("assumed", t(lang, "parameters.basis_assumed"))
            .hint(t(lang, "parameters.basis_assumed_hint")),
    ];
    view! {
        <ActForm act=Act::ParametersPropose form submit=t(lang, "act.parameters_propose") cancel=LIST>
            <Fieldset legend=t(lang, "parameters.document_title")>
                <Field name="document" label=t(lang, "parameters.document") hint=t(lang, "parameters.document_hint")/>
                <Field name="document_number" label=t(lang, "parameters.document_number") hint=t(lang, "parameters.document_number_hint")/>
                <Field name="effective_from" label=t(lang, "parameters.effective_from") hint=t(lang, "parameters.effective_from_hint") kind=Kind::Date/>
                <Field name="basis" label=t(lang, "parameters.basis") kind=Kind::Radios choices=basis/>
                <Field name="reason" label=t(lang, "parameters.reason") hint=t(lang, "parameters.reason_hint") kind=Kind::Lines/>
            </Fieldset>
            <Fieldset legend=t(lang, "parameters.values_title") hint=t(lang, "parameters.values_hint")>{value_rows(lang, &choices)}</Fieldset>
            <Fieldset legend=t(lang, "parameters.table_title") hint=t(lang, "parameters.table_hint")>
                <Field name="table" label=t(lang, "parameters.table") hint="grid,label,om,bm" kind=Kind::Lines rows=9 optional=true/>
            </Fieldset>
        </ActForm>
    }
    .into_any()
}

/// The rows for single numbers. Called inside the form: what was typed and what is wrong comes from there.
fn value_rows(lang: Lang, choices: &[Choice]) -> Vec<AnyView> {
    (0..ROWS)
        .map(|row| {
            let (choices, optional) = (choices.to_vec(), row > 0);
            let number = (row + 1).to_string();
            let label = tp(lang, "parameters.row_parameter", &[("row", &number)]);
            view! {
                <Field name=format!("values.{row}.id") label kind=Kind::Select choices optional/>
                <Field name=format!("values.{row}.value") label=t(lang, "parameters.new_value") kind=Kind::Decimal optional/>
                <Field name=format!("values.{row}.tier") label=t(lang, "parameters.tier") hint=t(lang, "parameters.tier_hint") kind=Kind::Select choices=tier_choices(lang) optional=true/>
            }
            .into_any()
        })
        .collect()
}

/// The tiers in words, best first.
pub fn tier_choices(lang: Lang) -> Vec<Choice> {
    Tier::ALL
        .into_iter()
        .map(|tier| Choice::new(tier.code(), tier_name(lang, tier)))
        .collect()
}

/// `GET /desk/parameters/{id}`: before and after, what would change, and the decision.
pub async fn show(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let change = host
        .registry
        .parameter_change(&by, &id)
        .await
        .or_failed(&host, &visitor)?;
    let base = match change.set {
        Some(number) => {
            host.registry
                .parameters_of_set(number.saturating_sub(1))
                .await
        }
        None => host.registry.parameters_in_force().await,
    };
    let base = base.or_failed(&host, &visitor)?;
    let which = Some(("change", change.id.as_str()));
    let mut forms = Vec::new();
    for act in &change.allowed {
        let form = Form::open_one_of(&host, &visitor, *act, which, Fields::new()).await;
        forms.push((*act, form));
    }
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, change.document.clone())
        .crumb(t(lang, "parameters.desk_title"), LIST)
        .wide()
        .view(move || {
            let next = base.next(&change.replacements, &change.scenes);
            let own = change.allowed.contains(&Act::ParametersWithdraw);
            let four_eyes = own.then(|| {
                view! { <Notice tone=Tone::Note title=t(lang, "parameters.four_eyes_title")><p>{t(lang, "parameters.four_eyes_text")}</p></Notice> }
            });
            view! {
                <Heading title=change.document.clone() above=t(lang, "parameters.change_above")/>
                {four_eyes}
                <SummaryList rows=facts(lang, &change)/>
                {before_and_after(lang, &base, &next, &change.replacements)}
                {change.scenes.iter().map(|scene| compared(lang, &base, scene)).collect::<Vec<_>>()}
                {certifiable_note(lang, &base, &next, &change.effective_from)}
                {examples(lang, &base, &next)}
                {decision(lang, &change, forms)}
            }
        }))
}

fn facts(lang: Lang, change: &ParameterChange) -> Vec<SummaryRow> {
    let mut rows = vec![
        SummaryRow::new(t(lang, "parameters.status"), status_tag(lang, change)),
        SummaryRow::new(
            t(lang, "parameters.document_number"),
            change.document_number.clone(),
        ),
        SummaryRow::new(
            t(lang, "parameters.effective_from"),
            format::date_text(lang, &change.effective_from),
        ),
        SummaryRow::new(t(lang, "parameters.reason"), change.reason.clone()),
        SummaryRow::new(
            t(lang, "parameters.proposed_by"),
            format!(
                "{} · {}",
                change.proposer,
                format::moment(lang, change.proposed_at)
            ),
        ),
    ];
    if let (Some(decider), Some(at)) = (&change.decider, change.decided_at) {
        let who = format!("{decider} · {}", format::moment(lang, at));
        rows.push(SummaryRow::new(t(lang, "parameters.decided_by"), who));
    }
    if let Some(reason) = &change.decision_reason {
        let label = t(lang, "parameters.decision_reason");
        rows.push(SummaryRow::new(label, reason.clone()));
    }
    rows
}

/// Each number as it is on the effective day without the change, and with it.
fn before_and_after(
    lang: Lang,
    base: &Parameters,
    next: &Parameters,
    replacements: &[Replacement],
) -> Option<AnyView> {
    if replacements.is_empty() {
        return None;
    }
    let day = replacements.first().map_or(Date::MIN, |one| one.from);
    let before = in_force(base, day);
    let rows = replacements.iter().map(|one| {
        let title = replaceable(&one.id, next).map_or_else(
            || one.id.clone(),
            |known| lang.message(&known.title).to_owned(),
        );
        let old = before.iter().find(|number| number.used.id == one.id);
        let old = match old {
            Some(old) => value_cell(
                lang,
                &old.used.value.normalize().to_string(),
                &old.used.unit,
                old.used.assumed,
            ),
            None => {
                view! { <span class="quiet">{t(lang, "parameters.none_before")}</span> }.into_any()
            }
        };
        let new = value_cell(lang, &one.value.to_string(), &one.unit, one.assumed);
        let new = view! { {new}{tier_line(lang, one)} }.into_any();
        vec![named(title, &one.id), old, new]
    });
    let rows: Vec<_> = rows.collect();
    let columns = vec![
        Column::text(t(lang, "parameters.parameter")),
        Column::number(t(lang, "parameters.before")),
        Column::number(t(lang, "parameters.after")),
    ];
    let title = t(lang, "parameters.before_after_title");
    let table = view! {
        <Section title=title.clone() id="numbers">
            <DataTable caption=title columns rows empty=""/>
        </Section>
    };
    Some(table.into_any())
}

/// The worked example of every calculator under both sets.
fn examples(lang: Lang, base: &Parameters, next: &Parameters) -> AnyView {
    let mut changed = 0;
    let mut rows = Vec::new();
    for calculator in methodologies::calculators() {
        let Some(input) = methodologies::example(calculator.code) else {
            continue;
        };
        let total = |set: &Parameters| {
            methodologies::calculate_with(calculator.code, &input, set)
                .ok()
                .map(|outcome| outcome.total_t)
        };
        let (old, new) = (total(base), total(next));
        changed += usize::from(old != new);
        let shown =
            |total: Option<i64>| total.map_or_else(|| t(lang, "parameters.not_computable"), whole);
        let difference = match (old, new) {
            (Some(old), Some(new)) if old != new => signed(new - old),
            (Some(_), Some(_)) => t(lang, "parameters.unchanged"),
            _ => "–".to_owned(),
        };
        rows.push(vec![
            named(
                lang.choose(calculator.title.zh, calculator.title.en)
                    .to_owned(),
                calculator.code,
            ),
            shown(old).into_any(),
            shown(new).into_any(),
            difference.into_any(),
        ]);
    }
    let columns = vec![
        Column::text(t(lang, "parameters.example")),
        Column::number(format!("{} {TONNES}", t(lang, "parameters.before"))),
        Column::number(format!("{} {TONNES}", t(lang, "parameters.after"))),
        Column::number(format!("{} {TONNES}", t(lang, "parameters.difference"))),
    ];
    let title = t(lang, "parameters.examples_title");
    let count = tp(
        lang,
        "parameters.examples_changed",
        &[("count", &changed.to_string())],
    );
    view! {
        <Section title=title.clone() id="examples">
            <p>{t(lang, "parameters.examples_lead")}" "<strong>{count}</strong></p>
            <DataTable caption=title columns rows empty=""/>
        </Section>
    }
    .into_any()
}

fn signed(difference: i64) -> String {
    if difference > 0 {
        format!("+{}", whole(difference))
    } else {
        whole(difference)
    }
}

/// The forms of what the viewer may do now.
fn decision(lang: Lang, change: &ParameterChange, forms: Vec<(Act, Form)>) -> AnyView {
    if forms.is_empty() {
        return ().into_any();
    }
    let views: Vec<_> = forms
        .into_iter()
        .map(|(act, form)| {
            let id = change.id.clone();
            if act == Act::ParametersApprove {
                return view! {
                    <p>{t(lang, "parameters.approve_text")}</p>
                    <ActForm act form submit=t(lang, "act.parameters_approve")><Hidden name="change" value=id/></ActForm>
                }
                .into_any();
            }
            let key = if act == Act::ParametersReject { "act.parameters_reject" } else { "act.parameters_withdraw" };
            let open = !form.problems().is_empty();
            view! {
                <details class="how" open=open>
                    <summary class="how__summary">{t(lang, key)}</summary>
                    <div class="how__body">
                        <ActForm act form submit=t(lang, key) ends=true>
                            <Hidden name="change" value=id/>
                            <Field name="reason" label=t(lang, "parameters.decision_reason") kind=Kind::Lines/>
                        </ActForm>
                    </div>
                </details>
            }
            .into_any()
        })
        .collect();
    view! { <Section title=t(lang, "parameters.decision_title") id="decision">{views}</Section> }
        .into_any()
}

/// Beside a calculation in a draft: which set it uses and, where the document was handed in before with another one, both totals.
/// `None` with the built-in numbers throughout.
pub fn set_note(
    lang: Lang,
    set: &Parameters,
    stored: Option<&CalculationView>,
    calculated: Option<(&'static str, Value)>,
) -> Option<AnyView> {
    let name = |number: u64| {
        if number == 0 {
            t(lang, "parameters.set_built_in")
        } else {
            set_name(lang, number)
        }
    };
    let before = stored.filter(|stored| stored.parameters.set != set.set);
    let text = if let Some(before) = before {
        let (code, input) = calculated?;
        let now = methodologies::calculate_with(code, &input, set).ok()?;
        let old = before.outcome["total_t"].as_i64()?;
        tp(
            lang,
            "parameters.changed_here",
            &[
                ("before", &name(before.parameters.set)),
                ("old", &whole(old)),
                ("now", &name(set.set)),
                ("new", &whole(now.total_t)),
            ],
        )
    } else if set.set > 0 {
        tp(lang, "parameters.used_here", &[("set", &name(set.set))])
    } else {
        return None;
    };
    let note = view! { <p class="remark">{text}" "<a href="/parameters">{t(lang, "parameters.used_link")}</a></p> };
    Some(note.into_any())
}
