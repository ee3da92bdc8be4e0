//! A child process that measures a block, as its parent sees it: its own process group, its streams, its end.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

use super::captured_output::CapturedOutput;
use super::fork::FORK_ARGUMENT;
use super::fork_death::{ForkError, death, first_panic};
use super::process_group;
use super::protocol::{LINE_LIMIT, Message, PanicNote, Request, RequestLine, Response};
use super::stray_processes;
use crate::machine::Executable;
use crate::record::printable;

/// How often a waiting parent checks for an interrupt, and whether the child lives.
const POLL: Duration = Duration::from_millis(100);

/// How long a child may take to end.
const END_TIMEOUT: Duration = Duration::from_millis(200);

/// How long a silent child may take to say what its clock reads. A thread that does nothing else answers.
const CLOCK_TIMEOUT: Duration = Duration::from_millis(500);

/// The time between two readings of a child's clock.
const CLOCK_PAUSE: Duration = Duration::from_millis(40);

/// Panics that are kept for a request. The first one is the cause.
const MOST_PANICS: usize = 8;

/// Characters of a line that is no message, where it is shown.
const SHOWN: usize = 200;

/// A child process.
pub(super) struct ChildProcess {
    process: Child,
    requests: Option<ChildStdin>,
    lines: Receiver<Line>,
    output: CapturedOutput,
    panics: Vec<PanicNote>,
    answered: bool,
    memory_limit: u64,
    /// Whether its exit status was read, after which its id may be that of another process.
    reaped: bool,
}

/// A line of a child.
enum Line {
    Message(Box<Message>),
    Garbage(Vec<u8>),
}

impl ChildProcess {
    /// Starts `executable` as a fork that may use `memory_limit` bytes.
    pub(super) fn start(executable: &Executable, memory_limit: u64) -> io::Result<Self> {
        let mut command = executable.command();
        command.arg(FORK_ARGUMENT).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut process = stray_processes::start_fork(&mut command)?;
        let requests = process.stdin.take();
        let messages = process.stdout.take().expect("it is piped");
        let printed = process.stderr.take().expect("it is piped");
        let output = CapturedOutput::default();
        // Bounded, so that a child that floods the parent waits.
        let (sender, lines) = mpsc::sync_channel(64);
        let child = Self {
            process,
            requests,
            lines,
            output,
            panics: Vec::new(),
            answered: false,
            memory_limit,
            reaped: false,
        };
        child.output.start(printed)?;
        std::thread::Builder::new().spawn(move || read_lines(messages, &sender))?;
        Ok(child)
    }

    /// Sends `request` and waits for its answer, until `deadline` has passed.
    pub(super) fn ask(
        &mut self,
        request: &Request,
        deadline: Duration,
        interrupted: &AtomicBool,
    ) -> Result<Response, ForkError> {
        self.output.clear();
        self.panics.clear();
        // Random, and a number that every JSON reader keeps.
        let id = rand::random::<u64>() >> 12;
        let line = request_line(id, request.clone());
        let requests = self.requests.as_mut().expect("the child was not ended");
        if requests.write_all(&line).and_then(|()| requests.flush()).is_err() {
            return Err(self.ended());
        }
        let end = Instant::now() + deadline;
        loop {
            if interrupted.load(Ordering::Relaxed) {
                return Err(ForkError::Interrupted);
            }
            if self.output.is_too_much() {
                return Err(ForkError::PrintedTooMuch);
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(self.silent(deadline, id));
            }
            match self.lines.recv_timeout(left.min(POLL)) {
                Ok(line) => {
                    if let Some(response) = self.received(line, id)? {
                        if let Response::Measured(measurement) = &response
                            && let Some(used) = measurement.memory_bytes
                        {
                            self.check_memory(used)?;
                        }
                        return Ok(response);
                    }
                }
                // A process that it left behind may hold the stream open.
                Err(RecvTimeoutError::Timeout) if process_group::leader_has_ended(&mut self.process) => {
                    return Err(self.ended());
                }
                Err(RecvTimeoutError::Timeout) => {
                    self.check_memory(process_group::leader_memory_bytes(&self.process))?;
                }
                Err(RecvTimeoutError::Disconnected) => return Err(self.ended()),
            }
        }
    }

    fn check_memory(&self, used: u64) -> Result<(), ForkError> {
        match used > self.memory_limit {
            true => Err(ForkError::Memory(used, self.memory_limit)),
            false => Ok(()),
        }
    }

    /// Its memory at this moment, in bytes; 0 where the system does not tell.
    pub(super) fn resident_bytes(&self) -> u64 {
        process_group::leader_memory_bytes(&self.process)
    }

    /// Its process id.
    pub(super) fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// What the child printed since the last request.
    pub(super) fn printed(&self) -> Option<String> {
        self.output.text()
    }

    /// The response in `line`, if it is the answer to the request `id`.
    fn received(&mut self, line: Line, id: u64) -> Result<Option<Response>, ForkError> {
        match line {
            Line::Message(message) => match *message {
                Message::Answer { id: theirs, response } if theirs == id => {
                    self.answered = true;
                    Ok(Some(response))
                }
                Message::Answer { .. } => Err(ForkError::Garbage("an answer to another request".to_owned())),
                Message::Panicked(note) => {
                    if self.panics.len() < MOST_PANICS {
                        self.panics.push(note);
                    }
                    Ok(None)
                }
            },
            // The program may print before it becomes a fork.
            Line::Garbage(line) if !self.answered || cfg!(not(unix)) => {
                self.output.add(&line);
                Ok(None)
            }
            Line::Garbage(line) => {
                Err(ForkError::Garbage(printable(String::from_utf8_lossy(&line).trim_end(), SHOWN)))
            }
        }
    }

    fn silent(&mut self, deadline: Duration, id: u64) -> ForkError {
        let clock_is_wrong = self.clock_is_wrong(deadline, id);
        match first_panic(&self.panics) {
            None if clock_is_wrong => ForkError::Clock,
            Some(panic) => ForkError::SilentAfterPanic(panic, deadline),
            None if process_group::leader_is_stopped(&self.process) => {
                ForkError::Silent(deadline, ": a signal had stopped it".to_owned())
            }
            None => ForkError::Silent(deadline, String::new()),
        }
    }

    /// Whether the child's clock went back or stands, as far as it says so. A process that began late on a busy machine
    /// has read its request late too, but its clock goes on.
    fn clock_is_wrong(&mut self, deadline: Duration, id: u64) -> bool {
        let Some(first) = self.fork_clock(id).filter(|passed| *passed < deadline / 2) else {
            return false;
        };
        std::thread::sleep(CLOCK_PAUSE);
        first.is_zero() || self.fork_clock(id).is_some_and(|second| second < first + CLOCK_PAUSE / 2)
    }

    /// The time since the request `id`, by the child's clock. None if it does not say, or answers the request first.
    fn fork_clock(&mut self, id: u64) -> Option<Duration> {
        let line = request_line(id, Request::ReadClock);
        let requests = self.requests.as_mut()?;
        requests.write_all(&line).and_then(|()| requests.flush()).ok()?;
        let end = Instant::now() + CLOCK_TIMEOUT;
        loop {
            let line = self.lines.recv_timeout(end.checked_duration_since(Instant::now())?).ok()?;
            match self.received(line, id).ok()? {
                Some(Response::Clock(nanos)) => return Some(Duration::from_nanos(nanos)),
                Some(_) => return None,
                None => {}
            }
        }
    }

    /// The error of a child whose stream has ended, with its exit status if it ends soon.
    fn ended(&mut self) -> ForkError {
        while let Ok(line) = self.lines.try_recv() {
            let _ = self.received(line, u64::MAX); // its last panics
        }
        let printed = self.output.text().unwrap_or_default();
        death(self.wait_for_end(), &self.panics, &printed)
    }

    /// Waits until the child has ended, and ends what is left of its process group before its id is free for others.
    fn wait_for_end(&mut self) -> Option<ExitStatus> {
        let end = Instant::now() + END_TIMEOUT;
        while !process_group::leader_has_ended(&mut self.process) {
            if Instant::now() >= end {
                return None;
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        process_group::kill(&self.process);
        self.reaped = true;
        let status = self.process.wait().ok();
        stray_processes::fork_has_ended(&self.process);
        status
    }
}

impl Drop for ChildProcess {
    /// Ends the child: by closing its input, which ends it during a window too, and by a kill if it hangs. What the
    /// contender started in its process group ends with it.
    fn drop(&mut self) {
        if let Some(mut requests) = self.requests.take() {
            let _ = requests.write_all(&request_line(0, Request::End)); // it may have ended
        }
        if self.reaped || self.wait_for_end().is_some() {
            return;
        }
        process_group::kill(&self.process);
        let _ = self.process.kill(); // where there are no groups
        let _ = self.process.wait();
        stray_processes::fork_has_ended(&self.process);
    }
}

fn request_line(id: u64, request: Request) -> Vec<u8> {
    let mut line = serde_json::to_vec(&RequestLine { id, request }).expect("a request is plain data");
    line.push(b'\n');
    line
}

/// Passes on the lines of a child until its stream ends.
fn read_lines(messages: impl Read, sender: &SyncSender<Line>) {
    let mut messages = BufReader::new(messages);
    loop {
        let mut line = Vec::new();
        let read = messages.by_ref().take(LINE_LIMIT as u64).read_until(b'\n', &mut line);
        if read.unwrap_or(0) == 0 {
            return;
        }
        let whole = line.ends_with(b"\n");
        let message = serde_json::from_slice(&line).ok().filter(|_| whole);
        let line = message.map_or(Line::Garbage(line), |message| Line::Message(Box::new(message)));
        if sender.send(line).is_err() {
            return;
        }
    }
}
