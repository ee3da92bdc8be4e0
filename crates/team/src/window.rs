//! One window of one cell: its length, the threads that it uses, its pilot, and its sample.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::clock::has_gone_back;
use crate::meter::{Meter, Used};
use crate::team::OnReady;
use crate::team::{OpenWindow, Panic, Team, Timing, WorkerLoop};
use contend_record::Shape;

/// The window's length over the length of its ramp.
const RAMP: u32 = 8;

/// The least ramp of several workers: what they contend for is shared otherwise in the first millisecond than later.
const LEAST_RAMP: Duration = Duration::from_millis(1);

/// Chunks of a worker in a window, at least: alone, and beside others. The longer a chunk, the less reading the clock
/// costs. The published counts of several workers are those of their last chunks, so they have shorter ones.
const CHUNKS: [u32; 2] = [100, 250];

/// A cell with fewer operations in a window than this uses fixed work: each snapshot may miss one of each worker.
/// A lock that collapses has more. It does not collapse in a window of few operations, which one worker does before
/// others are awake.
const FEWEST: f64 = 200.0;

/// Operations that a worker does before a fixed window, so that its first wake-up is not timed.
const BEFORE: u64 = 16;

/// The first chunk of a worker in an open window.
const FIRST_CHUNK: u64 = 1;

/// How much longer than others the windows of [`StopRule::Pilot`] are. They have what a contender applies or merges at
/// the end, which a short window would count for a few operations.
const FIXED_TIMES: u32 = 2;

/// The first windows of a pilot, if no earlier fork says how many operations fit.
const FIRST_FIXED: u64 = 16;

/// Most operations of a worker in a window. A loop that takes no time was optimized away.
const MOST: u64 = 1 << 40;

/// Operations of a worker if a cell is checked and not timed.
const CHECKED: u64 = 200;

/// When a window of [`Window::measure`] ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopRule {
    /// When its time is up, if a pilot finds enough operations in it; otherwise as [`StopRule::Pilot`].
    Time,
    /// After as many operations of each worker as fit, which a pilot finds.
    Pilot,
    /// As [`StopRule::Pilot`], and after whole cycles of this many operations of each worker. So contenders whose
    /// workers do different things in a cycle all do them in the same proportion.
    Cycles(u64),
    /// After this many operations of each worker.
    Operations(u64),
}

/// Makes each worker's work, with fresh state.
pub type Open<'a> = dyn Fn() -> Vec<Box<dyn WorkerLoop>> + 'a;

/// Checks what came of the work, given the operations of each worker, and drops it.
pub type Close<'a> = dyn Fn(Vec<Box<dyn WorkerLoop>>, &[u64]) -> Result<(), WindowError> + 'a;

/// One window to be taken.
pub struct Window<'a> {
    /// The threads: as many as the block has.
    pub team: &'a mut Team,
    /// The intended length.
    pub length: Duration,
    /// What the cell's pilot found in this fork; none before its first window.
    pub pilot: &'a mut Option<Pilot>,
    /// The operations of each worker in a window of fixed work of the cell in an earlier fork. Its pilot then begins
    /// near them, and still measures.
    pub earlier: Option<u64>,
    /// Whether the cell is only checked: one short window, no pilot.
    pub check_only: bool,
}

/// How a cell's windows are sized in a fork.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pilot {
    /// Their stop rule.
    pub shape: Shape,
    /// Fixed: operations of each worker. Open: those of the first chunk.
    pub operations: u64,
}

impl Pilot {
    /// Windows that end when their time is up.
    const OPEN: Self = Self { shape: Shape::Open, operations: FIRST_CHUNK };
}

/// The result of a window.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Times and counts.
    pub timing: Timing,
    /// Its stop rule.
    pub shape: Shape,
    /// Resources that the process used during it.
    pub used: Used,
    /// See [`Record::parts`](contend_record::Record::parts).
    pub parts: Vec<u64>,
    /// A value and its unit, if something other than wall time per operation is measured.
    pub custom_metric: Option<(f64, &'static str)>,
}

/// How long `workers` work before an open window of this length begins.
pub fn ramp(length: Duration, workers: usize) -> Duration {
    let least = if workers > 1 { LEAST_RAMP } else { Duration::ZERO };
    (length / RAMP).max(least)
}

/// Why a window has no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// The oracle found a fault; the text names it.
    #[error("{0}")]
    Wrong(String),
    /// The clock went back, which no contender is to blame for.
    #[error("the machine's clock went backwards")]
    ClockWentBack,
    /// The contender panicked.
    #[error(transparent)]
    Panicked(#[from] Panic),
}

impl Window<'_> {
    /// Threads of the cell's block.
    pub fn threads(&self) -> usize {
        self.team.size()
    }

    /// Takes a window. `open` makes the work of each worker, with fresh state. `close` checks the outcome
    /// against the operations of each worker, and drops the state. Both are off the clock.
    ///
    /// # Errors
    /// What `close` found, or a worker's panic.
    pub fn measure(
        &mut self,
        bound: StopRule,
        open: &Open<'_>,
        close: &Close<'_>,
    ) -> Result<Sample, WindowError> {
        let (shape, given, cycle) = match bound {
            StopRule::Time => (Shape::Open, None, 1),
            StopRule::Pilot => (Shape::Fixed, None, 1),
            StopRule::Cycles(cycle) => (Shape::Fixed, None, cycle),
            StopRule::Operations(given) => (Shape::Fixed, Some(given), 1),
        };
        if self.check_only {
            let operations = match shape {
                Shape::Open => 1,
                Shape::Fixed => given.unwrap_or(CHECKED).min(CHECKED).next_multiple_of(cycle),
            };
            let pilot = Pilot { shape, operations };
            let short = Duration::from_millis(1);
            return self.once(pilot, (short / RAMP, short), open, close);
        }
        let length = if bound == StopRule::Pilot { self.length * FIXED_TIMES } else { self.length };
        let pilot = match (given, *self.pilot) {
            (Some(operations), _) => Pilot { shape, operations },
            (None, Some(pilot)) => pilot,
            // The cell's first window says whether its operations are short enough. If so, it counts.
            (None, None) if shape == Shape::Open && self.earlier.is_none() => {
                let sample = self.whole(Pilot::OPEN, open, close)?;
                let pilot = self.pilot.insert(after_open(&sample, self.length));
                match pilot.shape {
                    Shape::Open => return Ok(sample),
                    Shape::Fixed => *pilot,
                }
            }
            (None, None) => {
                let first = self.earlier.unwrap_or(FIRST_FIXED);
                let measure = |pilot| self.once(pilot, (Duration::ZERO, length), open, close);
                let (pilot, per_window) = size(first, cycle, length, measure)?;
                let pilot = if shape == Shape::Open && per_window >= FEWEST { Pilot::OPEN } else { pilot };
                *self.pilot.insert(pilot)
            }
        };
        self.whole(pilot, open, close)
    }

    /// A window of the whole length.
    fn whole(&mut self, pilot: Pilot, open: &Open<'_>, close: &Close<'_>) -> Result<Sample, WindowError> {
        self.once(pilot, (ramp(self.length, self.threads()), self.length), open, close)
    }

    fn once(
        &mut self,
        pilot: Pilot,
        (ramp, length): (Duration, Duration),
        open: &Open<'_>,
        close: &Close<'_>,
    ) -> Result<Sample, WindowError> {
        let work = open();
        let meter = Arc::new(OnceLock::new());
        let begun = meter.clone();
        let on_ready: OnReady = Arc::new(move || drop(begun.set(Meter::start())));
        let (timing, work) = match pilot.shape {
            Shape::Open => {
                let chunk_time = Some(length / CHUNKS[usize::from(work.len() > 1)]);
                let opening = OpenWindow { window: length, ramp, chunk: pilot.operations, chunk_time };
                self.team.open_work(work, opening, on_ready)?
            }
            Shape::Fixed => {
                let warm = BEFORE.min(pilot.operations);
                self.team.fixed_work(work, warm, pilot.operations, on_ready)?
            }
        };
        let mut used = meter.get().map(Meter::read).unwrap_or_default();
        // The ramp, and what workers did until they saw the end.
        let all = timing.all_operations.iter().copied().fold(0, u64::saturating_add);
        used.operations = Some(all).filter(|all| *all != timing.total());
        if has_gone_back() {
            return Err(WindowError::ClockWentBack);
        }
        close(work, &timing.all_operations)?;
        Ok(Sample { timing, shape: pilot.shape, used, parts: Vec::new(), custom_metric: None })
    }
}

/// What a cell's first open window says: with too few operations for snapshots of counts, the next have fixed work.
fn after_open(sample: &Sample, length: Duration) -> Pilot {
    let per_window = operations_in(length, &sample.timing);
    if per_window >= FEWEST {
        return Pilot::OPEN;
    }
    let operations = (per_window / sample.timing.operations.len() as f64) as u64;
    Pilot { shape: Shape::Fixed, operations: operations.max(1) }
}

/// The pilot of fixed work: windows until one is nearly as long as it should be, with `first` operations of each worker
/// in the first one. Short ones would mislead where a part of a window takes as long for few operations as for many.
/// Returns the operations of all workers that fit into a window too.
fn size(
    first: u64,
    cycle: u64,
    length: Duration,
    mut measure: impl FnMut(Pilot) -> Result<Sample, WindowError>,
) -> Result<(Pilot, f64), WindowError> {
    let shape = Shape::Fixed;
    // A step is at most 32 times as long as the one before, so one bad guess takes a few windows at most.
    let mut operations = first.clamp(1, MOST).next_multiple_of(cycle);
    loop {
        let sample = measure(Pilot { shape, operations })?;
        let all = operations_in(length, &sample.timing);
        let wanted = (all / sample.timing.operations.len() as f64) as u64;
        if sample.timing.window >= length * 3 / 4 || operations >= MOST {
            let operations = wanted.clamp(1, MOST).next_multiple_of(cycle);
            return Ok((Pilot { shape, operations }, all));
        }
        operations = wanted.clamp(operations * 2, operations * 32).min(MOST).next_multiple_of(cycle);
    }
}

/// Operations of all workers that fit into a window.
fn operations_in(length: Duration, timing: &Timing) -> f64 {
    timing.total() as f64 / timing.window.as_nanos().max(1) as f64 * length.as_nanos() as f64
}

#[cfg(all(test, not(shuttle)))]
mod tests {
    use std::cell::Cell;
    use std::thread::sleep;

    use super::*;

    /// Operations that take so long.
    struct Slow(Duration);

    impl WorkerLoop for Slow {
        fn work(&mut self, operations: u64) {
            match self.0 {
                Duration::ZERO => {
                    let _ = (0..operations).map(std::hint::black_box).sum::<u64>();
                }
                each => (0..operations).for_each(|_| sleep(each)),
            }
        }
    }

    /// The sample of a cell's first window, what its pilot found, and how often fresh state was made.
    fn first_window(bound: StopRule, each: Duration, earlier: Option<u64>) -> (Sample, Option<Pilot>, u32) {
        let (mut team, mut pilot, opened) = (Team::new(1), None, Cell::new(0));
        let length = Duration::from_millis(8);
        let mut window = Window { team: &mut team, length, pilot: &mut pilot, earlier, check_only: false };
        let open = || -> Vec<Box<dyn WorkerLoop>> {
            opened.set(opened.get() + 1);
            vec![Box::new(Slow(each))]
        };
        let sample = window.measure(bound, &open, &|_, _| Ok(())).expect("nothing to find");
        (sample, pilot, opened.get())
    }

    #[test]
    fn a_first_window_of_short_operations_counts_and_is_open() {
        let (sample, pilot, opened) = first_window(StopRule::Time, Duration::ZERO, None);
        assert_eq!((sample.shape, opened), (Shape::Open, 1));
        assert_eq!(pilot, Some(Pilot::OPEN));
        assert!(sample.timing.chunk > FIRST_CHUNK, "{:?}", sample.timing);
    }

    #[test]
    fn a_first_window_of_few_operations_is_taken_again_with_fixed_work() {
        let (sample, pilot, opened) = first_window(StopRule::Time, Duration::from_millis(1), None);
        assert_eq!((sample.shape, opened), (Shape::Fixed, 2));
        assert!((1..=9).contains(&sample.timing.chunk), "{:?}", sample.timing);
        assert_eq!(pilot, Some(Pilot { shape: Shape::Fixed, operations: sample.timing.chunk }));
    }

    /// Most of a short window would be what takes as long for one operation as for a thousand.
    #[test]
    fn windows_of_fixed_work_are_as_long_as_planned_whatever_they_cost_beside_their_operations() {
        struct Merging;
        impl WorkerLoop for Merging {
            fn work(&mut self, operations: u64) {
                sleep(Duration::from_millis(6) + Duration::from_micros(10) * operations as u32);
            }
        }
        let length = Duration::from_millis(8);
        let mut earlier = None;
        for fork in 1..=3 {
            let (mut team, mut pilot) = (Team::new(1), None);
            let mut window =
                Window { team: &mut team, length, pilot: &mut pilot, earlier, check_only: false };
            let open = || -> Vec<Box<dyn WorkerLoop>> { vec![Box::new(Merging)] };
            window.measure(StopRule::Pilot, &open, &|_, _| Ok(())).expect("nothing to find");
            let operations = pilot.expect("it has one").operations;
            // 1,000 take 16 ms. Sleep is late at times, so fewer may do.
            assert!((100..=1_100).contains(&operations), "fork {fork}: {operations}");
            earlier = Some(operations);
        }
    }

    #[test]
    fn a_pilot_of_fixed_work_begins_near_what_an_earlier_fork_found_and_still_measures() {
        let each = Duration::from_millis(1);
        let (_, without, opened) = first_window(StopRule::Pilot, each, None);
        let (sample, with, again) = first_window(StopRule::Pilot, each, Some(14));
        assert_eq!((opened, again), (2, 2)); // 16 are long enough, and so are 14
        let operations = |pilot: Option<Pilot>| pilot.expect("it has one").operations;
        assert!((1..=16).contains(&operations(without)) && (1..=16).contains(&operations(with)));
        assert_eq!(sample.timing.operations, [operations(with)]);
        // One that says far too much or too little changes nothing but the pilot's own time.
        for wrong in [0, 40] {
            let (_, pilot, _) = first_window(StopRule::Pilot, each, Some(wrong));
            assert!((1..=16).contains(&operations(pilot)), "{wrong}: {pilot:?}");
        }
        // An earlier fork had fixed work, and this one finds that its operations are short.
        let (sample, pilot, _) = first_window(StopRule::Time, Duration::ZERO, Some(100_000));
        assert_eq!((sample.shape, pilot), (Shape::Open, Some(Pilot::OPEN)));
    }
}
