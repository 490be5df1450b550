//! Messages of the demo world: its people want no mail to their invented addresses, and have read all but the latest messages.

use domain::Instant;
use registry::{Error, Fields, PageRequest, Registry};

use super::people::{PEOPLE, People};

/// How many messages each organisation has not read yet when the demo begins.
const UNREAD: i64 = 3;

/// Nobody of the demo world gets mail: the addresses are invented. It can be switched on like any other choice.
pub async fn no_mail(registry: &Registry, people: &People, at: Instant) -> Result<(), Error> {
    for person in PEOPLE {
        let by = people.by(person.name, at, format!("demo mail {}", person.name));
        let choice = [("wants_mail", "no"), ("language", "zh")];
        let choice: Fields = choice
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        registry.user_set_mail(&by, &choice).await?;
    }
    Ok(())
}

/// Everybody has read everything but the latest messages.
pub async fn read_all_but_the_latest(
    registry: &Registry,
    people: &People,
    at: Instant,
) -> Result<(), Error> {
    let page = PageRequest {
        after: None,
        size: UNREAD + 1,
    };
    for person in PEOPLE {
        let mut by = people.by(person.name, at, String::new());
        let latest = registry.notifications(&by, &page).await?.rows;
        let Some(older) = latest.get(usize::try_from(UNREAD).unwrap_or(0)) else {
            continue;
        };
        by.key = format!("demo read {}", older.id);
        let up_to = Fields::from([("up_to".to_owned(), older.id.clone())]);
        registry.notification_read(&by, &up_to).await?;
    }
    Ok(())
}
