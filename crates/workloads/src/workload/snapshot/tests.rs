use super::*;
use crate::workload::broken::{self, DOUBLES, LOSES, SOUND};

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
    let params = Params::new(5, 0);
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
    let params = || Params::new(5, 0);
    assert_eq!(broken::fault::<Params, SOUND>(params()), Ok(()));
    let lost = broken::fault::<Params, LOSES>(params()).unwrap_err();
    // Later reads see an older version, or the lost replacement was the last.
    let older = lost.contains(" reads saw a configuration older");
    assert!(older || lost.contains(" is left after "), "{lost}");
    let doubled = broken::fault::<Params, DOUBLES>(params()).unwrap_err();
    assert!(doubled.contains(" is left after "), "{doubled}");
}
