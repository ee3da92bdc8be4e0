//! The files below `/proc` and `/sys` in which a Linux kernel describes the machine. Every reader takes a
//! [`Sysfs`], so that a test can lay out another machine in a folder. A missing file, as on other
//! systems, gives `None`, which is shown as "unknown".

use std::io::Read;
use std::{collections::BTreeSet, fs, path::PathBuf, str::FromStr};

/// A root folder that contains `proc` and `sys`.
pub(super) struct Sysfs {
    root: PathBuf,
}

impl Sysfs {
    /// The files of this machine.
    pub fn system() -> Self {
        Self::at("/")
    }

    /// The files of a machine that is laid out in a folder.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The text of a file, trimmed; `None` if it cannot be read or is empty.
    pub fn text(&self, path: &str) -> Option<String> {
        let bytes = fs::read(self.root.join(path)).ok()?;
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The first `bytes` of a file, of which only the beginning is of interest.
    pub fn head(&self, path: &str, bytes: usize) -> Option<String> {
        let mut head = Vec::with_capacity(bytes);
        fs::File::open(self.root.join(path)).ok()?.take(bytes as u64).read_to_end(&mut head).ok()?;
        Some(String::from_utf8_lossy(&head).into_owned())
    }

    /// The number in a file that contains nothing else.
    pub fn number<T: FromStr>(&self, path: &str) -> Option<T> {
        self.text(path)?.parse().ok()
    }

    /// Whether the file or folder exists.
    pub fn has(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }

    /// The names in a folder, sorted; empty if it cannot be read.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.root.join(folder));
        let mut names: Vec<_> = entries
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect();
        names.sort();
        names
    }

    /// The value after `key` and a colon, in a file of such lines.
    pub fn field(&self, path: &str, key: &str) -> Option<String> {
        let text = self.text(path)?;
        let value = text.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            (name.trim() == key).then(|| value.trim().to_owned())
        });
        value.filter(|value| !value.is_empty())
    }

    /// The CPUs in a file such as `0-3,8-11`.
    pub fn cpus(&self, path: &str) -> Option<BTreeSet<usize>> {
        cpu_list(&self.text(path)?)
    }
}

/// The CPUs of the kernel's list format: `0-3,8-11`. `None` if the text is empty or not a list.
pub(super) fn cpu_list(text: &str) -> Option<BTreeSet<usize>> {
    let mut cpus = BTreeSet::new();
    for range in text.trim().split(',') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (first, last) = (first.parse().ok()?, last.parse::<usize>().ok()?);
        cpus.extend(first..=last);
    }
    (!cpus.is_empty()).then_some(cpus)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_cpus_are_ranges_and_numbers() {
        let list = |text| cpu_list(text).map(Vec::from_iter);
        assert_eq!(list("0-2,8,10-11\n"), Some(vec![0, 1, 2, 8, 10, 11]));
        assert_eq!(list("5"), Some(vec![5]));
        for wrong in ["", "a", "1-", "3-1", "0,,1"] {
            assert_eq!(list(wrong), None, "{wrong}");
        }
    }
}
