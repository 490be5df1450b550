//! The organisations and people of the demo world. All invented; every name says 演示 (demo).

use domain::{Instant, Role, Sector, Uscc};
use registry::{By, Error, OrganisationSeed, Registry, SignUpReceipt, VvbApprovalSeed};
use time::macros::date;

/// One organisation with its one person.
pub struct Person {
    /// The part of the e-mail address before `@demo.huitan`, and the key of this world's tables.
    pub name: &'static str,
    /// The organisation's name.
    pub organisation: &'static str,
    /// The person's name.
    pub full_name: &'static str,
    /// The organisation's role.
    pub role: Role,
    /// The first 17 characters of an invented credit code.
    uscc: &'static str,
}

const fn person(
    name: &'static str,
    organisation: &'static str,
    full_name: &'static str,
    role: Role,
    uscc: &'static str,
) -> Person {
    Person {
        name,
        organisation,
        full_name,
        role,
        uscc,
    }
}

/// Everybody, in the order of the account numbers.
pub const PEOPLE: &[Person] = &[
    person(
        "operator",
        "演示·注册登记机构",
        "演示·周敏",
        Role::RegistryOperator,
        "12100000HT0000001",
    ),
    person(
        "operator2",
        "演示·注册登记机构复核处",
        "演示·吴磊",
        Role::RegistryOperator,
        "12100000HT0000002",
    ),
    person(
        "vvb1",
        "演示·东海审定与核查中心",
        "演示·陈静",
        Role::Vvb,
        "91310000HT0000003",
    ),
    person(
        "vvb2",
        "演示·南岭审定与核查中心",
        "演示·林涛",
        Role::Vvb,
        "91440000HT0000004",
    ),
    person(
        "owner",
        "演示·蓝湾海上风电有限公司",
        "演示·李明",
        Role::ProjectOwner,
        "91441500HT0000005",
    ),
    person(
        "owner2",
        "演示·大漠光热发电有限公司",
        "演示·马丽",
        Role::ProjectOwner,
        "91620900HT0000006",
    ),
    person(
        "events",
        "演示·滨海马拉松组委会",
        "演示·赵雪",
        Role::EventOrganiser,
        "52440300HT0000007",
    ),
    // after all others, so that nobody's account number changes
    person(
        "owner3",
        "演示·旧港风电有限公司",
        "演示·孙强",
        Role::ProjectOwner,
        "91370600HT0000008",
    ),
];

/// The e-mail address of a person of the demo world.
pub fn email(name: &str) -> String {
    format!("{name}@demo.huitan")
}

/// Who acts under which name.
pub struct People(Vec<(&'static str, Role, SignUpReceipt)>);

impl People {
    /// Makes everybody, and approves the two bodies for the energy sector.
    pub async fn make(
        registry: &Registry,
        at: Instant,
        password_hash: &str,
    ) -> Result<Self, Error> {
        let mut people = Vec::new();
        for person in PEOPLE {
            let seed = OrganisationSeed {
                name: person.organisation.to_owned(),
                uscc: Uscc::from_first_seventeen(person.uscc)?.to_string(),
                role: person.role,
                person: person.full_name.to_owned(),
                email: email(person.name),
                password_hash: password_hash.to_owned(),
            };
            let receipt = registry
                .organisation_seed(at, &format!("demo {}", person.name), &seed)
                .await?;
            people.push((person.name, person.role, receipt));
        }
        let people = Self(people);
        let sectors = [Sector::Energy, Sector::Forestry];
        let approvals: Vec<_> = ["vvb1", "vvb2"]
            .into_iter()
            .flat_map(|name| sectors.map(|sector| (name, sector)))
            .map(|(name, sector)| VvbApprovalSeed {
                organisation: people.organisation(name),
                sector,
                approval_number: format!("DEMO-R-2024-{name}"),
                from: date!(2024 - 06 - 14),
                to: None,
                source: "演示数据".to_owned(),
            })
            .collect();
        registry
            .vvb_approval_seed(at, "demo approvals", &approvals)
            .await?;
        Ok(people)
    }

    fn receipt(&self, name: &str) -> &(&'static str, Role, SignUpReceipt) {
        self.0
            .iter()
            .find(|(known, _, _)| *known == name)
            .expect("the tables of the demo world name people of the demo world")
    }

    /// The organisation of a person.
    pub fn organisation(&self, name: &str) -> domain::id::OrganisationId {
        self.receipt(name).2.organisation.clone()
    }

    /// The account number of a person's organisation.
    pub fn account_number(&self, name: &str) -> String {
        self.receipt(name).2.account_number.clone()
    }

    /// The person doing something at a moment, with a key.
    pub fn by(&self, name: &str, at: Instant, key: String) -> By {
        let (_, role, receipt) = self.receipt(name);
        By {
            user: receipt.user.clone(),
            organisation: receipt.organisation.clone(),
            role: *role,
            at,
            key,
        }
    }
}
