//! Carbon inclusion: the account of a person, and what organisers, bodies and the registry do with grams. Hidden fields say which thing an
//! act is about: `consent`, `activity`, `goods`, `order`, `provider`, `campaign`, `batch`, and `about` for an act of somebody else.

use domain::Refusal;
use domain::refusal::codes;
use registry::{Error, Photo, StoredFile};
use serde::Serialize;

use super::record::record_of;
use super::{ActAnswer, ActCall, Done, ShownOnce};
use crate::files::{KINDS_TEXT, media_type};
use crate::picture;
use crate::visitor::Flash;

fn done(to: impl Into<String>, receipt: impl Serialize) -> Done {
    Done::to(to)
        .flash(Flash::done("personal.done"))
        .data(receipt)
}

/// The person records an act, with a photo or without.
pub async fn activity_record(mut call: ActCall) -> ActAnswer {
    // a browser that keeps no name counts as a new one with each session
    let device = call.visitor.device.clone();
    let device = device.unwrap_or_else(|| call.visitor.session.clone());
    call.fields.insert("device".to_owned(), device);
    let by = call.by()?;
    let mut photo = None;
    if let Some(file) = call.file.take().filter(|file| file.field == "photo") {
        let media_type = media_type(&file.bytes)
            .filter(|kind| kind.starts_with("image/") || *kind == "application/pdf")
            .ok_or_else(|| {
                Refusal::new(codes::FILE_KIND_NOT_ALLOWED)
                    .at("photo")
                    .with("kinds", KINDS_TEXT)
            })?;
        let is_picture = media_type.starts_with("image/");
        let look = if is_picture {
            picture::look(file.bytes.clone()).await
        } else {
            None
        };
        if is_picture && look.is_none() {
            return Err(Refusal::new(codes::PHOTO_UNREADABLE).at("photo").into());
        }
        let bytes = i64::try_from(file.bytes.len()).unwrap_or(i64::MAX);
        let hash = call.host.files.put(file.bytes).await;
        let file = StoredFile {
            hash: hash.map_err(|error| Error::Store(error.to_string()))?,
            bytes,
            media_type: media_type.to_owned(),
            file_name: file.name,
        };
        photo = Some(Photo { file, look });
    }
    let registry = &call.host.registry;
    let recorded = registry.activity_record(&by, &call.fields, photo.as_ref());
    let recorded = recorded.await;
    if let (Err(_), Some(photo)) = (&recorded, &photo)
        && let Err(error) = registry.photo_unused(&by, &photo.file.hash).await
    {
        // the answer is that of the act, whatever becomes of the file
        tracing::warn!(%error, "a photo that nothing names could not be noted");
    }
    let receipt = recorded?;
    Ok(Done::to(format!("/me/acts/{}", receipt.activity))
        .flash(Flash::done("personal.done_recorded"))
        .data(receipt))
}

/// The person gives up a meter.
pub async fn meter_leave(call: ActCall) -> ActAnswer {
    let (meter, _) = record_of(&call, "meter");
    let registry = &call.host.registry;
    let receipt = registry.meter_leave(&call.by()?, &meter).await?;
    Ok(done("/me/consents", receipt))
}

/// Every page shows a text before somebody agrees to it, and its form says which: one that does not was made up, or is older than that.
pub fn check_text_shown(call: &ActCall) -> Result<(), Refusal> {
    if call.text("text_version").is_empty() {
        Err(Refusal::new(codes::STALE_FORM).at("agrees"))
    } else {
        Ok(())
    }
}

/// The person agrees to a purpose.
pub async fn consent_give(call: ActCall) -> ActAnswer {
    check_text_shown(&call)?;
    let receipt = call
        .host
        .registry
        .consent_give(&call.by()?, &call.fields)
        .await?;
    let message = match &receipt.reference {
        _ if receipt.asks_guardian => "guardian.done_asked",
        Some(_) => "personal.done_connected",
        None => "personal.done",
    };
    let board = call.text("purpose") == "board";
    Ok(Done::to(if board { "/me/boards" } else { "/me/consents" })
        .flash(Flash::done(message))
        .data(receipt))
}

/// The person founds a group.
pub async fn group_create(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry.group_create(&call.by()?, &call.fields).await?;
    Ok(done(format!("/me/groups/{}", receipt.id), receipt))
}

/// The person joins a group.
pub async fn group_join(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry.group_join(&call.by()?, &call.fields).await?;
    Ok(done(format!("/me/groups/{}", receipt.id), receipt))
}

/// The person leaves a group.
pub async fn group_leave(call: ActCall) -> ActAnswer {
    let (group, _) = record_of(&call, "group");
    let registry = &call.host.registry;
    let receipt = registry.group_leave(&call.by()?, &group).await?;
    Ok(done("/me/boards", receipt))
}

/// An organisation opens the group of its staff.
pub async fn staff_group_open(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry.staff_group_open(&call.by()?, &call.fields).await?;
    Ok(done("/desk/staff", receipt))
}

/// The person corrects the account.
pub async fn person_change(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry.person_change(&call.by()?, &call.fields).await?;
    Ok(done("/me/consents", receipt))
}

/// The person gives points and grams to an event.
pub async fn gift_give(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry.gift_give(&call.by()?, &call.fields).await?;
    Ok(done("/me/give", receipt))
}

/// The operator admits a provider: the answer shows its key.
pub async fn provider_add(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry.provider_add(&call.by()?, &call.fields).await?;
    let shown = ShownOnce::of(call.text("name"), &receipt);
    Ok(done("/desk/inclusion", receipt).show(shown))
}

/// The operator offers goods.
pub async fn goods_offer(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry.goods_offer(&call.by()?, &call.fields).await?;
    Ok(done("/desk/inclusion", receipt))
}

/// The organiser asks for grams.
pub async fn campaign_open(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry.campaign_open(&call.by()?, &call.fields).await?;
    Ok(done("/desk/campaigns", receipt))
}

/// The operator freezes a batch.
pub async fn batch_freeze(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry.batch_freeze(&call.by()?, &call.fields).await?;
    Ok(done("/desk/batches", receipt))
}

/// The person closes the account.
pub async fn person_close(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry.person_close(&call.by()?, &call.fields).await?;
    Ok(done("/sign-in", receipt))
}

/// The person withdraws a consent.
pub async fn consent_revoke(call: ActCall) -> ActAnswer {
    let (consent, _) = record_of(&call, "consent");
    let registry = &call.host.registry;
    let receipt = registry.consent_revoke(&call.by()?, &consent).await?;
    Ok(done(call.back.clone(), receipt))
}

/// The person orders goods.
pub async fn goods_order(call: ActCall) -> ActAnswer {
    let (goods, _) = record_of(&call, "goods");
    let registry = &call.host.registry;
    let receipt = registry.goods_order(&call.by()?, &goods).await?;
    Ok(done("/me/shop", receipt))
}

/// The operator changes goods.
pub async fn goods_change(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry.goods_change(&call.by()?, &call.fields).await?;
    Ok(done("/desk/inclusion", receipt))
}

/// The operator ends goods.
pub async fn goods_end(call: ActCall) -> ActAnswer {
    let (goods, _) = record_of(&call, "goods");
    let registry = &call.host.registry;
    let receipt = registry.goods_end(&call.by()?, &goods).await?;
    Ok(done("/desk/inclusion", receipt))
}

/// The operator refuses an order.
pub async fn goods_refuse(call: ActCall) -> ActAnswer {
    let (about, fields) = record_of(&call, "about");
    let registry = &call.host.registry;
    let receipt = registry.goods_refuse(&call.by()?, &about, &fields).await?;
    Ok(done("/desk/inclusion", receipt))
}

/// The person cancels an order.
pub async fn goods_cancel(call: ActCall) -> ActAnswer {
    let (order, _) = record_of(&call, "order");
    let registry = &call.host.registry;
    let receipt = registry.goods_cancel(&call.by()?, &order).await?;
    Ok(done("/me/shop", receipt))
}

/// The operator ends a provider.
pub async fn provider_end(call: ActCall) -> ActAnswer {
    let (provider, _) = record_of(&call, "provider");
    let registry = &call.host.registry;
    let receipt = registry.provider_end(&call.by()?, &provider).await?;
    Ok(done("/desk/inclusion", receipt))
}

/// The organiser cancels a campaign.
pub async fn campaign_cancel(call: ActCall) -> ActAnswer {
    let (campaign, _) = record_of(&call, "campaign");
    let registry = &call.host.registry;
    let receipt = registry.campaign_cancel(&call.by()?, &campaign).await?;
    Ok(done("/desk/campaigns", receipt))
}

/// The operator issues the tonnes of a batch.
pub async fn batch_issue(call: ActCall) -> ActAnswer {
    let (batch, _) = record_of(&call, "batch");
    let registry = &call.host.registry;
    let receipt = registry.batch_issue(&call.by()?, &batch).await?;
    Ok(done("/desk/batches", receipt))
}

/// The person objects to a decision.
pub async fn activity_appeal(call: ActCall) -> ActAnswer {
    let (activity, fields) = record_of(&call, "activity");
    let registry = &call.host.registry;
    let receipt = registry
        .activity_appeal(&call.by()?, &activity, &fields)
        .await?;
    Ok(done(call.back.clone(), receipt))
}

/// The operator lets an act count.
pub async fn activity_release(call: ActCall) -> ActAnswer {
    let (about, fields) = record_of(&call, "about");
    let registry = &call.host.registry;
    let receipt = registry
        .activity_release(&call.by()?, &about, &fields)
        .await?;
    Ok(done("/desk/inclusion", receipt))
}

/// The operator declares an act void.
pub async fn activity_void(call: ActCall) -> ActAnswer {
    let (about, fields) = record_of(&call, "about");
    let registry = &call.host.registry;
    let receipt = registry.activity_void(&call.by()?, &about, &fields).await?;
    Ok(done("/desk/inclusion", receipt))
}

/// The operator fulfils an order.
pub async fn goods_fulfil(call: ActCall) -> ActAnswer {
    let (about, fields) = record_of(&call, "about");
    let registry = &call.host.registry;
    let receipt = registry.goods_fulfil(&call.by()?, &about, &fields).await?;
    Ok(done("/desk/inclusion", receipt))
}

/// The body gives its opinion.
pub async fn batch_assess(call: ActCall) -> ActAnswer {
    let (batch, fields) = record_of(&call, "batch");
    let registry = &call.host.registry;
    let receipt = registry.batch_assess(&call.by()?, &batch, &fields).await?;
    Ok(done("/desk/batches", receipt))
}

/// The operator rejects a batch.
pub async fn batch_reject(call: ActCall) -> ActAnswer {
    let (batch, fields) = record_of(&call, "batch");
    let registry = &call.host.registry;
    let receipt = registry.batch_reject(&call.by()?, &batch, &fields).await?;
    Ok(done("/desk/batches", receipt))
}
