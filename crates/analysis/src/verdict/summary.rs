//! The summary of a cell: its value in each fork, their median, and quantiles over single windows. Knows one cell.

use contend_record::{Class, Record, Run, Shape};

use crate::statistics::{OrderStatistic, PAIR_ERROR, Sorted};

use super::collapses;
use super::notes::{is_far, of_cell, of_collapses, of_mean};
use super::samples::{Sample, Samples, mean};
use super::threshold::Threshold;
use super::windows::Windows;
use super::{CellState, CellSummary, ForkValue, Quantiles};

/// With this many forks, the extremes enclose the median with more than 95 %. With fewer, no interval is drawn.
const FORKS_OF_A_BAND: u32 = 6;

/// Summarises a cell. A cell that failed has no numbers, whatever else it recorded.
pub(super) fn summarise(run: &Run, windows: &Windows) -> CellSummary {
    let state = match windows.failed {
        Some(reason) => CellState::Failed(reason.to_owned()),
        None if windows.measured() => CellState::Measured,
        None => CellState::Missing(windows.missing(run)),
    };
    let measured = state == CellState::Measured;
    let (samples, records) = match measured {
        true => (&windows.samples[..], &windows.records[..]),
        false => (&[][..], &[][..]),
    };
    let forks = fork_values(samples);
    let sorted = Sorted::new(forks.iter().map(|fork| fork.value).collect());
    let (median, mean) = (sorted.median(), mean(samples));
    let collapses = collapses::of_cell(samples, windows.unit);
    let collapsed = collapses.as_ref().and_then(|found| of_collapses(found, windows.unit));
    let mut notes: Vec<String> = collapsed.into_iter().chain(of_mean(mean, median, windows.unit)).collect();
    let noted = collapses.is_some_and(|found| found.noted());
    notes.extend(of_cell(samples, windows.unit, Threshold::new(run.plan.threshold), noted));
    CellSummary {
        cell: windows.cell.clone(),
        class: windows.plan.class,
        runnable: windows.plan.runnable,
        oversubscribed: windows.plan.oversubscribed,
        state,
        share: windows.interim.error,
        unit: windows.unit.to_owned(),
        median,
        mean,
        collapses,
        interval: band(&sorted, windows.interim.error),
        forks,
        windows: quantiles(samples),
        voided: windows.voided,
        cpu_ns_per_op: median_of(records, cpu_ns_per_op),
        user_ns_per_op: part_of_cpu(records, |record| record.user_ns),
        system_ns_per_op: part_of_cpu(records, |record| record.system_ns),
        switches_per_1000: median_of(records, switches_per_1000),
        least_share: least_share(records, windows.plan.class),
        notes,
        in_process: run.plan.in_process,
        samples: if measured { windows.samples.clone() } else { Samples::default() },
    }
}

impl CellSummary {
    /// What a program gets on average that meets all of its windows, where that is far from the median over forks.
    pub fn program_view(&self) -> Option<f64> {
        self.mean.zip(self.median).filter(|(mean, median)| is_far(*mean, *median)).map(|(mean, _)| mean)
    }

    /// The note on that, which is among its notes.
    pub fn note_on_mean(&self) -> Option<String> {
        of_mean(self.mean, self.median, &self.unit)
    }

    /// Whether its windows collapse for a share of the time that is noted.
    pub fn collapses(&self) -> bool {
        self.collapses.is_some_and(|found| found.noted())
    }
}

fn fork_values(samples: &[Sample]) -> Vec<ForkValue> {
    let forks = samples.chunk_by(|a, b| a.fork == b.fork);
    forks.filter_map(|fork| Some(ForkValue { fork: fork[0].fork, value: mean(fork)? })).collect()
}

/// The interval of a cell's own median: 99 % where there are enough forks, otherwise their extremes.
fn band(sorted: &Sorted, share: f64) -> Option<(f64, f64)> {
    if sorted.len() < FORKS_OF_A_BAND {
        return None;
    }
    let ends = OrderStatistic::within(sorted.len(), share * PAIR_ERROR);
    sorted.interval(ends.unwrap_or(OrderStatistic::EXTREMES))
}

fn quantiles(samples: &[Sample]) -> Option<Quantiles> {
    let sorted = Sorted::new(samples.iter().filter_map(Sample::value).collect());
    Some(Quantiles {
        windows: sorted.len(),
        min: sorted.quantile(0.0)?,
        p05: sorted.quantile(0.05)?,
        p25: sorted.quantile(0.25)?,
        p50: sorted.quantile(0.5)?,
        p75: sorted.quantile(0.75)?,
        p95: sorted.quantile(0.95)?,
        max: sorted.quantile(1.0)?,
    })
}

fn median_of(records: &[&Record], of: impl Fn(&Record) -> Option<f64>) -> Option<f64> {
    Sorted::new(records.iter().filter_map(|record| of(record)).collect()).median()
}

fn cpu_ns_per_op(record: &Record) -> Option<f64> {
    per_operation(record, record.cpu_ns? as f64)
}

/// A part of the CPU time of an operation, which is the median over windows. It is divided as the sums over all windows
/// are, since a single window has the parts only roughly. None where a window has none.
fn part_of_cpu(records: &[&Record], part: fn(&Record) -> Option<u64>) -> Option<f64> {
    let sum = |of: fn(&Record) -> Option<u64>| -> Option<f64> {
        records.iter().map(|record| of(record).map(|ns| ns as f64)).sum()
    };
    let share = sum(part)? / sum(|record| record.cpu_ns)?;
    median_of(records, cpu_ns_per_op).map(|cpu| cpu * share).filter(|part| part.is_finite())
}

fn switches_per_1000(record: &Record) -> Option<f64> {
    let switches = record.switches_voluntary? + record.switches_involuntary?;
    per_operation(record, switches as f64 * 1000.0)
}

/// The share of the slowest worker where it was counted, the median over windows. One total says nothing of shares.
/// Workers that did exactly the same in every window of fixed work were dealt it, by the plan or by the contender.
/// Their share is 1 by arithmetic; so it is in each window of fixed work of the floor.
fn least_share(records: &[&Record], class: Class) -> Option<f64> {
    let counted = |record: &Record| {
        record.by_worker().len() > 1 && !(record.shape == Shape::Fixed && class == Class::Floor)
    };
    let counted: Vec<&Record> = records.iter().copied().filter(|record| counted(record)).collect();
    let is_dealt = |record: &&Record| {
        let by_worker = record.by_worker();
        record.shape == Shape::Fixed && by_worker.iter().all(|count| *count == by_worker[0])
    };
    if counted.iter().all(is_dealt) {
        return None;
    }
    median_of(&counted, |record| {
        let by_worker = record.by_worker();
        let total = by_worker.iter().copied().fold(0, u64::saturating_add);
        let least = *by_worker.iter().min()? as f64 * by_worker.len() as f64;
        (total > 0).then(|| least / total as f64)
    })
}

/// What was used for an operation: `amount` was used for all of them, those of the ramp included.
fn per_operation(record: &Record, amount: f64) -> Option<f64> {
    let operations = record.operations_of_usage();
    (operations > 0).then(|| amount / operations as f64)
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, run};
    use contend_record::Status;

    use super::super::windows::by_block;
    use super::*;

    fn summary(records: &[Record]) -> CellSummary {
        let run = run(&["a"]);
        summarise(&run, &by_block(&run, records)[0][0])
    }

    #[test]
    fn a_cell_has_the_median_of_its_forks_and_its_interval() {
        let forks = |n| (1..=n).map(|fork| record("a", fork, 1, f64::from(fork)));
        let twelve = summary(&forks(12).collect::<Vec<_>>());
        assert_eq!(twelve.state, CellState::Measured);
        assert_eq!(twelve.unit, "ns/op");
        assert_eq!(twelve.median, Some(6.5));
        assert_eq!(twelve.interval, Some((2.0, 11.0)));
        assert_eq!(twelve.forks[2].value, 3.0);
        let six = summary(&forks(6).collect::<Vec<_>>());
        assert_eq!(six.interval, Some((1.0, 6.0)));
        let five = summary(&forks(5).collect::<Vec<_>>());
        assert_eq!((five.median, five.interval), (Some(3.0), None));
    }

    #[test]
    fn one_failed_window_removes_all_numbers() {
        let mut failed = record("a", 2, 1, 1.0);
        (failed.status, failed.valid) = (Status::Failed, false);
        failed.reason = Some("lost 3 of 1,000".to_owned());
        let cell = summary(&[record("a", 1, 1, 5.0), failed]);
        assert_eq!(cell.state, CellState::Failed("lost 3 of 1,000".to_owned()));
        assert_eq!((cell.median, cell.interval, cell.windows), (None, None, None));
        assert!(cell.forks.is_empty() && cell.least_share.is_none());
    }

    #[test]
    fn window_statistics_are_per_operation() {
        let mut window = record("a", 1, 1, 5.0);
        window.operations = vec![300, 100];
        window.cpu_ns = Some(4_000);
        window.switches_voluntary = Some(3);
        window.switches_involuntary = Some(1);
        let cell = summary(&[window]);
        assert_eq!(cell.cpu_ns_per_op, Some(10.0));
        assert_eq!(cell.switches_per_1000, Some(10.0));
        assert_eq!(cell.least_share, Some(0.5));
        assert_eq!((cell.user_ns_per_op, cell.system_ns_per_op), (None, None), "an older record");
        assert_eq!(cell.windows.map(|w| w.windows), Some(1));
    }

    /// An open window counts CPU time and switches from when its workers are ready, so with its ramp.
    #[test]
    fn what_was_used_for_the_ramp_is_divided_by_its_operations_too() {
        let mut window = record("a", 1, 1, 5.0);
        window.operations = vec![300, 100];
        window.used_for = Some(1_000);
        (window.cpu_ns, window.user_ns, window.system_ns) = (Some(4_000), Some(3_000), Some(1_000));
        (window.switches_voluntary, window.switches_involuntary) = (Some(4), Some(1));
        let cell = summary(&[window]);
        assert_eq!((cell.cpu_ns_per_op, cell.switches_per_1000), (Some(4.0), Some(5.0)));
        assert_eq!((cell.user_ns_per_op, cell.system_ns_per_op), (Some(3.0), Some(1.0)));
    }

    #[test]
    fn a_share_is_counted_or_there_is_none() {
        let share = |shape, windows: &[&[u64]]| {
            let window = |(operations, round): (&&[u64], u32)| {
                let mut window = record("a", 1, round, 5.0);
                (window.shape, window.operations) = (shape, operations.to_vec());
                window
            };
            summary(&windows.iter().zip(1..).map(window).collect::<Vec<_>>()).least_share
        };
        assert_eq!(share(Shape::Open, &[&[300, 100]]), Some(0.5));
        assert_eq!(share(Shape::Open, &[&[300, 300]]), Some(1.0)); // counted, and fair
        assert_eq!(share(Shape::Open, &[&[300]]), None); // one worker
        assert_eq!(share(Shape::Fixed, &[&[600]]), None); // one total
        assert_eq!(share(Shape::Fixed, &[&[300, 300], &[300, 300]]), None); // the plan's numbers
        assert_eq!(share(Shape::Fixed, &[&[300, 300], &[600, 600]]), None); // dealt in turn
        assert_eq!(share(Shape::Fixed, &[&[400, 200]]), Some(2.0 / 3.0)); // receivers' counts
        let even_now_and_then: [&[u64]; 3] = [&[300, 300], &[301, 299], &[300, 300]];
        assert_eq!(share(Shape::Fixed, &even_now_and_then), Some(1.0));
        assert_eq!(share(Shape::Fixed, &[&[0, 600], &[600, 0]]), Some(0.0)); // one does everything
        assert_eq!(share(Shape::Open, &[&[]]), None);
    }

    /// An operation that all workers do together, such as a group of jobs, is no worker's: its parts are.
    #[test]
    fn the_parts_of_operations_have_shares() {
        let share = |parts: &[u64]| {
            let mut window = record("a", 1, 1, 5.0);
            (window.shape, window.operations, window.parts) = (Shape::Fixed, vec![10], parts.to_vec());
            summary(&[window]).least_share
        };
        assert_eq!((share(&[]), share(&[2_560])), (None, None));
        assert_eq!((share(&[300, 100]), share(&[400, 0])), (Some(0.5), Some(0.0)));
    }

    #[test]
    fn the_floors_share_is_counted_in_open_windows_only() {
        let share = |shape| {
            let run = run(&["floor"]);
            let mut window = record("floor", 1, 1, 5.0);
            (window.shape, window.operations, window.chunk) = (shape, vec![900, 300], 1);
            summarise(&run, &by_block(&run, &[window])[0][0]).least_share
        };
        assert_eq!((share(Shape::Open), share(Shape::Fixed)), (Some(0.5), None));
    }

    /// The kernel's ticks give all of a short window to one part, so a median over windows would be all or nothing.
    #[test]
    fn the_parts_of_cpu_time_are_summed_over_windows() {
        let window = |round, user, system| {
            let mut window = record("a", 1, round, 5.0);
            window.operations = vec![100];
            (window.user_ns, window.system_ns) = (Some(user), Some(system));
            window.cpu_ns = Some(user + system);
            window
        };
        let cell = summary(&[window(1, 4_000, 0), window(2, 4_000, 0), window(3, 0, 4_000)]);
        let parts = (cell.user_ns_per_op.unwrap(), cell.system_ns_per_op.unwrap());
        assert!(
            (parts.0 - 8_000.0 / 300.0).abs() < 1e-9 && (parts.1 - 4_000.0 / 300.0).abs() < 1e-9,
            "{parts:?}"
        );
    }
}
