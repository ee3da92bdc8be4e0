//! Wrong arguments and files: one sentence, exit 2, and nothing is overwritten.

use super::*;

/// What is said where `--cpus` has a number that is impossible here.
const CPUS: &str = if cfg!(target_os = "linux") { "from 1 to" } else { "only Linux" };

#[test]
fn wrong_arguments_are_one_sentence_before_anything_happens() {
    let cases: [(&[&str], &[&str]); 37] = [
        (&["--frobnicate"], &["--frobnicate", "--help"]),
        (&["--fork", "3"], &["--fork", "--forks"]),
        (&["--preset", "huge"], &["huge", "quick, standard, thorough"]),
        (&["--threads", "0"], &["--threads", "from 1 to"]),
        (&["--threads", "100000"], &["100000", "from 1 to"]),
        (&["--threads", "x"], &["`--threads x`", "from 1 to"]),
        (&["--threads", "1,,2"], &["--threads", "from 1 to"]),
        (&["--threads", "-1"], &["-1", "from 1 to"]),
        (&["--cpus", "0"], &["`--cpus 0`", CPUS]),
        (&["--cpus", "4096"], &["`--cpus 4096`", CPUS]),
        (&["--cpus", "-1"], &["`--cpus -1`", CPUS]),
        (&["--cpus", "1", "--plan-for", "8"], &["--cpus"]),
        (&["--window", "0ms"], &["0ms", "100us to 10s"]),
        (&["--window", "-5ms"], &["-5ms", "100us to 10s"]),
        (&["--window", "soon"], &["soon", "100us to 10s"]),
        (&["--forks", "0"], &["--forks 0", "from 1 to"]),
        (&["--forks", "-3"], &["-3", "from 1 to"]),
        (&["--rounds", "0"], &["--rounds 0", "from 1 to"]),
        (&["--rounds", "-1"], &["-1", "from 1 to"]),
        (&["counter/hott"], &["counter/hott", "counter/hot/", "--list"]),
        (&["counterr"], &["`counterr` matches no cell; the nearest are `counter`"]),
        (&[concat!("mer", "gge")], &["matches no cell", "there is a command `merge`"]),
        (&["map read9O"], &["`map read9O` matches no cell; the nearest are `map/read90`"]),
        (&["counter/hot", "--baseline-contender", "std::sync::Mutx"], &["nearest are `std::sync::Mutex`"]),
        (&["--exact", "counter/hot"], &["matches no cell; the nearest are `counter/hot/floor/1`"]),
        (&["--quick", "report"], &["matches no cell", "the command `report` comes before all flags"]),
        (&["--sample-size", "50"], &["criterion's", "--forks"]),
        (&["--measurement-time", "5"], &["criterion's", "--window"]),
        (&["--warm-up-time=5"], &["criterion's", "warms up"]),
        (&["--quick", "--preset", "thorough"], &["--quick", "--preset"]),
        (&["--resume"], &["no interrupted run"]),
        (&["--baseline", "never-saved"], &["no baseline `never-saved`"]),
        (&["--budget", "0s"], &["--budget", "at least 1s"]),
        (&["--budget", "1s"], &["--budget", "too short", "the smallest plan"]),
        (&["--shard", "5/4"], &["--shard 5/4", "K/N"]),
        (&["--shard", "-1/4"], &["-1/4", "--shard 1/4"]),
        (&["--plan-for", "0"], &["--plan-for", "from 1 to"]),
    ];
    for (args, needles) in cases {
        let reports = tempfile::tempdir().expect("a temporary folder");
        let args = [&["run"], args].concat();
        let output = contend(&args, reports.path());
        let errors = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {errors}");
        assert_eq!(errors.trim_end().lines().count(), 1, "{args:?}: {errors}");
        assert!(errors.starts_with("error: "), "{args:?}: {errors}");
        for needle in needles {
            assert!(errors.contains(needle), "{args:?} does not say `{needle}`: {errors}");
        }
        assert_eq!(fs::read_dir(reports.path()).expect("it is there").count(), 0, "{args:?} wrote something");
        assert!(output.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn a_reports_folder_that_cannot_be_written_is_named_and_not_changed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("reports");
    fs::write(&file, "precious").expect("it can be written");
    let output = contend(SHORT, &file);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("cannot write"), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(&file).expect("it is there"), "precious");
}

#[test]
fn the_error_for_a_missing_run_names_the_existing_ones() {
    let (reports, run) = short_run();
    let output = contend(&["report", "nowhere"], reports.path());
    assert_eq!(output.status.code(), Some(2));
    let name = run.file_name().expect("a name").to_str().expect("text");
    assert!(stderr(&output).contains("nowhere") && stderr(&output).contains(name));
}
