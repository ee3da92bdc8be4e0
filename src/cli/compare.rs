//! `contend compare RUN RUN`: what changed from one run to another.

use super::args::{CompareArgs, FailOn, Writing};
use super::outcome::Outcome;
use super::read::{evidence, say};
use crate::compare::{Change, Compared, compare as compare_runs, markdown, terminal};

/// Compares two runs, and fails on what it was told to fail on.
pub(super) fn compare(args: &CompareArgs) -> Result<Outcome, Outcome> {
    let first = evidence(&args.reports, Some(&args.first))?;
    let second = evidence(&args.reports, Some(&args.second))?;
    let compared = compare_runs(&first, &second, args.same_machine).map_err(Outcome::usage)?;
    match args.format {
        Writing::Table => say(&terminal(&compared, args.color.on())),
        Writing::Markdown => say(&markdown(&compared)),
        Writing::Json => {
            let json = serde_json::to_string_pretty(&compared);
            let json = json.map_err(|error| Outcome::Broken(error.to_string()))?;
            say(&(json + "\n"));
        }
    }
    let Some(fail_on) = args.fail_on else {
        return Ok(Outcome::Fine);
    };
    if let Some(reason) = compared.side_by_side.first() {
        return Err(Outcome::Usage(format!(
            "`--fail-on` has nothing to go by: the runs stand side by side, since {reason}"
        )));
    }
    warn(&compared);
    let failing: &[Change] = match fail_on {
        FailOn::Slower => &[Change::Failed, Change::SLOWER],
        FailOn::Changed => &[Change::Failed, Change::SLOWER, Change::FASTER],
    };
    let found: u32 = failing.iter().map(|kind| compared.counts.of(*kind)).sum();
    Ok(match found {
        0 => Outcome::Fine,
        _ => Outcome::Failed,
    })
}

/// Says what `--fail-on` does not see, so that nothing passes in silence.
fn warn(compared: &Compared) {
    let gone = compared.counts.of(Change::NotCompared);
    if gone > 0 {
        eprintln!(
            "{gone} cells were not compared: one of the runs has no numbers of the same work"
        );
    }
    for block in &compared.blocks {
        for note in &block.notes {
            eprintln!("{}: {note}", block.block);
        }
    }
}
