//! A contender: how one strategy does one workload, as function pointers.

use std::any::{Any, type_name};
use std::sync::Arc;

use contend_record::Class;
use contend_team::{Sample, Window, WindowError};

use super::Info;

/// A way to do the workload `W`. Each workload implements it once for all types that implement the
/// workload's own small trait, so that a contender's author never sees it.
pub trait Strategy<W>: 'static {
    /// What it promises of a read.
    const CLASS: Class;

    /// Threads that may run at once for `threads` workers, helpers included.
    fn runnable(threads: usize) -> usize;

    /// Takes one window. `COPY` is 0, or 1 for the control, which is compiled a second time.
    ///
    /// # Errors
    /// What the oracle found, or a panic's message.
    fn measure<const COPY: usize>(workload: &Arc<W>, window: &mut Window<'_>) -> Result<Sample, WindowError>;

    /// The address of the timed loop, which differs between the copies.
    fn loop_address<const COPY: usize>() -> usize;

    /// Whether all workers run until a window ends. Then each must get a core for it to begin and to end, which takes
    /// long with more workers than cores.
    const WORKERS_RUN_ON: bool = false;
}

/// Implements [`Strategy`] of a workload for all types that implement the workload's own trait: the threads
/// that may run at once, what takes a window, and the timed loop. `COPY` is in scope in the last two.
macro_rules! strategy {
    (
        $strategy:ident: $trait:path, $params:ty,
        |$threads:pat_param| $runnable:expr,
        |$workload:pat_param, $window:ident| $measure:expr,
        $timed:expr $(,)?
    ) => {
        impl<$strategy: $trait> $crate::registry::Strategy<$params> for $strategy {
            const CLASS: contend_record::Class = <$strategy>::CLASS;

            fn runnable($threads: usize) -> usize {
                $runnable
            }

            fn measure<const COPY: usize>(
                $workload: &std::sync::Arc<$params>,
                $window: &mut contend_team::Window<'_>,
            ) -> Result<contend_team::Sample, contend_team::WindowError> {
                $measure
            }

            fn loop_address<const COPY: usize>() -> usize {
                $timed as *const () as usize
            }
        }
    };
}
pub(crate) use strategy;

/// Takes one window of one contender.
pub type MeasureFn<W> = fn(&Arc<W>, &mut Window<'_>) -> Result<Sample, WindowError>;

/// [`MeasureFn`] as a closure.
pub(crate) type MeasureClosure<W> =
    Box<dyn Fn(&Arc<W>, &mut Window<'_>) -> Result<Sample, WindowError> + Send + Sync>;

/// A contender of the workload `W`.
pub struct Contender<W> {
    /// In words.
    pub info: Info,
    /// What it promises in this workload.
    pub class: Class,
    /// Threads that may run at once for that number of workers.
    pub runnable: fn(threads: usize) -> usize,
    /// See [`Strategy::WORKERS_RUN_ON`].
    pub workers_run_on: bool,
    /// Takes a window. Twice the same, compiled apart: the second is the control's.
    pub measure: [MeasureFn<W>; 2],
    /// Where the two copies of its timed loop stand.
    pub loop_addresses: [usize; 2],
    /// The name of the type that does the workload, with its parameters.
    pub strategy: &'static str,
}

impl<W> Contender<W> {
    /// The contender that does `W` as `S` does.
    pub fn new<S: Strategy<W>>(info: Info) -> Self {
        Self {
            info,
            class: S::CLASS,
            runnable: S::runnable,
            workers_run_on: S::WORKERS_RUN_ON,
            measure: [S::measure::<0>, S::measure::<1>],
            loop_addresses: [S::loop_address::<0>(), S::loop_address::<1>()],
            strategy: type_name::<S>(),
        }
    }
}

/// A contender of any workload. It has no type parameter, so that what plans and describes it is not
/// compiled for each workload.
#[derive(Clone)]
pub struct RegisteredContender {
    /// In words.
    pub info: Info,
    /// What it promises.
    pub class: Class,
    /// See [`Contender::runnable`].
    pub runnable: fn(usize) -> usize,
    /// See [`Strategy::WORKERS_RUN_ON`].
    pub workers_run_on: bool,
    /// Whether messages wait in it without a bound: its memory then grows for as long as a window lasts, where the
    /// thread that receives them waits for a CPU.
    pub grows: bool,
    /// See [`Contender::loop_addresses`].
    pub loop_addresses: [usize; 2],
    /// See [`Contender::strategy`].
    pub strategy: &'static str,
    measure: [MeasureAny; 2],
}

/// [`MeasureFn`], given an `Arc<W>`.
type MeasureAny = Arc<dyn Fn(&dyn Any, &mut Window<'_>) -> Result<Sample, WindowError> + Send + Sync>;

impl RegisteredContender {
    pub(super) fn new<W: 'static>(contender: Contender<W>) -> Self {
        let measure_any = |measure: MeasureFn<W>| -> MeasureAny {
            Arc::new(move |workload, window| measure(workload.downcast_ref().expect("made for it"), window))
        };
        let Contender { info, class, runnable, workers_run_on, loop_addresses, strategy, measure } =
            contender;
        let measure = measure.map(measure_any);
        Self { info, class, runnable, workers_run_on, grows: false, loop_addresses, strategy, measure }
    }

    /// A contender of a user's own scenario: closures take its windows, the second that of the control.
    pub(crate) fn of_closures<W: 'static>(
        info: Info,
        class: Class,
        runnable: fn(usize) -> usize,
        loop_addresses: [usize; 2],
        measure: [MeasureClosure<W>; 2],
    ) -> Self {
        let measure = measure.map(|measure| -> MeasureAny {
            Arc::new(move |workload, window| measure(workload.downcast_ref().expect("made for it"), window))
        });
        let (workers_run_on, strategy) = (true, type_name::<W>());
        Self { info, class, runnable, workers_run_on, grows: false, loop_addresses, strategy, measure }
    }

    pub(super) fn measure(
        &self,
        workload: &dyn Any,
        copy: usize,
        window: &mut Window<'_>,
    ) -> Result<Sample, WindowError> {
        (self.measure[copy])(workload, window)
    }
}
