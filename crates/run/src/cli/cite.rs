//! `contend cite FILTER`: a part of a run as Markdown, for a review.

use super::args::CiteArgs;
use super::baseline::set_baseline;
use super::exit::Exit;
use super::output::print;
use super::run_folder::{name_problems, named_or_newest};
use crate::session::Filter;
use crate::{record, report};

/// Prints the Markdown of all variants that the filter matches.
pub(super) fn cite(args: &CiteArgs) -> Result<Exit, Exit> {
    let folder = named_or_newest(&args.reports, args.run.as_deref())?;
    let mut journal = record::read(&folder)?;
    name_problems(&journal);
    set_baseline(&mut journal.run.plan, args.baseline_contender.as_deref())?;
    let text = args.filter.join(" ");
    let filter = Filter::new(&text, false);
    let link = folder.join("index.html").to_string_lossy().replace('\\', "/");
    let cite =
        report::Cite { filter: &text, matches: &|id| filter.matches(id), full: args.full, link: &link };
    print(&report::cite(&journal, &cite).map_err(Exit::usage)?);
    Ok(Exit::Success)
}
