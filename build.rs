//! Embeds what only the build knows: the compiler, its flags, the commit, and the versions of the
//! crates that are measured. At run time the executable may stand beside another tree.

#[path = "src/machine/lockfile.rs"]
mod lockfile;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// What the measured code is made of. A change to any of these builds it anew in any case, so the
/// commit's state is read from these alone, and never goes stale.
const SOURCES: [&str; 7] = [
    "build.rs",
    "Cargo.toml",
    "Cargo.lock",
    "src",
    "benches",
    "crates",
    ".cargo",
];

fn main() {
    let home = PathBuf::from(variable("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(variable("OUT_DIR").expect("cargo sets it"));
    for source in SOURCES.iter().map(|name| home.join(name)) {
        watch(&source);
    }

    let (commit, clean) = packaged(&home)
        .or_else(|| checked_out(&home))
        .map_or((None, None), |(commit, clean)| (Some(commit), Some(clean)));
    // Cargo keeps a build of its own for each set of flags, so there is nothing to watch.
    let flags = variable("CARGO_ENCODED_RUSTFLAGS").map(|flags| flags.replace('\x1f', " "));
    let build = format!(
        "Build {{ rustc: {:?}, host: {:?}, target: {:?}, profile: {:?}, opt_level: {:?}, \
         debug_assertions: cfg!(debug_assertions), flags: {:?}, target_features: {:?}, \
         commit: {:?}, clean: {:?}, versions: &{:?} }}",
        compiler(),
        variable("HOST"),
        variable("TARGET"),
        profile(&out),
        variable("OPT_LEVEL"),
        flags.or(Some(String::new())),
        variable("CARGO_CFG_TARGET_FEATURE"),
        commit,
        clean,
        versions(&home, &out),
    );
    fs::write(out.join("build_facts.rs"), build).expect("OUT_DIR can be written");
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}

/// Runs this script again when `path` changes. A path that does not exist would run it every time.
fn watch(path: &Path) {
    if path.exists() {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

fn compiler() -> Option<String> {
    output(Command::new(variable("RUSTC")?).arg("-V"))
}

/// The folder below `target` says `bench-lto` where `PROFILE` says only what it inherits from.
fn profile(out: &Path) -> Option<String> {
    let folders: Vec<_> = out.iter().filter_map(|part| part.to_str()).collect();
    let build = folders.iter().rposition(|folder| *folder == "build");
    build
        .and_then(|at| at.checked_sub(1))
        .map(|at| folders[at].to_owned())
        .or_else(|| variable("PROFILE"))
}

/// The commit that a crate's archive was made from, as `cargo package` notes it.
fn packaged(home: &Path) -> Option<(String, bool)> {
    let info = fs::read_to_string(home.join(".cargo_vcs_info.json")).ok()?;
    let (_, rest) = info.split_once("\"sha1\"")?;
    let commit = rest.split('"').nth(1)?;
    let dirty = info
        .split_once("\"dirty\"")
        .is_some_and(|(_, rest)| rest.trim_start_matches([':', ' ']).starts_with("true"));
    Some((commit.to_owned(), !dirty))
}

/// The commit that the sources stand on, and whether they are as it has them.
fn checked_out(home: &Path) -> Option<(String, bool)> {
    // Not the commit of a repository that merely surrounds an unpacked archive.
    git(home, &["ls-files", "--error-unmatch", "Cargo.toml"])?;
    let commit = git(home, &["rev-parse", "HEAD"])?;
    let mut status = vec!["status", "--porcelain", "--"];
    status.extend(SOURCES.iter().filter(|name| home.join(name).exists()));
    let clean = git(home, &status)?.is_empty();
    watch_head(home);
    Some((commit, clean))
}

/// The log of HEAD grows with every commit, checkout and reset. Without a log, branches do.
fn watch_head(home: &Path) {
    let path = |name| Some(home.join(git(home, &["rev-parse", "--git-path", name])?));
    let log = path("logs/HEAD").filter(|log| log.exists());
    for name in [log.or_else(|| path("refs/heads")), path("HEAD")] {
        watch(&name.unwrap_or_default());
    }
}

fn git(home: &Path, arguments: &[&str]) -> Option<String> {
    // Optional locks would touch the index of somebody at work in the same tree.
    output(
        Command::new("git")
            .arg("--no-optional-locks")
            .args(arguments)
            .current_dir(home),
    )
}

fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|out| out.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

/// What the lock file of this very build says. Where this crate is a dependency that is another
/// project's file, around the target folder or around where cargo was called; the one beside this
/// crate's sources counts last, and not at all in an unpacked archive, which ships one that nobody
/// built with.
fn versions(home: &Path, out: &Path) -> Vec<(String, String)> {
    let name = variable("CARGO_PKG_NAME").unwrap_or_default();
    let version = variable("CARGO_PKG_VERSION").unwrap_or_default();
    let shell = variable("PWD").map(PathBuf::from);
    let own = (!home.join(".cargo-ok").exists()).then_some(home);
    let places = [Some(out), shell.as_deref(), own];
    let folders = places.into_iter().flatten().flat_map(Path::ancestors);
    for path in folders.map(|folder| folder.join("Cargo.lock")) {
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        let packages = lockfile::parse(&text);
        if packages
            .iter()
            .any(|p| p.name == name && p.version == version)
        {
            watch(&path);
            return lockfile::versions(&packages, &name);
        }
    }
    Vec::new()
}
