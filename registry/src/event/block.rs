//! The blocks that an organiser may choose from when it retires for an event.

use domain::Act;
use domain::event::gift_tonnes;
use domain::ledger::BLOCKS_CHOSEN_MAX;
use serde::Serialize;

use crate::credits::serial_text;
use crate::perform::Deed;
use crate::store::event_gift as gifts;
use crate::store::ledger;
use crate::{By, Error, Registry};

use super::organiser::shared;

/// A block of serial numbers of the own organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventBlock {
    /// The class whose numbers these are.
    pub class: String,
    /// The block as people copy it, `HT-A210001-2024-1-500`.
    pub serial: String,
    /// First number.
    pub start: i64,
    /// Last number.
    pub end: i64,
    /// Tonnes.
    pub tonnes: i64,
    /// Of them whole tonnes that persons gave to this event.
    pub given: i64,
}

impl Registry {
    /// The blocks that the viewer's organisation could retire for an event, oldest vintage and lowest numbers first: of each class the first
    /// [`BLOCKS_CHOSEN_MAX`].
    pub async fn event_blocks(&self, by: &By, event: &str) -> Result<Vec<EventBlock>, Error> {
        Deed::check_role(Act::EventRetire, by)?;
        let mut connection = self.store.read().await?;
        let row = shared(&mut connection, by, event).await?;
        let limit = i64::try_from(BLOCKS_CHOSEN_MAX).unwrap_or(i64::MAX);
        let held = ledger::first_blocks(&mut connection, by.organisation.as_str(), limit).await?;
        let mut blocks = Vec::with_capacity(held.len());
        for block in held {
            let class = ledger::class_by_id(&mut connection, &block.class_id).await?;
            let class = class.ok_or(Error::NotFound)?;
            let (start, end) = (block.serial_start, block.serial_end);
            let mut given = 0;
            for stretch in gifts::given(&mut connection, &block.class_id, start, end).await? {
                let tonnes = gift_tonnes(stretch.serial_start, stretch.from_mg, stretch.to_mg);
                if let Some((first, last)) = tonnes.filter(|_| stretch.event_id == row.id) {
                    given += (last.min(end) - first.max(start) + 1).max(0);
                }
            }
            blocks.push(EventBlock {
                serial: serial_text(&class.project_code, block.vintage, start, end)?,
                class: block.class_id,
                start,
                end,
                tonnes: end - start + 1,
                given,
            });
        }
        Ok(blocks)
    }
}
