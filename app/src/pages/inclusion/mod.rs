//! Carbon inclusion: a person's own account, phone first; campaigns of organisers; batches of bodies and the registry; the registry's desk.

use axum::Router;
use axum::routing::get;
use domain::Role;
use domain::inclusion::Place;
use leptos::prelude::*;
use methodologies::Parameters;
use methodologies::inclusion as scenes;

use crate::host::Host;
use crate::lang::{Lang, t};
use crate::parts::{Choice, NumberHero};

mod account;
mod act;
mod badges;
pub(crate) mod batches;
mod boards;
mod campaigns;
mod city;
mod consents;
mod desk;
mod figures;
mod guardian;
mod help;
mod identity;
mod imports;
pub mod keys;
mod month;
mod notices;
mod photo;
mod precedence;
mod reason;
mod record;
mod sign_up;
mod staff;
mod today;

/// Who has a personal account.
const PERSON: &[Role] = &[Role::Individual];

/// Every page of the area and its address.
pub fn routes() -> Router<Host> {
    Router::new()
        .route("/sign-up/person", get(sign_up::sign_up_person))
        .route("/me", get(today::today))
        .route("/me/record", get(record::record))
        .route("/me/acts/{id}", get(act::activity))
        .route("/me/acts/{id}/photo", get(photo::own))
        .route("/me/month", get(month::month))
        .route("/me/badges", get(badges::badges))
        .route("/me/rating", get(badges::rating))
        .route("/me/boards", get(boards::boards))
        .route("/me/groups/{id}", get(boards::group))
        .route("/me/identity", get(identity::own))
        .route("/me/help", get(help::help))
        .route("/me/consents", get(consents::consents))
        .route("/me/guardian", get(guardian::own))
        .route("/guardian", get(guardian::question))
        .route("/guardian/account", get(guardian::account))
        .route("/me/give", get(account::give))
        .route("/me/shop", get(account::shop))
        .route("/me/export.json", get(account::export_json))
        .route("/me/export.csv", get(account::export_csv))
        .route("/desk/inclusion", get(desk::desk))
        .route("/desk/inclusion/photos/{about}", get(photo::decided))
        .route("/desk/inclusion/identities", get(identity::asked))
        .route("/desk/inclusion/keys", get(keys::keys))
        .route("/desk/inclusion/precedence", get(precedence::precedence))
        .route("/statistics/carbon-inclusion", get(city::city))
        .route("/statistics/carbon-inclusion/batches", get(notices::list))
        .route(
            "/statistics/carbon-inclusion/batches/{number}",
            get(notices::show),
        )
        .route("/desk/inclusion/imports", get(imports::imports))
        .route("/desk/inclusion/imports/{id}", get(imports::report))
        .route("/desk/inclusion/statistics", get(figures::statistics))
        .route("/desk/batches", get(batches::batches))
        .route("/desk/batches/{id}", get(batches::batch))
        .route("/desk/campaigns", get(campaigns::campaigns))
        .route("/desk/staff", get(staff::staff))
        .route("/desk/staff.csv", get(staff::staff_csv))
}

/// Milligrams as grams, without the milligrams that make no full gram: `665 g`.
pub fn grams(mg: i64) -> String {
    format!("{} g", crate::format::whole(mg.div_euclid(1_000)))
}

/// Milligrams as kilograms with up to two decimals, rounded down: `12.34 kg`.
pub fn kilograms(mg: i64) -> String {
    let hundredths = rust_decimal::Decimal::new(mg.div_euclid(10_000), 2);
    let number = hundredths.normalize().to_string();
    format!("{} kg", crate::format::decimal(&number))
}

/// The name of a scene, within a page that has [`crate::page::Page::numbers`].
pub(super) fn scene_name(lang: Lang, code: &str) -> String {
    named_scene(lang, &crate::page::scene().numbers, code)
}

/// The name of a scene in a set.
pub(super) fn named_scene(lang: Lang, set: &Parameters, code: &str) -> String {
    scenes::scene_known(set, code).map_or_else(
        || code.to_owned(),
        |scene| lang.choose(scene.name.zh, scene.name.en).to_owned(),
    )
}

/// The name of a place.
pub(super) fn place_name(lang: Lang, place: Place) -> String {
    t(lang, &format!("personal.place_{}", place.code()))
}

/// Every region as a choice.
pub(super) fn regions(lang: Lang) -> Vec<Choice> {
    methodologies::grid_average::regions()
        .iter()
        .map(|region| Choice::new(region.code, lang.choose(region.name.zh, region.name.en)))
        .collect()
}

/// The name of a region.
pub(super) fn region_name(lang: Lang, code: &str) -> String {
    methodologies::grid_average::region(code).map_or_else(
        || code.to_owned(),
        |region| lang.choose(region.name.zh, region.name.en).to_owned(),
    )
}

/// A large number with what it is: the number is the hero.
pub(super) fn figure(number: &str, label: String) -> AnyView {
    let (value, unit) = number.rsplit_once(' ').unwrap_or((number, ""));
    view! { <NumberHero label value unit/> }.into_any()
}
