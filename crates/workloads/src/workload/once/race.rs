//! The closed variant `race`: all workers ask, at the same time, for values that do not exist yet.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use super::{Checked, Initializer, LazyValue, Once};
use crate::model::handles;
use crate::registry::strategy;
use crate::workload::closed::{self, TaskResult};
use contend_record::Class;
use contend_team::{Sample, Task, Team, Window, WindowError};

/// Values of a batch that workers race for.
const BATCH: u64 = 32;

/// The variant in which the values do not exist yet.
pub struct Race {
    pub(super) iterations: u64,
}

strategy!(
    O: Once, Race,
    |threads| threads,
    |race, window| measure(race, window, O::lazy, ask_all::<_, COPY>),
    loop_address(O::lazy, ask_all::<_, COPY>),
);

/// The timed loop of `race`: asks for each value once.
#[inline(never)]
pub(super) fn ask_all<V: LazyValue, const COPY: usize>(values: &[Checked<V>]) -> TaskResult {
    black_box(COPY);
    let mut wrong = 0;
    for checked in values {
        wrong += u64::from(checked.lazy.get() != checked.value);
    }
    match wrong == 0 || V::CLASS == Class::Floor {
        true => Ok(()),
        false => Err(format!("{wrong} of {} calls got another value", values.len())),
    }
}

/// A lap of `race`: all workers ask for the same values, in the same order.
pub(super) fn lap<V: LazyValue>(
    team: &mut Team,
    count: u64,
    iterations: u64,
    lazy: fn(Initializer) -> V,
    ask_all: fn(&[Checked<V>]) -> TaskResult,
) -> Result<Duration, WindowError> {
    let values = Arc::new(handles(count as usize, |index| Checked::new(index as u64 + 1, iterations, lazy)));
    let tasks = handles(team.size(), |_| -> Task<TaskResult> {
        let values = values.clone();
        Box::new(move || ask_all(&values))
    });
    let time = closed::run_tasks(team, tasks, None)?;
    if V::CLASS != Class::Floor {
        values.iter().try_for_each(Checked::check).map_err(WindowError::Wrong)?;
    }
    Ok(time)
}

fn measure<V: LazyValue>(
    race: &Race,
    window: &mut Window<'_>,
    lazy: fn(Initializer) -> V,
    ask_all: fn(&[Checked<V>]) -> TaskResult,
) -> Result<Sample, WindowError> {
    closed::measure_team_laps(window, BATCH, &mut |team, batches| {
        lap(team, BATCH * batches, race.iterations, lazy, ask_all)
    })
}

/// The address of the loop, over values whose type has no name.
fn loop_address<V>(_: fn(Initializer) -> V, ask_all: fn(&[Checked<V>]) -> TaskResult) -> usize {
    ask_all as usize
}
