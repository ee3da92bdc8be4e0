use super::*;
use crate::capability::Lock;
use crate::model::Locked;
use crate::registry::Strategy;
use crate::workload::broken::{self, DOUBLES, LOSES, SOUND};
use contend_team::{Team, Window};

/// Runs two workers in turn. `read` makes the answer to the read of the given number.
fn run(read: fn(&Config, u64) -> Reading) -> Result<(), String> {
    struct Handle(Arc<Mutex<(Config, u64)>>, fn(&Config, u64) -> Reading);
    impl Shared<Config> for Handle {
        fn new_handles(_: Config, _: usize) -> Vec<Self> {
            unreachable!("the test makes the handle")
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
    let params = Params::new(5, 0, Measure::All);
    let state = Arc::new(Mutex::new((params.model(), 0)));
    let mut workers = [params.worker(0), params.worker(1)];
    let mut handle = Handle(state, read);
    for _ in 0..100 {
        for worker in &mut workers {
            params.operation(worker, &mut handle);
        }
    }
    let workers = workers.map(|worker| (worker, 100));
    params.check(Class::Immediate, &workers, Handle::into_digest(vec![handle]))
}

#[test]
fn current_and_whole_configurations_pass() {
    assert_eq!(run(|config, _| config.read(())), Ok(()));
}

#[test]
fn mixed_and_old_configurations_are_reported() {
    let torn = run(|config, n| {
        let mut config = config.clone();
        config.fields[7] += u64::from(n == 50);
        config.read(())
    });
    assert_eq!(torn.unwrap_err(), "1 reads saw a mixture of two configurations");
    let stale = run(|config, n| {
        let old = config.version - u64::from(n == 90);
        Config::new(old, 0).read(())
    });
    assert!(stale.unwrap_err().starts_with("1 reads saw a configuration older"));
}

#[test]
fn lost_and_doubled_replacements_are_reported() {
    let params = || Params::new(5, 0, Measure::All);
    assert_eq!(broken::fault::<Params, SOUND>(params()), Ok(()));
    let lost = broken::fault::<Params, LOSES>(params()).unwrap_err();
    // Later reads see an older version, or the lost replacement was the last.
    let older = lost.contains(" reads saw a configuration older");
    assert!(older || lost.contains(" is left after "), "{lost}");
    let doubled = broken::fault::<Params, DOUBLES>(params()).unwrap_err();
    assert!(doubled.contains(" is left after "), "{doubled}");
}

/// A lock that starves its writer: it lets every reader go first.
struct ReadersFirst<T>(std::sync::RwLock<T>);

impl<T: Send + Sync + 'static> Lock for ReadersFirst<T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = ReadersFirst<U>;

    fn new(state: T) -> Self {
        Self(std::sync::RwLock::new(state))
    }

    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        std::thread::sleep(std::time::Duration::from_micros(50));
        f(&mut self.0.write().unwrap())
    }

    fn with<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        f(&self.0.read().unwrap())
    }
}

/// The operations of each worker in a window of three, and the replacements among those of the first.
fn mix<L: Lock<State = Config>>(every: u64) -> (Vec<u64>, u64) {
    let params = Arc::new(Params::new(every, 0, Measure::All));
    let mut window = Window {
        team: &mut Team::new(3),
        length: std::time::Duration::from_millis(4),
        pilot: &mut None,
        earlier: None,
        check_only: false,
    };
    let sample = <Locked<L> as Strategy<Params>>::measure::<0>(&params, &mut window).expect("it is sound");
    let writes = params.completed.lock().unwrap().load(Ordering::Relaxed);
    (sample.timing.all_operations, writes)
}

/// Contenders are ranked by the time of an operation, so they must do the same operations: as many of each worker, and
/// every tenth of the first a replacement, whatever the lock does to its writer.
#[test]
fn a_lock_that_starves_its_writer_does_the_same_replacements_as_any_other() {
    let every = 10;
    for (operations, writes) in [mix::<ReadersFirst<Config>>(every), mix::<std::sync::RwLock<Config>>(every)]
    {
        let first = operations[0];
        assert_eq!((&operations[..], writes), (&[first; 3][..], first / every));
        assert!(writes > 0);
    }
}

#[test]
fn a_window_is_whole_cycles() {
    for check_only in [false, true] {
        let mut window = Window {
            team: &mut Team::new(2),
            length: std::time::Duration::from_millis(1),
            pilot: &mut None,
            earlier: None,
            check_only,
        };
        let params = Arc::new(Params::new(1_000, 0, Measure::All));
        type Contender = Locked<std::sync::RwLock<Config>>;
        let sample =
            <Contender as Strategy<Params>>::measure::<0>(&params, &mut window).expect("it is sound");
        assert_eq!(sample.timing.operations, vec![sample.timing.chunk; 2]);
        assert!(
            sample.timing.chunk > 0 && sample.timing.chunk.is_multiple_of(1_000),
            "{}",
            sample.timing.chunk
        );
    }
}

/// Two workers with 100 operations each: the first is done after 2,000 ns, the other after 500 ns.
#[test]
fn reads_and_replacements_are_two_measures() {
    let timing = Timing {
        window: std::time::Duration::from_nanos(2_000),
        operations: vec![100, 100],
        all_operations: vec![116, 116],
        skew: std::time::Duration::ZERO,
        snapshot_span: std::time::Duration::ZERO,
        chunk: 100,
        ends: [2_000, 500].map(std::time::Duration::from_nanos).into(),
    };
    let value = |measure: Measure| measure.value(10, &timing);
    assert_eq!(value(Measure::All), None);
    let (reads, unit) = value(Measure::Reads).expect("a measure of its own");
    assert!((reads - 1.0 / (90.0 / 2_000.0 + 100.0 / 500.0)).abs() < 1e-9 && unit == "ns/read", "{reads}");
    assert_eq!(value(Measure::Writes), Some((200.0, "ns/replacement")));
}

/// It costs its writer far more than its readers, which one value of both hides. A reader may wait for a core in some
/// windows, and a replacement is never faster than its sleep.
#[test]
fn a_lock_that_starves_its_writer_shows_in_the_time_of_a_replacement() {
    let params = Arc::new(Params::new(10, 0, Measure::Writes));
    let shows = |_| {
        let mut window = Window {
            team: &mut Team::new(3),
            length: std::time::Duration::from_millis(4),
            pilot: &mut None,
            earlier: None,
            check_only: false,
        };
        type Contender = Locked<ReadersFirst<Config>>;
        let sample =
            <Contender as Strategy<Params>>::measure::<0>(&params, &mut window).expect("it is sound");
        let (writes, _) = sample.custom_metric.expect("a measure of its own");
        let (reads, _) = Measure::Reads.value(10, &sample.timing).expect("the other measure");
        assert!(writes >= 50_000.0, "{writes}");
        reads < writes / 10.0
    };
    assert!((0..20).any(shows), "its readers are as slow as its writer");
}
