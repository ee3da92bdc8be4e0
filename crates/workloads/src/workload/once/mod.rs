//! `once`: a value that is made when it is first asked for, and once. Go's `sync.Once`.
//!
//! `hot` is open: the value is there, and all workers ask for it. `race` is closed: all workers ask
//! for values that are not there yet, at the same time.

mod contenders;

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::model::NoOp;
use crate::model::handles;
use crate::registry::{Description, Info, Strategy, Suite, Tier};
use crate::workload::closed::{self, Seen};
use crate::workload::open::{downcast, floor};
use contend_record::{Class, WorkloadGroup};
use contend_team::busy_loop::busy_loop;
use contend_team::{Sample, StopRule, Task, Team, Window, WindowError, WorkerLoop};

pub use contenders::{Beside, Run, register_exclusions, register_lock, register_rw_lock};

/// The name in ids.
pub const NAME: &str = "once";

/// Values of a batch that are raced for.
const BATCH: u64 = 32;

/// Nanoseconds that making a value takes in a race.
const MAKING_NS: u64 = 200;

/// Makes a value, and counts how often.
pub struct Make {
    runs: Arc<AtomicU64>,
    value: u64,
    iterations: u64,
}

impl Make {
    /// Makes it.
    pub fn run(&self) -> u64 {
        self.runs.fetch_add(1, Ordering::Relaxed);
        busy_loop(self.iterations);
        self.value
    }
}

/// A value that is made when it is first asked for.
pub trait Late: Send + Sync + 'static {
    /// What is promised.
    const CLASS: Class = Class::Immediate;

    /// The value; makes it, or waits for who does.
    fn get(&self) -> u64;
}

/// A way to have such a value. What it gives may have no name: a type that holds the closure that makes
/// the value, unboxed as in a static.
pub trait Once: 'static {
    /// What is promised.
    const CLASS: Class = Class::Immediate;

    /// Nothing is made yet.
    fn late(make: Make) -> impl Late;
}

/// The value is there.
pub struct Hot;

/// The values are not there yet.
pub struct Race {
    iterations: u64,
}

/// A value, and how often it was made.
struct Made<O> {
    once: O,
    value: u64,
    runs: Arc<AtomicU64>,
}

impl<O: Late> Made<O> {
    fn new(value: u64, iterations: u64, late: fn(Make) -> O) -> Self {
        let runs = Arc::<AtomicU64>::default();
        let make = Make { runs: runs.clone(), value, iterations };
        let once = late(make);
        Self { once, value, runs }
    }

    /// It was made once.
    fn check(&self) -> Result<(), String> {
        match self.runs.load(Ordering::Relaxed) {
            1 => Ok(()),
            runs => Err(format!("a value was made {runs} times")),
        }
    }
}

/// Asks for the value `count` times; how often the answer was another.
#[inline(never)]
fn ask<O: Late, const COPY: usize>(made: &Made<O>, count: u64) -> u64 {
    black_box(COPY);
    let mut wrong = 0;
    for _ in 0..count {
        // Opaque in each turn: the value would else be loaded once for all turns.
        wrong += u64::from(black_box(made).once.get() != made.value);
    }
    wrong
}

/// A worker of `hot`.
struct Asker<O> {
    made: Arc<Made<O>>,
    wrong: u64,
    ask: fn(&Made<O>, u64) -> u64,
}

impl<O: Late> WorkerLoop for Asker<O> {
    fn work(&mut self, operations: u64) {
        self.wrong += (self.ask)(&self.made, operations);
    }
}

fn hot<O: Late>(
    window: &mut Window<'_>,
    late: fn(Make) -> O,
    ask: fn(&Made<O>, u64) -> u64,
) -> Result<Sample, WindowError> {
    let workers = window.threads();
    let open = || {
        let made = Arc::new(Made::new(7, 0, late));
        made.once.get();
        handles(workers, |_| -> Box<dyn WorkerLoop> { Box::new(Asker { made: made.clone(), wrong: 0, ask }) })
    };
    let close = |work: Vec<Box<dyn WorkerLoop>>, counts: &[u64]| {
        let askers: Vec<_> = work.into_iter().map(|work| *downcast::<Asker<O>>(work)).collect();
        let wrong: u64 = askers.iter().map(|asker| asker.wrong).sum();
        if O::CLASS == Class::Floor {
            return Ok(());
        }
        if wrong > 0 {
            let all: u64 = counts.iter().sum();
            return Err(WindowError::Wrong(format!("{wrong} of {all} calls got another value")));
        }
        askers[0].made.check().map_err(WindowError::Wrong)
    };
    window.measure(StopRule::Time, &open, &close)
}

/// Asks for each value.
#[inline(never)]
fn run<O: Late, const COPY: usize>(values: &[Made<O>]) -> Seen {
    black_box(COPY);
    let mut wrong = 0;
    for made in values {
        wrong += u64::from(made.once.get() != made.value);
    }
    match wrong == 0 || O::CLASS == Class::Floor {
        true => Ok(()),
        false => Err(format!("{wrong} of {} calls got another value", values.len())),
    }
}

/// One stretch on the clock: all workers ask for the same values, in the same order.
fn lap<O: Late>(
    team: &mut Team,
    count: u64,
    iterations: u64,
    late: fn(Make) -> O,
    run: fn(&[Made<O>]) -> Seen,
) -> Result<Duration, WindowError> {
    let made = handles(count as usize, |index| Made::new(index as u64 + 1, iterations, late));
    let values = Arc::new(made);
    let parts = handles(team.size(), |_| -> Task<Seen> {
        let values = values.clone();
        Box::new(move || run(&values))
    });
    let time = closed::play(team, parts, None)?;
    if O::CLASS != Class::Floor {
        values.iter().try_for_each(Made::check).map_err(WindowError::Wrong)?;
    }
    Ok(time)
}

fn race<O: Late>(
    race: &Race,
    window: &mut Window<'_>,
    late: fn(Make) -> O,
    run: fn(&[Made<O>]) -> Seen,
) -> Result<Sample, WindowError> {
    closed::run_once(window, BATCH, &mut |team, batches| {
        lap(team, BATCH * batches, race.iterations, late, run)
    })
}

/// The address of a loop over values that have no nameable type.
fn address<O: Late>(_: fn(Make) -> O, ask: fn(&Made<O>, u64) -> u64) -> usize {
    ask as *const () as usize
}

fn address_of_race<O: Late>(_: fn(Make) -> O, run: fn(&[Made<O>]) -> Seen) -> usize {
    run as *const () as usize
}

impl<O: Once> Strategy<Hot> for O {
    const CLASS: Class = O::CLASS;

    fn runnable(threads: usize) -> usize {
        threads
    }

    fn measure<const COPY: usize>(_: &Arc<Hot>, window: &mut Window<'_>) -> Result<Sample, WindowError> {
        hot(window, O::late, ask::<_, COPY>)
    }

    fn loop_address<const COPY: usize>() -> usize {
        address(O::late, ask::<_, COPY>)
    }
}

impl<O: Once> Strategy<Race> for O {
    const CLASS: Class = O::CLASS;

    fn runnable(threads: usize) -> usize {
        threads
    }

    fn measure<const COPY: usize>(
        params: &Arc<Race>,
        window: &mut Window<'_>,
    ) -> Result<Sample, WindowError> {
        race(params, window, O::late, run::<_, COPY>)
    }

    fn loop_address<const COPY: usize>() -> usize {
        address_of_race(O::late, run::<_, COPY>)
    }
}

/// Adds a contender to both variants.
pub fn add<O: Once>(suite: &mut Suite, info: &Info) {
    suite.add::<Hot, O>(info.clone());
    suite.add::<Race, O>(info.clone());
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "A value is made when it is first asked for, and once",
        models: "Go's sync.Once, or sync.OnceValue: goroutines call Do, the first runs the function, and the others wait for it; from then on it is a look.",
        question: "A value that is made late and read often: Once, OnceLock, LazyLock, or a lock around an Option?",
        timed: "`hot`: calls of all workers between two snapshots of their counts; the value is there. `race`: from the release of all workers until the last has all values of a batch, which none has before; making one takes about 200 ns; a value is wall time over values, each of which every worker asks for.",
        oracle: "Each value was made exactly once, and every call got it.",
        operation: "call",
    });
    suite.variant(NAME, "hot", "the value is there", &[], Tier::Standard, |_| Hot);
    suite.variant(
        NAME,
        "race",
        "all workers race for values that are not there",
        &[("making a value", "200 ns")],
        Tier::Thorough,
        |setting| Race { iterations: setting.iterations(MAKING_NS) },
    );
    add::<NoOp>(suite, &floor());
}

impl Once for NoOp {
    const CLASS: Class = Class::Floor;

    fn late(_: Make) -> impl Late {
        NoOp
    }
}

impl Late for NoOp {
    const CLASS: Class = Class::Floor;

    #[inline]
    fn get(&self) -> u64 {
        black_box(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks, and then makes, with nothing between that keeps another from it.
    struct Twice {
        value: std::sync::Mutex<Option<u64>>,
        make: Make,
    }

    impl Once for Twice {
        fn late(make: Make) -> impl Late {
            let value = std::sync::Mutex::new(None);
            Self { value, make }
        }
    }

    impl Late for Twice {
        fn get(&self) -> u64 {
            let there = *self.value.lock().unwrap();
            there.unwrap_or_else(|| {
                let value = self.make.run();
                std::thread::sleep(Duration::from_micros(200));
                *self.value.lock().unwrap() = Some(value);
                value
            })
        }
    }

    /// Never has the value.
    struct Empty(Make);

    impl Once for Empty {
        fn late(make: Make) -> impl Late {
            make.run();
            Empty(make)
        }
    }

    impl Late for Empty {
        fn get(&self) -> u64 {
            self.0.value + 1
        }
    }

    #[test]
    fn a_value_that_is_made_twice_is_named() {
        let fault = lap(&mut Team::new(4), 50, 0, Twice::late, run::<_, 0>);
        let says = fault.unwrap_err().to_string();
        assert!(says.starts_with("a value was made"), "{says}");
    }

    #[test]
    fn a_call_that_gets_another_value_is_named() {
        let fault = lap(&mut Team::new(2), 5, 0, Empty::late, run::<_, 0>);
        assert_eq!(fault.unwrap_err().to_string(), "5 of 5 calls got another value");
        let mut team = Team::new(2);
        let mut window =
            Window { team: &mut team, length: Duration::from_millis(1), pilot: &mut None, check_only: true };
        let says = hot(&mut window, Empty::late, ask::<_, 0>).unwrap_err().to_string();
        assert!(says.ends_with("calls got another value"), "{says}");
    }
}
