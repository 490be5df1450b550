//! The acts that begin, change or end a session. They pass through the same door as every other act
//! ([`app::acts::pass`]); what is special is that the browser gets another token afterwards.

mod attempts;
mod member;
pub mod password;
mod token;

use std::sync::{Arc, Mutex, PoisonError};

use app::acts::{ActAnswer, ActCall, Done, is_local, pass};
use app::pages::account::home;
use app::visitor::Visitor;
use axum::Router;
use axum::extract::{FromRequestParts, Request, State as Shared};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use domain::inclusion::Document;
use domain::refusal::codes;
use domain::{Act, Refusal};
use registry::{Error, Fields, IdentityAsked, Registry};

use crate::layers::client_address::ClientAddress;
use crate::session::Token;
use crate::state::{State, system_now};

/// The doors of these acts.
pub fn router() -> Router<State> {
    Router::new()
        .route("/acts/user_sign_up", post(user_sign_up))
        .route("/acts/person_sign_up", post(person_sign_up))
        .route("/acts/identity_ask", post(identity_ask))
        .route("/acts/user_sign_in", post(user_sign_in))
        .route("/acts/user_sign_out", post(user_sign_out))
        .route(
            "/acts/user_sign_out_everywhere",
            post(user_sign_out_everywhere),
        )
        .route("/acts/user_change_password", post(user_change_password))
        .route("/acts/user_create_token", post(token::user_create_token))
        .route("/acts/user_revoke_token", post(token::user_revoke_token))
        .route("/acts/member_invite", post(member::member_invite))
        .route("/acts/member_accept", post(member_accept))
}

async fn user_sign_up(Shared(state): Shared<State>, request: Request) -> Response {
    Box::pin(door(state, Act::UserSignUp, request, sign_up)).await
}

async fn person_sign_up(Shared(state): Shared<State>, request: Request) -> Response {
    Box::pin(door(state, Act::PersonSignUp, request, sign_up_person)).await
}

async fn member_accept(Shared(state): Shared<State>, request: Request) -> Response {
    Box::pin(door(state, Act::MemberAccept, request, member::accept)).await
}

async fn identity_ask(Shared(state): Shared<State>, request: Request) -> Response {
    Box::pin(door(state, Act::IdentityAsk, request, ask_identity)).await
}

async fn user_sign_in(Shared(state): Shared<State>, request: Request) -> Response {
    Box::pin(door(state, Act::UserSignIn, request, sign_in)).await
}

async fn user_sign_out(Shared(state): Shared<State>, request: Request) -> Response {
    Box::pin(door(state, Act::UserSignOut, request, sign_out)).await
}

async fn user_sign_out_everywhere(Shared(state): Shared<State>, request: Request) -> Response {
    Box::pin(door(
        state,
        Act::UserSignOutEverywhere,
        request,
        sign_out_everywhere,
    ))
    .await
}

async fn user_change_password(Shared(state): Shared<State>, request: Request) -> Response {
    Box::pin(door(
        state,
        Act::UserChangePassword,
        request,
        change_password,
    ))
    .await
}

/// What these acts need besides the form, and where they leave the browser's next token.
#[derive(Clone)]
struct Desk {
    state: State,
    address: String,
    before: Option<Token>,
    next_token: Arc<Mutex<Option<Token>>>,
}

impl Desk {
    /// Opens a session for the user; the browser's earlier token is worth nothing afterwards.
    async fn open_session(&self, user: &domain::id::UserId) -> Result<(), Error> {
        let now = self.state.now().await?;
        let token = self
            .state
            .sessions
            .open(self.before.as_ref(), user, now, system_now())
            .await?;
        self.give(Some(token));
        Ok(())
    }

    /// The session that the browser has afterwards, if it gets another.
    fn next_session(&self) -> Option<String> {
        let token = self
            .next_token
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        token.as_ref().map(Token::session_id)
    }

    fn give(&self, token: Option<Token>) {
        *self
            .next_token
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = token;
    }
}

async fn door<Answer>(
    state: State,
    act: Act,
    request: Request,
    run: fn(ActCall, Desk) -> Answer,
) -> Response
where
    Answer: Future<Output = ActAnswer> + Send,
{
    let (mut parts, body) = request.into_parts();
    let visitor = match Visitor::from_request_parts(&mut parts, &state.host).await {
        Ok(visitor) => visitor,
        Err(status) => return status.into_response(),
    };
    let desk = Desk {
        address: parts
            .extensions
            .get::<ClientAddress>()
            .map(ToString::to_string)
            .unwrap_or_default(),
        before: state.sessions.token_of(&parts.headers),
        next_token: Arc::default(),
        state: state.clone(),
    };
    let request = Request::from_parts(parts, body);
    let at_work = desk.clone();
    let mut response = pass(&state.host, visitor, act, request, move |call| {
        run(call, at_work)
    })
    .await;
    let token = desk
        .next_token
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    if let Some(cookie) = token.and_then(|token| state.sessions.cookie(&token)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Opens an account and signs in. The password stays here: the registry gets its hash.
async fn sign_up(call: ActCall, desk: Desk) -> ActAnswer {
    let password = typed_password(&call.fields, "password");
    let email = call.text("email").to_owned();
    // everything that is wrong at once, in the order of the form
    let mut refusals = Registry::user_sign_up_refusals(&call.fields);
    refusals.extend(password::refusal("password", &password, &email));
    if password != typed_password(&call.fields, "password_again") {
        refusals.push(Refusal::new(codes::PASSWORDS_DIFFER).at("password_again"));
    }
    if !refusals.is_empty() {
        return Err(refusals.into());
    }
    let hash = password::hash(password.clone()).await.map_err(store)?;
    let registry = &call.host.registry;
    let receipt = registry
        .user_sign_up(&call.stranger(), &without_passwords(&call.fields), &hash)
        .await?;
    // the answer may be the first one again (a double click): only whoever knows the password is signed in
    let kept = registry.user_with_hash(&receipt.user).await?;
    if !password::fits(password, kept.map(|user| user.password_hash))
        .await
        .map_err(store)?
    {
        return Err(Refusal::new(codes::SIGN_IN_FAILED).into());
    }
    desk.open_session(&receipt.user).await?;
    Ok(Done::to("/inbox").data(receipt))
}

/// Opens a personal carbon account and signs in.
async fn sign_up_person(call: ActCall, desk: Desk) -> ActAnswer {
    let password = typed_password(&call.fields, "password");
    let login = match call.text("phone") {
        "" => call.text("email"),
        phone => phone,
    };
    let email = login.to_owned();
    let mut refusals = Registry::person_sign_up_refusals(&call.fields);
    refusals.extend(app::acts::inclusion::check_text_shown(&call).err());
    refusals.extend(password::refusal("password", &password, &email));
    if password != typed_password(&call.fields, "password_again") {
        refusals.push(Refusal::new(codes::PASSWORDS_DIFFER).at("password_again"));
    }
    if !refusals.is_empty() {
        return Err(refusals.into());
    }
    let hash = password::hash(password.clone()).await.map_err(store)?;
    let registry = &call.host.registry;
    let receipt = registry
        .person_sign_up(&call.stranger(), &without_passwords(&call.fields), &hash)
        .await?;
    let kept = registry.user_with_hash(&receipt.user).await?;
    if !password::fits(password, kept.map(|user| user.password_hash))
        .await
        .map_err(store)?
    {
        return Err(Refusal::new(codes::SIGN_IN_FAILED).into());
    }
    desk.open_session(&receipt.user).await?;
    Ok(Done::to("/me").data(receipt))
}

/// Asks for the real-name level. The number of the document stays here: the registry gets a digest that only this server can make.
async fn ask_identity(call: ActCall, desk: Desk) -> ActAnswer {
    let by = call.by()?;
    let document = Document::read(|field| call.text(field).to_owned())?;
    let asked = IdentityAsked {
        kind: document.kind.code().to_owned(),
        digest: desk
            .state
            .sessions
            .derive("identity", &document.to_digest()),
        last_two: document.last_two().to_owned(),
        name: document.name.clone(),
    };
    let receipt = call.host.registry.identity_ask(&by, &asked).await?;
    Ok(Done::to("/me/identity")
        .flash(app::visitor::Flash::done("identity.done_asked"))
        .data(receipt))
}

/// Begins a session. Whether the e-mail is unknown or the password wrong: the same words, after the same time.
async fn sign_in(call: ActCall, desk: Desk) -> ActAnswer {
    let typed = domain::text::narrow(call.text("email")).to_lowercase();
    // one number however it is typed: attempts are counted under it
    let email = domain::inclusion::phone::normal(&typed).unwrap_or(typed);
    let password = typed_password(&call.fields, "password");
    let missing: Vec<Refusal> = [
        ("email", email.is_empty()),
        ("password", password.is_empty()),
    ]
    .into_iter()
    .filter(|(_, empty)| *empty)
    .map(|(field, _)| Refusal::new(codes::REQUIRED).at(field))
    .collect();
    if !missing.is_empty() {
        return Err(missing.into());
    }
    attempts::check(&desk, &email).await?;
    let registry = &call.host.registry;
    let known = registry.user_by_login(&email).await?;
    let hash = known.as_ref().map(|known| known.password_hash.clone());
    let fits = password::fits(password, hash).await.map_err(store)?;
    let Some(known) = known.filter(|_| fits) else {
        attempts::failed(&desk, &email).await?;
        return Err(Refusal::new(codes::SIGN_IN_FAILED).into());
    };
    attempts::succeeded(&desk, &email).await?;
    desk.open_session(&known.user.id).await?;
    let next = call.text("next");
    let home = home(known.user.role);
    Ok(Done::to(if is_local(next) { next } else { home }))
}

/// Ends this session.
async fn sign_out(_call: ActCall, desk: Desk) -> ActAnswer {
    if let Some(token) = &desk.before {
        desk.state.sessions.end(token).await?;
    }
    desk.give(Token::new());
    Ok(Done::to("/"))
}

/// Ends every session of the user, this one too.
async fn sign_out_everywhere(call: ActCall, desk: Desk) -> ActAnswer {
    call.host
        .registry
        .user_sign_out_everywhere(&call.by()?)
        .await?;
    desk.give(Token::new());
    Ok(Done::to("/sign-in"))
}

/// Changes the password, ends every session of the user, and opens a new one here.
async fn change_password(call: ActCall, desk: Desk) -> ActAnswer {
    let by = call.by()?;
    let registry = &call.host.registry;
    let known = registry
        .user_with_hash(&by.user)
        .await?
        .ok_or(Error::NotFound)?;
    let email = known.user.login().to_owned();
    let current = typed_password(&call.fields, "current_password");
    let password = typed_password(&call.fields, "password");
    attempts::check(&desk, &email).await?;
    if !password::fits(current, Some(known.password_hash))
        .await
        .map_err(store)?
    {
        attempts::failed(&desk, &email).await?;
        return Err(Refusal::new(codes::PASSWORD_WRONG)
            .at("current_password")
            .into());
    }
    let mut refusals: Vec<Refusal> = password::refusal("password", &password, &email)
        .into_iter()
        .collect();
    if password != typed_password(&call.fields, "password_again") {
        refusals.push(Refusal::new(codes::PASSWORDS_DIFFER).at("password_again"));
    }
    if !refusals.is_empty() {
        return Err(refusals.into());
    }
    let hash = password::hash(password).await.map_err(store)?;
    registry.user_change_password(&by, &hash, None).await?;
    desk.open_session(&by.user).await?;
    Ok(Done::to(call.back.clone())
        .flash(app::visitor::Flash::done("flash.password_changed"))
        .in_session(desk.next_session()))
}

/// A password exactly as typed: blanks at its ends belong to it.
fn typed_password(fields: &Fields, name: &str) -> String {
    fields.get(name).cloned().unwrap_or_default()
}

fn without_passwords(fields: &Fields) -> Fields {
    fields
        .iter()
        .filter(|(name, _)| !name.contains("password"))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn store(error: anyhow::Error) -> Error {
    Error::Store(error.to_string())
}
