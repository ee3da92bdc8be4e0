//! Measuring: plan, forks, journal; then verdicts, page and criterion's files, from what was
//! written.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Instant, SystemTime};

use super::args::BenchArgs;
use super::outcome::Outcome;
use super::progress::{Progress, seconds};
use super::read;
use crate::machine::{self, CpuTime, allowed_cpus};
use crate::record::{
    Absent, BlockId, BlockPlan, CONTROL, Class, ContenderInfo, FLOOR, Plan, Record, Run, RunStatus,
    SCHEMA, Status, WorkloadInfo,
};
use crate::run::work::calibrate;
use crate::run::{Audience, Choice, Conductor, Halt, Journal, Suite, plan};
use crate::verdict::forks_needed;

/// What a run goes on from.
struct Session {
    run: Run,
    journal: Journal,
    /// Rounds that are there, by block and fork.
    done: HashMap<(BlockId, u32), u32>,
    took_before_s: f64,
}

/// Measures what `args` choose, and writes all files of the run.
pub(super) fn measure(suite: &Suite, args: &BenchArgs) -> Result<Outcome, Outcome> {
    let executable = executable(args)?;
    let Session {
        mut run,
        journal,
        done,
        took_before_s,
    } = match args.resume {
        true => resume(args)?,
        false => begin(suite, args)?,
    };
    announce(&run, journal.folder());
    let interrupted = interruptible();
    let conductor = Conductor {
        suite,
        executable,
        deadline: args.deadline,
        seed: run.seed,
        work: run.work.clone(),
        check_only: false,
        interrupted: &interrupted,
    };
    let cpu_time = CpuTime::now();
    let start = Instant::now();
    let mut writer = Writer::new(journal, &run.plan, &done);
    let ended = conductor.run(&run.plan.blocks, run.plan.forks, &done, &mut writer);
    let Writer {
        journal,
        progress,
        failed,
        ..
    } = writer;
    progress.finish();
    run.took_s = Some(took_before_s + start.elapsed().as_secs_f64());
    run.finished = Some(now());
    run.status = match ended {
        Ok(()) => RunStatus::Complete,
        Err(_) => RunStatus::Interrupted,
    };
    machine::conclude(&mut run.environment, cpu_time);
    journal
        .describe(&run)
        .map_err(|error| unwritten(journal.folder(), &error))?;
    match ended {
        Ok(()) | Err(Halt::Interrupted) => {}
        Err(halt) => return Err(halted(halt)),
    }
    eprintln!(
        "measured for {}, where {} were planned",
        seconds(start.elapsed()),
        seconds(std::time::Duration::from_secs_f64(run.plan.estimate_s)),
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
    let seed = args.seed.unwrap_or_else(rand::random);
    // Which contender is a block's control rotates, and starts anywhere.
    let first_control = (seed % 1_000) as usize;
    let plan = sound_plan(suite, args.choice(), first_control)?;
    let (journal, name) =
        Journal::create(&args.reports).map_err(|error| unwritten(&args.reports, &error))?;
    let mut environment = machine::environment();
    machine::state(
        &mut environment,
        "hasher",
        "foldhash (fast), one seed a fork, for every map",
    );
    let run = Run {
        schema: SCHEMA,
        run: name,
        contend: env!("CARGO_PKG_VERSION").to_owned(),
        started: now(),
        finished: None,
        took_s: None,
        status: RunStatus::Running,
        command: command(seed),
        seed,
        work: calibrate(),
        environment,
        workloads: workloads(suite, &plan),
        contenders: contenders(suite, &plan),
        absent: absent(suite, &plan),
        plan,
    };
    journal
        .describe(&run)
        .map_err(|error| unwritten(journal.folder(), &error))?;
    Ok(Session {
        run,
        journal,
        done: HashMap::new(),
        took_before_s: 0.0,
    })
}

/// The plan of `choice`. Where the forks are not given, there are as many as its largest class needs
/// for verdicts.
fn sound_plan(suite: &Suite, mut choice: Choice, first_control: usize) -> Result<Plan, Outcome> {
    let cores = allowed_cpus();
    let made = plan(suite, &choice, cores, first_control).map_err(Outcome::usage)?;
    if choice.forks.is_some() {
        return Ok(made);
    }
    let ranked = |block: &BlockPlan| {
        let mut classes: BTreeMap<Class, usize> = BTreeMap::new();
        for cell in block
            .cells
            .iter()
            .filter(|cell| !cell.contender.ends_with(CONTROL))
        {
            *classes.entry(cell.class).or_default() += 1;
        }
        classes.into_values().max().unwrap_or(0)
    };
    let largest = made.blocks.iter().map(ranked).max().unwrap_or(0);
    choice.forks = Some(made.forks.max(forks_needed(largest)));
    plan(suite, &choice, cores, first_control).map_err(Outcome::usage)
}

/// Takes up the newest run that did not come to its end.
fn resume(args: &BenchArgs) -> Result<Session, Outcome> {
    let reports = &args.reports;
    let nothing = || {
        Outcome::Usage(format!(
            "there is no interrupted run below {}",
            reports.display()
        ))
    };
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
    let mut done = HashMap::new();
    for record in read
        .records
        .iter()
        .filter(|record| record.status == Status::Ok)
    {
        let rounds = done.entry((record.cell.block(), record.fork)).or_insert(0);
        *rounds = record.round.max(*rounds);
    }
    if read.cut_off {
        crate::run::mend(&folder).map_err(|error| unwritten(&folder, &error))?;
    }
    let mut run = read.run;
    run.status = RunStatus::Running;
    let journal = Journal::open(folder.clone()).map_err(|error| unwritten(&folder, &error))?;
    Ok(Session {
        took_before_s: run.took_s.unwrap_or(0.0),
        run,
        journal,
        done,
    })
}

/// The executable whose children the forks are.
pub(super) fn executable(args: &BenchArgs) -> Result<Option<PathBuf>, Outcome> {
    if args.in_process {
        return Ok(None);
    }
    let path = std::env::current_exe()
        .map_err(|error| Outcome::Broken(format!("this executable cannot be found, and forks are made of it ({error}): try `--in-process`")))?;
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
        eprintln!(
            "interrupts cannot be caught ({error}): one ends the run at once, keeping its records"
        );
    }
    flag
}

/// The plan, in a few lines.
fn announce(run: &Run, folder: &Path) {
    let plan = &run.plan;
    let cells: usize = plan.blocks.iter().map(|block| block.cells.len()).sum();
    let threads: BTreeSet<_> = plan
        .blocks
        .iter()
        .map(|block| block.block.threads)
        .collect();
    let threads: Vec<_> = threads.iter().map(ToString::to_string).collect();
    let mut err = io::stderr().lock();
    let _ = writeln!(
        err,
        "plan: {} blocks of {cells} cells at {} threads on {} CPUs, {} forks each; about {}\n\
         seed {}, records in {}",
        plan.blocks.len(),
        threads.join(", "),
        plan.cores,
        plan.forks,
        seconds(std::time::Duration::from_secs_f64(plan.estimate_s)),
        run.seed,
        folder.display(),
    );
}

/// The command that makes such a run again, seed included.
fn command(seed: u64) -> String {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    args.retain(|arg| arg != "--bench");
    let program = if args.first().is_some_and(|arg| arg == "run") {
        args.remove(0);
        "cargo run --release -- run"
    } else {
        "cargo bench --"
    };
    let quote = |arg: &String| match arg
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "_:.+~-/=,".contains(c))
    {
        true => arg.clone(),
        false => format!("'{}'", arg.replace('\'', r"'\''")),
    };
    let mut words: Vec<String> = args.iter().map(quote).collect();
    if !args
        .iter()
        .any(|arg| arg == "--seed" || arg.starts_with("--seed="))
    {
        words.push(format!("--seed {seed}"));
    }
    format!("{program} {}", words.join(" "))
}

fn now() -> String {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string()
}

fn workloads(suite: &Suite, plan: &Plan) -> Vec<WorkloadInfo> {
    let planned: BTreeSet<_> = plan
        .blocks
        .iter()
        .map(|block| block.block.of_variant())
        .collect();
    let mut workloads = suite.workloads.clone();
    for workload in &mut workloads {
        workload
            .variants
            .retain(|variant| planned.contains(&variant.id));
    }
    workloads.retain(|workload| !workload.variants.is_empty());
    workloads
}

/// The contenders of the plan, each once; notes that differ by workload are joined.
fn contenders(suite: &Suite, plan: &Plan) -> Vec<ContenderInfo> {
    let planned: BTreeSet<&str> = plan
        .blocks
        .iter()
        .flat_map(|block| block.cells.iter().map(|cell| cell.contender.as_str()))
        .collect();
    let mut infos: Vec<ContenderInfo> = Vec::new();
    for member in suite.variants.iter().flat_map(|variant| variant.members()) {
        let about = member.about;
        if !planned.contains(about.name.as_str()) || about.name == FLOOR {
            continue;
        }
        match infos.iter_mut().find(|info| info.name == about.name) {
            Some(info) if !info.notes.contains(about.notes) => {
                info.notes = format!("{} {}", info.notes, about.notes);
            }
            Some(_) => {}
            None => infos.push(ContenderInfo {
                name: about.name.clone(),
                family: about.family.to_owned(),
                package: about.package.to_owned(),
                version: machine::version_of(about.package)
                    .unwrap_or("unknown")
                    .to_owned(),
                notes: about.notes.to_owned(),
            }),
        }
    }
    infos.sort_by_key(|info| crate::suite::rank(&info.family));
    infos
}

/// What is absent from the planned workloads and variants.
fn absent(suite: &Suite, plan: &Plan) -> Vec<Absent> {
    let planned = |scope: &str| {
        plan.blocks.iter().any(|block| {
            let id = block.block.to_string();
            id.strip_prefix(scope)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    suite
        .absent
        .iter()
        .filter(|absent| planned(&absent.block))
        .cloned()
        .collect()
}

/// Keeps every round, and shows how far the run has come.
struct Writer {
    journal: Journal,
    progress: Progress,
    failed: BTreeSet<String>,
    /// A round's share of the progress, by block: its windows' milliseconds.
    parts: HashMap<BlockId, u64>,
}

impl Writer {
    fn new(journal: Journal, plan: &Plan, done: &HashMap<(BlockId, u32), u32>) -> Self {
        let part = |block: &BlockPlan| block.cells.len() as u64;
        let mut progress = 0;
        for block in &plan.blocks {
            for fork in 1..=plan.forks {
                let done = done.get(&(block.block.clone(), fork)).copied().unwrap_or(0);
                progress += part(block) * u64::from(block.rounds.saturating_sub(done));
            }
        }
        Self {
            journal,
            progress: Progress::new(progress, "windows"),
            failed: BTreeSet::new(),
            parts: plan
                .blocks
                .iter()
                .map(|block| (block.block.clone(), part(block)))
                .collect(),
        }
    }
}

impl Audience for Writer {
    fn round(&mut self, block: &BlockPlan, records: &[Record]) -> io::Result<()> {
        self.journal.append(records)?;
        for record in records
            .iter()
            .filter(|record| record.status == Status::Failed)
        {
            let cell = record.cell.to_string();
            let reason = record.reason.as_deref().unwrap_or("it failed");
            self.progress.say(&format!("FAILED {cell}: {reason}"));
            self.failed.insert(cell);
        }
        if records.iter().all(|record| record.status != Status::Void) {
            self.progress
                .advance(self.parts[&block.block], &block.block.to_string());
        }
        Ok(())
    }
}
