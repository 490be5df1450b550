//! The ledger of credits: who holds which tonnes, and the postings of each business act.
//!
//! A class is one project and one year of generation (trading rules art. 10); its unit is 1 tCO2e, whole.
//! Each act is one pure function that takes what the holder has and answers with a [`Posting`] or a refusal.

mod account;
mod beneficiary;
mod bulk;
mod by_class;
mod correction;
mod hold;
pub mod model;
mod offer;
mod paper;
mod posting;
mod retirement;

pub use account::{AccountKey, AccountKind, CreditClass, HeldBlock};
pub use beneficiary::{BENEFICIARY_NOTE_MAX, BeneficiaryEntry, BeneficiaryKind, check_personal};
pub use bulk::{
    BULK_COLUMNS, BULK_ROWS_MAX, BulkRow, BulkSource, RowPosting, bulk_example, plan_bulk,
    read_bulk,
};
pub use by_class::{BLOCKS_CHOSEN_MAX, ClassDemand};
pub use correction::{
    CORRECTION_REASON_MAX, CertificateCorrection, CertificateWording, HolderName,
};
pub use hold::{
    Destination, Ender, HOLD_ENDS, HoldKind, HoldOutcome, SetAsideBlock, check_authority, end_hold,
    move_between, set_aside,
};
pub use offer::{OFFER_DAYS_MAX, OfferRequest, PRICE_FEN_MAX, read_price, total_fen, yuan_text};
pub use paper::{
    AssignGround, OffsetMarket, OffsetRequest, OffsetRule, OrderPaper, cancel_by, order_text,
    short_reason,
};
pub use posting::{Demand, Posting, Transfer, issue, retire, transfer};
pub use retirement::{
    EvidenceField, PURPOSE_TEXT_MAX, Purpose, PurposeEvidence, RetirementRequest,
};

/// The largest quantity of one act or one class, tonnes: far above any project, far below overflow.
pub const QUANTITY_MAX: i64 = 1_000_000_000_000;
