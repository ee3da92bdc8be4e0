//! Handles and a closure of a caller as the work of workers, and back.

use std::any::Any;

use super::WorkerLoop;

/// A handle with the closure that works on it.
struct Handle<H, F> {
    handle: H,
    worker: usize,
    work: F,
}

impl<H: Send + 'static, F: Fn(&mut H, usize, u64) + Send + 'static> WorkerLoop for Handle<H, F> {
    fn work(&mut self, operations: u64) {
        (self.work)(&mut self.handle, self.worker, operations);
    }
}

/// The work of a worker for each handle.
pub(super) fn wrap<H, F>(handles: Vec<H>, work: F) -> Vec<Box<dyn WorkerLoop>>
where
    H: Send + 'static,
    F: Fn(&mut H, usize, u64) + Copy + Send + 'static,
{
    let handles = handles.into_iter().enumerate();
    let wrap = |(worker, handle)| Box::new(Handle { handle, worker, work }) as Box<dyn WorkerLoop>;
    handles.map(wrap).collect()
}

/// The handles that `wrap` wrapped. The closure determines their type.
pub(super) fn unwrap<H: 'static, F: 'static>(work: Vec<Box<dyn WorkerLoop>>, _: F) -> Vec<H> {
    let unwrap = |work: Box<dyn WorkerLoop>| {
        let work: Box<dyn Any> = work;
        let handle = work.downcast::<Handle<H, F>>();
        handle.expect("it was wrapped above").handle
    };
    work.into_iter().map(unwrap).collect()
}
