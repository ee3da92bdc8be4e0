//! How a command ends, and what that is to the shell.

use std::process::ExitCode;

/// How a command ended. Also what it fails with: there is one way out.
#[derive(Debug)]
pub(super) enum Exit {
    /// All well.
    Success,
    /// A cell failed its check, a claim failed, or what `--fail-on` names was found.
    Failed,
    /// The user asked for something that cannot be: a sentence that says what would be right.
    Usage(String),
    /// What was asked for cannot be done here.
    Error(String),
    /// Help and the like, which is on standard output already.
    Printed,
    /// Interrupted.
    Interrupted,
}

impl Exit {
    pub(super) fn usage(error: impl ToString) -> Self {
        Exit::Usage(error.to_string())
    }
}

impl From<String> for Exit {
    fn from(sentence: String) -> Self {
        Exit::Usage(sentence)
    }
}

/// The exit code, after the sentence that explains it.
pub(super) fn exit(outcome: Result<Exit, Exit>) -> ExitCode {
    let outcome = outcome.unwrap_or_else(|error| error);
    match outcome {
        Exit::Success | Exit::Printed => ExitCode::SUCCESS,
        Exit::Failed => ExitCode::from(1),
        Exit::Usage(sentence) => {
            eprintln!("error: {sentence}");
            ExitCode::from(2)
        }
        Exit::Error(sentence) => {
            eprintln!("error: {sentence}");
            ExitCode::from(1)
        }
        Exit::Interrupted => ExitCode::from(130),
    }
}
