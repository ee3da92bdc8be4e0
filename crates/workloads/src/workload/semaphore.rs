//! `semaphore`: at most K threads are inside at once. What a channel of K tokens does in Go.
//!
//! An open workload without a model: the workers of a window enter and leave until it is over.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::capability::{Lock, Mpmc, MutexCondvar};
use crate::model::NoOp;
use crate::model::handles;
use crate::registry::{Description, Info, Strategy, Suite, ThreadCounts, Tier};
use crate::workload::open::{downcast, floor, serial};
use contend_record::{Class, WorkloadGroup};
use contend_team::busy_loop::busy_loop;
use contend_team::{Sample, StopRule, Window, WindowError, WorkerLoop};

/// The name in ids.
pub const NAME: &str = "semaphore";

/// Nanoseconds that a worker is inside where several may be.
const INSIDE_NS: u64 = 1_000;

/// Nanoseconds that it is inside where it is alone.
const ALONE_NS: u64 = 100;

/// What lets at most so many in.
pub trait Semaphore: Send + Sync + 'static {
    /// What is promised.
    const CLASS: Class = Class::Immediate;

    /// How many of `threads` workers it can use.
    fn workers(threads: usize) -> usize {
        threads
    }

    /// One that lets `permits` in at once.
    fn new(permits: usize) -> Self;

    /// Calls `inside` when it may, and lets the next in after it.
    fn enter<R>(&self, inside: impl FnOnce() -> R) -> R;
}

/// How many may be inside, and for how long they are. `ALONE` says that it is one: a lock.
pub struct Params<const ALONE: bool> {
    permits: u64,
    iterations: u64,
}

/// Who is inside.
#[derive(Default)]
struct Inside {
    now: AtomicU64,
    most: AtomicU64,
    entries: AtomicU64,
}

/// A worker.
struct Visitor<S> {
    semaphore: Arc<(S, Inside)>,
    permits: u64,
    iterations: u64,
    visits: fn(&Visitor<S>, u64),
}

impl<S: Semaphore> WorkerLoop for Visitor<S> {
    fn work(&mut self, operations: u64) {
        (self.visits)(self, operations);
    }
}

#[inline(never)]
fn visits<S: Semaphore, const COPY: usize>(visitor: &Visitor<S>, count: u64) {
    black_box(COPY);
    let (semaphore, inside) = &*visitor.semaphore;
    for _ in 0..count {
        semaphore.enter(|| {
            let now = inside.now.fetch_add(1, Ordering::Relaxed) + 1;
            if now > visitor.permits {
                inside.most.fetch_max(now, Ordering::Relaxed);
            }
            busy_loop(visitor.iterations);
            inside.now.fetch_sub(1, Ordering::Relaxed);
        });
    }
    inside.entries.fetch_add(count, Ordering::Relaxed);
}

impl Inside {
    fn check(&self, permits: u64, wanted: u64) -> Result<(), String> {
        let most = self.most.load(Ordering::Relaxed);
        if most > permits {
            return Err(format!("{most} were inside at once, where {permits} may be"));
        }
        let left = self.now.load(Ordering::Relaxed);
        if left > 0 {
            return Err(format!("{left} are inside after all have left"));
        }
        let entries = self.entries.load(Ordering::Relaxed);
        match entries == wanted {
            true => Ok(()),
            false => Err(format!("{entries} of {wanted} entries were counted")),
        }
    }
}

fn measure<S: Semaphore, const ALONE: bool>(
    params: &Params<ALONE>,
    window: &mut Window<'_>,
    visits: fn(&Visitor<S>, u64),
) -> Result<Sample, WindowError> {
    let &Params { permits, iterations } = params;
    let workers = S::workers(window.threads());
    let open = || {
        let semaphore = Arc::new((S::new(permits as usize), Inside::default()));
        handles(workers, |_| -> Box<dyn WorkerLoop> {
            Box::new(Visitor { semaphore: semaphore.clone(), permits, iterations, visits })
        })
    };
    let close = |mut work: Vec<Box<dyn WorkerLoop>>, counts: &[u64]| {
        let visitor = downcast::<Visitor<S>>(work.pop().expect("there is a worker"));
        match S::CLASS {
            Class::Floor => Ok(()),
            _ => visitor.semaphore.1.check(permits, counts.iter().sum()).map_err(WindowError::Wrong),
        }
    };
    window.measure(StopRule::Time, &open, &close)
}

impl<S: Semaphore, const ALONE: bool> Strategy<Params<ALONE>> for S {
    const CLASS: Class = S::CLASS;

    fn runnable(threads: usize) -> usize {
        S::workers(threads)
    }

    fn measure<const COPY: usize>(
        params: &Arc<Params<ALONE>>,
        window: &mut Window<'_>,
    ) -> Result<Sample, WindowError> {
        measure(params, window, visits::<S, COPY>)
    }

    fn loop_address<const COPY: usize>() -> usize {
        visits::<S, COPY> as *const () as usize
    }
}

/// Adds a contender to all variants.
pub fn add<S: Semaphore>(suite: &mut Suite, info: &Info) {
    suite.add::<Params<false>, S>(info.clone());
    suite.add::<Params<true>, S>(info.clone());
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "At most K threads are inside at once",
        models: "Go's channel of K tokens: a goroutine sends one before it begins and receives one when it is done, so at most K run at once (golang.org/x/sync/semaphore and errgroup's SetLimit do the same); with one token the channel is a lock.",
        question: "A bound on what runs at once: a channel of tokens, or a count under a lock? And is a channel a good lock?",
        timed: "Entries of all workers between two snapshots of their counts. Each is inside for about 1 µs (`lock`: 100 ns) and has nothing to do outside; the count of who is inside, for the oracle, is part of it.",
        oracle: "Never more than K are inside, counted by those inside themselves; nobody is left there, and every entry was made.",
        operation: "entry",
    });
    suite
        .variant(
            NAME,
            "2of5",
            "2 of 5 workers may be inside",
            &[("permits", "2"), ("inside", "1 µs")],
            Tier::Standard,
            |setting| Params::<false> { permits: 2, iterations: setting.iterations(INSIDE_NS) },
        )
        .at(ThreadCounts::Own(&[5]));
    suite
        .variant(
            NAME,
            "8of64",
            "8 of 64 workers may be inside",
            &[("permits", "8"), ("inside", "1 µs")],
            Tier::Thorough,
            |setting| Params::<false> { permits: 8, iterations: setting.iterations(INSIDE_NS) },
        )
        .at(ThreadCounts::Own(&[64]));
    suite.variant(
        NAME,
        "lock",
        "one may be inside: a lock",
        &[("permits", "1"), ("inside", "100 ns")],
        Tier::Standard,
        |setting| Params::<true> { permits: 1, iterations: setting.iterations(ALONE_NS) },
    );
    add::<NoOp>(suite, &floor());
    add::<Serial>(suite, &serial());
}

/// Adds the lock itself, where one may be inside.
pub fn register_lock<L: Lock>(suite: &mut Suite, info: &Info) {
    for several in ["semaphore/2of5", "semaphore/8of64"] {
        suite.exclude(several, &info.name, "it lets one thread in: see `lock`");
    }
    let role = "The lock itself: the standard that a channel of one token has to meet.";
    suite.add::<Params<true>, Mutual<L::WithState<()>>>(info.in_role("", role));
}

/// Adds a count of free places under a mutex.
pub fn register_condvar<C: MutexCondvar>(suite: &mut Suite, info: &Info) {
    let role = "A count under a mutex; a thread that leaves wakes one. A panic inside never frees its place.";
    add::<Count<C>>(suite, &info.in_role("+Condvar", role));
}

/// Adds a channel of tokens.
pub fn register_mpmc<C: Mpmc>(suite: &mut Suite, info: &Info) {
    let role = "Sends a token to enter, receives one to leave. A panic inside never frees its token.";
    add::<Tokens<C>>(suite, &info.in_role("+tokens", role));
}

/// Says what is missing, and why. Called before contenders are added, which it keeps out.
pub fn register_exclusions(suite: &mut Suite) {
    suite.exclude(NAME, "std::sync::Semaphore", "std has none: its Semaphore was removed before Rust 1.8");
    suite.exclude(NAME, "dashmap::DashMap", "no thread can wait at a map");
    let atomics =
        "no thread can wait at an atomic: one that finds no place could only look again, as a spin lock does";
    suite.exclude(NAME, "atomics", atomics);
    let rayon = "a pool bounds what runs at once by its number of threads, at which no thread can wait";
    suite.exclude(NAME, "rayon", rayon);
}

impl Semaphore for NoOp {
    const CLASS: Class = Class::Floor;

    fn new(_: usize) -> Self {
        NoOp
    }

    #[inline]
    fn enter<R>(&self, inside: impl FnOnce() -> R) -> R {
        inside()
    }
}

/// One worker, which need not ask.
struct Serial;

impl Semaphore for Serial {
    // Shares nothing, as wherever the state is one worker's: ranked beside what does, it would lead where
    // the question is which of those to take.
    const CLASS: Class = Class::Partitioned;
    fn workers(_: usize) -> usize {
        1
    }

    fn new(_: usize) -> Self {
        Serial
    }

    #[inline]
    fn enter<R>(&self, inside: impl FnOnce() -> R) -> R {
        inside()
    }
}

/// A channel of as many tokens as may be inside: full when no more may enter.
pub struct Tokens<C: Mpmc> {
    sender: C::Sender<()>,
    receiver: C::Receiver<()>,
}

impl<C: Mpmc> Semaphore for Tokens<C> {
    fn new(permits: usize) -> Self {
        let (sender, receiver) = C::channel(permits);
        Self { sender, receiver }
    }

    #[inline]
    fn enter<R>(&self, inside: impl FnOnce() -> R) -> R {
        C::send(&self.sender, ());
        let result = inside();
        C::receive(&self.receiver).expect("the sender is here");
        result
    }
}

/// A count of free places under a mutex.
pub struct Count<C: MutexCondvar> {
    free: C::Mutex<usize>,
    left: C::Condvar,
}

impl<C: MutexCondvar> Semaphore for Count<C> {
    fn new(permits: usize) -> Self {
        Self { free: C::mutex(permits), left: C::Condvar::default() }
    }

    #[inline]
    fn enter<R>(&self, inside: impl FnOnce() -> R) -> R {
        let mut free = C::lock(&self.free);
        while *free == 0 {
            free = C::wait(&self.left, free);
        }
        *free -= 1;
        drop(free);
        let result = inside();
        *C::lock(&self.free) += 1;
        C::notify_one(&self.left);
        result
    }
}

/// A lock, where one may be inside.
pub struct Mutual<L>(L);

impl<L: Lock<State = ()>> Semaphore for Mutual<L> {
    fn new(permits: usize) -> Self {
        assert_eq!(permits, 1, "a lock lets one in");
        Self(L::new(()))
    }

    #[inline]
    fn enter<R>(&self, inside: impl FnOnce() -> R) -> R {
        self.0.with_mut(|()| inside())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_too_many_inside_is_named() {
        // Lets everybody in, while two are inside already, who then leave.
        let visitor = Visitor {
            semaphore: Arc::new((Serial, Inside::default())),
            permits: 2,
            iterations: 0,
            visits: visits::<Serial, 0>,
        };
        let inside = &visitor.semaphore.1;
        inside.now.store(2, Ordering::Relaxed);
        (visitor.visits)(&visitor, 10);
        inside.now.store(0, Ordering::Relaxed);
        let says = inside.check(2, 10).unwrap_err();
        assert_eq!(says, "3 were inside at once, where 2 may be");
        assert_eq!(inside.check(3, 10), Ok(()));
        let says = inside.check(3, 11).unwrap_err();
        assert_eq!(says, "10 of 11 entries were counted");
    }

    /// Lets everybody in.
    struct Ajar;

    impl Semaphore for Ajar {
        fn new(_: usize) -> Self {
            Ajar
        }

        fn enter<R>(&self, inside: impl FnOnce() -> R) -> R {
            inside()
        }
    }

    #[test]
    fn a_semaphore_that_lets_all_in_is_named() {
        // Inside for so long that, on one core too, some are interrupted there.
        let params = Params::<false> { permits: 1, iterations: 200_000 };
        let mut window = Window {
            team: &mut contend_team::Team::new(3),
            length: std::time::Duration::from_millis(50),
            pilot: &mut None,
            check_only: false,
        };
        let fault = measure::<Ajar, false>(&params, &mut window, visits::<Ajar, 0>);
        let says = fault.unwrap_err().to_string();
        assert!(says.ends_with(" were inside at once, where 1 may be"), "{says}");
    }

    #[test]
    fn who_stays_inside_is_named() {
        let inside = Inside::default();
        inside.now.store(1, Ordering::Relaxed);
        let says = inside.check(2, 0).unwrap_err();
        assert_eq!(says, "1 are inside after all have left");
    }
}
