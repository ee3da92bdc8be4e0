//! What is known of a run before it begins, for `run.json`.

use std::collections::BTreeSet;
use std::time::SystemTime;

use super::planning::Planned;
use crate::machine;
use crate::record::{Absent, ContenderInfo, FLOOR, Plan, Run, RunStatus, SCHEMA, WorkloadInfo};
use contend_team::busy_loop::calibrate;
use contend_workloads::registry::Suite;

/// The run `name` of what was planned.
pub(super) fn describe(suite: &Suite, name: String, planned: Planned) -> Run {
    let Planned { plan, seed, .. } = planned;
    let mut environment = machine::environment();
    let hasher = "foldhash (fast), one seed a fork, for every map";
    machine::state(&mut environment, "hasher", hasher);
    let pinning = match plan.pinned {
        true => "each worker to a CPU",
        false => "none",
    };
    machine::state(&mut environment, "pinning", pinning);
    Run {
        schema: SCHEMA,
        run: name,
        contend: env!("CARGO_PKG_VERSION").to_owned(),
        started: now(),
        finished: None,
        took_s: None,
        status: RunStatus::Running,
        command: command(seed),
        seed,
        work: calibrate(),
        environment,
        workloads: workloads(suite, &plan),
        contenders: contenders(suite, &plan),
        absent: absent(suite, &plan),
        plan,
    }
}

/// The time: UTC, RFC 3339.
pub(super) fn now() -> String {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string()
}

/// The command that makes such a run again, seed included.
fn command(seed: u64) -> String {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    args.retain(|arg| arg != "--bench");
    // Where a run is kept is no part of it.
    args.retain(|arg| !arg.starts_with("--reports="));
    if let Some(at) = args.iter().position(|arg| arg == "--reports") {
        args.drain(at..(at + 2).min(args.len()));
    }
    let program = if args.first().is_some_and(|arg| arg == "run") {
        args.remove(0);
        "cargo run --release -- run"
    } else {
        "cargo bench --"
    };
    let quote = |arg: &String| match arg.chars().all(|c| c.is_ascii_alphanumeric() || "_:.+~-/=,".contains(c))
    {
        true => arg.clone(),
        false => format!("'{}'", arg.replace('\'', r"'\''")),
    };
    let mut words: Vec<String> = args.iter().map(quote).collect();
    if !args.iter().any(|arg| arg == "--seed" || arg.starts_with("--seed=")) {
        words.push(format!("--seed {seed}"));
    }
    format!("{program} {}", words.join(" "))
}

fn workloads(suite: &Suite, plan: &Plan) -> Vec<WorkloadInfo> {
    let planned: BTreeSet<_> = plan.blocks.iter().map(|block| block.block.of_variant()).collect();
    let mut workloads = suite.workloads.clone();
    for workload in &mut workloads {
        workload.variants.retain(|variant| planned.contains(&variant.id));
    }
    workloads.retain(|workload| !workload.variants.is_empty());
    workloads
}

/// The contenders of the plan, each once; notes that differ by workload are joined.
fn contenders(suite: &Suite, plan: &Plan) -> Vec<ContenderInfo> {
    let planned: BTreeSet<&str> =
        plan.blocks.iter().flat_map(|block| block.cells.iter().map(|cell| cell.contender.as_str())).collect();
    let mut infos: Vec<ContenderInfo> = Vec::new();
    for member in suite.variants.iter().flat_map(|variant| &variant.contenders) {
        let about = &member.info;
        if !planned.contains(about.name.as_str()) || about.name == FLOOR {
            continue;
        }
        let notes = format!("{} {}", about.facts, about.role).trim().to_owned();
        match infos.iter_mut().find(|info| info.name == about.name) {
            Some(info) if !info.notes.contains(&notes) => {
                info.notes = format!("{} {notes}", info.notes);
            }
            Some(_) => {}
            None => infos.push(ContenderInfo {
                name: about.name.clone(),
                family: about.family.to_owned(),
                package: about.package.to_owned(),
                version: machine::version_of(about.package).unwrap_or("unknown").to_owned(),
                notes,
            }),
        }
    }
    infos.sort_by_key(|info| contend_workloads::rank(&info.family));
    infos
}

/// What is absent from the planned workloads and variants.
fn absent(suite: &Suite, plan: &Plan) -> Vec<Absent> {
    let planned = |scope: &str| {
        plan.blocks.iter().any(|block| {
            let id = block.block.to_string();
            id.strip_prefix(scope).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    let said = suite.absent.iter();
    let said = said.filter(|absent| planned(&absent.block)).cloned();
    said.chain(spared(suite, plan)).collect()
}

/// Contenders that a standard run leaves out where it measures sparingly, unless a filter did.
fn spared<'a>(suite: &'a Suite, plan: &'a Plan) -> impl Iterator<Item = Absent> + 'a {
    let blocks = plan.blocks.iter().filter(|_| plan.filters.is_empty());
    blocks.flat_map(|block| {
        let id = block.block.of_variant();
        let of = suite.variants.iter().find(move |variant| variant.info.id == id);
        let without = of.and_then(|of| of.standard_subset).map_or(&[][..], |of| of.without);
        let has = |name: &str| block.cells.iter().any(|cell| cell.contender == name);
        let left_out = without.iter().filter(move |name| !has(name));
        left_out.map(|name| Absent {
            block: block.block.to_string(),
            contender: (*name).to_owned(),
            reason: "a window of it takes seconds: the thorough preset has it, or a filter that names it"
                .to_owned(),
        })
    })
}
