//! Retiring credits: a form, then a page that shows exactly what becomes public and that it is final, then the act.

use axum::extract::{RawQuery, Request, State};
use axum::response::Response;
use domain::Act;
use domain::ledger::{Purpose, RetirementRequest};
use leptos::context::Provider;
use leptos::prelude::*;
use registry::{BeneficiaryView, ClassOffer, Fields, PageRequest};

use super::beneficiaries::{kind_choices, kind_text};
use super::preview::{self, Preview, blocks_table};
use super::source::{self, HOLDERS};
use crate::acts::{ActAnswer, ActCall, Done, pass, see_other};
use crate::form::{Form, Problem};
use crate::format::whole;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require, scene};
use crate::pages::public::retirements::purpose_label;
use crate::pages::public::shown::{TONNES, prose};
use crate::parts::{
    ActForm, Choice, ErrorSummary, Field, Fieldset, Heading, Hidden, Irreversible, Kind, Notice,
    NumberHero, SummaryList, SummaryRow,
};
use crate::visitor::{Tone, Visitor, encode, query_value};

const FORM: &str = "/desk/retirements/new";
const CHECK: &str = "/desk/retirements/check";
/// What the form asks, and the check page sends on.
const FIELDS: [&str; 9] = [
    "quantity",
    "source",
    "purpose",
    "purpose_text",
    "beneficiary_id",
    "beneficiary",
    "beneficiary_kind",
    "beneficiary_uscc",
    "personal",
];

/// `GET /desk/retirements/new`; `?source=` chooses the class, `?typed=` brings back what was typed.
pub async fn retirement_new(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, HOLDERS)?;
    let offers = host
        .registry
        .class_offers(&by)
        .await
        .or_failed(&host, &visitor)?;
    let newest = PageRequest {
        size: 200,
        ..PageRequest::default()
    };
    let book = host
        .registry
        .beneficiary_list(&by, &newest)
        .await
        .or_failed(&host, &visitor)?;
    let stored = super::stored(&host, &visitor, query.as_deref(), Act::CreditsRetire).await;
    let form = Form::open(&host, &visitor, Act::CreditsRetire, stored).await;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "credits.retire_title")).crumb(t(lang, "credits.holdings_title"), "/desk/holdings").view(move || {
        let body = if offers.is_empty() { super::nothing_held(lang) } else { form_view(lang, &offers, &book.rows, form) };
        view! { <Heading title=t(lang, "credits.retire_title") lead=t(lang, "credits.retire_lead")/>{body} }
    }))
}

fn form_view(lang: Lang, offers: &[ClassOffer], book: &[BeneficiaryView], form: Form) -> AnyView {
    let purposes = Purpose::ALL
        .iter()
        .filter(|purpose| purpose.offered())
        .map(|purpose| {
            Choice::new(purpose.code(), purpose_label(lang, purpose.code()))
                .hint(t(lang, &format!("credits.purpose_hint_{}", purpose.code())))
        })
        .collect();
    let choices = source::choices(lang, offers);
    let kept: Vec<Choice> = book
        .iter()
        .map(|one| {
            Choice::new(
                one.id.clone(),
                format!("{} · {}", one.name, kind_text(lang, one.kind)),
            )
        })
        .collect();
    // within the form, whose values the fields show
    let kept = move || {
        (!kept.is_empty()).then(|| view! {
        <Field name="beneficiary_id" label=t(lang, "offer.from_book") hint=t(lang, "offer.from_book_hint") kind=Kind::Select choices=kept optional=true/>
    })
    };
    let evidence = move || {
        let asked = Purpose::ALL
            .iter()
            .filter(|purpose| purpose.offered() && !purpose.evidence().fields().is_empty());
        asked
            .map(|purpose| evidence_of(lang, *purpose))
            .collect_view()
    };
    view! {
        <ActForm act=Act::CreditsRetire form submit=t(lang, "credits.to_check") action=CHECK cancel="/desk/holdings">
            <Fieldset legend=t(lang, "credits.retire_what")>
                <Field name="source" label=t(lang, "credits.source") hint=t(lang, "credits.source_hint") kind=Kind::Radios choices/>
                <Field name="quantity" label=t(lang, "credits.quantity") hint=t(lang, "credits.quantity_hint") kind=Kind::Decimal unit=TONNES/>
            </Fieldset>
            <Fieldset legend=t(lang, "credits.retire_why")>
                <Field name="purpose" label=t(lang, "public.purpose") kind=Kind::Radios choices=purposes/>
                {evidence()}
                <Field name="purpose_text" label=t(lang, "credits.purpose_text") hint=t(lang, "credits.purpose_text_hint") kind=Kind::Lines rows=3/>
            </Fieldset>
            <Fieldset legend=t(lang, "credits.retire_whom")>
                <Notice tone=Tone::Attention title=t(lang, "credits.personal_title")><p>{t(lang, "credits.personal_text")}</p></Notice>
                {kept()}
                <p><a href="/desk/beneficiaries">{t(lang, "offer.book_title")}</a></p>
                <Field name="beneficiary_kind" label=t(lang, "offer.kind") kind=Kind::Radios hint=t(lang, "offer.kind_hint") choices=kind_choices(lang)/>
                <Field name="beneficiary" label=t(lang, "public.beneficiary") hint=t(lang, "credits.beneficiary_hint")/>
                <Field name="beneficiary_uscc" label=t(lang, "credits.beneficiary_uscc") hint=t(lang, "credits.beneficiary_uscc_hint") optional=true/>
                <Field name="personal" label=t(lang, "offer.personal") kind=Kind::Checkbox optional=true/>
            </Fieldset>
        </ActForm>
    }
    .into_any()
}

/// What one purpose rests on, field by field. The style sheet shows it once the purpose is chosen; a browser that cannot do that shows it always,
/// under the purpose's name.
fn evidence_of(lang: Lang, purpose: Purpose) -> AnyView {
    let fields = purpose.evidence().fields().iter().map(move |field| {
        let kind = if field.is_day { Kind::Date } else { Kind::Text };
        let label = t(lang, &format!("credits.evidence_{}", field.name));
        view! { <Field name=field.name label kind/> }
    });
    let legend = tp(
        lang,
        "credits.evidence_of",
        &[("purpose", &purpose_label(lang, purpose.code()))],
    );
    let class = format!("evidence evidence--{}", purpose.code());
    view! { <div class=class><Fieldset legend>{fields.collect_view()}</Fieldset></div> }.into_any()
}

/// `POST /desk/retirements/check`: reads the form and keeps it for the check page; nothing is retired yet.
pub async fn retirement_check_post(
    State(host): State<Host>,
    visitor: Visitor,
    request: Request,
) -> Response {
    pass(&host, visitor, Act::CreditsRetire, request, check).await
}

async fn check(call: ActCall) -> ActAnswer {
    preview::retirement(&call.host.registry, &call.by()?, &call.fields).await?;
    let kept = super::keep(&call, Act::CreditsRetire).await?;
    Ok(Done::to(format!("{CHECK}?typed={}", encode(&kept))))
}

/// `GET /desk/retirements/check?typed=…`: what becomes public and final, and the button that does it.
pub async fn retirement_check(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, HOLDERS)?;
    let stored = super::stored(&host, &visitor, query.as_deref(), Act::CreditsRetire).await;
    let form = Form::open(&host, &visitor, Act::CreditsRetire, stored).await;
    if form.value("quantity").is_empty() {
        return Ok(see_other(FORM));
    }
    let typed = visitor
        .again
        .clone()
        .or_else(|| query_value(query.as_deref().unwrap_or_default(), "typed"))
        .unwrap_or_default();
    let offers = host
        .registry
        .class_offers(&by)
        .await
        .or_failed(&host, &visitor)?;
    let fields: Fields = form.values().clone();
    let (form, found) = match preview::retirement(&host.registry, &by, &fields).await {
        Ok(found) => (form, Some(found)),
        Err(registry::Error::Refused(refusals)) => (
            Form::with_problems(fields, refusals.iter().map(Problem::from).collect()),
            None,
        ),
        Err(error) => return Err(error).or_failed(&host, &visitor),
    };
    let lang = visitor.lang;
    Ok(
        Page::new(&host, &visitor, t(lang, "credits.retire_check_title"))
            .crumb(t(lang, "credits.holdings_title"), "/desk/holdings")
            .crumb(t(lang, "credits.retire_title"), FORM)
            .view(move || check_view(lang, &offers, &typed, form, found)),
    )
}

fn check_view(
    lang: Lang,
    offers: &[ClassOffer],
    typed: &str,
    form: Form,
    found: Option<(Preview, RetirementRequest)>,
) -> AnyView {
    let change = format!("{FORM}?typed={}", encode(typed));
    let Some((preview, request)) = found else {
        return view! {
            <Heading title=t(lang, "credits.retire_check_title")/>
            <Provider value=form><ErrorSummary/></Provider>
            <p><a class="button button--secondary" href=change>{t(lang, "credits.back_to_form")}</a></p>
        }
        .into_any();
    };
    let left = tp(
        lang,
        "credits.left_after",
        &[("left", &whole(preview.held_before - preview.quantity))],
    );
    let rows = vec![
        SummaryRow::new(
            t(lang, "credits.quantity"),
            format!("{} {TONNES}", whole(preview.quantity)),
        )
        .change(change.clone()),
        SummaryRow::new(
            t(lang, "credits.source"),
            source::label(lang, offers, form.value("source")),
        )
        .change(change.clone()),
    ];
    // the words that are shown are sent: those of the evidence, and not the entry of the book that a name comes from: somebody may change it
    // meanwhile
    let uscc = request.beneficiary_uscc.as_ref();
    let shown = [
        ("purpose_text", request.purpose_text.clone()),
        ("beneficiary_id", String::new()),
        ("beneficiary", request.beneficiary.clone()),
        (
            "beneficiary_kind",
            request.beneficiary_kind.code().to_owned(),
        ),
        (
            "beneficiary_uscc",
            uscc.map(ToString::to_string).unwrap_or_default(),
        ),
    ];
    let hidden: Vec<_> = FIELDS
        .iter()
        .map(|name| {
            let shown = shown.iter().find(|(field, _)| field == name);
            let value =
                shown.map_or_else(|| form.value(name).to_owned(), |(_, value)| value.clone());
            view! { <Hidden name=*name value/> }
        })
        .collect();
    let key = format!("check-{typed}");
    view! {
        <Heading title=t(lang, "credits.retire_check_title") lead=t(lang, "credits.retire_check_lead")/>
        <NumberHero label=t(lang, "credits.retire_moves") value=whole(preview.quantity) unit=TONNES note=left/>
        <SummaryList rows/>
        {blocks_table(lang, &preview)}
        <p class="remark">{t(lang, "credits.preview_remark")}</p>
        <ActForm act=Act::CreditsRetire form submit=t(lang, "credits.retire_submit") key cancel=change.clone() ends=true>
            {hidden}
            <Irreversible title=t(lang, "credits.final_title") confirm=t(lang, "credits.final_confirm")>
                <p>{t(lang, "credits.final_text")}</p>
                <SummaryList rows=becomes_public(lang, &request, &change)/>
                <p>{t(lang, "credits.public_also")}</p>
            </Irreversible>
        </ActForm>
    }
    .into_any()
}

/// Exactly what anyone will be able to read, for as long as there is a registry.
fn becomes_public(lang: Lang, request: &RetirementRequest, change: &str) -> Vec<SummaryRow> {
    let none = || t(lang, "credits.nothing_given");
    let text = if request.purpose_text.is_empty() {
        none().into_any()
    } else {
        prose(&request.purpose_text)
    };
    let uscc = request
        .beneficiary_uscc
        .as_ref()
        .map_or_else(none, ToString::to_string);
    let holder = scene()
        .signed_in
        .map(|person| person.organisation_name.clone())
        .unwrap_or_default();
    vec![
        SummaryRow::new(
            t(lang, "public.beneficiary"),
            view! { <strong>{request.beneficiary.clone()}</strong> },
        )
        .change(change.to_owned()),
        SummaryRow::new(
            t(lang, "offer.kind"),
            kind_text(lang, request.beneficiary_kind),
        )
        .change(change.to_owned()),
        SummaryRow::new(t(lang, "credits.beneficiary_uscc"), uscc).change(change.to_owned()),
        SummaryRow::new(
            t(lang, "public.purpose"),
            purpose_label(lang, request.purpose.code()),
        )
        .change(change.to_owned()),
        SummaryRow::new(t(lang, "credits.purpose_text"), text).change(change.to_owned()),
        SummaryRow::new(t(lang, "public.holder"), holder),
    ]
}
