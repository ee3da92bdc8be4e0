//! Facts that the build script embedded in this executable.

use std::{path::Path, sync::LazyLock};

use super::sources;

/// Facts of a build.
#[derive(Clone, Debug)]
pub(super) struct Build {
    pub rustc: Option<&'static str>,
    pub host: Option<&'static str>,
    pub target: Option<&'static str>,
    pub profile: Option<&'static str>,
    /// That of measured code, which is compiled in another crate.
    pub opt_level: Option<&'static str>,
    pub debug_assertions: bool,
    pub flags: Option<&'static str>,
    pub target_features: Option<&'static str>,
    /// The commit whose sources were built, or the last one before they were changed.
    pub commit: Option<String>,
    /// Whether the sources were those of the commit.
    pub clean: Option<bool>,
    /// The digest of the sources, from [`sources::digest_of_worktree`].
    pub sources: Option<&'static str>,
    /// Name and version of the locked packages, sorted by name.
    pub versions: &'static [(&'static str, &'static str)],
}

/// This build. A commit rebuilds nothing, so the embedded commit may be older than the sources. If the
/// sources equal those of the checked-out commit, that commit is named instead.
pub(super) static BUILD: LazyLock<Build> = LazyLock::new(|| {
    let mut build: Build = include!(concat!(env!("OUT_DIR"), "/build_facts.rs"));
    let head = sources::digest_of_head(Path::new(env!("CARGO_MANIFEST_DIR")));
    if let (Some(built), Some((committed, commit))) = (build.sources, head)
        && built == committed
    {
        build.commit = Some(commit);
        build.clean = Some(true);
    }
    build
});

/// The version of a crate in this build's lock file: `version_of("dashmap")` is `Some("6.1.0")`.
/// For `std`, `core` and `alloc` it is rustc's. `None` if the lock file was not found, lacks the crate,
/// or has several versions of it and no rule to choose.
pub fn version_of(package: &str) -> Option<&'static str> {
    if ["std", "core", "alloc"].contains(&package) {
        return BUILD.rustc?.split(' ').nth(1);
    }
    let at = BUILD.versions.binary_search_by_key(&package, |entry| entry.0);
    at.ok().map(|at| BUILD.versions[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_of_this_build() {
        assert_eq!(version_of("contend"), Some(env!("CARGO_PKG_VERSION")));
        assert!(version_of("serde").is_some_and(|version| version.starts_with("1.")));
        assert_eq!(version_of("no-such-crate"), None);
        let std = version_of("std").expect("cargo names the compiler");
        assert!(std.split('.').count() >= 3, "{std}");
    }

    #[test]
    fn the_compiler_and_the_target_are_known() {
        assert!(BUILD.rustc.is_some_and(|rustc| rustc.starts_with("rustc ")));
        assert!(BUILD.target.is_some_and(|target| target.contains('-')));
        assert!(BUILD.profile.is_some());
    }
}
