//! Open workloads by `fold` and `reduce`. Each task folds a part of the operations into its own state, and the
//! states are reduced to one.

use std::sync::Arc;

use rayon::ThreadPool;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use contend_record::Class;
use contend_team::{Sample, Window, WindowError, WorkerLoop};

use super::pool;
use crate::model::{Merge, Model, Sequential};
use crate::registry::Strategy;
use crate::workload::open::{
    OpenWorkload, Operations, STREAMS_PER_THREAD, WORKER_PRESENT, downcast, operations, stop_rule,
};
use crate::workload::{counter, map};

/// Parts of the operations for each thread, so that a thread that ends early can take another's. Operations run
/// twice: before the window, and in it.
const PARTS_PER_THREAD: u64 = STREAMS_PER_THREAD as u64 / 2;

/// The strategy that folds and reduces.
pub struct Fold;

/// Implemented for each workload by itself. A blanket implementation would overlap with that for [`Shared`]
/// state, which the compiler cannot rule out for `Fold`.
///
/// [`Shared`]: crate::model::Shared
macro_rules! fold {
    ($($workload:ty)*) => {
        $(impl Strategy<$workload> for Fold {
            const CLASS: Class = Class::Partitioned;

            fn runnable(threads: usize) -> usize {
                threads
            }

            fn measure<const COPY: usize>(
                workload: &Arc<$workload>,
                window: &mut Window<'_>,
            ) -> Result<Sample, WindowError> {
                measure(workload, window, operations::<$workload, _, COPY>)
            }

            fn loop_address<const COPY: usize>() -> usize {
                operations::<$workload, Sequential<<$workload as OpenWorkload>::Model>, COPY> as *const () as usize
            }
        })*
    };
}

fold!(counter::Hot counter::Spaced map::Keys);

/// A pool, the state that parts are merged into, and the operations that were done.
struct Folding<W: OpenWorkload> {
    workload: Arc<W>,
    pool: ThreadPool,
    whole: W::Model,
    operations: Operations<W, Sequential<W::Model>>,
    done: Vec<(W::Worker, u64)>,
}

impl<W: OpenWorkload> WorkerLoop for Folding<W>
where
    W::Model: Merge,
{
    fn work(&mut self, count: u64) {
        let Self { workload, pool, whole, operations, done: all } = self;
        let parts = (pool.current_num_threads() as u64 * PARTS_PER_THREAD).min(count);
        let first = all.len(); // each part has a stream of its own, in earlier calls too
        let empty = || (Sequential(whole.part()), Vec::new());
        let (part, done) = pool.install(|| {
            (0..parts)
                .into_par_iter()
                .fold(empty, |(mut part, mut done), index| {
                    let count = count * (index + 1) / parts - count * index / parts;
                    let mut worker = Some(workload.worker(first + index as usize));
                    operations(workload, &mut worker, &mut part, count);
                    done.push((worker.expect(WORKER_PRESENT), count));
                    (part, done)
                })
                .reduce(empty, |(mut part, mut done), (other, more)| {
                    part.0.merge(other.0);
                    done.extend(more);
                    (part, done)
                })
        });
        whole.merge(part.0);
        all.extend(done);
    }
}

/// The pool splits the work itself, so the driver sees one worker.
fn measure<W: OpenWorkload>(
    workload: &Arc<W>,
    window: &mut Window<'_>,
    operations: Operations<W, Sequential<W::Model>>,
) -> Result<Sample, WindowError>
where
    W::Model: Merge,
{
    let threads = window.threads();
    let open = || {
        vec![Box::new(Folding {
            workload: workload.clone(),
            pool: pool(threads),
            whole: workload.model(),
            operations,
            done: Vec::new(),
        }) as Box<dyn WorkerLoop>]
    };
    let close = |work: Vec<Box<dyn WorkerLoop>>, _: &[u64]| {
        for fold in work.into_iter().map(downcast::<Folding<W>>) {
            let digest = fold.whole.digest();
            workload.check(Class::Partitioned, &fold.done, digest).map_err(WindowError::Wrong)?;
        }
        Ok(())
    };
    let stop_rule = stop_rule(&**workload, Class::Partitioned, 1);
    window.measure(stop_rule, &open, &close)
}
