//! Registration by capability: a lock, a channel, a map or a pool is registered once, and every workload
//! that has a use for what it can do takes it up. A package of the suite and a user's own bench target
//! call the same methods.
//!
//! ```
//! # use contend_workloads::{Info, Suite, workloads};
//! # use std::sync::Mutex;
//! let mut suite = workloads();
//! suite.lock::<Mutex<()>>(Info::new("my::Lock").facts("Unfair. Poisons when a holder panics."));
//! ```

use std::marker::PhantomData;

#[cfg(feature = "extra")]
use crate::capability::AsyncLock;
use crate::capability::{
    BatchReceive, Channel, ChannelMutex, ConcurrentMap, Lock, LockedEnds, LockedReceiver, Mpmc, MutexCondvar,
    PollQueue, Pool, ReceiveTimeout, Rendezvous, Selector, ShardedMap, SharedEnds, UpgradableLock,
};
#[cfg(feature = "patterns")]
use crate::capability::{BatchRing, Broadcast, CountedWaiters, OneShot, Ring};
#[cfg(feature = "extra")]
use crate::contenders::tokio as runtime;
use crate::registry::{Info, Suite};
#[cfg(feature = "patterns")]
use crate::workload::{
    cancel, fetch, first_error, handoff, join, once, pipeline, queue, select, semaphore, slots, snapshot,
    spawn,
};
use crate::workload::{counter, fan_out, map};

impl Suite {
    /// Adds a lock to every workload that has a use for a lock. What is returned takes what else the
    /// package has for it.
    pub fn lock<L: Lock>(&mut self, info: Info) -> LockEntry<'_, L> {
        self.locks.push((info.clone(), false));
        guarded_state::<L>(self, &info);
        #[cfg(feature = "patterns")]
        {
            snapshot::register_lock_of_arc::<L>(self, &info);
            semaphore::register_lock::<L>(self, &info);
            slots::register_lock::<L>(self, &info);
            once::register_lock::<L>(self, &info);
            first_error::register_lock::<L>(self, &info);
            fetch::register_lock::<L>(self, &info);
        }
        #[cfg(feature = "extra")]
        runtime::register_lock::<L>(self, &info);
        LockEntry { suite: self, info, lock: PhantomData }
    }

    /// Adds a read-write lock, whose [`Lock::with`] lets readers in together, to every workload that
    /// reads under a lock.
    pub fn rw_lock<L: Lock>(&mut self, info: Info) -> LockEntry<'_, L> {
        self.locks.push((info.clone(), true));
        guarded_state::<L>(self, &info);
        fan_out::register_rw_lock::<L>(self, &info);
        #[cfg(feature = "patterns")]
        {
            snapshot::register_lock_of_arc::<L>(self, &info);
            once::register_rw_lock::<L>(self, &info);
        }
        #[cfg(feature = "extra")]
        runtime::register_rw_lock::<L>(self, &info);
        LockEntry { suite: self, info, lock: PhantomData }
    }

    /// Adds a lock for async code, which may let readers in together, to the workload in which tasks share a number.
    #[cfg(feature = "extra")]
    pub fn async_lock<L: AsyncLock>(&mut self, info: Info) {
        runtime::register_async_lock::<L>(self, &info);
    }

    /// Adds a channel that can be bounded to every workload that has a use for one receiver. What is
    /// returned takes what else it can do.
    pub fn channel<C: Channel>(&mut self, info: Info) -> ChannelEntry<'_, C> {
        owned_state::<C>(self, &info);
        #[cfg(feature = "patterns")]
        {
            queue::register_channel::<C, true>(self, &info);
            queue::register_per_receiver::<C>(self, &info);
            pipeline::register_channel::<C>(self, &info);
            first_error::register_channel::<C>(self, &info);
            join::register_channel::<C>(self, &info);
            fetch::register_channel::<C>(self, &info);
        }
        ChannelEntry { suite: self, info, channel: PhantomData }
    }

    /// Adds a channel without a bound: as a queue, and wherever what is returned is asked for.
    pub fn unbounded_channel<C: Channel>(&mut self, info: Info) -> UnboundedEntry<'_, C> {
        #[cfg(feature = "patterns")]
        queue::register_channel::<C, false>(self, &info);
        UnboundedEntry { suite: self, info, channel: PhantomData }
    }

    /// Adds a queue that no thread can wait at. `BOUNDED` says whether it has a capacity.
    pub fn poll_queue<Q: PollQueue, const BOUNDED: bool>(&mut self, info: Info) {
        fan_out::register_poll_queue::<Q>(self, &info);
        #[cfg(feature = "patterns")]
        queue::register_poll_queue::<Q, BOUNDED>(self, &info);
    }

    /// Adds a ring with one thread at each end to the queues that have one.
    #[cfg(feature = "patterns")]
    pub fn ring<R: Ring>(&mut self, info: Info) {
        queue::register_ring::<R>(self, &info);
        pipeline::register_ring::<R>(self, &info);
    }

    /// Adds a ring whose receiver can remove all items at once: by one item, as [`ring`](Self::ring), and at once.
    #[cfg(feature = "patterns")]
    pub fn batch_ring<R: BatchRing>(&mut self, info: Info) {
        queue::register_batch_ring::<R>(self, &info);
        self.ring::<R>(info);
    }

    /// Adds a channel for one message to the variants of `queue` that have a queue for each message or answer.
    #[cfg(feature = "patterns")]
    pub fn one_shot<O: OneShot>(&mut self, info: Info) {
        queue::register_one_shot::<O>(self, &info);
    }

    /// Adds a channel whose every receiver gets every message.
    #[cfg(feature = "patterns")]
    pub fn broadcast<B: Broadcast>(&mut self, info: Info) {
        queue::register_broadcast::<B>(self, &info);
    }

    /// Adds a map that threads share to every workload that has a use for one. What is returned takes what else it
    /// can do.
    pub fn map<M: ConcurrentMap>(&mut self, info: Info) -> MapEntry<'_, M> {
        let info = if M::OWN_HASHER { info.with_fact(OWN_HASHER) } else { info };
        self.maps.push(info.clone());
        counter::register_map::<M>(self, &info);
        map::register_map::<M>(self, &info);
        fan_out::register_map::<M>(self, &info);
        #[cfg(feature = "patterns")]
        fetch::register_map::<M>(self, &info);
        MapEntry { suite: self, info, map: PhantomData }
    }

    /// Adds a pool of threads to every workload that runs tasks and waits for all of them.
    pub fn pool<P: Pool>(&mut self, info: Info) {
        fan_out::register_pool::<P>(self, &info);
        #[cfg(feature = "patterns")]
        {
            join::register_pool::<P>(self, &info);
            spawn::register_pool::<P>(self, &info);
        }
    }
}

/// The open workloads, with a lock around their state.
fn guarded_state<L: Lock>(suite: &mut Suite, info: &Info) {
    counter::register_lock::<L>(suite, info);
    map::register_lock::<L>(suite, info);
    #[cfg(feature = "patterns")]
    snapshot::register_lock::<L>(suite, info);
}

/// What is said of a map that does not take the suite's hasher: a slow hash can double its time.
const OWN_HASHER: &str = "Hashes with a hasher of its own, other maps with foldhash: `map/own-hasher` compares maps \
                          that each have their own.";

/// The variants where workers write without a pause and wait for no answer.
const WITHOUT_PAUSE: [&str; 2] = ["counter/hot", "map/write"];

/// The workloads where a thread owns the state, or a queue of jobs, behind a channel.
fn owned_state<C: Channel>(suite: &mut Suite, info: &Info) {
    counter::register_channel::<C>(suite, info);
    map::register_channel::<C>(suite, info);
    fan_out::register_channel::<C>(suite, info);
}

/// Where many threads receive from one queue, which holds any number of messages.
fn many_receivers<C: Mpmc>(suite: &mut Suite, info: &Info, suffix: &str) {
    fan_out::register_mpmc::<C>(suite, info, suffix);
    #[cfg(feature = "patterns")]
    {
        spawn::register_mpmc::<C>(suite, info);
        fetch::register_mpmc::<C>(suite, info);
    }
}

/// Where a bound makes the channel wait: as a lock, as tokens.
fn tokens<C: SharedEnds>(suite: &mut Suite, info: &Info) {
    let token = info.in_role(
        "+token",
        "A channel of one message, the state itself, as a lock. If the holder panics, the state is lost and \
         the other threads wait forever.",
    );
    guarded_state::<ChannelMutex<C, ()>>(suite, &token);
    #[cfg(feature = "patterns")]
    {
        semaphore::register_tokens::<C>(suite, info);
        fetch::register_tokens::<C>(suite, info);
    }
}

/// A lock that was registered, and what else its package has for it.
pub struct LockEntry<'a, L> {
    suite: &'a mut Suite,
    info: Info,
    lock: PhantomData<L>,
}

impl<L: Lock> LockEntry<'_, L> {
    /// Adds a map that is split into 64 shards, each behind such a lock.
    pub fn sharded(self) -> Self {
        map::register_shards::<L>(self.suite, &self.info);
        self
    }

    /// Adds the lock with its condition variables to every workload in which threads wait for each other.
    pub fn condvar<C: MutexCondvar>(self) -> Self {
        fan_out::register_condvar::<C>(self.suite, &self.info);
        #[cfg(feature = "patterns")]
        {
            let (suite, info) = (&mut *self.suite, &self.info);
            handoff::register_condvar::<C>(suite, info);
            queue::register_condvar::<C>(suite, info);
            pipeline::register_condvar::<C>(suite, info);
            cancel::register_condvar::<C>(suite, info);
            semaphore::register_condvar::<C>(suite, info);
            join::register_condvar::<C>(suite, info);
            fetch::register_condvar::<C>(suite, info);
        }
        self
    }

    /// A reader can become the writer.
    pub fn upgradable(self) -> Self
    where
        L::WithState<Option<u64>>: UpgradableLock,
    {
        #[cfg(feature = "patterns")]
        once::register_upgradable_lock::<L>(self.suite, &self.info);
        self
    }
}

/// A map that was registered, and what else it can do.
pub struct MapEntry<'a, M> {
    suite: &'a mut Suite,
    info: Info,
    map: PhantomData<M>,
}

impl<M: ConcurrentMap> MapEntry<'_, M> {
    /// It can be made with a number of shards.
    pub fn shard_count(self) -> Self
    where
        M: ShardedMap,
    {
        map::register_sharded_map::<M>(self.suite, &self.info);
        self
    }
}

#[cfg(feature = "patterns")]
impl<L: Lock> LockEntry<'_, L> {
    /// Adds a queue under the lock whose receiver takes all messages at once.
    pub fn batches<C: MutexCondvar>(self) -> Self {
        queue::register_batch_condvar::<C>(self.suite, &self.info, "+Condvar");
        self
    }

    /// Adds the lock with condition variables whose waiters are counted, where a thread notifies at each operation.
    /// It is for condition variables that do not find out by themselves that nobody waits.
    pub fn counted_waiters<C: MutexCondvar>(self) -> Self {
        let (suite, info) = (&mut *self.suite, &self.info);
        queue::register_counted_condvar::<CountedWaiters<C>>(suite, info);
        queue::register_batch_condvar::<CountedWaiters<C>>(suite, info, "+Condvar+counted");
        pipeline::register_counted_condvar::<CountedWaiters<C>>(suite, info);
        semaphore::register_counted_condvar::<CountedWaiters<C>>(suite, info);
        self
    }
}

/// A bounded channel that was registered, and what else it can do.
pub struct ChannelEntry<'a, C> {
    suite: &'a mut Suite,
    info: Info,
    channel: PhantomData<C>,
}

impl<C: Channel> ChannelEntry<'_, C> {
    /// Its receiver can be cloned.
    pub fn shared_receiver(self) -> Self
    where
        C: Mpmc,
    {
        let (suite, info) = (&mut *self.suite, &self.info);
        many_receivers::<C>(suite, info, "+shared");
        tokens::<C>(suite, info);
        #[cfg(feature = "patterns")]
        {
            queue::register_mpmc::<C, true>(suite, info, "");
            cancel::register_mpmc::<C>(suite, info);
        }
        self
    }

    /// Its receiver cannot be cloned, and is shared behind a mutex where several threads receive.
    pub fn locked_receiver(self) -> Self {
        let (suite, info) = (&mut *self.suite, &self.info);
        many_receivers::<LockedReceiver<C>>(suite, info, "+locked-receiver");
        tokens::<LockedEnds<C>>(suite, info);
        #[cfg(feature = "patterns")]
        {
            queue::register_mpmc::<LockedReceiver<C>, true>(suite, info, "+locked-receiver");
            cancel::register_channel::<C>(suite, info);
        }
        self
    }

    /// A capacity of 0 makes sender and receiver meet.
    pub fn rendezvous(self) -> Self
    where
        C: Rendezvous,
    {
        #[cfg(feature = "patterns")]
        handoff::register_rendezvous::<C>(self.suite, &self.info);
        self
    }

    /// Its receiver takes all messages that are there in one call.
    pub fn batch_receive(self) -> Self
    where
        C: BatchReceive,
    {
        #[cfg(feature = "patterns")]
        queue::register_batch_channel::<C, true>(self.suite, &self.info);
        self
    }

    /// A wait for a message can have a limit.
    pub fn receive_timeout(self) -> Self
    where
        C: ReceiveTimeout,
    {
        #[cfg(feature = "patterns")]
        {
            select::register_receive_timeout::<C>(self.suite, &self.info);
            cancel::register_receive_timeout::<C>(self.suite, &self.info);
        }
        self
    }

    /// A thread can wait at several of them. `info` describes the selector, as the channel is described already.
    pub fn selector<S: Selector<C>>(self, info: Info) -> Self {
        #[cfg(feature = "patterns")]
        select::register_selector::<C, S>(self.suite, info);
        #[cfg(not(feature = "patterns"))]
        let _ = (info, PhantomData::<S>);
        self
    }
}

/// An unbounded channel that was registered, and what else it can do.
pub struct UnboundedEntry<'a, C> {
    suite: &'a mut Suite,
    info: Info,
    channel: PhantomData<C>,
}

impl<C: Channel> UnboundedEntry<'_, C> {
    /// Also the inbox of a thread that owns the state, though nothing bounds how many messages wait.
    pub fn inbox(self) -> Self {
        owned_state::<C>(self.suite, &self.info);
        self.suite.note_growth(&self.info.name, &WITHOUT_PAUSE);
        #[cfg(feature = "patterns")]
        join::register_channel::<C>(self.suite, &self.info);
        self
    }

    /// Its receiver takes all messages that are there in one call.
    pub fn batch_receive(self) -> Self
    where
        C: BatchReceive,
    {
        #[cfg(feature = "patterns")]
        queue::register_batch_channel::<C, false>(self.suite, &self.info);
        self
    }

    /// Its receiver can be cloned.
    pub fn shared_receiver(self) -> Self
    where
        C: Mpmc,
    {
        #[cfg(feature = "patterns")]
        queue::register_mpmc::<C, false>(self.suite, &self.info, "");
        self
    }

    /// Its receiver cannot be cloned, and is shared behind a mutex where several threads receive.
    pub fn locked_receiver(self) -> Self {
        let (suite, info) = (&mut *self.suite, &self.info);
        many_receivers::<LockedReceiver<C>>(suite, info, "+locked-receiver");
        #[cfg(feature = "patterns")]
        queue::register_mpmc::<LockedReceiver<C>, false>(suite, info, "+locked-receiver");
        self
    }
}
