//! Levels and badges: they count verified grams and verified acts over the whole life of an account. Nothing rots, nothing has to be done
//! every day, and no level is ever lost but by an act that turns out not to have happened. The steps are a design of this platform.

use methodologies::Parameters;
use methodologies::inclusion as scenes;
use serde::Serialize;

/// The levels of lifetime verified milligrams: 0, 10 kg, 50 kg, 200 kg, 1 t.
pub const LEVELS_MG: [i64; 5] = [0, 10_000_000, 50_000_000, 200_000_000, 1_000_000_000];
/// Verified acts in one kind of scenes that the three badges of that kind take.
pub const FAMILY_ACTS: [i64; 4] = [0, 1, 20, 100];
/// Different scenes with at least one verified act that the three badges of variety take.
pub const VARIETY_SCENES: [i64; 4] = [0, 2, 5, 10];

/// How far one has come on a ladder of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// The step reached, 0 to the last.
    pub step: usize,
    /// What there is.
    pub have: i64,
    /// What the next step takes; `None` on the last.
    pub next: Option<i64>,
}

impl Progress {
    /// Where `have` stands on `steps`, which rise and begin with 0.
    pub fn on(steps: &[i64], have: i64) -> Self {
        let step = steps.iter().rposition(|step| *step <= have).unwrap_or(0);
        Self {
            step,
            have,
            next: steps.get(step + 1).copied(),
        }
    }
}

/// Verified acts of one scene.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SceneCount {
    /// Code of the scene.
    pub scene: String,
    /// Verified acts.
    pub acts: i64,
    /// Their milligrams.
    pub mg: i64,
}

/// The badge of one kind of scenes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FamilyBadge {
    /// Code of the kind, as the scenes use it: `travel`.
    pub family: &'static str,
    /// Verified acts against [`FAMILY_ACTS`].
    pub progress: Progress,
}

/// All badges of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Badges {
    /// Lifetime verified milligrams against [`LEVELS_MG`].
    pub level: Progress,
    /// One badge for each kind of scenes that can have a gram.
    pub families: Vec<FamilyBadge>,
    /// Different scenes against [`VARIETY_SCENES`].
    pub variety: Progress,
}

impl Badges {
    /// The badges that follow from the verified acts of scenes of a set. Kinds in which nothing can be verified have none.
    pub fn of(counts: &[SceneCount], set: &Parameters) -> Self {
        let family_of = |code: &str| scenes::scene_known(set, code).map(|scene| scene.family);
        let families = scenes::families()
            .iter()
            .filter(|family| family.code != "participation")
            .map(|family| {
                let of_family = counts
                    .iter()
                    .filter(|one| family_of(&one.scene) == Some(family.code));
                FamilyBadge {
                    family: family.code,
                    progress: Progress::on(&FAMILY_ACTS, of_family.map(|one| one.acts).sum()),
                }
            })
            .collect();
        let different = counts.iter().filter(|one| one.acts > 0).count();
        Self {
            level: Progress::on(&LEVELS_MG, counts.iter().map(|one| one.mg).sum()),
            families,
            variety: Progress::on(
                &VARIETY_SCENES,
                i64::try_from(different).unwrap_or(i64::MAX),
            ),
        }
    }
}
