//! What the browser needs to compute a footprint while somebody types.

use domain::Act;
use methodologies::Parameters;
use serde_json::Value;

use crate::perform::Deed;
use crate::{By, Error, Registry, parameter_set};

use super::footprint::input_of;
use super::organiser::shared;
use super::profile_of;

impl Registry {
    /// The input of the footprint of an event that the own organisation organises, without its lines, and the numbers it is computed with today.
    pub async fn event_input(&self, by: &By, event: &str) -> Result<(Value, Parameters), Error> {
        Deed::check_role(Act::EventCreate, by)?;
        let mut connection = self.store.read().await?;
        let row = shared(&mut connection, by, event).await?;
        let set = parameter_set::in_force(&mut connection).await?;
        let mut input = input_of(&row, &profile_of(&row)?, "", by.at.beijing_date())?;
        if let Some(fields) = input.as_object_mut() {
            fields.remove("lines");
        }
        Ok((input, set))
    }
}
