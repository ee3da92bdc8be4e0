//! Measures a whole run: the planned forks, the extra forks, the window check. Begins a new run or continues
//! an interrupted one.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use contend_team::CpuTime;

use super::extra_forks;
use super::floor_check::FloorCheck;
use super::folder_lock::{FolderLock, LockError};
use super::free_space;
use super::kept_executable::{self, keep, kept};
use super::leftovers::remove_leftovers;
use super::manifest::Manifest;
use super::observer::{Phase, RoundObserver};
use super::pairs::{self, OlderForks};
use super::recorder::Recorder;
use super::resume::{RoundsDone, failed_cells, newest_incomplete, run_folders};
use super::run_writer::{RunWriter, replace};
use super::runner::{Pass, RunError, Runner, time_left, windows_left};
use super::same_build::differences;
use super::window_check;
use super::write_error::{remedy, remedy_before};
use crate::machine::{self, Executable};
use crate::record::{CellId, DAMAGED, Plan, Problem, RUN, ReadError, Run, RunStatus, read, repair};
use contend_analysis::text::number;
use contend_workloads::registry::Suite;

/// Damaged parts that are named one by one.
const MOST_NOTES: usize = 10;

/// A run that is ready to be measured.
pub(crate) struct Session {
    run: Run,
    writer: RunWriter,
    done: RoundsDone,
    /// Cells that failed before the run was continued. They stay failed.
    failed: HashSet<CellId>,
    /// The floors of its finished forks.
    floors: FloorCheck,
    /// What was damaged, and is measured again.
    damaged: Vec<Problem>,
    /// What is wrong with `run.json` as it was found.
    changed: Option<Problem>,
    /// The older build that the run is measured beside; none where it has one build.
    older: Option<OlderForks>,
}

/// Why a run cannot begin or continue.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SessionError {
    /// The interrupted run was restricted to CPUs that this process does not have.
    #[error("{0}")]
    Cpus(#[from] machine::AffinityError),
    /// There is nothing to continue.
    #[error("cannot resume: there is no interrupted run below {}{why}", .reports.display())]
    NoInterruptedRun {
        /// The folder of all runs.
        reports: PathBuf,
        /// What is there instead, as a phrase.
        why: String,
    },
    /// The interrupted run cannot be read.
    #[error("{0}")]
    Read(#[from] ReadError),
    /// The interrupted run was begun by another build, on another machine, or with another plan.
    #[error(
        "cannot resume {}, since its records would be of two builds, machines or plans; what differs: {}; start a new \
         run",
        .folder.display(), .differences.join(", ")
    )]
    OtherBuild {
        /// The run's folder.
        folder: PathBuf,
        /// What differs, as phrases.
        differences: Vec<String>,
    },
    /// The older build of the interrupted run cannot be found.
    #[error(
        "cannot resume {}: the older build that it is measured against, {build}, is not there any more; name its file \
         with `--against-bin FILE`, or start a new run",
        .folder.display()
    )]
    NoOlderBuild {
        /// The run's folder.
        folder: PathBuf,
        /// The build's name.
        build: String,
    },
    /// `--against-bin` names a file for a run that is measured against none.
    #[error("cannot resume {} with `--against-bin`: it has one build alone; start a new run", .0.display())]
    OneBuild(PathBuf),
    /// Another process measures in the folder.
    #[error("{0}")]
    InUse(LockError),
    /// The run was measured, and its metadata cannot be written.
    #[error("cannot write {}: {error}; {}", .path.display(), remedy(.error))]
    NotClosed {
        /// The run's folder.
        path: PathBuf,
        /// The system's reason.
        error: io::Error,
    },
    /// The folder of a new run cannot be written.
    #[error("cannot write {}: {error}; {}", .path.display(), remedy_before(.error))]
    Write {
        /// The folder.
        path: PathBuf,
        /// The system's reason.
        error: io::Error,
    },
    /// A file of the interrupted run cannot be read or written.
    #[error("cannot resume {}: {error}; {}", .path.display(), remedy(.error))]
    NotResumed {
        /// The run's folder.
        path: PathBuf,
        /// The system's reason, with the name of the file.
        error: io::Error,
    },
}

/// What to do where the newest run below `reports` has all records: its other files may be missing.
fn complete(reports: &Path) -> String {
    let newest = run_folders(reports).pop();
    let name = newest.as_deref().and_then(Path::file_name);
    name.map_or_else(String::new, |name| {
        let name = name.to_string_lossy();
        format!("; the newest, {name}, is measured, and `report {name}` writes its page again")
    })
}

impl SessionError {
    fn create(reports: &Path, error: LockError) -> Self {
        match error {
            LockError::Io(error) => Self::Write { path: reports.to_owned(), error },
            error @ LockError::InUse { .. } => Self::InUse(error),
        }
    }

    fn resume(folder: &Path, error: LockError) -> Self {
        match error {
            LockError::Io(error) => Self::NotResumed { path: folder.to_owned(), error },
            error @ LockError::InUse { .. } => Self::InUse(error),
        }
    }
}

/// A run after measuring: complete, interrupted, or ended by an error.
pub(crate) struct Finished {
    /// The run, as `run.json` has it.
    pub run: Run,
    /// Its folder.
    pub folder: PathBuf,
    /// How long measuring took, this time.
    pub took: Duration,
    /// How many of its cells failed, in this process or before it was continued.
    pub failed: usize,
    /// Why it ended early, if it did.
    pub ended: Result<(), RunError>,
}

impl Session {
    /// Creates the folder of a new `run` below `reports`, with `claims`: names and texts of files. Keeps the
    /// executables that measure there: `own`, and `older` where the run is one against an older build.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub(crate) fn create(
        reports: &Path,
        mut run: Run,
        claims: &[(String, String)],
        own: &Executable,
        older: Option<Executable>,
    ) -> Result<Self, SessionError> {
        remove_leftovers(reports);
        let created = RunWriter::create(reports);
        let (mut writer, name) = created.map_err(|error| SessionError::create(reports, error))?;
        run.run = name;
        let written = writer.write_metadata(&run).and_then(|()| {
            let mut claims = claims.iter();
            claims.try_for_each(|(name, text)| writer.write_claims(name, text))
        });
        if let Err(error) = written {
            let folder = writer.folder().to_owned();
            let _ = std::fs::remove_dir_all(&folder); // this process made it, and it is no run
            return Err(SessionError::Write { path: folder, error });
        }
        keep(own, writer.folder(), kept_executable::OWN);
        let older = older.map(|executable| {
            keep(&executable, writer.folder(), kept_executable::OLDER);
            OlderForks {
                executable,
                done: RoundsDone::default(),
                failed: HashSet::new(),
                floors: FloorCheck::default(),
            }
        });
        Ok(Self {
            run,
            older,
            writer,
            done: RoundsDone::default(),
            failed: HashSet::new(),
            floors: FloorCheck::default(),
            damaged: Vec::new(),
            changed: None,
        })
    }

    /// Opens the newest run below `reports` that is not complete. One against an older build goes on with `older`, or
    /// with what is kept of that build.
    ///
    /// # Errors
    /// If there is none, or it cannot be read or written, or another build, machine or plan began it, or its older
    /// build is not there any more.
    pub(crate) fn resume(
        reports: &Path,
        suite: &Suite,
        executable: &Executable,
        older: Option<Executable>,
    ) -> Result<Self, SessionError> {
        let folder = newest_incomplete(reports).map_err(|unread| SessionError::NoInterruptedRun {
            reports: reports.to_owned(),
            why: unread
                .map_or_else(|| complete(reports), |error| format!(", and one cannot be read: {error}")),
        })?;
        let run = read(&folder)?.run;
        // Before anything asks how many CPUs there are.
        if let Some(cpus) = run.plan.cpus {
            machine::restrict_to_cpus(cpus)?;
        }
        let differences = differences(&run, suite, executable);
        if !differences.is_empty() {
            return Err(SessionError::OtherBuild { folder, differences });
        }
        let older = older_build(&folder, &run, older)?;
        let not_resumed = |error| SessionError::resume(&folder, error);
        let lock = FolderLock::take(&folder).map_err(not_resumed)?;
        let damaged = repair(&folder, replace).map_err(|error| not_resumed(error.into()))?;
        // Read after the lock was taken: until then another process may have measured there.
        let journal = read(&folder)?;
        let mut run = journal.run;
        if run.status == RunStatus::Complete && damaged.is_empty() {
            let (reports, why) = (reports.to_owned(), complete(reports));
            return Err(SessionError::NoInterruptedRun { reports, why });
        }
        let writer = RunWriter::open(folder.clone(), lock).map_err(not_resumed)?;
        remove_leftovers(reports);
        let changed = journal.problems.into_iter().find(|problem| problem.file == RUN);
        if let Some(problem) = &changed {
            // The file is written again, and would otherwise no longer show it.
            run.environment.cautions.push(format!("Before the run was continued: {problem}."));
        }
        run.status = RunStatus::Running;
        Ok(Self {
            done: RoundsDone::from_records(&run.plan.blocks, &journal.records),
            failed: failed_cells(&journal.records).collect(),
            floors: FloorCheck::from_records(&journal.records),
            older: older.map(|executable| OlderForks {
                executable,
                done: RoundsDone::from_records(&run.plan.blocks, &journal.against),
                failed: failed_cells(&journal.against).collect(),
                floors: FloorCheck::from_records(&journal.against),
            }),
            damaged,
            changed,
            run,
            writer,
        })
    }

    /// What this process does with the records that it found, as sentences.
    pub(crate) fn notes(&self) -> Vec<String> {
        let mut notes: Vec<_> = self.damaged.iter().take(MOST_NOTES).map(Problem::to_string).collect();
        if !self.damaged.is_empty() {
            let parts = number::plural(self.damaged.len(), "damaged part", "damaged parts");
            notes.push(format!("{parts} set aside in {DAMAGED}, to be measured again"));
        }
        notes.extend(self.changed.as_ref().map(Problem::to_string));
        if !self.failed.is_empty() {
            let cells = number::plural(self.failed.len(), "cell", "cells");
            notes.push(format!("{cells} failed before: not measured again"));
        }
        notes
    }

    /// The run, as its plan has it.
    pub(crate) fn run(&self) -> &Run {
        &self.run
    }

    /// The folder that records go to.
    pub(crate) fn folder(&self) -> &Path {
        self.writer.folder()
    }

    /// Measures what the run lacks, tells `observer` of it, and closes the run's metadata.
    ///
    /// # Errors
    /// If the metadata cannot be written. Why measuring ended early stands in the result.
    pub(crate) fn measure(
        self,
        runner: &Runner<'_>,
        observer: &mut dyn RoundObserver,
    ) -> Result<Finished, SessionError> {
        let Self { mut run, mut writer, done, mut failed, floors, mut older, .. } = self;
        *runner.floors.lock().expect("no holder panics") = floors;
        let cpu_time = CpuTime::now();
        let start = Instant::now();
        let of_builds: Vec<&RoundsDone> =
            std::iter::once(&done).chain(older.iter().map(|older| &older.done)).collect();
        let plan = run.plan.clone();
        let room = free_space::require(writer.folder(), &plan, &of_builds);
        let mut recorder = Recorder::new(&mut writer, observer, &mut run);
        let ended = room.and_then(|()| {
            planned_forks(runner, &plan, &done, &mut failed, older.as_mut(), &mut recorder)?;
            let planned_took = recorder.planned_took()?;
            extra_forks::run_phase(runner, &plan, planned_took, &mut failed, &mut recorder)?;
            window_check::run_phase(runner, &plan, &mut failed, &mut recorder)
        });
        let took = recorder.took();
        run.took_s = Some(took.as_secs_f64());
        run.finished = Some(machine::utc_now());
        run.status = match ended {
            Ok(()) => RunStatus::Complete,
            Err(_) => RunStatus::Interrupted,
        };
        machine::add_end_of_run_facts(&mut run.environment, cpu_time);
        let folder = writer.folder().to_owned();
        let written = writer.write_metadata(&run).and_then(|()| Manifest::of(&folder)?.write(&folder));
        // On a full disk the old file stays, which says that the run is not complete.
        if !matches!(ended, Err(RunError::Write(_) | RunError::NoSpace { .. })) {
            written.map_err(|error| SessionError::NotClosed { path: folder.clone(), error })?;
        }
        Ok(Finished { run, folder, took: start.elapsed(), failed: failed.len(), ended })
    }
}

/// The older build of the interrupted `run` in `folder`: the one that is `given`, or the one that the run kept.
fn older_build(
    folder: &Path,
    run: &Run,
    given: Option<Executable>,
) -> Result<Option<Executable>, SessionError> {
    let Some(build) = &run.against else {
        return match given {
            None => Ok(None),
            Some(_) => Err(SessionError::OneBuild(folder.to_owned())),
        };
    };
    let given = given.filter(|given| given.identity().sha256() == build.executable);
    let found = given.or_else(|| kept(folder, kept_executable::OLDER, &build.executable));
    let missing = || SessionError::NoOlderBuild { folder: folder.to_owned(), build: build.name() };
    found.map(Some).ok_or_else(missing)
}

/// Measures the planned forks that are not done, in pairs where there is an older build.
fn planned_forks(
    runner: &Runner<'_>,
    plan: &Plan,
    done: &RoundsDone,
    failed: &mut HashSet<CellId>,
    older: Option<&mut OlderForks>,
    recorder: &mut Recorder<'_>,
) -> Result<(), RunError> {
    let passes = planned_passes(plan);
    let (mut estimate, mut windows) = (time_left(&passes, done), windows_left(&passes, done));
    if let Some(older) = &older {
        estimate += time_left(&passes, &older.done);
        windows += windows_left(&passes, &older.done);
    }
    recorder.phase_started(&Phase::PlannedForks { estimate }, windows);
    match older {
        None => runner.run(&passes, done, failed, recorder),
        Some(older) => pairs::run(runner, older, &passes, done, failed, recorder),
    }
}

/// The planned forks: the first fork of every block, then the second, and so on. Blocks with more forks than
/// others come last.
fn planned_passes(plan: &Plan) -> Vec<Pass<'_>> {
    let pass = |fork| {
        let blocks = plan.blocks.iter();
        let blocks = blocks.filter(|block| fork <= plan.forks_of(block));
        (fork, blocks.collect())
    };
    (1..=plan.most_forks()).map(pass).collect()
}
