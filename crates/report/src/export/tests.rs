//! What each format says, compared with the analysis that `verdicts.json` is made of.

use contend_fixture::{record, run};
use serde_json::Value;

use super::*;

/// Three contenders in five forks, one of them measured in another unit, one failed, and a control.
fn data() -> RunData {
    let run = run(&["std::sync::Mutex", "std::sync::Mutex~control", "rate", "broken", "floor"]);
    let mut records = Vec::new();
    for fork in 1..=5 {
        let value = 10.0 + f64::from(fork) / 3.0;
        records.push(record("std::sync::Mutex", fork, 1, value));
        records.push(record("std::sync::Mutex~control", fork, 1, value));
        records.push(record("floor", fork, 1, value / 7.0));
        let mut rate = record("rate", fork, 1, value);
        (rate.ns_per_op, rate.value, rate.unit) = (None, Some(value), Some("reads \"a\"/s".to_owned()));
        records.push(rate);
    }
    RunData { run, records, long: Vec::new(), against: Vec::new(), cut_off: false, problems: Vec::new() }
}

fn medians(data: &RunData) -> Vec<(String, f64)> {
    let analysis = analyse(&data.run, &data.records);
    let cells = cells(&analysis).1.into_iter();
    cells.filter_map(|cell| Some((cell.cell.to_string(), cell.median?))).collect()
}

#[test]
fn every_number_is_exactly_that_of_the_analysis() {
    let data = data();
    let medians = medians(&data);
    assert_eq!(medians.len(), 3);
    let exported = |format| export(&data, format);

    let bencher: Value = serde_json::from_str(&exported(ExportFormat::Bencher).text).expect("JSON");
    for (cell, median) in &medians {
        let (measure, metric) =
            bencher[cell].as_object().expect("a benchmark").iter().next().expect("a measure");
        assert!(!measure.contains("latency"), "{measure}");
        assert_eq!(metric["value"].as_f64(), Some(*median));
    }
    let critcmp: Value = serde_json::from_str(&exported(ExportFormat::Critcmp).text).expect("JSON");
    let github: Value =
        serde_json::from_str(&exported(ExportFormat::GithubActionBenchmark).text).expect("JSON");
    let metrics = exported(ExportFormat::Openmetrics).text;
    let csv = exported(ExportFormat::Csv).text;
    for (cell, median) in medians.iter().filter(|(cell, _)| !cell.contains("rate")) {
        let estimates = &critcmp["benchmarks"][cell]["criterion_estimates_v1"];
        assert_eq!(estimates["mean"]["point_estimate"].as_f64(), Some(*median));
        let entry = github.as_array().expect("a list").iter().find(|entry| entry["name"] == **cell);
        assert_eq!(entry.expect("an entry")["value"].as_f64(), Some(*median));
        assert!(metrics.lines().any(|line| line.ends_with(&format!("}} {median}"))), "{metrics}");
        assert!(
            csv.lines().any(|line| line.starts_with(cell) && line.contains(&format!(",{median},"))),
            "{csv}"
        );
    }
}

#[test]
fn benchfmt_has_a_line_for_each_fork() {
    let data = data();
    let text = export(&data, ExportFormat::Benchfmt).text;
    let of_mutex: Vec<&str> =
        text.lines().filter(|line| line.contains("/contender=std::sync::Mutex/threads=2 ")).collect();
    assert_eq!(of_mutex.len(), 5, "{text}");
    let fields: Vec<&str> = of_mutex[0].split(' ').collect();
    let analysis = analyse(&data.run, &data.records);
    let first = analysis.blocks[0].cells[0].forks[0].value;
    assert_eq!(fields[1..], ["1000", &first.to_string(), "ns/op"]);
    assert!(text.contains("\nUnit reads-\"a\"/s better=higher\n"), "{text}");
    assert!(text.contains("\nUnit ns/op better=lower\n"));
}

#[test]
fn a_format_says_what_it_lacks() {
    let data = data();
    let left_out = |format| export(&data, format).left_out.join("\n");
    assert!(left_out(ExportFormat::Critcmp).contains("1 cell is left out: the unit is not nanoseconds"));
    assert!(left_out(ExportFormat::GithubActionBenchmark).contains("more is better"));
    assert!(left_out(ExportFormat::Bencher).contains("1 cell is left out: failed or not measured"));
    let control = "1 cell is left out: a control is the second copy of a contender";
    assert_eq!(left_out(ExportFormat::Csv), control, "it has a row for each other cell");
    for format in ExportFormat::ALL {
        assert!(left_out(format).contains(control), "{format}");
    }
    assert!(export(&data, ExportFormat::Csv).text.contains("broken"));
}

#[test]
fn openmetrics_is_escaped_and_ends() {
    let mut data = data();
    data.run.run = "a\"b\\c\nd".to_owned();
    let text = export(&data, ExportFormat::Openmetrics).text;
    assert!(text.contains(r#"run="a\"b\\c\nd""#), "{text}");
    assert!(text.ends_with("# EOF\n"));
    let families = text.lines().filter(|line| line.starts_with("# TYPE ")).count();
    assert_eq!(families, 6, "{text}");
}

#[test]
fn names_are_read_back() {
    for format in ExportFormat::ALL {
        assert_eq!(format.name().parse(), Ok(format));
    }
    assert!("parquet".parse::<ExportFormat>().is_err_and(|error| error.contains("bencher, github")));
}
