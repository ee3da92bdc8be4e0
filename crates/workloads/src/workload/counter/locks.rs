//! `locks8` and `locks64`: several counters, each with its own lock. They show how finer locks reduce
//! contention; `hot` is the same with one lock.

use std::sync::Arc;

use super::{Check, Count};
use crate::capability::Lock;
use crate::model::applied::{WATCHED, count_watched_write};
use crate::model::{Model, Shared, handles};
use crate::registry::BlockSettings;
use crate::workload::open::{OpenWorkload, Probe};
use crate::workload::ring::{Draw, Place, Ring, Skew, weight};
use contend_record::Class;
use contend_team::Padded;

/// The state: numbers.
pub struct Counts(pub Vec<u64>);

impl Model for Counts {
    type Write = u32;
    type Read = u32;
    type Answer = u64;

    #[inline(always)]
    fn write(&mut self, counter: u32) {
        let count = &mut self.0[counter as usize];
        *count = count.wrapping_add(1);
        if *count > WATCHED {
            count_watched_write();
        }
    }

    #[inline(always)]
    fn read(&self, counter: u32) -> u64 {
        self.0[counter as usize]
    }

    fn digest(&self) -> u64 {
        digest(self.0.iter().copied())
    }
}

/// The weighted sum of the counters.
pub fn digest(counts: impl Iterator<Item = u64>) -> u64 {
    (0..)
        .zip(counts)
        .fold(0, |sum: u64, (counter, count)| sum.wrapping_add(weight(counter).wrapping_mul(count)))
}

/// Increments of counters that are drawn before the window.
pub struct Spread {
    ring: Ring,
    counters: u32,
}

impl Spread {
    /// Increments spread evenly over `counters`.
    pub fn new(setting: &BlockSettings, counters: u32) -> Self {
        let draw = Draw { keys: counters, skew: Skew::Uniform, reads: 0, hits: 0, length: 1 << 16 };
        Self { ring: Ring::drawn(&draw, &mut setting.rng()), counters }
    }
}

impl OpenWorkload for Spread {
    type Model = Counts;
    type Worker = Place;

    fn model(&self) -> Counts {
        Counts(vec![0; self.counters as usize])
    }

    fn worker(&self, index: usize) -> Place {
        self.ring.place(index)
    }

    #[inline(always)]
    fn operation<S: Shared<Counts>>(&self, place: &mut Place, shared: &mut S) {
        shared.write(self.ring.next(place).key());
    }

    /// Every handle reads the same numbers.
    fn probe<S: Shared<Counts>>(&self, _: &[(Place, u64)], handles: &mut [S], _: bool) -> Probe {
        let promised = !matches!(S::CLASS, Class::Partitioned | Class::Floor);
        let mut sums = handles.iter_mut().map(|handle| digest((0..self.counters).map(|at| handle.read(at))));
        let differ = promised && sums.next().is_some_and(|first| sums.any(|other| other != first));
        let fault =
            differ.then(|| "after all writes were applied, workers read different numbers".to_owned());
        Probe { added: 0, fault }
    }

    fn watched(&self) -> Option<(Counts, u32)> {
        Some((Counts(vec![WATCHED; self.counters as usize]), 0))
    }

    /// Each counter has the increments that the workers' streams have for it.
    fn check(&self, _: Class, workers: &[(Place, u64)], digest: u64) -> Check {
        let wanted = self.ring.expected(workers);
        if digest == wanted.digest {
            return Ok(());
        }
        let (writes, counters) = (wanted.writes, self.counters);
        Err(format!(
            "the {counters} counters do not add up to {writes} increments: some were lost, counted twice, or \
             counted in another counter"
        ))
    }
}

/// A lock for each counter, on cache lines of its own.
pub struct Array<L>(Arc<[Padded<L>]>);

impl<L: Lock<State = Count>> Shared<Counts> for Array<L> {
    fn new_handles(model: Counts, workers: usize) -> Vec<Self> {
        let locks = model.0.into_iter().map(|count| Padded(L::new(Count(count))));
        let locks: Arc<[_]> = locks.collect();
        handles(workers, |_| Self(locks.clone()))
    }

    #[inline(always)]
    fn write(&mut self, counter: u32) {
        self.0[counter as usize].0.with_mut(|count| count.write(()));
    }

    #[inline(always)]
    fn read(&mut self, counter: u32) -> u64 {
        self.0[counter as usize].0.with(|count| count.read(()))
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        digest(handles[0].0.iter().map(|lock| lock.0.with(|count| count.0)))
    }
}
