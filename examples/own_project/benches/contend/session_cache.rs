//! A scenario: a cache of sessions that evicts the oldest, which is neither lock, channel nor map. This project's own
//! type is compared with every lock around a plain struct.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use contend::Suite;
use contend::rand::RngExt;
use contend::scenario::{Done, expect};

use crate::ticket_lock::TicketLock;

/// Sessions that the cache has room for, of as many as there are.
const ROOM: usize = 1_000;
const SESSIONS: u32 = 2_000;

pub enum Op {
    Get(u32),
    Put(u32),
}

/// The plain struct, for one thread at a time.
pub struct Cache {
    room: usize,
    sessions: HashMap<u32, u64>,
    oldest_first: VecDeque<u32>,
    puts: u64,
}

impl Cache {
    fn with_room(room: usize) -> Self {
        Self {
            room,
            sessions: HashMap::with_capacity(room),
            oldest_first: VecDeque::with_capacity(room),
            puts: 0,
        }
    }

    fn get(&self, session: u32) -> Option<u64> {
        self.sessions.get(&session).copied()
    }

    fn put(&mut self, session: u32) {
        self.puts += 1;
        if self.sessions.insert(session, value(session)).is_none() {
            self.oldest_first.push_back(session);
        }
        if self.sessions.len() > self.room {
            let oldest = self.oldest_first.pop_front().expect("there is one for each session");
            self.sessions.remove(&oldest);
        }
    }
}

/// What is kept of a session: any other value is a fault.
fn value(session: u32) -> u64 {
    u64::from(session) * 1_000
}

/// The project's own answer: shards, each under a mutex.
pub struct ShardedCache([Mutex<Cache>; 16]);

impl ShardedCache {
    fn new() -> Self {
        Self(std::array::from_fn(|_| Mutex::new(Cache::with_room(ROOM / 16))))
    }

    fn shard(&self, session: u32) -> &Mutex<Cache> {
        &self.0[session as usize % 16]
    }
}

/// A worker's tally: what it found.
#[derive(Default)]
pub struct Found {
    hits: u64,
    wrong: u64,
}

impl Found {
    fn note(&mut self, session: u32, found: Option<u64>) {
        self.hits += u64::from(found.is_some());
        self.wrong += u64::from(found.is_some_and(|found| found != value(session)));
    }
}

/// Adds the scenario, in two variants.
pub fn compare(suite: &mut Suite) {
    let mut compared = suite
        .compare("session-cache")
        .title("Sessions are looked up and put, and the oldest is evicted")
        .variant("read90", "nine gets for each put", |rng| {
            let session = rng.random_range(0..SESSIONS);
            if rng.random_ratio(9, 10) { Op::Get(session) } else { Op::Put(session) }
        })
        .variant("write", "puts only", |rng| Op::Put(rng.random_range(0..SESSIONS)))
        .check(|(puts, sessions): (u64, usize), done: &Done<Op, Found>| {
            expect("puts", puts, done.count(|op| matches!(op, Op::Put(_))))?;
            let wrong: u64 = done.tallies().map(|found| found.wrong).sum();
            let hits: u64 = done.tallies().map(|found| found.hits).sum();
            match (wrong, sessions <= ROOM) {
                (0, true) => Ok(()),
                (0, false) => Err(format!("{sessions} sessions are kept, and there is room for {ROOM}")),
                _ => Err(format!("{wrong} of {hits} gets found the value of another session")),
            }
        });
    compared.contender(
        "own::ShardedCache",
        ShardedCache::new,
        |cache, op, found| match *op {
            Op::Get(session) => found.note(session, cache.shard(session).lock().unwrap().get(session)),
            Op::Put(session) => cache.shard(session).lock().unwrap().put(session),
        },
        |cache| {
            let shards = cache.0.iter().map(|shard| shard.lock().unwrap());
            shards.fold((0, 0), |(puts, kept), shard| (puts + shard.puts, kept + shard.sessions.len()))
        },
    );
    compared
        .plain(
            || Cache::with_room(ROOM),
            |cache, op, found| match *op {
                Op::Get(session) => found.note(session, cache.get(session)),
                Op::Put(session) => cache.put(session),
            },
            |cache| (cache.puts, cache.sessions.len()),
        )
        .reads(
            |op| matches!(op, Op::Get(_)),
            |cache, op, found| {
                if let Op::Get(session) = *op {
                    found.note(session, cache.get(session));
                }
            },
        )
        .shipped_locks()
        .lock::<TicketLock<()>>("own::TicketLock");
}
