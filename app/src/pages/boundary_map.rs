//! A boundary as people see it: the map drawn from our own data, its area in hectares and mu, and the file to download.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use boundary::{Boundary, Plot, draw};
use leptos::prelude::*;

use crate::format::{decimal, whole};
use crate::lang::{Lang, t, tp};
use crate::parts::{Amount, SummaryRow};

/// What one layer of a map shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// The boundary of the page's project.
    Own,
    /// The boundary of another public project.
    Other,
    /// Land that both have.
    Shared,
}

impl Layer {
    const fn code(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Other => "other",
            Self::Shared => "shared",
        }
    }
}

/// The map of a boundary and what lies over it; the boundary itself is the first layer and fills the picture.
pub fn boundary_map(lang: Lang, own: &Boundary, others: &[(Layer, Boundary)]) -> AnyView {
    let mut layers = vec![(Layer::Own, own.plots())];
    layers.extend(others.iter().map(|(layer, shape)| (*layer, shape.plots())));
    let lists: Vec<&[Plot]> = layers.iter().map(|(_, plots)| *plots).collect();
    let map = draw(&own.bounding_box(), &lists);
    let paths: Vec<_> = layers
        .iter()
        .zip(map.layers)
        .map(|((layer, _), drawn)| {
            view! { <path class=format!("map__land map__land--{}", layer.code()) d=drawn.path fill-rule="evenodd"></path> }
        })
        .collect();
    let legend: Vec<_> = [Layer::Own, Layer::Other, Layer::Shared]
        .into_iter()
        .filter(|kind| layers.iter().any(|(layer, _)| layer == kind))
        .map(|kind| {
            let label = t(lang, &format!("boundary.legend_{}", kind.code()));
            view! {
                <li class="map__key">
                    <svg class="map__swatch" viewBox="0 0 20 14" aria-hidden="true"><path class=format!("map__land map__land--{}", kind.code()) d="M1 1H19V13H1Z"></path></svg>
                    {label}
                </li>
            }
        })
        .collect();
    let length = if map.scale.metres >= 1000 {
        format!("{} km", whole(map.scale.metres / 1000))
    } else {
        format!("{} m", map.scale.metres)
    };
    let bottom = map.height - 16;
    let bar = format!(
        "M16 {}V{bottom}H{}V{}",
        bottom - 12,
        16 + map.scale.units,
        bottom - 12
    );
    let label = tp(
        lang,
        "boundary.map_label",
        &[
            ("south", &map.south),
            ("north", &map.north),
            ("west", &map.west),
            ("east", &map.east),
        ],
    );
    view! {
        <figure class="map">
            <p class="map__edge"><span>{format!("{}°N {}°E", map.north, map.west)}</span><span>{format!("{}°N {}°E", map.north, map.east)}</span></p>
            <svg class="map__picture" viewBox=format!("0 0 {} {}", map.width, map.height) role="img" aria-label=label>
                {paths}
                <path class="map__bar" d=bar></path>
                <text class="map__text" x=24 y=bottom - 20>{length}</text>
            </svg>
            <p class="map__edge"><span>{format!("{}°N {}°E", map.south, map.west)}</span><span>{format!("{}°N {}°E", map.south, map.east)}</span></p>
            <figcaption><ul class="map__legend">{legend}</ul><p class="remark">{t(lang, "boundary.map_remark")}</p></figcaption>
        </figure>
    }
    .into_any()
}

/// An area in hectares and in mu.
pub fn area(lang: Lang, square_metres: i64) -> AnyView {
    let hectares = decimal(&boundary::hectares_text(square_metres));
    let mu = decimal(&boundary::mu_text(square_metres));
    view! { <Amount value=hectares unit=t(lang, "boundary.hectares")/>" · "<Amount value=mu unit=t(lang, "boundary.mu")/> }.into_any()
}

/// What a boundary is, in rows.
pub fn rows(lang: Lang, square_metres: i64, plots: i64, points: i64) -> Vec<SummaryRow> {
    vec![
        SummaryRow::new(t(lang, "boundary.area"), area(lang, square_metres)),
        SummaryRow::new(
            t(lang, "boundary.square_metres"),
            view! { <Amount value=whole(square_metres) unit="m²"/> },
        ),
        SummaryRow::new(t(lang, "boundary.plots"), whole(plots)),
        SummaryRow::new(t(lang, "boundary.points"), whole(points)),
    ]
}

/// A stored boundary; `None` if this release cannot read it, which is logged.
pub fn reopen(geojson: &str) -> Option<Boundary> {
    boundary::reopen(geojson)
        .inspect_err(|problem| {
            tracing::error!(code = problem.code, "a stored boundary cannot be read");
        })
        .ok()
}

/// A GeoJSON file to keep.
pub fn download(geojson: String, name: &str) -> Response {
    let disposition = format!("attachment; filename=\"{name}.geojson\"");
    let kind = [(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/geo+json"),
    )];
    let mut response = (kind, geojson).into_response();
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
