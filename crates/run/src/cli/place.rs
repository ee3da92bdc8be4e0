//! Where a command runs, and how its paths are shown. Cargo starts a bench target in its package's folder, which need
//! not be the folder of the user's shell.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::members::members;
use crate::claim;
use crate::record::printable;
use crate::session::{has_runs, newest_start};

/// The name of the folder of all runs.
const REPORTS: &str = "reports";

/// The folder of the user's shell, if it tells.
pub(super) fn shell_folder() -> Option<PathBuf> {
    env::var_os("PWD").map(PathBuf::from).filter(|folder| folder.is_dir())
}

/// The folders from the current one up to the outermost package around it; only the current one outside of packages.
fn folders_in_package() -> Vec<PathBuf> {
    let current = env::current_dir().unwrap_or_default();
    let above: Vec<&Path> = current.ancestors().collect();
    let outermost = above.iter().rposition(|folder| is_package(folder)).unwrap_or(0);
    above.into_iter().take(outermost + 1).map(Path::to_owned).collect()
}

fn is_package(folder: &Path) -> bool {
    folder.join("Cargo.toml").is_file()
}

/// The folder of the package around the current folder, or the current folder outside of packages.
pub(super) fn package_folder() -> PathBuf {
    let mut folders = folders_in_package().into_iter();
    folders.find(|folder| is_package(folder)).unwrap_or_default()
}

/// The folder that new runs go to: that of the package, so that `cargo bench` and `contend run` agree.
pub(super) fn reports_to_write() -> PathBuf {
    relative(&package_folder().join(REPORTS))
}

/// The nearest folder with runs, from the current one up to the outermost package. If there is none, that of the member
/// of the workspace with the newest run, or that of new runs.
pub(super) fn reports_to_read() -> PathBuf {
    static FOUND: OnceLock<PathBuf> = OnceLock::new(); // each command asks for it, whichever is called
    FOUND.get_or_init(find_reports).clone()
}

fn find_reports() -> PathBuf {
    let (above, of_members) = folders_of_reports();
    let newest = |folders: Vec<PathBuf>| {
        folders.into_iter().filter(|reports| has_runs(reports)).max_by_key(|reports| newest_start(reports))
    };
    let found = above.into_iter().find(|reports| has_runs(reports)).or_else(|| newest(of_members));
    found.map_or_else(reports_to_write, |reports| relative(&reports))
}

/// Where runs may be: from the current folder up to the outermost package, and in the members of its workspace.
fn folders_of_reports() -> (Vec<PathBuf>, Vec<PathBuf>) {
    let above = folders_in_package();
    let members = above.last().map(|outermost| members(outermost)).unwrap_or_default();
    let reports = |folders: Vec<PathBuf>| folders.into_iter().map(|folder| folder.join(REPORTS)).collect();
    (reports(above), reports(members))
}

/// Where a run named `run` may be, unless it lies below `reports`: the reports of the packages around and of the
/// members of their workspace. Nowhere else where the user named the reports.
pub(super) fn elsewhere(reports: &Path, run: &Path) -> Vec<PathBuf> {
    if reports != reports_to_read() {
        return Vec::new();
    }
    let (above, of_members) = folders_of_reports();
    above.into_iter().chain(of_members).map(|folder| relative(&folder.join(run))).collect()
}

/// The folder of the user's own claims: that of the current folder, or of the package around it.
pub(super) fn claims_to_read() -> PathBuf {
    let here = Path::new(claim::FOLDER);
    if here.is_dir() { here.to_owned() } else { relative(&package_folder().join(here)) }
}

/// `path` as the user wrote it: from the current folder, or from that of the shell if it is there alone.
pub(super) fn as_typed(path: &Path) -> PathBuf {
    let in_shell = || shell_folder().map(|folder| folder.join(path)).filter(|found| found.exists());
    let here = path.exists().then(|| path.to_owned());
    here.or_else(in_shell).unwrap_or_else(|| path.to_owned())
}

/// `path` as it is named from the current folder, if it lies below.
fn relative(path: &Path) -> PathBuf {
    let below =
        env::current_dir().ok().and_then(|current| path.strip_prefix(current).ok().map(Path::to_owned));
    below.unwrap_or_else(|| path.to_owned())
}

/// `path` so that the user can open it: as it is where the shell is in the current folder, otherwise absolute.
pub(super) fn shown(path: &Path) -> String {
    let same = |shell: &PathBuf| {
        let current = env::current_dir().and_then(|folder| folder.canonicalize());
        matches!((shell.canonicalize(), current), (Ok(shell), Ok(current)) if shell == current)
    };
    let elsewhere = shell_folder().is_some_and(|shell| !same(&shell));
    let absolute = elsewhere.then(|| std::path::absolute(path).ok()).flatten();
    let shown = absolute.as_deref().unwrap_or(path).display().to_string();
    printable(&shown, shown.len())
}
