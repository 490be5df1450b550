//! The pieces every page is made of. See them all, in every state, at `/design`.
//!
//! # A page in one minute
//!
//! ```ignore
//! pub async fn credits_retire(State(host): State<Host>, visitor: Visitor) -> PageResult {
//!     let by = require(&host, &visitor, &[Role::ProjectOwner, Role::EventOrganiser])?;   // or 303 / 403
//!     let holdings = host.registry.holdings(&by).await.or_failed(&host, &visitor)?;      // or 404 / 503 / 500
//!     let form = Form::open(&host, &visitor, Act::CreditsRetire, Fields::new()).await;   // what was typed and refused
//!     let lang = visitor.lang;
//!     Ok(Page::new(&host, &visitor, t(lang, "retire.title"))
//!         .crumb(t(lang, "holdings.title"), "/holdings")
//!         .view(move || view! {
//!             <Heading title=t(lang, "retire.title") lead=t(lang, "retire.lead")/>
//!             <ActForm act=Act::CreditsRetire form submit=t(lang, "retire.submit")>
//!                 <Field name="quantity" label=t(lang, "retire.quantity") kind=Kind::Decimal unit="tCO2e"/>
//!                 <Irreversible title=t(lang, "retire.final") confirm=t(lang, "retire.confirm")>
//!                     <p>{t(lang, "retire.becomes_public")}</p>
//!                 </Irreversible>
//!             </ActForm>
//!         }))
//! }
//! ```
//!
//! * Build the view **inside** the closure of [`Page::view`](crate::page::Page::view): parts learn language, session
//!   and form from their surroundings.
//! * A field inside an [`ActForm`] finds its value, its errors and its id by its name. Nothing else to wire.
//! * Texts come from `app/locales/<area>.yml` by `t(lang, "<area>.<name>")`; `tp` fills in values. State names come
//!   from [`state_label`], roles from [`role_label`].
//! * Numbers: [`crate::format`]; with a unit: [`Amount`](number::Amount). Never format by hand.
//! * No inline style, no inline script: the content policy refuses them.

pub mod act_form;
pub mod calculator_form;
pub mod chart;
pub mod data_table;
pub mod field;
pub mod heading;
pub mod notice;
pub mod number;
pub mod shell;
pub mod status;
pub mod summary;
pub mod tasks;
pub mod timeline;

use domain::Role;
use domain::project::{ProjectState, ReportState};

use crate::lang::{Lang, t};

pub use act_form::{ActForm, Irreversible};
pub use chart::{Bar, BarChart};
pub use data_table::{Column, DataTable};
pub use field::{Choice, ErrorSummary, Field, Fieldset, Hidden, Kind};
pub use heading::{CopyableId, Heading, Section, Tab, Tabs, Term};
pub use notice::{Empty, FlashBanner, Notice};
pub use number::{Amount, NumberHero};
pub use status::{StatusHeader, Tag};
pub use summary::{SummaryList, SummaryRow};
pub use tasks::{Task, TaskList, TaskStatus};
pub use timeline::{Event, Timeline};

/// The name of a state of a project or of a monitoring report; an unknown code shows itself.
pub fn state_label(lang: Lang, code: &str) -> String {
    let project = ProjectState::from_code(code).map(|state| (state.name_zh(), state.name_en()));
    let report = || ReportState::from_code(code).map(|state| (state.name_zh(), state.name_en()));
    project
        .or_else(report)
        .map_or(code, |(zh, en)| lang.choose(zh, en))
        .to_owned()
}

/// The name of a state of an event; `None` for other codes.
pub fn event_state_label(lang: Lang, code: &str) -> Option<String> {
    domain::event::EventState::from_code(code)
        .map(|state| t(lang, &format!("event.state_{}", state.code())))
}

/// The name of a role.
pub fn role_label(lang: Lang, role: Role) -> String {
    t(lang, &format!("role.{}", role.code()))
}

/// `class` and, if the condition holds, `class--modifier`.
pub(crate) fn class_if(class: &str, modifier: &str, condition: bool) -> String {
    if condition {
        format!("{class} {class}--{modifier}")
    } else {
        class.to_owned()
    }
}
