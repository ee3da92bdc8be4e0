//! Whole windows by hand: a barrier that spins, a loop, two looks at the clock. As a careful person would
//! write it for one contender, without anything of contend in the loop. What is seen
//! at once runs until a time, and what an owner applies later is a number of operations, as in the suite.

use std::collections::HashMap;
use std::hint::spin_loop;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use contend::Team;
use contend::record::{Class, Shape};
use contend::registry::Contender;
use contend::team::{Pilot, Sample, Timing, Used, Window, WindowError};
use contend::workload::counter::Hot;
use contend::workload::map::{Keys, Map};
use contend::workload::open::OpenWorkload;
use contend::{Info, Model, Shared, Suite};
use foldhash::fast::FixedState;

pub fn register(suite: &mut Suite) {
    suite.contender(contender("by-hand::fetch_add", Class::Immediate, fetch_add));
    suite.contender(contender("by-hand::Mutex", Class::Immediate, mutex));
    suite.contender(contender("by-hand::crossbeam_channel", Class::Deferred, channel));
    suite.contender(contender("by-hand::Mutex", Class::Immediate, map));
}

type Take<W> = fn(&Arc<W>, &mut Window<'_>) -> Result<Sample, WindowError>;

fn contender<W>(name: &str, class: Class, take: Take<W>) -> Contender<W> {
    Contender {
        info: Info::new(name),
        class,
        runnable: |threads| threads,
        workers_run_on: true,
        measure: [take, take],
        loop_addresses: [take as *const () as usize; 2],
        strategy: "a loop by hand",
    }
}

fn fetch_add(_: &Arc<Hot>, window: &mut Window<'_>) -> Result<Sample, WindowError> {
    let counter = Arc::new(AtomicU64::new(0));
    let theirs = counter.clone();
    let work = move |_: usize, _: &mut usize, count| {
        for _ in 0..count {
            theirs.fetch_add(1, Ordering::Relaxed);
        }
    };
    open(window, work, |all| counter.load(Ordering::Relaxed) == all)
}

fn mutex(_: &Arc<Hot>, window: &mut Window<'_>) -> Result<Sample, WindowError> {
    let counter = Arc::new(Mutex::new(0_u64));
    let theirs = counter.clone();
    let work = move |_: usize, _: &mut usize, count| {
        for _ in 0..count {
            *theirs.lock().unwrap() += 1;
        }
    };
    open(window, work, |all| *counter.lock().unwrap() == all)
}

fn channel(_: &Arc<Hot>, window: &mut Window<'_>) -> Result<Sample, WindowError> {
    /// As small as can be: who is done is named, and the owner has a reply for each.
    enum Message {
        Add,
        Done(usize),
    }
    let (inbox, messages) = crossbeam_channel::bounded(1_024);
    let pairs = (0..window.threads()).map(|_| crossbeam_channel::bounded(1));
    let (replies, done): (Vec<_>, Vec<_>) = pairs.unzip();
    let owner = thread::spawn(move || {
        let mut counter = 0_u64;
        while let Ok(message) = messages.recv() {
            match message {
                Message::Add => counter += 1,
                Message::Done(worker) => replies[worker].send(()).unwrap(),
            }
        }
        counter
    });
    let work = move |worker: usize, _: &mut usize, count| {
        for _ in 0..count {
            inbox.send(Message::Add).unwrap();
        }
        inbox.send(Message::Done(worker)).unwrap();
        done[worker].recv().unwrap();
    };
    // The work has the inbox, and is dropped with it before the sum is asked for.
    fixed(window, work, |all| owner.join().unwrap() == all)
}

fn map(workload: &Arc<Keys>, window: &mut Window<'_>) -> Result<Sample, WindowError> {
    // The suite's own keys, written down before the window.
    let keys = |worker| {
        let (mut worker, mut keys) = (workload.worker(worker), Written(Vec::new()));
        for _ in 0..1 << 16 {
            workload.operation(&mut worker, &mut keys);
        }
        keys.0
    };
    let keys: Vec<Vec<u32>> = (0..window.threads()).map(keys).collect();
    let mut entries = HashMap::with_capacity_and_hasher(10_000, FixedState::with_seed(1));
    entries.extend((0..10_000).map(|key| (key, 0_u64)));
    let entries = Arc::new(Mutex::new(entries));
    let theirs = entries.clone();
    let work = move |worker: usize, place: &mut usize, count| {
        let (keys, mut at) = (&keys[worker][..1 << 16], *place);
        for _ in 0..count {
            let key = keys[at];
            at = (at + 1) % (1 << 16);
            *theirs.lock().unwrap().entry(key).or_insert(0) += 1;
        }
        *place = at;
    };
    let sum = |entries: &Mutex<HashMap<u32, u64, FixedState>>| entries.lock().unwrap().values().sum::<u64>();
    open(window, work, |all| sum(&entries) == all)
}

/// Writes down which keys a stream has.
struct Written(Vec<u32>);

impl Shared<Map> for Written {
    fn new_handles(_: Map, _: usize) -> Vec<Self> {
        Vec::new()
    }
    fn write(&mut self, key: u32) {
        self.0.push(key);
    }
    fn read(&mut self, _: u32) -> <Map as Model>::Answer {
        None
    }
    fn into_digest(_: Vec<Self>) -> u64 {
        0
    }
}

/// Several threads spin for so long before a window: two that woke up may share a core until the scheduler
/// notices. One alone does not: the scheduler would prefer an owner that slept meanwhile.
const WARM_UP: Duration = Duration::from_millis(20);

/// Calls `before(worker, place)` and then, from a barrier on, `timed`, which says how many operations it
/// did, on as many threads as the block has. From the first one's start to the last one's end, and what each
/// did. The threads are the suite's, for they are no part of a loop, and fresh ones would leave the
/// scheduler in another state for the windows that follow.
fn once(
    team: &mut Team,
    before: impl Fn(usize, &mut usize) + Send + Sync + 'static,
    timed: impl Fn(usize, &mut usize) -> u64 + Send + Sync + 'static,
) -> Result<(Duration, Vec<u64>), WindowError> {
    let threads = team.size();
    let missing = AtomicUsize::new(threads);
    let ended = Arc::new(Mutex::new(vec![None; threads]));
    let places = ended.clone();
    team.run(threads, move |worker| {
        let warm = Instant::now() + WARM_UP;
        while threads > 1 && Instant::now() < warm {
            spin_loop();
        }
        let mut place = 0;
        before(worker, &mut place);
        missing.fetch_sub(1, Ordering::AcqRel);
        while missing.load(Ordering::Acquire) > 0 {
            spin_loop();
        }
        let start = Instant::now();
        let done = timed(worker, &mut place);
        let end = (start, Instant::now(), done);
        places.lock().unwrap()[worker] = Some(end);
    })?;
    let ended = ended.lock().unwrap();
    let ended = || ended.iter().map(|end| end.unwrap());
    let start = ended().map(|(start, ..)| start).min().unwrap();
    let end = ended().map(|(_, end, _)| end).max().unwrap();
    let done = ended().map(|(.., done)| done).collect();
    Ok((end.duration_since(start), done))
}

/// Operations of each thread by which the pace is found.
const PILOT: u64 = 20_000;

/// How many operations of each thread fit into `length`: found once a fork, by how long `pilot` takes for
/// [`PILOT`] of them. And whether that was now.
fn fitting(
    window: &mut Window<'_>,
    (shape, length): (Shape, Duration),
    pilot: impl FnOnce(&mut Team) -> Result<(Duration, Vec<u64>), WindowError>,
) -> Result<(u64, bool), WindowError> {
    if let Some(pilot) = *window.pilot {
        return Ok((pilot.operations, false));
    }
    let (took, _) = pilot(window.team)?;
    let took = took.max(Duration::from_micros(1));
    let operations = (PILOT as f64 * length.as_secs_f64() / took.as_secs_f64()) as u64 + 1;
    *window.pilot = Some(Pilot { shape, operations });
    Ok((operations, true))
}

/// Times `work(worker, place, operations)` on as many threads as the block has until the window is over,
/// and checks the sum of all.
fn open(
    window: &mut Window<'_>,
    work: impl Fn(usize, &mut usize, u64) + Send + Sync + 'static,
    right: impl FnOnce(u64) -> bool,
) -> Result<Sample, WindowError> {
    let (shape, length, work) = (Shape::Open, window.length, Arc::new(work));
    let (pilots, first) = (work.clone(), work.clone());
    let (chunk, piloted) = fitting(window, (shape, length / 1_000), |team| {
        once(
            team,
            |_, _| (),
            move |worker, place| {
                pilots(worker, place, PILOT);
                PILOT
            },
        )
    })?;
    // As long as the ramp of an open window.
    let ramp = 125 * chunk;
    let before = move |worker: usize, place: &mut usize| first(worker, place, ramp);
    let stop = AtomicBool::new(false);
    let (took, done) = once(window.team, before, move |worker, place| {
        let (start, mut done) = (Instant::now(), 0);
        while !stop.load(Ordering::Relaxed) {
            work(worker, place, chunk);
            done += chunk;
            if worker == 0 && start.elapsed() >= length {
                stop.store(true, Ordering::Relaxed);
            }
        }
        done
    })?;
    let outside = ramp + if piloted { PILOT } else { 0 };
    sample((shape, chunk), took, done, outside, right)
}

/// Times `work` for as many operations as fit into the window, and checks the sum of all.
fn fixed(
    window: &mut Window<'_>,
    work: impl Fn(usize, &mut usize, u64) + Send + Sync + 'static,
    right: impl FnOnce(u64) -> bool,
) -> Result<Sample, WindowError> {
    /// As many as a worker of the suite does before a fixed window.
    const FEW: u64 = 16;
    let (shape, length, work) = (Shape::Fixed, window.length, Arc::new(work));
    let take = |team: &mut Team, operations: u64| {
        let (before, timed) = (work.clone(), work.clone());
        let few = move |worker: usize, place: &mut usize| before(worker, place, FEW);
        once(team, few, move |worker, place| {
            timed(worker, place, operations);
            operations
        })
    };
    let (operations, piloted) = fitting(window, (shape, length), |team| take(team, PILOT))?;
    let (took, done) = take(window.team, operations)?;
    drop(work);
    let outside = FEW + if piloted { PILOT + FEW } else { 0 };
    sample((shape, operations), took, done, outside, right)
}

/// What a window yielded, if it was right. `outside` are the operations of each thread that were not timed.
fn sample(
    (shape, chunk): (Shape, u64),
    window: Duration,
    operations: Vec<u64>,
    outside: u64,
    right: impl FnOnce(u64) -> bool,
) -> Result<Sample, WindowError> {
    let all_operations: Vec<u64> = operations.iter().map(|done| done + outside).collect();
    if !right(all_operations.iter().sum()) {
        let what = "the sum is not that of the operations";
        return Err(WindowError::Wrong(what.to_owned()));
    }
    Ok(Sample {
        timing: Timing {
            window,
            operations,
            all_operations,
            skew: Duration::ZERO,
            snapshot_span: Duration::ZERO,
            chunk,
            ends: Vec::new(),
        },
        shape,
        used: Used::default(),
        parts: Vec::new(),
        custom_metric: None,
    })
}
