//! Version 1. What is promised here stays; what must change gets a version 2 beside it.

mod calculator;
mod class;
mod credit;
mod event;
mod event_answer;
mod event_correction;
mod event_evaluation;
mod event_overlap;
mod event_plan;
mod event_retirement;
mod event_supplier;
mod hold;
mod inclusion_batch;
mod log;
mod me;
mod methodology;
mod neutral;
mod offer;
mod parameters;
mod project;
pub mod provider;
mod report;
mod retirement;
mod rules;
mod serial;
mod staff;
mod statistics;

use axum::Router;
use axum::http::{HeaderName, Method, header};
use axum::routing::get;
use tower_http::cors::{Any, CorsLayer};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::failure::{Envelope, Failure};
use crate::layers::limits::Limits;
use crate::state::State;

/// Where version 1 lives.
pub const PREFIX: &str = "/api/v1";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "惠碳 Huitan API",
        version = "1",
        description = "Read what is public, run a calculator, transfer and retire credits.\n\nEvery error has the form `Envelope`. \
                       Lists are read in pages: give the `next` of one answer as `after` of the next request. \
                       Tonnes are whole tonnes CO2e; days are Beijing days; moments carry their offset.\n\n\
                       Serial numbers and certificate numbers are this platform's own and not those of the national registry."
    ),
    tags(
        (name = "projects", description = "Published projects and monitoring reports"),
        (name = "credits", description = "Classes, serial numbers, retirements, and moving one's own credits"),
        (name = "events", description = "Carbon neutrality of events: what is public, and for organisers their suppliers and what was told twice"),
        (name = "neutrality", description = "Claims of neutrality of organisations and products"),
        (name = "methodologies", description = "Methodologies and their calculators"),
        (name = "log", description = "The public log: an append-only tree of every public act, its signed heads and its proofs (docs/public-log.md)"),
        (name = "me", description = "A person's own carbon account: acts, grams, points, consents, orders, gifts"),
        (name = "providers", description = "Signed calls of those who send records of personal acts"),
        (name = "statistics", description = "What this registry holds now")
    ),
    modifiers(&BearerTokens),
    components(schemas(Envelope))
)]
struct Document;

/// The way acts are authorised.
struct BearerTokens;

impl Modify for BearerTokens {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        if let Some(components) = document.components.as_mut() {
            let scheme = HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .description(Some("A personal access token, made on the account page"))
                .build();
            components.add_security_scheme("token", SecurityScheme::Http(scheme));
        }
    }
}

fn readers() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(project::project_list))
        .routes(routes!(project::project_get))
        .routes(routes!(project::project_reports))
        .routes(routes!(project::project_boundary))
        .routes(routes!(report::report_list))
        .routes(routes!(report::report_get))
        .routes(routes!(class::class_list))
        .routes(routes!(class::class_get))
        .routes(routes!(offer::offer_list))
        .routes(routes!(offer::offer_get))
        .routes(routes!(serial::serial_get))
        .routes(routes!(retirement::retirement_list))
        .routes(routes!(retirement::retirement_get))
        .routes(routes!(event::event_list))
        .routes(routes!(event::event_get))
        .routes(routes!(event::event_evidence))
        .routes(routes!(event_plan::flight_get))
        .routes(routes!(event_supplier::event_supply_form))
        .routes(routes!(neutral::neutral_list))
        .routes(routes!(neutral::neutral_get))
        .routes(routes!(log::retirement_certificate_file))
        .routes(routes!(log::retirement_evidence))
        .routes(routes!(log::log_head_newest))
        .routes(routes!(log::log_head_list))
        .routes(routes!(log::log_head_get))
        .routes(routes!(log::log_key_list))
        .routes(routes!(log::log_entry_list))
        .routes(routes!(log::log_entry_get))
        .routes(routes!(log::log_consistency_get))
        .routes(routes!(inclusion_batch::inclusion_batch_list))
        .routes(routes!(inclusion_batch::inclusion_batch_get))
        .routes(routes!(statistics::statistics_get))
        .routes(routes!(statistics::statistics_steps))
        .routes(routes!(methodology::methodology_list))
        .routes(routes!(methodology::methodology_get))
        .routes(routes!(parameters::parameter_set_list))
        .routes(routes!(parameters::parameter_set_get))
        .routes(routes!(rules::rule_book_get))
        .routes(routes!(calculator::calculator_list))
        .routes(routes!(
            calculator::calculator_get,
            calculator::calculator_run
        ))
}

fn acts() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(credit::credits_transfer))
        .routes(routes!(credit::credits_retire))
        .routes(routes!(offer::credits_retire_many))
        .routes(routes!(offer::credits_offer))
        .routes(routes!(offer::offer_withdraw))
        .routes(routes!(offer::credits_reserve))
        .routes(routes!(offer::credits_confirm_payment))
        .routes(routes!(offer::credits_accept))
        .routes(routes!(offer::credits_decline))
        .routes(routes!(offer::credits_withdraw))
        .routes(routes!(hold::credits_holdings))
        .routes(routes!(hold::credits_holding_blocks))
        .routes(routes!(hold::credits_holds))
        .routes(routes!(hold::credits_hold))
        .routes(routes!(hold::credits_move))
        .routes(routes!(hold::credits_offset))
        .routes(routes!(hold::credits_cancel))
        .routes(routes!(hold::credits_freeze))
        .routes(routes!(hold::credits_suspend))
        .routes(routes!(hold::credits_release))
        .routes(routes!(hold::credits_enforce))
        .routes(routes!(hold::credits_force_cancel))
        .routes(routes!(hold::credits_surrender))
        .routes(routes!(hold::credits_refuse_offset))
        .routes(routes!(
            event_supplier::event_suppliers,
            event_supplier::event_supplier_add
        ))
        .routes(routes!(event_supplier::event_supplier_close))
        .routes(routes!(event_supplier::event_supply_decide))
        .routes(routes!(event_supplier::event_supply))
        .routes(routes!(
            event_overlap::event_overlaps,
            event_overlap::event_overlap_decide
        ))
        .routes(routes!(
            event_answer::event_answers,
            event_answer::event_answers_strike
        ))
        .routes(routes!(
            event_answer::event_attendee_sources_get,
            event_answer::event_attendee_sources
        ))
        .routes(routes!(event_plan::event_create))
        .routes(routes!(event_plan::event_step))
        .routes(routes!(event_plan::event_desk))
        .routes(routes!(event_plan::event_units_in_reach))
        .routes(routes!(event_correction::event_correct))
        .routes(routes!(event_correction::event_correct_withdraw))
        .routes(routes!(event_evaluation::event_files))
        .routes(routes!(event_evaluation::event_evaluate))
        .routes(routes!(event_evaluation::evaluation_list))
        .routes(routes!(event_evaluation::evaluation_get))
        .routes(routes!(event_evaluation::evaluation_evidence))
        .routes(routes!(event_evaluation::event_evaluation_confirm))
        .routes(routes!(event_evaluation::event_evaluation_decline))
        .routes(routes!(retirement::certificate_correct))
        .routes(routes!(event_retirement::event_blocks))
        .routes(routes!(event_retirement::event_retire))
        .routes(routes!(me::me_account))
        .routes(routes!(me::me_acts, me::me_record))
        .routes(routes!(me::me_act))
        .routes(routes!(me::me_days))
        .routes(routes!(me::me_consents, me::me_consent_give))
        .routes(routes!(me::me_consent_withdraw))
        .routes(routes!(me::me_points))
        .routes(routes!(me::me_orders, me::me_order))
        .routes(routes!(me::me_gifts, me::me_gift))
        .routes(routes!(me::me_expiries))
        .routes(routes!(me::me_rating))
        .routes(routes!(me::me_export))
        .routes(routes!(staff::staff_months))
        .routes(routes!(provider::provider_call))
}

fn described() -> OpenApiRouter<State> {
    OpenApiRouter::with_openapi(Document::openapi()).nest(PREFIX, readers().merge(acts()))
}

/// The document that describes version 1, made from the handlers.
pub fn openapi() -> utoipa::openapi::OpenApi {
    described().into_openapi()
}

/// The router of version 1, with its own 404. Reads may be made from any site's scripts; acts may not.
pub fn router(limits: &Limits) -> Router<State> {
    let (readers, _) = readers().split_for_parts();
    let (acts, _) = acts().split_for_parts();
    let document = openapi();
    let readers = readers
        .route(
            "/openapi.json",
            get(async move || axum::Json(document.clone())),
        )
        .layer(
            CorsLayer::new()
                .allow_origin(Any)
                .allow_methods([Method::GET, Method::POST])
                .allow_headers([header::CONTENT_TYPE])
                .expose_headers([HeaderName::from_static("x-request-id")]),
        );
    let routes = limits.around_rest(readers.merge(acts));
    Router::new().nest(PREFIX, routes.fallback(async || Failure::not_found()))
}
