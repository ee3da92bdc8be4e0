//! Whether two runs may be compared, and what else differs between them. What cannot be read is
//! "unknown", which is not the same as anything.

use contend_record::{BlockId, BlockPlan, Run};
use serde::Serialize;

use crate::text::number;

/// Something that differs between two runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What.
    pub what: String,
    /// In the first run.
    pub first: String,
    /// In the second.
    pub second: String,
}

/// What is said of a fact that could not be read.
const UNKNOWN: &str = "unknown";

/// What makes a machine and a toolchain: a time of one says nothing of a time of another.
const LIKE: [(&str, &str); 3] = [
    ("cpu_model", "the CPU"),
    ("rustc", "the compiler"),
    ("target", "the target"),
];

/// Facts that differ between any two runs, and explain nothing.
const VOLATILE: [&str; 5] = ["utc", "load_before", "load_after", "steal", "steal_run"];

/// The value of a fact, or "unknown".
pub(super) fn fact<'a>(run: &'a Run, key: &str) -> &'a str {
    let facts = run.environment.facts.iter();
    let mut found = facts.filter(|fact| fact.key == key);
    found.next().map_or(UNKNOWN, |fact| &fact.value)
}

/// Why two runs must not be compared, a sentence each.
pub(super) fn reasons_against(first: &Run, second: &Run, same_machine: bool) -> Vec<String> {
    let mut reasons = Vec::new();
    for (key, name) in LIKE {
        let (a, b) = (fact(first, key), fact(second, key));
        let unknown = a == UNKNOWN || b == UNKNOWN;
        if unknown && !same_machine {
            reasons.push(format!(
                "{name} is {a} in run {} and {b} in run {}, so nobody knows that it is the same",
                first.run, second.run
            ));
        } else if !unknown && a != b {
            reasons.push(format!(
                "{name} is {a} in run {}, and {b} in run {}",
                first.run, second.run
            ));
        }
    }
    let (a, b) = (first.plan.cores, second.plan.cores);
    if a != b {
        reasons.push(format!(
            "run {} was allowed {}, run {} {b}",
            first.run,
            number::plural(a, "CPU", "CPUs"),
            second.run,
        ));
    }
    reasons
}

/// Everything else that differs.
pub(super) fn differences(first: &Run, second: &Run) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut add = |what: &str, a: &str, b: &str| {
        if a != b {
            found.push(Difference {
                what: what.to_owned(),
                first: a.to_owned(),
                second: b.to_owned(),
            });
        }
    };
    add("contend", &first.contend, &second.contend);
    add("preset", &first.plan.preset, &second.plan.preset);
    let percent = |run: &Run| number::threshold(run.plan.threshold);
    let pinned = |run: &Run| if run.plan.pinned { "yes" } else { "no" };
    add("pinned", pinned(first), pinned(second));
    add("threshold", &percent(first), &percent(second));
    for known in &second.environment.facts {
        let key = known.key.as_str();
        let like = LIKE.iter().any(|(like, _)| *like == key);
        if !like && !VOLATILE.contains(&key) {
            add(&known.label, fact(first, key), &known.value);
        }
    }
    for contender in &second.contenders {
        let named = |other: &&contend_record::ContenderInfo| other.name == contender.name;
        if let Some(other) = first.contenders.iter().find(named) {
            add(&contender.name, &other.version, &contender.version);
        }
    }
    found
}

/// Says so where a block's variant has other parameters in the two runs: then its cells did other
/// work under one name.
pub(super) fn other_work(first: &Run, second: &Run, block: &BlockId) -> Option<String> {
    let variant = block.of_variant();
    let parameters = |run: &Run| {
        let variants = run.workloads.iter().flat_map(|of| &of.variants);
        let mut found = variants.filter(|info| info.id == variant);
        found.next().map(|info| info.parameters.clone())
    };
    let (first, second) = (parameters(first)?, parameters(second)?);
    let differing = first
        .keys()
        .chain(second.keys())
        .find(|key| first.get(*key) != second.get(*key))?;
    let said = |of: Option<&String>| of.map_or("not said", String::as_str).to_owned();
    Some(format!(
        "not the same work: {differing} is {} in the first run, {} in the second",
        said(first.get(differing)),
        said(second.get(differing)),
    ))
}

/// Says so where a block's windows are of another length in the two runs.
pub(super) fn other_windows(
    first: Option<&BlockPlan>,
    second: Option<&BlockPlan>,
) -> Option<String> {
    let (first, second) = (first?.window_ns, second?.window_ns);
    (first != second).then(|| {
        format!(
            "windows of {} in the first run, of {} in the second",
            number::duration_ns(first as f64),
            number::duration_ns(second as f64),
        )
    })
}
