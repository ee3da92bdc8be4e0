//! Whole windows by hand: scoped threads, a barrier that spins, a loop, two looks at the clock. As a
//! careful person would write it for one contender, without anything of contend in the loop.

use std::collections::HashMap;
use std::hint::spin_loop;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use contend::record::{Class, Shape};
use contend::run::{Contender, Fault, Pilot, Sample, Timing, Used, Window};
use contend::workload::counter::Hot;
use contend::workload::map::{Keys, Map};
use contend::workload::open::Open;
use contend::{Model, Shared, Suite, about};
use foldhash::fast::FixedState;

pub fn register(suite: &mut Suite) {
    suite.contender(contender("by-hand::fetch_add", Class::Immediate, fetch_add));
    suite.contender(contender("by-hand::Mutex", Class::Immediate, mutex));
    suite.contender(contender(
        "by-hand::crossbeam_channel",
        Class::Deferred,
        channel,
    ));
    suite.contender(contender("by-hand::Mutex", Class::Immediate, map));
}

type Take<W> = fn(&Arc<W>, &mut Window<'_>) -> Result<Sample, Fault>;

fn contender<W>(name: &str, class: Class, take: Take<W>) -> Contender<W> {
    Contender {
        about: about(name),
        class,
        runnable: |threads| threads,
        take: [take, take],
        code: [take as *const () as usize; 2],
    }
}

fn fetch_add(_: &Arc<Hot>, window: &mut Window<'_>) -> Result<Sample, Fault> {
    let counter = AtomicU64::new(0);
    time(
        window,
        |_, count| {
            for _ in 0..count {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        },
        |all| counter.load(Ordering::Relaxed) == all,
    )
}

fn mutex(_: &Arc<Hot>, window: &mut Window<'_>) -> Result<Sample, Fault> {
    let counter = Mutex::new(0_u64);
    time(
        window,
        |_, count| {
            for _ in 0..count {
                *counter.lock().unwrap() += 1;
            }
        },
        |all| *counter.lock().unwrap() == all,
    )
}

fn channel(_: &Arc<Hot>, window: &mut Window<'_>) -> Result<Sample, Fault> {
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
        for message in messages {
            match message {
                Message::Add => counter += 1,
                Message::Done(worker) => replies[worker].send(()).unwrap(),
            }
        }
        counter
    });
    let all = AtomicU64::new(0);
    let sample = time(
        window,
        |worker, count| {
            for _ in 0..count {
                inbox.send(Message::Add).unwrap();
            }
            inbox.send(Message::Done(worker)).unwrap();
            done[worker].recv().unwrap();
        },
        |sent| {
            all.store(sent, Ordering::Relaxed);
            true
        },
    )?;
    drop(inbox);
    match owner.join().unwrap() == all.into_inner() {
        true => Ok(sample),
        false => Err(Fault::Wrong("an increment was lost".to_owned())),
    }
}

fn map(workload: &Arc<Keys>, window: &mut Window<'_>) -> Result<Sample, Fault> {
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
    let entries = Mutex::new(entries);
    time(
        window,
        |worker, count| {
            let mut at = 0;
            for _ in 0..count {
                let key = keys[worker][at];
                at = (at + 1) % (1 << 16);
                *entries.lock().unwrap().entry(key).or_insert(0) += 1;
            }
        },
        |all| entries.lock().unwrap().values().sum::<u64>() == all,
    )
}

/// Writes down which keys a stream has.
struct Written(Vec<u32>);

impl Shared<Map> for Written {
    fn open(_: Map, _: usize) -> Vec<Self> {
        Vec::new()
    }
    fn write(&mut self, key: u32) {
        self.0.push(key);
    }
    fn read(&mut self, _: u32) -> <Map as Model>::Answer {
        None
    }
    fn close(_: Vec<Self>) -> u64 {
        0
    }
}

/// Times `work(worker, operations)` on as many threads as the block has, and checks the sum of all.
fn time(
    window: &mut Window<'_>,
    work: impl Fn(usize, u64) + Sync,
    right: impl Fn(u64) -> bool,
) -> Result<Sample, Fault> {
    let threads = window.threads();
    let mut all = 0;
    let mut once = |before: u64, operations: u64| {
        let missing = AtomicUsize::new(threads);
        let times: Vec<(Instant, Instant)> = thread::scope(|scope| {
            let run = |worker| {
                let (missing, work) = (&missing, &work);
                scope.spawn(move || {
                    work(worker, before);
                    missing.fetch_sub(1, Ordering::AcqRel);
                    while missing.load(Ordering::Acquire) > 0 {
                        spin_loop();
                    }
                    let start = Instant::now();
                    work(worker, operations);
                    (start, Instant::now())
                })
            };
            let running: Vec<_> = (0..threads).map(run).collect();
            running
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        all += (before + operations) * threads as u64;
        let start = times.iter().map(|(start, _)| *start).min().unwrap();
        let end = times.iter().map(|(_, end)| *end).max().unwrap();
        end.duration_since(start)
    };
    let operations = match *window.pilot {
        Some(pilot) => pilot.operations,
        None => {
            let took = once(10_000, 20_000).max(Duration::from_micros(1));
            let fitting = 20_000.0 * window.length.as_secs_f64() / took.as_secs_f64();
            let (shape, operations) = (Shape::Fixed, fitting as u64 + 1);
            *window.pilot = Some(Pilot { shape, operations });
            operations
        }
    };
    // More than two windows before it: two fresh threads may share a core for the first 20 ms.
    let warm_up = operations * 5 / 2;
    let took = once(warm_up, operations);
    if !right(all) {
        return Err(Fault::Wrong(
            "the sum is not that of the operations".to_owned(),
        ));
    }
    Ok(Sample {
        timing: Timing {
            window: took,
            operations: vec![operations; threads],
            all_operations: vec![operations + warm_up; threads],
            skew: Duration::ZERO,
            bracket: Duration::ZERO,
        },
        shape: Shape::Fixed,
        chunk: operations,
        used: Used::default(),
        own: None,
    })
}
