//! Claims of neutrality as anyone may see them.

use axum::extract::{Path, RawQuery, State};
use leptos::prelude::*;
use registry::{PublicNeutral, PublicNeutralRow, PublicNeutralVersion};

use super::shown::{TONNES, period, profile_rows, remark, says_tag, tone, units_table};
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, scene};
use crate::pages::public::filters::Filters;
use crate::parts::{
    Column, DataTable, Heading, Notice, NumberHero, Section, SummaryList, SummaryRow,
};
use crate::visitor::{Tone, Visitor};

const FILTERS: &[&str] = &["after"];
const PAGE_ROWS: i64 = 25;

/// `GET /neutrality`.
pub async fn list(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let filters = Filters::read(query.as_deref(), FILTERS);
    let page = host
        .registry
        .public()
        .neutral_claims(&filters.page(PAGE_ROWS))
        .await;
    let page = page.or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "neutral.public_title"))
        .description(t(lang, "neutral.public_lead"))
        .wide()
        .view(move || {
            let rows = page.rows.iter().map(|row| cells(lang, row)).collect();
            let (next, first) = filters.pages("/neutrality", page.next.as_deref());
            let mut columns = ["neutral.name", "neutral.claimant", "neutral.period", "neutral.says"]
                .map(|key| Column::text(t(lang, key)))
                .to_vec();
            columns.push(Column::number(TONNES));
            view! {
                <Heading title=t(lang, "neutral.public_title") lead=t(lang, "neutral.public_lead")/>
                <DataTable caption=t(lang, "neutral.public_title") columns rows empty=t(lang, "neutral.public_none") next first json="/api/v1/neutrality"/>
                {remark(lang)}
            }
        }))
}

fn cells(lang: Lang, row: &PublicNeutralRow) -> Vec<AnyView> {
    let address = format!("/neutrality/{}", row.number);
    vec![
        view! { <a href=address>{row.name.clone()}</a>" "<code>{row.number.clone()}</code> }
            .into_any(),
        row.claimant.clone().into_any(),
        period(lang, &row.starts_on, &row.ends_on).into_any(),
        says_tag(lang, row.says),
        whole(row.tonnes).into_any(),
    ]
}

/// `GET /neutrality/{number}`.
pub async fn show(
    State(host): State<Host>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> PageResult {
    let claim = host.registry.public().neutral_claim(&number).await;
    let claim = claim.or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, claim.row.name.clone())
        .description(statement(lang, &claim))
        .crumb(t(lang, "neutral.public_title"), "/neutrality")
        .wide()
        .view(move || body(lang, &claim)))
}

/// What may be said of the claim, in one sentence.
fn statement(lang: Lang, claim: &PublicNeutral) -> String {
    let row = &claim.row;
    tp(
        lang,
        &format!("neutral.says_{}", row.says.code()),
        &[
            ("name", &row.name),
            ("from", &format::date_text(lang, &row.starts_on)),
            ("to", &format::date_text(lang, &row.ends_on)),
            ("tonnes", &whole(row.tonnes)),
            ("covered", &whole(row.covered_tonnes)),
            ("day", &format::date_text(lang, &row.published_on)),
        ],
    )
}

fn body(lang: Lang, claim: &PublicNeutral) -> AnyView {
    let row = &claim.row;
    let demo = scene()
        .demo
        .then(|| view! { <Notice tone=Tone::Attention title=t(lang, "neutral.demo")/> });
    let reason = row.reason.clone().map(|reason| {
        view! { <Notice tone=Tone::Attention title=t(lang, "neutral.reason_given")><p>{reason}</p></Notice> }
    });
    let newest = claim.versions.first().map(|version| newest(lang, version));
    let json = format!("/api/v1/neutrality/{}", row.number);
    view! {
        <Heading above=row.number.clone() title=row.name.clone() lead=row.claimant.clone()/>
        {demo}
        <Notice tone=tone(row.says) title=statement(lang, claim)/>
        {reason}
        {newest}
        {earlier(lang, claim)}
        <p><a href=json>{t(lang, "neutral.as_json")}</a></p>
        {remark(lang)}
    }
    .into_any()
}

/// The version that stands.
fn newest(lang: Lang, version: &PublicNeutralVersion) -> AnyView {
    let note = tp(
        lang,
        "neutral.figure_note",
        &[
            ("footprint", &format::decimal(&version.footprint)),
            ("covered", &whole(version.covered_tonnes)),
        ],
    );
    let mut rows = profile_rows(lang, &version.content.profile);
    rows.push(SummaryRow::new(
        t(lang, "neutral.published_on"),
        format::date_text(lang, &version.published_on),
    ));
    rows.push(SummaryRow::new(
        t(lang, "neutral.version"),
        version.version.to_string(),
    ));
    let correction = version.correction.clone().map(|why| {
        view! { <Notice tone=Tone::Attention title=t(lang, "neutral.correction")><p>{why}</p></Notice> }
    });
    let units = units_table(lang, &version.content.units);
    view! {
        <NumberHero label=t(lang, "neutral.claimed_tonnes") value=whole(version.tonnes) unit=TONNES note/>
        {correction}
        <Section title=t(lang, "neutral.units") id="units">{units}</Section>
        <Section title=t(lang, "neutral.says_of_itself") id="profile"><SummaryList rows/></Section>
    }
    .into_any()
}

/// The versions before it: they stay as they were.
fn earlier(lang: Lang, claim: &PublicNeutral) -> Option<AnyView> {
    let lines: Vec<_> = claim
        .versions
        .iter()
        .skip(1)
        .map(|version| {
            let text = tp(
                lang,
                "neutral.earlier_line",
                &[
                    ("version", &version.version.to_string()),
                    ("day", &format::date_text(lang, &version.published_on)),
                    ("footprint", &format::decimal(&version.footprint)),
                    ("tonnes", &whole(version.tonnes)),
                ],
            );
            view! { <li>{text}</li> }
        })
        .collect();
    (!lines.is_empty()).then(|| {
        view! { <Section title=t(lang, "neutral.earlier") id="versions"><ul>{lines}</ul></Section> }
            .into_any()
    })
}
