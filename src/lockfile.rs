//! Package versions from a `Cargo.lock`, so that a page can show the version of each contender.

use contend_run::machine::LockedPackage;

/// One locked package.
#[derive(Debug, Default, PartialEq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its registry or repository. Empty for packages of the project itself.
    pub source: String,
    /// Its dependencies as the lock file writes them: `dashmap`, or `dashmap 6.1.0` if several versions
    /// are locked.
    pub dependencies: Vec<String>,
}

/// All packages of a lock file, in its order. Cargo writes one key per line, so this parser knows no more
/// TOML than that.
pub fn parse(text: &str) -> Vec<Package> {
    let mut packages: Vec<Package> = Vec::new();
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if line == "[[package]]" {
            packages.push(Package::default());
        }
        let Some(package) = packages.last_mut() else {
            continue;
        };
        match line.split_once(" = ") {
            Some(("name", value)) => package.name = unquoted(value),
            Some(("version", value)) => package.version = unquoted(value),
            Some(("source", value)) => package.source = unquoted(value),
            Some(("dependencies", "[")) => {
                let entries = lines.by_ref().take_while(|line| *line != "]");
                package.dependencies = entries.map(unquoted).collect();
            }
            _ => {}
        }
    }
    packages
}

/// The packages with their versions, sorted by both. Of a name, the version that counts is the only one locked,
/// otherwise the one that `root` depends on.
pub fn locked(packages: &[Package], root: &str) -> Vec<LockedPackage> {
    let users = |of: &Package| packages.iter().filter(|package| package.depends_on(of)).collect::<Vec<_>>();
    let own_crate = |package: &Package| {
        package.source.is_empty() && package.name != "contend" && !package.name.starts_with("contend-")
    };
    let mut locked: Vec<_> = packages
        .iter()
        .map(|package| {
            let one = packages.iter().filter(|other| other.name == package.name).count() == 1;
            let users = users(package);
            LockedPackage {
                name: package.name.clone(),
                version: package.version.clone(),
                measured: one || users.iter().any(|user| user.name == root),
                by_project: users.iter().any(|user| own_crate(user)),
                users: users.into_iter().map(|user| user.name.clone()).collect(),
            }
        })
        .collect();
    locked.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    locked
}

impl Package {
    /// Whether it depends on that version of that package.
    fn depends_on(&self, other: &Package) -> bool {
        let exact = format!("{} {}", other.name, other.version);
        let is = |entry: &String| {
            *entry == other.name || *entry == exact || entry.starts_with(&format!("{exact} "))
        };
        self.dependencies.iter().any(is)
    }
}

fn unquoted(text: &str) -> String {
    text.trim_end_matches(',').trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
version = 4

[[package]]
name = "contend"
version = "0.1.0"
dependencies = [
 "dashmap",
 "parking_lot 0.13.0",
]

[[package]]
name = "dashmap"
version = "6.1.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "00"
dependencies = [
 "hashbrown 0.14.5",
]

[[package]]
name = "hashbrown"
version = "0.14.5"

[[package]]
name = "hashbrown"
version = "0.15.2"

[[package]]
name = "my-service"
version = "0.2.0"
dependencies = [
 "contend",
 "parking_lot 0.12.5",
]

[[package]]
name = "parking_lot"
version = "0.12.5"

[[package]]
name = "parking_lot"
version = "0.13.0"
"#;

    #[test]
    fn the_root_decides_between_versions() {
        let packages = parse(LOCK);
        assert_eq!(packages.len(), 7);
        let text = |package: LockedPackage| format!("{} {}", package.name, package.version);
        let measured = locked(&packages, "contend").into_iter().filter(|package| package.measured);
        let expected = ["contend 0.1.0", "dashmap 6.1.0", "my-service 0.2.0", "parking_lot 0.13.0"];
        assert_eq!(measured.map(text).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_users_of_each_version_are_known() {
        let locked = locked(&parse(LOCK), "contend");
        let of = |name: &str, version: &str| {
            let found = locked.iter().find(|package| package.name == name && package.version == version);
            let found = found.expect("it is locked");
            (found.users.join(" "), found.by_project)
        };
        assert_eq!(of("parking_lot", "0.12.5"), ("my-service".to_owned(), true));
        assert_eq!(of("parking_lot", "0.13.0"), ("contend".to_owned(), false));
        assert_eq!(of("hashbrown", "0.14.5"), ("dashmap".to_owned(), false));
        assert_eq!(of("dashmap", "6.1.0"), ("contend".to_owned(), false));
        assert_eq!(of("hashbrown", "0.15.2"), (String::new(), false));
    }

    #[test]
    fn other_files_have_no_packages() {
        assert_eq!(parse(""), []);
        assert_eq!(parse("[package]\nname = \"contend\"\n"), []);
    }
}
