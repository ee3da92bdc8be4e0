//! One run of the shards of a plan: as if it had been measured in one piece.

use contend_record::{BlockPlan, Merged, MergedPart, RUN, Run, RunData};

/// The run of these shards, which [`group`](super::group) found to be of one machine and one plan, in the order of
/// their numbers. None where there are none, or where one is no shard.
pub fn union(parts: &[&RunData], name: &str) -> Option<RunData> {
    let first = &parts.first()?.run;
    let of_all = first.shard.as_ref()?;
    let runs = || parts.iter().map(|part| &part.run);
    let mut merged = merged(&runs().collect::<Vec<_>>())?;
    for (of, part) in merged.parts.iter_mut().zip(parts) {
        of.changed = part.problems.iter().any(|problem| problem.file == RUN && problem.edited);
    }
    let mut blocks: Vec<BlockPlan> = runs().flat_map(|run| run.plan.blocks.iter().cloned()).collect();
    let place = |block: &BlockPlan| of_all.blocks.iter().position(|of| *of == block.block);
    blocks.sort_by_key(place);
    let mut run = first.clone();
    run.run = name.to_owned();
    run.command = format!("contend merge {} --into {name}", names(&merged));
    run.started = runs().map(|run| run.started.clone()).min()?;
    run.finished = runs().filter_map(|run| run.finished.clone()).max();
    run.took_s = runs().map(|run| run.took_s).sum();
    run.plan.estimate_s = runs().map(|run| run.plan.estimate_s).sum();
    if let Some(more) = &mut run.plan.more {
        more.budget_s = runs().filter_map(|run| Some(run.plan.more.as_ref()?.budget_s)).sum();
    }
    run.plan.blocks = blocks;
    run.shard = None;
    if merged.hosts().len() > 1 {
        run.host = None;
    }
    for other in runs().skip(1) {
        add(&mut run, other);
    }
    let changed = parts.iter().flat_map(|part| part.problems.iter().map(|of| (&part.run.run, of)));
    let changed = changed.filter(|(_, problem)| problem.file == RUN);
    run.environment.cautions.extend(changed.map(|(run, problem)| format!("Shard {run}: {problem}.")));
    run.merged = Some(merged);
    let all = |of: fn(&RunData) -> &Vec<contend_record::Record>| {
        parts.iter().flat_map(|part| of(part).iter().cloned()).collect()
    };
    Some(RunData {
        run,
        records: all(|part| &part.records),
        long: all(|part| &part.long),
        against: Vec::new(),
        cut_off: false,
        problems: parts.iter().flat_map(|part| part.problems.iter().cloned()).collect(),
    })
}

/// What a run of these shards consists of, and what it lacks. None where one of them is no shard.
fn merged(runs: &[&Run]) -> Option<Merged> {
    let of_all = runs.first()?.shard.as_ref()?;
    let parts: Vec<MergedPart> = runs.iter().map(|run| part(run)).collect::<Option<_>>()?;
    let is_there = |number: &u32| parts.iter().any(|part| part.shard == *number);
    let mut missing_blocks = of_all.blocks.clone();
    missing_blocks.retain(|block| runs.iter().all(|run| run.plan.blocks.iter().all(|of| of.block != *block)));
    let may_have_them = |number: &u32| !missing_blocks.is_empty() && !is_there(number);
    let missing = (1..=of_all.count).filter(may_have_them).collect();
    Some(Merged { shards: of_all.count, missing, missing_blocks, parts })
}

/// What of their plan these shards lack, as a sentence. None where all blocks are there, or where they are no shards.
pub fn missing_words(runs: &[&Run]) -> Option<String> {
    merged(runs)?.missing_words()
}

fn part(run: &Run) -> Option<MergedPart> {
    Some(MergedPart {
        shard: run.shard.as_ref()?.index,
        run: run.run.clone(),
        host: run.host.clone(),
        seed: run.seed,
        started: run.started.clone(),
        blocks: run.plan.blocks.len(),
        changed: false,
    })
}

fn names(merged: &Merged) -> String {
    let names: Vec<&str> = merged.parts.iter().map(|part| part.run.as_str()).collect();
    names.join(" ")
}

/// Adds the workloads, contenders and reasons that only `other` has.
fn add(run: &mut Run, other: &Run) {
    for info in &other.workloads {
        match run.workloads.iter_mut().find(|known| known.name == info.name) {
            None => run.workloads.push(info.clone()),
            Some(known) => {
                for variant in &info.variants {
                    if known.variants.iter().all(|of| of.id != variant.id) {
                        known.variants.push(variant.clone());
                    }
                }
            }
        }
    }
    for info in &other.contenders {
        match run.contenders.iter_mut().find(|known| known.name == info.name) {
            None => run.contenders.push(info.clone()),
            Some(known) => {
                for role in &info.roles {
                    if !known.roles.contains(role) {
                        known.roles.push(role.clone());
                    }
                }
            }
        }
    }
    for absent in &other.absent {
        if !run.absent.contains(absent) {
            run.absent.push(absent.clone());
        }
    }
    for caution in &other.environment.cautions {
        if !run.environment.cautions.contains(caution) {
            run.environment.cautions.push(caution.clone());
        }
    }
    for (work, iterations) in &other.work.iterations {
        run.work.iterations.entry(*work).or_insert(*iterations);
    }
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, run};
    use contend_record::{BlockId, Problem, RunStatus, ShardInfo};

    use super::*;

    fn block(threads: u32) -> BlockId {
        format!("counter/hot/{threads}").parse().expect("an id")
    }

    fn shard(index: u32, contenders: &[&str]) -> RunData {
        let mut run = run(contenders);
        run.status = RunStatus::Complete;
        run.run = format!("part-{index}");
        run.host = Some(format!("host-{index}"));
        run.started = format!("2026-01-01T00:00:0{index}Z");
        run.took_s = Some(f64::from(index));
        run.plan.blocks[0].block = block(index);
        run.shard =
            Some(ShardInfo { index, count: 3, blocks: vec![block(1), block(2), block(3)], digest: None });
        let mut records: Vec<_> = (1..=12).map(|fork| record(contenders[0], fork, 1, 100.0)).collect();
        for record in &mut records {
            record.cell = block(index).cell(contenders[0]);
        }
        RunData { run, records, long: Vec::new(), against: Vec::new(), cut_off: false, problems: Vec::new() }
    }

    #[test]
    fn shards_are_one_run_that_says_what_is_missing() {
        let parts = [shard(1, &["a", "b"]), shard(3, &["b", "c"])];
        let found = union(&parts.iter().collect::<Vec<_>>(), "all").expect("a union");
        let run = &found.run;
        let blocks: Vec<&BlockId> = run.plan.blocks.iter().map(|block| &block.block).collect();
        assert_eq!(blocks, [&block(1), &block(3)]);
        assert_eq!((run.run.as_str(), run.shard.as_ref(), run.took_s), ("all", None, Some(4.0)));
        assert_eq!(run.host, None, "its blocks are of two hosts");
        let merged = run.merged.as_ref().expect("its parts");
        assert_eq!((merged.shards, &merged.missing[..]), (3, &[2][..]));
        assert_eq!(merged.missing_blocks, [block(2)]);
        assert_eq!(merged.hosts(), ["host-1", "host-3"]);
        let mut names: Vec<&str> = run.contenders.iter().map(|info| info.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), run.contenders.len(), "a contender twice");
        assert_eq!(found.records.len(), 24);
    }

    #[test]
    fn a_changed_run_json_of_a_shard_is_a_caution_of_the_union() {
        let mut parts = [shard(1, &["a", "b"]), shard(2, &["a", "b"])];
        let what = "the file does not match its checksum".to_owned();
        let problem = Problem { file: RUN.to_owned(), lines: 1..2, what, left_out: false, edited: true };
        parts[1].problems.push(problem);
        let found = union(&parts.iter().collect::<Vec<_>>(), "all").expect("a union");
        let said = "Shard part-2: run.json:1: the file does not match its checksum.";
        assert_eq!(found.run.environment.cautions, [said]);
    }

    #[test]
    fn the_union_is_the_unsharded_run() {
        let parts = [shard(1, &["a", "b"]), shard(2, &["a", "b"]), shard(3, &["a", "b"])];
        let found = union(&parts.iter().collect::<Vec<_>>(), "all").expect("a union");
        let merged = found.run.merged.as_ref().expect("its parts");
        assert!(merged.missing.is_empty() && merged.missing_blocks.is_empty());
        let blocks: Vec<BlockId> = found.run.plan.blocks.iter().map(|block| block.block.clone()).collect();
        assert_eq!(blocks, [block(1), block(2), block(3)]);
    }
}
