//! A library that is loaded before others (`LD_PRELOAD`), in which the clock of a fork goes backwards after a while.
//! It is not a part of the package: the test compiles it, because the package has no unsafe code.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

#[repr(C)]
pub struct Time {
    seconds: i64,
    nanos: i64,
}

unsafe extern "C" {
    fn syscall(number: i64, ...) -> i64;
}

const CLOCK_GETTIME: i64 = if cfg!(target_arch = "x86_64") { 228 } else { 113 };
const MONOTONIC: i32 = 1;

static FIRST: AtomicU64 = AtomicU64::new(0);

fn is_fork() -> bool {
    static IS: OnceLock<bool> = OnceLock::new();
    *IS.get_or_init(|| {
        let arguments = std::fs::read("/proc/self/cmdline").unwrap_or_default();
        arguments.windows(6).any(|six| six == b"__fork")
    })
}

/// The clock of the kernel. That of a fork goes wrong after 40 ms. With `BACKWARDS=steps` it goes back by a
/// second every 5 ms. With `runs` it runs backwards, and with `stands` it stands still.
#[unsafe(no_mangle)]
pub extern "C" fn clock_gettime(clock: i32, time: *mut Time) -> i32 {
    // SAFETY: the arguments are those of the caller, who calls the function of that name.
    let result = unsafe { syscall(CLOCK_GETTIME, clock, time) } as i32;
    if clock != MONOTONIC || result != 0 || !is_fork() {
        return result;
    }
    // SAFETY: the call succeeded, so `time` is valid.
    let time = unsafe { &mut *time };
    let now = time.seconds as u64 * 1_000_000_000 + time.nanos as u64;
    let first = match FIRST.compare_exchange(0, now, Ordering::SeqCst, Ordering::SeqCst) {
        Ok(_) => now,
        Err(first) => first,
    };
    let turn = first + 40_000_000;
    if now > turn {
        let how = std::env::var_os("BACKWARDS");
        let changed = match how.as_deref().and_then(|how| how.to_str()) {
            Some("steps") => now.saturating_sub(1_000_000_000 * ((now - turn) / 5_000_000)),
            Some("runs") => turn - (now - turn),
            _ => turn,
        };
        time.seconds = (changed / 1_000_000_000) as i64;
        time.nanos = (changed % 1_000_000_000) as i64;
    }
    result
}
