//! Writes each round to the run's folder, and passes it on to the observer. Writes to `run.json` how long the run took
//! so far, so that one that is killed and continued does not get its time twice.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use super::observer::{Phase, RoundObserver};
use super::run_writer::RunWriter;
use crate::record::{BlockPlan, Record, Run, Status};

/// How often `run.json` says what the run took: what a kill makes a run take twice, at most.
const NOTE_INTERVAL: Duration = Duration::from_secs(20);

/// A time that no run takes, in case `run.json` was edited.
const MOST_SECONDS: f64 = 1e9;

/// An observer that keeps the records of all rounds, and tells another one what happened.
pub(super) struct Recorder<'a> {
    writer: &'a mut RunWriter,
    observer: &'a mut dyn RoundObserver,
    run: &'a mut Run,
    /// When this process began to measure.
    start: Instant,
    /// What the run took before it was continued.
    before: Duration,
    /// When `run.json` was written.
    noted: Instant,
    interval: Duration,
}

impl<'a> Recorder<'a> {
    /// A recorder of `run`, which is begun or continued now.
    pub(super) fn new(
        writer: &'a mut RunWriter,
        observer: &'a mut dyn RoundObserver,
        run: &'a mut Run,
    ) -> Self {
        let now = Instant::now();
        let before = seconds(run.took_s).unwrap_or_default();
        Self { writer, observer, run, start: now, before, noted: now, interval: NOTE_INTERVAL }
    }

    /// The folder of the run.
    pub(super) fn folder(&self) -> &Path {
        self.writer.folder()
    }

    /// The time that the run has taken, before it was continued too.
    pub(super) fn took(&self) -> Duration {
        self.before + self.start.elapsed()
    }

    /// How long the planned forks took, which are done. Writes it when it is called first.
    ///
    /// # Errors
    /// If `run.json` cannot be written.
    pub(super) fn planned_took(&mut self) -> io::Result<Duration> {
        if let Some(took) = seconds(self.run.planned_took_s) {
            return Ok(took);
        }
        let took = self.took();
        self.run.planned_took_s = Some(took.as_secs_f64());
        self.note_time()?;
        Ok(took)
    }

    /// Has `run.json` say how long the run took so far.
    fn note_time(&mut self) -> io::Result<()> {
        self.run.took_s = Some(self.took().as_secs_f64());
        self.writer.write_metadata(self.run)?;
        self.noted = Instant::now();
        Ok(())
    }

    fn note_time_if_due(&mut self) -> io::Result<()> {
        if self.noted.elapsed() < self.interval { Ok(()) } else { self.note_time() }
    }

    /// Keeps a round of the window check in its own file. A failure counts as in any window, so it goes to
    /// the other records.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub(super) fn window_check_round(&mut self, block: &BlockPlan, records: &[Record]) -> io::Result<()> {
        let is_failed = |record: &&Record| record.status == Status::Failed;
        let (failed, others): (Vec<_>, Vec<_>) = records.iter().partition(is_failed);
        if !others.is_empty() {
            self.writer.append_window_check(others)?; // an empty file would look as if its records were removed
        }
        self.writer.append(failed)?;
        self.note_time_if_due()?;
        self.observer.round_finished(block, records)
    }

    /// Keeps a round of the older build in its own file.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(super) fn older_round(&mut self, block: &BlockPlan, records: &[Record]) -> io::Result<()> {
        self.writer.append_against(records)?;
        self.note_time_if_due()?;
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
        self.note_time_if_due()?;
        self.observer.round_finished(block, records)
    }
}

/// A time of `run.json`, whatever somebody made of it.
fn seconds(of: Option<f64>) -> Option<Duration> {
    of.map(|seconds| Duration::from_secs_f64(seconds.clamp(0.0, MOST_SECONDS)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::read;

    struct Silent;

    impl RoundObserver for Silent {
        fn round_finished(&mut self, _: &BlockPlan, _: &[Record]) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_run_that_is_killed_keeps_its_time_and_that_of_its_planned_forks() {
        let kept = tempfile::tempdir().expect("a folder");
        let (mut writer, name) = RunWriter::create(kept.path()).expect("a run");
        let mut run = contend_fixture::run(&["a", "b"]);
        run.run = name;
        let block = run.plan.blocks[0].clone();
        let folder = writer.folder().to_owned();
        let times = |run: &Run| (run.took_s, run.planned_took_s);
        let of_file = || times(&read(&folder).expect("a run").run);

        let mut observer = Silent;
        let mut recorder = Recorder::new(&mut writer, &mut observer, &mut run);
        recorder.before = Duration::from_secs(100);
        recorder.interval = Duration::ZERO;
        recorder.round_finished(&block, &[]).expect("a write");
        let (took, planned) = of_file();
        assert!(took.is_some_and(|took| took >= 100.0) && planned.is_none(), "{took:?}, {planned:?}");
        let planned = recorder.planned_took().expect("a write");
        assert_eq!(of_file().1, Some(planned.as_secs_f64()));

        // It was killed in its extra forks, and is continued: the planned forks took what they took.
        let mut run = read(&folder).expect("a run").run;
        run.took_s = Some(5_000.0);
        let mut recorder = Recorder::new(&mut writer, &mut observer, &mut run);
        assert!(recorder.took() >= Duration::from_secs(5_000));
        let again = recorder.planned_took().expect("a time").as_secs_f64();
        assert!((again - planned.as_secs_f64()).abs() < 1e-6, "{again}");
    }

    #[test]
    fn a_time_that_was_edited_is_clamped() {
        let ends = [-5.0, f64::MAX, f64::INFINITY].map(|of| seconds(Some(of)).map(|of| of.as_secs_f64()));
        assert_eq!(ends, [Some(0.0), Some(MOST_SECONDS), Some(MOST_SECONDS)]);
    }
}
