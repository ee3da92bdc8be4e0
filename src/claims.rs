//! The claims that ship.

use crate::claim::ClaimFile;

/// The files of shipped claims with their names: what Go tutorials claim, and known results.
pub(crate) const SHIPPED_CLAIMS: [(&str, &str); 2] = [
    ("go-tutorials.toml", include_str!("../claims/go-tutorials.toml")),
    ("known-results.toml", include_str!("../claims/known-results.toml")),
];

/// The claims that ship.
pub fn shipped_claims() -> Vec<ClaimFile> {
    contend_run::parse_claims(&SHIPPED_CLAIMS)
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
