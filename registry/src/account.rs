//! The registry account of an organisation: opening, change of data, restriction and restoring, closing (registration rules art. 5-11).

use domain::account::{
    AccountData, AccountEvent, AccountState, ApplicationKind, ClosingGround, MemberRole,
    RestrictionGround, business_is_finished, change_is_late, decision_due,
};
use domain::id::OrganisationId;
use domain::project::Party;
use domain::refusal::codes;
use domain::rulebook::LimitCode;
use domain::{Act, Calendar, Instant, Refusal, Role};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use crate::organisation::role_of;
use crate::perform::{Deed, Done, Tx, new_id, perform};
use crate::record::{RecordKind, State, reason};
use crate::show::working_days_left;
use crate::store::account::{self as store, AccountRow, ApplicationRow, NewApplication};
use crate::{By, Error, Fields, Page, PageRequest, Registry};

/// Waiting applications on one page of the registry's list; the next come as these are decided.
const WAITING_MAX: i64 = 200;

/// The answer to an act about an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountReceipt {
    /// The application or restriction.
    pub id: String,
    /// The state of the account afterwards.
    pub account_state: AccountState,
}

/// An account as its holder and the registry see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountView {
    /// The holder.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its unified social credit code.
    pub uscc: String,
    /// Its role.
    pub role: Role,
    /// The account's number.
    pub account_number: String,
    /// Where the account stands.
    pub state: AccountState,
    /// What the registry holds about the holder; `None` where nothing was ever applied for: accounts that were there before
    /// applications were kept, and appointed bodies.
    pub data: Option<AccountData>,
    /// When it was opened on an application.
    pub opened_at: Option<Instant>,
    /// Applications and restrictions, newest first.
    pub applications: Vec<AccountApplication>,
    /// What this viewer may do now.
    pub allowed: Vec<Act>,
}

/// An application about an account, or a restriction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountApplication {
    /// Its id.
    pub id: String,
    /// What it asks for.
    pub kind: ApplicationKind,
    /// `waiting`, `approved`, `refused`, or `imposed` for a restriction.
    pub state: String,
    /// What stood before, for a change.
    pub before: Option<AccountData>,
    /// What was applied for, for an opening or a change.
    pub after: Option<AccountData>,
    /// The day of the change, `YYYY-MM-DD`.
    pub changed_on: Option<String>,
    /// Applied for more than 15 working days after it.
    pub is_late: bool,
    /// The ground of a restriction or closing: a code of [`RestrictionGround`] or [`ClosingGround`].
    pub ground: Option<String>,
    /// What was written beside it.
    pub reason: Option<String>,
    /// Name of the person who applied, or of the operator who restricted.
    pub applicant: String,
    /// When it was received.
    pub received_at: Instant,
    /// The last day for the decision; `None` where it cannot be computed yet.
    pub due_on: Option<String>,
    /// Working days from today to that day, while it waits; negative when overdue.
    pub working_days_left: Option<i64>,
    /// Name of the person who decided.
    pub decider: Option<String>,
    /// When.
    pub decided_at: Option<Instant>,
    /// The reasons of a refusal.
    pub decision_reason: Option<String>,
}

/// An account in the registry's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountListRow {
    /// The holder.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its role.
    pub role: Role,
    /// The account's number.
    pub account_number: String,
    /// Where the account stands.
    pub state: AccountState,
    /// What is applied for and waits for the registry.
    pub waiting: Option<ApplicationKind>,
    /// The last day for that decision.
    pub due_on: Option<String>,
    /// Working days from today to that day; negative when overdue.
    pub working_days_left: Option<i64>,
}

impl Registry {
    /// The viewer's own account.
    pub async fn account_get(&self, by: &By) -> Result<AccountView, Error> {
        self.account_view(by, &by.organisation).await
    }

    /// The account of an organisation, for the registry operator; the holder sees its own; others get `NotFound`.
    pub async fn account_of(
        &self,
        by: &By,
        organisation: &OrganisationId,
    ) -> Result<AccountView, Error> {
        if by.role != Role::RegistryOperator && *organisation != by.organisation {
            return Err(Error::NotFound);
        }
        self.account_view(by, organisation).await
    }

    async fn account_view(
        &self,
        by: &By,
        organisation: &OrganisationId,
    ) -> Result<AccountView, Error> {
        let mut connection = self.store.read().await?;
        let row = store::account(&mut connection, organisation.as_str()).await?;
        let row = row.ok_or(Error::NotFound)?;
        // a person is seen by themselves only
        if row.role == Role::Individual.code() && *organisation != by.organisation {
            return Err(Error::NotFound);
        }
        let applications = store::applications(&mut connection, &row.id).await?;
        let member = store::standing_of_user(&mut connection, by.user.as_str()).await?;
        let member = member_role_of(&member.ok_or(Error::NotFound)?.0)?;
        let calendar = crate::rulebook::in_force(&mut connection).await?.calendar;
        let applications: Result<Vec<_>, Error> = applications
            .into_iter()
            .map(|row| application_view(by, &calendar, row))
            .collect();
        view(by, member, row, applications?)
    }

    /// What waits for a decision of the registry, the oldest application first. [`Error::Forbidden`] for others than operators.
    pub async fn account_waiting(&self, by: &By) -> Result<Vec<AccountListRow>, Error> {
        only_operator(by)?;
        let mut connection = self.store.read().await?;
        let rows = store::accounts_waiting(&mut connection, WAITING_MAX).await?;
        let calendar = crate::rulebook::in_force(&mut connection).await?.calendar;
        rows.into_iter()
            .map(|row| list_row(by, &calendar, row))
            .collect()
    }

    /// Every account but the registry's own, the newest first. [`Error::Forbidden`] for others than operators.
    pub async fn account_list(
        &self,
        by: &By,
        page: &PageRequest,
    ) -> Result<Page<AccountListRow>, Error> {
        only_operator(by)?;
        let mut connection = self.store.read().await?;
        let rows = store::accounts(&mut connection, page.before(), page.rows() + 1).await?;
        let calendar = crate::rulebook::in_force(&mut connection).await?.calendar;
        let rows: Result<Vec<_>, Error> = rows
            .into_iter()
            .map(|row| list_row(by, &calendar, row))
            .collect();
        Ok(Page::cut(rows?, page.rows(), |row| {
            row.organisation.as_str().to_owned()
        }))
    }

    /// Applies for opening the account, or again after a refusal. Reads what [`AccountData::read`] reads; the name is the organisation's.
    pub async fn account_apply(&self, by: &By, fields: &Fields) -> Result<AccountReceipt, Error> {
        let deed = Deed::by(Act::AccountApply, by, fields)?;
        perform!(self, deed, |tx| {
            let row = own_account(tx, by).await?;
            let state = account_state_of(&row.account_state)?.after(AccountEvent::Apply)?;
            let mut typed = fields.clone();
            typed.remove("name");
            let data = AccountData::read(&typed, by.role, &row.name, tx.at.beijing_date())?;
            let application = Application {
                after: Some(json_of(&data)?),
                ..Application::of(ApplicationKind::Opening)
            };
            receive(tx, by, state, &application).await
        })
    }

    /// Applies for a change of what the registry holds about the holder. Reads what [`AccountData::read`] reads, `changed_on` (the day
    /// of the change) and `reason` (may be empty). A change reported more than 15 working days later is marked as late, not refused.
    pub async fn account_change(&self, by: &By, fields: &Fields) -> Result<AccountReceipt, Error> {
        let deed = Deed::by(Act::AccountChange, by, fields)?;
        perform!(self, deed, |tx| {
            let row = own_account(tx, by).await?;
            let state = account_state_of(&row.account_state)?.after(AccountEvent::Change)?;
            let today = tx.at.beijing_date();
            let typed = |field: &str| fields.get(field).map_or("", String::as_str);
            let data = AccountData::read(fields, by.role, &row.name, today);
            let changed_on = domain::text::date("changed_on", typed("changed_on"));
            let book = crate::rulebook::in_force(tx.connection()).await?;
            let days = |day| book.limit(LimitCode::AccountChange, day);
            let late = changed_on
                .clone()
                .and_then(|day| change_is_late(&book.calendar, day, today, days(day)));
            let reason = domain::text::optional_text("reason", typed("reason"), 2000);
            let (data, changed_on, late, reason) = match (data, changed_on, late, reason) {
                (Ok(data), Ok(changed_on), Ok(late), Ok(reason)) => {
                    (data, changed_on, late, reason)
                }
                (data, _, late, reason) => {
                    let mut refusals = data.err().unwrap_or_default();
                    refusals.extend([late.err(), reason.err()].into_iter().flatten());
                    return Err(refusals.into());
                }
            };
            let before = data_of(row.account_data.as_deref())?;
            if before.as_ref() == Some(&data) {
                return Err(Refusal::new(codes::NOTHING_CHANGED).into());
            }
            let application = Application {
                before: row.account_data.clone(),
                after: Some(json_of(&data)?),
                changed_on: Some(changed_on.to_string()),
                is_late: late,
                reason,
                ..Application::of(ApplicationKind::Change)
            };
            receive(tx, by, state, &application).await
        })
    }

    /// Applies for lifting a restriction. Reads `reason`: what was put right.
    pub async fn account_request_restore(
        &self,
        by: &By,
        fields: &Fields,
    ) -> Result<AccountReceipt, Error> {
        let deed = Deed::by(Act::AccountRequestRestore, by, fields)?;
        perform!(self, deed, |tx| {
            let row = own_account(tx, by).await?;
            let state = account_state_of(&row.account_state)?.after(AccountEvent::AskRestoring)?;
            let application = Application {
                reason: Some(reason(fields)?),
                ..Application::of(ApplicationKind::Restoring)
            };
            receive(tx, by, state, &application).await
        })
    }

    /// Applies for closing. Reads `ground` ([`ClosingGround`]), `reason` and `confirm`. Refused while credits are held, records are on
    /// their way or orders wait; from then on the account cannot be used.
    pub async fn account_request_closing(
        &self,
        by: &By,
        fields: &Fields,
    ) -> Result<AccountReceipt, Error> {
        let deed = Deed::by(Act::AccountRequestClosing, by, fields)?;
        perform!(self, deed, |tx| {
            let row = own_account(tx, by).await?;
            let state = account_state_of(&row.account_state)?.after(AccountEvent::AskClosing)?;
            let ground = ground(fields, ClosingGround::from_code)?.code();
            let reason = reason(fields)?;
            check_finished(tx, &row.id).await?;
            let application = Application {
                ground: Some(ground),
                reason: Some(reason),
                ..Application::of(ApplicationKind::Closing)
            };
            receive(tx, by, state, &application).await
        })
    }

    /// The registry grants an application: the account is opened, its data changed, it is restored or closed.
    pub async fn account_approve(
        &self,
        by: &By,
        application: &str,
    ) -> Result<AccountReceipt, Error> {
        let deed = Deed::by(Act::AccountApprove, by, &application)?;
        perform!(self, deed, |tx| {
            let row = waiting(tx, application).await?;
            if kind_of(&row.kind)? == ApplicationKind::Closing {
                check_finished(tx, &row.organisation_id).await?;
            }
            let state = decide(tx, by, &row, true, None).await?;
            if let Some(after) = data_of(row.data_after.as_deref())? {
                let at = tx.at.0;
                store::data_set(
                    tx.connection(),
                    &row.organisation_id,
                    &after.name,
                    &json_of(&after)?,
                    at,
                )
                .await?;
            }
            Ok(done(&row.organisation_id, &row.id, state, None))
        })
    }

    /// The registry refuses an application. Reads `reason`.
    pub async fn account_refuse(
        &self,
        by: &By,
        application: &str,
        fields: &Fields,
    ) -> Result<AccountReceipt, Error> {
        let deed = Deed::by(Act::AccountRefuse, by, &(application, fields))?;
        let reason = reason(fields)?;
        perform!(self, deed, |tx| {
            let row = waiting(tx, application).await?;
            let state = decide(tx, by, &row, false, Some(&reason)).await?;
            let note = Some(reason.clone());
            Ok(done(&row.organisation_id, &row.id, state, note))
        })
    }

    /// The registry restricts an account. Reads `ground` ([`RestrictionGround`]) and `reason`, which the holder sees.
    pub async fn account_restrict(
        &self,
        by: &By,
        organisation: &OrganisationId,
        fields: &Fields,
    ) -> Result<AccountReceipt, Error> {
        let deed = Deed::by(Act::AccountRestrict, by, &(organisation.as_str(), fields))?;
        perform!(self, deed, |tx| {
            let row = store::account(tx.connection(), organisation.as_str()).await?;
            let row = row.ok_or(Error::NotFound)?;
            if matches!(
                role_of(&row.role)?,
                Role::RegistryOperator | Role::Individual
            ) {
                return Err(Error::NotFound);
            }
            let (ground, reason) =
                match (ground(fields, RestrictionGround::from_code), reason(fields)) {
                    (Ok(ground), Ok(reason)) => (ground.code(), reason),
                    (ground, reason) => {
                        let refusals = [ground.err(), reason.err()];
                        return Err(refusals.into_iter().flatten().collect::<Vec<_>>().into());
                    }
                };
            let state = account_state_of(&row.account_state)?.after(AccountEvent::Restrict)?;
            let application = Application {
                ground: Some(ground),
                reason: Some(reason.clone()),
                ..Application::of(ApplicationKind::Restriction)
            };
            let id = write(tx, by, &row.id, &application).await?;
            store::state_set(tx.connection(), &row.id, state.code()).await?;
            Ok(done(&row.id, &id, state, Some(reason.clone())))
        })
    }
}

fn only_operator(by: &By) -> Result<(), Error> {
    if by.role == Role::RegistryOperator {
        Ok(())
    } else {
        Err(Error::Forbidden)
    }
}

fn list_row(by: &By, calendar: &Calendar, row: AccountRow) -> Result<AccountListRow, Error> {
    let due = row.due_on.as_deref();
    Ok(AccountListRow {
        state: account_state_of(&row.account_state)?,
        role: role_of(&row.role)?,
        waiting: row.waiting_kind.as_deref().map(kind_of).transpose()?,
        working_days_left: due
            .and_then(|due| working_days_left(calendar, due, by.at.beijing_date())),
        organisation: row.id.into(),
        name: row.name,
        account_number: row.account_number,
        due_on: row.due_on,
    })
}

/// Whether the account of an organisation may be used now (guards G5 and R11).
pub(crate) async fn is_active(
    connection: &mut AnyConnection,
    organisation: &str,
) -> Result<bool, Error> {
    let state = store::state_of(connection, organisation).await?;
    Ok(account_state_of(&state.ok_or(Error::NotFound)?)?.is_active())
}

/// In the transaction of an act: the member is still one, the account's state and the member's role allow the act.
pub(crate) async fn check_member(tx: &mut Tx, act: Act, user: &str) -> Result<(), Error> {
    let standing = store::standing_of_user(tx.connection(), user).await?;
    let (member_role, account_state) = standing.ok_or(Error::Forbidden)?;
    check_standing(act, &member_role, &account_state)
}

/// Whether the account's state and the member's role, by their stored codes, allow an act.
pub(crate) fn check_standing(
    act: Act,
    member_role: &str,
    account_state: &str,
) -> Result<(), Error> {
    // of an order it is asked after whose order it is: what is somebody else's is not there
    if act != Act::CreditsConfirm {
        member_role_of(member_role)?.check_act(act)?;
    }
    Ok(account_state_of(account_state)?.check_act(act)?)
}

/// The account state of a stored code.
pub(crate) fn account_state_of(code: &str) -> Result<AccountState, Error> {
    AccountState::from_code(code)
        .ok_or_else(|| Error::Store(format!("unknown account state {code}")))
}

/// The member role of a stored code.
pub(crate) fn member_role_of(code: &str) -> Result<MemberRole, Error> {
    MemberRole::from_code(code).ok_or_else(|| Error::Store(format!("unknown member role {code}")))
}

fn kind_of(code: &str) -> Result<ApplicationKind, Error> {
    ApplicationKind::from_code(code)
        .ok_or_else(|| Error::Store(format!("unknown application {code}")))
}

fn json_of(data: &AccountData) -> Result<String, Error> {
    serde_json::to_string(data).map_err(|error| Error::Store(format!("account data: {error}")))
}

fn data_of(stored: Option<&str>) -> Result<Option<AccountData>, Error> {
    stored
        .map(serde_json::from_str)
        .transpose()
        .map_err(|error| Error::Store(format!("account data: {error}")))
}

fn ground<G>(fields: &Fields, read: fn(&str) -> Option<G>) -> Result<G, Refusal> {
    match fields.get("ground").map_or("", |text| text.trim()) {
        "" => Err(Refusal::new(codes::REQUIRED).at("ground")),
        code => read(code).ok_or_else(|| {
            let shown: String = code.chars().take(40).collect();
            Refusal::new(codes::CHOICE_INVALID)
                .at("ground")
                .with("value", shown)
        }),
    }
}

/// What is applied for, before it is written.
struct Application<'a> {
    kind: ApplicationKind,
    before: Option<String>,
    after: Option<String>,
    changed_on: Option<String>,
    is_late: bool,
    ground: Option<&'a str>,
    reason: Option<String>,
}

impl Application<'_> {
    fn of(kind: ApplicationKind) -> Self {
        Self {
            kind,
            before: None,
            after: None,
            changed_on: None,
            is_late: false,
            ground: None,
            reason: None,
        }
    }
}

async fn own_account(tx: &mut Tx, by: &By) -> Result<AccountRow, Error> {
    let row = store::account(tx.connection(), by.organisation.as_str()).await?;
    row.ok_or(Error::NotFound)
}

/// Writes an application of the holder; one at a time waits for the registry.
async fn receive(
    tx: &mut Tx,
    by: &By,
    state: AccountState,
    application: &Application<'_>,
) -> Result<Done<AccountReceipt>, Error> {
    let organisation = by.organisation.as_str();
    if store::application_waits(tx.connection(), organisation).await? {
        return Err(Refusal::new(codes::ACCOUNT_APPLICATION_WAITS).into());
    }
    let id = write(tx, by, organisation, application).await?;
    store::state_set(tx.connection(), organisation, state.code()).await?;
    Ok(done(organisation, &id, state, application.reason.clone()))
}

async fn write(
    tx: &mut Tx,
    by: &By,
    organisation: &str,
    application: &Application<'_>,
) -> Result<String, Error> {
    let today = tx.at.beijing_date();
    let imposed = application.kind == ApplicationKind::Restriction;
    let book = crate::rulebook::in_force(tx.connection()).await?;
    let limit = match application.kind {
        ApplicationKind::Change => LimitCode::AccountChange,
        _ => LimitCode::AccountOpening,
    };
    let due_on = decision_due(&book.calendar, today, book.limit(limit, today))
        .filter(|_| !imposed)
        .map(|day| day.to_string());
    let (id, received_at, act) = (new_id(), tx.at.0, tx.act.clone());
    let new = NewApplication {
        id: &id,
        organisation,
        kind: application.kind.code(),
        state: if imposed { "imposed" } else { "waiting" },
        data_before: application.before.as_deref(),
        data_after: application.after.as_deref(),
        changed_on: application.changed_on.as_deref(),
        is_late: application.is_late,
        ground: application.ground,
        reason: application.reason.as_deref(),
        applied_by: by.user.as_str(),
        received_at,
        received_on: &today.to_string(),
        due_on: due_on.as_deref(),
        act_id: &act,
    };
    store::application_insert(tx.connection(), &new).await?;
    Ok(id)
}

/// An application that is not decided yet.
async fn waiting(tx: &mut Tx, application: &str) -> Result<ApplicationRow, Error> {
    let row = store::application(tx.connection(), application).await?;
    let row = row.ok_or(Error::NotFound)?;
    if row.state == "waiting" {
        Ok(row)
    } else {
        Err(Refusal::new(codes::ACCOUNT_APPLICATION_DECIDED).into())
    }
}

/// Writes the decision and the state of the account after it.
async fn decide(
    tx: &mut Tx,
    by: &By,
    row: &ApplicationRow,
    granted: bool,
    reason: Option<&str>,
) -> Result<AccountState, Error> {
    let decided = || Refusal::new(codes::ACCOUNT_APPLICATION_DECIDED);
    let event = kind_of(&row.kind)?.decision(granted).ok_or_else(decided)?;
    let state = store::state_of(tx.connection(), &row.organisation_id).await?;
    let state = account_state_of(&state.ok_or(Error::NotFound)?)?.after(event)?;
    let (outcome, at) = (if granted { "approved" } else { "refused" }, tx.at.0);
    let rows = store::application_decide(
        tx.connection(),
        &row.id,
        outcome,
        by.user.as_str(),
        at,
        reason,
    )
    .await?;
    if rows == 0 {
        return Err(decided().into());
    }
    store::state_set(tx.connection(), &row.organisation_id, state.code()).await?;
    Ok(state)
}

/// Refuses closing while business is left.
async fn check_finished(tx: &mut Tx, organisation: &str) -> Result<(), Error> {
    let held = store::tonnes_held(tx.connection(), organisation).await?;
    let orders = store::orders_waiting(tx.connection(), organisation).await?;
    let mut records = 0;
    for (kind, state, count) in store::records_by_state(tx.connection(), organisation).await? {
        let kind = if kind == RecordKind::Project.code() {
            RecordKind::Project
        } else {
            RecordKind::Report
        };
        let on_its_way = State::all(kind)
            .into_iter()
            .any(|one| one.code() == state && one.party() != Party::Nobody);
        records += if on_its_way { count } else { 0 };
    }
    Ok(business_is_finished(held, records, orders)?)
}

fn done(
    organisation: &str,
    id: &str,
    account_state: AccountState,
    note: Option<String>,
) -> Done<AccountReceipt> {
    Done {
        subject_kind: "organisation",
        subject: organisation.to_owned(),
        state: Some(account_state.code().to_owned()),
        note,
        is_public: false,
        answer: AccountReceipt {
            id: id.to_owned(),
            account_state,
        },
    }
}

fn application_view(
    by: &By,
    calendar: &Calendar,
    row: ApplicationRow,
) -> Result<AccountApplication, Error> {
    let due = row.due_on.as_deref().filter(|_| row.state == "waiting");
    Ok(AccountApplication {
        kind: kind_of(&row.kind)?,
        before: data_of(row.data_before.as_deref())?,
        after: data_of(row.data_after.as_deref())?,
        is_late: row.is_late == 1,
        received_at: Instant(row.received_at),
        working_days_left: due
            .and_then(|due| working_days_left(calendar, due, by.at.beijing_date())),
        decided_at: row.decided_at.map(Instant),
        id: row.id,
        state: row.state,
        changed_on: row.changed_on,
        ground: row.ground,
        reason: row.reason,
        applicant: row.applicant,
        due_on: row.due_on,
        // the holder learns the decision, not who of the registry made it
        decider: row.decider.filter(|_| by.role == Role::RegistryOperator),
        decision_reason: row.decision_reason,
    })
}

fn view(
    by: &By,
    member: MemberRole,
    row: AccountRow,
    applications: Vec<AccountApplication>,
) -> Result<AccountView, Error> {
    let state = account_state_of(&row.account_state)?;
    let role = role_of(&row.role)?;
    let waits = applications.iter().any(|one| one.state == "waiting");
    let mut allowed = Vec::new();
    if by.role == Role::RegistryOperator {
        if waits {
            allowed.extend([Act::AccountApprove, Act::AccountRefuse]);
        }
        if role != Role::RegistryOperator && state.after(AccountEvent::Restrict).is_ok() {
            allowed.push(Act::AccountRestrict);
        }
    } else if !waits {
        let steps = [
            (Act::AccountApply, AccountEvent::Apply),
            (Act::AccountChange, AccountEvent::Change),
            (Act::AccountRequestRestore, AccountEvent::AskRestoring),
            (Act::AccountRequestClosing, AccountEvent::AskClosing),
        ];
        let open = steps.into_iter().filter(|(act, event)| {
            act.roles().allows(Some(by.role))
                && member.check_act(*act).is_ok()
                && state.after(*event).is_ok()
        });
        allowed.extend(open.map(|(act, _)| act));
    }
    Ok(AccountView {
        data: data_of(row.account_data.as_deref())?,
        opened_at: row.account_opened_at.map(Instant),
        organisation: row.id.into(),
        name: row.name,
        uscc: row.uscc,
        role,
        account_number: row.account_number,
        state,
        applications,
        allowed,
    })
}
