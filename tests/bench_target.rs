//! The command line of a bench target, as a project has one that takes contend as a dev-dependency: it answers the
//! commands too, so that such a project needs no other executable.
//!
//! This executable is the tests and, with `CONTEND_BENCH_TARGET` set, the bench target that they start. Cargo adds
//! `--bench` after the arguments of `cargo bench`, and nothing after those of `cargo test --benches`.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};
use std::sync::OnceLock;

use libtest_mimic::{Arguments, Failed, Trial};

/// Says to this executable that it is the bench target.
const AS_BENCH: &str = "CONTEND_BENCH_TARGET";

fn main() -> ExitCode {
    if std::env::var_os(AS_BENCH).is_some() {
        return contend::bench(suite());
    }
    let trial = |name: &str, test: fn()| {
        Trial::test(name, move || {
            test();
            Ok::<(), Failed>(())
        })
    };
    let trials = vec![
        trial("the_bench_target_answers_every_command", answers_every_command),
        trial("a_commands_name_after_a_flag_or_with_more_is_a_filter", names_within_filters),
        trial("a_workload_may_have_the_name_of_a_command", workload_of_a_commands_name),
        trial("what_is_slower_than_in_the_older_build_is_found", slower_than_before),
        trial("an_older_build_without_a_planned_cell_is_refused", older_without_a_cell),
        trial("flags_of_libtest_check_cells_without_timing", flags_of_libtest),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// A lock whose owner spins: for longer in this build than in an older one.
struct Spinning<T>(std::sync::Mutex<T>);

/// The name of a file that is the build before a change, and of one from before the lock was there.
const BEFORE: &str = "build-before";
const WITHOUT: &str = "build-without";

impl<T: Send + Sync + 'static> contend::Lock for Spinning<T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = Spinning<U>;

    fn new(state: T) -> Self {
        Self(std::sync::Mutex::new(state))
    }

    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        static SPINS: OnceLock<u32> = OnceLock::new();
        for spin in 0..*SPINS.get_or_init(|| if file_name().contains(BEFORE) { 100 } else { 400 }) {
            std::hint::black_box(spin);
        }
        f(&mut self.0.lock().unwrap())
    }
}

/// The name of the executable that this process runs: forks are processes of theirs.
fn file_name() -> String {
    let path = std::env::current_exe().expect("this executable");
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn suite() -> contend::Suite {
    let mut suite = contend::suite();
    if !file_name().contains(WITHOUT) {
        suite.lock::<Spinning<()>>(contend::Info::new("own::Spinning"));
    }
    let scenario = suite.compare("man").variant("idle", "nothing is done", |_| ());
    let mut compared = scenario.check(|(): (), _| Ok(()));
    compared.contender("own::Nothing", || (), |(), (), (): &mut ()| (), |()| ());
    suite
}

/// A build with this name.
fn build(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::copy(std::env::current_exe().expect("this executable"), &path).expect("it can be copied");
    path
}

/// With 16 forks, other programs may disturb two of them on either side.
const PAIRS: &[&str] =
    &["counter/hot/own::Spinning", "--threads=1", "--forks=16", "--rounds=1", "--window=2ms", "--bench"];

fn slower_than_before() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let older = build(folder.path(), BEFORE);
    let older = ["--against-bin", older.to_str().expect("a path"), "--fail-on=slower"];
    let output = bench(folder.path(), &[PAIRS, &older].concat());
    let printed = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{printed}{}", text(&output.stderr));
    assert!(printed.contains("2 slower"), "the lock and its control: {printed}");
}

fn older_without_a_cell() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let older = build(folder.path(), WITHOUT);
    let output = bench(folder.path(), &[PAIRS, &["--against-bin", older.to_str().expect("a path")]].concat());
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("lacks 1 of the planned cells, such as counter/hot/own::Spinning/1"), "{errors}");
    assert!(!folder.path().join("reports").exists());
}

fn bench(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(std::env::current_exe().expect("this executable"));
    command.env(AS_BENCH, "1").args(args).current_dir(folder);
    command.output().expect("this executable starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

const MEASURE: &[&str] =
    &["counter/hot/std::sync", "--threads=1", "--forks=8", "--rounds=1", "--window=1ms", "--bench"];

fn answers_every_command() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for _ in 0..2 {
        let output = bench(folder.path(), MEASURE);
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    let entries = std::fs::read_dir(folder.path().join("reports")).expect("reports");
    let folders = entries.flatten().filter(|entry| entry.path().is_dir());
    let mut runs: Vec<String> =
        folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    runs.sort();
    let [first, second] = &runs[..] else {
        panic!("two runs, not {runs:?}");
    };
    let cases: [(&[&str], &str); 9] = [
        (&["report"], "index.html"),
        (&["compare", first, second], second),
        (&["cite", "counter/hot"], "**`counter/hot` at 1 thread**"),
        (&["check"], "against run"),
        (&["doctor"], "CPU"),
        (&["export", "csv"], "counter/hot/std::sync::Mutex/1"),
        (&["completions", "bash"], "complete"),
        (&["man"], "contend"),
        (&["prune", "--keep", "1"], "1 run kept"),
    ];
    for (args, wanted) in cases {
        for args in [args.to_vec(), [args, &["--bench"]].concat()] {
            let output = bench(folder.path(), &args);
            let printed = text(&output.stdout);
            // Claims may fail on these few windows, and an old run is gone after the first `prune`.
            let code = output.status.code().expect("an exit code");
            assert!(code == 0 || (code == 1 && args[0] == "check"), "{args:?}: {}", text(&output.stderr));
            assert!(printed.contains(wanted), "{args:?} printed {printed}");
        }
    }
    let output = bench(folder.path(), &["compare", first, "--bench"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("RUN"), "{}", text(&output.stderr));
}

fn names_within_filters() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for args in [&["--list", "report", "--bench"][..], &["reports", "--bench"], &["check/", "--bench"]] {
        let output = bench(folder.path(), args);
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {errors}");
        assert!(errors.contains("matches no cell"), "{args:?}: {errors}");
    }
}

/// A scenario may have the name of a command, which comes first.
fn workload_of_a_commands_name() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = bench(folder.path(), &["man", "--bench"]);
    assert!(output.status.success() && text(&output.stdout).contains(".TH"), "{}", text(&output.stderr));
    let said = text(&output.stderr);
    assert!(said.contains("`man` is a command; `man/` selects the workload of that name"), "{said}");
    let output = bench(folder.path(), &["--list", "man/", "--bench"]);
    assert!(text(&output.stdout).contains("man/idle/own::Nothing/1"), "{}", text(&output.stdout));
    let said = bench(folder.path(), &["doctor", "--bench"]).stderr;
    assert!(!text(&said).contains("is a command"), "{}", text(&said));
}

fn flags_of_libtest() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let filter = "counter/hot/std::sync";
    let output =
        bench(folder.path(), &[filter, "--test-threads=1", "-q", "--show-output", "--skip", "RwLock"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains(" passed, 0 failed"), "{}", text(&output.stdout));
    assert!(!folder.path().join("reports").exists());
}
