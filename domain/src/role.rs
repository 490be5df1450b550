//! What kind of party an organisation is. One organisation has one role; a user acts for one organisation.

use serde::{Deserialize, Serialize};

/// A signed-in party's role. The public (no session) is not a role: see [`crate::act::Access`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 项目业主: writes the design document, asks for registration and credits, holds and retires (Measures art. 4, 11, 18).
    ProjectOwner,
    /// 审定与核查机构: validates projects and verifies reductions; may hold no credits (Measures art. 30-33, 37).
    Vvb,
    /// 注册登记机构: checks, registers, issues, publishes; may hold no credits (Measures art. 6).
    RegistryOperator,
    /// 个人: a natural person with a personal carbon account; holds no credits yet (natural persons are to be admitted step by step).
    Individual,
    /// 大型活动组织者: holds credits and retires them for an event (event guide art. 2-7).
    EventOrganiser,
}

impl Role {
    /// Every role, in the order of the lists people see.
    pub const ALL: &[Self] = &[
        Self::ProjectOwner,
        Self::Vvb,
        Self::RegistryOperator,
        Self::EventOrganiser,
        Self::Individual,
    ];

    /// The stable text in the database, in forms and in the interface catalogue (`role.<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::ProjectOwner => "project_owner",
            Self::Vvb => "vvb",
            Self::RegistryOperator => "registry_operator",
            Self::EventOrganiser => "event_organiser",
            Self::Individual => "individual",
        }
    }

    /// The role with this code, if there is one.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.code() == code)
    }

    /// Whether an organisation of this role may own credits. Regulators, the registry and VVBs may not
    /// (Measures art. 6, 37; trading rules art. 47).
    pub const fn may_hold_credits(self) -> bool {
        matches!(self, Self::ProjectOwner | Self::EventOrganiser)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_is_found_by_its_code_and_nothing_else_is() {
        for role in Role::ALL {
            assert_eq!(Role::from_code(role.code()), Some(*role));
        }
        assert_eq!(Role::from_code("public"), None);
    }
}
