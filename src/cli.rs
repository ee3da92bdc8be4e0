//! The two command lines: that of a bench target (`cargo bench -- …`), and that of the `contend`
//! command, whose `run` is the same. Both read the same arguments and call the same functions.

mod args;
mod budget;
mod check;
mod claims;
mod compare;
mod describe;
mod lengths;
mod measure;
mod more;
mod outcome;
mod planning;
mod profile;
mod progress;
mod read;
#[cfg(feature = "criterion")]
mod replay;

use std::process::ExitCode;

use clap::Parser;

use crate::session::{FORK, serve};
use args::{BenchArgs, Command, CommandArgs};
use contend_workloads::registry::Suite;
use outcome::{Outcome, exit};

/// The argument that makes the executable hand a run's samples to criterion.
#[cfg(feature = "criterion")]
const REPLAY: &str = "__replay";

/// The `main` of a bench target: reads the process's arguments, does what they say with `suite`,
/// and returns the exit code. 0: all well; 1: a cell failed its check; 2: usage; 130: interrupted.
///
/// ```no_run
/// // benches/contend.rs, with `harness = false`
/// fn main() -> std::process::ExitCode {
///     contend::bench(contend::suite())
/// }
/// ```
pub fn bench(suite: Suite) -> ExitCode {
    if let Some(code) = inner(&suite) {
        return code;
    }
    exit(parse::<BenchArgs>().and_then(|args| args.run(&suite)))
}

/// The `main` of the `contend` command.
pub fn command(suite: Suite) -> ExitCode {
    if let Some(code) = inner(&suite) {
        return code;
    }
    exit(parse::<CommandArgs>().and_then(|args| match args.command {
        Command::Run(mut args) => {
            args.bench = true;
            args.run(&suite)
        }
        Command::Report(args) => read::report(&args),
        Command::Compare(args) => compare::compare(&args),
        Command::Cite(args) => read::cite(&args),
        Command::Check(args) => claims::check(&args),
        Command::Doctor(args) => read::doctor(&args),
    }))
}

/// What children of this executable are started for.
fn inner(suite: &Suite) -> Option<ExitCode> {
    let mut args = std::env::args_os().skip(1);
    let first = args.next()?;
    if first == FORK {
        return Some(serve(suite));
    }
    #[cfg(feature = "criterion")]
    if first == REPLAY {
        return Some(replay::replay(&args.collect::<Vec<_>>()));
    }
    None
}

fn parse<A: Parser>() -> Result<A, Outcome> {
    A::try_parse().map_err(args::sentence)
}

impl BenchArgs {
    fn run(self, suite: &Suite) -> Result<Outcome, Outcome> {
        if self.list {
            check::list(suite, &self)
        } else if let Some(cores) = self.plan_for {
            planning::show(suite, &self, cores)
        } else if self.test || !self.bench {
            check::check(suite, &self)
        } else if let Some(seconds) = self.profile_time {
            profile::profile(suite, &self, seconds)
        } else {
            measure::measure(suite, &self)
        }
    }
}
