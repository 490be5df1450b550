//! Events as anyone may see them: the list, the page, the certificate on the wall, the badge, the inventory.

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::event::EventState;
use leptos::prelude::*;
use registry::{Fields, PublicEvent, PublicEventRow, PublicEventVersion};

use super::data::csv;
use super::desk::class_label;
use super::files::named_files;
use super::overlap;
use super::shown::{
    TONNES, days, evaluation_label, footprint_view, guide_remark, qr, state_label, state_tag,
    units_table,
};
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{Failed, OrFailed, Page, PageResult, scene};
use crate::pages::public::filters::Filters;
use crate::pages::public::shown::prose;
use crate::parts::{Column, DataTable, Heading, Notice, Section, SummaryList, SummaryRow};
use crate::visitor::{Tone, Visitor};

const FILTERS: &[&str] = &["after"];
const PAGE_ROWS: i64 = 25;

/// `GET /events`.
pub async fn list(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let filters = Filters::read(query.as_deref(), FILTERS);
    let today = visitor.now.beijing_date();
    let page = host
        .registry
        .public()
        .events(&filters.page(PAGE_ROWS), today)
        .await;
    let page = page.or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "event.public_title"))
        .description(t(lang, "event.public_lead"))
        .wide()
        .view(move || {
            let rows = page.rows.iter().map(|row| cells(lang, row)).collect();
            let (next, first) = filters.pages("/events", page.next.as_deref());
            let columns = ["event.name", "event.organiser", "event.days", "event.state"]
                .map(|key| Column::text(t(lang, key)))
                .to_vec();
            view! {
                <Heading title=t(lang, "event.public_title") lead=t(lang, "event.public_lead")/>
                <DataTable caption=t(lang, "event.public_title") columns rows empty=t(lang, "event.public_none") next first json="/api/v1/events"/>
                <p><a href="/neutrality">{t(lang, "neutral.public_title")}</a></p>
                {guide_remark(lang)}
            }
        }))
}

fn cells(lang: Lang, row: &PublicEventRow) -> Vec<AnyView> {
    let address = format!("/events/{}", row.number);
    vec![
        view! { <a href=address>{row.name.clone()}</a>" "<code>{row.number.clone()}</code> }
            .into_any(),
        row.organiser.clone().into_any(),
        days(lang, &row.starts_on, &row.ends_on).into_any(),
        state_tag(lang, row.state),
    ]
}

async fn found(host: &Host, visitor: &Visitor, number: &str) -> Result<PublicEvent, Failed> {
    let today = visitor.now.beijing_date();
    let event = host.registry.public().event(number, today).await;
    event.or_failed(host, visitor)
}

/// `GET /events/{number}`.
pub async fn show(
    State(host): State<Host>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> PageResult {
    let event = found(&host, &visitor, &number).await?;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, event.row.name.clone())
        .description(claim(lang, &event))
        .crumb(t(lang, "event.public_title"), "/events")
        .wide()
        .view(move || body(lang, &event)))
}

/// What may be said about the event today, in one sentence.
fn claim(lang: Lang, event: &PublicEvent) -> String {
    let key = format!("event.claim_{}", event.row.state.code());
    let version = event.versions.first();
    if let Some(correction) = &event.correction
        && let (Some(tonnes), Some(covered)) = (correction.tonnes, correction.covered)
    {
        let key = if covered {
            "event.claim_correction_covered"
        } else {
            "event.claim_correction_uncovered"
        };
        return tp(
            lang,
            key,
            &[
                ("tonnes", &whole(tonnes)),
                ("counted", &whole(correction.counted_tonnes)),
                ("deadline", &format::date_text(lang, &event.row.deadline)),
            ],
        );
    }
    let unchecked = version.map_or(0, |version| version.content.unchecked_tonnes());
    let key = if event.row.neutral && unchecked > 0 {
        "event.claim_neutral_unchecked".to_owned()
    } else {
        key
    };
    tp(
        lang,
        &key,
        &[
            ("unchecked", &whole(unchecked)),
            (
                "tonnes",
                &whole(version.map_or(0, |version| version.tonnes)),
            ),
            (
                "counted",
                &whole(version.map_or(0, |version| version.content.counted_tonnes)),
            ),
            ("deadline", &format::date_text(lang, &event.row.deadline)),
        ],
    )
}

fn body(lang: Lang, event: &PublicEvent) -> AnyView {
    let row = &event.row;
    let tone = match row.state {
        EventState::Neutral => Tone::Done,
        EventState::Lapsed | EventState::Withdrawn => Tone::Refused,
        _ if event.correction.is_some() => Tone::Refused,
        _ => Tone::Note,
    };
    let correcting = event.correction.as_ref().map(|correction| {
        let day = format::date_text(lang, &correction.opened_on);
        let title = tp(lang, "event.correction_of", &[("day", &day)]);
        let reason = tp(
            lang,
            "event.correction_reason",
            &[("reason", &correction.reason)],
        );
        view! { <Notice tone=Tone::Attention title><p>{reason}</p></Notice> }
    });
    let demo = scene()
        .demo
        .then(|| view! { <Notice tone=Tone::Attention title=t(lang, "event.demo")/> });
    let plan_day = row.plan_published_on.as_deref().map_or_else(
        || t(lang, "event.no_plan"),
        |day| {
            tp(
                lang,
                "event.plan_on",
                &[("day", &format::date_text(lang, day))],
            )
        },
    );
    let mut facts = vec![
        SummaryRow::new(t(lang, "event.state"), state_label(lang, row.state)),
        SummaryRow::new(t(lang, "event.organiser"), row.organiser.clone()),
        SummaryRow::new(
            t(lang, "event.days"),
            days(lang, &row.starts_on, &row.ends_on),
        ),
        SummaryRow::new(t(lang, "event.plan"), plan_day),
        SummaryRow::new(
            t(lang, "event.deadline"),
            format::date_text(lang, &row.deadline),
        ),
    ];
    facts.splice(2..2, organisers_row(lang, &event.organisers));
    let result = event
        .versions
        .first()
        .map(|version| result(lang, event, version));
    let earlier: Vec<_> = event
        .versions
        .iter()
        .skip(1)
        .map(|version| {
            let text = tp(
                lang,
                "event.earlier_line",
                &[
                    ("version", &version.version.to_string()),
                    ("day", &format::date_text(lang, &version.published_on)),
                    ("kg", &format::decimal(&version.total_kg)),
                    ("tonnes", &whole(version.tonnes)),
                ],
            );
            view! { <li>{text}</li> }
        })
        .collect();
    let earlier = (!earlier.is_empty()).then(|| {
        view! { <Section title=t(lang, "event.earlier") id="versions"><ul>{earlier}</ul></Section> }
    });
    let plan = event.plan.as_ref().map(|plan| {
        let estimate = event
            .estimate
            .as_deref()
            .map(|estimate| footprint_view(lang, estimate, t(lang, "event.total_estimate")));
        let profile = profile(lang, plan);
        view! {
            <Section title=t(lang, "event.plan") id="plan">
                {profile}
                {estimate}
            </Section>
        }
    });
    view! {
        <Heading above=row.number.clone() title=row.name.clone() lead=row.organiser.clone()/>
        {demo}
        <Notice tone title=claim(lang, event)/>
        {correcting}
        <SummaryList rows=facts/>
        {result}
        {plan}
        {earlier}
        {guide_remark(lang)}
    }
    .into_any()
}

/// Who organises it with its owner, if anybody does.
fn organisers_row(lang: Lang, names: &[String]) -> Option<SummaryRow> {
    let text = names.join(lang.choose("、", ", "));
    (!names.is_empty()).then(|| SummaryRow::new(t(lang, "event_organisers.together"), text))
}

/// How much of the cover this platform has not checked, if any.
fn unchecked_line(lang: Lang, version: &PublicEventVersion) -> Option<AnyView> {
    let unchecked = version.content.unchecked_tonnes();
    (unchecked > 0).then(|| {
        let text = tp(
            lang,
            "event.units_unchecked",
            &[("tonnes", &whole(unchecked))],
        );
        view! { <p><strong>{text}</strong></p> }.into_any()
    })
}

/// Says so where a correction was covered after the last day: the last day of its cancellations.
fn late_cover(lang: Lang, row: &PublicEventRow, version: &PublicEventVersion) -> Option<AnyView> {
    let units = version.content.units.iter();
    let counting = units.filter(|unit| unit.not_counted.is_none());
    let last = counting
        .filter_map(|unit| unit.cancelled_on.as_ref())
        .max()?;
    (*last > row.deadline).then(|| {
        let days = [
            ("deadline", &*format::date_text(lang, &row.deadline)),
            ("day", &*format::date_text(lang, last)),
        ];
        view! { <Notice tone=Tone::Attention title=tp(lang, "event.late_cover", &days)/> }
            .into_any()
    })
}

fn result(lang: Lang, event: &PublicEvent, version: &PublicEventVersion) -> AnyView {
    let base = format!("/events/{}", event.row.number);
    let correction = version.correction.clone().map(|why| {
        let text = tp(
            lang,
            "event.correction",
            &[("version", &version.version.to_string())],
        );
        view! { <Notice tone=Tone::Attention title=text><p>{why}</p></Notice> }
    });
    let content = &version.content;
    let mut evaluation = vec![
        SummaryRow::new(t(lang, "event.evaluation"), evaluation_label(lang, version)),
        SummaryRow::new(t(lang, "event.evaluator"), content.evaluator.clone()),
        SummaryRow::new(
            t(lang, "event.evaluation_text"),
            prose(&content.evaluation_text),
        ),
        SummaryRow::new(
            t(lang, "event.evaluated_on"),
            format::date_text(lang, &content.evaluated_on),
        ),
    ];
    evaluation.extend(opinion_row(lang, version));
    let not_yet = not_yet_evaluated(lang, event, version);
    let link = |address: String, key: &str| view! { <li><a href=address>{t(lang, key)}</a></li> };
    let badge = format!("{base}/badge.svg");
    let address = format!("{}{base}", scene().public_url);
    let code = format!(
        "<a href=\"{address}\"><img src=\"{address}/badge.svg\" alt=\"{}\"></a>",
        event.row.number
    );
    let links = [
        link(format!("{base}/certificate"), "event.certificate"),
        link(format!("{base}/report.pdf"), "event.report_pdf"),
        link(format!("{base}/report.xlsx"), "event.report_xlsx"),
        link(format!("{base}/inventory.csv"), "event.inventory_csv"),
        link(format!("{base}/evidence.zip"), "event.evidence_zip"),
        link(format!("/api/v1{base}"), "event.as_json"),
    ];
    let links = links.into_iter().collect::<Vec<_>>();
    let footprint = footprint_view(lang, &version.footprint, t(lang, "event.total_accounted"));
    let proofs = named_files(lang, &content.files, false);
    let units = units_table(lang, &content.units);
    let boundary = profile(lang, &content.profile);
    let overlaps = overlap::decided(lang, &content.overlaps);
    let sources = content.attendee_sources.as_deref().map(|counts| {
        let label = t(lang, &format!("event.sources_{counts}"));
        view! { <p>{t(lang, "event.sources_title")}{lang.choose("：", ": ")}{label}</p> }
    });
    let says = claim(lang, event);
    let (late, unchecked) = (
        late_cover(lang, &event.row, version),
        unchecked_line(lang, version),
    );
    view! {
        <Section title=t(lang, "event.result") id="result">{correction}{footprint}</Section>
        <Section title=t(lang, "event.units") id="units">{late}{unchecked}{units}</Section>
        <Section title=t(lang, "event.evaluation") id="evaluation">{not_yet}<SummaryList rows=evaluation/></Section>
        <Section title=t(lang, "event.boundary") id="boundary">{boundary}{overlaps}{sources}</Section>
        {proofs}
        <Section title=t(lang, "event.files") id="files">
            <ul class="plain-list">{links}</ul>
            <p>{t(lang, "event.badge_lead")}</p>
            <p><img src=badge alt=says/></p>
            <p><code>{code}</code></p>
        </Section>
    }
    .into_any()
}

/// What the body says that has confirmed a version.
fn opinion_row(lang: Lang, version: &PublicEventVersion) -> Option<SummaryRow> {
    let opinion = version.confirmed()?.opinion.as_deref()?;
    let label = t(lang, "event_evaluation.opinion");
    Some(SummaryRow::new(label, prose(opinion)))
}

/// Says so where the body that the statement names has declined, or where an earlier version was confirmed and this one was not.
fn not_yet_evaluated(
    lang: Lang,
    event: &PublicEvent,
    version: &PublicEventVersion,
) -> Option<AnyView> {
    if version.confirmed().is_some() {
        return None;
    }
    let day = |day: &Option<String>| format::date_text(lang, day.as_deref().unwrap_or_default());
    let declined = version.evaluation.as_ref();
    if let Some(declined) = declined.filter(|one| one.state == "declined") {
        let said = [
            ("body", declined.body.as_str()),
            ("day", &day(&declined.decided_on)),
        ];
        let title = tp(lang, "event_evaluation.declined", &said);
        return Some(view! { <Notice tone=Tone::Refused title/> }.into_any());
    }
    let mut before = event
        .versions
        .iter()
        .filter(|other| other.version < version.version);
    let (number, said) = before.find_map(|other| Some((other.version, other.confirmed()?)))?;
    let title = tp(
        lang,
        "event_evaluation.not_yet",
        &[
            ("version", &number.to_string()),
            ("body", &said.body),
            ("day", &day(&said.decided_on)),
        ],
    );
    Some(view! { <Notice tone=Tone::Attention title/> }.into_any())
}

/// What a profile says, in words.
pub fn profile(lang: Lang, fields: &Fields) -> AnyView {
    let text = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let stages: Vec<_> = ["prepare", "hold", "close"]
        .into_iter()
        .filter(|stage| text(&format!("stages.{stage}")) == "yes")
        .map(|stage| t(lang, &format!("event.stage_{stage}")))
        .collect();
    let mut rows = vec![
        SummaryRow::new(
            t(lang, "event.kind"),
            t(lang, &format!("event.kind_{}", text("kind"))),
        ),
        SummaryRow::new(
            t(lang, "event.place"),
            format!("{} {} {}", text("province"), text("city"), text("place")),
        ),
        SummaryRow::new(t(lang, "event.people"), text("people")),
        SummaryRow::new(t(lang, "event.boundary_stages"), stages.join("、")),
    ];
    let left_out: Vec<_> = domain::event::required_classes()
        .into_iter()
        .filter_map(|class| {
            let reason = text(&format!("left_out.{class}"));
            (!reason.is_empty()).then(|| {
                let class = class_label(lang, class);
                view! { <li>{class}{lang.choose("：", ": ")}{reason}</li> }
            })
        })
        .collect();
    rows.push(SummaryRow::new(
        t(lang, "event.left_out"),
        view! { <ul>{left_out}</ul> },
    ));
    for (name, key) in [("measures", "event.measures"), ("method", "event.method")] {
        if !text(name).is_empty() {
            rows.push(SummaryRow::new(t(lang, key), prose(&text(name))));
        }
    }
    view! { <SummaryList rows/> }.into_any()
}

/// `GET /events/{number}/certificate`: one page to print, with a code that leads back here.
pub async fn certificate(
    State(host): State<Host>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> PageResult {
    let event = found(&host, &visitor, &number).await?;
    let lang = visitor.lang;
    let version = event.versions.first().cloned().or_failed(&host, &visitor)?;
    Ok(Page::new(&host, &visitor, t(lang, "event.certificate"))
        .crumb(t(lang, "event.public_title"), "/events")
        .crumb(
            event.row.name.clone(),
            format!("/events/{}", event.row.number),
        )
        .view(move || certificate_view(lang, &event, &version)))
}

fn certificate_view(lang: Lang, event: &PublicEvent, version: &PublicEventVersion) -> AnyView {
    let row = &event.row;
    let address = format!("{}/events/{}", scene().public_url, row.number);
    let demo = scene()
        .demo
        .then(|| view! { <Notice tone=Tone::Attention title=t(lang, "event.demo")/> });
    let kind = if row.neutral {
        "event.certificate_kind"
    } else {
        "event.certificate_not_valid"
    };
    let numbers: Vec<_> = version
        .content
        .units
        .iter()
        .filter(|unit| unit.not_counted.is_none())
        .map(|unit| {
            let kind = t(lang, &format!("event.unit_{}", unit.kind));
            let mut text = format!("{kind} {} t · {}", whole(unit.tonnes), unit.reference);
            if !unit.here {
                text = format!(
                    "{text} · {} · {}",
                    unit.registry,
                    t(lang, "event.unit_unchecked")
                );
            }
            view! { <li>{text}</li> }
        })
        .collect();
    let numbers = view! { <ul class="plain-list">{numbers}</ul>{unchecked_line(lang, version)} };
    let mut rows = vec![
        SummaryRow::new(t(lang, "event.organiser"), row.organiser.clone()),
        SummaryRow::new(
            t(lang, "event.days"),
            days(lang, &row.starts_on, &row.ends_on),
        ),
        SummaryRow::new(
            t(lang, "event.total_exact"),
            format!("{} kgCO2e", format::decimal(&version.total_kg)),
        ),
        SummaryRow::new(t(lang, "event.units"), numbers),
        SummaryRow::new(
            t(lang, "event.evaluation"),
            format!(
                "{} · {}",
                evaluation_label(lang, version),
                version.content.evaluator
            ),
        ),
        SummaryRow::new(
            t(lang, "event.published_on"),
            format::date_text(lang, &version.published_on),
        ),
        SummaryRow::new(t(lang, "event.version"), version.version.to_string()),
    ];
    rows.splice(1..1, organisers_row(lang, &version.content.organisers));
    view! {
        <article class="certificate event-certificate">
            {demo}
            <header class="certificate__head">
                <p class="certificate__kind">{t(lang, kind)}</p>
                <h1 class="certificate__number">{row.name.clone()}</h1>
                <p class="certificate__figure">
                    <span class="certificate__quantity">{whole(version.content.counted_tonnes)}</span>" "<span class="certificate__unit">{TONNES}</span>
                </p>
                <p class="certificate__statement">{claim(lang, event)}</p>
                <p class="certificate__final"><code>{row.number.clone()}</code></p>
            </header>
            {late_cover(lang, row, version)}
            <SummaryList rows/>
            {qr(&address, &address)}
            <p><a href=address.clone()>{address.clone()}</a></p>
            <footer class="certificate__foot"><p>{t(lang, "event.not_official")}</p></footer>
        </article>
    }
    .into_any()
}

/// `GET /events/{number}/badge.svg`: what may be said today, drawn from the ledger each time.
pub async fn badge(
    State(host): State<Host>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, Failed> {
    let event = found(&host, &visitor, &number).await?;
    let lang = visitor.lang;
    let version = event.versions.first();
    let unchecked = version.map_or(0, |version| version.content.unchecked_tonnes());
    let (colour, text, below) = match event.row.state {
        EventState::Neutral => {
            let tonnes = whole(version.map_or(0, |version| version.content.counted_tonnes));
            // what nobody checked neither looks nor reads like what is in the ledger
            let (colour, key) = if unchecked > 0 {
                ("#7a3e00", "event.badge_unchecked")
            } else {
                ("#0b5d3b", "event.badge_neutral")
            };
            let below = if unchecked > 0 {
                let tonnes = whole(unchecked);
                tp(lang, "event.badge_unchecked_line", &[("tonnes", &tonnes)])
            } else {
                String::new()
            };
            (colour, tp(lang, key, &[("tonnes", &tonnes)]), below)
        }
        state => ("#595959", state_label(lang, state), String::new()),
    };
    let demo = if host.demo {
        t(lang, "event.badge_demo")
    } else {
        String::new()
    };
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"300\" height=\"56\" role=\"img\" aria-label=\"{label}\">\
         <rect width=\"300\" height=\"56\" rx=\"4\" fill=\"{colour}\"/>\
         <text x=\"14\" y=\"24\" fill=\"#ffffff\" font-family=\"sans-serif\" font-size=\"16\">{label}</text>\
         <text x=\"14\" y=\"44\" fill=\"#ffffff\" font-family=\"sans-serif\" font-size=\"12\">{number} {below} {demo}</text></svg>",
        below = escaped(&below),
        label = escaped(&text),
        number = escaped(&event.row.number),
        demo = escaped(&demo),
    );
    let mut response = svg.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("image/svg+xml"),
    );
    // the next look may have to say something else
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=300"),
    );
    headers.insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static("cross-origin"),
    );
    Ok(response)
}

/// Text within XML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// `GET /events/{number}/inventory.csv`: the inventory of the newest version, as it was computed.
pub async fn inventory_csv(
    State(host): State<Host>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, Failed> {
    let event = found(&host, &visitor, &number).await?;
    let version = event.versions.first().or_failed(&host, &visitor)?;
    let lines = version.input["lines"].as_str().unwrap_or_default();
    Ok(csv(lines, "", &event.row.number))
}
