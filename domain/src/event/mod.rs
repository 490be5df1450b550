//! The carbon neutrality of an event: its life, its boundary, the units that may neutralise it, what attendees tell.
//!
//! It follows the guide to carbon neutrality of large events (trial), announcement 19 of 2019 of the Ministry of Ecology and
//! Environment: reduce first, account for what actually occurred, neutralise it, say so with the evidence. What is said to rest
//! on "design" is this platform's, not the guide's.

mod attendee;
mod evidence;
mod flight;
mod gift;
mod inventory;
mod life;
mod overlap;
mod profile;
mod reminder;
mod supplier;
mod template;
mod unit;

pub use attendee::{
    ANSWERS_PER_HOUR_MIN, ANSWERS_PER_SENDER_MIN, ATTENDEE_COLUMNS, Answer, AttendeeSums,
    CHANGES_PER_HOUR, FormLimits, SenderCount, TRAVEL_MODES, TravelMode, attendee_lines,
    city_distance_km, city_names, read_answer, read_attendees,
};
pub use evidence::{EvidenceLine, evidence_lines, find_evidence_line};
pub use flight::{Flight, FlightEnd, FlightLine, FlightProblem, MeasureFlight, flight_between};
pub use gift::{gift_tonnes, split_by_gifts};
pub use inventory::{
    QUICK_REASON, append_inventory, at_line_fields, event_footprint, inventory_header,
    read_inventory, typed_line, write_inventory,
};
pub use life::{
    EVENT_ROWS, EventFacts, EventGuard, EventRow, EventState, EventStep, check, deadline, settled,
};
pub use overlap::{
    Overlap, OverlapChoice, OverlapCounts, of_subject, overlaps, read_overlap, without_subjects,
};
pub use profile::{EVENT_KINDS, EventProfile, Exclusion, LINES_HEADER, line_of, required_classes};
pub use reminder::{DEADLINE_REMINDERS, DeadlineReminder, days_left, due_reminder};
pub use supplier::{
    SUPPLIER_LINES_MAX, SUPPLIER_LINES_PER_HOUR, SUPPLIERS_MAX, SupplierLine, SupplierRequest,
    at_decision, check_supplier_limits, read_decision,
};
pub use template::{EVENT_TEMPLATES, EventTemplate, Per, TemplateLine, TravelShares};
pub use unit::{EventUnit, UnitKind, counted_tonnes, order_of_preference, read_unit};
