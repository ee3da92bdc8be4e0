//! A pool of threads.

/// A pool of threads that runs tasks and waits for all of them.
pub trait Pool: Send + Sync + 'static {
    /// A pool of its own, with `workers` threads.
    fn new(workers: usize) -> Self;

    /// Calls `task` with each index below `tasks`, each as a task of its own, and returns when all have
    /// returned.
    fn run(&self, tasks: usize, task: impl Fn(usize) + Send + Sync);

    /// As [`run`](Pool::run), for a batch of jobs whose results the caller needs: where the pool starts
    /// tasks faster from one of its own threads, it may begin there.
    fn run_batch(&self, tasks: usize, task: impl Fn(usize) + Send + Sync) {
        self.run(tasks, task);
    }
}
