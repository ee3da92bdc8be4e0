//! What a contender must leave as it found it: the threads of the process, and the CPUs that each may use. A thread
//! that spins on, or a worker on other CPUs, would change the times of its neighbours.

#[cfg(target_os = "linux")]
pub(super) use linux::ThreadGuard;

/// The system does not list a process's threads.
#[cfg(not(target_os = "linux"))]
#[derive(Default)]
pub(super) struct ThreadGuard;

#[cfg(not(target_os = "linux"))]
impl ThreadGuard {
    pub(super) fn window_begins(&mut self) {}

    pub(super) fn window_ended(&mut self, _: &str) -> Result<(), String> {
        Ok(())
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::{BTreeMap, HashMap};
    use std::fs;
    use std::time::{Duration, Instant};

    use nix::sched::{CpuSet, sched_getaffinity};
    use nix::unistd::Pid;

    /// The threads of this process.
    const TASKS: &str = "/proc/self/task";

    /// How long threads that are about to end may take.
    const GRACE: Duration = Duration::from_millis(100);

    /// How long a thread that is left is watched.
    const WATCH: Duration = Duration::from_secs(1);

    /// CPU nanoseconds after which a thread that is left counts as busy. A thread that ends uses less.
    const BUSY_NS: u64 = 10_000_000;

    /// How often a contender may leave idle threads: a pool of its own may start with its first window.
    const IDLE_ALLOWED: u32 = 1;

    /// Checks that windows leave the process's threads as they were.
    #[derive(Default)]
    pub(in crate::session) struct ThreadGuard {
        before: BTreeMap<i32, Option<CpuSet>>,
        /// How often each contender left idle threads.
        left_idle: HashMap<String, u32>,
    }

    impl ThreadGuard {
        /// Remembers the threads before a window.
        pub(in crate::session) fn window_begins(&mut self) {
            self.before = threads();
        }

        /// Compares the threads after a window of `contender`.
        ///
        /// # Errors
        /// What it changed.
        pub(in crate::session) fn window_ended(&mut self, contender: &str) -> Result<(), String> {
            let mut now = threads();
            for (thread, cpus) in &self.before {
                if now.get(thread).is_some_and(|now| now != cpus) {
                    let name = fs::read_to_string(format!("{TASKS}/{thread}/comm")).unwrap_or_default();
                    return Err(format!("it changed the CPU affinity of the thread `{}`", name.trim_end()));
                }
            }
            let is_new = |thread: &i32| !self.before.contains_key(thread);
            let end = Instant::now() + GRACE;
            while now.keys().any(is_new) && Instant::now() < end {
                std::thread::sleep(Duration::from_millis(1));
                now = threads();
            }
            let mut left: Vec<i32> = now.into_keys().filter(is_new).collect();
            let count = left.len();
            let them = if count == 1 { "thread" } else { "threads" };
            if is_busy(&left) {
                return Err(format!("it left {count} {them} behind, and one is still busy"));
            }
            // On a busy machine a thread may wait long for the CPU time to end.
            left.retain(|thread| state(*thread).is_some_and(|state| state != 'R'));
            if left.is_empty() {
                return Ok(());
            }
            let count = left.len();
            let times = self.left_idle.entry(contender.to_owned()).or_insert(0);
            *times += 1;
            match *times > IDLE_ALLOWED {
                true => {
                    Err(format!("it leaves idle threads behind again and again, {count} more in this window"))
                }
                false => Ok(()),
            }
        }
    }

    /// The threads of this process, with the CPUs that each may use.
    fn threads() -> BTreeMap<i32, Option<CpuSet>> {
        let entries = fs::read_dir(TASKS).into_iter().flatten().flatten();
        let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        ids.map(|id| (id, sched_getaffinity(Pid::from_raw(id)).ok())).collect()
    }

    /// Whether one of the threads `left` goes on working. A thread that waits to end or sleeps uses no CPU time.
    fn is_busy(left: &[i32]) -> bool {
        let before: Vec<_> = left.iter().map(|thread| (*thread, cpu_ns(*thread))).collect();
        let end = Instant::now() + WATCH;
        loop {
            let mut runnable = false;
            for (thread, before) in &before {
                if cpu_ns(*thread).zip(*before).is_some_and(|(now, before)| now - before >= BUSY_NS) {
                    return true;
                }
                runnable |= state(*thread) == Some('R');
            }
            if !runnable || Instant::now() >= end {
                return false;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// The CPU time of a thread, in nanoseconds.
    fn cpu_ns(thread: i32) -> Option<u64> {
        let stat = fs::read_to_string(format!("{TASKS}/{thread}/schedstat")).ok()?;
        stat.split_whitespace().next()?.parse().ok()
    }

    /// The state of a thread, like `R` for one that can run; none if it has ended.
    fn state(thread: i32) -> Option<char> {
        let stat = fs::read_to_string(format!("{TASKS}/{thread}/stat")).ok()?;
        stat.rsplit(") ").next()?.chars().next()
    }
}
