//! `slow-consumer`: the queue is full almost all of the time, since its receiver works on each message. The value is
//! the CPU time that a message takes: what the sender burns while it waits, and what waking it costs.

use std::any::Any;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use super::{BATCH, Message, NAME, Queue, Tally, check};
use crate::registry::{Strategy, Suite, ThreadCounts, Tier};
use crate::workload::closed;
use contend_record::Class;
use contend_team::busy_loop::busy_loop;
use contend_team::{Sample, Task, Team, Window, WindowError, thread_cpu_time};

/// Nanoseconds of the receiver's work on a message: much more than a send takes.
const WORK_NS: u64 = 1_000;

/// Messages that the queue holds.
const CAPACITY: usize = 64;

/// A receiver that works on each message.
pub struct SlowConsumer {
    iterations: u64,
}

impl<Q: Queue<Message<1>>> Strategy<SlowConsumer> for Q {
    const CLASS: Class = Q::CLASS;

    fn runnable(_: usize) -> usize {
        2
    }

    fn measure<const COPY: usize>(
        params: &Arc<SlowConsumer>,
        window: &mut Window<'_>,
    ) -> Result<Sample, WindowError> {
        measure::<Q, COPY>(params.iterations, window)
    }

    fn loop_address<const COPY: usize>() -> usize {
        receive::<Q, COPY> as *const () as usize
    }
}

/// Adds the variant, where the system reports the CPU time of a thread.
pub(super) fn register(suite: &mut Suite) {
    if thread_cpu_time().is_none() {
        return;
    }
    let title = "one sender, one receiver that works 1 µs on each message: CPU time of both for a message";
    let parameters = [
        ("ends", "1to1"),
        ("capacity", "64"),
        ("message", "8 bytes"),
        ("work of the receiver", "1 µs"),
        ("measured", "CPU time"),
    ];
    suite
        .variant(NAME, "slow-consumer", title, &parameters, Tier::Standard, |settings| SlowConsumer {
            iterations: settings.iterations(WORK_NS),
        })
        .at(ThreadCounts::Own(&[2]));
}

/// What is left of a sender or a receiver when it is done.
struct EndState {
    tally: Option<Tally>,
    /// CPU time of its thread for the lap.
    cpu: Option<Duration>,
    /// The receiver, whose drop frees the queue's buffer off the clock.
    _receiver: Option<Box<dyn Any + Send>>,
}

/// Runs a part of a lap, and returns the CPU time that its thread used for it.
fn counted(work: impl FnOnce()) -> Option<Duration> {
    let start = thread_cpu_time();
    work();
    thread_cpu_time().zip(start).map(|(end, start)| end.saturating_sub(start))
}

/// Receives until the queue is closed, and works on each message.
#[inline(never)]
fn receive<Q: Queue<Message<1>>, const COPY: usize>(
    receiver: &mut Q::Receiver,
    tally: &mut Tally,
    iterations: u64,
) {
    black_box(COPY);
    while let Some(message) = Q::receive(receiver) {
        tally.add(&message);
        busy_loop(iterations);
    }
}

/// Sends all messages, and drops the sender.
#[inline(never)]
fn send<Q: Queue<Message<1>>, const COPY: usize>(mut sender: Q::Sender, count: u64) {
    black_box(COPY);
    for number in 0..count {
        Q::send(&mut sender, Message::new(0, number));
    }
}

fn tasks<Q: Queue<Message<1>>, const COPY: usize>(count: u64, iterations: u64) -> [Task<EndState>; 2] {
    let (sender, receiver) = Q::pair(Some(CAPACITY));
    let (mut receiver, mut tally) = (Box::new(receiver), Tally::of(1));
    let receive = move || {
        let cpu = counted(|| receive::<Q, COPY>(&mut receiver, &mut tally, iterations));
        EndState { tally: Some(tally), cpu, _receiver: Some(receiver) }
    };
    let send = move || {
        let cpu = counted(|| send::<Q, COPY>(sender, count));
        EndState { tally: None, cpu, _receiver: None }
    };
    [Box::new(receive), Box::new(send)]
}

/// Runs the tasks of one queue's life and checks what arrived. Returns its time, and the CPU time of both threads.
fn lap(
    team: &mut Team,
    tasks: [Task<EndState>; 2],
    count: u64,
    checked: bool,
) -> Result<(Duration, Duration), WindowError> {
    let (time, ends) = team.run_once(tasks.into(), None)?;
    let cpu = ends.iter().map(|end| end.cpu).sum::<Option<Duration>>();
    let unknown = || WindowError::Wrong("the system does not report the CPU time of a thread".to_owned());
    let cpu = cpu.ok_or_else(unknown)?;
    if checked {
        let tallies: Vec<Tally> = ends.into_iter().filter_map(|end| end.tally).collect();
        check(&tallies, 1, count).map_err(WindowError::Wrong)?;
    }
    Ok((time, cpu))
}

fn measure<Q: Queue<Message<1>>, const COPY: usize>(
    iterations: u64,
    window: &mut Window<'_>,
) -> Result<Sample, WindowError> {
    let mut laps = Vec::new();
    let mut sample = closed::measure_team_laps(window, BATCH, &mut |team, batches| {
        let count = BATCH * batches;
        let tasks = tasks::<Q, COPY>(count, iterations);
        let (time, cpu) = lap(team, tasks, count, Q::CLASS != Class::Floor)?;
        laps.push((count, cpu));
        Ok(time)
    })?;
    sample.custom_metric = Some((cpu_per_message(&laps, sample.timing.total()), "CPU ns/message"));
    Ok(sample)
}

/// CPU nanoseconds for each of the last `messages` messages. Earlier laps woke the threads and found the length of a
/// lap.
fn cpu_per_message(laps: &[(u64, Duration)], messages: u64) -> f64 {
    let (mut counted, mut cpu) = (0, Duration::ZERO);
    for (count, of_lap) in laps.iter().rev() {
        if counted >= messages {
            break;
        }
        counted += count;
        cpu += *of_lap;
    }
    cpu.as_nanos() as f64 / counted.max(1) as f64
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

    use super::super::Endpoints;
    use super::*;

    #[test]
    fn only_the_laps_of_the_window_count() {
        let laps = [(256, 900), (256, 80), (512, 1_024), (512, 512)];
        let laps = laps.map(|(count, ns)| (count, Duration::from_nanos(ns)));
        assert_eq!(cpu_per_message(&laps, 1_024), 1.5);
        assert_eq!(cpu_per_message(&laps, 512), 1.0);
    }

    /// std's channel, whose sender waits asleep. It may work as long as the receiver before it sends, or lose a
    /// message.
    struct Waiting<const WORKS: bool, const LOSES: bool>;

    impl<const WORKS: bool, const LOSES: bool> Queue<Message<1>> for Waiting<WORKS, LOSES> {
        type Sender = SyncSender<Message<1>>;
        type Receiver = Receiver<Message<1>>;

        fn endpoints(capacity: Option<usize>, _: usize, _: usize) -> Endpoints<Self, Message<1>> {
            let (sender, receiver) = sync_channel(capacity.unwrap());
            (vec![sender], vec![receiver])
        }

        fn send(sender: &mut Self::Sender, message: Message<1>) {
            if LOSES && message.number() == 200 {
                return;
            }
            if WORKS {
                busy_loop(ITERATIONS);
            }
            sender.send(message).unwrap();
        }

        fn receive(receiver: &mut Self::Receiver) -> Option<Message<1>> {
            receiver.recv().ok()
        }
    }

    /// The receiver's work: so much that nothing else of a message counts.
    const ITERATIONS: u64 = 20_000;

    /// The outcome of a window.
    fn outcome<const WORKS: bool, const LOSES: bool>() -> Result<Sample, String> {
        let mut window = Window {
            team: &mut Team::new(2),
            length: Duration::from_millis(1),
            pilot: &mut None,
            earlier: None,
            check_only: false,
        };
        measure::<Waiting<WORKS, LOSES>, 0>(ITERATIONS, &mut window).map_err(|error| error.to_string())
    }

    #[test]
    fn a_lost_message_is_found() {
        let lost = outcome::<false, true>().unwrap_err();
        assert!(lost.contains("1 of 256 messages were lost"), "{lost}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_cpu_time_of_both_threads_counts_and_their_sleep_does_not() {
        let cpu = |sample: Result<Sample, String>| {
            let (cpu, unit) = sample.expect("it loses nothing").custom_metric.expect("its own measure");
            assert_eq!(unit, "CPU ns/message");
            cpu
        };
        // Twice the work, however long the threads wait for a core.
        let (sleeps, works) = (cpu(outcome::<false, false>()), cpu(outcome::<true, false>()));
        assert!((1.4..2.8).contains(&(works / sleeps)), "{works} {sleeps}");
    }
}
