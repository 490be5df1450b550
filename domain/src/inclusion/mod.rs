//! Carbon inclusion (碳普惠): whose gram it is, what may become of it, and how a person's points follow from it.
//!
//! Two ledgers share one set of lots. A lot is the milligrams of one act; each milligram is in exactly one [`Place`]. Points are issued on
//! the cumulative sum of settled milligrams, one for every full gram, so that no rounding is lost. No national rule was found for any of
//! this: it is a design of this platform, its numbers are parameters with a day and a version.

pub mod badge;
pub mod batch;
pub mod consent;
pub mod crowd;
pub mod expiry;
pub mod group;
pub mod guard;
pub mod guardian;
pub mod identity;
pub mod lot;
pub mod person;
pub mod phone;
pub mod place;
pub mod points;
pub mod rating;
pub mod review;

pub use badge::{Badges, FamilyBadge, Progress, SceneCount};
pub use batch::{CutItem, Cutter, Line, LineItem, Origin, SampleVerdict};
pub use consent::{ConsentStanding, ConsentText, Purpose};
pub use expiry::ExpiryKind;
pub use group::{GroupKind, NewGroup, NewStaffGroup};
pub use guard::{Guards, Overlap, Trip, TripKind};
pub use guardian::RequestState;
pub use identity::{Document, DocumentKind};
pub use lot::{LotPart, Taken};
pub use person::{AccountState, NewPerson};
pub use place::{MOVEMENTS, Place};
pub use points::{PointMove, PointPlace, PointUnit, Standing};
pub use rating::{Grade, RatedPart, Rating, RatingPart, YearFacts};
pub use review::Decision;

/// Milligrams behind one point.
pub const MG_PER_POINT: i64 = methodologies::inclusion::MILLIGRAMS_PER_GRAM;
