//! The claims that ship.

use std::path::Path;

use crate::claim::{ClaimFile, FOLDER};

/// The files of claims that ship, by their names: what the Go tutorials claim, and known results.
pub(crate) const SHIPPED_CLAIMS: [(&str, &str); 2] = [
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_claims_are_sound_and_have_sources() {
        let files = shipped_claims();
        assert!(files.iter().map(|file| file.claims.len()).sum::<usize>() > 20);
        let sources = files.iter().flat_map(|file| &file.claims);
        assert!(sources.clone().all(|claim| !claim.source.is_empty()));
        let says = |claim: &crate::claim::Claim| claim.says.is_empty() == claim.not_testable.is_some();
        assert!(sources.clone().all(says));
    }
}
