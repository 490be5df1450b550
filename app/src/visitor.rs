//! Who is looking at a page, in which language, and what the last act wants to tell them.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::id::{OrganisationId, UserId};
use domain::{Instant, Role};
use registry::{By, FormMemory};
use serde::{Deserialize, Serialize};

use crate::host::Host;
use crate::lang::Lang;

/// The visitor of one request. The server's session layer inserts it as a request extension, with `lang`, `theme`,
/// `here` and `flashes` at their defaults: the extractor fills those from the address, the cookies and the registry.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Opaque key of this browser's session. Visitors who are not signed in have one too: forms need it.
    pub session: String,
    /// Who is signed in.
    pub signed_in: Option<SignedIn>,
    /// What the hidden field `csrf` of this session's forms must say.
    pub csrf: String,
    /// Now, with the demo offset already added.
    pub now: Instant,
    /// Now by the clock of the system, for what is kept for a while: the demo clock jumps, and what sweeps up goes by the system's.
    pub system_now: Instant,
    /// Language of the page.
    pub lang: Lang,
    /// Colours of the page.
    pub theme: Theme,
    /// Path and query of this request, without `lang`, `theme` and `again`: where a form comes back to.
    pub here: String,
    /// The value of `?again=`: the id of what was typed into a refused form.
    pub again: Option<String>,
    /// What is kept under that id, if it is this session's.
    pub remembered: Option<FormMemory>,
    /// Messages of the last act, each shown once.
    pub flashes: Vec<Flash>,
    /// How many messages to the organisation nobody of it has read, up to [`registry::UNREAD_MAX`] and one more.
    pub unread: i64,
    /// The random name this browser keeps, if it has one: a limit against fraud counts accounts and browsers by it.
    pub device: Option<String>,
    /// What stands for the address of the request without saying which, for limits: a hash under the server's secret. `None`: it came from
    /// the machine of the server itself, which says nothing about who sent it.
    pub sender: Option<String>,
}

/// A signed-in person and the organisation acted for.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The person.
    pub user: UserId,
    /// The organisation.
    pub organisation: OrganisationId,
    /// The organisation's role.
    pub role: Role,
    /// The person's name.
    pub person_name: String,
    /// The organisation's name.
    pub organisation_name: String,
    /// Whether it is a personal account that waits for the answer of a guardian: nothing else is open to it.
    pub waits_for_guardian: bool,
}

/// Colours: those of the system, or the ones chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    Auto,
    /// Dark ink on white paper.
    Light,
    /// Light ink on near-black paper.
    Dark,
}

impl Theme {
    /// `auto`, `light`, `dark`: in `?theme=` and in the cookie.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Auto, Self::Light, Self::Dark]
            .into_iter()
            .find(|theme| theme.code() == code)
    }
}

/// How a message looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Something was done.
    Done,
    /// Good to know.
    Note,
    /// Needs you.
    Attention,
    /// Refused.
    Refused,
}

impl Tone {
    /// The word used in class names.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Note => "note",
            Self::Attention => "attention",
            Self::Refused => "refused",
        }
    }
}

/// A message shown once, on the page after an act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// How it looks.
    pub tone: Tone,
    /// Its text in the catalogue: `flash.project_saved`.
    pub key: String,
    /// Values for the text.
    pub params: Vec<(String, String)>,
}

impl Flash {
    /// Something was done.
    pub fn done(key: impl Into<String>) -> Self {
        Self {
            tone: Tone::Done,
            key: key.into(),
            params: Vec::new(),
        }
    }

    /// The same, with one more value for its text.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.params.push((name.to_owned(), value.into()));
        self
    }
}

impl Visitor {
    /// A visitor as the session layer knows it; the extractor adds the rest.
    pub fn new(
        session: impl Into<String>,
        csrf: impl Into<String>,
        now: Instant,
        system_now: Instant,
        signed_in: Option<SignedIn>,
    ) -> Self {
        Self {
            session: session.into(),
            signed_in,
            csrf: csrf.into(),
            now,
            system_now,
            lang: Lang::default(),
            theme: Theme::default(),
            here: "/".to_owned(),
            again: None,
            remembered: None,
            flashes: Vec::new(),
            unread: 0,
            device: None,
            sender: None,
        }
    }

    /// The role of the signed-in organisation.
    pub fn role(&self) -> Option<Role> {
        self.signed_in.as_ref().map(|person| person.role)
    }

    /// Who does something now, with this idempotency key (empty for reads); `None` without a session.
    pub fn by(&self, key: &str) -> Option<By> {
        self.signed_in.as_ref().map(|person| By {
            user: person.user.clone(),
            organisation: person.organisation.clone(),
            role: person.role,
            at: self.now,
            key: key.to_owned(),
        })
    }

    /// This page's address with one query parameter set.
    pub fn here_with(&self, name: &str, value: &str) -> String {
        address_with(&self.here, name, value)
    }

    /// Fills in what the address and the cookies of the request say.
    fn read_request(&mut self, parts: &Parts) {
        let query = parts.uri.query().unwrap_or_default();
        let accept = parts
            .headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        self.lang = query_value(query, "lang")
            .and_then(|code| Lang::from_code(&code))
            .or_else(|| cookie(&parts.headers, LANG_COOKIE).and_then(Lang::from_code))
            .or_else(|| Lang::from_accept_language(accept))
            .unwrap_or_default();
        self.theme = query_value(query, "theme")
            .and_then(|code| Theme::from_code(&code))
            .or_else(|| cookie(&parts.headers, THEME_COOKIE).and_then(Theme::from_code))
            .unwrap_or_default();
        self.again = query_value(query, "again");
        self.device = cookie(&parts.headers, DEVICE_COOKIE)
            .filter(|name| uuid::Uuid::parse_str(name).is_ok())
            .map(str::to_owned);
        let kept: Vec<_> = query
            .split('&')
            .filter(|pair| !matches!(name_of(pair), "lang" | "theme" | "again" | ""))
            .collect();
        self.here = if kept.is_empty() {
            parts.uri.path().to_owned()
        } else {
            format!("{}?{}", parts.uri.path(), kept.join("&"))
        };
    }
}

/// A page handler that takes a `Visitor` gets it with its language, its theme and the messages waiting for it.
impl FromRequestParts<Host> for Visitor {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, host: &Host) -> Result<Self, StatusCode> {
        let Some(mut visitor) = parts.extensions.get::<Self>().cloned() else {
            tracing::error!("no session layer around {}", parts.uri.path());
            return Err(StatusCode::INTERNAL_SERVER_ERROR);
        };
        visitor.read_request(parts);
        if let Some(id) = &visitor.again {
            let registry = &host.registry;
            let kept = registry.form_recall(&visitor.session, id, visitor.system_now);
            visitor.remembered = kept.await.unwrap_or_else(|error| {
                tracing::error!(%error, "what was typed cannot be read");
                None
            });
        }
        if let (&axum::http::Method::GET, Some(person)) = (&parts.method, &visitor.signed_in) {
            // one look into an index; without an answer the page is complete all the same
            let unread = host.registry.notifications_unread(&person.organisation);
            visitor.unread = unread.await.unwrap_or_default();
        }
        if parts.method == axum::http::Method::GET && cookie(&parts.headers, FLASH_COOKIE).is_some()
        {
            let waiting = host
                .registry
                .flash_take(&visitor.session, visitor.system_now)
                .await
                .unwrap_or_default();
            visitor.flashes = waiting
                .into_iter()
                .filter_map(|message| serde_json::from_value(message).ok())
                .collect();
        }
        Ok(visitor)
    }
}

const LANG_COOKIE: &str = "lang";
const THEME_COOKIE: &str = "theme";
/// Says that a message waits in the registry, so that pages without one cost no query.
const FLASH_COOKIE: &str = "flash";
/// A random name that the browser of a personal account keeps; it says nothing about the device.
const DEVICE_COOKIE: &str = "device";
/// The pages that give a browser its name: where a personal account is opened, and where it records.
const DEVICE_PAGES: [&str; 3] = ["/sign-up/person", "/me", "/me/record"];
const ONE_YEAR_SECONDS: u32 = 365 * 24 * 3600;

/// Keeps a language or theme chosen by `?lang=` or `?theme=` in a cookie, for every address of the site.
pub async fn remember_choices(State(host): State<Host>, request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let lang = query_value(query, "lang")
        .and_then(|code| Lang::from_code(&code))
        .map(Lang::code);
    let theme = query_value(query, "theme")
        .and_then(|code| Theme::from_code(&code))
        .map(Theme::code);
    let unnamed = request.method() == axum::http::Method::GET
        && DEVICE_PAGES.contains(&request.uri().path())
        && cookie(request.headers(), DEVICE_COOKIE).is_none();
    let mut response = next.run(request).await;
    if unnamed && response.status() == StatusCode::OK {
        let name = uuid::Uuid::new_v4().to_string();
        let headers = response.headers_mut();
        add_cookie(headers, &host, DEVICE_COOKIE, &name, 2 * ONE_YEAR_SECONDS);
    }
    for (name, value) in [(LANG_COOKIE, lang), (THEME_COOKIE, theme)] {
        if let Some(value) = value {
            add_cookie(response.headers_mut(), &host, name, value, ONE_YEAR_SECONDS);
        }
    }
    response
}

/// Marks that a message waits for the next page.
pub(crate) fn mark_flash(headers: &mut HeaderMap, host: &Host) {
    add_cookie(headers, host, FLASH_COOKIE, "1", 3600);
}

/// Removes that mark: the messages were shown.
pub(crate) fn clear_flash_mark(headers: &mut HeaderMap, host: &Host) {
    add_cookie(headers, host, FLASH_COOKIE, "", 0);
}

fn add_cookie(headers: &mut HeaderMap, host: &Host, name: &str, value: &str, seconds: u32) {
    let secure = if host.cookies_without_tls {
        ""
    } else {
        "; Secure"
    };
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&text) {
        headers.append(header::SET_COOKIE, cookie);
    }
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
        .filter(|value| !value.is_empty())
}

/// An address with one query parameter set; its other parameters stay.
pub fn address_with(address: &str, name: &str, value: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let mut pairs: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && name_of(pair) != name)
        .collect();
    let added = format!("{name}={}", encode(value));
    pairs.push(&added);
    format!("{path}?{}", pairs.join("&"))
}

fn name_of(pair: &str) -> &str {
    pair.split('=').next().unwrap_or_default()
}

/// The decoded value of a query parameter, if it is there and not empty.
pub fn query_value(query: &str, name: &str) -> Option<String> {
    let pair = query.split('&').find(|pair| name_of(pair) == name)?;
    Some(decode(pair.split_once('=')?.1)).filter(|value| !value.is_empty())
}

/// Percent-encodes a value for a query string.
pub fn encode(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text += &format!("%{byte:02X}");
        }
    }
    text
}

/// Reads a form body (`a=1&b=2`): the decoded fields; of a name that comes twice the last value counts.
pub(crate) fn decode_form(body: &[u8]) -> registry::Fields {
    let text = String::from_utf8_lossy(body);
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value).replace("\r\n", "\n")))
        .collect()
}

fn decode(value: &str) -> String {
    let bytes = value.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |offset: usize| {
            bytes
                .get(at + offset)
                .and_then(|digit| char::from(*digit).to_digit(16))
        };
        match (bytes[at], hex(1), hex(2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or_default());
                at += 2;
            }
            (b'+', _, _) => out.push(b' '),
            (byte, _, _) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visitor_at(address: &str, headers: &[(&str, &str)]) -> Visitor {
        let mut request = axum::http::Request::builder().uri(address);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).expect("a valid request").into_parts();
        let mut visitor = Visitor::new("s", "c", Instant(0), Instant(0), None);
        visitor.read_request(&parts);
        visitor
    }

    #[test]
    fn the_address_wins_over_the_cookie_and_the_cookie_over_the_browser() {
        let browser = ("accept-language", "en");
        let cookies = ("cookie", "a=1; lang=zh; theme=dark");
        assert_eq!(visitor_at("/p", &[browser]).lang, Lang::En);
        assert_eq!(visitor_at("/p", &[browser, cookies]).lang, Lang::Zh);
        assert_eq!(visitor_at("/p?lang=en", &[cookies]).lang, Lang::En);
        assert_eq!(visitor_at("/p", &[cookies]).theme, Theme::Dark);
        assert_eq!(visitor_at("/p?lang=xx&theme=pink", &[]).lang, Lang::Zh);
    }

    #[test]
    fn the_way_back_keeps_filters_and_drops_what_is_said_once() {
        let visitor = visitor_at("/projects?state=a%20b&lang=en&again=7&page=2", &[]);
        assert_eq!(visitor.here, "/projects?state=a%20b&page=2");
        assert_eq!(visitor.again.as_deref(), Some("7"));
        assert_eq!(
            visitor.here_with("page", "x&y"),
            "/projects?state=a%20b&page=x%26y"
        );
        assert_eq!(visitor_at("/projects?lang=en", &[]).here, "/projects");
    }

    #[test]
    fn query_values_are_decoded_and_bad_escapes_stay() {
        assert_eq!(
            query_value("q=%E6%83%A0+a%2", "q").as_deref(),
            Some("惠 a%2")
        );
        assert_eq!(query_value("q=", "q"), None);
        assert_eq!(query_value("x=1", "q"), None);
        assert_eq!(decode(&encode("惠碳 & = ?")), "惠碳 & = ?");
    }
}
