//! Two databases for every story, the people in it, and a short way through the long thread.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::id::{ClassId, OrganisationId, ProjectId, ReportId, UserId};
use domain::{Instant, Role, Sector, Uscc};
use registry::{
    By, Error, Fields, Options, OrganisationSeed, RecordKind, Registry, SignUpReceipt, Visitor,
    VvbApprovalSeed,
};
use time::Date;
use time::macros::date;

/// Tells each story on both engines: `name::on_sqlite` and `name::on_postgres`.
macro_rules! both_databases {
    ($($(#[$doc:meta])* async fn $name:ident($database:ident) $story:block)+) => {$(
        mod $name {
            use super::*;

            async fn story($database: crate::harness::Database) $story

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn on_sqlite() {
                story(crate::harness::Database::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn on_postgres() {
                story(crate::harness::Database::postgres().await).await;
            }
        }
    )+};
}
pub(crate) use both_databases;

/// An empty database of its own, and where it is.
pub struct Database {
    pub url: String,
    folder: Option<PathBuf>,
}

static NUMBER: AtomicU64 = AtomicU64::new(1);

/// A number that no other test of this run has, nor another run at the same time.
pub fn unique() -> String {
    format!(
        "{}_{}",
        std::process::id(),
        NUMBER.fetch_add(1, Ordering::Relaxed)
    )
}

impl Database {
    /// A file in a folder of its own.
    pub fn sqlite() -> Self {
        let folder = std::env::temp_dir().join(format!("huitan_test_{}", unique()));
        std::fs::create_dir_all(&folder).expect("a folder for the test database");
        let url = format!("sqlite://{}", folder.join("registry.db").display());
        Self {
            url,
            folder: Some(folder),
        }
    }

    /// A new database in the throw-away cluster that `HUITAN_TEST_POSTGRES` names.
    pub async fn postgres() -> Self {
        let cluster = std::env::var("HUITAN_TEST_POSTGRES").unwrap_or_else(|_| {
            panic!(
                "HUITAN_TEST_POSTGRES must be the address of a throw-away PostgreSQL cluster, as its superuser \
                 (postgres://postgres@127.0.0.1:5432/postgres). `cargo xtask test` starts one and sets it."
            )
        });
        sqlx::any::install_default_drivers();
        let name = format!("huitan_test_{}", unique());
        let mut connection = connect(&cluster).await;
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
            "DROP DATABASE IF EXISTS {name}"
        )))
        .execute(&mut connection)
        .await
        .expect("drop an old test database");
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .execute(&mut connection)
            .await
            .expect("create the test database");
        let (server, _) = cluster.rsplit_once('/').expect("a database in the address");
        Self {
            url: format!("{server}/{name}"),
            folder: None,
        }
    }

    /// Opened and migrated, in demo mode.
    pub async fn open(&self) -> Registry {
        let registry = self.connect().await;
        registry.migrate().await.expect("migrate");
        registry
    }

    /// Another copy of the server on the same database.
    pub async fn connect(&self) -> Registry {
        let options = Options {
            demo: true,
            connections: 10,
            ..Options::default()
        };
        Registry::connect(&self.url, options)
            .await
            .expect("connect")
    }

    /// A connection that goes past the registry.
    pub async fn raw(&self) -> sqlx::AnyConnection {
        sqlx::any::install_default_drivers();
        let mut connection = connect(&self.url).await;
        if self.is_sqlite() {
            sqlx::raw_sql("PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 15000")
                .execute(&mut connection)
                .await
                .expect("pragmas");
        }
        connection
    }

    /// The same without its triggers: what only somebody who owns the machine could do.
    pub async fn unguarded(&self) -> sqlx::AnyConnection {
        let mut connection = self.raw().await;
        if !self.is_sqlite() {
            sqlx::raw_sql("SET session_replication_role = replica")
                .execute(&mut connection)
                .await
                .expect("superuser");
            return connection;
        }
        let triggers: Vec<String> =
            sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                .fetch_all(&mut connection)
                .await
                .expect("the triggers");
        for trigger in triggers {
            sqlx::raw_sql(sqlx::AssertSqlSafe(format!("DROP TRIGGER {trigger}")))
                .execute(&mut connection)
                .await
                .expect("dropped");
        }
        connection
    }

    pub fn is_sqlite(&self) -> bool {
        self.folder.is_some()
    }
}

/// A statement past every guard of the database.
pub async fn past_the_guards(database: &Database, sql: &str) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))
        .execute(&mut database.unguarded().await)
        .await
        .expect("without guards everything goes");
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            // Only tidiness: a folder that cannot be removed is no failure of the story.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

async fn connect(url: &str) -> sqlx::AnyConnection {
    use sqlx::Connection as _;
    sqlx::AnyConnection::connect(url)
        .await
        .expect("connect past the registry")
}

/// A key that was not used before.
pub fn key() -> String {
    format!("key-{}", unique())
}

/// Noon of a Beijing day.
pub fn noon(day: Date) -> Instant {
    Instant::at_start_of(day).plus_seconds(12 * 3600)
}

/// One organisation with its user, acting on a day.
#[derive(Clone, Debug)]
pub struct Actor {
    pub user: UserId,
    pub organisation: OrganisationId,
    pub role: Role,
    pub account: String,
}

impl Actor {
    fn of(receipt: SignUpReceipt, role: Role) -> Self {
        Self {
            user: receipt.user,
            organisation: receipt.organisation,
            role,
            account: receipt.account_number,
        }
    }

    /// This actor at noon of a day, with a new key.
    pub fn on(&self, day: Date) -> By {
        self.with_key(day, &key())
    }

    /// This actor at noon of a day, with a given key.
    pub fn with_key(&self, day: Date, key: &str) -> By {
        By {
            user: self.user.clone(),
            organisation: self.organisation.clone(),
            role: self.role,
            at: noon(day),
            key: key.to_owned(),
        }
    }
}

/// Fields from pairs.
pub fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// A credit code that fits its check character, different for each number.
pub fn uscc(number: u64) -> String {
    let body = format!("9144{number:013}");
    Uscc::from_first_seventeen(&body)
        .expect("a credit code")
        .to_string()
}

/// The day on which people sign up and the thread begins: a Monday.
pub const DAY_ONE: Date = date!(2025 - 03 - 03);

/// Everybody in a story.
pub struct World {
    pub database: Database,
    pub registry: Registry,
    pub operator: Actor,
    pub validator: Actor,
    pub verifier: Actor,
    pub owner: Actor,
    pub organiser: Actor,
    /// MWh of the two lines of each monitoring report.
    pub exports: [&'static str; 2],
}

impl World {
    /// An open database with the five parties.
    pub async fn new(database: Database) -> Self {
        let registry = database.open().await;
        let operator = seed(&registry, "演示登记机构", Role::RegistryOperator).await;
        let validator = seed(&registry, "演示审定机构甲", Role::Vvb).await;
        let verifier = seed(&registry, "演示核查机构乙", Role::Vvb).await;
        let sectors = [Sector::Energy, Sector::Forestry];
        let approvals: Vec<VvbApprovalSeed> = [&validator, &verifier]
            .into_iter()
            .flat_map(|body| sectors.map(|sector| (body, sector)))
            .map(|(body, sector)| VvbApprovalSeed {
                organisation: body.organisation.clone(),
                sector,
                approval_number: "DEMO-R-0001".to_owned(),
                from: date!(2024 - 06 - 14),
                to: None,
                source: "demo".to_owned(),
            })
            .collect();
        registry
            .vvb_approval_seed(noon(DAY_ONE), &key(), &approvals)
            .await
            .expect("approvals");
        let owner = sign_up(&registry, "演示海上风电有限公司", Role::ProjectOwner).await;
        let organiser = sign_up(&registry, "演示赛事组委会", Role::EventOrganiser).await;
        Self {
            database,
            registry,
            operator,
            validator,
            verifier,
            owner,
            organiser,
            exports: USUAL,
        }
    }

    /// A draft that is complete, created by the owner on a day.
    pub async fn project_drafted(&self, day: Date) -> ProjectId {
        let draft = design(&self.validator);
        self.registry
            .project_create(&self.owner.on(day), &draft)
            .await
            .expect("project_create")
            .id
            .into()
    }

    /// A project in publicity since 2025-03-04, whose validator has done all its work by 2025-03-05.
    pub async fn project_in_publicity(&self) -> ProjectId {
        let project = self.project_not_examined().await;
        let kind = RecordKind::Project;
        desk_work(
            &self.registry,
            &self.validator,
            kind,
            project.as_str(),
            date!(2025 - 03 - 04),
        )
        .await;
        project
    }

    /// A project in publicity since 2025-03-04, whose validator has done nothing yet.
    pub async fn project_not_examined(&self) -> ProjectId {
        let project = self.project_drafted(DAY_ONE).await;
        let (none, registry) = (Fields::new(), &self.registry);
        registry
            .project_request_mandate(&self.owner.on(DAY_ONE), &project, &none)
            .await
            .expect("request_mandate");
        let contract = fields(&[("contract", "DEMO-2025-01"), ("impartiality", "yes")]);
        registry
            .project_confirm_mandate(&self.validator.on(DAY_ONE), &project, &contract)
            .await
            .expect("confirm_mandate");
        let statement = fields(&[("statement", "yes")]);
        registry
            .project_request_publicity(&self.owner.on(DAY_ONE), &project, &statement)
            .await
            .expect("request_publicity");
        registry
            .project_approve_publicity(&self.operator.on(DAY_ONE), &project, &none)
            .await
            .expect("approve_publicity");
        registry
            .clock_tick(noon(date!(2025 - 03 - 04)))
            .await
            .expect("clock_tick");
        project
    }

    /// A registered project, on 2025-04-14.
    pub async fn project_registered(&self) -> ProjectId {
        let project = self.project_applied().await;
        self.registry
            .project_register(&self.operator.on(REGISTERED), &project, &Fields::new())
            .await
            .expect("register");
        project
    }

    /// A project whose registration was applied for on 2025-04-01.
    pub async fn project_applied(&self) -> ProjectId {
        let project = self.project_in_publicity().await;
        let registry = &self.registry;
        let validation = self.validation(&project).await;
        registry
            .project_validate(&self.validator.on(AFTER_PUBLICITY), &project, &validation)
            .await
            .expect("validate");
        let statement = fields(&[("statement", "yes")]);
        registry
            .project_apply_registration(&self.owner.on(AFTER_PUBLICITY), &project, &statement)
            .await
            .expect("apply");
        project
    }

    /// The validator's report, with the amounts that the stored calculation gives.
    pub async fn validation(&self, project: &ProjectId) -> Fields {
        let view = self
            .registry
            .project_get(&self.validator.on(AFTER_PUBLICITY), project)
            .await
            .expect("project_get");
        let outcome = &view.calculations.last().expect("a calculation").outcome;
        report_fields(outcome)
    }

    /// A report in publicity since 2025-04-15, for two months of 2023 and all of 2024, whose verifier has done all its work by 2025-04-16.
    pub async fn report_in_publicity(&self, project: &ProjectId) -> ReportId {
        let report = self.report_not_examined(project).await;
        let kind = RecordKind::Report;
        desk_work(
            &self.registry,
            &self.verifier,
            kind,
            report.as_str(),
            date!(2025 - 04 - 15),
        )
        .await;
        report
    }

    /// The same report, whose verifier has done nothing yet.
    pub async fn report_not_examined(&self, project: &ProjectId) -> ReportId {
        let registry = &self.registry;
        let (none, day) = (Fields::new(), REGISTERED);
        let draft = monitoring_of(&self.verifier, self.exports);
        let report: ReportId = registry
            .report_create(&self.owner.on(day), project, &draft)
            .await
            .expect("report_create")
            .id
            .into();
        registry
            .report_request_mandate(&self.owner.on(day), &report, &none)
            .await
            .expect("request_mandate");
        let contract = fields(&[("contract", "DEMO-2025-02"), ("impartiality", "yes")]);
        registry
            .report_confirm_mandate(&self.verifier.on(day), &report, &contract)
            .await
            .expect("confirm_mandate");
        let statement = fields(&[("statement", "yes")]);
        registry
            .report_request_publicity(&self.owner.on(day), &report, &statement)
            .await
            .expect("request_publicity");
        registry
            .report_approve_publicity(&self.operator.on(day), &report, &none)
            .await
            .expect("approve_publicity");
        registry
            .clock_tick(noon(date!(2025 - 04 - 15)))
            .await
            .expect("clock_tick");
        report
    }

    /// A report whose reductions are registered but not yet issued, on 2025-06-03.
    pub async fn report_registered(&self, project: &ProjectId) -> ReportId {
        let report = self.report_applied(project).await;
        self.registry
            .report_register(&self.operator.on(ISSUED), &report, &Fields::new())
            .await
            .expect("register");
        report
    }

    /// A report whose registration was applied for on 2025-05-16.
    pub async fn report_applied(&self, project: &ProjectId) -> ReportId {
        let report = self.report_in_publicity(project).await;
        let registry = &self.registry;
        let view = registry
            .report_get(&self.verifier.on(AFTER_REPORT), &report)
            .await
            .expect("report_get");
        let verification = report_fields(&view.calculations.last().expect("a calculation").outcome);
        registry
            .report_verify(&self.verifier.on(AFTER_REPORT), &report, &verification)
            .await
            .expect("verify");
        let statement = fields(&[("statement", "yes")]);
        registry
            .report_apply_registration(&self.owner.on(AFTER_REPORT), &report, &statement)
            .await
            .expect("apply");
        report
    }

    /// Credits of 2023 and 2024 in the owner's account; answers with the class of 2024 and its tonnes.
    pub async fn credits_issued(&self) -> (ClassId, i64) {
        let project = self.project_registered().await;
        let report = self.report_registered(&project).await;
        self.registry
            .report_issue(&self.operator.on(ISSUED), &report, &Fields::new())
            .await
            .expect("issue");
        let holdings = self
            .registry
            .holdings(&self.owner.on(ISSUED))
            .await
            .expect("holdings");
        let of_2024 = holdings
            .iter()
            .find(|holding| holding.vintage == 2024)
            .expect("a class of 2024");
        (of_2024.class.clone(), of_2024.held)
    }

    /// The audit finds nothing.
    pub async fn assert_audit_clean(&self) {
        assert_audit_clean(&self.registry).await;
    }
}

/// The audit finds nothing.
pub async fn assert_audit_clean(registry: &Registry) {
    let report = registry.audit().await.expect("audit");
    assert!(report.differences.is_empty(), "{:#?}", report.differences);
    assert!(report.acts > 0);
}

/// MWh of a large wind farm: two months, and a year.
const USUAL: [&str; 2] = ["310000.5", "1640000.25"];
/// The day after the project's publicity (2025-03-04 to 2025-03-31).
pub const AFTER_PUBLICITY: Date = date!(2025 - 04 - 01);
/// The day the project is registered.
pub const REGISTERED: Date = date!(2025 - 04 - 14);
/// The day after the report's publicity (2025-04-15 to 2025-05-15).
pub const AFTER_REPORT: Date = date!(2025 - 05 - 16);
/// The day the credits are issued.
pub const ISSUED: Date = date!(2025 - 06 - 03);

/// A day on which transfers wait for their receiver.
pub const ASKED: Date = date!(2026 - 03 - 09);

/// An order of a court or an authority about credits of an account.
pub fn order_form(account: &str, quantity: &str) -> Fields {
    fields(&[
        ("holder", account),
        ("quantity", quantity),
        ("authority", "演示市中级人民法院"),
        ("document_number", "（2026）演01执1号"),
        ("document_date", "2025-06-01"),
        ("ground", "财产保全"),
    ])
}

/// A document whose content is stored.
pub fn paper_file() -> registry::StoredFile {
    registry::StoredFile {
        hash: "cd".repeat(32),
        bytes: 1200,
        media_type: "application/pdf".to_owned(),
        file_name: "裁定书.pdf".to_owned(),
    }
}

/// What ends an order, by the same authority.
pub fn release_form() -> Fields {
    fields(&[
        ("authority", "演示市中级人民法院"),
        ("document_number", "（2026）演01执2号"),
        ("reason", "理由"),
    ])
}

/// A request to surrender credits in the national market.
pub fn offset_form(quantity: &str, due: &str) -> Fields {
    fields(&[
        ("quantity", quantity),
        ("market", "national"),
        ("year", "2025"),
        ("due", due),
        ("account", "演示-0001"),
    ])
}

/// Enters an organisation of a role that does not sign up by itself.
pub async fn seed(registry: &Registry, name: &str, role: Role) -> Actor {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let seed = OrganisationSeed {
        name: name.to_owned(),
        uscc: uscc(number),
        role,
        person: "演示".to_owned(),
        email: format!("seed{number}@demo.example"),
        password_hash: "hash".to_owned(),
    };
    let receipt = registry
        .organisation_seed(noon(DAY_ONE), &key(), &seed)
        .await
        .expect("organisation_seed");
    Actor::of(receipt, role)
}

/// Signs an organisation up through the form, and opens its account: it applies, the registry grants.
pub async fn sign_up(registry: &Registry, name: &str, role: Role) -> Actor {
    let actor = sign_up_only(registry, name, role).await;
    let application = registry
        .account_apply(&actor.on(DAY_ONE), &account_form(role))
        .await
        .expect("account_apply");
    let opener = opener(registry).await;
    registry
        .account_approve(&opener.on(DAY_ONE), &application.id)
        .await
        .expect("account_approve");
    actor
}

/// Another member of an actor's organisation, who accepted an invitation.
pub async fn joins(registry: &Registry, of: &Actor, member_role: &str) -> Actor {
    let token = unique();
    let email = format!("{token}@demo.example");
    let invitation = fields(&[("email", &email), ("member_role", member_role)]);
    registry
        .member_invite(&of.on(DAY_ONE), &invitation, &token)
        .await
        .expect("member_invite");
    let visitor = Visitor {
        at: noon(DAY_ONE),
        key: key(),
    };
    let name = fields(&[("name", "演示·同事")]);
    let joined = registry
        .member_accept(&visitor, &token, &name, "hash")
        .await
        .expect("member_accept");
    Actor {
        user: joined.user,
        ..of.clone()
    }
}

/// The operator who opens accounts in every story, always the same one.
async fn opener(registry: &Registry) -> Actor {
    let role = Role::RegistryOperator;
    let seed = OrganisationSeed {
        name: "演示登记机构开户处".to_owned(),
        uscc: uscc(9_999_999_999_999),
        role,
        person: "演示".to_owned(),
        email: "opener@demo.example".to_owned(),
        password_hash: "hash".to_owned(),
    };
    let receipt = registry
        .organisation_seed(noon(DAY_ONE), "opener", &seed)
        .await
        .expect("organisation_seed");
    Actor::of(receipt, role)
}

/// A complete application for opening the account of an organisation of a role.
pub fn account_form(role: Role) -> Fields {
    let holder_type = match role {
        Role::ProjectOwner => "project_owner",
        Role::Vvb => "vvb",
        Role::EventOrganiser | Role::RegistryOperator | Role::Individual => "other_trader",
    };
    fields(&[
        ("holder_type", holder_type),
        ("address", "演示地址 1 号"),
        ("legal_representative", "演示·法人"),
        ("contact", "演示·联系人"),
        ("contact_phone", "0660-1234567"),
        ("initiator", "演示·发起"),
        ("initiator_phone", "13800000001"),
        ("confirmer", "演示·确认"),
        ("confirmer_phone", "13800000002"),
        ("statement", "yes"),
    ])
}

/// Signs an organisation up through the form; its account is not applied for yet.
pub async fn sign_up_only(registry: &Registry, name: &str, role: Role) -> Actor {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let form = fields(&[
        ("organisation_name", name),
        ("uscc", &uscc(number)),
        ("role", role.code()),
        ("name", "演示用户"),
        ("email", &format!("user{number}@demo.example")),
    ]);
    let visitor = Visitor {
        at: noon(DAY_ONE),
        key: key(),
    };
    let receipt = registry
        .user_sign_up(&visitor, &form, "hash")
        .await
        .expect("user_sign_up");
    Actor::of(receipt, role)
}

/// A plant archive code that no other project of this run has.
pub fn archive_code() -> String {
    format!("PWS{:014}", NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// A table of months that adds up to the export of each span: year, first month, number of months, MWh. All of it is in the first month.
pub fn months(spans: &[(i32, u8, u8, &str)]) -> String {
    let mut table = String::from("month,settled_mwh,claimed_mwh,certificates_mwh\n");
    for (year, first, count, export) in spans {
        for month in *first..first + count {
            let export = if month == *first { export } else { "0" };
            table += &format!("{year}-{month:02},{export},{export},0\n");
        }
    }
    table
}

/// A complete design document, shaped like 汕尾甲子一期; each has a plant of its own.
pub fn design(validator: &Actor) -> Fields {
    let plant = archive_code();
    fields(&[
        ("archive_code", plant.as_str()),
        ("name", "演示海上风电一期"),
        ("methodology", "CCER-01-002-V01"),
        ("summary", "演示项目：500 MW 海上风力发电。"),
        ("technology", "78 台 6.45 MW 机组。"),
        (
            "monitoring_plan",
            "关口表主副各一，0.2S 级，每年校准，逐月抄录。",
        ),
        ("sustainability", "增加当地就业，不占用耕地。"),
        ("environmental_impact", "环评已批复。"),
        ("province", "440000"),
        ("location", "演示海域"),
        ("grid", "South"),
        ("longitude", "116.100000"),
        ("latitude", "22.500000"),
        ("distance_to_shore_km", "35"),
        ("water_depth_m", "33"),
        ("construction_start", "2020-11-01"),
        ("grid_connection_date", "2022-09-30"),
        ("retirement_date", "2047-09-29"),
        ("crediting_from", "2022-10-01"),
        ("crediting_to", "2032-09-30"),
        ("capacity_mw", "500"),
        ("export_mwh_per_year", "1655202"),
        ("import_mwh_per_year", "0"),
        ("factor_choice", "named"),
        ("factor_set", "2023"),
        ("rounding", "project_year_lines"),
        ("grid_connected", "yes"),
        ("seaward_of_high_water_line", "yes"),
        ("any_turbine_within_both_limits", "no"),
        ("lawful", "yes"),
        ("legally_obliged", "no"),
        ("in_emissions_trading", "no"),
        ("in_other_mechanism", "no"),
        ("green_certificate_choice", "reductions"),
        ("validator", validator.organisation.as_str()),
    ])
}

/// A complete monitoring report for 2023-11-01 to 2024-12-31.
pub fn monitoring(verifier: &Actor) -> Fields {
    monitoring_of(verifier, USUAL)
}

/// The same with other amounts of electricity, MWh.
pub fn monitoring_of(verifier: &Actor, exports: [&str; 2]) -> Fields {
    let mut report = fields(&[
        ("period_from", "2023-11-01"),
        ("period_to", "2024-12-31"),
        ("factor_choice", "named"),
        ("factor_set", "2023"),
        ("implementation", "按设计文件实施。"),
        ("monitoring", "按监测计划监测。"),
        ("certificates_traded", "no"),
        ("verifier", verifier.organisation.as_str()),
    ]);
    for (at, from, to, export) in [
        (0, "2023-11-01", "2023-12-31", exports[0]),
        (1, "2024-01-01", "2024-12-31", exports[1]),
    ] {
        let line = [
            ("from", from),
            ("to", to),
            ("export_mwh", export),
            ("import_mwh", "655.2"),
            ("export_meter", "in_order"),
            ("export_meter_class", "0.2S"),
            ("import_meter", "in_order"),
        ];
        for (name, value) in line {
            report.insert(format!("lines.{at}.{name}"), value.to_owned());
        }
    }
    report.insert(
        "electricity_months".to_owned(),
        months(&[(2023, 11, 2, exports[0]), (2024, 1, 12, exports[1])]),
    );
    report
}

/// A VVB's positive report with the amounts of an outcome.
pub fn report_fields(outcome: &serde_json::Value) -> Fields {
    let mut report = fields(&[("report", "结论：符合。"), ("commitment", "yes")]);
    let lines = outcome["year_lines"].as_array().expect("year lines");
    for (at, line) in lines.iter().enumerate() {
        report.insert(format!("amounts.{at}.year"), line["year"].to_string());
        report.insert(format!("amounts.{at}.tonnes"), line["er_t"].to_string());
    }
    report
}

/// Everything a body does before its report: the document reviewed on `day`, the one site visited on the day after.
pub async fn desk_work(
    registry: &Registry,
    body: &Actor,
    kind: RecordKind,
    record: &str,
    day: Date,
) {
    let next = day.next_day().expect("a day after");
    let plan = fields(&[
        ("document_reviewed_on", &day.to_string()),
        ("sites_total", "1"),
        ("reviewer", "演示复核人"),
        ("decision_maker", "演示决定人"),
    ]);
    registry
        .engagement_save(&body.on(next), kind, record, &plan)
        .await
        .expect("the plan");
    let mut visit = fields(&[("site", "演示场址"), ("visited_on", &next.to_string())]);
    for (name, duty) in [("演示组长", "leader"), ("演示组员", "member")] {
        let member = fields(&[
            ("name", name),
            ("duty", duty),
            ("full_time", "yes"),
            ("sectors.energy", "yes"),
            ("sectors.forestry", "yes"),
        ]);
        let member = registry
            .engagement_member_add(&body.on(next), kind, record, &member)
            .await
            .expect("a member");
        visit.insert(format!("persons.{}", member.id), "yes".to_owned());
    }
    registry
        .engagement_visit_add(&body.on(next), kind, record, &visit)
        .await
        .expect("the visit");
}

/// The codes of a refusal, or what came instead.
pub fn codes<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<String> {
    match result {
        Err(Error::Refused(refusals)) => refusals
            .iter()
            .map(|refusal| refusal.code.to_owned())
            .collect(),
        Err(Error::Forbidden) => vec!["forbidden".to_owned()],
        Err(Error::NotFound) => vec!["not found".to_owned()],
        other => vec![format!("{other:?}")],
    }
}

/// How many rounds a race has: few in the suite, `HUITAN_TEST_ROUNDS` for more.
pub fn rounds(usual: usize) -> usize {
    std::env::var("HUITAN_TEST_ROUNDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(usual)
}
