//! The metadata of a new run, for `run.json`.

use std::collections::BTreeSet;

use super::other_versions::note_other_versions;
use crate::machine::{self, Executable};
use crate::record::{
    Absent, ContenderInfo, ContenderRole, ContenderTrait, FLOOR, Fingerprint, Plan, Run, RunStatus, SCHEMA,
    WorkloadInfo,
};
use crate::session::RunPlan;
use contend_team::busy_loop::calibrate;
use contend_workloads::registry::Suite;

/// A run of `plan` that has not begun. Its name is that of the folder that will be made for it.
pub(super) fn run_metadata(suite: &Suite, planned: RunPlan, seed: u64, executable: &Executable) -> Run {
    let RunPlan { plan, shard, .. } = planned;
    let mut environment = machine::environment();
    let hasher = "foldhash (fast), one seed a fork, for every map";
    machine::add_fact(&mut environment, "hasher", hasher);
    let pinning = match plan.pinned {
        true => "each worker to a CPU",
        false => "none",
    };
    machine::add_fact(&mut environment, "pinning", pinning);
    let mut contenders = contenders(suite, &plan);
    environment.cautions.extend(note_other_versions(&mut contenders, machine::other_versions));
    Run {
        schema: SCHEMA,
        run: "(planned)".to_owned(),
        contend: env!("CARGO_PKG_VERSION").to_owned(),
        started: machine::utc_now(),
        finished: None,
        took_s: None,
        planned_took_s: None,
        status: RunStatus::Running,
        command: command(seed),
        seed,
        work: calibrate(),
        environment,
        executable: Some(executable.identity().sha256().to_owned()),
        against: None,
        fingerprint: Some(machine::fingerprint()).filter(Fingerprint::is_known),
        host: machine::host_name(),
        workloads: workloads(suite, &plan),
        contenders,
        absent: absent(suite, &plan),
        plan,
        shard,
        merged: None,
    }
}

/// The command that repeats this run, seed included.
fn command(seed: u64) -> String {
    let mut args: Vec<String> =
        std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    args.retain(|arg| arg != "--bench");
    // The folder of reports does not matter to a run.
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
    let has_seed = |arg: &String| arg == "--seed" || arg.starts_with("--seed=");
    let mut words: Vec<String> = args.iter().map(|arg| quoted(arg)).collect();
    if !args.iter().any(has_seed) {
        words.push(format!("--seed {seed}"));
    }
    format!("{program} {}", words.join(" "))
}

/// An argument as a shell needs it.
fn quoted(arg: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_:.+~-/=,".contains(c);
    match arg.chars().all(is_plain) {
        true => arg.to_owned(),
        false => format!("'{}'", arg.replace('\'', r"'\''")),
    }
}

/// The workloads of the plan, with their planned variants.
fn workloads(suite: &Suite, plan: &Plan) -> Vec<WorkloadInfo> {
    let planned: BTreeSet<_> = plan.blocks.iter().map(|block| block.block.of_variant()).collect();
    let mut workloads = suite.workloads.clone();
    for workload in &mut workloads {
        workload.variants.retain(|variant| planned.contains(&variant.id));
    }
    workloads.retain(|workload| !workload.variants.is_empty());
    workloads
}

/// The contenders of the plan, each once. Notes that differ between workloads are joined.
fn contenders(suite: &Suite, plan: &Plan) -> Vec<ContenderInfo> {
    let planned: BTreeSet<&str> =
        plan.blocks.iter().flat_map(|block| block.cells.iter().map(|cell| cell.contender.as_str())).collect();
    let mut infos: Vec<ContenderInfo> = Vec::new();
    let cells = suite.variants.iter().flat_map(|variant| {
        variant.contenders.iter().map(|contender| (&*variant.info.id.workload, &contender.info))
    });
    for (workload, info) in cells {
        if !planned.contains(info.name.as_str()) || info.name == FLOOR {
            continue;
        }
        let at = infos.iter().position(|known| known.name == info.name).unwrap_or_else(|| {
            infos.push(ContenderInfo {
                name: info.name.clone(),
                family: info.family.to_owned(),
                package: package_name(info.package).to_owned(),
                version: machine::version_of(info.package).unwrap_or("unknown").to_owned(),
                notes: String::new(),
                checked: info.checked.map(|checked| checked.to_string()),
                roles: Vec::new(),
                traits: Some(traits_everywhere(suite, &info.name)),
            });
            infos.len() - 1
        });
        let known = &mut infos[at];
        if known.notes.is_empty() {
            known.notes = info.facts.clone().into_owned();
        }
        let everywhere = known.traits.iter().flatten();
        let traits = info.traits.iter().filter(|of| !everywhere.clone().any(|known| known == *of));
        let role = ContenderRole {
            workload: workload.to_owned(),
            role: info.role.to_owned(),
            traits: traits.copied().collect(),
        };
        let says_something = !role.role.is_empty() || !role.traits.is_empty();
        if says_something && !known.roles.contains(&role) {
            known.roles.push(role);
        }
    }
    infos.sort_by_key(|info| contend_workloads::rank(&info.family));
    infos
}

/// What makes a contender less simple than others wherever it takes part.
fn traits_everywhere(suite: &Suite, name: &str) -> Vec<ContenderTrait> {
    let all = suite.variants.iter().flat_map(|variant| &variant.contenders);
    let infos: Vec<_> = all.map(|contender| &contender.info).filter(|info| info.name == name).collect();
    let mut traits = infos.first().map(|info| info.traits.clone()).unwrap_or_default();
    traits.retain(|of| infos.iter().all(|info| info.traits.contains(of)));
    traits.sort_unstable();
    traits
}

/// The name of a package whose version may follow: `parking_lot@0.12`.
fn package_name(package: &str) -> &str {
    package.split('@').next().unwrap_or(package)
}

/// The contenders that are absent from the planned workloads and variants.
fn absent(suite: &Suite, plan: &Plan) -> Vec<Absent> {
    let planned = |scope: &str| {
        plan.blocks.iter().any(|block| {
            let id = block.block.to_string();
            id.strip_prefix(scope).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    let known = suite.absent.iter();
    let known = known.filter(|absent| planned(&absent.block)).cloned();
    known.chain(outside_subset(suite, plan)).collect()
}

/// The contenders that a standard run leaves out of blocks with multi-second windows.
fn outside_subset<'a>(suite: &'a Suite, plan: &'a Plan) -> impl Iterator<Item = Absent> + 'a {
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
            reason:
                "its windows take seconds; the thorough preset measures it, and a filter that names it does"
                    .to_owned(),
        })
    })
}
