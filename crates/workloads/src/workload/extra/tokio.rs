//! What only tokio has: a semaphore that threads and tasks wait at, a watched value, tasks on its
//! runtime, and a wait at several of its channels.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::{cancel, fan_out, fetch, join, of, select, semaphore, spawn};
use crate::contenders::{block_on, spin_for};
use crate::model::{refused, spawn_scoped};
use crate::registry::Suite;

#[rustfmt::skip]
pub(super) fn add(suite: &mut Suite) {
    let tokio = |name, notes| of("tokio", name, notes);
    semaphore::add::<tokio::sync::Semaphore>(suite, &tokio("tokio::sync::Semaphore", "First come, first served; the permit comes back when it is dropped, in a panic too. Here threads wait at it, parked."));
    suite.contender(fetch::contender::<fetch::ways::Each<tokio::sync::Semaphore>>(tokio("tokio::sync::Semaphore", "A scoped thread a page, all at once; the semaphore bounds how many are inside. HashMap under std's Mutex.")));
    cancel::add::<Told>(suite, &tokio("tokio::sync::watch", "A watched flag. Looking takes a read lock; who sleeps waits for the change, parked."));
    suite.contender(select::contender::<Channels>(tokio("tokio::sync::mpsc+select", "A future that polls all channels, one after another in turn, as select! does; on a runtime of its own thread, which has the timer.")));
    let tasks = "A task each on a multi-threaded runtime with a thread for each worker; the calling thread waits.";
    suite.contender(join::contender::<Tasks>(tokio("tokio::task::JoinSet", tasks)));
    suite.contender(spawn::contender::<Tasks>(tokio("tokio::task::JoinSet", tasks)));
    fan_out::add::<Tasks>(suite, &tokio("tokio::task::JoinSet", tasks));
}

impl semaphore::Semaphore for tokio::sync::Semaphore {
    fn new(permits: usize) -> Self {
        Self::new(permits)
    }

    #[inline]
    fn enter<R>(&self, inside: impl FnOnce() -> R) -> R {
        let _permit = block_on(self.acquire()).expect("nobody closes it");
        inside()
    }
}

/// A watched flag.
struct Told(watch::Sender<bool>);

impl cancel::Cancel for Told {
    type Watch = watch::Receiver<bool>;

    fn new(workers: usize) -> (Self, Vec<Self::Watch>) {
        let (sender, receiver) = watch::channel(false);
        (Self(sender), vec![receiver; workers])
    }

    #[inline]
    fn cancelled(told: &mut Self::Watch) -> bool {
        *told.borrow()
    }

    fn sleep(told: &mut Self::Watch) {
        let told = block_on(told.wait_for(|told| *told));
        told.expect("it is told before the sender goes");
    }

    fn cancel(self) {
        self.0.send_replace(true);
    }
}

/// Channels that one future polls.
struct Channels;

/// Those that are open: each with its number.
struct Open {
    channels: Vec<(usize, mpsc::Receiver<select::Word>)>,
    /// Which is looked at first: all in turn, so that none starves.
    first: usize,
}

impl Open {
    /// A message and its channel; none where one was closed.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<(usize, select::Word)>> {
        let count = self.channels.len();
        self.first += 1;
        for place in (0..count).map(|place| (self.first + place) % count) {
            let (channel, receiver) = &mut self.channels[place];
            match receiver.poll_recv(context) {
                Poll::Ready(Some(message)) => return Poll::Ready(Some((*channel, message))),
                Poll::Ready(None) => {
                    self.channels.remove(place);
                    return Poll::Ready(None);
                }
                Poll::Pending => {}
            }
        }
        Poll::Pending
    }

    async fn next(&mut self) -> Option<(usize, select::Word)> {
        std::future::poll_fn(|context| self.poll(context)).await
    }
}

impl select::Select for Channels {
    type Sender = mpsc::Sender<select::Word>;
    type Receiver = (Runtime, Open);

    fn open(channels: usize, senders: usize) -> (Vec<Vec<Self::Sender>>, Self::Receiver) {
        let (ends, receivers): (Vec<_>, Vec<_>) = (0..channels)
            .map(|_| mpsc::channel(select::CAPACITY))
            .unzip();
        let runtime = Builder::new_current_thread().enable_time().build();
        let open = Open {
            channels: receivers.into_iter().enumerate().collect(),
            first: 0,
        };
        (
            vec![ends; senders],
            (runtime.expect("it starts no thread"), open),
        )
    }

    #[inline]
    fn send(sender: &Self::Sender, message: select::Word) {
        sender.blocking_send(message).expect("the receiver lives");
    }

    #[inline]
    fn drain(
        (runtime, mut open): Self::Receiver,
        patience: select::Patience,
        mut each: impl FnMut(usize, select::Word),
    ) {
        while patience == select::Patience::Poll && !open.channels.is_empty() {
            // Outside of the runtime, whose tasks are made to yield after some messages.
            let look = || {
                let mut context = Context::from_waker(Waker::noop());
                match open.poll(&mut context) {
                    Poll::Ready(turn) => Some(turn),
                    Poll::Pending => None,
                }
            };
            if let Some((channel, message)) = spin_for(look) {
                each(channel, message);
            }
        }
        runtime.block_on(async {
            while !open.channels.is_empty() {
                let turn = match patience {
                    select::Patience::Timeout => {
                        let next = pin!(open.next());
                        let timeout = tokio::time::timeout(select::TIMEOUT, next);
                        timeout.await.unwrap_or(None)
                    }
                    _ => open.next().await,
                };
                if let Some((channel, message)) = turn {
                    each(channel, message);
                }
            }
        });
    }
}

/// Starts so many threads and ends them. A runtime that is refused one of its threads waits for those that
/// it has, for ever, so it is not even begun then.
fn try_threads(count: usize) {
    let all = Mutex::new(());
    thread::scope(|scope| {
        let started = all.lock();
        for _ in 0..count {
            spawn_scoped(scope, || drop(all.lock()));
        }
        drop(started);
    });
}

/// Tasks on a runtime.
struct Tasks(Runtime);

impl Tasks {
    fn on(workers: usize) -> Self {
        try_threads(workers);
        let runtime = Builder::new_multi_thread().worker_threads(workers).build();
        Self(runtime.unwrap_or_else(|error| refused(&error)))
    }

    /// Starts a task for each index, and waits for all.
    fn run(&self, tasks: usize, run: impl Fn(usize) + Clone + Send + 'static) {
        self.0.block_on(async {
            let mut set = JoinSet::new();
            for index in 0..tasks {
                let run = run.clone();
                set.spawn(async move { run(index) });
            }
            while let Some(done) = set.join_next().await {
                done.expect("no task panics");
            }
        });
    }
}

impl join::Join for Tasks {
    const HELPERS: usize = 1;

    fn open(workers: usize) -> Self {
        Self::on(workers)
    }

    fn join(&mut self, tasks: &Arc<join::Tasks>) {
        let all = tasks.clone();
        self.run(tasks.count(), move |index| all.run(index));
    }
}

impl spawn::Spawn for Tasks {
    const HELPERS: usize = 1;

    fn open(workers: usize) -> Self {
        Self::on(workers)
    }

    fn run(&mut self, tasks: usize, ran: &Arc<spawn::Ran>) {
        let ran = ran.clone();
        Tasks::run(self, tasks, move |index| ran.task(index));
    }
}

impl fan_out::FanOut for Tasks {
    const HELPERS: usize = 1;

    fn open(workers: usize) -> Self {
        Self::on(workers)
    }

    fn batch(&mut self, jobs: &[fan_out::Job]) -> fan_out::Gathered {
        self.0.block_on(async {
            let mut set: JoinSet<fan_out::Done> = JoinSet::new();
            for &job in jobs {
                set.spawn(async move { job.run() });
            }
            set.join_all().await.into()
        })
    }
}
