//! What holds of the team under every schedule that is tried: thousands at random, and thousands with
//! few switches at the worst places. A schedule that ends in a deadlock, in a panic or not at all fails
//! too, which is how a lost start or stop shows.
#![cfg(shuttle)]

use std::time::Duration;

use contend_team::Instant;
use contend_team::{OpenWindow, Task, Team};
use shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler};
use shuttle::sync::Arc;
use shuttle::sync::atomic::{AtomicUsize, Ordering};
use shuttle::sync::mpsc::channel;
use shuttle::{Config, Runner};

/// Schedules of each kind.
const SCHEDULES: usize = 1_000;

/// Switches of priority in those with few.
const DEPTH: usize = 3;

/// Steps after which a schedule counts as one that does not end.
const STEPS: usize = 200_000;

const WINDOW: Duration = Duration::from_nanos(60);

fn try_all(scenario: fn()) {
    run(RandomScheduler::new(SCHEDULES), scenario);
    run(PctScheduler::new(DEPTH, SCHEDULES), scenario);
}

fn run(scheduler: impl Scheduler + 'static, scenario: fn()) {
    let mut config = Config::new();
    config.silence_warnings = true; // that orderings are not tried: see the crate's first page
    config.max_steps = shuttle::MaxSteps::FailAfter(STEPS);
    Runner::new(scheduler, config).run(scenario);
}

/// What a worker did, and when: a chunk's begin and end.
#[derive(Default)]
struct Log(Vec<(Instant, Instant)>);

impl Log {
    fn work(&mut self, _worker: usize, _operations: u64) {
        let begin = Instant::now();
        shuttle::thread::yield_now();
        self.0.push((begin, Instant::now()));
    }

    /// Whether a look at the published count, taken from `from` to `to`, may have seen `count` chunks:
    /// they had ended before the look did, and the next but one had not begun before the look did. (The
    /// next may have ended: it is published after that.)
    fn may_show(&self, count: usize, from: u64, to: u64) -> bool {
        let ended = count.checked_sub(1).is_none_or(|n| nanos(self.0[n].1) <= to);
        ended && self.0.get(count + 1).is_none_or(|next| nanos(next.0) >= from)
    }
}

fn nanos(instant: Instant) -> u64 {
    instant.since_start().as_nanos() as u64
}

/// An open window with `workers`, and whether its figures are those of one stretch of time.
fn open(team: &mut Team, workers: usize) {
    let opening = OpenWindow { window: WINDOW, ramp: Duration::from_nanos(10), chunk: 3, chunk_time: None };
    let logs: Vec<Log> = (0..workers).map(|_| Log::default()).collect();
    let (timing, logs) = team.open(logs, opening, Log::work).unwrap();
    assert_eq!(logs.len(), workers);
    assert!(timing.window >= WINDOW, "{timing:?} is too short");
    for (log, all) in logs.iter().zip(&timing.all_operations) {
        assert!(!log.0.is_empty(), "a worker missed the window");
        assert_eq!(*all, 3 * log.0.len() as u64, "not all is accounted for");
    }
    // Somewhere there are two moments, as far apart as the window is long, between which each worker
    // did what is said of it, give or take what a snapshot takes.
    let (length, give) = (timing.window.as_nanos() as u64, timing.snapshot_span.as_nanos() as u64);
    let last = logs.iter().flat_map(|log| &log.0).map(|(_, end)| nanos(*end));
    let last = last.max().unwrap();
    let fits = |opened: u64, log: &Log, chunks: usize| {
        (0..=log.0.len() - chunks).any(|before| {
            let closed = opened + length;
            log.may_show(before, opened.saturating_sub(give), opened + give)
                && log.may_show(before + chunks, closed.saturating_sub(give), closed + give)
        })
    };
    let all_fit = |opened| {
        let mut workers = logs.iter().zip(&timing.operations);
        workers.all(|(log, operations)| fits(opened, log, *operations as usize / 3))
    };
    assert!((0..=last).any(all_fit), "{timing:?} belongs to no window");
}

#[test]
fn each_worker_sees_each_open_window_and_its_figures_are_the_windows() {
    try_all(|| {
        let mut team = Team::new(2);
        open(&mut team, 2);
        open(&mut team, 1);
        open(&mut team, 2);
    });
    try_all(|| open(&mut Team::new(3), 3));
}

#[test]
fn fixed_work_begins_when_all_are_there_and_ends_with_the_last() {
    try_all(|| {
        let mut team = Team::new(3);
        for round in 1..=2 {
            let ready = Arc::new(AtomicUsize::new(0));
            let handles = (0..3).map(|_| (ready.clone(), Vec::new())).collect();
            let (timing, handles) = team
                .fixed(handles, 1, 5, |(ready, seen), _, operations| {
                    let begin = Instant::now();
                    if operations == 1 {
                        shuttle::thread::yield_now();
                        ready.fetch_add(1, Ordering::SeqCst);
                    } else {
                        assert_eq!(ready.load(Ordering::SeqCst), 3, "one began alone");
                    }
                    seen.push((operations, begin, Instant::now()));
                })
                .unwrap();
            assert_eq!(timing.all_operations, [6, 6, 6], "round {round}");
            let begin = handles.iter().map(|(_, seen)| seen[1].1).min().unwrap();
            let end = handles.iter().map(|(_, seen)| seen[1].2).max().unwrap();
            assert!(timing.window >= end.duration_since(begin), "cut off: {timing:?}");
            let each = |seen: &[(u64, Instant, Instant)]| [seen[0].0, seen[1].0];
            assert!(handles.iter().all(|(_, seen)| seen.len() == 2 && each(seen) == [1, 5]));
        }
    });
}

#[test]
fn parts_and_a_lead_that_wait_for_each_other_all_play() {
    try_all(|| {
        let mut team = Team::new(2);
        for _ in 0..2 {
            let (sender, receiver) = channel();
            let task = |n: u64| -> Task<u64> {
                let sender = sender.clone();
                Box::new(move || {
                    sender.send(n).unwrap();
                    n
                })
            };
            let tasks = vec![task(5), task(7)];
            drop(sender);
            let hear = || receiver.iter().sum();
            let (_, yields) = team.run_once(tasks, Some(Box::new(hear))).unwrap();
            assert_eq!(yields, [5, 7, 12]);
        }
    });
}

#[test]
fn a_team_that_is_dropped_ends_its_threads_and_drops_what_they_had() {
    try_all(|| {
        let held = Arc::new(());
        let mut team = Team::new(3);
        let inner = held.clone();
        team.run(2, move |_| drop(inner.clone())).unwrap();
        drop(team); // waits for the threads: one that stays is a deadlock
        assert_eq!(Arc::strong_count(&held), 1, "a thread still has its job");
    });
    try_all(|| drop(Team::new(2)));
}

#[test]
fn a_worker_that_panics_stops_the_others_and_the_team_goes_on() {
    try_all(|| {
        let mut team = Team::new(2);
        let opening =
            OpenWindow { window: WINDOW, ramp: Duration::from_nanos(10), chunk: 1, chunk_time: None };
        let work = |log: &mut Log, worker, operations| {
            assert!(worker != 1, "worker {worker} had enough");
            log.work(worker, operations);
        };
        let logs = vec![Log::default(), Log::default()];
        let error = team.open(logs, opening, work).map(drop).unwrap_err();
        assert_eq!(error.0, "worker 1 had enough");
        open(&mut team, 2);
    });
}
