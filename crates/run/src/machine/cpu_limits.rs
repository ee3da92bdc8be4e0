//! The CPUs that this process may use: its affinity mask, and its control group's quota of CPU time.

use std::collections::BTreeSet;

use super::sysfs::{Sysfs, cpu_list};

/// The limits on a process's CPU use.
#[derive(Clone, Debug, Default)]
pub(super) struct CpuLimits {
    /// The CPUs that the scheduler may use. The mask is that of the process's first thread, since a
    /// pinned worker's own mask has one CPU.
    pub cpus: Option<BTreeSet<usize>>,
    /// The quota; `None` if it cannot be read.
    pub quota: Option<Quota>,
}

/// A limit on CPU time.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Quota {
    /// No visible control group sets one.
    Unlimited,
    /// The smallest quota of the process's control group and its ancestors.
    Limited {
        /// Seconds of CPU time per second.
        cpus: f64,
        /// The file that sets it.
        file: String,
    },
}

/// CPUs, or a part of one, in words.
pub(crate) fn cpus_in_words(cpus: f64) -> String {
    if cpus == 1.0 { "1 CPU".to_owned() } else { format!("{cpus} CPUs") }
}

impl CpuLimits {
    pub fn read(sysfs: &Sysfs) -> Self {
        Self { cpus: mask(sysfs), quota: quota(sysfs) }
    }

    /// CPUs that can be busy at once: the smaller of the mask's size and the quota's whole CPUs, at least 1.
    /// More runnable threads than that are oversubscription.
    pub fn usable(&self) -> Option<usize> {
        let mask = self.cpus.as_ref()?.len();
        Some(match &self.quota {
            Some(Quota::Limited { cpus, .. }) => mask.min((*cpus as usize).max(1)),
            Some(Quota::Unlimited) | None => mask,
        })
    }
}

/// The CPUs of the mask that are online. Virtual machines often list more that could be plugged in.
fn mask(sysfs: &Sysfs) -> Option<BTreeSet<usize>> {
    let mask = cpu_list(&sysfs.field("proc/self/status", "Cpus_allowed_list")?)?;
    Some(match sysfs.cpus("sys/devices/system/cpu/online") {
        Some(online) => &mask & &online,
        None => mask,
    })
}

/// The mount of a control group hierarchy.
struct Mount {
    /// The group that `folder` shows.
    group: String,
    /// The mount point, without the leading slash.
    folder: String,
}

/// The smallest quota. Versions 1 and 2 of control groups can be mounted at once, and either can limit.
fn quota(sysfs: &Sysfs) -> Option<Quota> {
    let groups = control_groups(sysfs)?;
    let seen = groups.iter().any(|group| sysfs.has(&group.folder));
    let limit = |group: &ControlGroup| match group.unified {
        true => limit_v2(sysfs, &group.folder),
        false => limit_v1(sysfs, &group.folder),
    };
    let least = groups.iter().filter_map(limit).min_by(|a, b| a.0.total_cmp(&b.0));
    match least {
        Some((cpus, file)) => Some(Quota::Limited { cpus, file }),
        None => seen.then_some(Quota::Unlimited),
    }
}

/// A control group of this process, or an ancestor of one, with control of the CPU.
pub(super) struct ControlGroup {
    /// Whether it is of version 2.
    pub unified: bool,
    /// Its folder, without the leading slash.
    pub folder: String,
}

/// The control groups that can limit this process's CPU time; `None` if the system does not tell.
pub(super) fn control_groups(sysfs: &Sysfs) -> Option<Vec<ControlGroup>> {
    let groups = sysfs.text("proc/self/cgroup")?;
    let mounts = sysfs.text("proc/self/mountinfo")?;
    let mut found = Vec::new();
    for line in groups.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(group)) = (parts.next(), parts.next()) else {
            continue;
        };
        let unified = controllers.is_empty();
        if !unified && !controllers.split(',').any(|name| name == "cpu") {
            continue;
        }
        if let Some(mount) = mount(&mounts, unified) {
            let folders = folders(&mount, group).into_iter();
            found.extend(folders.map(|folder| ControlGroup { unified, folder }));
        }
    }
    Some(found)
}

/// The mount of the hierarchy. A line of `mountinfo`: id, parent, device, root, mount point,
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

/// The folders of `group` and of its ancestors that the mount shows. In some containers the mount does
/// not show the group; its top folder then stands for it.
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
fn limit_v2(sysfs: &Sysfs, folder: &str) -> Option<(f64, String)> {
    let file = format!("{folder}/cpu.max");
    let text = sysfs.text(&file)?;
    let (quota, period) = text.split_once(' ')?;
    quota_and_file(quota.parse().ok()?, period.parse().ok()?, file)
}

fn limit_v1(sysfs: &Sysfs, folder: &str) -> Option<(f64, String)> {
    let file = format!("{folder}/cpu.cfs_quota_us");
    let period = sysfs.number(&format!("{folder}/cpu.cfs_period_us"))?;
    quota_and_file(sysfs.number(&file)?, period, file)
}

/// The quota in CPUs with its file; `None` for −1, which means unlimited.
fn quota_and_file(quota: f64, period: f64, file: String) -> Option<(f64, String)> {
    (quota > 0.0 && period > 0.0).then(|| (quota / period, format!("/{file}")))
}
