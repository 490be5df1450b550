//! One's own account: signing up and in, the password, the sessions, the access tokens; the registry account of the organisation and
//! its members.

use axum::Router;
use axum::routing::get;

use crate::host::Host;

mod account_show;
mod join;
mod members;
mod notifications;
pub mod registry_account;
mod sign_in;
mod sign_up;
mod token_made;

pub use members::member_invited;
pub use sign_in::home;
pub use token_made::token_made;

/// Every page of the area and its address.
pub fn routes() -> Router<Host> {
    Router::new()
        .route("/sign-in", get(sign_in::sign_in))
        .route("/sign-up", get(sign_up::sign_up))
        .route("/join", get(join::join))
        .route("/account", get(account_show::account))
        .route("/account/members", get(members::members))
        .route("/account/members/{id}", get(members::member))
        .route("/account/apply", get(registry_account::apply))
        .route("/account/change", get(registry_account::change))
        .route("/account/restore", get(registry_account::restore))
        .route("/account/closing", get(registry_account::closing))
        .route("/account/notifications", get(notifications::notifications))
}
