//! The names of the files of a run.

/// The file with the facts of a run.
pub const RUN: &str = "run.json";

/// The largest `run.json` that is read, in bytes.
pub const METADATA_LIMIT: u64 = 64 << 20;

/// The file with the records of a run.
pub const SAMPLES: &str = "samples.jsonl";

/// The file with the longer windows of a run's winners. It does not exist where none were measured.
pub const WINDOW_CHECK: &str = "window-check.jsonl";

/// The file with the hashes of a run's files, written when measuring ends.
pub(crate) const MANIFEST: &str = "manifest.json";

/// The file with the records of [`Run::against`](crate::Run::against). It does not exist where the run has one build.
pub const AGAINST: &str = "against.jsonl";
