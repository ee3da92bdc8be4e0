//! `contend merge RUN… --into NAME`: shards as one run, or several machines side by side.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use contend_analysis::merge::{Machine, MachineResult, group, union};

use super::args::MergeArgs;
use super::exit::Exit;
use super::output::print;
use super::place::shown;
use super::report::write_report;
use super::run_folder::named_or_newest;
use crate::machine::utc_now;
use crate::message::message;
use crate::record::{self, Run, RunData, is_printable};
use crate::report::{self, MACHINES, machine_result};
use crate::session::{link_run, write_union};

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
    let runs: Vec<Run> = folders.iter().map(|of| record::read_metadata(of)).collect::<Result<_, _>>()?;
    let machines = group(&runs.iter().collect::<Vec<_>>(), &utc_now()).map_err(Exit::usage)?;
    let merged = match &machines[..] {
        [one] => merge_shards(&folder, name, one, &folders),
        several => merge_machines(&folder, name, several, &folders),
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
    for part in &data {
        if part.cut_off || part.problems.iter().any(|problem| problem.left_out || problem.edited) {
            let run = &part.run.run;
            return Err(Exit::Usage(format!(
                "the records of `{run}` are damaged; `contend verify {run}` names what is wrong"
            )));
        }
    }
    let merged = union(&data.iter().collect::<Vec<_>>(), name);
    let merged = merged.ok_or_else(|| Exit::Usage(format!("`{}` is no shard", data[0].run.run)))?;
    Ok((merged, parts))
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
fn merge_machines(
    folder: &Path,
    name: &str,
    machines: &[Machine],
    folders: &[PathBuf],
) -> Result<Merged, Exit> {
    let mut results: Vec<MachineResult> = Vec::new();
    for machine in machines {
        let own = folder.join(MACHINES).join(&machine.label);
        match machine.runs[..] {
            [at] if folders[at].join("verdicts.json").is_file() => {
                link_run(&folders[at], &own).map_err(|error| cannot_write(&own, &error))?;
            }
            [at] => {
                link_run(&folders[at], &own).map_err(|error| cannot_write(&own, &error))?;
                write_page(&own)?;
            }
            _ => {
                let (merged, parts) = read_union(&machine.label, machine, folders)?;
                write_union(&own, &merged.run, &parts).map_err(|error| cannot_write(&own, &error))?;
                write_page(&own)?;
            }
        }
        let run = record::read_metadata(&own)?;
        let result = match machine_result(&machine.label, &run, &own) {
            Some(result) => result,
            None => {
                write_page(&own)?; // its verdicts are of a version without these fields
                let made = machine_result(&machine.label, &run, &own);
                made.ok_or_else(|| Exit::Error(format!("cannot read the verdicts of {}", shown(&own))))?
            }
        };
        results.push(result);
    }
    report::write_machines(folder, name, &results).map(Merged::Machines).map_err(Exit::error)
}

/// Writes verdicts and page of the run in `folder` from its records.
fn write_page(folder: &Path) -> Result<(), Exit> {
    report::write(folder, &record::read(folder)?).map(drop).map_err(Exit::error)
}

fn cannot_write(folder: &Path, error: &std::io::Error) -> Exit {
    Exit::Error(format!("cannot write {}: {error}", shown(folder)))
}
