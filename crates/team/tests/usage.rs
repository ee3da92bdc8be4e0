//! The CPU time of this process, in a process of its own: other tests beside this one would count too.
#![cfg(not(shuttle))]

use contend_team::Usage;

/// Reads of a file are work in the kernel, and sums are work in user code.
#[test]
fn user_code_and_kernel_are_counted_apart() {
    let kernels_share = |work: &dyn Fn()| {
        let start = Usage::now().expect("a system that counts CPU time");
        let used = || Usage::now().expect("as before").since(start);
        while used().cpu_ns < 200_000_000 {
            work();
        }
        used().system_ns as f64 / used().cpu_ns as f64
    };
    let in_user_code = kernels_share(&|| {
        std::hint::black_box((0..100_000_u64).fold(1, |sum: u64, n| std::hint::black_box(sum ^ n)));
    });
    let in_the_kernel = kernels_share(&|| {
        std::hint::black_box(std::fs::read("/proc/self/maps").ok());
    });
    assert!(in_user_code < 0.5 * in_the_kernel, "{in_user_code} {in_the_kernel}");
}
