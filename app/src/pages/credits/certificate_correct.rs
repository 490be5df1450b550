//! Correcting the words of a certificate: the registry's form. What is final is shown and has no field.

use axum::extract::{Path, State};
use domain::ledger::Purpose;
use domain::{Act, Role};
use leptos::prelude::*;

use super::beneficiaries::kind_choices;
use crate::form::{Form, fields};
use crate::format::whole;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::public::retirements::{certificate_address, purpose_label};
use crate::pages::public::shown::TONNES;
use crate::parts::{
    ActForm, Field, Fieldset, Heading, Hidden, Kind, Notice, SummaryList, SummaryRow,
};
use crate::visitor::{Tone, Visitor};

/// `GET /desk/retirements/{number}/correct`.
pub async fn certificate_correct(
    State(host): State<Host>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> PageResult {
    require(&host, &visitor, &[Role::RegistryOperator])?;
    let certificate = host.registry.public().certificate(&number).await;
    let certificate = certificate.or_failed(&host, &visitor)?;
    let version = certificate.version.to_string();
    let stored = fields([
        ("beneficiary", certificate.beneficiary.as_str()),
        (
            "beneficiary_uscc",
            certificate.beneficiary_uscc.as_deref().unwrap_or_default(),
        ),
        ("purpose_text", certificate.purpose_text.as_str()),
    ]);
    let form = Form::open(&host, &visitor, Act::CertificateCorrect, stored).await;
    let lang = visitor.lang;
    let title = t(lang, "act.certificate_correct");
    let base = certificate_address(&certificate.number);
    let optional = !Purpose::from_code(&certificate.purpose).is_some_and(Purpose::wants_text);
    Ok(Page::new(&host, &visitor, title.clone())
        .crumb(t(lang, "public.retirements_title"), "/retirements")
        .crumb(certificate.number.clone(), base.clone())
        .view(move || {
            let stays = vec![
                SummaryRow::new(t(lang, "public.certificate"), certificate.number.clone()),
                SummaryRow::new(
                    t(lang, "public.quantity"),
                    format!("{} {TONNES}", whole(certificate.quantity)),
                ),
                SummaryRow::new(
                    t(lang, "public.purpose"),
                    purpose_label(lang, &certificate.purpose),
                ),
                SummaryRow::new(t(lang, "public.holder"), certificate.holder.clone()),
                SummaryRow::new(t(lang, "certificate.version"), version.clone()),
            ];
            view! {
                <Heading title=title.clone() lead=t(lang, "certificate.correct_lead")/>
                <SummaryList rows=stays/>
                <ActForm act=Act::CertificateCorrect form submit=title.clone() cancel=base>
                    <Hidden name="certificate" value=certificate.number.clone()/>
                    <Hidden name="version" value=version/>
                    {wording(lang, optional)}
                    {request(lang)}
                </ActForm>
            }
        }))
}

fn wording(lang: Lang, optional: bool) -> AnyView {
    view! {
        <Fieldset legend=t(lang, "certificate.wording")>
            <Notice tone=Tone::Attention title=t(lang, "credits.personal_title")><p>{t(lang, "credits.personal_text")}</p></Notice>
            <Field name="beneficiary_kind" label=t(lang, "offer.kind") hint=t(lang, "offer.kind_hint") kind=Kind::Radios choices=kind_choices(lang)/>
            <Field name="beneficiary" label=t(lang, "public.beneficiary") hint=t(lang, "credits.beneficiary_hint")/>
            <Field name="beneficiary_uscc" label=t(lang, "credits.beneficiary_uscc") hint=t(lang, "credits.beneficiary_uscc_hint") optional=true/>
            <Field name="personal" label=t(lang, "offer.personal") kind=Kind::Checkbox optional=true/>
            <Field name="purpose_text" label=t(lang, "credits.purpose_text") hint=t(lang, "credits.purpose_text_hint") kind=Kind::Lines rows=3 optional/>
        </Fieldset>
    }
    .into_any()
}

fn request(lang: Lang) -> AnyView {
    view! {
        <Fieldset legend=t(lang, "certificate.request")>
            <Field name="request_number" label=t(lang, "certificate.request_number") hint=t(lang, "certificate.request_hint")/>
            <Field name="request_date" label=t(lang, "certificate.request_date") kind=Kind::Date/>
            <Field name="reason" label=t(lang, "certificate.reason") hint=t(lang, "certificate.reason_hint") kind=Kind::Lines rows=3/>
        </Fieldset>
    }
    .into_any()
}
