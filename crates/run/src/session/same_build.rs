//! Whether this process may add records to a run: only the build, machine and plan that began it may.

use crate::machine::{Executable, allowed_cpus, cpus_in_words, environment, fingerprint, host_name};
use crate::record::{Environment, Run};
use contend_workloads::registry::Suite;

/// The leading digits of a hash that a message shows.
const SHOWN_DIGITS: usize = 12;

/// What differs between the process that began `run` and this one, as phrases. Empty if nothing does.
pub(super) fn differences(run: &Run, suite: &Suite, executable: &Executable) -> Vec<String> {
    let mut found = Vec::new();
    let mut differ = |what: &str, then: Option<&str>, now: Option<&str>| {
        if then != now {
            let (then, now) = (then.unwrap_or("unknown"), now.unwrap_or("unknown"));
            found.push(format!("{what} ({then} then, {now} now)"));
        }
    };
    let now = environment();
    let shown = |hash: &str| hash.chars().take(SHOWN_DIGITS).collect::<String>();
    let (then, ours) = (run.executable.as_deref(), executable.identity().sha256());
    if then != Some(ours) {
        differ("the executable", then.map(shown).as_deref(), Some(&shown(ours)));
    }
    differ("the version of contend", Some(&run.contend), Some(env!("CARGO_PKG_VERSION")));
    for (key, what) in [
        ("rustc", "the compiler"),
        ("profile", "the profile"),
        ("flags", "the compiler's flags"),
        ("features", "the cargo features"),
    ] {
        differ(what, fact(&run.environment, key), fact(&now, key));
    }
    let host = host_name();
    differ("the host", run.host.as_deref(), host.as_deref());
    let (then, now) = (run.fingerprint.clone().unwrap_or_default(), fingerprint());
    for of in then.processor_differences(&now).into_iter().chain(then.kernel_difference(&now)) {
        differ(&format!("the machine's {}", of.what), Some(&of.first), Some(&of.second));
    }
    let cpus = |count: usize| format!("for {}", cpus_in_words(count as f64));
    differ("the plan", Some(&cpus(run.plan.cores)), Some(&cpus(allowed_cpus())));
    found.extend(unknown_cells(run, suite));
    found
}

fn fact<'a>(environment: &'a Environment, key: &str) -> Option<&'a str> {
    let fact = environment.facts.iter().find(|fact| fact.key == key)?;
    Some(&fact.value)
}

/// The first cell of the plan that the suite lacks, as a phrase.
fn unknown_cells(run: &Run, suite: &Suite) -> Option<String> {
    let mut cells = run
        .plan
        .blocks
        .iter()
        .flat_map(|block| block.cells.iter().map(|cell| block.block.cell(&cell.contender)));
    let unknown = cells.find(|cell| {
        let contender = cell.control_of().unwrap_or(&cell.contender);
        let variant = suite.variants.iter().find(|variant| variant.info.id == cell.block().of_variant());
        !variant.is_some_and(|of| of.contenders.iter().any(|known| known.info.name == contender))
    })?;
    Some(format!("the plan ({unknown} is not in this suite)"))
}
