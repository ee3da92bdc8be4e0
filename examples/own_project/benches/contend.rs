//! A lock and a channel of your own, each one file and one line, compared with all that ship:
//!
//! ```text
//! cargo bench --bench contend -- --quick own:: std::sync
//! ```

#[path = "contend/queue_channel.rs"]
mod queue_channel;
#[path = "contend/ticket_lock.rs"]
mod ticket_lock;

use std::process::ExitCode;

use contend::Info;
use queue_channel::QueueChannel;
use ticket_lock::TicketLock;

fn main() -> ExitCode {
    let mut suite = contend::suite();
    suite.lock::<TicketLock<()>>(Info::new("own::TicketLock").facts("First come, first served.").spins());
    let facts = "Bounded, a VecDeque under a Mutex. Both ends can be cloned.";
    suite
        .channel::<QueueChannel>(Info::new("own::QueueChannel").facts(facts))
        .shared_receiver()
        .receive_timeout();
    contend::bench(suite)
}
