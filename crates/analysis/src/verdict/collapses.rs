//! Collapses: windows that are over ten times slower than a cell's usual ones. A lock may convoy, or hand over to a
//! thread that does not run. In a window of a given time few operations are then done, and a quotient of sums hardly
//! shows it. Knows one cell.

use serde::{Deserialize, Serialize};

use crate::statistics::Sorted;
use crate::text::number::percent;

use super::samples::Sample;
use super::windows::higher_is_better;

/// The factor beyond which a window has collapsed.
const FACTOR: f64 = 10.0;

/// The share of time in collapsed windows from which they are noted.
const NOTED: f64 = 0.02;

/// The least share of windows that are ten times faster than the median. The median window has then collapsed itself.
const FAST: f64 = 0.25;

/// How often a cell's windows collapse, and what that costs.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Collapses {
    /// The share of the windows that are over ten times slower than `usual`.
    pub windows: f64,
    /// The number of all windows.
    #[serde(default)]
    pub of: u32,
    /// The share of the time of all windows that these take.
    pub time: f64,
    /// The median window. Where at least a quarter of the windows are ten times faster than that, the median of
    /// these.
    pub usual: f64,
    /// The median of the collapsed windows. None where there are none, or where they did nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collapsed: Option<f64>,
}

impl Collapses {
    /// How many windows they are.
    pub fn count(&self) -> u32 {
        (self.windows * f64::from(self.of)).round() as u32
    }

    /// Whether they take enough time for a note.
    pub fn noted(&self) -> bool {
        self.time >= NOTED
    }

    /// Their share as the beginning of a sentence: `12 % of the windows, with 44 % of the time, are`. A single window
    /// is counted, since its share looks like a rate.
    pub fn share(&self) -> String {
        let time = percent(self.time);
        match self.count() {
            1 => format!("1 of {} windows, with {time} of the time, is", self.of),
            _ => format!("{} of the windows, with {time} of the time, are", percent(self.windows)),
        }
    }
}

/// A window: the time of an operation, or the inverse of a rate, and how long the window took.
type Slowness = (f64, f64);

/// The collapses of a cell with these windows. None where there are none with a value.
pub(super) fn of_cell(samples: &[Sample], unit: &str) -> Option<Collapses> {
    let inverse = higher_is_better(unit);
    let in_unit = |value: f64| if inverse { 1.0 / value } else { value };
    let slowness = |sample: &Sample| (sample.value().map_or(f64::INFINITY, in_unit), sample.window_ns);
    let windows: Vec<Slowness> = samples.iter().map(slowness).collect();
    let median = median(windows.iter())?;
    let fast: Vec<Slowness> = windows.iter().filter(|window| window.0 * FACTOR < median).copied().collect();
    let usual = match fast.len() as f64 >= FAST * windows.len() as f64 {
        true if !fast.is_empty() => self::median(fast.iter())?,
        _ => median,
    };
    let collapsed: Vec<Slowness> =
        windows.iter().filter(|window| window.0 > usual * FACTOR).copied().collect();
    let time = |windows: &[Slowness]| windows.iter().map(|window| window.1).sum::<f64>();
    let all = time(&windows);
    let finite = |value: &f64| value.is_finite();
    Some(Collapses {
        windows: collapsed.len() as f64 / windows.len() as f64,
        of: windows.len() as u32,
        time: if all > 0.0 { time(&collapsed) / all } else { 0.0 },
        usual: Some(in_unit(usual)).filter(finite)?,
        collapsed: self::median(collapsed.iter()).map(in_unit).filter(finite),
    })
}

fn median<'a>(windows: impl Iterator<Item = &'a Slowness>) -> Option<f64> {
    let sorted = Sorted::new(windows.map(|window| window.0).collect());
    sorted.median().filter(|median| *median > 0.0 && median.is_finite())
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, run};
    use contend_record::Record;

    use super::super::{CellSummary, analyse};

    /// The summary of a cell with these times per operation, three windows of 8 ms in each fork.
    fn cell(times: &[f64]) -> CellSummary {
        let of = |(index, time): (usize, &f64)| {
            let mut window = record("a", index as u32 / 3 + 1, index as u32 % 3 + 1, *time);
            window.operations = vec![(8_000_000.0 / time) as u64];
            window.window_ns = 8_000_000;
            window
        };
        let records: Vec<Record> = times.iter().enumerate().map(of).collect();
        analyse(&run(&["a"]), &records).blocks.remove(0).cells.remove(0)
    }

    fn with(collapsed: usize, of: usize, ns: f64) -> Vec<f64> {
        (0..of).map(|at| if at % of < collapsed { ns } else { 50.0 + (at % 4) as f64 }).collect()
    }

    #[test]
    fn collapsed_windows_are_counted_by_number_and_time() {
        let cell = cell(&with(3, 36, 6_400.0));
        let found = cell.collapses.unwrap();
        assert_eq!((found.windows, found.time), (3.0 / 36.0, 3.0 / 36.0));
        assert!((found.usual - 52.0).abs() < 2.0 && found.collapsed == Some(6_400.0), "{found:?}");
        assert!(found.noted());
        let note = "collapses: 8.33 % of the windows, with 8.33 % of the time, are over 10× slower: 6,400 ns/op, not";
        assert!(cell.notes[0].replace('\u{a0}', " ").starts_with(note), "{:?}", cell.notes);
    }

    #[test]
    fn a_single_window_is_counted() {
        let cell = cell(&with(1, 36, 6_400.0));
        let note = cell.notes[0].replace('\u{a0}', " ");
        assert!(
            note.starts_with("collapses: 1 of 36 windows, with 2.78 % of the time, is over 10× slower"),
            "{note}"
        );
    }

    /// Most windows have collapsed, as those of a fair lock beyond the cores. The sums hardly show it.
    #[test]
    fn where_the_median_window_has_collapsed_the_others_are_the_usual_ones() {
        let cell = cell(&with(20, 36, 6_400.0));
        let found = cell.collapses.unwrap();
        assert_eq!(found.windows, 20.0 / 36.0);
        assert!(found.usual < 60.0 && found.collapsed == Some(6_400.0), "{found:?}");
        let is_said = |note: &String| note.replace('\u{a0}', " ").contains("55.6 % of the windows");
        assert!(cell.notes.iter().any(is_said), "{:?}", cell.notes);
        assert!(cell.median > Some(2_000.0), "the printed value is that of a window: {:?}", cell.median);
    }

    #[test]
    fn what_is_slower_by_less_is_no_collapse_and_neither_is_a_trifle() {
        let none = cell(&with(9, 36, 490.0)).collapses.unwrap();
        assert_eq!((none.windows, none.time, none.collapsed), (0.0, 0.0, None));
        let rare = cell(&with(1, 60, 6_400.0));
        assert!(rare.collapses.unwrap().windows > 0.0);
        assert!(!rare.collapses.unwrap().noted());
        assert!(rare.notes.iter().all(|note| !note.contains("collapses")), "{:?}", rare.notes);
        assert!(!cell(&[50.0; 36]).collapses.unwrap().noted());
    }

    #[test]
    fn a_rate_collapses_downwards_and_a_window_without_an_operation_has_collapsed() {
        let mut records: Vec<Record> =
            (1..=12).map(|fork| record("a", fork, 1, if fork <= 3 { 9.0 } else { 100.0 })).collect();
        for record in &mut records {
            record.window_ns = 1_000;
            record.value = record.ns_per_op.take();
            record.unit = Some("jobs/s".to_owned());
        }
        let found = |records: &[Record]| {
            let analysis = analyse(&run(&["a"]), records);
            analysis.blocks[0].cells[0].collapses.unwrap()
        };
        assert_eq!(found(&records).windows, 0.25);
        assert_eq!((found(&records).usual, found(&records).collapsed), (100.0, Some(9.0)));
        let mut records: Vec<Record> = (1..=12).map(|fork| record("a", fork, 1, 100.0)).collect();
        records[4].operations = vec![0, 0];
        assert_eq!((found(&records).windows, found(&records).collapsed), (1.0 / 12.0, None));
    }
}
