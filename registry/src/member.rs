//! The members of an organisation: invitations by link, roles, and leaving.

use domain::account::{INVITATION_SECONDS, MemberRole, is_not_the_last};
use domain::id::UserId;
use domain::refusal::codes;
use domain::text::required_text;
use domain::{Act, Instant, Refusal};
use serde::{Deserialize, Serialize};

use crate::account::member_role_of;
use crate::perform::{Deed, Done, Tx, hash, new_id, perform};
use crate::store::account::{self as store, InvitationRow, MemberRow, NewInvitation};
use crate::store::people::{self, NewUser};
use crate::store::session;
use crate::user::{NAME_MAX, read_email};
use crate::{By, Error, Fields, Registry, Visitor};

/// Most members and open invitations of an organisation together.
const MEMBERS_MAX: usize = 50;

/// A member as the members of the same organisation see each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Member {
    /// The user.
    pub user: UserId,
    /// The person's name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// What the member may do.
    pub member_role: MemberRole,
    /// Since when.
    pub since: Instant,
}

/// An invitation that may still be accepted: never the token, which is only in the link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Its id, to withdraw it.
    pub id: String,
    /// The inviting organisation's name.
    pub organisation_name: String,
    /// Who is invited.
    pub email: String,
    /// What the member will be allowed to do.
    pub member_role: MemberRole,
    /// When it ends.
    pub expires_at: Instant,
}

/// The members of an organisation, and who is invited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Members {
    /// The members, oldest first.
    pub members: Vec<Member>,
    /// Open invitations, newest first; only for administrators.
    pub invitations: Vec<Invitation>,
    /// What the viewer may do for the organisation.
    pub own_role: MemberRole,
    /// Whether orders about credits wait for a second member: as soon as somebody is confirmer.
    pub four_eyes: bool,
}

/// The answer to an act about a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberReceipt {
    /// The member.
    pub user: UserId,
    /// The role afterwards; `None`: removed.
    pub member_role: Option<MemberRole>,
}

impl Registry {
    /// The members of the viewer's organisation.
    pub async fn member_list(&self, by: &By) -> Result<Members, Error> {
        let mut connection = self.store.read().await?;
        let organisation = by.organisation.as_str();
        let rows = store::members(&mut connection, organisation).await?;
        let members: Result<Vec<Member>, Error> = rows.into_iter().map(member_of).collect();
        let members = members?;
        let own = members.iter().find(|member| member.user == by.user);
        let own_role = own.ok_or(Error::NotFound)?.member_role;
        let invitations = if own_role == MemberRole::Administrator {
            let rows = store::invitations(&mut connection, organisation, by.at.0).await?;
            rows.into_iter()
                .map(invitation_of)
                .collect::<Result<_, _>>()?
        } else {
            Vec::new()
        };
        Ok(Members {
            four_eyes: members
                .iter()
                .any(|member| member.member_role == MemberRole::Confirmer),
            members,
            invitations,
            own_role,
        })
    }

    /// Invites somebody. Reads `email` and `member_role`. The caller makes the token, of which only the hash is kept; it is accepted
    /// once, within seven days. Refuses `email_taken` for an address that somebody signs in with, and `members_too_many`.
    pub async fn member_invite(
        &self,
        by: &By,
        fields: &Fields,
        token: &str,
    ) -> Result<Invitation, Error> {
        let token_hash = hash_of(token);
        let deed = Deed::by(Act::MemberInvite, by, &(fields, &token_hash))?;
        perform!(self, deed, |tx| {
            let typed = |field: &str| fields.get(field).map_or("", String::as_str);
            let (email, member_role) =
                match (read_email("email", typed("email")), read_role(fields)) {
                    (Ok(email), Ok(member_role)) => (email, member_role),
                    (email, member_role) => {
                        let refusals = [email.err(), member_role.err()];
                        return Err(refusals.into_iter().flatten().collect::<Vec<_>>().into());
                    }
                };
            if people::user_by_email(tx.connection(), &email)
                .await?
                .is_some()
            {
                return Err(Refusal::new(codes::EMAIL_TAKEN).at("email").into());
            }
            let (organisation, at) = (by.organisation.as_str(), tx.at);
            let there = store::members(tx.connection(), organisation).await?.len();
            let invited = store::invitations(tx.connection(), organisation, at.0).await?;
            if there + invited.len() >= MEMBERS_MAX {
                return Err(Refusal::new(codes::MEMBERS_TOO_MANY)
                    .with("max", MEMBERS_MAX)
                    .into());
            }
            // the newest link counts: an earlier one to the same address ends
            for earlier in invited.iter().filter(|earlier| earlier.email == email) {
                store::invitation_revoke(tx.connection(), organisation, &earlier.id, at.0).await?;
            }
            let id = new_id();
            let expires_at = at.plus_seconds(INVITATION_SECONDS);
            let new = NewInvitation {
                id: &id,
                organisation,
                email: &email,
                member_role: member_role.code(),
                token_hash: &token_hash,
                invited_by: by.user.as_str(),
                created_at: at.0,
                expires_at: expires_at.0,
            };
            store::invitation_insert(tx.connection(), &new).await?;
            let name = people::organisation_by_id(tx.connection(), organisation).await?;
            let answer = Invitation {
                id,
                organisation_name: name.ok_or(Error::NotFound)?.name,
                email,
                member_role,
                expires_at,
            };
            Ok(about(organisation, answer))
        })
    }

    /// Withdraws an invitation of the own organisation. `NotFound` if it is another's, or ended.
    pub async fn member_revoke_invitation(&self, by: &By, invitation: &str) -> Result<(), Error> {
        let deed = Deed::by(Act::MemberRevokeInvitation, by, &invitation)?;
        perform!(self, deed, |tx| {
            let (organisation, at) = (by.organisation.as_str(), tx.at.0);
            match store::invitation_revoke(tx.connection(), organisation, invitation, at).await? {
                0 => Err(Error::NotFound),
                _ => Ok(about(organisation, ())),
            }
        })
    }

    /// The invitation behind a token, while it may be accepted.
    pub async fn invitation_get(
        &self,
        token: &str,
        now: Instant,
    ) -> Result<Option<Invitation>, Error> {
        let mut connection = self.store.read().await?;
        let row = store::invitation_by_hash(&mut connection, &hash_of(token), now.0).await?;
        row.map(invitation_of).transpose()
    }

    /// Joins an organisation by the link of an invitation. Reads `name`; the e-mail address is the invitation's. Refuses
    /// `invitation_invalid` whatever is wrong with the link. The person learns only what the invitation says.
    pub async fn member_accept(
        &self,
        visitor: &Visitor,
        token: &str,
        fields: &Fields,
        password_hash: &str,
    ) -> Result<MemberReceipt, Error> {
        let name = Self::member_accept_name(fields)?;
        let token_hash = hash_of(token);
        let deed = Deed::by_visitor(Act::MemberAccept, visitor, &(&token_hash, &name))?;
        perform!(self, deed, |tx| {
            let (at, user) = (tx.at.0, new_id());
            let invitation = store::invitation_by_hash(tx.connection(), &token_hash, at).await?;
            let invalid = || Refusal::new(codes::INVITATION_INVALID);
            let invitation = invitation.ok_or_else(invalid)?;
            if people::user_by_email(tx.connection(), &invitation.email)
                .await?
                .is_some()
            {
                return Err(Refusal::new(codes::EMAIL_TAKEN).into());
            }
            let new = NewUser {
                id: &user,
                organisation: &invitation.organisation_id,
                name: &name,
                email: &invitation.email,
                password_hash,
                member_role: &invitation.member_role,
                at,
            };
            people::user_insert(tx.connection(), &new).await?;
            if store::invitation_use(tx.connection(), &invitation.id, &user).await? == 0 {
                return Err(invalid().into());
            }
            let answer = MemberReceipt {
                user: user.into(),
                member_role: Some(member_role_of(&invitation.member_role)?),
            };
            Ok(about(&invitation.organisation_id, answer))
        })
    }

    /// The name of whoever accepts, checked: so that the door can say what is wrong with it together with the password.
    pub fn member_accept_name(fields: &Fields) -> Result<String, Refusal> {
        required_text(
            "name",
            fields.get("name").map_or("", String::as_str),
            NAME_MAX,
        )
    }

    /// Gives a member of the own organisation another role. Reads `member_role`. Refuses `last_administrator` and `last_confirmer`.
    pub async fn member_change_role(
        &self,
        by: &By,
        member: &UserId,
        fields: &Fields,
    ) -> Result<MemberReceipt, Error> {
        let deed = Deed::by(Act::MemberChangeRole, by, &(member.as_str(), fields))?;
        perform!(self, deed, |tx| {
            let current = role_of_member(tx, by, member).await?;
            let next = read_role(fields)?;
            check_not_the_last(tx, by, current, Some(next)).await?;
            store::member_set_role(tx.connection(), member.as_str(), next.code()).await?;
            Ok(about(
                by.organisation.as_str(),
                MemberReceipt {
                    user: member.clone(),
                    member_role: Some(next),
                },
            ))
        })
    }

    /// Removes a member of the own organisation: sessions and access tokens end at once, the address is free again. Refuses
    /// `last_administrator` and `last_confirmer`.
    pub async fn member_remove(&self, by: &By, member: &UserId) -> Result<MemberReceipt, Error> {
        let deed = Deed::by(Act::MemberRemove, by, &member.as_str())?;
        perform!(self, deed, |tx| {
            let current = role_of_member(tx, by, member).await?;
            check_not_the_last(tx, by, current, None).await?;
            let at = tx.at.0;
            store::member_remove(tx.connection(), member.as_str(), at).await?;
            session::delete_of_user(tx.connection(), member.as_str(), "").await?;
            Ok(about(
                by.organisation.as_str(),
                MemberReceipt {
                    user: member.clone(),
                    member_role: None,
                },
            ))
        })
    }
}

/// What the database keeps of a token.
fn hash_of(token: &str) -> String {
    hash(&["invitation", token])
}

/// The role of a member of the own organisation; `NotFound` for anybody else.
async fn role_of_member(tx: &mut Tx, by: &By, member: &UserId) -> Result<MemberRole, Error> {
    let members = store::members(tx.connection(), by.organisation.as_str()).await?;
    let member = members.iter().find(|one| one.id == member.as_str());
    member_role_of(&member.ok_or(Error::NotFound)?.member_role)
}

/// The organisation keeps its last administrator and its last confirmer.
async fn check_not_the_last(
    tx: &mut Tx,
    by: &By,
    current: MemberRole,
    next: Option<MemberRole>,
) -> Result<(), Error> {
    let organisation = by.organisation.as_str();
    let alike = store::members_with_role(tx.connection(), organisation, current.code()).await?;
    Ok(is_not_the_last(current, alike, next)?)
}

fn read_role(fields: &Fields) -> Result<MemberRole, Refusal> {
    match fields.get("member_role").map_or("", |text| text.trim()) {
        "" => Err(Refusal::new(codes::REQUIRED).at("member_role")),
        code => MemberRole::from_code(code).ok_or_else(|| {
            let shown: String = code.chars().take(40).collect();
            Refusal::new(codes::CHOICE_INVALID)
                .at("member_role")
                .with("value", shown)
        }),
    }
}

fn member_of(row: MemberRow) -> Result<Member, Error> {
    Ok(Member {
        member_role: member_role_of(&row.member_role)?,
        user: row.id.into(),
        name: row.name,
        email: row.email,
        since: Instant(row.created_at),
    })
}

fn invitation_of(row: InvitationRow) -> Result<Invitation, Error> {
    Ok(Invitation {
        member_role: member_role_of(&row.member_role)?,
        id: row.id,
        organisation_name: row.organisation_name,
        email: row.email,
        expires_at: Instant(row.expires_at),
    })
}

fn about<A>(organisation: &str, answer: A) -> Done<A> {
    Done {
        subject_kind: "organisation",
        subject: organisation.to_owned(),
        state: None,
        note: None,
        is_public: false,
        answer,
    }
}
