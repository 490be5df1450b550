//! The desk: what owners, validation and verification bodies, and the registry do with projects and monitoring reports.

use axum::Router;
use axum::routing::get;

use crate::host::Host;

mod act_page;
pub mod document;
mod edit;
mod inbox;
mod lines;
mod opinions;
mod project;
mod project_edit;
mod projects;
mod record;
mod report;
mod report_edit;
mod reports;

/// Every page of the desk and its address.
pub fn routes() -> Router<Host> {
    Router::new()
        .route("/inbox", get(inbox::inbox))
        .route("/desk/projects", get(projects::list))
        .route("/desk/projects/new", get(projects::new))
        .route("/desk/projects/{id}", get(project::show))
        .route("/desk/projects/{id}/edit", get(project_edit::tasks))
        .route(
            "/desk/projects/{id}/edit/{section}",
            get(project_edit::section),
        )
        .route("/desk/projects/{id}/check", get(project_edit::check))
        .route("/desk/projects/{id}/do/{verb}", get(act_page::project_do))
        .route("/desk/projects/{id}/reports/new", get(reports::new))
        .route("/desk/reports", get(reports::list))
        .route("/desk/reports/{id}", get(report::show))
        .route("/desk/reports/{id}/edit", get(report_edit::tasks))
        .route(
            "/desk/reports/{id}/edit/{section}",
            get(report_edit::section),
        )
        .route("/desk/reports/{id}/check", get(report_edit::check))
        .route("/desk/reports/{id}/do/{verb}", get(act_page::report_do))
}
