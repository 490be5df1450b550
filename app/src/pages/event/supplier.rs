//! Suppliers of an event: whom the organiser asks, what they gave, and the form behind their link.

use axum::extract::{Path, RawQuery, State};
use domain::Act;
use leptos::prelude::*;
use methodologies::event::factor;
use methodologies::event::fields::{CLASSES, COLUMNS, QUALITIES, STAGES};
use methodologies::schema::{Choice as InputChoice, Kind as Type};
use registry::{EventView, Fields, SupplierLineView, SupplierView, SupplyForm};

use super::ORGANISERS;
use super::desk::class_label;
use super::shown::days;
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require, scene};
use crate::parts::{
    ActForm, Choice, Column, CopyableId, DataTable, Field, Fieldset, Heading, Hidden, Kind, Notice,
    Section, Tag,
};
use crate::visitor::{Tone, Visitor, encode, query_value};

/// What the organiser may type: the form that asks a supplier, and one for each line that waits.
struct Forms {
    add: Form,
    lines: Vec<(String, Form)>,
}

/// `GET /desk/events/{id}/suppliers`.
pub async fn suppliers(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let by = require(&host, &visitor, ORGANISERS)?;
    let registry = &host.registry;
    let event = registry
        .event_get(&by, &id)
        .await
        .or_failed(&host, &visitor)?;
    let suppliers = registry
        .event_suppliers(&by, &id)
        .await
        .or_failed(&host, &visitor)?;
    let add = Form::open(&host, &visitor, Act::EventSupplierAdd, Fields::new()).await;
    let mut lines = Vec::new();
    let waiting = suppliers.iter().flat_map(|supplier| &supplier.lines);
    for line in waiting.filter(|line| line.state == "sent") {
        let which = Some(("line", line.id.as_str()));
        let act = Act::EventSupplyDecide;
        let form = Form::open_one_of(&host, &visitor, act, which, Fields::new()).await;
        lines.push((line.id.clone(), form));
    }
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "supplier.title"))
        .crumb(t(lang, "event.list_title"), "/desk/events")
        .crumb(event.row.name.clone(), format!("/desk/events/{id}"))
        .wide()
        .view(move || body(lang, &event, &suppliers, Forms { add, lines })))
}

fn body(lang: Lang, event: &EventView, suppliers: &[SupplierView], mut forms: Forms) -> AnyView {
    let may = event.allowed.contains(&Act::EventInventorySave);
    let shown: Vec<_> = suppliers
        .iter()
        .map(|supplier| one(lang, event, supplier, may, &mut forms.lines))
        .collect();
    let none = suppliers
        .is_empty()
        .then(|| view! { <p>{t(lang, "supplier.none")}</p> });
    let add = may.then(|| {
        // within the form, whose values the fields show
        let classes = move || -> Vec<_> {
            let boxes = CLASSES.iter().map(|class| {
                let name = format!("classes.{}", class.value);
                let label = lang.choose(class.text.zh, class.text.en).to_owned();
                view! { <Field name label kind=Kind::Checkbox/> }
            });
            boxes.collect()
        };
        let id = event.row.id.clone();
        view! {
            <Section title=t(lang, "act.event_supplier_add") id="add">
                <ActForm act=Act::EventSupplierAdd form=forms.add submit=t(lang, "supplier.add_submit")>
                    <Hidden name="event" value=id/>
                    <Field name="name" label=t(lang, "supplier.name") hint=t(lang, "supplier.name_hint")/>
                    <Fieldset legend=t(lang, "supplier.classes") hint=t(lang, "supplier.classes_hint")>{classes()}</Fieldset>
                </ActForm>
            </Section>
        }
    });
    view! {
        <Heading title=t(lang, "supplier.title") lead=t(lang, "supplier.lead")/>
        {none}
        {shown}
        {add}
    }
    .into_any()
}

/// One supplier: its link, what it gave, and what waits for a decision.
fn one(
    lang: Lang,
    event: &EventView,
    supplier: &SupplierView,
    may: bool,
    forms: &mut Vec<(String, Form)>,
) -> AnyView {
    let names: Vec<_> = supplier
        .classes
        .iter()
        .map(|class| class_label(lang, class))
        .collect();
    let asked = tp(lang, "supplier.asked", &[("classes", &names.join("、"))]);
    let link = match &supplier.form {
        Some(token) => {
            let address = format!("{}/supply/{token}", scene().public_url);
            let (id, of) = (event.row.id.clone(), supplier.id.clone());
            view! {
                <p><CopyableId text=address/></p>
                <ActForm act=Act::EventSupplierClose submit=t(lang, "supplier.close") quiet=true>
                    <Hidden name="event" value=id/>
                    <Hidden name="supplier" value=of/>
                </ActForm>
            }
            .into_any()
        }
        None => view! { <p>{t(lang, "supplier.closed")}</p> }.into_any(),
    };
    let lines = lines_table(lang, &supplier.lines);
    let waiting: Vec<_> = supplier
        .lines
        .iter()
        .filter(|line| may && line.state == "sent")
        .map(|line| {
            let at = forms.iter().position(|(id, _)| *id == line.id);
            let form = at.map(|at| forms.swap_remove(at).1).unwrap_or_default();
            decision(lang, &event.row.id, line, form)
        })
        .collect();
    view! {
        <Section title=supplier.name.clone()>
            <p>{asked}</p>
            {link}
            {lines}
            {waiting}
        </Section>
    }
    .into_any()
}

fn lines_table(lang: Lang, lines: &[SupplierLineView]) -> AnyView {
    let rows = lines.iter().map(|line| cells(lang, line)).collect();
    let columns = vec![
        Column::text(t(lang, "event.activity")),
        Column::text(t(lang, "event.class")),
        Column::number(t(lang, "event.quantity")),
        Column::text(t(lang, "supplier.evidence")),
        Column::text(t(lang, "event.state")),
    ];
    view! { <DataTable caption=t(lang, "supplier.lines") columns rows empty=t(lang, "supplier.no_lines")/> }
        .into_any()
}

fn cells(lang: Lang, line: &SupplierLineView) -> Vec<AnyView> {
    let tone = match line.state.as_str() {
        "accepted" => Tone::Done,
        "declined" => Tone::Refused,
        _ => Tone::Note,
    };
    let state = t(lang, &format!("supplier.state_{}", line.state));
    let reason = line.reason.clone().map(|reason| view! { <p>{reason}</p> });
    vec![
        line.activity.clone().into_any(),
        class_label(lang, &line.class).into_any(),
        format!("{} {}", format::decimal(&line.quantity), line.unit).into_any(),
        line.note.clone().into_any(),
        view! { <Tag text=state tone/>{reason} }.into_any(),
    ]
}

/// What the organiser makes of one line.
fn decision(lang: Lang, event: &str, line: &SupplierLineView, form: Form) -> AnyView {
    // within the form, whose values the fields show
    let double = line.double;
    let double = move || {
        double.map(|at| {
            let title = tp(lang, "supplier.double", &[("line", &at.to_string())]);
            view! {
                <Notice tone=Tone::Attention title><p>{t(lang, "supplier.double_text")}</p></Notice>
                <Field name="despite" label=t(lang, "supplier.despite") kind=Kind::Checkbox/>
            }
        })
    };
    let decisions = ["accept", "decline"]
        .map(|value| Choice::new(value, t(lang, &format!("supplier.{value}"))))
        .to_vec();
    let (event, id) = (event.to_owned(), line.id.clone());
    let title = format!(
        "{} {} {}",
        line.activity,
        format::decimal(&line.quantity),
        line.unit
    );
    let factors = factors(lang, &line.class);
    let open = !form.problems().is_empty();
    view! {
        <details class="how" open=open>
            <summary class="how__summary">{tp(lang, "supplier.decide", &[("line", &title)])}</summary>
            <div class="how__body">
                <ActForm act=Act::EventSupplyDecide form submit=t(lang, "supplier.decide_submit") quiet=true>
                    <Hidden name="event" value=event/>
                    <Hidden name="line" value=id/>
                    {double()}
                    <Field name="decision" label=t(lang, "supplier.decision") kind=Kind::Radios choices=decisions default="accept"/>
                    <Field name="stage" label=t(lang, "event.stage") kind=Kind::Select choices=choices(lang, &STAGES) default="hold" optional=true/>
                    <Field name="factor" label=t(lang, "event.factor") hint=t(lang, "supplier.factor_hint") kind=Kind::Select choices=factors optional=true/>
                    <Field name="quality" label=t(lang, "event.quality") kind=Kind::Select choices=choices(lang, &QUALITIES) default="invoiced" optional=true/>
                    <Field name="reason" label=t(lang, "supplier.reason") hint=t(lang, "supplier.reason_hint") kind=Kind::Lines optional=true/>
                </ActForm>
            </div>
        </details>
    }
    .into_any()
}

fn choices(lang: Lang, all: &[InputChoice]) -> Vec<Choice> {
    all.iter()
        .map(|choice| Choice::new(choice.value, lang.choose(choice.text.zh, choice.text.en)))
        .collect()
}

fn column_choices(code: &str) -> &'static [InputChoice] {
    COLUMNS
        .iter()
        .find(|column| column.code == code)
        .and_then(|column| match column.kind {
            Type::Choice(choices) => Some(choices),
            _ => None,
        })
        .unwrap_or_default()
}

/// The factors of a class.
fn factors(lang: Lang, class: &str) -> Vec<Choice> {
    column_choices("factor")
        .iter()
        .filter(|choice| match factor::find(choice.value) {
            Some(found) => found.class == class,
            None => class == "electricity" && choice.value.starts_with("grid_"),
        })
        .map(|choice| Choice::new(choice.value, lang.choose(choice.text.zh, choice.text.en)))
        .collect()
}

/// `GET /supply/{token}`; `?lines=` opens what was given before, `&line=` one of those to be changed.
pub async fn supply(
    State(host): State<Host>,
    visitor: Visitor,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
) -> PageResult {
    let query = query.unwrap_or_default();
    let secret = query_value(&query, "lines");
    let found = host
        .registry
        .event_supply_form(visitor.now, &token, secret.as_deref())
        .await;
    let found = found.or_failed(&host, &visitor)?;
    let changed = query_value(&query, "line");
    let changed = found
        .lines
        .iter()
        .find(|line| line.state == "sent" && Some(&line.id) == changed.as_ref())
        .cloned();
    let stored = changed.as_ref().map(stored).unwrap_or_default();
    let form = Form::open(&host, &visitor, Act::EventSupply, stored).await;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, found.event.clone())
        .wide()
        .view(move || supply_body(lang, &token, secret, changed.as_ref(), &found, form)))
}

fn stored(line: &SupplierLineView) -> Fields {
    [
        ("line.class", &line.class),
        ("line.activity", &line.activity),
        ("line.quantity", &line.quantity),
        ("line.unit", &line.unit),
        ("line.evidence", &line.note),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.clone()))
    .collect()
}

fn supply_body(
    lang: Lang,
    token: &str,
    secret: Option<String>,
    changed: Option<&SupplierLineView>,
    found: &SupplyForm,
    form: Form,
) -> AnyView {
    let typed = form.value("secret").to_owned();
    let secret = secret
        .filter(|_| !found.lines.is_empty())
        .or_else(|| Some(typed).filter(|typed| !typed.is_empty()))
        .unwrap_or_else(|| uuid::Uuid::new_v4().simple().to_string());
    let given = (!found.lines.is_empty()).then(|| given(lang, token, &secret, &found.lines));
    let classes: Vec<_> = found
        .classes
        .iter()
        .map(|class| Choice::new(class.clone(), class_label(lang, class)))
        .collect();
    let only = if let [one] = found.classes.as_slice() {
        one.clone()
    } else {
        String::new()
    };
    let units = choices(lang, column_choices("unit"));
    let lead = tp(
        lang,
        "supplier.supply_lead",
        &[
            ("supplier", &found.supplier),
            ("organiser", &found.organiser),
            ("days", &days(lang, &found.starts_on, &found.ends_on)),
        ],
    );
    let line = changed
        .map(|line| line.id.clone())
        .or_else(|| Some(form.value("line").to_owned()).filter(|line| !line.is_empty()));
    let (title, submit) = if line.is_some() {
        ("supplier.change_line", "supplier.change_submit")
    } else {
        ("supplier.new_line", "supplier.supply_submit")
    };
    let line = line.unwrap_or_default();
    let token = token.to_owned();
    view! {
        <Heading above=found.organiser.clone() title=found.event.clone() lead/>
        <Notice tone=Tone::Note title=t(lang, "event.privacy_title")><p>{t(lang, "supplier.privacy_text")}</p></Notice>
        {given}
        <Section title=t(lang, title) id="line">
            <ActForm act=Act::EventSupply form submit=t(lang, submit)>
                <Hidden name="token" value=token/>
                <Hidden name="secret" value=secret/>
                <Hidden name="line" value=line/>
                <Field name="line.class" label=t(lang, "event.class") kind=Kind::Select choices=classes default=only/>
                <Field name="line.activity" label=t(lang, "event.activity") hint=t(lang, "supplier.activity_hint")/>
                <Field name="line.quantity" label=t(lang, "event.quantity") kind=Kind::Decimal/>
                <Field name="line.unit" label=t(lang, "supplier.unit") kind=Kind::Select choices=units/>
                <Field name="line.evidence" label=t(lang, "supplier.evidence") hint=t(lang, "supplier.evidence_hint") optional=true/>
                <div class="event-website" aria-hidden="true">
                    <input type="text" name="website" value="" tabindex="-1" autocomplete="off"/>
                </div>
            </ActForm>
        </Section>
    }
    .into_any()
}

/// What this browser gave, and what became of it.
fn given(lang: Lang, token: &str, secret: &str, lines: &[SupplierLineView]) -> AnyView {
    let base = format!("/supply/{}?lines={}", encode(token), encode(secret));
    let open: Vec<_> = lines
        .iter()
        .filter(|line| line.state == "sent")
        .map(|line| {
            let change = format!("{base}&line={}#line", encode(&line.id));
            let says = tp(lang, "supplier.change", &[("line", &line.activity)]);
            let remove = tp(lang, "supplier.remove", &[("line", &line.activity)]);
            let (token, secret, id) = (token.to_owned(), secret.to_owned(), line.id.clone());
            view! {
                <p><a href=change>{says}</a></p>
                <ActForm act=Act::EventSupply submit=remove quiet=true>
                    <Hidden name="token" value=token/>
                    <Hidden name="secret" value=secret/>
                    <Hidden name="line" value=id/>
                    <Hidden name="remove" value="yes"/>
                </ActForm>
            }
        })
        .collect();
    let table = lines_table(lang, lines);
    view! {
        <Section title=t(lang, "supplier.given") id="given">
            {table}
            <p><a href=base>{t(lang, "supplier.keep_link")}</a></p>
            {open}
        </Section>
    }
    .into_any()
}
