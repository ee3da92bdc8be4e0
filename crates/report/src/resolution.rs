//! How exact a run is, in words: how wide the intervals of most blocks are at each thread count.

use contend_analysis::text::number;
use contend_analysis::verdict::Analysis;

/// The sentence on how exact a run is: `In most blocks, half of the intervals are within ±6 % at 1 thread and ±15 %
/// at 2 threads.` That such differences are seen would be too much, since an interval has to be beyond the threshold.
/// All counts beyond the CPUs are taken together. None where no block has enough forks.
pub fn sentence(analysis: &Analysis) -> Option<String> {
    let within = analysis.resolutions().into_iter().filter(|of| !of.oversubscribed);
    let within = within.map(|of| {
        let threads = number::plural(of.threads, "thread", "threads");
        format!("±{} at {threads}", rounded_up(of.resolution))
    });
    let beyond = analysis.resolution_beyond_cpus();
    let beyond = beyond.map(|share| format!("±{} with more threads than CPUs", rounded_up(share)));
    let parts: Vec<String> = within.chain(beyond).collect();
    let list = match &parts[..] {
        [] => return None,
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    };
    Some(format!("In most blocks, half of the intervals are within {list}."))
}

/// A share in whole per cent, rounded up, so that the sentence holds.
pub fn rounded_up(share: f64) -> String {
    const ROUNDING: f64 = 1e-9;
    format!("{}\u{a0}%", (100.0 * share - ROUNDING).ceil().max(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_up() {
        let all = [0.0, 0.004, 0.06, 0.0601, 0.149_9, 1.26].map(rounded_up);
        assert_eq!(all, ["1", "1", "6", "7", "15", "126"].map(|share| format!("{share}\u{a0}%")));
    }
}
