//! `--list`: the ids of all cells.

use super::args::{BenchArgs, ListFormat};
use super::exit::Exit;
use super::output::print;
use crate::machine::allowed_cpus;
use crate::message::message;
use crate::session::{absent_cells, cell_ids};
use contend_workloads::registry::Suite;

/// Prints the ids to standard output, and absent contenders to standard error.
pub(super) fn list(suite: &Suite, args: &BenchArgs) -> Result<Exit, Exit> {
    if args.compatible.ignored {
        return Ok(Exit::Success);
    }
    let ids = cell_ids(suite, &args.selection(), allowed_cpus())?;
    let suffix = match args.format {
        ListFormat::Pretty => "",
        ListFormat::Terse => ": benchmark",
    };
    print(&ids.iter().map(|id| format!("{id}{suffix}\n")).collect::<String>());
    if args.format == ListFormat::Pretty && !args.quiet {
        for absent in absent_cells(suite, &args.selection(), allowed_cpus()) {
            message!("absent: {}/{}: {}", absent.block, absent.contender, absent.reason);
        }
    }
    Ok(Exit::Success)
}
