//! `read90-len` and `read90-iterate`: sometimes an operation asks the whole map, for its length or for all entries.
//! A map in parts has to lock or visit each of them.

use super::split::{Split, split_entries};
use super::{Hasher, Keys, Map, Worker, check_hits};
use crate::model::{Model, Shared};
use crate::workload::open::OpenWorkload;
use crate::workload::ring::Sums;
use contend_record::Class;

/// What a read asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// The value of a key.
    Key(u32),
    /// The number of entries.
    Length,
    /// All entries, one after the other.
    All,
}

/// The answer to a [`Question`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answer {
    /// The key is absent.
    #[default]
    Absent,
    /// The key's value.
    Value(u64),
    /// How many entries there are.
    Length(u64),
    /// How many entries were visited, and the sum of their values.
    All {
        /// The entries.
        entries: u64,
        /// The sum.
        sum: u64,
    },
}

impl Answer {
    /// The answer for entries that a contender visits itself.
    pub fn of_all(values: impl Iterator<Item = u64>) -> Self {
        let (mut entries, mut sum) = (0, 0);
        for value in values {
            entries += 1;
            sum += value;
        }
        Self::All { entries, sum }
    }
}

/// A map that can be asked as a whole.
pub struct Scanned {
    map: Map,
}

impl Scanned {
    /// The map itself.
    pub fn into_map(self) -> Map {
        self.map
    }
}

impl Model for Scanned {
    type Write = u32;
    type Read = Question;
    type Answer = Answer;

    #[inline(always)]
    fn write(&mut self, key: u32) {
        self.map.write(key);
    }

    #[inline(always)]
    fn read(&self, question: Question) -> Answer {
        match question {
            Question::Key(key) => self.map.read(key).map_or(Answer::Absent, Answer::Value),
            Question::Length => Answer::Length(self.map.entries.len() as u64),
            Question::All => Answer::of_all(self.map.entries.values().copied()),
        }
    }

    fn digest(&self) -> u64 {
        self.map.digest()
    }
}

impl Split for Scanned {
    type Hasher = Hasher;

    fn hasher(&self) -> &Hasher {
        self.map.hasher()
    }

    fn split(self, parts: usize, part_of: &dyn Fn(u32) -> usize) -> Vec<Self> {
        let parts = split_entries(self.map.entries, parts, part_of).into_iter();
        parts.map(|entries| Self { map: Map { entries } }).collect()
    }

    fn written(key: &u32) -> u32 {
        *key
    }

    #[inline(always)]
    fn asked(question: &Question) -> Option<u32> {
        match question {
            Question::Key(key) => Some(*key),
            Question::Length | Question::All => None,
        }
    }

    fn add(sum: Answer, part: Answer) -> Answer {
        match (sum, part) {
            (Answer::Length(all), Answer::Length(more)) => Answer::Length(all + more),
            (Answer::All { entries, sum }, Answer::All { entries: more, sum: other }) => {
                Answer::All { entries: entries + more, sum: sum + other }
            }
            _ => unreachable!("all parts were asked the same"),
        }
    }
}

/// The operations of [`Keys`], of which each worker's every `every`th asks the whole map.
pub struct Scan {
    pub(super) keys: Keys,
    pub(super) every: u64,
    pub(super) question: Question,
}

/// A worker's place in its stream, and what it saw of the whole map.
pub struct Scanner {
    worker: Worker,
    /// Operations until its next question to the whole map.
    until: u64,
    scans: u64,
    /// Its upserts that have returned.
    written: u64,
    /// Answers with another number of entries than there are.
    wrong_length: u64,
    /// Sums that lack some of its own upserts.
    behind: u64,
    greatest_sum: u64,
}

impl Scanner {
    /// Notes an answer on the whole map, which always has `entries`.
    fn note(&mut self, answer: Answer, entries: u64) {
        match answer {
            Answer::Length(length) => self.wrong_length += u64::from(length != entries),
            Answer::All { entries: visited, sum } => {
                self.wrong_length += u64::from(visited != entries);
                self.behind += u64::from(sum < self.written);
                self.greatest_sum = self.greatest_sum.max(sum);
            }
            Answer::Absent | Answer::Value(_) => self.wrong_length += 1,
        }
    }
}

impl OpenWorkload for Scan {
    type Model = Scanned;
    type Worker = Scanner;

    fn model(&self) -> Scanned {
        Scanned { map: self.keys.model() }
    }

    /// Workers ask at different times.
    fn worker(&self, index: usize) -> Scanner {
        let worker = self.keys.worker(index);
        let until = self.every - index as u64 % self.every;
        Scanner { worker, until, scans: 0, written: 0, wrong_length: 0, behind: 0, greatest_sum: 0 }
    }

    #[inline(always)]
    fn operation<S: Shared<Scanned>>(&self, scanner: &mut Scanner, shared: &mut S) {
        scanner.until -= 1;
        if scanner.until == 0 {
            scanner.until = self.every;
            scanner.scans += 1;
            let answer = shared.read(self.question);
            return scanner.note(answer, self.keys.map.keys() as u64);
        }
        let operation = self.keys.ring.next(&mut scanner.worker.place);
        if operation.write() {
            shared.write(operation.key());
            scanner.written += 1;
        } else {
            let answer = shared.read(Question::Key(operation.key()));
            scanner.worker.hits += u64::from(matches!(answer, Answer::Value(_)));
        }
    }

    fn watched(&self) -> Option<(Scanned, u32)> {
        let (map, key) = self.keys.watched()?;
        Some((Scanned { map }, key))
    }

    /// Checks what [`Keys`] checks. A question to the whole map must find as many entries as there always are, and
    /// values that include all of the asker's upserts and no more than all upserts.
    fn check(&self, _: Class, workers: &[(Scanner, u64)], digest: u64) -> Result<(), String> {
        let of = |what: fn(&Scanner) -> u64| workers.iter().map(|(scanner, _)| what(scanner)).sum::<u64>();
        let (wrong, scans) = (of(|scanner| scanner.wrong_length), of(|scanner| scanner.scans));
        if wrong > 0 {
            let entries = self.keys.map.keys();
            return Err(format!(
                "{wrong} of {scans} answers on the whole map did not have its {entries} entries"
            ));
        }
        let behind = of(|scanner| scanner.behind);
        if behind > 0 {
            return Err(format!("{behind} of {scans} sums of all values lack upserts that had returned"));
        }
        let places = workers.iter().map(|(scanner, count)| (scanner.worker.place, count - scanner.scans));
        let places: Vec<_> = places.collect();
        let Sums { writes, digest: written, .. } =
            check_hits(&self.keys.ring, &places, of(|scanner| scanner.worker.hits))?;
        let greatest = workers.iter().map(|(scanner, _)| scanner.greatest_sum).max().unwrap_or(0);
        if greatest > writes {
            return Err(format!("a sum of all values was {greatest}, after {writes} upserts at most"));
        }
        self.keys.check_entries(writes, written, digest)
    }
}
