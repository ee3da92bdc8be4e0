use std::collections::HashSet;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use contend_team::{Sample, Timing, Used, Window, WindowError};
use contend_workloads::Info;
use contend_workloads::registry::{Description, Strategy, Suite, Tier};

use super::*;
use crate::record::{BlockPlan, Calibration, Class, Shape, WorkloadGroup};
use crate::session::observer::RoundObserver;
use crate::session::resume::RoundsDone;
use crate::session::runner::{Pass, Runner};

fn position(fork: u32, round: u32) -> WindowPosition {
    WindowPosition { fork, round, position: 0 }
}

fn record(contender: &str, fork: u32, ns: f64) -> Record {
    let cell = format!("counter/hot/{contender}/2").parse().expect("an id");
    Record { ns_per_op: Some(ns), ..Record::blank(cell, fork, 1) }
}

fn window(record: Record) -> MeasuredWindow {
    MeasuredWindow { record, disturbance: None }
}

/// A check that has seen the floors of forks 1 to 5.
fn check() -> FloorCheck {
    let mut check = FloorCheck::default();
    for (fork, ns) in [(1, 10.0), (2, 40.0), (3, 10.5), (4, 9.5), (5, 10.0)] {
        assert_eq!(look(&mut check, fork, ns), None, "too few forks for a median");
    }
    check
}

fn look(check: &mut FloorCheck, fork: u32, ns: f64) -> Option<String> {
    check.look(position(fork, 1), &[window(record("a", fork, 5.0)), window(record("floor", fork, ns))])
}

#[test]
fn a_floor_that_is_far_off_has_its_fork_taken_again_once() {
    let mut check = check();
    assert_eq!(look(&mut check, 6, 13.9), None);
    let reason = look(&mut check, 7, 14.5).expect("it is slower");
    assert_eq!(
        reason,
        "the fork is taken again: its floor is 1.41 times the median of the 6 forks before it"
    );
    assert_eq!(look(&mut check, 7, 14.5), None, "its second process counts as it is");
    assert!(look(&mut check, 8, 7.0).is_some(), "a fast one is as odd as a slow one");
    assert_eq!(look(&mut check, 8, 10.0), None);
    assert_eq!(look(&mut check, 9, 99.0), None, "two of a block, and no more");
}

#[test]
fn contenders_and_later_rounds_are_not_looked_at() {
    let mut check = check();
    let far = |contender| [window(record(contender, 6, 900.0)), window(record("floor", 6, 10.0))];
    assert_eq!(check.look(position(6, 1), &far("a")), None);
    assert_eq!(check.look(position(7, 2), &[window(record("floor", 7, 900.0))]), None);
    assert_eq!(check.look(position(7, 1), &[window(record("a", 7, 900.0))]), None, "a block without a floor");
    let other = Record { cell: "counter/hot/floor/4".parse().expect("an id"), ..record("floor", 7, 900.0) };
    assert_eq!(check.look(position(7, 1), &[window(other)]), None, "another block has its own median");
}

#[test]
fn a_run_that_is_continued_knows_its_floors_and_the_forks_that_were_taken_again() {
    let mut records: Vec<Record> = (1..=6).map(|fork| record("floor", fork, 10.0)).collect();
    let mut void = record("floor", 3, 30.0);
    (void.status, void.valid) = (Status::Void, false);
    void.reason = Some(format!("{REASON}its floor is 3.00 times the median of the 2 forks before it"));
    records.push(void.clone());
    records.push(Record { reason: Some("12 ms of CPU time were stolen".to_owned()), fork: 4, ..void });
    let mut check = FloorCheck::from_records(&records);
    assert!(look(&mut check, 7, 15.0).is_some(), "one was taken again before");
    assert_eq!(look(&mut check, 8, 15.0), None, "and this would be the third");
}

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
        };
        Ok(Sample { timing, shape: Shape::Fixed, chunk: 1_000, used: Used::default(), custom_metric: None })
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
