//! How a command ends, and its exit code.

use std::process::ExitCode;

use super::{command_near, is_command};
use crate::message::message;
use crate::record::ReadError;
use crate::session::{PlanError, RunError, SessionError, is_full};

/// How a command ended, well or not. Commands also fail with it.
#[derive(Debug)]
pub(super) enum Exit {
    /// All is well.
    Success,
    /// A cell failed its check, a claim fails, or `--fail-on` found a change.
    Failed,
    /// The user asked for something impossible. The sentence says what to do.
    Usage(String),
    /// The command cannot be completed here, for the reason given.
    Error(String),
    /// The run could not be completed, for the reason given, and can be continued. Or the command was right, and its
    /// output could not be written.
    Incomplete(String),
    /// Help or a version was printed.
    Printed,
    /// The run was interrupted.
    Interrupted,
}

impl Exit {
    pub(super) fn usage(error: impl ToString) -> Self {
        Self::Usage(error.to_string())
    }

    pub(super) fn error(error: impl ToString) -> Self {
        Self::Error(error.to_string())
    }

    /// The same for an error that ends a run after it began.
    pub(super) fn incomplete(self) -> Self {
        match self {
            Self::Error(error) => Self::Incomplete(error),
            other => other,
        }
    }

    /// Prints the error, if there is one, and returns the exit code.
    pub(super) fn code(self) -> ExitCode {
        let (error, code) = match self {
            Self::Success | Self::Printed => (None, 0),
            Self::Failed => (None, 1),
            Self::Error(error) => (Some(error), 1),
            Self::Usage(error) => (Some(error), 2),
            Self::Incomplete(error) => (Some(error), 3),
            Self::Interrupted => (None, 130),
        };
        if let Some(error) = error {
            message!("error: {error}");
        }
        ExitCode::from(code)
    }
}

impl From<PlanError> for Exit {
    fn from(error: PlanError) -> Self {
        match &error {
            PlanError::NoMatch { filter, .. } if is_command(filter) => Self::Usage(format!(
                "{error}; the command `{filter}` comes before all flags: `cargo bench --bench contend -- {filter}`"
            )),
            PlanError::NoMatch { filter, .. } if let Some(near) = command_near(filter) => {
                Self::Usage(format!("{error}; there is a command `{near}`, which comes before all flags"))
            }
            _ => Self::usage(error),
        }
    }
}

impl From<ReadError> for Exit {
    fn from(error: ReadError) -> Self {
        Self::usage(error)
    }
}

impl From<SessionError> for Exit {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::NotClosed { .. } => Self::Incomplete(error.to_string()),
            // The place is right, and full.
            SessionError::Write { error: ref cause, .. }
            | SessionError::NotResumed { error: ref cause, .. }
                if is_full(cause) =>
            {
                Self::Incomplete(error.to_string())
            }
            error => Self::usage(error),
        }
    }
}

impl From<RunError> for Exit {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Interrupted => Self::Interrupted,
            error => Self::Incomplete(error.to_string()),
        }
    }
}
