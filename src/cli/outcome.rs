//! How a command ends, and what that is to the shell.

use std::process::ExitCode;

/// How a command ended. Also what it fails with: there is one way out.
#[derive(Debug)]
pub(super) enum Outcome {
    /// All well.
    Fine,
    /// A cell failed its check, a claim failed, or what `--fail-on` names was found.
    Failed,
    /// The user asked for something that cannot be: a sentence that says what would be right.
    Usage(String),
    /// What was asked for cannot be done here.
    Broken(String),
    /// Help and the like, which is on standard output already.
    Said,
    /// Interrupted.
    Interrupted,
}

impl Outcome {
    pub(super) fn usage(error: impl ToString) -> Self {
        Outcome::Usage(error.to_string())
    }
}

impl From<String> for Outcome {
    fn from(sentence: String) -> Self {
        Outcome::Usage(sentence)
    }
}

/// The exit code, after the sentence that explains it.
pub(super) fn exit(outcome: Result<Outcome, Outcome>) -> ExitCode {
    let outcome = outcome.unwrap_or_else(|error| error);
    match outcome {
        Outcome::Fine | Outcome::Said => ExitCode::SUCCESS,
        Outcome::Failed => ExitCode::from(1),
        Outcome::Usage(sentence) => {
            eprintln!("error: {sentence}");
            ExitCode::from(2)
        }
        Outcome::Broken(sentence) => {
            eprintln!("error: {sentence}");
            ExitCode::from(1)
        }
        Outcome::Interrupted => ExitCode::from(130),
    }
}
