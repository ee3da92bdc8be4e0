//! The contenders of the feature `extra`, a line each: crates beside those that most programs choose
//! from. What they are made of stands in `primitive`, or beside what they are compared with; a crate
//! that does not fit a workload says why.

mod tokio;

use super::fan_out::claimed;
use super::queue::contenders::{Many, Sole};
use super::{
    cancel, counter, fan_out, fetch, first_error, handoff, join, map, once, pipeline, queue,
    select, semaphore, slots, snapshot, spawn,
};
use crate::contenders::{self, ChannelMutex, async_channel, crossfire, kanal};
use crate::registry::{Info, Suite};

/// Adds all that are no lines of their workload's own.
pub(crate) fn add(suite: &mut Suite) {
    absences(suite);
    locks(suite);
    channels(suite);
    tokio::add(suite);
    counter::extra::add(suite);
    map::extra::add(suite);
    once::extra::specials(suite);
    snapshot::extra::specials(suite);
    let gathered = "Workers claim the next index; results are gathered in the map by job.";
    fan_out::add::<claimed::Papaya>(suite, &of("papaya", "papaya::HashMap", gathered));
    fan_out::add::<claimed::Scc>(suite, &of("scc", "scc::HashMap", gathered));
}

/// A contender of a crate that is a family by itself.
fn of(package: &'static str, name: &str, notes: &'static str) -> Info {
    Info::new(name)
        .family(package)
        .package(package)
        .notes(notes)
}

#[rustfmt::skip]
fn locks(suite: &mut Suite) {
    use ::tokio::sync::{Mutex, RwLock};
    use spin::lock_api::Mutex as Spin;
    type Adjacent = slots::Numbers<slots::Adjacent>;
    type Apart = slots::Numbers<slots::Apart>;
    use slots::Locked as OfSlots;
    suite.lock::<Mutex<()>>(of("tokio", "tokio::sync::Mutex", "Taken by blocking_lock, as from a thread; made to be held across await. First come, first served. No poisoning."));
    suite.lock::<RwLock<()>>(of("tokio", "tokio::sync::RwLock", "Taken by blocking_read and blocking_write. First come, first served, writers too. No poisoning."));
    semaphore_lock::<Mutex<()>>(suite, of("tokio", "tokio::sync::Mutex", "The lock itself: what a channel of one token is measured by."));
    fan_out::add::<claimed::ReadLocked<RwLock<claimed::List>>>(suite, &of("tokio", "tokio::sync::RwLock", "Jobs are read from a list under the read lock, their index claimed; each result is pushed under the write lock."));
    let whole = "One lock for the whole slice, taken for each increment.";
    slots::add::<OfSlots<Mutex<Adjacent>>, OfSlots<Mutex<Apart>>>(suite, &of("tokio", "tokio::sync::Mutex+Vec", whole));
    slots::add::<OfSlots<Spin<Adjacent>>, OfSlots<Spin<Apart>>>(suite, &of("spin", "spin::lock_api::Mutex+Vec", whole));
    let spins = "A lock_api lock that only spins: who waits burns its core, and where the holder is off its own, all of them. No poisoning.";
    suite.lock::<Spin<()>>(of("spin", "spin::lock_api::Mutex", spins));
    suite.sharded_map::<Spin<()>>(of("spin", "spin::lock_api::Mutex+64-shards", "64 HashMaps, a spin lock each. No poisoning."));
    semaphore_lock::<Spin<()>>(suite, of("spin", "spin::lock_api::Mutex", spins));
}

fn semaphore_lock<L: crate::model::Lock<State = ()>>(suite: &mut Suite, info: Info) {
    suite.contender(semaphore::contender::<semaphore::Mutual<L>, true>(info));
}

/// A channel in every workload where both of its ends are shared and close by being dropped.
macro_rules! shared_channel {
    ($suite:ident, $package:literal, $bounded:ty, $path:literal, $unbounded:ty, $unbounded_path:literal, $notes:literal) => {{
        let with = |suffix: &str, notes| of($package, &format!("{}{suffix}", $path), notes);
        $suite.channel::<$bounded>(with("", $notes));
        $suite.shared_receiver::<$bounded>(with("+shared", "One queue that all workers receive from."));
        $suite.lock::<ChannelMutex<$bounded, ()>>(with("+token", "A channel of one message, the state itself, as a lock. A panic of the holder loses the state, and all others wait for ever."));
        queue::one_receiver::<Many<$bounded>, true>($suite, &with("", $notes));
        queue::many_receivers::<Many<$bounded>, true>($suite, &with("", $notes));
        let unbounded = of($package, $unbounded_path, "Grows while receivers are slower. Both ends can be shared.");
        queue::one_receiver::<Many<$unbounded>, false>($suite, &unbounded);
        queue::many_receivers::<Many<$unbounded>, false>($suite, &unbounded);
        $suite.contender(pipeline::contender::<pipeline::Through<Many<$bounded>>>(with("", "Bounded; a stage ends when the one before has dropped its sender.")));
        $suite.contender(first_error::contender::<first_error::ways::Sent<$bounded>>(with("", "A flag ends the others; errors are sent, and the first that arrives comes back.")));
        semaphore::add::<semaphore::Tokens<$bounded>>($suite, &with("+tokens", "Sends a token to enter, receives one to leave. Who panics inside never gives its token back."));
        $suite.contender(join::contender::<join::waits::Pooled<join::waits::Close<$bounded>>>(with("+close", "Each task holds a sender; when the last is dropped, the receiver sees the close.")));
        $suite.contender(spawn::contender::<spawn::ways::Pool<$bounded>>(with("+pool", "A pool of as many threads as workers, which live on; tasks are boxed, and at most 1,024 wait.")));
        $suite.contender(fetch::contender::<fetch::ways::Each<semaphore::Tokens<$bounded>>>(with("+tokens", "A scoped thread a page, all at once; a channel of tokens bounds how many are inside. HashMap under std's Mutex.")));
    }};
}

/// And where a wait can have a limit.
macro_rules! timed_channel {
    ($suite:ident, $package:literal, $bounded:ty, $path:literal) => {{
        let with = |suffix: &str, notes| of($package, &format!("{}{suffix}", $path), notes);
        $suite.contender(select::contender::<select::ways::Tagged<$bounded>>(with("+tagged", "One channel for all; each message says which it would have come from.")));
        $suite.contender(select::contender::<select::ways::Polled<$bounded>>(with("+polling", "try_recv on each in turn; where all are empty it looks again, and burns its core for as long.")));
        cancel::add::<cancel::tokens::Shared<$bounded>>($suite, &with("+close", "One channel that all workers watch; its sender is dropped. Looking is try_recv, sleeping recv."));
    }};
}

#[rustfmt::skip]
fn channels(suite: &mut Suite) {
    shared_channel!(suite, "kanal", kanal::Bounded, "kanal::bounded", kanal::Unbounded, "kanal::unbounded", "A VecDeque under a spin lock; who sends copies straight to one that waits.");
    timed_channel!(suite, "kanal", kanal::Bounded, "kanal::bounded");
    suite.contender(handoff::contender::<handoff::ways::Rendezvous<kanal::Bounded>>(of("kanal", "kanal::bounded", "Capacity 0: who comes first waits, and the other copies.")));
    shared_channel!(suite, "crossfire", crossfire::Bounded, "crossfire::mpmc::bounded", crossfire::Unbounded, "crossfire::mpmc::unbounded", "An array, lock-free; who waits spins, yields, and parks at last.");
    timed_channel!(suite, "crossfire", crossfire::Bounded, "crossfire::mpmc::bounded");
    cancel::add::<cancel::tokens::Limited<crossfire::Bounded>>(suite, &of("crossfire", "crossfire::mpmc::bounded+recv_timeout", "A channel for each worker, and each wait has a limit: 0 for a look, 10 ms at a time for sleep."));
    shared_channel!(suite, "async-channel", async_channel::Bounded, "async_channel::bounded", async_channel::Unbounded, "async_channel::unbounded", "Made for async code, used by its blocking calls: a lock-free queue, and a list of those that wait.");
    cancel::add::<Closed>(suite, &of("async-channel", "async_channel::bounded+close", "One channel that all workers watch; it is closed. Looking is is_closed, sleeping recv_blocking."));
    let tokio = |name, notes| of("tokio", name, notes);
    let (bounded, unbounded) = ("tokio::sync::mpsc::channel", "tokio::sync::mpsc::unbounded_channel");
    let blocks = "Made for async code, used by its blocking calls: blocks of 32 messages, a semaphore for room. One receiver only.";
    suite.channel::<contenders::tokio::Bounded>(tokio(bounded, blocks));
    queue::one_receiver::<Sole<contenders::tokio::Bounded>, true>(suite, &tokio(bounded, blocks));
    queue::one_receiver::<Sole<contenders::tokio::Unbounded>, false>(suite, &tokio(unbounded, "Grows while the receiver is slower. One receiver only."));
    suite.contender(pipeline::contender::<pipeline::Through<Sole<contenders::tokio::Bounded>>>(tokio(bounded, blocks)));
    suite.contender(first_error::contender::<first_error::ways::Sent<contenders::tokio::Bounded>>(tokio(bounded, "A flag ends the others; errors are sent, and the first that arrives comes back.")));
    suite.contender(join::contender::<join::waits::Pooled<join::waits::Close<contenders::tokio::Bounded>>>(tokio("tokio::sync::mpsc::channel+close", "Each task holds a sender; when the last is dropped, the receiver sees the close.")));
}

/// async-channel's way to end those who watch: anybody may close it.
struct Closed(::async_channel::Sender<()>);

impl cancel::Cancel for Closed {
    type Watch = ::async_channel::Receiver<()>;

    fn new(workers: usize) -> (Self, Vec<Self::Watch>) {
        let (sender, receiver) = ::async_channel::bounded(1);
        (Self(sender), vec![receiver; workers])
    }

    #[inline]
    fn cancelled(receiver: &mut Self::Watch) -> bool {
        receiver.is_closed()
    }

    fn sleep(receiver: &mut Self::Watch) {
        let none = receiver.recv_blocking();
        assert!(none.is_err(), "nobody sends");
    }

    fn cancel(self) {
        self.0.close();
    }
}

/// What is not there, and why. Said before contenders are added, which it keeps out.
#[rustfmt::skip]
fn absences(suite: &mut Suite) {
    // Everything that waits for another thread, and is no lock around state.
    const WAITS: [&str; 6] = [handoff::NAME, queue::NAME, pipeline::NAME, select::NAME, cancel::NAME, join::NAME];
    const RUNS: [&str; 2] = [spawn::NAME, first_error::NAME];
    let mut each = |workloads: &[&str], contender, reason| {
        for workload in workloads {
            suite.exclude(workload, contender, reason);
        }
    };
    for (contender, reason) in [
        ("papaya::HashMap", "32 pages that take 100 µs each do not tell concurrent maps apart: see DashMap, and `map`"),
        ("scc::HashMap", "32 pages that take 100 µs each do not tell concurrent maps apart: see DashMap, and `map`"),
        ("arc_swap::ArcSwap", "statuses are only written: see the Mutex"),
        ("left_right::ReadHandle", "statuses are only written: see the Mutex"),
        ("once_cell::sync::OnceCell", "its value is written once"),
        ("spin::lock_api::Mutex", "it is held while one status is put: see the Mutex"),
    ] {
        each(&[fetch::NAME], contender, reason);
    }
    for map in ["papaya::HashMap", "scc::HashMap"] {
        each(&WAITS, map, "a map lets nobody wait");
        each(&RUNS, map, "a map runs nothing");
        each(&[semaphore::NAME], map, "a map lets nobody wait");
        each(&[once::NAME, snapshot::NAME], map, "one value is one entry: a cell with a hash before it");
        each(&[slots::NAME], map, "elements that are known by number need no key");
    }
    for (contender, reason) in [
        ("arc_swap::ArcSwap", "it holds one value that is read whole and replaced whole"),
        ("left_right::ReadHandle", "it has one writer, and two copies of what is written"),
        ("once_cell::sync::OnceCell", "its value is written once"),
    ] {
        each(&[counter::NAME, map::NAME, fan_out::NAME, slots::NAME, semaphore::NAME], contender, reason);
        each(&WAITS, contender, reason);
        each(&RUNS, contender, reason);
    }
    each(&[once::NAME], "arc_swap::ArcSwap", "who loses a race to fill it has made the value in vain: made more than once");
    each(&[once::NAME], "left_right::ReadHandle", "it has one writer, and here everybody may be first");
    each(&[snapshot::NAME], "once_cell::sync::OnceCell", "its value is written once");
    each(&WAITS, "spin::lock_api::Mutex", "it has no Condvar: who waits could only take it again and again");
    each(&RUNS, "spin::lock_api::Mutex", "a lock runs nothing");
    each(&[fan_out::NAME], "spin::lock_api::Mutex", "it has no Condvar: a worker without a job could only take it again and again");
    let no_condvar = "tokio has no Condvar: its channels are what one waits at";
    each(&[handoff::NAME, queue::NAME, pipeline::NAME, fan_out::NAME], "tokio::sync::Mutex", no_condvar);
    for channel in ["kanal::bounded", "crossfire::mpmc::bounded", "async_channel::bounded", "tokio::sync::mpsc::channel"] {
        each(&[once::NAME], channel, "a value that is sent is gone: it would be sent once for each call");
        each(&[slots::NAME], channel, "elements that no two threads share need no messages");
    }
    each(&[handoff::NAME], "crossfire::mpmc::bounded", "a capacity of 0 is taken for 1: a buffer, at which nobody meets");
    each(&[handoff::NAME], "async_channel::bounded", "it has no capacity of 0");
    each(&[handoff::NAME], "tokio::sync::mpsc::channel", "it has no capacity of 0");
    each(&[cancel::NAME], "kanal::bounded+recv_timeout", "with a limit of 0 its 0.1.1 looks at the clock before it looks for the close, and mostly never sees it");
    each(&[select::NAME], "async_channel::bounded", "its blocking calls wait at one channel, and without a limit: for more it wants an executor");
    each(&["semaphore/2of5", "semaphore/8of64"], "tokio::sync::Mutex", semaphore::ONE);
    each(&["semaphore/2of5", "semaphore/8of64"], "spin::lock_api::Mutex", semaphore::ONE);
    each(&[semaphore::NAME], "tokio::sync::mpsc::channel", "its receiver cannot be shared, and tokio has a Semaphore");
    each(&[snapshot::NAME], "tokio::sync::mpsc::channel", "its receiver cannot be shared, so it is no token; tokio has watch");
    each(&[spawn::NAME], "tokio::sync::mpsc::channel", "its receiver cannot be shared by a pool; tokio has tasks");
    each(&[cancel::NAME], "tokio::sync::mpsc::channel", "its receiver cannot be shared; tokio has watch");
    each(&[first_error::NAME], "tokio::task::JoinSet", "its tasks must own what they use, and the group's jobs are borrowed, as errgroup's closures do");
    each(&[slots::NAME], "tokio::task::JoinSet", "its tasks must own what they use: they could not write to borrowed elements");
}
