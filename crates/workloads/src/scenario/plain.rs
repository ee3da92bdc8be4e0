//! A plain struct as contenders: alone with one worker, and behind every lock.

use std::marker::PhantomData;
use std::sync::Arc;

use super::Compared;
use super::measure::{Operation, Side, Tally, own};
use crate::capability::Lock;
use crate::contenders::{LockVisitor, each_lock};
use crate::registry::Info;
use crate::workload::open::serial;
use contend_record::Class;

/// Which operations only read the plain struct, and how: so that read-write locks let readers in together.
pub trait Reads<P, Op, T>: Send + Sync + 'static {
    /// Whether there are any.
    const ANY: bool;
    /// Whether the operation only reads.
    fn reads(&self, operation: &Op) -> bool;
    /// Does an operation that only reads.
    fn read(&self, state: &P, operation: &Op, tally: &mut T);
}

/// No operation only reads.
pub struct NoReads;

impl<P, Op, T> Reads<P, Op, T> for NoReads {
    const ANY: bool = false;

    #[inline(always)]
    fn reads(&self, _: &Op) -> bool {
        false
    }

    fn read(&self, _: &P, _: &Op, _: &mut T) {}
}

/// The operations that the first closure accepts are done by the second.
pub struct ReadsBy<A, B>(A, B);

impl<P, Op, T, A, B> Reads<P, Op, T> for ReadsBy<A, B>
where
    A: Fn(&Op) -> bool + Send + Sync + 'static,
    B: Fn(&P, &Op, &mut T) + Send + Sync + 'static,
{
    const ANY: bool = true;

    #[inline(always)]
    fn reads(&self, operation: &Op) -> bool {
        self.0(operation)
    }

    #[inline(always)]
    fn read(&self, state: &P, operation: &Op, tally: &mut T) {
        self.1(state, operation, tally);
    }
}

impl<'s, Op: Operation, T: Tally, E: 'static> Compared<'s, Op, T, E> {
    /// A struct without a lock, which locks of the suite and your own are put around: `new` makes it, `operation` does
    /// one operation alone, and `end` takes what the check looks at.
    pub fn plain<P, N, F, G>(&mut self, new: N, operation: F, end: G) -> Plain<'_, 's, Op, T, E, N, F, G>
    where
        P: Send + Sync + 'static,
        N: Fn() -> P + Send + Sync + 'static,
        F: Fn(&mut P, &Op, &mut T) + Send + Sync + 'static,
        G: Fn(&P) -> E + Send + Sync + 'static,
    {
        Plain { compared: self, of: Arc::new((new, operation, end)), reads: Arc::new(NoReads) }
    }
}

/// A plain struct and the locks around it: see [`Compared::plain`].
pub struct Plain<'c, 's, Op, T, E, N, F, G, R = NoReads> {
    compared: &'c mut Compared<'s, Op, T, E>,
    /// Makes the struct, does an operation, and takes the end.
    of: Arc<(N, F, G)>,
    reads: Arc<R>,
}

impl<'c, 's, P, Op, T, E, N, F, G, R> Plain<'c, 's, Op, T, E, N, F, G, R>
where
    P: Send + Sync + 'static,
    Op: Operation,
    T: Tally,
    E: 'static,
    N: Fn() -> P + Send + Sync + 'static,
    F: Fn(&mut P, &Op, &mut T) + Send + Sync + 'static,
    G: Fn(&P) -> E + Send + Sync + 'static,
    R: Reads<P, Op, T>,
{
    /// Says which operations only read, and how: so that read-write locks let readers in together. Say so before the
    /// locks are added.
    pub fn reads<A, B>(self, reads: A, read: B) -> Plain<'c, 's, Op, T, E, N, F, G, ReadsBy<A, B>>
    where
        A: Fn(&Op) -> bool + Send + Sync + 'static,
        B: Fn(&P, &Op, &mut T) + Send + Sync + 'static,
    {
        Plain { compared: self.compared, of: self.of, reads: Arc::new(ReadsBy(reads, read)) }
    }

    /// Adds every lock of the suite around the struct, and the struct alone with one worker (`serial`). Without
    /// [`reads`](Plain::reads) there are no read-write locks among them.
    #[track_caller]
    pub fn shipped_locks(mut self) -> Self {
        self.serial();
        let mut known = self.compared.suite.locks.clone();
        known.extend(crate::suite().locks); // for a suite that was begun without what ships
        let mut found = ShippedLocks { plain: &mut self, known, state: PhantomData };
        each_lock(&mut found);
        self
    }

    /// Adds a lock of your own around the struct.
    ///
    /// # Panics
    /// Where the scenario has a contender of that name, ignoring case.
    #[track_caller]
    pub fn lock<L: Lock>(mut self, info: impl Into<Info>) -> Self {
        self.add_lock::<L>(info.into());
        self
    }

    #[track_caller]
    fn add_lock<L: Lock>(&mut self, info: Info) {
        let (of, reads) = (self.of.clone(), self.reads.clone());
        let operation = move |lock: &L::WithState<P>, op: &Op, tally: &mut T| match reads.reads(op) {
            true => lock.with(|state| reads.read(state, op, tally)),
            false => lock.with_mut(|state| of.1(state, op, tally)),
        };
        let (new, end) = (self.of.clone(), self.of.clone());
        self.compared.contender(
            info,
            move || L::WithState::<P>::new(new.0()),
            operation,
            move |lock| lock.with_mut(|state| end.2(state)),
        );
    }

    #[track_caller]
    fn serial(&mut self) {
        let (new, operation, reads) = (self.of.clone(), self.of.clone(), self.reads.clone());
        let operation = move |state: &mut P, op: &Op, tally: &mut T| match reads.reads(op) {
            true => reads.read(state, op, tally),
            false => operation.1(state, op, tally),
        };
        let (end, check) = (self.of.clone(), self.compared.check.clone());
        let side = Side {
            workers: |_| 1,
            new: Box::new(move |_| vec![new.0()]),
            operation: Arc::new((operation, |_: &mut P| ())),
            check: Box::new(move |states, done| check(end.2(&states[0]), done)),
        };
        let Compared { suite, name, .. } = &mut *self.compared;
        side.register(
            suite,
            name,
            serial(),
            Class::Partitioned,
            [own::<0, _, _, _, _, _>, own::<1, _, _, _, _, _>],
        );
    }
}

/// Adds each lock that it is shown.
struct ShippedLocks<'p, P, S> {
    plain: &'p mut P,
    /// What is known of the suite's locks.
    known: Vec<(Info, bool)>,
    state: PhantomData<S>,
}

impl<P, Op, T, E, N, F, G, R> LockVisitor for ShippedLocks<'_, Plain<'_, '_, Op, T, E, N, F, G, R>, P>
where
    P: Send + Sync + 'static,
    Op: Operation,
    T: Tally,
    E: 'static,
    N: Fn() -> P + Send + Sync + 'static,
    F: Fn(&mut P, &Op, &mut T) + Send + Sync + 'static,
    G: Fn(&P) -> E + Send + Sync + 'static,
    R: Reads<P, Op, T>,
{
    fn visit<L: Lock, const READERS: bool>(&mut self, name: &str) {
        if READERS && !R::ANY {
            let reason = "the scenario has no operation that only reads: see the mutexes";
            let Compared { suite, name: scenario, .. } = &mut *self.plain.compared;
            return suite.exclude(scenario, name, reason);
        }
        let known = self.known.iter().find(|(info, _)| info.name == name);
        let (info, _) = known.expect("a test wants every lock that is shown to be registered");
        self.plain.add_lock::<L>(info.clone());
    }
}
