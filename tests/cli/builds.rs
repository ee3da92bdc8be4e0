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

/// All files below `folder` with their contents.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => found.extend(contents(&path)),
            false => found.push((path.clone(), fs::read(&path).expect("a file"))),
        }
    }
    found.sort();
    found
}

#[test]
fn a_run_says_which_build_and_machine_measured_it() {
    use sha2::{Digest, Sha256};
    let (_reports, run) = short_run();
    let text = fs::read_to_string(run.join("run.json")).expect("run");
    let run: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let executable = fs::read(env!("CARGO_BIN_EXE_contend")).expect("the executable");
    let digest: String = Sha256::digest(&executable).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(run["executable"], digest);
    let fingerprint = run["fingerprint"].as_object().expect("an object");
    for name in ["vendor", "family", "model", "stepping", "caches", "microcode", "flags", "kernel"] {
        assert!(fingerprint.contains_key(name), "{name}");
    }
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").expect("Linux");
    assert_eq!(fingerprint["kernel"], format!("Linux {}", release.trim()));
    let info = fs::read_to_string("/proc/cpuinfo").expect("Linux");
    let line = info.lines().find(|line| line.starts_with("flags") || line.starts_with("Features"));
    if let Some((_, flags)) = line.and_then(|line| line.split_once(':')) {
        let ours: BTreeSet<&str> = fingerprint["flags"].as_str().expect("text").split(' ').collect();
        assert_eq!(ours, flags.split_whitespace().collect());
    }
    let host = fs::read_to_string("/proc/sys/kernel/hostname").expect("Linux");
    assert_eq!(run["host"], host.trim());
}

/// A rebuild with any change is another executable.
#[test]
fn another_build_does_not_resume_a_run_and_writes_nothing() {
    let copy = Copy::new();
    let child = copy.start();
    let pid = nix::unistd::Pid::from_raw(child.id() as i32);
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGINT).expect("it runs");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    let run = runs(&copy.reports()).remove(0);
    // A partial last line is not mended either.
    let samples = run.join("samples.jsonl");
    let mut text = fs::read_to_string(&samples).expect("records");
    text.truncate(text.len() - 9);
    fs::write(&samples, text).expect("it can be written");
    let before = contents(&copy.reports());

    let resume = |executable: &Path| {
        let output =
            Command::new(executable).args(["run", "--resume", "--reports"]).arg(copy.reports()).output();
        output.expect("contend starts")
    };
    let built = copy.folder.path().join("built");
    let mut bytes = fs::read(&copy.path).expect("the executable");
    bytes.push(0); // the same program, which is another build
    fs::write(&built, bytes).expect("it can be written");
    fs::set_permissions(&built, fs::metadata(&copy.path).expect("it is there").permissions())
        .expect("its own");
    let refused = |executable: &Path, needles: &[&str]| {
        let output = resume(executable);
        let errors = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert_eq!(errors.trim_end().lines().count(), 1, "{errors}");
        assert!(errors.contains("cannot resume"), "{errors}");
        for needle in needles {
            assert!(errors.contains(needle), "`{needle}` is not in {errors}");
        }
    };
    refused(&built, &["the executable ("]);
    assert!(contents(&copy.reports()) == before, "something was written");

    // The same build on another machine, by another compiler, with another plan, and none of them known.
    let path = run.join("run.json");
    let text = fs::read_to_string(&path).expect("run");
    let changed = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        change(&mut json);
        fs::write(&path, json.to_string()).expect("it can be written");
    };
    let fact = |json: &mut serde_json::Value, key: &str, value: &str| {
        let facts = json["environment"]["facts"].as_array_mut().expect("facts");
        facts.iter_mut().find(|fact| fact["key"] == key).expect("a fact")["value"] = value.into();
    };
    changed(&|json| json["fingerprint"]["model"] = "0".into());
    refused(&copy.path, &["the machine's CPU model number (0 then"]);
    changed(&|json| json["host"] = "elsewhere".into());
    refused(&copy.path, &["the host (elsewhere then"]);
    changed(&|json| fact(json, "rustc", "rustc 1.0.0"));
    refused(&copy.path, &["the compiler (rustc 1.0.0 then"]);
    changed(&|json| fact(json, "profile", "bench-fat"));
    refused(&copy.path, &["the profile (bench-fat then"]);
    changed(&|json| json["plan"]["cores"] = 1000.into());
    refused(&copy.path, &["the plan (for 1000 CPUs then"]);
    changed(&|json| json["plan"]["blocks"][0]["cells"][0]["contender"] = "gone::Lock".into());
    refused(&copy.path, &["the plan (counter/hot/gone::Lock/2 is not in this suite)"]);
    changed(&|json| {
        json.as_object_mut().expect("an object").remove("executable");
    });
    refused(&copy.path, &["the executable (unknown then"]);

    // The build that began it completes it.
    changed(&|json| json["plan"]["forks"] = 3.into());
    let output = resume(&copy.path);
    assert!(output.status.success(), "{}", stderr(&output));
}
