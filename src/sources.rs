//! A digest of a build's sources that does not depend on the commit. The build script embeds the digest
//! of the working tree. A run computes that of `HEAD`, and names the commit if the two agree. So a commit
//! alone rebuilds nothing, and the named commit is never stale.

use std::{
    path::Path,
    process::{Command, Stdio},
};

/// The sources of measured code and verdicts. `benches` is a template for users, and not one of them.
pub const SOURCES: [&str; 6] = ["build.rs", "Cargo.toml", "Cargo.lock", "src", "crates", ".cargo"];

/// Whether the compiler reads the file.
fn is_compiled(path: &str) -> bool {
    let (_, extension) = path.rsplit_once('.').unwrap_or_default();
    ["rs", "toml", "lock", "html", "css", "js"].contains(&extension)
}

/// The digest of the sources below `home` on disk; `None` without git, or if `home` is not the root of
/// its own checkout.
pub fn digest_of_worktree(home: &Path) -> Option<String> {
    let listing = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "--"];
    let files = git(home, &with_sources(&listing), None)?;
    let mut files: Vec<&str> = files.lines().filter(|path| is_compiled(path)).collect();
    files.retain(|path| home.join(path).is_file());
    let blobs = git(home, &["hash-object", "--stdin-paths"], Some(&files.join("\n")))?;
    digest(home, blobs.lines().zip(files).collect())
}

/// The digest of the sources of the commit that is checked out, and its id.
pub fn digest_of_head(home: &Path) -> Option<(String, String)> {
    let commit = head(home)?;
    let sysfs = git(home, &with_sources(&["ls-tree", "-r", "HEAD", "--"]), None)?;
    let entries = sysfs.lines().filter_map(|line| {
        let (meta, path) = line.split_once('\t')?;
        is_compiled(path).then_some((meta.split(' ').nth(2)?, path))
    });
    Some((digest(home, entries.collect())?, commit))
}

/// The commit that is checked out; `None` if `home` is only a folder in another repository.
pub fn head(home: &Path) -> Option<String> {
    git(home, &["ls-files", "--error-unmatch", "Cargo.toml"], None)?;
    git(home, &["rev-parse", "HEAD"], None)
}

fn with_sources<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    arguments.iter().copied().chain(SOURCES).collect()
}

/// Git's own hash of a list of blobs and paths.
fn digest(home: &Path, mut entries: Vec<(&str, &str)>) -> Option<String> {
    entries.sort_unstable();
    let lines: String = entries.iter().map(|(blob, path)| format!("{blob} {path}\n")).collect();
    git(home, &["hash-object", "--stdin"], Some(&lines))
}

fn git(home: &Path, arguments: &[&str], input: Option<&str>) -> Option<String> {
    use std::io::Write;
    // Optional locks would change the index while somebody works in the same tree.
    let mut child = Command::new("git")
        .args(["--no-optional-locks", "-c", "core.quotePath=false"])
        .args(arguments)
        .current_dir(home)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut stdin = child.stdin.take()?;
    let input = input.unwrap_or_default().to_owned();
    // A separate thread, so that neither side waits for the other to read.
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().ok()?;
    writer.join().ok()?.ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn run(home: &Path, arguments: &[&str]) {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"];
        let all: Vec<&str> = identity.iter().chain(arguments).copied().collect();
        git(home, &all, None).unwrap_or_else(|| panic!("git {arguments:?}"));
    }

    #[test]
    fn a_commit_is_named_if_its_sources_are_those_on_disk() {
        if Command::new("git").arg("--version").output().is_err() {
            return eprintln!("skipped: git is not installed");
        }
        let home = tempfile::tempdir().unwrap();
        let home = home.path();
        run(home, &["init", "-q"]);
        fs::create_dir(home.join("src")).unwrap();
        fs::write(home.join("Cargo.toml"), "[package]\n").unwrap();
        fs::write(home.join("src/lib.rs"), "// one\n").unwrap();
        assert_eq!(digest_of_head(home), None, "nothing is committed");
        run(home, &["add", "."]);
        run(home, &["commit", "-q", "-m", "one"]);
        let built = digest_of_worktree(home).unwrap();
        let (committed, first) = digest_of_head(home).unwrap();
        assert_eq!(built, committed);

        // A commit that changes no source has another id and the same digest.
        fs::write(home.join("README.md"), "text\n").unwrap();
        run(home, &["add", "."]);
        run(home, &["commit", "-q", "-m", "two"]);
        let (again, second) = digest_of_head(home).unwrap();
        assert_eq!(again, built);
        assert_ne!(first, second);

        // A change on the disk, and a new file, show at once.
        fs::write(home.join("src/lib.rs"), "// two\n").unwrap();
        let changed = digest_of_worktree(home).unwrap();
        assert_ne!(changed, built);
        fs::write(home.join("src/new.rs"), "").unwrap();
        assert_ne!(digest_of_worktree(home).unwrap(), changed);
    }
}
