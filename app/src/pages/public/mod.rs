//! What anyone may visit.

use axum::Router;
use axum::routing::get;

use crate::host::Host;
use crate::pages::{attachment, print};

mod asked;
pub mod calculators;
mod certificate;
mod certificate_file;
pub mod check;
mod class;
pub mod compare;
mod complaint;
pub mod csv;
mod document;
mod engagement;
pub mod filters;
mod help;
pub mod home;
pub mod log;
mod methodologies;
mod methodologies_cases;
mod methodologies_formula;
mod methodologies_points;
mod methodologies_show;
pub mod offers;
mod opinion;
pub mod parameters;
mod precheck;
mod project;
mod projects;
mod report;
pub mod retirements;
pub mod rules;
mod sample_size;
pub mod scenes;
mod scheme;
pub mod serial;
pub mod shown;
mod statistics;
mod steps;
mod uniqueness;

/// Every page of the public registry and its address.
pub fn routes() -> Router<Host> {
    Router::new()
        .route("/projects", get(projects::projects))
        .route("/projects.csv", get(projects::projects_csv))
        .route("/projects/{id}", get(project::project))
        .route(
            "/projects/{id}/boundary.geojson",
            get(project::boundary_file),
        )
        .route(
            "/projects/{id}/opinions/new",
            get(opinion::project_opinion_new),
        )
        .route(
            "/projects/{id}/complaints/new",
            get(complaint::project_complaint_new),
        )
        .route("/uniqueness", get(uniqueness::uniqueness))
        .route("/reports/{id}", get(report::report))
        .route(
            "/reports/{id}/opinions/new",
            get(opinion::report_opinion_new),
        )
        .route("/projects/{id}/design.pdf", get(print::public_design_pdf))
        .route(
            "/projects/{id}/design.xlsx",
            get(print::public_design_workbook),
        )
        .route(
            "/reports/{id}/accounting.pdf",
            get(print::public_accounting_pdf),
        )
        .route(
            "/reports/{id}/accounting.xlsx",
            get(print::public_accounting_workbook),
        )
        .route("/attachments/{id}", get(attachment::download))
        .route("/classes/{class}", get(class::class))
        .route("/serials", get(serial::serial_search))
        .route("/serials/{serial}", get(serial::serial))
        .route("/offers", get(offers::offers))
        .route("/offers/{id}", get(offers::offer))
        .route("/retirements", get(retirements::retirements))
        .route("/retirements.csv", get(retirements::retirements_csv))
        .route("/retirements/{number}", get(certificate::certificate))
        .route("/retirements/{number}/check", get(check::check_one))
        .route(
            "/retirements/{number}/certificate.json",
            get(certificate_file::file),
        )
        .route(
            "/retirements/{number}/certificate.pdf",
            get(certificate_file::pdf),
        )
        .route("/check", get(check::check).post(check::check))
        .route("/log", get(log::log))
        .route("/log/follow-log.mjs", get(log::script))
        .route("/statistics", get(statistics::statistics))
        .route("/statistics/steps", get(steps::steps))
        .route(
            sample_size::ADDRESS,
            get(sample_size::sample_size).post(sample_size::sample_size),
        )
        .route("/compare", get(compare::compare).post(compare::compare))
        .route("/methodologies", get(methodologies::methodologies))
        .route(
            "/methodologies/{code}",
            get(methodologies_show::methodology),
        )
        .route(
            "/methodologies/{code}/formulas/{id}",
            get(methodologies_formula::formula),
        )
        .route("/precheck", get(precheck::prechecks))
        .route("/precheck/{code}", get(precheck::precheck))
        .route("/parameters", get(parameters::parameters))
        .route("/rules", get(rules::rules))
        .route("/help", get(help::help))
}
