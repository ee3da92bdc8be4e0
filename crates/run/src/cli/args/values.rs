//! The valid values of arguments. An error says which values are valid.

use std::time::Duration;

use crate::machine::allowed_cpus;
use crate::session::most_threads;

/// The largest number of forks or rounds.
const MOST: u32 = 1_000;

/// The shortest and the longest window.
const WINDOWS: [Duration; 2] = [Duration::from_micros(100), Duration::from_secs(10)];

/// Folders that criterion writes beside the baselines.
pub(in crate::cli) const CRITERION_FOLDERS: [&str; 3] = ["report", "change", "new"];

pub(super) fn threads(text: &str) -> Result<usize, String> {
    let most = most_threads(allowed_cpus());
    let count = text.trim().parse().ok();
    count
        .filter(|count| (1..=most).contains(count))
        .ok_or_else(|| format!("it must be a number from 1 to {most}; try `--threads 1,2,8`"))
}

pub(super) fn cpus(text: &str) -> Result<usize, String> {
    if !cfg!(target_os = "linux") {
        return Err("only Linux lets a program restrict itself to some CPUs".to_owned());
    }
    let most = allowed_cpus();
    let count = text.trim().parse().ok();
    count
        .filter(|count| (1..=most).contains(count))
        .ok_or_else(|| format!("it must be a number from 1 to {most}, the CPUs that this process may use"))
}

pub(super) fn number(text: &str) -> Result<u32, String> {
    let number = text.parse().ok();
    number
        .filter(|number| (1..=MOST).contains(number))
        .ok_or_else(|| format!("it must be a whole number from 1 to {MOST}"))
}

pub(super) fn runs(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| "it must be a number of runs; try `--keep 10`".to_owned())
}

pub(super) fn window(text: &str) -> Result<Duration, String> {
    let window = humantime::parse_duration(text).ok();
    window
        .filter(|window| (WINDOWS[0]..=WINDOWS[1]).contains(window))
        .ok_or_else(|| "it must be a time from 100us to 10s; try `--window 20ms`".to_owned())
}

pub(super) fn budget(text: &str) -> Result<Duration, String> {
    let budget = humantime::parse_duration(text).ok();
    budget
        .filter(|budget| *budget >= Duration::from_secs(1))
        .ok_or_else(|| "it must be a time of at least 1s; try `--budget 10m`".to_owned())
}

pub(super) fn deadline(text: &str) -> Result<Duration, String> {
    let deadline = humantime::parse_duration(text).ok();
    deadline
        .filter(|deadline| *deadline >= Duration::from_millis(100))
        .ok_or_else(|| "it must be a time of at least 100ms; try `--deadline 30s`".to_owned())
}

pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok();
    seconds
        .filter(|seconds| *seconds > 0.0 && *seconds <= 86_400.0)
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "it must be a number of seconds; try `--profile-time 10`".to_owned())
}

/// A name that can be that of a baseline: of one folder, on any system.
///
/// # Errors
/// If it is none. The error says why.
pub(super) fn baseline_name(name: &str) -> Result<String, String> {
    const REFUSED: [char; 9] = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];
    let why = match name {
        "" => "it is empty",
        name if name.chars().all(|c| c == '.' || c == ' ') => "it names no folder of its own",
        name if name.trim() != name => "it begins or ends with a space",
        name if name.contains(REFUSED) || name.chars().any(char::is_control) => {
            "it is a folder's name, so it must not contain / \\ : * ? \" < > or |"
        }
        name if name.len() > 100 => "it is longer than 100 bytes",
        // Some systems have no two folders whose names differ in case alone.
        name if CRITERION_FOLDERS.iter().any(|own| name.eq_ignore_ascii_case(own)) => {
            "criterion uses this folder itself"
        }
        name => return Ok(name.to_owned()),
    };
    Err(format!("{why}; try a name such as `main`"))
}

/// The units of sizes, and their bytes.
const UNITS: [(&str, u64); 7] = [
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("", 1),
];

/// The smallest limit of memory that a fork can start with.
const LEAST_MEMORY: u64 = 32 << 20;

pub(super) fn memory(text: &str) -> Result<u64, String> {
    let size = UNITS.iter().find_map(|(unit, bytes)| {
        let number: u64 = text.strip_suffix(unit)?.trim().parse().ok()?;
        number.checked_mul(*bytes)
    });
    size.filter(|bytes| *bytes >= LEAST_MEMORY)
        .ok_or_else(|| "it must be a size of at least 32MiB; try `--memory 2GiB`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        assert_eq!(memory("2GiB"), Ok(2 << 30));
        assert_eq!(memory("500 MB"), Ok(500_000_000));
        assert_eq!(memory("40000000"), Ok(40_000_000));
        for wrong in ["", "1GiB2", "-1GB", "31MiB", "18446744073709551615GiB", "1.5GiB"] {
            assert!(memory(wrong).is_err(), "{wrong}");
        }
    }
}
