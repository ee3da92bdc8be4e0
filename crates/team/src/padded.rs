//! Memory that shares no cache line.

/// A value on two cache lines of its own, since processors fetch lines in pairs.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct Padded<T>(pub T);
