//! Any two contenders, and any baseline.

use super::*;

/// The formats of `versus`, and its exit codes.
#[test]
fn any_two_contenders_are_compared_on_request() {
    let pair = ["versus", "std::sync::Mutex", "parking_lot::Mutex", "--run", "before"];
    let table = stdout_of(&pair, 0);
    assert!(table.contains("counter/hot/2") && table.contains("parking_lot::Mutex is faster"), "{table}");
    assert!(table.contains("One named pair is a planned comparison"), "{table}");
    assert!(table.contains("until one pleases is not"), "{table}");

    let json = |args: &[&str]| -> serde_json::Value {
        let args: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
        serde_json::from_str(&stdout_of(&args, 0)).expect("JSON")
    };
    let there = json(&pair);
    let [one, two] = &there["blocks"].as_array().expect("blocks")[..] else { panic!("{there}") };
    assert_eq!((&two["word"], &two["of"]), (&"faster".into(), &"parking_lot::Mutex".into()), "{two}");
    assert_eq!(one["block"], "counter/hot/1");
    // The other order has the inverse ratio and the same word.
    let back = json(&["versus", "parking_lot::Mutex", "std::sync::Mutex", "--run", "before"]);
    let ratio = |of: &serde_json::Value, field: &str| of["blocks"][1][field].as_f64().expect("a ratio");
    for (field, inverse) in [("ratio", "ratio"), ("low", "high"), ("high", "low")] {
        assert!((ratio(&there, field) * ratio(&back, inverse) - 1.0).abs() < 1e-9, "{field}");
    }
    assert_eq!(back["blocks"][1]["of"], "parking_lot::Mutex");

    // A filter of words, across classes, with what both promise.
    let across = [
        "versus",
        "std::sync::Mutex",
        "per-thread+merged",
        "COUNTER /2",
        "--run",
        "before",
        "--format",
        "markdown",
    ];
    let table = stdout_of(&across, 0);
    assert!(table.contains("| `counter/hot/2` |") && !table.contains("counter/hot/1"), "{table}");
    assert!(table.contains("(classes immediate and partitioned)"), "{table}");
    assert!(table.contains("partitioned: each thread has its own state, merged at the end"), "{table}");

    let folder = &fixtures();
    let error = usage_error(folder, &["versus", "std::sync::Mutx", "serial", "--run", "before"]);
    assert!(
        error.contains("`std::sync::Mutx`") && error.contains("nearest are `std::sync::Mutex`"),
        "{error}"
    );
    let error = usage_error(folder, &["versus", "per-thread+merged", "per-thread+merged", "--run", "before"]);
    assert!(error.contains("the same contender twice"), "{error}");
    let nowhere = ["versus", "std::sync::Mutex", "parking_lot::Mutex", "map", "--run", "before"];
    assert!(usage_error(folder, &nowhere).contains("no block that matches `map` has both"));
    assert!(usage_error(folder, &["versus", "std::sync::Mutex"]).contains("is missing"));
}

#[test]
fn a_baseline_may_be_named() {
    let cite = |more: &[&str]| {
        let args: Vec<&str> =
            ["cite", "counter hot", "--run", "before"].iter().chain(more).copied().collect();
        stdout_of(&args, 0)
    };
    assert!(
        cite(&[]).lines().any(|line| line.contains("`std::sync::Mutex`") && line.contains("staying costs"))
    );
    let named = cite(&["--baseline-contender", "parking_lot::Mutex"]);
    let staying = |line: &str| line.contains("`parking_lot::Mutex`") && line.contains("staying costs");
    assert!(named.lines().any(staying), "{named}");
    let wrong = ["cite", "counter", "--run", "before", "--baseline-contender", "parking_lot::Mutx"];
    let error = usage_error(&fixtures(), &wrong);
    assert!(error.contains("nearest are `parking_lot::Mutex`"), "{error}");
    let wrong = ["report", "before", "--baseline-contender", "none"];
    assert!(usage_error(&fixtures(), &wrong).contains("no contender `none`"));
}
