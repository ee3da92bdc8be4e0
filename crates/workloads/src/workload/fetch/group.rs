//! A group of pages to fetch, and the oracle that checks what came of them.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use super::Params;
use super::server::{Requests, Server};
use crate::workload::runs;
use contend_team::WindowError;

/// The pages of a group, and counts of their requests for the oracle.
pub struct Group {
    /// The URL of a page, up to its number.
    base_url: String,
    /// The id that its pages are counted by.
    job: u64,
    pub(super) deadline: Option<Instant>,
    requests: Arc<Requests>,
    /// Whether the status of each page arrived.
    got: Vec<AtomicBool>,
    /// Requests that were started.
    pub(super) started: AtomicUsize,
    /// Requests that were started after the deadline.
    late: AtomicUsize,
    failed: AtomicBool,
    /// The first error.
    failure: Mutex<Option<String>>,
}

impl Group {
    /// A group of requests for all pages, whose deadline starts now. Its pages are counted as jobs with the id `job`.
    pub(super) fn new(params: &Params, job: u64) -> Result<Self, WindowError> {
        let server = params.server.as_ref();
        let server = server.map_err(|error| WindowError::Wrong(error.clone()))?;
        let (number, requests) = server.expect_group();
        Ok(Self {
            base_url: format!("http://{}/{number}/", server.address()),
            job,
            deadline: params.deadline.map(|length| Instant::now() + length),
            requests,
            got: server.pages().iter().map(|_| AtomicBool::new(false)).collect(),
            started: AtomicUsize::new(0),
            late: AtomicUsize::new(0),
            failed: AtomicBool::new(false),
            failure: Mutex::default(),
        })
    }

    /// Pages of the group.
    pub fn count(&self) -> usize {
        self.got.len()
    }

    /// Whether no more pages are to be started: the deadline has passed, or a request has failed.
    #[inline]
    pub fn is_over(&self) -> bool {
        let passed = self.deadline.is_some_and(|at| Instant::now() >= at);
        passed || self.failed.load(Ordering::Relaxed)
    }

    /// Ends the group with an error.
    pub fn fail(&self, error: String) {
        let mut failure = self.failure.lock().expect("no holder panics");
        failure.get_or_insert(error);
        self.failed.store(true, Ordering::Relaxed);
    }

    /// Fetches a page. Returns its status, or `None` if that failed.
    pub fn get(&self, page: usize) -> Option<u16> {
        self.started.fetch_add(1, Ordering::Relaxed);
        runs::count(self.job);
        if self.deadline.is_some_and(|at| Instant::now() >= at) {
            self.late.fetch_add(1, Ordering::Relaxed);
        }
        // Without a time limit, for which minreq would start a thread: the fork's deadline ends a hanging
        // request. Without redirections, so that no request leaves the machine.
        let request = minreq::get(format!("{}{page}", self.base_url));
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

    /// Fetches a page if the group is not over.
    #[inline]
    pub fn get_in_time(&self, page: usize) -> Option<u16> {
        match self.is_over() {
            true => None,
            false => self.get(page),
        }
    }

    /// The oracle: each page was requested once, and has the status that the server gave it. `started` is
    /// the number of requests that were started when the group came back.
    pub(super) fn check(
        &self,
        params: &Params,
        found: &[(usize, u16)],
        started: usize,
    ) -> Result<(), String> {
        if let Some(failure) = self.failure.lock().expect("no holder panics").take() {
            return Err(failure);
        }
        let (most, bound) = (self.requests.most(), params.bound);
        if most > bound {
            return Err(format!("{most} were in flight at once, but the limit is {bound}"));
        }
        let stray = self.started.load(Ordering::Relaxed) - started;
        if stray > 0 {
            return Err(format!("{stray} pages were started after the return"));
        }
        // Each worker may have read the clock just before the deadline.
        let late = self.late.load(Ordering::Relaxed);
        if late > bound {
            return Err(format!("{late} pages were started after the deadline"));
        }
        let pages = params.server.as_ref().map_or(&[][..], Server::pages);
        let mut statuses = vec![None; pages.len()];
        for &(page, status) in found {
            let place = statuses.get_mut(page);
            *place.ok_or_else(|| format!("page {page} has a status, but does not exist"))? = Some(status);
        }
        for (page, status) in statuses.into_iter().enumerate() {
            let asked = self.requests.asked[page].load(Ordering::Relaxed);
            let got = self.got[page].load(Ordering::Relaxed);
            let wanted = pages[page].status;
            let wrong = match (asked, status) {
                (2.., _) => format!("was requested {asked} times"),
                (_, Some(status)) if status != wanted => {
                    format!("has status {status}, but the server gave {wanted}")
                }
                (0, Some(_)) => "has a status, but was never requested".to_owned(),
                (_, None) if got => "was fetched, but its status is lost".to_owned(),
                (_, None) if params.deadline.is_none() => "was never fetched".to_owned(),
                _ => continue,
            };
            return Err(format!("page {page} {wrong}"));
        }
        Ok(())
    }
}
