//! The life of a project and of a monitoring report: states, events, guards, documents.
//!
//! Two literal tables ([`PROJECT_TRANSITIONS`], [`REPORT_TRANSITIONS`]) hold every allowed pair of state
//! and event. A transition takes the state it starts from and returns the next one or a refusal;
//! the guards listed in its row are asked with the facts that the caller has gathered.

pub mod design;
pub mod document;
pub mod ending;
pub mod guard;
mod machine;
pub mod monitoring;
mod project_table;
mod report_table;

pub use design::{DesignSection, ProjectDesign, design_sections, section_status};
pub use document::{Fields, SectionStatus};
pub use guard::{
    Ban, GreenCertificateChoice, ProjectFacts, ProjectGuard, ReportFacts, ReportGuard, VvbApproval,
    VvbStanding, YearAmount,
};
pub use machine::{
    Actor, Clock, ClockStart, Days, Party, PublicTab, Transition, paused_working_days,
    publicity_window,
};
pub use monitoring::{MonitoringReport, ReportBasis, ReportSection, report_sections};
pub use project_table::{PROJECT_TRANSITIONS, ProjectEvent, ProjectState};
pub use report_table::{REPORT_TRANSITIONS, ReportEvent, ReportState};
