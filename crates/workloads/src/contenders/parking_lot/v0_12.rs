//! parking_lot 0.12, beside 0.13: is it time to upgrade?

use parking_lot_0_12::{Mutex, RwLock};

use super::parking_lot_locks;
use crate::registry::{Checked, Info, Suite};

/// The review of the notes: "Fairness" of `Mutex` and `RwLock`.
const CHECKED: Checked = Checked::on("2026-11-26", "0.12.5");

parking_lot_locks!(parking_lot_0_12, Condvar012);

fn info(name: &str) -> Info {
    Info::of_package("parking_lot 0.12", name).family("parking_lot").checked(CHECKED)
}

pub(super) fn register(suite: &mut Suite) {
    register_exclusions(suite);
    let mutex = "Version 0.12. Spins, then parks. Eventually fair: about every half millisecond an unlock hands it to \
                 a parked thread. No poisoning. Not reentrant.";
    suite.lock::<Mutex<()>>(info("parking_lot::Mutex+0.12").facts(mutex)).sharded().condvar::<Condvar012>();
    let rw_lock = "Version 0.12. Spins, then parks. Eventually fair: about every half millisecond an unlock hands it \
                   to a parked thread. A thread that reads it twice at once may deadlock when a writer waits. \
                   No poisoning.";
    suite.rw_lock::<RwLock<()>>(info("parking_lot::RwLock+0.12").facts(rw_lock)).sharded();
}

/// Excludes them where no thread waits long, which is what the versions differ in.
fn register_exclusions(suite: &mut Suite) {
    for (workload, contender) in [
        ("first-error", "Mutex+0.12+Option"),
        ("fetch", "Mutex+0.12"),
        ("once", "Mutex+0.12+Option"),
        ("once", "RwLock+0.12+Option"),
        ("slots", "Mutex+0.12+Vec"),
        ("snapshot", "Mutex+0.12+Arc"),
        ("snapshot", "RwLock+0.12+Arc"),
    ] {
        let reason = "the versions differ in how threads wait, and here none waits long: see 0.13";
        suite.exclude(workload, &format!("parking_lot::{contender}"), reason);
    }
}
