//! Twelve households with a roof of solar cells: half a year of readings, assigned in the shop, frozen into a batch, verified, published and
//! issued as tonnes, some of them retired. So the demo world shows the way from a gram to a certificate, and back.

use anyhow::{Context, Result};
use domain::{Instant, Role};
use registry::{By, CallRow, Fields, Registry, Visitor};
use time::{Date, Duration, Month};

use super::inclusion::{agree, fields, noon};
use super::people::People;
use crate::simulator::{self, Player};

/// Households.
const HOUSEHOLDS: usize = 12;
/// The year of the readings.
const YEAR: i32 = 2025;
/// The months that are read, July to December.
const MONTHS: [(Month, i64); 6] = [
    (Month::July, 640),
    (Month::August, 655),
    (Month::September, 590),
    (Month::October, 560),
    (Month::November, 480),
    (Month::December, 455),
];
const REGION: &str = "CN-GD-SZ";

/// A household that has a personal account.
pub struct Household {
    number: usize,
    receipt: registry::PersonReceipt,
}

impl Household {
    fn by(&self, at: Instant, key: &str) -> By {
        By {
            user: self.receipt.user.clone(),
            organisation: self.receipt.account.clone(),
            role: Role::Individual,
            at,
            key: format!("demo household {} {key}", self.number),
        }
    }
}

/// Makes the households, their tonnes and a retirement; every act has a key of its own.
pub async fn households(
    registry: &Registry,
    people: &People,
    password_hash: &str,
) -> Result<Vec<Household>> {
    let opened = noon(day(Month::June, 16)?);
    let operator = |at: Instant, key: &str| people.by("operator", at, format!("demo tonnes {key}"));
    let meters = fields(&[
        ("name", "演示·屋顶光伏并网平台"),
        ("precedence", "2"),
        ("evidence", "T1"),
        ("scenes", "rooftop_solar"),
        ("agreement", "DEMO-DATA-2025-01"),
    ]);
    let by = operator(opened, "meters");
    let provider = registry.provider_add(&by, &meters).await?.id;
    agree(registry, people, opened).await?;
    let service = fields(&[
        ("title", "演示·空调清洗服务"),
        ("unit", "green"),
        ("price", "190000"),
        ("stock", "200"),
        ("month_quota", "1"),
        ("funding", "assignment"),
    ]);
    let by = operator(opened, "service");
    let service = registry.goods_offer(&by, &service).await?.id;
    let mut households = Vec::new();
    for number in 1..=HOUSEHOLDS {
        let (household, reference) =
            open(registry, number, (opened, &provider), password_hash).await?;
        households.push((household, reference));
    }
    for (month, kilowatt_hours) in MONTHS {
        let last = day(month, month.length(YEAR))?;
        let rows: Vec<CallRow> = households
            .iter()
            .map(|(household, reference)| reading(household, reference, last, kilowatt_hours))
            .collect();
        let read = noon(last.saturating_add(Duration::days(1)));
        registry
            .call_in(&provider, &format!("demo meters {last}"), read, &rows)
            .await?;
        let settled = noon(last.saturating_add(Duration::days(5)));
        registry.inclusion_tick(settled).await?;
        let ordered = noon(last.saturating_add(Duration::days(6)));
        for (household, _) in &households {
            let by = household.by(ordered, &format!("order {last}"));
            let order = registry.goods_order(&by, &service).await?.id;
            let key = format!("voucher {last} {}", household.number);
            let voucher = fields(&[("voucher", &format!("DEMO-{month}-{}", household.number))]);
            let about = format!("{}.{order}", household.receipt.account);
            registry
                .goods_fulfil(&operator(ordered, &key), &about, &voucher)
                .await?;
        }
    }
    issue(registry, people).await?;
    Ok(households.into_iter().map(|(one, _)| one).collect())
}

/// Lets the households ride with a player of rides, three working days each.
pub async fn rides(
    registry: &Registry,
    households: &[Household],
    (player, provider): (&Player, &str),
    first: Date,
) -> Result<(), registry::Error> {
    let opened = noon(first.saturating_sub(Duration::days(7)));
    for household in households {
        let mut reference = String::new();
        for scene in player.scenes.split(',') {
            let by = household.by(opened, &format!("{} {scene}", player.name));
            let given = registry.consent_give(&by, &source(provider, scene)).await?;
            reference = given.reference.unwrap_or(reference);
        }
        for later in 0..3 {
            let day = first.saturating_add(Duration::days(later));
            let rows = simulator::day(player, &reference, day);
            let at = Instant::at_start_of(day).plus_seconds(23 * 3600);
            let nonce = format!("demo household {} {day}", household.number);
            registry.call_in(provider, &nonce, at, &rows).await?;
        }
    }
    Ok(())
}

async fn open(
    registry: &Registry,
    number: usize,
    (opened, provider): (Instant, &str),
    password_hash: &str,
) -> Result<(Household, String)> {
    let email = super::people::email(&format!("household{number:02}"));
    let name = format!("演示·住户{number:02}");
    let form = fields(&[
        ("name", &name),
        ("email", &email),
        ("region", REGION),
        ("age", "adult"),
        ("agrees", "yes"),
    ]);
    let visitor = Visitor {
        at: opened,
        key: format!("demo household {number}"),
    };
    let receipt = registry.person_sign_up(&visitor, &form, password_hash);
    let household = Household {
        number,
        receipt: receipt.await?,
    };
    let assignment = fields(&[("purpose", "assignment"), ("agrees", "yes")]);
    registry
        .consent_give(&household.by(opened, "assignment"), &assignment)
        .await?;
    let by = household.by(opened, "meters");
    let source = source(provider, "rooftop_solar");
    let given = registry.consent_give(&by, &source).await?;
    let reference = given
        .reference
        .context("a consent to a source has a reference")?;
    Ok((household, reference))
}

/// The reading of a month, a little different from roof to roof.
fn reading(household: &Household, reference: &str, last: Date, kilowatt_hours: i64) -> CallRow {
    let number = i64::try_from(household.number).unwrap_or_default();
    let energy = (kilowatt_hours + 5 * number).to_string();
    CallRow {
        order: format!("SIM-METER-{last}-{number:02}"),
        reference: reference.to_owned(),
        scene: "rooftop_solar".to_owned(),
        day: Some(last.to_string()),
        started_at: None,
        ended_at: None,
        region: REGION.to_owned(),
        meter: Some(format!("DEMO-METER-{number:02}")),
        item: None,
        campaign: None,
        amounts: fields(&[
            ("energy_kwh", energy.as_str()),
            ("claimed_kwh", "0"),
            ("capacity_mw", "0.006"),
        ]),
    }
}

/// From the pool to tonnes: frozen, verified, published, issued, and three of them retired.
async fn issue(registry: &Registry, people: &People) -> Result<()> {
    let at = |month: Month, number: u8| -> Result<Instant> {
        Ok(noon(Date::from_calendar_date(YEAR + 1, month, number)?))
    };
    let by = |who: &str, at: Instant, key: &str| people.by(who, at, format!("demo batch {key}"));
    let frozen = at(Month::January, 12)?;
    let order = fields(&[
        ("region", REGION),
        ("period_start", "2025-07-01"),
        ("period_end", "2025-12-31"),
        ("holder", &people.account_number("events")),
        ("vvb", people.organisation("vvb2").as_str()),
        ("recognition", "provincial"),
        (
            "recognition_title",
            "演示·关于认可屋顶光伏碳普惠减排量的文件",
        ),
        ("recognition_number", "演示〔2026〕1号"),
        ("recognised_by", "演示·省级主管部门"),
        ("recognised_on", "2026-01-08"),
        ("exclusive", "yes"),
        ("statement", "演示：未在其他机制中主张。"),
    ]);
    let freezing = by("operator", frozen, "freeze");
    let batch = registry.batch_freeze(&freezing, &order).await?.id;
    let opinion = fields(&[
        ("checked", "yes"),
        ("independent", "yes"),
        ("opinion", "演示：样本逐条与并网平台的读数核对，一致。"),
    ]);
    let assessed = by("vvb2", at(Month::January, 14)?, "assess");
    registry.batch_assess(&assessed, &batch, &opinion).await?;
    let issued = by("operator2", at(Month::January, 28)?, "issue");
    registry.batch_issue(&issued, &batch).await?;
    let retiring = by("events", at(Month::February, 12)?, "retire");
    let holdings = registry.holdings(&retiring).await?;
    let class = holdings.iter().find(|one| one.unit_kind == "inclusion");
    let class = class.context("the tonnes were issued to the organiser")?;
    let retire = fields(&[
        ("class", class.class.as_str()),
        ("quantity", "3"),
        ("purpose", "voluntary"),
        ("purpose_text", "演示·社区绿色生活周"),
        ("beneficiary", "演示·海月社区"),
        ("beneficiary_kind", "organisation"),
    ]);
    registry.credits_retire(&retiring, &retire).await?;
    Ok(())
}

fn source(provider: &str, scene: &str) -> Fields {
    fields(&[
        ("purpose", "source"),
        ("provider", provider),
        ("scene", scene),
        ("agrees", "yes"),
    ])
}

fn day(month: Month, number: u8) -> Result<Date> {
    Ok(Date::from_calendar_date(YEAR, month, number)?)
}
