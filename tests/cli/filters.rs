//! Filters, `--skip`, and what `--list` says of them.

use super::*;

/// The ids that `--list` prints, and its standard error.
fn list(args: &[&str]) -> (Vec<String>, String) {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let output = contend(&[&["run", "--list"], args].concat(), reports.path());
    assert!(output.status.success(), "{args:?}: {}", stderr(&output));
    (stdout(&output).lines().map(str::to_owned).collect(), stderr(&output))
}

#[test]
fn regular_expressions_have_all_classes_of_characters() {
    for (filter, matched, not) in [
        (r"Mutex/\d$", "counter/hot/std::sync::Mutex/1", "counter/hot/std::sync::RwLock/1"),
        (r"\bMutex\b", "counter/hot/std::sync::Mutex/1", "counter/hot/floor/1"),
        ("(?i)mutex", "counter/hot/parking_lot::Mutex/1", "counter/hot/floor/1"),
        (r"std::sync::\w+/1$", "counter/hot/std::sync::Mutex/1", "counter/hot/std::sync::Mutex/2"),
        (r"\p{Lu}utex/[[:digit:]]$", "counter/hot/std::sync::Mutex/1", "counter/hot/floor/1"),
    ] {
        let (ids, _) = list(&[filter]);
        assert!(ids.iter().any(|id| id == matched), "`{filter}` does not match {matched}");
        assert!(!ids.iter().any(|id| id == not), "`{filter}` matches {not}");
    }
}

#[test]
fn a_filter_that_does_not_parse_and_matches_no_text_says_so() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    for (args, reason) in [
        (["((", "--list"], "unclosed group"),
        (["Mutex[", "--list"], "unclosed character class"),
        (["counter", "--skip=(("], "unclosed group"),
    ] {
        let output = contend(&[&["run"], &args[..]].concat(), reports.path());
        let errors = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {errors}");
        assert_eq!(errors.trim_end().lines().count(), 1, "{args:?}: {errors}");
        assert!(errors.contains("no regular expression") && errors.contains(reason), "{args:?}: {errors}");
    }
    // As text it matches, whatever it is as an expression.
    assert!(list(&["atomic+fetch_add"]).0.iter().all(|id| id.contains("atomic+fetch_add")));
}

#[test]
fn skipped_cells_are_left_out() {
    let (all, _) = list(&["counter/hot"]);
    let (left, _) = list(&["counter/hot", "--skip", "Mutex", "--skip", r"RwLock/\d"]);
    assert!(left.len() < all.len() && !left.is_empty());
    let wanted: Vec<_> = all.iter().filter(|id| !id.contains("Mutex") && !id.contains("RwLock")).collect();
    assert_eq!(left.iter().collect::<Vec<_>>(), wanted);
    let (exact, _) = list(&["--exact", "--skip", "counter/hot/std::sync::Mutex/1"]);
    assert!(exact.contains(&"counter/hot/std::sync::Mutex/2".to_owned()));
    assert!(!exact.contains(&"counter/hot/std::sync::Mutex/1".to_owned()));
    assert!(list(&["--skip", "map"]).0.iter().all(|id| !id.contains("map")));

    let reports = tempfile::tempdir().expect("a temporary folder");
    let short = &SHORT[1..];
    let output = contend(&[&["run"], short, &["--skip", "RwLock"]].concat(), reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    let journal = contend::record::read(&runs(reports.path())[0]).expect("it can be read");
    assert!(journal.records.iter().any(|record| record.cell.contender == "std::sync::Mutex"));
    assert!(journal.records.iter().all(|record| !record.cell.contender.contains("RwLock")));
    assert_eq!(journal.run.plan.filters, ["counter/hot/std::sync", "--skip RwLock"]);
    let output = contend(&["run", "counter/hot", "--skip", "counter"], reports.path());
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("--skip counter"), "{}", stderr(&output));
}

#[test]
fn absences_follow_the_filter() {
    let (ids, absent) = list(&["counter/hot/std::sync::Mutex/1"]);
    assert_eq!((ids.len(), absent.as_str()), (1, ""));
    let lines = |args: &[&str]| {
        let (_, absent) = list(args);
        absent.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let of_counter = lines(&["counter/"]);
    assert!(of_counter.iter().any(|line| line.starts_with("absent: counter/std::thread::spawn: ")));
    assert!(of_counter.iter().all(|line| line.starts_with("absent: counter/")), "{of_counter:?}");
    assert!(lines(&[]).len() > of_counter.len());
    assert_eq!(lines(&["counter/", "--skip", "counter/"][..1]), of_counter);
    assert_eq!(lines(&["counter/", "--quiet"]), [""; 0]);
}
