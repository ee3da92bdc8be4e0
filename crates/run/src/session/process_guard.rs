//! What a contender must leave as it found it: the threads and child processes of its fork, the CPUs and the priority
//! of each thread, the descriptors and the limits of the process. A thread that spins on, or a worker on other CPUs,
//! would change the times of its neighbours, and a low limit would make them fail.

#[cfg(target_os = "linux")]
pub(super) use linux::ProcessGuard;

/// A change that a window shows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// The contender that made it, if it is not that of the window.
    pub by: Option<String>,
    /// What it did.
    pub what: String,
    /// Whether a thread that another contender left may have done it.
    pub in_doubt: bool,
}

impl From<String> for Change {
    fn from(what: String) -> Self {
        Self { by: None, what, in_doubt: false }
    }
}

/// The system does not list a process's threads.
#[cfg(not(target_os = "linux"))]
#[derive(Default)]
pub(super) struct ProcessGuard;

#[cfg(not(target_os = "linux"))]
impl ProcessGuard {
    pub(super) fn window_begins(&mut self) {}

    pub(super) fn window_ended(&mut self, _: &str) -> Result<(), Change> {
        Ok(())
    }

    pub(super) fn left_behind(&self) -> bool {
        false
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::HashMap;
    use std::io;
    use std::time::{Duration, Instant};

    use super::Change;
    use crate::session::process_state::{Limit, ProcessState, Task, limits, resource_name};

    /// How long threads that are about to end may take.
    const GRACE: Duration = Duration::from_millis(100);

    /// How long a task that is left is watched.
    const WATCH: Duration = Duration::from_secs(1);

    /// CPU nanoseconds after which a task that is left counts as busy. A thread that ends uses less.
    const BUSY_NS: u64 = 10_000_000;

    /// The share of a window that a task of another contender may work in it. A pool may sometimes wake up.
    const FOREIGN_SHARE: f64 = 0.1;

    /// The same for very short windows, in nanoseconds.
    const FOREIGN_NS: u64 = 2_000_000;

    /// How often a contender may leave idle threads: a pool of its own may start with its first window.
    const IDLE_ALLOWED: u32 = 1;

    /// The share of the descriptors a process may have that a contender may leave open.
    const DESCRIPTOR_SHARE: u64 = 4;

    /// Checks that windows leave the process as it was.
    #[derive(Default)]
    pub(in crate::session) struct ProcessGuard {
        before: Option<Before>,
        /// How often each contender left idle threads.
        left_idle: HashMap<String, u32>,
        /// The descriptors that each contender left open.
        descriptors: HashMap<String, u64>,
        /// The threads and processes that contenders left, with their owners.
        left: Vec<(Task, String)>,
    }

    /// The process before a window.
    struct Before {
        state: io::Result<ProcessState>,
        limits: Vec<Limit>,
        began: Instant,
        /// The CPU time of each task that was left.
        left_ns: Vec<Option<u64>>,
    }

    impl ProcessGuard {
        /// Remembers the process before a window.
        pub(in crate::session) fn window_begins(&mut self) {
            self.left.retain(|(task, _)| task.state().is_some());
            self.before = Some(Before {
                state: ProcessState::read(),
                limits: limits(),
                left_ns: self.left.iter().map(|(task, _)| task.cpu_ns()).collect(),
                began: Instant::now(),
            });
        }

        /// Whether a contender has left a thread or a process.
        pub(in crate::session) fn left_behind(&self) -> bool {
            !self.left.is_empty()
        }

        /// Compares the process after a window of `contender`.
        ///
        /// # Errors
        /// What it changed, or that what another contender left was not idle.
        pub(in crate::session) fn window_ended(&mut self, contender: &str) -> Result<(), Change> {
            let Some(Before { state, limits: limits_before, began, left_ns }) = self.before.take() else {
                return Ok(());
            };
            let took = began.elapsed();
            let now = limits();
            let in_doubt = |what: String| Change { by: None, what, in_doubt: true };
            if let Some((before, _)) = limits_before.iter().zip(&now).find(|(before, now)| before != now) {
                return Err(in_doubt(format!(
                    "it changed the limit {} of its process",
                    resource_name(before)
                )));
            }
            // If it could not be read before either, no contender is to blame.
            let Ok(before) = state else { return Ok(()) };
            let read = || {
                let unread = |error| format!("the threads of its process cannot be read any more: {error}");
                ProcessState::read().map_err(unread)
            };
            let mut now = read()?;
            for (thread, was) in &before.threads {
                let Some(is) = now.threads.get(thread) else { continue };
                if let Some(what) = was.difference(is) {
                    let name = Task::of_thread(*thread).name();
                    return Err(in_doubt(format!("it changed the {what} of the thread `{name}`")));
                }
            }
            let end = Instant::now() + GRACE;
            while now.threads.keys().any(|thread| !before.threads.contains_key(thread))
                && Instant::now() < end
            {
                std::thread::sleep(Duration::from_millis(1));
                now = read()?;
            }
            self.check_left_before(contender, took, &left_ns)?;
            self.check_descriptors(contender, &before, &now)?;
            self.check_new(contender, &before, now)
        }

        /// Whether something that another contender left has worked in this window.
        fn check_left_before(
            &self,
            contender: &str,
            took: Duration,
            before_ns: &[Option<u64>],
        ) -> Result<(), Change> {
            let allowed = (took.as_nanos() as f64 * FOREIGN_SHARE) as u64;
            for ((task, owner), before) in self.left.iter().zip(before_ns) {
                let worked = task.cpu_ns().zip(*before).map_or(0, |(now, before)| now.saturating_sub(before));
                // A pool that two contenders share works in the windows of both, and rests after them.
                let is_foreign = owner != contender && worked > allowed.max(FOREIGN_NS);
                if is_foreign && is_busy(std::slice::from_ref(task)) {
                    let what = format!("a {} that it left behind worked while {contender} ran", task.kind());
                    return Err(Change { by: Some(owner.clone()), what, in_doubt: false });
                }
            }
            Ok(())
        }

        fn check_descriptors(
            &mut self,
            contender: &str,
            before: &ProcessState,
            now: &ProcessState,
        ) -> Result<(), Change> {
            let of_contender = self.descriptors.entry(contender.to_owned()).or_insert(0);
            *of_contender += now.descriptors.saturating_sub(before.descriptors);
            let left = *of_contender;
            match left > now.most_descriptors / DESCRIPTOR_SHARE {
                true => {
                    let most = now.most_descriptors;
                    let what = format!("it left {left} descriptors open, and its process may have {most}");
                    Err(Change { by: None, what, in_doubt: true })
                }
                false => Ok(()),
            }
        }

        /// Whether the window has left threads or processes that must not stay.
        fn check_new(
            &mut self,
            contender: &str,
            before: &ProcessState,
            now: ProcessState,
        ) -> Result<(), Change> {
            let threads = now.threads.into_keys().filter(|thread| !before.threads.contains_key(thread));
            let mut threads: Vec<Task> = threads.map(Task::of_thread).collect();
            let of_processes = now.processes.iter().filter(|process| !before.processes.contains(process));
            let mut processes: Vec<Task> = of_processes.flat_map(|process| Task::all_of(*process)).collect();
            for left in [&threads, &processes] {
                if is_busy(left) {
                    return Err(format!("it left {} behind, and one is still busy", counted(left)).into());
                }
            }
            // On a busy machine a thread may wait long for the CPU time to end.
            let idle = |task: &Task| task.state().is_some_and(|state| !"RZX".contains(state));
            threads.retain(idle);
            processes.retain(idle);
            let left = threads.iter().chain(&processes).cloned();
            self.left.extend(left.map(|task| (task, contender.to_owned())));
            if threads.is_empty() {
                return Ok(());
            }
            let count = threads.len();
            let times = self.left_idle.entry(contender.to_owned()).or_insert(0);
            *times += 1;
            match *times > IDLE_ALLOWED {
                true => {
                    let what =
                        format!("it leaves idle threads behind again and again, {count} more in this window");
                    Err(what.into())
                }
                false => Ok(()),
            }
        }
    }

    /// The number of `left`, with what they are.
    fn counted(left: &[Task]) -> String {
        let kind = left.first().map_or("thread", Task::kind);
        match (left.len(), kind) {
            (1, _) => format!("1 {kind}"),
            (count, "process") => format!("{count} threads of processes"),
            (count, _) => format!("{count} {kind}s"),
        }
    }

    /// Whether one of the tasks `left` goes on working. One that waits to end or sleeps uses no CPU time.
    fn is_busy(left: &[Task]) -> bool {
        let before: Vec<_> = left.iter().map(|task| (task, task.cpu_ns())).collect();
        let end = Instant::now() + WATCH;
        loop {
            let mut runnable = false;
            for (task, before) in &before {
                if task.cpu_ns().zip(*before).is_some_and(|(now, before)| now - before >= BUSY_NS) {
                    return true;
                }
                runnable |= task.state() == Some('R');
            }
            if !runnable || Instant::now() >= end {
                return false;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}
