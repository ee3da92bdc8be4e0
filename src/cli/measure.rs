//! Measuring: plan, forks, journal; then verdicts, page and criterion's files, from what was
//! written.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::args::BenchArgs;
use super::claims;
use super::describe::{describe, now};
use super::lengths;
use super::more;
use super::outcome::Outcome;
use super::planning::{announce, planned};
use super::progress::{Progress, seconds};
use super::read;
use crate::machine::{self, allowed_cpus};
use crate::record::{BlockId, BlockPlan, Plan, Record, Run, RunStatus, Status};
use crate::session::{Audience, Conductor, Halt, Journal, Pass};
use contend_team::CpuTime;
use contend_workloads::registry::Suite;

/// Rounds that are there, by block and fork.
pub(super) type Done = HashMap<(BlockId, u32), u32>;

/// What a run goes on from.
struct Session {
    run: Run,
    journal: Journal,
    done: Done,
    took_before_s: f64,
}

/// Measures what `args` choose, and writes all files of the run.
pub(super) fn measure(suite: &Suite, args: &BenchArgs) -> Result<Outcome, Outcome> {
    #[cfg(feature = "criterion")]
    if let Some(baseline) = &args.baseline {
        super::replay::look_for(baseline)?;
    }
    let executable = executable(args)?;
    let Session { mut run, journal, done, took_before_s } = match args.resume {
        true => resume(args)?,
        false => begin(suite, args)?,
    };
    announce(&run.plan);
    eprintln!("seed {}, records in {}", run.seed, journal.folder().display());
    let interrupted = interruptible();
    let conductor = Conductor {
        suite,
        executable,
        deadline: args.deadline,
        seed: run.seed,
        work: run.work.clone(),
        check_only: false,
        pin: run.plan.pinned,
        cpus: machine::machine_cpus(),
        interrupted: &interrupted,
    };
    let cpu_time = CpuTime::now();
    let start = Instant::now();
    let passes = passes(&run.plan);
    let mut writer = Writer::new(journal, progress(&passes, &done));
    let mut failed_cells = HashSet::new();
    let ended = conductor
        .run(&passes, &done, &mut failed_cells, &mut writer)
        .and_then(|()| {
            let clock = more::Clock { start, before: Duration::from_secs_f64(took_before_s) };
            more::spend(&conductor, &run.plan, clock, &mut failed_cells, &mut writer)
        })
        .and_then(|()| lengths::spend(&conductor, &run.plan, &mut failed_cells, &mut writer));
    let Writer { journal, progress, failed, fork_memory, .. } = writer;
    progress.finish();
    run.took_s = Some(took_before_s + start.elapsed().as_secs_f64());
    run.finished = Some(now());
    run.status = match ended {
        Ok(()) => RunStatus::Complete,
        Err(_) => RunStatus::Interrupted,
    };
    machine::conclude(&mut run.environment, cpu_time);
    journal.describe(&run).map_err(|error| unwritten(journal.folder(), &error))?;
    match ended {
        Ok(()) | Err(Halt::Interrupted) => {}
        Err(halt) => return Err(halted(halt)),
    }
    let memory = contend_team::peak_memory_bytes().unwrap_or(0) + fork_memory;
    eprintln!(
        "measured for {}, where {} were planned; {} MB of memory at most, forks included",
        seconds(start.elapsed()),
        seconds(Duration::from_secs_f64(run.plan.estimate_s)),
        memory.div_ceil(1 << 20),
    );
    read::show(&args.reports, journal.folder(), args.color)?;
    if run.status == RunStatus::Interrupted {
        eprintln!("interrupted: what was measured is kept, and `--resume` goes on with it");
        return Ok(Outcome::Interrupted);
    }
    #[cfg(feature = "criterion")]
    super::replay::start(args, journal.folder())?;
    Ok(match failed.is_empty() {
        true => Outcome::Fine,
        false => Outcome::Failed,
    })
}

/// Plans a new run and makes its folder.
fn begin(suite: &Suite, args: &BenchArgs) -> Result<Session, Outcome> {
    let planned = planned(suite, args, allowed_cpus())?;
    let mut run = describe(suite, "(planned)".to_owned(), planned);
    let claims = claims::for_run(&run)?;
    let (journal, name) = Journal::create(&args.reports).map_err(|error| unwritten(&args.reports, &error))?;
    run.run = name;
    let unwritten = |error| unwritten(journal.folder(), &error);
    journal.describe(&run).map_err(unwritten)?;
    for (name, text) in claims {
        journal.keep_claims(&name, &text).map_err(unwritten)?;
    }
    Ok(Session { run, journal, done: HashMap::new(), took_before_s: 0.0 })
}

/// Takes up the newest run that did not come to its end.
fn resume(args: &BenchArgs) -> Result<Session, Outcome> {
    let reports = &args.reports;
    let nothing = || Outcome::Usage(format!("there is no interrupted run below {}", reports.display()));
    let folder = read::runs(reports)
        .into_iter()
        .rev()
        .find(|folder| {
            let run = crate::record::read(folder);
            run.is_ok_and(|journal| journal.run.status != RunStatus::Complete)
        })
        .ok_or_else(nothing)?;
    let read = crate::record::read(&folder).map_err(Outcome::usage)?;
    let version = env!("CARGO_PKG_VERSION");
    if read.run.contend != version {
        let theirs = &read.run.contend;
        return Err(Outcome::Usage(format!(
            "{} was begun by contend {theirs}, this is {version}: start a new run",
            folder.display()
        )));
    }
    let done = rounds_done(&read.records);
    if read.cut_off {
        crate::session::mend(&folder).map_err(|error| unwritten(&folder, &error))?;
    }
    let mut run = read.run;
    run.status = RunStatus::Running;
    let journal = Journal::open(folder.clone()).map_err(|error| unwritten(&folder, &error))?;
    Ok(Session { took_before_s: run.took_s.unwrap_or(0.0), run, journal, done })
}

/// How many rounds of each block and fork are there.
pub(super) fn rounds_done(records: &[Record]) -> Done {
    let mut done = HashMap::new();
    for record in records.iter().filter(|record| record.status == Status::Ok) {
        let rounds = done.entry((record.cell.block(), record.fork)).or_insert(0);
        *rounds = record.round.max(*rounds);
    }
    done
}

/// The executable whose children the forks are.
pub(super) fn executable(args: &BenchArgs) -> Result<Option<PathBuf>, Outcome> {
    if args.in_process {
        return Ok(None);
    }
    let path = std::env::current_exe().map_err(|error| {
        Outcome::Broken(format!(
            "this executable cannot be found, and forks are made of it ({error}): try `--in-process`"
        ))
    })?;
    Ok(Some(path))
}

/// What a halt is to the shell.
pub(super) fn halted(halt: Halt) -> Outcome {
    match halt {
        Halt::Interrupted => Outcome::Interrupted,
        halt => Outcome::Broken(halt.to_string()),
    }
}

pub(super) fn unwritten(path: &Path, error: &io::Error) -> Outcome {
    Outcome::Usage(format!(
        "{} cannot be written ({error}): give another folder by `--reports FOLDER`",
        path.display()
    ))
}

/// A flag that is set by an interrupt. A second one ends the process at once.
fn interruptible() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let inner = flag.clone();
    let set = ctrlc::set_handler(move || {
        if inner.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
    if let Err(error) = set {
        eprintln!("interrupts cannot be caught ({error}): one ends the run at once, keeping its records");
    }
    flag
}

/// Keeps every round, and shows how far the run has come.
pub(super) struct Writer {
    journal: Journal,
    progress: Progress,
    failed: BTreeSet<String>,
    /// The most that a fork held.
    fork_memory: u64,
}

impl Writer {
    fn new(journal: Journal, progress: Progress) -> Self {
        Self { journal, progress, failed: BTreeSet::new(), fork_memory: 0 }
    }

    /// Where the records are.
    pub(super) fn folder(&self) -> &Path {
        self.journal.folder()
    }

    /// Keeps a round of longer windows, apart from all others. What failed in them has failed, as in any
    /// window, so that is a record like any other.
    pub(super) fn long_round(&mut self, block: &BlockPlan, records: &[Record]) -> io::Result<()> {
        let failed = |record: &&Record| record.status == Status::Failed;
        let (failed, others): (Vec<_>, Vec<_>) = records.iter().partition(failed);
        self.journal.append_long(others)?;
        self.journal.append(failed)?;
        self.show(block, records);
        Ok(())
    }

    /// Shows from now on how far these forks have come.
    pub(super) fn expect(&mut self, passes: &[Pass<'_>], done: &Done) {
        let next = progress(passes, done);
        std::mem::replace(&mut self.progress, next).finish();
    }
}

/// The planned forks: the first of every block, then the second, and at last those of the blocks that
/// have more than others.
fn passes(plan: &Plan) -> Vec<Pass<'_>> {
    let pass = |fork| {
        let blocks = plan.blocks.iter().filter(|block| fork <= plan.forks_of(block));
        (fork, blocks.collect())
    };
    (1..=plan.most_forks()).map(pass).collect()
}

/// Of the windows that these passes still lack.
fn progress(passes: &[Pass<'_>], done: &Done) -> Progress {
    let mut windows = 0;
    for (fork, blocks) in passes {
        for block in blocks {
            let done = done.get(&(block.block.clone(), *fork)).copied().unwrap_or(0);
            windows += block.cells.len() as u64 * u64::from(block.rounds.saturating_sub(done));
        }
    }
    Progress::new(windows, "windows")
}

impl Audience for Writer {
    fn round(&mut self, block: &BlockPlan, records: &[Record]) -> io::Result<()> {
        self.journal.append(records)?;
        self.show(block, records);
        Ok(())
    }
}

impl Writer {
    /// Shows what became of a round that is kept.
    fn show(&mut self, block: &BlockPlan, records: &[Record]) {
        let memory = records.iter().filter_map(|record| record.memory_bytes);
        self.fork_memory = memory.fold(self.fork_memory, u64::max);
        for record in records.iter().filter(|record| record.status == Status::Failed) {
            let cell = record.cell.to_string();
            let reason = record.reason.as_deref().unwrap_or("it failed");
            self.progress.say(&format!("FAILED {cell}: {reason}"));
            self.failed.insert(cell);
        }
        if records.iter().all(|record| record.status != Status::Void) {
            self.progress.advance(block.cells.len() as u64, &block.block.to_string());
        }
    }
}
