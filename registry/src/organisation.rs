//! Organisations, their accounts, and the approvals of validation and verification bodies.

use domain::id::OrganisationId;
use domain::{Role, Sector};
use serde::{Deserialize, Serialize};
use time::Date;

use crate::{By, Error, Registry};

/// An organisation as itself and the registry see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its unified social credit code.
    pub uscc: String,
    /// Its role.
    pub role: Role,
    /// Its account number, `HT-1000-0001-7`: what others need to transfer credits to it.
    pub account_number: String,
}

/// An organisation made by the operator or by the seed, with its first user.
#[derive(Clone, Debug, Serialize)]
pub struct OrganisationSeed {
    /// Name.
    pub name: String,
    /// Unified social credit code.
    pub uscc: String,
    /// Any role.
    pub role: Role,
    /// The first user's name.
    pub person: String,
    /// The first user's e-mail address.
    pub email: String,
    /// The first user's password hash.
    #[serde(skip)]
    pub password_hash: String,
}

/// An approval of a VVB for one sector.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VvbApproval {
    /// The body.
    pub organisation: OrganisationId,
    /// The body's name.
    pub organisation_name: String,
    /// The sector.
    pub sector: Sector,
    /// The approval number.
    pub approval_number: String,
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day; `None`: open-ended.
    pub to: Option<String>,
    /// The document that says so.
    pub source: String,
}

/// An approval to enter.
#[derive(Clone, Debug)]
pub struct VvbApprovalSeed {
    /// The body.
    pub organisation: OrganisationId,
    /// The sector.
    pub sector: Sector,
    /// The approval number.
    pub approval_number: String,
    /// First day.
    pub from: Date,
    /// Last day; `None`: open-ended.
    pub to: Option<Date>,
    /// The document that says so.
    pub source: String,
}

/// A VVB that may be chosen for a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VvbChoice {
    /// The body: the value of the form field.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its approval number in the sector.
    pub approval_number: String,
    /// Whether it was approved for the sector on the day asked about.
    pub approved: bool,
}

/// The holder behind an account number, as shown before a transfer is confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountTarget {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// The number, in its normal form.
    pub account_number: String,
    /// Whether it may hold credits.
    pub may_hold_credits: bool,
}

impl Registry {
    /// Makes an organisation of any role with its first user. For the seed and the command line, not behind a page.
    /// The same `key` gives the first answer.
    pub async fn organisation_seed(
        &self,
        at: domain::Instant,
        key: &str,
        seed: &OrganisationSeed,
    ) -> Result<crate::SignUpReceipt, Error> {
        let _ = (at, key, seed);
        Err(Error::not_built())
    }

    /// The organisation, seen by itself or by the registry operator; others get `NotFound`.
    pub async fn organisation_get(
        &self,
        by: &By,
        organisation: &OrganisationId,
    ) -> Result<Organisation, Error> {
        let _ = (by, organisation);
        Err(Error::not_built())
    }

    /// The holder of an account number, typed with or without hyphens, in any case and width. `NotFound` if the check
    /// digit or the number is wrong.
    pub async fn account_lookup(
        &self,
        by: &By,
        account_number: &str,
    ) -> Result<AccountTarget, Error> {
        let _ = (by, account_number);
        Err(Error::not_built())
    }

    /// Enters approvals of VVBs. For the seed and the command line. Entering the same again changes nothing.
    pub async fn vvb_approval_seed(
        &self,
        at: domain::Instant,
        key: &str,
        approvals: &[VvbApprovalSeed],
    ) -> Result<(), Error> {
        let _ = (at, key, approvals);
        Err(Error::not_built())
    }

    /// Every approval, by body and sector.
    pub async fn vvb_approval_list(&self) -> Result<Vec<VvbApproval>, Error> {
        Err(Error::not_built())
    }

    /// The bodies to choose from for a sector on a day: approved ones first, each with whether it is.
    pub async fn vvb_choices(&self, sector: Sector, on: Date) -> Result<Vec<VvbChoice>, Error> {
        let _ = (sector, on);
        Err(Error::not_built())
    }
}
