//! The staff of the demo organiser: twelve people in its group, so that its page has figures that may be shown.

use domain::Role;
use registry::{By, Registry, Visitor};
use time::Date;
use time::macros::date;

use super::inclusion::{fields, noon};
use super::people::{People, email};
use crate::simulator::{self, Player};

/// People in the group: more than the fewest behind a figure.
const PEOPLE: usize = 12;
/// The group is opened and joined; the month after is the first one that is counted.
const JOINED: Date = date!(2026 - 01 - 19);

/// Opens the group and lets the staff join and ride on two days from `first` on; every act has a key of its own.
pub async fn join_in(
    registry: &Registry,
    people: &People,
    (player, provider): (&Player, &str),
    (opened, first): (Date, Date),
    password_hash: &str,
) -> Result<(), registry::Error> {
    let group = fields(&[("name", "演示·会展公司员工"), ("region", "CN-GD-SZ")]);
    let organiser = people.by("events", noon(JOINED), "demo staff group".to_owned());
    registry.staff_group_open(&organiser, &group).await?;
    let code = registry.staff_group(&organiser).await?;
    let code = code.map(|group| group.code).unwrap_or_default();
    let join = fields(&[("code", &code), ("agrees_to_sums", "yes")]);
    for number in 1..=PEOPLE {
        let form = fields(&[
            ("name", &format!("演示·员工{number:02}")),
            ("email", &email(&format!("staff{number:02}"))),
            ("region", "CN-GD-SZ"),
            ("age", "adult"),
            ("agrees", "yes"),
        ]);
        let visitor = Visitor {
            at: noon(JOINED),
            key: format!("demo staff {number}"),
        };
        let receipt = registry
            .person_sign_up(&visitor, &form, password_hash)
            .await?;
        let by = |day: Date, key: &str| By {
            user: receipt.user.clone(),
            organisation: receipt.account.clone(),
            role: Role::Individual,
            at: noon(day),
            key: format!("demo staff {number} {key}"),
        };
        registry.group_join(&by(JOINED, "join"), &join).await?;
        let mut reference = String::new();
        for scene in player.scenes.split(',') {
            let form = fields(&[
                ("purpose", "source"),
                ("provider", provider),
                ("scene", scene),
                ("agrees", "yes"),
            ]);
            let given = registry.consent_give(&by(opened, scene), &form).await?;
            reference = given.reference.unwrap_or(reference);
        }
        for day in [first, first.saturating_add(time::Duration::days(1))] {
            let rows = simulator::day(player, &reference, day);
            let at = noon(day).plus_seconds(11 * 3600);
            let nonce = format!("demo staff {number} {day}");
            registry.call_in(provider, &nonce, at, &rows).await?;
        }
    }
    Ok(())
}
