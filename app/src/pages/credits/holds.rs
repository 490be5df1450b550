//! Credits that are set aside: what waits for whom, how it ended, and what may be done about it. For the parties and for the registry.

use axum::extract::{Path, RawQuery, State};
use domain::ledger::{AssignGround, HoldKind, OffsetMarket, Purpose, order_text};
use domain::rulebook::RuleSource;
use domain::{Act, Role};
use leptos::context::Provider;
use leptos::prelude::*;
use registry::{CreditHold, Error, Fields};

use super::source::{self, HOLDERS};
use crate::files::KINDS_ACCEPTED;
use crate::form::{Form, Problem, fields};
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::public::filters::Filters;
use crate::pages::public::offers;
use crate::pages::public::retirements::purpose_label;
use crate::pages::public::rules::source_view;
use crate::pages::public::shown::{TONNES, serial_link};
use crate::parts::{
    ActForm, Choice, Column, DataTable, Field, Fieldset, Heading, Hidden, Irreversible, Kind,
    Notice, Section, SummaryList, SummaryRow, Tag,
};
use crate::visitor::{Tone, Visitor, query_value};

/// Who sees holds: the parties, and the registry what was ordered or waits for it.
pub const PARTIES: &[Role] = &[
    Role::ProjectOwner,
    Role::EventOrganiser,
    Role::RegistryOperator,
];
const LIST: &str = "/desk/holds";
const PAGE_ROWS: i64 = 25;

/// `GET /desk/holds`; `?all=yes` also what has ended.
pub async fn holds(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, PARTIES)?;
    let filters = Filters::read(query.as_deref(), &["after", "all"]);
    let all = filters.get("all") == Some("yes");
    let page = host
        .registry
        .hold_list(&by, !all, &filters.page(PAGE_ROWS))
        .await
        .or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    let operator = by.role == Role::RegistryOperator;
    Ok(Page::new(&host, &visitor, t(lang, "hold.title")).wide().view(move || {
        let rows = page.rows.iter().map(|hold| cells(lang, hold)).collect();
        let columns = vec![
            Column::text(t(lang, "hold.kind")),
            Column::number(format!("{} {TONNES}", t(lang, "public.quantity"))),
            Column::text(t(lang, "hold.parties")),
            Column::text(t(lang, "hold.last_day")),
            Column::text(t(lang, "public.state")),
        ];
        let (next, first) = filters.pages(LIST, page.next.as_deref());
        let (other, key) = if all { (LIST.to_owned(), "hold.show_open") } else { (format!("{LIST}?all=yes"), "hold.show_all") };
        view! {
            <Heading title=t(lang, "hold.title") lead=t(lang, "hold.lead")/>
            {buttons(lang, operator)}
            <p><a href=other>{t(lang, key)}</a></p>
            <DataTable caption=t(lang, "hold.title") columns rows empty=t(lang, "hold.none") next first/>
        }
    }))
}

fn buttons(lang: Lang, operator: bool) -> AnyView {
    let links: &[(&str, &str)] = if operator {
        &[
            ("/desk/holds/freeze", "act.credits_freeze"),
            ("/desk/holds/suspend", "act.credits_suspend"),
            ("/desk/holds/assign", "act.credits_assign"),
            ("/desk/holds/assigned", "hold.assigned_title"),
        ]
    } else {
        &[
            ("/desk/transfers/new", "credits.transfer_title"),
            ("/desk/offsets/new", "act.credits_offset"),
            ("/desk/holds/assigned", "hold.assigned_title"),
        ]
    };
    let links: Vec<_> = links
        .iter()
        .map(|(address, key)| {
            view! { <a class="button button--secondary" href=*address>{t(lang, key)}</a> }
        })
        .collect();
    view! { <div class="button-row">{links}</div> }.into_any()
}

fn cells(lang: Lang, hold: &CreditHold) -> Vec<AnyView> {
    let address = format!("{LIST}/{}", hold.id);
    let other = hold
        .other
        .clone()
        .map(|other| view! { <span class="table__sub">"→ "{other}</span> });
    let last = hold.last_day.as_deref().or(hold.cancel_by.as_deref());
    let last = last.map_or_else(|| "–".to_owned(), |day| format::date_text(lang, day));
    vec![
        view! { <a href=address>{kind_text(lang, hold.kind)}</a> }.into_any(),
        whole(hold.quantity).into_any(),
        view! { {hold.holder.clone()}{other} }.into_any(),
        last.into_any(),
        state_tag(lang, hold),
    ]
}

fn kind_text(lang: Lang, kind: HoldKind) -> String {
    t(lang, &format!("hold.kind_{}", kind.code()))
}

fn state_tag(lang: Lang, hold: &CreditHold) -> AnyView {
    let (key, tone) = match hold.outcome {
        None => ("hold.waiting".to_owned(), Tone::Attention),
        Some(outcome) => (format!("hold.end_{}", outcome.code()), Tone::Note),
    };
    view! { <Tag text=t(lang, &key) tone/> }.into_any()
}

/// `GET /desk/holds/{id}`: one hold, and what the viewer may do.
pub async fn hold(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let by = require(&host, &visitor, PARTIES)?;
    let hold = host
        .registry
        .hold_get(&by, &id)
        .await
        .or_failed(&host, &visitor)?;
    let mut forms = Vec::new();
    for act in &hold.allowed {
        forms.push((*act, Form::open(&host, &visitor, *act, Fields::new()).await));
    }
    let lang = visitor.lang;
    let title = tp(
        lang,
        "hold.one_title",
        &[
            ("kind", &kind_text(lang, hold.kind)),
            ("quantity", &whole(hold.quantity)),
        ],
    );
    Ok(Page::new(&host, &visitor, title.clone())
        .crumb(t(lang, "hold.title"), LIST)
        .view(move || {
            let lead = t(lang, &format!("hold.lead_{}", hold.kind.code()));
            let numbers: Vec<_> = hold
                .serials
                .iter()
                .map(|serial| view! { <li>{serial_link(serial)}</li> })
                .collect();
            let decisions: Vec<_> = forms
                .into_iter()
                .map(|(act, form)| decision(lang, &hold, act, form))
                .collect();
            view! {
                <Heading title above=t(lang, "hold.title") lead/>
                <SummaryList rows=facts(lang, &hold)/>
                {decisions}
                <Section title=t(lang, "hold.numbers")><ul>{numbers}</ul></Section>
            }
        }))
}

fn facts(lang: Lang, hold: &CreditHold) -> Vec<SummaryRow> {
    let mut rows = vec![
        SummaryRow::new(t(lang, "public.state"), state_tag(lang, hold)),
        SummaryRow::new(
            t(lang, "hold.holder"),
            view! { {hold.holder.clone()}" "<code>{hold.holder_account.clone()}</code> },
        ),
    ];
    let mut add = |key: &str, text: Option<String>| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            rows.push(SummaryRow::new(t(lang, key), text));
        }
    };
    let day = |day: Option<&str>| day.map(|day| format::date_text(lang, day));
    let tonnes = |number: i64| format!("{} {TONNES}", whole(number));
    add("credits.receiver", hold.other.clone());
    add(
        "offer.price",
        hold.price_fen.map(|fen| offers::price(lang, fen)),
    );
    add(
        "offer.total",
        hold.price_fen
            .map(|fen| offers::total(lang, hold.quantity, fen)),
    );
    if hold.kind == HoldKind::Reservation {
        let said = |yes: bool| t(lang, if yes { "field.yes" } else { "field.no" });
        add("offer.paid_buyer", Some(said(hold.paid_buyer)));
        add("offer.paid_seller", Some(said(hold.paid_seller)));
    }
    add("hold.last_day", day(hold.last_day.as_deref()));
    add("hold.authority", Some(hold.authority.clone()));
    add("hold.document_number", Some(hold.document_number.clone()));
    let dated = Some(hold.document_date.as_str()).filter(|day| !day.is_empty());
    add("hold.document_date", day(dated));
    add("hold.ground", Some(hold.ground.clone()));
    add("hold.cancel_by", day(hold.cancel_by.as_deref()));
    let market = hold.offset_market.as_deref();
    add(
        "hold.market",
        market.map(|code| t(lang, &format!("hold.market_{code}"))),
    );
    add("hold.year", hold.offset_year.map(|year| year.to_string()));
    add("hold.due", hold.offset_due.map(tonnes));
    add("hold.offset_total", hold.offset_total.map(tonnes));
    add("hold.account", hold.offset_account.clone());
    let moment = |at| format::moment(lang, at);
    add(
        "hold.placed",
        Some(format!("{} · {}", hold.placed_by, moment(hold.placed_at))),
    );
    let ended_by = hold.ended_by.clone();
    add(
        "hold.ended",
        hold.ended_at.map(|at| {
            let who = ended_by.unwrap_or_else(|| t(lang, "hold.by_date"));
            format!("{who} · {}", moment(at))
        }),
    );
    add("hold.reason", hold.end_reason.clone());
    add("hold.end_document", hold.end_document.clone());
    rows
}

/// The form of one act about the hold.
fn decision(lang: Lang, hold: &CreditHold, act: Act, form: Form) -> AnyView {
    let submit = t(lang, &format!("act.{}", act.name()));
    let hidden = hold.id.clone();
    let paper = matches!(
        act,
        Act::CreditsRelease
            | Act::CreditsEnforce
            | Act::CreditsForceCancel
            | Act::CreditsSurrender
            | Act::CreditsRefuseOffset
    );
    let ordered = paper && !hold.authority.is_empty();
    let free = !paper;
    let reason = paper || matches!(act, Act::CreditsDecline | Act::CreditsWithdraw);
    let ends = matches!(
        act,
        Act::CreditsCancel | Act::CreditsForceCancel | Act::CreditsSurrender
    );
    let quiet = !matches!(act, Act::CreditsAccept | Act::CreditsConfirmPayment);
    let public = ends.then(|| becomes_public(lang, hold, act));
    // the fields are made inside the form: there they find what was typed and what was wrong
    view! {
        <Section title=submit.clone()>
            <p>{t(lang, &format!("hold.what_{}", act.name()))}</p>
            <ActForm act form submit ends quiet>
                <Hidden name="hold" value=hidden/>
                {ordered.then(|| view! { <Field name="authority" label=t(lang, "hold.authority") hint=t(lang, "hold.authority_same")/> })}
                {paper.then(|| view! { <Field name="document_number" label=t(lang, "hold.document_number")/> })}
                {(act == Act::CreditsEnforce).then(|| view! { <Field name="to" label=t(lang, "credits.to") hint=t(lang, "credits.to_hint")/> })}
                {reason.then(|| view! { <Field name="reason" label=t(lang, "hold.reason") kind=Kind::Lines rows=3 optional=free/> })}
                {public.map(|rows| view! {
                    <Irreversible title=t(lang, "credits.final_title") confirm=t(lang, "credits.final_confirm")>
                        <p>{t(lang, "credits.final_text")}</p>
                        <SummaryList rows/>
                    </Irreversible>
                })}
            </ActForm>
        </Section>
    }
    .into_any()
}

/// What anyone will be able to read once the credits of the hold are retired.
fn becomes_public(lang: Lang, hold: &CreditHold, act: Act) -> Vec<SummaryRow> {
    let (purpose, text) = match act {
        Act::CreditsSurrender => {
            let market = hold.offset_market.as_deref();
            let market = market.and_then(OffsetMarket::from_code);
            let year = hold.offset_year.map(|year| year.to_string());
            let purpose = market.map_or(Purpose::NationalEts, OffsetMarket::purpose);
            (purpose, year.unwrap_or_default())
        }
        Act::CreditsForceCancel => (
            Purpose::Forced,
            tp(
                lang,
                "hold.public_forced",
                &[("authority", &hold.authority)],
            ),
        ),
        _ => (
            Purpose::Ordered,
            order_text(&hold.authority, &hold.document_number),
        ),
    };
    let numbers = hold
        .serials
        .iter()
        .map(|serial| view! { <li>{serial_link(serial)}</li> })
        .collect_view();
    vec![
        SummaryRow::new(
            t(lang, "public.beneficiary"),
            view! { <strong>{hold.holder.clone()}</strong> },
        ),
        SummaryRow::new(t(lang, "public.holder"), hold.holder.clone()),
        SummaryRow::new(
            t(lang, "public.purpose"),
            purpose_label(lang, purpose.code()),
        ),
        SummaryRow::new(t(lang, "credits.purpose_text"), text),
        SummaryRow::new(
            t(lang, "public.quantity"),
            format!("{} {TONNES}", whole(hold.quantity)),
        ),
        SummaryRow::new(t(lang, "hold.numbers"), view! { <ul>{numbers}</ul> }),
    ]
}

/// `GET /desk/holdings/move`: between the general and the trading sub-account.
pub async fn move_new(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, HOLDERS)?;
    let holdings = host
        .registry
        .holdings(&by)
        .await
        .or_failed(&host, &visitor)?;
    let form = Form::open(&host, &visitor, Act::CreditsMove, Fields::new()).await;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "act.credits_move"))
        .crumb(t(lang, "credits.holdings_title"), "/desk/holdings")
        .view(move || {
            let directions = ["holding", "trading"]
                .map(|code| Choice::new(code, t(lang, &format!("hold.from_{code}"))))
                .to_vec();
            let sources = source::of_both(lang, &holdings);
            let body = if sources.is_empty() {
                super::nothing_held(lang)
            } else {
                view! {
                    <ActForm act=Act::CreditsMove form submit=t(lang, "act.credits_move") cancel="/desk/holdings">
                        <Field name="from" label=t(lang, "hold.direction") kind=Kind::Radios choices=directions/>
                        <Field name="source" label=t(lang, "credits.source") hint=t(lang, "credits.source_hint") kind=Kind::Radios choices=sources/>
                        <Field name="quantity" label=t(lang, "credits.quantity") hint=t(lang, "credits.quantity_hint") kind=Kind::Decimal unit=TONNES/>
                    </ActForm>
                }
                .into_any()
            };
            view! {
                <Heading title=t(lang, "act.credits_move") lead=t(lang, "hold.move_lead")/>
                {body}
            }
        }))
}

/// `GET /desk/offsets/new`: surrender in an emissions trading scheme.
pub async fn offset_new(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, HOLDERS)?;
    let offers = host
        .registry
        .class_offers(&by)
        .await
        .or_failed(&host, &visitor)?;
    let book = host.registry.rule_book().await.or_failed(&host, &visitor)?;
    let today = visitor.now.beijing_date();
    let rules = OffsetMarket::ALL
        .iter()
        .map(|market| {
            let sources: Vec<RuleSource> = market
                .limits()
                .into_iter()
                .filter_map(|limit| book.limit_entry(limit, today))
                .map(|entry| entry.source.clone())
                .collect();
            (*market, book.offset_rule(*market, today), sources)
        })
        .collect::<Vec<_>>();
    let askers = host.registry.offset_askers(&by).await;
    let askers = askers.or_failed(&host, &visitor)?;
    let form = Form::open(&host, &visitor, Act::CreditsOffset, Fields::new()).await;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "act.credits_offset"))
        .crumb(t(lang, "credits.holdings_title"), "/desk/holdings")
        .view(move || {
            let lines = rules
                .into_iter()
                .map(|(market, rule, sources)| {
                    let after = rule.registered_after.to_string();
                    let text = tp(
                        lang,
                        "hold.offset_rule",
                        &[
                            ("market", &t(lang, &format!("hold.market_{}", market.code()))),
                            ("share", &rule.share_percent.to_string()),
                            ("after", &format::date_text(lang, &after)),
                        ],
                    );
                    let named = ["hold.source_of_share", "hold.source_of_day"];
                    let sources: Vec<_> = named
                        .iter()
                        .zip(&sources)
                        .map(|(key, source)| view! { <p class="remark">{t(lang, key)}" "{source_view(lang, source)}</p> })
                        .collect();
                    view! { <p>{text}</p>{sources} }
                })
                .collect_view();
            let markets = OffsetMarket::ALL
                .iter()
                .map(|market| Choice::new(market.code(), t(lang, &format!("hold.market_{}", market.code()))))
                .collect();
            let body = if let Some(names) = askers {
                let names = names.join(lang.choose("、", ", "));
                view! {
                    <Notice tone=Tone::Attention title=t(lang, "hold.asked_by_confirmer")>
                        <p>{tp(lang, "hold.ask_confirmer", &[("names", &names)])}</p>
                    </Notice>
                }
                .into_any()
            } else if offers.is_empty() {
                super::nothing_held(lang)
            } else {
                let choices = source::choices(lang, &offers);
                view! {
                    <ActForm act=Act::CreditsOffset form submit=t(lang, "act.credits_offset") cancel="/desk/holdings">
                        <Field name="source" label=t(lang, "credits.source") hint=t(lang, "credits.source_hint") kind=Kind::Radios choices/>
                        <Field name="quantity" label=t(lang, "credits.quantity") hint=t(lang, "credits.quantity_hint") kind=Kind::Decimal unit=TONNES/>
                        <Field name="market" label=t(lang, "hold.market") kind=Kind::Radios choices=markets/>
                        <Field name="year" label=t(lang, "hold.year") hint="2025" kind=Kind::Decimal/>
                        <Field name="due" label=t(lang, "hold.due") hint=t(lang, "hold.due_hint") kind=Kind::Decimal unit=TONNES/>
                        <Field name="account" label=t(lang, "hold.account")/>
                    </ActForm>
                }
                .into_any()
            };
            view! {
                <Heading title=t(lang, "act.credits_offset") lead=t(lang, "hold.offset_lead")/>
                <Notice tone=Tone::Note title=t(lang, "hold.offset_rules")>
                    {lines}
                    <p><a href="/rules">{t(lang, "hold.rules_link")}</a></p>
                </Notice>
                {body}
            }
        }))
}

/// `GET /desk/holds/freeze`; `?account=` after the first step.
pub async fn freeze_new(host: State<Host>, visitor: Visitor, query: RawQuery) -> PageResult {
    order_page(host, visitor, query, Act::CreditsFreeze).await
}

/// `GET /desk/holds/suspend`; `?account=` after the first step.
pub async fn suspend_new(host: State<Host>, visitor: Visitor, query: RawQuery) -> PageResult {
    order_page(host, visitor, query, Act::CreditsSuspend).await
}

/// `GET /desk/holds/assign`; `?account=` after the first step.
pub async fn assign_new(host: State<Host>, visitor: Visitor, query: RawQuery) -> PageResult {
    order_page(host, visitor, query, Act::CreditsAssign).await
}

/// The registry's form for an order of a court or authority, or for a transfer that is not a trade: first whose credits, then which of them.
async fn order_page(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
    act: Act,
) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let lang = visitor.lang;
    let title = t(lang, &format!("act.{}", act.name()));
    let page = Page::new(&host, &visitor, title.clone()).crumb(t(lang, "hold.title"), LIST);
    let query = query.unwrap_or_default();
    let sent = query.split('&').any(|pair| pair.starts_with("account="));
    let typed = query_value(&query, "account").unwrap_or_default();
    let here = visitor.here.split('?').next().unwrap_or(LIST).to_owned();
    let found = if sent {
        match host.registry.account_holdings(&by, &typed).await {
            Ok(found) => Ok(found),
            Err(Error::Refused(refusals)) => {
                let problems = refusals.iter().map(Problem::from).collect();
                let typed = fields([("account", typed.as_str())]);
                Err(Form::with_problems(typed, problems))
            }
            Err(error) => return Err(error).or_failed(&host, &visitor),
        }
    } else {
        Err(Form::default())
    };
    let found = match found {
        Ok(found) => found,
        Err(form) => return Ok(page.view(move || whose(lang, act, title, here, form))),
    };
    let form = Form::open(&host, &visitor, act, Fields::new()).await;
    Ok(page
        .view(move || {
            let assign = act == Act::CreditsAssign;
            let causes: Vec<_> = AssignGround::ALL
                .iter()
                .map(|cause| Choice::new(cause.code(), t(lang, &format!("hold.cause_{}", cause.code()))))
                .collect();
            let suspend = act == Act::CreditsSuspend;
            // within the form, whose values the fields show
            let document = move || {
                assign.then(|| view! { <Field name="file" label=t(lang, "hold.document") hint=t(lang, "hold.document_hint") kind=Kind::File autocomplete=KINDS_ACCEPTED/> })
            };
            view! {
                <Heading title=title.clone() lead=t(lang, &format!("hold.what_{}", act.name()))/>
                <SummaryList rows=vec![SummaryRow::new(
                    t(lang, "hold.holder"),
                    view! { {found.name.clone()}" "<code>{found.account.clone()}</code>" "<a href=here>{t(lang, "hold.other_account")}</a> },
                )]/>
                <ActForm act form submit=title.clone() cancel=LIST>
                    <Hidden name="holder" value=found.account.clone()/>
                    <Fieldset legend=t(lang, "hold.which")>
                        {assign.then(|| view! {
                            <Field name="to" label=t(lang, "credits.to")/>
                            <Field name="cause" label=t(lang, "hold.cause") kind=Kind::Radios choices=causes/>
                        })}
                        <Field name="quantity" label=t(lang, "credits.quantity") hint=t(lang, "credits.quantity_hint") kind=Kind::Decimal unit=TONNES/>
                        <Field name="class" label=t(lang, "hold.class") kind=Kind::Radios choices=source::of_order(lang, &found.holdings, assign)/>
                    </Fieldset>
                    <Fieldset legend=t(lang, "hold.paper")>
                        <Field name="authority" label=t(lang, "hold.authority")/>
                        <Field name="document_number" label=t(lang, "hold.document_number")/>
                        <Field name="document_date" label=t(lang, "hold.document_date") kind=Kind::Date/>
                        <Field name="ground" label=t(lang, "hold.ground") kind=Kind::Lines rows=3/>
                        {document()}
                        {suspend.then(|| view! { <Field name="cancel_by" label=t(lang, "hold.cancel_by") hint=t(lang, "hold.cancel_by_hint") kind=Kind::Date optional=true/> })}
                    </Fieldset>
                </ActForm>
            }
        }))
}

/// The first step: whose credits. It asks by address, so it needs no script, and the second step can be opened again.
fn whose(lang: Lang, act: Act, title: String, action: String, form: Form) -> AnyView {
    view! {
        <Heading title lead=t(lang, &format!("hold.what_{}", act.name()))/>
        <Provider value=form>
            <form class="act-form" method="get" action=action>
                <Field name="account" label=t(lang, "hold.holder_account") hint="HT-1000-0001-7"/>
                <div class="act-form__buttons">
                    <button class="button" type="submit">{t(lang, "hold.show_classes")}</button>
                    <a class="act-form__cancel" href=LIST>{t(lang, "field.cancel")}</a>
                </div>
            </form>
        </Provider>
    }
    .into_any()
}
