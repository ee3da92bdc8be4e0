//! A fork: the process in which windows are measured. It reads requests from standard input, one JSON line
//! each, and writes one response each to standard output. It ends when its input ends, so no fork outlives
//! a killed parent. The parent decides which cell comes next.

use std::io::{BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::machine::Identity;
use crate::record::{BlockId, BlockPlan, CONTROL, Calibration, Shape};
use contend_team::{Panic, Pilot, Sample, Team, Window, WindowError, message};
use contend_workloads::registry::{BlockSettings, Prepared, Suite};

/// The argument that starts this executable as a fork.
pub(crate) const FORK_ARGUMENT: &str = "__fork";

/// How long a team spins before its first window. After it, two workers seldom share a core.
const WARM_UP: Duration = Duration::from_millis(20);

/// A block and how to measure it, sent once to a fork.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct BlockSetup {
    pub block: BlockId,
    pub seed: u64,
    pub work: Calibration,
    pub window_ns: u64,
    pub check_only: bool,
    pub pin: bool,
    /// The executable of the parent; none if the block is measured in the parent itself.
    pub executable: Option<Identity>,
}

/// A line to a fork.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Request {
    /// Prepare a block: draw its inputs and start and warm up its team.
    Prepare(BlockSetup),
    /// Measure one window of a contender, or of its control. A pilot of an earlier fork, if there is one, saves this
    /// fork its own.
    Measure { contender: String, pilot: Option<KnownPilot> },
}

/// How an earlier fork sized the windows of a cell: [`Pilot`] as data.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct KnownPilot {
    pub shape: Shape,
    pub operations: u64,
}

/// A line from a fork.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Response {
    /// The block is prepared, in a process of this executable.
    Ready {
        /// The SHA-256 of the fork's executable.
        executable: String,
    },
    /// A window was measured.
    Measured(Measurement),
    /// The window failed its check or panicked, or the system cannot run the block: the reason.
    Failed(String),
    /// The request is invalid here, for example because parent and fork are different builds.
    Refused(String),
}

/// The results of one window that the fork knows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Measurement {
    pub operations: Vec<u64>,
    pub window_ns: u64,
    pub skew_ns: u64,
    pub snapshot_span_ns: u64,
    pub shape: Shape,
    pub chunk: u64,
    /// Whether later windows of the cell can be sized like this one.
    pub pilot_fits: bool,
    pub helpers: u32,
    pub custom_metric: Option<(f64, String)>,
    pub cpu_ns: Option<u64>,
    pub user_ns: Option<u64>,
    pub system_ns: Option<u64>,
    pub switches_voluntary: Option<u64>,
    pub switches_involuntary: Option<u64>,
    pub steal_ms: Option<u64>,
    pub memory_bytes: Option<u64>,
}

impl Measurement {
    fn new(sample: Sample, pilot_fits: bool, helpers: u32) -> Self {
        let Sample { timing, shape, chunk, used, custom_metric } = sample;
        let usage = used.usage;
        let nanos = |duration: Duration| duration.as_nanos() as u64;
        Self {
            operations: timing.operations,
            window_ns: nanos(timing.window),
            skew_ns: nanos(timing.skew),
            snapshot_span_ns: nanos(timing.snapshot_span),
            shape,
            chunk,
            pilot_fits,
            helpers,
            custom_metric: custom_metric.map(|(value, unit)| (value, unit.to_owned())),
            cpu_ns: usage.map(|usage| usage.cpu_ns),
            user_ns: usage.map(|usage| usage.user_ns),
            system_ns: usage.map(|usage| usage.system_ns),
            switches_voluntary: usage.map(|usage| usage.switches_voluntary),
            switches_involuntary: usage.map(|usage| usage.switches_involuntary),
            steal_ms: used.steal_ms,
            memory_bytes: contend_team::peak_memory_bytes(),
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
            team,
            setup,
        })
    }

    /// Measures one window of `contender`, or of its control.
    pub(super) fn measure(&mut self, contender: &str, known: Option<KnownPilot>) -> Response {
        let (name, copy) = match contender.strip_suffix(CONTROL) {
            Some(name) => (name, 1),
            None => (contender, 0),
        };
        let Some(index) = self.names.iter().position(|known| known == name) else {
            let block = &self.setup.block;
            return Response::Refused(format!("`{block}` has no contender `{name}`"));
        };
        let length = Duration::from_nanos(self.setup.window_ns);
        let pilot = &mut self.pilots[index][copy];
        *pilot = pilot.or(known.map(|KnownPilot { shape, operations }| Pilot { shape, operations }));
        let mut window = Window { team: &mut self.team, length, pilot, check_only: self.setup.check_only };
        // Workers catch their own panics; a contender's dispatcher runs on this thread.
        let measure = AssertUnwindSafe(|| self.prepared.measure(index, copy, &mut window));
        let measured =
            catch_unwind(measure).unwrap_or_else(|panic| Err(WindowError::Panicked(Panic(message(&*panic)))));
        match measured {
            Ok(sample) => {
                let pilot = &mut self.pilots[index][copy];
                *pilot = pilot.filter(|pilot| pilot.fits(&sample.timing, length));
                Response::Measured(Measurement::new(sample, pilot.is_some(), self.helpers[index]))
            }
            Err(WindowError::Wrong(reason)) => Response::Failed(reason),
            Err(panic @ WindowError::Panicked(_)) => Response::Failed(panic.to_string()),
        }
    }
}

/// Answers the parent's requests until standard input ends: the `main` of a fork.
pub(crate) fn serve(suite: &Suite) -> ExitCode {
    // A contender's panic becomes a row of the result; the terminal belongs to the parent.
    std::panic::set_hook(Box::new(|_| {}));
    let (sender, requests) = mpsc::channel();
    // A separate thread, so that the end of the input is noticed during a window too.
    let reader = std::thread::Builder::new().spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            if sender.send(line).is_err() {
                break;
            }
        }
        std::process::exit(0);
    });
    if let Err(error) = reader {
        let failed = format!("cannot spawn a thread in a fork: {error}");
        let _ = send(&Response::Failed(failed)); // the parent notices the end of this process anyway
        return ExitCode::FAILURE;
    }
    let mut runner = None;
    for line in requests {
        let response = match (serde_json::from_str(&line), &mut runner) {
            (Ok(Request::Prepare(setup)), runner) => prepare(suite, setup, runner),
            (Ok(Request::Measure { contender, pilot }), Some(runner)) => runner.measure(&contender, pilot),
            (Ok(Request::Measure { .. }), None) => Response::Refused("no block is prepared".to_owned()),
            (Err(error), _) => Response::Refused(error.to_string()),
        };
        if send(&response).is_err() {
            break;
        }
    }
    ExitCode::SUCCESS
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
        Err(panic) => Response::Failed(message(&*panic)),
    }
}

/// Writes a response to the parent.
fn send(response: &Response) -> std::io::Result<()> {
    let mut line = serde_json::to_string(response).expect("a response is plain data");
    line.push('\n');
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes())?;
    out.flush()
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
        if let Response::Failed(reason) | Response::Refused(reason) = runner.measure(contender, None) {
            return Err(reason);
        }
    }
    Ok(())
}
