//! The registry account of an organisation, who acts for it, and which orders need a second person.
//!
//! One account per entity, in its own name (registration rules art. 6). It is opened on application, changed, restricted and restored,
//! and closed (art. 7-11); the registry decides within 15 working days. The account has an initiating representative (发起代表) and a
//! confirming representative (确认代表), two people (account-opening guide of the registry, 2023). Which steps need both of them no
//! published text says: here it is moving and retiring credits, as soon as a member of the organisation is its confirmer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::Date;

use crate::act::Act;
use crate::calendar::Calendar;
use crate::id::UserId;
use crate::refusal::{Refusal, codes};
use crate::role::Role;
use crate::text::{date, narrow, optional_text, required_text};

/// Working days within which the registry decides on an opening or a change, counted from the day after receipt (registration rules
/// art. 7, 8), and within which a holder applies for a change, counted from the day after it (art. 8). For restoring and closing no
/// limit was found: the same target is shown.
pub const DECISION_WORKING_DAYS: u32 = 15;
/// An invitation may be accepted for this long, seconds. A choice of this platform.
pub const INVITATION_SECONDS: i64 = 7 * 24 * 3600;

/// The longest name, characters.
const NAME_MAX: usize = 100;
/// The longest address, characters.
const ADDRESS_MAX: usize = 200;
/// Fewest and most digits of a telephone number.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

macro_rules! codes_of {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $code)] $variant,)+
        }

        impl $name {
            /// Every one, in the order of the lists people see.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable text in the database, in forms and in the interface catalogue.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The one with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

codes_of! {
    /// Where an account stands. `审核中`, `审核不通过`, `开户成功` are the registry's own words (opening guide); the others are ours.
    AccountState {
        /// 未申请: signed up, nothing applied for.
        None = "none";
        /// 审核中: the application waits for the registry.
        InReview = "in_review";
        /// 审核不通过: refused with reasons; may be handed in again.
        Refused = "refused";
        /// 开户成功: the account may be used.
        Open = "open";
        /// 受限: restricted by the registry (registration rules art. 10).
        Restricted = "restricted";
        /// 注销中: closing was applied for; unusable (art. 11).
        Closing = "closing";
        /// 已注销: closed for good (art. 11).
        Closed = "closed";
    }
}

codes_of! {
    /// What happens to an account.
    AccountEvent {
        /// The holder applies for opening.
        Apply = "apply";
        /// The registry opens the account.
        Open = "open";
        /// The registry refuses to open it.
        RefuseOpening = "refuse_opening";
        /// The holder applies for a change of data, or the registry decides on it.
        Change = "change";
        /// The registry restricts it.
        Restrict = "restrict";
        /// The holder applies for restoring, or is refused.
        AskRestoring = "ask_restoring";
        /// The registry restores it.
        Restore = "restore";
        /// The holder applies for closing.
        AskClosing = "ask_closing";
        /// The registry refuses to close it.
        RefuseClosing = "refuse_closing";
        /// The registry closes it.
        Close = "close";
    }
}

impl AccountState {
    /// Whether the account may be used: to ask for publicity and registration, to hold, receive, move and retire credits.
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Open)
    }

    /// The state after an event; `account_state_does_not_allow` if it cannot happen now.
    pub fn after(self, event: AccountEvent) -> Result<Self, Refusal> {
        use AccountEvent as E;
        match (self, event) {
            (Self::None | Self::Refused, E::Apply) => Ok(Self::InReview),
            (Self::InReview, E::Open)
            | (Self::Restricted, E::Restore)
            | (Self::Closing, E::RefuseClosing) => Ok(Self::Open),
            (Self::InReview, E::RefuseOpening) => Ok(Self::Refused),
            (Self::Open | Self::Restricted, E::Change) => Ok(self),
            (Self::Open, E::Restrict) | (Self::Restricted, E::AskRestoring) => Ok(Self::Restricted),
            (Self::Open, E::AskClosing) => Ok(Self::Closing),
            (Self::Closing, E::Close) => Ok(Self::Closed),
            _ => Err(self.does_not_allow()),
        }
    }

    fn does_not_allow(self) -> Refusal {
        Refusal::new(codes::ACCOUNT_STATE_DOES_NOT_ALLOW).with("account_state", self.code())
    }

    /// Whether an act may be done in the name of an account in this state. Without an open account people may write drafts, have them
    /// looked at by a body, and apply; a restricted one may only be put right; a closing or closed one may do nothing (registration
    /// rules art. 10, 11). Signing in and out, passwords and tokens are a person's own and never depend on the account.
    pub fn check_act(self, act: Act) -> Result<(), Refusal> {
        let allowed = match need_of(act) {
            Need::Nothing => true,
            Need::NotStopped => matches!(
                self,
                Self::None | Self::InReview | Self::Refused | Self::Open
            ),
            Need::Correctable => !matches!(self, Self::Closing | Self::Closed),
            Need::Open => self.is_active(),
        };
        if allowed {
            Ok(())
        } else {
            Err(self.does_not_allow())
        }
    }
}

/// What an act needs of the account it is done for.
enum Need {
    /// Nothing at all.
    Nothing,
    /// Not restricted, closing or closed.
    NotStopped,
    /// Not closing or closed.
    Correctable,
    /// Open.
    Open,
}

fn need_of(act: Act) -> Need {
    match act {
        Act::UserSignUp
        | Act::UserSignIn
        | Act::UserSignOut
        | Act::UserSignOutEverywhere
        | Act::UserChangePassword
        | Act::UserCreateToken
        | Act::UserRevokeToken
        | Act::OpinionSubmit
        | Act::ClockAdvance
        | Act::NotificationRead
        | Act::UserSetMail
        | Act::MemberAccept
        // what becomes of an account is said by its own table
        | Act::AccountApply
        | Act::AccountChange
        | Act::AccountRequestRestore
        | Act::AccountRequestClosing => Need::Nothing,
        Act::MemberInvite | Act::MemberRevokeInvitation | Act::MemberChangeRole | Act::MemberRemove | Act::CreditsReject
        // what gives credits back or fulfils an order is open to a restricted account
        | Act::CreditsDecline | Act::CreditsWithdraw | Act::CreditsCancel => {
            Need::Correctable
        }
        Act::CreditsTransfer | Act::CreditsRetire | Act::CreditsRetireMany | Act::CreditsConfirm | Act::CreditsMove | Act::CreditsAccept
        | Act::CreditsOffset | Act::CreditsOffer | Act::CreditsReserve | Act::CreditsConfirmPayment => {
            Need::Open
        }
        _ => Need::NotStopped,
    }
}

codes_of! {
    /// What kind of holder opens the account (registration rules art. 5; opening types of the joint notice of 2025-06-16).
    /// Provincial authorities and bodies have accounts that hold no credits; they are appointed, not applied for.
    HolderType {
        /// 项目业主.
        ProjectOwner = "project_owner";
        /// 重点排放单位 of the national market.
        NationalKeyEmitter = "national_key_emitter";
        /// 重点排放单位 of a local market.
        LocalKeyEmitter = "local_key_emitter";
        /// 其他交易主体: legal persons and other organisations.
        OtherTrader = "other_trader";
        /// 审定与核查机构: an account that holds no credits.
        Vvb = "vvb";
        /// 省级生态环境主管部门: an account that holds no credits.
        ProvincialAuthority = "provincial_authority";
    }
}

impl HolderType {
    /// Whether an organisation of a role may apply for an account of this kind. A project owner opens that account; whoever holds
    /// credits for an event is a key emitter or another trader; a body holds none (trading rules art. 47).
    pub const fn fits(self, role: Role) -> bool {
        match role {
            Role::ProjectOwner => matches!(self, Self::ProjectOwner),
            Role::EventOrganiser => matches!(
                self,
                Self::NationalKeyEmitter | Self::LocalKeyEmitter | Self::OtherTrader
            ),
            Role::Vvb => matches!(self, Self::Vvb),
            Role::RegistryOperator | Role::Individual => false,
        }
    }
}

codes_of! {
    /// What a member may do for the organisation.
    MemberRole {
        /// Everything, members included. As long as nobody is confirmer, also credits without a second person.
        Administrator = "administrator";
        /// 发起代表: everything but members and the account; orders about credits wait for the confirmer.
        Initiator = "initiator";
        /// 确认代表: confirms or rejects orders about credits, and reads.
        Confirmer = "confirmer";
        /// Reads.
        Reader = "reader";
    }
}

impl MemberRole {
    /// Refuses `member_role_not_allowed` if a member with this role may not do the act.
    pub fn check_act(self, act: Act) -> Result<(), Refusal> {
        let allowed = match act {
            Act::UserSignUp
            | Act::UserSignIn
            | Act::UserSignOut
            | Act::UserSignOutEverywhere
            | Act::UserChangePassword
            | Act::UserCreateToken
            | Act::UserRevokeToken
            | Act::OpinionSubmit
            | Act::ClockAdvance
            | Act::NotificationRead
            | Act::UserSetMail
            | Act::MemberAccept => true,
            Act::MemberInvite
            | Act::MemberRevokeInvitation
            | Act::MemberChangeRole
            | Act::MemberRemove
            | Act::AccountApply
            | Act::AccountChange
            | Act::AccountRequestRestore
            | Act::AccountRequestClosing => matches!(self, Self::Administrator),
            Act::CreditsConfirm => matches!(self, Self::Confirmer),
            // where there is a confirmer, a seller's confirmation and a request to surrender are that one's; the registry asks
            Act::CreditsConfirmPayment | Act::CreditsOffset => {
                matches!(
                    self,
                    Self::Administrator | Self::Initiator | Self::Confirmer
                )
            }
            // the confirmer rejects; who initiated withdraws
            Act::CreditsReject => !matches!(self, Self::Reader),
            _ => matches!(self, Self::Administrator | Self::Initiator),
        };
        if allowed {
            Ok(())
        } else {
            Err(Refusal::new(codes::MEMBER_ROLE_NOT_ALLOWED).with("member_role", self.code()))
        }
    }
}

codes_of! {
    /// What an application about an account asks for; a restriction is imposed without one.
    ApplicationKind {
        /// Opening (registration rules art. 7).
        Opening = "opening";
        /// Change of data (art. 8).
        Change = "change";
        /// Restriction (art. 10), by the registry.
        Restriction = "restriction";
        /// Restoring after correction (art. 10).
        Restoring = "restoring";
        /// Closing (art. 11).
        Closing = "closing";
    }
}

impl ApplicationKind {
    /// What the registry's decision does to the account; `None` for a restriction, on which nothing is decided.
    pub const fn decision(self, granted: bool) -> Option<AccountEvent> {
        match (self, granted) {
            (Self::Opening, true) => Some(AccountEvent::Open),
            (Self::Opening, false) => Some(AccountEvent::RefuseOpening),
            (Self::Change, _) => Some(AccountEvent::Change),
            (Self::Restoring, true) => Some(AccountEvent::Restore),
            (Self::Restoring, false) => Some(AccountEvent::AskRestoring),
            (Self::Closing, true) => Some(AccountEvent::Close),
            (Self::Closing, false) => Some(AccountEvent::RefuseClosing),
            (Self::Restriction, _) => None,
        }
    }
}

codes_of! {
    /// Why an account is restricted (registration rules art. 10).
    RestrictionGround {
        /// Licence or identity papers do not match what is true.
        PapersDiffer = "papers_differ";
        /// A change of data was not reported.
        ChangeUnreported = "change_unreported";
        /// Another breach of the registration rules.
        OtherBreach = "other_breach";
    }
}

codes_of! {
    /// Why an account is closed (registration rules art. 11).
    ClosingGround {
        /// Merger.
        Merger = "merger";
        /// Division.
        Division = "division";
        /// Dissolution.
        Dissolution = "dissolution";
        /// Bankruptcy.
        Bankruptcy = "bankruptcy";
        /// Another case of the law.
        OtherLegal = "other_legal";
    }
}

/// What the registry holds about the holder of an account, as applied for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountData {
    /// Name of the organisation.
    pub name: String,
    /// What kind of holder.
    pub holder_type: HolderType,
    /// Registered address.
    pub address: String,
    /// 法定代表人.
    pub legal_representative: String,
    /// Last day of the licence, `YYYY-MM-DD`; `None`: no end.
    pub licence_until: Option<String>,
    /// 联系人.
    pub contact: String,
    /// Telephone of the contact.
    pub contact_phone: String,
    /// 发起代表: begins what is done under the account.
    pub initiator: String,
    /// Telephone of the initiating representative.
    pub initiator_phone: String,
    /// 确认代表: confirms it; another person.
    pub confirmer: String,
    /// Telephone of the confirming representative.
    pub confirmer_phone: String,
}

impl AccountData {
    /// Reads a form with these names as fields. `name` falls back to `current_name`. `statement` must be `yes`: the data are true, the
    /// account is in one's own name (registration rules art. 6). On refusal everything that is wrong, at its field.
    pub fn read(
        fields: &BTreeMap<String, String>,
        role: Role,
        current_name: &str,
        today: Date,
    ) -> Result<Self, Vec<Refusal>> {
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let mut refusals = Vec::new();
        let mut text = |field: &str, max: usize| {
            required_text(field, typed(field), max).unwrap_or_else(|refusal| {
                refusals.push(refusal);
                String::new()
            })
        };
        let (address, legal_representative) = (
            text("address", ADDRESS_MAX),
            text("legal_representative", NAME_MAX),
        );
        let (contact, initiator, confirmer) = (
            text("contact", NAME_MAX),
            text("initiator", NAME_MAX),
            text("confirmer", NAME_MAX),
        );
        let name = match optional_text("name", typed("name"), NAME_MAX) {
            Ok(name) => name.unwrap_or_else(|| current_name.to_owned()),
            Err(refusal) => {
                refusals.push(refusal);
                String::new()
            }
        };
        let mut phone = |field: &str| {
            read_phone(field, typed(field)).unwrap_or_else(|refusal| {
                refusals.push(refusal);
                String::new()
            })
        };
        let (contact_phone, initiator_phone, confirmer_phone) = (
            phone("contact_phone"),
            phone("initiator_phone"),
            phone("confirmer_phone"),
        );
        let holder_type = match typed("holder_type") {
            "" => Err(Refusal::new(codes::REQUIRED).at("holder_type")),
            code => HolderType::from_code(code)
                .filter(|kind| kind.fits(role))
                .ok_or_else(|| {
                    Refusal::new(codes::CHOICE_INVALID)
                        .at("holder_type")
                        .with("value", code.chars().take(40).collect::<String>())
                }),
        };
        let licence_until = read_licence(typed("licence_until"), today);
        if !initiator.is_empty()
            && same_person(
                (&initiator, &initiator_phone),
                (&confirmer, &confirmer_phone),
            )
        {
            refusals.push(Refusal::new(codes::REPRESENTATIVES_SAME).at("confirmer"));
        }
        if typed("statement") != "yes" {
            refusals.push(Refusal::new(codes::STATEMENT_REQUIRED).at("statement"));
        }
        match (holder_type, licence_until) {
            (Ok(holder_type), Ok(licence_until)) if refusals.is_empty() => Ok(Self {
                name,
                holder_type,
                address,
                legal_representative,
                licence_until,
                contact,
                contact_phone,
                initiator,
                initiator_phone,
                confirmer,
                confirmer_phone,
            }),
            (holder_type, licence_until) => {
                refusals.extend(holder_type.err());
                refusals.extend(licence_until.err());
                Err(refusals)
            }
        }
    }

    /// The fields of a form, as [`AccountData::read`] reads them.
    pub fn fields(&self) -> BTreeMap<String, String> {
        [
            ("name", self.name.as_str()),
            ("holder_type", self.holder_type.code()),
            ("address", &self.address),
            ("legal_representative", &self.legal_representative),
            (
                "licence_until",
                self.licence_until.as_deref().unwrap_or_default(),
            ),
            ("contact", &self.contact),
            ("contact_phone", &self.contact_phone),
            ("initiator", &self.initiator),
            ("initiator_phone", &self.initiator_phone),
            ("confirmer", &self.confirmer),
            ("confirmer_phone", &self.confirmer_phone),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
    }
}

/// The licence's last day, if it has one; refused when it is over.
fn read_licence(typed: &str, today: Date) -> Result<Option<String>, Refusal> {
    if typed.is_empty() {
        return Ok(None);
    }
    let day = date("licence_until", typed)?;
    if day < today {
        return Err(Refusal::new(codes::LICENCE_OVER)
            .at("licence_until")
            .with("today", today));
    }
    Ok(Some(day.to_string()))
}

/// A telephone number: digits of any width, with blanks, hyphens, brackets and a leading plus sign.
fn read_phone(field: &str, typed: &str) -> Result<String, Refusal> {
    let phone = narrow(typed);
    if phone.is_empty() {
        return Err(Refusal::new(codes::REQUIRED).at(field));
    }
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    let plain = phone
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')'));
    if plain && PHONE_DIGITS.contains(&digits) && phone.chars().count() <= 30 {
        Ok(phone)
    } else {
        Err(Refusal::new(codes::PHONE_INVALID).at(field))
    }
}

/// The same name or the same telephone: nothing else is known about a representative.
fn same_person(one: (&str, &str), other: (&str, &str)) -> bool {
    let name = |text: &str| {
        narrow(text)
            .to_lowercase()
            .split_whitespace()
            .collect::<String>()
    };
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    name(one.0) == name(other.0) || (!one.1.is_empty() && digits(one.1) == digits(other.1))
}

/// The last day for the decision within so many working days (the entry of the rule book); `None` where the days reach a year whose calendar is not published: no date is guessed.
pub fn decision_due(calendar: &Calendar, received_on: Date, working_days: u32) -> Option<Date> {
    calendar.add_working_days(received_on, working_days).ok()
}

/// Whether a change is applied for more than so many working days (the entry of the rule book) after it happened (registration rules art. 8). Refuses a day to come. A
/// day before the years of the calendar is late; one whose limit reaches an unpublished year is not.
pub fn change_is_late(
    calendar: &Calendar,
    changed_on: Date,
    today: Date,
    working_days: u32,
) -> Result<bool, Refusal> {
    if changed_on > today {
        return Err(Refusal::new(codes::DAY_TO_COME)
            .at("changed_on")
            .with("today", today));
    }
    Ok(match calendar.add_working_days(changed_on, working_days) {
        Ok(last) => today > last,
        Err(_) => calendar
            .years()
            .next()
            .is_some_and(|first| changed_on.year() < first),
    })
}

/// Whoever initiated an order may not confirm it.
pub fn confirmed_by_another(initiator: &UserId, confirmer: &UserId) -> Result<(), Refusal> {
    if initiator == confirmer {
        Err(Refusal::new(codes::ORDER_FOUR_EYES))
    } else {
        Ok(())
    }
}

/// The last administrator and the last confirmer are neither removed nor given another role: without the one nobody could invite
/// anybody, and without the other an administrator could end the four eyes and move credits alone. `alike`: how many members have the
/// member's role now, the member included; `next`: its role afterwards, `None` when it is removed.
pub fn is_not_the_last(
    member: MemberRole,
    alike: i64,
    next: Option<MemberRole>,
) -> Result<(), Refusal> {
    if next == Some(member) || alike > 1 {
        return Ok(());
    }
    match member {
        MemberRole::Administrator => Err(Refusal::new(codes::LAST_ADMINISTRATOR)),
        MemberRole::Confirmer => Err(Refusal::new(codes::LAST_CONFIRMER)),
        MemberRole::Initiator | MemberRole::Reader => Ok(()),
    }
}

/// Closing comes after the business: no credits held, nothing on its way, no order waiting (registration rules art. 11).
pub fn business_is_finished(
    held: i64,
    open_records: i64,
    open_orders: i64,
) -> Result<(), Vec<Refusal>> {
    let mut refusals = Vec::new();
    if held > 0 {
        refusals.push(Refusal::new(codes::ACCOUNT_HOLDS_CREDITS).with("quantity", held));
    }
    if open_records > 0 {
        refusals.push(Refusal::new(codes::ACCOUNT_HAS_OPEN_RECORDS).with("count", open_records));
    }
    if open_orders > 0 {
        refusals.push(Refusal::new(codes::ACCOUNT_HAS_OPEN_ORDERS).with("count", open_orders));
    }
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(refusals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date as day;

    /// Every state with every event: what is not listed is refused.
    #[test]
    fn the_table_of_account_states_has_no_unconsidered_pair() {
        use {AccountEvent as E, AccountState as S};
        let allowed = [
            (S::None, E::Apply, S::InReview),
            (S::Refused, E::Apply, S::InReview),
            (S::InReview, E::Open, S::Open),
            (S::InReview, E::RefuseOpening, S::Refused),
            (S::Open, E::Change, S::Open),
            (S::Restricted, E::Change, S::Restricted),
            (S::Open, E::Restrict, S::Restricted),
            (S::Restricted, E::AskRestoring, S::Restricted),
            (S::Restricted, E::Restore, S::Open),
            (S::Open, E::AskClosing, S::Closing),
            (S::Closing, E::RefuseClosing, S::Open),
            (S::Closing, E::Close, S::Closed),
        ];
        for state in S::ALL {
            for event in E::ALL {
                let expected = allowed
                    .iter()
                    .find(|(from, on, _)| (from, on) == (state, event))
                    .map(|(_, _, to)| *to);
                assert_eq!(state.after(*event).ok(), expected, "{state:?} {event:?}");
            }
            assert_eq!(S::from_code(state.code()), Some(*state));
        }
    }

    #[test]
    fn only_an_open_account_moves_credits_and_a_stopped_one_does_nothing() {
        use AccountState as S;
        for state in S::ALL {
            let may = |act: Act| state.check_act(act).is_ok();
            let open = *state == S::Open;
            assert_eq!(
                (
                    may(Act::CreditsTransfer),
                    may(Act::CreditsRetire),
                    may(Act::CreditsConfirm)
                ),
                (open, open, open),
                "{state:?}"
            );
            let stopped = matches!(state, S::Restricted | S::Closing | S::Closed);
            for act in [
                Act::ProjectCreate,
                Act::ProjectSave,
                Act::ProjectRequestPublicity,
                Act::ReportCreate,
                Act::OpinionReply,
            ] {
                assert_eq!(may(act), !stopped, "{state:?} {}", act.name());
            }
            assert!(may(Act::UserSignOut) && may(Act::AccountApply));
            assert_eq!(
                may(Act::MemberInvite),
                !matches!(state, S::Closing | S::Closed)
            );
        }
    }

    #[test]
    fn each_member_role_does_its_part_and_no_more() {
        use MemberRole as M;
        let table = [
            (Act::ProjectSave, [true, true, false, false]),
            (Act::CreditsTransfer, [true, true, false, false]),
            (Act::CreditsConfirm, [false, false, true, false]),
            (Act::CreditsOffset, [true, true, true, false]),
            (Act::CreditsReject, [true, true, true, false]),
            (Act::MemberInvite, [true, false, false, false]),
            (Act::AccountChange, [true, false, false, false]),
            (Act::UserChangePassword, [true, true, true, true]),
        ];
        for (act, allowed) in table {
            for (role, allowed) in M::ALL.iter().zip(allowed) {
                assert_eq!(
                    role.check_act(act).is_ok(),
                    allowed,
                    "{role:?} {}",
                    act.name()
                );
            }
        }
    }

    fn application() -> BTreeMap<String, String> {
        [
            ("holder_type", "project_owner"),
            ("address", "广东省汕尾市演示路 1 号"),
            ("legal_representative", "演示·李明"),
            ("contact", "演示·王芳"),
            ("contact_phone", "0660-1234567"),
            ("initiator", "演示·王芳"),
            ("initiator_phone", "13800000001"),
            ("confirmer", "演示·赵强"),
            ("confirmer_phone", "13800000002"),
            ("statement", "yes"),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
    }

    fn refused(changes: &[(&str, &str)], role: Role) -> Vec<String> {
        let mut fields = application();
        for (name, value) in changes {
            fields.insert((*name).to_owned(), (*value).to_owned());
        }
        let read = AccountData::read(&fields, role, "演示公司", day!(2026 - 11 - 21));
        let refusals = read.err().unwrap_or_default();
        refusals
            .iter()
            .map(|refusal| {
                format!(
                    "{} {}",
                    refusal.field.as_deref().unwrap_or_default(),
                    refusal.code
                )
            })
            .collect()
    }

    #[test]
    fn an_application_is_read_back_as_it_was_written() {
        let data = AccountData::read(
            &application(),
            Role::ProjectOwner,
            "演示公司",
            day!(2026 - 11 - 21),
        )
        .expect("complete");
        let mut fields = data.fields();
        assert_eq!(
            (data.name.as_str(), fields.get("statement")),
            ("演示公司", None)
        );
        fields.insert("statement".to_owned(), "yes".to_owned());
        assert_eq!(
            AccountData::read(&fields, Role::ProjectOwner, "", day!(2026 - 11 - 21)),
            Ok(data)
        );
    }

    #[test]
    fn what_is_wrong_with_an_application_is_said_at_its_field() {
        let owner = Role::ProjectOwner;
        assert_eq!(refused(&[("address", " ")], owner), ["address required"]);
        assert_eq!(
            refused(&[("contact_phone", "12")], owner),
            ["contact_phone phone_invalid"]
        );
        assert_eq!(
            refused(&[("confirmer", "演示·王芳 ")], owner),
            ["confirmer representatives_same"]
        );
        assert_eq!(
            refused(&[("confirmer_phone", "138-0000-0001")], owner),
            ["confirmer representatives_same"]
        );
        assert_eq!(
            refused(&[("statement", "")], owner),
            ["statement statement_required"]
        );
        assert_eq!(
            refused(&[("licence_until", "2026-11-20")], owner),
            ["licence_until licence_over"]
        );
        assert_eq!(refused(&[("licence_until", "2026-11-21")], owner), [""; 0]);
        assert_eq!(
            refused(&[("holder_type", "")], owner),
            ["holder_type required"]
        );
    }

    /// Who must not hold credits opens no account that does, and the other way round (trading rules art. 47).
    #[test]
    fn the_kind_of_holder_fits_the_role() {
        for kind in HolderType::ALL {
            let fits: Vec<Role> = Role::ALL
                .iter()
                .copied()
                .filter(|role| kind.fits(*role))
                .collect();
            let expected: &[Role] = match kind {
                HolderType::ProjectOwner => &[Role::ProjectOwner],
                HolderType::NationalKeyEmitter
                | HolderType::LocalKeyEmitter
                | HolderType::OtherTrader => &[Role::EventOrganiser],
                HolderType::Vvb => &[Role::Vvb],
                HolderType::ProvincialAuthority => &[],
            };
            assert_eq!(fits, expected, "{kind:?}");
        }
        assert_eq!(
            refused(&[("holder_type", "vvb")], Role::ProjectOwner),
            ["holder_type choice_invalid"]
        );
    }

    /// Day 1 is the working day after receipt; make-up weekends count, holidays do not, and an unpublished year gives no date.
    #[test]
    fn the_decision_is_due_after_fifteen_working_days() {
        let calendar = Calendar::embedded();
        let cases = [
            (day!(2026 - 11 - 20), Some(day!(2026 - 12 - 11))),
            (day!(2026 - 11 - 21), Some(day!(2026 - 12 - 11))),
            // across the National Day holiday of 2026 with the make-up days 2026-09-20 and 2026-10-10
            (day!(2026 - 09 - 18), Some(day!(2026 - 10 - 15))),
            (day!(2026 - 12 - 20), None),
        ];
        for (received, due) in cases {
            assert_eq!(
                decision_due(calendar, received, DECISION_WORKING_DAYS),
                due,
                "{received}"
            );
        }
    }

    #[test]
    fn a_change_is_late_after_fifteen_working_days() {
        let calendar = Calendar::embedded();
        let late = |changed: Date, today: Date| {
            change_is_late(calendar, changed, today, DECISION_WORKING_DAYS)
                .map_err(|refusal| refusal.code)
        };
        assert_eq!(
            late(day!(2026 - 11 - 02), day!(2026 - 11 - 23)),
            Ok(false),
            "the fifteenth working day"
        );
        assert_eq!(late(day!(2026 - 11 - 02), day!(2026 - 11 - 24)), Ok(true));
        assert_eq!(late(day!(2019 - 01 - 02), day!(2026 - 11 - 24)), Ok(true));
        assert_eq!(
            late(day!(2026 - 12 - 30), day!(2027 - 06 - 01)),
            Ok(false),
            "the limit cannot be computed"
        );
        assert_eq!(
            late(day!(2026 - 11 - 25), day!(2026 - 11 - 24)),
            Err("day_to_come")
        );
    }

    #[test]
    fn the_last_administrator_and_the_last_confirmer_stay() {
        use MemberRole::{Administrator, Confirmer, Initiator, Reader};
        for (member, code) in [
            (Administrator, codes::LAST_ADMINISTRATOR),
            (Confirmer, codes::LAST_CONFIRMER),
        ] {
            for next in [None, Some(Reader), Some(Initiator)] {
                let refused = is_not_the_last(member, 1, next).map_err(|refusal| refusal.code);
                assert_eq!(refused, Err(code));
                assert!(is_not_the_last(member, 2, next).is_ok());
            }
            assert!(is_not_the_last(member, 1, Some(member)).is_ok());
        }
        for member in [Initiator, Reader] {
            assert!(is_not_the_last(member, 1, None).is_ok());
        }
    }

    #[test]
    fn closing_waits_for_the_business() {
        assert_eq!(business_is_finished(0, 0, 0), Ok(()));
        let refused = business_is_finished(1, 2, 3).err().unwrap_or_default();
        assert_eq!(
            refused.iter().map(|one| one.code).collect::<Vec<_>>(),
            [
                "account_holds_credits",
                "account_has_open_records",
                "account_has_open_orders"
            ]
        );
    }

    #[test]
    fn nobody_confirms_an_own_order() {
        let (one, other) = (UserId::from("a"), UserId::from("b"));
        assert!(confirmed_by_another(&one, &one).is_err());
        assert!(confirmed_by_another(&one, &other).is_ok());
    }
}
