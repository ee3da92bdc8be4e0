//! Embeds facts that only the build knows: the compiler, its flags, the commit, and the versions of the measured
//! crates. At run time the executable may be next to other sources.

#[path = "src/sources.rs"]
mod sources;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

fn main() {
    let home = PathBuf::from(variable("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(variable("OUT_DIR").expect("cargo sets it"));
    // Git's log is not watched, since a commit changes no source and need not rebuild anything.
    for source in sources::SOURCES.iter().map(|name| home.join(name)) {
        watch(&source);
    }

    let packaged = packaged(&home);
    let sources = packaged.is_none().then(|| sources::digest_of_worktree(&home)).flatten();
    let (commit, clean) = packaged
        .or_else(|| checked_out(&home))
        .map_or((None, None), |(commit, clean)| (Some(commit), Some(clean)));
    // Cargo keeps a separate build for each set of flags, so there is nothing to watch.
    let flags = variable("CARGO_ENCODED_RUSTFLAGS").map(|flags| flags.replace('\x1f', " "));
    let build = format!(
        "Build {{ rustc: {:?}, host: {:?}, target: {:?}, profile: {:?}, \
         opt_level: Some(contend_workloads::OPT_LEVEL), debug_assertions: cfg!(debug_assertions), \
         flags: {:?}, target_features: {:?}, features: {:?}, \
         commit: ({:?} as Option<&str>).map(str::to_owned), clean: {:?}, sources: {:?}, locked: Some(locked) }}",
        compiler(),
        variable("HOST"),
        variable("TARGET"),
        profile(&out),
        flags.or(Some(String::new())),
        variable("CARGO_CFG_TARGET_FEATURE"),
        features(),
        commit,
        clean,
        sources,
    );
    fs::write(out.join("build_facts.rs"), build).expect("OUT_DIR can be written");
    fs::write(out.join("build.lock"), lock_file(&home, &out)).expect("OUT_DIR can be written");
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}

/// Runs this script again when `path` changes. A missing path would run it at each build, so it is left out.
fn watch(path: &Path) {
    if path.exists() {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

fn compiler() -> Option<String> {
    output(Command::new(variable("RUSTC")?).arg("-V"))
}

/// The profile, from the folder below `target`. `PROFILE` names only the profile that a custom one inherits.
fn profile(out: &Path) -> Option<String> {
    let folders: Vec<_> = out.iter().filter_map(|part| part.to_str()).collect();
    let build = folders.iter().rposition(|folder| *folder == "build");
    build.and_then(|at| at.checked_sub(1)).map(|at| folders[at].to_owned()).or_else(|| variable("PROFILE"))
}

/// The features of this package that are on, in the order of the alphabet. `default` only names others.
fn features() -> Option<String> {
    let feature = |name: &str| Some(name.strip_prefix("CARGO_FEATURE_")?.to_lowercase().replace('_', "-"));
    let names = env::vars_os().filter_map(|(name, _)| feature(name.to_str()?));
    let mut names: Vec<String> = names.filter(|name| name != "default").collect();
    names.sort();
    Some(names.join(","))
}

/// The commit of a packaged crate, from the file that `cargo package` adds, and whether its sources were
/// unchanged.
fn packaged(home: &Path) -> Option<(String, bool)> {
    let info = fs::read_to_string(home.join(".cargo_vcs_info.json")).ok()?;
    let (_, rest) = info.split_once("\"sha1\"")?;
    let commit = rest.split('"').nth(1)?;
    let dirty = info
        .split_once("\"dirty\"")
        .is_some_and(|(_, rest)| rest.trim_start_matches([':', ' ']).starts_with("true"));
    Some((commit.to_owned(), !dirty))
}

/// The commit that is checked out, and whether the sources are unchanged.
fn checked_out(home: &Path) -> Option<(String, bool)> {
    let (committed, commit) = sources::digest_of_head(home)?;
    Some((commit, sources::digest_of_worktree(home)? == committed))
}

fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|out| out.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

/// This build's lock file, which has the versions of the measured crates. If this crate is a dependency, that is
/// another project's file, found from the target folder or from cargo's working folder. The file next to this
/// crate's sources comes last. In an unpacked archive it does not count, since no build used it.
fn lock_file(home: &Path, out: &Path) -> String {
    let name = variable("CARGO_PKG_NAME").unwrap_or_default();
    let version = variable("CARGO_PKG_VERSION").unwrap_or_default();
    let shell = variable("PWD").map(PathBuf::from);
    let own = (!home.join(".cargo-ok").exists()).then_some(home);
    let places = [Some(out), shell.as_deref(), own];
    let folders = places.into_iter().flatten().flat_map(Path::ancestors);
    for path in folders.map(|folder| folder.join("Cargo.lock")) {
        let text = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        if text.contains(&format!("name = \"{name}\"\nversion = \"{version}\"\n")) {
            watch(&path);
            return text;
        }
    }
    String::new()
}
