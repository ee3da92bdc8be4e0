//! spin: a lock that only spins, by its `lock_api` type. That is a lock by what parking_lot 0.12 has, whose `lock_api`
//! is the same.

use ::spin::lock_api::Mutex;

use super::exclusions;
use crate::registry::{Checked, Info, Suite};

/// The review of the notes: the documentation of `mutex::spin`, and the changelog up to 0.12.3.
const CHECKED: Checked = Checked::on("2026-11-26", "0.12.3");

const NAME: &str = "spin::lock_api::Mutex";

pub(super) fn register(suite: &mut Suite) {
    exclusions::lock(suite, NAME, "it has no Condvar: a waiter could only lock it again and again");
    let facts = "Only spins: waiters burn their cores, also while the holder is off its core. Unfair. No \
                 poisoning. Not reentrant.";
    suite.lock::<Mutex<()>>(Info::of_package("spin", NAME).checked(CHECKED).facts(facts).spins()).sharded();
}
