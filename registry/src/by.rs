//! Who does something, when, and with which key.

use domain::id::{OrganisationId, UserId};
use domain::{Instant, Role};

/// A signed-in user doing an act for an organisation. The door has checked the session; the registry checks the rest.
#[derive(Clone, Debug)]
pub struct By {
    /// The user.
    pub user: UserId,
    /// The user's organisation.
    pub organisation: OrganisationId,
    /// That organisation's role.
    pub role: Role,
    /// Now, with the demo offset already added.
    pub at: Instant,
    /// The idempotency key: 1..=200 characters, made when the page was rendered. Not used by reads.
    pub key: String,
}

/// Somebody without a session: signing up, or commenting during publicity.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Now, with the demo offset already added.
    pub at: Instant,
    /// The idempotency key: 1..=200 characters.
    pub key: String,
}
