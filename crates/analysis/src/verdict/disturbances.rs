//! What the machine did to the windows of a block, by kind. It judges nothing: it is shown beside the block.

use std::collections::{BTreeMap, HashMap, HashSet};

use contend_record::{BlockId, DisturbanceKind, Disturbed, FORK_TAKEN_AGAIN, Record, Run, Status};
use serde::{Deserialize, Serialize};

/// The difference of a round's frequency from the run's median that is noted.
const FREQUENCY_LIMIT: f64 = 0.1;

/// What one kind of disturbance touched in a block.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlockDisturbance {
    /// Its kind.
    pub kind: DisturbanceKind,
    /// The windows that it touched, void ones included.
    pub windows: u32,
    /// How many of these are void.
    pub void: u32,
    /// All windows of the block.
    pub of: u32,
    /// The mean share over the windows that it touched. See [`DisturbanceKind`].
    pub share: f64,
}

/// The disturbances of each block, in the order of kinds. Blocks without any are left out.
pub(super) fn by_block(run: &Run, records: &[Record]) -> HashMap<BlockId, Vec<BlockDisturbance>> {
    let usual = usual_frequency(records);
    let mut blocks: HashMap<BlockId, Tally> = HashMap::new();
    for record in records {
        let tally = blocks.entry(record.cell.block()).or_default();
        tally.of += 1;
        let frequency = usual.zip(record.frequency_mhz).and_then(|(usual, mhz)| shift(usual, mhz));
        for Disturbed { kind, share } in record.disturbed.iter().copied().chain(frequency) {
            let (windows, void, sum) = tally.kinds.entry(kind).or_default();
            *windows += 1;
            *void += u32::from(record.status == Status::Void);
            // A file may hold any number.
            *sum += if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
        }
    }
    blocks.retain(|id, _| run.plan.blocks.iter().any(|block| block.block == *id));
    let all = blocks.into_iter().map(|(id, tally)| (id, tally.finish()));
    all.filter(|(_, found)| !found.is_empty()).collect()
}

/// How many forks of each block were taken again because the floor was far off. Blocks without any are left out.
pub(super) fn retaken_forks(records: &[Record]) -> HashMap<BlockId, u32> {
    let again = |record: &&Record| {
        record.status == Status::Void
            && record.reason.as_ref().is_some_and(|reason| reason.starts_with(FORK_TAKEN_AGAIN))
    };
    let forks: HashSet<(BlockId, u32)> =
        records.iter().filter(again).map(|record| (record.cell.block(), record.fork)).collect();
    let mut blocks = HashMap::new();
    for (block, _) in forks {
        *blocks.entry(block).or_default() += 1;
    }
    blocks
}

#[derive(Default)]
struct Tally {
    of: u32,
    /// Windows, void ones among them, and the sum of shares.
    kinds: BTreeMap<DisturbanceKind, (u32, u32, f64)>,
}

impl Tally {
    fn finish(self) -> Vec<BlockDisturbance> {
        let of = self.of;
        let one = |(kind, (windows, void, sum)): (_, (u32, u32, f64))| BlockDisturbance {
            kind,
            windows,
            void,
            of,
            share: sum / f64::from(windows.max(1)),
        };
        self.kinds.into_iter().map(one).collect()
    }
}

/// The run's median frequency; none if no window has one.
fn usual_frequency(records: &[Record]) -> Option<f64> {
    let mut all: Vec<u32> = records.iter().filter_map(|record| record.frequency_mhz).collect();
    let middle = all.len().checked_sub(1)? / 2;
    let (_, median, _) = all.select_nth_unstable(middle);
    (*median > 0).then(|| f64::from(*median))
}

fn shift(usual: f64, mhz: u32) -> Option<Disturbed> {
    let share = (f64::from(mhz) / usual - 1.0).abs();
    (share > FREQUENCY_LIMIT).then_some(Disturbed { kind: DisturbanceKind::Frequency, share })
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, run};

    use super::*;

    #[test]
    fn disturbances_are_counted_by_kind_beside_their_block() {
        let run = run(&["a", "b"]);
        let mut records: Vec<Record> =
            (1..=4).flat_map(|fork| ["a", "b"].map(|name| record(name, fork, 1, 100.0))).collect();
        assert!(by_block(&run, &records).is_empty());
        let load = |share| Disturbed { kind: DisturbanceKind::Load, share };
        records[0].disturbed = vec![load(0.2), Disturbed { kind: DisturbanceKind::Suspend, share: 0.5 }];
        records[1].disturbed = vec![load(0.4)];
        records[0].status = Status::Void;
        for record in &mut records {
            record.frequency_mhz = Some(3_000);
        }
        records[5].frequency_mhz = Some(2_400);
        records[6].frequency_mhz = Some(2_800);
        let found = by_block(&run, &records);
        let block = &found[&run.plan.blocks[0].block];
        let seen = |at: usize| (block[at].kind, block[at].windows, block[at].void, block[at].of);
        assert_eq!(block.len(), 3);
        assert_eq!(seen(0), (DisturbanceKind::Suspend, 1, 1, 8));
        assert_eq!(seen(1), (DisturbanceKind::Load, 2, 1, 8));
        assert!((block[1].share - 0.3).abs() < 1e-9);
        assert_eq!(seen(2), (DisturbanceKind::Frequency, 1, 0, 8));
        assert!((block[2].share - 0.2).abs() < 1e-9);
    }

    #[test]
    fn forks_that_were_taken_again_are_counted_once() {
        let run = run(&["a", "b"]);
        let mut records: Vec<Record> =
            (1..=4).flat_map(|fork| ["a", "b"].map(|name| record(name, fork, 1, 100.0))).collect();
        assert!(retaken_forks(&records).is_empty());
        for index in [2, 3, 6] {
            records[index].status = Status::Void;
            records[index].reason = Some(format!("{FORK_TAKEN_AGAIN}its floor is 3.00 times the median"));
        }
        records[0].status = Status::Void;
        records[0].reason = Some("a CPU quota stopped the run".to_owned());
        assert_eq!(retaken_forks(&records), HashMap::from([(run.plan.blocks[0].block.clone(), 2)]));
    }

    #[test]
    fn odd_shares_of_an_edited_file_stay_shares() {
        let run = run(&["a"]);
        let mut one = record("a", 1, 1, 100.0);
        one.disturbed =
            [f64::NAN, -3.0, 1e300].map(|share| Disturbed { kind: DisturbanceKind::Load, share }).to_vec();
        one.frequency_mhz = Some(0);
        let found = by_block(&run, &[one]);
        assert!((found[&run.plan.blocks[0].block][0].share - 1.0 / 3.0).abs() < 1e-9);
    }
}
