//! `contend merge RUN… --into NAME`: shards as one run, or several machines side by side.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use contend_analysis::merge::{Builds, Machine, MachineResult, group, missing_words, union};

use super::args::MergeArgs;
use super::exit::Exit;
use super::output::print;
use super::place::shown;
use super::report::write_report;
use super::run_folder::{name_problems, named_or_newest};
use crate::machine::utc_now;
use crate::message::message;
use crate::record::{self, Metadata, RUN, Run, RunData, SAMPLES, TEXT_LIMIT, is_printable, printable};
use crate::report::{self, MACHINES, machine_result};
use crate::session::{Manifest, forks_missing, link_run, write_union};

/// The most characters of a name.
const NAME: usize = 80;

/// Merges runs into a folder of a new name. Writes nothing if they cannot be merged.
pub(super) fn merge(args: &MergeArgs) -> Result<Exit, Exit> {
    let name = plain_name(&args.into)?;
    let folder = args.reports.join(name);
    if folder.symlink_metadata().is_ok() {
        return Err(Exit::Usage(format!("{} exists already; give another name", shown(&folder))));
    }
    let folders = folders(args)?;
    let runs = in_parallel(&folders, |folder| record::read_metadata(folder));
    let runs: Vec<Metadata> = runs.into_iter().collect::<Result<_, _>>()?;
    let mut runs = Runs { runs: runs.into_iter().map(named).collect(), folders };
    runs.name_apart(&args.runs);
    let builds = if args.other_builds { Builds::Any } else { Builds::One };
    let machines = group(&runs.runs.iter().collect::<Vec<_>>(), builds, &utc_now()).map_err(Exit::usage)?;
    name_renamed(&machines, &runs.runs);
    let merged = match &machines[..] {
        [one] => merge_shards(&folder, name, one, &runs.folders),
        several => merge_machines(&folder, name, several, &runs),
    };
    if merged.is_err() {
        let _ = fs::remove_dir_all(&folder); // this process made it
    }
    match merged? {
        Merged::Run => drop(write_report(&args.reports, &folder, None, args.color)?),
        Merged::Machines(counted) => {
            print(&format!("{counted}\n\n{}\n", shown(&folder.join("index.html"))));
        }
    }
    Ok(Exit::Success)
}

/// The runs that are merged, each with its folder.
struct Runs {
    runs: Vec<Run>,
    folders: Vec<PathBuf>,
}

impl Runs {
    /// Where two runs have one name, takes the paths as they were `given`, for messages.
    fn name_apart(&mut self, given: &[PathBuf]) {
        let names: HashSet<&str> = self.runs.iter().map(|run| run.run.as_str()).collect();
        if names.len() < self.runs.len() {
            for (run, given) in self.runs.iter_mut().zip(given) {
                run.run = printable(&given.to_string_lossy(), TEXT_LIMIT);
            }
        }
    }
}

/// The run. Prints what is wrong with its `run.json`, which the merged run says too.
fn named(of: Metadata) -> Run {
    let Metadata { run, problem, .. } = of;
    if let Some(problem) = problem {
        message!("run {}: {problem}", run.run);
    }
    run
}

/// Whether the records of a run are those that its manifest has, if there is one.
fn check_manifest(folder: &Path, run: &Run) -> Result<(), Exit> {
    let run = &run.run;
    let what = match Manifest::is_changed(folder, SAMPLES) {
        Ok(false) => return Ok(()),
        Ok(true) => format!("{SAMPLES} is not as its manifest has it"),
        Err(problem) => problem,
    };
    Err(Exit::Usage(format!(
        "`{run}` cannot be merged: {what}; `contend verify {run}` names all that is wrong"
    )))
}

/// What a folder was made of.
enum Merged {
    /// One run.
    Run,
    /// Several machines, with their counts in a sentence.
    Machines(String),
}

/// A name for a folder below `reports`.
fn plain_name(name: &str) -> Result<&str, Exit> {
    let is_plain = |c: char| is_printable(c) && !"/\\:*?\"<>|".contains(c);
    match name.chars().all(is_plain) && !name.starts_with('.') && !name.is_empty() && name.len() <= NAME {
        true => Ok(name),
        false => Err(Exit::Usage(format!(
            "`--into {}` is no plain name; give one such as `nightly`, without `/` and without a dot at the start",
            name.escape_debug()
        ))),
    }
}

/// The folders of the runs, each once.
fn folders(args: &MergeArgs) -> Result<Vec<PathBuf>, Exit> {
    let mut seen: HashMap<PathBuf, &Path> = HashMap::new();
    let mut folders = Vec::new();
    for run in &args.runs {
        let folder = named_or_newest(&args.reports, Some(run))?;
        let real = folder.canonicalize().unwrap_or_else(|_| folder.clone());
        if let Some(first) = seen.insert(real, run) {
            let (first, second) = (first.display(), run.display());
            return Err(Exit::Usage(format!("`{first}` and `{second}` are the same run; give each once")));
        }
        folders.push(folder);
    }
    Ok(folders)
}

/// Reads the shards of a machine as one run.
fn read_union(name: &str, machine: &Machine, folders: &[PathBuf]) -> Result<(RunData, Vec<PathBuf>), Exit> {
    let parts: Vec<PathBuf> = machine.runs.iter().map(|at| folders[*at].clone()).collect();
    let data: Vec<RunData> = parts.iter().map(|part| record::read(part)).collect::<Result<_, _>>()?;
    data.iter().try_for_each(check_records)?;
    parts.iter().zip(&data).try_for_each(|(part, data)| check_manifest(part, &data.run))?;
    let merged = union(&data.iter().collect::<Vec<_>>(), name);
    let merged = merged.ok_or_else(|| Exit::Usage(format!("`{}` is no shard", data[0].run.run)))?;
    Ok((merged, parts))
}

/// Whether the records of a run are those of its whole plan, and none is damaged.
fn check_records(data: &RunData) -> Result<(), Exit> {
    let run = &data.run.run;
    let damaged = || {
        let what = format!("the records of `{run}` are damaged; `contend verify {run}` names what is wrong");
        Err(Exit::Usage(what))
    };
    if data.cut_off || data.problems.iter().any(|problem| problem.left_out) {
        return damaged();
    }
    if let Some(first) = forks_missing(data).first() {
        return Err(Exit::Usage(format!(
            "`{run}` says that it is complete, and records are missing: {first}; `contend verify {run}` names all"
        )));
    }
    // That `run.json` was changed is said by the merged run.
    match data.problems.iter().any(|problem| problem.edited && problem.file != RUN) {
        true => damaged(),
        false => Ok(()),
    }
}

/// Whether the records of a machine's only run are there. Its verdicts are sealed, and were made of whole records.
fn check_samples(runs: &Runs, at: usize) -> Result<(), Exit> {
    let samples = runs.folders[at].join(SAMPLES);
    match fs::metadata(&samples) {
        Ok(file) if file.len() > 0 => check_manifest(&runs.folders[at], &runs.runs[at]),
        Ok(_) => {
            Err(Exit::Usage(format!("{} is empty; merge runs that have their records", shown(&samples))))
        }
        Err(error) => Err(Exit::Usage(format!("cannot read {}: {error}", shown(&samples)))),
    }
}

/// Prints which machines of one name are labelled by their fingerprints.
fn name_renamed(machines: &[Machine], runs: &[Run]) {
    let host = |machine: &Machine| runs[machine.runs[0]].host.clone().unwrap_or_default().to_lowercase();
    let mut of_host: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for machine in machines {
        of_host.entry(host(machine)).or_default().push(&machine.label);
    }
    for (host, labels) in of_host {
        if labels.len() > 1 && !host.is_empty() {
            let (host, count, labels) = (printable(&host, TEXT_LIMIT), labels.len(), labels.join(", "));
            message!(
                "{count} machines are named {host}; their labels have a part of their fingerprints: {labels}"
            );
        }
    }
}

/// One run of all shards.
fn merge_shards(folder: &Path, name: &str, machine: &Machine, folders: &[PathBuf]) -> Result<Merged, Exit> {
    let (merged, parts) = read_union(name, machine, folders)?;
    write_union(folder, &merged.run, &parts).map_err(|error| cannot_write(folder, &error))?;
    if let Some(missing) = merged.run.merged.as_ref().and_then(record::Merged::missing_words) {
        message!("{missing}");
    }
    Ok(Merged::Run)
}

/// A page of all machines, and the run of each below it.
fn merge_machines(folder: &Path, name: &str, machines: &[Machine], runs: &Runs) -> Result<Merged, Exit> {
    let own = |machine: &Machine| folder.join(MACHINES).join(&machine.label);
    for machine in machines {
        let own = own(machine);
        match machine.runs[..] {
            [at] => {
                check_samples(runs, at)?;
                link_run(&runs.folders[at], &own).map_err(|error| cannot_write(&own, &error))?;
            }
            _ => {
                let (merged, parts) = read_union(&machine.label, machine, &runs.folders)?;
                write_union(&own, &merged.run, &parts).map_err(|error| cannot_write(&own, &error))?;
                write_page(&own)?;
            }
        }
    }
    let read = |machine: &Machine| machine_result(&machine.label, &runs.runs[machine.runs[0]], &own(machine));
    let mut results: Vec<MachineResult> = Vec::new();
    for (machine, result) in machines.iter().zip(in_parallel(machines, read)) {
        let again = || {
            let own = own(machine);
            if own.join("verdicts.json").is_file() {
                let label = &machine.label;
                message!(
                    "{label}: verdicts.json was changed, or is of an older version; its records are judged again"
                );
            }
            write_page(&own)?;
            read(machine).ok_or_else(|| Exit::Error(format!("cannot read the verdicts of {}", shown(&own))))
        };
        let mut result = result.map_or_else(again, Ok)?;
        result.missing = missing_words(&machine.runs.iter().map(|at| &runs.runs[*at]).collect::<Vec<_>>());
        results.push(result);
    }
    let written = report::write_machines(folder, name, &results);
    written.map(Merged::Machines).map_err(|error| Exit::Incomplete(error.to_string()))
}

/// What `of` makes of each item, by as many threads as there are CPUs, in the order of the items.
fn in_parallel<T: Sync, R: Send>(items: &[T], of: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let all_of = |part: &[T]| part.iter().map(&of).collect::<Vec<R>>();
    thread::scope(|scope| {
        let begin = |part| {
            let begun = thread::Builder::new().spawn_scoped(scope, move || all_of(part));
            begun.map_err(|_| part) // this process may have no other thread
        };
        let begun: Vec<_> = items.chunks(items.len().div_ceil(threads).max(1)).map(begin).collect();
        let end = |part: Result<thread::ScopedJoinHandle<'_, Vec<R>>, &[T]>| match part {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(part) => all_of(part),
        };
        begun.into_iter().flat_map(end).collect()
    })
}

/// Writes verdicts and page of the run in `folder` from its records.
fn write_page(folder: &Path) -> Result<(), Exit> {
    let data = record::read(folder)?;
    name_problems(&data);
    check_records(&data)?;
    let written = report::write(folder, &data).map_err(|error| Exit::Incomplete(error.to_string()))?;
    match written.unread_claims.first() {
        // An older version may have taken it.
        Some(error) => Err(Exit::Usage(format!(
            "the claims of {} cannot be judged again: {error}; merge runs whose claims this version takes",
            data.run.run
        ))),
        None => Ok(()),
    }
}

fn cannot_write(folder: &Path, error: &std::io::Error) -> Exit {
    Exit::Incomplete(format!("cannot write {}: {error}", shown(folder)))
}
