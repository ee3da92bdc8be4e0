//! The state of this process as Linux shows it: its threads and how they are scheduled, its descendants, its limits.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;

use nix::errno::Errno;
use nix::sched::{CpuSet, sched_getaffinity};
use nix::sys::resource::{Resource, getrlimit};
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::unistd::Pid;

/// The threads of this process.
const TASKS: &str = "/proc/self/task";

/// The limits that would make later windows fail if they were lower.
const RESOURCES: [(Resource, &str); 10] = [
    (Resource::RLIMIT_AS, "AS"),
    (Resource::RLIMIT_CPU, "CPU"),
    (Resource::RLIMIT_DATA, "DATA"),
    (Resource::RLIMIT_FSIZE, "FSIZE"),
    (Resource::RLIMIT_LOCKS, "LOCKS"),
    (Resource::RLIMIT_MEMLOCK, "MEMLOCK"),
    (Resource::RLIMIT_NOFILE, "NOFILE"),
    (Resource::RLIMIT_NPROC, "NPROC"),
    (Resource::RLIMIT_SIGPENDING, "SIGPENDING"),
    (Resource::RLIMIT_STACK, "STACK"),
];

/// A limit: its place in the list of resources, and the soft and the hard one.
pub(super) type Limit = (usize, Option<(u64, u64)>);

/// The limits of this process.
pub(super) fn limits() -> Vec<Limit> {
    let limit = |(index, (resource, _)): (usize, &(Resource, _))| (index, getrlimit(*resource).ok());
    RESOURCES.iter().enumerate().map(limit).collect()
}

/// The name of a limit's resource.
pub(super) fn resource_name(limit: &Limit) -> &'static str {
    RESOURCES[limit.0].1
}

/// How a thread is scheduled.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Scheduling {
    cpus: Option<CpuSet>,
    /// Its nice value, real-time priority and policy.
    priority: Option<[i64; 3]>,
}

impl Scheduling {
    fn of(thread: i32) -> Self {
        let stat = Task::of_thread(thread).stat();
        // The first field after the name is the third of proc(5).
        let field = |number: usize| -> Option<i64> {
            stat.as_deref()?.split(' ').nth(number - 3)?.trim().parse().ok()
        };
        let priority = [19, 40, 41].map(field);
        Self {
            cpus: sched_getaffinity(Pid::from_raw(thread)).ok(),
            priority: priority.into_iter().collect::<Option<Vec<_>>>().and_then(|all| all.try_into().ok()),
        }
    }

    /// What of it `now` differs, in words.
    pub(super) fn difference(&self, now: &Self) -> Option<&'static str> {
        if self.cpus != now.cpus {
            return Some("CPU affinity");
        }
        // A thread that has just ended has none.
        let changed = self.priority.zip(now.priority).is_some_and(|(was, is)| was != is);
        changed.then_some("priority")
    }
}

/// A thread of this process, or one of a descendant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Task {
    path: String,
    kind: &'static str,
}

impl Task {
    /// A thread of this process.
    pub(super) fn of_thread(thread: i32) -> Self {
        Self { path: format!("{TASKS}/{thread}"), kind: "thread" }
    }

    /// All threads of a descendant.
    pub(super) fn all_of(process: i32) -> Vec<Self> {
        let threads = numbers(&format!("/proc/{process}/task")).unwrap_or_default();
        let task = |thread| Self { path: format!("/proc/{process}/task/{thread}"), kind: "process" };
        threads.into_iter().map(task).collect()
    }

    /// What it is, in a word.
    pub(super) fn kind(&self) -> &'static str {
        self.kind
    }

    /// Its name.
    pub(super) fn name(&self) -> String {
        let name = fs::read_to_string(format!("{}/comm", self.path)).unwrap_or_default();
        name.trim_end().to_owned()
    }

    /// Its CPU time, in nanoseconds.
    pub(super) fn cpu_ns(&self) -> Option<u64> {
        let stat = fs::read_to_string(format!("{}/schedstat", self.path)).ok()?;
        stat.split_whitespace().next()?.parse().ok()
    }

    /// Its state, like `R` if it can run; none if it has ended.
    pub(super) fn state(&self) -> Option<char> {
        self.stat()?.chars().next()
    }

    /// The fields of its `stat` after its name, which may contain anything.
    fn stat(&self) -> Option<String> {
        let stat = fs::read_to_string(format!("{}/stat", self.path)).ok()?;
        stat.rsplit(") ").next().map(str::to_owned)
    }
}

/// What a window must leave as it was.
#[derive(Debug)]
pub(super) struct ProcessState {
    /// How each thread of this process is scheduled.
    pub threads: BTreeMap<i32, Scheduling>,
    /// The processes that this one started, and theirs.
    pub processes: BTreeSet<i32>,
    /// Open descriptors.
    pub descriptors: u64,
    /// The most that this process may have.
    pub most_descriptors: u64,
}

impl ProcessState {
    /// That of this process.
    ///
    /// # Errors
    /// If the system does not show it, for example since no descriptor is left.
    pub(super) fn read() -> io::Result<Self> {
        let threads = numbers(TASKS)?;
        Ok(Self {
            threads: threads.into_iter().map(|thread| (thread, Scheduling::of(thread))).collect(),
            processes: match has_children() {
                true => descendants(),
                false => BTreeSet::new(),
            },
            descriptors: fs::read_dir("/proc/self/fd")?.count() as u64,
            most_descriptors: getrlimit(Resource::RLIMIT_NOFILE).map_or(u64::MAX, |(soft, _)| soft),
        })
    }
}

/// Whether this process has children: a single call, since nearly all windows have none.
fn has_children() -> bool {
    let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
    waitid(Id::All, flags) != Err(Errno::ECHILD)
}

/// The processes that this one started, and theirs.
pub(super) fn descendants() -> BTreeSet<i32> {
    let mut found = BTreeSet::new();
    let mut asked = vec![std::process::id() as i32];
    while let Some(process) = asked.pop() {
        asked.extend(children_of(process).into_iter().filter(|child| found.insert(*child)));
    }
    found
}

/// The children of a process.
pub(super) fn children_of(process: i32) -> Vec<i32> {
    let threads = numbers(&format!("/proc/{process}/task")).unwrap_or_default();
    let of_thread = |thread| {
        let children = fs::read_to_string(format!("/proc/{process}/task/{thread}/children"));
        let children = children.unwrap_or_default();
        children.split_whitespace().filter_map(|child| child.parse().ok()).collect::<Vec<i32>>()
    };
    threads.into_iter().flat_map(of_thread).collect()
}

/// The entries of a folder that are numbers.
fn numbers(folder: &str) -> io::Result<Vec<i32>> {
    let entries = fs::read_dir(folder)?.flatten();
    Ok(entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect())
}
