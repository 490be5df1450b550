//! What a city or an enterprise may know of all accounts: figures of whole months in which nobody can be found again; and what the
//! operator owes and spends.

use std::collections::BTreeSet;

use domain::inclusion::crowd::{self, Cell};
use domain::refusal::codes;
use domain::text::{narrow, optional_text};
use domain::{Act, Instant, Refusal};
use methodologies::inclusion::MILLIGRAMS_PER_TONNE;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use time::{Date, Duration};

use super::Rules;
use super::view::operator_only;
use crate::perform::{Deed, Done, new_id, perform};
use crate::store::inclusion::desk::{self, By as Sum, CostRow};
use crate::store::inclusion::ledger;
use crate::{By, Error, Fields, Page, PageRequest, Registry};

/// Kinds of costs: goods and vouchers, the operation itself, bodies and monitoring.
pub const COST_KINDS: [&str; 3] = ["goods", "operation", "verification"];
/// Most of one entry, fen: ten billion yuan.
const FEN_MAX: i64 = 1_000_000_000_000;

/// Grams by scene and region. What stands for too few people is left out, and what would give it away with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrowdTable {
    /// Fewest people behind a figure.
    pub people_min: i64,
    /// Last day that is counted: the end of the last whole month, so that no two readings differ by one person's day.
    pub last: Date,
    /// Codes of the scenes, one for each row; the row behind them is the sum.
    pub scenes: Vec<String>,
    /// Codes of the regions, one for each column; the column behind them is the sum.
    pub regions: Vec<String>,
    /// The cells; `None`: not shown.
    pub cells: Vec<Vec<Option<Cell>>>,
}

/// What the operator owes and spends. Money in fen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Economics {
    /// Green points that can be used or are frozen.
    pub points_outstanding: i64,
    /// Green points spent in the shop so far.
    pub points_spent: i64,
    /// Costs by kind so far.
    pub costs: Vec<(String, i64)>,
    /// All costs.
    pub cost_fen: i64,
    /// What a thousand spent points cost in goods; `None`: no points were spent.
    pub fen_per_thousand_points: Option<i64>,
    /// What the outstanding points would cost at that price.
    pub liability_fen: Option<i64>,
    /// Milligrams settled so far.
    pub settled_mg: i64,
    /// Tonnes issued so far.
    pub tonnes_issued: i64,
    /// Cost of a settled tonne; `None` below one tonne.
    pub fen_per_settled_tonne: Option<i64>,
    /// Cost of an issued tonne; `None`: none was issued.
    pub fen_per_issued_tonne: Option<i64>,
}

/// The answer to a cost that was entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostReceipt {
    /// The entry.
    pub id: String,
}

/// An entry of costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CostView {
    /// Its id.
    pub id: String,
    /// `2026-03`.
    pub month: String,
    /// One of [`COST_KINDS`].
    pub kind: String,
    /// Fen; below zero: an earlier entry taken back.
    pub fen: i64,
    /// What it was for.
    pub note: String,
    /// When it was entered.
    pub at: Instant,
}

impl Registry {
    /// The table of all settled acts up to the end of the last whole month before `now`.
    pub async fn inclusion_crowd(&self, now: Instant) -> Result<CrowdTable, Error> {
        let today = now.beijing_date();
        let last = today - Duration::days(i64::from(today.day()));
        let mut connection = self.store.read().await?;
        let rules = Rules::on(&mut connection, today).await?;
        let people_min = rules.guards.accounts_min.max(crowd::PEOPLE_FLOOR);
        crowd_between(&mut connection, "", last, people_min).await
    }

    /// What the operator owes in points and spends per tonne, up to `now`.
    pub async fn inclusion_economics(&self, by: &By) -> Result<Economics, Error> {
        operator_only(by)?;
        let today = by.at.beijing_date();
        let mut connection = self.store.read().await?;
        let (_, points_outstanding) = ledger::points_outstanding(&mut connection).await?;
        let (points_spent, tonnes_issued) = desk::spent_and_issued(&mut connection).await?;
        let month = format!("{:04}-{:02}", today.year(), u8::from(today.month()));
        let costs = desk::cost_sums(&mut connection, &month).await?;
        let settled = desk::sums(&mut connection, Sum::All, "", &today.to_string()).await?;
        drop(connection);
        let settled_mg = settled.first().map_or(0, |(.., mg)| *mg);
        let cost_fen = costs.iter().map(|(_, fen)| fen).sum();
        let goods = costs.iter().find(|(kind, _)| kind == "goods");
        let goods = goods.map_or(0, |(_, fen)| *fen);
        Ok(Economics {
            points_outstanding,
            points_spent,
            fen_per_thousand_points: share(goods, 1_000, points_spent),
            liability_fen: share(goods, points_outstanding, points_spent),
            fen_per_settled_tonne: share(cost_fen, MILLIGRAMS_PER_TONNE, settled_mg)
                .filter(|_| settled_mg >= MILLIGRAMS_PER_TONNE),
            fen_per_issued_tonne: share(cost_fen, 1, tonnes_issued),
            costs,
            cost_fen,
            settled_mg,
            tonnes_issued,
        })
    }

    /// Enters a cost. Reads `month` (`2026-03`, not ahead), `kind` ([`COST_KINDS`]), `yuan` (at most two decimals, below zero to take an
    /// earlier entry back) and `note` (may be empty).
    pub async fn cost_enter(&self, by: &By, fields: &Fields) -> Result<CostReceipt, Error> {
        let deed = Deed::by(Act::CostEnter, by, fields)?;
        let new = read(fields, by.at.beijing_date())?;
        perform!(self, deed, |tx| {
            let row = CostRow {
                id: new_id(),
                at: tx.at.0,
                act_id: tx.act.clone(),
                ..new.clone()
            };
            desk::cost_insert(tx.connection(), &row).await?;
            Ok(Done {
                subject_kind: "inclusion",
                subject: row.id.clone(),
                state: None,
                note: None,
                is_public: false,
                answer: CostReceipt { id: row.id },
            })
        })
    }

    /// The costs, newest entry first.
    pub async fn costs(&self, by: &By, page: &PageRequest) -> Result<Page<CostView>, Error> {
        operator_only(by)?;
        let mut connection = self.store.read().await?;
        let rows = desk::costs(&mut connection, page.before(), page.rows() + 1).await?;
        let rows = rows.into_iter().map(|row| CostView {
            id: row.id,
            month: row.month,
            kind: row.kind,
            fen: row.fen,
            note: row.note,
            at: Instant(row.at),
        });
        Ok(Page::cut(rows.collect(), page.rows(), |row| row.id.clone()))
    }
}

/// The table of settled acts from a day (empty: from the beginning) to the last one.
pub(super) async fn crowd_between(
    connection: &mut AnyConnection,
    first: &str,
    last: Date,
    people_min: i64,
) -> Result<CrowdTable, Error> {
    let day = last.to_string();
    let mut sums = Vec::new();
    for by in [Sum::SceneAndRegion, Sum::Scene, Sum::Region, Sum::All] {
        sums.extend(desk::sums(connection, by, first, &day).await?);
    }
    let named = |names: BTreeSet<&String>| -> Vec<String> {
        names
            .into_iter()
            .filter(|name| !name.is_empty())
            .cloned()
            .collect()
    };
    let scenes = named(sums.iter().map(|(scene, ..)| scene).collect());
    let regions = named(sums.iter().map(|(_, region, ..)| region).collect());
    let mut table = vec![vec![Cell::default(); regions.len() + 1]; scenes.len() + 1];
    // the empty text of a sum is found nowhere: its place is behind the others
    let place = |names: &[String], name: &String| names.binary_search(name).unwrap_or(names.len());
    for (scene, region, people, acts, mg) in &sums {
        let row = if scene.is_empty() {
            scenes.len()
        } else {
            place(&scenes, scene)
        };
        let column = if region.is_empty() {
            regions.len()
        } else {
            place(&regions, region)
        };
        table[row][column] = Cell {
            people: *people,
            acts: *acts,
            mg: *mg,
        };
    }
    Ok(CrowdTable {
        people_min,
        last,
        cells: crowd::suppressed(&table, people_min),
        scenes,
        regions,
    })
}

/// `fen * part / whole`, rounded up to a fen: a liability is never made smaller than it is.
fn share(fen: i64, part: i64, whole: i64) -> Option<i64> {
    if whole < 1 {
        return None;
    }
    let share = Decimal::from(fen)
        .checked_mul(Decimal::from(part))?
        .checked_div(Decimal::from(whole))?;
    share.ceil().to_i64()
}

fn read(fields: &Fields, today: Date) -> Result<CostRow, Vec<Refusal>> {
    let typed = |field: &str| narrow(fields.get(field).map_or("", |text| text.trim()));
    let this_month = format!("{:04}-{:02}", today.year(), u8::from(today.month()));
    let month = typed("month");
    let is_month = methodologies::day::parse(&format!("{month}-01")).is_some();
    let month = Some(month)
        .filter(|month| is_month && *month <= this_month)
        .ok_or_else(|| Refusal::new(codes::MONTH_INVALID).at("month"));
    let kind = COST_KINDS
        .into_iter()
        .find(|kind| *kind == typed("kind"))
        .ok_or_else(|| {
            Refusal::new(codes::CHOICE_INVALID)
                .at("kind")
                .with("value", typed("kind").chars().take(40).collect::<String>())
        });
    let yuan = typed("yuan");
    let fen = yuan
        .replace(',', "")
        .parse::<Decimal>()
        .ok()
        .filter(|yuan| yuan.scale() <= 2)
        .and_then(|yuan| yuan.checked_mul(Decimal::ONE_HUNDRED)?.to_i64())
        .filter(|fen| *fen != 0 && fen.saturating_abs() <= FEN_MAX)
        .ok_or_else(|| {
            Refusal::new(codes::COST_INVALID)
                .at("yuan")
                .with("value", yuan.chars().take(40).collect::<String>())
        });
    let note = optional_text("note", fields.get("note").map_or("", String::as_str), 200);
    match (month, kind, fen, note) {
        (Ok(month), Ok(kind), Ok(fen), Ok(note)) => Ok(CostRow {
            id: String::new(),
            month,
            kind: kind.to_owned(),
            fen,
            note: note.unwrap_or_default(),
            at: 0,
            act_id: String::new(),
        }),
        (month, kind, fen, note) => Err([month.err(), kind.err(), fen.err(), note.err()]
            .into_iter()
            .flatten()
            .collect()),
    }
}
