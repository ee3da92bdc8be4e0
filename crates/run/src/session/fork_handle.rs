//! The parent's handle on a fork: a child process, or this process.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::child_process::ChildProcess;
use super::fork::BlockRunner;
use super::fork_death::ForkError;
use super::protocol::{Request, Response};

/// A fork as its parent sees it.
pub(super) enum ForkHandle<'a> {
    /// A child process. One that does not answer before its deadline is killed.
    Child(Box<ChildProcess>),
    /// The block in this process, for `--in-process`.
    InProcess(Box<BlockRunner<'a>>),
}

impl ForkHandle<'_> {
    /// Sends `request` and waits for its response, until `deadline` has passed.
    pub(super) fn ask(
        &mut self,
        request: &Request,
        deadline: Duration,
        interrupted: &AtomicBool,
    ) -> Result<Response, ForkError> {
        match (self, request) {
            (Self::Child(child), request) => child.ask(request, deadline, interrupted),
            (Self::InProcess(runner), Request::Measure { contender, earlier, .. }) => {
                match interrupted.load(Ordering::Relaxed) {
                    true => Err(ForkError::Interrupted),
                    false => Ok(runner.measure(contender, *earlier)),
                }
            }
            (Self::InProcess(_), Request::Prepare(_) | Request::ReadClock | Request::End) => {
                Ok(Response::Ready { executable: String::new() })
            }
        }
    }

    /// The process id of a child.
    pub(super) fn process_id(&self) -> Option<u32> {
        match self {
            Self::Child(child) => Some(child.process_id()),
            Self::InProcess(_) => None,
        }
    }

    /// The memory of a child at this moment, in bytes; 0 where the system does not tell.
    pub(super) fn resident_bytes(&self) -> u64 {
        match self {
            Self::Child(child) => child.resident_bytes(),
            Self::InProcess(_) => 0,
        }
    }

    /// What the contender printed since the last request; none in this process, where it reaches the terminal.
    pub(super) fn printed(&self) -> Option<String> {
        match self {
            Self::Child(child) => child.printed(),
            Self::InProcess(_) => None,
        }
    }
}
