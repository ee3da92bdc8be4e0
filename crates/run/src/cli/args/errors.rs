//! One sentence for each kind of wrong arguments.

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::CommandArgs;

use crate::cli::exit::Exit;

/// Criterion's flags that have no meaning here, and what to use instead.
const CRITERION_FLAGS: [(&str, &str); 9] = [
    ("--sample-size", "use `--forks N`, since each fork is one sample"),
    ("--measurement-time", "use `--window 20ms` for the length of a window, `--rounds N` for their number"),
    ("--warm-up-time", "each fork warms up its team for 20 ms, and each cell runs a pilot"),
    ("--nresamples", "intervals come from order statistics over forks"),
    ("--noise-threshold", "the threshold is 3 %, fixed before the run"),
    ("--load-baseline", "use `--baseline NAME` while measuring, or `contend compare RUN RUN`"),
    (
        "--confidence-level",
        "each verdict holds for its whole block and class at the level that docs/statistics.md names",
    ),
    (
        "--significance-level",
        "a verdict needs a whole interval beyond the threshold, not a test of significance",
    ),
    ("--plotting-backend", "use `--plots`, which draws with plotters"),
];

/// Flags of other tools that people try, and what to use instead.
const OTHER_FLAGS: [(&str, &str); 27] = [
    ("--shuffle-seed", "use `--seed N`"),
    ("--logfile", "each run keeps its records in the folder that it prints"),
    ("--ensure-time", "use `--deadline TIME`, after which a silent fork is killed"),
    ("--exclude-should-panic", "no cell is expected to panic"),
    ("--force-run-in-process", "use `--in-process`"),
    ("--fail-fast", "a failed cell is left out, and the rest is measured"),
    ("--no-fail-fast", "a failed cell is left out, and the rest is measured anyway"),
    ("--no-run", "it is cargo's: `cargo bench --no-run`"),
    ("--release", "it is cargo's: `cargo run --release`; `cargo bench` always optimizes"),
    ("--profile", "it is cargo's: `cargo bench --profile NAME`, before the `--`"),
    ("--features", "it is cargo's: `cargo bench --features NAME`, before the `--`"),
    ("--package", "it is cargo's: `cargo bench --package NAME`, before the `--`"),
    ("--target-dir", "it is cargo's: `cargo bench --target-dir FOLDER`, before the `--`"),
    ("--jobs", "use `--threads N,N` for the threads of a cell; cells are never measured at once"),
    ("--warmup", "each fork warms up its team for 20 ms, and each cell runs a pilot"),
    ("--runs", "use `--forks N`"),
    ("--min-runs", "use `--forks N`"),
    ("--max-runs", "use `--forks N`"),
    ("--sample-count", "use `--forks N`"),
    ("--min-time", "use `--window TIME`"),
    ("--max-time", "use `--budget TIME`"),
    ("--time-limit", "use `--budget TIME`"),
    ("--json", "every run writes samples.jsonl and verdicts.json to the folder that it prints"),
    ("--export-json", "every run writes samples.jsonl and verdicts.json to the folder that it prints"),
    ("--export-markdown", "every run writes summary.md to the folder that it prints"),
    ("--output", "use `--reports FOLDER`"),
    ("--filter", "give the filter by itself, e.g. `counter/hot`"),
];

/// The names of all commands, as a phrase.
fn commands() -> String {
    let command = CommandArgs::command();
    let names: Vec<_> = command.get_subcommands().map(clap::Command::get_name).collect();
    match names.split_last() {
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// What is wrong with the arguments and what to do, in one sentence. Help and version are printed here.
pub(in crate::cli) fn usage_error(error: clap::Error) -> Exit {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => Some(texts.join(", ")),
        _ => None,
    };
    let argument = context(ContextKind::InvalidArg).unwrap_or_default();
    let flag = argument.split(' ').next().unwrap_or_default().to_owned();
    let value = context(ContextKind::InvalidValue).unwrap_or_default();
    Exit::Usage(match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = error.print();
            return Exit::Printed;
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            format!("a command is missing; try {}, or `--help`", commands())
        }
        ErrorKind::UnknownArgument => unknown_flag(&flag, context(ContextKind::SuggestedArg)),
        ErrorKind::InvalidValue if value.is_empty() => {
            format!("`{flag}` needs a value; try `--help`")
        }
        ErrorKind::InvalidValue => {
            let valid = context(ContextKind::ValidValue).unwrap_or_default();
            format!("`{flag} {value}` is invalid; try one of {valid}")
        }
        ErrorKind::ValueValidation => {
            let reason = std::error::Error::source(&error).map(ToString::to_string);
            format!("`{flag} {value}` is invalid: {}", reason.unwrap_or_default())
        }
        ErrorKind::InvalidSubcommand => {
            let name = context(ContextKind::InvalidSubcommand).unwrap_or_default();
            format!("there is no command `{name}`; try {}", commands())
        }
        ErrorKind::MissingRequiredArgument => format!("{argument} is missing; try `--help`"),
        ErrorKind::ArgumentConflict => {
            let prior = context(ContextKind::PriorArg).unwrap_or_default();
            format!("`{flag}` cannot be used with `{prior}`")
        }
        _ => {
            let text = error.to_string();
            let line = text.lines().next().unwrap_or_default();
            line.trim_start_matches("error: ").to_owned()
        }
    })
}

fn unknown_flag(flag: &str, suggestion: Option<String>) -> String {
    let name = flag.split('=').next().unwrap_or_default();
    let theirs = CRITERION_FLAGS.iter().find(|(theirs, _)| *theirs == name);
    if let Some((other, instead)) = OTHER_FLAGS.iter().find(|(other, _)| *other == name) {
        return format!("there is no flag `{other}` here: {instead}");
    }
    match (theirs, suggestion) {
        (Some((theirs, instead)), _) => {
            format!("`{theirs}` is criterion's and has no meaning here: {instead}")
        }
        (None, Some(near)) => format!("there is no flag `{flag}`; try `{near}` or `--help`"),
        (None, None) => format!("there is no flag `{flag}`; try `--help`"),
    }
}
