//! Writing the rows of the two ledgers: in the order in which they are asked for, each with its place in the act.

use domain::inclusion::{Place, PointMove, PointPlace, PointUnit};

use super::shard_of;
use crate::Error;
use crate::perform::Tx;
use crate::store::inclusion::ledger::{self, NewMove, NewPoints, PartRow};

/// Where milligrams go: the place, and of which event or batch.
#[derive(Clone, Copy)]
pub(crate) struct To<'a> {
    pub(crate) place: Place,
    pub(crate) of: &'a str,
}

impl To<'_> {
    pub(crate) const fn plain(place: Place) -> Self {
        To { place, of: "" }
    }
}

/// The rows of one act, collected and written together.
#[derive(Default)]
pub(crate) struct Postings {
    /// Position of the first row in the act.
    from: i64,
    moves: Vec<NewMove>,
    points: Vec<NewPoints>,
}

impl Postings {
    /// More rows of an act that has written some: [`Postings::next`] of those.
    pub(crate) fn starting(from: i64) -> Self {
        Self {
            from,
            ..Self::default()
        }
    }

    /// The first position that none of these rows has.
    pub(crate) fn next(&self) -> i64 {
        let rows = self.moves.len().max(self.points.len());
        self.from
            .saturating_add(i64::try_from(rows).unwrap_or(i64::MAX))
    }

    /// Moves milligrams of a part.
    pub(crate) fn moves(
        &mut self,
        tx: &Tx,
        part: &PartRow,
        from: Place,
        to: To<'_>,
        mg: i64,
        consent: &str,
    ) {
        if mg < 1 {
            return;
        }
        let position = self.from + i64::try_from(self.moves.len()).unwrap_or(0);
        self.moves.push(NewMove {
            account: part.account_id.clone(),
            id: crate::perform::new_id(),
            lot: part.lot_id.clone(),
            lot_day: part.day.clone(),
            certifiable: part.certifiable,
            campaign: part.campaign_id.clone(),
            from: from.code(),
            from_ref: part.place_ref.clone(),
            to: to.place.code(),
            to_ref: to.of.to_owned(),
            mg,
            consent: consent.to_owned(),
            shard: shard_of(&part.account_id),
            at: tx.at.0,
            act_id: tx.act.clone(),
            position,
        });
    }

    /// Moves points.
    pub(crate) fn points(
        &mut self,
        tx: &Tx,
        account: &str,
        unit: PointUnit,
        step: PointMove,
        about: &str,
    ) {
        if step.points < 1 {
            return;
        }
        let position = self.from + i64::try_from(self.points.len()).unwrap_or(0);
        self.points.push(NewPoints {
            account: account.to_owned(),
            id: crate::perform::new_id(),
            unit: unit.code(),
            from: step.from.code(),
            to: step.to.code(),
            points: step.points,
            about: about.to_owned(),
            at: tx.at.0,
            act_id: tx.act.clone(),
            position,
        });
    }

    /// Moves points from one place to another.
    pub(crate) fn step(
        &mut self,
        tx: &Tx,
        account: &str,
        unit: PointUnit,
        from_to: (PointPlace, PointPlace),
        points: i64,
        about: &str,
    ) {
        let (from, to) = from_to;
        self.points(tx, account, unit, PointMove { from, to, points }, about);
    }

    /// Writes everything; the constraints hold or nothing happens.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<(), Error> {
        ledger::moves_insert(tx.connection(), &self.moves).await?;
        ledger::points_insert(tx.connection(), &self.points).await?;
        Ok(())
    }
}

/// Brings the points of an account in line with the milligrams that will be settled: new ones, or back into `back_to`.
pub(crate) fn follow(
    postings: &mut Postings,
    tx: &Tx,
    account: &str,
    settled_mg: i64,
    points: &super::Points,
    back_to: PointPlace,
    about: &str,
) -> Result<(), Error> {
    for step in domain::inclusion::points::follow(settled_mg, &points.standing(), back_to)? {
        postings.points(tx, account, PointUnit::Green, step, about);
    }
    Ok(())
}

/// The milligrams of an account that were settled and are not void.
pub(crate) async fn settled_of(tx: &mut Tx, account: &str) -> Result<i64, Error> {
    let rows = ledger::balances(tx.connection(), &[account.to_owned()]).await?;
    Ok(settled(
        rows.iter().map(|(_, place, mg)| (place.as_str(), *mg)),
    ))
}

/// The sum over the places that count as settled.
pub(crate) fn settled<'a>(places: impl Iterator<Item = (&'a str, i64)>) -> i64 {
    places
        .filter(|(place, _)| Place::from_code(place).is_some_and(Place::is_settled))
        .map(|(_, mg)| mg)
        .sum()
}
