//! What receivers got, and the oracle that compares it with what was sent.

use super::Message;
use contend_team::Padded;

/// Senders whose numbers share a block of a tally.
const BLOCK: usize = 16;

/// What a receiver got.
#[derive(Debug, Default)]
pub(in crate::workload) struct Tally {
    count: u64,
    digest: u64,
    fault: Option<String>,
    senders: usize,
    /// The lowest number that may come next, by sender. It is written at every message. So each block has cache
    /// lines of its own, or two receivers would write to one line, which no queue is to blame for.
    next: Vec<Padded<[u64; BLOCK]>>,
}

impl Tally {
    /// An empty tally of messages from `senders` senders.
    pub(in crate::workload) fn of(senders: usize) -> Self {
        let next = (0..senders.div_ceil(BLOCK)).map(|_| Padded::default()).collect();
        Self { senders, next, ..Self::default() }
    }

    /// How many messages it has.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Records a fault, unless there was one before.
    pub(in crate::workload) fn note(&mut self, fault: impl FnOnce() -> String) {
        self.fault.get_or_insert_with(fault);
    }

    #[inline]
    pub(in crate::workload) fn add<const WORDS: usize>(&mut self, message: &Message<WORDS>) {
        self.count += 1;
        self.digest = self.digest.wrapping_add(mix(message.id()));
        let (sender, number) = (message.sender(), message.number());
        if !message.whole() || sender >= self.senders {
            return self.wrong(message);
        }
        let next = &mut self.next[sender / BLOCK].0[sender % BLOCK];
        if number < *next {
            return self.wrong(message);
        }
        *next = number + 1;
    }

    #[cold]
    fn wrong<const WORDS: usize>(&mut self, message: &Message<WORDS>) {
        let (sender, number) = (message.sender(), message.number());
        self.note(|| match message.whole() {
            true => format!("message {number} of sender {sender} came after a later one, or twice"),
            false => format!("message {number} of sender {sender} came in pieces of several"),
        });
    }
}

/// Spreads ids, so that two errors do not cancel in a sum.
fn mix(id: u64) -> u64 {
    let id = (id ^ (id >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    id ^ (id >> 29)
}

/// Checks that all `count` messages of each sender arrived once and in order.
///
/// # Errors
/// The first fault that a receiver saw, or what is missing or too much.
pub(in crate::workload) fn check(tallies: &[Tally], senders: usize, count: u64) -> Result<(), String> {
    if let Some(fault) = tallies.iter().find_map(|tally| tally.fault.clone()) {
        return Err(fault);
    }
    let sent = senders as u64 * count;
    let received: u64 = tallies.iter().map(|tally| tally.count).sum();
    if received < sent {
        let lost = sent - received;
        return Err(format!("{lost} of {sent} messages were lost, or left when the close was seen"));
    }
    if received > sent {
        return Err(format!("{received} messages arrived, where {sent} were sent"));
    }
    let digest = tallies.iter().fold(0, |sum: u64, tally| sum.wrapping_add(tally.digest));
    let digests = |sender| (0..count).map(move |number| mix(Message::<1>::new(sender, number).id()));
    match digest == (0..senders).flat_map(digests).fold(0, u64::wrapping_add) {
        true => Ok(()),
        false => Err(format!(
            "{sent} messages arrived, but not the ones that were sent: one came twice, another was lost"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_receivers_write_to_one_cache_line() {
        for senders in [1, 2, 16, 17, 64] {
            let tallies: Vec<Tally> = (0..32).map(|_| Tally::of(senders)).collect();
            for tally in &tallies {
                assert_eq!(tally.next.as_ptr().addr() % 128, 0, "{senders}");
                assert_eq!(size_of_val(&*tally.next) % 128, 0, "{senders}");
            }
        }
    }

    #[test]
    fn a_message_of_nobody_is_a_fault() {
        let mut tally = Tally::of(2);
        tally.add(&Message::<1>::new(5, 0));
        assert!(tally.fault.is_some(), "{tally:?}");
    }
}
