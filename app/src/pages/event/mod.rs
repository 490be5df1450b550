//! Events: the organiser's pages, the form for attendees, and what anyone may see.

use axum::Router;
use axum::routing::get;
use domain::Role;

use crate::host::Host;

mod answers;
mod attend;
mod cover;
mod data;
mod desk;
pub mod evaluation;
mod evidence;
mod files;
mod flight;
mod live;
mod organisers;
mod overlap;
mod print;
mod public;
mod reach;
mod show;
mod shown;
mod supplier;

pub use evidence::{EvidencePack, dossier_pack, evidence_pack, zip_response};

/// Who may have events.
const ORGANISERS: &[Role] = &[Role::EventOrganiser, Role::ProjectOwner];

/// Every page of the area and its address.
pub fn routes() -> Router<Host> {
    Router::new()
        .route("/desk/events", get(desk::list))
        .route("/desk/events/new", get(desk::new))
        .route("/desk/events/{id}", get(show::show))
        .route("/desk/events/{id}/plan", get(data::plan))
        .route("/desk/events/{id}/inventory", get(data::inventory))
        .route("/desk/events/{id}/inventory.csv", get(data::inventory_csv))
        .route("/desk/events/{id}/attendees", get(data::attendees))
        .route("/desk/events/{id}/suppliers", get(supplier::suppliers))
        .route("/desk/events/{id}/cover", get(cover::cover))
        .route("/desk/events/{id}/organisers", get(organisers::organisers))
        .route("/desk/events/{id}/files", get(files::files))
        .route(
            "/desk/events/{id}/evidence.zip",
            get(evidence::of_organiser),
        )
        .route("/desk/evaluations", get(evaluation::list))
        .route("/desk/evaluations/{event}", get(evaluation::show))
        .route(
            "/desk/evaluations/{event}/evidence.zip",
            get(evidence::of_body),
        )
        .route("/attend/{token}", get(attend::attend))
        .route("/supply/{token}", get(supplier::supply))
        .route("/events", get(public::list))
        .route("/events/{number}", get(public::show))
        .route("/events/{number}/certificate", get(public::certificate))
        .route("/events/{number}/badge.svg", get(public::badge))
        .route("/events/{number}/inventory.csv", get(public::inventory_csv))
        .route("/events/{number}/evidence.zip", get(evidence::archive))
        .route("/events/{number}/report.pdf", get(print::pdf))
        .route("/events/{number}/report.xlsx", get(print::workbook))
}
