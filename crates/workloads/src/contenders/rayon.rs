//! rayon: not a lock and not a channel, but a pool that is given the whole work and splits it
//! itself. It does open workloads by folding a part of the operations at a time into state that no
//! other thread sees, and reducing these to one.

use std::sync::Arc;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::model::{Merge, Model, Plain, refused};
use crate::registry::{About, Contender};
use crate::workload::open::{Open, Operations, PIECES, THERE, bound, operations, own};
use contend_evidence::record::Class;
use contend_team::{Fault, Sample, Window, Work};

/// Parts that the operations come in, for each thread: enough for a thread that ends early to take
/// another's. Operations come twice: before the window, and in it.
const PARTS: u64 = PIECES as u64 / 2;

/// The contender that folds and reduces.
pub fn fold<W: Open>(about: About) -> Contender<W>
where
    W::Model: Merge,
{
    Contender {
        about,
        class: Class::Partitioned,
        runnable: |threads| threads,
        take: [
            |workload, window| take(workload, window, operations::<W, _, 0>),
            |workload, window| take(workload, window, operations::<W, _, 1>),
        ],
        code: [
            operations::<W, Plain<W::Model>, 0> as *const () as usize,
            operations::<W, Plain<W::Model>, 1> as *const () as usize,
        ],
    }
}

/// A pool, the state that its parts are merged into, and what was done to it.
struct Fold<W: Open> {
    workload: Arc<W>,
    pool: ThreadPool,
    whole: W::Model,
    operations: Operations<W, Plain<W::Model>>,
    done: Vec<(W::Worker, u64)>,
}

impl<W: Open> Work for Fold<W>
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
        let empty = || (Plain(whole.part()), Vec::new());
        let (part, done) = pool.install(|| {
            (0..parts)
                .into_par_iter()
                .fold(empty, |(mut part, mut done), index| {
                    let count = count * (index + 1) / parts - count * index / parts;
                    let mut worker = Some(workload.worker(first + index as usize));
                    operations(workload, &mut worker, &mut part, count);
                    done.push((worker.expect(THERE), count));
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
fn take<W: Open>(
    workload: &Arc<W>,
    window: &mut Window<'_>,
    operations: Operations<W, Plain<W::Model>>,
) -> Result<Sample, Fault>
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
        }) as Box<dyn Work>]
    };
    let close = |work: Vec<Box<dyn Work>>, _: &[u64]| {
        for fold in work.into_iter().map(own::<Fold<W>>) {
            let digest = fold.whole.digest();
            workload
                .check(Class::Partitioned, &fold.done, digest)
                .map_err(Fault::Wrong)?;
        }
        Ok(())
    };
    let bound = bound(&**workload, Class::Partitioned, 1);
    window.take(bound, &open, &close)
}
