//! `contend report [RUN]`: writes verdicts, page, Markdown and charts of a run from its records.

use std::path::{Path, PathBuf};

use super::args::{Colour, ReportArgs};
use super::baseline::set_baseline;
use super::exit::Exit;
use super::output::print;
use super::place::shown;
use super::run_folder::{is_newest, name_problems, named_or_newest};
use crate::compare::Compared;
use crate::message::message;
use crate::record::{self, Run};
use crate::report::{self, Written};

/// Writes the files of a run again from its records.
pub(super) fn report(args: &ReportArgs) -> Result<Exit, Exit> {
    let folder = named_or_newest(&args.reports, args.run.as_deref())?;
    write_report(&args.reports, &folder, args.baseline_contender.as_deref(), args.color)?;
    Ok(Exit::Success)
}

/// Writes the files of the run in `folder`, and prints its verdicts and the page's path. `baseline` replaces the run's
/// own for what staying costs. Returns how the run compares with its older build, if it has one.
pub(super) fn write_report(
    reports: &Path,
    folder: &Path,
    baseline: Option<&str>,
    colour: Colour,
) -> Result<Option<Compared>, Exit> {
    let (run, written, page) = write_files(reports, folder, baseline)?;
    print(&report::terminal(&run, &written.analysis, colour.on()));
    if let Some(against) = &written.against {
        print(&format!("\n{}", report::terminal_against(against, colour.on())));
    }
    print(&format!("\n{}\n", shown(&page)));
    Ok(written.against)
}

/// Writes the files of the run in `folder`, and returns the page's path. The page of the newest run also becomes that
/// of `reports`.
pub(super) fn write_files(
    reports: &Path,
    folder: &Path,
    baseline: Option<&str>,
) -> Result<(Run, Written, PathBuf), Exit> {
    let mut journal = record::read(folder)?;
    set_baseline(&mut journal.run.plan, baseline)?;
    name_problems(&journal);
    let written = report::write(folder, &journal).map_err(|error| not_written(folder, &error))?;
    for error in &written.unread_claims {
        let name = &journal.run.run;
        message!(
            "run {name}: {error}; the page is without these claims: mend or remove the file, and run `report {name}`"
        );
    }
    let page = match is_newest(reports, folder) {
        true => {
            // The folder's name, since `run.json` may name another one.
            let name = folder.file_name().unwrap_or_default();
            report::publish(reports, name).map_err(|error| not_written(folder, &error))?;
            reports.join("index.html")
        }
        false => folder.join("index.html"),
    };
    Ok((journal.run, written, page))
}

/// What is said where the files of the run in `folder` cannot be written. None of its records is lost by that.
fn not_written(folder: &Path, error: &dyn std::fmt::Display) -> Exit {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    Exit::Error(format!(
        "cannot write the page and the other files of run {name}: {error}; its records are kept, and `report {name}` \
         writes the files again"
    ))
}
