//! `--list`: the ids of all cells.

use std::io::{self, Write};

use super::args::{BenchArgs, ListFormat};
use super::exit::Exit;
use crate::machine::allowed_cpus;
use crate::session::cell_ids;
use contend_workloads::registry::Suite;

/// Prints the ids to standard output, and absent contenders to standard error.
pub(super) fn list(suite: &Suite, args: &BenchArgs) -> Result<Exit, Exit> {
    if args.ignored {
        return Ok(Exit::Success);
    }
    let ids = cell_ids(suite, &args.selection(), allowed_cpus())?;
    let mut out = io::stdout().lock();
    for id in ids {
        let line = match args.format {
            ListFormat::Pretty => writeln!(out, "{id}"),
            ListFormat::Terse => writeln!(out, "{id}: benchmark"),
        };
        if line.is_err() {
            return Ok(Exit::Success); // the reader has read enough
        }
    }
    if args.format == ListFormat::Pretty {
        for absent in &suite.absent {
            eprintln!("absent: {}/{}: {}", absent.block, absent.contender, absent.reason);
        }
    }
    Ok(Exit::Success)
}
