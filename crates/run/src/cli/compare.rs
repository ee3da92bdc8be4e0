//! `contend compare RUN RUN`: what changed from one run to another.

use super::args::{CompareArgs, FailOn, OutputFormat};
use super::exit::Exit;
use super::output::{print, print_json};
use super::place::shown;
use super::run_folder::read_for_verdicts;
use crate::compare::{Change, Compared, compare as compare_runs, markdown, terminal};
use crate::message::message;
use crate::report::write_compared;
use contend_analysis::text::number;

/// Prints the comparison of two runs, and fails on the changes that `--fail-on` names.
pub(super) fn compare(args: &CompareArgs) -> Result<Exit, Exit> {
    let first = read_for_verdicts(&args.reports, Some(&args.first))?;
    let second = read_for_verdicts(&args.reports, Some(&args.second))?;
    let compared = compare_runs(&first, &second, args.same_machine).map_err(Exit::usage)?;
    if let Some(page) = &args.page {
        write_compared(page, &compared).map_err(|error| {
            // Not the code of `--fail-on`.
            Exit::Incomplete(format!("cannot write the page: {error}; try `--page compare.html`"))
        })?;
    }
    match args.format {
        OutputFormat::Table => print(&terminal(&compared, args.color.on())),
        OutputFormat::Markdown => print(&markdown(&compared)),
        OutputFormat::Json => print_json(&compared)?,
    }
    // The other formats are for programs.
    if let (OutputFormat::Table, Some(page)) = (args.format, &args.page) {
        print(&format!("\n{}\n", shown(page)));
    }
    let Some(fail_on) = args.fail_on else {
        return Ok(Exit::Success);
    };
    if let Some(reason) = compared.side_by_side.first() {
        return Err(Exit::Usage(format!(
            "cannot apply `--fail-on`: there are no verdicts, since {reason}; compare runs of one machine"
        )));
    }
    warn_of_gaps(&compared);
    let found: u32 = fail_on.changes().iter().map(|kind| compared.counts.of(*kind)).sum();
    Ok(match found {
        0 => Exit::Success,
        _ => Exit::Failed,
    })
}

impl FailOn {
    /// The changes that it names.
    pub(super) fn changes(self) -> &'static [Change] {
        match self {
            FailOn::Slower => &[Change::Failed, Change::SLOWER],
            FailOn::Changed => &[Change::Failed, Change::SLOWER, Change::FASTER],
        }
    }
}

/// Warns of what `--fail-on` does not see.
fn warn_of_gaps(compared: &Compared) {
    let missing = compared.counts.of(Change::NotCompared);
    if missing > 0 {
        let cells = number::plural(missing as usize, "cell was", "cells were");
        message!("{cells} not compared: one of the runs has no times of the same work");
    }
    for block in &compared.blocks {
        for note in &block.notes {
            message!("{}: {note}", block.block);
        }
    }
}
