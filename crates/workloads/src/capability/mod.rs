//! What a lock, a channel, a condition variable, a map or a pool can do, as small traits. A package
//! implements those that fit its types, in its own file; every generic strategy of every workload asks
//! for what it needs and takes up all that have it.
//!
//! | trait | what has it | what takes it up |
//! | --- | --- | --- |
//! | [`Lock`] | a lock around a value | `counter`, `map`, `snapshot`, `semaphore`, `slots`, `once`, `first-error`, `fetch` |
//! | [`MutexCondvar`] | a mutex with its condition variables | `handoff`, `queue`, `pipeline`, `cancel`, `semaphore`, `join`, `fetch`, `fan-out` |
//! | [`Channel`] | many senders, one receiver | `counter`, `map`, `fan-out`, `queue`, `pipeline`, `first-error`, `join`, `fetch` |
//! | [`Mpmc`] | receivers can be cloned | `queue`, `fan-out`, `spawn`, `semaphore`, `fetch`, `cancel`, and as a lock |
//! | [`Rendezvous`] | capacity 0 is a meeting | `handoff` |
//! | [`ReceiveTimeout`] | a wait can have a limit | `select`, `cancel` |
//! | [`PollQueue`] | a queue that nobody can wait at | `queue`, `fan-out` |
//! | [`ConcurrentMap`] | a map that threads share | `counter`, `map`, `fan-out`, `fetch` |
//! | [`Pool`] | threads that run tasks and wait for all | `fan-out`, `join`, `spawn` |

#[cfg(feature = "extra")]
mod block_on;
mod channel;
mod channel_mutex;
mod condvar;
mod lock;
mod map;
mod poll_queue;
mod pool;
mod spin;

#[cfg(feature = "extra")]
pub use block_on::block_on;
pub use channel::{Channel, LockedReceiver, Mpmc, ReceiveTimeout, Rendezvous, TryRecv};
pub(crate) use channel::{standard_channel, standard_receive_timeout};
pub use channel_mutex::ChannelMutex;
pub use condvar::{Monitor, MutexCondvar};
pub use lock::Lock;
pub use map::{ConcurrentMap, Hashing, Key};
pub use poll_queue::PollQueue;
pub use pool::Pool;
pub use spin::spin_for;
