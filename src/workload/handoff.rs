//! `handoff`: two threads meet, and one hands a value to the other. What Go's unbuffered channel is.
//!
//! A closed workload on the window's team: its threads are pairs.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, Thread};
use std::time::Duration;

use crate::model::Channel;
use crate::primitive::{Conditions, spin_for};
use crate::record::{Class, WorkloadInfo};
use crate::run::{
    About, Contender, Counts, Fault, Part, Sample, Suite, Team, Weight, Window, about,
};
use crate::workload::closed::{self, Seen};
use crate::workload::open::floor;

/// The name in ids.
pub const NAME: &str = "handoff";

/// Values, or round trips, of a batch of one pair.
const BATCH: u64 = 64;

/// What the answer adds to a value, so that an echo of the wrong one shows.
const ANSWER: u64 = 1 << 32;

/// A place where a giver and a taker meet: [`give`](Handoff::give) returns when the value was taken.
pub trait Handoff: 'static {
    /// What is promised.
    const CLASS: Class = Class::Immediate;
    /// Who gives.
    type Giver: Send + 'static;
    /// Who takes.
    type Taker: Send + 'static;

    /// A place for two.
    fn pair() -> (Self::Giver, Self::Taker);

    /// Gives a value, and waits until it is taken.
    fn give(giver: &mut Self::Giver, value: u64);

    /// Waits for a value.
    fn take(taker: &mut Self::Taker) -> u64;
}

/// What pairs do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meeting {
    /// One gives, the other takes.
    OneWay,
    /// What one gives, the other answers.
    PingPong,
}

/// A pair's place, and how it is checked.
struct Meet {
    /// The first value; the others follow.
    first: u64,
    count: u64,
    /// How many values the taker has asked for. Looked at in laps that are not timed.
    asked: Option<Arc<AtomicU64>>,
}

impl Meet {
    /// Gives all values.
    #[inline(never)]
    fn give<H: Handoff, const COPY: usize>(self, mut giver: H::Giver) -> Seen {
        black_box(COPY);
        let mut early = None;
        for n in 0..self.count {
            H::give(&mut giver, self.first + n);
            if let Some(asked) = &self.asked
                && asked.load(Ordering::Relaxed) <= n
            {
                early.get_or_insert(n);
            }
        }
        match early {
            None => Ok(()),
            Some(n) => Err(format!(
                "the giver of value {n} went on before the taker had asked for it: they did not meet"
            )),
        }
    }

    /// Takes all values.
    #[inline(never)]
    fn take<H: Handoff, const COPY: usize>(self, mut taker: H::Taker) -> Seen {
        black_box(COPY);
        let mut wrong = Wrong::default();
        for n in 0..self.count {
            if let Some(asked) = &self.asked {
                asked.store(n + 1, Ordering::Relaxed);
            }
            wrong.look::<H>(H::take(&mut taker), self.first + n);
        }
        wrong.seen()
    }

    /// Gives each value, and waits for its answer.
    #[inline(never)]
    fn ask<H: Handoff, const COPY: usize>(
        self,
        mut giver: H::Giver,
        mut answers: H::Taker,
    ) -> Seen {
        black_box(COPY);
        let mut wrong = Wrong::default();
        for value in self.first..self.first + self.count {
            H::give(&mut giver, value);
            wrong.look::<H>(H::take(&mut answers), value + ANSWER);
        }
        wrong.seen()
    }

    /// Answers each value.
    #[inline(never)]
    fn answer<H: Handoff, const COPY: usize>(
        self,
        mut taker: H::Taker,
        mut answers: H::Giver,
    ) -> Seen {
        black_box(COPY);
        for _ in 0..self.count {
            let value = H::take(&mut taker);
            H::give(&mut answers, value + ANSWER);
        }
        Ok(())
    }
}

/// The first value that was not the one whose turn it was.
#[derive(Default)]
struct Wrong(Option<(u64, u64)>);

impl Wrong {
    #[inline]
    fn look<H: Handoff>(&mut self, value: u64, wanted: u64) {
        if value != wanted && H::CLASS != Class::Floor {
            self.0.get_or_insert((value, wanted));
        }
    }

    fn seen(self) -> Seen {
        match self.0 {
            None => Ok(()),
            Some((value, wanted)) => Err(format!(
                "value {value} arrived where {wanted} was next: one was lost, doubled or overtaken"
            )),
        }
    }
}

/// One stretch on the clock: all pairs meet as often.
fn lap<H: Handoff, const COPY: usize>(
    team: &mut Team,
    meeting: Meeting,
    first: u64,
    count: u64,
    checked: bool,
) -> Result<Duration, Fault> {
    let mut parts: Vec<Part<Seen>> = Vec::new();
    for _ in 0..team.size() / 2 {
        let asked = (checked && H::CLASS != Class::Floor).then(Arc::<AtomicU64>::default);
        let meet = || Meet {
            first,
            count,
            asked: asked.clone(),
        };
        let (giver, taker) = H::pair();
        let (one, other) = (meet(), meet());
        match meeting {
            Meeting::OneWay => {
                parts.push(Box::new(|| one.give::<H, COPY>(giver)));
                parts.push(Box::new(|| other.take::<H, COPY>(taker)));
            }
            Meeting::PingPong => {
                let (answerer, answers) = H::pair();
                parts.push(Box::new(|| one.ask::<H, COPY>(giver, answers)));
                parts.push(Box::new(|| other.answer::<H, COPY>(taker, answerer)));
            }
        }
    }
    closed::play(team, parts, None)
}

fn take<H: Handoff, const COPY: usize>(
    meeting: Meeting,
    window: &mut Window<'_>,
) -> Result<Sample, Fault> {
    let pairs = window.threads() as u64 / 2;
    let mut first = 0;
    closed::act(window, BATCH * pairs, &mut |team, batches| {
        let count = BATCH * batches;
        let time = lap::<H, COPY>(team, meeting, first, count, first == 0)?;
        first += count;
        Ok(time)
    })
}

/// The contender `H`.
pub fn contender<H: Handoff>(about: About) -> Contender<Meeting> {
    Contender {
        about,
        class: H::CLASS,
        runnable: |threads| threads,
        take: [
            |meeting, window| take::<H, 0>(**meeting, window),
            |meeting, window| take::<H, 1>(**meeting, window),
        ],
        code: [
            Meet::give::<H, 0> as *const () as usize,
            Meet::give::<H, 1> as *const () as usize,
        ],
    }
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(WorkloadInfo {
        name: NAME.to_owned(),
        title: "Two threads meet, and one hands a value to the other".to_owned(),
        models: "Go's unbuffered channel: a goroutine that sends waits for one that receives, and both go on; a ping-pong of two goroutines over two channels.".to_owned(),
        question: "One thread must know that the other has the value: a channel of capacity 0, a condition variable, parking, or spinning?".to_owned(),
        timed: "From the release of all threads to the end of the last, for a fixed number of values; threads are pairs that meet at a place of their own. `one-way`: wall time over values. `ping-pong`: wall time over round trips, two hand-offs each.".to_owned(),
        oracle: "Each value arrives once and in its turn, each answer is that of its value, and (looked at in laps that are not timed) nobody goes on before the other has come for the value.".to_owned(),
        operation: "value or round trip".to_owned(),
        variants: Vec::new(),
    });
    let mut variant = |name, title, meeting| {
        suite.variant(NAME, name, title, &[], Weight::Telling, move |_| meeting);
        suite.counts(Counts::Only(|threads| threads % 2 == 0));
    };
    variant("one-way", "one gives, one takes", Meeting::OneWay);
    variant(
        "ping-pong",
        "a value there, its answer back",
        Meeting::PingPong,
    );
    suite.contender(contender::<Nothing>(floor()));
}

/// Adds the contenders.
#[rustfmt::skip]
pub fn specials(suite: &mut Suite) {
    let std = |name, family| about(name).family(family).package("std");
    suite.contender(contender::<Rendezvous<crate::primitive::std::Bounded>>(std("std::sync::mpsc::sync_channel", "std channels").notes("Capacity 0: spins briefly, then parks until both are there.")));
    suite.contender(contender::<Slot<crate::primitive::std::Waits>>(std("std::sync::Mutex+Condvar", "std Mutex").notes("A place for one value under a Mutex, and a Condvar for each side.")));
    suite.contender(contender::<Parked>(std("std::thread::park+unpark", "threads").notes("An atomic place for one value; who waits is parked, and woken by name.")));
    suite.contender(contender::<Spun>(std("std::sync::atomic+spin", "atomics").notes("Burns a core at each end for as long as it waits: it looks 100 times, then yields to others between looks.")));
    #[cfg(feature = "contenders")]
    {
        use crate::primitive::{crossbeam, flume, parking_lot};
        suite.contender(contender::<Slot<parking_lot::Waits>>(about("parking_lot::Mutex+Condvar").family("parking_lot").package("parking_lot").notes("As with std's: a place for one value under a Mutex, and a Condvar for each side.")));
        suite.contender(contender::<Rendezvous<crossbeam::Bounded>>(about("crossbeam_channel::bounded").family("crossbeam").package("crossbeam-channel").notes("Capacity 0: spins briefly, then parks until both are there.")));
        suite.contender(contender::<Rendezvous<flume::Bounded>>(about("flume::bounded").family("flume").package("flume").notes("Capacity 0. Maintained for fixes only.")));
    }
    suite.absent(NAME, "serial", "one thread has nobody to meet");
    suite.absent(NAME, "std::sync::mpsc::channel", "it has no capacity of 0: a sender never waits");
    suite.absent(NAME, "dashmap::DashMap", "a map holds values and lets nobody wait for one");
    suite.absent(NAME, "rayon", "its tasks may not wait for each other: a pool of one thread would never end");
}

/// Nobody meets.
struct Nothing;

impl Handoff for Nothing {
    const CLASS: Class = Class::Floor;
    type Giver = ();
    type Taker = ();

    fn pair() -> ((), ()) {
        ((), ())
    }

    #[inline]
    fn give((): &mut (), value: u64) {
        black_box(value);
    }

    #[inline]
    fn take((): &mut ()) -> u64 {
        black_box(0)
    }
}

/// A channel of capacity 0.
struct Rendezvous<C>(C);

impl<C: Channel> Handoff for Rendezvous<C> {
    type Giver = C::Sender<u64>;
    type Taker = C::Receiver<u64>;

    fn pair() -> (Self::Giver, Self::Taker) {
        C::channel(0)
    }

    #[inline]
    fn give(giver: &mut Self::Giver, value: u64) {
        C::send(giver, value);
    }

    #[inline]
    fn take(taker: &mut Self::Taker) -> u64 {
        C::receive(taker).expect("the giver lives")
    }
}

/// A place for a value under a mutex.
struct Slot<C: Conditions> {
    value: C::Mutex<Option<u64>>,
    given: C::Condvar,
    taken: C::Condvar,
}

impl<C: Conditions> Handoff for Slot<C> {
    type Giver = Arc<Self>;
    type Taker = Arc<Self>;

    fn pair() -> (Arc<Self>, Arc<Self>) {
        let slot = Arc::new(Slot {
            value: C::mutex(None),
            given: C::Condvar::default(),
            taken: C::Condvar::default(),
        });
        (slot.clone(), slot)
    }

    #[inline]
    fn give(slot: &mut Arc<Self>, value: u64) {
        let mut guard = C::lock(&slot.value);
        *guard = Some(value);
        C::notify_one(&slot.given);
        while guard.is_some() {
            guard = C::wait(&slot.taken, guard);
        }
    }

    #[inline]
    fn take(slot: &mut Arc<Self>) -> u64 {
        let mut guard = C::lock(&slot.value);
        loop {
            if let Some(value) = guard.take() {
                C::notify_one(&slot.taken);
                return value;
            }
            guard = C::wait(&slot.given, guard);
        }
    }
}

/// A place for a value that two threads share without a lock.
#[derive(Default)]
struct Cell {
    value: AtomicU64,
    full: AtomicBool,
}

impl Cell {
    #[inline]
    fn put(&self, value: u64) {
        self.value.store(value, Ordering::Relaxed);
        self.full.store(true, Ordering::Release);
    }

    #[inline]
    fn full(&self) -> bool {
        self.full.load(Ordering::Acquire)
    }

    #[inline]
    fn get(&self) -> u64 {
        let value = self.value.load(Ordering::Relaxed);
        self.full.store(false, Ordering::Release);
        value
    }
}

/// Who waits looks again and again.
struct Spun;

impl Handoff for Spun {
    type Giver = Arc<Cell>;
    type Taker = Arc<Cell>;

    fn pair() -> (Arc<Cell>, Arc<Cell>) {
        let cell = Arc::new(Cell::default());
        (cell.clone(), cell)
    }

    #[inline]
    fn give(cell: &mut Arc<Cell>, value: u64) {
        cell.put(value);
        spin_for(|| (!cell.full()).then_some(()));
    }

    #[inline]
    fn take(cell: &mut Arc<Cell>) -> u64 {
        spin_for(|| cell.full().then(|| cell.get()))
    }
}

/// Who waits is parked.
struct Parked;

/// What two threads that park share.
#[derive(Default)]
struct Meeters {
    cell: Cell,
    /// Giver and taker. A mutex, so that who signs in late sees what the other did before it looked
    /// for a name.
    names: Mutex<[Option<Thread>; 2]>,
}

/// One of the two.
struct Meeter {
    shared: Arc<Meeters>,
    side: usize,
    signed: bool,
    other: Option<Thread>,
}

impl Meeter {
    #[inline]
    fn sign_in(&mut self) {
        if !self.signed {
            let mut names = self.shared.names.lock().unwrap();
            names[self.side] = Some(thread::current());
            self.signed = true;
        }
    }

    #[inline]
    fn wake(&mut self) {
        if self.other.is_none() {
            let names = self.shared.names.lock().unwrap();
            self.other.clone_from(&names[1 - self.side]);
        }
        if let Some(other) = &self.other {
            other.unpark();
        }
    }

    #[inline]
    fn wait_until(&self, full: bool) {
        while self.shared.cell.full() != full {
            thread::park();
        }
    }
}

impl Handoff for Parked {
    type Giver = Meeter;
    type Taker = Meeter;

    fn pair() -> (Meeter, Meeter) {
        let shared = Arc::new(Meeters::default());
        let meeter = |side| Meeter {
            shared: shared.clone(),
            side,
            signed: false,
            other: None,
        };
        (meeter(0), meeter(1))
    }

    #[inline]
    fn give(giver: &mut Meeter, value: u64) {
        giver.sign_in();
        giver.shared.cell.put(value);
        giver.wake();
        giver.wait_until(false);
    }

    #[inline]
    fn take(taker: &mut Meeter) -> u64 {
        taker.sign_in();
        taker.wait_until(true);
        let value = taker.shared.cell.get();
        taker.wake();
        value
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

    use super::*;

    fn fault<H: Handoff>(meeting: Meeting) -> String {
        let mut team = Team::new(2);
        let fault = lap::<H, 0>(&mut team, meeting, 0, BATCH, true);
        fault.unwrap_err().to_string()
    }

    /// Gives one value twice, and the next not at all.
    struct Doubles;

    impl Handoff for Doubles {
        type Giver = SyncSender<u64>;
        type Taker = Receiver<u64>;

        fn pair() -> (SyncSender<u64>, Receiver<u64>) {
            sync_channel(0)
        }

        fn give(giver: &mut SyncSender<u64>, value: u64) {
            giver.send(value - u64::from(value == 7)).unwrap();
        }

        fn take(taker: &mut Receiver<u64>) -> u64 {
            taker.recv().unwrap()
        }
    }

    /// A buffer, whose taker comes late.
    struct Buffered;

    impl Handoff for Buffered {
        type Giver = (SyncSender<u64>, Arc<AtomicU64>);
        type Taker = (Receiver<u64>, Arc<AtomicU64>);

        fn pair() -> (Self::Giver, Self::Taker) {
            let (sender, receiver) = sync_channel(BATCH as usize);
            let given = Arc::<AtomicU64>::default();
            ((sender, given.clone()), (receiver, given))
        }

        fn give((sender, given): &mut Self::Giver, value: u64) {
            sender.send(value).unwrap();
            given.fetch_add(1, Ordering::Relaxed);
        }

        fn take((receiver, given): &mut Self::Taker) -> u64 {
            spin_for(|| (given.load(Ordering::Relaxed) == BATCH).then_some(()));
            receiver.recv().unwrap()
        }
    }

    #[test]
    fn a_value_that_comes_twice_is_named() {
        let says = fault::<Doubles>(Meeting::OneWay);
        assert!(
            says.starts_with("value 6 arrived where 7 was next"),
            "{says}"
        );
        let says = fault::<Doubles>(Meeting::PingPong);
        assert!(says.starts_with("value 4294967302 arrived"), "{says}");
    }

    #[test]
    fn a_buffer_is_no_meeting() {
        let says = fault::<Buffered>(Meeting::OneWay);
        assert!(says.ends_with("they did not meet"), "{says}");
    }
}
