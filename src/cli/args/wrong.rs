//! A sentence for each way to get the arguments wrong.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::outcome::Outcome;

/// Criterion's flags that have no meaning here, and ours that have.
const CRITERIONS: [(&str, &str); 6] = [
    ("--sample-size", "`--forks N`: each fork is one sample"),
    ("--measurement-time", "`--window 20ms` for a window's length, `--rounds N` for their number"),
    ("--warm-up-time", "nothing to set: each fork's team warms up for 20 ms, each cell by its pilot"),
    ("--nresamples", "nothing to set: intervals come from order statistics over forks"),
    ("--noise-threshold", "nothing to set: the threshold is 3 %, fixed before the run"),
    ("--load-baseline", "`--baseline NAME` while measuring, or `contend compare RUN RUN`"),
];

/// What is wrong with the arguments, and what would be right, in one sentence.
pub(in crate::cli) fn sentence(error: clap::Error) -> Outcome {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => Some(texts.join(", ")),
        _ => None,
    };
    let argument = context(ContextKind::InvalidArg).unwrap_or_default();
    let flag = argument.split(' ').next().unwrap_or_default().to_owned();
    let value = context(ContextKind::InvalidValue).unwrap_or_default();
    let text = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = error.print();
            return Outcome::Said;
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "a command is missing: run, report, compare, cite, check or doctor; `contend --help` \
             tells of each"
                .to_owned()
        }
        ErrorKind::UnknownArgument => {
            let name = flag.split('=').next().unwrap_or_default();
            match CRITERIONS.iter().find(|(theirs, _)| *theirs == name) {
                Some((theirs, ours)) => {
                    format!("`{theirs}` is criterion's, which only replays here; ours is {ours}")
                }
                None => match context(ContextKind::SuggestedArg) {
                    Some(near) => {
                        format!("there is no flag `{flag}`; `{near}` is near, and `--help` shows all")
                    }
                    None => format!("there is no flag `{flag}`; `--help` shows all"),
                },
            }
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            format!("`{flag}` wants a value; `--help` says which")
        }
        ErrorKind::InvalidValue => {
            let valid = context(ContextKind::ValidValue).unwrap_or_default();
            format!("`{flag} {value}` is none of {valid}")
        }
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(&error).map(ToString::to_string);
            format!("`{flag} {value}`: {}", why.unwrap_or_default())
        }
        ErrorKind::InvalidSubcommand => {
            let name = context(ContextKind::InvalidSubcommand).unwrap_or_default();
            format!("there is no command `{name}`; there are run, report, compare, cite, check and doctor")
        }
        ErrorKind::MissingRequiredArgument => {
            format!("{argument} is missing; `--help` shows what goes where")
        }
        ErrorKind::ArgumentConflict => {
            let prior = context(ContextKind::PriorArg).unwrap_or_default();
            format!("`{flag}` and `{prior}` exclude each other")
        }
        _ => {
            let text = error.to_string();
            let line = text.lines().next().unwrap_or_default();
            line.trim_start_matches("error: ").to_owned()
        }
    };
    Outcome::Usage(text)
}
