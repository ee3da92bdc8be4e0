//! Progress on standard error: a bar with the time left on a terminal, a line now and then
//! elsewhere. Drawn between rounds only.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often a line is written where there is no terminal.
const EVERY: Duration = Duration::from_secs(30);

/// How far a long work has come.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    total: u64,
    done: u64,
    start: Instant,
    said: Instant,
    what: &'static str,
}

impl Progress {
    /// Of `total` parts of about the same length, each of which is a `what`.
    pub(super) fn new(total: u64, what: &'static str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let target = ProgressDrawTarget::stderr_with_hz(4);
            let bar = ProgressBar::with_draw_target(Some(total), target);
            let style = ProgressStyle::with_template(
                "{bar:32} {pos}/{len} {prefix}, {elapsed} gone, {eta} left  {wide_msg}",
            );
            bar.set_style(style.expect("the template is right"));
            bar.set_prefix(what);
            bar
        });
        let now = Instant::now();
        Self { bar, total, done: 0, start: now, said: now, what }
    }

    /// Another `parts` are done; `now` is what was done.
    pub(super) fn advance(&mut self, parts: u64, now: &str) {
        self.done += parts;
        if let Some(bar) = &self.bar {
            bar.set_message(now.to_owned());
            bar.inc(parts);
        } else if self.said.elapsed() >= EVERY {
            self.said = Instant::now();
            let gone = self.start.elapsed();
            let left = gone.mul_f64((self.total.saturating_sub(self.done)) as f64 / self.done.max(1) as f64);
            let (done, total, what) = (self.done, self.total, self.what);
            eprintln!("{done}/{total} {what}, {} gone, {} left", seconds(gone), seconds(left));
        }
    }

    /// Writes `line` above the bar.
    pub(super) fn say(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.println(line),
            None => eprintln!("{line}"),
        }
    }

    /// Takes the bar away.
    pub(super) fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

/// A time for people: `3 min 20 s`.
pub(super) fn seconds(time: Duration) -> String {
    let seconds = time.as_secs_f64().ceil() as u64;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}
