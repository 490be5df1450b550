//! Whether this database holds a demo world: production refuses to start on one.

use crate::store::people;
use crate::{Error, Registry};

/// The setting that marks a demo world; its value is the version of the world.
const DEMO_WORLD: &str = "demo_world";

impl Registry {
    /// The version of the demo world in this database; `None` if it holds none.
    pub async fn demo_world(&self) -> Result<Option<String>, Error> {
        let mut connection = self.store.read().await?;
        Ok(people::setting_get(&mut connection, DEMO_WORLD).await?)
    }

    /// Whether the demo clock of this database stands elsewhere than at the system's time; asked in production too.
    pub async fn demo_clock_was_moved(&self) -> Result<bool, Error> {
        let mut connection = self.store.read().await?;
        let offset = people::setting_get(&mut connection, crate::clock::OFFSET).await?;
        Ok(offset.is_some_and(|offset| offset != "0"))
    }

    /// Marks this database as one that holds demo accounts, for good. Called before the first of them is made.
    pub async fn demo_world_mark(&self, version: &str) -> Result<(), Error> {
        let mut connection = self.store.write().await?;
        Ok(people::setting_put(&mut connection, DEMO_WORLD, version).await?)
    }
}
