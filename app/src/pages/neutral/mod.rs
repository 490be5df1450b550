//! Claims of neutrality of organisations and products: the claimant's pages, and what anyone may see.

use axum::Router;
use axum::routing::get;
use domain::Role;

use crate::host::Host;

mod desk;
mod public;
mod show;
mod shown;

/// Who may claim: whoever may own credits.
const CLAIMANTS: &[Role] = &[Role::EventOrganiser, Role::ProjectOwner];

/// Every page of the area and its address.
pub fn routes() -> Router<Host> {
    Router::new()
        .route("/desk/neutrality", get(desk::list))
        .route("/desk/neutrality/new", get(desk::new))
        .route("/desk/neutrality/{id}", get(show::show))
        .route("/desk/neutrality/{id}/edit", get(desk::edit))
        .route("/neutrality", get(public::list))
        .route("/neutrality/{number}", get(public::show))
}
