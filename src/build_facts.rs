//! The facts of this build, from its build script and from the checkout that it was built in.

use std::path::Path;
use std::{env, fs};

use contend_run::machine::{Build, LockedPackage};

use crate::{lockfile, sources};

/// The package whose dependencies are measured.
const MEASURED: &str = "contend-workloads";

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

/// The packages of this build. Cargo tells a process that it runs whose package it is: the lock file there is that of
/// the build that has just ended. Otherwise it is the one that the build script found, which a target folder outside
/// of the project can lead to another workspace.
fn locked() -> Vec<LockedPackage> {
    let home = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    let folders = Path::new(&home).ancestors();
    let files = folders.filter_map(|folder| fs::read_to_string(folder.join("Cargo.lock")).ok());
    let mut packages = files.map(|text| lockfile::parse(&text));
    let of_this_build = |package: &lockfile::Package| {
        package.name == env!("CARGO_PKG_NAME") && package.version == env!("CARGO_PKG_VERSION")
    };
    let found = packages.find(|packages| packages.iter().any(of_this_build));
    let built = || lockfile::parse(include_str!(concat!(env!("OUT_DIR"), "/build.lock")));
    lockfile::locked(&found.unwrap_or_else(built), MEASURED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use contend_run::machine::{set_build, version_of};

    #[test]
    fn versions_are_those_of_this_build() {
        set_build(build_facts);
        assert_eq!(version_of("contend"), Some(env!("CARGO_PKG_VERSION")));
        assert!(version_of("serde").is_some_and(|version| version.starts_with("1.")));
        assert_eq!(version_of("no-such-crate"), None);
        assert_eq!(version_of("serde@1"), version_of("serde"));
        assert_eq!(version_of("serde@0"), None);
        let std = version_of("std").expect("cargo names the compiler");
        assert!(std.split('.').count() >= 3, "{std}");
    }

    #[test]
    fn the_compiler_and_the_target_are_known() {
        let build = build_facts();
        assert!(build.rustc.is_some_and(|rustc| rustc.starts_with("rustc ")));
        assert!(build.target.is_some_and(|target| target.contains('-')));
        assert!(build.profile.is_some());
        let features: Vec<&str> = build.features.expect("cargo names them").split(',').collect();
        assert_eq!(features.contains(&"patterns"), cfg!(feature = "patterns"), "{features:?}");
        assert!(!features.contains(&"default"), "{features:?}");
    }
}
