//! The patterns' contenders that are broken on purpose. What each oracle finds is in its workload's own
//! tests; here it has to come through to the cell's name, the exit code and the page.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use contend::capability::WaitMode;
use contend::team::{Team, WindowError as Wrong};
use contend::workload::cancel::{self, Cancel};
use contend::workload::closed::Closed;
use contend::workload::fetch::{self, Fetch};
use contend::workload::first_error::{self, Failure, FirstError};
use contend::workload::handoff::{self, Handoff};
use contend::workload::join::{self, Join, Tasks};
use contend::workload::once::{self, Initializer, LazyValue, Once};
use contend::workload::pipeline::{self, Item, Pipeline};
use contend::workload::queue::{self, Queue};
use contend::workload::select::{self, Select, Word};
use contend::workload::snapshot::{self, Config};
use contend::workload::spawn::{self, Spawn, TaskLog};
use contend::{Info, Suite};

use super::cheats::FlushesEarly;
use super::{Broken, Fault, Flaw};

/// What each is to fail with, beside one that is right.
pub fn faults() -> Vec<(&'static str, Fault)> {
    let fault = |cell, beside, says| Fault { cell, beside, does: "", says, deadline: "1s" };
    vec![
        (
            "a_value_that_is_not_the_next_fails_the_cell",
            fault(
                "handoff/one-way/own::Skips/2",
                "std::sync::mpsc::sync_channel",
                "one was lost, doubled or overtaken",
            ),
        ),
        (
            "a_message_that_is_lost_fails_the_cell",
            fault(
                "queue/1to1-64/own::LosesAMessage/2",
                "std::sync::mpsc::sync_channel",
                "messages were lost",
            ),
        ),
        (
            "a_message_that_a_full_queue_loses_fails_the_cell",
            fault(
                "queue/slow-consumer/own::LosesAMessage/2",
                "std::sync::mpsc::sync_channel",
                "messages were lost",
            ),
        ),
        (
            "a_large_message_that_is_lost_fails_the_cell",
            fault(
                "queue/1to1-64-1KiB/own::LosesAMessage/2",
                "std::sync::mpsc::sync_channel",
                "messages were lost",
            ),
        ),
        (
            "a_queue_that_lives_for_a_message_and_hides_its_close_fails_the_cell",
            fault(
                "queue/short-lived/own::MissesTheClose/2",
                "std::sync::mpsc::sync_channel",
                "it said nothing for 1s and was killed",
            ),
        ),
        (
            "a_close_that_is_never_seen_fails_the_cell",
            fault(
                "queue/1to1-64/own::MissesTheClose/2",
                "std::sync::mpsc::sync_channel",
                "it said nothing for 1s and was killed",
            ),
        ),
        (
            "items_that_do_not_leave_fail_the_cell",
            fault(
                "pipeline/nothing/own::KeepsAll/3",
                "std::sync::mpsc::sync_channel",
                "0 items left the last stage",
            ),
        ),
        (
            "channels_that_are_left_fail_the_cell",
            fault(
                "select/2/own::LooksAtNone/2",
                "std::sync::mpsc::sync_channel+tagged",
                "messages were lost",
            ),
        ),
        (
            "workers_that_stay_fail_the_cell",
            Fault {
                deadline: "6s",
                ..fault(
                    "cancel/asleep/own::Stays/2",
                    "std::sync::Mutex+Condvar",
                    "2 of 2 workers are still there 2s after the cancel",
                )
            },
        ),
        (
            "an_error_that_is_lost_fails_the_cell",
            fault(
                "first-error/early/own::LosesTheError/2",
                "std::sync::Mutex+Option",
                "came back without an error",
            ),
        ),
        (
            "a_value_that_is_made_for_each_call_fails_the_cell",
            fault("once/race/own::MakesAgain/2", "std::sync::OnceLock", "a value was made 2 times"),
        ),
        (
            "a_wait_that_ends_early_fails_the_cell",
            fault(
                "join/one-each/own::WaitsForNone/2",
                "std::thread::scope",
                "was over when other than 2 tasks had run",
            ),
        ),
        (
            "a_task_that_is_lost_fails_the_cell",
            fault(
                "spawn/100/own::LosesATask/2",
                "std::thread::scope",
                "99 tasks had run when the wait was over",
            ),
        ),
        (
            "a_replacement_that_is_lost_fails_the_cell",
            fault(
                "snapshot/every10/own::KeepsTheOld/2",
                "std::sync::RwLock",
                "a configuration older than one that was in force",
            ),
        ),
        (
            "a_flush_that_does_not_wait_for_the_owner_of_a_configuration_fails_the_cell",
            Fault {
                does: "owns the configuration, answers reads in order, and returns from `flush` at once",
                ..fault(
                    "snapshot/every10/own::FlushesEarly/2",
                    "std::sync::RwLock",
                    "`flush` returned after ",
                )
            },
        ),
        (
            "a_page_that_is_not_fetched_fails_the_cell",
            fault("fetch/all/own::FetchesNone/2", "std::sync::Mutex", "was never fetched"),
        ),
    ]
}

pub fn add(suite: &mut Suite) {
    suite.add::<handoff::Params, Skips>(Info::new("own::Skips"));
    queue::one_receiver::<LosesAMessage, true>(suite, &Info::new("own::LosesAMessage"));
    queue::one_receiver::<MissesTheClose, true>(suite, &Info::new("own::MissesTheClose"));
    suite.add::<pipeline::Params, KeepsAll>(Info::new("own::KeepsAll"));
    suite.add::<select::Params, LooksAtNone>(Info::new("own::LooksAtNone"));
    cancel::add::<Stays>(suite, &Info::new("own::Stays"));
    suite.add::<first_error::Params, LosesTheError>(Info::new("own::LosesTheError"));
    once::add::<MakesAgain>(suite, &Info::new("own::MakesAgain"));
    suite.add::<join::Params, WaitsForNone>(Info::new("own::WaitsForNone"));
    suite.add::<spawn::Params, LosesATask>(Info::new("own::LosesATask"));
    snapshot::add::<Broken<Config, LosesAll>>(suite, &Info::new("own::KeepsTheOld"));
    snapshot::add::<FlushesEarly<Config>>(suite, &Info::new("own::FlushesEarly"));
    suite.add::<fetch::Params, FetchesNone>(Info::new("own::FetchesNone"));
}

struct Skips;

impl Handoff for Skips {
    type Giver = SyncSender<u64>;
    type Taker = Receiver<u64>;

    fn pair() -> (SyncSender<u64>, Receiver<u64>) {
        sync_channel(0)
    }

    fn give(giver: &mut SyncSender<u64>, value: u64) {
        giver.send(value + u64::from(value == 50)).unwrap();
    }

    fn take(taker: &mut Receiver<u64>) -> u64 {
        taker.recv().unwrap()
    }
}

/// Every other message goes nowhere.
struct LosesAMessage;

impl<M: Send + 'static> Queue<M> for LosesAMessage {
    type Sender = (SyncSender<M>, u64);
    type Receiver = Receiver<M>;

    fn endpoints(capacity: Option<usize>, _: usize, _: usize) -> (Vec<Self::Sender>, Vec<Receiver<M>>) {
        let (sender, receiver) = sync_channel(capacity.unwrap());
        (vec![(sender, 0)], vec![receiver])
    }

    fn send((sender, sent): &mut Self::Sender, message: M) {
        *sent += 1;
        if !sent.is_multiple_of(2) {
            sender.send(message).unwrap();
        }
    }

    fn receive(receiver: &mut Receiver<M>) -> Option<M> {
        receiver.recv().ok()
    }
}

/// The receiver holds a sender itself.
struct MissesTheClose;

impl<M: Send + 'static> Queue<M> for MissesTheClose {
    type Sender = SyncSender<M>;
    type Receiver = (SyncSender<M>, Receiver<M>);

    fn endpoints(capacity: Option<usize>, _: usize, _: usize) -> (Vec<Self::Sender>, Vec<Self::Receiver>) {
        let (sender, receiver) = sync_channel(capacity.unwrap());
        (vec![sender.clone()], vec![(sender, receiver)])
    }

    fn send(sender: &mut SyncSender<M>, message: M) {
        sender.send(message).unwrap();
    }

    fn receive((_, receiver): &mut Self::Receiver) -> Option<M> {
        receiver.recv().ok()
    }
}

struct KeepsAll;

impl Closed for KeepsAll {
    fn start(_: usize) -> Self {
        Self
    }
}

impl Pipeline for KeepsAll {
    fn run<const COPY: usize>(
        &mut self,
        _: &mut Team,
        _: u64,
        _: u64,
    ) -> Result<(Duration, Vec<Item>), Wrong> {
        Ok((Duration::from_micros(1), Vec::new()))
    }
}

struct LooksAtNone;

impl Select for LooksAtNone {
    type Sender = ();
    type Receiver = ();

    fn endpoints(channels: usize, senders: usize) -> (Vec<Vec<()>>, ()) {
        (vec![vec![(); channels]; senders], ())
    }

    fn send((): &(), _: Word) {}

    fn drain((): (), _: WaitMode, _: impl FnMut(usize, Word)) {}
}

/// Nobody is told.
struct Stays;

impl Cancel for Stays {
    type Watch = ();

    fn new(workers: usize) -> (Self, Vec<()>) {
        (Stays, vec![(); workers])
    }

    fn cancelled((): &mut ()) -> bool {
        false
    }

    fn sleep((): &mut ()) {
        std::thread::sleep(Duration::from_secs(3_600));
    }

    fn cancel(self) {}
}

struct LosesTheError;

impl Closed for LosesTheError {
    fn start(_: usize) -> Self {
        Self
    }
}

impl FirstError for LosesTheError {
    fn run(&mut self, group: &first_error::Group) -> Result<(), Failure> {
        for index in 0..group.count() {
            let _ = group.run(index);
        }
        Ok(())
    }
}

struct MakesAgain(Initializer);

impl Once for MakesAgain {
    fn lazy(initializer: Initializer) -> impl LazyValue {
        Self(initializer)
    }
}

impl LazyValue for MakesAgain {
    fn get(&self) -> u64 {
        self.0.run()
    }
}

struct WaitsForNone;

impl Closed for WaitsForNone {
    fn start(_: usize) -> Self {
        Self
    }
}

impl Join for WaitsForNone {
    fn join(&mut self, _: &Arc<Tasks>) {}
}

struct LosesATask;

impl Closed for LosesATask {
    fn start(_: usize) -> Self {
        Self
    }
}

impl Spawn for LosesATask {
    fn run(&mut self, tasks: usize, log: &Arc<TaskLog>) {
        (1..tasks).for_each(|index| log.run_task(index));
    }
}

struct LosesAll;

impl Flaw for LosesAll {
    fn writes(_: u64) -> u32 {
        0
    }
}

struct FetchesNone;

impl Closed for FetchesNone {
    fn start(_: usize) -> Self {
        Self
    }
}

impl Fetch for FetchesNone {
    type Map = HashMap<usize, u16>;

    fn run(&mut self, _: &Arc<fetch::Group>) -> Self::Map {
        HashMap::new()
    }
}
