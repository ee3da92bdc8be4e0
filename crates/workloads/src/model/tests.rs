//! Each adapter holds a model as it says: whose writes a handle reads, and what is there in the end.

use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, SyncSender};

use super::*;
use crate::capability::{Channel, Lock, TryRecv, standard_channel};

/// A sum, which a read multiplies.
struct Sum(u64);

impl Model for Sum {
    type Write = u64;
    type Read = u64;
    type Answer = u64;

    fn write(&mut self, write: u64) {
        self.0 += write;
    }

    fn read(&self, read: u64) -> u64 {
        self.0 * read
    }

    fn digest(&self) -> u64 {
        self.0
    }
}

impl Merge for Sum {
    fn part(&self) -> Self {
        Self(0)
    }

    fn merge(&mut self, part: Self) {
        self.0 += part.0;
    }
}

/// std's mutex, also where no contender is compiled.
struct Locking<T>(Mutex<T>);

impl<T: Send + Sync + 'static> Lock for Locking<T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = Locking<U>;

    fn new(state: T) -> Self {
        Self(Mutex::new(state))
    }

    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.0.lock().unwrap())
    }
}

/// `mpsc::sync_channel`.
pub(super) struct Bounded;

standard_channel!(Channel for Bounded, SyncSender, Receiver, mpsc, mpsc::sync_channel);

/// The answers of the handles of a team of three, before and after `flush`, and the digest. It begins with 100. The
/// first worker adds 0, 1 and 2, the next ones ten and twenty more each time.
fn told<S: Shared<Sum>>() -> [Vec<u64>; 3] {
    let workers = S::workers(3);
    let mut handles = S::new_handles(Sum(100), workers);
    assert_eq!(handles.len(), workers);
    for (ten, handle) in (0..).step_by(10).zip(&mut handles) {
        (0..3).for_each(|one| handle.write(ten + one));
    }
    let read = |handles: &mut Vec<S>| handles.iter_mut().map(|handle| handle.read(2)).collect();
    let before = read(&mut handles);
    handles.iter_mut().for_each(Shared::flush);
    let after = read(&mut handles);
    handles.iter_mut().for_each(Shared::flush); // again, with nothing to apply
    [before, after, vec![S::into_digest(handles)]]
}

#[test]
fn state_that_is_shared_is_read_by_all() {
    assert_eq!(told::<Locked<Locking<Sum>>>(), [vec![398; 3], vec![398; 3], vec![199]]);
    assert_eq!(told::<Actor<Bounded, Sum>>(), [vec![398; 3], vec![398; 3], vec![199]]);
}

#[test]
fn a_part_is_read_by_its_worker_alone_until_it_is_merged() {
    assert_eq!(told::<ThreadLocal<Sum>>(), [vec![6, 66, 126], vec![0; 3], vec![199]]);
}

#[test]
fn one_worker_does_everything_where_nothing_is_shared() {
    assert_eq!(told::<Sequential<Sum>>(), [vec![206], vec![206], vec![103]]);
}

#[test]
fn the_floor_does_nothing() {
    assert_eq!(told::<NoOp>(), [vec![0; 3], vec![0; 3], vec![0]]);
}
