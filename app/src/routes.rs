//! What there is: every page and its address.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::acts;
use crate::host::Host;
use crate::page::not_found;
use crate::pages::{account, credits, design, desk, event, inclusion, neutral, public};
use crate::visitor::remember_choices;

/// Every page, and the door for acts. The server puts its session layer around this, and the routes for static files,
/// REST and health beside it.
pub fn router(host: Host) -> Router {
    Router::new()
        // anyone
        .route("/", get(public::home::home))
        .route("/calculators", get(public::calculators::calculator_list))
        .route(
            "/calculators/{methodology}/{stage}",
            get(public::calculators::calculator_show).post(public::calculators::calculator_show),
        )
        .merge(public::routes())
        .merge(account::routes())
        // those who may hold credits
        .merge(credits::routes())
        // owners, validation and verification bodies, and the registry
        .merge(desk::routes())
        // events: their organisers, their attendees, and anyone
        .merge(event::routes())
        // claims of neutrality of organisations and products
        .merge(neutral::routes())
        // a person's own carbon account, and what organisers, bodies and the registry do with grams
        .merge(inclusion::routes())
        // for those who build it
        .route("/design", get(design::design))
        // the only door for changes
        .route("/acts/{name}", post(acts::act_post))
        .fallback(not_found)
        .layer(from_fn_with_state(host.clone(), remember_choices))
        .with_state(host)
}
