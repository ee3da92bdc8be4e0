//! The streams of a fork. The contender must reach neither the requests nor the answers, so on Unix both move to
//! descriptors of their own that programs started by a contender do not inherit. Its standard input is then empty,
//! and its standard output joins standard error, which the parent captures.

use std::io::{self, Read, Write};

/// The two ends that connect a fork with its parent.
pub(super) struct ForkStreams {
    pub requests: Box<dyn Read + Send>,
    pub messages: Box<dyn Write + Send>,
}

impl ForkStreams {
    /// Moves requests and messages away from the standard streams.
    ///
    /// # Errors
    /// If the system refuses descriptors.
    #[cfg(unix)]
    pub(super) fn take() -> io::Result<Self> {
        use std::fs::File;
        use std::os::fd::AsFd;

        let requests = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        let messages = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        nix::unistd::dup2_stdin(File::open("/dev/null")?)?;
        nix::unistd::dup2_stdout(io::stderr())?;
        Ok(Self { requests: Box::new(requests), messages: Box::new(messages) })
    }

    /// The standard streams. Safe Rust cannot redirect them here, so the parent takes every line that is no
    /// message for output of the contender. A forged answer would have to guess the request's id.
    #[cfg(not(unix))]
    pub(super) fn take() -> io::Result<Self> {
        Ok(Self { requests: Box::new(io::stdin()), messages: Box::new(io::stdout()) })
    }
}
