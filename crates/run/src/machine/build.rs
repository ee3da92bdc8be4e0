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
    /// The commit whose sources were built, or the last one before they were changed.
    pub commit: Option<String>,
    /// Whether the sources were those of the commit.
    pub clean: Option<bool>,
    /// The digest of the sources, as git's hash of a list of blobs and paths.
    pub sources: Option<&'static str>,
    /// Name and version of the locked packages, sorted by name.
    pub versions: &'static [(&'static str, &'static str)],
}

/// This build: the default one, of which nothing is known, until [`set_build`].
static BUILD: OnceLock<Build> = OnceLock::new();

/// Tells this process its own build, once. Only the crate on top of all others knows it, so that a change of any
/// source compiles no other crate again.
pub fn set_build(build: Build) {
    BUILD.get_or_init(|| build);
}

/// The facts of this build.
pub(super) fn build() -> &'static Build {
    BUILD.get_or_init(Build::default)
}

/// The version of a crate in this build's lock file: `version_of("dashmap")` is `Some("6.1.0")`.
/// For `std`, `core` and `alloc` it is rustc's. Where two versions are measured, `version_of("parking_lot 0.12")` is
/// the one of that series, and the name alone is the newest. `None` if the lock file was not found, lacks the crate,
/// or has several versions of it and no rule to choose.
pub fn version_of(package: &str) -> Option<&'static str> {
    if ["std", "core", "alloc"].contains(&package) {
        return build().rustc?.split(' ').nth(1);
    }
    of_series(build().versions, package)
}

/// The newest version of a package, or of one of its series.
fn of_series(versions: &'static [(&'static str, &'static str)], package: &str) -> Option<&'static str> {
    let (name, series) = package.split_once(' ').unwrap_or((package, ""));
    let in_series = |version: &str| {
        let rest = version.strip_prefix(series);
        series.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let numbers = |version: &str| -> Vec<u64> {
        version.split(['.', '-', '+']).map_while(|number| number.parse().ok()).collect()
    };
    let of_name = versions.iter().filter(|(known, version)| *known == name && in_series(version));
    of_name.map(|(_, version)| *version).max_by_key(|version| numbers(version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_has_its_own_version_where_two_are_measured() {
        const VERSIONS: &[(&str, &str)] = &[
            ("dashmap", "6.2.1"),
            ("parking_lot", "0.12.5"),
            ("parking_lot", "0.13.0"),
            ("spin", "0.12.3"),
            ("spin", "0.9.9"),
        ];
        let of = |package| of_series(VERSIONS, package);
        assert_eq!(of("dashmap"), Some("6.2.1"));
        assert_eq!(of("parking_lot"), Some("0.13.0"));
        assert_eq!(of("parking_lot 0.12"), Some("0.12.5"));
        assert_eq!(of("parking_lot 0.1"), None);
        assert_eq!(of("spin"), Some("0.12.3")); // by number, not by letter
        assert_eq!(of("rayon"), None);
    }
}
