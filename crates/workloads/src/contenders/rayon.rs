//! rayon: not a lock and not a channel, but a pool that is given the whole work and splits it
//! itself. It does open workloads by folding a part of the operations at a time into state that no
//! other thread sees, and reducing these to one.

use std::sync::Arc;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::model::{Merge, Model, Sequential, refused};
use crate::registry::{Contender, Info};
use crate::workload::open::{
    OpenWorkload, Operations, STREAMS_PER_THREAD, WORKER_PRESENT, bound, downcast, operations,
};
use contend_record::Class;
use contend_team::{Sample, Window, WindowError, WorkerLoop};

/// Parts that the operations come in, for each thread: enough for a thread that ends early to take
/// another's. Operations come twice: before the window, and in it.
const PARTS: u64 = STREAMS_PER_THREAD as u64 / 2;

/// The contender that folds and reduces.
pub fn fold<W: OpenWorkload>(info: Info) -> Contender<W>
where
    W::Model: Merge,
{
    Contender {
        info,
        class: Class::Partitioned,
        runnable: |threads| threads,
        measure: [
            |workload, window| take(workload, window, operations::<W, _, 0>),
            |workload, window| take(workload, window, operations::<W, _, 1>),
        ],
        loop_addresses: [
            operations::<W, Sequential<W::Model>, 0> as *const () as usize,
            operations::<W, Sequential<W::Model>, 1> as *const () as usize,
        ],
    }
}

/// A pool, the state that its parts are merged into, and what was done to it.
struct Fold<W: OpenWorkload> {
    workload: Arc<W>,
    pool: ThreadPool,
    whole: W::Model,
    operations: Operations<W, Sequential<W::Model>>,
    done: Vec<(W::Worker, u64)>,
}

impl<W: OpenWorkload> WorkerLoop for Fold<W>
where
    W::Model: Merge,
{
    fn work(&mut self, count: u64) {
        let Self {
            workload,
            pool,
            whole,
            operations,
            done: all,
        } = self;
        let parts = (pool.current_num_threads() as u64 * PARTS).min(count);
        let first = all.len(); // each part has a stream of its own, those of earlier calls too
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

/// A pool of its own for a contender, with a thread for each worker.
pub(crate) fn pool(workers: usize) -> ThreadPool {
    let pool = ThreadPoolBuilder::new().num_threads(workers).build();
    pool.unwrap_or_else(|error| refused(&error))
}

/// The pool does the splitting, so to the driver it is one worker.
fn take<W: OpenWorkload>(
    workload: &Arc<W>,
    window: &mut Window<'_>,
    operations: Operations<W, Sequential<W::Model>>,
) -> Result<Sample, WindowError>
where
    W::Model: Merge,
{
    let threads = window.threads();
    let open = || {
        vec![Box::new(Fold {
            workload: workload.clone(),
            pool: pool(threads),
            whole: workload.model(),
            operations,
            done: Vec::new(),
        }) as Box<dyn WorkerLoop>]
    };
    let close = |work: Vec<Box<dyn WorkerLoop>>, _: &[u64]| {
        for fold in work.into_iter().map(downcast::<Fold<W>>) {
            let digest = fold.whole.digest();
            workload
                .check(Class::Partitioned, &fold.done, digest)
                .map_err(WindowError::Wrong)?;
        }
        Ok(())
    };
    let bound = bound(&**workload, Class::Partitioned, 1);
    window.measure(bound, &open, &close)
}
