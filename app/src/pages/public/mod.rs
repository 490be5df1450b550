//! What anyone may visit.

use axum::Router;
use axum::routing::get;

use crate::host::Host;

pub mod calculators;
mod certificate;
mod class;
mod csv;
mod document;
pub mod filters;
mod help;
pub mod home;
mod methodologies;
mod opinion;
mod project;
mod projects;
mod report;
pub mod retirements;
mod serial;
pub mod shown;
mod statistics;

/// Every page of the public registry and its address.
pub fn routes() -> Router<Host> {
    Router::new()
        .route("/projects", get(projects::projects))
        .route("/projects.csv", get(projects::projects_csv))
        .route("/projects/{id}", get(project::project))
        .route(
            "/projects/{id}/opinions/new",
            get(opinion::project_opinion_new),
        )
        .route("/reports/{id}", get(report::report))
        .route(
            "/reports/{id}/opinions/new",
            get(opinion::report_opinion_new),
        )
        .route("/classes/{class}", get(class::class))
        .route("/serials", get(serial::serial_search))
        .route("/serials/{serial}", get(serial::serial))
        .route("/retirements", get(retirements::retirements))
        .route("/retirements.csv", get(retirements::retirements_csv))
        .route("/retirements/{number}", get(certificate::certificate))
        .route("/statistics", get(statistics::statistics))
        .route("/methodologies", get(methodologies::methodologies))
        .route("/help", get(help::help))
}
