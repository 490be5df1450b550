//! What the public reads. Every column is written `table.column` with the table's own name or the alias of its join, and a test
//! (`stories/columns.rs`) looks each of them up in `registry/columns.toml`: a private column here fails it.

use super::log::HeadRow;
use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// A published project.
#[derive(FromRow)]
pub(crate) struct PublicProjectStored {
    pub(crate) id: String,
    pub(crate) code: Option<String>,
    pub(crate) name: String,
    pub(crate) owner: String,
    pub(crate) vvb: Option<String>,
    pub(crate) methodology: String,
    pub(crate) project_type: String,
    pub(crate) province: String,
    pub(crate) state: String,
    pub(crate) published_fields: Option<String>,
    pub(crate) period_start: Option<String>,
    pub(crate) period_end: Option<String>,
    pub(crate) year_tonnes: Option<i64>,
    pub(crate) total_tonnes: Option<i64>,
    pub(crate) publicity_start: Option<String>,
    pub(crate) publicity_end: Option<String>,
    pub(crate) registered_at: Option<i64>,
    pub(crate) ending_kind: Option<String>,
    pub(crate) ending_ground: Option<String>,
    pub(crate) ending_reason: Option<String>,
    pub(crate) ending_clause: Option<String>,
    pub(crate) ending_investigation: Option<String>,
    pub(crate) ending_authority: Option<String>,
    pub(crate) ending_document_number: Option<String>,
    pub(crate) ending_document_date: Option<String>,
    pub(crate) ended_on: Option<String>,
}

const PROJECT: &str = "SELECT record.id, record.code, record.name, owner.name AS owner, vvb.name AS vvb, record.methodology, \
    record.project_type, record.province, record.state, record.published_fields, record.period_start, record.period_end, \
    record.year_tonnes, record.total_tonnes, record.publicity_start, record.publicity_end, record.registered_at, \
    ending.kind AS ending_kind, ending.ground AS ending_ground, ending.reason AS ending_reason, ending.legal_ground AS ending_clause, \
    ending.investigation AS ending_investigation, ending.authority AS ending_authority, \
    ending.document_number AS ending_document_number, ending.document_date AS ending_document_date, ending.ended_on \
    FROM record JOIN organisation owner ON owner.id = record.owner_id LEFT JOIN organisation vvb ON vvb.id = record.vvb_id \
    LEFT JOIN ending ON ending.record_id = record.id AND ending.kind IN ('deregistered', 'revoked') \
    WHERE record.kind = 'project' AND record.public_tab IS NOT NULL";

/// What to look for among projects; `None` is not asked about.
pub(crate) struct ProjectQuery<'a> {
    pub(crate) tab: Option<&'a str>,
    pub(crate) methodology: Option<&'a str>,
    pub(crate) province: Option<&'a str>,
    /// A LIKE pattern in lower case, `\` being the escape.
    pub(crate) pattern: Option<&'a str>,
    pub(crate) before: &'a str,
    pub(crate) size: i64,
}

pub(crate) async fn projects(
    connection: &mut AnyConnection,
    query: &ProjectQuery<'_>,
) -> Result<Vec<PublicProjectStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{PROJECT} AND (CAST($1 AS TEXT) IS NULL OR record.public_tab = $1) \
         AND (CAST($2 AS TEXT) IS NULL OR record.methodology = $2) AND (CAST($3 AS TEXT) IS NULL OR record.province = $3) \
         AND (CAST($4 AS TEXT) IS NULL OR record.search LIKE $4 ESCAPE '\\') \
         AND record.id < $5 ORDER BY record.id DESC LIMIT $6"
    )))
    .bind(query.tab)
    .bind(query.methodology)
    .bind(query.province)
    .bind(query.pattern)
    .bind(query.before)
    .bind(query.size)
    .fetch_all(connection)
    .await
}

pub(crate) async fn project(
    connection: &mut AnyConnection,
    id_or_code: &str,
) -> Result<Option<PublicProjectStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{PROJECT} AND (record.id = $1 OR record.code = $1)"
    )))
    .bind(id_or_code)
    .fetch_optional(connection)
    .await
}

/// The boundary of a published project.
#[derive(FromRow)]
pub(crate) struct PublicBoundaryStored {
    pub(crate) project_id: String,
    pub(crate) geojson: String,
    pub(crate) west: i64,
    pub(crate) south: i64,
    pub(crate) east: i64,
    pub(crate) north: i64,
    pub(crate) area_m2: i64,
    pub(crate) plots: i64,
    pub(crate) points: i64,
    pub(crate) file_kind: String,
    pub(crate) file_sha256: String,
    pub(crate) set_at: i64,
}

/// By the project's id or code.
pub(crate) async fn boundary(
    connection: &mut AnyConnection,
    id_or_code: &str,
) -> Result<Option<PublicBoundaryStored>, sqlx::Error> {
    sqlx::query_as(
        "SELECT boundary.project_id, boundary.geojson, boundary.west, boundary.south, boundary.east, boundary.north, \
         boundary.area_m2, boundary.plots, boundary.points, boundary.file_kind, boundary.file_sha256, boundary.set_at \
         FROM boundary JOIN record ON record.id = boundary.project_id \
         WHERE record.kind = 'project' AND record.public_tab IS NOT NULL AND (record.id = $1 OR record.code = $1)",
    )
    .bind(id_or_code)
    .fetch_optional(connection)
    .await
}

/// A published report.
#[derive(FromRow)]
pub(crate) struct PublicReportStored {
    pub(crate) id: String,
    pub(crate) project: String,
    pub(crate) project_code: Option<String>,
    pub(crate) project_name: String,
    pub(crate) number: i64,
    pub(crate) period_start: Option<String>,
    pub(crate) period_end: Option<String>,
    pub(crate) state: String,
    pub(crate) published_fields: Option<String>,
    pub(crate) vvb: Option<String>,
    pub(crate) total_tonnes: Option<i64>,
    pub(crate) verified_tonnes: Option<i64>,
    pub(crate) issued_tonnes: Option<i64>,
    pub(crate) publicity_start: Option<String>,
    pub(crate) publicity_end: Option<String>,
}

const REPORT: &str = "SELECT record.id, record.project_id AS project, project.code AS project_code, project.name AS project_name, \
    record.number, record.period_start, record.period_end, record.state, record.published_fields, vvb.name AS vvb, \
    record.total_tonnes, record.verified_tonnes, record.issued_tonnes, record.publicity_start, record.publicity_end \
    FROM record JOIN record project ON project.id = record.project_id \
    LEFT JOIN organisation vvb ON vvb.id = record.vvb_id \
    WHERE record.kind = 'report' AND record.public_tab IS NOT NULL";

pub(crate) async fn reports(
    connection: &mut AnyConnection,
    state: Option<&str>,
    before: &str,
    size: i64,
) -> Result<Vec<PublicReportStored>, sqlx::Error> {
    // a list does not show documents, and a survey of 100,000 trees is a long one
    let light = REPORT.replace(
        "record.published_fields,",
        "CASE WHEN LENGTH(record.published_fields) > 100000 THEN NULL ELSE record.published_fields END AS published_fields,",
    );
    sqlx::query_as(AssertSqlSafe(format!(
        "{light} AND (CAST($1 AS TEXT) IS NULL OR record.state = $1) AND record.id < $2 ORDER BY record.id DESC LIMIT $3"
    )))
    .bind(state)
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}

pub(crate) async fn reports_of(
    connection: &mut AnyConnection,
    project: &str,
) -> Result<Vec<PublicReportStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{REPORT} AND record.project_id = $1 ORDER BY record.number"
    )))
    .bind(project)
    .fetch_all(connection)
    .await
}

pub(crate) async fn report(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<PublicReportStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{REPORT} AND record.id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// Year, applied, verified, issued.
pub(crate) async fn lines(
    connection: &mut AnyConnection,
    report: &str,
) -> Result<Vec<super::record::LineRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT report_line.year, report_line.applied, report_line.verified, report_line.issued FROM report_line \
         WHERE report_line.report_id = $1 ORDER BY report_line.year",
    )
    .bind(report)
    .fetch_all(connection)
    .await
}

/// A published opinion.
#[derive(FromRow)]
pub(crate) struct PublicOpinionStored {
    pub(crate) id: String,
    pub(crate) author: String,
    pub(crate) body: String,
    pub(crate) at: i64,
    pub(crate) reply: Option<String>,
    pub(crate) handled: Option<String>,
}

pub(crate) async fn opinions(
    connection: &mut AnyConnection,
    kind: &str,
    record: &str,
) -> Result<Vec<PublicOpinionStored>, sqlx::Error> {
    sqlx::query_as(
        "SELECT opinion.id, opinion.author, opinion.body, opinion.at, opinion.reply, opinion.handled \
         FROM opinion JOIN record ON record.id = opinion.record_id \
         WHERE opinion.record_id = $1 AND record.kind = $2 AND record.public_tab IS NOT NULL AND opinion.moderation = 'published' \
         ORDER BY opinion.id",
    )
    .bind(record)
    .bind(kind)
    .fetch_all(connection)
    .await
}

/// The calculations of a published record: `act_id` is not read, so it stays empty.
pub(crate) async fn calculations(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Vec<super::record::CalculationRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT calculation.id, calculation.record_id, calculation.stage, calculation.calculator, calculation.version, \
         calculation.parameter_sets, calculation.input, calculation.outcome, calculation.at, '' AS act_id \
         FROM calculation JOIN record ON record.id = calculation.record_id \
         WHERE calculation.record_id = $1 AND record.public_tab IS NOT NULL ORDER BY calculation.id",
    )
    .bind(record)
    .fetch_all(connection)
    .await
}

pub(crate) async fn assessment(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Option<super::record::AssessmentRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT vvb.name AS vvb, assessment.conclusion, assessment.report_text, assessment.commitment, assessment.amounts, \
         assessment.at FROM assessment JOIN organisation vvb ON vvb.id = assessment.vvb_id \
         JOIN record ON record.id = assessment.record_id \
         WHERE assessment.record_id = $1 AND record.public_tab IS NOT NULL",
    )
    .bind(record)
    .fetch_optional(connection)
    .await
}

/// A public entry of the record of acts.
#[derive(FromRow)]
pub(crate) struct PublicActStored {
    pub(crate) at: i64,
    pub(crate) kind: String,
    pub(crate) subject_kind: String,
    pub(crate) subject: String,
    pub(crate) title: String,
    pub(crate) state: Option<String>,
    pub(crate) hash: String,
}

const ACT: &str = "SELECT act.at, act.kind, act.subject_kind, act.subject, COALESCE(project.name, record.name) AS title, act.state, \
    act.hash FROM act JOIN record ON record.id = act.subject LEFT JOIN record project ON project.id = record.project_id \
    WHERE act.is_public = 1 AND record.public_tab IS NOT NULL";

pub(crate) async fn acts_of(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Vec<PublicActStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{ACT} AND act.subject = $1 ORDER BY act.sequence"
    )))
    .bind(record)
    .fetch_all(connection)
    .await
}

pub(crate) async fn acts_recent(
    connection: &mut AnyConnection,
    size: i64,
) -> Result<Vec<PublicActStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{ACT} ORDER BY act.id DESC LIMIT $1"
    )))
    .bind(size)
    .fetch_all(connection)
    .await
}

/// The latest retirements as acts: subject is the number, title the beneficiary.
pub(crate) async fn retirements_recent(
    connection: &mut AnyConnection,
    size: i64,
) -> Result<Vec<PublicActStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT act.at, 'credits_retire' AS kind, 'retirement' AS subject_kind, retirement.number AS subject, {BENEFICIARY_NOW} AS title, \
         act.state, act.hash FROM retirement JOIN act ON act.id = retirement.act_id ORDER BY retirement.id DESC LIMIT $1"
    )))
    .bind(size)
    .fetch_all(connection)
    .await
}

/// A class with what became of its credits.
#[derive(FromRow)]
pub(crate) struct PublicClassStored {
    pub(crate) id: String,
    pub(crate) project: String,
    pub(crate) project_code: String,
    pub(crate) project_name: String,
    pub(crate) methodology: String,
    pub(crate) unit_kind: String,
    pub(crate) recognition: String,
    pub(crate) vintage: i64,
    pub(crate) issued: i64,
    pub(crate) retired: i64,
}

const CLASS: &str = "SELECT credit_class.id, credit_class.project_id AS project, credit_class.project_code, \
    record.name AS project_name, record.methodology, credit_class.unit_kind, credit_class.recognition, credit_class.vintage, credit_class.issued, \
    CAST(COALESCE((SELECT SUM(ledger_account.balance) FROM ledger_account \
      WHERE ledger_account.class_id = credit_class.id AND ledger_account.kind = 'retired'), 0) AS BIGINT) AS retired \
    FROM credit_class JOIN record ON record.id = credit_class.project_id";

pub(crate) async fn class(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<PublicClassStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{CLASS} WHERE credit_class.id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

pub(crate) async fn class_by_serial(
    connection: &mut AnyConnection,
    project_code: &str,
    vintage: i64,
) -> Result<Option<PublicClassStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{CLASS} WHERE credit_class.project_code = $1 AND credit_class.vintage = $2"
    )))
    .bind(project_code)
    .bind(vintage)
    .fetch_optional(connection)
    .await
}

pub(crate) async fn classes_of(
    connection: &mut AnyConnection,
    project: &str,
) -> Result<Vec<PublicClassStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{CLASS} WHERE credit_class.project_id = $1 ORDER BY credit_class.vintage"
    )))
    .bind(project)
    .fetch_all(connection)
    .await
}

pub(crate) async fn classes(
    connection: &mut AnyConnection,
    before: &str,
    size: i64,
) -> Result<Vec<PublicClassStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{CLASS} WHERE credit_class.issued > 0 AND credit_class.id < $1 ORDER BY credit_class.id DESC LIMIT $2"
    )))
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// A scheme of carbon inclusion: what stands where a project stands for other credits. By its id or code: id, code, name, province,
/// recognition.
pub(crate) async fn scheme(
    connection: &mut AnyConnection,
    id_or_code: &str,
) -> Result<Option<(String, String, String, String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT record.id, record.code, record.name, record.province, record.project_type FROM record \
         WHERE record.methodology = 'inclusion' AND (record.id = $1 OR record.code = $1)",
    )
    .bind(id_or_code)
    .fetch_optional(connection)
    .await
}

/// The blocks that touch a range: start, end, kind of account, retirement; those that begin after the number `after`.
pub(crate) async fn blocks(
    connection: &mut AnyConnection,
    class: &str,
    start: i64,
    end: i64,
    after: i64,
    size: i64,
) -> Result<Vec<(i64, i64, String, Option<String>)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT serial_block.serial_start, serial_block.serial_end, serial_block.account_kind, retirement.number \
         FROM serial_block LEFT JOIN ledger_transfer ON ledger_transfer.id = serial_block.transfer_id \
         LEFT JOIN retirement ON retirement.id = ledger_transfer.retirement_id \
         WHERE serial_block.class_id = $1 AND serial_block.serial_start <= $3 AND serial_block.serial_start >= \
           CASE WHEN CAST($4 AS BIGINT) > 0 THEN CAST($4 AS BIGINT) + 1 ELSE COALESCE((SELECT MAX(one.serial_start) FROM serial_block one \
             WHERE one.class_id = $1 AND one.serial_start >= 1 AND one.serial_start <= $2), 1) END \
         AND serial_block.serial_end >= $2 ORDER BY serial_block.serial_start LIMIT $5",
    )
    .bind(class)
    .bind(start)
    .bind(end)
    .bind(after)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// How many numbers of a range are retired.
pub(crate) async fn retired_in(
    connection: &mut AnyConnection,
    class: &str,
    start: i64,
    end: i64,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT CAST(COALESCE(SUM(CASE WHEN serial_block.serial_end < $3 THEN serial_block.serial_end ELSE $3 END \
         - CASE WHEN serial_block.serial_start > $2 THEN serial_block.serial_start ELSE $2 END + 1), 0) AS BIGINT) FROM serial_block \
         WHERE serial_block.class_id = $1 AND serial_block.account_kind = 'retired' \
         AND serial_block.serial_start <= $3 AND serial_block.serial_end >= $2 AND serial_block.serial_start >= \
           COALESCE((SELECT MAX(one.serial_start) FROM serial_block one \
             WHERE one.class_id = $1 AND one.serial_start >= 1 AND one.serial_start <= $2), 1)",
    )
    .bind(class)
    .bind(start)
    .bind(end)
    .fetch_one(connection)
    .await
}

/// A transfer that touched a range.
#[derive(FromRow)]
pub(crate) struct Touching {
    pub(crate) id: String,
    pub(crate) at: i64,
    pub(crate) debit_kind: String,
    pub(crate) credit_kind: String,
    pub(crate) serial_start: i64,
    pub(crate) serial_end: i64,
    pub(crate) number: Option<String>,
}

/// The level of a transfer by its length, as the index of migration 0014 has it.
const LEVEL: &str = "(CASE WHEN ledger_transfer.amount < 8 THEN 1 WHEN ledger_transfer.amount < 64 THEN 2 \
    WHEN ledger_transfer.amount < 512 THEN 3 WHEN ledger_transfer.amount < 4096 THEN 4 WHEN ledger_transfer.amount < 32768 THEN 5 \
    WHEN ledger_transfer.amount < 262144 THEN 6 WHEN ledger_transfer.amount < 2097152 THEN 7 \
    WHEN ledger_transfer.amount < 16777216 THEN 8 ELSE 9 END)";
const LEVELS: u32 = 9;

const TOUCHING: &str = "SELECT ledger_transfer.id, ledger_transfer.at, ledger_transfer.debit_kind, ledger_transfer.credit_kind, \
    ledger_transfer.serial_start, ledger_transfer.serial_end, retirement.number FROM ledger_transfer \
    LEFT JOIN retirement ON retirement.id = ledger_transfer.retirement_id";

/// The transfers that touched a range, oldest first; those after the one with the id `after`. A wide range of the class (`wide`) is walked
/// in the order of time; a narrow one is found by length: transfers of one level that touch it begin within a known distance before it.
pub(crate) async fn transfers(
    connection: &mut AnyConnection,
    class: &str,
    (start, end, wide): (i64, i64, bool),
    after: &str,
    size: i64,
) -> Result<Vec<Touching>, sqlx::Error> {
    let reached = if wide {
        "ledger_transfer.class_id = $1 AND ledger_transfer.serial_start <= $3 AND ledger_transfer.serial_end >= $2 \
         AND ledger_transfer.id > $4"
            .to_owned()
    } else {
        let levels: Vec<String> = (1..=LEVELS)
            .map(|level| {
                let reach = if level == LEVELS {
                    String::new()
                } else {
                    format!("AND ledger_transfer.serial_start > $2 - {}", 8_i64.pow(level))
                };
                format!(
                    "SELECT ledger_transfer.id FROM ledger_transfer WHERE ledger_transfer.class_id = $1 AND {LEVEL} = {level} {reach} \
                     AND ledger_transfer.serial_start <= $3 AND ledger_transfer.serial_end >= $2 AND ledger_transfer.id > $4"
                )
            })
            .collect();
        format!("ledger_transfer.id IN ({})", levels.join(" UNION ALL "))
    };
    sqlx::query_as(AssertSqlSafe(format!(
        "{TOUCHING} WHERE {reached} ORDER BY ledger_transfer.id LIMIT $5"
    )))
    .bind(class)
    .bind(start)
    .bind(end)
    .bind(after)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// A retirement with the hash of its act.
#[derive(FromRow)]
pub(crate) struct RetirementStored {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) at: i64,
    pub(crate) holder: String,
    pub(crate) beneficiary: String,
    pub(crate) beneficiary_uscc: Option<String>,
    pub(crate) purpose: String,
    pub(crate) purpose_text: String,
    pub(crate) quantity: i64,
    pub(crate) act_hash: String,
    pub(crate) act: String,
}

/// For whom, in the words in force.
const BENEFICIARY_NOW: &str = "COALESCE((SELECT certificate_version.beneficiary FROM certificate_version \
    WHERE certificate_version.retirement_id = retirement.id ORDER BY certificate_version.version DESC LIMIT 1), retirement.beneficiary)";

/// A version of a certificate that a correction wrote.
#[derive(FromRow)]
pub(crate) struct VersionStored {
    pub(crate) version: i64,
    pub(crate) at: i64,
    pub(crate) beneficiary: String,
    pub(crate) beneficiary_uscc: Option<String>,
    pub(crate) purpose_text: String,
    pub(crate) reason: String,
    pub(crate) act: String,
    pub(crate) act_hash: String,
}

/// The versions after the first one, in their order.
pub(crate) async fn versions(
    connection: &mut AnyConnection,
    retirement: &str,
) -> Result<Vec<VersionStored>, sqlx::Error> {
    sqlx::query_as(
        "SELECT certificate_version.version, certificate_version.at, certificate_version.beneficiary, certificate_version.beneficiary_uscc, \
         certificate_version.purpose_text, certificate_version.reason, certificate_version.act_id AS act, COALESCE(act.hash, '') AS act_hash \
         FROM certificate_version LEFT JOIN act ON act.id = certificate_version.act_id \
         WHERE certificate_version.retirement_id = $1 ORDER BY certificate_version.version",
    )
    .bind(retirement)
    .fetch_all(connection)
    .await
}

const RETIREMENT: &str = "SELECT retirement.id, retirement.number, retirement.at, owner.name AS holder, retirement.beneficiary, \
    retirement.beneficiary_uscc, retirement.purpose, retirement.purpose_text, retirement.quantity, act.hash AS act_hash, \
    retirement.act_id AS act FROM retirement JOIN organisation owner ON owner.id = retirement.holder_id JOIN act ON act.id = retirement.act_id";

pub(crate) async fn retirement(
    connection: &mut AnyConnection,
    number: &str,
) -> Result<Option<RetirementStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{RETIREMENT} WHERE retirement.number = $1"
    )))
    .bind(number)
    .fetch_optional(connection)
    .await
}

pub(crate) async fn retirements(
    connection: &mut AnyConnection,
    pattern: Option<&str>,
    before: &str,
    size: i64,
) -> Result<Vec<RetirementStored>, sqlx::Error> {
    let now = format!("{BENEFICIARY_NOW} AS beneficiary");
    let select = RETIREMENT.replacen("retirement.beneficiary", &now, 1);
    sqlx::query_as(AssertSqlSafe(format!(
        "{select} WHERE (CAST($1 AS TEXT) IS NULL OR retirement.search LIKE $1 ESCAPE '\\' OR EXISTS (SELECT 1 FROM certificate_version \
         WHERE certificate_version.retirement_id = retirement.id AND certificate_version.search LIKE $1 ESCAPE '\\')) AND retirement.id < $2 \
         ORDER BY retirement.id DESC LIMIT $3"
    )))
    .bind(pattern)
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// A row of the ledger that belongs to a retirement.
#[derive(FromRow)]
pub(crate) struct RetiredStored {
    pub(crate) transfer: String,
    pub(crate) class: String,
    pub(crate) project: String,
    pub(crate) project_code: String,
    pub(crate) project_name: String,
    pub(crate) methodology: String,
    pub(crate) province: String,
    pub(crate) unit_kind: String,
    pub(crate) recognition: String,
    pub(crate) vintage: i64,
    pub(crate) serial_start: i64,
    pub(crate) serial_end: i64,
    pub(crate) amount: i64,
}

pub(crate) async fn retired_lines(
    connection: &mut AnyConnection,
    retirement: &str,
) -> Result<Vec<RetiredStored>, sqlx::Error> {
    sqlx::query_as(
        "SELECT ledger_transfer.id AS transfer, ledger_transfer.class_id AS class, credit_class.project_id AS project, \
         credit_class.project_code, record.name AS project_name, record.methodology, record.province, credit_class.unit_kind, credit_class.recognition, credit_class.vintage, \
         ledger_transfer.serial_start, ledger_transfer.serial_end, ledger_transfer.amount FROM ledger_transfer \
         JOIN credit_class ON credit_class.id = ledger_transfer.class_id JOIN record ON record.id = credit_class.project_id \
         WHERE ledger_transfer.retirement_id = $1 ORDER BY ledger_transfer.position",
    )
    .bind(retirement)
    .fetch_all(connection)
    .await
}

/// How many published records of a kind are in each state.
pub(crate) async fn states(
    connection: &mut AnyConnection,
    kind: &str,
) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT record.state, COUNT(*) FROM record WHERE record.kind = $1 AND record.public_tab IS NOT NULL GROUP BY record.state",
    )
    .bind(kind)
    .fetch_all(connection)
    .await
}

/// Vintage, issued, retired.
pub(crate) async fn vintages(
    connection: &mut AnyConnection,
) -> Result<Vec<(i64, i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT credit_class.vintage, CAST(SUM(credit_class.issued) AS BIGINT), \
         CAST(COALESCE((SELECT SUM(ledger_account.balance) FROM ledger_account JOIN credit_class same \
           ON same.id = ledger_account.class_id WHERE ledger_account.kind = 'retired' AND same.vintage = credit_class.vintage), 0) AS BIGINT) \
         FROM credit_class GROUP BY credit_class.vintage ORDER BY credit_class.vintage",
    )
    .fetch_all(connection)
    .await
}

pub(crate) async fn retirement_count(connection: &mut AnyConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM retirement")
        .fetch_one(connection)
        .await
}

/// An approved parameter set.
#[derive(FromRow)]
pub(crate) struct StoredParameterSet {
    pub(crate) number: i64,
    pub(crate) at: i64,
    pub(crate) document: String,
    pub(crate) document_number: String,
    pub(crate) effective_from: String,
    pub(crate) reason: String,
    pub(crate) replacements: String,
    pub(crate) scenes: String,
}

/// The approved sets, newest first.
pub(crate) async fn parameter_sets(
    connection: &mut AnyConnection,
) -> Result<Vec<StoredParameterSet>, sqlx::Error> {
    sqlx::query_as(
        "SELECT parameter_set.number, parameter_set.at, parameter_change.document, parameter_change.document_number, \
         parameter_change.effective_from, parameter_change.reason, parameter_change.replacements, parameter_change.scenes \
         FROM parameter_set JOIN parameter_change ON parameter_change.id = parameter_set.change_id \
         ORDER BY parameter_set.number DESC",
    )
    .fetch_all(connection)
    .await
}

/// An approved version of the rule book.
#[derive(FromRow)]
pub(crate) struct StoredRuleVersion {
    pub(crate) number: i64,
    pub(crate) at: i64,
    pub(crate) reason: String,
    pub(crate) content: String,
}

/// The approved versions, newest first.
pub(crate) async fn rule_versions(
    connection: &mut AnyConnection,
) -> Result<Vec<StoredRuleVersion>, sqlx::Error> {
    sqlx::query_as(
        "SELECT rule_version.number, rule_version.at, rule_change.reason, rule_change.content FROM rule_version \
         JOIN rule_change ON rule_change.id = rule_version.change_id ORDER BY rule_version.number DESC",
    )
    .fetch_all(connection)
    .await
}

/// A publicity window of a public record that was given a later last day.
#[derive(FromRow)]
pub(crate) struct StoredExtension {
    pub(crate) end_before: String,
    pub(crate) calendar_before: String,
    pub(crate) end_after: String,
    pub(crate) calendar_after: String,
    pub(crate) reason: String,
    pub(crate) at: i64,
}

/// The extensions of a public record, oldest first.
pub(crate) async fn publicity_extensions(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Vec<StoredExtension>, sqlx::Error> {
    sqlx::query_as(
        "SELECT publicity_extension.end_before, publicity_extension.calendar_before, publicity_extension.end_after, \
         publicity_extension.calendar_after, publicity_extension.reason, publicity_extension.at FROM publicity_extension \
         JOIN record ON record.id = publicity_extension.record_id \
         WHERE publicity_extension.record_id = $1 AND record.public_tab IS NOT NULL ORDER BY publicity_extension.id",
    )
    .bind(record)
    .fetch_all(connection)
    .await
}

/// A file that anyone may read.
#[derive(FromRow)]
pub(crate) struct PublicAttachmentStored {
    pub(crate) id: String,
    pub(crate) upload_hash: String,
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) file_name: String,
    pub(crate) at: i64,
    pub(crate) bytes: i64,
    pub(crate) media_type: String,
}

const ATTACHMENT: &str = "SELECT attachment.id, attachment.upload_hash, attachment.kind, attachment.title, attachment.file_name, \
    attachment.at, upload.bytes, upload.media_type FROM attachment JOIN upload ON upload.hash = attachment.upload_hash \
    JOIN record ON record.id = attachment.record_id WHERE attachment.is_public = 1 AND attachment.removed_at IS NULL \
    AND record.public_tab IS NOT NULL";

/// The public files of a published record, oldest first.
pub(crate) async fn attachments_of(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Vec<PublicAttachmentStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{ATTACHMENT} AND attachment.record_id = $1 ORDER BY attachment.id"
    )))
    .bind(record)
    .fetch_all(connection)
    .await
}

/// One public file of a published record.
pub(crate) async fn attachment(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<PublicAttachmentStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{ATTACHMENT} AND attachment.id = $1"
    )))
    .bind(id)
    .fetch_optional(connection)
    .await
}

/// Kind, step, year, days, how many steps: the summary of how long steps take.
pub(crate) async fn step_lengths(
    connection: &mut AnyConnection,
) -> Result<Vec<(String, String, i64, i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT step_length.kind, step_length.step, step_length.year, step_length.days, step_length.times FROM step_length \
         ORDER BY step_length.kind, step_length.step, step_length.year, step_length.days",
    )
    .fetch_all(connection)
    .await
}

/// What a body did for a mandate whose report is public.
#[derive(FromRow)]
pub(crate) struct PublicEngagementStored {
    pub(crate) impartial_at: Option<i64>,
    pub(crate) document_reviewed_on: Option<String>,
    pub(crate) sites_total: Option<i64>,
    pub(crate) sampling: Option<String>,
    pub(crate) reviewer: Option<String>,
    pub(crate) decision_maker: Option<String>,
}

/// A member of the team.
#[derive(FromRow)]
pub(crate) struct PublicMemberStored {
    pub(crate) name: String,
    pub(crate) full_time: i64,
    pub(crate) sectors: String,
    pub(crate) duty: String,
}

/// A visit.
#[derive(FromRow)]
pub(crate) struct PublicVisitStored {
    pub(crate) site: String,
    pub(crate) visited_on: String,
    pub(crate) persons: String,
}

/// A finding; its text is read of closed ones only.
#[derive(FromRow)]
pub(crate) struct PublicFindingStored {
    pub(crate) id: String,
    pub(crate) number: i64,
    pub(crate) kind: String,
    pub(crate) field: Option<String>,
    pub(crate) body: String,
    pub(crate) state: String,
    pub(crate) at: i64,
}

/// What was said about a closed finding.
#[derive(FromRow)]
pub(crate) struct PublicFindingStepStored {
    pub(crate) finding_id: String,
    pub(crate) event: String,
    pub(crate) body: String,
    pub(crate) corrected: Option<String>,
    pub(crate) at: i64,
}

/// The work of a body becomes public with its report, never before.
pub(crate) async fn engagement(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Option<PublicEngagementStored>, sqlx::Error> {
    sqlx::query_as(
        "SELECT engagement.impartial_at, engagement.document_reviewed_on, engagement.sites_total, engagement.sampling, \
         engagement.reviewer, engagement.decision_maker FROM engagement JOIN record ON record.id = engagement.record_id \
         JOIN assessment ON assessment.record_id = record.id WHERE engagement.record_id = $1 AND record.public_tab IS NOT NULL",
    )
    .bind(record)
    .fetch_optional(connection)
    .await
}

pub(crate) async fn engagement_members(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Vec<PublicMemberStored>, sqlx::Error> {
    sqlx::query_as(
        "SELECT engagement_member.name, engagement_member.full_time, engagement_member.sectors, engagement_member.duty \
         FROM engagement_member JOIN record ON record.id = engagement_member.record_id \
         JOIN assessment ON assessment.record_id = record.id WHERE engagement_member.record_id = $1 \
         AND engagement_member.removed_at IS NULL AND record.public_tab IS NOT NULL ORDER BY engagement_member.id",
    )
    .bind(record)
    .fetch_all(connection)
    .await
}

pub(crate) async fn engagement_visits(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Vec<PublicVisitStored>, sqlx::Error> {
    sqlx::query_as(
        "SELECT engagement_visit.site, engagement_visit.visited_on, engagement_visit.persons FROM engagement_visit \
         JOIN record ON record.id = engagement_visit.record_id JOIN assessment ON assessment.record_id = record.id \
         WHERE engagement_visit.record_id = $1 AND engagement_visit.removed_at IS NULL AND record.public_tab IS NOT NULL \
         ORDER BY engagement_visit.visited_on, engagement_visit.id",
    )
    .bind(record)
    .fetch_all(connection)
    .await
}

pub(crate) async fn findings(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Vec<PublicFindingStored>, sqlx::Error> {
    sqlx::query_as(
        "SELECT finding.id, finding.number, finding.kind, finding.field, \
         CASE WHEN finding.state = 'closed' THEN finding.body ELSE '' END AS body, finding.state, finding.at \
         FROM finding JOIN record ON record.id = finding.record_id JOIN assessment ON assessment.record_id = record.id \
         WHERE finding.record_id = $1 AND record.public_tab IS NOT NULL ORDER BY finding.number",
    )
    .bind(record)
    .fetch_all(connection)
    .await
}

pub(crate) async fn finding_steps(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Vec<PublicFindingStepStored>, sqlx::Error> {
    sqlx::query_as(
        "SELECT finding_step.finding_id, finding_step.event, finding_step.body, finding_step.corrected, finding_step.at \
         FROM finding_step JOIN finding ON finding.id = finding_step.finding_id JOIN record ON record.id = finding.record_id \
         JOIN assessment ON assessment.record_id = record.id \
         WHERE finding.record_id = $1 AND finding.state = 'closed' AND record.public_tab IS NOT NULL ORDER BY finding_step.id",
    )
    .bind(record)
    .fetch_all(connection)
    .await
}

/// A claim that anyone may see: of another mechanism, or of a published project.
#[derive(FromRow)]
pub(crate) struct PublicClaimStored {
    pub(crate) id: String,
    pub(crate) mechanism: String,
    pub(crate) key_kind: String,
    pub(crate) key_text: String,
    pub(crate) family: String,
    pub(crate) valid_from: String,
    pub(crate) valid_to: Option<String>,
    pub(crate) reference: String,
    pub(crate) source: String,
    pub(crate) ended_reason: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) state: Option<String>,
}

/// The public claims, newest first.
pub(crate) async fn claims(
    connection: &mut AnyConnection,
    size: i64,
) -> Result<Vec<PublicClaimStored>, sqlx::Error> {
    sqlx::query_as(
        "SELECT claim.id, claim.mechanism, claim.key_kind, claim.key_text, claim.family, claim.valid_from, claim.valid_to, claim.reference, \
         claim.source, claim.ended_reason, record.name, record.code, record.state FROM claim LEFT JOIN record ON record.id = claim.project_id \
         WHERE claim.project_id IS NULL OR record.public_tab IS NOT NULL ORDER BY claim.id DESC LIMIT $1",
    )
    .bind(size)
    .fetch_all(connection)
    .await
}

/// A change of a registered project that anyone may see.
#[derive(FromRow)]
pub(crate) struct PublicChangeStored {
    pub(crate) number: i64,
    pub(crate) kind: String,
    pub(crate) before_text: String,
    pub(crate) after_text: String,
    pub(crate) reason: String,
    pub(crate) state: String,
    pub(crate) vvb_opinion: Option<String>,
    pub(crate) vvb_positive: Option<i64>,
    pub(crate) decision_reason: Option<String>,
    pub(crate) decided_at: Option<i64>,
    pub(crate) at: i64,
    pub(crate) vvb: Option<String>,
}

/// The changes of a published project, oldest first.
pub(crate) async fn changes_of(
    connection: &mut AnyConnection,
    project: &str,
) -> Result<Vec<PublicChangeStored>, sqlx::Error> {
    sqlx::query_as(
        "SELECT project_change.number, project_change.kind, project_change.before_text, project_change.after_text, project_change.reason, \
         project_change.state, project_change.vvb_opinion, project_change.vvb_positive, project_change.decision_reason, \
         project_change.decided_at, project_change.at, vvb.name AS vvb FROM project_change \
         JOIN record ON record.id = project_change.project_id LEFT JOIN organisation vvb ON vvb.id = project_change.vvb_id \
         WHERE record.id = $1 AND record.public_tab IS NOT NULL ORDER BY project_change.number",
    )
    .bind(project)
    .fetch_all(connection)
    .await
}

/// A complaint without its author and its text.
#[derive(FromRow)]
pub(crate) struct PublicComplaintStored {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) state: String,
    pub(crate) reply: Option<String>,
    pub(crate) replied_at: Option<i64>,
    pub(crate) at: i64,
}

/// The complaints about a published project, oldest first.
pub(crate) async fn complaints_of(
    connection: &mut AnyConnection,
    project: &str,
) -> Result<Vec<PublicComplaintStored>, sqlx::Error> {
    sqlx::query_as(
        "SELECT complaint.id, complaint.kind, complaint.state, complaint.reply, complaint.replied_at, complaint.at FROM complaint \
         JOIN record ON record.id = complaint.project_id WHERE record.id = $1 AND record.public_tab IS NOT NULL ORDER BY complaint.id",
    )
    .bind(project)
    .fetch_all(connection)
    .await
}

/// A request to the certificate authority, as anyone may see it.
#[derive(FromRow)]
pub(crate) struct PublicCertificateRequestStored {
    pub(crate) kind: String,
    pub(crate) archive_code: String,
    pub(crate) first_day: String,
    pub(crate) last_day: String,
    pub(crate) state: String,
    pub(crate) sent_on: Option<String>,
    pub(crate) answered_on: Option<String>,
}

/// The requests that the registration of a published project and of its reductions made, oldest first.
pub(crate) async fn certificate_requests_of(
    connection: &mut AnyConnection,
    project: &str,
) -> Result<Vec<PublicCertificateRequestStored>, sqlx::Error> {
    sqlx::query_as(
        "SELECT certificate_request.kind, certificate_request.archive_code, certificate_request.first_day, certificate_request.last_day, \
         certificate_request.state, certificate_request.sent_on, certificate_request.answered_on FROM certificate_request \
         JOIN record ON record.id = certificate_request.project_id \
         WHERE record.id = $1 AND record.public_tab IS NOT NULL ORDER BY certificate_request.id",
    )
    .bind(project)
    .fetch_all(connection)
    .await
}

/// The newest head, or the one of this size.
pub(crate) async fn log_head(
    connection: &mut AnyConnection,
    size: Option<i64>,
) -> Result<Option<HeadRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT log_head.size, log_head.root, log_head.at, log_head.key, log_head.note FROM log_head \
         WHERE CAST($1 AS BIGINT) IS NULL OR log_head.size = $1 ORDER BY log_head.size DESC LIMIT 1",
    )
    .bind(size)
    .fetch_optional(connection)
    .await
}

/// The first head whose tree contains the entry with a number.
pub(crate) async fn log_head_first(
    connection: &mut AnyConnection,
    number: i64,
) -> Result<Option<HeadRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT log_head.size, log_head.root, log_head.at, log_head.key, log_head.note FROM log_head \
         WHERE log_head.size > $1 ORDER BY log_head.size LIMIT 1",
    )
    .bind(number)
    .fetch_optional(connection)
    .await
}

/// The heads of trees smaller than a size, newest first.
pub(crate) async fn log_heads(
    connection: &mut AnyConnection,
    before: i64,
    size: i64,
) -> Result<Vec<HeadRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT log_head.size, log_head.root, log_head.at, log_head.key, log_head.note FROM log_head \
         WHERE log_head.size < $1 ORDER BY log_head.size DESC LIMIT $2",
    )
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Key, size of the first head that it signed, when; oldest first.
pub(crate) async fn log_keys(
    connection: &mut AnyConnection,
) -> Result<Vec<(String, i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT log_key.key, log_key.since_size, log_key.at FROM log_key ORDER BY log_key.since_size",
    )
    .fetch_all(connection)
    .await
}

/// Number and text of the entries from a number on, in their order.
pub(crate) async fn log_entries(
    connection: &mut AnyConnection,
    from: i64,
    size: i64,
) -> Result<Vec<(i64, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT log_entry.number, log_entry.leaf FROM log_entry WHERE log_entry.number >= $1 ORDER BY log_entry.number LIMIT $2",
    )
    .bind(from)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// The entry of a certificate.
#[derive(FromRow)]
pub(crate) struct CertificateEntry {
    pub(crate) number: i64,
    pub(crate) leaf: String,
    pub(crate) statement: Option<String>,
}

/// The last numbered entry about a certificate, or the one that this act wrote.
pub(crate) async fn log_entry_of(
    connection: &mut AnyConnection,
    certificate: &str,
    act: Option<&str>,
) -> Result<Option<CertificateEntry>, sqlx::Error> {
    sqlx::query_as(
        "SELECT log_entry.number, log_entry.leaf, log_entry.statement FROM log_entry \
         WHERE log_entry.certificate = $1 AND log_entry.number IS NOT NULL AND (CAST($2 AS TEXT) IS NULL OR log_entry.act_id = $2) \
         ORDER BY log_entry.number DESC LIMIT 1",
    )
    .bind(certificate)
    .bind(act)
    .fetch_optional(connection)
    .await
}

/// What a certificate states, whether its entry has a number or not.
pub(crate) async fn statement_of(
    connection: &mut AnyConnection,
    certificate: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT log_entry.statement FROM log_entry WHERE log_entry.certificate = $1 ORDER BY COALESCE(log_entry.number, 9000000000000000000) DESC LIMIT 1",
    )
    .bind(certificate)
    .fetch_optional(connection)
    .await
}
