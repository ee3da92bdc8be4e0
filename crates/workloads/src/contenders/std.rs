//! The standard library's locks and channels.

use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, RwLock};
use std::time::Duration;

use super::{Monitor, Mpmc, MutexCondvar, ReceiveTimeout, TryRecv};
use crate::model::{Channel, Lock};

impl<T: Send + Sync + 'static> Lock for Mutex<T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = Mutex<U>;

    fn new(state: T) -> Self {
        Self::new(state)
    }

    #[inline(always)]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.lock().unwrap())
    }
}

impl<T: Send + Sync + 'static> Lock for RwLock<T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = RwLock<U>;

    fn new(state: T) -> Self {
        Self::new(state)
    }

    #[inline(always)]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.write().unwrap())
    }

    #[inline(always)]
    fn with<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        f(&self.read().unwrap())
    }
}

/// `mpsc::channel`, which has no bound.
pub struct Unbounded;

impl Channel for Unbounded {
    type Sender<T: Send + 'static> = Sender<T>;
    type Receiver<T: Send + 'static> = Receiver<T>;

    fn channel<T: Send + 'static>(_: usize) -> (Sender<T>, Receiver<T>) {
        mpsc::channel()
    }

    #[inline]
    fn send<T: Send + 'static>(sender: &Sender<T>, message: T) {
        sender.send(message).expect("the receiver lives");
    }

    #[inline]
    fn receive<T: Send + 'static>(receiver: &Receiver<T>) -> Option<T> {
        receiver.recv().ok()
    }
}

/// `mpsc::sync_channel`, whose senders wait for room.
pub struct Bounded;

impl Channel for Bounded {
    type Sender<T: Send + 'static> = SyncSender<T>;
    type Receiver<T: Send + 'static> = Receiver<T>;

    fn channel<T: Send + 'static>(capacity: usize) -> (SyncSender<T>, Receiver<T>) {
        mpsc::sync_channel(capacity)
    }

    #[inline]
    fn send<T: Send + 'static>(sender: &SyncSender<T>, message: T) {
        sender.send(message).expect("the receiver lives");
    }

    #[inline]
    fn receive<T: Send + 'static>(receiver: &Receiver<T>) -> Option<T> {
        receiver.recv().ok()
    }
}

/// The receiver cannot be shared as it is: a mutex stands before it.
impl Mpmc for Bounded {
    type Ends<T: Send + 'static> = (SyncSender<T>, Mutex<Receiver<T>>);

    fn ends<T: Send + 'static>(capacity: usize) -> Self::Ends<T> {
        let (sender, receiver) = Self::channel(capacity);
        (sender, Mutex::new(receiver))
    }

    #[inline]
    fn put<T: Send + 'static>((sender, _): &Self::Ends<T>, message: T) {
        Self::send(sender, message);
    }

    #[inline]
    fn take<T: Send + 'static>((_, receiver): &Self::Ends<T>) -> T {
        let receiver = receiver.lock().unwrap();
        receiver.recv().expect("the sender is here")
    }
}

/// One of them with its one receiver behind a mutex, as a worker pool of std's parts has it.
pub struct LockedReceiver<C = Unbounded>(C);

impl<C: Channel> Channel for LockedReceiver<C> {
    type Sender<T: Send + 'static> = C::Sender<T>;
    type Receiver<T: Send + 'static> = Arc<Mutex<C::Receiver<T>>>;

    fn channel<T: Send + 'static>(capacity: usize) -> (Self::Sender<T>, Self::Receiver<T>) {
        let (sender, receiver) = C::channel(capacity);
        (sender, Arc::new(Mutex::new(receiver)))
    }

    #[inline]
    fn send<T: Send + 'static>(sender: &Self::Sender<T>, message: T) {
        C::send(sender, message);
    }

    #[inline]
    fn receive<T: Send + 'static>(receiver: &Self::Receiver<T>) -> Option<T> {
        C::receive(&receiver.lock().unwrap())
    }
}

/// A `Mutex` and its `Condvar`.
pub struct Monitored<T> {
    state: Mutex<T>,
    changed: Condvar,
}

impl<T: Send + 'static> Monitor for Monitored<T> {
    type State = T;

    fn new(state: T) -> Self {
        Self {
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    #[inline(always)]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.state.lock().unwrap())
    }

    #[inline]
    fn wait_for<R>(&self, mut f: impl FnMut(&mut T) -> Option<R>) -> R {
        let mut state = self.state.lock().unwrap();
        loop {
            if let Some(result) = f(&mut state) {
                return result;
            }
            state = self.changed.wait(state).unwrap();
        }
    }

    fn notify_all(&self) {
        self.changed.notify_all();
    }
}

/// `Mutex` and `Condvar`.
pub struct StdCondvar;

impl MutexCondvar for StdCondvar {
    type Mutex<T: Send + 'static> = Mutex<T>;
    type Guard<'a, T: Send + 'static> = MutexGuard<'a, T>;
    type Condvar = Condvar;

    fn mutex<T: Send + 'static>(state: T) -> Mutex<T> {
        Mutex::new(state)
    }

    #[inline]
    fn lock<T: Send + 'static>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
        mutex.lock().unwrap()
    }

    #[inline]
    fn wait<'a, T: Send + 'static>(
        condvar: &Condvar,
        guard: Self::Guard<'a, T>,
    ) -> Self::Guard<'a, T> {
        condvar.wait(guard).unwrap()
    }

    #[inline]
    fn wait_for<'a, T: Send + 'static>(
        condvar: &Condvar,
        guard: Self::Guard<'a, T>,
        limit: Duration,
    ) -> Self::Guard<'a, T> {
        condvar.wait_timeout(guard, limit).unwrap().0
    }

    #[inline]
    fn notify_one(condvar: &Condvar) {
        condvar.notify_one();
    }

    #[inline]
    fn notify_all(condvar: &Condvar) {
        condvar.notify_all();
    }
}

impl ReceiveTimeout for Bounded {
    #[inline]
    fn try_receive<T: Send + 'static>(receiver: &Receiver<T>) -> TryRecv<T> {
        match receiver.try_recv() {
            Ok(message) => TryRecv::Message(message),
            Err(mpsc::TryRecvError::Empty) => TryRecv::Empty,
            Err(mpsc::TryRecvError::Disconnected) => TryRecv::Closed,
        }
    }

    #[inline]
    fn receive_timeout<T: Send + 'static>(receiver: &Receiver<T>, limit: Duration) -> TryRecv<T> {
        match receiver.recv_timeout(limit) {
            Ok(message) => TryRecv::Message(message),
            Err(mpsc::RecvTimeoutError::Timeout) => TryRecv::Empty,
            Err(mpsc::RecvTimeoutError::Disconnected) => TryRecv::Closed,
        }
    }
}
