//! A fork that is taken again, through a runner: which rounds are void, what their records say, and what follows.

use std::collections::HashSet;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use contend_team::{Sample, Timing, Used, Window, WindowError};
use contend_workloads::Info;
use contend_workloads::registry::{Description, Strategy, Suite, Tier};

use super::observer::RoundObserver;
use super::resume::RoundsDone;
use super::runner::{Pass, Runner};
use crate::record::{BlockPlan, Calibration, Class, Record, Shape, Status, WorkloadGroup};

/// A block whose windows take no time.
struct Own;

/// Processes that were prepared for it, in the one test that runs it.
static PREPARED: AtomicU32 = AtomicU32::new(0);

/// A contender, and the floor, which is slow in the third and the seventh process.
struct Constant<const FLOOR: bool>;

impl<const FLOOR: bool> Strategy<Own> for Constant<FLOOR> {
    const CLASS: Class = if FLOOR { Class::Floor } else { Class::Immediate };

    fn runnable(threads: usize) -> usize {
        threads
    }

    fn measure<const COPY: usize>(_: &Arc<Own>, _: &mut Window<'_>) -> Result<Sample, WindowError> {
        let slow = FLOOR && [3, 7].contains(&PREPARED.load(Ordering::Relaxed));
        let window = Duration::from_micros(if slow { 3_000 } else { 1_000 });
        let timing = Timing {
            window,
            operations: vec![1_000],
            all_operations: vec![1_000],
            skew: Duration::ZERO,
            snapshot_span: Duration::ZERO,
            chunk: 1_000,
            ends: Vec::new(),
        };
        let (shape, used, parts) = (Shape::Fixed, Used::default(), Vec::new());
        Ok(Sample { timing, shape, used, parts, custom_metric: None })
    }

    fn loop_address<const COPY: usize>() -> usize {
        Self::measure::<COPY> as *const () as usize
    }
}

/// All records.
#[derive(Default)]
struct Records(Vec<Record>);

impl RoundObserver for Records {
    fn round_finished(&mut self, _: &BlockPlan, records: &[Record]) -> io::Result<()> {
        self.0.extend_from_slice(records);
        Ok(())
    }
}

/// Runs eight forks of a block in this process. The floor of the third and of the seventh is three times as slow.
fn run_eight_forks() -> Vec<Record> {
    let mut suite = Suite::empty();
    suite.workload(Description {
        name: "own",
        group: WorkloadGroup::Core,
        title: "",
        models: "",
        question: "",
        timed: "",
        oracle: "",
        operation: "operation",
    });
    PREPARED.store(0, Ordering::Relaxed);
    suite.variant("own", "one", "", &[], Tier::Quick, |_| {
        PREPARED.fetch_add(1, Ordering::Relaxed);
        Own
    });
    suite.add::<Own, Constant<true>>(Info::new("floor"));
    suite.add::<Own, Constant<false>>(Info::new("a"));
    let interrupted = AtomicBool::new(false);
    let runner = Runner {
        suite: &suite,
        executable: None,
        deadline: Duration::from_secs(60),
        memory_limit: u64::MAX,
        seed: 1,
        work: Calibration::default(),
        check_only: false,
        pin: false,
        cpus: 1,
        floors: Mutex::default(),
        beside_another: false,
        interrupted: &interrupted,
    };
    let mut block = contend_fixture::run(&["a", "floor"]).plan.blocks.remove(0);
    (block.block, block.rounds, block.window_ns) = ("own/one/1".parse().expect("an id"), 2, 1_000_000);
    let passes: Vec<Pass> = (1..=8).map(|fork| (fork, vec![&block])).collect();
    let mut records = Records::default();
    let ended = runner.run(&passes, &RoundsDone::default(), &mut HashSet::new(), &mut records);
    ended.expect("nothing ends it");
    records.0
}

/// A thread of another test that begins during a window fails it, since it could be the contender's. Such a run shows
/// nothing, and is made again.
fn undisturbed() -> Vec<Record> {
    let runs = std::iter::repeat_with(run_eight_forks).take(100);
    let mut whole = runs.filter(|records| records.iter().all(|record| record.status != Status::Failed));
    whole.next().expect("other tests end")
}

#[test]
fn a_runner_takes_a_whole_fork_again_and_the_records_say_why() {
    let records = undisturbed();
    let void: Vec<&Record> = records.iter().filter(|record| record.status == Status::Void).collect();
    assert_eq!(void.len(), 2, "the whole round: {void:?}");
    for record in void {
        assert_eq!((record.fork, record.round), (7, 1));
        let reason = record.reason.as_deref().expect("it says why");
        assert_eq!(
            reason,
            "the fork is taken again: its floor is 3.00 times the median of the 6 forks before it"
        );
    }
    for fork in 1..=8 {
        let of_fork = |record: &&Record| record.fork == fork && record.status == Status::Ok;
        assert_eq!(records.iter().filter(of_fork).count(), 4, "two rounds of two cells in fork {fork}");
    }
}
