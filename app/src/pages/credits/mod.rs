//! One's own credits: what is held, where it came from, moving it, retiring it.

use axum::Router;
use axum::routing::get;
use domain::Act;
use leptos::prelude::*;
use registry::{Error, Fields};

use crate::acts::ActCall;
use crate::form::fields;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::parts::Empty;
use crate::visitor::{Visitor, query_value};

mod assigned;
mod beneficiaries;
mod certificate_correct;
mod holdings;
mod holds;
mod offer_new;
mod orders;
mod preview;
mod retirement_file;
mod retirement_new;
mod retirements;
mod source;
mod transfer_new;
mod transfers;

/// Every page of the area and its address.
pub fn routes() -> Router<Host> {
    Router::new()
        .route("/desk/holdings", get(holdings::holdings))
        .route("/desk/holdings/transfers", get(transfers::transfers))
        .route("/desk/holdings/move", get(holds::move_new))
        .route("/desk/offsets/new", get(holds::offset_new))
        .route("/desk/holds", get(holds::holds))
        .route("/desk/holds/freeze", get(holds::freeze_new))
        .route("/desk/holds/suspend", get(holds::suspend_new))
        .route("/desk/holds/assign", get(holds::assign_new))
        .route("/desk/holds/assigned", get(assigned::assigned))
        .route(
            "/desk/holds/assigned/{act}/document",
            get(assigned::document),
        )
        .route("/desk/holds/{id}", get(holds::hold))
        .route("/desk/transfers/new", get(transfer_new::transfer_new))
        .route(
            "/desk/transfers/check",
            get(transfer_new::transfer_check).post(transfer_new::transfer_check_post),
        )
        .route("/desk/orders", get(orders::orders))
        .route("/desk/orders/{id}", get(orders::order))
        .route("/desk/beneficiaries", get(beneficiaries::beneficiaries))
        .route("/desk/beneficiaries/{id}", get(beneficiaries::beneficiary))
        .route("/desk/offers/new", get(offer_new::offer_new))
        .route(
            "/desk/retirements/file",
            get(retirement_file::retirement_file),
        )
        .route(
            "/desk/retirements/file/template.csv",
            get(retirement_file::retirement_template),
        )
        .route(
            "/desk/retirements/file/template.xlsx",
            get(retirement_file::retirement_workbook),
        )
        .route(
            "/desk/retirements/file/check",
            get(retirement_file::retirement_file_check)
                .post(retirement_file::retirement_file_check_post),
        )
        .route(
            "/desk/retirements/{number}/correct",
            get(certificate_correct::certificate_correct),
        )
        .route("/desk/retirements", get(retirements::retirements))
        .route("/desk/retirements/new", get(retirement_new::retirement_new))
        .route(
            "/desk/retirements/check",
            get(retirement_new::retirement_check).post(retirement_new::retirement_check_post),
        )
}

/// What was typed before, by `?typed=`; or what a link wants chosen, by `?source=`.
async fn stored(host: &Host, visitor: &Visitor, query: Option<&str>, act: Act) -> Fields {
    let query = query.unwrap_or_default();
    if let Some(id) = query_value(query, "typed")
        && let Ok(Some(memory)) = host
            .registry
            .form_recall(&visitor.session, &id, visitor.system_now)
            .await
        && memory.act == act.name()
    {
        return memory.fields;
    }
    query_value(query, "source")
        .map(|source| fields([("source", source.as_str())]))
        .unwrap_or_default()
}

/// Keeps a form that was read without a refusal, for the check page; the id is for `?typed=`.
async fn keep(call: &ActCall, act: Act) -> Result<String, Error> {
    call.host
        .registry
        .form_remember(
            &call.visitor.session,
            act.name(),
            &call.fields,
            &[],
            call.visitor.system_now,
        )
        .await
}

/// In place of a form that has nothing to take from.
fn nothing_held(lang: Lang) -> AnyView {
    view! { <Empty text=t(lang, "credits.nothing_held")><p><a href="/desk/holdings">{t(lang, "credits.holdings_title")}</a></p></Empty> }.into_any()
}
