//! `insert-remove`: entries come and go, and as many stay. Each worker inserts keys of its own, looks them up, and
//! removes its oldest ones, as a table of connections that open and close.

use std::collections::HashMap;

use super::split::{Split, split_entries};
use super::{Hasher, Map, digest};
use crate::capability::Hashing;
use crate::model::applied::count_watched_write;
use crate::model::{Model, Shared};
use crate::registry::BlockSettings;
use crate::workload::open::OpenWorkload;
use contend_record::Class;
use rand::Rng;

/// The value whose insert is watched: see `applied`. No window comes near.
const WATCHED: u32 = u32::MAX;

/// An insert or a removal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub(super) key: u32,
    /// The value to insert, or 0 to remove the entry.
    pub(super) value: u32,
}

impl Change {
    /// Its key.
    pub fn key(self) -> u32 {
        self.key
    }

    /// The value to insert; none where the entry is to be removed.
    pub fn value(self) -> Option<u64> {
        (self.value > 0).then_some(u64::from(self.value))
    }
}

/// The state: a map whose entries come and go.
pub struct Sessions {
    map: Map,
}

impl Sessions {
    /// The map, with the entries that are there at first.
    pub fn into_map(self) -> Map {
        self.map
    }
}

impl Model for Sessions {
    type Write = Change;
    type Read = u32;
    type Answer = Option<u64>;

    #[inline(always)]
    fn write(&mut self, change: Change) {
        match change.value() {
            Some(value) => self.map.entries.insert(change.key, value),
            None => self.map.entries.remove(&change.key),
        };
        if change.value == WATCHED {
            count_watched_write();
        }
    }

    #[inline(always)]
    fn read(&self, key: u32) -> Option<u64> {
        self.map.read(key)
    }

    fn digest(&self) -> u64 {
        self.map.digest()
    }
}

impl Split for Sessions {
    type Hasher = Hasher;

    fn hasher(&self) -> &Hasher {
        self.map.hasher()
    }

    fn split(self, parts: usize, part_of: &dyn Fn(u32) -> usize) -> Vec<Self> {
        let parts = split_entries(self.map.entries, parts, part_of).into_iter();
        parts.map(|entries| Self { map: Map { entries } }).collect()
    }

    fn written(change: &Change) -> u32 {
        change.key
    }

    fn asked(key: &u32) -> Option<u32> {
        Some(*key)
    }
}

/// Inserts and removals. Before each, a lookup asks for its key, which must be absent or have its value: otherwise a
/// fault would heal when its key comes again.
///
/// Each worker has a section of keys, twice as many as it has entries. It goes round them: entry number n has the key
/// n modulo the section, and the round as its value. So a key that comes again has another value.
pub struct Churn {
    /// Entries of each worker, at any time.
    live: u32,
    hasher: Hasher,
    /// What keys are scrambled with.
    first: u32,
    sections: u32,
}

impl Churn {
    /// A map of about `entries`, which the workers share evenly.
    pub(super) fn new(settings: &BlockSettings, entries: u32) -> Self {
        let mut rng = settings.rng();
        let sections = settings.threads as u32;
        let live = (entries / sections).max(1);
        Self { live, hasher: Hasher::seeded(&mut rng), first: rng.next_u32(), sections }
    }

    /// A key of a section. An odd factor maps 2^31 numbers to distinct ones.
    #[inline(always)]
    fn key(&self, section: u32, slot: u32) -> u32 {
        let index = section * 2 * self.live + slot;
        self.first.wrapping_add(index).wrapping_mul(0x9e37_79b1) & (u32::MAX >> 1)
    }

    /// The entry with this number, in the order in which a section's entries come.
    fn entry(&self, section: u32, number: u64) -> (u32, u64) {
        let section_keys = u64::from(2 * self.live);
        (self.key(section, (number % section_keys) as u32), 1 + number / section_keys)
    }

    /// The entries of a section after that many operations.
    pub(super) fn entries(&self, section: u32, operations: u64) -> impl Iterator<Item = (u32, u64)> {
        // In each four: an insert, a lookup of the oldest, its removal, a lookup of the key that is next.
        let (inserted, removed) = (operations.div_ceil(4), (operations + 1) / 4);
        (removed..u64::from(self.live) + inserted).map(move |number| self.entry(section, number))
    }

    /// The slot and value after these, in the order in which a section's entries come.
    #[inline(always)]
    fn after(&self, Entry { slot, value }: Entry) -> Entry {
        match slot + 1 == 2 * self.live {
            true => Entry { slot: 0, value: value + 1 },
            false => Entry { slot: slot + 1, value },
        }
    }
}

/// An entry of a section.
#[derive(Clone, Copy)]
struct Entry {
    slot: u32,
    value: u32,
}

/// A worker's place in its section, and the faults that it saw.
pub struct Owner {
    section: u32,
    /// The entry to insert next.
    next: Entry,
    /// The oldest entry.
    oldest: Entry,
    /// The kind of the next operation.
    step: u32,
    /// Entries that were not found with their value before they were removed.
    lost: u64,
    /// Entries that were still found some time after they were removed.
    left: u64,
}

impl OpenWorkload for Churn {
    type Model = Sessions;
    type Worker = Owner;

    fn model(&self) -> Sessions {
        let size = self.live as usize * self.sections as usize;
        let mut entries = HashMap::with_capacity_and_hasher(size, self.hasher.clone());
        for section in 0..self.sections {
            entries.extend(self.entries(section, 0));
        }
        Sessions { map: Map { entries } }
    }

    fn worker(&self, index: usize) -> Owner {
        let (next, oldest) = (Entry { slot: self.live, value: 1 }, Entry { slot: 0, value: 1 });
        Owner { section: index as u32 % self.sections, next, oldest, step: 0, lost: 0, left: 0 }
    }

    #[inline(always)]
    fn operation<S: Shared<Sessions>>(&self, owner: &mut Owner, shared: &mut S) {
        let key = |slot| self.key(owner.section, slot);
        match owner.step {
            0 => {
                shared.write(Change { key: key(owner.next.slot), value: owner.next.value });
                owner.next = self.after(owner.next);
            }
            1 => {
                let found = shared.read(key(owner.oldest.slot));
                owner.lost += u64::from(found != Some(u64::from(owner.oldest.value)));
            }
            2 => {
                shared.write(Change { key: key(owner.oldest.slot), value: 0 });
                owner.oldest = self.after(owner.oldest);
            }
            _ => owner.left += u64::from(shared.read(key(owner.next.slot)).is_some()),
        }
        owner.step = (owner.step + 1) % 4;
    }

    fn watched(&self) -> Option<(Sessions, Change)> {
        let map = Map::empty(1, self.hasher.clone());
        Some((Sessions { map }, Change { key: self.key(0, 0), value: WATCHED }))
    }

    /// Checks that each entry was there with its value until its removal, and was gone after it. At the end exactly
    /// the entries must be there that were inserted last.
    fn check(&self, _: Class, workers: &[(Owner, u64)], found: u64) -> Result<(), String> {
        let of = |what: fn(&Owner) -> u64| workers.iter().map(|(owner, _)| what(owner)).sum::<u64>();
        let (lost, left) = (of(|owner| owner.lost), of(|owner| owner.left));
        if lost > 0 {
            return Err(format!(
                "{lost} entries were lost: they were not there with their value before their removal"
            ));
        }
        if left > 0 {
            return Err(format!("{left} entries were still there after their removal"));
        }
        let mut wanted: u64 = 0;
        for section in 0..self.sections {
            let of = workers.iter().find(|(owner, _)| owner.section == section);
            let operations = of.map_or(0, |(_, count)| *count);
            wanted = wanted.wrapping_add(digest(&mut self.entries(section, operations)));
        }
        if found == wanted {
            return Ok(());
        }
        let all: u64 = workers.iter().map(|(_, count)| count).sum();
        Err(format!(
            "the map does not hold the entries that {all} operations leave: some were lost, or left behind"
        ))
    }
}
