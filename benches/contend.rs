//! `cargo bench`: compares all shipped contenders on this machine.
//!
//! `contend::suite()` is the table of all workloads and contenders. This file is also the template for your own
//! bench target, which needs `harness = false` in its Cargo.toml:
//!
//! ```ignore
//! fn main() -> std::process::ExitCode {
//!     let mut suite = contend::suite();
//!     suite.lock::<MyLock<()>>(contend::Info::new("my::Lock"));
//!     contend::bench(suite)
//! }
//! ```

fn main() -> std::process::ExitCode {
    contend::bench(contend::suite())
}
