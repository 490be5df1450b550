//! One's own account: opening one, signing in, the password, the sessions, the access tokens.

use axum::Router;
use axum::routing::get;

use crate::host::Host;

mod account_show;
mod notifications;
mod sign_in;
mod sign_up;
mod token_made;

pub use token_made::token_made;

/// Every page of the area and its address.
pub fn routes() -> Router<Host> {
    Router::new()
        .route("/sign-in", get(sign_in::sign_in))
        .route("/sign-up", get(sign_up::sign_up))
        .route("/account", get(account_show::account))
        .route("/account/notifications", get(notifications::notifications))
}
