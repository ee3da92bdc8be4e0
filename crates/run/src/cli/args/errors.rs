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
const OTHER_FLAGS: [(&str, &str); 38] = [
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
    ("--export-csv", "`contend export csv` prints the numbers of a run"),
    ("--message-format", "it is cargo's, before the `--`; `contend export` has formats of other tools"),
    (
        "--history-id",
        "each run has a folder of its own, which may be renamed; `contend compare RUN RUN` compares two",
    ),
    ("--partition", "use `--shard K/N`"),
    ("--retries", "rounds that the machine disturbed are measured again, and a killed fork is tried again"),
    ("--run-ignored", "no cell is ignored; a filter selects what the standard preset leaves out"),
    ("--ignore-failure", "a failed cell is left out, and the rest is measured anyway"),
    ("--prepare", "each window has fresh state"),
    ("--timer", "windows are timed by the system's monotonic clock"),
    ("--skip-ext-time", "what is not measured is never timed"),
    ("--benchtime", "use `--window TIME`"),
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
            match &*name {
                "help" => "there is no command `help`; try `--help`, also after a command: `report --help`"
                    .to_owned(),
                _ => format!("there is no command `{name}`; try {}", commands()),
            }
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
    if let Some((other, instead)) = OTHER_FLAGS.iter().find(|(other, _)| *other == name) {
        return format!("there is no flag `{other}` here: {instead}");
    }
    if let Some((theirs, instead)) = CRITERION_FLAGS.iter().find(|(theirs, _)| *theirs == name) {
        return format!("`{theirs}` is criterion's and has no meaning here: {instead}");
    }
    match suggestion.filter(|near| near != "--help" && is_near(name, near)) {
        Some(near) => format!("there is no flag `{flag}`; try `{near}` or `--help`"),
        None => format!("there is no flag `{flag}`; try `--help`"),
    }
}

/// Whether a flag may be a slip of the other: two letters in three are the same, or one begins the other.
fn is_near(flag: &str, other: &str) -> bool {
    let letters = |flag: &str| flag.trim_start_matches('-').to_owned();
    let (flag, other) = (letters(flag), letters(other));
    let longer = flag.len().max(other.len());
    let begins = !flag.is_empty() && (other.starts_with(&flag) || flag.starts_with(&other));
    begins || 3 * strsim::osa_distance(&flag, &other) <= longer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_is_suggested_where_it_may_have_been_meant() {
        let suggested = |flag: &str, near: &str| unknown_flag(flag, Some(near.to_owned())).contains(near);
        for (flag, near) in [
            ("--fork", "--forks"),
            ("--verbos", "--verbose"),
            ("--treads", "--threads"),
            ("--save", "--save-baseline"),
        ] {
            assert!(suggested(flag, near), "{flag}");
        }
        for (flag, far) in [
            ("--retain-baseline", "--against-bin"),
            ("--noplots", "--format"),
            ("--iai-callgrind", "--in-process"),
        ] {
            assert!(!suggested(flag, far), "{flag}");
        }
        assert_eq!(unknown_flag("--h3lp", Some("--help".to_owned())).matches("--help").count(), 1);
    }
}
