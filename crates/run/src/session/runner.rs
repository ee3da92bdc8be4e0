//! Runs a plan: in passes over all blocks, one fork of each at a time, and in each fork its rounds. A
//! contender's failure is a row of the result: its cell is left out from then on, and the rest goes on.

use std::io;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::blame::{end_by_other, fail_all, fail_other};
use super::child_process::ChildProcess;
use super::disturbances::clock_went_back;
use super::floor_check::FloorCheck;
use super::fork::BlockRunner;
use super::fork_death::ForkError;
use super::fork_handle::ForkHandle;
use super::order::order;
use super::plan::fork_estimate;
use super::protocol::{BlockSetup, Request, Response};
use super::resume::RoundsDone;
use super::round_state::{ForkState, RoundEnd, RunState, WindowContext};
use super::seeds::{hash, mix};
use super::validity::{MeasuredWindow, WindowPosition};
use super::write_error::remedy;
use crate::machine::Executable;
use crate::record::{BlockPlan, Calibration, Shape};
use contend_workloads::registry::Suite;

/// A block's planned overhead per window counts this often in a fork's deadline, for slower machines.
const OVERHEAD_FACTOR: u32 = 10;

/// How forks are run.
pub(crate) struct Runner<'a> {
    /// What can be measured: the same in parent and forks.
    pub suite: &'a Suite,
    /// The executable to start as forks; `None` measures in this process.
    pub executable: Option<Executable>,
    /// A fork that is silent for longer is killed.
    pub deadline: Duration,
    /// A fork that uses more bytes of memory is killed.
    pub memory_limit: u64,
    /// The seed of all random choices.
    pub seed: u64,
    /// The calibration of busy loops.
    pub work: Calibration,
    /// Whether cells are only checked, not timed.
    pub check_only: bool,
    /// Whether each worker is pinned to a CPU.
    pub pin: bool,
    /// The CPUs of the machine, over which stolen time is counted.
    pub cpus: usize,
    /// The floors so far, by which odd forks are taken again.
    pub floors: Mutex<FloorCheck>,
    /// Whether the rounds of forks alternate with those of another build, whose team must not be disturbed.
    pub beside_another: bool,
    /// Set from outside to stop the run.
    pub interrupted: &'a AtomicBool,
}

/// A fork number, and the blocks that have a fork of that number.
pub(crate) type Pass<'a> = (u32, Vec<&'a BlockPlan>);

/// Why a run ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    /// It was interrupted.
    #[error("interrupted")]
    Interrupted,
    /// A fork could not be started, or its response makes no sense.
    #[error("{0}")]
    Fork(String),
    /// The executable is not that of the parent any more.
    #[error(
        "the executable {0} was replaced or deleted while it measured, and records of two builds are no evidence of \
         either; finished rounds are kept, but begin a new run"
    )]
    OtherExecutable(String),
    /// Records could not be read back.
    #[error("cannot read the records back: {0}")]
    Read(#[from] crate::record::ReadError),
    /// There is too little free space for the records.
    #[error(
        "the folder of records has {} kB of free space, and the run needs about {} kB; free some space and continue \
         with `--resume`", .free.div_ceil(1024), .needed.div_ceil(1024)
    )]
    NoSpace {
        /// Bytes that are free.
        free: u64,
        /// Bytes that the run needs.
        needed: u64,
    },
    /// Records could not be written.
    #[error("cannot write the records: {0}; {remedy}", remedy = remedy(.0))]
    Write(#[from] io::Error),
}

impl<'a> Runner<'a> {
    /// A runner of another build of the suite, with the `floors` of its forks so far.
    pub(super) fn of_build(&self, executable: Executable, floors: FloorCheck) -> Self {
        Self { executable: Some(executable), floors: Mutex::new(floors), work: self.work.clone(), ..*self }
    }
}

impl Runner<'_> {
    /// Why the fork has to be taken again, if its first round says so.
    pub(super) fn odd_floor(&self, position: WindowPosition, windows: &[MeasuredWindow]) -> Option<String> {
        self.floors.lock().expect("no holder panics").look(position, windows)
    }

    /// Measures one round. If no fork of the block can be prepared, all of its cells fail. With
    /// `abort_on_disturbance`, the round ends at its first disturbed window, since it will be void anyway.
    pub(super) fn run_round<'a>(
        &'a self,
        block: &BlockPlan,
        position: WindowPosition,
        run: &mut RunState<'_>,
        state: &mut ForkState,
        handle: &mut Option<ForkHandle<'a>>,
        abort_on_disturbance: bool,
    ) -> Result<(Vec<MeasuredWindow>, RoundEnd), RunError> {
        let index = u64::from(position.fork - 1) * u64::from(block.rounds) + u64::from(position.round - 1);
        let seed = mix(self.seed, hash(&block.block.to_string()));
        let mut order = order(block.cells.len(), index as usize, seed);
        if let Some(first) = &state.first {
            // A stable sort: the others keep their order.
            order.sort_by_key(|cell| block.block.cell(&block.cells[*cell].contender) != *first);
        }
        let mut windows: Vec<MeasuredWindow> = Vec::new();
        let is_left = |cell: &&usize| !run.failed.contains(&block.block.cell(&block.cells[**cell].contender));
        let last = order.iter().rev().find(is_left).copied();
        for cell in order {
            let then_sleep = self.beside_another && Some(cell) == last;
            let name = &block.cells[cell].contender;
            let cell = block.block.cell(name);
            if run.failed.contains(&cell) {
                continue;
            }
            let fork_seed = mix(seed, u64::from(position.fork));
            let handle = match handle {
                Some(handle) => handle,
                None => match self.prepare_fork(block, fork_seed)? {
                    Ok(ready) => {
                        state.process_begins(ready.resident_bytes());
                        handle.insert(ready)
                    }
                    Err(reason) => {
                        windows.extend(fail_all(block, position, &reason, run.failed));
                        return Ok((windows, RoundEnd::Measured));
                    }
                },
            };
            let after = windows.last().map(|window| window.record.cell.contender.clone());
            let position = WindowPosition { position: windows.len() as u32, ..position };
            let contender = name.clone();
            let earlier = run.fixed_work.get(&cell).copied();
            let response = match self.ask(handle, &Request::Measure { contender, earlier, then_sleep }, block)
            {
                Ok(Response::Changed(what)) => Err(ForkError::Changed(what)),
                response => response,
            };
            state.note_memory(&cell, handle.resident_bytes());
            if let Some(error) = response.as_ref().err().filter(|error| error.is_end()) {
                let place = (cell.clone(), position, after.clone());
                if let Some(end) = end_by_other(state, run.failed, &mut windows, place, error) {
                    return Ok((windows, end));
                }
            }
            let reason = match response {
                Ok(Response::Measured(measurement)) => {
                    match measurement.shape {
                        Shape::Fixed => run.fixed_work.insert(cell.clone(), measurement.chunk),
                        Shape::Open => run.fixed_work.remove(&cell),
                    };
                    let (window_ns, cpus) = (block.window_ns, self.cpus);
                    let (cell, after) = (cell.clone(), after.clone());
                    let of = WindowContext { cell, position, after, window_ns, cpus };
                    match state.window(of, *measurement) {
                        Ok(mut window) => {
                            if self.check_only {
                                window.disturbance = None; // nothing is timed that could be disturbed
                            }
                            let disturbed = window.disturbance.is_some();
                            windows.push(window);
                            if abort_on_disturbance && disturbed {
                                break;
                            }
                            continue;
                        }
                        Err(fault) => fault,
                    }
                }
                Ok(Response::Failed(reason)) => reason,
                Ok(Response::Refused(reason)) => return Err(RunError::Fork(reason)),
                Ok(Response::OtherFailed { contender, reason })
                    if block.cells.iter().any(|cell| cell.contender == contender) =>
                {
                    let culprit = block.block.cell(&contender);
                    let lost = format!("{culprit} disturbed it");
                    windows.push(MeasuredWindow::lost(cell, position, after, &lost));
                    let end = fail_other(&mut windows, culprit, position, &reason, run.failed);
                    return Ok((windows, end));
                }
                Ok(
                    Response::Changed(_)
                    | Response::OtherFailed { .. }
                    | Response::Ready { .. }
                    | Response::Clock(_),
                ) => OTHER_REQUEST.to_owned(),
                Ok(Response::ClockWentBack) | Err(ForkError::Clock) => {
                    windows.push(clock_went_back(cell, position, after));
                    return Ok((windows, RoundEnd::ClockWentBack));
                }
                Err(ForkError::Interrupted) => return Err(RunError::Interrupted),
                Err(error @ ForkError::KilledFromOutside(_)) => match run.killed_too_often(state, &cell) {
                    Some(kills) => format!("{error}, {kills} times"),
                    None => {
                        let reason = format!("{error}; its round is repeated once");
                        windows.push(MeasuredWindow::lost(cell, position, after, &reason));
                        let reason = "its fork was killed from outside, and its round is repeated";
                        return Ok((windows, RoundEnd::Lost(reason)));
                    }
                },
                Err(error) => error.to_string(),
            };
            let printed = handle.printed().map(|text| format!("; it printed: {text}"));
            let reason = reason + printed.as_deref().unwrap_or_default();
            windows.push(MeasuredWindow::failed(cell.clone(), position, after, &reason));
            run.failed.insert(cell.clone());
            return Ok((windows, RoundEnd::Failed(cell)));
        }
        Ok((windows, RoundEnd::Measured))
    }

    /// Starts a fork and prepares `block` in it. The inner error is the reason why there can be none.
    fn prepare_fork(&self, block: &BlockPlan, seed: u64) -> Result<Result<ForkHandle<'_>, String>, RunError> {
        let setup = BlockSetup {
            block: block.block.clone(),
            seed,
            work: self.work.clone(),
            window_ns: block.window_ns,
            check_only: self.check_only,
            pin: self.pin,
            executable: self.executable.as_ref().map(|executable| executable.identity().clone()),
        };
        let Some(executable) = &self.executable else {
            let runner = BlockRunner::new(self.suite, setup).map_err(RunError::Fork)?;
            return Ok(Ok(ForkHandle::InProcess(Box::new(runner))));
        };
        let replaced = || RunError::OtherExecutable(executable.path().display().to_string());
        if !executable.is_unchanged() {
            return Err(replaced());
        }
        let start = || {
            ChildProcess::start(executable, self.memory_limit)
                .map(|child| ForkHandle::Child(Box::new(child)))
                .map_err(|error| {
                    let executable = executable.path();
                    let executable = executable.display();
                    RunError::Fork(format!(
                        "cannot start {executable} as a fork: {error}; try `--in-process`"
                    ))
                })
        };
        let request = Request::Prepare(setup);
        let mut handle = start()?;
        let mut response = self.ask(&mut handle, &request, block);
        if matches!(response, Err(ForkError::KilledFromOutside(_))) {
            handle = start()?;
            response = self.ask(&mut handle, &request, block);
        }
        match response {
            Ok(Response::Ready { executable: theirs }) if theirs == executable.identity().sha256() => {
                Ok(Ok(handle))
            }
            Ok(Response::Ready { .. }) => Err(replaced()),
            Ok(Response::Failed(reason)) => Ok(Err(reason)),
            Ok(Response::Refused(reason)) => Err(RunError::Fork(reason)),
            Ok(_) => Ok(Err(OTHER_REQUEST.to_owned())),
            Err(ForkError::Interrupted) => Err(RunError::Interrupted),
            Err(error) => Ok(Err(format!("its fork did not get ready: {error}"))),
        }
    }

    /// Sends `request` to a fork of `block`. Blocks with slow windows get a longer deadline.
    fn ask(
        &self,
        handle: &mut ForkHandle<'_>,
        request: &Request,
        block: &BlockPlan,
    ) -> Result<Response, ForkError> {
        let deadline = self.deadline + Duration::from_nanos(block.frame_ns) * OVERHEAD_FACTOR;
        handle.ask(request, deadline, self.interrupted)
    }
}

/// The reason of a cell whose fork answered what was not asked.
const OTHER_REQUEST: &str = "its process answered another request than the last one";

/// The number of windows in `passes` that are not done.
pub(super) fn windows_left(passes: &[Pass<'_>], done: &RoundsDone) -> u64 {
    let windows = |(fork, block): (u32, &BlockPlan)| {
        let rounds = block.rounds.saturating_sub(done.of(block, fork));
        block.cells.len() as u64 * u64::from(rounds)
    };
    let forks = passes.iter().flat_map(|(fork, blocks)| blocks.iter().map(|block| (*fork, *block)));
    forks.map(windows).sum()
}

/// How long the rounds of `passes` that are not done will take.
pub(super) fn time_left(passes: &[Pass<'_>], done: &RoundsDone) -> Duration {
    let forks = passes.iter().flat_map(|(fork, blocks)| blocks.iter().map(|block| (*fork, *block)));
    let left = forks.map(|(fork, block)| {
        let rounds = block.rounds.saturating_sub(done.of(block, fork));
        fork_estimate(block).mul_f64(f64::from(rounds) / f64::from(block.rounds.max(1)))
    });
    left.sum()
}
