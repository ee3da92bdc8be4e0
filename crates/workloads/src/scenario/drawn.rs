//! The operations of a scenario: drawn before the window, and what workers did of them.

/// The operations that all workers go round, each from its own place.
pub struct Drawn<Op> {
    operations: Box<[Op]>,
}

impl<Op> Drawn<Op> {
    pub(super) fn new(operations: Vec<Op>) -> Self {
        Self { operations: operations.into() }
    }

    /// Where a worker starts: far from the other workers' places.
    pub(super) fn start(&self, worker: usize) -> usize {
        let length = self.operations.len();
        let offset = ((length as u64 * 40_503) >> 16) as usize | 1;
        worker.wrapping_mul(offset) % length
    }

    /// Calls `each` with the next `count` operations from the place `at` on, which moves.
    #[inline(always)]
    pub(super) fn next(&self, at: &mut usize, count: u64, mut each: impl FnMut(&Op)) {
        let mut place = *at;
        for _ in 0..count {
            // One comparison with the length finds the end and checks the bounds.
            let operation = match self.operations.get(place) {
                Some(operation) => operation,
                None => {
                    place = 0;
                    &self.operations[0]
                }
            };
            place += 1;
            each(operation);
        }
        *at = place;
    }
}

/// What a worker did: its tally, and a stretch of the operations.
#[derive(Clone, Debug)]
pub(super) struct Worked<T> {
    pub(super) start: usize,
    pub(super) tally: T,
    pub(super) count: u64,
}

/// All that the workers did before, in and after a window: what a check compares the end with.
#[derive(Debug)]
pub struct Done<'a, Op, T = ()> {
    operations: &'a [Op],
    /// How often each operation was done.
    times: Vec<u64>,
    workers: &'a [Worked<T>],
}

impl<'a, Op, T> Done<'a, Op, T> {
    pub(super) fn new(drawn: &'a Drawn<Op>, workers: &'a [Worked<T>]) -> Self {
        let length = drawn.operations.len();
        // Whole rounds, and how the number of workers changes from one operation to the next in the last rounds.
        let mut rounds = 0;
        let mut changes = vec![0_i64; length + 1];
        for &Worked { start, count, .. } in workers {
            rounds += count / length as u64;
            let end = start + (count % length as u64) as usize;
            changes[start] += 1;
            changes[end.min(length)] -= 1;
            if end > length {
                changes[0] += 1;
                changes[end - length] -= 1;
            }
        }
        let mut more = 0;
        let add = |change: &i64| {
            more += change;
            rounds + more as u64
        };
        let times = changes[..length].iter().map(add).collect();
        Self { operations: &drawn.operations, times, workers }
    }

    /// The operations that were drawn, and how often all workers together did each.
    pub fn operations(&self) -> impl Iterator<Item = (&'a Op, u64)> {
        self.operations.iter().zip(self.times.iter().copied())
    }

    /// How many operations were done.
    pub fn total(&self) -> u64 {
        self.workers.iter().map(|worker| worker.count).sum()
    }

    /// How many operations of one kind were done.
    pub fn count(&self, mut of_kind: impl FnMut(&Op) -> bool) -> u64 {
        self.sum(|operation| u64::from(of_kind(operation)))
    }

    /// A sum over all operations that were done. It wraps.
    pub fn sum(&self, mut of: impl FnMut(&Op) -> u64) -> u64 {
        let done = self.operations().filter(|(_, times)| *times > 0);
        done.fold(0, |sum: u64, (operation, times)| sum.wrapping_add(of(operation).wrapping_mul(times)))
    }

    /// The workers' tallies.
    pub fn tallies(&self) -> impl Iterator<Item = &'a T> {
        self.workers.iter().map(|worker| &worker.tally)
    }
}

/// Checks that as many `things` are `found` as were done.
///
/// # Errors
/// A sentence that says how many were lost, or are too many.
///
/// ```
/// # use contend_workloads::scenario::expect;
/// assert_eq!(expect("puts", 1_000, 1_000), Ok(()));
/// assert_eq!(expect("puts", 997, 1_000), Err("3 of 1000 puts were lost".to_owned()));
/// assert_eq!(expect("puts", 1_002, 1_000), Err("2 more than 1000 puts were counted".to_owned()));
/// ```
pub fn expect(things: &str, found: u64, done: u64) -> Result<(), String> {
    match i128::from(found) - i128::from(done) {
        0 => Ok(()),
        lost if lost < 0 => Err(format!("{} of {done} {things} were lost", -lost)),
        gained => Err(format!("{gained} more than {done} {things} were counted")),
    }
}
