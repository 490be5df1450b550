//! Credits: who holds what, moving them, and retiring them for good.

use domain::Instant;
use domain::id::{ClassId, ProjectId};
use serde::{Deserialize, Serialize};

use crate::{By, Error, Fields, Page, PageRequest, Registry};

/// What one organisation holds of one class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holding {
    /// The class: one project and one year of generation.
    pub class: ClassId,
    /// The project.
    pub project: ProjectId,
    /// The project's code.
    pub project_code: String,
    /// The project's name.
    pub project_name: String,
    /// The year of generation.
    pub vintage: i32,
    /// Tonnes that can be moved or retired.
    pub held: i64,
    /// Tonnes this organisation has retired of the class.
    pub retired: i64,
}

/// A block of serial numbers of a holding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HoldingBlock {
    /// `HT-A210001-2024-1-500`.
    pub serial: String,
    /// First number.
    pub start: i64,
    /// Last number.
    pub end: i64,
    /// Tonnes.
    pub quantity: i64,
}

/// A class as a choice in a form: with what the viewer holds of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClassOffer {
    /// The class: the value of the form field.
    pub class: ClassId,
    /// The project's code.
    pub project_code: String,
    /// The project's name.
    pub project_name: String,
    /// The year of generation.
    pub vintage: i32,
    /// Tonnes held.
    pub held: i64,
}

/// Which way credits went, seen from the viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MovementDirection {
    /// Issued to the viewer.
    Issued,
    /// Received from another holder.
    Received,
    /// Sent to another holder.
    Sent,
    /// Retired by the viewer.
    Retired,
}

/// One row of the ledger, seen from one holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Movement {
    /// The transfer's id.
    pub id: String,
    /// When.
    pub at: Instant,
    /// Which way.
    pub direction: MovementDirection,
    /// The other organisation's name, when there is one.
    pub counterpart: Option<String>,
    /// The project's code.
    pub project_code: String,
    /// The project's name.
    pub project_name: String,
    /// The year of generation.
    pub vintage: i32,
    /// Tonnes.
    pub quantity: i64,
    /// The numbers that moved, `HT-A210001-2024-1-500`.
    pub serial: String,
    /// The retirement's number, if it is one.
    pub retirement: Option<String>,
}

/// The answer to a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferredCredits {
    /// The act's id.
    pub act: String,
    /// The receiver's name.
    pub to: String,
    /// Tonnes moved.
    pub quantity: i64,
    /// The blocks that moved.
    pub serials: Vec<String>,
}

/// The answer to a retirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetiredCredits {
    /// The certificate's number, `HTR-2026-000001-5`.
    pub number: String,
    /// Tonnes retired.
    pub quantity: i64,
    /// The blocks that were retired.
    pub serials: Vec<String>,
}

/// A retirement in the holder's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RetirementRow {
    /// The certificate's number.
    pub number: String,
    /// When.
    pub at: Instant,
    /// For whom.
    pub beneficiary: String,
    /// The purpose's code.
    pub purpose: String,
    /// For what.
    pub purpose_text: String,
    /// Tonnes.
    pub quantity: i64,
}

impl Registry {
    /// Moves credits to another holder. Reads `to` (account number), `quantity` (whole tonnes) and either `class` (one class) or
    /// `project` (oldest vintage first); with neither, everything held may be used, oldest vintage first.
    /// Refuses `credits_insufficient`, `transfer_to_oneself`, an unknown account, and quantities that are not whole and positive.
    pub async fn credits_transfer(
        &self,
        by: &By,
        fields: &Fields,
    ) -> Result<TransferredCredits, Error> {
        let _ = (by, fields);
        Err(Error::not_built())
    }

    /// Retires credits, for good. Reads `quantity`, `class` or `project` as a transfer does, and `purpose`, `purpose_text`, `beneficiary`,
    /// `beneficiary_uscc`.
    pub async fn credits_retire(&self, by: &By, fields: &Fields) -> Result<RetiredCredits, Error> {
        let _ = (by, fields);
        Err(Error::not_built())
    }

    /// What the viewer's organisation holds or has retired, by project and vintage.
    pub async fn holdings(&self, by: &By) -> Result<Vec<Holding>, Error> {
        let _ = by;
        Err(Error::not_built())
    }

    /// The blocks of one holding, in the order of the numbers.
    pub async fn holding_blocks(
        &self,
        by: &By,
        class: &ClassId,
    ) -> Result<Vec<HoldingBlock>, Error> {
        let _ = (by, class);
        Err(Error::not_built())
    }

    /// The classes of which the viewer holds anything: choices for the transfer and retirement forms.
    pub async fn class_offers(&self, by: &By) -> Result<Vec<ClassOffer>, Error> {
        let _ = by;
        Err(Error::not_built())
    }

    /// Every movement of the viewer's organisation, newest first.
    pub async fn movements(&self, by: &By, page: &PageRequest) -> Result<Page<Movement>, Error> {
        let _ = (by, page);
        Err(Error::not_built())
    }

    /// The retirements of the viewer's organisation, newest first.
    pub async fn retirements(
        &self,
        by: &By,
        page: &PageRequest,
    ) -> Result<Page<RetirementRow>, Error> {
        let _ = (by, page);
        Err(Error::not_built())
    }
}
