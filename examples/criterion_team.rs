//! contend's team alone, inside a criterion benchmark of your own: threads that live on, and a clock
//! that starts before the release and stops when the last worker is done.
//!
//! ```text
//! cargo run --release --example criterion_team -- --bench
//! ```

use std::sync::{Arc, Mutex};
use std::time::Duration;

use contend::Team;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};

fn mutex(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("mutex");
    for workers in [1, 2, 4] {
        let mut team = Team::new(workers);
        team.warm_up(Duration::from_millis(20));
        group.bench_function(BenchmarkId::from_parameter(workers), |bencher| {
            // An iteration is one increment of the whole team.
            bencher.iter_custom(|iterations| {
                let each = iterations.div_ceil(workers as u64);
                let counter = Arc::new(Mutex::new(0_u64));
                let handles = vec![counter.clone(); workers];
                let timed = team.fixed(handles, 10, each, |counter, _worker, operations| {
                    for _ in 0..operations {
                        *counter.lock().unwrap() += 1;
                    }
                });
                let (timing, _) = timed.expect("no worker panics");
                let done: u64 = timing.all_operations.iter().sum();
                assert_eq!(*counter.lock().unwrap(), done, "an increment was lost");
                timing.window
            });
        });
    }
    group.finish();
}

criterion_group!(benches, mutex);
criterion_main!(benches);
