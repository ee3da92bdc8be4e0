//! Measures a run of a lock with this executable, and checks that all of its files are valid. Without the harness of
//! `cargo test`, so that the executable can measure.

mod common;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Mutex;

use common::assert_valid;
use contend_workloads::capability::Lock;
use contend_workloads::{Info, Suite};

/// Set where this executable is to measure.
const MEASURE: &str = "CONTEND_SCHEMA_MEASURE";

struct Own<T>(Mutex<T>);

impl<T: Send + Sync + 'static> Lock for Own<T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = Own<U>;

    fn new(state: T) -> Self {
        Self(Mutex::new(state))
    }

    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.0.lock().expect("no thread panics"))
    }
}

fn suite() -> Suite {
    let mut suite = contend_workloads::suite();
    suite.lock::<Own<()>>(Info::new("own::Lock").facts("Of this test."));
    suite
}

fn main() -> ExitCode {
    if std::env::var_os(MEASURE).is_some() {
        return contend_run::bench(suite(), &[]);
    }
    let place = tempfile::tempdir().expect("a temporary folder");
    let filter = ["--bench", "^counter/hot/own", "--threads", "1,2"];
    let size = ["--forks", "3", "--rounds", "2", "--window", "1ms"];
    let output = Command::new(std::env::current_exe().expect("this executable"))
        .args(filter.iter().chain(&size))
        .arg("--reports")
        .arg(place.path())
        .env(MEASURE, "1")
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let entries = std::fs::read_dir(place.path()).expect("a folder").flatten().map(|entry| entry.path());
    let runs: Vec<_> = entries.filter(|path| Path::is_dir(path)).collect();
    assert_eq!(runs.len(), 1, "{runs:?}");
    let samples = std::fs::read_to_string(runs[0].join("samples.jsonl")).expect("records");
    let parts = ",\"workload\":\"counter\",\"variant\":\"hot\",\"contender\":\"own::Lock\",\"threads\":2,";
    assert!(samples.contains(parts), "{samples}");
    let files = assert_valid(&runs[0]);
    assert!(files >= 3, "{files} files");
    println!("a measured run: {files} files are valid");
    ExitCode::SUCCESS
}
