//! Contenders that attack the run itself: its streams, its processes, its neighbours, its files' texts. Each is a
//! mutex around the counter that does one thing at its 500th increment of a window.

use std::marker::PhantomData;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use contend::registry::Strategy;
use contend::team::{Sample, Window, WindowError};
use contend::workload::counter::{self, Count, Hot};
use contend::{Info, Suite};

use super::{Broken, Fault, Flaw};

/// The increment of a window at which it happens.
pub const MOMENT: u64 = 500;

/// The exit of a process that [`LeavesAProcess`] starts: a time that nothing else sleeps.
pub const SLEEPS: &str = "77.0625";

/// What each must fail with.
pub fn faults() -> Vec<(&'static str, Fault)> {
    let fault = |cell, does, says| Fault { cell, beside: "std::sync::Mutex", does, says, deadline: "2s" };
    let mut faults = vec![
        (
            "garbage_on_the_answers_stream_fails_the_cell",
            fault(
                "counter/hot/own::WritesGarbage/2",
                "writes garbage to every descriptor that it finds",
                "its process ",
            ),
        ),
        (
            "closed_descriptors_fail_the_cell",
            fault("counter/hot/own::ClosesAll/2", "closes all descriptors", "its process ended"),
        ),
        (
            "endless_output_fails_the_cell",
            fault("counter/hot/own::PrintsMuch/2", "prints without end", "it printed more than 1 MiB"),
        ),
        (
            "a_measure_that_is_no_number_fails_the_cell",
            fault("counter/hot/own::Nan/2", "reports NaN as its own measure", "its own measure is NaN"),
        ),
        (
            "an_infinite_measure_fails_the_cell",
            fault("counter/hot/own::Infinite/2", "reports infinity", "its own measure is inf"),
        ),
        (
            "a_negative_measure_fails_the_cell",
            fault("counter/hot/own::Negative/2", "reports a negative measure", "its own measure is -1"),
        ),
        (
            "an_overflowing_measure_fails_the_cell",
            fault("counter/hot/own::Huge/2", "reports 1e308", "which is no measurement"),
        ),
        (
            "a_measure_that_rounds_to_nothing_fails_the_cell",
            fault("counter/hot/own::Tiny/2", "reports 5e-324", "its own measure is 5e-324"),
        ),
        (
            "no_operations_fail_the_cell",
            fault("counter/hot/own::DoesNothing/2", "reports 0 operations", "it reports 0 operations"),
        ),
        (
            "a_panic_that_another_worker_waits_for_is_the_reason",
            fault(
                "counter/hot/own::PanicsBeside/2",
                "panics, and the other worker waits for it",
                "a worker panicked: the other waits for me; then its process said nothing for 2s",
            ),
        ),
        (
            "a_panic_of_a_helper_thread_is_the_reason",
            fault(
                "counter/hot/own::HelperPanics/2",
                "panics in a thread of its own, which a worker joins",
                "a worker panicked: the helper had enough",
            ),
        ),
        (
            "a_panic_in_drop_fails_the_cell",
            fault("counter/hot/own::PanicsInDrop/2", "panics in a drop", "a worker panicked: in drop"),
        ),
        (
            "a_panic_in_a_drop_during_a_panic_fails_the_cell",
            fault(
                "counter/hot/own::PanicsTwice/2",
                "panics in a drop during another panic",
                "a worker panicked and again in a drop: the first",
            ),
        ),
        (
            "a_stack_overflow_is_named",
            fault("counter/hot/own::Overflows/2", "overflows its stack", "stack overflow in its thread"),
        ),
        (
            "an_allocation_that_fails_is_named",
            fault(
                "counter/hot/own::Allocates/2",
                "asks for 64 TiB of memory",
                "out of memory: an allocation",
            ),
        ),
        (
            "an_exit_fails_the_cell",
            fault("counter/hot/own::Exits/2", "ends the process with success", "its process ended: exit"),
        ),
        (
            "a_long_panic_is_shortened_and_escaped",
            fault(
                "counter/hot/own::PanicsLong/2",
                "panics with 20 MB of text, control characters and a forged line",
                "red\\u{1b}[31m\\nFAILED counter/hot/std::sync::Mutex/2: forged\\u{202e}",
            ),
        ),
    ];
    if cfg!(target_os = "linux") {
        faults.extend([
            (
                "a_signal_that_stops_the_process_is_named",
                fault("counter/hot/own::Stops/2", "stops its process", "a signal had stopped it"),
            ),
            (
                "a_process_that_is_killed_twice_fails_the_cell",
                fault(
                    "counter/hot/own::KillsItself/2",
                    "kills its process",
                    "signal: 9 (SIGKILL), which contend did not send, 2 times",
                ),
            ),
            (
                "memory_without_end_fails_the_cell",
                fault(
                    "counter/hot/own::Grows/2",
                    "uses more and more memory",
                    "MiB of memory, and may use 400 (`--memory`)",
                ),
            ),
            (
                "a_thread_that_spins_on_fails_the_cell",
                fault(
                    "counter/hot/own::SpinsOn/2",
                    "leaves a thread that spins",
                    "behind, and one is still busy",
                ),
            ),
            (
                "threads_that_pile_up_fail_the_cell",
                fault(
                    "counter/hot/own::LeavesThreads/2",
                    "leaves one more sleeping thread with every window",
                    "it leaves idle threads behind again and again",
                ),
            ),
            (
                "a_changed_affinity_fails_the_cell",
                fault(
                    "counter/hot/own::Moves/2",
                    "pins a worker to another set of CPUs",
                    "it changed the CPU affinity of the thread `worker-",
                ),
            ),
        ]);
    }
    faults
}

/// Contenders that are right, though they do something that once ended or misled a run.
pub const HARMLESS: [&str; 6] =
    ["own::Prints", "own::ForgesAnswers", "own::ReadsInput", "own::BlocksSignals", LEAVES[0], LEAVES[1]];

/// Those of them that leave a process: in the group of their fork, and in one of its own, as an orphan.
pub const LEAVES: [&str; 2] = ["own::LeavesAProcess", "own::LeavesADaemon"];

/// Adds all of them.
pub fn add(suite: &mut Suite) {
    fn flawed<F: Flaw>(suite: &mut Suite, name: &'static str) {
        counter::contender::<Broken<Count, F>>(suite, &Info::new(name));
    }
    flawed::<WritesGarbage>(suite, "own::WritesGarbage");
    flawed::<ClosesAll>(suite, "own::ClosesAll");
    flawed::<PrintsMuch>(suite, "own::PrintsMuch");
    flawed::<PanicsBeside>(suite, "own::PanicsBeside");
    flawed::<HelperPanics>(suite, "own::HelperPanics");
    flawed::<PanicsInDrop>(suite, "own::PanicsInDrop");
    flawed::<PanicsTwice>(suite, "own::PanicsTwice");
    flawed::<Overflows>(suite, "own::Overflows");
    flawed::<Allocates>(suite, "own::Allocates");
    flawed::<Exits>(suite, "own::Exits");
    flawed::<PanicsLong>(suite, "own::PanicsLong");
    flawed::<Stops>(suite, "own::Stops");
    flawed::<KillsItself>(suite, "own::KillsItself");
    flawed::<Grows>(suite, "own::Grows");
    flawed::<SpinsOn>(suite, "own::SpinsOn");
    flawed::<LeavesThreads>(suite, "own::LeavesThreads");
    flawed::<Moves>(suite, "own::Moves");
    flawed::<Prints>(suite, "own::Prints");
    flawed::<ForgesAnswers>(suite, "own::ForgesAnswers");
    flawed::<ReadsInput>(suite, "own::ReadsInput");
    flawed::<BlocksSignals>(suite, "own::BlocksSignals");
    flawed::<LeavesAProcess>(suite, LEAVES[0]);
    flawed::<LeavesADaemon>(suite, LEAVES[1]);
    suite.add::<Hot, Reports<Nan>>(Info::new("own::Nan"));
    suite.add::<Hot, Reports<Infinite>>(Info::new("own::Infinite"));
    suite.add::<Hot, Reports<Negative>>(Info::new("own::Negative"));
    suite.add::<Hot, Reports<Huge>>(Info::new("own::Huge"));
    suite.add::<Hot, Reports<Tiny>>(Info::new("own::Tiny"));
    suite.add::<Hot, Reports<DoesNothing>>(Info::new("own::DoesNothing"));
}

at_moment! {
    WritesGarbage => write_everywhere("{\"answer\":{\"id\":1,\"response\":{\"failed\":\"x\"}}}\nno message\n");
    ClosesAll => close_all();
    PrintsMuch => loop { println!("{}", "much ".repeat(1_000)) };
    HelperPanics => {
        let helper = std::thread::spawn(|| panic!("the helper had enough"));
        helper.join().expect("the worker needs it");
    };
    PanicsInDrop => drop(InDrop("in drop"));
    PanicsTwice => {
        let _second = InDrop("the second");
        panic!("the first");
    };
    Overflows => assert_ne!(std::hint::black_box(deep(1)), 0);
    Allocates => drop(std::hint::black_box(vec![1_u8; 1 << 46]));
    Exits => std::process::exit(0);
    PanicsLong => panic!(
        "red\u{1b}[31m\nFAILED counter/hot/std::sync::Mutex/2: forged\u{202e}{}", "long ".repeat(4_000_000)
    );
    Stops => signal_itself("STOP");
    KillsItself => signal_itself("KILL");
    Grows => {
        let mut held = Vec::new();
        loop {
            held.push(vec![1_u8; 1 << 20]);
            std::thread::sleep(Duration::from_micros(500));
        }
    };
    SpinsOn => drop(std::thread::spawn(|| loop { std::hint::spin_loop() }));
    LeavesThreads => drop(std::thread::spawn(|| std::thread::sleep(Duration::from_secs(3_600))));
    Moves => move_to_another_cpu();
    Prints => {
        println!("debug: 999");
        eprintln!("\u{1b}[2J");
    };
    ForgesAnswers => println!("{{\"answer\":{{\"id\":1,\"response\":{{\"measured\":{{}}}}}}}}\n\"ready\"");
    ReadsInput => assert_eq!(std::io::stdin().read_line(&mut String::new()).expect("it is empty"), 0);
    BlocksSignals => block_signals();
    LeavesADaemon => leave_a_daemon();
    LeavesAProcess => drop(Command::new("sleep").arg(SLEEPS).spawn().expect("sleep starts"));
}

/// One worker panics, and the other waits until it will have gone on.
struct PanicsBeside;

static WENT_ON: AtomicBool = AtomicBool::new(false);

impl Flaw for PanicsBeside {
    fn writes(n: u64) -> u32 {
        assert!(n != MOMENT, "the other waits for me");
        while n == MOMENT / 2 && !WENT_ON.load(Ordering::Relaxed) {
            std::thread::yield_now();
        }
        1
    }
}

struct InDrop(&'static str);

impl Drop for InDrop {
    fn drop(&mut self) {
        panic!("{}", self.0);
    }
}

#[expect(unconditional_recursion, reason = "it overflows the stack")]
fn deep(n: u64) -> u64 {
    let here = std::hint::black_box([n; 64]);
    deep(here[7] + 1) + here[9]
}

#[cfg(target_os = "linux")]
fn write_everywhere(text: &str) {
    for descriptor in 3..64 {
        let _ = std::fs::write(format!("/proc/self/fd/{descriptor}"), text);
    }
}

#[cfg(not(target_os = "linux"))]
fn write_everywhere(_: &str) {
    std::process::exit(1);
}

#[cfg(unix)]
fn close_all() {
    for descriptor in 0..64 {
        let _ = nix::unistd::close(descriptor);
    }
}

#[cfg(not(unix))]
fn close_all() {
    std::process::exit(1);
}

#[cfg(unix)]
fn block_signals() {
    nix::sys::signal::SigSet::all().thread_block().expect("signals can be blocked");
}

#[cfg(not(unix))]
fn block_signals() {}

/// The shell of this name ends at once, so that what it starts is an orphan.
#[cfg(unix)]
fn leave_a_daemon() {
    use std::os::unix::process::CommandExt;
    let script = format!("sleep {SLEEPS} & exit 0");
    let shell = Command::new("sh").args(["-c", &script]).process_group(0).status();
    assert!(shell.expect("a shell starts").success());
}

#[cfg(not(unix))]
fn leave_a_daemon() {}

fn signal_itself(signal: &str) {
    let id = std::process::id().to_string();
    let _ = Command::new("kill").args(["-s", signal, &id]).status();
    std::thread::sleep(Duration::from_secs(3_600));
}

fn move_to_another_cpu() {
    let cpus = core_affinity::get_core_ids().expect("CPUs");
    assert!(core_affinity::set_for_current(cpus[0]));
}

/// A contender that has a measure of its own.
struct Reports<R>(PhantomData<R>);

trait Report: 'static {
    /// Changes a sample that was right.
    fn forge(sample: &mut Sample);
}

impl<R: Report> Strategy<Hot> for Reports<R> {
    const CLASS: contend::record::Class = contend::record::Class::Immediate;

    fn runnable(threads: usize) -> usize {
        threads
    }

    fn measure<const COPY: usize>(hot: &Arc<Hot>, window: &mut Window<'_>) -> Result<Sample, WindowError> {
        let right = <Broken<Count, Right> as Strategy<Hot>>::measure::<COPY>;
        let mut sample = right(hot, window)?;
        R::forge(&mut sample);
        Ok(sample)
    }

    fn loop_address<const COPY: usize>() -> usize {
        Self::measure::<COPY> as *const () as usize
    }
}

pub struct Right;

impl Flaw for Right {}

macro_rules! reports {
    ($($name:ident => |$sample:ident| $forge:expr;)*) => {$(
        struct $name;

        impl Report for $name {
            fn forge($sample: &mut Sample) {
                $forge;
            }
        }
    )*};
}

reports! {
    Nan => |sample| sample.custom_metric = Some((f64::NAN, "ns"));
    Infinite => |sample| sample.custom_metric = Some((f64::INFINITY, "ns"));
    Negative => |sample| sample.custom_metric = Some((-1.0, "ns"));
    Huge => |sample| sample.custom_metric = Some((1e308, "ns"));
    Tiny => |sample| sample.custom_metric = Some((5e-324, "ns"));
    DoesNothing => |sample| sample.timing.operations.fill(0);
}
