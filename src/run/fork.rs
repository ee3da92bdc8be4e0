//! A fork: the place where windows are taken. As a child process it reads tasks, a line each, from
//! its standard input and writes replies to its standard output; it ends when its input does, so
//! that none outlives a killed parent. It decides nothing: which cell comes next is the parent's.

use std::io::{BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::{Fault, Panic, Pilot, Prepared, Sample, Setting, Suite, Team, Window, message};
use crate::machine;
use crate::record::{BlockId, BlockPlan, CONTROL, Calibration, Shape};

/// How long a team spins before its first window: after it, two workers seldom share a core.
const WARM_UP: Duration = Duration::from_millis(20);

/// What a fork is told once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Brief {
    pub block: BlockId,
    pub seed: u64,
    pub work: Calibration,
    pub window_ns: u64,
    pub check_only: bool,
    pub pin: bool,
}

/// A line to a child.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Task {
    /// Get ready for a block.
    Begin(Brief),
    /// Take a window of a contender, or of its control.
    Take { contender: String },
}

/// A line from a child.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Reply {
    /// The team is warm.
    Ready,
    /// A window was taken.
    Taken(Measured),
    /// A window was wrong: what was lost, or what the panic said. Or the block cannot be made ready here:
    /// what the system refused.
    Failed(String),
    /// The task makes no sense here: parent and child are of two builds.
    Refused(String),
}

/// A window's yield, as far as the fork knows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Measured {
    pub operations: Vec<u64>,
    pub window_ns: u64,
    pub skew_ns: u64,
    pub bracket_ns: u64,
    pub shape: Shape,
    pub chunk: u64,
    pub helpers: u32,
    pub own: Option<(f64, String)>,
    pub cpu_ns: Option<u64>,
    pub switches_voluntary: Option<u64>,
    pub switches_involuntary: Option<u64>,
    pub steal_ms: Option<u64>,
    pub memory_bytes: Option<u64>,
}

/// A block made ready in this process.
pub(super) struct Station<'a> {
    brief: Brief,
    names: Vec<String>,
    helpers: Vec<u32>,
    prepared: Prepared<'a>,
    team: Team,
    pilots: Vec<[Option<Pilot>; 2]>,
}

impl<'a> Station<'a> {
    /// Draws the block's key streams and warms its team up.
    pub(super) fn new(suite: &'a Suite, brief: Brief) -> Result<Self, String> {
        let block = &brief.block;
        let id = block.of_variant();
        let variant = suite
            .variants
            .iter()
            .find(|variant| variant.info.id == id)
            .ok_or_else(|| format!("`{id}` is not in this suite"))?;
        let members = &variant.members;
        let setting = Setting {
            threads: block.threads,
            seed: brief.seed,
            work: brief.work.clone(),
            check_only: brief.check_only,
        };
        let helpers = |runnable: usize| runnable.saturating_sub(block.threads) as u32;
        let mut team = match brief.pin {
            true => Team::pinned(block.threads),
            false => Team::new(block.threads),
        };
        if !brief.check_only {
            team.warm_up(WARM_UP);
        }
        Ok(Self {
            names: members.iter().map(|m| m.about.name.clone()).collect(),
            helpers: members
                .iter()
                .map(|m| helpers((m.runnable)(block.threads)))
                .collect(),
            pilots: vec![[None; 2]; members.len()],
            prepared: variant.prepare(&setting),
            team,
            brief,
        })
    }

    /// Takes a window.
    pub(super) fn take(&mut self, contender: &str) -> Reply {
        let (name, copy) = match contender.strip_suffix(CONTROL) {
            Some(name) => (name, 1),
            None => (contender, 0),
        };
        let Some(index) = self.names.iter().position(|known| known == name) else {
            let block = &self.brief.block;
            return Reply::Refused(format!("`{name}` is not a contender of {block}"));
        };
        let mut window = Window {
            team: &mut self.team,
            length: Duration::from_nanos(self.brief.window_ns),
            pilot: &mut self.pilots[index][copy],
            check_only: self.brief.check_only,
        };
        // Workers catch their panics; a contender's own dispatcher runs here.
        let take = AssertUnwindSafe(|| self.prepared.take(index, copy, &mut window));
        let taken = catch_unwind(take)
            .unwrap_or_else(|panic| Err(Fault::Panicked(Panic(message(&*panic)))));
        match taken {
            Ok(sample) => Reply::Taken(measured(sample, self.helpers[index])),
            Err(Fault::Wrong(lost)) => Reply::Failed(lost),
            Err(panic @ Fault::Panicked(_)) => Reply::Failed(panic.to_string()),
        }
    }
}

fn measured(sample: Sample, helpers: u32) -> Measured {
    let Sample {
        timing,
        shape,
        chunk,
        used,
        own,
    } = sample;
    let usage = used.usage;
    let nanos = |duration: Duration| duration.as_nanos() as u64;
    Measured {
        operations: timing.operations,
        window_ns: nanos(timing.window),
        skew_ns: nanos(timing.skew),
        bracket_ns: nanos(timing.bracket),
        shape,
        chunk,
        helpers,
        own: own.map(|(value, unit)| (value, unit.to_owned())),
        cpu_ns: usage.map(|usage| usage.cpu_ns),
        switches_voluntary: usage.map(|usage| usage.switches_voluntary),
        switches_involuntary: usage.map(|usage| usage.switches_involuntary),
        steal_ms: used.steal_ms,
        memory_bytes: machine::peak_memory_bytes(),
    }
}

/// Does what the parent says until standard input ends.
pub(crate) fn serve(suite: &Suite) -> ExitCode {
    // A panic of a contender becomes a row of the result; the terminal is the parent's.
    std::panic::set_hook(Box::new(|_| {}));
    let (lines, tasks) = mpsc::channel();
    // A thread of its own, so that the end of the input is noticed within a window too.
    let reader = std::thread::Builder::new().spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            if lines.send(line).is_err() {
                break;
            }
        }
        std::process::exit(0);
    });
    if let Err(error) = reader {
        let refused = format!("the system lets a fork have no other thread: {error}");
        let _ = say(&Reply::Failed(refused)); // the parent sees this process end in any case
        return ExitCode::FAILURE;
    }
    let mut station = None;
    for line in tasks {
        let reply = match (serde_json::from_str(&line), &mut station) {
            (Ok(Task::Begin(brief)), station) => {
                *station = None; // its threads end first
                // A team that the system refuses threads is a row of the result, too.
                match catch_unwind(AssertUnwindSafe(|| Station::new(suite, brief))) {
                    Ok(Ok(ready)) => {
                        *station = Some(ready);
                        Reply::Ready
                    }
                    Ok(Err(why)) => Reply::Refused(why),
                    Err(panic) => Reply::Failed(message(&*panic)),
                }
            }
            (Ok(Task::Take { contender }), Some(station)) => station.take(&contender),
            (Ok(Task::Take { .. }), None) => Reply::Refused("no block was begun".to_owned()),
            (Err(error), _) => Reply::Refused(error.to_string()),
        };
        if say(&reply).is_err() {
            break;
        }
    }
    ExitCode::SUCCESS
}

/// Sends a reply to the parent.
fn say(reply: &Reply) -> std::io::Result<()> {
    let mut line = serde_json::to_string(reply).expect("a reply is plain data");
    line.push('\n');
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes())?;
    out.flush()
}

/// Takes windows of one contender in this process until `end`.
///
/// # Errors
/// The fault that ended it.
pub(crate) fn live(
    suite: &Suite,
    block: &BlockPlan,
    contender: &str,
    work: &Calibration,
    seed: u64,
    end: Instant,
) -> Result<(), String> {
    let brief = Brief {
        block: block.block.clone(),
        seed,
        work: work.clone(),
        window_ns: block.window_ns,
        check_only: false,
        pin: false,
    };
    let mut station = Station::new(suite, brief)?;
    while Instant::now() < end {
        if let Reply::Failed(why) | Reply::Refused(why) = station.take(contender) {
            return Err(why);
        }
    }
    Ok(())
}
