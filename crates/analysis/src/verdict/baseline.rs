//! The baseline of a block: what a program has today, whose cost the decisions state. Knows names and descriptions.

use contend_record::{ContenderInfo, Run};

use super::CellSummary;

/// The baseline where the run names no other.
pub const BASELINE: &str = "std::sync::Mutex";

/// The cell of the run's baseline in a block, or of its nearest kin: a contender that has the baseline inside, then,
/// for the suite's own baseline, one of its family, of std's locks or of std. None where there is none with numbers.
pub(super) fn of_block<'a>(run: &Run, cells: &'a [CellSummary]) -> Option<&'a CellSummary> {
    let named = run.plan.baseline_contender.as_deref();
    let baseline = named.unwrap_or(BASELINE);
    let kin = |name: &str| name.strip_prefix(baseline).is_some_and(|rest| rest.starts_with('+'));
    let of = |name: &str| run.contenders.iter().find(|info| info.name == name);
    let has = |name: &str, what: fn(&ContenderInfo) -> bool| named.is_none() && of(name).is_some_and(what);
    let nearest: [&dyn Fn(&str) -> bool; 4] = [
        &|name| name == baseline,
        &|name| kin(name),
        &|name| has(name, |info| info.family == "std Mutex"),
        &|name| has(name, |info| info.package == "std" && info.family != "serial"),
    ];
    let measured = || cells.iter().filter(|cell| cell.cell.is_contender() && cell.median.is_some());
    nearest.iter().find_map(|is_one| measured().find(|cell| is_one(&cell.cell.contender)))
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, run};
    use contend_record::Record;

    use super::super::analyse;
    use super::*;

    fn baseline(names: &[&str], named: Option<&str>) -> Option<String> {
        let mut run = run(names);
        let info = |name: &&str| ContenderInfo {
            name: (*name).to_owned(),
            family: if name.starts_with("std::sync::Barrier") { "std Mutex" } else { "other" }.to_owned(),
            package: name.split(':').next().unwrap_or_default().to_owned(),
            version: String::new(),
            notes: String::new(),
            checked: None,
            roles: Vec::new(),
            traits: None,
        };
        run.contenders = names.iter().map(info).collect();
        run.plan.baseline_contender = named.map(str::to_owned);
        let of_fork = |fork| names.iter().map(move |name| record(name, fork, 1, 100.0));
        let records: Vec<Record> = (1..=12).flat_map(of_fork).collect();
        let decisions = analyse(&run, &records).blocks.remove(0).decisions;
        decisions.into_iter().next()?.baseline
    }

    #[test]
    fn the_baseline_is_the_mutex_or_its_nearest_kin() {
        let found = |names: &[&str]| baseline(names, None).unwrap_or_default();
        let (kin, mutex) = ("std::sync::Mutex+Condvar", "std::sync::Mutex");
        assert_eq!(found(&["dashmap::DashMap", kin, mutex]), mutex);
        assert_eq!(found(&["std::sync::mpsc::channel", "std::sync::Barrier", kin]), kin);
        assert_eq!(found(&["std::sync::mpsc::channel", "std::sync::Barrier"]), "std::sync::Barrier");
        assert_eq!(found(&["flume::bounded", "std::sync::mpsc::channel"]), "std::sync::mpsc::channel");
        assert_eq!(baseline(&["flume::bounded", "kanal::bounded"], None), None);
    }

    #[test]
    fn a_named_baseline_has_kin_of_its_name_alone() {
        let named = |names: &[&str]| baseline(names, Some("flume::bounded"));
        let token = "flume::bounded+token".to_owned();
        assert_eq!(named(&["std::sync::Mutex", "flume::bounded+token"]), Some(token));
        assert_eq!(named(&["std::sync::Mutex", "flume::boundedly"]), None);
    }
}
