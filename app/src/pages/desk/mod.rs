//! The desk: what owners, validation and verification bodies, and the registry do with projects and monitoring reports.

use axum::Router;
use axum::routing::get;

use crate::host::Host;
use crate::pages::{attachment, print};

mod accounts;
mod act_page;
mod audit;
mod boundary;
pub(super) mod claim;
pub(super) mod complaint;
pub mod document;
mod edit;
pub(super) mod ends;
pub mod engagement;
pub(super) mod green_certificate;
mod inbox;
mod lines;
mod messages;
mod opinions;
mod outbox;
mod parameters;
mod project;
pub(super) mod project_change;
mod project_edit;
mod projects;
mod queue;
pub(super) mod record;
mod report;
mod report_edit;
mod reports;
mod rulebook;
mod scenes;
pub(super) mod table;
mod ties;

/// Every page of the desk and its address.
pub fn routes() -> Router<Host> {
    Router::new()
        .route("/inbox", get(inbox::inbox))
        .route("/desk/mail", get(outbox::outbox))
        .route("/desk/audit", get(audit::audit))
        .route("/desk/projects", get(projects::list))
        .route("/desk/projects/new", get(projects::new))
        .route("/desk/projects/{id}", get(project::show))
        .route("/desk/projects/{id}/edit", get(project_edit::tasks))
        .route(
            "/desk/projects/{id}/edit/{section}",
            get(project_edit::section),
        )
        .route("/desk/projects/{id}/files", get(attachment::project_files))
        .route(
            "/desk/projects/{id}/design.pdf",
            get(print::desk_design_pdf),
        )
        .route(
            "/desk/projects/{id}/design.xlsx",
            get(print::desk_design_workbook),
        )
        .route("/desk/projects/{id}/check", get(project_edit::check))
        .route("/desk/projects/{id}/boundary", get(boundary::show))
        .route("/desk/projects/{id}/boundary.geojson", get(boundary::file))
        .route("/desk/boundary-sample.geojson", get(boundary::sample))
        .route("/desk/projects/{id}/do/{verb}", get(act_page::project_do))
        .route(
            "/desk/projects/{id}/engagement",
            get(engagement::project_engagement),
        )
        .route(
            "/desk/reports/{id}/engagement",
            get(engagement::report_engagement),
        )
        .route("/desk/ties", get(ties::list))
        .route("/desk/projects/{id}/reports/new", get(reports::new))
        .route("/desk/experts", get(ends::experts))
        .route("/desk/accounts", get(accounts::list))
        .route("/desk/accounts/{id}", get(accounts::show))
        .route("/desk/projects/{id}/changes/new", get(project_change::new))
        .route("/desk/changes", get(project_change::list))
        .route("/desk/changes/{id}", get(project_change::show))
        .route("/desk/certificates", get(green_certificate::list))
        .route("/desk/certificates/{id}", get(green_certificate::show))
        .route("/desk/claims", get(claim::list))
        .route("/desk/complaints", get(complaint::list))
        .route("/desk/complaints/{id}", get(complaint::show))
        .route("/desk/parameters", get(parameters::list))
        .route("/desk/parameters/new", get(parameters::new))
        .route("/desk/parameters/{id}", get(parameters::show))
        .route("/desk/scenes", get(scenes::list))
        .route("/desk/scenes/new", get(scenes::new))
        .route("/desk/rules", get(rulebook::list))
        .route("/desk/rules/new/{area}", get(rulebook::new))
        .route("/desk/rules/{id}", get(rulebook::show))
        .route("/desk/reports", get(reports::list))
        .route("/desk/reports/{id}", get(report::show))
        .route("/desk/reports/{id}/edit", get(report_edit::tasks))
        .route(
            "/desk/reports/{id}/edit/{section}",
            get(report_edit::section),
        )
        .route("/desk/reports/{id}/tables/{name}", get(table::download))
        .route("/tables/{methodology}/{stage}/{file}", get(table::template))
        .route("/desk/reports/{id}/files", get(attachment::report_files))
        .route(
            "/desk/reports/{id}/accounting.pdf",
            get(print::desk_accounting_pdf),
        )
        .route(
            "/desk/reports/{id}/accounting.xlsx",
            get(print::desk_accounting_workbook),
        )
        .route("/desk/reports/{id}/check", get(report_edit::check))
        .route("/desk/reports/{id}/do/{verb}", get(act_page::report_do))
}
