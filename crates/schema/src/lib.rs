//! The JSON Schema of a run's files, and its tests. See `README.md` for why this is a crate of its own.

use std::path::{Path, PathBuf};

/// What a schema describes, as `contend schema` names it.
pub const NAMES: [&str; 3] = ["run", "record", "verdicts"];

/// The workspace's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The file with the schema of `name`, which `contend schema` prints.
pub fn schema_file(name: &str) -> PathBuf {
    root().join(format!("crates/run/schema/{name}.json"))
}
