//! Where several machines agree. Each machine's verdicts are its own; this counts and sets them beside each other.

use std::collections::HashMap;

use contend_record::{BlockId, Class, VariantId};
use serde::Serialize;

use super::pairs::{Counts, Pair, counts};
use crate::claim::ClaimStatus;
use crate::text::{named, number};
use crate::verdict::{ClassChoice, ContenderDecision, Guarantee};

/// A contender is named for all machines where each of them proves it to be within this share of the best.
const COMMON: f64 = 0.1;

/// What is known of one machine.
#[derive(Clone, Debug, PartialEq)]
pub struct MachineResult {
    /// Its label.
    pub label: String,
    /// Its CPU's name.
    pub cpu: String,
    /// The CPUs that its run used.
    pub cores: usize,
    /// The build that measured, in words.
    pub build: String,
    /// The day on which it began: `2026-11-27`.
    pub day: String,
    /// What of its plan is missing, as a sentence.
    pub missing: Option<String>,
    /// Its verdicts on pairs.
    pub pairs: Vec<Pair>,
    /// What to take.
    pub choices: Vec<ClassChoice>,
    /// The distances from the best.
    pub bounds: Vec<Bound>,
    /// The claims of its run, and what the run says of each.
    pub claims: Vec<(String, ClaimStatus)>,
}

/// How far a contender is from the best of its class on a machine, at most.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// The block.
    pub block: BlockId,
    /// The class.
    pub class: Class,
    /// The contender.
    pub contender: String,
    /// Its time over the best's. None where there were too few forks.
    pub at_most: Option<f64>,
}

impl From<&ContenderDecision> for Bound {
    fn from(decision: &ContenderDecision) -> Self {
        let ContenderDecision { block, class, contender, at_most, .. } = decision;
        Self { block: block.clone(), class: *class, contender: contender.clone(), at_most: *at_most }
    }
}

/// A contender that may be taken on every machine.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Agreed {
    /// The variant.
    pub variant: VariantId,
    /// The class.
    pub class: Class,
    /// The contender.
    pub contender: String,
    /// The thread counts at which it may.
    pub threads: Vec<usize>,
    /// Its time over the best's is at most this, on each machine and at each of these thread counts.
    pub at_most: f64,
    /// How many machines have these blocks, at least.
    pub machines: usize,
}

impl Agreed {
    /// `the best`, or `at most 7 % behind the best`.
    pub fn standing(&self) -> String {
        if self.at_most <= 1.0 {
            "the best".to_owned()
        } else {
            format!("at most {}", number::behind_the_best(self.at_most))
        }
    }

    /// `at 1, 2 and 4 threads`.
    pub fn at(&self) -> String {
        let counts: Vec<String> = self.threads.iter().map(ToString::to_string).collect();
        match &counts[..] {
            [one] if one == "1" => "at 1 thread".to_owned(),
            [one] => format!("at {one} threads"),
            [first @ .., last] => format!("at {} and {last} threads", first.join(", ")),
            [] => String::new(),
        }
    }
}

/// A class of a block in which no contender is good on every machine.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Changed {
    /// The block.
    pub block: BlockId,
    /// The class.
    pub class: Class,
    /// For each machine that has it: its label, what to take there, and what is proven of that.
    pub picks: Vec<(String, String, String)>,
}

/// A line of the heat map: a class of a block, on each machine.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The block.
    pub block: BlockId,
    /// The class.
    pub class: Class,
    /// The contender whose bound is shown: the one with the least greatest bound.
    pub contender: Option<String>,
    /// In the order of the machines; none where a machine lacks the block.
    pub cells: Vec<Option<RowCell>>,
}

/// A machine's part of a line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RowCell {
    /// What to take on this machine. None where nothing is proven of any.
    pub pick: Option<String>,
    /// The bound of the line's contender here.
    pub at_most: Option<f64>,
}

/// A claim, and what each machine's run says of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClaimOnMachines {
    /// The claim.
    pub claim: String,
    /// The machines on which it holds.
    pub holds: Vec<String>,
    /// Those on which it fails.
    pub fails: Vec<String>,
    /// Those that do not decide it, or cannot test it.
    pub open: Vec<String>,
}

impl ClaimOnMachines {
    /// `holds on 4 of 5, fails on ci-arm`, with the names of at most `most` machines. All machines count, those that do
    /// not decide it too.
    pub fn words(&self, most: usize) -> String {
        let all = self.holds.len() + self.fails.len() + self.open.len();
        let open = match self.open.len() {
            0 => String::new(),
            _ => format!(", undecided or not testable on {}", named(&self.open, most)),
        };
        let said = match (self.holds.len(), &self.fails[..]) {
            (0, []) => return "undecided or not testable on all".to_owned(),
            (holds, []) => format!("holds on {holds} of {all}"),
            (0, fails) => format!("fails on {} of {all}", fails.len()),
            (holds, fails) => format!("holds on {holds} of {all}, fails on {}", named(fails, most)),
        };
        said + &open
    }
}

/// What the machines say together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Agreement {
    /// How comparisons came out.
    pub counts: Counts,
    /// Where one contender is good on every machine, the least bound first.
    pub agreed: Vec<Agreed>,
    /// Where none is.
    pub changed: Vec<Changed>,
    /// All classes of all blocks.
    pub rows: Vec<Row>,
    /// The claims.
    pub claims: Vec<ClaimOnMachines>,
}

/// A class of a block: the key of what is compared.
type Key = (BlockId, Class);

/// Sets machines beside each other, in their order.
pub fn agreement(machines: &[MachineResult]) -> Agreement {
    let mut agreed: Vec<Agreed> = Vec::new();
    let mut changed = Vec::new();
    let mut rows = Vec::new();
    for (key, of_key) in by_class(machines) {
        let common = common(machines, &of_key);
        let measured = of_key.iter().flatten().count();
        // One that is alone in its class everywhere is no choice.
        let is_choice = of_key.iter().flatten().any(|of| of.choice.guarantee != Guarantee::Alone);
        let best = common.clone().filter(|(_, most)| *most <= 1.0 + COMMON);
        match best {
            _ if measured < 2 || !is_choice => {}
            Some((contender, at_most)) => add(&mut agreed, &key, contender, (at_most, measured)),
            None => changed.extend(changed_class(&key, machines, &of_key)),
        }
        let contender = common.map(|(contender, _)| contender);
        let cell = |of: &Option<OnMachine<'_>>| {
            let of = of.as_ref()?;
            let at_most = contender.as_deref().and_then(|name| of.at_most(name));
            Some(RowCell { pick: of.choice.pick.clone(), at_most })
        };
        let cells = of_key.iter().map(cell).collect();
        rows.push(Row { block: key.0, class: key.1, contender, cells });
    }
    agreed.sort_by(|a, b| a.at_most.total_cmp(&b.at_most));
    let counts = counts(machines.iter().flat_map(|machine| &machine.pairs));
    Agreement { counts, agreed, changed, rows, claims: claims(machines) }
}

/// Adds that a contender may be taken on `machines` machines, where its time over the best's is at most `at_most`.
fn add(agreed: &mut Vec<Agreed>, key: &Key, contender: String, (at_most, machines): (f64, usize)) {
    let (variant, class, threads) = (key.0.of_variant(), key.1, key.0.threads);
    let mut known = agreed.iter_mut();
    match known.find(|of| of.variant == variant && of.class == class && of.contender == contender) {
        Some(of) => {
            of.threads.push(threads);
            of.at_most = of.at_most.max(at_most);
            of.machines = of.machines.min(machines);
        }
        None => agreed.push(Agreed { variant, class, contender, threads: vec![threads], at_most, machines }),
    }
}

/// A class of a block on one machine.
struct OnMachine<'a> {
    choice: &'a ClassChoice,
    bounds: Vec<&'a Bound>,
}

impl OnMachine<'_> {
    /// The bound of a contender. One that is alone is the best.
    fn at_most(&self, contender: &str) -> Option<f64> {
        self.bounds.iter().find(|bound| bound.contender == contender)?.at_most
    }
}

/// Every class of every block in the order in which the machines have them, with each machine's part.
fn by_class(machines: &[MachineResult]) -> Vec<(Key, Vec<Option<OnMachine<'_>>>)> {
    let mut order: Vec<(&BlockId, Class)> = Vec::new();
    let mut found: HashMap<(&BlockId, Class), Vec<Option<OnMachine<'_>>>> = HashMap::new();
    for (at, machine) in machines.iter().enumerate() {
        let mut bounds: HashMap<(&BlockId, Class), Vec<&Bound>> = HashMap::new();
        for bound in &machine.bounds {
            bounds.entry((&bound.block, bound.class)).or_default().push(bound);
        }
        for choice in &machine.choices {
            let key = (&choice.block, choice.class);
            let of_key = found.entry(key).or_insert_with(|| {
                order.push(key);
                machines.iter().map(|_| None).collect()
            });
            of_key[at] = Some(OnMachine { choice, bounds: bounds.remove(&key).unwrap_or_default() });
        }
    }
    let taken = order.into_iter().map(|key| (key, found.remove(&key).unwrap_or_default()));
    taken.map(|((block, class), of_key)| ((block.clone(), class), of_key)).collect()
}

/// The contender with the least greatest bound over all machines that have the class, and that bound. It is one that
/// all of them have.
fn common(machines: &[MachineResult], of_key: &[Option<OnMachine<'_>>]) -> Option<(String, f64)> {
    let present: Vec<&OnMachine<'_>> = of_key.iter().flatten().collect();
    let names = present.first()?.bounds.iter().map(|bound| bound.contender.as_str());
    let greatest = |name: &str| {
        let bounds: Option<Vec<f64>> = present.iter().map(|of| of.at_most(name)).collect();
        bounds.map(|bounds| bounds.into_iter().fold(1.0, f64::max))
    };
    debug_assert!(present.len() <= machines.len());
    let found = names.filter_map(|name| Some((name.to_owned(), greatest(name)?)));
    found.min_by(|a, b| a.1.total_cmp(&b.1))
}

/// What each machine takes, where these differ.
fn changed_class(key: &Key, machines: &[MachineResult], of_key: &[Option<OnMachine<'_>>]) -> Option<Changed> {
    let picks: Vec<(String, String, String)> = of_key
        .iter()
        .zip(machines)
        .filter_map(|(of, machine)| {
            let choice = of.as_ref()?.choice;
            Some((machine.label.clone(), choice.pick.clone()?, choice.words.clone()))
        })
        .collect();
    let first = picks.first()?.1.clone();
    let differ = picks.iter().any(|(_, pick, _)| *pick != first);
    differ.then(|| Changed { block: key.0.clone(), class: key.1, picks })
}

fn claims(machines: &[MachineResult]) -> Vec<ClaimOnMachines> {
    let mut found: Vec<ClaimOnMachines> = Vec::new();
    for machine in machines {
        for (claim, status) in &machine.claims {
            let at = match found.iter().position(|known| known.claim == *claim) {
                Some(at) => at,
                None => {
                    let (holds, fails, open) = Default::default();
                    found.push(ClaimOnMachines { claim: claim.clone(), holds, fails, open });
                    found.len() - 1
                }
            };
            let list = match status {
                ClaimStatus::Holds => &mut found[at].holds,
                ClaimStatus::Fails => &mut found[at].fails,
                ClaimStatus::Unresolved | ClaimStatus::NotTestable => &mut found[at].open,
            };
            list.push(machine.label.clone());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, run};
    use contend_record::Record;

    use super::*;
    use crate::verdict::analyse;

    /// A machine on which contenders take these times, all alike in each of 12 forks.
    fn machine(label: &str, times: &[(&str, f64)], claim: ClaimStatus) -> MachineResult {
        let names: Vec<&str> = times.iter().map(|(name, _)| *name).collect();
        let records: Vec<Record> = (1..=12)
            .flat_map(|fork| times.iter().map(move |(name, ns)| record(name, fork, 1, *ns)))
            .collect();
        let block = analyse(&run(&names), &records).blocks.remove(0);
        MachineResult {
            label: label.to_owned(),
            cpu: String::new(),
            cores: 2,
            build: String::new(),
            day: String::new(),
            missing: None,
            pairs: block.verdicts.iter().filter_map(Pair::of).collect(),
            choices: block.choices,
            bounds: block.decisions.iter().map(Bound::from).collect(),
            claims: vec![("a is fast".to_owned(), claim)],
        }
    }

    #[test]
    fn comparisons_agree_turn_round_or_tie_on_some() {
        let x = machine("x", &[("a", 100.0), ("b", 200.0), ("c", 400.0)], ClaimStatus::Holds);
        let y = machine("y", &[("a", 100.0), ("b", 101.0), ("c", 50.0)], ClaimStatus::Fails);
        let found = agreement(&[x.clone(), y.clone()]);
        // a–b: faster and a tie; a–c and b–c turn round.
        let wanted = Counts { compared: 3, turned: 2, tie_on_some: 1, ..Counts::default() };
        assert_eq!(found.counts, wanted);
        assert!(found.agreed.is_empty());
        let picks: Vec<&str> = found.changed[0].picks.iter().map(|(_, pick, _)| pick.as_str()).collect();
        assert_eq!(picks, ["a", "c"]);
        let same = agreement(&[x.clone(), x.clone(), x]);
        assert_eq!((same.counts.agree, same.counts.compared), (3, 3));
        assert_eq!((same.agreed[0].contender.as_str(), same.agreed[0].at_most), ("a", 1.0));
        assert!(same.changed.is_empty());
        assert_eq!(found.claims[0].words(9), "holds on 1 of 2, fails on y");
    }

    #[test]
    fn one_that_is_good_everywhere_is_named_even_where_picks_differ() {
        let x = machine("x", &[("a", 100.0), ("b", 104.0)], ClaimStatus::Holds);
        let y = machine("y", &[("a", 110.0), ("b", 100.0)], ClaimStatus::Unresolved);
        let found = agreement(&[x, y]);
        assert_eq!(found.agreed[0].contender, "b");
        assert!((found.agreed[0].at_most - 1.04).abs() < 1e-9, "{}", found.agreed[0].at_most);
        let bounds: Vec<f64> = found.rows[0].cells.iter().flatten().filter_map(|cell| cell.at_most).collect();
        assert!((bounds[0] - 1.04).abs() < 1e-9 && bounds[1] == 1.0, "{bounds:?}");
        assert_eq!(found.claims[0].words(9), "holds on 1 of 2, undecided or not testable on y");
    }

    #[test]
    fn what_one_machine_alone_has_is_compared_with_nothing() {
        let x = machine("x", &[("a", 100.0), ("b", 200.0)], ClaimStatus::NotTestable);
        let mut y = machine("y", &[("a", 100.0), ("c", 200.0)], ClaimStatus::NotTestable);
        let found = agreement(&[x.clone(), y.clone()]);
        assert_eq!(found.counts, Counts::default());
        for choice in &mut y.choices {
            choice.block.threads = 64;
        }
        let found = agreement(&[x, y]);
        assert_eq!(found.rows.len(), 2);
        assert!(found.rows[0].cells[1].is_none() && found.rows[1].cells[0].is_none());
        assert!(found.agreed.is_empty() && found.changed.is_empty());
    }
}
