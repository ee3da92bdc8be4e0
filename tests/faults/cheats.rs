//! Contenders that are fast because they drop work, or claim what they do not do.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};

use contend::model::{Merge, ThreadLocal};
use contend::record::Class;
use contend::workload::counter::{self, Count, Counts, HeldCount, Hot};
use contend::workload::fan_out::{self, Job, JobResult};
use contend::workload::map::{self, Keys, Map};
use contend::{Info, Model, Shared, Suite};

use super::{Broken, Fault, Flaw, all};

/// What each must fail with.
pub fn faults() -> Vec<(&'static str, Fault)> {
    let fault = |cell, does, says| Fault { cell, beside: "std::sync::Mutex", does, says, deadline: "2s" };
    vec![
        (
            "a_job_without_its_work_fails_the_cell",
            fault(
                "fan-out/1us/own::SkipsTheWork/2",
                "runs each job with 0 iterations",
                "the work of job 0 yields ",
            ),
        ),
        (
            "a_forged_result_fails_the_cell",
            fault("fan-out/1us/own::ForgesResults/2", "makes up the results", "the work of job 0 yields "),
        ),
        (
            "a_job_that_runs_twice_in_silence_fails_the_cell",
            fault(
                "fan-out/nothing/own::RunsTwiceInSilence/2",
                "runs a job twice and does not count it",
                " jobs ran, but ",
            ),
        ),
        (
            "a_result_of_another_job_fails_the_cell",
            fault("fan-out/1us/own::Swaps/2", "swaps two results", "the work of job "),
        ),
        (
            "counts_for_each_thread_are_not_immediate",
            fault(
                "counter/hot/own::PerThread/2",
                "counts for each thread, and claims that reads see all writes",
                "after all writes were applied, a worker reads ",
            ),
        ),
        (
            "maps_for_each_thread_are_not_immediate",
            fault(
                "map/write/own::PerThreadMap/2",
                "has a map for each thread, and claims that reads see all writes",
                "after all writes were applied, workers find different values",
            ),
        ),
        (
            "one_handle_for_two_workers_fails_the_cell",
            fault("counter/hot/own::OneHandle/2", "makes one handle for two workers", "it made 1 handle"),
        ),
        (
            "a_flush_that_applies_nothing_fails_the_cell",
            fault(
                "counter/hot/own::FlushesNothing/2",
                "returns from `flush` at once, and applies the writes when it is dropped",
                "after all writes were applied, a worker reads ",
            ),
        ),
        (
            "a_flush_that_does_not_wait_for_the_owner_fails_the_cell",
            fault(
                "counter/hot/own::FlushesEarly/2",
                "owns the number, answers reads in order, and returns from `flush` at once",
                "`flush` returned after ",
            ),
        ),
        (
            "a_flush_that_does_not_wait_for_the_owner_of_a_map_fails_the_cell",
            fault(
                "map/write/own::FlushesEarly/2",
                "owns the map, answers reads in order, and returns from `flush` at once",
                "`flush` returned after ",
            ),
        ),
        (
            "a_flush_that_does_not_wait_for_the_owner_of_several_numbers_fails_the_cell",
            fault(
                "counter/locks64/own::FlushesEarly/2",
                "owns the numbers, answers reads in order, and returns from `flush` at once",
                "`flush` returned after ",
            ),
        ),
        (
            "a_flush_that_does_not_wait_for_the_owner_of_a_number_that_takes_time_fails_the_cell",
            fault(
                "counter/held/own::FlushesEarly/2",
                "owns the number, answers reads in order, and returns from `flush` at once",
                "`flush` returned after ",
            ),
        ),
        (
            "a_flush_that_does_not_wait_for_the_owner_of_large_values_fails_the_cell",
            fault(
                "map/read90-1KiB/own::FlushesEarly/2",
                "owns the map, answers reads in order, and returns from `flush` at once",
                "`flush` returned after ",
            ),
        ),
        (
            "a_flush_that_does_not_wait_for_the_owner_of_entries_that_come_and_go_fails_the_cell",
            fault(
                "map/insert-remove/own::FlushesEarly/2",
                "owns the map, answers reads in order, and returns from `flush` at once",
                "`flush` returned after ",
            ),
        ),
        (
            "a_flush_that_does_not_wait_for_the_owner_of_a_map_that_is_asked_as_a_whole_fails_the_cell",
            fault(
                "map/read90-iterate/own::FlushesEarly/2",
                "owns the map, answers reads in order, and returns from `flush` at once",
                "`flush` returned after ",
            ),
        ),
        (
            "a_flush_that_does_not_wait_for_the_owner_of_a_map_in_shards_fails_the_cell",
            fault(
                "map/shards64/own::FlushesEarly/2",
                "owns the map, answers reads in order, and returns from `flush` at once",
                "`flush` returned after ",
            ),
        ),
        (
            "an_increment_lost_and_one_doubled_do_not_cancel",
            fault(
                "counter/hot/own::LosesAndDoubles/2",
                "loses one increment and doubles another",
                // The second where the window ended between the lost one and the doubled one.
                "right after another one has made the increment|after all writes were applied, a worker reads",
            ),
        ),
    ]
}

/// Adds all of them.
pub fn add(suite: &mut Suite) {
    suite.add::<fan_out::Params, SkipsTheWork>(Info::new("own::SkipsTheWork"));
    suite.add::<fan_out::Params, ForgesResults>(Info::new("own::ForgesResults"));
    suite.add::<fan_out::Params, RunsTwiceInSilence>(Info::new("own::RunsTwiceInSilence"));
    suite.add::<fan_out::Params, Swaps>(Info::new("own::Swaps"));
    suite.add::<Hot, PerThread<Count>>(Info::new("own::PerThread"));
    suite.add::<Keys, PerThread<Map>>(Info::new("own::PerThreadMap"));
    suite.add::<Hot, OneHandle>(Info::new("own::OneHandle"));
    suite.add::<Hot, FlushesNothing>(Info::new("own::FlushesNothing"));
    suite.add::<Hot, FlushesEarly<Count>>(Info::new("own::FlushesEarly"));
    suite.add::<Keys, FlushesEarly<Map>>(Info::new("own::FlushesEarly"));
    let early = Info::new("own::FlushesEarly");
    counter::several::<FlushesEarly<Counts>>(suite, &early);
    counter::held::<FlushesEarly<HeldCount>>(suite, &early);
    suite.add::<map::LargeValues<128>, FlushesEarly<map::Values<128>>>(early.clone());
    suite.add::<map::Churn, FlushesEarly<map::Sessions>>(early.clone());
    suite.add::<map::Scan, FlushesEarly<map::Scanned>>(early.clone());
    suite.add::<map::InParts, FlushesEarly<map::Divided>>(early);
    suite.add::<Hot, LosesAndDoubles>(Info::new("own::LosesAndDoubles"));
}

broken_fan_out!(SkipsTheWork, |jobs| {
    Vec::from_iter(jobs.iter().map(|job| Job { iterations: 0, ..*job }.run())).into()
});
broken_fan_out!(ForgesResults, |jobs| {
    let forged = |job: &Job| JobResult { id: job.id, value: job.id.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 };
    Vec::from_iter(jobs.iter().map(forged)).into()
});
broken_fan_out!(RunsTwiceInSilence, |jobs| {
    jobs[7].run();
    all(jobs)
});
broken_fan_out!(Swaps, |jobs| {
    let mut batch = all(jobs);
    (batch.results[4].id, batch.results[9].id) = (batch.results[9].id, batch.results[4].id);
    batch
});

/// One write of twenty is lost, and the one after it counts twice.
struct LosesAndDoubles(Arc<std::sync::Mutex<(Count, u64)>>);

impl Shared<Count> for LosesAndDoubles {
    fn new_handles(model: Count, workers: usize) -> Vec<Self> {
        let state = Arc::new(std::sync::Mutex::new((model, 0)));
        (0..workers).map(|_| Self(state.clone())).collect()
    }

    fn write(&mut self, (): ()) {
        let (count, writes) = &mut *self.0.lock().unwrap();
        *writes += 1;
        let times = match *writes % 20 {
            9 => 0,
            10 => 2,
            _ => 1,
        };
        (0..times).for_each(|_| count.write(()));
    }

    fn read(&mut self, (): ()) -> u64 {
        self.0.lock().unwrap().0.read(())
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].0.lock().unwrap().0.digest()
    }
}

/// State of each thread, merged at the end. It claims to be immediate.
struct PerThread<M>(ThreadLocal<M>);

impl<M: Merge> Shared<M> for PerThread<M> {
    fn new_handles(model: M, workers: usize) -> Vec<Self> {
        ThreadLocal::new_handles(model, workers).into_iter().map(Self).collect()
    }

    fn write(&mut self, write: M::Write) {
        self.0.write(write);
    }

    fn read(&mut self, read: M::Read) -> M::Answer {
        self.0.read(read)
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        let flush = |mut handle: Self| {
            Shared::<M>::flush(&mut handle.0);
            handle.0
        };
        ThreadLocal::into_digest(handles.into_iter().map(flush).collect())
    }
}

struct OneHandle(Broken<Count, Right>);

struct Right;

impl Flaw for Right {}

impl Shared<Count> for OneHandle {
    fn new_handles(model: Count, _: usize) -> Vec<Self> {
        Broken::new_handles(model, 1).into_iter().map(Self).collect()
    }

    fn write(&mut self, (): ()) {
        Shared::<Count>::write(&mut self.0, ());
    }

    fn read(&mut self, (): ()) -> u64 {
        Shared::<Count>::read(&mut self.0, ())
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        Broken::into_digest(handles.into_iter().map(|handle| handle.0).collect())
    }
}

/// A message to an owner: a write, or a read with the way back.
type ToOwner<M> = Result<<M as Model>::Write, (<M as Model>::Read, SyncSender<<M as Model>::Answer>)>;

/// An owner behind a queue in order. Its reads queue behind the writes, so that they are right.
pub struct FlushesEarly<M: Model> {
    inbox: SyncSender<ToOwner<M>>,
    owner: Option<std::thread::JoinHandle<u64>>,
}

impl<M: Model> Shared<M> for FlushesEarly<M> {
    const CLASS: Class = Class::Deferred;
    const HELPERS: u32 = 1;

    fn new_handles(mut model: M, workers: usize) -> Vec<Self> {
        let (inbox, messages) = sync_channel::<ToOwner<M>>(1_024);
        let mut owner = Some(std::thread::spawn(move || {
            for message in messages {
                match message {
                    Ok(write) => model.write(write),
                    Err((read, answer)) => answer.send(model.read(read)).expect("the reader waits"),
                }
            }
            model.digest()
        }));
        (0..workers).map(|_| Self { inbox: inbox.clone(), owner: owner.take() }).collect()
    }

    fn write(&mut self, write: M::Write) {
        assert!(self.inbox.send(Ok(write)).is_ok(), "the owner lives");
    }

    fn read(&mut self, read: M::Read) -> M::Answer {
        let (answer, answers) = sync_channel(1);
        assert!(self.inbox.send(Err((read, answer))).is_ok(), "the owner lives");
        answers.recv().expect("the owner answers")
    }

    fn into_digest(mut handles: Vec<Self>) -> u64 {
        let owner = handles[0].owner.take().expect("the first handle has it");
        drop(handles);
        owner.join().expect("the owner did not panic")
    }
}

/// Keeps its writes until it is asked for the digest.
struct FlushesNothing {
    total: Arc<std::sync::Mutex<Count>>,
    pending: u64,
}

impl Shared<Count> for FlushesNothing {
    const CLASS: Class = Class::Deferred;

    fn new_handles(model: Count, workers: usize) -> Vec<Self> {
        let total = Arc::new(std::sync::Mutex::new(model));
        (0..workers).map(|_| Self { total: total.clone(), pending: 0 }).collect()
    }

    fn write(&mut self, (): ()) {
        self.pending += 1;
    }

    fn read(&mut self, (): ()) -> u64 {
        self.total.lock().unwrap().read(())
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        let total = handles[0].total.clone();
        let mut total = total.lock().unwrap();
        for handle in handles {
            (0..handle.pending).for_each(|_| total.write(()));
        }
        total.digest()
    }
}
