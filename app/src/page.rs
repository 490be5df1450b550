//! From a view to a complete HTML document, and the pages that say why there is none.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use domain::Role;
use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use leptos::reactive::owner::Owner;
use methodologies::Parameters;
use registry::By;

use crate::form::problems_from_json;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::parts::field::Refused;
use crate::parts::shell::{Crumb, Shell};
use crate::visitor::{SignedIn, Theme, Visitor, clear_flash_mark, encode};

/// What every part may know about the page it is on.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    /// The language.
    pub lang: Lang,
    /// The colours.
    pub theme: Theme,
    /// The security token of this session's forms.
    pub csrf: String,
    /// This page's address, where its forms come back to.
    pub here: String,
    /// Who is signed in.
    pub signed_in: Option<Arc<SignedIn>>,
    /// How many messages to the organisation are unread.
    pub unread: i64,
    /// Demo mode.
    pub demo: bool,
    /// The address people use, without a slash at the end.
    pub public_url: Arc<str>,
    /// The parameter set in force, on pages that name scenes of carbon inclusion.
    pub numbers: Arc<Parameters>,
    /// Set by the first form that shows what was refused.
    pub errors_shown: Arc<AtomicBool>,
}

/// The scene of the page being rendered.
pub fn scene() -> Scene {
    use_context().unwrap_or_default()
}

/// A page about to be rendered.
///
/// ```ignore
/// Page::new(&host, &visitor, t(lang, "project.list_title"))
///     .description(t(lang, "project.list_description"))
///     .view(move || view! { <Heading title=t(lang, "project.list_title")/> … })
/// ```
pub struct Page<'a> {
    host: &'a Host,
    visitor: &'a Visitor,
    title: String,
    description: String,
    status: StatusCode,
    crumbs: Vec<Crumb>,
    wide: bool,
    numbers: Arc<Parameters>,
}

impl<'a> Page<'a> {
    /// A page with this title (without the name of the platform).
    pub fn new(host: &'a Host, visitor: &'a Visitor, title: impl Into<String>) -> Self {
        let (title, description) = (title.into(), String::new());
        Self {
            host,
            visitor,
            title,
            description,
            status: StatusCode::OK,
            crumbs: Vec::new(),
            wide: false,
            numbers: Arc::default(),
        }
    }

    /// One sentence for search engines and link previews.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = text.into();
        self
    }

    /// Another status than 200.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// One more step of the way to this page, outermost first; the page itself is added at the end.
    #[must_use]
    pub fn crumb(mut self, label: impl Into<String>, address: impl Into<String>) -> Self {
        self.crumbs.push(Crumb {
            label: label.into(),
            address: address.into(),
        });
        self
    }

    /// Uses the whole width: for tables and for a form with its calculation beside it.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// The parameter set in force: scenes that operators defined have their names from it.
    #[must_use]
    pub fn numbers(mut self, set: Parameters) -> Self {
        self.numbers = Arc::new(set);
        self
    }

    /// Renders the page. Build the view inside the closure: parts learn the language and the session from it.
    pub fn view<V: IntoView + 'static>(
        self,
        view: impl FnOnce() -> V + Send + 'static,
    ) -> Response {
        let html = self.html(view);
        let mut response = (self.status, Html(html)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-cache"),
        );
        headers.insert(
            header::CONTENT_LANGUAGE,
            HeaderValue::from_static(self.visitor.lang.html()),
        );
        headers.insert(
            header::VARY,
            HeaderValue::from_static("Accept-Language, Cookie"),
        );
        if !self.visitor.flashes.is_empty() {
            clear_flash_mark(headers, self.host);
        }
        response
    }

    fn html<V: IntoView + 'static>(&self, view: impl FnOnce() -> V + Send + 'static) -> String {
        let visitor = self.visitor;
        let scene = Scene {
            lang: visitor.lang,
            theme: visitor.theme,
            csrf: visitor.csrf.clone(),
            here: visitor.here.clone(),
            signed_in: visitor.signed_in.clone().map(Arc::new),
            unread: visitor.unread,
            demo: self.host.demo,
            public_url: self.host.public_url.clone(),
            numbers: self.numbers.clone(),
            errors_shown: Arc::default(),
        };
        let (crumbs, title, flashes, now, wide) = (
            self.crumbs.clone(),
            self.title.clone(),
            visitor.flashes.clone(),
            visitor.now,
            self.wide,
        );
        let shell_scene = scene.clone();
        // what was refused and no form of this page shows: the reasons stand at its top instead of nowhere
        let refused = visitor.remembered.as_ref();
        let refused = refused.map_or_else(Vec::new, |memory| problems_from_json(&memory.refusals));
        let body = render(shell_scene, move || {
            let contents = view().into_any();
            let refused = if scene_shows_errors() {
                Vec::new()
            } else {
                refused
            };
            view! { <Shell crumbs title flashes now wide><Refused problems=refused/>{contents}</Shell> }
        });
        // only a page with an island tells the loader where the WebAssembly is
        let has_island = body.contains("<leptos-island");
        let assets = &self.host.assets;
        let head = Head {
            title: format!("{} · {}", self.title, t(scene.lang, "shell.name")),
            description: self.description.clone(),
            style: assets.address("huitan.css"),
            icon: assets.address("favicon.svg"),
            script: assets.address("islands.js"),
            module: has_island.then(|| assets.address("pkg/huitan.js")),
            // only a page with a calculator tells where the formulas are, and only those it needs
            worker: formulas_of(&body).map(|module| {
                (
                    assets.address("worker.js"),
                    assets.address(&format!("pkg/calculator-{module}.js")),
                )
            }),
            // only a page that checks certificates loads the program that does
            checker: body
                .contains("data-check=\"")
                .then(|| (assets.address("check.js"), assets.address("pkg/check.js"))),
        };
        let document = render(scene.clone(), move || document(&scene, head, body));
        format!("<!DOCTYPE html>{document}")
    }
}

/// The WebAssembly module that the calculator of a page asks for.
fn formulas_of(body: &str) -> Option<&str> {
    // nothing that somebody typed can look like this: of `<` and `"` one is escaped in a text, the other in an attribute
    let (_, rest) = body.split_once("<div data-formulas=\"")?;
    rest.split('"').next()
}

fn scene_shows_errors() -> bool {
    scene().errors_shown.load(Ordering::Relaxed)
}

/// What the head of the document names.
struct Head {
    title: String,
    description: String,
    style: String,
    icon: String,
    script: String,
    module: Option<String>,
    worker: Option<(String, String)>,
    checker: Option<(String, String)>,
}

fn document(scene: &Scene, head: Head, body: String) -> impl IntoView + use<> {
    let theme = (scene.theme != Theme::Auto).then(|| scene.theme.code());
    let preload = head.module.clone();
    let checker = head.checker.map(|(script, module)| {
        view! { <script type="module" src=script id="checker" data-module=module></script> }
    });
    let (worker, calculator) = head.worker.unzip();
    view! {
        <html lang=scene.lang.html() data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <title>{head.title}</title>
                {(!head.description.is_empty()).then(|| view! { <meta name="description" content=head.description/> })}
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href=head.icon type="image/svg+xml"/>
                <link rel="stylesheet" href=head.style/>
                {preload.map(|module| view! { <link rel="modulepreload" href=module/> })}
                <script type="module" src=head.script id="loader" data-module=head.module data-worker=worker data-calculator=calculator></script>
                {checker}
            </head>
            <body inner_html=body></body>
        </html>
    }
}

/// Renders a view to HTML, at once and on this thread: nothing of it outlives the call or meets another request.
fn render<V: IntoView + 'static>(scene: Scene, view: impl FnOnce() -> V) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| {
        provide_context(scene);
        view().into_view().to_html()
    });
    owner.unset_with_forced_cleanup();
    html
}

/// A handler's answer: a page, or the page that says why there is none.
pub type PageResult = Result<Response, Failed>;

/// The answer of a handler that could not do what was asked: already a complete page.
#[derive(Debug)]
pub struct Failed(Box<Response>);

impl From<Response> for Failed {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// Turns an error of the registry into the page that says so: `registry.project_get(…).await.or_failed(&host, &visitor)?`.
pub trait OrFailed<T> {
    /// The value, or the page for the error.
    fn or_failed(self, host: &Host, visitor: &Visitor) -> Result<T, Failed>;
}

impl<T> OrFailed<T> for Result<T, registry::Error> {
    fn or_failed(self, host: &Host, visitor: &Visitor) -> Result<T, Failed> {
        self.map_err(|error| {
            let status = match &error {
                registry::Error::NotFound | registry::Error::Refused(_) => StatusCode::NOT_FOUND,
                registry::Error::Forbidden => StatusCode::FORBIDDEN,
                registry::Error::Busy => StatusCode::SERVICE_UNAVAILABLE,
                registry::Error::Store(reason) => {
                    tracing::error!(reason, "the store failed");
                    StatusCode::INTERNAL_SERVER_ERROR
                }
            };
            error_page(host, visitor, status).into()
        })
    }
}

impl<T> OrFailed<T> for Option<T> {
    fn or_failed(self, host: &Host, visitor: &Visitor) -> Result<T, Failed> {
        self.ok_or_else(|| error_page(host, visitor, StatusCode::NOT_FOUND).into())
    }
}

/// Who is looking, if one of these roles (any, if empty); otherwise the way to the sign-in, or the page that says no. A person whose account
/// waits for a guardian is led to the page that says so from every page of persons.
pub fn require(host: &Host, visitor: &Visitor, roles: &[Role]) -> Result<By, Failed> {
    let waits = |person: &SignedIn| person.waits_for_guardian && roles.contains(&person.role);
    if visitor.signed_in.as_ref().is_some_and(waits) {
        return Err(crate::acts::see_other("/me/guardian").into());
    }
    require_waiting(host, visitor, roles)
}

/// The same for the pages that are also for a person whose account waits.
pub fn require_waiting(host: &Host, visitor: &Visitor, roles: &[Role]) -> Result<By, Failed> {
    let by = visitor.by("").ok_or_else(|| sign_in_first(&visitor.here))?;
    if roles.is_empty() || roles.contains(&by.role) {
        Ok(by)
    } else {
        Err(error_page(host, visitor, StatusCode::FORBIDDEN).into())
    }
}

/// The way to the sign-in and, after it, back to where the visitor was.
pub fn sign_in_first(back: &str) -> Response {
    crate::acts::see_other(&format!("/sign-in?next={}", encode(back)))
}

/// The page for a status: what happened, and what the person can do. 403, 404, 413, 415, 429, 500 and 503 have
/// their own texts; any other status shows that of 500.
pub fn error_page(host: &Host, visitor: &Visitor, status: StatusCode) -> Response {
    let lang = visitor.lang;
    let known = [403, 404, 413, 415, 429, 500, 503];
    let number = if known.contains(&status.as_u16()) {
        status.as_u16()
    } else {
        500
    };
    let title = t(lang, &format!("error.title_{number}"));
    let heading = title.clone();
    let mut response = Page::new(host, visitor, title)
        .status(status)
        .view(move || {
            view! {
                <div class="error-page">
                    <p class="error-page__number">{number}</p>
                    <h1>{heading}</h1>
                    <p>{t(lang, &format!("error.text_{number}"))}</p>
                    <p><a class="button button--secondary" href="/">{t(lang, "error.home")}</a></p>
                </div>
            }
        });
    if number == 503 {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
    response
}

/// What is shown where there is no page.
pub async fn not_found(
    axum::extract::State(host): axum::extract::State<Host>,
    visitor: Visitor,
) -> Response {
    error_page(&host, &visitor, StatusCode::NOT_FOUND)
}
