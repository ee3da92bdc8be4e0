//! Package versions from a `Cargo.lock`. The build script reads them, so that a page can show the version
//! of each contender.

/// One locked package.
#[derive(Debug, Default, PartialEq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
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
            Some(("dependencies", "[")) => {
                let entries = lines.by_ref().take_while(|line| *line != "]");
                package.dependencies = entries.map(unquoted).collect();
            }
            _ => {}
        }
    }
    packages
}

/// One version for each name: the only one locked, otherwise the one that `root` depends on. A name with
/// neither is left out.
pub fn versions(packages: &[Package], root: &str) -> Vec<(String, String)> {
    let chosen = packages.iter().filter(|package| {
        let one = packages.iter().filter(|p| p.name == package.name).count() == 1;
        let exact = format!("{} {}", package.name, package.version);
        let of_root = packages
            .iter()
            .filter(|p| p.name == root)
            .flat_map(|p| &p.dependencies)
            .any(|entry| *entry == exact || entry.starts_with(&format!("{exact} ")));
        one || of_root
    });
    let mut versions: Vec<_> =
        chosen.map(|package| (package.name.clone(), package.version.clone())).collect();
    versions.sort();
    versions
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
name = "parking_lot"
version = "0.12.5"

[[package]]
name = "parking_lot"
version = "0.13.0"
"#;

    #[test]
    fn the_root_decides_between_versions() {
        let packages = parse(LOCK);
        assert_eq!(packages.len(), 6);
        let text: Vec<_> = versions(&packages, "contend")
            .into_iter()
            .map(|(name, version)| format!("{name} {version}"))
            .collect();
        let expected = ["contend 0.1.0", "dashmap 6.1.0", "parking_lot 0.13.0"];
        assert_eq!(text, expected);
    }

    #[test]
    fn other_files_have_no_packages() {
        assert_eq!(parse(""), []);
        assert_eq!(parse("[package]\nname = \"contend\"\n"), []);
    }
}
