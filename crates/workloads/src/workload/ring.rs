//! Streams of operations on keys, drawn before the window: a ring that all workers go round, each
//! from a place of its own, and what any stretch of it must add up to.

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, RngExt};
use rand_distr::{Distribution, Uniform, Zipf};

/// Operations between two sums that are kept.
const STRIDE: usize = 1_024;

/// How often which key is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Skew {
    /// All alike.
    Uniform,
    /// The key of rank r in proportion to 1/r to this power. Which key has which rank is drawn too.
    Zipf(f64),
}

/// How a ring is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Draw {
    /// Keys that are there: those below this number.
    pub keys: u32,
    /// Which of them.
    pub skew: Skew,
    /// Of a hundred operations, those that are reads.
    pub reads: u32,
    /// Of a hundred reads, those that ask for a key that is there.
    pub hits: u32,
    /// Operations in the ring: a power of two.
    pub length: usize,
}

/// An operation: a key, and a bit that makes it a read. Of a read, since the loop takes the bit off
/// before it has the key: a write, which does more, is spared that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation(u32);

impl Operation {
    const READ: u32 = 1 << 31;

    /// A write of a key below 2^31.
    fn to_write(key: u32) -> Self {
        Operation(key)
    }

    /// A lookup of a key below 2^31.
    fn to_read(key: u32) -> Self {
        Operation(key | Self::READ)
    }

    /// Whether it is a write.
    #[inline]
    pub fn write(self) -> bool {
        self.0 & Self::READ == 0
    }

    /// On which key.
    #[inline]
    pub fn key(self) -> u32 {
        self.0 & !Self::READ
    }
}

/// A worker's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    start: usize,
    at: usize,
}

/// What operations add up to. Sums wrap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Writes.
    pub writes: u64,
    /// The [weights](weight) of the keys that are written.
    pub digest: u64,
    /// Reads of a key that is there.
    pub hits: u64,
}

impl Sums {
    fn times(self, n: u64) -> Self {
        Self {
            writes: self.writes.wrapping_mul(n),
            digest: self.digest.wrapping_mul(n),
            hits: self.hits.wrapping_mul(n),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            writes: self.writes.wrapping_add(other.writes),
            digest: self.digest.wrapping_add(other.digest),
            hits: self.hits.wrapping_add(other.hits),
        }
    }

    fn minus(self, other: Self) -> Self {
        self.plus(other.times(u64::MAX)) // wrapping: times -1
    }
}

/// The operations.
pub struct Ring {
    operations: Box<[Operation]>,
    /// Keys below this are there.
    keys: u32,
    /// From one worker's start to the next one's.
    offset: usize,
    /// What all operations before each multiple of [`STRIDE`] add up to.
    sums: Vec<Sums>,
}

impl Ring {
    /// A ring of operations on keys that are there from the start. Reads that miss ask for a key
    /// that is as far above those as its rank's key is among them, so hits and misses are alike.
    pub fn drawn(draw: &Draw, rng: &mut StdRng) -> Self {
        let Draw { keys, length, .. } = *draw;
        let operation = |key: u32, rng: &mut StdRng| {
            if rng.random_range(0..100) >= draw.reads {
                Operation::to_write(key)
            } else if rng.random_range(0..100) < draw.hits {
                Operation::to_read(key)
            } else {
                Operation::to_read(keys + key)
            }
        };
        let operations = match draw.skew {
            Skew::Uniform => {
                let any = Uniform::new(0, keys).expect("there are keys");
                let draw = |_| operation(any.sample(rng), rng);
                (0..length).map(draw).collect()
            }
            Skew::Zipf(exponent) => {
                // Which key is the hottest must not follow from its number: ranks are scrambled.
                let mut scrambled: Vec<u32> = (0..keys).collect();
                scrambled.shuffle(rng);
                let zipf = Zipf::new(f64::from(keys), exponent).expect("parameters in range");
                let draw = |_| operation(scrambled[zipf.sample(rng) as usize - 1], rng);
                (0..length).map(draw).collect()
            }
        };
        // Far from the others', and odd, so that no two of them are the same.
        let offset = ((length as u64 * 40_503) >> 16) as usize | 1;
        Self::new(operations, keys, offset)
    }

    /// A ring of writes, no two of the same key, of which none is there. The places of `lanes`
    /// workers share it out.
    pub fn fresh(length: usize, lanes: usize, rng: &mut StdRng) -> Self {
        let first = rng.next_u32();
        // An odd factor makes no two of 2^31 numbers one, and the bit above is no key's.
        let key = |index: u32| first.wrapping_add(index).wrapping_mul(0x9e37_79b1) & (u32::MAX >> 1);
        let writes = (0..length as u32).map(|index| Operation::to_write(key(index)));
        Self::new(writes.collect(), 0, length / lanes)
    }

    fn new(operations: Box<[Operation]>, keys: u32, offset: usize) -> Self {
        assert!(operations.len().is_power_of_two());
        let mut ring = Self { operations, keys, offset, sums: vec![Sums::default()] };
        for stretch in ring.operations.chunks(STRIDE) {
            let before = ring.sums[ring.sums.len() - 1];
            ring.sums.push(ring.sum(before, stretch));
        }
        ring
    }

    /// Where a worker starts.
    pub fn place(&self, worker: usize) -> Place {
        let start = worker.wrapping_mul(self.offset) % self.operations.len();
        Place { start, at: start }
    }

    /// The next operation from `place` on.
    #[inline]
    pub fn next(&self, place: &mut Place) -> Operation {
        // One look at the length, which finds the end and keeps within bounds: the loop's registers are few.
        let operation = match self.operations.get(place.at) {
            Some(operation) => *operation,
            None => {
                place.at = 0;
                self.operations[0]
            }
        };
        place.at += 1;
        operation
    }

    /// What the operations of workers add up to, each with the number that it did.
    pub fn expected(&self, workers: &[(Place, u64)]) -> Sums {
        workers.iter().fold(Sums::default(), |sum, (place, count)| {
            let end = place.start as u64 + count;
            let length = self.operations.len() as u64;
            let (rounds, rest) = (end / length, (end % length) as usize);
            let all = self.before(length as usize).times(rounds);
            let own = all.plus(self.before(rest)).minus(self.before(place.start));
            sum.plus(own)
        })
    }

    /// What the operations before `place` add up to.
    fn before(&self, place: usize) -> Sums {
        let kept = place / STRIDE;
        self.sum(self.sums[kept], &self.operations[kept * STRIDE..place])
    }

    fn sum(&self, before: Sums, operations: &[Operation]) -> Sums {
        operations.iter().fold(before, |sum, operation| {
            let write = operation.write();
            sum.plus(Sums {
                writes: u64::from(write),
                digest: if write { weight(operation.key()) } else { 0 },
                hits: u64::from(!write && operation.key() < self.keys),
            })
        })
    }
}

/// The finalizer of SplitMix64: an odd-looking number for each key, and never the same for two.
/// Keys count by their weight, so that two errors do not cancel.
pub fn weight(key: u32) -> u64 {
    let mut x = u64::from(key).wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests;
