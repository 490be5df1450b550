//! Carbon inclusion at the registry's desk: files of rows of providers, appeals of persons, costs. Hidden fields: `about` for an act of a
//! person, `provider` for the provider of a file or a new key, `provider_key` for a key.

use domain::Refusal;
use domain::refusal::codes;

use super::record::record_of;
use super::table_file::text_of;
use super::{ActAnswer, ActCall, Done, ShownOnce};
use crate::pages::inclusion::keys::KEYS;
use crate::visitor::Flash;

/// Where the places of providers are shown.
const PRECEDENCE: &str = "/desk/inclusion/precedence";

/// The operator brings a file of rows in: the file, or lines that were typed.
pub async fn provider_import(call: ActCall) -> ActAnswer {
    let (provider, fields) = record_of(&call, "provider");
    let (name, rows) = match &call.file {
        Some(file) => {
            let text = text_of(file).map_err(|code| {
                Refusal::new(code)
                    .at(file.field.clone())
                    .with("limit", "8 MB")
            })?;
            (file.name.clone(), text)
        }
        None => (
            String::new(),
            fields.get("rows").cloned().unwrap_or_default(),
        ),
    };
    if rows.trim().is_empty() {
        return Err(Refusal::new(codes::REQUIRED).at("rows").into());
    }
    let registry = &call.host.registry;
    let receipt = registry
        .provider_import(&call.by()?, &provider, &name, &rows)
        .await?;
    Ok(Done::to(format!("/desk/inclusion/imports/{}", receipt.id))
        .flash(Flash::done("provider.done_import"))
        .data(receipt))
}

/// The operator makes a new key for a provider: the answer shows it.
pub async fn provider_rekey(call: ActCall) -> ActAnswer {
    let (provider, fields) = record_of(&call, "provider");
    let registry = &call.host.registry;
    let receipt = registry
        .provider_rekey(&call.by()?, &provider, &fields)
        .await?;
    let names = registry.providers().await?;
    let name = names.iter().find(|one| one.id == receipt.id);
    let name = name.map_or(receipt.id.as_str(), |one| one.name.as_str());
    let shown = ShownOnce::of(name, &receipt);
    Ok(Done::to(KEYS).data(receipt).show(shown))
}

/// The operator ends a key.
pub async fn provider_key_end(call: ActCall) -> ActAnswer {
    let (key, _) = record_of(&call, "provider_key");
    let registry = &call.host.registry;
    let receipt = registry.provider_key_end(&call.by()?, &key).await?;
    Ok(Done::to(KEYS)
        .flash(Flash::done("provider_key.done_ended"))
        .data(receipt))
}

/// The operator grants an appeal.
pub async fn activity_restore(call: ActCall) -> ActAnswer {
    let (about, fields) = record_of(&call, "about");
    let registry = &call.host.registry;
    let receipt = registry
        .activity_restore(&call.by()?, &about, &fields)
        .await?;
    Ok(Done::to("/desk/inclusion?queue=appeals")
        .flash(Flash::done("provider.done_restored"))
        .data(receipt))
}

/// The operator refuses an appeal.
pub async fn activity_uphold(call: ActCall) -> ActAnswer {
    let (about, fields) = record_of(&call, "about");
    let registry = &call.host.registry;
    let receipt = registry
        .activity_uphold(&call.by()?, &about, &fields)
        .await?;
    Ok(Done::to("/desk/inclusion?queue=appeals")
        .flash(Flash::done("provider.done_upheld"))
        .data(receipt))
}

/// The operator proposes the place of a provider.
pub async fn precedence_propose(call: ActCall) -> ActAnswer {
    let (provider, fields) = record_of(&call, "provider");
    let registry = &call.host.registry;
    let receipt = registry
        .precedence_propose(&call.by()?, &provider, &fields)
        .await?;
    Ok(Done::to(PRECEDENCE)
        .flash(Flash::done("identity.done_proposed"))
        .data(receipt))
}

/// Another operator agrees.
pub async fn precedence_approve(call: ActCall) -> ActAnswer {
    let (change, _) = record_of(&call, "change");
    let registry = &call.host.registry;
    let receipt = registry.precedence_approve(&call.by()?, &change).await?;
    Ok(Done::to(PRECEDENCE)
        .flash(Flash::done("identity.done_agreed"))
        .data(receipt))
}

/// Another operator rejects a proposed place.
pub async fn precedence_reject(call: ActCall) -> ActAnswer {
    let (change, fields) = record_of(&call, "change");
    let registry = &call.host.registry;
    let receipt = registry
        .precedence_reject(&call.by()?, &change, &fields)
        .await?;
    Ok(Done::to(PRECEDENCE)
        .flash(Flash::done("personal.done"))
        .data(receipt))
}

/// The proposer withdraws a proposed place.
pub async fn precedence_withdraw(call: ActCall) -> ActAnswer {
    let (change, fields) = record_of(&call, "change");
    let registry = &call.host.registry;
    let receipt = registry
        .precedence_withdraw(&call.by()?, &change, &fields)
        .await?;
    Ok(Done::to(PRECEDENCE)
        .flash(Flash::done("personal.done"))
        .data(receipt))
}

/// The person gives the real-name level up.
pub async fn identity_withdraw(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry.identity_withdraw(&call.by()?).await?;
    Ok(Done::to("/me/identity")
        .flash(Flash::done("identity.done_withdrawn"))
        .data(receipt))
}

/// The operator grants the real-name level.
pub async fn identity_grant(call: ActCall) -> ActAnswer {
    let (about, _) = record_of(&call, "about");
    let registry = &call.host.registry;
    let receipt = registry.identity_grant(&call.by()?, &about).await?;
    Ok(Done::to("/desk/inclusion/identities")
        .flash(Flash::done("personal.done"))
        .data(receipt))
}

/// The operator refuses the real-name level.
pub async fn identity_refuse(call: ActCall) -> ActAnswer {
    let (about, fields) = record_of(&call, "about");
    let registry = &call.host.registry;
    let receipt = registry
        .identity_refuse(&call.by()?, &about, &fields)
        .await?;
    Ok(Done::to("/desk/inclusion/identities")
        .flash(Flash::done("personal.done"))
        .data(receipt))
}

/// The operator enters a cost.
pub async fn cost_enter(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry.cost_enter(&call.by()?, &call.fields).await?;
    Ok(Done::to("/desk/inclusion/statistics")
        .flash(Flash::done("provider.done_cost"))
        .data(receipt))
}
