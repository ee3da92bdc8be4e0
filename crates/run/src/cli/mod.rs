//! The command lines: that of a bench target (`cargo bench -- …`), and that of the `contend` command, whose
//! `run` is the same. This module parses and prints, one file per command; [`crate::session`] measures.

mod args;
mod baseline;
mod bencher;
mod check_cells;
mod check_claims;
mod cite;
mod compare;
mod completions;
mod doctor;
mod exit;
mod export;
mod list;
mod members;
mod merge;
mod metadata;
mod older_build;
mod other_versions;
mod output;
mod place;
mod plan_for;
mod plan_summary;
mod profile;
mod progress;
mod prune;
#[cfg(feature = "criterion")]
mod replay;
mod report;
mod run;
mod run_folder;
mod schema;
mod terminal;
mod verify;
mod versus;

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::claims::ShippedClaims;
use crate::machine::restrict_to_cpus;
use crate::message::message;
use crate::session::{FORK_ARGUMENT, serve};
use args::{BenchArgs, Command, CommandArgs};
use contend_workloads::registry::Suite;
use exit::Exit;

/// The argument that starts this executable as the process that passes a run's samples to criterion.
#[cfg(feature = "criterion")]
const REPLAY_ARGUMENT: &str = "__replay";

/// The `main` of a bench target: parses the process's arguments, runs `suite` accordingly, and returns the
/// exit code. 0: success; 1: a cell failed its check; 2: wrong usage; 3: the run could not be completed; 130:
/// interrupted. `claims` are used if the current folder has none. Arguments that begin with a command's name are those
/// of [`command()`].
pub fn bench(mut suite: Suite, claims: ShippedClaims) -> ExitCode {
    if let Some(code) = child_process(&suite) {
        return code;
    }
    let mut args: Vec<OsString> = std::env::args_os().collect();
    if let Some(name) = args.first_mut() {
        *name = shown_name(name);
    }
    match command_of_bench_target(&args) {
        Some(args) => {
            name_workload_of_command(&suite, &args);
            exit_code(parse::<CommandArgs>(&args).and_then(|args| args.run(&mut suite, claims)))
        }
        None => exit_code(parse::<BenchArgs>(&args).and_then(|args| args.run(&mut suite, claims))),
    }
}

/// The `main` of the `contend` command. Exit codes are those of [`bench()`].
pub fn command(mut suite: Suite, claims: ShippedClaims) -> ExitCode {
    if let Some(code) = child_process(&suite) {
        return code;
    }
    let args: Vec<OsString> = std::env::args_os().collect();
    exit_code(parse::<CommandArgs>(&args).and_then(|args| args.run(&mut suite, claims)))
}

/// How help calls a bench target. Cargo gives its file a hash, which nobody types.
fn shown_name(path: &OsStr) -> OsString {
    let stem = Path::new(path).file_stem().unwrap_or_default().to_string_lossy();
    match stem.rsplit_once('-') {
        Some((name, hash)) if hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            format!("cargo bench --bench {name} --").into()
        }
        _ => path.to_owned(),
    }
}

/// The arguments of the `contend` command, if those of a bench target begin with a command's name:
/// `cargo bench --bench contend -- report`. Cargo adds `--bench` at the end.
fn command_of_bench_target(args: &[OsString]) -> Option<Vec<OsString>> {
    let name = args.get(1)?.to_str()?;
    let own = args.iter().filter(|arg| *arg != "--bench");
    is_command(name).then(|| own.cloned().collect())
}

/// Says how to select a workload of the user's that has the name of the command that `args` begin with.
fn name_workload_of_command(suite: &Suite, args: &[OsString]) {
    let name = args.get(1).and_then(|name| name.to_str()).unwrap_or_default();
    if suite.workloads.iter().any(|workload| workload.name == name) {
        message!("`{name}` is a command; `{name}/` selects the workload of that name");
    }
}

/// Whether there is a command of this name.
fn is_command(name: &str) -> bool {
    CommandArgs::command().get_subcommands().any(|command| command.get_name() == name)
}

/// The command that a word is a slip of: with two edits at most, or with two letters in turn.
fn command_near(word: &str) -> Option<String> {
    let commands = CommandArgs::command();
    let near = commands.get_subcommands().map(|command| command.get_name().to_owned());
    let distance = |name: &String| strsim::damerau_levenshtein(word, name);
    near.filter(|name| (1..=2).contains(&distance(name)) && name.len() > 3).min_by_key(distance)
}

impl CommandArgs {
    fn run(self, suite: &mut Suite, claims: ShippedClaims) -> Result<Exit, Exit> {
        let done = match self.command {
            Command::Run(mut args) => {
                args.bench = true;
                return args.run(suite, claims);
            }
            Command::Report(args) => report::report(&args),
            Command::Compare(args) => compare::compare(&args),
            Command::Versus(args) => versus::versus(&args),
            Command::Cite(args) => cite::cite(&args),
            Command::Check(args) => check_claims::check(&args, claims),
            Command::Export(args) => export::export(&args),
            Command::Merge(args) => merge::merge(&args),
            Command::Verify(args) => verify::verify(&args),
            Command::Schema(args) => Ok(schema::schema(&args)),
            Command::Doctor(args) => doctor::doctor(&args),
            Command::Prune(args) => prune::prune(&args),
            Command::Completions(args) => Ok(completions::completions(&args)),
            Command::Man => completions::man(),
        };
        // The output is the result of these commands.
        match output::failure() {
            Some(failure) if done.is_ok() => Err(Exit::Incomplete(failure)),
            _ => done,
        }
    }
}

/// Runs this process as a child of a `contend` process, if the first argument says so.
fn child_process(suite: &Suite) -> Option<ExitCode> {
    let mut args = std::env::args_os().skip(1);
    let first = args.next()?;
    if first == FORK_ARGUMENT {
        return Some(serve(suite));
    }
    #[cfg(feature = "criterion")]
    if first == REPLAY_ARGUMENT {
        return Some(replay::serve(&args.collect::<Vec<_>>()));
    }
    None
}

fn parse<A: Parser>(args: &[OsString]) -> Result<A, Exit> {
    A::try_parse_from(args).map_err(args::usage_error)
}

fn exit_code(result: Result<Exit, Exit>) -> ExitCode {
    result.unwrap_or_else(|error| error).code()
}

impl BenchArgs {
    fn run(self, suite: &mut Suite, claims: ShippedClaims) -> Result<Exit, Exit> {
        // Before all else, so that plan, calibration and forks see these CPUs alone.
        if let Some(cpus) = self.cpus {
            restrict_to_cpus(cpus).map_err(Exit::usage)?;
        }
        if self.list {
            let listed = list::list(suite, &self)?;
            output::failure().map_or(Ok(listed), |failure| Err(Exit::Incomplete(failure)))
        } else if let Some(cores) = self.plan_for {
            plan_for::plan_for(suite, &self, cores)
        } else if self.test || !self.bench {
            check_cells::check(suite, &self)
        } else if let Some(time) = self.profile_time {
            profile::profile(suite, &self, time)
        } else {
            run::run(suite, &self, claims)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_calls_a_bench_target_as_one_starts_it() {
        let shown = |path: &str| shown_name(OsStr::new(path)).into_string().expect("UTF-8");
        assert_eq!(shown("target/release/deps/contend-cd1b668eb177377e"), "cargo bench --bench contend --");
        for kept in ["target/release/contend", "contend-older", "locks-2026-11-27-0000000"] {
            assert_eq!(shown(kept), kept);
        }
    }

    #[test]
    fn a_slip_of_a_command_is_near_it() {
        assert_eq!(command_near(concat!("com", "apre")).as_deref(), Some("compare"));
        assert_eq!((command_near("counter/hot"), command_near("compare")), (None, None));
    }
}
