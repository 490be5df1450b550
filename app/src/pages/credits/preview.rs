//! What an act would move if it were done now: the same rules of `domain` that the registry applies when it is done.

use domain::id::ClassId;
use domain::ledger::{Demand, HeldBlock, Posting, RetirementRequest};
use domain::refusal::codes;
use domain::{Refusal, SerialBlock};
use leptos::prelude::*;
use registry::{AccountTarget, By, ClassOffer, Error, Fields, Registry};

use crate::acts::credits::demand_fields;
use crate::format::whole;
use crate::lang::{Lang, t};
use crate::pages::public::shown::{TONNES, class_address, serial_address};
use crate::parts::{Column, DataTable};

/// The blocks that would move.
pub struct Preview {
    /// Tonnes.
    pub quantity: i64,
    /// Each block: the class it is of, and its numbers.
    pub blocks: Vec<(ClassOffer, SerialBlock)>,
    /// Tonnes held before, of everything.
    pub held_before: i64,
}

/// A transfer that could be done now: the blocks, and who would receive them.
pub async fn transfer(
    registry: &Registry,
    by: &By,
    fields: &Fields,
) -> Result<(Preview, AccountTarget), Error> {
    let typed = fields.get("to").map_or("", |text| text.trim());
    let mut refusals = Vec::new();
    let target = match registry.account_lookup(by, typed).await {
        _ if typed.is_empty() => Err(Refusal::new(codes::REQUIRED).at("to")),
        Ok(target) if target.organisation == by.organisation => {
            Err(Refusal::new(codes::TRANSFER_TO_ONESELF).at("to"))
        }
        Ok(target) if target.may_hold_credits => Ok(target),
        Ok(_) | Err(Error::NotFound | Error::Refused(_)) => {
            Err(Refusal::new(codes::RECEIVER_INVALID).at("to"))
        }
        Err(error) => return Err(error),
    };
    let stock = Stock::read(registry, by, fields).await?;
    let posting = stock.demand.clone().and_then(|demand| {
        let receiver = target
            .as_ref()
            .map_or_else(|_| "?".into(), |target| target.organisation.clone());
        domain::ledger::transfer(&by.organisation, &receiver, &stock.held, &demand)
            .map_err(|refusal| vec![refusal])
    });
    match (target, posting) {
        (Ok(target), Ok(posting)) => Ok((stock.preview(posting), target)),
        (target, posting) => {
            refusals.extend(target.err());
            refusals.extend(posting.err().unwrap_or_default());
            Err(refusals.into())
        }
    }
}

/// A retirement that could be done now: the blocks, and for what.
pub async fn retirement(
    registry: &Registry,
    by: &By,
    fields: &Fields,
) -> Result<(Preview, RetirementRequest), Error> {
    let fields = &registry.beneficiary_filled(by, fields).await?;
    let request = RetirementRequest::read(fields);
    let stock = Stock::read(registry, by, fields).await?;
    let posting = stock.demand.clone().and_then(|demand| match &request {
        Ok(request) => domain::ledger::retire(&by.organisation, &stock.held, &demand, request)
            .map_err(|refusal| vec![refusal]),
        // what is wrong with the quantity is said together with what is wrong with the rest
        Err(_) => stock.check(&demand).map(|()| Posting {
            transfers: Vec::new(),
        }),
    });
    match (request, posting) {
        (Ok(request), Ok(posting)) => Ok((stock.preview(posting), request)),
        (request, posting) => Err([
            posting.err().unwrap_or_default(),
            request.err().unwrap_or_default(),
        ]
        .concat()
        .into()),
    }
}

/// What the organisation holds of what it wants to take from.
struct Stock {
    offers: Vec<ClassOffer>,
    held: Vec<HeldBlock>,
    demand: Result<Demand, Vec<Refusal>>,
}

impl Stock {
    async fn read(registry: &Registry, by: &By, fields: &Fields) -> Result<Self, Error> {
        let offers = registry.class_offers(by).await?;
        let demand = read_demand(fields, &offers);
        let class = demand.as_ref().ok().and_then(|demand| demand.class.clone());
        let mut held = Vec::new();
        for offer in offers
            .iter()
            .filter(|offer| class.as_ref().is_none_or(|class| *class == offer.class))
        {
            for block in registry.holding_blocks(by, &offer.class).await? {
                if block.state != "holding" {
                    continue;
                }
                if let Ok(block) = SerialBlock::new(block.start, block.end) {
                    held.push(HeldBlock {
                        class: offer.class.clone(),
                        vintage: offer.vintage,
                        block,
                    });
                }
            }
        }
        Ok(Self {
            offers,
            held,
            demand,
        })
    }

    fn check(&self, demand: &Demand) -> Result<(), Vec<Refusal>> {
        let available: i64 = self.held.iter().map(|held| held.block.quantity()).sum();
        if demand.quantity <= available {
            return Ok(());
        }
        Err(vec![
            Refusal::new(codes::CREDITS_INSUFFICIENT)
                .at("quantity")
                .with("available", available)
                .with("quantity", demand.quantity),
        ])
    }

    fn preview(&self, posting: Posting) -> Preview {
        let offer = |class: &ClassId| {
            self.offers
                .iter()
                .find(|offer| offer.class == *class)
                .cloned()
        };
        Preview {
            quantity: posting.total(),
            blocks: posting
                .transfers
                .iter()
                .filter_map(|transfer| Some((offer(&transfer.debit.class)?, transfer.block)))
                .collect(),
            held_before: self.offers.iter().map(|offer| offer.held).sum(),
        }
    }
}

/// `source` and `quantity` as typed; every mistake at its field.
fn read_demand(fields: &Fields, offers: &[ClassOffer]) -> Result<Demand, Vec<Refusal>> {
    let quantity = domain::text::whole_tonnes(
        "quantity",
        fields.get("quantity").map_or("", String::as_str),
    );
    let class = demand_fields(fields).and_then(|fields| match fields.get("class") {
        None => Ok(None),
        Some(id) => match offers.iter().find(|offer| offer.class.as_str() == id) {
            Some(offer) => Ok(Some(offer.class.clone())),
            None => Err(Refusal::new(codes::CHOICE_INVALID).at("source")),
        },
    });
    match (quantity, class) {
        (Ok(quantity), Ok(class)) => Ok(Demand { class, quantity }),
        (quantity, class) => Err([quantity.err(), class.err()]
            .into_iter()
            .flatten()
            .collect()),
    }
}

/// The blocks that would move, as a table.
pub fn blocks_table(lang: Lang, preview: &Preview) -> AnyView {
    let rows = preview
        .blocks
        .iter()
        .map(|(offer, block)| {
            let serial = format!("HT-{}-{}-{block}", offer.project_code, offer.vintage);
            vec![
                view! { <a class="serial" href=serial_address(&serial)><code>{serial.clone()}</code></a> }.into_any(),
                whole(block.quantity()).into_any(),
                offer.project_name.clone().into_any(),
                view! { <a href=class_address(offer.class.as_str())>{offer.vintage}</a> }.into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "public.serial")),
        Column::number(format!("{} {TONNES}", t(lang, "public.quantity"))),
        Column::text(t(lang, "public.project")),
        Column::text(t(lang, "public.vintage")),
    ];
    view! { <DataTable caption=t(lang, "credits.preview_caption") columns rows empty=t(lang, "public.none")/> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::fields;

    fn offer(id: &str) -> ClassOffer {
        let (project_code, project_name) = ("A210001".to_owned(), "演示".to_owned());
        ClassOffer {
            class: id.into(),
            project_code,
            project_name,
            vintage: 2024,
            unit_kind: "ccer".to_owned(),
            recognition: "national".to_owned(),
            held: 10,
        }
    }

    #[test]
    fn every_mistake_of_a_demand_is_said_at_its_field() {
        let code = |source: &str, quantity: &str| -> Vec<(&str, String)> {
            let read = read_demand(
                &fields([("source", source), ("quantity", quantity)]),
                &[offer("c1")],
            );
            read.err()
                .unwrap_or_default()
                .into_iter()
                .map(|refusal| (refusal.code, refusal.field.unwrap_or_default()))
                .collect()
        };
        assert_eq!(code("class:c1", "5"), []);
        assert_eq!(code("oldest", "1,000"), []);
        assert_eq!(
            code("class:c2", "5"),
            [(codes::CHOICE_INVALID, "source".to_owned())]
        );
        assert_eq!(
            code("", "0"),
            [
                (codes::QUANTITY_NOT_POSITIVE, "quantity".to_owned()),
                (codes::REQUIRED, "source".to_owned())
            ]
        );
        assert_eq!(
            code("oldest", "2.5"),
            [(codes::QUANTITY_NOT_WHOLE, "quantity".to_owned())]
        );
    }
}
