//! Messages that say who sent them, and in which place.

/// A message of `WORDS` times 8 bytes. Each word has the sender and the message's number.
#[derive(Clone, Copy, Debug)]
pub struct Message<const WORDS: usize>(pub(super) [u64; WORDS]);

impl<const WORDS: usize> Message<WORDS> {
    /// Bits of the message's number; the bits above are the sender's.
    const BITS: u32 = 48;

    pub(in crate::workload) fn new(sender: usize, number: u64) -> Self {
        Self([(sender as u64) << Self::BITS | number; WORDS])
    }

    pub(super) fn id(&self) -> u64 {
        self.0[0]
    }

    pub(in crate::workload) fn sender(&self) -> usize {
        (self.0[0] >> Self::BITS) as usize
    }

    pub(super) fn number(&self) -> u64 {
        self.0[0] & ((1 << Self::BITS) - 1)
    }

    /// Whether its first and last word are of the same message.
    pub(super) fn whole(&self) -> bool {
        self.0[WORDS - 1] == self.0[0]
    }
}
