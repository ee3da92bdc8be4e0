//! left-right.

use std::sync::{Arc, Mutex};

use ::left_right::{Absorb, ReadHandle, WriteHandle};

use super::exclusions;
use crate::model::{Model, Shared, handles};
use crate::registry::{Info, Suite};
use crate::workload::snapshot::{self, Config, Reading};

const NAME: &str = "left_right::ReadHandle";

pub(super) fn register(suite: &mut Suite) {
    exclusions::value(suite, NAME, "it has one writer, and two copies of what is written");
    suite.exclude("once", NAME, "it has one writer, and here any thread may be first");
    suite.exclude("fetch", NAME, "statuses are only written: see the Mutex");
    let facts = "Two copies: readers look at one, and write to no memory that they share; the writer changes the other, \
                 swaps, and waits for readers of the first. One writer.";
    snapshot::add::<LeftRight>(suite, &Info::of_package("left-right", NAME).facts(facts));
}

/// A replacement, as both copies take it in.
impl Absorb<()> for Config {
    fn absorb_first(&mut self, (): &mut (), _: &Self) {
        self.write(());
    }

    fn sync_with(&mut self, first: &Self) {
        self.clone_from(first);
    }
}

/// left-right's two copies.
struct LeftRight {
    reader: ReadHandle<Config>,
    /// Never waited for: one worker writes.
    writer: Arc<Mutex<WriteHandle<Config, ()>>>,
}

impl Shared<Config> for LeftRight {
    fn new_handles(model: Config, workers: usize) -> Vec<Self> {
        let (mut writer, reader) = ::left_right::new_from_empty(model);
        writer.publish();
        let writer = Arc::new(Mutex::new(writer));
        handles(workers, |_| Self {
            reader: reader.clone(),
            writer: writer.clone(),
        })
    }

    #[inline(always)]
    fn write(&mut self, (): ()) {
        let mut writer = self.writer.lock().unwrap();
        writer.append(());
        writer.publish();
    }

    #[inline(always)]
    fn read(&mut self, (): ()) -> Reading {
        self.reader.enter().expect("the writer lives").read(())
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        let reader = handles[0].reader.enter();
        reader.expect("the writer lives").digest()
    }
}
