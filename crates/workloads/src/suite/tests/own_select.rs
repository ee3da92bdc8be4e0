//! A channel with a selector and a lock with an upgrade as users write them: each takes part by its capability, and a
//! wrong one is found.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use crate::capability::{Channel, Lock, Selector, TryRecv, UpgradableLock, WaitMode};
use crate::registry::{BlockSettings, Info};
use crate::workloads;
use contend_record::Calibration;
use contend_team::{Sample, Team, Window, WindowError};

/// std's bounded channel.
struct MyChannel;

impl Channel for MyChannel {
    type Sender<T: Send + 'static> = SyncSender<T>;
    type Receiver<T: Send + 'static> = Receiver<T>;

    fn channel<T: Send + 'static>(capacity: usize) -> (SyncSender<T>, Receiver<T>) {
        sync_channel(capacity)
    }

    fn send<T: Send + 'static>(sender: &SyncSender<T>, message: T) {
        sender.send(message).unwrap();
    }

    fn receive<T: Send + 'static>(receiver: &Receiver<T>) -> Option<T> {
        receiver.recv().ok()
    }

    fn try_receive<T: Send + 'static>(receiver: &Receiver<T>) -> TryRecv<T> {
        match receiver.try_recv() {
            Ok(message) => TryRecv::Message(message),
            Err(std::sync::mpsc::TryRecvError::Empty) => TryRecv::Empty,
            Err(std::sync::mpsc::TryRecvError::Disconnected) => TryRecv::Closed,
        }
    }
}

/// Looks at one channel after the other. A forgetful one drops the first message of the last channel.
struct MySelector<const FORGETFUL: bool>;

impl<const FORGETFUL: bool> Selector<MyChannel> for MySelector<FORGETFUL> {
    fn drain<T: Send + 'static>(receivers: Vec<Receiver<T>>, _: WaitMode, mut each: impl FnMut(usize, T)) {
        let last = receivers.len() - 1;
        let mut forgets = FORGETFUL;
        let mut open: Vec<_> = receivers.iter().enumerate().collect();
        while !open.is_empty() {
            open.retain(|(channel, receiver)| match MyChannel::try_receive(receiver) {
                TryRecv::Message(_) if *channel == last && std::mem::take(&mut forgets) => true,
                TryRecv::Message(message) => {
                    each(*channel, message);
                    true
                }
                TryRecv::Empty => true,
                TryRecv::Closed => false,
            });
            std::thread::yield_now();
        }
    }
}

/// A lock whose upgrade looks and writes under one mutex. A hasty one lets other threads in between.
struct MyLock<T, const HASTY: bool>(Mutex<T>);

impl<T: Send + Sync + 'static, const HASTY: bool> Lock for MyLock<T, HASTY> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = MyLock<U, HASTY>;

    fn new(state: T) -> Self {
        Self(Mutex::new(state))
    }

    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.0.lock().unwrap())
    }
}

impl<T: Send + Sync + 'static, const HASTY: bool> UpgradableLock for MyLock<T, HASTY> {
    fn read_or_upgrade<R>(&self, read: impl FnOnce(&T) -> Option<R>, write: impl FnOnce(&mut T) -> R) -> R {
        let mut guard = self.0.lock().unwrap();
        if let Some(result) = read(&guard) {
            return result;
        }
        if HASTY {
            drop(guard);
            std::thread::sleep(Duration::from_micros(50));
            guard = self.0.lock().unwrap();
        }
        write(&mut guard)
    }
}

/// One check of a contender in each variant of a workload.
fn checks(add: impl Fn(&mut crate::Suite), name: &str) -> Vec<(String, Result<Sample, WindowError>)> {
    let mut suite = workloads();
    add(&mut suite);
    let work = Calibration { ns_per_iteration: 3.0, ..Calibration::default() };
    let check = |variant: &crate::registry::Variant| {
        let place = variant.contenders.iter().position(|one| one.info.name == name)?;
        let settings = BlockSettings { threads: 2, seed: 1, check_only: true, work: work.clone() };
        let (mut team, mut pilot, length) = (Team::new(2), None, Duration::from_millis(4));
        let mut window =
            Window { team: &mut team, length, pilot: &mut pilot, earlier: None, check_only: true };
        let measured = variant.prepare(&settings).measure(place, 0, &mut window);
        Some((variant.info.id.to_string(), measured))
    };
    suite.variants.iter().filter_map(check).collect()
}

#[test]
fn a_users_selector_is_in_every_variant_of_select() {
    let of = |add: fn(&mut crate::Suite)| checks(add, "my::select");
    let right = of(|suite| {
        suite
            .channel::<MyChannel>(Info::new("my::channel"))
            .selector::<MySelector<false>>("my::select".into());
    });
    let ids: Vec<&str> = right.iter().map(|(id, _)| &**id).collect();
    let wanted = [
        "select/2",
        "select/8",
        "select/2-timeout",
        "select/8-timeout",
        "select/2-default",
        "select/8-default",
    ];
    assert_eq!(ids, wanted);
    assert!(right.iter().all(|(_, measured)| measured.is_ok()), "{right:#?}");
    let wrong = of(|suite| {
        suite
            .channel::<MyChannel>(Info::new("my::channel"))
            .selector::<MySelector<true>>("my::select".into());
    });
    assert!(wrong.iter().all(|(_, measured)| measured.is_err()), "{wrong:#?}");
}

#[test]
fn a_users_upgrade_is_in_every_variant_of_once() {
    let name = "my::Lock+Option+upgradable";
    let right = |suite: &mut crate::Suite| {
        suite.rw_lock::<MyLock<(), false>>(Info::new("my::Lock")).upgradable();
    };
    let found = checks(right, name);
    let ids: Vec<&str> = found.iter().map(|(id, _)| &**id).collect();
    assert_eq!(ids, ["once/hot", "once/race"]);
    assert!(found.iter().all(|(_, measured)| measured.is_ok()), "{found:#?}");
    let hasty = |suite: &mut crate::Suite| {
        suite.rw_lock::<MyLock<(), true>>(Info::new("my::Lock")).upgradable();
    };
    // Two threads on one core may miss each other in one window.
    let caught = (0..50).any(|_| checks(hasty, name).iter().any(|(_, measured)| measured.is_err()));
    assert!(caught, "a value was made twice");
}
