//! The facts of this build, from its build script and from the checkout that it was built in.

use std::path::Path;

use contend_run::machine::Build;

use crate::sources;

/// This build. A commit rebuilds nothing, so the embedded commit may be older than the sources. If the
/// sources equal those of the checked-out commit, that commit is named instead.
pub(crate) fn build_facts() -> Build {
    let mut build: Build = include!(concat!(env!("OUT_DIR"), "/build_facts.rs"));
    let head = sources::digest_of_head(Path::new(env!("CARGO_MANIFEST_DIR")));
    if let (Some(built), Some((committed, commit))) = (build.sources, head)
        && built == committed
    {
        build.commit = Some(commit);
        build.clean = Some(true);
    }
    build
}

#[cfg(test)]
mod tests {
    use super::*;
    use contend_run::machine::{set_build, version_of};

    #[test]
    fn versions_are_those_of_this_build() {
        set_build(build_facts());
        assert_eq!(version_of("contend"), Some(env!("CARGO_PKG_VERSION")));
        assert!(version_of("serde").is_some_and(|version| version.starts_with("1.")));
        assert_eq!(version_of("no-such-crate"), None);
        let std = version_of("std").expect("cargo names the compiler");
        assert!(std.split('.').count() >= 3, "{std}");
    }

    #[test]
    fn the_compiler_and_the_target_are_known() {
        let build = build_facts();
        assert!(build.rustc.is_some_and(|rustc| rustc.starts_with("rustc ")));
        assert!(build.target.is_some_and(|target| target.contains('-')));
        assert!(build.profile.is_some());
    }
}
