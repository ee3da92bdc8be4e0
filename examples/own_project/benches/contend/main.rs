//! A lock, a channel and a map of your own, each one file and one line, compared with all that ship. What is none of
//! these is a scenario: `session_cache.rs`.
//!
//! ```text
//! cargo bench --bench contend -- --quick own:: std::sync session-cache
//! ```

mod older_mutex;
mod queue_channel;
mod session_cache;
mod session_map;
mod sharded_map;
mod ticket_lock;

use std::process::ExitCode;
use std::time::Duration;

use contend::Info;
use older_mutex::OlderMutex;
use queue_channel::QueueChannel;
use session_map::Sessions;
use sharded_map::ShardedMap;
use ticket_lock::TicketLock;

fn main() -> ExitCode {
    let mut suite = contend::suite();
    suite.lock::<TicketLock<()>>(Info::new("own::TicketLock").facts("First come, first served.").spins());
    let facts = "Bounded, a VecDeque under a Mutex. Both ends can be cloned.";
    suite
        .channel::<QueueChannel>(Info::new("own::QueueChannel").facts(facts))
        .shared_receiver()
        .receive_timeout();
    suite.map::<ShardedMap<u32, u64>>(
        Info::new("own::ShardedMap").facts("16 HashMaps under read-write locks."),
    );

    // The version of a crate that this project has, where contend has another.
    let older =
        Info::new("own::OlderMutex").package("parking_lot@0.12").facts("parking_lot's, version 0.12.");
    suite.lock::<OlderMutex<()>>(older);

    // What is no lock, channel or map; keys and values of this project; another length of work.
    session_cache::compare(&mut suite);
    suite
        .compare_maps::<Sessions>("session-map", &[("read90", 90)])
        .shipped()
        .lock::<TicketLock<()>>("own::TicketLock")
        .map::<ShardedMap<u32, u64>>("own::ShardedMap");
    suite.work_variant("counter/spaced", "spaced-300ns", Duration::from_nanos(300));
    contend::bench(suite)
}
