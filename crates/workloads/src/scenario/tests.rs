use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::Rng;

mod maps;

use super::drawn::Worked;
use super::*;
use crate::capability::Lock;
use crate::contenders::{LockVisitor, each_lock};
use crate::registry::{BlockSettings, Variant};
use crate::{suite, workloads};
use contend_record::{Calibration, Class};
use contend_team::busy_loop::busy_loop;
use contend_team::{Sample, Team, Window, WindowError, message};

#[derive(Clone, Debug)]
enum Op {
    Get,
    Add(u64),
}

fn draw(rng: &mut StdRng) -> Op {
    match rng.next_u32() % 4 {
        0 => Op::Add(u64::from(rng.next_u32() % 100)),
        _ => Op::Get,
    }
}

fn check(sum: u64, done: &Done<'_, Op, u64>) -> Result<(), String> {
    let gets = done.count(|op| matches!(op, Op::Get));
    expect("gets", done.tallies().sum(), gets)?;
    let sums = |op: &Op| match op {
        Op::Add(amount) => *amount,
        Op::Get => 0,
    };
    expect("amounts", sum, done.sum(sums))
}

fn add(sum: &mut u64, op: &Op, gets: &mut u64) {
    match op {
        Op::Add(amount) => *sum += amount,
        Op::Get => *gets += 1,
    }
}

/// A scenario with right and wrong contenders of each kind.
fn scenario(suite: &mut Suite) {
    let mut compared =
        suite.compare("sums").variant("mixed", "three reads for each write", draw).check(check);
    compared
        .contender(
            "own::Atomic",
            || AtomicU64::new(0),
            |sum, op, gets| match op {
                Op::Add(amount) => drop(sum.fetch_add(*amount, Ordering::Relaxed)),
                Op::Get => *gets += 1,
            },
            |sum| sum.load(Ordering::Relaxed),
        )
        .contender(
            "own::Loses",
            || (AtomicU64::new(0), AtomicU64::new(0)),
            |(sum, calls), op, gets| match op {
                Op::Add(_) if calls.fetch_add(1, Ordering::Relaxed) % 1_000 == 7 => {}
                Op::Add(amount) => drop(sum.fetch_add(*amount, Ordering::Relaxed)),
                Op::Get => *gets += 1,
            },
            |(sum, _)| sum.load(Ordering::Relaxed),
        )
        .contender_by_worker(
            "own::Merged",
            Class::Partitioned,
            |workers| {
                let whole = Arc::new(Mutex::new(0));
                (0..workers).map(|_| (0, whole.clone())).collect()
            },
            |(own, _), op, gets| add(own, op, gets),
            |(own, whole)| *whole.lock().unwrap() += std::mem::take(own),
            |handles| *handles[0].1.lock().unwrap(),
        )
        .contender_by_worker(
            "own::NeverFlushed",
            Class::Partitioned,
            |workers| vec![0; workers],
            add,
            |_| (),
            |handles| handles[0],
        )
        .contender_by_worker(
            "own::OneHandle",
            Class::Immediate,
            |_| vec![0],
            add,
            |_| (),
            |handles| handles[0],
        );
    compared
        .plain(|| 0, add, |sum| *sum)
        .reads(|op| matches!(op, Op::Get), |_, _, gets| *gets += 1)
        .shipped_locks()
        .lock::<Mutex<()>>("own::Lock");
}

fn window(variant: &Variant, name: &str, check_only: bool) -> Result<Sample, WindowError> {
    let place = variant.contenders.iter().position(|one| one.info.name == name).expect("it is there");
    let work = Calibration { ns_per_iteration: 3.0, ..Calibration::default() };
    let settings = BlockSettings { threads: 2, seed: 1, check_only, work };
    let (mut team, mut pilot) = (Team::new(2), None);
    let length = Duration::from_millis(4);
    let mut window = Window { team: &mut team, length, pilot: &mut pilot, earlier: None, check_only };
    variant.prepare(&settings).measure(place, 0, &mut window)
}

/// What a window of a contender says that is wrong; a panic's text, too.
fn fault(variant: &Variant, name: &str, check_only: bool) -> Option<String> {
    let measured = catch_unwind(AssertUnwindSafe(|| window(variant, name, check_only)));
    match measured {
        Ok(Ok(sample)) => {
            assert!(sample.timing.total() > 0, "{name}");
            None
        }
        Ok(Err(error)) => Some(error.to_string()),
        Err(panic) => Some(message(&*panic)),
    }
}

#[test]
fn right_contenders_pass_and_lost_updates_are_found() {
    let mut suite = workloads();
    scenario(&mut suite);
    let variant = suite.variants.last().unwrap();
    assert_eq!(variant.info.id.to_string(), "sums/mixed");
    for contender in &variant.contenders {
        let name = &*contender.info.name;
        let fault = fault(variant, name, false);
        let wanted = match name {
            "own::Loses" | "own::NeverFlushed" => Some("amounts were lost"),
            "own::OneHandle" => Some("`own::OneHandle` makes 1 handles for 2 workers: make one for each"),
            _ => None,
        };
        match (&fault, wanted) {
            (None, None) => {}
            (Some(fault), Some(wanted)) => assert!(fault.contains(wanted), "{name}: {fault}"),
            _ => panic!("{name}: {fault:?}"),
        }
    }
}

#[test]
fn each_cell_can_be_checked_without_time() {
    let mut suite = workloads();
    scenario(&mut suite);
    let variant = suite.variants.last().unwrap();
    for name in ["floor", "serial", "own::Atomic", "own::Merged", "own::Lock", "std::sync::RwLock"] {
        assert_eq!(fault(variant, name, true), None, "{name}");
    }
}

#[test]
fn contenders_have_two_loops_each_and_the_class_that_they_state() {
    let mut suite = workloads();
    scenario(&mut suite);
    for contender in &suite.variants.last().unwrap().contenders {
        let [first, second] = contender.loop_addresses;
        assert_ne!(first, second, "{}", contender.info.name);
        let class = match &*contender.info.name {
            "floor" => Class::Floor,
            "serial" | "own::Merged" | "own::NeverFlushed" => Class::Partitioned,
            _ => Class::Immediate,
        };
        assert_eq!(contender.class, class, "{}", contender.info.name);
    }
}

/// The names of the locks that are shown, and whether they let readers in together.
#[derive(Default)]
struct Names(BTreeSet<(String, bool)>);

impl LockVisitor for Names {
    fn visit<L: Lock, const READERS: bool>(&mut self, name: &str) {
        self.0.insert((name.to_owned(), READERS));
    }
}

#[test]
fn every_lock_of_the_suite_is_in_a_scenario() {
    let mut shown = Names::default();
    each_lock(&mut shown);
    let registered: BTreeSet<_> =
        suite().locks.into_iter().map(|(info, readers)| (info.name, readers)).collect();
    assert_eq!(shown.0, registered);
    for mut suite in [suite(), workloads(), Suite::empty()] {
        scenario(&mut suite);
        let variant = suite.variants.last().unwrap();
        for (name, _) in &registered {
            let found = variant.contenders.iter().find(|one| one.info.name == *name);
            let found = found.unwrap_or_else(|| panic!("{name}"));
            assert!(found.info.facts.ends_with('.') && found.info.family != "own", "{:?}", found.info);
        }
    }
}

#[test]
fn read_write_locks_are_left_out_where_nothing_only_reads() {
    let mut suite = workloads();
    let mut compared = suite.compare("adds").variant("all", "adds only", |_| Op::Add(1)).check(check);
    compared.plain(|| 0, add, |sum| *sum).shipped_locks();
    let variant = suite.variants.last().unwrap();
    let has = |name: &str| variant.contenders.iter().any(|one| one.info.name == name);
    assert!(has("std::sync::Mutex") && has("serial") && !has("std::sync::RwLock"));
    let absent = suite.absent.iter().find(|absent| absent.block == "adds").expect("it says so");
    assert!(absent.reason.contains("only reads"), "{absent:?}");
}

/// Two scenarios with the same types are two workloads.
#[test]
fn a_contender_is_in_its_own_scenario_alone() {
    let mut suite = workloads();
    scenario(&mut suite);
    let mut other = suite.compare("other").variant("all", "adds only", |_| Op::Add(1)).check(check);
    other.contender("own::Other", || AtomicU64::new(0), |_, _, _| (), |_| 0);
    let names = |scenario: &str| -> BTreeSet<String> {
        let variants = suite.variants.iter().filter(|variant| variant.info.id.workload == scenario);
        variants.flat_map(|of| &of.contenders).map(|one| one.info.name.clone()).collect()
    };
    assert_eq!(names("other"), ["floor", "own::Other"].map(str::to_owned).into());
    assert!(!names("sums").contains("own::Other"));
}

#[test]
fn bad_names_are_refused_with_the_right_form() {
    let refused = |name: &str, variant: &str, contender: &str| {
        let names = [name, variant, contender].map(str::to_owned);
        let panic = catch_unwind(move || {
            let [name, variant, contender] = names;
            let mut suite = workloads();
            let scenario = suite.compare(&name).variant(&variant, "", draw).variant("taken", "", draw);
            let mut compared = scenario.check(check);
            let mut add = |name: &str| {
                compared.contender(name, || (), |_, _, _| (), |()| 0);
            };
            add("own::Known");
            add(&contender);
        });
        message(&*panic.expect_err("it is refused"))
    };
    for (name, variant, contender, wanted) in [
        ("a/b", "all", "c", "`a/b` cannot name a scenario: use 1 to 60 of A-Z"),
        ("", "all", "c", "`` cannot name a scenario"),
        ("..", "all", "c", "`..` cannot name a scenario"),
        ("my cache", "all", "c", "`my cache` cannot name a scenario"),
        ("Counter", "all", "c", "has a workload `counter` already: choose another name"),
        ("new", "a/b", "c", "`a/b` cannot name a variant"),
        ("new", "Taken", "c", "`new` has a variant `taken` already"),
        ("new", "all", "a/b", "`a/b` is not a contender's name"),
        ("new", "all", "own::known", "new/all has a contender `own::known` already"),
        ("new", "all", "floor", "new/all has a contender `floor` already"),
    ] {
        let text = refused(name, variant, contender);
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
}

#[test]
fn what_was_done_is_known_by_operation() {
    let drawn = Drawn::new(vec![(); 5]);
    assert_eq!([0, 1, 2].map(|worker| drawn.start(worker)), [0, 3, 1]);
    let worked = |start, count| Worked { start, tally: (), count };
    for workers in [
        vec![worked(0, 0)],
        vec![worked(0, 5)],
        vec![worked(4, 1)],
        vec![worked(3, 4), worked(1, 13), worked(4, 22)],
    ] {
        let mut times = [0; 5];
        for &Worked { start, count, .. } in &workers {
            for step in 0..count as usize {
                times[(start + step) % 5] += 1;
            }
        }
        let done = Done::new(&drawn, &workers);
        let found: Vec<u64> = done.operations().map(|(_, times)| times).collect();
        assert_eq!(found, times, "{workers:?}");
        assert_eq!(done.total(), times.iter().sum::<u64>());
        assert_eq!(done.count(|()| true), done.total());
    }
}

#[test]
fn all_workers_go_round_the_same_operations() {
    let drawn = Drawn::new((0..1_000).collect());
    let take = |start: usize| {
        let (mut at, mut seen) = (start, Vec::new());
        drawn.next(&mut at, 700, |op| seen.push(*op));
        drawn.next(&mut at, 700, |op| seen.push(*op));
        seen
    };
    assert_eq!(take(600), (600..1_000).chain(0..1_000).collect::<Vec<_>>());
}

/// A stream may depend on threads, and on calibrated work of any length.
#[test]
fn a_stream_knows_the_settings_of_its_block() {
    let mut suite = workloads();
    let scenario = suite.compare("stream").stream("300ns", "work of 300 ns", |settings: &BlockSettings| {
        vec![settings.iterations(300); settings.threads]
    });
    let mut compared = scenario.check(|(), done: &Done<'_, u64>| {
        let found: Vec<u64> = done.operations().map(|(iterations, _)| *iterations).collect();
        if found == [100, 100] { Ok(()) } else { Err(format!("{found:?}")) }
    });
    compared.contender("own::Work", || (), |(), op, ()| busy_loop(*op), |()| ());
    assert_eq!(fault(suite.variants.last().unwrap(), "own::Work", true), None);
    let mut suite = workloads();
    let scenario = suite.compare("stream").stream("empty", "", |_| Vec::<u64>::new());
    scenario.check(|(), _: &Done<'_, u64>| Ok(())).contender("own::Work", || (), |(), _, ()| (), |()| ());
    let fault = fault(suite.variants.last().unwrap(), "own::Work", true);
    assert_eq!(fault.as_deref(), Some("`stream/empty` draws no operations: let it draw one or more"));
}
