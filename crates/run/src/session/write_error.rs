//! Why a file of a run cannot be written, and what to do about it.

use std::io::{self, ErrorKind};

/// Whether there is no room for a file.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge)
}

/// What to do about it, as the end of a sentence, where the run can be continued.
pub(super) fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        _ if is_full(error) => "free some space and continue with `--resume`",
        ErrorKind::NotFound => "the run's folder was moved or deleted, so put it back or begin a new run",
        // Something else lies in its place.
        ErrorKind::Other | ErrorKind::IsADirectory => "remove it and continue with `--resume`",
        _ => "mend that and continue with `--resume`",
    }
}

/// The same where a run cannot begin.
pub(super) fn remedy_before(error: &io::Error) -> &'static str {
    match is_full(error) {
        true => "free some space, or try another folder with `--reports FOLDER`",
        false => "try another folder with `--reports FOLDER`",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_full_disk_needs_space() {
        let asks_for_space = |kind: ErrorKind| remedy(&kind.into()).contains("free some space");
        let full = [ErrorKind::StorageFull, ErrorKind::QuotaExceeded, ErrorKind::FileTooLarge];
        assert!(full.into_iter().all(asks_for_space));
        let others =
            [ErrorKind::NotFound, ErrorKind::Other, ErrorKind::IsADirectory, ErrorKind::PermissionDenied];
        assert!(!others.into_iter().any(asks_for_space));
        assert!(remedy_before(&ErrorKind::StorageFull.into()).starts_with("free some space, or"));
    }
}
