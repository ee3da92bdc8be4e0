//! JSON as `critcmp --export` writes it, to be read by critcmp: <https://github.com/BurntSushi/critcmp>. The baseline
//! is the run. critcmp prints what it calls a mean: here that is the median over forks, which verdicts rest on.

use std::collections::BTreeMap;

use contend_analysis::statistics::Sorted;
use contend_analysis::verdict::PAIR_ERROR;
use contend_record::Run;
use serde_json::{Value, json};

use super::Cell;

pub(super) fn text(run: &Run, cells: &[Cell<'_>]) -> String {
    let benchmark = |cell: &Cell<'_>| {
        let id = cell.id.to_string();
        let benchmark = json!({
            "baseline": run.run,
            "fullname": format!("{}/{id}", run.run),
            "criterion_benchmark_v1": {
                "group_id": format!("{}/{}", cell.id.workload, cell.id.variant),
                "function_id": cell.id.contender,
                "value_str": cell.id.threads.to_string(),
                "throughput": null,
                "full_id": id,
                "directory_name": id,
            },
            "criterion_estimates_v1": estimates(cell),
        });
        (id, benchmark)
    };
    let benchmarks: BTreeMap<String, Value> = cells.iter().map(benchmark).collect();
    let base = json!({ "name": run.run, "benchmarks": benchmarks });
    serde_json::to_string_pretty(&base).expect("plain data") + "\n"
}

fn estimates(cell: &Cell<'_>) -> Value {
    let values: Vec<f64> = cell.summary.forks.iter().map(|fork| fork.value).collect();
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let deviation = (squares / (count - 1.0).max(1.0)).sqrt();
    let distances = values.iter().map(|value| (value - cell.median).abs()).collect();
    let median_deviation = Sorted::new(distances).median().unwrap_or(0.0);
    let statistic = |estimate: f64, (low, high): (f64, f64)| {
        json!({
            "confidence_interval": {
                "confidence_level": 1.0 - PAIR_ERROR,
                "lower_bound": low,
                "upper_bound": high,
            },
            "point_estimate": estimate,
            "standard_error": deviation / count.sqrt(),
        })
    };
    let median = statistic(cell.median, cell.summary.interval.unwrap_or((cell.median, cell.median)));
    json!({
        "mean": median,
        "median": median,
        "median_abs_dev": statistic(median_deviation, (median_deviation, median_deviation)),
        "slope": null,
        "std_dev": statistic(deviation, (deviation, deviation)),
    })
}
