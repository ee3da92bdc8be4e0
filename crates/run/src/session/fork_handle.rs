//! The parent's handle on a fork: a child process, or this process. A child that does not answer before
//! its deadline is killed.

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::fork::{BlockRunner, FORK_ARGUMENT, Request, Response};
use crate::machine::Executable;

/// How often a waiting parent checks for an interrupt.
const INTERRUPT_POLL: Duration = Duration::from_millis(100);

/// How long a child may take to end.
const END_TIMEOUT: Duration = Duration::from_millis(200);

/// Why a request got no response.
#[derive(Debug, thiserror::Error)]
pub(super) enum ForkError {
    /// The child did not answer before the deadline, and was killed.
    #[error("it said nothing for {} and was killed", humantime::format_duration(*.0))]
    Silent(Duration),
    /// The child ended.
    #[error("its process ended: {0}")]
    Ended(String),
    /// The run was interrupted.
    #[error("interrupted")]
    Interrupted,
}

/// A fork as its parent sees it.
pub(super) enum ForkHandle<'a> {
    /// A child process.
    Child(ChildProcess),
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
            (Self::InProcess(runner), Request::Measure { contender, pilot }) => {
                match interrupted.load(Ordering::Relaxed) {
                    true => Err(ForkError::Interrupted),
                    false => Ok(runner.measure(contender, *pilot)),
                }
            }
            (Self::InProcess(_), Request::Prepare(_)) => Ok(Response::Ready { executable: String::new() }),
        }
    }
}

/// A child process that measures a block.
pub(super) struct ChildProcess {
    process: Child,
    requests: Option<ChildStdin>,
    responses: Receiver<Response>,
}

impl ChildProcess {
    /// Starts `executable` as a fork.
    pub(super) fn start(executable: &Executable) -> io::Result<Self> {
        let mut command = executable.command();
        command.arg(FORK_ARGUMENT).stdin(Stdio::piped()).stdout(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut process = command.spawn()?;
        let requests = process.stdin.take();
        let out = BufReader::new(process.stdout.take().expect("it is piped"));
        let (sender, responses) = mpsc::channel();
        std::thread::Builder::new().spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let response = serde_json::from_str(&line).unwrap_or_else(|_| {
                    Response::Refused(format!("the fork wrote `{line}`, which is no response"))
                });
                if sender.send(response).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { process, requests, responses })
    }

    fn ask(
        &mut self,
        request: &Request,
        deadline: Duration,
        interrupted: &AtomicBool,
    ) -> Result<Response, ForkError> {
        let mut line = serde_json::to_string(request).expect("a request is plain data");
        line.push('\n');
        let requests = self.requests.as_mut().expect("the child was not ended");
        if requests.write_all(line.as_bytes()).and_then(|()| requests.flush()).is_err() {
            return Err(self.ended());
        }
        let end = Instant::now() + deadline;
        loop {
            if interrupted.load(Ordering::Relaxed) {
                return Err(ForkError::Interrupted);
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(ForkError::Silent(deadline));
            }
            match self.responses.recv_timeout(left.min(INTERRUPT_POLL)) {
                Ok(response) => return Ok(response),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(self.ended()),
            }
        }
    }

    /// The error of a child whose output has ended, with its exit status if it ends soon.
    fn ended(&mut self) -> ForkError {
        let end = Instant::now() + END_TIMEOUT;
        let status = loop {
            match self.process.try_wait() {
                Ok(None) if Instant::now() < end => std::thread::sleep(Duration::from_millis(1)),
                Ok(None) => break "without a status".to_owned(),
                Ok(Some(status)) => break status.to_string(),
                Err(error) => break error.to_string(),
            }
        };
        ForkError::Ended(status)
    }
}

impl Drop for ChildProcess {
    /// Ends the child: by closing its input, which ends it during a window too, and by a kill if it hangs.
    fn drop(&mut self) {
        self.requests = None;
        let end = Instant::now() + END_TIMEOUT;
        while Instant::now() < end {
            match self.process.try_wait() {
                Ok(None) => std::thread::sleep(Duration::from_micros(200)),
                _ => return,
            }
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
