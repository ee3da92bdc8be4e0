//! A concurrent map's one entry, of the feature `extra`.

use std::sync::Arc;

use super::{Count, HeldCount, NAME, SEVERAL, absent, alone, contender};
use crate::model::{Model, Shared, handles};
use crate::registry::{Info, Suite};

pub(crate) fn add(suite: &mut Suite) {
    let scc = Info::new("scc::HashMap")
        .family("scc")
        .package("scc")
        .notes("An entry of one map: what a counter in a concurrent map costs. Its bucket is locked meanwhile.");
    let bucket = "eight or 64 numbers fall into a few buckets of 32, a lock each: see `map`";
    absent(suite, &SEVERAL, "scc::HashMap", bucket);
    contender::<OneKey<Count>>(suite, &scc);
    alone::<OneKey<HeldCount>>(suite, &scc);
    suite.exclude(
        NAME,
        "papaya::HashMap",
        "a value cannot be changed in place, so it would be an atomic behind a lookup: see `map`",
    );
}

/// The one entry of an `scc::HashMap`.
struct OneKey<M: Model>(Arc<scc::HashMap<(), M>>);

impl<M: Model> Shared<M> for OneKey<M> {
    fn new_handles(model: M, workers: usize) -> Vec<Self> {
        let map = scc::HashMap::new();
        assert!(map.insert_sync((), model).is_ok(), "it was empty");
        let map = Arc::new(map);
        handles(workers, |_| Self(map.clone()))
    }

    #[inline(always)]
    fn write(&mut self, write: M::Write) {
        let done = self.0.update_sync(&(), |(), model| model.write(write));
        done.expect("it is there from the start");
    }

    #[inline(always)]
    fn read(&mut self, read: M::Read) -> M::Answer {
        let answer = self.0.read_sync(&(), |(), model| model.read(read));
        answer.expect("it is there from the start")
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        let digest = handles[0].0.read_sync(&(), |(), model| model.digest());
        digest.expect("it is there from the start")
    }
}
