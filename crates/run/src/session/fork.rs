//! A fork: the process in which windows are measured. It reads requests, one JSON line each, and answers each of
//! them. It ends when its input ends, so no fork outlives a killed parent. The parent decides which cell comes next.

use std::io::{BufRead, BufReader};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::disturbances::CLOCK_WENT_BACK;
use super::fork_messages::{ForkMessages, first_panic, forget_panics};
use super::fork_streams::ForkStreams;
use super::process_group;
use super::process_guard::{Change, ProcessGuard};
use super::protocol::{BlockSetup, Measurement, REASON_LIMIT, Request, RequestLine, Response};
use super::stray_processes;
use crate::machine::Identity;
use crate::message::message;
use crate::record::{BlockPlan, CONTROL, Calibration, printable};
use contend_team::{ClockReader, Panic, Pilot, Sample, Team, Window, WindowError, clock_went_back, message};
use contend_workloads::registry::{BlockSettings, Prepared, Suite};

/// The argument that starts this executable as a fork.
pub(crate) const FORK_ARGUMENT: &str = "__fork";

/// How long a team spins before its first window, so that its CPUs are awake.
const WARM_UP: Duration = Duration::from_millis(5);

impl Measurement {
    fn of_sample(sample: Sample, helpers: u32) -> Self {
        let Sample { timing, shape, used, parts, custom_metric } = sample;
        let usage = used.usage;
        let nanos = |duration: Duration| duration.as_nanos() as u64;
        Self {
            used_for: used.operations,
            operations: timing.operations,
            parts,
            window_ns: nanos(timing.window),
            skew_ns: nanos(timing.skew),
            snapshot_span_ns: nanos(timing.snapshot_span),
            shape,
            chunk: timing.chunk,
            helpers,
            custom_metric: custom_metric.map(|(value, unit)| (value, unit.to_owned())),
            cpu_ns: usage.map(|usage| usage.cpu_ns),
            user_ns: usage.map(|usage| usage.user_ns),
            system_ns: usage.map(|usage| usage.system_ns),
            switches_voluntary: usage.map(|usage| usage.switches_voluntary),
            switches_involuntary: usage.map(|usage| usage.switches_involuntary),
            steal_ms: used.steal_ms,
            memory_bytes: contend_team::peak_memory_bytes(),
            leftovers: false,
        }
    }
}

/// A block that is prepared in this process.
pub(super) struct BlockRunner<'a> {
    setup: BlockSetup,
    names: Vec<String>,
    helpers: Vec<u32>,
    prepared: Prepared<'a>,
    team: Team,
    /// For each contender, its own pilot and that of its control.
    pilots: Vec<[Option<Pilot>; 2]>,
    guard: ProcessGuard,
}

impl<'a> BlockRunner<'a> {
    /// Draws the block's key streams, then starts and warms up its team.
    ///
    /// # Errors
    /// If the suite lacks the block's variant.
    pub(super) fn new(suite: &'a Suite, setup: BlockSetup) -> Result<Self, String> {
        let block = &setup.block;
        let id = block.of_variant();
        let variant = suite
            .variants
            .iter()
            .find(|variant| variant.info.id == id)
            .ok_or_else(|| format!("the suite has no variant `{id}`"))?;
        let contenders = &variant.contenders;
        let settings = BlockSettings {
            threads: block.threads,
            seed: setup.seed,
            work: setup.work.clone(),
            check_only: setup.check_only,
        };
        let helpers = |runnable: usize| runnable.saturating_sub(block.threads) as u32;
        let mut team = match setup.pin {
            true => Team::pinned(block.threads),
            false => Team::new(block.threads),
        };
        if !setup.check_only {
            team.warm_up(WARM_UP);
        }
        Ok(Self {
            names: contenders.iter().map(|c| c.info.name.clone()).collect(),
            helpers: contenders.iter().map(|c| helpers((c.runnable)(block.threads))).collect(),
            pilots: vec![[None; 2]; contenders.len()],
            prepared: variant.prepare(&settings),
            guard: ProcessGuard::default(),
            team,
            setup,
        })
    }

    /// Measures one window of `contender`, or of its control. `earlier`: see [`Window::earlier`].
    pub(super) fn measure(&mut self, contender: &str, earlier: Option<u64>) -> Response {
        let (name, copy) = match contender.strip_suffix(CONTROL) {
            Some(name) => (name, 1),
            None => (contender, 0),
        };
        let Some(index) = self.names.iter().position(|known| known == name) else {
            let block = &self.setup.block;
            return Response::Refused(format!("`{block}` has no contender `{name}`"));
        };
        let mut window = Window {
            team: &mut self.team,
            length: Duration::from_nanos(self.setup.window_ns),
            pilot: &mut self.pilots[index][copy],
            earlier,
            check_only: self.setup.check_only,
        };
        forget_panics();
        let mut clock = ClockReader::start();
        self.guard.window_begins();
        // Workers catch their own panics; a contender's dispatcher runs on this thread.
        let measure = AssertUnwindSafe(|| self.prepared.measure(index, copy, &mut window));
        let measured =
            catch_unwind(measure).unwrap_or_else(|panic| Err(WindowError::Panicked(Panic(message(&*panic)))));
        let _ = clock.read();
        if clock_went_back() {
            return Response::ClockWentBack;
        }
        let reason = match measured {
            Err(WindowError::ClockWentBack) => return Response::ClockWentBack,
            Ok(sample) => {
                let mut measurement = Measurement::of_sample(sample, self.helpers[index]);
                let checked = measurement.fault().map_or(Ok(()), |fault| Err(Change::from(fault)));
                match checked.and_then(|()| self.guard.window_ended(contender)) {
                    Ok(()) => {
                        measurement.leftovers = self.guard.left_behind();
                        return Response::Measured(Box::new(measurement));
                    }
                    Err(Change { by: Some(contender), what, .. }) => {
                        return Response::OtherFailed { contender, reason: printable(&what, REASON_LIMIT) };
                    }
                    Err(Change { what, in_doubt: true, .. }) => {
                        return Response::Changed(printable(&what, REASON_LIMIT));
                    }
                    Err(Change { what, .. }) => what,
                }
            }
            Err(WindowError::Wrong(reason)) => reason,
            Err(WindowError::Panicked(Panic(text))) => Panic(first_panic().unwrap_or(text)).to_string(),
        };
        Response::Failed(printable(&reason, REASON_LIMIT))
    }
}

/// Answers the parent's requests until they end: the `main` of a fork.
pub(crate) fn serve(suite: &Suite) -> ExitCode {
    let streams = match ForkStreams::take() {
        Ok(streams) => streams,
        Err(error) => {
            message!("a fork cannot move its streams: {error}"); // the parent captures it
            return ExitCode::FAILURE;
        }
    };
    stray_processes::adopt_orphans();
    let messages = ForkMessages::new(streams.messages);
    let (sender, requests) = mpsc::channel();
    let requests_stream = BufReader::new(streams.requests);
    // A separate thread, so that the end of the input is noticed during a window too.
    let clock = messages.clone();
    let reader = std::thread::Builder::new().spawn(move || read_requests(requests_stream, &sender, &clock));
    if let Err(error) = reader {
        message!("cannot spawn a thread in a fork: {error}");
        return ExitCode::FAILURE;
    }
    let mut runner = None;
    for line in requests {
        let RequestLine { id, request } = line;
        let response = match (request, &mut runner) {
            (Request::Prepare(setup), runner) => prepare(suite, setup, runner),
            (Request::Measure { contender, earlier, then_sleep }, Some(runner)) => {
                let response = runner.measure(&contender, earlier);
                if then_sleep {
                    runner.team.sleep();
                }
                response
            }
            (Request::Measure { .. } | Request::ReadClock | Request::End, _) => {
                Response::Refused("no block is prepared".to_owned())
            }
        };
        if messages.answer(id, response).is_err() {
            break;
        }
    }
    ExitCode::SUCCESS
}

/// Passes on requests, and ends the process when they end, also during a window. Says what the clock reads.
fn read_requests(requests: impl BufRead, sender: &mpsc::Sender<RequestLine>, messages: &ForkMessages) {
    let mut last = Instant::now();
    for line in requests.lines() {
        let line = line.map_err(|error| error.to_string());
        match line.and_then(|line| serde_json::from_str(&line).map_err(|error| error.to_string())) {
            Ok(RequestLine { request: Request::End, .. }) => std::process::exit(0),
            Ok(RequestLine { id, request: Request::ReadClock }) => {
                let _ = messages.answer(id, Response::Clock(last.elapsed().as_nanos() as u64));
            }
            Ok(request) => {
                last = Instant::now();
                if sender.send(request).is_err() {
                    std::process::exit(0);
                }
            }
            Err(error) => {
                message!("a fork cannot read its requests: {error}"); // the parent captures it
                std::process::exit(1);
            }
        }
    }
    // The parent was killed, so that nothing else would end what the contender started.
    stray_processes::kill_descendants();
    process_group::kill_own();
    std::process::exit(0);
}

/// Replaces `runner` by one for the block of `setup`.
fn prepare<'a>(suite: &'a Suite, setup: BlockSetup, runner: &mut Option<BlockRunner<'a>>) -> Response {
    *runner = None; // its threads end first
    // If the system refuses the team's threads, that is a row of the result too.
    match catch_unwind(AssertUnwindSafe(|| BlockRunner::new(suite, setup))) {
        Ok(Ok(ready)) => {
            let executable = ready.setup.executable.as_ref().map(Identity::sha256_of_this_process);
            *runner = Some(ready);
            match executable.transpose() {
                Ok(executable) => Response::Ready { executable: executable.unwrap_or_default() },
                Err(error) => Response::Refused(format!("a fork cannot read its executable: {error}")),
            }
        }
        Ok(Err(reason)) => Response::Refused(reason),
        Err(panic) => Response::Failed(printable(&message(&*panic), REASON_LIMIT)),
    }
}

/// Measures windows of one contender in this process until `end`, for a profiler.
///
/// # Errors
/// The reason why a window failed.
pub(crate) fn run_live(
    suite: &Suite,
    block: &BlockPlan,
    contender: &str,
    work: &Calibration,
    seed: u64,
    end: Instant,
) -> Result<(), String> {
    let setup = BlockSetup {
        block: block.block.clone(),
        seed,
        work: work.clone(),
        window_ns: block.window_ns,
        check_only: false,
        pin: false,
        executable: None,
    };
    let mut runner = BlockRunner::new(suite, setup)?;
    while Instant::now() < end {
        match runner.measure(contender, None) {
            Response::Failed(reason) | Response::Changed(reason) | Response::Refused(reason) => {
                return Err(reason);
            }
            Response::OtherFailed { contender, reason } => return Err(format!("{contender}: {reason}")),
            Response::ClockWentBack => return Err(CLOCK_WENT_BACK.to_owned()),
            Response::Measured(_) | Response::Ready { .. } | Response::Clock(_) => {}
        }
    }
    Ok(())
}
