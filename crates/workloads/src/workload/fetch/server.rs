//! The HTTP server that pages are fetched from, on a free port of the loopback. Threads of this process serve
//! it, and count requests. A drop ends it.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, RwLock};
use std::thread::{self, Builder, JoinHandle};
use std::time::Duration;

/// Any free port of the loopback.
pub(super) const FREE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// After this long without a request the server closes a connection.
const READ_TIMEOUT: Duration = Duration::from_secs(2);

/// How long a thread waits after a failed accept.
const BACKOFF: Duration = Duration::from_millis(1);

/// The longest request.
const MAX_REQUEST_BYTES: usize = 4_096;

/// How the server answers for a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) status: u16,
    pub(super) delay: Duration,
}

/// The requests of one group, as the server saw them.
#[derive(Debug)]
pub(super) struct Requests {
    group: u64,
    /// How often each page was requested.
    pub(super) asked: Vec<AtomicU32>,
    in_flight: AtomicUsize,
    most: AtomicUsize,
}

impl Requests {
    fn new(group: u64, pages: usize) -> Self {
        Self {
            group,
            asked: (0..pages).map(|_| AtomicU32::new(0)).collect(),
            in_flight: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
        }
    }

    /// The most requests in flight at once.
    pub(super) fn most(&self) -> usize {
        self.most.load(Ordering::Relaxed)
    }
}

struct Shared {
    listener: TcpListener,
    pages: Vec<Page>,
    current: RwLock<Arc<Requests>>,
    end: AtomicBool,
}

/// The server and its threads.
pub(super) struct Server {
    shared: Arc<Shared>,
    address: SocketAddr,
    threads: Vec<JoinHandle<()>>,
}

impl Server {
    /// Serves `pages` at `address`, with room for `clients` at once.
    ///
    /// # Errors
    /// If it cannot listen there, or cannot start a thread.
    pub(super) fn start(address: SocketAddr, pages: Vec<Page>, clients: usize) -> Result<Self, String> {
        let listener = TcpListener::bind(address);
        let cannot = |error| format!("cannot start a server at {address}: {error}");
        let listener = listener.map_err(cannot)?;
        let address = listener.local_addr().map_err(cannot)?;
        let shared = Arc::new(Shared {
            current: RwLock::new(Arc::new(Requests::new(0, pages.len()))),
            listener,
            pages,
            end: AtomicBool::new(false),
        });
        let mut server = Server { shared, address, threads: Vec::new() };
        for _ in 0..clients {
            let shared = server.shared.clone();
            let thread = Builder::new().spawn(move || serve(&shared));
            server.threads.push(thread.map_err(cannot)?);
        }
        Ok(server)
    }

    /// The address that it listens at.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The pages that it serves.
    pub(super) fn pages(&self) -> &[Page] {
        &self.shared.pages
    }

    /// Starts a new group, and refuses requests of earlier ones. Returns the number of the group: a random one, so that
    /// another program on this machine cannot ask for its pages, and be taken for the contender.
    pub(super) fn expect_group(&self) -> (u64, Arc<Requests>) {
        let mut current = self.shared.current.write().expect("no thread panics");
        let group = rand::random();
        let requests = Arc::new(Requests::new(group, self.shared.pages.len()));
        *current = requests.clone();
        (group, requests)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.end.store(true, Ordering::Release);
        // A connection wakes each thread, which then sees the flag and ends.
        let wake = |_: &JoinHandle<()>| TcpStream::connect_timeout(&self.address, READ_TIMEOUT);
        let woken = self.threads.iter().all(|thread| wake(thread).is_ok());
        for thread in self.threads.drain(..).filter(|_| woken) {
            let _ = thread.join(); // the request that a panic leaves without an answer reports it
        }
    }
}

fn serve(shared: &Shared) {
    while !shared.end.load(Ordering::Acquire) {
        match shared.listener.accept() {
            // A client that hangs up reports its own error.
            Ok((stream, _)) => _ = answer(stream, shared),
            // The process may have no file descriptor left. Clients time out or fail.
            Err(_) => thread::sleep(BACKOFF),
        }
    }
}

/// Answers the one request of a connection.
fn answer(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_read_timeout(Some(READ_TIMEOUT))?;
    let asked = read_request(&mut stream)?;
    let requests = shared.current.read().expect("no thread panics").clone();
    let known = asked.filter(|(group, page)| *group == requests.group && *page < shared.pages.len());
    let status = match known {
        None => 410,
        Some((_, page)) => {
            let Page { status, delay } = shared.pages[page];
            requests.asked[page].fetch_add(1, Ordering::Relaxed);
            let in_flight = requests.in_flight.fetch_add(1, Ordering::Relaxed) + 1;
            requests.most.fetch_max(in_flight, Ordering::Relaxed);
            thread::sleep(delay);
            // Before the answer: a client that has it may send the next request at once.
            requests.in_flight.fetch_sub(1, Ordering::Relaxed);
            status
        }
    };
    let head =
        format!("HTTP/1.1 {status} {}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", reason(status));
    stream.write_all(head.as_bytes())
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        404 => "Not Found",
        410 => "Gone",
        _ => "Service Unavailable",
    }
}

/// Reads a request. Returns its group and page, or `None` if the path has another form.
fn read_request(stream: &mut TcpStream) -> io::Result<Option<(u64, usize)>> {
    let mut bytes = [0; MAX_REQUEST_BYTES];
    let mut length = 0;
    loop {
        let more = stream.read(&mut bytes[length..])?;
        if more == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        length += more;
        let mut headers = [httparse::EMPTY_HEADER; 32];
        let mut request = httparse::Request::new(&mut headers);
        let parsed = request.parse(&bytes[..length]);
        let parsed = parsed.map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
        if parsed.is_complete() {
            return Ok(request.path.and_then(parse_path));
        }
    }
}

/// Parses `/group/page`.
fn parse_path(path: &str) -> Option<(u64, usize)> {
    let (group, page) = path.strip_prefix('/')?.split_once('/')?;
    Some((group.parse().ok()?, page.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn send(server: &Server, request: &str) -> String {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer); // an error means that the server hung up
        answer
    }

    #[test]
    fn known_pages_are_served_and_others_refused() {
        let page = |status| Page { status, delay: Duration::ZERO };
        let server = Server::start(FREE, vec![page(200), page(404)], 2).unwrap();
        assert!(server.address().ip().is_loopback());
        let (group, requests) = server.expect_group();
        let get = |path: String| send(&server, &format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n"));
        assert!(get(format!("/{group}/0")).starts_with("HTTP/1.1 200 OK\r\n"));
        assert!(get(format!("/{group}/1")).starts_with("HTTP/1.1 404 Not Found\r\n"));
        assert!(get(format!("/{group}/2")).starts_with("HTTP/1.1 410 "));
        assert!(get(format!("/{}/0", group + 1)).starts_with("HTTP/1.1 410 "));
        assert_eq!(send(&server, "no HTTP at all\r\n\r\n"), "");
        let asked: Vec<u32> = requests.asked.iter().map(|n| n.load(Ordering::Relaxed)).collect();
        assert_eq!((asked, requests.most()), (vec![1, 1], 1));
    }

    #[test]
    fn a_port_in_use_is_reported() {
        let first = Server::start(FREE, Vec::new(), 1).unwrap();
        let Err(error) = Server::start(first.address(), Vec::new(), 1) else {
            panic!("two servers at {}", first.address());
        };
        let wanted = format!("cannot start a server at {}: ", first.address());
        assert!(error.starts_with(&wanted), "{error}");
    }
}
