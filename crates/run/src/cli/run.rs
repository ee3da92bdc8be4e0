//! `cargo bench`, `contend run`: measures a run, then writes its report and criterion's files.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::args::BenchArgs;
use super::exit::Exit;
use super::metadata::run_metadata;
use super::plan_summary::{plan_and_explain, summary};
use super::progress::RunProgress;
use super::report::write_report;
use crate::claims::{ShippedClaims, claims_for_run};
use crate::machine::{Executable, allowed_cpus, machine_cpus};
use crate::record::RunStatus;
use crate::session::{RunError, Runner, Session};
use crate::text;
use contend_workloads::registry::Suite;

/// Measures the selection of `args`, and writes all files of the run.
pub(super) fn run(suite: &Suite, args: &BenchArgs, shipped: ShippedClaims) -> Result<Exit, Exit> {
    #[cfg(feature = "criterion")]
    if let Some(baseline) = &args.baseline {
        super::replay::require_baseline(baseline)?;
    }
    let executable = this_executable(true)?;
    let session = match args.resume {
        true => Session::resume(&args.reports, suite, &executable)?,
        false => match begin(suite, args, shipped, &executable)? {
            Some(session) => session,
            None => return Ok(Exit::Success),
        },
    };
    let run = session.run();
    eprintln!("{}", summary(&run.plan, run.shard.as_ref()));
    eprintln!("seed {}, records in {}", run.seed, session.folder().display());
    for note in session.notes() {
        eprintln!("{note}");
    }
    let interrupted = interrupt_flag();
    let runner = Runner {
        suite,
        executable: args.fork_executable(executable),
        deadline: args.deadline,
        memory_limit: args.memory_limit(),
        seed: run.seed,
        work: run.work.clone(),
        check_only: false,
        pin: run.plan.pinned,
        cpus: machine_cpus(),
        interrupted: &interrupted,
    };
    let mut progress = RunProgress::new();
    let finished = session.measure(&runner, &mut progress);
    progress.clear();
    let finished = finished?;
    match finished.ended {
        Ok(()) | Err(RunError::Interrupted) => {}
        Err(error) => return Err(error.into()),
    }
    let memory = contend_team::peak_memory_bytes().unwrap_or(0) + progress.fork_memory_bytes();
    eprintln!(
        "measured for {} ({} planned), with at most {} MB of memory, forks included",
        text::duration(finished.took),
        text::duration(Duration::from_secs_f64(finished.run.plan.estimate_s)),
        memory.div_ceil(1 << 20),
    );
    write_report(&args.reports, &finished.folder, None, args.color)?;
    if finished.run.status == RunStatus::Interrupted {
        eprintln!("interrupted: finished rounds are kept; continue with `--resume`");
        return Ok(Exit::Interrupted);
    }
    #[cfg(feature = "criterion")]
    super::replay::start(args, &finished.folder)?;
    Ok(match progress.has_failures() || finished.failed > 0 {
        true => Exit::Failed,
        false => Exit::Success,
    })
}

/// Plans a new run and creates its folder. None for a shard without blocks.
fn begin(
    suite: &Suite,
    args: &BenchArgs,
    shipped: ShippedClaims,
    executable: &Executable,
) -> Result<Option<Session>, Exit> {
    let seed = args.seed_or_random();
    let planned = plan_and_explain(suite, args, allowed_cpus(), seed)?;
    if let (true, Some(shard)) = (planned.plan.blocks.is_empty(), args.shard) {
        eprintln!("shard {shard} has no block of this plan: there is nothing to measure, and no run");
        return Ok(None);
    }
    let run = run_metadata(suite, planned, seed, executable);
    let claims = claims_for_run(&run, shipped).map_err(Exit::Usage)?;
    Ok(Some(Session::create(&args.reports, run, &claims)?))
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
        eprintln!(
            "cannot catch interrupts: {error}; one ends the run at once, and its finished rounds are kept"
        );
    }
    flag
}
