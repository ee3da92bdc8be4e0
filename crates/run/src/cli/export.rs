//! `contend export FORMAT`: a run's numbers for another tool.

use super::args::ExportArgs;
use super::exit::Exit;
use super::output::print;
use super::run_folder::{name_problems, named_or_newest};
use crate::message::message;
use crate::{record, report};

/// Prints the run in the format, and what the format lacks to standard error.
pub(super) fn export(args: &ExportArgs) -> Result<Exit, Exit> {
    let folder = named_or_newest(&args.reports, args.run.as_deref())?;
    let data = record::read(&folder)?;
    name_problems(&data);
    let exported = report::export(&data, args.format);
    for sentence in &exported.left_out {
        message!("{sentence}");
    }
    print(&exported.text);
    Ok(Exit::Success)
}
