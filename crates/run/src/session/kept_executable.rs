//! The executables that measured a run, kept in its folder, so that later runs can be measured beside them. A hard link
//! takes no space until the build is replaced, and it survives that. The files are hidden: they are no part of the run,
//! and every reader of one checks its hash.

use std::io;
use std::path::Path;

use crate::machine::Executable;

/// The build that measured the run.
pub(crate) const OWN: &str = ".executable";

/// The older build that it is compared with.
pub(crate) const OLDER: &str = ".against";

/// Keeps `executable` in `folder` under `name`. Across file systems a symbolic link has to do, which leads to the build
/// until it is replaced. Where neither is possible, nothing is kept, and the run has all the same.
pub(super) fn keep(executable: &Executable, folder: &Path, name: &str) {
    let (from, to) = (executable.path(), folder.join(name));
    let _ = std::fs::hard_link(&from, &to).or_else(|_| symbolic_link(&from, &to));
}

/// The executable that is kept in `folder` under `name`, if it is still the one with this hash.
pub(crate) fn kept(folder: &Path, name: &str, sha256: &str) -> Option<Executable> {
    let found = Executable::at(&folder.join(name)).ok()?;
    (found.identity().sha256() == sha256).then_some(found)
}

#[cfg(unix)]
fn symbolic_link(from: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(from, to)
}

#[cfg(not(unix))]
fn symbolic_link(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_build_survives_a_rebuild_and_another_one_is_not_taken_for_it() {
        let place = tempfile::tempdir().expect("a folder");
        let built = place.path().join("program");
        std::fs::write(&built, "one build").expect("it can be written");
        let one = Executable::at(&built).expect("it can be read");
        let sha256 = one.identity().sha256();
        keep(&one, place.path(), OWN);
        std::fs::remove_file(&built).expect("it was there");
        std::fs::write(&built, "a second build").expect("it can be written");
        assert!(kept(place.path(), OWN, sha256).is_some());
        assert!(kept(place.path(), OLDER, sha256).is_none());
        let second = Executable::at(&built).expect("it can be read");
        keep(&second, place.path(), OLDER);
        assert!(kept(place.path(), OLDER, sha256).is_none());
    }
}
