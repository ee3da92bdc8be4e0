//! left-right: two copies of a value, one for readers and one for the writer.

use std::sync::{Arc, Mutex};

use ::left_right::{Absorb, ReadHandle, WriteHandle};

use super::exclusions;
use crate::model::{Model, Shared, handles};
use crate::registry::{Checked, Info, Suite};
use crate::workload::snapshot::{self, Config, Reading};

/// The review of the notes: the documentation of the crate, with "Trade-offs".
const CHECKED: Checked = Checked::on("2026-11-26", "0.11.8");

const NAME: &str = "left_right::ReadHandle";

pub(super) fn register(suite: &mut Suite) {
    exclusions::value(suite, NAME, "it has one writer, and two copies of the value");
    suite.exclude("once", NAME, "it has one writer, but here any thread may be first");
    suite.exclude("fetch", NAME, "statuses are written and not read: see the Mutex");
    let facts = "Two copies. Readers use one, and write to nothing but a counter of their own. The only writer waits \
                 until no reader is left in the other copy, changes that one, and swaps them.";
    snapshot::add::<LeftRight>(suite, &Info::of_package("left-right", NAME).checked(CHECKED).facts(facts));
}

/// A replacement, as it is applied to both copies.
impl Absorb<()> for Config {
    fn absorb_first(&mut self, (): &mut (), _: &Self) {
        self.write(());
    }

    fn sync_with(&mut self, first: &Self) {
        self.clone_from(first);
    }
}

/// The two copies.
struct LeftRight {
    reader: ReadHandle<Config>,
    /// Never contended: only one worker writes.
    writer: Arc<Mutex<WriteHandle<Config, ()>>>,
}

impl Shared<Config> for LeftRight {
    fn new_handles(model: Config, workers: usize) -> Vec<Self> {
        let (mut writer, reader) = ::left_right::new_from_empty(model);
        writer.publish();
        let writer = Arc::new(Mutex::new(writer));
        handles(workers, |_| Self { reader: reader.clone(), writer: writer.clone() })
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
