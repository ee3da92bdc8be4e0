//! Contenders that panic, hang or end their process in another phase than that of their operations: when handles are
//! made, when the state is asked for its digest, when a handle is dropped.

use std::marker::PhantomData;
use std::sync::Mutex;
use std::time::Duration;

use contend::workload::counter::{self, Count, Hot};
use contend::{Info, Shared, Suite};

use super::hostile::Right;
use super::{Broken, Fault, Flaw};

/// What each must fail with.
pub fn faults() -> Vec<(&'static str, Fault)> {
    const SILENT: &str = "it said nothing for 1s and was killed";
    let fault = |cell, does, says| Fault { cell, beside: "std::sync::Mutex", does, says, deadline: "1s" };
    vec![
        (
            "a_panic_when_handles_are_made_fails_the_cell",
            fault("counter/hot/own::PanicsInOpen/2", "panics in `new_handles`", "a worker panicked: in open"),
        ),
        (
            "a_hang_when_handles_are_made_fails_the_cell",
            fault("counter/hot/own::HangsInOpen/2", "hangs in `new_handles`", SILENT),
        ),
        (
            "a_panic_in_the_digest_fails_the_cell",
            fault(
                "counter/hot/own::PanicsInClose/2",
                "panics in `into_digest`",
                "a worker panicked: in close",
            ),
        ),
        (
            "a_hang_in_the_digest_fails_the_cell",
            fault("counter/hot/own::HangsInClose/2", "hangs in `into_digest`", SILENT),
        ),
        (
            "a_panic_when_a_handle_is_dropped_fails_the_cell",
            fault(
                "counter/hot/own::PanicsInHandleDrop/2",
                "panics when a handle is dropped",
                "a worker panicked: in the drop of a handle",
            ),
        ),
        (
            "a_hang_when_a_handle_is_dropped_fails_the_cell",
            fault("counter/hot/own::HangsInDrop/2", "hangs when a handle is dropped", SILENT),
        ),
        (
            "an_exit_with_an_error_fails_the_cell",
            fault(
                "counter/hot/own::ExitsWith3/2",
                "ends the process with status 3",
                "its process ended: exit status: 3",
            ),
        ),
        ("a_deadlock_fails_the_cell", fault("counter/hot/own::Deadlocks/2", "locks a mutex twice", SILENT)),
        (
            "a_livelock_fails_the_cell",
            fault("counter/hot/own::Livelocks/2", "waits busily for what never comes", SILENT),
        ),
        (
            "a_refused_thread_fails_the_cell",
            fault(
                "counter/hot/own::IsRefusedAThread/2",
                "asks for a thread that the system refuses",
                "a worker panicked: no thread",
            ),
        ),
        (
            "a_panic_with_no_text_fails_the_cell",
            fault(
                "counter/hot/own::PanicsWithANumber/2",
                "panics with a payload that is no text",
                "a worker panicked: ",
            ),
        ),
    ]
}

/// Adds all of them.
pub fn add(suite: &mut Suite) {
    fn flawed<F: Flaw>(suite: &mut Suite, name: &'static str) {
        counter::contender::<Broken<Count, F>>(suite, &Info::new(name));
    }
    suite.add::<Hot, InPhase<PanicsInOpen>>(Info::new("own::PanicsInOpen"));
    suite.add::<Hot, InPhase<HangsInOpen>>(Info::new("own::HangsInOpen"));
    suite.add::<Hot, InPhase<PanicsInClose>>(Info::new("own::PanicsInClose"));
    suite.add::<Hot, InPhase<HangsInClose>>(Info::new("own::HangsInClose"));
    suite.add::<Hot, InPhase<PanicsInHandleDrop>>(Info::new("own::PanicsInHandleDrop"));
    suite.add::<Hot, InPhase<HangsInDrop>>(Info::new("own::HangsInDrop"));
    flawed::<ExitsWith3>(suite, "own::ExitsWith3");
    flawed::<Deadlocks>(suite, "own::Deadlocks");
    flawed::<Livelocks>(suite, "own::Livelocks");
    flawed::<IsRefusedAThread>(suite, "own::IsRefusedAThread");
    flawed::<PanicsWithANumber>(suite, "own::PanicsWithANumber");
}

at_moment! {
    ExitsWith3 => std::process::exit(3);
    Deadlocks => {
        static LOCK: Mutex<()> = Mutex::new(());
        let _first = LOCK.lock().unwrap();
        drop(LOCK.lock().unwrap());
    };
    Livelocks => loop { std::thread::yield_now() };
    IsRefusedAThread => {
        let thread = std::thread::Builder::new().stack_size(1 << 60).spawn(|| {});
        drop(thread.expect("no thread"));
    };
    PanicsWithANumber => std::panic::panic_any(7_u64);
}

/// What happens in the phases of a window.
trait Phases: Send + 'static {
    fn open() {}

    fn close() {}

    fn dropped() {}
}

/// A right counter, with something in its phases.
struct InPhase<P: Phases> {
    /// None in a handle that is given away for the digest.
    inner: Option<Broken<Count, Right>>,
    phases: PhantomData<P>,
}

impl<P: Phases> Drop for InPhase<P> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            P::dropped();
        }
    }
}

impl<P: Phases> InPhase<P> {
    fn inner(&mut self) -> &mut Broken<Count, Right> {
        self.inner.as_mut().expect("it is taken at the end")
    }
}

impl<P: Phases> Shared<Count> for InPhase<P> {
    fn new_handles(model: Count, workers: usize) -> Vec<Self> {
        P::open();
        let handles = Broken::new_handles(model, workers).into_iter();
        handles.map(|inner| Self { inner: Some(inner), phases: PhantomData }).collect()
    }

    fn write(&mut self, (): ()) {
        Shared::<Count>::write(self.inner(), ());
    }

    fn read(&mut self, (): ()) -> u64 {
        Shared::<Count>::read(self.inner(), ())
    }

    fn into_digest(mut handles: Vec<Self>) -> u64 {
        P::close();
        let inner: Vec<_> =
            handles.iter_mut().map(|handle| handle.inner.take().expect("it is taken once")).collect();
        Broken::into_digest(inner)
    }
}

macro_rules! in_phase {
    ($($name:ident $phase:ident => $action:expr;)*) => {$(
        struct $name;

        impl Phases for $name {
            fn $phase() {
                $action
            }
        }
    )*};
}

in_phase! {
    PanicsInOpen open => panic!("in open");
    HangsInOpen open => hang();
    PanicsInClose close => panic!("in close");
    HangsInClose close => hang();
    PanicsInHandleDrop dropped => panic!("in the drop of a handle");
    HangsInDrop dropped => hang();
}

fn hang() {
    std::thread::sleep(Duration::from_secs(3_600));
}
