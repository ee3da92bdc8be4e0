//! Why a fork gave no answer, in words that are true: what it printed and which panics it reported come before what
//! its exit status says.

use std::process::ExitStatus;
use std::time::Duration;

use super::protocol::{PanicNote, REASON_LIMIT};
use crate::record::printable;

/// Why a request got no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum ForkError {
    /// The child did not answer before the deadline, and was killed.
    #[error("it said nothing for {time} and was killed{1}", time = humantime::format_duration(*.0))]
    Silent(Duration, String),
    /// A thread panicked, and then there was no answer.
    #[error(
        "a worker panicked: {0}; then its process said nothing for {time} and was killed",
        time = humantime::format_duration(*.1)
    )]
    SilentAfterPanic(String, Duration),
    /// The child ended.
    #[error("{0}")]
    Ended(String),
    /// The child was ended by a signal that it did not cause by a fault, and that its parent did not send.
    #[error("its process ended: {0}, which contend did not send")]
    KilledFromOutside(String),
    /// The child wrote something other than an answer.
    #[error("its process wrote `{0}` where its answer belongs")]
    Garbage(String),
    /// The child printed without end.
    #[error("it printed more than 1 MiB in one window")]
    PrintedTooMuch,
    /// The child's clock went back or stood still, so that it would have waited for a time that never comes.
    #[error("the machine's clock went backwards")]
    Clock,
    /// The process is not as it was before the window.
    #[error("{0}")]
    Changed(String),
    /// The child used more memory than it may.
    #[error("it used {:.1} MiB of memory, and may use {} (`--memory`)", *.0 as f64 / f64::from(1 << 20), .1 >> 20)]
    Memory(u64, u64),
    /// The run was interrupted.
    #[error("interrupted")]
    Interrupted,
}

impl ForkError {
    /// Whether the child has ended or had to be ended. A contender may have caused that.
    pub(super) fn is_end(&self) -> bool {
        !matches!(self, Self::Interrupted | Self::Clock)
    }
}

/// The error of a child that ended with `status`, after `panics` and the output `printed`. A `status` of none is that
/// of a process that lives on without its streams.
pub(super) fn death(status: Option<ExitStatus>, panics: &[PanicNote], printed: &str) -> ForkError {
    // What a process printed and then ended in peace, or with a status of its own, is no reason.
    let printed = if status.is_some_and(|status| status.code().is_some()) { "" } else { printed };
    if let Some(thread) = between(printed, "thread '", "has overflowed its stack") {
        let thread = thread.split('\'').next().unwrap_or_default();
        let thread = printable(thread, 60);
        return ForkError::Ended(format!("stack overflow in its thread `{thread}`; its process ended"));
    }
    if let Some(size) = between(printed, "memory allocation of ", " bytes failed") {
        let size = printable(size, 30);
        return ForkError::Ended(format!(
            "out of memory: an allocation of {size} bytes failed; its process ended"
        ));
    }
    let Some(status) = status else {
        return ForkError::Ended("it closed the streams to its parent".to_owned());
    };
    if let Some(panic) = first_panic(panics) {
        let in_drop = panics.iter().any(|panic| panic.text.contains("panic in a destructor"));
        let in_drop = if in_drop { " and again in a drop" } else { "" };
        return ForkError::Ended(format!("a worker panicked{in_drop}: {panic}; its process ended: {status}"));
    }
    match is_from_outside(status) {
        true => ForkError::KilledFromOutside(status.to_string()),
        false => ForkError::Ended(format!("its process ended: {status}")),
    }
}

/// The text of the first of `panics`, which is the cause where others follow.
pub(super) fn first_panic(panics: &[PanicNote]) -> Option<String> {
    panics.first().map(|panic| printable(&panic.text, REASON_LIMIT))
}

/// Whether a process with `status` was ended by a signal that no fault of its own raises, such as that of the
/// system's out-of-memory killer.
#[cfg(unix)]
fn is_from_outside(status: ExitStatus) -> bool {
    use nix::sys::signal::Signal::{
        SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGPIPE, SIGSEGV, SIGSYS, SIGTRAP, SIGXCPU, SIGXFSZ,
    };
    let own = [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGPIPE, SIGSEGV, SIGSYS, SIGTRAP, SIGXCPU, SIGXFSZ];
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    signal.is_some_and(|signal| own.iter().all(|own| *own as i32 != signal))
}

#[cfg(not(unix))]
fn is_from_outside(_: ExitStatus) -> bool {
    false
}

/// The part of `text` between the last `start` before `end`, and `end`.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let before = &text[..text.find(end)?];
    before.rfind(start).map(|at| &before[at + start.len()..])
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    fn said(signal: i32, panics: &[&str], printed: &str) -> String {
        let note = |text: &&str| PanicNote { thread: "worker-1".to_owned(), text: (*text).to_owned() };
        let panics: Vec<_> = panics.iter().map(note).collect();
        death(Some(ExitStatus::from_raw(signal)), &panics, printed).to_string()
    }

    #[test]
    fn a_death_is_told_by_its_cause() {
        let overflow =
            "\nthread 'worker-1' (77) has overflowed its stack\nfatal runtime error: stack overflow";
        assert!(said(6, &[], overflow).starts_with("stack overflow in its thread `worker-1`"));
        let memory = "memory allocation of 1024 bytes failed";
        assert!(said(6, &[], memory).starts_with("out of memory: an allocation of 1024 bytes failed"));
        let drop = ["one", "panic in a destructor during cleanup"];
        assert!(said(6, &drop, "").starts_with("a worker panicked and again in a drop: one; its process"));
        assert!(said(6, &[], "").starts_with("its process ended: signal: 6"));
        assert!(said(0x300, &[], "").contains("exit status: 3"));
        assert_eq!(said(0, &[], overflow), "its process ended: exit status: 0", "it printed a false reason");
    }

    #[test]
    fn only_a_signal_that_no_fault_raises_comes_from_outside() {
        let outside = |signal| {
            let error = death(Some(ExitStatus::from_raw(signal)), &[], "");
            matches!(error, ForkError::KilledFromOutside(_))
        };
        assert!(outside(9) && outside(15));
        assert!(!outside(6) && !outside(11) && !outside(0) && !outside(0x300));
    }
}
