//! The commuter's neighbours: a community of six people who agreed to the boards, so that a board of the demo world shows something.

use domain::{Instant, Role};
use registry::{By, Fields, Registry, Visitor};
use time::Date;
use time::macros::date;

use crate::simulator::{self, Player};

/// The neighbours: nickname, mobile number (of a range that is given to nobody here), days of rides.
const NEIGHBOURS: &[(&str, &str, i64)] = &[
    ("早班的风", "+8619900000001", 5),
    ("不开车的周一", "+8619900000002", 4),
    ("桥下骑手", "+8619900000003", 3),
    ("六楼的猫", "+8619900000004", 2),
    ("慢慢走", "+8619900000005", 1),
];
/// The first day of their rides: a Monday.
const FIRST: Date = date!(2026 - 02 - 23);

/// Founds the commuter's community and lets the neighbours join, ride and agree to the boards; every act has a key of its own.
pub async fn join_in(
    registry: &Registry,
    commuter: impl Fn(Instant, &str) -> By,
    (player, provider): (&Player, &str),
    password_hash: &str,
) -> Result<(), registry::Error> {
    let opened = noon(date!(2026 - 02 - 03));
    let community = fields(&[
        ("name", "演示·海月社区"),
        ("kind", "community"),
        ("region", "CN-GD-SZ"),
    ]);
    registry
        .group_create(&commuter(opened, "community"), &community)
        .await?;
    let groups = registry.groups(&commuter(opened, "groups")).await?;
    let code = groups.first().map(|group| group.code.clone());
    let join = fields(&[("code", code.as_deref().unwrap_or_default())]);
    registry
        .consent_give(&commuter(opened, "board"), &board("小满"))
        .await?;
    for (nickname, phone, days) in NEIGHBOURS {
        let form = fields(&[
            ("name", nickname),
            ("phone", phone),
            ("region", "CN-GD-SZ"),
            ("age", "adult"),
            ("agrees", "yes"),
        ]);
        let visitor = Visitor {
            at: opened,
            key: format!("demo neighbour {phone}"),
        };
        let receipt = registry
            .person_sign_up(&visitor, &form, password_hash)
            .await?;
        let by = |key: &str| By {
            user: receipt.user.clone(),
            organisation: receipt.account.clone(),
            role: Role::Individual,
            at: opened,
            key: format!("demo neighbour {phone} {key}"),
        };
        registry.group_join(&by("join"), &join).await?;
        registry
            .consent_give(&by("board"), &board(nickname))
            .await?;
        let mut reference = String::new();
        for scene in player.scenes.split(',') {
            let form = fields(&[
                ("purpose", "source"),
                ("provider", provider),
                ("scene", scene),
                ("agrees", "yes"),
            ]);
            let given = registry.consent_give(&by(scene), &form).await?;
            reference = given.reference.unwrap_or(reference);
        }
        for day in 0..*days {
            let day = FIRST.saturating_add(time::Duration::days(day));
            let rows = simulator::day(player, &reference, day);
            let at = Instant::at_start_of(day).plus_seconds(23 * 3600);
            let nonce = format!("demo {phone} {day}");
            registry.call_in(provider, &nonce, at, &rows).await?;
        }
    }
    Ok(())
}

fn board(nickname: &str) -> Fields {
    fields(&[
        ("purpose", "board"),
        ("nickname", nickname),
        ("agrees", "yes"),
    ])
}

fn noon(day: Date) -> Instant {
    Instant::at_start_of(day).plus_seconds(12 * 3600)
}

fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}
