use std::sync::Mutex;
use std::time::Duration;

use super::hot::{ask, measure};
use super::race::{ask_all, lap};
use super::*;
use contend_team::{Team, Window};

/// Checks whether there is a value, and then makes one. Nothing keeps another thread from doing the same
/// in between.
struct MadeTwice {
    value: Mutex<Option<u64>>,
    initializer: Initializer,
}

impl Once for MadeTwice {
    fn lazy(initializer: Initializer) -> impl LazyValue {
        Self { value: Mutex::new(None), initializer }
    }
}

impl LazyValue for MadeTwice {
    fn get(&self) -> u64 {
        let present = *self.value.lock().unwrap();
        present.unwrap_or_else(|| {
            let value = self.initializer.run();
            std::thread::sleep(Duration::from_micros(200));
            *self.value.lock().unwrap() = Some(value);
            value
        })
    }
}

/// Never returns the value.
struct WrongValue(Initializer);

impl Once for WrongValue {
    fn lazy(initializer: Initializer) -> impl LazyValue {
        initializer.run();
        WrongValue(initializer)
    }
}

impl LazyValue for WrongValue {
    fn get(&self) -> u64 {
        self.0.value + 1
    }
}

#[test]
fn a_value_that_is_made_twice_is_reported() {
    let error = lap(&mut Team::new(4), 50, 0, MadeTwice::lazy, ask_all::<_, 0>).unwrap_err().to_string();
    assert!(error.starts_with("a value was made"), "{error}");
}

#[test]
fn a_call_that_gets_another_value_is_reported() {
    let error = lap(&mut Team::new(2), 5, 0, WrongValue::lazy, ask_all::<_, 0>).unwrap_err();
    assert_eq!(error.to_string(), "5 of 5 calls got another value");
    let mut window = Window {
        team: &mut Team::new(2),
        length: Duration::from_millis(1),
        pilot: &mut None,
        earlier: None,
        check_only: true,
    };
    let error = measure(&mut window, WrongValue::lazy, ask::<_, 0>).unwrap_err().to_string();
    assert!(error.ends_with("calls got another value"), "{error}");
}
