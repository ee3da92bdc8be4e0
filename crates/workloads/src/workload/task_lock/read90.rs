//! `read90`: tasks read the number nine times for each increment.

use std::hint::black_box;
use std::time::{Duration, Instant};

use super::{Params, TASKS, Tasks};
use crate::model::NoOp;
use crate::registry::strategy;
use crate::workload::closed::{self, Closed};
use contend_record::Class;
use contend_team::{Sample, Window, WindowError};

/// Operations of a task from one increment to the next.
const TURN: u64 = 10;

/// Operations of each task in a batch: whole turns, so that each task increments as often as any other.
const OPERATIONS: u64 = 8 * TURN;

/// As [`Params`], for tasks that mostly read.
pub struct MostlyReads(pub(super) Params);

/// What a task does next, and what it has seen.
#[derive(Debug)]
pub struct Reader {
    place: u64,
    done: u64,
    /// A lower bound of the number: the last value read, and this task's increments since.
    least: u64,
    /// Reads below that bound.
    behind: u64,
}

impl Reader {
    /// Of the task at `index`. Tasks begin at different places of their turn.
    pub fn new(index: usize) -> Self {
        Self { place: index as u64 % TURN, done: 0, least: 0, behind: 0 }
    }

    /// Whether the next operation is an increment. Otherwise it is a read, whose result [`Reader::saw`] takes.
    #[inline]
    pub fn is_to_increment(&mut self) -> bool {
        self.place += 1;
        if self.place < TURN {
            return false;
        }
        self.place = 0;
        self.done += 1;
        self.least += 1;
        true
    }

    /// Takes the number that was read.
    #[inline]
    pub fn saw(&mut self, number: u64) {
        self.done += 1;
        self.behind += u64::from(number < self.least);
        self.least = number;
    }
}

/// What tasks have left.
pub struct Outcome {
    /// The number.
    pub number: u64,
    /// What each task has seen.
    pub readers: Vec<Reader>,
}

/// A way for tasks to share a number that they mostly read.
pub trait TaskReads: Closed {
    /// Starts [`TASKS`] tasks that share a number, at first 0, and waits for all of them. Each increments or reads it
    /// as its [`Reader`] says.
    fn run(&mut self, tasks: Tasks) -> Outcome;
}

strategy!(
    L: TaskReads, MostlyReads,
    |threads| if L::CLASS == Class::Floor { 0 } else { L::workers(threads) + L::HELPERS },
    |params, window| measure::<L, COPY>(&params.0, window),
    lap::<L, COPY>,
);

/// The timed part: all tasks once.
#[inline(never)]
fn lap<L: TaskReads, const COPY: usize>(contender: &mut L, tasks: Tasks) -> (Duration, Outcome) {
    black_box(COPY);
    let start = Instant::now();
    let outcome = contender.run(tasks);
    (start.elapsed(), outcome)
}

fn measure<L: TaskReads, const COPY: usize>(
    params: &Params,
    window: &mut Window<'_>,
) -> Result<Sample, WindowError> {
    let mut contender = L::start(L::workers(window.threads()));
    closed::measure_laps(window, TASKS as u64 * OPERATIONS, &mut |batches| {
        let tasks = Tasks { operations: OPERATIONS * batches, iterations: params.iterations };
        let (time, outcome) = lap::<L, COPY>(&mut contender, tasks);
        if L::CLASS != Class::Floor {
            check(&outcome, TASKS as u64 * tasks.operations).map_err(WindowError::Wrong)?;
        }
        Ok(time)
    })
}

/// The oracle: all operations were done, no increment is lost, and no read decreases or misses the task's own
/// increments.
fn check(outcome: &Outcome, operations: u64) -> Result<(), String> {
    let sum = |of: fn(&Reader) -> u64| outcome.readers.iter().map(of).sum::<u64>();
    let (done, behind) = (sum(|reader| reader.done), sum(|reader| reader.behind));
    if done != operations {
        return Err(format!("the tasks did {done} operations, but {operations} were asked for"));
    }
    super::check(outcome.number, operations / TURN)?;
    match behind {
        0 => Ok(()),
        _ => Err(format!("{behind} reads gave less than the task had read or counted before")),
    }
}

impl TaskReads for NoOp {
    fn run(&mut self, tasks: Tasks) -> Outcome {
        Outcome { number: black_box(tasks.operations), readers: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use std::any::Any;
    use std::sync::Mutex;

    use super::*;
    use crate::capability::AsyncLock;
    use crate::registry::{BlockSettings, Info};
    use crate::suite::workloads;
    use contend_record::Calibration;
    use contend_team::Team;

    /// The oracle's verdict on tasks that run one after the other. `read` says what a task reads of the number, and
    /// `number` what is left of it.
    fn verdict(read: fn(u64) -> u64, number: fn(u64) -> u64) -> Result<(), String> {
        let (mut count, mut readers) = (0, Vec::new());
        for index in 0..TASKS {
            let mut reader = Reader::new(index);
            for _ in 0..OPERATIONS {
                match reader.is_to_increment() {
                    true => count += 1,
                    false => reader.saw(read(count)),
                }
            }
            readers.push(reader);
        }
        check(&Outcome { number: number(count), readers }, TASKS as u64 * OPERATIONS)
    }

    #[test]
    fn lost_increments_stale_reads_and_skipped_operations_are_reported() {
        let right = |number| number;
        assert_eq!(verdict(right, right), Ok(()));
        assert_eq!(
            verdict(right, |number| number - 1).unwrap_err(),
            "the number is 511 after 512 increments"
        );
        let stale = verdict(|number| number / 2, right).unwrap_err();
        assert!(stale.ends_with("gave less than the task had read or counted before"), "{stale}");
        let readers = (0..TASKS).map(Reader::new).collect();
        let skipped = check(&Outcome { number: 512, readers }, 5_120).unwrap_err();
        assert_eq!(skipped, "the tasks did 0 operations, but 5120 were asked for");
    }

    const SOUND: u8 = 0;
    const LOSES: u8 = 1;
    const STALE: u8 = 2;

    /// A lock, and its operations so far. Each 50th has the fault.
    struct Flawed<T, const FAULT: u8>(Mutex<(T, u64)>);

    impl<T: Send + Sync + 'static, const FAULT: u8> Flawed<T, FAULT> {
        /// Calls `f` with the state, and `wrong` with the number if the fault is due.
        fn locked<R>(&self, fault: u8, f: impl FnOnce(&mut T) -> R, wrong: impl FnOnce(&mut u64)) -> R {
            let (state, operations) = &mut *self.0.lock().unwrap();
            *operations += 1;
            let number = (state as &mut dyn Any).downcast_mut::<u64>().expect("the number");
            let right = *number;
            let due = FAULT == fault && operations.is_multiple_of(50);
            if due {
                wrong(number);
            }
            let result = f(state);
            if due && fault == STALE {
                *(state as &mut dyn Any).downcast_mut::<u64>().expect("the number") = right;
            }
            result
        }
    }

    impl<T: Send + Sync + 'static, const FAULT: u8> AsyncLock for Flawed<T, FAULT> {
        type State = T;
        type WithState<U: Send + Sync + 'static> = Flawed<U, FAULT>;

        fn new(state: T) -> Self {
            Self(Mutex::new((state, 0)))
        }

        async fn with_mut<R: Send>(&self, f: impl FnOnce(&mut T) -> R + Send) -> R {
            self.locked(LOSES, f, |number| *number = number.saturating_sub(1))
        }

        async fn with<R: Send>(&self, f: impl FnOnce(&T) -> R + Send) -> R {
            self.locked(STALE, |state| f(state), |number| *number /= 2)
        }
    }

    /// The outcome of a lock that is added to the suite, in tasks on the runtime.
    fn measured<L: AsyncLock>(variant: &str) -> Result<(), String> {
        let mut suite = workloads();
        suite.async_lock::<L>(Info::new("own::Lock"));
        let id = |variant: &crate::registry::Variant| variant.info.id.to_string();
        let variant = suite.variants.iter().find(|one| id(one) == variant).expect("it ships");
        let work = Calibration { ns_per_iteration: 1.0, ..Calibration::default() };
        let prepared = variant.prepare(&BlockSettings { threads: 2, seed: 1, check_only: false, work });
        let index = variant.contenders.iter().position(|one| one.info.name == "own::Lock").expect("added");
        let mut window = Window {
            team: &mut Team::new(2),
            length: Duration::from_millis(2),
            pilot: &mut None,
            earlier: None,
            check_only: false,
        };
        prepared.measure(index, 0, &mut window).map(|_| ()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_lock_that_loses_increments_or_reads_what_is_old_is_found_in_tasks() {
        for variant in ["task-lock/read90", "task-lock/read90-held"] {
            assert_eq!(measured::<Flawed<(), SOUND>>(variant), Ok(()));
            let lost = measured::<Flawed<(), LOSES>>(variant).unwrap_err();
            assert!(lost.starts_with("the number is ") && lost.ends_with(" increments"), "{lost}");
            let stale = measured::<Flawed<(), STALE>>(variant).unwrap_err();
            assert!(stale.ends_with("gave less than the task had read or counted before"), "{stale}");
        }
    }
}
