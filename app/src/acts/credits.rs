//! Credits: moving them and retiring them. The field `source` says what to take from: `oldest` (everything held, oldest
//! vintage first), `project:<id>` (the same within one project) or `class:<id>` (one project and vintage).

use domain::Refusal;
use domain::refusal::codes;
use registry::{Error, Fields};

use super::{ActAnswer, ActCall, Done};
use crate::format::whole;
use crate::visitor::{Flash, encode};

/// Moves credits to the holder of the account number in `to`.
pub async fn credits_transfer(call: ActCall) -> ActAnswer {
    let fields = demand_fields(&call.fields)?;
    let moved = call
        .host
        .registry
        .credits_transfer(&call.by()?, &fields)
        .await
        .map_err(at_source)?;
    if moved.order.is_some() {
        return Ok(waits(moved.quantity, &moved));
    }
    if let Some(hold) = &moved.hold {
        let flash = Flash::done("hold.done_sent")
            .with("quantity", whole(moved.quantity))
            .with("to", moved.to.clone());
        return Ok(Done::to(format!("/desk/holds/{hold}"))
            .flash(flash)
            .data(&moved));
    }
    let flash = Flash::done("credits.done_transfer")
        .with("quantity", whole(moved.quantity))
        .with("to", moved.to.clone());
    Ok(Done::to("/desk/holdings/transfers")
        .flash(flash)
        .data(moved))
}

/// Retires credits for good; `confirm` says that the person has read what becomes public.
pub async fn credits_retire(call: ActCall) -> ActAnswer {
    if call.text("confirm") != "yes" {
        return Err(Refusal::new(codes::STATEMENT_REQUIRED).at("confirm").into());
    }
    let fields = demand_fields(&call.fields)?;
    let retired = call
        .host
        .registry
        .credits_retire(&call.by()?, &fields)
        .await
        .map_err(at_source)?;
    if retired.order.is_some() {
        return Ok(waits(retired.quantity, &retired));
    }
    let flash = Flash::done("credits.done_retire")
        .with("quantity", whole(retired.quantity))
        .with("number", retired.number.clone());
    Ok(
        Done::to(format!("/retirements/{}", encode(&retired.number)))
            .flash(flash)
            .data(retired),
    )
}

/// An order that waits for the confirming member.
fn waits(quantity: i64, receipt: impl serde::Serialize) -> Done {
    let flash = Flash::done("registry_account.done_waits").with("quantity", whole(quantity));
    Done::to("/desk/orders").flash(flash).data(receipt)
}

/// The fields as the registry reads them: `source` becomes `class`, `project`, or neither.
pub fn demand_fields(typed: &Fields) -> Result<Fields, Refusal> {
    let mut fields = typed.clone();
    fields.remove("confirm");
    let source = fields.remove("source").unwrap_or_default();
    match source.trim().split_once(':') {
        Some(("class", class)) => drop(fields.insert("class".to_owned(), class.to_owned())),
        Some(("project", project)) => drop(fields.insert("project".to_owned(), project.to_owned())),
        None if source.trim() == "oldest" => {}
        None if source.trim().is_empty() => return Err(Refusal::new(codes::REQUIRED).at("source")),
        _ => {
            return Err(Refusal::new(codes::CHOICE_INVALID)
                .at("source")
                .with("value", source.chars().take(40).collect::<String>()));
        }
    }
    Ok(fields)
}

/// A refusal at `class` or `project` belongs to the field of the form that chose it.
pub fn at_source(error: Error) -> Error {
    let Error::Refused(mut refusals) = error else {
        return error;
    };
    for refusal in &mut refusals {
        if matches!(refusal.field.as_deref(), Some("class" | "project")) {
            refusal.field = Some("source".to_owned());
        }
    }
    Error::Refused(refusals)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::fields;

    #[test]
    fn the_source_becomes_what_the_registry_reads() {
        let read = |source: &str| {
            demand_fields(&fields([
                ("source", source),
                ("quantity", "5"),
                ("confirm", "yes"),
            ]))
        };
        assert_eq!(read("oldest"), Ok(fields([("quantity", "5")])));
        assert_eq!(
            read("class:c1"),
            Ok(fields([("quantity", "5"), ("class", "c1")]))
        );
        assert_eq!(
            read("project:p1"),
            Ok(fields([("quantity", "5"), ("project", "p1")]))
        );
        assert_eq!(
            read("").map_err(|refusal| refusal.code),
            Err(codes::REQUIRED)
        );
        assert_eq!(
            read("account:x").map_err(|refusal| refusal.code),
            Err(codes::CHOICE_INVALID)
        );
    }

    #[test]
    fn a_wrong_class_is_shown_where_it_was_chosen() {
        let error = at_source(Refusal::new(codes::NOT_FOUND).at("class").into());
        assert_eq!(error.refusals()[0].field.as_deref(), Some("source"));
        let other = at_source(
            Refusal::new(codes::CREDITS_INSUFFICIENT)
                .at("quantity")
                .into(),
        );
        assert_eq!(other.refusals()[0].field.as_deref(), Some("quantity"));
    }
}
