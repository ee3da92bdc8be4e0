//! The parent's end of a fork: a child process that is asked and answers, or is silent too long.

use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child as Process, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::fork::{Request, Response};

/// The argument that makes the executable a fork.
pub(crate) const FORK: &str = "__fork";

/// How often a waiting parent looks for an interrupt.
const LOOK: Duration = Duration::from_millis(100);

/// How long a child that is to end may take for it.
const GRACE: Duration = Duration::from_millis(200);

/// Why no answer came.
#[derive(Debug, thiserror::Error)]
pub(super) enum ForkError {
    /// The child said nothing until the deadline, and was killed.
    #[error("it said nothing for {} and was killed", humantime::format_duration(*.0))]
    Silent(Duration),
    /// The child ended.
    #[error("its process ended: {0}")]
    Ended(String),
    /// The run was interrupted.
    #[error("interrupted")]
    Interrupted,
}

/// A child process.
pub(super) struct Child {
    process: Process,
    tasks: Option<ChildStdin>,
    replies: Receiver<Response>,
}

impl Child {
    /// Starts `executable` as a fork.
    pub(super) fn start(executable: &Path) -> io::Result<Self> {
        let mut command = Command::new(executable);
        command.arg(FORK).stdin(Stdio::piped()).stdout(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut process = command.spawn()?;
        let tasks = process.stdin.take();
        let out = BufReader::new(process.stdout.take().expect("it is piped"));
        let (sender, replies) = mpsc::channel();
        std::thread::Builder::new().spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let reply = serde_json::from_str(&line).unwrap_or_else(|_| {
                    Response::Refused(format!("the child wrote `{line}`, which is no reply"))
                });
                if sender.send(reply).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { process, tasks, replies })
    }

    /// Sends `task` and waits for its reply, at most until `deadline` has passed.
    pub(super) fn ask(
        &mut self,
        task: &Request,
        deadline: Duration,
        interrupted: &AtomicBool,
    ) -> Result<Response, ForkError> {
        let mut line = serde_json::to_string(task).expect("a task is plain data");
        line.push('\n');
        let tasks = self.tasks.as_mut().expect("the child was not ended");
        if tasks.write_all(line.as_bytes()).and_then(|()| tasks.flush()).is_err() {
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
            match self.replies.recv_timeout(left.min(LOOK)) {
                Ok(reply) => return Ok(reply),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(self.ended()),
            }
        }
    }

    fn ended(&mut self) -> ForkError {
        // Its output has ended. A process that did that and lives on would be waited for in vain.
        let end = Instant::now() + GRACE;
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

impl Drop for Child {
    /// Ends the child: by the end of its input, which it obeys within a window too, and by force
    /// where it is stuck.
    fn drop(&mut self) {
        self.tasks = None;
        let end = Instant::now() + GRACE;
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
