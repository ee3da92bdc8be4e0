//! The claims that ship, and the claims that a new run is begun with.

use std::path::Path;

use contend_analysis::claim::{ClaimFile, FOLDER, files_in};
use contend_record::Run;

/// Names and texts of claim files that are part of the executable.
pub type ShippedClaims = &'static [(&'static str, &'static str)];

/// The claims of files that are part of the executable.
///
/// # Panics
/// If one of them is no claim file.
pub fn parse_claims(files: ShippedClaims) -> Vec<ClaimFile> {
    let parse = |(name, text): &(&str, &str)| {
        let path = Path::new(FOLDER).join(name);
        ClaimFile::parse(&path, text)
            .unwrap_or_else(|error| panic!("the shipped claims are damaged: {error}"))
    };
    files.iter().map(parse).collect()
}

/// Names and texts of the claim files that the folder of a new run keeps: those of `folder`, or those that ship if it
/// has none.
///
/// # Errors
/// If a file cannot be read, or a claim names what `run` cannot have.
pub(crate) fn claims_for_run(
    folder: &Path,
    run: &Run,
    shipped: ShippedClaims,
) -> Result<Vec<(String, String)>, String> {
    let mut files = Vec::new();
    for path in files_in(folder).map_err(|error| error.to_string())? {
        let file = ClaimFile::read(&path).map_err(|error| error.to_string())?;
        file.validate_against(run).map_err(|error| error.to_string())?;
        let text = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
        let name = path.file_name().unwrap_or_default();
        files.push((name.to_string_lossy().into_owned(), text));
    }
    if files.is_empty() {
        files.extend(shipped.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    }
    Ok(files)
}
