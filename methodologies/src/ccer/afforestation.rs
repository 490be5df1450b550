//! CCER-14-001-V01 造林碳汇, afforestation carbon sink.
//!
//! (A) CDR_t = (ΔC_PROJ,t − ΔC_BSL,t − LK_t) × (1 − K_RISK); (B) ΔC_PROJ,t = ΔC_TREE + ΔC_SHRUB + ΔC_DW + ΔC_LI (+ ΔSOC) − GHG_E,t;
//! (C) linear between two dates; (D) C_TREE = 44/12 × Σ B × CF; (E1)–(E3) biomass from measurements, volume or curves;
//! (F) shrubs; (G) dead wood and litter; (H) fire. LK_t = 0: the methodology allows no displacement.
//!
//! Only the opening of the text was at hand. The structure is that of its predecessor AR-CM-001-V01, every number is assumed.

mod ex_ante;
mod ex_post;
mod fields;
mod pools;
mod species;
mod trees;

use serde_json::{Value, json};

use crate::text::text;
use crate::{Calculator, Stage};

const CODE: &str = "CCER-14-001-V01";

/// Ex ante: the estimate of the design document.
pub const EX_ANTE: Calculator = Calculator {
    code: "CCER-14-001-V01/ex-ante",
    methodology: CODE,
    stage: Stage::ExAnte,
    title: text(
        "造林碳汇：减排量事前估算",
        "Afforestation: estimate of removals",
    ),
    fields: fields::EX_ANTE,
    run: ex_ante::run,
    example: ex_ante_example,
};

/// Ex post: the accounting of a monitoring period from plot measurements.
pub const EX_POST: Calculator = Calculator {
    code: "CCER-14-001-V01/ex-post",
    methodology: CODE,
    stage: Stage::ExPost,
    title: text(
        "造林碳汇：减排量事后核算",
        "Afforestation: accounting of removals",
    ),
    fields: fields::EX_POST,
    run: ex_post::run,
    example: ex_post_example,
};

/// Synthetic: three strata, one with its own yield table.
fn ex_ante_example() -> Value {
    json!({
        "as_of": "2026-06-30",
        "crediting_from": "2021-01-01",
        "crediting_to": "2040-12-31",
        "project_start": "2016-03-10",
        "climate": "temperate",
        "include_dead_wood": "yes",
        "dead_wood_region": "north",
        "include_litter": "yes",
        "include_soc_project": "no",
        "strata": [
            { "name": "PROJ-1", "area_ha": "812.35", "species": "chinese_pine", "planting_year": "2016",
              "density_per_ha": "1650", "curve": "built_in",
              "baseline_shrub_cover_percent": "20", "removed_area_percent": "10" },
            { "name": "PROJ-2", "area_ha": "430.08", "species": "oak", "planting_year": "2017",
              "density_per_ha": "1110", "curve": "built_in" },
            { "name": "PROJ-3", "area_ha": "95.6", "species": "poplar", "planting_year": "2017",
              "density_per_ha": "833", "curve": "volume_per_ha",
              "points": "age,value\n3,4.5\n5,18\n10,75\n15,118\n20,142\n" },
        ],
    })
}

/// Synthetic: two strata, eight plots, a first verification.
fn ex_post_example() -> Value {
    let mut plots = String::from("plot,stratum,area_m2,shrub_cover_percent\n");
    let mut trees = String::from("plot,tree,species,dbh_cm,height_m,existing\n");
    for plot in 1..=8_u32 {
        let (stratum, species) = if plot <= 4 {
            ("PROJ-1", "chinese_fir")
        } else {
            ("PROJ-2", "masson_pine")
        };
        let cover = 8 + plot % 3;
        plots.push_str(&format!("P{plot:02},{stratum},100,{cover}\n"));
        for tree in 1..=12_u32 {
            let diameter = 92 + (plot * 7 + tree * 5) % 30;
            let height = 68 + (plot * 5 + tree * 3) % 20;
            trees.push_str(&format!(
                "P{plot:02},{tree},{species},{}.{},{}.{},\n",
                diameter / 10,
                diameter % 10,
                height / 10,
                height % 10,
            ));
        }
    }
    trees.push_str("P03,13,oak,24.6,13.2,yes\n");
    json!({
        "as_of": "2026-06-30",
        "period_from": "2021-06-08",
        "period_to": "2026-03-24",
        "measured_on": "2026-03-24",
        "project_start": "2015-02-20",
        "climate": "temperate",
        "include_dead_wood": "yes",
        "include_litter": "yes",
        "include_soc_project": "no",
        "strata": [
            { "name": "PROJ-1", "area_ha": "310.5", "species": "chinese_fir", "planting_year": "2015", "density_per_ha": "1667" },
            { "name": "PROJ-2", "area_ha": "189.5", "species": "masson_pine", "planting_year": "2015", "density_per_ha": "1667" },
        ],
        "plots": plots,
        "trees": trees,
        "equations": [
            { "species": "masson_pine", "kind": "volume", "a_millionths": "62.341803", "b": "1.8551497", "c": "0.95682492",
              "source": "DB52/T 703-2011" },
        ],
    })
}
