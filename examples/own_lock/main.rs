//! A lock of your own, compared with all that ship, on the same page:
//!
//! ```text
//! cargo run --release --example own_lock -- --bench --quick counter map
//! ```
//!
//! In a project of yours this file is `benches/contend.rs` with `harness = false`, and the command
//! is `cargo bench`.

mod ticket_lock;

use std::process::ExitCode;

use contend::Info;

fn main() -> ExitCode {
    let mut suite = contend::suite();
    // The one line.
    suite.lock::<ticket_lock::TicketLock<()>>(
        Info::new("own::TicketLock").facts("First come, first served; spins."),
    );
    contend::bench(suite)
}
