//! `contend cite FILTER`: a part of a run as Markdown, for a review.

use super::args::CiteArgs;
use super::exit::Exit;
use super::output::print;
use super::run_folder::named_or_newest;
use crate::session::Filter;
use crate::{record, report};

/// Prints the Markdown of all variants that the filter matches.
pub(super) fn cite(args: &CiteArgs) -> Result<Exit, Exit> {
    let folder = named_or_newest(&args.reports, args.run.as_deref())?;
    let journal = record::read(&folder)?;
    let filter = Filter::new(&args.filter, false);
    let matches = |id: &str| filter.matches(id);
    print(&report::cite(&journal, &args.filter, &matches).map_err(Exit::usage)?);
    Ok(Exit::Success)
}
