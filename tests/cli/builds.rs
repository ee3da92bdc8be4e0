//! A run is evidence of one build: forks are started from the image of the running process.

use super::*;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A copy of the `contend` command in a folder of its own, which a test may replace.
struct Copy {
    folder: TempDir,
    path: PathBuf,
}

impl Copy {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("contend");
        fs::copy(env!("CARGO_BIN_EXE_contend"), &path).expect("it can be copied");
        Self { folder, path }
    }

    fn reports(&self) -> PathBuf {
        self.folder.path().join("reports")
    }

    /// Starts a run of some seconds, and waits for its first records.
    fn start(&self) -> Child {
        let child = Command::new(&self.path)
            .args(["run", "counter/hot/std::sync::Mutex", "--threads=2", "--forks=30", "--rounds=2"])
            .args(["--window=5ms", "--reports"])
            .arg(self.reports())
            .env("CRITERION_HOME", self.folder.path().join("criterion"))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("contend starts");
        let end = Instant::now() + Duration::from_secs(20);
        let samples =
            || runs(&self.reports()).first().and_then(|run| fs::read(run.join("samples.jsonl")).ok());
        while samples().is_none_or(|samples| samples.is_empty()) {
            assert!(Instant::now() < end, "timeout while waiting for the first records");
            sleep(Duration::from_millis(20));
        }
        child
    }

    /// Asserts that the run of `child` measures all of its plan with the build that began it.
    fn completes(&self, child: Child) {
        let output = child.wait_with_output().expect("it ends");
        let errors = stderr(&output);
        assert!(output.status.success(), "{errors}");
        assert!(!errors.contains("FAILED"), "{errors}");
        let journal = contend::record::read(&runs(&self.reports())[0]).expect("it can be read");
        assert_eq!(journal.run.status, contend::record::RunStatus::Complete);
        assert!(journal.records.iter().all(|record| record.status != contend::record::Status::Failed));
        assert!(journal.records.iter().any(|record| record.fork == 30));
        let home = self.folder.path().join("criterion");
        assert!(home.join("counter_hot").is_dir(), "criterion got no samples");
    }
}

#[test]
fn an_executable_that_is_deleted_while_it_measures_does_no_harm() {
    let copy = Copy::new();
    let child = copy.start();
    fs::remove_file(&copy.path).expect("it was there");
    copy.completes(child);
}

/// As a build does: the new file replaces the old one.
#[test]
fn an_executable_that_is_rebuilt_while_it_measures_does_no_harm() {
    let copy = Copy::new();
    let child = copy.start();
    let built = copy.folder.path().join("built");
    fs::write(&built, "half of a file").expect("it can be written");
    fs::rename(&built, &copy.path).expect("it can be replaced");
    copy.completes(child);
}
