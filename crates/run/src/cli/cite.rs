//! `contend cite FILTER`: a part of a run as Markdown, for a review.

use std::path::Path;

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
    let link = as_link(&folder.join("index.html"));
    let cite =
        report::Cite { filter: &text, matches: &|id| filter.matches(id), full: args.full, link: &link };
    print(&report::cite(&journal, &cite).map_err(Exit::usage)?);
    Ok(Exit::Success)
}

/// A path as the target of a link in Markdown, where spaces and brackets would end it.
fn as_link(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    let mut link = String::with_capacity(path.len());
    for character in path.chars() {
        match character {
            ' ' | '%' | '(' | ')' | '<' | '>' | '[' | ']' => {
                link.push_str(&format!("%{:02X}", u32::from(character)));
            }
            other => link.push(other),
        }
    }
    link
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_no_character_that_ends_it() {
        assert_eq!(as_link(Path::new("reports/a-1/index.html")), "reports/a-1/index.html");
        assert_eq!(as_link(Path::new("half (1) [x]/50%.html")), "half%20%281%29%20%5Bx%5D/50%25.html");
    }
}
