//! What the two threads of a pair do, and how each checks it.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::Handoff;
use contend_record::Class;

/// What the answer adds to a value, so that an echo of the wrong value shows.
const ANSWER: u64 = 1 << 32;

/// How long each round trip took, in ns, where that is measured; or the first fault that a thread saw.
pub(super) type Outcome = Result<Vec<u64>, String>;

/// One thread of a pair in one lap.
pub(super) struct Endpoint {
    /// The first value; the next ones count up from it.
    pub(super) first: u64,
    pub(super) count: u64,
    /// How many values the taker has asked for. Checked only in laps that are not timed.
    pub(super) asked: Option<Arc<AtomicU64>>,
}

impl Endpoint {
    /// Gives all values.
    #[inline(never)]
    pub(super) fn give<H: Handoff, const COPY: usize>(self, mut giver: H::Giver) -> Outcome {
        black_box(COPY);
        let mut early = None;
        for n in 0..self.count {
            H::give(&mut giver, self.first + n);
            if let Some(asked) = &self.asked
                && asked.load(Ordering::Relaxed) <= n
            {
                early.get_or_insert(n);
            }
        }
        match early {
            None => Ok(Vec::new()),
            Some(n) => Err(format!(
                "the giver of value {n} went on before the taker had asked for it: they did not meet"
            )),
        }
    }

    /// Takes all values.
    #[inline(never)]
    pub(super) fn take<H: Handoff, const COPY: usize>(self, mut taker: H::Taker) -> Outcome {
        black_box(COPY);
        let mut mismatch = Mismatch::default();
        for n in 0..self.count {
            if let Some(asked) = &self.asked {
                asked.store(n + 1, Ordering::Relaxed);
            }
            mismatch.compare::<H>(H::take(&mut taker), self.first + n);
        }
        mismatch.outcome(Vec::new())
    }

    /// Gives each value, and waits for its answer.
    #[inline(never)]
    pub(super) fn ask<H: Handoff, const COPY: usize>(
        self,
        mut giver: H::Giver,
        mut answers: H::Taker,
    ) -> Outcome {
        black_box(COPY);
        let mut mismatch = Mismatch::default();
        for value in self.first..self.first + self.count {
            H::give(&mut giver, value);
            mismatch.compare::<H>(H::take(&mut answers), value + ANSWER);
        }
        mismatch.outcome(Vec::new())
    }

    /// As [`ask`](Endpoint::ask), and records how long each round trip took since the end of the one before.
    #[inline(never)]
    pub(super) fn time<H: Handoff, const COPY: usize>(
        self,
        mut giver: H::Giver,
        mut answers: H::Taker,
        mut trips: Vec<u64>,
    ) -> Outcome {
        black_box(COPY);
        let mut mismatch = Mismatch::default();
        let mut before = Instant::now();
        for value in self.first..self.first + self.count {
            H::give(&mut giver, value);
            mismatch.compare::<H>(H::take(&mut answers), value + ANSWER);
            let now = Instant::now();
            trips.push(now.duration_since(before).as_nanos() as u64);
            before = now;
        }
        mismatch.outcome(trips)
    }

    /// Answers each value.
    #[inline(never)]
    pub(super) fn answer<H: Handoff, const COPY: usize>(
        self,
        mut taker: H::Taker,
        mut answers: H::Giver,
    ) -> Outcome {
        black_box(COPY);
        for _ in 0..self.count {
            let value = H::take(&mut taker);
            H::give(&mut answers, value + ANSWER);
        }
        Ok(Vec::new())
    }
}

/// The first value that was not the expected one, and the expected one.
#[derive(Default)]
struct Mismatch(Option<(u64, u64)>);

impl Mismatch {
    #[inline]
    fn compare<H: Handoff>(&mut self, value: u64, expected: u64) {
        if value != expected && H::CLASS != Class::Floor {
            self.0.get_or_insert((value, expected));
        }
    }

    fn outcome(self, trips: Vec<u64>) -> Outcome {
        match self.0 {
            None => Ok(trips),
            Some((value, expected)) => Err(format!(
                "value {value} arrived where {expected} was next: one was lost, doubled or overtaken"
            )),
        }
    }
}
