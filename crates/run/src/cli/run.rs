//! `cargo bench`, `contend run`: measures a run, then writes its report and criterion's files.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::args::{BenchArgs, ResultFormat};
use super::bencher;
use super::exit::Exit;
use super::metadata::run_metadata;
use super::older_build::{self, Older, fails, measure_beside};
use super::output;
use super::place::{claims_to_read, shown};
use super::plan_summary::{block_summary, plan_and_explain, planned_time, summary};
use super::progress::RunProgress;
use super::report::write_report;
use crate::claims::{ShippedClaims, claims_for_run};
use crate::compare::Compared;
use crate::machine::{Executable, allowed_cpus, machine_cpus};
use crate::message::message;
use crate::record::{Run, RunStatus};
use crate::session::{RunError, Runner, Session, TrialCost, note_cost, plan, trials};
use crate::text;
use contend_analysis::text::number;
use contend_team::busy_loop::calibrate;
use contend_workloads::registry::Suite;

/// Measures the selection of `args`, and writes all files of the run.
pub(super) fn run(suite: &mut Suite, args: &BenchArgs, shipped: ShippedClaims) -> Result<Exit, Exit> {
    let executable = this_executable(true)?;
    let older = older_build::older_build(args, &executable)?;
    note_own_costs(suite, args, &executable)?;
    let suite = &*suite;
    let begun = match args.resume {
        true => {
            let older = older.map(|older| older.executable);
            Begun::Resumed(Box::new(Session::resume(&args.reports, suite, &executable, older)?))
        }
        false => match plan_new(suite, args, &executable, older.as_ref())? {
            Some(run) => Begun::New(Box::new(run), older),
            None => return Ok(Exit::Success),
        },
    };
    if args.fail_on.is_some() && begun.run().against.is_none() {
        return Err(Exit::Usage(
            "`--fail-on` needs an older build: add `--against RUN` or `--against-bin FILE`, or use `contend compare`"
                .to_owned(),
        ));
    }
    #[cfg(feature = "criterion")]
    let replay = super::replay::prepare(args, &begun.run().plan)?;
    let session = begun.session(args, shipped, &executable)?;
    let run = session.run();
    announce(suite, args, &session);
    let interrupted = interrupt_flag();
    let runner = Runner {
        suite,
        executable: Some(executable).filter(|_| !run.plan.in_process),
        deadline: args.deadline,
        memory_limit: args.memory_limit(),
        seed: run.seed,
        work: run.work.clone(),
        check_only: false,
        pin: run.plan.pinned,
        cpus: machine_cpus(),
        floors: Default::default(),
        beside_another: run.against.is_some(),
        interrupted: &interrupted,
    };
    let mut progress = RunProgress::new(!args.quiet);
    let finished = session.measure(&runner, &mut progress);
    progress.clear();
    let finished = finished?;
    match finished.ended {
        Ok(()) | Err(RunError::Interrupted) => {}
        Err(error) => return Err(error.into()),
    }
    if !args.quiet {
        let forks = 1 + u64::from(finished.run.against.is_some());
        let took = finished.took.as_secs_f64().round(); // as the page has it
        let memory = contend_team::peak_memory_bytes().unwrap_or(0) + progress.fork_memory_bytes() * forks;
        message!(
            "measured for {} ({} planned), with at most {} MB of memory, forks included",
            text::duration(Duration::from_secs(took.max(1.0) as u64)),
            planned_time(&finished.run.plan),
            memory.div_ceil(1 << 20),
        );
    }
    let compared = write_results(args, &finished.folder).map_err(Exit::incomplete)?;
    if finished.run.status == RunStatus::Interrupted {
        message!("interrupted: finished rounds are kept; continue with `--resume`");
        return Ok(Exit::Interrupted);
    }
    #[cfg(feature = "criterion")]
    replay.start(args, &finished.folder)?;
    if let Some(failure) = output::failure() {
        message!("{failure}; the run's files are complete");
    }
    let without_clock = progress.blocks_without_clock();
    for block in &without_clock {
        message!("{block} could not be measured: the machine's clock went backwards");
    }
    let is_worse = args.fail_on.zip(compared).is_some_and(|(fail_on, compared)| fails(fail_on, &compared));
    Ok(match progress.has_failures() || finished.failed > 0 || !without_clock.is_empty() || is_worse {
        true => Exit::Failed,
        false => Exit::Success,
    })
}

/// Writes the run's page and its other files, and prints the results. Returns how they compare with an older build.
fn write_results(args: &BenchArgs, folder: &Path) -> Result<Option<Compared>, Exit> {
    match args.output_format {
        ResultFormat::Verdicts => write_report(&args.reports, folder, None, args.color),
        ResultFormat::Bencher => bencher::write(&args.reports, folder),
    }
}

/// Says what will be measured and where its records go.
fn announce(suite: &Suite, args: &BenchArgs, session: &Session) {
    let run = session.run();
    if args.quiet {
        return;
    }
    let plan = summary(suite, &run.plan, run.shard.as_ref(), run.against.is_some());
    plan.lines().for_each(|line| message!("{line}"));
    if args.verbose {
        run.plan.blocks.iter().for_each(|block| message!("{}", block_summary(&run.plan, block)));
    }
    if let Some(build) = &run.against {
        message!("beside it: {}", build.name());
    }
    message!("seed {}, records in {}", run.seed, shown(session.folder()));
    session.notes().into_iter().for_each(|note| message!("{note}"));
}

/// A run before it is measured: a new one, which has no folder yet, or one that is continued.
enum Begun {
    New(Box<Run>, Option<Older>),
    Resumed(Box<Session>),
}

impl Begun {
    fn run(&self) -> &Run {
        match self {
            Self::New(run, _) => run,
            Self::Resumed(session) => session.run(),
        }
    }

    /// Creates the folder of a new run.
    fn session(self, args: &BenchArgs, shipped: ShippedClaims, own: &Executable) -> Result<Session, Exit> {
        match self {
            Self::New(run, older) => {
                let claims = claims_for_run(&claims_to_read(), &run, shipped).map_err(Exit::Usage)?;
                let older = older.map(|older| older.executable);
                Ok(Session::create(&args.reports, *run, &claims, own, older)?)
            }
            Self::Resumed(session) => Ok(*session),
        }
    }
}

/// Tells `suite` what windows of the user's own workloads cost, by a short fork of each, so that the plan knows. Not
/// for shards, which may be of several machines and are parts of one plan.
fn note_own_costs(suite: &mut Suite, args: &BenchArgs, executable: &Executable) -> Result<(), Exit> {
    if args.resume || args.shard.is_some() || args.in_process {
        return Ok(());
    }
    let cores = allowed_cpus();
    let trials = trials(suite, &plan(suite, &args.selection(), cores, 0)?.blocks, cores);
    if trials.is_empty() {
        return Ok(());
    }
    if !args.quiet {
        let variants = number::plural(trials.len(), "variant", "variants");
        message!("trying {variants} of your own, so that the plan knows what they take");
    }
    let interrupted = AtomicBool::new(false);
    let runner = Runner {
        suite,
        executable: Some(executable.clone()),
        deadline: args.deadline,
        memory_limit: args.memory_limit(),
        seed: args.seed.unwrap_or(0),
        work: calibrate(),
        check_only: false,
        pin: args.pin,
        beside_another: false,
        cpus: machine_cpus(),
        floors: Default::default(),
        interrupted: &interrupted,
    };
    let costs: Result<Vec<TrialCost>, RunError> = trials.iter().map(|trial| trial.run(&runner)).collect();
    for (trial, cost) in trials.iter().zip(costs?) {
        note_cost(suite, &trial.variant(), cost);
    }
    Ok(())
}

/// Plans a new run. None for a shard without blocks.
fn plan_new(
    suite: &Suite,
    args: &BenchArgs,
    executable: &Executable,
    older: Option<&Older>,
) -> Result<Option<Run>, Exit> {
    let seed = args.seed_or_random();
    let planned = plan_and_explain(suite, args, allowed_cpus(), seed)?;
    if let (true, Some(shard)) = (planned.plan.blocks.is_empty(), args.shard) {
        message!("shard {shard} has no block of this plan: there is nothing to measure, and no run");
        return Ok(None);
    }
    let mut run = run_metadata(suite, planned, seed, executable);
    if let Some(older) = older {
        measure_beside(args, &mut run, older)?;
    }
    Ok(Some(run))
}

/// The executable of this process, and its hash if it is `hashed`.
pub(super) fn this_executable(hashed: bool) -> Result<Executable, Exit> {
    let executable = Executable::current();
    let executable = match hashed {
        true => executable.and_then(Executable::hashed),
        false => executable,
    };
    executable.map_err(|error| Exit::Error(format!("cannot read the executable of this process: {error}")))
}

/// A flag that an interrupt sets. A second interrupt ends the process at once.
fn interrupt_flag() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let inner = flag.clone();
    let set = ctrlc::set_handler(move || {
        if inner.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
    if let Err(error) = set {
        message!(
            "cannot catch interrupts: {error}; one ends the run at once, and its finished rounds are kept"
        );
    }
    flag
}
