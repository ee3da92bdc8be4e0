//! Versions of measured crates that the project has and nothing measured: a note beside each contender, and a caution
//! where the project's own packages use them.

use std::collections::BTreeSet;

use crate::machine::LockedPackage;
use crate::record::ContenderInfo;

/// Notes beside each contender the versions of its crate that the project has and that nothing measured. Returns a
/// caution for each that the project's own packages use.
pub(super) fn note_other_versions<'a>(
    contenders: &mut [ContenderInfo],
    other_versions: impl Fn(&str) -> Vec<&'a LockedPackage>,
) -> Vec<String> {
    let measured: BTreeSet<_> =
        contenders.iter().map(|info| (info.package.clone(), info.version.clone())).collect();
    let mut cautions = Vec::new();
    let packages: BTreeSet<String> = measured.iter().map(|(package, _)| package.clone()).collect();
    for package in packages {
        for other in other_versions(&package) {
            let LockedPackage { version, users, by_project, .. } = other;
            if measured.contains(&(package.clone(), version.clone())) {
                continue;
            }
            for info in contenders.iter_mut().filter(|info| info.package == package) {
                let note = format!("Cargo.lock also has {version}, for {}: not measured.", users.join(", "));
                let space = if info.notes.is_empty() { "" } else { " " };
                info.notes = format!("{}{space}{note}", info.notes);
            }
            if *by_project {
                cautions.push(format!(
                    "This project uses {package} {version}, and another version was measured. Use that one, or add \
                     yours as a contender of package `{package}@{version}`."
                ));
            }
        }
    }
    cautions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contender(name: &str, version: &str) -> ContenderInfo {
        let (family, notes) = ("parking_lot", "No poisoning.");
        let info = serde_json::json!({
            "name": name, "family": family, "package": family, "version": version, "notes": notes,
        });
        serde_json::from_value(info).expect("all other fields are optional")
    }

    fn other(version: &str, user: &str, by_project: bool) -> LockedPackage {
        let (name, version, users) = ("parking_lot".to_owned(), version.to_owned(), vec![user.to_owned()]);
        LockedPackage { name, version, measured: false, users, by_project }
    }

    fn noted(contenders: &mut [ContenderInfo]) -> Vec<String> {
        let locked = [other("0.11.2", "wasm-timer", false), other("0.12.5", "my-service", true)];
        let of = |package: &str| locked.iter().filter(|locked| locked.name == package).collect();
        note_other_versions(contenders, of)
    }

    #[test]
    fn another_version_in_the_project_is_noted_and_is_a_caution_where_the_project_uses_it() {
        let mut contenders = [contender("parking_lot::Mutex", "0.13.0")];
        let cautions = noted(&mut contenders);
        assert_eq!(
            contenders[0].notes,
            "No poisoning. Cargo.lock also has 0.11.2, for wasm-timer: not measured. \
             Cargo.lock also has 0.12.5, for my-service: not measured."
        );
        assert_eq!(
            cautions,
            [
                "This project uses parking_lot 0.12.5, and another version was measured. Use that one, or add yours as \
              a contender of package `parking_lot@0.12.5`."
            ]
        );
    }

    #[test]
    fn a_version_that_is_a_contender_itself_needs_no_note() {
        let mut contenders = [contender("parking_lot::Mutex", "0.13.0"), contender("own::Mutex", "0.12.5")];
        assert_eq!(noted(&mut contenders), [""; 0]);
        assert_eq!(
            contenders[1].notes,
            "No poisoning. Cargo.lock also has 0.11.2, for wasm-timer: not measured."
        );
    }
}
