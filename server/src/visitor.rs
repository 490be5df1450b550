//! Who is calling: from the cookie to the [`Visitor`] that pages and acts see.

use app::visitor::{SignedIn, Visitor};
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use registry::User;

use crate::layers::client_address::ClientAddress;
use crate::session::Token;
use crate::state::{State, system_now};

/// The visitor of a request, and the token that has to be given to the browser if it had none.
pub struct Found {
    /// Who is calling.
    pub visitor: Visitor,
    /// A token the browser does not have yet.
    pub new_token: Option<Token>,
}

/// Looks behind the cookie. If the database does not answer, the visitor is a stranger: pages that need more will
/// find out themselves.
pub async fn find(state: &State, headers: &HeaderMap) -> Found {
    let known = state.sessions.token_of(headers);
    let now = state.now().await.unwrap_or_else(|error| {
        tracing::error!(%error, "the demo clock cannot be read");
        system_now()
    });
    let signed_in = match &known {
        Some(token) => state
            .sessions
            .user(token, system_now())
            .await
            .unwrap_or_else(|error| {
                tracing::error!(%error, "the session cannot be read");
                None
            }),
        None => None,
    };
    let new_token = if known.is_none() { Token::new() } else { None };
    let (session, csrf) = match known.as_ref().or(new_token.as_ref()) {
        Some(token) => (token.session_id(), state.sessions.csrf(token)),
        // without randomness there is no token, and no form is accepted
        None => (String::new(), String::new()),
    };
    Found {
        visitor: Visitor::new(
            session,
            csrf,
            now,
            system_now(),
            signed_in.map(signed_in_as),
        ),
        new_token,
    }
}

fn signed_in_as(user: User) -> SignedIn {
    SignedIn {
        user: user.id,
        organisation: user.organisation,
        role: user.role,
        person_name: user.name,
        organisation_name: user.organisation_name,
        waits_for_guardian: user.waits_for_guardian,
    }
}

/// Puts the [`Visitor`] into the request; gives the browser a token with the first page.
pub async fn identify(Shared(state): Shared<State>, mut request: Request, next: Next) -> Response {
    let mut found = find(&state, request.headers()).await;
    // from this machine itself everybody may come: through a proxy that is not trusted to say who, or on a demo's own
    let address = request.extensions().get::<ClientAddress>();
    found.visitor.sender = address
        .filter(|address| !address.0.is_loopback())
        .map(|address| state.sessions.blind(&format!("sender {address}")));
    request.extensions_mut().insert(found.visitor);
    let mut response = next.run(request).await;
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page
        && let Some(cookie) = found
            .new_token
            .and_then(|token| state.sessions.cookie(&token))
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
