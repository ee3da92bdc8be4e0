//! What is made from a run that is there: its page, and what the machine is.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::args::{CiteArgs, Colour, DoctorArgs, ReportArgs};
use super::outcome::Outcome;
use crate::record::{RunData, RunStatus};
use crate::run::Filter;
use crate::verdict::forks_needed;
use crate::{machine, record, report};

/// Makes all files of a run again from its records.
pub(super) fn report(args: &ReportArgs) -> Result<Outcome, Outcome> {
    let folder = named_or_newest(&args.reports, args.run.as_deref())?;
    show(&args.reports, &folder, args.color)?;
    Ok(Outcome::Fine)
}

/// Prints what a review needs of a part of a run.
pub(super) fn cite(args: &CiteArgs) -> Result<Outcome, Outcome> {
    let folder = named_or_newest(&args.reports, args.run.as_deref())?;
    let journal = record::read(&folder).map_err(Outcome::usage)?;
    let filter = Filter::new(&args.filter, false).map_err(Outcome::usage)?;
    let matches = |id: &str| filter.matches(id);
    say(&report::cite(&journal, &args.filter, &matches).map_err(Outcome::usage)?);
    Ok(Outcome::Fine)
}

/// Reads a run that verdicts are to be drawn from: one of a single fork has none to draw.
pub(super) fn evidence(reports: &Path, run: Option<&Path>) -> Result<RunData, Outcome> {
    let folder = named_or_newest(reports, run)?;
    let journal = record::read(&folder).map_err(Outcome::usage)?;
    let (run, records) = (&journal.run, &journal.records);
    if journal.cut_off {
        eprintln!(
            "run {}: the last record was cut off and is left out",
            run.run
        );
    }
    if run.status != RunStatus::Complete {
        let name = &run.run;
        eprintln!("run {name} is not complete: what it lacks is not compared; `--resume` goes on");
    }
    let too_few = |file: &str, line: usize, what: &str| {
        let path = folder.join(file);
        let needed = forks_needed(2);
        Outcome::Usage(format!(
            "{}:{line}: {what}, and forks differ: a verdict needs {needed} of them at least, as in `--forks 12`",
            path.display()
        ))
    };
    if run.plan.forks < 2 {
        let line = line_of(&folder.join("run.json"), "\"forks\"");
        return Err(too_few("run.json", line, "the run has one fork"));
    }
    let valid: BTreeSet<u32> = records.iter().filter(|r| r.valid).map(|r| r.fork).collect();
    match valid.len() {
        0 => Err(too_few(
            "samples.jsonl",
            records.len().max(1),
            "the run has no valid record",
        )),
        1 => Err(too_few(
            "samples.jsonl",
            records.len(),
            "the records are of one fork",
        )),
        _ => Ok(journal),
    }
}

/// The line that first holds `text`, from 1.
fn line_of(path: &Path, text: &str) -> usize {
    let file = std::fs::read_to_string(path).unwrap_or_default();
    let place = file.lines().position(|line| line.contains(text));
    place.map_or(1, |place| place + 1)
}

/// Writes to standard output. Whoever reads may stop early.
pub(super) fn say(text: &str) {
    let _ = io::stdout().lock().write_all(text.as_bytes());
}

/// Says what this machine is.
pub(super) fn doctor(args: &DoctorArgs) -> Result<Outcome, Outcome> {
    say(&format!("{}\n", machine::doctor().display(args.color.on())));
    Ok(Outcome::Fine)
}

/// Writes the files of the run in `folder` and tells its verdicts and the page's path.
pub(super) fn show(reports: &Path, folder: &Path, colour: Colour) -> Result<(), Outcome> {
    let journal = record::read(folder).map_err(Outcome::usage)?;
    if journal.cut_off {
        eprintln!("the last record was cut off and is left out");
    }
    let broken = |error: report::ReportError| Outcome::Broken(error.to_string());
    let written = report::write(folder, &journal).map_err(broken)?;
    print!(
        "{}",
        report::terminal(&journal.run, &written.analysis, colour.on())
    );
    let inside = folder.parent().is_some_and(|parent| parent == reports);
    let page = match inside && runs(reports).last().is_some_and(|newest| newest == folder) {
        true => {
            report::publish(reports, &journal.run.run).map_err(broken)?;
            reports.join("index.html")
        }
        false => folder.join("index.html"),
    };
    println!("\n{}", page.display());
    Ok(())
}

/// The folders of all runs below `reports`, oldest first. What is kept for reference is not one.
pub(super) fn runs(reports: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(reports) else {
        return Vec::new();
    };
    let mut runs: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("run.json").is_file() && !path.ends_with("reference"))
        .collect();
    runs.sort();
    runs
}

/// The folder that `run` names, or that of the newest run.
pub(super) fn named_or_newest(reports: &Path, run: Option<&Path>) -> Result<PathBuf, Outcome> {
    match run {
        Some(run) => find(reports, run),
        None => runs(reports).pop().ok_or_else(|| {
            let reports = reports.display();
            Outcome::Usage(format!(
                "there is no run below {reports}; `cargo bench` makes one"
            ))
        }),
    }
}

/// The folder that `run` names: below `reports`, or by itself.
fn find(reports: &Path, run: &Path) -> Result<PathBuf, Outcome> {
    let candidates = [reports.join(run), run.to_owned()];
    let found = candidates
        .into_iter()
        .find(|folder| folder.join("run.json").is_file());
    found.ok_or_else(|| {
        let (run, reports) = (run.display(), reports.display());
        let known: Vec<_> = runs(Path::new(&reports.to_string()))
            .iter()
            .filter_map(|run| Some(format!("`{}`", run.file_name()?.to_str()?)))
            .collect();
        Outcome::Usage(match known.is_empty() {
            true => format!(
                "`{run}` is no run, and there is none below {reports}; `cargo bench` makes one"
            ),
            false => format!(
                "`{run}` is no run; below {reports} there are {}",
                known.join(", ")
            ),
        })
    })
}
