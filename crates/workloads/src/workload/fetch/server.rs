//! The site that pages are fetched from: HTTP on a free port of the loopback, served by threads of
//! this process, which count who asks. It ends when it is dropped.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, RwLock};
use std::thread::{self, Builder, JoinHandle};
use std::time::Duration;

/// Any free port, and of the loopback only.
pub(super) const FREE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// A client that says nothing for so long is hung up on.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long a thread waits after the system had no connection for it.
const BREATH: Duration = Duration::from_millis(1);

/// A request is not longer.
const REQUEST_BYTES: usize = 4_096;

/// What the server has at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) status: u16,
    pub(super) delay: Duration,
}

/// What the server saw of one group of requests.
#[derive(Debug)]
pub(super) struct Seen {
    group: u64,
    /// How often each page was asked for.
    pub(super) asked: Vec<AtomicU32>,
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Seen {
    fn new(group: u64, pages: usize) -> Self {
        Self {
            group,
            asked: (0..pages).map(|_| AtomicU32::new(0)).collect(),
            now: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
        }
    }

    /// The most requests that were in flight at once.
    pub(super) fn most(&self) -> usize {
        self.most.load(Ordering::Relaxed)
    }
}

struct Shared {
    listener: TcpListener,
    pages: Vec<Page>,
    seen: RwLock<Arc<Seen>>,
    end: AtomicBool,
}

/// A server, and its threads.
pub(super) struct Server {
    shared: Arc<Shared>,
    address: SocketAddr,
    threads: Vec<JoinHandle<()>>,
}

impl Server {
    /// Serves `pages` at `address`, with room for `clients` at once.
    ///
    /// # Errors
    /// Where the system lets it not, and why.
    pub(super) fn start(address: SocketAddr, pages: Vec<Page>, clients: usize) -> Result<Self, String> {
        let listener = TcpListener::bind(address);
        let cannot = |error| format!("no server can be started at {address}: {error}");
        let listener = listener.map_err(cannot)?;
        let address = listener.local_addr().map_err(cannot)?;
        let shared = Arc::new(Shared {
            seen: RwLock::new(Arc::new(Seen::new(0, pages.len()))),
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

    /// Where it is.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it serves.
    pub(super) fn pages(&self) -> &[Page] {
        &self.shared.pages
    }

    /// Expects the requests of another group. What still comes of those before is refused.
    pub(super) fn expect(&self) -> (u64, Arc<Seen>) {
        let mut current = self.shared.seen.write().expect("no thread panics");
        let group = current.group + 1;
        let seen = Arc::new(Seen::new(group, self.shared.pages.len()));
        *current = seen.clone();
        (group, seen)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.end.store(true, Ordering::Release);
        // Each thread takes one connection, sees that it is to end, and does.
        let wake = |_: &JoinHandle<()>| TcpStream::connect_timeout(&self.address, PATIENCE);
        let woken = self.threads.iter().all(|thread| wake(thread).is_ok());
        for thread in self.threads.drain(..).filter(|_| woken) {
            let _ = thread.join(); // a panic was noticed by who got no answer
        }
    }
}

fn serve(shared: &Shared) {
    while !shared.end.load(Ordering::Acquire) {
        match shared.listener.accept() {
            // Who hangs up is who notices it.
            Ok((stream, _)) => _ = answer(stream, shared),
            // No file left, perhaps: who waits for an answer gives up.
            Err(_) => thread::sleep(BREATH),
        }
    }
}

/// Answers the one request of a connection.
fn answer(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let asked = read(&mut stream)?;
    let seen = shared.seen.read().expect("no thread panics").clone();
    let known = asked.filter(|(group, page)| *group == seen.group && *page < shared.pages.len());
    let status = match known {
        None => 410,
        Some((_, page)) => {
            let Page { status, delay } = shared.pages[page];
            seen.asked[page].fetch_add(1, Ordering::Relaxed);
            let now = seen.now.fetch_add(1, Ordering::Relaxed) + 1;
            seen.most.fetch_max(now, Ordering::Relaxed);
            thread::sleep(delay);
            // Before the answer: who has it may ask again at once.
            seen.now.fetch_sub(1, Ordering::Relaxed);
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

/// Reads a request: which group's, and for which page; none where that is no address of ours.
fn read(stream: &mut TcpStream) -> io::Result<Option<(u64, usize)>> {
    let mut bytes = [0; REQUEST_BYTES];
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
            return Ok(request.path.and_then(place));
        }
    }
}

/// `/group/page`.
fn place(path: &str) -> Option<(u64, usize)> {
    let (group, page) = path.strip_prefix('/')?.split_once('/')?;
    Some((group.parse().ok()?, page.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(server: &Server, words: &str) -> String {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream.write_all(words.as_bytes()).unwrap();
        let mut said = String::new();
        let _ = stream.read_to_string(&mut said); // closed, one way or the other
        said
    }

    #[test]
    fn it_says_what_it_has_and_refuses_the_rest() {
        let page = |status| Page { status, delay: Duration::ZERO };
        let server = Server::start(FREE, vec![page(200), page(404)], 2).unwrap();
        assert!(server.address().ip().is_loopback());
        let (group, seen) = server.expect();
        let get = |path: String| ask(&server, &format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n"));
        assert!(get(format!("/{group}/0")).starts_with("HTTP/1.1 200 OK\r\n"));
        assert!(get(format!("/{group}/1")).starts_with("HTTP/1.1 404 Not Found\r\n"));
        assert!(get(format!("/{group}/2")).starts_with("HTTP/1.1 410 "));
        assert!(get(format!("/{}/0", group + 1)).starts_with("HTTP/1.1 410 "));
        assert_eq!(ask(&server, "no HTTP at all\r\n\r\n"), "");
        let asked: Vec<u32> = seen.asked.iter().map(|n| n.load(Ordering::Relaxed)).collect();
        assert_eq!((asked, seen.most()), (vec![1, 1], 1));
    }

    #[test]
    fn a_port_that_is_taken_is_named() {
        let first = Server::start(FREE, Vec::new(), 1).unwrap();
        let Err(says) = Server::start(first.address(), Vec::new(), 1) else {
            panic!("two servers at {}", first.address());
        };
        let wanted = format!("no server can be started at {}: ", first.address());
        assert!(says.starts_with(&wanted), "{says}");
    }
}
