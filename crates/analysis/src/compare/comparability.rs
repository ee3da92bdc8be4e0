//! Whether two runs may be compared, and what else differs between them. A fact that could not be read is
//! "unknown", which equals nothing.

use contend_record::{BlockId, BlockPlan, Fingerprint, FingerprintDifference, Plan, Run};
use serde::Serialize;

use crate::text::number;

/// A difference between two runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What differs.
    pub what: String,
    /// Its value in the first run.
    pub first: String,
    /// Its value in the second.
    pub second: String,
}

/// The value of a fact that could not be read.
const UNKNOWN: &str = "unknown";

/// The facts that must agree: times of different toolchains are not comparable.
const MUST_AGREE: [(&str, &str); 2] = [("rustc", "the compiler"), ("target", "the target")];

/// The CPU's name, which must agree where a run has no fingerprint.
const CPU_NAME: (&str, &str) = ("cpu_model", "the CPU");

/// The facts of runs without a fingerprint that distinguish two CPUs of one name.
const CACHES: [(&str, &str); 4] = [
    ("cache_l1d", "the L1 data cache"),
    ("cache_l1i", "the L1 instruction cache"),
    ("cache_l2", "the L2 cache"),
    ("cache_l3", "the L3 cache"),
];

/// Facts that differ between any two runs, and explain nothing.
const VOLATILE: [&str; 5] = ["utc", "load_before", "load_after", "steal", "steal_run"];

/// The value of a fact, or "unknown".
pub(super) fn fact<'a>(run: &'a Run, key: &str) -> &'a str {
    let facts = run.environment.facts.iter();
    let mut found = facts.filter(|fact| fact.key == key);
    found.next().map_or(UNKNOWN, |fact| &fact.value)
}

/// The reasons against comparing two runs, a sentence each.
pub(super) fn reasons_against(first: &Run, second: &Run, same_machine: bool) -> Vec<String> {
    let mut reasons = match fingerprints(first, second) {
        Some((a, b)) => {
            let reason = |of: FingerprintDifference| {
                let (what, a, b) = (of.what, of.first, of.second);
                format!("{what}: {a} in run {}, {b} in run {}", first.run, second.run)
            };
            a.processor_differences(b).into_iter().map(reason).collect()
        }
        None => {
            let mut reasons: Vec<String> =
                disagreement(first, second, CPU_NAME, !same_machine).into_iter().collect();
            reasons.extend(CACHES.iter().filter_map(|cache| disagreement(first, second, *cache, false)));
            reasons
        }
    };
    reasons.extend(MUST_AGREE.iter().filter_map(|fact| disagreement(first, second, *fact, !same_machine)));
    if first.plan.cores != second.plan.cores {
        reasons.push(format!(
            "run {} could use {}, run {} {}",
            first.run,
            usable_cpus(&first.plan),
            second.run,
            usable_cpus(&second.plan),
        ));
    }
    reasons
}

/// The number of CPUs that a run could use, and what restricted it.
fn usable_cpus(plan: &Plan) -> String {
    let restriction = plan.cpus.map(|cpus| format!(" (`--cpus {cpus}`)"));
    number::plural(plan.cores, "CPU", "CPUs") + &restriction.unwrap_or_default()
}

/// The fingerprints of two runs, if both have one that identifies a processor.
fn fingerprints<'a>(first: &'a Run, second: &'a Run) -> Option<(&'a Fingerprint, &'a Fingerprint)> {
    let known = |run: &'a Run| run.fingerprint.as_ref().filter(|of| of.is_known());
    known(first).zip(known(second))
}

/// A sentence if a fact differs between two runs or, with `needed`, if one of them does not know it.
fn disagreement(first: &Run, second: &Run, (key, name): (&str, &str), needed: bool) -> Option<String> {
    let (a, b) = (fact(first, key), fact(second, key));
    let unknown = a == UNKNOWN || b == UNKNOWN;
    let (first, second) = (&first.run, &second.run);
    if unknown {
        return needed
            .then(|| format!("{name} is {a} in run {first} and {b} in run {second}, so it may differ"));
    }
    (a != b).then(|| format!("{name} is {a} in run {first}, and {b} in run {second}"))
}

/// All other differences.
pub(super) fn differences(first: &Run, second: &Run) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut add = |what: &str, a: &str, b: &str| {
        if a != b {
            found.push(Difference { what: what.to_owned(), first: a.to_owned(), second: b.to_owned() });
        }
    };
    add("contend", &first.contend, &second.contend);
    add("preset", &first.plan.preset, &second.plan.preset);
    let percent = |run: &Run| number::threshold(run.plan.threshold);
    let pinned = |run: &Run| if run.plan.pinned { "yes" } else { "no" };
    add("pinned", pinned(first), pinned(second));
    let processes = |run: &Run| if run.plan.in_process { "one" } else { "one for each fork" };
    add("processes", processes(first), processes(second));
    let restricted = |run: &Run| run.plan.cpus.map_or("none".to_owned(), |cpus| format!("--cpus {cpus}"));
    add("restriction of CPUs", &restricted(first), &restricted(second));
    add("threshold", &percent(first), &percent(second));
    for known in &second.environment.facts {
        let key = known.key.as_str();
        let by_name = CPU_NAME.0 == key && fingerprints(first, second).is_none();
        let like = by_name || MUST_AGREE.iter().any(|(like, _)| *like == key);
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

/// A note where the parameters of a block's variant differ, because its cells did different work under one name.
pub(super) fn other_work(first: &Run, second: &Run, block: &BlockId) -> Option<String> {
    let variant = block.of_variant();
    let parameters = |run: &Run| {
        let variants = run.workloads.iter().flat_map(|of| &of.variants);
        let mut found = variants.filter(|info| info.id == variant);
        found.next().map(|info| info.parameters.clone())
    };
    let (first, second) = (parameters(first)?, parameters(second)?);
    let differing = first.keys().chain(second.keys()).find(|key| first.get(*key) != second.get(*key))?;
    let shown = |of: Option<&String>| of.map_or("unknown", String::as_str).to_owned();
    Some(format!(
        "different work: {differing} is {} in the first run, {} in the second",
        shown(first.get(differing)),
        shown(second.get(differing)),
    ))
}

/// A note where the windows of a block differ in length.
pub(super) fn other_windows(first: Option<&BlockPlan>, second: Option<&BlockPlan>) -> Option<String> {
    let (first, second) = (first?.window_ns, second?.window_ns);
    (first != second).then(|| {
        format!(
            "windows of {} in the first run, of {} in the second",
            number::duration_ns(first as f64),
            number::duration_ns(second as f64),
        )
    })
}
