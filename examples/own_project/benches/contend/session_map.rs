//! Keys and values of this project, for the maps that it could use.

use std::hash::RandomState;

use contend::scenario::Entries;

/// A session: a value of 248 bytes.
#[derive(Clone)]
pub struct Session {
    requests: u64,
    data: [u8; 240],
}

/// Sessions by the text of their token.
pub struct Sessions;

impl Entries for Sessions {
    type Key = String;
    type Value = Session;
    type Hasher = RandomState;

    const COUNT: u32 = 5_000;

    fn key(number: u32) -> String {
        format!("session-{number:08}")
    }

    fn value(number: u32) -> Session {
        Session { requests: 0, data: [number as u8; 240] }
    }

    fn change(session: &mut Session) {
        session.requests += 1;
        session.data[0] = session.requests as u8;
    }

    fn changes(session: &Session) -> u64 {
        session.requests
    }
}
