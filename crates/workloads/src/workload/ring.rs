//! Streams of operations on keys, drawn before the window. All workers go round one ring, each from its own
//! place; the sums over any stretch of the ring are known.

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, RngExt};
use rand_distr::{Distribution, Uniform, Zipf};

/// Operations between two stored sums.
const STRIDE: usize = 1_024;

/// The distribution of keys.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Skew {
    /// All keys equally often.
    Uniform,
    /// The key of rank r in proportion to 1/r to this power. The rank of each key is random.
    Zipf(f64),
}

/// How a ring is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Draw {
    /// Keys that are present: those below this number.
    pub keys: u32,
    /// Their distribution.
    pub skew: Skew,
    /// Reads in a hundred operations.
    pub reads: u32,
    /// Reads in a hundred reads that ask for a key that is present.
    pub hits: u32,
    /// Operations in the ring: a power of two.
    pub length: usize,
}

/// An operation: a key, and a bit that marks a read. Reads carry the bit because the loop has to clear it,
/// and a write does more work already.
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

    /// Its key.
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

/// Sums over operations. They wrap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Writes.
    pub writes: u64,
    /// The [weights](weight) of the keys that are written.
    pub digest: u64,
    /// Reads of a key that is present.
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
    /// Keys below this are present.
    keys: u32,
    /// The distance from one worker's start to the next one's.
    offset: usize,
    /// The sums over all operations before each multiple of [`STRIDE`].
    sums: Vec<Sums>,
}

impl Ring {
    /// A ring of operations on keys that are present from the start. Reads that miss ask for absent keys with
    /// the same distribution as the present ones.
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
                // The hottest key must not follow from its number, so ranks are scrambled.
                let mut scrambled: Vec<u32> = (0..keys).collect();
                scrambled.shuffle(rng);
                let zipf = Zipf::new(f64::from(keys), exponent).expect("parameters in range");
                let draw = |_| operation(scrambled[zipf.sample(rng) as usize - 1], rng);
                (0..length).map(draw).collect()
            }
        };
        // Far from the other workers' places, and odd, so that no two places are the same.
        let offset = ((length as u64 * 40_503) >> 16) as usize | 1;
        Self::new(operations, keys, offset)
    }

    /// A ring of writes of distinct keys, all of them absent, divided among `lanes` workers.
    pub fn fresh(length: usize, lanes: usize, rng: &mut StdRng) -> Self {
        let first = rng.next_u32();
        // An odd factor maps 2^31 numbers to distinct ones, and no key uses the bit above.
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
        // One comparison with the length finds the end and checks the bounds, which saves a register.
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

    /// The sums over the operations of workers, each with its number of operations.
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

    /// The sums over the operations before `place`.
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

/// The finalizer of SplitMix64: a distinct pseudo-random number for each key. Keys count by their weight, so
/// that two errors do not cancel.
pub fn weight(key: u32) -> u64 {
    let mut x = u64::from(key).wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests;
