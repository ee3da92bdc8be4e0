//! A machine in a folder: the files that its kernel would show.

use std::{fmt::Write, fs};

use tempfile::TempDir;

use super::super::{Machine, sysfs::Sysfs};

pub(super) const CPUS: &str = "sys/devices/system/cpu";

/// A machine in a folder.
pub(super) struct Layout {
    pub folder: TempDir,
}

impl Layout {
    pub fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        Self { folder }
    }

    pub fn write(&self, path: &str, text: &str) -> &Self {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("{text}\n")).unwrap();
        self
    }

    /// `/proc/cpuinfo` and the topology of `sockets` × `cores` × `threads`, numbered as in Linux:
    /// the first threads of all cores, then the second ones.
    pub fn processors(&self, model: &str, flags: &str, [sockets, cores, threads]: [usize; 3]) {
        let per_thread = sockets * cores;
        let mut info = String::new();
        for cpu in 0..per_thread * threads {
            let core = cpu % per_thread;
            let socket = core / cores;
            let siblings: Vec<_> =
                (0..threads).map(|thread| (core + thread * per_thread).to_string()).collect();
            let siblings = siblings.join(",");
            writeln!(info, "processor\t: {cpu}\nmodel name\t: {model}").unwrap();
            writeln!(info, "physical id\t: {socket}\nflags\t\t: {flags}\n").unwrap();
            let folder = format!("{CPUS}/cpu{cpu}");
            self.write(&format!("{folder}/topology/physical_package_id"), &socket.to_string());
            self.write(&format!("{folder}/topology/core_cpus_list"), &siblings);
            self.write(&format!("{folder}/cpu_capacity"), "1024");
            self.cache(cpu, 0, ["1", "Data", "48K"], &siblings);
            self.cache(cpu, 1, ["2", "Unified", "1280K"], &siblings);
            let first = socket * cores;
            let shared: Vec<_> = (0..threads)
                .map(|thread| first + thread * per_thread)
                .map(|first| format!("{first}-{}", first + cores - 1))
                .collect();
            self.cache(cpu, 2, ["3", "Unified", "32768K"], &shared.join(","));
        }
        let last = per_thread * threads - 1;
        self.write("proc/cpuinfo", &info)
            .write(&format!("{CPUS}/online"), &format!("0-{last}"))
            .write("sys/devices/system/node/has_cpu", "0")
            .allowed(&format!("0-{last}"))
            .write("proc/self/cgroup", "0::/user.slice/shell.scope")
            .write(
                "proc/self/mountinfo",
                "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate",
            )
            .write("sys/fs/cgroup/user.slice/cpu.max", "max 100000")
            .write("proc/loadavg", "0.08 0.03 0.01 1/345 6789")
            .write("proc/stat", "cpu  100 0 50 9850 0 0 0 0 0 0\ncpu0 1")
            .write("proc/sys/kernel/osrelease", "6.12.4-amd64")
            .write("proc/sys/kernel/randomize_va_space", "2")
            .write("proc/meminfo", "MemTotal:       16310272 kB\nMemAvailable:   8388608 kB");
    }

    fn cache(&self, cpu: usize, index: usize, [level, kind, size]: [&str; 3], shared: &str) {
        let folder = format!("{CPUS}/cpu{cpu}/cache/index{index}");
        self.write(&format!("{folder}/level"), level)
            .write(&format!("{folder}/type"), kind)
            .write(&format!("{folder}/size"), size)
            .write(&format!("{folder}/shared_cpu_list"), shared)
            .write(&format!("{folder}/coherency_line_size"), "64");
    }

    pub fn allowed(&self, list: &str) -> &Self {
        self.write(
            "proc/self/status",
            &format!("Name:\tcontend\nCpus_allowed:\tff\nCpus_allowed_list:\t{list}"),
        )
    }

    pub fn governor(&self, cpus: usize, name: &str, driver: &str) {
        for cpu in 0..cpus {
            let folder = format!("{CPUS}/cpu{cpu}/cpufreq");
            self.write(&format!("{folder}/scaling_governor"), name)
                .write(&format!("{folder}/scaling_driver"), driver);
        }
    }

    pub fn machine(&self) -> Machine {
        Machine::read(&Sysfs::at(self.folder.path()), None)
    }
}
