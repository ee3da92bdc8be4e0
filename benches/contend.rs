//! `cargo bench`: all that ships, compared on this machine.
//!
//! What is measured stands in `contend::suite()`, a table with one line for each workload and one
//! for each primitive. This file is also the template for a bench target of your own, which needs
//! `harness = false` in its Cargo.toml:
//!
//! ```ignore
//! fn main() -> std::process::ExitCode {
//!     let mut suite = contend::suite();
//!     suite.lock::<MyLock<()>>(contend::about("my::Lock"));
//!     contend::bench(suite)
//! }
//! ```

fn main() -> std::process::ExitCode {
    contend::bench(contend::suite())
}
