//! Writes each round to the run's folder, and passes it on to the observer.

use std::io;
use std::path::Path;

use super::observer::{Phase, RoundObserver};
use super::run_writer::RunWriter;
use crate::record::{BlockPlan, Record, Status};

/// An observer that keeps the records of all rounds, and tells another one what happened.
pub(super) struct Recorder<'a> {
    writer: &'a mut RunWriter,
    observer: &'a mut dyn RoundObserver,
}

impl<'a> Recorder<'a> {
    pub(super) fn new(writer: &'a mut RunWriter, observer: &'a mut dyn RoundObserver) -> Self {
        Self { writer, observer }
    }

    /// The folder of the run.
    pub(super) fn folder(&self) -> &Path {
        self.writer.folder()
    }

    /// Keeps a round of the window check in its own file. A failure counts as in any window, so it goes to
    /// the other records.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub(super) fn window_check_round(&mut self, block: &BlockPlan, records: &[Record]) -> io::Result<()> {
        let is_failed = |record: &&Record| record.status == Status::Failed;
        let (failed, others): (Vec<_>, Vec<_>) = records.iter().partition(is_failed);
        self.writer.append_window_check(others)?;
        self.writer.append(failed)?;
        self.observer.round_finished(block, records)
    }

    /// Keeps a round of the older build in its own file.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(super) fn older_round(&mut self, block: &BlockPlan, records: &[Record]) -> io::Result<()> {
        self.writer.append_against(records)?;
        self.observer.older_round_finished(block, records);
        Ok(())
    }
}

impl RoundObserver for Recorder<'_> {
    fn phase_started(&mut self, phase: &Phase, windows: u64) {
        self.observer.phase_started(phase, windows);
    }

    fn round_finished(&mut self, block: &BlockPlan, records: &[Record]) -> io::Result<()> {
        self.writer.append(records)?;
        self.observer.round_finished(block, records)
    }
}
