//! What killed runs leave below the folder of all runs: files that were being written, and folders without a run.

use std::fs;
use std::path::Path;

use super::folder_lock::FolderLock;
use crate::report::part_file_owner;

/// Removes the files that killed processes were writing in `reports` and its runs, and folders that killed processes
/// made for a run but that have none. What cannot be removed stays: it does no harm.
pub(super) fn remove_leftovers(reports: &Path) {
    remove_part_files(reports);
    for entry in fs::read_dir(reports).into_iter().flatten().flatten() {
        let (folder, name) = (entry.path(), entry.file_name());
        if !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        remove_part_files(&folder);
        remove_part_files(&folder.join("charts"));
        if is_run_name(&name.to_string_lossy()) && !folder.join("run.json").exists() && is_empty(&folder) {
            // Another process may be about to write it.
            let Ok(_lock) = FolderLock::take(&folder) else { continue };
            if !folder.join("run.json").exists() && is_empty(&folder) {
                let _ = fs::remove_dir_all(&folder);
            }
        }
    }
}

fn remove_part_files(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let owner = entry.file_name().to_str().and_then(part_file_owner);
        if owner.is_some_and(|owner| !is_alive(owner)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether a folder's name is one that a run gets: its time.
fn is_run_name(name: &str) -> bool {
    name.starts_with("20")
        && name.contains('T')
        && name.bytes().all(|b| b.is_ascii_digit() || b"-T".contains(&b))
}

/// Whether a folder has nothing but the lock and files without content.
fn is_empty(folder: &Path) -> bool {
    let mut entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.all(|entry| {
        entry.file_name() == ".lock" || entry.metadata().is_ok_and(|data| data.is_file() && data.len() == 0)
    })
}

/// Whether a process with this id lives.
#[cfg(unix)]
fn is_alive(process: u32) -> bool {
    let process = nix::unistd::Pid::from_raw(process as i32);
    nix::sys::signal::kill(process, None) != Err(nix::errno::Errno::ESRCH)
}

/// The system does not tell, so nothing is removed.
#[cfg(not(unix))]
fn is_alive(_: u32) -> bool {
    true
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_what_killed_processes_left_is_removed() {
        let reports = tempfile::tempdir().expect("a folder");
        let at = |name: &str| reports.path().join(name);
        for folder in ["2026-01-01T00-00-00", "2026-01-02T00-00-00", "2026-01-03T00-00-00-2", "own", "taken"]
        {
            fs::create_dir(at(folder)).expect("a folder");
        }
        let mut ended = std::process::Command::new("true").spawn().expect("it starts");
        ended.wait().expect("it ends");
        let (dead, own) = (ended.id(), std::process::id());
        let files = [
            (format!(".contend-{dead}-a.part"), false),
            (format!("own/.contend-{dead}-b.part"), false),
            (format!(".contend-{own}-c.part"), true),
            ("own/notes.txt".to_owned(), true),
            ("2026-01-01T00-00-00/samples.jsonl".to_owned(), false),
            ("2026-01-02T00-00-00/run.json".to_owned(), true),
        ];
        for (file, kept) in &files {
            fs::write(at(file), if *kept { "x" } else { "" }).expect("it can be written");
        }
        let folder = at("2026-01-03T00-00-00-2");
        let lock = FolderLock::take(&folder).expect("it is free");
        remove_leftovers(reports.path());
        for (file, kept) in &files {
            assert_eq!(at(file).exists(), *kept, "{file}");
        }
        assert!(!at("2026-01-01T00-00-00").exists() && at("own").exists() && at("taken").exists());
        assert!(folder.exists(), "another process has it");
        drop(lock);
        remove_leftovers(reports.path());
        assert!(!folder.exists());
    }
}
