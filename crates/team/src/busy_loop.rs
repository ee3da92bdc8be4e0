//! Work of a known length that touches no memory. It stands for what a program does between two operations,
//! or inside a lock. The parent calibrates it once a run; every fork gets the same iterations.

use std::cell::Cell;
use std::hint::black_box;
use std::time::{Duration, Instant};

use contend_record::Calibration;

/// The lengths that workloads of the suite ask for, in ns.
const LENGTHS_NS: [u64; 4] = [100, 200, 1_000, 20_000];

/// Works for `iterations`, each of which depends on the one before. The state stays in a register. If each
/// iteration were opaque, it would go through memory, at a cost that depends on where the stack lies.
#[inline]
pub fn busy_loop(iterations: u64) {
    busy_loop_from(iterations, iterations);
}

thread_local! {
    /// The last state of this thread's work.
    static LAST: Cell<u64> = const { Cell::new(0) };
}

/// As [`busy_loop`], from a given state. Returns the last one, which proves that the work was done.
///
/// The first iteration depends on the last one of the thread's work before. Otherwise a CPU begins the next work before
/// that one has ended: two stretches of 100 ns took 120 ns together on a CPU that has 500 instructions in flight.
#[inline]
pub fn busy_loop_from(state: u64, iterations: u64) -> u64 {
    if iterations == 0 {
        return black_box(state);
    }
    LAST.with(|last| {
        let mut state = state | (last.get() & black_box(0)); // no bit of it, but neither compiler nor CPU knows
        for _ in 0..iterations {
            // A compiler cannot compute the last state without all states before it.
            state = state.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (state >> 29);
        }
        last.set(state);
        black_box(state)
    })
}

/// How long the calibration runs before it measures. An idle CPU needs time to reach the speed that it has
/// in windows.
const WARM_UP: Duration = Duration::from_millis(50);

/// Measures an iteration on this machine, now: the median of 31 stretches of about 200 µs. An interrupted
/// stretch does not move the median.
pub fn calibrate() -> Calibration {
    let time = |iterations: u64| {
        let start = Instant::now();
        busy_loop(iterations);
        start.elapsed().as_nanos() as f64 / iterations as f64
    };
    let start = Instant::now();
    let mut rough = time(100_000);
    while start.elapsed() < WARM_UP {
        rough = time(100_000);
    }
    let iterations = (200_000.0 / rough).max(1_000.0) as u64;
    let mut stretches: Vec<f64> = (0..31).map(|_| time(iterations)).collect();
    stretches.sort_by(f64::total_cmp);
    let ns_per_iteration = stretches[stretches.len() / 2];
    Calibration {
        ns_per_iteration,
        iterations: LENGTHS_NS
            .iter()
            .map(|&ns| (ns, (ns as f64 / ns_per_iteration).round().max(1.0) as u64))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iterations_follow_from_the_measured_iteration() {
        let work = calibrate();
        assert!(work.ns_per_iteration > 0.0);
        for (&ns, &iterations) in &work.iterations {
            let length = iterations as f64 * work.ns_per_iteration;
            assert!((length - ns as f64).abs() <= work.ns_per_iteration, "{ns}: {length}");
        }
    }
}
