//! The native side of the benchmark: prints one JSON line with the sums and the microseconds of the best of several runs.

use std::time::Instant;

const COUNT: u32 = 10_000;

fn main() {
    let formula = best_of(7, methodologies_bench::run_formula);
    let calculator = best_of(3, methodologies_bench::run_calculator);
    println!(
        r#"{{"count":{COUNT},"formula":{{"sum":"{}","us":{}}},"calculator":{{"sum":"{}","us":{}}}}}"#,
        formula.0, formula.1, calculator.0, calculator.1
    );
}

/// The result of the work and the microseconds of its fastest run.
fn best_of(runs: u32, work: fn(u32) -> i64) -> (i64, u128) {
    let mut sum = 0;
    let mut best = u128::MAX;
    for _ in 0..runs {
        let start = Instant::now();
        sum = work(std::hint::black_box(COUNT));
        best = best.min(start.elapsed().as_micros());
    }
    (sum, best)
}
