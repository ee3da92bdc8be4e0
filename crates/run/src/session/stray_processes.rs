//! Processes that a contender started and that left their fork's process group, for example daemons. Each orphan below
//! a fork becomes a child of the fork, and of the parent when the fork has ended (Linux's "subreaper"), so that both
//! find them.

use std::process::{Child, Command};

#[cfg(target_os = "linux")]
pub(super) use linux::{adopt_orphans, fork_has_ended, kill_descendants, start_fork};

/// The system has no such thing.
#[cfg(not(target_os = "linux"))]
pub(super) fn adopt_orphans() {}

/// The system does not list them.
#[cfg(not(target_os = "linux"))]
pub(super) fn kill_descendants() {}

/// Starts a fork.
#[cfg(not(target_os = "linux"))]
pub(super) fn start_fork(command: &mut Command) -> std::io::Result<Child> {
    command.spawn()
}

/// The system does not list what it left.
#[cfg(not(target_os = "linux"))]
pub(super) fn fork_has_ended(_: &Child) {}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeSet;
    use std::io;
    use std::sync::{Mutex, MutexGuard, PoisonError};
    use std::time::{Duration, Instant};

    use nix::sys::prctl::set_child_subreaper;
    use nix::sys::signal::{Signal, kill};
    use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
    use nix::unistd::{Pid, getpgid, getpgrp};

    use super::{Child, Command};
    use crate::session::process_state::{children_of, descendants};

    /// How long killed processes may take to end.
    const END_TIMEOUT: Duration = Duration::from_millis(200);

    /// The children of this process that are no strays: its forks, and those from before its first fork. None before.
    static OWN: Mutex<Option<BTreeSet<i32>>> = Mutex::new(None);

    fn own() -> MutexGuard<'static, Option<BTreeSet<i32>>> {
        OWN.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn children() -> impl Iterator<Item = i32> {
        children_of(std::process::id() as i32).into_iter()
    }

    /// Has orphans below this process become its children.
    pub(in crate::session) fn adopt_orphans() {
        let _ = set_child_subreaper(true); // an older kernel does not find them
    }

    /// Kills all processes below this one.
    pub(in crate::session) fn kill_descendants() {
        for process in descendants() {
            let _ = kill(Pid::from_raw(process), Signal::SIGKILL); // it may have ended
        }
    }

    /// Starts a fork, whose orphans this process adopts.
    pub(in crate::session) fn start_fork(command: &mut Command) -> io::Result<Child> {
        let mut own = own();
        let known = own.get_or_insert_with(|| {
            adopt_orphans();
            children().collect()
        });
        let fork = command.spawn()?;
        known.insert(fork.id() as i32);
        Ok(fork)
    }

    /// Kills what `fork` has left. To be called after its exit status was read.
    pub(in crate::session) fn fork_has_ended(fork: &Child) {
        let mut own = own();
        let Some(known) = own.as_mut() else { return };
        known.remove(&(fork.id() as i32));
        let end = Instant::now() + END_TIMEOUT;
        // What another thread of this process starts is in the group of this process.
        let is_stray = |child: &i32| {
            !known.contains(child)
                && getpgid(Some(Pid::from_raw(*child))).is_ok_and(|group| group != getpgrp())
        };
        loop {
            // The children of a killed one become children of this process in turn.
            let strays: Vec<i32> = children().filter(is_stray).collect();
            if strays.is_empty() || Instant::now() >= end {
                return;
            }
            for stray in strays.into_iter().map(Pid::from_raw) {
                let _ = kill(stray, Signal::SIGKILL);
                while waitpid(stray, Some(WaitPidFlag::WNOHANG)) == Ok(WaitStatus::StillAlive)
                    && Instant::now() < end
                {
                    std::thread::sleep(Duration::from_micros(200));
                }
            }
        }
    }
}
