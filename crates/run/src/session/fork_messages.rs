//! What a fork tells its parent: answers, and panics of any thread as they happen. If another thread waits for the
//! dead one, no answer comes, and the panic is the reason.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use super::protocol::{Message, PanicNote, REASON_LIMIT, Response};
use crate::record::printable;

/// The text of the first panic since the last request.
static FIRST_PANIC: Mutex<Option<String>> = Mutex::new(None);

/// The stream to the parent.
#[derive(Clone)]
pub(super) struct ForkMessages(Arc<Mutex<Box<dyn Write + Send>>>);

impl ForkMessages {
    /// Messages that go to `stream`. From now on each panic is one, and none reaches the terminal.
    pub(super) fn new(stream: Box<dyn Write + Send>) -> Self {
        let messages = Self(Arc::new(Mutex::new(stream)));
        let notes = messages.clone();
        std::panic::set_hook(Box::new(move |panic| {
            let thread = std::thread::current();
            let thread = thread.name().unwrap_or("without a name").to_owned();
            let text = printable(&contend_team::message(panic.payload()), REASON_LIMIT);
            let mut first = FIRST_PANIC.lock().unwrap_or_else(PoisonError::into_inner);
            first.get_or_insert_with(|| text.clone());
            drop(first);
            // A panic while this thread writes a message must not wait for itself.
            if let Ok(mut stream) = notes.0.try_lock() {
                let _ = write(&mut **stream, &Message::Panicked(PanicNote { thread, text }));
            }
        }));
        messages
    }

    /// Answers the request `id`.
    ///
    /// # Errors
    /// If the parent is gone.
    pub(super) fn answer(&self, id: u64, response: Response) -> io::Result<()> {
        let mut stream = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        write(&mut **stream, &Message::Answer { id, response })
    }
}

/// Forgets earlier panics, which were caught. Called before each request.
pub(super) fn forget_panics() {
    *FIRST_PANIC.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

/// The text of the first panic since [`forget_panics`]: the cause where others follow. None where no hook is set.
pub(super) fn first_panic() -> Option<String> {
    FIRST_PANIC.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn write(stream: &mut dyn Write, message: &Message) -> io::Result<()> {
    let mut line = serde_json::to_vec(message).expect("a message is plain data");
    line.push(b'\n');
    stream.write_all(&line)?;
    stream.flush()
}
