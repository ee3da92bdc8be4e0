//! What a window costs beside its length, by the number of workers:
//! `cargo bench -p contend-team --bench around_window`.
//!
//! | column | what it is |
//! | --- | --- |
//! | counters | reading the process's counters, before and after a window together |
//! | snapshot | reading the counts of all workers, at the open or the close of a window |
//! | workers | starting all workers and waiting until all are done, with no work |
//! | placing | what the workers of a window wait for cores of their own, where there are enough |
//!
//! With more workers than CPUs, `workers` has the scheduler's switches in it, which a machine with enough CPUs has not.

use std::hint::spin_loop;
use std::time::{Duration, Instant};

use contend_team::{Meter, OpenWindow, Team};

const ROUNDS: usize = 31;
const WINDOW: Duration = Duration::from_millis(8);

fn main() {
    println!(
        "workers    counters    snapshot     workers     placing   of a window of {WINDOW:?}: counters, snapshot"
    );
    for workers in [2, 16, 64, 128] {
        let mut team = Team::new(workers);
        team.warm_up(Duration::from_millis(20));
        let counters = median(|| {
            let start = Instant::now();
            Meter::start().read();
            start.elapsed()
        });
        let opening = OpenWindow { window: WINDOW, ramp: WINDOW / 8, chunk: 100, chunk_time: None };
        let snapshot = median(|| {
            let work = |(): &mut (), _, operations| (0..operations).for_each(|_| spin_loop());
            let (timing, _) = team.open(vec![(); workers], opening, work).expect("spinning does not panic");
            timing.snapshot_span
        });
        let placing = team.waited() / ROUNDS as u32;
        let all = median(|| {
            let start = Instant::now();
            team.run(workers, |_| ()).expect("nothing does not panic");
            start.elapsed()
        });
        let micros = |time: Duration| format!("{:.2} µs", time.as_secs_f64() * 1e6);
        let percent = |time: Duration| format!("{:.3} %", 100.0 * time.as_secs_f64() / WINDOW.as_secs_f64());
        println!(
            "{workers:7} {:>11} {:>11} {:>11} {:>11}   {}, {}",
            micros(counters),
            micros(snapshot),
            micros(all),
            micros(placing),
            percent(counters),
            percent(snapshot),
        );
    }
}

fn median(mut measure: impl FnMut() -> Duration) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS).map(|_| measure()).collect();
    times.sort_unstable();
    times[ROUNDS / 2]
}
