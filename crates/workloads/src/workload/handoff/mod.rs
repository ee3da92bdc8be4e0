//! `handoff`: two threads meet, and one hands a value to the other, as on Go's unbuffered channel.
//!
//! A closed workload on the window's team, whose threads are pairs.

mod contenders;
mod endpoint;
#[cfg(test)]
mod tests;

use std::hint::black_box;
use std::time::Duration;

use crate::model::NoOp;
use crate::registry::{Description, Suite, ThreadCounts, Tier, strategy};
use crate::workload::closed;
use crate::workload::open::floor;
use contend_record::{Class, WorkloadGroup};
use contend_team::{Sample, Task, Team, Window, WindowError};

pub use contenders::{register_condvar, register_exclusions, register_rendezvous};
use endpoint::{Endpoint, Outcome};

/// The name in ids.
pub const NAME: &str = "handoff";

/// Values or round trips of one pair in a batch.
const BATCH: u64 = 64;

/// A place where a giver and a taker meet.
pub trait Handoff: 'static {
    /// What it promises.
    const CLASS: Class = Class::Immediate;
    /// The end that gives.
    type Giver: Send + 'static;
    /// The end that takes.
    type Taker: Send + 'static;

    /// Makes a place for one pair.
    fn pair() -> (Self::Giver, Self::Taker);

    /// Gives a value, and returns when it is taken.
    fn give(giver: &mut Self::Giver, value: u64);

    /// Waits for a value.
    fn take(taker: &mut Self::Taker) -> u64;
}

/// What each pair does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Params {
    /// One thread gives, the other takes.
    OneWay,
    /// One thread gives, the other answers.
    PingPong,
    /// As [`PingPong`](Params::PingPong), with a reading of the clock after each round trip. The result is
    /// this percentile of the round trips' times.
    RoundTrip(Percentile),
}

/// A percentile of round-trip times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percentile {
    percent: usize,
    /// The unit in records.
    unit: &'static str,
}

const MEDIAN: Percentile = Percentile { percent: 50, unit: "ns at the median" };
const P99: Percentile = Percentile { percent: 99, unit: "ns at the 99th percentile" };

impl Percentile {
    /// The time at this percentile, by the nearest rank. At least 1 ns, so that ratios to it exist.
    fn of(self, trips: &mut [u64]) -> f64 {
        trips.sort_unstable();
        let rank = (trips.len() * self.percent).div_ceil(100);
        let trip = trips.get(rank.saturating_sub(1));
        trip.map_or(1.0, |ns| (*ns as f64).max(1.0))
    }
}

strategy!(
    H: Handoff, Params,
    |threads| threads,
    |params, window| measure::<H, COPY>(**params, window),
    Endpoint::give::<H, COPY>,
);

/// One stretch on the clock: every pair hands over `count` values. Returns how long that took, and the times
/// of single round trips where they are measured.
fn lap<H: Handoff, const COPY: usize>(
    team: &mut Team,
    params: Params,
    first: u64,
    count: u64,
    check_meeting: bool,
) -> Result<(Duration, Vec<u64>), WindowError> {
    let mut tasks = Vec::with_capacity(team.size());
    for _ in 0..team.size() / 2 {
        let asked = (check_meeting && H::CLASS != Class::Floor).then(Default::default);
        let [one, other] = [asked.clone(), asked].map(|asked| Endpoint { first, count, asked });
        let (giver, taker) = H::pair();
        let pair: [Task<Outcome>; 2] = match params {
            Params::OneWay => {
                [Box::new(|| one.give::<H, COPY>(giver)), Box::new(|| other.take::<H, COPY>(taker))]
            }
            Params::PingPong => {
                let (answerer, answers) = H::pair();
                let ask = || one.ask::<H, COPY>(giver, answers);
                [Box::new(ask), Box::new(|| other.answer::<H, COPY>(taker, answerer))]
            }
            Params::RoundTrip(_) => {
                let (answerer, answers) = H::pair();
                let trips = Vec::with_capacity(count as usize);
                let time = || one.time::<H, COPY>(giver, answers, trips);
                [Box::new(time), Box::new(|| other.answer::<H, COPY>(taker, answerer))]
            }
        };
        tasks.extend(pair);
    }
    let (time, outcomes) = team.run_once(tasks, None)?;
    let trips = outcomes.into_iter().collect::<Result<Vec<_>, _>>().map_err(WindowError::Wrong)?;
    Ok((time, trips.concat()))
}

fn measure<H: Handoff, const COPY: usize>(
    params: Params,
    window: &mut Window<'_>,
) -> Result<Sample, WindowError> {
    let pairs = window.threads() as u64 / 2;
    let (mut first, mut trips) = (0, Vec::new());
    let mut sample = closed::measure_team_laps(window, BATCH * pairs, &mut |team, batches| {
        let count = BATCH * batches;
        let (time, mut of_lap) = lap::<H, COPY>(team, params, first, count, first == 0)?;
        trips.append(&mut of_lap);
        first += count;
        Ok(time)
    })?;
    if let Params::RoundTrip(percentile) = params {
        // The earlier laps woke the threads and found the length of a lap. They are not part of the result.
        let untimed = trips.len().saturating_sub(sample.timing.total() as usize);
        sample.custom_metric = Some((percentile.of(&mut trips[untimed..]), percentile.unit));
    }
    Ok(sample)
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "Two threads meet, and one hands a value to the other",
        models: "Go's unbuffered channel, make(chan T): a goroutine that sends waits for one that receives. \
                 Also a ping-pong of two goroutines over two channels.",
        question: "One thread must know that the other has the value. What should it use: a channel of \
                   capacity 0, a condition variable, parking, or spinning?",
        timed: "A fixed number of values, from the release of all threads to the end of the last. Threads \
                are pairs, each with its own meeting place. `one-way`: wall time per value. `ping-pong`: \
                wall time per round trip of two hand-offs. `ping-pong-median` and `ping-pong-p99`: the time \
                of single round trips, over all pairs of a window. The clock is read after each round trip.",
        oracle: "Each value arrives once and in order, and each answer belongs to its value. In laps that \
                 are not timed, no giver goes on before the taker has asked for the value.",
        operation: "value or round trip",
    });
    for (name, title, tier, params) in [
        ("one-way", "one gives, one takes", Tier::Standard, Params::OneWay),
        ("ping-pong", "a value, and its answer back", Tier::Standard, Params::PingPong),
        ("ping-pong-median", "the median time of a round trip", Tier::Thorough, Params::RoundTrip(MEDIAN)),
        ("ping-pong-p99", "the 99th percentile of round trips", Tier::Thorough, Params::RoundTrip(P99)),
    ] {
        let variant = suite.variant(NAME, name, title, &[], tier, move |_| params);
        variant.at(ThreadCounts::Only(|threads| threads % 2 == 0));
    }
    suite.add::<Params, NoOp>(floor());
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
