//! The claims that ship, and the claims that a new run is begun with.

use std::path::Path;

use crate::claim::{ClaimFile, FOLDER, files_in};
use crate::record::Run;

/// The files of shipped claims with their names: what Go tutorials claim, and known results.
const SHIPPED_CLAIMS: [(&str, &str); 2] = [
    ("go-tutorials.toml", include_str!("../claims/go-tutorials.toml")),
    ("known-results.toml", include_str!("../claims/known-results.toml")),
];

/// The claims that ship.
pub fn shipped_claims() -> Vec<ClaimFile> {
    let parse = |(name, text): (&str, &str)| {
        let path = Path::new(FOLDER).join(name);
        ClaimFile::parse(&path, text).expect("shipped claims are tested")
    };
    SHIPPED_CLAIMS.map(parse).into()
}

/// Names and texts of the claim files that the folder of a new run keeps: those of the current folder, or
/// those that ship if it has none.
///
/// # Errors
/// If a file cannot be read, or a claim names what `run` cannot have.
pub(crate) fn claims_for_run(run: &Run) -> Result<Vec<(String, String)>, String> {
    let mut files = Vec::new();
    for path in files_in(Path::new(FOLDER)).map_err(|error| error.to_string())? {
        let file = ClaimFile::read(&path).map_err(|error| error.to_string())?;
        file.validate_against(run).map_err(|error| error.to_string())?;
        let text = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
        let name = path.file_name().unwrap_or_default();
        files.push((name.to_string_lossy().into_owned(), text));
    }
    if files.is_empty() {
        let shipped = SHIPPED_CLAIMS.iter();
        files.extend(shipped.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Claim;

    #[test]
    fn shipped_claims_are_sound_and_have_sources() {
        let files = shipped_claims();
        let claims: Vec<&Claim> = files.iter().flat_map(|file| &file.claims).collect();
        assert!(claims.len() > 20);
        assert!(claims.iter().all(|claim| !claim.source.is_empty()));
        let is_testable_or_not = |claim: &&Claim| claim.says.is_empty() == claim.not_testable.is_some();
        assert!(claims.iter().all(is_testable_or_not));
    }
}
