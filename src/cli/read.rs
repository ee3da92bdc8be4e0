//! What is made from a run that is there: its page, and what the machine is.

use std::path::{Path, PathBuf};

use super::args::{Colour, DoctorArgs, ReportArgs};
use super::outcome::Outcome;
use crate::{machine, record, report};

/// Makes all files of a run again from its records.
pub(super) fn report(args: &ReportArgs) -> Result<Outcome, Outcome> {
    let folder = match &args.run {
        Some(run) => find(&args.reports, run)?,
        None => runs(&args.reports).pop().ok_or_else(|| {
            let reports = args.reports.display();
            Outcome::Usage(format!(
                "there is no run below {reports}; `cargo bench` makes one"
            ))
        })?,
    };
    show(&args.reports, &folder, args.color)?;
    Ok(Outcome::Fine)
}

/// Says what this machine is.
pub(super) fn doctor(args: &DoctorArgs) -> Result<Outcome, Outcome> {
    println!("{}", machine::doctor().display(args.color.on()));
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
