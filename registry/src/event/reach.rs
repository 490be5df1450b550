//! What else might be retired for an event: units that are not free, or not one's own, yet. None of them covers anything before it is retired.

use domain::Act;
use serde::Serialize;

use crate::hold::{CreditHold, serials_of, view};
use crate::offer::{PublicOffer, shown};
use crate::perform::Deed;
use crate::store::{event as store, hold as holds, public_offer};
use crate::{By, Error, Holding, Registry};

use super::organiser::shared;
use super::unit::{counted, unit_views};

/// Holds and offers that are shown at most.
const SHOWN: i64 = 20;

/// Credits that are set aside in a transfer, a reservation or an offer of which the viewer is a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldUnits {
    /// The hold, with what the viewer may do about it.
    pub hold: CreditHold,
    /// Tonnes of it that may neutralise an event: those of nationally or provincially recognised classes.
    pub countable: i64,
}

/// Units within reach of an event, for an organiser. What is free in the general sub-account is not among them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct UnitsInReach {
    /// Tonnes that are missing still; 0: nothing is, or nothing was accounted for, and nothing else is listed.
    pub missing: i64,
    /// Own credits in the trading sub-account, of classes that may neutralise an event.
    pub trading: Vec<Holding>,
    /// Transfers, reservations and offers of which the viewer is a party, newest first.
    pub held: Vec<HeldUnits>,
    /// Whether there are more of them.
    pub more_held: bool,
    /// Open offers of others that would suffice alone, the cheapest first.
    pub offers: Vec<PublicOffer>,
}

impl Registry {
    /// The units that the viewer could come to retire for an event, as far as the viewer may see them: its own, those that others set aside for
    /// it, and offers, which are public.
    pub async fn event_units_in_reach(&self, by: &By, event: &str) -> Result<UnitsInReach, Error> {
        Deed::check_role(Act::EventUnitAdd, by)?;
        let mut connection = self.store.read().await?;
        let row = shared(&mut connection, by, event).await?;
        let account = store::footprint_newest(&mut connection, &row.id, "account").await?;
        let account = account.filter(|account| account.revision == row.revision);
        let Some(account) = account else {
            return Ok(UnitsInReach::default());
        };
        let today = by.at.beijing_date();
        let units = unit_views(&store::units(&mut connection, &row.id).await?, today)?;
        let missing = (account.tonnes - counted(&units)).max(0);
        if missing == 0 {
            return Ok(UnitsInReach::default());
        }
        let me = by.organisation.as_str();
        let rows = holds::in_reach(&mut connection, me, SHOWN + 1).await?;
        let size = usize::try_from(SHOWN).unwrap_or_default();
        let more_held = rows.len() > size;
        let mut held = Vec::new();
        for row in rows.into_iter().take(size) {
            let countable = holds::recognised_tonnes(&mut connection, &row.hold.id).await?;
            let serials = serials_of(&mut connection, &row.hold.id).await?;
            let hold = view(by, row, serials)?;
            held.push(HeldUnits { hold, countable });
        }
        let today = today.to_string();
        let offers =
            public_offer::offers_for_event(&mut connection, &today, me, missing, SHOWN).await?;
        let offers: Result<Vec<_>, Error> = offers.into_iter().map(shown).collect();
        let offers = offers?;
        drop(connection);
        let mut trading = self.holdings(by).await?;
        trading.retain(|holding| {
            holding.trading > 0 && ["national", "provincial"].contains(&&*holding.recognition)
        });
        Ok(UnitsInReach {
            missing,
            trading,
            held,
            more_held,
            offers,
        })
    }
}
