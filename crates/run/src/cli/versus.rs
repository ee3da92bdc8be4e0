//! `contend versus A B [FILTER]`: any two contenders of a run.

use super::args::{OutputFormat, VersusArgs};
use super::exit::Exit;
use super::output::{print, print_json};
use super::run_folder::read_for_verdicts;
use crate::session::Filter;
use crate::verdict::analyse_run;
use contend_analysis::versus::{markdown, terminal, versus as compare_two};

/// Prints the planned comparison of two contenders in every block that has both.
pub(super) fn versus(args: &VersusArgs) -> Result<Exit, Exit> {
    let journal = read_for_verdicts(&args.reports, args.run.as_deref())?;
    let analysis = analyse_run(&journal);
    let text = (!args.filter.is_empty()).then(|| args.filter.join(" "));
    let filter = text.as_deref().map(|text| Filter::new(text, false));
    let matches = |id: &str| filter.as_ref().is_none_or(|filter| filter.matches(id));
    let pair = (&*args.a, &*args.b);
    let found = compare_two(&journal.run, &analysis, pair, text.as_deref(), matches);
    let found = found.map_err(Exit::usage)?;
    match args.format {
        OutputFormat::Table => print(&terminal(&found, args.color.on())),
        OutputFormat::Markdown => print(&markdown(&found)),
        OutputFormat::Json => print_json(&found)?,
    }
    Ok(Exit::Success)
}
