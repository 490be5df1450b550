//! Organisations, their accounts, and the approvals of validation and verification bodies.

use domain::account::AccountState;
use domain::id::OrganisationId;
use domain::{Role, Sector};
use serde::{Deserialize, Serialize};
use time::Date;

use crate::account::account_state_of;
use crate::number;
use crate::perform::{Deed, Done, perform};
use crate::rulebook;
use crate::store::people::{self, OrganisationRow};
use crate::user::NewOrganisation;
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
    /// Where its account stands.
    pub account_state: AccountState,
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
    /// Whether it may receive credits: by its role, and because its account is open.
    pub may_hold_credits: bool,
}

impl Registry {
    /// Makes an organisation of any role with its first user and an open account. For the seed and the command line, not behind a page.
    /// The same `key` gives the first answer.
    pub async fn organisation_seed(
        &self,
        at: domain::Instant,
        key: &str,
        seed: &OrganisationSeed,
    ) -> Result<crate::SignUpReceipt, Error> {
        let new = NewOrganisation::checked(
            Ok(seed.role),
            ("name", &seed.name),
            ("uscc", &seed.uscc),
            ("person", &seed.person),
            ("email", &seed.email),
        )?;
        let deed = Deed::by_seed("organisation_seed", key, at, &new)?;
        perform!(self, deed, |tx| {
            new.insert(tx, &seed.password_hash, AccountState::Open)
                .await
        })
    }

    /// The organisation, seen by itself or by the registry operator; others get `NotFound`.
    pub async fn organisation_get(
        &self,
        by: &By,
        organisation: &OrganisationId,
    ) -> Result<Organisation, Error> {
        if *organisation != by.organisation && by.role != Role::RegistryOperator {
            return Err(Error::NotFound);
        }
        let mut connection = self.store.read().await?;
        let row = people::organisation_by_id(&mut connection, organisation.as_str()).await?;
        let row = row.ok_or(Error::NotFound)?;
        // a person is seen by themselves only
        if row.role == Role::Individual.code() && *organisation != by.organisation {
            return Err(Error::NotFound);
        }
        organisation_of(row)
    }

    /// The holder of an account number, typed with or without hyphens, in any case and width. `NotFound` if the check
    /// digit or the number is wrong.
    pub async fn account_lookup(
        &self,
        by: &By,
        account_number: &str,
    ) -> Result<AccountTarget, Error> {
        let _ = by;
        let number = number::read_account_number(account_number).ok_or(Error::NotFound)?;
        let mut connection = self.store.read().await?;
        let row = people::organisation_by_account(&mut connection, &number).await?;
        let found = organisation_of(row.ok_or(Error::NotFound)?)?;
        Ok(AccountTarget {
            may_hold_credits: found.role.may_hold_credits() && found.account_state.is_active(),
            organisation: found.id,
            name: found.name,
            account_number: found.account_number,
        })
    }

    /// Enters approvals of VVBs. For the seed and the command line. Entering the same again changes nothing.
    pub async fn vvb_approval_seed(
        &self,
        at: domain::Instant,
        key: &str,
        approvals: &[VvbApprovalSeed],
    ) -> Result<(), Error> {
        let body: Vec<_> = approvals
            .iter()
            .map(|one| {
                let to = one.to.map(|day| day.to_string());
                (
                    one.organisation.as_str(),
                    one.sector.code(),
                    &one.approval_number,
                    one.from.to_string(),
                    to,
                    &one.source,
                )
            })
            .collect();
        let deed = Deed::by_seed("vvb_approval_seed", key, at, &body)?;
        perform!(self, deed, |tx| {
            for (organisation, sector, number, from, to, source) in &body {
                people::approval_put(
                    tx.connection(),
                    organisation,
                    sector,
                    number,
                    from,
                    to.as_deref(),
                    source,
                )
                .await?;
            }
            Ok(Done {
                subject_kind: "setting",
                subject: "vvb_approval".to_owned(),
                state: None,
                note: None,
                is_public: false,
                answer: (),
            })
        })
    }

    /// Every approval, by body and sector.
    pub async fn vvb_approval_list(&self) -> Result<Vec<VvbApproval>, Error> {
        let mut connection = self.store.read().await?;
        let rows = rulebook::approvals(&mut connection, None).await?;
        rows.into_iter()
            .map(|row| {
                Ok(VvbApproval {
                    organisation: row.organisation_id.into(),
                    organisation_name: row.organisation_name,
                    sector: sector_of(&row.sector)?,
                    approval_number: row.approval_number,
                    from: row.valid_from,
                    to: row.valid_to,
                    source: row.source,
                })
            })
            .collect()
    }

    /// The bodies to choose from for a sector on a day: approved ones first, each with whether it is.
    pub async fn vvb_choices(&self, sector: Sector, on: Date) -> Result<Vec<VvbChoice>, Error> {
        let mut connection = self.store.read().await?;
        let bodies = people::vvb_all(&mut connection).await?;
        let approvals = rulebook::approvals(&mut connection, None).await?;
        let on = on.to_string();
        let mut choices: Vec<VvbChoice> = bodies
            .into_iter()
            .filter_map(|body| {
                let mut known = approvals
                    .iter()
                    .filter(|one| one.organisation_id == body.id && one.sector == sector.code());
                let in_force = |from: &str, to: Option<&str>| {
                    from <= on.as_str() && to.is_none_or(|to| on.as_str() <= to)
                };
                let first = known
                    .clone()
                    .find(|one| in_force(&one.valid_from, one.valid_to.as_deref()));
                let approved = first.is_some();
                let shown = first.or_else(|| known.next())?;
                Some(VvbChoice {
                    organisation: body.id.into(),
                    name: body.name,
                    approval_number: shown.approval_number.clone(),
                    approved,
                })
            })
            .collect();
        choices.sort_by_key(|choice| !choice.approved);
        Ok(choices)
    }
}

/// The role of a stored code.
pub(crate) fn role_of(code: &str) -> Result<Role, Error> {
    Role::from_code(code).ok_or_else(|| Error::Store(format!("unknown role {code}")))
}

/// The sector of a stored code.
pub(crate) fn sector_of(code: &str) -> Result<Sector, Error> {
    Sector::from_code(code).ok_or_else(|| Error::Store(format!("unknown sector {code}")))
}

pub(crate) fn organisation_of(row: OrganisationRow) -> Result<Organisation, Error> {
    Ok(Organisation {
        role: role_of(&row.role)?,
        id: row.id.into(),
        name: row.name,
        uscc: row.uscc,
        account_number: row.account_number,
        account_state: account_state_of(&row.account_state)?,
    })
}
