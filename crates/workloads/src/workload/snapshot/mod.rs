//! `snapshot`: a configuration that all read, and one replaces now and then. Go's `RWMutex` around a
//! struct.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::capability::Lock;
use crate::model::{Locked, Model, Shared};
use crate::registry::{Description, Info, Suite, Tier};
use crate::workload::open::{self, OpenWorkload};
use contend_record::{Class, WorkloadGroup};
use contend_team::busy_loop::busy_loop;

/// The name in ids.
pub const NAME: &str = "snapshot";

/// Nanoseconds that a reader looks at the configuration in the variants with long reads.
const LONG_NS: u64 = 1_000;

/// Fields of the configuration.
const FIELDS: usize = 8;

/// The configuration.
#[derive(Clone)]
pub struct Config {
    version: u64,
    /// All follow from the version, so that a mixture of two shows.
    fields: [u64; FIELDS],
    /// How long a reader looks.
    iterations: u64,
}

/// What a reader saw.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reading {
    version: u64,
    torn: bool,
}

impl Config {
    fn new(version: u64, iterations: u64) -> Self {
        Self { version, fields: Self::fields(version), iterations }
    }

    fn fields(version: u64) -> [u64; FIELDS] {
        std::array::from_fn(|index| version.wrapping_mul(index as u64 + 3))
    }
}

impl Model for Config {
    type Write = ();
    type Read = ();
    type Answer = Reading;

    #[inline(always)]
    fn write(&mut self, (): ()) {
        self.version += 1;
        self.fields = Self::fields(self.version);
    }

    #[inline(always)]
    fn read(&self, (): ()) -> Reading {
        busy_loop(self.iterations);
        Reading { version: self.version, torn: self.fields != Self::fields(self.version) }
    }

    fn digest(&self) -> u64 {
        self.version
    }
}

/// How often the first worker replaces the configuration, and how long all look at it.
pub struct Params {
    every: u64,
    iterations: u64,
    /// Replacements that are over, of the window that is taken: the least version that a read which
    /// begins now may see. Fresh with each window's state.
    over: Mutex<Arc<AtomicU64>>,
}

impl Params {
    fn new(every: u64, iterations: u64) -> Self {
        Self { every, iterations, over: Mutex::default() }
    }
}

/// A worker's place, and what it saw wrong.
pub struct Worker {
    /// Operations until its next replacement; none for those that only read.
    until: Option<u64>,
    over: Arc<AtomicU64>,
    writes: u64,
    torn: u64,
    stale: u64,
    /// The newest version that it saw.
    seen: u64,
}

impl OpenWorkload for Params {
    type Model = Config;
    type Worker = Worker;

    fn model(&self) -> Config {
        *self.over.lock().expect("nobody panics here") = Arc::default();
        Config::new(0, self.iterations)
    }

    fn worker(&self, index: usize) -> Worker {
        Worker {
            until: (index == 0).then_some(self.every),
            over: self.over.lock().expect("nobody panics here").clone(),
            writes: 0,
            torn: 0,
            stale: 0,
            seen: 0,
        }
    }

    #[inline(always)]
    fn operation<S: Shared<Config>>(&self, worker: &mut Worker, shared: &mut S) {
        if let Some(until) = &mut worker.until {
            *until -= 1;
            if *until == 0 {
                *until = self.every;
                shared.write(());
                worker.writes += 1;
                worker.over.store(worker.writes, Ordering::Release);
                return;
            }
        }
        let least = worker.over.load(Ordering::Acquire).max(worker.seen);
        let reading = shared.read(());
        worker.torn += u64::from(reading.torn);
        worker.stale += u64::from(reading.version < least);
        worker.seen = reading.version;
    }

    fn check(&self, _: Class, workers: &[(Worker, u64)], digest: u64) -> Result<(), String> {
        let sum = |of: fn(&Worker) -> u64| workers.iter().map(|(worker, _)| of(worker)).sum::<u64>();
        let torn = sum(|worker| worker.torn);
        if torn > 0 {
            return Err(format!("{torn} reads saw a mixture of two configurations"));
        }
        let stale = sum(|worker| worker.stale);
        if stale > 0 {
            return Err(format!(
                "{stale} reads saw a configuration older than one that was in force, or seen, before they began"
            ));
        }
        let writes = sum(|worker| worker.writes);
        match digest == writes {
            true => Ok(()),
            false => Err(format!("version {digest} is left, after {writes} replacements")),
        }
    }
}

/// Adds a contender that holds a configuration to every variant.
pub fn add<S: Shared<Config>>(suite: &mut Suite, info: &Info) {
    suite.add::<Params, S>(info.clone());
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "All read a configuration that one replaces now and then",
        models: "Go's sync.RWMutex around a struct (or an atomic.Pointer to it): goroutines that serve requests read the configuration, one reloads it.",
        question: "Read almost always: does a read-write lock pay, or a mutex around an Arc that readers take a copy of?",
        timed: "Reads and replacements of all workers, between two snapshots of their counts. The first worker replaces the configuration at each so-manieth of its operations; all others read. Eight fields, all of which a reader looks at; `-1us`: and then for about 1 µs more.",
        oracle: "No read sees a mixture of two configurations, nor one older than any that was in force before the read began; every replacement counts.",
        operation: "read or replacement",
    });
    let mut variant = |name, title, every: u64, long: bool, weight| {
        let share = format!("each {every}th of one worker");
        let length = if long { "1 µs" } else { "nothing" };
        let parameters = [("replacement", &*share), ("work of a read", length)];
        suite.variant(NAME, name, title, &parameters, weight, move |setting| {
            let iterations = if long { setting.iterations(LONG_NS) } else { 0 };
            Params::new(every, iterations)
        });
    };
    variant(
        "every1000",
        "short reads; each 1,000th operation of one worker replaces it",
        1_000,
        false,
        Tier::Standard,
    );
    variant(
        "every1000-1us",
        "reads of 1 µs; each 1,000th operation of one worker replaces it",
        1_000,
        true,
        Tier::Standard,
    );
    variant(
        "every10",
        "short reads; each 10th operation of one worker replaces it",
        10,
        false,
        Tier::Thorough,
    );
    variant(
        "every10-1us",
        "reads of 1 µs; each 10th operation of one worker replaces it",
        10,
        true,
        Tier::Thorough,
    );
    open::register::<Params>(suite);
}

/// Adds a lock around the configuration.
pub fn register_lock<L: Lock>(suite: &mut Suite, info: &Info) {
    add::<Locked<L::WithState<Config>>>(suite, info);
}

/// Adds a lock around a pointer to the configuration.
pub fn register_lock_of_arc<L: Lock>(suite: &mut Suite, info: &Info) {
    let role = "A reader clones the Arc under the lock, and looks without it. A replacement makes a new configuration, \
                and swaps the pointers.";
    add::<Pointer<L::WithState<Arc<Config>>>>(suite, &info.in_role("+Arc", role));
}

/// Says what is missing, and why. Called before contenders are added, which it keeps out.
pub fn register_exclusions(suite: &mut Suite) {
    let atomic = "a configuration is more than a word, and freeing the one before safely needs a crate: arc-swap, left-right";
    suite.exclude(NAME, "std::sync::atomic", atomic);
    let map = "one value that is read whole is one entry: a lock with a hash before it";
    suite.exclude(NAME, "dashmap::DashMap", map);
    suite.exclude(NAME, "rayon", "a part of its own for each thread would not see what the others wrote");
}

/// A lock around a pointer to the configuration.
pub struct Pointer<L>(Arc<L>);

impl<L: Lock<State = Arc<Config>>> Shared<Config> for Pointer<L> {
    fn new_handles(model: Config, workers: usize) -> Vec<Self> {
        let lock = Arc::new(L::new(Arc::new(model)));
        (0..workers).map(|_| Self(lock.clone())).collect()
    }

    #[inline(always)]
    fn write(&mut self, (): ()) {
        let now = self.0.with(Arc::clone);
        let mut next = Config::clone(&now);
        next.write(()); // one worker writes: nobody else did meanwhile
        let next = Arc::new(next);
        drop(now);
        let _before = self.0.with_mut(|config| std::mem::replace(config, next));
    }

    #[inline(always)]
    fn read(&mut self, (): ()) -> Reading {
        let config = self.0.with(Arc::clone);
        config.read(())
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].0.with(|config| config.digest())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::broken::{self, DOUBLES, LOSES, SOUND};

    /// One worker after the other, operations in turn, on what `read` makes of the configuration.
    fn fault(read: fn(&Config, u64) -> Reading) -> Result<(), String> {
        struct Handle(Arc<Mutex<(Config, u64)>>, fn(&Config, u64) -> Reading);
        impl Shared<Config> for Handle {
            fn new_handles(_: Config, _: usize) -> Vec<Self> {
                unreachable!("the test opens it")
            }
            fn write(&mut self, (): ()) {
                self.0.lock().unwrap().0.write(());
            }
            fn read(&mut self, (): ()) -> Reading {
                let mut state = self.0.lock().unwrap();
                state.1 += 1;
                (self.1)(&state.0, state.1)
            }
            fn into_digest(handles: Vec<Self>) -> u64 {
                handles[0].0.lock().unwrap().0.digest()
            }
        }
        let reload = Params::new(5, 0);
        let state = Arc::new(Mutex::new((reload.model(), 0)));
        let mut workers = [reload.worker(0), reload.worker(1)];
        let mut handle = Handle(state, read);
        for _ in 0..100 {
            for worker in &mut workers {
                reload.operation(worker, &mut handle);
            }
        }
        let workers = workers.map(|worker| (worker, 100));
        reload.check(Class::Immediate, &workers, Handle::into_digest(vec![handle]))
    }

    #[test]
    fn what_is_current_and_whole_is_right() {
        assert_eq!(fault(|config, _| config.read(())), Ok(()));
    }

    #[test]
    fn a_mixture_and_an_old_one_are_named() {
        let torn = fault(|config, n| {
            let mut config = config.clone();
            config.fields[7] += u64::from(n == 50);
            config.read(())
        });
        assert_eq!(torn.unwrap_err(), "1 reads saw a mixture of two configurations");
        let stale = fault(|config, n| {
            let old = config.version - u64::from(n == 90);
            Config::new(old, 0).read(())
        });
        assert!(stale.unwrap_err().starts_with("1 reads saw a configuration older"));
    }

    #[test]
    fn a_contender_that_loses_or_doubles_a_replacement_is_named() {
        let reload = || Params::new(5, 0);
        assert_eq!(broken::fault::<Params, SOUND>(reload()), Ok(()));
        let lost = broken::fault::<Params, LOSES>(reload()).unwrap_err();
        // Older ones are read from then on, or it was the last.
        let older = lost.contains(" reads saw a configuration older");
        assert!(older || lost.contains(" is left, after "), "{lost}");
        let doubled = broken::fault::<Params, DOUBLES>(reload()).unwrap_err();
        assert!(doubled.contains(" is left, after "), "{doubled}");
    }
}
