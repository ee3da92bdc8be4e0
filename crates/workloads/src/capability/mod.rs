//! What a lock, a channel, a condition variable, a map or a pool can do, as small traits. A package
//! implements those that fit its types, in its own file; every generic strategy of every workload asks
//! for what it needs and takes up all that have it.
//!
//! | trait | what has it | taken up by |
//! | --- | --- | --- |
//! | [`Lock`] | a lock around a value | core[^core], `once`, `slots`, `first-error` and others |
//! | `AsyncLock` | a lock that tasks wait for, with the feature `extra` | `task-lock` |
//! | [`UpgradableLock`] | a read-write lock whose reader can become the writer | `once` |
//! | [`MutexCondvar`] | a mutex with condition variables | every workload in which threads wait |
//! | [`Channel`] | many senders, one receiver | core, `queue`, `pipeline`, `join` and others |
//! | [`Mpmc`] | receivers that can be cloned | the same, and `spawn` |
//! | [`SharedEnds`] | both ends in one value; each `Mpmc` has it | as a lock, `semaphore`, `fetch` |
//! | [`BatchReceive`] | takes all messages that are there in one call | `queue`, with one receiver |
//! | [`Rendezvous`] | capacity 0 is a meeting | `handoff` |
//! | [`ReceiveTimeout`] | waits that can have a limit | `select`, `cancel` |
//! | [`Selector`] | a wait at several channels at once | `select` |
//! | [`PollQueue`] | a queue without a way to wait | `queue`, `fan-out` |
//! | [`Ring`] | one thread at each end, and no way to wait | `queue/1to1`, `pipeline` |
//! | [`BatchRing`] | the same in one call for all items that are there | `queue/1to1` |
//! | [`OneShot`] | a channel for one message | `queue`, in variants with a queue for each answer |
//! | [`Broadcast`] | every receiver gets every message; each `Channel` has one | `queue/broadcast` |
//! | [`ConcurrentMap`] | a map that threads share | core, `fetch` |
//! | [`ShardedMap`] | a map with a number of shards | `map`, in variants that say how many |
//! | [`OwnMap`] | the same, with a hasher of its own; each is a `ConcurrentMap` | the same |
//! | [`Pool`] | threads that run tasks and wait for all | `fan-out`, `join`, `spawn` |
//!
//! A lock that is unlocked in another way, such as fairly, is a [`Lock`] of its own around the same lock.
//!
//! [^core]: `counter`, `map`, `fan-out`, and `snapshot` for locks. `register.rs` has the whole list.

#[cfg(feature = "extra")]
mod async_lock;
mod batch;
#[cfg(feature = "extra")]
mod block_on;
mod broadcast;
mod channel;
mod channel_mutex;
mod condvar;
mod lock;
mod map;
mod map_trial;
mod one_shot;
mod own_map;
mod poll_queue;
mod pool;
mod ring;
mod selector;
mod spin;
mod upgradable;

#[cfg(feature = "extra")]
pub use async_lock::AsyncLock;
#[cfg(feature = "extra")]
pub(crate) use async_lock::awaited_lock;
#[cfg(feature = "extra")]
pub(crate) use batch::as_vec;
pub use batch::{BatchReceive, BatchRing};
#[cfg(feature = "extra")]
pub use block_on::block_on;
pub use broadcast::{Broadcast, PerReceiver};
pub use channel::{
    Channel, LockedEnds, LockedReceiver, Mpmc, ReceiveTimeout, Rendezvous, SharedEnds, TryRecv,
};
pub(crate) use channel::{standard_channel, standard_receive_timeout};
pub use channel_mutex::ChannelMutex;
pub use condvar::{CountedWaiters, Monitor, MutexCondvar};
pub use lock::Lock;
pub use map::{ConcurrentMap, Hashing, Key, ShardedMap, SuiteHasher, Value, suite_hasher};
pub use map_trial::map_advice;
pub use one_shot::OneShot;
pub use own_map::OwnMap;
pub use poll_queue::PollQueue;
pub use pool::Pool;
pub use ring::Ring;
pub use selector::{SELECT_TIMEOUT, Selector, WaitMode};
pub use spin::spin_for;
pub use upgradable::UpgradableLock;
