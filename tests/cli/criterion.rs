//! Criterion's baselines, with the real command.

use super::*;

struct Project {
    folder: TempDir,
}

impl Project {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("criterion")
    }

    /// A short run of cells with enough forks for criterion.
    fn run(&self, args: &[&str]) -> Output {
        self.run_at(&self.home(), &[&["--forks=24"], args].concat())
    }

    fn run_at(&self, home: &Path, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_contend"))
            .args(["run", "--threads=1", "--rounds=2", "--window=2ms"])
            .args(args)
            .arg("--reports")
            .arg(self.folder.path().join("reports"))
            .env("CRITERION_HOME", home)
            .output()
            .expect("contend starts")
    }

    fn has_runs(&self) -> bool {
        !runs(&self.folder.path().join("reports")).is_empty()
    }
}

fn succeeds(output: &Output) -> String {
    assert!(output.status.success(), "{}", stderr(output));
    stdout(output)
}

/// The control rotates with the seed, so it must not be one of criterion's cells.
#[test]
fn what_was_saved_is_compared_and_what_is_new_is_named() {
    let project = Project::new();
    let cells = ["counter/hot/std::sync::Mutex", "counter/hot/parking_lot::Mutex"];
    succeeds(&project.run(&[cells[0], cells[1], "--seed=1", "--save-baseline", "x"]));
    let saved = |contender: &str| project.home().join("counter_hot").join(contender).join("1/x");
    assert!(saved("std__sync__Mutex").join("estimates.json").is_file());
    assert!(saved("floor").is_dir());
    for seed in ["--seed=1", "--seed=2", "--seed=3"] {
        let output = project.run(&[cells[0], cells[1], seed, "--baseline", "x"]);
        let text = succeeds(&output);
        assert_eq!(text.matches("change:").count(), 3, "{text}");
        assert!(!stderr(&output).contains("not compared"), "{}", stderr(&output));
    }
    let folders = fs::read_dir(project.home().join("counter_hot")).expect("a group");
    assert!(folders.flatten().all(|entry| !entry.file_name().to_string_lossy().contains("control")));

    let new = "counter/hot/std::sync::RwLock";
    for flag in ["--baseline", "--baseline-lenient", "-b"] {
        let output = project.run(&[cells[0], new, flag, "x"]);
        let text = succeeds(&output);
        assert_eq!(text.matches("change:").count(), 2, "{text}");
        let wanted =
            "not compared, since they are not in the baseline `x`: counter/hot/std::sync::RwLock/1\n";
        assert!(stderr(&output).contains(wanted), "{}", stderr(&output));
    }
    let before = runs(&project.folder.path().join("reports")).len();
    let output = project.run(&[new, "--baseline", "x"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("none of the selected cells"), "{}", stderr(&output));
    let output = project.run(&[new, "--baseline", "y"]);
    assert!(
        stderr(&output).contains("no baseline `y`") && stderr(&output).contains("try `x`"),
        "{}",
        stderr(&output)
    );
    assert_eq!(runs(&project.folder.path().join("reports")).len(), before, "something was measured");
    succeeds(&project.run(&[new, "--baseline-lenient", "y"]));
}

#[test]
fn a_name_that_is_no_folder_of_its_own_is_refused_before_measuring() {
    for name in ["", "../../x", "a/b", "..", ".", "a\\b", "new", "change", "report", "a\nb"] {
        for flag in ["--save-baseline", "--baseline", "--baseline-lenient"] {
            let project = Project::new();
            let output = project.run(&["counter/hot/std::sync::Mutex", flag, name]);
            let errors = stderr(&output);
            assert_eq!(output.status.code(), Some(2), "{flag} {name:?}: {errors}");
            assert!(errors.contains(flag), "{errors}");
            assert!(!project.has_runs() && !project.home().exists(), "{flag} {name:?} wrote something");
        }
    }
}

#[test]
fn a_baseline_that_cannot_be_saved_is_an_error_before_measuring() {
    let project = Project::new();
    let file = project.folder.path().join("file");
    fs::write(&file, "").expect("it can be written");
    for home in [file.clone(), file.join("below"), "/proc/contend".into()] {
        let output = project.run_at(&home, &["--forks=10", "counter/hot/std::sync::Mutex", "-s", "z"]);
        let errors = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{errors}");
        assert!(errors.contains("cannot write to criterion's folder"), "{errors}");
        assert!(!project.has_runs());
    }
    // Each fork is a sample, and criterion takes no fewer than ten.
    let few = project.run_at(&project.home(), &["--forks=3", "counter/hot/std::sync::Mutex", "-s", "z"]);
    assert_eq!(few.status.code(), Some(2), "{}", stderr(&few));
    assert!(stderr(&few).contains("at least 10 forks"), "{}", stderr(&few));
    assert!(!project.has_runs());
    // A run that asks for nothing of criterion's goes on without it.
    let output = project.run_at(&file, &["--forks=10", "counter/hot/std::sync::Mutex"]);
    succeeds(&output);
    assert!(stderr(&output).contains("cannot write to criterion's folder"), "{}", stderr(&output));
}

/// A place that is full only when criterion writes.
#[test]
fn criterions_own_message_is_shown() {
    let project = Project::new();
    let group = project.home().join("counter_hot");
    fs::create_dir_all(&group).expect("a folder");
    fs::write(group.join("std__sync__Mutex"), "in the way").expect("it can be written");
    let output = project.run(&["counter/hot/std::sync::Mutex", "--save-baseline", "z"]);
    let errors = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    let last = errors.trim_end().lines().last().unwrap_or_default();
    assert!(last.starts_with("error: cannot pass the samples to criterion"), "{errors}");
    assert!(last.contains("std__sync__Mutex"), "the cause is lost: {errors}");
    assert!(!errors.contains("RUST_BACKTRACE"), "{errors}");
}

#[test]
fn discarded_samples_leave_the_last_ones() {
    let project = Project::new();
    succeeds(&project.run(&["counter/hot/std::sync::Mutex", "--discard-baseline"]));
    assert!(!project.home().exists());
}
