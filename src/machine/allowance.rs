//! How much of the machine this process may use: the CPUs of its affinity mask, and a control
//! group's quota of CPU time.

use std::collections::BTreeSet;

use super::tree::{Tree, cpu_list};

/// What a process may use.
#[derive(Clone, Debug, Default)]
pub(super) struct Allowance {
    /// The CPUs that the scheduler may run it on: those of the process's first thread, so that an
    /// answer asked for from a pinned worker is not that worker's one CPU.
    pub cpus: Option<BTreeSet<usize>>,
    /// The quota, or that there is none; `None` where neither can be read.
    pub quota: Option<Quota>,
}

/// A limit on CPU time.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Quota {
    /// No control group that can be seen sets one.
    Unlimited,
    /// The smallest of the process's control group and those above it.
    Limited {
        /// Seconds of CPU time a second.
        cpus: f64,
        /// The file that sets it.
        file: String,
    },
}

impl Allowance {
    pub fn read(tree: &Tree) -> Self {
        Self { cpus: mask(tree), quota: quota(tree) }
    }

    /// CPUs that can be kept busy at once: those of the mask, or as many whole ones as the quota
    /// pays for, if that is less; at least one. A thread beyond that waits for another to be
    /// throttled, which is what oversubscription means.
    pub fn usable(&self) -> Option<usize> {
        let mask = self.cpus.as_ref()?.len();
        Some(match &self.quota {
            Some(Quota::Limited { cpus, .. }) => mask.min((*cpus as usize).max(1)),
            Some(Quota::Unlimited) | None => mask,
        })
    }
}

/// The mask also names CPUs that could be plugged in but are not there, as many virtual machines
/// promise.
fn mask(tree: &Tree) -> Option<BTreeSet<usize>> {
    let mask = cpu_list(&tree.field("proc/self/status", "Cpus_allowed_list")?)?;
    Some(match tree.cpus("sys/devices/system/cpu/online") {
        Some(online) => &mask & &online,
        None => mask,
    })
}

/// A control group's hierarchy, as it is mounted.
struct Mount {
    /// The group that is seen at `folder`.
    group: String,
    /// Where it is seen, without the leading slash.
    folder: String,
}

/// Both versions of control groups can be mounted at once, and either can limit.
fn quota(tree: &Tree) -> Option<Quota> {
    let groups = tree.text("proc/self/cgroup")?;
    let mounts = tree.text("proc/self/mountinfo")?;
    let mut seen = false;
    let mut limits = Vec::new();
    for line in groups.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(group)) = (parts.next(), parts.next()) else {
            continue;
        };
        let unified = controllers.is_empty();
        if !unified && !controllers.split(',').any(|name| name == "cpu") {
            continue;
        }
        let Some(mount) = mount(&mounts, unified) else {
            continue;
        };
        for folder in folders(&mount, group) {
            seen |= tree.has(&folder);
            limits.extend(if unified { limit_v2(tree, &folder) } else { limit_v1(tree, &folder) });
        }
    }
    let least = limits.into_iter().min_by(|a, b| a.0.total_cmp(&b.0));
    match least {
        Some((cpus, file)) => Some(Quota::Limited { cpus, file }),
        None => seen.then_some(Quota::Unlimited),
    }
}

/// Where the hierarchy is mounted. A line of `mountinfo`: id, parent, device, root, mount point,
/// options, …, `-`, type, source, options of the file system.
fn mount(mounts: &str, unified: bool) -> Option<Mount> {
    mounts.lines().find_map(|line| {
        let (place, kind) = line.split_once(" - ")?;
        let mut kind = kind.split(' ');
        let found = match kind.next()? {
            "cgroup2" => unified,
            "cgroup" => !unified && kind.next_back()?.split(',').any(|option| option == "cpu"),
            _ => false,
        };
        let mut place = place.split(' ').skip(3);
        found.then_some(Mount {
            group: place.next()?.to_owned(),
            folder: place.next()?.trim_start_matches('/').to_owned(),
        })
    })
}

/// The folders of `group` and of every group above it that the mount shows. Where the mount does
/// not show the group, as in some containers, its top folder is the best that can be read.
fn folders(mount: &Mount, group: &str) -> Vec<String> {
    let below = group.strip_prefix(mount.group.trim_end_matches('/'));
    let mut folders = vec![mount.folder.clone()];
    for name in below.unwrap_or("").split('/').filter(|name| !name.is_empty()) {
        if name == ".." {
            break;
        }
        folders.push(format!("{}/{name}", folders[folders.len() - 1]));
    }
    folders
}

/// `cpu.max`: microseconds of quota, or `max`, and of period.
fn limit_v2(tree: &Tree, folder: &str) -> Option<(f64, String)> {
    let file = format!("{folder}/cpu.max");
    let text = tree.text(&file)?;
    let (quota, period) = text.split_once(' ')?;
    share(quota.parse().ok()?, period.parse().ok()?, file)
}

fn limit_v1(tree: &Tree, folder: &str) -> Option<(f64, String)> {
    let file = format!("{folder}/cpu.cfs_quota_us");
    let period = tree.number(&format!("{folder}/cpu.cfs_period_us"))?;
    share(tree.number(&file)?, period, file)
}

/// A quota of −1 is none.
fn share(quota: f64, period: f64, file: String) -> Option<(f64, String)> {
    (quota > 0.0 && period > 0.0).then(|| (quota / period, format!("/{file}")))
}
