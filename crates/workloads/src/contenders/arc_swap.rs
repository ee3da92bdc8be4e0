//! arc-swap: an `Arc` that can be replaced.

use std::sync::Arc;

use ::arc_swap::{ArcSwap, Cache};

use super::exclusions;
use crate::model::{Model, Shared, handles};
use crate::registry::{Checked, Info, Suite};
use crate::workload::snapshot::{self, Config, Reading};

/// The review of the notes: `docs::performance`, `docs::limitations`, `cache`, and the changelog up to 1.9.3.
const CHECKED: Checked = Checked::on("2026-11-26", "1.9.3");

const NAME: &str = "arc_swap::ArcSwap";

const CACHE: &str = "arc_swap::Cache";

pub(super) fn register(suite: &mut Suite) {
    exclusions::value(suite, NAME, "it holds one value, which is read and replaced as a whole");
    let lost = "a thread that loses the race to fill it has made a second value";
    suite.exclude("once", NAME, lost);
    suite.exclude("fetch", NAME, "statuses are written and not read: see the Mutex");
    let facts = "Readers take no lock, and mostly leave the reference count alone. A replacement waits for \
                 no reader.";
    let info = |name| Info::of_package("arc-swap", name).checked(CHECKED);
    snapshot::add::<Arc<ArcSwap<Config>>>(
        suite,
        &info(NAME).facts(facts).in_role("", "A reader calls `load`."),
    );
    let facts = "A handle for each thread, which keeps the Arc that it read last. A read compares a pointer, and loads \
                 only after a replacement. A handle that is idle keeps an old value alive.";
    snapshot::add::<Cached>(
        suite,
        &info(CACHE).facts(facts).in_role("", "A reader calls its own `Cache::load`."),
    );
}

impl Shared<Config> for Arc<ArcSwap<Config>> {
    fn new_handles(model: Config, workers: usize) -> Vec<Self> {
        let config = Arc::new(ArcSwap::from_pointee(model));
        handles(workers, |_| config.clone())
    }

    #[inline(always)]
    fn write(&mut self, (): ()) {
        let mut next = Config::clone(&self.load());
        next.write(()); // only one worker writes, so no replacement came between
        self.store(Arc::new(next));
    }

    #[inline(always)]
    fn read(&mut self, (): ()) -> Reading {
        self.load().read(())
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].load().digest()
    }
}

/// A worker's handle, with the configuration that it read last.
struct Cached(Cache<Arc<ArcSwap<Config>>, Arc<Config>>);

impl Shared<Config> for Cached {
    fn new_handles(model: Config, workers: usize) -> Vec<Self> {
        let config = Arc::new(ArcSwap::from_pointee(model));
        handles(workers, |_| Self(Cache::new(config.clone())))
    }

    #[inline(always)]
    fn write(&mut self, (): ()) {
        let mut next = Config::clone(self.0.load());
        next.write(()); // only one worker writes, so no replacement came between
        self.0.arc_swap().store(Arc::new(next));
    }

    #[inline(always)]
    fn read(&mut self, (): ()) -> Reading {
        self.0.load().read(())
    }

    fn into_digest(mut handles: Vec<Self>) -> u64 {
        handles[0].0.load().digest()
    }
}
