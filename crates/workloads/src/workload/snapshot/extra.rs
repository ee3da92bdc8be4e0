//! What was made for snapshots, of the feature `extra`.

use std::sync::{Arc, Mutex};

use arc_swap::ArcSwap;
use left_right::{Absorb, ReadHandle, WriteHandle};
use tokio::sync::watch;

use super::{Config, Reading, add};
use crate::model::{Model, Shared, handles};
use crate::registry::{Info, Suite};

#[rustfmt::skip]
pub(crate) fn specials(suite: &mut Suite) {
    add::<Arc<ArcSwap<Config>>>(suite, &Info::new("arc_swap::ArcSwap").family("arc-swap").package("arc-swap").notes("Readers take no lock, and mostly do not touch the count; who replaces waits for nobody."));
    add::<LeftRight>(suite, &Info::new("left_right::ReadHandle").family("left-right").package("left-right").notes("Two copies: readers look at one, and write to no memory that they share; who replaces changes the other, swaps, and waits for readers of the first. One writer."));
    add::<Watch>(suite, &Info::new("tokio::sync::watch").family("tokio").package("tokio").notes("A value under a read-write lock of std's, and a version; who waits for changes is woken, and nobody does here."));
}

impl Shared<Config> for Arc<ArcSwap<Config>> {
    fn new_handles(model: Config, workers: usize) -> Vec<Self> {
        let config = Arc::new(ArcSwap::from_pointee(model));
        handles(workers, |_| config.clone())
    }

    #[inline(always)]
    fn write(&mut self, (): ()) {
        let mut next = Config::clone(&self.load());
        next.write(()); // one worker writes: nobody else did meanwhile
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
        let (mut writer, reader) = left_right::new_from_empty(model);
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

/// tokio's `watch`.
struct Watch {
    sender: Arc<watch::Sender<Config>>,
    receiver: watch::Receiver<Config>,
}

impl Shared<Config> for Watch {
    fn new_handles(model: Config, workers: usize) -> Vec<Self> {
        let (sender, receiver) = watch::channel(model);
        let sender = Arc::new(sender);
        handles(workers, |_| Self {
            sender: sender.clone(),
            receiver: receiver.clone(),
        })
    }

    #[inline(always)]
    fn write(&mut self, (): ()) {
        self.sender.send_modify(|config| config.write(()));
    }

    #[inline(always)]
    fn read(&mut self, (): ()) -> Reading {
        self.receiver.borrow().read(())
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].receiver.borrow().digest()
    }
}
