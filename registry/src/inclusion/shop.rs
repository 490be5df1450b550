//! The shop: goods with stock and quota, orders that freeze points, vouchers that fulfil them. Points are never cash and never another
//! person's.

use domain::inclusion::points::read_points;
use domain::inclusion::{
    ConsentStanding, MG_PER_POINT, Place, PointPlace, PointUnit, Purpose, lot,
};
use domain::refusal::codes;
use domain::text::{optional_text, required_text};
use domain::{Act, Instant, Refusal};
use serde::{Deserialize, Serialize};

use super::gift::{lot_parts, part_of};
use super::posting::{Postings, To};
use super::{about_person, open_account, points_of};
use crate::perform::{Deed, Done, Tx, new_id, perform};
use crate::store::inclusion::shop::{self as store, GoodsRow, OrderRow};
use crate::store::inclusion::{ledger, person};
use crate::{By, Error, Fields, Registry};

/// Orders shown at once.
const SHOWN: i64 = 100;
/// Why an operator may refuse an order; with the last one there must be words.
pub const ORDER_REASONS: &[&str] = &["sold_out", "not_eligible", "goods_changed", "other"];
/// Why an order ends with the consent to the assignment that pays for its goods.
const WITHDRAWN: &str = "assignment_withdrawn";

/// The answer to an act of the shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoodsReceipt {
    /// The goods, or the order.
    pub id: String,
    /// Points of the order; the price of the goods.
    pub points: i64,
}

/// Goods as everybody with an account sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GoodsView {
    /// The value of the form field.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Which points it takes.
    pub unit: PointUnit,
    /// How many.
    pub price: i64,
    /// How many are left.
    pub stock: i64,
    /// `offered`, `ended`.
    pub state: String,
    /// How many one person may order in a month.
    pub month_quota: i64,
    /// Whether the sale of assigned reductions pays for it: then the consent to assignment is needed.
    pub needs_assignment: bool,
}

/// An order as its person or the operator sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrderView {
    /// The order; for the operator with the account before it: the form's value.
    pub about: String,
    /// The order.
    pub id: String,
    /// What was ordered.
    pub title: String,
    /// Which points.
    pub unit: PointUnit,
    /// How many.
    pub points: i64,
    /// `frozen`, `fulfilled`, `cancelled`.
    pub state: String,
    /// The voucher; for the person only.
    pub voucher: Option<String>,
    /// When it was ordered.
    pub placed_at: Instant,
    /// Why it was cancelled, if its person did not: a code of [`ORDER_REASONS`], or `assignment_withdrawn`.
    pub refused_for: Option<String>,
    /// The operator's words about it.
    pub refusal_note: Option<String>,
}

impl Registry {
    /// Offers goods. Reads `title`, `unit` (`green`, `activity`), `price`, `stock`, `month_quota`, `funding` (`assignment`, `marketing`).
    pub async fn goods_offer(&self, by: &By, fields: &Fields) -> Result<GoodsReceipt, Error> {
        Deed::check_role(Act::GoodsOffer, by)?;
        let new = read(fields)?;
        let body = (
            &new.title,
            &new.unit,
            new.price,
            new.stock,
            new.month_quota,
            &new.funding,
        );
        let deed = Deed::by(Act::GoodsOffer, by, &body)?;
        perform!(self, deed, |tx| {
            let row = GoodsRow {
                id: new_id(),
                act_id: tx.act.clone(),
                ..new.clone()
            };
            store::goods_insert(tx.connection(), &row).await?;
            Ok(Done {
                subject_kind: "goods",
                subject: row.id.clone(),
                state: None,
                note: None,
                is_public: false,
                answer: GoodsReceipt {
                    id: row.id,
                    points: row.price,
                },
            })
        })
    }

    /// Changes goods that are offered, for orders from now on: those placed keep their price. Reads `goods`, `price`, `stock`, `month_quota`.
    /// Refuses `goods_not_offered`.
    pub async fn goods_change(&self, by: &By, fields: &Fields) -> Result<GoodsReceipt, Error> {
        Deed::check_role(Act::GoodsChange, by)?;
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let read = (
            read_points("price", typed("price")),
            read_stock(typed("stock")),
            read_points("month_quota", typed("month_quota")),
        );
        let (price, stock, month_quota) = match read {
            (Ok(price), Ok(stock), Ok(quota)) => (price, stock, quota),
            (price, stock, quota) => {
                let refusals = [price.err(), stock.err(), quota.err()];
                return Err(refusals.into_iter().flatten().collect::<Vec<_>>().into());
            }
        };
        let goods = typed("goods").to_owned();
        let deed = Deed::by(Act::GoodsChange, by, &(&goods, price, stock, month_quota))?;
        perform!(self, deed, |tx| {
            let row = offered(tx, &goods).await?;
            let row = GoodsRow {
                price,
                stock,
                month_quota,
                ..row
            };
            store::goods_set(tx.connection(), &row).await?;
            Ok(about_goods(&row))
        })
    }

    /// Ends goods: nobody orders them any more. Orders that were placed stay, to be fulfilled or refused. Refuses `goods_not_offered`.
    pub async fn goods_end(&self, by: &By, goods: &str) -> Result<GoodsReceipt, Error> {
        let deed = Deed::by(Act::GoodsEnd, by, &goods)?;
        perform!(self, deed, |tx| {
            let mut row = offered(tx, goods).await?;
            "ended".clone_into(&mut row.state);
            store::goods_set(tx.connection(), &row).await?;
            Ok(about_goods(&row))
        })
    }

    /// The operator refuses an order that waits: the points are available again, and the person reads why. Reads `code` ([`ORDER_REASONS`]) and
    /// `reason`, needed with `other`. `about`: account and order with a dot between them. Refuses `goods_decided`.
    pub async fn goods_refuse(
        &self,
        by: &By,
        about: &str,
        fields: &Fields,
    ) -> Result<GoodsReceipt, Error> {
        let deed = Deed::by(Act::GoodsRefuse, by, &(about, fields))?;
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let code = ORDER_REASONS
            .iter()
            .find(|one| **one == typed("code"))
            .ok_or_else(|| {
                Refusal::new(codes::CHOICE_INVALID)
                    .at("code")
                    .with("value", typed("code").chars().take(40).collect::<String>())
            })?;
        let note = if *code == "other" {
            Some(required_text("reason", typed("reason"), 300)?)
        } else {
            optional_text("reason", typed("reason"), 300)?
        };
        perform!(self, deed, |tx| {
            let (account, order) = about.split_once('.').ok_or(Error::NotFound)?;
            let mut row = waiting(tx, account, order).await?;
            row.refused_for = Some((*code).to_owned());
            row.refusal_note.clone_from(&note);
            let mut postings = Postings::default();
            cancel(tx, &row, &mut postings).await?;
            postings.write(tx).await?;
            Ok(about_person(
                account,
                Some((*code).to_owned()),
                receipt(&row),
            ))
        })
    }

    /// All goods that ever were offered, for the operator.
    pub async fn goods_all(&self, by: &By) -> Result<Vec<GoodsView>, Error> {
        super::view::operator_only(by)?;
        let mut connection = self.store.read().await?;
        let rows = store::goods_ever(&mut connection, SHOWN).await?;
        rows.into_iter().map(goods_view).collect()
    }

    /// Orders one of the goods: its points are frozen. Refuses `goods_not_offered`, `goods_quota`, `assignment_required`,
    /// `points_insufficient`.
    pub async fn goods_order(&self, by: &By, goods: &str) -> Result<GoodsReceipt, Error> {
        let deed = Deed::by(Act::GoodsOrder, by, &goods)?;
        perform!(self, deed, |tx| {
            let account = by.organisation.as_str();
            open_account(tx.connection(), account).await?;
            let row = store::goods(tx.connection(), goods).await?;
            let row = row
                .filter(|row| row.state == "offered" && row.stock > 0)
                .ok_or_else(|| Refusal::new(codes::GOODS_NOT_OFFERED))?;
            let today = tx.at.beijing_date();
            let month = format!("{:04}-{:02}", today.year(), u8::from(today.month()));
            let ordered = store::orders_of_month(tx.connection(), account, goods, &month).await?;
            if ordered >= row.month_quota {
                return Err(Refusal::new(codes::GOODS_QUOTA)
                    .with("max", row.month_quota)
                    .into());
            }
            if row.funding == "assignment" && assignment(tx, account).await?.is_none() {
                return Err(Refusal::new(codes::ASSIGNMENT_REQUIRED).into());
            }
            let unit = unit_of(&row.unit)?;
            check_points(tx, account, unit, row.price).await?;
            let order = OrderRow {
                account_id: account.to_owned(),
                id: new_id(),
                goods_id: row.id.clone(),
                title: row.title.clone(),
                funding: row.funding.clone(),
                unit: row.unit.clone(),
                points: row.price,
                state: "frozen".to_owned(),
                voucher: None,
                placed_at: tx.at.0,
                refused_for: None,
                refusal_note: None,
            };
            store::order_insert(tx.connection(), &order, &month).await?;
            store::stock_change(tx.connection(), &row.id, -1).await?;
            let mut postings = Postings::default();
            let from_to = (PointPlace::Available, PointPlace::Frozen);
            postings.step(tx, account, unit, from_to, order.points, &order.id);
            postings.write(tx).await?;
            Ok(about_person(account, None, receipt(&order)))
        })
    }

    /// Cancels an order that waits: the points are available again, and no gram has moved.
    pub async fn goods_cancel(&self, by: &By, order: &str) -> Result<GoodsReceipt, Error> {
        let deed = Deed::by(Act::GoodsCancel, by, &order)?;
        perform!(self, deed, |tx| {
            let account = by.organisation.as_str();
            let row = waiting(tx, account, order).await?;
            let mut postings = Postings::default();
            cancel(tx, &row, &mut postings).await?;
            postings.write(tx).await?;
            Ok(about_person(account, None, receipt(&row)))
        })
    }

    /// Fulfils an order with a voucher. Reads `voucher`. The grams behind green points are assigned, oldest first, where they can be
    /// certified and the consent to assignment is live; all others become unassigned and can never be certified. `about`: account and order
    /// with a dot between them.
    pub async fn goods_fulfil(
        &self,
        by: &By,
        about: &str,
        fields: &Fields,
    ) -> Result<GoodsReceipt, Error> {
        let deed = Deed::by(Act::GoodsFulfil, by, &(about, fields))?;
        let voucher = required_text(
            "voucher",
            fields.get("voucher").map_or("", String::as_str),
            60,
        )?;
        perform!(self, deed, |tx| {
            let (account, order) = about.split_once('.').ok_or(Error::NotFound)?;
            let row = waiting(tx, account, order).await?;
            if store::voucher_used(tx.connection(), &voucher).await? {
                return Err(Refusal::new(codes::VOUCHER_USED).at("voucher").into());
            }
            let unit = unit_of(&row.unit)?;
            let consent = if unit == PointUnit::Green || row.funding == "assignment" {
                assignment(tx, account).await?
            } else {
                None
            };
            if row.funding == "assignment" && consent.is_none() {
                return Err(Refusal::new(codes::ASSIGNMENT_REQUIRED).into());
            }
            let mut postings = Postings::default();
            if unit == PointUnit::Green {
                let rows = ledger::parts(tx.connection(), account, Place::Held.code(), "").await?;
                let taken = lot::take(&lot_parts(&rows)?, row.points * MG_PER_POINT)?;
                for one in taken {
                    let part = part_of(&rows, &one.part.lot)?;
                    let assigned = one.part.certifiable && consent.is_some();
                    let to = if assigned {
                        Place::Pool
                    } else {
                        Place::Unassigned
                    };
                    let consent = consent.as_deref().filter(|_| assigned).unwrap_or("");
                    postings.moves(tx, part, Place::Held, To::plain(to), one.mg, consent);
                }
            }
            let from_to = (PointPlace::Frozen, PointPlace::SpentShop);
            postings.step(tx, account, unit, from_to, row.points, &row.id);
            postings.write(tx).await?;
            let at = tx.at.0;
            store::order_decide(tx.connection(), &row, "fulfilled", Some(&voucher), at).await?;
            Ok(about_person(account, None, receipt(&row)))
        })
    }

    /// What the shop offers.
    pub async fn goods(&self) -> Result<Vec<GoodsView>, Error> {
        let mut connection = self.store.read().await?;
        let rows = store::all_goods(&mut connection).await?;
        rows.into_iter().map(goods_view).collect()
    }

    /// The viewer's orders, newest first.
    pub async fn goods_orders(&self, by: &By) -> Result<Vec<OrderView>, Error> {
        let mut connection = self.store.read().await?;
        orders_of(&mut connection, by.organisation.as_str(), SHOWN).await
    }

    /// The orders that wait for the operator, oldest first; whose they are is not shown.
    pub async fn goods_orders_waiting(&self, by: &By) -> Result<Vec<OrderView>, Error> {
        super::view::operator_only(by)?;
        let mut connection = self.store.read().await?;
        let rows = store::orders_waiting(&mut connection, SHOWN).await?;
        rows.into_iter()
            .map(|row| view(format!("{}.{}", row.account_id, row.id), None, row))
            .collect()
    }
}

fn goods_view(row: GoodsRow) -> Result<GoodsView, Error> {
    Ok(GoodsView {
        unit: unit_of(&row.unit)?,
        needs_assignment: row.funding == "assignment",
        id: row.id,
        title: row.title,
        price: row.price,
        stock: row.stock,
        state: row.state,
        month_quota: row.month_quota,
    })
}

fn about_goods(row: &GoodsRow) -> Done<GoodsReceipt> {
    Done {
        subject_kind: "goods",
        subject: row.id.clone(),
        state: None,
        note: None,
        is_public: false,
        answer: GoodsReceipt {
            id: row.id.clone(),
            points: row.price,
        },
    }
}

/// Goods that can be ordered, or could if there were any left.
async fn offered(tx: &mut Tx, goods: &str) -> Result<GoodsRow, Error> {
    let row = store::goods(tx.connection(), goods).await?;
    row.filter(|row| row.state == "offered")
        .ok_or_else(|| Refusal::new(codes::GOODS_NOT_OFFERED).into())
}

/// Cancels an order that waits: the points are available again, and one more is in the stock.
async fn cancel(tx: &mut Tx, row: &OrderRow, postings: &mut Postings) -> Result<(), Error> {
    let at = tx.at.0;
    store::order_decide(tx.connection(), row, "cancelled", None, at).await?;
    store::stock_change(tx.connection(), &row.goods_id, 1).await?;
    let from_to = (PointPlace::Frozen, PointPlace::Available);
    let unit = unit_of(&row.unit)?;
    postings.step(tx, &row.account_id, unit, from_to, row.points, &row.id);
    Ok(())
}

/// With the consent to assignment end the orders that nothing would pay for: their points are available again. `from`: the first free
/// position in the record act.
pub(super) async fn cancel_assigned(tx: &mut Tx, account: &str, from: i64) -> Result<(), Error> {
    let mut postings = Postings::starting(from);
    for mut row in store::orders_of_assignment(tx.connection(), account).await? {
        row.refused_for = Some(WITHDRAWN.to_owned());
        cancel(tx, &row, &mut postings).await?;
    }
    postings.write(tx).await
}

/// Cancels every order of an account that waits, since the account is closed for its person; answers with the first free position in the record act.
pub(super) async fn cancel_waiting(tx: &mut Tx, account: &str) -> Result<i64, Error> {
    let mut postings = Postings::default();
    for mut row in store::orders_frozen(tx.connection(), account).await? {
        row.refused_for = Some(WITHDRAWN.to_owned());
        cancel(tx, &row, &mut postings).await?;
    }
    let next = postings.next();
    postings.write(tx).await?;
    Ok(next)
}

/// How many there are from now on; none is a number.
fn read_stock(typed: &str) -> Result<i64, Refusal> {
    if typed == "0" {
        return Ok(0);
    }
    read_points("stock", typed)
}

/// The newest orders of an account, at most so many.
pub(super) async fn orders_of(
    connection: &mut sqlx::AnyConnection,
    account: &str,
    size: i64,
) -> Result<Vec<OrderView>, Error> {
    let rows = store::orders(connection, account, size).await?;
    rows.into_iter()
        .map(|row| view(row.id.clone(), row.voucher.clone(), row))
        .collect()
}

fn view(about: String, voucher: Option<String>, row: OrderRow) -> Result<OrderView, Error> {
    Ok(OrderView {
        about,
        unit: unit_of(&row.unit)?,
        id: row.id,
        title: row.title,
        points: row.points,
        state: row.state,
        voucher,
        placed_at: Instant(row.placed_at),
        refused_for: row.refused_for,
        refusal_note: row.refusal_note,
    })
}

fn receipt(order: &OrderRow) -> GoodsReceipt {
    GoodsReceipt {
        id: order.id.clone(),
        points: order.points,
    }
}

/// The live consent to assignment.
pub(super) async fn assignment(tx: &mut Tx, account: &str) -> Result<Option<String>, Error> {
    let purpose = Purpose::Assignment;
    let live = person::consent_live(tx.connection(), account, purpose.code(), "", "").await?;
    match live {
        Some(live) if purpose.standing(live.text_version) == ConsentStanding::Waits => {
            Err(Refusal::new(codes::CONSENT_RENEWAL).into())
        }
        live => Ok(live.map(|live| live.id)),
    }
}

/// Refuses `points_insufficient` where fewer are available.
pub(super) async fn check_points(
    tx: &mut Tx,
    account: &str,
    unit: PointUnit,
    wanted: i64,
) -> Result<(), Error> {
    let points = points_of(tx.connection(), &[account.to_owned()]).await?;
    let points = points.get(account).copied().unwrap_or_default();
    let available = match unit {
        PointUnit::Green => points.available,
        PointUnit::Activity => points.activity,
    };
    if available < wanted {
        return Err(Refusal::new(codes::POINTS_INSUFFICIENT)
            .at("points")
            .with("available", available)
            .with("wanted", wanted)
            .into());
    }
    Ok(())
}

async fn waiting(tx: &mut Tx, account: &str, order: &str) -> Result<OrderRow, Error> {
    let row = store::order(tx.connection(), account, order).await?;
    let row = row.ok_or(Error::NotFound)?;
    if row.state != "frozen" {
        return Err(Refusal::new(codes::GOODS_DECIDED)
            .with("state", &row.state)
            .into());
    }
    Ok(row)
}

fn unit_of(code: &str) -> Result<PointUnit, Error> {
    PointUnit::from_code(code).ok_or_else(|| Error::Store(format!("unit {code}")))
}

fn read(fields: &Fields) -> Result<GoodsRow, Vec<Refusal>> {
    let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
    let choice = |field: &'static str, allowed: &[&str]| {
        Some(typed(field))
            .filter(|one| allowed.contains(one))
            .map(str::to_owned)
            .ok_or_else(|| {
                Refusal::new(codes::CHOICE_INVALID)
                    .at(field)
                    .with("value", typed(field).chars().take(40).collect::<String>())
            })
    };
    let title = required_text("title", typed("title"), 60);
    let unit = choice("unit", &["green", "activity"]);
    let funding = choice("funding", &["assignment", "marketing"]);
    let price = read_points("price", typed("price"));
    let stock = read_points("stock", typed("stock"));
    let quota = read_points("month_quota", typed("month_quota"));
    match (title, unit, funding, price, stock, quota) {
        (Ok(title), Ok(unit), Ok(funding), Ok(price), Ok(stock), Ok(month_quota)) => Ok(GoodsRow {
            id: String::new(),
            title,
            unit,
            price,
            stock,
            month_quota,
            funding,
            state: "offered".to_owned(),
            act_id: String::new(),
        }),
        (title, unit, funding, price, stock, quota) => Err([
            title.err(),
            unit.err(),
            funding.err(),
            price.err(),
            stock.err(),
            quota.err(),
        ]
        .into_iter()
        .flatten()
        .collect()),
    }
}
