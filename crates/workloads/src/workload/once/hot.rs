//! The open variant `hot`: the value exists, and all workers ask for it.

use std::hint::black_box;
use std::sync::Arc;

use super::{Checked, Initializer, LazyValue, Once};
use crate::model::handles;
use crate::registry::strategy;
use crate::workload::open::downcast;
use contend_record::Class;
use contend_team::{Sample, StopRule, Window, WindowError, WorkerLoop};

/// The variant in which the value exists.
pub struct Hot;

strategy!(
    O: Once, Hot,
    |threads| threads,
    |_, window| measure(window, O::lazy, ask::<_, COPY>),
    loop_address(O::lazy, ask::<_, COPY>),
);

/// The timed loop of `hot`: asks for the value `count` times. Returns how many answers were wrong.
#[inline(never)]
pub(super) fn ask<V: LazyValue, const COPY: usize>(checked: &Checked<V>, count: u64) -> u64 {
    black_box(COPY);
    let mut wrong = 0;
    for _ in 0..count {
        // Opaque in each turn. Otherwise the compiler would load the value once for all turns.
        wrong += u64::from(black_box(checked).lazy.get() != checked.value);
    }
    wrong
}

/// A worker of `hot`.
struct Asker<V> {
    checked: Arc<Checked<V>>,
    wrong: u64,
    ask: fn(&Checked<V>, u64) -> u64,
}

impl<V: LazyValue> WorkerLoop for Asker<V> {
    fn work(&mut self, operations: u64) {
        self.wrong += (self.ask)(&self.checked, operations);
    }
}

pub(super) fn measure<V: LazyValue>(
    window: &mut Window<'_>,
    lazy: fn(Initializer) -> V,
    ask: fn(&Checked<V>, u64) -> u64,
) -> Result<Sample, WindowError> {
    let workers = window.threads();
    let open = || {
        let checked = Arc::new(Checked::new(7, 0, lazy));
        checked.lazy.get();
        handles(workers, |_| -> Box<dyn WorkerLoop> {
            Box::new(Asker { checked: checked.clone(), wrong: 0, ask })
        })
    };
    let close = |work: Vec<Box<dyn WorkerLoop>>, counts: &[u64]| {
        let askers: Vec<_> = work.into_iter().map(|work| *downcast::<Asker<V>>(work)).collect();
        let wrong: u64 = askers.iter().map(|asker| asker.wrong).sum();
        if V::CLASS == Class::Floor {
            return Ok(());
        }
        if wrong > 0 {
            let all: u64 = counts.iter().sum();
            return Err(WindowError::Wrong(format!("{wrong} of {all} calls got another value")));
        }
        askers[0].checked.check().map_err(WindowError::Wrong)
    };
    window.measure(StopRule::Time, &open, &close)
}

/// The address of the loop, over values whose type has no name.
fn loop_address<V>(_: fn(Initializer) -> V, ask: fn(&Checked<V>, u64) -> u64) -> usize {
    ask as usize
}
