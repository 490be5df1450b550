//! The native side of the benchmark: prints one JSON line with the sums and the microseconds of the best of several runs.

use std::time::Instant;

use methodologies_bench::{STRATA, TREES, strata_input, trees_input};

const COUNT: u32 = 10_000;

fn main() {
    let formula = best_of(7, || {
        methodologies_bench::run_formula(std::hint::black_box(COUNT))
    });
    let calculator = best_of(3, || {
        methodologies_bench::run_calculator(std::hint::black_box(COUNT))
    });
    let (strata, trees) = (strata_input(STRATA), trees_input(TREES));
    let strata = best_of(3, || methodologies_bench::run_strata(&strata));
    let trees = best_of(3, || methodologies_bench::run_trees(&trees));
    let part =
        |name: &str, sum: String, us: u128| format!(r#""{name}":{{"sum":"{sum}","us":{us}}}"#);
    let parts = [
        part("formula", formula.0.to_string(), formula.1),
        part("calculator", calculator.0.to_string(), calculator.1),
        part("strata", strata.0, strata.1),
        part("trees", trees.0, trees.1),
    ];
    println!(
        r#"{{"count":{COUNT},{},"numbers":{}}}"#,
        parts.join(","),
        methodologies_bench::numbers()
    );
}

/// The result of the work and the microseconds of its fastest run.
fn best_of<T: Default>(runs: u32, work: impl Fn() -> T) -> (T, u128) {
    let mut sum = T::default();
    let mut best = u128::MAX;
    for _ in 0..runs {
        let start = Instant::now();
        sum = work();
        best = best.min(start.elapsed().as_micros());
    }
    (sum, best)
}
