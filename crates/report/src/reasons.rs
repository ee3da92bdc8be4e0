//! How far a run was disturbed: reasons against citing it, graded by their size. A run on a quiet machine and one
//! beside a compiler have reasons of the same kinds, and the sizes say which is which.

use contend_analysis::text::number;
use contend_analysis::verdict::{Analysis, CellState, common_shifts};
use contend_record::Run;

use super::resolution::rounded_up;

/// How much a reason weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// It belongs into every citation.
    Caution,
    /// The machine was disturbed, so that the run should be made again.
    Disturbed,
}

/// A reason against citing a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// How much it weighs.
    pub grade: Grade,
    /// A sentence.
    pub text: String,
}

impl Reason {
    /// A reason for caution.
    pub fn caution(text: String) -> Self {
        Self { grade: Grade::Caution, text }
    }
}

/// The two limits of a figure: from the first on it is a reason for caution, from the second on the run is disturbed.
struct Limits(f64, f64);

/// The share of voided windows.
const VOIDED: Limits = Limits(0.05, 0.15);

/// The share of forks in which most contenders of a block were slower or faster. The quiet runs of docs/results.md have
/// up to 3.4 %.
const SHIFTED: Limits = Limits(0.0, 0.1);

/// The share of controls that failed.
const CONTROLS: Limits = Limits(0.0, 0.1);

/// Half the width of intervals, as a multiple of the usual one.
const WIDE: Limits = Limits(1.5, 2.5);

/// The usual half-width in a run of 20 forks on a quiet machine, in the median over blocks: with one thread, and with
/// up to as many as there are CPUs.
const USUAL: (f64, f64) = (0.075, 0.185);

/// The forks of that run.
const USUAL_FORKS: f64 = 20.0;

/// The least number of blocks that speak for a run. One alone may have noisy contenders.
const BLOCKS: usize = 2;

/// The most blocks that a reason names; further ones are counted.
const NAMED: usize = 3;

impl Limits {
    /// The grade of a figure. None below both.
    fn grade(&self, figure: f64) -> Option<Grade> {
        match figure {
            figure if figure > self.1 => Some(Grade::Disturbed),
            figure if figure > self.0 => Some(Grade::Caution),
            _ => None,
        }
    }

    fn reason(&self, figure: f64, text: impl FnOnce() -> String) -> Option<Reason> {
        self.grade(figure).map(|grade| Reason { grade, text: text() })
    }
}

/// What disturbed a run.
pub fn of(run: &Run, analysis: &Analysis) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = voided(analysis).into_iter().collect();
    reasons.extend(controls(analysis));
    reasons.extend(wide(run, analysis));
    reasons.extend(common_shift(analysis));
    reasons
}

fn voided(analysis: &Analysis) -> Option<Reason> {
    let cells = || analysis.blocks.iter().flat_map(|block| &block.cells);
    let voided: u64 = cells().map(|cell| u64::from(cell.voided)).sum();
    let measured = cells().filter(|cell| cell.state == CellState::Measured);
    let kept: u64 = measured.filter_map(|cell| cell.windows).map(|windows| u64::from(windows.windows)).sum();
    let share = voided as f64 / (voided + kept).max(1) as f64;
    VOIDED.reason(share, || {
        format!(
            "{} of {} {} voided ({}): the machine was busy.",
            number::count(voided),
            number::plural((voided + kept) as usize, "window", "windows"),
            if voided == 1 { "was" } else { "were" },
            number::percent(share)
        )
    })
}

fn controls(analysis: &Analysis) -> Option<Reason> {
    let share = f64::from(analysis.controls_failed) / f64::from(analysis.controls.max(1));
    CONTROLS.reason(share, || {
        format!(
            "{} of {} failed: identical code differs by more than {}.",
            analysis.controls_failed,
            number::plural(analysis.controls as usize, "control", "controls"),
            number::threshold(analysis.threshold)
        )
    })
}

/// Intervals that are wider than those of a quiet run with as many forks.
fn wide(run: &Run, analysis: &Analysis) -> Vec<Reason> {
    let fewer = (USUAL_FORKS / f64::from(run.plan.forks.max(1))).sqrt().max(1.0);
    let within = analysis.resolutions().into_iter();
    let within = within.filter(|of| !of.oversubscribed && of.blocks >= BLOCKS);
    within
        .filter_map(|of| {
            let usual = fewer * if of.threads == 1 { USUAL.0 } else { USUAL.1 };
            WIDE.reason(of.resolution / usual, || {
                format!(
                    "Intervals have ±{} at {}, in the median over {}. A quiet machine has about ±{}.",
                    rounded_up(of.resolution),
                    number::plural(of.threads, "thread", "threads"),
                    number::plural(of.blocks, "block", "blocks"),
                    rounded_up(usual)
                )
            })
        })
        .collect()
}

/// The forks in which most contenders of a block were slower or faster.
fn common_shift(analysis: &Analysis) -> Option<Reason> {
    let found = common_shifts(&analysis.blocks);
    let mut blocks: Vec<String> = found.shifted.iter().map(|(id, _)| id.to_string()).collect();
    blocks.dedup();
    let rest = blocks.len().saturating_sub(NAMED);
    blocks.truncate(NAMED);
    if rest > 0 {
        blocks.push(format!("{} more", number::plural(rest, "block", "blocks")));
    }
    let share = found.shifted.len() as f64 / found.forks.max(1) as f64;
    SHIFTED.reason(share, || {
        format!(
            "In {} of {} ({}) most contenders of the block ran at least 1.5× slower or faster. \
             The host slowed down, or these forks drew costlier keys: {}.",
            number::count(found.shifted.len() as u64),
            number::plural(found.forks, "fork", "forks"),
            number::percent(share),
            blocks.join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use contend_analysis::verdict::analyse;
    use contend_fixture::{block_of, record_in, run_of};
    use contend_record::{BlockId, Class, Record, Status};

    use super::super::run_quality::{Level, RunQuality};

    const NAMES: [&str; 5] = ["a", "b", "c", "d", "a~control"];

    /// A run of twenty forks with four blocks, and its quality. `noise` gives the logarithm of a window's time over the
    /// usual one: contender, threads, fork.
    fn quality(noise: impl Fn(usize, usize, u32) -> f64, change: impl Fn(&mut Record)) -> RunQuality {
        let id = |variant: &str, threads| BlockId {
            workload: "counter".to_owned(),
            variant: variant.to_owned(),
            threads,
        };
        let ids = [id("hot", 1), id("cold", 1), id("hot", 2), id("cold", 2)];
        let mut run =
            run_of(ids.iter().map(|id| block_of(id.clone(), &NAMES, |_| Class::Immediate)).collect());
        run.plan.forks = 20;
        let mut records = Vec::new();
        for id in &ids {
            for (fork, (place, name)) in
                (1..=20).flat_map(|fork| NAMES.iter().enumerate().map(move |of| (fork, of)))
            {
                let own = 100.0 * f64::from(1 << (place % 4));
                records.push(record_in(
                    id,
                    name,
                    fork,
                    1,
                    own * noise(place, id.threads, fork).exp(),
                    10_000,
                ));
            }
        }
        records.iter_mut().for_each(change);
        RunQuality::of(&run, &analyse(&run, &records), false)
    }

    /// A value between -1 and 1 that depends on all three.
    fn jitter(place: usize, threads: usize, fork: u32) -> f64 {
        let seed = (place * 31 + threads * 17 + 7) as u32;
        let mixed = seed.wrapping_mul(2_654_435_761).wrapping_mul(fork * 2 + 3);
        f64::from(mixed >> 16 & 1023) / 512.0 - 1.0
    }

    #[test]
    fn a_quiet_run_and_a_disturbed_one_have_different_levels_and_figures() {
        let quiet = |place, threads, fork| 0.02 * threads as f64 * jitter(place, threads, fork);
        let disturbed = |place, threads, fork| 0.7 * threads as f64 * jitter(place, threads, fork);
        let (quiet, disturbed) = (quality(quiet, |_| ()), quality(disturbed, |_| ()));
        assert_eq!(quiet.level, Level::Publishable, "{:?}", quiet.reasons);
        assert_eq!(disturbed.level, Level::Disturbed, "{:?}", disturbed.reasons);
        assert!(disturbed.reasons[0].starts_with("Intervals have ±"), "{:?}", disturbed.reasons);
        assert!(
            disturbed.reasons[0].ends_with("A quiet machine has about ±8\u{a0}%."),
            "{:?}",
            disturbed.reasons
        );
    }

    #[test]
    fn the_same_reason_weighs_by_its_size() {
        let quiet = |place, threads, fork| 0.02 * threads as f64 * jitter(place, threads, fork);
        let void = |forks: u32| {
            move |record: &mut Record| {
                if record.fork <= forks {
                    (record.valid, record.status) = (false, Status::Void);
                    record.reason = Some("steal".to_owned());
                }
            }
        };
        let shifted = |forks: u32| {
            move |place, threads, fork| quiet(place, threads, fork) + if fork <= forks { 0.7 } else { 0.0 }
        };
        assert_eq!(quality(quiet, void(2)).level, Level::Caution);
        let found = quality(quiet, void(5));
        assert_eq!(found.level, Level::Disturbed);
        assert!(found.reasons[0].contains("voided (25.0\u{a0}%)"), "{:?}", found.reasons);
        assert_eq!(quality(shifted(1), |_| ()).level, Level::Caution);
        let found = quality(shifted(4), |_| ());
        assert_eq!(found.level, Level::Disturbed);
        assert!(found.reasons[0].starts_with("In 16 of 80 forks (20.0\u{a0}%)"), "{:?}", found.reasons);
    }
}
