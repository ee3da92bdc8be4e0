//! `fetch`: pages are fetched over HTTP, a bounded number at a time, and their statuses are collected in a
//! map. Many Go tutorials end with this program.
//!
//! A closed workload. Each fork starts its own server on the loopback.

mod contenders;
mod group;
mod server;

use std::hint::black_box;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use rand::RngExt;

use crate::model::NoOp;
use crate::registry::{BlockSettings, Description, Suite, Tier, strategy};
use crate::workload::closed::{self, Closed, Lap, RankedSerial};
use crate::workload::open::{floor, serial};
use crate::workload::runs::JobIds;
use contend_record::{Class, WorkloadGroup};
use contend_team::{Sample, Window, WindowError};
use server::{Page, Server};

use contenders::statuses;
pub use contenders::{
    Statuses, ThreadPerPage, register_channel, register_condvar, register_exclusions, register_lock,
    register_map, register_mpmc, register_tokens,
};
pub use group::Group;

/// The name in ids.
pub const NAME: &str = "fetch";

/// Pages of a group.
const PAGES: usize = 32;

/// The statuses that pages answer with.
const STATUSES: [u16; 4] = [200, 200, 404, 503];

/// How long the server takes for a page, in µs.
const DELAYS_US: std::ops::Range<u64> = 100..400;

/// The server, how many pages may be in flight, and the deadline.
pub struct Params {
    /// Or why it could not be started.
    server: Result<Server, String>,
    /// The most pages in flight.
    bound: usize,
    /// Counted from the start of a group. After it no page is started.
    deadline: Option<Duration>,
}

impl Params {
    fn new(settings: &BlockSettings, deadline: bool) -> Self {
        let mut rng = settings.rng();
        let page = |_| Page {
            status: STATUSES[rng.random_range(0..STATUSES.len())],
            delay: Duration::from_micros(rng.random_range(DELAYS_US)),
        };
        let pages: Vec<Page> = (0..PAGES).map(page).collect();
        Self::serving(server::FREE, pages, settings.threads, deadline)
    }

    fn serving(address: SocketAddr, pages: Vec<Page>, bound: usize, deadline: bool) -> Self {
        // The server alone needs twice as long, so no contender can have all pages by then.
        let all: Duration = pages.iter().map(|page| page.delay).sum();
        let deadline = deadline.then(|| all / (2 * bound as u32));
        // More clients than the bound: the server must see a request that is one too many.
        Self { server: Server::start(address, pages, bound + 2), bound, deadline }
    }
}

/// A way to fetch pages.
pub trait Fetch: Closed {
    /// The map of statuses.
    type Map: IntoIterator<Item = (usize, u16)>;

    /// Fetches pages until all are there, or the group is over. Returns when no worker is busy any more.
    /// At most as many pages are in flight as [`Closed::start`] was given workers.
    fn run(&mut self, group: &Arc<Group>) -> Self::Map;
}

strategy!(
    F: Fetch, Params,
    |threads| F::workers(threads) + F::HELPERS,
    |params, window| measure::<F, COPY>(params, window),
    lap::<F, COPY>,
);

/// The timed part: one group.
#[inline(never)]
fn lap<F: Fetch, const COPY: usize>(contender: &mut F, group: &Arc<Group>) -> (Duration, F::Map) {
    black_box(COPY);
    let start = Instant::now();
    let map = contender.run(group);
    (start.elapsed(), map)
}

fn measure<F: Fetch, const COPY: usize>(
    params: &Params,
    window: &mut Window<'_>,
) -> Result<Sample, WindowError> {
    let workers = F::workers(window.threads());
    let mut contender = F::start(workers);
    let mut ids = JobIds::new(workers);
    let mut past_deadline = Duration::ZERO;
    let mut groups = 0;
    let mut sample = closed::measure_laps(window, PAGES as u64, &mut |count| {
        let mut time = Duration::ZERO;
        for _ in 0..count {
            let group = Arc::new(Group::new(params, ids.id(0))?);
            let (took, map) = lap::<F, COPY>(&mut contender, &group);
            time += took;
            groups += 1;
            if F::CLASS != Class::Floor {
                past_deadline += check(params, &group, &mut map.into_iter())?;
            }
        }
        Ok(Lap { time, by_worker: ids.by_worker(), ..Lap::default() })
    })?;
    if params.deadline.is_some() {
        // At least a nanosecond: the floor does not wait for the deadline.
        let value = (past_deadline.as_nanos() as f64 / f64::from(groups)).max(1.0);
        sample.custom_metric = Some((value, "ns past the deadline"));
    }
    Ok(sample)
}

/// Checks a group that has just come back, and returns how long after its deadline that was.
fn check(
    params: &Params,
    group: &Group,
    found: &mut dyn Iterator<Item = (usize, u16)>,
) -> Result<Duration, WindowError> {
    let past = group.deadline.map(|at| Instant::now().checked_duration_since(at));
    let started = group.started.load(Ordering::Relaxed);
    thread::yield_now(); // lets workers that are still busy show themselves
    let found: Vec<_> = found.collect();
    group.check(params, &found, started).map_err(WindowError::Wrong)?;
    let early =
        || WindowError::Wrong("the group came back before its deadline, without all pages".to_owned());
    past.map_or(Ok(Duration::ZERO), |past| past.ok_or_else(early))
}

/// What a group takes beyond a window, which is mostly shorter.
const GROUP: Duration = Duration::from_millis(8);

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "Pages are fetched over HTTP, a bounded number at a time",
        models: "The program that Go's tutorials end with: a goroutine for each URL, or a worker pool, and \
                 http.Get. A channel of tokens bounds how many requests are in flight. Statuses are collected in a \
                 map, and a context.WithTimeout ends it.",
        question: "Requests that mostly wait: a pool, a thread for each behind a semaphore, or rayon? Are statuses \
                   best kept in a map under a lock, in a concurrent map, or by one collector?",
        timed: "From the start of a group of 32 pages to its return with their statuses. As many pages may be in \
                flight as there are workers. Each page is a connection of its own to a server in the same process. \
                The server takes 100 to 400 µs for a page, drawn from the fork's seed. A value is wall time per \
                page. `deadline`: from the deadline to the return of the group.",
        oracle: "Each page was requested once, and has the status that the server's seed gives. The server never had \
                 more than the bound in flight. With a deadline, each fetched status is there. Each worker started at \
                 most the one page for which it had read the clock in time. No page is started after the return.",
        operation: "page",
    });
    let all = "32 pages, as many at a time as workers";
    let deadline = "a deadline cancels pages that are not started: time from it to the return";
    for (name, title, tier) in [("all", all, Tier::Standard), ("deadline", deadline, Tier::Thorough)] {
        let parameters = [("pages", "32"), ("delay", "100 to 400 µs")];
        let prepare = move |settings: &BlockSettings| Params::new(settings, name == "deadline");
        suite.variant(NAME, name, title, &parameters, tier, prepare).overhead(GROUP);
    }
    suite.add::<Params, NoOp>(floor());
    suite.add::<Params, RankedSerial>(serial());
}

impl Fetch for NoOp {
    type Map = Statuses;

    fn run(&mut self, group: &Arc<Group>) -> Self::Map {
        black_box(group);
        statuses()
    }
}

impl Fetch for RankedSerial {
    type Map = Statuses;

    fn run(&mut self, group: &Arc<Group>) -> Self::Map {
        let fetched = |page| Some((page, group.get_in_time(page)?));
        (0..group.count()).filter_map(fetched).collect()
    }
}

#[cfg(test)]
mod tests;
