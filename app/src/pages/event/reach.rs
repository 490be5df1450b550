//! Units that are not free, or not one's own, yet, beside those that can be retired: where each is, and what has to be done.

use domain::Act;
use domain::ledger::HoldKind;
use leptos::prelude::*;
use registry::{EventView, HeldUnits, Holding, PublicOffer, UnitsInReach};

use super::shown::TONNES;
use crate::format::{self, whole};
use crate::lang::{Lang, t, tp};
use crate::pages::public::offers::price;
use crate::parts::{Column, DataTable, Section};

/// Serial numbers of one hold that are shown.
const SERIALS_SHOWN: usize = 3;

/// The section; `None` where nothing is missing.
pub fn section(lang: Lang, event: &EventView, reach: &UnitsInReach) -> Option<AnyView> {
    if reach.missing == 0 {
        return None;
    }
    let trading = reach.trading.iter();
    let held = reach.held.iter();
    let offers = reach.offers.iter();
    let rows: Vec<_> = trading
        .map(|holding| of_trading(lang, reach.missing, holding))
        .chain(held.map(|one| of_hold(lang, reach.missing, one)))
        .chain(offers.map(|offer| of_offer(lang, reach.missing, offer)))
        .collect();
    let columns = vec![
        Column::text(t(lang, "event_reach.where")),
        Column::text(t(lang, "event_reach.units")),
        Column::number(TONNES.to_owned()),
        Column::text(t(lang, "event_reach.enough")),
        Column::text(t(lang, "event_reach.what")),
    ];
    let more = reach
        .more_held
        .then(|| view! { <p><a href="/desk/holds">{t(lang, "event_reach.more")}</a></p> });
    let other = (!event.own).then(|| {
        let number = event.row.number.clone();
        view! { <p>{tp(lang, "event_reach.lead_other", &[("number", &number)])}</p> }
    });
    Some(
        view! {
            <Section title=t(lang, "event_reach.title") id="reach">
                <p>{t(lang, "event_reach.lead")}</p>
                {other}
                <DataTable caption=t(lang, "event_reach.title") columns rows empty=t(lang, "event_reach.none")/>
                {more}
            </Section>
        }
        .into_any(),
    )
}

/// Whether so many tonnes cover what is missing, and how many of them may neutralise an event at all.
fn enough(lang: Lang, missing: i64, tonnes: i64, countable: i64) -> AnyView {
    if countable == 0 {
        return t(lang, "event_reach.none_countable").into_any();
    }
    let said = if countable >= missing {
        t(lang, "event_reach.enough_yes")
    } else {
        let left = whole(missing - countable);
        tp(lang, "event_reach.enough_no", &[("left", &left)])
    };
    let partly = (countable < tonnes).then(|| {
        let countable = whole(countable);
        let text = tp(lang, "event_reach.countable", &[("tonnes", &countable)]);
        view! { <span class="table__sub">{text}</span> }
    });
    view! { {said}{partly} }.into_any()
}

fn link(address: String, text: String) -> AnyView {
    view! { <a href=address>{text}</a> }.into_any()
}

fn of_trading(lang: Lang, missing: i64, holding: &Holding) -> Vec<AnyView> {
    let units = view! {
        {holding.project_name.clone()}
        <span class="table__sub"><code>{holding.project_code.clone()}</code>" "{holding.vintage}</span>
    };
    vec![
        t(lang, "event_reach.trading").into_any(),
        units.into_any(),
        whole(holding.trading).into_any(),
        enough(lang, missing, holding.trading, holding.trading),
        link(
            "/desk/holdings/move".to_owned(),
            t(lang, "event_reach.trading_do"),
        ),
    ]
}

fn of_hold(lang: Lang, missing: i64, one: &HeldUnits) -> Vec<AnyView> {
    let hold = &one.hold;
    let (place, what) = match (hold.kind, hold.own) {
        (HoldKind::Transfer, true) => ("sent", "sent_do"),
        (HoldKind::Transfer, false) => ("coming", "coming_do"),
        (HoldKind::Reservation, true) => ("reserved", "reserved_do"),
        (HoldKind::Reservation, false) if hold.allowed.contains(&Act::CreditsConfirmPayment) => {
            ("bought", "bought_do")
        }
        (HoldKind::Reservation, false) => ("bought", "bought_wait"),
        _ => ("listed", "listed_do"),
    };
    let other = hold.other.clone().unwrap_or_default();
    let parties = [("other", other.as_str()), ("holder", hold.holder.as_str())];
    let place = tp(lang, &format!("event_reach.{place}"), &parties);
    let last = hold.last_day.as_deref().map(|day| {
        let day = format::date_text(lang, day);
        view! { <span class="table__sub">{t(lang, "hold.last_day")}" "{day}</span> }
    });
    let more = (hold.serials.len() > SERIALS_SHOWN).then_some("…");
    let serials: Vec<_> = hold
        .serials
        .iter()
        .take(SERIALS_SHOWN)
        .map(|serial| view! { <code class="table__sub">{serial.clone()}</code> })
        .collect();
    vec![
        view! { {place}{last} }.into_any(),
        view! { {serials}{more} }.into_any(),
        whole(hold.quantity).into_any(),
        enough(lang, missing, hold.quantity, one.countable),
        link(
            format!("/desk/holds/{}", hold.id),
            t(lang, &format!("event_reach.{what}")),
        ),
    ]
}

fn of_offer(lang: Lang, missing: i64, offer: &PublicOffer) -> Vec<AnyView> {
    let price = price(lang, offer.price_fen);
    let said = [("holder", offer.holder.as_str()), ("price", &price)];
    let last = format::date_text(lang, &offer.last_day);
    let units = view! {
        {offer.project_name.clone()}
        <span class="table__sub"><code>{offer.project_code.clone()}</code>" "{offer.vintage}</span>
    };
    let place = view! {
        {tp(lang, "event_reach.offer", &said)}
        <span class="table__sub">{t(lang, "offer.last_day")}" "{last}</span>
    };
    vec![
        place.into_any(),
        units.into_any(),
        whole(offer.quantity).into_any(),
        enough(lang, missing, offer.quantity, offer.quantity),
        link(
            format!("/offers/{}", offer.id),
            t(lang, "event_reach.offer_do"),
        ),
    ]
}
