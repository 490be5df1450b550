//! Green certificates: the rule of the day beside the monthly table, and the requests to the certificate authority that the registry keeps by hand.

use axum::extract::{Path, State};
use domain::green_certificate::{
    MONTHS, REGIMES, Regime, TOLERANCE_MWH_PER_MONTH, read_months, regime_on,
};
use domain::{Act, Role};
use leptos::prelude::*;
use registry::{CertificateRequest, Fields};
use rust_decimal::Decimal;
use time::Date;

use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Column, DataTable, Field, Heading, Hidden, Kind, Notice, Section, SummaryList,
    SummaryRow, Tag,
};
use crate::visitor::{Tone, Visitor};

const LIST: &str = "/desk/certificates";

/// What holds on a day, with its source; says so where no official text was found.
pub fn regime_notice(lang: Lang, day: Date) -> AnyView {
    let regime = regime_on(day);
    let (rule, source) = (
        lang.choose(regime.rule.zh, regime.rule.en),
        lang.choose(regime.source.zh, regime.source.en),
    );
    let tolerance = tp(
        lang,
        "green_certificate.tolerance",
        &[("mwh", &TOLERANCE_MWH_PER_MONTH.to_string())],
    );
    view! {
        <Notice tone=Tone::Note title=t(lang, "green_certificate.rule_title")>
            <p>{rule}</p>
            <p>{official(lang, regime)}" "{source}</p>
            <p>{tolerance}</p>
        </Notice>
    }
    .into_any()
}

fn official(lang: Lang, regime: &Regime) -> AnyView {
    let (key, tone) = if regime.is_official {
        ("green_certificate.official", Tone::Done)
    } else {
        ("green_certificate.not_official", Tone::Attention)
    };
    view! { <Tag text=t(lang, key) tone/> }.into_any()
}

/// Every regime with its days, rule and source.
pub fn regime_table(lang: Lang) -> AnyView {
    let rows: Vec<Vec<AnyView>> = REGIMES
        .iter()
        .map(|regime| {
            let days = match regime.to {
                Some(to) => format::period(lang, regime.from, to),
                None => tp(
                    lang,
                    "green_certificate.since",
                    &[("day", &format::date(lang, regime.from))],
                ),
            };
            vec![
            days.into_any(),
            lang.choose(regime.rule.zh, regime.rule.en).into_any(),
            view! { {official(lang, regime)}" "{lang.choose(regime.source.zh, regime.source.en)} }
                .into_any(),
        ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "green_certificate.days")),
        Column::text(t(lang, "green_certificate.rule")),
        Column::text(t(lang, "green_certificate.source")),
    ];
    view! { <DataTable caption=t(lang, "green_certificate.regimes") columns rows empty=""/> }
        .into_any()
}

/// The name of a kind of request.
pub fn kind_label(lang: Lang, kind: &str) -> String {
    t(lang, &format!("green_certificate.kind_{kind}"))
}

/// How far a request is.
pub fn state_tag(lang: Lang, state: &str) -> AnyView {
    let tone = match state {
        "to_send" => Tone::Attention,
        "answered" => Tone::Done,
        _ => Tone::Note,
    };
    view! { <Tag text=t(lang, &format!("green_certificate.state_{state}")) tone/> }.into_any()
}

fn days(lang: Lang, request: &CertificateRequest) -> String {
    let day = |text: &str| format::date_text(lang, text);
    format!("{} – {}", day(&request.first_day), day(&request.last_day))
}

/// `GET /desk/certificates`: the requests, open ones first, and the regimes.
pub async fn list(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let requests = host.registry.certificate_requests(&by).await;
    let requests = requests.or_failed(&host, &visitor)?;
    let (lang, today) = (visitor.lang, visitor.now.beijing_date());
    let title = t(lang, "green_certificate.desk_title");
    Ok(Page::new(&host, &visitor, title).wide().view(move || {
        let rows: Vec<Vec<AnyView>> = requests.iter().map(|request| {
            let address = format!("{LIST}/{}", request.id);
            let code = request.project_code.clone().unwrap_or_default();
            vec![
                view! { <a href=address>{kind_label(lang, &request.kind)}</a> }.into_any(),
                format!("{code} {}", request.project_name).into_any(),
                request.archive_code.clone().into_any(),
                days(lang, request).into_any(),
                state_tag(lang, &request.state),
                request.reference.clone().unwrap_or_default().into_any(),
            ]
        }).collect();
        let columns = vec![
            Column::text(t(lang, "green_certificate.kind")),
            Column::text(t(lang, "green_certificate.project")),
            Column::text(t(lang, "green_certificate.archive_code")),
            Column::text(t(lang, "green_certificate.electricity")),
            Column::text(t(lang, "green_certificate.state")),
            Column::text(t(lang, "green_certificate.reference")),
        ];
        view! {
            <Heading title=t(lang, "green_certificate.desk_title") lead=t(lang, "green_certificate.desk_lead")/>
            {regime_notice(lang, today)}
            <Section title=t(lang, "green_certificate.requests") id="requests">
                <DataTable caption=t(lang, "green_certificate.requests") columns rows empty=t(lang, "green_certificate.none")/>
            </Section>
            <Section title=t(lang, "green_certificate.regimes") id="regimes">{regime_table(lang)}</Section>
        }
    }))
}

/// `GET /desk/certificates/{id}`: one request, its months, and its next step.
pub async fn show(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let request = host.registry.certificate_request(&by, &id).await;
    let request = request.or_failed(&host, &visitor)?;
    let act = match request.state.as_str() {
        "to_send" => Some(Act::CertificateSend),
        "sent" => Some(Act::CertificateAnswer),
        _ => None,
    };
    let form = Form::open(
        &host,
        &visitor,
        act.unwrap_or(Act::CertificateSend),
        Fields::new(),
    )
    .await;
    let lang = visitor.lang;
    let title = kind_label(lang, &request.kind);
    Ok(Page::new(&host, &visitor, title.clone())
        .crumb(t(lang, "green_certificate.desk_title"), LIST)
        .view(move || {
            let step = act.map(|act| step_form(lang, act, &request.id, form));
            view! {
                <Heading title above=request.project_name.clone()/>
                <SummaryList rows=rows(lang, &request)/>
                {months(lang, &request)}
                {step}
            }
        }))
}

fn rows(lang: Lang, request: &CertificateRequest) -> Vec<SummaryRow> {
    let project = format!("/desk/projects/{}", request.project);
    let code = request.project_code.clone().unwrap_or_default();
    let name = format!("{code} {}", request.project_name);
    let mut rows = vec![
        SummaryRow::new(
            t(lang, "green_certificate.state"),
            state_tag(lang, &request.state),
        ),
        SummaryRow::new(
            t(lang, "green_certificate.project"),
            view! { <a href=project>{name}</a> },
        ),
        SummaryRow::new(
            t(lang, "green_certificate.archive_code"),
            request.archive_code.clone(),
        ),
        SummaryRow::new(
            t(lang, "green_certificate.electricity"),
            days(lang, request),
        ),
    ];
    let mut add = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            rows.push(SummaryRow::new(t(lang, key), value));
        }
    };
    let day = |text: &Option<String>| text.as_deref().map(|day| format::date_text(lang, day));
    add("green_certificate.sent_on", day(&request.sent_on));
    add("green_certificate.reference", request.reference.clone());
    add("green_certificate.answered_on", day(&request.answered_on));
    add("green_certificate.answer", request.answer.clone());
    rows
}

fn months(lang: Lang, request: &CertificateRequest) -> Option<AnyView> {
    let lines = request.months.iter().map(|month| {
        let amounts = [month.settled, month.claimed, month.certificates];
        (month.month.clone(), amounts)
    });
    month_table(lang, lines.collect())
}

/// The months of a report as its document states them; nothing if it states none.
pub fn months_of_report(lang: Lang, document: &Fields) -> Option<AnyView> {
    let lines = read_months(document.get(MONTHS)?).ok()?;
    let lines = lines.into_iter().map(|line| {
        let amounts = [line.settled, line.claimed, line.certificates];
        (line.month.to_string(), amounts)
    });
    month_table(lang, lines.collect())
}

fn month_table(lang: Lang, lines: Vec<(String, [Decimal; 3])>) -> Option<AnyView> {
    let number = |value: Decimal| format::decimal(&value.normalize().to_string()).into_any();
    let rows: Vec<Vec<AnyView>> = lines
        .into_iter()
        .map(|(month, [settled, claimed, traded])| {
            vec![
                month.into_any(),
                number(settled),
                number(claimed),
                number(traded),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "green_certificate.month")),
        Column::number(t(lang, "green_certificate.settled")),
        Column::number(t(lang, "green_certificate.claimed")),
        Column::number(t(lang, "green_certificate.traded")),
    ];
    (!rows.is_empty()).then(|| {
        view! {
            <Section title=t(lang, "green_certificate.months") id="months">
                <DataTable caption=t(lang, "green_certificate.months") columns rows empty=""/>
            </Section>
        }
        .into_any()
    })
}

fn step_form(lang: Lang, act: Act, request: &str, form: Form) -> AnyView {
    let request = request.to_owned();
    let label = t(lang, &format!("act.{}", act.name()));
    // asked inside the form, where a field finds its value and its errors
    let text = move || {
        if act == Act::CertificateSend {
            view! { <Field name="reference" label=t(lang, "green_certificate.reference") hint=t(lang, "green_certificate.reference_hint")/> }.into_any()
        } else {
            view! { <Field name="answer" label=t(lang, "green_certificate.answer") kind=Kind::Lines/> }
            .into_any()
        }
    };
    view! {
        <Section title=label.clone() id="step">
            <ActForm act form submit=label>
                <Hidden name="request" value=request/>
                <Field name="date" label=t(lang, "green_certificate.day") kind=Kind::Date/>
                {text()}
            </ActForm>
        </Section>
    }
    .into_any()
}
