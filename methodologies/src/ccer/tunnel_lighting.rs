//! CCER-07-001-V01 公路隧道照明系统节能: an estimator, because the text was not at hand.
//!
//! Expected structure, with low confidence: BE = Σ baseline lighting energy × EF_CM; PE = Σ metered energy × EF_CM; ER = BE − PE.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::estimator::{self, DECLARED, Frame, Typical};
use super::fields as f;
use super::grid_factor::FactorChoice;
use super::working::{StepText, Working};
use crate::catalogue::TUNNEL_LIGHTING;
use crate::exact;
use crate::input::{InputError, Reader, join};
use crate::parameter::Parameters;
use crate::quantity::{MegawattHours, TonnesCo2e};
use crate::schema::{Field, Kind};
use crate::text::{Text, text};
use crate::trace::{NoteLevel, Outcome};
use crate::{Calculator, Stage};

const CODE: &str = "CCER-07-001-V01";

/// The estimator.
pub const ESTIMATE: Calculator = Calculator {
    code: "CCER-07-001-V01/estimate",
    methodology: CODE,
    stage: Stage::Estimate,
    title: text(
        "公路隧道照明系统节能：粗略估算",
        "Highway tunnel lighting: rough estimate",
    ),
    fields: &FIELDS,
    run,
    example,
};

static FIELDS: [Field; 9] = [
    f::required(
        "tunnels",
        Kind::List { max: 200 },
        text("隧道", "Tunnels"),
        text("每座隧道一行。", "One line per tunnel."),
    ),
    f::required(
        "tunnels.*.baseline_mwh_per_year",
        f::ENERGY,
        text("改造前年照明用电量", "Lighting energy per year before"),
        text(
            "改造前的年照明用电量。",
            "Electricity for lighting per year before the relighting.",
        ),
    ),
    f::required(
        "tunnels.*.project_mwh_per_year",
        f::ENERGY,
        text("改造后年照明用电量", "Lighting energy per year after"),
        text(
            "按设计或计量的年照明用电量。",
            "Electricity for lighting per year as designed or metered.",
        ),
    ),
    f::CREDITING_FROM,
    f::CREDITING_TO,
    f::GRID,
    f::AS_OF,
    f::FACTOR_SET,
    DECLARED,
];

struct Tunnel {
    path: String,
    before: Decimal,
    after: Decimal,
}

struct Lighting {
    tunnels: Vec<Tunnel>,
    declared: Option<TonnesCo2e>,
    grid: FactorChoice,
    frame: Frame,
}

fn run(input: &Value, set: &Parameters) -> Result<Outcome, Vec<InputError>> {
    let mut reader = Reader::new(input, &FIELDS);
    let lighting = read(&mut reader);
    let lighting = reader.finish(lighting)?;
    compute(&lighting, set).map_err(|error| vec![error])
}

fn read(reader: &mut Reader<'_>) -> Option<Lighting> {
    let mut tunnels = Vec::new();
    for path in reader.items("tunnels") {
        let before: Option<MegawattHours> = reader.quantity(&join(&path, "baseline_mwh_per_year"));
        let after: Option<MegawattHours> = reader.quantity(&join(&path, "project_mwh_per_year"));
        if let (Some(before), Some(after)) = (before, after) {
            tunnels.push(Tunnel {
                path,
                before: before.value(),
                after: after.value(),
            });
        }
    }
    let declared = reader.quantity("declared_t_per_year");
    let frame = Frame::read(reader, &TUNNEL_LIGHTING);
    let grid = FactorChoice::read(reader, &TUNNEL_LIGHTING);
    Some(Lighting {
        tunnels,
        declared,
        grid: grid?,
        frame: frame?,
    })
}

fn compute(lighting: &Lighting, set: &Parameters) -> Result<Outcome, InputError> {
    let mut working = Working::new(set);
    estimator::warn(
        &mut working,
        text(
            "CCER-07-001-V01 的正文未取得，公式为推测（可信度低）。",
            "the text of CCER-07-001-V01 was not at hand; its formulas are expected, with low confidence.",
        ),
    );
    let factor = estimator::grid_factor(&lighting.grid, &lighting.frame, CODE, &mut working)?;
    let ef = factor.cm.value();
    let (mut before, mut after) = (Decimal::ZERO, Decimal::ZERO);
    for tunnel in &lighting.tunnels {
        before = exact::add(before, tunnel.before)?;
        after = exact::add(after, tunnel.after)?;
        if tunnel.after > tunnel.before {
            no_saving(tunnel, &mut working);
        }
    }
    let be = side(
        &mut working,
        "BE",
        text("年基准线排放", "baseline emissions of a year"),
        before,
        ef,
    )?;
    let pe = side(
        &mut working,
        "PE",
        text("年项目排放", "project emissions of a year"),
        after,
        ef,
    )?;
    estimator::check_declared(lighting.declared, exact::subtract(be, pe)?, &mut working);
    let typical = Typical {
        be,
        pe,
        factor: Some(factor),
    };
    estimator::outcome(
        &TUNNEL_LIGHTING,
        ESTIMATE.code,
        &lighting.frame,
        &typical,
        working,
    )
}

fn side(
    working: &mut Working<'_>,
    symbol: &'static str,
    title: Text,
    energy: Decimal,
    ef: Decimal,
) -> Result<Decimal, InputError> {
    let step = StepText {
        symbol,
        title: title.into(),
        clause: format!("{CODE}（正文未见，推测）"),
        formula: "Σ EC × EF_CM".to_owned(),
        unit: "tCO2e",
    };
    let inputs = [("Σ EC", energy, "MWh"), ("EF_CM", ef, "tCO2/MWh")];
    Ok(working.step("", step, &inputs, exact::multiply(energy, ef)?))
}

fn no_saving(tunnel: &Tunnel, working: &mut Working<'_>) {
    working.note(
        NoteLevel::Warning,
        "tunnel_uses_more",
        format!("{}.project_mwh_per_year", tunnel.path),
        text(
            "改造后用电 {after} MWh 多于改造前 {before} MWh。",
            "{after} MWh after the relighting are more than {before} MWh before it.",
        ),
        &[
            ("after", tunnel.after.normalize().to_string()),
            ("before", tunnel.before.normalize().to_string()),
        ],
    );
}

/// Synthetic: two tunnels in the grid of Guizhou, with the crediting period of a public project.
fn example() -> Value {
    json!({
        "tunnels": [
            { "baseline_mwh_per_year": "1250.5", "project_mwh_per_year": "402.25" },
            { "baseline_mwh_per_year": "860", "project_mwh_per_year": "311.8" },
        ],
        "crediting_from": "2026-02-10",
        "crediting_to": "2036-02-09",
        "grid": "South",
        "as_of": "2026-03-01",
    })
}
