//! Facts that the build script of the executable's package embedded in it.

use std::sync::OnceLock;

/// Facts of a build.
#[derive(Clone, Debug, Default)]
pub struct Build {
    /// The compiler as it names itself: `rustc 1.95.0 (59807616e 2026-04-14)`.
    pub rustc: Option<&'static str>,
    /// The system that compiled it, as a target triple.
    pub host: Option<&'static str>,
    /// The system that it was compiled for, as a target triple.
    pub target: Option<&'static str>,
    /// The folder below `target`: `release`, or a profile of the user's own.
    pub profile: Option<&'static str>,
    /// That of measured code, which is compiled in another crate.
    pub opt_level: Option<&'static str>,
    /// Whether measured code has debug assertions.
    pub debug_assertions: bool,
    /// `RUSTFLAGS`, separated by spaces.
    pub flags: Option<&'static str>,
    /// CPU features that the compiler may use, separated by commas.
    pub target_features: Option<&'static str>,
    /// The cargo features of contend that are on, separated by commas.
    pub features: Option<&'static str>,
    /// The commit whose sources were built, or the last one before they were changed.
    pub commit: Option<String>,
    /// Whether the sources were those of the commit.
    pub clean: Option<bool>,
    /// The digest of the sources, as git's hash of a list of blobs and paths.
    pub sources: Option<&'static str>,
    /// Reads the lock file of the build: its packages, sorted by name and version.
    pub locked: Option<fn() -> Vec<LockedPackage>>,
}

/// A package of the lock file of a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedPackage {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Whether a contender's code is of this version: the only one, or the one that the measured package uses.
    pub measured: bool,
    /// The packages that depend on it.
    pub users: Vec<String>,
    /// Whether a package of the user's own project is among them.
    pub by_project: bool,
}

/// How this process finds the facts of its build.
static SOURCE: OnceLock<fn() -> Build> = OnceLock::new();

/// Tells this process where the facts of its own build come from, once. They are read when they are first asked for:
/// forks need none, and reading them runs git. Only the crate on top of all others knows them, so that a change of any
/// source compiles no other crate again.
pub fn set_build(source: fn() -> Build) {
    SOURCE.get_or_init(|| source);
}

/// The facts of this build: the default ones, of which nothing is known, without [`set_build`].
pub(super) fn build() -> &'static Build {
    static BUILD: OnceLock<Build> = OnceLock::new();
    BUILD.get_or_init(|| SOURCE.get().map_or_else(Build::default, |source| source()))
}

/// The packages of this build, read when they are first asked for: forks need none.
fn locked() -> &'static [LockedPackage] {
    static LOCKED: OnceLock<Vec<LockedPackage>> = OnceLock::new();
    LOCKED.get_or_init(|| build().locked.map_or_else(Vec::new, |read| read()))
}

/// The version of a crate in this build's lock file: `version_of("dashmap")` is `Some("6.1.0")`.
/// For `std`, `core` and `alloc` it is rustc's. `version_of("parking_lot@0.12")`, or with a space, is the newest of
/// that series. The name alone is the newest that is measured. `None` if the lock file was not found, lacks the crate,
/// or has several versions of it and no rule to choose.
pub fn version_of(package: &str) -> Option<&'static str> {
    if ["std", "core", "alloc"].contains(&package) {
        return build().rustc?.split(' ').nth(1);
    }
    of_series(locked(), package)
}

/// The newest version of a measured package, or of one of the series of any.
fn of_series<'a>(locked: &'a [LockedPackage], package: &str) -> Option<&'a str> {
    let series = package.split_once(['@', ' ']);
    let suits = |locked: &&LockedPackage| match series {
        None => locked.measured && locked.name == package,
        Some((name, series)) => {
            let rest = locked.version.strip_prefix(series);
            locked.name == name && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        }
    };
    let numbers = |version: &str| -> Vec<u64> {
        version.split(['.', '-', '+']).map_while(|number| number.parse().ok()).collect()
    };
    let versions = locked.iter().filter(suits).map(|locked| locked.version.as_str());
    versions.max_by_key(|version| numbers(version))
}

/// The other versions of a measured crate in this build's lock file.
pub fn other_versions(package: &str) -> Vec<&'static LockedPackage> {
    if version_of(package).is_none() {
        return Vec::new();
    }
    locked().iter().filter(|locked| locked.name == package && !locked.measured).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_has_its_own_version_where_two_are_locked() {
        let versions = [
            ("dashmap", "6.2.1", true),
            ("parking_lot", "0.11.2", false),
            ("parking_lot", "0.12.5", true),
            ("parking_lot", "0.13.0", true),
            ("spin", "0.12.3", true),
            ("spin", "0.9.9", true),
        ];
        let locked = versions.map(|(name, version, measured)| {
            let (name, version) = (name.to_owned(), version.to_owned());
            LockedPackage { name, version, measured, users: Vec::new(), by_project: false }
        });
        let of = |package| of_series(&locked, package);
        assert_eq!(of("dashmap"), Some("6.2.1"));
        assert_eq!(of("parking_lot"), Some("0.13.0"));
        assert_eq!(of("parking_lot 0.12"), Some("0.12.5"));
        assert_eq!(of("parking_lot@0.12"), Some("0.12.5"));
        assert_eq!(of("parking_lot@0.11.2"), Some("0.11.2")); // the project's own, which nothing of the suite measures
        assert_eq!(of("parking_lot 0.1"), None);
        assert_eq!(of("spin"), Some("0.12.3")); // by number, not by letter
        assert_eq!(of("rayon"), None);
    }
}
