//! Players of providers: metro, bus, bicycles and parcels, for the demo world and `huitan simulate-provider`. What they send is decided by
//! the day alone, so that playing a day again sends the same records.

use domain::Instant;
use registry::{CallRow, Fields};
use time::{Date, Weekday};

/// An invented provider.
#[derive(Debug)]
pub struct Player {
    /// Its name.
    pub name: &'static str,
    /// 1 gates, 2 ride code, 3 payment.
    pub precedence: &'static str,
    /// `T1` or `T2`.
    pub evidence: &'static str,
    /// Codes of its scenes, with commas between them.
    pub scenes: &'static str,
    /// Number of the data agreement.
    pub agreement: &'static str,
    /// Its rides.
    rides: &'static [Ride],
}

/// A record that comes on some days.
#[derive(Debug)]
struct Ride {
    scene: &'static str,
    /// Minutes after midnight, and how long it takes.
    minutes: (i64, i64),
    /// Kilometres.
    distance: Option<&'static str>,
    /// On working days, or at the weekend.
    at_weekends: bool,
}

const fn ride(
    scene: &'static str,
    minutes: (i64, i64),
    distance: Option<&'static str>,
    at_weekends: bool,
) -> Ride {
    Ride {
        scene,
        minutes,
        distance,
        at_weekends,
    }
}

/// Everybody who is played.
pub const PLAYERS: &[Player] = &[
    Player {
        name: "演示·深圳轨道与公交",
        precedence: "1",
        evidence: "T1",
        scenes: "bus,metro",
        agreement: "DEMO-DATA-2026-01",
        rides: &[
            ride("metro", (8 * 60 + 10, 28), Some("12.4"), false),
            ride("metro", (18 * 60 + 35, 29), Some("12.4"), false),
            ride("bus", (12 * 60 + 5, 14), Some("3.2"), false),
            ride("bus", (10 * 60, 25), None, true),
        ],
    },
    Player {
        name: "演示·城市单车",
        precedence: "2",
        evidence: "T1",
        scenes: "shared_bike",
        agreement: "DEMO-DATA-2026-02",
        rides: &[
            ride("shared_bike", (7 * 60 + 55, 9), Some("1.6"), false),
            ride("shared_bike", (15 * 60, 32), Some("6.5"), true),
        ],
    },
    Player {
        name: "演示·校园驿站",
        precedence: "3",
        evidence: "T2",
        scenes: "no_cutlery,parcel_box",
        agreement: "DEMO-DATA-2026-03",
        rides: &[
            ride("parcel_box", (20 * 60, 1), None, true),
            ride("no_cutlery", (12 * 60 + 40, 1), None, false),
        ],
    },
];

/// The records of a player for one person on one day.
pub fn day(player: &Player, reference: &str, day: Date) -> Vec<CallRow> {
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let midnight = Instant::at_start_of(day).0;
    player
        .rides
        .iter()
        .enumerate()
        .filter(|(_, ride)| ride.at_weekends == weekend)
        .map(|(number, ride)| {
            let (from, length) = ride.minutes;
            let short: String = reference.chars().take(8).collect();
            CallRow {
                order: format!("SIM-{day}-{number}-{short}"),
                reference: reference.to_owned(),
                scene: ride.scene.to_owned(),
                day: None,
                started_at: Some(midnight + from * 60),
                ended_at: Some(midnight + (from + length) * 60),
                region: "CN-GD-SZ".to_owned(),
                meter: None,
                item: None,
                campaign: None,
                amounts: ride
                    .distance
                    .map(|km| ("distance_km".to_owned(), km.to_owned()))
                    .into_iter()
                    .collect::<Fields>(),
            }
        })
        .collect()
}
