//! What a change of the numbers does to the scenes: where one becomes certifiable, and where it no longer is.

use time::Date;

use super::formulas;
use super::scene::Scene;
use super::tier::{Evidence, Standing, standing};
use super::working::Calculation;
use crate::grid_average::{Region, regions};
use crate::parameter::Parameters;

/// A scene that becomes certifiable in some regions, or no longer is.
#[derive(Clone, Debug)]
pub struct CertifiableChange {
    /// The scene.
    pub scene: &'static Scene,
    /// Whether it can be certified after the change.
    pub certifiable: bool,
    /// Where.
    pub regions: Vec<&'static Region>,
}

impl CertifiableChange {
    /// Whether there is no region where it is otherwise.
    pub fn is_everywhere(&self) -> bool {
        self.regions.len() == regions().len()
    }
}

/// What becomes certifiable on a day, and what no longer is, when `after` takes the place of `before`: with the best evidence, in every
/// region, scenes that take acts before and after. Those that are lost come first.
pub fn certifiable_changes(
    before: &Parameters,
    after: &Parameters,
    on: Date,
) -> Vec<CertifiableChange> {
    let mut changes: Vec<CertifiableChange> = Vec::new();
    for scene in super::scenes_on(after, on) {
        let Ok(old_scene) = super::scene_at(before, scene.code, on) else {
            continue;
        };
        let (mut lost, mut gained) = (Vec::new(), Vec::new());
        for region in regions() {
            let old = ways(old_scene, region, on, before);
            let new = ways(scene, region, on, after);
            let pairs = || old.iter().zip(&new);
            if pairs().any(|(old, new)| *old && !new) {
                lost.push(region);
            } else if pairs().any(|(old, new)| !old && *new) {
                gained.push(region);
            }
        }
        for (certifiable, regions) in [(false, lost), (true, gained)] {
            if !regions.is_empty() {
                changes.push(CertifiableChange {
                    scene,
                    certifiable,
                    regions,
                });
            }
        }
    }
    changes.sort_by_key(|change| change.certifiable);
    changes
}

/// Whether each way of computing a scene (a ride with its distance and without) can be certified.
fn ways(scene: &'static Scene, region: &'static Region, on: Date, set: &Parameters) -> Vec<bool> {
    let certifiable = |inputs| {
        let Ok(mut calculation) = Calculation::new(scene, on, region.code, false, set) else {
            return false;
        };
        formulas::gross(&mut calculation, inputs).is_ok()
            && matches!(
                standing(scene.credit, &calculation.tiers, Evidence::T1),
                Standing::Certifiable { .. }
            )
    };
    formulas::ways(scene).iter().map(certifiable).collect()
}
