//! Criterion's folder: `CRITERION_HOME`, or `criterion` in cargo's target folder.

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::cli::place::{package_folder, shell_folder};
use crate::machine::Executable;

/// The environment variable of criterion's folder.
pub(super) const HOME: &str = "CRITERION_HOME";

/// Criterion's folder.
pub(super) fn criterion_home() -> PathBuf {
    match env::var_os(HOME).filter(|home| !home.is_empty()) {
        Some(home) => home.into(),
        None => target_folder().join("criterion"),
    }
}

/// Checks that files can be written to `home`.
pub(super) fn check_writable(home: &Path) -> io::Result<()> {
    std::fs::create_dir_all(home)?;
    tempfile::tempfile_in(home).map(drop)
}

/// Cargo's target folder: the given one, or the one around this executable. With a build folder of its own, the
/// executables of benches are not below the target folder, so cargo is asked.
fn target_folder() -> PathBuf {
    let given = ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"].into_iter().find_map(env::var_os);
    let executable = Executable::current().ok().map(|executable| executable.path());
    let built = executable.as_deref().and_then(cache_folder);
    if let Some(given) = given.filter(|given| !given.is_empty()).map(PathBuf::from) {
        return resolve(&given, built.as_deref());
    }
    let folders = cargo_folders();
    let same = |one: &Path, other: &Option<PathBuf>| {
        other.as_deref().is_some_and(|other| one.canonicalize().ok() == other.canonicalize().ok())
    };
    match (built, folders) {
        (Some(built), Some(Folders { target, build })) if same(&built, &build) => target,
        (Some(built), _) => built,
        (None, Some(folders)) => folders.target,
        (None, None) => package_folder().join("target"),
    }
}

/// The folder around `executable` that cargo builds in.
fn cache_folder(executable: &Path) -> Option<PathBuf> {
    let folder = executable.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
    folder.map(Path::to_owned)
}

/// A folder that was given relative to the folder in which cargo was called. This process runs in the package's folder.
fn resolve(given: &Path, built: Option<&Path>) -> PathBuf {
    let current = env::current_dir().unwrap_or_default();
    let bases: Vec<PathBuf> = shell_folder().into_iter().chain([current]).collect();
    let candidates: Vec<PathBuf> = bases.iter().map(|base| base.join(given)).collect();
    let canonical = |folder: &Path| folder.canonicalize().ok();
    let is_built = |folder: &&PathBuf| built.is_some() && canonical(folder) == built.and_then(canonical);
    let is_cache = |folder: &&PathBuf| folder.join("CACHEDIR.TAG").is_file();
    let found = candidates.iter().find(is_built).or_else(|| candidates.iter().find(is_cache));
    let folder = found.or(candidates.first()).cloned().unwrap_or_else(|| given.to_owned());
    canonical(&folder).unwrap_or(folder)
}

/// Cargo's folders of a package.
#[derive(serde::Deserialize)]
struct Folders {
    #[serde(rename = "target_directory")]
    target: PathBuf,
    /// Where cargo builds, if that is a folder of its own; unknown to old versions.
    #[serde(rename = "build_directory")]
    build: Option<PathBuf>,
}

/// Asks cargo for its folders, if there is a package around the current folder. It resolves relative folders of the
/// environment from where it is called, so it is called where the user called it.
fn cargo_folders() -> Option<Folders> {
    let package = package_folder();
    if !package.join("Cargo.toml").is_file() {
        return None;
    }
    let called = shell_folder().filter(|shell| shell.starts_with(&package)).unwrap_or(package);
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(called);
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    serde_json::from_slice(&output.stdout).ok()
}
