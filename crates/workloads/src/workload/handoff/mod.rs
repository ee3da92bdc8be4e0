//! `handoff`: two threads meet, and one hands a value to the other. What Go's unbuffered channel is.
//!
//! A closed workload on the window's team: its threads are pairs.

mod contenders;

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::model::NoOp;
use crate::registry::{Description, Strategy, Suite, ThreadCounts, Tier};
use crate::workload::closed::{self, TaskResult};
use crate::workload::open::floor;
use contend_record::{Class, WorkloadGroup};
use contend_team::{Sample, Task, Team, Window, WindowError};

pub use contenders::{register_condvar, register_exclusions, register_rendezvous};

/// The name in ids.
pub const NAME: &str = "handoff";

/// Values, or round trips, of a batch of one pair.
const BATCH: u64 = 64;

/// What the answer adds to a value, so that an echo of the wrong one shows.
const ANSWER: u64 = 1 << 32;

/// A place where a giver and a taker meet: [`give`](Handoff::give) returns when the value was taken.
pub trait Handoff: 'static {
    /// What is promised.
    const CLASS: Class = Class::Immediate;
    /// Who gives.
    type Giver: Send + 'static;
    /// Who takes.
    type Taker: Send + 'static;

    /// A place for two.
    fn pair() -> (Self::Giver, Self::Taker);

    /// Gives a value, and waits until it is taken.
    fn give(giver: &mut Self::Giver, value: u64);

    /// StdCondvar for a value.
    fn take(taker: &mut Self::Taker) -> u64;
}

/// What pairs do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meeting {
    /// One gives, the other takes.
    OneWay,
    /// What one gives, the other answers.
    PingPong,
    /// The same, with a look at the clock after each round trip: so many of a hundred take as long, or
    /// less.
    Trips(Percentile),
}

/// A place in a distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Percentile {
    /// Half of all.
    Median,
    /// All but one of a hundred.
    P99,
}

impl Percentile {
    /// The value at it, by the nearest rank; 1 at least, since nothing has no ratio to others.
    fn of(self, trips: &mut [u64]) -> f64 {
        trips.sort_unstable();
        let percent = match self {
            Percentile::Median => 50,
            Percentile::P99 => 99,
        };
        let rank = (trips.len() * percent).div_ceil(100);
        let trip = trips.get(rank.saturating_sub(1));
        trip.map_or(1.0, |ns| (*ns as f64).max(1.0))
    }

    fn unit(self) -> &'static str {
        match self {
            Percentile::Median => "ns at the median",
            Percentile::P99 => "ns at the 99th percentile",
        }
    }
}

/// Round trips of all pairs, in ns each.
type Trips = Arc<Mutex<Vec<u64>>>;

/// A pair's place, and how it is checked.
struct Meet {
    /// The first value; the others follow.
    first: u64,
    count: u64,
    /// How many values the taker has asked for. Looked at in laps that are not timed.
    asked: Option<Arc<AtomicU64>>,
}

impl Meet {
    /// Gives all values.
    #[inline(never)]
    fn give<H: Handoff, const COPY: usize>(self, mut giver: H::Giver) -> TaskResult {
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
            None => Ok(()),
            Some(n) => Err(format!(
                "the giver of value {n} went on before the taker had asked for it: they did not meet"
            )),
        }
    }

    /// Takes all values.
    #[inline(never)]
    fn take<H: Handoff, const COPY: usize>(self, mut taker: H::Taker) -> TaskResult {
        black_box(COPY);
        let mut wrong = Wrong::default();
        for n in 0..self.count {
            if let Some(asked) = &self.asked {
                asked.store(n + 1, Ordering::Relaxed);
            }
            wrong.look::<H>(H::take(&mut taker), self.first + n);
        }
        wrong.seen()
    }

    /// Gives each value, and waits for its answer.
    #[inline(never)]
    fn ask<H: Handoff, const COPY: usize>(self, mut giver: H::Giver, mut answers: H::Taker) -> TaskResult {
        black_box(COPY);
        let mut wrong = Wrong::default();
        for value in self.first..self.first + self.count {
            H::give(&mut giver, value);
            wrong.look::<H>(H::take(&mut answers), value + ANSWER);
        }
        wrong.seen()
    }

    /// As [`ask`](Meet::ask), and notes how long each round trip took, from the end of the one before.
    #[inline(never)]
    fn note<H: Handoff, const COPY: usize>(
        self,
        mut giver: H::Giver,
        mut answers: H::Taker,
        mut noted: Vec<u64>,
        trips: &Trips,
    ) -> TaskResult {
        black_box(COPY);
        let mut wrong = Wrong::default();
        let mut before = Instant::now();
        for value in self.first..self.first + self.count {
            H::give(&mut giver, value);
            wrong.look::<H>(H::take(&mut answers), value + ANSWER);
            let now = Instant::now();
            noted.push(now.duration_since(before).as_nanos() as u64);
            before = now;
        }
        trips.lock().expect("nobody panics here").append(&mut noted);
        wrong.seen()
    }

    /// Answers each value.
    #[inline(never)]
    fn answer<H: Handoff, const COPY: usize>(self, mut taker: H::Taker, mut answers: H::Giver) -> TaskResult {
        black_box(COPY);
        for _ in 0..self.count {
            let value = H::take(&mut taker);
            H::give(&mut answers, value + ANSWER);
        }
        Ok(())
    }
}

/// The first value that was not the one whose turn it was.
#[derive(Default)]
struct Wrong(Option<(u64, u64)>);

impl Wrong {
    #[inline]
    fn look<H: Handoff>(&mut self, value: u64, wanted: u64) {
        if value != wanted && H::CLASS != Class::Floor {
            self.0.get_or_insert((value, wanted));
        }
    }

    fn seen(self) -> TaskResult {
        match self.0 {
            None => Ok(()),
            Some((value, wanted)) => Err(format!(
                "value {value} arrived where {wanted} was next: one was lost, doubled or overtaken"
            )),
        }
    }
}

/// One stretch on the clock: all pairs meet as often.
fn lap<H: Handoff, const COPY: usize>(
    team: &mut Team,
    meeting: Meeting,
    first: u64,
    count: u64,
    checked: bool,
    trips: &Trips,
) -> Result<Duration, WindowError> {
    let mut parts: Vec<Task<TaskResult>> = Vec::new();
    for _ in 0..team.size() / 2 {
        let asked = (checked && H::CLASS != Class::Floor).then(Arc::<AtomicU64>::default);
        let meet = || Meet { first, count, asked: asked.clone() };
        let (giver, taker) = H::pair();
        let (one, other) = (meet(), meet());
        match meeting {
            Meeting::OneWay => {
                parts.push(Box::new(|| one.give::<H, COPY>(giver)));
                parts.push(Box::new(|| other.take::<H, COPY>(taker)));
            }
            Meeting::PingPong => {
                let (answerer, answers) = H::pair();
                parts.push(Box::new(|| one.ask::<H, COPY>(giver, answers)));
                parts.push(Box::new(|| other.answer::<H, COPY>(taker, answerer)));
            }
            Meeting::Trips(_) => {
                let (answerer, answers) = H::pair();
                let (trips, noted) = (trips.clone(), Vec::with_capacity(count as usize));
                parts.push(Box::new(move || one.note::<H, COPY>(giver, answers, noted, &trips)));
                parts.push(Box::new(|| other.answer::<H, COPY>(taker, answerer)));
            }
        }
    }
    closed::run_tasks(team, parts, None)
}

fn measure<H: Handoff, const COPY: usize>(
    meeting: Meeting,
    window: &mut Window<'_>,
) -> Result<Sample, WindowError> {
    let pairs = window.threads() as u64 / 2;
    let (mut first, trips) = (0, Trips::default());
    let mut sample = closed::measure_team_laps(window, BATCH * pairs, &mut |team, batches| {
        let count = BATCH * batches;
        let time = lap::<H, COPY>(team, meeting, first, count, first == 0, &trips)?;
        first += count;
        Ok(time)
    })?;
    if let Meeting::Trips(percentile) = meeting {
        let mut trips = trips.lock().expect("nobody panics here");
        // The laps before those on the clock woke the threads, and found how long a lap has to be.
        let before = trips.len().saturating_sub(sample.timing.total() as usize);
        sample.custom_metric = Some((percentile.of(&mut trips[before..]), percentile.unit()));
    }
    Ok(sample)
}

impl<H: Handoff> Strategy<Meeting> for H {
    const CLASS: Class = H::CLASS;

    fn runnable(threads: usize) -> usize {
        threads
    }

    fn measure<const COPY: usize>(
        meeting: &Arc<Meeting>,
        window: &mut Window<'_>,
    ) -> Result<Sample, WindowError> {
        measure::<H, COPY>(**meeting, window)
    }

    fn loop_address<const COPY: usize>() -> usize {
        Meet::give::<H, COPY> as *const () as usize
    }
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "Two threads meet, and one hands a value to the other",
        models: "Go's unbuffered channel, make(chan T): a goroutine that sends waits for one that receives, and both go on; a ping-pong of two goroutines over two channels.",
        question: "One thread must know that the other has the value: a channel of capacity 0, a condition variable, parking, or spinning?",
        timed: "From the release of all threads to the end of the last, for a fixed number of values; threads are pairs that meet at a place of their own. `one-way`: wall time over values. `ping-pong`: wall time over round trips, two hand-offs each. `ping-pong-median`, `ping-pong-p99`: the time of single round trips, of all pairs of a window, with a look at the clock after each.",
        oracle: "Each value arrives once and in its turn, each answer is that of its value, and (looked at in laps that are not timed) nobody goes on before the other has come for the value.",
        operation: "value or round trip",
    });
    let (telling, full) = (Tier::Standard, Tier::Thorough);
    let mut variant = |name, title, meeting, weight| {
        suite
            .variant(NAME, name, title, &[], weight, move |_| meeting)
            .at(ThreadCounts::Only(|threads| threads % 2 == 0));
    };
    variant("one-way", "one gives, one takes", Meeting::OneWay, telling);
    variant("ping-pong", "a value there, its answer back", Meeting::PingPong, telling);
    variant(
        "ping-pong-median",
        "the same: half of the round trips take as long, or less",
        Meeting::Trips(Percentile::Median),
        full,
    );
    variant(
        "ping-pong-p99",
        "the same: 99 of 100 round trips take as long, or less",
        Meeting::Trips(Percentile::P99),
        full,
    );
    suite.add::<Meeting, NoOp>(floor());
}

impl Handoff for NoOp {
    const CLASS: Class = Class::Floor;
    type Giver = ();
    type Taker = ();

    fn pair() -> ((), ()) {
        ((), ())
    }

    #[inline]
    fn give((): &mut (), value: u64) {
        black_box(value);
    }

    #[inline]
    fn take((): &mut ()) -> u64 {
        black_box(0)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

    use super::*;
    use crate::capability::spin_for;

    fn fault<H: Handoff>(meeting: Meeting) -> String {
        let mut team = Team::new(2);
        let fault = lap::<H, 0>(&mut team, meeting, 0, BATCH, true, &Trips::default());
        fault.unwrap_err().to_string()
    }

    /// Gives one value twice, and the next not at all.
    struct Doubles;

    impl Handoff for Doubles {
        type Giver = SyncSender<u64>;
        type Taker = Receiver<u64>;

        fn pair() -> (SyncSender<u64>, Receiver<u64>) {
            sync_channel(0)
        }

        fn give(giver: &mut SyncSender<u64>, value: u64) {
            giver.send(value - u64::from(value == 7)).unwrap();
        }

        fn take(taker: &mut Receiver<u64>) -> u64 {
            taker.recv().unwrap()
        }
    }

    /// A buffer, whose taker comes late.
    struct Buffered;

    impl Handoff for Buffered {
        type Giver = (SyncSender<u64>, Arc<AtomicU64>);
        type Taker = (Receiver<u64>, Arc<AtomicU64>);

        fn pair() -> (Self::Giver, Self::Taker) {
            let (sender, receiver) = sync_channel(BATCH as usize);
            let given = Arc::<AtomicU64>::default();
            ((sender, given.clone()), (receiver, given))
        }

        fn give((sender, given): &mut Self::Giver, value: u64) {
            sender.send(value).unwrap();
            given.fetch_add(1, Ordering::Relaxed);
        }

        fn take((receiver, given): &mut Self::Taker) -> u64 {
            spin_for(|| (given.load(Ordering::Relaxed) == BATCH).then_some(()));
            receiver.recv().unwrap()
        }
    }

    #[test]
    fn a_value_that_comes_twice_is_named() {
        let says = fault::<Doubles>(Meeting::OneWay);
        assert!(says.starts_with("value 6 arrived where 7 was next"), "{says}");
        for meeting in [Meeting::PingPong, Meeting::Trips(Percentile::P99)] {
            let says = fault::<Doubles>(meeting);
            assert!(says.starts_with("value 4294967302 arrived"), "{says}");
        }
    }

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let mut trips: Vec<u64> = (1..=200).rev().collect();
        assert_eq!(Percentile::Median.of(&mut trips), 100.0);
        assert_eq!(Percentile::P99.of(&mut trips), 198.0);
        assert_eq!(Percentile::P99.of(&mut [7]), 7.0);
        assert_eq!(Percentile::Median.of(&mut []), 1.0);
    }

    #[test]
    fn a_buffer_is_no_meeting() {
        let says = fault::<Buffered>(Meeting::OneWay);
        assert!(says.ends_with("they did not meet"), "{says}");
    }
}
