//! A child's process group: the child and what its contender started. All of it ends with the child.

use std::process::Child;

#[cfg(unix)]
use nix::sys::signal::{Signal, killpg};
#[cfg(unix)]
use nix::unistd::Pid;

/// Kills every process of the group that `leader` leads. To be called before the leader's exit status is read, since
/// then its id is free for others.
#[cfg(unix)]
pub(super) fn kill(leader: &Child) {
    let _ = killpg(Pid::from_raw(leader.id() as i32), Signal::SIGKILL); // an empty group is no error
}

/// Kills the process group of this process, if it leads one.
#[cfg(unix)]
pub(super) fn kill_own() {
    let own = nix::unistd::getpid();
    if nix::unistd::getpgrp() == own {
        let _ = killpg(own, Signal::SIGKILL);
    }
}

/// The system has no process groups.
#[cfg(not(unix))]
pub(super) fn kill_own() {}

/// The system has no process groups: only the child itself is killed.
#[cfg(not(unix))]
pub(super) fn kill(_: &Child) {}

/// Whether `leader` has ended. Leaves its exit status to be read later.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
pub(super) fn leader_has_ended(leader: &mut Child) -> bool {
    use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
    let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
    let status = waitid(Id::Pid(Pid::from_raw(leader.id() as i32)), flags);
    !matches!(status, Ok(WaitStatus::StillAlive))
}

/// Whether `leader` has ended.
#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
pub(super) fn leader_has_ended(leader: &mut Child) -> bool {
    !matches!(leader.try_wait(), Ok(None))
}

/// Whether a signal has stopped `leader`; false where the system does not tell.
pub(super) fn leader_is_stopped(leader: &Child) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", leader.id())).unwrap_or_default();
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    after_name.starts_with(['T', 't'])
}

/// The memory of `leader` in bytes; 0 where the system does not tell.
pub(super) fn leader_memory_bytes(leader: &Child) -> u64 {
    // The fields of `statm` are pages, and it is read beside every window: `status` takes longer.
    let statm = std::fs::read_to_string(format!("/proc/{}/statm", leader.id())).unwrap_or_default();
    let pages: u64 = statm.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
    pages * page_bytes()
}

/// The bytes of a page of memory; 0 where the system does not tell.
#[cfg(unix)]
fn page_bytes() -> u64 {
    let bytes = nix::unistd::sysconf(nix::unistd::SysconfVar::PAGE_SIZE).ok().flatten();
    bytes.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0)
}

/// The system has no `/proc`, whose pages these would be.
#[cfg(not(unix))]
fn page_bytes() -> u64 {
    0
}
