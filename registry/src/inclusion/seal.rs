//! Digests that only this installation can make: of order numbers, meters and devices. A plain hash of such a number is found out by trying
//! them all; and a digest with a provider's own key would make every old order new when that key changes.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use sqlx::AnyConnection;

use crate::perform::hash;
use crate::store::inclusion::seal as store;
use crate::{Error, Registry};

/// The key of this installation.
pub(super) struct Seal {
    mac: Hmac<Sha256>,
    has_older: bool,
}

impl Seal {
    /// The key as it is kept.
    pub(super) async fn of(connection: &mut AnyConnection) -> Result<Self, Error> {
        let (secret, has_older) = store::key(connection)
            .await?
            .ok_or_else(|| Error::Store("no installation key: migrate first".to_owned()))?;
        Self::new(&secret, has_older == 1)
    }

    fn new(secret: &str, has_older: bool) -> Result<Self, Error> {
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes());
        Ok(Self {
            mac: mac.map_err(|_| Error::Store("installation key".to_owned()))?,
            has_older,
        })
    }

    /// The digest of an order, by the provider's id: the same under every key it signs with.
    pub(super) fn order(&self, scene: &str, provider: &str, order: &str) -> String {
        self.over(&["order", scene, provider, order])
    }

    /// The digest of a meter.
    pub(super) fn meter(&self, scene: &str, number: &str) -> String {
        self.over_older("meter", &older_meter(scene, number))
    }

    /// The digest of one day of a meter, and the one that it had before there was a key.
    pub(super) fn meter_day(
        &self,
        scene: &str,
        number: &str,
        day: &str,
    ) -> (String, Option<String>) {
        let meter = older_meter(scene, number);
        let older = self.has_older.then(|| hash(&["meter", scene, &meter, day]));
        (self.over(&["meter-day", scene, &meter, day]), older)
    }

    /// The digest of the bill that a meter gets for a month, `YYYY-MM`.
    pub(super) fn meter_month(&self, scene: &str, number: &str, month: &str) -> String {
        self.over(&["meter-month", scene, number, month])
    }

    /// The digest of one side of the deals that a thing with a number of its own has in a year: `1`, `2`.
    pub(super) fn item(&self, scene: &str, number: &str, year: &str, side: &str) -> String {
        self.over(&["item", scene, number, year, side])
    }

    /// The digest of what a photo looks like.
    pub(super) fn look(&self, look: &str) -> String {
        self.over(&["look", look])
    }

    /// The digest of a device.
    pub(super) fn device(&self, device: &str) -> String {
        self.over_older("device", &hash(&["device", device]))
    }

    /// A digest of a digest without a key: so those there were could be replaced without knowing the number.
    fn over_older(&self, kind: &str, older: &str) -> String {
        self.over(&[kind, older])
    }

    fn over(&self, parts: &[&str]) -> String {
        let mut mac = self.mac.clone();
        for part in parts {
            mac.update(part.len().to_string().as_bytes());
            mac.update(b":");
            mac.update(part.as_bytes());
        }
        hex::encode(mac.finalize().into_bytes())
    }
}

/// The digest of a meter as it was made without a key; a record's body is still compared by it.
pub(super) fn older_meter(scene: &str, number: &str) -> String {
    hash(&["meter", scene, number])
}

impl Registry {
    /// Makes the installation's key if there is none, and replaces the digests that were made without it; all or nothing.
    pub(crate) async fn seal_make(&self) -> Result<(), Error> {
        let mut connection = self.store.read().await?;
        if store::key(&mut connection).await?.is_some() {
            return Ok(());
        }
        drop(connection);
        let (one, other) = (uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
        let secret = hash(&["installation", &one.to_string(), &other.to_string()]);
        let mut tx = self.store.begin_turn().await?;
        let meters = store::meters(&mut tx).await?;
        let devices = store::devices(&mut tx).await?;
        let has_older = !meters.is_empty();
        if store::key_insert(&mut tx, &secret, has_older).await? {
            let seal = Seal::new(&secret, has_older)?;
            for meter in meters {
                let after = seal.over_older("meter", &meter);
                store::meter_set(&mut tx, &meter, &after).await?;
            }
            for device in devices {
                let after = seal.over_older("device", &device);
                store::device_set(&mut tx, &device, &after).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }
}
