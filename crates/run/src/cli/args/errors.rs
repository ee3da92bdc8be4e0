//! One sentence for each kind of wrong arguments.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::exit::Exit;

/// Criterion's flags that have no meaning here, and what to use instead.
const CRITERION_FLAGS: [(&str, &str); 6] = [
    ("--sample-size", "use `--forks N`, since each fork is one sample"),
    ("--measurement-time", "use `--window 20ms` for the length of a window, `--rounds N` for their number"),
    ("--warm-up-time", "each fork warms up its team for 20 ms, and each cell runs a pilot"),
    ("--nresamples", "intervals come from order statistics over forks"),
    ("--noise-threshold", "the threshold is 3 %, fixed before the run"),
    ("--load-baseline", "use `--baseline NAME` while measuring, or `contend compare RUN RUN`"),
];

/// The names of all commands.
const COMMANDS: &str = "run, report, compare, versus, cite, check or doctor";

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
            format!("a command is missing; try {COMMANDS}, or `--help`")
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
            format!("there is no command `{name}`; try {COMMANDS}")
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
    match (theirs, suggestion) {
        (Some((theirs, instead)), _) => {
            format!("`{theirs}` is criterion's and has no meaning here: {instead}")
        }
        (None, Some(near)) => format!("there is no flag `{flag}`; try `{near}` or `--help`"),
        (None, None) => format!("there is no flag `{flag}`; try `--help`"),
    }
}
