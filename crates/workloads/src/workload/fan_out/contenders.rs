//! Registration by capability: what a lock, a channel, a queue, a map or a pool does in `fan-out`.

use super::queues::{LockedQueue, PolledQueue, QueuePerWorker, SharedQueue};
use super::shared_index::{List, LockedList, MapResults};
use super::{BatchResults, ClaimingWorkers, FanOut, Job, Params, ResultSlots, ResultStore};
use crate::capability::{Channel, ConcurrentMap, Lock, Mpmc, MutexCondvar, PollQueue, Pool};
use crate::registry::{Info, Suite};
use crate::workload::closed::Closed;

/// Adds a queue of jobs under the mutex, with condition variables to wait on.
pub fn register_condvar<C: MutexCondvar>(suite: &mut Suite, info: &Info) {
    let role = "A VecDeque of jobs under one mutex and a Vec of results under another, each with its own \
                condition variable.";
    suite.add::<Params, LockedQueue<C>>(info.in_role("", role));
}

/// Adds a read-write lock around the list of jobs and results.
pub fn register_rw_lock<L: Lock>(suite: &mut Suite, info: &Info) {
    let role = "Workers claim an index and read its job under the read lock. Each result is pushed under the \
                write lock.";
    suite.add::<Params, LockedList<L::WithState<List>>>(info.in_role("", role));
}

/// Adds a channel to each worker, and one back.
pub fn register_channel<C: Channel>(suite: &mut Suite, info: &Info) {
    let role = "Each worker has a queue of its own, and jobs are dealt in turn. Results come back through one \
                channel.";
    suite.add::<Params, QueuePerWorker<C>>(info.in_role("", role));
}

/// Adds one channel that all workers receive from.
pub fn register_mpmc<C: Mpmc>(suite: &mut Suite, info: &Info, suffix: &str) {
    let role = "All workers receive from one queue. Results come back through one channel.";
    suite.add::<Params, SharedQueue<C>>(info.in_role(suffix, role));
}

/// Adds a queue of jobs and one of results that threads cannot wait on.
pub fn register_poll_queue<Q: PollQueue>(suite: &mut Suite, info: &Info) {
    let role =
        "One queue for jobs and one for results. Workers park, and are unparked when the batch is queued.";
    suite.add::<Params, PolledQueue<Q>>(info.in_role("", role));
}

/// Adds a map that results are gathered in.
pub fn register_map<M: ConcurrentMap>(suite: &mut Suite, info: &Info) {
    suite.add::<Params, ClaimingWorkers<MapResults<M>>>(info.in_role("", IN_MAP));
}

/// How a map gathers results.
pub const IN_MAP: &str = "Workers claim the next index. Results are gathered in the map by job.";

/// Adds a pool that runs a task for each job.
pub fn register_pool<P: Pool>(suite: &mut Suite, info: &Info) {
    suite.add::<Params, Pooled<P>>(info.in_role("", "A task for each job."));
}

/// A task of the pool for each job, whose result goes to a slot of its own.
struct Pooled<P> {
    pool: P,
    results: ResultSlots,
}

impl<P: Pool> Closed for Pooled<P> {
    fn start(workers: usize) -> Self {
        Self { pool: P::new(workers), results: ResultSlots::new() }
    }
}

impl<P: Pool> FanOut for Pooled<P> {
    fn run_batch(&mut self, jobs: &[Job]) -> BatchResults {
        let results = &self.results;
        self.pool.run_batch(jobs.len(), |index| results.put(index, jobs[index].run()));
        results.drain(jobs).into()
    }
}
