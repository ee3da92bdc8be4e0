//! The order of simplicity, by which one of several contenders is taken that are all good enough. It comes from what
//! the suite registers of each contender and `run.json` records: family, package and traits.
//!
//! One thread comes before several, std before crates, blocking before spinning, plain before sharded. Contenders that
//! agree in all of these keep the order of the run's list.

use contend_record::{ContenderInfo, ContenderTrait};

/// The family of the contender that uses one thread, whatever the block's number.
const SERIAL: &str = "serial";

/// A contender's place in the order, the simplest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Simplicity {
    several_threads: bool,
    from_a_crate: bool,
    spins: bool,
    sharded: bool,
    place: usize,
}

impl Simplicity {
    /// The place of the contender `name` in a workload. Its description may be among `infos`.
    pub(super) fn of(name: &str, workload: &str, infos: &[ContenderInfo]) -> Self {
        let place = infos.iter().position(|info| info.name == name);
        let info = place.map(|place| &infos[place]);
        let family = info.map_or(name, |info| &info.family);
        let of_std = info.map_or(name.starts_with("std::"), |info| info.package == "std");
        let mut traits = info.and_then(|info| info.traits.clone()).unwrap_or_else(|| by_name(name));
        let here = info.into_iter().flat_map(|info| &info.roles).filter(|role| role.workload == workload);
        traits.extend(here.flat_map(|role| &role.traits));
        Self {
            several_threads: family != SERIAL,
            from_a_crate: !of_std,
            spins: traits.contains(&ContenderTrait::Spins),
            sharded: traits.contains(&ContenderTrait::Sharded),
            place: place.unwrap_or(infos.len()),
        }
    }

    /// Whether it keeps a CPU busy while it waits.
    pub(super) fn spins(self) -> bool {
        self.spins
    }

    /// What is simpler in it than in at least one of `others`, in the order of weight.
    pub(super) fn advantages(self, others: &[Self]) -> Vec<&'static str> {
        let costs = |of: &Self| [of.several_threads, of.from_a_crate, of.spins, of.sharded];
        let words = ["needs one thread", "is in std", "does not spin", "is not sharded"];
        let simpler = |at: &usize| !costs(&self)[*at] && others.iter().any(|other| costs(other)[*at]);
        (0..words.len()).filter(simpler).map(|at| words[at]).collect()
    }
}

/// The traits of a contender in a run that recorded none: runs before that field.
fn by_name(name: &str) -> Vec<ContenderTrait> {
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let spins = has(&["+spin", "+polling", "spin::"]).then_some(ContenderTrait::Spins);
    let sharded = has(&["shards", "ShardedLock"]).then_some(ContenderTrait::Sharded);
    spins.into_iter().chain(sharded).collect()
}

#[cfg(test)]
mod tests {
    use contend_record::ContenderRole;

    use super::*;

    fn info(name: &str, package: &str, traits: Option<&[ContenderTrait]>) -> ContenderInfo {
        ContenderInfo {
            name: name.to_owned(),
            family: if name == SERIAL { SERIAL } else { package }.to_owned(),
            package: package.to_owned(),
            version: String::new(),
            notes: String::new(),
            checked: None,
            roles: Vec::new(),
            traits: traits.map(<[ContenderTrait]>::to_vec),
        }
    }

    #[test]
    fn the_order_is_that_of_what_is_registered() {
        use ContenderTrait::{Sharded, Spins};
        let infos = [
            info("fast::Spinning", "fast", Some(&[Spins])),
            info("fast::Sharded", "fast", Some(&[Sharded])),
            info("fast::Plain", "fast", Some(&[])),
            info("std::Sharded", "std", Some(&[Sharded])),
            info("std::Second", "std", Some(&[])),
            info("serial", "std", Some(&[])),
        ];
        let mut names: Vec<&str> = infos.iter().map(|info| &*info.name).collect();
        names.sort_by_key(|name| Simplicity::of(name, "map", &infos));
        let wanted =
            ["serial", "std::Second", "std::Sharded", "fast::Plain", "fast::Sharded", "fast::Spinning"];
        assert_eq!(names, wanted);
    }

    #[test]
    fn a_run_without_traits_is_ordered_by_names() {
        let names = ["std::sync::Mutex+64-shards", "std::sync::atomic+spin", "std::sync::Mutex"];
        let infos = names.map(|name| info(name, "std", None));
        let spins = Simplicity::of(names[1], "map", &infos);
        assert!(Simplicity::of(names[2], "map", &infos) < Simplicity::of(names[0], "map", &infos));
        assert!(Simplicity::of(names[0], "map", &infos) < spins && spins.spins);
        // What is recorded counts, whatever the name.
        let recorded = [info("std::sync::atomic+spin", "std", Some(&[]))];
        assert!(!Simplicity::of(names[1], "map", &recorded).spins);
    }

    #[test]
    fn advantages_are_those_over_some_other() {
        let infos = [info("std::sync::Mutex", "std", None), info("dashmap::DashMap", "dashmap", None)];
        let [mutex, map] =
            ["std::sync::Mutex", "dashmap::DashMap"].map(|of| Simplicity::of(of, "map", &infos));
        assert_eq!(mutex.advantages(&[map]), ["is in std"]);
        assert!(map.advantages(&[mutex]).is_empty() && mutex.advantages(&[]).is_empty());
    }

    /// A queue that no thread can wait at is polled by the threads of one workload, and those of another park.
    #[test]
    fn a_trait_of_one_workload_says_nothing_of_another() {
        let mut queue = info("fast::Queue", "fast", Some(&[]));
        let traits = vec![ContenderTrait::Spins];
        queue.roles = vec![ContenderRole { workload: "queue".to_owned(), role: "Polls.".to_owned(), traits }];
        let infos = [queue, info("fast::Channel", "fast", Some(&[]))];
        let advantages = |workload| {
            let [queue, channel] =
                ["fast::Queue", "fast::Channel"].map(|of| Simplicity::of(of, workload, &infos));
            channel.advantages(&[queue])
        };
        assert_eq!(advantages("queue"), ["does not spin"]);
        assert!(advantages("fan-out").is_empty());
    }
}
