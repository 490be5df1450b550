//! Personal access tokens: made and ended on the account page, used by [`crate::rest`].

use app::acts::{ActAnswer, ActCall, Done, pass};
use app::pages::account::token_made;
use app::visitor::{Flash, Visitor};
use axum::extract::{FromRequestParts, Request, State as Shared};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::Act;
use std::sync::{Arc, Mutex, PoisonError};

use crate::rest::authorisation;
use crate::state::State;

/// A token that was just made: its name and the token itself.
type Made = Arc<Mutex<Option<(String, String)>>>;

/// `POST /acts/user_create_token`: answers with the page that shows the token, the only time it is shown. The token is computed
/// from the user, the key of the form and the server's secret: a double click or a reload shows the same one, and nothing but
/// its hash is kept.
pub async fn user_create_token(Shared(state): Shared<State>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let visitor = match Visitor::from_request_parts(&mut parts, &state.host).await {
        Ok(visitor) => visitor,
        Err(status) => return status.into_response(),
    };
    let made = Made::default();
    let (at_work, secrets) = (made.clone(), state.sessions.clone());
    let request = Request::from_parts(parts, body);
    let answer = pass(
        &state.host,
        visitor.clone(),
        Act::UserCreateToken,
        request,
        async move |call: ActCall| {
            let by = call.by()?;
            let token = format!(
                "{}{}",
                authorisation::TOKEN_PREFIX,
                secrets.derive("token", &format!("{} {}", by.user, by.key))
            );
            let receipt = call
                .host
                .registry
                .user_create_token(&by, &call.fields, &authorisation::hash(&token))
                .await?;
            *at_work.lock().unwrap_or_else(PoisonError::into_inner) =
                Some((receipt.name.clone(), token));
            Ok(Done::to("/account#tokens").data(receipt))
        },
    )
    .await;
    let made = made.lock().unwrap_or_else(PoisonError::into_inner).take();
    match made {
        Some((name, token)) => {
            let mut page = token_made(&state.host, &visitor, &name, &token);
            page.headers_mut()
                .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            page
        }
        None => answer,
    }
}

/// `POST /acts/user_revoke_token`: ends the token whose id is in the field `token`.
pub async fn user_revoke_token(Shared(state): Shared<State>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    match Visitor::from_request_parts(&mut parts, &state.host).await {
        Ok(visitor) => {
            pass(
                &state.host,
                visitor,
                Act::UserRevokeToken,
                Request::from_parts(parts, body),
                revoke,
            )
            .await
        }
        Err(status) => status.into_response(),
    }
}

async fn revoke(call: ActCall) -> ActAnswer {
    call.host
        .registry
        .user_revoke_token(&call.by()?, call.text("token"))
        .await?;
    Ok(Done::to("/account#tokens").flash(Flash::done("flash.token_revoked")))
}
