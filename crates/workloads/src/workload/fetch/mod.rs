//! `fetch`: pages over HTTP, a bounded number at a time, their statuses in a map. The program that
//! Go's tutorials end with.
//!
//! A closed workload over a server that a fork starts by itself, on the loopback.

mod contenders;
mod server;

use std::hint::black_box;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rand::RngExt;

use crate::model::NoOp;
use crate::registry::{BlockSettings, Description, Strategy, Suite, Tier};
use crate::workload::closed;
use crate::workload::open::{floor, serial};
use contend_record::{Class, WorkloadGroup};
use contend_team::{Sample, Window, WindowError};
use server::{Page, Seen, Server};

pub use contenders::{
    Each, Statuses, register_channel, register_condvar, register_exclusions, register_lock, register_map,
    register_mpmc, register_tokens,
};

/// The name in ids.
pub const NAME: &str = "fetch";

/// Pages of a group.
const PAGES: usize = 32;

/// What pages answer.
const STATUSES: [u16; 4] = [200, 200, 404, 503];

/// How long the server takes for a page, in µs.
const DELAYS_US: std::ops::Range<u64> = 100..400;

/// The pages' addresses, and when nothing is begun any more.
pub struct Params {
    /// Or why there is none.
    server: Result<Server, String>,
    /// At most so many are in flight.
    bound: usize,
    /// From the start of a group on.
    deadline: Option<Duration>,
}

impl Params {
    fn open(setting: &BlockSettings, deadline: bool) -> Self {
        let mut rng = setting.rng();
        let page = |_| Page {
            status: STATUSES[rng.random_range(0..STATUSES.len())],
            delay: Duration::from_micros(rng.random_range(DELAYS_US)),
        };
        let pages: Vec<Page> = (0..PAGES).map(page).collect();
        Self::at(server::FREE, pages, setting.threads, deadline)
    }

    fn at(address: SocketAddr, pages: Vec<Page>, bound: usize, deadline: bool) -> Self {
        // So soon that nobody has all by then: the server alone takes twice as long.
        let all: Duration = pages.iter().map(|page| page.delay).sum();
        let deadline = deadline.then(|| all / (2 * bound as u32));
        Self {
            // Room for those that are one too many, who are to be seen.
            server: Server::start(address, pages, bound + 2),
            bound,
            deadline,
        }
    }

    fn group(&self) -> Result<Group, WindowError> {
        let server = self.server.as_ref();
        let server = server.map_err(|why| WindowError::Wrong(why.clone()))?;
        let (number, seen) = server.expect();
        let flags = || server.pages().iter().map(|_| AtomicBool::new(false));
        Ok(Group {
            address: format!("http://{}/{number}/", server.address()),
            deadline: self.deadline.map(|length| Instant::now() + length),
            seen,
            got: flags().collect(),
            begun: AtomicUsize::new(0),
            late: AtomicUsize::new(0),
            failed: AtomicBool::new(false),
            failure: Mutex::default(),
        })
    }
}

/// Pages to fetch, and what is seen of it.
pub struct Group {
    /// Of all pages, up to their number.
    address: String,
    deadline: Option<Instant>,
    seen: Arc<Seen>,
    /// Whether the status of each came.
    got: Vec<AtomicBool>,
    /// Requests that were begun.
    begun: AtomicUsize,
    /// Those of them that were begun after the deadline.
    late: AtomicUsize,
    failed: AtomicBool,
    /// What was the first to fail.
    failure: Mutex<Option<String>>,
}

impl Group {
    /// How many pages there are.
    pub fn count(&self) -> usize {
        self.got.len()
    }

    /// Whether no other is to be begun: the deadline has passed, or one has failed.
    #[inline]
    pub fn is_over(&self) -> bool {
        let passed = self.deadline.is_some_and(|at| Instant::now() >= at);
        passed || self.failed.load(Ordering::Relaxed)
    }

    /// Ends the group: what `why` says cannot be.
    pub fn fail(&self, why: String) {
        let mut failure = self.failure.lock().expect("nobody panics with it");
        failure.get_or_insert(why);
        self.failed.store(true, Ordering::Relaxed);
    }

    /// Fetches a page: its status, or none where that failed.
    pub fn get(&self, page: usize) -> Option<u16> {
        self.begun.fetch_add(1, Ordering::Relaxed);
        if self.deadline.is_some_and(|at| Instant::now() >= at) {
            self.late.fetch_add(1, Ordering::Relaxed);
        }
        // Without a time limit, for which minreq would start a thread: who waits for ever is ended by
        // the fork's deadline. And without redirections, so that nothing leaves the machine.
        let request = minreq::get(format!("{}{page}", self.address));
        match request.with_follow_redirects(false).send() {
            Ok(answer) => {
                self.got[page].store(true, Ordering::Relaxed);
                Some(answer.status_code)
            }
            Err(error) => {
                self.fail(format!("page {page} cannot be fetched: {error}"));
                None
            }
        }
    }

    /// Fetches a page, where the group is not over.
    #[inline]
    pub fn get_in_time(&self, page: usize) -> Option<u16> {
        match self.is_over() {
            true => None,
            false => self.get(page),
        }
    }

    /// Each page was asked for once, and its status is what the server says; `begun` were when the
    /// group came back.
    fn check(&self, site: &Params, found: &[(usize, u16)], begun: usize) -> Result<(), String> {
        if let Some(failure) = self.failure.lock().expect("nobody panics with it").take() {
            return Err(failure);
        }
        let (most, bound) = (self.seen.most(), site.bound);
        if most > bound {
            return Err(format!("{most} were in flight at once, where {bound} may be"));
        }
        let stray = self.begun.load(Ordering::Relaxed) - begun;
        if stray > 0 {
            return Err(format!("{stray} pages were begun after the return"));
        }
        // Each worker may have looked at the clock just before.
        let late = self.late.load(Ordering::Relaxed);
        if late > bound {
            return Err(format!("{late} pages were begun after the deadline"));
        }
        let pages = site.server.as_ref().map_or(&[][..], Server::pages);
        let mut statuses = vec![None; pages.len()];
        for &(page, status) in found {
            let place = statuses.get_mut(page);
            *place.ok_or_else(|| format!("page {page} has a status, and is none"))? = Some(status);
        }
        for (page, status) in statuses.into_iter().enumerate() {
            let asked = self.seen.asked[page].load(Ordering::Relaxed);
            let got = self.got[page].load(Ordering::Relaxed);
            let wanted = pages[page].status;
            let wrong = match (asked, status) {
                (2.., _) => format!("was asked for {asked} times"),
                (_, Some(status)) if status != wanted => {
                    format!("has status {status}, where the server says {wanted}")
                }
                (0, Some(_)) => "has a status, and was never asked for".to_owned(),
                (_, None) if got => "was fetched, and its status is lost".to_owned(),
                (_, None) if site.deadline.is_none() => "was never fetched".to_owned(),
                _ => continue,
            };
            return Err(format!("page {page} {wrong}"));
        }
        Ok(())
    }
}

/// A way to fetch pages.
pub trait Fetch: Sized + 'static {
    /// What is promised.
    const CLASS: Class = Class::Immediate;
    /// Threads beside the workers that may run at once.
    const HELPERS: usize = 0;
    /// The map of statuses.
    type Map: IntoIterator<Item = (usize, u16)>;

    /// How many of `threads` workers it can use.
    fn workers(threads: usize) -> usize {
        threads
    }

    /// Starts the workers, where they live on; at most so many pages are to be in flight. Not timed.
    fn start(workers: usize) -> Self;

    /// Fetches all pages, or until the group is over; returns when nobody is at work any more.
    fn run(&mut self, group: &Arc<Group>) -> Self::Map;
}

/// One stretch on the clock: a group.
#[inline(never)]
fn lap<F: Fetch, const COPY: usize>(contender: &mut F, group: &Arc<Group>) -> (Duration, F::Map) {
    black_box(COPY);
    let start = Instant::now();
    let map = contender.run(group);
    (start.elapsed(), map)
}

fn measure<F: Fetch, const COPY: usize>(
    site: &Params,
    window: &mut Window<'_>,
) -> Result<Sample, WindowError> {
    let mut contender = F::start(F::workers(window.threads()));
    let mut over = Duration::ZERO;
    let mut groups = 0;
    let mut sample = closed::take(window, PAGES as u64, &mut |count| {
        let mut time = Duration::ZERO;
        for _ in 0..count {
            let group = Arc::new(site.group()?);
            let (took, map) = lap::<F, COPY>(&mut contender, &group);
            time += took;
            groups += 1;
            if F::CLASS != Class::Floor {
                over += judge(site, &group, &mut map.into_iter())?;
            }
        }
        Ok(time)
    })?;
    if site.deadline.is_some() {
        // A nanosecond at least: the floor does not wait for the deadline.
        let value = (over.as_nanos() as f64 / f64::from(groups)).max(1.0);
        sample.custom_metric = Some((value, "ns past the deadline"));
    }
    Ok(sample)
}

/// Checks a group that came back just now; how long after its deadline that was.
fn judge(
    site: &Params,
    group: &Group,
    found: &mut dyn Iterator<Item = (usize, u16)>,
) -> Result<Duration, WindowError> {
    let past = group.deadline.map(|at| Instant::now().checked_duration_since(at));
    let begun = group.begun.load(Ordering::Relaxed);
    thread::yield_now(); // a chance for those that are still at work
    let found: Vec<_> = found.collect();
    group.check(site, &found, begun).map_err(WindowError::Wrong)?;
    match past {
        None => Ok(Duration::ZERO),
        Some(Some(past)) => Ok(past),
        Some(None) => Err(WindowError::Wrong(
            "the group came back before its deadline, and not with all pages".to_owned(),
        )),
    }
}

impl<F: Fetch> Strategy<Params> for F {
    const CLASS: Class = F::CLASS;

    fn runnable(threads: usize) -> usize {
        F::workers(threads) + F::HELPERS
    }

    fn measure<const COPY: usize>(
        params: &Arc<Params>,
        window: &mut Window<'_>,
    ) -> Result<Sample, WindowError> {
        measure::<F, COPY>(params, window)
    }

    fn loop_address<const COPY: usize>() -> usize {
        lap::<F, COPY> as *const () as usize
    }
}

/// What a group takes beside a window: it is mostly longer.
const GROUP: Duration = Duration::from_millis(8);

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "Pages are fetched over HTTP, so many at a time",
        models: "The program that Go's tutorials end with: a goroutine for each URL, or a worker pool, http.Get, a channel of tokens that bounds how many are in flight, statuses collected in a map, and a context.WithTimeout that ends it.",
        question: "Requests that mostly wait: a pool, a thread each behind a semaphore, or rayon? Statuses in a map under a lock, in a concurrent map, or sent to one collector?",
        timed: "From the start of a group of 32 pages to its return with their statuses; as many as there are workers may be in flight. Each page is a connection of its own to a server in the same process, which takes 100 to 400 µs for it, drawn from the fork's seed. A value is wall time over pages. `deadline`: from the deadline to the return of the group.",
        oracle: "Each page was asked for once and has the status that the server's seed says; the server never had more than the bound in flight; with a deadline what was fetched is there, no worker began more than the one page that it had looked at the clock for, and nothing is begun after the return.",
        operation: "page",
    });
    let parameters = [("pages", "32"), ("delay", "100 to 400 µs")];
    suite
        .variant(
            NAME,
            "all",
            "32 pages, as many at a time as workers",
            &parameters,
            Tier::Standard,
            |setting| Params::open(setting, false),
        )
        .overhead(GROUP);
    suite
        .variant(
            NAME,
            "deadline",
            "a deadline cancels what is not begun: time from it to the return",
            &parameters,
            Tier::Thorough,
            |setting| Params::open(setting, true),
        )
        .overhead(GROUP);
    suite.add::<Params, NoOp>(floor());
    suite.add::<Params, Serial>(serial());
}

impl Fetch for NoOp {
    const CLASS: Class = Class::Floor;
    type Map = Statuses;

    fn start(_: usize) -> Self {
        NoOp
    }

    fn run(&mut self, group: &Arc<Group>) -> Self::Map {
        black_box(group);
        Statuses::new()
    }
}

/// One after the other.
struct Serial;

impl Fetch for Serial {
    type Map = Statuses;

    fn workers(_: usize) -> usize {
        1
    }

    fn start(_: usize) -> Self {
        Serial
    }

    fn run(&mut self, group: &Arc<Group>) -> Self::Map {
        let fetched = |page| Some((page, group.get_in_time(page)?));
        (0..group.count()).filter_map(fetched).collect()
    }
}

#[cfg(test)]
mod tests;
