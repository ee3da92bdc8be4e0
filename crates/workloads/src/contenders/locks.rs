//! Every lock of the suite as a type: for a state that the suite does not know, which a user's scenario locks.

use crate::capability::Lock;

/// Takes one lock after the other.
pub(crate) trait LockVisitor {
    /// A lock, by the name that it is registered under. `READERS` says whether [`Lock::with`] lets readers in together.
    fn visit<L: Lock, const READERS: bool>(&mut self, name: &str);
}

/// Shows every lock that the features have to `visitor`.
pub(crate) fn each_lock(visitor: &mut impl LockVisitor) {
    visitor.visit::<::std::sync::Mutex<()>, false>("std::sync::Mutex");
    visitor.visit::<::std::sync::RwLock<()>, true>("std::sync::RwLock");
    #[cfg(feature = "contenders")]
    {
        visitor.visit::<::parking_lot::Mutex<()>, false>("parking_lot::Mutex");
        visitor.visit::<::parking_lot::FairMutex<()>, false>("parking_lot::FairMutex");
        visitor.visit::<::parking_lot::RwLock<()>, true>("parking_lot::RwLock");
        visitor.visit::<::crossbeam_utils::sync::ShardedLock<()>, true>("crossbeam_utils::sync::ShardedLock");
    }
    #[cfg(feature = "extra")]
    {
        visitor.visit::<super::parking_lot::guards::Fair<()>, true>("parking_lot::RwLock+unlock_fair");
        visitor.visit::<::parking_lot_0_12::Mutex<()>, false>("parking_lot::Mutex+0.12");
        visitor.visit::<::parking_lot_0_12::RwLock<()>, true>("parking_lot::RwLock+0.12");
        visitor.visit::<::async_lock::Mutex<()>, false>("async_lock::Mutex");
        visitor.visit::<::async_lock::RwLock<()>, true>("async_lock::RwLock");
        visitor.visit::<::mea::mutex::Mutex<()>, false>("mea::mutex::Mutex");
        visitor.visit::<::mea::rwlock::RwLock<()>, true>("mea::rwlock::RwLock");
        visitor.visit::<::tokio::sync::Mutex<()>, false>("tokio::sync::Mutex");
        visitor.visit::<::tokio::sync::RwLock<()>, true>("tokio::sync::RwLock");
        visitor.visit::<::spin::lock_api::Mutex<()>, false>("spin::lock_api::Mutex");
    }
}
